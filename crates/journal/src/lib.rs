//! The journal: what an entry looks like, byte by byte, how entries are chained by hash, and how a
//! chain is verified.
//!
//! Pure: no I/O, no clock, no randomness. The bytes are written once and never again; hashes are
//! taken over the stored bytes, never over re-serialised ones.

mod chain;
mod entry;
mod verify;

pub use chain::{GENESIS, fingerprint, hash};
pub use entry::{EntryMeta, JournalError, decode, encode};
pub use verify::{Anchor, Fault, Finding, Head, Verdict, Verifier};
