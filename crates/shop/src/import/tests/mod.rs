//! The import against a shop made of vectors.

mod applying;
mod errors;
mod reading;
mod robust;
mod round_trip;

use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use domain::catalogue::{Item, ItemDraft};
use domain::settings::Settings;
use domain::{ImportId, ItemId, LookupFault, Refusal, ShopCommand};
use jiff::civil::{DateTime, date};
use serde_json::json;

use super::*;

/// A German shop with two groups, and keys 1 (19 %), 2 (7 %), 3 (10.7 %), 5 and 6 (0 %).
fn settings() -> Settings {
    let rate =
        |key: u16, rate: u32| json!({"key": key, "rate": rate, "from": "2007-01-01T00:00:00"});
    serde_json::from_value(json!({
        "name": "Testladen", "address": [], "country": "DE", "currency": "EUR", "language": "de",
        "time_zone": "Europe/Berlin", "prices_include_tax": true, "cash_rounding": 1, "tax_point": "payment",
        "rates": [rate(1, 1_900), rate(2, 700), rate(3, 1_070), rate(5, 0), rate(6, 0),
                  {"key": 2, "rate": 500, "from": "2030-01-01T00:00:00"}],
        "groups": [
            {"id": 1, "name": "Lebensmittel", "tax": 2, "color": "#112233"},
            {"id": 2, "name": "Getränke", "tax": 1, "color": "#112233"}],
        "tills": [], "in_store_codes": [], "lock_after_seconds": 0, "print_receipts": false
    }))
    .unwrap()
}

fn now() -> DateTime {
    date(2026, 11, 23).at(12, 0, 0, 0)
}

#[derive(Default)]
struct Shelves {
    settings: Option<Settings>,
    items: Vec<Item>,
    pending: Option<Vec<(Option<ItemId>, ItemDraft)>>,
    log: Vec<&'static str>,
    batches: Vec<usize>,
}

impl Shelves {
    fn put(&mut self, id: Option<ItemId>, draft: ItemDraft) -> ItemId {
        let id = id.unwrap_or_else(|| ItemId(u32::try_from(self.items.len()).unwrap() + 1));
        self.items.retain(|item| item.id != id);
        self.items.push(Item { id, draft });
        self.items.sort_by_key(|item| item.id);
        id
    }

    fn retire(&mut self, id: ItemId, retired: bool) {
        for item in self.items.iter_mut().filter(|item| item.id == id) {
            item.draft.retired = retired;
        }
    }
}

/// Called before each command; may refuse it.
type Hook = Box<dyn Fn(&ShopCommand) -> Result<(), ApplyError> + Send + Sync>;

/// An engine of vectors: pending items become valid with `FinishImport`.
#[derive(Clone)]
struct Fake {
    shelves: Arc<Mutex<Shelves>>,
    hook: Arc<Mutex<Option<Hook>>>,
}

impl Fake {
    fn new() -> Self {
        let shelves = Shelves { settings: Some(settings()), ..Shelves::default() };
        Self { shelves: Arc::new(Mutex::new(shelves)), hook: Arc::new(Mutex::new(None)) }
    }

    fn on_command(
        &self,
        hook: impl Fn(&ShopCommand) -> Result<(), ApplyError> + Send + Sync + 'static,
    ) {
        *self.hook.lock().unwrap() = Some(Box::new(hook));
    }

    fn items(&self) -> Vec<Item> {
        self.shelves.lock().unwrap().items.clone()
    }

    fn log(&self) -> Vec<&'static str> {
        self.shelves.lock().unwrap().log.clone()
    }

    fn item(&self, number: &str) -> Item {
        self.by_number(number).unwrap().unwrap_or_else(|| panic!("no item {number}"))
    }

    fn analyse(&self, file: impl AsRef<[u8]>) -> Result<Preview, ImportFailure> {
        analyse_with(&mut Cursor::new(file.as_ref()), self, &mut go_on).map(|a| a.preview)
    }

    /// Analyses and applies.
    fn import(
        &self,
        file: impl AsRef<[u8]>,
        keep_good: bool,
    ) -> Result<ImportOutcome, ImportFailure> {
        let mut file = Cursor::new(file.as_ref());
        let analysis = analyse_with(&mut file, self, &mut go_on)?;
        apply(&mut file, "test.csv", &analysis, keep_good, self, &mut go_on)
    }

    fn export(&self) -> Vec<u8> {
        let settings = self.settings().unwrap();
        let context = ImportContext { settings: &settings, now: now(), items: self };
        let mut file = Vec::new();
        export_csv(self.items().into_iter().map(Ok), &context, &mut file).unwrap();
        file
    }
}

fn go_on(_: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

impl Lookup for Fake {
    fn by_code(&self, code: &str) -> Result<Option<Item>, LookupFault> {
        Ok(self
            .items()
            .into_iter()
            .find(|item| item.draft.codes.iter().any(|c| super::cells::same_code(&c.code, code))))
    }
    fn by_number(&self, number: &str) -> Result<Option<Item>, LookupFault> {
        Ok(self.items().into_iter().find(|item| item.draft.number == number))
    }
    fn by_id(&self, id: ItemId) -> Result<Option<Item>, LookupFault> {
        Ok(self.items().into_iter().find(|item| item.id == id))
    }
    fn is_empty(&self) -> bool {
        self.shelves.lock().unwrap().items.is_empty()
    }
}

impl Applier for Fake {
    fn settings(&self) -> Result<Settings, ApplyError> {
        self.shelves
            .lock()
            .unwrap()
            .settings
            .clone()
            .ok_or(ApplyError::Refused(Refusal::NotConfigured))
    }

    fn now(&self) -> DateTime {
        now()
    }

    fn lookup(&self) -> Result<Box<dyn Lookup + '_>, ApplyError> {
        Ok(Box::new(self.clone()))
    }

    fn send(&self, command: ShopCommand) -> Result<Sent, ApplyError> {
        if let Some(hook) = &*self.hook.lock().unwrap() {
            hook(&command)?;
        }
        let mut shelves = self.shelves.lock().unwrap();
        let mut sent = Sent::default();
        let word = match command {
            ShopCommand::Configure { settings } => {
                shelves.settings = Some(*settings);
                "configure"
            }
            ShopCommand::PutItem { item, draft } => {
                sent.item = Some(shelves.put(item, *draft));
                "put"
            }
            ShopCommand::BeginImport { .. } => {
                assert!(shelves.pending.is_none(), "an import is running");
                shelves.pending = Some(Vec::new());
                sent.import = Some(ImportId(7));
                "begin"
            }
            ShopCommand::ImportItems { import, items } => {
                assert_eq!(import, ImportId(7));
                shelves.batches.push(items.len());
                shelves.pending.as_mut().unwrap().extend(items);
                "items"
            }
            ShopCommand::FinishImport { .. } => {
                for (id, draft) in shelves.pending.take().unwrap() {
                    shelves.put(id, draft);
                }
                "finish"
            }
            ShopCommand::CancelImport { .. } => {
                shelves.pending.take().unwrap();
                "cancel"
            }
            ShopCommand::RetireItem { item, retired } => {
                shelves.retire(item, retired);
                "retire"
            }
            other => panic!("{other:?} is no command of an import"),
        };
        shelves.log.push(word);
        Ok(sent)
    }
}
