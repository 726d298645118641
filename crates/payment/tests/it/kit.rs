//! What the tests begin with: a terminal, a ledger that can fail, and a line that can break.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use ::zvt::apdu::Decoder;
use payment::driver::{Ask, Before, Identity, Moment, Progress, Purpose, Talk};
use payment::line::{Dial, NotStored, Pace, run_over};
use payment::simulator::{Setup, Simulator};
use payment::zvt::Zvt;
use payment::{Driver, End, Ledger, Said};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, duplex, split};

/// What happened, in its order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    Reported,
    About {
        stored: bool,
    },
    Outcome {
        stored: bool,
        said: Said,
    },
    /// Class and instruction of a packet, and whether it says yes (of an outcome: approved).
    Till(u8, u8),
    Terminal(u8, u8, bool),
}

pub(crate) type Log = Arc<Mutex<Vec<Event>>>;

pub(crate) fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().expect("no test panicked with it")
}

/// A ledger whose n-th call fails, and that takes a moment as a disk does.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) log: Log,
    pub(crate) fails_at: Option<usize>,
    pub(crate) calls: usize,
    pub(crate) before: Before,
    pub(crate) said: Vec<Said>,
    pub(crate) progress: Vec<Progress>,
    /// Which terminal answered, as often as it said so.
    pub(crate) reported: Vec<Identity>,
    /// Gives up after so many milliseconds.
    pub(crate) gives_up: Option<u64>,
    pub(crate) began: Option<tokio::time::Instant>,
}

impl Book {
    async fn call(&mut self) -> Result<(), NotStored> {
        // Long enough for whatever was sent too early to be seen on the wire.
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.calls += 1;
        if self.fails_at == Some(self.calls) { Err(NotStored) } else { Ok(()) }
    }

    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.progress.iter().map(|progress| progress.code).collect()
    }
}

impl Ledger for Book {
    async fn about(&mut self, before: &Before) -> Result<(), NotStored> {
        let done = self.call().await;
        locked(&self.log).push(Event::About { stored: done.is_ok() });
        if done.is_ok() {
            self.before = before.clone();
        }
        done
    }

    async fn outcome(&mut self, said: &Said) -> Result<(), NotStored> {
        let done = self.call().await;
        locked(&self.log).push(Event::Outcome { stored: done.is_ok(), said: said.clone() });
        if done.is_ok() {
            self.said.push(said.clone());
        }
        done
    }

    async fn reported(&mut self, identity: &Identity) {
        locked(&self.log).push(Event::Reported);
        self.reported.push(identity.clone());
    }

    async fn progress(&mut self, progress: &Progress) {
        self.progress.push(progress.clone());
    }

    async fn cancel_asked(&self) {
        match (self.gives_up, self.began) {
            (Some(after), Some(began)) => {
                tokio::time::sleep_until(began + Duration::from_millis(after)).await;
            }
            _ => std::future::pending().await,
        }
    }
}

pub(crate) fn driver() -> Zvt {
    Zvt::new("000000", "EUR").expect("a terminal can have this")
}

pub(crate) fn euro(amount: i64) -> Ask {
    let at = Some(Moment { month: 11, day: 25, hour: 14, minute: 28 });
    let (key, time) = ("attempt".to_owned(), "2026-11-25T13:28:00Z".to_owned());
    Ask { amount, currency: "EUR".to_owned(), at, key, time, age: 0, tips: false }
}

/// The conversation for a purpose.
pub(crate) fn ask(driver: &dyn Driver, purpose: &Purpose, ask: &Ask) -> Talk {
    match purpose {
        Purpose::Payment => driver.pay(ask),
        Purpose::Refund => driver.refund(ask),
        Purpose::Reversal(reference) => driver.reverse(ask, reference),
        Purpose::Reservation(step) => driver.reservation(step, ask),
    }
}

/// A terminal whose customers tap after a second, on a line of this process.
pub(crate) struct World {
    pub(crate) terminal: Arc<Simulator>,
    pub(crate) log: Log,
    /// The connection of that number breaks before that delivery; both from 1.
    pub(crate) breaks: Option<(usize, usize)>,
    connections: Mutex<usize>,
    /// Deliveries of each connection.
    pub(crate) deliveries: Arc<Mutex<Vec<usize>>>,
    /// Bytes are carried as they come, one by one if the terminal sends them so.
    pub(crate) plain: bool,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::of(&Setup { automatic: Some(1_000), ..Setup::default() })
    }

    pub(crate) fn of(setup: &Setup) -> Self {
        let terminal = Arc::new(Simulator::start(setup).expect("there can be such a terminal"));
        Self {
            terminal,
            log: Log::default(),
            breaks: None,
            connections: Mutex::new(0),
            deliveries: Arc::default(),
            plain: false,
        }
    }

    /// Counts connections anew.
    pub(crate) fn begin_anew(&mut self, breaks: Option<(usize, usize)>) {
        self.breaks = breaks;
        *locked(&self.connections) = 0;
        locked(&self.deliveries).clear();
        locked(&self.log).clear();
    }

    pub(crate) async fn run(&self, talk: Talk, book: &mut Book) -> End {
        book.log = Arc::clone(&self.log);
        book.began = Some(tokio::time::Instant::now());
        run_over(talk, self, &Pace::default(), book).await
    }

    /// Runs it with a ledger that works.
    pub(crate) async fn just(&self, talk: Talk) -> End {
        self.run(talk, &mut Book::default()).await
    }
}

impl Dial for World {
    type Stream = DuplexStream;

    async fn dial(&self) -> std::io::Result<DuplexStream> {
        let number = {
            let mut connections = locked(&self.connections);
            *connections += 1;
            *connections
        };
        locked(&self.deliveries).push(0);
        let (till, inner) = duplex(64 * 1024);
        if self.plain {
            self.terminal.attach(inner).await;
            return Ok(till);
        }
        let (outer, at_terminal) = duplex(64 * 1024);
        self.terminal.attach(at_terminal).await;
        let breaks = self.breaks.filter(|(at, _)| *at == number).map(|(_, before)| before);
        let relay = Relay {
            log: Arc::clone(&self.log),
            deliveries: Arc::clone(&self.deliveries),
            number,
            breaks,
        };
        tokio::spawn(relay.run(inner, outer));
        Ok(till)
    }
}

/// Carries packets between till and terminal, until it breaks.
struct Relay {
    log: Log,
    deliveries: Arc<Mutex<Vec<usize>>>,
    number: usize,
    breaks: Option<usize>,
}

struct Side {
    from: ReadHalf<DuplexStream>,
    decoder: Decoder,
    buffer: Vec<u8>,
}

impl Side {
    fn new(from: ReadHalf<DuplexStream>) -> Self {
        Self { from, decoder: Decoder::new(60_000), buffer: vec![0; 4096] }
    }

    /// What came; none at the end.
    async fn read(&mut self) -> Option<Vec<u8>> {
        let count = self.from.read(&mut self.buffer).await.ok().filter(|count| *count > 0)?;
        Some(self.buffer[..count].to_vec())
    }

    /// The packets in it; bytes that are none come through as they are.
    fn packets(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        if bytes.starts_with(&[0xff, 0xff]) {
            return vec![bytes.to_vec()];
        }
        self.decoder.push(bytes);
        std::iter::from_fn(|| self.decoder.next_packet().ok().flatten())
            .map(|packet| packet.encode())
            .collect()
    }
}

impl Relay {
    async fn run(self, till: DuplexStream, terminal: DuplexStream) {
        let (till, mut to_till) = split(till);
        let (terminal, mut to_terminal) = split(terminal);
        let (mut till, mut terminal) = (Side::new(till), Side::new(terminal));
        loop {
            let (from_till, bytes) = tokio::select! {
                biased;
                bytes = terminal.read() => (false, bytes),
                bytes = till.read() => (true, bytes),
            };
            let Some(bytes) = bytes else { return };
            let side = if from_till { &mut till } else { &mut terminal };
            for packet in side.packets(&bytes) {
                let to = if from_till { &mut to_terminal } else { &mut to_till };
                if !self.deliver(&packet, from_till, to).await {
                    return;
                }
            }
        }
    }

    async fn deliver(
        &self,
        packet: &[u8],
        from_till: bool,
        to: &mut WriteHalf<DuplexStream>,
    ) -> bool {
        let count = locked(&self.deliveries).get_mut(self.number - 1).map(|count| {
            *count += 1;
            *count
        });
        if count.is_none() {
            // Of a connection that is not counted any more.
            return to.write_all(packet).await.is_ok();
        }
        let control = (packet[0], packet[1]);
        // BMP 27 is the first field that the simulated terminal writes.
        let yes = packet.get(3..5) == Some(&[0x27, 0x00]);
        locked(&self.log).push(if from_till {
            Event::Till(control.0, control.1)
        } else {
            Event::Terminal(control.0, control.1, yes)
        });
        if self.breaks.is_some() && self.breaks == count {
            return false;
        }
        to.write_all(packet).await.is_ok()
    }
}
