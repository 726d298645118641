//! The part of the documentation of procedures that is Austria's (RKSV): devices with their certificates, the tills' chains
//! under each name that they had, and when codes were not signed.

use document::{Block, Table};
use domain::rksv::{RksvKind, RksvSettings, SignerIdentity, SignerKind};
use jiff::civil::DateTime;
use store::{Reader, RegisterRow, RksvOutage, StoreError};

use super::material::Material;
use crate::sign::certificate_ends;

/// So many outages of a chain at most.
const MOST: u32 = 50;

/// A chain as the documentation tells of it.
#[derive(Debug)]
pub(super) struct Chain {
    row: RegisterRow,
    started: DateTime,
    last: DateTime,
    closed: bool,
    outages: Vec<RksvOutage>,
    more: bool,
}

/// What there is of Austria's in the shop's file.
#[derive(Debug)]
pub(super) struct Chained {
    chains: Vec<Chain>,
    signers: Vec<SignerIdentity>,
}

impl Chained {
    pub(super) fn of(reader: &Reader) -> Result<Chained, StoreError> {
        let mut chains = Vec::new();
        for row in reader.rksv_registers()? {
            let first = reader.rksv_at(&row.register, 1)?;
            let Some(last) = reader.rksv_at(&row.register, row.last)? else { continue };
            let mut outages = reader.rksv_outages(&row.register, MOST.saturating_add(1))?;
            let most = usize::try_from(MOST).unwrap_or(usize::MAX);
            let more = outages.len() > most;
            outages.truncate(most);
            chains.push(Chain {
                started: first.map_or(last.signed.at, |first| first.signed.at),
                last: last.signed.at,
                closed: last.signed.kind == RksvKind::Closing,
                outages,
                more,
                row,
            });
        }
        Ok(Chained { chains, signers: reader.signers()? })
    }
}

fn heading(title: &str) -> Block {
    Block::Heading(title.to_owned())
}

fn table<const N: usize>(columns: [(&str, u8); N], rows: Vec<Vec<String>>) -> Block {
    let columns = columns.map(|(title, share)| (title.to_owned(), share)).to_vec();
    Block::Table(Table { columns, rows })
}

/// A moment of a receipt's code, which is local.
fn moment(material: &Material, at: DateTime) -> String {
    let known = material.zone.to_ambiguous_timestamp(at).compatible();
    known.map_or_else(|_| at.to_string(), |at| material.words.moment(at))
}

/// Austria's devices sign instead of a TSE; nothing is said of one there.
pub(super) fn signers(material: &Material, rksv: &RksvSettings, blocks: &mut Vec<Block>) {
    blocks.push(heading("Signaturerstellungseinheiten (RKSV)"));
    let rows = rksv.devices.iter().map(|device| {
        let kind = match device.kind {
            SignerKind::Software => "Software zum Üben, keine zugelassene Einheit",
            SignerKind::AtrustHsm => "A-Trust, a.sign RK HSM",
        };
        vec![device.id.to_string(), device.name.clone(), kind.to_owned()]
    });
    blocks.push(table([("Nr.", 1), ("Name", 4), ("Art", 6)], rows.collect()));
    let known = &material.chained;
    if !known.signers.is_empty() {
        blocks.push(heading("Zertifikate, mit denen signiert wurde"));
        let rows = known.signers.iter().map(|signer| {
            let ends = certificate_ends(&signer.certificates);
            let certified = if signer.certified { "ja" } else { "nein, zum Üben" };
            vec![
                signer.provider.clone(),
                signer.certificate.clone(),
                certified.to_owned(),
                ends.map_or_else(|| "–".to_owned(), |at| material.words.moment(at)),
            ]
        });
        blocks.push(table(
            [("Anbieter", 2), ("Seriennummer", 6), ("zugelassen", 3), ("gilt bis", 4)],
            rows.collect(),
        ));
    }
    blocks.push(heading("Kassen in FinanzOnline"));
    let tills = &material.settings.tills;
    let today = |chain: &Chain| rksv.cash_register(chain.row.till) == chain.row.register;
    let mut rows: Vec<Vec<String>> = known
        .chains
        .iter()
        .map(|chain| {
            let state = match (today(chain), chain.closed) {
                (_, true) => "Schlussbeleg",
                (true, false) => "in Betrieb",
                (false, false) => "frühere Kassen-ID",
            };
            vec![
                chain.row.till.to_string(),
                chain.row.register.clone(),
                moment(material, chain.started),
                moment(material, chain.last),
                chain.row.codes.to_string(),
                state.to_owned(),
            ]
        })
        .collect();
    let waits = |name: &String| known.chains.iter().all(|chain| chain.row.register != *name);
    rows.extend(tills.iter().map(|till| (till.id, rksv.cash_register(till.id))).filter_map(
        |(till, name)| {
            let none = || "–".to_owned();
            let row = vec![till.to_string(), name.clone(), none(), none(), "0".to_owned()];
            waits(&name).then(|| [row, vec!["noch kein Startbeleg".to_owned()]].concat())
        },
    ));
    blocks.push(table(
        [
            ("Kasse", 2),
            ("Kassen-ID", 4),
            ("Startbeleg", 4),
            ("letzter Beleg", 4),
            ("Belege", 2),
            ("Stand", 4),
        ],
        rows,
    ));
}

/// When codes were not signed.
pub(super) fn outages(material: &Material, blocks: &mut Vec<Block>) {
    blocks.push(heading("Ausfälle der Signaturerstellungseinheiten"));
    let chains = &material.chained.chains;
    let rows: Vec<Vec<String>> = chains
        .iter()
        .flat_map(|chain| chain.outages.iter().map(move |outage| (chain, outage)))
        .map(|(chain, outage)| {
            let until = outage.until.map(|at| moment(material, at));
            vec![
                chain.row.register.clone(),
                moment(material, outage.from),
                until.unwrap_or_else(|| "dauert an".to_owned()),
                outage.codes.to_string(),
                reason(&outage.why),
            ]
        })
        .collect();
    if rows.is_empty() {
        blocks.push(Block::Text("Im Journal steht kein Ausfall.".to_owned()));
    } else {
        blocks.push(table(
            [("Kassen-ID", 3), ("von", 4), ("bis", 4), ("Belege ohne Signatur", 3), ("Grund", 5)],
            rows,
        ));
    }
    if chains.iter().any(|chain| chain.more) {
        blocks.push(Block::Text("Ältere Ausfälle stehen im DEP7.".to_owned()));
    }
}

/// Why codes were not signed, or not made, in German, as papers for authorities are: all that devices and chains come to
/// record. What is not among them is a newer program's.
const REASONS: &[(&str, &str)] = &[
    ("address", "Adresse unbrauchbar"),
    ("bad_answer", "Antwort nicht lesbar"),
    ("bad_signature", "Signatur falsch"),
    ("broken", "Störung im Kassenprogramm"),
    ("busy", "Anbieter überlastet"),
    ("closed", "Kasse hat ihren Schlussbeleg"),
    ("code", "Code des Belegs nicht darstellbar"),
    ("company", "Name des Unternehmens für die Einheit fehlt oder ist unbrauchbar"),
    ("counter_full", "Umsatzzähler voll"),
    ("credentials", "Passwort nicht angenommen"),
    ("key_lost", "Schlüssel des Umsatzzählers fehlt"),
    ("must_be_signed", "gilt nur mit Signatur"),
    ("no_answer", "keine Antwort"),
    ("no_device", "keine Einheit signiert"),
    ("no_outage", "kein Ausfall"),
    ("no_password", "Passwort fehlt"),
    ("no_randomness", "Kassenprogramm ohne Zufallszahlen"),
    ("not_set", "RKSV nicht eingerichtet"),
    ("not_started", "noch kein Startbeleg"),
    ("not_trusted", "Gegenstelle nicht vertrauenswürdig"),
    ("number", "Nummer des Belegs für einen Code unbrauchbar"),
    ("outage", "noch ausgefallen"),
    ("outage_first", "zuerst kommt der Sammelbeleg"),
    ("provider", "Störung beim Anbieter"),
    ("register", "Kassen-ID passt nicht"),
    ("restored", "Kette aus einer Sicherung, Kasse braucht eine neue Kassen-ID"),
    ("self_test", "Schlüssel der Übungskarte nicht lesbar"),
    ("stale", "ein anderer Beleg kam dazwischen"),
    ("started", "Kasse hat ihren Startbeleg schon"),
    ("storage", "Speicher nicht lesbar oder schreibbar"),
    ("time_out", "keine Antwort in der Zeit"),
    ("turnover", "Beleg dieser Art hat keinen Umsatz"),
    ("unreachable", "keine Verbindung"),
    ("user", "Benutzer unbekannt"),
    ("yearly_instead", "diesen Monat schließt der Jahresbeleg"),
];

/// A device's or chain's code in German.
fn reason(code: &str) -> String {
    let known = REASONS.iter().find(|(known, _)| *known == code);
    known.map_or_else(|| format!("Code {code}"), |(_, words)| (*words).to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// All codes that stand in the sources of devices and chains.
    fn recorded() -> BTreeSet<String> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        // A fault of a device's memory, whatever it is.
        let mut codes = BTreeSet::from(["storage".to_owned()]);
        for folder in ["../signing/src/at", "src/rksv"] {
            for entry in std::fs::read_dir(here.join(folder)).unwrap() {
                let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
                let mut quoted = |text: &str, after: &str| {
                    codes.extend(text.split(after).skip(1).filter_map(|rest| {
                        let rest = rest.trim_start().strip_prefix('"')?;
                        Some(rest.split('"').next()?.to_owned())
                    }));
                };
                for after in [
                    "Unusable(",
                    "Refused(",
                    "give_up(work,",
                    "TIME_OUT: &str =",
                    "let mut why =",
                    "Err(",
                ] {
                    quoted(&text, after);
                }
                if let Some(refusals) = text.split("fn code_of(").nth(1) {
                    quoted(refusals.split("\n}").next().unwrap(), "=>");
                }
            }
        }
        codes
    }

    #[test]
    fn every_code_that_is_recorded_has_words_and_none_else() {
        let codes = recorded();
        for some in ["broken", "company", "counter_full", "no_device", "outage", "time_out"] {
            assert!(codes.contains(some), "{some} was not found in the sources: {codes:?}");
        }
        let known: BTreeSet<String> = REASONS.iter().map(|(code, _)| (*code).to_owned()).collect();
        let without: Vec<&String> = codes.difference(&known).collect();
        assert!(without.is_empty(), "without words: {without:?}");
        let never: Vec<&String> = known.difference(&codes).collect();
        assert!(never.is_empty(), "recorded by nobody: {never:?}");
        assert_eq!(reason("broken"), "Störung im Kassenprogramm");
        assert_eq!(reason("of_a_newer_program"), "Code of_a_newer_program");
    }

    #[test]
    fn the_office_has_words_for_every_code_in_both_languages() {
        let texts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/office/i18n");
        for language in ["de", "en"] {
            let text = std::fs::read_to_string(texts.join(format!("rksv.{language}.ts"))).unwrap();
            let words = text.split("  why: {").nth(1).unwrap().split("\n  }").next().unwrap();
            let has = |code: &str| words.contains(&format!(" {code}: '"));
            let missing: Vec<&str> =
                REASONS.iter().map(|(code, _)| *code).filter(|code| !has(code)).collect();
            assert!(missing.is_empty(), "{language}: {missing:?}");
        }
    }
}
