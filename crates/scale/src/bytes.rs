//! Digits in and out.

/// Start of a text.
pub(crate) const STX: u8 = 0x02;
/// End of a text.
pub(crate) const ETX: u8 = 0x03;
/// End of transmission: begins every exchange, and acknowledges.
pub(crate) const EOT: u8 = 0x04;
/// Enquiry: asks for the weighing.
pub(crate) const ENQ: u8 = 0x05;
/// Acknowledged.
pub(crate) const ACK: u8 = 0x06;
/// Not acknowledged.
pub(crate) const NAK: u8 = 0x15;
/// Parts fields.
pub(crate) const ESC: u8 = 0x1B;
/// Ends a line.
pub(crate) const CR: u8 = 0x0D;
/// Ends a line.
pub(crate) const LF: u8 = 0x0A;

/// A number out of digits alone; none for anything else, or nothing, or more than nine digits.
pub(crate) fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    digits.iter().try_fold(0_u32, |sum, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        sum.checked_mul(10)?.checked_add(u32::from(digit))
    })
}

/// Whether a decimal number stands for kilograms or grams.
#[derive(Clone, Copy)]
pub(crate) enum In {
    Kilograms,
    Grams,
}

/// What a decimal weight comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Whole grams.
    Grams(u32),
    /// It has a part of a gram.
    Finer,
}

/// A decimal number as grams, digit by digit; none for what is no such number.
pub(crate) fn grams(text: &[u8], unit: In) -> Option<Weight> {
    let mut parts = text.split(|byte| *byte == b'.');
    let whole = number(parts.next()?)?;
    let fraction = parts.next().unwrap_or_default();
    if parts.next().is_some() || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let (kept, scale): (usize, u32) = match unit {
        In::Kilograms => (3, 1_000),
        In::Grams => (0, 1),
    };
    let mut sum = whole.checked_mul(scale)?;
    let mut place = scale;
    for digit in fraction.iter().take(kept) {
        place = place.checked_div(10)?;
        let value = u32::from(digit.checked_sub(b'0')?).checked_mul(place)?;
        sum = sum.checked_add(value)?;
    }
    let finer = fraction.iter().skip(kept).any(|digit| *digit != b'0');
    Some(if finer { Weight::Finer } else { Weight::Grams(sum) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_weights_become_grams_without_a_float() {
        let kg = |text: &str| grams(text.as_bytes(), In::Kilograms);
        let g = |text: &str| grams(text.as_bytes(), In::Grams);
        assert_eq!(kg("01.250"), Some(Weight::Grams(1_250)));
        assert_eq!(kg("1.25"), Some(Weight::Grams(1_250)));
        assert_eq!(kg("3"), Some(Weight::Grams(3_000)));
        assert_eq!(kg("0.0005"), Some(Weight::Finer));
        assert_eq!(g("100.00"), Some(Weight::Grams(100)));
        assert_eq!(g("100.37"), Some(Weight::Finer));
        for bad in ["", ".", "1.2.3", "-1", "1,5", "4294968", "99999999999"] {
            assert_eq!(kg(bad), None, "{bad}");
        }
    }
}
