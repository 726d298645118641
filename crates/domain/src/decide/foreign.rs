//! Foreign cash: taken at the rate of the moment, change in the shop's own currency, counted apart.

use std::collections::BTreeSet;

use money::{Money, cash_rounding};

use super::desk::Desk;
use super::limits::MAX_CASH_CHANGE;
use super::pay::{basket_totals, finish, ready_to_pay};
use crate::amount::Amount;
use crate::basket::{Tender, TenderKind};
use crate::event::Event;
use crate::facts::Stop;
use crate::foreign::{ForeignCash, ForeignCount, exchange_rate};
use crate::refusal::Refusal;
use crate::settings::Settings;

/// Most currencies that are taken.
const MOST: usize = 20;

pub(super) fn pay(mut desk: Desk<'_>, tendered: Amount) -> Result<Vec<Event>, Stop> {
    let basket = ready_to_pay(&mut desk)?;
    let (currency, amount) = (tendered.currency, tendered.amount);
    let known = desk.settings.foreign_cash.iter().find(|f| f.currency == currency);
    let rate = exchange_rate(&desk.settings, currency, desk.local);
    let (Some(known), Some(rate)) = (known, rate) else {
        return Err(Refusal::ForeignCashNotTaken { currency: currency.to_string() }.into());
    };
    let smallest = known.smallest;
    if amount.minor().checked_rem(smallest.max(1)) != Some(0) {
        return Err(Refusal::ForeignCoins { smallest, currency: currency.to_string() }.into());
    }
    let sums = basket_totals(&desk, &basket)?;
    let due = sums.total.minus(basket.paid())?;
    if due.is_negative() {
        return Err(Refusal::NotGivenBack.into());
    }
    let step = desk.settings.cash_rounding;
    let rounding = cash_rounding(due, step)?;
    let cash_due = due.plus(rounding)?;
    // What it is worth in coins of the shop's own, so that the change can be given.
    let worth = rate.value(amount)?;
    let worth = worth.plus(cash_rounding(worth, step)?)?;
    if due.is_zero() || !worth.is_positive() {
        return Err(Refusal::BadTender.into());
    }
    let foreign = Some(ForeignCash { currency, amount, rate });
    let kind = TenderKind::CashForeign;
    let tender = if worth < cash_due {
        Tender { foreign, ..Tender::exact(kind, worth, None) }
    } else {
        let change = worth.minus(cash_due)?;
        if change.minor() > MAX_CASH_CHANGE {
            return Err(Refusal::BadTender.into());
        }
        let exact = Tender::exact(kind, cash_due, None);
        Tender { tendered: worth, change, rounding, foreign, ..exact }
    };
    desk.push(Event::TenderRecorded { basket: basket.id, tender: tender.clone() });
    let mut paid = basket;
    paid.tenders.push(tender);
    finish(&mut desk, &paid)?;
    desk.done()
}

/// What was counted of each currency against the book. What lies in the drawer must be counted.
pub(super) fn count(desk: &Desk<'_>, counted: &[Amount]) -> Result<Vec<ForeignCount>, Stop> {
    let book = &desk.day()?.foreign;
    let mut currencies = BTreeSet::new();
    for sum in counted {
        let known = desk.settings.foreign_cash.iter().any(|f| f.currency == sum.currency);
        if !(known || book.contains_key(&sum.currency)) || !currencies.insert(sum.currency) {
            return Err(super::limits::out("foreign").into());
        }
    }
    if let Some((missing, _)) = book.iter().find(|(currency, _)| !currencies.contains(currency)) {
        return Err(Refusal::ForeignNotCounted { currency: missing.to_string() }.into());
    }
    let mut counts = Vec::new();
    for sum in counted {
        let expected = book.get(&sum.currency).copied().unwrap_or(Money::ZERO);
        let (currency, counted) = (sum.currency, sum.amount);
        let difference = counted.minus(expected)?;
        counts.push(ForeignCount { currency, counted, expected, difference });
    }
    Ok(counts)
}

/// Each currency once, none the shop's own, each rate from a moment of its own.
pub(super) fn check_settings(settings: &Settings) -> Result<(), Refusal> {
    let bad = || Refusal::BadSettings { problem: "foreign_cash".to_owned() };
    let mut currencies = BTreeSet::new();
    if settings.foreign_cash.len() > MOST {
        return Err(bad());
    }
    for foreign in &settings.foreign_cash {
        let mut moments = BTreeSet::new();
        let dated = foreign.rates.iter().all(|rate| moments.insert(rate.from));
        let own = foreign.currency == settings.currency;
        let piece = (1..=super::MAX_LINE_AMOUNT).contains(&foreign.smallest);
        if own || !dated || !piece || foreign.rates.is_empty() || foreign.rates.len() > 10_000 {
            return Err(bad());
        }
        if !currencies.insert(foreign.currency) {
            return Err(bad());
        }
    }
    Ok(())
}
