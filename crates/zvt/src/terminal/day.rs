//! The terminal's day: what it comes to, and its end.

use std::collections::VecDeque;

use super::store::Kind;
use super::{Fault, HOST_MILLIS, Step, Terminal};
use crate::bmp::Totals;
use crate::codes::ResultCode;
use crate::command::Command;
use crate::message::{Message, Response};
use crate::status::StatusInformation;
use crate::value::Amount;

/// The end of day is not possible.
const NO_END_OF_DAY: ResultCode = ResultCode(0x77);

impl Terminal {
    /// What the day comes to so far.
    pub(super) fn totals(&mut self, command: &Command) -> StatusInformation {
        let totals = self.store.totals();
        let sums = totals.iter().flat_map(|totals| totals.cards).map(|card| card.sum.minor_units());
        let amount = Amount::new(sums.fold(0, i64::saturating_add)).unwrap_or_default();
        let status = self.status(command, Some(amount));
        StatusInformation { result: Some(ResultCode::OK), totals, ..status }
    }

    /// 06 50: the totals, what is printed, and an empty journal once all of it is acknowledged.
    pub(super) fn end_of_day(&mut self, command: Command) -> VecDeque<Step> {
        if self.fault == Some(Fault::TimeOut) {
            return [Step::Respond(Response::OK), Step::Hang].into();
        }
        let mut steps = VecDeque::new();
        if let Some(Fault::SlowAcknowledgement(millis)) = self.fault {
            steps.push_back(Step::Host(millis));
        }
        let status = self.totals(&command);
        steps.push_back(Step::Respond(Response::OK));
        steps.extend(self.shows(0x04));
        steps.push_back(Step::Host(HOST_MILLIS));
        let said = Box::new(StatusInformation {
            totals: status.totals.map(|totals| self.bent_totals(totals)),
            ..status.clone()
        });
        match self.fault {
            Some(Fault::Decline | Fault::JournalFull) => {
                steps.push_back(Self::abort_with(NO_END_OF_DAY));
                return steps;
            }
            Some(Fault::LostBeforeOutcome) => steps.push_back(Step::Close),
            Some(Fault::LostAfterOutcome) => {
                steps.extend([Step::Raw(self.wire(&Message::Status(said)).0), Step::Close]);
            }
            Some(Fault::Garbage) => steps.extend([Step::Raw(vec![0xff; 64]), Step::Hang]),
            Some(Fault::NoOutcome) => {
                steps.push_back(self.completion());
                return steps;
            }
            Some(Fault::CutOffOutcome) => {
                steps.push_back(Step::RawOutcome(vec![0x04, 0x0f, 0x04, 0x60, 0xf0, 0xf5, 0xf3]));
            }
            Some(Fault::AnswerTwice) => {
                steps.extend([Step::Outcome(said.clone()), Step::Outcome(said)]);
            }
            _ => steps.push_back(Step::Outcome(said)),
        }
        steps.extend(self.prints_day(&status));
        steps.push_back(Step::Commit);
        if self.fault == Some(Fault::LostAfterCommit) {
            steps.push_back(Step::Close);
        }
        steps.push_back(self.completion());
        self.pending = self.pending(command, Kind::Payment, status);
        steps
    }

    /// The totals as a fault makes them.
    fn bent_totals(&self, mut totals: Totals) -> Totals {
        if self.fault == Some(Fault::WrongTotal)
            && let Some(card) = totals.cards.iter_mut().find(|card| card.count > 0)
        {
            let more = card.sum.minor_units().saturating_add(1);
            card.sum = Amount::new(more).unwrap_or(card.sum);
        }
        totals
    }
}
