//! What leaves the shop for customers: mail, texts, and receipts that a host outside keeps sealed. And that host itself.
//!
//! Everything that is sent answers in three values ([`Outcome`]): it went, it did not, or nobody knows. What was handed over to a server
//! without hearing its answer is never taken for "not sent".
//!
//! *Absent:* receipts, the shop, the clock, retry and doubt: those belong to the outbox of whoever sends. Addresses and what is sent are
//! never written anywhere here, nor do they stand in any error.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

pub mod host;
mod http;
pub mod mail;
pub mod sealed;
pub mod simulator;
pub mod sms;
pub mod upload;

/// What became of something that was to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took it over.
    Sent,
    /// It did not.
    NotSent {
        /// Stable code; see [`Outcome::code`].
        why: &'static str,
        /// It may go later: nothing is wrong with it itself.
        again: bool,
    },
    /// It was handed over, and nobody knows whether it was taken.
    Unknown {
        /// Stable code.
        why: &'static str,
    },
}

impl Outcome {
    /// Stable code of why: `unreachable`, `timeout`, `tls` (who answers cannot prove to be the one who was asked), `no_tls` (the server
    /// offers none), `login`, `sender` (the server does not let us send from this address), `refused` (the receiver is none), `too_large`,
    /// `busy`, `server` (an error of the other side), `credit`, `no_answer`, `bad_settings`. Empty when it was sent.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Sent => "",
            Outcome::NotSent { why, .. } | Outcome::Unknown { why } => why,
        }
    }

    pub(crate) const fn later(why: &'static str) -> Outcome {
        Outcome::NotSent { why, again: true }
    }

    pub(crate) const fn never(why: &'static str) -> Outcome {
        Outcome::NotSent { why, again: false }
    }
}
