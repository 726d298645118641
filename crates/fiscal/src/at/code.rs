//! The machine-readable code of a receipt without its signature (RKSV annex, sections 4 and 5), written and read.
//!
//! Reading is strict: whatever is read is written again byte for byte, because these bytes were signed.

use std::fmt;

use base64ct::{Base64, Encoding};
use jiff::civil::DateTime;
use money::{Money, MoneyError};
use serde::{Deserialize, Serialize};

use super::counter::Counter;
use super::rates::Slot;

/// Longest name of a till or receipt, bytes: a QR code must still fit on a receipt.
const LONGEST_NAME: usize = 120;

/// Why a text is no code. `Display` names the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not thirteen parts between underscores.
    #[error("not the number of fields that a code has")]
    Fields,
    /// Another algorithm than R1.
    #[error("not algorithm R1")]
    Suite,
    /// The provider of certificates.
    #[error("provider (ZDA)")]
    Provider,
    /// The till's name.
    #[error("name of the till (Kassen-ID)")]
    Cashbox,
    /// The receipt's number.
    #[error("number of the receipt (Belegnummer)")]
    Receipt,
    /// Date and time.
    #[error("date and time")]
    Time,
    /// One of the five sums.
    #[error("one of the five sums")]
    Sum,
    /// The enciphered counter.
    #[error("counter of turnover")]
    Counter,
    /// The certificate's number or the key of a closed system.
    #[error("number of the certificate")]
    Certificate,
    /// The chain value.
    #[error("chain value")]
    Chain,
    /// The signature.
    #[error("signature")]
    Signature,
    /// Not three parts in base64url, or another header.
    #[error("not a JWS of RKSV")]
    Jws,
}

/// Who vouches for the signing unit: `AT0` is a closed system without certificates, `AT1` to `ATn` the providers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Provider(String);

impl Provider {
    /// Reads `AT0` or two capital letters and a number from 1. Errs otherwise.
    pub fn new(text: &str) -> Result<Self, Unreadable> {
        let number = text.get(2..).unwrap_or("");
        let letters = text.bytes().take(2).filter(u8::is_ascii_uppercase).count() == 2;
        let digits = !number.is_empty()
            && number.len() <= 4
            && number.bytes().all(|b| b.is_ascii_digit())
            && !number.starts_with('0');
        if text == "AT0" || (letters && digits) {
            Ok(Provider(text.to_owned()))
        } else {
            Err(Unreadable::Provider)
        }
    }

    /// As it stands in the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is a closed system, which names its key by company and number.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0 == "AT0"
    }
}

impl TryFrom<String> for Provider {
    type Error = Unreadable;

    fn try_from(text: String) -> Result<Self, Unreadable> {
        Provider::new(&text)
    }
}

impl From<Provider> for String {
    fn from(provider: Provider) -> String {
        provider.0
    }
}

/// The signing unit as a code names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Unit {
    provider: Provider,
    certificate: String,
}

impl Unit {
    /// A unit of `provider`. `certificate` is the certificate's serial number in hex, or in a closed system
    /// `U:ATU12345678-K1` (VAT id), `S:123456789` (tax number) or `G:` and a GLN. Errs when it is neither.
    pub fn new(provider: Provider, certificate: &str) -> Result<Self, Unreadable> {
        let fits =
            if provider.is_closed() { is_company_key(certificate) } else { is_serial(certificate) };
        if !fits {
            return Err(Unreadable::Certificate);
        }
        Ok(Unit { provider, certificate: certificate.to_owned() })
    }

    /// Who vouches for it.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Its certificate's number, or the key's name in a closed system.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Whether both name the same unit: numbers in hex are compared as numbers.
    #[must_use]
    pub fn is_same(&self, other: &Unit) -> bool {
        fn number(text: &str) -> String {
            text.trim_start_matches('0').to_ascii_lowercase()
        }
        self.provider == other.provider
            && (self.certificate == other.certificate
                || (!self.provider.is_closed()
                    && number(&self.certificate) == number(&other.certificate)))
    }
}

fn is_serial(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_company_key(text: &str) -> bool {
    let (company, key) = text.split_once('-').map_or((text, None), |(c, k)| (c, Some(k)));
    let key_fits = key.is_none_or(|key| {
        (1..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    let Some((kind, number)) = company.split_once(':') else { return false };
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    let company_fits = match kind {
        "S" => number.len() == 9 && digits,
        "G" => number.len() == 13 && digits,
        "U" => {
            (1..=14).contains(&number.len())
                && number.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        }
        _ => false,
    };
    company_fits && key_fits
}

/// The five sums of a receipt: gross, in cents, signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sums {
    /// 20 %.
    pub normal: Money,
    /// 10 %.
    pub reduced_1: Money,
    /// 13 %.
    pub reduced_2: Money,
    /// 0 %.
    pub zero: Money,
    /// 19 %, and 4.9 % from 2026-07-01.
    pub special: Money,
}

impl Sums {
    /// All five, in the order of the code.
    #[must_use]
    pub fn all(&self) -> [Money; 5] {
        [self.normal, self.reduced_1, self.reduced_2, self.zero, self.special]
    }

    /// Adds a gross amount to one of the five. Errs out of range.
    pub fn add(&mut self, slot: Slot, gross: Money) -> Result<(), MoneyError> {
        let sum = match slot {
            Slot::Normal => &mut self.normal,
            Slot::Reduced1 => &mut self.reduced_1,
            Slot::Reduced2 => &mut self.reduced_2,
            Slot::Zero => &mut self.zero,
            Slot::Special => &mut self.special,
        };
        *sum = sum.plus(gross)?;
        Ok(())
    }

    /// The turnover of the receipt. Errs out of range.
    pub fn total(&self) -> Result<Money, MoneyError> {
        Money::sum(self.all())
    }

    /// Whether each of the five is zero, as receipts without turnover want it.
    #[must_use]
    pub fn are_zero(&self) -> bool {
        self.all().iter().all(|sum| sum.is_zero())
    }
}

/// A code without its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The signing unit.
    pub unit: Unit,
    /// The till's name, as registered with FinanzOnline.
    pub cashbox: String,
    /// The receipt's number: unique for this till.
    pub receipt: String,
    /// Local time, whole seconds.
    pub at: DateTime,
    /// Gross per rate.
    pub sums: Sums,
    /// The turnover so far, or what stands in its place.
    pub counter: Counter,
    /// First eight bytes of the hash over the receipt before it.
    pub chain: [u8; 8],
}

impl Code {
    /// Reads a code without signature: thirteen fields, the first one empty. Errs naming the first field that does not fit.
    pub fn parse(text: &str) -> Result<Code, Unreadable> {
        let parts: Vec<&str> = text.split('_').take(14).collect();
        let [empty, suite, cashbox, receipt, at, a, b, c, d, e, counter, certificate, chain] =
            parts.as_slice()
        else {
            return Err(Unreadable::Fields);
        };
        if !empty.is_empty() {
            return Err(Unreadable::Fields);
        }
        let provider = suite.strip_prefix("R1-").ok_or(Unreadable::Suite)?;
        let provider = Provider::new(provider)?;
        let sums = Sums {
            normal: read_amount(a)?,
            reduced_1: read_amount(b)?,
            reduced_2: read_amount(c)?,
            zero: read_amount(d)?,
            special: read_amount(e)?,
        };
        Ok(Code {
            cashbox: name(cashbox, Unreadable::Cashbox)?,
            receipt: name(receipt, Unreadable::Receipt)?,
            at: read_time(at)?,
            sums,
            counter: Counter::parse(counter)?,
            unit: Unit::new(provider, certificate)?,
            chain: read_chain(chain)?,
        })
    }
}

impl fmt::Display for Code {
    /// The code without signature, as it is signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "_R1-{}_{}_{}_", self.unit.provider.0, self.cashbox, self.receipt)?;
        write!(f, "{}", whole_seconds(self.at))?;
        for sum in self.sums.all() {
            write!(f, "_{}", amount(sum))?;
        }
        write!(f, "_{}_{}", self.counter, self.unit.certificate)?;
        write!(f, "_{}", Base64::encode_string(&self.chain))
    }
}

/// A name of a till or receipt that may stand in a code: not empty, without underscores and control characters.
pub(super) fn name(text: &str, what: Unreadable) -> Result<String, Unreadable> {
    let fits = !text.is_empty()
        && text.len() <= LONGEST_NAME
        && !text.contains('_')
        && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(what) }
}

/// The same time without parts of a second, which the code has no place for.
pub(super) fn whole_seconds(at: DateTime) -> DateTime {
    at.with().subsec_nanosecond(0).build().unwrap_or(at)
}

fn read_time(text: &str) -> Result<DateTime, Unreadable> {
    let at: DateTime = text.parse().map_err(|_| Unreadable::Time)?;
    // One way of writing it only.
    if text.len() == 19 && at.to_string() == text { Ok(at) } else { Err(Unreadable::Time) }
}

fn read_chain(text: &str) -> Result<[u8; 8], Unreadable> {
    let mut chain = [0; 8];
    match Base64::decode(text, &mut chain) {
        Ok(bytes) if bytes.len() == 8 => Ok(chain),
        _ => Err(Unreadable::Chain),
    }
}

/// Two decimals after a comma, no point anywhere.
fn amount(amount: Money) -> String {
    let cents = amount.minor().unsigned_abs();
    let sign = if amount.is_negative() { "-" } else { "" };
    let (whole, rest) = (cents.checked_div(100), cents.checked_rem(100));
    format!("{sign}{},{:02}", whole.unwrap_or(0), rest.unwrap_or(0))
}

fn read_amount(text: &str) -> Result<Money, Unreadable> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, cents) = digits.split_once(',').ok_or(Unreadable::Sum)?;
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let fits = (1..=13).contains(&whole.len())
        && cents.len() == 2
        && numeric(whole)
        && numeric(cents)
        && (whole.len() == 1 || !whole.starts_with('0'));
    if !fits {
        return Err(Unreadable::Sum);
    }
    let whole: i64 = whole.parse().map_err(|_| Unreadable::Sum)?;
    let cents: i64 = cents.parse().map_err(|_| Unreadable::Sum)?;
    let all = whole.checked_mul(100).and_then(|all| all.checked_add(cents));
    let all = all.and_then(|all| all.checked_mul(sign)).ok_or(Unreadable::Sum)?;
    if sign < 0 && all == 0 {
        return Err(Unreadable::Sum);
    }
    Ok(Money::new(all))
}
