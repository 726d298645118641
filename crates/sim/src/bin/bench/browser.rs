//! Scan to painted line in Debian's Chromium, driven by the end-to-end harness of `ui/`.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use sim::build::PIN;
use sim::process::Shop;

use crate::Scale;
use crate::report::{Bound, Report, percentile};

/// Types codes as a scanner does and reads the times that the page took itself.
pub fn measure(scale: &Scale, report: &mut Report, shop: &Shop, codes: &[String]) -> Result<()> {
    let mut ui = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    ui.pop();
    ui.pop();
    ui.push("ui");
    let script = ui.join("e2e").join("scan-to-paint.mjs");
    if !script.is_file() || !ui.join("node_modules").join("playwright-core").is_dir() {
        eprintln!(
            "skipped: scan to painted line (run `cargo xtask e2e` once to set the browser up)"
        );
        return Ok(());
    }
    let list = scale.folder.path().join("codes.json");
    std::fs::write(&list, serde_json::to_string(&codes.iter().take(300).collect::<Vec<_>>())?)?;
    let output = Command::new("node")
        .arg(&script)
        .arg(format!("http://{}", shop.address))
        .arg(PIN)
        .arg(&list)
        .output()
        .context("run node")?;
    if !output.status.success() {
        eprintln!("skipped: scan to painted line: {}", String::from_utf8_lossy(&output.stderr));
        return Ok(());
    }
    let times: Vec<f64> = serde_json::from_slice(&output.stdout)?;
    let mut times: Vec<Duration> =
        times.into_iter().map(|ms| Duration::from_secs_f64(ms / 1_000.0)).collect();
    let beside = format!("{} scans in Chromium", times.len());
    report.row(
        "scan to painted line, p99",
        percentile(&mut times, 99),
        "ms",
        Bound::AtMost(50.0),
        &beside,
    );
    Ok(())
}
