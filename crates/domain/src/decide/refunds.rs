//! How goods that come back had been paid: noted with the first of them, and looked at again before
//! money goes back, because another till may have given some back meanwhile.

use money::Money;

use super::desk::Desk;
use super::pay::basket_totals;
use crate::basket::{Basket, TenderKind};
use crate::facts::Stop;
use crate::ids::{ReceiptRef, VoucherId};
use crate::payment::{CardFacts, Purpose};
use crate::people::Permission;
use crate::receipt::Receipt;
use crate::refund::{self, PaidWith, RefundSource, gone_to};
use crate::refusal::Refusal;

/// Most receipts that are followed back through exchanges.
const FARTHEST: usize = 16;

/// Notes how the receipts were paid that the basket's goods come from, where that is news.
pub(super) fn note_sources(desk: &mut Desk<'_>) -> Result<(), Stop> {
    let mut from: Vec<ReceiptRef> = Vec::new();
    for line in desk.basket()?.lines.iter().filter_map(|l| l.returned_from) {
        if !from.contains(&line.receipt) {
            from.push(line.receipt);
        }
    }
    for receipt in from {
        let source = source(desk, receipt)?;
        if !desk.basket()?.sources.contains(&source) {
            desk.note_source(source);
        }
    }
    Ok(())
}

fn source(desk: &Desk<'_>, receipt: ReceiptRef) -> Result<RefundSource, Stop> {
    let (mut paid, mut seen) = (Vec::new(), vec![receipt]);
    let issued = desk.context.facts.receipt(receipt)?.ok_or(Refusal::UnknownReceipt)?;
    let other = |kind| !matches!(kind, TenderKind::Cash | TenderKind::CashForeign);
    let bound = issued.receipt.lines.iter().any(|l| l.returned_from.is_some())
        || issued.receipt.tenders.iter().any(|t| t.amount.is_positive() && other(t.kind));
    collect(desk, (receipt, None), &issued.receipt, &mut paid)?;
    let mut further = exchanged_for(&issued.receipt);
    while let Some(receipt) = further.pop() {
        if seen.contains(&receipt) || seen.len() >= FARTHEST {
            continue;
        }
        seen.push(receipt);
        let issued = desk.context.facts.receipt(receipt)?.ok_or(Refusal::UnknownReceipt)?;
        collect(desk, (receipt, Some(receipt)), &issued.receipt, &mut paid)?;
        further.extend(exchanged_for(&issued.receipt));
    }
    Ok(RefundSource { receipt, paid, bound })
}

/// The receipts whose goods a receipt took back, the last first.
fn exchanged_for(receipt: &Receipt) -> Vec<ReceiptRef> {
    receipt.lines.iter().filter_map(|l| l.returned_from).map(|from| from.receipt).collect()
}

/// The tenders of a receipt in the order in which they are given back, less what is gone already.
fn collect(
    desk: &Desk<'_>,
    (receipt, named): (ReceiptRef, Option<ReceiptRef>),
    sold: &Receipt,
    paid: &mut Vec<PaidWith>,
) -> Result<(), Stop> {
    let finished = desk.context.facts.refunded(receipt)?;
    let mut credited: Vec<(VoucherId, Money)> = Vec::new();
    let mut others = Vec::new();
    let numbered: Vec<_> = sold.tenders.iter().zip(0_u16..).collect();
    for (of, tender) in numbered.into_iter().rev() {
        // What it paid: a coin's rounding is nobody's money.
        let amount = of.amount.minus(of.rounding)?;
        if !amount.is_positive() {
            continue;
        }
        let kept = of.voucher.as_ref().and_then(|v| Some((v.voucher?, v.last4.clone())));
        let gone = match (of.kind, &kept) {
            (TenderKind::Voucher, Some((voucher, _))) => {
                gone_to_voucher(desk, (receipt, *voucher), amount, &mut credited)?
            }
            _ => {
                let ended = finished.iter().find(|(of, _)| *of == tender);
                let ended = ended.map_or(Money::ZERO, |(_, sum)| *sum);
                ended.plus(under_way(desk, receipt, tender))?
            }
        };
        let left = amount.minus(gone)?;
        // The slip of then is not needed to give money back.
        let facts = |card: &CardFacts| CardFacts { lines: Vec::new(), ..card.clone() };
        let one = PaidWith {
            receipt: named,
            tender,
            // What came as foreign notes goes back in the shop's own currency.
            kind: if of.kind == TenderKind::CashForeign { TenderKind::Cash } else { of.kind },
            left,
            card: of.card.as_deref().map(|card| Box::new(facts(card))),
            voucher: kept.map(|(id, last4)| (id, last4.unwrap_or_default())),
        };
        if !left.is_positive() {
            continue;
        }
        if one.voucher.is_some() { paid.push(one) } else { others.push(one) }
    }
    paid.extend(others);
    Ok(())
}

/// What other baskets give back of a tender: already, or at a terminal that is being asked.
fn under_way(desk: &Desk<'_>, receipt: ReceiptRef, tender: u16) -> Money {
    let here = desk.basket().ok().map(|b| b.id);
    let others = desk.state().baskets.values().filter(|b| Some(b.id) != here && !b.training);
    others.fold(Money::ZERO, |sum, basket| {
        let gone = gone_to(&basket.tenders, receipt, tender);
        let asked = desk.state().attempt_of(basket.id).filter(|a| a.purpose == Purpose::Refund);
        let asked = asked.map(|a| refund::parts(basket, TenderKind::Card, a.amount));
        let asked = asked.unwrap_or_default().into_iter();
        let asked = asked.filter(|part| (part.receipt, part.tender) == (receipt, tender));
        asked.fold(sum.saturating_plus(gone), |sum, part| sum.saturating_plus(part.amount))
    })
}

/// What went back to a voucher of what it had paid with this tender. The ledger knows it of the voucher as
/// a whole; several tenders of one voucher share that, the last first.
fn gone_to_voucher(
    desk: &Desk<'_>,
    (receipt, voucher): (ReceiptRef, VoucherId),
    amount: Money,
    credited: &mut Vec<(VoucherId, Money)>,
) -> Result<Money, Stop> {
    if !credited.iter().any(|(known, _)| *known == voucher) {
        let mut sum = desk.context.facts.voucher_credited(voucher, receipt)?;
        let here = desk.basket().ok().map(|b| b.id);
        let others = desk.state().baskets.values().filter(|b| Some(b.id) != here && !b.training);
        for tender in others.flat_map(|b| &b.tenders) {
            let Some(of) = &tender.voucher else { continue };
            if of.voucher == Some(voucher) && of.paid == Some(receipt) {
                sum = sum.plus(tender.amount.negated())?;
            }
        }
        credited.push((voucher, sum));
    }
    let Some((_, left)) = credited.iter_mut().find(|(known, _)| *known == voucher) else {
        return Ok(Money::ZERO);
    };
    let part = amount.min(*left);
    *left = left.minus(part)?;
    Ok(part)
}

/// Money goes back the way it came; another way needs the right to choose. `amount` is below nothing when
/// money goes back.
pub(super) fn may_go_back(
    desk: &mut Desk<'_>,
    basket: &Basket,
    kind: TenderKind,
    amount: Money,
) -> Result<(), Stop> {
    if !amount.is_negative() || basket.training {
        return Ok(());
    }
    let due = basket_totals(desk, basket)?.total.minus(basket.paid())?.negated();
    let free = match refund::next_card(basket, due) {
        // Each card gets its own, one after the other.
        Some((_, own)) if kind == TenderKind::Card => own,
        _ => refund::free(basket, due, kind),
    };
    if amount.negated() > free {
        desk.right(Permission::ChooseRefund)?;
    }
    Ok(())
}
