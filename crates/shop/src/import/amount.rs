//! Amounts and quantities written by people, read by integer arithmetic on their digits.

use serde::Serialize;
use utoipa::ToSchema;

/// The sign before the minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecimalSign {
    /// 1.234,56
    Comma,
    /// 1,234.56
    Point,
}

impl DecimalSign {
    /// The character.
    pub(super) fn sign(self) -> char {
        match self {
            DecimalSign::Comma => ',',
            DecimalSign::Point => '.',
        }
    }

    fn other(self) -> char {
        match self {
            DecimalSign::Comma => '.',
            DecimalSign::Point => ',',
        }
    }
}

const CURRENCY_SIGNS: [&str; 7] = ["EUR", "Euro", "€", "CHF", "SFr.", "Fr.", "$"];

/// Without blanks and currency signs around it.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    for sign in CURRENCY_SIGNS {
        text = text.strip_prefix(sign).unwrap_or(text).trim_start();
        text = text.strip_suffix(sign).unwrap_or(text).trim_end();
    }
    text
}

/// Reads `1.234,56` as 123,456 with two digits. Thousands may be set apart by the other sign, a blank or
/// an apostrophe, in groups of three only. More decimals than `digits` are accepted when they are zeros.
/// `None`: not a number like that, or outside `i64`.
pub(super) fn parse_decimal(text: &str, sign: DecimalSign, digits: u8) -> Option<i64> {
    let text = bare(text);
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, bare(rest)),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = text.split_once(sign.sign()).unwrap_or((text, ""));
    if text.ends_with(sign.sign()) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    // "5,–" and "5.-" are prices as shops write them.
    let fraction = if matches!(fraction, "-" | "--" | "–" | "—") { "" } else { fraction };
    let mut value = whole_part(whole, sign)?;
    let (kept, rest) = match fraction.split_at_checked(usize::from(digits)) {
        Some(parts) => parts,
        None => (fraction, ""),
    };
    if !rest.bytes().all(|b| b == b'0') {
        return None;
    }
    let padding = usize::from(digits).checked_sub(kept.len())?;
    for digit in kept.bytes().chain(std::iter::repeat_n(b'0', padding)) {
        value = push(value, digit)?;
    }
    Some(if negative { 0_i64.saturating_sub(value) } else { value })
}

fn push(value: i64, digit: u8) -> Option<i64> {
    if !digit.is_ascii_digit() {
        return None;
    }
    value.checked_mul(10)?.checked_add(i64::from(digit.wrapping_sub(b'0')))
}

/// The digits before the decimal sign: plain, or in groups of three.
fn whole_part(text: &str, sign: DecimalSign) -> Option<i64> {
    let marks = [sign.other(), ' ', '\u{A0}', '\u{202F}', '\u{2009}', '\'', '\u{2019}'];
    let mark = text.chars().find(|c| marks.contains(c));
    let mut value = 0_i64;
    for (index, group) in text.split(|c| Some(c) == mark).enumerate() {
        let right_length = match (mark, index) {
            (None, _) => true,
            (Some(_), 0) => matches!(group.len(), 1..=3),
            (Some(_), _) => group.len() == 3,
        };
        if !right_length {
            return None;
        }
        for digit in group.bytes() {
            value = push(value, digit)?;
        }
    }
    Some(value)
}

/// Counts what speaks for comma and what for point.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SignVotes {
    comma: u32,
    point: u32,
}

impl SignVotes {
    /// Looks at one amount.
    pub(super) fn take(&mut self, text: &str) {
        let text = bare(text);
        let (comma, point) = (text.rfind(','), text.rfind('.'));
        let last = match (comma, point) {
            (Some(comma), Some(point)) if comma > point => DecimalSign::Comma,
            (Some(_), Some(_)) => DecimalSign::Point,
            (Some(at), None) => match single(text, ',', at) {
                Some(true) => DecimalSign::Comma,
                Some(false) => DecimalSign::Point,
                None => return,
            },
            (None, Some(at)) => match single(text, '.', at) {
                Some(true) => DecimalSign::Point,
                Some(false) => DecimalSign::Comma,
                None => return,
            },
            (None, None) => return,
        };
        match last {
            DecimalSign::Comma => self.comma = self.comma.saturating_add(1),
            DecimalSign::Point => self.point = self.point.saturating_add(1),
        }
    }

    /// The majority; `otherwise` when there is none.
    pub(super) fn verdict(self, otherwise: DecimalSign) -> DecimalSign {
        match self.comma.cmp(&self.point) {
            std::cmp::Ordering::Greater => DecimalSign::Comma,
            std::cmp::Ordering::Less => DecimalSign::Point,
            std::cmp::Ordering::Equal => otherwise,
        }
    }
}

/// Only one kind of sign in the text: true when it must be the decimal sign, false when it can only set
/// thousands apart (it stands twice), `None` when both can be (1.234).
fn single(text: &str, sign: char, last: usize) -> Option<bool> {
    if text.find(sign) != Some(last) {
        return Some(false);
    }
    let behind = text.get(last.saturating_add(1)..)?;
    if behind.len() == 3 && last <= 3 && last > 0 { None } else { Some(true) }
}

/// Writes minor units with a decimal sign and no thousands: 123,456 with two digits is `1234,56`.
pub(super) fn write_decimal(value: i64, sign: DecimalSign, digits: u8) -> String {
    let magnitude = value.unsigned_abs().to_string();
    let width = usize::from(digits).saturating_add(1);
    let padded = format!("{magnitude:0>width$}");
    let minus = if value < 0 { "-" } else { "" };
    match padded.split_at_checked(padded.len().saturating_sub(usize::from(digits))) {
        Some((whole, fraction)) if !fraction.is_empty() => {
            format!("{minus}{whole}{}{fraction}", sign.sign())
        }
        _ => format!("{minus}{padded}"),
    }
}
