//! The program ends and starts again: every screen is as it was, and every table is the journal's fold.

use domain::catalogue::ItemDraft;
use domain::command::DiscountValue;
use domain::{ImportId, ShopCommand, TillCommand};
use money::Money;
use shop::api::view::Made;
use sim::build::{item, item_code};

use crate::engine_kit::{CASHIER, Kit, MANAGER, PAY, count, euros, pieces, refused, scan};

/// A day with everything that can be under way.
fn day() -> Vec<(u16, TillCommand)> {
    use TillCommand as C;
    let reason = || "Kulanz".to_owned();
    let percent = DiscountValue::Percent { basis_points: 1_000 };
    vec![
        (1, C::SignIn { person: MANAGER }),
        (1, C::OpenDay { float: euros(20_000) }),
        (2, C::SignIn { person: CASHIER }),
        (2, C::OpenDay { float: euros(10_000) }),
        (1, scan(1)),
        (1, scan(2)),
        (1, C::ChangeQuantity { line: domain::LineNo(2), quantity: pieces(3) }),
        (1, C::DiscountLine { line: domain::LineNo(1), discount: percent, reason: reason() }),
        (1, C::DiscountReceipt { discount: percent, reason: reason() }),
        (1, C::Note { line: None, text: "für Frau Öz".to_owned() }),
        (1, C::Park { name: Some("Öz".to_owned()) }),
        (1, scan(3)),
        (1, C::VoidLine { line: domain::LineNo(1) }),
        (1, scan(4)),
        (1, PAY),
        (2, scan(5)),
        (2, C::NewBasket),
        (2, scan(6)),
        (2, C::SwitchBasket { basket: domain::BasketId(3) }),
        (2, C::NewBasket),
        (1, C::NewBasket),
        (2, C::Recall { basket: domain::BasketId(1) }),
        (2, C::PayCash { tendered: Some(euros(1)) }),
        (2, C::PayCash { tendered: Some(euros(2)) }),
        (2, C::UndoTender),
        (2, PAY),
        (1, scan(7)),
        (1, C::AbortBasket { reason: None }),
        (1, scan(8)),
        (1, C::Park { name: None }),
        (1, C::PaidIn { amount: euros(500), reason: reason(), purpose: None }),
        (1, C::Drop { amount: euros(300), reason: reason() }),
        (1, C::NoSale { reason: reason() }),
        (1, C::Training { on: true }),
        (1, scan(1)),
        (1, PAY),
        (1, C::Training { on: false }),
        (1, C::ReturnReceipt { receipt: receipt(1, 1) }),
        (1, PAY),
        (1, C::Reprint { receipt: receipt(1, 1), hospitality: false }),
        (1, C::SignIn { person: CASHIER }),
        (1, C::EndShift),
        (1, C::SignIn { person: MANAGER }),
        (1, count(20_000)),
        (1, C::CloseDay { despite_doubt: None }),
        (1, C::OpenDay { float: euros(0) }),
        (1, C::SignOut),
    ]
}

fn receipt(till: u16, number: u64) -> domain::ReceiptRef {
    domain::ReceiptRef { till: domain::TillId(till), number: domain::ReceiptNo(number) }
}

#[test]
fn the_screens_are_the_same_after_a_restart_at_any_moment() {
    let mut kit = Kit::new();
    for (step, (till, command)) in day().into_iter().enumerate() {
        let said = format!("{step}: {command:?}");
        let person = kit.view(till).person.map_or(MANAGER, |p| p.id);
        kit.till(till, person, command).unwrap_or_else(|e| panic!("{said}: {e}"));
        kit.clock.advance(std::time::Duration::from_secs(20));
        let before = kit.screens();
        kit.restart();
        for (before, after) in before.iter().zip(kit.screens()) {
            for (field, value) in before.as_object().expect("an object") {
                assert_eq!(&after[field], value, "{field} after {said}");
            }
        }
    }
    let drawers: Vec<_> = kit.engine.snapshot_blocking().expect("running").tills;
    assert!(drawers.iter().all(|(_, day, _)| day.is_some()));
    assert_eq!(kit.end().receipts, 3);
}

#[test]
fn tables_and_screens_are_the_same_after_a_rebuild() {
    let mut kit = Kit::new();
    let steps = day();
    let half = 25;
    for (step, (till, command)) in steps.into_iter().enumerate() {
        let person = kit.view(till).person.map_or(MANAGER, |p| p.id);
        kit.till(till, person, command).expect("done");
        if step == half {
            rebuilt(&mut kit);
        }
    }
    rebuilt(&mut kit);
    kit.end();
}

fn rebuilt(kit: &mut Kit) {
    let screens = kit.screens();
    kit.stop();
    let mut store = store::Store::open(&kit.file()).expect("the file");
    let tables = store.dump_tables().expect("tables");
    assert!(tables.iter().any(|(name, rows)| name == "receipt" && !rows.is_empty()));
    shop::engine::rebuild(&mut store).expect("rebuilt");
    let anew = store.dump_tables().expect("tables");
    for (before, after) in tables.iter().zip(&anew) {
        assert_eq!(before, after);
    }
    drop(store);
    kit.start();
    assert_eq!(kit.screens(), screens);
}

#[test]
fn an_import_that_the_end_of_the_program_interrupted_is_given_up_at_the_next_start() {
    let mut kit = Kit::open();
    let begun =
        kit.shop(ShopCommand::BeginImport { source: "Liste.csv".to_owned() }).expect("begun");
    let Some(Made::Import { import }) = begun.made else { panic!("{begun:?}") };
    let mut random = sim::random::Random::new(4);
    let known = ItemDraft { name: "Anderer Name".to_owned(), ..item(1, &mut random) };
    let items = vec![(Some(domain::ItemId(1)), known), (None, item(500, &mut random))];
    kit.shop(ShopCommand::ImportItems { import, items }).expect("sent");
    kit.restart();

    let state = kit.reader().imports().expect("read").pop().expect("the import").state;
    assert_eq!(format!("{state:?}").to_lowercase().replace('"', ""), "cancelled");
    assert_eq!(refused(kit.till(1, MANAGER, scan(500))), "unknown_code");
    let first = kit.reader().item(domain::ItemId(1)).expect("read").expect("item 1");
    assert_ne!(first.draft.name, "Anderer Name");
    let finish = kit.shop(ShopCommand::FinishImport { import });
    assert_eq!(refused(finish), "unknown_import");
    // The next one begins at once, and its items get numbers that none had before.
    let begun =
        kit.shop(ShopCommand::BeginImport { source: "Liste.csv".to_owned() }).expect("begun");
    assert_eq!(begun.made, Some(Made::Import { import: ImportId(import.0 + 1) }));
    let import = ImportId(import.0 + 1);
    kit.shop(ShopCommand::ImportItems { import, items: vec![(None, item(500, &mut random))] })
        .expect("sent");
    assert_eq!(refused(kit.till(1, MANAGER, scan(500))), "unknown_code");
    kit.shop(ShopCommand::FinishImport { import }).expect("finished");
    kit.ok(1, scan(500));
    let keys = [item_code(500)];
    let hit = kit.reader().item_by_keys(&keys).expect("read").expect("item 500");
    assert!(hit.item.id.0 > crate::engine_kit::ITEMS + 1, "{:?}", hit.item.id);
    assert_ne!(hit.item.draft.prices[0].amount, Money::ZERO);
    kit.end();
}
