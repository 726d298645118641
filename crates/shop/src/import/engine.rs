//! The import's way into the engine, and the export's way out of the file.

use std::cell::Cell;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use domain::catalogue::Item;
use domain::settings::Settings;
use domain::{ItemId, LookupFault, Refusal, ShopCommand};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use store::Reader;

use super::apply::{Applier, ApplyError, Sent};
use super::context::{ImportContext, Lookup};
use super::export::{ExportError, export_csv};
use crate::api::view::Made;
use crate::clock::Clock;
use crate::engine::{Actor, Engine, EngineError};

/// Sends an import's commands to the engine in a person's name. Blocks: not for a runtime's threads.
pub struct EngineApplier {
    engine: Engine,
    actor: Actor,
    clock: Arc<dyn Clock>,
    /// The revision of the settings that were read last, to be changed.
    seen: Mutex<Option<String>>,
}

impl EngineApplier {
    /// In the name of `actor`.
    pub fn new(engine: Engine, actor: Actor, clock: Arc<dyn Clock>) -> Self {
        EngineApplier { engine, actor, clock, seen: Mutex::default() }
    }
}

fn failed(error: EngineError) -> ApplyError {
    match error {
        EngineError::Refused(refusal) => ApplyError::Refused(refusal),
        other => ApplyError::Fault(other.to_string()),
    }
}

impl Applier for EngineApplier {
    fn settings(&self) -> Result<Settings, ApplyError> {
        let snapshot = self.engine.snapshot_blocking().map_err(failed)?;
        let settings = snapshot.settings.ok_or(ApplyError::Refused(Refusal::NotConfigured))?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(domain::revision::of_settings(&settings));
        Ok((*settings).clone())
    }

    fn now(&self) -> DateTime {
        // Not `settings()`: what is read for the time alone is not what a change is based on.
        let settings = self.engine.snapshot_blocking().ok().and_then(|shop| shop.settings);
        let zone = settings.and_then(|s| TimeZone::get(&s.time_zone).ok()).unwrap_or(TimeZone::UTC);
        zone.to_datetime(self.clock.now())
    }

    fn lookup(&self) -> Result<Box<dyn Lookup + '_>, ApplyError> {
        let broken = |e: store::StoreError| ApplyError::Fault(e.to_string());
        let reader = Reader::open(self.engine.path()).map_err(broken)?;
        let empty = reader.max_item_id().map_err(broken)? == 0;
        Ok(Box::new(ReaderLookup { reader, empty, asked: Cell::new(0) }))
    }

    fn send(&self, command: ShopCommand) -> Result<Sent, ApplyError> {
        let id = crate::ids::own_command(self.clock.now());
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // The groups of the file are added to the settings that were read, not in place of others.
        let command = match (command, seen) {
            (command @ ShopCommand::Configure { .. }, Some(base)) => {
                ShopCommand::BasedOn { base, command: Box::new(command) }
            }
            (command, _) => command,
        };
        let answer = self.engine.shop_blocking(id, self.actor, command).map_err(failed)?;
        Ok(match answer.made {
            Some(Made::Import { import }) => Sent { import: Some(import), ..Sent::default() },
            Some(Made::Item { item }) => Sent { item: Some(item), ..Sent::default() },
            _ => Sent::default(),
        })
    }
}

/// The catalogue in the shop's file.
struct ReaderLookup {
    reader: Reader,
    empty: bool,
    /// Look-ups since the moment that is read was renewed.
    asked: Cell<u32>,
}

/// Look-ups that read one moment of the file.
const MOMENT: u32 = 2_000;

impl ReaderLookup {
    fn reader(&self) -> Result<&Reader, LookupFault> {
        let asked = self.asked.get();
        if asked.is_multiple_of(MOMENT) {
            self.reader.renew_moment().map_err(fault)?;
        }
        self.asked.set(asked.wrapping_add(1));
        Ok(&self.reader)
    }
}

fn fault(error: store::StoreError) -> LookupFault {
    LookupFault(error.to_string())
}

impl Lookup for ReaderLookup {
    fn by_code(&self, code: &str) -> Result<Option<Item>, LookupFault> {
        // A code that lost or gained leading zeros on its way through a spreadsheet is the same code.
        let mut keys = gs1::Gtin::parse(code).map(|gtin| gtin.lookup_keys()).unwrap_or_default();
        if !keys.iter().any(|key| key == code) {
            keys.push(code.to_owned());
        }
        Ok(self.reader()?.item_by_keys(&keys).map_err(fault)?.map(|hit| hit.item))
    }

    fn by_number(&self, number: &str) -> Result<Option<Item>, LookupFault> {
        self.reader()?.item_by_number(number).map_err(fault)
    }

    fn by_id(&self, item: ItemId) -> Result<Option<Item>, LookupFault> {
        self.reader()?.item(item).map_err(fault)
    }

    fn is_empty(&self) -> bool {
        self.empty
    }
}

/// Writes all items of a shop's file as CSV; answers how many. The shop may go on selling.
pub fn export_items<W: Write>(
    file: &Path,
    settings: &Settings,
    now: DateTime,
    writer: W,
) -> Result<u64, ExportError> {
    let reader = Reader::open(file).map_err(|e| ExportError::Lookup(fault(e)))?;
    let names = Reader::open(file).map_err(|e| ExportError::Lookup(fault(e)))?;
    let names = ReaderLookup { reader: names, empty: false, asked: Cell::new(0) };
    let context = ImportContext { settings, now, items: &names };
    let mut after = ItemId(0);
    let mut page: std::vec::IntoIter<Item> = Vec::new().into_iter();
    let mut count = 0;
    let items = std::iter::from_fn(|| {
        if let Some(item) = page.next() {
            count += 1;
            return Some(Ok(item));
        }
        match reader.items(None, after, true, 500) {
            Ok(rows) => {
                after = rows.last().map_or(after, |row| row.item.id);
                page = rows.into_iter().map(|row| row.item).collect::<Vec<_>>().into_iter();
                let next = page.next();
                count += u64::from(next.is_some());
                next.map(Ok)
            }
            Err(error) => Some(Err(fault(error))),
        }
    });
    export_csv(items, &context, writer)?;
    Ok(count)
}
