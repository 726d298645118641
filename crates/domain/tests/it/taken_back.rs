//! Goods that come back: at what rate, what their line says of itself, and what the limit counts.

use domain::command::DiscountValue;
use domain::settings::DatedRate;
use domain::{
    Amount, ItemId, LineNo, Permission, ReceiptRef, Refusal, Settings, TaxKey, TillCommand,
};
use jiff::ToSpan;
use money::{Currency, Money, Quantity, Rate};

use crate::catalogue::{
    BREAD, CHEESE, EMPTIES, FOOD, FULL, JUICE, LAMP, REDUCED, SCHNAPPS, goods, weighed,
};
use crate::world::{OTHER_TILL, SUPERVISOR, TILL, World, line_totals, receipt_no, tax};

fn euros(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: Currency::EUR }
}

fn all(no: u64) -> TillCommand {
    TillCommand::ReturnReceipt { receipt: receipt_no(no) }
}

fn back(no: u64, line: u16, thousandths: i64) -> TillCommand {
    let quantity = Some(Quantity::new(thousandths));
    TillCommand::ReturnLine { receipt: receipt_no(no), line: LineNo(line), quantity }
}

fn without(item: ItemId, pieces: i64, price: Option<i64>) -> TillCommand {
    TillCommand::ReturnWithoutReceipt {
        item,
        quantity: Some(Quantity::new(pieces * 1_000)),
        price: price.map(euros),
        reason: "broken".to_owned(),
    }
}

/// The full rate is another one from the next day on.
fn rises_tomorrow(settings: &mut Settings) {
    settings.rates[0].rate = Rate::new(1_600);
    settings.rates.push(DatedRate {
        key: TaxKey(FULL),
        rate: Rate::new(1_900),
        from: "2026-11-24T00:00:00".parse().unwrap(),
    });
}

#[test]
fn goods_that_were_exchanged_come_back_at_the_rate_of_their_own_sale() {
    let mut w = World::open_with(rises_tomorrow);
    let bulb = w.put(goods("bulb", 1_160, FULL));
    w.sell(&[(LAMP, 1_000)]);
    w.now = w.now.checked_add(24.hours()).unwrap();
    w.ok(all(1));
    w.add(bulb, 1_000);
    let exchange = tax(&w.pay());
    let lamp = (FULL, 1_600, -1_629, -261, -1_890);
    assert_eq!(exchange, [lamp, (FULL, 1_900, 975, 185, 1_160)], "both rates on one receipt");
    w.ok(all(2));
    assert_eq!(tax(&w.pay()), [(FULL, 1_900, -975, -185, -1_160)]);
}

#[test]
fn goods_come_back_at_the_rate_on_their_receipt_though_the_rate_was_put_right_since() {
    let mut w = World::open();
    w.sell(&[(LAMP, 1_000)]);
    let from = w.state.local(w.now);
    w.configure(|settings| {
        settings.rates.push(DatedRate { key: TaxKey(FULL), rate: Rate::new(1_600), from });
    });
    w.ok(all(1));
    assert_eq!(tax(&w.pay()), [(FULL, 1_900, -1_588, -302, -1_890)]);
}

#[test]
fn the_line_of_a_return_asks_no_age_and_repeats_no_note() {
    let mut w = World::open();
    w.add(SCHNAPPS, 1_000);
    w.ok(TillCommand::Note { line: Some(LineNo(1)), text: "wrapped".to_owned() });
    w.ok(TillCommand::ConfirmAge { age: 18 });
    w.pay();
    w.ok(all(1));
    let line = &w.lines()[0];
    assert_eq!((line.age, line.note.as_deref()), (None, None));
    assert!(line.fixed, "nor does it take a discount");
}

#[test]
fn a_deposit_that_comes_back_belongs_to_the_goods_of_this_basket() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000), (JUICE, 1_000)]);
    w.ok(back(1, 2, 1_000));
    let of: Vec<_> = w.lines().iter().map(|l| (l.line, l.deposit_of)).collect();
    assert_eq!(of, [(LineNo(1), None), (LineNo(2), Some(LineNo(1)))]);
    w.add(BREAD, 1_000);
    w.ok(TillCommand::VoidLine { line: LineNo(1) });
    assert_eq!(line_totals(w.lines()), [540]);
}

#[test]
fn goods_whose_tax_has_no_rate_at_this_moment_come_back_all_the_same() {
    let mut w = World::open();
    w.sell(&[(LAMP, 1_000)]);
    // The clock was set back to before there was a rate.
    w.now = "1960-01-01T09:00:00Z".parse().unwrap();
    w.ok(all(1));
    assert_eq!(tax(&w.pay()), [(FULL, 1_900, -1_588, -302, -1_890)]);
}

#[test]
fn a_voided_first_piece_leaves_the_others_the_first_parts_each_its_own() {
    let mut w = World::managed();
    let item = w.put(goods("x", 199, FULL));
    let line = w.add(item, 3_000);
    let discount = DiscountValue::Amount { amount: euros(97) };
    w.ok(TillCommand::DiscountLine { line, discount, reason: "three for 500".to_owned() });
    w.pay();
    for _ in 0..3 {
        w.ok(back(1, 1, 1_000));
    }
    assert_eq!(line_totals(w.lines()), [-166, -167, -167]);
    w.ok(TillCommand::VoidLine { line: LineNo(1) });
    assert_eq!(line_totals(w.lines()), [-166, -167]);
    w.pay();
    w.ok(all(1));
    assert_eq!(w.pay().total.minor(), -167);
}

#[test]
fn goods_of_an_unknown_code_that_come_back_are_not_reported_once_more() {
    let mut w = World::open();
    w.ok(TillCommand::SellUnknown {
        code: Some("UFO".to_owned()),
        group: FOOD,
        price: euros(100),
        quantity: None,
        name: None,
    });
    assert!(w.pay().lines[0].unknown);
    w.ok(all(1));
    let back = w.pay();
    assert_eq!(line_totals(&back.lines), [-100]);
    assert!(!back.lines[0].unknown);
}

#[test]
fn what_is_left_of_a_receipt_comes_back_without_what_came_back_before() {
    let mut w = World::open();
    w.sell(&[(JUICE, 2_000), (BREAD, 1_000)]);
    w.ok(back(1, 1, 2_000));
    w.pay();
    w.ok(all(1));
    assert_eq!(line_totals(&w.pay().lines), [-540]);
    assert_eq!(w.drawer(), 10_000);
}

#[test]
fn weighed_goods_that_another_till_takes_back_meanwhile_move_the_price_of_the_rest() {
    let mut w = World::open();
    let thyme = w.put(weighed("Thyme", 10, REDUCED));
    w.sell(&[(thyme, 500)]);
    // 0.5 and 1.0 cents: the first part is worth one, the second nothing.
    w.ok(back(1, 1, 50));
    w.ok_at(OTHER_TILL, back(1, 1, 50));
    assert_eq!(w.pay_at(OTHER_TILL).total.minor(), -1);
    assert_eq!(w.pay().total.minor(), 0);
    w.ok(all(1));
    assert_eq!(w.pay().total.minor(), -4);
}

/// The supervisor at the till, who takes goods of 100.00 a basket back without a receipt.
fn supervised() -> (World, ItemId) {
    let mut w = World::open();
    w.sign_in(TILL, SUPERVISOR);
    let radio = w.put(goods("radio", 6_000, FULL));
    (w, radio)
}

const OVER: Refusal = Refusal::LimitExceeded { permission: Permission::ReturnWithoutReceipt };

#[test]
fn goods_bought_beside_do_not_widen_what_is_taken_back_without_a_receipt() {
    let (mut w, radio) = supervised();
    w.add(LAMP, 9_000);
    assert_eq!(w.no(without(radio, 2, None)), OVER);
    w.ok(TillCommand::OverridePrice {
        line: LineNo(1),
        price: euros(1_800),
        reason: "scratched".to_owned(),
    });
    assert_eq!(w.no(without(radio, 2, None)), OVER, "nor goods whose price has a reason too");
    w.ok(without(radio, 1, None));
}

#[test]
fn empties_and_returns_from_a_receipt_use_up_nothing_of_what_is_taken_back_without_one() {
    let (mut w, radio) = supervised();
    w.add(radio, 2_000);
    w.ok(TillCommand::OverridePrice {
        line: LineNo(1),
        price: euros(5_500),
        reason: "scratched".to_owned(),
    });
    w.pay();
    w.ok(all(1));
    w.add(EMPTIES, 300_000);
    w.ok(without(radio, 1, None));
    assert_eq!(line_totals(w.lines()), [-11_000, -4_500, -6_000]);
}

#[test]
fn goods_are_taken_back_at_just_todays_price_when_it_is_typed_in() {
    let mut w = World::managed();
    w.ok(without(BREAD, 1, Some(540)));
    assert_eq!(w.total(), -540);
}

#[test]
fn a_return_of_another_tills_receipt_leaves_the_same_number_of_this_till_alone() {
    let mut w = World::open();
    w.sell(&[(CHEESE, 1_000)]);
    w.ok_at(
        OTHER_TILL,
        TillCommand::AddItem { item: CHEESE, quantity: Some(Quantity::ONE), price: None },
    );
    w.pay_at(OTHER_TILL);
    let theirs = ReceiptRef { till: OTHER_TILL, number: domain::ReceiptNo(1) };
    w.ok(all(1));
    w.ok(TillCommand::ReturnReceipt { receipt: theirs });
    assert_eq!(line_totals(&w.pay().lines), [-279, -279]);
}

#[test]
fn empties_that_leave_need_no_second_approval_of_a_discount() {
    let mut w = World::open();
    w.add(LAMP, 1_000);
    w.add(EMPTIES, 1_000);
    let discount = DiscountValue::Amount { amount: euros(500) };
    w.approved_by(SUPERVISOR);
    w.ok(TillCommand::DiscountReceipt { discount, reason: "scratched".to_owned() });
    w.ok(TillCommand::VoidLine { line: LineNo(2) });
    assert_eq!(w.total(), 1_390);
}
