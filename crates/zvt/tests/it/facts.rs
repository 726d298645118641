//! Packets that are facts: of the specification, of an acquirer's integration guide, and of published
//! recordings. Each is read as what it is and written again to the same bytes.

use zvt::apdu::Packet;
use zvt::codes::ResultCode;
use zvt::command::{Command, CommandError, Registration, STATUS_WITHOUT_PRINT};
use zvt::message::{Context, Message, Response};
use zvt::tlv::{self, Tlv};
use zvt::value::*;

use crate::given::*;

/// Reads and writes a command.
fn command(text: &str) -> Command {
    let command = Command::decode(&packet(text)).unwrap();
    assert_eq!(command.encode().unwrap().encode(), hex(text), "{text}");
    command
}

#[test]
fn a_registration_with_block_print_says_so_in_tag_26() {
    let read = command("06 00 10 12 34 56 BE 09 78 03 01 06 06 26 04 0A 02 06 D3");
    let expected = Registration {
        password: password(),
        config: 0xbe,
        currency: Some(Currency::EUR),
        service: Some(1),
        tlv: Some(vec![tlv::permitted_commands(&[(0x06, 0xd3)]).unwrap()]),
    };
    assert_eq!(read, Command::Registration(expected));
    assert_eq!(zvt::command::config::RECOMMENDED, 0xbe);
    // An empty container, and none at all.
    for text in ["06 00 0A 12 34 56 3E 09 78 03 01 06 00", "06 00 06 12 34 56 DE 09 78"] {
        assert!(matches!(command(text), Command::Registration(_)));
    }
    let width = tlv::printer_width(42).unwrap();
    assert_eq!(tlv::encode(&[width]), hex("12 01 42"));
    assert_eq!(tlv::printer_width(100), None);
}

#[test]
fn an_authorisation_over_20_40_euro() {
    assert_eq!(command("06 01 0A 04 00 00 00 00 20 40 49 09 78").amount(), Some(cents(2_040)));
    let full = command("06 01 15 01 3C 02 05 04 00 00 00 00 20 40 49 09 78 19 40 06 03 12 01 42");
    let Command::Authorisation(payment) = full else { panic!("{full:?}") };
    assert_eq!((payment.timeout, payment.max_status), (Some(0x3c), Some(5)));
    assert_eq!(payment.payment_type, Some(0x40));
}

#[test]
fn the_other_commands_of_a_till() {
    let status = "05 01 05 00 00 00 03 04";
    assert!(matches!(command(status), Command::StatusEnquiry { service: Some(4), .. }));
    assert!(matches!(command("05 01 00"), Command::StatusEnquiry { password: None, .. }));
    assert_eq!(command("06 02 00"), Command::LogOff);
    assert_eq!(command("06 B0 00"), Command::Abort);
    let Command::Reversal(reversal) = command("06 30 06 00 00 00 87 04 71") else { panic!() };
    assert_eq!(reversal.receipt, receipt(471));
    let refund = command("06 31 0D 00 00 00 04 00 00 00 00 05 00 49 09 78");
    assert_eq!((refund.amount(), refund.moves_money()), (Some(cents(500)), true));
    let Command::RepeatReceipt { service, .. } = command("06 20 05 00 00 00 03 03") else {
        panic!()
    };
    assert_eq!(service, Some(STATUS_WITHOUT_PRINT));
    assert!(matches!(command("06 50 03 12 34 56"), Command::EndOfDay { tlv: None, .. }));
    let nested = "06 50 17 12 34 56 06 12 3F 21 0C 60 06 55 01 AA 05 01 BB 10 02 AB BA 11 01 77";
    assert!(matches!(command(nested), Command::EndOfDay { tlv: Some(_), .. }));
    let diagnosis = Command::Diagnosis { tlv: Some(vec![Tlv::bytes(0x1b, [2]).unwrap()]) };
    assert_eq!(command("06 70 05 06 03 1B 01 02"), diagnosis);
    assert!(matches!(command("06 93 03 12 34 56"), Command::Initialisation { .. }));
    let new = Password::new(654_321).unwrap();
    let change = Command::ChangePassword { old: password(), new };
    assert_eq!(command("06 95 06 12 34 56 65 43 21"), change);
    let tip = command("06 0C 0D 12 34 56 87 04 71 04 00 00 00 00 01 50");
    assert!(matches!(tip, Command::Tip { amount, .. } if amount == cents(150)));
}

#[test]
fn what_becomes_of_a_reservation() {
    let release = command("06 25 08 19 40 87 02 31 49 09 78");
    assert!(matches!(&release, Command::PreAuthReversal(s) if s.receipt == receipt(231)));
    let rest = "06 23 21 19 40 87 04 91 49 09 78 04 00 00 00 00 12 95 06 10 E9 0E 1F 62 02 41 43 \
                1F 63 06 4D 46 32 32 34 36";
    assert!(matches!(command(rest), Command::PartialReversal(s) if s.amount == Some(cents(1_295))));
    let open = command("06 23 03 87 FF FF");
    assert!(matches!(&open, Command::PartialReversal(s) if s.receipt == ReceiptNo::NONE));
    assert!(!open.moves_money(), "it only asks");
    let reserve = command("06 22 0C 04 00 00 00 00 25 00 49 09 78 19 40");
    assert!(matches!(reserve, Command::PreAuthorisation(_)));
    let book =
        "06 24 1A 87 02 31 49 09 78 04 00 00 00 00 25 00 0B 00 09 75 3B 37 35 30 30 37 31 00 00";
    let Command::Booking(booking) = command(book) else { panic!() };
    assert_eq!(booking.trace, Trace::new(975).ok());
    assert_eq!(booking.authorisation, Some(*b"750071\0\0"));
}

#[test]
fn what_is_no_command_of_this_crate_is_named() {
    let read = |text: &str| Command::decode(&packet(text)).unwrap_err();
    assert_eq!(read("06 C0 00"), CommandError::Unsupported(0x06, 0xc0));
    for text in
        ["06 01 00", "06 00 02 12 34", "06 30 03 12 34 56", "06 01 02 04 00", "06 50 03 AA 34 56"]
    {
        let error = read(text);
        assert!(matches!(error, CommandError::Bad(0x06, _, _)), "{text}: {error:?}");
    }
}

#[test]
fn a_masked_card_of_a_feig_terminal() {
    let text = "04 0F 5A 27 00 04 00 00 00 00 25 00 49 09 78 0C 22 55 58 0D 04 05 22 F0 F8 55 98 83 \
                EE EE EE 80 74 87 02 31 3B 37 35 30 30 37 31 00 00 0B 00 09 75 19 60 29 52 52 35 35 \
                0E 24 05 8A 06 8C 01 8B F1 F1 4D 61 73 74 65 72 43 61 72 64 00 2A 38 30 34 30 31 31 \
                39 32 36 20 20 20 20 20 20";
    let Message::Status(status) = Message::decode(&packet(text), Context::default()) else {
        panic!()
    };
    assert!(status.is_approved());
    assert_eq!(status.amount, Some(cents(2_500)));
    assert_eq!(status.currency, Some(Currency::EUR));
    assert_eq!(status.pan.unwrap().last_digits(), "8074");
    assert_eq!(status.receipt, Some(receipt(231)));
    assert_eq!(status.trace, Trace::new(975).ok());
    assert_eq!(status.terminal, TerminalId::new(52_523_535).ok());
    assert_eq!(status.card_name.as_deref(), Some("MasterCard"));
    assert_eq!(status.contract.as_deref(), Some("804011926"));
    assert_eq!(status.date.map(MonthDay::parts), Some((4, 5)));
    assert_eq!(status.time.map(TimeOfDay::parts), Some((22, 55, 58)));
    assert_eq!((status.flaw, status.unknown_tags), (None, 0));
}

#[test]
fn answers_of_either_side() {
    for (text, positive) in [
        ("80 00 00", true),
        ("84 00 00", true),
        ("84 9C 00", false),
        ("84 83 00", false),
        ("84 1E 03 6F 09 78", false),
        ("80 00 08 06 06 1F 73 03 00 00 01", true),
    ] {
        let response = Response::decode(&packet(text)).unwrap();
        assert_eq!(response.is_positive(), positive, "{text}");
        assert_eq!(response.encode().encode(), hex(text));
    }
    assert_eq!(
        Response::decode(&packet("84 1E 03 6F 09 78")),
        Some(Response::Negative {
            code: ResultCode(0x1e),
            detail: Some(ResultCode::WRONG_CURRENCY),
            currency: Some(Currency::EUR),
        })
    );
    assert_eq!(Response::decode(&Packet::bare(0x06, 0x0f)), None);
    assert_eq!(Response::UNKNOWN.encode().encode(), hex("84 83 00"));
}
