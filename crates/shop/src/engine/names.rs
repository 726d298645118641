//! What the engine keeps apart from the journal, in the transaction of the entry that says so: names and
//! customers' details under their keys, and secrets.

use std::time::Duration;

use domain::account::CustomerDetails;
use domain::books::InvoiceTo;
use domain::people::NameDigest;
use domain::{Command, Event, ShopCommand, TillCommand};
use jiff::Timestamp;
use store::{Store, StoreError, Subject};

use super::worker::Worker;
use crate::auth::NoRandomness;
use crate::personal::{Key, NAME, Nonce, details_kind, details_text};

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

/// The name or the details that a command brings, with all that is random about it.
pub(super) struct Naming {
    text: String,
    key: Key,
    nonce: Nonce,
    /// What the entry will hold.
    pub(super) digest: NameDigest,
}

impl Naming {
    /// None for commands without either. Whoever is known keeps their key; who is new is given a fresh one.
    pub(super) fn of(
        store: &Store,
        command: &Command,
    ) -> Result<Result<Option<Naming>, NoRandomness>, StoreError> {
        let Some((of, text)) = personal(command) else { return Ok(Ok(None)) };
        let known = of.map(|of| store.personal_key(of)).transpose()?.flatten();
        let key = known.and_then(|bytes| Key::read(&bytes)).map_or_else(Key::fresh, Ok);
        Ok(key.and_then(|key| {
            let digest = key.digest(&text);
            Ok(Some(Naming { text, key, nonce: Nonce::fresh()?, digest }))
        }))
    }

    fn keep(&self, store: &mut Store, of: Subject, kind: &str) -> Result<(), StoreError> {
        let sealed = self.key.seal(self.nonce, of, kind, &self.text);
        let sealed = sealed.ok_or(StoreError::Misuse("it cannot be sealed"))?;
        store.put_personal(of, self.key.expose(), kind, &sealed)
    }
}

/// Of whom the command brings what lies apart (none for somebody new), and the text of it.
fn personal(command: &Command) -> Option<(Option<Subject>, String)> {
    let command = match command {
        Command::Shop(command) => command.bare(),
        Command::Till(_, TillCommand::IssueInvoice { recipient, .. }) => return named(recipient),
        Command::Till(..) => return None,
    };
    match command {
        ShopCommand::IssueInvoice { recipient, .. } => named(recipient),
        ShopCommand::PutPerson { person, name, .. } => {
            Some((person.map(Subject::from), name.clone()))
        }
        ShopCommand::PutCustomer { customer, details, .. } => {
            Some((customer.map(Subject::from), details_text(details)))
        }
        _ => None,
    }
}

/// Whom an invoice is for, when nobody knows them yet.
fn named(recipient: &InvoiceTo) -> Option<(Option<Subject>, String)> {
    match recipient {
        InvoiceTo::Recipient { details } => Some((None, details_text(details))),
        InvoiceTo::Customer { .. } => None,
    }
}

/// The details of a customer that a command brings.
fn details(command: &Command) -> Option<&CustomerDetails> {
    match command {
        Command::Till(_, TillCommand::IssueInvoice { recipient, .. }) => details_in(recipient),
        Command::Till(..) => None,
        Command::Shop(command) => match command.bare() {
            ShopCommand::PutCustomer { details, .. } => Some(details),
            ShopCommand::IssueInvoice { recipient, .. } => details_in(recipient),
            _ => None,
        },
    }
}

fn details_in(recipient: &InvoiceTo) -> Option<&CustomerDetails> {
    match recipient {
        InvoiceTo::Recipient { details } => Some(details),
        InvoiceTo::Customer { .. } => None,
    }
}

impl Worker {
    /// Keeps what a command leaves apart from its entries.
    pub(super) fn keep_apart(
        &mut self,
        now: Timestamp,
        command: &Command,
        events: &[Event],
        naming: Option<&Naming>,
    ) -> Result<(), StoreError> {
        let office = match command {
            Command::Shop(command) => Some(command.bare()),
            Command::Till(..) => None,
        };
        match office {
            Some(ShopCommand::SetCredential { person, kind, hash }) => {
                self.store.set_credential(*person, *kind, hash)?;
            }
            Some(ShopCommand::PhotographTerminal { photo, of, bytes, .. }) => {
                self.store.put_photo(*photo, *of, &bytes.0)?;
            }
            Some(ShopCommand::NoteBackup { through }) => {
                crate::reports::note_backup(&mut self.store, now, *through)?;
            }
            _ => {}
        }
        for event in events {
            match (event, naming) {
                (Event::PersonAdded(person) | Event::PersonChanged(person), Some(naming)) => {
                    naming.keep(&mut self.store, person.id.into(), NAME)?;
                    self.names.set(person.id, &naming.text);
                }
                (Event::CustomerPut(customer), Some(naming)) => {
                    let kind = details_kind(customer.version);
                    naming.keep(&mut self.store, customer.id.into(), &kind)?;
                    if let Some(details) = details(command) {
                        self.customers.set(customer.id, details.clone());
                    }
                }
                (Event::CustomerForgotten { customer }, _) => {
                    self.store.forget_customer(*customer)?;
                    self.customers.forget(*customer);
                    self.log = LogWatch { remembers: true, tried: None };
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

    /// True when a command that comes with an id of before brings another name, or other details, than that
    /// entry's. Of somebody whose key is gone nobody can say.
    pub(super) fn names_another(
        &self,
        command: &Command,
        event: &Event,
    ) -> Result<bool, StoreError> {
        let Some((_, text)) = personal(command) else { return Ok(false) };
        let (of, digest) = match event {
            Event::PersonAdded(known) | Event::PersonChanged(known) => {
                (Subject::from(known.id), known.name)
            }
            Event::CustomerPut(known) => (Subject::from(known.id), known.details),
            _ => return Ok(false),
        };
        let key = self.store.personal_key(of)?.and_then(|bytes| Key::read(&bytes));
        Ok(key.is_some_and(|key| key.digest(&text) != digest))
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
