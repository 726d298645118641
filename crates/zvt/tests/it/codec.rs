//! Packets, frames, numbers, texts, fields and tags.

use zvt::apdu::{ApduError, Decoder, MAX_DATA, Packet};
use zvt::bmp::{Fields, Flaw, Format, format};
use zvt::serial::{Damage, Event, FrameDecoder, crc16, encode_frame};
use zvt::text::Charset;
use zvt::tlv::{self, Tlv};
use zvt::value::*;
use zvt::{bcd, codes};

use crate::given::*;

#[test]
fn a_packet_of_254_bytes_has_one_length_byte_and_of_255_three() {
    let encode = |length| Packet::new(6, 0xd3, vec![0x41; length]).unwrap().encode();
    assert_eq!(encode(0), [0x06, 0xd3, 0x00]);
    assert_eq!(encode(254)[..4], [0x06, 0xd3, 0xfe, 0x41]);
    assert_eq!(encode(255)[..6], [0x06, 0xd3, 0xff, 0xff, 0x00, 0x41]);
    assert_eq!(encode(654)[..6], [0x06, 0xd3, 0xff, 0x8e, 0x02, 0x41]);
    assert_eq!(encode(MAX_DATA)[..6], [0x06, 0xd3, 0xff, 0xff, 0xff, 0x41]);
    let error = Packet::new(6, 0xd3, vec![0; MAX_DATA + 1]).unwrap_err();
    assert_eq!(error, ApduError::Oversized { announced: 65_536, limit: 65_535 });
}

#[test]
fn an_oversized_packet_is_refused_before_its_data_came() {
    let mut decoder = Decoder::new(1_000);
    decoder.push(&hex("80 00 00 06 D3 FF E9 03"));
    assert_eq!(decoder.next_packet(), Ok(Some(Packet::bare(0x80, 0))));
    let error = ApduError::Oversized { announced: 1_001, limit: 1_000 };
    assert_eq!(decoder.next_packet(), Err(error));
    decoder.push(&hex("80 00 00"));
    assert_eq!(decoder.next_packet(), Err(error), "where a packet begins is not known any more");
    assert_eq!(decoder.finish(), Err(error));
}

#[test]
fn a_stream_that_ends_within_a_packet_is_truncated() {
    for (bytes, missing) in
        [("04", 2), ("04 0F 06 00", 5), ("06 D3 FF", 2), ("06 D3 FF 02 00 41", 1)]
    {
        let mut decoder = Decoder::new(MAX_DATA);
        decoder.push(&hex(bytes));
        assert_eq!(decoder.next_packet(), Ok(None));
        assert_eq!(decoder.finish(), Err(ApduError::Truncated { missing }), "{bytes}");
        assert_eq!(Packet::decode(&hex(bytes)), Err(ApduError::Truncated { missing }));
    }
    assert!(Packet::decode(&hex("80 00 00 80")).is_err(), "more than one packet");
    assert_eq!(Decoder::new(10).finish(), Ok(()));
}

#[test]
fn a_serial_frame_doubles_dle_but_not_in_length_and_checksum() {
    assert_eq!(crc16(b"123456789"), 0x2189);
    let packet = packet("06 01 0A 04 00 00 00 01 10 00 49 09 78");
    let frame = hex("10 02 06 01 0A 04 00 00 00 01 10 10 00 49 09 78 10 03 F2 FF");
    assert_eq!(encode_frame(&packet), frame);
    assert_eq!(FrameDecoder::default().push(&frame), [Event::Packet(packet)]);
}

#[test]
fn a_damaged_frame_is_told_from_noise_and_the_next_one_is_read() {
    let good = hex("10 02 80 00 00 10 03 F5 1F");
    let read = |text: &str| {
        let mut bytes = hex(text);
        bytes.extend(&good);
        FrameDecoder::default().push(&bytes)
    };
    let whole = Event::Packet(Packet::bare(0x80, 0));
    let damaged = |damage| vec![Event::Damaged(damage), whole.clone()];
    assert_eq!(read("06 15"), [Event::Ack, Event::Nak, whole.clone()]);
    assert_eq!(read("10 02 80 00 00 10 03 F5 1E"), damaged(Damage::Checksum));
    assert_eq!(read("10 02 80 10 41"), damaged(Damage::LoneDle));
    assert_eq!(read("10 02 80 00"), damaged(Damage::LoneDle), "its end was lost");
    assert_eq!(read("41"), damaged(Damage::Noise));
    // Two bytes 80 00 with a right checksum: a frame, but no packet.
    let crc = crc16(&[0x80, 0x00, 0x03]).to_le_bytes();
    let half = [&hex("10 02 80 00 10 03")[..], &crc[..]].concat();
    assert_eq!(FrameDecoder::default().push(&half), [Event::Damaged(Damage::NotOnePacket)]);
}

#[test]
fn an_endless_frame_is_given_up() {
    let mut decoder = FrameDecoder::default();
    decoder.push(&[0x10, 0x02]);
    let events = decoder.push(&vec![0x41; 70_000]);
    assert_eq!(events[0], Event::Damaged(Damage::TooLong));
    assert!(events[1..].iter().all(|event| *event == Event::Damaged(Damage::Noise)));
}

#[test]
fn packed_decimals_are_read_to_the_digit() {
    assert_eq!(bcd::decode(&hex("00 00 00 00 20 40")), Some(2_040));
    assert_eq!(bcd::decode(&hex("00 00 00 00 2A 40")), None);
    assert_eq!(bcd::decode(&[0x99; 9]), Some(999_999_999_999_999_999));
    assert_eq!(bcd::decode(&[0; 10]), None);
    assert_eq!(bcd::encode::<2>(471), Some([0x04, 0x71]));
    assert_eq!(bcd::encode::<2>(10_000), None);
    assert_eq!(bcd::encode_shortest(0), [0]);
    assert_eq!(bcd::encode_shortest(1_234_567), [0x01, 0x23, 0x45, 0x67]);
}

#[test]
fn values_outside_their_field_are_refused() {
    assert!(Amount::new(-1).is_err() && Amount::new(Amount::MAX + 1).is_err());
    assert_eq!(Amount::new(Amount::MAX).map(Amount::minor_units), Ok(999_999_999_999));
    assert!(ReceiptNo::new(10_000).is_err() && ReceiptNo::new(9_999).is_ok());
    assert_eq!(ReceiptNo::NONE.get(), None);
    assert!(Password::new(1_000_000).is_err());
    assert!(TerminalId::new(100_000_000).is_err());
    assert!(Turnover::new(1_000_000).is_err() && MessageId::new(1_000_000).is_err());
    assert!(Currency::new(10_000).is_err());
    assert_eq!((Currency::EUR.get(), Currency::CHF.get()), (978, 756));
    assert!(Trace::new(u64::MAX).is_err());
    assert!(TimeOfDay::new(24, 0, 0).is_err() && TimeOfDay::new(23, 59, 59).is_ok());
    assert!(MonthDay::new(2, 30).is_err() && MonthDay::new(2, 29).is_ok());
    assert!(MonthDay::new(0, 1).is_err() && MonthDay::new(13, 1).is_err());
    assert!(MaskedPan::from_last_digits("47711").is_err(), "never more than four digits");
    assert!(MaskedPan::from_last_digits("47x1").is_err());
}

#[test]
fn german_letters_survive_every_character_set() {
    for charset in [
        Charset::Cp437,
        Charset::Utf8,
        Charset::Zvt7,
        Charset::Iso8859(1),
        Charset::Iso8859(2),
        Charset::Iso8859(15),
    ] {
        let text = "Für Öl & Käse: ÄÜß";
        assert_eq!(charset.decode(&charset.encode(text)), text, "{charset:?}");
        assert_eq!(Charset::from_id(charset.id()), Some(charset));
    }
    assert_eq!(Charset::Cp437.encode("äöüß"), [0x84, 0x94, 0x81, 0xe1]);
    assert_eq!(Charset::Zvt7.encode("ÄÖÜäöüß"), hex("5B 5C 5D 7B 7C 7D 7E"));
    assert_eq!(Charset::Zvt7.encode("[~"), b"??", "their places are taken");
    assert_eq!(Charset::Iso8859(15).encode("€"), [0xa4]);
    assert_eq!(Charset::Iso8859(1).encode("€"), b"?");
    assert_eq!(Charset::Iso8859(7).decode(&[0xe1, 0xff]), "α\u{fffd}");
    assert_eq!(Charset::from_id(0x0c), None, "there is no part 12");
    assert_eq!(Charset::from_id(0x11), None);
}

#[test]
fn each_part_of_iso_8859_has_characters_of_its_own() {
    for (part, c, byte) in [
        (1, 'ð', 0xf0),
        (2, 'ř', 0xf8),
        (3, 'ħ', 0xb1),
        (4, 'ĸ', 0xa2),
        (5, 'Ж', 0xb6),
        (6, 'ع', 0xd9),
        (7, 'α', 0xe1),
        (8, 'א', 0xe0),
        (9, 'ğ', 0xf0),
        (10, 'ŋ', 0xbf),
        (11, 'ก', 0xa1),
        (13, 'ų', 0xf8),
        (14, 'ŵ', 0xf0),
        (15, '€', 0xa4),
        (16, 'ț', 0xfe),
    ] {
        let charset = Charset::from_id(part).unwrap();
        assert_eq!(charset.encode(&c.to_string()), [byte], "{part}");
        assert_eq!(charset.decode(&[byte]), c.to_string());
    }
}

#[test]
fn fields_behind_an_unknown_one_are_not_guessed() {
    let data = hex("27 00 04 00 00 00 00 20 40 77 01 29 52 52 35 35");
    let mut fields = Fields::new(&data);
    let tags: Vec<u8> = fields.by_ref().map(|(tag, _)| tag).collect();
    assert_eq!(tags, [0x27, 0x04]);
    assert_eq!(fields.flaw(), Some(Flaw::UnknownField(0x77)));
}

#[test]
fn lengths_are_taken_from_the_low_half_of_their_bytes() {
    for text in ["8B F0 F3 41 42 43", "8B 00 03 41 42 43", "8B 30 33 41 42 43"] {
        let data = hex(text);
        assert_eq!(Fields::new(&data).next(), Some((0x8b, &b"ABC"[..])), "{text}");
    }
    let bad = |text: &str| {
        let data = hex(text);
        let mut fields = Fields::new(&data);
        assert_eq!(fields.next(), None);
        fields.flaw()
    };
    assert_eq!(bad("8B FA F0"), Some(Flaw::BadLength(0x8b)));
    assert_eq!(bad("22 F9 F9 12 34"), Some(Flaw::CutOff(0x22)));
    assert_eq!(bad("3C F0 F0"), Some(Flaw::CutOff(0x3c)));
    assert_eq!(bad("06 82 01"), Some(Flaw::CutOff(0x06)));
    assert_eq!(bad("04 00 00"), Some(Flaw::CutOff(0x04)));
}

#[test]
fn the_table_of_fields_is_the_specifications() {
    let fixed: [(usize, &[u8]); 9] = [
        (
            1,
            &[
                0x01, 0x02, 0x03, 0x05, 0x19, 0x27, 0x8a, 0x8c, 0xa0, 0xd0, 0xd2, 0xd3, 0xe0, 0xe9,
                0xea, 0xf0, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd,
            ],
        ),
        (2, &[0x0d, 0x0e, 0x17, 0x3a, 0x49, 0x87]),
        (3, &[0x0b, 0x0c, 0x37, 0x3d, 0x88, 0xaa]),
        (4, &[0x29]),
        (5, &[0xba]),
        (6, &[0x04]),
        (8, &[0x3b, 0xeb]),
        (15, &[0x2a]),
        (0, &[]),
    ];
    let mut known = 0;
    for (length, tags) in fixed {
        for tag in tags {
            assert_eq!(format(*tag), Some(Format::Fixed(length)), "{tag:02X}");
            known += 1;
        }
    }
    let ll = [0x22, 0x23, 0x2d, 0x4c, 0x8b, 0xa7, 0xd1];
    for tag in ll.into_iter().chain(0xe1..=0xe8).chain(0xf1..=0xf8) {
        assert_eq!(format(tag), Some(Format::LlVar), "{tag:02X}");
        known += 1;
    }
    for tag in [0x24, 0x2e, 0x3c, 0x60, 0x9a, 0xaf] {
        assert_eq!(format(tag), Some(Format::LllVar), "{tag:02X}");
        known += 1;
    }
    assert_eq!(format(0x06), Some(Format::Tlv));
    assert_eq!((0..=255).filter(|tag| format(*tag).is_some()).count(), known + 1);
}

#[test]
fn tags_nest_and_their_lengths_grow() {
    let line = |length: usize| Tlv::bytes(0x07, vec![0x41; length]).unwrap();
    assert_eq!(tlv::encode(&[line(0x7f)])[..2], [0x07, 0x7f]);
    assert_eq!(tlv::encode(&[line(0x80)])[..3], [0x07, 0x81, 0x80]);
    assert_eq!(tlv::encode(&[line(0x100)])[..4], [0x07, 0x82, 0x01, 0x00]);
    let bytes = hex("3F 21 0C 60 06 55 01 AA 05 01 BB 10 02 AB BA 11 01 77");
    let (elements, flaw) = tlv::decode(&bytes);
    assert_eq!(flaw, None);
    assert_eq!(tlv::find(&elements, &[0x3f21, 0x60, 0x55]), Some(&[0xaa][..]));
    assert_eq!(tlv::find(&elements, &[0x3f21, 0x60, 0x05]), Some(&[0xbb][..]));
    assert_eq!(tlv::find(&elements, &[0x11]), Some(&[0x77][..]));
    assert_eq!(tlv::find(&elements, &[0x12]), None);
    assert_eq!(tlv::encode(&elements), bytes);
    assert!(Tlv::bytes(0x26, [1]).is_none(), "26 is a container");
    assert!(Tlv::container(0x07, Vec::new()).is_none(), "07 is none");
    assert!(Tlv::bytes(0x1f, [1]).is_none() && Tlv::bytes(0, [1]).is_none(), "no tags at all");
}

#[test]
fn a_bottomless_container_is_read_no_deeper_than_allowed() {
    let mut bytes = Vec::new();
    for _ in 0..200 {
        let mut outer = vec![0x30];
        outer.extend(match u8::try_from(bytes.len()) {
            Ok(short @ 0..=0x7f) => vec![short],
            Ok(byte) => vec![0x81, byte],
            Err(_) => [&[0x82][..], &u16::try_from(bytes.len()).unwrap().to_be_bytes()].concat(),
        });
        outer.extend(&bytes);
        bytes = outer;
    }
    let (elements, flaw) = tlv::decode(&bytes);
    assert_eq!(flaw, Some(Flaw::BadTlv));
    let mut depth = 0;
    let mut level = &elements[..];
    while let Some(inner) = level.first() {
        depth += 1;
        level = inner.children();
    }
    assert_eq!(depth, usize::from(tlv::MAX_DEPTH));
}

#[test]
fn a_cut_off_container_keeps_what_came_before() {
    let (elements, flaw) = tlv::decode(&hex("11 01 77 07 05 41"));
    assert_eq!(tlv::find(&elements, &[0x11]), Some(&[0x77][..]));
    assert_eq!((elements.len(), flaw), (1, Some(Flaw::BadTlv)));
    assert_eq!(tlv::decode(&hex("1F 81 82 05 01 41")).1, Some(Flaw::BadTlv), "a tag of four bytes");
    let (elements, flaw) = tlv::decode(&[0x07, 0x00].repeat(5_000));
    assert_eq!((elements.len(), flaw), (4_096, Some(Flaw::BadTlv)), "more than anybody sends");
    assert_eq!(tlv::decode(&hex("00 00 11 01 77 00 00")).1, None, "filled up with zeros");
}

#[test]
fn every_number_has_a_stable_name() {
    use codes::{Advice, ResultCode, asks_to_remove_card, intermediate_name};
    assert_eq!(ResultCode::OK.name(), "approved");
    assert_eq!(ResultCode::WRONG_PIN.name(), "wrong_pin");
    assert_eq!(ResultCode(0x05).name(), "declined_by_host");
    assert_eq!(ResultCode(0x63).name(), "declined_by_host");
    assert_eq!(ResultCode(0x64).name(), "card_unreadable");
    assert_eq!(ResultCode(0xff).name(), "system_error");
    assert_eq!(ResultCode(0xd9).name(), "unknown");
    assert_eq!(intermediate_name(0x0a), "insert_card");
    assert_eq!(intermediate_name(0x45), "auto_reversal");
    assert_eq!(intermediate_name(0x69), "choose_dcc");
    assert!(asks_to_remove_card(0x45) && asks_to_remove_card(0x0b) && !asks_to_remove_card(0x05));
    for code in 0..=255 {
        for name in [ResultCode(code).name(), intermediate_name(code)] {
            assert!(!name.is_empty());
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
        }
        let no = code != 0;
        assert_eq!(ResultCode(code).advice() != Advice::Nothing, no, "{code:02X}");
    }
    assert_eq!(ResultCode::BUSY.advice(), Advice::TryAgain);
    assert_eq!(ResultCode(0xc2).advice(), Advice::Diagnose);
    assert_eq!(ResultCode(0x81).advice(), Advice::Initialise);
    assert_eq!(ResultCode(0xf0).advice(), Advice::EndOfDay);
    assert_eq!(ResultCode::CANCELLED.advice(), Advice::Cancelled);
    assert_eq!(ResultCode(0x05).advice(), Advice::Declined);
}
