//! What a scanned or typed code leads to.

use std::sync::Arc;

use gs1::{InStoreKind, Scan, ScanError};
use jiff::civil::Date;
use money::{Money, Quantity};

use super::coupons;
use super::desk::Desk;
use super::limits;
use super::sell::{Chosen, sell_item, take_out};
use crate::amount::Amount;
use crate::catalogue::{Item, Unit};
use crate::coupon;
use crate::event::Event;
use crate::facts::Stop;
use crate::goods::{CodeRead, PackMark, PackReadTwice};
use crate::ids::LineNo;
use crate::refusal::Refusal;

/// A code, read: where to look, and what it carried.
#[derive(Debug, Default)]
struct Reading {
    keys: Vec<String>,
    /// Weight in thousandths of a kilogram, or a count.
    quantity: Option<Quantity>,
    /// The quantity is a weight.
    weight: bool,
    /// A price printed on the label.
    price: Option<Money>,
    /// The price holds for goods of variable measure only: whoever sticks a code on a pack must not
    /// make its price.
    measured_only: bool,
    /// The label pays out (a deposit slip).
    refund: bool,
    /// The number that makes the slip unique.
    slip: Option<String>,
    /// What the code says of the very pack.
    mark: PackMark,
    /// The trade item that was read.
    read: Option<CodeRead>,
}

/// What a code leads to.
struct Found {
    item: Item,
    chosen: Chosen,
    /// Why these very goods must not be sold.
    stopped: Option<Refusal>,
}

pub(super) fn scan(
    desk: Desk<'_>,
    code: &str,
    quantity: Option<Quantity>,
    price: Option<Amount>,
) -> Result<Vec<Event>, Stop> {
    let found = look(&desk, code);
    // Goods come first: they are never refused because a coupon has their code.
    if !matches!(found, Ok(Some(_)))
        && let Some((presented, serial)) = coupon::presented(&Arc::clone(&desk.settings), code)
    {
        return coupons::take(desk, presented, serial);
    }
    let Some(Found { item, chosen: found, stopped }) = found? else {
        let scanned = code.trim().chars().filter(|c| limits::clean_char(*c)).collect();
        let coupon = gs1::parse_scan(code).ok().as_ref().and_then(gs1::coupon);
        return Err(match coupon {
            Some(coupon) => Refusal::Coupon { kind: coupon.kind.code().to_owned(), scanned },
            None => Refusal::UnknownCode { scanned },
        }
        .into());
    };
    if let Some(line) = other_symbol_of(&desk, found.read.as_deref()) {
        return read_twice(desk, line, found.mark, stopped);
    }
    if let Some(refusal) = stopped {
        return Err(refusal.into());
    }
    let price = price.map(|p| desk.own(p)).transpose()?;
    let quantity = found.quantity.or(quantity);
    sell_item(desk, &item, Chosen { quantity, price, ..found })
}

/// The line of the pack whose other symbol was read just now: bars and matrix of one pack count once.
fn other_symbol_of(desk: &Desk<'_>, read: Option<&CodeRead>) -> Option<LineNo> {
    let basket = desk.unpaid().ok()?;
    let last = basket.last_read.as_ref()?;
    let line = basket.line(last.line)?;
    last.is_same_pack(read?, desk.context.now).then_some(line.line)
}

/// The second symbol of a pack: nothing is counted. When only this one says that the pack must not be sold, it is taken out again.
fn read_twice(
    mut desk: Desk<'_>,
    line: LineNo,
    mark: Option<Box<PackMark>>,
    stopped: Option<Refusal>,
) -> Result<Vec<Event>, Stop> {
    let basket = desk.basket()?.id;
    let out = stopped.is_some();
    let stopped = stopped.map(Box::new);
    desk.push(Event::PackReadTwice(PackReadTwice { basket, line, mark, stopped }));
    if out { take_out(desk, line) } else { desk.done() }
}

/// The item that a code leads to, and what the code says about the goods; none when the catalogue
/// does not know it.
pub(super) fn find(desk: &Desk<'_>, code: &str) -> Result<Option<(Item, Chosen)>, Stop> {
    match look(desk, code)? {
        Some(Found { stopped: Some(refusal), .. }) => Err(refusal.into()),
        Some(Found { item, chosen, stopped: None }) => Ok(Some((item, chosen))),
        None => Ok(None),
    }
}

fn look(desk: &Desk<'_>, code: &str) -> Result<Option<Found>, Stop> {
    let code = code.trim();
    if code.chars().count() > 400 {
        return Err(Refusal::NoCode.into());
    }
    let mut reading = match read(desk, code) {
        Ok(reading) => reading,
        // A shop's own code may look like a misread one: the catalogue decides.
        Err(refusal @ Refusal::CheckDigit { .. }) => {
            match desk.context.facts.item_by_keys(&[code.to_owned()])? {
                Some(_) => Reading { keys: vec![code.to_owned()], ..Reading::default() },
                None => return Err(refusal.into()),
            }
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let found = match desk.context.facts.item_by_keys(&reading.keys)? {
        Some((item, matched)) => Some((item, Some(matched))),
        None => desk.context.facts.item_by_number(code)?.map(|item| (item, None)),
    };
    let Some((item, matched)) = found else { return Ok(None) };
    let today = desk.local.date();
    reading.mark.past = reading.mark.best_before.is_some_and(|date| date < today);
    let stopped = stopped(desk, &item, &reading);
    let pack =
        matched.as_ref().and_then(|m| item.draft.codes.iter().find(|c| &c.code == m)).cloned();
    // Goods sold by the piece may say their weight too: it is not how many there are.
    let by_piece = item.draft.unit == Unit::Piece && !item.draft.weighed;
    let carried = reading.quantity.filter(|_| !(reading.weight && by_piece));
    let variable = item.draft.weighed || item.draft.open_price;
    let labelled = reading.price.filter(|_| variable || !reading.measured_only);
    // A price beside the weight is that of the whole piece: the weight says how much of it there is.
    let (carried, in_piece) = match labelled {
        Some(_) => (None, carried),
        None => (carried, None),
    };
    let chosen = Chosen {
        code: Some(code.chars().filter(|c| limits::clean_char(*c)).take(60).collect()),
        pack,
        // One slip is one payment, whatever was typed before it.
        quantity: if reading.slip.is_some() { Some(Quantity::ONE) } else { carried },
        price: None,
        labelled,
        in_piece,
        weighed_by_label: carried.is_some(),
        refund: reading.refund,
        slip: reading.slip,
        mark: reading.mark.boxed(),
        read: reading.read.map(Box::new),
        weighed_at: None,
        weighing: None,
    };
    Ok(Some(Found { item, chosen, stopped }))
}

/// Why these very goods must not be sold: past their use-by date, or of a recalled batch. A code that says neither date nor batch
/// stops nothing.
fn stopped(desk: &Desk<'_>, item: &Item, reading: &Reading) -> Option<Refusal> {
    let name = || item.draft.name.clone();
    let mark = &reading.mark;
    if let Some(batch) = &mark.batch {
        let gtin = reading.read.as_ref().map(|read| read.gtin.as_str());
        let recalls = &desk.state().recalls;
        if let Some(recall) = recalls.values().find(|r| r.stops(item.id, gtin, batch)) {
            let (batch, reason, dated) = (batch.clone(), recall.reason.clone(), recall.dated);
            return Some(Refusal::Recalled { name: name(), batch, reason, dated });
        }
    }
    let on = mark.use_by.filter(|date| *date < desk.local.date())?;
    Some(Refusal::Expired { name: name(), on: Some(on) })
}

/// What an element string or a link says of the very pack.
fn mark(desk: &Desk<'_>, elements: &gs1::Elements) -> PackMark {
    let year = u16::try_from(desk.local.year()).unwrap_or(2000);
    let date = |short: gs1::ShortDate| {
        let (year, month, day) = short.resolve(year);
        let [month, day] = [month, day].map(i8::try_from);
        Date::new(i16::try_from(year).ok()?, month.ok()?, day.ok()?).ok()
    };
    PackMark {
        batch: elements.lot().map(str::to_owned),
        serial: elements.serial().map(str::to_owned),
        use_by: elements.expiry().and_then(date),
        best_before: elements.best_before().and_then(date),
        past: false,
    }
}

/// Reads a code by the standards and by the shop's table of in-store codes.
fn read(desk: &Desk<'_>, code: &str) -> Result<Reading, Refusal> {
    let scanned = || code.chars().filter(|c| limits::clean_char(*c)).collect::<String>();
    let scan = gs1::parse_scan(code).map_err(|error| match error {
        ScanError::CardData => Refusal::CardData,
        ScanError::CheckDigit { .. } => Refusal::CheckDigit { scanned: scanned() },
        _ => Refusal::NoCode,
    })?;
    match scan {
        Scan::Gtin(gtin) => {
            if let Some(code13) = gtin.as_13() {
                let rules = &desk.settings.in_store_codes;
                let in_store = gs1::match_in_store(code13, rules)
                    .map_err(|_| Refusal::CheckDigit { scanned: scanned() })?;
                if let Some(label) = in_store {
                    return Ok(from_label(&label));
                }
            }
            Ok(Reading { keys: gtin.lookup_keys(), read: carried(code), ..Reading::default() })
        }
        Scan::Elements(elements) => Ok(Reading {
            keys: elements.gtin().map(|g| g.lookup_keys()).unwrap_or_default(),
            quantity: elements.weight_grams().map(Quantity::new),
            weight: true,
            price: elements.price().and_then(|price| own_price(desk, &price)),
            measured_only: true,
            refund: false,
            slip: None,
            mark: mark(desk, &elements),
            read: carried(code),
        }),
        Scan::Url(text) | Scan::Text(text) => {
            Ok(from_slip(&text)
                .unwrap_or_else(|| Reading { keys: vec![text], ..Reading::default() }))
        }
        _ => Err(Refusal::NoCode),
    }
}

/// The trade item and the symbol that it was read from.
fn carried(code: &str) -> Option<CodeRead> {
    let item = gs1::carried_item(code)?;
    Some(CodeRead { gtin: item.gtin, carrier: item.carrier })
}

/// A label's price, if it is in the shop's currency, above nothing and in whole minor units. Goods with
/// another one are sold at the price of the shop: they lie on the counter all the same.
fn own_price(desk: &Desk<'_>, price: &gs1::ElementPrice) -> Option<Money> {
    let currency = desk.settings.currency;
    let own = price.currency.as_deref().is_none_or(|number| currency.number() == Some(number));
    let whole = price.hundredths().filter(|cents| *cents > 0 && currency.minor_digits() == 2);
    whole.filter(|_| own).map(Money::new)
}

/// The code of the item that numbered deposit slips are paid out as.
const SLIP: &str = "980";

/// A deposit slip with a number of its own. The Swedish form has amounts of two tax rates in kronor: no
/// shop here pays it out.
fn from_slip(text: &str) -> Option<Reading> {
    let slip = gs1::deposit_slip(text).filter(|_| text.starts_with(SLIP))?;
    Some(Reading {
        keys: vec![SLIP.to_owned()],
        price: Some(Money::new(slip.refund)),
        refund: true,
        slip: Some(slip.number),
        ..Reading::default()
    })
}

fn from_label(label: &gs1::InStore) -> Reading {
    let keys = vec![label.lookup.clone(), label.item.clone()];
    let reading = Reading { keys, ..Reading::default() };
    match label.kind {
        InStoreKind::Weight | InStoreKind::Count => Reading {
            quantity: Some(Quantity::new(label.value)),
            weight: label.kind == InStoreKind::Weight,
            ..reading
        },
        InStoreKind::Price => Reading { price: Some(Money::new(label.value)), ..reading },
        InStoreKind::DepositRefund => {
            Reading { price: Some(Money::new(label.value)), refund: true, ..reading }
        }
    }
}
