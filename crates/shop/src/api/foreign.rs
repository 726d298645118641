//! Foreign cash as tills show it.

use domain::Amount;
use serde::Serialize;
use utoipa::ToSchema;

/// How what is due could be paid in another currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForeignDue {
    /// The least that suffices, in whole notes.
    pub least: Amount,
    /// What that is worth in the shop's currency.
    pub value: Amount,
    /// The change.
    pub change: Amount,
    /// The rate as people say it: so much of the shop's currency for one of the other.
    pub rate: String,
}

/// Foreign cash of a tender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForeignCashView {
    /// What was given.
    pub given: Amount,
    /// The rate as people say it.
    pub rate: String,
}

/// What was counted of a foreign currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForeignCountView {
    /// Counted.
    pub counted: Amount,
    /// By the book; none when the person at the till may not see it.
    pub expected: Option<Amount>,
    /// Counted minus expected; none when the person at the till may not see it.
    pub difference: Option<Amount>,
}
