//! Prints what the outbox holds: one task per till, so that one printer that is gone holds up none.
//!
//! Paper out or printer gone never stops selling: the job waits and the lamp says so. A job whose
//! fate nobody knows is not printed again by itself; a person asks for a copy.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use devices::job_bytes;
use devices::printer::{PrintOutcome, Reason, TcpPrinter, Timeouts};
use domain::day::ClosedDay;
use domain::settings::Settings;
use domain::{Event, PersonId, TillId};
use escpos::{Problem, Profile, Status};
use jiff::Timestamp;
use journal::EntryMeta;
use store::{OutboxRow, OutboxState, Store, StoreError};
use tokio::sync::watch;

use super::{Reported, day_report, receipt_data, slip};
use crate::api::view::{Lamp, LampKind, LampState};
use crate::clock::Clock;
use crate::engine::Engine;

/// A job older than this opens no drawer.
const DRAWER_WITHIN: jiff::SignedDuration = jiff::SignedDuration::from_secs(20);

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
    let mut tasks: HashMap<TillId, (String, tokio::task::JoinHandle<()>)> = HashMap::new();
    loop {
        let Ok(snapshot) = engine.snapshot().await else { break };
        let tills = snapshot.settings.as_ref().map(|s| s.tills.clone()).unwrap_or_default();
        for till in tills {
            let address = till.printer.clone().unwrap_or_default();
            let same =
                tasks.get(&till.id).is_some_and(|(at, task)| *at == address && !task.is_finished());
            if same {
                continue;
            }
            if let Some((_, old)) = tasks.remove(&till.id) {
                old.abort();
            }
            let task = tokio::spawn(till_loop(
                engine.clone(),
                Arc::clone(&clock),
                till.id,
                address.clone(),
                pace,
            ));
            tasks.insert(till.id, (address, task));
        }
        tokio::select! {
            _ = stop.changed() => break,
            () = tokio::time::sleep(pace.look) => {}
        }
    }
    for (_, (_, task)) in tasks {
        task.abort();
    }
}

/// One till's printer.
async fn till_loop(
    engine: Engine,
    clock: Arc<dyn Clock>,
    till: TillId,
    address: String,
    pace: Pace,
) {
    if address.is_empty() {
        let lamp = lamp(LampState::Ok, "none", 0);
        let _ = engine.set_lamps(till, vec![lamp]).await;
        // Jobs of a till without a printer are not kept for one that may come.
        loop {
            if engine.with_store(move |store| drop_jobs(store, till)).await.is_err() {
                return;
            }
            engine.work_waits(till).await;
        }
    }
    let printer = TcpPrinter::new(address, pace.timeouts);
    loop {
        let Ok(Ok(jobs)) = engine.with_store(move |store| waiting(store, till)).await else {
            return;
        };
        let outcome = match jobs.first() {
            Some(job) => print_job(&engine, clock.now(), &printer, job.clone()).await,
            None => printer.status().await.map_err(Hitch::Printer),
        };
        let waiting = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
        let lamp = match &outcome {
            Ok(status) => of_status(status, waiting.saturating_sub(1)),
            Err(Hitch::Printer(reason)) => of_reason(reason, waiting),
            Err(Hitch::Record) => {
                Lamp { kind: LampKind::Record, ..lamp(LampState::Bad, "disk_low", waiting) }
            }
        };
        if engine.set_lamps(till, vec![lamp]).await.is_err() {
            return;
        }
        // More jobs follow at once while the printer takes them.
        if outcome.is_err() || jobs.len() <= 1 {
            tokio::select! {
                () = engine.work_waits(till) => {}
                () = tokio::time::sleep(pace.look) => {}
            }
        }
    }
}

fn waiting(store: &mut Store, till: TillId) -> Result<Vec<OutboxRow>, StoreError> {
    // The rows of all tills: those of a printer that is gone for a week must not hide the others'.
    let rows = store.outbox_waiting(100_000)?;
    Ok(rows.into_iter().filter(|row| row.till == Some(till)).collect())
}

fn drop_jobs(store: &mut Store, till: TillId) -> Result<(), StoreError> {
    for job in waiting(store, till)? {
        store.set_work(job.id, OutboxState::Done, "no printer", false)?;
    }
    Ok(())
}

/// Why a job did not come out, or nobody knows.
enum Hitch {
    /// The printer.
    Printer(Reason),
    /// It could not be recorded that the job goes out: it stays.
    Record,
}

/// Prints one job. Before its first byte goes out, the job is recorded as one whose fate is unknown:
/// whatever ends the program then, it is never printed a second time by itself.
async fn print_job(
    engine: &Engine,
    now: Timestamp,
    printer: &TcpPrinter,
    job: OutboxRow,
) -> Result<Status, Hitch> {
    let (id, tried) = (job.id, job.note.clone());
    let Some(bytes) = bytes_of(engine, now, job).await else {
        // Nothing can be made of it: it would block all that come after.
        note(engine, id, OutboxState::Failed, "no document").await?;
        return printer.status().await.map_err(Hitch::Printer);
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
    let (state, code, answer) = match printer.print(&bytes).await {
        PrintOutcome::Printed(status) => (OutboxState::Done, "", Ok(status)),
        PrintOutcome::NotPrinted(reason) => (OutboxState::Waiting, reason.code(), Err(reason)),
        PrintOutcome::Unknown(reason) => (OutboxState::Unknown, reason.code(), Err(reason)),
    };
    let noted = note(engine, id, state, code).await;
    let status = answer.map_err(Hitch::Printer)?;
    noted.map(|()| status)
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

async fn bytes_of(engine: &Engine, now: Timestamp, job: OutboxRow) -> Option<Vec<u8>> {
    let snapshot = engine.snapshot().await.ok()?;
    let names = snapshot.people.into_iter().map(|p| (p.id, p.name)).collect();
    let settings = snapshot.settings;
    let document = move |store: &mut Store| document(store, settings.as_ref(), &names, &job, now);
    engine.with_store(document).await.ok().flatten()
}

/// The bytes of a job, empty when nothing is to be printed; none when the entry it is about leads to no document.
fn document(
    store: &mut Store,
    settings: Option<&Arc<Settings>>,
    names: &BTreeMap<PersonId, String>,
    job: &OutboxRow,
    now: Timestamp,
) -> Option<Vec<u8>> {
    let settings = settings?;
    let till = job.till?;
    let (meta, event) = store.entry(job.seq?).ok()??;
    let columns = settings.tills.iter().find(|t| t.id == till).map_or(48, |t| t.columns);
    let profile = profile(columns);
    let document = match &event {
        Event::ReceiptIssued(_) => receipt_of(store, settings, names, job.seq?, None)?,
        Event::ReceiptCopied { receipt, copy } => {
            let row = store.receipt_row(receipt.till, false, receipt.number).ok()??;
            receipt_of(store, settings, names, row.seq, Some(*copy))?
        }
        Event::DayClosed { day, .. } => {
            let closed: ClosedDay = store.closed_day(till, *day).ok()??;
            receipt::report_document(&day_report(settings, names, Reported::Closed(&closed)))
        }
        _ => receipt::receipt_document(&slip(settings, name(names, &meta), &meta, &event)?),
    };
    let document = with_drawer(document, &event, now.duration_since(meta.at));
    if document.blocks.is_empty() {
        return Some(Vec::new());
    }
    Some(job_bytes(&document, &profile))
}

fn name<'a>(names: &'a BTreeMap<PersonId, String>, meta: &EntryMeta) -> &'a str {
    meta.person.and_then(|p| names.get(&p)).map_or("", String::as_str)
}

fn receipt_of(
    store: &Store,
    settings: &Settings,
    names: &BTreeMap<PersonId, String>,
    seq: u64,
    copy: Option<u32>,
) -> Option<receipt::Document> {
    let issued = store.receipt_at(seq).ok()??;
    let person = names.get(&issued.person).map_or("", String::as_str);
    if !issued.receipt.print && copy.is_none() {
        return Some(receipt::Document::default());
    }
    Some(receipt::receipt_document(&receipt_data(settings, person, &issued, copy)))
}

/// The drawer opens first, while the paper still runs; not any more when the job waited for long:
/// a drawer that opens by itself is nobody's wish.
fn with_drawer(
    mut document: receipt::Document,
    event: &Event,
    age: jiff::SignedDuration,
) -> receipt::Document {
    let opens = match event {
        Event::ReceiptIssued(r) => !r.training && !r.tenders.is_empty(),
        Event::CashPaidIn { .. }
        | Event::CashPaidOut { .. }
        | Event::CashDropped { .. }
        | Event::DrawerOpened { .. } => true,
        _ => false,
    };
    document.blocks.retain(|block| !matches!(block, receipt::Block::Drawer));
    if opens && age < DRAWER_WITHIN {
        document.blocks.insert(0, receipt::Block::Drawer);
    }
    document
}

fn profile(columns: u8) -> Profile {
    let mut profile = if columns <= 32 { Profile::generic_58mm() } else { Profile::generic_80mm() };
    profile.columns = columns;
    profile
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

fn of_reason(reason: &Reason, waiting: u32) -> Lamp {
    match reason {
        Reason::NotReady(problem) => lamp(LampState::Bad, code_of(*problem), waiting),
        Reason::Broken(_) => lamp(LampState::Bad, "unknown", waiting),
        Reason::Unreachable(_) | Reason::NoAnswer => lamp(LampState::Bad, "unreachable", waiting),
        Reason::BadAnswer => lamp(LampState::Bad, "error", waiting),
    }
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
