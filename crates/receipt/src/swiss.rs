//! The Swiss QR-bill: what its code says (Swiss Payments Code, version 0200), its references, and the code as a
//! picture of 46 mm with the Swiss cross.

use unicode_normalization::UnicodeNormalization;

use crate::codes::qr_matrix;
use crate::html::escape;
use crate::svg::dark_path;

/// Longest content of the code, in characters.
const MAX_PAYLOAD: usize = 997;
/// Most that a bill asks for, minor units: 999'999'999.99.
const MAX_AMOUNT: i64 = 99_999_999_999;

/// Why there is no such bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwissFault {
    /// The IBAN is none of Switzerland or Liechtenstein.
    Iban,
    /// The currency is neither CHF nor EUR.
    Currency,
    /// The amount is not one that a bill asks for.
    Amount,
    /// The payee's name, postal code or town is missing.
    Creditor,
    /// The reference does not go with the IBAN.
    Reference,
    /// It is more than the code holds.
    TooLong,
}

/// An address, field by field: one that lets the bank guess ended in November 2025.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SwissAddress {
    /// Name, at most 70 characters; what is more is cut.
    pub name: String,
    /// Street, at most 70.
    pub street: String,
    /// House number, at most 16.
    pub house: String,
    /// Postal code, at most 16.
    pub postal_code: String,
    /// Town, at most 35.
    pub town: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

impl SwissAddress {
    /// True when nothing that a bill needs is missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let there = [&self.name, &self.postal_code, &self.town, &self.country];
        there.iter().all(|text| !latin(text, 70).is_empty()) && self.country.len() == 2
    }

    /// Street and house number, and postal code and town, as printed.
    pub(crate) fn lines(&self) -> Vec<String> {
        let street = format!("{} {}", self.street, self.house);
        let town = format!("{} {}", self.postal_code, self.town);
        let lines = [self.name.as_str(), street.trim(), town.trim()].map(|line| latin(line, 140));
        lines.into_iter().filter(|line| !line.is_empty()).collect()
    }

    fn fields(&self) -> [String; 7] {
        [
            "S".to_owned(),
            latin(&self.name, 70),
            latin(&self.street, 70),
            latin(&self.house, 16),
            latin(&self.postal_code, 16),
            latin(&self.town, 35),
            latin(&self.country, 2),
        ]
    }
}

/// By what the payee knows a payment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SwissReference {
    /// Nothing.
    #[default]
    None,
    /// 27 digits, for a QR-IBAN.
    Qrr(String),
    /// ISO 11649 (`RF18…`), for any other IBAN.
    Scor(String),
}

/// A bill.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SwissBill {
    /// Without spaces.
    pub iban: String,
    /// Who is paid.
    pub creditor: SwissAddress,
    /// Minor units; none is written in by hand.
    pub amount: Option<i64>,
    /// CHF or EUR.
    pub currency: String,
    /// Who pays; none is written in by hand.
    pub debtor: Option<SwissAddress>,
    /// By what the payee knows it.
    pub reference: SwissReference,
    /// For people, at most 140 characters.
    pub message: String,
}

/// True when the IBAN is a QR-IBAN: its institution is 30000 to 31999.
#[must_use]
pub fn is_qr_iban(iban: &str) -> bool {
    iban.get(4..9)
        .and_then(|iid| iid.parse::<u32>().ok())
        .is_some_and(|iid| iid / 1_000 == 30 || iid / 1_000 == 31)
}

/// The reference of a QR-IBAN out of 26 digits: the check digit (modulo 10, recursive) is put behind them. None
/// unless there are 26 digits.
#[must_use]
pub fn qr_reference(digits: &str) -> Option<String> {
    if digits.len() != 26 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(format!("{digits}{}", check_digit(digits)?))
}

fn check_digit(digits: &str) -> Option<u32> {
    const TABLE: [u32; 10] = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
    let carry = digits.chars().try_fold(0_u32, |carry, c| {
        let at = (carry + c.to_digit(10)?) % 10;
        TABLE.get(usize::try_from(at).ok()?).copied()
    })?;
    Some((10 - carry) % 10)
}

/// A creditor reference's remainder modulo 97 is one (ISO 11649).
fn is_creditor_reference(text: &str) -> bool {
    let fits = (5..=25).contains(&text.len())
        && text.starts_with("RF")
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    let turned = text.split_at_checked(4).map(|(head, body)| format!("{body}{head}"));
    let sum = turned.unwrap_or_default().chars().try_fold(0_u32, |sum, c| {
        let value = c.to_digit(36)?;
        Some((sum * if value < 10 { 10 } else { 100 } + value) % 97)
    });
    fits && sum == Some(1)
}

/// A text in the signs that a code may hold (Latin, with accents), without line breaks, cut to so many.
fn latin(text: &str, most: usize) -> String {
    let holds = |c: char| {
        matches!(c, ' '..='~' | '\u{A0}'..='\u{17F}' | 'Ș' | 'ș' | 'Ț' | 'ț' | '€') && c != '\u{AD}'
    };
    let mut out = String::new();
    for c in crate::clean(text).chars() {
        if holds(c) {
            out.push(c);
        } else {
            let plain: Vec<char> = std::iter::once(c).nfkd().filter(|c| holds(*c)).collect();
            if plain.is_empty() { out.push('.') } else { out.extend(plain) }
        }
    }
    out.chars().take(most).collect::<String>().trim().to_owned()
}

impl SwissBill {
    /// What the code says.
    pub fn payload(&self) -> Result<String, SwissFault> {
        let ours = self.iban.len() == 21
            && (self.iban.starts_with("CH") || self.iban.starts_with("LI"))
            && self.iban.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !ours {
            return Err(SwissFault::Iban);
        }
        if !matches!(self.currency.as_str(), "CHF" | "EUR") {
            return Err(SwissFault::Currency);
        }
        if self.amount.is_some_and(|amount| !(1..=MAX_AMOUNT).contains(&amount)) {
            return Err(SwissFault::Amount);
        }
        if !self.creditor.is_whole() {
            return Err(SwissFault::Creditor);
        }
        let (kind, reference) = self.checked_reference()?;
        let amount = self
            .amount
            .map_or_else(String::new, |amount| format!("{}.{:02}", amount / 100, amount % 100));
        let nobody = [(); 7].map(|()| String::new());
        let debtor = self.debtor.as_ref().filter(|debtor| debtor.is_whole());
        let lines = ["SPC", "0200", "1", &self.iban].map(str::to_owned).into_iter();
        let lines = lines
            .chain(self.creditor.fields())
            .chain(nobody.clone())
            .chain([amount, self.currency.clone()])
            .chain(debtor.map_or(nobody, SwissAddress::fields))
            .chain([kind.to_owned(), reference.to_owned(), latin(&self.message, 140)])
            .chain(["EPD".to_owned()]);
        let payload = lines.collect::<Vec<_>>().join("\r\n");
        if payload.chars().count() > MAX_PAYLOAD { Err(SwissFault::TooLong) } else { Ok(payload) }
    }

    /// A QR-IBAN goes with a QR reference, and only with that.
    fn checked_reference(&self) -> Result<(&'static str, &str), SwissFault> {
        let qr = is_qr_iban(&self.iban);
        match &self.reference {
            SwissReference::Qrr(digits)
                if qr && digits.get(..26).and_then(qr_reference).as_ref() == Some(digits) =>
            {
                Ok(("QRR", digits))
            }
            SwissReference::Scor(text) if !qr && is_creditor_reference(text) => Ok(("SCOR", text)),
            SwissReference::None if !qr => Ok(("NON", "")),
            _ => Err(SwissFault::Reference),
        }
    }
}

/// The code of 46 mm with the cross of 7 mm in its middle, black on white. Its modules are whole and its error
/// correction (M) covers what the cross hides. None when the text is too long.
#[must_use]
pub fn swiss_qr_svg(payload: &str, label: &str) -> Option<String> {
    let matrix = qr_matrix(payload)?;
    let (size, path) = (matrix.size, dark_path(&matrix, 0));
    // In tenths of a millimetre; the cross in the units of its published drawing.
    Some(format!(
        "<svg class=\"swiss-qr\" xmlns=\"http://www.w3.org/2000/svg\" width=\"46mm\" height=\"46mm\" viewBox=\"0 0 460 460\" \
         role=\"img\" aria-label=\"{}\"><rect width=\"460\" height=\"460\" fill=\"#fff\"/>\
         <svg width=\"460\" height=\"460\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#000\" d=\"{path}\"/></svg>\
         <svg x=\"195\" y=\"195\" width=\"70\" height=\"70\" viewBox=\"0 0 198 198\"><rect width=\"198\" height=\"198\" fill=\"#fff\"/>\
         <rect x=\"14\" y=\"14\" width=\"170\" height=\"170\" fill=\"#000\"/>\
         <path fill=\"#fff\" d=\"M83 40h33v110h-33zM44 79h110v33h-110z\"/></svg></svg>",
        escape(label)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_modulo_10_recursive() {
        // Published in the implementation guidelines.
        let whole = "210000000003139471430009017";
        assert_eq!(qr_reference(&whole[..26]).as_deref(), Some(whole));
        assert_eq!(qr_reference(&whole[..25]), None);
        assert_eq!(qr_reference("21000000000313947143000901x"), None);
    }

    #[test]
    fn what_a_code_may_not_hold_is_written_otherwise() {
        assert_eq!(latin("Zoë  Ørsted\n& Söhne €", 70), "Zoë Ørsted & Söhne €");
        assert_eq!(latin("ﬁn ½ 漢 Ğ", 70), "fin ½ . Ğ");
        assert_eq!(latin("Großmünsterplatz", 6), "Großmü");
    }
}
