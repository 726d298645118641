//! Texts to the simulators of the gateways, with each of their faults.

use std::time::Duration;

use messages::Outcome;
use messages::simulator::{Fault, SmsKind, SmsSink};
use messages::sms::{Gateway, send};

const PATIENCE: Duration = Duration::from_secs(20);
const TEXT: &str = "Ihr Beleg: https://bon.example/r/x#y & mehr, 2,49 €";

async fn gateway(kind: SmsKind) -> (SmsSink, Gateway) {
    let sink = SmsSink::new(kind, "geheim");
    let bound = sink.listen(([127, 0, 0, 1], 0).into()).await.expect("an address");
    let address = format!("http://{bound}");
    let (secret, from) = ("geheim".to_owned(), "Laden".to_owned());
    let gateway = match kind {
        SmsKind::Seven => Gateway::Seven { address: Some(address), key: secret, from },
        SmsKind::Twilio => Gateway::Twilio {
            address: Some(address),
            account: "AC1".to_owned(),
            token: secret,
            from,
        },
        SmsKind::Generic => Gateway::Http {
            address: format!("{address}/send"),
            media: "application/json".to_owned(),
            body: "{\"from\":\"Laden\",\"to\":\"{to}\",\"text\":\"{text}\"}".to_owned(),
            authorization: Some("Bearer {secret}".to_owned()),
            secret,
        },
    };
    (sink, gateway)
}

#[tokio::test]
async fn a_text_arrives_as_it_was_written_through_each_gateway() {
    for kind in [SmsKind::Seven, SmsKind::Twilio, SmsKind::Generic] {
        let (sink, gateway) = gateway(kind).await;
        assert_eq!(
            send(&gateway, "+491701234567", TEXT, PATIENCE).await,
            Outcome::Sent,
            "{kind:?}"
        );
        let came = sink.came();
        assert_eq!(came.len(), 1);
        let one = &came[0];
        assert_eq!(
            (one.from.as_str(), one.to.as_str(), one.body.as_str()),
            ("Laden", "+491701234567", TEXT)
        );
    }
}

#[tokio::test]
async fn each_fault_of_each_gateway_is_what_it_is() {
    for kind in [SmsKind::Seven, SmsKind::Twilio, SmsKind::Generic] {
        let (sink, gateway) = gateway(kind).await;
        let cases = [
            (Fault::Server, Outcome::NotSent { why: "server", again: true }, 0),
            (Fault::Refused, Outcome::NotSent { why: "refused", again: false }, 0),
            (Fault::Login, Outcome::NotSent { why: "login", again: true }, 0),
            (Fault::Gone, Outcome::Unknown { why: "no_answer" }, 0),
            (Fault::Lost, Outcome::Unknown { why: "no_answer" }, 1),
        ];
        for (fault, outcome, came) in cases {
            sink.set_fault(fault);
            assert_eq!(
                send(&gateway, "+491701234567", TEXT, PATIENCE).await,
                outcome,
                "{kind:?} {fault:?}"
            );
            assert_eq!(sink.came().len(), came, "{kind:?} {fault:?}");
        }
        sink.set_fault(Fault::Slow);
        let hasty = Duration::from_millis(300);
        assert_eq!(
            send(&gateway, "+491701234567", TEXT, hasty).await,
            Outcome::Unknown { why: "no_answer" }
        );
    }
}

#[tokio::test]
async fn nothing_goes_to_what_is_no_number_or_over_an_open_line() {
    let (sink, gateway) = gateway(SmsKind::Seven).await;
    for bad in ["", "+", "0170", "+49170\r\nX: y", "+49a"] {
        assert_eq!(
            send(&gateway, bad, TEXT, PATIENCE).await,
            Outcome::NotSent { why: "refused", again: false }
        );
    }
    assert!(sink.came().is_empty());
    let open = Gateway::Seven {
        address: Some("http://gateway.example".to_owned()),
        key: String::new(),
        from: String::new(),
    };
    assert_eq!(
        send(&open, "+491701234567", TEXT, PATIENCE).await,
        Outcome::NotSent { why: "bad_settings", again: false }
    );
    let nobody = Gateway::Seven {
        address: Some("http://127.0.0.1:1".to_owned()),
        key: String::new(),
        from: String::new(),
    };
    assert_eq!(
        send(&nobody, "+491701234567", TEXT, PATIENCE).await,
        Outcome::NotSent { why: "unreachable", again: true }
    );
}
