//! Bodies of what happens at signing units.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{BasketId, UnitId};
use crate::signing::{Signature, Subject, Tidied, Transaction, UnitIdentity, UnitServiced};

/// A unit began a transaction for a basket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningStarted {
    /// Which basket.
    pub basket: BasketId,
    /// What the unit said.
    pub transaction: Transaction,
}

/// What came of a basket, or what an entry says, is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningFinished {
    /// Which.
    #[serde(flatten)]
    pub of: Subject,
    /// What the unit said.
    pub signature: Signature,
}

/// What came of a basket, or what an entry says, is not signed, and will not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningFailed {
    /// Which.
    #[serde(flatten)]
    pub of: Subject,
    /// At which unit; none where there was none to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The transaction that had begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<Transaction>,
    /// Stable code.
    pub why: String,
    /// What should have been signed.
    pub process_type: String,
    /// Its data.
    pub process_data: String,
}

/// A signing unit said what it is, for the first time or something else than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningUnitReported {
    /// Which.
    pub unit: UnitId,
    /// What it said.
    pub identity: UnitIdentity,
}

/// A signing unit does not sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningOutage {
    /// Which.
    pub unit: UnitId,
    /// Stable code.
    pub why: String,
}

/// A signing unit signs again; or the shop has it no more, and its outage is over with that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningRestored {
    /// Which.
    pub unit: UnitId,
}

/// Somebody of the shop's had a signing unit do something: who, the entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningUnitServiced {
    /// Which.
    pub unit: UnitId,
    /// What.
    pub what: UnitServiced,
}

/// A transaction that was left behind at a unit is settled there: its own log holds the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningTidied {
    /// Which unit.
    pub unit: UnitId,
    /// The till, as the unit knows it.
    pub client: String,
    /// The transaction's number there.
    pub number: u64,
    /// The basket whose receipt says that it is not signed; none where no basket is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basket: Option<BasketId>,
    /// The entry, a cash movement's, that says that it is not signed; none where it is a basket's, or none is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// What became of it.
    pub how: Tidied,
    /// When it ended, by the unit's clock.
    pub finished: Timestamp,
    /// The unit's signature counter.
    pub counter: u64,
}
