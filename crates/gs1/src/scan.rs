//! From the text of a scanner to what it means.

use crate::card::is_stripe;
use crate::digits::{all_digits, is_valid_gtin};
use crate::element::{Element, Elements, GS};
use crate::error::ScanError;
use crate::gtin::{Gtin, GtinKind};
use crate::link::is_url;

/// The longest scan, in bytes: above the longest GS1 DataMatrix in retail, below what could hurt.
pub const MAX_SCAN_BYTES: usize = 1024;

/// The longest own code, in characters.
pub const MAX_CODE_CHARS: usize = 48;

/// What was scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scan {
    /// EAN, UPC or ITF-14: a trade item, an in-store code or a press code.
    Gtin(Gtin),
    /// A GS1 element string or GS1 Digital Link.
    Elements(Elements),
    /// A web address that is no Digital Link: a receipt, a coupon, a maker's page.
    Url(String),
    /// Any other text of 1 to [`MAX_CODE_CHARS`] printable characters: a number typed for an item
    /// (PLU), an own item code, a coupon.
    Text(String),
}

/// What kind of symbol the scanner read, as far as its AIM identifier tells (ISO/IEC 15424).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Symbol {
    /// No identifier: typed, or the scanner does not send one.
    Unknown,
    /// `]E0`: EAN-13, UPC-A, UPC-E.
    Retail,
    /// `]E3`: EAN-13 with its add-on.
    RetailWithAddOn,
    /// `]E4`: EAN-8.
    Short,
    /// `]I1`: ITF with a checked check digit.
    Itf,
    /// `]C1 ]e0 ]d2 ]Q3 ]J1`: FNC1 in first place, an element string.
    ElementString,
    /// Any other: the symbol says nothing about its content.
    Other,
}

fn read_aim_id(text: &str) -> Result<(Symbol, &str), ScanError> {
    let Some(rest) = text.strip_prefix(']') else {
        return Ok((Symbol::Unknown, text));
    };
    let mut chars = rest.chars();
    let (Some(letter), Some(modifier)) = (chars.next(), chars.next()) else {
        return Err(ScanError::AimId);
    };
    if !letter.is_ascii_alphabetic() || !modifier.is_ascii_alphanumeric() {
        return Err(ScanError::AimId);
    }
    let symbol = match (letter, modifier) {
        ('E', '0') => Symbol::Retail,
        ('E', '3') => Symbol::RetailWithAddOn,
        ('E', '4') => Symbol::Short,
        ('I', '1') => Symbol::Itf,
        ('C' | 'J', '1') | ('e', '0') | ('d', '2') | ('Q', '3') => Symbol::ElementString,
        _ => Symbol::Other,
    };
    Ok((symbol, chars.as_str()))
}

/// Reads a scan: the text of a scanner, with or without AIM identifier, or what a person typed.
///
/// Spaces and line ends around it fall away. Without an identifier, 8, 12, 13 and 14 digits must have
/// a right check digit; other digits are an own code. Errs with the reason; the text of a magnetic
/// stripe is [`ScanError::CardData`] before anything else is looked at.
pub fn parse_scan(raw: &str) -> Result<Scan, ScanError> {
    if is_stripe(raw) {
        return Err(ScanError::CardData);
    }
    let text = raw.trim_matches([' ', '\t', '\r', '\n']);
    if text.len() > MAX_SCAN_BYTES {
        return Err(ScanError::TooLong { limit: MAX_SCAN_BYTES });
    }
    if let Some(position) = text.chars().position(|c| c != GS && is_invisible(c)) {
        return Err(ScanError::Control { position });
    }
    let (symbol, content) = read_aim_id(text)?;
    if content.is_empty() {
        return Err(ScanError::Empty);
    }
    // A composite code: the linear part, then a part with more elements about the same item.
    if let Some((linear, composite)) = content.split_once("|]e0")
        && matches!(symbol, Symbol::Retail | Symbol::Short)
    {
        return read_composite(symbol, linear, composite);
    }
    match symbol {
        Symbol::Retail => Gtin::parse_retail(content).map(Scan::Gtin),
        // Some scanners set this mark whenever they look for an add-on, found or not.
        Symbol::RetailWithAddOn => {
            split_add_on(content).unwrap_or_else(|| Gtin::parse_retail(content)).map(Scan::Gtin)
        }
        Symbol::Short if content.len() == 8 => Gtin::parse(content).map(Scan::Gtin),
        Symbol::Short => Err(ScanError::EanForm),
        // Shops print their own numbers as ITF as well; only 14 digits are an ITF-14.
        Symbol::Itf if content.len() == 14 => Gtin::parse(content).map(Scan::Gtin),
        Symbol::ElementString => Elements::parse(content).map(Scan::Elements),
        Symbol::Unknown => read_unmarked(content),
        Symbol::Itf | Symbol::Other if is_valid_gtin(content) => {
            Gtin::parse(content).map(Scan::Gtin)
        }
        Symbol::Itf | Symbol::Other => read_text(content),
    }
}

/// What has no AIM identifier: told apart by its form.
fn read_unmarked(text: &str) -> Result<Scan, ScanError> {
    if matches!(text.len(), 8 | 12 | 13 | 14) && all_digits(text) {
        return Gtin::parse(text).map(Scan::Gtin);
    }
    // Scanners append the add-on without a mark. Only press and books have one; other 15 or 18 digits
    // are somebody's own number (an IMEI has 15).
    let periodical = ["977", "978", "979", "414", "419", "434", "439"];
    if periodical.iter().any(|prefix| text.starts_with(prefix))
        && let Some(Ok(gtin)) = split_add_on(text)
        && gtin.kind() == GtinKind::Ean13
    {
        return Ok(Scan::Gtin(gtin));
    }
    if text.contains(GS) {
        return Elements::parse(text).map(Scan::Elements);
    }
    // An element string whose identifier the scanner kept to itself, or one typed with brackets. A
    // right check digit and a rest that fits to the last character are proof enough.
    let elements = if text.starts_with("01") && text.len() >= 16 {
        Elements::parse(text).ok()
    } else {
        Elements::parse_bracketed(text).ok()
    };
    elements.map_or_else(|| read_text(text), |elements| Ok(Scan::Elements(elements)))
}

/// A web address (perhaps a Digital Link) or an own code.
fn read_text(text: &str) -> Result<Scan, ScanError> {
    if let Some(position) = text.chars().position(is_invisible) {
        return Err(ScanError::Control { position });
    }
    if is_url(text) {
        return match Elements::parse_link(text) {
            Ok(elements) => Ok(Scan::Elements(elements)),
            // A wrong digit in what is otherwise a link to an item must not pass for some web page.
            Err(error @ (ScanError::CheckDigit { .. } | ScanError::ElementDate { .. })) => {
                Err(error)
            }
            Err(_) => Ok(Scan::Url(text.to_owned())),
        };
    }
    if text.chars().count() > MAX_CODE_CHARS {
        return Err(ScanError::TooLong { limit: MAX_CODE_CHARS });
    }
    Ok(Scan::Text(text.to_owned()))
}

/// EAN-13, EAN-8 or UPC-A with 2 or 5 digits behind it, perhaps after a space.
/// `None` if it has another form; else whether the check digit holds.
fn split_add_on(text: &str) -> Option<Result<Gtin, ScanError>> {
    let main = match text.bytes().filter(u8::is_ascii_digit).count() {
        15 | 18 => 13,
        14 | 17 => 12,
        10 => 8,
        // 8 + 5 digits look like an EAN-13; an EAN-8 with a long add-on does not exist in the trade.
        _ => return None,
    };
    let (code, add_on) = text.split_at_checked(main)?;
    let add_on = add_on.strip_prefix(' ').unwrap_or(add_on);
    if !all_digits(code) || !all_digits(add_on) {
        return None;
    }
    Some(Gtin::parse(code).map(|gtin| gtin.with_add_on(add_on)))
}

/// The GTIN of the linear part in front of the elements of the composite part.
fn read_composite(symbol: Symbol, linear: &str, composite: &str) -> Result<Scan, ScanError> {
    let gtin = match symbol {
        Symbol::Short if linear.len() != 8 => return Err(ScanError::EanForm),
        Symbol::Short => Gtin::parse(linear)?,
        _ => Gtin::parse_retail(linear)?,
    };
    let mut elements = vec![Element::new("01", gtin.as_14())?];
    elements.extend(Elements::parse(composite)?.iter().cloned());
    Elements::new(elements).map(Scan::Elements)
}

/// Control characters, and marks that are not seen but make two texts differ or turn their direction.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}
