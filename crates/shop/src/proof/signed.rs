//! What signing units said: each receipt and each movement of cash signed or its outage recorded, what was signed is what the receipt says, the
//! counter rises, and no transaction number is missing that nothing explains.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::Event;
use domain::signing::{Outcome, Signing, Subject, outcome_of};
use domain::{PersonId, UnitId};
use journal::EntryMeta;
use serde_json::Value;
use store::{Reader, Signed, StoreError};

use super::{Difference, Figure, FigureUnit, Statement, StatementKind};
use crate::sign::process_of;

/// What ended: the receipt, or the entry that ended a basket otherwise, moved cash or opened the drawer.
#[derive(Debug, Clone, Copy)]
enum Ended {
    Receipt(u64, bool),
    Entry(u64),
}

impl Ended {
    fn place(self, difference: Difference) -> Difference {
        match self {
            Ended::Receipt(number, training) => difference.at_receipt((number, training)),
            Ended::Entry(entry) => difference.at_entry(entry),
        }
    }
}

/// A signature: the entry that has it, the unit's place, its numbers, and what it signs.
struct One {
    entry: u64,
    serial: usize,
    counter: u64,
    transaction: u64,
    of: Ended,
}

/// What is heard of a unit's transactions: each number with the entry that named it first.
#[derive(Default)]
struct Heard {
    numbers: BTreeMap<u64, u64>,
    /// The numbers of this till alone.
    own: BTreeSet<u64>,
    /// Entries that say that it did not sign.
    outages: Vec<u64>,
}

/// So many entries are read at a time for a number that is missing in the day: another till's transaction may have begun
/// before it, or ended just after.
const AROUND: u64 = 2_000;
/// The most missing numbers that are looked for one by one.
const MOST_MISSING: u64 = 10_000;

/// All that is gathered of signing.
pub(super) struct Signatures {
    /// Whether receipts are signed, as the settings stand where the reading is.
    signs: bool,
    /// Counters that other tills' signatures have, by the unit's serial number.
    others: BTreeSet<(String, u64)>,
    serials: Vec<String>,
    all: Vec<One>,
    failed: u64,
    waiting: u64,
    without_unit: u64,
    difference: Option<Difference>,
    units: BTreeMap<UnitId, Heard>,
}

fn signs(settings: &domain::settings::Settings) -> bool {
    settings.signing.as_ref().is_some_and(|signing| !signing.units.is_empty())
}

impl Signatures {
    pub(super) fn new(reader: &Reader, first: u64) -> Result<Signatures, StoreError> {
        let settings = reader.settings_before(first)?;
        Ok(Signatures {
            signs: settings.as_ref().is_some_and(signs),
            others: BTreeSet::new(),
            serials: Vec::new(),
            all: Vec::new(),
            failed: 0,
            waiting: 0,
            without_unit: 0,
            difference: None,
            units: BTreeMap::new(),
        })
    }

    /// Hears every entry of the day, of other tills as well: tills share units.
    pub(super) fn hear(
        &mut self,
        (seq, own): (u64, bool),
        kind: &str,
        bytes: &str,
    ) -> Result<(), StoreError> {
        match kind {
            "shop_configured" => {
                if let Ok((_, Event::ShopConfigured(settings))) = journal::decode(bytes) {
                    self.signs = signs(&settings);
                }
            }
            "signing_outage" => {
                if let Ok((_, Event::SigningOutage(said))) = journal::decode(bytes) {
                    self.units.entry(said.unit).or_default().outages.push(seq);
                }
            }
            _ => {
                if let ("signing_finished", false, Ok((_, Event::SigningFinished(said)))) =
                    (kind, own, journal::decode(bytes))
                {
                    let signature = said.signature;
                    self.others.insert((signature.serial, signature.counter));
                }
                for (unit, number) in transactions(bytes) {
                    let heard = self.units.entry(unit).or_default();
                    heard.numbers.entry(number).or_insert(seq);
                    if own {
                        heard.own.insert(number);
                    }
                    if kind == "signing_failed" {
                        heard.outages.push(seq);
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes what ended at the till: a basket, or an entry that is business by itself.
    pub(super) fn take(
        &mut self,
        reader: &Reader,
        meta: &EntryMeta,
        event: &Event,
    ) -> Result<(), StoreError> {
        match event {
            Event::ReceiptIssued(receipt) => {
                let (number, training) = (receipt.number, receipt.training);
                let outcome = Outcome::Receipt { number, training };
                let of = Ended::Receipt(number.0, training);
                let subject = Subject::Basket(receipt.basket);
                self.ended(reader, (meta, subject), (outcome, event), of)
            }
            Event::BasketAborted { basket, .. } => {
                let outcome = Outcome::Aborted { training: false };
                let subject = Subject::Basket(*basket);
                self.ended(reader, (meta, subject), (outcome, event), Ended::Entry(meta.seq))
            }
            Event::BenefitGiven(given) => {
                let subject = Subject::Basket(given.basket);
                let of = Ended::Entry(meta.seq);
                self.ended(reader, (meta, subject), (Outcome::Benefit, event), of)
            }
            _ => {
                let Some(outcome) = outcome_of(event) else { return Ok(()) };
                let subject = Subject::Entry(meta.seq);
                self.ended(reader, (meta, subject), (outcome, event), Ended::Entry(meta.seq))
            }
        }
    }

    fn ended(
        &mut self,
        reader: &Reader,
        (meta, subject): (&EntryMeta, Subject),
        (outcome, event): (Outcome, &Event),
        of: Ended,
    ) -> Result<(), StoreError> {
        let mut differs = |field: &str, found: &str, expected: &str| {
            let found = of.place(Difference::new(field, found, expected));
            self.difference.get_or_insert(found);
        };
        match reader.signature_entry(subject)? {
            Some((entry, Signed::Yes(signed))) => {
                let (signature, unit) = *signed;
                let (opened, ended) = (meta.at, meta.at);
                let till = meta.till.unwrap_or(domain::TillId(0));
                let signing = Signing {
                    of: subject,
                    ended_by: meta.seq,
                    till,
                    person: PersonId(0),
                    opened,
                    ended,
                    outcome,
                    transaction: None,
                };
                if let Ok((kind, data)) = process_of(&signing, Some(event))
                    && (&kind, &data) != (&signature.process_type, &signature.process_data)
                {
                    differs("signed_data", &signature.process_data, &data);
                }
                let serial = self.serials.iter().position(|known| *known == unit.serial);
                let serial = serial.unwrap_or_else(|| {
                    self.serials.push(unit.serial);
                    self.serials.len().saturating_sub(1)
                });
                let (counter, transaction) = (signature.counter, signature.transaction.number);
                self.all.push(One { entry, serial, counter, transaction, of });
            }
            Some((_, Signed::No(failed))) => {
                self.failed = self.failed.saturating_add(1);
                if failed.why.is_empty() {
                    differs("outage_reason", "", "");
                }
            }
            None if reader.is_being_signed(subject)? => {
                self.waiting = self.waiting.saturating_add(1);
            }
            None if self.signs => differs("signature_missing", "", ""),
            None => self.without_unit = self.without_unit.saturating_add(1),
        }
        Ok(())
    }

    /// What can be said of signing.
    pub(super) fn statements(
        mut self,
        reader: &Reader,
        entries: (u64, u64),
    ) -> Result<[Statement; 3], StoreError> {
        // In the order in which they were signed, which is not always the order in which baskets ended.
        self.all.sort_by_key(|one| one.entry);
        let transactions = self.gaps(reader, entries)?;
        Ok([self.signatures(), self.counters(), transactions])
    }

    /// Why signing cannot be proved.
    fn why(&self) -> Option<&'static str> {
        let signed = !self.all.is_empty() || self.failed > 0;
        match (self.waiting > 0, self.without_unit > 0, signed) {
            (true, _, _) => Some("waiting"),
            (false, true, true) => Some("partly_no_unit"),
            (false, true, false) => Some("no_unit"),
            (false, false, _) => None,
        }
    }

    fn signatures(&self) -> Statement {
        let figures = vec![
            Figure::count("signed", u64::try_from(self.all.len()).unwrap_or(u64::MAX)),
            Figure::count("outages", self.failed),
            Figure::count("without_unit", self.without_unit),
        ];
        Statement::of(StatementKind::Signatures, figures, self.difference.clone(), self.why())
    }

    fn counters(&self) -> Statement {
        let mut last: BTreeMap<usize, u64> = BTreeMap::new();
        let mut first: BTreeMap<usize, u64> = BTreeMap::new();
        let mut difference = None;
        let others: BTreeSet<(&str, u64)> =
            self.others.iter().map(|(serial, counter)| (serial.as_str(), *counter)).collect();
        for one in &self.all {
            first.entry(one.serial).or_insert(one.counter);
            if let Some(before) = last.insert(one.serial, one.counter)
                && one.counter <= before
                && difference.is_none()
            {
                let found = Difference::new("counter", one.counter, format!("> {before}"));
                difference = Some(one.of.place(found));
            }
            let serial = self.serials.get(one.serial).map(String::as_str).unwrap_or_default();
            if difference.is_none() && others.contains(&(serial, one.counter)) {
                let found = Difference::new("counter_twice", one.counter, "");
                difference = Some(one.of.place(found));
            }
        }
        let mut figures = Vec::new();
        for (place, serial) in self.serials.iter().enumerate() {
            for (what, known) in [("counter_first", &first), ("counter_last", &last)] {
                let value = known.get(&place).copied().unwrap_or_default();
                let value = i64::try_from(value).unwrap_or(i64::MAX);
                let of = Some(serial.clone());
                figures.push(Figure::of(what, of, value, FigureUnit::Number));
            }
        }
        Statement::of(StatementKind::Counters, figures, difference, self.nothing_signed())
    }

    /// Why there is nothing to say of counters and transactions.
    fn nothing_signed(&self) -> Option<&'static str> {
        (self.all.is_empty() && self.without_unit > 0).then_some("no_unit")
    }

    /// Transaction numbers of the units between the first and the last of this till: no double, and none missing.
    fn gaps(&mut self, reader: &Reader, entries: (u64, u64)) -> Result<Statement, StoreError> {
        let mut difference = None;
        let mut met: BTreeSet<(usize, u64)> = BTreeSet::new();
        for one in &self.all {
            if !met.insert((one.serial, one.transaction)) && difference.is_none() {
                let found = Difference::new("transaction_twice", one.transaction, "");
                difference = Some(one.of.place(found));
            }
        }
        let (mut explained, mut count) = (0_u64, 0_u64);
        let mut around = Around::new(reader, entries);
        for (unit, heard) in &self.units {
            let own = u64::try_from(heard.own.len()).unwrap_or(u64::MAX);
            count = count.saturating_add(own);
            for gap in missing(heard) {
                let mut left = None;
                for number in gap.from..=gap.to.min(gap.from.saturating_add(MOST_MISSING)) {
                    if !around.names(*unit, number)? {
                        left = Some(number);
                        break;
                    }
                }
                let Some(number) = left else { continue };
                let lost = heard.outages.iter().any(|seq| (gap.after..=gap.before).contains(seq));
                if lost {
                    explained =
                        explained.saturating_add(gap.to.saturating_sub(gap.from).saturating_add(1));
                } else if difference.is_none() {
                    let found = Difference::new("transaction_gap", "", number);
                    difference = Some(found.at_entry(gap.before));
                }
            }
        }
        let figures =
            vec![Figure::count("transactions", count), Figure::count("explained", explained)];
        let why = self.nothing_signed();
        Ok(Statement::of(StatementKind::Transactions, figures, difference, why))
    }
}

/// Numbers that no entry of the day names.
struct Gap {
    from: u64,
    to: u64,
    /// The entries that name the numbers before and behind it, the earlier first.
    after: u64,
    before: u64,
}

fn missing(heard: &Heard) -> Vec<Gap> {
    let (Some(first), Some(last)) = (heard.own.first(), heard.own.last()) else {
        return Vec::new();
    };
    let mut gaps = Vec::new();
    let mut before: Option<(u64, u64)> = None;
    for (number, seq) in heard.numbers.range(first..=last) {
        if let Some((known, at)) = before
            && number.saturating_sub(known) > 1
        {
            let (from, to) = (known.saturating_add(1), number.saturating_sub(1));
            gaps.push(Gap { from, to, after: at.min(*seq), before: at.max(*seq) });
        }
        before = Some((*number, *seq));
    }
    gaps
}

/// Transactions that entries outside the day name: those shortly after it, and those before it as far back as it takes.
/// A basket that waited for weeks began in its transaction then, and all numbers since lie between it and today's.
struct Around<'a> {
    reader: &'a Reader,
    known: BTreeMap<UnitId, BTreeSet<u64>>,
    /// The highest number that each unit gave in the entries read last.
    begun: BTreeMap<UnitId, u64>,
    /// What is not read yet: entries shortly after the day, and those up to here before it.
    after: Option<(u64, u64)>,
    before: u64,
}

impl<'a> Around<'a> {
    fn new(reader: &'a Reader, (first, last): (u64, u64)) -> Around<'a> {
        let after = Some((last.saturating_add(1), last.saturating_add(AROUND)));
        let before = first.saturating_sub(1);
        Around { reader, known: BTreeMap::new(), begun: BTreeMap::new(), after, before }
    }

    /// Whether an entry outside the day names a transaction.
    fn names(&mut self, unit: UnitId, number: u64) -> Result<bool, StoreError> {
        loop {
            if self.known.get(&unit).is_some_and(|known| known.contains(&number)) {
                return Ok(true);
            }
            if let Some(span) = self.after.take() {
                self.read(span)?;
                self.begun.clear();
            } else if self.before == 0 || self.begun.get(&unit).is_some_and(|last| *last < number) {
                // A unit counts upwards: what it had not reached yet is named nowhere before.
                return Ok(false);
            } else {
                let from = self.before.saturating_sub(AROUND).saturating_add(1).max(1);
                self.begun.clear();
                self.read((from, self.before))?;
                self.before = from.saturating_sub(1);
            }
        }
    }

    fn read(&mut self, span: (u64, u64)) -> Result<(), StoreError> {
        let (known, begun) = (&mut self.known, &mut self.begun);
        self.reader.each_row(span, |_, _, bytes| -> Result<bool, StoreError> {
            let begins = super::walk::glance(bytes).1 == "signing_started";
            for (unit, number) in transactions(bytes) {
                known.entry(unit).or_default().insert(number);
                if begins {
                    let last = begun.entry(unit).or_default();
                    *last = number.max(*last);
                }
            }
            Ok(true)
        })
    }
}

/// Transactions that an entry names, wherever in it they stand: in kinds of later versions as well. (In a text the
/// quotes would be escaped.)
fn transactions(bytes: &str) -> Vec<(UnitId, u64)> {
    if super::walk::glance(bytes).1 == "signing_tidied" {
        let tidied = match journal::decode(bytes) {
            Ok((_, Event::SigningTidied(tidied))) => Some((tidied.unit, tidied.number)),
            _ => None,
        };
        return tidied.into_iter().collect();
    }
    if !bytes.contains("\"transaction\":{") {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Ok(entry) = serde_json::from_str::<Value>(bytes) {
        named(&entry, &mut found);
    }
    found
}

fn named(value: &Value, found: &mut Vec<(UnitId, u64)>) {
    let Some(object) = value.as_object() else { return };
    for (key, inner) in object {
        let unit =
            inner.get("unit").and_then(Value::as_u64).and_then(|unit| u16::try_from(unit).ok());
        match (key.as_str(), unit, inner.get("number").and_then(Value::as_u64)) {
            ("transaction", Some(unit), Some(number)) => found.push((UnitId(unit), number)),
            _ => named(inner, found),
        }
    }
}
