//! Cash: exact, with change, in parts, undone, rounded; the finished receipt.

use domain::{Amount, Event, Refusal, TillCommand};
use money::{CashRounding, Currency, Money};

use crate::catalogue::{BREAD, EMPTIES, FULL, JUICE, LAMP, goods};
use crate::world::{CASHIER, TILL, World, receipt_of};

fn cash(minor: i64) -> TillCommand {
    let tendered = Some(Amount { amount: Money::new(minor), currency: Currency::EUR });
    TillCommand::PayCash { tendered }
}

fn swiss() -> World {
    World::open_with(|settings| {
        settings.currency = Currency::CHF;
        settings.country = domain::settings::Country::Ch;
        settings.cash_rounding = CashRounding(5);
    })
}

fn francs(minor: i64) -> TillCommand {
    let tendered = Some(Amount { amount: Money::new(minor), currency: Currency::CHF });
    TillCommand::PayCash { tendered }
}

#[test]
fn a_finished_receipt_says_what_happened() {
    let mut w = World::open();
    w.pass(7);
    w.add(JUICE, 1_000);
    w.pass(3);
    let receipt = w.pay();
    assert_eq!((receipt.number.0, receipt.day.0, receipt.basket.0), (1, 1, 1));
    assert_eq!((receipt.date, receipt.hour), ("2026-11-23".parse().unwrap(), 10));
    assert_eq!(
        (receipt.opened, receipt.currency),
        ("2026-11-23T09:07:00Z".parse().unwrap(), Currency::EUR)
    );
    assert!(receipt.print && !receipt.training);
    let last = w.state.tills[&TILL].last_receipt.unwrap();
    assert_eq!((last.number.0, last.training), (1, false));
    w.add(BREAD, 1_000);
    assert_eq!(w.state.tills[&TILL].last_receipt, None, "until the next basket opens");
}

#[test]
fn cash_in_parts_until_nothing_is_due() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    assert_eq!(receipt_of(&w.ok(cash(100))), None);
    assert_eq!(receipt_of(&w.ok(cash(200))), None);
    let receipt = receipt_of(&w.ok(cash(500))).unwrap();
    let tenders: Vec<_> = receipt
        .tenders
        .iter()
        .map(|t| (t.amount.minor(), t.tendered.minor(), t.change.minor()))
        .collect();
    assert_eq!(tenders, [(100, 100, 0), (200, 200, 0), (240, 500, 260)]);
    assert_eq!(w.drawer(), 10_540);
    let tally = w.day().totals.tenders[&domain::basket::TenderKind::Cash];
    assert_eq!((tally.count, tally.amount.minor()), (3, 540));
}

#[test]
fn the_last_tender_is_undone_first() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    assert_eq!(w.no(TillCommand::UndoTender), Refusal::NothingPaid);
    w.ok(cash(100));
    w.ok(cash(200));
    let undone = w.ok(TillCommand::UndoTender);
    assert!(
        matches!(&undone[0], Event::TenderUndone { tender, .. } if tender.amount.minor() == 200)
    );
    assert_eq!(w.drawer(), 10_100);
    w.ok(TillCommand::UndoTender);
    assert_eq!(w.no(TillCommand::UndoTender), Refusal::NothingPaid);
    assert_eq!(w.drawer(), 10_000);
    w.add(LAMP, 1_000);
    assert_eq!(w.pay().total.minor(), 2_430);
}

#[test]
fn no_money_is_no_tender() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    assert_eq!(w.no(cash(0)), Refusal::BadTender);
    assert_eq!(w.no(francs(540)), Refusal::WrongCurrency);
}

#[test]
fn a_scanned_code_in_the_cash_field_is_not_money() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    assert_eq!(w.no(cash(100_541)), Refusal::BadTender);
    assert_eq!(receipt_of(&w.ok(cash(100_540))).unwrap().tenders[0].change.minor(), 100_000);
}

#[test]
fn nothing_due_is_finished_without_a_tender() {
    let mut w = World::open();
    let back = w.put(goods("x", 15, FULL));
    w.add(back, 1_000);
    w.add(EMPTIES, 1_000);
    assert_eq!(w.no(cash(1)), Refusal::BadTender);
    let receipt = receipt_of(&w.ok(cash(0))).unwrap();
    assert!(receipt.tenders.is_empty());
    assert_eq!(receipt.total, Money::ZERO);
    assert_eq!(receipt.tax.len(), 2, "the columns still say what was sold");
}

#[test]
fn money_given_back_takes_none() {
    let mut w = World::open();
    w.add(EMPTIES, 10_000);
    assert_eq!(w.no(cash(150)), Refusal::BadTender);
    let receipt = receipt_of(&w.ok(cash(0))).unwrap();
    let tender = &receipt.tenders[0];
    assert_eq!(
        (tender.amount.minor(), tender.tendered, tender.change.minor()),
        (-150, Money::ZERO, 150)
    );
    assert_eq!(w.drawer(), 9_850);
}

#[test]
fn swiss_cash_comes_in_coins_that_exist() {
    let mut w = swiss();
    let item = w.put(goods("x", 1_003, FULL));
    w.add(item, 1_000);
    for given in [1_003, 1_004, 501, 2_001] {
        assert_eq!(w.no(francs(given)), Refusal::BadTender, "{given}");
    }
    let receipt = receipt_of(&w.ok(francs(2_000))).unwrap();
    assert_eq!(receipt.tenders[0].change.minor(), 995);
    assert_eq!((receipt.total.minor(), receipt.rounding.minor()), (1_003, 2));
}

#[test]
fn an_undone_rounding_is_gone() {
    let mut w = swiss();
    let item = w.put(goods("x", 1_002, FULL));
    w.add(item, 1_000);
    w.ok(francs(1_000)).iter().for_each(|event| {
        assert!(!matches!(event, Event::TenderUndone { .. }));
    });
    // 10.02 is 10.00 in cash: that was all of it.
    assert_eq!(w.day().totals.rounding.minor(), -2);
    w.add(item, 1_000);
    w.ok(francs(500));
    w.ok(TillCommand::UndoTender);
    assert_eq!(w.basket().paid(), Money::ZERO);
    assert_eq!(w.pay().rounding.minor(), -2);
}

#[test]
fn less_than_half_a_coin_costs_nothing_in_cash() {
    let mut w = swiss();
    let item = w.put(goods("x", 2, FULL));
    w.add(item, 1_000);
    let receipt = w.pay();
    assert_eq!((receipt.total.minor(), receipt.rounding.minor()), (2, -2));
    assert_eq!(w.drawer(), 10_000);
    w.ok(TillCommand::ReturnReceipt { receipt: crate::world::receipt_no(1) });
    assert_eq!(w.pay().rounding.minor(), 2);
    assert_eq!(w.day().totals.rounding, Money::ZERO);
}

#[test]
fn a_clock_set_back_before_the_first_rate_stops_the_payment_not_the_basket() {
    let today = "2026-11-23T00:00:00".parse().unwrap();
    let mut w = World::open_with(|settings| settings.rates[0].from = today);
    w.add(LAMP, 1_000);
    w.pass(-24 * 60);
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::NoRate);
    w.pass(24 * 60);
    assert_eq!(w.pay().total.minor(), 1_890);
    assert_eq!(w.state.tills[&TILL].person, Some(CASHIER));
}
