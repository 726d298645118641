//! Giving up at any moment, and terminals that hang or talk without end.

use std::sync::Mutex;
use std::time::Duration;

use payment::driver::Why;
use payment::line::{Dial, Pace, run_over};
use payment::simulator::{Fault, Setup};
use payment::{Driver, End, Said};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use crate::kit::{Book, World, driver, euro, locked};

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
async fn bytes_one_by_one_are_as_good_as_whole_packets() {
    let mut world = World::new();
    world.plain = true;
    world.terminal.controls().choose(Fault::named("split_packets")).await;
    let end = world.just(driver().pay(&euro(500))).await;
    let End::Acknowledged(approved) = end else { panic!("{end:?}") };
    assert_eq!(approved.slips.customer.len(), 6);
}

/// A terminal that answers the n-th packet of the till with the n-th of these, and then hangs.
pub(crate) struct Scripted {
    answers: Mutex<Vec<Vec<u8>>>,
    /// Said over and over in the end.
    forever: Option<Vec<u8>>,
}

impl Scripted {
    pub(crate) fn new(answers: Vec<Vec<u8>>, forever: Option<Vec<u8>>) -> Self {
        Self { answers: Mutex::new(answers), forever }
    }
}

impl Dial for Scripted {
    type Stream = DuplexStream;

    async fn dial(&self) -> std::io::Result<DuplexStream> {
        let (till, mut terminal) = duplex(64 * 1024);
        let answers = std::mem::take(&mut *locked(&self.answers));
        let forever = self.forever.clone();
        tokio::spawn(async move {
            let mut decoder = ::zvt::apdu::Decoder::new(4_096);
            let mut buffer = [0; 4_096];
            let mut answers = answers.into_iter();
            while let Ok(count @ 1..) = terminal.read(&mut buffer).await {
                decoder.push(&buffer[..count]);
                while let Ok(Some(_)) = decoder.next_packet() {
                    match answers.next().or(forever.clone()) {
                        Some(answer) if terminal.write_all(&answer).await.is_ok() => {}
                        _ => {
                            tokio::time::sleep(Duration::from_secs(100_000)).await;
                            return;
                        }
                    }
                }
            }
        });
        Ok(till)
    }
}

/// What a terminal answers up to the command for money: registered, no transaction yet, taken.
pub(crate) fn up_to_taken() -> Vec<Vec<u8>> {
    vec![
        vec![0x80, 0, 0, 0x06, 0x0f, 0],
        vec![],
        vec![0x80, 0, 0, 0x06, 0x1e, 1, 0x83],
        vec![],
        vec![0x80, 0, 0],
    ]
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
