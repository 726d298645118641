//! What an Austrian till's chain is carried on with, as it stands in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::receipt::Receipt;
use domain::rksv::{Register, SignerIdentity};
use domain::settings::Settings;
use domain::signing::{Signing, Subject};
use domain::{Event, TillId, UnitId};
use tokio::sync::oneshot;

use super::worker::{Job, Worker};
use super::{Bell, Engine, EngineError};

/// What a till's chain is carried on with.
#[derive(Debug, Clone, Default)]
pub struct RksvWork {
    /// The settings of today.
    pub settings: Option<Arc<Settings>>,
    /// The chain; none before its Startbeleg.
    pub register: Option<Register>,
    /// What is known of the devices.
    pub signers: BTreeMap<UnitId, SignerIdentity>,
    /// The first receipts that wait for a code, the oldest first.
    pub ended: Vec<(Signing, Box<Receipt>)>,
    /// What waits to be signed and is no receipt, left from when the shop's tills were Germany's.
    pub strays: Vec<Subject>,
    /// The incarnation of the shop.
    pub incarnation: u32,
}

impl Engine {
    /// What a till's chain is carried on with now.
    pub async fn rksv_work(&self, till: TillId) -> Result<RksvWork, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Rksv { till, reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// Waits until a till's chain may have to go on.
    pub async fn rksv_waits(&self, till: TillId) {
        self.rung(Bell::Rksv(till)).await;
    }

    /// Wakes whoever carries a till's chain on: something was told that is no entry.
    pub fn ring_rksv(&self, till: TillId) {
        let bells = self.bells.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bell) = bells.get(&Bell::Rksv(till)) {
            bell.notify_one();
        }
    }
}

impl Worker {
    pub(super) fn rksv_work(&self, till: TillId) -> RksvWork {
        let work = self.signing_work(till);
        let (mut ended, mut strays) = (Vec::new(), Vec::new());
        for (signing, entry) in work.ended {
            match entry.map(|entry| *entry) {
                Some(Event::ReceiptIssued(receipt)) => ended.push((signing, receipt)),
                _ => strays.push(signing.of),
            }
        }
        RksvWork {
            ended,
            strays,
            settings: work.settings,
            register: self.state.registers.get(&till).cloned(),
            signers: self.state.signers.clone(),
            incarnation: self.store.incarnation(),
        }
    }
}
