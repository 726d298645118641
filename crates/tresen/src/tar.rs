//! `tresen export tar`: what a signing unit signed, as it exports it (TR-03151).

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use domain::UnitId;
use jiff::civil::Date;
use shop::clock::{Clock as _, SystemClock};
use shop::sign::{NoArchive, archive_of};

use crate::say::Language;

/// Writes it beside its name, and under it once it is whole. Works beside a running shop; an Epson device only while no
/// program is connected to it.
pub fn export(
    language: Language,
    unit: u16,
    (from, to): (Option<Date>, Option<Date>),
    (target, file): (&Path, &Path),
) -> Result<()> {
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        bail!("{}", language.say("--from liegt nach --to", "--from is after --to"));
    }
    if target.exists() {
        bail!("{} {}", target.display(), language.say("gibt es schon", "exists already"));
    }
    let mut part = target.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let now = SystemClock::start().now();
    let certified = match archive_of((file, UnitId(unit)), (from, to), (now, &part)) {
        Ok(certified) => certified,
        Err(fault) => {
            // What is left of it is no archive; the fault is what matters.
            let _ = std::fs::remove_file(&part);
            return Err(said(language, fault));
        }
    };
    std::fs::rename(&part, target)?;
    if !certified {
        let test = language.say(
            "TEST: keine zertifizierte TSE hat das signiert",
            "TEST: no certified TSE signed this",
        );
        println!("{test}");
    }
    Ok(())
}

fn said(language: Language, fault: NoArchive) -> anyhow::Error {
    let words = match (&fault, language) {
        (NoArchive::Unknown(unit), Language::De) => {
            format!("in den Einstellungen gibt es keine Einheit {unit}")
        }
        (NoArchive::Unit(fault), _) if matches!(fault.code(), "no_data" | "no_transaction") => {
            language
                .say(
                    "an diesen Tagen hat die Einheit nichts signiert",
                    "on these days the unit signed nothing",
                )
                .to_owned()
        }
        (NoArchive::Unit(fault), _) if shop::sign::guarded(fault.code()) => {
            let words = language.say(
                "die Einheit hat PIN oder Zugang nicht angenommen; nach einigen falschen sperrt sie sich. Erst im Büro neu eintragen",
                "the unit did not take its PIN or its access; it blocks itself after some wrong ones. Enter it anew in the office first",
            );
            format!("{words}: {}", fault.code())
        }
        (NoArchive::Empty(unit), Language::De) => format!("Einheit {unit} hat nichts signiert"),
        (NoArchive::Unit(fault), Language::De) => {
            format!("die Einheit gibt nichts heraus: {}", fault.code())
        }
        (NoArchive::Unit(fault), Language::En) => {
            format!("the unit hands nothing out: {}", fault.code())
        }
        (NoArchive::Store(_), _) | (_, Language::En) => return fault.into(),
    };
    anyhow::Error::new(fault).context(words)
}
