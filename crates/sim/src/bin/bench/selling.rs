//! Selling over HTTP: one client, sixty-four, memory, disk, closing.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use serde_json::json;
use sim::build::{Built, PIN, Plan, item_code};
use sim::client::Client;
use sim::process::Shop;
use sim::random::Random;

use crate::Scale;
use crate::baseline::{BareAxum, bare_client, now, raw_commits, requests};
use crate::report::{Bound, Report, megabytes, per_second, percentile};

/// Items of the shops that sell here.
pub const ITEMS: u32 = 2_000;

/// Makes a shop file with open tills and closes it.
pub fn shop_file(scale: &Scale, name: &str, tills: u16, receipts: u64) -> Result<PathBuf> {
    let file = scale.folder.path().join(format!("{name}.sqlite"));
    let mut built = Built::create(&file, Plan { seed: 7, tills, items: ITEMS })?;
    built.set_pin(pin_hash()?)?;
    for till in 1..=tills {
        built.open_till(till)?;
    }
    built.sell(receipts, 4, tills, ITEMS)?;
    built.close();
    Ok(file)
}

/// The hash of everybody's PIN in measured shops.
pub fn pin_hash() -> Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    Ok(runtime.block_on(shop::auth::Secrets::default().hash(PIN))?)
}

/// Signs in at a till.
pub fn sign_in(address: SocketAddr, till: u16) -> Result<Client> {
    let mut client = Client::connect(address)?;
    let body = json!({"person": 1, "pin": PIN});
    client.ok("POST", &format!("/api/v1/tills/{till}/sign-in"), Some(&body))?;
    Ok(client)
}

/// Cashiers so far, in this process.
static CASHIERS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);

/// A cashier who scans and takes cash, four lines a receipt; a command at each call.
pub struct Cashier {
    client: Client,
    till: u16,
    random: Random,
    line: u32,
    at: u64,
    items: u32,
}

impl Cashier {
    /// Signed in at `till`.
    pub fn new(address: SocketAddr, till: u16, items: u32) -> Result<Cashier> {
        let client = sign_in(address, till)?;
        // Ids that no cashier before had: the shop would only repeat its answer.
        let nth = CASHIERS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let random = Random::new(nth * 7_919 + u64::from(till));
        Ok(Cashier {
            client,
            till,
            random,
            line: 0,
            at: 1_800_000_000_000 + nth * 1_000_000,
            items,
        })
    }

    /// One command.
    pub fn step(&mut self) -> Result<()> {
        self.at += 1;
        let id = self.random.uuid(self.at);
        let body = if self.line < 4 {
            self.line += 1;
            let n = u32::try_from(self.random.below(u64::from(self.items)))? + 1;
            format!(r#"{{"id":"{id}","type":"scan","code":"{}"}}"#, item_code(n))
        } else {
            self.line = 0;
            format!(r#"{{"id":"{id}","type":"pay_cash"}}"#)
        };
        let path = format!("/api/v1/tills/{}/commands", self.till);
        let status = self.client.send("POST", &path, Some(&body))?;
        // What was only repeated measures nothing.
        let repeated = self.client.body().windows(15).any(|part| part == b"\"repeated\":true");
        if status != 200 || repeated {
            bail!("till {}: {status} {}", self.till, String::from_utf8_lossy(self.client.body()));
        }
        Ok(())
    }
}

/// The bytes of an entry, on average over the last ones.
fn bytes_per_command(file: &Path) -> Result<usize> {
    let reader = store::Reader::open(file)?;
    let head = reader.head()?.seq;
    let rows = reader.journal(head.saturating_sub(500), 500)?;
    let sum: usize = rows.iter().map(|row| row.bytes.len()).sum();
    Ok(sum / rows.len().max(1))
}

/// One client and sixty-four, each command answered after it is on disk.
pub fn measure(scale: &Scale, report: &mut Report) -> Result<()> {
    let rounds = if scale.quick { 1_000 } else { 5_000 };
    let file = shop_file(scale, "selling", 64, 50)?;
    let bytes = bytes_per_command(&file)?;
    let shop = Shop::start(&scale.program, &file)?;

    let mut cashier = Cashier::new(shop.address, 1, ITEMS)?;
    for _ in 0..200 {
        cashier.step()?;
    }
    // In turn, so that both see the same machine.
    let (mut raw, mut laid, mut ours) = (Vec::new(), Vec::new(), Vec::new());
    let bare = BareAxum::start()?;
    let mut bare_times = Vec::new();
    for turn in 0..5 {
        let raw_file = scale.folder.path().join(format!("raw{turn}.sqlite"));
        raw.extend(raw_commits(&raw_file, bytes, rounds / 5, false)?);
        let laid_file = scale.folder.path().join(format!("laid{turn}.sqlite"));
        laid.extend(raw_commits(&laid_file, bytes, rounds / 5, true)?);
        bare_times.extend(requests(1, rounds / 5, |_| bare_client(bare.address))?.1);
        for _ in 0..rounds / 5 {
            let began = now();
            cashier.step()?;
            ours.push(began.elapsed());
        }
    }
    let raw_rate = per_second(raw.len(), raw.iter().sum());
    let rate = per_second(ours.len(), ours.iter().sum());
    let (raw_p99, p99) = (percentile(&mut raw, 99), percentile(&mut ours, 99));
    let beside = format!(
        "{rate:.0}/s beside {raw_rate:.0} raw commits/s of the same rows ({bytes} bytes an entry)"
    );
    report.row(
        "commands/s, one client, ÷ raw commits/s",
        rate / raw_rate,
        "",
        Bound::AtLeast(0.6),
        &beside,
    );
    let beside = format!("p99 {p99:.2} ms beside {raw_p99:.2} ms raw");
    report.row("p99 of one client ÷ raw p99", p99 / raw_p99, "", Bound::AtMost(3.0), &beside);
    // The harder comparison: SQLite with the shop's own way of laying out the log.
    let laid_rate = per_second(laid.len(), laid.iter().sum());
    let laid_p99 = percentile(&mut laid, 99);
    let beside = format!("{rate:.0}/s beside {laid_rate:.0} raw commits/s, log laid out");
    report.row(
        "commands/s, one client, ÷ raw commits/s with the log laid out as ours",
        rate / laid_rate,
        "",
        Bound::AtLeast(0.6),
        &beside,
    );
    let beside = format!("p99 {p99:.2} ms beside {laid_p99:.2} ms raw");
    report.row(
        "p99 of one client ÷ raw p99 with the log laid out as ours",
        p99 / laid_p99,
        "",
        Bound::AtMost(3.0),
        &beside,
    );
    drop(cashier);
    // What no till can do without: a round trip through axum, and behind it the commit.
    let bare_rate = per_second(bare_times.len(), bare_times.iter().sum());
    let alone = (1.0 / (1.0 / bare_rate + 1.0 / laid_rate)).max(f64::MIN_POSITIVE);
    let beside = format!(
        "{rate:.0}/s beside {alone:.0}/s: a raw commit, log laid out, and a bare axum's round trip ({bare_rate:.0}/s) one after the other; these alone come to {:.2} of the raw commits/s",
        alone / raw_rate
    );
    report.row(
        "commands/s, one client, ÷ bare round trip and raw commit",
        rate / alone,
        "",
        Bound::None,
        &beside,
    );

    let (bare_rate, mut bare_times) = requests(64, 1_000, |_| bare_client(bare.address))?;
    let bare_p99 = percentile(&mut bare_times, 99);
    drop(bare);
    let address = shop.address;
    let each = if scale.quick { 400 } else { 1_500 };
    let (rate, mut times) = requests(64, each, |n| {
        let mut cashier = Cashier::new(address, u16::try_from(n)? + 1, ITEMS)?;
        Ok(Box::new(move || cashier.step()))
    })?;
    let p99 = percentile(&mut times, 99);
    let beside = format!("bare axum, 64 clients: {bare_rate:.0} GET/s, p99 {bare_p99:.1} ms");
    report.row("commands/s, 64 clients", rate, "/s", Bound::AtLeast(10_000.0), &beside);
    report.row("p99 of 64 clients", p99, "ms", Bound::AtMost(25.0), &beside);
    shop.kill()
}

/// Ten thousand sales in one day: memory, disk, closing.
pub fn measure_day(scale: &Scale, report: &mut Report) -> Result<()> {
    let sales: u64 = if scale.quick { 2_000 } else { 10_000 };
    let file = shop_file(scale, "day", 1, 0)?;
    let shop = Shop::start(&scale.program, &file)?;
    let mut cashier = Cashier::new(shop.address, 1, ITEMS)?;
    for _ in 0..sales * 5 {
        cashier.step()?;
    }
    let resident = shop.resident()?;
    let what = format!("resident memory after {sales} sales");
    report.row(&what, megabytes(resident), "MB", Bound::AtMost(100.0), "");
    close_day(&mut cashier, report, sales)?;
    shop.kill()?;
    disk(scale, report)
}

fn close_day(cashier: &mut Cashier, report: &mut Report, sales: u64) -> Result<()> {
    let path = format!("/api/v1/tills/{}/commands", cashier.till);
    cashier.at += 1;
    let count = json!({"id": cashier.random.uuid(cashier.at), "type": "count_drawer", "pieces": [{"value": 1, "pieces": 1}]});
    cashier.client.ok("POST", &path, Some(&count))?;
    cashier.at += 1;
    let close = json!({"id": cashier.random.uuid(cashier.at), "type": "close_day"});
    let began = now();
    cashier.client.ok("POST", &path, Some(&close))?;
    let took = began.elapsed().as_secs_f64();
    report.row(&format!("Z closing of {sales} receipts"), took, "s", Bound::AtMost(1.0), "");
    Ok(())
}

/// Disk per receipt of five lines: journal and tables together, the write-ahead log folded in.
fn disk(scale: &Scale, report: &mut Report) -> Result<()> {
    let receipts: u64 = if scale.quick { 2_000 } else { 10_000 };
    let file = scale.folder.path().join("disk.sqlite");
    let mut built = Built::create(&file, Plan { seed: 11, tills: 1, items: ITEMS })?;
    built.open_till(1)?;
    built.sell(100, 5, 1, ITEMS)?;
    let before = folded(&built)?;
    built.sell(receipts, 5, 1, ITEMS)?;
    let after = folded(&built)?;
    built.close();
    let each = (after - before) / receipts;
    report.row(
        "disk per 5-line receipt",
        megabytes(each) * 1_000.0,
        "kB",
        Bound::AtMost(5.0),
        "journal and tables",
    );
    Ok(())
}

/// The size of the file's pages in use.
fn folded(built: &Built) -> Result<u64> {
    let reader = store::Reader::open(built.engine.path())?;
    Ok(reader.size()?)
}
