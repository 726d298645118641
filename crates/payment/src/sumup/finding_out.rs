//! What became of what was asked: SumUp is asked for the payment of that name, or how much of a payment was
//! given back. It only asks.

use super::told::{Names, given_up, identifier};
use super::words::{Data, Status, Transaction, read};
use super::{Sumup, read_before, read_before_refund};
use crate::driver::{
    Approved, Ask, Before, Conversation, End, Input, NotAnswered, Output, Progress, Said, Why,
};
use crate::meaning::Meaning;

/// How long SumUp may take to answer, milliseconds.
const PATIENCE: u32 = 15_000;
/// Between two questions, milliseconds.
const PAUSE: u32 = 5_000;
/// How often it is asked while it is not over: longer than a payment takes.
const QUESTIONS: u32 = 60;
/// A reader has sixty seconds to begin what it was sent, and news of what ended may be late: so often in a
/// row, ninety seconds in all, SumUp has to know of none, with a reader that is idle.
const NONE: u32 = 18;
/// So often in a row, thirty seconds in all, nothing must have been given back.
const NOTHING: u32 = 6;

const LOOK: u8 = 1;
const STATE: u8 = 2;

enum Stage {
    New,
    /// The payment of that name.
    Looking,
    /// There is none: is the reader idle?
    Watching,
    Pausing,
    /// The caller puts the yes on disk.
    Storing(Box<Approved>, Option<(Why, &'static str)>),
    Over,
}

/// What became of a payment.
pub(super) struct FindingOut {
    sumup: Sumup,
    ask: Ask,
    /// Reader and name, as they were written down.
    before: Option<(String, String)>,
    stage: Stage,
    questions: u32,
    /// So often in a row it was said that there is none, with an idle reader.
    none: u32,
}

fn finding_out() -> Output {
    Output::Progress(Progress { code: "finding_out", text: None })
}

const fn not_reached(how: NotAnswered) -> &'static str {
    match how {
        NotAnswered::NotTrusted => "bad_certificate",
        NotAnswered::Unreachable => "unreachable",
        NotAnswered::Lost => "closed",
    }
}

impl FindingOut {
    pub(super) fn new(sumup: Sumup, ask: Ask, before: &Before) -> Self {
        let before = read_before(before).map(|(at, name)| (at.to_owned(), name.to_owned()));
        Self { sumup, ask, before, stage: Stage::New, questions: 0, none: 0 }
    }

    fn over(&mut self, end: End) -> Vec<Output> {
        self.stage = Stage::Over;
        vec![Output::Done(end)]
    }

    fn unknown(&mut self, why: Why, detail: &'static str) -> Vec<Output> {
        self.over(End::Unknown { why, detail })
    }

    fn look(&mut self) -> Vec<Output> {
        if let Some(code) = self.sumup.cannot(&self.ask) {
            return self.unknown(Why::NothingToCompare, code);
        }
        let Some((reader, name)) = &self.before else {
            return self.unknown(Why::NothingToCompare, "nothing_to_compare");
        };
        if *reader != *self.sumup.reader {
            return self.unknown(Why::TerminalDiffers, "other_terminal");
        }
        let look = self.sumup.look_up(LOOK, "foreign_transaction_id", name);
        self.questions = self.questions.saturating_add(1);
        self.stage = Stage::Looking;
        vec![finding_out(), Output::StartTimer { after: PATIENCE, pause: false }, look]
    }

    fn again(&mut self) -> Vec<Output> {
        if self.questions >= QUESTIONS {
            return self.unknown(Why::NoAnswer, "in_progress");
        }
        self.stage = Stage::Pausing;
        vec![Output::StartTimer { after: PAUSE, pause: true }]
    }

    fn looked(&mut self, status: u16, body: &[u8]) -> Vec<Output> {
        let said = match status {
            200 => read::<Transaction>(body),
            404 => return self.watch(),
            _ => return self.unknown(Why::BadAnswer, "http_status"),
        };
        let Some(said) = said else { return self.unknown(Why::BadAnswer, "unreadable") };
        let foreign = self.before.as_ref().map_or("", |(_, name)| name);
        let names = Names { foreign, client: None };
        match self.sumup.paid(&self.ask, names, &said, false) {
            None => {
                // There is one after all.
                self.none = 0;
                self.again()
            }
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
            Output::StartTimer { after: PATIENCE, pause: false },
            Output::Get { number: STATE, path: self.sumup.at_reader("/status") },
        ]
    }

    /// SumUp knows of none. That is believed when none can come any more.
    fn watched(&mut self, status: u16, body: &[u8]) -> Vec<Output> {
        let how = if status == 200 { read::<Data<Status>>(body) } else { None };
        let idle = how.is_some_and(|how| {
            how.data.status == "ONLINE" && how.data.state.as_deref() == Some("IDLE")
        });
        self.none = if idle { self.none.saturating_add(1) } else { 0 };
        if self.none < NONE {
            return self.again();
        }
        self.over(End::NoMoney(given_up("not_booked")))
    }
}

impl Conversation for FindingOut {
    fn on(&mut self, input: Input<'_>) -> Vec<Output> {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        match (stage, input) {
            (Stage::Over, _) => Vec::new(),
            (Stage::New, Input::Begin) | (Stage::Pausing, Input::Timer) => self.look(),
            (Stage::Looking, Input::Answered { number: LOOK, status, body }) => {
                self.looked(status, body)
            }
            (Stage::Watching, Input::Answered { number: STATE, status, body }) => {
                self.watched(status, body)
            }
            (Stage::Looking, Input::NotAnswered { number: LOOK, how })
            | (Stage::Watching, Input::NotAnswered { number: STATE, how }) => {
                self.unknown(Why::Unreachable, not_reached(how))
            }
            (Stage::Looking | Stage::Watching, Input::Timer) => {
                self.unknown(Why::NoAnswer, "no_answer")
            }
            (Stage::Storing(approved, misfit), Input::Stored) => match misfit {
                None => self.over(End::Acknowledged(approved)),
                Some((why, detail)) => self.unknown(why, detail),
            },
            (Stage::Storing(..), Input::NotStored) => self.unknown(Why::NotStored, "not_stored"),
            (stage, _) => {
                self.stage = stage;
                Vec::new()
            }
        }
    }
}

/// What became of money that was given back.
pub(super) struct FindingRefund {
    sumup: Sumup,
    ask: Ask,
    /// The payment, and how much of it was given back before; none when nobody looked.
    before: Option<(String, i64)>,
    stage: Stage,
    /// So often in a row nothing was given back.
    nothing: u32,
}

impl FindingRefund {
    pub(super) fn new(sumup: Sumup, ask: Ask, id: &str, before: &Before) -> Self {
        let known = read_before_refund(before).filter(|(known, _)| *known == id);
        let before = known.and_then(|(id, back)| Some((identifier(id)?, back)));
        Self { sumup, ask, before, stage: Stage::New, nothing: 0 }
    }

    fn over(&mut self, end: End) -> Vec<Output> {
        self.stage = Stage::Over;
        vec![Output::Done(end)]
    }

    fn unknown(&mut self, why: Why, detail: &'static str) -> Vec<Output> {
        self.over(End::Unknown { why, detail })
    }

    fn look(&mut self) -> Vec<Output> {
        if let Some(code) = self.sumup.cannot(&self.ask) {
            return self.unknown(Why::NothingToCompare, code);
        }
        let Some((id, _)) = &self.before else {
            return self.unknown(Why::NothingToCompare, "nothing_to_compare");
        };
        let look = self.sumup.look_up(LOOK, "id", id);
        self.stage = Stage::Looking;
        vec![finding_out(), Output::StartTimer { after: PATIENCE, pause: false }, look]
    }

    fn looked(&mut self, status: u16, body: &[u8]) -> Vec<Output> {
        let Some((id, before)) = self.before.clone() else { return Vec::new() };
        if status != 200 {
            return self.unknown(Why::BadAnswer, "http_status");
        }
        let Some(said) = read::<Transaction>(body) else {
            return self.unknown(Why::BadAnswer, "unreadable");
        };
        let Ok((_, back)) = self.sumup.given_back(&id, &said) else {
            return self.unknown(Why::BadAnswer, "other_payment");
        };
        if Some(back) == before.checked_add(self.ask.amount) {
            let approved = self.sumup.gave_back(&self.ask, &id);
            let outcome = Output::Outcome(Said::Approved(approved.clone()));
            self.stage = Stage::Storing(approved, None);
            return vec![outcome];
        }
        if back != before {
            // Somebody else gave some of it back as well.
            return self.unknown(Why::AmountDiffers, "other_amount");
        }
        self.nothing = self.nothing.saturating_add(1);
        if self.nothing >= NOTHING {
            return self.over(End::NoMoney(given_up("not_booked")));
        }
        self.stage = Stage::Pausing;
        vec![Output::StartTimer { after: PAUSE, pause: true }]
    }
}

impl Conversation for FindingRefund {
    fn on(&mut self, input: Input<'_>) -> Vec<Output> {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        match (stage, input) {
            (Stage::Over, _) => Vec::new(),
            (Stage::New, Input::Begin) | (Stage::Pausing, Input::Timer) => self.look(),
            (Stage::Looking, Input::Answered { number: LOOK, status, body }) => {
                self.looked(status, body)
            }
            (Stage::Looking, Input::NotAnswered { number: LOOK, how }) => {
                self.unknown(Why::Unreachable, not_reached(how))
            }
            (Stage::Looking, Input::Timer) => self.unknown(Why::NoAnswer, "no_answer"),
            (Stage::Storing(approved, _), Input::Stored) => self.over(End::Acknowledged(approved)),
            (Stage::Storing(..), Input::NotStored) => self.unknown(Why::NotStored, "not_stored"),
            (stage, _) => {
                self.stage = stage;
                Vec::new()
            }
        }
    }
}
