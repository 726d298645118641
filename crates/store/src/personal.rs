//! What lies apart about people: a key each, and what is sealed under it. Sealing and opening are the
//! caller's; forgetting a person leaves no trace of the key in the file.

use domain::PersonId;
use domain::event::Event;
use journal::EntryMeta;
use rusqlite::params;

use crate::{Reader, Store, StoreError, open};

/// The file's own note that its log still holds what was forgotten.
const FORGOTTEN_IN_LOG: &str = "forgotten_in_log";

/// What the file holds about a person, of one kind.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalRow {
    /// Who.
    pub person: PersonId,
    /// The person's key; 32 bytes, unless somebody touched the file.
    pub key: Option<Vec<u8>>,
    /// What is sealed under it, as the caller wrote it.
    pub sealed: Option<Vec<u8>>,
}

impl std::fmt::Debug for PersonalRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = (self.key.is_some(), self.sealed.is_some());
        write!(f, "PersonalRow({}, key and seal: {known:?})", self.person)
    }
}

/// What journal and file say about people, at one moment.
#[derive(Debug, Clone)]
pub struct PersonalRecord {
    /// Entries of the kinds `person_…`, oldest first.
    pub entries: Vec<(EntryMeta, Event)>,
    /// What lies apart.
    pub rows: Vec<PersonalRow>,
}

impl Reader {
    /// A person's key, 32 bytes unless somebody touched the file; none of those who were forgotten.
    pub fn personal_key(&self, person: PersonId) -> Result<Option<Vec<u8>>, StoreError> {
        self.row(sql!("personal/key_get"), [person.0], |row| row.get(0))
    }

    /// What lies apart of one kind, by person; everybody who has a key is there.
    pub fn personal(&self, kind: &str) -> Result<Vec<PersonalRow>, StoreError> {
        self.rows(sql!("personal/of_kind"), [kind], |row| {
            Ok(PersonalRow { person: PersonId(row.get(0)?), key: row.get(1)?, sealed: row.get(2)? })
        })
    }

    /// True when somebody was forgotten and the log has not been emptied since.
    pub fn log_remembers(&self) -> Result<bool, StoreError> {
        Ok(self.meta(FORGOTTEN_IN_LOG)?.as_deref() == Some("yes"))
    }

    /// What lies apart of one kind, with the entries to hold it against. Reads the whole journal.
    pub fn personal_record(&self, kind: &str) -> Result<PersonalRecord, StoreError> {
        let moment = self.conn().unchecked_transaction()?;
        let rows = self.personal(kind)?;
        let entries = self.rows(sql!("journal/of_people"), [], |row| row.get::<_, String>(0))?;
        moment.finish()?;
        let entries = entries.iter().map(|bytes| journal::decode(bytes));
        Ok(PersonalRecord { entries: entries.collect::<Result<_, _>>()?, rows })
    }
}

impl Store {
    /// Keeps a person's key and what is sealed under it, in place of what was there. Needs the open
    /// transaction of the entry that it belongs to.
    pub fn put_personal(
        &mut self,
        person: PersonId,
        key: &[u8; 32],
        kind: &str,
        sealed: &[u8],
    ) -> Result<(), StoreError> {
        self.with_entry()?;
        self.change(sql!("personal/key_put"), params![person.0, key.as_slice()])?;
        self.change(sql!("personal/put"), params![person.0, kind, sealed]).map(|_| ())
    }

    /// Destroys a person's key, what was sealed under it, their secrets and sessions. Needs the open
    /// transaction of the entry that says so. The bytes are overwritten in the file; in the
    /// write-ahead log they stay until [`empty_log`](Store::empty_log).
    pub fn forget_person(&mut self, person: PersonId) -> Result<(), StoreError> {
        self.with_entry()?;
        self.change(sql!("apart/meta_put"), params![FORGOTTEN_IN_LOG, "yes"])?;
        self.overwrite_what_is_deleted(true)?;
        let forgotten = self.forget_all(person);
        let back = self.overwrite_what_is_deleted(false);
        forgotten.and(back)
    }

    /// Rows move between pages when a table grows, and what they leave behind is not overwritten.
    /// Only clearing the whole table overwrites all of it; it has a row or two for each who works here.
    fn forget_all(&mut self, person: PersonId) -> Result<(), StoreError> {
        self.change(sql!("apart/session_delete_person"), [person.0])?;
        let keys = self.rows(sql!("personal/keys_of_others"), [person.0], |row| {
            Ok((row.get::<_, u32>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        self.change(sql!("personal/key_clear"), [])?;
        for (person, key) in keys {
            self.change(sql!("personal/key_put"), params![person, key])?;
        }
        let names = self.rows(sql!("personal/of_others"), [person.0], |row| {
            Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?))
        })?;
        self.change(sql!("personal/clear"), [])?;
        for (person, kind, sealed) in names {
            self.change(sql!("personal/put"), params![person, kind, sealed])?;
        }
        let secrets = self.rows(sql!("personal/credentials_of_others"), [person.0], |row| {
            Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?;
        self.change(sql!("personal/credential_clear"), [])?;
        for (person, kind, hash) in secrets {
            self.change(sql!("apart/credential_put"), params![person, kind, hash])?;
        }
        Ok(())
    }

    /// Folds the write-ahead log into the file and empties it, so that it holds no earlier state any
    /// more; one that was laid out in advance is laid out again. Waits for nobody: false when somebody
    /// reads an earlier state, to be tried again later.
    pub fn empty_log(&mut self) -> Result<bool, StoreError> {
        self.usable()?;
        if self.in_transaction() {
            return Err(StoreError::Misuse("the log cannot be emptied inside a transaction"));
        }
        let path = self.path();
        let laid_out = open::is_laid_out(&path);
        self.conn().busy_timeout(std::time::Duration::ZERO)?;
        let busy = self.conn().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        self.conn().busy_timeout(open::PATIENCE)?;
        let busy: i64 = busy.map_err(|error| self.fail(error.into()))?;
        if busy == 0 {
            if laid_out {
                // Without room for it commits are slower, and that is all.
                let _short = open::lay_out_log(self.conn(), &path);
            }
            self.set_meta(FORGOTTEN_IN_LOG, "no")?;
        }
        Ok(busy == 0)
    }

    fn overwrite_what_is_deleted(&mut self, on: bool) -> Result<(), StoreError> {
        let set = self.conn().pragma_update(None, "secure_delete", on);
        set.map_err(|error| self.fail(error.into()))
    }

    fn with_entry(&self) -> Result<(), StoreError> {
        self.usable()?;
        if self.in_transaction() {
            return Ok(());
        }
        Err(StoreError::Misuse("what is known of a person changes together with an entry"))
    }
}
