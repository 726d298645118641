//! What SIGN DE v2 says, as far as it is asked. Fields that are not named are passed over.

use std::fmt;

use fiscal::de::tse::signature::SignatureAlgorithm;
use fiscal::de::tse::time::TimeFormat;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use crate::proof;
use crate::{Fault, Finished, Identity, Usage};

const BAD: Fault = Fault::Unusable("bad_answer");

/// A number; counters come as text in some answers and as a number in others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Number(pub(super) u64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, or a text of digits")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Number, E> {
                Ok(Number(number))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
                text.parse().map(Number).map_err(E::custom)
            }
        }
        from.deserialize_any(Either)
    }
}

#[derive(Deserialize)]
pub(super) struct Token {
    pub(super) access_token: String,
    #[serde(default)]
    pub(super) refresh_token: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    pub(super) code: String,
}

#[derive(Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
}

#[derive(Deserialize)]
pub(super) struct Client {
    #[serde(rename = "_id")]
    pub(super) id: String,
    pub(super) serial_number: String,
    pub(super) state: String,
}

#[derive(Deserialize)]
pub(super) struct Export {
    pub(super) state: String,
}

/// Where a unit is in its life, and what is told of it once.
#[derive(Deserialize)]
pub(super) struct Life {
    pub(super) state: String,
    #[serde(default)]
    pub(super) admin_puk: Option<String>,
}

/// How a unit stands.
#[derive(Deserialize)]
pub(super) struct Counts {
    #[serde(default)]
    number_registered_clients: Option<Number>,
    #[serde(default)]
    max_number_registered_clients: Option<Number>,
    #[serde(default)]
    number_active_transactions: Option<Number>,
    #[serde(default)]
    max_number_active_transactions: Option<Number>,
    #[serde(default)]
    signature_counter: Option<Number>,
    #[serde(default)]
    transaction_counter: Option<Number>,
}

impl Counts {
    pub(super) fn usage(&self) -> Usage {
        let share = |used: Option<Number>, most: Option<Number>| {
            used.zip(most).map(|(used, most)| (used.0, most.0)).filter(|(_, most)| *most > 0)
        };
        Usage {
            clients: share(self.number_registered_clients, self.max_number_registered_clients),
            open: share(self.number_active_transactions, self.max_number_active_transactions),
            counter: self.signature_counter.map(|n| n.0),
            transactions: self.transaction_counter.map(|n| n.0),
            // It keeps as much as there is, and says no end of its signatures.
            ..Usage::default()
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Tss {
    certificate: String,
    serial_number: String,
    public_key: String,
    signature_algorithm: String,
    signature_timestamp_format: String,
    pub(super) state: String,
    #[serde(rename = "_env", default)]
    environment: String,
}

impl Tss {
    pub(super) fn identity(&self) -> Result<Identity, Fault> {
        let (certificates, valid_until) = proof::certificates(&self.certificate)?;
        Ok(Identity {
            serial: self.serial_number.to_ascii_lowercase(),
            public_key: proof::base64(&self.public_key).ok_or(BAD)?,
            algorithm: SignatureAlgorithm::parse(&self.signature_algorithm).ok_or(BAD)?,
            time_format: TimeFormat::parse(&self.signature_timestamp_format).ok_or(BAD)?,
            certificates,
            valid_until,
            // In the test environment nothing that is signed counts.
            certified: self.environment == "LIVE",
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Tx {
    pub(super) number: Number,
    pub(super) state: String,
    pub(super) client_serial_number: String,
    pub(super) client_id: String,
    pub(super) latest_revision: Number,
    pub(super) time_start: Number,
    #[serde(default)]
    signature: Option<Signature>,
    #[serde(default)]
    log: Option<Log>,
}

#[derive(Deserialize)]
struct Signature {
    value: String,
    counter: Number,
}

#[derive(Deserialize)]
struct Log {
    timestamp: Number,
}

impl Tx {
    /// When it began.
    pub(super) fn began(&self) -> Result<Timestamp, Fault> {
        seconds(self.time_start)
    }

    /// What was signed last.
    pub(super) fn signed(&self) -> Result<Finished, Fault> {
        let (Some(signature), Some(log)) = (&self.signature, &self.log) else { return Err(BAD) };
        Ok(Finished {
            at: seconds(log.timestamp)?,
            counter: signature.counter.0,
            signature: proof::base64(&signature.value).ok_or(BAD)?,
        })
    }
}

fn seconds(number: Number) -> Result<Timestamp, Fault> {
    let seconds = i64::try_from(number.0).map_err(|_| BAD)?;
    Timestamp::from_second(seconds).map_err(|_| BAD)
}
