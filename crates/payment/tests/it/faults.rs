//! Every fault × the connection broken before every packet × every call of the ledger failing. Time is that
//! of the test: nothing waits for real.

use ::zvt::terminal::Customer;
use payment::driver::{Approved, Purpose, Reference, Reserved, Reserving, Why};
use payment::simulator::{Controls, Entry, Fault};
use payment::{Driver, End, Said};
use tokio::task::JoinHandle;
use tokio::time::{Duration, sleep};

use crate::kit::{Book, Event, World, ask, driver, euro, locked};

const ASKED: i64 = 2_040;

/// One way in which it can go.
#[derive(Debug, Clone, Copy)]
struct Case {
    fault: Option<Fault>,
    fails_at: Option<usize>,
    breaks_before: Option<usize>,
    /// What customers do; none: they tap by themselves.
    hands: &'static [Customer],
}

/// What came of it.
struct Outcome {
    end: End,
    /// What the terminal has stored of it.
    stored: Vec<Entry>,
    /// What recovery found, if it was needed.
    found: Option<End>,
    deliveries: usize,
    /// Calls of the ledger.
    calls: usize,
}

/// A terminal that has one payment of that amount already, and what names it.
async fn world_with_a_sale() -> (World, Reference) {
    let world = World::new();
    let End::Acknowledged(sale) = world.just(driver().pay(&euro(ASKED))).await else {
        panic!("nothing is wrong yet")
    };
    let receipt = sale.receipt.expect("a receipt number");
    (world, Reference { receipt, trace: sale.trace })
}

/// What is reserved before: twice what is taken of it, or given back.
fn reserved_for(kind: &str) -> i64 {
    if kind == "release" { ASKED } else { ASKED * 2 }
}

/// A terminal that has what is asked about, and what names it.
async fn world_for(kind: &str) -> (World, Reference) {
    if !matches!(kind, "booking" | "part" | "release") {
        return world_with_a_sale().await;
    }
    let world = World::new();
    let talk = driver().reservation(&Reserving::Reserve, &euro(reserved_for(kind)));
    let End::Acknowledged(reserved) = world.just(talk).await else {
        panic!("nothing is wrong yet")
    };
    let receipt = reserved.receipt.expect("a receipt number");
    (world, Reference { receipt, trace: reserved.trace })
}

fn purpose_of(kind: &str, reference: &Reference) -> Purpose {
    let reserved = Reserved { reference: reference.clone(), amount: reserved_for(kind) };
    match kind {
        "payment" => Purpose::Payment,
        "refund" => Purpose::Refund,
        "reversal" => Purpose::Reversal(reference.clone()),
        "reservation" => Purpose::Reservation(Reserving::Reserve),
        "booking" => Purpose::Reservation(Reserving::Book(reserved)),
        "part" => Purpose::Reservation(Reserving::ReleasePart(reserved)),
        _ => Purpose::Reservation(Reserving::Release(reserved)),
    }
}

/// All timers of the terminal run out.
async fn settle() {
    sleep(Duration::from_secs(120)).await;
}

/// Nothing is asked for that is not on disk, and no yes is acknowledged that is not.
fn check_order(events: &[Event], case: Case) {
    let (mut about, mut asked, mut yes, mut stored) = (false, false, false, false);
    for event in events {
        match event {
            Event::Reported => {}
            Event::About { stored } => about = *stored,
            Event::Outcome { stored: true, .. } => stored = true,
            Event::Outcome { .. } => {}
            Event::Till(0x06, 0x01 | 0x22..=0x25 | 0x30 | 0x31) => {
                assert!(about && !asked, "asked, but not on disk, or twice: {case:?}");
                asked = true;
            }
            Event::Till(0x80, 0x00) if yes => {
                assert!(stored, "acknowledged, but not on disk: {case:?} {events:?}");
                yes = false;
            }
            Event::Till(..) => yes = false,
            Event::Terminal(0x04, 0x0f, approved) => yes = asked && *approved,
            Event::Terminal(..) => {}
        }
    }
}

async fn play(kind: &'static str, case: Case) -> Outcome {
    let (mut world, reference) = world_for(kind).await;
    settle().await;
    let controls = world.terminal.controls();
    controls.choose(case.fault).await;
    world.begin_anew(case.breaks_before.map(|before| (1, before)));
    let purpose = purpose_of(kind, &reference);
    let customers = (!case.hands.is_empty()).then(|| come(&controls, case.hands));
    if customers.is_some() {
        controls.automatic(None).await;
    }
    let mut book = Book { fails_at: case.fails_at, ..Book::default() };
    let end = world.run(ask(&driver(), &purpose, &euro(ASKED)), &mut book).await;
    let deliveries = locked(&world.deliveries).first().copied().unwrap_or(0);
    check_order(&locked(&world.log), case);
    let mut found = None;
    if matches!(end, End::Unknown { .. }) {
        world.begin_anew(None);
        let query = || driver().query(&purpose, &euro(ASKED), &book.before);
        // First with a full disk, then twice with one that works.
        let mut full = Book { fails_at: Some(1), ..Book::default() };
        let unstored = world.run(query(), &mut full).await;
        let first = world.just(query()).await;
        let second = world.just(query()).await;
        assert_eq!(first, second, "{case:?}");
        let expected = match &first {
            End::Acknowledged(_) => End::Unknown { why: Why::NotStored, detail: "not_stored" },
            other => other.clone(),
        };
        assert_eq!(unstored, expected, "{case:?}");
        found = Some(first);
    }
    settle().await;
    if let Some(customers) = customers {
        customers.abort();
    }
    let stored: Vec<Entry> = controls.view().entries[1..].to_vec();
    Outcome { end, stored, found, deliveries, calls: book.calls }
}

/// Customers who wait for their turn.
fn come(controls: &Controls, hands: &'static [Customer]) -> JoinHandle<()> {
    let controls = controls.clone();
    tokio::spawn(async move {
        for hand in hands {
            controls.wait_until(|view| view.waiting).await;
            controls.customer(*hand).await;
        }
    })
}

/// What the shop believes is what the terminal has stored.
fn check(kind: &str, case: Case, outcome: &Outcome) {
    let Outcome { end, stored, found, .. } = outcome;
    assert!(stored.len() <= 1, "more than once: {case:?} {stored:?}");
    let believed = match (end, found) {
        (End::Acknowledged(approved), None) | (_, Some(End::Acknowledged(approved))) => {
            Some(approved)
        }
        (End::NoMoney(_), None) | (_, Some(End::NoMoney(_))) => None,
        other => panic!("nobody knows: {case:?} {other:?}"),
    };
    match (believed, stored.as_slice()) {
        (None, []) => {}
        (Some(approved), [entry]) => {
            let kind = if kind == "part" { "booking" } else { kind };
            assert_eq!((entry.kind, entry.amount), (kind, approved.amount), "{case:?}");
            assert_eq!(Some(&entry.receipt), approved.receipt.as_ref(), "{case:?}");
            assert_eq!(approved.amount, ASKED, "{case:?}");
        }
        other => panic!("the books differ: {case:?} {end:?} {other:?}"),
    }
}

/// How many combinations were played, how many had to be found out, and how many were stored.
#[derive(Debug, Default)]
struct Tally {
    played: usize,
    found: usize,
    stored: usize,
}

/// Each call of the ledger fails, or none; the connection breaks before each packet, or does not.
async fn all_of(kind: &'static str, fault: Option<Fault>, hands: &'static [Customer]) -> Tally {
    let mut tally = Tally::default();
    let mut play = async |fails_at: Option<usize>, breaks_before: Option<usize>| {
        let case = Case { fault, fails_at, breaks_before, hands };
        let outcome = play(kind, case).await;
        check(kind, case, &outcome);
        tally.played += 1;
        tally.found += usize::from(outcome.found.is_some());
        tally.stored += outcome.stored.len();
        outcome
    };
    for fails_at in 0.. {
        let fails = (fails_at > 0).then_some(fails_at);
        let whole = play(fails, None).await;
        if whole.calls < fails_at {
            break;
        }
        for before in 1..=whole.deliveries {
            play(fails, Some(before)).await;
        }
    }
    tally
}

/// All faults.
async fn all_faults(kind: &'static str) -> Tally {
    let mut all = Tally::default();
    for fault in std::iter::once(None).chain(Fault::all().map(Some)) {
        let one = all_of(kind, fault, &[]).await;
        all.played += one.played;
        all.found += one.found;
        all.stored += one.stored;
    }
    all
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_a_payment_the_shop_and_the_terminal_agree() {
    let all = all_faults("payment").await;
    println!("payment: {all:?}");
    assert!(all.played > 300 && all.found > 100 && all.stored >= 15, "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_a_refund_the_shop_and_the_terminal_agree() {
    let all = all_faults("refund").await;
    println!("refund: {all:?}");
    assert!(all.played > 300 && all.found > 100 && all.stored >= 15, "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_a_reversal_the_shop_and_the_terminal_agree() {
    let all = all_faults("reversal").await;
    println!("reversal: {all:?}");
    assert!(all.played > 300 && all.found > 100 && all.stored >= 15, "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_a_reservation_the_shop_and_the_terminal_agree() {
    for kind in ["reservation", "booking", "part", "release"] {
        let all = all_faults(kind).await;
        println!("{kind}: {all:?}");
        assert!(all.played > 300 && all.found > 100 && all.stored >= 15, "{all:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_customers_do_the_shop_and_the_terminal_agree() {
    use Customer::{Declined, Insert, Stop, Tap, WrongPin};
    let every: [&'static [Customer]; 5] =
        [&[Tap], &[Declined], &[Stop], &[WrongPin, Insert], &[WrongPin, WrongPin, Stop]];
    let mut played = 0;
    for hands in every {
        let all = all_of("payment", None, hands).await;
        println!("{hands:?}: {all:?}");
        let paid = hands.last() == Some(&Tap) || hands.last() == Some(&Insert);
        assert_eq!(all.stored > 0, paid, "{hands:?}");
        played += all.played;
    }
    assert!(played > 100, "{played}");
}

#[tokio::test(start_paused = true)]
async fn each_fault_ends_as_it_must() {
    let unknown = |why, detail| End::Unknown { why, detail };
    let declined = |code, text: Option<&str>| {
        End::NoMoney(Said::Declined { code, text: text.map(str::to_owned) })
    };
    let cases = [
        ("decline", declined("declined_by_host", Some("Karte abgelehnt")), 0),
        ("time_out", unknown(Why::NoAnswer, "silence"), 0),
        ("slow_acknowledgement", unknown(Why::NoAnswer, "no_answer"), 0),
        ("lost_before_outcome", unknown(Why::ConnectionLost, "closed"), 0),
        ("lost_after_outcome", unknown(Why::NotAcknowledged, "closed"), 0),
        ("lost_after_commit", unknown(Why::NotAcknowledged, "closed"), 1),
        ("wrong_amount", unknown(Why::AmountDiffers, "other_amount"), 1),
        ("wrong_currency", unknown(Why::CurrencyDiffers, "other_currency"), 1),
        ("changed_terminal", unknown(Why::TerminalDiffers, "other_terminal"), 0),
        ("answer_of_another_sale", unknown(Why::BadAnswer, "other_sale"), 0),
        ("busy", End::NoMoney(Said::Cancelled { code: "busy" }), 0),
        ("journal_full", declined("journal_full", None), 0),
        ("garbage", unknown(Why::BadAnswer, "garbage"), 0),
        ("cut_off_outcome", unknown(Why::BadAnswer, "unreadable"), 0),
        ("no_outcome", unknown(Why::BadAnswer, "no_outcome"), 0),
    ];
    for (name, expected, stored) in cases {
        let fault = Some(Fault::named(name).expect("there is such a fault"));
        let case = Case { fault, fails_at: None, breaks_before: None, hands: &[] };
        let outcome = play("payment", case).await;
        assert_eq!(outcome.end, expected, "{name}");
        assert_eq!(outcome.stored.len(), stored, "{name}");
    }
    for name in ["answer_twice", "late_approval_after_abort", "split_packets"] {
        let case =
            Case { fault: Fault::named(name), fails_at: None, breaks_before: None, hands: &[] };
        let outcome = play("payment", case).await;
        assert!(matches!(outcome.end, End::Acknowledged(_)), "{name}: {:?}", outcome.end);
    }
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_cannot_be_stored_is_taken_back_by_the_terminal() {
    for (fails_at, code) in [(1, "not_stored"), (2, "not_stored")] {
        let case = Case { fault: None, fails_at: Some(fails_at), breaks_before: None, hands: &[] };
        let outcome = play("payment", case).await;
        assert_eq!(outcome.end, End::NoMoney(Said::Cancelled { code }));
        assert!(outcome.stored.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_comes_twice_is_stored_once() {
    let (world, _) = world_with_a_sale().await;
    world.terminal.controls().choose(Fault::named("answer_twice")).await;
    let mut book = Book::default();
    let end = world.run(driver().pay(&euro(ASKED)), &mut book).await;
    assert!(matches!(end, End::Acknowledged(_)), "{end:?}");
    assert_eq!((book.said.len(), book.calls), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_amount_and_a_wrong_currency_are_stored_as_the_terminal_says_them() {
    let expected = [("wrong_amount", ASKED * 10, "EUR"), ("wrong_currency", ASKED, "CHF")];
    for (name, amount, currency) in expected {
        let (world, _) = world_with_a_sale().await;
        world.terminal.controls().choose(Fault::named(name)).await;
        let mut book = Book::default();
        world.run(driver().pay(&euro(ASKED)), &mut book).await;
        let [Said::Approved(said)] = book.said.as_slice() else { panic!("{:?}", book.said) };
        assert_eq!((said.amount, said.currency.as_str()), (amount, currency));
    }
}

#[tokio::test(start_paused = true)]
async fn recovery_may_break_anywhere_and_finds_the_same() {
    let mut played = 0;
    for (name, stored) in [("lost_after_commit", true), ("lost_after_outcome", false)] {
        for connection in 1..=2 {
            let mut before = 1;
            loop {
                let (mut world, _) = world_with_a_sale().await;
                world.terminal.controls().choose(Fault::named(name)).await;
                let mut book = Book::default();
                world.run(driver().pay(&euro(ASKED)), &mut book).await;
                world.begin_anew(Some((connection, before)));
                let query = driver().query(&Purpose::Payment, &euro(ASKED), &book.before);
                let found = world.just(query).await;
                let yes = matches!(&found, End::Acknowledged(a) if is_second(a));
                let no = found == End::NoMoney(Said::Cancelled { code: "not_booked" });
                assert!(if stored { yes } else { no }, "{name} {before}: {found:?}");
                played += 1;
                let deliveries = locked(&world.deliveries).get(connection - 1).copied();
                if deliveries.unwrap_or(0) < before {
                    break;
                }
                before += 1;
            }
        }
    }
    println!("recovery: {played} breaks");
    assert!(played > 30, "{played}");
}

fn is_second(approved: &Approved) -> bool {
    approved.receipt.as_deref() == Some("2")
}

#[tokio::test(start_paused = true)]
async fn nothing_is_found_out_where_nobody_looked_before() {
    let (world, _) = world_with_a_sale().await;
    let foreign = payment::driver::Before("other driver's".to_owned());
    for before in [payment::driver::Before::default(), foreign] {
        let end = world.just(driver().query(&Purpose::Payment, &euro(ASKED), &before)).await;
        let expected = End::Unknown { why: Why::NothingToCompare, detail: "nothing_to_compare" };
        assert_eq!(end, expected);
    }
    let before = payment::driver::Before("zvt1 tid=1 nothing".to_owned());
    let end = world.just(driver().query(&Purpose::Payment, &euro(ASKED), &before)).await;
    assert_eq!(end, End::Unknown { why: Why::TerminalDiffers, detail: "other_terminal" });
    let before = payment::driver::Before("zvt1 tid=52523535 nothing".to_owned());
    let later = payment::driver::Ask {
        at: Some(payment::driver::Moment { month: 11, day: 25, hour: 15, minute: 0 }),
        ..euro(ASKED)
    };
    let end = world.just(driver().query(&Purpose::Payment, &later, &before)).await;
    assert_eq!(end, End::Unknown { why: Why::BadAnswer, detail: "other_time" });
    let end = world.just(driver().query(&Purpose::Payment, &euro(0), &before)).await;
    assert_eq!(end, End::Unknown { why: Why::NothingToCompare, detail: "bad_amount" });
}
