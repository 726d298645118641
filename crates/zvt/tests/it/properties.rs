//! Properties: writing and reading are each other's inverse, streams may be split anywhere, and no input
//! makes a reader panic.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use zvt::apdu::{Decoder, Packet};
use zvt::bmp::{CardTotal, Totals};
use zvt::codes::ResultCode;
use zvt::command::*;
use zvt::message::*;
use zvt::serial::{Event, FrameDecoder, encode_frame};
use zvt::status::{StatusInformation, Technology, Verification};
use zvt::text::Charset;
use zvt::tlv::{self, Tlv};
use zvt::value::*;
use zvt::{bcd, fuzz};

use crate::given::{pay, settings};

fn amount() -> impl Strategy<Value = Amount> {
    (0..=Amount::MAX).prop_map(|units| Amount::new(units).unwrap())
}

fn currency() -> impl Strategy<Value = Currency> {
    (0u16..=9_999).prop_map(|code| Currency::new(code).unwrap())
}

fn receipt_no() -> impl Strategy<Value = ReceiptNo> {
    prop_oneof![(0u16..=9_999).prop_map(|n| ReceiptNo::new(n).unwrap()), Just(ReceiptNo::NONE)]
}

fn password() -> impl Strategy<Value = Password> {
    (0u32..=999_999).prop_map(|digits| Password::new(digits).unwrap())
}

fn result_code() -> impl Strategy<Value = ResultCode> {
    any::<u8>().prop_map(ResultCode)
}

fn terminal_id() -> impl Strategy<Value = TerminalId> {
    (0u32..=99_999_999).prop_map(|id| TerminalId::new(id).unwrap())
}

fn message_id() -> impl Strategy<Value = MessageId> {
    (0u32..=999_999).prop_map(|id| MessageId::new(id).unwrap())
}

/// Text of the characters that CP437 has.
fn text(longest: usize) -> impl Strategy<Value = String> {
    vec(
        prop::sample::select("aZ09 äöüÄÖÜß€£½░é.-".replace('€', "").chars().collect::<Vec<_>>()),
        0..longest,
    )
    .prop_map(|chars| chars.into_iter().collect())
}

fn leaf() -> impl Strategy<Value = Tlv> {
    let tag = prop::sample::select(vec![0x07u32, 0x12, 0x1a, 0x1f04, 0x1f62, 0x4c, 0x1f8105]);
    (tag, vec(any::<u8>(), 0..300)).prop_map(|(tag, content)| Tlv::bytes(tag, content).unwrap())
}

fn element() -> impl Strategy<Value = Tlv> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let tag = prop::sample::select(vec![0x26u32, 0x3f21, 0xe9, 0xff01, 0x60]);
        (tag, vec(inner, 0..4)).prop_map(|(tag, inner)| Tlv::container(tag, inner).unwrap())
    })
}

fn tags() -> impl Strategy<Value = Option<Vec<Tlv>>> {
    option::of(vec(element(), 0..4))
}

fn any_payment() -> impl Strategy<Value = Payment> {
    let byte = || option::of(any::<u8>());
    (amount(), option::of(currency()), byte(), byte(), byte(), tags()).prop_map(
        |(amount, currency, payment_type, timeout, max_status, tlv)| Payment {
            amount,
            currency,
            payment_type,
            timeout,
            max_status,
            tlv,
        },
    )
}

fn any_settlement() -> impl Strategy<Value = Settlement> {
    let trace = (0u64..=999_999).prop_map(|n| Trace::new(n).unwrap());
    let first = (receipt_no(), option::of(amount()), option::of(currency()));
    let second = (option::of(any::<u8>()), option::of(trace), option::of(any::<[u8; 8]>()), tags());
    (first, second).prop_map(
        |((receipt, amount, currency), (payment_type, trace, authorisation, tlv))| Settlement {
            receipt,
            amount,
            currency,
            payment_type,
            trace,
            authorisation,
            tlv,
        },
    )
}

fn command() -> impl Strategy<Value = Command> {
    let secured = || (password(), option::of(any::<u8>()), tags());
    let rest = || (option::of(amount()), option::of(currency()), option::of(any::<u8>()), tags());
    prop_oneof![
        Just(Command::LogOff),
        Just(Command::Abort),
        Just(Command::StatusEnquiry { password: None, service: None, tlv: None }),
        any_payment().prop_map(Command::Authorisation),
        any_payment().prop_map(Command::PreAuthorisation),
        any_settlement().prop_map(Command::Booking),
        any_settlement().prop_map(Command::PartialReversal),
        any_settlement().prop_map(Command::PreAuthReversal),
        (password(), any::<u8>(), currency(), option::of(any::<u8>()), tags()).prop_map(
            |(password, config, currency, service, tlv)| Command::Registration(Registration {
                password,
                config,
                currency: Some(currency),
                service,
                tlv,
            })
        ),
        secured().prop_map(|(password, service, tlv)| Command::StatusEnquiry {
            password: Some(password),
            service,
            tlv,
        }),
        secured().prop_map(|(password, service, tlv)| Command::RepeatReceipt {
            password,
            service,
            tlv
        }),
        (password(), receipt_no(), rest()).prop_map(
            |(password, receipt, (amount, currency, payment_type, tlv))| {
                Command::Reversal(Reversal {
                    password,
                    receipt,
                    amount,
                    currency,
                    payment_type,
                    tlv,
                })
            }
        ),
        (password(), amount(), rest()).prop_map(
            |(password, amount, (_, currency, payment_type, tlv))| {
                Command::Refund(Refund { password, amount, currency, payment_type, tlv })
            }
        ),
        (password(), receipt_no(), amount(), tags()).prop_map(
            |(password, receipt, amount, tlv)| Command::Tip { password, receipt, amount, tlv }
        ),
        (password(), tags()).prop_map(|(password, tlv)| Command::EndOfDay { password, tlv }),
        (password(), tags()).prop_map(|(password, tlv)| Command::Initialisation { password, tlv }),
        tags().prop_map(|tlv| Command::Diagnosis { tlv }),
        (password(), password()).prop_map(|(old, new)| Command::ChangePassword { old, new }),
    ]
}

fn totals() -> impl Strategy<Value = Totals> {
    let card = (any::<u8>(), amount()).prop_map(|(count, sum)| CardTotal { count, sum });
    (receipt_no(), receipt_no(), prop::array::uniform7(card))
        .prop_map(|(first, last, cards)| Totals { first, last, cards })
}

fn verification() -> impl Strategy<Value = Verification> {
    prop_oneof![
        Just(Verification::None),
        Just(Verification::Signature),
        Just(Verification::Pin),
        (3u8..).prop_map(Verification::Other),
    ]
}

fn technology() -> impl Strategy<Value = Technology> {
    prop_oneof![
        Just(Technology::MagneticStripe),
        Just(Technology::Chip),
        Just(Technology::Contactless),
        (3u8..).prop_map(Technology::Other),
    ]
}

fn status() -> impl Strategy<Value = StatusInformation> {
    let trace = (0u64..1_000_000_000_000).prop_map(|n| Trace::new(n).unwrap());
    let short = (0u64..1_000_000).prop_map(|n| Trace::new(n).unwrap());
    let turnover = (0u32..1_000_000).prop_map(|n| Turnover::new(n).unwrap());
    let date = (1u8..=12, 1u8..=28).prop_map(|(month, day)| MonthDay::new(month, day).unwrap());
    let time = (0u8..24, 0u8..60, 0u8..60).prop_map(|(h, m, s)| TimeOfDay::new(h, m, s).unwrap());
    let pan = "[0-9]{1,4}".prop_map(|digits| MaskedPan::from_last_digits(&digits).unwrap());
    let byte = || option::of(any::<u8>());
    let numbers = (
        option::of(result_code()),
        option::of(amount()),
        option::of(currency()),
        option::of(trace),
        option::of(short),
        option::of(receipt_no()),
        option::of(turnover),
        option::of(terminal_id()),
    );
    let card = (
        option::of("[A-Z0-9]{0,15}"),
        option::of(pan),
        option::of(any::<u16>()),
        option::of(text(40)),
        option::of(vec(any::<u8>(), 0..17)),
        option::of(any::<[u8; 8]>()),
    );
    let when = (option::of(date), option::of(time), byte(), option::of(text(400)), byte());
    let how = (option::of(verification()), any::<Option<bool>>(), option::of(technology()));
    let more = (
        option::of(amount()),
        option::of(amount()),
        any::<bool>(),
        byte(),
        option::of(message_id()),
        option::of(vec(any::<u8>(), 0..9)),
        option::of(text(90)),
        option::of(totals()),
    );
    (numbers, card, when, how, more).prop_map(|(numbers, card, when, how, more)| {
        StatusInformation {
            result: numbers.0,
            amount: numbers.1,
            currency: numbers.2,
            trace: numbers.3,
            original_trace: numbers.4,
            receipt: numbers.5,
            turnover: numbers.6,
            terminal: numbers.7,
            contract: card.0,
            pan: card.1,
            card_type: card.2,
            card_name: card.3,
            application: card.4,
            authorisation: card.5,
            date: when.0,
            time: when.1,
            payment_type: when.2,
            text: when.3,
            host_code: when.4,
            verification: how.0,
            online: how.1,
            technology: how.2,
            tip: more.0,
            cashback: more.1,
            partial_approval: more.2,
            receipt_info: more.3,
            message_id: more.4,
            error_code: more.5,
            error_text: more.6,
            totals: more.7,
            unknown_tags: 0,
            flaw: None,
        }
    })
}

fn intermediate() -> impl Strategy<Value = Intermediate> {
    (any::<u8>(), option::of(0u8..=99), vec(text(40), 0..4), option::of(message_id())).prop_map(
        |(code, minutes, lines, message_id)| Intermediate {
            code,
            minutes,
            lines,
            message_id,
            flaw: None,
        },
    )
}

fn completion() -> impl Strategy<Value = Completion> {
    let device = (option::of(text(20)), option::of(text(20)), option::of(vec(any::<u8>(), 0..9)));
    let fields = (option::of(any::<u8>()), option::of(terminal_id()), option::of(currency()));
    (fields, device, vec(any::<(u8, u8)>(), 0..3), option::of(message_id())).prop_map(
        |((status_bits, terminal, currency), device, commands, message_id)| Completion {
            status_bits,
            terminal,
            currency,
            device_name: device.0,
            device_software: device.1,
            device_serial: device.2,
            commands,
            message_id,
            ..Completion::default()
        },
    )
}

fn message() -> impl Strategy<Value = Message> {
    let line =
        || (any::<u8>(), text(40)).prop_map(|(attribute, text)| PrintLine { attribute, text });
    let aborted = (
        result_code(),
        option::of(currency()),
        (option::of(receipt_no()), vec(receipt_no(), 0..4)),
        option::of(vec(any::<u8>(), 0..9)),
        option::of(text(60)),
    );
    let negative = (any::<u8>(), option::of((result_code(), option::of(currency()))));
    prop_oneof![
        4 => status().prop_map(|status| Message::Status(Box::new(status))),
        1 => intermediate().prop_map(Message::Intermediate),
        1 => completion().prop_map(Message::Completion),
        1 => aborted.prop_map(|(result, currency, receipts, error_code, error_text)| {
            let (receipt, open) = receipts;
            Message::Aborted(Aborted {
                result: Some(result),
                currency,
                receipt,
                open,
                error_code,
                error_text,
                flaw: None,
            })
        }),
        1 => line().prop_map(Message::PrintLine),
        1 => (option::of(any::<u8>()), vec(line(), 0..60)).prop_map(|(receipt_type, lines)| {
            Message::TextBlock(TextBlock { receipt_type, lines, flaw: None })
        }),
        1 => option::of(message_id())
            .prop_map(|message_id| Message::Response(Response::Positive { message_id })),
        1 => negative.prop_map(|(code, why)| Message::Response(match why {
            Some((detail, currency)) => Response::Negative {
                code: ResultCode(0x1e),
                detail: Some(detail),
                currency,
            },
            None => Response::no(ResultCode(code)),
        })),
    ]
}

fn packets() -> impl Strategy<Value = Vec<Packet>> {
    let data = prop_oneof![
        vec(any::<u8>(), 0..20),
        vec(prop::sample::select(vec![0x10, 0x03, 0x02]), 0..20),
        vec(any::<u8>(), 250..260)
    ];
    vec((any::<u8>(), any::<u8>(), data), 0..6).prop_map(|all| {
        all.into_iter()
            .map(|(class, instr, data)| Packet::new(class, instr, data).unwrap())
            .collect()
    })
}

/// `bytes` in pieces of the given lengths.
fn pieces(bytes: &[u8], lengths: &[usize]) -> Vec<Vec<u8>> {
    let mut rest = bytes;
    let mut pieces = Vec::new();
    for length in lengths.iter().cycle().take(bytes.len() + 1) {
        let (piece, after) = rest.split_at(rest.len().min(*length));
        pieces.push(piece.to_vec());
        rest = after;
    }
    pieces.push(rest.to_vec());
    pieces
}

proptest! {
    #[test]
    fn a_command_is_read_as_it_was_written(command in command()) {
        let packet = command.encode().unwrap();
        prop_assert_eq!(Packet::decode(&packet.encode()), Ok(packet.clone()));
        prop_assert_eq!(Command::decode(&packet), Ok(command));
    }

    #[test]
    fn a_message_is_read_as_it_was_written(message in message()) {
        let context = Context::default();
        let packet = message.encode(context).unwrap();
        prop_assert_eq!(Message::decode(&packet, context), message);
    }

    #[test]
    fn the_state_of_a_terminal_is_read_as_it_was_written(
        completion in completion(), state in any::<u8>(), version in option::of(text(30)),
    ) {
        let context = Context { status_enquiry: true, charset: Charset::Cp437 };
        let state = Some(ResultCode(state));
        // Behind the state there is only the container.
        let completion =
            Completion { state, software: version, status_bits: None, currency: None, ..completion };
        let packet = Message::Completion(completion.clone()).encode(context).unwrap();
        prop_assert_eq!(Message::decode(&packet, context), Message::Completion(completion));
    }

    #[test]
    fn tags_are_read_as_they_were_written(elements in vec(element(), 0..6)) {
        prop_assert_eq!(tlv::decode(&tlv::encode(&elements)), (elements, None));
    }

    #[test]
    fn a_stream_may_be_split_anywhere(packets in packets(), lengths in vec(1usize..9, 1..6)) {
        let bytes: Vec<u8> = packets.iter().flat_map(Packet::encode).collect();
        let mut decoder = Decoder::new(4_096);
        let mut read = Vec::new();
        for piece in pieces(&bytes, &lengths) {
            decoder.push(&piece);
            while let Some(packet) = decoder.next_packet().unwrap() {
                read.push(packet);
            }
        }
        prop_assert_eq!(read, packets);
        prop_assert_eq!(decoder.finish(), Ok(()));
    }

    #[test]
    fn a_serial_line_may_be_split_anywhere(packets in packets(), lengths in vec(1usize..9, 1..6)) {
        let bytes: Vec<u8> = packets.iter().flat_map(encode_frame).collect();
        let mut decoder = FrameDecoder::default();
        let read: Vec<Event> =
            pieces(&bytes, &lengths).iter().flat_map(|piece| decoder.push(piece)).collect();
        prop_assert_eq!(read, packets.into_iter().map(Event::Packet).collect::<Vec<_>>());
    }

    #[test]
    fn a_frame_with_one_wrong_bit_is_never_taken_for_whole(
        packets in packets(), at in any::<prop::sample::Index>(), bit in 0u8..8,
    ) {
        for packet in packets {
            let mut frame = encode_frame(&packet);
            let place = at.index(frame.len());
            frame[place] ^= 1 << bit;
            let events = FrameDecoder::default().push(&frame);
            prop_assert!(!events.iter().any(|event| matches!(event, Event::Packet(_))), "{:?}", events);
        }
    }

    #[test]
    fn decimals_are_read_as_they_were_written(number in 0u64..1_000_000_000_000) {
        prop_assert_eq!(bcd::decode(&bcd::encode::<6>(number).unwrap()), Some(number));
        prop_assert_eq!(bcd::decode(&bcd::encode_shortest(number)), Some(number));
    }

    #[test]
    fn bytes_of_a_character_set_survive_decoding(bytes in vec(any::<u8>(), 0..40), part in 1u8..=16) {
        for charset in [Charset::Cp437, Charset::Iso8859(if part == 12 { 1 } else { part })] {
            let text = charset.decode(&bytes);
            if !text.contains('\u{fffd}') {
                prop_assert_eq!(charset.encode(&text), bytes.clone());
            }
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..200)) {
        fuzz::stream(&bytes);
        fuzz::serial_line(&bytes);
        fuzz::data(&bytes);
        prop_assert!(fuzz::session(pay(100), &bytes) <= 1);
        fuzz::terminal(settings(), &bytes);
    }

    #[test]
    fn a_damaged_message_loses_nothing_that_was_before_the_damage(
        status in status(), cut in any::<prop::sample::Index>(),
    ) {
        let status = StatusInformation { result: Some(ResultCode(0x05)), ..status };
        let packet = Message::Status(Box::new(status)).encode(Context::default()).unwrap();
        let cut = 2 + cut.index(packet.data().len() - 1);
        let damaged = Packet::new(0x04, 0x0f, packet.data()[..cut].to_vec()).unwrap();
        match Message::decode(&damaged, Context::default()) {
            Message::Status(read) => prop_assert_eq!(read.result, Some(ResultCode(0x05))),
            other => prop_assert!(false, "{:?}", other),
        }
    }
}
