//! The till's side of one command, as a pure state machine: packets, timeouts and the caller's decisions
//! come in, [`Output`]s go out and are carried out **in their order**.
//!
//! An outcome (04 0F) is handed out to be stored and answered only when the caller says
//! [`acknowledge_stored`](Session::acknowledge_stored): the terminal keeps the payment because of that
//! answer. If the till dies between the two, the terminal takes the payment back, and recovery finds out.
//! What is neither a clear yes nor a clear no ends as [`Ending::Unknown`].

use std::collections::VecDeque;

use crate::apdu::{ApduError, Packet, Wire};
use crate::codes::ResultCode;
use crate::command::Command;
use crate::known::{Doubt, Known, doubt_of};
use crate::message::{
    Aborted, Completion, Context, Intermediate, Message, PrintLine, Response, TextBlock,
};
use crate::status::StatusInformation;
use crate::text::Charset;

/// How long a command waits for its 80 or 84, milliseconds.
pub const T3_MILLIS: u32 = 5_000;
/// How long the terminal may be silent while it works, milliseconds.
pub const T4_MILLIS: u32 = 180_000;
/// How long an abort after T4 may take, milliseconds.
pub const ABORT_MILLIS: u32 = 5_000;
/// Said to an outcome that could not be stored. Any code but 00, a yes, and 9C, a wait.
const NOT_STORED: ResultCode = ResultCode(0x66);
/// Packets that may wait while an outcome is being stored; a terminal that speaks in turn sends none.
const MAX_WAITING: usize = 8;

/// A timer. One runs at a time: starting one stops the one before, and an ending stops all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    /// Until the terminal answers the command.
    T3,
    /// Until the terminal's next sign of life.
    T4,
    /// Until the terminal ends what was aborted after T4.
    Abort,
}

/// What the caller does, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Send these bytes.
    Send(Wire),
    /// Call [`Session::on_timeout`] after that time.
    StartTimer {
        /// Which.
        timer: Timer,
        /// Milliseconds.
        millis: u32,
    },
    /// Show what the terminal is doing.
    Status(Intermediate),
    /// Store this durably, then call [`Session::acknowledge_stored`]; if it cannot be stored,
    /// [`Session::reject_not_stored`]. Of several of one command the last one holds.
    Outcome(Box<StatusInformation>),
    /// Keep this line for printing. It is answered whether or not there is paper.
    PrintLine(PrintLine),
    /// Keep this receipt for printing.
    PrintBlock(TextBlock),
    /// The command has ended: close the connection or begin the next session on it. After
    /// [`Ending::Unknown`] the connection must be closed.
    Done(Box<Ending>),
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Money moved: what the terminal says it did is what is booked.
    Approved(Box<StatusInformation>),
    /// A command that moves no money was carried out.
    Completed {
        /// The last word of the terminal.
        completion: Box<Completion>,
        /// What it said before: of a repeated receipt or of an end of day.
        status: Option<Box<StatusInformation>>,
    },
    /// The terminal said no: no money moved.
    Declined {
        /// Why; `None` when it does not say.
        code: Option<ResultCode>,
        /// What it said before, with a text for the cashier.
        status: Option<Box<StatusInformation>>,
        /// Its abort, if the command ended by one.
        aborted: Option<Box<Aborted>>,
    },
    /// The terminal did not take the command (84 xx): nothing happened.
    Refused {
        /// Why; 9C: busy.
        code: ResultCode,
        /// After 84 1E.
        detail: Option<ResultCode>,
    },
    /// Neither yes nor no. Ask by [`recovery`](crate::recovery); never send the command again.
    Unknown {
        /// Why it is not known.
        doubt: Doubt,
        /// The last outcome that came, if one did.
        status: Option<Box<StatusInformation>>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The command is sent.
    Asked,
    /// The terminal works and has the word.
    Working,
    /// An outcome is with the caller.
    Storing,
    /// It has ended.
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Abort {
    No,
    /// To be sent when the terminal has answered the command.
    Wanted,
    /// Sent, its answer is still to come.
    Sent,
    Answered,
}

/// One command from its first byte to its ending.
#[derive(Debug, Clone)]
pub struct Session {
    command: Command,
    known: Known,
    context: Context,
    stage: Stage,
    abort: Abort,
    running: Option<Timer>,
    last: Option<Box<StatusInformation>>,
    /// The last outcome was turned down.
    rejected: bool,
    /// Some outcome was acknowledged that was, or may have been, a yes.
    kept: bool,
    waiting: VecDeque<Packet>,
}

impl Session {
    /// Begins `command`. `known` is what was known of the terminal before, to tell the answer of another
    /// sale or of another terminal. Before a command that moves money is sent it must be on disk.
    /// Errs with [`ApduError::Oversized`] when the command is too long to be sent.
    pub fn begin(
        command: Command,
        known: Known,
        charset: Charset,
    ) -> Result<(Self, Vec<Output>), ApduError> {
        let wire = Wire::from(&command.encode()?);
        let status_enquiry = matches!(command, Command::StatusEnquiry { .. });
        let mut session = Self {
            command,
            known,
            context: Context { status_enquiry, charset },
            stage: Stage::Asked,
            abort: Abort::No,
            running: None,
            last: None,
            rejected: false,
            kept: false,
            waiting: VecDeque::new(),
        };
        let timer = session.start(Timer::T3, T3_MILLIS);
        Ok((session, vec![Output::Send(wire), timer]))
    }

    /// Whether the ending is out.
    pub fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// A packet of the terminal.
    pub fn on_packet(&mut self, packet: &Packet) -> Vec<Output> {
        match self.stage {
            Stage::Asked => self.while_asked(packet),
            Stage::Working => self.while_working(packet),
            Stage::Storing if self.waiting.len() < MAX_WAITING => {
                self.waiting.push_back(packet.clone());
                Vec::new()
            }
            Stage::Storing => self.unknown(Doubt::OutOfTurn),
            Stage::Done => self.after_the_end(packet),
        }
    }

    /// Bytes that are no packets: the stream cannot be read any more.
    pub fn on_garbage(&mut self) -> Vec<Output> {
        self.unknown(Doubt::Garbage)
    }

    /// A timer ran out. One that was stopped in the meantime is ignored.
    pub fn on_timeout(&mut self, timer: Timer) -> Vec<Output> {
        if self.running != Some(timer) {
            return Vec::new();
        }
        match timer {
            Timer::T3 => self.unknown(Doubt::NoAnswer),
            // Whatever the terminal still does, it shall stop, and say so.
            Timer::T4 => {
                let mut outputs = self.send_abort();
                outputs.push(self.start(Timer::Abort, ABORT_MILLIS));
                outputs
            }
            Timer::Abort => self.unknown(Doubt::Silence),
        }
    }

    /// The connection is gone.
    pub fn on_closed(&mut self) -> Vec<Output> {
        self.unknown(Doubt::Closed)
    }

    /// The outcome is on disk.
    pub fn acknowledge_stored(&mut self) -> Vec<Output> {
        self.answer_outcome(true)
    }

    /// The outcome could not be stored: the terminal takes the payment back.
    pub fn reject_not_stored(&mut self) -> Vec<Output> {
        self.answer_outcome(false)
    }

    /// Somebody wants to stop. The terminal may still say yes; an outcome that is out is past stopping.
    pub fn abort(&mut self) -> Vec<Output> {
        match (self.stage, self.abort) {
            (Stage::Asked, Abort::No) => {
                self.abort = Abort::Wanted;
                Vec::new()
            }
            (Stage::Working, Abort::No | Abort::Answered) => self.send_abort(),
            _ => Vec::new(),
        }
    }

    fn while_asked(&mut self, packet: &Packet) -> Vec<Output> {
        match Response::decode(packet) {
            Some(response) if response.is_positive() => self.taken(),
            Some(Response::Negative { code, detail, .. }) => {
                self.done(Ending::Refused { code, detail })
            }
            _ => self.unknown(Doubt::OutOfTurn),
        }
    }

    /// The terminal has taken the command.
    fn taken(&mut self) -> Vec<Output> {
        if matches!(self.command, Command::LogOff | Command::Abort) {
            let completion = Box::default();
            return self.done(Ending::Completed { completion, status: None });
        }
        self.stage = Stage::Working;
        let mut outputs = if self.abort == Abort::Wanted { self.send_abort() } else { Vec::new() };
        outputs.push(self.start(Timer::T4, T4_MILLIS));
        outputs
    }

    fn while_working(&mut self, packet: &Packet) -> Vec<Output> {
        match Message::decode(packet, self.context) {
            Message::Response(_) if self.abort == Abort::Sent => {
                // A no to the abort changes nothing: the terminal goes on and ends by itself.
                self.abort = Abort::Answered;
                Vec::new()
            }
            Message::Response(_) => self.unknown(Doubt::OutOfTurn),
            Message::Intermediate(status) => {
                let millis = match status.minutes {
                    None | Some(0) => T4_MILLIS,
                    Some(minutes) => u32::from(minutes).saturating_mul(60_000),
                };
                let mut outputs = vec![Output::Status(status)];
                outputs.extend(self.answer(Response::OK, millis));
                outputs
            }
            Message::Status(status) => {
                self.stage = Stage::Storing;
                self.running = None;
                self.last = Some(status.clone());
                vec![Output::Outcome(status)]
            }
            Message::PrintLine(line) => {
                let mut outputs = vec![Output::PrintLine(line)];
                outputs.extend(self.answer(Response::OK, T4_MILLIS));
                outputs
            }
            Message::TextBlock(block) => {
                let mut outputs = vec![Output::PrintBlock(block)];
                outputs.extend(self.answer(Response::OK, T4_MILLIS));
                outputs
            }
            Message::Completion(completion) => {
                let ending = self.completed(completion);
                self.done_with(Response::OK, ending)
            }
            Message::Aborted(aborted) => {
                let ending = self.aborted(aborted);
                self.done_with(Response::OK, ending)
            }
            Message::Unsupported(..) => self.answer(Response::UNKNOWN, T4_MILLIS),
        }
    }

    fn completed(&mut self, completion: Completion) -> Ending {
        let status = self.last.take();
        if self.command.moves_money() {
            return match status {
                None => Ending::Unknown { doubt: Doubt::NoOutcome, status },
                Some(_) if self.rejected => Ending::Unknown { doubt: Doubt::Rejected, status },
                Some(status) => self.judged(status),
            };
        }
        let no = status.as_ref().and_then(|status| status.result);
        let repeats = matches!(self.command, Command::RepeatReceipt { .. });
        match no.filter(|code| *code != ResultCode::OK && !repeats) {
            Some(code) => Ending::Declined { code: Some(code), status, aborted: None },
            None => Ending::Completed { completion: Box::new(completion), status },
        }
    }

    /// What an outcome means that was stored and then completed.
    fn judged(&self, status: Box<StatusInformation>) -> Ending {
        if status.is_approved() {
            return match doubt_of(&self.command, &self.known, &status) {
                None => Ending::Approved(status),
                Some(doubt) => Ending::Unknown { doubt, status: Some(status) },
            };
        }
        match status.result {
            None => Ending::Unknown { doubt: Doubt::Unreadable, status: Some(status) },
            Some(ResultCode::OK) => {
                Ending::Unknown { doubt: Doubt::Contradiction, status: Some(status) }
            }
            code => Ending::Declined { code, status: Some(status), aborted: None },
        }
    }

    fn aborted(&mut self, aborted: Aborted) -> Ending {
        let status = self.last.take();
        if self.command.moves_money() && self.kept {
            return Ending::Unknown { doubt: Doubt::AbortedAfterYes, status };
        }
        if aborted.result == Some(ResultCode::OK) {
            return Ending::Unknown { doubt: Doubt::Contradiction, status };
        }
        let said = status.as_ref().and_then(|status| status.result);
        let code = said.filter(|code| *code != ResultCode::OK).or(aborted.result);
        Ending::Declined { code, status, aborted: Some(Box::new(aborted)) }
    }

    fn answer_outcome(&mut self, stored: bool) -> Vec<Output> {
        if self.stage != Stage::Storing {
            return Vec::new();
        }
        self.rejected = !stored;
        // One that could not be read may have been a yes as well.
        let yes = |last: &StatusInformation| last.is_approved() || last.result.is_none();
        self.kept |= stored && self.last.as_deref().is_some_and(yes);
        let response = if stored { Response::OK } else { Response::no(NOT_STORED) };
        self.stage = Stage::Working;
        let mut outputs = self.answer(response, T4_MILLIS);
        while self.stage == Stage::Working
            && let Some(packet) = self.waiting.pop_front()
        {
            outputs.extend(self.while_working(&packet));
        }
        outputs
    }

    /// What comes after the ending is too late: a late yes is turned down, so that the terminal takes the
    /// payment back. Only the outcome that was booked may come twice.
    fn after_the_end(&self, packet: &Packet) -> Vec<Output> {
        let response = match Message::decode(packet, self.context) {
            Message::Response(_) => return Vec::new(),
            Message::Status(status) if self.is_booked(&status) => Response::OK,
            _ => Response::UNKNOWN,
        };
        vec![Output::Send(Wire::from(&response.encode()))]
    }

    fn is_booked(&self, status: &StatusInformation) -> bool {
        self.last.as_deref().is_some_and(|booked| booked.is_approved() && booked == status)
    }

    fn answer(&mut self, response: Response, millis: u32) -> Vec<Output> {
        let send = Output::Send(Wire::from(&response.encode()));
        // After an abort by T4 every sign of life gives the terminal the short time only.
        let timer = match self.running {
            Some(Timer::Abort) => self.start(Timer::Abort, ABORT_MILLIS),
            _ => self.start(Timer::T4, millis),
        };
        vec![send, timer]
    }

    fn send_abort(&mut self) -> Vec<Output> {
        self.abort = Abort::Sent;
        let (class, instr) = Command::Abort.control();
        vec![Output::Send(Wire::from(&Packet::bare(class, instr)))]
    }

    fn start(&mut self, timer: Timer, millis: u32) -> Output {
        self.running = Some(timer);
        Output::StartTimer { timer, millis }
    }

    fn unknown(&mut self, doubt: Doubt) -> Vec<Output> {
        if self.stage == Stage::Done {
            return Vec::new();
        }
        let status = self.last.take();
        self.done(Ending::Unknown { doubt, status })
    }

    fn done_with(&mut self, response: Response, ending: Ending) -> Vec<Output> {
        let mut outputs = vec![Output::Send(Wire::from(&response.encode()))];
        outputs.extend(self.done(ending));
        outputs
    }

    fn done(&mut self, ending: Ending) -> Vec<Output> {
        self.stage = Stage::Done;
        self.running = None;
        self.waiting.clear();
        if let Ending::Approved(status) = &ending {
            self.last = Some(status.clone());
        }
        vec![Output::Done(Box::new(ending))]
    }
}
