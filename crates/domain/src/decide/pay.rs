//! Paying: cash, split, with change, and the finished receipt.

use money::{CashRounding, Money, cash_rounding};

use super::desk::{Desk, fault};
use super::limits::MAX_CASH_CHANGE;
use crate::amount::Amount;
use crate::basket::{Basket, Tender, TenderKind};
use crate::event::Event;
use crate::facts::Stop;
use crate::people::Permission;
use crate::receipt::Receipt;
use crate::refund;
use crate::refusal::Refusal;
use crate::settings::TaxPoint;
use crate::totals::{Totals, rate_at, totals};

/// What a basket comes to at the moment its rate is fixed.
pub(super) fn basket_totals(desk: &Desk<'_>, basket: &Basket) -> Result<Totals, Stop> {
    let at = match desk.settings.tax_point {
        TaxPoint::Payment => desk.local,
        TaxPoint::Opening => desk.state().local(basket.opened_at),
    };
    let missing = |l: &crate::basket::Line| {
        l.rates.is_none()
            && (rate_at(&desk.settings, l.tax, at).is_none()
                || l.tax_split.iter().any(|s| rate_at(&desk.settings, s.key, at).is_none()))
    };
    if basket.lines.iter().any(missing) {
        return Err(Refusal::NoRate.into());
    }
    Ok(totals(&desk.settings, basket, at)?)
}

/// The present basket as it may be paid: not empty, the age checked, returns still there to return.
pub(super) fn ready_to_pay(desk: &mut Desk<'_>) -> Result<Basket, Stop> {
    let basket = desk.basket()?.clone();
    if desk.state().attempt_of(basket.id).is_some() {
        return Err(Refusal::AttemptRunning.into());
    }
    if desk.state().transfer_of(basket.id).is_some() {
        return Err(Refusal::TransferWaiting.into());
    }
    if basket.unsigned().is_some() {
        return Err(Refusal::SignatureNotCompared.into());
    }
    if basket.lines.is_empty() {
        return Err(Refusal::BasketEmpty.into());
    }
    if let Some(age) = basket.age_needed() {
        return Err(Refusal::AgeNotChecked { age }.into());
    }
    super::returns::check_left(desk, &basket)?;
    super::vouchers::check_fit(desk, &basket)?;
    super::tips::check_fit(desk, &basket)?;
    super::accounts::check_owed(desk, &basket)?;
    super::accounts::may_owe_again(desk, &basket)?;
    let moved = super::returns::moved_amounts(desk, &basket.lines)?;
    for line in moved {
        desk.change_line(line)?;
    }
    super::refunds::note_sources(desk)?;
    Ok(desk.basket()?.clone())
}

/// Issues the receipt when nothing is due any more.
pub(super) fn finish(desk: &mut Desk<'_>, paid: &Basket) -> Result<(), Stop> {
    let sums = basket_totals(desk, paid)?;
    if sums.total == paid.paid() {
        let mut receipt = receipt(desk, paid, sums)?;
        let mut ledger = super::vouchers::book(desk, &mut receipt)?;
        ledger.extend(super::accounts::book(desk, &receipt)?);
        desk.push(Event::ReceiptIssued(Box::new(receipt)));
        ledger.into_iter().for_each(|posting| desk.push(posting));
    }
    Ok(())
}

pub(super) fn pay_cash(mut desk: Desk<'_>, tendered: Option<Amount>) -> Result<Vec<Event>, Stop> {
    let mut basket = ready_to_pay(&mut desk)?;
    super::vouchers::give_back(&mut desk, &mut basket)?;
    super::accounts::give_back(&mut desk, &mut basket)?;
    let sums = basket_totals(&desk, &basket)?;
    let due = sums.total.minus(basket.paid())?;
    let due = if due.is_negative() {
        refund::next(&basket, due.negated(), TenderKind::Cash).negated()
    } else {
        due
    };
    let rounding = cash_rounding(due, desk.settings.cash_rounding)?;
    let cash_due = due.plus(rounding)?;
    let given = tendered.map(|t| desk.own(t)).transpose()?;
    let mut paid = basket.clone();
    if !due.is_zero() {
        super::refunds::may_go_back(&mut desk, &basket, TenderKind::Cash, due)?;
        let mut tender = cash_tender(due, cash_due, rounding, given, desk.settings.cash_rounding)?;
        if due.is_negative() {
            tender.refunds = refund::parts(&basket, TenderKind::Cash, due.negated());
        }
        tender.taken = super::cash_machine::by_hand(&desk, &basket);
        desk.push(Event::TenderRecorded { basket: basket.id, tender: tender.clone() });
        paid.tenders.push(tender);
    } else if given.is_some_and(|g| !g.is_zero()) {
        return Err(Refusal::BadTender.into());
    }
    finish(&mut desk, &paid)?;
    desk.done()
}

/// The tender for what is due: exact, with change, or a part of it.
fn cash_tender(
    due: Money,
    cash_due: Money,
    rounding: Money,
    given: Option<Money>,
    step: CashRounding,
) -> Result<Tender, Stop> {
    let kind = TenderKind::Cash;
    if due.is_negative() {
        if given.is_some_and(|g| !g.is_zero()) {
            return Err(Refusal::BadTender.into());
        }
        let back = cash_due.negated();
        let exact = Tender::exact(kind, cash_due, None);
        return Ok(Tender { tendered: Money::ZERO, change: back, rounding, ..exact });
    }
    let given = given.unwrap_or(cash_due);
    // Cash that no coins make up would pay an amount that cannot lie in the drawer.
    if given.minor().checked_rem(step.0.max(1)) != Some(0) {
        return Err(Refusal::BadTender.into());
    }
    if given < cash_due {
        if !given.is_positive() {
            return Err(Refusal::BadTender.into());
        }
        return Ok(Tender::exact(kind, given, None));
    }
    let change = given.minus(cash_due)?;
    if change.minor() > MAX_CASH_CHANGE {
        return Err(Refusal::BadTender.into());
    }
    Ok(Tender { tendered: given, change, rounding, ..Tender::exact(kind, cash_due, None) })
}

pub(super) fn undo_tender(mut desk: Desk<'_>) -> Result<Vec<Event>, Stop> {
    let basket = desk.basket()?.clone();
    if desk.state().attempt_of(basket.id).is_some() {
        return Err(Refusal::AttemptRunning.into());
    }
    if desk.state().transfer_of(basket.id).is_some() {
        return Err(Refusal::TransferWaiting.into());
    }
    let tender = basket.tenders.last().ok_or(Refusal::NothingPaid)?.clone();
    // What lies in a cash machine is given back by hand.
    if !tender.is_by_machine() && tender.attempt().is_some() {
        return super::attempts::reverse(desk, &basket, &tender);
    }
    if tender.transfer.is_some() {
        // The customer's money is in the bank: somebody gives it back from there.
        desk.right(Permission::ResolvePayments)?;
    }
    desk.push(Event::TenderUndone { basket: basket.id, tender });
    desk.done()
}

/// The finished receipt, its sums held against each other.
fn receipt(desk: &Desk<'_>, basket: &Basket, sums: Totals) -> Result<Receipt, Stop> {
    let day = desk.day()?;
    let rounding = Money::sum(basket.tenders.iter().map(|t| t.rounding))?;
    let tendered = Money::sum(basket.tenders.iter().map(|t| t.amount))?;
    let taxed = Money::sum(sums.tax.iter().map(|row| row.gross))?;
    let lines = Money::sum(sums.lines.iter().map(crate::basket::Line::total))?;
    let of_lines = Money::sum(
        sums.tax
            .iter()
            .map(|row| if desk.settings.prices_include_tax { row.gross } else { row.net }),
    )?;
    if taxed != sums.total || of_lines != lines || tendered != sums.total.plus(rounding)? {
        return Err(fault("the receipt's sums do not agree"));
    }
    Ok(Receipt {
        number: super::vouchers::next_number(desk, basket.training),
        day: day.number,
        basket: basket.id,
        opened: basket.opened_at,
        ordered: basket.first_ordered,
        date: desk.local.date(),
        hour: u8::try_from(desk.local.hour()).unwrap_or(0),
        currency: desk.settings.currency,
        training: basket.training,
        lines: sums.lines,
        tax: sums.tax,
        total: sums.total,
        saved: sums.saved,
        coupons: sums.coupons,
        rounding,
        tenders: basket.tenders.clone(),
        voids: basket.voids,
        age_checked: basket.age_checked,
        note: basket.note.clone(),
        print: desk.settings.print_receipts,
    })
}
