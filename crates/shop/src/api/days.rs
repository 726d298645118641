//! Till days: what is so far, and Z reports.

use domain::day::{ClosedDay, TillDay};
use domain::{Amount, DayNo, PersonId, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::terminal_days::TerminalOfDay;
use crate::proof::Verdict;

/// The X report: totals so far. Amounts are minor units of `currency`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct XReport {
    /// The till.
    pub till: TillId,
    /// Its name.
    pub till_name: String,
    /// ISO 4217.
    pub currency: String,
    /// Now.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The day as it stands.
    pub day: TillDay,
    /// Names of the people and groups in it.
    pub names: Names,
}

/// Names for the numbers in a report, as they are today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Names {
    /// People.
    pub people: Vec<Named>,
    /// Groups of items.
    pub groups: Vec<Named>,
}

/// A number and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Named {
    /// The number.
    pub id: u32,
    /// The name.
    pub name: String,
}

/// A Z report in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayRow {
    /// The till.
    pub till: TillId,
    /// Its number (Z_NR).
    pub number: DayNo,
    /// Local date it was opened on.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Closed.
    #[schema(value_type = String, format = DateTime)]
    pub closed: Timestamp,
    /// Closed by.
    pub closed_by: PersonId,
    /// Their name today.
    pub closed_by_name: String,
    /// Receipts.
    pub receipts: u32,
    /// Turnover with tax.
    pub turnover: Amount,
    /// Counted minus expected.
    pub difference: Amount,
    /// What its check found when it was looked at last; none before it ever was.
    pub proof: Option<Verdict>,
}

/// A page of Z reports, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DayPage {
    /// The rows.
    pub days: Vec<DayRow>,
    /// Give this as `before` for the next page; none: this was the last.
    pub next: Option<String>,
}

/// A Z report. Amounts are minor units of `currency`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ZReport {
    /// The till's name today.
    pub till_name: String,
    /// ISO 4217.
    pub currency: String,
    /// The day as it was closed.
    pub closed: ClosedDay,
    /// The card terminals of the day, and what they say.
    pub terminals: Vec<TerminalOfDay>,
    /// Names of the people and groups in it.
    pub names: Names,
}
