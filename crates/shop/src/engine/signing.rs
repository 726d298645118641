//! What is to be signed, as it stands in memory; and whom that wakes.

use std::collections::BTreeMap;

use domain::settings::{Settings, TillSettings};
use domain::signing::{Outcome, Signing, Unit};
use domain::{BasketId, Event, TillId, UnitId};
use std::sync::{Arc, PoisonError};
use tokio::sync::oneshot;

use super::worker::{Job, Worker};
use super::{Bell, Engine, EngineError};
use crate::sign::needs_entry;

/// So many of those that wait are told at once: their receipts are read from disk.
const AT_ONCE: usize = 16;

/// What a till has to sign.
#[derive(Debug, Clone, Default)]
pub struct SigningWork {
    /// The settings of today.
    pub settings: Option<Arc<Settings>>,
    /// What ended, the oldest first; with the entry that ended it where that must be read, and can be.
    pub ended: Vec<(Signing, Option<Box<Event>>)>,
    /// Baskets with lines that no unit knows of yet.
    pub begun: Vec<BasketId>,
    /// What is known of the units.
    pub units: BTreeMap<UnitId, Unit>,
    /// Transactions that baskets of the whole shop still need, by unit and number.
    pub needed: Vec<(UnitId, u64)>,
}

impl SigningWork {
    /// The till's settings.
    pub fn till(&self, till: TillId) -> Option<&TillSettings> {
        self.settings.as_ref()?.tills.iter().find(|t| t.id == till)
    }
}

impl Engine {
    /// What a till has to sign now.
    pub async fn signing_work(&self, till: TillId) -> Result<SigningWork, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Signing { till, reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// Wakes whoever has tills' baskets signed: something that was told of a unit changed.
    pub fn ring_signing(&self, settings: &Settings) {
        let bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        for till in &settings.tills {
            if let Some(bell) = bells.get(&Bell::Signing(till.id)) {
                bell.notify_one();
            }
        }
    }

    /// Waits until a till may have got something to sign.
    pub async fn signing_waits(&self, till: TillId) {
        self.rung(Bell::Signing(till)).await;
    }
}

impl Worker {
    pub(super) fn signing_work(&self, till: TillId) -> SigningWork {
        let here = self.state.signings.values().filter(|signing| signing.till == till);
        let mut here: Vec<&Signing> = here.collect();
        here.sort_by_key(|signing| signing.ended_by);
        let entry = |signing: &Signing| {
            if let Outcome::Receipt { number, training } = signing.outcome {
                let issued = self.store.receipt(till, training, number).ok()??;
                return Some(Box::new(Event::ReceiptIssued(Box::new(issued.receipt))));
            }
            let wanted = needs_entry(signing.outcome).then_some(signing.ended_by)?;
            Some(Box::new(self.store.entry(wanted).ok()??.1))
        };
        let first = here.into_iter().take(AT_ONCE);
        let ended = first.map(|signing| (signing.clone(), entry(signing)));
        let ended: Vec<_> = ended.collect();
        let open = self.state.baskets.values();
        let needed = open.clone().filter_map(|basket| basket.signing.as_deref());
        let needed = needed
            .chain(self.state.signings.values().filter_map(|s| s.transaction.as_ref()))
            .map(|transaction| (transaction.unit, transaction.number));
        let new = |basket: &&domain::basket::Basket| {
            // What is in one that is put aside was ordered; what follows begins when it is taken again.
            let is_here = basket.till == till && basket.parked.is_none();
            is_here && basket.signing.is_none() && !basket.lines.is_empty()
        };
        SigningWork {
            settings: self.state.settings.clone(),
            ended,
            begun: open.clone().filter(new).map(|basket| basket.id).collect(),
            units: self.state.units.clone(),
            needed: needed.collect(),
        }
    }

    /// Wakes whoever has something to do now that `event` is recorded.
    pub(super) fn note_signing(&mut self, till: Option<TillId>, event: &Event) {
        match event {
            Event::LineAdded { .. }
            | Event::ReceiptIssued(_)
            | Event::BasketAborted { .. }
            | Event::BasketOrdered(_)
            | Event::BasketHandedOver(_)
            | Event::BasketRecalled { .. }
            | Event::BenefitGiven(_)
            | Event::DayOpened { .. }
            | Event::CashPaidIn { .. }
            | Event::CashPaidOut { .. }
            | Event::CashDropped { .. }
            | Event::DrawerOpened { .. }
            | Event::DayClosed { .. }
                if self
                    .state
                    .settings
                    .as_ref()
                    .is_some_and(|s| s.signing.is_some() || domain::rksv::applies(s)) =>
            {
                self.ring_signing.extend(till);
                self.ring_signing.extend(domain::signing::till_of(event, till));
            }
            // What waited for it is printed now.
            Event::SigningFinished(_) | Event::SigningFailed(_) => self.ring.extend(till),
            Event::RksvSigned(_) | Event::RksvTold(_) => {
                self.ring.extend(till);
                self.all_stale |= till.is_none();
                self.ring_signing.extend(self.state.tills.keys());
            }
            Event::SigningOutage(_)
            | Event::SigningRestored(_)
            | Event::SigningUnitReported(_)
            | Event::ShopConfigured(_) => {
                self.all_stale = true;
                self.ring_signing.extend(self.state.tills.keys());
            }
            _ => {}
        }
    }
}
