//! The simulated scanner, over the network and at a pseudo-terminal.

use std::time::Duration;

use devices::line::{self, Place, SerialLine};
use devices::simulator::scanner::{Scanner, ScannerFaults};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn read(line: &mut (impl AsyncReadExt + Unpin), length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    line.read_exact(&mut bytes).await.unwrap();
    bytes
}

async fn connected(scanner: &Scanner, many: usize) {
    while scanner.listeners() < many {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_is_scanned_at_its_page_is_sent_and_recorded() {
    let any = "127.0.0.1:0".parse().unwrap();
    let mut scanner = Scanner::start(any).await.unwrap();
    let page = scanner.serve_page(any).await.unwrap();
    let mut line = TcpStream::connect(scanner.address()).await.unwrap();
    connected(&scanner, 1).await;
    let mut press = TcpStream::connect(page).await.unwrap();
    let body = "code=%5Dd20104006381333931%7BGS%7D10A";
    let head =
        format!("POST /scan HTTP/1.1\r\nHost: {page}\r\nContent-Length: {}\r\n\r\n", body.len());
    press.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut answer = String::new();
    press.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let wanted = b"]d20104006381333931\x1d10A\r\n";
    assert_eq!(read(&mut line, wanted.len()).await, wanted);
    assert_eq!(scanner.recording(), wanted);
    let mut look = TcpStream::connect(page).await.unwrap();
    look.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut shown = String::new();
    look.read_to_string(&mut shown).await.unwrap();
    assert!(shown.contains("Simulator") && shown.contains("Connected: <strong>1"), "{shown}");
}

#[tokio::test]
async fn another_sites_form_scans_nothing() {
    let any = "127.0.0.1:0".parse().unwrap();
    let mut scanner = Scanner::start(any).await.unwrap();
    let page = scanner.serve_page(any).await.unwrap();
    let mut press = TcpStream::connect(page).await.unwrap();
    let ask = format!("POST /scan HTTP/1.1\r\nHost: {page}\r\nOrigin: http://evil.example\r\n\r\n");
    press.write_all(ask.as_bytes()).await.unwrap();
    let mut answer = String::new();
    press.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}

#[tokio::test]
async fn unplugged_it_cuts_off_and_takes_nobody_until_it_is_back() {
    let scanner = Scanner::start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let mut line = TcpStream::connect(scanner.address()).await.unwrap();
    connected(&scanner, 1).await;
    scanner.set(ScannerFaults { gone: true, ..ScannerFaults::default() });
    assert_eq!(line.read(&mut [0; 8]).await.unwrap(), 0);
    let mut again = TcpStream::connect(scanner.address()).await.unwrap();
    assert_eq!(again.read(&mut [0; 8]).await.unwrap_or(0), 0);
    scanner.set(ScannerFaults { noise: true, no_end: true, ..ScannerFaults::default() });
    let mut line = TcpStream::connect(scanner.address()).await.unwrap();
    connected(&scanner, 1).await;
    scanner.scan("4711");
    assert_eq!(read(&mut line, 8).await, b"\xff\x80?\x024711");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn it_is_at_a_serial_port_as_well() {
    let mut scanner = Scanner::start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let path = scanner.serve_terminal().unwrap();
    let place: Place = path.to_str().unwrap().parse().unwrap();
    connected(&scanner, 1).await;
    for _ in 0..2 {
        // Opened, closed and opened again: as after the program was started anew.
        let mut line =
            line::open(&place, SerialLine::usual(9_600), Duration::from_secs(5)).await.unwrap();
        scanner.scan("96385074");
        assert_eq!(read(&mut line, 10).await, b"96385074\r\n");
    }
}
