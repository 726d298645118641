//! Signing units as a shop uses them: one shape for all, whatever they are.
//!
//! What always holds: a unit answers yes, no or not at all, and what it signed is on its own disk before it says so.
//! *Absent:* which basket is signed where, and what follows from an outage; those are the shop's.

pub mod at;
pub mod epson;
pub mod fiskaly;
mod memory;
mod proof;
pub mod simulator;
mod software;

use fiscal::de::tse::signature::SignatureAlgorithm;
use fiscal::de::tse::time::TimeFormat;
use jiff::Timestamp;
use std::io::Write;

pub use epson::Epson;
pub use fiskaly::Fiskaly;
pub use software::{Software, fresh};

/// A signing unit, whatever it is. Calls wait for its answer: they are made where waiting holds up nobody.
pub trait Unit: Send + Sync {
    /// What it says of itself.
    ///
    /// # Errors
    /// When it does not answer, or says no.
    fn identity(&self) -> Result<Identity, Fault>;

    /// Tries itself out and sets its clock.
    ///
    /// # Errors
    /// When it does not answer, or finds that it cannot sign.
    fn self_test(&self, now: Timestamp) -> Result<(), Fault>;

    /// Makes a till known to it, if it is not.
    ///
    /// # Errors
    /// When it does not answer, or takes no till of that name.
    fn register(&self, client: &str, now: Timestamp) -> Result<(), Fault>;

    /// The transactions of a till that began and did not finish.
    ///
    /// # Errors
    /// When it does not answer.
    fn open_transactions(&self, client: &str) -> Result<Vec<u64>, Fault>;

    /// Begins a transaction of a till.
    ///
    /// # Errors
    /// When it does not answer, or does not know the till.
    fn begin(&self, client: &str, now: Timestamp) -> Result<Began, Fault>;

    /// Says what a transaction comes to so far.
    ///
    /// # Errors
    /// [`Fault::NoTransaction`] when it is not open.
    fn update(&self, of: (&str, u64), process: (&str, &str), now: Timestamp) -> Result<(), Fault>;

    /// Finishes it.
    ///
    /// # Errors
    /// [`Fault::NoTransaction`] when it is not open; then [`Unit::finished`] may know it.
    fn finish(
        &self,
        of: (&str, u64),
        process: (&str, &str),
        now: Timestamp,
    ) -> Result<Finished, Fault>;

    /// What was said when that transaction was finished with these very data; none when it was not.
    ///
    /// # Errors
    /// When it does not answer.
    fn finished(&self, of: (&str, u64), process: (&str, &str)) -> Result<Option<Finished>, Fault>;

    /// What it signed, all or between two moments, as a TAR archive (TR-03151-1).
    ///
    /// # Errors
    /// When it does not answer, or `out` cannot be written.
    fn export(&self, span: Span, now: Timestamp, out: &mut dyn Write) -> Result<(), Fault>;
}

/// Which part of what was signed: from the first moment to the second, both within; none is without bound.
pub type Span = (Option<Timestamp>, Option<Timestamp>);

/// What a unit says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its serial number, 64 lower-case hexadecimal digits.
    pub serial: String,
    /// Its public key, `04‖X‖Y`.
    pub public_key: Vec<u8>,
    /// How it signs.
    pub algorithm: SignatureAlgorithm,
    /// How it writes times.
    pub time_format: TimeFormat,
    /// Its certificates, DER, its own first.
    pub certificates: Vec<Vec<u8>>,
    /// Its certificate's last moment.
    pub valid_until: Timestamp,
    /// It is certified: never said of software.
    pub certified: bool,
}

/// A transaction began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Began {
    /// Its number.
    pub number: u64,
    /// When, by the unit's clock.
    pub at: Timestamp,
}

/// A transaction is finished and signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// When, by the unit's clock.
    pub at: Timestamp,
    /// The signature counter.
    pub counter: u64,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Why a unit did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It does not know the transaction as an open one: it was finished before, or never began.
    #[error("the unit has no such open transaction")]
    NoTransaction,
    /// It says no, and will say so again.
    #[error("the unit says no: {0}")]
    Refused(&'static str),
    /// It cannot be used at the moment.
    #[error("the unit cannot be used: {0}")]
    Unusable(&'static str),
    /// Its memory failed.
    #[error("the unit's memory failed")]
    Memory(#[from] std::io::Error),
}

impl Fault {
    /// Stable, for the journal and for translation.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Fault::NoTransaction => "no_transaction",
            Fault::Refused(code) | Fault::Unusable(code) => code,
            Fault::Memory(_) => "storage",
        }
    }
}
