//! The bank's files from the command line.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use domain::Permission;
use domain::people::may;
use shop::bank::{FileFault, MAX_BYTES, read, take};
use shop::clock::{Clock, SystemClock};

use crate::say::Language;

/// `tresen import bank`. In the name of a manager, as an import of items is.
pub fn import(language: Language, from: &Path, file: &Path) -> Result<()> {
    if !file.exists() {
        return Err(store::StoreError::Missing(file.to_owned()).into());
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::open(from)
        .with_context(|| from.display().to_string())?
        .take(most)
        .read_to_end(&mut bytes)?;
    let read = read(&bytes).map_err(|fault| anyhow::anyhow!("{}", words(language, fault)))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let (engine, running) = crate::serve::open(file, &clock)?;
    let snapshot = engine.snapshot_blocking()?;
    let able = |role| may(role, Permission::ResolvePayments);
    let manager = snapshot
        .people
        .iter()
        .find(|p| p.active && p.role == domain::Role::Manager && able(p.role));
    let Some(manager) = manager.map(|p| p.id) else {
        bail!(
            "{}",
            language.say("Der Laden ist noch nicht eingerichtet.", "The shop is not set up yet.")
        );
    };
    let taken = take(&engine, clock.now(), manager, &read, &bytes);
    running.stop();
    let taken = taken?;
    println!(
        "{}: {} {}, {} {}, {} {}, {} {}, {} {}",
        language.say("Gelesen", "Read"),
        taken.paid,
        language.say("bezahlt", "paid"),
        taken.waits,
        language.say("zu klären", "to be cleared up"),
        taken.known,
        language.say("schon bekannt", "known already"),
        taken.other,
        language.say("ohne Bezug zur Kasse", "nothing to do with the till"),
        taken.bad,
        language.say("nicht lesbar", "not readable"),
    );
    for line in taken.lines.iter().filter(|line| line.problem.is_some()).take(20) {
        println!(
            "{} {}: {}",
            language.say("Zeile", "line"),
            line.line,
            line.problem.as_deref().unwrap_or_default()
        );
    }
    Ok(())
}

fn words(language: Language, fault: FileFault) -> String {
    let (german, english) = match fault {
        FileFault::TooLarge => ("Die Datei ist zu groß.", "The file is too large."),
        FileFault::Empty => ("Die Datei ist leer.", "The file is empty."),
        FileFault::BrokenXml { at } => {
            return format!(
                "{} {at}.",
                language.say("Das XML bricht ab bei Byte", "The XML is broken at byte")
            );
        }
        FileFault::Entities => (
            "Das XML vereinbart Entitäten; Nachrichten einer Bank tun das nicht.",
            "The XML declares entities; messages of a bank do not.",
        ),
        FileFault::NotCamt => {
            ("Das ist keine camt-Nachricht einer Bank.", "This is no camt message of a bank.")
        }
        FileFault::NoColumns => (
            "Die Spalten sind unbekannt; gebraucht werden Betrag und Verwendungszweck.",
            "The columns are not known; an amount and a purpose are needed.",
        ),
    };
    language.say(german, english).to_owned()
}
