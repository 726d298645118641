//! Prints what the outbox holds: one task per till, so that one printer that is gone holds up none.
//!
//! Paper out or printer gone never stops selling: the job waits and the lamp says so. A job whose
//! fate nobody knows is not printed again by itself; a person asks for a copy.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use devices::job_bytes;
use devices::line::Place;
use devices::printer::{PrintOutcome, Printer, Reason, Setup, Timeouts};
use domain::basket::TenderKind;
use domain::day::ClosedDay;
use domain::event::TerminalDayClosed;
use domain::people::{Permission, may};
use domain::settings::Settings;
use domain::signing::Subject;
use domain::{Event, PersonId, TillId};
use escpos::{Problem, Profile, Status};
use jiff::Timestamp;
use journal::EntryMeta;
use store::{OutboxCounts, OutboxRow, OutboxState, Store};
use tokio::sync::watch;

use super::{
    Reported, SoldCode, beside, day_report, hospitality as hospitality_of, merchant_facts,
    merchant_slip, name_in, receipt_data, reservation_slip, slip, terminal_day_report,
    terminal_sections, voucher_blocks,
};
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
        // Jobs of a till without a printer are not kept for one that may come.
        loop {
            let dropped = engine.with_store(move |store| {
                store.drop_work(till, "no printer")?;
                store.outbox_counts(Some(till))
            });
            let Ok(counts) = dropped.await else { return };
            let lamp = doubtful(lamp(LampState::Ok, "none", 0), counts.unwrap_or_default());
            let _ = engine.set_lamps(till, vec![lamp]).await;
            engine.work_waits(till).await;
        }
    }
    // What is no place at all is none that could be reached.
    let place = address.parse::<Place>().unwrap_or(Place::Net(address));
    let printer = Printer::new(Setup::usual(place), pace.timeouts);
    loop {
        let Ok(jobs) = engine.with_store(move |store| store.outbox_of(till, 2)).await else {
            return;
        };
        let jobs = jobs.unwrap_or_default();
        // A receipt's paper is made when it is signed, or known not to be: the bell rings then.
        if let Some(job) = jobs.first()
            && is_being_signed(&engine, job).await
        {
            tokio::select! {
                () = engine.work_waits(till) => {}
                () = tokio::time::sleep(pace.look) => {}
            }
            continue;
        }
        let outcome = match jobs.first() {
            Some(job) => print_job(&engine, clock.now(), &printer, job.clone()).await,
            None => printer.status().await.map_err(Hitch::Printer),
        };
        let counts = engine.with_store(move |store| store.outbox_counts(Some(till))).await;
        let Ok(counts) = counts else { return };
        let counts = counts.unwrap_or_default();
        let lamp = match &outcome {
            Ok(status) => of_status(status, counts.waiting),
            Err(Hitch::Printer(reason)) => of_reason(reason, counts),
            Err(Hitch::Record) => lamp(LampState::Bad, "disk_low", counts.waiting),
        };
        let lamp = doubtful(lamp, counts);
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

/// Whether what a job is about is not signed yet and will be.
async fn is_being_signed(engine: &Engine, job: &OutboxRow) -> bool {
    let Some(seq) = job.seq else { return false };
    let asked = engine.with_store(move |store| match store.entry(seq)? {
        Some((_, Event::ReceiptIssued(receipt))) => {
            store.is_being_signed(Subject::Basket(receipt.basket))
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

/// Prints one job. Before its first byte goes out, the job is recorded as one whose fate is unknown:
/// whatever ends the program then, it is never printed a second time by itself.
async fn print_job(
    engine: &Engine,
    now: Timestamp,
    printer: &Printer,
    job: OutboxRow,
) -> Result<Status, Hitch> {
    let (id, tried) = (job.id, job.note.clone());
    let (till, seq) = (job.till, job.seq);
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
    if state == OutboxState::Done {
        forget_codes(engine, till, seq).await;
    }
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
    let sees = snapshot.people.iter().filter(|p| may(p.role, Permission::SeeTotals));
    let people = People {
        sees_totals: sees.map(|p| p.id).collect(),
        names: snapshot.people.iter().map(|p| (p.id, p.name.clone())).collect(),
    };
    let settings = snapshot.settings;
    let codes = codes_of(engine, &job).await;
    let document =
        move |store: &mut Store| document(store, settings.as_ref(), &people, (&job, &codes), now);
    engine.with_store(document).await.ok().flatten()
}

/// The vouchers sold with the receipt of a job, while their codes are known. A job that is printed again is a copy:
/// no code comes out twice.
async fn codes_of(engine: &Engine, job: &OutboxRow) -> Vec<SoldCode> {
    let (Some(till), Some(seq), false) = (job.till, job.seq, job.body == "copy") else {
        return Vec::new();
    };
    let number = engine.with_store(move |store| match store.entry(seq) {
        Ok(Some((_, Event::ReceiptIssued(receipt)))) => Some(receipt.number),
        _ => None,
    });
    let Some(number) = number.await.ok().flatten() else { return Vec::new() };
    let Ok(codes) = engine.sold_codes(till, number).await else { return Vec::new() };
    let mut sold = Vec::with_capacity(codes.len());
    for (voucher, code) in codes {
        let found = engine.with_store(move |store| store.voucher(voucher)).await;
        if let Ok(Ok(Some(row))) = found {
            let (amount, expires) = (row.voucher.balance, row.voucher.expires);
            sold.push(SoldCode { voucher, code, amount, expires });
        }
    }
    sold
}

/// The codes of a receipt that came out are forgotten.
async fn forget_codes(engine: &Engine, till: Option<TillId>, seq: Option<u64>) {
    let (Some(till), Some(seq)) = (till, seq) else { return };
    let number = engine.with_store(move |store| match store.entry(seq) {
        Ok(Some((_, Event::ReceiptIssued(receipt)))) => Some(receipt.number),
        _ => None,
    });
    if let Some(number) = number.await.ok().flatten() {
        let _ = engine.forget_codes(till, number).await;
    }
}

/// What the papers say of people, and whom they may tell what.
struct People {
    names: BTreeMap<PersonId, String>,
    sees_totals: BTreeSet<PersonId>,
}

/// The bytes of a job, empty when nothing is to be printed; none when the entry it is about leads to no document.
fn document(
    store: &mut Store,
    settings: Option<&Arc<Settings>>,
    people: &People,
    (job, codes): (&OutboxRow, &[SoldCode]),
    now: Timestamp,
) -> Option<Vec<u8>> {
    let (settings, names) = (settings?, &people.names);
    let till = job.till?;
    let (meta, event) = store.entry(job.seq?).ok()??;
    let columns = settings.tills.iter().find(|t| t.id == till).map_or(48, |t| t.columns);
    let profile = profile(columns);
    // The paper is of today's printer; what stands on it is of the moment that it tells of.
    let then = store.settings_before(job.seq?).ok()?;
    let settings = then.as_ref().unwrap_or(settings);
    // Printed again after nobody knew: whoever finds both must see which is which.
    let again = (job.body == "copy").then_some(1);
    let document = match &event {
        Event::ReceiptIssued(_) => {
            let mut document = receipt_of(store, settings, names, job.seq?, (again, false))?;
            // A voucher is printed even where receipts are not.
            document.blocks.extend(codes.iter().flat_map(|sold| voucher_blocks(settings, sold)));
            document
        }
        Event::ReceiptCopied(domain::receipt::ReceiptCopied { receipt, copy, hospitality }) => {
            let row = store.receipt_row(receipt.till, false, receipt.number).ok()??;
            let wanted = (Some(*copy), *hospitality);
            receipt_of(store, settings, names, row.seq, wanted)?
        }
        Event::DayClosed { day, .. } => {
            let closed: ClosedDay = store.closed_day(till, *day).ok()??;
            // The slip comes out beside the one who closed: who counts blind is not told afterwards.
            let sees = people.sees_totals.contains(&closed.closed_by);
            let reported =
                if sees { Reported::Closed(&closed) } else { Reported::ClosedBlind(&closed) };
            let mut report = day_report(settings, names, reported);
            if sees {
                let span = (closed.day.opened, closed.closed);
                let terminals = store.terminal_days_of(till, span).ok()?;
                report.sections.extend(terminal_sections(settings, &terminals));
            }
            report.copy = again;
            receipt::report_document(&report)
        }
        Event::TenderRecorded { .. } | Event::TenderUndone { .. } => receipt::Document::default(),
        Event::TerminalDayClosed(TerminalDayClosed { closing, .. }) => {
            let closing = store.terminal_day(*closing).ok()??.closing;
            let person = name_in(names, closing.asked_by);
            let mut report = terminal_day_report(settings, &person, &closing);
            report.copy = again;
            receipt::report_document(&report)
        }
        Event::AttemptAcknowledged { .. } => {
            let facts = merchant_facts(store, job.seq?).ok()??;
            if !facts.signs() && !settings.print_merchant_slips {
                return Some(Vec::new());
            }
            let mut slip = merchant_slip(settings, &name(names, &meta), &meta, &facts);
            slip.copy = again;
            receipt::receipt_document(&slip)
        }
        Event::MoneyReserved(reserved) => {
            if !settings.print_receipts {
                return Some(Vec::new());
            }
            let mut slip = reservation_slip(settings, &name(names, &meta), &meta, reserved);
            slip.copy = again;
            receipt::receipt_document(&slip)
        }
        Event::RksvSigned(_) => {
            let code = store.rksv_entry(job.seq?).ok()??;
            crate::rksv::receipt_document(settings, &code, again)
        }
        _ => {
            let signed = store.signature(Subject::Entry(meta.seq)).ok()?;
            let mut slip = slip(settings, &name(names, &meta), (&meta, signed.as_ref()), &event)?;
            slip.copy = again;
            receipt::receipt_document(&slip)
        }
    };
    let in_time = now.duration_since(meta.at) < DRAWER_WITHIN;
    let document = with_drawer(document, in_time && again.is_none() && opens(store, &event));
    if document.blocks.is_empty() {
        return Some(Vec::new());
    }
    Some(job_bytes(&document, &profile))
}

fn name(names: &BTreeMap<PersonId, String>, meta: &EntryMeta) -> String {
    meta.person.map_or_else(String::new, |person| name_in(names, person))
}

fn receipt_of(
    store: &Store,
    settings: &Settings,
    names: &BTreeMap<PersonId, String>,
    seq: u64,
    (copy, hospitality): (Option<u32>, bool),
) -> Option<receipt::Document> {
    let issued = store.receipt_at(seq).ok()??;
    let then = store.settings_before(seq).ok()?;
    let settings = then.as_ref().unwrap_or(settings);
    let person = name_in(names, issued.person);
    // A copy that was asked for is printed even so; one that nobody asked for is not.
    if !issued.receipt.print && copy.is_none() {
        return Some(receipt::Document::default());
    }
    let beside = beside(store, &issued).ok()?;
    let mut data = receipt_data(settings, &person, &issued, &beside, copy);
    data.hospitality = hospitality.then(|| hospitality_of(settings, &issued));
    Some(receipt::receipt_document(&data))
}

/// Whether the drawer opens for an entry.
fn opens(store: &Store, event: &Event) -> bool {
    match event {
        Event::ReceiptIssued(r) => {
            !r.training
                && r.tenders
                    .iter()
                    .any(|t| matches!(t.kind, TenderKind::Cash | TenderKind::CashForeign))
        }
        Event::TenderRecorded { basket, .. } | Event::TenderUndone { basket, .. } => {
            // A basket that is no longer open is finished or given up: its own entry opened the drawer.
            let Ok(entries) = store.open_basket_entries() else { return false };
            entries.iter().any(|(_, _, opened)| {
                matches!(opened, Event::BasketOpened { basket: b, training: false } if b == basket)
            })
        }
        Event::CashPaidIn { .. }
        | Event::CashPaidOut { .. }
        | Event::CashDropped { .. }
        | Event::DrawerOpened { .. } => true,
        _ => false,
    }
}

/// The drawer opens first, while the paper still runs; not any more when the job waited for long:
/// a drawer that opens by itself is nobody's wish.
fn with_drawer(mut document: receipt::Document, opens: bool) -> receipt::Document {
    document.blocks.retain(|block| !matches!(block, receipt::Block::Drawer));
    if opens {
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

/// While there are jobs of unknown fate, or that failed, the lamp asks a person to settle them.
fn doubtful(shown: Lamp, counts: OutboxCounts) -> Lamp {
    if shown.state == LampState::Bad || counts.unsettled == 0 {
        return shown;
    }
    lamp(LampState::Warn, "unknown", counts.unsettled)
}

fn of_reason(reason: &Reason, counts: OutboxCounts) -> Lamp {
    let waiting = counts.waiting;
    match reason {
        Reason::NotReady(problem) => lamp(LampState::Bad, code_of(*problem), waiting),
        Reason::Broken(_) => lamp(LampState::Bad, "unknown", counts.unsettled),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_of_a_sum_in_cash_opens_the_drawer_but_not_in_training() {
        let folder = tempfile::tempdir().expect("a folder");
        let created: Timestamp = "2026-11-23T13:00:00Z".parse().expect("a time");
        let new = store::NewShop { shop: "s1".to_owned(), created };
        let mut store = Store::create(&folder.path().join("shop.db"), &new).expect("a shop");
        let tender: domain::basket::Tender = serde_json::from_value(
            serde_json::json!({"kind": "cash", "amount": 100, "tendered": 100, "change": 0}),
        )
        .expect("a tender");
        for (number, training) in [(1, false), (2, true)] {
            let basket = domain::BasketId(number);
            let paid = Event::TenderRecorded { basket, tender: tender.clone() };
            assert!(!opens(&store, &paid), "a basket that is not open");
            let id = crate::ids::own_command(created);
            store.begin().expect("begun");
            let opened = Event::BasketOpened { basket, training };
            store.append(created, Some(TillId(1)), None, id, None, &[opened]).expect("appended");
            store.commit().expect("committed");
            assert_eq!(opens(&store, &paid), !training);
            assert_eq!(
                opens(&store, &Event::TenderUndone { basket, tender: tender.clone() }),
                !training
            );
        }
    }
}
