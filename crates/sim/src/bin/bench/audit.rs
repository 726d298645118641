//! What the law wants, measured: the tables for an audit out of a shop's file, the nightly check, what signing adds to a
//! receipt, and a simulated year.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use domain::{BasketId, DayNo, ShopCommand, TillCommand, TillId};
use jiff::civil::Date;
use shop::clock::Clock as _;
use shop::fiscal::{check_zip, write_unchecked};
use shop::proof::nightly::one;
use signing::{Software, Unit as _};
use sim::build::{Built, Plan, item_code, settings};
use sim::process::status_bytes;
use sim::units::{Quick, Signer, Unplugged, signed, unit};
use sim::year::{PACKAGE, Wanted, live};
use store::Reader;

use crate::Scale;
use crate::baseline::{now, raw_commits};
use crate::catalogue::wait;
use crate::report::{Bound, Report, megabytes, percentile};
use crate::selling::ITEMS;

const LINES: u64 = 6;

/// A shop whose receipts a unit signed, sold in so many days at so many tills, all closed.
fn sold(file: &Path, tills: u16, days: u32, receipts: u64) -> Result<Built> {
    let mut built = Built::create(file, Plan { seed: 21, tills, items: ITEMS })?;
    let quick = Quick::new(7, built.clock.now())?;
    built.engine.units().put(&unit(1), Unplugged::new(quick));
    let manager = Some(built.manager);
    let settings = Box::new(signed(settings(tills), 1));
    built.shop(manager, ShopCommand::Configure { settings })?;
    let signer = Signer::start(&built.engine, Arc::clone(&built.clock))?;
    let reader = Reader::open(file)?;
    for _ in 0..days {
        for till in 1..=tills {
            built.open_till(till)?;
        }
        built.sell(receipts / u64::from(days), LINES, tills, ITEMS)?;
        signer.until_signed(&reader)?;
        for till in 1..=tills {
            close(&mut built, till)?;
        }
        signer.until_signed(&reader)?;
        built.clock.advance(Duration::from_secs(24 * 3_600));
    }
    signer.end()?;
    Ok(built)
}

fn close(built: &mut Built, till: u16) -> Result<()> {
    let pieces = vec![domain::command::Denomination { value: 1, pieces: 20_000 }];
    built.till(till, TillCommand::CountDrawer { pieces, foreign: Vec::new() })?;
    built.till(till, TillCommand::CloseDay { despite_doubt: None })?;
    built.till(till, TillCommand::SignOut)
}

/// All dates.
const ALL: (Date, Date) = (jiff::civil::date(2000, 1, 1), jiff::civil::date(2099, 12, 31));

/// The export, its check, its memory; beside writing and zipping the same bytes.
pub fn measure_export(scale: &Scale, report: &mut Report) -> Result<()> {
    let receipts: u64 = if scale.quick { 4_000 } else { 100_000 };
    let file = scale.folder.path().join("export.sqlite");
    let began = now();
    let (tills, days) = (4, 10);
    sold(&file, tills, days, receipts)?.close();
    // Each till day has its float and its difference beside its receipts.
    let records = receipts + 2 * u64::from(tills) * u64::from(days);
    eprintln!("{receipts} receipts sold and signed in {:.0} s", began.elapsed().as_secs_f64());
    let target = scale.folder.path().join("export.zip");
    let reader = Reader::open(&file)?;
    let began = now();
    write_unchecked(&reader, ALL, &target, &mut |_, _| {})?;
    let wrote = began.elapsed().as_secs_f64();
    let (bytes, raw) = raw(scale, &target)?;
    let lines = receipts * LINES;
    let what = format!("DSFinV-K out of the shop's file, {receipts} receipts with {lines} lines");
    let beside = format!(
        "{:.0} MB of tables; writing and zipping the same bytes: {raw:.2} s",
        megabytes(bytes)
    );
    report.row(&what, wrote, "s", Bound::AtMost(10.0), &beside);
    let what = "writing and zipping the same bytes ÷ the export";
    report.row(what, raw / wrote, "", Bound::AtLeast(0.5), &beside);
    let began = now();
    let checked = check_zip(&target, &mut |_| {})?;
    let took = began.elapsed().as_secs_f64();
    if let Some(wrong) = checked.wrong {
        bail!("the package contradicts itself: {wrong:?}");
    }
    if checked.summary.verified != records {
        bail!("{} of {records} records are signed", checked.summary.verified);
    }
    let beside = format!("{} signatures verified", checked.summary.verified);
    report.row("reading that package again and checking it", took, "s", Bound::None, &beside);
    drop(reader);
    memory(scale, report, &file)
}

/// The bytes of a package, and how long it takes to write them to files and zip them, in seconds.
fn raw(scale: &Scale, package: &Path) -> Result<(u64, f64)> {
    let folder = scale.folder.path().join("raw");
    std::fs::create_dir_all(&folder)?;
    let mut zip = zip::ZipArchive::new(BufReader::new(File::open(package)?))?;
    let mut names = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at)?;
        let name = file.name()?.into_owned();
        io::copy(&mut file, &mut File::create(folder.join(&name))?)?;
        names.push(name);
    }
    let mut bytes = 0;
    let began = now();
    // Written once, as the tables are before they are packed; and packed.
    let mut written: Vec<PathBuf> = Vec::new();
    for name in &names {
        let to = folder.join(format!("{name}.again"));
        let mut out = BufWriter::new(File::create(&to)?);
        bytes += io::copy(&mut File::open(folder.join(name))?, &mut out)?;
        out.flush()?;
        written.push(to);
    }
    let mut again = zip::ZipWriter::new(BufWriter::new(File::create(folder.join("again.zip"))?));
    for (name, from) in names.iter().zip(&written) {
        again.start_file(name.as_str(), zip::write::SimpleFileOptions::default())?;
        io::copy(&mut File::open(from)?, &mut again)?;
    }
    again.finish()?.get_ref().sync_all()?;
    let took = began.elapsed().as_secs_f64();
    std::fs::remove_dir_all(&folder)?;
    Ok((bytes, took))
}

/// The memory of the program that exports and checks.
fn memory(scale: &Scale, report: &mut Report, file: &Path) -> Result<()> {
    let target = scale.folder.path().join("child.zip");
    let mut child = Command::new(&scale.program)
        .args(["export", "dsfinvk", "--from", "2000-01-01", "--to", "2099-12-31", "--file"])
        .arg(file)
        .arg(&target)
        .stdout(Stdio::null())
        .spawn()
        .context("start the export")?;
    let mut highest = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        highest = highest.max(status_bytes(child.id(), "VmHWM:").unwrap_or(highest));
        wait(Duration::from_millis(20));
    };
    if !status.success() {
        bail!("the export failed");
    }
    let beside = "highest resident of `tresen export dsfinvk`, its check in it";
    report.row("memory of the export", megabytes(highest), "MB", Bound::AtMost(150.0), beside);
    Ok(())
}

/// The check that runs after a day's closing: the day as an auditor would get it, and its proof.
pub fn measure_nightly(scale: &Scale, report: &mut Report) -> Result<()> {
    let receipts: u64 = if scale.quick { 1_000 } else { 5_000 };
    let file = scale.folder.path().join("nightly.sqlite");
    sold(&file, 1, 1, receipts)?.close();
    let reader = Reader::open(&file)?;
    let mut times = Vec::new();
    let mut beside = String::new();
    for _ in 0..3 {
        let began = now();
        let (check, proof) = one(&reader, (TillId(1), DayNo(1)), jiff::Timestamp::UNIX_EPOCH)?;
        times.push(began.elapsed());
        let whole = check.verified == receipts + 2 && check.differs == 0 && check.unproved == 0;
        if check.state != "right" || !whole {
            bail!("the day does not prove: {proof:?}");
        }
        beside =
            format!("{} signatures verified, {} statements proved", check.verified, check.proved);
    }
    let took = percentile(&mut times, 50) / 1_000.0;
    let what = format!("nightly check of a day of {receipts} receipts");
    report.row(&what, took, "s", Bound::AtMost(2.0), &beside);
    Ok(())
}

/// What a unit adds to a receipt: from the cashier's key to everything on disk.
pub fn measure_signing(scale: &Scale, report: &mut Report) -> Result<()> {
    let rounds = if scale.quick { 100 } else { 500 };
    let (mut plain, without) = paid(scale, "unsigned", rounds, false)?;
    let (mut with, commits) = paid(scale, "signed", rounds, true)?;
    let mut bare = bare(scale, rounds)?;
    let mut raw = raw_commits(&scale.folder.path().join("raw-signing.sqlite"), 700, rounds, true)?;
    let (plain, with) = (percentile(&mut plain, 50), percentile(&mut with, 50));
    let (bare, raw) = (percentile(&mut bare, 50), percentile(&mut raw, 50));
    let beside =
        format!("{commits} beside {without}, counted in the journal over {rounds} receipts");
    let added = (commits - without) as f64 / rounds as f64;
    report.row("commits that signing adds to a receipt", added, "", Bound::AtMost(1.0), &beside);
    let beside = format!(
        "median {with:.2} ms with the software unit, {plain:.2} ms without; the unit's own finish {bare:.2} ms, a raw commit {raw:.2} ms"
    );
    let more = with - plain - bare;
    report.row("a signed receipt, less the unit's own time", more, "ms", Bound::None, &beside);
    Ok(())
}

/// Times of paying, and the commands from the payment to the receipt that is done with.
fn paid(scale: &Scale, name: &str, rounds: usize, signs: bool) -> Result<(Vec<Duration>, i64)> {
    let file = scale.folder.path().join(format!("{name}.sqlite"));
    let mut built = Built::create(&file, Plan { seed: 5, tills: 1, items: ITEMS })?;
    if signs {
        let manager = Some(built.manager);
        let settings = Box::new(signed(settings(1), 1));
        built.shop(manager, ShopCommand::Configure { settings })?;
    }
    let signer = Signer::start(&built.engine, Arc::clone(&built.clock))?;
    built.open_till(1)?;
    let reader = Reader::open(&file)?;
    let (mut times, mut commits) = (Vec::new(), 0);
    for round in 0..rounds {
        let code = item_code(u32::try_from(round)? % ITEMS + 1);
        built.till(1, TillCommand::Scan { code, quantity: None, price: None })?;
        let basket = BasketId(u64::try_from(round)? + 1);
        // The unit hears of it with the first line; a customer takes longer to pay than that takes.
        let begun = |reader: &Reader| -> Result<bool> {
            let entries = reader.open_basket_entries()?;
            Ok(entries.iter().any(|(_, _, e)| matches!(e, domain::Event::SigningStarted(_))))
        };
        while signs && !begun(&reader)? {
            std::thread::yield_now();
        }
        let before = reader.head()?.seq;
        let began = now();
        built.till(1, TillCommand::PayCash { tendered: None })?;
        while signs && reader.signature(domain::signing::Subject::Basket(basket))?.is_none() {
            std::thread::yield_now();
        }
        times.push(began.elapsed());
        commits += commands(&reader, before)?;
    }
    signer.end()?;
    built.close();
    Ok((times, commits))
}

/// Commands behind an entry: one after the other, each has its own commit.
fn commands(reader: &Reader, before: u64) -> Result<i64> {
    let mut ids = Vec::new();
    for row in reader.journal(before + 1, 100)? {
        ids.push(journal::decode(&row.bytes)?.0.command);
    }
    ids.dedup();
    Ok(i64::try_from(ids.len())?)
}

/// The unit alone: finishing a transaction, on its own disk.
fn bare(scale: &Scale, rounds: usize) -> Result<Vec<Duration>> {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let path = scale.folder.path().join("bare.tse");
    let said = |fault: signing::Fault| anyhow!("{fault}");
    let unit = Software::open(&path, || signing::fresh(&[9; 32], "bare"), at).map_err(said)?;
    unit.register("BARE-1", at).map_err(said)?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let begun = unit.begin("BARE-1", at).map_err(said)?;
        let process = ("Kassenbeleg-V1", "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar");
        let began = now();
        unit.finish(("BARE-1", begun.number), process, at).map_err(said)?;
        times.push(began.elapsed());
    }
    Ok(times)
}

/// A year of all kinds of records, with outages and two units: each verified.
pub fn measure_year(scale: &Scale, report: &mut Report) -> Result<()> {
    let records = if scale.quick { 2_000 } else { 100_000 };
    let folder = scale.folder.path().join("year");
    std::fs::create_dir_all(&folder)?;
    let days = if scale.quick { 20 } else { 300 };
    let began = now();
    let told = live(&folder, Wanted { seed: 2_026, records, days, tills: 4 })?;
    eprintln!("{told:?}");
    let took = began.elapsed().as_secs_f64();
    let beside = format!(
        "of {records} records: {} receipts ({} with returns, {} with vouchers), {} training, {} given up, {} orders, {} handed over, \
         {} for people who work there, {} cash movements; \
         signed {} and {}, {} in recorded outages ({} times a unit went down); {took:.0} s",
        told.receipts,
        told.returns,
        told.vouchers,
        told.training,
        told.aborted,
        told.orders,
        told.handed_over,
        told.benefits,
        told.movements,
        told.signed[0],
        told.signed[1],
        told.outages,
        told.downs
    );
    let all = told.signed[0] + told.signed[1];
    let share = |part: u64, of: u64| part as f64 / of as f64 * 100.0;
    let what = "a simulated year: signatures that verify from the code alone";
    report.row(what, share(told.codes, all), "%", Bound::AtLeast(100.0), &beside);
    let beside = format!("{} of {all}, both exports verified", told.exported);
    let what = "a simulated year: signatures that stand in the unit's export";
    report.row(what, share(told.exported, all), "%", Bound::AtLeast(100.0), &beside);
    let beside =
        format!("{} till days, {} with something that cannot be proved", told.days, told.unproved);
    let what = "a simulated year: till days proved wholly";
    report.row(what, share(told.proved, told.days), "%", Bound::AtLeast(100.0), &beside);
    let what = "a simulated year by DSFinV-K: complaints of the public validator";
    let zip = folder.join(PACKAGE);
    match validated(&zip, &folder.join("tables"))? {
        Some(said) => {
            let complaints = said.lines().filter(|line| line.starts_with("complaint")).count();
            let tables = said.lines().find(|line| line.starts_with("tables")).unwrap_or("nothing");
            let read = format!(
                "{} closings in {} MB packed; {tables} read by `dsfinvk.validate`",
                told.closings,
                std::fs::metadata(&zip)?.len() / 1_000_000
            );
            report.row(what, complaints as f64, "", Bound::AtMost(0.0), &read);
            eprint!("{said}");
        }
        None => eprintln!("skipped: {what}: no Python with the package dsfinvk"),
    }
    Ok(())
}

/// Reads a folder of tables with the Python package `dsfinvk`; says how many there were, so that silence is not taken for
/// consent.
const VALIDATOR: &str = r#"
import os, sys
import xml.etree.ElementTree as ET
from dsfinvk.validate import validate_dir
for error in validate_dir(sys.argv[1]):
    print("complaint:", error)
print("tables:", len(ET.parse(os.path.join(sys.argv[1], "index.xml")).findall("./Media/Table")))
"#;

/// What the public validator says, where it is installed: `target/dsfinvk-venv` (`python3 -m venv` and `pip install
/// dsfinvk==2.4.0`), or any `python3` that has it.
fn validated(zip: &Path, folder: &Path) -> Result<Option<String>> {
    let program = std::env::current_exe()?;
    let venvs = program.ancestors().map(|at| at.join("dsfinvk-venv/bin/python"));
    let python = venvs.chain([PathBuf::from("python3")]).find(|python| {
        let asked = Command::new(python).args(["-c", "import dsfinvk.validate"]).output();
        asked.is_ok_and(|output| output.status.success())
    });
    let Some(python) = python else { return Ok(None) };
    zip::ZipArchive::new(File::open(zip)?)?.extract(folder)?;
    let run = Command::new(python).args(["-c", VALIDATOR]).arg(folder).output()?;
    ensure!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Ok(Some(String::from_utf8(run.stdout)?))
}
