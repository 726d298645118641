//! What an auditor asks for is found by kind, newest first, page by page; and files of before know it after their step.

use domain::audit::{AuditEnd, AuditStep, ProgramStarted};
use domain::event::{Event, RksvTold, SigningOutage, SigningRestored};
use domain::rksv::{RksvKind, RksvSecret};
use domain::{AuditId, ImportId, ItemId, Person, PersonId, Role, UnitId};
use jiff::Timestamp;
use store::{Told, ToldPage};

use crate::kit::{Shop, at, item, put};

const ALL: [Told; 12] = [
    Told::Price,
    Told::Item,
    Told::Import,
    Told::Rate,
    Told::Setting,
    Told::Person,
    Told::Clock,
    Told::Unit,
    Told::Outage,
    Told::Audit,
    Told::Program,
    Told::Record,
];

fn configured(name: &str, rate: u32) -> Event {
    let settings = serde_json::json!({
        "name": name, "address": [], "country": "DE", "currency": "EUR", "language": "de",
        "time_zone": "Europe/Berlin", "prices_include_tax": true, "cash_rounding": 1, "tax_point": "payment",
        "rates": [{"key": 1, "rate": rate, "from": "2007-01-01T00:00:00"}], "groups": [], "tills": [],
        "in_store_codes": [], "lock_after_seconds": 0, "print_receipts": true,
    });
    Event::ShopConfigured(Box::new(serde_json::from_value(settings).unwrap()))
}

fn person(id: u32, role: Role) -> Person {
    Person { id: PersonId(id), name: domain::NameDigest([7; 32]), role, active: true }
}

/// Everything that is told, one entry a command.
fn told_shop() -> Shop {
    let mut shop = Shop::new();
    let (apple, import, audit) = (item(1, "Apfel", &[]), ImportId(1), AuditId(1));
    let mut dearer = apple.clone();
    dearer.draft.prices[0].amount = money::Money::new(129);
    let mut renamed = dearer.clone();
    renamed.draft.name = "Boskoop".to_owned();
    let mut both = renamed.clone();
    both.draft.name = "Elstar".to_owned();
    both.draft.prices[0].amount = money::Money::new(139);
    let begun = |import| Event::ImportBegan { import, source: "liste.csv".to_owned() };
    for event in [
        configured("Laden", 1_900),
        configured("Laden", 1_900),
        configured("Laden", 1_600),
        configured("Hofladen", 1_600),
        Event::PersonAdded(person(1, Role::Manager)),
        put(apple),
        put(dearer),
        put(renamed.clone()),
        // Put again as it is: nothing changed.
        put(renamed),
        begun(import),
        Event::ItemsImported { import, items: vec![both.clone(), item(2, "Birne", &[])] },
        Event::ImportFinished { import },
        // One that was given up changes nothing.
        begun(ImportId(2)),
        Event::ItemsImported { import: ImportId(2), items: vec![item(1, "Nichts", &[])] },
        Event::ImportCancelled { import: ImportId(2) },
        put(both),
        Event::ItemRetired { item: ItemId(1), retired: true },
        Event::PersonForgotten { person: PersonId(1) },
        Event::SigningOutage(SigningOutage { unit: UnitId(1), why: "unreachable".to_owned() }),
        Event::SigningRestored(SigningRestored { unit: UnitId(1) }),
        Event::ClockJumped { from: at(99) },
        Event::BackupMade { through: 3 },
    ] {
        shop.commit(&[event]);
    }
    let office = "Finanzamt".to_owned();
    for step in [
        AuditStep::Opened { audit, office, until: at(500) },
        AuditStep::Ended { audit, why: AuditEnd::Shop },
    ] {
        shop.commit(&[Event::Audit(step)]);
    }
    shop.commit(&[Event::ProgramStarted(ProgramStarted { version: "1.0".to_owned() })]);
    shop
}

fn page(before: Option<(u64, Told)>, limit: u32) -> ToldPage {
    ToldPage { from: Timestamp::MIN, until: Timestamp::MAX, before, limit }
}

/// What stands there, oldest first.
fn told(shop: &Shop, kinds: &[Told]) -> Vec<(Told, u64)> {
    let mut found = shop.store.told(kinds, page(None, 1_000)).unwrap();
    found.reverse();
    found.into_iter().map(|entry| (entry.told, entry.meta.seq)).collect()
}

#[test]
fn only_what_changed_is_told_and_prices_and_rates_apart_from_the_rest() {
    let shop = told_shop();
    assert_eq!(told(&shop, &[Told::Rate]), [(Told::Rate, 1), (Told::Rate, 3)]);
    assert_eq!(told(&shop, &[Told::Setting]), [(Told::Setting, 1), (Told::Setting, 4)]);
    assert_eq!(told(&shop, &[Told::Price]), [(Told::Price, 6), (Told::Price, 7)]);
    // New, renamed, taken out of sale; the one by import is the import's.
    let of_item: Vec<u64> = told(&shop, &[Told::Item]).into_iter().map(|(_, seq)| seq).collect();
    assert_eq!(of_item, [6, 8, 17]);
    assert_eq!(told(&shop, &[Told::Import]), [(Told::Import, 12)]);
    assert_eq!(told(&shop, &[Told::Outage]).len(), 2);
    assert_eq!(told(&shop, &ALL).len(), 19);
}

#[test]
fn what_was_before_a_change_is_found_whatever_an_import_that_was_given_up_said() {
    let shop = told_shop();
    let entry = &shop.store.told(&[Told::Price], page(None, 1)).unwrap()[0];
    let version = entry.subject.unwrap();
    let (now, before) = (
        shop.store.item_version(version).unwrap().unwrap(),
        shop.store.item_before(ItemId(1), version).unwrap().unwrap(),
    );
    let amount = |item: &domain::catalogue::Item| item.draft.prices[0].amount.minor();
    assert_eq!((amount(&before), amount(&now)), (100, 129));
    let imported = shop.store.versions_of_import(ImportId(1), 0, 10).unwrap();
    assert_eq!(imported.len(), 2);
    let before = shop.store.item_before(ItemId(1), imported[0].0).unwrap().unwrap();
    assert_eq!((before.draft.name.as_str(), amount(&before)), ("Boskoop", 129));
    assert_eq!(shop.store.item_before(ItemId(2), imported[1].0).unwrap(), None);
    let retired = &shop.store.told(&[Told::Item], page(None, 1)).unwrap()[0];
    let before = shop.store.item_before(ItemId(1), retired.subject.unwrap()).unwrap().unwrap();
    assert_eq!(before.draft.name, "Elstar", "not what the second import said");
}

#[test]
fn pages_end_where_the_next_begins_even_in_the_middle_of_an_entry_and_dates_bound_them() {
    let shop = told_shop();
    let whole: Vec<(u64, Told)> = shop
        .store
        .told(&ALL, page(None, 1_000))
        .unwrap()
        .into_iter()
        .map(|entry| (entry.meta.seq, entry.told))
        .collect();
    for size in [1, 2, 5] {
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let entries = shop.store.told(&ALL, page(before, size)).unwrap();
            seen.extend(entries.iter().map(|entry| (entry.meta.seq, entry.told)));
            before = seen.last().copied();
            if entries.len() < usize::try_from(size).unwrap() {
                break;
            }
        }
        assert_eq!(seen, whole, "{size} a page");
    }
    // The third command came three minutes after one o'clock.
    let of = ToldPage { from: at(3), until: at(4), ..page(None, 10) };
    let found = shop.store.told(&ALL, of).unwrap();
    assert_eq!(found.iter().map(|entry| entry.meta.seq).collect::<Vec<_>>(), [3]);
}

#[test]
fn a_file_of_before_knows_all_of_it_after_the_step() {
    let table =
        "SELECT group_concat(kind || seq || at || coalesce(subject, '-'), ' ') FROM audit_entry
                 WHERE kind NOT IN ('audit', 'program') ORDER BY kind, seq";
    let (path, _folder) = told_shop().tamper(|conn| {
        let read = || conn.query_row(table, [], |row| row.get::<_, String>(0)).unwrap();
        let live = read();
        assert!(live.contains("price"), "{live}");
        conn.execute_batch("DROP TABLE audit_entry").unwrap();
        conn.execute_batch(include_str!("../../sql/steps/0016.sql")).unwrap();
        assert_eq!(read(), live);
    });
    assert!(path.exists());
}

#[test]
fn whoever_sees_or_enters_a_secret_of_the_rksv_is_told_and_nothing_else_of_its_chains() {
    let mut shop = Shop::new();
    let register = || "LADEN-1".to_owned();
    let (till, device) = (domain::TillId(1), UnitId(2));
    let secret = |secret| RksvTold::Secret { secret };
    for told in [
        secret(RksvSecret::KeyShown { register: register() }),
        RksvTold::Asked { till, kind: RksvKind::Zero },
        secret(RksvSecret::KeysHandedOut { register: register() }),
        secret(RksvSecret::KeyEntered { register: register() }),
        secret(RksvSecret::PasswordEntered { device }),
    ] {
        shop.commit(&[Event::RksvTold(Box::new(told))]);
    }
    let found = shop.store.told(&[Told::Unit], page(None, 10)).unwrap();
    let found: Vec<_> = found.iter().rev().map(|entry| (entry.meta.seq, entry.subject)).collect();
    assert_eq!(found, [(1, None), (3, None), (4, None), (5, Some(2))]);
    assert_eq!(told(&shop, &ALL).len(), 4);
}
