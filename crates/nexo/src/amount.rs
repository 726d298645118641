//! Amounts: decimal fractions of major units on the wire (`10.99`), whole minor units elsewhere.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Longest number that is read, characters.
const LONGEST: usize = 40;
/// Most digits of a minor unit that any currency has, with room.
const MOST_DIGITS: u8 = 6;

/// Why a number is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an amount in whole minor units")]
pub struct NotAnAmount;

/// A number as it stands in a message, unread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    /// Writes so many minor units of a currency with so many digits behind the point.
    ///
    /// # Errors
    /// Below zero, or more digits than any currency has.
    pub fn of_minor(amount: i64, digits: u8) -> Result<Self, NotAnAmount> {
        if amount < 0 || digits > MOST_DIGITS {
            return Err(NotAnAmount);
        }
        if digits == 0 {
            return Ok(Self(amount.to_string()));
        }
        let places = usize::from(digits);
        let all = format!("{amount:0>width$}", width = places.saturating_add(1));
        let (whole, part) =
            all.split_at_checked(all.len().saturating_sub(places)).ok_or(NotAnAmount)?;
        Ok(Self(format!("{whole}.{part}")))
    }

    /// Reads it as minor units of a currency with so many digits behind the point. Exponents are read, for
    /// some write them (`1.0E7`).
    ///
    /// # Errors
    /// Below zero, finer than a minor unit, too large, or no number.
    pub fn minor(&self, digits: u8) -> Result<i64, NotAnAmount> {
        read(&self.0, digits).ok_or(NotAnAmount)
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Digits behind the point of a currency (ISO 4217) whose minor units are not hundredths.
const OTHER_DIGITS: [(&str, u8); 24] = [
    ("BHD", 3),
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("UYI", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
];

/// How many digits a currency has behind the point.
#[must_use]
pub fn digits_of(currency: &str) -> u8 {
    let other = OTHER_DIGITS.iter().find(|(code, _)| *code == currency);
    other.map_or(2, |(_, digits)| *digits)
}

fn read(text: &str, digits: u8) -> Option<i64> {
    if text.len() > LONGEST || digits > MOST_DIGITS {
        return None;
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        None => (text, 0),
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
    };
    let (whole, part) = match mantissa.split_once('.') {
        None => (mantissa, ""),
        Some((_, "")) => return None,
        Some((whole, part)) => (whole, part),
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(part) {
        return None;
    }
    let all = format!("{whole}{part}");
    // Digits that say something; the rest are places.
    let kept = all.trim_end_matches('0');
    let mantissa = kept.trim_start_matches('0');
    if mantissa.is_empty() {
        return Some(0);
    }
    let dropped = i32::try_from(all.len().checked_sub(kept.len())?).ok()?;
    let behind = i32::try_from(part.len()).ok()?;
    let places =
        exponent.checked_add(i32::from(digits))?.checked_add(dropped)?.checked_sub(behind)?;
    let power = 10_i64.checked_pow(u32::try_from(places).ok()?)?;
    mantissa.parse::<i64>().ok()?.checked_mul(power)
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.clone()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        let is_number =
            text.bytes().next().is_some_and(|byte| byte == b'-' || byte.is_ascii_digit());
        if !is_number || text.len() > LONGEST {
            return Err(serde::de::Error::custom("not a number of reasonable length"));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(text: &str, digits: u8) -> Option<i64> {
        read(text, digits)
    }

    #[test]
    fn amounts_are_written_with_the_digits_of_their_currency() {
        let written = |amount, digits| Decimal::of_minor(amount, digits).map(|d| d.0);
        for (amount, digits, text) in [
            (1_099, 2, "10.99"),
            (5, 2, "0.05"),
            (0, 2, "0.00"),
            (500, 0, "500"),
            (1_234, 3, "1.234"),
            (1, 3, "0.001"),
            (i64::MAX, 2, "92233720368547758.07"),
        ] {
            assert_eq!(written(amount, digits).as_deref(), Ok(text));
        }
        assert_eq!(written(-1, 2), Err(NotAnAmount));
        assert_eq!(written(1, 7), Err(NotAnAmount));
    }

    #[test]
    fn amounts_are_read_in_every_way_that_numbers_are_written() {
        for (text, digits, amount) in [
            ("10.99", 2, 1_099),
            ("10.9", 2, 1_090),
            ("10", 2, 1_000),
            ("10.990", 2, 1_099),
            ("0.1", 2, 10),
            ("0", 2, 0),
            ("0.000", 2, 0),
            ("1.0E7", 2, 1_000_000_000),
            ("1.099e1", 2, 1_099),
            ("1099e-2", 2, 1_099),
            ("1.5e+1", 0, 15),
            ("92233720368547758.07", 2, i64::MAX),
            ("500", 0, 500),
            ("1.234", 3, 1_234),
        ] {
            assert_eq!(minor(text, digits), Some(amount), "{text}");
        }
    }

    #[test]
    fn currencies_have_their_own_digits() {
        let digits = ["EUR", "CHF", "JPY", "KWD", "???"].map(digits_of);
        assert_eq!(digits, [2, 2, 0, 3, 2]);
        assert!(OTHER_DIGITS.is_sorted());
    }

    #[test]
    fn what_is_no_amount_is_not_rounded_to_one() {
        for (text, digits) in [
            ("10.999", 2),
            ("-1", 2),
            ("0.5", 0),
            ("92233720368547758.08", 2),
            ("1e30", 2),
            ("1e-3", 2),
            ("1e99999999999", 2),
            ("", 2),
            (".5", 2),
            ("1.", 2),
            ("NaN", 2),
            ("1,5", 2),
            ("1.0e", 2),
            ("0000000000000000000000000000000000000000001", 2),
        ] {
            assert_eq!(minor(text, digits), None, "{text}");
        }
    }
}
