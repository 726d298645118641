//! What the engine keeps apart from the journal, in the transaction of the entry that says so: names
//! under their keys, and secrets.

use std::time::Duration;

use domain::people::NameDigest;
use domain::{Command, Event, ShopCommand};
use jiff::Timestamp;
use store::{Store, StoreError};

use super::worker::Worker;
use crate::auth::NoRandomness;
use crate::personal::{Key, NAME, Nonce};

/// How long a log that could not be emptied is left alone: somebody reads an earlier state.
const TRY_AGAIN: Duration = Duration::from_secs(10);

/// What is known of the log and of what was forgotten.
#[derive(Default)]
pub(super) struct LogWatch {
    /// It still holds what was forgotten.
    pub(super) remembers: bool,
    /// When it was last tried to empty it.
    tried: Option<Duration>,
}

/// The name that a command brings, with all that is random about it.
pub(super) struct Naming {
    name: String,
    key: Key,
    nonce: Nonce,
    /// What the entry will hold.
    pub(super) digest: NameDigest,
}

impl Naming {
    /// None for commands without a name. A person keeps their key; a new one is given a fresh one.
    pub(super) fn of(
        store: &Store,
        command: &Command,
    ) -> Result<Result<Option<Naming>, NoRandomness>, StoreError> {
        let Some(ShopCommand::PutPerson { person, name, .. }) = bare(command) else {
            return Ok(Ok(None));
        };
        let known = person.map(|person| store.personal_key(person)).transpose()?.flatten();
        let key = known.and_then(|bytes| Key::read(&bytes)).map_or_else(Key::fresh, Ok);
        Ok(key.and_then(|key| {
            let digest = key.digest(name);
            Ok(Some(Naming { name: name.clone(), key, nonce: Nonce::fresh()?, digest }))
        }))
    }
}

/// The command of the office that it is, whatever it was based on.
fn bare(command: &Command) -> Option<&ShopCommand> {
    match command {
        Command::Shop(command) => Some(command.bare()),
        Command::Till(..) => None,
    }
}

impl Worker {
    /// Keeps what a command of the office leaves apart from its entries.
    pub(super) fn keep_apart(
        &mut self,
        now: Timestamp,
        command: &ShopCommand,
        events: &[Event],
        naming: Option<&Naming>,
    ) -> Result<(), StoreError> {
        match command.bare() {
            ShopCommand::SetCredential { person, kind, hash } => {
                self.store.set_credential(*person, *kind, hash)?;
            }
            ShopCommand::PhotographTerminal { photo, of, bytes, .. } => {
                self.store.put_photo(*photo, *of, &bytes.0)?;
            }
            ShopCommand::NoteBackup { through } => {
                crate::reports::note_backup(&mut self.store, now, *through)?;
            }
            _ => {}
        }
        for event in events {
            match (event, naming) {
                (Event::PersonAdded(person) | Event::PersonChanged(person), Some(naming)) => {
                    let Naming { name, key, nonce, .. } = naming;
                    let sealed = key.seal(*nonce, person.id, NAME, name);
                    let sealed = sealed.ok_or(StoreError::Misuse("the name cannot be sealed"))?;
                    self.store.put_personal(person.id, key.expose(), NAME, &sealed)?;
                    self.names.set(person.id, name);
                }
                (Event::PersonForgotten { person }, _) => {
                    self.store.forget_person(*person)?;
                    self.names.forget(*person);
                    self.log = LogWatch { remembers: true, tried: None };
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// True when a command that comes with an id of before brings another name than that entry's. Of
    /// somebody whose key is gone nobody can say.
    pub(super) fn names_another(
        &self,
        command: &Command,
        event: &Event,
    ) -> Result<bool, StoreError> {
        let Some(ShopCommand::PutPerson { name, .. }) = bare(command) else { return Ok(false) };
        let (Event::PersonAdded(known) | Event::PersonChanged(known)) = event else {
            return Ok(false);
        };
        let key = self.store.personal_key(known.id)?.and_then(|bytes| Key::read(&bytes));
        Ok(key.is_some_and(|key| key.digest(name) != known.name))
    }

    /// Empties the log once it may be, if it holds what was forgotten. Nobody waits for it; when it
    /// fails it is tried again after a later command.
    pub(super) fn empty_log(&mut self) {
        let now = self.clock.elapsed();
        let lately = self.log.tried.is_some_and(|tried| now.saturating_sub(tried) < TRY_AGAIN);
        if self.log.remembers && !lately {
            let emptied = self.store.empty_log();
            self.log = LogWatch { remembers: !matches!(emptied, Ok(true)), tried: Some(now) };
        }
    }
}
