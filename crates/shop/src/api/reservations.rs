//! Money that is reserved on cards, as tills and the office show it.

use domain::{Amount, AttemptId, TillId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A reservation that is open: neither a tender nor turnover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReservationView {
    /// The attempt that reserved it.
    pub reservation: AttemptId,
    /// The till that asked for it.
    pub till: TillId,
    /// Its name.
    pub till_name: String,
    /// The terminal that settles it.
    pub terminal: String,
    /// How much.
    pub amount: Amount,
    /// The card, as far as the terminal told: `Visa ****1234`.
    pub card: Option<String>,
    /// The terminal's receipt number.
    pub receipt: Option<String>,
    /// What it is for.
    pub note: String,
    /// Since.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// How many days ago that was, by the shop's calendar.
    pub days: u32,
    /// Who asked for it.
    pub person: String,
    /// The terminal can be asked to book or release it; otherwise a person strikes it off.
    pub settles: bool,
}
