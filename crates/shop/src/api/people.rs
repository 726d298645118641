//! People and the secrets they have; never the secrets themselves.

use domain::PersonId;
use domain::people::{CredentialKind, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A person in the office's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonRow {
    /// Identity.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// May sign in.
    pub active: bool,
    /// Has a PIN.
    pub pin: bool,
    /// Has a passphrase.
    pub passphrase: bool,
    /// Which state of name, role and `active` this is: the `base` of a command that changes them.
    pub revision: String,
    /// Locked after too many wrong secrets; setting a new one unlocks.
    pub locked: bool,
}

/// A new PIN or passphrase.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialRequest {
    /// Which.
    pub kind: CredentialKind,
    /// The new secret: a PIN of 6 to 12 digits, or a passphrase of 15 to 128 characters.
    #[schema(max_length = 256)]
    pub secret: String,
    /// One's present PIN or passphrase: needed to change one's own secret, ignored for others.
    #[serde(default)]
    #[schema(max_length = 256)]
    pub current: Option<String>,
}
