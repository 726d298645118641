//! What cash is for that moves without a sale, where the books have a name of their own for it.

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
