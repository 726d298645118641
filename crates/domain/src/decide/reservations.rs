//! Money that is reserved on a card, and what becomes of it: attempts like every other, whose end opens or
//! ends a reservation.

use money::Money;

use super::attempts::{free_terminal, give_up, gone_back, intend, next, share};
use super::desk::Desk;
use super::pay::ready_to_pay;
use crate::amount::Amount;
use crate::event::{Event, MoneyReserved, ReservationEnded};
use crate::facts::Stop;
use crate::ids::{AttemptId, BasketId, TerminalId};
use crate::payment::{Attempt, CardFacts, Purpose};
use crate::refusal::Refusal;
use crate::reservation::Reservation;

pub(super) fn reserve(
    mut desk: Desk<'_>,
    amount: Amount,
    note: &str,
    terminal: Option<TerminalId>,
) -> Result<Vec<Event>, Stop> {
    let amount = desk.own(amount)?;
    let terminal = terminal_for(&desk, terminal)?;
    let settings = desk.settings.terminals.iter().find(|t| t.id == terminal);
    if !settings.is_some_and(|terminal| terminal.protocol.reserves()) {
        return Err(Refusal::CannotReserve.into());
    }
    let (purpose, note) = (Purpose::Reservation, note.trim().to_owned());
    aside(&mut desk, terminal, purpose, (amount, None), note);
    desk.done()
}

pub(super) fn cancel(desk: Desk<'_>) -> Result<Vec<Event>, Stop> {
    let running = desk.state().reserving_at(desk.till.id).ok_or(Refusal::UnknownAttempt)?;
    give_up(desk, running)
}

/// A part of a reservation, or all of it, becomes a card tender of the present basket.
pub(super) fn pay(
    mut desk: Desk<'_>,
    id: AttemptId,
    amount: Option<Amount>,
) -> Result<Vec<Event>, Stop> {
    let mut basket = ready_to_pay(&mut desk)?;
    if basket.training {
        return Err(Refusal::TrainingMix.into());
    }
    let found = open(&desk, id)?;
    let reserved = found.amount;
    if gone_back(&mut desk, &mut basket)? {
        return desk.done();
    }
    let (due, mut wanted) = share(&desk, &basket, amount)?;
    if due.is_negative() {
        return Err(Refusal::NotGivenBack.into());
    }
    if amount.is_none() {
        wanted = wanted.min(reserved);
    }
    if wanted > reserved {
        return Err(Refusal::MoreThanReserved { reserved: reserved.minor() }.into());
    }
    let terminal = free_terminal(&desk, Some(found.terminal))?;
    let purpose = Purpose::Booking { of: id, reserved };
    intend(&mut desk, &basket, terminal, purpose, (wanted, Some(bare(&found.card))));
    desk.done()
}

pub(super) fn release(mut desk: Desk<'_>, id: AttemptId) -> Result<Vec<Event>, Stop> {
    let found = open(&desk, id)?;
    let terminal = terminal_for(&desk, Some(found.terminal))?;
    let of = (found.amount, Some(bare(&found.card)));
    aside(&mut desk, terminal, Purpose::Release { of: id }, of, String::new());
    desk.done()
}

/// A person knows that it is no longer open.
pub(super) fn end(mut desk: Desk<'_>, id: AttemptId, reason: &str) -> Result<Vec<Event>, Stop> {
    let reservation = open(&desk, id)?.id;
    // What a terminal is being asked about it, or nobody knows, is settled first.
    if desk.state().attempts.values().any(|attempt| attempt.purpose.of() == Some(reservation)) {
        return Err(Refusal::AttemptRunning.into());
    }
    desk.push(Event::ReservationEnded(ReservationEnded {
        reservation,
        attempt: None,
        booked: Money::ZERO,
        reason: reason.to_owned(),
    }));
    desk.done()
}

fn open<'a>(desk: &Desk<'a>, id: AttemptId) -> Result<&'a Reservation, Refusal> {
    desk.state().reservations.get(&id).ok_or(Refusal::UnknownReservation)
}

/// The terminal for what no basket waits for. A till is at one of these at a time.
fn terminal_for(desk: &Desk<'_>, asked: Option<TerminalId>) -> Result<TerminalId, Refusal> {
    if desk.till.training {
        return Err(Refusal::TrainingMix);
    }
    if desk.state().reserving_at(desk.till.id).is_some() {
        return Err(Refusal::AttemptRunning);
    }
    free_terminal(desk, asked)
}

/// An attempt that no basket waits for.
fn aside(
    desk: &mut Desk<'_>,
    terminal: TerminalId,
    purpose: Purpose,
    (amount, reverses): (Money, Option<Box<CardFacts>>),
    note: String,
) {
    let (attempt, basket) = (next(desk), BasketId::NONE);
    desk.push(Event::TenderIntended { attempt, basket, terminal, purpose, amount, reverses, note });
}

/// The slip that was printed for it is not needed to settle it.
fn bare(card: &CardFacts) -> Box<CardFacts> {
    Box::new(CardFacts { lines: Vec::new(), ..card.clone() })
}

/// What a terminal said of a card, with what it wants printed for the customer; where it settles a
/// reservation and names no card, it is the card of then.
pub(super) fn card(attempt: &Attempt, lines: &[String]) -> CardFacts {
    let mut card = attempt.approval.as_ref().map(|a| a.card.clone()).unwrap_or_default();
    if !lines.is_empty() {
        card.lines = lines.to_vec();
    }
    if let (Purpose::Booking { .. }, Some(then)) = (attempt.purpose, &attempt.reverses) {
        card.scheme = card.scheme.or_else(|| then.scheme.clone());
        card.last4 = card.last4.or_else(|| then.last4.clone());
    }
    card
}

/// An attempt did what it was for: opens a reservation, or ends the one that it is about. Attempts for
/// anything else change none.
pub(super) fn settle(desk: &mut Desk<'_>, attempt: &Attempt, amount: Money, lines: &[String]) {
    let ended = |reservation, booked| {
        let (attempt, reason) = (Some(attempt.id), String::new());
        Event::ReservationEnded(ReservationEnded { reservation, attempt, booked, reason })
    };
    let event = match attempt.purpose {
        Purpose::Reservation => Event::MoneyReserved(MoneyReserved {
            reservation: attempt.id,
            till: attempt.till,
            terminal: attempt.terminal,
            amount,
            card: Box::new(card(attempt, lines)),
            note: attempt.note.clone(),
        }),
        Purpose::Booking { of, .. } => ended(of, amount),
        Purpose::Release { of } => ended(of, Money::ZERO),
        Purpose::Payment
        | Purpose::Refund
        | Purpose::Reversal { .. }
        | Purpose::Cash
        | Purpose::Collection => return,
    };
    desk.push(event);
}
