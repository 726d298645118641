//! How many event streams may be open: each holds a task, a channel and a socket until it ends.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use domain::TillId;

use super::problem::{Answer, Failure};

/// Streams of one session, or of one till's customer displays. A page opens one.
const OF_ONE: usize = 8;
/// Streams of all sessions, and as many again of all displays: whoever opens displays, which is open
/// to everybody, takes none from the tills.
const OF_ALL: usize = 512;
/// When to try again, seconds: a browser that is gone is noticed by the next keep-alive.
const AGAIN: u64 = 15;

/// Who watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Watcher {
    /// A session, by its key.
    Session([u8; 32]),
    /// Somebody at a till's customer display.
    Display(TillId),
}

impl Watcher {
    fn is_display(self) -> bool {
        matches!(self, Watcher::Display(_))
    }
}

/// The streams that are open.
#[derive(Debug, Clone, Default)]
pub(super) struct Streams(Arc<Mutex<BTreeMap<Watcher, usize>>>);

/// An open stream; it counts as long as this lives.
#[derive(Debug)]
pub(super) struct Open {
    streams: Streams,
    watcher: Watcher,
}

impl Streams {
    /// Counts a stream in; refuses when there are too many.
    pub(super) fn open(&self, watcher: Watcher) -> Answer<Open> {
        let mut open = self.lock();
        let alike = open.iter().filter(|(other, _)| other.is_display() == watcher.is_display());
        let all: usize = alike.map(|(_, count)| *count).sum();
        let own = open.get(&watcher).copied().unwrap_or(0);
        if own >= OF_ONE || all >= OF_ALL {
            return Err(too_many());
        }
        open.insert(watcher, own.saturating_add(1));
        drop(open);
        Ok(Open { streams: self.clone(), watcher })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Watcher, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        if let Some(count) = open.get_mut(&self.watcher) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&self.watcher);
            }
        }
    }
}

fn too_many() -> Failure {
    let title = "too many event streams are open; close a page that shows the same";
    Failure::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", title).retry_after(AGAIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_ends_makes_room_for_another() {
        let streams = Streams::default();
        let one = Watcher::Session([1; 32]);
        let mut open: Vec<Open> = (0..OF_ONE).map(|_| streams.open(one).expect("room")).collect();
        assert_eq!(streams.open(one).expect_err("no room").code(), "too_many_streams");
        streams.open(Watcher::Session([2; 32])).expect("others have room");
        open.pop();
        open.push(streams.open(one).expect("room again"));
        open.clear();
        assert!(streams.lock().is_empty(), "nobody is remembered who is gone");
    }

    #[test]
    fn all_displays_together_have_an_end_and_take_nothing_from_the_tills() {
        let streams = Streams::default();
        let mut open = Vec::new();
        let mut refused = 0;
        for till in (1..200).map(TillId) {
            for _ in 0..OF_ONE {
                match streams.open(Watcher::Display(till)) {
                    Ok(stream) => open.push(stream),
                    Err(_) => refused += 1,
                }
            }
        }
        assert_eq!((open.len(), refused > 0), (OF_ALL, true));
        streams.open(Watcher::Session([1; 32])).expect("a till still has room");
        // What was refused is not remembered either.
        drop(open);
        assert!(streams.lock().is_empty(), "{streams:?}");
    }
}
