//! Closes a terminal's day: each step is on disk before the terminal hears of it, and what nobody knows is
//! asked about until the terminal or a person says.

use domain::command::ClosingStep;
use domain::payment::Doubt;
use domain::terminal_day::{Closing, ClosingState, Scheme, SchemeTotal, TerminalTotals};
use domain::{Refusal, TillCommand};
use money::Money;
use payment::driver::{Before, DayTotals, End, Identity, Said};
use payment::line::{Ledger, NotStored};

use super::book::{doubt, no_money};
use super::guard::{Heard, is_stopped, may_be_silent, report};
use super::runner::{Asks, MAY_WORK_LATER};
use crate::api::view::LampState;
use crate::clock::Clock;
use crate::engine::{Actor, Engine, EngineError};
use crate::ids::own_command;

/// A closing's place in the journal.
struct DayBook<'a> {
    engine: &'a Engine,
    clock: &'a dyn Clock,
    closing: &'a Closing,
    /// Why the terminal that answered was not asked: it may not be the one of the register.
    doubtful: Option<&'static str>,
}

impl DayBook<'_> {
    /// Has a step recorded; answers when it is on disk.
    async fn step(&self, step: ClosingStep) -> Result<(), EngineError> {
        let closing = self.closing.id;
        let actor = Actor { person: Some(self.closing.asked_by), approver: None };
        let id = own_command(self.clock.now());
        let command = TillCommand::TerminalDay { closing, step };
        self.engine.till(id, self.closing.till, actor, command).await.map(|_| ())
    }
}

impl Ledger for DayBook<'_> {
    async fn about(&mut self, _: &Before) -> Result<(), NotStored> {
        if self.doubtful.is_some() {
            return Err(NotStored);
        }
        let asked = self.step(ClosingStep::Sent).await;
        if matches!(&asked, Err(EngineError::Refused(Refusal::TerminalStopped { .. }))) {
            self.doubtful = Some("terminal_stopped");
        }
        asked.map_err(|_| NotStored)
    }

    async fn outcome(&mut self, said: &Said) -> Result<(), NotStored> {
        let Said::DayClosed(totals) = said else { return Err(NotStored) };
        self.step(ClosingStep::Totals(known(totals))).await.map_err(|_| NotStored)
    }

    async fn reported(&mut self, identity: &Identity) {
        let said = report(self.engine, self.clock, self.closing.terminal, identity).await;
        if said.is_err() {
            self.doubtful = Some("not_stored");
        }
    }

    async fn silent(&mut self) {
        if !may_be_silent(self.engine, self.closing.terminal).await {
            self.doubtful = Some("terminal_silent");
        }
    }

    async fn progress(&mut self, _: &payment::driver::Progress) {}

    /// A day that is being closed is not given up: the terminal would have to open it again.
    async fn cancel_asked(&self) {
        std::future::pending().await
    }
}

impl Asks {
    /// One step further with a closing.
    pub(super) async fn close_day(&self, closing: &Closing) -> Result<(), EngineError> {
        let (engine, clock) = (&self.engine, &*self.clock);
        let book = DayBook { engine, clock, closing, doubtful: None };
        match closing.state {
            ClosingState::Intended => self.ask_to_close(book).await,
            ClosingState::Sent => book.step(ClosingStep::Unknown(Doubt::Interrupted)).await,
            ClosingState::Recorded => book.step(ClosingStep::Unknown(Doubt::NotAcknowledged)).await,
            ClosingState::Unknown { .. } => self.find_out_day(book).await,
            ClosingState::Closed | ClosingState::NotClosed { .. } => Ok(()),
        }
    }

    async fn ask_to_close(&self, mut book: DayBook<'_>) -> Result<(), EngineError> {
        let Some(way) = self.way().await else {
            return book.step(ClosingStep::Not { code: "bad_settings".to_owned() }).await;
        };
        if !way.driver.capabilities().end_of_day {
            return book.step(ClosingStep::Alone).await;
        }
        let talk = way.driver.end_of_day();
        let step = match way.run(talk, &self.pace.line, &mut book).await {
            End::DayClosed(totals) => ClosingStep::Closed { lines: totals.lines },
            End::NoMoney(said) => {
                let code = self.code(&said).await;
                let code = book.doubtful.map_or(code, str::to_owned);
                ClosingStep::Not { code }
            }
            End::Unknown { why, .. } => ClosingStep::Unknown(doubt(why)),
            End::Acknowledged(_)
            | End::DayStands(_)
            | End::Identity(_)
            | End::Diagnosed
            | End::Reservations(_)
            | End::Done => ClosingStep::Unknown(Doubt::BadAnswer),
        };
        book.step(step).await
    }

    /// What stands in the terminal's journal tells whether it closed its day.
    async fn find_out_day(&self, book: DayBook<'_>) -> Result<(), EngineError> {
        let Some(way) = self.way().await else { return Ok(()) };
        let nobody_can = ClosingStep::Unknown(Doubt::NothingToCompare);
        let Some(talk) = way.driver.day_so_far() else { return book.step(nobody_can).await };
        let (engine, clock) = (&self.engine, &*self.clock);
        let mut heard = Heard { engine, clock, terminal: self.id(), silent: false };
        let end = way.run(talk, &self.pace.line, &mut heard).await;
        // What another terminal says of its day is no news of this one's.
        if heard.silent || is_stopped(engine, self.id()).await {
            return Ok(());
        }
        match end {
            End::DayStands(totals) => book.step(ClosingStep::Stands(known(&totals))).await,
            End::NoMoney(said) => {
                let code = self.code(&said).await;
                // It answered, and cannot say.
                let later = MAY_WORK_LATER.contains(&code.as_str());
                if later { Ok(()) } else { book.step(nobody_can).await }
            }
            _ => Ok(()),
        }
    }

    /// Why it did not take place.
    async fn code(&self, said: &Said) -> String {
        let code = match no_money(said) {
            domain::payment::Outcome::Declined { code, .. }
            | domain::payment::Outcome::Cancelled { code } => code,
            domain::payment::Outcome::Approved(_) => "error".to_owned(),
        };
        if code == "unreachable" {
            self.lamp(LampState::Bad, "unreachable", None).await;
        }
        code
    }
}

/// Totals as the rules know them.
fn known(totals: &DayTotals) -> TerminalTotals {
    let cards = totals.cards.iter().map(|card| SchemeTotal {
        scheme: scheme(card.scheme),
        count: card.count,
        sum: Money::new(card.sum),
    });
    TerminalTotals { receipts: totals.receipts.clone(), cards: cards.collect() }
}

/// The drivers' word for a kind of card; theirs are names on cards too.
fn scheme(word: &str) -> Scheme {
    Scheme::of(Some(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_terminals_totals_has_its_kind() {
        let words = ["girocard", "jcb", "mastercard", "amex", "visa", "diners", "other"];
        let kinds: std::collections::BTreeSet<Scheme> = words.into_iter().map(scheme).collect();
        assert_eq!(kinds.len(), words.len());
    }
}
