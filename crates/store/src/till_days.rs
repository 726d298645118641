//! Till days as the journal has them: where each begins and ends, its records, and what was found when it was checked.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::Event;
use domain::{BasketId, DayNo, ReceiptNo, TillId};
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

/// A closed day, and the date that it counts as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedDay {
    /// Till.
    pub till: TillId,
    /// Its day.
    pub number: DayNo,
    /// Closed when, as the clock said.
    pub closed: Timestamp,
    /// The local date that it says.
    pub said: Date,
    /// The date that it counts as: the same, unless it contradicts the order of the closings; then the one of the day before.
    pub date: Date,
}

/// Puts dates right that contradict the order in which a till's days were closed: most dates are kept, and a day that does
/// not fit among them counts as of the date before it (the first ones as of the first that fits).
///
/// The last closing is believed: whose clock was ahead has put it right. Unless that left less than half of all dates: then
/// it is the last one whose clock is behind.
fn put_right(days: &mut [DatedDay]) {
    if days.is_sorted_by_key(|day| day.said) {
        return;
    }
    let said: Vec<Date> = days.iter().map(|day| day.said).collect();
    let ends = never_back(&said);
    let half = said.len().div_ceil(2);
    let last = ends.iter().enumerate().next_back().filter(|(_, (length, _))| *length >= half);
    // Of those that are as long, the one that ends earliest.
    let longest = || {
        let all = said.iter().zip(&ends).enumerate();
        all.max_by_key(|(_, (said, (length, _)))| (*length, std::cmp::Reverse(**said)))
    };
    let mut at = last.map(|(at, _)| at).or_else(|| longest().map(|(at, _)| at));
    let mut fits = BTreeSet::new();
    while let Some(one) = at {
        fits.insert(one);
        at = ends.get(one).and_then(|(_, before)| *before);
    }
    let mut known = fits.first().and_then(|first| said.get(*first).copied());
    for (at, day) in days.iter_mut().enumerate() {
        if fits.contains(&at) {
            known = Some(day.said);
        }
        day.date = known.unwrap_or(day.said);
    }
}

/// For each date the longest sequence of dates up to it that never goes back, in the smallest steps: its length, and the
/// place of the date before it.
fn never_back(said: &[Date]) -> Vec<(usize, Option<usize>)> {
    let mut ends: Vec<(usize, Option<usize>)> = Vec::with_capacity(said.len());
    for date in said {
        let before = said.iter().zip(&ends).enumerate().filter(|(_, (said, _))| *said <= date);
        let longest = before.max_by_key(|(at, (said, (length, _)))| (*length, **said, *at));
        ends.push(
            longest
                .map_or((1, None), |(at, (_, (length, _)))| (length.saturating_add(1), Some(at))),
        );
    }
    ends
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

    /// The orders of a basket, and the entries by which tills handed it over, in their order: each with the till whose
    /// record it is.
    pub fn basket_records(&self, basket: BasketId) -> Result<Vec<(u64, TillId)>, StoreError> {
        self.rows(sql!("till_day/of_basket"), [int(basket.0)], |row| {
            Ok((count(row, 0)?, TillId(row.get(1)?)))
        })
    }

    /// Records of a till, or of all, that are no receipts and stand before an entry, newest first: each with the till
    /// whose record it is.
    pub fn records_before(
        &self,
        till: Option<TillId>,
        before: u64,
        limit: u32,
    ) -> Result<Vec<(u64, TillId)>, StoreError> {
        let page = params![int(before), till.map(|till| till.0), limit];
        self.rows(sql!("till_day/page"), page, |row| Ok((count(row, 0)?, TillId(row.get(1)?))))
    }

    /// The day of a till within which one of its records lies; none before its first one.
    pub fn day_of_record(&self, till: TillId, seq: u64) -> Result<Option<DayNo>, StoreError> {
        self.row(sql!("till_day/day_of"), params![till.0, int(seq)], |row| Ok(DayNo(row.get(0)?)))
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

    /// Every closed day with the date that it counts as, till by till in the order of their numbers.
    pub fn dated_days(&self) -> Result<Vec<DatedDay>, StoreError> {
        let mut all = self.rows(sql!("till_day/dates"), [], |row| {
            let (till, number) = (TillId(row.get(0)?), DayNo(row.get(1)?));
            let (closed, said) = (text_as(row, 2)?, text_as(row, 3)?);
            Ok(DatedDay { till, number, closed, said, date: said })
        })?;
        for days in all.chunk_by_mut(|one, next| one.till == next.till) {
            put_right(days);
        }
        Ok(all)
    }

    /// Closed days that count as of dates between two, both within, in the order in which the journal closed them. The days
    /// of a till have no gap, whatever date a wrong clock gave one of them.
    pub fn days_between(&self, (from, to): (Date, Date)) -> Result<Vec<DatedDay>, StoreError> {
        let mut all = self.dated_days()?;
        all.retain(|day| (from..=to).contains(&day.date));
        let mut ends = BTreeMap::new();
        for days in all.chunk_by(|one, next| one.till == next.till) {
            let Some(last) = days.last() else { continue };
            let spans = self.day_spans(last.till, last.number)?.into_iter();
            ends.extend(spans.map(|span| ((last.till, span.number), span.entries.1)));
        }
        // Clocks step back: what closed first is what stands first in the journal.
        all.sort_by_key(|day| (ends.get(&(day.till, day.number)).copied(), day.till));
        Ok(all)
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
        | Event::DrawerOpened { .. }
        | Event::BasketOrdered(_)
        | Event::BasketHandedOver(_)
        | Event::BenefitGiven(_) => None,
        _ => return Ok(()),
    };
    let Some(till) = domain::signing::till_of(event, meta.till) else { return Ok(()) };
    let basket = match event {
        Event::BasketOrdered(ordered) => Some(ordered.basket),
        Event::BasketHandedOver(over) => Some(over.basket),
        _ => None,
    };
    if let Some(basket) = basket {
        let row = params![int(basket.0), int(meta.seq), till.0];
        conn.prepare_cached(sql!("till_day/note_basket"))?.execute(row)?;
    }
    let row = params![int(meta.seq), till.0, day];
    conn.prepare_cached(sql!("till_day/note"))?.execute(row)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days of March, by their dates; what they count as.
    fn counted(said: &[i8]) -> Vec<i8> {
        let day = |(number, day): (u32, &i8)| {
            let said = Date::constant(2026, 3, *day);
            let number = DayNo(number);
            DatedDay { till: TillId(1), number, closed: Timestamp::UNIX_EPOCH, said, date: said }
        };
        let mut days: Vec<DatedDay> = (1..).zip(said).map(day).collect();
        put_right(&mut days);
        days.iter().map(|day| day.date.day()).collect()
    }

    #[test]
    fn a_date_that_contradicts_the_order_of_closings_is_the_one_of_the_day_before() {
        assert!(counted(&[]).is_empty());
        assert_eq!(counted(&[3, 3, 4, 7]), [3, 3, 4, 7], "several a day, and days without any");
        assert_eq!(counted(&[3, 20, 4, 5]), [3, 3, 4, 5], "into the future");
        assert_eq!(counted(&[3, 4, 1, 5]), [3, 4, 4, 5], "into the past");
        assert_eq!(counted(&[20, 3, 4]), [3, 3, 4], "the first");
        assert_eq!(counted(&[3, 4, 20]), [3, 4, 20], "the last one may be right");
        assert_eq!(counted(&[3, 20, 21, 4, 5, 6]), [3, 3, 3, 4, 5, 6], "several");
        assert_eq!(counted(&[3, 20, 3]), [3, 3, 3]);
        assert_eq!(counted(&[3, 20, 1, 4, 5]), [3, 3, 3, 4, 5], "one each way");
        let ahead = [1, 2, 3, 20, 21, 22, 4, 5];
        assert_eq!(counted(&ahead), [1, 2, 3, 3, 3, 3, 4, 5], "put right, and right at once");
        assert_eq!(counted(&ahead[..7]), [1, 2, 3, 3, 3, 3, 4]);
        assert_eq!(counted(&[10, 11, 12, 1]), [10, 11, 12, 12], "the last one alone is behind");
        assert_eq!(counted(&[10, 11, 12, 1, 2, 13]), [10, 11, 12, 12, 12, 13]);
    }
}
