//! The till day and the drawer: signing in, opening, moving cash, counting, closing.

use money::Money;

use super::desk::{Desk, Measure};
use super::limits;
use crate::amount::Amount;
use crate::cash::{CashPurpose, DrawerAlarm, DrawerAlarmed, DrawerCounted};
use crate::command::Denomination;
use crate::day::TillDay;
use crate::event::Event;
use crate::facts::Stop;
use crate::ids::{BasketId, DayNo, PersonId};
use crate::payment::Purpose;
use crate::people::{Permission, may};
use crate::refusal::Refusal;

pub(super) fn sign_in(mut desk: Desk<'_>, person: PersonId) -> Result<Vec<Event>, Stop> {
    let known = desk.state().people.get(&person).is_some_and(|p| p.active);
    if !known {
        return Err(Refusal::UnknownPerson.into());
    }
    if desk.till.person == Some(person) {
        return desk.done();
    }
    if let Some(before) = desk.till.person {
        desk.push(Event::SignedOut { person: before });
    }
    desk.push(Event::SignedIn { person });
    if let Some(day) = &desk.till.day {
        begin_shift(&mut desk, Some(day), person);
    }
    desk.done()
}

/// Begins a shift unless the person's own one is running.
fn begin_shift(desk: &mut Desk<'_>, day: Option<&TillDay>, person: PersonId) {
    let shifts = day.map(|d| d.shifts.as_slice()).unwrap_or_default();
    if shifts.iter().any(|s| s.person == person && s.ended.is_none()) {
        return;
    }
    let number = shifts.iter().map(|s| s.number).max().unwrap_or(0).saturating_add(1);
    desk.push(Event::ShiftBegan { shift: number, person });
}

pub(super) fn sign_out(mut desk: Desk<'_>) -> Result<Vec<Event>, Stop> {
    if let Some(person) = desk.till.person {
        // Somebody else took the till over meanwhile: they stay.
        if desk.context.person.is_some_and(|asks| asks != person) {
            return Err(Refusal::NotSignedIn.into());
        }
        desk.push(Event::SignedOut { person });
    }
    desk.done()
}

pub(super) fn open_day(mut desk: Desk<'_>, float: Amount) -> Result<Vec<Event>, Stop> {
    let float = desk.own(float)?;
    if desk.till.day.is_some() {
        return Err(Refusal::DayAlreadyOpen.into());
    }
    let day = DayNo(desk.till.last_day.saturating_add(1));
    let person = desk.person()?.id;
    let date = desk.local.date();
    desk.push(Event::DayOpened { day, date, float });
    begin_shift(&mut desk, None, person);
    desk.done()
}

pub(super) fn training(mut desk: Desk<'_>, on: bool) -> Result<Vec<Event>, Stop> {
    if desk.till.training == on {
        return desk.done();
    }
    if !desk.till.baskets.is_empty() {
        return Err(Refusal::OpenBaskets.into());
    }
    desk.push(Event::TrainingSwitched { on });
    desk.done()
}

pub(super) fn paid_in(
    mut desk: Desk<'_>,
    amount: Amount,
    (reason, purpose): (&str, Option<CashPurpose>),
) -> Result<Vec<Event>, Stop> {
    let amount = desk.own(amount)?;
    desk.measured(Permission::MoveCash, Measure::Amount(amount))?;
    for_real(&desk)?;
    desk.push(Event::CashPaidIn { amount, reason: reason.to_owned(), purpose });
    desk.done()
}

pub(super) fn paid_out(
    mut desk: Desk<'_>,
    amount: Amount,
    (reason, purpose): (&str, Option<CashPurpose>),
) -> Result<Vec<Event>, Stop> {
    let amount = desk.own(amount)?;
    desk.measured(Permission::MoveCash, Measure::Amount(amount))?;
    in_drawer(&desk, amount)?;
    desk.push(Event::CashPaidOut { amount, reason: reason.to_owned(), purpose });
    desk.done()
}

pub(super) fn drop(mut desk: Desk<'_>, amount: Amount, reason: &str) -> Result<Vec<Event>, Stop> {
    let amount = desk.own(amount)?;
    in_drawer(&desk, amount)?;
    desk.push(Event::CashDropped { amount, reason: reason.to_owned() });
    desk.done()
}

/// Training counts nowhere: the drawer is real, so nothing moves in it meanwhile.
fn for_real(desk: &Desk<'_>) -> Result<(), Refusal> {
    if desk.till.training { Err(Refusal::TrainingMix) } else { Ok(()) }
}

/// Whoever may see what the drawer should hold is told when it does not hold that much. For the
/// others a refusal would tell them just that, by trying: they count blind, so the counting shows it.
fn in_drawer(desk: &Desk<'_>, amount: Money) -> Result<(), Refusal> {
    for_real(desk)?;
    if !may(desk.person()?.role, Permission::SeeTotals) {
        return Ok(());
    }
    if amount > desk.day()?.drawer { Err(Refusal::DrawerTooLow) } else { Ok(()) }
}

pub(super) fn drawer_alarm(mut desk: Desk<'_>, alarm: DrawerAlarm) -> Result<Vec<Event>, Stop> {
    desk.push(Event::DrawerAlarmed(DrawerAlarmed { alarm }));
    desk.done()
}

pub(super) fn no_sale(mut desk: Desk<'_>, reason: &str) -> Result<Vec<Event>, Stop> {
    for_real(&desk)?;
    desk.push(Event::DrawerOpened { reason: reason.to_owned() });
    desk.done()
}

pub(super) fn end_shift(mut desk: Desk<'_>) -> Result<Vec<Event>, Stop> {
    let person = desk.person()?.id;
    let day = desk.day()?;
    for shift in day.shifts.iter().filter(|s| s.person == person && s.ended.is_none()) {
        desk.push(Event::ShiftEnded { shift: shift.number });
    }
    desk.push(Event::SignedOut { person });
    desk.done()
}

pub(super) fn count(
    mut desk: Desk<'_>,
    pieces: &[Denomination],
    foreign: &[Amount],
) -> Result<Vec<Event>, Stop> {
    let expected = desk.day()?.drawer;
    let foreign = super::foreign::count(&desk, foreign)?;
    let mut counted = Money::ZERO;
    for piece in pieces {
        let value = piece
            .value
            .checked_mul(i64::from(piece.pieces))
            .ok_or_else(|| limits::out("pieces"))?;
        counted = counted.plus(Money::new(value))?;
    }
    // What lies in the drawer and what a machine says are counted apart, and kept as one.
    let mut together: Vec<Denomination> = Vec::new();
    for piece in pieces {
        match together.iter_mut().find(|known| known.value == piece.value) {
            Some(known) => known.pieces = known.pieces.saturating_add(piece.pieces),
            None => together.push(*piece),
        }
    }
    let counted = DrawerCounted { pieces: together, counted, expected, foreign };
    desk.push(Event::DrawerCounted(Box::new(counted)));
    desk.done()
}

pub(super) fn close_day(
    mut desk: Desk<'_>,
    despite_doubt: Option<&str>,
) -> Result<Vec<Event>, Stop> {
    let day = desk.day()?;
    let count = day.count.as_ref().ok_or(Refusal::NotCounted)?;
    // Set aside over an earlier closing, and paid since: whoever recalls it finishes it.
    let paid_aside = desk.state().baskets.values().any(|b| {
        b.till == desk.till.id
            && b.parked.is_some()
            && !b.tenders.is_empty()
            && desk.state().attempt_of(b.id).is_none()
    });
    if paid_aside {
        return Err(Refusal::OpenBaskets.into());
    }
    let unsettled = doubts_set_aside(&mut desk, despite_doubt)?;
    let open: Vec<_> = desk
        .till
        .baskets
        .iter()
        .filter(|id| !unsettled.contains(id))
        .filter_map(|id| desk.state().baskets.get(id))
        .collect();
    if open.iter().any(|b| !b.lines.is_empty() || !b.tenders.is_empty()) {
        return Err(Refusal::OpenBaskets.into());
    }
    for basket in open {
        let aborted = Event::BasketAborted { basket: basket.id, total: Money::ZERO, reason: None };
        desk.push(aborted);
    }
    for shift in day.shifts.iter().filter(|s| s.ended.is_none()) {
        desk.push(Event::ShiftEnded { shift: shift.number });
    }
    let difference = count.counted.minus(day.drawer)?;
    desk.push(Event::DayClosed { day: day.number, counted: count.counted, difference });
    super::closings::with_till_day(&mut desk, day.number)?;
    desk.done()
}

/// Baskets with a payment in doubt are set aside over the closing: by right, with a reason. What is
/// still running at a terminal is waited for.
fn doubts_set_aside(desk: &mut Desk<'_>, reason: Option<&str>) -> Result<Vec<BasketId>, Stop> {
    let here = desk.till.id;
    let attempts: Vec<_> = desk.state().attempts.values().filter(|a| a.till == here).collect();
    if attempts.iter().any(|a| !a.is_in_doubt()) {
        return Err(Refusal::AttemptRunning.into());
    }
    // What was taken out of a cash machine is taken out of this day's drawer, or of none.
    if attempts.iter().any(|a| a.purpose == Purpose::Collection) {
        return Err(Refusal::CashMachineInDoubt.into());
    }
    if attempts.is_empty() {
        return Ok(Vec::new());
    }
    let reason = reason.ok_or(Refusal::PaymentInDoubt)?;
    limits::text("despite_doubt", reason, limits::MAX_TEXT)?;
    desk.right(Permission::ResolvePayments)?;
    let mut aside = Vec::new();
    for basket in attempts.iter().map(|a| a.basket).filter(|basket| *basket != BasketId::NONE) {
        let parked = desk.state().baskets.get(&basket).is_some_and(|b| b.parked.is_some());
        if !parked && !aside.contains(&basket) {
            super::records::order(desk, basket)?;
            desk.push(Event::BasketParked { basket, name: Some(reason.to_owned()) });
            aside.push(basket);
        }
    }
    Ok(aside)
}
