//! Tips: told at the till before paying, or given at a terminal with the payment.

use money::{Money, Quantity, Rate};

use super::desk::Desk;
use super::limits;
use super::pay::basket_totals;
use crate::basket::{Basket, Line};
use crate::catalogue::Unit;
use crate::event::Event;
use crate::facts::Stop;
use crate::ids::{AttemptId, GroupId, LineNo};
use crate::refusal::Refusal;
use crate::settings::Language;
use crate::tip::{Tip, TipValue, TipsTo};
use crate::totals::rate_at;
use crate::voucher::NOT_TAXABLE;

fn line(desk: &Desk<'_>, of: Tip, amount: Money) -> Line {
    let name = match desk.settings.language {
        Language::De => "Trinkgeld",
        Language::En => "Tip",
    };
    let tax = match desk.settings.tips {
        Some(TipsTo::Shop { tax }) => tax,
        // What a terminal took although the shop takes no tips is nobody's but the staff's.
        Some(TipsTo::Staff) | None => NOT_TAXABLE,
    };
    Line {
        line: LineNo(0),
        item: None,
        code: None,
        name: name.to_owned(),
        quantity: Quantity::ONE,
        unit: Unit::Piece,
        pack: None,
        price: amount,
        list_price: None,
        reason: None,
        base: amount,
        discounts: Vec::new(),
        tax,
        tax_split: Vec::new(),
        rates: (tax == NOT_TAXABLE).then(|| vec![(tax, Rate::new(0))]),
        taxed: Vec::new(),
        group: GroupId(0),
        agency: None,
        age: None,
        deposit_of: None,
        fixed: true,
        price_bound: false,
        hand_weighed: false,
        stocked: false,
        labelled: false,
        unknown: false,
        slip: None,
        weighing: None,
        voucher: None,
        account: None,
        tip: Some(of),
        returned_from: None,
        note: None,
        mark: None,
    }
}

/// A tip told at the till; the one before makes room.
pub(super) fn add(mut desk: Desk<'_>, tip: TipValue) -> Result<Vec<Event>, Stop> {
    let to = desk.settings.tips.ok_or(Refusal::NoTips)?;
    if let TipsTo::Shop { tax } = to
        && rate_at(&desk.settings, tax, desk.local).is_none()
    {
        return Err(Refusal::NoRate.into());
    }
    let basket = desk.unpaid()?.clone();
    let goods = |l: &Line| l.tip.is_none();
    if !basket.lines.iter().any(goods) {
        return Err(Refusal::BasketEmpty.into());
    }
    let sold = without_tip(&desk, &basket)?;
    if !sold.is_positive() {
        return Err(Refusal::TipWithReturn.into());
    }
    let before = basket.lines.iter().find(|l| !goods(l)).cloned();
    let amount = match tip {
        TipValue::Amount { amount } => desk.own(amount)?,
        TipValue::UpTo { total } => desk.own(total)?.minus(sold)?,
    };
    limits::amount("tip", amount)?;
    if !amount.is_positive() {
        return Err(limits::out("tip").into());
    }
    match before {
        Some(old) => desk.change_line(Line { price: amount, base: amount, ..old })?,
        None => {
            let line = line(&desk, Tip::default(), amount);
            desk.add_line(line)?;
        }
    }
    desk.done()
}

/// What the basket comes to without what is given beside it.
fn without_tip(desk: &Desk<'_>, basket: &Basket) -> Result<Money, Stop> {
    let mut sold = basket.clone();
    sold.lines.retain(|l| l.tip.is_none());
    Ok(basket_totals(desk, &sold)?.total)
}

/// Before paying: a tip comes from the customer, not out of what goes back to them. Goods may have come
/// or gone since.
pub(super) fn check_fit(desk: &Desk<'_>, basket: &Basket) -> Result<(), Stop> {
    let told = |l: &Line| l.tip.is_some_and(|tip| tip.attempt.is_none());
    if basket.lines.iter().any(told) && !without_tip(desk, basket)?.is_positive() {
        return Err(Refusal::TipWithReturn.into());
    }
    Ok(())
}

/// A tip that was given at a terminal: its line, and how much it is.
pub(super) fn given(
    desk: &mut Desk<'_>,
    basket: &mut Basket,
    attempt: AttemptId,
    tip: Money,
) -> Money {
    if !tip.is_positive() {
        return Money::ZERO;
    }
    let mut line = line(desk, Tip { attempt: Some(attempt) }, tip);
    line.line = LineNo(basket.next_line);
    basket.next_line = basket.next_line.saturating_add(1);
    basket.lines.push(line.clone());
    desk.push(Event::LineAdded { basket: basket.id, line: Box::new(line), read: None });
    tip
}

/// A payment was taken back, and the tip with it.
pub(super) fn take_back(desk: &mut Desk<'_>, basket: &Basket, attempt: AttemptId) {
    let of = Some(Tip { attempt: Some(attempt) });
    for line in basket.lines.iter().filter(|l| l.tip == of) {
        let (basket, amount) = (basket.id, line.total());
        desk.push(Event::LineVoided { basket, line: line.line, amount });
    }
}
