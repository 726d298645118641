//! Who may do what, how far, and the second person.

use domain::people::{allowance, may};
use domain::{
    Allowance, Amount, Event, LineNo, Permission, PersonId, Refusal, Role, ShopCommand, TillCommand,
};
use money::{Currency, Money, Quantity};

use crate::catalogue::{BREAD, EMPTIES, FULL, LAMP, goods};
use crate::world::{CASHIER, MANAGER, SECOND_CASHIER, SUPERVISOR, TILL, World, receipt_no};

fn euros(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: Currency::EUR }
}

fn why() -> String {
    "why".to_owned()
}

fn paid_in(minor: i64) -> TillCommand {
    TillCommand::PaidIn { amount: euros(minor), reason: why(), purpose: None }
}

fn price(minor: i64) -> TillCommand {
    TillCommand::OverridePrice { line: LineNo(1), price: euros(minor), reason: why() }
}

#[test]
fn the_table_of_rights() {
    use Allowance::{No, UpTo, UpToPercent, Yes};
    use Permission as P;
    let table = [
        (P::Sell, Yes, Yes),
        (P::VoidLine, Yes, Yes),
        (P::AbortBasket, Yes, Yes),
        (P::GiveBenefits, No, Yes),
        (P::Discount, UpToPercent(1_000), UpToPercent(3_000)),
        (P::OverridePrice, No, UpToPercent(5_000)),
        (P::ReturnWithReceipt, UpTo(Money::new(5_000)), Yes),
        (P::ReturnWithoutReceipt, No, UpTo(Money::new(10_000))),
        (P::PayOutDeposit, UpTo(Money::new(2_500)), UpTo(Money::new(10_000))),
        (P::ChooseRefund, No, Yes),
        (P::OpenDay, Yes, Yes),
        (P::CloseDay, Yes, Yes),
        (P::ResolvePayments, No, Yes),
        (P::MoveCash, UpTo(Money::new(2_000)), Yes),
        (P::DropCash, Yes, Yes),
        (P::NoSale, No, Yes),
        (P::SeeTotals, No, Yes),
        (P::Training, No, Yes),
        (P::SeeReceipts, Yes, Yes),
        (P::SeeReports, No, Yes),
        (P::SeeItems, Yes, Yes),
        (P::ManageItems, No, Yes),
        (P::ManageStock, No, Yes),
        (P::ManageVouchers, No, Yes),
        (P::SellOnAccount, Yes, Yes),
        (P::ExceedCredit, No, Yes),
        (P::ManageCustomers, No, Yes),
        (P::RecordAccountPayments, No, Yes),
        (P::ManageTerminals, No, Yes),
        (P::ManageSettings, No, No),
        (P::ManagePeople, No, No),
        (P::ManageRecord, No, No),
        (P::SeeAudit, No, No),
        (P::Public, Yes, Yes),
        (P::SignedIn, Yes, Yes),
    ];
    for (permission, cashier, supervisor) in table {
        assert_eq!(allowance(Role::Cashier, permission), cashier, "{permission:?}");
        assert_eq!(allowance(Role::Supervisor, permission), supervisor, "{permission:?}");
        assert_eq!(allowance(Role::Manager, permission), Yes, "{permission:?}");
        assert_eq!(may(Role::Cashier, permission), cashier != No);
    }
    let given = table.iter().map(|row| row.0).filter(|p| !matches!(p, P::Public | P::SignedIn));
    assert_eq!(given.collect::<Vec<_>>(), P::ALL, "all that roles are given, each once");
}

#[test]
fn a_limit_holds_to_the_cent_and_a_second_person_lifts_it() {
    let mut w = World::open();
    w.ok(paid_in(2_000));
    let permission = Permission::MoveCash;
    assert_eq!(w.no(paid_in(2_001)), Refusal::LimitExceeded { permission });
    w.approved_by(SUPERVISOR);
    let events = w.ok(paid_in(2_001));
    assert_eq!(events[0], Event::Approved { approver: SUPERVISOR, permission });
    assert_eq!(w.drawer(), 14_001);
}

#[test]
fn a_missing_right_is_lent_by_a_second_person() {
    let mut w = World::open();
    let no_sale = || TillCommand::NoSale { reason: why() };
    let permission = Permission::NoSale;
    assert_eq!(w.no(no_sale()), Refusal::NotPermitted { permission });
    w.approved_by(MANAGER);
    let approved = Event::Approved { approver: MANAGER, permission };
    assert_eq!(w.ok(no_sale()), [approved, Event::DrawerOpened { reason: why() }]);
    // It was for one command.
    assert_eq!(w.no(no_sale()), Refusal::NotPermitted { permission });
}

#[test]
fn who_cannot_approve_does_not() {
    let mut w = World::open();
    w.office(ShopCommand::PutPerson {
        person: None,
        name: "Away".to_owned(),
        role: Role::Manager,
        active: false,
    });
    let away = PersonId(5);
    for person in [CASHIER, SECOND_CASHIER, away, PersonId(99)] {
        w.approved_by(person);
        assert_eq!(w.no(paid_in(2_001)), Refusal::ApprovalRefused { person });
        w.approved_by(person);
        let no_sale = TillCommand::NoSale { reason: why() };
        assert_eq!(w.no(no_sale), Refusal::ApprovalRefused { person });
    }
}

#[test]
fn nobody_approves_for_themselves() {
    let mut w = World::open();
    w.sign_in(TILL, SUPERVISOR);
    w.add(LAMP, 1_000);
    w.approved_by(SUPERVISOR);
    assert_eq!(w.no(price(1)), Refusal::ApprovalRefused { person: SUPERVISOR });
}

#[test]
fn an_approval_that_was_not_needed_leaves_no_trace() {
    let mut w = World::open();
    w.approved_by(CASHIER);
    assert_eq!(w.ok(paid_in(1)).len(), 1);
}

#[test]
fn the_second_person_has_limits_too() {
    let mut w = World::open();
    w.add(LAMP, 1_000);
    w.approved_by(SUPERVISOR);
    w.ok(price(945));
    w.approved_by(SUPERVISOR);
    assert_eq!(w.no(price(944)), Refusal::ApprovalRefused { person: SUPERVISOR });
    w.approved_by(MANAGER);
    let events = w.ok(price(0));
    let approvals = events.iter().filter(|e| matches!(e, Event::Approved { .. })).count();
    assert_eq!(approvals, 1, "said once, though asked twice");
}

#[test]
fn a_dearer_price_needs_the_right_but_has_no_limit() {
    let mut w = World::open();
    w.sign_in(TILL, SUPERVISOR);
    w.add(LAMP, 1_000);
    w.ok(price(100_000));
    // The limit is held against the list, not against the last price.
    let permission = Permission::OverridePrice;
    assert_eq!(w.no(price(944)), Refusal::LimitExceeded { permission });
}

#[test]
fn returns_with_a_receipt_have_a_limit_over_the_whole_basket() {
    let mut w = World::open();
    let item = w.put(goods("x", 2_501, FULL));
    w.sell(&[(item, 2_000)]);
    let one = || TillCommand::ReturnLine {
        receipt: receipt_no(1),
        line: LineNo(1),
        quantity: Some(Quantity::ONE),
    };
    w.ok(one());
    let permission = Permission::ReturnWithReceipt;
    assert_eq!(w.no(one()), Refusal::LimitExceeded { permission });
    w.approved_by(SUPERVISOR);
    w.ok(one());
    assert_eq!(w.pay().total.minor(), -5_002);
}

#[test]
fn returns_without_a_receipt_have_a_limit_over_the_whole_basket() {
    let mut w = World::open();
    w.sign_in(TILL, SUPERVISOR);
    let item = w.put(goods("x", 6_000, FULL));
    let back = |item, quantity: i64| TillCommand::ReturnWithoutReceipt {
        item,
        quantity: Some(Quantity::new(quantity)),
        price: None,
        reason: why(),
    };
    let permission = Permission::ReturnWithoutReceipt;
    assert_eq!(w.no(back(item, 2_000)), Refusal::LimitExceeded { permission });
    w.ok(back(item, 1_000));
    assert_eq!(w.no(back(item, 1_000)), Refusal::LimitExceeded { permission });
    w.ok(back(BREAD, 1_000));
    assert_eq!(w.total(), -6_540);
}

#[test]
fn goods_taken_back_cannot_be_made_more_or_dearer() {
    let mut w = World::managed();
    w.ok(TillCommand::ReturnWithoutReceipt {
        item: BREAD,
        quantity: None,
        price: None,
        reason: why(),
    });
    let line = LineNo(1);
    let more = TillCommand::ChangeQuantity { line, quantity: Quantity::new(99_000) };
    assert_eq!(w.no(more), Refusal::LineFixed { line });
    assert_eq!(w.no(price(99_999)), Refusal::LineFixed { line });
    w.ok(TillCommand::VoidLine { line });
}

#[test]
fn recorded_and_approvable_refusals() {
    let permission = Permission::NoSale;
    let recorded = [
        Refusal::NotPermitted { permission },
        Refusal::LimitExceeded { permission },
        Refusal::ApprovalRefused { person: CASHIER },
        Refusal::AgeNotChecked { age: 18 },
    ];
    assert!(recorded.iter().all(Refusal::is_recorded));
    let approvable: Vec<bool> = recorded.iter().map(Refusal::can_be_approved).collect();
    assert_eq!(approvable, [true, true, false, false]);
    assert!(!Refusal::NoBasket.is_recorded() && !Refusal::NoBasket.can_be_approved());
}

#[test]
fn empties_are_paid_out_up_to_a_limit_over_the_whole_basket() {
    let mut w = World::open();
    let permission = Permission::PayOutDeposit;
    let over = Refusal::LimitExceeded { permission };
    let empties = |pieces: i64| TillCommand::AddItem {
        item: EMPTIES,
        quantity: Some(Quantity::new(pieces * 1_000)),
        price: None,
    };
    let change = |no, pieces: i64| TillCommand::ChangeQuantity {
        line: LineNo(no),
        quantity: Quantity::new(pieces * 1_000),
    };
    assert_eq!(w.no(empties(167)), over, "25.05");
    w.ok(empties(166));
    assert_eq!(w.no(empties(1)), over, "more of the same");
    assert_eq!(w.no(change(1, 167)), over);
    w.add(BREAD, 1_000);
    assert_eq!(w.no(empties(1)), over, "goods beside it lift nothing");
    w.approved_by(SUPERVISOR);
    let events = w.ok(empties(500));
    assert_eq!(events[0], Event::Approved { approver: SUPERVISOR, permission });
    w.approved_by(SUPERVISOR);
    assert_eq!(w.no(empties(1)), Refusal::ApprovalRefused { person: SUPERVISOR });
    w.ok(change(3, 400));
    w.approved_by(MANAGER);
    w.ok(empties(1_000));
    assert_eq!(w.total(), 540 - (166 + 400 + 1_000) * 15);
}

#[test]
fn training_needs_a_supervisor() {
    let mut w = World::open();
    let permission = Permission::Training;
    assert_eq!(w.no(TillCommand::Training { on: true }), Refusal::NotPermitted { permission });
    w.approved_by(SUPERVISOR);
    w.ok(TillCommand::Training { on: true });
    assert!(w.state.tills[&TILL].training);
}
