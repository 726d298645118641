//! The engine: one thread that decides and records. Everybody else enqueues and waits.
//!
//! All commands that wait are recorded in one transaction (group commit), and each is answered only
//! after that transaction is on disk (invariant 1). The engine thread owns the writer's connection
//! and the state in memory; when the disk says no, both are read anew from what is on disk.

mod begun;
mod command;
mod digital;
mod facts;
mod names;
mod rebuild;
mod rksv;
mod screens;
mod signing;
mod told;
mod transfers;
mod vouchers;
mod weighing;
mod worker;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::day::TillDay;
use domain::device::Device;
use domain::payment::Attempt;
use domain::rksv::{Register, SignerIdentity};
use domain::settings::Settings;
use domain::signing::Unit;
use domain::terminal_day::Closing;
use domain::voucher::{Voucher, VoucherCode};
use domain::{
    AttemptId, Command, CommandId, PersonId, ReceiptNo, Refusal, ShopCommand, TerminalId,
    TillCommand, TillId, UnitId, VoucherId,
};
use store::{Store, StoreError};
use tokio::sync::{Notify, OwnedMutexGuard, broadcast, oneshot, watch};

pub use begun::Begun;
pub use rebuild::rebuild;
pub use rksv::RksvWork;
pub use signing::SigningWork;
pub use transfers::OpenTransfer;
pub use weighing::Order;
use worker::{Job, Worker};

use crate::api::payments::TerminalIdentity;
use crate::api::reservations::ReservationView;
use crate::api::view::{CommandAnswer, DoubtView, Lamp, TillView};
use crate::clock::Clock;
use crate::digital::Outlet;
use crate::personal::{Customers, NamedPerson};
use crate::print::machine::Machines;
use crate::rksv::Signers;
use crate::scanners::DeviceScans;
use crate::sign::Units;
pub use crate::view::Progress;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Actor {
    /// The person of the session; none for the program itself.
    pub person: Option<PersonId>,
    /// A second person who approves; the caller has checked their PIN.
    pub approver: Option<PersonId>,
}

/// Why a command has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// A rule said no.
    #[error("{0}")]
    Refused(Refusal),
    /// It could not be recorded: nothing happened.
    #[error("not recorded: {0}")]
    NotStored(String),
    /// The program is ending.
    #[error("the shop is closing down")]
    Stopped,
}

/// The shop at a glance, for pages that are no till.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Settings; none before the first set-up.
    pub settings: Option<Arc<Settings>>,
    /// People with their names; those who were forgotten are not among them.
    pub people: Vec<NamedPerson>,
    /// Customers' details.
    pub customers: Customers,
    /// Tills: the open day and who is signed in.
    pub tills: Vec<(TillId, Option<TillDay>, Option<PersonId>)>,
    /// Card terminals as devices.
    pub devices: BTreeMap<TerminalId, Device>,
    /// Signing units, as they are known.
    pub units: BTreeMap<UnitId, Unit>,
    /// Chains of Austria's tills, and its signature devices.
    pub rksv: (BTreeMap<TillId, Register>, BTreeMap<UnitId, SignerIdentity>),
    /// The audit that is open, or whose time is over without an entry of its end.
    pub audit: Option<domain::audit::Audit>,
    /// Head of the journal.
    pub seq: u64,
}

/// What a till sends to everybody who watches it.
type Watchers = Mutex<HashMap<TillId, broadcast::Sender<Arc<TillView>>>>;

/// Payments of the whole shop that are in doubt, and reservations that are open.
pub type Unsettled = (Vec<DoubtView>, Vec<ReservationView>);

/// What is known of a card terminal since the program started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TerminalKnown {
    /// How it is; none while nothing is known.
    pub lamp: Option<Lamp>,
    /// What it said of itself.
    pub identity: Option<TerminalIdentity>,
}

/// Whom a bell wakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Bell {
    /// A till's printer, when its outbox got work.
    Printer(TillId),
    /// A card terminal, when a payment waits for it or shall be given up.
    Terminal(TerminalId),
    /// Whoever has a till's baskets signed, when one was begun or ended.
    Signing(TillId),
    /// Whoever carries a till's chain on (RKSV).
    Rksv(TillId),
    /// Whoever asks the scale beside a till.
    Scale(TillId),
}

/// Wakes effect runners.
type Bells = Mutex<HashMap<Bell, Arc<Notify>>>;

/// Whose turn it is at each terminal.
type Turns = Mutex<HashMap<TerminalId, Arc<tokio::sync::Mutex<()>>>>;

/// A handle to the engine; cheap to clone.
#[derive(Clone)]
pub struct Engine {
    bells: Arc<Bells>,
    turns: Arc<Turns>,
    jobs: std::sync::mpsc::SyncSender<Job>,
    watchers: Arc<Watchers>,
    device_scans: DeviceScans,
    path: Arc<PathBuf>,
    begun: Arc<Begun>,
    units: Arc<Units>,
    signers: Arc<Signers>,
    printers: Machines,
    outlet: Arc<Outlet>,
    /// Its other end lives as long as the engine thread, however that ends.
    alive: watch::Receiver<()>,
}

/// A command under way.
pub struct Ticket(oneshot::Receiver<Result<CommandAnswer, EngineError>>);

impl Ticket {
    /// Waits until the command is on disk, or refused.
    pub fn wait(self) -> Result<CommandAnswer, EngineError> {
        self.0.blocking_recv().map_err(|_| EngineError::Stopped)?
    }
}

/// The running engine thread: join it to know that everything is on disk and the file is closed.
pub struct Running {
    thread: Option<std::thread::JoinHandle<()>>,
    jobs: std::sync::mpsc::SyncSender<Job>,
}

impl Running {
    /// Ends the engine after what is waiting has been answered.
    pub fn stop(mut self) {
        let _ = self.jobs.send(Job::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Jobs that may wait for the engine before callers have to wait to enqueue.
const QUEUE: usize = 1_024;

impl Engine {
    /// Starts the engine on an open store. Errs when the state cannot be read from it.
    pub fn start(store: Store, clock: Arc<dyn Clock>) -> Result<(Engine, Running), StoreError> {
        let path = Arc::new(store.path());
        let begun = Arc::new(Begun::of(&store)?);
        let (jobs, queue) = std::sync::mpsc::sync_channel(QUEUE);
        let watchers: Arc<Watchers> = Arc::default();
        let bells: Arc<Bells> = Arc::default();
        let outlet: Arc<Outlet> = Arc::default();
        let shared = (Arc::clone(&watchers), Arc::clone(&bells), Arc::clone(&outlet));
        let worker = Worker::new(store, clock, shared)?;
        let (life, alive) = watch::channel(());
        let thread = std::thread::Builder::new()
            .name("engine".to_owned())
            .spawn(move || {
                let _life = life;
                worker.run(&queue);
            })
            .map_err(StoreError::Io)?;
        let running = Running { thread: Some(thread), jobs: jobs.clone() };
        let turns = Arc::default();
        let (units, signers) = (Arc::default(), Arc::default());
        let device_scans = DeviceScans::default();
        let engine = Engine {
            bells,
            turns,
            jobs,
            watchers,
            device_scans,
            path,
            begun,
            units,
            signers,
            printers: Machines::default(),
            outlet,
            alive,
        };
        Ok((engine, running))
    }

    /// Waits until the engine thread is gone: asked to, by a bug, or because the disk failed so that
    /// the file must be opened anew. Nothing is recorded any more then.
    pub async fn ended(&self) {
        let mut alive = self.alive.clone();
        while alive.changed().await.is_ok() {}
    }

    /// True when the engine thread is gone.
    pub fn has_ended(&self) -> bool {
        self.alive.has_changed().is_err()
    }

    /// The shop's file, for readers.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What stood in the file when this engine began.
    pub fn begun(&self) -> &Begun {
        &self.begun
    }

    /// The printers of this program: whatever is sent to one waits for its turn.
    pub(crate) fn printers(&self) -> &Machines {
        &self.printers
    }

    /// The signing units of this program: each is opened once.
    pub fn units(&self) -> &Arc<Units> {
        &self.units
    }

    /// Austria's signature devices of this program: each is opened once.
    pub fn signers(&self) -> &Arc<Signers> {
        &self.signers
    }

    /// A command at a till. Answers after it is on disk.
    pub async fn till(
        &self,
        id: CommandId,
        till: TillId,
        actor: Actor,
        command: TillCommand,
    ) -> Result<CommandAnswer, EngineError> {
        self.command(id, actor, Command::Till(till, command)).await
    }

    /// A command of the office. Answers after it is on disk.
    pub async fn shop(
        &self,
        id: CommandId,
        actor: Actor,
        command: ShopCommand,
    ) -> Result<CommandAnswer, EngineError> {
        self.command(id, actor, Command::Shop(command)).await
    }

    async fn command(
        &self,
        id: CommandId,
        actor: Actor,
        command: Command,
    ) -> Result<CommandAnswer, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Command { id, actor, command: Box::new(command), reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)?
    }

    /// Like [`Engine::till`], for callers without a runtime (tests, generators, the command line).
    pub fn till_blocking(
        &self,
        id: CommandId,
        till: TillId,
        actor: Actor,
        command: TillCommand,
    ) -> Result<CommandAnswer, EngineError> {
        self.blocking(id, actor, Command::Till(till, command))
    }

    /// Like [`Engine::shop`], for callers without a runtime.
    pub fn shop_blocking(
        &self,
        id: CommandId,
        actor: Actor,
        command: ShopCommand,
    ) -> Result<CommandAnswer, EngineError> {
        self.blocking(id, actor, Command::Shop(command))
    }

    fn blocking(
        &self,
        id: CommandId,
        actor: Actor,
        command: Command,
    ) -> Result<CommandAnswer, EngineError> {
        self.submit(id, actor, command)?.wait()
    }

    /// Enqueues a command and answers a ticket for its answer: for callers without a runtime that
    /// have several commands under way.
    pub fn submit(
        &self,
        id: CommandId,
        actor: Actor,
        command: Command,
    ) -> Result<Ticket, EngineError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::Command { id, actor, command: Box::new(command), reply };
        self.jobs.send(job).map_err(|_| EngineError::Stopped)?;
        Ok(Ticket(answer))
    }

    /// A till's screen as it is now.
    pub async fn view(&self, till: TillId) -> Result<Arc<TillView>, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::View { till, reply }).await?;
        answer
            .await
            .map_err(|_| EngineError::Stopped)?
            .ok_or(EngineError::Refused(Refusal::UnknownTill))
    }

    /// Every new screen of a till from now on.
    pub fn subscribe(&self, till: TillId) -> broadcast::Receiver<Arc<TillView>> {
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.entry(till).or_insert_with(|| broadcast::channel(16).0).subscribe()
    }

    /// Where scans of devices go that are no keyboards.
    pub fn device_scans(&self) -> &DeviceScans {
        &self.device_scans
    }

    /// Waits until the outbox of a till may have got work.
    pub async fn work_waits(&self, till: TillId) {
        self.rung(Bell::Printer(till)).await;
    }

    /// Waits until a terminal may have got a payment to ask for, or one to give up.
    pub async fn payment_waits(&self, terminal: TerminalId) {
        self.rung(Bell::Terminal(terminal)).await;
    }

    async fn rung(&self, at: Bell) {
        let bell = {
            let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(bells.entry(at).or_default())
        };
        bell.notified().await;
    }

    /// Waits until nobody of this program speaks to a terminal, and keeps others from it until it is given
    /// back: terminals hear one at a time.
    pub async fn turn_at(&self, terminal: TerminalId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(terminal).or_default())
        };
        turn.lock_owned().await
    }

    /// The payments at a terminal that are not closed.
    pub async fn attempts(&self, terminal: TerminalId) -> Result<Vec<Attempt>, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Attempts { terminal, reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// The closing of its day that a terminal is at, or of which nobody knows how it ended.
    pub async fn closing(&self, terminal: TerminalId) -> Result<Option<Closing>, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Closing { terminal, reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// Wakes a terminal's runner: something that it looks at was changed.
    pub fn ring_terminal(&self, terminal: TerminalId) {
        let bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = bells.get(&Bell::Terminal(terminal)) {
            bell.notify_one();
        }
    }

    /// The voucher of a code, and what is left on it. Unknown codes are counted: too many, and none is
    /// looked up for a while.
    pub async fn voucher(
        &self,
        till: TillId,
        actor: Actor,
        code: String,
    ) -> Result<Voucher, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Voucher { till, actor, code, reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)?
    }

    /// Like [`Engine::voucher`], for callers without a runtime.
    pub fn voucher_blocking(
        &self,
        till: TillId,
        actor: Actor,
        code: String,
    ) -> Result<Voucher, EngineError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::Voucher { till, actor, code, reply };
        self.jobs.send(job).map_err(|_| EngineError::Stopped)?;
        answer.blocking_recv().map_err(|_| EngineError::Stopped)?
    }

    /// The codes of the vouchers of a receipt that was issued just now; empty later.
    pub async fn sold_codes(
        &self,
        till: TillId,
        number: ReceiptNo,
    ) -> Result<Vec<(VoucherId, VoucherCode)>, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::SoldCodes { till, number, reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// The codes of a receipt's vouchers came out on paper.
    pub async fn forget_codes(&self, till: TillId, number: ReceiptNo) -> Result<(), EngineError> {
        self.enqueue(Job::ForgetCodes { till, number }).await
    }

    /// What nobody may forget of payments.
    pub async fn unsettled(&self) -> Result<Unsettled, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Unsettled { reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// What is known of a terminal.
    pub async fn terminal(&self, terminal: TerminalId) -> Result<TerminalKnown, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::TerminalKnown { terminal, reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// Says how a terminal is.
    pub async fn set_terminal(
        &self,
        terminal: TerminalId,
        known: TerminalKnown,
    ) -> Result<(), EngineError> {
        self.enqueue(Job::Terminal { terminal, known: Box::new(known) }).await
    }

    /// Shows what a terminal says of a running payment.
    pub async fn set_progress(
        &self,
        attempt: AttemptId,
        progress: Progress,
    ) -> Result<(), EngineError> {
        self.enqueue(Job::Progress { attempt, progress }).await
    }

    /// Wakes a till's printer: its outbox got work that no command made.
    pub fn ring(&self, till: TillId) {
        let bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = bells.get(&Bell::Printer(till)) {
            bell.notify_one();
        }
    }

    /// The shop at a glance.
    pub async fn snapshot(&self) -> Result<Snapshot, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Snapshot { reply }).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// Like [`Engine::snapshot`], for callers without a runtime.
    pub fn snapshot_blocking(&self) -> Result<Snapshot, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job::Snapshot { reply }).map_err(|_| EngineError::Stopped)?;
        answer.blocking_recv().map_err(|_| EngineError::Stopped)
    }

    /// Shows lamps at a till, each in place of the one of its kind. [`LampKind::Record`] is the
    /// engine's own.
    ///
    /// [`LampKind::Record`]: crate::api::view::LampKind::Record
    pub async fn set_lamps(&self, till: TillId, lamps: Vec<Lamp>) -> Result<(), EngineError> {
        self.enqueue(Job::Lamps { till, lamps }).await
    }

    /// Runs `work` on the engine thread with the writer's connection: for what lies apart from the
    /// journal (credentials, sessions, the outbox).
    pub async fn with_store<T, F>(&self, work: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Store) -> T + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let run = Box::new(move |store: &mut Store| {
            let _ = reply.send(work(store));
        });
        self.enqueue(Job::Store(run)).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// Enqueues; when the queue is full the caller waits without holding up the runtime.
    async fn enqueue(&self, job: Job) -> Result<(), EngineError> {
        match self.jobs.try_send(job) {
            Ok(()) => Ok(()),
            Err(std::sync::mpsc::TrySendError::Disconnected(_)) => Err(EngineError::Stopped),
            Err(std::sync::mpsc::TrySendError::Full(job)) => {
                let jobs = self.jobs.clone();
                tokio::task::spawn_blocking(move || jobs.send(job))
                    .await
                    .map_err(|_| EngineError::Stopped)?
                    .map_err(|_| EngineError::Stopped)
            }
        }
    }
}
