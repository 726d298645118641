//! Closing the terminal's day: every fault × the connection broken before every packet × every call of the
//! ledger failing. A terminal never forgets totals that are not on disk, and afterwards it can be told whether
//! it closed its day. Time is that of the test.

use ::zvt::terminal::Customer;
use payment::driver::{CardTotal, Reference};
use payment::simulator::Fault;
use payment::{Driver, End, Said};
use tokio::time::{Duration, sleep};

use crate::kit::{Book, Event, World, driver, euro, locked};

const PAID: i64 = 2_040;

#[derive(Debug, Clone, Copy)]
struct Case {
    fault: Option<Fault>,
    fails_at: Option<usize>,
    breaks_before: Option<usize>,
}

#[derive(Debug, Default)]
struct Tally {
    played: usize,
    found_out: usize,
    closed: usize,
}

/// The terminal is asked only when that is on disk, and its totals are acknowledged only when they are.
fn check_order(events: &[Event], case: Case) {
    let (mut about, mut asked, mut told, mut stored) = (false, false, false, false);
    for event in events {
        match event {
            Event::About { stored } => about = *stored,
            Event::Outcome { stored: true, .. } => stored = true,
            Event::Outcome { .. } => {}
            Event::Till(0x06, 0x50) => {
                assert!(about && !asked, "asked, but not on disk, or twice: {case:?}");
                asked = true;
            }
            Event::Till(0x80, 0x00) if told => {
                assert!(stored, "acknowledged, but not on disk: {case:?} {events:?}");
                told = false;
            }
            Event::Till(..) => told = false,
            Event::Terminal(0x04, 0x0f, yes) => told = asked && *yes,
            Event::Terminal(..) | Event::Reported => {}
        }
    }
}

/// The deliveries and calls that it took.
async fn play(case: Case, tally: &mut Tally) -> (usize, usize) {
    let mut world = World::new();
    assert!(matches!(world.just(driver().pay(&euro(PAID))).await, End::Acknowledged(_)));
    let controls = world.terminal.controls();
    controls.choose(case.fault).await;
    world.begin_anew(case.breaks_before.map(|before| (1, before)));
    let mut book = Book { fails_at: case.fails_at, ..Book::default() };
    let end = world.run(driver().end_of_day(), &mut book).await;
    let deliveries = locked(&world.deliveries).first().copied().unwrap_or(0);
    check_order(&locked(&world.log), case);
    // All timers of the terminal run out.
    sleep(Duration::from_secs(240)).await;
    controls.choose(None).await;
    let is_closed = controls.view().entries.is_empty();
    let believed = match &end {
        End::DayClosed(_) => true,
        End::NoMoney(_) => false,
        End::Unknown { .. } => {
            tally.found_out += 1;
            world.begin_anew(None);
            let ask = || driver().day_so_far().expect("ZVT terminals can be asked");
            let first = world.just(ask()).await;
            assert_eq!(world.just(ask()).await, first, "{case:?}");
            let End::DayStands(totals) = first else { panic!("{case:?} {end:?} {first:?}") };
            totals.cards.is_empty()
        }
        other => panic!("{case:?} {other:?}"),
    };
    assert_eq!(believed, is_closed, "{case:?} {end:?}");
    if is_closed {
        let Some(Said::DayClosed(totals)) = book.said.last() else {
            panic!("the terminal forgot totals that nobody has: {case:?} {end:?}")
        };
        assert_eq!(totals.cards.first().map(|card| card.count), Some(1), "{case:?}");
    }
    tally.played += 1;
    tally.closed += usize::from(is_closed);
    (deliveries, book.calls)
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_an_end_of_day_its_totals_are_on_disk_or_the_terminal_keeps_them() {
    let mut tally = Tally::default();
    for fault in std::iter::once(None).chain(Fault::all().map(Some)) {
        for fails_at in 0.. {
            let fails = (fails_at > 0).then_some(fails_at);
            let whole = Case { fault, fails_at: fails, breaks_before: None };
            let (deliveries, calls) = play(whole, &mut tally).await;
            if calls < fails_at {
                break;
            }
            for before in 1..=deliveries {
                play(Case { breaks_before: Some(before), ..whole }, &mut tally).await;
            }
        }
    }
    println!("end of day: {tally:?}");
    assert!(tally.played > 300 && tally.found_out > 80 && tally.closed >= 25, "{tally:?}");
}

#[tokio::test(start_paused = true)]
async fn totals_know_refunds_and_forget_what_was_taken_back() {
    let world = World::new();
    let controls = world.terminal.controls();
    let pay = |amount: i64| driver().pay(&euro(amount));
    let End::Acknowledged(first) = world.just(pay(1_000)).await else { panic!("paid") };
    assert!(matches!(world.just(pay(500)).await, End::Acknowledged(_)));
    let refunded = world.just(driver().refund(&euro(200))).await;
    assert!(matches!(refunded, End::Acknowledged(_)), "{refunded:?}");
    let of = Reference { receipt: first.receipt.expect("a number"), trace: first.trace };
    let reversed = world.just(driver().reverse(&euro(1_000), &of)).await;
    assert!(matches!(reversed, End::Acknowledged(_)), "{reversed:?}");
    controls.automatic(None).await;
    let signing = tokio::spawn({
        let controls = controls.clone();
        async move {
            controls.wait_until(|view| view.waiting).await;
            controls.customer(Customer::Sign).await
        }
    });
    let End::Acknowledged(signed) = world.just(pay(700)).await else { panic!("signed") };
    assert!(signing.await.expect("a customer"));
    assert!(
        signed.signature && signed.slips.merchant.iter().any(|line| line.contains("Händlerbeleg"))
    );
    let End::DayClosed(totals) = world.just(driver().end_of_day()).await else { panic!("closed") };
    let expected = [
        CardTotal { scheme: "mastercard", count: 2, sum: 300 },
        CardTotal { scheme: "visa", count: 1, sum: 700 },
    ];
    assert_eq!(totals.cards, expected);
    assert!(totals.lines.iter().any(|line| line.contains("Kassenschnitt")), "{:?}", totals.lines);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_total_waits_for_the_end_of_day() {
    let world = World::new();
    world.terminal.controls().choose(Fault::named("wrong_total")).await;
    assert!(matches!(world.just(driver().pay(&euro(PAID))).await, End::Acknowledged(_)));
    let End::DayClosed(totals) = world.just(driver().end_of_day()).await else { panic!("closed") };
    assert_eq!(totals.cards, [CardTotal { scheme: "mastercard", count: 1, sum: PAID + 1 }]);
}
