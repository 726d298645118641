//! Whether a unit that failed at signing signs again: its self-test says too little of that (its storage is full, what it
//! signs does not hold), so it signs something first. What it signs for that is a transaction that is given up, and an
//! entry says so. One till tries it, and ever more rarely.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::signing::{Tidied, UnitStep};
use domain::{TillId, UnitId};
use signing::{Fault, Unit};

use super::runner::Task;
use super::tidy::{Ended, given_up};
use crate::engine::EngineError;

/// Most looks between two tries.
const MOST: u32 = 40;

/// Whether more than a self-test is wanted before it is said that a unit signs again.
pub(super) fn wanted(why: &str) -> bool {
    let told_by_meeting = matches!(
        why,
        "unreachable"
            | "not_trusted"
            | "certificate_expired"
            | "disabled"
            | "not_set_up"
            | "self_test"
            | "address"
            | "another_unit"
            | "no_secret"
            | "secret_lost"
            | "credentials"
            | "admin_pin"
            | "no_admin_pin"
    );
    !told_by_meeting
}

/// Who finds out of a unit whether it signs again, and after how many looks.
#[derive(Debug, Default)]
struct Doubt {
    by: Option<TillId>,
    pause: u32,
    rest: u32,
}

/// Units that failed at signing.
#[derive(Debug, Default)]
pub(super) struct Doubts(Mutex<BTreeMap<UnitId, Doubt>>);

impl Doubts {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<UnitId, Doubt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It failed at signing; this till finds out whether it signs again, unless another one does.
    pub(super) fn begin(&self, unit: UnitId, till: Option<TillId>) {
        let mut doubts = self.lock();
        let doubt = doubts.entry(unit).or_default();
        doubt.by = doubt.by.or(till);
    }

    /// Whether it failed at signing and has not signed anything since, whatever else kept it from that meanwhile.
    fn is_open(&self, unit: UnitId) -> bool {
        self.lock().contains_key(&unit)
    }

    /// Whether this till tries it now: the first one that asks does, until it is over. Only a till asks that the unit
    /// would have: nobody else tries meanwhile.
    pub(super) fn tries(&self, unit: UnitId, till: TillId) -> bool {
        let mut doubts = self.lock();
        let doubt = doubts.entry(unit).or_default();
        *doubt.by.get_or_insert(till) == till && doubt.rest == 0
    }

    /// It did not sign.
    fn stays(&self, unit: UnitId) {
        if let Some(doubt) = self.lock().get_mut(&unit) {
            doubt.pause = doubt.pause.saturating_mul(2).clamp(1, MOST);
            doubt.rest = doubt.pause;
        }
    }

    /// This till cannot find out: another one does.
    pub(super) fn leaves(&self, unit: UnitId, till: TillId) {
        if let Some(doubt) = self.lock().get_mut(&unit)
            && doubt.by == Some(till)
        {
            doubt.by = None;
        }
    }

    /// Somebody did something about it: it is tried at once.
    pub(super) fn hurry(&self, unit: UnitId) {
        if let Some(doubt) = self.lock().get_mut(&unit) {
            *doubt = Doubt::default();
        }
    }

    /// It signs.
    pub(super) fn over(&self, unit: UnitId) {
        self.lock().remove(&unit);
    }

    /// A look of this till's went by.
    pub(super) fn rest(&self, till: TillId) {
        for doubt in self.lock().values_mut().filter(|doubt| doubt.by.is_none_or(|by| by == till)) {
            doubt.rest = doubt.rest.saturating_sub(1);
        }
    }
}

impl Task {
    /// Whether a unit that is down for that signs something before it is said that it does.
    pub(super) fn is_proof_wanted(&self, unit: UnitId, why: &str) -> bool {
        wanted(why) || self.engine.units().doubts.is_open(unit)
    }

    /// A unit does not sign: why is said, and who had it fail finds out whether it signs again.
    pub(super) async fn down(&self, unit: UnitId, fault: &Fault) -> Result<(), EngineError> {
        // What it left there is settled before.
        if wanted(fault.code()) {
            let finds_out = !self.turned_away.contains_key(&unit);
            self.engine.units().doubts.begin(unit, finds_out.then_some(self.till));
        }
        // A secret that it does not take any more, whatever it took when they met.
        if let Some(((set, _, told), _)) = self.met.get(&unit) {
            self.engine.units().shut(set, *told, fault);
        }
        self.say(unit, UnitStep::Down { why: fault.code().to_owned() }).await
    }

    /// Has it sign something.
    pub(super) async fn prove(
        &mut self,
        id: UnitId,
        client: &str,
        unit: &Arc<dyn Unit>,
    ) -> Result<(), EngineError> {
        match self.signs(id, client, unit).await {
            Ok(()) => {
                self.missed.remove(&id);
                self.engine.units().doubts.over(id);
                self.say(id, UnitStep::Up).await
            }
            // It says no to this till, which says nothing of the unit.
            Err(Ended::Fault(Fault::Refused(code))) => {
                self.engine.units().doubts.stays(id);
                if let Some((way, _)) = self.met.get(&id) {
                    self.turn_away(id, way.clone(), code);
                }
                Ok(())
            }
            Err(Ended::Fault(fault)) => self.unproved(id, &fault).await,
            Err(Ended::Engine(error)) => Err(error),
        }
    }

    /// It did not.
    pub(super) async fn unproved(&mut self, id: UnitId, fault: &Fault) -> Result<(), EngineError> {
        self.engine.units().doubts.stays(id);
        self.down(id, fault).await
    }

    async fn signs(&self, id: UnitId, client: &str, unit: &Arc<dyn Unit>) -> Result<(), Ended> {
        let (asked, name, now) = (Arc::clone(unit), client.to_owned(), self.clock.now());
        let began = self.ask(move || asked.begin(&name, now)).await?;
        let (asked, name, now) = (Arc::clone(unit), client.to_owned(), self.clock.now());
        let (kind, data) = given_up();
        let done = self.ask(move || asked.finish((&name, began.number), (kind, &data), now));
        let done = done.await?;
        self.tidied((id, began.number), client, Tidied::GivenUp, &done).await?;
        Ok(())
    }
}
