//! Signature devices of Austria (Signaturerstellungseinheiten, RKSV): one shape for all.
//!
//! A device signs a code and remembers nothing: whoever lost its answer asks again, and what is on disk first is the
//! receipt. *Absent:* the chain, the counter and what follows from an outage; those are the shop's.

mod atrust;
mod software;

use fiscal::at::{PublicKey, Unit};

pub use atrust::{Atrust, LIVE, PATIENCE, Secret, Setup};
pub use software::Software;

use crate::Fault;

/// A signature device, whatever it is. Calls wait for its answer: they are made where waiting holds up nobody.
pub trait Device: Send + Sync {
    /// What it says of itself.
    ///
    /// # Errors
    /// When it does not answer, or what it says is no device of the RKSV.
    fn identity(&self) -> Result<Identity, Fault>;

    /// Signs a code as it stands on a receipt, without its signature: ES256, `r ‖ s`. What is answered was checked with
    /// the device's own key.
    ///
    /// # Errors
    /// When it does not answer, says no, or its signature is none over this code.
    fn sign(&self, code: &str) -> Result<[u8; 64], Fault>;
}

/// What a device says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// As codes name it.
    pub unit: Unit,
    /// The key that its signatures are checked with.
    pub key: PublicKey,
    /// Its certificates, DER, its own first; none in a closed system.
    pub certificates: Vec<Vec<u8>>,
    /// It is a provider's, and for real receipts: never said of software and of what is there to try.
    pub certified: bool,
}
