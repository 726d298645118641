//! The Checkout-Dialog (02, 04, 06): what the till asks, and what the scale answers. The till leads; each exchange begins with
//! EOT, which acknowledges the answer before.

use crate::bytes::{ACK, ENQ, EOT, ESC, ETX, NAK, STX, number};
use crate::weighing::{Fault, Goods, State, TEXT};

/// No answer of a scale is longer.
const LONGEST: usize = 64;

/// Asks for the weighing.
#[must_use]
pub fn enquiry() -> Vec<u8> {
    vec![EOT, ENQ]
}

/// Acknowledges the last answer of a conversation.
#[must_use]
pub fn acknowledge() -> Vec<u8> {
    vec![EOT]
}

/// Record 08: asks why there is no weighing.
#[must_use]
pub fn why() -> Vec<u8> {
    record(b"08", &[])
}

/// Records 01, 03, 04 and 05: the price of a kilogram, with the tare and the text where there are some.
#[must_use]
pub fn goods(goods: &Goods) -> Vec<u8> {
    let price = format!("{:06}", goods.unit_price());
    let tare = format!("{:04}", goods.tare());
    let text = format!("{:<width$}", goods.text(), width = TEXT);
    match (goods.tare() > 0, goods.text().is_empty()) {
        (false, true) => record(b"01", &[&price, ""]),
        (true, true) => record(b"03", &[&price, &tare]),
        (false, false) => record(b"04", &[&price, &text]),
        (true, false) => record(b"05", &[&price, &tare, &text]),
    }
}

/// Record 10: the words that answer a challenge.
#[must_use]
pub fn words(words: &str) -> Vec<u8> {
    record(b"10", &[words])
}

fn record(kind: &[u8; 2], fields: &[&str]) -> Vec<u8> {
    let mut bytes = vec![EOT, STX];
    bytes.extend_from_slice(kind);
    for field in fields {
        bytes.push(ESC);
        bytes.extend(
            field.bytes().map(|byte| if (0x20..0x7F).contains(&byte) { byte } else { b'?' }),
        );
    }
    bytes.push(ETX);
    bytes
}

/// An answer of a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Taken.
    Ack,
    /// Not taken, or no weighing.
    Nak,
    /// Record 02: weight (grams, net), price of a kilogram and price, as the scale has them; its own state as a digit.
    Weighed {
        /// The state that the scale gives with it.
        state: u32,
        /// Net weight, grams.
        net: u32,
        /// Price of a kilogram, minor units.
        unit_price: u32,
        /// Price, minor units.
        price: u32,
    },
    /// Record 09: why there is none.
    Status(u8, u8),
    /// Record 11 with a challenge: the scale wants to be shown the secret.
    Challenge(u8, u8),
    /// Record 11: the words were right, or not.
    Words(bool),
    /// Something that no scale says.
    Garbage,
}

/// Puts bytes together to answers.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    record: Option<Vec<u8>>,
}

impl Reader {
    /// Takes a byte; an answer when it is whole.
    pub fn push(&mut self, byte: u8) -> Option<Answer> {
        // A line of seven bits may bring its parity along.
        let byte = byte & 0x7F;
        match (self.record.as_mut(), byte) {
            (_, STX) => {
                self.record = Some(Vec::new());
                None
            }
            (Some(_), ETX) => Some(read(&self.record.take().unwrap_or_default())),
            (Some(record), _) if record.len() < LONGEST => {
                record.push(byte);
                None
            }
            (Some(_), _) => {
                self.record = None;
                Some(Answer::Garbage)
            }
            (None, ACK) => Some(Answer::Ack),
            (None, NAK) => Some(Answer::Nak),
            // Some scales end an answer with it.
            (None, EOT) => None,
            (None, _) => Some(Answer::Garbage),
        }
    }
}

/// Reads a record by its separators; where a field begins is never counted.
fn read(record: &[u8]) -> Answer {
    whole(record).unwrap_or(Answer::Garbage)
}

fn whole(record: &[u8]) -> Option<Answer> {
    let mut fields = record.split(|byte| *byte == ESC);
    let kind = fields.next()?;
    let fields: Vec<&[u8]> = fields.collect();
    match (kind, fields.as_slice()) {
        (b"02", [state, net, unit_price, price] | [state, net, unit_price, price, []]) => {
            Some(Answer::Weighed {
                state: number(state)?,
                net: number(net)?,
                unit_price: number(unit_price)?,
                price: number(price)?,
            })
        }
        (b"09", [status] | [status, []]) => match status {
            [high, low] if high.is_ascii_digit() && low.is_ascii_digit() => {
                Some(Answer::Status(high.checked_sub(b'0')?, low.checked_sub(b'0')?))
            }
            _ => None,
        },
        (b"11", [b"0"] | [b"0", []]) => Some(Answer::Words(false)),
        (b"11", [b"1"] | [b"1", []]) => Some(Answer::Words(true)),
        (b"11", [b"2", [first, second]] | [[b'2', first, second]]) => {
            Some(Answer::Challenge(hex(*first)?, hex(*second)?))
        }
        _ => None,
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// What a status means for the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Ask for the weighing again, and say so.
    Wait(State),
    /// Give the price again: the scale has lost it, or what was sent.
    GiveAgain,
    /// There will be no weighing.
    Never(Fault),
}

/// The table of the statuses in record 09.
#[must_use]
pub const fn meaning(status: (u8, u8)) -> Meaning {
    match status {
        // "No fault" instead of a weighing: it is just being made.
        (0, 0) => Meaning::Wait(State::Asking),
        (0, 2) | (1, 0) | (2, 2) => Meaning::GiveAgain,
        (1, 1) => Meaning::Never(Fault::PriceRefused),
        (1, 2) => Meaning::Never(Fault::TareRefused),
        (1, 3) => Meaning::Never(Fault::TextRefused),
        (2, 0) => Meaning::Wait(State::InMotion),
        (2, 1) => Meaning::Wait(State::NoLoadChange),
        (3, 0) => Meaning::Wait(State::BelowMinimum),
        (3, 1) => Meaning::Wait(State::Underload),
        (3, 2) => Meaning::Wait(State::Overload),
        // 01 is the general fault; what the table does not name is none that a weighing could come of.
        _ => Meaning::Wait(State::Busy),
    }
}
