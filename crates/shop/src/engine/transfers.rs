//! Transfers in the engine: randomness for their references, and which till a message of the bank is for.

use domain::{Command, PersonId, TillCommand, TillId};

use super::worker::Worker;
use super::{Engine, EngineError, Job};
use crate::auth::{NoRandomness, random};

/// A transfer that is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenTransfer {
    /// What the payer writes.
    pub reference: String,
    /// The till that its basket is at, or was parked from.
    pub till: TillId,
    /// Who asked for it: the receipt is theirs.
    pub asked_by: PersonId,
}

/// Random bytes for a command that makes a reference; nothing for all others.
pub(super) fn random_for(command: &Command) -> Result<[u8; 8], NoRandomness> {
    match command {
        Command::Till(_, TillCommand::PayTransfer { .. }) => random::bytes(),
        _ => Ok([0; 8]),
    }
}

impl Worker {
    pub(super) fn open_transfers(&self) -> Vec<OpenTransfer> {
        let open = self.state.transfers.values().map(|transfer| {
            let basket = self.state.baskets.get(&transfer.basket);
            OpenTransfer {
                reference: transfer.reference.clone(),
                till: basket.map_or(transfer.till, |basket| basket.till),
                asked_by: transfer.asked_by,
            }
        });
        open.collect()
    }
}

impl Engine {
    /// The transfers that are waited for; for callers without a runtime, or on a thread of their own.
    pub fn transfers_blocking(&self) -> Result<Vec<OpenTransfer>, EngineError> {
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.jobs.send(Job::Transfers { reply }).map_err(|_| EngineError::Stopped)?;
        answer.blocking_recv().map_err(|_| EngineError::Stopped)
    }
}
