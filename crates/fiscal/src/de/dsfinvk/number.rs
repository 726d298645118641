//! The numbers of the form: integers with a fixed number of decimals, written with a comma and never grouped.
//! Not for signed data, which writes a point: the two are kept apart on purpose.

/// Money in hundred-thousandths of the currency's unit: 1.00 EUR is 100,000. The form's tables hold up to five decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i64);

impl Amount {
    /// The decimals it is counted in.
    pub const DECIMALS: u8 = 5;
    /// Nothing.
    pub const ZERO: Amount = Amount(0);

    /// So many hundred-thousandths.
    pub const fn new(hundred_thousandths: i64) -> Amount {
        Amount(hundred_thousandths)
    }

    /// So many cents; what does not fit stays at the largest amount.
    pub const fn from_cents(cents: i64) -> Amount {
        Amount(cents.saturating_mul(1_000))
    }

    /// The hundred-thousandths.
    pub const fn hundred_thousandths(self) -> i64 {
        self.0
    }

    /// Both together; what does not fit stays at the largest amount.
    #[must_use]
    pub const fn plus(self, other: Amount) -> Amount {
        Amount(self.0.saturating_add(other.0))
    }

    /// This without the other; what does not fit stays at the largest amount.
    #[must_use]
    pub const fn minus(self, other: Amount) -> Amount {
        Amount(self.0.saturating_sub(other.0))
    }
}

/// A quantity in thousandths of its unit: two pieces are 2,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(i64);

impl Quantity {
    /// The decimals it is counted in.
    pub const DECIMALS: u8 = 3;
    /// One piece.
    pub const ONE: Quantity = Quantity(1_000);

    /// So many thousandths.
    pub const fn new(thousandths: i64) -> Quantity {
        Quantity(thousandths)
    }

    /// The thousandths.
    pub const fn thousandths(self) -> i64 {
        self.0
    }
}

/// A tax rate in hundredths of a percent: 1,900 is 19 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(u32);

impl Rate {
    /// So many hundredths of a percent.
    pub const fn new(hundredths: u32) -> Rate {
        Rate(hundredths)
    }

    /// The hundredths of a percent.
    pub const fn hundredths(self) -> u32 {
        self.0
    }
}

/// Ten to the power of a few decimals.
pub(super) const fn power_of_ten(decimals: u8) -> i64 {
    10_i64.saturating_pow(decimals_u32(decimals))
}

const fn decimals_u32(decimals: u8) -> u32 {
    match decimals {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 3,
        4 => 4,
        _ => 5,
    }
}

/// A number that is counted in `counted` decimals, with `written` decimals; nothing when that would lose something.
pub(super) fn rescaled(value: i64, counted: u8, written: u8) -> Option<i64> {
    if written >= counted {
        return value.checked_mul(power_of_ten(written.saturating_sub(counted)));
    }
    let divisor = power_of_ten(counted.saturating_sub(written));
    (value.checked_rem(divisor)? == 0).then(|| value.checked_div(divisor)).flatten()
}

/// Writes a number that is counted in `decimals`, all of them: `-12,50`.
pub(super) fn write(out: &mut Vec<u8>, value: i64, decimals: u8) {
    if value < 0 {
        out.push(b'-');
    }
    let mut rest = value.unsigned_abs();
    // 20 digits of the largest number, one comma.
    let mut digits = [b'0'; 24];
    let mut start = digits.len();
    let mut written: u8 = 0;
    loop {
        if written == decimals && decimals > 0 {
            start = start.saturating_sub(1);
            set(&mut digits, start, b',');
        }
        let digit = u8::try_from(rest % 10).unwrap_or_default();
        start = start.saturating_sub(1);
        set(&mut digits, start, b'0'.saturating_add(digit));
        rest /= 10;
        written = written.saturating_add(1);
        if rest == 0 && written > decimals {
            break;
        }
    }
    out.extend_from_slice(digits.get(start..).unwrap_or_default());
}

fn set(digits: &mut [u8], at: usize, digit: u8) {
    if let Some(place) = digits.get_mut(at) {
        *place = digit;
    }
}

/// Reads a number with up to `decimals` decimals, as counted in all of them. Nothing for anything else: a point,
/// grouped digits, a sign alone, more decimals, more than fits.
pub(super) fn read(text: &str, decimals: u8) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once(',').unwrap_or((digits, ""));
    let has_comma = whole.len() != digits.len();
    let wrong_part = part.len() > usize::from(decimals) || (has_comma && part.is_empty());
    if whole.is_empty() || wrong_part {
        return None;
    }
    let mut value: i64 = 0;
    for byte in whole.bytes().chain(part.bytes()) {
        let digit = byte.is_ascii_digit().then(|| byte.saturating_sub(b'0'))?;
        value = value.checked_mul(10)?.checked_add(i64::from(digit))?;
    }
    let missing = decimals.saturating_sub(u8::try_from(part.len()).ok()?);
    let value = value.checked_mul(power_of_ten(missing))?;
    Some(if negative { value.saturating_neg() } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: i64, decimals: u8) -> String {
        let mut out = Vec::new();
        write(&mut out, value, decimals);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_written_with_all_their_decimals_and_read_back() {
        for (value, decimals, text) in [
            (0, 0, "0"),
            (0, 2, "0,00"),
            (5, 2, "0,05"),
            (-5, 5, "-0,00005"),
            (1_234_567, 2, "12345,67"),
            (-100_000, 5, "-1,00000"),
            (12, 0, "12"),
            (i64::MAX, 5, "92233720368547,75807"),
        ] {
            assert_eq!(written(value, decimals), text);
            assert_eq!(read(text, decimals), Some(value), "{text}");
        }
        assert_eq!(written(i64::MIN, 5), "-92233720368547,75808");
    }

    #[test]
    fn what_is_no_number_of_the_form_is_not_read() {
        for text in ["", "-", ",5", "1,", "1.50", "1.000,00", "1,234", "+1", " 1", "1e3", "--1"] {
            assert_eq!(read(text, 2), None, "{text}");
        }
        assert_eq!(read("1,0", 0), None);
        assert_eq!(read("1,5", 2), Some(150));
        assert_eq!(read("99999999999999999999", 2), None);
    }

    #[test]
    fn fewer_decimals_are_written_only_when_nothing_is_lost() {
        assert_eq!(rescaled(105_000, 5, 2), Some(105));
        assert_eq!(rescaled(105_001, 5, 2), None);
        assert_eq!(rescaled(2_000, 3, 5), Some(200_000));
    }
}
