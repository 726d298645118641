//! Foreign cash: its value, the change, the drawer, the count.

use domain::basket::TenderKind;
use domain::foreign::{DatedExchangeRate, ForeignCurrency};
use domain::{Amount, Event, Refusal, ShopCommand, TillCommand};
use money::{CashRounding, Currency, ExchangeRate, Money};

use crate::catalogue::LAMP;
use crate::world::{TILL, World, receipt_of};

fn dollars(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: "USD".parse().unwrap() }
}

fn pay(minor: i64) -> TillCommand {
    TillCommand::PayForeignCash { tendered: dollars(minor) }
}

fn rate(rate: i64, from: &str) -> DatedExchangeRate {
    DatedExchangeRate { rate: ExchangeRate::new(rate).unwrap(), from: from.parse().unwrap() }
}

pub(crate) fn usd() -> ForeignCurrency {
    ForeignCurrency {
        currency: "USD".parse().unwrap(),
        smallest: 500,
        // 10:30 local is after the till opens at 10:00 and before the second half of the test.
        rates: vec![rate(920_000, "2026-11-01T00:00:00"), rate(950_000, "2026-11-23T10:30:00")],
    }
}

fn open() -> World {
    World::open_with(|settings| settings.foreign_cash = vec![usd()])
}

/// What the counter of the drawer says of dollars.
fn count(euros: i64, foreign: Vec<Amount>) -> TillCommand {
    let pieces =
        vec![domain::command::Denomination { value: 1, pieces: u32::try_from(euros).unwrap() }];
    TillCommand::CountDrawer { pieces, foreign }
}

#[test]
fn dollars_are_worth_what_the_rate_of_the_moment_says_and_the_change_is_in_euro() {
    let mut w = open();
    w.add(LAMP, 1_000);
    let total = w.total();
    let before = w.drawer();
    // 50 USD at 0.92.
    let receipt = receipt_of(&w.ok(pay(5_000))).expect("issued");
    let tender = &receipt.tenders[0];
    assert_eq!(tender.kind, TenderKind::CashForeign);
    assert_eq!((tender.amount.minor(), tender.tendered.minor()), (total, 4_600));
    assert_eq!(tender.change.minor(), 4_600 - total);
    let foreign = tender.foreign.unwrap();
    assert_eq!((foreign.amount.minor(), foreign.rate.per_million()), (5_000, 920_000));
    assert_eq!(w.drawer(), before - (4_600 - total), "the change left the drawer");
    let day = w.day();
    assert_eq!(day.foreign[&foreign.currency].minor(), 5_000);
    let tally = day.totals.foreign[&foreign.currency];
    assert_eq!((tally.count, tally.amount.minor(), tally.value.minor()), (1, 5_000, 4_600));
    assert_eq!(day.totals.tenders[&TenderKind::CashForeign].amount.minor(), total);
}

#[test]
fn a_rate_changes_at_its_minute() {
    let mut w = open();
    let mut seen = Vec::new();
    for _ in 0..60 {
        w.add(LAMP, 1_000);
        let receipt = receipt_of(&w.ok(pay(5_000))).unwrap();
        seen.push(receipt.tenders[0].foreign.unwrap().rate.per_million());
        w.pass(1);
    }
    let change = seen.iter().position(|rate| *rate == 950_000).expect("it changes");
    assert!(seen[..change].iter().all(|rate| *rate == 920_000));
    assert!(seen[change..].iter().all(|rate| *rate == 950_000));
}

#[test]
fn a_note_that_is_worth_less_pays_a_part_and_undoing_gives_it_back() {
    let mut w = open();
    w.add(LAMP, 1_000);
    let (total, before) = (w.total(), w.drawer());
    assert_eq!(receipt_of(&w.ok(pay(500))), None);
    assert_eq!(w.day().foreign.values().next().unwrap().minor(), 500);
    w.ok(TillCommand::UndoTender);
    assert!(w.day().foreign.is_empty() && w.drawer() == before);
    w.ok(pay(500));
    let receipt = w.pay();
    let paid: Vec<_> = receipt.tenders.iter().map(|t| t.amount.minor()).collect();
    assert_eq!(paid, [460, total - 460]);
}

#[test]
fn only_whole_notes_of_currencies_with_a_rate_are_taken() {
    let mut w = open();
    w.add(LAMP, 1_000);
    let smallest = Refusal::ForeignCoins { smallest: 500, currency: "USD".to_owned() };
    assert_eq!(w.no(pay(501)), smallest);
    for wrong in [0, -500] {
        assert_eq!(w.no(pay(wrong)), Refusal::BadTender);
    }
    assert_eq!(w.no(pay(500_000)), Refusal::BadTender, "a scanned code is not money");
    let yen = TillCommand::PayForeignCash {
        tendered: Amount { amount: Money::new(1_000), currency: "JPY".parse().unwrap() },
    };
    assert_eq!(w.no(yen), Refusal::ForeignCashNotTaken { currency: "JPY".to_owned() });
}

#[test]
fn a_currency_whose_rate_begins_tomorrow_is_not_taken_today() {
    let mut w = World::open_with(|settings| {
        settings.foreign_cash =
            vec![ForeignCurrency { rates: vec![rate(920_000, "2026-11-24T00:00:00")], ..usd() }];
    });
    w.add(LAMP, 1_000);
    assert_eq!(w.no(pay(5_000)), Refusal::ForeignCashNotTaken { currency: "USD".to_owned() });
}

#[test]
fn money_goes_back_in_euro_only() {
    let mut w = open();
    w.add(LAMP, 1_000);
    let receipt = receipt_of(&w.ok(pay(5_000))).unwrap();
    let before = w.drawer();
    let reference = domain::ReceiptRef { till: TILL, number: receipt.number };
    w.ok(TillCommand::ReturnReceipt { receipt: reference });
    assert_eq!(w.no(pay(5_000)), Refusal::NotGivenBack);
    let back = w.pay();
    assert_eq!(back.tenders[0].kind, TenderKind::Cash);
    assert_eq!(w.drawer(), before - receipt.total.minor());
    assert_eq!(w.day().foreign.values().next().unwrap().minor(), 5_000);
}

#[test]
fn foreign_cash_is_counted_apart_and_its_difference_is_kept() {
    let mut w = open();
    w.add(LAMP, 1_000);
    w.ok(pay(5_000));
    let drawer = w.drawer();
    assert_eq!(
        w.no(count(drawer, Vec::new())),
        Refusal::ForeignNotCounted { currency: "USD".to_owned() }
    );
    for twice in [
        vec![dollars(1), dollars(1)],
        vec![dollars(1), Amount { currency: "JPY".parse().unwrap(), ..dollars(1) }],
    ] {
        assert_eq!(
            w.no(count(drawer, twice)),
            Refusal::OutOfLimits { field: "foreign".to_owned() }
        );
    }
    w.ok(count(drawer, vec![dollars(4_500)]));
    w.ok(TillCommand::CloseDay { despite_doubt: None });
    let closed = w.closed.last().unwrap();
    assert_eq!(closed.difference.minor(), 0);
    let foreign = closed.day.count.as_ref().unwrap().foreign[0];
    let figures = (foreign.counted.minor(), foreign.expected.minor(), foreign.difference.minor());
    assert_eq!(figures, (4_500, 5_000, -500));
    w.ok(TillCommand::OpenDay { float: w.amount(10_000) });
    assert!(w.day().foreign.is_empty(), "a new day begins without");
}

#[test]
fn in_francs_value_and_change_are_coins() {
    let mut w = World::open_with(|settings| {
        settings.currency = Currency::CHF;
        settings.country = domain::settings::Country::Ch;
        settings.cash_rounding = CashRounding(5);
        settings.foreign_cash = vec![ForeignCurrency {
            currency: Currency::EUR,
            smallest: 1_000,
            rates: vec![rate(943_217, "2026-11-01T00:00:00")],
        }];
    });
    w.add(LAMP, 1_000);
    let tendered = Amount { amount: Money::new(5_000), currency: Currency::EUR };
    let receipt = receipt_of(&w.ok(TillCommand::PayForeignCash { tendered })).unwrap();
    let tender = &receipt.tenders[0];
    // 47.16085 is 47.16, in coins 47.15.
    assert_eq!(tender.tendered.minor(), 4_715);
    assert_eq!((tender.change.minor() % 5, tender.amount.minor() % 5), (0, 0));
}

#[test]
fn settings_that_contradict_themselves_are_refused() {
    let mut w = World::open();
    let own = ForeignCurrency { currency: Currency::EUR, ..usd() };
    let none = ForeignCurrency { rates: Vec::new(), ..usd() };
    let piece = ForeignCurrency { smallest: 0, ..usd() };
    let same = ForeignCurrency {
        rates: vec![rate(1, "2026-11-01T00:00:00"), rate(2, "2026-11-01T00:00:00")],
        ..usd()
    };
    for bad in [vec![own], vec![none], vec![piece], vec![same], vec![usd(), usd()]] {
        let mut settings = (**w.state.settings.as_ref().unwrap()).clone();
        settings.foreign_cash = bad;
        let command = ShopCommand::Configure { settings: Box::new(settings) };
        let refused = w.run(Some(crate::world::MANAGER), domain::Command::Shop(command));
        assert_eq!(refused, Err(Refusal::BadSettings { problem: "foreign_cash".to_owned() }));
    }
}

#[test]
fn training_moves_no_dollars() {
    let mut w = open();
    w.sign_in(TILL, crate::world::MANAGER);
    w.ok(TillCommand::Training { on: true });
    w.add(LAMP, 1_000);
    let events = w.ok(pay(5_000));
    assert!(events.iter().any(|e| matches!(e, Event::ReceiptIssued(r) if r.training)));
    assert!(w.day().foreign.is_empty());
}
