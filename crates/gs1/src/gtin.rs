//! A trade item number, one and the same however it was printed.

use crate::digits::{all_digits, expand_upc_e, verify};
use crate::error::ScanError;

/// In what form a GTIN was scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GtinKind {
    /// 8 digits.
    Ean8,
    /// 12 digits.
    UpcA,
    /// 6 to 8 digits of a zero-suppressed UPC-A.
    UpcE,
    /// 13 digits.
    Ean13,
    /// 14 digits: ITF-14, or from an element string.
    Gtin14,
}

/// A GTIN with a right check digit, normalised to 14 digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gtin {
    fourteen: String,
    scanned: String,
    kind: GtinKind,
    add_on: Option<String>,
    /// 8 digits can be both EAN-8 and UPC-E; then this is the other reading, in 14 digits.
    other: Option<String>,
}

impl Gtin {
    /// Reads 8, 12, 13 or 14 digits. 8 digits are read as EAN-8 if its check digit holds, else as
    /// UPC-E. Errs with [`ScanError::CheckDigit`], or [`ScanError::EanForm`] for anything else.
    pub fn parse(code: &str) -> Result<Self, ScanError> {
        let kind = match code.len() {
            8 => GtinKind::Ean8,
            12 => GtinKind::UpcA,
            13 => GtinKind::Ean13,
            14 => GtinKind::Gtin14,
            _ => return Err(ScanError::EanForm),
        };
        let upc_e = (kind == GtinKind::Ean8).then(|| expand_upc_e(code)).flatten();
        match (verify(code), upc_e) {
            (None, _) => Err(ScanError::EanForm),
            (Some(Ok(())), other) => Ok(Self {
                other: other.map(|upc_a| format!("{upc_a:0>14}")),
                ..Self::new(code, code, kind)
            }),
            (Some(Err(_)), Some(upc_a)) => Ok(Self::new(&upc_a, code, GtinKind::UpcE)),
            (Some(Err(expected)), None) => Err(ScanError::CheckDigit { expected }),
        }
    }

    /// Reads what a scanner marked as EAN-13 or UPC: 13 or 12 digits, or UPC-E of 6 to 8 digits
    /// (an EAN-8 has a mark of its own, but some scanners do not set it).
    pub(crate) fn parse_retail(code: &str) -> Result<Self, ScanError> {
        match code.len() {
            6..=8 if all_digits(code) => match expand_upc_e(code) {
                Some(upc_a) => Ok(Self::new(&upc_a, code, GtinKind::UpcE)),
                None => Self::parse(code),
            },
            12 | 13 => Self::parse(code),
            _ => Err(ScanError::EanForm),
        }
    }

    fn new(full: &str, scanned: &str, kind: GtinKind) -> Self {
        let (fourteen, scanned) = (format!("{full:0>14}"), scanned.to_owned());
        Self { fourteen, scanned, kind, add_on: None, other: None }
    }

    /// The same GTIN with the add-on (2 or 5 digits) printed beside it.
    pub(crate) fn with_add_on(self, add_on: &str) -> Self {
        Self { add_on: Some(add_on.to_owned()), ..self }
    }

    /// The 14 digits that identify the item, whatever was scanned.
    #[must_use]
    pub fn as_14(&self) -> &str {
        &self.fourteen
    }

    /// The 13 digits, unless the GTIN is a pack of a GTIN-14 (first digit 1–9).
    /// In-store and press codes are read from this form.
    #[must_use]
    pub fn as_13(&self) -> Option<&str> {
        self.fourteen.strip_prefix('0')
    }

    /// The digits as scanned, without add-on.
    #[must_use]
    pub fn display(&self) -> &str {
        &self.scanned
    }

    /// The form as scanned.
    #[must_use]
    pub fn kind(&self) -> GtinKind {
        self.kind
    }

    /// The add-on of 2 or 5 digits (issue of a periodical).
    #[must_use]
    pub fn add_on(&self) -> Option<&str> {
        self.add_on.as_deref()
    }

    /// The shortest form: 8, 12, 13 or 14 digits without the zeros in front.
    #[must_use]
    pub fn shortest(&self) -> &str {
        shorter_forms(&self.fourteen).last().unwrap_or(&self.fourteen)
    }

    /// Every code under which a shop may have stored the item, the likeliest first: 14, 13, 12 and 8
    /// digits as far as only zeros fall away, then as scanned, then the other reading of 8 digits.
    #[must_use]
    pub fn lookup_keys(&self) -> Vec<String> {
        let other = self.other.as_deref().map(shorter_forms);
        let codes = shorter_forms(&self.fourteen)
            .chain(std::iter::once(self.scanned.as_str()))
            .chain(other.into_iter().flatten());
        codes.fold(Vec::with_capacity(5), |mut keys: Vec<String>, code| {
            if !keys.iter().any(|key| key == code) {
                keys.push(code.to_owned());
            }
            keys
        })
    }
}

/// The 14 digits, and 13, 12, 8 of them where only zeros fall away.
fn shorter_forms(fourteen: &str) -> impl Iterator<Item = &str> {
    ["", "0", "00", "000000"].into_iter().filter_map(|zeros| fourteen.strip_prefix(zeros))
}
