//! What lies apart about people and customers: a key each, and what is sealed under it. Sealing and opening
//! are the caller's; forgetting somebody leaves no trace of the key in the file.

use std::fmt;

use domain::event::Event;
use domain::{CustomerId, PersonId};
use journal::EntryMeta;
use rusqlite::params;

use crate::{Reader, Store, StoreError, open};

/// The file's own note that its log still holds what was forgotten.
const FORGOTTEN_IN_LOG: &str = "forgotten_in_log";

/// Of whom something lies apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Somebody who works here.
    Person(PersonId),
    /// A customer.
    Customer(CustomerId),
}

impl Subject {
    /// The one number under which the file keeps both: customers stand below nothing.
    fn number(self) -> i64 {
        match self {
            Subject::Person(id) => i64::from(id.0),
            Subject::Customer(id) => i64::from(id.0).wrapping_neg(),
        }
    }

    fn at(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Subject> {
        let number: i64 = row.get(column)?;
        let id = u32::try_from(number.unsigned_abs())
            .map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))?;
        Ok(if number < 0 {
            Subject::Customer(CustomerId(id))
        } else {
            Subject::Person(PersonId(id))
        })
    }
}

impl From<PersonId> for Subject {
    fn from(id: PersonId) -> Self {
        Subject::Person(id)
    }
}

impl From<CustomerId> for Subject {
    fn from(id: CustomerId) -> Self {
        Subject::Customer(id)
    }
}

/// As it is sealed with: people by their bare number, which is how it began.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Person(id) => write!(f, "{id}"),
            Subject::Customer(id) => write!(f, "customer {id}"),
        }
    }
}

/// What the file holds about somebody, of one kind.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalRow {
    /// Who.
    pub subject: Subject,
    /// Their key; 32 bytes, unless somebody touched the file.
    pub key: Option<Vec<u8>>,
    /// What is sealed under it, as the caller wrote it.
    pub sealed: Option<Vec<u8>>,
}

impl fmt::Debug for PersonalRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = (self.key.is_some(), self.sealed.is_some());
        write!(f, "PersonalRow({}, key and seal: {known:?})", self.subject)
    }
}

/// A row with its kind; none where there is a key alone.
pub type SealedRow = (PersonalRow, Option<String>);

/// What journal and file say about people and customers, at one moment.
#[derive(Debug, Clone)]
pub struct PersonalRecord {
    /// Entries of the kinds `person_…` and `customer_…`, oldest first.
    pub entries: Vec<(EntryMeta, Event)>,
    /// What lies apart, of every kind.
    pub rows: Vec<SealedRow>,
}

impl Reader {
    /// Somebody's key, 32 bytes unless somebody touched the file; none of those who were forgotten.
    pub fn personal_key(&self, of: impl Into<Subject>) -> Result<Option<Vec<u8>>, StoreError> {
        self.row(sql!("personal/key_get"), [of.into().number()], |row| row.get(0))
    }

    /// What lies apart of one kind; everybody who has a key is there.
    pub fn personal(&self, kind: &str) -> Result<Vec<PersonalRow>, StoreError> {
        self.rows(sql!("personal/of_kind"), [kind], |row| {
            Ok(PersonalRow { subject: Subject::at(row, 0)?, key: row.get(1)?, sealed: row.get(2)? })
        })
    }

    /// What lies apart of somebody, of one kind.
    pub fn personal_of(
        &self,
        of: impl Into<Subject>,
        kind: &str,
    ) -> Result<Option<PersonalRow>, StoreError> {
        let subject = of.into();
        self.row(sql!("personal/get"), params![subject.number(), kind], |row| {
            Ok(PersonalRow { subject, key: row.get(0)?, sealed: row.get(1)? })
        })
    }

    /// True when somebody was forgotten and the log has not been emptied since.
    pub fn log_remembers(&self) -> Result<bool, StoreError> {
        Ok(self.meta(FORGOTTEN_IN_LOG)?.as_deref() == Some("yes"))
    }

    /// All that lies apart, with the entries to hold it against. Reads the whole journal.
    pub fn personal_record(&self) -> Result<PersonalRecord, StoreError> {
        let moment = self.conn().unchecked_transaction()?;
        let rows = self.rows(sql!("personal/all"), [], |row| {
            let (subject, key, sealed) = (Subject::at(row, 0)?, row.get(1)?, row.get(3)?);
            Ok((PersonalRow { subject, key, sealed }, row.get(2)?))
        })?;
        let entries = self.rows(sql!("journal/of_people"), [], |row| row.get::<_, String>(0))?;
        moment.finish()?;
        let entries = entries.iter().map(|bytes| journal::decode(bytes));
        Ok(PersonalRecord { entries: entries.collect::<Result<_, _>>()?, rows })
    }
}

impl Store {
    /// Keeps somebody's key and what is sealed under it, in place of what was there. Needs the open
    /// transaction of the entry that it belongs to.
    pub fn put_personal(
        &mut self,
        of: impl Into<Subject>,
        key: &[u8; 32],
        kind: &str,
        sealed: &[u8],
    ) -> Result<(), StoreError> {
        self.with_entry()?;
        let subject = of.into().number();
        self.change(sql!("personal/key_put"), params![subject, key.as_slice()])?;
        self.change(sql!("personal/put"), params![subject, kind, sealed]).map(|_| ())
    }

    /// Destroys a person's key, what was sealed under it, their secrets and sessions. Needs the open
    /// transaction of the entry that says so. The bytes are overwritten in the file; in the
    /// write-ahead log they stay until [`empty_log`](Store::empty_log).
    pub fn forget_person(&mut self, person: PersonId) -> Result<(), StoreError> {
        self.overwriting(|store| {
            store.forget(person.into())?;
            store.forget_secrets(person)
        })
    }

    /// Destroys a customer's key and what was sealed under it, as [`forget_person`](Store::forget_person)
    /// does.
    pub fn forget_customer(&mut self, customer: CustomerId) -> Result<(), StoreError> {
        self.overwriting(|store| store.forget(customer.into()))
    }

    fn overwriting(
        &mut self,
        forget: impl FnOnce(&mut Store) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.with_entry()?;
        self.change(sql!("apart/meta_put"), params![FORGOTTEN_IN_LOG, "yes"])?;
        self.overwrite_what_is_deleted(true)?;
        let forgotten = forget(self);
        let back = self.overwrite_what_is_deleted(false);
        forgotten.and(back)
    }

    /// Rows move between pages when a table grows, and what they leave behind is not overwritten.
    /// Only clearing the whole table overwrites all of it; it has a row or two for each who works or buys
    /// on account here.
    fn forget(&mut self, subject: Subject) -> Result<(), StoreError> {
        let keys = self.rows(sql!("personal/keys_of_others"), [subject.number()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        self.change(sql!("personal/key_clear"), [])?;
        for (subject, key) in keys {
            self.change(sql!("personal/key_put"), params![subject, key])?;
        }
        let names = self.rows(sql!("personal/of_others"), [subject.number()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?))
        })?;
        self.change(sql!("personal/clear"), [])?;
        for (subject, kind, sealed) in names {
            self.change(sql!("personal/put"), params![subject, kind, sealed])?;
        }
        Ok(())
    }

    fn forget_secrets(&mut self, person: PersonId) -> Result<(), StoreError> {
        self.change(sql!("apart/session_delete_person"), [person.0])?;
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

    pub(crate) fn overwrite_what_is_deleted(&mut self, on: bool) -> Result<(), StoreError> {
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
