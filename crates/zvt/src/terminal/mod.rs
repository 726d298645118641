//! The terminal's side, as a pure state machine for the simulator: packets, the customer's hands and timers
//! come in, bytes and timers go out. It keeps its word the way a real one does: a transaction is stored for
//! good only when its outcome, and every line to print, was acknowledged; otherwise it takes it back.
//!
//! [`Fault`]s are data: the next transaction goes wrong in the way that was planned.

mod day;
mod due;
mod paper;
mod play;
mod store;

use std::collections::VecDeque;

pub use play::TIP;
pub use store::{Kind, Record};

use crate::apdu::{Packet, Wire};
use crate::codes::ResultCode;
use crate::command::{Command, CommandError, config};
use crate::message::{Aborted, Completion, Context, Message, Response};
use crate::recovery::Moment;
use crate::status::StatusInformation;
use crate::text::Charset;
use crate::value::{Currency, Password, TerminalId};
use store::Store;

/// How long the terminal waits for the answer to a packet, milliseconds.
pub const ANSWER_MILLIS: u32 = 30_000;
/// How long it waits for a card, milliseconds.
pub const CUSTOMER_MILLIS: u32 = 60_000;
/// How long the host takes, milliseconds.
pub const HOST_MILLIS: u32 = 1_500;
/// How long taking a payment back takes, milliseconds.
pub const REVERSAL_MILLIS: u32 = 6_000;

/// What a terminal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Its identification.
    pub terminal: TerminalId,
    /// Its password.
    pub password: Password,
    /// Its currency.
    pub currency: Currency,
    /// The merchant's contract, at most 15 ASCII characters.
    pub contract: String,
    /// The device's name.
    pub device: String,
    /// The software's version.
    pub software: String,
    /// The device's serial number, as bytes.
    pub serial: Vec<u8>,
    /// Transactions that fit into its journal until an end of day.
    pub journal_limit: usize,
    /// The time it says at first; see [`Terminal::set_moment`].
    pub moment: Moment,
}

/// What a customer does when the terminal waits for a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Customer {
    /// Inserts the card and types the right PIN.
    Insert,
    /// Holds the card against the terminal.
    Tap,
    /// Types a wrong PIN; may then try again.
    WrongPin,
    /// Swipes the card and signs.
    Sign,
    /// Is asked for a tip, gives one unit of the currency, and holds the card against the terminal. Where
    /// the till asked for none, only the card.
    Tip,
    /// Has a card that the host declines.
    Declined,
    /// Presses the stop key.
    Stop,
}

/// What goes wrong with the next transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The host declines.
    Decline,
    /// The terminal hangs after it took the command.
    TimeOut,
    /// The command is answered only after so many milliseconds.
    SlowAcknowledgement(u32),
    /// The connection is lost before the outcome is sent.
    LostBeforeOutcome,
    /// The connection is lost right after the outcome was sent.
    LostAfterOutcome,
    /// The connection is lost after all is acknowledged and stored, before the completion.
    LostAfterCommit,
    /// The outcome names ten times the amount.
    WrongAmount,
    /// The outcome names another currency.
    WrongCurrency,
    /// The outcome comes from another terminal.
    ChangedTerminal,
    /// The outcome is sent twice.
    AnswerTwice,
    /// The outcome is that of the transaction before.
    AnswerOfAnotherSale,
    /// An abort is taken and the payment approved nevertheless.
    LateApprovalAfterAbort,
    /// 84 9C instead of taking the command.
    Busy,
    /// The journal is full.
    JournalFull,
    /// Bytes that are no packet, instead of the outcome.
    Garbage,
    /// An outcome whose data is cut off; the terminal itself holds it for whole.
    CutOffOutcome,
    /// The completion comes without any outcome; nothing is stored.
    NoOutcome,
    /// Until it is initialised it takes no payment, and says so.
    InitialisationDue,
    /// Until it has made a diagnosis it takes no payment, and says so.
    DiagnosisDue,
    /// The totals of the day name a cent more than there is; waits for an end of day.
    WrongTotal,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Decline,
        Self::TimeOut,
        Self::SlowAcknowledgement(6_000),
        Self::LostBeforeOutcome,
        Self::LostAfterOutcome,
        Self::LostAfterCommit,
        Self::WrongAmount,
        Self::WrongCurrency,
        Self::ChangedTerminal,
        Self::AnswerTwice,
        Self::AnswerOfAnotherSale,
        Self::LateApprovalAfterAbort,
        Self::Busy,
        Self::JournalFull,
        Self::Garbage,
        Self::CutOffOutcome,
        Self::NoOutcome,
        Self::InitialisationDue,
        Self::DiagnosisDue,
        Self::WrongTotal,
    ];
}

/// A timer of the terminal. One runs at a time, and beside it that of a reversal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TerminalTimer {
    /// Until the till answers.
    Answer,
    /// Until the customer does something.
    Customer,
    /// Until the host has answered, or a slow terminal has woken up.
    Host,
    /// Until a payment is taken back.
    Reversal,
}

/// What the simulator does, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Send these bytes.
    Send(Wire),
    /// Call [`Terminal::on_timer`] after that time.
    StartTimer {
        /// Which.
        timer: TerminalTimer,
        /// Milliseconds.
        millis: u32,
    },
    /// Ask the customer: [`Terminal::customer`] is expected.
    AskCustomer,
    /// Close the connection.
    Close,
}

/// One step of what the terminal is about to do.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Say it and wait for the answer.
    Say(Message),
    /// Say the outcome; a no takes the transaction back.
    Outcome(Box<StatusInformation>),
    /// Say it without waiting for anything.
    Respond(Response),
    /// Send bytes as they are, and wait for nothing.
    Raw(Vec<u8>),
    /// Send bytes that the terminal takes for an outcome.
    RawOutcome(Vec<u8>),
    /// Wait for the host.
    Host(u32),
    /// Wait for the customer.
    Customer,
    /// Store the transaction for good.
    Commit,
    /// Close the connection.
    Close,
    /// Do nothing any more until the connection is gone.
    Hang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Nothing,
    /// For the answer to a packet; whether it was an outcome.
    Answer {
        outcome: bool,
    },
    Host,
    Customer,
    /// For a connection's end.
    Forever,
}

/// A transaction that is not stored yet.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) command: Command,
    pub(crate) record: Record,
    pub(crate) status: StatusInformation,
}

/// The simulated terminal.
#[derive(Debug, Clone)]
pub struct Terminal {
    settings: Settings,
    moment: Moment,
    config: u8,
    registered_currency: Option<Currency>,
    prints_blocks: bool,
    store: Store,
    due: due::Due,
    faults: VecDeque<Fault>,
    fault: Option<Fault>,
    hands: VecDeque<Customer>,
    script: VecDeque<Step>,
    waiting: Waiting,
    running: Option<TerminalTimer>,
    pending: Option<Pending>,
    status_enquiry: bool,
    said: Option<Wire>,
    reversing: bool,
}

impl Terminal {
    /// A terminal that has just been switched on, with an empty journal.
    pub fn new(settings: Settings) -> Self {
        Self {
            moment: settings.moment,
            settings,
            config: config::AFTER_LOG_OFF,
            registered_currency: None,
            prints_blocks: false,
            store: Store::default(),
            due: due::Due::default(),
            faults: VecDeque::new(),
            fault: None,
            hands: VecDeque::new(),
            script: VecDeque::new(),
            waiting: Waiting::Nothing,
            running: None,
            pending: None,
            status_enquiry: false,
            said: None,
            reversing: false,
        }
    }

    /// Plans a fault for the next command that moves money or closes the day; several wait in a row. What is
    /// due is due at once.
    pub fn plan(&mut self, fault: Fault) {
        if !self.due.falls(fault) {
            self.faults.push_back(fault);
        }
    }

    /// The faults that are planned and did not happen yet, the next one first.
    pub fn planned(&self) -> impl Iterator<Item = Fault> + '_ {
        self.faults.iter().copied().chain(self.due.fault())
    }

    /// Plans no faults any more.
    pub fn forget_faults(&mut self) {
        self.faults.clear();
        self.due = due::Due::default();
    }

    /// The transaction that is under way and not stored.
    pub fn in_hand(&self) -> Option<&Record> {
        self.pending.as_ref().filter(|p| p.command.moves_money()).map(|p| &p.record)
    }

    /// Whether the till wants the customer of what is under way to be asked for a tip.
    pub fn asks_for_tip(&self) -> bool {
        self.pending.as_ref().is_some_and(Pending::is_tippable)
    }

    /// Plans what customers do, one after another, so that nobody needs to be asked.
    pub fn plan_customer(&mut self, customer: Customer) {
        self.hands.push_back(customer);
    }

    /// Another device with these settings answers from now on; what is stored stays.
    pub fn exchange(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Sets the terminal's clock.
    pub const fn set_moment(&mut self, moment: Moment) {
        self.moment = moment;
    }

    /// What is stored for good, oldest first, since the last end of day.
    pub fn records(&self) -> &[Record] {
        self.store.records()
    }

    /// Whether it waits for a customer.
    pub fn waits_for_customer(&self) -> bool {
        self.waiting == Waiting::Customer
    }

    /// A till has connected.
    pub fn on_connected(&mut self) -> Vec<Deed> {
        Vec::new()
    }

    /// The connection is gone: what is not stored is taken back.
    pub fn on_closed(&mut self) -> Vec<Deed> {
        self.script.clear();
        self.waiting = Waiting::Nothing;
        self.take_back()
    }

    /// Bytes came that are no packet: the terminal hangs up.
    pub fn on_garbage(&mut self) -> Vec<Deed> {
        let mut deeds = vec![Deed::Close];
        deeds.extend(self.on_closed());
        deeds
    }

    /// A timer ran out. One that was replaced in the meantime is ignored.
    pub fn on_timer(&mut self, timer: TerminalTimer) -> Vec<Deed> {
        if timer == TerminalTimer::Reversal {
            self.reversing = false;
            return Vec::new();
        }
        if self.running != Some(timer) {
            return Vec::new();
        }
        self.running = None;
        match (timer, self.waiting) {
            (TerminalTimer::Answer, Waiting::Answer { .. }) => {
                let mut deeds = vec![Deed::Close];
                deeds.extend(self.on_closed());
                deeds
            }
            (TerminalTimer::Host, Waiting::Host) => {
                if let Some(wire) = self.said.take() {
                    return self.say(wire, true);
                }
                self.go_on()
            }
            (TerminalTimer::Customer, Waiting::Customer) => self.customer(Customer::Stop),
            _ => Vec::new(),
        }
    }

    /// What the customer does; ignored when the terminal does not wait for one.
    pub fn customer(&mut self, customer: Customer) -> Vec<Deed> {
        if self.waiting != Waiting::Customer {
            return Vec::new();
        }
        let steps = self.after_customer(customer);
        for step in steps.into_iter().rev() {
            self.script.push_front(step);
        }
        self.go_on()
    }

    /// A packet of the till.
    pub fn on_packet(&mut self, packet: &Packet) -> Vec<Deed> {
        if let Some(response) = Response::decode(packet) {
            return self.on_response(response);
        }
        match Command::decode(packet) {
            Ok(Command::Abort) => self.on_abort(),
            Ok(command) if self.waiting == Waiting::Nothing && !self.reversing => {
                self.begin(command)
            }
            // The state can be asked for while a payment is taken back.
            Ok(Command::StatusEnquiry { .. }) if self.waiting == Waiting::Nothing => {
                self.say_state(ResultCode::BUSY)
            }
            Ok(_) => vec![self.respond(Response::NOT_YET)],
            Err(CommandError::Unsupported(..) | CommandError::Bad(..)) => {
                vec![self.respond(Response::UNKNOWN)]
            }
        }
    }

    fn on_response(&mut self, response: Response) -> Vec<Deed> {
        let Waiting::Answer { outcome } = self.waiting else { return Vec::new() };
        let code = match response {
            Response::Negative { code, .. } if !response.is_positive() => Some(code),
            _ => None,
        };
        match code {
            None => self.go_on(),
            // Not yet: the same again in two seconds.
            Some(ResultCode::BUSY) if outcome => {
                self.waiting = Waiting::Host;
                self.start(TerminalTimer::Host, 2_000)
            }
            Some(_) if outcome => {
                self.said = None;
                self.script = self.after_rejection();
                self.go_on()
            }
            // Messages that are not understood are not needed either; lines to print are.
            Some(_) if self.prints_next() => {
                self.script = self.after_rejection();
                self.go_on()
            }
            Some(_) => self.go_on(),
        }
    }

    /// Whether the transaction is not stored yet, so that a no still counts.
    fn prints_next(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| pending.status.is_approved())
            && self.script.iter().any(|step| matches!(step, Step::Commit))
            && !self
                .script
                .iter()
                .any(|step| matches!(step, Step::Outcome(_) | Step::RawOutcome(_) | Step::Customer))
    }

    fn on_abort(&mut self) -> Vec<Deed> {
        match (self.waiting, self.fault) {
            (Waiting::Forever, _) => Vec::new(),
            (Waiting::Customer, Some(Fault::LateApprovalAfterAbort)) => {
                let mut deeds = vec![self.respond(Response::OK)];
                deeds.extend(self.customer(Customer::Insert));
                deeds
            }
            (Waiting::Customer, _) => {
                let mut deeds = vec![self.respond(Response::OK)];
                deeds.extend(self.customer(Customer::Stop));
                deeds
            }
            // Too late, or nothing to stop.
            _ => vec![self.respond(Response::UNKNOWN)],
        }
    }

    /// Carries out the script until it must wait.
    fn go_on(&mut self) -> Vec<Deed> {
        self.said = None;
        self.running = None;
        let mut deeds = Vec::new();
        loop {
            self.waiting = Waiting::Nothing;
            let Some(step) = self.script.pop_front() else {
                self.fault = None;
                return deeds;
            };
            match step {
                Step::Respond(response) => deeds.push(self.respond(response)),
                Step::Commit => self.commit(),
                Step::Say(message) => {
                    let wire = self.wire(&message);
                    deeds.extend(self.say(wire, false));
                    return deeds;
                }
                Step::Outcome(status) => {
                    let wire = self.wire(&Message::Status(status));
                    deeds.extend(self.say(wire, true));
                    return deeds;
                }
                Step::Raw(bytes) => deeds.push(Deed::Send(Wire(bytes))),
                Step::RawOutcome(bytes) => {
                    deeds.extend(self.say(Wire(bytes), true));
                    return deeds;
                }
                Step::Host(millis) => {
                    self.waiting = Waiting::Host;
                    deeds.extend(self.start(TerminalTimer::Host, millis));
                    return deeds;
                }
                Step::Customer => {
                    self.waiting = Waiting::Customer;
                    if let Some(hand) = self.hands.pop_front() {
                        deeds.extend(self.customer(hand));
                    } else {
                        deeds.extend(self.start(TerminalTimer::Customer, CUSTOMER_MILLIS));
                        deeds.push(Deed::AskCustomer);
                    }
                    return deeds;
                }
                Step::Close => {
                    deeds.push(Deed::Close);
                    deeds.extend(self.on_closed());
                    return deeds;
                }
                Step::Hang => {
                    self.waiting = Waiting::Forever;
                    return deeds;
                }
            }
        }
    }

    fn say(&mut self, wire: Wire, outcome: bool) -> Vec<Deed> {
        self.waiting = Waiting::Answer { outcome };
        self.said = outcome.then(|| wire.clone());
        let mut deeds = vec![Deed::Send(wire)];
        deeds.extend(self.start(TerminalTimer::Answer, ANSWER_MILLIS));
        deeds
    }

    fn start(&mut self, timer: TerminalTimer, millis: u32) -> Vec<Deed> {
        self.running = Some(timer);
        vec![Deed::StartTimer { timer, millis }]
    }

    fn respond(&self, response: Response) -> Deed {
        Deed::Send(Wire::from(&response.encode()))
    }

    fn wire(&self, message: &Message) -> Wire {
        let context = Context { status_enquiry: self.status_enquiry, charset: Charset::Cp437 };
        // What this terminal says fits into a packet; if a setting is too long, it aborts.
        let too_long = Packet::bare(0x06, 0x1e);
        Wire::from(&message.encode(context).unwrap_or(too_long))
    }

    /// Takes back what is not stored; the terminal is busy meanwhile.
    fn take_back(&mut self) -> Vec<Deed> {
        self.said = None;
        self.fault = None;
        let undone = self
            .pending
            .take()
            .is_some_and(|pending| pending.command.moves_money() && pending.status.is_approved());
        self.running = None;
        if !undone {
            return Vec::new();
        }
        self.reversing = true;
        vec![Deed::StartTimer { timer: TerminalTimer::Reversal, millis: REVERSAL_MILLIS }]
    }

    fn say_state(&mut self, state: ResultCode) -> Vec<Deed> {
        self.status_enquiry = true;
        let completion = Completion {
            state: Some(state),
            software: Some(self.settings.software.clone()),
            terminal: Some(self.settings.terminal),
            // One without a name or number keeps them to itself.
            device_name: Some(self.settings.device.clone()).filter(|name| !name.is_empty()),
            device_software: Some(self.settings.software.clone()),
            device_serial: Some(self.settings.serial.clone()).filter(|serial| !serial.is_empty()),
            ..Completion::default()
        };
        self.script =
            [Step::Respond(Response::OK), Step::Say(Message::Completion(completion))].into();
        self.go_on()
    }

    fn abort_with(code: ResultCode) -> Step {
        Step::Say(Message::Aborted(Aborted { result: Some(code), ..Aborted::default() }))
    }
}
