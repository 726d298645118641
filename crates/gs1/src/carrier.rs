//! What carries a code: enough to tell two symbols on one pack from one symbol read twice.

use serde::{Deserialize, Serialize};

use crate::scan::{Scan, parse_scan};

/// A family of symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carrier {
    /// EAN, UPC, ITF-14: bars with nothing but the number.
    Bars,
    /// GS1-128.
    Code128,
    /// DataBar.
    DataBar,
    /// DataMatrix.
    DataMatrix,
    /// QR, also one with a Digital Link.
    Qr,
    /// DotCode.
    DotCode,
    /// An element string or a Digital Link whose symbol the scanner did not name.
    Unnamed,
}

/// A trade item read from a symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedItem {
    /// Its GTIN in 14 digits.
    pub gtin: String,
    /// What it was read from.
    pub carrier: Carrier,
}

/// The trade item in a scan and what carried it. `None` where there is none.
#[must_use]
pub fn carried_item(raw: &str) -> Option<CarriedItem> {
    let named = raw.trim_start().strip_prefix(']').and_then(|rest| rest.chars().next());
    let (gtin, unnamed) = match parse_scan(raw).ok()? {
        Scan::Gtin(gtin) => (gtin, Carrier::Bars),
        Scan::Elements(elements) => (elements.gtin()?, Carrier::Unnamed),
        Scan::Url(_) | Scan::Text(_) => return None,
    };
    let carrier = match named {
        Some('E' | 'I') => Carrier::Bars,
        Some('C') => Carrier::Code128,
        Some('e') => Carrier::DataBar,
        Some('d') => Carrier::DataMatrix,
        Some('Q') => Carrier::Qr,
        Some('J') => Carrier::DotCode,
        _ => unnamed,
    };
    Some(CarriedItem { gtin: gtin.as_14().to_owned(), carrier })
}

/// True where two reads are one pack seen twice by an imager: the same GTIN, once from its bars and once
/// from another symbol. Two reads of one symbol are two packs.
#[must_use]
pub fn two_symbols_of_one_pack(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (carried_item(one), carried_item(other)) else { return false };
    one.gtin == other.gtin && (one.carrier == Carrier::Bars) != (other.carrier == Carrier::Bars)
}
