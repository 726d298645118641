//! SumUp's card readers (Solo), asked through SumUp's servers (Cloud API): JSON over HTTPS to
//! `https://api.sumup.com`, with a key that the way presents and this driver never sees.
//!
//! A payment is begun at a reader and then runs by itself: SumUp answers at once that it took it over, and how
//! it ended is looked up until it is told. Nothing is acknowledged; a yes moved money whether or not it
//! reaches a disk. Beginning a payment twice would be two payments, so that is never done: the name that the
//! payment will have at SumUp (`foreign_transaction_id`, drawn at random) is on disk before it is asked for, and
//! whoever does not know how it ended looks it up by that name. That SumUp knows of none counts only when it
//! says so for as long as a reader may still begin and news may be late, and the reader is idle all that time.
//!
//! Money is given back only of a payment, whole or in part. How much of it was given back before is on disk
//! before more is asked for; afterwards the same figure tells whether it was carried out.

mod asking;
mod finding_out;
pub mod fuzz;
mod knowing;
mod refunding;
mod told;
pub mod words;

use std::fmt;
use std::sync::Arc;

use nexo::amount::Decimal;
use serde::Serialize;

use crate::driver::{
    Ask, Before, Bytes, Capabilities, Draw, Driver, Output, Purpose, Reference, Talk,
};
use crate::https::Https;
use crate::post::Credential;
use crate::tls::{Abrupt, BadTls};
use asking::Asking;
use finding_out::{FindingOut, FindingRefund};
use knowing::{Knowing, Wanted};
use refunding::Refunding;

/// Where SumUp is.
pub const ADDRESS: &str = "api.sumup.com:443";
/// Longest number of a reader, characters.
const READER_MAX: usize = 40;
/// Longest number of a transaction, characters.
const ID_MAX: usize = 60;
/// What a reader offers as a tip, per cent: it has no choice of its own.
const TIP_RATES: [i64; 3] = [5, 10, 15];
/// How long a customer may take to choose one, seconds.
const TIP_SECONDS: u16 = 60;

/// A configuration that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// Not a merchant's code.
    #[error("a merchant's code is capital letters and digits, like MH4H92C7")]
    Merchant,
    /// Not a reader's number.
    #[error("a reader's number begins with rdr_")]
    Reader,
    /// Empty, too long, or with what cannot be in a key.
    #[error(
        "the API key, the application and its affiliate key are needed, up to 200 characters each"
    )]
    Key,
    /// Not three letters.
    #[error("the currency is not known")]
    Currency,
    /// Letters and digits, eight or nine.
    #[error("a pairing code is eight or nine letters and digits")]
    Code,
    /// The address, or the certificate.
    #[error(transparent)]
    Tls(#[from] BadTls),
}

/// What the shop shares with SumUp; shown by no `Debug`.
#[derive(Clone)]
pub struct Secret {
    /// `sup_sk_…`.
    pub api_key: String,
    /// The application that the affiliate key was made for.
    pub app_id: String,
    /// The affiliate key.
    pub affiliate_key: String,
    /// Only certificates that lead there are believed, PEM; none in a shop.
    pub root: Option<String>,
}

/// A reader's configuration.
#[derive(Clone)]
pub struct Sumup {
    merchant: Arc<str>,
    reader: Arc<str>,
    /// Application and affiliate key.
    affiliate: Arc<(String, String)>,
    currency: Arc<str>,
    digits: u8,
    draw: Draw,
    asks_who: bool,
}

impl fmt::Debug for Sumup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sumup({} {} {})", self.merchant, self.reader, self.affiliate.0)
    }
}

/// Checks a merchant's code.
///
/// # Errors
/// When it cannot be one.
pub fn check_merchant(merchant: &str) -> Result<(), BadSettings> {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let fits = (1..=20).contains(&merchant.len()) && merchant.bytes().all(plain);
    fits.then_some(()).ok_or(BadSettings::Merchant)
}

/// Checks a reader's number.
///
/// # Errors
/// When it cannot be one.
pub fn check_reader(reader: &str) -> Result<(), BadSettings> {
    let rest = reader.strip_prefix("rdr_").ok_or(BadSettings::Reader)?;
    let fits = !rest.is_empty() && reader.len() <= READER_MAX;
    let plain = rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (fits && plain).then_some(()).ok_or(BadSettings::Reader)
}

/// Checks what is shared with SumUp.
///
/// # Errors
/// When it cannot be that.
pub fn check_secret(secret: &Secret) -> Result<(), BadSettings> {
    let given = |text: &str| {
        (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    if ![&secret.api_key, &secret.app_id, &secret.affiliate_key].into_iter().all(|k| given(k)) {
        return Err(BadSettings::Key);
    }
    if let Some(root) = &secret.root {
        crate::tls::roots(root)?;
    }
    Ok(())
}

/// The way to SumUp at `address` (`host:port`, [`ADDRESS`] in a shop).
///
/// # Errors
/// When there can be none.
pub fn way(address: &str, secret: &Secret) -> Result<Https<Abrupt>, BadSettings> {
    Ok(Https::to(address, secret.root.as_deref(), credential(secret)?)?)
}

/// What shows SumUp who asks.
///
/// # Errors
/// When the key cannot be one.
pub fn credential(secret: &Secret) -> Result<Credential, BadSettings> {
    let value = format!("Bearer {}", secret.api_key);
    Credential::new("authorization", &value).ok_or(BadSettings::Key)
}

/// Pairs a reader that shows this code with the merchant's account: ends as [`crate::End::Identity`] with the
/// reader's number as its identification.
///
/// # Errors
/// When merchant or code cannot be one.
pub fn pair(merchant: &str, code: &str, name: &str) -> Result<Talk, BadSettings> {
    check_merchant(merchant)?;
    let code = code.trim().to_ascii_uppercase();
    let plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !(8..=9).contains(&code.len()) || !plain {
        return Err(BadSettings::Code);
    }
    let asked = words::Pairing { pairing_code: code, name: name.to_owned() };
    let path = format!("/v0.1/merchants/{merchant}/readers");
    Ok(Box::new(Knowing::pairing(post(knowing::HOW, path, &asked))))
}

impl Sumup {
    /// The reader of that number, of that merchant, that takes this currency (ISO 4217) of so many digits
    /// behind the point.
    ///
    /// # Errors
    /// When there can be no such reader.
    pub fn new(
        (merchant, reader): (&str, &str),
        secret: &Secret,
        (currency, digits): (&str, u8),
        draw: Draw,
    ) -> Result<Self, BadSettings> {
        check_merchant(merchant)?;
        check_reader(reader)?;
        check_secret(secret)?;
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(BadSettings::Currency);
        }
        Ok(Self {
            merchant: merchant.into(),
            reader: reader.into(),
            affiliate: Arc::new((secret.app_id.clone(), secret.affiliate_key.clone())),
            currency: currency.into(),
            digits,
            draw,
            asks_who: false,
        })
    }

    /// Asks which device it is before each payment: what SumUp says of it is handed out before money is asked
    /// for.
    #[must_use]
    pub const fn asking_who(mut self) -> Self {
        self.asks_who = true;
        self
    }

    /// Why this cannot be asked for, a stable code.
    fn cannot(&self, ask: &Ask) -> Option<&'static str> {
        if ask.amount <= 0 {
            return Some("bad_amount");
        }
        (ask.currency != *self.currency).then_some("wrong_currency")
    }

    fn at_reader(&self, what: &str) -> String {
        format!("/v0.1/merchants/{}/readers/{}{what}", self.merchant, self.reader)
    }

    fn look_up(&self, number: u8, by: &str, name: &str) -> Output {
        let path = format!("/v2.1/merchants/{}/transactions?{by}={}", self.merchant, quoted(name));
        Output::Get { number, path }
    }

    fn checkout(&self, number: u8, ask: &Ask, foreign: &str) -> Output {
        // Of a hundred: there is no error to come.
        let rate = |percent: i64| Decimal::of_minor(percent, 2).ok();
        let asked = words::Checkout {
            tip_rates: ask.tips.then(|| TIP_RATES.into_iter().filter_map(rate).collect()),
            tip_timeout: ask.tips.then_some(TIP_SECONDS),
            affiliate: words::Affiliate {
                app_id: self.affiliate.0.clone(),
                foreign_transaction_id: foreign.to_owned(),
                key: self.affiliate.1.clone(),
            },
            total_amount: words::Amount {
                currency: self.currency.to_string(),
                minor_unit: self.digits,
                value: ask.amount,
            },
        };
        post(number, self.at_reader("/checkout"), &asked)
    }

    fn terminate(&self, number: u8) -> Output {
        Output::Post { number, path: self.at_reader("/terminate"), body: Bytes(b"{}".to_vec()) }
    }

    /// A name that no payment ever had.
    fn name(&self) -> String {
        (self.draw)().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    fn before(&self, foreign: &str) -> Before {
        Before(format!("sumup1 reader={} foreign={foreign}", self.reader))
    }
}

fn post(number: u8, path: String, asked: &impl Serialize) -> Output {
    // Plain figures and texts: there is no error to come.
    let body = serde_json::to_vec(asked).unwrap_or_default();
    Output::Post { number, path, body: Bytes(body) }
}

/// As it stands in an address.
fn quoted(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| match byte {
        byte if plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    name.bytes().map(one).collect()
}

/// Reader and name of a payment that [`Sumup::before`] wrote down.
fn read_before(before: &Before) -> Option<(&str, &str)> {
    let mut words = before.0.strip_prefix("sumup1 ")?.split(' ');
    let reader = words.next()?.strip_prefix("reader=")?;
    let foreign = words.next()?.strip_prefix("foreign=")?;
    let fits = foreign.len() == 32 && foreign.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some((reader, foreign)).filter(|_| fits)
}

/// How much of a payment was given back before.
fn before_refund(id: &str, refunded: i64) -> Before {
    Before(format!("sumup1 of={id} refunded={refunded}"))
}

/// Payment and sum that [`before_refund`] wrote down.
fn read_before_refund(before: &Before) -> Option<(&str, i64)> {
    let mut words = before.0.strip_prefix("sumup1 ")?.split(' ');
    let id = words.next()?.strip_prefix("of=")?;
    let refunded = words.next()?.strip_prefix("refunded=")?.parse().ok()?;
    Some((id, refunded)).filter(|_| refunded >= 0)
}

impl Driver for Sumup {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            refund: false,
            reverse: true,
            query: true,
            cancel: true,
            end_of_day: false,
            reserve: false,
            tips: true,
        }
    }

    fn pay(&self, ask: &Ask) -> Talk {
        Box::new(Asking::new(self.clone(), ask.clone()))
    }

    /// SumUp gives money back only of a payment: ends as not offered.
    fn refund(&self, _: &Ask) -> Talk {
        Box::new(Knowing::not_offered(self.clone()))
    }

    /// Gives back so much of a payment, up to all of it.
    fn reverse(&self, ask: &Ask, reference: &Reference) -> Talk {
        Box::new(Refunding::new(self.clone(), ask.clone(), &reference.receipt))
    }

    fn query(&self, purpose: &Purpose, ask: &Ask, before: &Before) -> Talk {
        match purpose {
            Purpose::Payment | Purpose::Refund => {
                Box::new(FindingOut::new(self.clone(), ask.clone(), before))
            }
            // It never held money for later.
            Purpose::Reservation(_) => Box::new(Knowing::not_offered(self.clone())),
            Purpose::Reversal(reference) => {
                Box::new(FindingRefund::new(self.clone(), ask.clone(), &reference.receipt, before))
            }
        }
    }

    /// SumUp closes the day: ends as not offered.
    fn end_of_day(&self) -> Talk {
        Box::new(Knowing::not_offered(self.clone()))
    }

    fn identity(&self) -> Talk {
        Box::new(Knowing::new(self.clone(), Wanted::Identity))
    }

    fn diagnose(&self) -> Talk {
        Box::new(Knowing::new(self.clone(), Wanted::Diagnosis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_is_read_again_and_another_drivers_is_not() {
        let foreign = "0123456789abcdef0123456789abcdef";
        let before = |text: &str| Before(text.to_owned());
        let ours = before(&format!("sumup1 reader=rdr_1 foreign={foreign}"));
        assert_eq!(read_before(&ours), Some(("rdr_1", foreign)));
        let ours = before_refund(&"a".repeat(ID_MAX), i64::MAX);
        assert!(ours.0.len() <= 100, "{}", ours.0.len());
        assert_eq!(read_before_refund(&ours), Some(("a".repeat(ID_MAX).as_str(), i64::MAX)));
        for text in ["", "sumup1 reader=rdr_1 foreign=x", "adyen1 poi=P service=K", "sumup1 of=a"] {
            assert_eq!(read_before(&before(text)), None, "{text}");
            assert_eq!(read_before_refund(&before(text)), None, "{text}");
        }
        assert_eq!(read_before_refund(&before("sumup1 of=a refunded=-1")), None);
    }

    #[test]
    fn names_stand_in_addresses_whatever_they_are() {
        assert_eq!(quoted("urn:sumup:a-1;2 &?#é"), "urn%3Asumup%3Aa-1%3B2%20%26%3F%23%C3%A9");
    }

    #[test]
    fn readers_and_merchants_that_cannot_be_are_refused() {
        assert_eq!(check_reader("rdr_3MSAFM23CK82VSTT4BN6RWSQ65"), Ok(()));
        for bad in ["", "rdr_", "rdr_a/b", "3MSA", "rdr_ä", &format!("rdr_{}", "x".repeat(37))] {
            assert_eq!(check_reader(bad), Err(BadSettings::Reader), "{bad}");
        }
        assert_eq!(check_merchant("MH4H92C7"), Ok(()));
        for bad in ["", "mh", "M/../X", &"M".repeat(21)] {
            assert_eq!(check_merchant(bad), Err(BadSettings::Merchant), "{bad}");
        }
        for (code, fits) in [("4WLFDSBF", true), (" 4wlfdsbf1 ", true), ("short", false)] {
            assert_eq!(pair("MH4H92C7", code, "Solo").is_ok(), fits, "{code}");
        }
    }
}
