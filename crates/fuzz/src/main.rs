//! `cargo xtask fuzz [--inputs N] [--only NAME] [--from N]`: every decoder on N made-up inputs, one after the
//! other, and how long each took.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use fuzz::{MadeUp, Seeds, TARGETS};

/// Inputs of each decoder unless told otherwise.
const INPUTS: u64 = 10_000_000;

struct Wanted {
    inputs: u64,
    from: u64,
    only: Option<String>,
}

fn wanted() -> Result<Wanted> {
    let mut wanted = Wanted { inputs: INPUTS, from: 0, only: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(flag) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--inputs" => wanted.inputs = value.parse().context("--inputs is a number")?,
            "--from" => wanted.from = value.parse().context("--from is a number")?,
            "--only" => wanted.only = Some(value),
            other => bail!("{other:?} means nothing here: --inputs N, --from N, --only NAME"),
        }
    }
    Ok(wanted)
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long it took is told, and nothing depends on it"
)]
fn main() -> Result<()> {
    let wanted = wanted()?;
    let seeds = Seeds::known();
    let named = |name: &str| wanted.only.as_deref().is_none_or(|only| name.contains(only));
    if !TARGETS.iter().any(|target| named(target.name)) {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        bail!("no decoder of that name; there are {}", names.join(", "));
    }
    println!("{} seeds, {} inputs each", seeds.count(), wanted.inputs);
    let mut input = Vec::new();
    for target in TARGETS.iter().filter(|target| named(target.name)) {
        let began = Instant::now();
        for number in wanted.from..wanted.from.saturating_add(wanted.inputs) {
            MadeUp::input(number, &seeds, &mut input);
            let read = std::panic::AssertUnwindSafe(|| (target.read)(&input));
            if std::panic::catch_unwind(read).is_err() {
                bail!(
                    "{} fails at input {number}; again: cargo xtask fuzz --only {} --from {number} --inputs 1",
                    target.name,
                    target.name
                );
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        println!("{:<20} {:>12} inputs {seconds:>9.1} s", target.name, wanted.inputs);
    }
    println!("no panic");
    Ok(())
}
