//! Lines: adding, changing, voiding.

use money::{Money, Quantity, line_total};

use super::desk::{Desk, Measure};
use super::discounts::{share_of, weigh_again};
use super::limits;
use crate::amount::Amount;
use crate::basket::{DiscountOrigin, Line, LineDiscount};
use crate::catalogue::{Code, Item, Unit};
use crate::event::Event;
use crate::facts::Stop;
use crate::goods::{CodeRead, PackMark};
use crate::ids::{GroupId, ItemId, LineNo, PriceListId};
use crate::people::Permission;
use crate::refusal::Refusal;
use crate::settings::Promotion;
use crate::totals;
use crate::voucher::LineVoucher;
use crate::weighing::LineWeighing;

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
    /// How much there is in the one piece that a price label is of.
    pub(super) in_piece: Option<Quantity>,
    /// The weight came from a label, not by hand.
    pub(super) weighed_by_label: bool,
    /// The label pays out (a deposit slip).
    pub(super) refund: bool,
    /// The number that makes the slip unique.
    pub(super) slip: Option<String>,
    /// What the code says of the very pack, and the trade item that was read.
    pub(super) mark: Option<Box<PackMark>>,
    pub(super) read: Option<Box<CodeRead>>,
    /// The price of a kilogram that a scale weighed at, and the weighing.
    pub(super) weighed_at: Option<Money>,
    pub(super) weighing: Option<Box<LineWeighing>>,
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
    if let Some(number) = &chosen.slip {
        not_redeemed(&desk, number)?;
    }
    let line = item_line(&desk, item, &chosen)?;
    desk.open_basket()?;
    desk.read.clone_from(&chosen.read);
    if let Some(merged) = merged_with_last(&desk, &line)? {
        return set_quantity(desk, merged.line, merged.quantity);
    }
    let line = priced(&desk, line)?;
    measure_payout(&mut desk, None, &line)?;
    let number = desk.add_line(line.clone())?;
    if let Some(deposit) = item.draft.deposit
        && let Some(deposit) = desk.context.facts.item(deposit)?
        && let Some(follows) = deposit_line(&desk, &deposit, &line, (number, item.draft.weighed))?
    {
        desk.add_line(follows)?;
    }
    desk.done()
}

/// A deposit slip is paid out once: not on a receipt yet, and in no basket that is open or parked.
fn not_redeemed(desk: &Desk<'_>, number: &str) -> Result<(), Stop> {
    if let Some(receipt) = desk.context.facts.slip(number)? {
        return Err(Refusal::SlipRedeemed { receipt: Some(receipt) }.into());
    }
    // What is trained with pays out nothing.
    let baskets = desk.state().baskets.values().filter(|b| b.training == desk.till.training);
    let pays_it = |l: &Line| l.slip.as_deref() == Some(number);
    if baskets.flat_map(|b| &b.lines).any(pays_it) {
        return Err(Refusal::SlipRedeemed { receipt: None }.into());
    }
    Ok(())
}

/// What the basket pays out for empties and deposit slips against the limit of the right, when
/// `line` makes it more; `instead` is the line that it replaces.
fn measure_payout(desk: &mut Desk<'_>, instead: Option<LineNo>, line: &Line) -> Result<(), Stop> {
    let lines = &desk.basket()?.lines;
    let before = Money::sum(lines.iter().filter(|l| l.pays_out()).map(Line::total))?;
    let others = lines.iter().filter(|l| Some(l.line) != instead);
    let after = Money::sum(others.chain([line]).filter(|l| l.pays_out()).map(Line::total))?;
    if after < before {
        desk.measured(Permission::PayOutDeposit, Measure::Amount(after))?;
    }
    Ok(())
}

/// The line of an item, without promotion. What is out of sale is sold too: it stands before the
/// customer with a price, so the till takes the money for it.
fn item_line(desk: &Desk<'_>, item: &Item, chosen: &Chosen) -> Result<Line, Stop> {
    let draft = &item.draft;
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
    let base = base_of(quantity, price, chosen.weighing.as_deref())?;
    limits::amount("price", base.abs())?;
    if totals::rate_at(&desk.settings, draft.tax, desk.local).is_none() {
        return Err(Refusal::NoRate.into());
    }
    // A price label on weighed goods does not say the weight: it is what the price comes to.
    let by_price_label = draft.weighed && chosen.labelled.is_some();
    let in_one = if by_price_label {
        chosen.in_piece.or_else(|| weight_of(desk, item, price))
    } else {
        pack.map(|p| p.quantity).filter(|q| *q != Quantity::ONE)
    };
    Ok(Line {
        line: LineNo(0),
        item: Some(item.id),
        code: chosen.code.clone(),
        name: draft.name.clone(),
        quantity,
        // A pack is counted in pieces; a label's price is for one piece of goods.
        unit: if counted { Unit::Piece } else { draft.unit },
        pack: in_one,
        price,
        list_price: None,
        reason: None,
        base,
        discounts: Vec::new(),
        tax: draft.tax,
        tax_split: draft.tax_split.clone(),
        rates: None,
        taxed: Vec::new(),
        group: draft.group,
        agency: super::agencies::of_group(&desk.settings, draft.group),
        age: draft.age,
        deposit_of: None,
        fixed: refund || !draft.discountable,
        price_bound: draft.price_bound,
        hand_weighed: draft.weighed
            && !chosen.weighed_by_label
            && chosen.labelled.is_none()
            && chosen.weighing.is_none(),
        stocked: draft.stocked && !refund && (!by_price_label || in_one.is_some()),
        labelled: chosen.labelled.is_some() || chosen.weighed_by_label,
        unknown: false,
        slip: chosen.slip.clone(),
        weighing: chosen.weighing.clone(),
        voucher: None,
        tip: None,
        account: None,
        returned_from: None,
        note: None,
        mark: chosen.mark.clone(),
    })
}

/// What a quantity comes to: in the scale's own words where it has computed the price, and that is never computed again.
fn base_of(
    quantity: Quantity,
    price: Money,
    weighing: Option<&LineWeighing>,
) -> Result<Money, Stop> {
    match weighing.and_then(|weighing| weighing.price) {
        Some(said) => Ok(said),
        None => Ok(line_total(quantity, price)?),
    }
}

/// The price of one unit of goods that are to be weighed.
pub(super) fn price_of(desk: &Desk<'_>, item: &Item, chosen: &Chosen) -> Result<Money, Stop> {
    unit_price(desk, item, chosen, None)
}

/// The price of one unit at this till now.
fn price_now(desk: &Desk<'_>, item: &Item) -> Option<Money> {
    let list = desk.state().till_settings(desk.till.id).map_or(PriceListId(0), |t| t.price_list);
    item.draft.price_at(list, desk.local)
}

/// How much of weighed goods a price label stands for: its price by the price of one unit, to the
/// thousandth; none without a price or for nothing.
fn weight_of(desk: &Desk<'_>, item: &Item, label: Money) -> Option<Quantity> {
    let one = price_now(desk, item).filter(|price| price.is_positive())?;
    let thousandths = i128::from(label.minor()).checked_mul(1_000)?;
    let weight = money::round_half_away(thousandths, i128::from(one.minor())).ok()?;
    (1..=limits::MAX_QUANTITY).contains(&weight).then(|| Quantity::new(weight))
}

fn unit_price(
    desk: &Desk<'_>,
    item: &Item,
    chosen: &Chosen,
    pack: Option<&Code>,
) -> Result<Money, Stop> {
    let draft = &item.draft;
    if let Some(fixed) = chosen.labelled.or(chosen.weighed_at) {
        return Ok(fixed);
    }
    let typed = || -> Result<Money, Stop> {
        let needed = || Refusal::PriceNeeded { item: item.id, name: draft.name.clone() };
        Ok(chosen.price.ok_or_else(needed)?)
    };
    if draft.open_price {
        return typed();
    }
    if let Some(price) = pack.and_then(|p| p.price) {
        return Ok(price);
    }
    // Goods without a price today are sold at the one that is typed in.
    let Some(price) = price_now(desk, item) else { return typed() };
    match pack {
        Some(pack) => Ok(line_total(pack.quantity, price)?),
        None => Ok(price),
    }
}

/// The deposit that follows a line: as many as the goods have units, taxed as they are (it is part
/// of what they cost). None when the deposit has no price today: it never stops its goods.
fn deposit_line(
    desk: &Desk<'_>,
    deposit: &Item,
    goods: &Line,
    (of, weighed): (LineNo, bool),
) -> Result<Option<Line>, Stop> {
    // The weight behind a price label is no number of bottles.
    let units = if weighed && goods.labelled { goods.quantity } else { goods.units() };
    let whole = if units.is_whole() { units } else { goods.quantity };
    let chosen = Chosen { quantity: Some(whole.abs()), ..Chosen::default() };
    let mut deposit = deposit.clone();
    deposit.draft.tax = goods.tax;
    deposit.draft.tax_split.clone_from(&goods.tax_split);
    match item_line(desk, &deposit, &chosen) {
        Ok(line) => Ok(Some(Line { deposit_of: Some(of), fixed: true, age: None, ..line })),
        Err(Stop::Refused(Refusal::PriceNeeded { .. })) => Ok(None),
        Err(stop) => Err(stop),
    }
}

/// The last goods of the basket, when the new line is one more of the same.
fn merged_with_last(desk: &Desk<'_>, line: &Line) -> Result<Option<Line>, Stop> {
    let Some(last) = desk.basket()?.lines.iter().rev().find(|l| l.deposit_of.is_none()) else {
        return Ok(None);
    };
    let plain = |l: &Line| {
        !l.labelled
            && !l.hand_weighed
            && l.weighing.is_none()
            && !l.unknown
            && l.list_price.is_none()
            && l.note.is_none()
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
        && last.mark == line.mark
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

/// What one unit costs at this till now, today's promotion taken off: what the shelf says. None for
/// goods without a price today.
pub(super) fn shelf_price(desk: &Desk<'_>, item: &Item) -> Result<Option<Money>, Stop> {
    let draft = &item.draft;
    let Some(price) = price_now(desk, item) else { return Ok(None) };
    let takes = draft.discountable && !draft.refund && !draft.price_bound;
    match best_promotion(desk, draft.group).filter(|_| takes) {
        Some(promotion) => Ok(Some(price.minus(off_one(promotion, price)?)?)),
        None => Ok(Some(price)),
    }
}

/// What a promotion takes off the price of one.
fn off_one(promotion: &Promotion, price: Money) -> Result<Money, Stop> {
    Ok(price.percent(i64::from(promotion.basis_points))?)
}

/// The promotion that takes most off, ties to the lower id.
fn best_promotion<'s>(desk: &'s Desk<'_>, group: GroupId) -> Option<&'s Promotion> {
    desk.settings
        .promotions
        .iter()
        .filter(|p| p.group.is_none_or(|g| g == group))
        .filter(|p| p.from.is_none_or(|from| from <= desk.local))
        .filter(|p| p.until.is_none_or(|until| desk.local < until))
        .max_by_key(|p| (p.basis_points, std::cmp::Reverse(p.id)))
}

/// Computes a line anew from quantity and price: base, promotion, discounts by hand.
fn priced(desk: &Desk<'_>, mut line: Line) -> Result<Line, Stop> {
    line.base = base_of(line.quantity, line.price, line.weighing.as_deref())?;
    limits::amount("price", line.base.abs())?;
    let manual: Vec<LineDiscount> = line
        .discounts
        .drain(..)
        .filter(|d| !matches!(d.origin, DiscountOrigin::Promotion { .. }))
        .collect();
    let takes = !line.fixed && !line.price_bound;
    if takes
        && line.base.is_positive()
        && line.list_price.is_none()
        && let Some(promotion) = best_promotion(desk, line.group)
    {
        // Off the price of one, as the shelf says it: so it does not matter whether the same goods
        // stand in one line or in several.
        let one = line.price.minus(off_one(promotion, line.price)?)?;
        let off = line.base.minus(line_total(line.quantity, one)?)?;
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

/// The item behind a code after all, as a scan finds it; none for a code that leads nowhere.
fn known_after_all(desk: &Desk<'_>, code: Option<&String>) -> Result<Option<(Item, Chosen)>, Stop> {
    let Some(code) = code else { return Ok(None) };
    match super::scan::find(desk, code) {
        // What cannot be read is sold under its group: that is what the command is for.
        Err(Stop::Refused(Refusal::CheckDigit { .. } | Refusal::NoCode)) => Ok(None),
        found => found,
    }
}

/// Sells goods under a group. A code that is in the catalogue sells its item, at its own price:
/// nobody gets around price, age and tax by calling it unknown.
pub(super) fn sell_unknown(
    mut desk: Desk<'_>,
    goods: &UnknownGoods<'_>,
    quantity: Option<Quantity>,
) -> Result<Vec<Event>, Stop> {
    if let Some((item, found)) = known_after_all(&desk, goods.code.as_ref())? {
        let price = Some(desk.own(goods.price)?);
        let quantity = found.quantity.or(quantity);
        return sell_item(desk, &item, Chosen { quantity, price, ..found });
    }
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
        taxed: Vec::new(),
        group: group.id,
        agency: group.agency,
        age: None,
        deposit_of: None,
        fixed: false,
        price_bound: false,
        hand_weighed: !quantity.is_whole(),
        stocked: false,
        labelled: false,
        unknown: true,
        slip: None,
        weighing: None,
        voucher: None,
        tip: None,
        account: None,
        returned_from: None,
        note: None,
        mark: None,
    };
    let line = priced(&desk, line)?;
    desk.add_line(line)?;
    desk.done()
}

/// A line that people may change: goods sold now, not from a label or a scale, not a deposit, and not goods
/// taken back, whose right was measured by amount when they came.
fn changeable(line: &Line) -> Result<(), Refusal> {
    let taken_back =
        line.returned_from.is_some() || (line.quantity.is_negative() && line.reason.is_some());
    let fixed = line.deposit_of.is_some()
        || taken_back
        || line.labelled
        || line.weighing.is_some()
        || line.voucher.is_some()
        || line.tip.is_some()
        || line.account.is_some();
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
    measure_payout(&mut desk, Some(no), &line)?;
    desk.change_line(line)?;
    for mut deposit in desk.followers(no) {
        deposit.quantity = sign(if units.is_whole() { units } else { quantity }, deposit.quantity);
        deposit.base = line_total(deposit.quantity, deposit.price)?;
        limits::amount("price", deposit.base.abs())?;
        desk.change_line(deposit)?;
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

/// Takes one piece out again that must not be sold, or the whole of weighed goods.
pub(super) fn take_out(desk: Desk<'_>, no: LineNo) -> Result<Vec<Event>, Stop> {
    let line = desk.line(no)?;
    if line.quantity.is_whole() && line.quantity > Quantity::ONE {
        let left = line.quantity.minus(Quantity::ONE)?;
        return set_quantity(desk, no, left);
    }
    void_line(desk, no)
}

/// The line of a single-purpose voucher that is redeemed, or given back to.
fn redeems(line: &Line) -> bool {
    matches!(line.voucher, Some(LineVoucher::Redeem { .. }))
}

pub(super) fn void_line(mut desk: Desk<'_>, no: LineNo) -> Result<Vec<Event>, Stop> {
    let line = desk.line(no)?.clone();
    if line.deposit_of.is_some() {
        return Err(Refusal::LineFixed { line: no }.into());
    }
    // Goods that a voucher had paid go back whole, or not at all.
    let gives_back = |l: &Line| l.returned_from.is_some() && redeems(l);
    if line.returned_from.is_some() && desk.unpaid()?.lines.iter().any(gives_back) {
        return Err(Refusal::LineFixed { line: no }.into());
    }
    let basket = desk.unpaid()?.id;
    weigh_again(&mut desk, no, None)?;
    for deposit in desk.followers(no) {
        desk.push(Event::LineVoided { basket, line: deposit.line, amount: deposit.total() });
    }
    desk.push(Event::LineVoided { basket, line: no, amount: line.total() });
    if line.returned_from.is_some() {
        let stays = |l: &&Line| l.line != no && l.deposit_of != Some(no);
        let left: Vec<Line> = desk.basket()?.lines.iter().filter(stays).cloned().collect();
        for moved in super::returns::moved_amounts(&desk, &left)? {
            desk.change_line(moved)?;
        }
    }
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
