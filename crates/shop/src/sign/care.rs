//! Looks after units that sign: asks every hour how they stand, and lets them test themselves before they would want it in
//! the middle of a sale (Epson's wants it after 25 hours at the latest).

use std::sync::Arc;
use std::time::Duration;

use domain::ShopCommand;
use domain::signing::{UnitSettings, UnitStep};
use jiff::{SignedDuration, Timestamp};
use signing::Fault;

use crate::clock::Clock;
use crate::engine::{Actor, Engine, EngineError};
use crate::ids::own_command;

/// How often it is looked whether a unit needs care.
const LOOK: Duration = Duration::from_secs(60);
/// So long what a unit said of how it stands is not asked again.
const USAGE: SignedDuration = SignedDuration::from_hours(1);
/// From then on it tests itself when nobody sells; [`LATEST`] whoever sells.
const TEST: SignedDuration = SignedDuration::from_hours(20);
/// See [`TEST`].
const LATEST: SignedDuration = SignedDuration::from_hours(24);

/// Clocks are set by less all the time.
const AHEAD: SignedDuration = SignedDuration::from_mins(-1);

/// What a unit needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Nothing,
    Look,
    Test,
}

fn need([tested, looked]: [Option<Timestamp>; 2], quiet: bool, now: Timestamp) -> Need {
    let age = |at: Timestamp| now.duration_since(at);
    // Whoever sells meets it first.
    let Some(tested) = tested else { return Need::Nothing };
    // The clock was set back: nobody knows how long ago that was.
    if age(tested) < AHEAD || looked.is_some_and(|at| age(at) < AHEAD) {
        return Need::Test;
    }
    if age(tested) >= LATEST || (quiet && age(tested) >= TEST) {
        return Need::Test;
    }
    if looked.is_none_or(|at| age(at) >= USAGE) { Need::Look } else { Need::Nothing }
}

pub(super) async fn run(engine: Engine, clock: Arc<dyn Clock>) {
    loop {
        tokio::time::sleep(LOOK).await;
        // What could not be recorded now may be another time.
        if let Err(EngineError::Stopped) = care(&engine, &*clock).await {
            return;
        }
    }
}

/// Looks at all units that are open, once.
async fn care(engine: &Engine, clock: &dyn Clock) -> Result<(), EngineError> {
    let shop = engine.snapshot().await?;
    let signing = shop.settings.iter().filter_map(|settings| settings.signing.as_ref());
    let set: Vec<UnitSettings> = signing.flat_map(|signing| signing.units.clone()).collect();
    let now = clock.now();
    for cared in engine.units().opened() {
        let id = cared.set.id;
        let down = shop.units.get(&id).is_some_and(|known| known.outage.is_some());
        if down || !set.contains(&cared.set) {
            continue;
        }
        let quiet = shop.tills.iter().all(|(_, day, _)| day.is_none());
        let need = need(cared.times, quiet, now);
        if need == Need::Nothing {
            continue;
        }
        let units = Arc::clone(engine.units());
        let asked = tokio::task::spawn_blocking(move || match need {
            Need::Test => units.test_again(&cared, now).map(Some),
            Need::Look | Need::Nothing => units.look(id, &*cared.unit, now).map(|()| None),
        });
        let step = match asked.await.unwrap_or(Err(Fault::Unusable("broken"))) {
            Ok(Some(said)) => UnitStep::Reported(Box::new(said)),
            // Not to say how it stands keeps it from nothing.
            Ok(None) => continue,
            Err(_) if need == Need::Look => continue,
            Err(fault) => UnitStep::Down { why: fault.code().to_owned() },
        };
        say(engine, clock, id, step).await?;
    }
    Ok(())
}

/// Says something of a unit.
pub(super) async fn say(
    engine: &Engine,
    clock: &dyn Clock,
    unit: domain::UnitId,
    step: UnitStep,
) -> Result<(), EngineError> {
    let command = ShopCommand::SigningUnit { unit, step };
    engine.shop(own_command(clock.now()), Actor::default(), command).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_tests_itself_at_night_or_else_before_a_day_is_over() {
        let at = |hours: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        let asked = |tested, looked, quiet| need([tested, looked], quiet, at(100));
        assert_eq!(asked(None, None, true), Need::Nothing);
        assert_eq!(asked(Some(at(90)), None, true), Need::Look);
        assert_eq!(asked(Some(at(90)), Some(at(99)), true), Need::Look);
        let lately = Some(at(100) - SignedDuration::from_mins(59));
        assert_eq!(asked(Some(at(90)), lately, true), Need::Nothing);
        assert_eq!(asked(Some(at(80)), lately, true), Need::Test);
        assert_eq!(asked(Some(at(80)), lately, false), Need::Nothing);
        assert_eq!(asked(Some(at(76)), lately, false), Need::Test);
        // The clock was set back by a day.
        assert_eq!(asked(Some(at(120)), Some(at(123)), false), Need::Test);
        let soon = Some(at(100) + SignedDuration::from_secs(1));
        assert_eq!(asked(soon, soon, false), Need::Nothing);
    }
}
