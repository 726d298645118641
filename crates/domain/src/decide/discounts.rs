//! Discounts by hand: on a line, on the receipt, and how far they go together.

use money::Money;

use super::desk::{Desk, Measure};
use crate::basket::{DiscountOrigin, Line, LineDiscount, ReceiptDiscount};
use crate::command::DiscountValue;
use crate::event::Event;
use crate::facts::Stop;
use crate::ids::LineNo;
use crate::people::Permission;
use crate::refusal::Refusal;
use crate::totals;

/// A discount given as an amount weighs more when goods leave: it is held against the limit of the
/// right anew, so that nobody gives 10 off 100 and then takes 90 of the goods away.
pub(super) fn weigh_again(
    desk: &mut Desk<'_>,
    no: LineNo,
    after: Option<&Line>,
) -> Result<(), Stop> {
    let basket = desk.basket()?;
    let old = basket.line(no).and_then(manual_share);
    let mut shares = vec![(old, after.and_then(manual_share))];
    let lines: Vec<Line> = basket
        .lines
        .iter()
        .filter_map(|l| if l.line == no { after.cloned() } else { Some(l.clone()) })
        .collect();
    if let Some(amount) = basket.discount.as_ref().and_then(|d| d.amount) {
        let share = |lines: &[Line]| -> Result<Option<u16>, Stop> {
            let base = totals::discountable(lines)?;
            Ok(base.is_positive().then(|| share_of(amount.min(base), base, None)))
        };
        shares.push((share(&basket.lines)?, share(&lines)?));
    }
    let discount = basket.discount.as_ref();
    shares.push((together(&basket.lines, discount)?, together(&lines, discount)?));
    for (before, now) in shares {
        if let Some(now) = now.filter(|now| before.is_none_or(|before| *now > before)) {
            desk.measured(Permission::Discount, Measure::Percent(now))?;
        }
    }
    Ok(())
}

/// The share that discounts by hand on lines and on the receipt take off together, where there are
/// both: two discounts within the limit are one above it. Rounded down, for a percentage that was
/// given on a line has been rounded to the minor unit already.
fn together(lines: &[Line], receipt: Option<&ReceiptDiscount>) -> Result<Option<u16>, Stop> {
    let Some(receipt) = receipt else { return Ok(None) };
    let by_hand = |line: &Line| {
        line.discounts
            .iter()
            .filter(|d| matches!(d.origin, DiscountOrigin::Manual { .. }))
            .fold(Money::ZERO, |sum, d| sum.saturating_plus(d.amount))
    };
    let on_lines = Money::sum(lines.iter().map(by_hand))?;
    if on_lines.is_zero() {
        return Ok(None);
    }
    let left = totals::discountable(lines)?;
    let on_all = match (receipt.basis_points, receipt.amount) {
        (Some(share), _) => left.percent(i64::from(share))?,
        (None, amount) => amount.unwrap_or(Money::ZERO).min(left),
    };
    let base = i128::from(left.plus(on_lines)?.minor());
    let off = i128::from(on_lines.plus(on_all)?.minor()).saturating_mul(10_000);
    let share = off.checked_div(base).unwrap_or(0);
    Ok(Some(u16::try_from(share).unwrap_or(u16::MAX)))
}

/// The share of a line that its discount by amount takes off.
fn manual_share(line: &Line) -> Option<u16> {
    let by_amount =
        |d: &&LineDiscount| matches!(d.origin, DiscountOrigin::Manual { basis_points: None, .. });
    let given = line.discounts.iter().find(by_amount)?.amount;
    let from = line.total().saturating_plus(given);
    from.is_positive().then(|| share_of(given, from, None))
}

pub(super) fn discount_line(
    mut desk: Desk<'_>,
    no: LineNo,
    discount: DiscountValue,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    let mut line = desk.line(no)?.clone();
    // Deposits and goods that come back are fixed too.
    if line.fixed || line.price_bound {
        return Err(Refusal::NotDiscountable.into());
    }
    line.discounts.retain(|d| !matches!(d.origin, DiscountOrigin::Manual { .. }));
    let left = line.total();
    let (amount, basis_points) = discount_of(&desk, discount, left)?;
    desk.measured(Permission::Discount, Measure::Percent(share_of(amount, left, basis_points)))?;
    let origin = DiscountOrigin::Manual { reason: reason.to_owned(), basis_points };
    line.discounts.push(LineDiscount { origin, amount });
    weigh_again(&mut desk, no, Some(&line))?;
    desk.change_line(line)?;
    desk.done()
}

/// What a discount takes off `from`, and the percentage it was given as.
fn discount_of(
    desk: &Desk<'_>,
    discount: DiscountValue,
    from: Money,
) -> Result<(Money, Option<u16>), Stop> {
    if !from.is_positive() {
        return Err(Refusal::NotDiscountable.into());
    }
    match discount {
        DiscountValue::Percent { basis_points } => {
            Ok((from.percent(i64::from(basis_points))?, Some(basis_points)))
        }
        DiscountValue::Amount { amount } => {
            let amount = desk.own(amount)?;
            if amount > from { Err(Refusal::DiscountTooHigh.into()) } else { Ok((amount, None)) }
        }
    }
}

/// The discount as hundredths of a percent, rounded up: an amount is held against the same limit.
pub(super) fn share_of(amount: Money, from: Money, basis_points: Option<u16>) -> u16 {
    if let Some(basis_points) = basis_points {
        return basis_points;
    }
    let scaled = i128::from(amount.minor()).saturating_mul(10_000);
    let base = i128::from(from.minor());
    let up = scaled.saturating_add(base.saturating_sub(1)).checked_div(base).unwrap_or(10_000);
    u16::try_from(up).unwrap_or(u16::MAX)
}

pub(super) fn discount_receipt(
    mut desk: Desk<'_>,
    discount: DiscountValue,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    let basket = desk.unpaid()?;
    let id = basket.id;
    let base = totals::discountable(&basket.lines)?;
    let (amount, basis_points) = discount_of(&desk, discount, base)?;
    desk.measured(Permission::Discount, Measure::Percent(share_of(amount, base, basis_points)))?;
    let fixed_amount = basis_points.is_none().then_some(amount);
    let discount =
        ReceiptDiscount { basis_points, amount: fixed_amount, reason: reason.to_owned() };
    if let Some(share) = together(&desk.unpaid()?.lines, Some(&discount))? {
        desk.measured(Permission::Discount, Measure::Percent(share))?;
    }
    desk.push(Event::DiscountGiven { basket: id, discount: Some(discount) });
    desk.done()
}

pub(super) fn remove_discount(
    mut desk: Desk<'_>,
    line: Option<LineNo>,
) -> Result<Vec<Event>, Stop> {
    match line {
        Some(no) => {
            let mut line = desk.line(no)?.clone();
            let before = line.discounts.len();
            line.discounts.retain(|d| !matches!(d.origin, DiscountOrigin::Manual { .. }));
            if line.discounts.len() != before {
                desk.change_line(line)?;
            }
        }
        None => {
            let basket = desk.unpaid()?;
            let id = basket.id;
            if basket.discount.is_some() {
                desk.push(Event::DiscountGiven { basket: id, discount: None });
            }
        }
    }
    desk.done()
}
