//! Customers' accounts: bought on account, paid later, given back to; and what always holds of them.

use domain::account::{CustomerDetails, TenderAccount};
use domain::basket::TenderKind;
use domain::event::AccountPaid;
use domain::receipt::Receipt;
use domain::voucher::VoucherKind;
use domain::{
    Command, CustomerId, Event, ItemId, Permission, ReceiptRef, Refusal, ShopCommand, State,
    TillCommand, TillId,
};
use money::{Currency, Money};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::catalogue::{BREAD, BUTTER, EMPTIES, LAMP};
use crate::properties::assert_restart_finds_it;
use crate::world::{
    CASHIER, MANAGER, OTHER_TILL, SUPERVISOR, TILL, World, receipt_no, receipt_of, tax,
};

pub(crate) const ANNA: CustomerId = CustomerId(1);
pub(crate) const BUREAU: CustomerId = CustomerId(2);

fn put(customer: Option<CustomerId>, name: &str, limit: Option<i64>, blocked: bool) -> ShopCommand {
    let details = Box::new(CustomerDetails { name: name.to_owned(), ..CustomerDetails::default() });
    let limit =
        limit.map(|limit| domain::Amount { amount: Money::new(limit), currency: Currency::EUR });
    ShopCommand::PutCustomer { customer, details, term_days: 14, limit, blocked }
}

/// Two customers: the first may owe 50.00, the second without limit.
pub(crate) fn with_customers(mut w: World) -> World {
    w.office(put(None, "Anna", Some(5_000), false));
    w.office(put(None, "Bureau", None, false));
    w
}

pub(crate) fn on_account(customer: CustomerId) -> TillCommand {
    TillCommand::PayOnAccount { customer, amount: None }
}

pub(crate) fn settle(customer: CustomerId) -> TillCommand {
    TillCommand::SettleAccount { customer, amount: None, receipt: None, credit: false }
}

/// Buys a lamp (18.90) on account.
pub(crate) fn buy(w: &mut World, customer: CustomerId) -> Receipt {
    w.add(LAMP, 1_000);
    receipt_of(&w.ok(on_account(customer))).expect("a receipt")
}

pub(crate) fn balance(w: &World, customer: CustomerId) -> i64 {
    w.book.accounts.known[&customer].balance.minor()
}

fn open(w: &World, customer: CustomerId) -> Vec<(u64, i64)> {
    let open = w.book.accounts.open_of(customer);
    open.iter().map(|item| (item.receipt.number.0, item.left.minor())).collect()
}

pub(crate) fn lamp(w: &World) -> i64 {
    w.book.items[&LAMP].draft.prices[0].amount.minor()
}

#[test]
fn goods_on_account_are_turnover_now_and_owed_until_the_term_is_over() {
    let mut w = with_customers(World::open());
    let sold = buy(&mut w, ANNA);
    let price = lamp(&w);
    assert_eq!((sold.total.minor(), sold.turnover().minor()), (price, price));
    let tender = &sold.tenders[0];
    assert_eq!((tender.kind, tender.amount.minor()), (TenderKind::Account, price));
    let due = Some("2026-12-07".parse().unwrap());
    let of = TenderAccount { customer: ANNA, version: 1, due, paid: None };
    assert_eq!(tender.account.as_deref(), Some(&of));
    assert_eq!((balance(&w, ANNA), open(&w, ANNA)), (price, vec![(1, price)]));
    assert_eq!(w.book.accounts.open_of(ANNA)[0].due, "2026-12-07".parse().unwrap());
    let totals = &w.day().totals;
    assert_eq!(totals.tenders[&TenderKind::Account].amount.minor(), price);
    assert_eq!(totals.receipts.amount.minor(), price);
    assert_eq!(w.drawer(), 10_000, "no cash moved");
}

#[test]
fn what_is_paid_later_is_no_turnover_and_is_not_taxed_again() {
    let mut w = with_customers(World::open());
    buy(&mut w, ANNA);
    let before = (w.day().totals.receipts.amount, w.day().totals.tax.clone());
    w.ok(settle(ANNA));
    let paid = w.pay();
    let price = lamp(&w);
    assert_eq!((paid.total.minor(), paid.turnover().minor()), (price, 0));
    assert_eq!(tax(&paid), [(5, 0, price, 0, price)]);
    assert_eq!((balance(&w, ANNA), open(&w, ANNA)), (0, vec![]));
    let totals = &w.day().totals;
    assert_eq!((totals.receipts.amount, totals.tax.clone()), before);
    assert_eq!((totals.accounts_paid.count, totals.accounts_paid.amount.minor()), (1, price));
    assert_eq!(totals.tenders[&TenderKind::Cash].amount.minor(), price);
    assert_eq!(w.drawer(), 10_000 + price);
    assert_eq!(w.no(settle(ANNA)), Refusal::MoreThanOwed { owed: 0 });
}

#[test]
fn a_part_is_put_on_account_and_the_rest_is_paid_in_any_order() {
    let mut w = with_customers(World::open());
    w.add(LAMP, 1_000);
    let amount = Some(w.amount(500));
    w.ok(TillCommand::PayOnAccount { customer: ANNA, amount });
    let amount = Some(w.amount(300));
    w.ok(TillCommand::PayOnAccount { customer: ANNA, amount });
    let other = TillCommand::PayOnAccount { customer: BUREAU, amount };
    assert_eq!(w.no(other), Refusal::OtherCustomer);
    let sold = w.pay();
    assert_eq!(sold.tenders.len(), 3);
    assert_eq!(open(&w, ANNA), [(1, 800)], "one receipt is one open item");
    assert_eq!(w.drawer(), 10_000 + lamp(&w) - 800);
}

#[test]
fn an_undone_tender_and_an_aborted_basket_leave_nothing_owed() {
    let mut w = with_customers(World::managed());
    w.add(LAMP, 1_000);
    let amount = Some(w.amount(500));
    w.ok(TillCommand::PayOnAccount { customer: ANNA, amount });
    w.ok(TillCommand::UndoTender);
    w.ok(TillCommand::AbortBasket { reason: None });
    assert_eq!((balance(&w, ANNA), open(&w, ANNA)), (0, vec![]));
    assert!(w.book.accounts.postings.is_empty());
}

#[test]
fn over_the_limit_it_needs_the_right_and_what_open_baskets_put_on_it_counts() {
    let mut w = with_customers(World::open());
    let permission = Permission::ExceedCredit;
    buy(&mut w, ANNA);
    buy(&mut w, ANNA);
    w.add(LAMP, 1_000);
    assert_eq!(w.no(on_account(ANNA)), Refusal::NotPermitted { permission });
    // The other till takes what is left of the limit and does not finish.
    let left = 5_000 - 2 * lamp(&w);
    let add = TillCommand::AddItem { item: LAMP, quantity: None, price: None };
    w.ok_at(OTHER_TILL, add);
    let amount = Some(w.amount(left));
    let part = TillCommand::PayOnAccount { customer: ANNA, amount };
    w.ok_at(OTHER_TILL, part);
    let amount = Some(w.amount(1));
    let more = TillCommand::PayOnAccount { customer: ANNA, amount };
    assert_eq!(w.no(more), Refusal::NotPermitted { permission });
    w.approved_by(SUPERVISOR);
    let events = w.ok(on_account(ANNA));
    assert_eq!(events[0], Event::Approved { approver: SUPERVISOR, permission });
    assert_eq!(balance(&w, ANNA), 3 * lamp(&w));
}

#[test]
fn whoever_is_blocked_or_unknown_buys_nothing_on_account_but_may_pay() {
    let mut w = with_customers(World::open());
    buy(&mut w, ANNA);
    w.office(put(Some(ANNA), "Anna", Some(5_000), true));
    w.add(LAMP, 1_000);
    assert_eq!(w.no(on_account(ANNA)), Refusal::CustomerBlocked { customer: ANNA });
    assert_eq!(w.no(on_account(CustomerId(99))), Refusal::UnknownCustomer);
    w.pay();
    w.ok(settle(ANNA));
    w.pay();
    assert_eq!(balance(&w, ANNA), 0);
}

#[test]
fn vouchers_payments_and_money_paid_out_are_not_put_on_an_account() {
    let mut w = with_customers(World::managed());
    let amount = w.amount(1_000);
    w.ok(TillCommand::SellVoucher { amount, of: VoucherKind::MultiPurpose });
    assert_eq!(w.no(on_account(BUREAU)), Refusal::NotOnAccount);
    w.pay();
    buy(&mut w, BUREAU);
    w.ok(settle(BUREAU));
    assert_eq!(w.no(on_account(BUREAU)), Refusal::NotOnAccount, "nor what is owed already");
    w.pay();
    w.ok(TillCommand::AddItem { item: EMPTIES, quantity: None, price: None });
    assert_eq!(w.no(on_account(BUREAU)), Refusal::NotOnAccount);
}

#[test]
fn bad_amounts_are_refused_and_change_nothing() {
    let mut w = with_customers(World::open());
    buy(&mut w, ANNA);
    w.add(LAMP, 1_000);
    let out = Refusal::OutOfLimits { field: "amount".to_owned() };
    for amount in [-1, 0] {
        let amount = Some(w.amount(amount));
        assert_eq!(w.no(TillCommand::PayOnAccount { customer: ANNA, amount }), out);
        let settle =
            TillCommand::SettleAccount { customer: ANNA, amount, receipt: None, credit: true };
        assert_eq!(w.no(settle), out);
    }
    let francs = domain::Amount { amount: Money::new(100), currency: Currency::CHF };
    let pay = TillCommand::PayOnAccount { customer: ANNA, amount: Some(francs) };
    assert_eq!(w.no(pay), Refusal::WrongCurrency);
    let more = Some(w.amount(lamp(&w) + 1));
    let pay = TillCommand::PayOnAccount { customer: ANNA, amount: more };
    assert_eq!(w.no(pay), Refusal::BadTender);
    let record = |amount, reference: &str| ShopCommand::RecordAccountPayment {
        customer: ANNA,
        amount,
        reference: reference.to_owned(),
        receipt: None,
        credit: false,
    };
    let euros = |minor| domain::Amount { amount: Money::new(minor), currency: Currency::EUR };
    for (command, refusal) in [
        (record(euros(-5), "x"), out.clone()),
        (record(euros(0), "x"), out.clone()),
        (record(francs, "x"), Refusal::WrongCurrency),
        (record(euros(5), " "), Refusal::BadText { field: "reference".to_owned() }),
        (record(euros(1_000_000), "x"), Refusal::MoreThanOwed { owed: lamp(&w) }),
    ] {
        assert_eq!(w.office_no(MANAGER, command), refusal);
    }
    let permission = Permission::RecordAccountPayments;
    let asked = record(euros(5), "x");
    assert_eq!(w.office_no(CASHIER, asked), Refusal::NotPermitted { permission });
    assert_eq!(balance(&w, ANNA), lamp(&w));
}

#[test]
fn a_chosen_receipt_is_paid_before_older_ones_and_two_tills_do_not_pay_twice() {
    let mut w = with_customers(World::managed());
    buy(&mut w, BUREAU);
    buy(&mut w, BUREAU);
    let price = lamp(&w);
    let chosen = |receipt| TillCommand::SettleAccount {
        customer: BUREAU,
        amount: None,
        receipt: Some(receipt_no(receipt)),
        credit: false,
    };
    assert_eq!(w.no(chosen(9)), Refusal::NotOpen);
    w.ok(chosen(2));
    // Before it is paid: the other till can pay the rest only.
    let events = w.ok_at(OTHER_TILL, settle(BUREAU));
    assert!(matches!(&events[1], Event::LineAdded { line, .. } if line.total().minor() == price));
    assert_eq!(w.no_at(OTHER_TILL, settle(BUREAU)), Refusal::MoreThanOwed { owed: 0 });
    w.pay();
    assert_eq!(open(&w, BUREAU), [(1, price)]);
    w.pay_at(OTHER_TILL);
    assert_eq!((balance(&w, BUREAU), open(&w, BUREAU)), (0, vec![]));
}

#[test]
fn more_than_is_owed_is_credit_by_right_and_the_next_purchase_takes_it() {
    let mut w = with_customers(World::open());
    buy(&mut w, ANNA);
    let price = lamp(&w);
    let more = |w: &World, credit| TillCommand::SettleAccount {
        customer: ANNA,
        amount: Some(w.amount(price + 1_000)),
        receipt: None,
        credit,
    };
    assert_eq!(w.no(more(&w, false)), Refusal::MoreThanOwed { owed: price });
    let permission = Permission::RecordAccountPayments;
    assert_eq!(w.no(more(&w, true)), Refusal::NotPermitted { permission });
    let approved = more(&w, true);
    w.approved_by(SUPERVISOR).ok(approved);
    w.pay();
    assert_eq!((balance(&w, ANNA), open(&w, ANNA)), (-1_000, vec![]));
    buy(&mut w, ANNA);
    assert_eq!((balance(&w, ANNA), open(&w, ANNA)), (price - 1_000, vec![(3, price - 1_000)]));
}

#[test]
fn credit_is_paid_out_by_right_once_and_is_no_turnover() {
    let mut w = with_customers(World::managed());
    let amount = w.amount(1_000);
    let reference = "statement 17".to_owned();
    let (customer, receipt, credit) = (BUREAU, None, true);
    w.office(ShopCommand::RecordAccountPayment { customer, amount, reference, receipt, credit });
    let out = |amount| TillCommand::PayOutCredit { customer, amount };
    let more = Some(w.amount(1_001));
    assert_eq!(w.no(out(more)), Refusal::NoCredit { credit: 1_000 });
    let part = Some(w.amount(400));
    w.ok(out(part));
    // The other till sees what is left of it; and what is put on the account there takes it first.
    let events = w.ok_at(OTHER_TILL, out(None));
    assert!(matches!(&events[1], Event::LineAdded { line, .. } if line.total().minor() == -600));
    assert_eq!(w.no_at(OTHER_TILL, out(None)), Refusal::NoCredit { credit: 0 });
    assert_eq!(w.no(on_account(BUREAU)), Refusal::NotOnAccount);
    w.pay();
    w.pay_at(OTHER_TILL);
    assert_eq!((balance(&w, BUREAU), open(&w, BUREAU), w.drawer()), (0, vec![], 9_600));
    assert_eq!(w.day().totals.receipts.amount, Money::ZERO);
    w.office_in_years(9, ShopCommand::ForgetCustomer { customer });
    w.sign_in(TILL, CASHIER);
    let permission = Permission::RecordAccountPayments;
    assert_eq!(w.no(out(None)), Refusal::NotPermitted { permission });
}

#[test]
fn the_bank_may_bring_what_a_basket_was_about_to_pay() {
    let mut w = with_customers(World::managed());
    buy(&mut w, BUREAU);
    w.ok(settle(BUREAU));
    let amount = w.amount(lamp(&w));
    let record = |credit| ShopCommand::RecordAccountPayment {
        customer: BUREAU,
        amount,
        reference: "statement 17".to_owned(),
        receipt: None,
        credit,
    };
    assert_eq!(w.office_no(MANAGER, record(false)), Refusal::MoreThanOwed { owed: 0 });
    w.office(record(true));
    let owed = Refusal::MoreThanOwed { owed: 0 };
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), owed);
    w.ok(TillCommand::AbortBasket { reason: None });
    assert_eq!(balance(&w, BUREAU), 0);
}

#[test]
fn goods_that_come_back_are_owed_no_more_and_what_was_paid_goes_back_as_money() {
    let mut w = with_customers(World::managed());
    buy(&mut w, BUREAU);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    let back = w.pay();
    assert_eq!(back.tenders.len(), 1);
    assert_eq!(back.tenders[0].kind, TenderKind::Account);
    assert_eq!((balance(&w, BUREAU), open(&w, BUREAU)), (0, vec![]));
    assert_eq!(w.drawer(), 10_000, "no cash for what was never paid");
    // Paid half: half of it is money again.
    let price = lamp(&w);
    buy(&mut w, BUREAU);
    let amount = Some(w.amount(1_000));
    w.ok(TillCommand::SettleAccount { customer: BUREAU, amount, receipt: None, credit: false });
    w.pay();
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(3) });
    let back = w.pay();
    let parts: Vec<(TenderKind, i64)> =
        back.tenders.iter().map(|t| (t.kind, t.amount.minor())).collect();
    assert_eq!(parts, [(TenderKind::Account, 1_000 - price), (TenderKind::Cash, -1_000)]);
    assert_eq!((balance(&w, BUREAU), w.drawer()), (0, 10_000));
}

#[test]
fn money_for_returned_goods_can_be_credited_to_an_account_and_never_for_empties() {
    let mut w = with_customers(World::managed());
    w.sell(&[(LAMP, 1_000)]);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    let back = receipt_of(&w.ok(on_account(ANNA))).expect("a receipt");
    assert_eq!((back.tenders[0].amount.minor(), balance(&w, ANNA)), (-lamp(&w), -lamp(&w)));
    assert!(back.tenders[0].account.as_ref().is_some_and(|of| of.due.is_none()));
}

#[test]
fn a_payment_that_is_returned_is_owed_again_from_today() {
    let mut w = with_customers(World::managed());
    buy(&mut w, BUREAU);
    w.ok(settle(BUREAU));
    w.pay();
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(2) });
    let back = w.pay();
    assert_eq!(back.turnover(), Money::ZERO);
    let price = lamp(&w);
    assert_eq!((balance(&w, BUREAU), open(&w, BUREAU)), (price, vec![(3, price)]));
    assert_eq!(w.book.accounts.open_of(BUREAU)[0].due, back.date);
    assert_eq!((w.drawer(), w.day().totals.accounts_paid.amount), (10_000, Money::ZERO));
}

#[test]
fn training_counts_nowhere() {
    let mut w = with_customers(World::managed());
    w.ok(TillCommand::Training { on: true });
    buy(&mut w, BUREAU);
    assert!(w.book.accounts.postings.is_empty());
    assert_eq!(w.no(settle(BUREAU)), Refusal::MoreThanOwed { owed: 0 });
    w.ok(TillCommand::Training { on: false });
    assert!(w.day().totals.tenders.is_empty());
}

#[test]
fn customers_are_changed_and_forgotten_once_everything_is_settled() {
    let mut w = with_customers(World::managed());
    assert!(w.office(put(Some(ANNA), "Anna", Some(5_000), false)).is_empty(), "as it is already");
    let events = w.office(put(Some(ANNA), "Anna Neu", Some(6_000), false));
    assert!(matches!(&events[0], Event::CustomerPut(c) if c.version == 2 && c.id == ANNA));
    let events = w.office(put(Some(ANNA), "Anna Neu", None, false));
    assert!(matches!(&events[0], Event::CustomerPut(c) if c.version == 2 && c.limit.is_none()));
    let forget = ShopCommand::ForgetCustomer { customer: ANNA };
    buy(&mut w, ANNA);
    assert_eq!(w.office_no(MANAGER, forget.clone()), Refusal::AccountNotSettled);
    w.ok(settle(ANNA));
    assert_eq!(w.office_no(MANAGER, forget.clone()), Refusal::AccountNotSettled);
    w.pay();
    // The address stands on an invoice of 2026.
    let until = jiff::civil::date(2034, 12, 31);
    assert_eq!(w.office_no(MANAGER, forget.clone()), Refusal::MustBeKept { until });
    w.office_in_years(9, forget.clone());
    assert_eq!(w.office_no(MANAGER, forget), Refusal::UnknownCustomer);
    // Who is forgotten gets money for returned goods like anybody.
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    assert_eq!(w.pay().tenders[0].kind, TenderKind::Cash);
    let bad = |change: fn(&mut CustomerDetails), field: &str| {
        let mut details = CustomerDetails { name: "Ada".to_owned(), ..CustomerDetails::default() };
        change(&mut details);
        (details, Refusal::BadText { field: field.to_owned() })
    };
    for (details, refusal) in [
        bad(|d| d.name.clear(), "name"),
        bad(|d| "de".clone_into(&mut d.country), "country"),
        bad(|d| "ada".clone_into(&mut d.email), "email"),
        bad(|d| "1\n2".clone_into(&mut d.street), "street"),
    ] {
        let details = Box::new(details);
        let (customer, limit) = (None, None);
        let put =
            ShopCommand::PutCustomer { customer, details, term_days: 14, limit, blocked: false };
        assert_eq!(w.office_no(MANAGER, put), refusal);
    }
    let details =
        Box::new(CustomerDetails { name: "Ada".to_owned(), ..CustomerDetails::default() });
    let put = ShopCommand::PutCustomer {
        customer: None,
        details,
        term_days: 366,
        limit: None,
        blocked: false,
    };
    assert_eq!(w.office_no(MANAGER, put), Refusal::OutOfLimits { field: "term_days".to_owned() });
}

#[derive(Debug, Clone)]
enum Step {
    Add(u32),
    OnAccount(u32, Option<i64>),
    Settle(u32, Option<i64>, Option<u64>, bool),
    PayOut(u32),
    Record(u32, i64, Option<u64>, bool),
    Cash(Option<i64>),
    Undo,
    Return(u64),
    Void(u16),
    Abort,
    Block(u32, bool),
    Training(bool),
    Forget(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let customer = || prop::sample::select(vec![1_u32, 2, 2, 2]);
    let amount = || prop::option::of(1_i64..4_000);
    let receipt = || prop::option::weighted(0.3, 1_u64..8);
    prop_oneof![
        4 => prop::sample::select(vec![LAMP.0, BREAD.0, BUTTER.0]).prop_map(Step::Add),
        6 => (customer(), prop::option::weighted(0.3, 1_i64..2_000)).prop_map(|(c, a)| Step::OnAccount(c, a)),
        2 => (customer(), amount(), receipt(), any::<bool>()).prop_map(|(c, a, r, m)| Step::Settle(c, a, r, m)),
        2 => (customer(), 1_i64..4_000, receipt(), any::<bool>()).prop_map(|(c, a, r, m)| Step::Record(c, a, r, m)),
        4 => prop::option::weighted(0.3, 1_i64..2_000).prop_map(Step::Cash),
        1 => Just(Step::Undo),
        6 => (1_u64..5).prop_map(Step::Return),
        1 => (1_u16..4).prop_map(Step::Void),
        1 => Just(Step::Abort),
        1 => (customer(), prop::bool::weighted(0.2)).prop_map(|(c, b)| Step::Block(c, b)),
        1 => prop::bool::weighted(0.2).prop_map(Step::Training),
        1 => Just(Step::Forget(1)),
        2 => customer().prop_map(Step::PayOut),
    ]
}

fn steps() -> impl Strategy<Value = Vec<(TillId, Step)>> {
    prop::collection::vec((prop::sample::select(vec![TILL, TILL, OTHER_TILL]), step()), 1..45)
}

fn receipt(number: Option<u64>) -> Option<ReceiptRef> {
    number.map(receipt_no)
}

fn walk(w: &mut World, till: TillId, step: &Step) -> bool {
    let own = |minor: i64| domain::Amount { amount: Money::new(minor), currency: Currency::EUR };
    let command = match *step {
        Step::Add(item) => TillCommand::AddItem { item: ItemId(item), quantity: None, price: None },
        Step::OnAccount(customer, amount) => {
            TillCommand::PayOnAccount { customer: CustomerId(customer), amount: amount.map(own) }
        }
        Step::Settle(customer, amount, number, credit) => TillCommand::SettleAccount {
            customer: CustomerId(customer),
            amount: amount.map(own),
            receipt: receipt(number),
            credit,
        },
        Step::PayOut(customer) => {
            TillCommand::PayOutCredit { customer: CustomerId(customer), amount: None }
        }
        Step::Cash(tendered) => TillCommand::PayCash { tendered: tendered.map(own) },
        Step::Undo => TillCommand::UndoTender,
        Step::Return(number) => TillCommand::ReturnReceipt { receipt: receipt_no(number) },
        Step::Void(line) => TillCommand::VoidLine { line: domain::LineNo(line) },
        Step::Abort => TillCommand::AbortBasket { reason: None },
        Step::Training(on) => TillCommand::Training { on },
        Step::Record(customer, amount, number, credit) => {
            let command = ShopCommand::RecordAccountPayment {
                customer: CustomerId(customer),
                amount: own(amount),
                reference: "bank".to_owned(),
                receipt: receipt(number),
                credit,
            };
            return w.run(Some(MANAGER), Command::Shop(command)).is_ok();
        }
        Step::Block(customer, blocked) => {
            let command = put(Some(CustomerId(customer)), "x", Some(9_000), blocked);
            return w.run(Some(MANAGER), Command::Shop(command)).is_ok();
        }
        Step::Forget(customer) => {
            let command = ShopCommand::ForgetCustomer { customer: CustomerId(customer) };
            return w.run(Some(MANAGER), Command::Shop(command)).is_ok();
        }
    };
    w.at(till, command).is_ok()
}

/// Both sides of the ledger: what receipts and the bank say is what the accounts say, and what is open is
/// what is owed.
fn assert_ledger(w: &World) {
    let accounts = &w.book.accounts;
    for (id, account) in &accounts.known {
        let sum: i64 = accounts.postings.iter().filter(|(of, _)| of == id).map(|(_, a)| a).sum();
        assert_eq!(account.balance.minor(), sum);
        let open: i64 = accounts.open_of(*id).iter().map(|item| item.left.minor()).sum();
        assert_eq!(open, sum.max(0), "{id}");
    }
    let mut said = 0_i64;
    for issued in w.book.receipts.values() {
        let lines = issued.receipt.lines.iter().filter(|l| l.account.is_some());
        said -= lines.map(|l| l.total().minor()).sum::<i64>();
        let tenders = issued.receipt.tenders.iter().filter(|t| t.account.is_some());
        said += tenders.map(|t| t.amount.minor()).sum::<i64>();
    }
    for entry in &w.log {
        if let Event::AccountPaid(AccountPaid { receipt: None, amount, .. }) = &entry.event {
            said -= amount.minor();
        }
    }
    assert_eq!(said, accounts.postings.iter().map(|(_, amount)| amount).sum::<i64>());
}

fn walked() -> World {
    let mut w = with_customers(World::managed());
    w.sign_in(OTHER_TILL, SUPERVISOR);
    w
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, rng_seed: RngSeed::Fixed(20_261_126), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_with_accounts_the_ledger_agrees(steps in steps()) {
        let mut w = walked();
        for (till, step) in &steps {
            if walk(&mut w, *till, step) {
                assert_restart_finds_it(&w);
                assert_ledger(&w);
            }
        }
        let mut folded = State::default();
        for (seq, entry) in (1..).zip(&w.log) {
            let json = serde_json::to_string(&entry.event).unwrap();
            let event: Event = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&event, &entry.event);
            folded.apply(seq, entry.at, entry.till, entry.person, &event);
        }
        prop_assert_eq!(folded, w.state);
    }
}

/// A property over walks that never get anywhere would hold too.
#[test]
fn the_walks_reach_every_posting() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut reached = std::collections::BTreeMap::<String, u32>::new();
    for _ in 0..150 {
        let mut w = walked();
        for (till, step) in steps().new_tree(&mut runner).unwrap().current() {
            walk(&mut w, till, &step);
        }
        for entry in &w.log {
            let kind = serde_json::to_value(&entry.event).unwrap()["kind"].to_string();
            *reached.entry(kind).or_default() += 1;
        }
    }
    for kind in ["account_charged", "account_credited", "account_paid", "customer_forgotten"] {
        let times = reached.get(&format!("\"{kind}\"")).copied().unwrap_or(0);
        assert!(times >= 10, "{kind}: {reached:?}");
    }
}
