//! From finished receipts and till days to the documents that are printed and shown.

mod account;
mod benefit;
mod card;
mod cash_book;
mod day;
mod drawer;
mod hospitality;
mod invoice;
mod job;
pub(crate) mod machine;
pub mod runner;
mod slip;
mod tender;
mod test_page;
mod voucher;
mod words;

pub use account::{Beside, beside, logo};
pub use benefit::benefit_slip;
pub use card::{
    MerchantFacts, merchant_facts, merchant_slip, reservation_slip, terminal_day_report,
    terminal_sections,
};
pub use cash_book::cash_book_data;
pub use day::{Reported, day_report};
pub use hospitality::hospitality;
pub use invoice::{Billed, Named, invoice, on_account};
pub use slip::slip;
pub(crate) use test_page::test_page;
pub use voucher::{SoldCode, voucher_blocks};

use std::collections::BTreeMap;

use domain::basket::{DiscountOrigin, Line, TenderKind};
use domain::catalogue::Unit;
use domain::country::charges_vat;
use domain::receipt::IssuedReceipt;
use domain::settings::{Agency, Settings};
use domain::{PersonId, ReceiptRef};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use money::{Money, Quantity};
use receipt as paper;

use crate::sign::{code_of, signing_lines, unsigned_yet};
use words::Words;

/// What a receipt's scannable code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptCode {
    /// Till and number.
    pub receipt: ReceiptRef,
    /// The incarnation of the shop that issued it.
    pub incarnation: u32,
}

/// The text in a receipt's scannable code: `R1-4812`, and `R1-4812-470220` in a shop that was put back
/// from a backup: the same number may stand on a receipt of the file that was lost.
pub fn receipt_code(code: ReceiptCode, training: bool) -> String {
    let series = if training { "T" } else { "R" };
    let ReceiptRef { till, number } = code.receipt;
    format!("{series}{till}-{}", numbered(number, code.incarnation))
}

/// A receipt's number as printed.
pub(crate) fn numbered(number: domain::ReceiptNo, incarnation: u32) -> String {
    if incarnation > 1 { format!("{number}-{incarnation}") } else { number.to_string() }
}

/// Reads [`receipt_code`] back; training receipts are not found by their code.
pub fn parse_receipt_code(text: &str) -> Option<ReceiptCode> {
    let rest = text.trim().strip_prefix(['R', 'r'])?;
    let (till, number) = rest.split_once('-')?;
    let (number, incarnation) = match number.split_once('-') {
        Some((number, incarnation)) => (number, incarnation.parse().ok()?),
        None => (number, 1),
    };
    let receipt = ReceiptRef {
        till: domain::TillId(till.parse().ok()?),
        number: domain::ReceiptNo(number.parse().ok()?),
    };
    Some(ReceiptCode { receipt, incarnation })
}

/// The receipts that a receipt returns from, as their papers say them.
fn sources(
    reader: &store::Reader,
    issued: &IssuedReceipt,
) -> Result<Vec<String>, store::StoreError> {
    let mut from: Vec<ReceiptRef> =
        issued.receipt.lines.iter().filter_map(|l| l.returned_from.map(|r| r.receipt)).collect();
    from.dedup();
    from.into_iter()
        .map(|receipt| {
            let row = reader.receipt_row(receipt.till, false, receipt.number)?;
            let incarnation = row.map_or(1, |row| row.incarnation);
            Ok(receipt_code(ReceiptCode { receipt, incarnation }, false))
        })
        .collect()
}

/// The language of the paper.
pub(crate) fn language(settings: &Settings) -> paper::Language {
    match settings.language {
        domain::settings::Language::De => paper::Language::De,
        domain::settings::Language::En => paper::Language::En,
    }
}

/// A quantity as printed: `2`, `0,486`.
pub(crate) fn quantity_text(quantity: Quantity, language: paper::Language) -> String {
    let thousandths = quantity.thousandths();
    let sign = if thousandths < 0 { "-" } else { "" };
    let (whole, rest) = (thousandths.unsigned_abs() / 1_000, thousandths.unsigned_abs() % 1_000);
    let decimal = if language == paper::Language::De { ',' } else { '.' };
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}{decimal}{rest:03}") }
}

/// A rate as printed: `19 %`, `2,6 %`.
pub(crate) fn rate_text(basis_points: u32, language: paper::Language) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    let decimal = if language == paper::Language::De { ',' } else { '.' };
    match rest {
        0 => format!("{whole} %"),
        r if r % 10 == 0 => format!("{whole}{decimal}{} %", r / 10),
        r => format!("{whole}{decimal}{r:02} %"),
    }
}

/// A moment in the shop's local time: `23.11.2026 14:07:12`.
pub(crate) fn time_text(at: Timestamp, zone: &TimeZone, language: paper::Language) -> String {
    let local = zone.to_datetime(at);
    let (y, m, d) = (local.year(), local.month(), local.day());
    let time = format!("{:02}:{:02}:{:02}", local.hour(), local.minute(), local.second());
    match language {
        paper::Language::De => format!("{d:02}.{m:02}.{y} {time}"),
        paper::Language::En => format!("{y}-{m:02}-{d:02} {time}"),
    }
}

/// Name and address of the shop as printed.
pub(crate) fn head(settings: &Settings) -> paper::ShopHead {
    head_with(settings, charges_vat(settings))
}

/// Name and address of the shop on a receipt. Where tax stands on it the shop's number stands with it, whatever else is sold.
fn head_of(settings: &Settings, receipt: &domain::receipt::Receipt) -> paper::ShopHead {
    let taxed = receipt.tax.iter().any(|row| row.rate.basis_points() > 0);
    head_with(settings, taxed || charges_vat(settings))
}

fn head_with(settings: &Settings, charges: bool) -> paper::ShopHead {
    let number = &settings.country.profile().vat_number;
    let (label, vat_id) = number.printed(settings.vat_id.as_deref(), charges);
    paper::ShopHead {
        logo: None,
        name: settings.name.clone(),
        address: settings.address.clone(),
        tax_number: settings.tax_number.clone(),
        vat_label: Some(label.say(settings.language).to_owned()),
        vat_id,
        phone: None,
        header: settings.receipt_header.clone(),
        footer: settings.receipt_footer.clone(),
    }
}

/// A person's name, or what stands in its place.
pub(crate) fn name_in(names: &BTreeMap<PersonId, String>, person: PersonId) -> String {
    names.get(&person).cloned().unwrap_or_else(|| crate::personal::unnamed(person))
}

/// The shop's time zone.
pub(crate) fn zone(settings: &Settings) -> TimeZone {
    TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC)
}

/// The document of a finished receipt. Amounts stand there as they were journalled.
pub fn receipt_data(
    settings: &Settings,
    person_name: &str,
    issued: &IssuedReceipt,
    beside: &Beside,
    copy: Option<u32>,
) -> paper::ReceiptData {
    let language = language(settings);
    let words = Words::of(language);
    let zone = zone(settings);
    let receipt = &issued.receipt;
    let code = ReceiptCode {
        receipt: ReceiptRef { till: issued.till, number: receipt.number },
        incarnation: issued.incarnation,
    };
    let letters = letters(receipt);
    let signed = beside.signed.as_ref();
    let clear = settings.signing.as_ref().is_some_and(|signing| signing.clear_text);
    let only_returns = receipt.lines.iter().all(|l| l.quantity.is_negative());
    let till = settings.tills.iter().find(|t| t.id == issued.till);
    let sum = |rows: &[domain::basket::Tender]| {
        rows.iter().fold(Money::ZERO, |s, t| s.saturating_plus(t.amount))
    };
    paper::ReceiptData {
        language,
        currency: receipt.currency.code().to_owned(),
        minor_digits: receipt.currency.minor_digits(),
        shop: head_of(settings, receipt),
        kind: if only_returns { paper::ReceiptKind::Return } else { paper::ReceiptKind::Sale },
        number: numbered(receipt.number, issued.incarnation),
        code: receipt_code(code, receipt.training),
        till: till.map_or_else(|| issued.till.to_string(), |t| t.name.clone()),
        person: person_name.to_owned(),
        started: Some(time_text(receipt.opened, &zone, language)),
        issued: time_text(issued.at, &zone, language),
        lines: account::named(
            lines(&receipt.lines, &letters, (language, words), &settings.agencies),
            receipt,
            beside,
        ),
        discounts: receipt_discounts(&receipt.lines, words),
        saved: (!receipt.saved.is_zero()).then(|| receipt.saved.minor()),
        total: Some(receipt.total.minor()),
        rounding: (!receipt.rounding.is_zero()).then(|| paper::Rounding {
            difference: receipt.rounding.minor(),
            payable: sum(&receipt.tenders).minor(),
        }),
        tenders: receipt
            .tenders
            .iter()
            .map(|t| match &t.account {
                Some(of) => {
                    let paper = paper_of(receipt.currency, language);
                    account::tender(t, of, (paper, beside), words)
                }
                None => tender(t, paper_of(receipt.currency, language), words),
            })
            .collect(),
        taxes: tax_rows(receipt, &letters, language),
        notes: notes(
            receipt,
            &beside.sources,
            receipt.ordered.map(|at| time_text(at, &zone, language)),
            words,
        ),
        copy,
        training: receipt.training,
        signature_line: only_returns,
        signing: match signed {
            Some(signed) => signing_lines(signed, clear, language),
            // Where each receipt has to have a code it says so when it has none, whatever is set up.
            None if domain::rksv::applies(settings) => {
                let clear = domain::rksv::of(settings).is_some_and(|rksv| rksv.clear_text);
                let code = beside.rksv.as_ref();
                crate::rksv::receipt_lines(code, beside.waits, clear, language)
            }
            None if beside.waits => vec![unsigned_yet(language)],
            None => Vec::new(),
        },
        qr: match signed {
            Some(signed) => code_of(signed),
            None => beside.rksv.as_ref().and_then(|code| crate::rksv::qr(&code.signed)),
        },
        hospitality: None,
    }
}

/// How amounts stand on the paper.
#[derive(Debug, Clone, Copy)]
struct Paper {
    currency: money::Currency,
    digits: u8,
    language: paper::Language,
}

fn paper_of(currency: money::Currency, language: paper::Language) -> Paper {
    Paper { currency, digits: currency.minor_digits(), language }
}

fn tender(tender: &domain::basket::Tender, paper: Paper, words: &Words) -> paper::Tender {
    if tender.kind == TenderKind::Voucher {
        return voucher::tender(tender, paper, words);
    }
    if let Some(cash) = &tender.foreign {
        return tender::foreign(tender, cash, paper, words);
    }
    if let Some(of) = &tender.transfer {
        return tender::transfer(tender, of, words);
    }
    if tender.kind != TenderKind::Cash {
        return cashless(tender, words);
    }
    if tender.amount.is_negative() {
        // Money paid out: nothing was given, nothing comes back.
        return paper::Tender {
            name: words.cash_out.to_owned(),
            amount: tender.amount.negated().minor(),
            tendered: None,
            change: None,
            details: Vec::new(),
        };
    }
    paper::Tender {
        name: words.cash.to_owned(),
        amount: tender.amount.minor(),
        tendered: tender.tendered.is_positive().then(|| tender.tendered.minor()),
        change: tender.change.is_positive().then(|| tender.change.minor()),
        details: Vec::new(),
    }
}

/// A card: its name where the terminal tells it, and what the terminal wants printed.
fn cashless(tender: &domain::basket::Tender, words: &Words) -> paper::Tender {
    let mut name = words.tender(tender.kind).to_owned();
    let mut details = Vec::new();
    if let Some(card) = &tender.card {
        if let Some(scheme) = &card.scheme {
            name.clone_from(scheme);
        }
        if let Some(last4) = &card.last4 {
            details.push(format!("{} ****{last4}", words.card_number));
        }
        let facts = [
            (words.terminal_id, &card.terminal_id),
            (words.trace, &card.trace),
            (words.terminal_receipt, &card.receipt),
            (words.authorisation, &card.authorisation),
        ];
        let told =
            facts.into_iter().filter_map(|(word, fact)| Some(format!("{word} {}", fact.as_ref()?)));
        // Where the terminal writes its own slip, it says all of that itself.
        if card.lines.is_empty() {
            details.extend(told);
        }
        details.extend(card.lines.iter().cloned());
    }
    if tender.amount.is_negative() {
        name = format!("{name} {}", words.credited);
    }
    let amount = tender.amount.abs().minor();
    paper::Tender { name, amount, tendered: None, change: None, details }
}

/// `ordered` is the time of the first order, in clear whatever the code says.
fn notes(
    receipt: &domain::receipt::Receipt,
    sources: &[String],
    ordered: Option<String>,
    words: &Words,
) -> Vec<String> {
    let ordered = ordered.map(|at| format!("{} {at}", words.first_order));
    let returned = sources.iter().map(|source| format!("{} {source}", words.return_of));
    returned.chain(ordered).chain(receipt.note.clone()).collect()
}

/// A letter per key and rate, in the order of the tax rows.
fn letters(receipt: &domain::receipt::Receipt) -> BTreeMap<(u16, u32), String> {
    receipt
        .tax
        .iter()
        .zip('A'..='Z')
        .map(|(row, letter)| ((row.key, row.rate.basis_points()), letter.to_string()))
        .collect()
}

fn tax_rows(
    receipt: &domain::receipt::Receipt,
    letters: &BTreeMap<(u16, u32), String>,
    language: paper::Language,
) -> Vec<paper::TaxRow> {
    receipt
        .tax
        .iter()
        .map(|row| paper::TaxRow {
            letter: letters.get(&(row.key, row.rate.basis_points())).cloned().unwrap_or_default(),
            rate: rate_text(row.rate.basis_points(), language),
            net: row.net.minor(),
            tax: row.tax.minor(),
            gross: row.gross.minor(),
        })
        .collect()
}

/// The letters of a line: one, or one per part of a split.
fn line_letters(line: &Line, letters: &BTreeMap<(u16, u32), String>) -> String {
    let keys: Vec<u16> = if line.tax_split.is_empty() {
        vec![line.tax.0]
    } else {
        line.tax_split.iter().map(|s| s.key.0).collect()
    };
    keys.iter()
        .filter_map(|key| {
            let kept = line.rates.as_ref().and_then(|r| r.iter().find(|(k, _)| k.0 == *key));
            match kept {
                Some((_, rate)) => letters.get(&(*key, rate.basis_points())),
                None => letters.iter().find(|((k, _), _)| k == key).map(|(_, letter)| letter),
            }
        })
        .cloned()
        .collect()
}

fn lines(
    lines: &[Line],
    letters: &BTreeMap<(u16, u32), String>,
    (language, words): (paper::Language, &Words),
    agencies: &[Agency],
) -> Vec<paper::Line> {
    lines
        .iter()
        .map(|line| {
            let single = line.quantity == Quantity::ONE && line.unit == Unit::Piece;
            let mut sub: Vec<paper::SubLine> = line
                .discounts
                .iter()
                .filter(|d| !d.origin.is_shared())
                .map(|d| paper::SubLine {
                    text: match &d.origin {
                        DiscountOrigin::Promotion { name, .. }
                        | DiscountOrigin::Coupon { name, .. } => name.clone(),
                        DiscountOrigin::Manual { reason, .. }
                        | DiscountOrigin::Receipt { reason } => {
                            format!("{}: {reason}", words.discount)
                        }
                        DiscountOrigin::Returned => words.discount.to_owned(),
                    },
                    amount: Some(d.amount.negated().minor()),
                })
                .collect();
            let reason = line.reason.iter().filter(|_| is_returned_without_receipt(line));
            sub.extend(reason.map(|r| paper::SubLine { text: r.clone(), amount: None }));
            let whom = agencies.iter().find(|agency| Some(agency.id) == line.agency);
            sub.extend(whom.map(|agency| paper::SubLine {
                text: format!("{} {}", words.agency, agency.name),
                amount: None,
            }));
            sub.extend(line.note.iter().map(|n| paper::SubLine { text: n.clone(), amount: None }));
            paper::Line {
                kind: kind_of(line),
                quantity: quantity_text(line.quantity, language),
                unit: words.unit(line.unit).to_owned(),
                name: line.name.clone(),
                unit_price: (!single).then(|| line.price.minor()),
                amount: line.base.minor(),
                tax: line_letters(line, letters),
                sub,
                manual_weight: line.hand_weighed,
                tare: line.weighing.as_deref().map(|w| w.tare).filter(|tare| !tare.is_zero()).map(
                    |tare| {
                        let tare = quantity_text(tare, language);
                        format!("{tare} {}", words.unit(domain::catalogue::Unit::Kilogram))
                    },
                ),
            }
        })
        .collect()
}

fn kind_of(line: &Line) -> paper::LineKind {
    if (line.voucher.is_some() || line.account.is_some()) && line.returned_from.is_none() {
        paper::LineKind::Voucher
    } else if line.deposit_of.is_some() {
        paper::LineKind::Deposit
    } else if line.returned_from.is_some() || is_returned_without_receipt(line) {
        paper::LineKind::Returned
    } else if line.quantity.is_negative() {
        // Empties, and the slips of the machines that take them.
        paper::LineKind::Deposit
    } else {
        paper::LineKind::Item
    }
}

/// Goods taken back without a receipt, which needs a reason.
fn is_returned_without_receipt(line: &Line) -> bool {
    line.quantity.is_negative() && line.returned_from.is_none() && line.reason.is_some()
}

/// Discounts on the whole receipt and coupons: the lines' parts by reason and name, summed as they were stored.
fn receipt_discounts(lines: &[Line], words: &Words) -> Vec<paper::NamedAmount> {
    let mut sums: Vec<(String, Money)> = Vec::new();
    for discount in lines.iter().flat_map(|l| &l.discounts) {
        let called = match &discount.origin {
            DiscountOrigin::Receipt { reason } => reason.clone(),
            DiscountOrigin::Coupon { name, .. } => format!("{}: {name}", words.coupon),
            _ => continue,
        };
        match sums.iter_mut().find(|(text, _)| *text == called) {
            Some((_, sum)) => *sum = sum.saturating_plus(discount.amount),
            None => sums.push((called, discount.amount)),
        }
    }
    sums.into_iter()
        .map(|(text, sum)| paper::NamedAmount { text, amount: sum.negated().minor() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantity: i64, more: serde_json::Value) -> Line {
        let mut line = serde_json::json!({"line": 1, "name": "Ware", "quantity": quantity, "price": 199,
            "base": 199 * quantity / 1_000, "tax": 1, "group": 3});
        if let (Some(line), serde_json::Value::Object(more)) = (line.as_object_mut(), more) {
            line.extend(more);
        }
        serde_json::from_value(line).expect("a line")
    }

    fn printed(line: Line, tenders: &[domain::basket::Tender]) -> String {
        let language = paper::Language::En;
        let words = Words::of(language);
        let data = paper::ReceiptData {
            language,
            currency: "EUR".to_owned(),
            minor_digits: 2,
            lines: lines(&[line], &BTreeMap::new(), (language, words), &[]),
            tenders: tenders
                .iter()
                .map(|t| tender(t, paper_of(money::Currency::EUR, language), words))
                .collect(),
            ..paper::ReceiptData::default()
        };
        paper::render_text(&paper::receipt_document(&data), 42)
    }

    #[test]
    fn a_receipts_code_tells_the_shops_incarnations_apart_and_is_read_back() {
        let receipt = ReceiptRef { till: domain::TillId(1), number: domain::ReceiptNo(4_812) };
        for (incarnation, text) in [(1, "R1-4812"), (470_220, "R1-4812-470220")] {
            let code = ReceiptCode { receipt, incarnation };
            assert_eq!(receipt_code(code, false), text);
            assert_eq!(parse_receipt_code(&format!(" {} ", text.to_lowercase())), Some(code));
        }
        for text in ["T1-4812", "R1", "R1-", "R1-4812-", "R1-4812-x", "R1-4812-2-3", "1-4812"] {
            assert_eq!(parse_receipt_code(text), None, "{text}");
        }
    }

    #[test]
    fn pieces_in_english_say_their_price_once() {
        let text = printed(line(3_000, serde_json::json!({})), &[]);
        assert!(text.contains("3 pc × 1.99") && !text.contains("/pc"), "{text}");
    }

    #[test]
    fn goods_without_a_receipt_are_returned_and_empties_are_a_deposit() {
        let goods = line(-1_000, serde_json::json!({"reason": "broken", "fixed": true}));
        assert_eq!(kind_of(&goods), paper::LineKind::Returned);
        let text = printed(goods, &[]);
        assert!(text.contains("Returned: Ware") && text.contains("broken"), "{text}");
        let empties = line(-1_000, serde_json::json!({"fixed": true}));
        assert_eq!(kind_of(&empties), paper::LineKind::Deposit);
        let dearer = line(1_000, serde_json::json!({"reason": "damaged", "list_price": 249}));
        assert_eq!(kind_of(&dearer), paper::LineKind::Item);
        assert!(!printed(dearer, &[]).contains("damaged"), "a changed price is not explained");
    }

    #[test]
    fn money_paid_out_is_one_line() {
        let paid: domain::basket::Tender = serde_json::from_value(
            serde_json::json!({"kind": "cash", "amount": -80_000, "tendered": 0, "change": 80_000}),
        )
        .expect("a tender");
        let text = printed(line(-1_000, serde_json::json!({})), &[paid]);
        let out = text.lines().find(|l| l.contains("Cash paid out")).expect("said");
        assert!(out.contains("800.00") && !out.contains('-') && !text.contains("change"), "{text}");
    }

    #[test]
    fn a_swiss_shop_that_charges_no_vat_does_not_name_it() {
        let country = domain::settings::Country::Ch;
        let mut settings = crate::defaults::settings(country, domain::settings::Language::De);
        settings.vat_id = Some("CHE123456788".to_owned());
        let said = |shop: paper::ShopHead| (shop.vat_label.unwrap(), shop.vat_id.unwrap());
        let said = |settings: &Settings| said(head(settings));
        let charged = ("MWST-Nr. (UID)".to_owned(), "CHE-123.456.788 MWST".to_owned());
        assert_eq!(said(&settings), charged);
        for group in &mut settings.groups {
            group.tax = domain::TaxKey(5);
        }
        assert_eq!(said(&settings), ("UID".to_owned(), "CHE-123.456.788".to_owned()));
    }
}
