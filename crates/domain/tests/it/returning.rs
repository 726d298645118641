//! Returns: from a receipt exactly what was paid, without one by right; exchanges; copies.

use domain::catalogue::ItemDraft;
use domain::command::DiscountValue;
use domain::{Amount, Event, LineNo, ReceiptRef, Refusal, TillCommand};
use money::{Currency, Money, Quantity};

use crate::catalogue::{
    BEER, BREAD, BUTTER, CHEESE, EMPTIES, FOOD, FULL, GIFT, JUICE, LAMP, REDUCED, SCHNAPPS, goods,
    weighed,
};
use crate::world::{MANAGER, OTHER_TILL, TILL, World, line_totals, receipt_no};

fn back(no: u64, line: u16, quantity: Option<i64>) -> TillCommand {
    TillCommand::ReturnLine {
        receipt: receipt_no(no),
        line: LineNo(line),
        quantity: quantity.map(Quantity::new),
    }
}

fn all(no: u64) -> TillCommand {
    TillCommand::ReturnReceipt { receipt: receipt_no(no) }
}

fn without(item: domain::ItemId, quantity: i64, price: Option<i64>) -> TillCommand {
    let currency = Currency::EUR;
    TillCommand::ReturnWithoutReceipt {
        item,
        quantity: Some(Quantity::new(quantity)),
        price: price.map(|minor| Amount { amount: Money::new(minor), currency }),
        reason: "broken".to_owned(),
    }
}

const NOTHING: Refusal = Refusal::NothingLeftToReturn { left: 0 };

#[test]
fn an_exchange_is_one_receipt() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000)]);
    w.ok(back(1, 1, None));
    w.add(BUTTER, 1_000);
    let receipt = w.pay();
    assert_eq!(line_totals(&receipt.lines), [-540, 299]);
    assert_eq!(receipt.total.minor(), -241);
    assert_eq!(w.drawer(), 10_299);
    let returns = w.day().totals.returns;
    assert_eq!((returns.count, returns.amount.minor()), (1, -540));
    assert_eq!((w.stock(BREAD), w.stock(BUTTER)), (0, -1_000));
}

#[test]
fn what_was_not_sold_is_not_returned() {
    let mut w = World::open();
    w.sell(&[(JUICE, 1_000), (EMPTIES, 1_000)]);
    assert_eq!(w.no(all(2)), Refusal::UnknownReceipt);
    assert_eq!(w.no(back(2, 1, None)), Refusal::UnknownReceipt);
    assert_eq!(w.no(back(1, 9, None)), Refusal::UnknownLine { line: LineNo(9) });
    assert_eq!(
        w.no(back(1, 2, None)),
        Refusal::UnknownLine { line: LineNo(2) },
        "a deposit follows"
    );
    assert_eq!(w.no(back(1, 3, None)), Refusal::UnknownLine { line: LineNo(3) }, "empties");
    assert_eq!(w.no(back(1, 1, Some(2_000))), Refusal::NothingLeftToReturn { left: 1_000 });
    w.ok(all(1));
    assert_eq!(line_totals(w.lines()), [-149, -15]);
}

#[test]
fn a_return_is_not_returned() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000)]);
    w.ok(all(1));
    w.pay();
    assert_eq!(w.no(all(2)), NOTHING);
    assert_eq!(w.no(back(2, 1, None)), Refusal::UnknownLine { line: LineNo(1) });
}

#[test]
fn the_same_basket_returns_nothing_twice() {
    let mut w = World::open();
    w.sell(&[(BREAD, 3_000)]);
    w.ok(back(1, 1, Some(2_000)));
    assert_eq!(w.no(back(1, 1, Some(2_000))), Refusal::NothingLeftToReturn { left: 1_000 });
    w.ok(all(1));
    assert_eq!(line_totals(w.lines()), [-1_080, -540]);
    assert_eq!(w.no(all(1)), NOTHING);
    w.ok(TillCommand::VoidLine { line: LineNo(1) });
    w.ok(back(1, 1, None));
    assert_eq!(w.pay().total.minor(), -1_620);
    assert_eq!(w.no(all(1)), NOTHING);
}

#[test]
fn two_tills_at_once_return_it_once() {
    let mut w = World::open();
    w.sell(&[(BREAD, 2_000)]);
    w.ok(back(1, 1, Some(2_000)));
    w.ok_at(OTHER_TILL, back(1, 1, Some(1_000)));
    w.pay_at(OTHER_TILL);
    let refusal = w.no(TillCommand::PayCash { tendered: None });
    assert_eq!(refusal, Refusal::NothingLeftToReturn { left: 1_000 });
    w.ok(TillCommand::VoidLine { line: LineNo(1) });
    w.ok(back(1, 1, None));
    assert_eq!(w.pay().total.minor(), -540);
}

#[test]
fn a_receipt_of_another_till_is_returned_here() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000)]);
    w.ok_at(OTHER_TILL, all(1));
    assert_eq!(w.pay_at(OTHER_TILL).total.minor(), -540);
    let other = ReceiptRef { till: OTHER_TILL, number: domain::ReceiptNo(1) };
    assert_eq!(w.no(TillCommand::ReturnReceipt { receipt: other }), NOTHING);
}

#[test]
fn the_deposit_goes_back_with_its_goods_in_step() {
    let mut w = World::open();
    w.ok(TillCommand::Scan {
        code: "BEER6".to_owned(),
        quantity: Some(Quantity::new(3_000)),
        price: None,
    });
    w.ok(TillCommand::ConfirmAge { age: 16 });
    w.pay();
    w.ok(back(1, 1, Some(1_000)));
    assert_eq!(line_totals(w.lines()), [-549, -90]);
    w.pay();
    w.ok(all(1));
    assert_eq!(line_totals(w.lines()), [-1_098, -180]);
    w.ok(TillCommand::VoidLine { line: LineNo(1) });
    assert!(w.lines().is_empty(), "the deposit follows here too");
    w.ok(all(1));
    w.pay();
    assert_eq!((w.drawer(), w.stock(BEER)), (10_000, 0));
}

#[test]
fn goods_that_need_an_age_come_back_without() {
    let mut w = World::open();
    w.add(SCHNAPPS, 1_000);
    w.ok(TillCommand::ConfirmAge { age: 18 });
    w.pay();
    w.ok(all(1));
    assert_eq!(w.pay().total.minor(), -1_299);
}

#[test]
fn a_returned_line_is_as_it_was_sold() {
    let mut w = World::managed();
    let line = w.add(LAMP, 2_000);
    let price = Amount { amount: Money::new(1_500), currency: Currency::EUR };
    w.ok(TillCommand::OverridePrice { line, price, reason: "scratched".to_owned() });
    w.pay();
    w.change(LAMP, |draft| draft.prices[0].amount = Money::new(9_999));
    w.ok(back(1, 1, None));
    let fixed = Refusal::LineFixed { line: LineNo(1) };
    let quantity = Quantity::ONE;
    assert_eq!(w.no(TillCommand::ChangeQuantity { line: LineNo(1), quantity }), fixed);
    assert_eq!(
        w.no(TillCommand::OverridePrice { line: LineNo(1), price, reason: "x".to_owned() }),
        fixed
    );
    let discount = DiscountValue::Percent { basis_points: 100 };
    let discounted =
        TillCommand::DiscountLine { line: LineNo(1), discount, reason: "x".to_owned() };
    assert_eq!(w.no(discounted), Refusal::NotDiscountable);
    assert_eq!(w.pay().total.minor(), -3_000);
    assert_eq!(w.day().totals.overrides, 1, "the return overrides nothing again");
}

#[test]
fn a_receipt_discount_is_not_spread_over_returned_goods() {
    let mut w = World::managed();
    w.sell(&[(BREAD, 1_000)]);
    w.ok(all(1));
    w.add(LAMP, 1_000);
    let discount = DiscountValue::Percent { basis_points: 5_000 };
    w.ok(TillCommand::DiscountReceipt { discount, reason: "x".to_owned() });
    assert_eq!(line_totals(&w.pay().lines), [-540, 945]);
}

#[test]
fn pieces_come_back_whole_and_weighed_goods_in_parts() {
    let mut w = World::open();
    let ham = w.put(weighed("Ham", 1_000, REDUCED));
    w.add(BREAD, 2_000);
    w.add(CHEESE, 486);
    w.add(ham, 2_000);
    w.pay();
    assert_eq!(w.no(back(1, 1, Some(500))), Refusal::WholePieces);
    w.ok(back(1, 2, Some(200)));
    w.ok(back(1, 3, Some(500)));
    assert_eq!(line_totals(w.lines()), [-56, -500]);
    w.ok(all(1));
    assert_eq!(w.total(), -(1_080 + 136 + 2_000));
}

#[test]
fn without_a_receipt_at_todays_price_or_less() {
    let mut w = World::managed();
    w.ok(without(BREAD, 1_000, None));
    w.ok(without(BREAD, 1_000, Some(300)));
    assert_eq!(
        w.no(without(BREAD, 1_000, Some(541))),
        Refusal::OutOfLimits { field: "price".to_owned() }
    );
    assert_eq!(line_totals(w.lines()), [-540, -300]);
    assert_eq!(w.no(without(BREAD, 500, None)), Refusal::WholePieces);
    assert_eq!(w.no(without(domain::ItemId(99), 1_000, None)), Refusal::UnknownItem);
    let needed = Refusal::PriceNeeded { item: GIFT, name: "Gift".to_owned() };
    assert_eq!(w.no(without(GIFT, 1_000, None)), needed);
    w.ok(without(GIFT, 1_000, Some(100)));
    let receipt = w.pay();
    assert_eq!(receipt.lines[0].reason.as_deref(), Some("broken"));
    assert_eq!((w.stock(BREAD), w.drawer()), (2_000, 10_000 - 940));
    assert_eq!(w.no(all(1)), NOTHING, "it sold nothing");
}

#[test]
fn goods_on_promotion_come_back_without_a_receipt_at_what_the_shelf_says() {
    let mut w = World::open_with(|settings| {
        settings.promotions = vec![domain::settings::Promotion {
            id: domain::PromotionId(1),
            name: "Sweet weeks".to_owned(),
            group: Some(FOOD),
            basis_points: 1_000,
            from: None,
            until: None,
        }];
    });
    w.sign_in(TILL, MANAGER);
    let sold = w.sell(&[(BREAD, 1_000)]).total.minor();
    w.ok(without(BREAD, 1_000, None));
    assert_eq!(
        (sold, line_totals(w.lines())),
        (486, vec![-486]),
        "bought and brought back: nothing"
    );
    let high = Refusal::OutOfLimits { field: "price".to_owned() };
    assert_eq!(w.no(without(BREAD, 1_000, Some(487))), high);
    // What takes no promotion when it is sold comes back at its price.
    let bound = w.put(ItemDraft { price_bound: true, ..goods("bound", 200, REDUCED) });
    let net = w.put(ItemDraft { discountable: false, ..goods("net", 300, REDUCED) });
    w.ok(without(bound, 1_000, None));
    w.ok(without(net, 1_000, None));
    w.ok(without(LAMP, 1_000, None));
    assert_eq!(line_totals(w.lines())[1..], [-200, -300, -1_890]);
}

#[test]
fn weighed_goods_come_back_without_a_receipt_by_their_weight() {
    let mut w = World::managed();
    let unweighed = TillCommand::ReturnWithoutReceipt {
        item: CHEESE,
        quantity: None,
        price: None,
        reason: "broken".to_owned(),
    };
    assert!(matches!(w.no(unweighed), Refusal::WeightNeeded { item: CHEESE, .. }));
    w.ok(without(CHEESE, 250, None));
}

#[test]
fn returns_without_receipt_need_the_shops_money() {
    let mut w = World::managed();
    let price = Some(Amount { amount: Money::new(1), currency: Currency::CHF });
    let foreign = TillCommand::ReturnWithoutReceipt {
        item: BREAD,
        quantity: None,
        price,
        reason: "x".to_owned(),
    };
    assert_eq!(w.no(foreign), Refusal::WrongCurrency);
}

#[test]
fn training_returns_nothing_real_and_nothing_of_training_is_returned() {
    let mut w = World::managed();
    w.sell(&[(BREAD, 1_000)]);
    w.ok(TillCommand::Training { on: true });
    assert_eq!(w.no(all(1)), Refusal::TrainingMix);
    assert_eq!(w.no(back(1, 1, None)), Refusal::TrainingMix);
    w.ok(TillCommand::Training { on: false });
    let mut trained = w.book.receipts[&receipt_no(1)].clone();
    trained.receipt.training = true;
    w.book.receipts.insert(receipt_no(1), trained);
    assert_eq!(w.no(all(1)), Refusal::TrainingMix);
    assert_eq!(w.no(back(1, 1, None)), Refusal::TrainingMix);
}

#[test]
fn copies_are_counted() {
    let mut w = World::open();
    assert_eq!(
        w.no(TillCommand::Reprint { receipt: receipt_no(1), hospitality: false }),
        Refusal::UnknownReceipt
    );
    w.sell(&[(BREAD, 1_000)]);
    for _ in 0..2 {
        w.ok(TillCommand::Reprint { receipt: receipt_no(1), hospitality: false });
    }
    assert_eq!(w.book.copies[&receipt_no(1)], 2);
}

#[test]
fn a_full_return_of_a_split_price_is_nothing_by_rate() {
    let mut w = World::managed();
    let item = w.put(goods("x", 333, FULL));
    w.sell(&[(crate::catalogue::MENU, 3_000), (item, 3_000)]);
    for _ in 0..3 {
        w.ok(back(1, 1, Some(1_000)));
    }
    w.ok(all(1));
    w.pay();
    assert_eq!(w.day().totals.receipts.amount, Money::ZERO);
    assert_eq!((w.state.tills[&TILL].person, w.drawer()), (Some(MANAGER), 10_000));
}

/// Three for 500 at 199 each: the pieces give back 166, 167 and 167.
fn three_for_500() -> World {
    let mut w = World::managed();
    let item = w.put(goods("x", 199, FULL));
    let line = w.add(item, 3_000);
    let amount = Amount { amount: Money::new(97), currency: Currency::EUR };
    let discount = DiscountValue::Amount { amount };
    w.ok(TillCommand::DiscountLine { line, discount, reason: "three for 500".to_owned() });
    assert_eq!(w.pay().total.minor(), 500);
    w
}

#[test]
fn a_voided_return_leaves_the_others_the_parts_in_order() {
    let mut w = three_for_500();
    w.ok(back(1, 1, Some(1_000)));
    w.ok(back(1, 1, Some(1_000)));
    assert_eq!(line_totals(w.lines()), [-166, -167]);
    let events = w.ok(TillCommand::VoidLine { line: LineNo(1) });
    assert!(matches!(&events[1], Event::LineChanged { line, .. } if line.total().minor() == -166));
    assert_eq!(w.pay().total.minor(), -166);
    w.ok(all(1));
    assert_eq!(w.pay().total.minor(), -334);
    assert_eq!(w.drawer(), 10_000);
}

#[test]
fn a_voided_later_return_changes_nothing() {
    let mut w = three_for_500();
    w.ok(back(1, 1, Some(1_000)));
    w.ok(back(1, 1, Some(1_000)));
    assert_eq!(w.ok(TillCommand::VoidLine { line: LineNo(2) }).len(), 1);
    assert_eq!(line_totals(w.lines()), [-166]);
}

#[test]
fn what_another_till_returns_meanwhile_changes_the_amount_before_it_is_paid() {
    let mut w = three_for_500();
    w.ok(back(1, 1, Some(1_000)));
    w.ok_at(OTHER_TILL, back(1, 1, Some(1_000)));
    assert_eq!(w.pay_at(OTHER_TILL).total.minor(), -166);
    assert_eq!(line_totals(w.lines()), [-166]);
    let events = w.ok(TillCommand::PayCash { tendered: None });
    assert!(matches!(&events[0], Event::LineChanged { line, .. } if line.total().minor() == -167));
    // How it had been paid is looked at again as well.
    assert!(matches!(&events[1], Event::ReturnBegan { source, .. } if source.paid.len() == 1));
    assert!(matches!(&events[2], Event::TenderRecorded { tender, .. }
        if tender.amount.minor() == -167));
    w.ok(all(1));
    assert_eq!(w.pay().total.minor(), -167);
    assert_eq!(w.drawer(), 10_000 + 166);
}
