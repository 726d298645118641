//! A simulated terminal of Adyen's kind: HTTPS with a certificate made when it starts, nexo messages – sealed, or
//! in clear behind a simulated cloud –, and the same page and customer as the other one. It keeps its transactions whatever becomes of
//! connections, and goes on with a payment that nobody waits for any more, as the real ones do.

mod books;
mod desk;
mod faults;

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use ::nexo::amount::digits_of;
use ::nexo::envelope::Keys;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

pub use super::papers::{NoPapers, Papers};
use super::server::Visit;
use super::{Controls, ORDERS, Wire, http, papers, server};
use crate::adyen::{BadSettings, Draw, Secret, certificate_names, check_poi_id};
use desk::Desk;
pub use faults::Fault;

/// The cloud in front of a terminal.
#[derive(Debug, Clone)]
pub struct Cloud {
    /// The merchant's account.
    pub merchant: String,
    /// The key that is let in.
    pub api_key: String,
}

impl Default for Cloud {
    /// Names that say what they are.
    fn default() -> Self {
        let (merchant, api_key) = ("TresenSimulator".to_owned(), "simulated-api-key".to_owned());
        Self { merchant, api_key }
    }
}

/// What the terminal is.
#[derive(Clone)]
pub struct Setup {
    /// Model and serial number.
    pub poi_id: String,
    /// It is asked through the cloud; then nothing is sealed.
    pub cloud: Option<Cloud>,
    /// What till and terminal share.
    pub passphrase: String,
    /// What that is called.
    pub key_identifier: String,
    /// Which version of it.
    pub key_version: u32,
    /// Its currency, ISO 4217.
    pub currency: String,
    /// The time it says, ISO 8601.
    pub clock: fn() -> String,
    /// Where it has its random bytes from.
    pub draw: Draw,
    /// What its certificate is.
    pub papers: Papers,
    /// Customers hold their card against it by themselves, after so many milliseconds.
    pub automatic: Option<u64>,
}

impl Setup {
    /// The terminal S1F2-000000000001 with a passphrase that says what it is, euro, a proper certificate, a
    /// customer played by hand, and a clock that stands still.
    #[must_use]
    pub fn new(draw: Draw) -> Self {
        Self {
            poi_id: "S1F2-000000000001".to_owned(),
            cloud: None,
            passphrase: "simulated passphrase".to_owned(),
            key_identifier: "simulator".to_owned(),
            key_version: 1,
            currency: "EUR".to_owned(),
            clock: || "2026-11-25T13:30:00.000Z".to_owned(),
            draw,
            papers: Papers::Good,
            automatic: None,
        }
    }
}

/// Why there can be no such terminal.
#[derive(Debug, thiserror::Error)]
pub enum NoTerminal {
    /// Its settings.
    #[error(transparent)]
    Settings(#[from] BadSettings),
    /// Its certificate.
    #[error("no certificate could be made")]
    Papers(#[from] NoPapers),
}

/// A simulated terminal. It stops when it is dropped.
pub struct Simulator {
    visits: mpsc::Sender<Visit>,
    controls: Controls,
    acceptor: TlsAcceptor,
    secret: Secret,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Simulator {
    /// Switches a terminal on. It has no address yet.
    ///
    /// # Errors
    /// When there can be no such terminal.
    pub fn start(setup: &Setup) -> Result<Self, NoTerminal> {
        check_poi_id(&setup.poi_id)?;
        let names = match (&setup.cloud, setup.papers) {
            (Some(_), papers) => papers::here(papers),
            (None, Papers::OtherName) => certificate_names("S1F2-000000000002"),
            (None, _) => certificate_names(&setup.poi_id),
        };
        let names = if setup.cloud.is_some() { &names[..] } else { &names[..1] };
        let (acceptor, root) = papers::made(names, setup.papers)?;
        let secret = Secret {
            passphrase: setup.passphrase.clone(),
            key_identifier: setup.key_identifier.clone(),
            key_version: setup.key_version,
            root,
        };
        let keys = Keys::derive(&setup.passphrase, &setup.key_identifier, setup.key_version);
        let (visits, visit_of) = mpsc::channel(ORDERS);
        let (orders, order_of) = mpsc::channel(ORDERS);
        let desk = Desk::new(setup, keys, digits_of(&setup.currency));
        let (show, view) = watch::channel(desk.view().into());
        let task = tokio::spawn(desk::live(desk, visit_of, order_of, show));
        let tasks = Mutex::new(vec![task]);
        Ok(Self { visits, controls: Controls { orders, view }, acceptor, secret, tasks })
    }

    /// What a till needs to know to speak with it.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Takes connections; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn listen(&self, address: SocketAddr) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let serving = server::listen(listener, self.acceptor.clone(), self.visits.clone());
        self.keep(tokio::spawn(serving));
        Ok(address)
    }

    /// Takes one connection of another kind.
    pub fn attach(&self, wire: impl Wire + 'static) {
        let serving = server::one(wire, self.acceptor.clone(), self.visits.clone());
        self.keep(tokio::spawn(serving));
    }

    /// Serves the page; port 0 takes a free one. Gives the address.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn serve_page(&self, address: SocketAddr) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        self.keep(tokio::spawn(http::serve(listener, self.controls.clone())));
        Ok(address)
    }

    /// Plays the customer.
    #[must_use]
    pub fn controls(&self) -> Controls {
        self.controls.clone()
    }

    fn keep(&self, task: JoinHandle<()>) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|task| !task.is_finished());
        tasks.push(task);
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}
