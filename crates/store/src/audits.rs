//! What an auditor asks for: which entries tell of changes, outages and audits, and what was before each.

use domain::audit::AuditStep;
use domain::catalogue::Item;
use domain::event::{Event, RksvTold};
use domain::rksv::RksvSecret;
use domain::settings::Settings;
use domain::{CustomerId, ImportId, ItemId};
use jiff::Timestamp;
use journal::EntryMeta;
use rusqlite::{Connection, OptionalExtension, params};

use crate::project::at;
use crate::reader::{count, int};
use crate::{Reader, StoreError};

/// What an entry tells an auditor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// An item's prices by hand.
    Price,
    /// Anything else of an item by hand.
    Item,
    /// Items and prices by an import.
    Import,
    /// Tax rates.
    Rate,
    /// Anything else of the settings.
    Setting,
    /// People, their roles and secrets.
    Person,
    /// The clock was set back.
    Clock,
    /// What a signing unit says of itself, what a person has it do, and who saw or entered a secret of the RKSV's.
    Unit,
    /// A signing unit does not sign, or does again.
    Outage,
    /// A step of an audit.
    Audit,
    /// The program's version.
    Program,
    /// Backups, and shops that were restored.
    Record,
}

impl Told {
    const fn word(self) -> &'static str {
        match self {
            Told::Price => "price",
            Told::Item => "item",
            Told::Import => "import",
            Told::Rate => "rate",
            Told::Setting => "setting",
            Told::Person => "person",
            Told::Clock => "clock",
            Told::Unit => "unit",
            Told::Outage => "outage",
            Told::Audit => "audit",
            Told::Program => "program",
            Told::Record => "record",
        }
    }
}

/// An entry that tells something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldEntry {
    /// What of it.
    pub told: Told,
    /// The item's version, the import, the person, the unit, the audit.
    pub subject: Option<u64>,
    /// The entry.
    pub meta: EntryMeta,
    /// What happened.
    pub event: Event,
}

/// Which entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldPage {
    /// From this moment on.
    pub from: Timestamp,
    /// Until before this moment.
    pub until: Timestamp,
    /// Only those before this entry and kind, as a page before ended; none begins with the newest.
    pub before: Option<(u64, Told)>,
    /// At most so many.
    pub limit: u32,
}

impl Reader {
    /// The entries that tell these kinds of things, newest first. Each kind is read by its own index, so that it takes
    /// the same time whatever else stands in the journal.
    pub fn told(&self, kinds: &[Told], page: ToldPage) -> Result<Vec<ToldEntry>, StoreError> {
        let mut found = Vec::new();
        for told in kinds {
            // An entry may tell two things: what was shown of it already is left out.
            let before = page
                .before
                .map_or(i64::MAX, |(seq, last)| int(seq).saturating_add(i64::from(*told > last)));
            let (from, until) = (format!("{:.3}", page.from), format!("{:.3}", page.until));
            let asked = params![told.word(), before, from, until, page.limit];
            let rows = self.rows(sql!("audit/page"), asked, |row| {
                Ok((row.get::<_, Option<i64>>(1)?, row.get::<_, String>(2)?))
            })?;
            for (subject, bytes) in rows {
                let (meta, event) = journal::decode(&bytes)?;
                let subject = subject.and_then(|subject| u64::try_from(subject).ok());
                found.push(ToldEntry { told: *told, subject, meta, event });
            }
        }
        found.sort_by(|a, b| b.meta.seq.cmp(&a.meta.seq).then(a.told.cmp(&b.told)));
        found.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// The last entry that told the same of the same subject before another.
    pub fn told_before(
        &self,
        told: Told,
        subject: u64,
        seq: u64,
    ) -> Result<Option<(EntryMeta, Event)>, StoreError> {
        let asked = params![told.word(), int(subject), int(seq)];
        let bytes = self.row(sql!("audit/before"), asked, |row| row.get::<_, String>(0))?;
        Ok(bytes.map(|bytes| journal::decode(&bytes)).transpose()?)
    }

    /// A version of an item.
    pub fn item_version(&self, version: u64) -> Result<Option<Item>, StoreError> {
        let body =
            self.row(sql!("audit/version"), [int(version)], |row| row.get::<_, String>(0))?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }

    /// What an item was before a version of it.
    pub fn item_before(&self, item: ItemId, version: u64) -> Result<Option<Item>, StoreError> {
        let asked = params![item.0, int(version)];
        let body = self.row(sql!("audit/version_before"), asked, |row| row.get::<_, String>(0))?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }

    /// The versions of items that an import made, from a version on.
    pub fn versions_of_import(
        &self,
        import: ImportId,
        from: u64,
        limit: u32,
    ) -> Result<Vec<(u64, Item)>, StoreError> {
        let rows = self.rows(
            sql!("audit/versions_of_import"),
            params![import.0, int(from), limit],
            |row| Ok((count(row, 0)?, row.get::<_, String>(1)?)),
        )?;
        rows.into_iter()
            .map(|(version, body)| Ok((version, serde_json::from_str(&body)?)))
            .collect()
    }

    /// When something was posted to a customer's account, or an invoice made out to them, last.
    pub fn last_posting(&self, customer: CustomerId) -> Result<Option<Timestamp>, StoreError> {
        let at =
            self.row(sql!("account/last"), [customer.0], |row| row.get::<_, Option<String>>(0))?;
        let parsed = at.flatten().map(|at| at.parse::<Timestamp>()).transpose();
        parsed.map_err(|error| StoreError::Damaged(error.to_string()))
    }
}

/// Notes an entry that needs nothing looked up.
pub(crate) fn note(conn: &Connection, meta: &EntryMeta, event: &Event) -> Result<(), StoreError> {
    let (told, subject) = match event {
        Event::ImportFinished { import } => (Told::Import, Some(i64::from(import.0))),
        Event::PersonAdded(p) | Event::PersonChanged(p) => (Told::Person, Some(i64::from(p.id.0))),
        Event::PersonForgotten { person } | Event::CredentialSet { person, .. } => {
            (Told::Person, Some(i64::from(person.0)))
        }
        Event::ClockJumped { .. } => (Told::Clock, None),
        Event::SigningUnitReported(said) => (Told::Unit, Some(i64::from(said.unit.0))),
        Event::SigningUnitServiced(done) => (Told::Unit, Some(i64::from(done.unit.0))),
        Event::SigningOutage(said) => (Told::Outage, Some(i64::from(said.unit.0))),
        Event::SigningRestored(said) => (Told::Outage, Some(i64::from(said.unit.0))),
        // Who saw or entered one; in Austria devices are units.
        Event::RksvTold(told) => match &**told {
            RksvTold::Secret { secret: RksvSecret::PasswordEntered { device } } => {
                (Told::Unit, Some(i64::from(device.0)))
            }
            RksvTold::Secret { .. } => (Told::Unit, None),
            _ => return Ok(()),
        },
        Event::Audit(step) => (Told::Audit, Some(i64::from(AuditStep::audit(step).0))),
        Event::DrawerTried(_) => (Told::Setting, None),
        Event::ProgramStarted(_) => (Told::Program, None),
        Event::BackupMade { .. } | Event::ShopRestored { .. } => (Told::Record, None),
        _ => return Ok(()),
    };
    put(conn, meta, told, subject)
}

/// Settings: rates and the rest apart. Not noted yet themselves.
pub(crate) fn configured(
    conn: &Connection,
    meta: &EntryMeta,
    settings: &Settings,
) -> Result<(), StoreError> {
    let bytes: Option<String> = conn
        .prepare_cached(sql!("settings/before"))?
        .query_row([int(meta.seq)], |row| row.get(0))
        .optional()?;
    let before = match bytes.map(|bytes| journal::decode(&bytes)).transpose()? {
        Some((_, Event::ShopConfigured(before))) => Some(before),
        _ => None,
    };
    if before.as_ref().is_none_or(|before| before.rates != settings.rates) {
        put(conn, meta, Told::Rate, None)?;
    }
    let rest = |settings: &Settings| Settings { rates: Vec::new(), ..settings.clone() };
    if before.as_ref().is_none_or(|before| rest(before) != rest(settings)) {
        put(conn, meta, Told::Setting, None)?;
    }
    Ok(())
}

/// An item by hand: prices and the rest apart.
pub(crate) fn item(
    conn: &Connection,
    meta: &EntryMeta,
    version: i64,
    (before, now): (Option<&Item>, &Item),
) -> Result<(), StoreError> {
    if before.is_none_or(|before| before.draft.prices != now.draft.prices) {
        put(conn, meta, Told::Price, Some(version))?;
    }
    let rest = |item: &Item| {
        let mut draft = item.draft.clone();
        draft.prices.clear();
        draft
    };
    if before.is_none_or(|before| rest(before) != rest(now)) {
        put(conn, meta, Told::Item, Some(version))?;
    }
    Ok(())
}

fn put(
    conn: &Connection,
    meta: &EntryMeta,
    told: Told,
    subject: Option<i64>,
) -> Result<(), StoreError> {
    let row = params![told.word(), int(meta.seq), at(meta), subject];
    conn.prepare_cached(sql!("audit/note"))?.execute(row)?;
    Ok(())
}
