//! Transfers: asked for at a till, confirmed by the bank or by a person, given up.
//!
//! The basket waits meanwhile, and the till can go on with another. A tender enters the basket only with
//! the money; what comes in and fits nothing is kept for the office.

use money::{Currency, Money};

use super::attempts::{gone_back, share, take};
use super::desk::{Desk, fault};
use super::pay::{finish, ready_to_pay};
use super::{Context, limits};
use crate::amount::Amount;
use crate::basket::{Tender, TenderKind};
use crate::event::{BankMessageTaken, Event, TransferPaid, TransferRequested};
use crate::facts::Stop;
use crate::ids::{BankMessageId, TransferId};
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::transfer::{
    BankMessage, Confirmed, Finding, MAX_PAYLOAD, TenderTransfer, Transfer, judge, payload,
    reference,
};

/// Longest text of a message's entry or reference.
const MAX_ENTRY: usize = 80;

pub(super) fn ask(mut desk: Desk<'_>, amount: Option<Amount>) -> Result<Vec<Event>, Stop> {
    let account = desk.settings.bank.clone().filter(|_| desk.settings.currency == Currency::EUR);
    let account = account.ok_or(Refusal::NoBankAccount)?;
    let mut basket = ready_to_pay(&mut desk)?;
    if gone_back(&mut desk, &mut basket)? {
        return desk.done();
    }
    let (due, wanted) = share(&desk, &basket, amount)?;
    if due.is_negative() {
        return Err(Refusal::NotGivenBack.into());
    }
    if basket.training {
        // Nobody's bank is asked for practice.
        return take(desk, &basket, wanted, TenderKind::Transfer, None);
    }
    let reference = reference(desk.context.random);
    if desk.context.facts.transfer(&reference)?.is_some() {
        return Err(fault("the reference of a transfer was made before"));
    }
    let transfer = TransferId(desk.state().counters.transfers.saturating_add(1));
    let basket = basket.id;
    desk.push(Event::TransferRequested(TransferRequested {
        transfer,
        basket,
        reference,
        amount: wanted,
        account,
    }));
    desk.done()
}

fn waiting<'a>(desk: &Desk<'a>, id: TransferId) -> Result<&'a Transfer, Refusal> {
    desk.state().transfers.get(&id).ok_or(Refusal::UnknownTransfer)
}

pub(super) fn give_up(mut desk: Desk<'_>, id: TransferId) -> Result<Vec<Event>, Stop> {
    let basket = waiting(&desk, id)?.basket;
    desk.push(Event::TransferGivenUp { transfer: id, basket });
    desk.done()
}

/// A person saw the money: by right, with a reason, never more than was asked for.
pub(super) fn confirm(
    mut desk: Desk<'_>,
    id: TransferId,
    amount: Option<Amount>,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    let transfer = waiting(&desk, id)?;
    let amount = amount.map(|a| desk.own(a)).transpose()?.unwrap_or(transfer.amount);
    if !amount.is_positive() || amount > transfer.amount {
        return Err(Refusal::MoreThanDue.into());
    }
    // Whoever answers for it: the second person, where the first may not.
    let person = desk.person()?;
    let own = crate::people::may(person.role, crate::people::Permission::ResolvePayments);
    let person = desk.context.approver.filter(|_| !own).unwrap_or(person.id);
    for arrived in &transfer.arrived {
        // The office may have dealt with it already.
        if !desk.context.facts.bank_message_waits(arrived.message)? {
            continue;
        }
        let reason = reason.to_owned();
        desk.push(Event::BankMessageSettled { message: arrived.message, reason });
    }
    paid(desk, transfer, amount, Confirmed::Person { person }, Some(reason.to_owned()))
}

/// The money is there: the tender follows, and the receipt when nothing is due any more.
fn paid(
    mut desk: Desk<'_>,
    transfer: &Transfer,
    amount: Money,
    confirmed: Confirmed,
    reason: Option<String>,
) -> Result<Vec<Event>, Stop> {
    let lost = || fault("a transfer is for no basket");
    let basket = desk.state().baskets.get(&transfer.basket).cloned().ok_or_else(lost)?;
    let (id, basket_id) = (transfer.id, basket.id);
    desk.push(Event::TransferPaid(TransferPaid {
        transfer: id,
        basket: basket_id,
        amount,
        confirmed,
        reason,
    }));
    let kind = match confirmed {
        Confirmed::Bank { .. } => TenderKind::Transfer,
        Confirmed::Person { .. } => TenderKind::TransferByHand,
    };
    let reference = transfer.reference.clone();
    let of = TenderTransfer { transfer: id, reference, confirmed };
    let tender = Tender { transfer: Some(Box::new(of)), ..Tender::exact(kind, amount, None) };
    desk.push(Event::TenderRecorded { basket: basket_id, tender: tender.clone() });
    // The rates are those of the moment at which the customer was asked to pay; overnight the receipt is of the
    // day on which the money came.
    let asked = desk.state().local(transfer.asked);
    if asked.date() == desk.local.date() {
        desk.local = asked;
    }
    let mut paid = basket;
    paid.tenders.push(tender);
    // A basket that was set aside is finished by whoever recalls it, at their till.
    let here = paid.parked.is_none() && paid.till == desk.till.id;
    if here && desk.till.day.is_some() {
        // The money is there, whatever the rules say of the receipt now: the basket stays open for whoever
        // can finish it.
        let _left_open = finish(&mut desk, &paid);
    }
    desk.done()
}

/// What a message means, and the request that it names.
fn found(context: Context<'_>, said: &BankMessage) -> Result<(Finding, Option<TransferId>), Stop> {
    let settings = context.state.settings.as_ref().ok_or(Refusal::NotConfigured)?;
    let known = if said.fits { context.facts.transfer(&said.reference)? } else { None };
    Ok((judge(said, known, settings.currency), known.map(|known| known.id)))
}

/// A message as it may enter the record; none when it is there already.
fn fresh(context: Context<'_>, said: &BankMessage) -> Result<Option<BankMessageId>, Stop> {
    limits::text("entry", &said.entry, MAX_ENTRY)?;
    limits::text("reference", &said.reference, MAX_ENTRY)?;
    if !said.amount.is_positive() {
        return Err(limits::out("amount").into());
    }
    limits::amount("amount", said.amount)?;
    if context.facts.bank_message(&said.entry)?.is_some() {
        return Ok(None);
    }
    Ok(Some(BankMessageId(context.state.counters.bank_messages.saturating_add(1))))
}

/// A message that names a transfer of this till.
pub(super) fn taken_at_till(mut desk: Desk<'_>, said: &BankMessage) -> Result<Vec<Event>, Stop> {
    let Some(message) = fresh(desk.context, said)? else { return desk.done() };
    let (finding, transfer) = found(desk.context, said)?;
    let taken = Event::BankMessageTaken(BankMessageTaken {
        message,
        said: Box::new(said.clone()),
        finding,
        transfer,
    });
    desk.push(taken);
    let open = transfer.and_then(|id| desk.state().transfers.get(&id));
    match open.filter(|_| finding == Finding::Paid) {
        Some(open) => paid(desk, open, said.amount, Confirmed::Bank { message }, None),
        None => desk.done(),
    }
}

/// A message that names no transfer that is waited for.
pub(super) fn taken(context: Context<'_>, said: &BankMessage) -> Result<Vec<Event>, Stop> {
    let Some(message) = fresh(context, said)? else { return Ok(Vec::new()) };
    let (finding, transfer) = found(context, said)?;
    if finding == Finding::Paid {
        // It was asked for meanwhile: its till takes the message.
        return Err(Refusal::Stale.into());
    }
    let said = Box::new(said.clone());
    Ok(vec![Event::BankMessageTaken(BankMessageTaken { message, said, finding, transfer })])
}

pub(super) fn settle(
    context: Context<'_>,
    message: BankMessageId,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    limits::text("reason", reason, limits::MAX_TEXT)?;
    if !context.facts.bank_message_waits(message)? {
        return Err(Refusal::UnknownBankMessage.into());
    }
    Ok(vec![Event::BankMessageSettled { message, reason: reason.to_owned() }])
}

/// The longest QR code fits.
pub(super) fn check_settings(settings: &Settings) -> Result<(), Refusal> {
    let Some(account) = &settings.bank else { return Ok(()) };
    let longest = payload(account, Money::new(super::MAX_LINE_AMOUNT), &reference([0xff; 8]));
    if longest.len() <= MAX_PAYLOAD {
        Ok(())
    } else {
        Err(Refusal::BadSettings { problem: "bank".to_owned() })
    }
}
