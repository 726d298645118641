//! Where a payment is written down while its terminal is asked: the engine's journal.

use domain::payment::{Approval, Attempt, AttemptState, CardFacts, Doubt, Outcome};
use domain::{AttemptId, Refusal, TillCommand, command::AttemptStep};
use money::{Currency, Money};
use payment::driver::{Approved, Before, Identity, Said, Why};
use payment::line::{Ledger, NotStored};

use super::guard::{may_be_silent, report};
use crate::clock::Clock;
use crate::engine::{Actor, Engine, EngineError, Progress};
use crate::ids::own_command;

/// A payment's place in the journal.
pub(super) struct Book<'a> {
    pub(super) engine: &'a Engine,
    pub(super) clock: &'a dyn Clock,
    pub(super) attempt: &'a Attempt,
    /// The terminal that answered is stopped: it was not asked.
    pub(super) stopped: bool,
    /// What it said of itself could not be written down.
    pub(super) unheard: bool,
    /// It does not say which device it is, as it did before.
    pub(super) silent: bool,
}

impl Book<'_> {
    /// Has a step recorded; answers when it is on disk.
    pub(super) async fn step(&self, step: AttemptStep) -> Result<(), EngineError> {
        let attempt = self.attempt.id;
        let command = TillCommand::Attempt { attempt, step };
        let actor = Actor { person: Some(self.attempt.asked_by), approver: None };
        let id = own_command(self.clock.now());
        self.engine.till(id, self.attempt.till, actor, command).await.map(|_| ())
    }
}

impl Ledger for Book<'_> {
    async fn about(&mut self, before: &Before) -> Result<(), NotStored> {
        let before = before.0.clone();
        // Whether it is the terminal of the register, nobody could say.
        if self.unheard || self.silent {
            return Err(NotStored);
        }
        let asked = self.step(AttemptStep::Sent { before }).await;
        self.stopped = matches!(&asked, Err(EngineError::Refused(Refusal::TerminalStopped { .. })));
        asked.map_err(|_| NotStored)
    }

    async fn outcome(&mut self, said: &Said) -> Result<(), NotStored> {
        // A "no" is told at the end; until then the terminal may try again on the same payment.
        let Said::Approved(approved) = said else { return Ok(()) };
        let outcome = Outcome::Approved(Box::new(approval(approved).ok_or(NotStored)?));
        self.step(AttemptStep::Outcome(outcome)).await.map_err(|_| NotStored)?;
        // What does not fit what was asked for is on disk as a doubt, and not accepted: the terminal takes
        // it back.
        let open = self.engine.attempts(self.attempt.terminal).await.unwrap_or_default();
        let accepted = |a: &Attempt| a.id == self.attempt.id && a.state == AttemptState::Recorded;
        if open.iter().any(accepted) { Ok(()) } else { Err(NotStored) }
    }

    async fn reported(&mut self, identity: &Identity) {
        let said = report(self.engine, self.clock, self.attempt.terminal, identity).await;
        self.unheard |= said.is_err();
    }

    async fn silent(&mut self) {
        self.silent = !may_be_silent(self.engine, self.attempt.terminal).await;
    }

    async fn progress(&mut self, progress: &payment::driver::Progress) {
        let progress = Progress {
            code: progress.code.to_owned(),
            text: progress.text.clone(),
            inserted: None,
        };
        // What is not shown is not lost: the next status comes soon.
        let _ = self.engine.set_progress(self.attempt.id, progress).await;
    }

    async fn cancel_asked(&self) {
        loop {
            // Looked at first: a bell may have rung before anybody listened.
            if asked_to_cancel(self.engine, self.attempt).await {
                return;
            }
            self.engine.payment_waits(self.attempt.terminal).await;
        }
    }
}

async fn asked_to_cancel(engine: &Engine, attempt: &Attempt) -> bool {
    let open = engine.attempts(attempt.terminal).await.unwrap_or_default();
    open.iter().any(|a| a.id == attempt.id && a.cancel_asked)
}

/// As the rules know it; none when the currency is none that a shop can have.
fn approval(approved: &Approved) -> Option<Approval> {
    let currency: Currency = approved.currency.parse().ok()?;
    Some(Approval {
        amount: Money::new(approved.amount),
        currency,
        partial: approved.partial,
        card: CardFacts {
            instead_of: None,
            attempt: None::<AttemptId>,
            terminal: None,
            terminal_id: approved.tid.clone(),
            receipt: approved.receipt.clone(),
            trace: approved.trace.clone(),
            scheme: approved.scheme.clone(),
            last4: approved.last4.clone(),
            entry: approved.entry.map(|entry| entry.code().to_owned()),
            authorisation: approved.authorisation.clone(),
            signature: approved.signature,
            tip: Money::new(approved.tip),
            lines: approved.slips.customer.clone(),
        },
        cash: None,
    })
}

/// A "no" as the rules know it.
pub(super) fn no_money(said: &Said) -> Outcome {
    match said {
        Said::Declined { code, text } => {
            Outcome::Declined { code: (*code).to_owned(), text: text.clone() }
        }
        Said::Cancelled { code } => Outcome::Cancelled { code: (*code).to_owned() },
        // Neither is a "no"; that a driver says so all the same moves no money.
        Said::Approved(_) | Said::DayClosed(_) => Outcome::Cancelled { code: "error".to_owned() },
    }
}

/// A reason for doubt as the rules know it.
pub(super) fn doubt(why: Why) -> Doubt {
    match why {
        Why::ConnectionLost => Doubt::ConnectionLost,
        Why::NoAnswer => Doubt::NoAnswer,
        Why::BadAnswer => Doubt::BadAnswer,
        Why::NotAcknowledged => Doubt::NotAcknowledged,
        Why::AmountDiffers => Doubt::AmountDiffers,
        Why::CurrencyDiffers => Doubt::CurrencyDiffers,
        Why::TerminalDiffers => Doubt::TerminalDiffers,
        Why::NotStored => Doubt::NotStored,
        Why::Unreachable => Doubt::Unreachable,
        Why::NothingToCompare => Doubt::NothingToCompare,
    }
}
