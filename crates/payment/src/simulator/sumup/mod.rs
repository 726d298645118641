//! SumUp with one reader, simulated: HTTPS with a certificate made when it starts, the real interface's shapes,
//! and the same page and customer as the other terminals. A payment that was taken over runs on whoever
//! hears of it, and the same request twice is two payments, as at the real one.

mod books;
mod desk;
mod faults;

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use ::nexo::amount::digits_of;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::papers::{NoPapers, Papers};
use super::server::Visit;
use super::{Controls, ORDERS, Wire, http, papers, server};
use crate::sumup::{BadSettings, Secret, check_merchant, check_reader};
use desk::Desk;
pub use faults::Fault;

/// What reader and provider are.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The merchant's code.
    pub merchant: String,
    /// The reader's number.
    pub reader: String,
    /// What the reader shows to be paired.
    pub pairing_code: String,
    /// The key that is let in.
    pub api_key: String,
    /// The application, and its affiliate key.
    pub app_id: String,
    /// The affiliate key.
    pub affiliate_key: String,
    /// The merchant's currency, ISO 4217.
    pub currency: String,
    /// What its certificate is.
    pub papers: Papers,
    /// Customers hold their card against the reader by themselves, after so many milliseconds.
    pub automatic: Option<u64>,
}

impl Default for Setup {
    /// Keys that say what they are, euro, a proper certificate, a customer played by hand.
    fn default() -> Self {
        Self {
            merchant: "MSIM0001".to_owned(),
            reader: "rdr_SIMULATOR00000000000000001".to_owned(),
            pairing_code: "SIMULATE1".to_owned(),
            api_key: "sup_sk_simulated".to_owned(),
            app_id: "tresen.simulator".to_owned(),
            affiliate_key: "simulated-affiliate-key".to_owned(),
            currency: "EUR".to_owned(),
            papers: Papers::Good,
            automatic: None,
        }
    }
}

/// Why there can be no such reader.
#[derive(Debug, thiserror::Error)]
pub enum NoReader {
    /// Its settings.
    #[error(transparent)]
    Settings(#[from] BadSettings),
    /// Its certificate.
    #[error("no certificate could be made")]
    Papers(#[from] NoPapers),
}

/// A simulated reader with its provider. It stops when it is dropped.
pub struct Simulator {
    visits: mpsc::Sender<Visit>,
    controls: Controls,
    acceptor: TlsAcceptor,
    secret: Secret,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Simulator {
    /// Switches them on. They have no address yet.
    ///
    /// # Errors
    /// When there can be no such reader.
    pub fn start(setup: &Setup) -> Result<Self, NoReader> {
        check_merchant(&setup.merchant)?;
        check_reader(&setup.reader)?;
        let names = papers::here(setup.papers);
        let (acceptor, root) = papers::made(&names, setup.papers)?;
        let secret = Secret {
            api_key: setup.api_key.clone(),
            app_id: setup.app_id.clone(),
            affiliate_key: setup.affiliate_key.clone(),
            root: Some(root),
        };
        let (visits, visit_of) = mpsc::channel(ORDERS);
        let (orders, order_of) = mpsc::channel(ORDERS);
        let desk = Desk::new(setup, digits_of(&setup.currency));
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

    /// Takes one connection without TLS, of this process.
    pub fn attach_clear(&self, wire: impl Wire + 'static) {
        self.keep(tokio::spawn(server::clear(wire, self.visits.clone())));
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
