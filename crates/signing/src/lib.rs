//! Signing units as a shop uses them: one shape for all, whatever they are.
//!
//! What always holds: a unit answers yes, no or not at all, and what it signed is on its own disk before it says so.
//! *Absent:* which basket is signed where, and what follows from an outage; those are the shop's.

mod memory;
mod software;

use fiscal::de::tse::signature::SignatureAlgorithm;
use fiscal::de::tse::time::TimeFormat;
use jiff::Timestamp;

pub use software::{Software, fresh};

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
