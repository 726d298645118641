//! What was said to ids before: the same id again gets the same answer and no second effect.

use domain::{Command, CommandId, Event, ReceiptRef, Refusal};
use jiff::Timestamp;
use store::StoreError;

use super::command::{made, name_of, stored_fingerprint, till_of};
use super::worker::{REMEMBERED, Worker};
use super::{Actor, EngineError};
use crate::api::view::CommandAnswer;

impl Worker {
    /// The answer to an id that was answered before.
    pub(super) fn seen(
        &self,
        id: CommandId,
        fingerprint: i64,
        command: &Command,
    ) -> Result<Option<Result<CommandAnswer, EngineError>>, StoreError> {
        let mut answer = CommandAnswer {
            id,
            repeated: true,
            entries: None,
            receipt: None,
            view: None,
            made: None,
        };
        match self.told.get(&id) {
            Some((before, _)) if *before != fingerprint => {
                return Ok(Some(Err(EngineError::Refused(Refusal::CommandIdReused))));
            }
            Some((_, Some(refusal))) => {
                return Ok(Some(Err(EngineError::Refused(refusal.clone()))));
            }
            Some((_, None)) => return Ok(Some(Ok(answer))),
            None => {}
        }
        let Some(known) = self.store.command(id)? else { return Ok(None) };
        let fingerprint = stored_fingerprint(command, fingerprint);
        if known.fingerprint.is_some_and(|before| before != fingerprint) {
            return Ok(Some(Err(EngineError::Refused(Refusal::CommandIdReused))));
        }
        answer.entries = Some((known.first, known.last));
        for seq in known.first..=known.last {
            let Some((meta, event)) = self.store.entry(seq)? else { continue };
            if self.names_another(command, &event)? {
                return Ok(Some(Err(EngineError::Refused(Refusal::CommandIdReused))));
            }
            match (&event, meta.till) {
                (Event::Refused { refusal, .. }, _) => {
                    return Ok(Some(Err(EngineError::Refused(refusal.clone()))));
                }
                (Event::ReceiptIssued(r), Some(till)) => {
                    answer.receipt = Some(ReceiptRef { till, number: r.number });
                }
                _ => answer.made = answer.made.or(made(std::slice::from_ref(&event))),
            }
        }
        Ok(Some(Ok(answer)))
    }

    pub(super) fn refuse(
        &mut self,
        id: CommandId,
        fingerprint: i64,
        actor: Actor,
        command: &Command,
        refusal: Refusal,
        now: Timestamp,
    ) -> Result<Result<CommandAnswer, EngineError>, StoreError> {
        if refusal.is_recorded() && self.state.settings.is_some() {
            let event = Event::Refused { refusal: refusal.clone(), command: name_of(command) };
            let command_id = (id, Some(stored_fingerprint(command, fingerprint)));
            self.record(now, till_of(command), actor.person, command_id, &[event])?;
        } else {
            self.remember(id, fingerprint, Some(refusal.clone()));
        }
        Ok(Err(EngineError::Refused(refusal)))
    }

    /// Remembers what was said to an id that left no entry.
    pub(super) fn remember(&mut self, id: CommandId, fingerprint: i64, said: Option<Refusal>) {
        if self.told_order.len() >= REMEMBERED
            && let Some(oldest) = self.told_order.pop_front()
        {
            self.told.remove(&oldest);
        }
        self.told_order.push_back(id);
        self.told_now.push(id);
        self.told.insert(id, (fingerprint, said));
    }
}
