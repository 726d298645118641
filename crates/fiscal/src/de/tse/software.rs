//! A signing unit in software, for training and tests. It is **not certified**: its manufacturer, its
//! certificate and every export say so. A state machine: what happens goes in with the time, what is to be
//! kept comes out, and its state is a value that others store. An error leaves the state as it was.
//! Sources: TR-03151-1 § 3.5, TR-03153-1 § 3.5.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Write};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::certificate::self_signed;
use super::file_name::LogName;
use super::key::{Curve, KeyFault, PrivateKey, SerialNumber, hex, unhex};
use super::log::{LogContent, Operation, Record, SystemEvent, Transaction, Version};
use super::signature::{SignatureAlgorithm, SignatureFault};
use super::tar::{self, ExportFile};
use super::time::{LogTime, TimeFormat};
use super::tlv;

/// What this unit says of itself wherever it can.
pub const NOT_CERTIFIED: &str = "NOT A CERTIFIED TSE \u{2013} training only";
/// Longest serial number of a till (clientId): some certified units take no longer one.
pub const LONGEST_CLIENT: usize = 30;
/// Longest name of a kind of text (processType), TR-03151-1.
pub const LONGEST_PROCESS_TYPE: usize = 100;
/// Longest signed text, bytes.
pub const LONGEST_PROCESS_DATA: usize = 512 * 1024;
/// Most transactions that may be open at once.
pub const MOST_OPEN: usize = 512;
/// How long its certificate is valid, seconds: about eight years, as those of certified units.
const VALIDITY: i64 = 8 * 365 * 86_400;

/// A private key as bytes: stored as hexadecimal digits, never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretBytes(pub Vec<u8>);

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes")
    }
}

impl TryFrom<String> for SecretBytes {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        unhex(&text).map(Self).ok_or("a key is hexadecimal digits")
    }
}

impl From<SecretBytes> for String {
    fn from(bytes: SecretBytes) -> Self {
        hex(&bytes.0)
    }
}

/// What a unit is for its whole life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// The curve of its key.
    pub curve: Curve,
    /// The version of its messages.
    pub version: Version,
    /// How it writes times.
    pub time_format: TimeFormat,
    /// Its private key ([`PrivateKey::bytes_from_seed`] makes one out of random bytes).
    pub key: SecretBytes,
    /// What the shop calls it; stands in its exports.
    pub description: String,
}

/// A transaction that is started and not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTransaction {
    /// The till.
    pub client: String,
    /// When it was started.
    pub started: Timestamp,
}

/// All that a unit has to remember. It holds the private key: to be kept as a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    setup: Setup,
    created: Timestamp,
    /// The unit's own clock, as it was last set or read.
    clock: Timestamp,
    counter: u64,
    transactions: u64,
    clients: BTreeSet<String>,
    open: BTreeMap<u64, OpenTransaction>,
    disabled: bool,
}

/// The unit. Serialised it is its whole state, **with its private key**.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "State", into = "State")]
pub struct SoftwareUnit {
    state: State,
    key: PrivateKey,
}

impl PartialEq for SoftwareUnit {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

impl TryFrom<State> for SoftwareUnit {
    type Error = KeyFault;

    fn try_from(state: State) -> Result<Self, KeyFault> {
        let key = PrivateKey::from_bytes(state.setup.curve, &state.setup.key.0)?;
        Ok(Self { state, key })
    }
}

impl From<SoftwareUnit> for State {
    fn from(unit: SoftwareUnit) -> Self {
        unit.state
    }
}

/// Why the unit did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitFault {
    /// The private key is none.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// It could not sign.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// It was put out of service for ever.
    #[error("the unit was put out of service")]
    Disabled,
    /// A till's serial number is empty, too long, or has characters that file names cannot have.
    #[error("the serial number of a till has 1 to 30 letters, digits, blanks or ' ( ) + , - . =")]
    ClientName,
    /// The till is not registered.
    #[error("the till is not registered")]
    ClientUnknown,
    /// The till is registered already.
    #[error("the till is registered already")]
    ClientKnown,
    /// The till has open transactions.
    #[error("the till has open transactions")]
    ClientBusy,
    /// No open transaction of this till has that number.
    #[error("this till has no open transaction of that number")]
    TransactionUnknown,
    /// Too many transactions are open.
    #[error("too many transactions are open")]
    TooManyOpen,
    /// The text or the name of its kind is too long, or the name has characters that it cannot have.
    #[error("the text or its kind is too long or not allowed")]
    Process,
    /// A counter has come to its end.
    #[error("a counter has come to its end")]
    WornOut,
    /// A signature of its own did not verify.
    #[error("the self-test failed")]
    SelfTest,
}

/// What was signed, and the log to be kept for the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The transaction's number.
    pub transaction: u64,
    /// The signature counter.
    pub counter: u64,
    /// When it was signed, as exactly as the unit writes times.
    pub at: Timestamp,
    /// The signature, `r‖s`.
    pub signature: Vec<u8>,
    /// The log. Whoever drops it has an export with a gap.
    pub log: ExportFile,
}

/// What a unit says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitInfo {
    /// Its serial number.
    pub serial: SerialNumber,
    /// Its key, `04‖X‖Y`.
    pub public_key: Vec<u8>,
    /// Its certificate, DER, signed by itself.
    pub certificate: Vec<u8>,
    /// Until when that is valid.
    pub valid_until: Timestamp,
    /// How it signs.
    pub algorithm: SignatureAlgorithm,
    /// How it writes times.
    pub time_format: TimeFormat,
    /// The version of its messages.
    pub version: Version,
    /// Who makes it: [`NOT_CERTIFIED`].
    pub manufacturer: &'static str,
    /// What the shop calls it.
    pub description: String,
    /// The signature counter.
    pub counter: u64,
    /// The number of the last transaction.
    pub transactions: u64,
    /// The registered tills.
    pub clients: BTreeSet<String>,
    /// The open transactions, by number.
    pub open: BTreeMap<u64, OpenTransaction>,
    /// Whether it was put out of service.
    pub disabled: bool,
}

impl SoftwareUnit {
    /// A new unit, and the log of its beginning. Errs when the key is none of the curve.
    pub fn new(setup: Setup, now: Timestamp) -> Result<(Self, ExportFile), UnitFault> {
        let key = PrivateKey::from_bytes(setup.curve, &setup.key.0)?;
        let state = State {
            setup,
            created: now,
            clock: now,
            counter: 0,
            transactions: 0,
            clients: BTreeSet::new(),
            open: BTreeMap::new(),
            disabled: false,
        };
        let mut unit = Self { state, key };
        let log = unit.event("initialize", &[], now)?;
        Ok((unit, log))
    }

    /// What it says of itself. Errs when it cannot sign its certificate.
    pub fn info(&self) -> Result<UnitInfo, UnitFault> {
        let state = &self.state;
        let public = self.key.public();
        Ok(UnitInfo {
            serial: public.serial_number(),
            public_key: public.point().to_vec(),
            certificate: self.certificate()?,
            valid_until: self.valid_until(),
            algorithm: state.setup.curve.algorithm(),
            time_format: state.setup.time_format,
            version: state.setup.version,
            manufacturer: NOT_CERTIFIED,
            description: state.setup.description.clone(),
            counter: state.counter,
            transactions: state.transactions,
            clients: state.clients.clone(),
            open: state.open.clone(),
            disabled: state.disabled,
        })
    }

    fn valid_until(&self) -> Timestamp {
        let end = self.state.created.as_second().saturating_add(VALIDITY);
        Timestamp::from_second(end).unwrap_or(Timestamp::MAX)
    }

    fn certificate(&self) -> Result<Vec<u8>, SignatureFault> {
        let serial = self.key.public().serial_number();
        let number = serial.0.get(..16).unwrap_or(&serial.0);
        let validity = (self.state.created, self.valid_until());
        self_signed(&self.key, NOT_CERTIFIED, &serial.to_string(), number, validity)
    }

    /// Registers a till by its serial number.
    pub fn register_client(
        &mut self,
        client: &str,
        now: Timestamp,
    ) -> Result<ExportFile, UnitFault> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || " '()+,-.=".contains(c);
        if client.is_empty() || client.len() > LONGEST_CLIENT || !client.chars().all(allowed) {
            return Err(UnitFault::ClientName);
        }
        if self.state.clients.contains(client) {
            return Err(UnitFault::ClientKnown);
        }
        let name = tlv::write(tlv::PRINTABLE_STRING, client.as_bytes());
        let log = self.event("registerClient", &[name], now)?;
        self.state.clients.insert(client.to_owned());
        Ok(log)
    }

    /// Takes a till off again.
    pub fn deregister_client(
        &mut self,
        client: &str,
        now: Timestamp,
    ) -> Result<ExportFile, UnitFault> {
        if !self.state.clients.contains(client) {
            return Err(UnitFault::ClientUnknown);
        }
        if self.state.open.values().any(|open| open.client == client) {
            return Err(UnitFault::ClientBusy);
        }
        let name = tlv::write(tlv::PRINTABLE_STRING, client.as_bytes());
        let log = self.event("deregisterClient", &[name], now)?;
        self.state.clients.remove(client);
        Ok(log)
    }

    /// Begins a transaction; its text and kind are empty (DSFinV-K, Anhang I).
    pub fn start(&mut self, client: &str, now: Timestamp) -> Result<Signed, UnitFault> {
        if !self.state.clients.contains(client) {
            return Err(UnitFault::ClientUnknown);
        }
        if self.state.open.len() >= MOST_OPEN {
            return Err(UnitFault::TooManyOpen);
        }
        let number = self.state.transactions.checked_add(1).ok_or(UnitFault::WornOut)?;
        let signed = self.transaction(Operation::Start, client, number, ("", &[]), now)?;
        self.state.transactions = number;
        let open = OpenTransaction { client: client.to_owned(), started: signed.at };
        self.state.open.insert(number, open);
        Ok(signed)
    }

    /// Signs what has changed in a transaction: all of it, in place of what was signed before.
    pub fn update(
        &mut self,
        client: &str,
        number: u64,
        process_type: &str,
        process_data: &[u8],
        now: Timestamp,
    ) -> Result<Signed, UnitFault> {
        self.is_open(client, number)?;
        let process = (process_type, process_data);
        self.transaction(Operation::Update, client, number, process, now)
    }

    /// Finishes a transaction.
    pub fn finish(
        &mut self,
        client: &str,
        number: u64,
        process_type: &str,
        process_data: &[u8],
        now: Timestamp,
    ) -> Result<Signed, UnitFault> {
        self.is_open(client, number)?;
        let process = (process_type, process_data);
        let signed = self.transaction(Operation::Finish, client, number, process, now)?;
        self.state.open.remove(&number);
        Ok(signed)
    }

    fn is_open(&self, client: &str, number: u64) -> Result<(), UnitFault> {
        match self.state.open.get(&number) {
            Some(open) if open.client == client => Ok(()),
            _ => Err(UnitFault::TransactionUnknown),
        }
    }

    /// Signs something, verifies it, and says so in a log.
    pub fn self_test(&mut self, now: Timestamp) -> Result<ExportFile, UnitFault> {
        let algorithm = self.state.setup.curve.algorithm();
        let signature = self.key.sign(algorithm, b"self-test")?;
        let verified = self.key.public().verify(algorithm, b"self-test", &signature);
        verified.map_err(|_| UnitFault::SelfTest)?;
        let yes = tlv::write(tlv::BOOLEAN, &[0xff]);
        let result = tlv::write_sequence(&[
            tlv::write(tlv::PRINTABLE_STRING, b"signature"),
            yes.clone(),
            tlv::write(tlv::INTEGER, &[0]),
        ]);
        self.event("selfTest", &[tlv::write_sequence(&[result]), yes], now)
    }

    /// The unit's own clock, as it was last set or read.
    pub fn clock(&self) -> Timestamp {
        self.state.clock
    }

    /// Sets the unit's clock. Until it is next set, times before it are taken as they come.
    pub fn update_time(&mut self, now: Timestamp) -> Result<ExportFile, UnitFault> {
        let format = self.state.setup.time_format;
        let times = [format.encode(self.state.clock), format.encode(now)];
        self.event("updateTime", &times, now)
    }

    /// Puts the unit out of service for ever. Open transactions stay open.
    pub fn disable(&mut self, now: Timestamp) -> Result<ExportFile, UnitFault> {
        let log = self.event("disableSecureElement", &[], now)?;
        self.state.disabled = true;
        Ok(log)
    }

    fn event(
        &mut self,
        event: &str,
        data: &[Vec<u8>],
        now: Timestamp,
    ) -> Result<ExportFile, UnitFault> {
        // Version 2 begins the names of events with a capital and says nothing of where they come from.
        let (event, origin, data) = match self.state.setup.version {
            Version::V2 => {
                let (first, rest) = event.split_at_checked(1).unwrap_or((event, ""));
                let event = format!("{}{rest}", first.to_ascii_uppercase());
                (event, None, tlv::write_sequence(data))
            }
            Version::V3 => (event.to_owned(), Some("software".to_owned()), data.concat()),
        };
        let event = SystemEvent { event, origin, user: None, data, internal: None };
        Ok(self.sign(Record::System(event), now)?.1)
    }

    fn transaction(
        &mut self,
        operation: Operation,
        client: &str,
        number: u64,
        (process_type, process_data): (&str, &[u8]),
        now: Timestamp,
    ) -> Result<Signed, UnitFault> {
        let printable = |c: char| c.is_ascii_alphanumeric() || " '()+,-./:=?".contains(c);
        if process_data.len() > LONGEST_PROCESS_DATA
            || process_type.len() > LONGEST_PROCESS_TYPE
            || !process_type.chars().all(printable)
        {
            return Err(UnitFault::Process);
        }
        let record = Record::Transaction(Transaction {
            operation,
            client: client.to_owned(),
            process_data: process_data.to_vec(),
            process_type: process_type.to_owned(),
            external: None,
            number,
            internal: None,
        });
        let (signature, log) = self.sign(record, now)?;
        let (counter, at) = (self.state.counter, log.at);
        Ok(Signed { transaction: number, counter, at, signature, log })
    }

    /// Signs what happened: the one place where the counter goes on.
    fn sign(&mut self, record: Record, now: Timestamp) -> Result<(Vec<u8>, ExportFile), UnitFault> {
        let state = &mut self.state;
        if state.disabled {
            return Err(UnitFault::Disabled);
        }
        let counter = state.counter.checked_add(1).ok_or(UnitFault::WornOut)?;
        let format = state.setup.time_format;
        let at = format.truncate(now);
        let content = LogContent {
            version: state.setup.version,
            record,
            serial: self.key.public().serial_number(),
            algorithm: state.setup.curve.algorithm(),
            audit: None,
            counter,
            time: LogTime { at, format },
        };
        let name = LogName::of(&content).to_string();
        let message = content.sign(&self.key)?;
        state.counter = counter;
        state.clock = now;
        let log = ExportFile { name, at, bytes: message.to_bytes() };
        Ok((message.signature().to_vec(), log))
    }

    /// Writes an export of these logs, which the caller has kept: info.csv, the certificate, the logs.
    pub fn export(
        &self,
        logs: impl IntoIterator<Item = ExportFile>,
        now: Timestamp,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let certificate = self.certificate().map_err(io::Error::other)?;
        let serial = self.key.public().serial_number();
        let head = [
            ExportFile { name: "info.csv".to_owned(), at: now, bytes: self.info_csv() },
            ExportFile { name: format!("{serial}_X509.cer"), at: now, bytes: certificate },
        ];
        tar::write(out, head.into_iter().chain(logs))
    }

    fn info_csv(&self) -> Vec<u8> {
        let setup = &self.state.setup;
        let description = format!("{NOT_CERTIFIED}: {}", setup.description);
        let version = env!("CARGO_PKG_VERSION");
        match setup.version {
            Version::V2 => tar::info_csv(&[
                ("description", &description),
                ("manufacturer", NOT_CERTIFIED),
                ("version", version),
            ]),
            Version::V3 => {
                let mut lines = tar::info_csv(&[
                    ("component", "software"),
                    ("manufacturer", NOT_CERTIFIED),
                    ("model", "Tresen software unit"),
                    ("version", version),
                    ("certification-id", NOT_CERTIFIED),
                ]);
                lines.extend(tar::info_csv(&[("description", &description)]));
                lines
            }
        }
    }
}
