//! One thing asked of a terminal: connect, register, and – where money is asked for – look at its last
//! transaction first and have that on disk.

use std::collections::VecDeque;

use ::zvt::codes::{Advice, ResultCode};
use ::zvt::command::{Command, STATUS_WITHOUT_PRINT, Settlement, wants};
use ::zvt::known::{self, Known};
use ::zvt::message::Completion;
use ::zvt::session::Ending;
use ::zvt::status::StatusInformation;
use ::zvt::value::ReceiptNo;

use super::link::{Event, Link};
use super::{Order, Zvt, told};
use crate::driver::{
    Approved, Before, Conversation, DayTotals, End, Input, Output, Progress, Said, Why,
};

/// The service byte of 05 01 that asks for the device's name and serial number as well.
const WITH_DEVICE: u8 = 0x04;

/// What is asked.
pub(super) enum Job {
    /// Money, or a code of why it cannot be asked for.
    Money(Result<Order, &'static str>),
    EndOfDay,
    /// What the day comes to so far.
    Totals,
    Identity,
    Diagnosis,
    Initialisation,
    Reservations,
    LogOff,
}

/// What a terminal wants done before it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Initialisation,
    Diagnosis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    New,
    Connecting,
    Registering,
    /// What the terminal asked for is done first.
    Mending(Wanted),
    /// Which device is it?
    Identifying,
    /// Which transaction is the terminal's last?
    Looking,
    /// The caller writes down that money will be asked for.
    Noting,
    Asking,
    Over,
}

pub(super) struct Asking {
    zvt: Zvt,
    job: Job,
    stage: Stage,
    link: Link,
    known: Known,
    cancelled: bool,
    /// The yes that the caller was handed, and whether it is on disk.
    yes: Option<(Approved, bool)>,
    totals: Option<DayTotals>,
    /// The last outcome could not be stored.
    not_stored: bool,
    /// The last outcome does not belong to what was asked.
    misfit: Option<(Why, &'static str)>,
    /// What the terminal asked for and does not have yet.
    wanted: VecDeque<Wanted>,
    /// It asked for something before: it is not done again and again.
    mended: bool,
}

impl Asking {
    pub(super) fn new(zvt: Zvt, job: Job) -> Self {
        let known =
            Known { terminal: zvt.terminal, currency: Some(zvt.currency), ..Known::default() };
        Self {
            link: Link::new(zvt.slack),
            zvt,
            job,
            stage: Stage::New,
            known,
            cancelled: false,
            yes: None,
            totals: None,
            not_stored: false,
            misfit: None,
            wanted: VecDeque::new(),
            mended: false,
        }
    }

    fn over(&mut self, end: End, out: &mut Vec<Output>) {
        self.stage = Stage::Over;
        out.push(Output::Done(end));
    }

    fn give_up(&mut self, code: &'static str, out: &mut Vec<Output>) {
        self.over(End::NoMoney(Said::Cancelled { code }), out);
    }

    fn start(&mut self, stage: Stage, command: Command, out: &mut Vec<Output>) {
        self.stage = stage;
        let event = self.link.begin(command, self.known, out);
        self.decide(event, out);
    }

    /// Carries out what follows from events until bytes or an answer are needed.
    fn decide(&mut self, event: Option<Event>, out: &mut Vec<Output>) {
        match event {
            Some(Event::Outcome(status)) => self.outcome(&status, out),
            Some(Event::Ended(ending)) => self.ended(*ending, out),
            None => {}
        }
    }

    fn answer(&mut self, stored: bool, out: &mut Vec<Output>) {
        let event = self.link.answer(stored, out);
        self.decide(event, out);
    }

    fn outcome(&mut self, status: &StatusInformation, out: &mut Vec<Output>) {
        if self.stage != Stage::Asking {
            return self.answer(true, out);
        }
        if let Some(no) = status.result.filter(|code| *code != ResultCode::OK) {
            // Not the last word: a wrong PIN may be followed by a right one.
            let text = told::text_of(Some(status));
            out.push(Output::Progress(Progress { code: no.name(), text }));
            return self.answer(true, out);
        }
        match &self.job {
            Job::Money(Ok(order)) => {
                let misfit = if status.is_approved() {
                    order.misfit(&self.known, status)
                } else {
                    Some((Why::BadAnswer, "unreadable"))
                };
                let approved = order.approved(status, self.zvt.currency);
                self.yes(approved, misfit, out);
            }
            Job::EndOfDay | Job::Totals if !told::is_whole(status) => {
                self.misfit = Some((Why::BadAnswer, "unreadable"));
                self.answer(false, out);
            }
            Job::EndOfDay => {
                let totals = told::day_totals(status);
                // Said twice: it is on disk already.
                if self.totals.as_ref() == Some(&totals) {
                    return self.answer(true, out);
                }
                (self.totals, self.misfit) = (Some(totals.clone()), None);
                out.push(Output::Outcome(Said::DayClosed(Box::new(totals))));
            }
            Job::Totals => {
                self.totals = Some(told::day_totals(status));
                self.answer(true, out);
            }
            _ => self.answer(true, out),
        }
    }

    fn yes(
        &mut self,
        approved: Approved,
        misfit: Option<(Why, &'static str)>,
        out: &mut Vec<Output>,
    ) {
        (self.misfit, self.not_stored) = (misfit, false);
        match misfit {
            // A person must see what was booked.
            None | Some((Why::AmountDiffers | Why::CurrencyDiffers, _)) => {}
            Some(_) => return self.answer(false, out),
        }
        // Said twice: it is on disk already.
        if self.yes.as_ref().is_some_and(|(yes, stored)| *stored && *yes == approved) {
            return self.answer(true, out);
        }
        self.yes = Some((approved.clone(), false));
        out.push(Output::Outcome(Said::Approved(Box::new(approved))));
    }

    fn ended(&mut self, ending: Ending, out: &mut Vec<Output>) {
        let stage = self.stage;
        match stage {
            Stage::Registering => match ending {
                Ending::Completed { completion, .. } => self.registered(&completion, out),
                other => self.over(End::NoMoney(told::not_registered(&other)), out),
            },
            Stage::Mending(wanted) => match ending {
                Ending::Completed { .. } => self.go_on(out),
                // Its own word for what it still lacks.
                _ => {
                    let code = match wanted {
                        Wanted::Initialisation => ResultCode::INITIALISATION_REQUIRED,
                        Wanted::Diagnosis => ResultCode::DIAGNOSIS_REQUIRED,
                    };
                    let no = Said::Declined { code: code.name(), text: None };
                    self.over(End::NoMoney(no), out);
                }
            },
            Stage::Identifying => self.identified(&ending, out),
            Stage::Looking => self.looked(&ending, out),
            _ if self.wants_more(&ending) => self.go_on(out),
            _ => {
                let end = self.end(ending);
                self.over(end, out);
            }
        }
    }

    fn registered(&mut self, completion: &Completion, out: &mut Vec<Output>) {
        let said = told::registered_as(completion);
        out.extend(said.map(|said| Output::Reported(Box::new(said))));
        let same = self.known.terminal.zip(completion.terminal).is_none_or(|(a, b)| a == b);
        if !same {
            return self.give_up("other_terminal", out);
        }
        self.known.terminal = self.known.terminal.or(completion.terminal);
        // Whoever asks for a diagnosis gets one anyway.
        if !matches!(self.job, Job::Diagnosis | Job::Initialisation) {
            let bits = completion.status_bits.unwrap_or(0);
            let all = [
                (wants::INITIALISATION, Wanted::Initialisation),
                (wants::DIAGNOSIS, Wanted::Diagnosis),
            ];
            self.wanted = all.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, w)| *w).collect();
            self.mended = !self.wanted.is_empty();
        }
        self.go_on(out);
    }

    /// The state that a terminal says asks for something: once, for it may not help.
    fn wants_more(&mut self, ending: &Ending) -> bool {
        let Ending::Completed { completion, .. } = ending else { return false };
        let state = completion.state.filter(|_| matches!(self.job, Job::Identity) && !self.mended);
        let wanted = match state.map(ResultCode::advice) {
            Some(Advice::Initialise) => Wanted::Initialisation,
            Some(Advice::Diagnose) => Wanted::Diagnosis,
            _ => return false,
        };
        self.wanted.push_back(wanted);
        self.mended = true;
        true
    }

    /// What the terminal wants first, and then what it is asked for.
    fn go_on(&mut self, out: &mut Vec<Output>) {
        let password = self.zvt.password;
        if let Some(wanted) = self.wanted.pop_front() {
            let (code, command) = match wanted {
                Wanted::Initialisation => {
                    ("auto_initialisation", Command::Initialisation { password, tlv: None })
                }
                Wanted::Diagnosis => ("auto_diagnosis", Command::Diagnosis { tlv: None }),
            };
            out.push(Output::Progress(Progress { code, text: None }));
            return self.start(Stage::Mending(wanted), command, out);
        }
        match &self.job {
            Job::Money(_) | Job::EndOfDay | Job::Totals if self.zvt.asks_who => {
                let (password, service) = (Some(password), Some(WITH_DEVICE));
                let command = Command::StatusEnquiry { password, service, tlv: None };
                self.start(Stage::Identifying, command, out);
            }
            Job::Money(_) | Job::EndOfDay | Job::Totals => self.begin(out),
            Job::Identity => {
                let (password, service) = (Some(password), Some(WITH_DEVICE));
                let command = Command::StatusEnquiry { password, service, tlv: None };
                self.start(Stage::Asking, command, out);
            }
            Job::Diagnosis => self.start(Stage::Asking, Command::Diagnosis { tlv: None }, out),
            Job::Initialisation => {
                self.start(Stage::Asking, Command::Initialisation { password, tlv: None }, out);
            }
            Job::Reservations => self.start(Stage::Asking, which_are_open(), out),
            Job::LogOff => self.start(Stage::Asking, Command::LogOff, out),
        }
    }

    /// What is asked of a terminal of which is known, as far as anybody wants to, which device it is.
    fn begin(&mut self, out: &mut Vec<Output>) {
        let password = self.zvt.password;
        match &self.job {
            // The terminal empties its journal: that it is asked has to be on disk.
            Job::EndOfDay => {
                self.stage = Stage::Noting;
                out.push(Output::About(Before::default()));
            }
            Job::Totals => {
                self.start(Stage::Asking, Command::SendTotals { password, tlv: None }, out);
            }
            _ => self.look(out),
        }
    }

    /// The terminal said which device it is, or that it cannot.
    fn identified(&mut self, ending: &Ending, out: &mut Vec<Output>) {
        match ending {
            Ending::Completed { completion, .. } => {
                let said = told::identity(completion, self.known.terminal);
                let silent = said.serial.is_none() && said.model.is_none();
                out.push(Output::Reported(Box::new(said)));
                out.extend(silent.then_some(Output::Silent));
                self.begin(out);
            }
            Ending::Refused { code: ResultCode::BUSY, .. } => self.give_up("busy", out),
            Ending::Unknown { doubt, .. } => self.give_up(doubt.code(), out),
            // Not every terminal answers this. Whether this one did before, the caller knows.
            _ => {
                out.push(Output::Silent);
                self.begin(out);
            }
        }
    }

    fn look(&mut self, out: &mut Vec<Output>) {
        let (password, service) = (self.zvt.password, Some(STATUS_WITHOUT_PRINT));
        let command = Command::RepeatReceipt { password, service, tlv: None };
        self.start(Stage::Looking, command, out);
    }

    /// The terminal said what its last transaction was, or that it cannot.
    fn looked(&mut self, ending: &Ending, out: &mut Vec<Output>) {
        self.known.before = match ending {
            Ending::Completed { status: Some(status), .. } => told::last_of(status),
            Ending::Declined { code: Some(ResultCode::IMPOSSIBLE), status: None, .. } => {
                known::Before::Nothing
            }
            Ending::Refused { code: ResultCode::BUSY, .. } => return self.give_up("busy", out),
            Ending::Unknown { doubt, .. } => return self.give_up(doubt.code(), out),
            // It sells all the same; only recovery would need a person.
            _ => known::Before::NotKnown,
        };
        self.stage = Stage::Noting;
        out.push(Output::About(told::write_before(&self.known)));
    }

    fn noted(&mut self, stored: bool, out: &mut Vec<Output>) {
        if !stored {
            return self.give_up("not_stored", out);
        }
        if self.cancelled {
            return self.give_up("cashier", out);
        }
        let command = match &self.job {
            Job::Money(Ok(order)) => order.command.clone(),
            Job::EndOfDay => Command::EndOfDay { password: self.zvt.password, tlv: None },
            _ => return,
        };
        self.start(Stage::Asking, command, out);
    }

    fn stored(&mut self, stored: bool, out: &mut Vec<Output>) {
        match self.stage {
            Stage::Noting => self.noted(stored, out),
            Stage::Asking => {
                self.not_stored = !stored;
                if let Some((_, on_disk)) = &mut self.yes {
                    *on_disk = stored;
                }
                self.answer(stored, out);
            }
            _ => {}
        }
    }

    /// How what was asked ended.
    fn end(&mut self, ending: Ending) -> End {
        if let (Job::Reservations, Ending::Declined { aborted: Some(aborted), .. }) =
            (&self.job, &ending)
            && let Some(open) = told::open_reservations(aborted)
        {
            return End::Reservations(open);
        }
        if matches!(ending, Ending::Declined { .. }) && self.not_stored {
            return End::NoMoney(Said::Cancelled { code: "not_stored" });
        }
        if let Some((why, detail)) = self.misfit {
            return End::Unknown { why, detail };
        }
        let yes_stored = self.yes.as_ref().is_some_and(|(_, stored)| *stored);
        match ending {
            Ending::Unknown { doubt, .. } => {
                let why = match told::why(doubt) {
                    Why::ConnectionLost | Why::NoAnswer | Why::BadAnswer if yes_stored => {
                        Why::NotAcknowledged
                    }
                    why => why,
                };
                End::Unknown { why, detail: doubt.code() }
            }
            Ending::Declined { .. } if yes_stored => {
                End::Unknown { why: Why::BadAnswer, detail: "contradiction" }
            }
            Ending::Declined { code, status, aborted } => {
                let stopped = if self.cancelled { "cashier" } else { "customer" };
                End::NoMoney(told::no(code, status.as_deref(), aborted.as_deref(), stopped))
            }
            Ending::Refused { code, detail } => End::NoMoney(told::refused(code, detail)),
            Ending::Approved(_) | Ending::Completed { .. } => self.done(&ending),
        }
    }

    fn done(&mut self, ending: &Ending) -> End {
        match (&self.job, ending) {
            (Job::Identity, Ending::Completed { completion, .. }) => {
                End::Identity(Box::new(told::identity(completion, self.known.terminal)))
            }
            (Job::Diagnosis, _) => End::Diagnosed,
            (Job::Initialisation | Job::LogOff, _) => End::Done,
            (Job::Reservations, _) => End::Reservations(Vec::new()),
            (Job::EndOfDay, _) => match self.totals.take() {
                Some(mut totals) => {
                    totals.lines = self.link.take_lines();
                    End::DayClosed(Box::new(totals))
                }
                None => End::Unknown { why: Why::BadAnswer, detail: "no_outcome" },
            },
            (Job::Totals, _) => match self.totals.take() {
                Some(totals) => End::DayStands(Box::new(totals)),
                None => End::Unknown { why: Why::BadAnswer, detail: "no_outcome" },
            },
            _ => match self.yes.take() {
                Some((mut approved, true)) => {
                    approved.slips = self.link.take_slips();
                    End::Acknowledged(Box::new(approved))
                }
                _ => End::Unknown { why: Why::BadAnswer, detail: "no_outcome" },
            },
        }
    }

    fn cancel(&mut self, out: &mut Vec<Output>) {
        if !matches!(self.job, Job::Money(_)) || self.cancelled {
            return;
        }
        self.cancelled = true;
        match self.stage {
            Stage::Registering | Stage::Mending(_) | Stage::Identifying | Stage::Looking => {
                self.give_up("cashier", out);
            }
            Stage::Asking => {
                let event = self.link.abort(out);
                self.decide(event, out);
            }
            _ => {}
        }
    }
}

/// 06 23 without a receipt: the terminal says no, and with it which reservations are open.
fn which_are_open() -> Command {
    Command::PartialReversal(Settlement {
        receipt: ReceiptNo::NONE,
        amount: None,
        currency: None,
        payment_type: None,
        trace: None,
        authorisation: None,
        tlv: None,
    })
}

impl Conversation for Asking {
    fn on(&mut self, input: Input<'_>) -> Vec<Output> {
        let mut out = Vec::new();
        match (self.stage, input) {
            (Stage::Over, _) => {}
            (Stage::New, Input::Begin) => match self.job {
                Job::Money(Err(code)) => self.give_up(code, &mut out),
                _ => {
                    self.stage = Stage::Connecting;
                    out.push(Output::Progress(Progress { code: "connecting", text: None }));
                    out.push(Output::Connect { after: 0 });
                }
            },
            (Stage::Connecting, Input::Unreachable | Input::Closed) => {
                self.give_up("unreachable", &mut out);
            }
            (Stage::Connecting, Input::NotTrusted) => self.give_up("bad_certificate", &mut out),
            (Stage::Connecting, Input::Connected) if self.cancelled => {
                self.give_up("cashier", &mut out);
            }
            (Stage::Connecting, Input::Connected) if matches!(self.job, Job::LogOff) => {
                self.go_on(&mut out);
            }
            (Stage::Connecting, Input::Connected) => {
                let command = Command::Registration(self.zvt.registration());
                self.start(Stage::Registering, command, &mut out);
            }
            (_, Input::Bytes(bytes)) => {
                self.link.push(bytes);
            }
            (Stage::Noting, Input::Closed) => self.give_up("closed", &mut out),
            (_, Input::Closed) => {
                let event = self.link.closed(&mut out);
                self.decide(event, &mut out);
            }
            (_, Input::Timer) => {
                let event = self.link.timeout(&mut out);
                self.decide(event, &mut out);
            }
            (_, Input::Stored) => self.stored(true, &mut out),
            (_, Input::NotStored) => self.stored(false, &mut out),
            (_, Input::CancelAsked) => self.cancel(&mut out),
            // It posts nothing.
            (_, Input::Answered { .. } | Input::NotAnswered { .. }) => {}
            (_, Input::Begin | Input::Connected | Input::Unreachable | Input::NotTrusted) => {}
        }
        // What came along with what was decided upon.
        while self.stage != Stage::Over
            && let Some(event) = self.link.read(&mut out)
        {
            self.decide(Some(event), &mut out);
        }
        out
    }
}
