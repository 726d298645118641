//! Gives each receipt its page once it is issued, and sends what is to be sent. Never on the way of a command.

use std::sync::Arc;
use std::time::Duration;

use domain::TillId;
use domain::digital::PageServed;
use domain::receipt::IssuedReceipt;
use jiff::{SignedDuration, Timestamp};
use store::{MessageKind, OutboxState, ReceiptLink, Store, StoreError};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::page::{link_of, page_view};
use super::sender::round;
use crate::api::digital::PageState;
use crate::api::view::{Lamp, LampKind, LampState};
use crate::clock::Clock;
use crate::engine::Engine;

/// A receipt that is older than this belongs to nobody who still stands there.
const FRESH: SignedDuration = SignedDuration::from_secs(60);
/// An address that nobody settled for so long is dropped; so is what was done, later.
const RECEIVERS: SignedDuration = SignedDuration::from_hours(14 * 24);
const MESSAGES: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How often it is tidied up.
const TIDY: Duration = Duration::from_secs(3_600);

const KINDS: [MessageKind; 3] = [MessageKind::Upload, MessageKind::Mail, MessageKind::Sms];

/// How patient the runner is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often it looks when nothing happens.
    pub look: Duration,
    /// How long a code stays on the customer's display.
    pub shown: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { look: Duration::from_secs(2), shown: Duration::from_secs(90) }
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
    // One conversation a kind: a mail server that is slow holds no text up.
    let mut rounds: [Option<JoinHandle<()>>; KINDS.len()] = Default::default();
    let mut tidied = None;
    let _ = engine.with_store(|store| store.doubt_interrupted()).await;
    loop {
        for issued in engine.outlet().take_issued() {
            give_page(&engine, &*clock, issued, pace).await;
        }
        for (kind, running) in KINDS.into_iter().zip(&mut rounds) {
            if running.as_ref().is_none_or(JoinHandle::is_finished) {
                let (engine, clock) = (engine.clone(), Arc::clone(&clock));
                *running = Some(tokio::spawn(async move {
                    if round(&engine, &*clock, kind).await {
                        tell(&engine).await;
                        engine.outlet().ring();
                    }
                }));
            }
        }
        if tidied.is_none_or(|at| clock.elapsed().saturating_sub(at) >= TIDY) {
            tidied = Some(clock.elapsed());
            tidy(&engine, clock.now()).await;
            tell(&engine).await;
        }
        tokio::select! {
            _ = stop.changed() => break,
            () = engine.ended() => break,
            () = engine.outlet().rung() => {}
            () = tokio::time::sleep(pace.look) => {}
        }
    }
    // What was handed over is recorded as of unknown fate, so that it may be left.
    rounds.into_iter().flatten().for_each(|running| running.abort());
}

async fn tidy(engine: &Engine, now: Timestamp) {
    let before = |span| now.checked_sub(span).unwrap_or(Timestamp::MIN);
    let (receivers, messages) = (before(RECEIVERS), before(MESSAGES));
    let _ = engine.with_store(move |store| store.tidy_messages(now, receivers, messages)).await;
}

/// Shows at each till how messages stand, and whether the page of its last receipt arrived.
pub(crate) async fn tell(engine: &Engine) {
    let Ok(Ok(counts)) = engine.with_store(|store| store.message_counts()).await else { return };
    let Ok(snapshot) = engine.snapshot().await else { return };
    let Some(settings) = snapshot.settings else { return };
    let lamp = |state, code: &str, waiting| Lamp {
        kind: LampKind::Messages,
        state,
        code: code.to_owned(),
        waiting,
    };
    let shown = match &counts.note {
        Some(note) if counts.late > 0 => lamp(LampState::Warn, note, counts.late),
        _ if counts.unsettled > 0 => lamp(LampState::Warn, "unsettled", counts.unsettled),
        _ if settings.digital_receipts.is_none() => lamp(LampState::Ok, "none", 0),
        _ => lamp(LampState::Ok, "ok", 0),
    };
    for till in &settings.tills {
        let _ = engine.set_lamps(till.id, vec![shown.clone()]).await;
    }
    let Some(page) = settings.digital().page.filter(|page| matches!(page, PageServed::Host { .. }))
    else {
        return;
    };
    for till in engine.outlet().coming() {
        let of = page.clone();
        let looked = engine.with_store(move |store| {
            let Some(issued) = store.receipt_at(till.1)? else { return Ok(None) };
            let Some(link) = store.receipt_link(till.1)? else { return Ok(None) };
            Ok::<_, StoreError>(Some((page_state(store, &of, till.1)?, link, issued)))
        });
        let Ok(Ok(Some((state, link, issued)))) = looked.await else { continue };
        if state != PageState::OnItsWay {
            engine.outlet().arrived(&issued, page_view(&page, &link, state));
            let _ = engine.show(till.0).await;
        }
    }
}

/// Whether the page of a receipt can be opened.
pub(crate) fn page_state(
    store: &Store,
    page: &PageServed,
    seq: u64,
) -> Result<PageState, StoreError> {
    if matches!(page, PageServed::Shop { .. }) {
        return Ok(PageState::Ready);
    }
    Ok(match store.message_of(seq, MessageKind::Upload)?.map(|upload| upload.state) {
        Some(OutboxState::Done) => PageState::Ready,
        Some(OutboxState::Failed | OutboxState::Unknown) => PageState::Failed,
        Some(OutboxState::Waiting) | None => PageState::OnItsWay,
    })
}

/// The page of a receipt: made, and on its way to the host, when it was not yet.
pub(crate) fn ensure_page(
    store: &mut Store,
    page: &PageServed,
    (till, seq): (TillId, u64),
    now: Timestamp,
) -> Result<(ReceiptLink, PageState), StoreError> {
    let before = store.receipt_link(seq)?;
    let link = link_of(store, page, seq, now)?;
    let another = before.is_none_or(|before| before.id != link.id);
    let uploads = matches!(page, PageServed::Host { .. });
    let there = store.message_of(seq, MessageKind::Upload)?;
    if uploads && (another || there.is_none()) {
        store.add_message(MessageKind::Upload, (Some(till), Some(seq)), (None, false), now)?;
    }
    let state = page_state(store, page, seq)?;
    Ok((link, state))
}

/// Makes the page of a receipt that was issued just now, and shows where it is. A receipt that did not stay has none; whatever goes wrong
/// here, the receipt can be printed, and its page asked for again.
async fn give_page(engine: &Engine, clock: &dyn Clock, (till, seq): (TillId, u64), pace: Pace) {
    let Ok(snapshot) = engine.snapshot().await else { return };
    let Some(page) = snapshot.settings.as_ref().and_then(|settings| settings.digital().page) else {
        return;
    };
    let now = clock.now();
    let of = page.clone();
    let made = engine.with_store(move |store| {
        let Some(issued) = store.receipt_at(seq)? else { return Ok(None) };
        if issued.till != till || now.duration_since(issued.at) > FRESH {
            return Ok(None);
        }
        let (link, state) = ensure_page(store, &of, (till, seq), now)?;
        Ok::<_, StoreError>(Some((link, state, issued)))
    });
    let Ok(Ok(Some((link, state, issued)))) = made.await else { return };
    engine.outlet().show(&issued, seq, page_view(&page, &link, state));
    let _ = engine.show(till).await;
    hide_later(engine.clone(), issued, pace.shown);
}

/// The next customer is not to see the code of the one before.
fn hide_later(engine: Engine, issued: IssuedReceipt, after: Duration) {
    tokio::spawn(async move {
        tokio::select! {
            () = tokio::time::sleep(after) => {}
            () = engine.ended() => return,
        }
        if engine.outlet().hide(&issued) {
            let _ = engine.show(issued.till).await;
        }
    });
}
