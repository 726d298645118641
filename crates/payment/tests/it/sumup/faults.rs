//! Every fault × the connection broken before every piece × every call of the ledger failing. Time is that of
//! the test: nothing waits for real.

use ::zvt::terminal::{Customer, TIP};
use payment::driver::{Ask, Purpose, Reference, Why};
use payment::simulator::Entry;
use payment::simulator::sumup::Fault;
use payment::{Driver, End, Said};

use super::kit::{World, asked};
use crate::kit::{Book, Event, ask, locked};

const ASKED: i64 = 2_040;
/// So many connections of a conversation are broken; those behind ask the same again and again.
const fn connections(fault: Option<Fault>) -> usize {
    match fault {
        // How it is, the payment, and the first of hundreds of looks.
        Some(Fault::TimeOut | Fault::NeverBegins) => 3,
        _ => 6,
    }
}

/// One way in which it can go.
#[derive(Debug, Clone, Copy)]
struct Case {
    kind: &'static str,
    fault: Option<Fault>,
    fails_at: Option<usize>,
    /// Connection and piece.
    breaks: Option<(usize, usize)>,
    /// The customer is to be asked for a tip.
    tips: bool,
    /// What customers do; none: they tap by themselves.
    hands: &'static [Customer],
    /// The cashier gives up after so many milliseconds.
    gives_up: Option<u64>,
}

const PLAIN: Case = Case {
    kind: "payment",
    fault: None,
    fails_at: None,
    breaks: None,
    tips: false,
    hands: &[],
    gives_up: None,
};

/// What came of it.
struct Outcome {
    end: End,
    /// What is booked of it.
    stored: Vec<Entry>,
    /// What recovery found, if it was needed.
    found: Option<End>,
    /// Pieces of each connection.
    pieces: Vec<usize>,
    /// Calls of the ledger.
    calls: usize,
}

async fn play(world: &World, case: Case) -> Outcome {
    let controls = &world.controls;
    controls.choose(None).await;
    controls.automatic(Some(1_000)).await;
    // There is always one before, whose answer can be told again.
    let reference = world.sale(ASKED).await;
    let mark = controls.view().entries.len();
    let purpose = match case.kind {
        "payment" => Purpose::Payment,
        _ => Purpose::Reversal(reference),
    };
    controls.choose(case.fault.map(payment::simulator::Fault::Sumup)).await;
    world.line.begin_anew(case.breaks);
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
    let asked = Ask { tips: case.tips, ..asked(ASKED) };
    let mut book = Book { fails_at: case.fails_at, gives_up: case.gives_up, ..Book::default() };
    let end = world.run(ask(&world.driver, &purpose, &asked), &mut book).await;
    let pieces = world.line.records();
    controls.choose(None).await;
    world.line.begin_anew(None);
    let mut found = None;
    if matches!(end, End::Unknown { .. }) {
        let query = || world.driver.query(&purpose, &asked, &book.before);
        let mut first = world.just(query()).await;
        for _ in 0..3 {
            if matches!(first, End::Unknown { .. }) && case.fault.is_some() {
                // What is told wrongly or in nonsense is so a few times only: it is asked again.
                first = world.just(query()).await;
            }
        }
        if matches!(first, End::Acknowledged(_)) {
            let mut full = Book { fails_at: Some(1), ..Book::default() };
            let unstored = world.run(query(), &mut full).await;
            let not_stored = End::Unknown { why: Why::NotStored, detail: "not_stored" };
            assert_eq!(unstored, not_stored, "{case:?}");
        }
        // That there is nothing takes a hundred questions: they are asked twice where nothing else breaks.
        if matches!(first, End::Acknowledged(_)) || case.breaks.is_none() {
            let second = world.just(query()).await;
            assert_eq!(first, second, "{case:?}");
        }
        found = Some(first);
    }
    // All that the reader waits for is over.
    tokio::time::sleep(std::time::Duration::from_secs(300)).await;
    if let Some(customers) = customers {
        customers.abort();
    }
    let stored: Vec<Entry> = controls.view().entries[mark..].to_vec();
    let about = locked(&book.log).contains(&Event::About { stored: true });
    assert!(about || stored.is_empty(), "asked, but not on disk: {case:?}");
    Outcome { end, stored, found, pieces, calls: book.calls }
}

/// What the shop believes is what is booked.
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
struct Tally {
    played: usize,
    found: usize,
    stored: usize,
}

/// Each call of the ledger fails, or none; each connection breaks before each piece, or none does.
async fn all_of(world: &World, case: Case, tally: &mut Tally) {
    for fails_at in 0.. {
        let case = Case { fails_at: (fails_at > 0).then_some(fails_at), ..case };
        let whole = one(world, case, tally).await;
        if whole.calls < fails_at {
            break;
        }
        for (at, pieces) in whole.pieces.iter().enumerate().take(connections(case.fault)) {
            for before in 1..=*pieces {
                let breaks = Some((at + 1, before));
                one(world, Case { breaks, ..case }, tally).await;
            }
        }
    }
}

async fn one(world: &World, case: Case, tally: &mut Tally) -> Outcome {
    let outcome = play(world, case).await;
    check(case, &outcome);
    tally.played += 1;
    tally.found += usize::from(outcome.found.is_some());
    tally.stored += outcome.stored.len();
    outcome
}

async fn all_faults(case: Case) -> Tally {
    let (world, mut tally) = (World::new(), Tally::default());
    for fault in std::iter::once(None).chain(Fault::ALL.map(Some)) {
        all_of(&world, Case { fault, ..case }, &mut tally).await;
    }
    tally
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_a_payment_the_shop_and_sumup_agree() {
    let all = all_faults(PLAIN).await;
    println!("sumup payment: {all:?}");
    assert!(all.played > 300 && all.found > 100 && all.stored > 100, "{all:?}");
}

/// Asked for a tip, the customer gives one.
const TIPPED: Case = Case { tips: true, hands: &[Customer::Tip], ..PLAIN };

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_a_payment_with_a_tip_the_shop_and_sumup_agree() {
    let all = all_faults(TIPPED).await;
    println!("sumup payment with a tip: {all:?}");
    assert!(all.played > 300 && all.found > 100 && all.stored > 100, "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn a_tip_is_asked_for_where_the_till_wants_it_and_goes_back_with_the_payment() {
    let world = World::new();
    for (case, given) in [
        (TIPPED, TIP),
        (Case { hands: &[Customer::Tap], ..TIPPED }, 0),
        // Nobody is asked for one.
        (Case { tips: false, ..TIPPED }, 0),
    ] {
        let outcome = play(&world, case).await;
        check(case, &outcome);
        let End::Acknowledged(paid) = outcome.end else { panic!("{:?}", outcome.end) };
        assert_eq!((paid.amount, paid.tip), (ASKED, given), "{case:?}");
        assert_eq!(outcome.stored[0].amount, ASKED + given, "{case:?}");
        let of = Reference { receipt: paid.receipt.expect("a number"), trace: paid.trace };
        let end = world.just(world.driver.reverse(&asked(ASKED + given), &of)).await;
        let End::Acknowledged(back) = end else { panic!("{end:?}") };
        assert_eq!((back.amount, back.tip), (ASKED + given, 0), "{case:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_tip_that_does_not_add_up_stops_the_payment_until_it_is_found_out() {
    let world = World::new();
    let outcome = play(&world, Case { fault: Some(Fault::WrongTip), ..TIPPED }).await;
    let differs = End::Unknown { why: Why::AmountDiffers, detail: "other_amount" };
    assert_eq!(outcome.end, differs);
    let Some(End::Acknowledged(found)) = &outcome.found else { panic!("{:?}", outcome.found) };
    assert_eq!((found.amount, found.tip), (ASKED, TIP));
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_money_back_the_shop_and_sumup_agree() {
    let all = all_faults(Case { kind: "reversal", ..PLAIN }).await;
    println!("sumup reversal: {all:?}");
    assert!(all.played > 200 && all.found > 50 && all.stored > 50, "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_who_gives_up_the_shop_and_sumup_agree() {
    let all = all_faults(Case { gives_up: Some(500), ..PLAIN }).await;
    println!("sumup, given up: {all:?}");
    assert!(all.played > 300, "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_who_gives_up_late_the_shop_and_sumup_agree() {
    let late = all_faults(Case { gives_up: Some(1_600), ..PLAIN }).await;
    println!("sumup, given up late: {late:?}");
    assert!(late.played > 300, "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn whatever_customers_do_the_shop_and_sumup_agree() {
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
    println!("sumup customers: {played}");
    assert!(played > 100, "{played}");
}

#[tokio::test(start_paused = true)]
async fn each_fault_of_a_payment_ends_as_it_must() {
    use Fault as F;
    let unknown = |why, detail| End::Unknown { why, detail };
    let cancelled = |code| End::NoMoney(Said::Cancelled { code });
    let failed = || End::NoMoney(Said::Declined { code: "unknown", text: None });
    let cases = [
        (F::Decline, failed(), 0),
        (F::TimeOut, failed(), 0),
        (F::LostBeforeRequest, unknown(Why::ConnectionLost, "closed"), 0),
        (F::LostBeforeOutcome, unknown(Why::ConnectionLost, "closed"), 1),
        (F::NeverBegins, unknown(Why::NoAnswer, "no_answer"), 0),
        (F::WrongAmount, unknown(Why::AmountDiffers, "other_amount"), 1),
        (F::WrongTip, unknown(Why::AmountDiffers, "other_amount"), 1),
        (F::WrongCurrency, unknown(Why::CurrencyDiffers, "other_currency"), 1),
        (F::OtherMerchant, unknown(Why::TerminalDiffers, "other_merchant"), 1),
        (F::AnswerOfAnotherSale, unknown(Why::BadAnswer, "other_sale"), 1),
        (F::Busy, cancelled("busy"), 0),
        (F::Offline, cancelled("not_ready"), 0),
        (F::TooManyRequests, cancelled("busy"), 0),
        (F::Garbage, unknown(Why::BadAnswer, "unreadable"), 1),
        (F::CutOffOutcome, unknown(Why::ConnectionLost, "closed"), 1),
        (F::ServerError, unknown(Why::BadAnswer, "http_status"), 1),
    ];
    let world = World::new();
    for (fault, expected, stored) in cases {
        let outcome = play(&world, Case { fault: Some(fault), ..PLAIN }).await;
        check(Case { fault: Some(fault), ..PLAIN }, &outcome);
        assert_eq!(outcome.end, expected, "{fault:?}");
        assert_eq!(outcome.stored.len(), stored, "{fault:?}");
    }
    // These only take longer: what is asked is asked once, and looked at until it is told.
    for fault in
        [F::Slow, F::LostAfterOutcome, F::AnswerTwice, F::BadLooks, F::LateApprovalAfterAbort]
    {
        let outcome = play(&world, Case { fault: Some(fault), ..PLAIN }).await;
        assert!(matches!(outcome.end, End::Acknowledged(_)), "{fault:?}: {:?}", outcome.end);
        assert_eq!((outcome.calls, outcome.stored.len()), (2, 1), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_fault_of_money_back_ends_as_it_must() {
    use Fault as F;
    let unknown = |why, detail| End::Unknown { why, detail };
    let back = Case { kind: "reversal", ..PLAIN };
    let declined = End::NoMoney(Said::Declined { code: "reversal_impossible", text: None });
    let cases = [
        (F::Decline, declined, 0),
        (F::LostBeforeRequest, unknown(Why::ConnectionLost, "closed"), 0),
        (F::LostAfterOutcome, unknown(Why::ConnectionLost, "closed"), 1),
        (F::TooManyRequests, End::NoMoney(Said::Cancelled { code: "busy" }), 0),
        (F::ServerError, unknown(Why::BadAnswer, "http_status"), 1),
    ];
    let world = World::new();
    for (fault, expected, stored) in cases {
        let outcome = play(&world, Case { fault: Some(fault), ..back }).await;
        check(Case { fault: Some(fault), ..back }, &outcome);
        assert_eq!(outcome.end, expected, "{fault:?}");
        assert_eq!(outcome.stored.len(), stored, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_hears_whether_money_moved() {
    let world = World::new();
    let given_up = Case { gives_up: Some(500), ..PLAIN };
    let outcome = play(&world, given_up).await;
    assert_eq!(outcome.end, End::NoMoney(Said::Cancelled { code: "cashier" }));
    assert!(outcome.stored.is_empty());
    let late = Case { fault: Some(Fault::LateApprovalAfterAbort), ..given_up };
    let outcome = play(&world, late).await;
    assert!(matches!(outcome.end, End::Acknowledged(_)), "{:?}", outcome.end);
    let outcome = play(&world, Case { gives_up: Some(0), ..PLAIN }).await;
    assert_eq!(outcome.end, End::NoMoney(Said::Cancelled { code: "cashier" }));
    assert_eq!(outcome.calls, 0, "nothing was asked for");
}

#[tokio::test(start_paused = true)]
async fn recovery_may_break_anywhere_and_finds_the_same() {
    let world = World::new();
    let mut played = 0;
    for (fault, stored) in [(Fault::LostBeforeOutcome, true), (Fault::LostBeforeRequest, false)] {
        for connection in 1..=4 {
            for before in 1.. {
                world.line.begin_anew(None);
                world.controls.choose(Some(payment::simulator::Fault::Sumup(fault))).await;
                let (asked, mut book) = (asked(ASKED), Book::default());
                world.run(world.driver.pay(&asked), &mut book).await;
                let query = || world.driver.query(&Purpose::Payment, &asked, &book.before);
                world.line.begin_anew(Some((connection, before)));
                let broken = world.just(query()).await;
                let pieces = world.line.records().get(connection - 1).copied().unwrap_or(0);
                world.line.begin_anew(None);
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
                if pieces < before {
                    break;
                }
            }
        }
    }
    println!("sumup recovery: {played} breaks");
    assert!(played > 15, "{played}");
}
