//! What goes back to a customer how: to the tenders that had paid, the last first.
//!
//! What was paid by card goes back to the card, not out of the drawer: refunds in cash for goods bought
//! with somebody else's card are the oldest fraud at a till. Whoever has the right may choose otherwise.

use money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::basket::{Basket, Line, Tender, TenderKind};
use crate::ids::{ReceiptRef, VoucherId};
use crate::payment::CardFacts;

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// A tender that had paid for goods that come back, and what may still go back to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidWith {
    /// The receipt it stands on, when that is not the goods' own: they were exchanged for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptRef>,
    /// Which of the receipt's tenders, counted from 0.
    pub tender: u16,
    /// How it was paid.
    pub kind: TenderKind,
    /// What has not gone back yet, above nothing.
    pub left: Money,
    /// The card, as its terminal named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Box<CardFacts>>,
    /// The voucher, by its number and the end of its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<(VoucherId, String)>,
}

/// A receipt that goods of a basket come back from, and how it was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundSource {
    /// The receipt.
    pub receipt: ReceiptRef,
    /// What had paid it, in the order in which it is given back: vouchers, then the last tender first,
    /// then what had paid the goods that were exchanged for these.
    pub paid: Vec<PaidWith>,
    /// Not all of it was paid in cash: goods were given for goods, or a tender was another one. What no
    /// tender covers is then not cash's to give.
    #[serde(default, skip_serializing_if = "is_false")]
    pub bound: bool,
}

/// What a tender below nothing gives back of a tender of then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefundOf {
    /// The receipt that had been paid.
    pub receipt: ReceiptRef,
    /// Which of its tenders, counted from 0.
    pub tender: u16,
    /// How much of it, above nothing.
    #[schema(value_type = i64)]
    pub amount: Money,
    /// The receipt whose goods come back, when that is another one: they had been exchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods: Option<ReceiptRef>,
}

impl RefundOf {
    fn is_for(&self, goods: ReceiptRef) -> bool {
        self.goods.unwrap_or(self.receipt) == goods
    }
}

/// A part of what goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned<'b> {
    /// What of which tender.
    pub of: RefundOf,
    /// How it had been paid.
    pub paid: &'b PaidWith,
}

fn sum(amounts: impl IntoIterator<Item = Money>) -> Money {
    amounts.into_iter().fold(Money::ZERO, |sum, amount| sum.saturating_plus(amount))
}

fn less(amount: Money, off: Money) -> Money {
    amount.saturating_plus(off.negated())
}

/// What `tenders` give back of a tender of then.
pub(crate) fn gone_to<'t>(
    tenders: impl IntoIterator<Item = &'t Tender>,
    receipt: ReceiptRef,
    tender: u16,
) -> Money {
    let parts = tenders.into_iter().flat_map(|t| &t.refunds);
    let of = parts.filter(|part| (part.receipt, part.tender) == (receipt, tender));
    sum(of.map(|part| part.amount))
}

/// How `amount` (above nothing) goes back to the tenders of then: for each receipt in the order of its
/// source, and no more than its goods that come back had cost.
pub fn plan(basket: &Basket, amount: Money) -> Vec<Planned<'_>> {
    let mut planned: Vec<Planned<'_>> = Vec::new();
    let mut budget = amount;
    for source in &basket.sources {
        let mut share = share(basket, source.receipt);
        for paid in &source.paid {
            let receipt = paid.receipt.unwrap_or(source.receipt);
            // A tender may stand under two sources: what one of them gives back, the other does not.
            let same = |p: &&Planned<'_>| (p.of.receipt, p.of.tender) == (receipt, paid.tender);
            let gone = gone_to(&basket.tenders, receipt, paid.tender)
                .saturating_plus(sum(planned.iter().filter(same).map(|p| p.of.amount)));
            let part = less(paid.left, gone).min(share).min(budget);
            if !part.is_positive() {
                continue;
            }
            share = less(share, part);
            budget = less(budget, part);
            let goods = (receipt != source.receipt).then_some(source.receipt);
            let of = RefundOf { receipt, tender: paid.tender, amount: part, goods };
            planned.push(Planned { of, paid });
        }
    }
    planned
}

/// What the goods of a receipt that come back had cost, less what went back for them here already.
fn share(basket: &Basket, receipt: ReceiptRef) -> Money {
    let back = |line: &&Line| line.returned_from.is_some_and(|from| from.receipt == receipt);
    // Where tax comes on top, the line's own amount is without it.
    let gross = |line: &Line| sum(line.taxed.iter().map(|row| row.gross.negated()));
    let cost = sum(basket.lines.iter().filter(back).map(gross));
    let parts = basket.tenders.iter().flat_map(|tender| &tender.refunds);
    let gone = sum(parts.filter(|part| part.is_for(receipt)).map(|part| part.amount));
    less(cost, gone)
}

/// What nobody may choose freely of `due` (above nothing), although no tender is left for it: goods of
/// receipts that were not paid in cash alone, and what this very basket was paid without cash.
fn bound(basket: &Basket, due: Money, planned: &[Planned<'_>]) -> Money {
    let cash = |t: &Tender| matches!(t.kind, TenderKind::Cash | TenderKind::CashForeign);
    let paid_here = |t: &Tender| t.amount.is_positive() && !cash(t);
    if basket.tenders.iter().any(paid_here) {
        return due;
    }
    sum(basket.sources.iter().filter(|source| source.bound).map(|source| {
        let covered = planned.iter().filter(|p| p.of.is_for(source.receipt)).map(|p| p.of.amount);
        less(share(basket, source.receipt), sum(covered)).max(Money::ZERO)
    }))
}

/// How much of `due` (above nothing) may go back by a kind of tender without a right: what the plan says,
/// and what no receipt says anything of (goods without a receipt, empties).
pub fn free(basket: &Basket, due: Money, kind: TenderKind) -> Money {
    let planned = plan(basket, due);
    let own = sum(planned.iter().filter(|p| p.paid.kind == kind).map(|p| p.of.amount));
    let open = less(due, sum(planned.iter().map(|p| p.of.amount)));
    let open = less(open, bound(basket, open, &planned)).max(Money::ZERO);
    own.saturating_plus(open)
}

/// How much of `due` (above nothing) a kind of tender gives back unless it is said: what may go back that
/// way without a right; all of it when nothing may.
pub fn next(basket: &Basket, due: Money, kind: TenderKind) -> Money {
    let free = free(basket, due, kind);
    if free.is_positive() { free } else { due }
}

/// The card that `due` (above nothing) goes back to next, and how much of it. Each card has its own.
pub fn next_card(basket: &Basket, due: Money) -> Option<(&PaidWith, Money)> {
    let next = plan(basket, due).into_iter().find(|part| part.paid.kind == TenderKind::Card)?;
    Some((next.paid, next.of.amount))
}

/// What a tender of `amount` (above nothing) gives back of tenders of its own kind.
pub fn parts(basket: &Basket, kind: TenderKind, amount: Money) -> Vec<RefundOf> {
    let mut left = amount;
    let mut parts = Vec::new();
    // All that comes back, not only what is still due: the kind's own part may stand anywhere in it.
    for planned in plan(basket, Money::new(i64::MAX)).into_iter().filter(|p| p.paid.kind == kind) {
        let part = planned.of.amount.min(left);
        if part.is_positive() {
            left = less(left, part);
            parts.push(RefundOf { amount: part, ..planned.of });
        }
    }
    parts
}
