//! A terminal whose certificate is pinned: another one is told nothing.

use std::time::Duration;

use payment::driver::Purpose;
use payment::line::{Pace, run_over};
use payment::pin::{self, Fingerprint};
use payment::simulator::{Setup, Simulator};
use payment::{Driver, End, Said};

use crate::kit::{Book, driver, euro};

const PATIENCE: Duration = Duration::from_secs(30);

async fn terminal() -> (Simulator, String, Fingerprint) {
    let terminal =
        Simulator::start(&Setup { automatic: Some(1), hurry: 1_000, ..Setup::default() })
            .expect("there can be such a terminal");
    let (address, fingerprint) =
        terminal.listen_tls(([127, 0, 0, 1], 0).into()).await.expect("listens");
    (terminal, address.to_string(), fingerprint)
}

#[tokio::test]
async fn what_is_seen_first_is_what_is_paid_at() {
    let (terminal, address, fingerprint) = terminal().await;
    let seen = pin::look(&address, PATIENCE).await.expect("a certificate");
    assert_eq!(seen, fingerprint);
    let taken_over: Fingerprint = seen.to_string().parse().expect("as it is shown");
    let way = pin::to(&address, taken_over).expect("TLS");
    let mut book = Book::default();
    let end = run_over(driver().pay(&euro(1_234)), &way, &Pace::default(), &mut book).await;
    assert!(matches!(&end, End::Acknowledged(yes) if yes.amount == 1_234), "{end:?}");
    assert_eq!(terminal.controls().view().entries.len(), 1);
}

#[tokio::test]
async fn another_certificate_is_refused_and_told_nothing() {
    let (terminal, address, _) = terminal().await;
    let (_other, _, fingerprint) = self::terminal().await;
    let way = pin::to(&address, fingerprint).expect("TLS");
    let refused = End::NoMoney(Said::Cancelled { code: "bad_certificate" });
    let mut book = Book::default();
    let end = run_over(driver().pay(&euro(100)), &way, &Pace::default(), &mut book).await;
    assert_eq!((end, book.calls), (refused.clone(), 0));
    for talk in [driver().identity(), driver().end_of_day(), driver().diagnose()] {
        let end = run_over(talk, &way, &Pace::default(), &mut Book::default()).await;
        assert_eq!(end, refused);
    }
    // A payment in doubt stays in doubt: it is no answer that somebody else is there.
    let pace = Pace { hurry: 10_000, ..Pace::default() };
    let before = payment::driver::Before("zvt1 tid=52523535 nothing".to_owned());
    let talk = driver().query(&Purpose::Payment, &euro(100), &before);
    let end = run_over(talk, &way, &pace, &mut Book::default()).await;
    assert!(matches!(end, End::Unknown { .. }), "{end:?}");
    let view = terminal.controls().view();
    assert!(view.entries.is_empty() && view.shows == "ready", "{view:?}");
}

#[tokio::test]
async fn who_does_not_speak_tls_has_no_certificate() {
    let terminal = Simulator::start(&Setup::default()).expect("a terminal");
    let address = terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens");
    let (short, address) = (Duration::from_millis(200), address.to_string());
    assert!(pin::look(&address, short).await.is_err());
    let way = pin::to(&address, Fingerprint::of(b"some")).expect("TLS");
    let pace = Pace { connect: short, ..Pace::default() };
    let end = run_over(driver().identity(), &way, &pace, &mut Book::default()).await;
    assert_eq!(end, End::NoMoney(Said::Cancelled { code: "unreachable" }));
}

#[test]
fn fingerprints_are_read_as_people_write_them_and_nothing_else_is_one() {
    let known = Fingerprint::of(b"certificate");
    let text = known.to_string();
    assert_eq!(text.len(), 95);
    for written in
        [text.clone(), text.to_lowercase(), text.replace(':', ""), text.replace(':', " ")]
    {
        assert_eq!(written.parse(), Ok(known), "{written}");
    }
    for bad in ["", "AB", &text[..92], &format!("{text}:00"), &text.replace('A', "G"), "ä"] {
        assert!(bad.parse::<Fingerprint>().is_err() || *bad == *text, "{bad}");
    }
}
