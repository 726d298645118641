//! The program ends: what a terminal is being asked for comes to a clear end first, if it does so soon.

use std::time::Duration;

use domain::TerminalId;
use domain::payment::AttemptState;
use domain::terminal_day::ClosingState;

use super::taker::Taker;
use crate::engine::Engine;

/// How often it is looked whether a terminal has answered.
const LOOK: Duration = Duration::from_millis(100);

/// Terminals and cash machines that are being asked for something.
async fn asked(engine: &Engine) -> Vec<(TerminalId, String)> {
    let Ok(snapshot) = engine.snapshot().await else { return Vec::new() };
    let mut busy = Vec::new();
    for (taker, name) in snapshot.settings.iter().flat_map(|s| Taker::all(s)) {
        let terminal = taker.id();
        let attempts = engine.attempts(terminal).await.unwrap_or_default();
        // A reversal that waits for its next try waits for the next start as well.
        let pays = attempts.iter().any(|attempt| match attempt.state {
            AttemptState::Sent | AttemptState::Recorded => true,
            AttemptState::Intended => attempt.failures == 0,
            AttemptState::InDoubt { .. } => false,
        });
        let closing = engine.closing(terminal).await.unwrap_or_default();
        let closes = closing.is_some_and(|closing| {
            matches!(closing.state, ClosingState::Sent | ClosingState::Recorded)
        });
        if pays || closes {
            busy.push((terminal, name.to_owned()));
        }
    }
    busy
}

/// Waits until no terminal is being asked for anything, `at_most` so long. `say` is told the names of those
/// that are waited for, whenever they change. Answers those that are still being asked: what became of that
/// is found out at the next start.
pub async fn finish(
    engine: &Engine,
    at_most: Duration,
    mut say: impl FnMut(&[String]),
) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    let waiting = async {
        loop {
            let names: Vec<String> =
                asked(engine).await.into_iter().map(|(_, name)| name).collect();
            if names.is_empty() {
                return;
            }
            if names != told {
                say(&names);
                told = names;
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    let ended = tokio::time::timeout(at_most, waiting).await.is_ok();
    if ended { Vec::new() } else { told }
}
