//! Prints what the outbox holds: one task per till, so that one printer that is gone holds up none.
//!
//! Paper out or printer gone never stops selling: the job waits and the lamp says so. A job whose
//! fate nobody knows is not printed again by itself; a person asks for a copy.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use devices::printer::{PrintOutcome, Reason, Timeouts};
use domain::signing::Subject;
use domain::{Event, TillCommand, TillId};
use escpos::{Problem, Status};
use jiff::Timestamp;
use store::{OutboxCounts, OutboxRow, OutboxState};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::drawer::Drawer;
use super::job::{forget_codes, paper_of};
use super::machine::Machine;
use crate::api::view::{Lamp, LampKind, LampState};
use crate::clock::Clock;
use crate::engine::{Actor, Engine, EngineError};

/// How patient the runner is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often a printer is looked at when nothing happens.
    pub look: Duration,
    /// How long a printer may take.
    pub timeouts: Timeouts,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { look: Duration::from_secs(5), timeouts: Timeouts::default() }
    }
}

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
    loop {
        let Ok(snapshot) = engine.snapshot().await else { break };
        let tills = snapshot.settings.as_ref().map(|s| s.tills.clone()).unwrap_or_default();
        for till in tills {
            if tasks.get(&till.id).is_some_and(|task| !task.is_finished()) {
                continue;
            }
            let printing = Printing {
                engine: engine.clone(),
                clock: Arc::clone(&clock),
                till: till.id,
                pace,
                drawer: Drawer::default(),
            };
            tasks.insert(till.id, tokio::spawn(printing.run()));
        }
        tokio::select! {
            _ = stop.changed() => break,
            () = tokio::time::sleep(pace.look) => {}
        }
    }
    for (_, task) in tasks {
        task.abort();
    }
}

/// One till's printing.
struct Printing {
    engine: Engine,
    clock: Arc<dyn Clock>,
    till: TillId,
    pace: Pace,
    drawer: Drawer,
}

/// Which printer a till prints on just now.
enum Way {
    /// None at all: jobs are not kept for one that may come.
    None,
    /// Nothing can be connected at the place that the settings name.
    Nowhere,
    /// This one.
    On {
        machine: Machine,
        /// It is the one that stands in for the till's own.
        spare: bool,
    },
}

impl Printing {
    /// Until the engine stops. The settings are looked at before each job, so that a change of them tears none apart.
    async fn run(mut self) {
        while self.once().await.is_some() {}
    }

    /// One job, or a look at the printer; none when the engine has stopped.
    async fn once(&mut self) -> Option<()> {
        let till = self.till;
        let read = self
            .engine
            .with_store(move |store| (store.outbox_of(till, 2), store.meta(&spare_key(till))));
        let (jobs, on_spare) = read.await.ok()?;
        let (jobs, on_spare) =
            (jobs.unwrap_or_default(), on_spare.unwrap_or_default().as_deref() == Some(SPARE));
        let (machine, spare) = match self.way(on_spare).await? {
            Way::None => return self.without_printer().await,
            Way::Nowhere => {
                self.show(lamp(LampState::Bad, "unreachable", 0)).await?;
                return self.rest().await;
            }
            Way::On { machine, spare } => (machine, spare),
        };
        // A receipt's paper is made when it is signed, or known not to be: the bell rings then.
        if let Some(job) = jobs.first()
            && is_being_signed(&self.engine, job).await
        {
            return self.rest().await;
        }
        let outcome = match jobs.first() {
            Some(job) => self.print(&machine, job.clone()).await,
            None => machine.printer.status().await.map_err(Hitch::Printer),
        };
        if let (Ok(status), Some(open_level)) = (&outcome, machine.open_level) {
            self.watch_drawer(status.drawer_pin_high == open_level).await?;
        }
        let counts = self.engine.with_store(move |store| store.outbox_counts(Some(till))).await;
        let counts = counts.ok()?.unwrap_or_default();
        let shown = match &outcome {
            Ok(status) => of_status(status, counts.waiting),
            Err(Hitch::Printer(reason)) => of_reason(reason, counts),
            Err(Hitch::Record) => lamp(LampState::Bad, "disk_low", counts.waiting),
        };
        let shown = match shown.state {
            LampState::Ok if spare => lamp(LampState::Warn, "spare", counts.waiting),
            LampState::Ok | LampState::Warn if self.drawer.is_left_open() => {
                lamp(LampState::Warn, "drawer_open", counts.waiting)
            }
            _ => shown,
        };
        self.show(doubtful(shown, counts)).await?;
        // More jobs follow at once while the printer takes them.
        if outcome.is_err() || jobs.len() <= 1 { self.rest().await } else { Some(()) }
    }

    async fn way(&self, on_spare: bool) -> Option<Way> {
        let settings = self.engine.snapshot().await.ok()?.settings;
        let Some(settings) = settings else { return Some(Way::None) };
        let till = settings.tills.iter().find(|till| till.id == self.till);
        let Some((till, own)) = till.and_then(|till| Some((till, till.printer.as_deref()?))) else {
            return Some(Way::None);
        };
        let spare = till.spare_printer.as_deref().filter(|_| on_spare);
        let at = spare.unwrap_or(own);
        let machine = self.engine.printers().of(&settings, till, at, self.pace.timeouts);
        Some(machine.map_or(Way::Nowhere, |machine| Way::On { machine, spare: spare.is_some() }))
    }

    async fn without_printer(&self) -> Option<()> {
        let till = self.till;
        let dropped = self.engine.with_store(move |store| {
            store.drop_work(till, "no printer")?;
            store.outbox_counts(Some(till))
        });
        let counts = dropped.await.ok()?.unwrap_or_default();
        self.show(doubtful(lamp(LampState::Ok, "none", 0), counts)).await?;
        self.rest().await
    }

    async fn show(&self, lamp: Lamp) -> Option<()> {
        self.engine.set_lamps(self.till, vec![lamp]).await.ok()
    }

    /// Until there is work, or it is time to look again.
    async fn rest(&self) -> Option<()> {
        tokio::select! {
            () = self.engine.work_waits(self.till) => {}
            () = tokio::time::sleep(self.pace.look) => {}
        }
        Some(())
    }

    async fn watch_drawer(&mut self, open: bool) -> Option<()> {
        let Some(alarm) = self.drawer.seen(open, self.clock.now()) else { return Some(()) };
        let id = crate::ids::own_command(self.clock.now());
        let noted =
            self.engine.till(id, self.till, Actor::default(), TillCommand::DrawerAlarm(alarm));
        match noted.await {
            Err(EngineError::Stopped) => None,
            // What could not be recorded, the record's own lamp says.
            Ok(_) | Err(_) => Some(()),
        }
    }

    async fn print(&mut self, machine: &Machine, job: OutboxRow) -> Result<Status, Hitch> {
        let now = self.clock.now();
        let outcome = print_job(&self.engine, now, machine, job).await?;
        if outcome.opened {
            self.drawer.opened_by_us(now);
        }
        outcome.status.map_err(Hitch::Printer)
    }
}

/// A till prints on its own printer.
pub(crate) const OWN: &str = "own";
/// A till prints on the one that stands in.
pub(crate) const SPARE: &str = "spare";

/// Under which name it is kept which printer a till prints on.
pub(crate) fn spare_key(till: TillId) -> String {
    format!("prints_on:{till}")
}

/// Whether what a job is about is not signed yet and will be.
async fn is_being_signed(engine: &Engine, job: &OutboxRow) -> bool {
    let Some(seq) = job.seq else { return false };
    let asked = engine.with_store(move |store| match store.entry(seq)? {
        Some((_, Event::ReceiptIssued(receipt))) => {
            store.is_being_signed(Subject::Basket(receipt.basket))
        }
        Some((_, Event::BenefitGiven(given))) => {
            store.is_being_signed(Subject::Basket(given.basket))
        }
        Some(_) => store.is_being_signed(Subject::Entry(seq)),
        None => Ok(false),
    });
    matches!(asked.await, Ok(Ok(true)))
}

/// Why a job did not come out, or nobody knows.
enum Hitch {
    /// The printer.
    Printer(Reason),
    /// It could not be recorded that the job goes out: it stays.
    Record,
}

/// What came of a job that was sent.
struct Sent {
    /// The printer's state afterwards, or why nobody knows, or why it waits.
    status: Result<Status, Reason>,
    /// It opens the drawer.
    opened: bool,
}

/// Prints one job. Before its first byte goes out, the job is recorded as one whose fate is unknown:
/// whatever ends the program then, it is never printed a second time by itself.
async fn print_job(
    engine: &Engine,
    now: Timestamp,
    machine: &Machine,
    job: OutboxRow,
) -> Result<Sent, Hitch> {
    let (id, tried) = (job.id, job.note.clone());
    let (till, seq) = (job.till, job.seq);
    let printer = &machine.printer;
    let Some(paper) = paper_of(engine, now, machine.profile.clone(), job).await else {
        // Nothing can be made of it: it would block all that come after.
        note(engine, id, OutboxState::Failed, "no document").await?;
        return Ok(Sent { status: printer.status().await, opened: false });
    };
    let ready = printer.status().await.and_then(|status| match status.problem() {
        Some(problem) => Err(Reason::NotReady(problem)),
        None => Ok(()),
    });
    if let Err(reason) = ready {
        // Said once, not at every look.
        if tried != reason.code() {
            note(engine, id, OutboxState::Waiting, reason.code()).await?;
        }
        return Err(Hitch::Printer(reason));
    }
    note(engine, id, OutboxState::Unknown, "sending").await?;
    let (state, code, status) = match printer.print(&paper.bytes).await {
        PrintOutcome::Printed(status) => (OutboxState::Done, "", Ok(status)),
        PrintOutcome::NotPrinted(reason) => (OutboxState::Waiting, reason.code(), Err(reason)),
        PrintOutcome::Unknown(reason) => (OutboxState::Unknown, reason.code(), Err(reason)),
    };
    let noted = note(engine, id, state, code).await;
    if state == OutboxState::Done {
        forget_codes(engine, till, seq).await;
    }
    if status.is_ok() {
        noted?;
    }
    Ok(Sent { status, opened: paper.opens && state != OutboxState::Waiting })
}

async fn note(
    engine: &Engine,
    id: i64,
    state: OutboxState,
    note: &'static str,
) -> Result<(), Hitch> {
    let attempted = note == "sending";
    let noted = engine.with_store(move |store| store.set_work(id, state, note, attempted)).await;
    match noted {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Hitch::Record),
    }
}

fn lamp(state: LampState, code: &str, waiting: u32) -> Lamp {
    Lamp { kind: LampKind::Printer, state, code: code.to_owned(), waiting }
}

fn of_status(status: &Status, waiting: u32) -> Lamp {
    match status.problem() {
        Some(problem) => lamp(LampState::Bad, code_of(problem), waiting),
        None if status.near_end => lamp(LampState::Warn, "paper_low", waiting),
        None => lamp(LampState::Ok, "ok", waiting),
    }
}

/// While there are jobs of unknown fate, or that failed, the lamp asks a person to settle them.
fn doubtful(shown: Lamp, counts: OutboxCounts) -> Lamp {
    if shown.state == LampState::Bad || counts.unsettled == 0 {
        return shown;
    }
    lamp(LampState::Warn, "unknown", counts.unsettled)
}

/// The lamp's code for why a printer does not print.
pub(crate) fn printer_code(reason: &Reason) -> &'static str {
    match reason {
        Reason::NotReady(problem) => code_of(*problem),
        Reason::Broken(_) => "unknown",
        Reason::Unreachable(_) | Reason::NoAnswer => "unreachable",
        Reason::BadAnswer => "error",
    }
}

fn of_reason(reason: &Reason, counts: OutboxCounts) -> Lamp {
    let counted = match reason {
        Reason::Broken(_) => counts.unsettled,
        _ => counts.waiting,
    };
    lamp(LampState::Bad, printer_code(reason), counted)
}

fn code_of(problem: Problem) -> &'static str {
    match problem {
        Problem::PaperEnd => "paper_out",
        Problem::CoverOpen => "cover_open",
        Problem::Offline
        | Problem::Hot
        | Problem::Mechanical
        | Problem::Cutter
        | Problem::Unrecoverable => "error",
    }
}
