//! The record from the command line: verify, rebuild, back up, restore.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use journal::{Fault, Verdict};
use shop::personal::{NameFault, NameFinding, Whose};
use shop::verify::verify_file;
use store::{Head, Reader, Store, VerifyReport};

use crate::anchor;
use crate::say::Language;

/// `tresen verify`.
pub fn verify(language: Language, file: &Path, tables: bool, noted: &[String]) -> Result<()> {
    let mut anchors = Vec::new();
    for given in noted {
        anchors.extend(anchor::read(given)?);
    }
    let mut shown = 0;
    let found = verify_file(file, &anchors, |done, of| {
        progress(language, &mut shown, done, of);
        true
    })?;
    say_report(language, &found.record);
    say_names(language, &found.names);
    if !found.record.is_sound() {
        bail!("{}", language.say("das Journal ist nicht unversehrt", "the journal is not sound"));
    }
    if !found.names.is_empty() {
        bail!("{}", language.say("Namen passen nicht zum Journal", "names do not fit the journal"));
    }
    if !anchors.is_empty() {
        println!(
            "{} {}",
            language
                .say("Führt über alle notierten Köpfe:", "Leads over all heads that were noted:"),
            anchors.len()
        );
    }
    if tables {
        compare_tables(language, file)?;
    }
    Ok(())
}

/// Rebuilds a copy and compares each table with the shop's own, row by row: none is held in memory.
fn compare_tables(language: Language, file: &Path) -> Result<()> {
    let reader = Reader::open(file)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let copy = folder.join(format!(".verify-{}.sqlite", std::process::id()));
    reader.backup(&copy, |_, _| {})?;
    let compared = (|| -> Result<()> {
        let live = Reader::open(&copy)?.table_digests()?;
        let mut store = Store::open(&copy)?;
        shop::engine::rebuild(&mut store)?;
        drop(store);
        let rebuilt = Reader::open(&copy)?.table_digests()?;
        for (live, rebuilt) in live.iter().zip(&rebuilt) {
            if live != rebuilt {
                bail!(
                    "{} {}",
                    language
                        .say("weicht vom Journal ab: Tabelle", "differs from the journal: table"),
                    live.table
                );
            }
            println!("  {}: {} =", live.table, live.rows);
        }
        Ok(())
    })();
    for name in ["", "-wal", "-shm", ".lock"] {
        let mut path = copy.clone().into_os_string();
        path.push(name);
        // Some of them never were there.
        let _ = std::fs::remove_file(path);
    }
    compared?;
    println!(
        "{}",
        language.say("Alle Tabellen gleichen dem Journal.", "Every table equals the journal.")
    );
    Ok(())
}

fn progress(language: Language, shown: &mut u64, done: u64, of: u64) {
    let percent = done.saturating_mul(100).checked_div(of).unwrap_or(100);
    if percent >= *shown + 10 {
        *shown = percent;
        println!("{} {percent} %", language.say("geprüft:", "verified:"));
    }
}

fn say_report(language: Language, report: &VerifyReport) {
    match report.verdict {
        Verdict::Sound { head } => {
            println!("{} {}", language.say("Unversehrt. Einträge:", "Sound. Entries:"), head.seq);
            say_head(language, head);
        }
        Verdict::Bad(finding) => {
            let how = match finding.fault {
                Fault::Edited => language.say("verändert", "edited"),
                Fault::Missing => language.say("fehlt", "missing"),
                Fault::Swapped => language.say("vertauscht", "swapped"),
                Fault::CutOff => language.say("abgeschnitten", "cut off"),
                Fault::Unreadable => language.say("unlesbar", "unreadable"),
                Fault::Rewritten => language.say("neu geschrieben", "rewritten"),
            };
            println!(
                "{} {}: {how}",
                language.say("Erster schlechter Eintrag:", "First bad entry:"),
                finding.seq
            );
        }
    }
    for wrong in &report.structure {
        println!("SQLite: {wrong}");
    }
}

/// What is wrong with whose name.
fn say_names(language: Language, found: &[NameFinding]) {
    for name in found {
        let how = match name.fault {
            NameFault::Edited => language.say("verändert", "edited"),
            NameFault::Missing => language.say(
                "fehlt, ohne dass jemand die Person vergessen ließ",
                "missing, and nobody had the person forgotten",
            ),
            NameFault::NotForgotten => {
                language.say("noch da, obwohl vergessen", "still there, though forgotten")
            }
            NameFault::OfNobody => {
                language.say("zu niemandem im Journal gehörig", "of nobody whom the journal knows")
            }
        };
        let whose = match name.whose {
            Whose::Person(id) => {
                format!("{} {id}", language.say("Name von Person", "Name of person"))
            }
            Whose::Customer(id) => {
                format!("{} {id}", language.say("Angaben zu Kunde", "Details of customer"))
            }
        };
        println!("{whose}: {how}");
    }
}

/// The head, to be noted where nobody can reach both it and the file.
fn say_head(language: Language, head: Head) {
    println!("{} {}", language.say("Kopf:", "Head:"), anchor::text(head));
}

/// `tresen rebuild`.
pub fn rebuild(language: Language, file: &Path) -> Result<()> {
    let mut store = Store::open(file)?;
    shop::engine::rebuild(&mut store)?;
    println!(
        "{} {}",
        language.say("Neu aufgebaut aus Einträgen:", "Rebuilt from entries:"),
        store.head().seq
    );
    Ok(())
}

/// `tresen backup`. Works beside a running shop.
pub fn backup(language: Language, file: &Path, to: &Path) -> Result<()> {
    let report = Reader::open(file)?.backup(to, |_, _| {})?;
    let verified = verify_file(to, &[], |_, _| true).context("verify the backup")?;
    // A name that was edited is no reason to be without a backup, but it is said.
    say_names(language, &verified.names);
    if !verified.record.is_sound() {
        say_report(language, &verified.record);
        bail!("{}", language.say("die Sicherung ist nicht unversehrt", "the backup is not sound"));
    }
    println!(
        "{} {} ({} {})",
        language.say("Gesichert und geprüft bis Eintrag", "Backed up and verified through entry"),
        report.through,
        report.bytes,
        language.say("Bytes", "bytes")
    );
    say_head(language, Head { seq: report.through, hash: report.hash });
    // When the shop is not running, the backup is noted in its journal; a running shop notes its own.
    if let Ok(store) = Store::open(file) {
        note_backup(store, report.through)?;
    }
    Ok(())
}

fn note_backup(store: Store, through: u64) -> Result<()> {
    use shop::clock::Clock as _;
    let clock = std::sync::Arc::new(shop::clock::SystemClock::start());
    let id = shop::ids::own_command(clock.now());
    let (engine, running) = shop::engine::Engine::start(store, clock)?;
    // Nobody is signed in at the command line: the entry names no person.
    let actor = shop::engine::Actor::default();
    engine.shop_blocking(id, actor, domain::ShopCommand::NoteBackup { through })?;
    running.stop();
    Ok(())
}

/// `tresen restore`.
pub fn restore(language: Language, from: &Path, to: &Path) -> Result<()> {
    use shop::clock::Clock as _;
    let mut shown = 0;
    let at = shop::clock::SystemClock::start().now();
    let restoring = store::Restoring { at, command: shop::ids::own_command(at) };
    let record = store::restore(from, to, restoring, |done, of| {
        progress(language, &mut shown, done, of);
        true
    })?;
    say_report(language, &record);
    // They came as they were in the backup: said, so that nobody trusts an edited one.
    let names = shop::personal::check(&Reader::open(to)?)?;
    say_names(language, &names);
    println!("{} {}", language.say("Zurückgespielt nach", "Restored to"), to.display());
    let reader = Reader::open(to)?;
    let last = reader.entry(reader.head()?.seq)?;
    println!(
        "{} {}",
        language.say(
            "Neue Belege tragen hinter ihrer Nummer:",
            "New receipts carry behind their number:"
        ),
        last.map_or(1, |(meta, _)| meta.incarnation)
    );
    Ok(())
}
