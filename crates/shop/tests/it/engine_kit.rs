//! A shop in this process: its engine, its clock, and people who send it commands.

use std::path::PathBuf;
use std::sync::Arc;

use domain::command::Denomination;
use domain::{Amount, Command, CommandId, PersonId, Role, ShopCommand, TillCommand, TillId};
use money::{Currency, Money, Quantity};
use serde_json::Value;
use shop::api::view::{CommandAnswer, TillView};
use shop::clock::HandClock;
use shop::engine::{Actor, Engine, EngineError, Running};
use sim::build::{Built, Plan, item_code};
use sim::random::Random;
use store::{Reader, Store};

pub(crate) const MANAGER: PersonId = PersonId(1);
pub(crate) const CASHIER: PersonId = PersonId(2);
pub(crate) const ITEMS: u32 = 12;

pub(crate) struct Kit {
    pub(crate) engine: Engine,
    running: Option<Running>,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) folder: tempfile::TempDir,
    random: Random,
    at: u64,
}

pub(crate) type Answer = Result<CommandAnswer, EngineError>;

/// The refusal's code of an answer that must be one.
#[track_caller]
pub(crate) fn refused(answer: Answer) -> String {
    match answer {
        Err(EngineError::Refused(refusal)) => refusal.code(),
        other => panic!("no refusal: {other:?}"),
    }
}

pub(crate) fn euros(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: Currency::EUR }
}

/// A scan of the n-th item.
pub(crate) fn scan(n: u32) -> TillCommand {
    TillCommand::Scan { code: item_code(n), quantity: None, price: None }
}

pub(crate) fn pieces(n: i64) -> Quantity {
    Quantity::new(n * 1_000)
}

pub(crate) const PAY: TillCommand = TillCommand::PayCash { tendered: None };

pub(crate) fn count(cents: u32) -> TillCommand {
    TillCommand::CountDrawer {
        pieces: vec![Denomination { value: 1, pieces: cents }],
        foreign: Vec::new(),
    }
}

impl Kit {
    /// A shop of two tills, a manager (1) and a cashier (2); nobody is signed in.
    pub(crate) fn new() -> Kit {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("shop.sqlite");
        let mut built =
            Built::create(&file, Plan { seed: 3, tills: 2, items: ITEMS }).expect("a shop");
        let cashier = ShopCommand::PutPerson {
            person: None,
            name: "Cem".to_owned(),
            role: Role::Cashier,
            active: true,
        };
        built.shop(Some(MANAGER), cashier).expect("a cashier");
        let Built { engine, running, clock, .. } = built;
        let random = Random::new(99);
        Kit { engine, running: Some(running), clock, folder, random, at: 1_800_000_000_000 }
    }

    /// Both tills open, the manager signed in at both.
    pub(crate) fn open() -> Kit {
        let mut kit = Kit::new();
        for till in 1..=2 {
            kit.ok(till, TillCommand::SignIn { person: MANAGER });
            kit.ok(till, TillCommand::OpenDay { float: euros(20_000) });
        }
        kit
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("shop.sqlite")
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::open(&self.file()).expect("a reader")
    }

    pub(crate) fn id(&mut self) -> CommandId {
        self.at += 1;
        CommandId(self.random.uuid(self.at))
    }

    pub(crate) fn stop(&mut self) {
        self.running.take().expect("running").stop();
    }

    pub(crate) fn start(&mut self) {
        let store = Store::open(&self.file()).expect("the same file");
        let (engine, running) = Engine::start(store, self.clock.clone()).expect("an engine");
        self.engine = engine;
        self.running = Some(running);
    }

    pub(crate) fn restart(&mut self) {
        self.stop();
        self.start();
    }

    pub(crate) fn send(&self, id: CommandId, person: PersonId, command: Command) -> Answer {
        let actor = Actor { person: Some(person), approver: None };
        self.engine.submit(id, actor, command).expect("running").wait()
    }

    pub(crate) fn till(&mut self, till: u16, person: PersonId, command: TillCommand) -> Answer {
        let id = self.id();
        self.send(id, person, Command::Till(TillId(till), command))
    }

    /// The manager's command at a till, which must succeed.
    #[track_caller]
    pub(crate) fn ok(&mut self, till: u16, command: TillCommand) -> CommandAnswer {
        let said = format!("{command:?}");
        self.till(till, MANAGER, command).unwrap_or_else(|e| panic!("{said}: {e}"))
    }

    pub(crate) fn shop(&mut self, command: ShopCommand) -> Answer {
        let id = self.id();
        self.send(id, MANAGER, Command::Shop(command))
    }

    /// The cash that should be in a till's drawer, cents.
    pub(crate) fn engine_drawer(&self, till: u16) -> i64 {
        let tills = self.reader().parts("till").expect("read");
        let (_, body) = tills.into_iter().find(|(key, _)| *key == i64::from(till)).expect("a till");
        let till: Value = serde_json::from_str(&body).expect("JSON");
        till["day"]["drawer"].as_i64().expect("an open day")
    }

    pub(crate) fn seq(&self) -> u64 {
        self.engine.snapshot_blocking().expect("running").seq
    }

    /// A till's screen.
    pub(crate) fn view(&self, till: u16) -> TillView {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        (*runtime.block_on(self.engine.view(TillId(till))).expect("a view")).clone()
    }

    /// The screens of both tills, to compare; lamps are no part of the record.
    pub(crate) fn screens(&self) -> Vec<Value> {
        [1, 2]
            .map(|till| {
                let mut view = serde_json::to_value(self.view(till)).expect("JSON");
                view.as_object_mut().expect("an object").remove("lamps");
                view
            })
            .to_vec()
    }

    /// Runs something on the engine's own store.
    pub(crate) fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> T + Send + 'static,
    ) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(self.engine.with_store(work)).expect("running")
    }

    /// Ends the shop; everything that must hold of its file holds.
    pub(crate) fn end(mut self) -> sim::invariants::Book {
        self.stop();
        sim::invariants::check(&self.file()).unwrap_or_else(|e| panic!("{e:#}"))
    }
}

/// A pseudo-terminal: its end that stays open, the device's end, and the name that the shop opens it by.
#[cfg(target_os = "linux")]
pub(crate) fn serial_line() -> (serial2_tokio::SerialPort, serial2_tokio::SerialPort, String) {
    let terminals = || -> Vec<PathBuf> {
        let inside = std::fs::read_dir("/proc/self/fd").expect("its files");
        let links = inside.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
        links.filter(|path| path.starts_with("/dev/pts")).collect()
    };
    let before = terminals();
    let (device, kept_open) = serial2_tokio::SerialPort::pair().expect("this machine has ptys");
    let path = terminals().into_iter().find(|one| !before.contains(one)).expect("one more");
    (kept_open, device, path.to_str().expect("its name").to_owned())
}
