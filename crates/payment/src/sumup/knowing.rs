//! Which reader it is and how it is; and pairing one. No money is asked for.

use super::Sumup;
use super::asking::{in_the_way, nothing_sent};
use super::told::{self, given_up};
use super::words::{Data, Reader, Status, read};
use crate::clean;
use crate::driver::{Conversation, End, Identity, Input, Output, Progress};

/// How long SumUp may take, milliseconds.
const PATIENCE: u32 = 20_000;
/// Most characters of a text.
const TEXT_MAX: usize = 80;

/// Numbers of what is under way.
pub(super) const HOW: u8 = 1;
const STATE: u8 = 2;

/// What is wanted to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Identity,
    Diagnosis,
}

enum Stage {
    New,
    Looking,
    Watching(Box<Identity>),
    Over,
}

pub(super) struct Knowing {
    /// None while there is no reader yet.
    sumup: Option<Sumup>,
    /// What begins it; none for what is not offered.
    first: Option<Output>,
    wanted: Wanted,
    stage: Stage,
}

impl Knowing {
    pub(super) fn new(sumup: Sumup, wanted: Wanted) -> Self {
        let first = Some(Output::Get { number: HOW, path: sumup.at_reader("") });
        Self { sumup: Some(sumup), first, wanted, stage: Stage::New }
    }

    pub(super) fn pairing(first: Output) -> Self {
        Self { sumup: None, first: Some(first), wanted: Wanted::Identity, stage: Stage::New }
    }

    pub(super) fn not_offered(sumup: Sumup) -> Self {
        Self { sumup: Some(sumup), first: None, wanted: Wanted::Identity, stage: Stage::New }
    }

    fn over(&mut self, end: End) -> Vec<Output> {
        self.stage = Stage::Over;
        vec![Output::Done(end)]
    }

    fn give_up(&mut self, code: &'static str) -> Vec<Output> {
        self.over(End::NoMoney(given_up(code)))
    }

    fn begin(&mut self) -> Vec<Output> {
        let Some(first) = self.first.take() else { return self.give_up("function_impossible") };
        self.stage = Stage::Looking;
        let connecting = Progress { code: "connecting", text: None };
        let timer = Output::StartTimer { after: PATIENCE, pause: false };
        vec![Output::Progress(connecting), timer, first]
    }

    fn looked(&mut self, status: u16, body: &[u8]) -> Vec<Output> {
        if !(200..=299).contains(&status) {
            return self.give_up(told::refused(status, body).unwrap_or("unreachable"));
        }
        let reader = read::<Reader>(body).filter(|said| super::check_reader(&said.id).is_ok());
        let Some(reader) = reader else { return self.give_up("protocol_error") };
        let paired = reader.status == "paired";
        let identity = identity(&reader);
        let Some(sumup) = &self.sumup else {
            return self.over(End::Identity(Box::new(identity)));
        };
        let said = Output::Reported(Box::new(identity.clone()));
        if reader.id != *sumup.reader {
            return [vec![said], self.give_up("other_terminal")].concat();
        }
        if !paired {
            let end = match self.wanted {
                Wanted::Identity => self.over(End::Identity(Box::new(identity))),
                Wanted::Diagnosis => self.give_up("not_registered"),
            };
            return [vec![said], end].concat();
        }
        let path = sumup.at_reader("/status");
        self.stage = Stage::Watching(Box::new(identity));
        let timer = Output::StartTimer { after: PATIENCE, pause: false };
        vec![said, timer, Output::Get { number: STATE, path }]
    }

    fn watched(&mut self, mut identity: Box<Identity>, status: u16, body: &[u8]) -> Vec<Output> {
        if status != 200 {
            return self.give_up(told::refused(status, body).unwrap_or("unreachable"));
        }
        let Some(Data { data: how }) = read::<Data<Status>>(body) else {
            return self.give_up("protocol_error");
        };
        let way = in_the_way(&how);
        identity.software = software(&how);
        identity.state = Some(way.unwrap_or("approved"));
        match (self.wanted, way) {
            (Wanted::Identity, _) => self.over(End::Identity(identity)),
            (Wanted::Diagnosis, Some(code)) => self.give_up(code),
            (Wanted::Diagnosis, None) => self.over(End::Diagnosed),
        }
    }
}

/// What a reader tells of itself.
pub(super) fn identity(reader: &Reader) -> Identity {
    let paired = reader.status == "paired";
    Identity {
        tid: Some(reader.id.clone()),
        model: clean::text(&reader.device.model, TEXT_MAX),
        serial: clean::text(&reader.device.identifier, TEXT_MAX),
        software: None,
        state: Some(if paired { "approved" } else { "not_registered" }),
    }
}

/// What it runs.
pub(super) fn software(how: &Status) -> Option<String> {
    how.firmware_version.as_deref().and_then(|version| clean::text(version, TEXT_MAX))
}

impl Conversation for Knowing {
    fn on(&mut self, input: Input<'_>) -> Vec<Output> {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        match (stage, input) {
            (Stage::Over, _) => Vec::new(),
            (Stage::New, Input::Begin) => self.begin(),
            (Stage::Looking, Input::Answered { number: HOW, status, body }) => {
                self.looked(status, body)
            }
            (Stage::Watching(identity), Input::Answered { number: STATE, status, body }) => {
                self.watched(identity, status, body)
            }
            (Stage::Looking, Input::NotAnswered { number: HOW, how })
            | (Stage::Watching(_), Input::NotAnswered { number: STATE, how }) => {
                self.give_up(nothing_sent(how))
            }
            (Stage::Looking | Stage::Watching(_), Input::Timer) => self.give_up("no_answer"),
            (Stage::Looking | Stage::Watching(_), Input::CancelAsked) => self.give_up("cashier"),
            (stage, _) => {
                self.stage = stage;
                Vec::new()
            }
        }
    }
}
