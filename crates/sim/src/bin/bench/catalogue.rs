//! The large catalogue: import, search, start, scan to paint.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use sim::build::{Built, Plan};
use sim::client::Client;
use sim::process::{Shop, status_bytes};
use sim::random::Random;

use crate::Scale;
use crate::baseline::now;
use crate::report::{Bound, Report, megabytes, percentile};
use crate::selling::{pin_hash, sign_in};

/// Receipts on file before the catalogue comes.
const RECEIPTS: u64 = 100_000;

/// All of it, on one file.
pub fn measure(scale: &Scale, report: &mut Report) -> Result<()> {
    let Some(data) = sim::shared_data() else {
        eprintln!(
            "skipped: import, search and scan over the large catalogue (its file is not here)"
        );
        return Ok(());
    };
    let csv = unpack(scale, &data.join("catalogue").join("world.csv.xz"))?;
    let file = scale.folder.path().join("catalogue.sqlite");
    let receipts = if scale.quick { 1_000 } else { RECEIPTS };
    let mut built = Built::create(&file, Plan { seed: 5, tills: 1, items: 200 })?;
    built.set_pin(pin_hash()?)?;
    built.open_till(1)?;
    built.sell(receipts, 3, 1, 200)?;
    built.close();

    import(scale, report, &csv, &file)?;
    let codes = codes(&csv)?;
    start(scale, report, &file, &codes)?;
    let shop = Shop::start(&scale.program, &file)?;
    search(report, &shop, &csv)?;
    scans(report, &shop, &codes)?;
    crate::browser::measure(scale, report, &shop, &codes)?;
    shop.kill()
}

fn unpack(scale: &Scale, packed: &Path) -> Result<PathBuf> {
    let mut text = Vec::new();
    liblzma::read::XzDecoder::new(std::fs::File::open(packed)?).read_to_end(&mut text)?;
    let csv = scale.folder.path().join("world.csv");
    std::fs::write(&csv, text)?;
    Ok(csv)
}

/// Codes of the catalogue, every thousandth.
fn codes(csv: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(csv)?;
    let codes = text.lines().skip(1).step_by(997).filter_map(|l| l.split(';').next());
    Ok(codes.filter(|c| gs1::is_valid_gtin(c)).map(str::to_owned).collect())
}

fn import(scale: &Scale, report: &mut Report, csv: &Path, file: &Path) -> Result<()> {
    let began = now();
    let mut child = Command::new(&scale.program)
        .arg("import")
        .arg(csv)
        .arg("--keep-good")
        .arg("--file")
        .arg(file)
        .stdout(Stdio::null())
        .spawn()?;
    let mut highest = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        highest = highest.max(status_bytes(child.id(), "VmHWM:").unwrap_or(highest));
        wait(std::time::Duration::from_millis(20));
    };
    let took = began.elapsed().as_secs_f64();
    if !status.success() {
        bail!("the import failed");
    }
    let items = store::Reader::open(file)?.item_count()?;
    let what = format!("import of {items} items");
    report.row(&what, took, "s", Bound::AtMost(60.0), "`tresen import`, journalled, valid at once");
    report.row(
        "memory of the import",
        megabytes(highest),
        "MB",
        Bound::AtMost(300.0),
        "highest resident",
    );
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "looks at another process's memory now and then")]
pub fn wait(time: std::time::Duration) {
    std::thread::sleep(time);
}

/// From starting the process to the first answered scan, signed in anew on the way.
fn start(scale: &Scale, report: &mut Report, file: &Path, codes: &[String]) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let began = now();
        let shop = Shop::start(&scale.program, file)?;
        let mut client = sign_in(shop.address, 1)?;
        scan(
            &mut client,
            codes.first().context("no code")?,
            1_900_000_000_000 + times.len() as u64,
        )?;
        times.push(began.elapsed());
        shop.kill()?;
    }
    let median = percentile(&mut times, 50) / 1_000.0;
    report.row(
        "start of the process to first answered scan",
        median,
        "s",
        Bound::AtMost(0.5),
        "median of 5, sign-in by PIN included",
    );
    Ok(())
}

fn scan(client: &mut Client, code: &str, at: u64) -> Result<()> {
    let id = Random::new(at).uuid(at);
    let body = json!({"id": id, "type": "scan", "code": code});
    client.ok("POST", "/api/v1/tills/1/commands", Some(&body)).map(|_| ())
}

/// Every text that somebody sees while typing words of real names.
fn search(report: &mut Report, shop: &Shop, csv: &Path) -> Result<()> {
    let mut client = sign_in(shop.address, 1)?;
    let text = std::fs::read_to_string(csv)?;
    let mut times = Vec::new();
    for line in text.lines().skip(1).step_by(16_001) {
        let name = line.split(';').nth(1).unwrap_or_default();
        let words: Vec<&str> = name.split_whitespace().take(2).collect();
        let typed: String = words.join(" ");
        for end in 1..=typed.chars().count().min(12) {
            let prefix: String = typed.chars().take(end).collect();
            let path = format!("/api/v1/items/search?limit=20&q={}", percent(&prefix));
            let began = now();
            let status = client.send("GET", &path, None)?;
            times.push(began.elapsed());
            if status != 200 {
                bail!("search {prefix}: {status}");
            }
        }
    }
    let beside = format!("{} searches, each letter typed", times.len());
    report.row(
        "search as you type, p99",
        percentile(&mut times, 99),
        "ms",
        Bound::AtMost(30.0),
        &beside,
    );
    Ok(())
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }
        })
        .collect()
}

/// Scans over HTTP, for comparison with the browser.
fn scans(report: &mut Report, shop: &Shop, codes: &[String]) -> Result<()> {
    let mut client = sign_in(shop.address, 1)?;
    let mut times = Vec::new();
    for (n, code) in codes.iter().take(500).enumerate() {
        let began = now();
        scan(&mut client, code, 1_950_000_000_000 + n as u64)?;
        times.push(began.elapsed());
        if n % 20 == 19 {
            let id = Random::new(n as u64).uuid(1_960_000_000_000 + n as u64);
            let body = json!({"id": id, "type": "abort_basket"});
            client.ok("POST", "/api/v1/tills/1/commands", Some(&body))?;
        }
    }
    report.row(
        "scan answered over HTTP, p99",
        percentile(&mut times, 99),
        "ms",
        Bound::None,
        "same file, no browser",
    );
    Ok(())
}
