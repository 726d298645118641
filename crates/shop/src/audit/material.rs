//! Everything that the documents are written from, as it stands in the shop's file.

use std::collections::BTreeMap;

use domain::event::Event;
use domain::people::{Person, Role};
use domain::settings::{Language, Settings};
use domain::signing::UnitIdentity;
use domain::{PersonId, UnitId};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use store::{Reader, StoreError, Subject, Told, ToldEntry, ToldPage};

use super::chained::Chained;
use super::changes::{Change, changes};
use super::outages::{Outage, outages};
use super::words::Words;
use crate::personal::{Key, NAME, unnamed};

/// So many changes stand in the documentation; the whole history is the list that goes with it.
const MOST_CHANGES: u32 = 300;
/// So many people and units at most are looked at.
const MOST: u32 = 100_000;

/// A version of the program, and since when it ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Since.
    pub since: Timestamp,
    /// Its name.
    pub version: String,
}

/// A person with what is known of them.
#[derive(Debug, Clone)]
pub(super) struct Worker {
    pub(super) person: Person,
    pub(super) name: Option<String>,
    pub(super) since: Timestamp,
    pub(super) forgotten: bool,
}

/// A unit's word of itself, and when it said so first.
#[derive(Debug, Clone)]
pub(super) struct KnownUnit {
    pub(super) unit: UnitId,
    pub(super) identity: UnitIdentity,
    pub(super) since: Timestamp,
}

/// What there is.
#[derive(Debug)]
pub struct Material {
    /// The settings of today.
    pub settings: Settings,
    /// Now.
    pub now: Timestamp,
    /// The program's version.
    pub version: String,
    /// Versions that ran, oldest first.
    pub versions: Vec<Version>,
    pub(super) words: Words,
    pub(super) zone: TimeZone,
    pub(super) shop: String,
    pub(super) began: Option<Timestamp>,
    pub(super) entries: u64,
    pub(super) workers: BTreeMap<PersonId, Worker>,
    pub(super) units: Vec<KnownUnit>,
    pub(super) outages: (Vec<Outage>, bool),
    pub(super) chained: Chained,
    pub(super) changes: Vec<Change>,
    pub(super) more_changes: bool,
    pub(super) rate_changes: Vec<Change>,
    pub(super) backup: Option<Timestamp>,
    pub(super) restored: Vec<(Timestamp, u32)>,
}

fn all(limit: u32) -> ToldPage {
    ToldPage { from: Timestamp::MIN, until: Timestamp::MAX, before: None, limit }
}

impl Material {
    /// Gathers it; none before the shop is set up.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of(reader: &Reader, now: Timestamp) -> Result<Option<Material>, StoreError> {
        let Some(settings) = reader.settings_before(u64::MAX)? else { return Ok(None) };
        let words = Words::of(&settings, Language::De);
        let first = reader.entry(1)?;
        let told = |kind, limit| reader.told(&[kind], all(limit));
        let kinds =
            [Told::Price, Told::Item, Told::Import, Told::Setting, Told::Person, Told::Unit];
        let mut changes_found = changes(reader, &words, &kinds, all(MOST_CHANGES + 1))?;
        let most = usize::try_from(MOST_CHANGES).unwrap_or(usize::MAX);
        let more_changes = changes_found.len() > most;
        changes_found.truncate(most);
        let mut versions: Vec<Version> =
            told(Told::Program, MOST)?.iter().filter_map(version).collect();
        versions.reverse();
        let records = told(Told::Record, MOST)?;
        let restored = records.iter().rev().filter_map(|entry| match &entry.event {
            Event::ShopRestored(restored) => Some((entry.meta.at, restored.incarnation)),
            _ => None,
        });
        let backup = records.iter().find(|e| matches!(e.event, Event::BackupMade { .. }));
        Ok(Some(Material {
            zone: TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC),
            now,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            versions,
            shop: first.as_ref().map(|(meta, _)| meta.shop.clone()).unwrap_or_default(),
            began: first.map(|(meta, _)| meta.at),
            entries: reader.head()?.seq,
            workers: workers(reader, told(Told::Person, MOST)?)?,
            units: units(told(Told::Unit, MOST)?),
            outages: outages(reader, 200)?,
            chained: Chained::of(reader)?,
            changes: changes_found,
            more_changes,
            rate_changes: changes(reader, &words, &[Told::Rate], all(MOST_CHANGES))?,
            backup: backup.map(|entry| entry.meta.at),
            restored: restored.collect(),
            words,
            settings,
        }))
    }

    pub(super) fn local(&self) -> DateTime {
        self.zone.to_datetime(self.now)
    }

    pub(super) fn today(&self) -> Date {
        self.local().date()
    }

    /// The name of a person, as far as it is known.
    #[must_use]
    pub fn who(&self, person: Option<PersonId>) -> String {
        let Some(person) = person else { return "Programm".to_owned() };
        let known = self.workers.get(&person).and_then(|worker| worker.name.clone());
        known.map_or_else(|| unnamed(person), |name| format!("{name} ({person})"))
    }

    /// A unit as it said last what it is.
    pub(super) fn unit(&self, unit: UnitId) -> Option<&KnownUnit> {
        self.units.iter().rev().find(|known| known.unit == unit)
    }

    /// The shop's address as one line.
    pub(super) fn address(&self) -> String {
        self.settings.address.join(", ")
    }
}

fn version(entry: &ToldEntry) -> Option<Version> {
    match &entry.event {
        Event::ProgramStarted(started) => {
            Some(Version { since: entry.meta.at, version: started.version.clone() })
        }
        _ => None,
    }
}

fn units(mut told: Vec<ToldEntry>) -> Vec<KnownUnit> {
    told.reverse();
    let mut units: Vec<KnownUnit> = Vec::new();
    for entry in told {
        let Event::SigningUnitReported(said) = entry.event else { continue };
        let same = |known: &KnownUnit| {
            (known.unit, &known.identity.serial) == (said.unit, &said.identity.serial)
        };
        if !units.iter().any(same) {
            let (unit, identity) = (said.unit, said.identity);
            units.push(KnownUnit { unit, identity, since: entry.meta.at });
        }
    }
    units
}

fn workers(
    reader: &Reader,
    mut told: Vec<ToldEntry>,
) -> Result<BTreeMap<PersonId, Worker>, StoreError> {
    told.reverse();
    let mut workers: BTreeMap<PersonId, Worker> = BTreeMap::new();
    for entry in told {
        match entry.event {
            Event::PersonAdded(person) | Event::PersonChanged(person) => {
                let since = workers.get(&person.id).map_or(entry.meta.at, |known| known.since);
                let worker = Worker { name: None, since, forgotten: false, person };
                workers.insert(worker.person.id, worker);
            }
            Event::PersonForgotten { person } => {
                if let Some(worker) = workers.get_mut(&person) {
                    worker.forgotten = true;
                }
            }
            _ => {}
        }
    }
    for row in reader.personal(NAME)? {
        let Subject::Person(person) = row.subject else { continue };
        let Some(worker) = workers.get_mut(&person).filter(|worker| !worker.forgotten) else {
            continue;
        };
        let key = row.key.as_deref().and_then(Key::read);
        worker.name = key
            .zip(row.sealed.as_deref())
            .and_then(|(key, sealed)| key.open(row.subject, NAME, sealed));
    }
    Ok(workers)
}

/// The roles in the order of the documents.
pub(super) const ROLES: [Role; 4] = [Role::Cashier, Role::Supervisor, Role::Manager, Role::Auditor];
