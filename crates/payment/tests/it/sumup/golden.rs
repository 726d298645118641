//! What goes over the line to SumUp, to the letter, and what comes back as its documents have it.

use payment::driver::{
    Ask, Before, Conversation, Identity, Input, Output, Progress, Purpose, Talk, Why,
};
use payment::sumup::words::{Data, Reader, Standing, Status, Transaction, read};
use payment::sumup::{BadSettings, Secret, Sumup, check_secret, fuzz};
use payment::{Driver, End, Said};

use crate::kit::euro;

const FOREIGN: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";

fn secret() -> Secret {
    Secret {
        api_key: "sup_sk_very-secret".to_owned(),
        app_id: "com.example.till".to_owned(),
        affiliate_key: "affiliate-secret".to_owned(),
        root: None,
    }
}

fn driver() -> Sumup {
    let at = ("MH4H92C7", "rdr_3MSAFM23CK82VSTT4BN6RWSQ65");
    Sumup::new(at, &secret(), ("EUR", 2), || [0x5a; 32]).expect("can be")
}

/// Method, path and body of what is asked.
fn asked(outputs: &[Output]) -> Vec<(&'static str, String, String)> {
    let one = |output: &Output| match output {
        Output::Get { path, .. } => Some(("GET", path.clone(), String::new())),
        Output::Post { path, body, .. } => {
            Some(("POST", path.clone(), String::from_utf8(body.0.clone()).expect("text")))
        }
        _ => None,
    };
    outputs.iter().filter_map(one).collect()
}

const IDLE: &[u8] = br#"{"data":{"status":"ONLINE","state":"IDLE","battery_level":87.5,"battery_temperature":30,"connection_type":"Wi-Fi","firmware_version":"3.3.39.0","last_activity":"2025-09-25T15:20:00Z"}}"#;
const ACCEPTED: &[u8] = br#"{"data":{"client_transaction_id":"urn:sumup:pos:sale:MH4H92C7:1D4E;2","checkout_id":"3fa85f64-5717-4562-b3fc-2c963f66afa6"}}"#;

/// As the documents have it, with much that is not read.
const PAID: &str = r#"{"id":"6b425463-3e1b-431d-83fa-1e51c2925e99","transaction_code":"TEENSK4W2K","amount":10.1,"currency":"EUR",
 "timestamp":"2020-02-29T10:56:56.876Z","status":"SUCCESSFUL","payment_type":"POS","installments_count":1,"merchant_code":"MH4H92C7",
 "vat_amount":6,"tip_amount":0,"entry_mode":"CHIP","auth_code":"053201","internal_id":1763892018,"product_summary":"x","payouts_total":1,
 "foreign_transaction_id":"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a","client_transaction_id":"urn:sumup:pos:sale:MH4H92C7:1D4E;2","username":"merchant@example.com","lat":1.5,
 "device_info":{"name":"m0xx","uuid":"1"},"simple_status":"PAID_OUT","simple_payment_type":"EMV","verification_method":"offline PIN",
 "card":{"last_4_digits":"3456","type":"VISA"},"events":[{"id":1,"type":"PAYOUT","status":"PAID_OUT","amount":10.1}],
 "transaction_events":[{"id":9567461191,"event_type":"PAYOUT","status":"PAID_OUT","amount":10.1,"due_date":"2020-03-02"}],"location":{"lat":0}}"#;

/// Runs a payment of 10,10 up to the first look, and answers that with this.
fn told(text: &str) -> Vec<Output> {
    looked(&mut driver().pay(&euro(1_010)), text)
}

fn looked(talk: &mut Talk, text: &str) -> Vec<Output> {
    talk.on(Input::Begin);
    talk.on(Input::Answered { number: 1, status: 200, body: IDLE });
    talk.on(Input::Stored);
    talk.on(Input::Answered { number: 2, status: 201, body: ACCEPTED });
    talk.on(Input::Timer);
    talk.on(Input::Answered { number: 3, status: 200, body: text.as_bytes() })
}

#[test]
fn a_payment_is_asked_for_to_the_letter() {
    let mut talk = driver().pay(&euro(1_010));
    let at = "/v0.1/merchants/MH4H92C7/readers/rdr_3MSAFM23CK82VSTT4BN6RWSQ65";
    let first = asked(&talk.on(Input::Begin));
    assert_eq!(first, [("GET", format!("{at}/status"), String::new())]);
    let about = talk.on(Input::Answered { number: 1, status: 200, body: IDLE });
    let before = format!("sumup1 reader=rdr_3MSAFM23CK82VSTT4BN6RWSQ65 foreign={FOREIGN}");
    let said = Identity {
        tid: Some("rdr_3MSAFM23CK82VSTT4BN6RWSQ65".to_owned()),
        software: Some("3.3.39.0".to_owned()),
        ..Identity::default()
    };
    assert_eq!(about, [Output::Reported(Box::new(said)), Output::About(Before(before))]);
    let body = format!(
        r#"{{"affiliate":{{"app_id":"com.example.till","foreign_transaction_id":"{FOREIGN}","key":"affiliate-secret"}},"total_amount":{{"currency":"EUR","minor_unit":2,"value":1010}}}}"#
    );
    let checkout = asked(&talk.on(Input::Stored));
    assert_eq!(checkout, [("POST", format!("{at}/checkout"), body)]);
    assert!(asked(&talk.on(Input::Answered { number: 2, status: 201, body: ACCEPTED })).is_empty());
    let look = "/v2.1/merchants/MH4H92C7/transactions?client_transaction_id=urn%3Asumup%3Apos%3Asale%3AMH4H92C7%3A1D4E%3B2";
    assert_eq!(asked(&talk.on(Input::Timer)), [("GET", look.to_owned(), String::new())]);
    let stop = asked(&talk.on(Input::CancelAsked));
    assert_eq!(stop, [("POST", format!("{at}/terminate"), "{}".to_owned())]);
    assert!(talk.on(Input::CancelAsked).is_empty(), "once");
}

#[test]
fn tips_are_offered_to_the_letter_where_the_till_wants_it() {
    let mut talk = driver().pay(&Ask { tips: true, ..euro(1_010) });
    talk.on(Input::Begin);
    talk.on(Input::Answered { number: 1, status: 200, body: IDLE });
    let body = format!(
        r#"{{"affiliate":{{"app_id":"com.example.till","foreign_transaction_id":"{FOREIGN}","key":"affiliate-secret"}},"tip_rates":[0.05,0.10,0.15],"tip_timeout":60,"total_amount":{{"currency":"EUR","minor_unit":2,"value":1010}}}}"#
    );
    assert_eq!(asked(&talk.on(Input::Stored))[0].2, body);
    // What the reader is at, while the customer chooses.
    talk.on(Input::Answered { number: 2, status: 201, body: ACCEPTED });
    talk.on(Input::Timer);
    talk.on(Input::Answered { number: 3, status: 404, body: b"" });
    let choosing = br#"{"data":{"status":"ONLINE","state":"SELECTING_TIP"}}"#;
    let shown = talk.on(Input::Answered { number: 4, status: 200, body: choosing });
    let tip = Output::Progress(Progress { code: "choose_tip", text: None });
    assert!(shown.contains(&tip), "{shown:?}");
}

#[test]
fn what_was_booked_is_what_was_asked_and_the_tip_or_a_person_looks() {
    let differs = Some((Why::AmountDiffers, "other_amount"));
    for (all, tip, amount, given, misfit) in [
        ("11.61", "1.51", 1_010, 151, None),
        ("10.1", "0", 1_010, 0, None),
        ("10.1", "null", 1_010, 0, None),
        ("11.61", "null", 1_161, 0, differs),
        ("10.1", "1.51", 859, 151, differs),
        ("11.61", "1", 1_061, 100, differs),
    ] {
        let said = PAID
            .replacen("\"amount\":10.1", &format!("\"amount\":{all}"), 1)
            .replace("\"tip_amount\":0", &format!("\"tip_amount\":{tip}"));
        let mut talk = driver().pay(&Ask { tips: true, ..euro(1_010) });
        let outcome = looked(&mut talk, &said);
        let [Output::Outcome(Said::Approved(paid))] = &outcome[..] else { panic!("{outcome:?}") };
        assert_eq!((paid.amount, paid.tip), (amount, given), "{all} {tip}");
        let end = talk.on(Input::Stored);
        let expected = match misfit {
            None => End::Acknowledged(paid.clone()),
            Some((why, detail)) => End::Unknown { why, detail },
        };
        assert_eq!(end, [Output::Done(expected)], "{all} {tip}");
    }
    for tip in ["10.2", "-1"] {
        let tip = format!("\"tip_amount\":{tip}");
        let doubt = told(&PAID.replace("\"tip_amount\":0", &tip));
        let no_amount = End::Unknown { why: Why::BadAnswer, detail: "no_amount" };
        assert_eq!(doubt, [Output::Done(no_amount)], "{tip}");
    }
}

#[test]
fn money_back_and_what_became_of_it_is_asked_to_the_letter() {
    let id = "6b425463-3e1b-431d-83fa-1e51c2925e99";
    let reference = payment::driver::Reference { receipt: id.to_owned(), trace: None };
    let look = format!("/v2.1/merchants/MH4H92C7/transactions?id={id}");
    // A part of it.
    let mut talk = driver().reverse(&euro(510), &reference);
    assert_eq!(asked(&talk.on(Input::Begin)), [("GET", look.clone(), String::new())]);
    let about = talk.on(Input::Answered { number: 1, status: 200, body: PAID.as_bytes() });
    let before = Before(format!("sumup1 of={id} refunded=0"));
    assert_eq!(about, [Output::About(before.clone())]);
    let path = format!("/v1.0/merchants/MH4H92C7/payments/{id}/refunds");
    let refund = asked(&talk.on(Input::Stored));
    assert_eq!(refund, [("POST", path, r#"{"amount":5.10}"#.to_owned())]);

    // As it shows afterwards: an event, and no other status.
    let event =
        r#""transaction_events":[{"id":2,"event_type":"REFUND","status":"REFUNDED","amount":5.1},"#;
    let after = PAID.replace("\"transaction_events\":[", event);
    let query = |ask| driver().query(&Purpose::Reversal(reference.clone()), &ask, &before);
    let mut talk = query(euro(510));
    assert_eq!(asked(&talk.on(Input::Begin)), [("GET", look, String::new())]);
    let found = talk.on(Input::Answered { number: 1, status: 200, body: after.as_bytes() });
    assert!(matches!(&found[..], [Output::Outcome(Said::Approved(a))] if a.amount == 510));
    // Somebody gave more of it back, or less.
    for other in [500, 520] {
        let mut talk = query(euro(other));
        talk.on(Input::Begin);
        let end = talk.on(Input::Answered { number: 1, status: 200, body: after.as_bytes() });
        let unknown = End::Unknown { why: Why::AmountDiffers, detail: "other_amount" };
        assert_eq!(end, [Output::Done(unknown)], "{other}");
    }
    // What failed was not given back.
    let failed = after.replace("\"REFUNDED\"", "\"FAILED\"");
    let mut talk = query(euro(510));
    talk.on(Input::Begin);
    let again = talk.on(Input::Answered { number: 1, status: 200, body: failed.as_bytes() });
    assert!(matches!(&again[..], [Output::StartTimer { pause: true, .. }]), "{again:?}");
}

#[test]
fn no_more_is_given_back_than_there_is() {
    let id = "6b425463-3e1b-431d-83fa-1e51c2925e99";
    let reference = payment::driver::Reference { receipt: id.to_owned(), trace: None };
    let back = |amount: i64, text: &str| {
        let mut talk = driver().reverse(&euro(amount), &reference);
        talk.on(Input::Begin);
        talk.on(Input::Answered { number: 1, status: 200, body: text.as_bytes() })
    };
    let event =
        r#""transaction_events":[{"event_type":"REFUND","status":"PENDING","amount":10.1},"#;
    let all = PAID.replace("\"transaction_events\":[", event);
    let cancelled = |code| [Output::Done(End::NoMoney(Said::Cancelled { code }))];
    assert_eq!(back(1, &all), cancelled("already_reversed"));
    let declined = End::NoMoney(Said::Declined { code: "amount_too_high", text: None });
    assert_eq!(back(1_011, PAID), [Output::Done(declined)]);
    assert_eq!(back(1, &PAID.replace("\"EUR\"", "\"CHF\"")), cancelled("wrong_currency"));
    assert_eq!(back(1, &PAID.replace("SUCCESSFUL", "FAILED")), cancelled("bad_reference"));
    assert_eq!(back(1, &PAID.replace("6b425463", "7b425463")), cancelled("bad_reference"));
    assert_eq!(back(1, "nonsense"), cancelled("protocol_error"));
}

#[test]
fn a_payment_is_believed_when_all_of_it_fits() {
    let outputs = told(PAID);
    let [Output::Outcome(Said::Approved(paid))] = &outputs[..] else { panic!("{outputs:?}") };
    assert_eq!((paid.amount, paid.tip, paid.currency.as_str()), (1_010, 0, "EUR"));
    assert_eq!(paid.tid.as_deref(), Some("rdr_3MSAFM23CK82VSTT4BN6RWSQ65"));
    assert_eq!(paid.receipt.as_deref(), Some("6b425463-3e1b-431d-83fa-1e51c2925e99"));
    assert_eq!(paid.trace.as_deref(), Some("TEENSK4W2K"));
    assert_eq!((paid.scheme.as_deref(), paid.last4.as_deref()), (Some("Visa"), Some("3456")));
    assert_eq!(paid.entry, Some(payment::driver::Entry::Chip));
    let unknown = |text: &str| match &told(text)[..] {
        [Output::Done(End::Unknown { why, detail })] => (*why, *detail),
        other => panic!("{other:?}"),
    };
    let changed = |from: &str, to: &str| {
        assert!(PAID.contains(from));
        PAID.replace(from, to)
    };
    for (from, to, expected) in [
        (FOREIGN, "x", (Why::BadAnswer, "other_sale")),
        ("1D4E;2", "1D4E;3", (Why::BadAnswer, "other_sale")),
        (
            "\"merchant_code\":\"MH4H92C7\"",
            "\"merchant_code\":\"M2\"",
            (Why::TerminalDiffers, "other_merchant"),
        ),
        (
            "\"amount\":10.1,\"currency\"",
            "\"amount\":10.101,\"currency\"",
            (Why::BadAnswer, "no_amount"),
        ),
        ("\"SUCCESSFUL\"", "\"REFUNDED\"", (Why::BadAnswer, "refunded")),
        ("\"SUCCESSFUL\"", "\"NEW_WORD\"", (Why::BadAnswer, "unreadable")),
    ] {
        assert_eq!(unknown(&changed(from, to)), expected, "{to}");
    }
    // A payment without any name could be anybody's.
    let nameless = changed("foreign_transaction_id", "a").replace("client_transaction_id", "b");
    assert_eq!(unknown(&nameless), (Why::BadAnswer, "other_sale"));
    // It is looked again at what cannot be read, at what is not there, and at what is not over.
    for text in
        ["", "[]", "{}", &changed("\"SUCCESSFUL\"", "\"PENDING\""), &changed("10.1", "\"10\"")]
    {
        let status = asked(&told(text));
        assert!(status.len() == 1 && status[0].1.ends_with("/status"), "{text}");
    }
}

#[test]
fn a_tip_stands_beside_the_amount() {
    let outputs = told(&PAID.replace("\"tip_amount\":0", "\"tip_amount\":1.1"));
    let [Output::Outcome(Said::Approved(paid))] = &outputs[..] else { panic!("{outputs:?}") };
    assert_eq!((paid.amount, paid.tip), (900, 110));
}

#[test]
fn what_readers_say_is_read() {
    let Some(Data { data: how }) = read::<Data<Status>>(IDLE) else { panic!() };
    assert_eq!((how.status.as_str(), how.state.as_deref()), ("ONLINE", Some("IDLE")));
    let reader = br#"{"id":"rdr_3MSAFM23CK82VSTT4BN6RWSQ65","name":"Frontdesk","status":"paired","device":{"identifier":"U1DT3NA00-CN","model":"solo"},"meta":{},"created_at":"2023-01-18T15:16:17Z","updated_at":"2023-01-20T15:16:17Z"}"#;
    assert_eq!(
        read::<Reader>(reader).map(|r| r.device.identifier).as_deref(),
        Some("U1DT3NA00-CN")
    );
    for word in ["PENDING", "SUCCESSFUL", "CANCELLED", "FAILED", "REFUNDED"] {
        let said: Standing = serde_json::from_str(&format!("\"{word}\"")).expect("a word");
        assert_ne!(said, Standing::Other, "{word}");
    }
    let long = vec![b' '; nexo::LONGEST + 1];
    assert!(read::<Transaction>(&long).is_none());
}

#[test]
fn a_whole_card_number_and_the_keys_come_through_nowhere() {
    const PAN: &str = "5598845555548074";
    let text = PAID
        .replace("\"3456\"", &format!("\"{PAN}\""))
        .replace("\"VISA\"", &format!("\"Card {PAN}\""))
        .replace("\"053201\"", &format!("\"{PAN}\""))
        .replace("\"TEENSK4W2K\"", "\"5598-8455-5554-8074\"")
        .replace("\"x\"", &format!("\"{PAN}\""));
    let outputs = told(&text);
    let shown = format!("{outputs:?} {:?}", read::<Transaction>(PAID.as_bytes()));
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    assert!(!digits.contains(PAN), "{shown}");
    let [Output::Outcome(Said::Approved(paid))] = &outputs[..] else { panic!("{outputs:?}") };
    assert_eq!((paid.last4.as_deref(), paid.trace.as_deref()), (Some("8074"), None));
    // Neither the driver nor what it sends shows a key.
    let mut talk = driver().pay(&euro(1));
    talk.on(Input::Begin);
    talk.on(Input::Answered { number: 1, status: 200, body: IDLE });
    let sent = talk.on(Input::Stored);
    let key = payment::sumup::credential(&secret()).expect("a key");
    let shown = format!("{:?} {sent:?} {key:?}", driver());
    assert!(!shown.contains("secret"), "{shown}");
}

#[test]
fn keys_that_cannot_be_are_refused() {
    let bad = |change: fn(&mut Secret)| {
        let mut secret = secret();
        change(&mut secret);
        check_secret(&secret)
    };
    assert_eq!(bad(|_| {}), Ok(()));
    assert_eq!(bad(|s| s.api_key.clear()), Err(BadSettings::Key));
    assert_eq!(bad(|s| s.api_key.push('\n')), Err(BadSettings::Key));
    assert_eq!(bad(|s| s.app_id = "x".repeat(201)), Err(BadSettings::Key));
    assert_eq!(bad(|s| s.affiliate_key = "a b".to_owned()), Err(BadSettings::Key));
    assert!(matches!(bad(|s| s.root = Some("x".to_owned())), Err(BadSettings::Tls(_))));
}

#[test]
fn a_thousand_broken_messages_are_read_or_refused() {
    let mut seed = 0x5deb_eef5_u64;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("fits") % below
    };
    let seeds: [&[u8]; 4] =
        [IDLE, ACCEPTED, PAID.as_bytes(), br#"{"errors":{"type":"READER_BUSY"}}"#];
    for seed in seeds {
        assert!(fuzz::message(seed));
    }
    let parts: [&[u8]; 8] =
        [b"null", b"-1", b"1e99", b"\"\"", b"{}", b"[[", b"99999999999999999999", b"\xff"];
    for round in 0..1_000 {
        let mut bytes = seeds[round % seeds.len()].to_vec();
        for _ in 0..=next(3) {
            let at = next(bytes.len());
            match next(4) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = u8::try_from(next(256)).expect("a byte"),
                2 => drop(bytes.splice(at..at, parts[next(parts.len())].iter().copied())),
                _ => {
                    let to = (at + next(12)).min(bytes.len());
                    drop(bytes.splice(at..to, parts[next(parts.len())].iter().copied()));
                }
            }
            if bytes.is_empty() {
                bytes.push(b'{');
            }
        }
        assert!(fuzz::message(&bytes), "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn whatever_happens_in_whatever_order_money_is_asked_for_once_and_it_ends_once() {
    use payment::driver::NotAnswered;
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let id = "6b425463-3e1b-431d-83fa-1e51c2925e99";
    let reference = payment::driver::Reference { receipt: id.to_owned(), trace: None };
    let before = |text: &str| Before(text.to_owned());
    let paid = before(&format!("sumup1 reader=rdr_3MSAFM23CK82VSTT4BN6RWSQ65 foreign={FOREIGN}"));
    let back = before(&format!("sumup1 of={id} refunded=0"));
    let mut ended = 0;
    for round in 0..6_000 {
        let mut talk: Box<dyn Conversation> = match round % 6 {
            0 => driver().pay(&euro(1_010)),
            1 => driver().reverse(&euro(1_010), &reference),
            2 => driver().query(&Purpose::Payment, &euro(1_010), &paid),
            3 => driver().query(&Purpose::Reversal(reference.clone()), &euro(1_010), &back),
            4 => driver().identity(),
            _ => driver().refund(&euro(1_010)),
        };
        let (mut ends, mut about, mut money) = (0, false, 0);
        for step in 0..16 {
            let number = 1 + u8::try_from(next(5)).expect("small");
            let body =
                [IDLE, ACCEPTED, PAID.as_bytes(), b"{}"][usize::try_from(next(4)).expect("small")];
            let input = match next(12) {
                _ if step == 0 => Input::Begin,
                0 => Input::Begin,
                1 => Input::Connected,
                2 => Input::Bytes(b"x"),
                3 | 4 => Input::Answered { number, status: 200, body },
                5 => Input::Answered { number, status: 404, body },
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
                money += usize::from(matches!(output, Output::Post { number: 2, .. }));
            }
        }
        assert!(money <= 1 && (about || money == 0) && (round % 6 < 2 || money == 0));
        ended += ends;
    }
    assert!(ended > 2_000, "{ended}");
}
