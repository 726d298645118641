//! Cash that a machine takes and gives: attempts like those at card terminals, whose tender is cash. And what its settings must be.

use money::{Money, cash_rounding};

use super::attempts::{intend, next};
use super::desk::{Desk, fault};
use super::limits::{self, MAX_NAME};
use super::pay::{basket_totals, finish, ready_to_pay};
use crate::amount::Amount;
use crate::basket::{Basket, CashTaken, Tender, TenderKind};
use crate::event::Event;
use crate::facts::Stop;
use crate::ids::{BasketId, TerminalId};
use crate::payment::{Attempt, Purpose};
use crate::peripheral::{CashMachineSettings, Peripheral};
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::state::State;

/// The machine beside the till.
fn beside<'a>(desk: &'a Desk<'_>) -> Option<&'a CashMachineSettings> {
    let till = desk.state().till_settings(desk.till.id)?;
    desk.settings.cash_machine_at(till.cash_machine.as_deref()?)
}

/// How cash is taken by hand at this till; none where there is no machine that could take it.
pub(super) fn by_hand(desk: &Desk<'_>, basket: &Basket) -> Option<Box<CashTaken>> {
    let there = !basket.training && beside(desk).is_some();
    there.then(|| Box::new(CashTaken::Hand))
}

/// The machine beside the till, when nobody else is at it.
fn free(desk: &Desk<'_>) -> Result<TerminalId, Refusal> {
    let machine = beside(desk).ok_or(Refusal::NoCashMachine)?.id;
    let mut there = desk.state().attempts.values().filter(|a| a.terminal == machine).peekable();
    if there.peek().is_none() {
        return Ok(machine);
    }
    Err(if there.any(Attempt::is_in_doubt) {
        Refusal::CashMachineInDoubt
    } else {
        Refusal::CashMachineBusy
    })
}

/// The machine is asked for what is due, or for a part of it.
pub(super) fn pay(mut desk: Desk<'_>, amount: Option<Amount>) -> Result<Vec<Event>, Stop> {
    let basket = ready_to_pay(&mut desk)?;
    if basket.training {
        // Nobody's money is taken for practice.
        return Err(Refusal::TrainingMix.into());
    }
    let due = basket_totals(&desk, &basket)?.total.minus(basket.paid())?;
    if due.is_negative() {
        return Err(Refusal::NotGivenBack.into());
    }
    let cash_due = due.plus(cash_rounding(due, desk.settings.cash_rounding)?)?;
    let wanted = amount.map(|a| desk.own(a)).transpose()?.unwrap_or(cash_due);
    let step = desk.settings.cash_rounding.0.max(1);
    if !wanted.is_positive() || wanted.minor().checked_rem(step) != Some(0) {
        return Err(Refusal::BadTender.into());
    }
    if wanted > cash_due {
        return Err(Refusal::MoreThanDue.into());
    }
    let machine = free(&desk)?;
    intend(&mut desk, &basket, machine, Purpose::Cash, (wanted, None));
    desk.done()
}

/// All that the machine holds is moved to where it is collected.
pub(super) fn collect(
    mut desk: Desk<'_>,
    amount: Amount,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    let amount = desk.own(amount)?;
    if desk.till.training {
        return Err(Refusal::TrainingMix.into());
    }
    let terminal = free(&desk)?;
    let (attempt, basket, purpose) = (next(&desk), BasketId::NONE, Purpose::Collection);
    let (reverses, note) = (None, reason.trim().to_owned());
    desk.push(Event::TenderIntended { attempt, basket, terminal, purpose, amount, reverses, note });
    desk.done()
}

/// Closes an attempt of which it is known that the machine did what it was asked for.
pub(super) fn settle(
    mut desk: Desk<'_>,
    attempt: &Attempt,
    (amount, closing): (Money, Event),
) -> Result<Vec<Event>, Stop> {
    if attempt.purpose == Purpose::Collection {
        desk.push(closing);
        desk.push(Event::CashDropped { amount, reason: attempt.note.clone() });
        return desk.done();
    }
    let lost = || fault("a payment is in no basket");
    let mut paid = desk.state().baskets.get(&attempt.basket).cloned().ok_or_else(lost)?;
    desk.push(closing);
    // What is due was rounded at the moment at which the customer was asked to pay.
    desk.local = desk.state().local(attempt.asked);
    let counted = attempt.approval.as_ref().and_then(|approval| approval.cash);
    let transaction = attempt.approval.as_ref().and_then(|approval| approval.card.trace.clone());
    let taken = CashTaken::Machine { attempt: attempt.id, terminal: attempt.terminal, transaction };
    let tender = Tender {
        tendered: counted.map_or(amount, |counted| counted.inserted),
        change: counted.map_or(Money::ZERO, |counted| counted.dispensed),
        rounding: rounding(&desk, &paid, amount),
        taken: Some(Box::new(taken)),
        ..Tender::exact(TenderKind::Cash, amount, None)
    };
    desk.push(Event::TenderRecorded { basket: paid.id, tender: tender.clone() });
    paid.tenders.push(tender);
    // A basket that was set aside over a closing is finished by whoever recalls it, at their till.
    let here = paid.parked.is_none() && paid.till == desk.till.id;
    if here && paid.unsigned().is_none() && desk.till.day.is_some() {
        // The money lies in the machine, whatever the rules say of the receipt now.
        let _left_open = finish(&mut desk, &paid);
    }
    desk.done()
}

/// What was rounded with an amount that pays all that is due; nothing with a part of it.
fn rounding(desk: &Desk<'_>, basket: &Basket, amount: Money) -> Money {
    let of = || {
        let due = basket_totals(desk, basket).ok()?.total.minus(basket.paid()).ok()?;
        let rounding = cash_rounding(due, desk.settings.cash_rounding).ok()?;
        (due.plus(rounding).ok()? == amount).then_some(rounding)
    };
    of().unwrap_or_default()
}

/// What the settings say of cash machines holds together, and with what is running.
pub(super) fn check(state: &State, settings: &Settings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    let mut ids: Vec<TerminalId> = settings.terminals.iter().map(|t| t.id).collect();
    for (_, machine) in settings.cash_machines() {
        limits::optional_text("cash_machine_user", &machine.user, MAX_NAME)?;
        // One number for whatever is asked for money: an attempt names it by that.
        if machine.id.0 == 0 || ids.contains(&machine.id) {
            return bad("cash_machine_id");
        }
        ids.push(machine.id);
    }
    // What lies in a machine is counted with one till's drawer.
    let mut named: Vec<&str> =
        settings.tills.iter().filter_map(|till| till.cash_machine.as_deref()).collect();
    if named.iter().any(|at| settings.cash_machine_at(at).is_none()) {
        return bad("till_cash_machine");
    }
    let count = named.len();
    named.sort_unstable();
    named.dedup();
    if named.len() != count {
        return bad("till_cash_machine");
    }
    // What became of money is found out at the machine that was asked, beside the till that asked.
    let before = state.settings.as_ref();
    let stays = |attempt: &Attempt| {
        let id = attempt.terminal;
        let Some((old, of)) = before.and_then(|s| s.cash_machine(id)) else { return true };
        let same = |(new, now): (&Peripheral, &CashMachineSettings)| new.at == old.at && now == of;
        settings.cash_machine(id).is_some_and(same)
    };
    if !state.attempts.values().all(stays) {
        return bad("cash_machine_in_use");
    }
    Ok(())
}
