//! What the office lets a unit do: being set up, testing itself, letting a till go. It may take minutes, so it runs on a
//! thread of its own, and the office looks how far it is.

use std::fmt;
use std::sync::{Arc, PoisonError};

use domain::UnitId;
use domain::settings::Settings;
use domain::signing::{UnitKind, UnitSettings};
use jiff::Timestamp;
use signing::{Fault, SetupStep, Told, Unit};

use super::secret::{keep_puk, puk_of};
use super::units::Turn;
use crate::api::signing::{
    ServiceState, UnitClient, UnitService, UnitServiceAsked, UnitServiceStep, UnitServiceView,
};
use crate::engine::Engine;

/// What is being done with a unit, or was last.
#[derive(Clone)]
pub(crate) struct Job {
    what: UnitService,
    state: ServiceState,
    /// The step that runs, or ran last, is the last one.
    steps: Vec<&'static str>,
    fault: Option<&'static str>,
    clients: Option<Vec<UnitClient>>,
    /// The maker tells it once: it is shown until the next job begins, so that no answer that is lost takes it along.
    puk: Option<String>,
    /// The PUK is on disk, too.
    kept: bool,
}

/// Without the PUK.
impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Job { what, state, steps, fault, .. } = self;
        let mut shown = f.debug_struct("Job");
        shown.field("what", what).field("state", state).field("steps", steps);
        shown.field("fault", fault).finish_non_exhaustive()
    }
}

/// A unit is asked for one thing at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Busy;

/// Begins it.
///
/// # Errors
/// While something else is being done with that unit.
pub(crate) fn begin(
    engine: &Engine,
    settings: Arc<Settings>,
    set: UnitSettings,
    asked: UnitServiceAsked,
    now: Timestamp,
) -> Result<(), Busy> {
    {
        let mut jobs = engine.units().jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.get(&set.id).is_some_and(|job| job.state == ServiceState::Running) {
            return Err(Busy);
        }
        // One that is nowhere else stays until it is.
        let unkept = jobs.get(&set.id).filter(|job| !job.kept).and_then(|job| job.puk.clone());
        let job = Job {
            what: asked.what,
            state: ServiceState::Running,
            steps: Vec::new(),
            fault: None,
            clients: None,
            puk: unkept,
            kept: false,
        };
        jobs.insert(set.id, job);
    }
    let (engine, runtime) = (engine.clone(), tokio::runtime::Handle::current());
    tokio::task::spawn_blocking(move || {
        let work = Work { engine: engine.clone(), settings, set, now, runtime };
        // A program that fails there must not leave the office waiting for ever.
        let doing = std::panic::AssertUnwindSafe(|| work.run(&asked));
        let done = std::panic::catch_unwind(doing).unwrap_or(Err(Fault::Unusable("broken")));
        work.note(|job| match done {
            Ok(clients) => (job.state, job.clients) = (ServiceState::Done, clients),
            Err(fault) => (job.state, job.fault) = (ServiceState::Failed, Some(fault.code())),
        });
        // Whatever was mended is tried now.
        engine.units().doubts.hurry(work.set.id);
        engine.ring_signing(&work.settings);
    });
    Ok(())
}

/// How far it is; none when nothing was done since the program began. A PUK is told to whoever looks, until
/// something else is done with the unit.
pub(crate) fn look(engine: &Engine, unit: UnitId) -> Option<UnitServiceView> {
    let jobs = engine.units().jobs.lock().unwrap_or_else(PoisonError::into_inner);
    let job = jobs.get(&unit)?;
    let last = job.steps.len().saturating_sub(1);
    let steps = job.steps.iter().enumerate().map(|(at, code)| UnitServiceStep {
        code: (*code).to_owned(),
        state: if at < last { ServiceState::Done } else { job.state },
    });
    Some(UnitServiceView {
        what: job.what,
        state: job.state,
        steps: steps.collect(),
        fault: job.fault.map(str::to_owned),
        clients: job.clients.clone(),
        puk: if job.state == ServiceState::Running { None } else { job.puk.clone() },
    })
}

struct Work {
    engine: Engine,
    settings: Arc<Settings>,
    set: UnitSettings,
    now: Timestamp,
    runtime: tokio::runtime::Handle,
}

impl Work {
    fn note(&self, note: impl FnOnce(&mut Job)) {
        let mut jobs = self.engine.units().jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = jobs.get_mut(&self.set.id) {
            note(job);
        }
    }

    fn step(&self, code: &'static str) {
        self.note(|job| job.steps.push(code));
    }

    fn run(&self, asked: &UnitServiceAsked) -> Result<Option<Vec<UnitClient>>, Fault> {
        let units = self.engine.units();
        units.in_turn(&self.set, |turn| {
            // Whoever asks wants a secret tried again that it did not take: once, and the tills hear what came of it.
            if asked.what == UnitService::SetUp || units.is_shut(&self.set).is_some() {
                // Nobody who met it before goes on with it.
                units.forget(self.set.id);
                self.engine.ring_signing(&self.settings);
            }
            self.serve(asked, turn)
        })
    }

    fn serve(
        &self,
        asked: &UnitServiceAsked,
        turn: &Turn<'_>,
    ) -> Result<Option<Vec<UnitClient>>, Fault> {
        let units = self.engine.units();
        let unit = turn.of(self.engine.path(), &self.set, self.now)?;
        match asked.what {
            UnitService::SetUp => {
                self.set_up(&*unit, asked.puk.as_deref())?;
                self.tested(&*unit)?;
                self.step("clients");
                for client in self.tills().map(|(client, _)| client) {
                    unit.register(&client, self.now)?;
                }
            }
            UnitService::Check => self.test(&*unit)?,
            UnitService::Deregister => {
                let client = asked.client.as_deref().unwrap_or_default();
                if self.tills().any(|(used, _)| used == client) {
                    return Err(Fault::Refused("client_in_use"));
                }
                self.step("deregister");
                unit.deregister(client, self.now)?;
            }
        }
        self.step("look");
        units.look(self.set.id, &*unit, self.now)?;
        let clients = unit.clients()?.into_iter().map(|serial| {
            let till = self.tills().find(|(client, _)| *client == serial).map(|(_, till)| till);
            UnitClient { serial, till }
        });
        Ok(Some(clients.collect()))
    }

    fn tills(&self) -> impl Iterator<Item = (String, domain::TillId)> + '_ {
        let signing = self.settings.signing.as_ref();
        signing.into_iter().flat_map(|signing| {
            self.settings.tills.iter().map(|till| (signing.client(till.id), till.id))
        })
    }

    fn test(&self, unit: &dyn Unit) -> Result<(), Fault> {
        self.step("self_test");
        self.engine.units().test(self.set.id, unit, self.down(), self.now).map(drop)
    }

    /// Since when it is down, as the tills know it: they need not have it tested again.
    fn down(&self) -> Option<Timestamp> {
        let shop = self.runtime.block_on(self.engine.snapshot()).ok()?;
        Some(shop.units.get(&self.set.id)?.outage.as_ref()?.since)
    }

    /// One that tested itself as it was set up need not do it again: that may take a minute.
    fn tested(&self, unit: &dyn Unit) -> Result<(), Fault> {
        let mut done = false;
        self.note(|job| done = job.steps.contains(&"self_test"));
        if !done {
            return self.test(unit);
        }
        let identity = unit.identity()?;
        let said = (&identity, self.down());
        self.engine.units().tested(self.set.id, unit, said, self.now).map(drop)
    }

    fn set_up(&self, unit: &dyn Unit, puk: Option<&str>) -> Result<(), Fault> {
        const UNREAD: Fault = Fault::Unusable("storage");
        let kept = store::Reader::open(self.engine.path()).map_err(|_| UNREAD)?;
        let kept = match self.set.kind {
            UnitKind::Fiskaly(_) => puk_of(&kept, &self.set).map_err(|_| UNREAD)?,
            UnitKind::Software | UnitKind::Epson(_) => None,
        };
        let puk = puk.or(kept.as_deref());
        unit.set_up(puk, self.now, &mut |told| {
            match told {
                Told::Step(step) => self.step(code(step)),
                Told::Puk(puk) => {
                    // Shown even when it cannot be kept, and on disk before anything else is asked: the maker never
                    // tells it again.
                    self.note(|job| (job.puk, job.kept) = (Some(puk.to_owned()), false));
                    let (set, text) = (self.set.clone(), puk.to_owned());
                    let keep = self.engine.with_store(move |store| keep_puk(store, &set, &text));
                    let kept = self.runtime.block_on(keep);
                    kept.map_err(|_| UNREAD)?.map_err(|_| UNREAD)?;
                    self.note(|job| job.kept = true);
                }
            }
            Ok(())
        })
    }
}

const fn code(step: SetupStep) -> &'static str {
    match step {
        SetupStep::Connect => "connect",
        SetupStep::Create => "create",
        SetupStep::Personalise => "personalise",
        SetupStep::AdminPin => "admin_pin",
        SetupStep::Initialise => "initialise",
        SetupStep::SelfTest => "self_test",
        SetupStep::Time => "time",
    }
}
