//! `tresen export proof` and `tresen verify --proof`: what a day says of its completeness, as a file that is signed.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use jiff::civil::Date;
use shop::clock::{Clock as _, SystemClock};
use shop::proof::file::{self, KeyOf, ReadFault};
use shop::proof::nightly::proof_of;
use shop::proof::{DayProof, Statement, StatementKind, Verdict};
use store::Reader;

use crate::say::Language;

/// Writes the signed proof of all tills' days of a date. Works beside a running shop.
pub fn export(language: Language, date: Date, (target, shop): (&Path, &Path)) -> Result<()> {
    if target.exists() {
        let exists = language.say("gibt es schon", "exists already");
        bail!("{} {exists}", target.display());
    }
    let now = SystemClock::start().now();
    let reader = Reader::open(shop).with_context(|| shop.display().to_string())?;
    let mut days = Vec::new();
    for day in reader.days_of(date)? {
        days.extend(proof_of(&reader, day, now)?);
    }
    if days.is_empty() {
        let none = language.say("kein Kassentag ist abgeschlossen vom", "no till day is closed of");
        bail!("{none} {date}");
    }
    let mut out = std::io::stdout().lock();
    for day in &days {
        say(language, &mut out, day)?;
    }
    let text = file::make(&reader, days, now)?;
    let key = file::read(&text).map(|read| read.fingerprint).unwrap_or_default();
    std::fs::write(target, text).with_context(|| target.display().to_string())?;
    writeln!(out, "{} {key}", language.say("Schlüssel:", "Key:"))?;
    Ok(())
}

/// `tresen verify --proof`: with nothing but the file, or against a shop's file as well.
pub fn verify(language: Language, path: &Path, shop: Option<&Path>) -> Result<()> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| refused(language, &ReadFault::Form))?;
    let read = file::read(&text).map_err(|fault| refused(language, &fault))?;
    let proof = &read.proof;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} ({}), {}", proof.name, proof.shop, proof.made)?;
    for day in &proof.days {
        say(language, &mut out, day)?;
    }
    let unchanged =
        language.say("Unverändert, seit es signiert wurde.", "Unchanged since it was signed.");
    writeln!(out, "{unchanged}")?;
    writeln!(out, "{} {}", language.say("Schlüssel:", "Key:"), read.fingerprint)?;
    writeln!(
        out,
        "{} {}:{}",
        language.say("Kopf des Journals:", "The journal's head:"),
        proof.head.seq,
        proof.head.hash
    )?;
    let Some(shop) = shop else { return Ok(()) };
    let reader = Reader::open(shop).with_context(|| shop.display().to_string())?;
    let against = file::against(&reader, proof)?;
    if !against.shop {
        bail!(
            "{}",
            language
                .say("der Nachweis ist von einem anderen Geschäft", "the proof is another shop's")
        );
    }
    match against.key {
        KeyOf::Shop => {}
        KeyOf::Unknown => writeln!(
            out,
            "{}",
            language.say(
                "Ob der Schlüssel der des Geschäfts ist, lässt sich nicht sagen: es hat keinen (mehr).",
                "Whether the key is the shop's nobody can say: it has none (any more).",
            )
        )?,
        KeyOf::Other => bail!(
            "{}",
            language.say("signiert mit einem anderen Schlüssel als dem des Geschäfts", "signed with another key than the shop's")
        ),
    }
    if !against.head {
        bail!(
            "{}",
            language.say(
                "das Journal hat den Kopf nicht, den der Nachweis nennt: es wurde abgeschnitten oder neu geschrieben",
                "the journal does not have the head that the proof names: it was cut off or written anew",
            )
        );
    }
    if let Some((day, kind)) = &against.differs {
        bail!(
            "{} {}, {} {}: {}",
            language.say("Kasse", "till"),
            day.till,
            language.say("Kassentag", "till day"),
            day.number,
            language.say(
                &format!("das Journal sagt heute etwas anderes: {}", words(language, *kind)),
                &format!("the journal says something else today: {}", words(language, *kind)),
            )
        );
    }
    writeln!(out, "{}", language.say("Das Journal sagt dasselbe.", "The journal says the same."))?;
    Ok(())
}

fn refused(language: Language, fault: &ReadFault) -> anyhow::Error {
    anyhow::anyhow!(match fault {
        ReadFault::Form => language.say(
            "kein Nachweis, den dieses Programm lesen kann",
            "no proof that this program can read"
        ),
        ReadFault::Key =>
            language.say("der Schlüssel darin ist keiner", "the key in it cannot be read"),
        ReadFault::Signature => language.say(
            "die Signatur passt nicht: es wurde etwas geändert",
            "the signature does not fit: something was changed"
        ),
    })
}

fn say(language: Language, out: &mut impl std::io::Write, day: &DayProof) -> Result<()> {
    writeln!(
        out,
        "{} {} ({}), {} {}, {}",
        language.say("Kasse", "Till"),
        day.till,
        day.till_name,
        language.say("Kassentag", "till day"),
        day.number,
        day.date
    )?;
    for statement in &day.statements {
        writeln!(out, "  {}", line(language, statement))?;
    }
    Ok(())
}

fn line(language: Language, statement: &Statement) -> String {
    let what = words(language, statement.kind);
    match statement.verdict {
        Verdict::Proved => format!("{} {what}", language.say("bewiesen: ", "proved:   ")),
        Verdict::Unproved => {
            let why = why(language, statement.why.as_deref().unwrap_or_default());
            format!("{} {what} ({why})", language.say("unbeweisbar:", "unproved: "))
        }
        Verdict::Differs => {
            let first = statement.first.clone().unwrap_or_default();
            let receipt = first.receipt.map(|number| {
                let training = if first.training { "T" } else { "" };
                format!("{} {training}{number}, ", language.say("Beleg", "receipt"))
            });
            let entry =
                first.entry.map(|entry| format!("{} {entry}, ", language.say("Eintrag", "entry")));
            let values = match (first.found.as_str(), first.expected.as_str()) {
                ("", "") => String::new(),
                (found, "") => format!(": {found}"),
                (found, expected) => {
                    format!(": {found} ({} {expected})", language.say("erwartet", "expected"))
                }
            };
            format!(
                "{} {what}: {}{}{}{values}",
                language.say("ABWEICHUNG:", "DIFFERS:  "),
                receipt.unwrap_or_default(),
                entry.unwrap_or_default(),
                first.field,
            )
        }
    }
}

/// Why something cannot be proved; a code that is not known here as it is.
fn why(language: Language, code: &str) -> &str {
    let (german, english) = match code {
        "no_unit" => ("keine TSE eingerichtet", "no signing unit was set up"),
        "partly_no_unit" => {
            ("einen Teil des Tages keine TSE", "no signing unit for a part of the day")
        }
        "waiting" => ("wird noch signiert", "still being signed"),
        "by_hand" => ("Karten von Hand eingegeben", "cards were typed in"),
        "terminal_open" => ("Terminal nicht abgeschlossen", "the terminal's day is not closed"),
        "no_totals" => ("Terminal nennt keine Summen", "the terminal tells no totals"),
        "not_counted" => ("nicht gezählt", "not counted"),
        "not_checked" => ("noch nicht geprüft", "not checked yet"),
        "without_code" => ("Belege ohne Code", "receipts without a code"),
        "no_codes" => ("keine Codes an diesem Tag", "no codes on that day"),
        "unknown_device" => {
            ("die Signaturerstellungseinheit ist unbekannt", "the signature device is not known")
        }
        "key_lost" => {
            ("der Schlüssel des Umsatzzählers fehlt", "the turnover counter's key is missing")
        }
        "no_counter" => ("kein Zählerstand davor", "no counter before it"),
        "check_address" => ("Anschrift unvollständig", "the address is not complete"),
        other => (other, other),
    };
    language.say(german, english)
}

fn words(language: Language, kind: StatementKind) -> &'static str {
    let (german, english) = match kind {
        StatementKind::Journal => {
            ("Journal ohne Lücke und unverändert", "journal without gaps and unchanged")
        }
        StatementKind::Numbers => ("Belegnummern ohne Lücke", "receipt numbers without gaps"),
        StatementKind::Closings => ("Abschlüsse ohne Lücke", "closings without gaps"),
        StatementKind::Taxes => {
            ("Umsatz und Steuer wie im Z-Bericht", "turnover and tax as in the Z report")
        }
        StatementKind::Tenders => ("Zahlungen wie im Z-Bericht", "tenders as in the Z report"),
        StatementKind::Signatures => (
            "alle Vorgänge signiert oder Ausfall festgehalten",
            "all records signed, or the outage recorded",
        ),
        StatementKind::Counters => ("Signaturzähler steigen", "signature counters rise"),
        StatementKind::Transactions => {
            ("Transaktionsnummern ohne Lücke", "transaction numbers without gaps")
        }
        StatementKind::Codes => {
            ("jeder Beleg hat seinen Code (RKSV)", "each receipt has its code (RKSV)")
        }
        StatementKind::Chain => ("Kette der Belege ohne Lücke", "chain of receipts without gaps"),
        StatementKind::Turnover => (
            "Umsatzzähler steigt um die Beträge der Belege",
            "counter of turnover rises by the receipts' amounts",
        ),
        StatementKind::Terminals => ("Karten wie am Terminal", "cards as at the terminal"),
        StatementKind::Cash => ("Bargeld wie gezählt und gebucht", "cash as counted and booked"),
        StatementKind::Export => ("DSFinV-K ohne Widerspruch", "DSFinV-K without contradiction"),
    };
    match language {
        Language::De => german,
        Language::En => english,
    }
}
