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
    /// Sets up a unit that is new, or goes on where that was left, with what it was opened with as its secrets and the
    /// maker's PUK where it takes one. It cannot be undone. One that is in service stays so, and its secrets are tried.
    ///
    /// # Errors
    /// `no_puk`, `no_admin_pin`, `admin_pin` or `credentials` when it does not take what it was told, `disabled`, and
    /// whatever else units say.
    fn set_up(&self, puk: Option<&str>, now: Timestamp, tell: Tell<'_>) -> Result<(), Fault>;

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

    /// The tills that it knows.
    ///
    /// # Errors
    /// When it does not answer.
    fn clients(&self) -> Result<Vec<String>, Fault>;

    /// Takes a till off again that is used no more; one that it does not know is off.
    ///
    /// # Errors
    /// When it does not answer, or the till has open transactions.
    fn deregister(&self, client: &str, now: Timestamp) -> Result<(), Fault>;

    /// How it stands, as far as it says so.
    ///
    /// # Errors
    /// When it does not answer.
    fn usage(&self) -> Result<Usage, Fault>;

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

    /// Lets go of what others may need, such as the one connection that a device takes; whoever asks again connects
    /// again. This waits for what is being asked.
    fn release(&self) {}
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

/// What is used, and the most that there can be, in the same.
pub type Share = (u64, u64);

/// How a unit stands; what it does not say is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Signatures made.
    pub signatures: Option<Share>,
    /// Storage, in whatever the unit counts it.
    pub storage: Option<Share>,
    /// Tills known.
    pub clients: Option<Share>,
    /// Transactions open.
    pub open: Option<Share>,
    /// The last number of a signature.
    pub counter: Option<u64>,
    /// The last number of a transaction.
    pub transactions: Option<u64>,
}

/// How far setting a new unit up is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupStep {
    /// It is looked whether it is there, and how.
    Connect,
    /// The maker makes it.
    Create,
    /// It gets its key and certificate.
    Personalise,
    /// The administrator's PIN is set.
    AdminPin,
    /// It is put into service.
    Initialise,
    /// It tests itself.
    SelfTest,
    /// Its clock is set.
    Time,
}

/// What is told while a unit is set up.
#[derive(Debug)]
pub enum Told<'a> {
    /// This begins.
    Step(SetupStep),
    /// The PUK that the maker made up, told once and never again: to be kept before anything else is asked.
    Puk(&'a str),
}

/// Who is told; an error ends it there.
pub type Tell<'a> = &'a mut dyn FnMut(Told<'_>) -> Result<(), Fault>;

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
