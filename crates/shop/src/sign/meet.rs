//! How a till and a unit get to know each other; and what becomes of it when the unit will not have that till.

use std::sync::Arc;

use domain::UnitId;
use domain::signing::{SigningSettings, UnitSettings, UnitStep};
use jiff::Timestamp;
use signing::{Fault, Unit};
use tokio::task::JoinError;

use super::runner::{Meeting, Task, Way};
use super::units::{Ready, guarded};
use crate::engine::EngineError;

impl Task {
    /// The unit will not have this till. Others may well sign there: it is not down.
    pub(super) fn turn_away(&mut self, id: UnitId, way: Way, code: &'static str) {
        self.met.remove(&id);
        self.proving.remove(&id);
        self.engine.units().shut(&way.0, way.2, &Fault::Refused(code));
        self.turned_away.insert(id, (way, code));
        // Whether it signs, another till finds out.
        self.engine.units().doubts.leaves(id, self.till);
    }

    /// Why the unit will not have this till, as both are set now.
    pub(super) fn away(
        &self,
        signing: &SigningSettings,
        set: &UnitSettings,
    ) -> Option<&'static str> {
        let (way, code) = self.turned_away.get(&set.id)?;
        (*way == self.way(signing, set)).then_some(*code)
    }

    /// Whether a unit is tried now: not twice between two looks, and not with a secret that it did not take.
    pub(super) fn tries(&self, way: &Way) -> bool {
        let id = way.0.id;
        let shut = match self.engine.units().is_shut(&way.0) {
            None => false,
            Some((_, false)) => true,
            Some((_, true)) => {
                self.turned_away.get(&id).is_some_and(|(old, code)| old == way && guarded(code))
            }
        };
        self.tried.get(&id) != Some(way) && !shut
    }

    pub(super) fn way(&self, signing: &SigningSettings, set: &UnitSettings) -> Way {
        (set.clone(), signing.client(self.till), self.engine.units().told(set.id))
    }

    /// The unit, when it knows this till.
    pub(super) fn knows(
        &self,
        signing: &SigningSettings,
        set: &UnitSettings,
    ) -> Option<Arc<dyn Unit>> {
        let (way, unit) = self.met.get(&set.id)?;
        (*way == self.way(signing, set)).then(|| Arc::clone(unit))
    }

    /// Begins to meet a unit: it tests itself, and this till is made known to it. Beside all else, however long it takes.
    pub(super) fn seek(&mut self, way: Way, down: Option<Timestamp>) {
        let (set, client) = (way.0.clone(), way.1.clone());
        let (units, path) = (Arc::clone(self.engine.units()), self.engine.path().to_owned());
        let (now, ready) = (self.clock.now(), Arc::clone(&self.ready));
        let id = set.id;
        self.tried.insert(id, way.clone());
        self.sought.insert(id, down);
        let meeting = tokio::spawn(async move {
            let met =
                tokio::task::spawn_blocking(move || units.ready(&path, &set, &client, down, now));
            let met = match met.await {
                Ok(met) => met,
                // The program ends, which says nothing of the unit.
                Err(gone) if gone.is_cancelled() => std::future::pending().await,
                Err(_) => Err(Fault::Unusable("broken")),
            };
            ready.notify_one();
            met
        });
        self.meeting.insert(id, (way, meeting));
    }

    /// Lets go of units that are set otherwise by now, or were told something new: some take one connection at a time.
    pub(super) fn part(&mut self, signing: &SigningSettings) {
        let now: Vec<Way> = signing.units.iter().map(|set| self.way(signing, set)).collect();
        let doubts = &self.engine.units().doubts;
        self.met.retain(|id, (way, _)| {
            let stays = now.contains(way);
            if !stays {
                // What was set otherwise may be what it lacked.
                doubts.hurry(*id);
            }
            stays
        });
        // Whoever is met anew proves anew.
        self.proving.retain(|id| self.met.contains_key(id));
    }

    /// Takes in whom it was met with meanwhile.
    pub(super) async fn welcome(&mut self) -> Result<(), EngineError> {
        let done = self.meeting.iter().filter(|(_, (_, meeting))| meeting.is_finished());
        let done: Vec<UnitId> = done.map(|(id, _)| *id).collect();
        for id in done {
            let Some((way, meeting)) = self.meeting.remove(&id) else { continue };
            self.is_met(id, way, meeting.await).await?;
        }
        Ok(())
    }

    /// What a unit says of itself is recorded, and that it signs or does not.
    async fn is_met(
        &mut self,
        id: UnitId,
        way: Way,
        met: Result<Meeting, JoinError>,
    ) -> Result<(), EngineError> {
        let met = match met {
            Ok(met) => met,
            Err(gone) if gone.is_cancelled() => return Ok(()),
            Err(_) => Err(Fault::Unusable("broken")),
        };
        match met {
            Ok(Ready { unit, said, known }) => {
                let serial = said.serial.clone();
                self.say(id, UnitStep::Reported(Box::new(said))).await?;
                let work = self.engine.signing_work(self.till).await?;
                let now = work.units.get(&id);
                if now.and_then(|unit| unit.identity.as_ref()).is_none_or(|is| is.serial != serial)
                {
                    // Another one than the one that is known under this number: it signs nothing.
                    return Ok(());
                }
                let outage = now.and_then(|unit| unit.outage.as_ref());
                if let Some(outage) = outage
                    && self.sought.get(&id).copied().flatten() != Some(outage.since)
                {
                    // It failed while they met: what it said before then is old news, and it is met anew.
                    self.tried.remove(&id);
                    return Ok(());
                }
                let doubts = &self.engine.units().doubts;
                let wanted = outage.is_some_and(|outage| self.is_proof_wanted(id, &outage.why));
                if let Err(code) = known {
                    self.turn_away(id, way, code);
                    return if wanted { Ok(()) } else { self.say(id, UnitStep::Up).await };
                }
                self.turned_away.remove(&id);
                if wanted && !doubts.tries(id, self.till) {
                    return Ok(());
                }
                self.met.insert(id, (way, unit));
                self.missed.remove(&id);
                self.strays.insert(id);
                if wanted {
                    self.proving.insert(id);
                    return Ok(());
                }
                doubts.over(id);
                self.say(id, UnitStep::Up).await
            }
            Err(fault) => {
                // It was down when this till looked; another one may have reached it since.
                if self.sought.get(&id).is_some_and(Option::is_some) {
                    let work = self.engine.signing_work(self.till).await?;
                    if work.units.get(&id).is_some_and(|unit| unit.outage.is_none()) {
                        return Ok(());
                    }
                }
                self.down(id, &fault).await
            }
        }
    }

    /// The unit, with this till known to it; waited for only as long as a customer does.
    pub(super) async fn meet(
        &mut self,
        signing: &SigningSettings,
        set: &UnitSettings,
    ) -> Result<Option<Arc<dyn Unit>>, EngineError> {
        if let Some(unit) = self.knows(signing, set) {
            return Ok(Some(unit));
        }
        let way = self.way(signing, set);
        if self.meeting.get(&set.id).is_none_or(|(meant, _)| *meant != way) {
            self.seek(way, None);
        }
        let patience = self.patience();
        let Some((way, mut meeting)) = self.meeting.remove(&set.id) else { return Ok(None) };
        match tokio::time::timeout(patience, &mut meeting).await {
            Ok(met) => self.is_met(set.id, way, met).await?,
            Err(_) => {
                // It goes on beside.
                self.meeting.insert(set.id, (way, meeting));
                self.down(set.id, &Fault::Unusable("time_out")).await?;
                // What it says then, it says after that.
                let work = self.engine.signing_work(self.till).await?;
                let outage = work.units.get(&set.id).and_then(|unit| unit.outage.as_ref());
                self.sought.insert(set.id, outage.map(|outage| outage.since));
            }
        }
        Ok(self.knows(signing, set))
    }
}
