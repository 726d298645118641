//! A till's screen, computed from the state: the one place where figures for people are made.

mod cash_machine;
mod display;
mod foreign;
mod payment;
mod reservation;
mod rksv;
mod signing;
mod terminal;
mod transfer;

use std::collections::BTreeMap;

use domain::basket::{Basket, CashTaken, DiscountOrigin, Line, Tender};
use domain::people::{Permission, may};
use domain::receipt::IssuedReceipt;
use domain::settings::{Settings, TaxPoint};
use domain::signing::is_practice;
use domain::state::Till;
use domain::totals::{TaxRow, Totals, rate_at, totals};
use domain::voucher::{TenderVoucher, VoucherCode};
use domain::{Amount, AttemptId, ReceiptRef, State, TillId, VoucherId};
use jiff::Timestamp;
use jiff::civil::DateTime;
use money::{CashRounding, Currency, Money, cash_rounding};

pub(crate) use self::display::display_of;
pub(crate) use self::foreign::rate_text;
pub use self::payment::Progress;
pub(crate) use self::payment::doubt_view;
use self::payment::{aside_view, doubt_views, payment_view};
pub(crate) use self::reservation::reservation_views;
use self::reservation::{reserves, reserving_view};
pub(crate) use self::rksv::rksv_lamp;
pub(crate) use self::signing::signing_lamp;
pub(crate) use self::transfer::takes_transfers;
use self::transfer::{tender_transfer, transfer_view, transfer_views};
use crate::api::cash_machines::CashBy;
use crate::api::coupons::CouponView;
use crate::api::devices::TerminalNotice;
use crate::api::digital::{PaperlessWays, ReceiptPageView};
use crate::api::goods::ReadView;
use crate::api::view::{
    BasketSummary, BasketView, CashSuggestion, CountView, DayView, GivesView, Lamp, LampKind,
    LastReceipt, LineDiscountView, LineView, PaymentView, PersonView, ReceiptDiscountView,
    RefundView, SoldVoucher, TaxView, TenderAccountView, TenderView, TenderVoucherView, TillView,
};

use crate::api::weighing::{LineWeighingView, WeighingView};
use crate::personal::{Customers, Names};

/// What a view needs besides the state.
pub(crate) struct Extra<'a> {
    pub(crate) now: Timestamp,
    pub(crate) seq: u64,
    pub(crate) aside: u64,
    pub(crate) lamps: &'a [Lamp],
    /// The receipt finished last at this till.
    pub(crate) last: Option<&'a IssuedReceipt>,
    /// Where its page is.
    pub(crate) page: Option<ReceiptPageView>,
    /// What the terminal said last of a running payment.
    pub(crate) progress: &'a dyn Fn(AttemptId) -> Option<Progress>,
    pub(crate) names: &'a Names,
    pub(crate) customers: &'a Customers,
    /// Codes of the vouchers sold with the last receipt, while they may be shown.
    pub(crate) codes: &'a [(VoucherId, VoucherCode)],
    /// What the till's scale is asked for.
    pub(crate) weighing: Option<WeighingView>,
}

/// The screen of a till; none when there is no such till.
pub(crate) fn till_view(state: &State, id: TillId, extra: &Extra<'_>) -> Option<TillView> {
    let settings = state.settings.as_deref()?;
    let till = state.tills.get(&id)?;
    let till_settings = state.till_settings(id)?;
    let local = state.local(extra.now);
    let person = till.person.and_then(|p| state.people.get(&p));
    let basket = till.active.and_then(|b| state.baskets.get(&b));
    let open = till.baskets.iter().filter_map(|b| state.baskets.get(b));
    let parked = state.baskets.values().filter(|b| b.parked.is_some());
    let summary = |b: &Basket| BasketSummary {
        payment: aside(state, settings, b, local, extra.progress),
        ..summary(state, settings, extra.names, b, local)
    };
    let notice = terminal::notice(state, settings, till_settings, local);
    Some(TillView {
        till: id,
        name: till_settings.name.clone(),
        shop: settings.name.clone(),
        language: settings.language,
        currency: settings.currency.code().to_owned(),
        minor_digits: settings.currency.minor_digits(),
        seq: extra.seq,
        aside: extra.aside,
        person: person.map(|p| PersonView { id: p.id, name: extra.names.of(p.id), role: p.role }),
        permissions: person.map(|p| permissions(p.role)).unwrap_or_default(),
        training: till.training,
        spare_printer: till_settings.spare_printer.is_some(),
        practice: is_practice(settings, (&state.units, &state.signers), Some(till_settings)),
        lock_after_seconds: settings.lock_after_seconds,
        day: day_view(settings, till, person.map(|p| p.role), local),
        next_day: till.last_day.saturating_add(1),
        next_receipt: till.receipts.saturating_add(1),
        basket: basket.map(|b| basket_view(state, settings, b, (local, extra.customers))),
        baskets: open.map(summary).collect(),
        parked: parked.map(summary).collect(),
        weighs: till_settings.scale.is_some(),
        weighing: extra.weighing.clone(),
        last_receipt: extra
            .last
            .filter(|_| basket.is_none())
            .map(|r| last_receipt(settings, r, extra)),
        payment: basket.and_then(|b| payment_view(state, settings, b, extra.progress)),
        reserves: reserves(state, settings, id),
        reserving: reserving_view(state, settings, till, extra.progress),
        reservations: reservation_views(state, settings, extra.names, extra.now),
        doubts: doubt_views(state, settings, id),
        transfer: basket.and_then(|b| transfer_view(state, settings, extra.names, b.id)),
        transfers: transfer_views(state, settings, extra.names, id),
        takes_transfers: takes_transfers(settings),
        paperless: ways(settings),
        background: till.background.clone(),
        takes_cards: till_settings.terminal.is_some(),
        cash_machine: cash_machine::beside(state, settings, (till, till_settings), extra.progress),
        takes_tips: settings.tips.is_some(),
        vat_number: settings.country.profile().vat_number.word.into(),
        hospitality: settings.country.profile().hospitality,
        lamps: lamps(extra.lamps, notice.as_ref()),
        terminal: notice,
    })
}

/// The lamps, the terminal's with what is the matter with it as a device.
fn lamps(shown: &[Lamp], notice: Option<&TerminalNotice>) -> Vec<Lamp> {
    let of = |lamp: &Lamp| match notice {
        Some(notice) if lamp.kind == LampKind::Terminal => terminal::lamp(lamp.clone(), notice),
        _ => lamp.clone(),
    };
    shown.iter().map(of).collect()
}

/// All permissions that a role has, be it within limits.
pub(crate) fn permissions(role: domain::Role) -> Vec<Permission> {
    Permission::ALL.into_iter().filter(|p| may(role, *p)).collect()
}

fn day_view(
    settings: &Settings,
    till: &Till,
    role: Option<domain::Role>,
    local: DateTime,
) -> Option<DayView> {
    let day = till.day.as_ref()?;
    let amount = |m: Money| Amount { amount: m, currency: settings.currency };
    // Whoever may not see the totals counts blind: the book's figure is not told afterwards either.
    let sees = role.is_some_and(|role| may(role, Permission::SeeTotals));
    let running =
        day.shifts.iter().rev().find(|s| s.ended.is_none() && Some(s.person) == till.person);
    Some(DayView {
        number: day.number.0,
        date: day.date,
        opened: day.opened,
        overdue: day.date < local.date(),
        receipts: day.totals.receipts.count,
        shift: running.map(|s| s.number),
        foreign: foreign::to_count(day),
        count: day.count.as_ref().map(|c| CountView {
            counted: amount(c.counted),
            expected: sees.then(|| amount(c.expected)),
            difference: sees.then(|| amount(c.counted.saturating_plus(c.expected.negated()))),
            foreign: foreign::counted(c, sees),
        }),
    })
}

fn moment(state: &State, settings: &Settings, basket: &Basket, local: DateTime) -> DateTime {
    match settings.tax_point {
        TaxPoint::Payment => local,
        TaxPoint::Opening => state.local(basket.opened_at),
    }
}

fn sums(state: &State, settings: &Settings, basket: &Basket, local: DateTime) -> Totals {
    // Every line was within its limits when it was added; a thousand of them are, too.
    totals(settings, basket, moment(state, settings, basket, local)).unwrap_or_default()
}

fn summary(
    state: &State,
    settings: &Settings,
    names: &Names,
    basket: &Basket,
    local: DateTime,
) -> BasketSummary {
    let parked = basket.parked.as_ref();
    BasketSummary {
        id: basket.id,
        till: basket.till,
        lines: u32::try_from(basket.lines.len()).unwrap_or(u32::MAX),
        total: Amount {
            amount: sums(state, settings, basket, local).total,
            currency: settings.currency,
        },
        name: parked.and_then(|p| p.name.clone()),
        person: names.of(parked.map_or(basket.opened_by, |p| p.by)),
        at: parked.map_or(basket.opened_at, |p| p.at),
        payment: None,
    }
}

/// The card payment of a basket that is not on the screen.
fn aside(
    state: &State,
    settings: &Settings,
    basket: &Basket,
    local: DateTime,
    progress: &dyn Fn(AttemptId) -> Option<Progress>,
) -> Option<PaymentView> {
    let due = sums(state, settings, basket, local).total.saturating_plus(basket.paid().negated());
    aside_view(state, settings, basket, due, progress)
}

fn basket_view(
    state: &State,
    settings: &Settings,
    basket: &Basket,
    (local, customers): (DateTime, &Customers),
) -> BasketView {
    let amount = |m: Money| Amount { amount: m, currency: settings.currency };
    let at = moment(state, settings, basket, local);
    let sums = sums(state, settings, basket, local);
    let due = sums.total.saturating_plus(basket.paid().negated());
    let rounding = cash_rounding(due, settings.cash_rounding).unwrap_or_default();
    let cash_due = due.saturating_plus(rounding);
    let rate = |line: &Line| {
        let kept = line.rates.as_ref().and_then(|r| r.iter().find(|(k, _)| *k == line.tax));
        kept.map(|(_, r)| *r)
            .or_else(|| rate_at(settings, line.tax, at))
            .map_or(0, |r| r.basis_points())
    };
    BasketView {
        id: basket.id,
        lines: basket.lines.iter().map(|l| line_view(settings, l, rate(l))).collect(),
        articles: articles(&basket.lines),
        last_line: basket.lines.iter().rev().find(|l| l.deposit_of.is_none()).map(|l| l.line),
        last_read: basket.last_read.as_ref().map(|read| ReadView {
            line: read.line,
            twice: read.twice,
            stopped: read.stopped.as_deref().cloned(),
        }),
        discount: basket.discount.as_ref().map(|d| ReceiptDiscountView {
            reason: d.reason.clone(),
            basis_points: d.basis_points,
            amount: amount(receipt_discount(&sums.lines)),
        }),
        coupons: coupons(settings, basket, &sums),
        saved: amount(sums.saved),
        tax: sums.tax.iter().map(|row| tax_view(settings.currency, row)).collect(),
        total: amount(sums.total),
        tenders: basket.tenders.iter().map(|t| tender_view(settings, customers, t)).collect(),
        due: amount(due),
        cash_due: amount(cash_due),
        refunds: refunds(settings, basket, due),
        gives: gives(settings, basket, due),
        cash_suggestions: suggestions(cash_due, settings.cash_rounding)
            .into_iter()
            .map(|given| CashSuggestion {
                tendered: amount(given),
                change: amount(given.saturating_plus(cash_due.negated())),
            })
            .collect(),
        foreign: foreign::foreign_due(settings, cash_due, local),
        age_needed: basket.age_needed(),
        age_checked: basket.age_checked,
        note: basket.note.clone(),
        training: basket.training,
        returns: basket.lines.iter().any(|l| l.quantity.is_negative()),
    }
}

/// How what goes back is to go back, the next first.
fn refunds(settings: &Settings, basket: &Basket, due: Money) -> Vec<RefundView> {
    let parts = domain::refund::plan(basket, due.negated());
    parts
        .into_iter()
        .map(|part| RefundView {
            kind: part.paid.kind,
            card: match &part.paid.voucher {
                Some((id, last4)) => Some(format!("{id} (…{last4})")),
                None => part.paid.card.as_deref().and_then(card_name),
            },
            amount: Amount { amount: part.of.amount, currency: settings.currency },
        })
        .collect()
}

/// What each way of paying out gives without an amount; vouchers have theirs before.
fn gives(settings: &Settings, basket: &Basket, due: Money) -> Option<GivesView> {
    use domain::basket::TenderKind;
    if !due.is_negative() {
        return None;
    }
    let mut rest = basket.clone();
    let mut due = due.negated();
    for part in domain::refund::plan(basket, due) {
        let Some((voucher, _)) = part.paid.voucher else { continue };
        let mut tender = Tender::exact(TenderKind::Voucher, part.of.amount.negated(), None);
        tender.refunds = vec![part.of];
        let paid = Some(part.of.receipt);
        let of = TenderVoucher { voucher: Some(voucher), last4: None, left: None, paid };
        tender.voucher = Some(Box::new(of));
        rest.tenders.push(tender);
        due = due.saturating_plus(part.of.amount.negated());
    }
    let amount = |amount| Amount { amount, currency: settings.currency };
    let next = |kind| domain::refund::next(&rest, due, kind);
    let cash = next(TenderKind::Cash);
    let rounding = cash_rounding(cash.negated(), settings.cash_rounding).unwrap_or_default();
    let card = domain::refund::next_card(&rest, due).map(|(_, own)| own);
    Some(GivesView {
        cash: amount(cash.saturating_plus(rounding.negated())),
        card: amount(card.unwrap_or_else(|| next(TenderKind::Card))),
        card_external: amount(next(TenderKind::CardExternal)),
    })
}

/// "Visa ****1234", as far as a terminal told.
fn card_name(card: &domain::payment::CardFacts) -> Option<String> {
    let last4 = card.last4.as_ref().map(|digits| format!("****{digits}"));
    let other = card.instead_of.as_ref().map(|digits| format!("≠ ****{digits}"));
    let parts: Vec<String> = [card.scheme.clone(), last4, other].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Pieces count as they are; a weighed line counts one; deposits and tips count nothing.
fn articles(lines: &[Line]) -> u32 {
    lines.iter().filter(|l| l.deposit_of.is_none() && l.tip.is_none()).fold(0_u32, |sum, l| {
        let pieces = if l.quantity.is_whole() { l.quantity.abs().thousandths() / 1_000 } else { 1 };
        sum.saturating_add(u32::try_from(pieces).unwrap_or(1))
    })
}

fn receipt_discount(lines: &[Line]) -> Money {
    lines
        .iter()
        .flat_map(|l| &l.discounts)
        .filter(|d| matches!(d.origin, DiscountOrigin::Receipt { .. }))
        .fold(Money::ZERO, |sum, d| sum.saturating_plus(d.amount))
}

/// The coupons of a basket, and what each takes off now.
fn coupons(settings: &Settings, basket: &Basket, sums: &Totals) -> Vec<CouponView> {
    let taken_off = |no| sums.coupons.iter().find(|counted| counted.no == no).map(|c| c.amount);
    basket
        .coupons
        .iter()
        .map(|taken| CouponView {
            no: taken.no,
            name: taken.coupon.name.clone(),
            serial: taken.serial.clone(),
            amount: Amount {
                amount: taken_off(taken.no).unwrap_or_default(),
                currency: settings.currency,
            },
        })
        .collect()
}

/// Tax of one rate, as shown.
pub(crate) fn tax_view(currency: Currency, row: &TaxRow) -> TaxView {
    let amount = |m: Money| Amount { amount: m, currency };
    TaxView {
        key: row.key,
        rate: row.rate.basis_points(),
        net: amount(row.net),
        tax: amount(row.tax),
        gross: amount(row.gross),
    }
}

/// A line as shown; its part of the receipt discount and of coupons is left to them.
pub(crate) fn line_view(settings: &Settings, line: &Line, rate: u32) -> LineView {
    let amount = |m: Money| Amount { amount: m, currency: settings.currency };
    let own = line.discounts.iter().filter(|d| !d.origin.is_shared());
    let total = own.clone().fold(line.base, |left, d| left.saturating_plus(d.amount.negated()));
    LineView {
        line: line.line,
        item: line.item,
        name: line.name.clone(),
        quantity: line.quantity.thousandths(),
        unit: line.unit,
        pack: line.pack.map(|p| p.thousandths()),
        price: amount(line.price),
        list_price: line.list_price.map(amount),
        base: amount(line.base),
        discounts: own
            .map(|d| {
                let (text, manual, basis_points) = match &d.origin {
                    DiscountOrigin::Promotion { name, .. }
                    | DiscountOrigin::Coupon { name, .. } => (name.clone(), false, None),
                    DiscountOrigin::Manual { reason, basis_points } => {
                        (reason.clone(), true, *basis_points)
                    }
                    DiscountOrigin::Receipt { reason } => (reason.clone(), true, None),
                    DiscountOrigin::Returned => (String::new(), false, None),
                };
                LineDiscountView { text, manual, basis_points, amount: amount(d.amount) }
            })
            .collect(),
        total: amount(total),
        group: line.group,
        rate,
        age: line.age,
        deposit_of: line.deposit_of,
        unknown: line.unknown,
        hand_weighed: line.hand_weighed,
        weighing: line.weighing.as_deref().map(|weighing| LineWeighingView {
            sequence: weighing.sequence,
            tare: weighing.tare.thousandths(),
        }),
        returned_from: line.returned_from.map(|r| r.receipt),
        changeable: line.deposit_of.is_none()
            && line.returned_from.is_none()
            && !line.labelled
            && line.weighing.is_none()
            && line.voucher.is_none()
            && line.tip.is_none()
            && line.account.is_none(),
        discountable: !line.fixed && !line.price_bound && line.returned_from.is_none(),
        note: line.note.clone(),
        mark: line.mark.as_deref().cloned(),
    }
}

fn tender_view(settings: &Settings, customers: &Customers, tender: &Tender) -> TenderView {
    let amount = |amount| Amount { amount, currency: settings.currency };
    TenderView {
        kind: tender.kind,
        card: tender.card.as_deref().and_then(card_name),
        voucher: tender.voucher.as_deref().map(|of| TenderVoucherView {
            voucher: of.voucher,
            last4: of.last4.clone(),
            left: of.left.map(amount),
        }),
        transfer: tender.transfer.as_deref().map(tender_transfer),
        foreign: tender.foreign.as_ref().map(|cash| foreign::foreign_cash(settings, cash)),
        account: tender.account.as_deref().map(|of| TenderAccountView {
            customer: of.customer,
            name: customers.title(of.customer),
            due: of.due,
        }),
        amount: amount(tender.amount),
        tendered: amount(tender.tendered),
        change: amount(tender.change),
        taken: tender.taken.as_deref().map(|taken| match taken {
            CashTaken::Machine { .. } => CashBy::Machine,
            CashTaken::Hand => CashBy::Hand,
        }),
    }
}

/// How receipts can reach customers beside paper.
pub(crate) fn ways(settings: &Settings) -> PaperlessWays {
    let digital = settings.digital_receipts.as_deref();
    let Some(digital) = digital else { return PaperlessWays::default() };
    PaperlessWays {
        page: digital.page.is_some(),
        mail: digital.mail.is_some(),
        sms: digital.sms.is_some(),
    }
}

fn last_receipt(settings: &Settings, issued: &IssuedReceipt, extra: &Extra<'_>) -> LastReceipt {
    let amount = |m: Money| Amount { amount: m, currency: settings.currency };
    let receipt = &issued.receipt;
    let rates: BTreeMap<u16, u32> =
        receipt.tax.iter().map(|row| (row.key, row.rate.basis_points())).collect();
    // A returned line keeps the rate it was sold at, whatever the key means today.
    let rate = |line: &Line| {
        let kept = line.rates.as_ref().and_then(|r| r.iter().find(|(key, _)| *key == line.tax));
        let kept = kept.map(|(_, rate)| rate.basis_points());
        kept.or_else(|| rates.get(&line.tax.0).copied()).unwrap_or(0)
    };
    let sum = |of: fn(&Tender) -> Money| {
        receipt.tenders.iter().fold(Money::ZERO, |s, t| s.saturating_plus(of(t)))
    };
    LastReceipt {
        invoice_advised: !issued.receipt.training
            && issued.receipt.total > crate::invoice::limit(settings.country, issued.receipt.date)
            && !issued.receipt.tenders.iter().any(|tender| tender.account.is_some()),
        receipt: ReceiptRef { till: issued.till, number: receipt.number },
        incarnation: issued.incarnation,
        training: receipt.training,
        total: amount(receipt.total),
        tendered: amount(sum(|t| t.tendered)),
        change: amount(sum(|t| t.change)),
        saved: amount(receipt.saved),
        tenders: receipt
            .tenders
            .iter()
            .map(|t| tender_view(settings, extra.customers, t))
            .collect(),
        lines: receipt.lines.iter().map(|l| line_view(settings, l, rate(l))).collect(),
        page: extra.page.clone(),
        paperless: ways(settings),
        on_paper: receipt.print,
        vouchers: extra
            .codes
            .iter()
            .map(|(voucher, code)| SoldVoucher { voucher: *voucher, code: code.grouped() })
            .collect(),
    }
}

/// What a customer is likely to give: the exact amount, then the next round amounts up.
fn suggestions(due: Money, step: CashRounding) -> Vec<Money> {
    if !due.is_positive() {
        return Vec::new();
    }
    let mut given = vec![due.minor()];
    for note in [500_i64, 1_000, 2_000, 5_000, 10_000, 20_000] {
        let next = due
            .minor()
            .div_euclid(note)
            .saturating_add(i64::from(due.minor().rem_euclid(note) != 0))
            .saturating_mul(note);
        if !given.contains(&next) && next.rem_euclid(step.0.max(1)) == 0 {
            given.push(next);
        }
    }
    given.sort_unstable();
    given.into_iter().take(4).map(Money::new).collect()
}
