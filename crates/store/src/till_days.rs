//! Till days as the journal has them: where each begins and ends, its records, and what was found when it was checked.

use domain::event::Event;
use domain::{DayNo, ReceiptNo, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use journal::EntryMeta;
use rusqlite::{Connection, Row, params};

use crate::reader::{count, int, text_as};
use crate::{Reader, Store, StoreError};

/// What checking a closed till day found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCheck {
    /// Till.
    pub till: TillId,
    /// Its day.
    pub number: DayNo,
    /// Checked when.
    pub checked: Timestamp,
    /// `right`, `wrong`, or `failed`: it could not be checked.
    pub state: String,
    /// Records that were read.
    pub records: u64,
    /// Signatures that were verified.
    pub verified: u64,
    /// The first thing that is wrong, or why it could not be checked, as the caller writes it; empty when all is right.
    pub finding: String,
    /// Statements of its proof that hold.
    pub proved: u32,
    /// Those that differ.
    pub differs: u32,
    /// Those that cannot be proved.
    pub unproved: u32,
}

/// A day of a till between two entries of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySpan {
    /// Its number.
    pub number: DayNo,
    /// The entries that open and close it.
    pub entries: (u64, u64),
}

fn check_row(row: &Row<'_>) -> rusqlite::Result<DayCheck> {
    Ok(DayCheck {
        till: TillId(row.get(0)?),
        number: DayNo(row.get(1)?),
        checked: text_as(row, 2)?,
        state: row.get(3)?,
        records: count(row, 4)?,
        verified: count(row, 5)?,
        finding: row.get(6)?,
        proved: row.get(7)?,
        differs: row.get(8)?,
        unproved: row.get(9)?,
    })
}

fn day(row: &Row<'_>) -> rusqlite::Result<(TillId, DayNo)> {
    Ok((TillId(row.get(0)?), DayNo(row.get(1)?)))
}

impl Reader {
    /// The entries that open and close a till day; none while it is open.
    pub fn day_span(&self, till: TillId, number: DayNo) -> Result<Option<(u64, u64)>, StoreError> {
        let of = params![till.0, number.0];
        self.row(sql!("till_day/span"), of, |row| Ok((count(row, 0)?, count(row, 1)?)))
    }

    /// The closed days of a till up to one of them, in their order.
    pub fn day_spans(&self, till: TillId, until: DayNo) -> Result<Vec<DaySpan>, StoreError> {
        self.rows(sql!("till_day/spans"), params![till.0, until.0], |row| {
            let entries = (count(row, 1)?, count(row, 2)?);
            Ok(DaySpan { number: DayNo(row.get(0)?), entries })
        })
    }

    /// The entries between two that are records of a till (Vorgänge), in their order.
    pub fn till_records(
        &self,
        till: TillId,
        (first, last): (u64, u64),
    ) -> Result<Vec<u64>, StoreError> {
        let span = params![till.0, int(first), int(last)];
        self.rows(sql!("till_day/records"), span, |row| count(row, 0))
    }

    /// All records of a till that are no receipts, in their order.
    pub fn other_records(&self, till: TillId) -> Result<Vec<u64>, StoreError> {
        self.rows(sql!("till_day/others"), [till.0], |row| count(row, 0))
    }

    /// How many receipts each day of a till has, training among them.
    pub fn receipts_of_days(&self, till: TillId) -> Result<Vec<(DayNo, u64)>, StoreError> {
        self.rows(sql!("till_day/receipts"), [till.0], |row| {
            Ok((DayNo(row.get(0)?), count(row, 1)?))
        })
    }

    /// The number of a till's last receipt before an entry; training does not count.
    pub fn last_number(&self, till: TillId, before: u64) -> Result<Option<ReceiptNo>, StoreError> {
        let found =
            self.row(sql!("till_day/last_number"), params![till.0, int(before)], |row| {
                row.get::<_, Option<i64>>(0)
            })?;
        Ok(found.flatten().and_then(|number| u64::try_from(number).ok()).map(ReceiptNo))
    }

    /// Closed days of a local date, in the order in which they were closed.
    pub fn days_of(&self, date: Date) -> Result<Vec<(TillId, DayNo)>, StoreError> {
        self.rows(sql!("till_day/of_date"), [date.to_string()], day)
    }

    /// Closed days of dates between two, both within, with when they were closed, in that order.
    pub fn days_between(
        &self,
        (from, to): (Date, Date),
    ) -> Result<Vec<(TillId, DayNo, Timestamp)>, StoreError> {
        let dates = params![from.to_string(), to.to_string()];
        self.rows(sql!("till_day/between"), dates, |row| {
            Ok((TillId(row.get(0)?), DayNo(row.get(1)?), text_as(row, 2)?))
        })
    }

    /// What was found in a day when it was checked last; none before it ever was.
    pub fn day_check(&self, till: TillId, number: DayNo) -> Result<Option<DayCheck>, StoreError> {
        self.row(sql!("till_day/check_get"), params![till.0, number.0], check_row)
    }

    /// Closed days that were never checked, oldest first.
    pub fn unchecked_days(&self, limit: u32) -> Result<Vec<(TillId, DayNo)>, StoreError> {
        self.rows(sql!("till_day/unchecked"), [limit], day)
    }

    /// Days closed since a moment of which not everything is proved.
    pub fn days_to_check_again(
        &self,
        since: Timestamp,
    ) -> Result<Vec<(TillId, DayNo)>, StoreError> {
        self.rows(sql!("till_day/again"), [format!("{since:.3}")], day)
    }

    /// How many days closed since a moment were checked and differ, or could not be checked.
    pub fn wrong_days(&self, since: Timestamp) -> Result<u64, StoreError> {
        let found = self
            .row(sql!("till_day/wrong"), [format!("{since:.3}")], |row| count(row, 0))?
            .unwrap_or(0);
        Ok(found)
    }

    /// The bytes of one entry, as stored.
    pub fn entry_bytes(&self, seq: u64) -> Result<Option<String>, StoreError> {
        self.row(sql!("journal/bytes"), [int(seq)], |row| row.get(0))
    }

    /// Shows each row of the journal between two, both within, without keeping any: number, hash, bytes. Answers
    /// false to stop. One moment of the file: for spans of a day.
    pub fn each_row<E: From<StoreError>>(
        &self,
        (first, last): (u64, u64),
        mut each: impl FnMut(u64, &[u8], &str) -> Result<bool, E>,
    ) -> Result<(), E> {
        let most = int(last.saturating_sub(first).saturating_add(1));
        let read =
            || -> Result<_, StoreError> { Ok(self.conn().prepare_cached(sql!("journal/from"))?) };
        let mut statement = read()?;
        let mut rows = statement.query(params![int(first), most]).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            let seq = count(row, 0).map_err(StoreError::from)?;
            if seq > last {
                break;
            }
            let hash = row.get_ref(1).map_err(StoreError::from)?.as_bytes().unwrap_or_default();
            let bytes = row.get_ref(2).map_err(StoreError::from)?.as_bytes().unwrap_or_default();
            if !each(seq, hash, &String::from_utf8_lossy(bytes))? {
                break;
            }
        }
        Ok(())
    }

    /// The key that proofs of completeness are signed with, made of `fresh` when there is none yet.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn own_proof_key(&self, fresh: impl FnOnce() -> [u8; 32]) -> Result<[u8; 32], StoreError> {
        if let Some(key) = self.proof_key()? {
            return Ok(key);
        }
        crate::open::put_secret(self.path(), crate::open::Secret::Proofs, &fresh())?;
        // Whoever made one at the same moment and came last has made the one that stays.
        self.proof_key()?.ok_or(StoreError::Misuse("the key of the proofs is gone"))
    }

    /// The key that proofs of completeness are signed with; none before the first one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn proof_key(&self) -> Result<Option<[u8; 32]>, StoreError> {
        crate::open::secret(self.path(), crate::open::Secret::Proofs)
    }
}

impl Store {
    /// Notes what was found in a day. May stand outside of a transaction.
    pub fn put_day_check(&mut self, check: &DayCheck) -> Result<(), StoreError> {
        let row = params![
            check.till.0,
            check.number.0,
            format!("{:.3}", check.checked),
            check.state,
            int(check.records),
            int(check.verified),
            check.finding,
            check.proved,
            check.differs,
            check.unproved,
        ];
        self.change(sql!("till_day/check_put"), row).map(|_| ())
    }
}

/// Notes a record of a till that is no receipt.
pub(crate) fn project(
    conn: &Connection,
    meta: &EntryMeta,
    event: &Event,
) -> Result<(), StoreError> {
    let day = match event {
        Event::DayOpened { day, .. } | Event::DayClosed { day, .. } => Some(day.0),
        Event::BasketAborted { .. }
        | Event::CashPaidIn { .. }
        | Event::CashPaidOut { .. }
        | Event::CashDropped { .. }
        | Event::DrawerOpened { .. } => None,
        _ => return Ok(()),
    };
    let Some(till) = meta.till else { return Ok(()) };
    let row = params![int(meta.seq), till.0, day];
    conn.prepare_cached(sql!("till_day/note"))?.execute(row)?;
    Ok(())
}
