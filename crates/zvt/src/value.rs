//! The values that packets carry, each a type of its own: a receipt number is no trace number.

use std::fmt;

use thiserror::Error;

use crate::bcd;

/// A value that its field cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the value does not fit the field for {0}")]
pub struct OutOfRange(pub &'static str);

/// An amount of money, gross, minor units, 0 to 999,999,999,999 (twelve digits).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Amount(i64);

impl Amount {
    /// The largest amount, minor units.
    pub const MAX: i64 = 999_999_999_999;

    /// Errs below zero and above [`Self::MAX`].
    pub fn new(minor_units: i64) -> Result<Self, OutOfRange> {
        let fits = (0..=Self::MAX).contains(&minor_units);
        fits.then_some(Self(minor_units)).ok_or(OutOfRange("amount"))
    }

    /// Minor units.
    pub const fn minor_units(self) -> i64 {
        self.0
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        i64::try_from(bcd::decode(bytes)?).ok().and_then(|value| Self::new(value).ok())
    }

    pub(crate) fn write(self) -> [u8; 6] {
        u64::try_from(self.0).ok().and_then(bcd::encode).unwrap_or_default()
    }
}

/// Numbers of a fixed count of digits.
macro_rules! digits {
    ($(#[$doc:meta])* $name:ident($int:ty), $bytes:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($int);

        impl $name {
            /// Errs when the number has more digits than the field.
            pub fn new(number: $int) -> Result<Self, OutOfRange> {
                (number <= $max).then_some(Self(number)).ok_or(OutOfRange(stringify!($name)))
            }

            /// The number.
            pub const fn get(self) -> $int {
                self.0
            }

            pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
                <$int>::try_from(bcd::decode(bytes)?).ok().and_then(|number| Self::new(number).ok())
            }

            pub(crate) fn write(self) -> [u8; $bytes] {
                bcd::encode(u64::from(self.0)).unwrap_or_default()
            }
        }
    };
}

digits!(
    /// Turnover number (BMP 88) of a stored transaction, six digits.
    Turnover(u32), 3, 999_999
);
digits!(
    /// Terminal identification (BMP 29), eight digits: the terminal as the acquirer knows it.
    TerminalId(u32), 4, 99_999_999
);
digits!(
    /// Numeric currency code (BMP 49), ISO 4217.
    Currency(u16), 2, 9_999
);
digits!(
    /// Number of a message (TLV 1F73), six digits; a repeated message keeps its number.
    MessageId(u32), 3, 999_999
);

impl Currency {
    /// Euro.
    pub const EUR: Self = Self(978);
    /// Swiss franc.
    pub const CHF: Self = Self(756);
}

/// Trace number (BMP 0B, or TLV 1F2B when it has more than six digits).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trace(u64);

impl Trace {
    /// Errs above 18 digits.
    pub fn new(number: u64) -> Result<Self, OutOfRange> {
        (number < 1_000_000_000_000_000_000).then_some(Self(number)).ok_or(OutOfRange("Trace"))
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        bcd::decode(bytes).and_then(|number| Self::new(number).ok())
    }

    /// Six digits for BMP 0B; `None` when it needs TLV 1F2B.
    pub(crate) fn write(self) -> Option<[u8; 3]> {
        bcd::encode(self.0)
    }
}

/// Receipt number (BMP 87), four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptNo(u16);

impl ReceiptNo {
    /// FFFF: no receipt. As a request it asks which pre-authorisations are open.
    pub const NONE: Self = Self(u16::MAX);

    /// Errs above 9999.
    pub fn new(number: u16) -> Result<Self, OutOfRange> {
        (number <= 9_999).then_some(Self(number)).ok_or(OutOfRange("ReceiptNo"))
    }

    /// The number; `None` for [`Self::NONE`].
    pub fn get(self) -> Option<u16> {
        (self != Self::NONE).then_some(self.0)
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        if bytes == [0xff, 0xff] {
            return Some(Self::NONE);
        }
        u16::try_from(bcd::decode(bytes)?).ok().and_then(|number| Self::new(number).ok())
    }

    pub(crate) fn write(self) -> [u8; 2] {
        self.get().map_or([0xff, 0xff], |n| bcd::encode(u64::from(n)).unwrap_or_default())
    }
}

/// The terminal's password, six digits. `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Password(u32);

impl Password {
    /// Errs above 999999.
    pub fn new(digits: u32) -> Result<Self, OutOfRange> {
        (digits <= 999_999).then_some(Self(digits)).ok_or(OutOfRange("Password"))
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        u32::try_from(bcd::decode(bytes)?).ok().and_then(|number| Self::new(number).ok())
    }

    pub(crate) fn write(self) -> [u8; 3] {
        bcd::encode(u64::from(self.0)).unwrap_or_default()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A card number of which at most the last four digits are kept; nothing else ever enters this type.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct MaskedPan {
    /// Right-aligned; `MASK` where there is no digit.
    last: [u8; 4],
}

/// The half byte that stands for a masked digit (BMP 22).
const MASK: u8 = 0x0e;
/// Half bytes of a masked card number as this crate writes it.
const WRITTEN_NIBBLES: usize = 16;

impl MaskedPan {
    /// From the last digits, `"4771"`; errs unless they are one to four decimal digits.
    pub fn from_last_digits(digits: &str) -> Result<Self, OutOfRange> {
        let count = digits.len();
        if !(1..=4).contains(&count) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(OutOfRange("MaskedPan"));
        }
        Ok(Self::of(digits.bytes().rev().map(|b| b & 0x0f)))
    }

    /// The last digits, at most four; empty when the terminal masked them too.
    pub fn last_digits(&self) -> String {
        self.last.iter().filter(|n| **n <= 9).map(|n| char::from(b'0' | *n)).collect()
    }

    /// Reads BMP 22: digits, E for a masked one, F for padding, D before further data.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let number = bcd::nibbles(bytes).take_while(|n| *n != 0x0d).filter(|n| *n != 0x0f);
        // Four at a time, so that no list of all digits comes to be.
        let last = number.fold([MASK; 4], |[_, b, c, d], nibble| [b, c, d, nibble]);
        Self::of(last.into_iter().rev())
    }

    /// From the last digit backwards, up to the first that is masked.
    fn of(backwards: impl Iterator<Item = u8>) -> Self {
        let mut last = [MASK; 4];
        for (place, digit) in last.iter_mut().rev().zip(backwards.take_while(|n| *n <= 9)) {
            *place = digit;
        }
        Self { last }
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        let masked = WRITTEN_NIBBLES.saturating_sub(self.last.len());
        let nibbles: Vec<u8> = std::iter::repeat_n(MASK, masked).chain(self.last).collect();
        nibbles.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, n| (byte << 4) | n)).collect()
    }
}

impl fmt::Debug for MaskedPan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MaskedPan(…{})", self.last_digits())
    }
}

/// A time of day at the terminal (BMP 0C).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    hour: u8,
    minute: u8,
    second: u8,
}

impl TimeOfDay {
    /// Errs unless hour < 24, minute < 60 and second < 60.
    pub fn new(hour: u8, minute: u8, second: u8) -> Result<Self, OutOfRange> {
        let valid = hour < 24 && minute < 60 && second < 60;
        valid.then_some(Self { hour, minute, second }).ok_or(OutOfRange("TimeOfDay"))
    }

    /// Hour, minute, second.
    pub const fn parts(self) -> (u8, u8, u8) {
        (self.hour, self.minute, self.second)
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let [hour, minute, second] = *bytes else { return None };
        let part = bcd::decode_byte;
        Self::new(part(hour)?, part(minute)?, part(second)?).ok()
    }

    pub(crate) fn write(self) -> [u8; 3] {
        [self.hour, self.minute, self.second].map(byte_of)
    }
}

/// A day at the terminal without a year (BMP 0D).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    month: u8,
    day: u8,
}

impl MonthDay {
    /// Errs for a day that no year has; 29 February is one.
    pub fn new(month: u8, day: u8) -> Result<Self, OutOfRange> {
        let longest = days_of(month);
        let valid = (1..=longest).contains(&day);
        valid.then_some(Self { month, day }).ok_or(OutOfRange("MonthDay"))
    }

    /// Month and day, from 1.
    pub const fn parts(self) -> (u8, u8) {
        (self.month, self.day)
    }

    /// Days from 1 January in a leap year, from 0.
    pub(crate) fn ordinal(self) -> u32 {
        let before: u32 = (1..self.month).map(|month| u32::from(days_of(month))).sum();
        before.saturating_add(u32::from(self.day)).saturating_sub(1)
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let [month, day] = *bytes else { return None };
        Self::new(bcd::decode_byte(month)?, bcd::decode_byte(day)?).ok()
    }

    pub(crate) fn write(self) -> [u8; 2] {
        [self.month, self.day].map(byte_of)
    }
}

/// Days of a month in a leap year; 0 for a month that there is not.
const fn days_of(month: u8) -> u8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

fn byte_of(number: u8) -> u8 {
    let [byte] = bcd::encode::<1>(u64::from(number)).unwrap_or_default();
    byte
}
