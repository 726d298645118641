//! How long a customer waits for a receipt's signature, and what of that a unit may take.

use std::time::Duration;

use domain::UnitId;
use domain::signing::{SigningSettings, Subject, UnitSettings};

use super::runner::Task;
use crate::engine::SigningWork;

/// What a customer waits for, and until when.
pub(super) struct Line {
    pub(super) of: Subject,
    pub(super) until: Duration,
    /// Which unit is asked for it, and until when the next one may have to wait for that.
    pub(super) at: Option<(UnitId, Duration)>,
}

impl Task {
    /// How long is waited now: for one answer, and no longer than the customer does.
    pub(super) fn patience(&self) -> Duration {
        let until = self.line.as_ref().map(|line| line.at.map_or(line.until, |(_, until)| until));
        let left = until.map(|until| until.saturating_sub(self.clock.elapsed()));
        left.map_or(self.pace.answer, |left| left.min(self.pace.answer))
    }

    /// Whether a customer has waited so long that nobody else is asked.
    pub(super) fn is_late(&self) -> bool {
        let left = self.line.as_ref().map(|line| line.until.saturating_sub(self.clock.elapsed()));
        left.is_some_and(|left| left < self.pace.answer / 2)
    }

    /// A unit is asked for what a customer waits for: half of that time at most when another one may have to be.
    pub(super) fn turn_to(&mut self, work: &SigningWork, signing: &SigningSettings, id: UnitId) {
        let signs = |unit: &UnitSettings| {
            let down = work.units.get(&unit.id).is_some_and(|unit| unit.outage.is_some());
            unit.id != id && !down && self.away(signing, unit).is_none()
        };
        let others = signing.units.iter().any(signs);
        let half = self.clock.elapsed().saturating_add(self.pace.line / 2);
        if let Some(line) = &mut self.line
            && line.at.is_none_or(|(at, _)| at != id)
        {
            line.at = Some((id, if others { half.min(line.until) } else { line.until }));
        }
    }
}
