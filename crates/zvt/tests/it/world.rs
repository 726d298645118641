//! A till and a terminal on a wire that can break before any packet, in a time of their own.

use std::collections::{BTreeMap, VecDeque};

use zvt::apdu::{Decoder, Packet};
use zvt::codes::ResultCode;
use zvt::command::{Command, Registration};
use zvt::known::{Before, Identity, Known};
use zvt::message::{Intermediate, PrintLine, TextBlock};
use zvt::recovery::{Attempt, Recovery, Step, Verdict};
use zvt::session::{Ending, Output, Session, Timer};
use zvt::status::StatusInformation;
use zvt::terminal::{Customer, Deed, Terminal, TerminalTimer};
use zvt::text::Charset;

use crate::given::{everything, settings};

/// The longest packet that the till takes in these tests.
const LIMIT: usize = 4_096;

enum Carried {
    ToTill(Vec<u8>),
    ToTerminal(Vec<u8>),
    TerminalHangsUp,
}

/// What the till does about an outcome.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Storing {
    Works,
    Fails,
}

pub(crate) struct World {
    pub(crate) terminal: Terminal,
    pub(crate) storing: Storing,
    /// The connection breaks before this delivery, counted from 1 in each session.
    pub(crate) breaks_before: Option<usize>,
    /// The till aborts when the terminal waits for the customer.
    pub(crate) stops: bool,
    pub(crate) stored: Vec<StatusInformation>,
    pub(crate) shown: Vec<Intermediate>,
    pub(crate) lines: Vec<PrintLine>,
    pub(crate) blocks: Vec<TextBlock>,
    pub(crate) deliveries: usize,
    now: u64,
    up: bool,
    wire: VecDeque<Carried>,
    at_till: Decoder,
    at_terminal: Decoder,
    till_timer: Option<(Timer, u64)>,
    terminal_timers: BTreeMap<bool, (TerminalTimer, u64)>,
}

impl World {
    pub(crate) fn new(terminal: Terminal) -> Self {
        let mut world = Self {
            terminal,
            storing: Storing::Works,
            breaks_before: None,
            stops: false,
            stored: Vec::new(),
            shown: Vec::new(),
            lines: Vec::new(),
            blocks: Vec::new(),
            deliveries: 0,
            now: 0,
            up: false,
            wire: VecDeque::new(),
            at_till: Decoder::new(LIMIT),
            at_terminal: Decoder::new(LIMIT),
            till_timer: None,
            terminal_timers: BTreeMap::new(),
        };
        world.connect();
        world
    }

    /// A registered till on a new terminal.
    pub(crate) fn registered(registration: Registration) -> Self {
        let mut world = Self::new(Terminal::new(settings()));
        let ending = world.run(Command::Registration(registration), Known::default());
        assert!(matches!(ending, Ending::Completed { .. }), "{ending:?}");
        world
    }

    pub(crate) fn connect(&mut self) {
        self.up = true;
        self.at_till = Decoder::new(LIMIT);
        self.at_terminal = Decoder::new(LIMIT);
        let deeds = self.terminal.on_connected();
        self.perform(deeds);
    }

    pub(crate) fn disconnect(&mut self) {
        self.wire.clear();
        if std::mem::take(&mut self.up) {
            let deeds = self.terminal.on_closed();
            self.perform(deeds);
        }
    }

    /// What the till knows of the terminal after `last`.
    pub(crate) fn known(last: Option<&StatusInformation>) -> Known {
        Known {
            before: last.map_or(Before::Nothing, |last| Before::Last(Identity::of(last))),
            terminal: Some(settings().terminal),
            currency: Some(settings().currency),
        }
    }

    /// Runs a command to its ending.
    pub(crate) fn run(&mut self, command: Command, known: Known) -> Ending {
        if !self.up {
            self.connect();
        }
        self.deliveries = 0;
        self.till_timer = None;
        let (mut session, outputs) = Session::begin(command, known, Charset::Cp437).unwrap();
        let mut ending = self.obey(&mut session, outputs);
        for _ in 0..10_000 {
            if let Some(ending) = ending {
                if matches!(ending, Ending::Unknown { .. }) {
                    self.disconnect();
                }
                self.settle(&mut session);
                return ending;
            }
            ending = self.step(&mut session);
        }
        panic!("the session does not end");
    }

    /// One delivery, or else the next timer.
    fn step(&mut self, session: &mut Session) -> Option<Ending> {
        if let Some(carried) = self.wire.pop_front() {
            self.deliveries += 1;
            if self.breaks_before == Some(self.deliveries) {
                self.disconnect();
                let outputs = session.on_closed();
                return self.obey(session, outputs);
            }
            return self.deliver(session, carried);
        }
        if self.stops && self.terminal.waits_for_customer() {
            self.stops = false;
            let outputs = session.abort();
            return self.obey(session, outputs);
        }
        let till = self.till_timer.map_or(u64::MAX, |(_, at)| at);
        let terminal = self.terminal_timers.values().map(|(_, at)| *at).min().unwrap_or(u64::MAX);
        assert!(till.min(terminal) < u64::MAX, "nothing happens any more");
        if till < terminal {
            let (timer, at) = self.till_timer.take().unwrap();
            self.now = at;
            let outputs = session.on_timeout(timer);
            self.obey(session, outputs)
        } else {
            self.terminal_time(terminal);
            None
        }
    }

    fn terminal_time(&mut self, at: u64) {
        self.now = at;
        let due: Vec<bool> = self
            .terminal_timers
            .iter()
            .filter(|(_, (_, due))| *due == at)
            .map(|(k, _)| *k)
            .collect();
        for key in due {
            if let Some((timer, _)) = self.terminal_timers.remove(&key) {
                let deeds = self.terminal.on_timer(timer);
                self.perform(deeds);
            }
        }
    }

    fn deliver(&mut self, session: &mut Session, carried: Carried) -> Option<Ending> {
        match carried {
            Carried::ToTerminal(bytes) => {
                self.at_terminal.push(&bytes);
                while let Some(packet) = self.at_terminal.next_packet().unwrap() {
                    let deeds = self.terminal.on_packet(&packet);
                    self.perform(deeds);
                }
                None
            }
            Carried::ToTill(bytes) => {
                // Split as badly as can be.
                for byte in bytes {
                    self.at_till.push(&[byte]);
                }
                loop {
                    let outputs = match self.at_till.next_packet() {
                        Ok(Some(packet)) => session.on_packet(&packet),
                        Ok(None) => return None,
                        Err(_) => session.on_garbage(),
                    };
                    let ending = self.obey(session, outputs);
                    if ending.is_some() {
                        return ending;
                    }
                }
            }
            Carried::TerminalHangsUp => {
                self.up = false;
                let outputs = session.on_closed();
                self.obey(session, outputs)
            }
        }
    }

    fn obey(&mut self, session: &mut Session, outputs: Vec<Output>) -> Option<Ending> {
        let mut ending = None;
        for output in outputs {
            match output {
                Output::Send(wire) if self.up => self.wire.push_back(Carried::ToTerminal(wire.0)),
                Output::Send(_) => {}
                Output::StartTimer { timer, millis } => {
                    self.till_timer = Some((timer, self.now + u64::from(millis)));
                }
                Output::Status(status) => self.shown.push(status),
                Output::PrintLine(line) => self.lines.push(line),
                Output::PrintBlock(block) => self.blocks.push(block),
                Output::Outcome(status) => {
                    self.till_timer = None;
                    self.stored.push(*status);
                    let outputs = match self.storing {
                        Storing::Works => session.acknowledge_stored(),
                        Storing::Fails => session.reject_not_stored(),
                    };
                    ending = ending.or(self.obey(session, outputs));
                }
                Output::Done(done) => {
                    assert!(ending.is_none(), "two endings");
                    self.till_timer = None;
                    ending = Some(*done);
                }
            }
        }
        ending
    }

    fn perform(&mut self, deeds: Vec<Deed>) {
        for deed in deeds {
            match deed {
                Deed::Send(wire) if self.up => self.wire.push_back(Carried::ToTill(wire.0)),
                Deed::Send(_) | Deed::AskCustomer => {}
                Deed::StartTimer { timer, millis } => {
                    let at = self.now + u64::from(millis);
                    self.terminal_timers.insert(timer == TerminalTimer::Reversal, (timer, at));
                }
                Deed::Close => {
                    self.wire.retain(|carried| matches!(carried, Carried::ToTill(_)));
                    self.wire.push_back(Carried::TerminalHangsUp);
                    self.up = false;
                }
            }
        }
    }

    /// What is still under way arrives; the session must not come to another ending.
    fn settle(&mut self, session: &mut Session) {
        for _ in 0..100 {
            let Some(carried) = self.wire.pop_front() else { return };
            assert!(self.deliver(session, carried).is_none(), "two endings");
        }
        panic!("the wire does not become quiet");
    }

    /// All of the terminal's timers run out.
    pub(crate) fn let_time_pass(&mut self) {
        for _ in 0..100 {
            let Some(at) = self.terminal_timers.values().map(|(_, at)| *at).min() else { return };
            self.terminal_time(at);
            self.wire.clear();
        }
        panic!("the terminal's timers do not end");
    }

    /// Finds out what became of `attempt`; the connection breaks in session number `breaks_in` before
    /// delivery `breaks_before`.
    pub(crate) fn recover(&mut self, attempt: Attempt, breaks: Option<(usize, usize)>) -> Verdict {
        let (mut recovery, mut step) = Recovery::begin(attempt, everything());
        let mut sessions = 0;
        for _ in 0..1_000 {
            step = match step {
                Step::Done(verdict) => return verdict,
                Step::Connect { after_millis } => {
                    self.disconnect();
                    self.wait(after_millis);
                    self.connect();
                    recovery.on_connected(true)
                }
                Step::Run { command, after_millis } => {
                    assert!(!command.moves_money(), "recovery only asks: {command:?}");
                    self.wait(after_millis);
                    sessions += 1;
                    self.breaks_before = breaks
                        .and_then(|(session, before)| (session == sessions).then_some(before));
                    let ending = self.run(*command, Known::default());
                    self.breaks_before = None;
                    recovery.on_ended(&ending)
                }
            };
        }
        panic!("the recovery does not end");
    }

    fn wait(&mut self, millis: u32) {
        let until = self.now + u64::from(millis);
        while let Some(at) = self.terminal_timers.values().map(|(_, at)| *at).min() {
            if at > until {
                break;
            }
            self.terminal_time(at);
        }
        self.now = until;
    }

    /// A payment without any fault, as the one that was before.
    pub(crate) fn earlier_sale(&mut self, minor_units: i64) -> StatusInformation {
        self.terminal.plan_customer(Customer::Insert);
        let last = self.stored.last().cloned();
        match self.run(crate::given::pay(minor_units), Self::known(last.as_ref())) {
            Ending::Approved(status) => *status,
            other => panic!("{other:?}"),
        }
    }
}

/// The code of a no.
pub(crate) fn no_code(ending: &Ending) -> Option<ResultCode> {
    match ending {
        Ending::Declined { code, .. } => *code,
        Ending::Refused { code, .. } => Some(*code),
        _ => None,
    }
}

/// The packets that a session sends in `outputs`.
pub(crate) fn sent(outputs: &[Output]) -> Vec<Packet> {
    let wires = outputs.iter().filter_map(|output| match output {
        Output::Send(wire) => Some(Packet::decode(&wire.0).unwrap()),
        _ => None,
    });
    wires.collect()
}
