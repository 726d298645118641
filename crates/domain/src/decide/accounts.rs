//! Customers and their accounts: bought on account, paid later, given back to.
//!
//! As with vouchers, what open baskets are about to move counts at once, and the ledger is written with the
//! receipt, in the same command: undoing a tender or aborting a basket leaves nothing behind.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use money::{Money, Quantity, Rate};

use super::desk::{Desk, fault};
use super::pay::{basket_totals, finish, ready_to_pay};
use super::{Context, limits, refunds};
use crate::account::{
    Account, Customer, CustomerDetails, Ledger, LineAccount, MAX_TERM, OpenItem, TenderAccount,
    pending,
};
use crate::amount::Amount;
use crate::basket::{Basket, Line, Tender, TenderKind};
use crate::catalogue::Unit;
use crate::command::ShopCommand;
use crate::event::{AccountCharged, AccountCredited, AccountPaid, Event};
use crate::facts::Stop;
use crate::ids::{CustomerId, GroupId, LineNo, ReceiptRef};
use crate::people::Permission;
use crate::receipt::Receipt;
use crate::refund::{self, RefundOf};
use crate::refusal::Refusal;
use crate::retention::{self, RecordKind};
use crate::settings::Language;
use crate::voucher::{LineVoucher, NOT_TAXABLE};

pub(super) fn find(context: Context<'_>, customer: CustomerId) -> Result<Account, Stop> {
    Ok(context.facts.customer(customer)?.ok_or(Refusal::UnknownCustomer)?)
}

fn positive(desk: &Desk<'_>, amount: Amount) -> Result<Money, Refusal> {
    let amount = desk.own(amount)?;
    if amount.is_positive() { Ok(amount) } else { Err(limits::out("amount")) }
}

/// All open baskets, the present one as this command leaves it.
fn baskets<'d>(desk: &'d Desk<'_>) -> impl Iterator<Item = &'d Basket> {
    let here = desk.basket().ok();
    desk.state().baskets.values().filter(move |b| Some(b.id) != here.map(|h| h.id)).chain(here)
}

/// What is owed and not about to be paid already; never below nothing.
fn owed<'b>(account: &Account, baskets: impl Iterator<Item = &'b Basket>) -> Result<Money, Stop> {
    let (_, less) = pending(baskets, account.customer.id);
    Ok(account.balance.minus(less)?.max(Money::ZERO))
}

/// Puts what is due on an account: owed, or credited for goods that came back.
pub(super) fn pay(
    mut desk: Desk<'_>,
    customer: CustomerId,
    asked: Option<Amount>,
) -> Result<Vec<Event>, Stop> {
    let asked = asked.map(|a| positive(&desk, a)).transpose()?;
    let account = find(desk.context, customer)?;
    let mut basket = ready_to_pay(&mut desk)?;
    super::vouchers::give_back(&mut desk, &mut basket)?;
    give_back(&mut desk, &mut basket)?;
    let due = basket_totals(&desk, &basket)?.total.minus(basket.paid())?;
    if due.is_zero() && !basket.tenders.is_empty() {
        finish(&mut desk, &basket)?;
        return desk.done();
    }
    let amount = asked.unwrap_or(due.abs());
    if due.is_zero() || amount > due.abs() {
        return Err(Refusal::BadTender.into());
    }
    fits_on(&basket, customer)?;
    // What was put on an account before goes back to it.
    if due.is_positive() && basket.lines.iter().any(|line| line.agency.is_some()) {
        return Err(Refusal::NotOnAccount.into());
    }
    let version = account.customer.version;
    if due.is_negative() {
        let of = TenderAccount { customer, version, due: None, paid: None };
        // Else goods bought by card would pay anybody's debt.
        refunds::may_go_back(&mut desk, &basket, TenderKind::Account, amount.negated())?;
        let parts = refund::parts(&basket, TenderKind::Account, amount);
        take(&mut desk, &mut basket, amount.negated(), (of, parts));
    } else {
        may_owe(&mut desk, &account, amount)?;
        let due = due_on(desk.local.date(), account.customer.term_days);
        let of = TenderAccount { customer, version, due: Some(due), paid: None };
        take(&mut desk, &mut basket, amount, (of, Vec::new()));
    }
    finish(&mut desk, &basket)?;
    desk.done()
}

/// Goods alone are put on an account, and on one only: no money is lent with it.
fn fits_on(basket: &Basket, customer: CustomerId) -> Result<(), Refusal> {
    let is_money = |line: &Line| {
        let sold =
            matches!(line.voucher, Some(LineVoucher::Sale { .. } | LineVoucher::TopUp { .. }));
        sold || line.account.is_some() || line.tip.is_some() || line.pays_out()
    };
    if basket.lines.iter().any(is_money) {
        return Err(Refusal::NotOnAccount);
    }
    let mut others = basket.tenders.iter().filter_map(|t| t.account.as_ref());
    if others.any(|of| of.customer != customer) {
        return Err(Refusal::OtherCustomer);
    }
    Ok(())
}

/// The customer may owe so much more: not blocked, and within the limit unless that is lifted by right.
fn may_owe(desk: &mut Desk<'_>, account: &Account, amount: Money) -> Result<(), Stop> {
    let customer = &account.customer;
    if customer.blocked {
        return Err(Refusal::CustomerBlocked { customer: customer.id }.into());
    }
    let (more, _) = pending(baskets(desk), customer.id);
    let then = account.balance.plus(more)?.plus(amount)?;
    if customer.limit.is_some_and(|limit| then > limit) {
        desk.right(Permission::ExceedCredit)?;
    }
    Ok(())
}

/// Before paying: a payment that is taken back is owed again, which is lending like any other. By right also to
/// whoever is blocked, for a payment may have been a mistake.
pub(super) fn may_owe_again(desk: &mut Desk<'_>, basket: &Basket) -> Result<(), Stop> {
    if basket.training {
        return Ok(());
    }
    let again = basket.lines.iter().filter(|line| line.returned_from.is_some());
    let again: BTreeSet<_> =
        again.filter_map(|line| Some(line.account.as_ref()?.customer)).collect();
    for customer in again {
        let account = find(desk.context, customer)?;
        let (more, _) = pending(baskets(desk), customer);
        let then = account.balance.plus(more)?;
        if account.customer.blocked || account.customer.limit.is_some_and(|limit| then > limit) {
            desk.right(Permission::ExceedCredit)?;
        }
    }
    Ok(())
}

fn due_on(date: Date, term: u16) -> Date {
    date.saturating_add(i64::from(term).days())
}

fn take(
    desk: &mut Desk<'_>,
    basket: &mut Basket,
    amount: Money,
    (of, refunds): (TenderAccount, Vec<RefundOf>),
) {
    let mut tender = Tender::exact(TenderKind::Account, amount, None);
    tender.account = Some(Box::new(of));
    tender.refunds = refunds;
    desk.push(Event::TenderRecorded { basket: basket.id, tender: tender.clone() });
    basket.tenders.push(tender);
}

/// Money for goods that were bought on account goes back to the account first, as far as the customer
/// still owes. What they have paid already is theirs, and goes back as money, by right: nobody turns a card's
/// money into cash by way of an account.
pub(super) fn give_back(desk: &mut Desk<'_>, basket: &mut Basket) -> Result<(), Stop> {
    let due = basket_totals(desk, basket)?.total.minus(basket.paid())?;
    let on_account = |part: &refund::Planned<'_>| part.paid.kind == TenderKind::Account;
    let planned: Vec<RefundOf> =
        refund::plan(basket, due.negated()).into_iter().filter(on_account).map(|p| p.of).collect();
    for back in planned {
        let issued = desk.context.facts.receipt(back.receipt)?.ok_or(Refusal::UnknownReceipt)?;
        let bought = issued.receipt.tenders.get(usize::from(back.tender));
        let Some(of) = bought.and_then(|tender| tender.account.as_ref()) else { continue };
        // A receipt, and the credit note that is made of it, names one customer.
        let mut named = basket.tenders.iter().filter_map(|tender| tender.account.as_ref());
        if named.any(|other| other.customer != of.customer) {
            return Err(Refusal::OtherCustomer.into());
        }
        let Some(account) = desk.context.facts.customer(of.customer)? else { continue };
        let others = desk.state().baskets.values().filter(|b| b.id != basket.id);
        let amount = back.amount.min(owed(&account, others.chain([&*basket]))?);
        if !amount.is_positive() {
            continue;
        }
        let of = TenderAccount {
            customer: of.customer,
            version: account.customer.version,
            due: None,
            paid: Some(back.receipt),
        };
        take(desk, basket, amount.negated(), (of, vec![RefundOf { amount, ..back }]));
    }
    Ok(())
}

/// Adds the line by which a customer pays of what they owe.
pub(super) fn settle(
    mut desk: Desk<'_>,
    customer: CustomerId,
    asked: Option<Amount>,
    (receipt, credit): (Option<ReceiptRef>, bool),
) -> Result<Vec<Event>, Stop> {
    let asked = asked.map(|a| positive(&desk, a)).transpose()?;
    let account = find(desk.context, customer)?;
    let owed = owed(&account, baskets(&desk))?;
    let open = chosen(desk.context, customer, receipt)?.unwrap_or(owed);
    let amount = asked.unwrap_or(open.min(owed));
    if amount > owed && credit {
        desk.right(Permission::RecordAccountPayments)?;
    } else if amount > owed || !amount.is_positive() {
        return Err(Refusal::MoreThanOwed { owed: owed.minor() }.into());
    }
    let credit = credit && amount > owed;
    let of = LineAccount { customer, receipt, credit };
    let line = line(&desk, of, amount);
    desk.add_line(line)?;
    desk.done()
}

/// The credit that is not about to be used already; never below nothing.
fn credit<'b>(account: &Account, baskets: impl Iterator<Item = &'b Basket>) -> Result<Money, Stop> {
    let (more, _) = pending(baskets, account.customer.id);
    Ok(account.balance.plus(more)?.negated().max(Money::ZERO))
}

/// Adds the line by which a customer gets back what they paid too much.
pub(super) fn pay_out(
    mut desk: Desk<'_>,
    customer: CustomerId,
    asked: Option<Amount>,
) -> Result<Vec<Event>, Stop> {
    let asked = asked.map(|a| positive(&desk, a)).transpose()?;
    let account = find(desk.context, customer)?;
    let there = credit(&account, baskets(&desk))?;
    let amount = asked.unwrap_or(there);
    if amount > there || !amount.is_positive() {
        return Err(Refusal::NoCredit { credit: there.minor() }.into());
    }
    let of = LineAccount { customer, receipt: None, credit: true };
    let line = line(&desk, of, amount.negated());
    desk.add_line(line)?;
    desk.done()
}

/// What is left of the chosen receipt.
fn chosen(
    context: Context<'_>,
    customer: CustomerId,
    receipt: Option<ReceiptRef>,
) -> Result<Option<Money>, Stop> {
    let Some(receipt) = receipt else { return Ok(None) };
    let open = context.facts.open_items(customer)?;
    let item = open.iter().find(|item| item.receipt == receipt).ok_or(Refusal::NotOpen)?;
    Ok(Some(item.left))
}

fn line(desk: &Desk<'_>, of: LineAccount, amount: Money) -> Line {
    // The name is the customer's own affair: the journal says their number.
    let customer = of.customer;
    let back = amount.is_negative();
    let name = match (desk.settings.language, back) {
        (Language::De, false) => format!("Zahlung auf Kundenkonto {customer}"),
        (Language::En, false) => format!("Payment to account {customer}"),
        (Language::De, true) => format!("Guthaben von Kundenkonto {customer}"),
        (Language::En, true) => format!("Credit from account {customer}"),
    };
    Line {
        line: LineNo(0),
        item: None,
        code: None,
        name,
        quantity: if back { Quantity::ONE.negated() } else { Quantity::ONE },
        unit: Unit::Piece,
        pack: None,
        price: amount.abs(),
        list_price: None,
        reason: None,
        base: amount,
        discounts: Vec::new(),
        tax: NOT_TAXABLE,
        tax_split: Vec::new(),
        rates: Some(vec![(NOT_TAXABLE, Rate::new(0))]),
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
        account: Some(of),
        tip: None,
        returned_from: None,
        note: None,
        mark: None,
    }
}

/// Before paying: what the lines pay is still owed, and what they pay out is still there. The bank may have
/// brought it meanwhile, or another till put goods on it.
pub(super) fn check_owed(desk: &Desk<'_>, basket: &Basket) -> Result<(), Stop> {
    if basket.training {
        return Ok(());
    }
    for customer in customers(&basket.lines, &[]) {
        let account = find(desk.context, customer)?;
        let others = desk.state().baskets.values().filter(|b| b.id != basket.id);
        let (owed, there) = (owed(&account, others.clone())?, credit(&account, others)?);
        let ours = |l: &&Line| l.account.as_ref().is_some_and(|of| of.customer == customer);
        let capped = |l: &&Line| l.account.as_ref().is_some_and(|of| !of.credit);
        let paid = basket.lines.iter().filter(ours).filter(capped).map(Line::total);
        if Money::sum(paid.filter(|total| total.is_positive()))? > owed {
            return Err(Refusal::MoreThanOwed { owed: owed.minor() }.into());
        }
        let out = basket.lines.iter().filter(ours).filter(|l| l.returned_from.is_none());
        let out = Money::sum(out.map(Line::total).filter(|total| total.is_negative()))?;
        if out.abs() > there {
            return Err(Refusal::NoCredit { credit: there.minor() }.into());
        }
    }
    Ok(())
}

/// Whose accounts are moved, each once.
fn customers(lines: &[Line], tenders: &[Tender]) -> Vec<CustomerId> {
    let of_lines = lines.iter().filter_map(|l| Some(l.account.as_ref()?.customer));
    let of_tenders = tenders.iter().filter_map(|t| Some(t.account.as_ref()?.customer));
    let mut all: Vec<CustomerId> = of_lines.chain(of_tenders).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What the ledger says of a finished receipt. What is trained with is in no ledger.
pub(super) fn book(desk: &Desk<'_>, receipt: &Receipt) -> Result<Vec<Event>, Stop> {
    let mut events = Vec::new();
    if receipt.training {
        return Ok(events);
    }
    for customer in customers(&receipt.lines, &receipt.tenders) {
        let account = find(desk.context, customer)?;
        let open = desk.context.facts.open_items(customer)?;
        let ledger = Ledger { balance: account.balance, open };
        let reference = ReceiptRef { till: desk.till.id, number: receipt.number };
        let mut booking = Booking { customer, receipt, reference, ledger, events: &mut events };
        booking.less()?;
        booking.more()?;
    }
    Ok(events)
}

/// One receipt's postings to one account.
struct Booking<'b> {
    customer: CustomerId,
    receipt: &'b Receipt,
    reference: ReceiptRef,
    ledger: Ledger,
    events: &'b mut Vec<Event>,
}

impl<'b> Booking<'b> {
    fn lines(&self) -> impl Iterator<Item = (&'b Line, &'b LineAccount)> + use<'b> {
        let customer = self.customer;
        let ours = move |line: &'b Line| Some((line, line.account.as_ref()?));
        self.receipt.lines.iter().filter_map(ours).filter(move |(_, of)| of.customer == customer)
    }

    fn tenders(&self) -> impl Iterator<Item = (&'b Tender, &'b TenderAccount)> + use<'b> {
        let customer = self.customer;
        let ours = move |tender: &'b Tender| Some((tender, tender.account.as_deref()?));
        self.receipt.tenders.iter().filter_map(ours).filter(move |(_, of)| of.customer == customer)
    }

    /// What settles: payments, and money for goods.
    fn less(&mut self) -> Result<(), Stop> {
        let customer = self.customer;
        for (line, of) in self.lines().filter(|(line, _)| line.total().is_positive()) {
            let amount = line.total();
            let settles = self.ledger.settle(amount, of.receipt)?;
            let (receipt, reference) = (Some(self.reference), String::new());
            self.events.push(Event::AccountPaid(AccountPaid {
                customer,
                amount,
                receipt,
                reference,
                settles,
            }));
        }
        for (tender, of) in self.tenders().filter(|(tender, _)| tender.amount.is_negative()) {
            let (amount, receipt) = (tender.amount.negated(), self.reference);
            let settles = self.ledger.settle(amount, of.paid)?;
            let paid = of.paid;
            self.events.push(Event::AccountCredited(AccountCredited {
                customer,
                amount,
                receipt,
                paid,
                settles,
            }));
        }
        Ok(())
    }

    /// What is owed: goods on account, and payments that were given back.
    fn more(&mut self) -> Result<(), Stop> {
        let date = self.receipt.date;
        let due = self.tenders().find_map(|(_, of)| of.due).unwrap_or(date);
        let bought = self.tenders().map(|(tender, _)| tender.amount);
        let bought = Money::sum(bought.filter(|amount| amount.is_positive()))?;
        let back = self.lines().map(|(line, _)| line.total()).filter(|total| total.is_negative());
        let back = Money::sum(back)?.negated();
        self.charge(bought, due, false)?;
        self.charge(back, date, true)
    }

    fn charge(&mut self, amount: Money, due: Date, given_back: bool) -> Result<(), Stop> {
        if !amount.is_positive() {
            return Ok(());
        }
        let (customer, receipt, date) = (self.customer, self.reference, self.receipt.date);
        let covered = self.ledger.charge(OpenItem { receipt, date, due, amount, left: amount })?;
        self.events.push(Event::AccountCharged(AccountCharged {
            customer,
            amount,
            covered,
            date,
            due,
            receipt,
            given_back,
        }));
        Ok(())
    }
}

/// Adds a customer, or changes one.
pub(super) fn put(context: Context<'_>, command: &ShopCommand) -> Result<Vec<Event>, Stop> {
    let ShopCommand::PutCustomer { customer, details, term_days, limit, blocked } = command else {
        return Err(fault("another command than that of a customer"));
    };
    check_details(details)?;
    if *term_days > MAX_TERM {
        return Err(limits::out("term_days").into());
    }
    let settings = context.state.settings.as_deref().ok_or(Refusal::NotConfigured)?;
    let limit = match limit {
        Some(limit) if limit.currency != settings.currency => {
            return Err(Refusal::WrongCurrency.into());
        }
        limit => limit.map(|limit| limit.amount),
    };
    limit.map_or(Ok(()), |limit| limits::amount("limit", limit))?;
    let digest = context.name.ok_or_else(|| fault("the details were not digested"))?;
    let known = customer.map(|id| find(context, id)).transpose()?;
    let fresh = CustomerId(context.state.counters.customers.saturating_add(1));
    let version = known.as_ref().map_or(1, |known| {
        let same = known.customer.details == digest;
        known.customer.version.saturating_add(u32::from(!same))
    });
    let then = Customer {
        id: customer.unwrap_or(fresh),
        version,
        details: digest,
        term_days: *term_days,
        limit,
        blocked: *blocked,
    };
    if known.is_some_and(|known| known.customer == then) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::CustomerPut(Box::new(then))])
}

pub(super) fn check_details(details: &CustomerDetails) -> Result<(), Refusal> {
    limits::text("name", details.title(), limits::MAX_NAME)?;
    let texts = [
        ("name", &details.name),
        ("company", &details.company),
        ("street", &details.street),
        ("postal_code", &details.postal_code),
        ("town", &details.town),
        ("email", &details.email),
        ("vat_id", &details.vat_id),
        ("reference", &details.reference),
    ];
    for (field, text) in texts {
        limits::optional_text(field, text, limits::MAX_NAME)?;
    }
    let country = &details.country;
    let two = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
    if !two && !country.is_empty() {
        return Err(Refusal::BadText { field: "country".to_owned() });
    }
    let email = &details.email;
    let parts =
        email.split_once('@').is_some_and(|(name, at)| !name.is_empty() && at.contains('.'));
    if !email.is_empty() && (!parts || email.contains(char::is_whitespace)) {
        return Err(Refusal::BadText { field: "email".to_owned() });
    }
    Ok(())
}

/// Forgets a customer who owes nothing, and to whom nothing is owed.
pub(super) fn forget(context: Context<'_>, customer: CustomerId) -> Result<Vec<Event>, Stop> {
    let account = find(context, customer)?;
    let moving = pending(context.state.baskets.values(), customer) != (Money::ZERO, Money::ZERO);
    if moving || !account.balance.is_zero() || !context.facts.open_items(customer)?.is_empty() {
        return Err(Refusal::AccountNotSettled.into());
    }
    // Names and addresses stand on invoices, which are kept for years.
    let kept = context.facts.last_posting(customer)?.and_then(|posted| {
        let country = context.state.settings.as_ref()?.country;
        let of = (posted, &context.state.zone);
        retention::kept_until(country, RecordKind::CustomerDetails, of, context.now)
    });
    if let Some(until) = kept.filter(|until| context.state.local(context.now).date() <= *until) {
        return Err(Refusal::MustBeKept { until }.into());
    }
    Ok(vec![Event::CustomerForgotten { customer }])
}

/// Records what a customer paid elsewhere.
pub(super) fn record(
    context: Context<'_>,
    customer: CustomerId,
    amount: Amount,
    (reference, receipt, credit): (&str, Option<ReceiptRef>, bool),
) -> Result<Vec<Event>, Stop> {
    limits::text("reference", reference, limits::MAX_TEXT)?;
    let settings = context.state.settings.as_deref().ok_or(Refusal::NotConfigured)?;
    if amount.currency != settings.currency {
        return Err(Refusal::WrongCurrency.into());
    }
    let amount = amount.amount;
    limits::amount("amount", amount)?;
    if !amount.is_positive() {
        return Err(limits::out("amount").into());
    }
    let account = find(context, customer)?;
    chosen(context, customer, receipt)?;
    let owed = owed(&account, context.state.baskets.values())?;
    if amount > owed && !credit {
        return Err(Refusal::MoreThanOwed { owed: owed.minor() }.into());
    }
    let open = context.facts.open_items(customer)?;
    let settles = Ledger { balance: account.balance, open }.settle(amount, receipt)?;
    let reference = reference.to_owned();
    Ok(vec![Event::AccountPaid(AccountPaid {
        customer,
        amount,
        receipt: None,
        reference,
        settles,
    })])
}
