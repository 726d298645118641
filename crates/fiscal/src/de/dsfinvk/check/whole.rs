//! What only the whole package tells: ids and counters that are there twice, and where references lead.
//! It keeps a few bytes for each receipt and nothing else; what looks double is read once more to be certain.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use super::super::schema::{Table, references, transactions, transactions_tse, tse};
use super::super::time::{Day, Stamp};
use super::Package;
use super::closing::count;
use super::read::{Reader, Record};
use super::report::Report;
use super::rules::{Finding, Rule};
use super::signed::Met;
use super::stream::{At, Closings, Key, Stream};

/// A receipt that a reference leads to: till, closing number, id.
type Target = (String, String, String);

/// The receipts that are referred to, and when the closing of each was made, once it was met.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    targets: BTreeMap<Target, Option<String>>,
}

/// What is known of a till over the whole package.
#[derive(Debug, Clone, Default)]
pub(super) struct Extent {
    /// The first closing's number and time.
    pub(super) first: Option<i64>,
    pub(super) opened: Option<Stamp>,
}

/// Every data row of a file.
pub(super) fn each_row<P: Package>(
    package: &mut P,
    table: &Table,
    mut row: impl FnMut(Record),
) -> io::Result<()> {
    if !package.files()?.iter().any(|file| file == table.file) {
        return Ok(());
    }
    let mut reader = Reader::new(package.open(table.file)?);
    reader.next_record()?;
    while let Some(record) = reader.next_record()? {
        if record.width() == table.columns.len() {
            row(record);
        }
    }
    Ok(())
}

impl Wanted {
    /// Reads which receipts are referred to.
    pub(super) fn read<P: Package>(package: &mut P) -> io::Result<Wanted> {
        let mut wanted = Wanted::default();
        each_row(package, &references::TABLE, |record| {
            if record.get(references::REF_TYP) == "Transaktion" {
                wanted.targets.insert(target(&record), None);
            }
        })?;
        Ok(wanted)
    }

    /// Notes a receipt that was met.
    pub(super) fn meet(&mut self, record: &Record) {
        if self.targets.is_empty() {
            return;
        }
        let text = |place: usize| record.get(place).to_owned();
        let key =
            (text(transactions::Z_KASSE_ID), text(transactions::Z_NR), text(transactions::BON_ID));
        if let Some(created) = self.targets.get_mut(&key) {
            *created = Some(text(transactions::Z_ERSTELLUNG));
        }
    }

    /// Tells the references that lead nowhere. Those to before the package are lawful: their closing's number, and
    /// its time, are before the till's first in here.
    pub(super) fn check<P: Package>(
        &self,
        package: &mut P,
        extents: &BTreeMap<String, Extent>,
        report: &mut Report<'_>,
    ) -> io::Result<()> {
        each_row(package, &references::TABLE, |record| {
            if record.get(references::REF_TYP) != "Transaktion" {
                return;
            }
            let place = (&references::TABLE, &record);
            let date = record.get(references::REF_DATUM);
            let target = target(&record);
            match self.targets.get(&target) {
                Some(Some(created)) => {
                    let day = Day::read(date);
                    let same = match (Stamp::read(date), Stamp::read(created)) {
                        (Some(date), Some(created)) => date == created,
                        (None, Some(created)) => day.is_none_or(|day| day == created.day()),
                        _ => true,
                    };
                    if !same {
                        report.value(Rule::ReferenceDate, place, references::REF_DATUM, created);
                    }
                }
                _ => outside(place, extents.get(&target.0), report),
            }
        })
    }
}

fn outside(place: (&Table, &Record), extent: Option<&Extent>, report: &mut Report<'_>) {
    let record = place.1;
    let Some(extent) = extent else {
        return report.value(Rule::ReferenceOutside, place, references::REF_Z_KASSE_ID, "");
    };
    let number = count(record, references::REF_Z_NR);
    let before = match (number, extent.first) {
        (Some(number), Some(first)) => number < first,
        _ => false,
    };
    if !before {
        return report.value(Rule::ReferenceTarget, place, references::REF_BON_ID, "");
    }
    let at = Stamp::read(record.get(references::REF_DATUM));
    if let (Some(at), Some(opened)) = (at, extent.opened)
        && at.milliseconds() >= opened.milliseconds()
    {
        report.value(Rule::ReferenceDate, place, references::REF_DATUM, "");
    }
}

fn target(record: &Record) -> Target {
    let text = |place: usize| record.get(place).to_owned();
    (text(references::REF_Z_KASSE_ID), text(references::REF_Z_NR), text(references::REF_BON_ID))
}

/// FNV-1a over a till and a receipt's id. Two of the same may be different: they are read again.
pub(super) fn digest(record: &Record) -> u64 {
    let till = record.get(transactions::Z_KASSE_ID).bytes();
    let id = record.get(transactions::BON_ID).bytes();
    till.chain([0]).chain(id).fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Those that are there more than once.
fn twice(mut all: Vec<u64>) -> BTreeSet<u64> {
    all.sort_unstable();
    let pairs = all.iter().zip(all.iter().skip(1));
    pairs.filter(|(one, next)| one == next).map(|(one, _)| *one).collect()
}

/// Tells receipts that are in more than one closing.
pub(super) fn receipts_twice<P: Package>(
    package: &mut P,
    digests: Vec<u64>,
    report: &mut Report<'_>,
) -> io::Result<()> {
    let suspects = twice(digests);
    if suspects.is_empty() {
        return Ok(());
    }
    let mut seen: BTreeMap<(String, String), Key> = BTreeMap::new();
    each_row(package, &transactions::TABLE, |record| {
        if !suspects.contains(&digest(&record)) {
            return;
        }
        let till = record.get(transactions::Z_KASSE_ID).to_owned();
        let id = record.get(transactions::BON_ID).to_owned();
        let key = Key::of(&record);
        match seen.get(&(till.clone(), id.clone())) {
            Some(first) if *first != key => {
                let place = (&transactions::TABLE, &record);
                report.value(Rule::ReceiptTwice, place, transactions::BON_ID, "");
            }
            Some(_) => {}
            None => {
                seen.insert((till, id), key);
            }
        }
    })
}

/// Tells counters and transaction numbers that a unit gave twice.
pub(super) fn signatures_twice<P: Package>(
    package: &mut P,
    closings: &Closings,
    mut met: Met,
    report: &mut Report<'_>,
) -> io::Result<()> {
    let counters = twice(std::mem::take(&mut met.counters));
    let transactions = twice(std::mem::take(&mut met.transactions));
    if counters.is_empty() && transactions.is_empty() {
        return Ok(());
    }
    // What these files' rows are like was told before.
    let mut nowhere = |_: Finding| {};
    let mut silent = Report::new(0, &mut nowhere);
    let mut units = open(package, &tse::TABLE, &mut silent)?;
    let mut signed = open(package, &transactions_tse::TABLE, &mut silent)?;
    let (mut counters_seen, mut transactions_seen) = (BTreeSet::new(), BTreeSet::new());
    for (closing, key) in closings.in_order().iter().enumerate() {
        let at = At { closings, closing, key, receipts: None, receipt: "" };
        let mut serials: BTreeMap<String, String> = BTreeMap::new();
        for unit in units.take(at, &mut silent)? {
            let serial = unit.get(tse::TSE_SERIAL).to_owned();
            serials.entry(unit.get(tse::TSE_ID).to_owned()).or_insert(serial);
        }
        for record in signed.take(at, &mut silent)? {
            let Some(serial) = serials.get(record.get(transactions_tse::TSE_ID)) else { continue };
            if record.get(transactions_tse::TSE_TA_SIG).is_empty() {
                continue;
            }
            for (rule, place, suspects, seen) in [
                (
                    Rule::TseCounterTwice,
                    transactions_tse::TSE_TA_SIGZ,
                    &counters,
                    &mut counters_seen,
                ),
                (
                    Rule::TseNumberTwice,
                    transactions_tse::TSE_TANR,
                    &transactions,
                    &mut transactions_seen,
                ),
            ] {
                let Some(number) = count(&record, place) else { continue };
                let packed = met.packed(serial, number);
                if suspects.contains(&packed) && !seen.insert((serial.clone(), number)) {
                    report.value(rule, (&transactions_tse::TABLE, &record), place, "");
                }
            }
        }
    }
    Ok(())
}

/// A file of the package; one that is not there has no rows.
pub(super) fn open<P: Package>(
    package: &mut P,
    table: &'static Table,
    report: &mut Report<'_>,
) -> io::Result<Stream<P::File>> {
    let there = package.files()?.iter().any(|file| file == table.file);
    let source = if there { Some(package.open(table.file)?) } else { None };
    Stream::open(table, source, report)
}

/// What is left of a file behind the last closing.
pub(super) fn rest<R: Read>(
    stream: &mut Stream<R>,
    closings: &Closings,
    report: &mut Report<'_>,
) -> io::Result<()> {
    let key = Key::default();
    let at = At { closings, closing: usize::MAX, key: &key, receipts: None, receipt: "" };
    stream.take(at, report).map(|_| ())
}
