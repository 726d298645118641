//! The same commands with a thousand, a hundred thousand and a million receipts on file.

use anyhow::Result;
use sim::build::{Built, Plan};
use sim::process::Shop;

use crate::Scale;
use crate::baseline::now;
use crate::report::{Bound, Report, per_second, percentile};
use crate::selling::{Cashier, ITEMS, pin_hash};

/// One shop that grows; at each stage the program is started on it and measured over HTTP.
pub fn measure(scale: &Scale, report: &mut Report) -> Result<()> {
    let stages: &[u64] = if scale.quick { &[1_000, 10_000] } else { &[1_000, 100_000, 1_000_000] };
    let file = scale.folder.path().join("growth.sqlite");
    let mut built = Built::create(&file, Plan { seed: 3, tills: 4, items: ITEMS })?;
    built.set_pin(pin_hash()?)?;
    for till in 1..=4 {
        built.open_till(till)?;
    }
    let mut on_file = 0;
    let mut first = None;
    for stage in stages {
        built.sell(stage - on_file, 3, 4, ITEMS)?;
        on_file = *stage;
        built.close();
        let (median, note) = commands(scale, &file)?;
        let beside = format!("median {median:.3} ms; {note}");
        let base = *first.get_or_insert(median);
        let bound = if *stage == stages[0] { Bound::None } else { Bound::AtMost(1.3) };
        report.row(
            &format!("growth: a command with {stage} receipts ÷ with {}", stages[0]),
            median / base,
            "",
            bound,
            &beside,
        );
        built = Built::reopen(&file, *stage)?;
    }
    built.close();
    Ok(())
}

/// The median time of a command, in milliseconds, with a raw commit beside it.
fn commands(scale: &Scale, file: &std::path::Path) -> Result<(f64, String)> {
    let began = now();
    let shop = Shop::start(&scale.program, file)?;
    let started = began.elapsed().as_secs_f64();
    let mut cashier = Cashier::new(shop.address, 1, ITEMS)?;
    for _ in 0..500 {
        cashier.step()?;
    }
    let mut times = Vec::new();
    for _ in 0..3_000 {
        let began = now();
        cashier.step()?;
        times.push(began.elapsed());
    }
    let rate = per_second(times.len(), times.iter().sum());
    let median = percentile(&mut times, 50);
    shop.kill()?;
    Ok((median, format!("{rate:.0}/s, started in {started:.2} s")))
}
