//! Reads the scanners of the settings, each for itself: one that is gone holds up none, and one that comes back needs no hand.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use devices::hid;
use devices::line::{self, Place};
use domain::TillId;
use domain::peripheral::{ScannerSettings, ScannerWay, SerialLine};
use gs1::{HidScans, SerialScans};
use tokio::io::AsyncReadExt;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::{DeviceScan, DeviceScans};
use crate::api::view::{Lamp, LampKind, LampState};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::ids::own_command;

/// How patient the runner is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often the settings are looked at, and a scanner that is gone is looked for.
    pub look: Duration,
    /// How long a connection may take.
    pub patience: Duration,
    /// After so long without a byte a scan without an end is over.
    pub pause: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            look: Duration::from_secs(1),
            patience: Duration::from_secs(3),
            pause: Duration::from_millis(100),
        }
    }
}

/// A scanner of a till, as the settings have it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Wanted {
    till: TillId,
    at: String,
}

/// Which scanners can be read just now.
type States = Arc<Mutex<HashMap<Wanted, bool>>>;

/// What one scanner's task works with.
#[derive(Clone)]
struct Reading {
    wanted: Wanted,
    settings: ScannerSettings,
    scans: DeviceScans,
    clock: Arc<dyn Clock>,
    states: States,
    pace: Pace,
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
    let mut tasks: HashMap<Wanted, (ScannerSettings, JoinHandle<()>)> = HashMap::new();
    let states = States::default();
    let mut lit: HashMap<TillId, LampState> = HashMap::new();
    while let Ok(snapshot) = engine.snapshot().await {
        let mut wanted = HashMap::new();
        if let Some(settings) = &snapshot.settings {
            for (till, at) in
                settings.tills.iter().flat_map(|t| t.scanners.iter().map(|at| (t.id, at)))
            {
                if let Some(scanner) = settings.scanner_at(at) {
                    wanted.insert(Wanted { till, at: at.clone() }, scanner.clone());
                }
            }
        }
        tasks.retain(|one, (settings, task)| {
            let stays = wanted.get(one) == Some(settings) && !task.is_finished();
            if !stays {
                task.abort();
                lock(&states).remove(one);
            }
            stays
        });
        for (one, settings) in wanted {
            if tasks.contains_key(&one) {
                continue;
            }
            let reading = Reading {
                wanted: one.clone(),
                settings: settings.clone(),
                scans: engine.device_scans().clone(),
                clock: Arc::clone(&clock),
                states: Arc::clone(&states),
                pace,
            };
            tasks.insert(one, (settings, tokio::spawn(reading.run())));
        }
        if show(&engine, &states, &mut lit).await.is_none() {
            break;
        }
        tokio::select! {
            _ = stop.changed() => break,
            () = sleep(pace.look) => {}
        }
    }
    for (_, (_, task)) in tasks {
        task.abort();
    }
}

fn lock(states: &States) -> std::sync::MutexGuard<'_, HashMap<Wanted, bool>> {
    states.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One lamp a till: bad while any of its scanners is gone. None when the engine has stopped.
async fn show(
    engine: &Engine,
    states: &States,
    lit: &mut HashMap<TillId, LampState>,
) -> Option<()> {
    let mut now: HashMap<TillId, LampState> =
        lit.keys().map(|till| (*till, LampState::Ok)).collect();
    for (one, there) in lock(states).iter() {
        let state = now.entry(one.till).or_insert(LampState::Ok);
        if !there {
            *state = LampState::Bad;
        }
    }
    for (till, state) in now {
        if lit.insert(till, state) == Some(state) {
            continue;
        }
        let code = if state == LampState::Ok { "ok" } else { "scanner_gone" };
        let lamp = Lamp { kind: LampKind::Scanner, state, code: code.to_owned(), waiting: 0 };
        engine.set_lamps(till, vec![lamp]).await.ok()?;
    }
    Some(())
}

impl Reading {
    /// For ever: until the settings say otherwise.
    async fn run(self) {
        loop {
            let ended = match self.settings.way {
                ScannerWay::Line => self.line().await,
                ScannerWay::HidPos => self.reports().await,
            };
            // Unplugged, switched off, not there yet: all the same to whoever wants to scan.
            let _why = ended;
            self.is_there(false);
            sleep(self.pace.look).await;
        }
    }

    fn is_there(&self, there: bool) {
        lock(&self.states).insert(self.wanted.clone(), there);
    }

    fn hand_on(&self, code: String) {
        let card_data = gs1::holds_stripe(&code);
        let code = if card_data { String::new() } else { code };
        let id = own_command(self.clock.now());
        // With no page open nobody hears it: whoever scans sees that nothing comes.
        let _heard = self.scans.send(self.wanted.till, DeviceScan { id, code, card_data });
    }

    async fn line(&self) -> io::Result<()> {
        let place: Place = self.wanted.at.parse()?;
        let settings = self.settings.line.unwrap_or(SerialLine::usual(9_600));
        let serial = crate::print::machine::serial(settings);
        let mut line = line::open(&place, serial, self.pace.patience).await?;
        self.is_there(true);
        let mut scans = SerialScans::default();
        let mut bytes = [0_u8; 512];
        loop {
            let read = if scans.is_waiting() {
                match timeout(self.pace.pause, line.read(&mut bytes)).await {
                    Ok(read) => read?,
                    Err(_) => {
                        if let Some(code) = scans.pause() {
                            self.hand_on(code);
                        }
                        continue;
                    }
                }
            } else {
                line.read(&mut bytes).await?
            };
            if read == 0 {
                return Ok(());
            }
            for code in scans.feed(bytes.get(..read).unwrap_or_default()) {
                self.hand_on(code);
            }
        }
    }

    async fn reports(&self) -> io::Result<()> {
        let mut reports = hid::open(&self.wanted.at)?;
        self.is_there(true);
        let mut scans = HidScans::default();
        let mut report = [0_u8; hid::REPORT];
        loop {
            let read = reports.read(&mut report).await?;
            if read == 0 {
                return Ok(());
            }
            // A broken report is a scan that did not come: it is scanned again.
            if let Ok(Some(code)) = scans.feed(report.get(..read).unwrap_or_default()) {
                self.hand_on(code);
            }
        }
    }
}
