//! `tresen export datev`: closed till days as postings for the adviser.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use jiff::civil::Date;
use shop::books::{Fault, datev};
use shop::clock::{Clock as _, SystemClock};

use crate::say::Language;

/// Writes the postings beside the name and gives them that name once they are whole. Works beside a running shop.
pub fn export(
    language: Language,
    (from, to): (Date, Date),
    (target, file): (&Path, &Path),
) -> Result<()> {
    if from > to {
        bail!("{}", language.say("--from liegt nach --to", "--from is after --to"));
    }
    if target.exists() {
        bail!("{} {}", target.display(), language.say("gibt es schon", "exists already"));
    }
    let reader = store::Reader::open(file).with_context(|| file.display().to_string())?;
    let settings = reader.settings_before(u64::MAX >> 1)?;
    let not_set_up =
        language.say("der Laden ist noch nicht eingerichtet", "the shop is not set up");
    let settings = settings.context(not_set_up)?;
    let zone = jiff::tz::TimeZone::get(&settings.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let created = zone.to_datetime(SystemClock::start().now());
    let made = datev(&reader, &settings, (from, to), created);
    let made = made.map_err(|fault| said(language, fault))?;
    let part = target.with_extension("part");
    std::fs::write(&part, &made.bytes)?;
    std::fs::rename(&part, target)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}: {}", language.say("Buchungen", "postings"), made.rows)?;
    let hint =
        language.say("So will DATEV die Datei heißen haben", "DATEV wants the file to be called");
    writeln!(out, "{hint}: {}", made.name)?;
    Ok(())
}

fn said(language: Language, fault: Fault) -> anyhow::Error {
    if language == Language::En {
        return fault.into();
    }
    let german = match &fault {
        Fault::NoClosing { from, to } => {
            format!("von {from} bis {to} ist kein Kassentag abgeschlossen")
        }
        Fault::NotSet => "DATEV ist in den Einstellungen noch nicht eingerichtet".to_owned(),
        Fault::NoAccount(purpose, which) => format!("kein Konto für {purpose:?}{which}"),
        Fault::Refused(why) => format!("DATEV nimmt einen Wert nicht: {why}"),
        Fault::Years => {
            "die Tage liegen in mehreren Wirtschaftsjahren; jedes bekommt eine eigene Datei"
                .to_owned()
        }
        Fault::NotInCountry => "DATEV gibt es nur für Läden in Deutschland".to_owned(),
        Fault::Currency => "DATEV nimmt nur Euro".to_owned(),
        Fault::Differs(till, day) => {
            format!("Abschluss {day} der Kasse {till} ist nicht die Summe seiner Belege")
        }
        Fault::Store(_) | Fault::Journal(_) => return fault.into(),
    };
    anyhow::Error::new(fault).context(german)
}
