//! Every fault × the connection broken before every record of TLS × every call of the ledger failing. Time is
//! that of the test: nothing waits for real.

use std::sync::Arc;

use ::zvt::terminal::{Customer, TIP};
use payment::driver::{Ask, Purpose, Reference, Why};
use payment::simulator::Entry;
use payment::simulator::adyen::Fault;
use payment::{Driver, End, Said};

use super::kit::{World, anew, settle};
use crate::kit::{Book, Event, locked};

const ASKED: i64 = 2_040;

/// One way in which it can go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) kind: &'static str,
    pub(super) fault: Option<Fault>,
    pub(super) fails_at: Option<usize>,
    /// Connection and record.
    pub(super) breaks: Option<(usize, usize)>,
    /// The customer is to be asked for a tip.
    pub(super) tips: bool,
    /// What customers do; none: they tap by themselves.
    pub(super) hands: &'static [Customer],
    /// The cashier gives up after so many milliseconds.
    pub(super) gives_up: Option<u64>,
}

pub(super) const PLAIN: Case = Case {
    kind: "payment",
    fault: None,
    fails_at: None,
    breaks: None,
    tips: false,
    hands: &[],
    gives_up: None,
};

/// What came of it.
pub(super) struct Outcome {
    pub(super) end: End,
    /// What the terminal has stored of it.
    pub(super) stored: Vec<Entry>,
    /// What recovery found, if it was needed.
    found: Option<End>,
    /// Records of each connection.
    records: Vec<usize>,
    /// Calls of the ledger.
    calls: usize,
}

pub(super) async fn play(world: &Arc<World>, case: Case) -> Outcome {
    let controls = &world.controls;
    controls.choose(None).await;
    controls.automatic(Some(1_000)).await;
    // There is always one before, whose answer can be told again.
    let reference = world.sale(ASKED).await;
    let mark = controls.view().entries.len();
    let purpose = match case.kind {
        "payment" => Purpose::Payment,
        "refund" => Purpose::Refund,
        _ => Purpose::Reversal(reference),
    };
    controls.choose(case.fault.map(payment::simulator::Fault::Nexo)).await;
    world.begin_anew(case.breaks);
    let customers = (!case.hands.is_empty()).then(|| {
        let controls = controls.clone();
        tokio::spawn(async move {
            for hand in case.hands {
                controls.wait_until(|view| view.waiting).await;
                controls.customer(*hand).await;
            }
        })
    });
    if customers.is_some() {
        controls.automatic(None).await;
    }
    let asked = Ask { tips: case.tips, ..anew(ASKED) };
    let mut book = Book { fails_at: case.fails_at, gives_up: case.gives_up, ..Book::default() };
    let end = world.run(world.ask(&purpose, &asked), &mut book).await;
    let records = world.line.records();
    controls.choose(None).await;
    world.begin_anew(None);
    let mut found = None;
    if matches!(end, End::Unknown { .. }) {
        let query = || world.driver().query(&purpose, &asked, &book.before);
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
    let stored: Vec<Entry> = controls.view().entries[mark..].to_vec();
    let about = locked(&book.log).contains(&Event::About { stored: true });
    assert!(about || stored.is_empty(), "asked, but not on disk: {case:?}");
    Outcome { end, stored, found, records, calls: book.calls }
}

/// What the shop believes is what the terminal has stored.
fn check(case: Case, outcome: &Outcome) {
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
            let all = approved.amount + approved.tip;
            assert_eq!((entry.kind, entry.amount), (case.kind, all), "{case:?}");
            assert_eq!(Some(&entry.receipt), approved.receipt.as_ref(), "{case:?}");
            let tipped = case.tips && case.kind == "payment" && case.hands == [Customer::Tip];
            let tip = if tipped { TIP } else { 0 };
            assert_eq!((approved.amount, approved.tip), (ASKED, tip), "{case:?}");
        }
        other => panic!("the books differ: {case:?} {end:?} {other:?}"),
    }
}

/// How many combinations were played, how many had to be found out, and how many were stored.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) played: usize,
    pub(super) found: usize,
    pub(super) stored: usize,
}

/// Each call of the ledger fails, or none; each connection breaks before each record, or none does.
pub(super) async fn all_of(world: &Arc<World>, case: Case, tally: &mut Tally) {
    for fails_at in 0.. {
        let case = Case { fails_at: (fails_at > 0).then_some(fails_at), ..case };
        let whole = one(world, case, tally).await;
        if whole.calls < fails_at {
            break;
        }
        for (at, records) in whole.records.iter().enumerate() {
            for before in 1..=*records {
                let breaks = Some((at + 1, before));
                one(world, Case { breaks, ..case }, tally).await;
            }
        }
    }
}

async fn one(world: &Arc<World>, case: Case, tally: &mut Tally) -> Outcome {
    let outcome = play(world, case).await;
    check(case, &outcome);
    tally.played += 1;
    tally.found += usize::from(outcome.found.is_some());
    tally.stored += outcome.stored.len();
    outcome
}

pub(super) async fn all_faults(world: &Arc<World>, kind: &'static str) -> Tally {
    all_faults_of(world, Case { kind, ..PLAIN }).await
}

async fn all_faults_of(world: &Arc<World>, case: Case) -> Tally {
    let mut tally = Tally::default();
    for fault in std::iter::once(None).chain(world.faults().into_iter().map(Some)) {
        all_of(world, Case { fault, ..case }, &mut tally).await;
    }
    tally
}

/// Asked for a tip, the customer gives one.
const TIPPED: Case = Case { tips: true, hands: &[Customer::Tip], ..PLAIN };

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_a_payment_with_a_tip_the_shop_and_the_terminal_agree() {
    for world in [World::new(), World::in_cloud()] {
        let all = all_faults_of(&world, TIPPED).await;
        println!("adyen payment with a tip: {all:?}");
        assert!(all.played > 600 && all.found > 150 && all.stored > 100, "{all:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_tip_is_asked_for_where_the_till_wants_it_and_goes_back_with_the_payment() {
    for world in [World::new(), World::in_cloud()] {
        for (case, given) in [
            (TIPPED, TIP),
            (Case { hands: &[Customer::Tap], ..TIPPED }, 0),
            // Nobody is asked for one.
            (Case { tips: false, ..TIPPED }, 0),
            (Case { kind: "refund", ..TIPPED }, 0),
        ] {
            let outcome = play(&world, case).await;
            check(case, &outcome);
            let End::Acknowledged(paid) = outcome.end else { panic!("{:?}", outcome.end) };
            assert_eq!((paid.amount, paid.tip), (ASKED, given), "{case:?}");
            assert_eq!(outcome.stored[0].amount, ASKED + given, "{case:?}");
            let told = paid.slips.customer.iter().any(|line| line == "TIP EUR 1.00");
            assert_eq!(told, given > 0, "{:?}", paid.slips);
            if case.kind == "payment" {
                let all = anew(ASKED + given);
                let of = Reference { receipt: paid.receipt.expect("a number"), trace: paid.trace };
                let end = world.just(world.driver().reverse(&all, &of)).await;
                let End::Acknowledged(back) = end else { panic!("{end:?}") };
                assert_eq!((back.amount, back.tip), (ASKED + given, 0), "{case:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_tip_that_does_not_add_up_stops_the_payment_until_it_is_found_out() {
    for world in [World::new(), World::in_cloud()] {
        let case = Case { fault: Some(Fault::WrongTip), ..TIPPED };
        let outcome = play(&world, case).await;
        let differs = End::Unknown { why: Why::AmountDiffers, detail: "other_amount" };
        assert_eq!(outcome.end, differs);
        let Some(End::Acknowledged(found)) = &outcome.found else { panic!("{:?}", outcome.found) };
        assert_eq!((found.amount, found.tip), (ASKED, TIP));
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_a_payment_the_shop_and_the_terminal_agree() {
    let all = all_faults(&World::new(), "payment").await;
    println!("adyen payment: {all:?}");
    assert!(all.played > 700 && all.found > 200 && all.stored > 100, "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_a_refund_the_shop_and_the_terminal_agree() {
    let all = all_faults(&World::new(), "refund").await;
    println!("adyen refund: {all:?}");
    assert!(all.played > 700 && all.found > 200 && all.stored > 100, "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_a_reversal_the_shop_and_the_terminal_agree() {
    let all = all_faults(&World::new(), "reversal").await;
    println!("adyen reversal: {all:?}");
    assert!(all.played > 700 && all.found > 200 && all.stored > 100, "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn whatever_customers_and_cashiers_do_the_shop_and_the_terminal_agree() {
    use Customer::{Declined, Insert, Stop, Tap, WrongPin};
    let every: [&'static [Customer]; 5] =
        [&[Tap], &[Declined], &[Stop], &[WrongPin, Insert], &[WrongPin, WrongPin, Stop]];
    let world = World::new();
    let mut played = 0;
    for hands in every {
        let mut tally = Tally::default();
        all_of(&world, Case { hands, ..PLAIN }, &mut tally).await;
        let paid = hands.last() == Some(&Tap) || hands.last() == Some(&Insert);
        assert_eq!(tally.stored > 0, paid, "{hands:?}");
        played += tally.played;
    }
    // In the middle of what the customer is asked, and with every fault.
    for fault in std::iter::once(None).chain(Fault::ALL.map(Some)) {
        let mut tally = Tally::default();
        all_of(&world, Case { fault, gives_up: Some(500), ..PLAIN }, &mut tally).await;
        played += tally.played;
    }
    println!("adyen customers and cashiers: {played}");
    assert!(played > 800, "{played}");
}

#[tokio::test(start_paused = true)]
async fn each_fault_ends_as_it_must() {
    use Fault as F;
    let unknown = |why, detail| End::Unknown { why, detail };
    let declined = |code, text: Option<&str>| {
        End::NoMoney(Said::Declined { code, text: text.map(str::to_owned) })
    };
    let cases = [
        (F::Decline, declined("declined_by_host", Some("Not enough balance")), 0),
        (F::TimeOut, unknown(Why::NoAnswer, "no_answer"), 0),
        (F::LostBeforeRequest, unknown(Why::ConnectionLost, "closed"), 0),
        (F::LostBeforeOutcome, unknown(Why::ConnectionLost, "closed"), 1),
        (F::LostAfterOutcome, unknown(Why::ConnectionLost, "closed"), 1),
        (F::WrongAmount, unknown(Why::AmountDiffers, "other_amount"), 1),
        (F::WrongTip, unknown(Why::AmountDiffers, "other_amount"), 1),
        (F::WrongCurrency, unknown(Why::CurrencyDiffers, "other_currency"), 1),
        (F::ChangedTerminal, unknown(Why::TerminalDiffers, "other_terminal"), 1),
        (F::AnswerOfAnotherSale, unknown(Why::BadAnswer, "other_sale"), 1),
        (F::ReplayedAnswer, unknown(Why::BadAnswer, "other_sale"), 1),
        (F::Busy, End::NoMoney(Said::Cancelled { code: "busy" }), 0),
        (F::Garbage, unknown(Why::BadAnswer, "not_authentic"), 1),
        (F::CutOffOutcome, unknown(Why::ConnectionLost, "closed"), 1),
        (F::BadHmac, unknown(Why::BadAnswer, "not_authentic"), 1),
        (F::Tampered, unknown(Why::BadAnswer, "not_authentic"), 1),
        (F::OtherKey, unknown(Why::BadAnswer, "not_authentic"), 1),
        (F::ServerError, unknown(Why::BadAnswer, "http_status"), 1),
    ];
    let world = World::new();
    for (fault, expected, stored) in cases {
        let outcome = play(&world, Case { fault: Some(fault), ..PLAIN }).await;
        assert_eq!(outcome.end, expected, "{fault:?}");
        assert_eq!(outcome.stored.len(), stored, "{fault:?}");
    }
    for fault in [F::AnswerTwice, F::LateApprovalAfterAbort] {
        let outcome = play(&world, Case { fault: Some(fault), ..PLAIN }).await;
        assert!(matches!(outcome.end, End::Acknowledged(_)), "{fault:?}: {:?}", outcome.end);
        assert_eq!(outcome.calls, 2, "stored once");
    }
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_hears_from_the_terminal_whether_money_moved() {
    let world = World::new();
    let given_up = Case { gives_up: Some(500), ..PLAIN };
    let outcome = play(&world, given_up).await;
    assert_eq!(outcome.end, End::NoMoney(Said::Cancelled { code: "cashier" }));
    assert!(outcome.stored.is_empty());
    let late = Case { fault: Some(Fault::LateApprovalAfterAbort), ..given_up };
    let outcome = play(&world, late).await;
    assert!(matches!(outcome.end, End::Acknowledged(_)), "{:?}", outcome.end);
    let at_once = Case { gives_up: Some(0), ..PLAIN };
    let outcome = play(&world, at_once).await;
    assert_eq!(outcome.end, End::NoMoney(Said::Cancelled { code: "cashier" }));
    assert_eq!(outcome.calls, 0, "nothing was asked for");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_amount_and_a_wrong_currency_are_stored_as_the_terminal_says_them() {
    let expected = [(Fault::WrongAmount, ASKED * 10, "EUR"), (Fault::WrongCurrency, ASKED, "CHF")];
    let world = World::new();
    for (fault, amount, currency) in expected {
        world.sale(1).await;
        world.controls.choose(Some(payment::simulator::Fault::Nexo(fault))).await;
        let mut book = Book::default();
        world.run(world.driver().pay(&anew(ASKED)), &mut book).await;
        let [Said::Approved(said)] = book.said.as_slice() else { panic!("{:?}", book.said) };
        assert_eq!((said.amount, said.currency.as_str()), (amount, currency));
    }
}

#[tokio::test(start_paused = true)]
async fn recovery_may_break_anywhere_and_finds_the_same() {
    let world = World::new();
    let mut played = 0;
    for (fault, stored) in [(Fault::LostAfterOutcome, true), (Fault::LostBeforeRequest, false)] {
        for connection in 1..=2 {
            for before in 1.. {
                world.begin_anew(None);
                world.controls.choose(Some(payment::simulator::Fault::Nexo(fault))).await;
                let (asked, mut book) = (anew(ASKED), Book::default());
                world.run(world.driver().pay(&asked), &mut book).await;
                let query = || world.driver().query(&Purpose::Payment, &asked, &book.before);
                world.begin_anew(Some((connection, before)));
                let broken = world.just(query()).await;
                let records = world.line.records().get(connection - 1).copied().unwrap_or(0);
                world.begin_anew(None);
                let found = world.just(query()).await;
                let right = |end: &End| match end {
                    End::Acknowledged(approved) => stored && approved.amount == ASKED,
                    End::NoMoney(Said::Cancelled { code }) => !stored && *code == "not_booked",
                    _ => false,
                };
                assert!(right(&found), "{fault:?} {found:?}");
                let unreachable = matches!(broken, End::Unknown { why: Why::Unreachable, .. });
                assert!(unreachable || right(&broken), "{broken:?}");
                played += 1;
                if records < before {
                    break;
                }
            }
        }
    }
    println!("adyen recovery: {played} breaks");
    assert!(played > 20, "{played}");
}
