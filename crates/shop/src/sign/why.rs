//! Why something was not signed, or a unit does not sign, in words: what stands in the journal are codes.

use receipt::Language;

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// The unit's, or the way's to it.
    Unit,
    /// The program's or its settings': the unit was not even asked.
    Shop,
}

/// What a code means.
struct Why {
    code: &'static str,
    of: Of,
    german: &'static str,
    english: &'static str,
}

const fn unit(code: &'static str, german: &'static str, english: &'static str) -> Why {
    Why { code, of: Of::Unit, german, english }
}

const fn shop(code: &'static str, german: &'static str, english: &'static str) -> Why {
    Why { code, of: Of::Shop, german, english }
}

/// All codes that come to be recorded; what is not among them is a newer program's. The office has the same ones in its own words.
const CODES: &[Why] = &[
    unit("address", "Adresse unbrauchbar", "its address cannot be one"),
    unit("admin_pin", "PIN oder PUK nicht angenommen", "PIN or PUK not taken"),
    unit(
        "another_unit",
        "andere TSE als unter dieser Nummer bekannt",
        "another unit than is known under this number",
    ),
    unit("bad_answer", "Antwort unverständlich", "answer not understood"),
    unit("bad_signature", "Signatur falsch", "wrong signature"),
    unit("busy", "TSE beschäftigt", "unit is busy"),
    unit("certificate_expired", "Zertifikat abgelaufen", "certificate expired"),
    unit("client", "Kasse nicht angenommen", "till not accepted"),
    unit("client_in_use", "Kasse noch in Gebrauch", "till still in use"),
    unit("credentials", "Zugangsdaten nicht angenommen", "access data not taken"),
    unit("disabled", "TSE außer Betrieb gesetzt", "unit taken out of service"),
    unit("export", "Export abgebrochen", "export broke off"),
    unit("fault", "TSE meldet eine Störung", "unit reports a fault"),
    unit("logged_out", "Anmeldung nicht mehr gültig", "login no longer valid"),
    unit("no_admin_pin", "Admin-PIN fehlt", "administrator's PIN missing"),
    unit("no_answer", "keine Antwort", "no answer"),
    unit("no_data", "nichts dazu gespeichert", "nothing stored of that"),
    unit("no_puk", "PUK fehlt", "PUK missing"),
    unit("no_secret", "Zugangsdaten fehlen", "access data missing"),
    unit("no_transaction", "Vorgang der TSE unbekannt", "transaction not known to the unit"),
    unit("not_set_up", "TSE noch nicht eingerichtet", "unit not set up yet"),
    unit("not_trusted", "Gegenstelle nicht vertrauenswürdig", "whoever answers is not trusted"),
    unit("request", "Auftrag nicht verstanden", "request not understood"),
    unit("secret_lost", "Zugangsdaten nicht mehr lesbar", "access data no longer readable"),
    unit("self_test", "Selbsttest nicht bestanden", "self-test failed"),
    unit("storage", "Speicher nicht lesbar oder schreibbar", "storage cannot be read or written"),
    unit("storage_full", "Speicher voll", "storage full"),
    unit("time_out", "keine Antwort in der Zeit", "no answer in time"),
    unit("too_many_open", "zu viele offene Vorgänge", "too many open transactions"),
    unit("unreachable", "nicht erreichbar", "not reachable"),
    unit("wrong_counter", "Signaturzähler falsch", "wrong signature counter"),
    unit("wrong_time", "Uhr der TSE falsch", "the unit's clock is wrong"),
    shop("broken", "Störung im Kassenprogramm", "fault in the till's program"),
    shop(
        "no_randomness",
        "Kassenprogramm ohne Zufallszahlen",
        "no random numbers for the till's program",
    ),
    shop("not_set", "keine TSE eingerichtet", "no signing unit set up"),
    shop(
        "process_data",
        "Beleg für eine TSE nicht darstellbar",
        "receipt has no form that a unit signs",
    ),
    shop("unreadable", "Beleg nicht lesbar", "receipt could not be read"),
];

fn find(code: &str) -> Option<&'static Why> {
    CODES.iter().find(|why| why.code == code)
}

/// Why, in a few words without a full stop.
#[must_use]
pub fn why_words(code: &str, language: Language) -> String {
    match (find(code), language) {
        (Some(why), Language::De) => why.german.to_owned(),
        (Some(why), Language::En) => why.english.to_owned(),
        (None, _) => format!("Code {code}"),
    }
}

/// Whether the unit was out of order; false when it was never asked.
#[must_use]
pub fn is_units_fault(code: &str) -> bool {
    find(code).is_none_or(|why| why.of == Of::Unit)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    fn sources(at: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            // Austria's devices have words of their own, simulators and tests are no units.
            if path.is_dir() && !["at", "simulator"].contains(&name.as_str()) {
                sources(&path, found);
            } else if name.ends_with(".rs") && name != "why.rs" {
                found.push(path);
            }
        }
    }

    /// What stands in quotes right after a word in the sources.
    fn quoted(text: &str, after: &str) -> BTreeSet<String> {
        let codes = text.split(after).skip(1).filter_map(|rest| {
            let rest = rest.trim_start().strip_prefix('"')?;
            Some(rest.split('"').next()?.to_owned())
        });
        codes.collect()
    }

    fn recorded() -> BTreeSet<String> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        sources(&here.join("../signing/src"), &mut files);
        sources(&here.join("src/sign"), &mut files);
        files.push(here.join("../domain/src/decide/signing.rs"));
        let mut codes = BTreeSet::from(["no_transaction".to_owned(), "storage".to_owned()]);
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            // Calls only: what tests compare with may stand there as well.
            for after in ["Unusable(", "Refused(", "give_up(&work, None,", "ANOTHER: &str ="] {
                codes.extend(quoted(&text, after));
            }
            for call in text.split("self.failed(").skip(1) {
                codes.extend(quoted(call.split(')').next().unwrap(), ","));
            }
        }
        codes
    }

    #[test]
    fn every_code_that_is_recorded_has_words() {
        let codes = recorded();
        for some in ["another_unit", "not_set", "process_data", "self_test", "unreadable"] {
            assert!(codes.contains(some), "{some} was not found in the sources: {codes:?}");
        }
        let without: Vec<&String> = codes.iter().filter(|code| find(code).is_none()).collect();
        assert!(without.is_empty(), "without words: {without:?}");
        let never: Vec<&str> =
            CODES.iter().map(|why| why.code).filter(|code| !codes.contains(*code)).collect();
        assert!(never.is_empty(), "recorded by nobody: {never:?}");
    }

    #[test]
    fn the_office_has_words_for_every_code_in_both_languages() {
        let texts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/office/i18n");
        for language in ["de", "en"] {
            let text = std::fs::read_to_string(texts.join(format!("signing.{language}.ts")));
            let text = text.unwrap();
            let words = text.split("  why: {").nth(1).unwrap().split("\n  }").next().unwrap();
            let missing: Vec<&str> = CODES
                .iter()
                .map(|why| why.code)
                .filter(|code| {
                    !words.contains(&format!(" {code}: '"))
                        && !words.contains(&format!(" {code}: \""))
                })
                .collect();
            assert!(missing.is_empty(), "{language}: {missing:?}");
        }
    }

    #[test]
    fn what_was_never_asked_did_not_fail() {
        assert!(is_units_fault("storage_full") && is_units_fault("of_a_newer_program"));
        assert!(!is_units_fault("not_set") && !is_units_fault("process_data"));
        assert_eq!(why_words("self_test", Language::De), "Selbsttest nicht bestanden");
        assert_eq!(why_words("of_a_newer_program", Language::En), "Code of_a_newer_program");
    }
}
