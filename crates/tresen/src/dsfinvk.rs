//! `tresen export dsfinvk` and `tresen verify --dsfinvk`: the tables for a tax audit, written and read again.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use fiscal::de::dsfinvk::check::{self, Finding, Severity};
use jiff::civil::Date;
use shop::fiscal::{Checked, Fault, check_zip, write_package};

use crate::say::Language;

/// So many findings are told one by one.
const MOST: u64 = 50;

/// Writes the package beside its name and gives it that name once it is whole and the checker found nothing wrong in it,
/// or with `anyway`. Works beside a running shop.
pub fn export(
    language: Language,
    (from, to): (Date, Date),
    (target, file): (&Path, &Path),
    anyway: bool,
) -> Result<()> {
    if from > to {
        bail!("{}", language.say("--from liegt nach --to", "--from is after --to"));
    }
    if target.exists() {
        let exists = language.say("gibt es schon", "exists already");
        bail!("{} {exists}", target.display());
    }
    let reader = store::Reader::open(file).with_context(|| file.display().to_string())?;
    let mut part = target.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let closings = language.say("Abschlüsse", "closings");
    let mut out = std::io::stdout().lock();
    let written = write_package(&reader, (from, to), &part, &mut |done, of| {
        // Whether anybody reads the progress does not matter.
        let _ = write!(out, "\r{closings}: {done} / {of}").and_then(|()| out.flush());
    });
    let _ = writeln!(out);
    let written = match written {
        Ok(written) => written,
        Err(fault) => {
            // What is left of it is no package; the fault is what matters.
            let _ = std::fs::remove_file(&part);
            return Err(said(language, fault));
        }
    };
    if let Some(wrong) = &written.wrong {
        writeln!(out, "{}", one(language, wrong))?;
        if !anyway {
            std::fs::remove_file(&part)?;
            bail!(
                "{}",
                language.say(
                    "Der Export widerspricht sich; mit --anyway wird er trotzdem ausgegeben",
                    "the export contradicts itself; with --anyway it is written all the same"
                )
            );
        }
    }
    std::fs::rename(&part, target)?;
    let (receipts, verified) = (written.summary.receipts, written.summary.verified);
    writeln!(
        out,
        "{}: {receipts}, {}: {verified}",
        language.say("Vorgänge", "records"),
        language.say("geprüfte Signaturen", "signatures verified"),
    )?;
    if written.summary.not_certified {
        writeln!(out, "{}", not_certified(language))?;
    }
    Ok(())
}

fn not_certified(language: Language) -> &'static str {
    language.say(
        "TEST: nicht von einer zertifizierten TSE signiert; das steht auch in index.xml",
        "TEST: not signed by a certified TSE; index.xml says so, too",
    )
}

/// `tresen verify --dsfinvk`.
pub fn verify(language: Language, path: &Path) -> Result<()> {
    let mut told = 0_u64;
    let checked = check_zip(path, &mut |finding| {
        told = told.saturating_add(1);
        if told <= MOST {
            println!("{}", one(language, finding));
        }
    });
    let Checked { summary, wrong } = checked
        .map_err(|fault| said(language, fault))
        .with_context(|| path.display().to_string())?;
    println!(
        "{}: {}, {}: {}, {}: {}, {}: {}",
        language.say("Abschlüsse", "closings"),
        summary.closings,
        language.say("Vorgänge", "records"),
        summary.receipts,
        language.say("geprüfte Signaturen", "signatures verified"),
        summary.verified,
        language.say("Hinweise", "warnings"),
        summary.count(Severity::Warning),
    );
    if summary.not_certified {
        println!("{}", not_certified(language));
    }
    if wrong.is_some() {
        let errors = summary.count(Severity::Error);
        bail!("{}: {errors}", language.say("Was nicht stimmt", "what does not hold"));
    }
    if summary.closings == 0 {
        bail!("{}", language.say("kein Abschluss darin", "no closing in it"));
    }
    Ok(())
}

/// A finding in one line: where, what, and what stands there.
fn one(language: Language, finding: &Finding) -> String {
    let words = match language {
        Language::De => check::Language::German,
        Language::En => check::Language::English,
    };
    let mut text = finding.file.clone();
    if finding.row > 0 {
        text = format!("{text}:{}", finding.row);
    }
    if !finding.receipt.is_empty() {
        text = format!("{text} {} {}", language.say("Vorgang", "record"), finding.receipt);
    }
    if !finding.field.is_empty() {
        text = format!("{text} {}", finding.field);
    }
    text = format!("{text}: {}", finding.rule.words(words));
    if !finding.found.is_empty() {
        text = format!("{text} {}: {}", language.say("Da steht", "Found"), finding.found);
    }
    if !finding.expected.is_empty() {
        text = format!("{text}; {}: {}", language.say("erwartet", "expected"), finding.expected);
    }
    text
}

fn said(language: Language, fault: Fault) -> anyhow::Error {
    if language == Language::En {
        return fault.into();
    }
    let german = match &fault {
        Fault::NoClosing { from, to } => {
            format!("von {from} bis {to} ist kein Kassentag abgeschlossen")
        }
        Fault::Address => {
            "der Anschrift des Ladens fehlen Straße, Postleitzahl oder Ort".to_owned()
        }
        Fault::Currency => "die Währung teilt sich nicht in Hundertstel".to_owned(),
        Fault::Receipt(id) => format!("Beleg {id} ist nicht die Summe seiner Zeilen"),
        Fault::TooLarge => "das Archiv ist größer als jeder Export".to_owned(),
        Fault::Zip(_) => "kein lesbares ZIP-Archiv".to_owned(),
        Fault::Form(_) => "ein Wert passt nicht in die DSFinV-K".to_owned(),
        Fault::Store(_) | Fault::Journal(_) | Fault::Io(_) => return fault.into(),
    };
    anyhow::Error::new(fault).context(german)
}
