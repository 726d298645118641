//! Newspapers, magazines and books.

use crate::digits::{is_valid_gtin, number};

/// A German press code: title and price are in the code, so it sells without an item on file.
/// Its price is fixed by the publisher. Layout: `41x TTTTT PPPP K`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// The five digits of the title number (VDZ), for returns.
    pub title: String,
    /// Gross price in euro cents, 0–9999.
    pub price_minor: i64,
    /// True for the reduced VAT rate (419, 439), false for the full one (414, 434).
    pub reduced_tax: bool,
    /// True for 434 and 439, the twins with an age limit. That they mean it is inferred, not sourced.
    pub age_restricted: bool,
}

/// Reads a German press code. `None`: not 13 digits with a right check digit, or another prefix.
#[must_use]
pub fn press(gtin13: &str) -> Option<Press> {
    if gtin13.len() != 13 || !is_valid_gtin(gtin13) {
        return None;
    }
    let (reduced_tax, age_restricted) = match gtin13.get(..3)? {
        "414" => (false, false),
        "419" => (true, false),
        "434" => (false, true),
        "439" => (true, true),
        _ => return None,
    };
    Some(Press {
        title: gtin13.get(3..8)?.to_owned(),
        price_minor: number(gtin13.get(8..12)?)?,
        reduced_tax,
        age_restricted,
    })
}

/// A book, a score or a periodical by its international number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publication {
    /// Book. German books have a fixed price.
    Isbn {
        /// The number of 10 characters; only 978 has one.
        isbn10: Option<String>,
    },
    /// Printed music (979-0).
    Ismn,
    /// Periodical (977).
    Issn {
        /// With hyphen and check character, as `1234-5679`.
        issn: String,
        /// The two digits behind it: price or issue variant.
        variant: String,
    },
}

/// Recognises ISBN, ISMN and ISSN in an EAN-13 with a right check digit.
#[must_use]
pub fn publication(gtin13: &str) -> Option<Publication> {
    if gtin13.len() != 13 || !is_valid_gtin(gtin13) {
        return None;
    }
    match gtin13.get(..3)? {
        "978" => {
            let body = gtin13.get(3..12)?;
            let isbn10 = check_mod_11(body).map(|check| format!("{body}{check}"));
            Some(Publication::Isbn { isbn10 })
        }
        "979" if gtin13.get(3..4)? == "0" => Some(Publication::Ismn),
        "979" => Some(Publication::Isbn { isbn10: None }),
        "977" => {
            let (front, back) = (gtin13.get(3..7)?, gtin13.get(7..10)?);
            let check = check_mod_11(gtin13.get(3..10)?)?;
            let variant = gtin13.get(10..12)?.to_owned();
            Some(Publication::Issn { issn: format!("{front}-{back}{check}"), variant })
        }
        _ => None,
    }
}

/// The check character of ISBN-10 and ISSN: weights 2, 3, 4 … from the right, mod 11, 10 is `X`.
fn check_mod_11(digits: &str) -> Option<char> {
    let sum = digits.chars().rev().zip(2_u32..).try_fold(0_u32, |sum, (digit, weight)| {
        Some(sum.saturating_add(digit.to_digit(10)?.saturating_mul(weight)))
    })?;
    match 11_u32.saturating_sub(sum % 11) % 11 {
        10 => Some('X'),
        check => char::from_digit(check, 10),
    }
}
