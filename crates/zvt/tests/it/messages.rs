//! What a terminal says, the odd cases first.

use zvt::bmp::{Flaw, Totals};
use zvt::codes::ResultCode;
use zvt::message::{Aborted, Completion, Context, Intermediate, Message, PrintLine, TextBlock};
use zvt::status::{StatusInformation, Technology, Verification};
use zvt::text::Charset;
use zvt::value::*;

use crate::given::*;

fn read(text: &str) -> Message {
    Message::decode(&packet(text), Context::default())
}

fn status(text: &str) -> StatusInformation {
    match read(text) {
        Message::Status(status) => *status,
        other => panic!("{other:?}"),
    }
}

fn state(text: &str) -> Completion {
    let context = Context { status_enquiry: true, ..Context::default() };
    match Message::decode(&packet(text), context) {
        Message::Completion(completion) => completion,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_completion_of_a_status_enquiry_has_a_form_of_its_own() {
    let read = state("06 0F 07 F0 F0 F3 62 6C 61 00");
    assert_eq!((read.software.as_deref(), read.state), (Some("bla"), Some(ResultCode::OK)));
    assert_eq!(state("06 0F 01 9C").state, Some(ResultCode::BUSY));
    assert_eq!(state("06 0F 01 F0").state, Some(ResultCode(0xf0)), "no length: a state");
    assert_eq!(state("06 0F 01 06").state, Some(ResultCode(0x06)), "no container: a state");
    let tagged = state("06 0F 0B 00 06 08 E4 06 1F 42 03 17 FD 1E");
    assert_eq!(tagged.device_serial, Some(vec![0x17, 0xfd, 0x1e]));
    assert_eq!(state("06 0F 00").state, None);
    assert_eq!(state("06 0F 04 F9 F9 F9 41").flaw, Some(Flaw::CutOff(0xf0)));
}

#[test]
fn any_other_completion_has_fields() {
    let Message::Completion(read) =
        read("06 0F 12 19 10 29 65 00 00 28 49 09 78 06 06 26 04 0A 02 06 D3")
    else {
        panic!()
    };
    assert_eq!(read.status_bits, Some(0x10));
    assert_eq!(read.terminal, TerminalId::new(65_000_028).ok());
    assert_eq!(read.currency, Some(Currency::EUR));
    assert_eq!(read.commands, [(0x06, 0xd3)]);
}

#[test]
fn a_result_is_never_lost_whatever_follows_it() {
    let unknown = status("04 0F 04 27 00 77 01");
    assert_eq!(
        (unknown.result, unknown.flaw),
        (Some(ResultCode::OK), Some(Flaw::UnknownField(0x77)))
    );
    let cut = status("04 0F 07 27 6C 22 F9 F9 12 34");
    assert_eq!((cut.result, cut.flaw), (Some(ResultCode::CANCELLED), Some(Flaw::CutOff(0x22))));
    let digits = status("04 0F 0E 04 00 00 00 00 2A 40 0C 25 61 61 27 00 A0");
    assert_eq!((digits.amount, digits.time), (None, None));
    assert_eq!(digits.flaw, Some(Flaw::BadValue(0x04)), "the first that is wrong");
    assert_eq!(digits.result, Some(ResultCode::OK));
    assert_eq!(status("04 0F 05 22 F9 F9 12 34").result, None);
}

#[test]
fn a_hosts_code_beside_ok_is_no_yes() {
    assert!(status("04 0F 02 27 00").is_approved());
    assert!(!status("04 0F 04 27 00 A0 05").is_approved());
    assert!(!status("04 0F 02 27 05").is_approved());
    assert!(!status("04 0F 00").is_approved());
}

#[test]
fn tags_tell_how_the_card_was_read() {
    let text = "04 0F 2D 27 00 8A FF 06 27 41 02 01 02 60 0F 42 04 56 49 53 41 43 07 A0 00 00 00 03 10 10 \
                2F 0C 1F 10 01 01 1F 11 01 01 1F 12 01 02 15 02 44 45";
    let read = status(text);
    assert_eq!(read.card_type, Some(258));
    assert_eq!(read.application, Some(hex("A0 00 00 00 03 10 10")));
    assert_eq!(read.verification, Some(Verification::Signature));
    assert_eq!((read.online, read.technology), (Some(true), Some(Technology::Contactless)));
    assert_eq!((read.unknown_tags, read.flaw), (1, None));
}

#[test]
fn a_long_trace_number_stands_in_a_tag() {
    for text in [
        "04 0F 0D 0B 00 00 00 06 07 1F 2B 04 12 34 56 78",
        "04 0F 0D 06 07 1F 2B 04 12 34 56 78 0B 00 00 00",
    ] {
        assert_eq!(status(text).trace, Trace::new(12_345_678).ok(), "{text}");
    }
}

#[test]
fn an_end_of_day_brings_its_totals() {
    let text = "04 0F 4D 27 00 04 00 00 00 00 09 58 0B 00 09 82 0D 04 06 0C 08 17 06 60 F0 F5 F3 02 33 02 \
                34 00 000000000000 00 000000000000 02 000000000958 00 000000000000 00 000000000000 \
                00 000000000000 00 000000000000";
    let totals = status(text).totals.unwrap();
    assert_eq!((totals.first, totals.last), (receipt(233), receipt(234)));
    let mastercard = Totals::KINDS.iter().position(|kind| *kind == "mastercard").unwrap();
    for (at, card) in totals.cards.iter().enumerate() {
        let expected = if at == mastercard { (2, 958) } else { (0, 0) };
        assert_eq!((card.count, card.sum.minor_units()), expected);
    }
}

#[test]
fn an_intermediate_status_may_have_minutes_and_text() {
    let read = |text: &str| match read(text) {
        Message::Intermediate(status) => status,
        other => panic!("{other:?}"),
    };
    assert_eq!(read("04 FF 01 17"), Intermediate { code: 0x17, ..Intermediate::default() });
    assert_eq!(read("04 FF 02 17 06").minutes, Some(6), "six minutes, no container");
    let numbered = read("04 FF 09 17 06 06 1F 73 03 00 00 02");
    assert_eq!((numbered.minutes, numbered.message_id), (None, MessageId::new(2).ok()));
    let text =
        read("04 FF 19 17 03 06 15 24 0D 07 0B 30 30 20 41 70 70 72 6F 76 65 64 1F 73 03 00 00 08");
    assert_eq!((text.minutes, text.lines), (Some(3), vec!["00 Approved".to_owned()]));
    assert!(matches!(read("04 FF 00").flaw, Some(Flaw::Lacks(_))));
}

#[test]
fn an_abort_says_why() {
    let read = |text: &str| match read(text) {
        Message::Aborted(aborted) => aborted,
        other => panic!("{other:?}"),
    };
    assert_eq!(read("06 1E 01 6C").result, Some(ResultCode::CANCELLED));
    let currency = read("06 1E 04 6F 49 09 78");
    assert_eq!(currency.currency, Some(Currency::EUR));
    assert_eq!(read("06 1E 04 B8 87 FF FF").receipt, Some(ReceiptNo::NONE));
    assert_eq!(read("06 1E 00"), Aborted::default());
    let detailed = read("06 1E 15 6C 06 12 1F 16 05 FF 00 00 14 41 1F 17 07 41 62 62 72 75 63 68");
    assert_eq!(detailed.error_code, Some(hex("FF 00 00 14 41")));
    assert_eq!(detailed.error_text.as_deref(), Some("Abbruch"));
}

#[test]
fn lines_to_print_keep_their_attributes_and_characters() {
    let zvt7 = Context { charset: Charset::Zvt7, ..Context::default() };
    let line = Message::decode(&packet("06 D1 0D 80 54 65 73 74 20 7B 20 7C 20 7D 20 7E"), zvt7);
    let expected = PrintLine { attribute: 0x80, text: "Test ä ö ü ß".to_owned() };
    assert_eq!(line, Message::PrintLine(expected));
    let Message::TextBlock(block) = read(
        "06 D3 1B 06 19 1F 07 01 02 25 13 14 01 FE 09 01 40 07 02 C3 A4 09 01 00 07 01 42 09 01 81",
    ) else {
        panic!()
    };
    let line = |attribute, text: &str| PrintLine { attribute, text: text.to_owned() };
    assert_eq!(block.receipt_type, Some(2));
    assert_eq!(block.lines, [line(0x40, "ä"), line(0, "B"), line(0x81, "")], "UTF-8 by tag 14");
    let broken = read("06 D3 03 06 82 01");
    assert!(matches!(broken, Message::TextBlock(TextBlock { flaw: Some(_), .. })), "{broken:?}");
}

#[test]
fn what_a_till_does_not_know_is_unsupported() {
    assert_eq!(read("04 0E 00"), Message::Unsupported(0x04, 0x0e));
    assert_eq!(read("06 D8 02 01 02"), Message::Unsupported(0x06, 0xd8));
}
