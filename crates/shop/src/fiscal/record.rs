//! Records of a till (Vorgänge) out of entries: receipts, baskets that were given up, cash movements, the drawer.

use domain::basket::{Tender, TenderKind};
use domain::cash::CashPurpose;
use domain::event::Event;
use domain::receipt::Receipt as Issued;
use domain::settings::{Settings, TaxPoint};
use domain::signing::Subject;
use domain::voucher::NOT_TAXABLE;
use domain::{BasketId, DayNo, ReceiptRef, State, TillId};
use fiscal::de::dsfinvk::model::{
    Amount, BusinessCase, Customer, Line, Payment, PaymentKind, ProcessType, Receipt, ReceiptKind,
    Reference, ReferenceKind, Signature, Taxed,
};
use journal::EntryMeta;
use money::{Currency, Money};
use store::Signed;

use super::closing::Book;
use super::lines::Goods;
use super::{Fault, lines, others};
use crate::sign::{is_payment, is_units_fault, why_words};

/// The record that an entry is; none for an entry of another kind.
pub(super) fn of(
    book: &mut Book<'_>,
    meta: &EntryMeta,
    event: &Event,
    number: u64,
) -> Result<Option<Receipt>, Fault> {
    use BusinessCase as Case;
    let mut movement = |case: Case, text: &str, amount: Money| {
        cash_movement(book, meta, number, (case, text, amount)).map(Some)
    };
    match event {
        Event::ReceiptIssued(issued) => receipt(book, meta, issued, number).map(Some),
        Event::BasketAborted { basket, reason, .. } => {
            aborted(book, meta, (*basket, reason.as_deref()), number).map(Some)
        }
        Event::BasketOrdered(ordered) => others::order(book, meta, ordered, number).map(Some),
        Event::BasketHandedOver(over) => others::handed_over(book, meta, over, number).map(Some),
        Event::BenefitGiven(given) => others::benefit(book, meta, given, number).map(Some),
        Event::DayOpened { float, .. } => movement(Case::Float, "Anfangsbestand", *float),
        Event::CashPaidIn { amount, reason, purpose } => {
            let case = match purpose {
                Some(CashPurpose::Private) => Case::PrivateContribution,
                Some(CashPurpose::Wages) | None => Case::PaidIn,
            };
            movement(case, reason, *amount)
        }
        Event::CashPaidOut { amount, reason, purpose } => {
            let case = match purpose {
                Some(CashPurpose::Private) => Case::PrivateWithdrawal,
                Some(CashPurpose::Wages) => Case::WagePayment,
                None => Case::PaidOut,
            };
            movement(case, reason, amount.negated())
        }
        Event::CashDropped { amount, reason } => {
            movement(Case::CashTransit, reason, amount.negated())
        }
        Event::DayClosed { difference, .. } => {
            movement(Case::CountDifference, "Differenz der Zählung", *difference)
        }
        Event::DrawerOpened { reason } => {
            let mut opened = begin(book, meta, number, ReceiptKind::Other);
            opened.name = "Lade geöffnet".to_owned();
            opened.note.clone_from(reason);
            sign(book, &mut opened, Subject::Entry(meta.seq))?;
            Ok(Some(opened))
        }
        _ => Ok(None),
    }
}

/// Minor units of a currency.
pub(super) fn amount(money: Money, currency: Currency) -> Result<Amount, Fault> {
    let decimals = u32::from(Amount::DECIMALS).checked_sub(u32::from(currency.minor_digits()));
    let factor = decimals.map(|decimals| 10_i64.saturating_pow(decimals));
    Ok(Amount::new(money.minor().saturating_mul(factor.ok_or(Fault::Currency)?)))
}

/// Cents.
pub(super) fn cents(money: Money) -> Amount {
    Amount::from_cents(money.minor())
}

/// Under no tax.
fn untaxed(book: &mut Book<'_>, gross: Amount) -> Taxed {
    let key = book.key(NOT_TAXABLE.0, money::Rate::default());
    Taxed { key, gross, net: gross, tax: Amount::ZERO }
}

/// The id of a receipt: till and number, as printed; training has numbers of its own.
fn receipt_id(receipt: ReceiptRef, training: bool) -> String {
    let of = if training { "T" } else { "" };
    format!("{}-{of}{}", receipt.till, receipt.number)
}

pub(super) fn begin(book: &Book<'_>, meta: &EntryMeta, number: u64, kind: ReceiptKind) -> Receipt {
    let at = book.stamp(meta.at);
    let mut record = Receipt::new(format!("{}-V{}", book.till, meta.seq), number, kind, at, at);
    record.operator = meta.person.map(|person| person.to_string()).unwrap_or_default();
    record
}

fn cash_movement(
    book: &mut Book<'_>,
    meta: &EntryMeta,
    number: u64,
    (case, text, moved): (BusinessCase, &str, Money),
) -> Result<Receipt, Fault> {
    let mut record = begin(book, meta, number, ReceiptKind::Receipt);
    let sum = untaxed(book, cents(moved));
    let mut line = Line::new("1", case, text);
    line.vat = vec![sum];
    line.unit_price = Some(sum.gross);
    record.gross = sum.gross;
    record.vat = vec![sum];
    record.lines = vec![line];
    record.payments = vec![own(PaymentKind::Cash, "Bar", moved)];
    sign(book, &mut record, Subject::Entry(meta.seq))?;
    Ok(record)
}

fn aborted(
    book: &mut Book<'_>,
    meta: &EntryMeta,
    (basket, reason): (BasketId, Option<&str>),
    number: u64,
) -> Result<Receipt, Fault> {
    let mut record = begin(book, meta, number, ReceiptKind::Aborted);
    record.note = reason.unwrap_or_default().to_owned();
    let (lines, was_ordered) = given_up(book, meta, basket, &record.id)?;
    record.lines = lines;
    if was_ordered {
        others::join(book, &mut record, basket, meta.seq)?;
    }
    sign(book, &mut record, Subject::Basket(basket))?;
    began_at_the_unit(&mut record);
    Ok(record)
}

/// When something was begun stands in entries of perhaps another day; the unit was told with the first line.
pub(super) fn began_at_the_unit(record: &mut Receipt) {
    let began = record.signatures.first().and_then(|signature| signature.start);
    record.start = began.filter(|began| *began < record.end).unwrap_or(record.start);
}

/// What was in a basket when it was given up, and whether it was ordered before. It has lines and no sums: it came to
/// nothing.
fn given_up(
    book: &mut Book<'_>,
    meta: &EntryMeta,
    basket: BasketId,
    id: &str,
) -> Result<(Vec<Line>, bool), Fault> {
    let mut state = State::default();
    for (entry, event) in book.reader.given_up_entries(basket)? {
        if let Some(till) = entry.till {
            state.resume(entry.at, till, entry.person, &event);
        }
    }
    let Some(basket) = state.baskets.get(&basket) else { return Ok((Vec::new(), false)) };
    // The rates are those of a receipt that would have been issued then.
    let settings = book.reader.settings_before(meta.seq)?.ok_or(Fault::Address)?;
    let at = match settings.tax_point {
        TaxPoint::Payment => meta.at,
        TaxPoint::Opening => basket.opened_at,
    };
    let totals = domain::totals::totals(&settings, basket, book.local(at));
    let totals = totals.map_err(|_| Fault::Receipt(id.to_owned()))?;
    let opened = basket.opened_at;
    let goods = Goods { lines: &totals.lines, tax: &totals.tax, opened };
    Ok((lines::of(book, meta, &goods, id)?.0, basket.first_ordered.is_some()))
}

fn receipt(
    book: &mut Book<'_>,
    meta: &EntryMeta,
    issued: &Issued,
    number: u64,
) -> Result<Receipt, Fault> {
    let kind = if issued.training { ReceiptKind::Training } else { ReceiptKind::Receipt };
    let mut record = begin(book, meta, number, kind);
    let of = ReceiptRef { till: book.till, number: issued.number };
    record.id = receipt_id(of, issued.training);
    record.start = book.stamp(issued.opened.min(meta.at));
    record.note = issued.note.clone().unwrap_or_default();
    let goods = Goods { lines: &issued.lines, tax: &issued.tax, opened: issued.opened };
    let (lines, mut vat) = lines::of(book, meta, &goods, &record.id)?;
    record.lines = lines;
    for tender in &issued.tenders {
        tendered(book, issued, tender, &mut record, &mut vat)?;
    }
    if record.payments.is_empty() {
        record.payments = vec![own(PaymentKind::Nothing, "", Money::ZERO)];
    }
    record.gross = vat.iter().fold(Amount::ZERO, |sum, one| sum.plus(one.gross));
    record.vat = vat;
    if issued.ordered.is_some() {
        others::join(book, &mut record, issued.basket, meta.seq)?;
    }
    sign(book, &mut record, Subject::Basket(issued.basket))?;
    Ok(record)
}

/// A tender: a payment, or a line below nothing where the form knows it as business of its own.
fn tendered(
    book: &mut Book<'_>,
    issued: &Issued,
    tender: &Tender,
    record: &mut Receipt,
    vat: &mut Vec<Taxed>,
) -> Result<(), Fault> {
    if is_payment(tender.kind) {
        record.payments.extend(payments(&book.settings, tender)?);
        return Ok(());
    }
    let sum = untaxed(book, cents(tender.amount.negated()));
    lines::add(vat, sum);
    let after = issued.lines.iter().map(|line| usize::from(line.line.0)).max().unwrap_or_default();
    let taken = record.lines.len().saturating_sub(issued.lines.len());
    let number = after.saturating_add(taken).saturating_add(1).to_string();
    let mut line = match &tender.account {
        Some(account) => {
            let customer = Customer { id: account.customer.to_string(), ..Customer::default() };
            record.customer.get_or_insert(customer);
            Line::new(number, BusinessCase::ReceivableCreated, "Auf Kundenkonto")
        }
        None => Line::new(number, BusinessCase::MultiPurposeVoucherRedemption, "Gutschein"),
    };
    if let Some(voucher) = tender.voucher.as_ref().and_then(|voucher| voucher.voucher) {
        line.voucher = voucher.to_string();
    }
    line.unit_price = Some(sum.gross);
    line.vat = vec![sum];
    record.lines.push(line);
    Ok(())
}

pub(super) fn own(kind: PaymentKind, name: &str, money: Money) -> Payment {
    Payment { kind, name: name.to_owned(), amount: cents(money), foreign: None }
}

/// What a tender comes to, as it is signed: foreign cash is what was given, its change is in the shop's own.
fn payments(settings: &Settings, tender: &Tender) -> Result<Vec<Payment>, Fault> {
    let (kind, name) = means(tender);
    let Some(foreign) = tender.foreign else { return Ok(vec![own(kind, name, tender.amount)]) };
    if foreign.currency == settings.currency {
        return Ok(vec![own(kind, name, tender.amount)]);
    }
    let mut given = own(kind, name, tender.tendered);
    given.foreign = Some((foreign.currency.to_string(), amount(foreign.amount, foreign.currency)?));
    let change = own(kind, name, tender.change.negated());
    let change = (!tender.change.is_zero()).then_some(change);
    Ok(std::iter::once(given).chain(change).collect())
}

/// The form's word for a tender. Whether a card is a debit or a credit card only its scheme tells.
fn means(tender: &Tender) -> (PaymentKind, &'static str) {
    match tender.kind {
        TenderKind::Cash | TenderKind::CashForeign => (PaymentKind::Cash, "Bar"),
        TenderKind::Card => {
            let scheme = tender.card.as_ref().and_then(|card| card.scheme.as_deref());
            let scheme = scheme.unwrap_or_default().to_lowercase();
            let is = |names: &[&str]| names.iter().any(|name| scheme.contains(name));
            if is(&["girocard", "maestro", "v pay", "vpay", "debit", "electron"]) {
                (PaymentKind::DebitCard, "Debitkarte")
            } else if is(&["visa", "mastercard", "american express", "amex", "diners", "jcb"]) {
                (PaymentKind::CreditCard, "Kreditkarte")
            } else {
                (PaymentKind::NonCash, "Karte")
            }
        }
        TenderKind::CardExternal => (PaymentKind::NonCash, "Karte (nicht verbunden)"),
        TenderKind::Transfer => (PaymentKind::NonCash, "Überweisung"),
        TenderKind::TransferByHand => (PaymentKind::NonCash, "Überweisung (von Hand)"),
        TenderKind::Voucher | TenderKind::Account => (PaymentKind::Nothing, ""),
    }
}

fn unsigned(kind: ReceiptKind, fault: impl Into<String>) -> Signature {
    Signature {
        unit: None,
        transaction: None,
        start: None,
        end: None,
        process_type: kind.process_type(),
        counter: None,
        signature: String::new(),
        fault: fault.into(),
        process_data: String::new(),
    }
}

/// How it was signed, or why not.
pub(super) fn sign(book: &mut Book<'_>, record: &mut Receipt, of: Subject) -> Result<(), Fault> {
    let signature = match book.reader.signature(of)? {
        Some(Signed::Yes(signed)) => {
            let (signature, unit) = *signed;
            record.terminal = book.terminal(&signature.transaction.client);
            Signature {
                unit: Some(book.unit(&unit)),
                transaction: Some(signature.transaction.number),
                start: Some(book.stamp(signature.transaction.began)),
                end: Some(book.stamp(signature.finished)),
                process_type: ProcessType::from_code(&signature.process_type)
                    .unwrap_or(record.kind.process_type()),
                counter: Some(signature.counter),
                signature: signature.value,
                fault: String::new(),
                process_data: signature.process_data,
            }
        }
        Some(Signed::No(failed)) => {
            let words = why_words(&failed.why, receipt::Language::De);
            let said =
                if is_units_fault(&failed.why) { "TSE ausgefallen" } else { "Nicht signiert" };
            let mut row = unsigned(record.kind, format!("{said}: {words}"));
            row.process_data.clone_from(&failed.process_data);
            row
        }
        None if book.reader.is_being_signed(of)? => {
            unsigned(record.kind, "Bei der Ausgabe noch nicht signiert")
        }
        None => unsigned(record.kind, "Keine TSE eingerichtet"),
    };
    record.signatures = vec![signature];
    Ok(())
}

/// A reference to a receipt of the shop. Where its closing is not in the package and not before it (another till's,
/// which closed later), the form has no word for it but a name.
pub(super) fn reference(book: &Book<'_>, to: ReceiptRef) -> Result<Reference, Fault> {
    let receipt = receipt_id(to, false);
    let row = book.reader.receipt_row(to.till, false, to.number)?;
    reference_to(book, (to.till, row.map(|row| row.day)), receipt)
}

/// A reference to a record of a till within one of its days.
pub(super) fn reference_to(
    book: &Book<'_>,
    (till, day): (TillId, Option<DayNo>),
    receipt: String,
) -> Result<Reference, Fault> {
    let closed = match day.filter(|day| book.plan.reaches(till, *day)) {
        Some(day) => book.reader.closed_day(till, day)?.map(|closed| (day, closed)),
        None => None,
    };
    Ok(match closed {
        Some((day, closed)) => Reference::Receipt {
            till: till.to_string(),
            created: book.stamp(closed.closed),
            closing: u64::from(day.0),
            receipt,
        },
        None => Reference::External {
            kind: ReferenceKind::ExternalOther,
            name: "Beleg".to_owned(),
            day: None,
            number: receipt,
        },
    })
}
