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

/// The display beside a till.
struct Beside {
    engine: Engine,
    till: TillId,
    place: Place,
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
        Some(Self { engine, till, place, serial, pole, pace })
    }

    /// Until the engine stops.
    async fn run(self) {
        let mut screens = self.engine.subscribe(self.till);
        let Ok(mut view) = self.engine.view(self.till).await else { return };
        let mut held: Option<Line> = None;
        let mut stands: Option<[String; 2]> = None;
        loop {
            let wanted = lines::lines(&display_of(&view), self.pole);
            let mut rest = self.pace.refresh;
            if stands.as_ref() != Some(&wanted) {
                match self.write(&mut held, &wanted).await {
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

    /// Writes both lines over the connection that is held, or over a new one. A printer's is never held: it has to print.
    async fn write(&self, held: &mut Option<Line>, wanted: &[String; 2]) -> io::Result<()> {
        let [upper, lower] = wanted;
        let mut bytes = Vec::new();
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
        if self.pole.behind_printer {
            line.shutdown().await?;
        } else {
            *held = Some(line);
        }
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
