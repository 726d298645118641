//! The history of changes, computed from the journal: who changed what when, from what to what.

use domain::audit::AuditStep;
use domain::catalogue::Item;
use domain::event::{Event, RksvTold};
use domain::people::CredentialKind;
use domain::rksv::RksvSecret;
use domain::settings::Settings;
use domain::signing::UnitServiced;
use domain::{ImportId, PersonId, TillId};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use store::{Reader, StoreError, Told, ToldEntry, ToldPage};
use utoipa::ToSchema;

use super::diff::differences;
use super::words::Words;

/// A field that changed, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldChange {
    /// What.
    pub field: String,
    /// What it was; none where there was nothing.
    pub from: Option<String>,
    /// What it is from then on; none where there is nothing any more.
    pub to: Option<String>,
}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What kind of thing.
    pub told: Told,
    /// Who; none for what the program did by itself.
    pub person: Option<PersonId>,
    /// At which till; none for the office.
    pub till: Option<TillId>,
    /// Of what.
    pub what: String,
    /// The import, whose items are told one by one elsewhere.
    pub import: Option<ImportId>,
    /// The fields.
    pub fields: Vec<FieldChange>,
}

/// An item as an import changed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Where the next page begins behind it.
    pub version: u64,
    /// The item.
    pub what: String,
    /// The fields; empty for one that is as it was.
    pub fields: Vec<FieldChange>,
}

/// A page of changes, newest first.
///
/// # Errors
/// When the file cannot be read.
pub fn changes(
    reader: &Reader,
    words: &Words,
    kinds: &[Told],
    page: ToldPage,
) -> Result<Vec<Change>, StoreError> {
    reader.told(kinds, page)?.into_iter().map(|entry| change(reader, words, entry)).collect()
}

fn change(reader: &Reader, words: &Words, entry: ToldEntry) -> Result<Change, StoreError> {
    let ToldEntry { told, subject, meta, event } = entry;
    let (what, fields) = match (&event, told) {
        (Event::ItemPut(_) | Event::ItemRetired { .. }, _) => {
            item(reader, words, told, subject.unwrap_or(0))?
        }
        (Event::ShopConfigured(now), _) => {
            let before = reader.settings_before(meta.seq)?;
            (words.say("Einstellungen", "Settings"), settings(words, told, before.as_ref(), now))
        }
        (Event::ImportFinished { import }, _) => {
            let row = reader.imports()?.into_iter().find(|row| row.id == *import);
            let (source, items) = row.map(|row| (row.source, row.items)).unwrap_or_default();
            let what = words.say(
                &format!("Einfuhr {import} „{source}“, {items} Artikel"),
                &format!("Import {import} “{source}”, {items} items"),
            );
            (what, Vec::new())
        }
        (_, Told::Person) => person(reader, words, subject, meta.seq, &event)?,
        _ => other(words, &event),
    };
    let import = match event {
        Event::ImportFinished { import } => Some(import),
        _ => None,
    };
    let (seq, at, person, till) = (meta.seq, meta.at, meta.person, meta.till);
    Ok(Change { seq, at, told, person, till, what, import, fields })
}

/// An item as a document, its prices alone or all but them.
fn document(item: &Item, told: Option<Told>) -> Option<Value> {
    let mut value = serde_json::to_value(&item.draft).ok()?;
    if let (Value::Object(fields), Some(told)) = (&mut value, told) {
        fields.retain(|key, _| (key == "prices") == (told == Told::Price));
    }
    Some(value)
}

fn named(item: &Item) -> String {
    format!("{} {}", item.draft.number, item.draft.name)
}

fn item(
    reader: &Reader,
    words: &Words,
    told: Told,
    version: u64,
) -> Result<(String, Vec<FieldChange>), StoreError> {
    let Some(now) = reader.item_version(version)? else { return Ok(Default::default()) };
    let before = reader.item_before(now.id, version)?;
    let was = before.as_ref().and_then(|item| document(item, Some(told)));
    let is = document(&now, Some(told));
    Ok((named(&now), differences(words, was.as_ref(), is.as_ref())))
}

fn settings(
    words: &Words,
    told: Told,
    before: Option<&Settings>,
    now: &Settings,
) -> Vec<FieldChange> {
    let part = |settings: &Settings| {
        let mut value = serde_json::to_value(settings).ok()?;
        if let Value::Object(fields) = &mut value {
            fields.retain(|key, _| (key == "rates") == (told == Told::Rate));
        }
        Some(value)
    };
    differences(words, before.and_then(part).as_ref(), part(now).as_ref())
}

fn person(
    reader: &Reader,
    words: &Words,
    subject: Option<u64>,
    seq: u64,
    event: &Event,
) -> Result<(String, Vec<FieldChange>), StoreError> {
    let id = subject.unwrap_or(0);
    let what = words.say(&format!("Person {id}"), &format!("Person {id}"));
    let field = |field: String, from, to| vec![FieldChange { field, from, to }];
    let fields = match event {
        Event::PersonAdded(now) | Event::PersonChanged(now) => {
            // What the person was before: secrets that were set meanwhile say nothing of that.
            let mut before = reader.told_before(Told::Person, id, seq)?;
            let was = loop {
                match before {
                    Some((_, Event::PersonAdded(was) | Event::PersonChanged(was))) => {
                        break Some(was);
                    }
                    Some((meta, _)) => before = reader.told_before(Told::Person, id, meta.seq)?,
                    None => break None,
                }
            };
            let mut fields = Vec::new();
            let mut compare = |name: String, from: Option<String>, to: String| {
                if from.as_ref() != Some(&to) {
                    fields.push(FieldChange { field: name, from, to: Some(to) });
                }
            };
            let role = |role| words.role(role);
            compare(words.say("Rolle", "Role"), was.as_ref().map(|p| role(p.role)), role(now.role));
            let active = |active| words.yes(active);
            compare(
                words.say("darf sich anmelden", "may sign in"),
                was.as_ref().map(|p| active(p.active)),
                active(now.active),
            );
            if was.is_some_and(|was| was.name != now.name) {
                let changed = words.say("geändert", "changed");
                fields.push(FieldChange {
                    field: words.say("Name", "Name"),
                    from: None,
                    to: Some(changed),
                });
            }
            fields
        }
        Event::PersonForgotten { .. } => field(
            words.say("Name und Zugang", "Name and secrets"),
            None,
            Some(words.say("vernichtet", "destroyed")),
        ),
        Event::CredentialSet { kind, .. } => {
            let name = match kind {
                CredentialKind::Pin => words.say("PIN", "PIN"),
                CredentialKind::Passphrase => words.say("Passphrase", "Passphrase"),
            };
            field(name, None, Some(words.say("neu gesetzt", "set anew")))
        }
        _ => Vec::new(),
    };
    Ok((what, fields))
}

fn other(words: &Words, event: &Event) -> (String, Vec<FieldChange>) {
    let one = |field: String, from, to| vec![FieldChange { field, from, to }];
    match event {
        Event::ClockJumped { from } => (
            words.say("Uhr des Rechners zurückgestellt", "The machine's clock was set back"),
            one(words.say("von", "from"), Some(words.moment(*from)), None),
        ),
        Event::SigningUnitReported(said) => {
            let name = words.say("Signatureinheit", "Signing unit");
            let serial = said.identity.serial.clone();
            let field = words.say("Seriennummer", "Serial number");
            (format!("{name} {}", said.unit), one(field, None, Some(serial)))
        }
        Event::SigningUnitServiced(done) => {
            let name = words.say("Signatureinheit", "Signing unit");
            let what = match done.what {
                UnitServiced::Secret => {
                    words.say("Zugangsdaten neu gesetzt", "credentials set anew")
                }
                UnitServiced::SetUp => words.say("Einrichtung begonnen", "set-up begun"),
                UnitServiced::Check => words.say("Prüfung begonnen", "check begun"),
                UnitServiced::Deregister => words.say("Kasse abgemeldet", "till deregistered"),
            };
            let field = words.say("Auftrag", "Task");
            (format!("{name} {}", done.unit), one(field, None, Some(what)))
        }
        Event::RksvTold(told) => match &**told {
            RksvTold::Secret { secret } => rksv_secret(words, secret),
            _ => Default::default(),
        },
        Event::DrawerTried(tried) => (
            words.say("Lade zur Probe geöffnet", "Drawer opened to try it"),
            one(tried.device.clone(), None, Some(tried.at.clone())),
        ),
        Event::ProgramStarted(started) => (
            words.say("Programm", "Program"),
            one(words.say("Version", "Version"), None, Some(started.version.clone())),
        ),
        Event::BackupMade { through } => (
            words.say("Sicherung", "Backup"),
            one(words.say("bis Eintrag", "through entry"), None, Some(through.to_string())),
        ),
        Event::ShopRestored(restored) => (
            words.say("Aus einer Sicherung wiederhergestellt", "Restored from a backup"),
            one(
                words.say("bis Eintrag", "through entry"),
                None,
                Some(restored.through.to_string()),
            ),
        ),
        Event::Audit(AuditStep::Opened { office, .. }) => (
            words.say("Nachschau geöffnet", "Audit opened"),
            one(String::new(), None, Some(office.clone())),
        ),
        _ => Default::default(),
    }
}

/// Who sees the key of a turnover counter can read it out of every receipt: that is told like a change.
fn rksv_secret(words: &Words, secret: &RksvSecret) -> (String, Vec<FieldChange>) {
    let key = || words.say("Schlüssel des Umsatzzählers", "Key of the turnover counter");
    let of = |register: &String| {
        format!("{} {register}", words.say("Kasse in FinanzOnline", "Till at FinanzOnline"))
    };
    let entered = || words.say("eingetragen", "entered");
    let (what, field, done) = match secret {
        RksvSecret::KeyShown { register } => {
            (of(register), key(), words.say("angesehen", "looked at"))
        }
        RksvSecret::KeysHandedOut { register } => {
            let field =
                words.say("Schlüsseldatei für das Prüftool", "File of keys for the checking tool");
            (of(register), field, words.say("ausgegeben", "handed out"))
        }
        RksvSecret::KeyEntered { register } => (of(register), key(), entered()),
        RksvSecret::PasswordEntered { device } => {
            let name = words.say("Signaturerstellungseinheit", "Signature device");
            (format!("{name} {device}"), words.say("Passwort", "Password"), entered())
        }
    };
    (what, vec![FieldChange { field, from: None, to: Some(done) }])
}

/// What an import changed, item by item, from a version on.
///
/// # Errors
/// When the file cannot be read.
pub fn of_import(
    reader: &Reader,
    words: &Words,
    import: ImportId,
    (from, limit): (u64, u32),
) -> Result<Vec<Imported>, StoreError> {
    let versions = reader.versions_of_import(import, from, limit)?;
    let told = versions.into_iter().map(|(version, now)| {
        let before = reader.item_before(now.id, version)?;
        let was = before.as_ref().and_then(|item| document(item, None));
        let is = document(&now, None);
        let fields = differences(words, was.as_ref(), is.as_ref());
        Ok(Imported { version, what: named(&now), fields })
    });
    told.collect()
}
