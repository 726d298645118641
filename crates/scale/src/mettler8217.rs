//! Mettler-Toledo 8217: `W` asks, and the weight comes in kilograms, or a byte that says why it does not.

use crate::bytes::{CR, In, STX, Weight, grams};
use crate::weighing::State;

/// No answer of a scale is longer.
const LONGEST: usize = 16;

/// Asks for the weight.
#[must_use]
pub fn ask() -> Vec<u8> {
    b"W".to_vec()
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
    /// Something that no scale says.
    Garbage,
}

/// What the status byte says, the first that holds: moving, too much, under zero, off its zero; a scale that is none of it and
/// gives no weight is busy.
#[must_use]
pub const fn status(byte: u8) -> State {
    if byte & 0x01 != 0 {
        State::InMotion
    } else if byte & 0x02 != 0 {
        State::Overload
    } else if byte & 0x04 != 0 || byte & 0x08 != 0 {
        State::Underload
    } else {
        State::Busy
    }
}

/// Puts bytes together to answers.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    line: Option<Vec<u8>>,
}

impl Reader {
    /// Takes a byte; an answer when it is whole.
    pub fn push(&mut self, byte: u8) -> Option<Answer> {
        // A line of seven bits may bring its parity along.
        let byte = byte & 0x7F;
        match (self.line.as_mut(), byte) {
            (_, STX) => {
                self.line = Some(Vec::new());
                None
            }
            (Some(_), CR) => Some(read(&self.line.take().unwrap_or_default())),
            (Some(line), _) if line.len() < LONGEST => {
                line.push(byte);
                None
            }
            _ => {
                self.line = None;
                Some(Answer::Garbage)
            }
        }
    }
}

fn read(line: &[u8]) -> Answer {
    match line {
        [b'?', byte] => Answer::Not(status(*byte)),
        [weight @ .., b'N'] | weight => match grams(weight, In::Kilograms) {
            // An answer without a point is none: 01250 could be grams or tens of them.
            Some(_) if !weight.contains(&b'.') => Answer::Garbage,
            Some(Weight::Grams(grams)) => Answer::Weight(grams),
            Some(Weight::Finer) => Answer::Finer,
            None => Answer::Garbage,
        },
    }
}
