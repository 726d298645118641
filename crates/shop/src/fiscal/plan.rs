//! Which closings go into a package, and where in the journal each begins and ends. One pass over the journal, which
//! looks at the beginning of each entry only; it counts the records of each till, whose numbers have no gaps.

use std::collections::BTreeMap;

use domain::event::Event;
use domain::{DayNo, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use store::Reader;

use super::Fault;

/// Entries that are read at once.
const BATCH: u32 = 2_000;

/// A closing that is exported.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) till: TillId,
    pub(crate) day: DayNo,
    pub(crate) closed: Timestamp,
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

/// What an entry's beginning says: its till and its kind.
pub(crate) fn glance(bytes: &str) -> (Option<TillId>, &str) {
    let (head, rest) = bytes.split_once(",\"kind\":\"").unwrap_or((bytes, ""));
    let kind = rest.split('"').next().unwrap_or_default();
    let till = head.split_once(",\"till\":").map(|(_, after)| after);
    let digits = till.and_then(|after| after.split(',').next());
    (digits.and_then(|digits| digits.parse().ok()).map(TillId), kind)
}

/// Whether an entry of this kind is a record of the till (a Vorgang).
pub(crate) fn is_record(kind: &str) -> bool {
    matches!(
        kind,
        "day_opened"
            | "receipt_issued"
            | "basket_aborted"
            | "cash_paid_in"
            | "cash_paid_out"
            | "cash_dropped"
            | "drawer_opened"
            | "day_closed"
    )
}

#[derive(Default)]
struct Till {
    records: u64,
    /// The entry that opened the day, and the records before it.
    open: Option<(u64, u64)>,
}

impl Plan {
    pub(crate) fn make(reader: &Reader, from: Date, to: Date) -> Result<Plan, Fault> {
        let mut plan = Plan::default();
        let mut tills: BTreeMap<TillId, Till> = BTreeMap::new();
        let mut next = 1;
        loop {
            let rows = reader.journal(next, BATCH)?;
            let Some(last) = rows.last() else { break };
            next = last.seq.saturating_add(1);
            for row in &rows {
                let (till, kind) = glance(&row.bytes);
                if kind == "signing_unit_reported" {
                    plan.unit(&row.bytes)?;
                }
                let (Some(id), true) = (till, is_record(kind)) else { continue };
                let till = tills.entry(id).or_default();
                if kind == "day_opened" {
                    till.open = Some((row.seq, till.records));
                }
                let Some((opened, before)) = till.open else { continue };
                till.records = till.records.saturating_add(1);
                if kind != "day_closed" {
                    continue;
                }
                till.open = None;
                let (meta, event) = journal::decode(&row.bytes)?;
                let Event::DayClosed { day, .. } = event else { continue };
                let Some(closed) = reader.closed_day(id, day)? else { continue };
                if (from..=to).contains(&closed.day.date) {
                    plan.closings.push(Planned {
                        till: id,
                        day,
                        closed: meta.at,
                        entries: (opened, row.seq),
                        first_number: before.saturating_add(1),
                    });
                }
            }
        }
        Ok(plan)
    }

    fn unit(&mut self, bytes: &str) -> Result<(), Fault> {
        if let (_, Event::SigningUnitReported(said)) = journal::decode(bytes)? {
            let own = said.identity.certificates.first().map_or(0, String::len);
            self.longest_certificate = self.longest_certificate.max(own);
        }
        Ok(())
    }

    /// Whether a reference to this closing leads into the package or to before it.
    pub(crate) fn reaches(&self, till: TillId, day: DayNo) -> bool {
        let of_till = || self.closings.iter().filter(|one| one.till == till);
        let last = of_till().map(|one| one.day).max();
        last.is_some_and(|last| day <= last)
    }
}

/// Calls `each` for every record of a closing, in the journal's order.
pub(crate) fn each_record(
    reader: &Reader,
    planned: &Planned,
    mut each: impl FnMut(journal::EntryMeta, Event, u64) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let (first, last) = planned.entries;
    let (mut next, mut number) = (first, planned.first_number);
    while next <= last {
        let rows = reader.journal(next, BATCH)?;
        let Some(end) = rows.last() else { break };
        next = end.seq.saturating_add(1);
        for row in rows.iter().filter(|row| row.seq <= last) {
            let (till, kind) = glance(&row.bytes);
            if till == Some(planned.till) && is_record(kind) {
                let (meta, event) = journal::decode(&row.bytes)?;
                each(meta, event, number)?;
                number = number.saturating_add(1);
            }
        }
    }
    Ok(())
}
