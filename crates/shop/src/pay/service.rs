//! What the office lets a terminal do: tests, initialisations, showing its certificate. No money moves, and
//! whoever wants to pay does not wait for it.

use std::time::Duration;

use domain::TerminalId;
use domain::settings::TerminalSettings;
use payment::driver::{End, Said};
use payment::line::{Ledger, NotStored, Pace};

use super::guard::Heard;
use super::way::Way;
use crate::api::payments::{TerminalServed, TerminalService};
use crate::clock::Clock;
use crate::engine::Engine;

/// How often it is looked whether somebody wants to pay.
const PAYMENT_LOOK: Duration = Duration::from_millis(500);

/// Does what is asked, to its end.
pub async fn serve(
    engine: &Engine,
    clock: &dyn Clock,
    terminal: &TerminalSettings,
    what: TerminalService,
) -> TerminalServed {
    let pace = Pace::default();
    if what == TerminalService::Certificate {
        return certificate(terminal, pace.connect).await;
    }
    if pays(engine, terminal.id).await {
        return said("busy", None);
    }
    let doing = async {
        let Some(way) = Way::to(engine, terminal).await else { return said("bad_settings", None) };
        let talk = match what {
            TerminalService::Initialise => way.driver.initialise(),
            _ => way.driver.diagnose(),
        };
        let mut heard = Heard { engine, clock, terminal: terminal.id, silent: false };
        outcome(way.run(talk, &pace, &mut heard).await)
    };
    tokio::select! {
        served = doing => served,
        () = somebody_pays(engine, terminal.id) => said("busy", None),
    }
}

/// Tells a terminal that the shop does not work with it any more, if it can be reached.
pub(super) async fn log_off(engine: Engine, terminal: TerminalSettings, pace: Pace) {
    if let Some(way) = Way::to(&engine, &terminal).await {
        let talk = way.driver.log_off();
        way.run(talk, &pace, &mut Nobody).await;
    }
}

async fn certificate(terminal: &TerminalSettings, patience: Duration) -> TerminalServed {
    match payment::pin::look(&terminal.address, patience).await {
        Ok(seen) => TerminalServed { certificate: Some(seen.to_string()), ..said("ok", None) },
        Err(_) => said("unreachable", None),
    }
}

async fn pays(engine: &Engine, terminal: TerminalId) -> bool {
    engine.attempts(terminal).await.is_ok_and(|open| !open.is_empty())
}

async fn somebody_pays(engine: &Engine, terminal: TerminalId) {
    while !pays(engine, terminal).await {
        tokio::time::sleep(PAYMENT_LOOK).await;
    }
}

fn said(code: &str, text: Option<String>) -> TerminalServed {
    TerminalServed { code: code.to_owned(), text, certificate: None }
}

fn outcome(end: End) -> TerminalServed {
    match end {
        End::Diagnosed | End::Done => said("ok", None),
        End::NoMoney(Said::Declined { code, text }) => said(code, text),
        End::NoMoney(Said::Cancelled { code }) => said(code, None),
        End::Unknown { detail, .. } => said(detail, None),
        _ => said("protocol_error", None),
    }
}

/// A conversation about nobody's money.
pub(super) struct Nobody;

impl Ledger for Nobody {
    async fn about(&mut self, _: &payment::driver::Before) -> Result<(), NotStored> {
        Err(NotStored)
    }

    async fn outcome(&mut self, _: &Said) -> Result<(), NotStored> {
        Err(NotStored)
    }

    async fn progress(&mut self, _: &payment::driver::Progress) {}

    async fn cancel_asked(&self) {
        std::future::pending().await
    }
}
