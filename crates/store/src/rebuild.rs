//! Building every fold of the journal anew, and laying the tables open for comparison.

use domain::day::ClosedDay;
use domain::event::Event;
use journal::EntryMeta;
use rusqlite::params;

use crate::project::{Mode, Projector};
use crate::reader::int;
use crate::{Reader, Store, StoreError};

/// What the engine's own folds make of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartChange {
    /// A document of its state.
    Save {
        /// Kind.
        kind: String,
        /// Key.
        key: i64,
        /// The document.
        body: String,
    },
    /// A document that is no longer.
    Delete {
        /// Kind.
        kind: String,
        /// Key.
        key: i64,
    },
    /// A closed till day.
    Closed(Box<ClosedDay>),
}

/// Every table that is a fold of the journal, with the columns that are, in the order of their keys.
const FOLDS: &[(&str, &str)] = &[
    ("command", "id, first, last"),
    ("part", "kind, key, body"),
    ("basket_entry", "basket, seq"),
    ("configured", "seq"),
    ("incarnation", "number, first"),
    ("receipt", "seq, till, training, number, at, date, day, person, basket, total, lines, copies"),
    ("returned", "till, number, line, quantity"),
    ("import", "id, source, state, began, items, first, last"),
    ("item", "version, item, import, number, name, grp, retired, minimum, body"),
    ("item_code", "code, item"),
    ("stock", "item, quantity"),
    ("stock_movement", "seq, item, kind, quantity, counted, reason, person, at"),
    ("item_day", "date, item, quantity, amount"),
    ("hour_sales", "date, hour, till, receipts, amount"),
    ("tender_day", "date, kind, count, amount"),
    ("closed_day", "till, number, closed, body"),
    ("unknown_code", "code, grp, name, price, times, first_at, last_at"),
];

impl Store {
    /// Empties every fold and makes it again from the journal, in one transaction: the same code that
    /// made it when the entries were written. `fold` is told each entry and answers what the engine's
    /// own state becomes by it. Fingerprints of commands are not in the journal and are lost.
    pub fn rebuild(
        &mut self,
        fold: impl FnMut(&EntryMeta, &Event) -> Vec<PartChange>,
    ) -> Result<(), StoreError> {
        self.begin()?;
        match self.rebuild_all(fold) {
            Ok(()) => self.commit(),
            Err(error) => Err(self.fail(error)),
        }
    }

    fn rebuild_all(
        &mut self,
        mut fold: impl FnMut(&EntryMeta, &Event) -> Vec<PartChange>,
    ) -> Result<(), StoreError> {
        for (table, _) in FOLDS {
            self.conn().execute(&format!("DELETE FROM {table}"), [])?;
        }
        self.conn().execute(sql!("item/clear_index"), [])?;
        let mut projector = Projector::load(self.conn())?;
        let mut from = 1;
        loop {
            let rows = self.journal(from, 1_000)?;
            let Some(last) = rows.last() else { break };
            from = last.seq.saturating_add(1);
            for row in &rows {
                let (meta, event) = journal::decode(&row.bytes)?;
                let command = params![meta.command.0.as_bytes().as_slice(), int(meta.seq)];
                self.conn().prepare_cached(sql!("command/replay"))?.execute(command)?;
                projector.project(self.conn(), &meta, &event, Mode::Replay)?;
                for change in fold(&meta, &event) {
                    match change {
                        PartChange::Save { kind, key, body } => {
                            self.save_part(&kind, key, &body)?
                        }
                        PartChange::Delete { kind, key } => self.delete_part(&kind, key)?,
                        PartChange::Closed(day) => self.save_closed_day(&day)?,
                    }
                }
            }
        }
        self.reset_projector(projector);
        Ok(())
    }
}

impl Reader {
    /// Every fold's rows as text, in the order of their keys: equal for a file and its rebuilt self.
    /// The search index is not among them. All in memory: for tests and small files.
    pub fn dump_tables(&self) -> Result<Vec<(String, Vec<String>)>, StoreError> {
        FOLDS
            .iter()
            .map(|(table, columns)| {
                let quoted: Vec<String> =
                    columns.split(", ").map(|column| format!("quote({column})")).collect();
                let sql = format!(
                    "SELECT {} FROM {table} ORDER BY {columns}",
                    quoted.join(" || ' ' || ")
                );
                Ok(((*table).to_owned(), self.rows(&sql, [], |row| row.get(0))?))
            })
            .collect()
    }
}
