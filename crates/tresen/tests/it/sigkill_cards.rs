//! The program is killed at every step of a card payment, with every fault of the terminal: whoever was
//! charged has a receipt, and nobody else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use domain::basket::TenderKind;
use domain::settings::{TerminalProtocol, TerminalSettings};
use domain::{ShopCommand, TerminalId};
use payment::driver::Moment;
use payment::simulator::{Controls, Fault, Setup, Simulator};
use serde_json::{Value, json};
use sim::build::{Built, PIN, Plan, item_code, settings};
use sim::client::Client;
use sim::process::Shop;

use crate::kit::{Folder, Ids, command, program};

/// Shops that are killed side by side: most of a round is waiting for the terminal.
const LANES: u64 = 6;
/// Entries of a payment that the program is killed after: intended, sent, the terminal's word, held to.
const STEPS: u64 = 4;

/// The terminal's clock; its month and day are the shop's today.
pub(crate) fn clock() -> Moment {
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone");
    #[expect(clippy::disallowed_methods, reason = "the program under test reads the clock as well")]
    let now = zone.to_datetime(jiff::Timestamp::now());
    let number = |n: i8| u8::try_from(n).expect("small");
    Moment {
        month: number(now.month()),
        day: number(now.day()),
        hour: number(now.hour()),
        minute: number(now.minute()),
    }
}

fn shop_file(file: &Path, terminal: &str) {
    let mut built = Built::create(file, Plan { seed: 23, tills: 1, items: 20 }).expect("a shop");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let hash = runtime.block_on(shop::auth::Secrets::default().hash(PIN)).expect("a hash");
    built.set_pin(hash).expect("a PIN");
    built.open_till(1).expect("open");
    let mut settings = settings(1);
    settings.terminals = vec![TerminalSettings {
        id: TerminalId(1),
        name: "Theke".to_owned(),
        protocol: TerminalProtocol::ZvtTcp,
        address: terminal.to_owned(),
        terminal_id: None,
        certificate: None,
        rate: None,
        merchant: None,
        close_by_hand: false,
    }];
    settings.tills[0].terminal = Some(TerminalId(1));
    let manager = Some(built.manager);
    built.shop(manager, ShopCommand::Configure { settings: Box::new(settings) }).expect("set up");
    built.close();
}

/// What the terminal holds to: payments that were not taken back.
fn charged(terminal: &Controls) -> Vec<i64> {
    let view = terminal.view();
    let standing = view.entries.iter().filter(|e| e.kind == "payment" && !e.settled);
    standing.map(|e| e.amount).collect()
}

/// What the receipts say was paid by card.
fn booked(file: &Path) -> Vec<i64> {
    let reader = store::Reader::open(file).expect("a reader");
    let rows = reader.receipts(&store::ReceiptFilter::default(), 10_000).expect("read");
    let receipts = rows
        .iter()
        .rev()
        .filter_map(|row| reader.receipt(row.till, false, row.number).expect("read"));
    let tenders = receipts.flat_map(|issued| issued.receipt.tenders);
    tenders.filter(|t| t.kind == TenderKind::Card).map(|t| t.amount.minor()).collect()
}

fn head(file: &Path) -> u64 {
    store::Reader::open(file).and_then(|reader| reader.head()).map_or(0, |head| head.seq)
}

/// How often the program was killed after which entry of a payment; at a terminal without a fault, and others.
type Stages = Mutex<BTreeMap<(bool, String), u32>>;

/// The last entry of a payment.
fn last_step(file: &Path) -> String {
    let reader = store::Reader::open(file).expect("a reader");
    let rows = reader.journal(head(file).saturating_sub(12), 12).expect("read");
    let kinds = rows.iter().rev().filter_map(|row| {
        let entry: Value = serde_json::from_str(&row.bytes).expect("JSON");
        let kind = entry["kind"].as_str().unwrap_or_default().to_owned();
        ["tender_", "attempt_", "receipt_"].iter().any(|of| kind.starts_with(of)).then_some(kind)
    });
    kinds.into_iter().next().unwrap_or_default()
}

struct Till {
    client: Client,
    ids: Ids,
}

impl Till {
    fn sign_in(shop: &Shop, seed: u64) -> Till {
        let mut client = Client::connect(shop.address).expect("a connection");
        let body = json!({"person": 1, "pin": PIN});
        client.ok("POST", "/api/v1/tills/1/sign-in", Some(&body)).expect("signed in");
        Till { client, ids: Ids::new(seed) }
    }

    fn done(&mut self, body: Value) -> Value {
        crate::kit::done(&mut self.client, &mut self.ids, body)
    }

    fn view(&mut self) -> Value {
        self.client.ok("GET", "/api/v1/tills/1", None).expect("a view")
    }

    /// Waits until the payment has a clear end, screen by screen; for a minute without a new one at most.
    fn settled(&mut self, shop: &Shop, what: &str) {
        let cookie = self.client.cookie().expect("a session").to_owned();
        let client = Client::connect(shop.address).expect("a connection").with_cookie(&cookie);
        let mut screens = client.events("/api/v1/tills/1/events").expect("screens");
        loop {
            let screen = screens.next_data().unwrap_or_else(|e| panic!("{what}: {e}"));
            let view: Value = serde_json::from_str(&screen).expect("JSON");
            if view["basket"].is_null() || view["payment"]["truth"] == "not_charged" {
                return;
            }
        }
    }
}

/// A shop and its terminal.
struct Lane {
    number: u64,
    file: PathBuf,
    runtime: tokio::runtime::Runtime,
    terminal: Simulator,
}

impl Lane {
    fn new(number: u64, folder: &Folder) -> Lane {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().expect("a runtime");
        let setup = Setup { automatic: Some(0), hurry: 200, clock, ..Setup::default() };
        let (terminal, address) = runtime.block_on(async {
            let terminal = Simulator::start(&setup).expect("a terminal");
            let any = "127.0.0.1:0".parse().expect("an address");
            let address = terminal.listen(any).await.expect("listening").to_string();
            (terminal, address)
        });
        let file = folder.file(&format!("shop{number}.sqlite"));
        shop_file(&file, &address);
        Lane { number, file, runtime, terminal }
    }
}

/// All kills with each fault that a shop takes from the list.
fn kills(lane: Lane, faults: &Mutex<Vec<Option<Fault>>>, stages: &Stages) -> u32 {
    let Lane { number, file, runtime, terminal } = lane;
    let controls = terminal.controls();
    let mut kills = 0;
    loop {
        let next = faults.lock().expect("the list").pop();
        let Some(fault) = next else { break };
        let name = fault.map_or("none", Fault::name);
        for step in 1..=STEPS {
            let shop = Shop::start(program(), &file).expect("it starts");
            let mut till = Till::sign_in(&shop, number * 1_000_003 + u64::from(kills) * 7 + 1);
            till.done(
                json!({"type": "scan", "code": item_code(1 + u32::try_from(step).expect("small"))}),
            );
            runtime.block_on(controls.choose(fault));
            let before = head(&file);
            // It may be killed before it answers: what is on disk counts.
            let id = till.ids.next();
            let (status, answer) = command(&mut till.client, &id, json!({"type": "pay_card"}));
            assert_eq!(status, 200, "{answer}");
            while head(&file) < before + step && till.view()["payment"]["truth"] == "running" {
                std::thread::yield_now();
            }
            shop.kill().expect("killed");
            kills += 1;
            *stages
                .lock()
                .expect("the stages")
                .entry((fault.is_none(), last_step(&file)))
                .or_insert(0_u32) += 1;
            let shop = Shop::start(program(), &file).expect("it starts again");
            let mut till = Till::sign_in(&shop, number * 1_000_003 + u64::from(kills) * 7 + 4);
            till.settled(&shop, &format!("{name}, killed after {step}"));
            runtime.block_on(controls.choose(None));
            if !till.view()["basket"].is_null() {
                till.done(json!({"type": "abort_basket"}));
            }
            shop.kill().expect("killed");
            assert_eq!(charged(&controls), booked(&file), "{name}, killed after {step}");
        }
    }
    sim::invariants::check(&file).unwrap_or_else(|e| panic!("{e:#}"));
    kills
}

/// All but the two that make the till wait for minutes; the driver's own tests have those.
#[test]
fn killed_at_every_step_of_a_card_payment_nobody_is_charged_twice_or_for_nothing() {
    let slow = |fault: &Fault| matches!(fault.name(), "time_out" | "slow_acknowledgement");
    let mut all: Vec<Option<Fault>> = Fault::all().filter(|f| !slow(f)).map(Some).collect();
    all.push(None);
    let count = all.len();
    let faults = Mutex::new(all);
    let (folder, stages) = (Folder::new(), Stages::default());
    // All files are made before the first program starts: a program that is being started holds for a moment
    // what this process has open, and with it the lock of a file.
    let lanes: Vec<Lane> = (1..=LANES).map(|number| Lane::new(number, &folder)).collect();
    let kills: u32 = std::thread::scope(|scope| {
        let (faults, stages) = (&faults, &stages);
        let threads: Vec<_> = lanes
            .into_iter()
            .map(|lane| scope.spawn(move || kills(lane, faults, stages)))
            .collect();
        threads.into_iter().map(|lane| lane.join().expect("a lane")).sum()
    });
    let stages = stages.into_inner().expect("the stages");
    println!(
        "{kills} kills: {count} ways of a terminal, {STEPS} each; the last entry then: {stages:?}"
    );
    assert_eq!(kills as usize, count * STEPS as usize);
    // Killed at every step, not only before and after.
    for step in ["tender_intended", "tender_sent", "attempt_recorded"] {
        assert!(stages.iter().any(|((_, last), _)| last == step), "{step}: {stages:?}");
    }
}
