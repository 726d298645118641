//! Discounts by hand: of a line, of the receipt, their limits, and what becomes of them.

use domain::command::DiscountValue;
use domain::{Amount, LineNo, Permission, Refusal, TillCommand};
use money::{Currency, Money, Quantity};

use crate::catalogue::{BREAD, BUTTER, DEPOSIT, JUICE, LAMP};
use crate::world::{MANAGER, SUPERVISOR, World, line_totals};

fn percent(basis_points: u16) -> DiscountValue {
    DiscountValue::Percent { basis_points }
}

fn off(minor: i64) -> DiscountValue {
    DiscountValue::Amount { amount: Amount { amount: Money::new(minor), currency: Currency::EUR } }
}

fn line(no: u16, discount: DiscountValue) -> TillCommand {
    TillCommand::DiscountLine { line: LineNo(no), discount, reason: "why".to_owned() }
}

fn receipt(discount: DiscountValue) -> TillCommand {
    TillCommand::DiscountReceipt { discount, reason: "why".to_owned() }
}

const OVER: Refusal = Refusal::LimitExceeded { permission: Permission::Discount };

#[test]
fn a_second_discount_of_a_line_replaces_the_first() {
    let mut w = World::managed();
    w.add(BREAD, 1_000);
    w.ok(line(1, percent(1_000)));
    w.ok(line(1, off(40)));
    assert_eq!(line_totals(w.lines()), [500]);
    w.ok(TillCommand::RemoveDiscount { line: Some(LineNo(1)) });
    assert_eq!(line_totals(w.lines()), [540]);
    assert!(w.ok(TillCommand::RemoveDiscount { line: Some(LineNo(1)) }).is_empty());
    let gone = TillCommand::RemoveDiscount { line: Some(LineNo(2)) };
    assert_eq!(w.no(gone), Refusal::UnknownLine { line: LineNo(2) });
}

#[test]
fn a_second_discount_of_the_receipt_replaces_the_first() {
    let mut w = World::managed();
    w.add(BREAD, 1_000);
    w.ok(receipt(percent(5_000)));
    w.ok(receipt(off(40)));
    assert_eq!(w.total(), 500);
    w.ok(TillCommand::RemoveDiscount { line: None });
    assert_eq!(w.total(), 540);
    assert!(w.ok(TillCommand::RemoveDiscount { line: None }).is_empty());
}

#[test]
fn a_discount_is_never_more_than_there_is() {
    let mut w = World::managed();
    w.add(BREAD, 1_000);
    assert_eq!(w.no(line(1, off(541))), Refusal::DiscountTooHigh);
    assert_eq!(w.no(receipt(off(541))), Refusal::DiscountTooHigh);
    w.ok(line(1, off(540)));
    assert_eq!(w.no(receipt(percent(1))), Refusal::NotDiscountable);
    assert_eq!(w.total(), 0);
}

#[test]
fn deposits_and_goods_without_discount_take_none() {
    let mut w = World::managed();
    w.add(JUICE, 1_000);
    assert_eq!(w.no(line(2, percent(100))), Refusal::NotDiscountable);
    w.add(DEPOSIT, 1_000);
    assert_eq!(w.no(line(3, percent(100))), Refusal::NotDiscountable);
    w.ok(receipt(percent(10_000)));
    assert_eq!(line_totals(&w.totals().lines), [0, 15, 15]);
}

#[test]
fn a_percentage_follows_the_quantity_and_an_amount_does_not() {
    let mut w = World::managed();
    let change = |no, quantity| TillCommand::ChangeQuantity {
        line: LineNo(no),
        quantity: Quantity::new(quantity),
    };
    w.add(BREAD, 2_000);
    w.ok(line(1, percent(1_000)));
    w.ok(change(1, 4_000));
    assert_eq!(line_totals(w.lines()), [2_160 - 216]);
    w.ok(line(1, off(1_000)));
    w.ok(change(1, 1_000));
    assert_eq!(line_totals(w.lines()), [0], "at most what there is");
}

#[test]
fn the_limit_is_of_what_the_line_costs_by_percent_or_by_amount() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    w.ok(line(1, percent(1_000)));
    assert_eq!(w.no(line(1, percent(1_001))), OVER);
    w.ok(line(1, off(54)));
    assert_eq!(w.no(line(1, off(55))), OVER);
    w.approved_by(SUPERVISOR);
    w.ok(line(1, percent(3_000)));
    w.approved_by(SUPERVISOR);
    assert_eq!(w.no(line(1, percent(3_001))), Refusal::ApprovalRefused { person: SUPERVISOR });
    w.approved_by(MANAGER);
    w.ok(line(1, percent(10_000)));
}

#[test]
fn goods_that_leave_do_not_make_a_discount_larger_than_allowed() {
    let mut w = World::open();
    w.add(BREAD, 10_000);
    w.ok(line(1, off(540)));
    let less = || TillCommand::ChangeQuantity { line: LineNo(1), quantity: Quantity::ONE };
    assert_eq!(w.no(less()), OVER);
    let more = TillCommand::ChangeQuantity { line: LineNo(1), quantity: Quantity::new(11_000) };
    w.ok(more);
    w.approved_by(MANAGER);
    w.ok(less());
    assert_eq!(w.total(), 0);
}

#[test]
fn voided_lines_do_not_make_a_receipt_discount_larger_than_allowed() {
    let mut w = World::open();
    w.add(LAMP, 1_000);
    w.add(BUTTER, 1_000);
    w.ok(receipt(off(210)));
    let void = |no| TillCommand::VoidLine { line: LineNo(no) };
    assert_eq!(w.no(void(1)), OVER);
    w.approved_by(MANAGER);
    w.ok(void(1));
    assert_eq!(w.total(), 299 - 210);
    // The last goods may go: nothing is left to be taken off.
    w.ok(void(2));
    assert_eq!(w.total(), 0);
}

#[test]
fn a_discount_of_a_line_does_not_make_that_of_the_receipt_larger_than_allowed() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    w.ok(receipt(off(54)));
    assert_eq!(w.no(line(1, percent(1_000))), OVER, "54 of 486 are more than a tenth");
    w.ok(receipt(off(10)));
    assert_eq!(w.no(line(1, percent(1_000))), OVER, "64 of 540 are more than a tenth");
    w.ok(line(1, percent(800)));
    assert_eq!(w.total(), 540 - 43 - 10);
}

#[test]
fn a_receipt_discount_by_percent_needs_no_second_look() {
    let mut w = World::open();
    w.add(LAMP, 1_000);
    w.add(BUTTER, 1_000);
    w.ok(receipt(percent(1_000)));
    w.ok(TillCommand::VoidLine { line: LineNo(1) });
    assert_eq!(w.total(), 299 - 30);
}

#[test]
fn foreign_money_is_no_discount() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    let amount = Amount { amount: Money::new(1), currency: Currency::CHF };
    assert_eq!(w.no(line(1, DiscountValue::Amount { amount })), Refusal::WrongCurrency);
    assert_eq!(w.no(receipt(DiscountValue::Amount { amount })), Refusal::WrongCurrency);
}

#[test]
fn discounts_are_counted_by_line_and_amount() {
    let mut w = World::managed();
    w.add(BREAD, 1_000);
    w.add(BUTTER, 1_000);
    w.add(DEPOSIT, 1_000);
    w.ok(line(1, off(100)));
    w.ok(receipt(off(100)));
    let receipt = w.pay();
    assert_eq!(receipt.saved.minor(), 200);
    let tally = w.day().totals.discounts;
    assert_eq!((tally.count, tally.amount.minor()), (2, 200));
}

#[test]
fn two_discounts_within_the_limit_are_not_one_above_it() {
    let mut w = World::open();
    w.add(LAMP, 1_000);
    w.ok(line(1, percent(1_000)));
    assert_eq!(w.no(receipt(percent(1_000))), OVER, "19 % together");
    w.ok(TillCommand::RemoveDiscount { line: Some(LineNo(1)) });
    w.ok(receipt(percent(1_000)));
    assert_eq!(w.no(line(1, percent(1_000))), OVER, "nor the other way round");
    w.approved_by(SUPERVISOR);
    w.ok(line(1, percent(1_000)));
    assert_eq!(w.total(), 1_531);
}

#[test]
fn both_discounts_are_weighed_against_all_goods_and_again_when_some_leave() {
    let mut w = World::open();
    w.add(LAMP, 1_000);
    w.add(BUTTER, 1_000);
    w.ok(line(2, percent(1_000)));
    w.ok(receipt(percent(800)));
    assert_eq!(w.no(TillCommand::VoidLine { line: LineNo(1) }), OVER, "17 % of the butter");
    w.ok(TillCommand::VoidLine { line: LineNo(2) });
    assert_eq!(w.total(), 1_890 - 151);
}
