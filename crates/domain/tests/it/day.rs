//! The till day: opening, shifts, cash in and out, counting, closing; training counts nowhere.

use domain::cash::{DrawerAlarm, DrawerAlarmed};
use domain::command::Denomination;
use domain::{Amount, Command, DayNo, Event, Refusal, TillCommand};
use money::{Currency, Money};

use crate::catalogue::{BREAD, BUTTER, EMPTIES, JUICE, LAMP};
use crate::world::{CASHIER, MANAGER, SUPERVISOR, TILL, World, receipt_no, receipt_of};

fn euros(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: Currency::EUR }
}

fn why() -> String {
    "why".to_owned()
}

fn open(float: i64) -> TillCommand {
    TillCommand::OpenDay { float: euros(float) }
}

fn count(pieces: &[(i64, u32)]) -> TillCommand {
    let pieces =
        pieces.iter().map(|(value, pieces)| Denomination { value: *value, pieces: *pieces });
    TillCommand::CountDrawer { pieces: pieces.collect(), foreign: Vec::new() }
}

#[test]
fn a_day_is_opened_once_and_begins_a_shift() {
    let mut w = World::set_up(|_| ());
    w.sign_in(TILL, CASHIER);
    let events = w.ok(open(5_000));
    assert!(
        matches!(events[0], Event::DayOpened { day: DayNo(1), float, .. } if float.minor() == 5_000)
    );
    assert_eq!(events[1], Event::ShiftBegan { shift: 1, person: CASHIER });
    assert_eq!(w.no(open(5_000)), Refusal::DayAlreadyOpen);
    let foreign = Amount { amount: Money::new(1), currency: Currency::CHF };
    assert_eq!(w.no(TillCommand::OpenDay { float: foreign }), Refusal::WrongCurrency);
}

#[test]
fn the_day_has_the_shops_local_date() {
    let mut w = World::set_up(|_| ());
    w.now = "2026-11-23T23:30:00Z".parse().unwrap();
    w.sign_in(TILL, CASHIER);
    w.ok(open(0));
    assert_eq!(w.day().date, "2026-11-24".parse().unwrap());
}

#[test]
fn the_drawer_is_float_plus_cash_minus_what_went_out() {
    let mut w = World::managed();
    let reason = why;
    w.sell(&[(BREAD, 1_000)]);
    w.ok(TillCommand::PaidIn { amount: euros(1_000), reason: reason(), purpose: None });
    w.ok(TillCommand::PaidOut { amount: euros(300), reason: reason(), purpose: None });
    w.ok(TillCommand::Drop { amount: euros(5_000), reason: reason() });
    w.ok(TillCommand::NoSale { reason: reason() });
    assert_eq!(w.drawer(), 10_000 + 540 + 1_000 - 300 - 5_000);
    let totals = &w.day().totals;
    assert_eq!((totals.paid_in.count, totals.paid_in.amount.minor()), (1, 1_000));
    assert_eq!((totals.paid_out.count, totals.paid_out.amount.minor()), (1, 300));
    assert_eq!((totals.drops.count, totals.drops.amount.minor()), (1, 5_000));
    assert_eq!(totals.no_sales, 1);
}

#[test]
fn alarms_of_the_drawer_are_counted_by_the_day_and_between_days_by_the_next() {
    let mut w = World::managed();
    for alarm in [DrawerAlarm::Forced, DrawerAlarm::LeftOpen] {
        let events = w.ok(TillCommand::DrawerAlarm(alarm));
        assert_eq!(events, [Event::DrawerAlarmed(DrawerAlarmed { alarm })]);
        assert_eq!(w.restarted(), w.state);
    }
    assert_eq!(w.day().totals.drawer_alarms, 2);
    assert_eq!(w.day().totals.no_sales, 0);
    w.ok(count(&[(10_000, 1)]));
    w.ok(TillCommand::CloseDay { despite_doubt: None });
    assert_eq!(w.closed[0].day.totals.drawer_alarms, 2);

    let alarm = DrawerAlarm::Forced;
    let events = w.ok(TillCommand::DrawerAlarm(alarm));
    assert_eq!(events, [Event::DrawerAlarmed(DrawerAlarmed { alarm })]);
    assert_eq!(w.restarted(), w.state);
    w.ok(TillCommand::OpenDay { float: euros(10_000) });
    assert_eq!(w.day().totals.drawer_alarms, 1);
}

#[test]
fn no_more_goes_out_than_is_in() {
    let mut w = World::managed();
    for amount in [10_001, 999_999_999] {
        let amount = euros(amount);
        assert_eq!(
            w.no(TillCommand::PaidOut { amount, reason: why(), purpose: None }),
            Refusal::DrawerTooLow
        );
        assert_eq!(w.no(TillCommand::Drop { amount, reason: why() }), Refusal::DrawerTooLow);
    }
    w.ok(TillCommand::Drop { amount: euros(10_000), reason: why() });
    assert_eq!(w.drawer(), 0);
    let foreign = Amount { amount: Money::new(1), currency: Currency::CHF };
    assert_eq!(
        w.no(TillCommand::PaidIn { amount: foreign, reason: why(), purpose: None }),
        Refusal::WrongCurrency
    );
    assert_eq!(
        w.no(TillCommand::PaidOut { amount: foreign, reason: why(), purpose: None }),
        Refusal::WrongCurrency
    );
    assert_eq!(w.no(TillCommand::Drop { amount: foreign, reason: why() }), Refusal::WrongCurrency);
}

#[test]
fn closing_books_the_counted_difference() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000)]);
    assert_eq!(w.no(TillCommand::CloseDay { despite_doubt: None }), Refusal::NotCounted);
    let counted = w.ok(count(&[(5_000, 2), (500, 1), (10, 3), (1, 7)]));
    assert!(matches!(&counted[0], Event::DrawerCounted(count)
        if (count.counted.minor(), count.expected.minor()) == (10_537, 10_540)));
    let events = w.ok(TillCommand::CloseDay { despite_doubt: None });
    assert_eq!(events[0], Event::ShiftEnded { shift: 1 });
    assert!(matches!(events[1], Event::DayClosed { day: DayNo(1), difference, .. }
        if difference.minor() == -3));
    let closed = &w.closed[0];
    assert_eq!((closed.till, closed.closed_by, closed.difference.minor()), (TILL, CASHIER, -3));
    assert_eq!(closed.day.totals.receipts.amount.minor(), 540);
    assert_eq!(w.no(TillCommand::CloseDay { despite_doubt: None }), Refusal::DayNotOpen);
}

#[test]
fn a_count_holds_until_cash_moves() {
    let moves: [fn(&mut World); 4] = [
        |w| drop(w.sell(&[(BREAD, 1_000)])),
        |w| drop(w.ok(TillCommand::PaidIn { amount: euros(1), reason: why(), purpose: None })),
        |w| drop(w.ok(TillCommand::PaidOut { amount: euros(1), reason: why(), purpose: None })),
        |w| drop(w.ok(TillCommand::Drop { amount: euros(1), reason: why() })),
    ];
    for cash in moves {
        let mut w = World::managed();
        w.ok(count(&[]));
        cash(&mut w);
        assert_eq!(w.no(TillCommand::CloseDay { despite_doubt: None }), Refusal::NotCounted);
        w.ok(count(&[(1, 1)]));
        w.ok(count(&[]));
        let expected = w.drawer();
        w.ok(TillCommand::CloseDay { despite_doubt: None });
        assert_eq!(w.closed[0].difference.minor(), -expected, "the last count counts");
    }
}

#[test]
fn a_day_does_not_close_over_open_baskets_but_over_parked_ones() {
    let mut w = World::open();
    w.ok(count(&[]));
    w.add(BREAD, 1_000);
    assert_eq!(w.no(TillCommand::CloseDay { despite_doubt: None }), Refusal::OpenBaskets);
    w.ok(TillCommand::Park { name: None });
    let line = w.add(BUTTER, 1_000);
    w.ok(TillCommand::VoidLine { line });
    // A basket without lines is given up with the day.
    let events = w.ok(TillCommand::CloseDay { despite_doubt: None });
    assert!(matches!(events[0], Event::BasketAborted { total: Money::ZERO, .. }));
    assert_eq!(w.state.baskets.len(), 1);
    w.ok(open(0));
    w.ok(TillCommand::Recall { basket: domain::BasketId(1) });
    let receipt = w.pay();
    assert_eq!((receipt.number.0, receipt.day.0), (1, 2));
}

#[test]
fn days_and_receipts_are_numbered_without_gaps() {
    let mut w = World::open();
    for day in 1..=3 {
        assert_eq!(w.day().number, DayNo(day));
        w.sell(&[(BREAD, 1_000)]);
        w.add(BREAD, 1_000);
        w.ok(TillCommand::AbortBasket { reason: None });
        w.sell(&[(BREAD, 1_000)]);
        let first = u64::from(day) * 2 - 1;
        assert_eq!(w.day().totals.numbers, Some((first, first + 1)));
        w.ok(count(&[]));
        w.ok(TillCommand::CloseDay { despite_doubt: None });
        w.ok(open(10_000));
    }
    assert_eq!(w.closed.len(), 3);
}

#[test]
fn each_person_has_a_shift_with_its_own_totals() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000)]);
    w.sign_in(TILL, MANAGER);
    w.sell(&[(LAMP, 1_000)]);
    w.ok(TillCommand::SignOut);
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::NotSignedIn);
    assert!(w.ok(TillCommand::SignOut).is_empty());
    w.sign_in(TILL, CASHIER);
    assert!(w.ok(TillCommand::SignIn { person: CASHIER }).is_empty());
    w.sell(&[(BREAD, 1_000)]);
    let sums: Vec<_> = w
        .day()
        .shifts
        .iter()
        .map(|s| (s.number, s.person, s.totals.receipts.amount.minor()))
        .collect();
    assert_eq!(sums, [(1, CASHIER, 1_080), (2, MANAGER, 1_890)]);
    let events = w.ok(TillCommand::EndShift);
    assert_eq!(events, [Event::ShiftEnded { shift: 1 }, Event::SignedOut { person: CASHIER }]);
    let events = w.ok(TillCommand::SignIn { person: CASHIER });
    assert_eq!(events[1], Event::ShiftBegan { shift: 3, person: CASHIER });
    w.ok(count(&[]));
    let ended = w.ok(TillCommand::CloseDay { despite_doubt: None });
    assert_eq!(ended.iter().filter(|e| matches!(e, Event::ShiftEnded { .. })).count(), 2);
}

#[test]
fn nobody_unknown_or_barred_signs_in() {
    let mut w = World::open();
    let person = domain::PersonId(99);
    assert_eq!(w.no(TillCommand::SignIn { person }), Refusal::UnknownPerson);
    w.office(domain::ShopCommand::PutPerson {
        person: Some(SUPERVISOR),
        name: "Sven".to_owned(),
        role: domain::Role::Supervisor,
        active: false,
    });
    assert_eq!(w.no(TillCommand::SignIn { person: SUPERVISOR }), Refusal::UnknownPerson);
}

#[test]
fn training_counts_nowhere() {
    let mut w = World::managed();
    w.sell(&[(BREAD, 1_000)]);
    w.ok(count(&[(1, 10_540)]));
    w.ok(TillCommand::Training { on: true });
    let trained = w.sell(&[(LAMP, 2_000)]);
    assert!(trained.training);
    assert_eq!(trained.number.0, 1, "a series of its own");
    w.add(LAMP, 1_000);
    let part = euros(100);
    w.ok(TillCommand::PayCash { tendered: Some(part) });
    w.ok(TillCommand::UndoTender);
    w.ok(TillCommand::AbortBasket { reason: None });
    w.ok(TillCommand::ReturnWithoutReceipt {
        item: LAMP,
        quantity: None,
        price: None,
        reason: why(),
    });
    w.pay();
    for command in [
        TillCommand::PaidIn { amount: euros(1), reason: why(), purpose: None },
        TillCommand::PaidOut { amount: euros(1), reason: why(), purpose: None },
        TillCommand::Drop { amount: euros(1), reason: why() },
        TillCommand::NoSale { reason: why() },
    ] {
        assert_eq!(w.no(command), Refusal::TrainingMix);
    }
    let totals = &w.day().totals;
    assert_eq!(
        (totals.training, totals.receipts.count, totals.receipts.amount.minor()),
        (2, 1, 540)
    );
    assert_eq!((totals.aborted.count, totals.voids, totals.returns.count), (0, 0, 0));
    assert_eq!((w.drawer(), w.stock(LAMP)), (10_540, 0));
    assert!(w.day().count.is_some(), "nothing moved since the count");
    w.ok(TillCommand::Training { on: false });
    assert_eq!(w.sell(&[(BREAD, 1_000)]).number.0, 2);
}

#[test]
fn a_sale_with_change_moves_the_drawer_by_the_sale() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    let receipt = receipt_of(&w.ok(TillCommand::PayCash { tendered: Some(euros(1_000)) }));
    assert_eq!(receipt.unwrap().tenders[0].change.minor(), 460);
    assert_eq!(w.drawer(), 10_540);
}

#[test]
fn totals_by_rate_group_and_hour_sum_to_the_receipts() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000), (LAMP, 1_000)]);
    w.sell(&[(BUTTER, 2_000)]);
    let totals = &w.day().totals;
    let rates: i64 = totals.tax.iter().map(|r| r.gross.minor()).sum();
    let groups: i64 = totals.groups.values().map(|g| g.amount.minor()).sum();
    assert_eq!((rates, groups, totals.receipts.amount.minor()), (3_028, 3_028, 3_028));
    assert_eq!(totals.tax_of(2, money::Rate::new(700)).unwrap().gross.minor(), 1_138);
    assert_eq!(totals.tax_of(9, money::Rate::new(700)), None);
}

#[test]
fn a_refusal_does_not_tell_a_cashier_what_is_in_the_drawer() {
    let mut w = World::open();
    w.ok(TillCommand::Drop { amount: euros(10_001), reason: why() });
    w.ok(TillCommand::PaidOut { amount: euros(1), reason: why(), purpose: None });
    assert_eq!(w.drawer(), -2);
    let supervised = TillCommand::Drop { amount: euros(10_001), reason: why() };
    assert_eq!(w.no_at(crate::world::OTHER_TILL, supervised), Refusal::DrawerTooLow);
    w.ok(count(&[]));
    w.ok(TillCommand::CloseDay { despite_doubt: None });
    assert_eq!(w.closed[0].difference.minor(), 2, "the counting shows it");
}

#[test]
fn nobody_signs_somebody_else_out() {
    let mut w = World::open();
    w.sign_in(TILL, MANAGER);
    let out = || Command::Till(TILL, TillCommand::SignOut);
    assert_eq!(w.run(Some(CASHIER), out()), Err(Refusal::NotSignedIn));
    assert_eq!(w.state.tills[&TILL].person, Some(MANAGER));
    w.run(Some(MANAGER), out()).unwrap();
    assert_eq!(w.state.tills[&TILL].person, None);
    assert_eq!(w.run(Some(CASHIER), out()), Ok(Vec::new()), "nobody is there any more");
}

#[test]
fn empties_are_counted_apart_from_returned_goods() {
    let mut w = World::managed();
    w.sell(&[(EMPTIES, 2_000), (JUICE, 1_000)]);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    w.ok(TillCommand::ReturnWithoutReceipt {
        item: BREAD,
        quantity: None,
        price: None,
        reason: why(),
    });
    w.pay();
    let totals = &w.day().totals;
    let told = |tally: domain::day::Tally| (tally.count, tally.amount.minor());
    assert_eq!(told(totals.deposits_paid), (1, -30));
    assert_eq!(told(totals.returns), (2, -149 - 540));
}

#[test]
fn a_day_saved_before_empties_were_counted_apart_is_read() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000)]);
    let mut saved = serde_json::to_value(&w.day().totals).unwrap();
    saved.as_object_mut().unwrap().remove("deposits_paid").unwrap();
    let totals: domain::day::DayTotals = serde_json::from_value(saved).unwrap();
    assert_eq!(totals, w.day().totals);
}

#[test]
fn voids_of_a_basket_that_was_given_up_count_too() {
    let mut w = World::open();
    let line = w.add(BREAD, 1_000);
    w.add(LAMP, 1_000);
    w.ok(TillCommand::VoidLine { line });
    w.ok(TillCommand::AbortBasket { reason: None });
    let totals = &w.day().totals;
    assert_eq!((totals.voids, totals.aborted.count), (1, 1));
    assert_eq!(w.day().shifts[0].totals.voids, 1);
}
