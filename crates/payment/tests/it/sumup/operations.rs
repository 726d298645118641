//! Every operation over TLS on loopback.

use std::net::SocketAddr;

use payment::driver::{Ask, Before, Entry, Identity, Purpose, Reference, Why};
use payment::https::Https;
use payment::line::{Pace, run_over};
use payment::simulator::adyen::Papers;
use payment::simulator::sumup::{Setup, Simulator};
use payment::sumup::{Sumup, pair, way};
use payment::tls::Abrupt;
use payment::{Driver, End, Said};

use super::kit::World;
use crate::adyen::kit::draw;
use crate::kit::{Book, euro};

struct Loopback {
    terminal: Simulator,
    way: Https<Abrupt>,
    driver: Sumup,
}

async fn loopback(setup: &Setup) -> Loopback {
    let terminal = Simulator::start(setup).expect("there can be such a reader");
    let address = terminal.listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("listens");
    let way = way(&address.to_string(), terminal.secret()).expect("a way");
    let at = (setup.merchant.as_str(), setup.reader.as_str());
    let driver = Sumup::new(at, terminal.secret(), ("EUR", 2), draw).expect("a reader");
    Loopback { terminal, way, driver }
}

fn at_once() -> Setup {
    Setup { automatic: Some(1), ..Setup::default() }
}

impl Loopback {
    async fn run(&self, talk: payment::driver::Talk) -> End {
        self.noted(talk, &mut Book::default()).await
    }

    async fn noted(&self, talk: payment::driver::Talk, book: &mut Book) -> End {
        run_over(talk, &self.way, &Pace { hurry: 1_000, ..Pace::default() }, book).await
    }

    async fn paid(&self, amount: i64) -> Reference {
        let end = self.run(self.driver.pay(&euro(amount))).await;
        let End::Acknowledged(paid) = end else { panic!("{end:?}") };
        Reference { receipt: paid.receipt.expect("a number"), trace: paid.trace }
    }
}

fn cancelled(code: &'static str) -> End {
    End::NoMoney(Said::Cancelled { code })
}

#[tokio::test]
async fn a_customer_pays_at_a_reader() {
    let shop = loopback(&at_once()).await;
    let mut book = Book::default();
    let end = shop.noted(shop.driver.pay(&euro(2_599)), &mut book).await;
    let End::Acknowledged(paid) = end else { panic!("{end:?}") };
    assert_eq!((paid.amount, paid.tip, paid.currency.as_str()), (2_599, 0, "EUR"));
    assert_eq!(paid.tid.as_deref(), Some("rdr_SIMULATOR00000000000000001"));
    assert_eq!((paid.scheme.as_deref(), paid.last4.as_deref()), (Some("Visa"), Some("4771")));
    assert_eq!(paid.entry, Some(Entry::Contactless));
    assert!(book.codes().starts_with(&["connecting", "waiting"]), "{:?}", book.codes());
}

#[tokio::test]
async fn a_person_is_asked_for_a_tip_on_the_page_where_the_till_wants_it() {
    let shop = loopback(&Setup::default()).await;
    let controls = shop.terminal.controls();
    let page = shop.terminal.serve_page(SocketAddr::from(([127, 0, 0, 1], 0))).await;
    let page = page.expect("a page");
    for (tips, given) in [(true, 100), (false, 0)] {
        // In its own time: the customer is waited for.
        let (talk, pace) = (shop.driver.pay(&Ask { tips, ..euro(1_000) }), Pace::default());
        let mut book = Book::default();
        let paying = run_over(talk, &shop.way, &pace, &mut book);
        let (end, ()) = tokio::join!(paying, crate::page::tip_at(page, &controls, tips));
        let End::Acknowledged(paid) = end else { panic!("{end:?}") };
        assert_eq!((paid.amount, paid.tip), (1_000, given));
    }
}

#[tokio::test]
async fn money_is_given_back_in_parts_and_no_more_than_there_is() {
    let shop = loopback(&at_once()).await;
    let reference = shop.paid(1_000).await;
    for amount in [300, 700] {
        let end = shop.run(shop.driver.reverse(&euro(amount), &reference)).await;
        let End::Acknowledged(back) = end else { panic!("{end:?}") };
        assert_eq!(back.amount, amount);
    }
    let end = shop.run(shop.driver.reverse(&euro(1), &reference)).await;
    assert_eq!(end, cancelled("already_reversed"));
    let entries = shop.terminal.controls().view().entries.clone();
    let booked: Vec<_> = entries.iter().map(|e| (e.kind, e.amount, e.settled)).collect();
    let back = [("reversal", 300, false), ("reversal", 700, false)];
    assert_eq!(booked, [vec![("payment", 1_000, true)], back.to_vec()].concat());
    let unknown = Reference { receipt: "nobody-s".to_owned(), trace: None };
    let end = shop.run(shop.driver.reverse(&euro(1), &unknown)).await;
    assert_eq!(end, End::NoMoney(Said::Declined { code: "bad_reference", text: None }));
    let bad = Reference { receipt: "a/../b".to_owned(), trace: None };
    assert_eq!(shop.run(shop.driver.reverse(&euro(1), &bad)).await, cancelled("bad_reference"));
}

#[tokio::test]
async fn what_is_not_offered_is_said_so() {
    let shop = loopback(&at_once()).await;
    let impossible = cancelled("function_impossible");
    assert_eq!(shop.run(shop.driver.refund(&euro(1))).await, impossible);
    assert_eq!(shop.run(shop.driver.end_of_day()).await, impossible);
    let can = shop.driver.capabilities();
    assert!(!can.refund && !can.end_of_day && can.reverse && can.query && can.cancel && can.tips);
}

#[tokio::test]
async fn a_reader_is_paired_and_says_which_one_it_is() {
    let shop = loopback(&at_once()).await;
    let identity = |software: Option<&str>| Identity {
        tid: Some("rdr_SIMULATOR00000000000000001".to_owned()),
        model: Some("virtual-solo".to_owned()),
        serial: Some("SIM-0001".to_owned()),
        software: software.map(str::to_owned),
        state: Some("approved"),
    };
    let paired = shop.run(pair("MSIM0001", "simulate1", "Solo").expect("a code")).await;
    assert_eq!(paired, End::Identity(Box::new(identity(None))));
    let wrong = shop.run(pair("MSIM0001", "WRONGCODE", "Solo").expect("a code")).await;
    assert_eq!(wrong, cancelled("not_registered"));
    let end = shop.run(shop.driver.identity()).await;
    assert_eq!(end, End::Identity(Box::new(identity(Some("3.3.40.0")))));
    assert_eq!(shop.run(shop.driver.diagnose()).await, End::Diagnosed);
}

#[tokio::test]
async fn who_is_not_sumup_is_not_told_the_key_and_a_wrong_key_pays_nothing() {
    for papers in [Papers::OtherName, Papers::Expired, Papers::CommonName] {
        let shop = loopback(&Setup { papers, ..at_once() }).await;
        let mut book = Book::default();
        let end = shop.noted(shop.driver.pay(&euro(1)), &mut book).await;
        assert_eq!((end, book.calls), (cancelled("bad_certificate"), 0), "{papers:?}");
    }
    // Without the simulator's root, no certificate of its own is believed.
    let shop = loopback(&at_once()).await;
    let address = shop.terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens");
    let mut known = shop.terminal.secret().clone();
    known.root = None;
    let real = way(&address.to_string(), &known).expect("a way");
    let pace = Pace::default();
    let end = run_over(shop.driver.pay(&euro(1)), &real, &pace, &mut Book::default()).await;
    assert_eq!(end, cancelled("bad_certificate"));
    let mut known = shop.terminal.secret().clone();
    known.api_key.push('x');
    let stranger = way(&address.to_string(), &known).expect("a way");
    let end = run_over(shop.driver.pay(&euro(1)), &stranger, &pace, &mut Book::default()).await;
    assert_eq!(end, cancelled("wrong_key"));
    assert!(shop.terminal.controls().view().entries.is_empty());
}

#[tokio::test]
async fn what_became_of_a_payment_is_found_by_the_name_that_it_was_given() {
    let shop = loopback(&at_once()).await;
    let mut book = Book::default();
    let paid = shop.noted(shop.driver.pay(&euro(999)), &mut book).await;
    let query = |before: &Before| shop.driver.query(&Purpose::Payment, &euro(999), before);
    assert_eq!(shop.run(query(&book.before)).await, paid);
    // The same amount under another name is another payment.
    let other = Before(format!("{}0", &book.before.0[..book.before.0.len() - 1]));
    let other = if other == book.before { Before(other.0.replace("0", "1")) } else { other };
    assert_eq!(shop.run(query(&other)).await, cancelled("not_booked"));
    for (before, why, detail) in [
        ("", Why::NothingToCompare, "nothing_to_compare"),
        ("adyen1 poi=P service=K", Why::NothingToCompare, "nothing_to_compare"),
        (
            "sumup1 reader=rdr_other foreign=0123456789abcdef0123456789abcdef",
            Why::TerminalDiffers,
            "other_terminal",
        ),
    ] {
        let end = shop.run(query(&Before(before.to_owned()))).await;
        assert_eq!(end, End::Unknown { why, detail });
    }
}

#[tokio::test(start_paused = true)]
async fn that_there_is_no_payment_counts_only_after_a_while_with_an_idle_reader() {
    let world = World::of(&Setup { automatic: None, ..Setup::default() });
    let name = "0123456789abcdef0123456789abcdef";
    let before = Before(format!("sumup1 reader=rdr_SIMULATOR00000000000000001 foreign={name}"));
    let query = || world.driver.query(&Purpose::Payment, &euro(100), &before);
    let began = tokio::time::Instant::now();
    assert_eq!(world.just(query()).await, cancelled("not_booked"));
    assert!(began.elapsed().as_secs() >= 85, "{:?}", began.elapsed());
    // Somebody pays at the reader: it may be this one.
    let mut nobody = Book::default();
    let paying = world.run(world.driver.pay(&euro(100)), &mut nobody);
    let asking = async {
        world.controls.wait_until(|view| view.waiting).await.expect("it runs");
        let began = tokio::time::Instant::now();
        let end = world.just(query()).await;
        (end, began.elapsed().as_secs())
    };
    let (paid, (end, waited)) = tokio::join!(paying, asking);
    // Nobody came: after a minute the reader gave up, and only then the ninety seconds began.
    assert_eq!(paid, End::NoMoney(Said::Declined { code: "unknown", text: None }));
    assert_eq!(end, cancelled("not_booked"));
    assert!(waited >= 145, "{waited}");
}

#[tokio::test(start_paused = true)]
async fn a_reader_at_which_somebody_pays_takes_no_second_payment() {
    let world = std::sync::Arc::new(World::of(&Setup { automatic: None, ..Setup::default() }));
    let first = {
        let world = std::sync::Arc::clone(&world);
        tokio::spawn(async move { world.just(world.driver.pay(&euro(100))).await })
    };
    world.controls.wait_until(|view| view.waiting).await.expect("it runs");
    assert_eq!(world.just(world.driver.pay(&euro(200))).await, cancelled("busy"));
    world.controls.customer(::zvt::terminal::Customer::Insert).await;
    let End::Acknowledged(paid) = first.await.expect("it ends") else { panic!() };
    assert_eq!((paid.amount, paid.entry), (100, Some(Entry::Chip)));
    let francs = payment::driver::Ask { currency: "CHF".to_owned(), ..euro(100) };
    for (asked, code) in
        [(euro(0), "bad_amount"), (euro(-1), "bad_amount"), (francs, "wrong_currency")]
    {
        assert_eq!(world.just(world.driver.pay(&asked)).await, cancelled(code));
    }
}

#[tokio::test]
async fn every_fault_can_be_chosen_on_the_page_in_both_languages() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let shop = loopback(&at_once()).await;
    let page =
        shop.terminal.serve_page(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a page");
    let ask = async |line: String| {
        let mut stream = tokio::net::TcpStream::connect(page).await.expect("connects");
        let request = format!("{line} HTTP/1.1\r\nHost: {page}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sends");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("answers");
        answer
    };
    for fault in payment::simulator::Fault::sumup() {
        ask(format!("POST /fault/{}", fault.name())).await;
        assert_eq!(shop.terminal.controls().view().fault, Some(fault));
        for language in ["de", "en"] {
            let html = ask(format!("GET /?language={language}")).await;
            assert!(html.contains("SumUp Cloud API") && html.contains("Simulator"));
            assert!(!html.contains(&format!(">{}<", fault.name())), "{} has words", fault.name());
        }
    }
}
