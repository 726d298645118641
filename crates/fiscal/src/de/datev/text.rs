//! Texts as DATEV takes them: Windows-1252, no control characters, in quotation marks.

use encoding_rs::WINDOWS_1252;
use money::Money;
use unicode_normalization::UnicodeNormalization;

/// In quotation marks, inner ones doubled, without control characters.
pub(super) fn quoted(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", clean.replace('"', "\"\""))
}

/// The first `most` characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    text.trim().chars().take(most).collect()
}

/// As a voucher's number: letters without umlauts, digits and a few signs, at most 36; anything else becomes `-`.
pub(super) fn reference(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_$&%*+-/".contains(c);
    text.nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .map(|c| if allowed(c) { c } else { '-' })
        .take(36)
        .collect()
}

/// Windows-1252. A letter that it lacks loses its accent, and becomes `?` when that does not help.
pub(super) fn windows_1252(text: &str) -> Vec<u8> {
    let (whole, _, lost) = WINDOWS_1252.encode(text);
    if !lost {
        return whole.into_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for c in text.chars() {
        let (whole, _, lost) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
        if !lost {
            bytes.extend_from_slice(&whole);
            continue;
        }
        // One that becomes a quotation mark (U+FF02) would end the field: quoting came before.
        let fits = |c: &char| c.is_ascii() && !c.is_control() && *c != '"';
        let plain = std::iter::once(c).nfkd().find(fits);
        bytes.push(plain.and_then(|c| u8::try_from(c).ok()).unwrap_or(b'?'));
    }
    bytes
}

/// Without sign, two decimals after a comma.
pub(super) fn amount(amount: Money) -> String {
    let cents = amount.minor().unsigned_abs();
    let whole = cents.checked_div(100).unwrap_or(0);
    let rest = cents.checked_rem(100).unwrap_or(0);
    format!("{whole},{rest:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_becomes_a_quotation_mark_after_quoting() {
        assert_eq!(windows_1252(&quoted("\u{ff02}\u{104}\"")), b"\"?A\"\"\"");
    }
}
