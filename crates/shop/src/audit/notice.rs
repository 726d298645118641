//! What the tax office is told of the recording systems (AO § 146a (4)): a sheet to copy from into "Mein ELSTER", and the
//! same as XML for programs. **The XML is Tresen's own form, not ELSTER's**: the schema of the official interface is not
//! known here, so nothing claims to fit it.

use document::{Block, Document, Language, Table};
use domain::UnitId;
use domain::notification::{Notification, TillNotice, UnitNotice};
use domain::signing::{UnitKind, UnitSettings};
use jiff::civil::Date;
use receipt::escape;

use super::material::Material;
use super::procedures::subtitle;

const MISSING: &str = "FEHLT";

/// A till or unit with what is to be told of it; each field is named and may be missing.
type Sheet = Vec<(&'static str, &'static str, Option<String>)>;

struct Notice {
    taxpayer: Sheet,
    place: Sheet,
    tills: Vec<Sheet>,
    units: Vec<Sheet>,
}

fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn gather(material: &Material) -> Notice {
    let settings = &material.settings;
    let empty = Notification::default();
    let told = settings.notification.as_deref().unwrap_or(&empty);
    let date = |date: Option<Date>| date.map(|date| material.words.date(date));
    let taxpayer = some(&told.taxpayer).or_else(|| some(&settings.name));
    let own = vec![
        ("taxpayer", "Steuerpflichtiger", taxpayer),
        ("tax_number", "Steuernummer", settings.tax_number.as_deref().and_then(some)),
        (
            "vat_id",
            "USt-IdNr. (falls vorhanden)",
            Some(settings.vat_id.clone().unwrap_or_else(|| "–".to_owned())),
        ),
        ("tax_office", "Finanzamt", some(&told.tax_office)),
    ];
    let today = material.today();
    let ended = |till: &TillNotice| till.until.is_some_and(|until| until <= today);
    let in_use = settings
        .tills
        .iter()
        .filter(|till| !told.tills.iter().any(|notice| notice.till == till.id && ended(notice)));
    let count = in_use.count();
    let place = vec![
        ("name", "Betriebsstätte", some(&settings.name)),
        ("address", "Anschrift der Betriebsstätte", some(&material.address())),
        (
            "count",
            "Anzahl der elektronischen Aufzeichnungssysteme (in Betrieb)",
            Some(count.to_string()),
        ),
    ];
    let gone = told.tills.iter().filter(|t| !settings.tills.iter().any(|now| now.id == t.till));
    let ids = settings.tills.iter().map(|till| till.id).chain(gone.map(|till| till.till));
    let tills = ids.map(|id| {
        let now = settings.tills.iter().find(|till| till.id == id);
        let notice = told.tills.iter().find(|till| till.till == id);
        let of = |field: fn(&TillNotice) -> Option<Date>| date(notice.and_then(field));
        let mut sheet: Sheet = vec![
            ("name", "Kasse", Some(now.map_or_else(|| id.to_string(), |till| till.name.clone()))),
            (
                "kind",
                "Art des Aufzeichnungssystems",
                Some("Computergestütztes Kassensystem (PC-Kasse)".to_owned()),
            ),
            (
                "serial",
                "Seriennummer des Aufzeichnungssystems",
                settings.signing.as_ref().map(|signing| signing.client(id)),
            ),
            ("software", "Software", Some("Tresen".to_owned())),
            ("version", "Version der Software", Some(material.version.clone())),
            ("device", "Gerät (Hersteller und Modell)", notice.and_then(|till| some(&till.device))),
            ("acquired", "Datum der Anschaffung (auch Miete, Leasing)", of(|till| till.acquired)),
            ("from", "Datum der Inbetriebnahme", of(|till| till.from)),
        ];
        if now.is_none() || notice.is_some_and(|till| till.until.is_some()) {
            sheet.push(("until", "Datum der Außerbetriebnahme", of(|till| till.until)));
        }
        sheet
    });
    let units = units_of(material, told);
    Notice { taxpayer: own, place, tills: tills.collect(), units }
}

/// The units of today, and those that were: a TSE is told of when it goes out of use, too.
fn units_of(material: &Material, told: &Notification) -> Vec<Sheet> {
    let settings = &material.settings;
    let date = |date: Option<Date>| date.map(|date| material.words.date(date));
    let now: Vec<&UnitSettings> =
        settings.signing.iter().flat_map(|signing| &signing.units).collect();
    let mut ids: Vec<UnitId> = now.iter().map(|unit| unit.id).collect();
    let known = material.units.iter().map(|known| known.unit);
    for id in known.chain(told.units.iter().map(|unit| unit.unit)) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let sheet = |id: UnitId| {
        let set = now.iter().find(|unit| unit.id == id);
        let known = material.unit(id);
        let notice = told.units.iter().find(|told| told.unit == id);
        let of = |field: fn(&UnitNotice) -> Option<Date>| date(notice.and_then(field));
        let software = set.is_some_and(|unit| matches!(unit.kind, UnitKind::Software));
        let uncertified = software || known.is_some_and(|known| !known.identity.certified);
        let form = notice.and_then(|unit| some(&unit.form));
        let name = set
            .map_or_else(|| format!("TSE {id} (nicht mehr eingetragen)"), |unit| unit.name.clone());
        let mut sheet: Sheet = vec![
            ("name", "Technische Sicherheitseinrichtung", Some(name)),
            (
                "form",
                "Art (Bauform)",
                if software {
                    Some("KEINE zertifizierte TSE: Software zum Üben".to_owned())
                } else if uncertified {
                    Some("KEINE zertifizierte TSE: Simulator oder Testumgebung".to_owned())
                } else {
                    form
                },
            ),
            (
                "serial",
                "Seriennummer der TSE (64 Stellen)",
                known.map(|known| known.identity.serial.clone()),
            ),
            (
                "certification",
                "Zertifizierungs-ID (BSI-K-TR-nnnn-jjjj)",
                notice.and_then(|unit| some(&unit.certification)),
            ),
            ("from", "Datum der Inbetriebnahme", of(|unit| unit.from)),
        ];
        if set.is_none() || notice.is_some_and(|unit| unit.until.is_some()) {
            sheet.push(("until", "Datum der Außerbetriebnahme", of(|unit| unit.until)));
        }
        sheet
    };
    ids.into_iter().map(sheet).collect()
}

impl Notice {
    /// What is missing, in words.
    fn missing(&self) -> Vec<String> {
        let single = [("Steuerpflichtiger", &self.taxpayer), ("Betriebsstätte", &self.place)];
        let many = self.tills.iter().chain(&self.units).map(|sheet| {
            let name = sheet.first().and_then(|(_, _, value)| value.clone()).unwrap_or_default();
            (name, sheet)
        });
        let all = single.map(|(name, sheet)| (name.to_owned(), sheet)).into_iter().chain(many);
        let mut missing: Vec<String> = all
            .flat_map(|(name, sheet)| {
                sheet
                    .iter()
                    .filter(|(_, _, value)| value.is_none())
                    .map(move |(_, field, _)| format!("{name}: {field}"))
            })
            .collect();
        if self.units.is_empty() {
            missing.push("Technische Sicherheitseinrichtung: keine eingerichtet".to_owned());
        }
        missing
    }
}

fn facts(sheet: &Sheet) -> Block {
    let rows = sheet.iter().map(|(_, field, value)| {
        ((*field).to_owned(), value.clone().unwrap_or_else(|| MISSING.to_owned()))
    });
    Block::Facts(rows.collect())
}

/// The sheet for the owner.
#[must_use]
pub fn notice_document(material: &Material) -> Document {
    let notice = gather(material);
    let missing = notice.missing();
    let mut blocks = vec![Block::Text(
        "Diese Angaben gehören in die Mitteilung über elektronische Aufzeichnungssysteme nach § 146a Abs. 4 AO. Sie ist \
         elektronisch abzugeben: in „Mein ELSTER“ im Formular „Mitteilung über elektronische Aufzeichnungssysteme“, für \
         alle Kassen einer Betriebsstätte in einer Mitteilung, innerhalb eines Monats nach Anschaffung oder \
         Außerbetriebnahme."
            .to_owned(),
    )];
    if missing.is_empty() {
        blocks.push(Block::Text("Alle Angaben sind da.".to_owned()));
    } else {
        blocks.push(Block::Note(format!(
            "Es fehlen {} Angaben. Sie werden unter Einstellungen → Finanzamt eingetragen:",
            missing.len()
        )));
        blocks.push(Block::List(missing));
    }
    blocks.push(Block::Chapter("Steuerpflichtiger".to_owned()));
    blocks.push(facts(&notice.taxpayer));
    blocks.push(Block::Chapter("Betriebsstätte".to_owned()));
    blocks.push(facts(&notice.place));
    for (title, sheets) in [
        ("Aufzeichnungssysteme", &notice.tills),
        ("Technische Sicherheitseinrichtungen (TSE)", &notice.units),
    ] {
        blocks.push(Block::Chapter(title.to_owned()));
        if sheets.is_empty() {
            blocks.push(Block::Note("Keine eingerichtet.".to_owned()));
        }
        blocks.extend(sheets.iter().map(facts));
    }
    blocks.push(Block::Chapter("Was davon nicht geprüft ist".to_owned()));
    blocks.push(Block::Text(
        "Welche Felder das Formular verlangt, ist aus Sekundärquellen bekannt; das amtliche Formular und die Schnittstelle \
         (ERiC) konnten nicht geprüft werden. Die XML-Datei, die es daneben gibt, ist eine Datei von Tresen zum \
         Weiterverarbeiten und keine Datei für ELSTER."
            .to_owned(),
    ));
    let mut rows = Vec::new();
    for known in &material.units {
        rows.push(vec![
            known.unit.to_string(),
            known.identity.serial.clone(),
            material.words.moment(known.since),
        ]);
    }
    if rows.len() > 1 {
        blocks
            .push(Block::Heading("Alle Seriennummern, die sich bisher gemeldet haben".to_owned()));
        let columns = [("Einheit", 2), ("Seriennummer", 8), ("Zuerst gemeldet", 3)];
        let columns = columns.map(|(title, share)| (title.to_owned(), share)).to_vec();
        blocks.push(Block::Table(Table { columns, rows }));
    }
    Document {
        language: Language::De,
        title: "Mitteilung nach § 146a Abs. 4 AO: Datenblatt".to_owned(),
        subtitle: subtitle(material),
        footer: format!(
            "{} · Datenblatt zur Mitteilung nach § 146a Abs. 4 AO",
            material.settings.name
        ),
        blocks,
    }
}

/// The same as XML of Tresen's own form. Missing fields are empty elements with `missing="true"`.
#[must_use]
pub fn notice_xml(material: &Material) -> String {
    let notice = gather(material);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!-- Datei von Tresen, keine ELSTER-Datei: Angaben für die Mitteilung nach AO § 146a Abs. 4. -->\n\
         <tresen-recording-systems version=\"1\" created=\"{}\" program=\"{}\">\n",
        escape(&material.now.to_string()),
        escape(&material.version)
    );
    element(&mut xml, "taxpayer", &notice.taxpayer);
    element(&mut xml, "place", &notice.place);
    for till in &notice.tills {
        element(&mut xml, "system", till);
    }
    for unit in &notice.units {
        element(&mut xml, "security-module", unit);
    }
    xml.push_str("</tresen-recording-systems>\n");
    xml
}

fn element(xml: &mut String, name: &str, sheet: &Sheet) {
    xml.push_str(&format!("  <{name}>\n"));
    for (field, _, value) in sheet {
        let field = field.replace('_', "-");
        match value {
            Some(value) => xml.push_str(&format!("    <{field}>{}</{field}>\n", escape(value))),
            None => xml.push_str(&format!("    <{field} missing=\"true\"/>\n")),
        }
    }
    xml.push_str(&format!("  </{name}>\n"));
}
