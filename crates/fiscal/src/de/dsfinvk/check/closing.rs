//! A closing: its master data, the numbers of the till, and its sums against those of its receipts.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::tax_keys;
use super::super::number;
use super::super::schema::{
    CERTIFICATE_PART, Table, businesscases, cash_per_currency, cashpointclosing, cashregister,
    location, pa, payment, slaves, tse, vat,
};
use super::super::time::Stamp;
use super::read::Record;
use super::report::Report;
use super::rules::Rule;
use super::stream::version;

/// The oldest version of the form that is not told.
const OLDEST: (u32, u32) = (2, 3);

/// The rows of a closing.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) head: Record,
    pub(super) locations: Vec<Record>,
    pub(super) registers: Vec<Record>,
    pub(super) terminals: Vec<Record>,
    pub(super) agencies: Vec<Record>,
    pub(super) units: Vec<Record>,
    pub(super) rates: Vec<Record>,
    pub(super) cases: Vec<Record>,
    pub(super) payments: Vec<Record>,
    pub(super) cash: Vec<Record>,
}

/// What is known of a signing unit.
#[derive(Debug, Clone, Default)]
pub(super) struct Unit {
    pub(super) serial: String,
    pub(super) algorithm: String,
    pub(super) time_format: String,
    pub(super) encoding: String,
    pub(super) public_key: String,
    pub(super) certificate: String,
}

/// What receipts are held against.
#[derive(Debug, Default)]
pub(super) struct Masters {
    /// Hundredths of a percent by tax key.
    pub(super) rates: BTreeMap<i64, i64>,
    pub(super) units: BTreeMap<String, Unit>,
    pub(super) agencies: BTreeSet<String>,
    /// Serial numbers by terminal.
    pub(super) terminals: BTreeMap<String, String>,
    pub(super) register: String,
    pub(super) currency: String,
    pub(super) till: String,
    pub(super) created: Option<Stamp>,
    /// When the closing before it was made, if that is in the package.
    pub(super) before: Option<Stamp>,
}

/// What the receipts come to, by what the sums are told apart by.
#[derive(Debug, Default)]
pub(super) struct Sums {
    /// Gross, net, tax by case, name, agency and tax key.
    pub(super) cases: BTreeMap<[String; 4], [i64; 3]>,
    /// By kind and name.
    pub(super) payments: BTreeMap<[String; 2], i64>,
    pub(super) cash: BTreeMap<String, i64>,
    pub(super) paid: i64,
    pub(super) paid_in_cash: i64,
}

/// What is known of a till from its closings before.
#[derive(Debug, Default)]
pub(super) struct Till {
    pub(super) number: Option<i64>,
    pub(super) created: Option<Stamp>,
    pub(super) receipt: Option<i64>,
    /// The last counter and time by serial number of the unit.
    pub(super) units: BTreeMap<String, (i64, Option<Stamp>)>,
}

/// A number of a row in hundred-thousandths; nothing where there is none, which was told before.
pub(super) fn amount(record: &Record, place: usize, decimals: u8) -> i64 {
    let value = number::read(record.get(place), decimals).unwrap_or_default();
    number::rescaled(value, decimals, 5).unwrap_or_default()
}

/// A whole number of a row.
pub(super) fn count(record: &Record, place: usize) -> Option<i64> {
    number::read(record.get(place), 0)
}

/// Hundred-thousandths as people read them.
pub(super) fn shown(value: i64) -> String {
    let mut out = Vec::new();
    match number::rescaled(value, 5, 2) {
        Some(cents) => number::write(&mut out, cents, 2),
        None => number::write(&mut out, value, 5),
    }
    String::from_utf8(out).unwrap_or_default()
}

/// Reads the master data and tells what is wrong with them and with the closing's number and time.
pub(super) fn masters(rows: &Rows, till: &mut Till, report: &mut Report<'_>) -> Masters {
    let head = (&cashpointclosing::TABLE, &rows.head);
    let created = Stamp::read(rows.head.get(cashpointclosing::Z_ERSTELLUNG));
    let number = count(&rows.head, cashpointclosing::Z_NR);
    if let (Some(before), Some(number)) = (till.number, number)
        && number != before.saturating_add(1)
    {
        let expected = before.saturating_add(1).to_string();
        report.value(Rule::ClosingGap, head, cashpointclosing::Z_NR, &expected);
    }
    if let (Some(before), Some(created)) = (till.created, created)
        && created.milliseconds() <= before.milliseconds()
    {
        report.value(Rule::ClosingTime, head, cashpointclosing::Z_ERSTELLUNG, "");
    }
    let written = version(rows.head.get(cashpointclosing::TAXONOMIE_VERSION));
    if written.is_some_and(|version| version < OLDEST) {
        report.value(Rule::Version, head, cashpointclosing::TAXONOMIE_VERSION, "2.4");
    }
    let mut masters = Masters {
        till: rows.head.get(cashpointclosing::Z_KASSE_ID).to_owned(),
        created,
        before: till.created,
        ..Masters::default()
    };
    (till.number, till.created) = (number.or(till.number), created.or(till.created));
    one(&location::TABLE, &rows.locations, head, report);
    one(&cashregister::TABLE, &rows.registers, head, report);
    if let Some(register) = rows.registers.first() {
        masters.register = register.get(cashregister::KASSE_SERIENNR).to_owned();
        masters.currency = register.get(cashregister::KASSE_BASISWAEH_CODE).to_owned();
    }
    for record in unique(&slaves::TABLE, &rows.terminals, slaves::TERMINAL_ID, report) {
        let serial = record.get(slaves::TERMINAL_SERIENNR).to_owned();
        masters.terminals.insert(record.get(slaves::TERMINAL_ID).to_owned(), serial);
    }
    for record in unique(&pa::TABLE, &rows.agencies, pa::AGENTUR_ID, report) {
        masters.agencies.insert(record.get(pa::AGENTUR_ID).to_owned());
    }
    for record in unique(&tse::TABLE, &rows.units, tse::TSE_ID, report) {
        masters.units.insert(record.get(tse::TSE_ID).to_owned(), unit(record, report));
    }
    for record in unique(&vat::TABLE, &rows.rates, vat::UST_SCHLUESSEL, report) {
        rate(record, created, &mut masters, report);
    }
    masters
}

/// Exactly one row there must be.
fn one(table: &Table, rows: &[Record], head: (&Table, &Record), report: &mut Report<'_>) {
    match rows {
        [] => report.row(Rule::MasterData, head, table.file, "0", "1"),
        [_] => {}
        [_, more @ ..] => {
            for record in more {
                report.row(Rule::MasterData, (table, record), "", "", "1");
            }
        }
    }
}

/// Rows with different ids; those that come a second time are told.
fn unique<'r>(
    table: &Table,
    rows: &'r [Record],
    id: usize,
    report: &mut Report<'_>,
) -> Vec<&'r Record> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for record in rows {
        if seen.insert(record.get(id)) {
            all.push(record);
        } else {
            report.value(Rule::Duplicate, (table, record), id, "");
        }
    }
    all
}

fn unit(record: &Record, report: &mut Report<'_>) -> Unit {
    let place = (&tse::TABLE, record);
    let mut certificate = String::new();
    let mut ended = false;
    for part in tse::TSE_ZERTIFIKAT_I..record.width() {
        let text = record.get(part);
        // Every piece but the last is full.
        if ended && !text.is_empty() {
            report.value(Rule::Certificate, place, part, "");
        }
        ended |= text.len() < CERTIFICATE_PART;
        certificate.push_str(text);
    }
    if !certificate.len().is_multiple_of(4) {
        report.value(Rule::Certificate, place, tse::TSE_ZERTIFIKAT_I, "");
    }
    let text = |place: usize| record.get(place).to_owned();
    Unit {
        serial: text(tse::TSE_SERIAL),
        algorithm: text(tse::TSE_SIG_ALGO),
        time_format: text(tse::TSE_ZEITFORMAT),
        encoding: text(tse::TSE_PD_ENCODING),
        public_key: text(tse::TSE_PUBLIC_KEY),
        certificate,
    }
}

fn rate(record: &Record, at: Option<Stamp>, masters: &mut Masters, report: &mut Report<'_>) {
    let place = (&vat::TABLE, record);
    let Some(key) = count(record, vat::UST_SCHLUESSEL) else { return };
    let Some(rate) = number::read(record.get(vat::UST_SATZ), 2) else { return };
    masters.rates.insert(key, rate);
    if let Some(lawful) = lawful_rate(key, at)
        && lawful != rate
    {
        let mut expected = Vec::new();
        number::write(&mut expected, lawful, 2);
        let expected = String::from_utf8(expected).unwrap_or_default();
        report.value(Rule::VatRate, place, vat::UST_SATZ, &expected);
    }
    // Own keys (from 1000 on) exist at any rate.
    if u32::try_from(key).map_or(true, |key| tax_keys::slot(key, 0).is_none()) {
        report.value(Rule::VatKey, place, vat::UST_SCHLUESSEL, "1–7, 11–999, ≥ 1000");
    }
}

/// The rate of a key of the form at a time, in hundredths of a percent (Anlage 2 of 2024-12-05, § 24 UStG). Historic and
/// own keys have whatever rate they are given.
fn lawful_rate(key: i64, at: Option<Stamp>) -> Option<i64> {
    match key {
        1 => Some(1_900),
        2 => Some(700),
        3 => match at?.day().year() {
            ..=2021 => Some(1_070),
            2022 => Some(950),
            2023 => Some(900),
            2024 => Some(840),
            _ => Some(780),
        },
        4 => Some(550),
        5..=7 => Some(0),
        _ => None,
    }
}

/// Holds the closing's sums against those of its receipts, and its first and last receipt against them.
pub(super) fn sums(rows: &Rows, sums: Sums, receipts: &[Record], report: &mut Report<'_>) {
    let head = (&cashpointclosing::TABLE, &rows.head);
    ends(rows, receipts, report);
    let paid = [
        (Rule::ClosingPaid, cashpointclosing::Z_SE_ZAHLUNGEN, sums.paid),
        (Rule::ClosingCash, cashpointclosing::Z_SE_BARZAHLUNGEN, sums.paid_in_cash),
    ];
    for (rule, place, expected) in paid {
        if amount(&rows.head, place, 2) != expected {
            report.value(rule, head, place, &shown(expected));
        }
    }
    cases(rows, sums.cases, head, report);
    let mut payments = sums.payments;
    for record in &rows.payments {
        let text = |place: usize| record.get(place).to_owned();
        let expected = payments.remove(&[text(payment::ZAHLART_TYP), text(payment::ZAHLART_NAME)]);
        let place = payment::Z_ZAHLART_BETRAG;
        held(Rule::PaymentSum, (&payment::TABLE, record), (place, 2), expected, report);
    }
    for (key, sum) in payments.into_iter().filter(|(_, sum)| *sum != 0) {
        report.row(Rule::PaymentSum, head, &key.join(" "), "", &shown(sum));
    }
    let mut cash = sums.cash;
    for record in &rows.cash {
        let expected = cash.remove(record.get(cash_per_currency::ZAHLART_WAEH));
        let place = cash_per_currency::ZAHLART_BETRAG_WAEH;
        held(Rule::CashSum, (&cash_per_currency::TABLE, record), (place, 2), expected, report);
    }
    for (currency, sum) in cash.into_iter().filter(|(_, sum)| *sum != 0) {
        report.row(Rule::CashSum, head, &currency, "", &shown(sum));
    }
}

fn ends(rows: &Rows, receipts: &[Record], report: &mut Report<'_>) {
    let id = |record: Option<&Record>| {
        record
            .map_or("", |record| record.get(super::super::schema::transactions::BON_ID))
            .to_owned()
    };
    let head = (&cashpointclosing::TABLE, &rows.head);
    let (first, last) = (id(receipts.first()), id(receipts.last()));
    let ends = [(cashpointclosing::Z_START_ID, first), (cashpointclosing::Z_ENDE_ID, last)];
    for (place, expected) in ends {
        if rows.head.get(place) != expected {
            report.value(Rule::ClosingEnds, head, place, &expected);
        }
    }
}

fn cases(
    rows: &Rows,
    mut sums: BTreeMap<[String; 4], [i64; 3]>,
    head: (&Table, &Record),
    report: &mut Report<'_>,
) {
    for record in &rows.cases {
        let text = |place: usize| record.get(place).to_owned();
        let key = [
            text(businesscases::GV_TYP),
            text(businesscases::GV_NAME),
            text(businesscases::AGENTUR_ID),
            text(businesscases::UST_SCHLUESSEL),
        ];
        let [gross, net, tax] = match sums.remove(&key) {
            Some(sum) => sum.map(Some),
            None => [None; 3],
        };
        let parts = [
            (businesscases::Z_UMS_BRUTTO, gross),
            (businesscases::Z_UMS_NETTO, net),
            (businesscases::Z_UST, tax),
        ];
        for (place, expected) in parts {
            let place = (place, 5);
            held(Rule::CaseSum, (&businesscases::TABLE, record), place, expected, report);
        }
    }
    for (key, [gross, net, tax]) in sums {
        if (gross, net, tax) != (0, 0, 0) {
            let key = key.join(" ");
            report.row(Rule::CaseSum, head, key.trim(), "", &shown(gross));
        }
    }
}

/// Holds a sum against the one expected; where nothing is expected it must be nothing.
fn held(
    rule: Rule,
    row: (&Table, &Record),
    (place, decimals): (usize, u8),
    expected: Option<i64>,
    report: &mut Report<'_>,
) {
    let expected = expected.unwrap_or_default();
    if amount(row.1, place, decimals) != expected {
        report.value(rule, row, place, &shown(expected));
    }
}
