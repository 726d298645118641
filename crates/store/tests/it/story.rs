//! A shop's story, told through the API.

use domain::command::StockKind;
use domain::day::{ClosedDay, TillDay};
use domain::event::{Event, StockMoved};
use domain::people::CredentialKind;
use domain::{
    BasketId, DayNo, GroupId, ImportId, ItemId, LineNo, PersonId, ReceiptNo, ReceiptRef, TillId,
};
use jiff::civil::date;
use money::{Money, Quantity};
use store::{OutboxState, Reader, ReceiptFilter, SessionRow, Store, StoreError};

use crate::kit::{
    PERSON, Shop, TILL, added, ask, at, command, issued, item, line, opened, put, receipt,
    returned, unknown,
};

#[test]
fn entries_are_numbered_and_chained_and_survive_closing_the_file() {
    let mut shop = Shop::new();
    assert_eq!(shop.store.head().seq, 0);
    assert_eq!(shop.commit(&[opened(1), added(1, line(1, 7, 1_000, 149))]), (1, 2));
    assert_eq!(shop.commit(&[added(1, line(2, 7, 1_000, 149))]), (3, 3));
    let head = shop.store.head();
    let (path, _folder) = (shop.path(), shop.folder);
    drop(shop.store);
    let store = Store::open(&path).unwrap();
    assert_eq!(store.head(), head);
    assert_eq!((store.shop(), store.incarnation()), ("s1", 1));
    let (meta, event) = store.entry(3).unwrap().unwrap();
    assert_eq!(
        (meta.seq, meta.till, meta.person, meta.command),
        (3, Some(TILL), Some(PERSON), command(2))
    );
    assert_eq!(event, added(1, line(2, 7, 1_000, 149)));
    assert_eq!(store.entry(4).unwrap(), None);
    let rows = store.journal(2, 10).unwrap();
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [2, 3]);
    let chained =
        journal::hash(rows[0].hash.as_slice().try_into().unwrap(), rows[1].bytes.as_bytes());
    assert_eq!(chained, head.hash);
}

#[test]
fn what_is_rolled_back_leaves_no_trace() {
    let mut shop = Shop::new();
    shop.commit(&[put(item(1, "Apfel", &["111"]))]);
    let (head, tables) = (shop.store.head(), shop.store.dump_tables().unwrap());
    shop.store.begin().unwrap();
    shop.append(&[
        put(item(2, "Birne", &["222"])),
        issued(receipt(1, 1, vec![line(1, 1, 1_000, 5)])),
    ]);
    shop.store.save_part("till", 1, "{}").unwrap();
    assert!(shop.store.item(ItemId(2)).unwrap().is_some(), "the store sees its own changes");
    assert!(Reader::open(&shop.path()).unwrap().item(ItemId(2)).unwrap().is_none());
    shop.store.rollback();
    assert_eq!(shop.store.head(), head);
    assert_eq!(shop.store.dump_tables().unwrap(), tables);
    assert!(shop.store.outbox_open(9).unwrap().is_empty());
    // Versions go on from where they were.
    shop.commit(&[put(item(3, "Quitte", &[]))]);
    assert_eq!(ask(&shop.path(), "SELECT max(version) FROM item"), 2);
}

#[test]
fn a_command_is_found_again_and_its_id_cannot_be_used_twice() {
    let mut shop = Shop::new();
    shop.commit(&[opened(1), added(1, line(1, 7, 1_000, 149))]);
    let row = shop.store.command(command(1)).unwrap().unwrap();
    assert_eq!((row.first, row.last, row.fingerprint), (1, 2, Some(1)));
    assert_eq!(shop.store.command(command(9)).unwrap(), None);
    shop.store.begin().unwrap();
    let again = shop.store.append(at(9), None, None, command(1), None, &[opened(2)]);
    assert!(matches!(again, Err(StoreError::Sqlite(_))), "{again:?}");
    assert!(!shop.store.in_transaction());
    assert_eq!(shop.store.head().seq, 2);
}

#[test]
fn misuse_is_told() {
    let mut shop = Shop::new();
    let misuse =
        |result: Result<(), StoreError>| assert!(matches!(result, Err(StoreError::Misuse(_))));
    misuse(shop.store.commit());
    misuse(shop.store.append(at(1), None, None, command(1), None, &[opened(1)]).map(|_| ()));
    misuse(shop.store.set_meta("incarnation", "7"));
    shop.store.begin().unwrap();
    misuse(shop.store.begin());
    misuse(shop.store.append(at(1), None, None, command(1), None, &[]).map(|_| ()));
    shop.store.rollback();
    shop.store.rollback();
}

#[test]
fn only_baskets_that_are_not_finished_are_folded_again() {
    let mut shop = Shop::new();
    shop.commit(&[opened(1), added(1, line(1, 7, 1_000, 149))]);
    shop.commit(&[opened(2), Event::BasketChosen { basket: Some(BasketId(2)) }]);
    shop.commit(&[opened(3)]);
    let open = |shop: &Shop| -> Vec<(u64, u64)> {
        let entries = shop.store.open_basket_entries().unwrap();
        entries.iter().map(|(basket, meta, _)| (basket.0, meta.seq)).collect()
    };
    assert_eq!(open(&shop), [(1, 1), (1, 2), (2, 3), (2, 4), (3, 5)]);
    shop.commit(&[issued(receipt(1, 1, vec![line(1, 7, 1_000, 149)]))]);
    shop.commit(&[Event::BasketAborted { basket: BasketId(3), total: Money::ZERO, reason: None }]);
    assert_eq!(open(&shop), [(2, 3), (2, 4)]);
    // No receipt says what was in one that was given up.
    let kept = |basket: u64| -> Vec<u64> {
        let entries = shop.store.given_up_entries(BasketId(basket)).unwrap();
        entries.iter().map(|(meta, _)| meta.seq).collect()
    };
    assert_eq!((kept(3), kept(1), kept(2)), (vec![5], Vec::new(), Vec::new()));
}

#[test]
fn receipts_are_found_by_number_date_and_total() {
    let mut shop = Shop::new();
    for number in 1..=5_u64 {
        let price = i64::try_from(number).unwrap() * 100;
        let mut receipt = receipt(number, number, vec![line(1, 7, 1_000, price)]);
        receipt.date = date(2026, 11, 20 + i8::try_from(number).unwrap());
        shop.commit(&[issued(receipt)]);
    }
    let mut training = receipt(1, 9, vec![line(1, 7, 1_000, 1)]);
    training.training = true;
    shop.commit(&[issued(training)]);
    let copied = ReceiptRef { till: TILL, number: ReceiptNo(2) };
    shop.commit(&[Event::ReceiptCopied(domain::receipt::ReceiptCopied {
        receipt: copied,
        copy: 1,
        hospitality: false,
    })]);
    shop.commit(&[Event::ReceiptCopied(domain::receipt::ReceiptCopied {
        receipt: copied,
        copy: 2,
        hospitality: false,
    })]);

    let found = shop.store.receipt(TILL, false, ReceiptNo(2)).unwrap().unwrap();
    assert_eq!((found.till, found.person, found.receipt.total), (TILL, PERSON, Money::new(200)));
    assert_eq!(found.at, at(2));
    assert_eq!(shop.store.receipt_at(2).unwrap(), Some(found));
    assert_eq!(shop.store.receipt_at(7).unwrap(), None);
    assert_eq!(shop.store.receipt(TILL, false, ReceiptNo(6)).unwrap(), None);
    assert_eq!(shop.store.receipt(TillId(2), false, ReceiptNo(2)).unwrap(), None);
    assert!(shop.store.receipt(TILL, true, ReceiptNo(1)).unwrap().unwrap().receipt.training);
    assert_eq!(shop.store.copies(TILL, ReceiptNo(2)).unwrap(), 2);
    assert_eq!(shop.store.copies(TILL, ReceiptNo(1)).unwrap(), 0);

    let reader = Reader::open(&shop.path()).unwrap();
    let list = |filter: ReceiptFilter, limit| -> Vec<u64> {
        reader.receipts(&filter, limit).unwrap().iter().map(|row| row.seq).collect()
    };
    let all = ReceiptFilter::default;
    assert_eq!(list(all(), 9), [6, 5, 4, 3, 2, 1]);
    assert_eq!(list(all(), 2), [6, 5]);
    assert_eq!(list(ReceiptFilter { before: Some(5), ..all() }, 2), [4, 3]);
    assert_eq!(list(ReceiptFilter { number: Some(ReceiptNo(1)), ..all() }, 9), [6, 1]);
    assert_eq!(list(ReceiptFilter { training: Some(false), ..all() }, 1), [5]);
    assert_eq!(list(ReceiptFilter { total: Some(Money::new(300)), ..all() }, 9), [3]);
    assert_eq!(list(ReceiptFilter { till: Some(TillId(2)), ..all() }, 9), [0_u64; 0]);
    let all = || ReceiptFilter { training: Some(false), ..ReceiptFilter::default() };
    let (from, to) = (Some(date(2026, 11, 22)), Some(date(2026, 11, 24)));
    assert_eq!(list(ReceiptFilter { from, to, ..all() }, 9), [4, 3, 2]);
    assert_eq!(list(ReceiptFilter { from, to, before: Some(4), ..all() }, 1), [3]);
    assert_eq!(list(ReceiptFilter { from: Some(date(2026, 11, 25)), ..all() }, 9), [5]);
    assert_eq!(list(ReceiptFilter { to: Some(date(2026, 11, 21)), ..all() }, 9), [1]);
}

#[test]
fn a_sale_moves_stock_and_a_return_moves_it_back() {
    let mut shop = Shop::new();
    let mut pack = line(2, 8, 2_000, 600);
    pack.pack = Some(Quantity::new(6_000));
    let mut unstocked = line(3, 9, 1_000, 5);
    unstocked.stocked = false;
    shop.commit(&[issued(receipt(1, 1, vec![line(1, 7, 3_000, 100), pack, unstocked]))]);
    let mut training = receipt(1, 2, vec![line(1, 7, 1_000, 100)]);
    training.training = true;
    shop.commit(&[issued(training)]);
    let stock = |shop: &Shop, id| shop.store.stock(ItemId(id)).unwrap().thousandths();
    assert_eq!([7, 8, 9, 10].map(|id| stock(&shop, id)), [-3_000, -12_000, 0, 0]);
    shop.commit(&[issued(receipt(2, 3, vec![returned(1, 7, 1_000, 100, (1, 1))]))]);
    shop.commit(&[issued(receipt(3, 4, vec![returned(1, 7, 2_000, 100, (1, 1))]))]);
    assert_eq!(stock(&shop, 7), 0);
    let back = |line| shop.store.returned(TILL, ReceiptNo(1), LineNo(line)).unwrap().thousandths();
    assert_eq!([1, 2].map(back), [3_000, 0]);
}

#[test]
fn movements_are_listed_and_low_stock_is_told() {
    let mut shop = Shop::new();
    let with_minimum = |id, minimum: i64, retired| {
        let mut item = item(id, "Ware", &[]);
        item.draft.minimum = Some(Quantity::new(minimum));
        item.draft.retired = retired;
        put(item)
    };
    shop.commit(&[
        with_minimum(1, 5_000, false),
        with_minimum(2, 5_000, false),
        with_minimum(3, 5_000, true),
        put(item(4, "Ware", &[])),
    ]);
    let moved = |item, movement, quantity, counted: Option<i64>| {
        Event::StockMoved(StockMoved {
            item: ItemId(item),
            movement,
            quantity: Quantity::new(quantity),
            counted: counted.map(Quantity::new),
            reason: "Lieferung".to_owned(),
        })
    };
    shop.commit(&[
        moved(1, StockKind::Received, 9_000, None),
        moved(2, StockKind::Received, 4_000, None),
    ]);
    let low = |shop: &Shop| -> Vec<u32> {
        shop.store.low_stock(ItemId(0), 9).unwrap().iter().map(|row| row.item.id.0).collect()
    };
    assert_eq!(low(&shop), [2]);
    shop.commit(&[moved(1, StockKind::Counted, -5_000, Some(4_000))]);
    assert_eq!(low(&shop), [1, 2]);
    assert_eq!(shop.store.low_stock(ItemId(1), 9).unwrap()[0].stock, Quantity::new(4_000));
    assert_eq!(shop.store.low_stock_count().unwrap(), 2);
    // An older version's minimum no longer counts.
    shop.commit(&[with_minimum(1, 1_000, false)]);
    assert_eq!(low(&shop), [2]);
    // Without a minimum it is short below nothing, while it is on sale and keeps stock.
    let without = |id, stocked, retired| {
        let mut item = item(id, "Ware", &[]);
        (item.draft.stocked, item.draft.retired) = (stocked, retired);
        put(item)
    };
    shop.commit(&[without(5, true, true), without(6, false, false), without(7, true, false)]);
    shop.commit(&[
        moved(4, StockKind::Corrected, -1_000, None),
        moved(5, StockKind::Corrected, -1_000, None),
        moved(6, StockKind::Corrected, -1_000, None),
        moved(7, StockKind::Corrected, 0, None),
    ]);
    assert_eq!(low(&shop), [2, 4]);
    assert_eq!(shop.store.low_stock_count().unwrap(), 2);
    assert_eq!(shop.store.low_stock(ItemId(0), 1).unwrap().len(), 1);
    assert_eq!(shop.store.low_stock(ItemId(2), 9).unwrap()[0].stock, Quantity::new(-1_000));
    // With a minimum it is there once.
    shop.commit(&[with_minimum(4, 1_000, false)]);
    assert_eq!(low(&shop), [2, 4]);
    let movements = shop.store.movements(ItemId(1), None, 9).unwrap();
    assert_eq!(
        movements.iter().map(|m| m.kind).collect::<Vec<_>>(),
        [StockKind::Counted, StockKind::Received]
    );
    assert_eq!(movements[0].counted, Some(Quantity::new(4_000)));
    assert_eq!((movements[0].person, movements[0].at), (Some(PERSON), at(3)));
    assert_eq!(shop.store.movements(ItemId(1), Some(movements[0].seq), 9).unwrap(), movements[1..]);
}

#[test]
fn a_deposit_slip_is_known_by_the_receipt_that_paid_it_out_unless_in_training() {
    let mut shop = Shop::new();
    let slip = |no: u16, number: &str| domain::basket::Line {
        slip: Some(number.to_owned()),
        ..line(no, 7, -1_000, 325)
    };
    let trained =
        domain::receipt::Receipt { training: true, ..receipt(1, 1, vec![slip(1, "980-2")]) };
    shop.commit(&[issued(receipt(4, 2, vec![slip(1, "980-1")])), issued(trained)]);
    let paid = ReceiptRef { till: TILL, number: ReceiptNo(4) };
    assert_eq!(shop.store.slip("980-1").unwrap(), Some(paid));
    assert_eq!(shop.store.slip("980-2").unwrap(), None);
    let tables = shop.store.dump_tables().unwrap();
    shop.store.rebuild(|_, _| Vec::new()).unwrap();
    assert_eq!(shop.store.dump_tables().unwrap(), tables);
}

#[test]
fn items_are_found_by_what_they_are_now() {
    let mut shop = Shop::new();
    shop.commit(&[put(item(1, "Apfel", &["111", "0111"])), put(item(2, "Birne", &["222"]))]);
    let hit = |shop: &Shop, keys: &[&str]| {
        shop.store.item_by_keys(keys).unwrap().map(|hit| (hit.item.id.0, hit.code))
    };
    assert_eq!(hit(&shop, &["999", "0111"]), Some((1, "0111".to_owned())));
    assert_eq!(hit(&shop, &["11"]), None);
    assert_eq!(shop.store.code_taken("222", None).unwrap(), Some(ItemId(2)));
    assert_eq!(shop.store.code_taken("222", Some(ItemId(2))).unwrap(), None);
    assert_eq!(shop.store.number_taken("N1", Some(ItemId(2))).unwrap(), Some(ItemId(1)));
    assert_eq!(shop.store.number_taken("N1", Some(ItemId(1))).unwrap(), None);
    // The code goes from one item to another.
    shop.commit(&[put(item(1, "Apfel rot", &["333"])), put(item(2, "Birne", &["222", "111"]))]);
    assert_eq!(hit(&shop, &["111"]), Some((2, "111".to_owned())));
    assert_eq!(hit(&shop, &["0111"]), None);
    assert_eq!(shop.store.item(ItemId(1)).unwrap().unwrap().draft.name, "Apfel rot");
    assert_eq!(shop.store.item_by_number("N1").unwrap().unwrap().draft.name, "Apfel rot");
    assert_eq!(shop.store.item_by_number("N3").unwrap(), None);
    shop.commit(&[Event::ItemRetired { item: ItemId(1), retired: true }]);
    assert!(shop.store.item(ItemId(1)).unwrap().unwrap().draft.retired);
    assert_eq!(
        hit(&shop, &["333"]),
        Some((1, "333".to_owned())),
        "the rule says that it is retired"
    );
    let page = |retired| -> Vec<u32> {
        let rows = shop.store.items(Some(GroupId(3)), ItemId(0), retired, 9).unwrap();
        rows.iter().map(|row| row.item.id.0).collect()
    };
    assert_eq!((page(false), page(true)), (vec![2], vec![1, 2]));
    assert!(shop.store.items(Some(GroupId(4)), ItemId(0), true, 9).unwrap().is_empty());
    assert_eq!(shop.store.items(None, ItemId(1), true, 9).unwrap()[0].item.id, ItemId(2));
    assert_eq!(shop.store.item_count().unwrap(), 1);
    assert_eq!(shop.store.max_item_id().unwrap(), 2);
}

#[test]
fn an_item_on_sale_comes_before_a_retired_one_with_the_same_code() {
    let mut shop = Shop::new();
    let mut old = item(1, "Alt", &["111"]);
    old.draft.retired = true;
    shop.commit(&[put(old), put(item(2, "Neu", &["111"]))]);
    assert_eq!(shop.store.item_by_keys(&["111"]).unwrap().unwrap().item.id, ItemId(2));
}

#[test]
fn tiles_of_a_group_come_by_name() {
    let mut shop = Shop::new();
    shop.commit(&[
        put(item(1, "quitte", &[])),
        put(item(2, "Birne", &[])),
        put(item(3, "Apfel", &[])),
    ]);
    let names: Vec<String> =
        shop.store.group_items(GroupId(3), 2).unwrap().into_iter().map(|i| i.draft.name).collect();
    assert_eq!(names, ["Apfel", "Birne"]);
}

#[test]
fn an_import_becomes_valid_at_once_or_not_at_all() {
    let mut shop = Shop::new();
    shop.commit(&[put(item(1, "Apfel", &["111"]))]);
    let began = |id| Event::ImportBegan { import: ImportId(id), source: "a.csv".to_owned() };
    let chunk = |id, items| Event::ItemsImported { import: ImportId(id), items };
    shop.commit(&[began(1)]);
    shop.commit(&[chunk(1, vec![item(1, "Apfel neu", &["119"]), item(2, "Birne", &["222"])])]);
    let name = |shop: &Shop, id| shop.store.item(ItemId(id)).unwrap().map(|i| i.draft.name);
    let found = |shop: &Shop, query: &str| shop.store.search(query, None, false, 9).unwrap().len();
    assert_eq!((name(&shop, 1).as_deref(), name(&shop, 2)), (Some("Apfel"), None));
    assert_eq!((found(&shop, "birne"), found(&shop, "apfel")), (0, 1));
    assert!(shop.store.item_by_keys(&["222"]).unwrap().is_none());
    // Sold meanwhile: the old code counts. A hand's change while the import runs wins over it.
    assert!(shop.store.item_by_keys(&["111"]).unwrap().is_some());
    shop.commit(&[chunk(1, vec![item(3, "Quitte", &[])]), put(item(4, "Melone", &[]))]);
    assert_eq!(found(&shop, "melone"), 1);
    shop.commit(&[Event::ImportFinished { import: ImportId(1) }]);
    assert_eq!(name(&shop, 1).as_deref(), Some("Apfel neu"));
    assert_eq!((found(&shop, "birne"), found(&shop, "neu")), (1, 1));
    assert!(shop.store.item_by_keys(&["111"]).unwrap().is_none());
    shop.commit(&[began(2)]);
    shop.commit(&[
        chunk(2, vec![item(1, "Falsch", &[])]),
        Event::ImportCancelled { import: ImportId(2) },
    ]);
    assert_eq!(name(&shop, 1).as_deref(), Some("Apfel neu"));
    assert_eq!(found(&shop, "falsch"), 0);
    let imports = shop.store.imports().unwrap();
    let states: Vec<_> = imports.iter().map(|i| (i.state.as_str(), i.items)).collect();
    assert_eq!(states, [("finished", 3), ("cancelled", 1)]);
    let mut exported = Vec::new();
    Reader::open(&shop.path())
        .unwrap()
        .each_item(|row| {
            exported.push(row.item.draft.name);
            true
        })
        .unwrap();
    assert_eq!(exported, ["Apfel neu", "Birne", "Quitte", "Melone"]);
}

#[test]
fn the_day_s_figures_are_kept_live() {
    let mut shop = Shop::new();
    let mut early = receipt(1, 1, vec![line(1, 7, 2_000, 100), line(2, 8, 1_000, 500)]);
    early.hour = 9;
    shop.commit(&[issued(early)]);
    shop.commit(&[issued(receipt(2, 2, vec![line(1, 7, 1_000, 100)]))]);
    let mut training = receipt(1, 3, vec![line(1, 7, 1_000, 100)]);
    training.training = true;
    shop.commit(&[issued(training)]);
    let today = date(2026, 11, 23);
    let reader = Reader::open(&shop.path()).unwrap();
    let hours = reader.hours(today).unwrap();
    let figures: Vec<_> = hours.iter().map(|h| (h.hour, h.receipts, h.amount.minor())).collect();
    assert_eq!(figures, [(9, 1, 700), (14, 1, 100)]);
    let best = reader.bestsellers(today, 1).unwrap();
    assert_eq!((best[0].item, best[0].amount, best.len()), (ItemId(8), Money::new(500), 1));
    let tenders = reader.tenders(today).unwrap();
    assert_eq!((tenders[0].count, tenders[0].amount), (2, Money::new(800)));
    let days = reader.day_sales(date(2026, 11, 1), today).unwrap();
    assert_eq!(
        (days.len(), days[0].date, days[0].receipts, days[0].amount),
        (1, today, 2, Money::new(800))
    );
    assert!(reader.hours(date(2026, 11, 24)).unwrap().is_empty());
}

#[test]
fn unknown_codes_are_kept_for_cleaning_up() {
    let mut shop = Shop::new();
    shop.commit(&[issued(receipt(1, 1, vec![unknown(1, "4711", 100), unknown(2, "4712", 200)]))]);
    shop.commit(&[issued(receipt(2, 2, vec![unknown(1, "4711", 150)]))]);
    let codes = shop.store.unknown_codes().unwrap();
    assert_eq!(
        (codes[0].code.as_str(), codes[0].times, codes[0].price),
        ("4711", 2, Money::new(150))
    );
    assert_eq!((codes[0].first_at, codes[0].last_at), (at(1), at(2)));
    shop.commit(&[Event::UnknownCodeSettled { code: "4711".to_owned() }]);
    assert_eq!(shop.store.unknown_codes().unwrap()[0].code, "4712");
}

#[test]
fn closed_days_are_kept_and_listed() {
    let mut shop = Shop::new();
    for number in 1..=3_u32 {
        let minutes = i64::from(number);
        let day: TillDay = serde_json::from_value(serde_json::json!({
            "number": number, "date": "2026-11-23", "opened": at(0), "opened_by": 2, "float": 100,
            "drawer": 100, "totals": serde_json::to_value(domain::day::DayTotals::default()).unwrap(),
            "shifts": []
        }))
        .unwrap();
        let closed = ClosedDay {
            till: TILL,
            day,
            closed: at(minutes),
            closed_by: PERSON,
            difference: Money::ZERO,
        };
        let event = Event::DayClosed {
            day: DayNo(number),
            counted: Money::new(100),
            difference: Money::ZERO,
        };
        shop.store.begin().unwrap();
        shop.append(&[event]);
        shop.store.save_closed_day(&closed).unwrap();
        shop.store.commit().unwrap();
    }
    let numbers = |till, before, limit| -> Vec<u32> {
        let days = shop.store.closed_days(till, before, limit).unwrap();
        days.iter().map(|day| day.day.number.0).collect()
    };
    assert_eq!(numbers(None, None, 9), [3, 2, 1]);
    assert_eq!(numbers(Some(TILL), Some((at(3), TILL)), 1), [2]);
    assert_eq!(numbers(Some(TillId(2)), None, 9), [0_u32; 0]);
    // Two tills close in the same moment: a page that ends between them loses neither.
    assert_eq!(numbers(None, Some((at(2), TillId(0))), 9), [2, 1]);
    assert_eq!(numbers(None, Some((at(2), TILL)), 9), [1]);
    assert_eq!(shop.store.closed_day(TILL, DayNo(2)).unwrap().unwrap().closed, at(2));
    assert_eq!(shop.store.closed_day(TILL, DayNo(4)).unwrap(), None);
    let anchors = shop.store.anchors().unwrap();
    assert_eq!((anchors[0].seq, anchors[0].hash), (3, Some(shop.store.head().hash)));
}

#[test]
fn work_for_the_printer_and_the_drawer_is_noted_with_what_caused_it() {
    let mut shop = Shop::new();
    let reason = || "Porto".to_owned();
    shop.commit(&[opened(1), issued(receipt(1, 1, vec![line(1, 7, 1_000, 100)]))]);
    shop.commit(&[Event::ReceiptCopied(domain::receipt::ReceiptCopied {
        receipt: ReceiptRef { till: TILL, number: ReceiptNo(1) },
        copy: 1,
        hospitality: false,
    })]);
    shop.commit(&[Event::DrawerOpened { reason: reason() }]);
    shop.commit(&[Event::CashPaidIn { amount: Money::new(100), reason: reason(), purpose: None }]);
    shop.commit(&[Event::CashPaidOut { amount: Money::new(100), reason: reason(), purpose: None }]);
    shop.commit(&[Event::CashDropped { amount: Money::new(100), reason: reason() }]);
    shop.commit(&[Event::ShiftEnded { shift: 1 }]);
    let waiting = shop.store.outbox_waiting(9).unwrap();
    assert!(waiting.iter().all(|w| (w.kind.as_str(), w.till) == ("print", Some(TILL))));
    let seqs: Vec<_> = waiting.iter().filter_map(|w| w.seq).collect();
    assert_eq!(seqs, [2, 3, 4, 5, 6, 7]);
    shop.store.set_work(waiting[0].id, OutboxState::Done, "", true).unwrap();
    for (work, state) in waiting[1..].iter().zip([OutboxState::Unknown, OutboxState::Failed]) {
        shop.store.set_work(work.id, state, "no answer", true).unwrap();
    }
    let left: Vec<_> = shop.store.outbox_waiting(9).unwrap().iter().filter_map(|w| w.seq).collect();
    assert_eq!(left, [5, 6, 7], "oldest first, and only what waits");
    let open = shop.store.outbox_open(9).unwrap();
    assert_eq!((open.len(), open[4].attempts, open[4].note.as_str()), (5, 1, "no answer"));
    assert_eq!([open[3].state, open[4].state], [OutboxState::Failed, OutboxState::Unknown]);
    let id = shop.store.add_work("print", None, None, "test page", at(9)).unwrap();
    assert_eq!(shop.store.outbox_waiting(9).unwrap()[3].id, id);
}

#[test]
fn work_is_counted_settled_and_dropped_by_till() {
    let mut shop = Shop::new();
    for _ in 0..4 {
        shop.commit(&[Event::DrawerOpened { reason: "Wechseln".to_owned() }]);
    }
    let other = shop.store.add_work("print", Some(TillId(2)), None, "", at(9)).unwrap();
    let ids: Vec<i64> = shop.store.outbox_of(TILL, 9).unwrap().iter().map(|w| w.id).collect();
    assert_eq!((ids.len(), shop.store.outbox_of(TILL, 2).unwrap().len()), (4, 2));
    shop.store.set_work(ids[0], OutboxState::Unknown, "sending", true).unwrap();
    shop.store.set_work(ids[1], OutboxState::Failed, "no document", true).unwrap();
    let counts = |shop: &Shop, till| {
        let counts = shop.store.outbox_counts(till).unwrap();
        (counts.waiting, counts.unsettled)
    };
    assert_eq!((counts(&shop, Some(TILL)), counts(&shop, None)), ((2, 2), (3, 2)));
    assert!(!shop.store.settle_work(ids[2], true).unwrap(), "the printer still tries it");
    assert!(shop.store.settle_work(ids[0], true).unwrap());
    assert!(shop.store.settle_work(ids[1], false).unwrap());
    let again = shop.store.outbox_of(TILL, 1).unwrap();
    assert_eq!((again[0].id, again[0].body.as_str()), (ids[1], "copy"));
    shop.store.drop_work(TILL, "no printer").unwrap();
    assert_eq!((counts(&shop, Some(TILL)), counts(&shop, Some(TillId(2)))), ((0, 0), (1, 0)));
    for _ in 0..300 {
        let id = shop.store.add_work("print", Some(TILL), None, "", at(9)).unwrap();
        shop.store.set_work(id, OutboxState::Done, "", true).unwrap();
    }
    let kept = ask(&shop.path(), "SELECT count(*) FROM outbox");
    assert!((1..=300).contains(&kept), "{kept} are kept for ever");
    assert_eq!(shop.store.outbox_waiting(9).unwrap()[0].id, other, "what waits is kept");
}

#[test]
fn cash_opens_the_drawer_at_once_and_only_once() {
    let mut shop = Shop::new();
    let tender: domain::basket::Tender = serde_json::from_value(
        serde_json::json!({"kind": "cash", "amount": 100, "tendered": 100, "change": 0}),
    )
    .unwrap();
    let basket = BasketId(1);
    let recorded = || Event::TenderRecorded { basket, tender: tender.clone() };
    shop.commit(&[opened(1)]);
    shop.commit(&[recorded()]);
    shop.commit(&[Event::TenderUndone { basket, tender: tender.clone() }]);
    shop.commit(&[recorded(), issued(receipt(1, 1, vec![line(1, 7, 1_000, 100)]))]);
    let seqs: Vec<_> = shop.store.outbox_waiting(9).unwrap().iter().filter_map(|w| w.seq).collect();
    assert_eq!(seqs, [2, 3, 5], "the tender that finishes opens it with the receipt");
}

#[test]
fn secrets_and_sessions_lie_apart() {
    let mut shop = Shop::new();
    let pin = CredentialKind::Pin;
    assert_eq!(shop.store.credential(PERSON, pin).unwrap(), None);
    shop.store.set_credential(PERSON, pin, "$argon2id$1").unwrap();
    shop.store.set_credential(PERSON, pin, "$argon2id$2").unwrap();
    assert_eq!(shop.store.credential(PERSON, pin).unwrap().as_deref(), Some("$argon2id$2"));
    assert_eq!(shop.store.credential(PERSON, CredentialKind::Passphrase).unwrap(), None);
    assert_eq!(shop.store.credentials().unwrap(), [(PERSON, pin)]);
    let session = |token: u8, person| SessionRow {
        token_hash: vec![token; 32],
        person: Some(PersonId(person)),
        till: Some(TILL),
        kind: "till".to_owned(),
        created: at(1),
        seen: at(1),
    };
    for (token, person) in [(1, 2), (2, 2), (3, 3), (4, 4)] {
        shop.store.put_session(&session(token, person)).unwrap();
    }
    assert_eq!(shop.store.session(&[1; 32]).unwrap(), Some(session(1, 2)));
    shop.store.touch_session(&[4; 32], at(5)).unwrap();
    shop.store.delete_sessions_of(PERSON).unwrap();
    assert_eq!(shop.store.sessions().unwrap().len(), 2);
    assert_eq!(shop.store.expire_sessions(at(4)).unwrap(), 1);
    assert_eq!(shop.store.sessions().unwrap()[0].seen, at(5));
    shop.store.delete_session(&[4; 32]).unwrap();
    assert!(shop.store.sessions().unwrap().is_empty());
}

#[test]
fn documents_of_the_engine_are_kept_by_kind_and_key() {
    let mut shop = Shop::new();
    shop.store.save_part("till", 2, "b").unwrap();
    shop.store.save_part("till", 1, "a").unwrap();
    shop.store.save_part("till", 2, "c").unwrap();
    shop.store.save_part("person", 1, "p").unwrap();
    shop.store.delete_part("person", 1).unwrap();
    let tills = shop.store.parts("till").unwrap();
    assert_eq!(tills, [(1, "a".to_owned()), (2, "c".to_owned())]);
    assert!(shop.store.parts("person").unwrap().is_empty());
}
