//! Adyen's card terminals. In the shop's own network (Terminal API, local): nexo messages, sealed, over HTTPS
//! to `https://<terminal>:8443/nexo`. Or through the cloud (Cloud device API): the same messages in clear over
//! HTTPS to Adyen, with a key that the way presents. The language itself is in the crate `nexo`.
//!
//! The protocol has no acknowledgement: once the terminal says yes, money has moved, whether or not that
//! reaches a disk. So the number of the message is on disk before it is sent, and whoever does not know how
//! it ended asks the terminal for exactly that message: it repeats its answer, says that it is still at it,
//! or that it never heard of it. A yes that cannot be stored ends as unknown and is found out the same way.
//!
//! Before money is asked for, the terminal is asked how it is: that shows a wrong passphrase, another
//! terminal and a terminal that is at something else while nothing is at stake.

mod asking;
mod carrier;
mod finding_out;
mod told;

use std::sync::Arc;

use ::nexo::amount::Decimal;
use ::nexo::envelope::Keys;
use ::nexo::message::{
    ASK_GRATUITY, AmountsReq, DiagnosisRequest, Header, MessageReference, PaymentData,
    PaymentRequest, PaymentTransaction, PoiData, ReversalRequest, SERVICE_ID_MAX, SaleData,
    TransactionId,
};
use ::nexo::wire;
use ::nexo::words::{Category, PaymentType};
use sha2::{Digest, Sha256};

pub use crate::driver::Draw;
use crate::driver::{Ask, Before, Capabilities, Driver, Output, Purpose, Reference, Talk};
use crate::https::Https;
use crate::post::Credential;
use crate::tls::{Abrupt, BadTls, Tls};
use asking::{Asking, Job};
use carrier::Carrier;
use finding_out::FindingOut;

/// Where Adyen's cloud is, for the European Union; and for tests there.
pub const CLOUD: [&str; 2] = ["device-api-live.adyen.com:443", "device-api-test.adyen.com:443"];
/// What the till calls itself.
const SALE_ID: &str = "Tresen";
/// What every certificate of a terminal ends with.
const DOMAINS: [&str; 2] = ["test.terminal.adyen.com", "live.terminal.adyen.com"];
/// Digits and letters that are not taken for one another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Longest name of a terminal, characters.
const POI_ID_MAX: usize = 40;
/// Longest [`Before`], characters.
const BEFORE_MAX: usize = 100;

/// A configuration that no terminal can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// Not a model and a serial number.
    #[error("a terminal's name is its model and serial number, like P400Plus-275039202")]
    Terminal,
    /// Not a merchant account.
    #[error("a merchant account is letters, digits, - and _")]
    Merchant,
    /// Empty, or too long.
    #[error("the API key is needed, up to 200 characters")]
    ApiKey,
    /// Empty, or too long.
    #[error("the passphrase and the name of its key are needed, up to 200 characters each")]
    Key,
    /// Not three letters.
    #[error("the currency is not known")]
    Currency,
    /// Not certificates in PEM.
    #[error("the root certificate cannot be read")]
    Root(#[from] BadTls),
}

/// What a terminal and the shop share; shown by no `Debug`.
#[derive(Clone)]
pub struct Secret {
    /// As it was typed in at the provider's.
    pub passphrase: String,
    /// What the provider calls it.
    pub key_identifier: String,
    /// Which version of it.
    pub key_version: u32,
    /// The certificate that the terminals' certificates lead to, PEM.
    pub root: String,
}

/// A terminal's configuration.
#[derive(Debug, Clone)]
pub struct Adyen {
    carrier: Carrier,
    poi_id: String,
    currency: String,
    digits: u8,
    draw: Draw,
}

/// Checks what a terminal is called.
///
/// # Errors
/// When no terminal can be called so.
pub fn check_poi_id(poi_id: &str) -> Result<(), BadSettings> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let edges = poi_id.starts_with('-') || poi_id.ends_with('-');
    if (1..=POI_ID_MAX).contains(&poi_id.len()) && poi_id.bytes().all(plain) && !edges {
        Ok(())
    } else {
        Err(BadSettings::Terminal)
    }
}

/// Checks a merchant account.
///
/// # Errors
/// When it cannot be one.
pub fn check_merchant(merchant: &str) -> Result<(), BadSettings> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let fits = (1..=80).contains(&merchant.len()) && merchant.bytes().all(plain);
    fits.then_some(()).ok_or(BadSettings::Merchant)
}

/// What shows Adyen's cloud who asks.
///
/// # Errors
/// When the key cannot be one.
pub fn credential(api_key: &str) -> Result<Credential, BadSettings> {
    let plain = api_key.bytes().all(|byte| byte.is_ascii_graphic());
    let key = Some(api_key).filter(|key| (1..=200).contains(&key.len()) && plain);
    key.and_then(|key| Credential::new("x-api-key", key)).ok_or(BadSettings::ApiKey)
}

/// Checks what is shared with a terminal.
///
/// # Errors
/// When it cannot be that.
pub fn check_secret(secret: &Secret) -> Result<(), BadSettings> {
    let given = |text: &str| !text.is_empty() && text.len() <= 200;
    if !given(&secret.passphrase) || !given(&secret.key_identifier) {
        return Err(BadSettings::Key);
    }
    crate::tls::roots(&secret.root)?;
    Ok(())
}

impl Adyen {
    /// The terminal of that name (model and serial number), with what is shared with it, that takes this
    /// currency (ISO 4217) of so many digits behind the point.
    ///
    /// # Errors
    /// When there can be no such terminal.
    pub fn new(
        poi_id: &str,
        secret: &Secret,
        (currency, digits): (&str, u8),
        draw: Draw,
    ) -> Result<Self, BadSettings> {
        check_poi_id(poi_id)?;
        check_secret(secret)?;
        let Secret { passphrase, key_identifier, key_version, .. } = secret;
        let keys = || Arc::new(Keys::derive(passphrase, key_identifier, *key_version));
        Self::carried(poi_id, (currency, digits), draw, || Carrier::Local(keys()))
    }

    /// The same terminal of that merchant account, asked through the cloud.
    ///
    /// # Errors
    /// When there can be no such terminal.
    pub fn in_cloud(
        (merchant, poi_id): (&str, &str),
        money: (&str, u8),
        draw: Draw,
    ) -> Result<Self, BadSettings> {
        check_poi_id(poi_id)?;
        check_merchant(merchant)?;
        Self::carried(poi_id, money, draw, || Carrier::cloud(merchant, poi_id))
    }

    fn carried(
        poi_id: &str,
        (currency, digits): (&str, u8),
        draw: Draw,
        carrier: impl FnOnce() -> Carrier,
    ) -> Result<Self, BadSettings> {
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(BadSettings::Currency);
        }
        Ok(Self {
            carrier: carrier(),
            poi_id: poi_id.to_owned(),
            currency: currency.to_owned(),
            digits,
            draw,
        })
    }

    /// The way to the terminal at `address` (`host:port`), which must prove to be the one of that name.
    ///
    /// # Errors
    /// When the root certificate cannot be read.
    pub fn way(poi_id: &str, address: &str, root: &str) -> Result<Tls<Abrupt>, BadSettings> {
        Ok(Tls::to(address, root, certificate_names(poi_id))?)
    }

    /// The way to Adyen's cloud at `address` (`host:port`), with the key that it lets in. `root` (PEM): only
    /// certificates that lead there are believed; none in a shop.
    ///
    /// # Errors
    /// When there can be none.
    pub fn cloud_way(
        address: &str,
        api_key: &str,
        root: Option<&str>,
    ) -> Result<Https<Abrupt>, BadSettings> {
        Ok(Https::to(address, root, credential(api_key)?)?)
    }

    /// What money is asked for, or a stable code of why it cannot be asked.
    fn order(&self, purpose: &Purpose, ask: &Ask) -> Result<Order, &'static str> {
        if ask.amount <= 0 {
            return Err("bad_amount");
        }
        if ask.currency != self.currency {
            return Err("wrong_currency");
        }
        let amount = Decimal::of_minor(ask.amount, self.digits).map_err(|_| "bad_amount")?;
        let sale = TransactionId { transaction_id: ask.key.clone(), time_stamp: ask.time.clone() };
        // The terminal offers what is set up for it at Adyen.
        let tips = ask.tips && *purpose == Purpose::Payment;
        let for_acquirer = tips.then(|| ASK_GRATUITY.to_owned());
        let sale_data = SaleData { transaction: sale, for_acquirer };
        let message = match purpose {
            Purpose::Payment | Purpose::Refund => {
                let refund = PaymentData { payment_type: PaymentType::Refund };
                let amounts_req =
                    AmountsReq { currency: self.currency.clone(), requested_amount: amount };
                wire::Ask::Payment(PaymentRequest {
                    sale_data,
                    payment_transaction: PaymentTransaction { amounts_req },
                    payment_data: (*purpose == Purpose::Refund).then_some(refund),
                })
            }
            Purpose::Reservation(_) => return Err("function_impossible"),
            Purpose::Reversal(Reference { receipt, trace }) => {
                let time_stamp = trace.clone().ok_or("bad_reference")?;
                let transaction = TransactionId { transaction_id: receipt.clone(), time_stamp };
                wire::Ask::Reversal(ReversalRequest {
                    original: PoiData { transaction },
                    reversal_reason: "MerchantCancel".to_owned(),
                    sale_data: Some(sale_data),
                })
            }
        };
        Ok(Order {
            message,
            purpose: purpose.clone(),
            ask: ask.clone(),
            // At random: a number that was ever used would bring the answer of then.
            service_id: service_id(&(self.draw)()),
        })
    }

    /// A message of the driver's own, under a number that was never used.
    fn own(&self, number: u8, message: &wire::Ask) -> (Header, Output) {
        let service_id = service_id(&(self.draw)());
        let header = self.header(message.category(), &service_id);
        let post = self.post(number, &header, message);
        (header, post)
    }

    fn header(&self, category: Category, service_id: &str) -> Header {
        Header::request(category, SALE_ID, service_id, &self.poi_id)
    }

    fn post(&self, number: u8, header: &Header, message: &wire::Ask) -> Output {
        self.carrier.post(number, header, message, self.draw)
    }

    fn reference(&self, order: &Order, service_id: &str) -> MessageReference {
        MessageReference {
            message_category: order.message.category(),
            sale_id: SALE_ID.to_owned(),
            service_id: service_id.to_owned(),
        }
    }

    fn before(&self, order: &Order) -> Before {
        let (poi, service, sale) = (&self.poi_id, &order.service_id, &order.ask.key);
        let numbers = format!("adyen1 poi={poi} service={service}");
        // Where there is room: the number alone names the message.
        let named = format!("{numbers} sale={sale}");
        Before(if named.len() <= BEFORE_MAX && !sale.contains(' ') { named } else { numbers })
    }

    fn talk(&self, job: Job) -> Talk {
        Box::new(Asking::new(self.clone(), job))
    }

    fn money(&self, purpose: &Purpose, ask: &Ask) -> Talk {
        self.talk(Job::Money(self.order(purpose, ask).map(Box::new)))
    }
}

/// What the certificate of a terminal of that name may be made out to.
#[must_use]
pub fn certificate_names(poi_id: &str) -> Vec<String> {
    DOMAINS.map(|domain| format!("{poi_id}.{domain}")).to_vec()
}

/// The number of a message: ten characters, made of what was drawn for it.
fn service_id(of: &[u8]) -> String {
    let digest = Sha256::new().chain_update(b"tresen-service-id-1").chain_update(of).finalize();
    let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).map(|letter| char::from(*letter));
    digest.iter().take(SERVICE_ID_MAX).filter_map(letter).collect()
}

/// What [`Adyen::before`] wrote down: the terminal, the number of the message, and what names the sale.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Noted {
    poi: String,
    service: String,
    sale: Option<String>,
}

fn read_before(before: &Before) -> Option<Noted> {
    let mut words = before.0.strip_prefix("adyen1 ")?.split(' ');
    let poi = words.next()?.strip_prefix("poi=")?.to_owned();
    let service = words.next()?.strip_prefix("service=")?.to_owned();
    let sale = words.next().and_then(|word| word.strip_prefix("sale=")).map(str::to_owned);
    let fits = (1..=SERVICE_ID_MAX).contains(&service.len());
    fits.then_some(Noted { poi, service, sale })
}

/// A message that moves money.
#[derive(Debug, Clone)]
struct Order {
    message: wire::Ask,
    purpose: Purpose,
    ask: Ask,
    service_id: String,
}

impl Driver for Adyen {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            refund: true,
            reverse: true,
            query: true,
            cancel: true,
            end_of_day: false,
            reserve: false,
            tips: true,
        }
    }

    fn pay(&self, ask: &Ask) -> Talk {
        self.money(&Purpose::Payment, ask)
    }

    fn refund(&self, ask: &Ask) -> Talk {
        self.money(&Purpose::Refund, ask)
    }

    fn reverse(&self, ask: &Ask, reference: &Reference) -> Talk {
        self.money(&Purpose::Reversal(reference.clone()), ask)
    }

    fn query(&self, purpose: &Purpose, ask: &Ask, before: &Before) -> Talk {
        Box::new(FindingOut::new(self.clone(), self.order(purpose, ask), before))
    }

    /// The provider closes the day: ends as not offered.
    fn end_of_day(&self) -> Talk {
        self.talk(Job::Money(Err("function_impossible")))
    }

    fn identity(&self) -> Talk {
        self.talk(Job::Identity)
    }

    fn diagnose(&self) -> Talk {
        self.talk(Job::Diagnosis)
    }
}

/// Asks how the terminal is, with or without its bank.
const fn diagnosis(host: bool) -> wire::Ask {
    wire::Ask::Diagnosis(DiagnosisRequest { host_diagnosis_flag: host })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_ten_characters_that_name_it() {
        let one = service_id(b"drawn 1");
        assert_eq!(one.len(), SERVICE_ID_MAX);
        assert_ne!(one, service_id(b"drawn 2"));
    }

    #[test]
    fn what_another_driver_wrote_down_is_not_read() {
        let before = |text: &str| Before(text.to_owned());
        let ours = before("adyen1 poi=P400Plus-1 service=K7M2Q9ABCD");
        let noted = |sale: Option<&str>| Noted {
            poi: "P400Plus-1".to_owned(),
            service: "K7M2Q9ABCD".to_owned(),
            sale: sale.map(str::to_owned),
        };
        assert_eq!(read_before(&ours), Some(noted(None)));
        let named = before("adyen1 poi=P400Plus-1 service=K7M2Q9ABCD sale=AB-7-0");
        assert_eq!(read_before(&named), Some(noted(Some("AB-7-0"))));
        for text in ["", "zvt1 tid=1 nothing", "adyen1 poi=P400Plus-1", "adyen1 poi=P service="] {
            assert_eq!(read_before(&before(text)), None, "{text}");
        }
    }

    #[test]
    fn names_of_terminals_are_models_and_serial_numbers() {
        for good in ["P400Plus-275039202", "S1F2-000158215131337"] {
            assert_eq!(check_poi_id(good), Ok(()));
        }
        for bad in ["", "a.b", "-1", "x y", "ü", &"x".repeat(41)] {
            assert_eq!(check_poi_id(bad), Err(BadSettings::Terminal), "{bad}");
        }
    }
}
