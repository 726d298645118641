//! Where findings go: to the caller one by one, counted, and of each rule and file only so many.

use std::collections::BTreeMap;

use super::super::schema::{Table, transactions};
use super::read::Record;
use super::rules::{Finding, Rule, Severity};

/// What was read and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows per file, without the first.
    pub rows: BTreeMap<&'static str, u64>,
    /// Closings.
    pub closings: u64,
    /// Receipts and other records.
    pub receipts: u64,
    /// Signatures that the caller's verifier said yes to.
    pub verified: u64,
    /// Signatures that nobody could look at: no verifier was given, or the signed data are not in the package.
    pub unverified: u64,
    /// index.xml says that units signed that are not certified.
    pub not_certified: bool,
    /// Findings by rule, those that were not told as well.
    pub findings: BTreeMap<Rule, u64>,
}

impl Summary {
    /// Findings of this severity.
    pub fn count(&self, severity: Severity) -> u64 {
        let all = self.findings.iter().filter(|(rule, _)| rule.severity() == severity);
        all.map(|(_, count)| *count).sum()
    }
}

pub(super) struct Report<'a> {
    sink: &'a mut dyn FnMut(Finding),
    most: u64,
    told: BTreeMap<(Rule, String), u64>,
    pub(super) summary: Summary,
}

impl<'a> Report<'a> {
    pub(super) fn new(most: u64, sink: &'a mut dyn FnMut(Finding)) -> Report<'a> {
        Report { sink, most, told: BTreeMap::new(), summary: Summary::default() }
    }

    fn tell(&mut self, finding: Finding) {
        let count = self.summary.findings.entry(finding.rule).or_default();
        *count = count.saturating_add(1);
        let told = self.told.entry((finding.rule, finding.file.clone())).or_default();
        *told = told.saturating_add(1);
        if *told <= self.most {
            (self.sink)(finding);
        }
    }

    /// A finding about a file as a whole.
    pub(super) fn file(
        &mut self,
        rule: Rule,
        file: &str,
        field: &str,
        found: &str,
        expected: &str,
    ) {
        let empty = || String::new();
        self.tell(Finding {
            rule,
            file: file.to_owned(),
            row: 0,
            till: empty(),
            closing: empty(),
            receipt: empty(),
            field: field.to_owned(),
            found: found.to_owned(),
            expected: expected.to_owned(),
        });
    }

    /// A finding about a row.
    pub(super) fn row(
        &mut self,
        rule: Rule,
        (table, record): (&Table, &Record),
        field: &str,
        found: &str,
        expected: &str,
    ) {
        let receipt = if table.is_of_receipts() { record.get(transactions::BON_ID) } else { "" };
        self.tell(Finding {
            rule,
            file: table.file.to_owned(),
            row: record.number,
            till: record.get(transactions::Z_KASSE_ID).to_owned(),
            closing: record.get(transactions::Z_NR).to_owned(),
            receipt: receipt.to_owned(),
            field: field.to_owned(),
            found: found.to_owned(),
            expected: expected.to_owned(),
        });
    }

    /// A finding about a value of a row.
    pub(super) fn value(
        &mut self,
        rule: Rule,
        (table, record): (&Table, &Record),
        place: usize,
        expected: &str,
    ) {
        let field = table.columns.get(place).map_or("", |column| column.name);
        self.row(rule, (table, record), field, record.get(place), expected);
    }
}
