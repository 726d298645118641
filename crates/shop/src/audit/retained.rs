//! How long what is kept, as a paper.

use document::{Block, Document, Language, Table};
use domain::retention::{self, Keep, RecordKind};

use super::material::Material;

pub(super) const fn kind_name(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Journal => {
            "Journal: jede Einzelaufzeichnung der Kassen, auch abgebrochene Vorgänge und Schulung"
        }
        RecordKind::Closings => "Kassenabschlüsse (Z-Berichte) und Zählungen",
        RecordKind::Signatures => "Signaturen und ihre Exporte (TAR, DEP7)",
        RecordKind::Procedures => {
            "Einstellungen, Preise, Steuersätze, Rollen und ihre Änderungen; diese Verfahrensdokumentation"
        }
        RecordKind::Vouchers => "Belege als Buchungsbelege, Rechnungen",
        RecordKind::Letters => "Geschäftsbriefe und sonstige Unterlagen",
        RecordKind::CustomerDetails => {
            "Namen und Anschriften von Kunden, die auf Rechnungen stehen"
        }
        RecordKind::PeopleNames => "Namen der Mitarbeiter (in den Einträgen steht ihre Nummer)",
        RecordKind::Secrets => "PINs, Passphrasen (nur als Prüfwert), Anmeldungen",
    }
}

const fn enforced(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Journal
        | RecordKind::Closings
        | RecordKind::Procedures
        | RecordKind::Vouchers => {
            "Es gibt keine Funktion zum Löschen; die Datei selbst verhindert Änderungen an Einträgen."
        }
        RecordKind::Signatures => {
            "Liegen im Journal ohne Löschfunktion. Der Speicher der Signatureinheit selbst ist Sache ihres Herstellers: vor der Außerbetriebnahme exportieren und die Ausgabe aufbewahren."
        }
        RecordKind::Letters => "Liegen nicht im Programm: der Betrieb bewahrt sie selbst auf.",
        RecordKind::CustomerDetails => {
            "Das Programm weigert sich bis zum genannten Ende, einen Kunden zu vergessen, auf dessen Konto gebucht wurde oder den eine Rechnung nennt."
        }
        RecordKind::PeopleNames => {
            "Das Programm vernichtet einen Namen nur auf ausdrücklichen Wunsch und nur bei gesperrten Personen. Es verhindert das nicht vor Ablauf der Fristen: der Betrieb wartet damit, bis die Belege der Person nicht mehr aufzubewahren sind."
        }
        RecordKind::Secrets => "Werden mit der Person vernichtet; Anmeldungen enden von selbst.",
    }
}

fn until(material: &Material, keep: Keep) -> String {
    match keep {
        Keep::Years { years } => {
            let year = material.today().year();
            let oldest = year.saturating_sub(i16::from(years));
            format!("{years} Jahre ab Jahresende (heute: alles ab dem Jahr {oldest})")
        }
        Keep::WhileNeeded => "solange nötig".to_owned(),
    }
}

/// The part of the documentation that says how long what is kept.
pub(super) fn blocks(material: &Material) -> Vec<Block> {
    let rows = retention::on(material.settings.country, material.today()).map(|rule| {
        vec![
            kind_name(rule.kind).to_owned(),
            until(material, rule.keep),
            // The letter stays with its word.
            rule.law.replace("lit. ", "lit.\u{a0}"),
            enforced(rule.kind).to_owned(),
        ]
    });
    let profile = material.settings.country.profile();
    let doubt = [
        "Die Fristen sind im Programm als datierte Daten hinterlegt. Sie stammen aus Sekundärquellen und wurden nicht am \
         Gesetzestext geprüft.",
        profile.period_doubt,
        "Im Zweifel entscheidet die Steuerberatung.",
    ]
    .map(str::trim);
    let doubt: Vec<&str> = doubt.into_iter().filter(|said| !said.is_empty()).collect();
    let columns =
        [("Unterlagen", 4), ("Aufzubewahren", 3), ("Rechtsgrundlage", 3), ("Im Programm", 5)];
    vec![
        Block::Text(profile.period.to_owned()),
        Block::Table(Table {
            columns: columns.map(|(title, share)| (title.to_owned(), share)).to_vec(),
            rows: rows.collect(),
        }),
        Block::Note(doubt.join(" ")),
    ]
}

/// The paper.
#[must_use]
pub fn retention_document(material: &Material) -> Document {
    Document {
        language: Language::De,
        title: "Aufbewahrungsfristen".to_owned(),
        subtitle: super::procedures::subtitle(material),
        footer: format!("{} · Aufbewahrungsfristen", material.settings.name),
        blocks: blocks(material),
    }
}
