//! What lies apart about people: kept with the entry, and gone without a trace.

use domain::event::Event;
use domain::people::{CredentialKind, NameDigest, Person, Role};
use domain::{PersonId, TillId};
use store::{Reader, SessionRow, Store, StoreError, Subject};

use crate::kit::{Shop, TILL, at, opened};

/// Bytes that stand nowhere else in a file.
fn key(person: u32) -> [u8; 32] {
    let mut key = [0x5E; 32];
    key[..4].copy_from_slice(&person.to_be_bytes());
    key[4..8].copy_from_slice(&(person ^ 0xA7A7_A7A7).to_le_bytes());
    key
}

fn sealed(person: u32) -> Vec<u8> {
    format!("sealed name of number {person:06}").into_bytes()
}

fn hash(person: u32) -> String {
    format!("$argon2id$secret of number {person:06}")
}

fn added(person: u32) -> Event {
    let id = PersonId(person);
    let name = NameDigest([9; 32]);
    Event::PersonAdded(Person { id, name, role: Role::Cashier, active: false })
}

/// A shop in which so many people work that their rows fill several pages.
fn staffed(people: u32) -> Shop {
    let mut shop = Shop::new();
    // Not in the order of their numbers: so rows move between pages.
    for person in (0..people).map(|n| n * 167 % people + 1) {
        shop.store.begin().unwrap();
        shop.append(&[added(person)]);
        shop.store.put_personal(PersonId(person), &key(person), "name", &sealed(person)).unwrap();
        shop.store.set_credential(PersonId(person), CredentialKind::Pin, &hash(person)).unwrap();
        shop.store.commit().unwrap();
    }
    shop
}

fn number(of: Subject) -> u32 {
    let Subject::Person(id) = of else { panic!("{of} is no person") };
    id.0
}

fn forget(shop: &mut Shop, person: u32) {
    shop.store.begin().unwrap();
    shop.append(&[Event::PersonForgotten { person: PersonId(person) }]);
    shop.store.forget_person(PersonId(person)).unwrap();
    shop.store.commit().unwrap();
}

/// True when the bytes stand anywhere in the files of the shop.
fn found(shop: &Shop, bytes: &[u8]) -> bool {
    ["", "-wal"].iter().any(|suffix| {
        let mut path = shop.path().into_os_string();
        path.push(suffix);
        let file = std::fs::read(path).unwrap_or_default();
        file.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn what_is_kept_about_a_person_is_given_back() {
    let mut shop = staffed(3);
    assert_eq!(shop.store.personal_key(PersonId(2)).unwrap().as_deref(), Some(&key(2)[..]));
    assert_eq!(shop.store.personal_key(PersonId(9)).unwrap(), None);
    let rows = Reader::open(&shop.path()).unwrap().personal("name").unwrap();
    assert_eq!(rows.iter().map(|row| number(row.subject)).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(rows[2].sealed.as_deref(), Some(&sealed(3)[..]));
    assert!(!format!("{rows:?}").contains("94"), "keys are not told: {rows:?}");
    // Another name under the same key.
    shop.store.begin().unwrap();
    shop.append(&[added(2)]);
    shop.store.put_personal(PersonId(2), &key(2), "name", b"other").unwrap();
    shop.store.commit().unwrap();
    let rows = shop.store.personal("name").unwrap();
    assert_eq!((rows.len(), rows[1].sealed.as_deref()), (3, Some(&b"other"[..])));
    let rows = shop.store.personal("address").unwrap();
    assert!(rows.iter().all(|row| row.key.is_some() && row.sealed.is_none()));
}

#[test]
fn names_change_only_together_with_an_entry() {
    let mut shop = staffed(2);
    let alone = shop.store.put_personal(PersonId(1), &key(1), "name", b"x");
    assert!(matches!(alone, Err(StoreError::Misuse(_))));
    assert!(matches!(shop.store.forget_person(PersonId(1)), Err(StoreError::Misuse(_))));
    let before = shop.store.personal("name").unwrap();
    shop.store.begin().unwrap();
    shop.append(&[Event::PersonForgotten { person: PersonId(1) }]);
    shop.store.forget_person(PersonId(1)).unwrap();
    assert_eq!(shop.store.personal("name").unwrap().len(), 1);
    shop.store.rollback();
    assert_eq!(shop.store.personal("name").unwrap(), before);
    assert_eq!(shop.store.credentials().unwrap().len(), 2);
    assert_eq!(shop.store.head().seq, 2);
}

#[test]
fn a_person_who_is_forgotten_leaves_no_trace_in_the_file() {
    for people in [2_u32, 400] {
        let mut shop = staffed(people);
        for person in [1, people / 2, people] {
            shop.store
                .put_session(&SessionRow {
                    token_hash: vec![u8::try_from(person % 200).unwrap(); 32],
                    person: Some(PersonId(person)),
                    till: Some(TILL),
                    kind: "till".to_owned(),
                    created: at(1),
                    seen: at(1),
                })
                .unwrap();
            assert!(shop.store.empty_log().unwrap());
            for bytes in [&key(person)[..], &sealed(person), hash(person).as_bytes()] {
                assert!(found(&shop, bytes), "number {person} is there before");
            }
            forget(&mut shop, person);
            assert!(shop.store.empty_log().unwrap());
            let left = [&key(person)[..], &sealed(person), hash(person).as_bytes()]
                .map(|bytes| found(&shop, bytes));
            assert_eq!(left, [false; 3], "key, name, secret of number {person} of {people}");
            assert!(shop.store.sessions().unwrap().is_empty());
            if people == 2 {
                break;
            }
        }
        // Everybody else is there as before.
        let rows = shop.store.personal("name").unwrap();
        let left = if people == 2 { 1 } else { people - 3 };
        assert_eq!(rows.len(), usize::try_from(left).unwrap());
        for row in rows {
            assert_eq!(row.key.as_deref(), Some(&key(number(row.subject))[..]));
            assert_eq!(row.sealed, Some(sealed(number(row.subject))));
            let secret =
                shop.store.credential(PersonId(number(row.subject)), CredentialKind::Pin).unwrap();
            assert_eq!(secret, Some(hash(number(row.subject))));
        }
        assert!(shop.store.verify(&[], |_, _| true).unwrap().is_sound());
    }
}

#[test]
fn the_log_is_emptied_once_nobody_reads_what_was_before() {
    let mut shop = staffed(3);
    let reader = Reader::open(&shop.path()).unwrap();
    reader.renew_moment().unwrap();
    assert!(reader.head().unwrap().seq > 0);
    assert!(!shop.store.log_remembers().unwrap());
    forget(&mut shop, 2);
    assert!(!shop.store.empty_log().unwrap());
    assert!(shop.store.log_remembers().unwrap());
    assert!(found(&shop, &key(2)), "somebody still reads it");
    drop(reader);
    assert!(shop.store.empty_log().unwrap());
    assert!(!found(&shop, &key(2)));
    assert!(!shop.store.log_remembers().unwrap());
    shop.store.begin().unwrap();
    assert!(matches!(shop.store.empty_log(), Err(StoreError::Misuse(_))));
}

#[test]
fn a_log_that_was_laid_out_in_advance_is_emptied_and_laid_out_again() {
    let mut shop = staffed(3);
    shop.store.lay_out_log().unwrap();
    let log = shop.file("shop.tresen-wal");
    let length = std::fs::metadata(&log).unwrap().len();
    assert!(length >= 16_000_000, "{length}");
    forget(&mut shop, 2);
    assert!(found(&shop, &key(2)), "the log remembers");
    assert!(shop.store.empty_log().unwrap());
    assert!(!found(&shop, &key(2)));
    let length = std::fs::metadata(&log).unwrap().len();
    assert!(length >= 16_384_000, "{length}: it counts as laid out");
    shop.commit(&[opened(1)]);
    assert_eq!(std::fs::metadata(&log).unwrap().len(), length, "commits overwrite");
}

#[test]
fn a_backup_carries_names_and_so_does_what_is_restored_from_it() {
    let mut shop = staffed(3);
    let rows = shop.store.personal("name").unwrap();
    let (backup, restored) = (shop.file("backup"), shop.file("restored"));
    shop.store.backup(&backup, |_, _| ()).unwrap();
    forget(&mut shop, 1);
    let restoring =
        store::Restoring { at: crate::kit::at(20), command: crate::kit::command(9_000) };
    store::restore(&backup, &restored, restoring, |_, _| true).unwrap();
    assert_eq!(Store::open(&restored).unwrap().personal("name").unwrap(), rows);
}

#[test]
fn rebuilding_leaves_names_alone() {
    let mut shop = staffed(3);
    let rows = shop.store.personal("name").unwrap();
    shop.store.rebuild(|_, _| Vec::new()).unwrap();
    assert_eq!(shop.store.personal("name").unwrap(), rows);
}

#[test]
fn only_entries_about_people_are_held_against_what_lies_apart() {
    let mut shop = staffed(2);
    let word = r#","kind":"person_added","body":{}"#.to_owned();
    shop.commit(&[opened(1), Event::BasketNoted { basket: domain::BasketId(1), text: word }]);
    forget(&mut shop, 2);
    let record = shop.store.personal_record().unwrap();
    let seqs: Vec<u64> = record.entries.iter().map(|(meta, _)| meta.seq).collect();
    assert_eq!(seqs, [1, 2, 5]);
    assert_eq!(record.entries[2].1, Event::PersonForgotten { person: PersonId(2) });
    assert_eq!(record.entries[2].0.till, Some(TillId(1)));
    assert_eq!(record.rows.len(), 1);
}
