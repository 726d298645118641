//! The published vectors: recordings of terminals, and the tests of other libraries. They lie beside the
//! checkout, not in it; without them these tests say so.

use std::path::Path;

use serde_json::Value;
use zvt::apdu::{ApduError, Packet};
use zvt::bmp::{Fields, Flaw};
use zvt::command::Command;
use zvt::message::{Context, Message, Response};
use zvt::serial::{Event, FrameDecoder, crc16, encode_frame};
use zvt::status::StatusInformation;
use zvt::text::Charset;
use zvt::tlv::{self, Tlv};

use crate::given::*;

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn load() -> Option<Value> {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let file = "shared/data/payment_vectors.json";
    let Some(path) = folders.map(|folder| folder.join(file)).find(|path| path.is_file()) else {
        println!("skipped: no {file} beside the checkout");
        return None;
    };
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn upper_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The vectors' way of writing a container.
fn written(elements: &[Tlv]) -> Value {
    let one = |element: &Tlv| {
        let tag = format!("{:02X}", element.tag());
        let value = match element.content() {
            Some(content) => Value::from(upper_hex(content)),
            None => written(element.children()),
        };
        Value::from(vec![Value::from(tag), value])
    };
    Value::from(elements.iter().map(one).collect::<Vec<_>>())
}

/// The fields of a packet as the vectors' own decoder saw them.
fn check_fields(id: &str, data: &[u8], expected: &Value) {
    let mut fields = Fields::new(data);
    let mut count = 0;
    for (tag, content) in fields.by_ref() {
        let theirs = &expected[format!("{tag:02X}")];
        if tag == 0x06 {
            let (elements, flaw) = tlv::decode(content);
            assert_eq!((&written(&elements), flaw), (theirs, None), "{id}: tags");
            assert_eq!(tlv::encode(&elements), content, "{id}: tags written again");
        } else {
            assert_eq!(upper_hex(content), text(theirs), "{id}: field {tag:02X}");
        }
        count += 1;
    }
    // The card number is not handed out.
    let expected = expected.as_object().unwrap().keys().filter(|tag| *tag != "22").count();
    assert_eq!((count, fields.flaw()), (expected, None), "{id}");
}

/// The fields, in an order that does not matter, without those that no type keeps.
fn kept_fields(data: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let dropped = [0x0e, 0x17, 0x8c, 0x22, 0x06];
    let mut fields: Vec<(u8, Vec<u8>)> = Fields::new(data)
        .filter(|(tag, _)| !dropped.contains(tag))
        .map(|(tag, content)| (tag, content.to_vec()))
        .collect();
    fields.sort();
    fields
}

/// Read, written and read again it is the same, whatever it is.
fn check_message(id: &str, packet: &Packet) -> &'static str {
    if let Ok(command) = Command::decode(packet) {
        let again = command.encode().unwrap();
        assert_eq!(Command::decode(&again), Ok(command), "{id}");
        assert_eq!(again.data().len(), packet.data().len(), "{id}");
        return "command";
    }
    if let Some(response) = Response::decode(packet) {
        assert_eq!(Response::decode(&response.encode()), Some(response), "{id}");
        return "response";
    }
    let cursed = id.contains("cursed") || id.ends_with("1680728219.054216000_pt_ecr.blob");
    let context = Context { status_enquiry: cursed, ..Context::default() };
    let message = Message::decode(packet, context);
    let again = message.encode(context).unwrap();
    match message {
        Message::Status(status) => {
            assert_eq!(status.flaw, None, "{id}");
            assert_eq!(kept_fields(again.data()), kept_fields(packet.data()), "{id}");
            let known = StatusInformation { unknown_tags: 0, ..*status };
            assert_eq!(Message::decode(&again, context), Message::Status(Box::new(known)), "{id}");
            "status"
        }
        Message::Unsupported(..) => "unsupported",
        Message::Completion(completion) if completion.flaw.is_some() => {
            // A maker's own command answered with text, where fields would be.
            assert!(id.contains("1680761818.768770000"), "{id}: {completion:?}");
            "completion that is none"
        }
        Message::Completion(completion) => {
            let known = zvt::message::Completion { unknown_tags: 0, ..completion };
            assert_eq!(Message::decode(&again, context), Message::Completion(known), "{id}");
            "completion"
        }
        message => {
            assert_eq!(Message::decode(&again, context), message, "{id}");
            "message"
        }
    }
}

fn check_negative(id: &str, bytes: &[u8]) {
    let read = Packet::decode(bytes);
    let flaw_of = |packet: &Packet| match Message::decode(packet, Context::default()) {
        Message::Status(status) => (status.result.map(|code| code.0), status.flaw),
        Message::Completion(completion) => (None, completion.flaw),
        Message::TextBlock(block) => (None, block.flaw),
        other => panic!("{id}: {other:?}"),
    };
    match id {
        "negative/len_lies" => assert_eq!(read, Err(ApduError::Truncated { missing: 2 })),
        "negative/tlv82_short" => {
            assert_eq!(flaw_of(&read.unwrap()), (None, Some(Flaw::CutOff(0x06))));
        }
        "negative/bad_bcd_amount" => {
            assert_eq!(flaw_of(&read.unwrap()), (None, Some(Flaw::BadValue(0x04))));
        }
        "negative/llvar_overrun" => {
            assert_eq!(flaw_of(&read.unwrap()), (None, Some(Flaw::CutOff(0x22))));
        }
        "negative/unknown_bmp_77" => {
            assert_eq!(flaw_of(&read.unwrap()), (Some(0), Some(Flaw::UnknownField(0x77))));
        }
        other => panic!("a vector without a test: {other}"),
    }
}

#[test]
fn the_packets_of_the_vectors() {
    let Some(data) = load() else { return };
    let mut counts = std::collections::BTreeMap::new();
    for vector in data["zvt"].as_array().unwrap() {
        let (id, bytes) = (text(&vector["id"]), hex(text(&vector["hex"])));
        let kind = match text(&vector["kind"]) {
            "apdu" if id.starts_with("negative/") => {
                check_negative(id, &bytes);
                "negative"
            }
            "apdu" if vector["frame_error"].is_string() => {
                assert!(Packet::decode(&bytes).is_err(), "{id}");
                "wrong length"
            }
            "apdu" => {
                let packet = Packet::decode(&bytes).unwrap();
                assert_eq!(packet.encode(), bytes, "{id}");
                if let Some(length) = vector["data_len"].as_u64() {
                    assert_eq!(u64::try_from(packet.data().len()), Ok(length), "{id}");
                }
                if vector["bmp"].is_object() {
                    // A registration, an abort and what has a password begin without a tag.
                    let start = match packet.control() {
                        (0x06, 0x30 | 0x31 | 0x20 | 0x50) => 3,
                        (0x06, 0x1e | 0xc0) => 1,
                        _ => 0,
                    };
                    check_fields(id, &packet.data()[start..], &vector["bmp"]);
                }
                check_message(id, &packet)
            }
            "serial-frame" => {
                let apdu = hex(text(&vector["expect"]["apdu"]));
                let events = FrameDecoder::default().push(&bytes);
                match events.as_slice() {
                    [Event::Packet(packet)] => {
                        assert_eq!(packet.encode(), apdu, "{id}");
                        assert_eq!(encode_frame(packet), bytes, "{id}");
                    }
                    other => panic!("{id}: {other:?}"),
                }
                "serial frame"
            }
            // Only its sum is there.
            "apdu-ref" => "not there",
            other => panic!("a kind of vector without a test: {other}"),
        };
        *counts.entry(kind).or_insert(0) += 1;
    }
    println!("vectors checked: {counts:?}");
    assert_eq!(counts.values().sum::<i32>(), 71);
    assert_eq!((counts["negative"], counts["serial frame"]), (5, 4));
    assert!(counts["status"] >= 9 && counts["command"] >= 12, "{counts:?}");
}

#[test]
fn the_checksums_of_the_vectors() {
    let Some(data) = load() else { return };
    let sums = data["crc"].as_array().unwrap();
    for vector in sums {
        let sum = crc16(&hex(text(&vector["input_hex"])));
        assert_eq!(format!("{sum:04X}"), text(&vector["crc16_kermit"]));
    }
    assert_eq!(sums.len(), 2);
}

/// What the other libraries' tests expect of a packet, as far as it is kept here.
#[test]
fn what_the_vectors_say_about_single_packets() {
    let Some(data) = load() else { return };
    let status = |id: &str| {
        let all = data["zvt"].as_array().unwrap();
        let found = all.iter().find(|vector| text(&vector["id"]).ends_with(id)).unwrap();
        let bytes = hex(text(&found["hex"]));
        match Message::decode(&Packet::decode(&bytes).unwrap(), Context::default()) {
            Message::Status(status) => *status,
            other => panic!("{id}: {other:?}"),
        }
    };
    let good = status("Parse_PaymentGood1_Successful");
    assert!(good.is_approved());
    assert_eq!(good.amount, Some(cents(2_040)));
    assert_eq!(good.turnover.map(|number| number.get()), Some(470));
    assert_eq!(good.pan.unwrap().last_digits(), "4771");
    assert_eq!(good.card_name.as_deref(), Some("Debit Mastercard"));
    assert_eq!(good.text.as_deref(), Some("GEN.NR.:611804"));
    assert_eq!(good.card_type, Some(46));
    let error = status("Parse_SystemError_Successful");
    assert_eq!(error.result.map(|code| code.name()), Some("system_error"));
    assert_eq!(error.text.as_deref(), Some("Betrag falsch"));
    let padded = status("1682066249.409078000_pt_ecr.blob");
    assert_eq!(padded.pan.unwrap().last_digits(), "8004", "an odd number of digits, F behind");
    let day = status("1680761828.489701000_pt_ecr.blob");
    assert_eq!(day.totals.unwrap().cards[2].sum, cents(958));
    let visa = status("ecrterm/parsing/7");
    assert_eq!(visa.application, Some(hex("A0000000031010")));
    assert_eq!(visa.technology, Some(zvt::status::Technology::Contactless));
    let declined = status("1618046758827PT.hex");
    assert_eq!(declined.text.as_deref(), Some("Karte abgelehnt"));
    assert!(!declined.is_approved());
    let all = data["zvt"].as_array().unwrap();
    let device = all.iter().find(|v| text(&v["id"]).contains("1680728219.054216000")).unwrap();
    let context = Context { status_enquiry: true, charset: Charset::Cp437 };
    let packet = Packet::decode(&hex(text(&device["hex"]))).unwrap();
    let Message::Completion(device) = Message::decode(&packet, context) else { panic!() };
    assert_eq!(device.device_name.as_deref(), Some("cVEND plug"));
    assert_eq!(device.device_serial, Some(hex("17FD1E3C")));
    assert_eq!(device.terminal.map(|id| id.get()), Some(52_523_535));
    assert!(device.software.unwrap().starts_with("GER-APP-v2.0.9;cS02"));
}
