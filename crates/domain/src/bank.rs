//! The shop's bank account, and what an IBAN must be.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::refusal::Refusal;

/// The bank account that customers pay to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BankAccount {
    /// Without spaces; its check digits are held against it.
    pub iban: String,
    /// BIC (ISO 9362), 8 or 11 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bic: Option<String>,
    /// The name of the account, as the bank has it: payers' banks compare it.
    pub holder: String,
}

/// An IBAN as it is kept: capitals, no spaces. None unless length and check digits (ISO 13616, mod 97) fit.
pub fn iban(text: &str) -> Option<String> {
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    let (country, rest) = plain.split_at_checked(2)?;
    let (check, body) = rest.split_at_checked(2)?;
    let fits = country.bytes().all(|b| b.is_ascii_uppercase())
        && check.bytes().all(|b| b.is_ascii_digit())
        && body.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && length_of(country).map_or((15..=34).contains(&plain.len()), |l| l == plain.len());
    (fits && remainder(&[body, country, check].concat()) == Some(1)).then_some(plain)
}

/// Lengths in the countries that shops of ours are in, and their neighbours (IBAN registry).
fn length_of(country: &str) -> Option<usize> {
    Some(match country {
        "NO" => 15,
        "BE" => 16,
        "DK" | "FI" | "NL" => 18,
        "AT" | "LU" => 20,
        "CH" | "LI" => 21,
        "DE" | "GB" | "IE" => 22,
        "CZ" | "ES" | "SE" | "SK" => 24,
        "PT" => 25,
        "FR" | "IT" => 27,
        "HU" | "PL" => 28,
        _ => return None,
    })
}

/// The number modulo 97, letters read as 10 to 35.
fn remainder(text: &str) -> Option<u32> {
    text.chars().try_fold(0_u32, |sum, c| {
        let value = c.to_digit(36)?;
        let shifted = sum.checked_mul(if value < 10 { 10 } else { 100 })?;
        shifted.checked_add(value)?.checked_rem(97)
    })
}

/// A structured creditor reference (ISO 11649) out of at most 21 letters and digits: `RF18…`.
pub fn creditor_reference(body: &str) -> Option<String> {
    let plain = !body.is_empty()
        && body.len() <= 21
        && body.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if !plain {
        return None;
    }
    let check = 98_u32.checked_sub(remainder(&format!("{body}RF00"))?)?;
    Some(format!("RF{check:02}{body}"))
}

/// True for a BIC (ISO 9362): 8 or 11 characters, the first six letters.
pub fn bic_fits(bic: &str) -> bool {
    matches!(bic.len(), 8 | 11)
        && bic.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && bic.bytes().take(6).all(|b| b.is_ascii_uppercase())
}

impl BankAccount {
    /// Refuses an account that nobody could pay to.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
        crate::decide::check_text("bank_holder", &self.holder, 70)?;
        if iban(&self.iban).as_deref() != Some(self.iban.as_str()) {
            return bad("iban");
        }
        if self.bic.as_deref().is_some_and(|bic| !bic_fits(bic)) {
            return bad("bic");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iban_is_read_however_it_is_typed_and_any_wrong_digit_is_found() {
        // Published examples of the IBAN registry and of the Swiss guidelines.
        for text in
            ["DE89 3704 0044 0532 0130 00", "ch5800791123000889012", "CH4431999123000889012"]
        {
            let known = iban(text).expect(text);
            for at in 2..known.len() {
                for digit in '0'..='9' {
                    let mut wrong: Vec<char> = known.chars().collect();
                    if wrong[at] != digit {
                        wrong[at] = digit;
                        let wrong: String = wrong.into_iter().collect();
                        assert_eq!(iban(&wrong), None, "{wrong}");
                    }
                }
            }
        }
        for text in ["", "DE", "DE8937040044053201300", "DE893704004405320130000", "99", "Ä1"] {
            assert_eq!(iban(text), None, "{text}");
        }
    }

    #[test]
    fn a_creditor_reference_is_that_of_the_standard() {
        assert_eq!(creditor_reference("539007547034").as_deref(), Some("RF18539007547034"));
        for body in ["", "a", "1234567890123456789012", "1-2"] {
            assert_eq!(creditor_reference(body), None, "{body}");
        }
    }
}
