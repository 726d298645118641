//! Cash at a simulated machine that fails in every way it can, at every moment, while the shop's program ends: what the machine has
//! taken and what the shop's receipts say agree, or the shop says that it does not know.

use std::sync::Arc;
use std::time::Duration;

use devices::simulator::cash_machine::CashMachine;
use devices::simulator::stand::{Fault, Stand};
use domain::basket::{CashTaken, TenderKind};
use domain::payment::AttemptState;
use domain::peripheral::{CashMachineSettings, Peripheral, PeripheralKind};
use domain::{ShopCommand, TerminalId, TillCommand, TillId};
use shop::api::view::{LampKind, LampState, TillView, Truth};
use shop::engine::Actor;
use shop::pay::runner::{Pace, run_at};
use tokio::net::TcpStream;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use crate::engine_kit::{Kit, MANAGER, PAY, euros, scan};
use crate::engine_printing::blocking;

const MACHINE: TerminalId = TerminalId(7);
const CASH: TillCommand = TillCommand::PayCashMachine { amount: None };

fn pace() -> Pace {
    Pace {
        look: Duration::from_millis(300),
        ask_again: Duration::from_millis(20),
        at_most: Duration::from_millis(100),
        line: payment::line::Pace::default(),
        machine: devices::cash_machine::Pace {
            answer: Duration::from_millis(800),
            customer: Duration::from_millis(1_500),
        },
    }
}

/// A machine that is slow is slower than anybody waits.
fn fault(name: &str) -> Fault {
    match Fault::named(name).expect("a fault") {
        Fault::Slow(_) => Fault::Slow(Duration::from_secs(2)),
        fault => fault,
    }
}

struct Lane {
    kit: Kit,
    machine: Arc<Stand<CashMachine>>,
    began_with: u64,
    stop: watch::Sender<bool>,
    runner: JoinHandle<()>,
    screens: broadcast::Receiver<Arc<TillView>>,
}

fn runner(kit: &Kit) -> (watch::Sender<bool>, JoinHandle<()>) {
    let (stop, stopped) = watch::channel(false);
    let running = run_at(kit.engine.clone(), kit.clock.clone(), stopped, pace());
    (stop, tokio::spawn(running))
}

impl Lane {
    /// Till 1 of an open shop, with a machine beside it.
    async fn start() -> Lane {
        let listen = "127.0.0.1:0".parse().expect("an address");
        let machine = Stand::start(listen, CashMachine::new()).await.expect("a machine");
        let at = machine.address().to_string();
        let kit = blocking(move || {
            let mut kit = Kit::open();
            let mut shop = sim::build::settings(2);
            let known =
                CashMachineSettings { id: MACHINE, user: "kasse".to_owned(), certificate: None };
            let device = PeripheralKind::CashMachine(known);
            shop.peripherals =
                vec![Peripheral { at: at.clone(), name: "Automat".to_owned(), device }];
            shop.tills[0].cash_machine = Some(at);
            kit.shop(ShopCommand::Configure { settings: Box::new(shop) }).expect("configured");
            kit
        })
        .await;
        let screens = kit.engine.subscribe(TillId(1));
        let (stop, runner) = runner(&kit);
        let began_with = machine.with(|m| m.holds());
        Lane { kit, machine: Arc::new(machine), began_with, stop, runner, screens }
    }

    async fn send(&mut self, command: TillCommand) {
        let actor = Actor { person: Some(MANAGER), approver: None };
        let (id, told) = (self.kit.id(), format!("{command:?}"));
        let done = self.kit.engine.till(id, TillId(1), actor, command).await;
        done.unwrap_or_else(|error| panic!("{told}: {error:?}"));
    }

    /// The program ends without a word, and starts again.
    async fn crash(&mut self) {
        self.runner.abort();
        let kit = std::mem::replace(&mut self.kit, blocking(Kit::new).await);
        self.kit = blocking(move || {
            let mut kit = kit;
            kit.restart();
            kit
        })
        .await;
        self.screens = self.kit.engine.subscribe(TillId(1));
        (self.stop, self.runner) = runner(&self.kit);
    }

    async fn view(&self) -> Arc<TillView> {
        self.kit.engine.view(TillId(1)).await.expect("a view")
    }

    /// Waits until the next screen, or looks again anyway.
    async fn next(&mut self) {
        let _ = tokio::time::timeout(Duration::from_millis(20), self.screens.recv()).await;
    }

    /// Waits for a screen, for a minute at most.
    async fn until(&mut self, is: impl Fn(&TillView) -> bool) -> Arc<TillView> {
        for _ in 0..3_000 {
            let view = self.view().await;
            if is(&view) {
                return view;
            }
            self.next().await;
        }
        let view = self.view().await;
        panic!("it never came: {:?} {:?}\n{}", view.payment, view.doubts, self.machine.recording());
    }

    async fn attempt(&self) -> Option<AttemptState> {
        let open = self.kit.engine.attempts(MACHINE).await.expect("running");
        open.first().map(|attempt| attempt.state)
    }

    /// What the machine took more than it gave.
    fn kept(&self) -> i64 {
        let holds = self.machine.with(|m| m.holds());
        i64::try_from(holds).expect("money") - i64::try_from(self.began_with).expect("money")
    }

    /// What the shop's receipts say that the machine took, and how often somebody took cash by hand.
    async fn booked(&self) -> (i64, usize) {
        let path = self.kit.file();
        blocking(move || {
            let reader = store::Reader::open(&path).expect("a reader");
            let rows = reader.receipts(&store::ReceiptFilter::default(), 10_000).expect("read");
            let receipts = rows
                .iter()
                .filter_map(|row| reader.receipt(row.till, false, row.number).expect("read"));
            let tenders: Vec<_> = receipts.flat_map(|issued| issued.receipt.tenders).collect();
            let by_hand =
                |t: &&domain::basket::Tender| t.taken.as_deref() == Some(&CashTaken::Hand);
            let machine = tenders.iter().filter(|t| t.is_by_machine());
            assert!(machine.clone().all(|t| t.kind == TenderKind::Cash));
            let sum = machine.map(|t| t.amount.minor()).sum();
            (sum, tenders.iter().filter(by_hand).count())
        })
        .await
    }

    /// Somebody else takes the machine's line: the till's is broken.
    async fn cut(&self) {
        let _other = TcpStream::connect(self.machine.address()).await;
    }

    /// The customer puts notes in until it is enough.
    fn put_all(&self) {
        while self.machine.with(|m| m.wants().is_some()) {
            self.machine.with(|m| m.put(1_000));
        }
    }

    /// What became of it, first by itself, then by a person who looks into the machine.
    async fn settle(&mut self, before: u64, amount: i64) {
        let mut clear_since = None;
        loop {
            match self.attempt().await {
                None => return,
                Some(AttemptState::InDoubt { .. }) => {
                    let connections = self.machine.connections();
                    let since = *clear_since.get_or_insert(connections);
                    // It has been asked about more than once since everything is well again.
                    if connections >= since + 3 && self.machine.with(|m| m.wants()).is_none() {
                        let held = self.machine.with(|m| m.holds());
                        let charged = held != before;
                        let grown = i64::try_from(held).expect("money")
                            - i64::try_from(before).expect("money");
                        assert!(grown == 0 || grown == amount, "{grown}");
                        let reason = "counted".to_owned();
                        let open = self.kit.engine.attempts(MACHINE).await.expect("running");
                        // The machine may say so at the very moment at which the person does.
                        let Some(attempt) = open.first().map(|a| a.id) else { return };
                        let actor = Actor { person: Some(MANAGER), approver: None };
                        let id = self.kit.id();
                        let command = TillCommand::ResolveDoubt { attempt, charged, reason };
                        let _ = self.kit.engine.till(id, TillId(1), actor, command).await;
                        return;
                    }
                }
                Some(_) => {}
            }
            self.next().await;
        }
    }

    async fn clear(&mut self) {
        let view = self.view().await;
        if view.basket.is_some() {
            self.send(TillCommand::AbortBasket { reason: None }).await;
        }
    }

    async fn due(&mut self) -> i64 {
        self.send(scan(1)).await;
        let view = self.view().await;
        view.basket.as_ref().expect("open").cash_due.amount.minor()
    }

    async fn end(mut self) {
        let _ = self.stop.send(true);
        self.runner.await.expect("the runner ends well");
        let path = self.kit.file();
        blocking(move || {
            self.kit.stop();
            let report = store::verify_file(&path, &[], |_, _| true).expect("read");
            assert!(report.is_sound());
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_pays_at_the_machine_and_the_receipt_says_what_it_counted() {
    let mut lane = Lane::start().await;
    let due = lane.due().await;
    lane.send(CASH).await;
    let asks = |view: &TillView| view.payment.as_ref().is_some_and(|p| p.code == "insert_cash");
    lane.until(asks).await;
    let mut changes = lane.machine.changes();
    while lane.machine.with(|m| m.wants()).is_none() {
        let _ = changes.changed().await;
    }
    lane.machine.with(|m| m.put(1));
    let said = lane.until(|view| view.payment.as_ref().is_some_and(|p| p.inserted.is_some())).await;
    let payment = said.payment.as_ref().expect("running");
    assert_eq!(payment.inserted, Some(euros(1)));
    assert_eq!(payment.open, Some(euros(due - 1)));
    assert_eq!(payment.terminal, "Automat");
    lane.put_all();
    let view = lane.until(|view| view.last_receipt.is_some()).await;
    let last = view.last_receipt.as_ref().expect("paid");
    assert_eq!(last.total, euros(due));
    let tendered = last.tendered.amount.minor();
    assert_eq!(last.change, euros(tendered - due), "the machine gave the change");
    assert_eq!(tendered % 1_000, 1);
    assert_eq!((lane.kept(), lane.booked().await), (due, (due, 0)));
    lane.until(|view| {
        view.lamps.iter().any(|l| l.kind == LampKind::CashMachine && l.state == LampState::Ok)
    })
    .await;
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_that_is_given_up_gives_the_money_back_and_is_taken_by_hand() {
    let mut lane = Lane::start().await;
    lane.due().await;
    lane.send(CASH).await;
    while lane.machine.with(|m| m.wants()).is_none() {
        lane.next().await;
    }
    lane.machine.with(|m| m.put(1));
    lane.send(TillCommand::CancelCard).await;
    let not = |view: &TillView| view.payment.as_ref().is_some_and(|p| p.truth == Truth::NotCharged);
    let view = lane.until(not).await;
    assert_eq!(view.payment.as_ref().map(|p| p.code.as_str()), Some("cashier"));
    assert_eq!(lane.kept(), 0);
    lane.send(PAY).await;
    assert_eq!(lane.booked().await, (0, 1), "by hand, and recorded so");
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_without_change_gives_everything_back_and_says_why() {
    let mut lane = Lane::start().await;
    lane.machine
        .with(|m| [1, 2, 5, 10, 20, 50, 100, 200, 500].into_iter().for_each(|v| m.empty(v)));
    let began_with = lane.machine.with(|m| m.holds());
    lane.due().await;
    lane.send(CASH).await;
    while lane.machine.with(|m| m.wants()).is_none() {
        lane.next().await;
    }
    lane.put_all();
    let not = |view: &TillView| view.payment.as_ref().is_some_and(|p| p.truth == Truth::NotCharged);
    let view = lane.until(not).await;
    assert_eq!(view.payment.as_ref().map(|p| p.code.as_str()), Some("change_short"));
    assert_eq!(lane.machine.with(|m| m.holds()), began_with);
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_that_is_gone_holds_up_nobody_and_comes_back_by_itself() {
    let mut lane = Lane::start().await;
    let bad = |view: &TillView| {
        view.lamps.iter().any(|l| {
            (l.kind, l.state) == (LampKind::CashMachine, LampState::Bad)
                && l.code == "machine_unreachable"
        })
    };
    lane.machine.set_fault(Fault::Gone);
    lane.until(bad).await;
    lane.due().await;
    lane.send(CASH).await;
    let not = |view: &TillView| view.payment.as_ref().is_some_and(|p| p.truth == Truth::NotCharged);
    let view = lane.until(not).await;
    assert_eq!(view.payment.as_ref().map(|p| p.code.as_str()), Some("machine_unreachable"));
    lane.send(PAY).await;
    lane.machine.set_fault(Fault::None);
    lane.until(|view| !bad(view)).await;
    assert_eq!((lane.kept(), lane.booked().await), (0, (0, 1)));
    lane.end().await;
}

/// Each fault, set at each moment of a payment, and the line cut there as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_at_the_machine_whenever_its_money_and_the_receipts_agree() {
    let mut lane = Lane::start().await;
    let (mut combinations, mut by_a_person) = (0, 0);
    for name in Fault::names() {
        for moment in ["before", "asked", "paying", "paid"] {
            for cut in [false, true] {
                if cut && moment == "before" {
                    continue;
                }
                let before = lane.machine.with(|m| m.holds());
                let amount = lane.due().await;
                if moment == "before" {
                    lane.machine.set_fault(fault(name));
                }
                lane.send(CASH).await;
                // Until the machine wants money, or it is over before that.
                loop {
                    if lane.machine.with(|m| m.wants()).is_some() {
                        break;
                    }
                    match lane.attempt().await {
                        None | Some(AttemptState::InDoubt { .. }) => break,
                        Some(_) => lane.next().await,
                    }
                }
                if lane.machine.with(|m| m.wants()).is_some() {
                    match moment {
                        "asked" => lane.machine.set_fault(fault(name)),
                        "paying" => {
                            lane.machine.with(|m| m.put(1));
                            lane.machine.set_fault(fault(name));
                        }
                        _ => {}
                    }
                    if cut && moment != "paid" {
                        lane.cut().await;
                    }
                    // Whoever stands there pays, whatever the line does; or walks away, where it was cut.
                    if moment == "paid" {
                        lane.machine.set_fault(fault(name));
                    }
                    if !cut || moment == "paid" {
                        lane.put_all();
                    }
                    if cut && moment == "paid" {
                        lane.cut().await;
                    }
                }
                // The trouble lasts until the shop has noticed, or nothing was the matter.
                loop {
                    match lane.attempt().await {
                        None | Some(AttemptState::InDoubt { .. }) => break,
                        Some(_) => lane.next().await,
                    }
                }
                lane.machine.set_fault(Fault::None);
                let doubtful = lane.attempt().await.is_some();
                lane.settle(before, amount).await;
                by_a_person += i32::from(doubtful);
                combinations += 1;
                let told = format!("{name}, {moment}, cut: {cut}");
                assert_eq!(lane.kept(), lane.booked().await.0, "{told}");
                assert_eq!(
                    lane.machine.with(|m| m.wants()),
                    None,
                    "{told}: nobody pays for nothing"
                );
                lane.clear().await;
            }
        }
    }
    println!("{combinations} combinations of a fault and a moment, {by_a_person} of them in doubt");
    assert!(lane.kept() > 0);
    lane.end().await;
}

/// The program ended at every state that a payment passes through, with each fault.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_the_program_ends_during_a_payment_its_money_and_the_receipts_agree() {
    let mut lane = Lane::start().await;
    let mut combinations = 0;
    for name in Fault::names() {
        for (stage, pays) in [(0, false), (1, false), (1, true), (2, true)] {
            let before = lane.machine.with(|m| m.holds());
            let amount = lane.due().await;
            lane.send(CASH).await;
            loop {
                let far = match lane.attempt().await {
                    Some(AttemptState::Intended) => 0,
                    Some(AttemptState::Sent) => 1,
                    Some(AttemptState::Recorded) => 2,
                    Some(AttemptState::InDoubt { .. }) => 3,
                    None => 4,
                };
                if far >= stage.min(1) {
                    break;
                }
                tokio::task::yield_now().await;
            }
            if pays {
                while lane.machine.with(|m| m.wants()).is_none() && lane.attempt().await.is_some() {
                    lane.next().await;
                }
                lane.machine.set_fault(fault(name));
                if stage == 1 {
                    lane.machine.with(|m| m.put(1));
                } else {
                    lane.put_all();
                }
            } else {
                lane.machine.set_fault(fault(name));
            }
            lane.crash().await;
            lane.machine.set_fault(Fault::None);
            combinations += 1;
            lane.settle(before, amount).await;
            let told = format!("{name}, ended at stage {stage}");
            assert_eq!(lane.kept(), lane.booked().await.0, "{told}");
            assert_eq!(lane.machine.with(|m| m.wants()), None, "{told}");
            lane.clear().await;
        }
    }
    println!("{combinations} combinations of a fault and a program that ends");
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_machine_is_emptied_and_the_drop_is_booked_once() {
    let mut lane = Lane::start().await;
    let holds = i64::try_from(lane.machine.with(|m| m.holds())).expect("money");
    let collect =
        |minor| TillCommand::CollectCash { amount: euros(minor), reason: "bank".to_owned() };
    let idle = |view: &TillView| {
        let beside = view.cash_machine.as_ref().expect("a machine");
        beside.collecting.as_ref().is_none_or(|one| one.truth != Truth::Running)
    };
    // Another sum than it holds is not collected.
    lane.send(collect(holds - 1)).await;
    let view = lane.until(idle).await;
    let beside = view.cash_machine.as_ref().expect("a machine");
    assert_eq!(beside.collecting.as_ref().map(|p| p.code.as_str()), Some("sum_changed"));
    assert_eq!(lane.machine.with(|m| m.holds()), u64::try_from(holds).expect("money"));
    // The answer is lost: it is found out.
    lane.machine.set_fault(Fault::Slow(Duration::from_millis(100)));
    lane.send(collect(holds)).await;
    loop {
        if lane.machine.with(|m| m.holds()) == 0 {
            break;
        }
        lane.next().await;
    }
    lane.cut().await;
    lane.machine.set_fault(Fault::None);
    for _ in 0..3_000 {
        if lane.attempt().await.is_none() {
            break;
        }
        lane.next().await;
    }
    assert_eq!(lane.attempt().await, None);
    let path = lane.kit.file();
    let dropped = blocking(move || {
        let reader = store::Reader::open(&path).expect("a reader");
        let last = reader.head().expect("read").seq;
        let dropped = |seq| match reader.entry(seq).expect("read")? {
            (_, domain::Event::CashDropped { amount, .. }) => Some(amount.minor()),
            _ => None,
        };
        (1..=last).filter_map(dropped).collect::<Vec<i64>>()
    })
    .await;
    assert_eq!(dropped, [holds]);
    lane.end().await;
}
