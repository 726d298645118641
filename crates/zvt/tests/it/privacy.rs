//! Card data stays out: of types, of `Debug`, and of what is written again.

use zvt::apdu::{Decoder, Packet, Wire};
use zvt::bmp::Fields;
use zvt::command::Command;
use zvt::known::Known;
use zvt::message::{Context, Message};
use zvt::serial::{FrameDecoder, encode_frame};
use zvt::session::{Output, Session};
use zvt::text::Charset;
use zvt::tlv;
use zvt::value::{MaskedPan, Password};

use crate::given::*;

/// A whole card number, a track, a check value and an expiry date, in every field that can hold them.
const PAN: &str = "4556 7375 8689 9855";

fn leaking_packet() -> Packet {
    let mut data = hex("27 00 04 00 00 00 00 20 40");
    data.extend(hex("22 F0 F8 45 56 73 75 86 89 98 55"));
    data.extend(hex("23 F1 F2 45 56 73 75 86 89 98 55 D2 51 21 01"));
    data.extend(hex("24 F0 F0 F8 45 56 73 75 86 89 98 55"));
    data.extend([&hex("2D F1 F7")[..], b"B4556737586899855"].concat());
    data.extend(hex("2E F0 F0 F8 45 56 73 75 86 89 98 55"));
    data.extend(hex("3A 07 37"));
    data.extend(hex("A7 F0 F8 45 56 73 75 86 89 98 55"));
    data.extend(hex("AF F0 F0 F8 45 56 73 75 86 89 98 55"));
    data.extend(hex("D1 F0 F8 45 56 73 75 86 89 98 55"));
    let tags = [
        hex("1F 08 08 45 56 73 75 86 89 98 55"),
        hex("1F 09 08 45 56 73 75 86 89 98 55"),
        hex("1F 0A 08 45 56 73 75 86 89 98 55"),
        hex("5A 08 45 56 73 75 86 89 98 55"),
        hex("57 08 45 56 73 75 86 89 98 55"),
        hex("60 0A 5A 08 45 56 73 75 86 89 98 55"),
    ]
    .concat();
    data.push(0x06);
    data.push(u8::try_from(tags.len()).unwrap());
    data.extend(tags);
    data.extend(hex("29 52 52 35 35"));
    Packet::new(0x04, 0x0f, data).unwrap()
}

/// Every way in which a number could be shown.
fn shows_card(text: &str) -> bool {
    let digits: String = PAN.split(' ').collect();
    let bytes: Vec<u8> = hex(&digits);
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let decimal: String = bytes.iter().map(u8::to_string).collect();
    let ascii: String = digits.bytes().map(|byte| byte.to_string()).collect();
    // Six digits in a row are already more than the last four.
    digits.as_bytes().windows(6).any(|part| plain.contains(std::str::from_utf8(part).unwrap()))
        || [&decimal[..8], &ascii[..8]].iter().any(|part| plain.contains(part))
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let bytes = hex(PAN);
    for text in [
        PAN.to_owned(),
        format!("{bytes:?}"),
        format!("{bytes:02x?}"),
        format!("{:?}", b"4556737586899855"),
    ] {
        assert!(shows_card(&text), "{text}");
    }
    assert!(!shows_card("…9855"));
}

#[test]
fn no_debug_shows_a_card_number() {
    let packet = leaking_packet();
    let mut decoder = Decoder::new(4_096);
    let bytes = packet.encode();
    decoder.push(&bytes[..bytes.len() - 1]);
    let mut frames = FrameDecoder::default();
    let frame = encode_frame(&packet);
    frames.push(&frame[..frame.len() - 4]);
    let message = Message::decode(&packet, Context::default());
    let (mut session, outputs) =
        Session::begin(pay(2_040), Known::default(), Charset::Cp437).unwrap();
    session.on_packet(&Packet::bare(0x80, 0));
    let outcome = session.on_packet(&packet);
    let waiting = session.on_packet(&packet);
    let texts = [
        format!("{packet:?} {packet:#?}"),
        format!("{:?} {decoder:?} {frames:?}", Wire::from(&packet)),
        format!("{message:?} {message:#?}"),
        format!("{outputs:?} {outcome:?} {waiting:?} {session:?} {session:#?}"),
        format!("{:?}", FrameDecoder::default().push(&frame)),
        format!("{:?}", session.on_closed()),
        format!("{:?}", Command::decode(&packet)),
    ];
    for text in texts {
        assert!(!shows_card(&text), "{text}");
    }
    assert!(matches!(&outcome[..], [Output::Outcome(status)] if status.flaw.is_none()));
}

#[test]
fn of_a_card_number_the_last_four_digits_remain_and_nothing_of_tracks() {
    let packet = leaking_packet();
    let Message::Status(status) = Message::decode(&packet, Context::default()) else { panic!() };
    assert_eq!(status.pan.unwrap().last_digits(), "9855");
    assert_eq!((status.flaw, status.unknown_tags), (None, 0));
    assert_eq!(
        status.terminal,
        Some(zvt::value::TerminalId::new(52_523_535).unwrap()),
        "read to the end"
    );
    let again = Message::Status(status).encode(Context::default()).unwrap().encode();
    let pan = hex(PAN);
    assert!(!again.windows(3).any(|part| part == &pan[..3] || part == &pan[2..5]));
    assert!(again.windows(8).any(|part| part == hex("EE EE EE EE EE EE 98 55")));
    let tags: Vec<u8> = Fields::new(packet.data()).map(|(tag, _)| tag).collect();
    assert_eq!(tags, [0x27, 0x04, 0x06, 0x29]);
    let container = Fields::new(packet.data()).find(|(tag, _)| *tag == 0x06).unwrap().1;
    let (elements, flaw) = tlv::decode(container);
    assert_eq!((tlv::encode(&elements), flaw), (hex("60 00"), None));
}

#[test]
fn card_numbers_of_any_form_are_cut_to_four_digits() {
    let last = |text: &str| {
        let length = u8::try_from(hex(text).len()).unwrap();
        let mut data = vec![0x22, 0xf0 | (length / 10), 0xf0 | (length % 10)];
        data.extend(hex(text));
        let packet = Packet::new(0x04, 0x0f, data).unwrap();
        match Message::decode(&packet, Context::default()) {
            Message::Status(status) => status.pan.unwrap().last_digits(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(last("EE EE EE EE EE EE 47 71"), "4771");
    assert_eq!(last("55 98 83 EE EE EE 80 74"), "8074");
    assert_eq!(last("47 11 00 80 05 75 70 38 00 4F"), "8004", "nineteen digits");
    assert_eq!(last("45 56 73 75 86 89 98 55 D2 51"), "9855", "what follows D is no number");
    assert_eq!(last("45 56 73 EE EE EE EE EE"), "", "the first digits never");
    assert_eq!(last("45 56 73 EE EE EE EE 12"), "12");
    assert_eq!(last("45 56 73 75 86 89 98 E5"), "5", "nothing in front of a masked digit");
    assert_eq!(last("01 2F"), "012");
    assert_eq!(format!("{:?}", MaskedPan::from_last_digits("4771").unwrap()), "MaskedPan(…4771)");
}

#[test]
fn no_debug_shows_a_password() {
    let secret = Password::new(918_273).unwrap();
    let mut registration = everything();
    registration.password = secret;
    let command = Command::Registration(registration);
    let (session, outputs) =
        Session::begin(command.clone(), Known::default(), Charset::Cp437).unwrap();
    let text = format!("{command:?} {session:?} {outputs:?} {:?}", command.encode().unwrap());
    // 918273 as it is, and as the three bytes 91 82 73 in decimal.
    assert!(!text.contains("918273") && !text.contains("145, 130, 115"), "{text}");
}
