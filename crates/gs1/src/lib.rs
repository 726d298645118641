//! What a scan means: the text of a scanner in, a GTIN, GS1 elements, a URL or a shop's own code out.
//!
//! Pure: no I/O, no clock, no float, and no panic on any input. Nothing here knows items or prices;
//! it only reads codes. Sources of the rules: GS1 General Specifications (check digits 7.9, dates
//! 7.12), the GS1 Syntax Dictionary (AI table), GS1 Digital Link, ISO/IEC 15424 (AIM identifiers),
//! GS1 Germany for in-store codes and the press code.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::float_arithmetic,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::panic
    )
)]

mod ai_table;
mod associations;
mod card;
mod carrier;
mod coupon;
mod deposit;
mod digits;
mod element;
mod error;
mod gtin;
mod in_store;
mod link;
mod press;
mod scan;
mod value;
mod wire;

pub use ai_table::{AI_TABLE, Ai, find_ai};
pub use card::{holds_card_number, holds_stripe, luhn};
pub use carrier::{CarriedItem, Carrier, carried_item, two_symbols_of_one_pack};
pub use coupon::{Coupon, CouponKind, coupon};
pub use deposit::{DepositSlip, deposit_slip};
pub use digits::{check_digit, expand_upc_e, field_check_4, field_check_5, is_valid_gtin};
pub use element::{Element, ElementPrice, Elements, ShortDate};
pub use error::ScanError;
pub use gtin::{Gtin, GtinKind};
pub use in_store::{
    InStore, InStoreKind, InStoreRule, InnerCheck, RuleError, default_rules_de, match_in_store,
};
pub use press::{Press, Publication, press, publication};
pub use scan::{MAX_CODE_CHARS, MAX_SCAN_BYTES, Scan, parse_scan};

pub use wire::{HidFault, HidScans, SerialScans, hid_reports};

/// Runs every reader of the crate over `data`: a fuzz target that also runs seeded in the tests.
/// Its only claim is that it returns.
pub fn fuzz_entry(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let rules = default_rules_de();
    let _ = (check_digit(&text), field_check_4(&text), field_check_5(&text), expand_upc_e(&text));
    let _ = (match_in_store(&text, &rules), press(&text), publication(&text), deposit_slip(&text));
    let _ = (Elements::parse(&text), Elements::parse_bracketed(&text), Elements::parse_link(&text));
    let _ = (holds_stripe(&text), holds_card_number(&text));
    let (mut serial, mut hid) = (SerialScans::default(), HidScans::default());
    let _ = (serial.feed(data), serial.pause());
    for report in data.chunks(64) {
        let _ = hid.feed(report);
    }
    let _ = (carried_item(&text), two_symbols_of_one_pack(&text, &text));
    let _ = parse_scan(&text).ok().as_ref().and_then(coupon);
    match parse_scan(&text) {
        Ok(Scan::Gtin(gtin)) => {
            let _ = (gtin.lookup_keys(), gtin.shortest().len(), gtin.add_on().is_some());
            if let Some(code) = gtin.as_13() {
                let _ = (match_in_store(code, &rules), press(code), publication(code));
            }
        }
        Ok(Scan::Elements(elements)) => {
            let _ = (elements.gtin(), elements.weight_grams(), elements.count());
            let _ = (elements.best_before(), elements.lot(), elements.serial());
            let _ = elements.price().map(|price| price.hundredths());
            let _ = elements.expiry().map(|date| date.resolve(2026));
            let _ = (elements.check_associations(), elements.to_element_string());
        }
        Ok(Scan::Url(_) | Scan::Text(_)) | Err(_) => {}
    }
}
