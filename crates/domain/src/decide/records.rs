//! Records of a till (Vorgänge) that are no receipts: orders, baskets that go on at another till, goods that somebody
//! who works here takes.

use money::{Money, MoneyError, Quantity};

use super::desk::Desk;
use super::pay::basket_totals;
use crate::basket::{Basket, Line};
use crate::event::{BasketHandedOver, BasketOrdered, BenefitGiven, Event, OrderedLine};
use crate::facts::Stop;
use crate::ids::{BasketId, LineNo, PersonId};
use crate::refusal::Refusal;
use crate::settings::TaxPoint;
use crate::totals::{Totals, totals};

/// Characters of an order's text. What is signed of an order stands whole in DSFinV-K as long as it has no more than
/// 1,000: longer ones are several orders.
const ORDER_TEXT: usize = 900;
/// Characters of a line beside its name: quantity, price, marks.
const LINE_TEXT: usize = 30;

/// What a basket would come to now; where a key has no rate yet, nothing is refused.
fn sums(desk: &Desk<'_>, basket: &Basket) -> Result<Totals, Stop> {
    let at = match desk.settings.tax_point {
        TaxPoint::Payment => desk.local,
        TaxPoint::Opening => desk.state().local(basket.opened_at),
    };
    Ok(totals(&desk.settings, basket, at)?)
}

/// Whether the shop's country knows orders and handing over as records of a till; what is done in training is none.
fn are_records(desk: &Desk<'_>, basket: &Basket) -> bool {
    desk.settings.country.profile().dsfinvk && !basket.training
}

/// What is in a basket that is put aside is an order: what changed since the last one.
pub(super) fn order(desk: &mut Desk<'_>, id: BasketId) -> Result<(), Stop> {
    let Some(basket) = desk.state().baskets.get(&id) else { return Ok(()) };
    if !are_records(desk, basket) {
        return Ok(());
    }
    let mut changes = changes(basket)?;
    for ordered in changes.iter_mut().filter(|_| !desk.settings.prices_include_tax) {
        ordered.price = with_tax(desk, basket, &ordered.line)?;
    }
    for lines in in_pieces(changes) {
        let only = lines.iter().map(|ordered| ordered.line.clone()).collect();
        let piece = Basket { lines: only, discount: None, coupons: Vec::new(), ..basket.clone() };
        let Totals { tax, total, .. } = sums(desk, &piece)?;
        let ordered = BasketOrdered { basket: id, lines, tax, total };
        desk.push(Event::BasketOrdered(Box::new(ordered)));
    }
    Ok(())
}

/// A basket that another till had ends there. Where that till's day is closed nothing can be recorded at it: what was
/// ordered there is, and joins with what follows here.
pub(super) fn hand_over(desk: &mut Desk<'_>, basket: &Basket) -> Result<(), Stop> {
    let from = basket.till;
    let is_open = desk.state().tills.get(&from).is_some_and(|till| till.day.is_some());
    if from == desk.till.id || !is_open || !are_records(desk, basket) {
        return Ok(());
    }
    let Totals { lines, tax, total, .. } = sums(desk, basket)?;
    let opened = basket.opened_at;
    let over = BasketHandedOver { basket: basket.id, from, opened, lines, tax, total };
    desk.push(Event::BasketHandedOver(Box::new(over)));
    Ok(())
}

pub(super) fn give_benefit(
    mut desk: Desk<'_>,
    person: PersonId,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    let basket = desk.unpaid()?.clone();
    if basket.lines.is_empty() {
        return Err(Refusal::BasketEmpty.into());
    }
    if basket.training {
        return Err(Refusal::TrainingMix.into());
    }
    let whose = desk.state().people.get(&person).filter(|person| person.active);
    whose.ok_or(Refusal::UnknownPerson)?;
    if let Some(line) = basket.lines.iter().find(|line| !can_be_taken(line)) {
        return Err(Refusal::NoBenefit { line: line.line }.into());
    }
    if let Some(age) = basket.age_needed() {
        return Err(Refusal::AgeNotChecked { age }.into());
    }
    // A coupon is a customer's: what is given here is worth what it costs, and no paper is used up.
    let basket = Basket { coupons: Vec::new(), ..basket };
    let Totals { lines, tax, total, .. } = basket_totals(&desk, &basket)?;
    desk.push(Event::BenefitGiven(Box::new(BenefitGiven {
        basket: basket.id,
        person,
        reason: reason.to_owned(),
        opened: basket.opened_at,
        ordered: basket.first_ordered,
        lines,
        tax,
        total,
    })));
    desk.done()
}

/// Goods of the shop's own that leave it: nothing that comes back, no money in whatever form, nothing that is sold for
/// somebody else. The deposit on goods goes with them.
fn can_be_taken(line: &Line) -> bool {
    !line.quantity.is_negative()
        && line.voucher.is_none()
        && line.tip.is_none()
        && line.account.is_none()
        && line.returned_from.is_none()
        && line.agency.is_none()
}

/// What was added to a basket or taken away since it was ordered last.
fn changes(basket: &Basket) -> Result<Vec<OrderedLine>, MoneyError> {
    let mut changes = Vec::new();
    for was in &basket.ordered {
        if !basket.line(was.line).is_some_and(|now| is_same(was, now)) {
            let (quantity, base) = (was.quantity.negated(), was.base.negated());
            changes.push(ordered(was, (quantity, base), true));
        }
    }
    for now in &basket.lines {
        let before = basket.ordered.iter().find(|was| was.line == now.line && is_same(was, now));
        let (quantity, base) = match before {
            Some(was) => (now.quantity.minus(was.quantity)?, now.base.minus(was.base)?),
            None => (now.quantity, now.base),
        };
        if !quantity.is_zero() {
            let taken_back = quantity.is_negative() != now.quantity.is_negative();
            changes.push(ordered(now, (quantity, base), taken_back));
        }
    }
    Ok(changes)
}

/// The price of one of a line, of a shop whose prices are without tax.
fn with_tax(desk: &Desk<'_>, basket: &Basket, line: &Line) -> Result<Money, Stop> {
    let one = changed(line, Quantity::ONE, line.price);
    let one = Basket { lines: vec![one], discount: None, coupons: Vec::new(), ..basket.clone() };
    Ok(sums(desk, &one)?.total)
}

fn ordered(of: &Line, (quantity, base): (Quantity, Money), taken_back: bool) -> OrderedLine {
    OrderedLine { line: changed(of, quantity, base), price: of.price, taken_back }
}

/// A line of an order: the goods at their price.
fn changed(of: &Line, quantity: Quantity, base: Money) -> Line {
    let (discounts, taxed) = (Vec::new(), Vec::new());
    Line { quantity, base, discounts, taxed, note: None, list_price: None, ..of.clone() }
}

/// The same goods at the same price, however many.
fn is_same(one: &Line, other: &Line) -> bool {
    let goods = |line: &Line| Line { reason: None, ..changed(line, Quantity::ZERO, Money::ZERO) };
    goods(one) == goods(other)
}

/// Orders that are not too long, their lines numbered from 1.
fn in_pieces(changes: Vec<OrderedLine>) -> Vec<Vec<OrderedLine>> {
    let mut pieces: Vec<Vec<OrderedLine>> = Vec::new();
    let mut left = 0_usize;
    for mut change in changes {
        // A mark in the name is written twice.
        let name = change.line.name.chars().map(|c| if c == '"' { 2 } else { 1 }).sum::<usize>();
        let needed = name.saturating_add(LINE_TEXT);
        match pieces.last_mut() {
            Some(piece) if needed <= left => {
                let number = u16::try_from(piece.len().saturating_add(1)).unwrap_or(u16::MAX);
                change.line.line = LineNo(number);
                piece.push(change);
                left = left.saturating_sub(needed);
            }
            _ => {
                change.line.line = LineNo(1);
                pieces.push(vec![change]);
                left = ORDER_TEXT.saturating_sub(needed);
            }
        }
    }
    pieces
}
