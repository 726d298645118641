//! A receipt's signature: complete or with a reason, counters that rise, times that fit, and signed data that say what
//! the receipt says. Whether the signature is the unit's own, the caller's verifier tells.

use std::collections::BTreeMap;

use super::super::super::tax_keys;
use super::super::super::tse::TaxSlot;
use super::super::number;
use super::super::schema::values::{ProcessType, ReceiptKind};
use super::super::schema::{
    Table, datapayment, lines, lines_vat, transactions, transactions_tse, transactions_vat,
};
use super::super::time::Stamp;
use super::closing::{Masters, Till, Unit, amount, count, shown};
use super::process;
use super::read::Record;
use super::receipt::{Rows, must_be_signed, unit_of};
use super::report::Report;
use super::rules::Rule;

/// How far the signing unit's time may be from the till's without a word: a quarter of an hour. An hour's difference
/// is a mistaken zone.
const CLOCKS_APART: i64 = 900_000;

/// A signature with all that it takes to verify it, as it stands in the package.
#[derive(Debug, Clone)]
pub struct Signed<'a> {
    /// Serial number of the till (`KASSE_SERIENNR`): the client that the unit knows.
    pub client: &'a str,
    /// Serial number of the device the receipt was put in at, which may be the client instead.
    pub terminal: Option<&'a str>,
    /// `TSE_TA_VORGANGSART`.
    pub process_type: &'a str,
    /// `TSE_VORGANGSDATEN`.
    pub process_data: &'a str,
    /// `TSE_TANR`.
    pub transaction: u64,
    /// `TSE_TA_SIGZ`.
    pub counter: u64,
    /// `TSE_TA_START`; not part of what is signed at the end.
    pub start: Stamp,
    /// `TSE_TA_ENDE`: the log time.
    pub end: Stamp,
    /// `TSE_TA_SIG`, base64.
    pub signature: &'a str,
    /// `TSE_SERIAL`, hexadecimal digits.
    pub serial: &'a str,
    /// `TSE_SIG_ALGO`.
    pub algorithm: &'a str,
    /// `TSE_ZEITFORMAT`.
    pub time_format: &'a str,
    /// `TSE_PD_ENCODING`.
    pub encoding: &'a str,
    /// `TSE_PUBLIC_KEY`, base64.
    pub public_key: &'a str,
    /// All pieces of the certificate, base64.
    pub certificate: &'a str,
}

/// Says yes to a signature, or why not.
pub type Verify<'a> = dyn Fn(&Signed<'_>) -> Result<(), String> + 'a;

/// Counters and transaction numbers as they were met, for what must not be there twice.
pub(super) struct Met {
    /// A number for each serial number of a unit.
    serials: BTreeMap<String, u64>,
    pub(super) counters: Vec<u64>,
    pub(super) transactions: Vec<u64>,
}

impl Met {
    pub(super) fn new() -> Met {
        Met { serials: BTreeMap::new(), counters: Vec::new(), transactions: Vec::new() }
    }

    /// A unit and a number in one: 16 bits and 48.
    pub(super) fn packed(&mut self, serial: &str, number: i64) -> u64 {
        let next = u64::try_from(self.serials.len()).unwrap_or_default();
        let unit = match self.serials.get(serial) {
            Some(unit) => *unit,
            None => *self.serials.entry(serial.to_owned()).or_insert(next),
        };
        (unit << 48) | (number.unsigned_abs() & 0xffff_ffff_ffff)
    }
}

/// Checks a receipt's signatures.
pub(super) fn signatures(
    rows: &Rows,
    masters: &Masters,
    till: &mut Till,
    met: &mut Met,
    verify: Option<&Verify<'_>>,
    report: &mut Report<'_>,
) {
    let head = (&transactions::TABLE, &rows.head);
    if rows.signed.is_empty() && must_be_signed(rows) {
        report.row(Rule::TseMissing, head, "", "", "");
    }
    for record in rows.signed.iter().skip(1) {
        report.row(Rule::Duplicate, (&transactions_tse::TABLE, record), "BON_ID", "", "1");
    }
    for record in &rows.signed {
        signature(record, rows, masters, (till, met), verify, report);
    }
}

fn signature(
    record: &Record,
    rows: &Rows,
    masters: &Masters,
    (till, met): (&mut Till, &mut Met),
    verify: Option<&Verify<'_>>,
    report: &mut Report<'_>,
) {
    use transactions_tse as at;
    let place = (&at::TABLE, record);
    let unit = masters.units.get(unit_of(record));
    if !unit_of(record).is_empty() && unit.is_none() {
        report.value(Rule::KeyUnit, place, at::TSE_ID, "");
    }
    let kind = ReceiptKind::from_code(rows.head.get(transactions::BON_TYP));
    let written = ProcessType::from_code(record.get(at::TSE_TA_VORGANGSART));
    if let (Some(kind), Some(written)) = (kind, written)
        && kind.process_type() != written
    {
        let expected = kind.process_type().code();
        report.value(Rule::TseProcessType, place, at::TSE_TA_VORGANGSART, expected);
    }
    data(record, rows, masters, kind, report);
    let fault = record.get(at::TSE_TA_FEHLER);
    if record.get(at::TSE_TA_SIG).is_empty() {
        if fault.is_empty() {
            report.value(Rule::TseUnsigned, place, at::TSE_TA_SIG, "");
        }
        if !record.get(at::TSE_TA_SIGZ).is_empty() {
            report.value(Rule::TseFaultSigned, place, at::TSE_TA_SIGZ, "");
        }
        return;
    }
    if !fault.is_empty() {
        report.value(Rule::TseFaultSigned, place, at::TSE_TA_FEHLER, "");
    }
    let needed = [
        at::TSE_ID,
        at::TSE_TANR,
        at::TSE_TA_START,
        at::TSE_TA_ENDE,
        at::TSE_TA_VORGANGSART,
        at::TSE_TA_SIGZ,
    ];
    for needed in needed.into_iter().filter(|place| record.get(*place).is_empty()) {
        report.value(Rule::TseIncomplete, place, needed, "");
    }
    let start = Stamp::read(record.get(at::TSE_TA_START));
    let end = Stamp::read(record.get(at::TSE_TA_ENDE));
    times(record, rows, start, end, report);
    let counter = count(record, at::TSE_TA_SIGZ);
    let transaction = count(record, at::TSE_TANR);
    let Some(unit) = unit else { return };
    if let Some(counter) = counter {
        met_before(record, (counter, end), till, unit, report);
        let packed = met.packed(&unit.serial, counter);
        met.counters.push(packed);
    }
    if let Some(transaction) = transaction {
        let packed = met.packed(&unit.serial, transaction);
        met.transactions.push(packed);
    }
    let terminal = masters.terminals.get(rows.head.get(transactions::TERMINAL_ID));
    let positive = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
    let all = (start, end, positive(counter), positive(transaction));
    let data = record.get(at::TSE_VORGANGSDATEN);
    let (Some(verify), (Some(start), Some(end), Some(counter), Some(transaction)), false) =
        (verify, all, data.is_empty())
    else {
        report.summary.unverified = report.summary.unverified.saturating_add(1);
        return;
    };
    let signed = Signed {
        client: &masters.register,
        terminal: terminal.map(String::as_str),
        process_type: record.get(at::TSE_TA_VORGANGSART),
        process_data: data,
        transaction,
        counter,
        start,
        end,
        signature: record.get(at::TSE_TA_SIG),
        serial: &unit.serial,
        algorithm: &unit.algorithm,
        time_format: &unit.time_format,
        encoding: &unit.encoding,
        public_key: &unit.public_key,
        certificate: &unit.certificate,
    };
    match verify(&signed) {
        Ok(()) => report.summary.verified = report.summary.verified.saturating_add(1),
        Err(why) => report.row(Rule::TseSignature, place, "TSE_TA_SIG", &why, ""),
    }
}

fn times(
    record: &Record,
    rows: &Rows,
    start: Option<Stamp>,
    end: Option<Stamp>,
    report: &mut Report<'_>,
) {
    use transactions_tse as at;
    let place = (&at::TABLE, record);
    if let (Some(start), Some(end)) = (start, end)
        && start.milliseconds() > end.milliseconds()
    {
        report.value(Rule::TseTimes, place, at::TSE_TA_START, record.get(at::TSE_TA_ENDE));
    }
    for (stamp, at, till) in [
        (start, at::TSE_TA_START, transactions::BON_START),
        (end, at::TSE_TA_ENDE, transactions::BON_ENDE),
    ] {
        let shown = rows.head.get(till);
        let (Some(stamp), Some(till)) = (stamp, Stamp::read(shown)) else { continue };
        let apart = stamp.milliseconds().abs_diff(till.milliseconds());
        if apart > CLOCKS_APART.unsigned_abs() {
            report.value(Rule::TseClock, place, at, shown);
        }
    }
}

/// Against the signature of the same unit that came before at this till.
fn met_before(
    record: &Record,
    (counter, end): (i64, Option<Stamp>),
    till: &mut Till,
    unit: &Unit,
    report: &mut Report<'_>,
) {
    use transactions_tse as at;
    let place = (&at::TABLE, record);
    if let Some((before, time)) = till.units.get(&unit.serial) {
        if counter <= *before {
            let expected = format!("> {before}");
            report.value(Rule::TseCounter, place, at::TSE_TA_SIGZ, &expected);
        } else if let (Some(time), Some(end)) = (time, end)
            && end.milliseconds() < time.milliseconds()
        {
            report.value(Rule::TseBackwards, place, at::TSE_TA_ENDE, "");
        }
    }
    till.units.insert(unit.serial.clone(), (counter, end));
}

/// Signed data against what the receipt's rows say.
fn data(
    record: &Record,
    rows: &Rows,
    masters: &Masters,
    kind: Option<ReceiptKind>,
    report: &mut Report<'_>,
) {
    use transactions_tse as at;
    let data = record.get(at::TSE_VORGANGSDATEN);
    let place = (&at::TABLE, record);
    if data.is_empty() {
        return;
    }
    match ProcessType::from_code(record.get(at::TSE_TA_VORGANGSART)) {
        Some(ProcessType::Receipt) => match process::receipt(data) {
            Some(signed) => receipt(&signed, place, rows, masters, report),
            None => report.value(Rule::TseDataForm, place, at::TSE_VORGANGSDATEN, ""),
        },
        Some(ProcessType::Order) => match process::order(data) {
            Some(ordered) if kind == Some(ReceiptKind::Order) => {
                order(&ordered, place, rows, report)
            }
            Some(_) => {}
            None => report.value(Rule::TseDataForm, place, at::TSE_VORGANGSDATEN, ""),
        },
        Some(ProcessType::Other) | None => {}
    }
}

fn receipt(
    signed: &process::Signed<'_>,
    place: (&Table, &Record),
    rows: &Rows,
    masters: &Masters,
    report: &mut Report<'_>,
) {
    let field = "TSE_VORGANGSDATEN";
    let kind = rows.head.get(transactions::BON_TYP);
    if signed.kind != kind {
        report.row(Rule::TseDataKind, place, field, signed.kind, kind);
    }
    let mut slots = [0_i64; 5];
    for record in &rows.vat {
        let key = count(record, transactions_vat::UST_SCHLUESSEL).unwrap_or_default();
        let rate = masters.rates.get(&key).copied().unwrap_or_default();
        if let Some(sum) = slot(key, rate).and_then(|at| slots.get_mut(at)) {
            *sum = sum.saturating_add(amount(record, transactions_vat::BON_BRUTTO, 5));
        }
    }
    let shown_slots = |slots: [i64; 5]| slots.map(shown).join(" ");
    let signed_slots = signed.slots.map(|cents| cents.saturating_mul(1_000));
    if slots != signed_slots {
        report.row(Rule::TseDataVat, place, field, &shown_slots(signed_slots), &shown_slots(slots));
    }
    let mut paid: BTreeMap<(bool, &str), i64> = BTreeMap::new();
    for (cents, cash, currency) in &signed.paid {
        let currency = if *currency == masters.currency { "" } else { currency };
        let sum = paid.entry((*cash, currency)).or_default();
        *sum = sum.saturating_add(cents.saturating_mul(1_000));
    }
    let mut expected: BTreeMap<(bool, &str), i64> = BTreeMap::new();
    for record in &rows.payments {
        let how = record.get(datapayment::ZAHLART_TYP);
        let code = record.get(datapayment::ZAHLWAEH_CODE);
        let foreign = !code.is_empty() && code != masters.currency;
        let (code, at) = if foreign {
            (code, datapayment::ZAHLWAEH_BETRAG)
        } else {
            ("", datapayment::BASISWAEH_BETRAG)
        };
        let sum = expected.entry((how == "Bar", code)).or_default();
        *sum = sum.saturating_add(amount(record, at, 2));
    }
    paid.retain(|_, sum| *sum != 0);
    expected.retain(|_, sum| *sum != 0);
    if paid != expected {
        let (found, expected) = (listed(&paid), listed(&expected));
        report.row(Rule::TseDataPaid, place, field, &found, &expected);
    }
}

fn listed(paid: &BTreeMap<(bool, &str), i64>) -> String {
    let one = |((cash, currency), sum): (&(bool, &str), &i64)| {
        let how = if *cash { "Bar" } else { "Unbar" };
        format!("{} {how} {currency}", shown(*sum)).trim_end().to_owned()
    };
    paid.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The slot of signed data that a tax key belongs to; a key that has none ([`Rule::VatKey`]) is counted nowhere.
fn slot(key: i64, rate: i64) -> Option<usize> {
    let slot = tax_keys::slot(u32::try_from(key).ok()?, u32::try_from(rate).ok()?)?;
    Some(match slot {
        TaxSlot::General => 0,
        TaxSlot::Reduced => 1,
        TaxSlot::Average => 2,
        TaxSlot::AverageOther => 3,
        TaxSlot::Zero => 4,
    })
}

fn order(
    ordered: &[process::Ordered],
    place: (&Table, &Record),
    rows: &Rows,
    report: &mut Report<'_>,
) {
    let field = "TSE_VORGANGSDATEN";
    if ordered.len() != rows.lines.len() {
        let (found, expected) = (ordered.len().to_string(), rows.lines.len().to_string());
        report.row(Rule::TseDataLines, place, field, &found, &expected);
        return;
    }
    for (signed, line) in ordered.iter().zip(&rows.lines) {
        let quantity = number::read(line.get(lines::MENGE), 3).unwrap_or_default();
        let price = amount(line, lines::STK_BR, 5);
        let text = line.get(lines::ARTIKELTEXT);
        // The table cuts long texts and has no control characters.
        let plain: String = signed
            .text
            .chars()
            .map(|c| if super::super::csv::is_control(c) { ' ' } else { c })
            .collect();
        let cut = plain.chars().count() > 255 && plain.starts_with(text) && text.len() > 200;
        if signed.quantity != quantity || signed.price != price || !(plain == text || cut) {
            let number = line.get(lines_vat::POS_ZEILE);
            report.row(Rule::TseDataLines, place, field, &signed.text, &format!("{number} {text}"));
        }
    }
}
