//! The code on a receipt (`V0;…`): written, read, and verified with nothing but itself. It says neither the
//! version of the message that was signed nor how the unit wrote it, so both are tried.
//! Source: DSFinV-K 2.4, Anhang I 2.

use std::fmt;

use base64ct::{Base64, Base64Unpadded, Encoding};
use jiff::Timestamp;

use super::key::{KeyFault, PublicKey, SerialNumber};
use super::log::{LogContent, Operation, Record, Transaction, Version};
use super::signature::{SignatureAlgorithm, SignatureFault};
use super::time::{LogTime, TimeFormat, iso_milliseconds};

/// Longest code that is read, bytes.
pub const LONGEST_CODE: usize = 16 * 1024;

/// What the code on a receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptCode {
    /// The till's serial number (clientId), as it is registered at the unit.
    pub client: String,
    /// What kind of text was signed, as it was signed: `Kassenbeleg-V1`.
    pub process_type: String,
    /// The text that was signed.
    pub process_data: String,
    /// The number of the transaction.
    pub transaction: u64,
    /// The signature counter at its finish.
    pub counter: u64,
    /// When it was started. **Not signed** in the message that this code holds: it cannot be verified here.
    pub start: Timestamp,
    /// When it was finished and signed.
    pub finish: Timestamp,
    /// How it was signed.
    pub algorithm: SignatureAlgorithm,
    /// How the time was written.
    pub time_format: TimeFormat,
    /// The signature: `r‖s`, of some units DER.
    pub signature: Vec<u8>,
    /// The unit's key: the point `04‖X‖Y`, of some makers a DER public key.
    pub public_key: Vec<u8>,
}

/// A field of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeField {
    /// The transaction's number.
    Transaction,
    /// The signature counter.
    Counter,
    /// The time of the start.
    Start,
    /// The time of the finish.
    Finish,
    /// The name of the algorithm.
    Algorithm,
    /// The name of the time's format.
    TimeFormat,
    /// The signature.
    Signature,
    /// The public key.
    PublicKey,
}

/// Why a text is no such code, or no true one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    /// It does not begin with `V0;`.
    #[error("not a code of version V0")]
    NotV0,
    /// Longer than [`LONGEST_CODE`].
    #[error("longer than any code")]
    TooLong,
    /// It has fewer than twelve fields.
    #[error("fewer than twelve fields")]
    TooFewFields,
    /// That field cannot be read.
    #[error("the field {0:?} cannot be read")]
    Field(CodeField),
    /// The public key is none.
    #[error("the public key: {0}")]
    Key(#[from] KeyFault),
    /// The signature does not hold: something in the code is not as it was signed.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
}

/// What was found when a code was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedCode {
    /// The version of the message that was signed.
    pub version: Version,
    /// The unit that signed it.
    pub serial: SerialNumber,
}

impl ReceiptCode {
    /// Reads a code. Errs with the field that cannot be read; whether it is true says [`Self::verify`].
    pub fn read(text: &str) -> Result<Self, CodeFault> {
        let text = text.trim();
        if text.len() > LONGEST_CODE {
            return Err(CodeFault::TooLong);
        }
        let rest = text.strip_prefix("V0;").ok_or(CodeFault::NotV0)?;
        let few = CodeFault::TooFewFields;
        let (client, rest) = rest.split_once(';').ok_or(few)?;
        let (process_type, rest) = rest.split_once(';').ok_or(few)?;
        // What was signed may hold semicolons, so the rest is counted from its end.
        if rest.split(';').count() < 9 {
            return Err(few);
        }
        let mut from_end = rest.rsplitn(9, ';');
        let mut field = || from_end.next().ok_or(few);
        let public_key = base64(field()?, CodeField::PublicKey)?;
        let signature = base64(field()?, CodeField::Signature)?;
        let time_format = TimeFormat::parse(field()?);
        let algorithm = SignatureAlgorithm::parse(field()?);
        let finish = time(field()?, CodeField::Finish)?;
        let start = time(field()?, CodeField::Start)?;
        let counter = number(field()?, CodeField::Counter)?;
        let transaction = number(field()?, CodeField::Transaction)?;
        let process_data = field()?;
        Ok(Self {
            client: client.to_owned(),
            process_type: process_type.to_owned(),
            process_data: process_data.to_owned(),
            transaction,
            counter,
            start,
            finish,
            algorithm: algorithm.ok_or(CodeFault::Field(CodeField::Algorithm))?,
            time_format: time_format.ok_or(CodeFault::Field(CodeField::TimeFormat))?,
            signature,
            public_key,
        })
    }

    /// The key, read.
    pub fn key(&self) -> Result<PublicKey, KeyFault> {
        PublicKey::read(&self.public_key)
    }

    /// Whether the unit with the code's key signed what the code says (all but the start time). Errs with
    /// what does not hold.
    ///
    /// It says nothing about whose key that is: compare [`VerifiedCode::serial`] with the unit that the shop
    /// has notified.
    pub fn verify(&self) -> Result<VerifiedCode, CodeFault> {
        self.verify_as(&mut 0)
    }

    /// [`ReceiptCode::verify`] for many codes: a unit writes all that it signs in one of several ways, which a code does
    /// not say. `way` is the one that is tried first, 0 to begin with; it becomes the one that held.
    pub fn verify_as(&self, way: &mut usize) -> Result<VerifiedCode, CodeFault> {
        let key = self.key()?;
        let serial = key.serial_number();
        let transaction = Transaction {
            operation: Operation::Finish,
            client: self.client.clone(),
            process_data: self.process_data.clone().into_bytes(),
            process_type: self.process_type.clone(),
            external: None,
            number: self.transaction,
            internal: None,
        };
        let content = LogContent {
            version: Version::V2,
            record: Record::Transaction(transaction),
            serial,
            algorithm: self.algorithm,
            audit: None,
            counter: self.counter,
            time: LogTime { at: self.finish, format: self.time_format },
        };
        let mut fault = SignatureFault::DoesNotVerify;
        let candidates = content.candidates(self.time_format);
        let known = *way;
        let others = (0..candidates.len()).filter(|other| *other != known);
        for tried in std::iter::once(known).chain(others) {
            let Some((version, bytes)) = candidates.get(tried) else { continue };
            match key.verify(self.algorithm, bytes, &self.signature) {
                Ok(()) => {
                    *way = tried;
                    return Ok(VerifiedCode { version: *version, serial });
                }
                Err(SignatureFault::NotASignature) => {
                    fault = SignatureFault::NotASignature;
                    break;
                }
                Err(SignatureFault::DoesNotVerify) => {}
            }
        }
        Err(fault.into())
    }
}

impl fmt::Display for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "V0;{};{};{};{};{};{};{};{};{};{};{}",
            self.client,
            self.process_type,
            self.process_data,
            self.transaction,
            self.counter,
            iso_milliseconds(self.start),
            iso_milliseconds(self.finish),
            self.algorithm.name(),
            self.time_format.name(),
            Base64::encode_string(&self.signature),
            Base64::encode_string(&self.public_key),
        )
    }
}

fn base64(text: &str, field: CodeField) -> Result<Vec<u8>, CodeFault> {
    let text = text.trim();
    let read = Base64::decode_vec(text).or_else(|_| Base64Unpadded::decode_vec(text));
    read.ok().filter(|bytes| !bytes.is_empty()).ok_or(CodeFault::Field(field))
}

/// A moment since 1970, to the millisecond: more is neither written nor signed.
fn time(text: &str, field: CodeField) -> Result<Timestamp, CodeFault> {
    let at: Option<Timestamp> = text.trim().parse().ok();
    let at = at.filter(|at| at.as_second() >= 0 && at.subsec_nanosecond() % 1_000_000 == 0);
    at.ok_or(CodeFault::Field(field))
}

fn number(text: &str, field: CodeField) -> Result<u64, CodeFault> {
    text.trim().parse().map_err(|_| CodeFault::Field(field))
}
