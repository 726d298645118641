//! Whose price has changed since a day, or changes later: whose label is wrong.

use std::collections::BTreeMap;

use domain::catalogue::{Item, Price};
use domain::event::Event;
use domain::{ItemId, PriceListId};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use money::Money;
use store::{Reader, StoreError, Told, ToldPage};

/// Most items that are found.
const MOST: usize = 1_000;
/// Most versions of items that are looked at: an import may have hundreds of thousands.
const MOST_VERSIONS: usize = 50_000;
/// Entries that are read at once.
const PAGE: u32 = 500;

/// An item whose price changes.
#[derive(Debug, Clone)]
pub(crate) struct Changed {
    pub(crate) item: Item,
    /// What it cost before, where that is known.
    pub(crate) before: Option<Money>,
    /// From when its price begins or ends, where that lies ahead; the earliest such moment.
    pub(crate) from: Option<DateTime>,
}

fn base(item: &Item) -> Vec<&Price> {
    item.draft.prices.iter().filter(|price| price.list == PriceListId(0)).collect()
}

/// Items on sale whose prices of the base list were changed since the beginning of a day, or begin or end then or later. With whether
/// there are more than could be looked at.
pub(crate) fn changed(
    reader: &Reader,
    zone: &TimeZone,
    since: Date,
    now: DateTime,
) -> Result<(Vec<Changed>, bool), StoreError> {
    let mut found: BTreeMap<ItemId, Changed> = BTreeMap::new();
    let mut search = Search { reader, looked: 0, before: BTreeMap::new() };
    let begin = zone.to_timestamp(since.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN);
    let mut more = !search.recorded(begin)?;
    for (id, before) in &search.before {
        let Some(item) = reader.item(*id)?.filter(|item| !item.draft.retired) else { continue };
        let same = before.as_ref().is_some_and(|before| base(before) == base(&item));
        if !same {
            let price = before.as_ref().and_then(|b| b.draft.price_at(PriceListId(0), now));
            found.insert(*id, Changed { item, before: price, from: None });
        }
    }
    let most = u32::try_from(MOST).unwrap_or(u32::MAX).saturating_add(1);
    for item in reader.items_priced_from(since, most)? {
        let ends = base(&item).into_iter().flat_map(|price| [price.from, price.until]).flatten();
        let from = ends.filter(|end| *end > now).min();
        let price = item.draft.price_at(PriceListId(0), now);
        let known = found.entry(item.id).or_insert(Changed { item, before: price, from: None });
        known.from = from;
    }
    more |= found.len() > MOST;
    Ok((found.into_values().take(MOST).collect(), more))
}

struct Search<'r> {
    reader: &'r Reader,
    looked: usize,
    /// What each item was before its first change; none: it was not there.
    before: BTreeMap<ItemId, Option<Item>>,
}

impl Search<'_> {
    /// Looks at what was entered since a moment, newest first. False when that was too much.
    fn recorded(&mut self, from: Timestamp) -> Result<bool, StoreError> {
        let kinds = [Told::Price, Told::Import];
        let mut before = None;
        loop {
            let page = ToldPage { from, until: Timestamp::MAX, before, limit: PAGE };
            let entries = self.reader.told(&kinds, page)?;
            for entry in &entries {
                let Some(subject) = entry.subject else { continue };
                let all = match (&entry.told, &entry.event) {
                    (Told::Import, Event::ImportFinished { import }) => self.import(*import)?,
                    _ => match self.reader.item_version(subject)? {
                        Some(item) => self.version(subject, &item)?,
                        None => true,
                    },
                };
                if !all {
                    return Ok(false);
                }
            }
            let Some(last) =
                entries.last().filter(|_| entries.len() >= usize::try_from(PAGE).unwrap_or(0))
            else {
                return Ok(true);
            };
            before = Some((last.meta.seq, last.told));
        }
    }

    fn import(&mut self, import: domain::ImportId) -> Result<bool, StoreError> {
        let mut from = 0;
        loop {
            let versions = self.reader.versions_of_import(import, from, PAGE)?;
            let Some((last, _)) = versions.last() else { return Ok(true) };
            from = last.saturating_add(1);
            for (version, item) in &versions {
                if !self.version(*version, item)? {
                    return Ok(false);
                }
            }
        }
    }

    /// Newest first: what stands last is what was before all of it.
    fn version(&mut self, version: u64, item: &Item) -> Result<bool, StoreError> {
        self.looked = self.looked.saturating_add(1);
        if self.looked > MOST_VERSIONS {
            return Ok(false);
        }
        let before = self.reader.item_before(item.id, version)?;
        self.before.insert(item.id, before);
        Ok(true)
    }
}
