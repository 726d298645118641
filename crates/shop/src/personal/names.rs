//! The names as they are now, opened, in memory.

use std::collections::BTreeMap;

use domain::people::Role;
use domain::{PersonId, State};
use store::{Reader, StoreError, Subject};

use super::{Key, NAME};

/// A person with their name, as people know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPerson {
    /// Identity.
    pub id: PersonId,
    /// The name; [`unnamed`] for somebody whose name is not in the file.
    pub name: String,
    /// Role.
    pub role: Role,
    /// May sign in.
    pub active: bool,
    /// Which state of the person this is, for whoever changes it.
    pub revision: String,
}

/// What stands in the place of a name that nobody knows (any more), in every language: `Person 7`.
pub fn unnamed(person: PersonId) -> String {
    format!("Person {person}")
}

/// Everybody's name.
#[derive(Default)]
pub(crate) struct Names(BTreeMap<PersonId, String>);

impl Names {
    /// Opens the names of all who are known. One that does not open is none here; verifying says so.
    pub(crate) fn load(reader: &Reader, state: &State) -> Result<Names, StoreError> {
        let rows = reader.personal(NAME)?;
        let opened = rows.iter().filter_map(|row| {
            let Subject::Person(person) = row.subject else { return None };
            let known = state.people.contains_key(&person);
            let key = Key::read(row.key.as_deref()?).filter(|_| known)?;
            Some((person, key.open(row.subject, NAME, row.sealed.as_deref()?)?))
        });
        Ok(Names(opened.collect()))
    }

    /// The name to show.
    pub(crate) fn of(&self, person: PersonId) -> String {
        self.0.get(&person).cloned().unwrap_or_else(|| unnamed(person))
    }

    /// Who has exactly this name.
    pub(crate) fn find(&self, name: &str) -> Option<PersonId> {
        self.0.iter().find(|(_, known)| *known == name).map(|(person, _)| *person)
    }

    pub(crate) fn set(&mut self, person: PersonId, name: &str) {
        self.0.insert(person, name.to_owned());
    }

    pub(crate) fn forget(&mut self, person: PersonId) {
        self.0.remove(&person);
    }

    /// Everybody in the state, with their names.
    pub(crate) fn of_all(&self, state: &State) -> Vec<NamedPerson> {
        let people = state.people.values();
        people
            .map(|p| NamedPerson {
                id: p.id,
                name: self.of(p.id),
                role: p.role,
                active: p.active,
                revision: domain::revision::of_person(p),
            })
            .collect()
    }
}
