//! Records of a till that are no receipts and no cash (andere Vorgänge): orders, baskets that went on at another till,
//! goods that somebody who works here took. Nothing is paid, and they count in no sum of the closing.

use domain::basket::Line as Sold;
use domain::event::{BasketHandedOver, BasketOrdered, BenefitGiven};
use domain::signing::Subject;
use domain::totals::TaxRow;
use domain::{BasketId, TillId};
use fiscal::de::dsfinvk::model::{Amount, Customer, PaymentKind, Receipt, ReceiptKind};
use jiff::Timestamp;
use journal::EntryMeta;
use money::Money;

use super::Fault;
use super::closing::Book;
use super::lines::{self, Goods};
use super::record::{began_at_the_unit, begin, cents, own, reference_to, sign};

/// The id of a record that is no receipt: till and entry.
pub(super) fn entry_id(till: TillId, seq: u64) -> String {
    format!("{till}-V{seq}")
}

/// Joins what belongs to one basket: a name for all of it (`ABRECHNUNGSKREIS`), and references to what came before.
pub(super) fn join(
    book: &Book<'_>,
    record: &mut Receipt,
    basket: BasketId,
    before: u64,
) -> Result<(), Fault> {
    record.groups = vec![format!("Vorgang {basket}")];
    for (seq, till) in book.reader.basket_records(basket)? {
        if seq < before {
            let day = book.reader.day_of_record(till, seq)?;
            record.references.push(reference_to(book, (till, day), entry_id(till, seq))?);
        }
    }
    Ok(())
}

/// Lines and sums, and that nothing was paid.
fn fill(
    book: &mut Book<'_>,
    meta: &EntryMeta,
    record: &mut Receipt,
    goods: &Goods<'_>,
) -> Result<(), Fault> {
    let (lines, vat) = lines::of(book, meta, goods, &record.id)?;
    record.lines = lines;
    record.gross = vat.iter().fold(Amount::ZERO, |sum, one| sum.plus(one.gross));
    record.vat = vat;
    record.payments = vec![own(PaymentKind::Nothing, "", Money::ZERO)];
    Ok(())
}

/// What was ordered: its prices are those that were signed, its business that of what was ordered, also where it is
/// taken back.
pub(super) fn order(
    book: &mut Book<'_>,
    meta: &EntryMeta,
    ordered: &BasketOrdered,
    number: u64,
) -> Result<Receipt, Fault> {
    let mut record = begin(book, meta, number, ReceiptKind::Order);
    let sold: Vec<Sold> = ordered.lines.iter().map(|ordered| ordered.line.clone()).collect();
    let goods = Goods { lines: &sold, tax: &ordered.tax, opened: meta.at };
    fill(book, meta, &mut record, &goods)?;
    for (line, ordered) in record.lines.iter_mut().zip(&ordered.lines) {
        line.unit_price = Some(cents(ordered.price));
        if ordered.taken_back {
            let quantity = ordered.line.quantity.negated();
            line.case = lines::case(&Sold { quantity, ..ordered.line.clone() });
        }
    }
    join(book, &mut record, ordered.basket, meta.seq)?;
    sign(book, &mut record, Subject::Entry(meta.seq))?;
    began_at_the_unit(&mut record);
    Ok(record)
}

pub(super) fn handed_over(
    book: &mut Book<'_>,
    meta: &EntryMeta,
    over: &BasketHandedOver,
    number: u64,
) -> Result<Receipt, Fault> {
    let mut record = begin(book, meta, number, ReceiptKind::Transfer);
    let to = meta.till.map(|till| till.to_string()).unwrap_or_default();
    record.note = format!("Weiter an Kasse {to}");
    fill(book, meta, &mut record, &taken(&over.lines, &over.tax, over.opened))?;
    join(book, &mut record, over.basket, meta.seq)?;
    sign(book, &mut record, Subject::Entry(meta.seq))?;
    began_at_the_unit(&mut record);
    Ok(record)
}

pub(super) fn benefit(
    book: &mut Book<'_>,
    meta: &EntryMeta,
    given: &BenefitGiven,
    number: u64,
) -> Result<Receipt, Fault> {
    let mut record = begin(book, meta, number, ReceiptKind::BenefitInKind);
    record.start = book.stamp(given.opened.min(meta.at));
    record.note.clone_from(&given.reason);
    // By number, as whoever operates a till: names lie apart.
    let (id, kind) = (given.person.to_string(), "Mitarbeiter".to_owned());
    record.customer = Some(Customer { id, kind, ..Customer::default() });
    fill(book, meta, &mut record, &taken(&given.lines, &given.tax, given.opened))?;
    if given.ordered.is_some() {
        join(book, &mut record, given.basket, meta.seq)?;
    }
    sign(book, &mut record, Subject::Basket(given.basket))?;
    Ok(record)
}

fn taken<'a>(lines: &'a [Sold], tax: &'a [TaxRow], opened: Timestamp) -> Goods<'a> {
    Goods { lines, tax, opened }
}
