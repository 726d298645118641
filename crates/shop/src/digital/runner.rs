//! Gives each receipt its page once it is issued, and sends what is to be sent. Never on the way of a command.

use std::sync::Arc;
use std::time::Duration;

use domain::TillId;
use domain::digital::PageServed;
use domain::receipt::IssuedReceipt;
use jiff::SignedDuration;
use tokio::sync::watch;

use super::page::{link_of, page_view};
use crate::api::digital::PageState;
use crate::clock::Clock;
use crate::engine::Engine;

/// A receipt that is older than this belongs to nobody who still stands there.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

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
        Pace { look: Duration::from_secs(5), shown: Duration::from_secs(90) }
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
    loop {
        for (till, seq) in engine.outlet().take_issued() {
            give_page(&engine, &*clock, (till, seq), pace).await;
        }
        tokio::select! {
            _ = stop.changed() => return,
            () = engine.ended() => return,
            () = engine.outlet().rung() => {}
            () = tokio::time::sleep(pace.look) => {}
        }
    }
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
        Ok::<_, store::StoreError>(Some((link_of(store, &of, seq, now)?, issued)))
    });
    let Ok(Ok(Some((link, issued)))) = made.await else { return };
    let state = match page {
        PageServed::Shop { .. } => PageState::Ready,
        PageServed::Host { .. } => PageState::OnItsWay,
    };
    engine.outlet().show(&issued, page_view(&page, &link, state));
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
