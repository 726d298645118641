//! Holding the names against the journal.

use std::collections::BTreeMap;

use domain::people::NameDigest;
use domain::{CustomerId, Event, PersonId};
use serde::Serialize;
use store::{PersonalRow, Reader, StoreError, Subject};
use utoipa::ToSchema;

use super::{Key, NAME, details_kind};

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

/// Of whom it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Somebody who works here.
    Person(PersonId),
    /// A customer.
    Customer(CustomerId),
}

impl std::fmt::Display for Whose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Whose::Person(id) => write!(f, "person {id}"),
            Whose::Customer(id) => write!(f, "customer {id}"),
        }
    }
}

/// A name that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct NameFinding {
    /// Whose.
    #[serde(flatten)]
    pub whose: Whose,
    /// How.
    pub fault: NameFault,
}

/// What must lie apart of somebody: the digest of each kind. None of those who were forgotten.
type Expected = Option<BTreeMap<String, NameDigest>>;

/// Holds each person's name, and each version of a customer's details, against the digest in its entry;
/// of whoever was forgotten there must be none. Reads the whole journal, whose own chain is not looked at
/// here. Answers what is wrong, once for each who is concerned.
pub fn check(reader: &Reader) -> Result<Vec<NameFinding>, StoreError> {
    let record = reader.personal_record()?;
    let mut expected: BTreeMap<Subject, Expected> = BTreeMap::new();
    for (_, event) in &record.entries {
        expect(&mut expected, event);
    }
    let kept = |of: Subject| record.rows.iter().filter(move |(row, _)| row.subject == of);
    let nobody = record.rows.iter().map(|(row, _)| row.subject);
    let nobody = nobody.filter(|of| !expected.contains_key(of));
    let nobody = nobody.map(|of| (of, NameFault::OfNobody));
    let wrong = expected.iter().filter_map(|(of, kinds)| {
        let Some(kinds) = kinds else {
            return kept(*of).next().map(|_| (*of, NameFault::NotForgotten));
        };
        kinds.iter().find_map(|(kind, digest)| {
            let row = kept(*of).find(|(_, of)| of.as_deref() == Some(kind));
            Some((*of, held_against(*digest, kind, row.map(|(row, _)| row))?))
        })
    });
    let found: BTreeMap<Subject, NameFault> = nobody.chain(wrong).collect();
    let finding = |(of, fault)| {
        let whose = match of {
            Subject::Person(id) => Whose::Person(id),
            Subject::Customer(id) => Whose::Customer(id),
        };
        NameFinding { whose, fault }
    };
    Ok(found.into_iter().map(finding).collect())
}

fn expect(expected: &mut BTreeMap<Subject, Expected>, event: &Event) {
    match event {
        Event::PersonAdded(person) | Event::PersonChanged(person) => {
            let kinds = BTreeMap::from([(NAME.to_owned(), person.name)]);
            expected.insert(person.id.into(), Some(kinds));
        }
        Event::CustomerPut(customer) => {
            let of = expected.entry(customer.id.into()).or_default();
            let kind = details_kind(customer.version);
            of.get_or_insert_default().insert(kind, customer.details);
        }
        Event::PersonForgotten { person } => {
            expected.insert((*person).into(), None);
        }
        Event::CustomerForgotten { customer } => {
            expected.insert((*customer).into(), None);
        }
        _ => {}
    }
}

fn held_against(digest: NameDigest, kind: &str, row: Option<&PersonalRow>) -> Option<NameFault> {
    let Some((row, sealed)) = row.and_then(|row| Some((row, row.sealed.as_deref()?))) else {
        return Some(NameFault::Missing);
    };
    let Some(key) = &row.key else { return Some(NameFault::Missing) };
    let opened = Key::read(key).and_then(|key| {
        let name = key.open(row.subject, kind, sealed)?;
        Some(key.digest(&name))
    });
    (opened != Some(digest)).then_some(NameFault::Edited)
}

#[cfg(test)]
mod tests {
    use domain::account::Customer;
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
        // A customer who moved once, and one who was forgotten.
        for id in [1, 2] {
            let (id, key) = (CustomerId(id), Key::fresh().expect("random"));
            for (version, address) in [(1, "Alte Gasse 1"), (2, "Neue Gasse 2")] {
                let details = key.digest(address);
                let customer =
                    Customer { id, version, details, term_days: 14, limit: None, blocked: false };
                write(&mut store, Event::CustomerPut(Box::new(customer)), |store| {
                    put_details(store, id, version, (&key, address));
                });
            }
        }
        let customer = CustomerId(2);
        write(&mut store, Event::CustomerForgotten { customer }, |store| {
            store.forget_customer(customer).expect("forgotten");
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

    fn put_details(store: &mut Store, id: CustomerId, version: u32, (key, text): (&Key, &str)) {
        let (nonce, kind) = (Nonce::fresh().expect("random"), details_kind(version));
        let sealed = key.seal(nonce, id, &kind, text).expect("sealed");
        store.put_personal(id, key.expose(), &kind, &sealed).expect("put");
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
        let number = |whose| match whose {
            Whose::Person(id) => id.0,
            Whose::Customer(id) => 1_000 + id.0,
        };
        found.into_iter().map(|name| (number(name.whose), name.fault)).collect()
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
                let ada = rows.iter().find(|row| row.subject == PersonId(1).into()).expect("Ada");
                let sealed = ada.sealed.clone().expect("sealed");
                let key = key_of(store, 2);
                store.put_personal(PersonId(2), key.expose(), NAME, &sealed).expect("put");
            }),
            edited
        );
    }

    #[test]
    fn an_address_of_then_that_was_sealed_anew_is_found_and_so_is_one_of_a_forgotten_customer() {
        let key = |store: &Store| {
            Key::read(&store.personal_key(CustomerId(1)).expect("read").expect("a key"))
                .expect("32")
        };
        let edited = found(|store| {
            let key = key(store);
            put_details(store, CustomerId(1), 1, (&key, "Andere Gasse 9"));
        });
        assert_eq!(edited, [(1_001, NameFault::Edited)]);
        let back = found(|store| {
            let key = key(store);
            put_details(store, CustomerId(2), 2, (&key, "Neue Gasse 2"));
        });
        assert_eq!(back, [(1_002, NameFault::NotForgotten)]);
        let gone = found(|store| store.forget_customer(CustomerId(1)).expect("gone"));
        assert_eq!(gone, [(1_001, NameFault::Missing)]);
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
