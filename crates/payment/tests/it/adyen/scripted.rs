//! What a terminal says word by word, without one.

use payment::adyen::Adyen;
use payment::driver::{Ask, Before, Input, Output, Purpose, Talk, Why};
use payment::{Driver, End, Said};
use serde_json::{Value, json};

use super::kit::{draw, setup};
use crate::kit::euro;

const AMOUNT: i64 = 1_000;

fn driver() -> Adyen {
    Adyen::in_cloud(("Shop", &setup().poi_id), ("EUR", 2), draw).expect("there can be such one")
}

/// What was posted last: its number and its message.
fn posted(outputs: &[Output]) -> (u8, Value) {
    let post = outputs.iter().rev().find_map(|output| match output {
        Output::Post { number, body, .. } => Some((*number, body.0.clone())),
        _ => None,
    });
    let (number, body) = post.expect("something is posted");
    (number, serde_json::from_slice::<Value>(&body).expect("JSON")["SaleToPOIRequest"].take())
}

fn header_of_answer(request: &Value) -> Value {
    let mut header = request["MessageHeader"].clone();
    header["MessageType"] = json!("Response");
    header
}

/// Answers what was posted last.
fn answer(talk: &mut Talk, outputs: &[Output], kind: &str, said: Value) -> Vec<Output> {
    let (number, request) = posted(outputs);
    let body =
        json!({"SaleToPOIResponse": {"MessageHeader": header_of_answer(&request), kind: said}});
    let body = body.to_string();
    talk.on(Input::Answered { number, status: 200, body: body.as_bytes() })
}

/// A payment of which the terminal has been asked: what was posted, and what was written down.
fn asked(ask: &Ask) -> (Talk, Vec<Output>, Before) {
    let mut talk = driver().pay(ask);
    let how = talk.on(Input::Begin);
    let fine = json!({"Response": {"Result": "Success"}});
    let noted = answer(&mut talk, &how, "DiagnosisResponse", fine);
    let before = noted.iter().find_map(|output| match output {
        Output::About(before) => Some(before.clone()),
        _ => None,
    });
    let money = talk.on(Input::Stored);
    (talk, money, before.expect("it is written down"))
}

fn paid(said: &Value) -> Vec<Output> {
    let (mut talk, money, _) = asked(&euro(AMOUNT));
    answer(&mut talk, &money, "PaymentResponse", said.clone())
}

/// The same answer, repeated when it is asked what became of the message.
fn found_out(said: &Value) -> Vec<Output> {
    let (_, money, before) = asked(&euro(AMOUNT));
    let header = header_of_answer(&posted(&money).1);
    let mut talk = driver().query(&Purpose::Payment, &euro(AMOUNT), &before);
    let question = talk.on(Input::Begin);
    let body = json!({"PaymentResponse": said});
    let repeated = json!({"MessageHeader": header, "RepeatedResponseMessageBody": body});
    let said = json!({"Response": {"Result": "Success"}, "RepeatedMessageResponse": repeated});
    answer(&mut talk, &question, "TransactionStatusResponse", said)
}

#[test]
fn money_that_is_asked_for_twice_under_the_same_name_is_two_messages() {
    let number = || posted(&asked(&euro(AMOUNT)).1).1["MessageHeader"]["ServiceID"].clone();
    assert_ne!(number(), number());
}

#[test]
fn what_became_of_a_sale_is_asked_under_the_name_that_it_had_then() {
    let then = Ask { key: "THEN-7-0".to_owned(), ..euro(AMOUNT) };
    let (_, money, before) = asked(&then);
    assert!(before.0.ends_with(" sale=THEN-7-0") && before.0.len() <= 100, "{before:?}");
    let header = header_of_answer(&posted(&money).1);
    let sale = json!({"SaleTransactionID": {"TransactionID": "THEN-7-0", "TimeStamp": then.time}});
    let no = json!({"Result": "Failure", "ErrorCondition": "Refusal"});
    let body = json!({"PaymentResponse": {"Response": no, "SaleData": sale}});
    let repeated = json!({"MessageHeader": header, "RepeatedResponseMessageBody": body});
    let said = json!({"Response": {"Result": "Success"}, "RepeatedMessageResponse": repeated});
    let now = Ask { key: "NOW-7-0".to_owned(), ..euro(AMOUNT) };
    let mut talk = driver().query(&Purpose::Payment, &now, &before);
    let question = talk.on(Input::Begin);
    let end = answer(&mut talk, &question, "TransactionStatusResponse", said);
    let declined = Said::Declined { code: "declined_by_host", text: None };
    assert_eq!(end, [Output::Done(End::NoMoney(declined))]);
}

#[test]
fn a_failure_without_a_reason_that_is_known_is_no_before_it_is_repeated() {
    for response in [
        json!({"Result": "Failure"}),
        json!({"Result": "Failure", "ErrorCondition": "SomethingNew"}),
    ] {
        let said = json!({"Response": response});
        let unclear = End::Unknown { why: Why::BadAnswer, detail: "no_reason" };
        assert_eq!(paid(&said), [Output::Done(unclear)]);
        let no = End::NoMoney(Said::Declined { code: "unknown", text: None });
        assert_eq!(found_out(&said), [Output::Done(no)]);
    }
}

#[test]
fn cash_from_the_drawer_is_a_doubt_and_is_not_recorded_as_what_was_booked() {
    let amounts = json!({"Currency": "EUR", "AuthorizedAmount": 12.0, "CashBackAmount": 2.0});
    let result = json!({"PaymentType": "Normal", "AmountsResp": amounts});
    let said = json!({"Response": {"Result": "Success"}, "PaymentResult": result});
    let doubt = [Output::Done(End::Unknown { why: Why::AmountDiffers, detail: "cashback" })];
    assert_eq!(paid(&said), doubt);
    assert_eq!(found_out(&said), doubt);
}

#[test]
fn a_tip_is_asked_for_with_a_payment_only_and_only_where_the_till_wants_it() {
    let tips = |tips| Ask { tips, ..euro(AMOUNT) };
    let sale = |money: &[Output]| posted(money).1["PaymentRequest"]["SaleData"].clone();
    let asks = sale(&asked(&tips(true)).1);
    assert_eq!(asks["SaleToAcquirerData"], "tenderOption=AskGratuity");
    assert_eq!(sale(&asked(&tips(false)).1).get("SaleToAcquirerData"), None);
    let mut refund = driver().refund(&tips(true));
    let how = refund.on(Input::Begin);
    answer(&mut refund, &how, "DiagnosisResponse", json!({"Response": {"Result": "Success"}}));
    assert_eq!(sale(&refund.on(Input::Stored)).get("SaleToAcquirerData"), None);
}

#[test]
fn what_was_authorised_is_what_was_asked_and_the_tip_or_a_person_looks() {
    let yes = |said: &[Output], amount: i64, tip: i64| matches!(said, [Output::Outcome(Said::Approved(a))] if (a.amount, a.tip) == (amount, tip));
    for (all, tip, amount, given, fits) in [
        (11.5, json!(1.5), AMOUNT, 150, true),
        (10.0, json!(0), AMOUNT, 0, true),
        (10.0, Value::Null, AMOUNT, 0, true),
        // A tip that is not told, or that is not in the sum, or not all that is in it.
        (11.5, Value::Null, 1_150, 0, false),
        (10.0, json!(1.5), 850, 150, false),
        (11.5, json!(1.0), 1_050, 100, false),
    ] {
        let amounts = json!({"Currency": "EUR", "AuthorizedAmount": all, "TipAmount": tip});
        let result = json!({"PaymentType": "Normal", "AmountsResp": amounts});
        let said = json!({"Response": {"Result": "Success"}, "PaymentResult": result});
        for outcome in [paid(&said), found_out(&said)] {
            assert!(yes(&outcome, amount, given), "{amounts} {outcome:?}");
        }
        let ask = Ask { tips: true, ..euro(AMOUNT) };
        let (mut talk, money, _) = asked(&ask);
        assert!(yes(&answer(&mut talk, &money, "PaymentResponse", said), amount, given));
        let ends = talk.on(Input::Stored);
        let differs = End::Unknown { why: Why::AmountDiffers, detail: "other_amount" };
        match ends.as_slice() {
            [Output::Done(End::Acknowledged(_))] => assert!(fits, "{amounts}"),
            ends => assert!(!fits && ends == [Output::Done(differs)], "{amounts} {ends:?}"),
        }
    }
    // More than all of it is no tip.
    for tip in [json!(12.0), json!(-1.5)] {
        let amounts = json!({"Currency": "EUR", "AuthorizedAmount": 10.0, "TipAmount": tip});
        let result = json!({"PaymentType": "Normal", "AmountsResp": amounts});
        let said = json!({"Response": {"Result": "Success"}, "PaymentResult": result});
        let doubt = [Output::Done(End::Unknown { why: Why::BadAnswer, detail: "no_amount" })];
        assert_eq!((paid(&said), found_out(&said)), (doubt.to_vec(), doubt.to_vec()), "{amounts}");
    }
}

#[test]
fn a_terminal_is_asked_again_to_give_up_for_it_may_not_have_had_the_request_yet() {
    let (mut talk, money, _) = asked(&euro(AMOUNT));
    let number = posted(&money).1["MessageHeader"]["ServiceID"].clone();
    let mut outputs = talk.on(Input::CancelAsked);
    let mut aborts = Vec::new();
    for _ in 0..3 {
        let (_, request) = posted(&outputs);
        assert_eq!(request["AbortRequest"]["MessageReference"]["ServiceID"], number);
        aborts.push(request["MessageHeader"]["ServiceID"].clone());
        outputs = talk.on(Input::Timer);
    }
    assert!(aborts[0] != aborts[1] && aborts[1] != aborts[2], "{aborts:?}");
    // Not for ever.
    let ends = (0..1_000).find_map(|_| match talk.on(Input::Timer).pop() {
        Some(Output::Done(end)) => Some(end),
        _ => None,
    });
    assert_eq!(ends, Some(End::Unknown { why: Why::NoAnswer, detail: "no_answer" }));
}
