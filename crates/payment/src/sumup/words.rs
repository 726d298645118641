//! What SumUp's interface says, as far as it is needed: what is not known is passed over, and card data is not
//! kept but for the last four digits.
//!
//! Sources: developer.sumup.com (readers, transactions, refunds) and the types of SumUp's own libraries.

use nexo::amount::Decimal;
use nexo::message::Last4;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Reads one of these; none when it is longer than anything that is expected, or not of this form.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    if body.len() > nexo::LONGEST {
        return None;
    }
    serde_json::from_slice(body).ok()
}

/// What most answers are wrapped in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data<T> {
    /// What is wrapped.
    pub data: T,
}

/// How a reader is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// `ONLINE` or `OFFLINE`.
    pub status: String,
    /// `IDLE`, `WAITING_FOR_CARD`, `WAITING_FOR_PIN`, `WAITING_FOR_SIGNATURE`, `SELECTING_TIP`,
    /// `UPDATING_FIRMWARE`; none where the device is too old to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Its software.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware_version: Option<String>,
}

/// A reader that belongs to the merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// Its number: `rdr_…`.
    pub id: String,
    /// `paired`, or `processing`, `expired`, `unknown`.
    pub status: String,
    /// The device behind it.
    pub device: Device,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its serial number.
    pub identifier: String,
    /// `solo`, `virtual-solo`.
    pub model: String,
}

/// Asks to pair a reader with the code that it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// Eight or nine letters and digits.
    pub pairing_code: String,
    /// What people call it.
    pub name: String,
}

/// Asks for a payment at a reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// Who asks, and what they call it.
    pub affiliate: Affiliate,
    /// What the reader offers as a tip, parts of the whole from 0.01 to 0.99, ascending; without any it asks
    /// for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip_rates: Option<Vec<Decimal>>,
    /// Seconds in which the customer chooses; only with rates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip_timeout: Option<u16>,
    /// How much, without a tip.
    pub total_amount: Amount,
}

/// Who asks.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affiliate {
    /// The application.
    pub app_id: String,
    /// What the till calls the payment: by that it is found again.
    pub foreign_transaction_id: String,
    /// The application's key.
    pub key: String,
}

impl std::fmt::Debug for Affiliate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Affiliate({} {})", self.app_id, self.foreign_transaction_id)
    }
}

/// An amount in whole minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// ISO 4217.
    pub currency: String,
    /// Digits behind the point.
    pub minor_unit: u8,
    /// Minor units.
    pub value: i64,
}

/// A payment that was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// What SumUp calls the payment.
    pub client_transaction_id: String,
}

/// Asks for money back, of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Major units.
    pub amount: Decimal,
}

/// Where a transaction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Standing {
    /// Money moved.
    Successful,
    /// It was given up.
    Cancelled,
    /// It did not work.
    Failed,
    /// It is not over.
    Pending,
    /// Money moved, and moved back.
    Refunded,
    /// Another word.
    #[serde(other)]
    Other,
}

/// A payment as it is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// Its number.
    pub id: String,
    /// The same for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_code: Option<String>,
    /// As [`Accepted`] said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_transaction_id: Option<String>,
    /// As [`Affiliate`] said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_transaction_id: Option<String>,
    /// Whose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_code: Option<String>,
    /// Major units, a tip among them.
    pub amount: Decimal,
    /// ISO 4217.
    pub currency: String,
    /// Where it stands. A refund does not show here.
    pub status: Standing,
    /// Major units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip_amount: Option<Decimal>,
    /// `CHIP`, `CONTACTLESS`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_mode: Option<String>,
    /// The authorisation's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_code: Option<String>,
    /// The card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// What happened to it afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_events: Option<Vec<Event>>,
}

/// A card, without its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Of its number the last four digits.
    #[serde(default)]
    pub last_4_digits: Option<Digits>,
    /// `VISA`, `MASTERCARD`, …
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
}

/// Four digits; of anything longer only its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits(pub Last4);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.digits().unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Last4::of(&String::deserialize(deserializer)?)))
    }
}

/// What happened to a payment afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// `REFUND`, `PAYOUT`, `CHARGE_BACK`, …
    #[serde(default)]
    pub event_type: Option<String>,
    /// `REFUNDED`, `PENDING`, `FAILED`, …
    #[serde(default)]
    pub status: Option<String>,
    /// Major units.
    #[serde(default)]
    pub amount: Option<Decimal>,
}

/// Why something was refused: `errors` holds a word and a sentence, or a list of fields that are wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What is wrong.
    pub errors: Errors,
}

/// A word and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Errors {
    /// `READER_BUSY`, `READER_OFFLINE`, …
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// For people who program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}
