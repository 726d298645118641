//! Who is signed in where.

use domain::people::Permission;
use domain::{PersonId, TillId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::audit::AuditSession;
use super::view::PersonView;

/// Whether the shop's process is well.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// The program's version.
    pub version: String,
    /// The journal's head.
    pub seq: u64,
}

/// Who is signed in in this browser.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionView {
    /// The person; none when nobody is signed in.
    pub person: Option<PersonView>,
    /// What the person may do.
    pub permissions: Vec<Permission>,
    /// The till of a till session; none for the office.
    pub till: Option<TillId>,
    /// The audit that this browser is in; then there is no person.
    pub audit: Option<AuditSession>,
    /// The shop has not been set up yet.
    pub setup_needed: bool,
    /// What is sold at some till is not signed by a certified unit: software, a simulator, an environment for tests.
    pub practice: bool,
    /// This is a demo: the page `/counter` shows its simulated devices.
    pub counter: bool,
}

/// A person as the office's sign-in names them: by number or by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum PersonKey {
    /// The person's number.
    Id(PersonId),
    /// The name as it stands in the list of people; upper and lower case are the same.
    Name(String),
}

/// Signing in at the office.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeSignIn {
    /// Who.
    pub person: PersonKey,
    /// The passphrase.
    #[schema(max_length = 256)]
    pub passphrase: String,
}

/// Signing in at a till.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TillSignIn {
    /// Who.
    pub person: PersonId,
    /// The PIN.
    #[schema(max_length = 64)]
    pub pin: String,
}

/// A till in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TillChoice {
    /// Identity.
    pub id: TillId,
    /// Name.
    pub name: String,
}

/// A person who can sign in at a till.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonChoice {
    /// Identity.
    pub id: PersonId,
    /// Name.
    pub name: String,
}
