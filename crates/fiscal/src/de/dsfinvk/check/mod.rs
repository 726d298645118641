//! The checker: reads a package's files again, believes nothing, and says what does not hold, where, by which rule.
//!
//! Files are read side by side, closing by closing and receipt by receipt: in memory are one closing's receipts, the
//! names of all closings, and 24 bytes for each receipt. For that rows must stand in the order of transactions.csv,
//! as the exporter writes them; those that do not are told ([`Rule::Order`]).

mod closing;
mod index;
mod process;
mod read;
mod receipt;
mod report;
mod rules;
mod signed;
mod stream;
mod whole;
mod words;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, Read};

pub use read::{Flaw, Reader, Record};
pub use report::Summary;
pub use rules::{Finding, Rule, Severity};
pub use signed::{Signed, Verify};
pub use words::Language;

use super::index::{DTD_FILE, INDEX_FILE};
use super::schema::{
    self, TABLES, Table, allocation_groups, cashpointclosing, itemamounts, pa, references, slaves,
    subitems, transactions,
};
use closing::{Masters, Sums, Till};
use report::Report;
use signed::Met;
use stream::{At, Closings, Key, Stream};
use whole::{Extent, Wanted};

/// Where a package's files are: a folder, an archive. Several files are read at once, some more than once.
pub trait Package {
    /// An opened file.
    type File: Read;

    /// The names of all files, without folders.
    fn files(&mut self) -> io::Result<Vec<String>>;

    /// Opens a file at its start.
    fn open(&mut self, file: &str) -> io::Result<Self::File>;
}

/// How to check.
#[derive(Default)]
pub struct Options<'a> {
    /// Looks at signatures; without it they are counted as unverified.
    pub verify: Option<&'a Verify<'a>>,
    /// So many findings of a rule in a file are told, further ones only counted; 0 for 100.
    pub most: u64,
}

/// Files without which a package says nothing; the other ones may be left out when they have no rows.
fn is_optional(table: &Table) -> bool {
    let optional = [
        &slaves::TABLE,
        &pa::TABLE,
        &allocation_groups::TABLE,
        &itemamounts::TABLE,
        &subitems::TABLE,
        &references::TABLE,
    ];
    optional.iter().any(|one| one.number == table.number)
}

/// Checks a package; findings come as they are found. Errs only when the package cannot be read.
pub fn check<P: Package>(
    package: &mut P,
    options: &Options<'_>,
    on_finding: &mut dyn FnMut(Finding),
) -> io::Result<Summary> {
    let most = if options.most == 0 { 100 } else { options.most };
    let mut report = Report::new(most, on_finding);
    files(package, &mut report)?;
    let closings = closings(package)?;
    let wanted = Wanted::read(package)?;
    let streams = Streams::open(package, &mut report)?;
    let mut run = Run {
        closings: &closings,
        streams,
        wanted,
        tills: BTreeMap::new(),
        extents: BTreeMap::new(),
        met: Met::new(),
        digests: Vec::new(),
        verify: options.verify,
    };
    for (place, key) in closings.in_order().iter().enumerate() {
        run.closing(place, key, &mut report)?;
    }
    for stream in &mut run.streams.all {
        whole::rest(stream, &closings, &mut report)?;
    }
    run.wanted.check(package, &run.extents, &mut report)?;
    whole::receipts_twice(package, run.digests, &mut report)?;
    whole::signatures_twice(package, &closings, run.met, &mut report)?;
    Ok(report.summary)
}

/// Which files are there, and what index.xml says of them.
fn files<P: Package>(package: &mut P, report: &mut Report<'_>) -> io::Result<()> {
    let files = package.files()?;
    let there = |name: &str| files.iter().any(|file| file == name);
    for table in TABLES.iter().filter(|table| !is_optional(table) && !there(table.file)) {
        report.file(Rule::FileMissing, table.file, "", "", "");
    }
    for needed in [INDEX_FILE, DTD_FILE] {
        if !there(needed) {
            report.file(Rule::FileMissing, needed, "", "", "");
        }
    }
    for file in &files {
        if Table::of_file(file).is_none() && file != INDEX_FILE && file != DTD_FILE {
            report.file(Rule::FileUnknown, file, "", "", "");
        }
    }
    if there(INDEX_FILE) {
        index::index(package.open(INDEX_FILE)?, &files, report)?;
    }
    Ok(())
}

/// The closings in the order of their file. The same one twice is told when its rows are read.
fn closings<P: Package>(package: &mut P) -> io::Result<Closings> {
    let mut closings = Closings::default();
    whole::each_row(package, &cashpointclosing::TABLE, |record| {
        closings.add(Key::of(&record));
    })?;
    Ok(closings)
}

/// All files, by the numbers of their tables.
struct Streams<R> {
    all: Vec<Stream<R>>,
}

impl<R: Read> Streams<R> {
    fn open<P: Package<File = R>>(package: &mut P, report: &mut Report<'_>) -> io::Result<Self> {
        let mut all = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            all.push(whole::open(package, table, report)?);
        }
        Ok(Streams { all })
    }

    fn take(
        &mut self,
        table: &Table,
        at: At<'_>,
        report: &mut Report<'_>,
    ) -> io::Result<Vec<Record>> {
        match self.all.get_mut(table.number) {
            Some(stream) => stream.take(at, report),
            None => Ok(Vec::new()),
        }
    }
}

/// A check that is under way.
struct Run<'a, R> {
    closings: &'a Closings,
    streams: Streams<R>,
    wanted: Wanted,
    tills: BTreeMap<String, Till>,
    extents: BTreeMap<String, Extent>,
    met: Met,
    digests: Vec<u64>,
    verify: Option<&'a Verify<'a>>,
}

impl<R: Read> Run<'_, R> {
    fn closing(&mut self, place: usize, key: &Key, report: &mut Report<'_>) -> io::Result<()> {
        let closings = self.closings;
        let at = At { closings, closing: place, key, receipts: None, receipt: "" };
        let mut heads = self.streams.take(&cashpointclosing::TABLE, at, report)?;
        for double in heads.iter().skip(1) {
            report.value(
                Rule::Duplicate,
                (&cashpointclosing::TABLE, double),
                cashpointclosing::Z_NR,
                "",
            );
        }
        if heads.is_empty() {
            return Ok(());
        }
        let head = heads.swap_remove(0);
        let streams = &mut self.streams;
        let rows = closing::Rows {
            head,
            locations: streams.take(&schema::location::TABLE, at, report)?,
            registers: streams.take(&schema::cashregister::TABLE, at, report)?,
            terminals: streams.take(&slaves::TABLE, at, report)?,
            agencies: streams.take(&pa::TABLE, at, report)?,
            units: streams.take(&schema::tse::TABLE, at, report)?,
            rates: streams.take(&schema::vat::TABLE, at, report)?,
            cases: streams.take(&schema::businesscases::TABLE, at, report)?,
            payments: streams.take(&schema::payment::TABLE, at, report)?,
            cash: streams.take(&schema::cash_per_currency::TABLE, at, report)?,
        };
        report.summary.closings = report.summary.closings.saturating_add(1);
        let mut till = self.tills.remove(&key.till).unwrap_or_default();
        let masters = closing::masters(&rows, &mut till, report);
        let extent = self.extents.entry(key.till.clone()).or_default();
        if extent.opened.is_none() {
            extent.first = till.number;
            extent.opened = till.created;
        }
        let (receipts, sums) = self.receipts(at, &masters, &mut till, report)?;
        closing::sums(&rows, sums, &receipts, report);
        self.tills.insert(key.till.clone(), till);
        Ok(())
    }

    /// Checks the closing's receipts one by one; says what they come to.
    fn receipts(
        &mut self,
        at: At<'_>,
        masters: &Masters,
        till: &mut Till,
        report: &mut Report<'_>,
    ) -> io::Result<(Vec<Record>, Sums)> {
        let heads = self.streams.take(&transactions::TABLE, at, report)?;
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (place, head) in heads.iter().enumerate() {
            let id = head.get(transactions::BON_ID).to_owned();
            match places.entry(id) {
                Entry::Vacant(entry) => {
                    entry.insert(place);
                }
                Entry::Occupied(_) => {
                    let row = (&transactions::TABLE, head);
                    report.value(Rule::Duplicate, row, transactions::BON_ID, "");
                }
            }
            self.digests.push(whole::digest(head));
            self.wanted.meet(head);
        }
        let mut sums = Sums::default();
        for (place, head) in heads.iter().enumerate() {
            let receipt = head.get(transactions::BON_ID);
            let at = At { receipts: Some((&places, place)), receipt, ..at };
            let rows = self.rows(head, at, report)?;
            report.summary.receipts = report.summary.receipts.saturating_add(1);
            receipt::receipt(&rows, masters, till, &mut sums, report);
            signed::signatures(&rows, masters, till, &mut self.met, self.verify, report);
        }
        // Rows of receipts that the closing does not have.
        let at = At { receipts: Some((&places, usize::MAX)), receipt: "", ..at };
        for table in TABLES.iter().filter(|table| table.is_of_receipts()) {
            if table.number != transactions::TABLE.number {
                self.streams.take(table, at, report)?;
            }
        }
        Ok((heads, sums))
    }

    fn rows(
        &mut self,
        head: &Record,
        at: At<'_>,
        report: &mut Report<'_>,
    ) -> io::Result<receipt::Rows> {
        let streams = &mut self.streams;
        Ok(receipt::Rows {
            head: head.clone(),
            vat: streams.take(&schema::transactions_vat::TABLE, at, report)?,
            groups: streams.take(&allocation_groups::TABLE, at, report)?,
            payments: streams.take(&schema::datapayment::TABLE, at, report)?,
            lines: streams.take(&schema::lines::TABLE, at, report)?,
            lines_vat: streams.take(&schema::lines_vat::TABLE, at, report)?,
            amounts: streams.take(&itemamounts::TABLE, at, report)?,
            parts: streams.take(&subitems::TABLE, at, report)?,
            references: streams.take(&references::TABLE, at, report)?,
            signed: streams.take(&schema::transactions_tse::TABLE, at, report)?,
        })
    }
}
