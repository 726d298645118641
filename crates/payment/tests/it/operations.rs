//! Every operation over real TCP.

use std::net::SocketAddr;
use std::time::Duration;

use payment::driver::{Approved, Capabilities, CardTotal, Entry, Purpose, Reference, Why};
use payment::line::{Pace, Tcp, run_over};
use payment::simulator::{Controls, Fault, Setup, Simulator};
use payment::zvt::{BadSettings, Zvt};
use payment::{Driver, End, Said};
use tokio::net::TcpListener;

use crate::kit::{Book, ask, driver, euro};

/// So much faster than a real one.
const HURRY: u32 = 50;

fn free_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

struct Counter {
    terminal: Simulator,
    controls: Controls,
    address: String,
}

async fn counter(setup: Setup) -> Counter {
    let terminal = Simulator::start(&Setup { hurry: HURRY, ..setup }).expect("such a terminal");
    let address = terminal.listen(free_port()).await.expect("listens").to_string();
    Counter { controls: terminal.controls(), terminal, address }
}

async fn automatic() -> Counter {
    counter(Setup { automatic: Some(1), ..Setup::default() }).await
}

fn pace() -> Pace {
    Pace { connect: Duration::from_secs(30), send: Duration::from_secs(30), hurry: HURRY }
}

impl Counter {
    async fn run(&self, talk: payment::driver::Talk, book: &mut Book) -> End {
        run_over(talk, &Tcp(self.address.clone()), &pace(), book).await
    }

    async fn just(&self, talk: payment::driver::Talk) -> End {
        self.run(talk, &mut Book::default()).await
    }

    async fn paid(&self, amount: i64) -> Approved {
        match self.just(driver().pay(&euro(amount))).await {
            End::Acknowledged(approved) => *approved,
            other => panic!("{other:?}"),
        }
    }
}

fn reference(approved: &Approved) -> Reference {
    let receipt = approved.receipt.clone().expect("a receipt number");
    Reference { receipt, trace: approved.trace.clone() }
}

#[tokio::test]
async fn a_payment_is_asked_for_stored_and_acknowledged() {
    let counter = automatic().await;
    let mut book = Book::default();
    let end = counter.run(driver().pay(&euro(2_599)), &mut book).await;
    let End::Acknowledged(approved) = end else { panic!("{end:?}") };
    let expected = Approved {
        amount: 2_599,
        currency: "EUR".to_owned(),
        tid: Some("52523535".to_owned()),
        receipt: Some("1".to_owned()),
        trace: Some("501".to_owned()),
        scheme: Some("Mastercard".to_owned()),
        last4: Some("8074".to_owned()),
        entry: Some(Entry::Contactless),
        ..Approved::default()
    };
    assert_eq!(book.said, [Said::Approved(Box::new(expected.clone()))], "stored before the slips");
    assert_eq!(approved.slips.customer.first().map(String::as_str), Some("** Kundenbeleg **"));
    assert_eq!(approved.slips.customer.len(), 6);
    assert_eq!(Approved { slips: Default::default(), ..*approved }, expected);
    assert_eq!(book.before.0, "zvt1 tid=52523535 nothing");
    assert_eq!(book.codes(), ["connecting", "insert_card", "wait_for_host"]);
    let view = counter.controls.view();
    assert_eq!((view.entries.len(), view.entries[0].amount), (1, 2_599));
}

#[tokio::test]
async fn the_transaction_before_is_what_recovery_will_compare_with() {
    let counter = automatic().await;
    counter.paid(100).await;
    let mut book = Book::default();
    counter.run(driver().pay(&euro(200)), &mut book).await;
    assert_eq!(book.before.0, "zvt1 tid=52523535 last receipt=1 trace=501 turnover=201");
}

#[tokio::test]
async fn a_customer_inserts_the_card_after_a_wrong_pin() {
    let counter = counter(Setup::default()).await;
    let customer = async {
        for hand in [::zvt::terminal::Customer::WrongPin, ::zvt::terminal::Customer::Insert] {
            counter.controls.wait_until(|view| view.waiting).await.expect("it runs");
            assert!(counter.controls.customer(hand).await);
        }
    };
    let mut book = Book::default();
    let talk = driver().pay(&euro(1_000));
    let (end, ()) = tokio::join!(counter.run(talk, &mut book), customer);
    let End::Acknowledged(approved) = end else { panic!("{end:?}") };
    assert_eq!((approved.entry, approved.last4.as_deref()), (Some(Entry::Chip), Some("4771")));
    assert_eq!(book.said.len(), 1, "a wrong PIN is no outcome");
    let wrong = book.progress.iter().filter(|progress| progress.code == "wrong_pin");
    assert!(wrong.clone().any(|progress| progress.text.as_deref() == Some("PIN falsch")));
}

#[tokio::test]
async fn a_declined_card_and_a_pressed_stop_key_move_no_money() {
    use ::zvt::terminal::Customer;
    for (hand, expected) in [
        (
            Customer::Declined,
            Said::Declined { code: "declined_by_host", text: Some("Karte abgelehnt".to_owned()) },
        ),
        (Customer::Stop, Said::Cancelled { code: "customer" }),
    ] {
        let counter = counter(Setup::default()).await;
        let customer = async {
            counter.controls.wait_until(|view| view.waiting).await.expect("it runs");
            counter.controls.customer(hand).await
        };
        let mut book = Book::default();
        let (end, _) = tokio::join!(counter.run(driver().pay(&euro(500)), &mut book), customer);
        assert_eq!(end, End::NoMoney(expected));
        assert!(book.said.is_empty() && counter.controls.view().entries.is_empty());
    }
}

#[tokio::test]
async fn the_cashier_gives_up_while_the_terminal_waits_for_a_card() {
    let counter = counter(Setup::default()).await;
    let mut book =
        Book { gives_up: Some(50), began: Some(tokio::time::Instant::now()), ..Book::default() };
    let end = counter.run(driver().pay(&euro(500)), &mut book).await;
    assert_eq!(end, End::NoMoney(Said::Cancelled { code: "cashier" }));
    assert!(counter.controls.view().entries.is_empty());
}

#[tokio::test]
async fn a_refund_and_a_reversal_give_money_back() {
    let counter = automatic().await;
    let paid = counter.paid(1_500).await;
    let reversal = Purpose::Reversal(reference(&paid));
    let end = counter.just(ask(&driver(), &reversal, &euro(1_500))).await;
    let End::Acknowledged(taken_back) = end else { panic!("{end:?}") };
    assert_eq!((taken_back.amount, taken_back.last4.as_deref()), (1_500, Some("8074")));
    let again = counter.just(ask(&driver(), &reversal, &euro(1_500))).await;
    let already = Said::Declined { code: "already_reversed", text: None };
    assert_eq!(again, End::NoMoney(already), "not twice");
    let End::Acknowledged(refund) = counter.just(driver().refund(&euro(700))).await else {
        panic!()
    };
    assert_eq!(refund.amount, 700);
    let view = counter.controls.view();
    let stored: Vec<_> = view.entries.iter().map(|e| (e.kind, e.amount, e.settled)).collect();
    let expected = [("payment", 1_500, true), ("reversal", 1_500, false), ("refund", 700, false)];
    assert_eq!(stored, expected);
}

#[tokio::test]
async fn a_reversal_of_another_payment_with_that_receipt_number_is_turned_down() {
    let counter = automatic().await;
    let paid = counter.paid(1_500).await;
    let other = Reference { trace: Some("77".to_owned()), ..reference(&paid) };
    let mut book = Book::default();
    let end = counter.run(driver().reverse(&euro(1_500), &other), &mut book).await;
    assert_eq!(end, End::Unknown { why: Why::BadAnswer, detail: "other_payment" });
    assert!(book.said.is_empty());
    let purpose = Purpose::Reversal(other);
    let found = counter.just(driver().query(&purpose, &euro(1_500), &book.before)).await;
    assert_eq!(found, End::NoMoney(Said::Cancelled { code: "not_booked" }));
    assert!(!counter.controls.view().entries[0].settled);
    let right = Purpose::Reversal(reference(&paid));
    counter.just(ask(&driver(), &right, &euro(1_500))).await;
    let found = counter.just(driver().query(&purpose, &euro(1_500), &book.before)).await;
    assert_eq!(found, End::Unknown { why: Why::BadAnswer, detail: "other_payment" });
}

#[tokio::test]
async fn a_lost_outcome_is_found_again_and_twice_the_same() {
    let counter = automatic().await;
    counter.controls.choose(Fault::named("lost_after_commit")).await;
    let mut book = Book::default();
    let end = counter.run(driver().pay(&euro(900)), &mut book).await;
    assert_eq!(end, End::Unknown { why: Why::NotAcknowledged, detail: "closed" });
    for _ in 0..2 {
        let mut again = Book::default();
        let query = driver().query(&Purpose::Payment, &euro(900), &book.before);
        let end = counter.run(query, &mut again).await;
        let End::Acknowledged(found) = end else { panic!("{end:?}") };
        assert_eq!(again.said, [Said::Approved(found)]);
        assert_eq!(again.said, book.said, "the same words as the first time");
    }
    assert_eq!(counter.controls.view().entries.len(), 1);
}

#[tokio::test]
async fn the_terminals_day_is_closed_with_totals_by_kind_of_card() {
    let counter = automatic().await;
    for amount in [100, 250] {
        counter.paid(amount).await;
    }
    let mut book = Book::default();
    let end = counter.run(driver().end_of_day(), &mut book).await;
    let End::DayClosed(totals) = end else { panic!("{end:?}") };
    assert_eq!(totals.cards, [CardTotal { scheme: "mastercard", count: 2, sum: 350 }]);
    assert_eq!(totals.receipts, Some(("1".to_owned(), "2".to_owned())));
    assert!(totals.lines.iter().any(|line| line.contains("Kassenschnitt")), "its own slip");
    let plain = Box::new(payment::driver::DayTotals { lines: Vec::new(), ..*totals });
    assert_eq!(book.said, [Said::DayClosed(plain)], "on disk before the terminal forgets them");
    assert!(counter.controls.view().entries.is_empty());
    counter.paid(100).await;
    for fails_at in 1..=2 {
        let mut full_disk = Book { fails_at: Some(fails_at), ..Book::default() };
        let end = counter.run(driver().end_of_day(), &mut full_disk).await;
        assert_eq!(end, End::NoMoney(Said::Cancelled { code: "not_stored" }));
        assert_eq!(counter.controls.view().entries.len(), 1, "the terminal keeps its day");
    }
}

#[tokio::test]
async fn a_terminal_says_which_one_it_is_and_tests_itself() {
    let counter = automatic().await;
    let end = counter.just(driver().identity()).await;
    let End::Identity(identity) = end else { panic!("{end:?}") };
    assert_eq!(identity.tid.as_deref(), Some("52523535"));
    assert_eq!(identity.model.as_deref(), Some("Tresen Simulator"));
    assert_eq!(identity.serial.as_deref(), Some("SIM-0001"));
    assert_eq!(identity.software.as_deref(), Some("1.0"));
    assert_eq!(identity.state, Some("approved"));
    assert_eq!(counter.just(driver().diagnose()).await, End::Diagnosed);
    counter.paid(100).await;
    counter.just(driver().identity()).await;
    let shows = counter.controls.view().shows;
    assert_eq!(shows, "approved", "how a payment ended stays to be read");
}

#[tokio::test]
async fn what_cannot_be_reached_or_asked_moves_no_money() {
    let counter = automatic().await;
    let cancelled = |code| End::NoMoney(Said::Cancelled { code });
    let other = |password: &str, currency: &str| Zvt::new(password, currency).expect("can be");
    let pay = |driver: &dyn Driver, currency: &str| {
        driver.pay(&payment::driver::Ask { currency: currency.to_owned(), ..euro(100) })
    };
    let cases = [
        (pay(&other("123456", "EUR"), "EUR"), "wrong_password"),
        (pay(&other("000000", "CHF"), "CHF"), "wrong_currency"),
        (pay(&driver(), "CHF"), "wrong_currency"),
        (pay(&driver().only_terminal("52523536").expect("can be"), "EUR"), "other_terminal"),
        (driver().pay(&euro(0)), "bad_amount"),
        (driver().refund(&euro(-5)), "bad_amount"),
        (driver().pay(&euro(1_000_000_000_000)), "bad_amount"),
    ];
    for (talk, code) in cases {
        let mut book = Book::default();
        assert_eq!(counter.run(talk, &mut book).await, cancelled(code));
        assert_eq!(book.calls, 0, "{code}: nothing to write down");
    }
    let bad = Reference { receipt: "12345".to_owned(), trace: None };
    assert_eq!(counter.just(driver().reverse(&euro(1), &bad)).await, cancelled("bad_reference"));
    drop(counter.terminal);
    let gone = TcpListener::bind(free_port()).await.expect("listens");
    let address = gone.local_addr().expect("has one").to_string();
    drop(gone);
    let end = run_over(driver().pay(&euro(1)), &Tcp(address), &pace(), &mut Book::default()).await;
    assert_eq!(end, cancelled("unreachable"));
}

#[tokio::test]
async fn packets_that_arrive_byte_by_byte_are_put_together() {
    let counter = automatic().await;
    counter.controls.choose(Fault::named("split_packets")).await;
    let paid = counter.paid(4_321).await;
    assert_eq!(paid.slips.customer.len(), 6);
    assert_eq!(counter.controls.view().fault, Fault::named("split_packets"), "until another");
}

#[test]
fn settings_that_no_terminal_has_are_refused_and_the_password_is_not_shown() {
    let refused = |password, currency| Zvt::new(password, currency).map(|_| ()).unwrap_err();
    assert_eq!(refused("", "EUR"), BadSettings::Password);
    assert_eq!(refused("1234567", "EUR"), BadSettings::Password);
    assert_eq!(refused("12a456", "EUR"), BadSettings::Password);
    assert_eq!(refused("+12345", "EUR"), BadSettings::Password);
    assert_eq!(refused("000000", "XYZ"), BadSettings::Currency);
    let terminal = driver().only_terminal("123456789").map(|_| ()).unwrap_err();
    assert_eq!(terminal, BadSettings::Terminal);
    let secret = Zvt::new("918273", "EUR").expect("can be").printing(48);
    assert!(!format!("{secret:?}").contains("918273"));
    let all = Capabilities {
        refund: true,
        reverse: true,
        query: true,
        cancel: true,
        end_of_day: true,
        reserve: true,
        tips: true,
    };
    assert_eq!(secret.capabilities(), all);
}
