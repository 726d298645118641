//! Vouchers: sold, topped up, taken as payment, given back to, blocked.
//!
//! What open baskets take off a voucher is held for them; the ledger is written with the receipt, in the
//! same command. So undoing a tender or aborting a basket leaves nothing behind, and nothing is ever
//! spent twice: one thread decides, on what the ledger says less what is held.

use jiff::civil::Date;
use money::{Money, Quantity, Rate};

use super::desk::{Desk, fault};
use super::pay::{basket_totals, finish, ready_to_pay};
use super::{Context, limits};
use crate::amount::Amount;
use crate::basket::{Basket, Line, Tender, TenderKind};
use crate::catalogue::Unit;
use crate::event::{Event, VoucherCredited, VoucherRedeemed, VoucherSold};
use crate::facts::Stop;
use crate::ids::{GroupId, LineNo, ReceiptNo, ReceiptRef, TaxKey, VoucherId};
use crate::people::Permission;
use crate::receipt::Receipt;
use crate::refund::{self, RefundOf};
use crate::refusal::Refusal;
use crate::settings::Language;
use crate::totals::{rate_at, tax_parts, totals};
use crate::voucher::{
    CodeFault, LineVoucher, NOT_TAXABLE, TenderVoucher, Voucher, VoucherCode, VoucherKind, held,
    last_day, moves,
};

/// The voucher of the code that the command names.
fn find(desk: &Desk<'_>, code: &str) -> Result<Voucher, Stop> {
    match VoucherCode::parse(code) {
        Err(CodeFault::NoCode) => return Err(Refusal::NoCode.into()),
        Err(CodeFault::Typo) => return Err(Refusal::VoucherTypo.into()),
        Ok(_) => {}
    }
    let hash = desk.context.voucher.ok_or_else(|| fault("the code was not hashed"))?;
    Ok(desk.context.facts.voucher_of(&hash)?.ok_or(Refusal::UnknownVoucher)?)
}

/// It may be used today: not blocked, and not expired unless that is allowed by right.
fn usable(desk: &mut Desk<'_>, voucher: &Voucher, despite_expiry: bool) -> Result<(), Stop> {
    if voucher.blocked {
        return Err(Refusal::VoucherBlocked { voucher: voucher.id }.into());
    }
    if desk.local.date() > voucher.expires {
        if !despite_expiry {
            return Err(Refusal::VoucherExpired { on: voucher.expires }.into());
        }
        desk.right(Permission::ManageVouchers)?;
    }
    Ok(())
}

/// What is left on a voucher besides what open baskets hold.
fn available(desk: &Desk<'_>, voucher: &Voucher) -> Result<Money, Stop> {
    let here = desk.basket().ok();
    let others = desk.state().baskets.values().filter(|b| Some(b.id) != here.map(|h| h.id));
    Ok(voucher.balance.minus(held(others.chain(here), voucher.id))?)
}

/// A line of a voucher; its amount stands as the price of one.
fn line(
    desk: &Desk<'_>,
    (name, of): (String, LineVoucher),
    tax: TaxKey,
    amount: Money,
) -> Result<Line, Stop> {
    if tax != NOT_TAXABLE && rate_at(&desk.settings, tax, desk.local).is_none() {
        return Err(Refusal::NoRate.into());
    }
    let quantity = if amount.is_negative() { Quantity::ONE.negated() } else { Quantity::ONE };
    Ok(Line {
        line: LineNo(0),
        item: None,
        code: None,
        name,
        quantity,
        unit: Unit::Piece,
        pack: None,
        price: amount.abs(),
        list_price: None,
        reason: None,
        base: amount,
        discounts: Vec::new(),
        tax,
        tax_split: Vec::new(),
        // What is not taxable has no rate that could change.
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
        voucher: Some(of),
        tip: None,
        account: None,
        returned_from: None,
        note: None,
        mark: None,
    })
}

/// A voucher as a line says it.
fn name(desk: &Desk<'_>, voucher: Option<(VoucherId, &str)>) -> String {
    let word = match desk.settings.language {
        Language::De => "Gutschein",
        Language::En => "Voucher",
    };
    match voucher {
        None => word.to_owned(),
        Some((id, last4)) => format!("{word} {id} (…{last4})"),
    }
}

fn positive(desk: &Desk<'_>, amount: Amount) -> Result<Money, Refusal> {
    let amount = desk.own(amount)?;
    limits::amount("amount", amount)?;
    if amount.is_positive() { Ok(amount) } else { Err(limits::out("amount")) }
}

pub(super) fn sell(
    mut desk: Desk<'_>,
    amount: Amount,
    of: VoucherKind,
) -> Result<Vec<Event>, Stop> {
    let amount = positive(&desk, amount)?;
    if of.tax() == NOT_TAXABLE && of != VoucherKind::MultiPurpose {
        return Err(limits::out("tax").into());
    }
    let sale = LineVoucher::Sale { of, voucher: None };
    let line = line(&desk, (name(&desk, None), sale), of.tax(), amount)?;
    desk.add_line(line)?;
    desk.done()
}

pub(super) fn top_up(mut desk: Desk<'_>, code: &str, amount: Amount) -> Result<Vec<Event>, Stop> {
    let amount = positive(&desk, amount)?;
    let voucher = find(&desk, code)?;
    usable(&mut desk, &voucher, false)?;
    let of = LineVoucher::TopUp { voucher: voucher.id };
    let name = name(&desk, Some((voucher.id, &voucher.last4)));
    let line = line(&desk, (name, of), voucher.kind.tax(), amount)?;
    desk.add_line(line)?;
    desk.done()
}

/// Pays with a voucher: all that is due, or all that is left on it, or the amount asked for.
pub(super) fn pay(
    mut desk: Desk<'_>,
    code: &str,
    asked: Option<Amount>,
    despite_expiry: bool,
) -> Result<Vec<Event>, Stop> {
    let asked = asked.map(|a| positive(&desk, a)).transpose()?;
    let voucher = find(&desk, code)?;
    usable(&mut desk, &voucher, despite_expiry)?;
    let left = available(&desk, &voucher)?;
    if !left.is_positive() {
        let used_up = voucher.balance.is_zero();
        return Err(if used_up { Refusal::VoucherEmpty } else { Refusal::VoucherInUse }.into());
    }
    match voucher.kind {
        VoucherKind::SinglePurpose { tax } => redeem(desk, &voucher, tax, (asked, left)),
        VoucherKind::MultiPurpose => tender(desk, &voucher, (asked, left)),
    }
}

/// A multi-purpose voucher is a tender.
fn tender(
    mut desk: Desk<'_>,
    voucher: &Voucher,
    (asked, left): (Option<Money>, Money),
) -> Result<Vec<Event>, Stop> {
    let mut basket = ready_to_pay(&mut desk)?;
    let due = basket_totals(&desk, &basket)?.total.minus(basket.paid())?;
    let most = due.min(left);
    let amount = asked.unwrap_or(most);
    if !due.is_positive() {
        return Err(Refusal::BadTender.into());
    }
    holds(amount, left)?;
    if amount > due {
        return Err(Refusal::MoreThanDue.into());
    }
    let of = TenderVoucher {
        voucher: Some(voucher.id),
        last4: Some(voucher.last4.clone()),
        left: None,
        paid: None,
    };
    take(&mut desk, &mut basket, amount, (of, Vec::new()));
    finish(&mut desk, &basket)?;
    desk.done()
}

/// A voucher pays at most what is left on it.
fn holds(amount: Money, left: Money) -> Result<(), Refusal> {
    if amount > left { Err(Refusal::VoucherHoldsLess { left: left.minor() }) } else { Ok(()) }
}

/// A single-purpose voucher was taxed when it was sold: a line below nothing takes goods of its key off.
fn redeem(
    mut desk: Desk<'_>,
    voucher: &Voucher,
    tax: TaxKey,
    (asked, left): (Option<Money>, Money),
) -> Result<Vec<Event>, Stop> {
    let goods = goods_of(&desk, desk.unpaid()?, tax)?;
    if !goods.is_positive() {
        return Err(Refusal::VoucherDoesNotFit.into());
    }
    let most = goods.min(left);
    let amount = asked.unwrap_or(most);
    holds(amount, left)?;
    if amount > goods {
        return Err(Refusal::MoreThanDue.into());
    }
    let of = LineVoucher::Redeem { voucher: voucher.id };
    let name = name(&desk, Some((voucher.id, &voucher.last4)));
    let line = line(&desk, (name, of), tax, amount.negated())?;
    desk.add_line(line)?;
    desk.done()
}

/// What the lines under a key come to, after all discounts and what vouchers took off already.
fn goods_of(desk: &Desk<'_>, basket: &Basket, tax: TaxKey) -> Result<Money, Stop> {
    let mut sum = Money::ZERO;
    // A tip is nothing that a voucher was sold for.
    let lines = totals(&desk.settings, basket, desk.local)?.lines.into_iter();
    for line in lines.filter(|line| line.tip.is_none()) {
        for (_, part) in tax_parts(&line)?.into_iter().filter(|(key, _)| *key == tax) {
            sum = sum.plus(part)?;
        }
    }
    Ok(sum)
}

/// Before paying: no single-purpose voucher takes off more than there are goods for it. Goods may have
/// been voided or discounted since.
pub(super) fn check_fit(desk: &Desk<'_>, basket: &Basket) -> Result<(), Stop> {
    let takes_off = |l: &&Line| {
        matches!(l.voucher, Some(LineVoucher::Redeem { .. })) && l.quantity.is_negative()
    };
    for line in basket.lines.iter().filter(takes_off) {
        if goods_of(desk, basket, line.tax)?.is_negative() {
            return Err(Refusal::VoucherDoesNotFit.into());
        }
    }
    Ok(())
}

fn take(
    desk: &mut Desk<'_>,
    basket: &mut Basket,
    amount: Money,
    (of, refunds): (TenderVoucher, Vec<RefundOf>),
) {
    let mut tender = Tender::exact(TenderKind::Voucher, amount, None);
    tender.voucher = Some(Box::new(of));
    tender.refunds = refunds;
    desk.push(Event::TenderRecorded { basket: basket.id, tender: tender.clone() });
    basket.tenders.push(tender);
}

/// Money for goods that a voucher had paid goes back to the voucher first.
pub(super) fn give_back(desk: &mut Desk<'_>, basket: &mut Basket) -> Result<(), Stop> {
    let due = basket_totals(desk, basket)?.total.minus(basket.paid())?;
    let planned: Vec<_> = refund::plan(basket, due.negated())
        .into_iter()
        .filter_map(|part| Some((part.of, part.paid.voucher.clone()?)))
        .collect();
    for (part, (id, last4)) in planned {
        let of = TenderVoucher {
            voucher: Some(id),
            last4: Some(last4),
            left: None,
            paid: Some(part.receipt),
        };
        take(desk, basket, part.amount.negated(), (of, vec![part]));
    }
    Ok(())
}

/// What is to be paid out becomes a new voucher.
pub(super) fn pay_out(mut desk: Desk<'_>) -> Result<Vec<Event>, Stop> {
    let mut basket = ready_to_pay(&mut desk)?;
    give_back(&mut desk, &mut basket)?;
    super::accounts::give_back(&mut desk, &mut basket)?;
    let due = basket_totals(&desk, &basket)?.total.minus(basket.paid())?;
    if due.is_positive() {
        return Err(Refusal::BadTender.into());
    }
    if !due.is_zero() {
        // As free as notes and coins, and no freer: what a card had paid goes back to the card.
        super::refunds::may_go_back(&mut desk, &basket, TenderKind::Cash, due)?;
        let of = TenderVoucher { voucher: None, last4: None, left: None, paid: None };
        take(&mut desk, &mut basket, due, (of, Vec::new()));
    }
    finish(&mut desk, &basket)?;
    desk.done()
}

/// Before a voucher that was sold, or what was put onto one, is taken back: it must still be there.
pub(super) fn still_there(desk: &Desk<'_>, line: &Line) -> Result<(), Stop> {
    let Some(id) = line.voucher.as_ref().and_then(LineVoucher::voucher) else { return Ok(()) };
    if !line.total().is_negative() {
        return Ok(());
    }
    let voucher = desk.context.facts.voucher(id)?.ok_or(Refusal::UnknownVoucher)?;
    let left = available(desk, &voucher)?;
    if left < line.total().negated() { Err(Refusal::VoucherUsed.into()) } else { Ok(()) }
}

/// Gives the vouchers of a receipt their numbers, writes on its tenders what is left, and answers what the
/// ledger says of it. What is trained with is in no ledger.
pub(super) fn book(desk: &Desk<'_>, receipt: &mut Receipt) -> Result<Vec<Event>, Stop> {
    if receipt.training {
        return Ok(Vec::new());
    }
    let reference = ReceiptRef { till: desk.till.id, number: receipt.number };
    let expires = last_day(receipt.date, desk.settings.voucher_years);
    let mut booking = Booking { desk, reference, expires, sold: 0, events: Vec::new() };
    for line in &mut receipt.lines {
        booking.line(line)?;
    }
    for tender in &mut receipt.tenders {
        booking.tender(tender)?;
    }
    let events = booking.events;
    for tender in receipt.tenders.clone().iter().filter_map(|t| t.voucher.as_ref()?.voucher) {
        let left = left_after(desk, receipt, tender)?;
        for of in receipt.tenders.iter_mut().filter_map(|t| t.voucher.as_mut()) {
            if of.voucher == Some(tender) {
                of.left = Some(left);
            }
        }
    }
    Ok(events)
}

/// What the ledger has of a voucher once the receipt is booked. Below nothing is a contradiction: it was
/// held.
fn left_after(desk: &Desk<'_>, receipt: &Receipt, id: VoucherId) -> Result<Money, Stop> {
    let before = desk.context.facts.voucher(id)?.map_or(Money::ZERO, |v| v.balance);
    let (off, on) = moves(&receipt.lines, &receipt.tenders, id);
    let left = before.plus(on)?.minus(off)?;
    if left.is_negative() { Err(fault("a voucher would be below nothing")) } else { Ok(left) }
}

/// The ledger's side of one receipt.
struct Booking<'d, 'a> {
    desk: &'d Desk<'a>,
    reference: ReceiptRef,
    expires: Date,
    /// Vouchers sold so far.
    sold: usize,
    events: Vec<Event>,
}

impl Booking<'_, '_> {
    fn sell(&mut self, kind: VoucherKind, amount: Money) -> Result<(VoucherId, String), Stop> {
        let fresh = self.desk.context.fresh.get(self.sold);
        let fresh = fresh.ok_or_else(|| fault("no code was made for a voucher"))?;
        self.sold = self.sold.saturating_add(1);
        let before = self.desk.state().counters.vouchers;
        let number = u32::try_from(self.sold).unwrap_or(u32::MAX);
        let voucher = VoucherId(before.saturating_add(number));
        let (hash, last4) = (fresh.hash, fresh.last4.clone());
        let (expires, receipt) = (self.expires, self.reference);
        self.events.push(Event::VoucherSold(VoucherSold {
            voucher,
            hash,
            last4: last4.clone(),
            of: kind,
            amount,
            expires,
            receipt,
        }));
        Ok((voucher, last4))
    }

    fn line(&mut self, line: &mut Line) -> Result<(), Stop> {
        let (total, receipt) = (line.total(), self.reference);
        let taken_back = total.is_negative();
        let of = line.returned_from.map(|from| from.receipt);
        match line.voucher.as_mut() {
            Some(LineVoucher::Sale { of, voucher: voucher @ None }) => {
                let (id, last4) = self.sell(*of, total)?;
                *voucher = Some(id);
                line.name = name(self.desk, Some((id, &last4)));
            }
            Some(
                LineVoucher::Sale { voucher: Some(voucher), .. } | LineVoucher::TopUp { voucher },
            ) if taken_back => self.events.push(Event::VoucherRedeemed(VoucherRedeemed {
                voucher: *voucher,
                amount: total.negated(),
                receipt,
                taken_back,
            })),
            Some(LineVoucher::TopUp { voucher }) => {
                self.events.push(Event::VoucherToppedUp {
                    voucher: *voucher,
                    amount: total,
                    receipt,
                });
            }
            Some(LineVoucher::Redeem { voucher }) if taken_back => {
                let (voucher, amount) = (*voucher, total.negated());
                let taken_back = false;
                self.events.push(Event::VoucherRedeemed(VoucherRedeemed {
                    voucher,
                    amount,
                    receipt,
                    taken_back,
                }));
            }
            Some(LineVoucher::Redeem { voucher }) => {
                let paid =
                    of.ok_or_else(|| fault("a voucher is given back to without a receipt"))?;
                let voucher = *voucher;
                self.events.push(Event::VoucherCredited(VoucherCredited {
                    voucher,
                    amount: total,
                    receipt,
                    paid,
                }));
            }
            Some(LineVoucher::Sale { .. }) => {
                return Err(fault("a voucher was sold twice"));
            }
            None => {}
        }
        Ok(())
    }

    fn tender(&mut self, tender: &mut Tender) -> Result<(), Stop> {
        let receipt = self.reference;
        let amount = tender.amount;
        let Some(of) = tender.voucher.as_mut() else { return Ok(()) };
        match (of.voucher, of.paid) {
            (None, _) => {
                let (id, last4) = self.sell(VoucherKind::MultiPurpose, amount.negated())?;
                of.voucher = Some(id);
                of.last4 = Some(last4);
            }
            (Some(voucher), Some(paid)) => {
                let amount = amount.negated();
                self.events.push(Event::VoucherCredited(VoucherCredited {
                    voucher,
                    amount,
                    receipt,
                    paid,
                }));
            }
            (Some(voucher), None) => {
                let taken_back = false;
                self.events.push(Event::VoucherRedeemed(VoucherRedeemed {
                    voucher,
                    amount,
                    receipt,
                    taken_back,
                }));
            }
        }
        Ok(())
    }
}

/// The number of the receipt that the present basket would become.
pub(super) fn next_number(desk: &Desk<'_>, training: bool) -> ReceiptNo {
    let last = if training { desk.till.training_receipts } else { desk.till.receipts };
    ReceiptNo(last.saturating_add(1))
}

/// Blocks a voucher, or takes it again.
pub(super) fn block(
    context: Context<'_>,
    id: VoucherId,
    blocked: bool,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    limits::text("reason", reason, limits::MAX_TEXT)?;
    let voucher = context.facts.voucher(id)?.ok_or(Refusal::UnknownVoucher)?;
    if voucher.blocked == blocked {
        return Ok(Vec::new());
    }
    let reason = reason.to_owned();
    Ok(vec![if blocked {
        Event::VoucherBlocked { voucher: id, reason }
    } else {
        Event::VoucherUnblocked { voucher: id, reason }
    }])
}
