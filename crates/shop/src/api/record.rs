//! The journal's state: head, verification, backup.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::country::Offered;

use crate::personal::NameFinding;

/// The journal's state.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecordView {
    /// Number of the last entry.
    pub seq: u64,
    /// Its hash, hexadecimal.
    pub head: String,
    /// The verification that runs or ran last; none since the program started.
    pub verification: Option<Verification>,
    /// The last backup.
    pub backup: Option<BackupView>,
    /// What is handed out in this shop's country.
    pub offered: Offered,
}

/// How far a verification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerificationState {
    /// Under way.
    Running,
    /// The chain is whole, the file is in order, and each name is the one that was entered.
    Good,
    /// Something is wrong: see `problem`.
    Bad,
    /// It could not be finished: see `problem`.
    Failed,
}

/// A verification of the journal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Verification {
    /// How far it is.
    pub state: VerificationState,
    /// Begun.
    #[schema(value_type = String, format = DateTime)]
    pub began: Timestamp,
    /// Done.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended: Option<Timestamp>,
    /// Entries checked so far.
    pub checked: u64,
    /// Entries there are.
    pub entries: u64,
    /// What is wrong, and at which entry or in whose name.
    pub problem: Option<String>,
    /// Names that do not fit the journal.
    pub names: Vec<NameFinding>,
}

/// A backup that was just written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BackupWritten {
    /// Where, on the shop's machine.
    pub path: String,
    /// Written.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The last entry in it.
    pub through: u64,
    /// Size in bytes.
    pub bytes: u64,
}

/// A backup.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BackupView {
    /// Written.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The last entry in it.
    pub through: u64,
}
