//! What these tests begin with: a terminal, and a line below TLS that can break before any record.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use payment::adyen::{Adyen, certificate_names};
use payment::driver::{Ask, Before, Identity, Progress, Purpose, Reference, Talk};
use payment::line::{Dial, NotStored, Pace, run_over};
use payment::simulator::Controls;
use payment::simulator::adyen::{Setup, Simulator};
use payment::tls::Tls;
use payment::{Driver, End, Ledger, Said};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, duplex, split};

use crate::kit::{Book, euro, locked};

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
    pub(crate) terminal: Simulator,
    pub(crate) controls: Controls,
    /// The connection of that number breaks before that record; both from 1.
    breaks: Mutex<Option<(usize, usize)>>,
    /// Records of each connection.
    pub(crate) records: Arc<Mutex<Vec<usize>>>,
}

impl World {
    pub(crate) fn new() -> Arc<Self> {
        Self::of(&setup())
    }

    pub(crate) fn of(setup: &Setup) -> Arc<Self> {
        let terminal = Simulator::start(setup).expect("there can be such a terminal");
        let controls = terminal.controls();
        Arc::new(Self { terminal, controls, breaks: Mutex::default(), records: Arc::default() })
    }

    /// Counts connections anew.
    pub(crate) fn begin_anew(&self, breaks: Option<(usize, usize)>) {
        *locked(&self.breaks) = breaks;
        locked(&self.records).clear();
    }

    pub(crate) async fn run(self: &Arc<Self>, talk: Talk, book: &mut Book) -> End {
        book.began = Some(tokio::time::Instant::now());
        let (root, names) = (&self.terminal.secret().root, certificate_names(&setup().poi_id));
        let way = Tls::over(Below(Arc::clone(self)), "terminal:8443", root, names);
        let mut watched = Watched { book, controls: self.controls.clone() };
        run_over(talk, &way.expect("a root"), &Pace::default(), &mut watched).await
    }

    /// Runs it with a ledger that works.
    pub(crate) async fn just(self: &Arc<Self>, talk: Talk) -> End {
        self.run(talk, &mut Book::default()).await
    }

    /// A payment that nothing is wrong with, and what names it.
    pub(crate) async fn sale(self: &Arc<Self>, amount: i64) -> Reference {
        self.begin_anew(None);
        let End::Acknowledged(sale) = self.just(driver().pay(&anew(amount))).await else {
            panic!("nothing is wrong yet")
        };
        Reference { receipt: sale.receipt.expect("a number"), trace: sale.trace }
    }
}

pub(crate) fn ask(purpose: &Purpose, asked: &Ask) -> Talk {
    crate::kit::ask(driver(), purpose, asked)
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

struct Below(Arc<World>);

impl Dial for Below {
    type Stream = DuplexStream;

    async fn dial(&self) -> std::io::Result<DuplexStream> {
        let World { terminal, breaks, records, .. } = &*self.0;
        let number = {
            let mut records = locked(records);
            records.push(0);
            records.len()
        };
        let (till, inner) = duplex(64 * 1024);
        let (outer, at_terminal) = duplex(64 * 1024);
        terminal.attach(at_terminal);
        let breaks = locked(breaks).filter(|(at, _)| *at == number).map(|(_, before)| before);
        tokio::spawn(relay(inner, outer, Arc::clone(records), number, breaks));
        Ok(till)
    }
}

/// Carries records of TLS between till and terminal, until it breaks.
async fn relay(
    till: DuplexStream,
    terminal: DuplexStream,
    records: Arc<Mutex<Vec<usize>>>,
    number: usize,
    breaks: Option<usize>,
) {
    let (from_till, mut to_till) = split(till);
    let (from_terminal, mut to_terminal) = split(terminal);
    let (mut from_till, mut from_terminal) = (Side::new(from_till), Side::new(from_terminal));
    let (mut till_ended, mut terminal_ended) = (false, false);
    loop {
        let (is_till, record) = tokio::select! {
            biased;
            record = from_terminal.record(), if !terminal_ended => (false, record),
            record = from_till.record(), if !till_ended => (true, record),
            else => return,
        };
        let Some(record) = record else {
            // Half of the line is closed; the other may still say something.
            if is_till {
                till_ended = true;
                let _closed = to_terminal.shutdown().await;
            } else {
                terminal_ended = true;
                let _closed = to_till.shutdown().await;
            }
            continue;
        };
        let count = locked(&records).get_mut(number - 1).map(|count| {
            *count += 1;
            *count
        });
        if breaks.is_some() && breaks == count {
            return;
        }
        let to = if is_till { &mut to_terminal } else { &mut to_till };
        if to.write_all(&record).await.is_err() {
            return;
        }
    }
}

struct Side {
    from: ReadHalf<DuplexStream>,
    bytes: Vec<u8>,
}

impl Side {
    fn new(from: ReadHalf<DuplexStream>) -> Self {
        Self { from, bytes: Vec::new() }
    }

    /// The next record; none at the end. May be dropped and asked anew.
    async fn record(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(head) = self.bytes.get(3..5) {
                let whole = 5 + usize::from(u16::from_be_bytes([head[0], head[1]]));
                if self.bytes.len() >= whole {
                    let rest = self.bytes.split_off(whole);
                    return Some(std::mem::replace(&mut self.bytes, rest));
                }
            }
            if self.from.read_buf(&mut self.bytes).await.ok()? == 0 {
                return None;
            }
        }
    }
}

/// All that the terminal waits for is over.
pub(crate) async fn settle() {
    tokio::time::sleep(Duration::from_secs(300)).await;
}
