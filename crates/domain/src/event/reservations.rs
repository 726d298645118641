//! Bodies of what happens to money that is reserved on cards.

use money::Money;
use serde::{Deserialize, Serialize};

use crate::ids::{AttemptId, TerminalId, TillId};
use crate::payment::CardFacts;

/// Money is reserved on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyReserved {
    /// The attempt that reserved it, and the reservation's number from now on.
    pub reservation: AttemptId,
    /// The till that asked for it.
    pub till: TillId,
    /// The terminal that settles it.
    pub terminal: TerminalId,
    /// How much, above nothing.
    pub amount: Money,
    /// The card, as the terminal named it.
    pub card: Box<CardFacts>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A reservation is no longer open: booked, released, or ended by a person who knows that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservationEnded {
    /// Which.
    pub reservation: AttemptId,
    /// The booking or the release; none when a person says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<AttemptId>,
    /// What was taken of it; nothing when it was released.
    #[serde(default, skip_serializing_if = "super::accounts::is_nothing")]
    pub booked: Money,
    /// How the person knows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}
