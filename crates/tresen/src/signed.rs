//! What signing units signed, verified from the command line: a receipt's code, and a unit's export. Neither needs a
//! shop's file.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use fiscal::de::tse::log::Version;
use fiscal::de::tse::qr::{CodeFault, CodeField, LONGEST_CODE, ReceiptCode};
use fiscal::de::tse::tar::{self, Difference, Found, Report, Scope, SignedBy};

use crate::say::Language;

/// `tresen verify --qr`: each given code, or with `-` each line of standard input.
pub fn verify_codes(language: Language, given: &[String]) -> Result<()> {
    let (mut held, mut failed) = (0_u64, 0_u64);
    let mut one = |text: &str| -> Result<()> {
        let mut out = std::io::stdout().lock();
        match verify_code(language, text) {
            Ok(said) => {
                held = held.saturating_add(1);
                writeln!(out, "{said}")?;
            }
            Err(why) => {
                failed = failed.saturating_add(1);
                let bad = language.say("hält nicht", "does not hold");
                writeln!(out, "{bad}: {}", code_fault(language, why))?;
            }
        }
        Ok(())
    };
    for text in given {
        if text == "-" {
            for line in std::io::stdin().lock().lines() {
                let line = line.context(language.say("die Eingabe", "standard input"))?;
                if !line.trim().is_empty() {
                    one(&line)?;
                }
            }
        } else {
            one(text)?;
        }
    }
    if failed > 0 {
        let (of, none) = (held.saturating_add(failed), failed);
        bail!(
            "{}: {none} / {of}",
            language.say("Codes, die nicht halten", "codes that do not hold")
        );
    }
    if held == 0 {
        bail!("{}", language.say("kein Code", "no code"));
    }
    Ok(())
}

fn verify_code(language: Language, text: &str) -> Result<String, CodeFault> {
    let code = ReceiptCode::read(text)?;
    let found = code.verify()?;
    let version = match found.version {
        Version::V2 => 2,
        Version::V3 => 3,
    };
    Ok(format!(
        "{}: {} {}, {} {}, {} {}, {}, {} {} ({version})",
        language.say("hält", "holds"),
        language.say("Kasse", "till"),
        code.client,
        language.say("Transaktion", "transaction"),
        code.transaction,
        language.say("Signaturzähler", "signature counter"),
        code.counter,
        code.finish,
        language.say("Signatureinheit", "signing unit"),
        found.serial,
    ))
}

fn code_fault(language: Language, fault: CodeFault) -> String {
    if language == Language::En {
        return fault.to_string();
    }
    match fault {
        CodeFault::NotV0 => "kein Code der Fassung V0".to_owned(),
        CodeFault::TooLong => format!("länger als {LONGEST_CODE} Zeichen"),
        CodeFault::TooFewFields => "weniger als zwölf Felder".to_owned(),
        CodeFault::Field(field) => {
            let which = match field {
                CodeField::Transaction => "Transaktionsnummer",
                CodeField::Counter => "Signaturzähler",
                CodeField::Start => "Beginn",
                CodeField::Finish => "Ende",
                CodeField::Algorithm => "Signaturverfahren",
                CodeField::TimeFormat => "Zeitformat",
                CodeField::Signature => "Signatur",
                CodeField::PublicKey => "öffentlicher Schlüssel",
            };
            format!("unlesbares Feld: {which}")
        }
        CodeFault::Key(_) => "der öffentliche Schlüssel ist keiner".to_owned(),
        CodeFault::Signature(_) => {
            "die Signatur passt nicht: etwas ist anders, als es signiert wurde".to_owned()
        }
    }
}

/// `tresen verify --tar`: the export of a signing unit, whole or, with `part`, of some tills or transactions.
pub fn verify_export(language: Language, path: &Path, part: bool) -> Result<()> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let scope = if part { Scope::Part } else { Scope::Whole };
    let report = tar::verify(BufReader::new(file), scope);
    let mut out = std::io::stdout().lock();
    for line in said(language, &report) {
        writeln!(out, "{line}")?;
    }
    for found in &report.differences {
        let what = difference(language, found);
        match &found.file {
            Some(file) => writeln!(out, "{file}: {what}")?,
            None => writeln!(out, "{what}")?,
        }
    }
    if !report.is_clean() {
        let differences = language.say("Abweichungen im Export", "differences in the export");
        bail!("{differences}: {}", report.count);
    }
    writeln!(out, "{}", language.say("Der Export hält.", "The export holds."))?;
    Ok(())
}

/// What the export holds, in lines.
fn said(language: Language, report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for certificate in &report.certificates {
        let by = match &certificate.signed_by {
            SignedBy::Itself => language.say("selbst signiert", "signed by itself").to_owned(),
            SignedBy::Other(by) => format!("{} {by}", language.say("signiert von", "signed by")),
            SignedBy::Unknown => language
                .say("Aussteller nicht im Export", "its issuer is not in the export")
                .to_owned(),
        };
        let until = certificate.not_after.map_or_else(String::new, |until| {
            format!(", {} {until}", language.say("gültig bis", "valid until"))
        });
        lines.push(format!(
            "{} {}: {by}{until}",
            language.say("Zertifikat", "Certificate"),
            certificate.subject
        ));
    }
    for unit in &report.units {
        let tills: Vec<&str> = unit.clients.iter().map(String::as_str).collect();
        lines.push(format!("{} {}", language.say("Signatureinheit", "Signing unit"), unit.serial));
        lines.push(format!(
            "  {} {}, {} {}–{}, {} {}, {} {}",
            language.say("Einträge", "logs"),
            unit.logs,
            language.say("Signaturzähler", "signature counters"),
            unit.counters.0,
            unit.counters.1,
            language.say("Transaktionen", "transactions"),
            unit.transactions,
            language.say("davon offen", "of them open"),
            unit.open.len(),
        ));
        lines.push(format!("  {} – {}", unit.times.0, unit.times.1));
        lines.push(format!("  {}: {}", language.say("Kassen", "tills"), tills.join(", ")));
    }
    lines
}

fn difference(language: Language, found: &Found) -> String {
    if language == Language::En {
        return found.difference.to_string();
    }
    match &found.difference {
        Difference::Archive(why) => format!("das Archiv ist nicht weiter lesbar ({why})"),
        Difference::Fill => "hinter dem Ende der Datei steht noch etwas".to_owned(),
        Difference::SameName => "eine zweite Datei gleichen Namens".to_owned(),
        Difference::StrangeFile => "gehört zu keinem Export".to_owned(),
        Difference::Name => "der Name ist nicht der eines Eintrags".to_owned(),
        Difference::NameDiffers(field) => {
            format!("Name und Inhalt unterscheiden sich ({field})")
        }
        Difference::Log(why) => format!("der Eintrag ist nicht lesbar ({why})"),
        Difference::Certificate(why) => format!("das Zertifikat ist nicht lesbar ({why})"),
        Difference::CertificateSignature(_) => {
            "die Signatur des Zertifikats passt nicht zum Aussteller, den es nennt".to_owned()
        }
        Difference::NoCertificate(serial) => {
            format!("kein Zertifikat mit dem Schlüssel der Signatureinheit {serial}")
        }
        Difference::Signature(_) => {
            "die Signatur passt nicht: der Eintrag ist anders, als er signiert wurde".to_owned()
        }
        Difference::CounterTwice(counter) => {
            format!("ein zweiter Eintrag mit Signaturzähler {counter}")
        }
        Difference::CountersMissing { from, to } => {
            format!("Einträge fehlen: Signaturzähler {from} bis {to}")
        }
        Difference::TransactionsMissing { from, to } => {
            format!("Transaktionen fehlen: {from} bis {to}")
        }
        Difference::NotStarted(number) => format!("Transaktion {number} wurde nicht begonnen"),
        Difference::StartedTwice(number) => {
            format!("Transaktion {number} wurde ein zweites Mal begonnen")
        }
        Difference::AfterFinish(number) => {
            format!("Transaktion {number} geht nach ihrem Ende weiter")
        }
        Difference::NoLogs => "es ist kein Eintrag darin".to_owned(),
        Difference::NoInfo => "es ist keine info.csv darin".to_owned(),
    }
}
