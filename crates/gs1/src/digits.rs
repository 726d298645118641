//! Check digits, and UPC-E written out as UPC-A.

/// The digits of a text as numbers, or `None` if it is empty or has anything but `0`–`9`.
pub(crate) fn values(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() {
        return None;
    }
    text.bytes().map(|b| b.is_ascii_digit().then(|| b.wrapping_sub(b'0'))).collect()
}

/// True if the text is one or more of `0`–`9`.
pub(crate) fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A whole number of at most 18 digits.
pub(crate) fn number(text: &str) -> Option<i64> {
    if !all_digits(text) || text.len() > 18 {
        return None;
    }
    text.parse().ok()
}

/// The GS1 mod-10 check digit that belongs behind `digits` (GTIN without its last digit, SSCC, GLN …).
/// `None` if `digits` is empty or not only digits. GS1 General Specifications 7.9.1.
#[must_use]
pub fn check_digit(digits: &str) -> Option<u8> {
    let sum = values(digits)?
        .iter()
        .rev()
        .zip([3_u8, 1].into_iter().cycle())
        .fold(0_u8, |sum, (digit, weight)| sum.saturating_add(digit.saturating_mul(weight)) % 10);
    Some(10_u8.saturating_sub(sum) % 10)
}

/// Splits off the last digit and tells whether it is the check digit of the rest:
/// `Ok(())`, or the digit expected; `None` if these are not at least two digits.
pub(crate) fn verify(code: &str) -> Option<Result<(), u8>> {
    let (payload, last) = code.split_at_checked(code.len().checked_sub(1)?)?;
    let last = values(last)?.first().copied()?;
    let expected = check_digit(payload)?;
    Some(if last == expected { Ok(()) } else { Err(expected) })
}

/// True for 8, 12, 13 or 14 digits of which the last is the right check digit.
#[must_use]
pub fn is_valid_gtin(code: &str) -> bool {
    matches!(code.len(), 8 | 12 | 13 | 14) && verify(code) == Some(Ok(()))
}

/// The weighting factors of the price and weight check digits, GS1 General Specifications 7.9.2:
/// the digit 0–9 gives the place in the row.
const TWO_MINUS: [u8; 10] = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
const THREE: [u8; 10] = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
const FIVE_PLUS: [u8; 10] = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
const FIVE_MINUS: [u8; 10] = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];

fn weighted_sum(digits: &str, weights: &[[u8; 10]]) -> Option<u8> {
    let digits = values(digits)?;
    if digits.len() != weights.len() {
        return None;
    }
    digits.iter().zip(weights).try_fold(0_u8, |sum, (digit, weight)| {
        Some(sum.saturating_add(*weight.get(usize::from(*digit))?) % 10)
    })
}

/// The check digit of a 4-digit price or weight field; `None` unless 4 digits.
/// GS1 General Specifications 7.9.3.
#[must_use]
pub fn field_check_4(digits: &str) -> Option<u8> {
    let sum = weighted_sum(digits, &[TWO_MINUS, TWO_MINUS, THREE, FIVE_MINUS])?;
    Some(sum.saturating_mul(3) % 10)
}

/// The check digit of a 5-digit price or weight field; `None` unless 5 digits.
/// GS1 General Specifications 7.9.4.
#[must_use]
pub fn field_check_5(digits: &str) -> Option<u8> {
    let weights = [FIVE_PLUS, TWO_MINUS, FIVE_MINUS, FIVE_PLUS, TWO_MINUS];
    let rest = 10_u8.saturating_sub(weighted_sum(digits, &weights)?) % 10;
    FIVE_MINUS
        .iter()
        .position(|product| *product == rest)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// UPC-E written out as the 12 digits of UPC-A. Takes the 6 digits of the bars, 7 (number system in
/// front) or 8 (check digit behind). `None` if it is no UPC-E: other lengths, a number system other
/// than 0 and 1, a wrong check digit, or a form that the zero suppression cannot produce.
#[must_use]
pub fn expand_upc_e(code: &str) -> Option<String> {
    if !all_digits(code) {
        return None;
    }
    let (system, body, check) = match code.len() {
        6 => ("0", code, None),
        7 => (code.get(..1)?, code.get(1..)?, None),
        8 => (code.get(..1)?, code.get(1..7)?, code.get(7..)),
        _ => return None,
    };
    if !matches!(system, "0" | "1") {
        return None;
    }
    let (ab, abc, cde) = (body.get(..2)?, body.get(..3)?, body.get(2..5)?);
    let (abcd, abcde, last) = (body.get(..4)?, body.get(..5)?, body.get(5..)?);
    // A maker number with more zeros than the rule takes away would have a shorter form.
    let payload = match last {
        "0" | "1" | "2" => format!("{system}{ab}{last}0000{cde}"),
        "3" if !matches!(abc.get(2..)?, "0" | "1" | "2") => {
            format!("{system}{abc}00000{}", body.get(3..5)?)
        }
        "4" if abcd.get(3..)? != "0" => format!("{system}{abcd}00000{}", body.get(4..5)?),
        "5" | "6" | "7" | "8" | "9" if abcde.get(4..)? != "0" => {
            format!("{system}{abcde}0000{last}")
        }
        _ => return None,
    };
    let expected = check_digit(&payload)?.to_string();
    (check.is_none_or(|check| check == expected)).then(|| payload + &expected)
}
