//! In-store codes: EAN-13 of the shop's own label scale, with a price, weight or count inside.
//!
//! Prefixes 20–29 belong to the shop; what its scale prints there is a table of rules, not a law.
//! [`default_rules_de`] is what GS1 Germany recommends ("2x IIII C VVVVV K").

use serde::{Deserialize, Serialize};

use crate::digits::{all_digits, check_digit, field_check_4, field_check_5, number, verify};
use crate::element::power_of_ten;
use crate::error::ScanError;

/// Whether a digit between item and value checks the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InnerCheck {
    /// No such digit.
    None,
    /// The GS1 check digit over a value of 4 digits.
    Gs1Four,
    /// The GS1 check digit over a value of 5 digits.
    Gs1Five,
}

/// What the value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InStoreKind {
    /// The price of the piece; it holds as printed.
    Price,
    /// The net weight; the price comes from the price per kilogram.
    Weight,
    /// The number of pieces.
    Count,
    /// What the customer gets back for returned deposit packaging.
    DepositRefund,
}

/// How to read the EAN-13 codes that begin with `prefix`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InStoreRule {
    /// The first digits, as "28".
    pub prefix: String,
    /// Digits of the item number behind the prefix.
    pub item_digits: u8,
    /// The digit between item number and value.
    pub inner_check: InnerCheck,
    /// Digits of the value.
    pub value_digits: u8,
    /// What the value is.
    pub kind: InStoreKind,
    /// Digits of the value behind the point: 2 for cents, 3 for grams, 0 for pieces.
    pub decimals: u8,
}

/// Why a rule cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The prefix is empty or not only digits.
    #[error("the prefix must be digits")]
    Prefix,
    /// There is no item number or no value.
    #[error("item number and value need at least one digit each")]
    Empty,
    /// Prefix, item, inner check digit and value are not 12 digits together.
    #[error("prefix, item number, check digit and value are {0} digits instead of 12")]
    Length(usize),
    /// The inner check digit is made for a value of another length.
    #[error("the inner check digit does not fit the length of the value")]
    InnerCheck,
    /// More decimals than the kind can hold (2 for money, 3 else) or than the value has digits.
    #[error("too many decimals")]
    Decimals,
}

impl InStoreRule {
    /// Checks that the rule describes an EAN-13.
    pub fn validate(&self) -> Result<(), RuleError> {
        if !all_digits(&self.prefix) {
            return Err(RuleError::Prefix);
        }
        if self.item_digits == 0 || self.value_digits == 0 {
            return Err(RuleError::Empty);
        }
        let fields =
            [self.item_digits, self.value_digits, u8::from(self.inner_check != InnerCheck::None)];
        let length =
            fields.iter().fold(self.prefix.len(), |sum, n| sum.saturating_add(usize::from(*n)));
        if length != 12 {
            return Err(RuleError::Length(length));
        }
        let checked_digits = match self.inner_check {
            InnerCheck::None => self.value_digits,
            InnerCheck::Gs1Four => 4,
            InnerCheck::Gs1Five => 5,
        };
        if checked_digits != self.value_digits {
            return Err(RuleError::InnerCheck);
        }
        if self.decimals > self.kind.decimals() || self.decimals > self.value_digits {
            return Err(RuleError::Decimals);
        }
        Ok(())
    }
}

impl InStoreKind {
    /// Decimals of [`InStore::value`]: hundredths for money, thousandths for quantities.
    fn decimals(self) -> u8 {
        match self {
            Self::Price | Self::DepositRefund => 2,
            Self::Weight | Self::Count => 3,
        }
    }
}

/// What an in-store code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InStore {
    /// The prefix of the rule that fits.
    pub prefix: String,
    /// The item number, with its zeros in front.
    pub item: String,
    /// The code without its value: value and inner check digit 0, check digit computed anew. Under this
    /// the item is stored.
    pub lookup: String,
    /// What the value is.
    pub kind: InStoreKind,
    /// Money in hundredths (cents), weight in thousandths of a kilogram, count in thousandths of a
    /// piece. A deposit refund is positive here: it is the amount for the customer.
    pub value: i64,
}

/// The recommendation of GS1 Germany (prefixes 22 and 23 price, 25 and 26 count, 28 and 29 weight), and
/// the slips of TOMRA reverse vending machines (21). 20, 24 and 27 are free for the shop.
#[must_use]
pub fn default_rules_de() -> Vec<InStoreRule> {
    use InStoreKind::{Count, DepositRefund, Price, Weight};
    let rows = [
        ("21", DepositRefund, 2),
        ("22", Price, 2),
        ("23", Price, 2),
        ("25", Count, 0),
        ("26", Count, 0),
        ("28", Weight, 3),
        ("29", Weight, 3),
    ];
    let rule = |(prefix, kind, decimals): (&str, InStoreKind, u8)| InStoreRule {
        prefix: prefix.to_owned(),
        item_digits: 4,
        inner_check: InnerCheck::Gs1Five,
        value_digits: 5,
        kind,
        decimals,
    };
    rows.into_iter().map(rule).collect()
}

/// Reads an EAN-13 by the rule with the longest prefix that fits; of two alike, the first.
/// `Ok(None)`: not 13 digits, or no rule. Rules that do not [`InStoreRule::validate`] fit nothing.
/// Errs with [`ScanError::CheckDigit`], or [`ScanError::InnerCheck`] if the value was misread.
pub fn match_in_store(gtin13: &str, rules: &[InStoreRule]) -> Result<Option<InStore>, ScanError> {
    if gtin13.len() != 13 || !all_digits(gtin13) {
        return Ok(None);
    }
    let fitting = rules.iter().rev().filter(|rule| gtin13.starts_with(&rule.prefix));
    let best = fitting.filter(|rule| rule.validate().is_ok()).max_by_key(|rule| rule.prefix.len());
    let Some(rule) = best else { return Ok(None) };
    if let Some(Err(expected)) = verify(gtin13) {
        return Err(ScanError::CheckDigit { expected });
    }
    let Some(fields) = split(gtin13, rule) else {
        return Ok(None);
    };
    let expected = match rule.inner_check {
        InnerCheck::None => None,
        InnerCheck::Gs1Four => field_check_4(fields.value),
        InnerCheck::Gs1Five => field_check_5(fields.value),
    };
    if let Some(expected) = expected
        && fields.inner_check != expected.to_string()
    {
        return Err(ScanError::InnerCheck { expected });
    }
    Ok(read(rule, &fields))
}

struct Fields<'a> {
    item: &'a str,
    inner_check: &'a str,
    value: &'a str,
}

fn split<'a>(code: &'a str, rule: &InStoreRule) -> Option<Fields<'a>> {
    let behind = code.strip_prefix(rule.prefix.as_str())?;
    let (item, behind) = behind.split_at_checked(usize::from(rule.item_digits))?;
    let check = usize::from(rule.inner_check != InnerCheck::None);
    let (inner_check, behind) = behind.split_at_checked(check)?;
    let value = behind.get(..usize::from(rule.value_digits))?;
    Some(Fields { item, inner_check, value })
}

fn read(rule: &InStoreRule, fields: &Fields<'_>) -> Option<InStore> {
    let factor = power_of_ten(rule.kind.decimals().checked_sub(rule.decimals)?)?;
    let payload = format!("{:0<12}", format!("{}{}", rule.prefix, fields.item));
    let check = check_digit(&payload)?;
    Some(InStore {
        prefix: rule.prefix.clone(),
        item: fields.item.to_owned(),
        lookup: format!("{payload}{check}"),
        kind: rule.kind,
        value: number(fields.value)?.checked_mul(factor)?,
    })
}
