//! A code as bars.

use receipt::{code128_symbols, code128_widths, ean8_modules, ean13_modules};

/// Longest code that is printed as Code 128: a longer one fits no label.
const LONGEST: usize = 40;

/// Which bars stand for a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bars {
    /// EAN-13, all its digits; an UPC-A with a zero before it.
    Ean13(String),
    /// EAN-8.
    Ean8(String),
    /// Code 128, printable ASCII.
    Code128(String),
}

impl Bars {
    /// The bars of a code; none where no bars can stand for it.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        let valid = gs1::is_valid_gtin(code);
        match code.len() {
            13 if valid => Some(Self::Ean13(code.to_owned())),
            12 if valid => Some(Self::Ean13(format!("0{code}"))),
            8 if valid => Some(Self::Ean8(code.to_owned())),
            1..=LONGEST => code128_widths(code).map(|_| Self::Code128(code.to_owned())),
            _ => None,
        }
    }

    /// What a scanner reads.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Ean13(text) | Self::Ean8(text) | Self::Code128(text) => text,
        }
    }

    /// The modules from left to right, true for a bar, without quiet zones.
    #[must_use]
    pub fn modules(&self) -> Vec<bool> {
        match self {
            Self::Ean13(digits) => ean13_modules(digits).unwrap_or_default(),
            Self::Ean8(digits) => ean8_modules(digits).unwrap_or_default(),
            Self::Code128(text) => {
                let widths = code128_widths(text).unwrap_or_default();
                let runs = widths.iter().enumerate();
                runs.flat_map(|(at, width)| {
                    std::iter::repeat_n(at.is_multiple_of(2), usize::from(*width))
                })
                .collect()
            }
        }
    }

    /// Modules that stay white on the left and on the right (ISO/IEC 15420, 15417).
    #[must_use]
    pub const fn quiet(&self) -> (u32, u32) {
        match self {
            Self::Ean13(_) => (11, 7),
            Self::Ean8(_) => (7, 7),
            Self::Code128(_) => (10, 10),
        }
    }

    /// The narrowest bar that scanners at tills read, micrometres: 75 % of the nominal for EAN, which two dots of a printer with 203
    /// dpi are; 0.19 mm for Code 128.
    #[must_use]
    pub const fn narrowest(&self) -> u32 {
        match self {
            Self::Ean13(_) | Self::Ean8(_) => 247,
            Self::Code128(_) => 190,
        }
    }

    /// The symbols of a Code 128: sets and values.
    pub(crate) fn symbols(text: &str) -> Vec<usize> {
        code128_symbols(text).unwrap_or_default()
    }
}
