//! Returns: from a receipt exactly what was paid, without one by right; copies.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use money::{Money, Quantity, line_total};

use super::desk::{Desk, Measure};
use super::limits;
use crate::amount::Amount;
use crate::basket::{Basket, DiscountOrigin, Line, LineDiscount, ReturnedFrom};
use crate::catalogue::Unit;
use crate::event::Event;
use crate::facts::Stop;
use crate::ids::{ItemId, LineNo, ReceiptRef, TaxKey};
use crate::line_tax::{returned_shares, shares_of_lines};
use crate::people::Permission;
use crate::receipt::IssuedReceipt;
use crate::refusal::Refusal;
use crate::settings::TaxPoint;
use crate::totals::{TaxRow, rate_at, returned_part};
use crate::voucher::LineVoucher;

/// A receipt that goods come back from, and what each of its lines carries of its tax.
struct Sold {
    issued: IssuedReceipt,
    shares: Vec<Vec<TaxRow>>,
}

impl Sold {
    fn look_up(desk: &Desk<'_>, receipt: ReceiptRef) -> Result<Sold, Stop> {
        let issued = desk.context.facts.receipt(receipt)?.ok_or(Refusal::UnknownReceipt)?;
        let rate = |line: &Line, key| {
            let rates = rates_of(desk, &issued, line);
            rates.iter().find(|(of, _)| *of == key).map(|(_, rate)| *rate).unwrap_or_default()
        };
        let gross = desk.settings.prices_include_tax;
        let shares = shares_of_lines(gross, &issued.receipt.lines, rate)?;
        Ok(Sold { issued, shares })
    }

    /// A line with its shares.
    fn line(&self, no: LineNo) -> Option<(&Line, &[TaxRow])> {
        let mut lines = self.issued.receipt.lines.iter().zip(&self.shares);
        lines.find(|(line, _)| line.line == no).map(|(line, shares)| (line, shares.as_slice()))
    }
}

fn find(desk: &Desk<'_>, receipt: ReceiptRef) -> Result<Sold, Stop> {
    if desk.till.training {
        return Err(Refusal::TrainingMix.into());
    }
    let sold = Sold::look_up(desk, receipt)?;
    if sold.issued.receipt.training { Err(Refusal::TrainingMix.into()) } else { Ok(sold) }
}

/// How much of a line was returned elsewhere: by finished receipts, and by other baskets whose money is
/// under way at a terminal or by transfer, or has moved already.
fn returned_elsewhere(desk: &Desk<'_>, from: ReturnedFrom) -> Result<Quantity, Stop> {
    let own = desk.basket().map(|b| b.id).ok();
    let state = desk.state();
    let moves = |b: &Basket| {
        !b.tenders.is_empty()
            || state.attempt_of(b.id).is_some()
            || state.transfer_of(b.id).is_some()
    };
    let paying = state
        .baskets
        .values()
        .filter(|b| Some(b.id) != own && b.training == desk.till.training && moves(b));
    let mut sum = desk.context.facts.returned(from.receipt, from.line)?;
    for l in paying.flat_map(|b| &b.lines).filter(|l| l.returned_from == Some(from)) {
        sum = sum.plus(l.quantity.abs())?;
    }
    Ok(sum)
}

/// How much of a line was returned: elsewhere, and by the basket at hand.
fn returned_so_far(desk: &Desk<'_>, receipt: ReceiptRef, line: LineNo) -> Result<Quantity, Stop> {
    let from = ReturnedFrom { receipt, line };
    let here = desk.basket().map(|b| b.lines.as_slice()).unwrap_or_default();
    let mut sum = returned_elsewhere(desk, from)?;
    for l in here.iter().filter(|l| l.returned_from == Some(from)) {
        sum = sum.plus(l.quantity.abs())?;
    }
    Ok(sum)
}

pub(super) fn return_line(
    mut desk: Desk<'_>,
    receipt: ReceiptRef,
    no: LineNo,
    quantity: Option<Quantity>,
) -> Result<Vec<Event>, Stop> {
    let from = find(&desk, receipt)?;
    check_voucher(&from, no)?;
    add_return(&mut desk, &from, receipt, no, quantity)?;
    super::refunds::note_sources(&mut desk)?;
    check_limit(&mut desk)?;
    desk.done()
}

pub(super) fn return_receipt(mut desk: Desk<'_>, receipt: ReceiptRef) -> Result<Vec<Event>, Stop> {
    let from = find(&desk, receipt)?;
    let mut any = false;
    for line in &from.issued.receipt.lines {
        if redeemed(line) && returned_so_far(&desk, receipt, line.line)?.is_zero() {
            add_credit(&mut desk, &from, receipt, line)?;
            continue;
        }
        if !returnable(line) {
            continue;
        }
        let left = line.quantity.minus(returned_so_far(&desk, receipt, line.line)?)?;
        if left > Quantity::ZERO {
            add_return(&mut desk, &from, receipt, line.line, None)?;
            any = true;
        }
    }
    if !any {
        return Err(Refusal::NothingLeftToReturn { left: 0 }.into());
    }
    super::refunds::note_sources(&mut desk)?;
    check_limit(&mut desk)?;
    desk.done()
}

/// A line by which a single-purpose voucher was redeemed.
fn redeemed(line: &Line) -> bool {
    matches!(line.voucher, Some(LineVoucher::Redeem { .. })) && line.returned_from.is_none()
}

/// Goods that a single-purpose voucher took off come back with the whole receipt: only so does the
/// voucher get back exactly what it took off, and the tax office sees nothing of it.
fn check_voucher(from: &Sold, no: LineNo) -> Result<(), Refusal> {
    let Some((line, _)) = from.line(no) else { return Ok(()) };
    let has = |key: TaxKey| line.tax == key || line.tax_split.iter().any(|s| s.key == key);
    let taken_off = from.issued.receipt.lines.iter().any(|l| redeemed(l) && has(l.tax));
    if taken_off { Err(Refusal::VoucherWholeReceipt) } else { Ok(()) }
}

/// Gives a single-purpose voucher back what it took off: the line of then with the opposite sign.
fn add_credit(
    desk: &mut Desk<'_>,
    from: &Sold,
    receipt: ReceiptRef,
    sold: &Line,
) -> Result<(), Stop> {
    let shares = from.line(sold.line).map(|(_, shares)| shares).unwrap_or_default();
    let mut taxed = Vec::with_capacity(shares.len());
    for row in shares {
        let nothing = TaxRow { key: row.key, rate: row.rate, ..TaxRow::default() };
        taxed.push(nothing.minus(row)?);
    }
    desk.add_line(Line {
        line: LineNo(0),
        quantity: sold.quantity.negated(),
        base: sold.base.negated(),
        rates: Some(rates_of(desk, &from.issued, sold)),
        taxed,
        returned_from: Some(ReturnedFrom { receipt, line: sold.line }),
        ..sold.clone()
    })?;
    Ok(())
}

/// Goods that were sold: not empties, nothing that came back, no deposit, which follows its goods.
fn returnable(line: &Line) -> bool {
    // What was given to people stays with them.
    !line.quantity.is_negative() && line.deposit_of.is_none() && line.tip.is_none()
}

/// Adds what is returned of a line, and as much of its deposit.
fn add_return(
    desk: &mut Desk<'_>,
    from: &Sold,
    receipt: ReceiptRef,
    no: LineNo,
    quantity: Option<Quantity>,
) -> Result<(), Stop> {
    let (sold, _) =
        from.line(no).filter(|(l, _)| returnable(l)).ok_or(Refusal::UnknownLine { line: no })?;
    let before = returned_so_far(desk, receipt, no)?;
    let left = sold.quantity.minus(before)?;
    let quantity = quantity.unwrap_or(left);
    if quantity > left || quantity <= Quantity::ZERO {
        return Err(Refusal::NothingLeftToReturn { left: left.thousandths().max(0) }.into());
    }
    let pieces = sold.unit == Unit::Piece && sold.quantity.is_whole();
    if pieces && !quantity.is_whole() {
        return Err(Refusal::WholePieces.into());
    }
    let takes_all = quantity == left;
    let line = return_of(desk, from, sold, receipt, (before, quantity))?;
    super::vouchers::still_there(desk, &line)?;
    let number = desk.add_line(line)?;
    for deposit in from.issued.receipt.lines.iter().filter(|l| l.deposit_of == Some(no)) {
        let before = returned_so_far(desk, receipt, deposit.line)?;
        let left = deposit.quantity.minus(before)?;
        // The deposit goes back in step with its goods; the last return takes all that is left.
        let share = if takes_all {
            left
        } else {
            money::round_half_away(
                i128::from(deposit.quantity.thousandths())
                    .saturating_mul(i128::from(quantity.thousandths())),
                i128::from(sold.quantity.thousandths()),
            )
            .map(Quantity::new)?
            .min(left)
        };
        if share <= Quantity::ZERO {
            continue;
        }
        let back = return_of(desk, from, deposit, receipt, (before, share))?;
        desk.add_line(Line { deposit_of: Some(number), ..back })?;
    }
    Ok(())
}

/// The rates that the line was taxed at when it was sold.
fn rates_of(desk: &Desk<'_>, issued: &IssuedReceipt, sold: &Line) -> Vec<(TaxKey, money::Rate)> {
    if let Some(rates) = &sold.rates {
        return rates.clone();
    }
    let keys: Vec<TaxKey> = if sold.tax_split.is_empty() {
        vec![sold.tax]
    } else {
        sold.tax_split.iter().map(|s| s.key).collect()
    };
    let moment = match desk.settings.tax_point {
        TaxPoint::Payment => issued.at,
        TaxPoint::Opening => issued.receipt.opened,
    };
    let local = desk.state().local(moment);
    keys.into_iter()
        .filter_map(|key| {
            // A key stands twice in a receipt that also returns goods of another rate: what was
            // sold with it stands at the rate of its moment.
            let mut rows = issued.receipt.tax.iter().filter(|row| row.key == key.0);
            let first = rows.next()?;
            let rate = match rate_at(&desk.settings, key, local) {
                Some(rate) if rows.any(|row| row.rate == rate) => rate,
                _ => first.rate,
            };
            Some((key, rate))
        })
        .collect()
}

/// What a part of a sold line gives back.
struct GivenBack {
    base: Money,
    discounts: Vec<LineDiscount>,
    taxed: Vec<TaxRow>,
}

/// What `quantity` of `sold` gives back after `before` of it: base, discounts and tax of the line.
fn given_back(
    desk: &Desk<'_>,
    from: &Sold,
    sold: LineNo,
    (before, quantity): (Quantity, Quantity),
) -> Result<GivenBack, Stop> {
    let (sold, shares) = from.line(sold).ok_or(Refusal::UnknownLine { line: sold })?;
    let (base, off) = returned_part(sold, before, quantity)?;
    let discounts = if off.is_zero() {
        Vec::new()
    } else {
        vec![LineDiscount { origin: DiscountOrigin::Returned, amount: off.negated() }]
    };
    let gross = desk.settings.prices_include_tax;
    let taxed = returned_shares(gross, sold, shares, before, quantity)?;
    Ok(GivenBack { base: base.negated(), discounts, taxed })
}

/// The line that gives a part of `sold` back: so much, after so much.
fn return_of(
    desk: &Desk<'_>,
    from: &Sold,
    sold: &Line,
    receipt: ReceiptRef,
    (before, quantity): (Quantity, Quantity),
) -> Result<Line, Stop> {
    let back = given_back(desk, from, sold.line, (before, quantity))?;
    Ok(Line {
        quantity: quantity.negated(),
        base: back.base,
        discounts: back.discounts,
        rates: Some(rates_of(desk, &from.issued, sold)),
        taxed: back.taxed,
        fixed: true,
        age: None,
        unknown: false,
        // What comes back is not weighed again.
        weighing: None,
        returned_from: Some(ReturnedFrom { receipt, line: sold.line }),
        note: None,
        mark: None,
        ..sold.clone()
    })
}

/// Returned goods of the basket against the limit of the right.
fn check_limit(desk: &mut Desk<'_>) -> Result<(), Stop> {
    let lines = desk.basket()?.lines.clone();
    let back = Money::sum(lines.iter().filter(|l| l.returned_from.is_some()).map(Line::total))?;
    desk.measured(Permission::ReturnWithReceipt, Measure::Amount(back))?;
    Ok(())
}

/// A line that gives a single-purpose voucher back what it took off; it goes with its goods.
fn credits(line: &Line) -> bool {
    line.returned_from.is_some() && !line.quantity.is_negative()
}

/// Before paying: nothing may have been returned elsewhere meanwhile.
pub(super) fn check_left(desk: &Desk<'_>, basket: &Basket) -> Result<(), Stop> {
    for line in &basket.lines {
        let Some(from) = line.returned_from.filter(|_| !credits(line)) else { continue };
        let issued = desk.context.facts.receipt(from.receipt)?.ok_or(Refusal::UnknownReceipt)?;
        let sold = issued
            .receipt
            .lines
            .iter()
            .find(|l| l.line == from.line)
            .ok_or(Refusal::UnknownLine { line: from.line })?;
        let left = sold.quantity.minus(returned_so_far(desk, from.receipt, from.line)?)?;
        if left.is_negative() {
            let left = sold.quantity.minus(returned_elsewhere(desk, from)?)?;
            return Err(Refusal::NothingLeftToReturn { left: left.thousandths().max(0) }.into());
        }
    }
    Ok(())
}

/// The returned lines whose amounts change because earlier parts came or went: another till returned
/// some meanwhile, or an earlier line of the basket was voided. Only so do the parts of all returns
/// sum to what was paid.
///
/// `lines` are the lines of the basket as they will stand, in their order.
pub(super) fn moved_amounts(desk: &Desk<'_>, lines: &[Line]) -> Result<Vec<Line>, Stop> {
    let mut moved = Vec::new();
    let mut receipts: BTreeMap<ReceiptRef, Sold> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(from) = line.returned_from.filter(|_| !credits(line)) else { continue };
        let mut before = returned_elsewhere(desk, from)?;
        for earlier in lines.iter().take(index).filter(|l| l.returned_from == Some(from)) {
            before = before.plus(earlier.quantity.abs())?;
        }
        let sold = match receipts.entry(from.receipt) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Sold::look_up(desk, from.receipt)?),
        };
        let back = given_back(desk, sold, from.line, (before, line.quantity.abs()))?;
        let stands = (&line.base, &line.discounts, &line.taxed);
        if stands != (&back.base, &back.discounts, &back.taxed) {
            let GivenBack { base, discounts, taxed } = back;
            moved.push(Line { base, discounts, taxed, ..line.clone() });
        }
    }
    Ok(moved)
}

/// Goods taken back without a receipt.
fn without_proof(line: &Line) -> bool {
    line.quantity.is_negative() && line.returned_from.is_none() && line.reason.is_some()
}

pub(super) fn without_receipt(
    mut desk: Desk<'_>,
    item: ItemId,
    quantity: Option<Quantity>,
    price: Option<Amount>,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    let item = desk.context.facts.item(item)?.ok_or(Refusal::UnknownItem)?;
    let draft = &item.draft;
    let quantity = match (quantity, draft.weighed) {
        (Some(quantity), _) => quantity,
        (None, true) => {
            return Err(Refusal::WeightNeeded { item: item.id, name: draft.name.clone() }.into());
        }
        (None, false) => Quantity::ONE,
    };
    if draft.unit == Unit::Piece && !quantity.is_whole() {
        return Err(Refusal::WholePieces.into());
    }
    // Less today's promotion: whoever buys at the shelf's price must not bring it back at a higher one.
    let today = super::sell::shelf_price(&desk, &item)?;
    let asked = price.map(|p| desk.own(p)).transpose()?;
    let price = match (asked, today) {
        (Some(asked), Some(today)) if asked > today => return Err(limits::out("price").into()),
        (Some(asked), _) => asked,
        (None, Some(today)) => today,
        (None, None) => {
            return Err(Refusal::PriceNeeded { item: item.id, name: draft.name.clone() }.into());
        }
    };
    let base = line_total(quantity.negated(), price)?;
    limits::amount("price", base.abs())?;
    // The limit holds for the basket, not for each line: many small returns are one large one.
    let others = desk.basket().map(|b| b.lines.as_slice()).unwrap_or_default();
    let before = Money::sum(others.iter().filter(|l| without_proof(l)).map(Line::total))?;
    let back = before.plus(base)?;
    desk.measured(Permission::ReturnWithoutReceipt, Measure::Amount(back))?;
    let line = Line {
        line: LineNo(0),
        item: Some(item.id),
        code: None,
        name: draft.name.clone(),
        quantity: quantity.negated(),
        unit: draft.unit,
        pack: None,
        price,
        list_price: None,
        reason: Some(reason.to_owned()),
        base,
        discounts: Vec::new(),
        tax: draft.tax,
        tax_split: draft.tax_split.clone(),
        rates: None,
        taxed: Vec::new(),
        group: draft.group,
        agency: super::agencies::of_group(&desk.settings, draft.group),
        age: None,
        deposit_of: None,
        fixed: true,
        price_bound: draft.price_bound,
        hand_weighed: draft.weighed,
        stocked: draft.stocked,
        labelled: false,
        unknown: false,
        slip: None,
        weighing: None,
        voucher: None,
        tip: None,
        account: None,
        returned_from: None,
        note: None,
        mark: None,
    };
    desk.add_line(line)?;
    desk.done()
}

pub(super) fn reprint(
    mut desk: Desk<'_>,
    receipt: ReceiptRef,
    hospitality: bool,
) -> Result<Vec<Event>, Stop> {
    desk.context.facts.receipt(receipt)?.ok_or(Refusal::UnknownReceipt)?;
    if hospitality && !desk.settings.country.profile().hospitality {
        return Err(Refusal::NotInCountry.into());
    }
    let copy = desk.context.facts.copies(receipt)?.saturating_add(1);
    desk.push(Event::ReceiptCopied(crate::receipt::ReceiptCopied { receipt, copy, hospitality }));
    desk.done()
}
