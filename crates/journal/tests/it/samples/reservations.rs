//! Events of money that is reserved on cards.

use domain::event::{Event, MoneyReserved, ReservationEnded};
use domain::payment::{CardFacts, Purpose};
use domain::{AttemptId, BasketId, TerminalId, TillId};
use money::Money;

pub(super) fn events(card: fn() -> CardFacts) -> Vec<Event> {
    let (reservation, reserved) = (AttemptId(8), Money::new(5_000));
    let intended = |purpose: Purpose, basket, amount, note: &str| Event::TenderIntended {
        attempt: AttemptId(9),
        basket,
        terminal: TerminalId(1),
        purpose,
        amount: Money::new(amount),
        reverses: purpose.of().map(|_| Box::new(card())),
        note: note.to_owned(),
    };
    let made = |note: &str| {
        Event::MoneyReserved(MoneyReserved {
            reservation,
            till: TillId(1),
            terminal: TerminalId(1),
            amount: reserved,
            card: Box::new(card()),
            note: note.to_owned(),
        })
    };
    let ended = |attempt, booked, reason: &str| {
        Event::ReservationEnded(ReservationEnded {
            reservation,
            attempt,
            booked: Money::new(booked),
            reason: reason.to_owned(),
        })
    };
    let booking = Purpose::Booking { of: reservation, reserved };
    vec![
        intended(Purpose::Reservation, BasketId::NONE, 5_000, "Pavillon, zurück am Montag"),
        intended(booking, BasketId(77), 3_492, ""),
        intended(Purpose::Release { of: reservation }, BasketId::NONE, 5_000, ""),
        made(""),
        made("Pavillon, zurück am Montag"),
        ended(Some(AttemptId(9)), 3_492, ""),
        ended(Some(AttemptId(9)), 0, ""),
        ended(None, 0, "Händlerbeleg"),
    ]
}
