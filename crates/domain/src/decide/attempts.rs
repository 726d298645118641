//! Payments at card terminals: asked for by people, moved on by what the terminal says.
//!
//! A tender enters the basket, and a receipt is issued, only once the terminal is known to hold to
//! what it said.

use money::Money;

use super::desk::{Desk, fault};
use super::pay::{basket_totals, finish, ready_to_pay};
use super::refunds::may_go_back;
use super::{devices, limits};
use crate::amount::Amount;
use crate::basket::{Basket, Tender, TenderKind};
use crate::command::AttemptStep;
use crate::event::Event;
use crate::facts::Stop;
use crate::ids::{AttemptId, TerminalId};
use crate::payment::{
    Approval, Attempt, AttemptState, CardFacts, CashCounted, Doubt, Outcome, Purpose,
};
use crate::refund;
use crate::refusal::Refusal;
use crate::terminal_day::Closing;

/// So often a reversal is tried before a person has to look.
pub const MAX_REVERSAL_FAILURES: u32 = 8;

/// What is due of the present basket and how much of it a cashless tender takes, above nothing.
pub(super) fn share(
    desk: &Desk<'_>,
    basket: &Basket,
    asked: Option<Amount>,
) -> Result<(Money, Money), Stop> {
    let sums = basket_totals(desk, basket)?;
    let due = sums.total.minus(basket.paid())?;
    let wanted = asked.map(|a| desk.own(a)).transpose()?.unwrap_or(due.abs());
    if due.is_zero() || !wanted.is_positive() {
        return Err(Refusal::BadTender.into());
    }
    if wanted > due.abs() {
        return Err(Refusal::MoreThanDue.into());
    }
    Ok((due, wanted))
}

/// Money goes back to the vouchers that had paid first; true when nothing is left for a card.
pub(super) fn gone_back(desk: &mut Desk<'_>, basket: &mut Basket) -> Result<bool, Stop> {
    let before = basket.tenders.len();
    super::vouchers::give_back(desk, basket)?;
    super::accounts::give_back(desk, basket)?;
    let settled = basket_totals(desk, basket)?.total == basket.paid();
    if settled && basket.tenders.len() > before {
        finish(desk, basket)?;
        return Ok(true);
    }
    Ok(false)
}

pub(super) fn pay_card(
    mut desk: Desk<'_>,
    amount: Option<Amount>,
    terminal: Option<TerminalId>,
) -> Result<Vec<Event>, Stop> {
    let mut basket = ready_to_pay(&mut desk)?;
    if gone_back(&mut desk, &mut basket)? {
        return desk.done();
    }
    let (due, wanted) = share(&desk, &basket, amount)?;
    let back = due.negated();
    let card = refund::next_card(&basket, back).map(|(paid, own)| (paid.card.clone(), own));
    let wanted = match &card {
        _ if amount.is_some() || !due.is_negative() => wanted,
        // Each card gets back what it paid, the last first.
        Some((_, own)) => wanted.min(*own),
        None => refund::next(&basket, wanted, TenderKind::Card),
    };
    may_go_back(&mut desk, &basket, TenderKind::Card, signed(due, wanted))?;
    if basket.training {
        // Nobody's card is charged for practice.
        return take(desk, &basket, signed(due, wanted), TenderKind::Card, None);
    }
    let terminal = free_terminal(&desk, terminal)?;
    let purpose = if due.is_negative() { Purpose::Refund } else { Purpose::Payment };
    let card = card.filter(|(_, own)| wanted <= *own).and_then(|(card, _)| card);
    intend(&mut desk, &basket, terminal, purpose, (wanted, card));
    desk.done()
}

pub(super) fn pay_external(mut desk: Desk<'_>, amount: Option<Amount>) -> Result<Vec<Event>, Stop> {
    let mut basket = ready_to_pay(&mut desk)?;
    if gone_back(&mut desk, &mut basket)? {
        return desk.done();
    }
    let (due, wanted) = share(&desk, &basket, amount)?;
    let wanted = match amount {
        None if due.is_negative() => refund::next(&basket, wanted, TenderKind::CardExternal),
        _ => wanted,
    };
    may_go_back(&mut desk, &basket, TenderKind::CardExternal, signed(due, wanted))?;
    take(desk, &basket, signed(due, wanted), TenderKind::CardExternal, None)
}

/// The terminal, when it is one and takes another attempt.
pub(super) fn free_terminal(
    desk: &Desk<'_>,
    asked: Option<TerminalId>,
) -> Result<TerminalId, Refusal> {
    let own = || desk.state().till_settings(desk.till.id).and_then(|till| till.terminal);
    let terminal = asked.or_else(own).ok_or(Refusal::NoTerminal)?;
    if !desk.settings.terminals.iter().any(|t| t.id == terminal) {
        return Err(Refusal::NoTerminal);
    }
    if let Some(stop) = devices::stopped(desk.state(), terminal) {
        return Err(stop);
    }
    if desk.state().closing_at(terminal).is_some_and(Closing::holds_terminal) {
        return Err(Refusal::TerminalClosing);
    }
    let mut there = desk.state().attempts.values().filter(|a| a.terminal == terminal).peekable();
    if there.peek().is_none() {
        return Ok(terminal);
    }
    Err(if there.any(Attempt::is_in_doubt) {
        Refusal::TerminalInDoubt
    } else {
        Refusal::TerminalBusy
    })
}

pub(super) fn intend(
    desk: &mut Desk<'_>,
    basket: &Basket,
    terminal: TerminalId,
    purpose: Purpose,
    (amount, reverses): (Money, Option<Box<CardFacts>>),
) {
    let (attempt, note) = (next(desk), String::new());
    let basket = basket.id;
    desk.push(Event::TenderIntended { attempt, basket, terminal, purpose, amount, reverses, note });
}

/// The number that the next attempt gets.
pub(super) fn next(desk: &Desk<'_>) -> AttemptId {
    AttemptId(desk.state().counters.attempts.saturating_add(1))
}

/// `wanted` with the sign of what is due.
fn signed(due: Money, wanted: Money) -> Money {
    if due.is_negative() { wanted.negated() } else { wanted }
}

/// A cashless tender; below nothing it says what it gives back of which tender of then.
fn cashless(
    basket: &Basket,
    kind: TenderKind,
    amount: Money,
    card: Option<Box<CardFacts>>,
) -> Tender {
    let mut tender = Tender::exact(kind, amount, card);
    if amount.is_negative() {
        tender.refunds = refund::parts(basket, kind, amount.negated());
    }
    tender
}

/// Adds a cashless tender, and the receipt when nothing is due any more.
pub(super) fn take(
    mut desk: Desk<'_>,
    basket: &Basket,
    amount: Money,
    kind: TenderKind,
    card: Option<Box<CardFacts>>,
) -> Result<Vec<Event>, Stop> {
    let tender = cashless(basket, kind, amount, card);
    desk.push(Event::TenderRecorded { basket: basket.id, tender: tender.clone() });
    let mut paid = basket.clone();
    paid.tenders.push(tender);
    finish(&mut desk, &paid)?;
    desk.done()
}

pub(super) fn cancel(desk: Desk<'_>) -> Result<Vec<Event>, Stop> {
    let basket = desk.basket()?.id;
    let attempt = desk.state().attempt_of(basket).ok_or(Refusal::UnknownAttempt)?;
    give_up(desk, attempt)
}

pub(super) fn give_up(mut desk: Desk<'_>, attempt: &Attempt) -> Result<Vec<Event>, Stop> {
    let (id, basket) = (attempt.id, attempt.basket);
    match (attempt.state, attempt.purpose) {
        // What is the customer's is not given up.
        (_, purpose) if purpose.gives_back() => return Err(Refusal::AttemptRunning.into()),
        (AttemptState::Intended, _) => {
            let outcome = Outcome::Cancelled { code: "cashier".to_owned() };
            desk.push(Event::AttemptRecorded { attempt: id, basket, outcome });
        }
        (AttemptState::Sent, _) if attempt.cancel_asked => {}
        (AttemptState::Sent, _) => desk.push(Event::TenderCancelAsked { attempt: id, basket }),
        (AttemptState::Recorded | AttemptState::InDoubt { .. }, _) => {
            return Err(Refusal::UnknownAttempt.into());
        }
    }
    desk.done()
}

/// The attempt that a reversal would take back, and where; or why that cannot be asked for now.
pub(super) fn can_reverse(
    desk: &Desk<'_>,
    tender: &Tender,
) -> Result<(AttemptId, TerminalId), Refusal> {
    let terminal = tender.card.as_ref().and_then(|card| card.terminal);
    let of = tender.attempt().zip(terminal).ok_or(Refusal::UnknownAttempt)?;
    // A refund cannot be taken back at a terminal: the customer's money is on its way.
    if tender.amount.is_negative() {
        return Err(Refusal::AlreadyPaying);
    }
    free_terminal(desk, Some(of.1))?;
    Ok(of)
}

/// A card payment is taken back at the terminal that booked it.
pub(super) fn reverse(
    mut desk: Desk<'_>,
    basket: &Basket,
    tender: &Tender,
) -> Result<Vec<Event>, Stop> {
    let (of, terminal) = can_reverse(&desk, tender)?;
    let card = tender.card.as_ref();
    // The slip that was printed for the payment is not needed to take it back.
    let back = card.map(|c| Box::new(CardFacts { lines: Vec::new(), ..(**c).clone() }));
    intend(&mut desk, basket, terminal, Purpose::Reversal { of }, (tender.amount, back));
    desk.done()
}

/// What the program says of an attempt.
pub(super) fn step(desk: Desk<'_>, id: AttemptId, step: &AttemptStep) -> Result<Vec<Event>, Stop> {
    let attempt = desk.state().attempts.get(&id).ok_or(Refusal::UnknownAttempt)?;
    match step {
        AttemptStep::Sent { before } => sent(desk, attempt, before),
        AttemptStep::Outcome(outcome) => outcome_of(desk, attempt, outcome),
        AttemptStep::Acknowledged { customer, merchant } => {
            acknowledged(desk, attempt, customer, merchant)
        }
        AttemptStep::Doubt(why) => doubt(desk, attempt, *why),
        AttemptStep::ReversalFailed { code } => reversal_failed(desk, attempt, code),
    }
}

fn sent(mut desk: Desk<'_>, attempt: &Attempt, before: &str) -> Result<Vec<Event>, Stop> {
    if attempt.state != AttemptState::Intended {
        return Err(Refusal::UnknownAttempt.into());
    }
    // The terminal that answered just now is not the one of the register: it is not asked for money.
    if let Some(stop) = devices::stopped(desk.state(), attempt.terminal) {
        return Err(stop.into());
    }
    let before = before.to_owned();
    desk.push(Event::TenderSent { attempt: attempt.id, basket: attempt.basket, before });
    desk.done()
}

fn outcome_of(
    mut desk: Desk<'_>,
    attempt: &Attempt,
    outcome: &Outcome,
) -> Result<Vec<Event>, Stop> {
    let (id, basket) = (attempt.id, attempt.basket);
    if attempt.state == AttemptState::Recorded {
        // Said twice: the same word changes nothing, another one is not believed.
        return match outcome {
            Outcome::Approved(again) if attempt.approval.as_ref() == Some(again) => desk.done(),
            // Some terminals say it again with more in it; the last word holds while none is acknowledged.
            Outcome::Approved(again) if mismatch(&desk, attempt, again).is_none() => {
                desk.push(Event::AttemptRecorded { attempt: id, basket, outcome: outcome.clone() });
                desk.done()
            }
            _ => Err(Refusal::UnknownAttempt.into()),
        };
    }
    if let Outcome::Approved(approval) = outcome
        && let Some(why) = mismatch(&desk, attempt, approval)
    {
        let tid = approval.card.terminal_id.as_deref();
        let told = devices::named(desk.state(), attempt.terminal, tid);
        let approval = Some(approval.clone());
        let known =
            matches!(attempt.state, AttemptState::InDoubt { why: before, .. } if before == why);
        if known && attempt.approval == approval {
            return desk.done();
        }
        told.into_iter().for_each(|event| desk.push(event));
        desk.push(Event::TenderInDoubt { attempt: id, basket, why, approval });
        return desk.done();
    }
    if let Outcome::Approved(approval) = outcome {
        let tid = approval.card.terminal_id.as_deref();
        let told = devices::named(desk.state(), attempt.terminal, tid);
        told.into_iter().for_each(|event| desk.push(event));
    }
    desk.push(Event::AttemptRecorded { attempt: id, basket, outcome: outcome.clone() });
    desk.done()
}

/// Where what was booked is not what was asked for, a person looks.
fn mismatch(desk: &Desk<'_>, attempt: &Attempt, approval: &Approval) -> Option<Doubt> {
    if devices::is_another(desk.state(), attempt.terminal, approval.card.terminal_id.as_deref()) {
        return Some(Doubt::TerminalDiffers);
    }
    if approval.currency != desk.settings.currency {
        return Some(Doubt::CurrencyDiffers);
    }
    let partly = approval.partial
        && attempt.purpose == Purpose::Payment
        && approval.amount.is_positive()
        && approval.amount < attempt.amount;
    let tip = approval.card.tip;
    let fits = match attempt.purpose {
        // A tip that the shop takes is a line of its own; nobody expects any other.
        Purpose::Payment => {
            let tip = tip.is_zero() || (tip.is_positive() && desk.settings.tips.is_some());
            tip && (approval.amount == attempt.amount || partly)
        }
        Purpose::Refund
        | Purpose::Reservation
        | Purpose::Booking { .. }
        | Purpose::Release { .. } => tip.is_zero() && approval.amount == attempt.amount,
        Purpose::Cash | Purpose::Collection => {
            let kept = |cash: CashCounted| cash.inserted.minus(cash.dispensed);
            let counted = approval.cash.is_none_or(|cash| kept(cash) == Ok(attempt.amount));
            tip.is_zero() && approval.amount == attempt.amount && counted
        }
        // The tip goes back with the payment.
        Purpose::Reversal { .. } => approval.amount.saturating_plus(tip) == attempt.amount,
    };
    (!fits).then_some(Doubt::AmountDiffers)
}

fn acknowledged(
    desk: Desk<'_>,
    attempt: &Attempt,
    customer: &[String],
    merchant: &[String],
) -> Result<Vec<Event>, Stop> {
    let approval = attempt.approval.as_ref().ok_or(Refusal::UnknownAttempt)?;
    if attempt.state != AttemptState::Recorded {
        return Err(Refusal::UnknownAttempt.into());
    }
    let closing = Event::AttemptAcknowledged {
        attempt: attempt.id,
        basket: attempt.basket,
        merchant: merchant.to_vec(),
    };
    settle(desk, attempt, approval.amount, (closing, customer))
}

/// Closes an attempt of which it is known that money moved: the tender follows.
fn settle(
    mut desk: Desk<'_>,
    attempt: &Attempt,
    amount: Money,
    (closing, lines): (Event, &[String]),
) -> Result<Vec<Event>, Stop> {
    if attempt.purpose.is_cash() {
        return super::cash_machine::settle(desk, attempt, (amount, closing));
    }
    if matches!(attempt.purpose, Purpose::Reservation | Purpose::Release { .. }) {
        desk.push(closing);
        super::reservations::settle(&mut desk, attempt, amount, lines);
        return desk.done();
    }
    let lost = || fault("a payment is in no basket");
    let basket = desk.state().baskets.get(&attempt.basket).cloned().ok_or_else(lost)?;
    desk.push(closing);
    if let Purpose::Reversal { of } = attempt.purpose {
        let back = basket.tenders.iter().find(|t| t.attempt() == Some(of)).ok_or_else(lost)?;
        desk.push(Event::TenderUndone { basket: basket.id, tender: back.clone() });
        super::tips::take_back(&mut desk, &basket, of);
        return desk.done();
    }
    let mut card = super::reservations::card(attempt, lines);
    card.attempt = Some(attempt.id);
    card.terminal = Some(attempt.terminal);
    let had_paid = attempt.reverses.as_ref().and_then(|card| card.last4.clone());
    if attempt.purpose == Purpose::Refund && card.last4.is_some() && had_paid.is_some() {
        // Terminals give money to whatever card is held against them: seen later, if not prevented.
        card.instead_of = had_paid.filter(|digits| card.last4.as_ref() != Some(digits));
    }
    let mut paid = basket;
    let amount = match attempt.purpose {
        Purpose::Refund => amount.negated(),
        _ => amount.plus(super::tips::given(&mut desk, &mut paid, attempt.id, card.tip))?,
    };
    let tender = cashless(&paid, TenderKind::Card, amount, Some(Box::new(card)));
    desk.push(Event::TenderRecorded { basket: paid.id, tender: tender.clone() });
    super::reservations::settle(&mut desk, attempt, amount, lines);
    // The rates are those of the moment at which the customer was asked to pay.
    desk.local = desk.state().local(attempt.asked);
    paid.tenders.push(tender);
    // A basket that was set aside over a closing is finished by whoever recalls it, at their till.
    let here = paid.parked.is_none() && paid.till == desk.till.id;
    // What the customer signs is paid for good once the cashier has compared.
    if here && paid.unsigned().is_none() && desk.till.day.is_some() {
        // The money has moved, whatever the rules say of the receipt now: the tender is recorded, and the
        // basket stays open for whoever can finish it.
        let _left_open = finish(&mut desk, &paid);
    }
    desk.done()
}

fn doubt(mut desk: Desk<'_>, attempt: &Attempt, why: Doubt) -> Result<Vec<Event>, Stop> {
    let is_reversal = matches!(attempt.purpose, Purpose::Reversal { .. });
    let possible = match attempt.state {
        AttemptState::Sent | AttemptState::Recorded => true,
        // A reversal that the terminal will never do is given up before it asks for anything; and what a
        // backup that was put back knows as intended may have gone on after it.
        AttemptState::Intended => {
            why == Doubt::Interrupted || (is_reversal && why == Doubt::ReversalFailed)
        }
        // The terminal was asked what became of a reversal, and clearly says no: a person judges now.
        AttemptState::InDoubt { why: before, .. }
            if is_reversal && why == Doubt::ReversalFailed && before != why =>
        {
            true
        }
        AttemptState::InDoubt { .. } => return desk.done(),
    };
    if !possible {
        return Err(Refusal::UnknownAttempt.into());
    }
    let (id, basket) = (attempt.id, attempt.basket);
    desk.push(Event::TenderInDoubt { attempt: id, basket, why, approval: None });
    desk.done()
}

fn reversal_failed(mut desk: Desk<'_>, attempt: &Attempt, code: &str) -> Result<Vec<Event>, Stop> {
    if !matches!(attempt.purpose, Purpose::Reversal { .. }) {
        return Err(Refusal::UnknownAttempt.into());
    }
    let (id, basket) = (attempt.id, attempt.basket);
    if attempt.failures.saturating_add(1) >= MAX_REVERSAL_FAILURES {
        let why = Doubt::ReversalFailed;
        desk.push(Event::TenderInDoubt { attempt: id, basket, why, approval: None });
    } else {
        desk.push(Event::ReversalFailed { attempt: id, basket, code: code.to_owned() });
    }
    desk.done()
}

pub(super) fn resolve(
    mut desk: Desk<'_>,
    id: AttemptId,
    charged: bool,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    limits::text("reason", reason, limits::MAX_TEXT)?;
    let attempt = desk
        .state()
        .attempts
        .get(&id)
        .filter(|a| a.is_in_doubt())
        .ok_or(Refusal::UnknownAttempt)?;
    let basket = attempt.basket;
    let resolved =
        Event::TenderResolved { attempt: id, basket, charged, reason: reason.to_owned() };
    if charged {
        // Where the terminal named an amount in the shop's currency, that is what was booked.
        let own = |a: &&Approval| a.currency == desk.settings.currency;
        let amount = attempt.approval.as_deref().filter(own).map_or(attempt.amount, |a| a.amount);
        return settle(desk, attempt, amount, (resolved, &[]));
    }
    desk.push(resolved);
    desk.done()
}
