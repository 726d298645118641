//! MT-SICS: lines of text; `S` asks for a weight that no longer moves.

use crate::bytes::{CR, In, LF, Weight, grams};
use crate::weighing::State;

/// No answer of a scale is longer.
const LONGEST: usize = 64;

/// Asks for a weight that no longer moves.
#[must_use]
pub fn ask() -> Vec<u8> {
    b"S\r\n".to_vec()
}

/// An answer of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The weight on it, grams, less what the scale itself has taken off.
    Weight(u32),
    /// It weighs finer than grams.
    Finer,
    /// Why there is none.
    Not(State),
    /// It did not understand (`ES`, `ET`, `EL`).
    NotUnderstood,
    /// Something that no scale says.
    Garbage,
}

/// Puts bytes together to answers.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    line: Vec<u8>,
}

impl Reader {
    /// Takes a byte; an answer when its line is whole.
    pub fn push(&mut self, byte: u8) -> Option<Answer> {
        match byte {
            CR => None,
            LF => {
                let line = std::mem::take(&mut self.line);
                (!line.is_empty()).then(|| read(&line))
            }
            _ if self.line.len() < LONGEST => {
                self.line.push(byte);
                None
            }
            _ => {
                self.line.clear();
                Some(Answer::Garbage)
            }
        }
    }
}

fn read(line: &[u8]) -> Answer {
    let words: Vec<&[u8]> =
        line.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [b"S", b"S", value, unit] => weight(value, unit),
        [b"S", b"D", _, _] => Answer::Not(State::InMotion),
        [b"S", b"I"] => Answer::Not(State::Busy),
        [b"S", b"+"] => Answer::Not(State::Overload),
        [b"S", b"-"] => Answer::Not(State::Underload),
        [b"ES" | b"ET" | b"EL"] => Answer::NotUnderstood,
        _ => Answer::Garbage,
    }
}

fn weight(value: &[u8], unit: &[u8]) -> Answer {
    if let [b'-', rest @ ..] = value {
        let number = grams(rest, In::Grams).is_some();
        return if number { Answer::Not(State::Underload) } else { Answer::Garbage };
    }
    let unit = match unit {
        b"g" => In::Grams,
        b"kg" => In::Kilograms,
        _ => return Answer::Garbage,
    };
    match grams(value, unit) {
        Some(Weight::Grams(grams)) => Answer::Weight(grams),
        Some(Weight::Finer) => Answer::Finer,
        None => Answer::Garbage,
    }
}
