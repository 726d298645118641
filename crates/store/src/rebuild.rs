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

/// Every table that is a fold of the journal: its name, its key, and the columns that are folds.
const FOLDS: &[(&str, &str, &str)] = &[
    ("command", "id", "id, first, last"),
    ("part", "kind, key", "kind, key, body"),
    ("basket_entry", "basket, seq", "basket, seq"),
    ("configured", "seq", "seq"),
    ("incarnation", "number", "number, first"),
    (
        "receipt",
        "seq",
        "seq, till, training, number, at, date, day, person, basket, total, lines, copies",
    ),
    ("returned", "till, number, line", "till, number, line, quantity"),
    ("refunded", "till, number, tender", "till, number, tender, amount"),
    ("slip", "number", "number, till, receipt"),
    ("invoice", "seq", "seq, till, number, customer, version"),
    (
        "attempt",
        "id",
        "id, till, terminal, basket, purpose, reverses, amount, booked, state, code, asked, changed, \
         person, terminal_id, receipt, trace, scheme, last4",
    ),
    (
        "attempt_line",
        "attempt",
        "attempt, terminal, period, counts, currency, tip, signs, till, receipt, slip",
    ),
    ("attempt_step", "seq", "seq, attempt"),
    ("signature", "basket", "basket, seq"),
    ("entry_signature", "entry", "entry, seq"),
    ("signing_unit", "serial", "serial, seq"),
    ("rksv_code", "seq", "seq, register, position, till, basket"),
    ("signer", "name", "name, seq"),
    ("audit_entry", "kind, seq", "kind, seq, at, subject"),
    ("terminal_day", "id", "id, terminal, period, state, body"),
    ("till_record", "seq", "seq, till, day"),
    ("basket_record", "basket, seq", "basket, seq, till"),
    ("import", "id", "id, source, state, began, items, first, last"),
    ("item", "version", "version, item, import, number, name, grp, retired, minimum, body"),
    ("item_code", "code, item", "code, item"),
    ("stock", "item", "item, quantity"),
    ("stock_movement", "seq", "seq, item, kind, quantity, counted, reason, person, at"),
    ("item_day", "date, item", "date, item, quantity, amount"),
    ("hour_sales", "date, hour, till", "date, hour, till, receipts, amount"),
    ("tender_day", "date, kind", "date, kind, count, amount"),
    ("closed_day", "till, number", "till, number, closed, body"),
    ("voucher", "id", "id, hash, last4, kind, tax, balance, expires, blocked, till, receipt, sold"),
    (
        "voucher_posting",
        "seq",
        "seq, voucher, kind, amount, till, receipt, paid_till, paid_receipt, reason, person, at",
    ),
    (
        "transfer",
        "id",
        "id, reference, till, basket, amount, state, paid, message, confirmed, reason, asked, changed, \
         person, receipt_till, receipt",
    ),
    (
        "bank_message",
        "id",
        "id, entry, booked, amount, currency, back, reference, finding, transfer, waits, reason, \
         settled, person, taken",
    ),
    ("customer", "id", "id, version, details, term_days, max_owed, blocked, forgotten, balance"),
    (
        "account_posting",
        "seq",
        "seq, customer, kind, amount, due, till, receipt, paid_till, paid_receipt, reference, person, at",
    ),
    ("account_item", "customer, till, receipt", "customer, till, receipt, date, due, amount, left"),
    ("device_entry", "terminal, seq", "terminal, seq"),
    ("unknown_code", "code", "code, grp, name, price, times, first_at, last_at"),
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
        for (table, _, _) in FOLDS {
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
            .map(|(table, _, columns)| {
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

    /// A digest of every fold's rows, read one after the other in the order of their keys: equal for a
    /// file and its rebuilt self, however many rows there are.
    pub fn table_digests(&self) -> Result<Vec<TableDigest>, StoreError> {
        FOLDS.iter().map(|(table, key, columns)| self.digest(table, key, columns)).collect()
    }

    fn digest(&self, table: &str, key: &str, columns: &str) -> Result<TableDigest, StoreError> {
        let mut digest = TableDigest { table: table.to_owned(), rows: 0, hash: [0; 32] };
        let mut statement = self.conn().prepare(&in_order(table, key, columns))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text = row.get_ref(0)?.as_bytes().unwrap_or_default();
            digest.hash = journal::hash(&digest.hash, text);
            digest.rows = digest.rows.saturating_add(1);
        }
        Ok(digest)
    }
}

/// What stands in a fold, in one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDigest {
    /// The table.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// The hash over all of them.
    pub hash: [u8; 32],
}

/// A fold's rows as text, in an order that an index has: nothing is sorted, and so nothing held.
fn in_order(table: &str, key: &str, columns: &str) -> String {
    let quoted: Vec<String> =
        columns.split(", ").map(|column| format!("quote({column})")).collect();
    format!("SELECT {} FROM {table} ORDER BY {key}", quoted.join(" || ' ' || "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_compared_without_holding_them() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        crate::open::make_schema(&conn).unwrap();
        for (table, key, columns) in FOLDS {
            let plan = format!("EXPLAIN QUERY PLAN {}", in_order(table, key, columns));
            let mut steps = conn.prepare(&plan).unwrap();
            let steps: Vec<String> =
                steps.query_map([], |row| row.get(3)).unwrap().map(Result::unwrap).collect();
            assert!(steps.iter().all(|step| !step.contains("TEMP B-TREE")), "{table}: {steps:?}");
            // The key is one: equal tables have equal orders.
            let distinct =
                format!("SELECT count(*) FROM pragma_index_list('{table}') WHERE \"unique\" = 1");
            let unique: i64 = conn.query_row(&distinct, [], |row| row.get(0)).unwrap();
            let rowid = key.split(", ").count() == 1;
            assert!(unique > 0 || rowid, "{table}");
        }
    }
}
