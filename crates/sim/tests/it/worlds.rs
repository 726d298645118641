//! Each world is told by its seed; a failing one names it.

use sim::world::{Told, World};

fn lives(seed: u64, steps: u32, crash_always: bool) -> Told {
    let run = || -> anyhow::Result<Told> {
        let mut world = World::new(seed)?;
        world.live(steps, crash_always)?;
        world.end()
    };
    run().unwrap_or_else(|error| {
        panic!("seed {seed} (crash after each step: {crash_always}): {error:#}")
    })
}

fn many(seeds: std::ops::Range<u64>, steps: u32, crash_always: bool) {
    let mut sum = Told::default();
    let asked = (seeds.end - seeds.start) * u64::from(steps);
    for seed in seeds {
        let told = lives(seed, steps, crash_always);
        sum.recorded += told.recorded;
        sum.refused += told.refused;
        sum.receipts += told.receipts;
        sum.audited += told.audited;
        sum.crashes += told.crashes;
        sum.printed += told.printed;
        sum.not_stored += told.not_stored;
    }
    println!("{sum:?}");
    // A world in which nothing happens proves nothing.
    let (recorded, refused) = (sum.recorded as u64, sum.refused as u64);
    assert!(recorded > asked / 4 && refused > asked / 10, "{sum:?} of {asked}");
    // Each till's float and difference beside its receipts.
    assert!(sum.audited > sum.receipts, "{sum:?}");
    let printed = sum.printed as u64;
    assert!(sum.receipts > asked / 40 && printed > asked / 300 && sum.crashes > 3, "{sum:?}");
}

#[test]
fn ten_worlds() {
    many(0..10, 300, false);
}

#[test]
fn ten_more_worlds() {
    many(10..20, 300, false);
}

#[test]
fn three_worlds_that_crash_after_every_step() {
    many(100..103, 200, true);
}

#[test]
#[ignore = "a thousand worlds take many minutes; for changes of the engine or the store"]
fn a_thousand_worlds() {
    many(1_000..2_000, 300, false);
}
