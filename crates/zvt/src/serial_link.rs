//! One end of a serial line, as a pure state machine: packets go out as frames and stay out until the other
//! side has taken them; frames come in, are answered and handed on once. Both ends are alike.
//!
//! Frames carry no numbers, so a frame that came twice must be told from one that was sent twice: the same
//! packet again, before anything of ours was taken, is a repetition. It is answered and not handed on. A
//! lost answer is made up for by what follows: whoever answers a command has it.
//!
//! A command that moves money goes out a second time only when the other side says that it did not get it
//! whole. After silence nobody knows whether it arrived, and the line fails: then the terminal is asked what
//! became of it.

use std::collections::VecDeque;

use crate::apdu::{Packet, Wire};
use crate::command::Command;
use crate::serial::{ACK, Event, FrameDecoder, NAK, encode_frame};

/// Longest pause between two bytes of a frame (T1), milliseconds.
pub const T1_MILLIS: u32 = 200;
/// How long the answer to a frame may take (T2), milliseconds.
pub const T2_MILLIS: u32 = 5_000;
/// How often a frame is sent at most: once, and two repetitions.
pub const TRIES: u8 = 3;

/// A timer of the line. Each runs by itself; starting one anew replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SerialTimer {
    /// Until the line is quiet: what came so far was no whole frame.
    T1,
    /// Until the other side has taken what was sent.
    T2,
}

/// What the caller does, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SerialOutput {
    /// Write these bytes to the line.
    Write(Wire),
    /// Call [`SerialLink::on_timeout`] after that time.
    StartTimer {
        /// Which.
        timer: SerialTimer,
        /// Milliseconds.
        millis: u32,
    },
    /// A packet of the other side.
    Packet(Packet),
    /// The line is no good any more: close it. Nothing follows.
    Failed(SerialFailure),
}

/// Why a line is no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SerialFailure {
    /// The other side did not answer a frame.
    Silence,
    /// The other side got none of the tries whole.
    NotTaken,
}

/// A frame that the other side has not taken yet.
#[derive(Debug, Clone)]
struct Out {
    packet: Packet,
    tries: u8,
}

/// One end of the line.
#[derive(Debug, Clone, Default)]
pub struct SerialLink {
    decoder: FrameDecoder,
    out: Option<Out>,
    waiting: VecDeque<Packet>,
    /// The packet that came last, while nothing of ours was taken since.
    last: Option<Packet>,
    /// What came was no whole frame: until the line is quiet, no byte alone is believed.
    broken: bool,
    quiet_awaited: bool,
    failed: bool,
}

impl SerialLink {
    /// Sends a packet when those before it were taken.
    pub fn send(&mut self, packet: Packet) -> Vec<SerialOutput> {
        if self.failed {
            return Vec::new();
        }
        self.waiting.push_back(packet);
        self.next()
    }

    /// Whether everything that was to be sent was taken.
    pub fn is_idle(&self) -> bool {
        self.failed || (self.out.is_none() && self.waiting.is_empty())
    }

    /// Bytes as they came, split anywhere.
    pub fn on_bytes(&mut self, bytes: &[u8]) -> Vec<SerialOutput> {
        let mut outputs = Vec::new();
        if self.failed {
            return outputs;
        }
        for event in self.decoder.push(bytes) {
            match event {
                Event::Packet(packet) => self.came(packet, &mut outputs),
                Event::Damaged(_) => self.broken = true,
                // Within damage these may be bytes of a frame.
                Event::Ack | Event::Nak if self.broken => {}
                Event::Ack => {
                    self.taken();
                    outputs.extend(self.next());
                }
                Event::Nak => outputs.extend(self.again(SerialFailure::NotTaken)),
            }
            if self.failed {
                return outputs;
            }
        }
        self.quiet_awaited = self.broken || self.decoder.is_inside();
        if self.quiet_awaited {
            outputs.push(SerialOutput::StartTimer { timer: SerialTimer::T1, millis: T1_MILLIS });
        }
        outputs
    }

    /// A timer ran out. One that is not needed any more is ignored.
    pub fn on_timeout(&mut self, timer: SerialTimer) -> Vec<SerialOutput> {
        match timer {
            SerialTimer::T1 if self.quiet_awaited && !self.failed => {
                (self.broken, self.quiet_awaited) = (false, false);
                self.decoder.give_up();
                vec![SerialOutput::Write(Wire(vec![NAK]))]
            }
            // A frame is coming in: it may be the answer.
            SerialTimer::T2 if self.quiet_awaited && self.out.is_some() => {
                vec![SerialOutput::StartTimer { timer: SerialTimer::T2, millis: T1_MILLIS }]
            }
            SerialTimer::T2 => match &self.out {
                Some(out) if moves_money(&out.packet) => self.fail(SerialFailure::Silence),
                Some(_) => self.again(SerialFailure::Silence),
                None => Vec::new(),
            },
            SerialTimer::T1 => Vec::new(),
        }
    }

    /// A whole frame came.
    fn came(&mut self, packet: Packet, outputs: &mut Vec<SerialOutput>) {
        self.broken = false;
        outputs.push(SerialOutput::Write(Wire(vec![ACK])));
        if self.last.as_ref() == Some(&packet) {
            return;
        }
        let follows = |out: &Out| is_answer(&out.packet) != is_answer(&packet);
        if self.out.as_ref().is_some_and(follows) {
            self.taken();
        }
        self.last = Some(packet.clone());
        outputs.push(SerialOutput::Packet(packet));
        outputs.extend(self.next());
    }

    /// The other side has what was sent.
    fn taken(&mut self) {
        if self.out.take().is_some() {
            self.last = None;
        }
    }

    /// Sends what waits, if nothing is out.
    fn next(&mut self) -> Vec<SerialOutput> {
        if self.out.is_some() {
            return Vec::new();
        }
        let Some(packet) = self.waiting.pop_front() else { return Vec::new() };
        self.out = Some(Out { packet, tries: 0 });
        self.again(SerialFailure::Silence)
    }

    /// Sends what is out, once more if it was sent before.
    fn again(&mut self, failure: SerialFailure) -> Vec<SerialOutput> {
        let Some(out) = &mut self.out else { return Vec::new() };
        if out.tries >= TRIES {
            return self.fail(failure);
        }
        out.tries = out.tries.saturating_add(1);
        vec![
            SerialOutput::Write(Wire(encode_frame(&out.packet))),
            SerialOutput::StartTimer { timer: SerialTimer::T2, millis: T2_MILLIS },
        ]
    }

    fn fail(&mut self, failure: SerialFailure) -> Vec<SerialOutput> {
        self.failed = true;
        self.out = None;
        self.waiting.clear();
        vec![SerialOutput::Failed(failure)]
    }
}

/// 80 xx and 84 xx answer; everything else wants an answer.
const fn is_answer(packet: &Packet) -> bool {
    matches!(packet.control().0, 0x80 | 0x84)
}

fn moves_money(packet: &Packet) -> bool {
    Command::decode(packet).is_ok_and(|command| command.moves_money())
}
