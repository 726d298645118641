//! Tax keys of DSFinV-K (UST_SCHLUESSEL): what they are called, and where among the five signed amounts each belongs. Signer
//! and checker ask here alone. Source: DSFinV-K 2.4, Anlage 2 and Anhang I.

use super::tse::TaxSlot;

/// Keys that a till may have, from which on they are the shop's own.
pub const OWN: u32 = 1_000;

/// The place of a key, by the rate it was taxed at (hundredths of a percent). A key of the form goes by itself, one of earlier
/// years (11 to 999) by its last digit, one of the shop's own making by its rate. None for what no till may have: reserved
/// keys, and own ones at a rate that German law does not know.
pub const fn slot(key: u32, rate: u32) -> Option<TaxSlot> {
    let original = match key {
        1..=7 => key,
        11..=999 => key % 10,
        OWN.. => return slot_of_rate(rate),
        _ => return None,
    };
    match original {
        1 => Some(TaxSlot::General),
        2 => Some(TaxSlot::Reduced),
        3 => Some(TaxSlot::Average),
        4 => Some(TaxSlot::AverageOther),
        5..=7 => Some(TaxSlot::Zero),
        _ => None,
    }
}

/// Where the key of the form with this rate is; 16 and 5 % were those of the second half of 2020.
const fn slot_of_rate(rate: u32) -> Option<TaxSlot> {
    match rate {
        1_900 | 1_600 => Some(TaxSlot::General),
        700 | 500 => Some(TaxSlot::Reduced),
        1_070 | 950 | 900 | 840 | 780 => Some(TaxSlot::Average),
        550 => Some(TaxSlot::AverageOther),
        0 => Some(TaxSlot::Zero),
        _ => None,
    }
}

/// What a key of the form is called; none for one that has no name there.
pub const fn name(key: u32) -> Option<&'static str> {
    match key {
        1 => Some("Allgemeiner Steuersatz (§ 12 Abs. 1 UStG)"),
        2 => Some("Ermäßigter Steuersatz (§ 12 Abs. 2 UStG)"),
        3 => Some("Durchschnittssatz (§ 24 Abs. 1 Nr. 3 UStG)"),
        4 => Some("Durchschnittssatz (§ 24 Abs. 1 Nr. 1 UStG)"),
        5 => Some("Nicht steuerbar"),
        6 => Some("Umsatzsteuerfrei"),
        7 => Some("Umsatzsteuer nicht ermittelbar"),
        11..=999 => Some("Früherer Steuersatz"),
        _ => None,
    }
}
