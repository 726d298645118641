//! A receipt: its lines, taxes and payments against each other, its times and its references. What counts in the
//! closing's sums is added to them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::number;
use super::super::schema::values::{BusinessCase, ReceiptKind};
use super::super::schema::{
    Table, allocation_groups, datapayment, itemamounts, lines, lines_vat, references, subitems,
    transactions, transactions_tse, transactions_vat,
};
use super::super::time::Stamp;
use super::closing::{Masters, Sums, Till, amount, count, shown};
use super::read::Record;
use super::report::Report;
use super::rules::Rule;

/// The rows of a receipt.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) head: Record,
    pub(super) vat: Vec<Record>,
    pub(super) groups: Vec<Record>,
    pub(super) payments: Vec<Record>,
    pub(super) lines: Vec<Record>,
    pub(super) lines_vat: Vec<Record>,
    pub(super) amounts: Vec<Record>,
    pub(super) parts: Vec<Record>,
    pub(super) references: Vec<Record>,
    pub(super) signed: Vec<Record>,
}

/// Gross, net and tax.
pub(super) type Triple = [i64; 3];

/// Half a cent and a whole one, in hundred-thousandths.
const HALF_A_CENT: i64 = 500;
const CENT: i64 = 1_000;

/// A row's three amounts.
pub(super) fn triple(record: &Record, gross: usize) -> Triple {
    [0, 1, 2].map(|next| amount(record, gross.saturating_add(next), 5))
}

fn plus(sum: &mut Triple, more: Triple) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum = sum.saturating_add(more);
    }
}

/// Checks a receipt and adds it to the closing's sums.
pub(super) fn receipt(
    rows: &Rows,
    masters: &Masters,
    till: &mut Till,
    sums: &mut Sums,
    report: &mut Report<'_>,
) {
    let kind = ReceiptKind::from_code(rows.head.get(transactions::BON_TYP));
    head(rows, masters, till, kind, report);
    let by_line = the_lines(rows, masters, kind, sums, report);
    let by_key = taxes(rows, masters, report);
    vat_sums(rows, kind, &by_line, &by_key, report);
    payments(rows, kind, masters, sums, report);
    prices(rows, kind, masters, report);
    duplicates(
        (&allocation_groups::TABLE, &rows.groups),
        allocation_groups::ABRECHNUNGSKREIS,
        report,
    );
    references_of(rows, report);
}

fn head(
    rows: &Rows,
    masters: &Masters,
    till: &mut Till,
    kind: Option<ReceiptKind>,
    report: &mut Report<'_>,
) {
    let head = &rows.head;
    let place = (&transactions::TABLE, head);
    if let Some(number) = count(head, transactions::BON_NR) {
        let expected = till.receipt.map(|before| before.saturating_add(1));
        if expected.is_some_and(|expected| expected != number) {
            let expected = expected.unwrap_or_default().to_string();
            report.value(Rule::ReceiptGap, place, transactions::BON_NR, &expected);
        }
        till.receipt = Some(number);
    }
    if kind == Some(ReceiptKind::Other) && head.get(transactions::BON_NAME).is_empty() {
        report.value(Rule::NameMissing, place, transactions::BON_NAME, "");
    }
    // Each benefit in kind belongs to one person, by name or number.
    let nobody = [transactions::KUNDE_NAME, transactions::KUNDE_ID];
    if kind == Some(ReceiptKind::BenefitInKind) && nobody.iter().all(|at| head.get(*at).is_empty())
    {
        report.value(Rule::BenefitWhose, place, transactions::KUNDE_ID, "");
    }
    if !masters.units.is_empty() {
        if head.get(transactions::BON_STORNO) == "1" {
            report.value(Rule::CancelMark, place, transactions::BON_STORNO, "0");
        }
        if kind == Some(ReceiptKind::Cancelled) {
            report.value(Rule::CancelMark, place, transactions::BON_TYP, "Beleg");
        }
    }
    terminal(place, transactions::TERMINAL_ID, masters, report);
    let start = Stamp::read(head.get(transactions::BON_START));
    let end = Stamp::read(head.get(transactions::BON_ENDE));
    if let (Some(start), Some(end)) = (start, end)
        && start.milliseconds() > end.milliseconds()
    {
        report.value(
            Rule::TimeOrder,
            place,
            transactions::BON_START,
            head.get(transactions::BON_ENDE),
        );
    }
    if let Some(end) = end {
        let late = masters.created.is_some_and(|at| at.milliseconds() < end.milliseconds());
        let early = masters.before.is_some_and(|at| at.milliseconds() > end.milliseconds());
        if late || early {
            let created = head.get(transactions::Z_ERSTELLUNG);
            report.value(Rule::TimeClosing, place, transactions::BON_ENDE, created);
        }
    }
}

/// A device is the till itself, or one that slaves.csv lists.
fn terminal(place: (&Table, &Record), at: usize, masters: &Masters, report: &mut Report<'_>) {
    let id = place.1.get(at);
    if !id.is_empty() && id != masters.till && !masters.terminals.contains_key(id) {
        report.value(Rule::KeyTerminal, place, at, "");
    }
}

fn duplicates((table, rows): (&Table, &[Record]), at: usize, report: &mut Report<'_>) {
    let mut seen = BTreeSet::new();
    for record in rows {
        if !seen.insert(record.get(at)) {
            report.value(Rule::Duplicate, (table, record), at, "");
        }
    }
}

/// Checks the lines; says what they come to by tax key.
fn the_lines(
    rows: &Rows,
    masters: &Masters,
    kind: Option<ReceiptKind>,
    sums: &mut Sums,
    report: &mut Report<'_>,
) -> BTreeMap<i64, Triple> {
    duplicates((&lines::TABLE, &rows.lines), lines::POS_ZEILE, report);
    let by_number: BTreeMap<&str, &Record> =
        rows.lines.iter().map(|line| (line.get(lines::POS_ZEILE), line)).collect();
    for (table, rows) in [
        (&lines_vat::TABLE, &rows.lines_vat),
        (&itemamounts::TABLE, &rows.amounts),
        (&subitems::TABLE, &rows.parts),
        (&references::TABLE, &rows.references),
    ] {
        for record in rows {
            let line = record.get(lines::POS_ZEILE);
            // A reference may be the receipt's as a whole.
            if !line.is_empty() && !by_number.contains_key(line) {
                report.value(Rule::KeyLine, (table, record), lines::POS_ZEILE, "");
            }
        }
    }
    let mut sum: BTreeMap<i64, Triple> = BTreeMap::new();
    let mut taxed: BTreeSet<(&str, &str)> = BTreeSet::new();
    for record in &rows.lines_vat {
        let place = (&lines_vat::TABLE, record);
        let amounts = triple(record, lines_vat::POS_BRUTTO);
        tax_row(place, (lines_vat::UST_SCHLUESSEL, lines_vat::POS_BRUTTO), 1, masters, report);
        let (line, key) = (record.get(lines_vat::POS_ZEILE), record.get(lines_vat::UST_SCHLUESSEL));
        if !taxed.insert((line, key)) {
            report.value(Rule::Duplicate, place, lines_vat::UST_SCHLUESSEL, "");
        }
        plus(
            sum.entry(count(record, lines_vat::UST_SCHLUESSEL).unwrap_or_default()).or_default(),
            amounts,
        );
        let Some(line) = by_number.get(line) else { continue };
        let case = BusinessCase::from_code(line.get(lines::GV_TYP));
        if case.is_some_and(BusinessCase::is_outside_vat) && key != "5" {
            report.value(Rule::CaseKey, place, lines_vat::UST_SCHLUESSEL, "5");
        }
        if kind == Some(ReceiptKind::Receipt) {
            let text = |place: usize| line.get(place).to_owned();
            let case = [
                text(lines::GV_TYP),
                text(lines::GV_NAME),
                text(lines::AGENTUR_ID),
                key.to_owned(),
            ];
            plus(sums.cases.entry(case).or_default(), amounts);
        }
    }
    let with_tax: BTreeSet<&str> = taxed.iter().map(|(line, _)| *line).collect();
    for line in &rows.lines {
        let place = (&lines::TABLE, line);
        if !with_tax.contains(line.get(lines::POS_ZEILE)) {
            report.value(Rule::LineVat, place, lines::POS_ZEILE, "");
        }
        terminal(place, lines::POS_TERMINAL_ID, masters, report);
        let agency = line.get(lines::AGENTUR_ID);
        if !agency.is_empty() && agency != "0" && !masters.agencies.contains(agency) {
            report.value(Rule::KeyAgency, place, lines::AGENTUR_ID, "");
        }
    }
    sum
}

/// Checks transactions_vat; says what it comes to by tax key.
fn taxes(
    rows: &Rows,
    masters: &Masters,
    report: &mut Report<'_>,
) -> BTreeMap<i64, (Triple, usize)> {
    let mut all = BTreeMap::new();
    duplicates((&transactions_vat::TABLE, &rows.vat), transactions_vat::UST_SCHLUESSEL, report);
    for (at, record) in rows.vat.iter().enumerate() {
        let place = (&transactions_vat::TABLE, record);
        let columns = (transactions_vat::UST_SCHLUESSEL, transactions_vat::BON_BRUTTO);
        let lines = i64::try_from(rows.lines.len()).unwrap_or(i64::MAX);
        tax_row(place, columns, lines, masters, report);
        let key = count(record, transactions_vat::UST_SCHLUESSEL).unwrap_or_default();
        plus(
            &mut all.entry(key).or_insert(([0; 3], at)).0,
            triple(record, transactions_vat::BON_BRUTTO),
        );
    }
    all
}

/// A row of gross, net and tax of one key: the key is listed, the amounts fit together and fit the rate, within a
/// cent and half a one for each further line that may have been rounded by itself.
fn tax_row(
    place: (&Table, &Record),
    (key_at, gross_at): (usize, usize),
    lines: i64,
    masters: &Masters,
    report: &mut Report<'_>,
) {
    let [gross, net, tax] = triple(place.1, gross_at);
    if net.saturating_add(tax) != gross {
        report.value(Rule::NetTax, place, gross_at, &shown(net.saturating_add(tax)));
    }
    let rate = count(place.1, key_at).and_then(|key| masters.rates.get(&key));
    let Some(rate) = rate else {
        report.value(Rule::KeyVat, place, key_at, "");
        return;
    };
    let numerator = i128::from(gross).saturating_mul(i128::from(*rate));
    let divisor = i128::from(*rate).saturating_add(10_000);
    let exact = numerator.checked_div(divisor).and_then(|tax| i64::try_from(tax).ok());
    let allowance = lines.max(1).saturating_add(1).saturating_mul(HALF_A_CENT);
    if exact.is_none_or(|exact| exact.abs_diff(tax) > allowance.unsigned_abs()) {
        let tax_at = gross_at.saturating_add(2);
        report.value(Rule::TaxRate, place, tax_at, &shown(exact.unwrap_or_default()));
    }
}

fn vat_sums(
    rows: &Rows,
    kind: Option<ReceiptKind>,
    by_line: &BTreeMap<i64, Triple>,
    by_key: &BTreeMap<i64, (Triple, usize)>,
    report: &mut Report<'_>,
) {
    let head = (&transactions::TABLE, &rows.head);
    // Something given up has lines, but comes to nothing where it gives no sums.
    let nothing = kind == Some(ReceiptKind::Aborted) && by_key.is_empty();
    for (key, sum) in by_line.iter().filter(|_| !nothing) {
        if !by_key.contains_key(key) && *sum != [0; 3] {
            let [gross, ..] = sum;
            report.row(Rule::VatSum, head, &format!("UST_SCHLUESSEL {key}"), "", &shown(*gross));
        }
    }
    let mut total: i64 = 0;
    for (key, (sum, at)) in by_key {
        let [gross, ..] = sum;
        total = total.saturating_add(*gross);
        let expected = by_line.get(key).copied().unwrap_or_default();
        let Some(record) = rows.vat.get(*at) else { continue };
        let first = transactions_vat::BON_BRUTTO;
        for ((found, expected), place) in sum.iter().zip(expected).zip(first..) {
            if *found != expected {
                report.value(
                    Rule::VatSum,
                    (&transactions_vat::TABLE, record),
                    place,
                    &shown(expected),
                );
            }
        }
    }
    if amount(&rows.head, transactions::UMS_BRUTTO, 2) != total {
        report.value(Rule::GrossSum, head, transactions::UMS_BRUTTO, &shown(total));
    }
}

fn payments(
    rows: &Rows,
    kind: Option<ReceiptKind>,
    masters: &Masters,
    sums: &mut Sums,
    report: &mut Report<'_>,
) {
    let counts = kind == Some(ReceiptKind::Receipt);
    let is_never_paid = kind.is_some_and(is_never_paid);
    let mut total: i64 = 0;
    let mut paid = false;
    for record in &rows.payments {
        let place = (&datapayment::TABLE, record);
        let base = amount(record, datapayment::BASISWAEH_BETRAG, 2);
        let how = record.get(datapayment::ZAHLART_TYP);
        total = total.saturating_add(base);
        paid |= how != "Keine";
        if is_never_paid && how != "Keine" {
            report.value(Rule::PaidOther, place, datapayment::ZAHLART_TYP, "Keine");
        }
        if how == "Keine" && base != 0 {
            report.value(Rule::PaymentNothing, place, datapayment::BASISWAEH_BETRAG, "0,00");
        }
        let (currency, in_currency) = currency(record, base, masters, report);
        if !counts {
            continue;
        }
        let key = [how.to_owned(), record.get(datapayment::ZAHLART_NAME).to_owned()];
        let sum = sums.payments.entry(key).or_default();
        *sum = sum.saturating_add(base);
        sums.paid = sums.paid.saturating_add(base);
        if how == "Bar" {
            sums.paid_in_cash = sums.paid_in_cash.saturating_add(base);
            let sum = sums.cash.entry(currency).or_default();
            *sum = sum.saturating_add(in_currency);
        }
    }
    let head = (&transactions::TABLE, &rows.head);
    if counts && rows.payments.is_empty() {
        report.row(Rule::PaymentMissing, head, "", "", "");
    } else if (counts || paid) && amount(&rows.head, transactions::UMS_BRUTTO, 2) != total {
        report.value(Rule::PaidSum, head, transactions::UMS_BRUTTO, &shown(total));
    }
    let float = |line: &Record| line.get(lines::GV_TYP) == BusinessCase::Float.code();
    let other = rows.payments.iter().find(|record| record.get(datapayment::ZAHLART_TYP) != "Bar");
    if let Some(record) = other
        && rows.lines.iter().any(float)
    {
        report.value(
            Rule::CaseCash,
            (&datapayment::TABLE, record),
            datapayment::ZAHLART_TYP,
            "Bar",
        );
    }
}

/// What comes to no payment: only a receipt changes what the business has (DSFinV-K 2.4, Vorgangstypen).
fn is_never_paid(kind: ReceiptKind) -> bool {
    match kind {
        ReceiptKind::Order
        | ReceiptKind::Transfer
        | ReceiptKind::BenefitInKind
        | ReceiptKind::Aborted => true,
        ReceiptKind::Receipt
        | ReceiptKind::Invoice
        | ReceiptKind::Training
        | ReceiptKind::Cancelled
        | ReceiptKind::Other => false,
    }
}

/// The currency of a payment and the amount in it: the till's own where none is named.
fn currency(
    record: &Record,
    base: i64,
    masters: &Masters,
    report: &mut Report<'_>,
) -> (String, i64) {
    let place = (&datapayment::TABLE, record);
    let code = record.get(datapayment::ZAHLWAEH_CODE);
    let text = record.get(datapayment::ZAHLWAEH_BETRAG);
    let named = amount(record, datapayment::ZAHLWAEH_BETRAG, 2);
    if code.is_empty() || code == masters.currency {
        if !text.is_empty() && named != base {
            report.value(Rule::PaymentCurrency, place, datapayment::ZAHLWAEH_BETRAG, &shown(base));
        }
        return (masters.currency.clone(), base);
    }
    if text.is_empty() || named.signum() != base.signum() {
        report.value(Rule::PaymentCurrency, place, datapayment::ZAHLWAEH_BETRAG, "");
    }
    (code.to_owned(), named)
}

/// Quantity, price, discounts and surcharges of each line against what it comes to; prices of its parts.
fn prices(rows: &Rows, kind: Option<ReceiptKind>, masters: &Masters, report: &mut Report<'_>) {
    let mut gross: BTreeMap<&str, i64> = BTreeMap::new();
    let mut by_key: BTreeMap<(&str, &str), Triple> = BTreeMap::new();
    for record in &rows.lines_vat {
        let amounts = triple(record, lines_vat::POS_BRUTTO);
        let line = record.get(lines_vat::POS_ZEILE);
        let sum = gross.entry(line).or_default();
        *sum = sum.saturating_add(amounts[0]);
        plus(by_key.entry((line, record.get(lines_vat::UST_SCHLUESSEL))).or_default(), amounts);
    }
    let mut base: BTreeMap<&str, i64> = BTreeMap::new();
    let mut made: BTreeMap<(&str, &str), (Triple, &Record)> = BTreeMap::new();
    for record in &rows.amounts {
        let amounts = triple(record, itemamounts::PF_BRUTTO);
        let place = (&itemamounts::TABLE, record);
        tax_row(place, (itemamounts::UST_SCHLUESSEL, itemamounts::PF_BRUTTO), 1, masters, report);
        let (line, key) =
            (record.get(itemamounts::POS_ZEILE), record.get(itemamounts::UST_SCHLUESSEL));
        plus(&mut made.entry((line, key)).or_insert(([0; 3], record)).0, amounts);
        if record.get(itemamounts::TYP) == "base_amount" {
            let sum = base.entry(line).or_default();
            *sum = sum.saturating_add(amounts[0]);
        }
    }
    for (key, (sum, record)) in made {
        let expected = by_key.get(&key).copied().unwrap_or_default();
        for ((found, expected), at) in sum.iter().zip(expected).zip(itemamounts::PF_BRUTTO..) {
            if *found != expected {
                report.value(
                    Rule::LineAmounts,
                    (&itemamounts::TABLE, record),
                    at,
                    &shown(expected),
                );
            }
        }
    }
    for record in &rows.parts {
        if !record.get(subitems::ZI_UST_SCHLUESSEL).is_empty() {
            let columns = (subitems::ZI_UST_SCHLUESSEL, subitems::ZI_BASISPREIS_BRUTTO);
            tax_row((&subitems::TABLE, record), columns, 1, masters, report);
        }
    }
    for line in rows.lines.iter().filter(|line| !line.get(lines::STK_BR).is_empty()) {
        let number = line.get(lines::POS_ZEILE);
        let expected = base.get(number).or(gross.get(number)).copied().unwrap_or_default();
        if !price_fits(line, expected, kind == Some(ReceiptKind::Order)) {
            report.value(Rule::LinePrice, (&lines::TABLE, line), lines::STK_BR, &shown(expected));
        }
    }
}

/// Whether quantity times price is the amount, within a cent; a pack's factor may be in the price or not. The price of
/// one in an order is what was signed, in whole cents, be the shop's own without tax: half a cent more for each one.
fn price_fits(line: &Record, expected: i64, is_order: bool) -> bool {
    let quantity = number::read(line.get(lines::MENGE), 3).map(i128::from);
    let factor = number::read(line.get(lines::FAKTOR), 3).map_or(1_000, i128::from);
    let price = i128::from(amount(line, lines::STK_BR, 5));
    let Some(quantity) = quantity else { return true };
    let rounded = quantity.saturating_abs().saturating_mul(i128::from(HALF_A_CENT));
    let rounded = if is_order { rounded.checked_div(1_000).unwrap_or_default() } else { 0 };
    let allowed = rounded.saturating_add(i128::from(CENT)).unsigned_abs();
    [1_000, factor].into_iter().any(|factor| {
        let product = quantity.saturating_mul(factor).saturating_mul(price);
        let found = product.checked_div(1_000_000).unwrap_or_default();
        i128::from(expected).abs_diff(found) <= allowed
    })
}

/// What each reference must say; whether its target is there is seen when the whole package was read.
fn references_of(rows: &Rows, report: &mut Report<'_>) {
    for record in &rows.references {
        let place = (&references::TABLE, record);
        match record.get(references::REF_TYP) {
            "Transaktion" => {
                for at in [references::REF_Z_KASSE_ID, references::REF_Z_NR, references::REF_DATUM]
                {
                    if record.get(at).is_empty() {
                        report.value(Rule::ReferenceIncomplete, place, at, "");
                    }
                }
            }
            "ExterneSonstige" if record.get(references::REF_NAME).is_empty() => {
                report.value(Rule::NameMissing, place, references::REF_NAME, "");
            }
            _ => {}
        }
    }
    let settles = |line: &&Record| {
        let case = BusinessCase::from_code(line.get(lines::GV_TYP));
        case.is_some_and(BusinessCase::needs_reference)
    };
    for line in rows.lines.iter().filter(settles) {
        let number = line.get(lines::POS_ZEILE);
        let refers = |record: &Record| {
            let from = record.get(references::POS_ZEILE);
            from.is_empty() || from == number
        };
        if !rows.references.iter().any(refers) {
            report.value(Rule::ReferenceMissing, (&lines::TABLE, line), lines::GV_TYP, "");
        }
    }
}

/// The kind of a receipt that must have been signed; nothing where none had to be.
pub(super) fn must_be_signed(rows: &Rows) -> bool {
    rows.head.get(transactions::BON_TYP) != ReceiptKind::Other.code()
}

/// The unit's id that a signature names.
pub(super) fn unit_of(record: &Record) -> &str {
    record.get(transactions_tse::TSE_ID)
}
