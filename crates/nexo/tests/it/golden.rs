//! What is written, to the byte; and what is read of what terminals write.

use nexo::message::{
    ASK_GRATUITY, AbortRequest, DiagnosisRequest, Last4, PaymentData, SaleData,
    TransactionStatusRequest,
};
use nexo::wire::{self, Answer, Ask, Unreadable};
use nexo::words::{Category, Condition, Document, EntryMode, Outcome, PaymentType};

use crate::given::{header, payment, reference, reversal};

fn written(ask: &Ask) -> String {
    let bytes = wire::write_request(&header(ask.category()), ask).unwrap();
    assert_eq!(wire::read_request(&bytes), Ok((header(ask.category()), ask.clone())));
    String::from_utf8(bytes).unwrap()
}

fn head(category: &str) -> String {
    format!(
        "{{\"SaleToPOIRequest\":{{\"MessageHeader\":{{\"ProtocolVersion\":\"3.0\",\
         \"MessageClass\":\"Service\",\"MessageCategory\":\"{category}\",\"MessageType\":\"Request\",\
         \"SaleID\":\"Tresen\",\"ServiceID\":\"K7M2Q9\",\"POIID\":\"P400Plus-275039202\"}},"
    )
}

#[test]
fn a_payment_is_written_exactly() {
    let sale = "\"PaymentRequest\":{\"SaleData\":{\"SaleTransactionID\":{\"TransactionID\":\"attempt-1\",\
                \"TimeStamp\":\"2026-11-25T13:30:00Z\"}},\"PaymentTransaction\":{\"AmountsReq\":";
    for (ask, amounts) in [
        (payment(1_099, 2, "EUR"), r#"{"Currency":"EUR","RequestedAmount":10.99}"#),
        (payment(500, 0, "JPY"), r#"{"Currency":"JPY","RequestedAmount":500}"#),
        (payment(1_500, 3, "KWD"), r#"{"Currency":"KWD","RequestedAmount":1.500}"#),
    ] {
        assert_eq!(written(&ask), format!("{}{sale}{amounts}}}}}}}}}", head("Payment")));
    }
    let Ask::Payment(mut tipped) = payment(100, 2, "EUR") else { panic!() };
    tipped.sale_data.for_acquirer = Some(ASK_GRATUITY.to_owned());
    assert!(written(&Ask::Payment(tipped)).contains(
        r#""TimeStamp":"2026-11-25T13:30:00Z"},"SaleToAcquirerData":"tenderOption=AskGratuity"},"PaymentTransaction""#
    ));
    let Ask::Payment(mut refund) = payment(100, 2, "EUR") else { panic!() };
    refund.payment_data = Some(PaymentData { payment_type: PaymentType::Refund });
    let refund = written(&Ask::Payment(refund));
    assert!(refund.ends_with(
        r#"{"Currency":"EUR","RequestedAmount":1.00}},"PaymentData":{"PaymentType":"Refund"}}}}"#
    ));
}

#[test]
fn whether_a_tip_is_asked_for_is_read_among_other_options() {
    let Ask::Payment(payment) = payment(100, 2, "EUR") else { panic!() };
    let asks = |text: &str| {
        let for_acquirer = Some(text.to_owned());
        SaleData { for_acquirer, ..payment.sale_data.clone() }.asks_gratuity()
    };
    assert!(!payment.sale_data.asks_gratuity());
    for yes in [ASK_GRATUITY, "store=1&tenderOption=ReceiptHandler,AskGratuity"] {
        assert!(asks(yes), "{yes}");
    }
    for no in ["", "AskGratuity", "tenderOption=", "tenderOption=NoAskGratuity", "x=AskGratuity"] {
        assert!(!asks(no), "{no}");
    }
}

#[test]
fn the_other_requests_are_written_exactly() {
    let expected = [
        (
            reversal(),
            r#""ReversalRequest":{"OriginalPOITransaction":{"POITransactionID":{"TransactionID":"4r7i001557325515012.8815573255107661","TimeStamp":"2026-11-25T13:30:00Z"}},"ReversalReason":"MerchantCancel","SaleData":{"SaleTransactionID":{"TransactionID":"attempt-2","TimeStamp":"2026-11-25T13:30:00Z"}}}"#,
            "Reversal",
        ),
        (
            Ask::Abort(AbortRequest {
                abort_reason: "MerchantAbort".to_owned(),
                message_reference: reference(),
            }),
            r#""AbortRequest":{"AbortReason":"MerchantAbort","MessageReference":{"MessageCategory":"Payment","SaleID":"Tresen","ServiceID":"K7M2Q9"}}"#,
            "Abort",
        ),
        (
            Ask::TransactionStatus(TransactionStatusRequest {
                receipt_reprint_flag: true,
                document_qualifier: vec![Document::CashierReceipt, Document::CustomerReceipt],
                message_reference: reference(),
            }),
            r#""TransactionStatusRequest":{"ReceiptReprintFlag":true,"DocumentQualifier":["CashierReceipt","CustomerReceipt"],"MessageReference":{"MessageCategory":"Payment","SaleID":"Tresen","ServiceID":"K7M2Q9"}}"#,
            "TransactionStatus",
        ),
        (
            Ask::Diagnosis(DiagnosisRequest { host_diagnosis_flag: true }),
            r#""DiagnosisRequest":{"HostDiagnosisFlag":true}"#,
            "Diagnosis",
        ),
    ];
    for (ask, body, category) in expected {
        assert_eq!(written(&ask), format!("{}{body}}}}}", head(category)));
    }
}

/// As a terminal writes it, with much that is not read.
const ANSWER: &str = r#"{"SaleToPOIResponse":{"PaymentResponse":{
  "Response":{"Result":"Success","AdditionalResponse":"tid=75039202&expiryDate=12%2f2025&cardHolderName=J%20Doe&refusalReason="},
  "SaleData":{"SaleTransactionID":{"TransactionID":"attempt-1","TimeStamp":"2026-11-25T13:30:00.000Z"},"Unknown":[1,{"a":null}]},
  "POIData":{"POIReconciliationID":"1000","POITransactionID":{"TimeStamp":"2019-05-08T14:25:15.000Z","TransactionID":"4r7i001557325515012.8815573255107661"}},
  "PaymentResult":{"OnlineFlag":true,"AmountsResp":{"AuthorizedAmount":1.0E1,"Currency":"EUR","TipAmount":0.5},
    "PaymentAcquirerData":{"AcquirerPOIID":"P400Plus-275039202","ApprovalCode":"123456","MerchantID":"M"},
    "PaymentInstrumentData":{"PaymentInstrumentType":"Card","CardData":{"CardCountryCode":"056","EntryMode":["Contactless","Teleported"],
      "MaskedPan":"541333 **** 0010","PaymentBrand":"mc","SensitiveCardData":{"CardSeqNumb":"01","ExpiryDate":"1225"}}}},
  "PaymentReceipt":[{"DocumentQualifier":"CustomerReceipt","RequiredSignatureFlag":false,"OutputContent":{"OutputFormat":"Text","OutputText":[
    {"CharacterStyle":"Bold","EndOfLineFlag":true,"Text":"key=header1"},
    {"EndOfLineFlag":true,"Text":"name=Date&value=08%2f05%2f19&key=txdate"},
    {"EndOfLineFlag":false,"Text":"name=TOTAL"},{"EndOfLineFlag":true,"Text":"value=%e2%82%ac%c2%a01.00&key=totalAmount"},
    {"Text":"THANK+YOU"}]}}]},
  "MessageHeader":{"MessageCategory":"Payment","MessageClass":"Service","MessageType":"Response","POIID":"P400Plus-275039202","ProtocolVersion":"3.0","SaleID":"Tresen","ServiceID":"K7M2Q9"}}}"#;

#[test]
fn an_answer_is_read_with_what_is_needed_and_without_the_card() {
    let (read, answer) = wire::read_response(ANSWER.as_bytes()).unwrap();
    assert_eq!(read, header(Category::Payment).answer());
    let Answer::Payment(payment) = answer else { panic!() };
    assert_eq!(payment.response.result, Outcome::Success);
    assert_eq!(payment.response.reason.0, None);
    let result = payment.payment_result.clone().unwrap();
    let amounts = result.amounts_resp.unwrap();
    assert_eq!(amounts.authorized_amount.minor(2), Ok(1_000));
    assert_eq!(amounts.tip_amount.map(|tip| tip.minor(2)), Some(Ok(50)));
    let card = result.payment_instrument_data.unwrap().card_data.unwrap();
    assert_eq!(card.last4.digits(), Some("0010"));
    assert_eq!(card.entry_mode, [EntryMode::Contactless, EntryMode::Other]);
    assert_eq!(
        payment.payment_receipt[0].lines(),
        ["", "Date 08/05/19", "TOTAL €\u{a0}1.00", "THANK YOU"]
    );
    let shown = format!("{payment:?}");
    for secret in ["541333", "1225", "J Doe", "2025"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn a_refusal_says_why() {
    let text = ANSWER
        .replace("\"Result\":\"Success\"", "\"Result\":\"Failure\",\"ErrorCondition\":\"Refusal\"");
    let text = text.replace("refusalReason=", "refusalReason=210%20Not%20enough%2Bbalance");
    let (_, answer) = wire::read_response(text.as_bytes()).unwrap();
    let Answer::Payment(payment) = answer else { panic!() };
    assert_eq!(payment.response.error_condition, Some(Condition::Refusal));
    assert_eq!(payment.response.reason.0.as_deref(), Some("210 Not enough+balance"));
}

#[test]
fn what_the_cloud_says_instead_of_a_terminal_is_told_apart() {
    let event = r#"{"SaleToPOIRequest":{"EventNotification":{"TimeStamp":"2026-11-25T13:30:00.000Z","EventToNotify":"Reject","EventDetails":"message=Did%20not%20receive%20a%20response%20from%20the%20POI."},"MessageHeader":{"SaleID":"Tresen","ProtocolVersion":"3.0","MessageType":"Notification","POIID":"P400Plus-275039202","MessageClass":"Event","MessageCategory":"Event","DeviceID":"1"}}}"#;
    let said = wire::read_event(event.as_bytes()).map(|said| said.event_to_notify);
    assert_eq!(said.as_deref(), Ok("Reject"));
    assert_eq!(wire::read_response(event.as_bytes()), Err(Unreadable::Form));
    assert_eq!(wire::read_event(ANSWER.as_bytes()), Err(Unreadable::Form));
    assert_eq!(wire::read_event(&vec![b' '; nexo::LONGEST + 1]), Err(Unreadable::TooLong));
    // A thousand broken ones are read or refused.
    let mut seed = 0x5deb_eef5_u64;
    for _ in 0..1_000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut bytes = if seed >> 63 == 0 { event } else { ANSWER }.as_bytes().to_vec();
        let at = usize::try_from(seed >> 33).unwrap() % bytes.len();
        if seed >> 62 & 1 == 0 {
            bytes.truncate(at)
        } else {
            bytes[at] = seed.to_le_bytes()[2]
        }
        let _ = (wire::read_event(&bytes), wire::read_response(&bytes), wire::read_request(&bytes));
    }
}

#[test]
fn every_condition_is_read_and_one_that_is_new_as_well() {
    for condition in Condition::ALL {
        let word = serde_json::to_string(&condition).unwrap();
        assert_eq!(serde_json::from_str::<Condition>(&word).unwrap(), condition);
    }
    assert_eq!(serde_json::from_str::<Condition>("\"NewWord\"").unwrap(), Condition::Other);
}

#[test]
fn header_and_body_belong_together() {
    let other = header(Category::Diagnosis);
    assert_eq!(wire::write_request(&other, &reversal()), Err(Unreadable::Body));
    let answer = header(Category::Reversal).answer();
    assert_eq!(wire::write_request(&answer, &reversal()), Err(Unreadable::Body));
    for (from, to) in [
        ("\"MessageCategory\":\"Payment\"", "\"MessageCategory\":\"Reversal\""),
        ("\"MessageType\":\"Response\"", "\"MessageType\":\"Request\""),
        ("\"PaymentResponse\":", "\"Nothing\":"),
        (
            "\"PaymentResponse\":",
            "\"DiagnosisResponse\":{\"Response\":{\"Result\":\"Success\"}},\"PaymentResponse\":",
        ),
    ] {
        let text = ANSWER.replace(from, to);
        assert_eq!(wire::read_response(text.as_bytes()), Err(Unreadable::Body), "{to}");
    }
    let long = vec![b' '; nexo::LONGEST + 1];
    assert_eq!(wire::read_response(&long), Err(Unreadable::TooLong));
    for bad in ["", "null", "[]", "{\"SaleToPOIResponse\":{}}", &"[".repeat(100_000)] {
        assert_eq!(wire::read_response(bad.as_bytes()), Err(Unreadable::Form));
    }
    let quoted = ANSWER.replace("1.0E1", "\"10\"");
    assert_eq!(wire::read_response(quoted.as_bytes()), Err(Unreadable::Form));
}

#[test]
fn of_a_card_number_four_digits_stay_whatever_its_mask() {
    for (masked, last4) in [
        ("541333 **** 9999", Some("9999")),
        ("5413339000009999", Some("9999")),
        ("************0010 ", Some("0010")),
        ("541333******", None),
        ("12", None),
        ("", None),
        ("日本語日本語", None),
    ] {
        assert_eq!(Last4::of(masked).digits(), last4, "{masked}");
    }
}
