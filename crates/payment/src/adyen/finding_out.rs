//! What became of a message: the terminal is asked for exactly that one, by its number. It only asks.

use ::nexo::message::{Header, RepeatedMessageResponse, TransactionStatusRequest};
use ::nexo::wire::{self, Answer};
use ::nexo::words::{Condition, Document, Outcome};

use super::told::Heard;
use super::{Adyen, Noted, Order, read_before};
use crate::driver::{
    Approved, Before, Conversation, End, Input, NotAnswered, Output, Progress, Said, Why,
};
use crate::meaning::Meaning;

/// How long a terminal may take to answer, milliseconds.
const PATIENCE: u32 = 30_000;
/// Between two questions, milliseconds.
const PAUSE: u32 = 5_000;
/// How often it is asked while it is still at it: longer than a payment takes.
const QUESTIONS: u32 = 40;
/// How long a terminal remembers its messages for certain, seconds.
const MEMORY: u64 = 24 * 60 * 60;

enum Stage {
    New,
    /// With the header of the question.
    Asking(Header),
    Pausing,
    /// The caller puts the yes on disk.
    Storing(Box<Approved>, Option<(Why, &'static str)>),
    Over,
}

pub(super) struct FindingOut {
    adyen: Adyen,
    order: Result<Order, &'static str>,
    /// As it was written down before it was asked for.
    before: Option<Noted>,
    stage: Stage,
    questions: u32,
    /// It said once already that it never heard of it.
    not_found: bool,
}

impl FindingOut {
    pub(super) fn new(adyen: Adyen, order: Result<Order, &'static str>, before: &Before) -> Self {
        let before = read_before(before);
        // The sale is named as it was when it was asked for.
        let sale = before.as_ref().and_then(|noted| noted.sale.clone());
        let order = order.map(|mut order| {
            order.ask.key = sale.unwrap_or(order.ask.key);
            order
        });
        Self { adyen, order, before, stage: Stage::New, questions: 0, not_found: false }
    }

    fn over(&mut self, end: End) -> Vec<Output> {
        self.stage = Stage::Over;
        vec![Output::Done(end)]
    }

    fn unknown(&mut self, why: Why, detail: &'static str) -> Vec<Output> {
        self.over(End::Unknown { why, detail })
    }

    fn ask(&mut self) -> Vec<Output> {
        let order = match &self.order {
            Ok(order) => order,
            Err(code) => return self.unknown(Why::NothingToCompare, code),
        };
        let Some(Noted { poi, service, .. }) = &self.before else {
            return self.unknown(Why::NothingToCompare, "nothing_to_compare");
        };
        if *poi != self.adyen.poi_id {
            return self.unknown(Why::TerminalDiffers, "other_terminal");
        }
        let question = wire::Ask::TransactionStatus(TransactionStatusRequest {
            receipt_reprint_flag: true,
            document_qualifier: vec![Document::CashierReceipt, Document::CustomerReceipt],
            message_reference: self.adyen.reference(order, service),
        });
        // Each under a number of its own: the same one would be taken for the same question.
        let (header, post) = self.adyen.own(1, &question);
        self.questions = self.questions.saturating_add(1);
        self.stage = Stage::Asking(header);
        let finding_out = Progress { code: "finding_out", text: None };
        let timer = Output::StartTimer { after: PATIENCE, pause: false };
        vec![Output::Progress(finding_out), timer, post]
    }

    fn again(&mut self) -> Vec<Output> {
        if self.questions >= QUESTIONS {
            return self.unknown(Why::NoAnswer, "in_progress");
        }
        self.stage = Stage::Pausing;
        vec![Output::StartTimer { after: PAUSE, pause: true }]
    }

    fn answered(&mut self, asked: &Header, status: u16, body: &[u8]) -> Vec<Output> {
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
        let Answer::TransactionStatus(said) = answer else {
            return self.unknown(Why::BadAnswer, "other_kind");
        };
        if header != asked.answer() {
            return self.unknown(Why::BadAnswer, "other_sale");
        }
        match (said.response.result, said.response.error_condition) {
            (Outcome::Success, _) => match &said.repeated_message_response {
                Some(repeated) => self.repeated(repeated),
                None => self.unknown(Why::BadAnswer, "no_outcome"),
            },
            (Outcome::Failure, Some(Condition::InProgress | Condition::Busy)) => self.again(),
            (Outcome::Failure, Some(Condition::NotFound)) => self.not_there(),
            _ => self.unknown(Why::BadAnswer, "no_outcome"),
        }
    }

    /// The terminal never heard of it. It has to say so twice: what was sent may only just arrive.
    fn not_there(&mut self) -> Vec<Output> {
        let age = self.order.as_ref().map_or(u64::MAX, |order| order.ask.age);
        if age > MEMORY {
            return self.unknown(Why::NothingToCompare, "too_old");
        }
        if !self.not_found {
            self.not_found = true;
            return self.again();
        }
        self.over(End::NoMoney(Said::Cancelled { code: "not_booked" }))
    }

    fn repeated(&mut self, repeated: &RepeatedMessageResponse) -> Vec<Output> {
        let (Ok(order), Some(Noted { service, .. })) = (&self.order, &self.before) else {
            return Vec::new();
        };
        let asked = self.adyen.header(order.message.category(), service);
        if repeated.message_header != asked.answer() {
            return self.unknown(Why::BadAnswer, "other_sale");
        }
        let body = &repeated.repeated_response_message_body;
        let meaning = match (&order.message, &body.payment_response, &body.reversal_response) {
            (wire::Ask::Payment(_), Some(said), None) => self.adyen.paid(order, said, Heard::Again),
            (wire::Ask::Reversal(_), None, Some(said)) => {
                self.adyen.reversed(order, said, Heard::Again)
            }
            _ => Meaning::Unclear(Why::BadAnswer, "other_kind"),
        };
        match meaning {
            Meaning::Yes(approved, misfit) => {
                let outcome = Output::Outcome(Said::Approved(approved.clone()));
                self.stage = Stage::Storing(approved, misfit);
                vec![outcome]
            }
            Meaning::No(said) => self.over(End::NoMoney(said)),
            Meaning::Unclear(Why::NoAnswer, _) => self.again(),
            Meaning::Unclear(why, detail) => self.unknown(why, detail),
        }
    }
}

impl Conversation for FindingOut {
    fn on(&mut self, input: Input<'_>) -> Vec<Output> {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        match (stage, input) {
            (Stage::Over, _) => Vec::new(),
            (Stage::New, Input::Begin) | (Stage::Pausing, Input::Timer) => self.ask(),
            (Stage::Asking(asked), Input::Answered { status, body, .. }) => {
                self.answered(&asked, status, body)
            }
            (Stage::Asking(_), Input::NotAnswered { how, .. }) => {
                let detail = match how {
                    NotAnswered::NotTrusted => "bad_certificate",
                    NotAnswered::Unreachable => "unreachable",
                    NotAnswered::Lost => "closed",
                };
                self.unknown(Why::Unreachable, detail)
            }
            (Stage::Asking(_), Input::Timer) => self.unknown(Why::NoAnswer, "no_answer"),
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
