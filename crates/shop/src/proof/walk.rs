//! The day's entries, read once in their order: each part of the proof takes what concerns it, and nothing is kept whole.

use domain::day::ClosedDay;
use domain::event::Event;
use domain::{DayNo, TillId};
use journal::EntryMeta;
use money::Currency;
use store::{Reader, StoreError};

use super::coded::Codes;
use super::money_moved::Sums;
use super::signed::Signatures;
use super::{Difference, Figure, Statement, StatementKind};
use crate::country::{Secured, secured};

/// What an entry's beginning says: its till and its kind.
pub(super) fn glance(bytes: &str) -> (Option<TillId>, &str) {
    let (head, rest) = bytes.split_once(",\"kind\":\"").unwrap_or((bytes, ""));
    let kind = rest.split('"').next().unwrap_or_default();
    let till = head.split_once(",\"till\":").map(|(_, after)| after);
    let digits = till.and_then(|after| after.split(',').next());
    (digits.and_then(|digits| digits.parse().ok()).map(TillId), kind)
}

/// Entries of the day's own till that are looked into; of the others the beginning is enough, but for a basket that
/// another till took over: that is a record of the one it comes from.
fn matters(kind: &str) -> bool {
    matches!(
        kind,
        "day_opened"
            | "day_closed"
            | "receipt_issued"
            | "basket_aborted"
            | "basket_ordered"
            | "basket_handed_over"
            | "benefit_given"
            | "tender_recorded"
            | "tender_undone"
            | "cash_paid_in"
            | "cash_paid_out"
            | "cash_dropped"
            | "drawer_opened"
            | "drawer_counted"
    )
}

/// Receipt numbers as they come.
struct Numbers {
    next: u64,
    first: Option<u64>,
    last: u64,
    receipts: u64,
    training: u64,
    difference: Option<Difference>,
}

impl Numbers {
    fn see(&mut self, seq: u64, number: u64, training: bool) {
        if training {
            self.training = self.training.saturating_add(1);
            return;
        }
        self.receipts = self.receipts.saturating_add(1);
        self.first.get_or_insert(number);
        self.last = number;
        if number != self.next && self.difference.is_none() {
            let what = if number < self.next { "number_twice" } else { "number_gap" };
            let found = Difference::new(what, number, self.next).at_entry(seq);
            self.difference = Some(found.at_receipt((number, false)));
        }
        self.next = number.saturating_add(1);
    }

    fn statement(self) -> Statement {
        let mut figures = Vec::new();
        if let Some(first) = self.first {
            figures.push(Figure::number("first_receipt", first));
            figures.push(Figure::number("last_receipt", self.last));
        }
        figures.push(Figure::count("receipts", self.receipts));
        figures.push(Figure::count("training", self.training));
        Statement::of(StatementKind::Numbers, figures, self.difference, None)
    }
}

/// The chain over the day.
struct Chain {
    next: u64,
    before: [u8; 32],
    entries: u64,
    difference: Option<Difference>,
}

impl Chain {
    fn see(&mut self, seq: u64, stored: &[u8], bytes: &str) {
        self.entries = self.entries.saturating_add(1);
        if self.difference.is_some() {
            return;
        }
        if seq != self.next {
            self.difference =
                Some(Difference::new("entry_missing", seq, self.next).at_entry(self.next));
            return;
        }
        let computed = journal::hash(&self.before, bytes.as_bytes());
        if computed.as_slice() != stored {
            let (found, expected) = (hex(stored), hex(&computed));
            self.difference = Some(Difference::new("entry_hash", found, expected).at_entry(seq));
            return;
        }
        self.before = computed;
        self.next = seq.saturating_add(1);
    }

    fn statement(
        mut self,
        reader: &Reader,
        (first, last): (u64, u64),
    ) -> Result<Statement, StoreError> {
        if self.difference.is_none() && self.next <= last {
            let missing = Difference::new("entry_missing", "", self.next).at_entry(self.next);
            self.difference = Some(missing);
        }
        if self.difference.is_none() {
            self.difference = rewritten(reader, (first, last))?;
        }
        let figures = vec![
            Figure::number("first_entry", first),
            Figure::number("last_entry", last),
            Figure::count("entries", self.entries),
        ];
        Ok(Statement::of(StatementKind::Journal, figures, self.difference, None))
    }
}

/// Against entries that were noted when a day was closed or a backup was made: the chain may be sound in itself and yet
/// another one than it was.
fn rewritten(reader: &Reader, span: (u64, u64)) -> Result<Option<Difference>, StoreError> {
    for anchor in reader.anchors()? {
        let (Some(noted), true) = (anchor.hash, (span.0..=span.1).contains(&anchor.seq)) else {
            continue;
        };
        let stands = reader.hash_of(anchor.seq)?;
        if stands != Some(noted) {
            let found = stands.map(|hash| hex(&hash)).unwrap_or_default();
            let difference = Difference::new("entry_rewritten", found, hex(&noted));
            return Ok(Some(difference.at_entry(anchor.seq)));
        }
    }
    Ok(None)
}

fn hex(bytes: &[u8]) -> String {
    crate::auth::random::hex(bytes)
}

/// What secures receipts, as the country's law wants it.
enum Secures {
    Units(Box<Signatures>),
    Chains(Box<Codes>),
    Nothing,
}

impl Secures {
    /// By the country as it is when the day is closed.
    fn of(reader: &Reader, till: TillId, (first, last): (u64, u64)) -> Result<Secures, StoreError> {
        let settings = reader.settings_before(last)?;
        Ok(match settings.as_ref().map(secured) {
            Some(Secured::Chains) => Secures::Chains(Box::new(Codes::new(reader, till, first)?)),
            Some(Secured::Nothing) => Secures::Nothing,
            Some(Secured::Units) | None => {
                Secures::Units(Box::new(Signatures::new(reader, first)?))
            }
        })
    }

    fn hear(&mut self, entry: (u64, bool), kind: &str, bytes: &str) -> Result<(), StoreError> {
        match self {
            Secures::Units(signatures) => signatures.hear(entry, kind, bytes),
            Secures::Chains(codes) => {
                codes.hear(entry.1, kind, bytes);
                Ok(())
            }
            Secures::Nothing => Ok(()),
        }
    }

    fn take(&mut self, reader: &Reader, meta: &EntryMeta, event: &Event) -> Result<(), StoreError> {
        match self {
            Secures::Units(signatures) => signatures.take(reader, meta, event),
            Secures::Chains(codes) => {
                codes.take(event);
                Ok(())
            }
            Secures::Nothing => Ok(()),
        }
    }

    fn statements(
        self,
        reader: &Reader,
        entries: (u64, u64),
        currency: Currency,
    ) -> Result<Vec<Statement>, StoreError> {
        Ok(match self {
            Secures::Units(signatures) => signatures.statements(reader, entries)?.into(),
            Secures::Chains(codes) => codes.statements(reader, entries, currency)?.into(),
            Secures::Nothing => Vec::new(),
        })
    }
}

/// All that is gathered while the day is read.
pub(super) struct Walk {
    till: TillId,
    entries: (u64, u64),
    chain: Chain,
    numbers: Numbers,
    /// The numbers that the entries say the day has: at its opening, at its closing.
    days: (Option<DayNo>, Option<DayNo>),
    sums: Sums,
    secures: Secures,
}

impl Walk {
    /// Reads the day.
    pub(super) fn over(
        reader: &Reader,
        closed: &ClosedDay,
        entries: (u64, u64),
    ) -> Result<Walk, StoreError> {
        let (first, _) = entries;
        let before = match first.checked_sub(1) {
            Some(before) if before > 0 => reader.hash_of(before)?.unwrap_or_default(),
            _ => journal::GENESIS,
        };
        let last = reader.last_number(closed.till, first)?.map_or(0, |number| number.0);
        let mut walk = Walk {
            till: closed.till,
            entries,
            chain: Chain { next: first, before, entries: 0, difference: None },
            numbers: Numbers {
                next: last.saturating_add(1),
                first: None,
                last: 0,
                receipts: 0,
                training: 0,
                difference: None,
            },
            days: (None, None),
            sums: Sums::new(),
            secures: Secures::of(reader, closed.till, entries)?,
        };
        reader.each_row(entries, |seq, hash, bytes| -> Result<bool, StoreError> {
            walk.see(reader, seq, hash, bytes)?;
            Ok(true)
        })?;
        Ok(walk)
    }

    fn see(
        &mut self,
        reader: &Reader,
        seq: u64,
        hash: &[u8],
        bytes: &str,
    ) -> Result<(), StoreError> {
        self.chain.see(seq, hash, bytes);
        let (till, kind) = glance(bytes);
        self.secures.hear((seq, till == Some(self.till)), kind, bytes)?;
        self.sums.hear(kind, bytes);
        let may_be_ours = till == Some(self.till) || kind == "basket_handed_over";
        if !may_be_ours || !matters(kind) {
            return Ok(());
        }
        // An entry that nobody can read is the chain's to tell, or the file's verification.
        let Ok((meta, event)) = journal::decode(bytes) else { return Ok(()) };
        if domain::signing::till_of(&event, meta.till) != Some(self.till) {
            return Ok(());
        }
        self.take(reader, &meta, &event)
    }

    fn take(&mut self, reader: &Reader, meta: &EntryMeta, event: &Event) -> Result<(), StoreError> {
        match event {
            Event::DayOpened { day, .. } => self.days.0 = Some(*day),
            Event::DayClosed { day, .. } => self.days.1 = Some(*day),
            Event::ReceiptIssued(receipt) => {
                self.numbers.see(meta.seq, receipt.number.0, receipt.training);
            }
            _ => {}
        }
        self.sums.take(event);
        self.secures.take(reader, meta, event)
    }

    /// What can be said of it.
    pub(super) fn statements(
        self,
        reader: &Reader,
        closed: &ClosedDay,
        currency: Currency,
    ) -> Result<Vec<Statement>, StoreError> {
        let mut statements = vec![
            self.chain.statement(reader, self.entries)?,
            self.numbers.statement(),
            closings(reader, closed, self.days)?,
        ];
        statements.extend(self.sums.statements(reader, closed, currency)?);
        statements.extend(self.secures.statements(reader, self.entries, currency)?);
        Ok(statements)
    }
}

/// Z reports without gaps: the entries say this number, and the day before is closed as well.
fn closings(
    reader: &Reader,
    closed: &ClosedDay,
    (opened, ended): (Option<DayNo>, Option<DayNo>),
) -> Result<Statement, StoreError> {
    let number = closed.day.number;
    let mut difference = None;
    for said in [opened, ended] {
        if said != Some(number) && difference.is_none() {
            let found = said.map_or_else(String::new, |said| said.to_string());
            difference = Some(Difference::new("day_number", found, number));
        }
    }
    if let Some(before) = number.0.checked_sub(1).filter(|before| *before > 0)
        && difference.is_none()
        && reader.closed_day(closed.till, DayNo(before))?.is_none()
    {
        difference = Some(Difference::new("day_before", "", before));
    }
    let figures = vec![Figure::number("day", u64::from(number.0))];
    Ok(Statement::of(StatementKind::Closings, figures, difference, None))
}
