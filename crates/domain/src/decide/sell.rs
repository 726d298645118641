//! Lines: adding, changing, discounting, voiding.

use money::{Money, Quantity, line_total};

use super::desk::{Desk, Measure};
use super::limits;
use crate::amount::Amount;
use crate::basket::{DiscountOrigin, Line, LineDiscount, ReceiptDiscount};
use crate::catalogue::{Code, Item, Unit};
use crate::command::DiscountValue;
use crate::event::Event;
use crate::facts::Stop;
use crate::ids::{GroupId, ItemId, LineNo};
use crate::people::Permission;
use crate::refusal::Refusal;
use crate::settings::Promotion;
use crate::totals;

/// What is known about the goods besides the item.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// The code as scanned.
    pub(super) code: Option<String>,
    /// The item's code that matched, for packs.
    pub(super) pack: Option<Code>,
    /// How many, or how heavy.
    pub(super) quantity: Option<Quantity>,
    /// A price typed in.
    pub(super) price: Option<Money>,
    /// A price from a label.
    pub(super) labelled: Option<Money>,
    /// The weight came from a label, not by hand.
    pub(super) weighed_by_label: bool,
    /// The label pays out (a deposit slip).
    pub(super) refund: bool,
}

/// Goods whose code nobody knows.
pub(super) struct UnknownGoods<'a> {
    pub(super) code: &'a Option<String>,
    pub(super) group: GroupId,
    pub(super) price: Amount,
    pub(super) name: &'a Option<String>,
}

pub(super) fn add_item(
    desk: Desk<'_>,
    item: ItemId,
    quantity: Option<Quantity>,
    price: Option<Amount>,
) -> Result<Vec<Event>, Stop> {
    let item = desk.context.facts.item(item)?.ok_or(Refusal::UnknownItem)?;
    let price = price.map(|p| desk.own(p)).transpose()?;
    sell_item(desk, &item, Chosen { quantity, price, ..Chosen::default() })
}

/// Puts an item into the basket, with its promotion and its deposit.
pub(super) fn sell_item(
    mut desk: Desk<'_>,
    item: &Item,
    chosen: Chosen,
) -> Result<Vec<Event>, Stop> {
    let line = item_line(&desk, item, &chosen)?;
    desk.open_basket()?;
    if let Some(merged) = merged_with_last(&desk, &line)? {
        return set_quantity(desk, merged.line, merged.quantity);
    }
    let price = priced(&desk, line)?;
    let (quantity, units) = (price.quantity, price.units());
    let number = desk.add_line(price)?;
    if let Some(deposit) = item.draft.deposit
        && let Some(deposit) = desk.context.facts.item(deposit)?
    {
        let line = deposit_line(&desk, &deposit, number, units, quantity)?;
        desk.add_line(line)?;
    }
    desk.done()
}

/// The line of an item, without promotion.
fn item_line(desk: &Desk<'_>, item: &Item, chosen: &Chosen) -> Result<Line, Stop> {
    let draft = &item.draft;
    if draft.retired {
        return Err(Refusal::ItemRetired { name: draft.name.clone() }.into());
    }
    let pack = chosen.pack.as_ref().filter(|c| c.quantity != Quantity::ONE || c.price.is_some());
    let quantity = match (chosen.quantity, draft.weighed && chosen.labelled.is_none()) {
        (Some(quantity), _) => quantity,
        (None, true) => {
            return Err(Refusal::WeightNeeded { item: item.id, name: draft.name.clone() }.into());
        }
        (None, false) => Quantity::ONE,
    };
    limits::positive(quantity)?;
    let counted = pack.is_some() || chosen.labelled.is_some();
    let pieces = counted || (draft.unit == Unit::Piece && !draft.weighed);
    if pieces && !quantity.is_whole() {
        return Err(Refusal::WholePieces.into());
    }
    let price = unit_price(desk, item, chosen, pack)?;
    let refund = draft.refund || chosen.refund;
    let quantity = if refund { quantity.negated() } else { quantity };
    let base = line_total(quantity, price)?;
    limits::amount("price", base.abs())?;
    if totals::rate_at(&desk.settings, draft.tax, desk.local).is_none() {
        return Err(Refusal::NoRate.into());
    }
    Ok(Line {
        line: LineNo(0),
        item: Some(item.id),
        code: chosen.code.clone(),
        name: draft.name.clone(),
        quantity,
        // A pack is counted in pieces; a label's price is for one piece of goods.
        unit: if counted { Unit::Piece } else { draft.unit },
        pack: pack.map(|p| p.quantity).filter(|q| *q != Quantity::ONE),
        price,
        list_price: None,
        reason: None,
        base,
        discounts: Vec::new(),
        tax: draft.tax,
        tax_split: draft.tax_split.clone(),
        rates: None,
        group: draft.group,
        age: draft.age,
        deposit_of: None,
        fixed: refund || !draft.discountable,
        price_bound: draft.price_bound,
        hand_weighed: draft.weighed && !chosen.weighed_by_label && chosen.labelled.is_none(),
        stocked: draft.stocked && !refund,
        labelled: chosen.labelled.is_some() || chosen.weighed_by_label,
        unknown: false,
        returned_from: None,
        note: None,
    })
}

fn unit_price(
    desk: &Desk<'_>,
    item: &Item,
    chosen: &Chosen,
    pack: Option<&Code>,
) -> Result<Money, Stop> {
    let draft = &item.draft;
    if let Some(labelled) = chosen.labelled {
        return Ok(labelled);
    }
    if draft.open_price {
        let needed = || Refusal::PriceNeeded { item: item.id, name: draft.name.clone() };
        return Ok(chosen.price.ok_or_else(needed)?);
    }
    if let Some(price) = pack.and_then(|p| p.price) {
        return Ok(price);
    }
    let list = desk
        .state()
        .till_settings(desk.till.id)
        .map(|t| t.price_list)
        .unwrap_or(crate::ids::PriceListId(0));
    let price = draft
        .price_at(list, desk.local)
        .ok_or_else(|| Refusal::NoPrice { name: draft.name.clone() })?;
    match pack {
        Some(pack) => Ok(line_total(pack.quantity, price)?),
        None => Ok(price),
    }
}

/// The deposit that follows a line: as many as the goods have units.
fn deposit_line(
    desk: &Desk<'_>,
    deposit: &Item,
    of: LineNo,
    units: Quantity,
    quantity: Quantity,
) -> Result<Line, Stop> {
    let whole = if units.is_whole() { units } else { quantity };
    let chosen = Chosen { quantity: Some(whole.abs()), ..Chosen::default() };
    // The deposit is due by law as long as its goods are sold, even when it is out of sale itself.
    let mut deposit = deposit.clone();
    deposit.draft.retired = false;
    let line = item_line(desk, &deposit, &chosen)?;
    Ok(Line { deposit_of: Some(of), fixed: true, age: None, ..line })
}

/// The last goods of the basket, when the new line is one more of the same.
fn merged_with_last(desk: &Desk<'_>, line: &Line) -> Result<Option<Line>, Stop> {
    let Some(last) = desk.basket()?.lines.iter().rev().find(|l| l.deposit_of.is_none()) else {
        return Ok(None);
    };
    let plain = |l: &Line| {
        !l.labelled && !l.hand_weighed && !l.unknown && l.list_price.is_none() && l.note.is_none()
    };
    let same = last.item == line.item
        && last.price == line.price
        && last.pack == line.pack
        && last.unit == line.unit
        && (last.tax, &last.tax_split) == (line.tax, &line.tax_split)
        && (last.age, last.fixed, last.price_bound) == (line.age, line.fixed, line.price_bound)
        && last.returned_from.is_none()
        && last.quantity.is_negative() == line.quantity.is_negative()
        && last.reason.is_none()
        && plain(last)
        && plain(line)
        && last.discounts.iter().all(|d| matches!(d.origin, DiscountOrigin::Promotion { .. }));
    if !same {
        return Ok(None);
    }
    let quantity = last.quantity.plus(line.quantity)?;
    if limits::quantity(quantity).is_err() {
        return Ok(None);
    }
    Ok(Some(Line { quantity: quantity.abs(), ..last.clone() }))
}

/// The promotion that takes most off, ties to the lower id.
fn best_promotion<'s>(desk: &'s Desk<'_>, line: &Line) -> Option<&'s Promotion> {
    desk.settings
        .promotions
        .iter()
        .filter(|p| p.group.is_none_or(|g| g == line.group))
        .filter(|p| p.from.is_none_or(|from| from <= desk.local))
        .filter(|p| p.until.is_none_or(|until| desk.local < until))
        .max_by_key(|p| (p.basis_points, std::cmp::Reverse(p.id)))
}

/// Computes a line anew from quantity and price: base, promotion, discounts by hand.
fn priced(desk: &Desk<'_>, mut line: Line) -> Result<Line, Stop> {
    line.base = line_total(line.quantity, line.price)?;
    limits::amount("price", line.base.abs())?;
    let manual: Vec<LineDiscount> = line
        .discounts
        .drain(..)
        .filter(|d| !matches!(d.origin, DiscountOrigin::Promotion { .. }))
        .collect();
    let takes = !line.fixed && !line.price_bound && line.returned_from.is_none();
    if takes
        && line.base.is_positive()
        && line.list_price.is_none()
        && let Some(promotion) = best_promotion(desk, &line)
    {
        // Off the price of one, as the shelf says it: so it does not matter whether the same goods
        // stand in one line or in several.
        let off_one = line.price.percent(i64::from(promotion.basis_points))?;
        let off = line.base.minus(line_total(line.quantity, line.price.minus(off_one)?)?)?;
        if !off.is_zero() {
            let origin =
                DiscountOrigin::Promotion { id: promotion.id, name: promotion.name.clone() };
            line.discounts.push(LineDiscount { origin, amount: off });
        }
    }
    for discount in manual {
        let left = line.total();
        let amount = match &discount.origin {
            DiscountOrigin::Manual { basis_points: Some(share), .. } => {
                left.percent(i64::from(*share))?
            }
            _ => discount.amount.min(left),
        };
        line.discounts.push(LineDiscount { amount, ..discount });
    }
    Ok(line)
}

pub(super) fn sell_unknown(
    mut desk: Desk<'_>,
    goods: &UnknownGoods<'_>,
    quantity: Option<Quantity>,
) -> Result<Vec<Event>, Stop> {
    let group = desk
        .settings
        .groups
        .iter()
        .find(|g| g.id == goods.group)
        .ok_or_else(|| limits::out("group"))?
        .clone();
    let price = desk.own(goods.price)?;
    let quantity = quantity.unwrap_or(Quantity::ONE);
    if totals::rate_at(&desk.settings, group.tax, desk.local).is_none() {
        return Err(Refusal::NoRate.into());
    }
    let line = Line {
        line: LineNo(0),
        item: None,
        code: goods.code.clone(),
        name: goods.name.clone().unwrap_or(group.name),
        quantity,
        unit: if quantity.is_whole() { Unit::Piece } else { Unit::Kilogram },
        pack: None,
        price,
        list_price: None,
        reason: None,
        base: Money::ZERO,
        discounts: Vec::new(),
        tax: group.tax,
        tax_split: Vec::new(),
        rates: None,
        group: group.id,
        age: None,
        deposit_of: None,
        fixed: false,
        price_bound: false,
        hand_weighed: !quantity.is_whole(),
        stocked: false,
        labelled: false,
        unknown: true,
        returned_from: None,
        note: None,
    };
    let line = priced(&desk, line)?;
    desk.add_line(line)?;
    desk.done()
}

/// A line that people may change: goods sold now, not from a label, not a deposit, and not goods
/// taken back, whose right was measured by amount when they came.
fn changeable(line: &Line) -> Result<(), Refusal> {
    let taken_back =
        line.returned_from.is_some() || (line.quantity.is_negative() && line.reason.is_some());
    let fixed = line.deposit_of.is_some() || taken_back || line.labelled;
    if fixed { Err(Refusal::LineFixed { line: line.line }) } else { Ok(()) }
}

pub(super) fn change_quantity(
    desk: Desk<'_>,
    line: LineNo,
    quantity: Quantity,
) -> Result<Vec<Event>, Stop> {
    let old = desk.line(line)?;
    changeable(old)?;
    set_quantity(desk, line, quantity)
}

/// Sets how many (above nothing; the line's sign stays), and the deposit with it.
fn set_quantity(mut desk: Desk<'_>, no: LineNo, quantity: Quantity) -> Result<Vec<Event>, Stop> {
    limits::positive(quantity)?;
    let mut line = desk.line(no)?.clone();
    if line.unit == Unit::Piece && !quantity.is_whole() {
        return Err(Refusal::WholePieces.into());
    }
    let sign = |q: Quantity, like: Quantity| if like.is_negative() { q.negated() } else { q };
    line.quantity = sign(quantity, line.quantity);
    let line = priced(&desk, line)?;
    let units = line.units().abs();
    weigh_again(&mut desk, no, Some(&line))?;
    desk.change_line(line)?;
    for mut deposit in desk.followers(no) {
        deposit.quantity = sign(if units.is_whole() { units } else { quantity }, deposit.quantity);
        deposit.base = line_total(deposit.quantity, deposit.price)?;
        limits::amount("price", deposit.base.abs())?;
        desk.change_line(deposit)?;
    }
    desk.done()
}

/// A discount given as an amount weighs more when goods leave: it is held against the limit of the
/// right anew, so that nobody gives 10 off 100 and then takes 90 of the goods away.
fn weigh_again(desk: &mut Desk<'_>, no: LineNo, after: Option<&Line>) -> Result<(), Stop> {
    let basket = desk.basket()?;
    let old = basket.line(no).and_then(manual_share);
    let mut shares = vec![(old, after.and_then(manual_share))];
    if let Some(amount) = basket.discount.as_ref().and_then(|d| d.amount) {
        let share = |lines: &[Line]| -> Result<Option<u16>, Stop> {
            let base = totals::discountable(lines)?;
            Ok(base.is_positive().then(|| share_of(amount.min(base), base, None)))
        };
        let lines: Vec<Line> = basket
            .lines
            .iter()
            .filter_map(|l| if l.line == no { after.cloned() } else { Some(l.clone()) })
            .collect();
        shares.push((share(&basket.lines)?, share(&lines)?));
    }
    for (before, now) in shares {
        if let Some(now) = now.filter(|now| before.is_none_or(|before| *now > before)) {
            desk.measured(Permission::Discount, Measure::Percent(now))?;
        }
    }
    Ok(())
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
    if line.fixed || line.price_bound || line.returned_from.is_some() || line.deposit_of.is_some() {
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
fn share_of(amount: Money, from: Money, basis_points: Option<u16>) -> u16 {
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

pub(super) fn override_price(
    mut desk: Desk<'_>,
    no: LineNo,
    price: Amount,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    let price = desk.own(price)?;
    let mut line = desk.line(no)?.clone();
    changeable(&line)?;
    // A dearer refund would pay out more than the limit below the price can see.
    if line.quantity.is_negative() {
        return Err(Refusal::LineFixed { line: no }.into());
    }
    if line.price_bound {
        return Err(Refusal::NotDiscountable.into());
    }
    let list_price = line.list_price.unwrap_or(line.price);
    // A dearer price needs the right; a cheaper one is held against its limit.
    let below = list_price.minus(price)?;
    let share = if below.is_positive() { share_of(below, list_price, None) } else { 0 };
    desk.measured(Permission::OverridePrice, Measure::Percent(share))?;
    line.price = price;
    line.list_price = Some(list_price);
    line.reason = Some(reason.to_owned());
    let line = priced(&desk, line)?;
    weigh_again(&mut desk, no, Some(&line))?;
    desk.change_line(line)?;
    desk.done()
}

pub(super) fn void_line(mut desk: Desk<'_>, no: LineNo) -> Result<Vec<Event>, Stop> {
    let line = desk.line(no)?.clone();
    if line.deposit_of.is_some() {
        return Err(Refusal::LineFixed { line: no }.into());
    }
    let basket = desk.unpaid()?.id;
    weigh_again(&mut desk, no, None)?;
    for deposit in desk.followers(no) {
        desk.push(Event::LineVoided { basket, line: deposit.line, amount: deposit.total() });
    }
    desk.push(Event::LineVoided { basket, line: no, amount: line.total() });
    desk.done()
}

pub(super) fn note(
    mut desk: Desk<'_>,
    line: Option<LineNo>,
    text: &str,
) -> Result<Vec<Event>, Stop> {
    match line {
        Some(no) => {
            let mut line = desk.line(no)?.clone();
            line.note = (!text.is_empty()).then(|| text.to_owned());
            desk.change_line(line)?;
        }
        None => {
            let basket = desk.basket()?.id;
            desk.push(Event::BasketNoted { basket, text: text.to_owned() });
        }
    }
    desk.done()
}

pub(super) fn confirm_age(mut desk: Desk<'_>, age: u8) -> Result<Vec<Event>, Stop> {
    let basket = desk.basket()?.id;
    desk.push(Event::AgeChecked { basket, age });
    desk.done()
}
