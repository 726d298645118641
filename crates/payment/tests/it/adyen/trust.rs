//! Who is no terminal of the shop's is told nothing, and is believed nothing.

use payment::adyen::{Adyen, BadSettings, Secret};
use payment::driver::{Purpose, Why};
use payment::line::{Pace, run_over};
use payment::simulator::adyen::{Papers, Setup, Simulator};
use payment::{Driver, End, Said};

use super::kit::{anew, draw, driver, setup};
use crate::kit::Book;

/// A payment at such a terminal with what the till believes to know of it, and what was booked.
async fn pay(setup: &Setup, poi_id: &str, secret: impl FnOnce(&mut Secret)) -> (End, Book, usize) {
    let setup = Setup { automatic: Some(1), ..setup.clone() };
    let terminal = Simulator::start(&setup).expect("there can be such a terminal");
    let address = terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens");
    let mut known = terminal.secret().clone();
    secret(&mut known);
    let way = Adyen::way(poi_id, &address.to_string(), &known.root).expect("a root");
    let driver = Adyen::new(poi_id, &known, ("EUR", 2), draw).expect("a terminal");
    let mut book = Book::default();
    let end = run_over(driver.pay(&anew(100)), &way, &Pace::default(), &mut book).await;
    let stored = terminal.controls().view().entries.len();
    (end, book, stored)
}

fn refused(code: &'static str) -> End {
    End::NoMoney(Said::Cancelled { code })
}

#[tokio::test]
async fn certificates_by_alternative_and_by_common_name_are_taken() {
    for papers in [Papers::Good, Papers::CommonName] {
        let setup = Setup { papers, ..setup() };
        let (end, _, stored) = pay(&setup, &setup.poi_id, |_| {}).await;
        assert!(matches!(end, End::Acknowledged(_)), "{papers:?}: {end:?}");
        assert_eq!(stored, 1);
    }
}

#[tokio::test]
async fn another_root_another_name_and_an_old_certificate_are_refused() {
    let other = Simulator::start(&setup()).expect("a terminal");
    let other_root = other.secret().root.clone();
    let (end, book, stored) =
        pay(&setup(), &setup().poi_id, |secret| secret.root = other_root).await;
    assert_eq!((end, book.calls, stored), (refused("bad_certificate"), 0, 0));
    for papers in [Papers::OtherName, Papers::Expired] {
        let setup = Setup { papers, ..setup() };
        let (end, book, stored) = pay(&setup, &setup.poi_id, |_| {}).await;
        assert_eq!((end, book.calls, stored), (refused("bad_certificate"), 0, 0), "{papers:?}");
    }
    let (end, book, stored) = pay(&setup(), "S1F2-000000000003", |_| {}).await;
    assert_eq!((end, book.calls, stored), (refused("bad_certificate"), 0, 0));
}

#[tokio::test]
async fn another_passphrase_and_another_key_are_refused_before_anything_is_asked() {
    let changes: [fn(&mut Secret); 3] = [
        |secret| secret.passphrase.push('x'),
        |secret| secret.key_identifier.push('x'),
        |secret| secret.key_version += 1,
    ];
    for change in changes {
        let (end, book, stored) = pay(&setup(), &setup().poi_id, change).await;
        assert_eq!((end, book.calls, stored), (refused("not_registered"), 0, 0));
    }
}

#[tokio::test]
async fn who_is_not_trusted_is_not_believed_afterwards_either() {
    let setup = Setup { papers: Papers::Expired, ..setup() };
    let terminal = Simulator::start(&setup).expect("a terminal");
    let address = terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens");
    let way = Adyen::way(&setup.poi_id, &address.to_string(), &terminal.secret().root);
    let before = payment::driver::Before(format!("adyen1 poi={} service=K7M2Q9", setup.poi_id));
    let talk = driver().query(&Purpose::Payment, &anew(100), &before);
    let end = run_over(talk, &way.expect("a root"), &Pace::default(), &mut Book::default()).await;
    assert_eq!(end, End::Unknown { why: Why::Unreachable, detail: "bad_certificate" });
}

#[test]
fn settings_that_no_terminal_can_have_are_refused() {
    let secret = |change: fn(&mut Secret)| {
        let mut secret = Secret {
            passphrase: "p".to_owned(),
            key_identifier: "k".to_owned(),
            key_version: 1,
            root: String::new(),
        };
        change(&mut secret);
        Adyen::new("S1F2-1", &secret, ("EUR", 2), draw).map(|_| ())
    };
    assert_eq!(secret(|s| s.passphrase.clear()), Err(BadSettings::Key));
    assert_eq!(secret(|s| s.key_identifier.clear()), Err(BadSettings::Key));
    assert!(matches!(secret(|_| {}), Err(BadSettings::Root(_))));
    let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(payment::tls::roots(pem), Err(payment::tls::BadTls::Root)));
}
