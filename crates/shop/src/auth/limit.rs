//! How often a secret may be guessed: per person and place, in measured time, so that setting the
//! wall clock forward unlocks nobody. All requests come from the same machine: addresses say nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{PersonId, TillId};

/// Wrong tries until a short lock.
const SHORT_AFTER: u32 = 5;
/// The short lock.
const SHORT: Duration = Duration::from_secs(60);
/// Wrong tries until a long lock (PCI DSS 8.3.4: at most 10, at least 30 minutes).
const LONG_AFTER: u32 = 10;
/// The long lock; setting a new secret ends it sooner.
const LONG: Duration = Duration::from_secs(30 * 60);
/// Wrong tries are forgotten after this long without any.
const FORGET: Duration = Duration::from_secs(30 * 60);
/// Where a secret is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The office: passphrases.
    Office,
    /// A till: PINs, for signing in and for approving.
    Till(TillId),
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    wrong: u32,
    last: Duration,
    until: Duration,
}

/// The tries so far. The caller counts all people who do not exist as one, so that guessing numbers
/// does not fill the memory.
#[derive(Debug, Default)]
pub struct Limits {
    tries: Mutex<BTreeMap<(PersonId, Place), Tries>>,
}

impl Limits {
    /// Counts a try before the secret is looked at, so that tries at the same moment all count.
    /// Answers how long this try locks if it is wrong; errs with how long to wait.
    pub fn begin(
        &self,
        person: PersonId,
        place: Place,
        now: Duration,
    ) -> Result<Option<Duration>, Duration> {
        let mut tries = self.lock();
        let t = tries.entry((person, place)).or_insert(Tries { wrong: 0, last: now, until: now });
        if now < t.until {
            return Err(t.until.saturating_sub(now));
        }
        if forgotten(t, now) {
            t.wrong = 0;
        }
        t.wrong = t.wrong.saturating_add(1);
        t.last = now;
        let locks = if t.wrong >= LONG_AFTER {
            t.wrong = 0;
            Some(LONG)
        } else {
            (t.wrong == SHORT_AFTER).then_some(SHORT)
        };
        if let Some(long) = locks {
            t.until = now.saturating_add(long);
        }
        Ok(locks)
    }

    /// The secret was right: the tries are forgotten.
    pub fn right(&self, person: PersonId, place: Place) {
        self.lock().remove(&(person, place));
    }

    /// A new secret was set: every lock of the person ends.
    pub fn unlock(&self, person: PersonId) {
        self.lock().retain(|(who, _), _| *who != person);
    }

    /// Somewhere locked just now.
    pub fn locked(&self, person: PersonId, now: Duration) -> bool {
        self.lock().iter().any(|((who, _), t)| *who == person && now < t.until)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(PersonId, Place), Tries>> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forgotten(t: &Tries, now: Duration) -> bool {
    now >= t.until && now.saturating_sub(t.last) >= FORGET
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: PersonId = PersonId(1);
    const HERE: Place = Place::Till(TillId(1));

    fn seconds(s: u64) -> Duration {
        Duration::from_secs(s)
    }

    #[test]
    fn the_fifth_wrong_try_locks_for_a_minute_and_the_tenth_for_half_an_hour() {
        let limits = Limits::default();
        for locks in [None, None, None, None, Some(seconds(60))] {
            assert_eq!(limits.begin(WHO, HERE, seconds(0)), Ok(locks));
        }
        assert_eq!(limits.begin(WHO, HERE, seconds(1)), Err(seconds(59)));
        for locks in [None, None, None, None, Some(seconds(1_800))] {
            assert_eq!(limits.begin(WHO, HERE, seconds(60)), Ok(locks));
        }
        assert_eq!(limits.begin(WHO, HERE, seconds(60)), Err(seconds(1_800)));
        assert!(limits.locked(WHO, seconds(1_859)));
        assert_eq!(limits.begin(WHO, HERE, seconds(1_860)), Ok(None));
    }

    #[test]
    fn another_till_and_another_person_are_not_locked() {
        let limits = Limits::default();
        for _ in 0..5 {
            limits.begin(WHO, HERE, seconds(0)).expect("not locked yet");
        }
        assert_eq!(limits.begin(WHO, Place::Till(TillId(2)), seconds(0)), Ok(None));
        assert_eq!(limits.begin(PersonId(2), HERE, seconds(0)), Ok(None));
        assert!(limits.begin(WHO, HERE, seconds(0)).is_err());
    }

    #[test]
    fn a_right_secret_and_a_new_secret_start_afresh() {
        let limits = Limits::default();
        for _ in 0..4 {
            limits.begin(WHO, HERE, seconds(0)).expect("not locked yet");
        }
        limits.right(WHO, HERE);
        for n in 1..=5 {
            assert_eq!(limits.begin(WHO, HERE, seconds(0)).map(|l| l.is_some()), Ok(n == 5));
        }
        assert!(limits.locked(WHO, seconds(0)));
        limits.unlock(WHO);
        assert!(!limits.locked(WHO, seconds(0)));
    }
}
