//! Money that is reserved on a card (Vorautorisierung, Reservierung): a deposit for what is lent, a table.
//!
//! It is no turnover and no tender. Of an open reservation a part or all is booked, and that is a card tender
//! like any other; or it is released.

use std::collections::BTreeMap;

use jiff::Timestamp;
use money::Money;
use serde::{Deserialize, Serialize};

use crate::event::{Event, MoneyReserved, ReservationEnded};
use crate::ids::{AttemptId, PersonId, TerminalId, TillId};
use crate::payment::CardFacts;

/// A reservation that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// The attempt that reserved it.
    pub id: AttemptId,
    /// The till that asked for it.
    pub till: TillId,
    /// The terminal that settles it.
    pub terminal: TerminalId,
    /// How much, above nothing, minor units of the shop's currency.
    pub amount: Money,
    /// The card, as the terminal named it.
    pub card: Box<CardFacts>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Since.
    pub since: Timestamp,
    /// Asked by.
    pub by: PersonId,
}

impl Reservation {
    /// The terminal named no number that it could be booked or released by: only a person can end it.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        self.card.receipt.is_none()
    }
}

/// Events of reservations. What has ended leaves the state.
pub(crate) fn reservation_event(
    reservations: &mut BTreeMap<AttemptId, Reservation>,
    at: Timestamp,
    person: Option<PersonId>,
    event: &Event,
) {
    match event {
        Event::MoneyReserved(MoneyReserved { reservation, till, terminal, amount, card, note }) => {
            let open = Reservation {
                id: *reservation,
                till: *till,
                terminal: *terminal,
                amount: *amount,
                card: card.clone(),
                note: note.clone(),
                since: at,
                by: person.unwrap_or(PersonId(0)),
            };
            reservations.insert(*reservation, open);
        }
        Event::ReservationEnded(ReservationEnded { reservation, .. }) => {
            reservations.remove(reservation);
        }
        _ => {}
    }
}
