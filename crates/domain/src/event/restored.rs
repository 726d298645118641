//! A shop put back from a backup.

use serde::{Deserialize, Serialize};

/// The shop was put back from a backup: everything before stands as it did there, and what was done after the backup is
/// not in this journal. Receipts from here on are of the new incarnation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopRestored {
    /// The backup's file name.
    pub backup: String,
    /// The last entry in it.
    pub through: u64,
    /// The incarnation that begins.
    pub incarnation: u32,
}
