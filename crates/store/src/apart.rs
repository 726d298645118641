//! What lies apart from the journal and is not rebuilt: secrets, sessions, work to be done.

use domain::people::CredentialKind;
use domain::{PersonId, TillId};
use jiff::Timestamp;
use journal::Anchor;
use rusqlite::{Row, params};

use crate::project::{unword, word};
use crate::reader::{count, int, text_as};
use crate::{Reader, Store, StoreError, open};

/// So many pieces of work back, those that are done are still kept.
const DONE_KEPT: i64 = 200;
/// How often they are looked at, in pieces of work.
const PURGE_EVERY: i64 = 64;

/// A session of a browser. The token itself is only ever in the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// A hash of its token.
    pub token_hash: Vec<u8>,
    /// Who is signed in.
    pub person: Option<PersonId>,
    /// The till the browser is at.
    pub till: Option<TillId>,
    /// The caller's word for what the session is for.
    pub kind: String,
    /// Since.
    pub created: Timestamp,
    /// Used last.
    pub seen: Timestamp,
}

/// What is known of a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// Not tried, or to be tried again.
    Waiting,
    /// Done.
    Done,
    /// Nobody knows whether it was done; a person decides.
    Unknown,
    /// It was not done and is not tried again by itself.
    Failed,
}

/// A piece of work for an effect runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Identity.
    pub id: i64,
    /// `print`, …
    pub kind: String,
    /// The till it is for.
    pub till: Option<TillId>,
    /// The entry it is about.
    pub seq: Option<u64>,
    /// More, as the kind needs it.
    pub body: String,
    /// State.
    pub state: OutboxState,
    /// How often it was tried.
    pub attempts: u32,
    /// What was said last.
    pub note: String,
    /// Since.
    pub created: Timestamp,
}

/// How much work there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxCounts {
    /// Not tried, or to be tried again.
    pub waiting: u32,
    /// Of unknown fate, or failed: a person settles these.
    pub unsettled: u32,
}

fn session_row(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    Ok(SessionRow {
        token_hash: row.get(0)?,
        person: row.get::<_, Option<u32>>(1)?.map(PersonId),
        till: row.get::<_, Option<u16>>(2)?.map(TillId),
        kind: row.get(3)?,
        created: text_as(row, 4)?,
        seen: text_as(row, 5)?,
    })
}

fn outbox_row(row: &Row<'_>) -> rusqlite::Result<(String, OutboxRow)> {
    let seq: Option<i64> = row.get(3)?;
    let found = OutboxRow {
        id: row.get(0)?,
        kind: row.get(1)?,
        till: row.get::<_, Option<u16>>(2)?.map(TillId),
        seq: seq.and_then(|seq| u64::try_from(seq).ok()),
        body: row.get(4)?,
        state: OutboxState::Unknown,
        attempts: row.get(6)?,
        note: row.get(7)?,
        created: text_as(row, 8)?,
    };
    Ok((row.get(5)?, found))
}

fn with_state((state, row): (String, OutboxRow)) -> Result<OutboxRow, StoreError> {
    Ok(OutboxRow { state: unword(&state)?, ..row })
}

impl Reader {
    /// A value of the file's own notes: `shop`, `incarnation`, `created`, or one the caller keeps.
    pub fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.row(sql!("apart/meta_get"), [key], |row| row.get(0))
    }

    /// Which values of the file's own notes there are whose names begin so.
    pub fn meta_names(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.rows(sql!("apart/meta_names"), [prefix], |row| row.get(0))
    }

    /// The key that seals what is shared with terminals; none before anything is.
    pub fn terminal_key(&self) -> Result<Option<[u8; 32]>, StoreError> {
        open::secret(self.path(), open::Secret::Terminals)
    }

    /// Entries noted by day closings and backups, to verify against.
    pub fn anchors(&self) -> Result<Vec<Anchor>, StoreError> {
        self.rows(sql!("apart/anchors"), [], |row| {
            let hash: Vec<u8> = row.get(1)?;
            Ok(Anchor { seq: count(row, 0)?, hash: <[u8; 32]>::try_from(hash.as_slice()).ok() })
        })
    }

    /// The slow hash of a person's secret.
    pub fn credential(
        &self,
        person: PersonId,
        kind: CredentialKind,
    ) -> Result<Option<String>, StoreError> {
        self.row(sql!("apart/credential_get"), params![person.0, word(&kind)?], |row| row.get(0))
    }

    /// Who has which secrets.
    pub fn credentials(&self) -> Result<Vec<(PersonId, CredentialKind)>, StoreError> {
        self.rows(sql!("apart/credential_list"), [], |row| {
            Ok((PersonId(row.get(0)?), row.get::<_, String>(1)?))
        })?
        .into_iter()
        .map(|(person, kind)| Ok((person, unword(&kind)?)))
        .collect()
    }

    /// All sessions.
    pub fn sessions(&self) -> Result<Vec<SessionRow>, StoreError> {
        self.rows(sql!("apart/session_all"), [], session_row)
    }

    /// A session by the hash of its token.
    pub fn session(&self, token_hash: &[u8]) -> Result<Option<SessionRow>, StoreError> {
        self.row(sql!("apart/session_get"), [token_hash], session_row)
    }

    /// Work that waits, oldest first.
    pub fn outbox_waiting(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let rows = self.rows(sql!("apart/outbox_waiting"), [limit], outbox_row)?;
        rows.into_iter().map(with_state).collect()
    }

    /// Work of a till that waits, oldest first.
    pub fn outbox_of(&self, till: TillId, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let rows = self.rows(sql!("apart/outbox_of"), params![till.0, limit], outbox_row)?;
        rows.into_iter().map(with_state).collect()
    }

    /// A piece of work.
    pub fn work(&self, id: i64) -> Result<Option<OutboxRow>, StoreError> {
        self.row(sql!("apart/outbox_get"), [id], outbox_row)?.map(with_state).transpose()
    }

    /// How much work a till has, or all together.
    pub fn outbox_counts(&self, till: Option<TillId>) -> Result<OutboxCounts, StoreError> {
        let counts = self.row(sql!("apart/outbox_counts"), [till.map(|t| t.0)], |row| {
            Ok(OutboxCounts { waiting: row.get(0)?, unsettled: row.get(1)? })
        })?;
        Ok(counts.unwrap_or_default())
    }

    /// Work that is not done, whatever its state, newest first.
    pub fn outbox_open(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let rows = self.rows(sql!("apart/outbox_open"), [limit], outbox_row)?;
        rows.into_iter().map(with_state).collect()
    }
}

/// These may stand outside of a transaction and commit at once then.
impl Store {
    /// Keeps a value of the caller's in the file.
    pub fn set_meta(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        if matches!(key, "shop" | "incarnation") {
            return Err(StoreError::Misuse("the shop's id and incarnation are not set by hand"));
        }
        self.change(sql!("apart/meta_put"), params![key, value]).map(|_| ())
    }

    /// Takes a value of the caller's out of the file; its bytes are overwritten.
    pub fn erase_meta(&mut self, key: &str) -> Result<(), StoreError> {
        if matches!(key, "shop" | "incarnation") {
            return Err(StoreError::Misuse("the shop's id and incarnation are not erased"));
        }
        self.overwrite_what_is_deleted(true)?;
        let erased = self.change(sql!("apart/meta_erase"), [key]);
        self.overwrite_what_is_deleted(false)?;
        erased.map(|_| ())
    }

    /// The key that seals what is shared with terminals, made of `fresh` when there is none yet.
    pub fn own_terminal_key(
        &self,
        fresh: impl FnOnce() -> [u8; 32],
    ) -> Result<[u8; 32], StoreError> {
        if let Some(key) = self.terminal_key()? {
            return Ok(key);
        }
        let key = fresh();
        open::put_secret(&self.path(), open::Secret::Terminals, &key)?;
        Ok(key)
    }

    /// Notes an entry known for certain, by a word for where it is known from.
    pub fn set_anchor(&mut self, why: &str, seq: u64, hash: &[u8; 32]) -> Result<(), StoreError> {
        self.change(sql!("apart/anchor_put"), params![why, int(seq), hash.as_slice()]).map(|_| ())
    }

    /// Sets the slow hash of a person's secret.
    pub fn set_credential(
        &mut self,
        person: PersonId,
        kind: CredentialKind,
        hash: &str,
    ) -> Result<(), StoreError> {
        let kind = word(&kind)?;
        self.change(sql!("apart/credential_put"), params![person.0, kind, hash]).map(|_| ())
    }

    /// Adds a session, or changes the one with this token.
    pub fn put_session(&mut self, session: &SessionRow) -> Result<(), StoreError> {
        let row = params![
            session.token_hash,
            session.person.map(|p| p.0),
            session.till.map(|t| t.0),
            session.kind,
            format!("{:.3}", session.created),
            format!("{:.3}", session.seen),
        ];
        self.change(sql!("apart/session_put"), row).map(|_| ())
    }

    /// Notes that a session was used.
    pub fn touch_session(&mut self, token_hash: &[u8], seen: Timestamp) -> Result<(), StoreError> {
        self.change(sql!("apart/session_seen"), params![token_hash, format!("{seen:.3}")])
            .map(|_| ())
    }

    /// Ends a session.
    pub fn delete_session(&mut self, token_hash: &[u8]) -> Result<(), StoreError> {
        self.change(sql!("apart/session_delete"), [token_hash]).map(|_| ())
    }

    /// Ends all sessions of a person.
    pub fn delete_sessions_of(&mut self, person: PersonId) -> Result<(), StoreError> {
        self.change(sql!("apart/session_delete_person"), [person.0]).map(|_| ())
    }

    /// Ends sessions that were last used before `seen`.
    pub fn expire_sessions(&mut self, seen: Timestamp) -> Result<usize, StoreError> {
        self.change(sql!("apart/session_expire"), [format!("{seen:.3}")])
    }

    /// Adds a piece of work by hand; receipts, copies and day closings add theirs by themselves.
    pub fn add_work(
        &mut self,
        kind: &str,
        till: Option<TillId>,
        seq: Option<u64>,
        body: &str,
        created: Timestamp,
    ) -> Result<i64, StoreError> {
        let row = params![kind, till.map(|t| t.0), seq.map(int), body, format!("{created:.3}")];
        self.change(sql!("apart/outbox_add"), row)?;
        Ok(self.conn().last_insert_rowid())
    }

    /// Says what became of a piece of work. `attempted`: it was tried once more.
    pub fn set_work(
        &mut self,
        id: i64,
        state: OutboxState,
        note: &str,
        attempted: bool,
    ) -> Result<(), StoreError> {
        let word = word(&state)?;
        self.change(sql!("apart/outbox_set"), params![id, word, note, attempted])?;
        // Now and then: what was printed stands in the journal.
        if state == OutboxState::Done && id % PURGE_EVERY == 0 {
            self.purge_work()?;
        }
        Ok(())
    }

    /// A person says what became of work of unknown fate, or that failed: it was done, or it is to be
    /// done again, as a copy (its `body` says `copy` then). False when it is no such work.
    pub fn settle_work(&mut self, id: i64, done: bool) -> Result<bool, StoreError> {
        self.change(sql!("apart/outbox_settle"), params![id, done]).map(|changed| changed > 0)
    }

    /// Gives up what waits for a till.
    pub fn drop_work(&mut self, till: TillId, note: &str) -> Result<(), StoreError> {
        let alone = !self.in_transaction();
        if alone {
            self.begin()?;
        }
        self.change(sql!("apart/outbox_drop"), params![till.0, note])?;
        self.purge_work()?;
        if alone { self.commit() } else { Ok(()) }
    }

    /// Takes work away that was done a while ago.
    pub fn purge_work(&mut self) -> Result<(), StoreError> {
        self.change(sql!("apart/outbox_purge"), [DONE_KEPT]).map(|_| ())
    }
}
