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
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, Ordering};

    use domain::UnitId;
    use domain::signing::UnitKind;
    use signing::{Began, Finished, Identity, Software, Span, Tell, Unit, Usage};

    use super::super::units::Units;
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

    /// One that may not say how it stands.
    struct Silent(Software, AtomicBool);

    type Done<T> = Result<T, Fault>;

    impl Unit for Silent {
        fn usage(&self) -> Done<Usage> {
            if self.1.load(Ordering::SeqCst) {
                return Err(Fault::Unusable("no_answer"));
            }
            self.0.usage()
        }
        fn identity(&self) -> Done<Identity> {
            self.0.identity()
        }
        fn self_test(&self, now: Timestamp) -> Done<()> {
            self.0.self_test(now)
        }
        fn set_up(&self, puk: Option<&str>, now: Timestamp, tell: Tell<'_>) -> Done<()> {
            self.0.set_up(puk, now, tell)
        }
        fn clients(&self) -> Done<Vec<String>> {
            self.0.clients()
        }
        fn register(&self, client: &str, now: Timestamp) -> Done<()> {
            self.0.register(client, now)
        }
        fn deregister(&self, client: &str, now: Timestamp) -> Done<()> {
            self.0.deregister(client, now)
        }
        fn open_transactions(&self, client: &str) -> Done<Vec<u64>> {
            self.0.open_transactions(client)
        }
        fn begin(&self, client: &str, now: Timestamp) -> Done<Began> {
            self.0.begin(client, now)
        }
        fn update(&self, of: (&str, u64), what: (&str, &str), now: Timestamp) -> Done<()> {
            self.0.update(of, what, now)
        }
        fn finish(&self, of: (&str, u64), what: (&str, &str), now: Timestamp) -> Done<Finished> {
            self.0.finish(of, what, now)
        }
        fn finished(&self, of: (&str, u64), what: (&str, &str)) -> Done<Option<Finished>> {
            self.0.finished(of, what)
        }
        fn export(&self, span: Span, now: Timestamp, out: &mut dyn Write) -> Done<()> {
            self.0.export(span, now, out)
        }
    }

    #[test]
    fn one_that_does_not_say_how_it_stands_tests_itself_once_after_the_clock_was_set_back() {
        let folder = tempfile::tempdir().unwrap();
        let at = |hours: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1_000 + hours);
        let made = || signing::fresh(&[7; 32], "unit");
        let software = Software::open(&folder.path().join("unit.tse"), made, at(0)).unwrap();
        let unit = Arc::new(Silent(software, AtomicBool::new(false)));
        let id = UnitId(1);
        let set = UnitSettings { id, name: "unit".to_owned(), kind: UnitKind::Software };
        let units = Units::default();
        units.put(&set, Arc::clone(&unit) as Arc<dyn Unit>);
        let times = || units.opened().first().unwrap().times;
        units.test(id, &*unit, None, at(48)).unwrap();
        assert_eq!(times(), [Some(at(48)); 2]);
        unit.1.store(true, Ordering::SeqCst);
        assert_eq!(need(times(), false, at(24)), Need::Test);
        units.test(id, &*unit, None, at(24)).unwrap();
        assert_eq!(need(times(), false, at(24) + SignedDuration::from_mins(1)), Need::Look);
    }
}
