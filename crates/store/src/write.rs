//! The one writer: transactions, and appending to the journal.

use std::collections::BTreeSet;
use std::fs::File;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use domain::event::Event;
use domain::{CommandId, PersonId, TillId};
use jiff::Timestamp;
use journal::{EntryMeta, Head};
use rusqlite::{OptionalExtension, params};

use crate::open::{self, NewShop, Role};
use crate::project::{self, Mode, Projector};
use crate::{Reader, StoreError};

/// The shop's file, open for writing. One process, one store.
///
/// Whatever is written belongs to a transaction: [`begin`](Store::begin), then any number of changes,
/// then [`commit`](Store::commit), which answers only when everything is on disk. When a change errs,
/// the whole transaction has been rolled back already. Changes outside of a transaction commit at
/// once, each with its own wait for the disk; only what lies apart from the journal may do that.
#[derive(Debug)]
pub struct Store {
    db: Reader,
    /// Tills that print nowhere: their jobs are not kept.
    printerless: BTreeSet<TillId>,
    shop: String,
    incarnation: u32,
    head: Head,
    committed: Head,
    projector: Projector,
    committed_projector: Projector,
    in_transaction: bool,
    poisoned: bool,
    // Held as long as the store lives.
    _lock: File,
}

/// What a command did when it was sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandRow {
    /// Its first entry.
    pub first: u64,
    /// Its last entry.
    pub last: u64,
    /// [`journal::fingerprint`] of the command as it was sent; none after a rebuild: matches all.
    pub fingerprint: Option<i64>,
}

impl Deref for Store {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.db
    }
}

impl Store {
    /// Makes a new shop's file. Errs when it exists already.
    pub fn create(path: &Path, shop: &NewShop) -> Result<Store, StoreError> {
        if path.exists() {
            return Err(StoreError::Exists(path.to_owned()));
        }
        let lock = open::lock(path)?;
        let mut conn = open::connect(path, Role::Writer, true)?;
        open::tune(&conn, path, Role::Writer)?;
        let tx = conn.transaction()?;
        open::make_schema(&tx)?;
        for (key, value) in [
            ("shop", shop.shop.as_str()),
            ("incarnation", "1"),
            ("created", &format!("{:.3}", shop.created)),
        ] {
            tx.execute(sql!("apart/meta_put"), params![key, value])?;
        }
        tx.commit()?;
        Store::from_connection(conn, path, lock)
    }

    /// Opens a shop's file for writing and leads it to today's schema.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        if !path.is_file() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        let lock = open::lock(path)?;
        let mut conn = open::connect(path, Role::Writer, false)?;
        // Before the connection is set up: another program's file is not to be touched.
        let found = open::check_ours(&conn, path)?;
        open::tune(&conn, path, Role::Writer)?;
        open::step_up(&mut conn, found)?;
        Store::from_connection(conn, path, lock)
    }

    fn from_connection(
        conn: rusqlite::Connection,
        path: &Path,
        lock: File,
    ) -> Result<Store, StoreError> {
        let db = Reader::over(conn, path);
        let head = db.head()?;
        let known: i64 = db.conn().query_row(sql!("journal/last_known"), [], |row| row.get(0))?;
        if known > crate::reader::int(head.seq) {
            return Err(StoreError::Damaged(format!(
                "its journal ends at entry {}, but entry {known} is known to have been written",
                head.seq
            )));
        }
        let missing = || StoreError::Damaged("its meta table is not complete".to_owned());
        let shop = db.meta("shop")?.ok_or_else(missing)?;
        let incarnation =
            db.meta("incarnation")?.and_then(|n| n.parse().ok()).ok_or_else(missing)?;
        let projector = Projector::load(db.conn())?;
        Ok(Store {
            db,
            printerless: BTreeSet::new(),
            shop,
            incarnation,
            head,
            committed: head,
            projector,
            committed_projector: projector,
            in_transaction: false,
            poisoned: false,
            _lock: lock,
        })
    }

    /// Readies the file for many commits: each of them waits for the disk half as long. For whoever
    /// keeps the store open for long; takes 16 MB of disk and some tens of milliseconds.
    ///
    /// Errs when the disk has no room for it; the store is usable as before.
    pub fn lay_out_log(&mut self) -> Result<(), StoreError> {
        self.usable()?;
        open::lay_out_log(self.db.conn(), self.db.path())
    }

    /// The last entry, that of the open transaction included.
    pub fn head(&self) -> Head {
        self.head
    }

    /// The shop's short id.
    pub fn shop(&self) -> &str {
        &self.shop
    }

    /// Which incarnation of the shop this is: 1, and a higher one for each restored backup.
    pub fn incarnation(&self) -> u32 {
        self.incarnation
    }

    /// The file.
    pub fn path(&self) -> PathBuf {
        self.db.path().to_owned()
    }

    /// Begins a transaction.
    pub fn begin(&mut self) -> Result<(), StoreError> {
        self.usable()?;
        if self.in_transaction {
            return Err(StoreError::Misuse("a transaction is open already"));
        }
        self.db.conn().prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        self.in_transaction = true;
        Ok(())
    }

    /// Ends the transaction; everything in it is on disk when this answers.
    ///
    /// On error nothing of it is kept. After [`StoreError::Poisoned`] the file must be opened again.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        self.usable()?;
        if !self.in_transaction {
            return Err(StoreError::Misuse("there is no transaction to commit"));
        }
        let committed = self.db.conn().prepare_cached("COMMIT").and_then(|mut s| s.execute([]));
        match committed {
            Ok(_) => {
                self.in_transaction = false;
                self.committed = self.head;
                self.committed_projector = self.projector;
                Ok(())
            }
            Err(error) => Err(self.fail(error.into())),
        }
    }

    /// Gives the transaction up. Harmless when there is none.
    pub fn rollback(&mut self) {
        if self.in_transaction && !self.db.conn().is_autocommit() {
            // SQLite has rolled back by itself after most errors; what is left cannot be helped, and
            // the next BEGIN would say so.
            let rolled = self.db.conn().prepare_cached("ROLLBACK").and_then(|mut s| s.execute([]));
            self.poisoned |= rolled.is_err();
        }
        self.in_transaction = false;
        self.head = self.committed;
        self.projector = self.committed_projector;
    }

    /// True between begin and commit or rollback.
    pub fn in_transaction(&self) -> bool {
        self.in_transaction
    }

    /// Appends what a command did: encodes, chains, inserts, and brings the tables up to date.
    ///
    /// Answers the first and the last number. Needs an open transaction and at least one event; on
    /// error the whole transaction is rolled back. `at` is cut to milliseconds.
    pub fn append(
        &mut self,
        at: Timestamp,
        till: Option<TillId>,
        person: Option<PersonId>,
        command: CommandId,
        fingerprint: Option<i64>,
        events: &[Event],
    ) -> Result<(u64, u64), StoreError> {
        self.usable()?;
        if !self.in_transaction {
            return Err(StoreError::Misuse("an append needs a transaction"));
        }
        if events.is_empty() {
            return Err(StoreError::Misuse("there is nothing to append"));
        }
        let mut meta = EntryMeta {
            shop: std::mem::take(&mut self.shop),
            incarnation: self.incarnation,
            seq: self.head.seq,
            at,
            till,
            person,
            command,
        };
        let first = self.head.seq.saturating_add(1);
        let appended = self.append_all(&mut meta, fingerprint, events);
        self.shop = meta.shop;
        match appended {
            Ok(()) => Ok((first, self.head.seq)),
            Err(error) => Err(self.fail(error)),
        }
    }

    fn append_all(
        &mut self,
        meta: &mut EntryMeta,
        fingerprint: Option<i64>,
        events: &[Event],
    ) -> Result<(), StoreError> {
        let conn = self.db.conn();
        let first = self.head.seq.saturating_add(1);
        let mut insert = conn.prepare_cached(sql!("journal/insert"))?;
        for event in events {
            meta.seq = self.head.seq.saturating_add(1);
            let bytes = journal::encode(meta, event)?;
            let hash = journal::hash(&self.head.hash, bytes.as_bytes());
            insert.execute(params![crate::reader::int(meta.seq), hash.as_slice(), bytes])?;
            self.projector.project(conn, meta, event, Mode::Live)?;
            let nowhere = meta.till.is_some_and(|till| self.printerless.contains(&till));
            if !nowhere && project::prints(event, events) {
                project::print(conn, meta)?;
            }
            self.head = Head { seq: meta.seq, hash };
        }
        conn.prepare_cached(sql!("command/insert"))?.execute(params![
            meta.command.0.as_bytes().as_slice(),
            crate::reader::int(first),
            crate::reader::int(self.head.seq),
            fingerprint
        ])?;
        Ok(())
    }

    /// Saves a document of the engine's state.
    pub fn save_part(&mut self, kind: &str, key: i64, body: &str) -> Result<(), StoreError> {
        self.change(sql!("part/save"), params![kind, key, body]).map(|_| ())
    }

    /// Says which tills print nowhere: no print jobs are kept for them.
    pub fn set_printerless(&mut self, tills: BTreeSet<TillId>) {
        self.printerless = tills;
    }

    /// True when this till prints nowhere.
    pub fn is_printerless(&self, till: TillId) -> bool {
        self.printerless.contains(&till)
    }

    /// Takes a document of the engine's state away.
    pub fn delete_part(&mut self, kind: &str, key: i64) -> Result<(), StoreError> {
        self.change(sql!("part/delete"), params![kind, key]).map(|_| ())
    }

    /// Saves a closed till day, in the transaction that closes it.
    pub fn save_closed_day(&mut self, day: &domain::day::ClosedDay) -> Result<(), StoreError> {
        let body = serde_json::to_string(day)?;
        let closed = format!("{:.3}", day.closed);
        self.change(sql!("day/save"), params![day.till.0, day.day.number.0, closed, body])
            .map(|_| ())
    }

    /// A command that was appended before.
    pub fn command(&self, id: CommandId) -> Result<Option<CommandRow>, StoreError> {
        let row = self
            .db
            .conn()
            .prepare_cached(sql!("command/find"))?
            .query_row([id.0.as_bytes().as_slice()], |row| {
                Ok(CommandRow {
                    first: crate::reader::count(row, 0)?,
                    last: crate::reader::count(row, 1)?,
                    fingerprint: row.get(2)?,
                })
            })
            .optional()?;
        Ok(row)
    }

    /// The file grows to at most so many pages of 4 KiB; then [`StoreError::DiskFull`]. Holds until
    /// the store is closed.
    pub fn limit_pages(&mut self, pages: u32) -> Result<(), StoreError> {
        let set = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        self.db.conn().pragma_update_and_check(None, "max_page_count", pages, set)?;
        Ok(())
    }

    /// One changing statement; on error an open transaction is rolled back.
    pub(crate) fn change(
        &mut self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<usize, StoreError> {
        self.usable()?;
        let changed = self.db.conn().prepare_cached(sql).and_then(|mut s| s.execute(params));
        changed.map_err(|error| self.fail(error.into()))
    }

    /// After an error: nothing half stays.
    pub(crate) fn fail(&mut self, error: StoreError) -> StoreError {
        self.poisoned |= matches!(error, StoreError::Poisoned(_));
        self.rollback();
        error
    }

    pub(crate) fn usable(&self) -> Result<(), StoreError> {
        if self.poisoned { Err(StoreError::Poisoned(None)) } else { Ok(()) }
    }

    pub(crate) fn reset_projector(&mut self, projector: Projector) {
        self.projector = projector;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_failed_write_to_disk_nothing_more_is_taken_until_the_file_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.tresen");
        let created = "2026-11-23T13:00:00Z".parse().unwrap();
        let mut store = Store::create(&path, &NewShop { shop: "s1".to_owned(), created }).unwrap();
        store.begin().unwrap();
        let error = store.fail(StoreError::Poisoned(None));
        assert!(matches!(error, StoreError::Poisoned(_)));
        assert!(!store.in_transaction());
        assert!(matches!(store.begin(), Err(StoreError::Poisoned(_))));
        assert!(matches!(store.set_meta("a", "b"), Err(StoreError::Poisoned(_))));
        drop(store);
        assert!(Store::open(&path).unwrap().begin().is_ok());
    }
}
