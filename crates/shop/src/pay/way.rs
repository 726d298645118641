//! How a terminal is asked: its driver with what is set today, and the way to it.

use domain::settings::{TerminalProtocol, TerminalSettings};
use payment::Driver;
use payment::adyen::Adyen;
use payment::driver::{End, Talk};
use payment::line::{Ledger, Pace, Tcp, run_over};
use payment::tls::{Abrupt, Tls};
use payment::zvt::Zvt;

use super::{USUAL_PASSWORD, secret_key, shared, shared_key};
use crate::api::payments::TerminalSecret;
use crate::engine::Engine;
use crate::ids::draw;

/// A driver and its way.
pub(super) struct Way {
    pub(super) driver: Box<dyn Driver>,
    line: Line,
}

enum Line {
    Plain(Tcp),
    Sealed(Box<Tls<Abrupt>>),
}

impl Way {
    /// To this terminal; none while its settings or secrets are missing or cannot be.
    pub(super) async fn to(engine: &Engine, terminal: &TerminalSettings) -> Option<Way> {
        let snapshot = engine.snapshot().await.ok()?;
        // Whoever vouched for a terminal wants to know before each payment that it is still the same.
        let vouched =
            snapshot.devices.get(&terminal.id).is_some_and(|device| device.card.is_some());
        let currency = snapshot.settings?.currency;
        let address = terminal.address.clone();
        match terminal.protocol {
            TerminalProtocol::ZvtTcp => {
                let password = kept(engine, secret_key(terminal.id)).await?;
                let password = password.unwrap_or_else(|| USUAL_PASSWORD.to_owned());
                let driver = Zvt::new(&password, currency.code()).ok()?;
                let driver = if vouched { driver.asking_who() } else { driver };
                Some(Way { driver: Box::new(driver), line: Line::Plain(Tcp(address)) })
            }
            TerminalProtocol::AdyenLocal => {
                let text = kept(engine, shared_key(terminal.id)).await??;
                let secret = shared(&serde_json::from_str::<TerminalSecret>(&text).ok()?);
                let poi_id = terminal.terminal_id.as_deref()?;
                let money = (currency.code(), currency.minor_digits());
                let driver = Adyen::new(poi_id, &secret, money, draw).ok()?;
                let line = Adyen::way(poi_id, &address, &secret.root).ok()?;
                Some(Way { driver: Box::new(driver), line: Line::Sealed(Box::new(line)) })
            }
        }
    }

    /// Runs a conversation to its end.
    pub(super) async fn run(&self, talk: Talk, pace: &Pace, ledger: &mut impl Ledger) -> End {
        match &self.line {
            Line::Plain(line) => run_over(talk, line, pace, ledger).await,
            Line::Sealed(line) => run_over(talk, &**line, pace, ledger).await,
        }
    }
}

/// What lies apart under a key; none when that cannot be read.
async fn kept(engine: &Engine, key: String) -> Option<Option<String>> {
    engine.with_store(move |store| store.meta(&key)).await.ok()?.ok()
}
