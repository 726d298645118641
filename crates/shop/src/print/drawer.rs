//! Watches a drawer whose switch was calibrated: whether it opened without the program opening it, and whether it stays open.

use domain::cash::DrawerAlarm;
use jiff::{SignedDuration, Timestamp};

/// A drawer that was told to open may take so long until it is seen open.
const OPENING: SignedDuration = SignedDuration::from_secs(15);
/// Longer than giving change takes.
pub(super) const LEFT_OPEN: SignedDuration = SignedDuration::from_secs(90);

/// One drawer.
#[derive(Debug, Default)]
pub(super) struct Drawer {
    /// When it was told to open last.
    told: Option<Timestamp>,
    /// Since when it is seen open; none while it is closed.
    open_since: Option<Timestamp>,
    /// It was seen closed at least once: one that is open when the program starts was opened by nobody knows whom.
    seen_closed: bool,
    said: bool,
}

impl Drawer {
    /// The program opened it.
    pub(super) fn opened_by_us(&mut self, now: Timestamp) {
        self.told = Some(now);
    }

    /// What its switch says now; an alarm where there is one to raise, each once.
    pub(super) fn seen(&mut self, open: bool, now: Timestamp) -> Option<DrawerAlarm> {
        if !open {
            *self = Self { told: self.told, seen_closed: true, ..Self::default() };
            return None;
        }
        let Some(since) = self.open_since else {
            self.open_since = Some(now);
            let told = self.told.is_some_and(|told| now.duration_since(told) <= OPENING);
            return (self.seen_closed && !told).then_some(DrawerAlarm::Forced);
        };
        let long = now.duration_since(since) >= LEFT_OPEN && !self.said;
        self.said |= long;
        long.then_some(DrawerAlarm::LeftOpen)
    }

    /// Whether it is open for longer than it should be.
    pub(super) fn is_left_open(&self) -> bool {
        self.said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("a time")
    }

    #[test]
    fn a_drawer_that_the_program_opened_is_no_alarm_until_it_stays_open() {
        let mut drawer = Drawer::default();
        assert_eq!(drawer.seen(false, at(0)), None);
        drawer.opened_by_us(at(1));
        assert_eq!(drawer.seen(true, at(2)), None);
        assert_eq!(drawer.seen(true, at(91)), None);
        assert_eq!(drawer.seen(true, at(92)), Some(DrawerAlarm::LeftOpen));
        assert!(drawer.is_left_open());
        assert_eq!(drawer.seen(true, at(200)), None, "said once");
        assert_eq!(drawer.seen(false, at(201)), None);
        assert!(!drawer.is_left_open());
    }

    #[test]
    fn a_drawer_that_opens_by_itself_is_an_alarm_each_time() {
        let mut drawer = Drawer::default();
        assert_eq!(drawer.seen(true, at(0)), None, "open when the program starts");
        for minute in 1..3 {
            assert_eq!(drawer.seen(false, at(60 * minute)), None);
            assert_eq!(drawer.seen(true, at(60 * minute + 5)), Some(DrawerAlarm::Forced));
        }
        drawer.opened_by_us(at(200));
        assert_eq!(drawer.seen(false, at(210)), None);
        assert_eq!(drawer.seen(true, at(230)), Some(DrawerAlarm::Forced), "long after it was told");
    }
}
