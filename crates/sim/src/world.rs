//! A seeded shop at work: people, two tills, customers who want anything, a disk that fills up, a clock
//! that jumps, answers that get lost, and a program that ends without warning.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use domain::command::Denomination;
use domain::{Command, CommandId, Refusal, Role, ShopCommand, TillCommand, TillId};
use jiff::SignedDuration;
use serde_json::Value;
use shop::api::view::{CommandAnswer, Made, TillView};
use shop::clock::{Clock as _, HandClock};
use shop::engine::{Actor, Engine, EngineError, Running};
use store::Store;
use tokio::runtime::Runtime;

use crate::build::{Built, Plan};
use crate::invariants;
use crate::paper::Paper;
use crate::random::Random;
use crate::wishes::{self, ITEMS};

const PAY: TillCommand = TillCommand::PayCash { tendered: None };

/// The key of the vouchers' codes lies beside the file.
const VOUCHER_KEY: &str = ".voucher-key";

/// Tills of the world.
pub const TILLS: u16 = 2;

/// A command that was answered, as its sender knows it.
#[derive(Debug, Clone)]
struct Sent {
    id: CommandId,
    actor: Actor,
    command: Command,
    said: Result<Kept, Refusal>,
    /// How often the program had ended before.
    run: u32,
}

impl Sent {
    /// It left an entry. What left none is known only while the program runs.
    fn recorded(&self) -> bool {
        match &self.said {
            Ok(kept) => kept.entries.is_some(),
            Err(refusal) => refusal.is_recorded(),
        }
    }
}

/// What an answer says that a repeated one must say again.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    entries: Option<(u64, u64)>,
    receipt: Option<domain::ReceiptRef>,
    made: Option<Made>,
}

impl From<&CommandAnswer> for Kept {
    fn from(answer: &CommandAnswer) -> Self {
        Kept { entries: answer.entries, receipt: answer.receipt, made: answer.made.clone() }
    }
}

/// The shop and its troubles.
pub struct World {
    folder: tempfile::TempDir,
    file: PathBuf,
    runtime: Runtime,
    engine: Engine,
    running: Option<Running>,
    clock: Arc<HandClock>,
    random: Random,
    at: u64,
    /// Sent and answered.
    book: Vec<Sent>,
    /// Sent; the disk said no.
    lost: Vec<(CommandId, Actor, Command)>,
    disk_full: bool,
    paper: Paper,
    crashes: u32,
}

/// What happened in a world, so that a test can see that something did.
#[derive(Debug, Clone, Copy, Default)]
pub struct Told {
    /// Commands recorded.
    pub recorded: usize,
    /// Commands refused.
    pub refused: usize,
    /// Receipts that count.
    pub receipts: u64,
    /// Records of closed days, as an auditor gets them.
    pub audited: u64,
    /// Times the program ended without warning.
    pub crashes: u32,
    /// Receipts that came out of the printer.
    pub printed: usize,
    /// Commands for which there was no room.
    pub not_stored: usize,
}

/// The screen as everybody sees it; the lamps, and the count of what changed beside the entries, are no part of the record.
fn screen(view: &TillView) -> Result<Value> {
    let mut value = serde_json::to_value(view)?;
    if let Some(map) = value.as_object_mut() {
        map.remove("lamps");
        map.remove("aside");
        // Nor are the codes of vouchers: they are shown until the till has come out with them, or the program ends.
        let last = map.get_mut("last_receipt").and_then(Value::as_object_mut);
        last.and_then(|last| last.remove("vouchers"));
    }
    Ok(value)
}

impl World {
    /// A new shop: a manager (1), a supervisor (2), two cashiers (3, 4), both tills open.
    pub fn new(seed: u64) -> Result<World> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("shop.sqlite");
        let mut built = Built::create(&file, Plan { seed, tills: TILLS, items: ITEMS })?;
        let manager = Some(built.manager);
        for (name, role) in
            [("Ben", Role::Supervisor), ("Cem", Role::Cashier), ("Dora", Role::Cashier)]
        {
            let name = name.to_owned();
            built
                .shop(manager, ShopCommand::PutPerson { person: None, name, role, active: true })?;
        }
        for draft in wishes::special_items() {
            let draft = Box::new(draft);
            built.shop(manager, ShopCommand::PutItem { item: None, draft })?;
        }
        for till in 1..=TILLS {
            built.open_till(till)?;
        }
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let mut paper = Paper::new(&runtime)?;
        let mut settings = crate::build::settings(TILLS);
        settings.print_receipts = true;
        if let Some(till) = settings.tills.first_mut() {
            till.printer = Some(paper.address());
        }
        built.shop(manager, ShopCommand::Configure { settings: Box::new(settings) })?;
        paper.feed(&built.engine, &built.clock)?;
        let at = u64::try_from(built.clock.now().as_millisecond())?.saturating_add(1_000_000);
        let Built { engine, running, clock, .. } = built;
        Ok(World {
            folder,
            file,
            runtime,
            engine,
            running: Some(running),
            clock,
            random: Random::new(seed ^ 0x5EED),
            at,
            book: Vec::new(),
            lost: Vec::new(),
            disk_full: false,
            paper,
            crashes: 0,
        })
    }

    /// Lets so many things happen. With `crash_always` the program ends after each of them.
    pub fn live(&mut self, steps: u32, crash_always: bool) -> Result<()> {
        for step in 0..steps {
            let (length, seq) = (log_length(&self.file), self.seq()?);
            self.step().with_context(|| format!("step {step}"))?;
            if crash_always && step % 8 == 0 {
                self.tear(length, seq).with_context(|| format!("torn at step {step}"))?;
            }
            self.paper.look();
            if crash_always || self.random.below(60) == 0 {
                self.crash().with_context(|| format!("crash after step {step}"))?;
            }
        }
        Ok(())
    }

    fn step(&mut self) -> Result<()> {
        match self.random.below(100) {
            0..=2 => self.resend(),
            3..=4 => self.reuse(),
            5 => self.set_clock(),
            6 => self.fill_disk(),
            7..=8 => self.make_room(),
            9..=12 => self.many_at_once(),
            13 => {
                self.paper.trouble(&mut self.random);
                Ok(())
            }
            14..=17 => {
                let command = wishes::office(&mut self.random);
                let person = [1, 1, 2, 3][usize::try_from(self.random.below(4))?];
                let actor = Actor { person: Some(domain::PersonId(person)), approver: None };
                self.send(actor, Command::Shop(command))
            }
            _ => {
                let (actor, command) = self.wish()?;
                self.send(actor, command)
            }
        }
    }

    /// Something that a person at a till wants.
    fn wish(&mut self) -> Result<(Actor, Command)> {
        let till = TillId(u16::try_from(self.random.below(u64::from(TILLS)))? + 1);
        self.clock.advance(std::time::Duration::from_millis(self.random.below(40_000)));
        let view = self.view(till)?;
        let command = wishes::at_till(&mut self.random, &view);
        let signed_in = view.person.as_ref().map(|p| p.id);
        let stranger = domain::PersonId(u32::try_from(self.random.below(6))?);
        let person = signed_in.filter(|_| self.random.below(25) > 0).unwrap_or(stranger);
        let approver = (self.random.below(3) == 0).then_some(domain::PersonId(1));
        Ok((Actor { person: Some(person), approver }, Command::Till(till, command)))
    }

    fn id(&mut self) -> CommandId {
        self.at += 1;
        CommandId(self.random.uuid(self.at))
    }

    fn send(&mut self, actor: Actor, command: Command) -> Result<()> {
        let id = self.id();
        let ticket = self.engine.submit(id, actor, command.clone()).map_err(|e| anyhow!("{e}"))?;
        let answer = ticket.wait();
        self.keep(id, actor, command, answer)
    }

    fn keep(
        &mut self,
        id: CommandId,
        actor: Actor,
        command: Command,
        answer: Result<CommandAnswer, EngineError>,
    ) -> Result<()> {
        let said = match answer {
            Ok(answer) => {
                ensure!(!answer.repeated, "a new command was answered as a repeated one");
                Ok(Kept::from(&answer))
            }
            Err(EngineError::Refused(refusal)) => Err(refusal),
            Err(EngineError::NotStored(why)) => {
                ensure!(self.disk_full, "not stored, though there is room: {why}");
                self.lost.push((id, actor, command));
                return Ok(());
            }
            Err(EngineError::Stopped) => bail!("stopped"),
        };
        self.book.push(Sent { id, actor, command, said, run: self.crashes });
        Ok(())
    }

    /// The evening: what is open is paid, else given up, else put aside; the drawer is counted, the day closed. What an
    /// auditor gets holds all receipts then.
    fn close_days(&mut self) -> Result<()> {
        let manager = Actor { person: Some(domain::PersonId(1)), approver: None };
        for till in (1..=TILLS).map(TillId) {
            let at_till = |command| Command::Till(till, command);
            self.send(manager, at_till(TillCommand::SignIn { person: domain::PersonId(1) }))?;
            let view = self.view(till)?;
            let (open, parked) = (view.baskets.iter(), view.parked.iter());
            let switch = open.map(|b| TillCommand::SwitchBasket { basket: b.id });
            let recall = parked.map(|b| TillCommand::Recall { basket: b.id });
            for take in switch.chain(recall) {
                self.send(manager, at_till(take))?;
                self.send(manager, at_till(TillCommand::ConfirmAge { age: 99 }))?;
                self.send(manager, at_till(PAY))?;
                self.send(manager, at_till(TillCommand::AbortBasket { reason: None }))?;
                self.send(manager, at_till(TillCommand::Park { name: None }))?;
            }
            let pieces = vec![Denomination { value: 1_000, pieces: 20 }];
            self.send(manager, at_till(TillCommand::CountDrawer { pieces, foreign: Vec::new() }))?;
            self.send(manager, at_till(TillCommand::CloseDay { despite_doubt: None }))?;
        }
        Ok(())
    }

    /// Several commands under way at once: group commit.
    fn many_at_once(&mut self) -> Result<()> {
        let mut tickets = Vec::new();
        for _ in 0..self.random.below(12) + 2 {
            let (actor, command) = self.wish()?;
            let id = self.id();
            let ticket =
                self.engine.submit(id, actor, command.clone()).map_err(|e| anyhow!("{e}"))?;
            tickets.push((id, actor, command, ticket));
        }
        for (id, actor, command, ticket) in tickets {
            self.keep(id, actor, command, ticket.wait())?;
        }
        Ok(())
    }

    /// The answer got lost: the same command is sent again and must be answered the same.
    fn resend(&mut self) -> Result<()> {
        if let Some((id, actor, command)) = self.lost.pop() {
            // Nothing of it happened: it is new.
            let answer =
                self.engine.submit(id, actor, command.clone()).map_err(|e| anyhow!("{e}"))?;
            return self.keep(id, actor, command, answer.wait());
        }
        let sent = self.random.pick(&self.book).cloned();
        let known = sent.filter(|sent| sent.recorded() || sent.run == self.crashes);
        known.map_or(Ok(()), |sent| self.again(&sent))
    }

    fn again(&self, sent: &Sent) -> Result<()> {
        let answer = self
            .engine
            .submit(sent.id, sent.actor, sent.command.clone())
            .map_err(|e| anyhow!("{e}"))?
            .wait();
        if self.disk_full && matches!(answer, Err(EngineError::NotStored(_))) {
            return Ok(());
        }
        match (&sent.said, answer) {
            (Ok(kept), Ok(answer)) => {
                ensure!(answer.repeated, "{sent:?} happened a second time");
                ensure!(*kept == Kept::from(&answer), "{sent:?} was answered anew: {answer:?}");
            }
            (Err(refusal), Err(EngineError::Refused(now))) if *refusal == now => {}
            (said, now) => bail!("{sent:?} said {said:?}, now {now:?}"),
        }
        Ok(())
    }

    /// A client that uses an id a second time for something else.
    fn reuse(&mut self) -> Result<()> {
        let Some(sent) = self.random.pick(&self.book).cloned() else { return Ok(()) };
        let recorded = sent.said.as_ref().is_ok_and(|kept| kept.entries.is_some());
        let other = Command::Till(
            TillId(1),
            domain::TillCommand::NoSale { reason: format!("{}", self.at) },
        );
        if !recorded {
            return Ok(());
        }
        let answer =
            self.engine.submit(sent.id, sent.actor, other).map_err(|e| anyhow!("{e}"))?.wait();
        match answer {
            Err(EngineError::Refused(Refusal::CommandIdReused)) => Ok(()),
            Err(EngineError::NotStored(_)) if self.disk_full => Ok(()),
            other => bail!("{sent:?}: its id was taken for another command: {other:?}"),
        }
    }

    fn set_clock(&mut self) -> Result<()> {
        let minutes = i64::try_from(self.random.below(600))? - 300;
        let now = self.clock.now().saturating_add(SignedDuration::from_mins(minutes))?;
        self.clock.set_wall(now);
        Ok(())
    }

    fn limit(&mut self, pages: u32) -> Result<()> {
        let limited = self.engine.with_store(move |store| store.limit_pages(pages));
        self.runtime.block_on(limited).map_err(|e| anyhow!("{e}"))??;
        Ok(())
    }

    fn fill_disk(&mut self) -> Result<()> {
        self.disk_full = true;
        self.limit(1)
    }

    fn make_room(&mut self) -> Result<()> {
        self.disk_full = false;
        self.limit(u32::from(u16::MAX) * 1_000)
    }

    fn view(&self, till: TillId) -> Result<TillView> {
        let view = self.runtime.block_on(self.engine.view(till)).map_err(|e| anyhow!("{e}"))?;
        Ok((*view).clone())
    }

    fn screens(&self) -> Result<Vec<Value>> {
        (1..=TILLS).map(|till| screen(&self.view(TillId(till))?)).collect()
    }

    /// The program ends without warning: what is in its files at this moment is all that there is. It
    /// starts again on them, with the same screens, and knows every command that it answered.
    fn crash(&mut self) -> Result<()> {
        self.paper.cut_off();
        let before = self.screens()?;
        self.crashes += 1;
        let file = self.folder.path().join(format!("shop-{}.sqlite", self.crashes));
        copy_as_found(&self.file, &file)?;
        self.running.take().context("running")?.stop();
        remove(&self.file);
        self.file = file;
        let (engine, running) = Engine::start(Store::open(&self.file)?, self.clock.clone())?;
        self.engine = engine;
        self.running = Some(running);
        self.disk_full = false;
        self.paper.feed(&self.engine, &self.clock)?;
        let after = self.screens()?;
        for (before, after) in before.iter().zip(&after) {
            same(before, after)?;
        }
        // Those answered last would be the first to be missing.
        for sent in self.book.iter().rev().take(5) {
            if sent.recorded() {
                self.again(sent)?;
            }
        }
        Ok(())
    }

    fn seq(&self) -> Result<u64> {
        Ok(self.engine.snapshot_blocking().map_err(|e| anyhow!("{e}"))?.seq)
    }

    /// The power fails while the last step is being written: some of its bytes are on disk, or none.
    /// Whatever was there before is there, and nothing half. Tried on a copy; the world goes on.
    fn tear(&mut self, length: u64, seq: u64) -> Result<()> {
        let grown = log_length(&self.file).saturating_sub(length);
        if grown == 0 {
            return Ok(());
        }
        let torn = self.folder.path().join("torn.sqlite");
        copy_as_found(&self.file, &torn)?;
        let log = std::fs::OpenOptions::new().write(true).open(beside(&torn, "-wal"))?;
        log.set_len(length + self.random.below(grown))?;
        let (engine, running) = Engine::start(Store::open(&torn)?, self.clock.clone())?;
        let found = engine.snapshot_blocking().map_err(|e| anyhow!("{e}"))?.seq;
        running.stop();
        ensure!((seq..=self.seq()? + 2).contains(&found), "entry {seq} is lost: {found}");
        invariants::check(&torn)?;
        remove(&torn);
        Ok(())
    }

    /// Ends the shop and checks everything that must hold.
    pub fn end(mut self) -> Result<Told> {
        self.make_room()?;
        self.close_days()?;
        let printed = self.paper.settle(&self.runtime, &self.engine)?;
        if let Some(running) = self.running.take() {
            running.stop();
        }
        let book = invariants::check(&self.file)?;
        let (receipts, audited) = (book.receipts, book.audited);
        let mut told = Told { receipts, audited, crashes: self.crashes, ..Told::default() };
        (told.not_stored, told.printed) = (self.lost.len(), printed);
        for sent in &self.book {
            match &sent.said {
                Ok(kept) if kept.entries.is_some() => {
                    told.recorded += 1;
                    ensure!(book.command(sent.id) == kept.entries, "{sent:?} is not in the record");
                }
                Err(refusal) if !refusal.is_recorded() => {
                    told.refused += 1;
                    ensure!(book.command(sent.id).is_none(), "{sent:?} left an entry");
                }
                _ => {}
            }
        }
        for (id, _, command) in &self.lost {
            ensure!(book.command(*id).is_none(), "{command:?} was not stored, and is there");
        }
        Ok(told)
    }
}

fn same(before: &Value, after: &Value) -> Result<()> {
    let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else {
        bail!("no screen");
    };
    // An import that was running is given up at the start; the clock may have been set back before.
    let seq =
        |of: &serde_json::Map<String, Value>| of.get("seq").and_then(Value::as_u64).unwrap_or(0);
    ensure!((seq(before)..=seq(before) + 2).contains(&seq(after)), "entry {} is lost", seq(before));
    for (field, value) in before.iter().filter(|(field, _)| *field != "seq") {
        ensure!(after.get(field) == Some(value), "{field} was {value}, is {:?}", after.get(field));
    }
    Ok(())
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The files as a process that was killed leaves them: the log is not folded in.
pub fn copy_as_found(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to)?;
    for suffix in ["-wal", VOUCHER_KEY] {
        if beside(from, suffix).exists() {
            std::fs::copy(beside(from, suffix), beside(to, suffix))?;
        }
    }
    Ok(())
}

fn log_length(file: &Path) -> u64 {
    std::fs::metadata(beside(file, "-wal")).map_or(0, |meta| meta.len())
}

fn remove(file: &Path) {
    for suffix in ["", "-wal", "-shm", ".lock", VOUCHER_KEY] {
        // Some of them are not there.
        let _ = std::fs::remove_file(beside(file, suffix));
    }
}
