//! Signing units, as the office sees them.

use domain::UnitId;
use domain::signing::{Outage, UnitKind};
use serde::Serialize;
use utoipa::ToSchema;

/// A signing unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitRow {
    /// Identity.
    pub id: UnitId,
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// Its serial number, hexadecimal; none before it was ever reached.
    pub serial: Option<String>,
    /// It is certified. Software never is.
    pub certified: bool,
    /// How it signs.
    pub algorithm: Option<String>,
    /// It does not sign: since when, and why.
    pub outage: Option<Outage>,
}
