//! The simulated terminal: it listens like a real one, speaks ZVT, keeps its transactions whatever becomes of
//! connections, and lets a person or a test play the customer. It also serves a page for that.

pub mod adyen;
mod bent;
mod desk;
mod http;
mod page;
mod papers;
mod server;
pub mod sumup;
mod view;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use ::zvt::terminal::Customer;
use ::zvt::terminal::Settings;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::driver::Moment;
use crate::pin::Fingerprint;
use crate::serial::{self, Serial};
use crate::zvt::{self, BadSettings};
pub use bent::{Device, TEST_PAN, TEST_TRACK_2};
use desk::{Desk, Order};
pub use view::{Entry, Fault, View};

/// Orders that wait for the terminal.
const ORDERS: usize = 8;

/// How long a till may take to agree on TLS.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// How often it is looked whether a serial port is there again.
const PORT_LOOK: Duration = Duration::from_secs(1);

/// A connection of any kind.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// What the terminal is.
#[derive(Clone)]
pub struct Setup {
    /// Its identification (TID), up to eight digits.
    pub terminal: String,
    /// Its password, up to six digits.
    pub password: String,
    /// Its currency, ISO 4217.
    pub currency: String,
    /// Transactions until an end of day is needed.
    pub journal_limit: usize,
    /// The time it says.
    pub clock: fn() -> Moment,
    /// Customers hold their card against it by themselves, after so many milliseconds.
    pub automatic: Option<u64>,
    /// How long host and reversals take is divided by this; 1 for real times.
    pub hurry: u32,
}

impl Default for Setup {
    /// TID 52523535, password 000000, euro, a customer played by hand, real times but
    /// a clock that stands still.
    fn default() -> Self {
        Self {
            terminal: "52523535".to_owned(),
            password: "000000".to_owned(),
            currency: "EUR".to_owned(),
            journal_limit: 500,
            clock: || Moment { month: 11, day: 25, hour: 14, minute: 30 },
            automatic: None,
            hurry: 1,
        }
    }
}

/// A simulated terminal. It stops when it is dropped.
#[derive(Debug)]
pub struct Simulator {
    lines: mpsc::Sender<Box<dyn Wire>>,
    controls: Controls,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// What plays the customer: given to the page, and to be had by [`Simulator::controls`].
#[derive(Debug, Clone)]
pub struct Controls {
    orders: mpsc::Sender<(Order, oneshot::Sender<bool>)>,
    view: watch::Receiver<Arc<View>>,
}

impl Controls {
    /// The customer does something; false when the terminal does not wait for that.
    pub async fn customer(&self, customer: Customer) -> bool {
        self.order(Order::Customer(customer)).await
    }

    /// The next transaction goes wrong in this way, instead of any other that was chosen.
    pub async fn choose(&self, fault: Option<Fault>) {
        self.order(Order::Fault(fault)).await;
    }

    /// Customers come by themselves, after so many milliseconds, or do not.
    pub async fn automatic(&self, millis: Option<u64>) {
        self.order(Order::Automatic(millis)).await;
    }

    /// From now on this device answers.
    pub async fn device(&self, device: Device) {
        self.order(Order::Device(device)).await;
    }

    /// From now on whole card numbers stand wherever there is room for one, as no terminal should.
    pub async fn leak(&self, on: bool) {
        self.order(Order::Leak(on)).await;
    }

    /// What the terminal shows and has stored.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.borrow())
    }

    /// Waits until what it shows is as wanted; `None` when the terminal has stopped.
    pub async fn wait_until(&self, wanted: impl Fn(&View) -> bool) -> Option<Arc<View>> {
        let mut view = self.view.clone();
        view.wait_for(|view| wanted(view)).await.ok().map(|view| Arc::clone(&view))
    }

    async fn order(&self, order: Order) -> bool {
        let (done, carried_out) = oneshot::channel();
        self.orders.send((order, done)).await.is_ok() && carried_out.await.unwrap_or(false)
    }
}

impl Simulator {
    /// Switches a terminal on. It has no address yet.
    ///
    /// # Errors
    /// When there can be no such terminal.
    pub fn start(setup: &Setup) -> Result<Self, BadSettings> {
        let (lines, line_of) = mpsc::channel(1);
        let (orders, order_of) = mpsc::channel(ORDERS);
        let desk = Desk::new(setup, settings(setup)?);
        let (show, view) = watch::channel(Arc::new(desk.view()));
        let task = tokio::spawn(desk::live(desk, line_of, order_of, show));
        let controls = Controls { orders, view };
        Ok(Self { lines, controls, tasks: Mutex::new(vec![task]) })
    }

    /// Takes connections; port 0 takes a free one. One at a time, as terminals do: others wait.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn listen(&self, address: SocketAddr) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let lines = self.lines.clone();
        self.keep(tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        let ready = stream.set_nodelay(true).is_ok();
                        if ready && lines.send(Box::new(stream)).await.is_err() {
                            return;
                        }
                    }
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        }));
        Ok(address)
    }

    /// Takes one connection of another kind.
    pub async fn attach(&self, wire: impl Wire + 'static) {
        // A terminal that is switched off takes none: the other end sees it closed.
        let _off = self.lines.send(Box::new(wire)).await;
    }

    /// Takes connections over TLS as well, with a certificate of its own that is made now; port 0 takes a
    /// free one. Gives the address and the certificate's fingerprint.
    ///
    /// # Errors
    /// When the address cannot be listened on, or no certificate can be made.
    pub async fn listen_tls(
        &self,
        address: SocketAddr,
    ) -> std::io::Result<(SocketAddr, Fingerprint)> {
        let (acceptor, fingerprint) = papers::signed_by_itself().map_err(std::io::Error::other)?;
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let lines = self.lines.clone();
        self.keep(tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    tokio::task::yield_now().await;
                    continue;
                };
                let ready = stream.set_nodelay(true).is_ok();
                // Who only looks at the certificate hangs up again.
                let Ok(Ok(stream)) = timeout(HANDSHAKE, acceptor.accept(stream)).await else {
                    continue;
                };
                if ready && lines.send(Box::new(stream)).await.is_err() {
                    return;
                }
            }
        }));
        Ok((address, fingerprint))
    }

    /// Speaks over a serial port as well, and takes it again when it was gone.
    ///
    /// # Errors
    /// When there is no such port now.
    pub fn serve_serial(&self, serial: Serial) -> std::io::Result<()> {
        let mut port = Some(serial::open(&serial)?);
        let lines = self.lines.clone();
        self.keep(tokio::spawn(async move {
            loop {
                if let Some(port) = port.take() {
                    let (stream, unused) = serial::carry(port);
                    if lines.send(Box::new(stream)).await.is_err() {
                        return;
                    }
                    // Whatever ended it, the next one may begin.
                    let _ended = unused.await;
                }
                port = serial::open(&serial).ok();
                if port.is_none() {
                    tokio::time::sleep(PORT_LOOK).await;
                }
            }
        }));
        Ok(())
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
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(task);
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}

fn settings(setup: &Setup) -> Result<Settings, BadSettings> {
    let (_, currency) = zvt::currency(&setup.currency).ok_or(BadSettings::Currency)?;
    Ok(Settings {
        terminal: zvt::terminal(&setup.terminal)?,
        password: zvt::password(&setup.password)?,
        currency,
        contract: "SIMULATOR".to_owned(),
        device: "Tresen Simulator".to_owned(),
        software: "1.0".to_owned(),
        serial: b"SIM-0001".to_vec(),
        journal_limit: setup.journal_limit,
        moment: zvt::moment((setup.clock)()).ok_or(BadSettings::Clock)?,
    })
}
