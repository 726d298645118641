//! Items in and out from the command line.

use std::fs::File;
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use shop::clock::{Clock, SystemClock};
use shop::engine::Actor;
use shop::import::{EngineApplier, import_file};

use crate::import_words;
use crate::say::Language;

/// `tresen import`.
pub fn import(language: Language, csv: &Path, file: &Path, keep_good: bool) -> Result<()> {
    // A mistyped name must not become a new shop.
    if !file.exists() {
        return Err(store::StoreError::Missing(file.to_owned()).into());
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let (engine, running) = crate::serve::open(file, &clock)?;
    let snapshot = engine.snapshot_blocking()?;
    let manager = snapshot.people.iter().find(|p| p.active && p.role == domain::Role::Manager);
    let Some(manager) = manager.map(|p| p.id) else {
        bail!(
            "{}",
            language.say("Der Laden ist noch nicht eingerichtet.", "The shop is not set up yet.")
        );
    };
    let actor = Actor { person: Some(manager), approver: None };
    let applier = EngineApplier::new(engine, actor, clock);
    let mut shown = 0;
    let outcome = import_file(csv, keep_good, &applier, &mut |_, progress| {
        let tenth = progress.done.saturating_mul(10).checked_div(progress.total).unwrap_or(0);
        if tenth != shown {
            shown = tenth;
            println!("{} %", tenth * 10);
        }
        ControlFlow::Continue(())
    });
    drop(applier);
    running.stop();
    match outcome {
        Ok((_, done)) => {
            println!(
                "{}: {} {}, {} {}, {} {}, {} {}",
                language.say("Übernommen", "Imported"),
                done.new,
                language.say("neu", "new"),
                done.changed,
                language.say("geändert", "changed"),
                done.unchanged,
                language.say("unverändert", "unchanged"),
                done.left_out,
                language.say("ausgelassen", "left out"),
            );
            Ok(())
        }
        Err((failure, preview)) => {
            for error in preview.iter().flat_map(|p| &p.errors).take(20) {
                println!("{}", import_words::line(language, error));
            }
            let why = import_words::failure(language, &failure);
            bail!("{}: {why}", language.say("Nichts übernommen", "Nothing imported"))
        }
    }
}

/// `tresen export`. Works beside a running shop.
pub fn export(language: Language, csv: &Path, file: &Path) -> Result<()> {
    let settings = stored_settings(file)?;
    let zone = jiff::tz::TimeZone::get(&settings.time_zone)?;
    let now = zone.to_datetime(SystemClock::start().now());
    let target = File::create_new(csv).with_context(|| csv.display().to_string())?;
    let count = shop::import::export_items(file, &settings, now, BufWriter::new(target))?;
    println!("{} {count}", language.say("Ausgegebene Artikel:", "Items exported:"));
    Ok(())
}

/// The settings as they are saved in the file.
fn stored_settings(file: &Path) -> Result<domain::Settings> {
    let mut state = domain::State::default();
    for (_, body) in store::Reader::open(file)?.parts("settings")? {
        state.load("settings", &body)?;
    }
    let settings = state.settings.context("the shop is not set up yet")?;
    Ok((*settings).clone())
}
