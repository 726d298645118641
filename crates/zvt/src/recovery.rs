//! Finding out what became of a command whose ending is unknown, as a pure plan: connect anew, register,
//! wait until the terminal is ready twice in a row (it may still be taking the payment back), ask for its
//! last transaction and compare it with what was known before.
//!
//! It only asks: carried out twice it gives the same answer, and it never moves money.

use crate::codes::{Advice, ResultCode};
use crate::command::{Command, Registration, STATUS_WITHOUT_PRINT};
use crate::known::{Before, Comparison, Doubt, Identity, Known, compare, differ, doubt_of};
use crate::message::Completion;
use crate::session::Ending;
use crate::status::StatusInformation;
use crate::value::{MonthDay, TimeOfDay};

/// Before the first connection, milliseconds: a terminal needs a moment to notice that one is gone.
const FIRST_CONNECT_MILLIS: u32 = 3_000;
/// Between two questions for the terminal's state, milliseconds.
const POLL_MILLIS: u32 = 2_000;
/// Most questions for the terminal's state: three minutes.
const MAX_POLLS: u32 = 90;
/// Most connections.
const MAX_CONNECTIONS: u32 = 6;
const LEAP_YEAR_MINUTES: u32 = 366 * 24 * 60;
const YEAR_MINUTES: u32 = 365 * 24 * 60;

/// A moment on the shop's calendar; the terminal knows no year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: MonthDay,
    /// The time.
    pub time: TimeOfDay,
}

/// The command whose ending is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// What was asked.
    pub command: Command,
    /// What was known of the terminal before it was asked.
    pub known: Known,
    /// When it was asked, if the terminal's time shall be compared.
    pub began: Option<Moment>,
    /// How far the terminal's time may lie from that, minutes in either direction.
    pub slack_minutes: u32,
}

/// What the caller does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Close any connection, wait, connect anew; then [`Recovery::on_connected`].
    Connect {
        /// Milliseconds to wait before.
        after_millis: u32,
    },
    /// Wait, then run a [`Session`](crate::session::Session) with this command; then
    /// [`Recovery::on_ended`]. An outcome that it hands out is acknowledged at once.
    Run {
        /// The command; none of them moves money.
        command: Box<Command>,
        /// Milliseconds to wait before.
        after_millis: u32,
    },
    /// Found out, or not.
    Done(Verdict),
}

/// What became of the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was carried out; this is what the terminal did.
    Approved(Box<StatusInformation>),
    /// It was not carried out: no money moved.
    NotStored,
    /// A person must look at the terminal's own journal.
    StillUnknown(Doubt),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connecting,
    Registering,
    Polling { ready_once: bool },
    Repeating,
    Done,
}

/// The plan, as far as it has come.
#[derive(Debug, Clone)]
pub struct Recovery {
    attempt: Attempt,
    registration: Registration,
    stage: Stage,
    connections: u32,
    polls: u32,
}

impl Recovery {
    /// Begins; `registration` is sent after each connection.
    pub fn begin(attempt: Attempt, registration: Registration) -> (Self, Step) {
        let recovery =
            Self { attempt, registration, stage: Stage::Connecting, connections: 1, polls: 0 };
        (recovery, Step::Connect { after_millis: FIRST_CONNECT_MILLIS })
    }

    /// The connection is up, or could not be made.
    pub fn on_connected(&mut self, up: bool) -> Step {
        if self.stage != Stage::Connecting {
            return self.connect_again(Doubt::OutOfTurn);
        }
        if !up {
            return self.connect_again(Doubt::Unreachable);
        }
        self.stage = Stage::Registering;
        run(Command::Registration(self.registration.clone()), 0)
    }

    /// The session with the command of [`Step::Run`] has ended.
    pub fn on_ended(&mut self, ending: &Ending) -> Step {
        match (self.stage, ending) {
            (_, Ending::Unknown { .. }) => self.connect_again(Doubt::Unreachable),
            (Stage::Registering, Ending::Completed { completion, .. }) => {
                if differ(self.attempt.known.terminal, completion.terminal) {
                    return self.done(Verdict::StillUnknown(Doubt::OtherTerminal));
                }
                self.stage = Stage::Polling { ready_once: false };
                self.poll(0)
            }
            (Stage::Polling { ready_once }, Ending::Completed { completion, .. }) => {
                self.polled(ready_once, completion)
            }
            (Stage::Repeating, Ending::Completed { status: Some(status), .. }) => {
                let verdict = self.verdict(status);
                self.done(verdict)
            }
            (Stage::Repeating, Ending::Declined { code, status: None, .. })
                if *code == Some(ResultCode::IMPOSSIBLE)
                    && self.attempt.known.before == Before::Nothing =>
            {
                // It had nothing before and has nothing now. One that had something and has nothing now
                // has forgotten, this payment too perhaps.
                self.done(Verdict::NotStored)
            }
            (Stage::Registering | Stage::Polling { .. }, _) => self.not_ready(),
            _ => self.done(Verdict::StillUnknown(Doubt::NoRepeat)),
        }
    }

    fn polled(&mut self, ready_once: bool, completion: &Completion) -> Step {
        let ready = completion.state.is_some_and(is_at_rest);
        if ready && ready_once {
            self.stage = Stage::Repeating;
            let password = self.registration.password;
            let service = Some(STATUS_WITHOUT_PRINT);
            return run(Command::RepeatReceipt { password, service, tlv: None }, 0);
        }
        self.stage = Stage::Polling { ready_once: ready };
        self.poll(POLL_MILLIS)
    }

    /// The terminal turned the registration or the enquiry down: mostly it is busy.
    fn not_ready(&mut self) -> Step {
        if self.stage == Stage::Registering {
            self.polls = self.polls.saturating_add(1);
            if self.polls > MAX_POLLS {
                return self.done(Verdict::StillUnknown(Doubt::NotReady));
            }
            return run(Command::Registration(self.registration.clone()), POLL_MILLIS);
        }
        self.stage = Stage::Polling { ready_once: false };
        self.poll(POLL_MILLIS)
    }

    fn poll(&mut self, after_millis: u32) -> Step {
        self.polls = self.polls.saturating_add(1);
        if self.polls > MAX_POLLS {
            return self.done(Verdict::StillUnknown(Doubt::NotReady));
        }
        let password = Some(self.registration.password);
        run(Command::StatusEnquiry { password, service: None, tlv: None }, after_millis)
    }

    fn connect_again(&mut self, doubt: Doubt) -> Step {
        if self.stage == Stage::Done || self.connections >= MAX_CONNECTIONS {
            return self.done(Verdict::StillUnknown(doubt));
        }
        // 2, 4, 8 … seconds.
        let after_millis = 1_000u32.checked_shl(self.connections).unwrap_or(u32::MAX);
        self.connections = self.connections.saturating_add(1);
        self.stage = Stage::Connecting;
        Step::Connect { after_millis }
    }

    /// What the terminal's last transaction says about the attempt.
    fn verdict(&self, status: &StatusInformation) -> Verdict {
        let Attempt { command, known, .. } = &self.attempt;
        if differ(known.terminal, status.terminal) {
            return Verdict::StillUnknown(Doubt::OtherTerminal);
        }
        match known.before {
            Before::NotKnown => return Verdict::StillUnknown(Doubt::NothingToCompare),
            Before::Nothing => {}
            Before::Last(before) => match compare(command, before, status) {
                Comparison::Same => return Verdict::NotStored,
                Comparison::Other => {}
                Comparison::Mixed => return Verdict::StillUnknown(Doubt::MixedNumbers),
                Comparison::Incomparable => {
                    return Verdict::StillUnknown(Doubt::NothingToCompare);
                }
            },
        }
        let said_no = status.result.is_some_and(|code| code != ResultCode::OK);
        match doubt_of(command, known, status) {
            // A no often comes without an amount. It is this one's only when nothing came in between.
            Some(Doubt::NoAmount) if said_no => match known.before {
                Before::Last(before) if !before.is_followed_by(&Identity::of(status)) => {
                    return Verdict::StillUnknown(Doubt::NothingToCompare);
                }
                _ => {}
            },
            Some(doubt) => return Verdict::StillUnknown(doubt),
            None => {}
        }
        if !self.is_of_that_time(status) {
            return Verdict::StillUnknown(Doubt::OtherTime);
        }
        match status.result {
            None => Verdict::StillUnknown(Doubt::Unreadable),
            Some(_) if status.is_approved() => Verdict::Approved(Box::new(status.clone())),
            Some(ResultCode::OK) => Verdict::StillUnknown(Doubt::Contradiction),
            Some(_) => Verdict::NotStored,
        }
    }

    /// Whether the outcome's time, where it has one, lies near the attempt's; a year's end between the two
    /// does not matter.
    fn is_of_that_time(&self, status: &StatusInformation) -> bool {
        let Some((began, (date, time))) = self.attempt.began.zip(status.date.zip(status.time))
        else {
            return true;
        };
        // The terminal's date has no year, so it is not known whether there was a 29 February.
        [true, false].into_iter().any(|leap| {
            let apart = minute_of_year(began.date, began.time, leap)
                .abs_diff(minute_of_year(date, time, leap));
            let year = if leap { LEAP_YEAR_MINUTES } else { YEAR_MINUTES };
            apart.min(year.saturating_sub(apart)) <= self.attempt.slack_minutes
        })
    }

    fn done(&mut self, verdict: Verdict) -> Step {
        self.stage = Stage::Done;
        Step::Done(verdict)
    }
}

/// Nothing is under way at the terminal. What it wants before the next payment does not pass by waiting, and
/// does not keep it from saying what the last one was.
fn is_at_rest(state: ResultCode) -> bool {
    let full = [ResultCode::MEMORY_FULL, ResultCode::JOURNAL_FULL].contains(&state);
    let wants = matches!(
        state.advice(),
        Advice::Nothing | Advice::Initialise | Advice::Diagnose | Advice::EndOfDay
    );
    full || wants
}

fn run(command: Command, after_millis: u32) -> Step {
    Step::Run { command: Box::new(command), after_millis }
}

fn minute_of_year(date: MonthDay, time: TimeOfDay, leap: bool) -> u32 {
    let (hour, minute, _) = time.parts();
    let of_day = u32::from(hour).saturating_mul(60).saturating_add(u32::from(minute));
    let skipped = u32::from(!leap && date.parts().0 > 2);
    date.ordinal().saturating_sub(skipped).saturating_mul(24 * 60).saturating_add(of_day)
}
