//! Amounts as text. The only arithmetic is splitting digits.

use crate::Language;

/// The minus sign of documents; the text renderer writes `-` for it.
pub(crate) const MINUS: char = '\u{2212}';

/// `129900` with 2 digits: `1.299,00` in German, `1,299.00` in English. Negative amounts begin with `−` (U+2212).
#[must_use]
pub fn format_amount(minor: i64, minor_digits: u8, language: Language) -> String {
    let digits = usize::from(minor_digits.min(9));
    let (group, point) = match language {
        Language::De => ('.', ','),
        Language::En => (',', '.'),
    };
    let all = format!("{:0>width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, part) = all.split_at(all.len() - digits);
    let mut out = String::new();
    if minor < 0 {
        out.push(MINUS);
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if digits > 0 {
        out.push(point);
        out.push_str(part);
    }
    out
}
