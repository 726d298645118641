//! The printer simulator: listens like a network printer (or at any other line), speaks ESC/POS, Star's language or ePOS with their status
//! requests, keeps what came out and the bytes that it was sent, and has every fault a printer can have. It also serves a page that shows
//! the paper and sets the faults.

pub mod cash_machine;
mod epos;
mod http;
pub mod label_printer;
mod page;
mod paper;
pub mod pole;
pub mod scale;
pub mod scanner;
mod session;
pub mod stand;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use escpos::{DecodedOp, Language, Profile, Status};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

pub use paper::paper_text;

/// Jobs that are kept.
const JOBS_MAX: usize = 50;
/// Operations that are kept per job; a real roll ends too.
const OPS_MAX: usize = 20_000;
/// Bytes that are kept, the last ones.
const RECORDING_MAX: usize = 256 * 1024;

/// How questions about the state are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answers {
    /// At once and right.
    #[default]
    Normal,
    /// Not at all.
    Mute,
    /// With 0xFF for every byte.
    Garbage,
    /// With 0x00 for every byte, which looks like the answer to a queued question.
    LowGarbage,
    /// Right, but after this time.
    Late(Duration),
}

/// What is wrong with the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// No paper: nothing prints until there is some again, then the rest of the job comes out.
    pub paper_out: bool,
    /// The roll is nearly used up.
    pub near_end: bool,
    /// The cover is open.
    pub cover_open: bool,
    /// Switched off line.
    pub offline: bool,
    /// How it answers.
    pub answers: Answers,
    /// The connection breaks when it has brought so many bytes (status questions count; a job's are twelve).
    pub drop_after: Option<usize>,
    /// The paper ends after so many more lines.
    pub paper_left: Option<u32>,
    /// Takes the job and prints nothing of it for now, though its state says that all is well: a slow one.
    pub busy: bool,
    /// Sends automatic states (ASB) one after the other while a job runs, unasked (ESC/POS only).
    pub status_flood: bool,
}

/// Whether a job came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Still coming in, or waiting for paper.
    Not,
    /// The sender closed the connection and everything came out.
    Whole,
    /// The connection broke, or the last command was not whole.
    BrokenOff,
}

/// What came out of the printer in one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Counts from 1.
    pub number: u64,
    /// In the order in which it came out.
    pub ops: Vec<DecodedOp>,
    /// Its end.
    pub ended: Ended,
}

#[derive(Debug, Default)]
struct State {
    faults: Faults,
    jobs: VecDeque<Job>,
    next: u64,
    drawer_open: bool,
    /// How many jobs were worked off, in Star's way of counting: 0 to 31.
    printed: u8,
    recording: VecDeque<u8>,
}

impl State {
    /// The pin is high while the drawer is open.
    fn status(&self) -> Status {
        let Faults { paper_out, near_end, cover_open, offline, .. } = self.faults;
        Status {
            drawer_pin_high: self.drawer_open,
            offline: offline || paper_out || cover_open,
            cover_open,
            paper_stop: paper_out,
            paper_end: paper_out,
            near_end,
            ..Status::default()
        }
    }

    fn record(&mut self, bytes: &[u8]) {
        self.recording.extend(bytes);
        let over = self.recording.len().saturating_sub(RECORDING_MAX);
        self.recording.drain(..over);
    }

    /// A job takes in one operation, which the printer carries out.
    fn carry_out(&mut self, number: u64, op: DecodedOp) {
        let lines = match op {
            DecodedOp::LineEnd => 1,
            DecodedOp::Feed(lines) => u32::from(lines),
            _ => 0,
        };
        if let Some(left) = &mut self.faults.paper_left {
            *left = left.saturating_sub(lines);
            if *left == 0 {
                self.faults.paper_left = None;
                self.faults.paper_out = true;
            }
        }
        if matches!(op, DecodedOp::DrawerPulse { .. }) {
            self.drawer_open = true;
        }
        if let Some(job) =
            self.jobs.iter_mut().find(|job| job.number == number && job.ops.len() < OPS_MAX)
        {
            job.ops.push(op);
        }
    }

    fn begin(&mut self) -> u64 {
        self.next += 1;
        if self.jobs.len() >= JOBS_MAX {
            self.jobs.pop_front();
        }
        self.jobs.push_back(Job { number: self.next, ops: Vec::new(), ended: Ended::Not });
        self.next
    }

    fn end(&mut self, number: u64, ended: Ended) {
        if let Some(job) = self.jobs.iter_mut().find(|job| job.number == number) {
            job.ended = ended;
        }
    }
}

/// What the sessions, the page and the handle share.
#[derive(Debug)]
struct Shared {
    profile: Profile,
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves figures of a simulator, nothing that could be half true.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let answer = change(&mut self.state());
        self.changed.send_modify(|count| *count += 1);
        answer
    }
}

/// What a browser sees of a simulated device.
trait Page: Send + Sync + 'static {
    /// The page.
    fn html(&self) -> String;
    /// The bytes that went over the line, as text.
    fn recording(&self) -> String;
    /// Does what a button's address says; false when there is no such button.
    fn act(&self, path: &str) -> bool;
}

impl Page for Shared {
    fn html(&self) -> String {
        page::html(self)
    }

    fn recording(&self) -> String {
        page::recording(self)
    }

    fn act(&self, path: &str) -> bool {
        page::act(self, path)
    }
}

/// A simulated printer. It stops when it is dropped.
#[derive(Debug)]
pub struct Printer {
    shared: Arc<Shared>,
    address: SocketAddr,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Printer {
    /// Starts listening; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(listen: SocketAddr, profile: Profile) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let (changed, _) = watch::channel(0);
        let shared = Arc::new(Shared { profile, state: Mutex::default(), changed });
        let sessions = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            let mut running = JoinSet::new();
            loop {
                tokio::select! {
                    taken = listener.accept() => match taken {
                        Ok((stream, _)) => {
                            let shared = Arc::clone(&sessions);
                            if shared.profile.language == Language::Epos {
                                running.spawn(epos::serve(stream, shared));
                            } else {
                                running.spawn(session::serve(stream, shared));
                            }
                        }
                        Err(_) => tokio::task::yield_now().await,
                    },
                    Some(_) = running.join_next() => {}
                }
            }
        });
        Ok(Self { shared, address, tasks: Mutex::new(vec![task]) })
    }

    /// Serves the page with the paper and the switches; port 0 takes a free one. Gives the address.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn serve_page(&self, listen: SocketAddr) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(http::serve(listener, Arc::clone(&self.shared)));
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(task);
        Ok(address)
    }

    /// Serves another line (a serial one, the far end of a pseudo-terminal) until it ends.
    pub fn attach(&self, line: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let task = tokio::spawn(session::serve(line, Arc::clone(&self.shared)));
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(task);
    }

    /// The bytes that it was sent, questions included (the last 256 kB).
    #[must_use]
    pub fn recording(&self) -> Vec<u8> {
        self.shared.state().recording.iter().copied().collect()
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The faults of the moment.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.shared.state().faults
    }

    /// Sets the faults; a job that waits for paper goes on when they are gone.
    pub fn set_faults(&self, faults: Faults) {
        self.shared.change(|state| state.faults = faults);
    }

    /// What came out, oldest first (the last 50 jobs).
    #[must_use]
    pub fn jobs(&self) -> Vec<Job> {
        self.shared.state().jobs.iter().cloned().collect()
    }

    /// Whether the drawer is open.
    #[must_use]
    pub fn drawer_open(&self) -> bool {
        self.shared.state().drawer_open
    }

    /// Opens the drawer by force, as with a key.
    pub fn force_drawer(&self) {
        self.shared.change(|state| state.drawer_open = true);
    }

    /// Closes the drawer.
    pub fn close_drawer(&self) {
        self.shared.change(|state| state.drawer_open = false);
    }

    /// Tears off and throws away the paper.
    pub fn clear(&self) {
        self.shared.change(|state| state.jobs.clear());
    }

    /// Counts up on every change; wait on it instead of on time.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// The page with the paper and the switches.
    #[must_use]
    pub fn page_html(&self) -> String {
        page::html(&self.shared)
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}
