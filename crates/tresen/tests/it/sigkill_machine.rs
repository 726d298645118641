//! The program is killed at every moment of a payment at a cash machine: what the machine has kept and what the receipts say
//! agree, or the shop says that it does not know and a person looks into the machine.

use std::collections::BTreeMap;
use std::path::Path;

use devices::simulator::cash_machine::CashMachine;
use devices::simulator::stand::Stand;
use domain::peripheral::{CashMachineSettings, Peripheral, PeripheralKind};
use domain::{ShopCommand, TerminalId};
use serde_json::{Value, json};
use sim::build::{Built, Plan, item_code, settings};
use sim::process::Shop;

use crate::kit::{Folder, Ids, done, start};

/// When the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    /// So many entries after it was asked for the money.
    Entries(u64),
    /// The customer has put a coin in.
    Begun,
    /// The customer has put in enough.
    Paid,
}

const MOMENTS: [Moment; 5] =
    [Moment::Entries(1), Moment::Entries(2), Moment::Begun, Moment::Paid, Moment::Entries(3)];
/// So often at each of them.
const ROUNDS: u32 = 4;

fn shop_file(file: &Path, at: &str) {
    let mut built = Built::create(file, Plan { seed: 29, tills: 1, items: 20 }).expect("a shop");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let hash = runtime.block_on(shop::auth::Secrets::default().hash(crate::kit::PIN));
    built.set_pin(hash.expect("a hash")).expect("a PIN");
    built.open_till(1).expect("open");
    let mut settings = settings(1);
    let known =
        CashMachineSettings { id: TerminalId(7), user: "kasse".to_owned(), certificate: None };
    let device = PeripheralKind::CashMachine(known);
    settings.peripherals =
        vec![Peripheral { at: at.to_owned(), name: "Automat".to_owned(), device }];
    settings.tills[0].cash_machine = Some(at.to_owned());
    let manager = Some(built.manager);
    built.shop(manager, ShopCommand::Configure { settings: Box::new(settings) }).expect("set up");
    built.close();
}

/// What the receipts say that the machine took.
fn booked(file: &Path) -> i64 {
    let reader = store::Reader::open(file).expect("a reader");
    let rows = reader.receipts(&store::ReceiptFilter::default(), 10_000).expect("read");
    let receipts =
        rows.iter().filter_map(|row| reader.receipt(row.till, false, row.number).expect("read"));
    let tenders = receipts.flat_map(|issued| issued.receipt.tenders);
    tenders.filter(|tender| tender.is_by_machine()).map(|tender| tender.amount.minor()).sum()
}

fn head(file: &Path) -> u64 {
    store::Reader::open(file).and_then(|reader| reader.head()).map_or(0, |head| head.seq)
}

fn minor(amount: u64) -> i64 {
    i64::try_from(amount).expect("money")
}

/// A till's session, and its machine.
struct Counter<'a> {
    client: sim::client::Client,
    ids: Ids,
    machine: &'a Stand<CashMachine>,
}

impl Counter<'_> {
    fn view(&mut self) -> Value {
        self.client.ok("GET", "/api/v1/tills/1", None).expect("a view")
    }

    fn done(&mut self, body: Value) {
        done(&mut self.client, &mut self.ids, body);
    }

    /// The customer goes on putting money in for as long as the machine wants some; a person settles what stays in doubt.
    /// Says how it ended.
    fn settle(&mut self, before: u64, amount: i64) -> &'static str {
        loop {
            while self.machine.with(|m| m.wants().is_some()) {
                self.machine.with(|m| m.put(1_000));
            }
            let view = self.view();
            let truth = view["payment"]["truth"].as_str().unwrap_or_default();
            if view["basket"].is_null() {
                return "charged";
            }
            if truth == "not_charged" {
                self.done(json!({"type": "abort_basket"}));
                return "not charged";
            }
            if truth == "unknown" {
                let grown = self.machine.with(|m| minor(m.holds()) - minor(before));
                assert!(grown == 0 || grown == amount, "{grown}");
                let attempt = &view["doubts"][0]["attempt"];
                self.done(
                    json!({"type": "resolve_doubt", "attempt": attempt, "charged": grown != 0,
                    "reason": "looked into the machine"}),
                );
                if grown == 0 {
                    self.done(json!({"type": "abort_basket"}));
                }
                return "in doubt";
            }
            std::thread::yield_now();
        }
    }
}

#[test]
fn killed_at_every_moment_of_a_payment_at_a_cash_machine_its_money_and_the_receipts_agree() {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_all().build().expect("a runtime");
    let listen = "127.0.0.1:0".parse().expect("an address");
    let machine = runtime.block_on(Stand::start(listen, CashMachine::new())).expect("a machine");
    let began_with = machine.with(|m| m.holds());
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    shop_file(&file, &machine.address().to_string());
    let mut ended = BTreeMap::<(Moment, &str), u32>::new();
    let counter = |shop: &Shop, seed: u64| {
        let client = crate::kit::sign_in(shop);
        Counter { client, ids: Ids::new(seed), machine: &machine }
    };
    let mut seed = 1;
    for moment in MOMENTS {
        for _ in 0..ROUNDS {
            seed += 2;
            let shop = start(&file);
            let mut till = counter(&shop, seed);
            till.done(json!({"type": "scan", "code": item_code(3)}));
            let amount = till.view()["basket"]["cash_due"]["amount"].as_i64().expect("due");
            let (before, entries) = (machine.with(|m| m.holds()), head(&file));
            till.done(json!({"type": "pay_cash_machine"}));
            match moment {
                Moment::Entries(count) => {
                    while head(&file) < entries + count && machine.with(|m| m.wants().is_none()) {
                        std::thread::yield_now();
                    }
                    if count > 2 {
                        machine.with(|m| m.put(1_000));
                    }
                }
                Moment::Begun | Moment::Paid => {
                    while machine.with(|m| m.wants().is_none()) {
                        std::thread::yield_now();
                    }
                    machine.with(|m| m.put(1));
                    while moment == Moment::Paid && machine.with(|m| m.wants().is_some()) {
                        machine.with(|m| m.put(1_000));
                    }
                }
            }
            shop.kill().expect("killed");
            let shop = start(&file);
            let mut till = counter(&shop, seed + 1);
            let how = till.settle(before, amount);
            *ended.entry((moment, how)).or_default() += 1;
            shop.kill().expect("killed");
            let kept = machine.with(|m| minor(m.holds()) - minor(began_with));
            assert_eq!(kept, booked(&file), "killed at {moment:?}, {how}");
        }
    }
    println!("{} kills: {ended:?}", MOMENTS.len() * ROUNDS as usize);
    sim::invariants::check(&file).unwrap_or_else(|e| panic!("{e:#}"));
    // It was killed before the customer paid and after, and both were told apart.
    let paid = |how: &str| ended.keys().any(|(_, told)| *told == how);
    assert!(paid("charged") && paid("not charged"), "{ended:?}");
}
