//! Holding the names against the journal.

use std::collections::BTreeMap;

use domain::people::NameDigest;
use domain::{Event, PersonId};
use serde::Serialize;
use store::{PersonalRow, Reader, StoreError};
use utoipa::ToSchema;

use super::{Key, NAME};

/// How a name is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NameFault {
    /// It is another name than the one that was entered, or was sealed for somebody else.
    #[error("edited")]
    Edited,
    /// It is gone, and no entry says that the person was forgotten.
    #[error("missing")]
    Missing,
    /// The person was forgotten, and yet a key or a name is there.
    #[error("still there")]
    NotForgotten,
    /// There is a key or a name of a person whom no entry knows.
    #[error("of nobody")]
    OfNobody,
}

/// A name that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct NameFinding {
    /// Whose.
    pub person: PersonId,
    /// How.
    pub fault: NameFault,
}

/// Holds each person's name against the digest in their latest entry; people who were forgotten must
/// have none. Reads the whole journal, whose own chain is not looked at here. Answers what is wrong,
/// by person.
pub fn check(reader: &Reader) -> Result<Vec<NameFinding>, StoreError> {
    let record = reader.personal_record(NAME)?;
    // None: forgotten.
    let mut latest: BTreeMap<PersonId, Option<NameDigest>> = BTreeMap::new();
    for (_, event) in &record.entries {
        match event {
            Event::PersonAdded(person) | Event::PersonChanged(person) => {
                latest.insert(person.id, Some(person.name));
            }
            Event::PersonForgotten { person } => {
                latest.insert(*person, None);
            }
            _ => {}
        }
    }
    let rows: BTreeMap<PersonId, &PersonalRow> =
        record.rows.iter().map(|row| (row.person, row)).collect();
    let nobody = rows.keys().filter(|person| !latest.contains_key(person));
    let nobody = nobody.map(|person| (*person, NameFault::OfNobody));
    let wrong = latest.iter().filter_map(|(person, digest)| {
        let row = rows.get(person).copied();
        let fault = match digest {
            Some(digest) => held_against(*digest, row),
            None => row.map(|_| NameFault::NotForgotten),
        };
        Some((*person, fault?))
    });
    let found: BTreeMap<PersonId, NameFault> = nobody.chain(wrong).collect();
    Ok(found.into_iter().map(|(person, fault)| NameFinding { person, fault }).collect())
}

fn held_against(digest: NameDigest, row: Option<&PersonalRow>) -> Option<NameFault> {
    let Some((row, sealed)) = row.and_then(|row| Some((row, row.sealed.as_deref()?))) else {
        return Some(NameFault::Missing);
    };
    let Some(key) = &row.key else { return Some(NameFault::Missing) };
    let opened = Key::read(key).and_then(|key| {
        let name = key.open(row.person, NAME, sealed)?;
        Some(key.digest(&name))
    });
    (opened != Some(digest)).then_some(NameFault::Edited)
}

#[cfg(test)]
mod tests {
    use domain::people::{Person, Role};
    use store::{NewShop, Store};

    use super::*;
    use crate::personal::Nonce;

    /// A file in which Ada (1), Ben (2) and Cem (3) work; Cem was forgotten.
    fn shop(folder: &tempfile::TempDir) -> Store {
        let created = "2026-11-23T13:00:00Z".parse().expect("a time");
        let new = NewShop { shop: "s1".to_owned(), created };
        let mut store = Store::create(&folder.path().join("shop.db"), &new).expect("a shop");
        for (id, name) in [(1, "Ada"), (2, "Ben"), (3, "Cem")] {
            let (id, key) = (PersonId(id), Key::fresh().expect("random"));
            let digest = key.digest(name);
            let person = Person { id, name: digest, role: Role::Cashier, active: false };
            write(&mut store, Event::PersonAdded(person), |store| put(store, id, &key, name));
        }
        let cem = PersonId(3);
        write(&mut store, Event::PersonForgotten { person: cem }, |store| {
            store.forget_person(cem).expect("forgotten");
        });
        store
    }

    fn write(store: &mut Store, event: Event, apart: impl FnOnce(&mut Store)) {
        let at = "2026-11-23T13:00:00Z".parse().expect("a time");
        store.begin().expect("begun");
        store
            .append(at, None, None, crate::ids::own_command(at), None, &[event])
            .expect("appended");
        apart(store);
        store.commit().expect("committed");
    }

    fn put(store: &mut Store, id: PersonId, key: &Key, name: &str) {
        let nonce = Nonce::fresh().expect("random");
        let sealed = key.seal(nonce, id, NAME, name).expect("sealed");
        store.put_personal(id, key.expose(), NAME, &sealed).expect("put");
    }

    /// What is found after somebody changed what lies apart, and nothing else.
    fn found(change: impl FnOnce(&mut Store)) -> Vec<(u32, NameFault)> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = shop(&folder);
        store.begin().expect("begun");
        change(&mut store);
        store.commit().expect("committed");
        assert!(store.verify(&[], |_, _| true).expect("read").is_sound(), "the chain is whole");
        let found = check(&store).expect("read");
        found.into_iter().map(|name| (name.person.0, name.fault)).collect()
    }

    fn key_of(store: &Store, id: u32) -> Key {
        let bytes = store.personal_key(PersonId(id)).expect("read").expect("a key");
        Key::read(&bytes).expect("of 32 bytes")
    }

    #[test]
    fn names_that_nobody_touched_fit_and_forgotten_people_are_no_fault() {
        assert_eq!(found(|_| ()), []);
    }

    #[test]
    fn a_name_that_was_sealed_anew_is_found() {
        let edited = [(2, NameFault::Edited)];
        assert_eq!(
            found(|store| {
                let key = key_of(store, 2);
                put(store, PersonId(2), &key, "Bea");
            }),
            edited
        );
        // Under a key of the editor's own, for the very same name.
        let fresh = || Key::fresh().expect("random");
        assert_eq!(found(|store| put(store, PersonId(2), &fresh(), "Ben")), edited);
        // Somebody else's name, moved.
        assert_eq!(
            found(|store| {
                let rows = store.personal(NAME).expect("read");
                let sealed = rows[0].sealed.clone().expect("sealed");
                let key = key_of(store, 2);
                store.put_personal(PersonId(2), key.expose(), NAME, &sealed).expect("put");
            }),
            edited
        );
    }

    #[test]
    fn a_name_that_is_gone_without_an_entry_is_found() {
        let gone = found(|store| store.forget_person(PersonId(2)).expect("gone"));
        assert_eq!(gone, [(2, NameFault::Missing)]);
    }

    #[test]
    fn a_forgotten_name_that_was_put_back_is_found_and_so_is_one_of_nobody() {
        let back = found(|store| {
            let key = Key::fresh().expect("random");
            put(store, PersonId(3), &key, "Cem");
            put(store, PersonId(9), &key, "Dora");
        });
        assert_eq!(back, [(3, NameFault::NotForgotten), (9, NameFault::OfNobody)]);
    }
}
