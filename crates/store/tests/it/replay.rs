//! Whatever happened: built anew from the journal, every table is the same, byte for byte.

use domain::command::StockKind;
use domain::event::{Event, StockMoved};
use domain::{BasketId, ImportId, ItemId, ReceiptNo, ReceiptRef};
use journal::EntryMeta;
use money::{Money, Quantity};
use proptest::prelude::*;
use store::{PartChange, Store};

use crate::kit::{
    Shop, TILL, added, ask, issued, item, line, opened, put, receipt, returned, unknown,
};

/// A stand-in for the engine: counts entries by kind of thing and closes nothing.
fn fold(meta: &EntryMeta, event: &Event) -> Vec<PartChange> {
    match event {
        Event::DrawerOpened { reason } => vec![PartChange::Save {
            kind: "drawer".to_owned(),
            key: i64::try_from(meta.seq % 3).unwrap(),
            body: reason.clone(),
        }],
        Event::AgeChecked { .. } => vec![PartChange::Delete { kind: "drawer".to_owned(), key: 1 }],
        _ => vec![],
    }
}

fn live(shop: &mut Shop, events: &[Event]) {
    shop.store.begin().unwrap();
    let (first, _) = shop.append(events);
    for (event, seq) in events.iter().zip(first..) {
        let (meta, _) = shop.store.entry(seq).unwrap().unwrap();
        for change in fold(&meta, event) {
            match change {
                PartChange::Save { kind, key, body } => {
                    shop.store.save_part(&kind, key, &body).unwrap()
                }
                PartChange::Delete { kind, key } => shop.store.delete_part(&kind, key).unwrap(),
                PartChange::Closed(day) => shop.store.save_closed_day(&day).unwrap(),
            }
        }
    }
    shop.store.commit().unwrap();
}

fn answers(store: &Store) -> Vec<Vec<u32>> {
    ["ware", "w", "apf", "n1", "birne w", "11", "é"]
        .iter()
        .map(|query| store.search(query, None, true, 50).unwrap().iter().map(|i| i.id.0).collect())
        .collect()
}

fn assert_rebuilds(shop: &mut Shop) {
    let (tables, found, head) =
        (shop.store.dump_tables().unwrap(), answers(&shop.store), shop.store.head());
    shop.store.rebuild(fold).unwrap();
    assert_eq!(shop.store.dump_tables().unwrap(), tables);
    assert_eq!(answers(&shop.store), found);
    assert_eq!(shop.store.head(), head);
    // SQLite's own check looks into the search index too.
    assert!(shop.store.verify(&[], |_, _| true).unwrap().is_sound());
    // The store goes on after it.
    live(shop, &[put(item(77, "Nachher", &["777"]))]);
    assert_eq!(shop.store.search("nachher", None, false, 9).unwrap().len(), 1);
}

/// One step of a random history; receipts get their numbers when the steps are played.
#[derive(Debug, Clone)]
enum Step {
    Put(u32, String, bool),
    Retire(u32, bool),
    Import(Vec<u32>, u8),
    Open(u64),
    Abort(u64),
    Sell(Vec<(u32, i64)>, bool),
    Return(u32, i64, u64),
    Unknown(u8, i64),
    Settle(u8),
    Copy(u64),
    Stock(u32, i64, bool),
    Drawer(String),
    Age(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let name = prop_oneof![Just("Apfel"), Just("Birne Ware"), Just("Crème brûlée"), Just("Ware")];
    prop_oneof![
        (1_u32..8, name, any::<bool>()).prop_map(|(id, name, low)| Step::Put(
            id,
            name.to_owned(),
            low
        )),
        (1_u32..8, any::<bool>()).prop_map(|(id, on)| Step::Retire(id, on)),
        (prop::collection::vec(1_u32..9, 0..4), 0_u8..4)
            .prop_map(|(items, what)| Step::Import(items, what)),
        (1_u64..9).prop_map(Step::Open),
        (1_u64..9).prop_map(Step::Abort),
        (prop::collection::vec((1_u32..8, 1_i64..5_000), 1..4), any::<bool>())
            .prop_map(|(lines, training)| Step::Sell(lines, training)),
        (1_u32..8, 1_i64..5_000, 1_u64..5).prop_map(|(item, q, no)| Step::Return(item, q, no)),
        (0_u8..3, 1_i64..900).prop_map(|(code, price)| Step::Unknown(code, price)),
        (0_u8..3).prop_map(Step::Settle),
        (1_u64..5).prop_map(Step::Copy),
        (1_u32..8, -9_000_i64..9_000, any::<bool>()).prop_map(|(i, q, c)| Step::Stock(i, q, c)),
        "[a-z]{1,6}".prop_map(Step::Drawer),
        (1_u64..9).prop_map(Step::Age),
    ]
}

/// What has to be given out once.
#[derive(Default)]
struct Numbers {
    receipts: u64,
    training: u64,
    imports: u32,
}

impl Numbers {
    fn sale(&mut self, lines: Vec<domain::basket::Line>, training: bool) -> Event {
        let number = if training { &mut self.training } else { &mut self.receipts };
        *number += 1;
        let mut receipt = receipt(*number, *number % 9, lines);
        receipt.training = training;
        receipt.print = true;
        issued(receipt)
    }

    fn events(&mut self, step: Step) -> Vec<Event> {
        match step {
            Step::Put(id, name, low) => {
                let mut item = item(id, &name, &[&format!("11{id}"), "555"]);
                item.draft.minimum = low.then_some(Quantity::new(2_000));
                vec![put(item)]
            }
            Step::Retire(id, retired) => vec![Event::ItemRetired { item: ItemId(id), retired }],
            Step::Import(items, what) => {
                self.imports += 1;
                let import = ImportId(self.imports);
                let items = items.into_iter().map(|id| item(id, "Importware", &["119"])).collect();
                let mut events = vec![
                    Event::ImportBegan { import, source: "a.csv".to_owned() },
                    Event::ItemsImported { import, items },
                ];
                match what {
                    0 => {}
                    1 => events.push(Event::ImportCancelled { import }),
                    _ => events.push(Event::ImportFinished { import }),
                }
                events
            }
            Step::Open(basket) => vec![opened(basket), added(basket, line(1, 3, 1_000, 5))],
            Step::Abort(basket) => vec![Event::BasketAborted {
                basket: BasketId(basket),
                total: Money::ZERO,
                reason: None,
            }],
            Step::Sell(lines, training) => {
                let lines =
                    lines.iter().zip(1..).map(|((id, q), no)| line(no, *id, *q, 199)).collect();
                vec![self.sale(lines, training)]
            }
            Step::Return(id, quantity, number) => {
                vec![self.sale(vec![returned(1, id, quantity, 199, (number, 1))], false)]
            }
            Step::Unknown(code, price) => {
                vec![self.sale(vec![unknown(1, &format!("47{code}"), price)], false)]
            }
            Step::Settle(code) => vec![Event::UnknownCodeSettled { code: format!("47{code}") }],
            Step::Copy(number) => vec![Event::ReceiptCopied(domain::receipt::ReceiptCopied {
                receipt: ReceiptRef { till: TILL, number: ReceiptNo(number) },
                copy: 2,
                hospitality: false,
            })],
            Step::Stock(id, quantity, counted) => vec![Event::StockMoved(StockMoved {
                item: ItemId(id),
                movement: if counted { StockKind::Counted } else { StockKind::Corrected },
                quantity: Quantity::new(quantity),
                counted: counted.then_some(Quantity::new(1)),
                reason: "Inventur".to_owned(),
            })],
            Step::Drawer(reason) => vec![Event::DrawerOpened { reason }],
            Step::Age(basket) => vec![Event::AgeChecked { basket: BasketId(basket), age: 18 }],
        }
    }
}

proptest! {
    // Each case makes a file and waits for the disk.
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_rebuilt_file_equals_the_live_one(steps in prop::collection::vec(step(), 1..25)) {
        let mut shop = Shop::new();
        let mut numbers = Numbers::default();
        for step in steps {
            live(&mut shop, &numbers.events(step));
        }
        assert_rebuilds(&mut shop);
    }
}

#[test]
fn an_empty_journal_rebuilds_to_empty_tables() {
    let mut shop = Shop::new();
    shop.store.rebuild(fold).unwrap();
    assert!(shop.store.dump_tables().unwrap().iter().all(|(_, rows)| rows.is_empty()));
}

#[test]
fn a_fold_that_was_spoilt_is_put_right_and_what_lies_apart_stays() {
    let mut shop = Shop::new();
    live(&mut shop, &[put(item(1, "Apfel", &["111"]))]);
    live(&mut shop, &Numbers::default().events(Step::Sell(vec![(1, 2_000)], false)));
    let tables = shop.store.dump_tables().unwrap();
    let digests = shop.store.table_digests().unwrap();
    let waiting = shop.store.outbox_waiting(9).unwrap();
    assert_eq!(waiting.len(), 1);
    let conn = rusqlite::Connection::open(shop.path()).unwrap();
    conn.execute_batch(
        "UPDATE stock SET quantity = 99; DELETE FROM receipt; DELETE FROM item_code",
    )
    .unwrap();
    drop(conn);
    assert_ne!(shop.store.dump_tables().unwrap(), tables);
    assert_ne!(shop.store.table_digests().unwrap(), digests);
    shop.store.rebuild(fold).unwrap();
    assert_eq!(shop.store.dump_tables().unwrap(), tables);
    assert_eq!(shop.store.table_digests().unwrap(), digests);
    assert_eq!(shop.store.outbox_waiting(9).unwrap(), waiting);
    assert_eq!(ask(&shop.path(), "SELECT count(*) FROM command WHERE fingerprint IS NOT NULL"), 0);
}

#[test]
fn every_table_of_the_schema_is_a_fold_or_known_to_lie_apart() {
    let shop = Shop::new();
    let apart = [
        "journal",
        "meta",
        "anchor",
        "credential",
        "personal_key",
        "personal",
        "session",
        "day_check",
        "outbox",
        "receipt_link",
        "message",
        "photo",
        "item_search",
    ]
    .map(str::to_owned);
    let dumped: Vec<String> =
        shop.store.dump_tables().unwrap().into_iter().map(|(table, _)| table).collect();
    let conn = rusqlite::Connection::open(shop.path()).unwrap();
    let mut names = conn
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'item_search_%'",
        )
        .unwrap();
    let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for name in names.map(Result::unwrap).filter(|name| !name.starts_with("sqlite_")) {
        assert!(
            dumped.contains(&name) || apart.contains(&name),
            "{name} is neither rebuilt nor apart"
        );
    }
}
