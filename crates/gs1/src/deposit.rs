//! Slips of reverse vending machines with a number of their own (TOMRA; the older EAN-13 slips with
//! prefix 21 are in-store codes, see [`crate::default_rules_de`]). CODE-128 or ITF, plain digits, so
//! that [`crate::parse_scan`] gives them as text. Source: Hii Retail, "Tomra".

use crate::digits::{all_digits, number};

/// A deposit slip. The whole number is unique per slip: store it, refuse it the second time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepositSlip {
    /// The number that makes the slip unique.
    pub number: String,
    /// Refund in hundredths of the currency; on the Swedish form, for goods of the high tax rate.
    pub refund: i64,
    /// Refund for goods of the low tax rate, in hundredths; 0 but on the Swedish form.
    pub refund_low_tax: i64,
}

/// Reads the 28 digits `980` + session 17 + amount 5 (two decimals) + control 3, or the 26 digits of
/// the Swedish form `98` + shop 6 + id 1 + machine 1 + year 1 + day 3 + high 4 + low 4 + serial 4
/// (tenths of a krona). `None` for anything else. The rule of the control digits is not published,
/// so a misread digit is not noticed here.
#[must_use]
pub fn deposit_slip(code: &str) -> Option<DepositSlip> {
    if !all_digits(code) {
        return None;
    }
    let amount =
        |range: std::ops::Range<usize>, scale: i64| number(code.get(range)?)?.checked_mul(scale);
    let (refund, refund_low_tax) = match code.len() {
        28 if code.starts_with("980") => (amount(20..25, 1)?, 0),
        26 if code.starts_with("98") => (amount(14..18, 10)?, amount(18..22, 10)?),
        _ => return None,
    };
    Some(DepositSlip { number: code.to_owned(), refund, refund_low_tax })
}
