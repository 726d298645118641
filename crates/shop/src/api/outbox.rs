//! Prints that are not done: what waits, and what nobody knows the fate of.

use domain::{ReceiptRef, TillId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a print stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// Not tried, or to be tried again.
    Waiting,
    /// Nobody knows whether it came out; a person settles it.
    Unknown,
    /// It did not come out and is not tried again by itself; a person settles it.
    Failed,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrintKind {
    /// A receipt.
    Receipt,
    /// A copy of a receipt.
    Copy,
    /// A Z report.
    DayReport,
    /// The closing of a terminal's day.
    TerminalDay,
    /// The shop's slip of a card payment.
    MerchantSlip,
    /// A slip of money paid in, paid out or dropped, or of the drawer opened without a sale.
    DrawerSlip,
    /// Nothing but the drawer opening.
    Drawer,
}

/// A print that is not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutboxJob {
    /// Identity.
    pub id: i64,
    /// The till.
    pub till: TillId,
    /// Its name.
    pub till_name: String,
    /// What.
    pub kind: PrintKind,
    /// The receipt it is about.
    pub receipt: Option<ReceiptRef>,
    /// State.
    pub state: PrintState,
    /// What the printer said last: a lamp's code, or a word of the program's own.
    pub note: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Since.
    #[schema(value_type = String, format = DateTime)]
    pub created: Timestamp,
}

/// What became of a print.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleRequest {
    /// True: it came out. False: print it again, as a copy.
    pub done: bool,
}
