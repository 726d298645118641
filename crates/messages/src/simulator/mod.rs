//! Simulators: a mail server that shows what came, and the gateways of texts. Each says on its page that it is one, and makes the faults
//! that it is told to.

mod brittle;
mod mail;
mod page;
mod sms;

use std::sync::{Arc, Mutex, PoisonError};

pub use mail::MailSink;
pub use sms::{SmsKind, SmsSink};

/// What goes wrong, until it is told otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// An error of its own: 500, or 451.
    Server,
    /// It takes very long, longer than anybody waits.
    Slow,
    /// The receiver is none.
    Refused,
    /// The sender may not: a wrong password or key.
    Login,
    /// It takes all of it and breaks the connection before it answers.
    Lost,
    /// Nobody is there: connections are closed at once.
    Gone,
}

impl Fault {
    /// All of them, with the words of their switches.
    pub const ALL: [(Fault, &'static str); 7] = [
        (Fault::None, "none"),
        (Fault::Server, "server"),
        (Fault::Slow, "slow"),
        (Fault::Refused, "refused"),
        (Fault::Login, "login"),
        (Fault::Lost, "lost"),
        (Fault::Gone, "gone"),
    ];

    /// By its word.
    #[must_use]
    pub fn named(word: &str) -> Option<Fault> {
        Fault::ALL.into_iter().find(|(_, name)| *name == word).map(|(fault, _)| fault)
    }
}

/// Something that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Came {
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// What: the mail as it came over the wire, or the text.
    pub body: String,
    /// With what it was said who sends: user, or key.
    pub login: String,
    /// It came over TLS.
    pub sealed: bool,
}

/// Most that is remembered.
const REMEMBERED: usize = 100;

/// What a simulator knows: its fault, and what came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<(Fault, Vec<Came>)>>);

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, (Fault, Vec<Came>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn fault(&self) -> Fault {
        self.lock().0
    }

    pub(crate) fn set_fault(&self, fault: Fault) {
        self.lock().0 = fault;
    }

    pub(crate) fn took(&self, came: Came) {
        let mut inner = self.lock();
        if inner.1.len() >= REMEMBERED {
            inner.1.remove(0);
        }
        inner.1.push(came);
    }

    pub(crate) fn came(&self) -> Vec<Came> {
        self.lock().1.clone()
    }
}
