//! All receipts of an Austrian till (DEP7, RKSV): written and verified from the command line.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use domain::TillId;
use fiscal::at::dep::read_key_file;
use fiscal::at::verify::{Difference, Known, Report, verify as verify_export};
use fiscal::at::{AesKey, PublicKey};
use shop::rksv::{Fault, Wrong, write_dep, write_keys};
use store::Reader;

use crate::say::Language;

/// `tresen export dep7`: the export beside its name first, and under it once it is whole and nothing in it is wrong, or with
/// `anyway`. Works beside a running shop.
pub fn export(
    language: Language,
    (till, register): (u16, Option<&str>),
    (target, keys): (&Path, Option<&Path>),
    file: &Path,
    anyway: bool,
) -> Result<()> {
    for path in [Some(target), keys].into_iter().flatten() {
        if path.exists() {
            bail!("{} {}", path.display(), language.say("gibt es schon", "exists already"));
        }
    }
    let reader = Reader::open(file).with_context(|| file.display().to_string())?;
    let register = match register {
        Some(register) => register.to_owned(),
        None => name_of(language, &reader, TillId(till))?,
    };
    // The law asks for the record; the keys are there or nothing is written.
    let secret = match keys {
        Some(path) => {
            let text = write_keys(&reader, &register).map_err(|fault| said(language, fault))?;
            Some((path, text))
        }
        None => None,
    };
    let part = part_of(target);
    let made = File::create(&part).map_err(Fault::Io).and_then(|file| {
        let mut out = io::BufWriter::new(file);
        let written = write_dep(&reader, &register, anyway, &mut out)?;
        out.flush()?;
        Ok(written)
    });
    let written = match made {
        Ok(written) => written,
        Err(fault) => {
            // What is left of it is no export; the fault is what matters.
            let _ = fs::remove_file(&part);
            return Err(said(language, fault));
        }
    };
    fs::rename(&part, target)?;
    println!("{}: {}", language.say("Kassen-ID", "Cash register"), written.register);
    match &written.found {
        Ok(found) => report(language, found),
        Err(wrong) => {
            println!("{}: {}", language.say("UNGEPRÜFT", "NOT VERIFIED"), wrong_in(language, wrong))
        }
    }
    if written.test {
        println!(
            "{}",
            language.say(
                "TEST: von einer Einheit signiert, die nicht zugelassen ist",
                "TEST: signed by a device that is not certified"
            )
        );
    }
    if let Some((keys, text)) = secret {
        secret_file(keys)?.write_all(text.as_bytes())?;
        println!(
            "{} {}",
            keys.display(),
            language
                .say("ist geheim: nur für das Prüftool", "is secret: for the checking tool only")
        );
    }
    Ok(())
}

fn name_of(language: Language, reader: &Reader, till: TillId) -> Result<String> {
    let settings = reader.settings_before(u64::MAX)?;
    let rksv = settings.as_ref().and_then(domain::rksv::of);
    let rksv = rksv.ok_or_else(|| {
        anyhow!("{}", language.say("die RKSV ist nicht eingerichtet", "the RKSV is not set up"))
    })?;
    Ok(rksv.cash_register(till))
}

fn part_of(target: &Path) -> PathBuf {
    let mut part = target.as_os_str().to_owned();
    part.push(".part");
    PathBuf::from(part)
}

/// Readable for its owner alone.
fn secret_file(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// `tresen verify --dep7`.
pub fn verify(language: Language, path: &Path, key: Option<&str>) -> Result<()> {
    let json = fs::read(path).with_context(|| path.display().to_string())?;
    let (key, units) = match key {
        Some(key) => keys(language, key).map(|(key, units)| (Some(key), units))?,
        None => (None, None),
    };
    let known = units.as_ref().map_or(Known::AsFiled, |units| Known::Named(units));
    let found = verify_export(&json, key.as_ref(), known).map_err(|found| {
        let what = words(language, &found.what);
        anyhow!(
            "{} {}, {} {}: {what}",
            language.say("Gruppe", "group"),
            found.group,
            language.say("Beleg", "receipt"),
            found.receipt
        )
    })?;
    report(language, &found);
    if units.is_none() {
        println!(
            "{}",
            language.say(
                "Geprüft mit den Zertifikaten in der Datei selbst: das zeigt, dass sie zu sich passt, nicht, wer sie schrieb.",
                "Verified with the certificates in the file itself: that shows that it fits itself, not who wrote it.",
            )
        );
    }
    Ok(())
}

type Units = Vec<(String, PublicKey)>;

fn keys(language: Language, given: &str) -> Result<(AesKey, Option<Units>)> {
    if let Ok(key) = AesKey::from_base64(given) {
        return Ok((key, None));
    }
    let file = fs::read(given).with_context(|| given.to_owned())?;
    if let Some((key, units)) = read_key_file(&file) {
        return Ok((key, Some(units)));
    }
    let text = String::from_utf8_lossy(&file);
    let key = AesKey::from_base64(text.trim()).map_err(|_| {
        anyhow!(
            "{}",
            language.say("kein Schlüssel und keine Schlüsseldatei", "no key, and no file of keys")
        )
    })?;
    Ok((key, None))
}

fn report(language: Language, report: &Report) {
    let rows = [
        (language.say("Belege", "receipts"), report.receipts),
        (language.say("ohne Signatur", "without signature"), report.unsigned),
        (language.say("Training", "training"), report.training),
        (language.say("Storno", "cancellations"), report.cancellations),
        (language.say("ohne Umsatz", "without turnover"), report.zero),
    ];
    let rows: Vec<String> = rows.iter().map(|(name, count)| format!("{name}: {count}")).collect();
    println!("{}", rows.join(", "));
    println!("{}", counter(language, report));
    if report.in_outage {
        println!(
            "{}",
            language
                .say("Der Sammelbeleg steht noch aus.", "The collective receipt is still owed.")
        );
    }
}

fn counter(language: Language, report: &Report) -> String {
    let sign = if report.turnover < 0 { "-" } else { "" };
    let minor = report.turnover.unsigned_abs();
    let sum = format!("{sign}{},{:02}", minor / 100, minor % 100);
    if report.counter_checked {
        return format!("{}: {sum}", language.say("Umsatzzähler", "turnover counter"));
    }
    format!(
        "{}: {sum}; {}",
        language.say("Summe der Belege", "sum of the receipts"),
        language.say(
            "Umsatzzähler nicht geprüft: der Schlüssel fehlt",
            "turnover counter not checked: its key is missing"
        )
    )
}

fn wrong_in(language: Language, wrong: &Wrong) -> String {
    let beleg = language.say("Beleg", "receipt");
    format!("{beleg} {}: {}", wrong.position, words(language, &wrong.what))
}

fn words(language: Language, what: &Difference) -> String {
    if language == Language::En {
        return what.to_string();
    }
    match what {
        Difference::Form => "kein Export im DEP-Format",
        Difference::Empty => "keine Belege",
        Difference::Certificate => "das Zertifikat der Gruppe ist nicht lesbar",
        Difference::Unreadable(_) => "kein Beleg nach RKSV",
        Difference::Start => "der erste Beleg ist kein Startbeleg",
        Difference::Number => "die Belegnummer gab es schon",
        Difference::Cashbox => "eine andere Kasse",
        Difference::System => "ein anderes System (geschlossen oder offen)",
        Difference::Chain => "er folgt nicht auf den Beleg davor",
        Difference::Unit => "eine unbekannte Signaturerstellungseinheit",
        Difference::OtherCertificate => "ein anderes Zertifikat als das der Gruppe",
        Difference::Signature => {
            "die Signatur passt nicht: etwas ist anders, als es signiert wurde"
        }
        Difference::AfterOutage => "nach einem Ausfall fehlt der Sammelbeleg",
        Difference::Counter => "der Umsatzzähler ist nicht die Summe bis hierher",
    }
    .to_owned()
}

fn said(language: Language, fault: Fault) -> anyhow::Error {
    match fault {
        Fault::Wrong(wrong) => anyhow!(
            "{}; {}",
            wrong_in(language, &wrong),
            language.say(
                "mit --anyway wird der Export trotzdem ausgegeben, ungeprüft",
                "with --anyway the export is written all the same, not verified"
            )
        ),
        fault if language == Language::En => fault.into(),
        Fault::Nothing => {
            anyhow::Error::new(fault).context("diese Kasse hat keine Belege unter diesem Namen")
        }
        Fault::Key => anyhow::Error::new(fault).context("der Schlüssel des Umsatzzählers fehlt"),
        Fault::Store(_) | Fault::Io(_) => fault.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_below_zero_says_so_and_one_that_was_not_checked_too() {
        let report = Report { turnover: -50, counter_checked: true, ..Report::default() };
        assert_eq!(counter(Language::De, &report), "Umsatzzähler: -0,50");
        let report = Report { turnover: 12_345, counter_checked: true, ..report };
        assert_eq!(counter(Language::En, &report), "turnover counter: 123,45");
        let report = Report { counter_checked: false, ..report };
        let said = counter(Language::De, &report);
        assert_eq!(
            said,
            "Summe der Belege: 123,45; Umsatzzähler nicht geprüft: der Schlüssel fehlt"
        );
    }
}
