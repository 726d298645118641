//! Fuzz targets as plain functions, so that they also run seeded in the ordinary tests.

use crate::clean;
use crate::driver::{Before, Input, NotAnswered, Output, Talk};
use crate::pin::Fingerprint;
use crate::{tls, zvt};

/// Packets that a terminal is likely to say: yes, an outcome, its end, a no, what it is doing, its state.
const LIKELY: [&[u8]; 7] = [
    &[0x80, 0x00, 0x00],
    &[0x06, 0x0f, 0x00],
    &[
        0x04, 0x0f, 0x0f, 0x27, 0x00, 0x04, 0, 0, 0, 0, 0x20, 0x40, 0x49, 0x09, 0x78, 0x87, 0x00,
        0x12,
    ],
    &[0x06, 0x1e, 0x01, 0x6c],
    &[0x04, 0xff, 0x02, 0x0a, 0x01],
    &[0x06, 0x0f, 0x01, 0x00],
    &[0x84, 0x9c, 0x00],
];

/// Bytes as what happens to a conversation: each says which kind of input comes next. Says how many ends
/// came: never more than one, and nothing after it.
pub fn conversation(mut talk: Talk, bytes: &[u8]) -> usize {
    let mut ends = 0;
    let mut rest = bytes;
    let mut outputs = talk.on(Input::Begin);
    loop {
        if ends > 0 && !outputs.is_empty() {
            return usize::MAX;
        }
        ends += outputs.iter().filter(|output| matches!(output, Output::Done(_))).count();
        let Some((kind, after)) = rest.split_first() else { return ends };
        rest = after;
        let number = kind >> 4;
        outputs = match kind % 16 {
            0 => talk.on(Input::Timer),
            1 => talk.on(Input::Closed),
            2 => talk.on(Input::Stored),
            3 => talk.on(Input::NotStored),
            4 => talk.on(Input::CancelAsked),
            5 => talk.on(Input::Connected),
            6 => talk.on(Input::Unreachable),
            7 if number % 2 == 0 => talk.on(Input::NotTrusted),
            7 => talk.on(Input::NotAnswered { number, how: NotAnswered::Lost }),
            likely @ 8..=14 => talk.on(Input::Bytes(LIKELY[usize::from(likely - 8)])),
            _ => {
                let length = rest.first().map_or(0, |byte| usize::from(byte % 64));
                let (some, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
                rest = after;
                if number % 4 == 0 {
                    talk.on(Input::Answered { number, status: 200, body: some })
                } else {
                    talk.on(Input::Bytes(some))
                }
            }
        };
    }
}

/// A text as a terminal writes it, as a fingerprint, and as what a driver keeps. Returns whether no card
/// number stays, and a fingerprint is written as it is read.
#[must_use]
pub fn texts(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let _ = clean::holds_card_number(&digits);
    zvt::fuzz(&Before(text.to_owned()));
    let line = clean::line(text, 80);
    let read: Option<Fingerprint> = text.parse().ok();
    let same = read.is_none_or(|read| read.to_string().parse() == Ok(read));
    same && clean::line(&line, 80) == line && line.chars().count() <= 80
}

/// A certificate's subject, as DER has it, and the whole certificate.
pub fn certificate(bytes: &[u8]) {
    tls::fuzz(bytes);
    let _ = Fingerprint::of(bytes);
}
