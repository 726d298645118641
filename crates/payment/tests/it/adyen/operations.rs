//! Every operation over TLS on loopback.

use std::net::SocketAddr;

use payment::adyen::Adyen;
use payment::driver::{Ask, Before, Entry, Identity, Purpose, Reference, Why};
use payment::line::{Pace, run_over};
use payment::simulator::adyen::Simulator;
use payment::tls::{Abrupt, Tls};
use payment::{Driver, End, Said};

use super::kit::{World, anew, driver, setup};
use crate::kit::{Book, euro};

struct Loopback {
    terminal: Simulator,
    way: Tls<Abrupt>,
}

async fn loopback() -> Loopback {
    let setup = payment::simulator::adyen::Setup { automatic: Some(1), ..setup() };
    let terminal = Simulator::start(&setup).expect("there can be such a terminal");
    let address = terminal.listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("listens");
    let way = Adyen::way(&setup.poi_id, &address.to_string(), &terminal.secret().root);
    Loopback { terminal, way: way.expect("a root") }
}

impl Loopback {
    async fn run(&self, talk: payment::driver::Talk) -> End {
        run_over(talk, &self.way, &Pace { hurry: 1_000, ..Pace::default() }, &mut Book::default())
            .await
    }
}

#[tokio::test]
async fn a_customer_pays_and_the_card_stays_unknown() {
    let shop = loopback().await;
    let End::Acknowledged(paid) = shop.run(driver().pay(&anew(2_599))).await else { panic!() };
    assert_eq!((paid.amount, paid.tip, paid.currency.as_str()), (2_599, 0, "EUR"));
    assert_eq!(paid.tid.as_deref(), Some("S1F2-000000000001"));
    assert_eq!(paid.receipt.as_deref(), Some("SIM000000001.TRESENSIMULATOR"));
    assert_eq!(paid.trace.as_deref(), Some("2026-11-25T13:30:00.000Z"));
    assert_eq!((paid.scheme.as_deref(), paid.last4.as_deref()), (Some("Visa"), Some("4771")));
    assert_eq!(paid.entry, Some(Entry::Contactless));
    assert_eq!(paid.authorisation.as_deref(), Some("123456"));
    assert_eq!(
        paid.slips.customer,
        ["CARDHOLDER COPY", "", "Card ************4771", "TOTAL EUR 25.99"]
    );
    assert_eq!(paid.slips.merchant.len(), 4);
}

#[tokio::test]
async fn a_person_is_asked_for_a_tip_on_the_page_where_the_till_wants_it() {
    let shop = loopback().await;
    let controls = shop.terminal.controls();
    controls.automatic(None).await;
    let page = shop.terminal.serve_page(SocketAddr::from(([127, 0, 0, 1], 0))).await;
    let page = page.expect("a page");
    for (tips, given) in [(true, 100), (false, 0)] {
        let paying = shop.run(driver().pay(&Ask { tips, ..anew(1_000) }));
        let (end, ()) = tokio::join!(paying, crate::page::tip_at(page, &controls, tips));
        let End::Acknowledged(paid) = end else { panic!("{end:?}") };
        assert_eq!((paid.amount, paid.tip), (1_000, given));
    }
}

#[tokio::test]
async fn a_payment_is_taken_back_once() {
    let shop = loopback().await;
    let End::Acknowledged(paid) = shop.run(driver().pay(&anew(500))).await else { panic!() };
    let reference = Reference { receipt: paid.receipt.expect("a number"), trace: paid.trace };
    let End::Acknowledged(back) = shop.run(driver().reverse(&anew(500), &reference)).await else {
        panic!()
    };
    assert_eq!(back.amount, 500);
    let again = shop.run(driver().reverse(&anew(500), &reference)).await;
    assert_eq!(again, End::NoMoney(Said::Declined { code: "bad_reference", text: None }));
    let entries = shop.terminal.controls().view().entries.clone();
    let kinds: Vec<_> = entries.iter().map(|entry| (entry.kind, entry.settled)).collect();
    assert_eq!(kinds, [("payment", true), ("reversal", false)]);
    let nameless = Reference { trace: None, ..reference };
    let end = shop.run(driver().reverse(&anew(500), &nameless)).await;
    assert_eq!(end, End::NoMoney(Said::Cancelled { code: "bad_reference" }));
}

#[tokio::test]
async fn a_customer_gets_money_back_on_a_card() {
    let shop = loopback().await;
    let End::Acknowledged(back) = shop.run(driver().refund(&anew(700))).await else { panic!() };
    assert_eq!(back.amount, 700);
    assert_eq!(shop.terminal.controls().view().entries[0].kind, "refund");
}

#[tokio::test]
async fn a_terminal_says_which_one_it_is_and_tests_itself() {
    let shop = loopback().await;
    let End::Identity(identity) = shop.run(driver().identity()).await else { panic!() };
    let expected = Identity {
        tid: Some("S1F2-000000000001".to_owned()),
        model: Some("S1F2".to_owned()),
        serial: Some("000000000001".to_owned()),
        software: None,
        state: Some("approved"),
    };
    assert_eq!(*identity, expected);
    assert_eq!(shop.run(driver().diagnose()).await, End::Diagnosed);
    let end = shop.run(driver().end_of_day()).await;
    assert_eq!(end, End::NoMoney(Said::Cancelled { code: "function_impossible" }));
}

#[tokio::test]
async fn what_became_of_a_payment_is_found_out() {
    let shop = loopback().await;
    let (asked, mut book) = (anew(999), Book::default());
    let paid = run_over(driver().pay(&asked), &shop.way, &Pace::default(), &mut book).await;
    let found = shop.run(driver().query(&Purpose::Payment, &asked, &book.before)).await;
    assert_eq!(paid, found);
    let other = Before("adyen1 poi=S1F2-000000000001 service=NEVERSENT1".to_owned());
    let none = shop.run(driver().query(&Purpose::Payment, &asked, &other)).await;
    assert_eq!(none, End::NoMoney(Said::Cancelled { code: "not_booked" }));
    let old = payment::driver::Ask { age: 24 * 60 * 60 + 1, ..asked.clone() };
    let end = shop.run(driver().query(&Purpose::Payment, &old, &other)).await;
    assert_eq!(end, End::Unknown { why: Why::NothingToCompare, detail: "too_old" });
    // An old yes is still a yes.
    let found = shop.run(driver().query(&Purpose::Payment, &old, &book.before)).await;
    assert_eq!(paid, found);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_for_that_cannot_be() {
    let world = World::new();
    let francs = payment::driver::Ask { currency: "CHF".to_owned(), ..euro(100) };
    for (asked, code) in
        [(euro(0), "bad_amount"), (euro(-1), "bad_amount"), (francs, "wrong_currency")]
    {
        let end = world.just(driver().pay(&asked)).await;
        assert_eq!(end, End::NoMoney(Said::Cancelled { code }));
    }
    for (before, why, detail) in [
        ("", Why::NothingToCompare, "nothing_to_compare"),
        ("zvt1 nothing", Why::NothingToCompare, "nothing_to_compare"),
        ("adyen1 poi=S1F2-2 service=K7M2Q9ABCD", Why::TerminalDiffers, "other_terminal"),
    ] {
        let before = Before(before.to_owned());
        let end = world.just(driver().query(&Purpose::Payment, &euro(1), &before)).await;
        assert_eq!(end, End::Unknown { why, detail });
    }
}

#[tokio::test(start_paused = true)]
async fn a_terminal_at_which_somebody_pays_takes_no_second_payment() {
    let world = World::of(&payment::simulator::adyen::Setup { automatic: None, ..setup() });
    let first = {
        let world = std::sync::Arc::clone(&world);
        tokio::spawn(async move { world.just(driver().pay(&anew(100))).await })
    };
    world.controls.wait_until(|view| view.waiting).await.expect("it runs");
    let second = world.just(driver().pay(&anew(200))).await;
    assert_eq!(second, End::NoMoney(Said::Cancelled { code: "busy" }));
    world.controls.customer(::zvt::terminal::Customer::Insert).await;
    let End::Acknowledged(paid) = first.await.expect("it ends") else { panic!() };
    assert_eq!((paid.amount, paid.entry), (100, Some(Entry::Chip)));
}

#[tokio::test]
async fn every_fault_can_be_chosen_on_the_page_in_both_languages() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let shop = loopback().await;
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
    for fault in payment::simulator::Fault::nexo() {
        ask(format!("POST /fault/{}", fault.name())).await;
        assert_eq!(shop.terminal.controls().view().fault, Some(fault));
        for language in ["de", "en"] {
            let html = ask(format!("GET /?language={language}")).await;
            assert!(html.contains("nexo (Adyen)"));
            assert!(!html.contains(&format!(">{}<", fault.name())), "{} has words", fault.name());
        }
    }
    let zvt_only = ask("POST /fault/split_packets".to_owned()).await;
    assert!(zvt_only.starts_with("HTTP/1.1 404"), "{zvt_only}");
}

#[test]
fn whatever_happens_in_whatever_order_money_is_asked_for_once_and_it_ends_once() {
    use payment::driver::{Input, NotAnswered, Output};
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let (asked, before) = (anew(100), Before("adyen1 poi=S1F2-000000000001 service=K".to_owned()));
    let mut ended = 0;
    for round in 0..4_000 {
        let mut talk = match round % 4 {
            0 => driver().pay(&asked),
            1 => driver().query(&Purpose::Payment, &asked, &before),
            2 => driver().identity(),
            _ => driver().diagnose(),
        };
        let (mut ends, mut about, mut money) = (0, false, 0);
        for step in 0..12 {
            let number = 1 + u8::try_from(next(3)).expect("small");
            let input = match next(12) {
                _ if step == 0 => Input::Begin,
                0 => Input::Begin,
                1 => Input::Connected,
                2 => Input::Unreachable,
                3 => Input::Bytes(b"x"),
                4 => Input::Closed,
                5 => Input::Answered { number, status: 200, body: b"{}" },
                6 => Input::Answered { number, status: 503, body: b"" },
                7 => Input::NotAnswered { number, how: NotAnswered::Lost },
                8 => Input::NotAnswered { number, how: NotAnswered::NotTrusted },
                9 => Input::Timer,
                10 => Input::CancelAsked,
                _ if about => Input::Stored,
                _ => Input::NotStored,
            };
            let over = ends > 0;
            for output in talk.on(input) {
                assert!(!over && ends == 0, "more after its end: {output:?}");
                ends += usize::from(matches!(output, Output::Done(_)));
                about |= matches!(output, Output::About(_));
                money +=
                    usize::from(round % 4 == 0 && matches!(output, Output::Post { number: 2, .. }));
            }
        }
        assert!(money <= 1 && (about || money == 0));
        ended += ends;
    }
    assert!(ended > 2_000, "{ended}");
}
