//! GS1 element strings: application identifiers with their values, as GS1-128, DataBar, DataMatrix
//! and QR carry them.

use std::ops::Deref;

use crate::ai_table::{Ai, find_ai};
use crate::digits::number;
use crate::error::ScanError;
use crate::gtin::Gtin;
use crate::value::{check_value, last_day, predefined_length};

/// The separator behind a value of variable length (FNC1 is sent as this).
pub(crate) const GS: char = '\u{1d}';

/// One application identifier with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    ai: String,
    value: String,
    entry: &'static Ai,
}

impl Element {
    /// A checked element: errs if the identifier is unknown or the value not in its form.
    pub fn new(ai: &str, value: &str) -> Result<Self, ScanError> {
        let entry = find_ai(ai).ok_or(ScanError::UnknownAi)?;
        check_value(entry, ai, value)?;
        Ok(Self { ai: ai.to_owned(), value: value.to_owned(), entry })
    }

    /// The application identifier, 2 to 4 digits.
    #[must_use]
    pub fn ai(&self) -> &str {
        &self.ai
    }

    /// The value as encoded.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The data title of GS1, as "NET WEIGHT (kg)".
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.entry.title
    }

    pub(crate) fn entry(&self) -> &'static Ai {
        self.entry
    }
}

/// The elements of one scan, in the order of the code. Behaves as a slice of [`Element`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elements(Vec<Element>);

impl Deref for Elements {
    type Target = [Element];
    fn deref(&self) -> &[Element] {
        &self.0
    }
}

impl Elements {
    /// Elements with no identifier twice under different values.
    /// Errs with [`ScanError::Repeated`], or [`ScanError::Elements`] if there are none.
    pub(crate) fn new(elements: Vec<Element>) -> Result<Self, ScanError> {
        if elements.is_empty() {
            return Err(ScanError::Elements);
        }
        let mut seen: std::collections::BTreeMap<&str, &str> = std::collections::BTreeMap::new();
        for element in &elements {
            if seen
                .insert(element.ai(), element.value())
                .is_some_and(|value| value != element.value())
            {
                return Err(ScanError::Repeated { ai: element.ai.clone() });
            }
        }
        Ok(Self(elements))
    }

    /// Reads an element string: identifiers and values in a row, 0x1D behind values of variable
    /// length, one in front allowed. Errs with the reason of the first element that does not fit.
    pub fn parse(text: &str) -> Result<Self, ScanError> {
        let mut rest = text.strip_prefix(GS).unwrap_or(text);
        let mut elements = Vec::new();
        while !rest.is_empty() {
            let (ai, entry) = (2..=4)
                .find_map(|length| {
                    let ai = rest.get(..length)?;
                    Some((ai, find_ai(ai)?))
                })
                .ok_or(ScanError::UnknownAi)?;
            let behind = rest.get(ai.len()..).unwrap_or_default();
            let (value, left) = match predefined_length(entry) {
                Some(length) => {
                    let (value, left) = behind
                        .split_at_checked(length)
                        .ok_or_else(|| ScanError::ElementLength { ai: ai.to_owned() })?;
                    (value, left.strip_prefix(GS).unwrap_or(left))
                }
                None => behind.split_once(GS).unwrap_or((behind, "")),
            };
            elements.push(Element::new(ai, value)?);
            rest = left;
        }
        Self::new(elements)
    }

    /// Reads elements as printed under a code and typed by hand: `(01)04012345678901(10)LOT1`.
    /// A bracket inside a value is written `\(`.
    pub fn parse_bracketed(text: &str) -> Result<Self, ScanError> {
        let mut rest = text.strip_prefix('(').ok_or(ScanError::Elements)?;
        let mut elements = Vec::new();
        loop {
            let (ai, behind) = rest.split_once(')').ok_or(ScanError::Elements)?;
            let (mut value, mut escaped, mut next) = (String::new(), false, None);
            for (at, c) in behind.char_indices() {
                match c {
                    '(' if !escaped => {
                        next = behind.get(at..).and_then(|from| from.strip_prefix('('));
                        break;
                    }
                    '\\' if !escaped => escaped = true,
                    c => {
                        value.push(c);
                        escaped = false;
                    }
                }
            }
            elements.push(Element::new(ai, &value)?);
            match next {
                Some(text) => rest = text,
                None => return Self::new(elements),
            }
        }
    }

    /// The same elements as an element string without the FNC1 in front.
    #[must_use]
    pub fn to_element_string(&self) -> String {
        let mut text = String::new();
        let mut separate = false;
        for element in self.iter() {
            if separate {
                text.push(GS);
            }
            text.push_str(&element.ai);
            text.push_str(&element.value);
            separate = !element.entry.is_predefined();
        }
        text
    }

    /// The value of an application identifier.
    #[must_use]
    pub fn value(&self, ai: &str) -> Option<&str> {
        self.iter().find(|element| element.ai == ai).map(Element::value)
    }

    /// Value and decimals of the first element `{prefix}n`, n = decimals.
    fn with_decimals(&self, prefix: &str) -> Option<(&str, u8)> {
        self.iter().find_map(|element| {
            let decimals = element.ai.strip_prefix(prefix).filter(|n| n.len() == 1)?;
            Some((element.value.as_str(), decimals.parse().ok()?))
        })
    }

    /// The trade item: (01), or the item that (8006) is a piece of, or (03).
    #[must_use]
    pub fn gtin(&self) -> Option<Gtin> {
        let code =
            self.value("01").or_else(|| self.value("8006")?.get(..14)).or_else(|| self.value("03"));
        code.and_then(|code| Gtin::parse(code).ok())
    }

    /// Net weight (310n) in grams, that is in thousandths of a kilogram; finer parts are rounded half up.
    #[must_use]
    pub fn weight_grams(&self) -> Option<i64> {
        let (digits, decimals) = self.with_decimals("310")?;
        let value = number(digits)?;
        Some(match decimals {
            0..=3 => value.checked_mul(power_of_ten(3_u8.saturating_sub(decimals))?)?,
            4 => value.checked_add(5)? / 10,
            _ => value.checked_add(50)? / 100,
        })
    }

    /// The price of the piece (392n in the currency of the shop, 393n with its own currency).
    #[must_use]
    pub fn price(&self) -> Option<ElementPrice> {
        if let Some((digits, decimals)) = self.with_decimals("392") {
            return Some(ElementPrice { currency: None, amount: number(digits)?, decimals });
        }
        let (digits, decimals) = self.with_decimals("393")?;
        let (currency, digits) = digits.split_at_checked(3)?;
        Some(ElementPrice {
            currency: Some(currency.to_owned()),
            amount: number(digits)?,
            decimals,
        })
    }

    /// Batch or lot (10).
    #[must_use]
    pub fn lot(&self) -> Option<&str> {
        self.value("10")
    }

    /// Serial number (21).
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        self.value("21")
    }

    /// Use by (17), or the day of (7003): goods past it may not be sold.
    #[must_use]
    pub fn expiry(&self) -> Option<ShortDate> {
        self.value("17").or_else(|| self.value("7003")).and_then(ShortDate::read)
    }

    /// Best before (15).
    #[must_use]
    pub fn best_before(&self) -> Option<ShortDate> {
        self.value("15").and_then(ShortDate::read)
    }

    /// Number of pieces: (30) of a variable measure item, else (37) of the items inside.
    #[must_use]
    pub fn count(&self) -> Option<i64> {
        self.value("30").or_else(|| self.value("37")).and_then(number)
    }
}

pub(crate) fn power_of_ten(exponent: u8) -> Option<i64> {
    10_i64.checked_pow(u32::from(exponent))
}

/// A price as encoded: `amount` units of 10^-`decimals`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementPrice {
    /// ISO 4217 number of the currency ("978" is the euro); `None`: the currency of the shop.
    pub currency: Option<String>,
    /// The digits as a whole number.
    pub amount: i64,
    /// How many of the digits stand behind the point.
    pub decimals: u8,
}

impl ElementPrice {
    /// The price in hundredths of the currency (cents). `None` if it has finer parts or is too large.
    #[must_use]
    pub fn hundredths(&self) -> Option<i64> {
        if let Some(missing) = 2_u8.checked_sub(self.decimals) {
            return self.amount.checked_mul(power_of_ten(missing)?);
        }
        let unit = power_of_ten(self.decimals.checked_sub(2)?)?;
        (self.amount.checked_rem(unit)? == 0).then(|| self.amount.checked_div(unit)).flatten()
    }
}

/// A date of a GS1 code: six digits, the century left open, day 00 for the last of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortDate {
    /// Year in its century, 0–99.
    pub year: u8,
    /// Month, 1–12.
    pub month: u8,
    /// Day, 1–31, or 0 for the last day of the month.
    pub day: u8,
}

impl ShortDate {
    /// The first six digits of a checked value.
    fn read(value: &str) -> Option<Self> {
        let field = |range: std::ops::Range<usize>| value.get(range)?.parse().ok();
        Some(Self { year: field(0..2)?, month: field(2..4)?, day: field(4..6)? })
    }

    /// The six digits `YYMMDD`.
    #[must_use]
    pub fn digits(&self) -> String {
        format!("{:02}{:02}{:02}", self.year, self.month, self.day)
    }

    /// Year, month and day as seen from `current_year`: 51 or more years ahead mean the century
    /// before, 50 or more years back the next (GS1 General Specifications 7.12).
    #[must_use]
    pub fn resolve(&self, current_year: u16) -> (u16, u8, u8) {
        let century = current_year / 100;
        let ahead = i32::from(self.year).saturating_sub(i32::from(current_year % 100));
        let century = match ahead {
            51.. => century.saturating_sub(1),
            ..=-50 => century.saturating_add(1),
            _ => century,
        };
        let year = century.saturating_mul(100).saturating_add(u16::from(self.year));
        let last = || last_day(i64::from(year), i64::from(self.month));
        let day = match self.day {
            0 => last().and_then(|day| u8::try_from(day).ok()).unwrap_or(0),
            day => day,
        };
        (year, self.month, day)
    }
}
