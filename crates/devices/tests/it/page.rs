use std::net::SocketAddr;

use devices::job_bytes;
use devices::printer::{PrintOutcome, Timeouts};
use devices::simulator::{Faults, Printer};
use escpos::Profile;
use receipt::receipt_document;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::samples::sale;

fn free_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(request.as_bytes()).await.expect("sends");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("answers");
    answer
}

#[tokio::test]
async fn the_page_shows_the_paper_and_its_buttons_set_faults() {
    let simulator = Printer::start(free_port(), Profile::generic_80mm()).await.expect("listens");
    let page = simulator.serve_page(free_port()).await.expect("listens");
    let printer = crate::samples::at(simulator.address(), Timeouts::default());
    let job = job_bytes(&receipt_document(&sale()).opening_drawer(), &Profile::generic_80mm());
    assert!(matches!(printer.print(&job).await, PrintOutcome::Printed(_)));

    let html = ask(page, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(html.starts_with("HTTP/1.1 200 OK\r\n"), "{html}");
    for part in [
        "<title>Simulator",
        "Dorfladen",
        "class=\"bars\"",
        "class=\"qr\"",
        "✂ cut",
        "drawer pulse, pin 2",
        "Drawer: <strong>open",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }

    let pressed =
        ask(page, "POST /set/paper-out/on HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\n\r\n").await;
    assert!(pressed.starts_with("HTTP/1.1 303"), "{pressed}");
    assert!(simulator.faults().paper_out);
    assert!(simulator.page_html().contains("not ready: PaperEnd"));
    ask(page, "POST /drawer/close HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(!simulator.drawer_open());
    ask(page, "POST /paper/clear HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(simulator.jobs().is_empty());
}

#[tokio::test]
async fn every_switch_of_the_page_can_be_switched_on_and_off() {
    let simulator = Printer::start(free_port(), Profile::generic_80mm()).await.expect("listens");
    let page = simulator.serve_page(free_port()).await.expect("listens");
    let html = simulator.page_html();
    let switches: Vec<&str> = html
        .split("action=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|path| path.starts_with("/set/"))
        .collect();
    assert_eq!(switches.len(), 12);
    for path in switches {
        ask(page, &format!("POST {path} HTTP/1.1\r\n\r\n")).await;
        assert_ne!(simulator.faults(), Faults::default(), "{path}");
        ask(page, &format!("POST {} HTTP/1.1\r\n\r\n", path.replace("/on", "/off"))).await;
        assert_eq!(simulator.faults(), Faults::default(), "{path}");
    }
}

#[tokio::test]
async fn other_sites_other_paths_and_other_methods_are_refused() {
    let simulator = Printer::start(free_port(), Profile::generic_58mm()).await.expect("listens");
    let page = simulator.serve_page(free_port()).await.expect("listens");
    let cases = [
        ("POST /set/offline/on HTTP/1.1\r\nHost: x\r\nOrigin: http://evil.example\r\n\r\n", "403"),
        ("POST /set/nonsense/on HTTP/1.1\r\nHost: x\r\n\r\n", "404"),
        ("GET /other HTTP/1.1\r\nHost: x\r\n\r\n", "404"),
        ("DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", "405"),
        ("\r\n\r\n", "405"),
    ];
    for (request, status) in cases {
        let answer = ask(page, request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request:?}: {answer}");
    }
    assert_eq!(simulator.faults(), Faults::default());
}

#[tokio::test]
async fn what_was_printed_cannot_put_tags_into_the_page() {
    let simulator = Printer::start(free_port(), Profile::generic_80mm()).await.expect("listens");
    let printer = crate::samples::at(simulator.address(), Timeouts::default());
    let job =
        b"\x1b@<script>alert(1)</script>\n\x1d(k\x0b\x001P0<script>\x1d(k\x03\x001Q0\x1d\x99<b>\n";
    assert!(matches!(printer.print(job).await, PrintOutcome::Printed(_)));
    let html = simulator.page_html();
    assert!(
        html.contains("&lt;script&gt;") && !html.contains("<script") && !html.contains("<b>"),
        "{html}"
    );
}
