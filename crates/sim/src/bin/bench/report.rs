//! The table of figures.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;

/// A figure is held against a bound from above or from below.
#[derive(Debug, Clone, Copy)]
pub enum Bound {
    /// At least.
    AtLeast(f64),
    /// At most.
    AtMost(f64),
    /// For information.
    None,
}

/// The table.
pub struct Report {
    rows: Vec<String>,
    missed: u32,
    began: String,
    quick: bool,
}

/// The machine's load: the first figure of `/proc/loadavg`.
pub fn load() -> f64 {
    std::fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split(' ').next().and_then(|l| l.parse().ok()))
        .unwrap_or(f64::NAN)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[expect(clippy::disallowed_methods, reason = "the report says when it was measured")]
fn today() -> String {
    jiff::Timestamp::now().to_string().chars().take(10).collect()
}

impl Report {
    /// An empty table.
    pub fn new(quick: bool) -> Self {
        Report { rows: Vec::new(), missed: 0, began: today(), quick }
    }

    /// A figure with its unit, its bound, and what it was held against.
    pub fn row(&mut self, what: &str, figure: f64, unit: &str, bound: Bound, beside: &str) {
        let (wanted, met) = match bound {
            Bound::AtLeast(least) => (format!("≥ {least}"), figure >= least),
            Bound::AtMost(most) => (format!("≤ {most}"), figure <= most),
            Bound::None => ("–".to_owned(), true),
        };
        if !met {
            self.missed += 1;
        }
        let mark = if met { "yes" } else { "**no**" };
        let shown = if figure >= 100.0 { format!("{figure:.0}") } else { format!("{figure:.2}") };
        let row =
            format!("| {what} | {shown} {unit} | {wanted} | {mark} | {beside} | {:.1} |", load());
        eprintln!("{row}");
        self.rows.push(row);
    }

    /// The size of the program with its pages.
    pub fn binary(&mut self, program: &Path) -> Result<()> {
        let bytes = std::fs::metadata(program)?.len();
        self.row("the binary with pages", megabytes(bytes), "MB", Bound::AtMost(40.0), "");
        Ok(())
    }

    /// Prints the table and saves it when asked to.
    pub fn finish(self, save: Option<&str>) -> Result<()> {
        let mut text = String::new();
        writeln!(
            text,
            "Measured {} on {} cores{}.\n",
            self.began,
            cores(),
            if self.quick { ", short run" } else { "" }
        )?;
        writeln!(text, "| measure | figure | must be | met | beside, in the same run | load |")?;
        writeln!(text, "|---|---|---|---|---|---|")?;
        for row in &self.rows {
            writeln!(text, "{row}")?;
        }
        writeln!(
            text,
            "\nThe load is the machine's one-minute average when the figure was taken; the measuring itself is in it. Above the number of cores, times say little and only ratios count."
        )?;
        print!("{text}");
        if let Some(path) = save {
            std::fs::write(path, &text)?;
        }
        if self.missed > 0 {
            eprintln!("{} figures miss their bound", self.missed);
        }
        Ok(())
    }
}

/// Bytes in MB.
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

/// The p-th percentile of durations, in milliseconds.
pub fn percentile(times: &mut [Duration], p: usize) -> f64 {
    times.sort_unstable();
    let at = (times.len() * p).div_ceil(100).saturating_sub(1);
    times.get(at).map_or(f64::NAN, |t| t.as_secs_f64() * 1_000.0)
}

/// Things per second.
pub fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(1e-9)
}
