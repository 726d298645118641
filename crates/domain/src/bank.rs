//! The shop's bank account.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The account that transfers go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BankAccount {
    /// IBAN (ISO 13616), without spaces.
    pub iban: String,
    /// BIC (ISO 9362); not needed within the European Economic Area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bic: Option<String>,
    /// The holder exactly as the bank knows them: payers' banks compare the name.
    pub holder: String,
}

impl BankAccount {
    /// The IBAN's check digits fit, the BIC has its form, the holder is a text of at most 70 characters.
    pub fn is_sound(&self) -> bool {
        let holder = self.holder.trim();
        let named = !holder.is_empty()
            && holder.chars().count() <= 70
            && self.holder.chars().all(|c| !c.is_control());
        named && iban_fits(&self.iban) && self.bic.as_deref().is_none_or(bic_fits)
    }
}

/// True for an IBAN without spaces whose check digits fit (mod 97, ISO 7064).
pub fn iban_fits(iban: &str) -> bool {
    let bytes = iban.as_bytes();
    let (Some(country), Some(check)) = (bytes.get(..2), bytes.get(2..4)) else { return false };
    let plain = (15..=34).contains(&bytes.len())
        && country.iter().all(u8::is_ascii_uppercase)
        && check.iter().all(u8::is_ascii_digit)
        && bytes.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if !plain {
        return false;
    }
    let turned = bytes.iter().skip(4).chain(bytes.iter().take(4));
    let rest = turned.filter_map(|b| char::from(*b).to_digit(36)).fold(0_u32, |rest, value| {
        let shift = if value > 9 { 100 } else { 10 };
        rest.saturating_mul(shift).saturating_add(value).checked_rem(97).unwrap_or(0)
    });
    rest == 1
}

/// True for a BIC of 8 or 11 characters.
pub fn bic_fits(bic: &str) -> bool {
    matches!(bic.len(), 8 | 11)
        && bic.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && bic.bytes().take(6).all(|b| b.is_ascii_uppercase())
}
