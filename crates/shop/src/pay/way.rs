//! How a terminal is asked: its driver with what is set today, and the way to it.

use domain::settings::{TerminalProtocol, TerminalSettings};
use payment::adyen::Adyen;
use payment::driver::{End, Talk};
use payment::https::Https;
use payment::line::{Ledger, Pace, Tcp, run_over};
use payment::serial::{RATES, Serial};
use payment::tls::{Abrupt, Tls};
use payment::zvt::Zvt;
use payment::{Driver, pin};
use tokio::sync::OwnedMutexGuard;

use super::{USUAL_PASSWORD, cloud, cloud_key, secret_key, shared, shared_key};
use crate::api::payments::TerminalSecret;
use crate::engine::Engine;
use crate::ids::draw;
use crate::vault::{Kept, kept_sealed};

/// A driver and its way.
pub(super) struct Way {
    pub(super) driver: Box<dyn Driver>,
    line: Line,
    /// Nobody else speaks to the terminal meanwhile.
    _turn: OwnedMutexGuard<()>,
}

enum Line {
    Plain(Tcp),
    Pinned(Box<Tls<Tcp>>),
    Serial(Serial),
    Sealed(Box<Tls<Abrupt>>),
    Provider(Box<Https<Abrupt>>),
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
        let _turn = engine.turn_at(terminal.id).await;
        match terminal.protocol {
            TerminalProtocol::ZvtTcp | TerminalProtocol::ZvtTls | TerminalProtocol::ZvtSerial => {
                let password = match kept(engine, secret_key(terminal.id)).await? {
                    Kept::Text(password) => password,
                    Kept::Nothing => USUAL_PASSWORD.to_owned(),
                    // A wrong one is not tried again and again.
                    Kept::Lost => return None,
                };
                let mut driver = Zvt::new(&password, currency.code()).ok()?;
                if vouched {
                    driver = driver.asking_who();
                }
                let line = match terminal.protocol {
                    TerminalProtocol::ZvtTls => {
                        let pinned = terminal.certificate.as_ref()?.parse().ok()?;
                        Line::Pinned(Box::new(pin::to(&address, pinned).ok()?))
                    }
                    TerminalProtocol::ZvtSerial => {
                        driver = driver.over_serial();
                        let rate = terminal.rate.unwrap_or(RATES[0]);
                        Line::Serial(Serial { path: address, rate })
                    }
                    _ => Line::Plain(Tcp(address)),
                };
                Some(Way { driver: Box::new(driver), line, _turn })
            }
            TerminalProtocol::AdyenLocal => {
                let text = kept(engine, shared_key(terminal.id)).await?.text()?;
                let secret = shared(&serde_json::from_str::<TerminalSecret>(&text).ok()?);
                let poi_id = terminal.terminal_id.as_deref()?;
                let money = (currency.code(), currency.minor_digits());
                let driver = Adyen::new(poi_id, &secret, money, draw).ok()?;
                let line = Adyen::way(poi_id, &address, &secret.root).ok()?;
                let line = Line::Sealed(Box::new(line));
                Some(Way { driver: Box::new(driver), line, _turn })
            }
            TerminalProtocol::SumupCloud | TerminalProtocol::AdyenCloud => {
                let text = kept(engine, cloud_key(terminal.id)).await?.text()?;
                let key = cloud::kept(terminal, &text)?;
                let money = (currency.code(), currency.minor_digits());
                let driver = cloud::driver(terminal, &key, money, vouched)?;
                let line = cloud::way(terminal, &key).ok()?;
                Some(Way { driver, line: Line::Provider(Box::new(line)), _turn })
            }
        }
    }

    /// Runs a conversation to its end.
    pub(super) async fn run(&self, talk: Talk, pace: &Pace, ledger: &mut impl Ledger) -> End {
        match &self.line {
            Line::Plain(line) => run_over(talk, line, pace, ledger).await,
            Line::Pinned(line) => run_over(talk, &**line, pace, ledger).await,
            Line::Serial(line) => run_over(talk, line, pace, ledger).await,
            Line::Sealed(line) => run_over(talk, &**line, pace, ledger).await,
            Line::Provider(line) => run_over(talk, &**line, pace, ledger).await,
        }
    }
}

/// What lies apart under a name; none when that cannot be read.
async fn kept(engine: &Engine, name: String) -> Option<Kept> {
    engine.with_store(move |store| kept_sealed(store, &name)).await.ok()?.ok()
}
