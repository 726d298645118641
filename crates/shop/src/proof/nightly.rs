//! The check that nobody has to ask for: each closed day soon after its closing, and each night what was not whole then.
//! On a thread of its own, one day at a time; the till and the engine never wait for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::{DayNo, TillId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use store::{DayCheck, Reader, StoreError};
use tokio::sync::watch;

use super::{DayProof, Verdict, check, prove};
use crate::clock::Clock;
use crate::engine::Engine;

/// How often it is looked whether a day was closed.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Between two looks.
    pub look: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { look: Duration::from_secs(20) }
    }
}

/// From this local hour on it is night: nobody closes a till day any more.
const NIGHT: i8 = 3;
/// So long what is wrong in a day is looked at again and shown.
pub const SHOWN: SignedDuration = SignedDuration::from_hours(31 * 24);
/// So long a day's last baskets may take to be signed before it is checked without them.
const SIGNING: SignedDuration = SignedDuration::from_mins(10);
/// The lowest priority that a thread can have.
const LAST: i32 = 19;
/// Days that are looked up at once.
const BATCH: u32 = 100;

/// Checks and proves one day, and says what is to be kept of it.
///
/// # Errors
/// When the shop's file cannot be read.
pub fn one(
    reader: &Reader,
    day: (TillId, DayNo),
    now: Timestamp,
) -> Result<(DayCheck, Option<DayProof>), StoreError> {
    let mut check = check::check(reader, day, now);
    let proof = prove(reader, day, Some(&check))?;
    if let Some(proof) = &proof {
        check.proved = proof.count(Verdict::Proved);
        check.differs = proof.count(Verdict::Differs);
        check.unproved = proof.count(Verdict::Unproved);
    }
    Ok((check, proof))
}

/// The proof of a day with what was found in it last; where nobody looked yet, it is looked at now.
///
/// # Errors
/// When the shop's file cannot be read.
pub fn proof_of(
    reader: &Reader,
    day: (TillId, DayNo),
    now: Timestamp,
) -> Result<Option<DayProof>, StoreError> {
    match reader.day_check(day.0, day.1)? {
        Some(check) => prove(reader, day, Some(&check)),
        None if reader.closed_day(day.0, day.1)?.is_none() => Ok(None),
        None => Ok(one(reader, day, now)?.1),
    }
}

/// Days that wait to be checked: those never checked, and by night those that were not whole.
///
/// # Errors
/// When the shop's file cannot be read.
pub fn waiting(
    reader: &Reader,
    now: Timestamp,
    night: bool,
) -> Result<Vec<(TillId, DayNo)>, StoreError> {
    let mut days = Vec::new();
    for (till, number) in reader.unchecked_days(BATCH)? {
        let closed = reader.closed_day(till, number)?;
        let fresh = closed.is_some_and(|day| now.duration_since(day.closed) < SIGNING);
        if !(fresh && signing(reader, till)?) {
            days.push((till, number));
        }
    }
    if night {
        days.extend(
            reader.days_to_check_again(now.saturating_sub(SHOWN).unwrap_or(Timestamp::MIN))?,
        );
    }
    Ok(days)
}

/// Whether something of a till is still being signed.
fn signing(reader: &Reader, till: TillId) -> Result<bool, StoreError> {
    Ok(reader.signings()?.iter().any(|one| one.till == till))
}

/// The local date whose night it is: before the hour it is the night of the day before.
#[must_use]
pub fn night_of(now: Timestamp, zone: &TimeZone) -> Option<Date> {
    let local = zone.to_datetime(now);
    (local.hour() >= NIGHT).then(|| local.date())
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
    let mut done: Option<Date> = None;
    let cancel = Arc::new(AtomicBool::new(false));
    loop {
        let now = clock.now();
        let Ok(snapshot) = engine.snapshot().await else { return };
        let zone = snapshot.settings.and_then(|settings| TimeZone::get(&settings.time_zone).ok());
        let date = night_of(now, &zone.unwrap_or(TimeZone::UTC));
        // Once a night, and once after the program began.
        let night = date.is_some() && date != done;
        let round = round(engine.clone(), now, night, Arc::clone(&cancel));
        tokio::select! {
            ended = round => {
                if ended.is_ok() && night {
                    done = date;
                }
            }
            _ = stop.changed() => {
                cancel.store(true, Ordering::Relaxed);
                return;
            }
        }
        tokio::select! {
            _ = stop.changed() => return,
            () = engine.ended() => return,
            () = tokio::time::sleep(pace.look) => {}
        }
    }
}

/// Checks what waits, one day after the other, and keeps what was found. Answers how many days were looked at.
///
/// # Errors
/// When the shop's file cannot be read, or nothing can be recorded any more.
pub async fn round(
    engine: Engine,
    now: Timestamp,
    night: bool,
    cancel: Arc<AtomicBool>,
) -> Result<usize, StoreError> {
    let path = engine.path().to_owned();
    let days = off(move || waiting(&Reader::open(&path)?, now, night)).await?;
    let mut looked = 0;
    for day in days {
        if cancel.load(Ordering::Relaxed) {
            break;
        }
        let path = engine.path().to_owned();
        let found = off(move || one(&Reader::open(&path)?, day, now)).await;
        // A day that nobody can read is a finding of its own, and the next one is looked at.
        let check = found.map_or_else(|_| check::unreadable(day, now), |(check, _)| check);
        let kept = engine.with_store(move |store| store.put_day_check(&check)).await;
        kept.map_err(|_| StoreError::Misuse("the shop is closing down"))??;
        looked += 1;
    }
    Ok(looked)
}

/// On a thread of its own that the machine runs only when nobody else has anything to do.
async fn off<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (done, answer) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name("day-check".to_owned()).spawn(move || {
        // On Linux this is the thread's own; where the system says no it runs like any other.
        let _ = rustix::process::nice(LAST);
        let _ = done.send(work());
    })?;
    let ended = answer.await;
    ended.unwrap_or(Err(StoreError::Misuse("checking a day came to a bad end")))
}
