//! Cash that moves without a sale, where the books have a name of their own for it, and what a drawer tells of itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
