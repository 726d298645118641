//! The simulator's page.

use std::net::SocketAddr;

use payment::driver::Ask;
use payment::line::{Tcp, run_over};
use payment::simulator::{Controls, Device, Fault, Setup, Simulator};
use payment::{Driver, End};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::kit::{Book, driver, euro};

fn free_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

async fn terminal() -> (Simulator, SocketAddr, String) {
    let setup = Setup { hurry: 100, ..Setup::default() };
    let terminal = Simulator::start(&setup).expect("there can be such a terminal");
    let page = terminal.serve_page(free_port()).await.expect("listens");
    let address = terminal.listen(free_port()).await.expect("listens").to_string();
    (terminal, page, address)
}

async fn send(page: SocketAddr, request: String) -> String {
    let mut stream = TcpStream::connect(page).await.expect("connects");
    stream.write_all(request.as_bytes()).await.expect("sends");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("answers");
    answer
}

async fn ask(page: SocketAddr, line: &str, more: &str) -> String {
    send(page, format!("{line} HTTP/1.1\r\nHost: {page}\r\n{more}\r\n")).await
}

async fn state(page: SocketAddr) -> serde_json::Value {
    let answer = ask(page, "GET /state", "").await;
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).expect("JSON")
}

#[tokio::test]
async fn a_person_plays_the_customer_on_the_page() {
    let (terminal, page, address) = terminal().await;
    let controls = terminal.controls();
    let idle = ask(page, "POST /customer/tap", "Accept: application/json\r\n").await;
    assert!(idle.starts_with("HTTP/1.1 409"), "nobody asked for a card: {idle}");
    let customer = async {
        controls.wait_until(|view| view.waiting).await.expect("it runs");
        let html = ask(page, "GET /?language=de", "").await;
        for part in [
            "<title>Simulator:",
            "<span class=\"sign\">Simulator</span>",
            "Zahlung 25,99 EUR",
            "Bitte Karte vorhalten",
            "action=\"/customer/insert?language=de\"><button>",
            "Es fließt kein Geld",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        let english = ask(page, "GET /", "Accept-Language: en-GB,en\r\n").await;
        assert!(
            english.contains("Payment 25.99 EUR") && english.contains("Please tap"),
            "{english}"
        );
        let waiting = state(page).await;
        assert_eq!(waiting["waiting"], true);
        assert_eq!(waiting["asks"]["amount"], 2_599);
        let pressed = ask(page, "POST /customer/insert?language=en", "").await;
        assert!(pressed.starts_with("HTTP/1.1 303") && pressed.contains("Location: /?language=en"));
    };
    let mut book = Book::default();
    let talk = driver().pay(&euro(2_599));
    let pace = payment::line::Pace::default();
    let line = Tcp(address);
    let paying = run_over(talk, &line, &pace, &mut book);
    let (end, ()) = tokio::join!(paying, customer);
    assert!(matches!(end, End::Acknowledged(_)), "{end:?}");
    let after = state(page).await;
    let transaction = &after["transactions"][0];
    assert_eq!((&transaction["kind"], &transaction["last4"]), (&"payment".into(), &"4771".into()));
    let html = ask(page, "GET /", "").await;
    assert!(html.contains("girocard 4771") && html.contains("25,99 EUR"), "{html}");
}

/// Plays a customer at a page who is asked for a tip, or is not; says what the page said in both languages.
pub(crate) async fn tip_at(page: SocketAddr, controls: &Controls, asked: bool) {
    controls.wait_until(|view| view.waiting).await.expect("it runs");
    assert_eq!(state(page).await["asks_tip"], asked);
    for (language, asks, button) in
        [("de", "Trinkgeld? Bitte", "1,00 Trinkgeld"), ("en", "A tip? Please", "tip of 1.00")]
    {
        let html = ask(page, &format!("GET /?language={language}"), "").await;
        assert_eq!(html.contains(asks), asked, "{html}");
        let buttons = html.lines().filter(|line| line.contains(button)).collect::<Vec<_>>();
        let [button] = buttons.as_slice() else { panic!("{buttons:?}") };
        assert_eq!(button.contains("<button>"), asked, "{button}");
        assert_eq!(button.contains("<button disabled>"), !asked, "{button}");
    }
    let pressed = ask(page, "POST /customer/tip?language=en", "").await;
    assert!(pressed.starts_with("HTTP/1.1 303"), "{pressed}");
}

#[tokio::test]
async fn a_person_is_asked_for_a_tip_on_the_page_where_the_till_wants_it() {
    let (terminal, page, address) = terminal().await;
    for (tips, given) in [(true, 100), (false, 0)] {
        let (talk, line) = (driver().pay(&Ask { tips, ..euro(1_000) }), Tcp(address.clone()));
        let (mut book, pace) = (Book::default(), payment::line::Pace::default());
        let paying = run_over(talk, &line, &pace, &mut book);
        let controls = terminal.controls();
        let (end, ()) = tokio::join!(paying, tip_at(page, &controls, tips));
        let End::Acknowledged(paid) = end else { panic!("{end:?}") };
        assert_eq!((paid.amount, paid.tip), (1_000, given));
    }
}

#[tokio::test]
async fn every_fault_can_be_chosen_and_has_words_in_both_languages() {
    let (terminal, page, _) = terminal().await;
    let controls = terminal.controls();
    let mut chosen = 0;
    for fault in Fault::all() {
        let path = format!("POST /fault/{}", fault.name());
        let answer = ask(page, &path, "Accept: application/json\r\n").await;
        assert!(answer.contains(&format!("\"fault\":\"{}\"", fault.name())), "{answer}");
        assert_eq!(controls.view().fault, Some(fault));
        for language in ["de", "en"] {
            let html = ask(page, &format!("GET /?language={language}"), "").await;
            assert!(!html.contains(&format!(">{}<", fault.name())), "{} has words", fault.name());
            // The fault, and the device that was installed.
            assert_eq!(html.matches("aria-pressed=\"true\"").count(), 2);
        }
        chosen += 1;
    }
    assert_eq!(chosen, 21);
    ask(page, "POST /fault/none", "").await;
    assert_eq!(controls.view().fault, None);
}

#[tokio::test]
async fn another_device_can_be_put_in_the_place_of_the_one_that_was_installed() {
    let (terminal, page, _) = terminal().await;
    assert_eq!(state(page).await["device"], "own");
    for device in Device::ALL {
        let path = format!("POST /device/{}", device.name());
        let answer = ask(page, &path, "Accept: application/json\r\n").await;
        assert!(answer.contains(&format!("\"device\":\"{}\"", device.name())), "{answer}");
        assert_eq!(terminal.controls().view().device, device);
        for language in ["de", "en"] {
            let html = ask(page, &format!("GET /?language={language}"), "").await;
            assert!(!html.contains(&format!(">{}<", device.name())), "{} has words", device.name());
        }
    }
    assert!(ask(page, "POST /device/nonsense", "").await.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn customers_come_by_themselves_when_the_page_says_so() {
    let (terminal, page, address) = terminal().await;
    ask(page, "POST /automatic/1", "").await;
    assert_eq!(state(page).await["automatic"], 1);
    let mut book = Book::default();
    let pace = payment::line::Pace::default();
    let end = run_over(driver().pay(&euro(1)), &Tcp(address), &pace, &mut book).await;
    assert!(matches!(end, End::Acknowledged(_)), "{end:?}");
    ask(page, "POST /automatic/off", "").await;
    assert_eq!(terminal.controls().view().automatic, None);
}

#[tokio::test]
async fn other_hosts_other_origins_other_paths_and_other_methods_are_refused() {
    let (terminal, page, _) = terminal().await;
    let post = "POST /fault/decline HTTP/1.1";
    let cases = [
        (format!("GET / HTTP/1.1\r\nHost: shop.example:{}\r\n\r\n", page.port()), "403"),
        ("GET /state HTTP/1.1\r\nHost: 127.0.0.1.example\r\n\r\n".to_owned(), "403"),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), "403"),
        (format!("{post}\r\nHost: {page}\r\nOrigin: http://evil.example\r\n\r\n"), "403"),
        (format!("{post}\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\r\n"), "403"),
        (format!("POST /fault/nonsense HTTP/1.1\r\nHost: {page}\r\n\r\n"), "404"),
        (format!("POST /customer/<b> HTTP/1.1\r\nHost: {page}\r\n\r\n"), "404"),
        (format!("POST /automatic/soon HTTP/1.1\r\nHost: {page}\r\n\r\n"), "404"),
        (format!("GET /other HTTP/1.1\r\nHost: {page}\r\n\r\n"), "404"),
        (format!("DELETE / HTTP/1.1\r\nHost: {page}\r\n\r\n"), "405"),
    ];
    for (request, status) in cases {
        let answer = send(page, request.clone()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request:?}: {answer}");
    }
    assert_eq!(terminal.controls().view().fault, None);
    for host in ["localhost:80", "127.0.0.1", "[::1]:20080", "[::1]"] {
        let answer = send(page, format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
    }
}

#[tokio::test]
async fn the_page_takes_nothing_into_its_text_and_needs_nobody_else() {
    let (_terminal, page, _) = terminal().await;
    let html = ask(page, "GET /?language=<script>alert(1)</script>", "").await;
    assert!(html.starts_with("HTTP/1.1 200") && !html.contains("<script"), "{html}");
    assert!(html.contains("default-src 'none'"), "no third party, no script");
    let (head, page) = html.split_once("\r\n\r\n").unwrap();
    assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    // The demo's counter on this machine may show it in a frame, and nobody else.
    let own = "frame-ancestors http://127.0.0.1:* http://localhost:*";
    assert!(head.contains(own) && head.matches("http").count() == 2, "{head}");
}

#[tokio::test]
async fn a_request_without_an_end_is_answered_when_it_is_too_long() {
    let (_terminal, page, _) = terminal().await;
    let endless = format!("GET / HTTP/1.1\r\nHost: {page}\r\nX: {}", "x".repeat(9_000));
    assert!(send(page, endless).await.starts_with("HTTP/1.1 200"));
}
