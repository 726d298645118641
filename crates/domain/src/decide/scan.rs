//! What a scanned or typed code leads to.

use gs1::{InStoreKind, Scan, ScanError};
use money::{Money, Quantity};

use super::desk::Desk;
use super::limits;
use super::sell::{Chosen, sell_item};
use crate::amount::Amount;
use crate::catalogue::{Item, Unit};
use crate::event::Event;
use crate::facts::Stop;
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
    /// Use-by date (year, month, day).
    expiry: Option<(u16, u8, u8)>,
}

pub(super) fn scan(
    desk: Desk<'_>,
    code: &str,
    quantity: Option<Quantity>,
    price: Option<Amount>,
) -> Result<Vec<Event>, Stop> {
    let Some((item, found)) = find(&desk, code)? else {
        let scanned = code.trim().chars().filter(|c| limits::clean_char(*c)).collect();
        return Err(Refusal::UnknownCode { scanned }.into());
    };
    let price = price.map(|p| desk.own(p)).transpose()?;
    let quantity = found.quantity.or(quantity);
    sell_item(desk, &item, Chosen { quantity, price, ..found })
}

/// The item that a code leads to, and what the code says about the goods; none when the catalogue
/// does not know it.
pub(super) fn find(desk: &Desk<'_>, code: &str) -> Result<Option<(Item, Chosen)>, Stop> {
    let code = code.trim();
    if code.chars().count() > 400 {
        return Err(Refusal::NoCode.into());
    }
    let reading = match read(desk, code) {
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
    if let Some((year, month, day)) = reading.expiry {
        let today = desk.local.date();
        let until = (i32::from(year), month, day);
        let now = (
            i32::from(today.year()),
            u8::try_from(today.month()).unwrap_or(1),
            u8::try_from(today.day()).unwrap_or(1),
        );
        if until < now {
            return Err(Refusal::Expired { name: item.draft.name }.into());
        }
    }
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
        weighed_at: None,
        weighing: None,
    };
    Ok(Some((item, chosen)))
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
            Ok(Reading { keys: gtin.lookup_keys(), ..Reading::default() })
        }
        Scan::Elements(elements) => Ok(Reading {
            keys: elements.gtin().map(|g| g.lookup_keys()).unwrap_or_default(),
            quantity: elements.weight_grams().map(Quantity::new),
            weight: true,
            price: elements.price().and_then(|price| own_price(desk, &price)),
            measured_only: true,
            refund: false,
            slip: None,
            expiry: elements
                .expiry()
                .map(|d| d.resolve(u16::try_from(desk.local.year()).unwrap_or(2000))),
        }),
        Scan::Url(text) | Scan::Text(text) => {
            Ok(from_slip(&text)
                .unwrap_or_else(|| Reading { keys: vec![text], ..Reading::default() }))
        }
        _ => Err(Refusal::NoCode),
    }
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
