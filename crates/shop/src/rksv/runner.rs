//! Carries the tills' chains on: one task per till, so that one that waits holds up no other.
//!
//! A receipt is issued first, then it gets its code, then it is printed. What is on disk decides: a code is signed over
//! the last one that is recorded, and a signature whose record was lost is made again, over the same code. A device that
//! does not sign is not waited for again until some time has passed: meanwhile codes say that it is out of order, and as
//! soon as one signs, the collective receipt comes first. What is owed at a month's or a year's end is made before the next
//! sale gets its code.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use domain::event::RksvSigned;
use domain::receipt::Receipt;
use domain::rksv::{
    Carried, Month, NotIssued, RksvKind, RksvSettings, RksvStep, SignerIdentity, SignerSettings,
    company_key,
};
use domain::settings::Settings;
use domain::signing::{SigningStep, Subject};
use domain::{BasketId, ShopCommand, TillCommand, TillId, UnitId};
use fiscal::at::{self, AesKey, Ask, Due, Refusal, Register, Sums};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use signing::Fault;
use signing::at::{Device, Identity};
use tokio::sync::watch;
use tokio::time::Instant;

use super::signers::{Way, identity_of};
use super::{
    KeptKey, WIDTH, kept_key, key_name, kind, kind_of, number_of, password_name, sums_of, unit_of,
};
use crate::clock::Clock;
use crate::engine::{Actor, Engine, EngineError, RksvWork};
use crate::ids::own_command;
use crate::print::{numbered, zone};
pub use crate::sign::runner::Pace;
use crate::vault;

/// How often it is looked whether there are other tills.
const SETTINGS_LOOK: Duration = Duration::from_secs(2);
/// How long to wait when something could not be recorded.
const AGAIN: Duration = Duration::from_millis(500);
/// Why there is no signature, where nobody answered in time.
const TIME_OUT: &str = "time_out";

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
                rests: BTreeMap::new(),
                until: Instant::now(),
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
    /// Devices that said who they are, and how they were opened.
    met: BTreeMap<UnitId, (Way, Arc<dyn Device>, Identity)>,
    /// Devices that did not sign, why, and until when nobody asks them again.
    rests: BTreeMap<UnitId, (Way, &'static str, Instant)>,
    /// Until when the receipt that is at hand waits for its signature, whichever devices are asked.
    until: Instant,
}

/// A till's chain with all that it takes to carry it on.
struct Chain<'a> {
    work: &'a RksvWork,
    settings: &'a Settings,
    rksv: &'a RksvSettings,
    name: String,
    key: AesKey,
    zone: TimeZone,
}

/// A receipt that wants a code.
struct Wanted {
    kind: RksvKind,
    number: String,
    at: DateTime,
    sums: Sums,
    basket: Option<BasketId>,
}

/// What became of it.
enum Became {
    /// It has its code.
    Recorded,
    /// There is none.
    Refused(&'static str),
}

impl Task {
    async fn live(mut self) {
        loop {
            let Ok(work) = self.engine.rksv_work(self.till).await else { return };
            let settings = work.settings.clone();
            let done = match settings.as_deref().filter(|s| domain::rksv::applies(s)) {
                Some(settings) => self.round(&work, settings).await,
                None => Ok(false),
            };
            match done {
                Ok(true) => {}
                Ok(false) => self.wait().await,
                Err(EngineError::Stopped) => return,
                // What is on disk decides when it is looked at again.
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    async fn wait(&self) {
        tokio::select! {
            () = self.engine.rksv_waits(self.till) => {}
            () = tokio::time::sleep(self.pace.look) => {}
        }
    }

    /// Carries the chain on by one code at most; false when there is nothing to do.
    async fn round(&mut self, work: &RksvWork, settings: &Settings) -> Result<bool, EngineError> {
        // What is no receipt gets no code here, and takes the place of those that do.
        if !work.strays.is_empty() {
            for of in &work.strays {
                self.not_set(*of).await?;
            }
            return Ok(true);
        }
        let Some(rksv) = domain::rksv::of(settings) else {
            return self.give_up(work, "not_set").await;
        };
        self.until = self.after(self.pace.line);
        let name = rksv.cash_register(self.till);
        let kept = work.register.as_ref().filter(|register| register.cash_register == name);
        if kept.is_some_and(|register| register.carried.closed) {
            return self.give_up(work, "closed").await;
        }
        if kept.is_some_and(|register| register.restored) {
            return self.give_up(work, "restored").await;
        }
        let Some(key) = self.key(&name, kept.is_some()).await? else {
            return self.give_up(work, "key_lost").await;
        };
        let chain = Chain { work, settings, rksv, name, key, zone: zone(settings) };
        let Some(kept) = kept else {
            return match self.begin(&chain).await? {
                Became::Recorded => Ok(true),
                Became::Refused(_) => self.give_up(work, "not_started").await,
            };
        };
        let Some(register) = resume(&chain, kept) else {
            return self.give_up(work, "register").await;
        };
        if let Some(owed) = self.owed(&chain, &register)
            && let Became::Recorded = self.carry_on(&chain, register.clone(), &owed).await?
        {
            return Ok(true);
        }
        // Sales come first: nothing follows a Schlussbeleg that somebody asked for.
        let Some((signing, receipt)) = work.ended.first() else {
            let Some(asked) = kept.asked.first().copied() else { return Ok(false) };
            let wanted = self.without_turnover(&chain, asked, kept.position);
            if let Became::Refused(why) = self.carry_on(&chain, register, &wanted).await? {
                let said = NotIssued { kind: asked, why: why.to_owned() };
                self.step(RksvStep::NotIssued(said)).await?;
            }
            return Ok(true);
        };
        let at = chain.zone.to_datetime(signing.ended);
        let became = match sold(work, receipt, at) {
            Some(wanted) => self.carry_on(&chain, register, &wanted).await?,
            None => Became::Refused("counter_full"),
        };
        if let Became::Refused(why) = became {
            self.not_signed(signing.of, why).await?;
        }
        Ok(true)
    }

    /// The key of the till's counter: made with the chain; none when it is lost.
    async fn key(&self, name: &str, begun: bool) -> Result<Option<AesKey>, EngineError> {
        let stored = |fault: store::StoreError| EngineError::NotStored(fault.to_string());
        let asked = name.to_owned();
        let kept = self.engine.with_store(move |store| kept_key(store, &asked)).await?;
        match kept.map_err(stored)? {
            KeptKey::Key(key) => Ok(Some(key)),
            KeptKey::Lost => Ok(None),
            KeptKey::Nothing if begun => Ok(None),
            KeptKey::Nothing => {
                let mut bytes = [0_u8; 32];
                getrandom::fill(&mut bytes)
                    .map_err(|fault| EngineError::NotStored(fault.to_string()))?;
                let key = AesKey::new(bytes);
                let (name, text) = (key_name(name), key.to_base64());
                let keep = move |store: &mut store::Store| vault::keep(store, &name, &text);
                self.engine.with_store(keep).await?.map_err(stored)?;
                Ok(Some(key))
            }
        }
    }

    /// The Startbeleg: it names the first device that signs it.
    async fn begin(&mut self, chain: &Chain<'_>) -> Result<Became, EngineError> {
        let first = match self.devices(chain).await?.into_iter().next() {
            Some((_, identity)) => identity,
            None => return Ok(Became::Refused("no_device")),
        };
        let Ok(register) = Register::new(&chain.name, first.unit, WIDTH) else {
            return Ok(Became::Refused("register"));
        };
        let wanted = self.without_turnover(chain, RksvKind::Start, 0);
        self.carry_on(chain, register, &wanted).await
    }

    /// A receipt that is owed and can be made now.
    fn owed(&self, chain: &Chain<'_>, register: &Register) -> Option<Wanted> {
        let now = chain.zone.to_datetime(self.clock.now());
        let rests = |device: &SignerSettings| {
            self.rests.get(&device.id).is_some_and(|(_, _, until)| *until > Instant::now())
        };
        let none_signs = chain.rksv.devices.iter().all(rests);
        let out = register.outage().is_some();
        let first =
            chain.work.ended.first().map(|(signing, _)| chain.zone.to_datetime(signing.ended));
        let due = register.due(now.date());
        let kind = due.into_iter().find_map(|due| match due {
            // A device that may hang is not asked while customers wait.
            Due::AfterOutage { .. } => {
                (!none_signs && first.is_none()).then_some(RksvKind::AfterOutage)
            }
            Due::Yearly(_) => (!out && !none_signs).then_some(RksvKind::Yearly),
            Due::Monthly(_) => Some(RksvKind::Monthly),
            Due::Start => None,
        })?;
        // What was sold in the month that is over belongs before the receipt that closes it.
        let before = |at: DateTime| (at.year(), at.month()) < (now.year(), now.month());
        if kind != RksvKind::AfterOutage && first.is_some_and(before) {
            return None;
        }
        let position = chain.work.register.as_ref().map_or(0, |kept| kept.position);
        Some(self.without_turnover(chain, kind, position))
    }

    fn without_turnover(&self, chain: &Chain<'_>, kind: RksvKind, position: u64) -> Wanted {
        let number = domain::ReceiptNo(position.saturating_add(1));
        let at = chain.zone.to_datetime(self.clock.now());
        let number = format!("S{}", numbered(number, chain.work.incarnation));
        Wanted { kind, number, at, sums: Sums::default(), basket: None }
    }

    /// Drafts the next code, has it signed by the first device that signs, and records it.
    async fn carry_on(
        &mut self,
        chain: &Chain<'_>,
        mut register: Register,
        wanted: &Wanted,
    ) -> Result<Became, EngineError> {
        let ask = Ask {
            kind: kind(wanted.kind),
            receipt: wanted.number.clone(),
            at: wanted.at,
            sums: wanted.sums,
        };
        let mut draft = match register.draft(&chain.key, &ask) {
            Ok(draft) => draft,
            Err(refusal) => return Ok(Became::Refused(code_of(refusal))),
        };
        let mut signature = None;
        let mut why = "outage";
        if draft.to_sign().is_some() {
            let devices = self.devices(chain).await?;
            why = self.why(chain);
            for (id, identity) in devices {
                if self.left().is_zero() {
                    why = TIME_OUT;
                    break;
                }
                let before = register.clone();
                register.set_unit(identity.unit.clone());
                let Ok(named) = register.draft(&chain.key, &ask) else { continue };
                match self.sign(id, named.code().to_string()).await {
                    Ok(signed) => {
                        (draft, signature) = (named, Some(signed));
                        break;
                    }
                    Err(code) => (why, register) = (code, before),
                }
            }
        }
        let issued = match draft.seal(signature) {
            Ok(issued) => issued,
            Err(Refusal::MustBeSigned) => return Ok(Became::Refused(why)),
            Err(refusal) => return Ok(Became::Refused(code_of(refusal))),
        };
        if let Err(refusal) = register.apply(&issued) {
            return Ok(Became::Refused(code_of(refusal)));
        }
        let unit = register.unit();
        let kept = chain.work.register.as_ref().filter(|kept| kept.cash_register == chain.name);
        let signed = RksvSigned {
            till: self.till,
            cash_register: chain.name.clone(),
            position: kept.map_or(0, |kept| kept.position).saturating_add(1),
            kind: wanted.kind,
            number: wanted.number.clone(),
            basket: wanted.basket,
            at: issued.at,
            jws: issued.jws,
            unsigned: (!issued.signed).then(|| why.to_owned()),
            device: format!("{}/{}", unit.provider().as_str(), unit.certificate()),
            carried: carried(&register.carried()),
        };
        self.step(RksvStep::Signed(Box::new(signed))).await?;
        Ok(Became::Recorded)
    }

    /// Why no device is asked: the first one's reason.
    fn why(&self, chain: &Chain<'_>) -> &'static str {
        let first = chain.rksv.devices.iter().find_map(|device| self.rests.get(&device.id));
        first.map_or("no_device", |(_, why, _)| why)
    }

    /// The devices that may be asked now, each with what it says of itself. What they say is recorded first: codes name
    /// them by it.
    async fn devices(&mut self, chain: &Chain<'_>) -> Result<Vec<(UnitId, Identity)>, EngineError> {
        let mut there = Vec::new();
        for settings in &chain.rksv.devices {
            let password = password_name(settings.id);
            let kept = self.engine.with_store(move |store| vault::kept(store, &password)).await?;
            let password = kept.ok().and_then(vault::Kept::text);
            let way = (settings.clone(), password, company_key(chain.settings));
            if let Some((as_then, _, until)) = self.rests.get(&settings.id)
                && *as_then == way
                && *until > Instant::now()
            {
                continue;
            }
            if let Some((as_then, _, identity)) = self.met.get(&settings.id)
                && *as_then == way
            {
                there.push((settings.id, identity.clone()));
                continue;
            }
            // Those that are left are asked when the next receipt comes.
            if self.left().is_zero() {
                break;
            }
            let (signers, path) =
                (Arc::clone(self.engine.signers()), self.engine.path().to_owned());
            let asked = way.clone();
            let met = self.ask(move || {
                let device = signers.of(&path, &asked)?;
                let identity = device.identity()?;
                Ok((device, identity))
            });
            match met.await {
                Ok((device, identity)) => {
                    self.report(settings.id, identity_of(&identity)).await?;
                    self.rests.remove(&settings.id);
                    self.engine.signers().tell(settings.id, None);
                    self.met.insert(settings.id, (way, device, identity.clone()));
                    there.push((settings.id, identity));
                }
                Err(fault) => {
                    self.engine.signers().tell(settings.id, Some(fault.code()));
                    self.rests.insert(settings.id, (way, fault.code(), self.after(self.pace.look)));
                }
            }
        }
        Ok(there)
    }

    async fn sign(&mut self, id: UnitId, code: String) -> Result<[u8; 64], &'static str> {
        let Some((way, device, _)) = self.met.get(&id) else { return Err("no_device") };
        let (way, device) = (way.clone(), Arc::clone(device));
        let signed = self.ask(move || device.sign(&code)).await;
        signed.map_err(|fault| {
            let code = fault.code();
            self.met.remove(&id);
            self.engine.signers().tell(id, Some(code));
            self.rests.insert(id, (way, code, self.after(self.pace.look)));
            code
        })
    }

    fn after(&self, time: Duration) -> Instant {
        let now = Instant::now();
        now.checked_add(time).unwrap_or(now)
    }

    /// How long the receipt that is at hand may wait yet.
    fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// Asks a device for something, off the threads that others need, and for so long as is set and
    /// whoever waits for the receipt has patience.
    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let asked = tokio::task::spawn_blocking(ask);
        match tokio::time::timeout(self.pace.answer.min(self.left()), asked).await {
            Ok(Ok(answer)) => answer,
            // The program ends: nobody waits any more.
            Ok(Err(gone)) if gone.is_cancelled() => std::future::pending().await,
            Ok(Err(_)) => Err(Fault::Unusable("broken")),
            Err(_) => Err(Fault::Unusable(TIME_OUT)),
        }
    }

    /// What waits has no code and gets none: its paper says so.
    async fn give_up(&self, work: &RksvWork, why: &str) -> Result<bool, EngineError> {
        for (signing, _) in &work.ended {
            self.not_signed(signing.of, why).await?;
        }
        let asked = work.register.iter().flat_map(|register| &register.asked);
        for kind in asked {
            let said = NotIssued { kind: *kind, why: why.to_owned() };
            self.step(RksvStep::NotIssued(said)).await?;
        }
        Ok(false)
    }

    async fn not_signed(&self, of: Subject, why: &str) -> Result<(), EngineError> {
        let why = why.to_owned();
        match of {
            Subject::Basket(basket) => self.step(RksvStep::NotSigned { basket, why }).await,
            Subject::Entry(_) => self.not_set(of).await,
        }
    }

    /// Left from when the shop's tills were Germany's: nobody signs it any more.
    async fn not_set(&self, of: Subject) -> Result<(), EngineError> {
        let (process_type, process_data) = (String::new(), String::new());
        let (unit, why) = (None, "not_set".to_owned());
        let step = SigningStep::Failed { unit, why, process_type, process_data };
        let id = own_command(self.clock.now());
        let command = TillCommand::Signing { of, step };
        self.engine.till(id, self.till, Actor::default(), command).await?;
        Ok(())
    }

    async fn report(&self, device: UnitId, identity: SignerIdentity) -> Result<(), EngineError> {
        let command = ShopCommand::RksvSigner { device, identity: Box::new(identity) };
        self.engine.shop(own_command(self.clock.now()), Actor::default(), command).await?;
        Ok(())
    }

    async fn step(&self, step: RksvStep) -> Result<(), EngineError> {
        let id = own_command(self.clock.now());
        self.engine.till(id, self.till, Actor::default(), TillCommand::Rksv(step)).await?;
        Ok(())
    }
}

/// A sale that wants its code; none when its sums are out of range.
fn sold(work: &RksvWork, receipt: &Receipt, at: DateTime) -> Option<Wanted> {
    Some(Wanted {
        kind: kind_of(receipt),
        number: number_of(receipt, work.incarnation),
        at,
        sums: sums_of(receipt).ok()?,
        basket: Some(receipt.basket),
    })
}

fn resume(chain: &Chain<'_>, kept: &domain::rksv::Register) -> Option<Register> {
    let Carried { counter, outage, closed, months, years } = &kept.carried;
    let months = months.iter().map(|of| at::Month { year: of.year, month: of.month });
    let carried = at::Carried {
        counter: *counter,
        outage: *outage,
        closed: *closed,
        months: months.collect(),
        years: years.clone(),
    };
    Register::resume(&chain.name, unit_of(&kept.device)?, WIDTH, &kept.last, &carried).ok()
}

fn carried(of: &at::Carried) -> Carried {
    let months = of.months.iter().map(|of| Month { year: of.year, month: of.month });
    Carried {
        counter: of.counter,
        outage: of.outage,
        closed: of.closed,
        months: months.collect(),
        years: of.years.clone(),
    }
}

/// Stable, for the journal and for translation.
const fn code_of(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotStarted => "not_started",
        Refusal::Started => "started",
        Refusal::Closed => "closed",
        Refusal::Turnover => "turnover",
        Refusal::NoOutage => "no_outage",
        Refusal::OutageFirst => "outage_first",
        Refusal::YearlyInstead => "yearly_instead",
        Refusal::MustBeSigned => "must_be_signed",
        Refusal::CounterFull => "counter_full",
        Refusal::Number => "number",
        Refusal::Stale => "stale",
    }
}
