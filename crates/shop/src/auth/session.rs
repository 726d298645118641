//! Sessions: a random token in a cookie, its hash here and in the shop's file.
//!
//! How long a session lasts is measured by both clocks: whichever says that it is over is right.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{AuditId, PersonId, TillId};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::random::{self, NoRandomness};
use crate::clock::Clock;

/// A till session ends after this long; no session lasts longer.
pub(crate) const TILL_LASTS: Duration = Duration::from_secs(12 * 3600);
/// An office session ends after this long.
const OFFICE_LASTS: Duration = Duration::from_secs(8 * 3600);
/// An office session ends after this long without a request.
const OFFICE_IDLE: Duration = Duration::from_secs(15 * 60);
/// How often "seen" is written to the file at most.
const NOTE_SEEN: Duration = Duration::from_secs(60);

/// A session's token as the browser has it: 256 random bits, hexadecimal.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// A fresh one.
    pub fn fresh() -> Result<Self, NoRandomness> {
        Ok(Token(random::hex(&random::bytes::<32>()?)))
    }

    /// As a cookie has it; none when it cannot be one.
    pub fn read(text: &str) -> Option<Self> {
        let fits = text.len() == 64
            && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        fits.then(|| Token(text.to_owned()))
    }

    /// What is kept of it.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// For the cookie alone.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SessionKind {
    /// One till in one browser.
    Till(TillId),
    /// The office.
    Office,
    /// An audit. How long it lasts stands in the journal; whoever asks looks there as well.
    Audit(AuditId),
}

/// Somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The hash of its token.
    pub key: [u8; 32],
    /// Who.
    pub person: PersonId,
    /// Where.
    pub kind: SessionKind,
    /// Since.
    pub created: Timestamp,
    /// Last request.
    pub seen: Timestamp,
}

impl Session {
    /// The till of a till session.
    pub fn till(&self) -> Option<TillId> {
        match self.kind {
            SessionKind::Till(till) => Some(till),
            SessionKind::Office | SessionKind::Audit(_) => None,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Live {
    session: Session,
    /// Measured time at which it began, or was taken over from the file.
    began: Duration,
    /// Measured time of the last request.
    seen: Duration,
    /// Measured time at which `seen` was written to the file last.
    noted: Duration,
}

/// All sessions that live.
#[derive(Debug, Default)]
pub struct Sessions {
    live: Mutex<BTreeMap<[u8; 32], Live>>,
}

/// A session that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The session.
    pub session: Session,
    /// Its `seen` should be written to the file.
    pub note: bool,
}

impl Sessions {
    /// Takes over the sessions of the file when the program starts. Those from the future are
    /// dropped: the clock was set back.
    pub fn load(&self, stored: impl IntoIterator<Item = Session>, clock: &dyn Clock) {
        let (now, elapsed) = (clock.now(), clock.elapsed());
        let mut live = self.lock();
        for session in stored.into_iter().filter(|s| s.seen <= now && s.created <= now) {
            live.insert(
                session.key,
                Live { session, began: elapsed, seen: elapsed, noted: elapsed },
            );
        }
    }

    /// A new session; those it ends (of the same till) are answered beside it.
    pub fn begin(
        &self,
        token: &Token,
        person: PersonId,
        kind: SessionKind,
        clock: &dyn Clock,
    ) -> (Session, Vec<Session>) {
        let (now, elapsed) = (clock.now(), clock.elapsed());
        let ended = match kind {
            SessionKind::Till(_) => self.end_where(|s| s.kind == kind),
            SessionKind::Office | SessionKind::Audit(_) => Vec::new(),
        };
        let session = Session { key: token.hash(), person, kind, created: now, seen: now };
        let live = Live { session, began: elapsed, seen: elapsed, noted: elapsed };
        let mut all = self.lock();
        // Those whose browser never came back.
        all.retain(|_, live| !is_over(live, now, elapsed));
        all.insert(session.key, live);
        (session, ended)
    }

    /// The session of a token, if it lives; it counts as seen.
    pub fn find(&self, token: &Token, clock: &dyn Clock) -> Option<Found> {
        let (now, elapsed) = (clock.now(), clock.elapsed());
        let mut live = self.lock();
        let key = token.hash();
        let found = live.get_mut(&key)?;
        if is_over(found, now, elapsed) {
            live.remove(&key);
            return None;
        }
        found.session.seen = now;
        found.seen = elapsed;
        let note = elapsed.saturating_sub(found.noted) >= NOTE_SEEN;
        if note {
            found.noted = elapsed;
        }
        Some(Found { session: found.session, note })
    }

    /// True while the session lives; does not count as seen.
    pub fn lives(&self, key: &[u8; 32], clock: &dyn Clock) -> bool {
        self.lock().get(key).is_some_and(|live| !is_over(live, clock.now(), clock.elapsed()))
    }

    /// Ends the sessions that fit and answers them.
    pub fn end_where(&self, fits: impl Fn(&Session) -> bool) -> Vec<Session> {
        let mut live = self.lock();
        let ended: Vec<Session> = live.values().map(|l| l.session).filter(|s| fits(s)).collect();
        for session in &ended {
            live.remove(&session.key);
        }
        ended
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_over(live: &Live, now: Timestamp, elapsed: Duration) -> bool {
    let (lasts, idle) = match live.session.kind {
        SessionKind::Till(_) | SessionKind::Audit(_) => (TILL_LASTS, TILL_LASTS),
        SessionKind::Office => (OFFICE_LASTS, OFFICE_IDLE),
    };
    let wall =
        |since: Timestamp| Duration::try_from(now.duration_since(since)).unwrap_or(Duration::ZERO);
    wall(live.session.created) >= lasts
        || wall(live.session.seen) >= idle
        || elapsed.saturating_sub(live.began) >= lasts
        || elapsed.saturating_sub(live.seen) >= idle
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::HandClock;
    use jiff::SignedDuration;

    const TILL: SessionKind = SessionKind::Till(TillId(1));

    fn clock() -> HandClock {
        HandClock::at("2026-11-23T08:00:00Z".parse().expect("a time"))
    }

    fn hours(h: u64) -> Duration {
        Duration::from_secs(h * 3600)
    }

    #[test]
    fn an_office_session_ends_after_a_quarter_of_an_hour_without_a_request_and_after_eight_hours() {
        let (clock, sessions) = (clock(), Sessions::default());
        let token = Token::fresh().expect("randomness");
        sessions.begin(&token, PersonId(1), SessionKind::Office, &clock);
        for _ in 0..47 {
            clock.advance(Duration::from_secs(10 * 60));
            assert!(sessions.find(&token, &clock).is_some());
        }
        clock.advance(Duration::from_secs(10 * 60));
        assert!(sessions.find(&token, &clock).is_none(), "eight hours");

        sessions.begin(&token, PersonId(1), SessionKind::Office, &clock);
        clock.advance(Duration::from_secs(15 * 60));
        assert!(sessions.find(&token, &clock).is_none(), "idle");
    }

    #[test]
    fn a_till_session_ends_after_twelve_hours_even_when_the_wall_clock_is_set_back() {
        let (clock, sessions) = (clock(), Sessions::default());
        let token = Token::fresh().expect("randomness");
        sessions.begin(&token, PersonId(1), TILL, &clock);
        clock.advance(hours(11));
        assert!(sessions.find(&token, &clock).is_some());
        clock.set_wall(clock.now() - SignedDuration::from_hours(10));
        clock.advance(hours(1));
        assert!(sessions.find(&token, &clock).is_none());
    }

    #[test]
    fn signing_in_at_a_till_ends_the_session_before_it_there_and_only_there() {
        let (clock, sessions) = (clock(), Sessions::default());
        let (a, b, c) =
            (Token::fresh().expect("a"), Token::fresh().expect("b"), Token::fresh().expect("c"));
        sessions.begin(&a, PersonId(1), TILL, &clock);
        sessions.begin(&b, PersonId(2), SessionKind::Till(TillId(2)), &clock);
        let (_, ended) = sessions.begin(&c, PersonId(3), TILL, &clock);
        assert_eq!(ended.iter().map(|s| s.person).collect::<Vec<_>>(), [PersonId(1)]);
        assert!(sessions.find(&a, &clock).is_none());
        assert!(sessions.find(&b, &clock).is_some());
        assert!(sessions.find(&c, &clock).is_some());
    }

    #[test]
    fn a_stored_session_from_the_future_is_dropped() {
        let (clock, sessions) = (clock(), Sessions::default());
        let token = Token::fresh().expect("randomness");
        let (session, _) = sessions.begin(&token, PersonId(1), TILL, &clock);
        let again = Sessions::default();
        again.load([session], &clock);
        assert!(again.find(&token, &clock).is_some());
        clock.set_wall(clock.now() - SignedDuration::from_hours(1));
        let earlier = Sessions::default();
        earlier.load([session], &clock);
        assert!(earlier.find(&token, &clock).is_none());
    }

    #[test]
    fn what_is_no_token_is_none() {
        assert!(Token::read("").is_none());
        assert!(Token::read(&"A".repeat(64)).is_none());
        assert!(Token::read(&"a".repeat(63)).is_none());
        assert!(Token::read(&"a".repeat(64)).is_some());
    }
}
