//! The import's way to the engine: settings, catalogue, commands. Blocks; for threads of their own.

use std::sync::Arc;

use domain::catalogue::Item;
use domain::settings::Settings;
use domain::{ItemId, LookupFault, PersonId, Refusal, ShopCommand};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use store::{Reader, StoreError};

use crate::api::view::Made;
use crate::clock::Clock;
use crate::engine::{Actor, Engine, EngineError};
use crate::ids::own_command;
use crate::import::{Applier, ApplyError, Lookup, Sent};

/// Sends an import's items to an engine, in the name of the person who asked for it.
pub struct EngineApplier {
    engine: Engine,
    clock: Arc<dyn Clock>,
    settings: Option<Arc<Settings>>,
    person: Option<PersonId>,
}

impl EngineApplier {
    /// `settings` as they are now; `person` is none for the program itself.
    pub fn new(
        engine: Engine,
        clock: Arc<dyn Clock>,
        settings: Option<Arc<Settings>>,
        person: Option<PersonId>,
    ) -> Self {
        EngineApplier { engine, clock, settings, person }
    }
}

impl Applier for EngineApplier {
    fn settings(&self) -> Result<Settings, ApplyError> {
        let settings = self.settings.as_deref().cloned();
        settings.ok_or(ApplyError::Refused(Refusal::NotConfigured))
    }

    fn now(&self) -> DateTime {
        let zone = self.settings.as_ref().and_then(|s| TimeZone::get(&s.time_zone).ok());
        zone.unwrap_or(TimeZone::UTC).to_datetime(self.clock.now())
    }

    fn lookup(&self) -> Result<Box<dyn Lookup + '_>, ApplyError> {
        let reader = Reader::open(self.engine.path()).map_err(broken)?;
        let is_empty = reader.max_item_id().map_err(broken)? == 0;
        Ok(Box::new(StoredItems { reader, is_empty }))
    }

    fn send(&self, command: ShopCommand) -> Result<Sent, ApplyError> {
        let actor = Actor { person: self.person, approver: None };
        match self.engine.shop_blocking(own_command(self.clock.now()), actor, command) {
            Ok(answer) => Ok(sent(answer.made.as_ref())),
            Err(EngineError::Refused(refusal)) => Err(ApplyError::Refused(refusal)),
            Err(error) => Err(ApplyError::Fault(error.to_string())),
        }
    }
}

fn broken(error: StoreError) -> ApplyError {
    ApplyError::Fault(error.to_string())
}

fn sent(made: Option<&Made>) -> Sent {
    match made {
        Some(Made::Import { import }) => Sent { import: Some(*import), item: None },
        Some(Made::Item { item }) => Sent { import: None, item: Some(*item) },
        _ => Sent::default(),
    }
}

/// The catalogue in the shop's file.
pub(crate) struct StoredItems {
    pub(crate) reader: Reader,
    /// There was no item when the look-up began.
    pub(crate) is_empty: bool,
}

impl Lookup for StoredItems {
    fn by_code(&self, code: &str) -> Result<Option<Item>, LookupFault> {
        Ok(self.reader.item_by_keys(&[code]).map_err(fault)?.map(|hit| hit.item))
    }

    fn by_number(&self, number: &str) -> Result<Option<Item>, LookupFault> {
        self.reader.item_by_number(number).map_err(fault)
    }

    fn by_id(&self, item: ItemId) -> Result<Option<Item>, LookupFault> {
        self.reader.item(item).map_err(fault)
    }

    fn is_empty(&self) -> bool {
        self.is_empty
    }
}

fn fault(error: StoreError) -> LookupFault {
    LookupFault(error.to_string())
}
