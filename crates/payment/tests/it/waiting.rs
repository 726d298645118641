//! Giving up at any moment, and terminals that hang or talk without end.

use std::time::Duration;

use ::zvt::terminal::Customer;
use payment::driver::{Input, Output, Why};
use payment::line::{Dial, Pace, run_over};
use payment::simulator::{Fault, Setup};
use payment::{Driver, End, Said};
use tokio::io::{DuplexStream, duplex};
use tokio::time::Instant;

use crate::kit::{Book, World, driver, euro};
use crate::scripted::{Scripted, up_to_taken};

#[tokio::test(start_paused = true)]
async fn giving_up_at_any_moment_moves_no_money_or_books_what_moved() {
    let (mut stopped, mut paid) = (0, 0);
    for fault in [None, Fault::named("late_approval_after_abort")] {
        for after in (0..3_000).step_by(20) {
            let world = World::new();
            world.terminal.controls().choose(fault).await;
            let mut book = Book { gives_up: Some(after), ..Book::default() };
            let end = world.run(driver().pay(&euro(500)), &mut book).await;
            tokio::time::sleep(Duration::from_secs(60)).await;
            let stored = world.terminal.controls().view().entries.len();
            match end {
                End::NoMoney(Said::Cancelled { code: "cashier" }) => {
                    assert_eq!(stored, 0, "{after}");
                    stopped += 1;
                }
                End::Acknowledged(_) => {
                    assert_eq!(stored, 1, "{after}");
                    paid += 1;
                }
                other => panic!("{after}: {other:?}"),
            }
        }
    }
    assert!(stopped > 50 && paid > 50, "{stopped} {paid}");
}

#[tokio::test(start_paused = true)]
async fn an_approval_that_comes_after_the_abort_is_booked() {
    let world = World::of(&Setup::default());
    world.terminal.controls().choose(Fault::named("late_approval_after_abort")).await;
    let mut book = Book { gives_up: Some(5_000), ..Book::default() };
    let end = world.run(driver().pay(&euro(500)), &mut book).await;
    assert!(matches!(end, End::Acknowledged(_)), "{end:?}");
    assert_eq!(book.said.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn nobody_comes_and_the_terminal_ends_by_itself() {
    let world = World::of(&Setup::default());
    let end = world.just(driver().pay(&euro(500))).await;
    assert_eq!(end, End::NoMoney(Said::Cancelled { code: "customer" }));
}

#[tokio::test(start_paused = true)]
async fn a_second_till_hears_that_the_terminal_does_not_answer() {
    let world = World::of(&Setup::default());
    let first = world.just(driver().pay(&euro(500)));
    let second = async {
        let view = world.terminal.controls().wait_until(|view| view.waiting).await;
        assert!(view.is_some());
        let end = world.just(driver().pay(&euro(700))).await;
        assert_eq!(end, End::NoMoney(Said::Cancelled { code: "no_answer" }));
        assert!(world.terminal.controls().customer(Customer::Tap).await);
    };
    let (end, ()) = tokio::join!(first, second);
    assert!(matches!(end, End::Acknowledged(_)), "{end:?}");
    let stored = &world.terminal.controls().view().entries;
    assert_eq!((stored.len(), stored[0].amount), (1, 500));
}

#[tokio::test(start_paused = true)]
async fn bytes_one_by_one_are_as_good_as_whole_packets() {
    let mut world = World::new();
    world.plain = true;
    world.terminal.controls().choose(Fault::named("split_packets")).await;
    let end = world.just(driver().pay(&euro(500))).await;
    let End::Acknowledged(approved) = end else { panic!("{end:?}") };
    assert_eq!(approved.slips.customer.len(), 6);
}

async fn against(terminal: &Scripted) -> (End, Book) {
    let mut book = Book::default();
    let talk = driver().pay(&euro(500));
    let end = run_over(talk, terminal, &Pace::default(), &mut book).await;
    (end, book)
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_talks_without_end_does_not_hold_the_till_for_ever() {
    let mut answers = up_to_taken();
    let wait = [0x04, 0xff, 1, 0x0e];
    answers[4].extend(wait);
    let terminal = Scripted::new(answers, Some(wait.to_vec()));
    let (end, book) = against(&terminal).await;
    assert_eq!(end, End::Unknown { why: Why::BadAnswer, detail: "garbage" });
    assert!(book.progress.len() > 1_000);
}

#[tokio::test(start_paused = true)]
async fn a_packet_that_is_too_long_is_not_waited_for() {
    let mut answers = up_to_taken();
    answers[4].extend([0x06, 0xd3, 0xff, 0xff, 0xff]);
    let (end, _) = against(&Scripted::new(answers, None)).await;
    assert_eq!(end, End::Unknown { why: Why::BadAnswer, detail: "garbage" });
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_does_not_answer_before_it_is_asked_for_money_moves_none() {
    for (answered, code) in [(0, "no_answer"), (1, "no_answer"), (2, "no_answer"), (3, "no_answer")]
    {
        let mut answers = up_to_taken();
        answers.truncate(answered);
        let (end, book) = against(&Scripted::new(answers, None)).await;
        if answered < 3 {
            assert_eq!(end, End::NoMoney(Said::Cancelled { code }), "{answered}");
            assert_eq!(book.calls, 0);
        } else {
            assert_eq!(end, End::Unknown { why: Why::NoAnswer, detail: "no_answer" });
        }
    }
}

/// Where nobody takes the connection, or nobody reads from it.
struct Nobody {
    takes: bool,
}

impl Dial for Nobody {
    type Stream = DuplexStream;

    async fn dial(&self) -> std::io::Result<DuplexStream> {
        if !self.takes {
            std::future::pending::<()>().await;
        }
        let (till, terminal) = duplex(1);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(100_000)).await;
            drop(terminal);
        });
        Ok(till)
    }
}

#[tokio::test(start_paused = true)]
async fn a_network_that_takes_nothing_is_not_waited_for_long() {
    for (takes, code) in [(false, "unreachable"), (true, "closed")] {
        let began = Instant::now();
        let pace = Pace::default();
        let talk = driver().pay(&euro(500));
        let end = run_over(talk, &Nobody { takes }, &pace, &mut Book::default()).await;
        assert_eq!(end, End::NoMoney(Said::Cancelled { code }));
        assert!(began.elapsed() <= Duration::from_secs(12), "{:?}", began.elapsed());
    }
}

#[test]
fn giving_up_while_it_is_written_down_asks_for_nothing() {
    let mut talk = driver().pay(&euro(500));
    talk.on(Input::Begin);
    talk.on(Input::Connected);
    let heard = [
        talk.on(Input::Bytes(&[0x80, 0, 0, 0x06, 0x0f, 0])),
        talk.on(Input::Bytes(&[0x80, 0, 0, 0x06, 0x1e, 1, 0x83])),
    ];
    assert!(matches!(heard[1].last(), Some(Output::About(_))), "{heard:?}");
    assert_eq!(talk.on(Input::CancelAsked), []);
    let cancelled = Output::Done(End::NoMoney(Said::Cancelled { code: "cashier" }));
    assert_eq!(talk.on(Input::Stored), [cancelled]);
    assert_eq!(talk.on(Input::Stored), [], "it does not end twice");
}
