//! XML as the machine's papers have it.

use glory::message::{Ask, Pieces, read, request, seq_no};

#[test]
fn requests_carry_their_number_and_their_session() {
    assert_eq!(
        request(Ask::Change(1_234), 42, Some("ab12")),
        "<ChangeRequest><Id>Tresen</Id><SeqNo>00000000042</SeqNo><SessionID>ab12</SessionID><Amount>1234</Amount><Option type=\"1\"/></ChangeRequest>\0"
    );
    assert_eq!(
        request(Ask::Inventory, 0, None),
        "<InventoryRequest><Id>Tresen</Id><SeqNo>00000000000</SeqNo><Option type=\"2\"/></InventoryRequest>\0"
    );
    assert_eq!(
        request(Ask::Status, 7, None),
        "<StatusRequest><Id>Tresen</Id><SeqNo>00000000007</SeqNo><RequireVerification type=\"1\"/></StatusRequest>\0"
    );
    assert_eq!(seq_no(123_456_789_012), "23456789012");
}

#[test]
fn nothing_that_the_machine_calls_its_session_is_taken_for_xml() {
    let said = request(Ask::Cancel, 1, Some("1</SessionID><Amount>9</Amount>"));
    assert!(said.contains("<SessionID>1SessionIDAmount9Amount</SessionID>"), "{said}");
}

#[test]
fn a_payment_says_what_was_put_in_and_what_was_given() {
    let xml = b"<BbxEventRequest><ChangeResponse result=\"0\"><SeqNo>00000000042</SeqNo>\
        <Cash type=\"1\"><Denomination fv=\"1000\"><Piece>2</Piece><Status>2</Status></Denomination></Cash>\
        <Cash type=\"2\"><Denomination fv=\"500\"><Piece>1</Piece><Status>1</Status></Denomination>\
        <Denomination fv=\"200\"><Piece>1</Piece></Denomination></Cash>\
        <TransactionId>99</TransactionId></ChangeResponse></BbxEventRequest>\x00\x04";
    let said = read(xml);
    assert_eq!(said.len(), 1);
    let message = &said[0];
    assert_eq!((message.name.as_str(), message.result), ("ChangeResponse", Some(0)));
    assert_eq!((message.sum(1), message.sum(2), message.sum(4)), (Some(2_000), Some(700), None));
    assert_eq!(message.cash[1].pieces[0], Pieces { value: 500, count: 1 });
    assert_eq!(message.transaction.as_deref(), Some("99"));
    assert_eq!(message.status, None, "how full a place is says nothing of the machine");
}

#[test]
fn notifications_stand_one_after_the_other() {
    let xml = b"<StatusChangeEvent><Status>4</Status><Amount>150</Amount></StatusChangeEvent>\
        <SpecialDeviceError><ErrorMessage>jam</ErrorMessage></SpecialDeviceError><StatusResponse result=\"0\"><Status><Code>1</Code></Status></StatusResponse>";
    let said = read(xml);
    let names: Vec<&str> = said.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["StatusChangeEvent", "SpecialDeviceError", "StatusResponse"]);
    assert_eq!((said[0].status, said[0].amount), (Some(4), Some(150)));
    assert_eq!(said[1].error.as_deref(), Some("jam"));
    assert_eq!(said[2].status, Some(1));
}

#[test]
fn what_is_no_xml_says_nothing() {
    for bad in [
        &b""[..],
        b"<",
        b"<a><b></a>",
        b"\xff\xfe",
        b"<ChangeResponse result=\"0\">",
        b"<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>",
    ] {
        assert!(read(bad).is_empty(), "{}", String::from_utf8_lossy(bad));
    }
    let deep = "<a>".repeat(10_000);
    assert!(read(deep.as_bytes()).is_empty());
    let huge = b"<ChangeResponse result=\"0\"><Cash type=\"1\"><Denomination fv=\"18446744073709551615\"><Piece>2</Piece></Denomination></Cash></ChangeResponse>";
    assert_eq!(read(huge)[0].sum(1), None, "more than there is money");
}
