//! Customers' displays of two lines: one task per till, which writes what the page for customers shows. A display that is gone holds up
//! nobody, and shows what is current as soon as it is there again.

mod lines;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use devices::line::{self, Line, Place, SerialLine};
use domain::TillId;
use domain::peripheral::{DisplayDialect, DisplaySettings};
use escpos::pole::{Dialect, Pole};
use tokio::io::AsyncWriteExt;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::timeout;

use crate::api::TillView;
use crate::api::lamps::{Lamp, LampKind, LampState};
use crate::engine::Engine;
use crate::print::machine;
use crate::view::display_of;

/// How patient the runner is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often the settings are looked at.
    pub look: Duration,
    /// To take the connection, and what is written.
    pub patience: Duration,
    /// Until a display that is gone is tried again.
    pub again: Duration,
    /// How often what stands there is written anew, for one that was switched off and on meanwhile.
    pub refresh: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            look: Duration::from_secs(5),
            patience: Duration::from_secs(2),
            again: Duration::from_secs(1),
            refresh: Duration::from_secs(15),
        }
    }
}

/// Runs until the engine stops or `stop` turns true.
pub async fn run(engine: Engine, stop: watch::Receiver<bool>) {
    run_at(engine, stop, Pace::default()).await;
}

/// [`run`] at a pace of the caller's.
pub async fn run_at(engine: Engine, mut stop: watch::Receiver<bool>, pace: Pace) {
    let mut tasks: HashMap<TillId, (String, tokio::task::JoinHandle<()>)> = HashMap::new();
    loop {
        let Ok(snapshot) = engine.snapshot().await else { break };
        let settings = snapshot.settings;
        for till in settings.iter().flat_map(|settings| &settings.tills) {
            let device = till.pole_display.as_deref().and_then(|at| {
                let known = settings.as_ref()?.display_at(at)?;
                Some((at.to_owned(), known.clone()))
            });
            let name = format!("{device:?}");
            let same =
                tasks.get(&till.id).is_some_and(|(of, task)| *of == name && !task.is_finished());
            if same {
                continue;
            }
            if let Some((_, old)) = tasks.remove(&till.id) {
                old.abort();
                let _closing = engine.set_lamps(till.id, vec![lamp(LampState::Ok, "none")]).await;
            }
            let Some(beside) = device
                .and_then(|(at, known)| Beside::new(engine.clone(), till.id, &at, &known, pace))
            else {
                continue;
            };
            tasks.insert(till.id, (name, tokio::spawn(beside.run())));
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

fn lamp(state: LampState, code: &str) -> Lamp {
    Lamp { kind: LampKind::Display, state, code: code.to_owned(), waiting: 0 }
}

/// The display beside a till.
struct Beside {
    engine: Engine,
    till: TillId,
    place: Place,
    /// The printer that it hangs on.
    behind: Option<String>,
    serial: SerialLine,
    pole: Pole,
    pace: Pace,
}

impl Beside {
    fn new(
        engine: Engine,
        till: TillId,
        at: &str,
        known: &DisplaySettings,
        pace: Pace,
    ) -> Option<Self> {
        let place = known.behind.as_deref().unwrap_or(at).parse().ok()?;
        let pole = Pole {
            dialect: match known.dialect {
                DisplayDialect::Epson => Dialect::Epson,
                DisplayDialect::Cd5220 => Dialect::Cd5220,
            },
            umlauts: known.umlauts,
            behind_printer: known.behind.is_some(),
        };
        let serial = known.line.map_or(SerialLine::usual(9_600), machine::serial);
        let behind = known.behind.clone();
        Some(Self { engine, till, place, behind, serial, pole, pace })
    }

    /// Until the engine stops.
    async fn run(self) {
        let mut screens = self.engine.subscribe(self.till);
        let Ok(mut view) = self.engine.view(self.till).await else { return };
        let mut held: Option<Line> = None;
        let mut stands: Option<[String; 2]> = None;
        let mut there = None;
        loop {
            let wanted = lines::lines(&display_of(&view), self.pole);
            let mut rest = self.pace.refresh;
            if stands.as_ref() != Some(&wanted) {
                let written = self.write(&mut held, &wanted).await;
                if there != Some(written.is_ok()) {
                    there = Some(written.is_ok());
                    let shown = match &written {
                        Ok(()) => lamp(LampState::Ok, "ok"),
                        // Selling needs none: customers see less.
                        Err(_) => lamp(LampState::Warn, "display_gone"),
                    };
                    if self.engine.set_lamps(self.till, vec![shown]).await.is_err() {
                        return;
                    }
                }
                match written {
                    Ok(()) => stands = Some(wanted),
                    Err(_) => {
                        (held, stands) = (None, None);
                        rest = self.pace.again;
                    }
                }
            }
            tokio::select! {
                next = newest(&mut screens) => match next {
                    Next::Screen(next) => view = next,
                    // More than were kept: the present one is what counts.
                    Next::Missed => match self.engine.view(self.till).await {
                        Ok(now) => view = now,
                        Err(_) => return,
                    },
                    Next::Over => return,
                },
                () = tokio::time::sleep(rest) => stands = None,
            }
        }
    }

    /// Writes both lines: in the printer's turn where the display hangs on one, else over the connection that is held, or
    /// over a new one.
    async fn write(&self, held: &mut Option<Line>, wanted: &[String; 2]) -> io::Result<()> {
        let [upper, lower] = wanted;
        let mut bytes = Vec::new();
        if let Some(at) = &self.behind {
            let known = self.engine.snapshot().await.map_err(io::Error::other)?;
            let printer = known.settings.and_then(|known| self.engine.printers().at(&known, at));
            let printer = printer.ok_or(io::ErrorKind::NotFound)?;
            bytes.extend(self.pole.begin());
            bytes.extend(self.pole.show([upper, lower]));
            return printer.pass_on(&bytes).await.map_err(|why| io::Error::other(why.code()));
        }
        let mut line = match held.take() {
            Some(line) => line,
            None => {
                bytes.extend(self.pole.begin());
                line::open(&self.place, self.serial, self.pace.patience).await?
            }
        };
        bytes.extend(self.pole.show([upper, lower]));
        let writing = async {
            line.write_all(&bytes).await?;
            line.flush().await
        };
        timeout(self.pace.patience, writing)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        *held = Some(line);
        Ok(())
    }
}

enum Next {
    Screen(Arc<TillView>),
    Missed,
    Over,
}

/// The newest of the screens that wait: a display that is slow skips those between.
async fn newest(screens: &mut broadcast::Receiver<Arc<TillView>>) -> Next {
    let mut view = match screens.recv().await {
        Ok(view) => view,
        Err(RecvError::Lagged(_)) => return Next::Missed,
        Err(RecvError::Closed) => return Next::Over,
    };
    while let Ok(newer) = screens.try_recv() {
        view = newer;
    }
    Next::Screen(view)
}
