//! The export of a signing unit (TAR), read one file at a time and verified with nothing but itself; and
//! written, for the software unit. Whose root the certificates hang on is left to whoever compares it.
//! Sources: TR-03151-1 § 2.5, TR-03153-1.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};

use jiff::Timestamp;

use super::certificate::{Certificate, CertificateFault};
use super::file_name::LogName;
use super::key::{Curve, PublicKey, SerialNumber};
use super::log::{LogFault, LogMessage, Operation, Record};
use super::signature::SignatureFault;
use super::ustar::{self, Archive, ArchiveFault, File};

/// Most differences that are told one by one; the rest are counted.
pub const MOST_DIFFERENCES: usize = 100;
/// Most certificates, and most units, of an archive.
const MOST_CERTIFICATES: usize = 1_000;

/// How much an archive is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything from one moment to another: counters and transactions have no gaps.
    Whole,
    /// What was asked for, one till's or some transactions: only what is there is verified.
    Part,
}

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// The archive cannot be read further.
    #[error("{0}")]
    Archive(ArchiveFault),
    /// What fills a file's last block is no zeros.
    #[error("a file's last block holds something else after it")]
    Fill,
    /// Two files of one name.
    #[error("a second file of the same name")]
    SameName,
    /// A file that belongs to no export.
    #[error("a file that belongs to no export")]
    StrangeFile,
    /// The name is not that of a log.
    #[error("the name is not that of a log")]
    Name,
    /// The name says that field otherwise than the file.
    #[error("the name and the file differ in {0}")]
    NameDiffers(&'static str),
    /// The log cannot be read.
    #[error("the log cannot be read: {0}")]
    Log(LogFault),
    /// The certificates cannot be read.
    #[error("the certificate cannot be read: {0}")]
    Certificate(CertificateFault),
    /// A certificate is not signed by the one that it names as its issuer.
    #[error("the certificate's signature does not hold: {0}")]
    CertificateSignature(SignatureFault),
    /// The archive has no certificate with the unit's key.
    #[error("no certificate with the key of the unit {0}")]
    NoCertificate(SerialNumber),
    /// A log's signature does not hold.
    #[error("the signature does not hold: {0}")]
    Signature(SignatureFault),
    /// Two logs with one signature counter.
    #[error("a second log with signature counter {0}")]
    CounterTwice(u64),
    /// Logs are missing, from one signature counter to another.
    #[error("logs are missing: signature counters {from} to {to}")]
    CountersMissing {
        /// The first one.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// Transactions are missing, from one number to another.
    #[error("transactions are missing: {from} to {to}")]
    TransactionsMissing {
        /// The first one.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// A transaction goes on that was not started.
    #[error("transaction {0} was not started")]
    NotStarted(u64),
    /// A transaction is started a second time.
    #[error("transaction {0} is started a second time")]
    StartedTwice(u64),
    /// A transaction goes on after its finish.
    #[error("transaction {0} goes on after its finish")]
    AfterFinish(u64),
    /// There is no log in it.
    #[error("there is no log in it")]
    NoLogs,
    /// There is no info.csv in it.
    #[error("there is no info.csv in it")]
    NoInfo,
}

/// A difference and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file's name; none where a file is missing.
    pub file: Option<String>,
    /// What is not as it must be.
    pub difference: Difference,
}

/// By whom a certificate of the archive is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedBy {
    /// By its own key.
    Itself,
    /// By another of the archive: its subject.
    Other(String),
    /// By none that could be held against it here: its issuer is not in the archive, or is of a kind that is
    /// not read.
    Unknown,
}

/// A certificate of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFound {
    /// The file it is in.
    pub file: String,
    /// Whose it is, in words.
    pub subject: String,
    /// Until when it is valid.
    pub not_after: Option<Timestamp>,
    /// The serial number of the unit with its key; none for keys that are not read here.
    pub serial: Option<SerialNumber>,
    /// By whom it is signed.
    pub signed_by: SignedBy,
    /// The whole, DER.
    pub der: Vec<u8>,
}

/// What the archive holds of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitFound {
    /// The unit.
    pub serial: SerialNumber,
    /// The curve of its key; none without a certificate.
    pub curve: Option<Curve>,
    /// How many logs.
    pub logs: u64,
    /// First and last signature counter.
    pub counters: (u64, u64),
    /// How many transactions.
    pub transactions: u64,
    /// Transactions that are started and not finished: open ones, in an export made meanwhile.
    pub open: BTreeSet<u64>,
    /// The tills.
    pub clients: BTreeSet<String>,
    /// First and last time.
    pub times: (Timestamp, Timestamp),
}

/// What was found in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// What info.csv says of the unit. Nothing signs it.
    pub info: String,
    /// The certificates.
    pub certificates: Vec<CertificateFound>,
    /// The units.
    pub units: Vec<UnitFound>,
    /// The first [`MOST_DIFFERENCES`] differences, in the order of the archive, then those of the whole.
    pub differences: Vec<Found>,
    /// How many differences there are.
    pub count: u64,
}

impl Report {
    /// Whether there is no difference.
    pub fn is_clean(&self) -> bool {
        self.count == 0
    }

    /// The first difference.
    pub fn first(&self) -> Option<&Found> {
        self.differences.first()
    }

    fn add(&mut self, file: Option<&str>, difference: Difference) {
        self.count = self.count.saturating_add(1);
        if self.differences.len() < MOST_DIFFERENCES {
            self.differences.push(Found { file: file.map(str::to_owned), difference });
        }
    }
}

/// A log whose unit's certificate was not read yet.
struct Pending {
    file: String,
    hash: Vec<u8>,
    signature: Vec<u8>,
}

/// What is remembered of a log.
struct Kept {
    counter: u64,
    file: String,
    transaction: Option<(u64, Operation)>,
}

struct Unit {
    found: UnitFound,
    kept: Vec<Kept>,
    pending: Vec<Pending>,
}

/// Verifies an archive. What cannot be read is a difference, never an error: the report says all that was
/// found up to there.
pub fn verify(archive: impl Read, scope: Scope) -> Report {
    let mut check = Check::default();
    let mut archive = Archive::new(archive);
    loop {
        match archive.next() {
            Ok(Some(file)) => check.file(&file),
            Ok(None) => break,
            Err(fault) => {
                check.report.add(None, Difference::Archive(fault));
                break;
            }
        }
    }
    check.finish(scope)
}

#[derive(Default)]
struct Check {
    report: Report,
    names: BTreeSet<String>,
    has_info: bool,
    certificates: Vec<(String, Certificate)>,
    keys: BTreeMap<SerialNumber, PublicKey>,
    units: BTreeMap<SerialNumber, Unit>,
}

impl Check {
    fn file(&mut self, file: &File) {
        // Some units put everything into a folder.
        let name = file.name.rsplit('/').next().unwrap_or(&file.name);
        if !file.clean {
            self.report.add(Some(name), Difference::Fill);
        }
        if !self.names.insert(file.name.clone()) {
            self.report.add(Some(name), Difference::SameName);
        }
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        match ending.as_str() {
            "log" => self.log(name, &file.bytes),
            "cer" | "crt" | "der" | "pem" => self.certificate(name, &file.bytes),
            "csv" if name.eq_ignore_ascii_case("info.csv") => {
                self.report.info = String::from_utf8_lossy(&file.bytes).into_owned();
                self.has_info = true;
            }
            _ => self.report.add(Some(name), Difference::StrangeFile),
        }
    }

    fn certificate(&mut self, name: &str, bytes: &[u8]) {
        let read = match Certificate::read_all(bytes) {
            Ok(read) => read,
            Err(fault) => return self.report.add(Some(name), Difference::Certificate(fault)),
        };
        let named = name.split_once('_').and_then(|(serial, _)| SerialNumber::parse(serial));
        let mut serials = Vec::new();
        for certificate in read {
            if self.certificates.len() >= MOST_CERTIFICATES {
                return self.report.add(Some(name), Difference::StrangeFile);
            }
            if let Ok(key) = &certificate.key {
                serials.push(key.serial_number());
                self.keys.entry(key.serial_number()).or_insert_with(|| key.clone());
            }
            self.certificates.push((name.to_owned(), certificate));
        }
        // A key that is not read here may still be the one that is named.
        if named.is_some_and(|named| !serials.is_empty() && !serials.contains(&named)) {
            self.report.add(Some(name), Difference::NameDiffers("serialNumber"));
        }
    }

    fn log(&mut self, name: &str, bytes: &[u8]) {
        let message = match LogMessage::read(bytes) {
            Ok(message) => message,
            Err(fault) => return self.report.add(Some(name), Difference::Log(fault)),
        };
        let content = message.content();
        match LogName::read(name) {
            None => self.report.add(Some(name), Difference::Name),
            Some(named) => {
                if let Some(field) = named.difference(content) {
                    self.report.add(Some(name), Difference::NameDiffers(field));
                }
            }
        }
        let time = content.time.at;
        let unit = self.units.entry(content.serial).or_insert_with(|| Unit {
            found: UnitFound {
                serial: content.serial,
                curve: None,
                logs: 0,
                counters: (content.counter, content.counter),
                transactions: 0,
                open: BTreeSet::new(),
                clients: BTreeSet::new(),
                times: (time, time),
            },
            kept: Vec::new(),
            pending: Vec::new(),
        });
        let found = &mut unit.found;
        found.logs = found.logs.saturating_add(1);
        found.counters.0 = found.counters.0.min(content.counter);
        found.counters.1 = found.counters.1.max(content.counter);
        found.times = (found.times.0.min(time), found.times.1.max(time));
        let transaction = match &content.record {
            Record::Transaction(transaction) => {
                if !found.clients.contains(&transaction.client) {
                    found.clients.insert(transaction.client.clone());
                }
                Some((transaction.number, transaction.operation))
            }
            Record::System(_) | Record::Audit => None,
        };
        unit.kept.push(Kept { counter: content.counter, file: name.to_owned(), transaction });

        let hash = content.algorithm.hash(message.signed());
        match self.keys.get(&content.serial) {
            Some(key) => {
                if let Err(fault) = key.verify_hash(&hash, message.signature()) {
                    self.report.add(Some(name), Difference::Signature(fault));
                }
            }
            None => {
                // The hash is all that is needed of the message, and shorter.
                let (file, signature) = (name.to_owned(), message.signature().to_vec());
                unit.pending.push(Pending { file, hash, signature });
            }
        }
    }

    fn finish(mut self, scope: Scope) -> Report {
        if !self.has_info {
            self.report.add(None, Difference::NoInfo);
        }
        if self.units.is_empty() {
            self.report.add(None, Difference::NoLogs);
        }
        self.chain();
        for (serial, mut unit) in std::mem::take(&mut self.units) {
            match self.keys.get(&serial) {
                None => self.report.add(None, Difference::NoCertificate(serial)),
                Some(key) => {
                    unit.found.curve = Some(key.curve());
                    for log in &unit.pending {
                        if let Err(fault) = key.verify_hash(&log.hash, &log.signature) {
                            self.report.add(Some(&log.file), Difference::Signature(fault));
                        }
                    }
                }
            }
            unit.kept.sort_by_key(|log| log.counter);
            counters(&mut self.report, &unit.kept, scope);
            transactions(&mut self.report, &mut unit, scope);
            self.report.units.push(unit.found);
        }
        self.report
    }

    /// Holds each certificate against those that it names as its issuer.
    fn chain(&mut self) {
        for (file, certificate) in &self.certificates {
            let issuers =
                self.certificates.iter().filter(|(_, one)| certificate.names_as_issuer(one));
            let mut fault = None;
            let mut signed_by = SignedBy::Unknown;
            for (_, issuer) in issuers {
                match certificate.verify_by(issuer) {
                    None => {}
                    Some(Err(found)) => fault = Some(found),
                    Some(Ok(())) => {
                        signed_by = match certificate.is_self_issued() {
                            true => SignedBy::Itself,
                            false => SignedBy::Other(issuer.subject.clone()),
                        };
                        break;
                    }
                }
            }
            // Of two issuers of one name only one has signed it.
            if let Some(fault) = fault.filter(|_| signed_by == SignedBy::Unknown) {
                self.report.add(Some(file), Difference::CertificateSignature(fault));
            }
            self.report.certificates.push(CertificateFound {
                file: file.clone(),
                subject: certificate.subject.clone(),
                not_after: certificate.not_after,
                serial: certificate.key.as_ref().ok().map(PublicKey::serial_number),
                signed_by,
                der: certificate.der.clone(),
            });
        }
    }
}

fn counters(report: &mut Report, kept: &[Kept], scope: Scope) {
    let mut before: Option<u64> = None;
    for log in kept {
        let next = before.and_then(|before| before.checked_add(1));
        match next {
            Some(next) if log.counter < next => {
                report.add(Some(&log.file), Difference::CounterTwice(log.counter));
            }
            Some(next) if log.counter > next && scope == Scope::Whole => {
                let to = log.counter.saturating_sub(1);
                report.add(Some(&log.file), Difference::CountersMissing { from: next, to });
            }
            _ => {}
        }
        before = Some(log.counter);
    }
}

fn transactions(report: &mut Report, unit: &mut Unit, scope: Scope) {
    let started = unit.kept.iter().filter_map(|log| match log.transaction {
        Some((number, Operation::Start)) => Some(number),
        _ => None,
    });
    // What was open when the archive begins was started before it.
    let first = match unit.found.counters.0 {
        1 => 0,
        _ => started.min().unwrap_or(u64::MAX),
    };
    let mut states: BTreeMap<u64, bool> = BTreeMap::new();
    for log in &unit.kept {
        let Some((number, operation)) = log.transaction else {
            continue;
        };
        let finished = operation == Operation::Finish;
        match (states.insert(number, finished), operation) {
            (None, Operation::Start) => {}
            (None, _) if scope == Scope::Part || number < first => {}
            (None, _) => report.add(Some(&log.file), Difference::NotStarted(number)),
            (Some(_), Operation::Start) => {
                report.add(Some(&log.file), Difference::StartedTwice(number));
            }
            (Some(true), _) => report.add(Some(&log.file), Difference::AfterFinish(number)),
            (Some(false), _) => {}
        }
    }
    let mut before: Option<u64> = None;
    for number in states.range(first..).map(|(number, _)| number) {
        let next = before.and_then(|before| before.checked_add(1));
        if let Some(from) = next.filter(|next| next < number && scope == Scope::Whole) {
            let to = number.saturating_sub(1);
            report.add(None, Difference::TransactionsMissing { from, to });
        }
        before = Some(*number);
    }
    unit.found.transactions = u64::try_from(states.len()).unwrap_or(u64::MAX);
    unit.found.open =
        states.iter().filter(|(_, finished)| !**finished).map(|(number, _)| *number).collect();
}

/// A file for an export: its name, the time it bears, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Its name.
    pub name: String,
    /// The time that the archive says of it: of a log when it was signed.
    pub at: Timestamp,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Hands over each file of an archive, its name and what is in it. Nothing is verified.
///
/// # Errors
/// When the archive cannot be read on; what was handed over stays so.
pub fn files(archive: impl Read, mut each: impl FnMut(&str, &[u8])) -> Result<(), ArchiveFault> {
    let mut archive = Archive::new(archive);
    while let Some(File { name, bytes, .. }) = archive.next()? {
        each(&name, &bytes);
    }
    Ok(())
}

/// Writes an export: the files one after the other, and the end.
pub fn write(out: &mut impl Write, files: impl IntoIterator<Item = ExportFile>) -> io::Result<()> {
    for file in files {
        ustar::write_file(out, &file.name, file.at.as_second(), &file.bytes)?;
    }
    ustar::write_end(out)
}

/// What info.csv says, one line: names and values in turn.
pub(crate) fn info_csv(fields: &[(&str, &str)]) -> Vec<u8> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let all: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{},{}", quoted(&format!("{name}:")), quoted(value)))
        .collect();
    format!("{}\n", all.join(",")).into_bytes()
}
