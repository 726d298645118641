//! Has baskets signed: one task per till, so that one that waits holds up no other.
//!
//! A basket is begun at a unit with its first line, beside the sale; finished when it ended, before its paper is made.
//! What is on disk decides, never what the task remembers. A unit that does not sign is down until it says otherwise:
//! nobody waits for it meanwhile, and the next one takes over. What was not signed is not signed later.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use domain::receipt::Receipt;
use domain::signing::{
    Signature, Signing, SigningSettings, SigningStep, Transaction, UnitSettings, UnitStep,
};
use domain::{BasketId, ShopCommand, TillCommand, TillId, UnitId};
use fiscal::de::tse::process_data::{ProcessData, ReceiptKind};
use signing::{Fault, Finished, Unit};
use tokio::sync::watch;

use super::units::identity_of;
use super::{empty, process_of};
use crate::clock::Clock;
use crate::engine::{Actor, Engine, EngineError, SigningWork};
use crate::ids::own_command;

/// How patient the runner is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How long a unit is waited for.
    pub answer: Duration,
    /// How often it is looked whether there is anything to do, and whether a unit that is down signs again.
    pub look: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { answer: Duration::from_secs(5), look: Duration::from_secs(15) }
    }
}

/// How often it is looked whether there are other tills.
const SETTINGS_LOOK: Duration = Duration::from_secs(2);

/// How long to wait when something could not be recorded.
const AGAIN: Duration = Duration::from_millis(500);

/// Runs until the engine stops or `stop` turns true.
pub async fn run(engine: Engine, clock: Arc<dyn Clock>, stop: watch::Receiver<bool>) {
    run_at(engine, clock, stop, Pace::default()).await;
}

/// [`run`] at a pace of the caller's.
pub async fn run_at(
    engine: Engine,
    clock: Arc<dyn Clock>,
    mut stop: watch::Receiver<bool>,
    pace: Pace,
) {
    let mut tasks: HashMap<TillId, tokio::task::JoinHandle<()>> = HashMap::new();
    loop {
        let Ok(snapshot) = engine.snapshot().await else { break };
        for till in snapshot.settings.iter().flat_map(|s| &s.tills) {
            if tasks.get(&till.id).is_some_and(|task| !task.is_finished()) {
                continue;
            }
            let task = Task {
                engine: engine.clone(),
                clock: Arc::clone(&clock),
                till: till.id,
                pace,
                met: BTreeMap::new(),
                late: BTreeMap::new(),
                strays: true,
            };
            tasks.insert(till.id, tokio::spawn(task.live()));
        }
        tokio::select! {
            _ = stop.changed() => break,
            () = tokio::time::sleep(SETTINGS_LOOK) => {}
        }
    }
    for (_, task) in tasks {
        task.abort();
    }
}

/// One till's task.
struct Task {
    engine: Engine,
    clock: Arc<dyn Clock>,
    till: TillId,
    pace: Pace,
    /// Units that know this till, and as whom.
    met: BTreeMap<UnitId, (UnitSettings, String, Arc<dyn Unit>)>,
    /// Transactions that began while their basket ended: it is finished with them.
    late: BTreeMap<BasketId, Transaction>,
    /// There may be transactions at units that no basket needs any more.
    strays: bool,
}

/// A transaction as the unit that has it knows it.
struct Begun {
    unit: Arc<dyn Unit>,
    transaction: Transaction,
}

impl Task {
    async fn live(mut self) {
        loop {
            let Ok(work) = self.engine.signing_work(self.till).await else { return };
            let settings = work.settings.clone();
            let signing = settings.as_ref().and_then(|s| s.signing.clone());
            let Some(signing) = signing else {
                // Another country's receipts are signed elsewhere.
                if settings.as_deref().and_then(domain::rksv::of).is_some() {
                    self.wait().await;
                    continue;
                }
                // Those that ended while receipts still were signed stay unsigned.
                if self.give_up(&work, None, "not_set").await.is_err() {
                    return;
                }
                if work.ended.is_empty() {
                    self.wait().await;
                }
                continue;
            };
            match self.round(&work, &signing).await {
                Ok(()) => {}
                Err(EngineError::Stopped) => return,
                // What is on disk decides when it is looked at again.
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    async fn wait(&self) {
        tokio::select! {
            () = self.engine.signing_waits(self.till) => {}
            () = tokio::time::sleep(self.pace.look) => {}
        }
    }

    /// Does what there is to do, and waits when there is nothing.
    async fn round(
        &mut self,
        work: &SigningWork,
        signing: &SigningSettings,
    ) -> Result<(), EngineError> {
        let down = |unit: &UnitId| work.units.get(unit).is_some_and(|unit| unit.outage.is_some());
        let tried = signing.tried_by(work.till(self.till));
        // Customers wait for what ended, nobody for what begins.
        if let Some((ended, receipt)) = work.ended.first() {
            let up = tried.iter().find(|unit| !down(&unit.id)).copied();
            return self.finish(work, signing, up, (ended, receipt.as_deref())).await;
        }
        let up = tried.iter().find(|unit| !down(&unit.id)).copied();
        if let (Some(basket), Some(unit)) = (work.begun.first(), up) {
            return self.begin(signing, unit, *basket).await;
        }
        // Units say what they are once, and again when they were down.
        for unit in &tried {
            if down(&unit.id) || !self.met.contains_key(&unit.id) {
                self.meet(signing, unit, down(&unit.id)).await?;
            }
        }
        if self.strays {
            self.strays = false;
            self.tidy(work).await?;
        }
        self.wait().await;
        Ok(())
    }

    /// Asks a unit for something, off the threads that others need, and for so long as is set.
    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let asked = tokio::task::spawn_blocking(ask);
        match tokio::time::timeout(self.pace.answer, asked).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Fault::Unusable("broken")),
            Err(_) => Err(Fault::Unusable("time_out")),
        }
    }

    /// The unit, with this till known to it. What it says of itself is recorded, and that it signs or does not.
    async fn meet(
        &mut self,
        signing: &SigningSettings,
        set: &UnitSettings,
        was_down: bool,
    ) -> Result<Option<Arc<dyn Unit>>, EngineError> {
        let client = signing.client(self.till);
        if let Some((as_set, name, unit)) = self.met.get(&set.id)
            && !was_down
            && (as_set, name) == (set, &client)
        {
            return Ok(Some(Arc::clone(unit)));
        }
        let now = self.clock.now();
        let (units, path) = (Arc::clone(self.engine.units()), self.engine.path().to_owned());
        let (as_set, name) = (set.clone(), client.clone());
        let met = self.ask(move || {
            let unit = units.of(&path, &as_set, now)?;
            let said = unit.identity()?;
            if said.valid_until < now {
                return Err(Fault::Unusable("certificate_expired"));
            }
            unit.self_test(now)?;
            unit.register(&name, now)?;
            Ok((unit, identity_of(&said)))
        });
        match met.await {
            Ok((unit, said)) => {
                self.say(set.id, UnitStep::Reported(Box::new(said))).await?;
                self.say(set.id, UnitStep::Up).await?;
                self.met.insert(set.id, (set.clone(), client, Arc::clone(&unit)));
                Ok(Some(unit))
            }
            Err(fault) => {
                self.down(set.id, &fault).await?;
                Ok(None)
            }
        }
    }

    /// A basket's first line is there: the unit hears of it.
    async fn begin(
        &mut self,
        signing: &SigningSettings,
        set: &UnitSettings,
        basket: BasketId,
    ) -> Result<(), EngineError> {
        match self.begin_at(signing, set).await? {
            None => Ok(()),
            Some(Begun { transaction, .. }) => {
                let step = SigningStep::Began(Box::new(transaction.clone()));
                match self.step(basket, step).await {
                    Err(EngineError::Refused(_)) => {
                        self.late.insert(basket, transaction);
                        Ok(())
                    }
                    other => other,
                }
            }
        }
    }

    async fn begin_at(
        &mut self,
        signing: &SigningSettings,
        set: &UnitSettings,
    ) -> Result<Option<Begun>, EngineError> {
        let Some(unit) = self.meet(signing, set, false).await? else { return Ok(None) };
        let (asked, client, now) = (Arc::clone(&unit), signing.client(self.till), self.clock.now());
        let name = client.clone();
        match self.ask(move || asked.begin(&name, now)).await {
            Ok(began) => {
                let (number, began) = (began.number, began.at);
                let transaction = Transaction { unit: set.id, client, number, began };
                Ok(Some(Begun { unit, transaction }))
            }
            Err(fault) => {
                self.down(set.id, &fault).await?;
                Ok(None)
            }
        }
    }

    /// What ended is signed at the unit that knows of it, or else at the first one that signs; or it is said that it
    /// is not.
    async fn finish(
        &mut self,
        work: &SigningWork,
        signing: &SigningSettings,
        up: Option<&UnitSettings>,
        (ended, receipt): (&Signing, Option<&Receipt>),
    ) -> Result<(), EngineError> {
        let Ok(process) = process_of(ended, receipt) else {
            let process = (String::new(), String::new());
            return self.failed(ended.basket, None, "process_data", process).await;
        };
        let down = |unit: &UnitId| work.units.get(unit).is_some_and(|unit| unit.outage.is_some());
        // One of another till's is not this one's to finish: units know who began.
        let begun = ended.transaction.clone().or_else(|| self.late.remove(&ended.basket));
        let own = begun.as_ref().filter(|of| of.client == signing.client(self.till));
        self.strays |= own.is_none() && begun.is_some();
        if let Some(transaction) = own
            && !down(&transaction.unit)
            && let Some(set) = signing.units.iter().find(|unit| unit.id == transaction.unit)
        {
            let Some(unit) = self.meet(signing, set, false).await? else {
                self.strays = true;
                return Ok(());
            };
            let begun = Begun { unit, transaction: transaction.clone() };
            return match self.finish_at(&begun, &process).await {
                Err(Fault::NoTransaction) => {
                    self.begin_and_finish(signing, set, ended, process).await
                }
                answer => self.answered(ended.basket, begun.transaction, answer, process).await,
            };
        }
        match up {
            Some(set) => {
                self.strays |= own.is_some();
                self.begin_and_finish(signing, set, ended, process).await
            }
            None => {
                let unit = own.map(|of| of.unit);
                let outage = unit.or_else(|| signing.units.first().map(|unit| unit.id));
                let known = outage.and_then(|unit| work.units.get(&unit)?.outage.as_ref());
                let why = known.map_or("unreachable", |outage| outage.why.as_str()).to_owned();
                self.failed(ended.basket, outage, &why, process).await
            }
        }
    }

    async fn begin_and_finish(
        &mut self,
        signing: &SigningSettings,
        set: &UnitSettings,
        ended: &Signing,
        process: (String, String),
    ) -> Result<(), EngineError> {
        // When it does not begin, it is down, and the next round tries the next one.
        let Some(begun) = self.begin_at(signing, set).await? else { return Ok(()) };
        let answer = self.finish_at(&begun, &process).await;
        self.answered(ended.basket, begun.transaction, answer, process).await
    }

    async fn finish_at(
        &self,
        begun: &Begun,
        process: &(String, String),
    ) -> Result<Finished, Fault> {
        let (unit, of) = (Arc::clone(&begun.unit), begun.transaction.clone());
        let ((kind, data), now) = (process.clone(), self.clock.now());
        self.ask(move || {
            let (of, process) = ((of.client.as_str(), of.number), (kind.as_str(), data.as_str()));
            match unit.finish(of, process, now) {
                // It was asked before, and nobody heard its answer.
                Err(Fault::NoTransaction) => {
                    unit.finished(of, process)?.ok_or(Fault::NoTransaction)
                }
                answer => answer,
            }
        })
        .await
    }

    /// Records what a unit said to a finish. One that does not sign is down; what it was asked for is tried at the
    /// next one, if there is one.
    async fn answered(
        &mut self,
        basket: BasketId,
        transaction: Transaction,
        answer: Result<Finished, Fault>,
        process: (String, String),
    ) -> Result<(), EngineError> {
        let unit = transaction.unit;
        match answer {
            Ok(done) => {
                let serial = self.serial(unit).await?;
                let (process_type, process_data) = process;
                let signature = Signature {
                    transaction,
                    finished: done.at,
                    counter: done.counter,
                    value: Base64::encode_string(&done.signature),
                    process_type,
                    process_data,
                    serial,
                };
                self.step(basket, SigningStep::Signed(Box::new(signature))).await
            }
            Err(fault @ (Fault::Refused(_) | Fault::NoTransaction)) => {
                self.strays = true;
                self.failed(basket, Some(unit), fault.code(), process).await
            }
            Err(fault) => {
                self.strays = true;
                self.down(unit, &fault).await
            }
        }
    }

    async fn serial(&self, unit: UnitId) -> Result<String, EngineError> {
        let work = self.engine.signing_work(self.till).await?;
        let identity = work.units.get(&unit).and_then(|unit| unit.identity.as_ref());
        Ok(identity.map(|identity| identity.serial.clone()).unwrap_or_default())
    }

    async fn failed(
        &self,
        basket: BasketId,
        unit: Option<UnitId>,
        why: &str,
        (process_type, process_data): (String, String),
    ) -> Result<(), EngineError> {
        let why = why.to_owned();
        self.step(basket, SigningStep::Failed { unit, why, process_type, process_data }).await
    }

    /// Nothing of it is signed.
    async fn give_up(
        &self,
        work: &SigningWork,
        unit: Option<UnitId>,
        why: &str,
    ) -> Result<(), EngineError> {
        for (ended, receipt) in &work.ended {
            let process = process_of(ended, receipt.as_deref()).unwrap_or_default();
            self.failed(ended.basket, unit, why, process).await?;
        }
        Ok(())
    }

    /// Transactions of this till that no basket needs are ended as such: units hold only so many.
    async fn tidy(&self, work: &SigningWork) -> Result<(), EngineError> {
        let nothing = ProcessData::Receipt(empty(ReceiptKind::AvBelegabbruch));
        let (kind, data) = (nothing.process_type().name(), nothing.write().unwrap_or_default());
        for (id, (_, client, unit)) in &self.met {
            let (unit, client, data) = (Arc::clone(unit), client.clone(), data.clone());
            let needed: Vec<u64> =
                work.needed.iter().filter(|(at, _)| at == id).map(|(_, number)| *number).collect();
            let now = self.clock.now();
            let tidied = self.ask(move || {
                for number in unit.open_transactions(&client)? {
                    if !needed.contains(&number) {
                        unit.finish((client.as_str(), number), (kind, data.as_str()), now)?;
                    }
                }
                Ok(())
            });
            if let Err(fault) = tidied.await {
                self.down(*id, &fault).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, unit: UnitId, fault: &Fault) -> Result<(), EngineError> {
        self.say(unit, UnitStep::Down { why: fault.code().to_owned() }).await
    }

    async fn say(&self, unit: UnitId, step: UnitStep) -> Result<(), EngineError> {
        let command = ShopCommand::SigningUnit { unit, step };
        self.engine.shop(own_command(self.clock.now()), Actor::default(), command).await?;
        Ok(())
    }

    async fn step(&self, basket: BasketId, step: SigningStep) -> Result<(), EngineError> {
        let command = TillCommand::Signing { basket, step };
        let id = own_command(self.clock.now());
        self.engine.till(id, self.till, Actor::default(), command).await?;
        Ok(())
    }
}
