//! Baskets beside each other, parked, recalled, given up.

use domain::{BasketId, Event, Refusal, TillCommand};

use crate::catalogue::{BREAD, BUTTER, JUICE, LAMP, SCHNAPPS};
use crate::world::{MANAGER, OTHER_TILL, TILL, World, line_totals};

fn park(name: Option<&str>) -> TillCommand {
    TillCommand::Park { name: name.map(str::to_owned) }
}

fn recall(basket: u64) -> TillCommand {
    TillCommand::Recall { basket: BasketId(basket) }
}

fn switch(basket: u64) -> TillCommand {
    TillCommand::SwitchBasket { basket: BasketId(basket) }
}

#[test]
fn two_customers_at_once() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    w.ok(TillCommand::NewBasket);
    assert!(w.ok(TillCommand::NewBasket).is_empty(), "a fresh one is fresh already");
    w.add(BUTTER, 1_000);
    assert_eq!(w.basket().id, BasketId(2));
    w.ok(switch(1));
    assert!(w.ok(switch(1)).is_empty());
    assert_eq!(line_totals(w.lines()), [540]);
    let receipt = w.pay();
    assert_eq!((receipt.number.0, receipt.basket), (1, BasketId(1)));
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::NoBasket);
    w.ok(switch(2));
    assert_eq!(w.pay().number.0, 2);
    assert_eq!(w.no(switch(2)), Refusal::UnknownBasket);
}

#[test]
fn a_basket_with_a_tender_waits_while_another_customer_pays() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    let part = w.amount(100);
    w.ok(TillCommand::PayCash { tendered: Some(part) });
    w.ok(TillCommand::NewBasket);
    assert_eq!(w.sell(&[(LAMP, 1_000)]).total.minor(), 1_890);
    w.ok(switch(1));
    assert_eq!(w.pay().tenders.len(), 2);
    assert_eq!(w.drawer(), 10_000 + 540 + 1_890);
}

#[test]
fn a_parked_basket_goes_on_at_another_till() {
    let mut w = World::open();
    w.add(JUICE, 2_000);
    w.add(SCHNAPPS, 1_000);
    w.ok(TillCommand::ConfirmAge { age: 18 });
    let events = w.ok(park(Some("red jacket")));
    assert!(
        matches!(&events[..], [Event::BasketOrdered(_), Event::BasketParked { name: Some(n), .. }] if n == "red jacket")
    );
    assert_eq!(w.state.tills[&TILL].active, None);
    assert_eq!(w.no(switch(1)), Refusal::UnknownBasket, "it is nobody's now");
    w.ok_at(OTHER_TILL, recall(1));
    assert_eq!(w.no(recall(1)), Refusal::UnknownBasket, "once");
    let receipt = w.pay_at(OTHER_TILL);
    assert_eq!((receipt.number.0, receipt.total.minor()), (1, 1_627));
    assert_eq!(receipt.age_checked, Some(18));
    assert_eq!(w.drawer(), 10_000, "the cash lies in the other drawer");
}

#[test]
fn a_recalled_basket_comes_beside_the_present_one() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    w.ok(park(None));
    w.add(BUTTER, 1_000);
    w.ok(recall(1));
    assert_eq!(line_totals(w.lines()), [540]);
    assert_eq!(w.state.tills[&TILL].baskets, [BasketId(2), BasketId(1)]);
}

#[test]
fn only_baskets_with_something_in_them_and_nothing_paid_are_parked() {
    let mut w = World::open();
    assert_eq!(w.no(park(None)), Refusal::NoBasket);
    let line = w.add(BREAD, 1_000);
    w.ok(TillCommand::VoidLine { line });
    assert_eq!(w.no(park(None)), Refusal::BasketEmpty);
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::BasketEmpty);
}

#[test]
fn a_basket_of_another_till_is_not_taken_while_it_is_open() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    assert_eq!(w.no_at(OTHER_TILL, recall(1)), Refusal::UnknownBasket);
    assert_eq!(w.no_at(OTHER_TILL, switch(1)), Refusal::UnknownBasket);
    assert_eq!(w.no(recall(99)), Refusal::UnknownBasket);
}

#[test]
fn basket_numbers_are_the_shops_and_never_come_twice() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    w.ok(park(None));
    w.ok_at(OTHER_TILL, TillCommand::AddItem { item: BREAD, quantity: None, price: None });
    assert_eq!(w.basket_at(OTHER_TILL).id, BasketId(2));
    w.pay_at(OTHER_TILL);
    w.ok_at(OTHER_TILL, recall(1));
    w.pay_at(OTHER_TILL);
    w.add(BREAD, 1_000);
    assert_eq!(w.basket().id, BasketId(3));
}

#[test]
fn an_aborted_basket_is_counted_and_gone() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    let reason = Some("no money".to_owned());
    let events = w.ok(TillCommand::AbortBasket { reason: reason.clone() });
    assert!(matches!(&events[0], Event::BasketAborted { total, reason: said, .. }
        if total.minor() == 540 && *said == reason));
    let aborted = w.day().totals.aborted;
    assert_eq!((aborted.count, aborted.amount.minor()), (1, 540));
    assert!(w.state.baskets.is_empty());
    assert_eq!(w.sell(&[(BREAD, 1_000)]).number.0, 1, "it took no receipt number");
    assert_eq!(w.no(TillCommand::AbortBasket { reason: None }), Refusal::NoBasket);
}

#[test]
fn training_and_real_baskets_do_not_mix() {
    let mut w = World::managed();
    w.add(BREAD, 1_000);
    assert_eq!(w.no(TillCommand::Training { on: true }), Refusal::OpenBaskets);
    w.ok(park(None));
    w.ok(TillCommand::Training { on: true });
    assert!(w.ok(TillCommand::Training { on: true }).is_empty());
    assert_eq!(w.no(recall(1)), Refusal::TrainingMix);
    w.add(BUTTER, 1_000);
    w.ok(park(None));
    w.ok(TillCommand::Training { on: false });
    assert_eq!(w.no(recall(2)), Refusal::TrainingMix);
    w.ok(recall(1));
    w.pay();
}

#[test]
fn signing_in_over_another_person_keeps_the_basket() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    let events = w.ok(TillCommand::SignIn { person: MANAGER });
    assert!(matches!(events[0], Event::SignedOut { .. }));
    w.add(BREAD, 1_000);
    assert_eq!(w.basket().opened_by, crate::world::CASHIER);
    assert_eq!(w.total(), 1_080);
}
