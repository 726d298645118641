//! `tresen export changes | procedures | notification | retention`: what an auditor and the owner need, beside a running
//! shop.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use shop::audit::{self, HISTORY, Material, Words};
use shop::clock::{Clock as _, SystemClock};
use store::{Reader, ToldPage};

use crate::say::Language;

/// Which paper.
#[derive(Clone, Copy)]
pub enum Paper {
    Procedures,
    Notification,
    Retention,
}

fn open(language: Language, file: &Path) -> Result<(Reader, Material)> {
    let reader = Reader::open(file).with_context(|| file.display().to_string())?;
    match Material::of(&reader, SystemClock::start().now())? {
        Some(material) => Ok((reader, material)),
        None => bail!(
            "{}",
            language.say("das Geschäft ist noch nicht eingerichtet", "the shop is not set up yet")
        ),
    }
}

/// A new file: what is there is never written over.
fn create(language: Language, target: &Path) -> Result<File> {
    if target.exists() {
        bail!("{} {}", target.display(), language.say("gibt es schon", "exists already"));
    }
    File::create_new(target).with_context(|| target.display().to_string())
}

/// Writes a paper as the target's ending says: `.html`, `.pdf`, and `.xml` for the notification.
pub fn paper(language: Language, paper: Paper, target: &Path, file: &Path) -> Result<()> {
    let (_, material) = open(language, file)?;
    let document = match paper {
        Paper::Procedures => audit::procedures_document(&material),
        Paper::Notification => audit::notice_document(&material),
        Paper::Retention => audit::retention_document(&material),
    };
    let ending = target.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let bytes = match (ending, paper) {
        ("html", _) => audit::render_html(&document).into_bytes(),
        ("pdf", _) => audit::render_pdf(&material, &document)?,
        ("xml", Paper::Notification) => audit::notice_xml(&material).into_bytes(),
        _ => bail!(
            "{}",
            language
                .say("die Zieldatei endet auf .html oder .pdf", "the target ends in .html or .pdf")
        ),
    };
    create(language, target)?.write_all(&bytes)?;
    Ok(())
}

/// Writes the history of changes as CSV.
pub fn changes(
    language: Language,
    (from, to): (Option<Date>, Option<Date>),
    target: &Path,
    file: &Path,
) -> Result<()> {
    let (reader, material) = open(language, file)?;
    let words = Words::of(
        &material.settings,
        match language {
            Language::De => domain::settings::Language::De,
            Language::En => domain::settings::Language::En,
        },
    );
    let zone = TimeZone::get(&material.settings.time_zone).unwrap_or(TimeZone::UTC);
    let start = |date: Date| zone.to_timestamp(date.at(0, 0, 0, 0));
    let from = from.map(start).transpose()?.unwrap_or(Timestamp::MIN);
    let until = to.map(|to| to.checked_add(1.day()).and_then(start)).transpose()?;
    let until = until.unwrap_or(Timestamp::MAX);
    let page = ToldPage { from, until, before: None, limit: 0 };
    let mut out = BufWriter::new(create(language, target)?);
    let who = |change: &audit::Change| material.who(change.person);
    audit::write_csv(&reader, &words, (&HISTORY, page), &who, &mut out)?;
    out.flush()?;
    Ok(())
}
