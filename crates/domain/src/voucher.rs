//! Vouchers: codes that are money, and the ledger of what is left on each.
//!
//! A code is shown once, to whoever buys the voucher. What is kept of it is a keyed hash: whoever has
//! the books cannot pay with them.

use std::fmt;

use jiff::civil::Date;
use money::Money;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

use crate::basket::{Basket, Line, Tender, TenderKind};
use crate::ids::{ReceiptRef, TaxKey, VoucherId};
use crate::people::NameDigest;

/// The key of what is not taxed at all (DSFinV-K: 5): what a multi-purpose voucher costs.
pub const NOT_TAXABLE: TaxKey = TaxKey(5);

/// What every code begins with, so that a scanner's text is known for one.
const MARK: char = 'V';
/// Crockford's base 32: nothing in it is taken for another sign.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Signs that 128 bits need.
const BODY: usize = 26;
/// Mark, body and check sign.
const LENGTH: usize = 28;

/// A voucher's code: 128 bits. It is money, so it is never shown by accident.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VoucherCode(u128);

/// Why a text is not the code of a voucher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFault {
    /// It does not look like one.
    NoCode,
    /// The check sign does not fit: mistyped or misread.
    Typo,
}

impl fmt::Debug for VoucherCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VoucherCode(…)")
    }
}

impl VoucherCode {
    /// Of random bits.
    pub const fn of(bits: [u8; 16]) -> Self {
        VoucherCode(u128::from_be_bytes(bits))
    }

    /// The bits, for hashing.
    pub const fn bits(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// Reads a code as typed or scanned: case, spaces and hyphens do not matter, nor O for 0 and I or
    /// L for 1.
    pub fn parse(text: &str) -> Result<Self, CodeFault> {
        let signs: Vec<u8> = signs(text).ok_or(CodeFault::NoCode)?;
        let (check, body) = signs.split_last().ok_or(CodeFault::NoCode)?;
        if check_sign(body) != *check {
            return Err(CodeFault::Typo);
        }
        let add = |sum: u128, sign: &u8| sum.checked_mul(32)?.checked_add(u128::from(*sign));
        let value = body.iter().try_fold(0_u128, add).ok_or(CodeFault::Typo)?;
        Ok(VoucherCode(value))
    }

    /// Whether a text looks like a voucher's code, be it misread.
    pub fn looks_like(text: &str) -> bool {
        signs(text).is_some()
    }

    /// The code without gaps, as a scanner reads it.
    pub fn compact(self) -> String {
        let mut signs = Vec::with_capacity(BODY);
        let mut left = self.0;
        for _ in 0..BODY {
            signs.push(u8::try_from(left % 32).unwrap_or(0));
            left /= 32;
        }
        signs.reverse();
        signs.push(check_sign(&signs));
        let sign = |s: &u8| SIGNS.get(usize::from(*s)).map(|c| char::from(*c));
        std::iter::once(MARK).chain(signs.iter().filter_map(sign)).collect()
    }

    /// The code in groups of four, as people read it.
    pub fn grouped(self) -> String {
        let signs: Vec<char> = self.compact().chars().collect();
        let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }

    /// The last four characters, by which people tell vouchers apart.
    pub fn last4(self) -> String {
        self.compact().chars().skip(LENGTH.saturating_sub(4)).collect()
    }
}

/// The values of body and check sign; none for what is no code.
fn signs(text: &str) -> Option<Vec<u8>> {
    let plain = text.trim().chars().filter(|c| !matches!(c, ' ' | '-'));
    let mut signs = plain.take(LENGTH.saturating_add(1)).map(|c| c.to_ascii_uppercase());
    if signs.next() != Some(MARK) {
        return None;
    }
    let values: Option<Vec<u8>> = signs.map(value_of).collect();
    values.filter(|values| values.len() == LENGTH.saturating_sub(1))
}

fn value_of(sign: char) -> Option<u8> {
    let sign = match sign {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = SIGNS.iter().position(|s| char::from(*s) == sign)?;
    u8::try_from(at).ok()
}

/// The check sign: a weighted sum in the field of 32 elements (x⁵ + x² + 1). It tells any one wrong sign
/// and any two that changed places.
fn check_sign(body: &[u8]) -> u8 {
    let times_x = |v: u8| {
        let doubled = v.wrapping_mul(2);
        if doubled & 32 == 0 { doubled } else { doubled ^ 0b10_0101 }
    };
    body.iter().fold(0, |sum, sign| times_x(sum ^ sign))
}

/// What is kept of a code: HMAC-SHA-256 of its bits under a key that lies apart. 64 lower-case
/// hexadecimal digits in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VoucherHash(pub [u8; 32]);

impl Serialize for VoucherHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&NameDigest(self.0))
    }
}

impl<'de> Deserialize<'de> for VoucherHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digest: NameDigest =
            String::deserialize(deserializer)?.parse().map_err(de::Error::custom)?;
        Ok(VoucherHash(digest.0))
    }
}

/// A code that was made for a voucher about to be sold, as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreshCode {
    /// Its hash.
    pub hash: VoucherHash,
    /// Its last four characters.
    pub last4: String,
}

/// What a voucher is to the tax office (directive (EU) 2016/1065).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum VoucherKind {
    /// A means of payment: what is bought with it is taxed.
    MultiPurpose,
    /// Taxed when it is sold; good for goods of its tax key.
    SinglePurpose {
        /// The key.
        tax: TaxKey,
    },
}

impl VoucherKind {
    /// The key of what it costs.
    pub const fn tax(self) -> TaxKey {
        match self {
            VoucherKind::MultiPurpose => NOT_TAXABLE,
            VoucherKind::SinglePurpose { tax } => tax,
        }
    }
}

/// What a line does to a voucher; a line that returns it does the opposite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "does", rename_all = "snake_case")]
pub enum LineVoucher {
    /// Sells a new one.
    Sale {
        /// Multi-purpose or single-purpose.
        of: VoucherKind,
        /// Its number, from the moment of the receipt; none before, and in training.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        voucher: Option<VoucherId>,
    },
    /// Puts more on one.
    TopUp {
        /// Which.
        voucher: VoucherId,
    },
    /// Takes the goods of a single-purpose voucher off: a line below nothing.
    Redeem {
        /// Which.
        voucher: VoucherId,
    },
}

impl LineVoucher {
    /// Which voucher, once it has a number.
    pub const fn voucher(&self) -> Option<VoucherId> {
        match self {
            LineVoucher::Sale { voucher, .. } => *voucher,
            LineVoucher::TopUp { voucher } | LineVoucher::Redeem { voucher } => Some(*voucher),
        }
    }
}

/// The voucher of a tender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenderVoucher {
    /// Which; none for store credit before its receipt, and in training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<VoucherId>,
    /// Last four characters of its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last4: Option<String>,
    /// What is left on it after the receipt; none before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub left: Option<Money>,
    /// For money that goes back to it: the receipt that it had paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<ReceiptRef>,
}

/// A voucher as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// Its public number.
    pub id: VoucherId,
    /// What it is.
    pub kind: VoucherKind,
    /// Last four characters of its code.
    pub last4: String,
    /// The sum of its postings.
    pub balance: Money,
    /// The last day on which it is taken.
    pub expires: Date,
    /// Not taken at the moment.
    pub blocked: bool,
}

/// What a basket moves of a voucher once it is paid: (taken off it, put onto it), both above nothing.
pub(crate) fn moves(lines: &[Line], tenders: &[Tender], voucher: VoucherId) -> (Money, Money) {
    let of_lines = lines.iter().filter_map(|line| {
        let of = line.voucher.as_ref()?;
        (of.voucher() == Some(voucher)).then(|| line.total())
    });
    let of_tenders = tenders.iter().filter_map(|tender| {
        let of = tender.voucher.as_ref()?;
        let ours = tender.kind == TenderKind::Voucher && of.voucher == Some(voucher);
        ours.then(|| tender.amount.negated())
    });
    of_lines.chain(of_tenders).fold((Money::ZERO, Money::ZERO), |(off, on), amount| {
        if amount.is_negative() {
            (off.saturating_plus(amount.negated()), on)
        } else {
            (off, on.saturating_plus(amount))
        }
    })
}

/// What open baskets hold of a voucher: it is not there for another.
pub(crate) fn held<'b>(baskets: impl Iterator<Item = &'b Basket>, voucher: VoucherId) -> Money {
    baskets.filter(|basket| !basket.training).fold(Money::ZERO, |held, basket| {
        held.saturating_plus(moves(&basket.lines, &basket.tenders, voucher).0)
    })
}

/// The last day of a voucher that is sold on `day`: the end of the last of so many years after the year of sale
/// (BGB §§ 195, 199).
pub(crate) fn last_day(day: Date, years: u8) -> Date {
    let year = day.year().saturating_add(i16::from(years));
    Date::new(year, 12, 31).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        for bits in [[0_u8; 16], [255; 16], [7, 99, 3, 240, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]]
        {
            let code = VoucherCode::of(bits);
            assert_eq!(code.bits(), bits);
            let (grouped, compact) = (code.grouped(), code.compact());
            assert_eq!((compact.len(), grouped.len()), (28, 34));
            assert!(compact.ends_with(&code.last4()));
            let typed =
                grouped.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            for text in [grouped, compact, typed] {
                assert_eq!(VoucherCode::parse(&text), Ok(code), "{text}");
            }
        }
        assert_eq!(format!("{:?}", VoucherCode::of([9; 16])), "VoucherCode(…)");
    }

    #[test]
    fn any_one_wrong_sign_and_any_two_that_changed_places_are_a_typo() {
        let code = VoucherCode::of([7, 99, 3, 240, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        let text: Vec<char> = code.compact().chars().collect();
        for at in 1..text.len() {
            for sign in SIGNS.iter().map(|s| char::from(*s)).filter(|s| *s != text[at]) {
                let mut wrong = text.clone();
                wrong[at] = sign;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(VoucherCode::parse(&wrong), Err(CodeFault::Typo), "{wrong}");
            }
            for other in at + 1..text.len() {
                let mut wrong = text.clone();
                wrong.swap(at, other);
                if wrong != text {
                    let wrong: String = wrong.into_iter().collect();
                    assert_eq!(VoucherCode::parse(&wrong), Err(CodeFault::Typo), "{wrong}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_code_is_not_taken_for_a_mistyped_one() {
        for text in
            ["", "V", "4006381333931", "R1-4812", "V234", "V000-0000-0000-0000-0000-0000-000U"]
        {
            assert_eq!(VoucherCode::parse(text), Err(CodeFault::NoCode), "{text}");
        }
    }

    #[test]
    fn a_voucher_lasts_to_the_end_of_the_third_year_after_its_sale() {
        let day = |text: &str| text.parse::<Date>().expect("a date");
        assert_eq!(last_day(day("2026-01-01"), 3), day("2029-12-31"));
        assert_eq!(last_day(day("2026-12-31"), 3), day("2029-12-31"));
    }
}
