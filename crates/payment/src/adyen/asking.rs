//! One thing asked of a terminal: how it is, and – where money is asked for – the number of the message on
//! disk, the message, and what becomes of it.

use ::nexo::message::{AbortRequest, DiagnosisResponse, Header};
use ::nexo::wire::{self, Answer};
use ::nexo::words::{Condition, Outcome};

use super::told::Heard;
use super::{Adyen, Order, POI_ID_MAX, diagnosis, told};
use crate::clean;
use crate::driver::{
    Approved, Conversation, End, Identity, Input, NotAnswered, Output, Progress, Said, Why,
};
use crate::meaning::Meaning;

/// How long a terminal may take to say how it is, milliseconds.
const DIAGNOSIS: u32 = 20_000;
/// Between two requests to give up, milliseconds.
const ABORT_AGAIN: u32 = 5_000;

/// Numbers of what is under way.
const HOW: u8 = 1;
const MONEY: u8 = 2;
const ABORT: u8 = 3;

/// What is asked.
pub(super) enum Job {
    /// Money, or a code of why it cannot be asked for.
    Money(Result<Box<Order>, &'static str>),
    Identity,
    Diagnosis,
}

enum Stage {
    New,
    /// How is the terminal? With the header of the question.
    Diagnosing(Header),
    /// The caller writes down that money will be asked for.
    Noting,
    /// With the header of the question.
    Asking(Header),
    /// The caller puts the yes on disk.
    Storing(Box<Approved>, Option<(Why, &'static str)>),
    Over,
}

pub(super) struct Asking {
    adyen: Adyen,
    job: Job,
    stage: Stage,
    cancelled: bool,
    /// How often it is still asked again to give up.
    aborts: u32,
}

impl Asking {
    pub(super) fn new(adyen: Adyen, job: Job) -> Self {
        Self { adyen, job, stage: Stage::New, cancelled: false, aborts: 0 }
    }

    fn over(&mut self, end: End) -> Vec<Output> {
        self.stage = Stage::Over;
        vec![Output::Done(end)]
    }

    fn give_up(&mut self, code: &'static str) -> Vec<Output> {
        self.over(End::NoMoney(Said::Cancelled { code }))
    }

    fn unknown(&mut self, why: Why, detail: &'static str) -> Vec<Output> {
        self.over(End::Unknown { why, detail })
    }

    fn begin(&mut self) -> Vec<Output> {
        if let Job::Money(Err(code)) = self.job {
            return self.give_up(code);
        }
        let host = matches!(self.job, Job::Diagnosis);
        let (header, post) = self.adyen.own(HOW, &diagnosis(host));
        self.stage = Stage::Diagnosing(header);
        let connecting = Progress { code: "connecting", text: None };
        let timer = Output::StartTimer { after: DIAGNOSIS, pause: false };
        vec![Output::Progress(connecting), timer, post]
    }

    fn diagnosed(&mut self, asked: &Header, status: u16, body: &[u8]) -> Vec<Output> {
        if status != 200 {
            return self.give_up(self.adyen.carrier.not_said(status));
        }
        let (header, answer) = match self.adyen.carrier.read(body) {
            Ok(read) => read,
            Err(none) => return self.give_up(none.before),
        };
        // What it says is sealed with what only the shop's terminals share.
        let named = |name: &str| Output::Reported(Box::new(identity(name, None)));
        let said = named(&self.adyen.poi_id);
        if header.poi_id != self.adyen.poi_id {
            let other = clean::text(&header.poi_id, POI_ID_MAX).unwrap_or_default();
            let said = named(&other);
            return [vec![said], self.give_up("other_terminal")].concat();
        }
        match answer {
            Answer::Diagnosis(answer) if header == asked.answer() => {
                [vec![said], self.how_it_is(&answer)].concat()
            }
            _ => self.give_up("protocol_error"),
        }
    }

    fn how_it_is(&mut self, said: &DiagnosisResponse) -> Vec<Output> {
        let status = said.poi_status.as_ref().and_then(|s| told::in_the_way(s.global_status));
        let failed = match (said.response.result, said.response.error_condition) {
            (Outcome::Failure, Some(Condition::Busy)) => Some("busy"),
            (Outcome::Failure, Some(Condition::LoggedOut)) => Some("not_registered"),
            (Outcome::Failure, _) => Some("not_ready"),
            _ => None,
        };
        let way = status.or(failed);
        match (&self.job, way) {
            (Job::Identity, way) => {
                let identity = identity(&self.adyen.poi_id, way);
                self.over(End::Identity(Box::new(identity)))
            }
            (_, Some(code)) => self.give_up(code),
            (Job::Diagnosis, None) => {
                let banks = &said.host_status;
                if !banks.is_empty() && banks.iter().all(|bank| !bank.is_reachable_flag) {
                    return self.give_up("no_connection");
                }
                self.over(End::Diagnosed)
            }
            (Job::Money(Ok(order)), None) => {
                let about = Output::About(self.adyen.before(order));
                self.stage = Stage::Noting;
                vec![about]
            }
            (Job::Money(Err(code)), None) => self.give_up(code),
        }
    }

    fn noted(&mut self, stored: bool) -> Vec<Output> {
        if !stored {
            return self.give_up("not_stored");
        }
        if self.cancelled {
            return self.give_up("cashier");
        }
        let Job::Money(Ok(order)) = &self.job else { return Vec::new() };
        let header = self.adyen.header(order.message.category(), &order.service_id);
        let post = self.adyen.post(MONEY, &header, &order.message);
        self.stage = Stage::Asking(header);
        let waiting = Progress { code: "waiting", text: None };
        let timer = Output::StartTimer { after: self.adyen.carrier.patience(), pause: false };
        vec![timer, post, Output::Progress(waiting)]
    }

    fn answered(&mut self, asked: &Header, status: u16, body: &[u8]) -> Vec<Output> {
        if let Some(code) = self.adyen.carrier.refused(status) {
            return self.give_up(code);
        }
        if status != 200 {
            return self.unknown(Why::BadAnswer, "http_status");
        }
        let (header, answer) = match self.adyen.carrier.read(body) {
            Ok(read) => read,
            Err(none) => return self.unknown(Why::BadAnswer, none.after),
        };
        if header.poi_id != asked.poi_id {
            return self.unknown(Why::TerminalDiffers, "other_terminal");
        }
        if header != asked.answer() {
            return self.unknown(Why::BadAnswer, "other_sale");
        }
        let Job::Money(Ok(order)) = &self.job else { return Vec::new() };
        let heard = Heard::AtOnce { cancelled: self.cancelled };
        let meaning = match &answer {
            Answer::Payment(said) => self.adyen.paid(order, said, heard),
            Answer::Reversal(said) => self.adyen.reversed(order, said, heard),
            _ => Meaning::Unclear(Why::BadAnswer, "other_kind"),
        };
        match meaning {
            Meaning::Yes(approved, misfit) => {
                let outcome = Output::Outcome(Said::Approved(approved.clone()));
                self.stage = Stage::Storing(approved, misfit);
                vec![outcome]
            }
            Meaning::No(said) => self.over(End::NoMoney(said)),
            Meaning::Unclear(why, detail) => self.unknown(why, detail),
        }
    }

    /// Asks the terminal to give up what it is asked for; again after a while, for this may arrive before the
    /// request itself, and then refers to nothing. What counts is how the payment itself is answered.
    fn abort(&mut self) -> Vec<Output> {
        let Job::Money(Ok(order)) = &self.job else { return Vec::new() };
        let abort = wire::Ask::Abort(AbortRequest {
            abort_reason: "MerchantAbort".to_owned(),
            message_reference: self.adyen.reference(order, &order.service_id),
        });
        let again = Output::StartTimer { after: ABORT_AGAIN, pause: true };
        vec![again, self.adyen.own(ABORT, &abort).1]
    }

    /// No answer yet: patience is over, or it is time to ask again to give up.
    fn timer(&mut self, asked: Header) -> Vec<Output> {
        let Some(left) = self.aborts.checked_sub(1).filter(|_| self.cancelled) else {
            return self.unknown(Why::NoAnswer, "no_answer");
        };
        self.aborts = left;
        self.stage = Stage::Asking(asked);
        self.abort()
    }

    fn cancel(&mut self) -> Vec<Output> {
        if !matches!(self.job, Job::Money(Ok(_))) {
            return Vec::new();
        }
        match &self.stage {
            Stage::Diagnosing(_) => self.give_up("cashier"),
            Stage::Asking(_) if !self.cancelled => {
                self.cancelled = true;
                self.aborts = self.adyen.carrier.patience() / ABORT_AGAIN;
                self.abort()
            }
            _ => {
                self.cancelled = true;
                Vec::new()
            }
        }
    }
}

/// What a terminal's name tells.
fn identity(poi_id: &str, way: Option<&'static str>) -> Identity {
    let (model, serial) = poi_id.rsplit_once('-').unwrap_or((poi_id, ""));
    Identity {
        tid: Some(poi_id.to_owned()),
        model: Some(model.to_owned()),
        serial: Some(serial.to_owned()).filter(|serial| !serial.is_empty()),
        software: None,
        state: Some(way.unwrap_or("approved")),
    }
}

/// What stands for a terminal that nothing was sent to.
const fn nothing_sent(how: NotAnswered) -> &'static str {
    match how {
        NotAnswered::NotTrusted => "bad_certificate",
        NotAnswered::Unreachable | NotAnswered::Lost => "unreachable",
    }
}

impl Conversation for Asking {
    fn on(&mut self, input: Input<'_>) -> Vec<Output> {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        match (stage, input) {
            (Stage::Over, _) => Vec::new(),
            (Stage::New, Input::Begin) => self.begin(),
            (Stage::Diagnosing(asked), Input::Answered { number: HOW, status, body }) => {
                self.diagnosed(&asked, status, body)
            }
            (Stage::Diagnosing(_), Input::NotAnswered { number: HOW, how }) => {
                self.give_up(nothing_sent(how))
            }
            (Stage::Diagnosing(_), Input::Timer) => self.give_up("no_answer"),
            (Stage::Noting, Input::Stored) => self.noted(true),
            (Stage::Noting, Input::NotStored) => self.noted(false),
            (Stage::Asking(asked), Input::Answered { number: MONEY, status, body }) => {
                self.answered(&asked, status, body)
            }
            (Stage::Asking(_), Input::NotAnswered { number: MONEY, how }) => match how {
                NotAnswered::Lost => self.unknown(Why::ConnectionLost, "closed"),
                how => self.give_up(nothing_sent(how)),
            },
            (Stage::Asking(asked), Input::Timer) => self.timer(asked),
            (Stage::Storing(approved, misfit), Input::Stored) => match misfit {
                None => self.over(End::Acknowledged(approved)),
                Some((why, detail)) => self.unknown(why, detail),
            },
            // Money moved all the same: the terminal will say so again.
            (Stage::Storing(..), Input::NotStored) => self.unknown(Why::NotStored, "not_stored"),
            (stage, Input::CancelAsked) => {
                self.stage = stage;
                self.cancel()
            }
            (stage, _) => {
                self.stage = stage;
                Vec::new()
            }
        }
    }
}
