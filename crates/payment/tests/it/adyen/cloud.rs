//! The same terminals asked through the cloud: messages in clear, and a key.

use payment::adyen::{Adyen, check_merchant, credential};
use payment::driver::{Identity, Purpose, Why};
use payment::line::{Pace, run_over};
use payment::simulator::adyen::{Cloud, Fault, Papers, Setup, Simulator};
use payment::{Driver, End, Said};

use super::faults::{Case, PLAIN, Tally, all_faults, all_of, play};
use super::kit::{World, anew, draw, setup};
use crate::kit::Book;

#[tokio::test(start_paused = true)]
async fn whatever_happens_in_the_cloud_the_shop_and_the_terminal_agree() {
    for kind in ["payment", "refund", "reversal"] {
        let all = all_faults(&World::in_cloud(), kind).await;
        println!("adyen cloud {kind}: {all:?}");
        assert!(all.played > 600 && all.found > 150 && all.stored > 100, "{all:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_in_the_cloud_hears_whether_money_moved() {
    let world = World::in_cloud();
    let mut tally = Tally::default();
    for fault in std::iter::once(None).chain(world.faults().into_iter().map(Some)) {
        all_of(&world, Case { fault, gives_up: Some(500), ..PLAIN }, &mut tally).await;
    }
    println!("adyen cloud, given up: {tally:?}");
    assert!(tally.played > 600, "{tally:?}");
    let given_up = play(&world, Case { gives_up: Some(500), ..PLAIN }).await;
    assert_eq!(given_up.end, End::NoMoney(Said::Cancelled { code: "cashier" }));
}

#[tokio::test(start_paused = true)]
async fn each_fault_in_the_cloud_ends_as_it_must() {
    use Fault as F;
    let unknown = |why, detail| End::Unknown { why, detail };
    let cancelled = |code| End::NoMoney(Said::Cancelled { code });
    let cases = [
        (F::TimeOut, unknown(Why::NoAnswer, "no_answer"), 0),
        (F::LostBeforeRequest, unknown(Why::ConnectionLost, "closed"), 0),
        (F::LostAfterOutcome, unknown(Why::ConnectionLost, "closed"), 1),
        (F::WrongAmount, unknown(Why::AmountDiffers, "other_amount"), 1),
        (F::WrongCurrency, unknown(Why::CurrencyDiffers, "other_currency"), 1),
        (F::ChangedTerminal, unknown(Why::TerminalDiffers, "other_terminal"), 1),
        (F::AnswerOfAnotherSale, unknown(Why::BadAnswer, "other_sale"), 1),
        (F::ReplayedAnswer, unknown(Why::BadAnswer, "other_sale"), 1),
        (F::Busy, cancelled("busy"), 0),
        (F::Garbage, unknown(Why::BadAnswer, "unreadable"), 1),
        (F::ServerError, unknown(Why::BadAnswer, "http_status"), 1),
        (F::TooManyRequests, cancelled("busy"), 0),
        (F::Rejected, unknown(Why::BadAnswer, "no_outcome"), 0),
    ];
    let world = World::in_cloud();
    for (fault, expected, stored) in cases {
        let outcome = play(&world, Case { fault: Some(fault), ..PLAIN }).await;
        assert_eq!(outcome.end, expected, "{fault:?}");
        assert_eq!(outcome.stored.len(), stored, "{fault:?}");
    }
}

/// A payment through a cloud with what the till believes to know of it, and what was booked.
async fn pay(
    papers: Papers,
    merchant: &str,
    key: &str,
    root: Option<String>,
) -> (End, usize, usize) {
    let setup = Setup { cloud: Some(Cloud::default()), papers, automatic: Some(1), ..setup() };
    let terminal = Simulator::start(&setup).expect("there can be such a terminal");
    let address = terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens");
    let root = root.unwrap_or_else(|| terminal.secret().root.clone());
    let way = Adyen::cloud_way(&address.to_string(), key, Some(&root)).expect("a root");
    let driver = Adyen::in_cloud((merchant, &setup.poi_id), ("EUR", 2), draw).expect("a terminal");
    let mut book = Book::default();
    let end = run_over(driver.pay(&anew(100)), &way, &Pace::default(), &mut book).await;
    (end, book.calls, terminal.controls().view().entries.len())
}

#[tokio::test]
async fn a_customer_pays_through_the_cloud_over_tls() {
    let Cloud { merchant, api_key } = Cloud::default();
    let (end, calls, stored) = pay(Papers::Good, &merchant, &api_key, None).await;
    let End::Acknowledged(paid) = end else { panic!("{end:?}") };
    assert_eq!((paid.amount, paid.currency.as_str(), calls, stored), (100, "EUR", 2, 1));
    assert_eq!(paid.last4.as_deref(), Some("4771"));
}

#[tokio::test]
async fn who_is_not_the_cloud_is_not_told_the_key_and_who_has_no_key_pays_nothing() {
    let refused = |code| End::NoMoney(Said::Cancelled { code });
    let Cloud { merchant, api_key } = Cloud::default();
    let other = Simulator::start(&setup()).expect("a terminal").secret().root.clone();
    let end = pay(Papers::Good, &merchant, &api_key, Some(other)).await;
    assert_eq!(end, (refused("bad_certificate"), 0, 0));
    for papers in [Papers::OtherName, Papers::Expired, Papers::CommonName] {
        let end = pay(papers, &merchant, &api_key, None).await;
        assert_eq!(end, (refused("bad_certificate"), 0, 0), "{papers:?}");
    }
    assert_eq!(pay(Papers::Good, &merchant, "other", None).await, (refused("wrong_key"), 0, 0));
    let end = pay(Papers::Good, "OtherMerchant", &api_key, None).await;
    assert_eq!(end, (refused("not_registered"), 0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_terminal_behind_the_cloud_says_which_one_it_is_and_what_became_of_a_payment() {
    let world = World::in_cloud();
    let End::Identity(identity) = world.just(world.driver().identity()).await else { panic!() };
    let expected = Identity {
        tid: Some("S1F2-000000000001".to_owned()),
        model: Some("S1F2".to_owned()),
        serial: Some("000000000001".to_owned()),
        software: None,
        state: Some("approved"),
    };
    assert_eq!(*identity, expected);
    assert_eq!(world.just(world.driver().diagnose()).await, End::Diagnosed);
    let (asked, mut book) = (anew(999), Book::default());
    let paid = world.run(world.driver().pay(&asked), &mut book).await;
    let found = world.driver().query(&Purpose::Payment, &asked, &book.before);
    assert_eq!(world.just(found).await, paid);
}

#[test]
fn a_message_goes_through_the_cloud_to_the_letter() {
    use payment::driver::{Input, Output};
    let world = ("TresenSimulator", "S1F2-000000000001");
    let driver = Adyen::in_cloud(world, ("EUR", 2), || [7; 32]).expect("a terminal");
    let outputs = driver.identity().on(Input::Begin);
    let posted = outputs.iter().find_map(|output| match output {
        Output::Post { path, body, .. } => Some((path.clone(), body.0.clone())),
        _ => None,
    });
    let (path, body) = posted.expect("a message");
    assert_eq!(path, "/v1/merchants/TresenSimulator/devices/S1F2-000000000001/sync");
    let text = String::from_utf8(body).expect("text");
    let (head, rest) = text.split_once("\"ServiceID\":\"").expect("a number");
    assert_eq!(
        head,
        r#"{"SaleToPOIRequest":{"MessageHeader":{"ProtocolVersion":"3.0","MessageClass":"Service","MessageCategory":"Diagnosis","MessageType":"Request","SaleID":"Tresen","#
    );
    assert_eq!(
        rest.split_at(10).1,
        r#"","POIID":"S1F2-000000000001"},"DiagnosisRequest":{"HostDiagnosisFlag":false}}}"#
    );
}

#[test]
fn keys_and_accounts_that_cannot_be_are_refused_and_no_key_is_shown() {
    for bad in ["", "a b", "ü", &"x".repeat(201), "a\r\nX-Evil: 1"] {
        assert!(credential(bad).is_err(), "{bad}");
    }
    let shown = format!("{:?}", credential("secret-api-key").expect("a key"));
    assert!(!shown.contains("secret-api-key"), "{shown}");
    for bad in ["", "a/b", "a b", "..", &"x".repeat(81)] {
        assert!(check_merchant(bad).is_err(), "{bad}");
    }
    assert!(check_merchant("Tresen_POS-1").is_ok());
}
