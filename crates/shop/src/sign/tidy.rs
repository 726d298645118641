//! What was left behind at units: transactions that no basket needs, after a crash, an outage or an answer that came too
//! late. Units hold only so many open ones, and an audit asks what each was: so all are settled, and each is an entry.

use std::sync::Arc;

use domain::UnitId;
use domain::event::SigningTidied;
use domain::signing::{Subject, Tidied, UnitStep};
use fiscal::de::tse::process_data::{ProcessData, ReceiptKind};
use signing::{Fault, Finished, Unit};

use super::empty;
use super::runner::Task;
use crate::engine::{EngineError, SigningWork};

impl Task {
    /// Settles one thing that was left behind at a unit that signs; false when there is nothing. One at a time: a
    /// customer may come meanwhile.
    pub(super) async fn tidy(&mut self, work: &SigningWork) -> Result<bool, EngineError> {
        let down = |unit: &UnitId| work.units.get(unit).is_some_and(|unit| unit.outage.is_some());
        let at = self
            .strays
            .iter()
            .copied()
            .find(|id| (!down(id) || self.proving.contains(id)) && self.met.contains_key(id));
        let Some(id) = at else { return Ok(false) };
        let Some(((_, client, _), unit)) = self.met.get(&id) else { return Ok(false) };
        let (client, unit) = (client.clone(), Arc::clone(unit));
        match self.settle(work, id, &client, &unit).await {
            Ok(more) => {
                if !more {
                    self.strays.remove(&id);
                    self.behind.retain(|(at, _), _| *at != id);
                    if self.proving.remove(&id) && down(&id) {
                        self.prove(id, &client, &unit).await?;
                    }
                }
            }
            Err(Ended::Fault(fault)) if self.proving.remove(&id) => {
                self.unproved(id, &fault).await?;
            }
            Err(Ended::Fault(fault)) => self.down(id, &fault).await?,
            Err(Ended::Engine(error)) => return Err(error),
        }
        Ok(true)
    }

    /// Settles one thing at this unit; false when nothing is left there.
    async fn settle(
        &mut self,
        work: &SigningWork,
        id: UnitId,
        client: &str,
        unit: &Arc<dyn Unit>,
    ) -> Result<bool, Ended> {
        let asked =
            self.behind.iter().find(|((at, _), behind)| *at == id && behind.asked.is_some());
        if let Some((&(_, number), behind)) = asked {
            let (asked, name) = (Arc::clone(unit), client.to_owned());
            let (of, process) = (behind.of, behind.asked.clone().unwrap_or_default());
            let found = self.ask(move || {
                let (kind, data) = (process.0.as_str(), process.1.as_str());
                asked.finished((&name, number), (kind, data))
            });
            let found = match found.await {
                // It says nothing of that one: it is looked whether it is open.
                Err(Fault::Refused(_) | Fault::NoTransaction) => None,
                found => found?,
            };
            if let Some(done) = found {
                self.tidied((id, number), client, Tidied::SignedLate, &done).await?;
                self.behind.remove(&(id, number));
            } else if let Some(behind) = self.behind.get_mut(&(id, number)) {
                // Then it is open, and ended as given up.
                *behind = super::runner::Behind { of, asked: None };
            }
            return Ok(true);
        }
        let (asked, name) = (Arc::clone(unit), client.to_owned());
        let open = match self.ask(move || asked.open_transactions(&name)).await {
            // It says no to this till, not to others.
            Err(Fault::Refused(_)) => return Ok(false),
            open => open?,
        };
        let left = open.into_iter().find(|number| {
            let at = (id, *number);
            let late = self
                .late
                .iter()
                .any(|(of, late)| (late.unit, late.number) == at && waits(work, *of));
            !late && !work.needed.contains(&at) && !self.hopeless.contains(&at)
        });
        let Some(number) = left else { return Ok(false) };
        let (kind, data) = given_up();
        let (asked, name, now) = (Arc::clone(unit), client.to_owned(), self.clock.now());
        let ended = self.ask(move || asked.finish((&name, number), (kind, &data), now)).await;
        match ended {
            Ok(done) => self.tidied((id, number), client, Tidied::GivenUp, &done).await?,
            // Somebody was faster; or the unit does not end what it calls open, and will not the next time.
            Err(Fault::NoTransaction | Fault::Refused(_)) => {
                self.hopeless.insert((id, number));
            }
            Err(fault) => return Err(fault.into()),
        }
        Ok(true)
    }

    pub(super) async fn tidied(
        &self,
        (unit, number): (UnitId, u64),
        client: &str,
        how: Tidied,
        done: &Finished,
    ) -> Result<(), EngineError> {
        let (basket, entry) = match self.behind.get(&(unit, number)).map(|behind| behind.of) {
            Some(Subject::Basket(basket)) => (Some(basket), None),
            Some(Subject::Entry(entry)) => (None, Some(entry)),
            None => (None, None),
        };
        let (client, finished, counter) = (client.to_owned(), done.at, done.counter);
        let tidied = SigningTidied { unit, client, number, basket, entry, how, finished, counter };
        self.say(unit, UnitStep::Tidied(Box::new(tidied))).await
    }
}

/// What a transaction is finished with that is given up.
pub(super) fn given_up() -> (&'static str, String) {
    let nothing = ProcessData::Receipt(empty(ReceiptKind::AvBelegabbruch));
    (nothing.process_type().name(), nothing.write().unwrap_or_default())
}

/// Whether it is still to be finished with a transaction that is not on disk.
fn waits(work: &SigningWork, of: Subject) -> bool {
    let begun = work.begun.iter().any(|basket| Subject::Basket(*basket) == of);
    begun || work.ended.iter().any(|(ended, _)| ended.of == of)
}

/// Why it was not settled now.
pub(super) enum Ended {
    Fault(Fault),
    Engine(EngineError),
}

impl From<Fault> for Ended {
    fn from(fault: Fault) -> Self {
        Ended::Fault(fault)
    }
}

impl From<EngineError> for Ended {
    fn from(error: EngineError) -> Self {
        Ended::Engine(error)
    }
}
