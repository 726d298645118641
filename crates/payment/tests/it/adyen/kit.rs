//! What these tests begin with: a terminal, in the shop's network or behind the cloud.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use payment::adyen::{Adyen, certificate_names};
use payment::driver::{Ask, Before, Identity, Progress, Purpose, Reference, Talk};
use payment::https::Https;
use payment::line::{NotStored, Pace, run_over};
use payment::simulator::Controls;
use payment::simulator::adyen::{Cloud, Fault, Setup, Simulator};
use payment::tls::Tls;
use payment::{Driver, End, Ledger, Said};

use crate::kit::{Book, euro};
use crate::records::{Below, Line, Pieces};

/// Never the same twice, and not random.
pub(crate) fn draw() -> [u8; 32] {
    static DRAWN: AtomicU64 = AtomicU64::new(1);
    let mut bytes = [0x5a; 32];
    bytes[..8].copy_from_slice(&DRAWN.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}

pub(crate) fn setup() -> Setup {
    Setup { automatic: Some(1_000), ..Setup::new(draw) }
}

/// The driver for the terminal of [`setup`]; its keys are made once, for that is slow on purpose.
pub(crate) fn driver() -> &'static Adyen {
    static DRIVER: OnceLock<Adyen> = OnceLock::new();
    DRIVER.get_or_init(|| {
        let setup = setup();
        let secret = payment::adyen::Secret {
            passphrase: setup.passphrase,
            key_identifier: setup.key_identifier,
            key_version: setup.key_version,
            root: root(),
        };
        Adyen::new(&setup.poi_id, &secret, ("EUR", 2), draw).expect("there can be such a terminal")
    })
}

/// Some root, for a driver whose way is given to it.
fn root() -> String {
    let params = rcgen::CertificateParams::new(Vec::new()).expect("no names");
    let key = rcgen::KeyPair::generate().expect("a key");
    params.self_signed(&key).expect("a certificate").pem()
}

/// Asks for so much under a key that nothing had before.
pub(crate) fn anew(amount: i64) -> Ask {
    static ASKED: AtomicU64 = AtomicU64::new(1);
    let key = format!("attempt-{}", ASKED.fetch_add(1, Ordering::Relaxed));
    Ask { key, ..euro(amount) }
}

pub(crate) struct World {
    pub(crate) terminal: Arc<Simulator>,
    pub(crate) controls: Controls,
    pub(crate) line: Arc<Line>,
    /// The merchant's account where it is asked through the cloud.
    cloud: Option<Cloud>,
}

impl World {
    pub(crate) fn new() -> Arc<Self> {
        Self::of(&setup())
    }

    /// With a cloud before the terminal.
    pub(crate) fn in_cloud() -> Arc<Self> {
        Self::of(&Setup { cloud: Some(Cloud::default()), ..setup() })
    }

    pub(crate) fn of(setup: &Setup) -> Arc<Self> {
        let terminal = Arc::new(Simulator::start(setup).expect("there can be such a terminal"));
        let (controls, there) = (terminal.controls(), Arc::clone(&terminal));
        let line = Line::to(Pieces::Records, move |wire| there.attach(wire));
        Arc::new(Self { terminal, controls, line, cloud: setup.cloud.clone() })
    }

    /// The faults that there are.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        if self.cloud.is_some() { Fault::CLOUD.to_vec() } else { Fault::ALL.to_vec() }
    }

    pub(crate) fn driver(&self) -> Adyen {
        let Some(Cloud { merchant, .. }) = &self.cloud else { return driver().clone() };
        let at = (merchant.as_str(), setup().poi_id);
        Adyen::in_cloud((at.0, &at.1), ("EUR", 2), draw).expect("there can be such a terminal")
    }

    pub(crate) fn ask(&self, purpose: &Purpose, asked: &Ask) -> Talk {
        crate::kit::ask(&self.driver(), purpose, asked)
    }

    /// Counts connections anew.
    pub(crate) fn begin_anew(&self, breaks: Option<(usize, usize)>) {
        self.line.begin_anew(breaks);
    }

    pub(crate) async fn run(&self, talk: Talk, book: &mut Book) -> End {
        book.began = Some(tokio::time::Instant::now());
        let (root, below) = (&self.terminal.secret().root, Below(Arc::clone(&self.line)));
        let mut watched = Watched { book, controls: self.controls.clone() };
        if let Some(Cloud { api_key, .. }) = &self.cloud {
            let key = payment::adyen::credential(api_key).expect("a key");
            let way = Https::over(below, "localhost:443", Some(root), key).expect("a root");
            return run_over(talk, &way, &Pace::default(), &mut watched).await;
        }
        let way = Tls::over(below, "terminal:8443", root, certificate_names(&setup().poi_id));
        run_over(talk, &way.expect("a root"), &Pace::default(), &mut watched).await
    }

    /// Runs it with a ledger that works.
    pub(crate) async fn just(&self, talk: Talk) -> End {
        self.run(talk, &mut Book::default()).await
    }

    /// A payment that nothing is wrong with, and what names it.
    pub(crate) async fn sale(&self, amount: i64) -> Reference {
        self.begin_anew(None);
        let End::Acknowledged(sale) = self.just(self.driver().pay(&anew(amount))).await else {
            panic!("nothing is wrong yet")
        };
        Reference { receipt: sale.receipt.expect("a number"), trace: sale.trace }
    }
}

/// A ledger that sees to it that nothing is asked for before it is on disk.
struct Watched<'a> {
    book: &'a mut Book,
    controls: Controls,
}

impl Ledger for Watched<'_> {
    async fn about(&mut self, before: &Before) -> Result<(), NotStored> {
        let stored = self.controls.view().entries.len();
        let done = self.book.about(before).await;
        let view = self.controls.view();
        assert!(view.asks.is_none() && view.entries.len() == stored, "asked, but not on disk");
        done
    }

    async fn outcome(&mut self, said: &Said) -> Result<(), NotStored> {
        self.book.outcome(said).await
    }

    async fn reported(&mut self, identity: &Identity) {
        self.book.reported(identity).await;
    }

    async fn progress(&mut self, progress: &Progress) {
        self.book.progress(progress).await;
    }

    async fn cancel_asked(&self) {
        self.book.cancel_asked().await;
    }
}

/// All that the terminal waits for is over.
pub(crate) async fn settle() {
    tokio::time::sleep(Duration::from_secs(300)).await;
}
