//! Card payments at a simulated terminal that fails in every way it can, while the shop's program ends
//! at every step: the shop's books and the terminal's agree, or the shop says that it does not know.

use std::sync::Arc;
use std::time::Duration;

use domain::basket::TenderKind;
use domain::payment::AttemptState;
use domain::settings::{TerminalProtocol, TerminalSettings};
use domain::{AttemptId, ShopCommand, TerminalId, TillCommand, TillId};
use payment::driver::Moment;
use payment::simulator::{Fault, Setup, Simulator};
use shop::api::view::{LampKind, LampState, TillView, Truth};
use shop::clock::Clock as _;
use shop::engine::Actor;
use shop::pay::runner::{Pace, run_at};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use crate::engine_kit::{CASHIER, Kit, MANAGER, euros, scan};
use crate::engine_printing::blocking;

pub(crate) const TERMINAL: TerminalId = TerminalId(1);
pub(crate) const CARD: TillCommand = TillCommand::PayCard { amount: None, terminal: None };

pub(crate) fn pace() -> Pace {
    Pace {
        look: Duration::from_millis(200),
        ask_again: Duration::from_millis(20),
        at_most: Duration::from_millis(200),
        line: payment::line::Pace { hurry: 200, ..payment::line::Pace::default() },
        machine: devices::cash_machine::Pace::default(),
    }
}

pub(crate) struct Lane {
    pub(crate) kit: Kit,
    pub(crate) terminal: Simulator,
    pace: Pace,
    stop: watch::Sender<bool>,
    runner: JoinHandle<()>,
    screens: broadcast::Receiver<Arc<TillView>>,
}

impl Lane {
    /// Till 1 of an open shop takes cards at a terminal whose customers tap by themselves.
    pub(crate) async fn start(automatic: Option<u64>) -> Lane {
        Lane::start_at(automatic, pace()).await
    }

    /// The same, looked after at a pace of its own.
    pub(crate) async fn start_at(automatic: Option<u64>, pace: Pace) -> Lane {
        // The shop's clock stands there too, in its own zone.
        let clock = || Moment { month: 11, day: 2, hour: 9, minute: 0 };
        let setup = Setup { automatic, hurry: 200, clock, ..Setup::default() };
        let terminal = Simulator::start(&setup).expect("a terminal");
        let any = "127.0.0.1:0".parse().expect("an address");
        let address = terminal.listen(any).await.expect("listening").to_string();
        let kit = blocking(move || {
            let mut kit = Kit::open();
            let mut settings = sim::build::settings(2);
            settings.terminals = vec![TerminalSettings {
                id: TERMINAL,
                name: "Terminal 1".to_owned(),
                protocol: TerminalProtocol::ZvtTcp,
                address,
                rate: None,
                certificate: None,
                terminal_id: None,
                merchant: None,
                close_by_hand: false,
            }];
            settings.tills[0].terminal = Some(TERMINAL);
            kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
            kit
        })
        .await;
        let screens = kit.engine.subscribe(TillId(1));
        let (stop, runner) = runner(&kit, pace);
        Lane { kit, terminal, pace, stop, runner, screens }
    }

    pub(crate) async fn send(&mut self, command: TillCommand) {
        let actor = Actor { person: Some(MANAGER), approver: None };
        let (id, told) = (self.kit.id(), format!("{command:?}"));
        let done = self.kit.engine.till(id, TillId(1), actor, command).await;
        done.unwrap_or_else(|error| panic!("{told}: {error:?}"));
    }

    /// The program ends without a word, and starts again.
    pub(crate) async fn crash(&mut self) {
        self.again(Kit::restart).await;
    }

    /// Nobody asks the terminal any more.
    async fn halt(&mut self) {
        let _ = self.stop.send(true);
        (&mut self.runner).await.expect("the runner ends well");
    }

    /// The program ends without a word, and starts again in its own way.
    async fn again(&mut self, start: impl FnOnce(&mut Kit) + Send + 'static) {
        self.runner.abort();
        let kit = std::mem::replace(&mut self.kit, blocking(Kit::new).await);
        self.kit = blocking(move || {
            let mut kit = kit;
            start(&mut kit);
            kit
        })
        .await;
        self.screens = self.kit.engine.subscribe(TillId(1));
        (self.stop, self.runner) = runner(&self.kit, self.pace);
    }

    /// Waits for a screen, for a minute at most.
    pub(crate) async fn until(&mut self, is: impl Fn(&TillView) -> bool) -> Arc<TillView> {
        for _ in 0..1_200 {
            let view = self.kit.engine.view(TillId(1)).await.expect("a view");
            if is(&view) {
                return view;
            }
            // The next screen, whatever it tells; looked at again in any case.
            let next = self.screens.recv();
            let _ = tokio::time::timeout(Duration::from_millis(50), next).await;
        }
        let view = self.kit.engine.view(TillId(1)).await.expect("a view");
        let entries = self.terminal.controls().view().entries.clone();
        panic!("it never came: {:?} {:?} {entries:?}", view.payment, view.doubts);
    }

    /// Waits until the payment of the present basket has a clear end; true when money moved.
    pub(crate) async fn settled(&mut self) -> bool {
        let ended = |view: &TillView| {
            let failed = view.payment.as_ref().is_some_and(|p| p.truth == Truth::NotCharged);
            view.basket.is_none() || failed
        };
        self.until(ended).await.basket.is_none()
    }

    /// What the terminal holds to: payments that were not taken back.
    pub(crate) fn charged(&self) -> Vec<i64> {
        let view = self.terminal.controls().view();
        let standing = view.entries.iter().filter(|e| e.kind == "payment" && !e.settled);
        standing.map(|e| e.amount).collect()
    }

    /// What the shop's receipts say was paid by card.
    pub(crate) async fn booked(&self) -> Vec<i64> {
        let path = self.kit.file();
        blocking(move || {
            let reader = store::Reader::open(&path).expect("a reader");
            let rows = reader.receipts(&store::ReceiptFilter::default(), 10_000).expect("read");
            let receipts = rows
                .iter()
                .rev()
                .filter_map(|row| reader.receipt(row.till, false, row.number).expect("read"));
            let tenders = receipts.flat_map(|issued| issued.receipt.tenders);
            let cards = tenders.filter(|t| t.kind == TenderKind::Card);
            cards.map(|t| t.amount.minor()).collect()
        })
        .await
    }

    /// The next basket: what a payment that moved no money left is given up.
    pub(crate) async fn clear(&mut self) {
        let view = self.kit.engine.view(TillId(1)).await.expect("a view");
        if view.basket.is_some() {
            self.send(TillCommand::AbortBasket { reason: None }).await;
        }
    }

    pub(crate) async fn attempt(&self) -> Option<AttemptState> {
        let open = self.kit.engine.attempts(TERMINAL).await.expect("running");
        open.first().map(|attempt| attempt.state)
    }

    pub(crate) async fn end(mut self) {
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

fn runner(kit: &Kit, pace: Pace) -> (watch::Sender<bool>, JoinHandle<()>) {
    let (stop, stopped) = watch::channel(false);
    let running = run_at(kit.engine.clone(), kit.clock.clone(), stopped, pace);
    (stop, tokio::spawn(running))
}

/// All but the two that make the till wait for minutes; the driver's own tests have those.
pub(crate) fn faults() -> impl Iterator<Item = Option<Fault>> {
    let all =
        Fault::all().filter(|fault| !matches!(fault.name(), "time_out" | "slow_acknowledgement"));
    std::iter::once(None).chain(all.map(Some))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_payment_becomes_a_receipt_with_what_the_terminal_said() {
    let mut lane = Lane::start(Some(0)).await;
    lane.send(scan(1)).await;
    lane.send(CARD).await;
    assert!(lane.settled().await);
    let (charged, booked) = (lane.charged(), lane.booked().await);
    assert_eq!(charged.len(), 1);
    assert_eq!(charged, booked);
    let lamp = lane.until(|view| view.lamps.iter().any(|l| l.kind == LampKind::Terminal)).await;
    assert!(lamp.lamps.iter().any(|l| l.kind == LampKind::Terminal && l.state == LampState::Ok));
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_at_the_terminal_its_books_and_the_shops_agree() {
    let mut lane = Lane::start(Some(0)).await;
    for fault in faults() {
        let name = fault.map_or("none", Fault::name);
        lane.terminal.controls().choose(fault).await;
        lane.send(scan(1)).await;
        lane.send(CARD).await;
        let paid = lane.settled().await;
        println!("{name}: {}", if paid { "charged" } else { "not charged" });
        assert_eq!(lane.charged(), lane.booked().await, "{name}");
        lane.clear().await;
    }
    lane.terminal.controls().choose(None).await;
    lane.end().await;
}

/// Every one of [`faults`], and the program ended at every state that a payment passes through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_the_program_ends_during_a_card_payment_the_books_agree_afterwards() {
    let mut lane = Lane::start(Some(0)).await;
    let mut combinations = 0_u32;
    for fault in faults() {
        for stage in 0..4 {
            let name = fault.map_or("none", Fault::name);
            lane.terminal.controls().choose(fault).await;
            lane.send(scan(1)).await;
            lane.send(CARD).await;
            // Ended as soon as it has come so far, or is over.
            loop {
                let far = match lane.attempt().await {
                    Some(AttemptState::Intended) => 0,
                    Some(AttemptState::Sent) => 1,
                    Some(AttemptState::Recorded) => 2,
                    Some(AttemptState::InDoubt { .. }) => 3,
                    None => 4,
                };
                if far >= stage {
                    break;
                }
                tokio::task::yield_now().await;
            }
            lane.crash().await;
            combinations += 1;
            lane.settled().await;
            assert_eq!(lane.charged(), lane.booked().await, "{name}, ended at stage {stage}");
            lane.terminal.controls().choose(None).await;
            lane.clear().await;
        }
    }
    println!("{combinations} combinations of a fault and a program that ends");
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_takes_time_can_be_given_up_and_no_money_moves() {
    let mut lane = Lane::start(None).await;
    lane.send(scan(1)).await;
    lane.send(CARD).await;
    lane.until(|view| {
        view.payment.as_ref().is_some_and(|p| p.truth == Truth::Running && p.code != "starting")
    })
    .await;
    lane.terminal.controls().wait_until(|view| view.waiting).await.expect("it waits");
    lane.send(TillCommand::CancelCard).await;
    assert!(!lane.settled().await);
    assert!(lane.charged().is_empty() && lane.booked().await.is_empty());
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undone_card_payment_is_taken_back_at_the_terminal_and_a_return_gives_money_to_the_card()
{
    let mut lane = Lane::start(Some(0)).await;
    for n in 1..=3 {
        lane.send(scan(n)).await;
    }
    let part = Some(euros(100));
    lane.send(TillCommand::PayCard { amount: part, terminal: None }).await;
    lane.until(|view| view.basket.as_ref().is_some_and(|b| b.tenders.len() == 1)).await;
    assert_eq!(lane.charged(), [100]);
    lane.send(TillCommand::UndoTender).await;
    lane.until(|view| view.basket.as_ref().is_some_and(|b| b.tenders.is_empty())).await;
    assert!(lane.charged().is_empty(), "taken back");
    lane.send(CARD).await;
    assert!(lane.settled().await);
    let receipt = domain::ReceiptRef { till: TillId(1), number: domain::ReceiptNo(1) };
    lane.send(TillCommand::ReturnReceipt { receipt }).await;
    lane.send(CARD).await;
    lane.until(|view| view.basket.is_none()).await;
    let booked = lane.booked().await;
    assert_eq!(booked.iter().sum::<i64>(), 0, "{booked:?}");
    let view = lane.terminal.controls().view();
    assert!(view.entries.iter().any(|e| e.kind == "refund"), "{:?}", view.entries);
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tip_given_at_the_terminal_is_a_line_of_the_receipt_and_goes_back_with_the_payment() {
    let mut lane = Lane::start(None).await;
    // The shop of the tests takes tips for its people.
    lane.send(scan(1)).await;
    let goods =
        lane.until(|view| view.basket.is_some()).await.basket.as_ref().map(|b| b.due.amount);
    let goods = goods.expect("due").minor();
    let part = Some(euros(goods - 10));
    lane.send(TillCommand::PayCard { amount: part, terminal: None }).await;
    lane.terminal.controls().wait_until(|view| view.waiting).await.expect("it waits");
    assert!(lane.terminal.controls().customer(payment::simulator::Customer::Tip).await);
    let view = lane.until(|view| view.basket.as_ref().is_some_and(|b| b.tenders.len() == 1)).await;
    let basket = view.basket.as_ref().expect("open");
    assert_eq!((basket.total.amount.minor(), basket.due.amount.minor()), (goods + 100, 10));
    assert_eq!(lane.charged(), [goods - 10 + 100]);
    lane.send(TillCommand::UndoTender).await;
    let view = lane.until(|view| view.basket.as_ref().is_some_and(|b| b.tenders.is_empty())).await;
    assert_eq!(view.basket.as_ref().expect("open").total.amount.minor(), goods);
    assert!(lane.charged().is_empty(), "the tip went back with the rest");
    lane.send(CARD).await;
    lane.terminal.controls().wait_until(|view| view.waiting).await.expect("it waits");
    assert!(lane.terminal.controls().customer(payment::simulator::Customer::Tip).await);
    assert!(lane.settled().await);
    assert_eq!(lane.charged(), lane.booked().await);
    assert_eq!(lane.charged(), [goods + 100]);
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_terminal_that_is_gone_charges_nobody_and_the_till_says_so() {
    let mut lane = Lane::start(Some(0)).await;
    lane.terminal = Simulator::start(&Setup::default()).expect("another one");
    lane.send(scan(1)).await;
    lane.send(CARD).await;
    assert!(!lane.settled().await);
    let view = lane.until(|view| view.payment.is_some()).await;
    assert_eq!(view.payment.as_ref().map(|p| p.code.as_str()), Some("unreachable"));
    lane.until(|view| {
        view.lamps.iter().any(|l| l.kind == LampKind::Terminal && l.state == LampState::Bad)
    })
    .await;
    // Selling goes on.
    lane.send(crate::engine_kit::PAY).await;
    let _ = (CASHIER, AttemptId(0));
    lane.end().await;
}

/// A terminal that hangs is asked for minutes what became of a payment; whoever settles it by hand meanwhile
/// pays on at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_a_person_has_settled_a_doubt_the_next_payment_does_not_wait_for_the_old_one() {
    let mut lane = Lane::start(None).await;
    let snapshot = lane.kit.engine.snapshot().await.expect("running");
    let address = snapshot.settings.expect("set up").terminals[0].address.clone();
    lane.send(scan(1)).await;
    lane.send(CARD).await;
    lane.terminal.controls().wait_until(|view| view.waiting).await.expect("it waits");
    // It loses its current, and what stands at its address afterwards takes calls and says nothing.
    lane.terminal = Simulator::start(&Setup::default()).expect("another one, nowhere");
    lane.until(|view| !view.doubts.is_empty()).await;
    let mute = tokio::net::TcpListener::bind(&address).await.expect("its address");
    let mute = tokio::spawn(async move {
        let mut calls = Vec::new();
        while let Ok((call, _)) = mute.accept().await {
            calls.push(call);
        }
    });
    let (attempt, reason) = (AttemptId(1), "slip".to_owned());
    lane.send(TillCommand::ResolveDoubt { attempt, charged: false, reason }).await;
    lane.send(CARD).await;
    let failed = |view: &TillView| {
        view.payment.as_ref().is_some_and(|p| {
            p.attempt == AttemptId(2) && p.truth == Truth::NotCharged && p.code == "no_answer"
        })
    };
    lane.until(failed).await;
    mute.abort();
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_wanted_before_the_program_ended_is_told_by_its_number_and_by_no_clock() {
    let mut lane = Lane::start(Some(0)).await;
    let (now, hour) = (lane.kit.clock.now(), jiff::SignedDuration::from_hours(1));
    lane.halt().await;
    lane.send(scan(1)).await;
    lane.send(CARD).await;
    assert_eq!(lane.attempt().await, Some(AttemptState::Intended));
    // The machine lost its time: by its clock the payment is of the future.
    lane.kit.clock.set_wall(now - hour);
    lane.crash().await;
    assert!(!lane.settled().await);
    let view = lane.until(|view| view.payment.is_some()).await;
    assert_eq!(view.payment.as_ref().map(|p| p.code.as_str()), Some("interrupted"));
    assert!(lane.charged().is_empty(), "whoever wanted to pay is gone");
    lane.clear().await;
    // It starts with a clock that is fast, and is put right: what is wanted now is of now.
    lane.kit.clock.set_wall(now + hour);
    lane.crash().await;
    lane.until(|view| view.lamps.iter().any(|l| l.kind == LampKind::Terminal)).await;
    lane.kit.clock.set_wall(now - hour);
    lane.send(scan(1)).await;
    lane.send(CARD).await;
    assert!(lane.settled().await);
    assert_eq!(lane.charged(), lane.booked().await);
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_that_a_backup_knows_as_wanted_is_in_doubt_once_that_is_put_back() {
    let mut lane = Lane::start(Some(0)).await;
    lane.halt().await;
    lane.send(scan(1)).await;
    lane.send(CARD).await;
    assert_eq!(lane.attempt().await, Some(AttemptState::Intended));
    lane.again(put_back).await;
    let view = lane.until(|view| !view.doubts.is_empty()).await;
    assert_eq!(view.doubts[0].attempt, AttemptId(1));
    assert!(lane.charged().is_empty(), "and it is not asked for");
    let (attempt, reason) = (AttemptId(1), "slip".to_owned());
    lane.send(TillCommand::ResolveDoubt { attempt, charged: false, reason }).await;
    // What is wanted afterwards is asked for.
    lane.send(CARD).await;
    assert!(lane.settled().await);
    assert_eq!(lane.charged(), lane.booked().await);
    lane.end().await;
}

/// A backup is made, and put back at once.
fn put_back(kit: &mut Kit) {
    let (file, backup) = (kit.file(), kit.folder.path().join("backup.sqlite"));
    kit.reader().backup(&backup, |_, _| ()).expect("a backup");
    kit.stop();
    for end in ["", "-wal", "-shm"] {
        let _not_there = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    let restoring = store::Restoring { at: kit.clock.now(), command: kit.id() };
    store::restore(&backup, &file, restoring, |_, _| true).expect("put back");
    kit.start();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reversal_that_a_backup_knows_as_owed_is_for_a_person_once_that_is_put_back() {
    let mut lane = Lane::start(Some(0)).await;
    lane.send(scan(1)).await;
    lane.send(TillCommand::PayCard { amount: Some(euros(1)), terminal: None }).await;
    lane.until(|view| view.basket.as_ref().is_some_and(|b| b.tenders.len() == 1)).await;
    lane.halt().await;
    lane.send(TillCommand::UndoTender).await;
    assert_eq!(lane.attempt().await, Some(AttemptState::Intended));
    lane.again(put_back).await;
    lane.until(|view| !view.doubts.is_empty()).await;
    assert_eq!(lane.charged(), [1], "the terminal is not asked for it");
    lane.end().await;
}
