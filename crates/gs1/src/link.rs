//! GS1 Digital Link: the same elements as a web address, `https://host/01/{gtin}/10/{lot}?17=261231`.
//!
//! As the GS1 Syntax Engine reads it, with two freedoms of the standard's older editions that packs
//! in the trade still use: GTINs shorter than 14 digits, and words (`/gtin/`, `/lot/`) for numbers.

use crate::ai_table::{Ai, find_ai};
use crate::element::{Element, Elements};
use crate::error::ScanError;

/// True if the text is a web address of some kind.
pub(crate) fn is_url(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && text.len() > scheme.len()
    })
}

/// The number for a word of the older Digital Link standard.
fn ai_of_word(word: &str) -> &str {
    match word {
        "gtin" => "01",
        "itip" => "8006",
        "sscc" => "00",
        "cpv" => "22",
        "lot" => "10",
        "ser" => "21",
        other => other,
    }
}

/// The path of an address split where the key of the Digital Link stands.
struct LinkPath<'a> {
    key: &'static Ai,
    pairs: Vec<(&'a str, &'a str)>,
}

/// Walks the path from its end in pairs until a pair begins with a key. Words are only known as
/// `gtin` and its like; anything else ends the walk.
fn find_key(path: &str) -> Option<LinkPath<'_>> {
    let mut segments = path.rsplit('/');
    let mut pairs = Vec::new();
    loop {
        let value = segments.next()?;
        let ai = ai_of_word(segments.next()?);
        let entry = find_ai(ai)?;
        pairs.push((ai, value));
        if entry.is_link_key() {
            pairs.reverse();
            return Some(LinkPath { key: entry, pairs });
        }
    }
}

/// Undoes percent encoding, and `+` for a space in a query. `None` if it is broken.
fn decode(text: &str, query: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let hex = [char::from(rest.next()?), char::from(rest.next()?)];
                let [high, low] = hex.map(|digit| digit.to_digit(16));
                u8::try_from(high?.checked_mul(16)?.checked_add(low?)?).ok()?
            }
            b'+' if query => b' ',
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// An element of a link; a GTIN of 8, 12 or 13 digits gets its zeros.
fn link_element(ai: &str, encoded: &str, query: bool) -> Result<Element, ScanError> {
    let value = decode(encoded, query).ok_or(ScanError::Link)?;
    if matches!(ai, "01" | "02") && matches!(value.len(), 8 | 12 | 13) {
        return Element::new(ai, &format!("{value:0>14}"));
    }
    Element::new(ai, &value)
}

/// True if the qualifiers stand in an order that the key allows.
fn in_order(key: &Ai, qualifiers: &[(&str, &str)]) -> bool {
    let fits = |list: &str| {
        let mut allowed = list.split(',');
        qualifiers.iter().all(|(ai, _)| allowed.any(|next| next == *ai))
    };
    qualifiers.is_empty() || key.link_qualifiers().any(fits)
}

/// True if the identifier could stand in the path, and so may not stand in the query.
fn belongs_in_path(key: &Ai, qualifiers: &[(&str, &str)], ai: &str) -> bool {
    key.link_qualifiers().any(|list| {
        let allows = |wanted: &str| list.split(',').any(|next| next == wanted);
        allows(ai) && qualifiers.iter().all(|(qualifier, _)| allows(qualifier))
    })
}

impl Elements {
    /// Reads a GS1 Digital Link: path first, then query. Unknown words in the query are ignored.
    /// Errs with [`ScanError::Link`] if the address is no Digital Link at all, or with the reason of
    /// the element that does not fit.
    pub fn parse_link(text: &str) -> Result<Self, ScanError> {
        let schemes = ["https://", "http://", "HTTPS://", "HTTP://"];
        let address = schemes.iter().find_map(|scheme| text.strip_prefix(scheme));
        let address =
            address.filter(|address| address.chars().all(in_address)).ok_or(ScanError::Link)?;
        let address = address.split('#').next().unwrap_or_default();
        let (place, query) = address.split_once('?').unwrap_or((address, ""));
        let (host, path) = place.split_once('/').ok_or(ScanError::Link)?;
        if host.is_empty() || !host.chars().all(in_host) {
            return Err(ScanError::Link);
        }
        let link = find_key(path).ok_or(ScanError::Link)?;
        let qualifiers = link.pairs.get(1..).unwrap_or_default();
        if !in_order(link.key, qualifiers) {
            return Err(ScanError::Link);
        }
        let path = link.pairs.iter().map(|(ai, value)| link_element(ai, value, false));
        let mut elements = path.collect::<Result<Vec<_>, _>>()?;
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            if !key.bytes().all(|b| b.is_ascii_digit()) || key.is_empty() {
                continue;
            }
            let attribute = find_ai(key).ok_or(ScanError::UnknownAi)?.is_link_attribute();
            if !attribute || belongs_in_path(link.key, qualifiers, key) {
                return Err(ScanError::Link);
            }
            if elements.iter().any(|element| element.ai() == key) {
                return Err(ScanError::Repeated { ai: key.to_owned() });
            }
            elements.push(link_element(key, value, true)?);
        }
        Self::new(elements)
    }
}

/// The characters of an address, RFC 3986.
fn in_address(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)
}

/// The characters of a host with port, name or number.
fn in_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._:[]".contains(c)
}
