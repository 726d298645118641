//! What is known of people and customers beside their number: apart from the journal, sealed under a key
//! each.
//!
//! The journal holds a digest of each name, and of each version of a customer's details. Destroy the key
//! and nobody can say any more whose it was, while the chain still verifies.

mod check;
mod customers;
mod names;
mod seal;

pub use check::{NameFault, NameFinding, Whose, check};
pub use customers::{Customers, details_of, unnamed_customer};
pub use names::{NamedPerson, unnamed};

pub(crate) use customers::{details_kind, details_text};
pub(crate) use names::Names;
pub(crate) use seal::{Key, Nonce};

/// The kind under which the store keeps names.
pub(crate) const NAME: &str = "name";
