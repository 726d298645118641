//! The documentation of procedures (Verfahrensdokumentation, GoBD Tz. 151 ff.), written from the real settings and their
//! history. In German, whatever language the shop speaks: it is for German authorities.

use document::{Block, Document, Language, Table};
use domain::country::charges_vat;
use domain::people::{Allowance, Permission, allowance};
use domain::settings::{Settings, TaxPoint};
use domain::signing::UnitKind;

use super::chained;
use super::changes::Change;
use super::material::{Material, ROLES};
use super::retained;
use super::words::kind_words;
use crate::country::{Secured, offered, secured};
use crate::sign::why_words;

/// Rights in German, in the order of the one table.
const RIGHTS: [(&str, Permission); 33] = [
    ("Verkaufen und kassieren", Permission::Sell),
    ("Position stornieren", Permission::VoidLine),
    ("Bon abbrechen", Permission::AbortBasket),
    ("Ware ohne Bezahlung entnehmen (Sachbezug)", Permission::GiveBenefits),
    ("Rabatt geben", Permission::Discount),
    ("Anderer Preis", Permission::OverridePrice),
    ("Rückgabe mit Bon", Permission::ReturnWithReceipt),
    ("Rückgabe ohne Bon", Permission::ReturnWithoutReceipt),
    ("Pfand auszahlen", Permission::PayOutDeposit),
    ("Anders zurückzahlen als bezahlt", Permission::ChooseRefund),
    ("Kassentag eröffnen", Permission::OpenDay),
    ("Zählen und abschließen", Permission::CloseDay),
    ("Ungeklärte Zahlungen klären", Permission::ResolvePayments),
    ("Einlage und Entnahme", Permission::MoveCash),
    ("Geld in den Tresor", Permission::DropCash),
    ("Lade öffnen ohne Verkauf", Permission::NoSale),
    ("Summen sehen (X-Bericht)", Permission::SeeTotals),
    ("Schulungsmodus", Permission::Training),
    ("Belege ansehen und kopieren", Permission::SeeReceipts),
    ("Berichte sehen", Permission::SeeReports),
    ("Artikel ansehen", Permission::SeeItems),
    ("Artikel und Preise ändern", Permission::ManageItems),
    ("Bestand buchen", Permission::ManageStock),
    ("Gutscheine sperren", Permission::ManageVouchers),
    ("Auf Rechnung verkaufen", Permission::SellOnAccount),
    ("Über das Kreditlimit verkaufen", Permission::ExceedCredit),
    ("Kunden verwalten", Permission::ManageCustomers),
    ("Zahlungen von Kunden buchen", Permission::RecordAccountPayments),
    ("Kartenterminals prüfen", Permission::ManageTerminals),
    ("Einstellungen ändern", Permission::ManageSettings),
    ("Personen und Rollen ändern", Permission::ManagePeople),
    ("Journal prüfen, sichern, Nachschau öffnen", Permission::ManageRecord),
    ("Prüferansicht (Nachschau, nur lesen)", Permission::SeeAudit),
];

pub(super) fn subtitle(material: &Material) -> String {
    let settings = &material.settings;
    format!(
        "{}, {} · Stand {} · erstellt von Tresen {}",
        settings.name,
        material.address(),
        material.words.moment(material.now),
        material.version
    )
}

fn chapter(title: &str) -> Block {
    Block::Chapter(title.to_owned())
}

fn heading(title: &str) -> Block {
    Block::Heading(title.to_owned())
}

fn text(text: &str) -> Block {
    Block::Text(text.to_owned())
}

fn fact(name: &str, value: impl Into<String>) -> (String, String) {
    let value: String = value.into();
    let value = if value.trim().is_empty() { "nicht angegeben".to_owned() } else { value };
    (name.to_owned(), value)
}

/// Nothing in a cell is said too: it was not forgotten.
fn table<const N: usize>(columns: [(&str, u8); N], mut rows: Vec<Vec<String>>) -> Block {
    let columns = columns.map(|(title, share)| (title.to_owned(), share)).to_vec();
    for cell in rows.iter_mut().flatten().filter(|cell| cell.trim().is_empty()) {
        "–".clone_into(cell);
    }
    Block::Table(Table { columns, rows })
}

/// The paper.
#[must_use]
pub fn procedures_document(material: &Material) -> Document {
    let mut blocks = Vec::new();
    general(material, &mut blocks);
    for_people(&mut blocks);
    technical(material, &mut blocks);
    operation(material, &mut blocks);
    controls(material, &mut blocks);
    blocks.push(chapter("6 Aufbewahrung"));
    blocks.extend(retained::blocks(material));
    history(material, &mut blocks);
    honest(material.settings.country.profile().unread, &mut blocks);
    Document {
        language: Language::De,
        title: "Verfahrensdokumentation des Kassensystems".to_owned(),
        subtitle: subtitle(material),
        footer: format!("{} · Verfahrensdokumentation", material.settings.name),
        blocks,
    }
}

fn general(material: &Material, blocks: &mut Vec<Block>) {
    let settings = &material.settings;
    let profile = settings.country.profile();
    let (vat_word, vat_number) =
        profile.vat_number.printed(settings.vat_id.as_deref(), charges_vat(settings));
    let told = settings.notification.as_deref();
    let began = material.began.map(|at| material.words.moment(at)).unwrap_or_default();
    blocks.push(chapter("1 Allgemeine Beschreibung"));
    blocks.push(text(
        "Dieses Dokument beschreibt, wie der Betrieb seine Geschäftsvorfälle an der Kasse aufzeichnet, verarbeitet, aufbewahrt \
         und auswertet. Es wird aus den wirklichen Einstellungen und deren Geschichte im Journal erzeugt. Ältere Stände \
         bleiben nachvollziehbar: jede Änderung steht mit Zeit und Person in Kapitel 7 und vollständig in der \
         Änderungshistorie. Wer einen Stand festhalten will, bewahrt die erzeugte Datei auf.",
    ));
    blocks.push(heading("Betrieb"));
    blocks.push(Block::Facts(vec![
        fact("Name", settings.name.clone()),
        fact("Anschrift", material.address()),
        fact("Steuerpflichtiger", told.map_or("", |told| &told.taxpayer)),
        fact("Steuernummer", settings.tax_number.clone().unwrap_or_default()),
        fact(vat_word.de, vat_number.unwrap_or_default()),
        fact("Finanzamt", told.map_or("", |told| &told.tax_office)),
        fact("Land, Währung", format!("{}, {}", profile.name.de, settings.currency.code())),
        fact("Zeitzone", settings.time_zone.clone()),
        fact("Kennung der Aufzeichnung", material.shop.clone()),
        fact("Aufzeichnung begonnen", began),
    ]));
    blocks.push(heading("Kassen"));
    let rows = settings.tills.iter().map(|till| {
        let notice = told.and_then(|told| told.tills.iter().find(|n| n.till == till.id));
        let serial = settings.signing.as_ref().map(|signing| signing.client(till.id));
        let terminal = till.terminal.and_then(|id| settings.terminals.iter().find(|t| t.id == id));
        vec![
            till.id.to_string(),
            till.name.clone(),
            serial.unwrap_or_else(|| "–".to_owned()),
            notice.map(|n| n.device.clone()).unwrap_or_default(),
            till.printer.clone().unwrap_or_else(|| "keiner".to_owned()),
            terminal.map_or_else(|| "–".to_owned(), |t| t.name.clone()),
        ]
    });
    blocks.push(table(
        [
            ("Nr.", 1),
            ("Name", 4),
            ("Seriennummer", 4),
            ("Gerät", 4),
            ("Bondrucker", 4),
            ("Kartenterminal", 4),
        ],
        rows.collect(),
    ));
    units(material, blocks);
    if !settings.terminals.is_empty() {
        blocks.push(heading("Kartenterminals"));
        let rows = settings.terminals.iter().map(|terminal| {
            let value = serde_json::to_value(terminal.protocol).unwrap_or_default();
            let protocol = value.as_str().unwrap_or_default().replace('_', " ");
            vec![terminal.id.to_string(), terminal.name.clone(), protocol, terminal.address.clone()]
        });
        blocks.push(table(
            [("Nr.", 1), ("Name", 4), ("Protokoll", 3), ("Adresse", 5)],
            rows.collect(),
        ));
    }
    rates(material, blocks);
}

fn units(material: &Material, blocks: &mut Vec<Block>) {
    let settings = &material.settings;
    match (secured(settings), domain::rksv::of(settings)) {
        (_, Some(rksv)) => return chained::signers(material, rksv, blocks),
        (Secured::Chains, None) => {
            blocks.push(heading("Signaturerstellungseinheiten (RKSV)"));
            blocks.push(Block::Note(
                "Die RKSV ist nicht eingerichtet: Belege haben keinen Code. In Österreich darf so nicht kassiert werden."
                    .to_owned(),
            ));
            return;
        }
        (Secured::Nothing, None) => return,
        (Secured::Units, None) => {}
    }
    let told = settings.notification.as_deref();
    blocks.push(heading("Technische Sicherheitseinrichtungen (TSE)"));
    let Some(signing) = &settings.signing else {
        blocks.push(Block::Note(
            "Es ist keine Signatureinheit eingerichtet: Belege werden nicht signiert. In Deutschland darf so nicht kassiert \
             werden (AO § 146a)."
                .to_owned(),
        ));
        return;
    };
    for unit in &signing.units {
        let known = material.unit(unit.id);
        let notice = told.and_then(|told| told.units.iter().find(|n| n.unit == unit.id));
        let date = |date: Option<jiff::civil::Date>| {
            date.map(|date| material.words.date(date)).unwrap_or_default()
        };
        let since = known.map(|known| material.words.moment(known.since)).unwrap_or_default();
        let mut facts = vec![
            fact("Name", format!("{} (Einheit {})", unit.name, unit.id)),
            fact("Seriennummer", known.map_or("", |known| &known.identity.serial)),
            fact("Zertifizierung", notice.map_or("", |notice| &notice.certification)),
            fact("Bauform", notice.map_or("", |notice| &notice.form)),
            fact("Signaturverfahren", known.map_or("", |known| &known.identity.algorithm)),
            fact("Zuerst gemeldet", since),
            fact("In Betrieb seit", date(notice.and_then(|notice| notice.from))),
        ];
        if let Some(until) = notice.and_then(|notice| notice.until) {
            facts.push(fact("Außer Betrieb seit", date(Some(until))));
        }
        blocks.push(Block::Facts(facts));
        if matches!(unit.kind, UnitKind::Software) {
            blocks.push(Block::Note(format!(
                "„{}“ ist eine Software zum Üben und keine zertifizierte TSE.",
                unit.name
            )));
        }
    }
    let former: Vec<Vec<String>> = material
        .units
        .iter()
        .filter(|known| {
            material
                .unit(known.unit)
                .is_some_and(|now| now.identity.serial != known.identity.serial)
                || !signing.units.iter().any(|unit| unit.id == known.unit)
        })
        .map(|known| {
            let since = material.words.moment(known.since);
            vec![known.unit.to_string(), known.identity.serial.clone(), since]
        })
        .collect();
    if !former.is_empty() {
        blocks.push(text("Frühere Einheiten und Seriennummern:"));
        blocks.push(table([("Einheit", 2), ("Seriennummer", 8), ("Zuerst gemeldet", 3)], former));
    }
}

fn rates(material: &Material, blocks: &mut Vec<Block>) {
    let settings = &material.settings;
    blocks.push(heading("Steuerschlüssel und Sätze"));
    blocks.push(text(match settings.tax_point {
        TaxPoint::Payment => "Sätze gelten ab einem Zeitpunkt. Für einen Bon gilt der Satz vom Zeitpunkt der Zahlung, für alle Positionen derselbe.",
        TaxPoint::Opening => "Sätze gelten ab einem Zeitpunkt. Für einen Bon gilt der Satz vom Zeitpunkt, an dem er begonnen wurde, für alle Positionen derselbe.",
    }));
    let mut rates: Vec<_> = settings.rates.iter().collect();
    rates.sort_by_key(|rate| (rate.key, rate.from));
    let rows = rates.into_iter().map(|rate| {
        let groups = settings.groups.iter().filter(|group| group.tax == rate.key);
        vec![
            rate.key.to_string(),
            key_name(settings, rate.key),
            material.words.decimal(i64::from(rate.rate.basis_points()), 2, " %"),
            material.words.date(rate.from.date()),
            groups.map(|group| group.name.clone()).collect::<Vec<_>>().join(", "),
        ]
    });
    blocks.push(table(
        [("Schlüssel", 2), ("Bezeichnung", 5), ("Satz", 2), ("ab", 2), ("Warengruppen heute", 5)],
        rows.collect(),
    ));
}

/// What a tax key is called: as the shop says of its own ones, else as the form does.
fn key_name(settings: &Settings, key: domain::TaxKey) -> String {
    let own = settings.own_tax_keys.iter().find(|own| own.key == key);
    let form = || fiscal::de::tax_keys::name(u32::from(key.0));
    let form = || form().filter(|_| offered(settings).dsfinvk);
    own.map_or_else(|| form().unwrap_or_default().to_owned(), |own| own.description.clone())
}

fn for_people(blocks: &mut Vec<Block>) {
    blocks.push(chapter("2 Anwenderdokumentation"));
    blocks.push(text(
        "Die Anleitung für alle, die mit dem System arbeiten, liegt dem Programm bei (docs/de). Die wesentlichen Abläufe:",
    ));
    blocks.push(Block::List(
        [
            "Anmelden an der Kasse mit persönlicher PIN, im Büro mit persönlicher Passphrase. Nach einer Zeit ohne Eingabe sperrt sich die Kasse; der offene Bon bleibt.",
            "Kassentag eröffnen mit dem Anfangsbestand der Lade.",
            "Verkaufen: Artikel scannen oder suchen. Jede Position ist mit der Eingabe aufgezeichnet, auch wenn sie danach storniert wird; ein abgebrochener Bon bleibt mit seinen Positionen aufgezeichnet, ein geparkter ist mit dem Parken aufgezeichnet und gesichert. Ware, die jemand aus dem Betrieb ohne Bezahlung nimmt, ist ein Vorgang mit Person und Grund.",
            "Bezahlen: bar, mit Karte, Gutschein, Überweisung oder auf Rechnung, auch gemischt. Der Beleg ist ausgestellt, bevor er signiert und gedruckt wird.",
            "Rückgabe und Storno sind neue Belege mit umgekehrtem Vorzeichen und Bezug auf den alten; kein Beleg wird geändert.",
            "Einlagen, Entnahmen und Abschöpfungen mit Grund; die Lade ohne Verkauf öffnen mit Grund.",
            "Schulungsmodus: eigene Nummern, auf jedem Beleg gekennzeichnet, in keiner Summe enthalten, aber aufgezeichnet.",
            "Zählen und abschließen: der gezählte Bestand wird dem errechneten gegenübergestellt, eine Differenz wird gebucht. Der Abschluss (Z-Bericht) ist je Kasse lückenlos nummeriert.",
            "Ausfall von Signatureinheit, Kartenterminal oder Drucker: der Verkauf geht weiter, der Ausfall wird angezeigt und aufgezeichnet.",
        ]
        .map(str::to_owned)
        .to_vec(),
    ));
}

fn technical(material: &Material, blocks: &mut Vec<Block>) {
    blocks.push(chapter("3 Technische Systemdokumentation"));
    blocks.push(text(
        "Ein Programm (Tresen, quelloffen) läuft auf einem Rechner des Betriebs und hält alles in einer SQLite-Datei. Kassen, \
         Büro und Kundenanzeige sind Browser; sie speichern nichts, was zählt. Ein Verkauf gilt erst als bezahlt, wenn er auf \
         dem Datenträger steht (WAL, synchronous=FULL).",
    ));
    blocks.push(heading("Journal und Unveränderbarkeit"));
    blocks.push(Block::List(
        [
            "Jeder Vorgang ist ein Eintrag im Journal: Laufnummer ohne Lücken, Zeit, Kasse, Person, Art und Inhalt als lesbarer JSON-Text.",
            "Jeder Eintrag enthält den Prüfwert des vorigen: SHA-256 über „tresen-journal-1“, den vorigen Prüfwert und die gespeicherten Bytes. Eine Änderung, Lücke oder Umstellung wird von der Prüfung mit der Nummer des ersten betroffenen Eintrags genannt.",
            "Die Datenbank selbst verweigert Änderungen und Löschungen am Journal (Trigger). Korrekturen sind neue Einträge.",
            "Alle anderen Tabellen (Belege, Bestand, Summen) werden in derselben Transaktion aus dem Journal fortgeschrieben und lassen sich daraus vollständig neu aufbauen; ein Vergleich gehört zur Prüfung.",
            "Beträge werden in ganzen Cent mit Ganzzahlen an einer Stelle gerechnet, Mengen in Tausendsteln; gerundet wird kaufmännisch, einmal je Position.",
            "Namen von Mitarbeitern und Angaben zu Kunden liegen getrennt und verschlüsselt; im Journal steht ein Prüfwert davon.",
        ]
        .map(str::to_owned)
        .to_vec(),
    ));
    let secured = secured(&material.settings);
    blocks.push(heading(match secured {
        Secured::Chains => "Signaturen (RKSV)",
        Secured::Units => "Signaturen (AO § 146a, KassenSichV)",
        Secured::Nothing => "Signaturen",
    }));
    blocks.push(text(match secured {
        Secured::Chains => "Ein Verkauf wird gespeichert, bekommt dann den Code nach RKSV und wird erst danach gedruckt. Der Code ist an den des \
         vorigen Belegs der Kasse gekettet, trägt die Beträge je Steuersatz und den verschlüsselten Umsatzzähler und wird \
         signiert. Signiert keine Einheit, sagt es der Beleg; nachsigniert wird nichts, ein Sammelbeleg folgt. Wer einen \
         Schlüssel ansieht oder einträgt, steht mit Zeit im Journal.",
        Secured::Units => "Mit der ersten Position wird an der TSE eine Transaktion begonnen, mit dem Beleg wird sie mit den Daten nach DSFinV-K \
         Anhang I beendet und signiert (Kassenbeleg-V1). Der Beleg trägt die Angaben nach KassenSichV § 6 als QR-Code, auf \
         Wunsch auch in Klartext. Antwortet die TSE nicht, sagt es der Beleg; was nicht signiert wurde, wird nicht nachsigniert.",
        Secured::Nothing => "Kein Gesetz verlangt hier, dass Belege signiert werden. Was geschah, sichert das Journal.",
    }));
    blocks.push(heading("Datenexport"));
    let own: &[&str] = match secured {
        Secured::Units => &[
            "DSFinV-K 2.4 für jeden Zeitraum abgeschlossener Kassentage, vor der Ausgabe geprüft (Z3). Eigene Schlüssel ab 1000 sind oben unter Steuerschlüssel aufgeführt.",
            "TAR-Export der TSE nach BSI TR-03151.",
        ],
        Secured::Chains => &[
            "DEP7 nach RKSV § 7, je Kassen-ID, vor der Ausgabe geprüft; was nicht stimmt, wird nur auf ausdrücklichen Wunsch und als ungeprüft ausgegeben.",
        ],
        Secured::Nothing => &[],
    };
    let always = [
        "Journal: Text in einer SQLite-Datei, mit jedem SQLite-Werkzeug lesbar.",
        "Änderungshistorie als CSV; Belege, X- und Z-Berichte einzeln (Z1).",
    ];
    blocks.push(Block::List(own.iter().copied().chain(always).map(str::to_owned).collect()));
    blocks.push(heading("Programmversionen"));
    if material.versions.is_empty() {
        blocks.push(text(&format!(
            "Aufgezeichnet wird die Version seit Tresen {}. Welche Versionen davor liefen, steht nicht im Journal.",
            material.version
        )));
        return;
    }
    let rows = material
        .versions
        .iter()
        .map(|version| vec![version.version.clone(), material.words.moment(version.since)]);
    blocks.push(table([("Version", 2), ("läuft seit", 5)], rows.collect()));
    let first = material.versions.first().map(|version| version.since);
    if let (Some(began), Some(first)) = (material.began, first)
        && began < first
    {
        blocks.push(text(&format!(
            "Welche Version von {} bis {} lief, steht nicht im Journal: aufgezeichnet wird sie erst seitdem.",
            material.words.moment(began),
            material.words.moment(first)
        )));
    }
}

fn operation(material: &Material, blocks: &mut Vec<Block>) {
    let told = material.settings.notification.as_deref();
    blocks.push(chapter("4 Betriebsdokumentation"));
    blocks.push(heading("Datensicherung"));
    let own = told.map_or("", |told| told.backups.trim());
    blocks.push(if own.is_empty() {
        Block::Note("Der Betrieb hat nicht beschrieben, wer wann wohin sichert.".to_owned())
    } else {
        text(own)
    });
    let last = material.backup.map(|at| material.words.moment(at));
    blocks.push(Block::Facts(vec![
        fact("Letzte Sicherung im Journal", last.unwrap_or_else(|| "keine".to_owned())),
        fact("Einträge im Journal", material.entries.to_string()),
    ]));
    if !material.restored.is_empty() {
        blocks.push(text("Aus einer Sicherung wiederhergestellt:"));
        let rows = material
            .restored
            .iter()
            .map(|(at, incarnation)| vec![material.words.moment(*at), incarnation.to_string()]);
        blocks.push(table(
            [("Am", 3), ("Belege tragen seitdem hinter ihrer Nummer", 5)],
            rows.collect(),
        ));
    }
    if secured(&material.settings) == Secured::Chains {
        chained::outages(material, blocks);
    }
    let (outages, more) = &material.outages;
    if outages.is_empty() && secured(&material.settings) != Secured::Units {
        return;
    }
    blocks.push(heading("Ausfälle der TSE"));
    if outages.is_empty() {
        blocks.push(text("Im Journal steht kein Ausfall."));
    } else {
        let rows = outages.iter().map(|outage| {
            let until = outage.until.map(|at| material.words.moment(at));
            vec![
                outage.unit.to_string(),
                material.words.moment(outage.from),
                until.unwrap_or_else(|| "dauert an".to_owned()),
                why_words(&outage.why, receipt::Language::De),
            ]
        });
        blocks.push(table([("Einheit", 2), ("von", 4), ("bis", 4), ("Grund", 6)], rows.collect()));
    }
    if *more {
        blocks.push(text("Ältere Ausfälle stehen im Journal."));
    }
}

fn controls(material: &Material, blocks: &mut Vec<Block>) {
    let settings = &material.settings;
    blocks.push(chapter("5 Internes Kontrollsystem (IKS)"));
    let own = settings.notification.as_deref().map_or("", |told| told.controls.trim());
    blocks.push(if own.is_empty() {
        Block::Note("Der Betrieb hat seine eigenen Kontrollen nicht beschrieben.".to_owned())
    } else {
        text(own)
    });
    blocks.push(text("Was das Programm selbst kontrolliert:"));
    let lock = if settings.lock_after_seconds == 0 {
        "Kassen sperren sich nicht von selbst.".to_owned()
    } else {
        format!("Kassen sperren sich nach {} Sekunden ohne Eingabe.", settings.lock_after_seconds)
    };
    blocks.push(Block::List(vec![
        "Persönliche Anmeldung; falsche Eingaben werden aufgezeichnet und sperren nach mehreren Versuchen.".to_owned(),
        lock,
        "Rechte mit Grenzen je Rolle; was darüber hinausgeht, muss eine zweite Person mit ihrer PIN freigeben. Freigaben und Ablehnungen sind Einträge.".to_owned(),
        "Plausibilitätsgrenzen für Mengen, Beträge und Wechselgeld.".to_owned(),
        "Zählen gegen den errechneten Bestand bei jedem Abschluss; Differenzen werden gebucht.".to_owned(),
        "Zahlungen an Kartenterminals werden mit dem Kassenschnitt des Terminals verglichen.".to_owned(),
        "Die Hash-Kette des Journals ist jederzeit im Büro und auf der Kommandozeile prüfbar.".to_owned(),
        "Einsicht der Finanzbehörde nur lesend, befristet, mit Aufzeichnung jedes Zugriffs.".to_owned(),
    ]));
    blocks.push(heading("Rollen und Rechte"));
    let rows = RIGHTS.iter().map(|(name, permission)| {
        let reach = ROLES.map(|role| match allowance(role, *permission) {
            Allowance::No => "–".to_owned(),
            Allowance::Yes => "ja".to_owned(),
            Allowance::UpToPercent(most) => {
                format!("bis {}", material.words.decimal(i64::from(most), 2, " %"))
            }
            Allowance::UpTo(most) => format!("bis {}", material.words.amount(most.minor())),
        });
        std::iter::once((*name).to_owned()).chain(reach).collect()
    });
    blocks.push(table(
        [("Recht", 6), ("Kassierer", 3), ("Schichtleitung", 3), ("Leitung", 2), ("Prüfung", 2)],
        rows.collect(),
    ));
    blocks.push(heading("Personen"));
    let rows = material.workers.values().map(|worker| {
        let name = match (&worker.name, worker.forgotten) {
            (Some(name), _) => name.clone(),
            (None, true) => "vergessen".to_owned(),
            (None, false) => "nicht lesbar".to_owned(),
        };
        vec![
            worker.person.id.to_string(),
            name,
            material.words.role(worker.person.role),
            if worker.person.active && !worker.forgotten { "ja" } else { "nein" }.to_owned(),
            material.words.moment(worker.since),
        ]
    });
    blocks.push(table(
        [("Nr.", 1), ("Name", 5), ("Rolle", 4), ("aktiv", 2), ("angelegt", 4)],
        rows.collect(),
    ));
}

fn rows_of(material: &Material, changes: &[Change]) -> Vec<Vec<String>> {
    changes
        .iter()
        .map(|change| {
            let fields = change.fields.iter().map(|field| {
                let (from, to) = (field.from.as_deref(), field.to.as_deref());
                format!("{}: {} → {}", field.field, from.unwrap_or("–"), to.unwrap_or("–"))
            });
            let fields: Vec<String> = fields.collect();
            // Of what is new the first fields say what it is.
            let new = change.fields.len() > 3 && change.fields.iter().all(|f| f.from.is_none());
            let most = if new { 3 } else { 12 };
            let shown = fields.iter().take(most).cloned().collect::<Vec<_>>().join("\n");
            let left = fields.len().saturating_sub(most);
            let more = if left > 0 {
                format!("\n… und {left} weitere Felder (Änderungshistorie)")
            } else {
                String::new()
            };
            vec![
                material.words.moment(change.at),
                material.who(change.person),
                format!("{}: {}", kind_words(change.told).0, change.what),
                format!("{shown}{more}"),
            ]
        })
        .collect()
}

fn history(material: &Material, blocks: &mut Vec<Block>) {
    let columns = [("Zeit", 36), ("Wer", 31), ("Was", 46), ("Vorher → nachher", 87)];
    blocks.push(chapter("7 Änderungen"));
    blocks.push(text(
        "Aus dem Journal, das Neueste zuerst. Vollständig und filterbar ist die Änderungshistorie im Büro unter Journal & \
         Prüfung → Änderungen, auch als CSV.",
    ));
    blocks.push(heading("Steuersätze"));
    blocks.push(table(columns, rows_of(material, &material.rate_changes)));
    blocks.push(heading("Preise, Artikel, Einstellungen, Personen"));
    blocks.push(table(columns, rows_of(material, &material.changes)));
    if material.more_changes {
        blocks.push(text("Ältere Änderungen stehen in der Änderungshistorie."));
    }
}

fn honest(unread: &str, blocks: &mut Vec<Block>) {
    blocks.push(chapter("8 Was dieses Dokument nicht weiß"));
    blocks.push(Block::List(
        [
            "Wie der Betrieb organisiert ist, wer wofür verantwortlich ist, und was außerhalb der Kasse geschieht (Kassenbuch, Bank, Buchhaltung): das ergänzt der Betrieb.",
            format!("Rechtliche Angaben stammen aus Sekundärquellen. {unread}").trim(),
            "Betriebssystem, Rechner und Netz, auf denen das Programm läuft.",
        ]
        .map(str::to_owned)
        .to_vec(),
    ));
}
