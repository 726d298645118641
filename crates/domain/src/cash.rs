//! Cash that moves without a sale, where the books have a name of their own for it, and what a drawer tells of itself.

use money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::command::Denomination;
use crate::foreign::ForeignCount;

/// None of these is an expense or anything else that its reason says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CashPurpose {
    /// The owner's own money, put in or taken out (Privateinlage, Privatentnahme).
    Private,
    /// Wages that are paid in cash (Lohnzahlung).
    Wages,
}

/// What the switch of a drawer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DrawerAlarm {
    /// It opened, and no till had told it to.
    Forced,
    /// It stays open.
    LeftOpen,
}

/// An alarm of a drawer, as it stands in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DrawerAlarmed {
    /// What the switch told.
    pub alarm: DrawerAlarm,
}

/// A drawer was opened from the office: to try it, or to learn its switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawerTried {
    /// What the device that opened it is called.
    pub device: String,
    /// Where it is connected.
    pub at: String,
}

/// The drawer was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawerCounted {
    /// Pieces.
    pub pieces: Vec<Denomination>,
    /// Their sum.
    pub counted: Money,
    /// What the book said.
    pub expected: Money,
    /// Foreign cash, counted apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign: Vec<ForeignCount>,
}
