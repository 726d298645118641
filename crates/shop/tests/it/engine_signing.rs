//! Receipts are signed, or say that they are not; a unit that fails stops no sale, and its paper waits for it only.

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use devices::printer::Timeouts;
use devices::simulator::Printer;
use domain::signing::{SigningSettings, Subject, UnitKind, UnitSettings};
use domain::{BasketId, Event, ShopCommand, TillCommand, TillId, UnitId};
use escpos::Profile;
use fiscal::de::tse::qr::ReceiptCode;
use fiscal::de::tse::tar::{self, Scope};
use jiff::Timestamp;
use shop::api::view::{LampKind, LampState};
use shop::clock::Clock;
use shop::engine::Actor;
use shop::sign::receipt_code;
use shop::sign::runner::{Pace, run_at};
use signing::{Began, Fault, Finished, Identity, Software, Span, Tell, Unit, Usage};
use store::Signed;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::engine_kit::{Kit, MANAGER, PAY, euros, scan};

pub(crate) const PACE: Pace = Pace {
    answer: Duration::from_secs(20),
    line: Duration::from_secs(40),
    look: Duration::from_millis(30),
};

/// A unit that can be unplugged.
pub(crate) struct Unplugged {
    pub(crate) unit: Software,
    gone: AtomicBool,
    /// Its storage is full: it begins nothing.
    pub(crate) full: AtomicBool,
    pub(crate) begins: AtomicUsize,
    /// It has begun something and says so late: when it is let go.
    pub(crate) slow: AtomicBool,
    /// It takes its time to get to know this till, until it is let go.
    pub(crate) holds: Mutex<Option<&'static str>>,
    pub(crate) held: AtomicBool,
    pub(crate) tests: AtomicUsize,
    /// Its self-test takes its time, until it is let go.
    pub(crate) pauses: AtomicBool,
    /// The answer to the next finish is lost on its way.
    loses: AtomicBool,
    /// It takes its time to say what is open, until it is let go.
    pub(crate) keeps: AtomicBool,
    pub(crate) kept: AtomicBool,
    /// It says no to this till, with this code.
    pub(crate) refuses: Option<(&'static str, &'static str)>,
    pub(crate) refused: AtomicUsize,
    /// It lists these as open and ends neither: of one it knows nothing, to the other it says no.
    pub(crate) hopeless: AtomicBool,
    pub(crate) asked: AtomicUsize,
}

/// See [`Unplugged::hopeless`].
pub(crate) const HOPELESS: [u64; 2] = [9_998, 9_999];

impl Unplugged {
    pub(crate) fn new(folder: &std::path::Path, id: u8, now: Timestamp) -> Unplugged {
        let path = folder.join(format!("unit-{id}.tse"));
        let unit = Software::open(&path, || signing::fresh(&[id; 32], "test"), now);
        let unit = unit.expect("a unit");
        Unplugged {
            unit,
            gone: AtomicBool::new(false),
            full: AtomicBool::new(false),
            begins: AtomicUsize::new(0),
            slow: AtomicBool::new(false),
            holds: Mutex::new(None),
            held: AtomicBool::new(false),
            tests: AtomicUsize::new(0),
            pauses: AtomicBool::new(false),
            loses: AtomicBool::new(false),
            keeps: AtomicBool::new(false),
            kept: AtomicBool::new(false),
            refuses: None,
            refused: AtomicUsize::new(0),
            hopeless: AtomicBool::new(false),
            asked: AtomicUsize::new(0),
        }
    }

    pub(crate) fn plug(&self, there: bool) {
        self.gone.store(!there, Ordering::SeqCst);
    }

    fn there(&self) -> Result<&Software, Fault> {
        let gone = self.gone.load(Ordering::SeqCst);
        if gone { Err(Fault::Unusable("unreachable")) } else { Ok(&self.unit) }
    }
}

impl Unit for Unplugged {
    fn set_up(&self, puk: Option<&str>, now: Timestamp, tell: Tell<'_>) -> Result<(), Fault> {
        self.there()?.set_up(puk, now, tell)
    }
    fn clients(&self) -> Result<Vec<String>, Fault> {
        self.there()?.clients()
    }
    fn deregister(&self, client: &str, now: Timestamp) -> Result<(), Fault> {
        self.there()?.deregister(client, now)
    }
    fn usage(&self) -> Result<Usage, Fault> {
        self.there()?.usage()
    }
    fn identity(&self) -> Result<Identity, Fault> {
        self.there()?.identity()
    }
    fn self_test(&self, now: Timestamp) -> Result<(), Fault> {
        self.tests.fetch_add(1, Ordering::SeqCst);
        while self.pauses.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        self.there()?.self_test(now)
    }
    fn register(&self, client: &str, now: Timestamp) -> Result<(), Fault> {
        if let Some((_, code)) = self.refuses.filter(|(who, _)| *who == client) {
            self.refused.fetch_add(1, Ordering::SeqCst);
            return Err(Fault::Refused(code));
        }
        while *self.holds.lock().expect("whole") == Some(client) {
            self.held.store(true, Ordering::SeqCst);
            std::thread::yield_now();
        }
        self.there()?.register(client, now)
    }
    fn open_transactions(&self, client: &str) -> Result<Vec<u64>, Fault> {
        while self.keeps.load(Ordering::SeqCst) {
            self.kept.store(true, Ordering::SeqCst);
            std::thread::yield_now();
        }
        let mut open = self.there()?.open_transactions(client)?;
        if self.hopeless.load(Ordering::SeqCst) && client == "TR-1" {
            open.extend(HOPELESS);
        }
        Ok(open)
    }
    fn begin(&self, client: &str, now: Timestamp) -> Result<Began, Fault> {
        self.begins.fetch_add(1, Ordering::SeqCst);
        if self.full.load(Ordering::SeqCst) {
            return Err(Fault::Unusable("storage_full"));
        }
        let begun = self.there()?.begin(client, now);
        while client == "TR-1" && self.slow.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        begun
    }
    fn update(&self, of: (&str, u64), process: (&str, &str), now: Timestamp) -> Result<(), Fault> {
        self.there()?.update(of, process, now)
    }
    fn finish(
        &self,
        of: (&str, u64),
        process: (&str, &str),
        now: Timestamp,
    ) -> Result<Finished, Fault> {
        if HOPELESS.contains(&of.1) {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let unknown = of.1 == HOPELESS[0];
            return Err(if unknown { Fault::NoTransaction } else { Fault::Refused("request") });
        }
        let done = self.there()?.finish(of, process, now)?;
        if self.loses.swap(false, Ordering::SeqCst) {
            return Err(Fault::Unusable("time_out"));
        }
        Ok(done)
    }
    fn finished(&self, of: (&str, u64), process: (&str, &str)) -> Result<Option<Finished>, Fault> {
        self.there()?.finished(of, process)
    }
    fn export(&self, span: Span, now: Timestamp, out: &mut dyn Write) -> Result<(), Fault> {
        self.there()?.export(span, now, out)
    }
}

/// What happened so far.
pub(crate) async fn entries(kit: &Kit) -> Vec<Event> {
    let read = |store: &mut store::Store| {
        let rows = store.journal(1, 100_000).expect("read");
        rows.iter().map(|row| journal::decode(&row.bytes).expect("an entry").1).collect()
    };
    kit.engine.with_store(read).await.expect("running")
}

/// How something was signed, as soon as that is settled.
pub(crate) async fn signed(kit: &Kit, of: Subject) -> Signed {
    let wait = async {
        loop {
            let read = move |store: &mut store::Store| store.signature(of);
            let found = kit.engine.with_store(read).await.expect("running");
            if let Some(signed) = found.expect("read") {
                return signed;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("settled")
}

/// A shop whose receipts are signed by that many units.
pub(crate) struct Sign {
    pub(crate) kit: Kit,
    pub(crate) units: Vec<Arc<Unplugged>>,
    stop: watch::Sender<bool>,
    runner: Option<JoinHandle<()>>,
}

pub(crate) fn unit(id: u16) -> UnitSettings {
    UnitSettings { id: UnitId(id), name: format!("unit {id}"), kind: UnitKind::Software }
}

impl Sign {
    pub(crate) async fn start(count: u16) -> Sign {
        let mut sign = Sign::still(count, |_| ()).await;
        sign.run();
        sign
    }

    /// Nobody signs yet.
    pub(crate) async fn still(
        count: u16,
        change: impl FnOnce(&mut domain::settings::Settings) + Send + 'static,
    ) -> Sign {
        let kit = tokio::task::spawn_blocking(move || {
            let mut kit = Kit::open();
            let mut settings = sim::build::settings(2);
            let units = (1..=count).map(unit).collect();
            let serial = "TR".to_owned();
            settings.signing = Some(SigningSettings { serial, units, clear_text: false });
            change(&mut settings);
            kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
            kit
        });
        let kit = kit.await.expect("set up");
        let folder = kit.file().parent().expect("a folder").to_owned();
        let now = kit.clock.now();
        let mut units = Vec::new();
        for id in 1..=count {
            let faulty = Unplugged::new(&folder, u8::try_from(id).expect("few"), now);
            let faulty = Arc::new(faulty);
            kit.engine.units().put(&unit(id), Arc::<Unplugged>::clone(&faulty));
            units.push(faulty);
        }
        Sign { kit, units, stop: watch::channel(false).0, runner: None }
    }

    pub(crate) fn run(&mut self) {
        self.run_at(PACE);
    }

    pub(crate) fn run_at(&mut self, pace: Pace) {
        let (stop, stopped) = watch::channel(false);
        self.stop = stop;
        let (engine, clock) = (self.kit.engine.clone(), self.kit.clock.clone());
        let runner = run_at(engine, clock, stopped, pace);
        self.runner = Some(tokio::spawn(runner));
    }

    pub(crate) async fn halt(&mut self) {
        let _ = self.stop.send(true);
        self.runner.take().expect("runs").await.expect("ends");
    }

    pub(crate) async fn at(&mut self, till: u16, command: TillCommand) {
        let actor = Actor { person: Some(MANAGER), approver: None };
        let id = self.kit.id();
        self.kit.engine.till(id, TillId(till), actor, command).await.expect("done");
    }

    /// A receipt; answers its basket.
    pub(crate) async fn sell(&mut self, till: u16) -> BasketId {
        self.at(till, scan(1)).await;
        self.at(till, PAY).await;
        self.last_basket().await
    }

    async fn last_basket(&self) -> BasketId {
        let last = |event: &Event| match event {
            Event::ReceiptIssued(receipt) => Some(receipt.basket),
            Event::BasketAborted { basket, .. } => Some(*basket),
            _ => None,
        };
        self.entries().await.iter().rev().find_map(last).expect("one ended")
    }

    pub(crate) async fn entries(&self) -> Vec<Event> {
        entries(&self.kit).await
    }

    /// How something was signed, as soon as that is settled.
    pub(crate) async fn signed(&self, of: Subject) -> Signed {
        signed(&self.kit, of).await
    }

    pub(crate) async fn code(&self, basket: BasketId) -> ReceiptCode {
        self.code_of(Subject::Basket(basket)).await
    }

    pub(crate) async fn code_of(&self, of: Subject) -> ReceiptCode {
        match self.signed(of).await {
            Signed::Yes(signed) => {
                let code = receipt_code(&signed.0, &signed.1).expect("a code");
                let code = ReceiptCode::read(&code).expect("it is read");
                code.verify().expect("it holds");
                code
            }
            Signed::No(failed) => panic!("{failed:?}"),
        }
    }

    /// The state of the signing lamp, when it is that.
    async fn lamp(&self, state: LampState, code: &str) {
        let wait = async {
            loop {
                let view = self.kit.engine.view(TillId(1)).await.expect("a view");
                let lamp = view.lamps.iter().find(|lamp| lamp.kind == LampKind::Signing);
                if lamp.is_some_and(|lamp| (lamp.state, lamp.code.as_str()) == (state, code)) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), wait).await.expect("shown");
    }

    pub(crate) fn export(&self, unit: usize) -> tar::Report {
        let mut archive = Vec::new();
        let now = self.kit.clock.now();
        self.units[unit].unit.export((None, None), now, &mut archive).expect("exported");
        tar::verify(archive.as_slice(), Scope::Whole)
    }

    /// Ends the shop; its file and the units' exports hold.
    pub(crate) async fn end(mut self) {
        self.halt().await;
        for unit in 0..self.units.len() {
            let report = self.export(unit);
            assert!(report.is_clean(), "{:?}", report.first());
        }
        tokio::task::spawn_blocking(move || self.kit.end()).await.expect("it holds");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_receipt_of_every_till_is_signed_and_verifies_from_its_code() {
    let mut sign = Sign::start(1).await;
    sign.lamp(LampState::Warn, "signing_test").await;
    let mut counters = Vec::new();
    for round in 0..6 {
        let till = 1 + round % 2;
        let basket = sign.sell(till).await;
        let code = sign.code(basket).await;
        assert_eq!(code.client, format!("TR-{till}"));
        assert!(code.process_data.starts_with("Beleg^"), "{}", code.process_data);
        counters.push(code.counter);
    }
    assert!(counters.windows(2).all(|pair| pair[0] < pair[1]), "{counters:?}");

    sign.at(1, scan(1)).await;
    sign.at(1, TillCommand::AbortBasket { reason: None }).await;
    let given_up = sign.code(sign.last_basket().await).await;
    assert!(given_up.process_data.starts_with("AVBelegabbruch^"), "{}", given_up.process_data);
    sign.at(1, TillCommand::Training { on: true }).await;
    let practised = sign.sell(1).await;
    let practised = sign.code(practised).await;
    assert!(practised.process_data.starts_with("AVTraining^"), "{}", practised.process_data);

    // Cash that moves without a sale is signed as well.
    let reason = || "Test".to_owned();
    let moved = [
        (
            TillCommand::PaidIn { amount: euros(2_500), reason: reason(), purpose: None },
            "25.00^25.00:Bar",
        ),
        (
            TillCommand::PaidOut { amount: euros(1_200), reason: reason(), purpose: None },
            "-12.00^-12.00:Bar",
        ),
        (TillCommand::Drop { amount: euros(300), reason: reason() }, "-3.00^-3.00:Bar"),
    ];
    for (command, ending) in moved {
        sign.at(2, command).await;
        let entries = sign.entries().await;
        let moved = entries.iter().rposition(|event| {
            let reason = serde_json::to_value(event).expect("JSON")["body"]["reason"].clone();
            reason == "Test"
        });
        let seq = u64::try_from(moved.expect("it is there")).expect("few") + 1;
        let code = sign.code_of(Subject::Entry(seq)).await;
        assert_eq!(code.process_data, format!("Beleg^0.00_0.00_0.00_0.00_{ending}"));
        assert_eq!(code.start, code.finish);
    }
    let report = sign.export(0);
    assert_eq!(report.units[0].transactions, 8 + 3);
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_begins_with_the_first_line_and_not_with_the_payment() {
    let mut sign = Sign::start(1).await;
    sign.at(1, scan(1)).await;
    let wait = async {
        while !sign.entries().await.iter().any(|e| matches!(e, Event::SigningStarted(_))) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("begun");
    sign.at(1, scan(2)).await;
    sign.at(1, PAY).await;
    let basket = sign.last_basket().await;
    sign.code(basket).await;
    let started = sign.entries().await;
    let started = started.iter().filter(|e| matches!(e, Event::SigningStarted(_)));
    assert_eq!(started.count(), 1);
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_is_gone_stops_no_sale_and_what_was_not_signed_stays_so() {
    let mut sign = Sign::start(1).await;
    let before = sign.sell(1).await;
    sign.code(before).await;
    sign.units[0].plug(false);
    let during = sign.sell(1).await;
    let Signed::No(failed) = sign.signed(Subject::Basket(during)).await else {
        panic!("it was gone")
    };
    assert_eq!(failed.why, "unreachable");
    assert!(failed.process_data.starts_with("Beleg^"));
    sign.lamp(LampState::Bad, "signing_outage").await;
    let also = sign.sell(2).await;
    assert!(matches!(sign.signed(Subject::Basket(also)).await, Signed::No(_)));

    sign.units[0].plug(true);
    sign.lamp(LampState::Warn, "signing_test").await;
    let after = sign.sell(1).await;
    sign.code(after).await;
    assert!(matches!(sign.signed(Subject::Basket(during)).await, Signed::No(_)));
    let entries = sign.entries().await;
    let count = |is: fn(&Event) -> bool| entries.iter().filter(|event| is(event)).count();
    assert_eq!(count(|e| matches!(e, Event::SigningOutage(_))), 1);
    assert_eq!(count(|e| matches!(e, Event::SigningRestored(_))), 1);
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_unit_takes_over_in_the_middle_of_the_day() {
    let mut sign = Sign::start(2).await;
    let first = sign.sell(1).await;
    let first = sign.code(first).await;
    sign.units[0].plug(false);
    let second = sign.sell(1).await;
    let second = sign.code(second).await;
    assert_ne!(first.public_key, second.public_key);
    sign.units[0].plug(true);
    let wait = async {
        while !sign.entries().await.iter().any(|e| matches!(e, Event::SigningRestored(_))) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("back");
    let third = sign.sell(1).await;
    assert_eq!(sign.code(third).await.public_key, first.public_key);
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_that_was_given_and_not_recorded_is_found_again() {
    let mut sign = Sign::start(1).await;
    let earlier = sign.sell(1).await;
    sign.code(earlier).await;
    sign.at(1, scan(1)).await;
    let wait = async {
        loop {
            let begun = sign.entries().await.into_iter().rev().find_map(|event| match event {
                Event::SigningStarted(started) => Some(started),
                _ => None,
            });
            if let Some(begun) = begun.filter(|begun| begun.basket != earlier) {
                return begun.transaction;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let begun = tokio::time::timeout(Duration::from_secs(60), wait).await.expect("begun");
    sign.halt().await;
    sign.at(1, PAY).await;
    let basket = sign.last_basket().await;
    let work = sign.kit.engine.signing_work(TillId(1)).await.expect("running");
    let (ended, receipt) = work.ended.first().expect("it waits");
    let (kind, data) = shop::sign::process_of(ended, receipt.as_deref()).expect("can be signed");
    // The program ended after the unit signed, and before that was on disk.
    let now = sign.kit.clock.now();
    let given = sign.units[0].unit.finish((&begun.client, begun.number), (&kind, &data), now);
    let given = given.expect("signed");
    let mut kit = sign.kit;
    sign.kit = tokio::task::spawn_blocking(move || {
        kit.restart();
        kit
    })
    .await
    .expect("restarted");
    let again = Arc::<Unplugged>::clone(&sign.units[0]);
    sign.kit.engine.units().put(&unit(1), again);
    sign.run();
    let code = sign.code(basket).await;
    assert_eq!((code.transaction, code.counter), (begun.number, given.counter));
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_whose_answer_is_lost_is_out_of_order_and_leaves_nothing_open() {
    let mut sign = Sign::start(1).await;
    let first = sign.sell(1).await;
    sign.code(first).await;
    sign.units[0].loses.store(true, Ordering::SeqCst);
    let lost = sign.sell(1).await;
    let Signed::No(failed) = sign.signed(Subject::Basket(lost)).await else {
        panic!("nobody heard it")
    };
    assert_eq!(failed.why, "time_out");
    sign.lamp(LampState::Warn, "signing_test").await;
    let after = sign.sell(1).await;
    sign.code(after).await;
    // What began beside the sale and was overtaken is ended as given up.
    let wait = async {
        while !sign.units[0].unit.open_transactions("TR-1").expect("said").is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("tidied");
    sign.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paper_waits_for_the_signature_and_carries_its_code() {
    let printer =
        Printer::start("127.0.0.1:0".parse().expect("an address"), Profile::generic_80mm());
    let printer = printer.await.expect("a printer");
    let address = printer.address().to_string();
    let change = move |settings: &mut domain::settings::Settings| {
        settings.print_receipts = true;
        settings.tills[0].printer = Some(address);
    };
    let mut sign = Sign::still(1, change).await;
    let (stop, stopped) = watch::channel(false);
    let pace = shop::print::runner::Pace {
        look: Duration::from_millis(20),
        timeouts: Timeouts {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(5),
            finish: Duration::from_secs(10),
        },
    };
    let (engine, clock) = (sign.kit.engine.clone(), sign.kit.clock.clone());
    let printing = tokio::spawn(shop::print::runner::run_at(engine, clock, stopped, pace));
    let basket = sign.sell(1).await;
    // As often as the printer's runner may look, nothing comes out.
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let printed = printer.jobs();
        assert!(printed.is_empty(), "printed before it was signed");
    }
    sign.run();
    let code = sign.code(basket).await.to_string();
    let wait = async {
        while printer.jobs().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("printed");
    let printed = format!("{:?}", printer.jobs());
    assert!(printed.contains("keine zertifizierte"), "{printed}");
    assert!(printed.contains(&code), "{printed}");
    let _ = stop.send(true);
    printing.await.expect("ends");
    sign.end().await;
}
