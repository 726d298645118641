//! What goes back to a customer how: to the tenders that had paid, the last first.
//!
//! What was paid by card goes back to the card, not out of the drawer: refunds in cash for goods bought
//! with somebody else's card are the oldest fraud at a till. Whoever has the right may choose otherwise.

use money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::basket::{Basket, Line, Tender, TenderKind};
use crate::ids::ReceiptRef;
use crate::payment::CardFacts;
use crate::receipt::Receipt;

/// A tender of a receipt that goods come back from, and what may still go back to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidWith {
    /// Which of the receipt's tenders, counted from 0.
    pub tender: u16,
    /// How it was paid.
    pub kind: TenderKind,
    /// What has not gone back yet, above nothing.
    pub left: Money,
    /// The card, as its terminal named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Box<CardFacts>>,
}

/// A receipt that goods of a basket come back from, and how it was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundSource {
    /// The receipt.
    pub receipt: ReceiptRef,
    /// Its tenders, in their order; vouchers are not among them, they are given back to by themselves.
    pub paid: Vec<PaidWith>,
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
}

/// A part of what goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned<'b> {
    /// What of which tender.
    pub of: RefundOf,
    /// How it had been paid.
    pub paid: &'b PaidWith,
}

/// The tenders of a receipt that money may go back to, less what `gone` says went back already.
pub(crate) fn paid_with(receipt: &Receipt, gone: impl Fn(u16) -> Money) -> Vec<PaidWith> {
    let tenders = receipt.tenders.iter().zip(0_u16..);
    tenders
        .filter(|(tender, _)| tender.amount.is_positive() && tender.kind != TenderKind::Voucher)
        .filter_map(|(paid, tender)| {
            let left = paid.amount.saturating_plus(gone(tender).negated());
            // The slip of then is not needed to give money back.
            let facts = |card: &CardFacts| CardFacts { lines: Vec::new(), ..card.clone() };
            let card = paid.card.as_deref().map(|card| Box::new(facts(card)));
            left.is_positive().then_some(PaidWith { tender, kind: paid.kind, left, card })
        })
        .collect()
}

/// What `tenders` give back of a tender of then.
pub(crate) fn gone_to<'t>(
    tenders: impl IntoIterator<Item = &'t Tender>,
    receipt: ReceiptRef,
    tender: u16,
) -> Money {
    let parts = tenders.into_iter().flat_map(|t| &t.refunds);
    let of = parts.filter(|part| (part.receipt, part.tender) == (receipt, tender));
    of.fold(Money::ZERO, |sum, part| sum.saturating_plus(part.amount))
}

/// How `amount` (above nothing) goes back to the tenders of then: for each receipt the last first, and
/// no more than its goods that come back had cost. What is left over had been paid with nothing that
/// is known: goods without a receipt, empties.
pub fn plan(basket: &Basket, amount: Money) -> Vec<Planned<'_>> {
    let mut planned = Vec::new();
    let mut budget = amount;
    for source in &basket.sources {
        let mut share = share(basket, source.receipt);
        for paid in source.paid.iter().rev() {
            let gone = gone_to(&basket.tenders, source.receipt, paid.tender);
            let left = paid.left.saturating_plus(gone.negated());
            let part = left.min(share).min(budget);
            if !part.is_positive() {
                continue;
            }
            share = share.saturating_plus(part.negated());
            budget = budget.saturating_plus(part.negated());
            let of = RefundOf { receipt: source.receipt, tender: paid.tender, amount: part };
            planned.push(Planned { of, paid });
        }
    }
    planned
}

/// What the goods of a receipt that come back had cost, less what went back for them here already.
fn share(basket: &Basket, receipt: ReceiptRef) -> Money {
    let back = |line: &&Line| line.returned_from.is_some_and(|from| from.receipt == receipt);
    let cost = basket.lines.iter().filter(back).fold(Money::ZERO, |sum, line| {
        // Where tax comes on top, the line's own amount is without it.
        let gross = line.taxed.iter().fold(Money::ZERO, |sum, row| sum.saturating_plus(row.gross));
        sum.saturating_plus(gross.negated())
    });
    let gone = basket.tenders.iter().fold(Money::ZERO, |sum, tender| {
        let parts = tender.refunds.iter().filter(|part| part.receipt == receipt);
        let parts = parts.fold(Money::ZERO, |sum, part| sum.saturating_plus(part.amount));
        let voucher = tender.voucher.as_ref().is_some_and(|of| of.paid == Some(receipt));
        let voucher = if voucher { tender.amount.negated() } else { Money::ZERO };
        sum.saturating_plus(parts).saturating_plus(voucher)
    });
    cost.saturating_plus(gone.negated())
}

/// How much of `due` (above nothing) may go back by a kind of tender without a right: what the plan
/// says, and what no receipt says anything of.
pub fn free(basket: &Basket, due: Money, kind: TenderKind) -> Money {
    let (mut free, mut known) = (Money::ZERO, Money::ZERO);
    for part in plan(basket, due) {
        known = known.saturating_plus(part.of.amount);
        if part.paid.kind == kind {
            free = free.saturating_plus(part.of.amount);
        }
    }
    free.saturating_plus(due.saturating_plus(known.negated()))
}

/// How much of `due` (above nothing) a kind of tender gives back unless it is said: what may go back that
/// way without a right; all of it when nothing may.
pub fn next(basket: &Basket, due: Money, kind: TenderKind) -> Money {
    let free = free(basket, due, kind);
    if free.is_positive() { free } else { due }
}

/// What a tender of `amount` (above nothing) gives back of tenders of its own kind.
pub fn parts(basket: &Basket, kind: TenderKind, amount: Money) -> Vec<RefundOf> {
    let mut left = amount;
    let mut parts = Vec::new();
    // All that comes back, not only what is still due: the kind's own part may stand anywhere in it.
    for planned in plan(basket, Money::new(i64::MAX)).into_iter().filter(|p| p.paid.kind == kind) {
        let part = planned.of.amount.min(left);
        if part.is_positive() {
            left = left.saturating_plus(part.negated());
            parts.push(RefundOf { amount: part, ..planned.of });
        }
    }
    parts
}
