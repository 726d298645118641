//! Currencies and their minor units.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro.
    pub const EUR: Currency = Currency(*b"EUR");
    /// The Swiss franc.
    pub const CHF: Currency = Currency(*b"CHF");

    /// The three letters.
    pub fn code(&self) -> &str {
        // Only upper-case ASCII letters get in, so this never falls back.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// The three digits of ISO 4217, as labels and terminals say it; none for currencies that no shop
    /// here has.
    pub const fn number(self) -> Option<&'static str> {
        Some(match &self.0 {
            b"EUR" => "978",
            b"CHF" => "756",
            b"GBP" => "826",
            b"USD" => "840",
            b"SEK" => "752",
            b"DKK" => "208",
            b"NOK" => "578",
            b"PLN" => "985",
            b"CZK" => "203",
            b"HUF" => "348",
            _ => return None,
        })
    }

    /// How many decimal digits the minor unit has: 2 for EUR, 0 for JPY, 3 for KWD (ISO 4217).
    pub const fn minor_digits(self) -> u8 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Currency(code)),
            _ => Err("a currency is three upper-case letters (ISO 4217)".to_owned()),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}
