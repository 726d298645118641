//! Bodies of what happens to the chains of Austria's tills.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::ids::{BasketId, TillId, UnitId};
use crate::rksv::{Carried, RksvKind, RksvNote, RksvSecret, SignerIdentity};

/// A till has its next code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RksvSigned {
    /// Which till.
    pub till: TillId,
    /// Its name at FinanzOnline.
    pub cash_register: String,
    /// Which code it is, from 1: the Startbeleg.
    pub position: u64,
    /// What receipt.
    pub kind: RksvKind,
    /// Its number in the code.
    pub number: String,
    /// The basket that it was; none for receipts without turnover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basket: Option<BasketId>,
    /// Its local time in the code.
    pub at: DateTime,
    /// Code and signature, JWS compact.
    pub jws: String,
    /// Why it is not signed; none when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsigned: Option<String>,
    /// The device that the code names ([`SignerIdentity::key`]).
    pub device: String,
    /// What the till carries on.
    pub carried: Carried,
}

/// What else is said of a till's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum RksvTold {
    /// A receipt has no code and will have none.
    NotSigned {
        /// At which till.
        till: TillId,
        /// Which basket.
        basket: BasketId,
        /// Stable code.
        why: String,
    },
    /// A person asked for a receipt without turnover.
    Asked {
        /// At which till.
        till: TillId,
        /// Which.
        kind: RksvKind,
    },
    /// What was asked for is not made.
    NotIssued {
        /// At which till.
        till: TillId,
        /// What.
        kind: RksvKind,
        /// Stable code.
        why: String,
    },
    /// A person told, checked or saved something outside the program.
    Noted {
        /// For which till.
        till: TillId,
        /// What.
        note: RksvNote,
        /// For which of the names that it had before; none for today's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        register: Option<String>,
    },
    /// Somebody saw or entered a secret. The secret itself stands nowhere.
    Secret {
        /// Which, and what was done with it.
        secret: RksvSecret,
    },
    /// A signature device said what it is, for the first time or something else than before.
    Device {
        /// Which device.
        device: UnitId,
        /// What it said.
        identity: SignerIdentity,
    },
}
