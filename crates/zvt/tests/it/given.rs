//! What the tests begin with.

use zvt::apdu::Packet;
use zvt::command::{Command, Payment, Refund, Registration, Reversal, Settlement, config};
use zvt::recovery::Moment;
use zvt::terminal::Settings;
use zvt::tlv;
use zvt::value::*;

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
        .collect()
}

pub(crate) fn packet(text: &str) -> Packet {
    Packet::decode(&hex(text)).unwrap()
}

pub(crate) fn cents(minor_units: i64) -> Amount {
    Amount::new(minor_units).unwrap()
}

pub(crate) fn receipt(number: u16) -> ReceiptNo {
    ReceiptNo::new(number).unwrap()
}

pub(crate) fn password() -> Password {
    Password::new(123_456).unwrap()
}

pub(crate) fn moment(month: u8, day: u8, hour: u8, minute: u8) -> Moment {
    Moment {
        date: MonthDay::new(month, day).unwrap(),
        time: TimeOfDay::new(hour, minute, 0).unwrap(),
    }
}

pub(crate) fn settings() -> Settings {
    Settings {
        terminal: TerminalId::new(52_523_535).unwrap(),
        password: password(),
        currency: Currency::EUR,
        contract: "8040 1192 6".to_owned(),
        device: "simulator".to_owned(),
        software: "1.0".to_owned(),
        serial: vec![0x17, 0xfd, 0x1e, 0x3c],
        journal_limit: 100,
        moment: moment(11, 25, 14, 30),
    }
}

pub(crate) fn registration(config: u8, blocks: bool) -> Registration {
    let tags = blocks.then(|| vec![tlv::permitted_commands(&[(0x06, 0xd3)]).unwrap()]);
    Registration {
        password: password(),
        config,
        currency: Some(Currency::EUR),
        service: None,
        tlv: tags,
    }
}

pub(crate) fn everything() -> Registration {
    registration(config::RECOMMENDED, true)
}

pub(crate) fn payment(minor_units: i64) -> Payment {
    Payment {
        amount: cents(minor_units),
        currency: Some(Currency::EUR),
        payment_type: Some(0x40),
        timeout: None,
        max_status: None,
        tlv: None,
    }
}

pub(crate) fn pay(minor_units: i64) -> Command {
    Command::Authorisation(payment(minor_units))
}

pub(crate) fn settlement(of: ReceiptNo, amount: Option<i64>) -> Settlement {
    Settlement {
        receipt: of,
        amount: amount.map(cents),
        currency: Some(Currency::EUR),
        payment_type: None,
        trace: None,
        authorisation: None,
        tlv: None,
    }
}

pub(crate) fn reversal(of: ReceiptNo) -> Command {
    Command::Reversal(Reversal {
        password: password(),
        receipt: of,
        amount: None,
        currency: None,
        payment_type: None,
        tlv: None,
    })
}

pub(crate) fn refund(minor_units: i64) -> Command {
    Command::Refund(Refund {
        password: password(),
        amount: cents(minor_units),
        currency: Some(Currency::EUR),
        payment_type: None,
        tlv: None,
    })
}
