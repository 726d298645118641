//! Money back of a payment: how much was given back before, that figure on disk, and then the rest.

use super::asking::nothing_sent;
use super::told::{self, given_up, identifier};
use super::words::{Refund, Transaction, read};
use super::{Sumup, before_refund, post};
use crate::driver::{
    Approved, Ask, Conversation, End, Input, NotAnswered, Output, Progress, Said, Why,
};
use nexo::amount::Decimal;

/// How long SumUp may take, milliseconds.
const LOOK_LONG: u32 = 15_000;
const BACK_LONG: u32 = 40_000;

/// Numbers of what is under way.
const HOW: u8 = 1;
const MONEY: u8 = 2;

enum Stage {
    New,
    /// What became of the payment until now?
    Looking,
    /// The caller writes down that money will be given back.
    Noting,
    Asking,
    /// The caller puts the yes on disk.
    Storing(Box<Approved>),
    Over,
}

pub(super) struct Refunding {
    sumup: Sumup,
    ask: Ask,
    /// The payment; none when it cannot be one.
    id: Option<String>,
    stage: Stage,
    cancelled: bool,
}

impl Refunding {
    pub(super) fn new(sumup: Sumup, ask: Ask, id: &str) -> Self {
        Self { sumup, ask, id: identifier(id), stage: Stage::New, cancelled: false }
    }

    fn over(&mut self, end: End) -> Vec<Output> {
        self.stage = Stage::Over;
        vec![Output::Done(end)]
    }

    fn give_up(&mut self, code: &'static str) -> Vec<Output> {
        self.over(End::NoMoney(given_up(code)))
    }

    fn declined(&mut self, code: &'static str) -> Vec<Output> {
        self.over(End::NoMoney(Said::Declined { code, text: None }))
    }

    fn unknown(&mut self, why: Why, detail: &'static str) -> Vec<Output> {
        self.over(End::Unknown { why, detail })
    }

    fn begin(&mut self) -> Vec<Output> {
        if let Some(code) = self.sumup.cannot(&self.ask) {
            return self.give_up(code);
        }
        let Some(id) = self.id.clone() else { return self.give_up("bad_reference") };
        self.stage = Stage::Looking;
        vec![
            Output::Progress(Progress { code: "connecting", text: None }),
            Output::StartTimer { after: LOOK_LONG, pause: false },
            self.sumup.look_up(HOW, "id", &id),
        ]
    }

    fn looked(&mut self, status: u16, body: &[u8]) -> Vec<Output> {
        let id = self.id.clone().unwrap_or_default();
        let said = match status {
            200 => read::<Transaction>(body),
            404 => return self.declined("bad_reference"),
            status => {
                return self.give_up(told::refused(status, body).unwrap_or("unreachable"));
            }
        };
        let Some(said) = said else { return self.give_up("protocol_error") };
        let (all, back) = match self.sumup.given_back(&id, &said) {
            Ok(figures) => figures,
            Err(code) => return self.give_up(code),
        };
        let left = all.saturating_sub(back);
        if left <= 0 {
            return self.give_up("already_reversed");
        }
        if self.ask.amount > left {
            return self.declined("amount_too_high");
        }
        self.stage = Stage::Noting;
        vec![Output::About(before_refund(&id, back))]
    }

    fn noted(&mut self, stored: bool) -> Vec<Output> {
        if !stored {
            return self.give_up("not_stored");
        }
        if self.cancelled {
            return self.give_up("cashier");
        }
        let Ok(amount) = Decimal::of_minor(self.ask.amount, self.sumup.digits) else {
            return self.give_up("bad_amount");
        };
        let id = self.id.as_deref().unwrap_or_default();
        let path = format!(
            "/v1.0/merchants/{}/payments/{}/refunds",
            self.sumup.merchant,
            super::quoted(id)
        );
        self.stage = Stage::Asking;
        vec![
            Output::StartTimer { after: BACK_LONG, pause: false },
            post(MONEY, path, &Refund { amount }),
            Output::Progress(Progress { code: "waiting", text: None }),
        ]
    }

    fn answered(&mut self, status: u16, body: &[u8]) -> Vec<Output> {
        match status {
            200..=299 => {}
            // It may be given back already, or just now: the figures will tell.
            409 => return self.unknown(Why::BadAnswer, "conflict"),
            400 | 404 | 422 => return self.declined("reversal_impossible"),
            status => {
                return match told::refused(status, body) {
                    Some(code) => self.give_up(code),
                    None => self.unknown(Why::BadAnswer, "http_status"),
                };
            }
        }
        let id = self.id.as_deref().unwrap_or_default();
        let approved = self.sumup.gave_back(&self.ask, id);
        let outcome = Output::Outcome(Said::Approved(approved.clone()));
        self.stage = Stage::Storing(approved);
        vec![outcome]
    }
}

impl Conversation for Refunding {
    fn on(&mut self, input: Input<'_>) -> Vec<Output> {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        match (stage, input) {
            (Stage::Over, _) => Vec::new(),
            (Stage::New, Input::Begin) => self.begin(),
            (Stage::Looking, Input::Answered { number: HOW, status, body }) => {
                self.looked(status, body)
            }
            (Stage::Looking, Input::NotAnswered { number: HOW, how }) => {
                self.give_up(nothing_sent(how))
            }
            (Stage::Looking, Input::Timer) => self.give_up("no_answer"),
            (Stage::Looking, Input::CancelAsked) => self.give_up("cashier"),
            (Stage::Noting, Input::Stored) => self.noted(true),
            (Stage::Noting, Input::NotStored) => self.noted(false),
            (Stage::Asking, Input::Answered { number: MONEY, status, body }) => {
                self.answered(status, body)
            }
            (Stage::Asking, Input::NotAnswered { number: MONEY, how }) => match how {
                NotAnswered::Lost => self.unknown(Why::ConnectionLost, "closed"),
                how => self.give_up(nothing_sent(how)),
            },
            (Stage::Asking, Input::Timer) => self.unknown(Why::NoAnswer, "no_answer"),
            (Stage::Storing(approved), Input::Stored) => self.over(End::Acknowledged(approved)),
            (Stage::Storing(_), Input::NotStored) => self.unknown(Why::NotStored, "not_stored"),
            (stage, input) => {
                self.cancelled |= matches!(input, Input::CancelAsked);
                self.stage = stage;
                Vec::new()
            }
        }
    }
}
