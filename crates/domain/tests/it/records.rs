//! Records of a till that are no receipts: orders, baskets that go on at another till, goods that somebody who works
//! here takes.

use domain::event::{BasketHandedOver, BasketOrdered, BenefitGiven, OrderedLine};
use domain::settings::Country;
use domain::signing::{Outcome, Subject};
use domain::{BasketId, Event, LineNo, PersonId, Refusal, TillCommand};
use money::{Money, Quantity};

use crate::catalogue::{BREAD, BUTTER, EMPTIES, JUICE, SCHNAPPS};
use crate::signing::{began, signed_shop};
use crate::world::{CASHIER, MANAGER, OTHER_TILL, SUPERVISOR, TILL, World};

fn park() -> TillCommand {
    TillCommand::Park { name: None }
}

fn recall(basket: BasketId) -> TillCommand {
    TillCommand::Recall { basket }
}

fn benefit() -> TillCommand {
    TillCommand::GiveBenefit { person: CASHIER, reason: "Pausenbrot".to_owned() }
}

/// Name, thousandths, what it comes to, whether it takes back.
fn orders(events: &[Event]) -> Vec<Vec<(String, i64, i64, bool)>> {
    let one = |ordered: &OrderedLine| {
        let line = &ordered.line;
        let (quantity, base) = (line.quantity.thousandths(), line.base.minor());
        (line.name.clone(), quantity, base, ordered.taken_back)
    };
    let of = events.iter().filter_map(|event| match event {
        Event::BasketOrdered(ordered) => Some(ordered.lines.iter().map(one).collect()),
        _ => None,
    });
    of.collect()
}

/// One of each kind, for what is frozen.
pub(crate) fn every_event() -> Vec<Event> {
    let mut w = World::managed();
    w.add(BREAD, 1_000);
    let line = w.lines()[0].clone();
    let ordered = OrderedLine { line: line.clone(), price: line.price, taken_back: true };
    let (basket, total) = (BasketId(1), Money::new(540));
    let closing = domain::ClosingId(1);
    let all = vec![
        Event::ProgramStarted(domain::audit::ProgramStarted { version: "1.2.3".to_owned() }),
        Event::DrawerAlarmed(domain::cash::DrawerAlarmed {
            alarm: domain::cash::DrawerAlarm::Forced,
        }),
        Event::DrawerTried(domain::cash::DrawerTried {
            device: "Vorn".to_owned(),
            at: "192.168.1.40:9100".to_owned(),
        }),
        Event::TerminalDaySettled(domain::event::TerminalDaySettled {
            closing,
            closed: true,
            reason: "slip".to_owned(),
        }),
        Event::TerminalDayExplained(domain::event::TerminalDayExplained {
            closing,
            reason: "slip".to_owned(),
        }),
        Event::BasketOrdered(Box::new(BasketOrdered {
            basket,
            lines: vec![ordered],
            tax: vec![],
            total,
        })),
        Event::BasketHandedOver(Box::new(BasketHandedOver {
            basket,
            from: TILL,
            opened: w.now,
            lines: vec![line.clone()],
            tax: vec![],
            total,
        })),
        Event::BenefitGiven(Box::new(BenefitGiven {
            basket,
            person: CASHIER,
            reason: "why".to_owned(),
            opened: w.now,
            ordered: Some(w.now),
            lines: vec![line],
            tax: vec![],
            total,
        })),
    ];
    [all, crate::coupons::every_event(), crate::handed::every_event()].concat()
}

#[test]
fn what_is_put_aside_is_ordered_and_later_only_what_changed() {
    let mut w = World::open();
    w.add(BREAD, 2_000);
    let butter = w.add(BUTTER, 1_000);
    let id = w.basket().id;
    let first = orders(&w.ok(park()));
    let bread = |quantity: i64, back| ("Bread".to_owned(), quantity * 1_000, quantity * 540, back);
    let one = |quantity: i64, back| ("Butter".to_owned(), quantity * 1_000, quantity * 299, back);
    assert_eq!(first, [[bread(2, false), one(1, false)]]);

    w.ok(recall(id));
    assert!(orders(&w.ok(park())).is_empty(), "nothing changed");

    w.ok(recall(id));
    w.ok(TillCommand::ChangeQuantity { line: LineNo(1), quantity: Quantity::new(1_000) });
    w.ok(TillCommand::VoidLine { line: butter });
    w.add(BUTTER, 3_000);
    let changed = orders(&w.ok(park()));
    assert_eq!(changed, [[one(-1, true), bread(-1, true), one(3, false)]]);

    w.ok(recall(id));
    assert_eq!(w.restarted().baskets, w.state.baskets);
    let receipt = w.pay();
    assert!(receipt.ordered.is_some_and(|at| at >= receipt.opened));
    assert_eq!(w.day().totals.receipts.amount, receipt.total, "orders are no turnover");
}

#[test]
fn another_price_takes_the_order_back_and_orders_anew() {
    let mut w = World::managed();
    let line = w.add(BREAD, 2_000);
    let id = w.basket().id;
    w.ok(park());
    w.ok(recall(id));
    let price = w.amount(500);
    w.ok(TillCommand::OverridePrice { line, price, reason: "Delle".to_owned() });
    let changed = orders(&w.ok(park()));
    let bread = |quantity: i64, base, back| ("Bread".to_owned(), quantity, base, back);
    assert_eq!(changed, [[bread(-2_000, -1_080, true), bread(2_000, 1_000, false)]]);
}

#[test]
fn orders_say_what_they_come_to_and_number_their_lines() {
    let mut w = World::open();
    w.add(JUICE, 2_000);
    let events = w.ok(park());
    let Event::BasketOrdered(ordered) = &events[0] else { panic!("{events:?}") };
    let numbers: Vec<u16> = ordered.lines.iter().map(|ordered| ordered.line.line.0).collect();
    assert_eq!(numbers, [1, 2], "the juice and its deposit");
    let gross: i64 = ordered.tax.iter().map(|row| row.gross.minor()).sum();
    let lines: i64 = ordered.lines.iter().map(|ordered| ordered.line.total().minor()).sum();
    assert_eq!((gross, lines), (ordered.total.minor(), ordered.total.minor()));
}

#[test]
fn a_long_basket_is_several_orders() {
    let mut w = World::open();
    for _ in 0..60 {
        w.ok(TillCommand::AddItem { item: BREAD, quantity: None, price: None });
        w.ok(TillCommand::AddItem { item: BUTTER, quantity: None, price: None });
    }
    let lines = w.lines().len();
    let pieces = orders(&w.ok(park()));
    assert_eq!(pieces.iter().map(Vec::len).sum::<usize>(), lines);
    assert!(lines > 30 && pieces.len() > 1, "{lines} lines in {} orders", pieces.len());
    for piece in pieces {
        let text: usize = piece.iter().map(|line| line.0.chars().count() + 30).sum();
        assert!(text <= 900, "{text}");
    }
}

#[test]
fn nothing_is_ordered_in_training_nor_where_the_law_has_no_such_thing() {
    let mut w = World::managed();
    w.ok(TillCommand::Training { on: true });
    w.add(BREAD, 1_000);
    assert_eq!(w.ok(park()).len(), 1);
    let mut swiss = World::open_with(|settings| {
        settings.country = Country::Ch;
        settings.signing = None;
    });
    swiss.add(BREAD, 1_000);
    let id = swiss.basket().id;
    assert_eq!(swiss.ok(park()).len(), 1);
    assert_eq!(swiss.ok_at(OTHER_TILL, recall(id)).len(), 1);
}

#[test]
fn a_basket_that_goes_on_at_another_till_ends_at_the_first_one() {
    let mut w = signed_shop();
    w.add(BREAD, 1_000);
    let id = w.basket().id;
    w.run(None, domain::Command::Till(TILL, began(id, 17))).expect("begun");
    w.ok(park());
    let ordered = Subject::Entry(w.next_seq() - 2);
    let waits = &w.state.signings[&ordered];
    assert_eq!((waits.outcome, waits.till), (Outcome::Ordered, TILL));
    assert_eq!(waits.transaction.as_ref().map(|of| of.number), Some(17));
    assert_eq!(w.state.baskets[&id].signing, None, "what follows begins anew");

    let events = w.ok_at(OTHER_TILL, recall(id));
    assert!(matches!(&events[..], [Event::BasketHandedOver(over), Event::BasketRecalled { .. }]
        if over.from == TILL && over.total.minor() == 540));
    let over = Subject::Entry(w.next_seq() - 2);
    let waits = &w.state.signings[&over];
    assert_eq!((waits.outcome, waits.till), (Outcome::HandedOver, TILL));
    assert_eq!(w.restarted().signings, w.state.signings);
    assert_eq!(w.restarted().baskets, w.state.baskets);
}

#[test]
fn a_till_that_is_closed_hands_nothing_over() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    let id = w.basket().id;
    w.ok(park());
    let counted = w.drawer();
    let pieces =
        vec![domain::command::Denomination { value: 1, pieces: u32::try_from(counted).unwrap() }];
    w.ok(TillCommand::CountDrawer { pieces, foreign: Vec::new() });
    w.ok(TillCommand::CloseDay { despite_doubt: None });
    let events = w.ok_at(OTHER_TILL, recall(id));
    assert_eq!(events, [Event::BasketRecalled { basket: id }]);
}

#[test]
fn goods_for_people_who_work_here_leave_without_money_and_without_turnover() {
    let mut w = signed_shop();
    w.sign_in(TILL, SUPERVISOR);
    w.add(JUICE, 1_000);
    let id = w.basket().id;
    let (drawer, total) = (w.drawer(), w.total());
    let events = w.ok(benefit());
    assert!(matches!(&events[..], [Event::BenefitGiven(given)]
        if given.person == CASHIER && given.total.minor() == total && given.lines.len() == 2));
    let totals = &w.day().totals;
    assert_eq!((totals.benefits.count, totals.benefits.amount.minor()), (1, total));
    assert_eq!((totals.receipts.count, totals.tenders.len(), w.drawer()), (0, 0, drawer));
    assert_eq!(w.state.signings[&Subject::Basket(id)].outcome, Outcome::Benefit);
    assert!(w.state.baskets.is_empty() && w.state.tills[&TILL].active.is_none());
    assert_eq!(w.restarted().signings, w.state.signings);
}

#[test]
fn only_with_the_right_and_only_what_is_the_shops_own_and_leaves_it() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    let permission = domain::Permission::GiveBenefits;
    assert_eq!(w.no(benefit()), Refusal::NotPermitted { permission });
    w.approved_by(SUPERVISOR);
    w.ok(benefit());

    let mut w = World::managed();
    assert_eq!(w.no(benefit()), Refusal::NoBasket);
    w.add(BREAD, 1_000);
    let nobody = TillCommand::GiveBenefit { person: PersonId(99), reason: "why".to_owned() };
    assert_eq!(w.no(nobody), Refusal::UnknownPerson);
    let unsaid = TillCommand::GiveBenefit { person: MANAGER, reason: String::new() };
    assert!(matches!(w.no(unsaid), Refusal::BadText { .. }));
    let amount = w.amount(1_000);
    w.ok(TillCommand::SellVoucher { amount, of: domain::voucher::VoucherKind::MultiPurpose });
    assert_eq!(w.no(benefit()), Refusal::NoBenefit { line: LineNo(2) });
    w.ok(TillCommand::VoidLine { line: LineNo(2) });
    let empties = w.add(EMPTIES, 1_000);
    assert_eq!(w.no(benefit()), Refusal::NoBenefit { line: empties });
    w.ok(TillCommand::VoidLine { line: empties });
    w.add(SCHNAPPS, 1_000);
    assert_eq!(w.no(benefit()), Refusal::AgeNotChecked { age: 18 });
    w.ok(TillCommand::ConfirmAge { age: 18 });
    let part = w.amount(100);
    w.ok(TillCommand::PayCash { tendered: Some(part) });
    assert_eq!(w.no(benefit()), Refusal::AlreadyPaying);
    w.ok(TillCommand::UndoTender);
    w.ok(benefit());

    w.ok(TillCommand::Training { on: true });
    w.add(BREAD, 1_000);
    assert_eq!(w.no(benefit()), Refusal::TrainingMix);
}
