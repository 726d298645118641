//! What is known of people beside their number: apart from the journal, sealed under a key each.
//!
//! The journal holds a digest of each name. Destroy a person's key and nobody can say any more whose
//! name it was, while the chain still verifies.

mod check;
mod names;
mod seal;

pub use check::{NameFault, NameFinding, check};
pub use names::{NamedPerson, unnamed};

pub(crate) use names::Names;
pub(crate) use seal::{Key, Nonce};

/// The kind under which the store keeps names.
pub(crate) const NAME: &str = "name";
