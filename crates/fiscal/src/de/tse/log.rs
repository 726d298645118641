//! The messages that signing units keep of all that they sign, in both versions of their shape. What was
//! signed is kept as it was written: units write it in ways that nobody would write anew.
//! Sources: TR-03151 1.0.1 (version 2), TR-03151-1 1.1 (version 3).

use serde::{Deserialize, Serialize};

use super::key::{PrivateKey, PublicKey, SerialNumber};
use super::signature::{SignatureAlgorithm, SignatureFault};
use super::time::{LogTime, TimeFormat};
use super::tlv::{self, Reader, Tlv, TlvError};

/// Longest message that is read, bytes.
pub const LONGEST_LOG: usize = 1024 * 1024;
/// The content of 0.4.0.127.0.7.3.7.1, under which the kinds of log are numbered.
const LOGS: [u8; 8] = [0x04, 0x00, 0x7f, 0x00, 0x07, 0x03, 0x07, 0x01];
const TRANSACTION_LOG: u8 = 1;
const SYSTEM_LOG: u8 = 2;
const AUDIT_LOG: u8 = 3;

/// The version of a message's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Version {
    /// Units that were certified by TR-03151 1.0.
    #[serde(rename = "2")]
    V2,
    /// Units that were certified by TR-03151-1 1.1 (2023).
    #[serde(rename = "3")]
    V3,
}

impl Version {
    /// Its number.
    pub const fn number(self) -> u8 {
        match self {
            Self::V2 => 2,
            Self::V3 => 3,
        }
    }
}

/// What was done to a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// It was begun.
    Start,
    /// Its data changed.
    Update,
    /// It was finished.
    Finish,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Start, Self::Update, Self::Finish];

    /// The word in file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Update => "Update",
            Self::Finish => "Finish",
        }
    }

    /// The word that is signed: `FinishTransaction` in version 2, `finishTransaction` in version 3.
    pub const fn signed_name(self, version: Version) -> &'static str {
        match (version, self) {
            (Version::V2, Self::Start) => "StartTransaction",
            (Version::V2, Self::Update) => "UpdateTransaction",
            (Version::V2, Self::Finish) => "FinishTransaction",
            (Version::V3, Self::Start) => "startTransaction",
            (Version::V3, Self::Update) => "updateTransaction",
            (Version::V3, Self::Finish) => "finishTransaction",
        }
    }

    fn parse(name: &[u8]) -> Option<Self> {
        let all = Self::ALL.into_iter();
        let mut same = all.filter(|operation| {
            operation.signed_name(Version::V2).as_bytes().eq_ignore_ascii_case(name)
        });
        same.next()
    }
}

/// What a message says of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// What was done to it.
    pub operation: Operation,
    /// The till, as it is registered at the unit: its serial number.
    pub client: String,
    /// The signed text; empty at the start.
    pub process_data: Vec<u8>,
    /// What kind of text; empty at the start.
    pub process_type: String,
    /// Further data from outside; tills send none.
    pub external: Option<Vec<u8>>,
    /// Its number, without gaps within the unit.
    pub number: u64,
    /// Further data of the unit. With it a code on a receipt cannot be verified.
    pub internal: Option<Vec<u8>>,
}

/// What a message says of the unit itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemEvent {
    /// What happened: `UpdateTime` (version 2), `updateTime` (version 3), …
    pub event: String,
    /// Where it came from (version 3).
    pub origin: Option<String>,
    /// Who did it (version 3).
    pub user: Option<String>,
    /// Data of the event, by its kind; not read further.
    pub data: Vec<u8>,
    /// Further data of the unit.
    pub internal: Option<Vec<u8>>,
}

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A transaction.
    Transaction(Transaction),
    /// The unit itself.
    System(SystemEvent),
    /// The security module within the unit; what it says is [`LogContent::audit`].
    Audit,
}

/// All of a message but its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogContent {
    /// The version of its shape.
    pub version: Version,
    /// What it is about.
    pub record: Record,
    /// The unit.
    pub serial: SerialNumber,
    /// How it is signed.
    pub algorithm: SignatureAlgorithm,
    /// Data of the security module.
    pub audit: Option<Vec<u8>>,
    /// The unit's signature counter, without gaps.
    pub counter: u64,
    /// When it was signed, by the unit's own clock.
    pub time: LogTime,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogMessage {
    content: LogContent,
    /// What was signed, as it was written.
    signed: Vec<u8>,
    signature: Vec<u8>,
}

/// Why bytes are no message, or no true one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogFault {
    /// Longer than [`LONGEST_LOG`].
    #[error("longer than any message")]
    TooLong,
    /// Not tag, length, value.
    #[error(transparent)]
    Tlv(#[from] TlvError),
    /// Neither version 2 nor 3.
    #[error("a version that is not known: {0}")]
    Version(u64),
    /// Neither a transaction nor a system nor an audit log.
    #[error("a kind of log that is not known")]
    Kind,
    /// A field is missing or cannot be read: its name in TR-03151.
    #[error("the field {0} is missing or cannot be read")]
    Field(&'static str),
    /// The key is not that of the unit that the message names.
    #[error("the message names another unit than the key's")]
    OtherUnit,
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
}

impl LogMessage {
    /// Reads a message. Errs when it is none; whether it is true says [`Self::verify`].
    pub fn read(bytes: &[u8]) -> Result<Self, LogFault> {
        if bytes.len() > LONGEST_LOG {
            return Err(LogFault::TooLong);
        }
        let mut outer = Reader::new(bytes);
        let message = outer.expect(tlv::SEQUENCE)?;
        outer.finish()?;
        let whole = message.content();
        let mut fields = message.children()?;

        let version = match fields.expect(tlv::INTEGER)?.unsigned()? {
            2 => Version::V2,
            3 => Version::V3,
            other => return Err(LogFault::Version(other)),
        };
        let kind = kind_of(fields.expect(tlv::OID)?.content())?;
        let mut about: Vec<Tlv<'_>> = Vec::new();
        while let Some(field) = fields.take_if(|field| field.context().is_some())? {
            about.push(field);
        }
        let about = About(about);
        let record = match kind {
            TRANSACTION_LOG => Record::Transaction(about.transaction()?),
            SYSTEM_LOG => Record::System(about.system(version)?),
            _ => Record::Audit,
        };

        let serial = fields.expect(tlv::OCTET_STRING)?.octets()?;
        let serial = serial.as_ref().try_into().map_err(|_| LogFault::Field("serialNumber"))?;
        let mut algorithm = fields.expect(tlv::SEQUENCE)?.children()?;
        let algorithm = SignatureAlgorithm::from_oid(algorithm.expect(tlv::OID)?.content());
        let algorithm = algorithm.ok_or(LogFault::Field("signatureAlgorithm"))?;
        let audit =
            fields.take_if(|field| field.is(tlv::OCTET_STRING) || field.context() == Some(0))?;
        let audit = audit.map(|audit| audit.octets()).transpose()?.map(|audit| audit.into_owned());
        let counter = fields.expect(tlv::INTEGER)?.unsigned()?;
        let time = fields.next()?.and_then(|time| LogTime::read(&time));
        let time = time.ok_or(LogFault::Field("signatureCreationTime"))?;

        let signed = whole.len().checked_sub(fields.rest().len());
        let signed = signed.and_then(|length| whole.get(..length));
        let signed = signed.ok_or(LogFault::Field("signatureValue"))?.to_vec();
        let signature = fields.expect(tlv::OCTET_STRING)?.octets()?.into_owned();
        fields.finish()?;

        let serial = SerialNumber(serial);
        let content = LogContent { version, record, serial, algorithm, audit, counter, time };
        Ok(Self { content, signed, signature })
    }

    /// What it says.
    pub const fn content(&self) -> &LogContent {
        &self.content
    }

    /// The bytes that were signed, as they were written.
    pub fn signed(&self) -> &[u8] {
        &self.signed
    }

    /// The signature, as it was written: `r‖s`, of some units DER.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The message as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let signature = tlv::write(tlv::OCTET_STRING, &self.signature);
        tlv::write_sequence(&[self.signed.clone(), signature])
    }

    /// Whether the unit with that key has signed this. Errs with what does not hold.
    pub fn verify(&self, key: &PublicKey) -> Result<(), LogFault> {
        if key.serial_number() != self.content.serial {
            return Err(LogFault::OtherUnit);
        }
        Ok(key.verify(self.content.algorithm, &self.signed, &self.signature)?)
    }
}

impl LogContent {
    /// The bytes that are signed.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let kind = match self.record {
            Record::Transaction(_) => TRANSACTION_LOG,
            Record::System(_) => SYSTEM_LOG,
            Record::Audit => AUDIT_LOG,
        };
        let mut bytes = write_head(self.version, kind);
        match &self.record {
            Record::Transaction(transaction) => {
                let name = transaction.operation.signed_name(self.version);
                bytes.extend(write_transaction(transaction, name, false));
            }
            Record::System(event) => bytes.extend(write_system(event, self.version)),
            Record::Audit => {}
        }
        bytes.extend(write_tail(self, &self.time.format.encode(self.time.at)));
        bytes
    }

    /// The message, signed.
    pub(crate) fn sign(self, key: &PrivateKey) -> Result<LogMessage, SignatureFault> {
        let signed = self.signed_bytes();
        let signature = key.sign(self.algorithm, &signed)?;
        Ok(LogMessage { content: self, signed, signature })
    }

    /// Every way in which a unit may have written a transaction before it signed it, as far as its code on a
    /// receipt leaves that open: the version, the operation's name, the time, and whether the data's length
    /// is indefinite. With each, which version it is.
    pub(crate) fn candidates(&self, format: TimeFormat) -> Vec<(Version, Vec<u8>)> {
        let Record::Transaction(transaction) = &self.record else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for time in format.candidates(self.time.at) {
            let tail = write_tail(self, &time);
            for (version, names) in [
                (Version::V2, Version::V2),
                (Version::V3, Version::V3),
                (Version::V2, Version::V3),
                (Version::V3, Version::V2),
            ] {
                let name = transaction.operation.signed_name(names);
                for indefinite in [false, true] {
                    let mut bytes = write_head(version, TRANSACTION_LOG);
                    bytes.extend(write_transaction(transaction, name, indefinite));
                    bytes.extend_from_slice(&tail);
                    all.push((version, bytes));
                }
            }
        }
        all
    }
}

fn kind_of(oid: &[u8]) -> Result<u8, LogFault> {
    match oid.split_last() {
        Some((kind @ TRANSACTION_LOG..=AUDIT_LOG, before)) if before == LOGS => Ok(*kind),
        _ => Err(LogFault::Kind),
    }
}

/// The fields that say what a message is about.
struct About<'a>(Vec<Tlv<'a>>);

impl<'a> About<'a> {
    fn field(&self, number: u8) -> Option<&Tlv<'a>> {
        self.0.iter().find(|field| field.context() == Some(number))
    }

    fn bytes(&self, number: u8) -> Result<Option<Vec<u8>>, TlvError> {
        self.field(number).map(|field| Ok(field.octets()?.into_owned())).transpose()
    }

    /// A string; what is no UTF-8 in it is shown as such.
    fn text(&self, number: u8) -> Result<Option<String>, TlvError> {
        Ok(self.bytes(number)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn transaction(&self) -> Result<Transaction, LogFault> {
        let operation = self.bytes(0)?.and_then(|name| Operation::parse(&name));
        let number = self.field(5).ok_or(LogFault::Field("transactionNumber"))?;
        Ok(Transaction {
            operation: operation.ok_or(LogFault::Field("operationType"))?,
            client: self.text(1)?.ok_or(LogFault::Field("clientId"))?,
            process_data: self.bytes(2)?.unwrap_or_default(),
            process_type: self.text(3)?.unwrap_or_default(),
            external: self.bytes(4)?,
            number: number.unsigned()?,
            internal: self.bytes(6)?,
        })
    }

    fn system(&self, version: Version) -> Result<SystemEvent, LogFault> {
        let event = self.text(0)?.ok_or(LogFault::Field("eventType"))?;
        let data =
            |number: u8| self.field(number).map_or(Vec::new(), |data| data.content().to_vec());
        Ok(match version {
            Version::V2 => SystemEvent {
                event,
                origin: None,
                user: None,
                data: data(1),
                internal: self.bytes(2)?,
            },
            Version::V3 => SystemEvent {
                event,
                origin: self.text(1)?,
                user: self.text(2)?,
                data: data(3),
                internal: self.bytes(4)?,
            },
        })
    }
}

fn write_head(version: Version, kind: u8) -> Vec<u8> {
    let mut bytes = tlv::write(tlv::INTEGER, &[version.number()]);
    let oid: Vec<u8> = LOGS.iter().copied().chain([kind]).collect();
    bytes.extend(tlv::write(tlv::OID, &oid));
    bytes
}

fn write_transaction(transaction: &Transaction, name: &str, indefinite: bool) -> Vec<u8> {
    let mut bytes = tlv::write_context(0, name.as_bytes());
    bytes.extend(tlv::write_context(1, transaction.client.as_bytes()));
    if indefinite {
        // What a unit writes that was given its data in several pieces; some do with one piece as well.
        bytes.extend_from_slice(&[0xa2, 0x80]);
        bytes.extend(tlv::write(tlv::OCTET_STRING, &transaction.process_data));
        bytes.extend_from_slice(&[0, 0]);
    } else {
        bytes.extend(tlv::write_context(2, &transaction.process_data));
    }
    bytes.extend(tlv::write_context(3, transaction.process_type.as_bytes()));
    if let Some(external) = &transaction.external {
        bytes.extend(tlv::write_context(4, external));
    }
    bytes.extend(tlv::write_context(5, &tlv::integer_content(transaction.number)));
    if let Some(internal) = &transaction.internal {
        bytes.extend(tlv::write_context(6, internal));
    }
    bytes
}

fn write_system(event: &SystemEvent, version: Version) -> Vec<u8> {
    let mut bytes = tlv::write_context(0, event.event.as_bytes());
    let internal = match version {
        Version::V2 => {
            bytes.extend(tlv::write_context(1, &event.data));
            2
        }
        Version::V3 => {
            if let Some(origin) = &event.origin {
                bytes.extend(tlv::write_context(1, origin.as_bytes()));
            }
            if let Some(user) = &event.user {
                bytes.extend(tlv::write_context(2, user.as_bytes()));
            }
            bytes.extend(tlv::write_context_of(3, std::slice::from_ref(&event.data)));
            4
        }
    };
    if let Some(data) = &event.internal {
        bytes.extend(tlv::write_context(internal, data));
    }
    bytes
}

/// Everything after what the message is about, up to its signature.
fn write_tail(content: &LogContent, time: &[u8]) -> Vec<u8> {
    let mut bytes = tlv::write(tlv::OCTET_STRING, &content.serial.0);
    let oid = tlv::write(tlv::OID, &content.algorithm.oid());
    bytes.extend(tlv::write(tlv::SEQUENCE, &oid));
    if let Some(audit) = &content.audit {
        bytes.extend(tlv::write(tlv::OCTET_STRING, audit));
    }
    bytes.extend(tlv::write(tlv::INTEGER, &tlv::integer_content(content.counter)));
    bytes.extend_from_slice(time);
    bytes
}
