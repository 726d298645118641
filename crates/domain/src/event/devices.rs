//! Bodies of what happens to card terminals as devices.

use serde::{Deserialize, Serialize};

use crate::device::{DeviceIdentity, PhotoDigest, PhotoKind, PointResult};
use crate::ids::TerminalId;

/// A person says that a stopped terminal is the right one: cards are taken at it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceConfirmed {
    /// Which terminal.
    pub terminal: TerminalId,
    /// What the register says from now on.
    pub identity: DeviceIdentity,
    /// How they know.
    pub reason: String,
}

/// A person has inspected a terminal. A finding stops it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInspected {
    /// Which terminal.
    pub terminal: TerminalId,
    /// Point by point.
    pub points: Vec<PointResult>,
    /// What else is to be said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A photo of a terminal was taken; its bytes lie apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicePhotographed {
    /// Which terminal.
    pub terminal: TerminalId,
    /// Digest of its bytes.
    pub photo: PhotoDigest,
    /// What they are.
    pub of: PhotoKind,
}
