//! A conversation that weighs once: what is sent next, and what came of it.

use crate::dialog::{self, Meaning};
use crate::keys::{Keys, check_words};
use crate::weighing::{Fault, Goods, Protocol, State, Weighing};
use crate::{mettler8217, sics};

/// So often in a row a scale may fail to understand before it is given up.
const TRIES: u8 = 5;
/// A load differs from the last one when it is so many grams lighter or heavier: less may be a breath of air.
const ANOTHER_LOAD: u32 = 10;
/// Challenges that are answered in one conversation.
const CHALLENGES: usize = 4;

/// What is known of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// What it speaks.
    pub protocol: Protocol,
    /// Less than so many grams (net and tare together) are not sold, where the scale does not see to that itself.
    pub least: u32,
    /// The maker's secret, where the scale wants to be shown it.
    pub keys: Option<Keys>,
}

/// What has to be remembered of a scale from one weighing to the next, so that a load is weighed once. A scale that computes
/// prices sees to that itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Memory {
    /// The load of the last weighing, grams, while it may still lie there.
    last: Option<u32>,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send this, then wait for an answer.
    Send(Vec<u8>),
    /// Nothing yet: say so, wait a moment (200 ms at least), and ask [`Session::again`].
    Wait(State),
    /// Weighed. What is to be sent is an acknowledgement that nothing answers.
    Done(Weighing, Vec<u8>),
    /// There will be no weighing.
    Never(Fault),
}

/// What the session waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Whether the price is taken.
    Price,
    /// Whether the words are taken.
    WordsTaken,
    /// Whether the words are right.
    Words,
    /// The weighing.
    Weighing,
    /// Why there is none.
    Why,
    /// Nothing any more.
    End,
}

#[derive(Debug, Clone)]
enum Reader {
    Dialog(dialog::Reader),
    Mettler(mettler8217::Reader),
    Sics(sics::Reader),
}

/// Any answer.
enum Answer {
    Dialog(dialog::Answer),
    Weight(u32),
    Finer,
    Not(State),
    NotUnderstood,
    Garbage,
}

/// A conversation with a scale about one weighing.
#[derive(Debug, Clone)]
pub struct Session {
    scale: Scale,
    goods: Goods,
    memory: Memory,
    random: [u16; CHALLENGES],
    challenges: usize,
    at: At,
    priced: bool,
    reader: Reader,
    failed: u8,
}

impl Session {
    /// A conversation that weighs these goods. `random` are numbers that nobody can foresee, for the scale's challenges.
    #[must_use]
    pub fn new(scale: Scale, goods: Goods, memory: Memory, random: [u16; CHALLENGES]) -> Self {
        let reader = match scale.protocol {
            Protocol::Dialog02 | Protocol::Dialog04 | Protocol::Dialog06 => {
                Reader::Dialog(dialog::Reader::default())
            }
            Protocol::Mettler8217 => Reader::Mettler(mettler8217::Reader::default()),
            Protocol::Sics => Reader::Sics(sics::Reader::default()),
        };
        let (at, priced) = (At::End, false);
        Self { scale, goods, memory, random, challenges: 0, at, priced, reader, failed: 0 }
    }

    /// What is remembered for the next weighing.
    #[must_use]
    pub const fn memory(&self) -> Memory {
        self.memory
    }

    /// Asks, for the first time or once more: the bytes to send. What was half received is forgotten.
    #[must_use]
    pub fn again(&mut self) -> Vec<u8> {
        match &mut self.reader {
            Reader::Dialog(reader) => *reader = dialog::Reader::default(),
            Reader::Mettler(reader) => *reader = mettler8217::Reader::default(),
            Reader::Sics(reader) => *reader = sics::Reader::default(),
        }
        match self.scale.protocol {
            Protocol::Mettler8217 => self.send(At::Weighing, mettler8217::ask()),
            Protocol::Sics => self.send(At::Weighing, sics::ask()),
            _ if self.priced => self.send(At::Weighing, dialog::enquiry()),
            _ => self.send(At::Price, dialog::goods(&self.goods)),
        }
    }

    /// The connection is a new one: the scale may have lost the price.
    pub fn reconnected(&mut self) {
        self.priced = false;
    }

    /// It was silent for too long.
    #[must_use]
    pub fn silent(&mut self) -> Step {
        // A scale that was switched off has no price any more.
        self.priced = false;
        self.at = At::End;
        Step::Wait(State::Silent)
    }

    /// Takes bytes in; the first step that comes of them. What follows an answer that nobody waits for is passed over.
    #[must_use]
    pub fn receive(&mut self, bytes: &[u8]) -> Option<Step> {
        for byte in bytes {
            if self.at == At::End {
                return None;
            }
            let answer = match &mut self.reader {
                Reader::Dialog(reader) => reader.push(*byte).map(Answer::Dialog),
                Reader::Mettler(reader) => reader.push(*byte).map(|answer| match answer {
                    mettler8217::Answer::Weight(grams) => Answer::Weight(grams),
                    mettler8217::Answer::Finer => Answer::Finer,
                    mettler8217::Answer::Not(state) => Answer::Not(state),
                    mettler8217::Answer::Garbage => Answer::Garbage,
                }),
                Reader::Sics(reader) => reader.push(*byte).map(|answer| match answer {
                    sics::Answer::Weight(grams) => Answer::Weight(grams),
                    sics::Answer::Finer => Answer::Finer,
                    sics::Answer::Not(state) => Answer::Not(state),
                    sics::Answer::NotUnderstood => Answer::NotUnderstood,
                    sics::Answer::Garbage => Answer::Garbage,
                }),
            };
            if let Some(answer) = answer {
                return Some(self.answered(answer));
            }
        }
        None
    }

    fn answered(&mut self, answer: Answer) -> Step {
        match answer {
            Answer::Dialog(dialog::Answer::Garbage) | Answer::Garbage => self.garbled(),
            Answer::Dialog(answer) => self.dialog(&answer),
            Answer::Weight(grams) => self.weight(grams),
            Answer::Finer => self.never(Fault::FinerThanGrams),
            Answer::Not(state) => {
                if matches!(state, State::InMotion | State::Underload | State::Overload) {
                    self.memory.last = None;
                }
                self.wait(state)
            }
            Answer::NotUnderstood => self.not_understood(),
        }
    }

    fn dialog(&mut self, answer: &dialog::Answer) -> Step {
        use dialog::Answer as A;
        match (self.at, answer) {
            (At::Price, A::Ack) => {
                self.priced = true;
                Step::Send(self.send(At::Weighing, dialog::enquiry()))
            }
            (At::Price | At::Weighing, A::Challenge(first, second)) => {
                self.challenged((*first, *second))
            }
            (At::Price | At::Weighing, A::Nak) => Step::Send(self.send(At::Why, dialog::why())),
            (At::Weighing, A::Weighed { net, unit_price, price, .. }) => {
                self.weighed(*net, *unit_price, *price)
            }
            (At::Why, A::Status(high, low)) => match dialog::meaning((*high, *low)) {
                Meaning::Wait(state) => self.wait(state),
                Meaning::GiveAgain => {
                    self.priced = false;
                    self.not_understood()
                }
                Meaning::Never(fault) => self.never(fault),
            },
            (At::WordsTaken, A::Ack) => Step::Send(self.send(At::Words, dialog::enquiry())),
            (At::Words, A::Words(true)) => {
                Step::Send(self.send(At::Price, dialog::goods(&self.goods)))
            }
            (At::WordsTaken, A::Nak) | (At::Words, A::Words(false) | A::Nak) => {
                self.never(Fault::SecretRefused)
            }
            // An answer to something that was not asked now.
            _ => self.garbled(),
        }
    }

    fn challenged(&mut self, challenge: (u8, u8)) -> Step {
        let Some(keys) = self.scale.keys else { return self.never(Fault::SecretMissing) };
        let Some(number) = self.random.get(self.challenges) else {
            return self.never(Fault::SecretRefused);
        };
        self.challenges = self.challenges.saturating_add(1);
        let words = dialog::words(&check_words(keys, *number, challenge));
        self.priced = false;
        Step::Send(self.send(At::WordsTaken, words))
    }

    /// A weighing in the scale's own words; what it was not asked for is none.
    fn weighed(&mut self, net: u32, unit_price: u32, price: u32) -> Step {
        if unit_price != self.goods.unit_price() {
            return self.never(Fault::OtherPrice);
        }
        if net == 0 {
            return self.wait(State::BelowMinimum);
        }
        self.at = At::End;
        Step::Done(Weighing::new(net, &self.goods, Some(price)), dialog::acknowledge())
    }

    /// A weight alone: whether it may be sold is seen to here.
    fn weight(&mut self, load: u32) -> Step {
        if load < self.scale.least.max(1) {
            self.memory.last = None;
            return self.wait(State::BelowMinimum);
        }
        if self.memory.last.is_some_and(|last| last.abs_diff(load) < ANOTHER_LOAD) {
            return self.wait(State::NoLoadChange);
        }
        let Some(net) = load.checked_sub(self.goods.tare()).filter(|net| *net > 0) else {
            return self.wait(State::BelowMinimum);
        };
        self.at = At::End;
        self.memory.last = Some(load);
        Step::Done(Weighing::new(net, &self.goods, None), Vec::new())
    }

    fn send(&mut self, at: At, bytes: Vec<u8>) -> Vec<u8> {
        self.at = at;
        bytes
    }

    /// A proper answer that is no weighing.
    fn wait(&mut self, state: State) -> Step {
        self.failed = 0;
        self.at = At::End;
        Step::Wait(state)
    }

    fn never(&mut self, fault: Fault) -> Step {
        self.at = At::End;
        Step::Never(fault)
    }

    /// Noise on the line: asked again, from the price on.
    fn garbled(&mut self) -> Step {
        self.priced = false;
        self.at = At::End;
        Step::Wait(State::Garbled)
    }

    fn not_understood(&mut self) -> Step {
        self.failed = self.failed.saturating_add(1);
        if self.failed >= TRIES {
            return self.never(Fault::NotUnderstood);
        }
        self.at = At::End;
        Step::Wait(State::Busy)
    }
}
