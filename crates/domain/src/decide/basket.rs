//! Baskets as a whole: beside each other, parked, given up.

use super::desk::Desk;
use crate::event::Event;
use crate::facts::Stop;
use crate::ids::BasketId;
use crate::refusal::Refusal;
use crate::totals;

pub(super) fn new_basket(mut desk: Desk<'_>) -> Result<Vec<Event>, Stop> {
    if desk.till.active.is_some() {
        desk.push(Event::BasketChosen { basket: None });
    }
    desk.done()
}

pub(super) fn switch(mut desk: Desk<'_>, basket: BasketId) -> Result<Vec<Event>, Stop> {
    if !desk.till.baskets.contains(&basket) {
        return Err(Refusal::UnknownBasket.into());
    }
    if desk.till.active != Some(basket) {
        desk.push(Event::BasketChosen { basket: Some(basket) });
    }
    desk.done()
}

pub(super) fn abort(mut desk: Desk<'_>, reason: Option<String>) -> Result<Vec<Event>, Stop> {
    let basket = desk.unpaid()?;
    let id = basket.id;
    let total = totals::totals(&desk.settings, basket, desk.local)?.total;
    desk.push(Event::BasketAborted { basket: id, total, reason });
    desk.done()
}

pub(super) fn park(mut desk: Desk<'_>, name: Option<String>) -> Result<Vec<Event>, Stop> {
    // A transfer may take until tomorrow: its basket can wait aside.
    let waits = desk.basket().is_ok_and(|b| desk.state().transfer_of(b.id).is_some());
    let basket = if waits { desk.basket()? } else { desk.unpaid()? };
    if !basket.tenders.is_empty() {
        return Err(Refusal::AlreadyPaying.into());
    }
    if basket.lines.is_empty() {
        return Err(Refusal::BasketEmpty.into());
    }
    let id = basket.id;
    super::records::order(&mut desk, id)?;
    desk.push(Event::BasketParked { basket: id, name });
    desk.done()
}

pub(super) fn recall(mut desk: Desk<'_>, id: BasketId) -> Result<Vec<Event>, Stop> {
    let basket = desk
        .state()
        .baskets
        .get(&id)
        .filter(|b| b.parked.is_some())
        .ok_or(Refusal::UnknownBasket)?;
    // What its terminal says reaches the till that asked.
    if desk.state().attempt_of(id).is_some_and(|a| a.till != desk.till.id) {
        return Err(Refusal::AttemptRunning.into());
    }
    if basket.training != desk.till.training {
        return Err(Refusal::TrainingMix.into());
    }
    super::records::hand_over(&mut desk, basket)?;
    desk.push(Event::BasketRecalled { basket: id });
    desk.done()
}
