//! Two ends of a serial line and what happens to the bytes between them: every fault at every write, and
//! every two faults at every two writes.

use std::collections::VecDeque;

use zvt::apdu::Packet;
use zvt::serial::{ACK, NAK};
use zvt::serial_link::{SerialLink, SerialOutput, SerialTimer};

use crate::given::*;

/// What happens to one write on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mishap {
    Lost,
    /// A byte in the middle is another one.
    Corrupted,
    /// The first byte is another one: the rest looks like noise.
    NoStart,
    /// Its end is missing.
    CutOff,
    /// Bytes that are none of the line's stand before it, one of them like an ACK.
    NoiseBefore,
    /// A lone start stands before it.
    StartBefore,
    /// The receiver sees it twice.
    Twice,
    /// A NAK instead of it.
    Nak,
    /// Byte by byte.
    Split,
}

const MISHAPS: [Mishap; 9] = [
    Mishap::Lost,
    Mishap::Corrupted,
    Mishap::NoStart,
    Mishap::CutOff,
    Mishap::NoiseBefore,
    Mishap::StartBefore,
    Mishap::Twice,
    Mishap::Nak,
    Mishap::Split,
];

impl Mishap {
    /// What arrives, in pieces.
    fn befalls(self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut bent = bytes.to_vec();
        let middle = bytes.len() / 2;
        match self {
            Self::Lost => return Vec::new(),
            Self::Corrupted => bent[middle] ^= 0x41,
            Self::NoStart => bent[0] ^= 0x01,
            Self::CutOff => bent.truncate(middle),
            Self::NoiseBefore => bent.splice(0..0, [0xff, ACK, 0x00]).for_each(drop),
            Self::StartBefore => bent.splice(0..0, [0x10]).for_each(drop),
            Self::Twice => return vec![bytes.to_vec(), bytes.to_vec()],
            Self::Nak => bent = vec![NAK],
            Self::Split => return bytes.iter().map(|byte| vec![*byte]).collect(),
        }
        vec![bent]
    }
}

/// One end: its line, its timers, what it was handed.
#[derive(Default)]
struct End {
    link: SerialLink,
    t1: Option<u64>,
    t2: Option<u64>,
    got: Vec<Packet>,
    failed: bool,
}

struct World {
    till: End,
    terminal: End,
    /// What the terminal still says, each when the one before was answered.
    says: VecDeque<Packet>,
    air: VecDeque<(bool, Vec<u8>)>,
    now: u64,
    writes: usize,
    mishaps: Vec<(usize, Mishap)>,
}

impl World {
    /// A till that asks, and a terminal that answers, says twice the same, an outcome and a completion.
    fn play(command: &str, mishaps: &[(usize, Mishap)]) -> Self {
        let says = ["04 FF 01 0A", "04 FF 01 0A", "04 0F 02 27 00", "06 0F 00"].map(packet);
        let mut world = Self {
            till: End::default(),
            terminal: End::default(),
            says: says.into(),
            air: VecDeque::new(),
            now: 0,
            writes: 0,
            mishaps: mishaps.to_vec(),
        };
        let outputs = world.till.link.send(packet(command));
        world.perform(true, outputs);
        while world.step() {
            assert!(world.writes < 200, "it never ends: {mishaps:?}");
        }
        world
    }

    fn end(&mut self, till: bool) -> &mut End {
        if till { &mut self.till } else { &mut self.terminal }
    }

    fn perform(&mut self, till: bool, outputs: Vec<SerialOutput>) {
        for output in outputs {
            match output {
                SerialOutput::Write(wire) => {
                    self.writes += 1;
                    let mishap = self.mishaps.iter().find(|(at, _)| *at == self.writes);
                    let pieces = mishap.map_or(vec![wire.0.clone()], |(_, m)| m.befalls(&wire.0));
                    self.air.extend(pieces.into_iter().map(|piece| (!till, piece)));
                }
                SerialOutput::StartTimer { timer, millis } => {
                    let at = Some(self.now + u64::from(millis));
                    match timer {
                        SerialTimer::T1 => self.end(till).t1 = at,
                        SerialTimer::T2 => self.end(till).t2 = at,
                    }
                }
                SerialOutput::Packet(packet) => {
                    self.end(till).got.push(packet.clone());
                    for answer in self.answers(till, &packet) {
                        let outputs = self.end(till).link.send(answer);
                        self.perform(till, outputs);
                    }
                }
                SerialOutput::Failed(_) => {
                    assert!(!self.end(till).failed, "a line fails once");
                    self.end(till).failed = true;
                }
            }
        }
    }

    /// What an end says to a packet.
    fn answers(&mut self, till: bool, got: &Packet) -> Vec<Packet> {
        let yes = packet("80 00 00");
        match (till, got.control()) {
            (true, (0x80, 0x00)) => Vec::new(),
            (true, _) => vec![yes],
            (false, (0x80, 0x00)) => self.says.pop_front().into_iter().collect(),
            (false, _) => std::iter::once(yes).chain(self.says.pop_front()).collect(),
        }
    }

    /// What is on its way arrives; when nothing is, the next timer runs out. False at the end.
    fn step(&mut self) -> bool {
        if let Some((till, bytes)) = self.air.pop_front() {
            let outputs = self.end(till).link.on_bytes(&bytes);
            self.perform(till, outputs);
            return true;
        }
        let timers = [
            (self.till.t1, true, SerialTimer::T1),
            (self.till.t2, true, SerialTimer::T2),
            (self.terminal.t1, false, SerialTimer::T1),
            (self.terminal.t2, false, SerialTimer::T2),
        ];
        let next = timers.into_iter().filter_map(|(at, till, timer)| Some((at?, till, timer)));
        let Some((at, till, timer)) = next.min_by_key(|(at, ..)| *at) else { return false };
        self.now = at;
        match timer {
            SerialTimer::T1 => self.end(till).t1 = None,
            SerialTimer::T2 => self.end(till).t2 = None,
        }
        let outputs = self.end(till).link.on_timeout(timer);
        self.perform(till, outputs);
        true
    }

    fn whole(&self) -> bool {
        let at_terminal = self.terminal.got.len() == 5;
        let mut at_till: Vec<_> = self.till.got.iter().map(Packet::control).collect();
        // Two that are the same, one after the other, with an answer lost between them: one is as good.
        at_till.dedup();
        let expected = [(0x80, 0), (0x04, 0xff), (0x04, 0x0f), (0x06, 0x0f)];
        at_terminal && at_till == expected
    }

    fn commands(&self) -> usize {
        self.terminal.got.iter().filter(|packet| packet.control().0 == 0x06).count()
    }
}

const PAY: &str = "06 01 07 04 00 00 00 00 12 34";
const ENQUIRE: &str = "05 01 00";

#[test]
fn any_one_mishap_is_made_up_for_and_nothing_comes_twice() {
    let (mut played, mut waiting) = (0, 0);
    for command in [PAY, ENQUIRE] {
        let writes = World::play(command, &[]).writes;
        assert_eq!(writes, 20, "ten frames and an answer to each");
        for at in 1..=writes {
            for mishap in MISHAPS {
                let world = World::play(command, &[(at, mishap)]);
                played += 1;
                let case = format!("{command}: {mishap:?} at {at}");
                // Whether the command arrived is not known: it is not sent again.
                let gone = matches!(mishap, Mishap::Lost | Mishap::Nak);
                if command == PAY && at == 1 && gone {
                    assert!(world.till.failed && world.commands() == 0, "{case}");
                    continue;
                }
                assert!(!world.till.failed && !world.terminal.failed, "{case}");
                if command == PAY {
                    assert_eq!(world.commands(), 1, "{case}");
                }
                // A NAK where an ACK was said, and the same packet again after it: which one is meant cannot
                // be told. Both wait then, until the session's own time is over.
                if mishap == Mishap::Nak && !world.whole() {
                    waiting += 1;
                    continue;
                }
                assert!(world.whole(), "{case}: {:?} {:?}", world.till.got, world.terminal.got);
                assert!(world.till.link.is_idle() && world.terminal.link.is_idle(), "{case}");
            }
        }
    }
    println!("serial line: {played} mishaps, after {waiting} both ends wait");
    assert!(waiting <= 8, "{waiting}");
    assert_eq!(played, 2 * 20 * 9);
}

#[test]
fn any_two_mishaps_never_bring_a_payment_twice_nor_an_outcome_that_was_not_said() {
    let mut played = 0;
    let mut failed = 0;
    for first in 1..=22 {
        for second in first + 1..=24 {
            for one in MISHAPS {
                for other in MISHAPS {
                    let world = World::play(PAY, &[(first, one), (second, other)]);
                    played += 1;
                    failed += usize::from(world.till.failed || world.terminal.failed);
                    let case = format!("{one:?} at {first}, {other:?} at {second}");
                    assert!(world.commands() <= 1, "{case}");
                    let outcome = packet("04 0F 02 27 00");
                    let known = |p: &Packet| p.control() != (0x04, 0x0f) || *p == outcome;
                    assert!(world.till.got.iter().all(known), "{case}");
                }
            }
        }
    }
    println!("serial line: {played} pairs of mishaps, after {failed} of them a line failed");
    assert!(played > 20_000 && failed > 0 && failed < played / 4, "{played} {failed}");
}

#[test]
fn a_line_without_anybody_fails_after_three_tries_and_money_is_not_asked_for_again() {
    for (command, tries) in [(ENQUIRE, 3), (PAY, 1)] {
        let mut link = SerialLink::default();
        let mut outputs = link.send(packet(command));
        let mut written = 0;
        while !outputs.iter().any(|output| matches!(output, SerialOutput::Failed(_))) {
            written += outputs.iter().filter(|o| matches!(o, SerialOutput::Write(_))).count();
            outputs = link.on_timeout(SerialTimer::T2);
        }
        assert_eq!(written, tries, "{command}");
        assert!(link.send(packet(command)).is_empty() && link.on_bytes(&[ACK]).is_empty());
    }
}

#[test]
fn a_frame_that_stops_half_way_is_asked_for_again() {
    let mut link = SerialLink::default();
    let frame = zvt::serial::encode_frame(&packet("80 00 00"));
    let outputs = link.on_bytes(&frame[..4]);
    assert!(matches!(outputs.as_slice(), [SerialOutput::StartTimer { .. }]), "{outputs:?}");
    let outputs = link.on_timeout(SerialTimer::T1);
    let [SerialOutput::Write(wire)] = outputs.as_slice() else { panic!("{outputs:?}") };
    assert_eq!(wire.0, [NAK]);
    let outputs = link.on_bytes(&frame);
    assert!(outputs.contains(&SerialOutput::Packet(packet("80 00 00"))), "{outputs:?}");
    assert!(link.on_timeout(SerialTimer::T1).is_empty(), "the line is not waited for any more");
}
