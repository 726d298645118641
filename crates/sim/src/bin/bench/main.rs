//! Measures the shop beside raw baselines of the same run, and says how loaded the machine was.
//!
//! `cargo xtask bench [--quick] [--save FILE]`. Nothing here judges by absolute time alone: a ratio to
//! what the same disk and the same two cores can do is what counts.

mod audit;
mod baseline;
mod browser;
mod cards;
mod catalogue;
mod counter;
mod growth;
mod paperless;
mod report;
mod selling;

use std::path::PathBuf;

use anyhow::Result;
use report::Report;

/// How much is measured.
pub struct Scale {
    /// A short run: smaller shops, no million receipts.
    pub quick: bool,
    /// Where temporary shops are made.
    pub folder: tempfile::TempDir,
    /// The program.
    pub program: PathBuf,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quick = arguments.iter().any(|a| a == "--quick");
    let only = arguments.iter().position(|a| a == "--only").and_then(|at| arguments.get(at + 1));
    let save = arguments.iter().position(|a| a == "--save").and_then(|at| arguments.get(at + 1));
    let wanted = |name: &str| only.is_none_or(|o| o.split(',').any(|part| part == name));
    let program = sim::process::binary()?;
    // Beside the program: on the disk of the build, not in a folder that may be memory.
    let beside = program.parent().unwrap_or_else(|| std::path::Path::new("."));
    let folder = tempfile::Builder::new().prefix("tresen-bench-").tempdir_in(beside)?;
    let scale = Scale { quick, folder, program };
    let mut report = Report::new(quick);
    report.binary(&scale.program)?;
    if wanted("selling") {
        selling::measure(&scale, &mut report)?;
    }
    if wanted("day") {
        selling::measure_day(&scale, &mut report)?;
    }
    if wanted("cards") {
        cards::measure(&scale, &mut report)?;
    }
    if wanted("counter") {
        counter::measure(&scale, &mut report)?;
    }
    if wanted("messages") {
        paperless::measure(&scale, &mut report)?;
    }
    if wanted("nightly") {
        audit::measure_nightly(&scale, &mut report)?;
    }
    if wanted("export") {
        audit::measure_export(&scale, &mut report)?;
    }
    if wanted("signing") {
        audit::measure_signing(&scale, &mut report)?;
    }
    if wanted("year") {
        audit::measure_year(&scale, &mut report)?;
    }
    if wanted("growth") {
        growth::measure(&scale, &mut report)?;
    }
    if wanted("catalogue") {
        catalogue::measure(&scale, &mut report)?;
    }
    report.finish(save.map(String::as_str))
}
