//! The one place that reads the machine's clock; everything else is told the time.

use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Tells the time. Two times: the wall clock for records, and one that only goes forward for
/// measuring how long something lasts (a wall clock set forward must not end a lock).
pub trait Clock: Send + Sync {
    /// The wall clock.
    fn now(&self) -> Timestamp;
    /// Time since some fixed moment; never goes back.
    fn elapsed(&self) -> Duration;
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock {
    began: std::time::Instant,
}

impl SystemClock {
    /// Starts measuring now.
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock")]
    pub fn start() -> Self {
        SystemClock { began: std::time::Instant::now() }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

/// A clock that is moved by hand, for tests and simulations.
#[derive(Debug)]
pub struct HandClock {
    times: Mutex<(Timestamp, Duration)>,
}

impl HandClock {
    /// Stands at `now`.
    pub fn at(now: Timestamp) -> Self {
        HandClock { times: Mutex::new((now, Duration::ZERO)) }
    }

    /// Both times go forward.
    pub fn advance(&self, by: Duration) {
        self.change(|(wall, elapsed)| {
            *wall = moved(*wall, SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX));
            *elapsed = elapsed.saturating_add(by);
        });
    }

    /// Somebody sets the wall clock; measured time does not follow.
    pub fn set_wall(&self, now: Timestamp) {
        self.change(|(wall, _)| *wall = now);
    }

    fn change(&self, how: impl FnOnce(&mut (Timestamp, Duration))) {
        how(&mut self.times.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

fn moved(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(at)
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        self.times.lock().unwrap_or_else(std::sync::PoisonError::into_inner).0
    }

    fn elapsed(&self) -> Duration {
        self.times.lock().unwrap_or_else(std::sync::PoisonError::into_inner).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_the_wall_clock_does_not_move_measured_time() {
        let clock = HandClock::at(Timestamp::UNIX_EPOCH);
        clock.advance(Duration::from_secs(5));
        clock.set_wall(Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24));
        assert_eq!(clock.elapsed(), Duration::from_secs(5));
        assert_eq!(clock.now().as_second(), 86_400);
    }
}
