//! Has baskets signed: one task per till, so that one that waits holds up no other.
//!
//! A basket is begun at a unit with its first line, beside the sale; finished when it ended, before its paper is made.
//! Cash that moves without a sale begins and ends at once.
//! What is on disk decides, never what the task remembers. A unit that does not sign is down until it says otherwise:
//! nobody waits for it meanwhile, and the next one takes over. What was not signed is not signed later. How long makers
//! are patient with themselves is one thing, how long a customer waits another: that ends after some seconds, and
//! whatever comes later is found by [`super::tidy`].

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use domain::signing::{
    Signature, Signing, SigningSettings, SigningStep, Subject, Transaction, UnitSettings, UnitStep,
};
use domain::{BasketId, Event, TillCommand, TillId, UnitId};
use jiff::Timestamp;
use signing::{Fault, Finished, Unit};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::line::Line;
use super::units::Ready;
use super::{care, needs_entry, process_of};
use crate::clock::Clock;
use crate::engine::{Actor, Engine, EngineError, SigningWork};
use crate::ids::own_command;

/// How patient the runner is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How long one answer of a unit is waited for.
    pub answer: Duration,
    /// How long a receipt waits for its signature at most, whichever units are asked for it.
    pub line: Duration,
    /// How often it is looked whether there is anything to do, and whether a unit that is down signs again.
    pub look: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            answer: Duration::from_secs(4),
            line: Duration::from_secs(6),
            look: Duration::from_secs(15),
        }
    }
}

/// How often it is looked whether there are other tills.
const SETTINGS_LOOK: Duration = Duration::from_secs(2);

/// At every how manyth look it is looked for transactions that were left behind.
const STRAYS_LOOK: u64 = 40;

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
    let mut tasks: HashMap<TillId, JoinHandle<()>> = HashMap::new();
    let care = tokio::spawn(care::run(engine.clone(), Arc::clone(&clock)));
    loop {
        let Ok(snapshot) = engine.snapshot().await else { break };
        for till in snapshot.settings.iter().flat_map(|s| &s.tills) {
            if tasks.get(&till.id).is_some_and(|task| !task.is_finished()) {
                continue;
            }
            let task = Task::new(&engine, &clock, till.id, pace);
            tasks.insert(till.id, tokio::spawn(task.live()));
        }
        tokio::select! {
            _ = stop.changed() => break,
            () = tokio::time::sleep(SETTINGS_LOOK) => {}
        }
    }
    care.abort();
    for (_, task) in tasks {
        task.abort();
    }
}

/// One till's task.
pub(super) struct Task {
    pub(super) engine: Engine,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) till: TillId,
    pub(super) pace: Pace,
    /// Units that know this till.
    pub(super) met: BTreeMap<UnitId, (Way, Arc<dyn Unit>)>,
    /// Units that are being met, which may take them long.
    pub(super) meeting: BTreeMap<UnitId, (Way, JoinHandle<Meeting>)>,
    /// One of those is done.
    pub(super) ready: Arc<Notify>,
    /// As what units were tried; they are tried again from time to time.
    pub(super) tried: BTreeMap<UnitId, Way>,
    /// Since when units were down when they were last sought: what they say is news of that outage alone.
    pub(super) sought: BTreeMap<UnitId, Option<Timestamp>>,
    /// Units that were down since this till met them: they may have forgotten it, whoever found them up again.
    pub(super) missed: BTreeSet<UnitId>,
    /// Units that are to sign something before it is said that they do.
    pub(super) proving: BTreeSet<UnitId>,
    /// Units that will not have this till, and why.
    pub(super) turned_away: BTreeMap<UnitId, (Way, &'static str)>,
    looks: tokio::time::Interval,
    /// How often it was looked.
    looked: u64,
    /// Transactions that began and are not on disk: their basket had ended, or nothing could be written.
    pub(super) late: BTreeMap<Subject, Transaction>,
    /// Whose entry could not be read a moment ago.
    unread: Option<Subject>,
    /// What came of something and could not be written yet.
    unsaid: Option<(Subject, SigningStep)>,
    /// Units at which there may be transactions that no basket needs any more.
    pub(super) strays: BTreeSet<UnitId>,
    /// What is known of those, by unit and number.
    pub(super) behind: BTreeMap<(UnitId, u64), Behind>,
    /// Transactions that units call open and do not end.
    pub(super) hopeless: BTreeSet<(UnitId, u64)>,
    /// What a customer waits for.
    pub(super) line: Option<Line>,
}

/// How a unit is reached: as it is set, the till as it knows it, and how often something was told of it.
pub(super) type Way = (UnitSettings, String, u64);

/// What came of meeting a unit.
pub(super) type Meeting = Result<Ready, Fault>;

/// A transaction that was left behind at a unit.
#[derive(Debug, Clone)]
pub(super) struct Behind {
    /// Whose it was.
    pub(super) of: Subject,
    /// What it was to be finished with, when it was asked for that.
    pub(super) asked: Option<(String, String)>,
}

/// A transaction as the unit that has it knows it.
struct Begun {
    unit: Arc<dyn Unit>,
    transaction: Transaction,
}

impl Task {
    fn new(engine: &Engine, clock: &Arc<dyn Clock>, till: TillId, pace: Pace) -> Task {
        let mut looks = tokio::time::interval(pace.look);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Task {
            engine: engine.clone(),
            clock: Arc::clone(clock),
            till,
            pace,
            met: BTreeMap::new(),
            meeting: BTreeMap::new(),
            ready: Arc::default(),
            tried: BTreeMap::new(),
            sought: BTreeMap::new(),
            missed: BTreeSet::new(),
            proving: BTreeSet::new(),
            turned_away: BTreeMap::new(),
            looks,
            looked: 0,
            late: BTreeMap::new(),
            unread: None,
            unsaid: None,
            strays: BTreeSet::new(),
            behind: BTreeMap::new(),
            hopeless: BTreeSet::new(),
            line: None,
        }
    }

    async fn live(mut self) {
        loop {
            // Before it is looked what there is to do: else units are asked again for what they did.
            match self.write_unsaid().await {
                Ok(()) => {}
                Err(EngineError::Stopped) => return,
                Err(_) => {
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
            }
            let Ok(work) = self.engine.signing_work(self.till).await else { return };
            let settings = work.settings.clone();
            let signing = settings.as_ref().and_then(|s| s.signing.clone());
            let Some(signing) = signing else {
                self.met.clear();
                self.proving.clear();
                // Another country's receipts are signed elsewhere.
                if settings.as_deref().is_some_and(domain::rksv::applies) {
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

    async fn wait(&mut self) {
        tokio::select! {
            () = self.engine.signing_waits(self.till) => {}
            () = self.ready.notified() => {}
            _ = self.looks.tick() => {
                // Whoever is down is tried again.
                self.tried.clear();
                self.engine.units().doubts.rest(self.till);
                self.looked = self.looked.wrapping_add(1);
                // What began here and ended at another till is found by nobody else.
                if self.looked.is_multiple_of(STRAYS_LOOK) {
                    self.strays.extend(self.met.keys());
                }
            }
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
        self.welcome().await?;
        self.part(signing);
        let has = |unit: &UnitSettings| !down(&unit.id) && self.away(signing, unit).is_none();
        let up = tried.iter().copied().find(|unit| has(unit));
        // Customers wait for what ended, nobody for what begins.
        if let Some((ended, entry)) = work.ended.first() {
            if self.line.as_ref().is_none_or(|line| line.of != ended.of) {
                let until = self.clock.elapsed().saturating_add(self.pace.line);
                self.line = Some(Line { of: ended.of, until, at: None });
            }
            return self.finish(work, signing, up, (ended, entry.as_deref())).await;
        }
        self.line = None;
        if let (Some(basket), Some(unit)) = (work.begun.first(), up)
            && self.knows(signing, unit).is_some()
        {
            return self.begin(signing, unit, *basket).await;
        }
        // Units say what they are once, and again when they were down.
        for unit in &tried {
            let way = self.way(signing, unit);
            let since = work.units.get(&unit.id).and_then(|unit| unit.outage.as_ref());
            if since.is_some() {
                self.missed.insert(unit.id);
            }
            if self.meeting.contains_key(&unit.id) || !self.tries(&way) {
                continue;
            }
            // One that the unit will not have finds out whether it has it now, and nothing else: it keeps no other
            // till from finding out whether it signs.
            if since.is_some_and(|outage| self.is_proof_wanted(unit.id, &outage.why))
                && self.away(signing, unit).is_none()
                && (self.proving.contains(&unit.id)
                    || !self.engine.units().doubts.tries(unit.id, self.till))
            {
                continue;
            }
            if self.missed.contains(&unit.id) || self.knows(signing, unit).is_none() {
                self.seek(way, since.map(|outage| outage.since));
            }
        }
        if self.tidy(work).await? {
            return Ok(());
        }
        self.wait().await;
        Ok(())
    }

    /// Asks a unit for something, off the threads that others need, and for so long as is set.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let asked = tokio::task::spawn_blocking(ask);
        match tokio::time::timeout(self.patience(), asked).await {
            Ok(Ok(answer)) => answer,
            // The program ends: nobody waits any more, and it says nothing of the unit.
            Ok(Err(gone)) if gone.is_cancelled() => std::future::pending().await,
            Ok(Err(_)) => Err(Fault::Unusable("broken")),
            Err(_) => Err(Fault::Unusable("time_out")),
        }
    }

    /// A basket's first line is there: the unit hears of it.
    async fn begin(
        &mut self,
        signing: &SigningSettings,
        set: &UnitSettings,
        basket: BasketId,
    ) -> Result<(), EngineError> {
        let of = Subject::Basket(basket);
        let (known, transaction) = match self.late.get(&of) {
            // It began and could not be written: that is tried again, and no other one begun.
            Some(transaction) => (true, transaction.clone()),
            None => match self.begin_at(signing, set).await? {
                None => return Ok(()),
                Some(begun) => (false, begun.transaction),
            },
        };
        let step = SigningStep::Began(Box::new(transaction.clone()));
        match self.step(of, step).await {
            Ok(()) => {
                self.late.remove(&of);
                Ok(())
            }
            Err(error) => {
                // Where the basket went on at another till, nobody else finds what began here.
                self.leave(of, Some(&transaction), None);
                self.late.insert(of, transaction);
                // The basket ended meanwhile.
                let ended = !known && matches!(error, EngineError::Refused(_));
                if ended { Ok(()) } else { Err(error) }
            }
        }
    }

    async fn begin_at(
        &mut self,
        signing: &SigningSettings,
        set: &UnitSettings,
    ) -> Result<Option<Begun>, EngineError> {
        let Some(unit) = self.meet(signing, set).await? else { return Ok(None) };
        let (asked, client, now) = (Arc::clone(&unit), signing.client(self.till), self.clock.now());
        let name = client.clone();
        match self.ask(move || asked.begin(&name, now)).await {
            Ok(began) => {
                let (number, began) = (began.number, began.at);
                let transaction = Transaction { unit: set.id, client, number, began };
                Ok(Some(Begun { unit, transaction }))
            }
            Err(Fault::Refused(code)) => {
                self.turn_away(set.id, self.way(signing, set), code);
                Ok(None)
            }
            Err(fault) => {
                // It may have begun all the same.
                self.strays.insert(set.id);
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
        (ended, entry): (&Signing, Option<&Event>),
    ) -> Result<(), EngineError> {
        if entry.is_none() && needs_entry(ended.outcome) {
            // Once more; then it holds up nothing that comes after it.
            if self.unread.replace(ended.of) != Some(ended.of) {
                tokio::time::sleep(AGAIN).await;
                return Ok(());
            }
            let process = (String::new(), String::new());
            return self.failed(ended.of, None, "unreadable", process).await;
        }
        let Ok(process) = process_of(ended, entry) else {
            let process = (String::new(), String::new());
            return self.failed(ended.of, None, "process_data", process).await;
        };
        let down = |unit: &UnitId| work.units.get(unit).is_some_and(|unit| unit.outage.is_some());
        // One of another till's is not this one's to finish: units know who began.
        let begun = ended.transaction.clone().or_else(|| self.late.remove(&ended.of));
        let own = begun.as_ref().filter(|of| of.client == signing.client(self.till));
        if let (Some(begun), None) = (&begun, own) {
            self.strays.insert(begun.unit);
        }
        if self.is_late() {
            // Nobody waits any longer.
            let unit = own.map(|of| of.unit).or(up.map(|unit| unit.id));
            self.leave(ended.of, own, None);
            return self.failed(ended.of, unit, "time_out", process).await;
        }
        if let Some(transaction) = own
            && !down(&transaction.unit)
            && let Some(set) = signing.units.iter().find(|unit| unit.id == transaction.unit)
            && self.away(signing, set).is_none()
        {
            self.turn_to(work, signing, set.id);
            let Some(unit) = self.meet(signing, set).await? else {
                self.leave(ended.of, own, None);
                return Ok(());
            };
            let begun = Begun { unit, transaction: transaction.clone() };
            return match self.finish_at(&begun, &process).await {
                Err(Fault::NoTransaction) => {
                    self.leave(ended.of, Some(&begun.transaction), None);
                    self.begin_and_finish(signing, set, ended, process).await
                }
                answer => self.answered(ended.of, begun.transaction, answer, process).await,
            };
        }
        match up {
            Some(set) => {
                self.turn_to(work, signing, set.id);
                self.leave(ended.of, own, None);
                self.begin_and_finish(signing, set, ended, process).await
            }
            None => {
                let unit = own.map(|of| of.unit);
                let first = signing.tried_by(work.till(self.till)).first().map(|unit| unit.id);
                let outage = unit.or(first);
                let known = outage.and_then(|unit| work.units.get(&unit)?.outage.as_ref());
                let set = signing.units.iter().find(|unit| Some(unit.id) == outage);
                let away = set.and_then(|set| self.away(signing, set)).unwrap_or("unreachable");
                let why = known.map_or(away, |outage| outage.why.as_str()).to_owned();
                self.leave(ended.of, own, None);
                self.failed(ended.of, outage, &why, process).await
            }
        }
    }

    /// A transaction is left behind at its unit; one that was asked to be finished may be, for all that is known.
    fn leave(
        &mut self,
        of: Subject,
        transaction: Option<&Transaction>,
        asked: Option<&(String, String)>,
    ) {
        let Some(transaction) = transaction else { return };
        self.strays.insert(transaction.unit);
        let at = (transaction.unit, transaction.number);
        let behind = self.behind.entry(at).or_insert(Behind { of, asked: None });
        behind.asked = asked.cloned().or(behind.asked.take());
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
        self.answered(ended.of, begun.transaction, answer, process).await
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
        of: Subject,
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
                self.settled(of, SigningStep::Signed(Box::new(signature))).await
            }
            Err(fault @ (Fault::Refused(_) | Fault::NoTransaction)) => {
                self.leave(of, Some(&transaction), None);
                self.failed(of, Some(unit), fault.code(), process).await
            }
            Err(fault) => {
                self.leave(of, Some(&transaction), Some(&process));
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
        &mut self,
        of: Subject,
        unit: Option<UnitId>,
        why: &str,
        (process_type, process_data): (String, String),
    ) -> Result<(), EngineError> {
        let why = why.to_owned();
        self.settled(of, SigningStep::Failed { unit, why, process_type, process_data }).await
    }

    /// What came of it; remembered until it is written.
    async fn settled(&mut self, of: Subject, step: SigningStep) -> Result<(), EngineError> {
        self.unsaid = Some((of, step));
        self.write_unsaid().await
    }

    async fn write_unsaid(&mut self) -> Result<(), EngineError> {
        let Some((of, step)) = self.unsaid.clone() else { return Ok(()) };
        let done = self.step(of, step).await;
        if matches!(done, Ok(()) | Err(EngineError::Refused(_))) {
            self.unsaid = None;
        }
        done
    }

    /// Nothing of it is signed.
    async fn give_up(
        &mut self,
        work: &SigningWork,
        unit: Option<UnitId>,
        why: &str,
    ) -> Result<(), EngineError> {
        for (ended, entry) in &work.ended {
            let process = process_of(ended, entry.as_deref()).unwrap_or_default();
            self.failed(ended.of, unit, why, process).await?;
        }
        Ok(())
    }

    pub(super) async fn say(&self, unit: UnitId, step: UnitStep) -> Result<(), EngineError> {
        care::say(&self.engine, &*self.clock, unit, step).await
    }

    async fn step(&self, of: Subject, step: SigningStep) -> Result<(), EngineError> {
        let command = TillCommand::Signing { of, step };
        let id = own_command(self.clock.now());
        self.engine.till(id, self.till, Actor::default(), command).await?;
        Ok(())
    }
}
