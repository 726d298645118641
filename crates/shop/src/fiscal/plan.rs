//! Which closings go into a package, where in the journal each begins and ends, and which of its entries are records.
//! The journal itself is not searched for them: the file keeps where they stand. Records of a till are numbered without
//! gaps over all its days.

use std::collections::BTreeMap;

use domain::event::Event;
use domain::{DayNo, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use store::{DatedDay, DaySpan, Reader, StoreError};

use super::Fault;

/// A closing that is exported.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) till: TillId,
    pub(crate) day: DayNo,
    pub(crate) closed: Timestamp,
    /// The date that it counts as.
    pub(crate) date: Date,
    /// The entries that open and close the day.
    pub(crate) entries: (u64, u64),
    /// The number of its first record.
    pub(crate) first_number: u64,
}

/// All that are exported, in the order in which they were closed.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) closings: Vec<Planned>,
    /// Base64 characters of the longest certificate of a signing unit.
    pub(crate) longest_certificate: usize,
}

/// A till's days and how many records lie before each.
struct Till {
    days: Vec<(DaySpan, u64)>,
}

impl Till {
    fn of(reader: &Reader, till: TillId, until: DayNo) -> Result<Till, StoreError> {
        let others = reader.other_records(till)?;
        let receipts: BTreeMap<DayNo, u64> = reader.receipts_of_days(till)?.into_iter().collect();
        let mut days = Vec::new();
        let mut before = 0_u64;
        for span in reader.day_spans(till, until)? {
            let (first, last) = span.entries;
            let from = others.partition_point(|seq| *seq < first);
            let to = others.partition_point(|seq| *seq <= last);
            days.push((span, before));
            let other = u64::try_from(to.saturating_sub(from)).unwrap_or(u64::MAX);
            let sold = receipts.get(&span.number).copied().unwrap_or(0);
            before = before.saturating_add(other).saturating_add(sold);
        }
        Ok(Till { days })
    }
}

impl Plan {
    /// All closings that count as of the dates between two, both within.
    pub(crate) fn make(reader: &Reader, from: Date, to: Date) -> Result<Plan, Fault> {
        let days = reader.days_between((from, to))?;
        Plan::of(reader, &days)
    }

    /// These closings.
    pub(super) fn of(reader: &Reader, days: &[DatedDay]) -> Result<Plan, Fault> {
        let mut last: BTreeMap<TillId, DayNo> = BTreeMap::new();
        for day in days {
            let known = last.entry(day.till).or_insert(day.number);
            *known = (*known).max(day.number);
        }
        let mut tills = BTreeMap::new();
        for (till, until) in last {
            tills.insert(till, Till::of(reader, till, until)?);
        }
        let mut plan =
            Plan { longest_certificate: longest_certificate(reader)?, ..Plan::default() };
        for DatedDay { till, number: day, closed, date, .. } in days {
            let known =
                tills.get(till).and_then(|of| of.days.iter().find(|(span, _)| span.number == *day));
            let missing =
                || StoreError::Damaged(format!("day {day} of till {till} has no entries"));
            let (span, before) = known.ok_or_else(missing)?;
            plan.closings.push(Planned {
                till: *till,
                day: *day,
                closed: *closed,
                date: *date,
                entries: span.entries,
                first_number: before.saturating_add(1),
            });
        }
        Ok(plan)
    }

    /// Whether a reference to this closing leads into the package or to before it.
    pub(crate) fn reaches(&self, till: TillId, day: DayNo) -> bool {
        let of_till = || self.closings.iter().filter(|one| one.till == till);
        let last = of_till().map(|one| one.day).max();
        last.is_some_and(|last| day <= last)
    }
}

/// Base64 characters of the longest certificate that a signing unit of the shop ever showed.
fn longest_certificate(reader: &Reader) -> Result<usize, StoreError> {
    let lengths = reader.signing_units()?.into_iter();
    Ok(lengths.map(|unit| unit.certificates.first().map_or(0, String::len)).max().unwrap_or(0))
}

/// So many closings with a wrong date are named.
const MISDATED: usize = 20;

/// What is to be said of closings that say another date than they count as, where either lies between two; empty where there
/// is none.
pub(super) fn misdated(reader: &Reader, (from, to): (Date, Date)) -> Result<String, StoreError> {
    let within = |date: Date| (from..=to).contains(&date);
    let days = reader.dated_days()?.into_iter();
    let wrong = days.filter(|day| day.said != day.date && (within(day.said) || within(day.date)));
    let said = wrong.take(MISDATED).map(|day| {
        let DatedDay { till, number, said, date, .. } = day;
        format!("; Abschluss {number} der Kasse {till} nennt den {said}, zählt zum {date}")
    });
    Ok(said.collect())
}

/// Records that are read out of one moment of the file.
const MOMENT: usize = 256;

/// Calls `each` for every record of a closing, in the journal's order, until it says false.
pub(crate) fn each_record(
    reader: &Reader,
    planned: &Planned,
    mut each: impl FnMut(journal::EntryMeta, Event, u64) -> Result<bool, Fault>,
) -> Result<(), Fault> {
    let mut number = planned.first_number;
    let mut one = |seq: u64| {
        let missing = || StoreError::Damaged(format!("entry {seq} is missing"));
        let bytes = reader.entry_bytes(seq)?.ok_or_else(missing)?;
        let (meta, event) = journal::decode(&bytes)?;
        let goes_on = each(meta, event, number)?;
        number = number.saturating_add(1);
        Ok::<bool, Fault>(goes_on)
    };
    for seqs in reader.till_records(planned.till, planned.entries)?.chunks(MOMENT) {
        reader.renew_moment()?;
        let mut seqs = seqs.iter();
        let went_on = seqs.try_fold(true, |on, seq| Ok::<bool, Fault>(on && one(*seq)?));
        reader.end_moment()?;
        if !went_on? {
            break;
        }
    }
    Ok(())
}
