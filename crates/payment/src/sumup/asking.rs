//! A payment at a reader: which it is and how it is, the payment's name on disk, the payment begun – once –, and looking until it
//! is over.

use super::Sumup;
use super::knowing::{identity, software};
use super::told::{self, Names, at, waits};
use super::words::{Accepted, Data, Reader, Status, Transaction, read};
use crate::driver::{
    Approved, Ask, Conversation, End, Identity, Input, NotAnswered, Output, Progress, Said, Why,
};
use crate::meaning::Meaning;

/// How long SumUp may take to say how a reader is, milliseconds.
const HOW_LONG: u32 = 15_000;
/// How long it may take to begin a payment: it reaches out to the reader.
const BEGIN_LONG: u32 = 40_000;
/// Between two looks, milliseconds.
const PAUSE: u32 = 1_500;
/// How often it is looked before it is called unknown: some five minutes, longer than a customer may take.
const LOOKS: u32 = 200;

/// Numbers of what is under way.
const HOW: u8 = 1;
const MONEY: u8 = 2;
const LOOK: u8 = 3;
const STATE: u8 = 4;
const STOP: u8 = 5;
const WHO: u8 = 6;

enum Stage {
    New,
    /// Which reader is it?
    Identifying,
    /// How is the reader?
    Diagnosing,
    /// The caller writes down that money will be asked for.
    Noting,
    /// SumUp is asked to begin.
    Beginning,
    /// What became of it?
    Looking,
    /// What is the reader at?
    Watching,
    Pausing,
    /// The caller puts the yes on disk.
    Storing(Box<Approved>, Option<(Why, &'static str)>),
    Over,
}

pub(super) struct Asking {
    sumup: Sumup,
    ask: Ask,
    /// What the payment is called.
    foreign: String,
    /// What SumUp calls it.
    client: Option<String>,
    stage: Stage,
    cancelled: bool,
    looks: u32,
    shows: &'static str,
}

impl Asking {
    pub(super) fn new(sumup: Sumup, ask: Ask) -> Self {
        let foreign = sumup.name();
        let (stage, shows) = (Stage::New, "waiting");
        Self { sumup, ask, foreign, client: None, stage, cancelled: false, looks: 0, shows }
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
        if let Some(code) = self.sumup.cannot(&self.ask) {
            return self.give_up(code);
        }
        let connecting = vec![Output::Progress(Progress { code: "connecting", text: None })];
        if !self.sumup.asks_who {
            return [connecting, self.diagnose()].concat();
        }
        self.stage = Stage::Identifying;
        let timer = Output::StartTimer { after: HOW_LONG, pause: false };
        let who = Output::Get { number: WHO, path: self.sumup.at_reader("") };
        [connecting, vec![timer, who]].concat()
    }

    fn identified(&mut self, status: u16, body: &[u8]) -> Vec<Output> {
        if status != 200 {
            return self.give_up(told::refused(status, body).unwrap_or("unreachable"));
        }
        let reader = read::<Reader>(body).filter(|said| super::check_reader(&said.id).is_ok());
        let Some(reader) = reader else { return self.give_up("protocol_error") };
        let said = vec![Output::Reported(Box::new(identity(&reader)))];
        if reader.id != *self.sumup.reader {
            return [said, self.give_up("other_terminal")].concat();
        }
        [said, self.diagnose()].concat()
    }

    fn diagnose(&mut self) -> Vec<Output> {
        self.stage = Stage::Diagnosing;
        vec![
            Output::StartTimer { after: HOW_LONG, pause: false },
            Output::Get { number: HOW, path: self.sumup.at_reader("/status") },
        ]
    }

    fn diagnosed(&mut self, status: u16, body: &[u8]) -> Vec<Output> {
        if status != 200 {
            return self.give_up(told::refused(status, body).unwrap_or("unreachable"));
        }
        let Some(Data { data: how }) = read::<Data<Status>>(body) else {
            return self.give_up("protocol_error");
        };
        let software = software(&how);
        let said =
            Identity { tid: Some(self.sumup.reader.to_string()), software, ..Identity::default() };
        let said = Output::Reported(Box::new(said));
        if let Some(code) = in_the_way(&how) {
            return [vec![said], self.give_up(code)].concat();
        }
        let about = Output::About(self.sumup.before(&self.foreign));
        self.stage = Stage::Noting;
        vec![said, about]
    }

    fn noted(&mut self, stored: bool) -> Vec<Output> {
        if !stored {
            return self.give_up("not_stored");
        }
        if self.cancelled {
            return self.give_up("cashier");
        }
        self.stage = Stage::Beginning;
        vec![
            Output::StartTimer { after: BEGIN_LONG, pause: false },
            self.sumup.checkout(MONEY, &self.ask, &self.foreign),
            Output::Progress(Progress { code: "waiting", text: None }),
        ]
    }

    fn begun(&mut self, status: u16, body: &[u8]) -> Vec<Output> {
        match status {
            200..=299 => {}
            status => {
                return match told::refused(status, body) {
                    Some(code) => self.give_up(code),
                    None => self.unknown(Why::BadAnswer, "http_status"),
                };
            }
        }
        let accepted = read::<Data<Accepted>>(body).map(|said| said.data.client_transaction_id);
        let Some(client) = accepted.filter(|name| (1..=200).contains(&name.len())) else {
            return self.unknown(Why::BadAnswer, "unreadable");
        };
        self.client = Some(client);
        let mut outputs = self.pause();
        if self.cancelled {
            outputs.push(self.sumup.terminate(STOP));
        }
        outputs
    }

    fn pause(&mut self) -> Vec<Output> {
        self.stage = Stage::Pausing;
        vec![Output::StartTimer { after: PAUSE, pause: true }]
    }

    fn look(&mut self) -> Vec<Output> {
        if self.looks >= LOOKS {
            return self.unknown(Why::NoAnswer, "no_answer");
        }
        self.looks = self.looks.saturating_add(1);
        self.stage = Stage::Looking;
        let client = self.client.as_deref().unwrap_or_default();
        vec![
            Output::StartTimer { after: HOW_LONG, pause: false },
            self.sumup.look_up(LOOK, "client_transaction_id", client),
        ]
    }

    /// What cannot be read or is refused tells nothing: it is looked again.
    fn looked(&mut self, status: u16, body: &[u8]) -> Vec<Output> {
        let said = if status == 200 { read::<Transaction>(body) } else { None };
        let names = Names { foreign: &self.foreign, client: self.client.as_deref() };
        let meaning =
            said.and_then(|said| self.sumup.paid(&self.ask, names, &said, self.cancelled));
        match meaning {
            None => self.watch(),
            Some(Meaning::Yes(approved, misfit)) => {
                let outcome = Output::Outcome(Said::Approved(approved.clone()));
                self.stage = Stage::Storing(approved, misfit);
                vec![outcome]
            }
            Some(Meaning::No(said)) => self.over(End::NoMoney(said)),
            Some(Meaning::Unclear(why, detail)) => self.unknown(why, detail),
        }
    }

    fn watch(&mut self) -> Vec<Output> {
        self.stage = Stage::Watching;
        vec![
            Output::StartTimer { after: HOW_LONG, pause: false },
            Output::Get { number: STATE, path: self.sumup.at_reader("/status") },
        ]
    }

    fn watched(&mut self, status: u16, body: &[u8]) -> Vec<Output> {
        let how = if status == 200 { read::<Data<Status>>(body) } else { None };
        let state = how.and_then(|how| how.data.state);
        let mut outputs = self.pause();
        let Some(state) = state else { return outputs };
        if self.cancelled && waits(&state) {
            // It may have begun only after it was told to stop.
            outputs.push(self.sumup.terminate(STOP));
        }
        if at(&state) != self.shows {
            self.shows = at(&state);
            outputs.push(Output::Progress(Progress { code: self.shows, text: None }));
        }
        outputs
    }

    fn cancel(&mut self) -> Vec<Output> {
        let first = !std::mem::replace(&mut self.cancelled, true);
        match &self.stage {
            Stage::Identifying | Stage::Diagnosing => self.give_up("cashier"),
            // What counts is what became of the payment.
            Stage::Looking | Stage::Watching | Stage::Pausing if first => {
                vec![self.sumup.terminate(STOP)]
            }
            _ => Vec::new(),
        }
    }
}

/// What is in the way of asking for money, a stable code.
pub(super) fn in_the_way(how: &Status) -> Option<&'static str> {
    match (how.status.as_str(), how.state.as_deref()) {
        ("ONLINE", None | Some("IDLE")) => None,
        ("ONLINE", Some("UPDATING_FIRMWARE")) => Some("not_ready"),
        ("ONLINE", Some(_)) => Some("busy"),
        _ => Some("not_ready"),
    }
}

/// What stands for a provider that nothing was sent to.
pub(super) const fn nothing_sent(how: NotAnswered) -> &'static str {
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
            (Stage::Identifying, Input::Answered { number: WHO, status, body }) => {
                self.identified(status, body)
            }
            (Stage::Diagnosing, Input::Answered { number: HOW, status, body }) => {
                self.diagnosed(status, body)
            }
            (Stage::Identifying, Input::NotAnswered { number: WHO, how })
            | (Stage::Diagnosing, Input::NotAnswered { number: HOW, how }) => {
                self.give_up(nothing_sent(how))
            }
            (Stage::Identifying | Stage::Diagnosing, Input::Timer) => self.give_up("no_answer"),
            (Stage::Noting, Input::Stored) => self.noted(true),
            (Stage::Noting, Input::NotStored) => self.noted(false),
            (Stage::Beginning, Input::Answered { number: MONEY, status, body }) => {
                self.begun(status, body)
            }
            (Stage::Beginning, Input::NotAnswered { number: MONEY, how }) => match how {
                NotAnswered::Lost => self.unknown(Why::ConnectionLost, "closed"),
                how => self.give_up(nothing_sent(how)),
            },
            (Stage::Beginning, Input::Timer) => self.unknown(Why::NoAnswer, "no_answer"),
            (Stage::Pausing, Input::Timer) => self.look(),
            (Stage::Looking, Input::Answered { number: LOOK, status, body }) => {
                self.looked(status, body)
            }
            (Stage::Looking, Input::NotAnswered { number: LOOK, .. } | Input::Timer)
            | (Stage::Watching, Input::NotAnswered { number: STATE, .. } | Input::Timer) => {
                self.pause()
            }
            (Stage::Watching, Input::Answered { number: STATE, status, body }) => {
                self.watched(status, body)
            }
            (Stage::Storing(approved, misfit), Input::Stored) => match misfit {
                None => self.over(End::Acknowledged(approved)),
                Some((why, detail)) => self.unknown(why, detail),
            },
            // Money moved all the same: SumUp will say so again.
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
