//! The printer fails in every way it can: selling never stops, every job ends as what it was, and no
//! receipt comes out twice without being marked as a copy.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use devices::printer::Timeouts;
use devices::simulator::{Answers, Ended, Faults, Printer};
use domain::{ShopCommand, TillCommand, TillId};
use escpos::{DecodedOp, Profile};
use shop::api::view::{Lamp, LampKind, LampState, TillView};
use shop::print::runner::{Pace, run_at};
use store::{OutboxRow, OutboxState};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use crate::engine_kit::{CASHIER, Kit, MANAGER, PAY, count, euros, scan};

/// Long enough for a busy machine, short enough to wait for.
const PACE: Pace = Pace {
    look: Duration::from_millis(30),
    timeouts: Timeouts {
        connect: Duration::from_secs(2),
        answer: Duration::from_millis(700),
        finish: Duration::from_millis(1_500),
    },
};

struct Print {
    kit: Kit,
    printer: Printer,
    stop: watch::Sender<bool>,
    runner: JoinHandle<()>,
    screens: broadcast::Receiver<Arc<TillView>>,
}

impl Print {
    /// Till 1 of an open shop prints on a simulated printer.
    async fn start(faults: Faults) -> Print {
        let printer =
            Printer::start("127.0.0.1:0".parse().expect("an address"), Profile::generic_80mm())
                .await
                .expect("a printer");
        printer.set_faults(faults);
        let address = printer.address().to_string();
        let kit = blocking(move || {
            let mut kit = Kit::open();
            let mut settings = sim::build::settings(2);
            settings.print_receipts = true;
            settings.tills[0].printer = Some(address);
            kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
            kit
        })
        .await;
        let screens = kit.engine.subscribe(TillId(1));
        let (stop, stopped) = watch::channel(false);
        let runner = tokio::spawn(run_at(kit.engine.clone(), kit.clock.clone(), stopped, PACE));
        Print { kit, printer, stop, runner, screens }
    }

    /// Sells one thing at till 1. Whatever the printer does, it must work.
    async fn sell(&mut self) {
        let actor = shop::engine::Actor { person: Some(MANAGER), approver: None };
        for command in [scan(1), PAY] {
            let id = self.kit.id();
            self.kit.engine.till(id, TillId(1), actor, command).await.expect("sold");
        }
    }

    async fn jobs_of_till(&self, all: bool) -> Vec<OutboxRow> {
        let read = move |store: &mut store::Store| {
            if all { store.outbox_open(1_000) } else { store.outbox_waiting(1_000) }
        };
        let rows = self.kit.engine.with_store(read).await.expect("running").expect("read");
        rows.into_iter().filter(|row| row.till == Some(TillId(1))).collect()
    }

    /// Waits for a lamp; bounded by the test's own time.
    async fn lamp(&mut self, is: impl Fn(&Lamp) -> bool) -> Lamp {
        let waiting = async {
            loop {
                let view = self.kit.engine.view(TillId(1)).await.expect("a view");
                if let Some(lamp) = view.lamps.iter().find(|lamp| is(lamp)) {
                    return lamp.clone();
                }
                // The next screen, whatever it tells.
                let _ = self.screens.recv().await;
            }
        };
        bounded("the lamp", waiting).await
    }

    async fn lamp_says(&mut self, code: &str) -> Lamp {
        self.lamp(|lamp| lamp.code == code).await
    }

    /// Waits until nothing waits to be printed.
    async fn idle(&mut self) {
        let waiting = async {
            while !self.jobs_of_till(false).await.is_empty() || self.sending().await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        bounded("the printer's work", waiting).await;
    }

    async fn sending(&self) -> bool {
        self.jobs_of_till(true).await.iter().any(|row| row.note == "sending")
    }

    /// How often each receipt came out whole without being marked as a copy.
    fn originals(&self) -> BTreeMap<String, u32> {
        let mut count = BTreeMap::new();
        for job in self.printer.jobs().iter().filter(|job| job.ended == Ended::Whole) {
            let copy =
                job.ops.iter().any(|op| matches!(op, DecodedOp::Text(t) if t.contains("KOPIE")));
            for op in &job.ops {
                if let DecodedOp::Barcode { data, .. } = op
                    && !copy
                {
                    *count.entry(data.clone()).or_default() += 1;
                }
            }
        }
        count
    }

    async fn end(self) {
        let _ = self.stop.send(true);
        self.runner.await.expect("the runner ends");
        let kit = self.kit;
        blocking(move || drop(kit.end())).await;
    }
}

pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("done")
}

async fn bounded<T>(what: &str, work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(Duration::from_secs(60), work).await;
    done.unwrap_or_else(|_| panic!("{what} did not come within a minute"))
}

const fn broken_after(bytes: usize) -> Faults {
    Faults { drop_after: Some(bytes), ..NONE }
}

const NONE: Faults = Faults {
    paper_out: false,
    near_end: false,
    cover_open: false,
    offline: false,
    answers: Answers::Normal,
    drop_after: None,
    paper_left: None,
    busy: false,
    status_flood: false,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_is_printed_once_and_the_lamp_is_green() {
    // One that talks all the time unasked, and one that takes its time to answer, are well, too.
    let late = Answers::Late(Duration::from_millis(50));
    for faults in [
        NONE,
        Faults { status_flood: true, ..NONE },
        Faults { answers: late, ..NONE },
        Faults { status_flood: true, answers: late, ..NONE },
    ] {
        let mut print = Print::start(faults).await;
        for _ in 0..3 {
            print.sell().await;
        }
        print.idle().await;
        // A connection ends a moment after its last answer.
        let out = async {
            while print.originals().len() < 3 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        bounded("three receipts", out).await;
        let originals = print.originals();
        assert!(originals.values().all(|times| *times == 1), "{originals:?}");
        assert!(print.jobs_of_till(true).await.is_empty());
        // The lamp of the last job comes after its work.
        let lamp = print.lamp(|lamp| lamp.code == "ok" && lamp.waiting == 0).await;
        assert_eq!((lamp.kind, lamp.state), (LampKind::Printer, LampState::Ok));
        print.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_connection_breaks_after_n_bytes_for_many_n() {
    let mut print = Print::start(NONE).await;
    print.lamp_says("ok").await;
    let cuts = (0..40).step_by(2).chain([60, 90, 150, 250, 400, 600, 800, 1_200, 2_000]);
    let (mut unknown, mut sold) = (0, 0);
    for bytes in cuts {
        print.printer.set_faults(broken_after(bytes));
        print.sell().await;
        sold += 1;
        // Tried: before its first byte it waits, after it nobody knows, or it came out.
        let tried = async {
            loop {
                let open = print.jobs_of_till(true).await;
                match open.first() {
                    None => return,
                    Some(job) if job.note != "sending" && !job.note.is_empty() => return,
                    Some(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            }
        };
        bounded("a try", tried).await;
        print.printer.set_faults(NONE);
        print.idle().await;
        for job in print.jobs_of_till(true).await {
            assert_eq!(job.state, OutboxState::Unknown, "{bytes}: {job:?}");
            assert_eq!(job.attempts, 1, "{bytes}: what may have come out is not tried again");
        }
        let now = print.jobs_of_till(true).await.len();
        let originals = print.originals();
        assert!(originals.values().all(|n| *n == 1), "{bytes}: {originals:?}");
        assert_eq!(
            now.saturating_sub(unknown)
                + usize::from(originals.contains_key(&format!("R1-{sold}"))),
            1,
            "{bytes}: it came out, or nobody knows, and never both"
        );
        unknown = now;
    }
    assert!(unknown > 3 && unknown < 26, "{unknown} of {sold} are unknown");
    // A person asks for a copy of one, and it says that it is one.
    let actor = shop::engine::Actor { person: Some(MANAGER), approver: None };
    let receipt = domain::ReceiptRef { till: TillId(1), number: domain::ReceiptNo(sold) };
    // It says what the shop was called then, whatever it is called since.
    let snapshot = print.kit.engine.snapshot().await.expect("running");
    let mut settings = (*snapshot.settings.expect("set up")).clone();
    let before = std::mem::replace(&mut settings.name, "Umgezogen".to_owned());
    let configure = ShopCommand::Configure { settings: Box::new(settings) };
    let id = print.kit.id();
    print.kit.engine.shop(id, actor, configure).await.expect("configured");
    let id = print.kit.id();
    print
        .kit
        .engine
        .till(id, TillId(1), actor, TillCommand::Reprint { receipt, hospitality: false })
        .await
        .expect("asked for");
    print.idle().await;
    let jobs = print.printer.jobs();
    let text = devices::simulator::paper_text(&jobs.last().expect("a job").ops, 48);
    assert!(text.contains("KOPIE"), "{text}");
    assert!(text.contains(&before) && !text.contains("Umgezogen"), "{text}");
    print.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_stops_a_printer_jobs_wait_and_come_out_once_it_works_again() {
    let mut print = Print::start(NONE).await;
    let troubles = [
        (Faults { paper_out: true, ..NONE }, "paper_out"),
        (Faults { cover_open: true, ..NONE }, "cover_open"),
        (Faults { offline: true, ..NONE }, "error"),
        (Faults { answers: Answers::Mute, ..NONE }, "unreachable"),
        (Faults { answers: Answers::Garbage, ..NONE }, "error"),
    ];
    for (round, (faults, code)) in troubles.into_iter().enumerate() {
        print.printer.set_faults(faults);
        let lamp = print.lamp_says(code).await;
        assert_eq!(lamp.state, LampState::Bad);
        print.sell().await;
        print.sell().await;
        let lamp = print.lamp(|lamp| lamp.waiting == 2).await;
        assert_eq!(lamp.code, code);
        assert_eq!(print.originals().len(), round * 2, "{code}");
        print.printer.set_faults(NONE);
        print.idle().await;
        assert_eq!(
            print.originals().values().sum::<u32>(),
            2 * u32::try_from(round + 1).expect("few")
        );
        print.lamp_says("ok").await;
    }
    print.printer.set_faults(Faults { near_end: true, ..NONE });
    assert_eq!(print.lamp_says("paper_low").await.state, LampState::Warn);
    assert!(print.jobs_of_till(true).await.is_empty());
    print.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paper_that_ends_in_mid_receipt_leaves_its_fate_unknown_and_the_next_ones_waiting() {
    let mut print = Print::start(Faults { paper_left: Some(6), ..NONE }).await;
    print.sell().await;
    print.sell().await;
    print.lamp_says("paper_out").await;
    let waiting = async {
        while print.sending().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    bounded("the end of the try", waiting).await;
    let states: Vec<_> = print.jobs_of_till(true).await.iter().map(|job| job.state).collect();
    assert_eq!(states, [OutboxState::Waiting, OutboxState::Unknown], "newest first");
    print.printer.set_faults(NONE);
    print.idle().await;
    // The printer itself prints the rest of what it has; the program sends it no second time.
    let originals = print.originals();
    assert!(originals.values().all(|n| *n == 1), "{originals:?}");
    assert!(originals.contains_key("R1-2"), "{originals:?}");
    print.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_ends_while_it_prints_does_not_print_again_by_itself() {
    let mut print = Print::start(NONE).await;
    print.lamp_says("ok").await;
    // It hears the job, and never says that it is done.
    print.printer.set_faults(Faults { answers: Answers::Late(Duration::from_millis(150)), ..NONE });
    print.sell().await;
    let sending = async {
        while !print.sending().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    bounded("the first byte", sending).await;
    print.runner.abort();
    let _ = (&mut print.runner).await;
    print.printer.set_faults(NONE);
    let (stop, stopped) = watch::channel(false);
    let mut kit = print.kit;
    let kit = blocking(move || {
        kit.restart();
        kit
    })
    .await;
    print.kit = kit;
    print.runner =
        tokio::spawn(run_at(print.kit.engine.clone(), print.kit.clock.clone(), stopped, PACE));
    print.stop = stop;
    print.screens = print.kit.engine.subscribe(TillId(1));
    print.sell().await;
    let printed = async {
        while !print.originals().contains_key("R1-2") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    bounded("the next receipt", printed).await;
    let open = print.jobs_of_till(true).await;
    assert!(
        open.iter().any(|job| job.state == OutboxState::Unknown && job.note == "sending"),
        "{open:?}"
    );
    assert!(print.originals().values().all(|n| *n == 1));
    print.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_makes_no_printer_print_twice() {
    let mut print = Print::start(Faults { offline: true, ..NONE }).await;
    print.lamp_says("error").await;
    print.sell().await;
    print.lamp(|lamp| lamp.waiting == 1).await;
    // No further page: what cannot be noted as going out does not go out.
    let limited = |store: &mut store::Store| store.limit_pages(1);
    print.kit.engine.with_store(limited).await.expect("running").expect("limited");
    print.printer.set_faults(NONE);
    print.idle().await;
    assert!(print.originals().values().all(|n| *n == 1), "{:?}", print.originals());
    let actor = shop::engine::Actor { person: Some(MANAGER), approver: None };
    let room = |store: &mut store::Store| store.limit_pages(1_000_000);
    print.kit.engine.with_store(room).await.expect("running").expect("room");
    let id = print.kit.id();
    let paid_in =
        TillCommand::PaidIn { amount: euros(100), reason: "Wechselgeld".to_owned(), purpose: None };
    print.kit.engine.till(id, TillId(1), actor, paid_in).await.expect("paid in");
    print.idle().await;
    assert!(print.originals().values().all(|n| *n == 1), "{:?}", print.originals());
    print.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_printer_that_is_gone_for_a_week_holds_up_no_other() {
    let mut print = Print::start(Faults { offline: true, ..NONE }).await;
    print.lamp_says("error").await;
    let other = Printer::start("127.0.0.1:0".parse().expect("an address"), Profile::generic_80mm())
        .await
        .expect("a printer");
    let mut settings = sim::build::settings(2);
    settings.print_receipts = true;
    settings.tills[0].printer = Some(print.printer.address().to_string());
    settings.tills[1].printer = Some(other.address().to_string());
    let kit = &mut print.kit;
    let engine = kit.engine.clone();
    let actor = shop::engine::Actor { person: Some(MANAGER), approver: None };
    let configure = ShopCommand::Configure { settings: Box::new(settings) };
    engine.shop(kit.id(), actor, configure).await.expect("configured");
    let mut tickets = Vec::new();
    for _ in 0..520 {
        for command in [scan(1), PAY] {
            let command = domain::Command::Till(TillId(1), command);
            tickets.push(engine.submit(kit.id(), actor, command).expect("running"));
        }
    }
    blocking(move || tickets.into_iter().for_each(|ticket| drop(ticket.wait().expect("sold"))))
        .await;
    for command in [scan(2), PAY] {
        engine.till(kit.id(), TillId(2), actor, command).await.expect("sold");
    }
    let printed = async {
        while other.jobs().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    bounded("the other till's receipt", printed).await;
    assert_eq!(print.lamp(|lamp| lamp.waiting == 520).await.code, "error");
    print.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_z_slip_tells_the_difference_to_those_who_may_see_totals_alone() {
    let mut print = Print::start(NONE).await;
    let mut papers = Vec::new();
    for person in [CASHIER, MANAGER] {
        let actor = shop::engine::Actor { person: Some(person), approver: None };
        let open = TillCommand::OpenDay { float: euros(10_000) };
        let mut commands = vec![
            TillCommand::SignIn { person },
            scan(1),
            PAY,
            count(10_001),
            TillCommand::CloseDay { despite_doubt: None },
        ];
        if person == MANAGER {
            commands.insert(1, open);
        }
        for command in commands {
            let id = print.kit.id();
            print.kit.engine.till(id, TillId(1), actor, command).await.expect("done");
        }
        print.idle().await;
        let jobs = print.printer.jobs();
        papers.push(devices::simulator::paper_text(&jobs.last().expect("a job").ops, 48));
    }
    let [blind, whole] = papers.try_into().expect("two papers");
    for paper in [&blind, &whole] {
        assert!(paper.contains("Z-BERICHT") && paper.contains("100,01"), "{paper}");
    }
    for told in ["Differenz", "Soll", "Barumsatz"] {
        assert!(whole.contains(told) && !blind.contains(told), "{told}: {blind}{whole}");
    }
    let closed = print.kit.engine.with_store(|store| store.closed_day(TillId(1), domain::DayNo(1)));
    let closed = closed.await.expect("running").expect("read").expect("closed");
    assert_ne!(closed.difference, money::Money::ZERO, "the record has it all the same");
    print.end().await;
}

/// What came out on paper so far, each job as one text.
fn papers(printer: &Printer) -> Vec<String> {
    let text = |op: &DecodedOp| match op {
        DecodedOp::Text(text) => Some(text.clone()),
        _ => None,
    };
    let jobs = printer.jobs();
    let whole = jobs.iter().filter(|job| job.ended == Ended::Whole);
    whole.map(|job| job.ops.iter().filter_map(text).collect::<Vec<_>>().join("\n")).collect()
}

/// A slip to sign comes out by itself; another one only where the shop wants it. The end of a terminal's day
/// has a paper of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_to_sign_is_printed_and_others_only_where_they_are_wanted() {
    use domain::command::{AttemptStep, ClosingStep};
    use domain::payment::{Approval, CardFacts, Outcome};
    use domain::settings::{TerminalProtocol, TerminalSettings};
    use domain::{AttemptId, ClosingId, TerminalId};

    let mut print = Print::start(Faults::default()).await;
    let mut settings = sim::build::settings(2);
    settings.tills[0].printer = Some(print.printer.address().to_string());
    settings.terminals = vec![TerminalSettings {
        id: TerminalId(1),
        name: "Theke".to_owned(),
        protocol: TerminalProtocol::ZvtTcp,
        address: "127.0.0.1:1".to_owned(),
        terminal_id: None,
        close_by_hand: false,
        merchant: None,
        rate: None,
        certificate: None,
    }];
    settings.tills[0].terminal = Some(TerminalId(1));
    let actor = shop::engine::Actor { person: Some(MANAGER), approver: None };
    // Signed; without a signature; without one where the shop wants every slip.
    let cases = [(1, true, false, 1), (2, false, false, 0), (3, false, true, 1)];
    for (attempt, signature, wanted, expected) in cases {
        settings.print_merchant_slips = wanted;
        let configure = ShopCommand::Configure { settings: Box::new(settings.clone()) };
        let id = print.kit.id();
        print.kit.engine.shop(id, actor, configure).await.expect("configured");
        let before = papers(&print.printer).len();
        let card = CardFacts { signature, ..CardFacts::default() };
        let (amount, currency) = (euros(100), money::Currency::EUR);
        let approval =
            Approval { amount: amount.amount, currency, partial: false, card, cash: None };
        let part = Some(amount);
        let step = |step| TillCommand::Attempt { attempt: AttemptId(attempt), step };
        let merchant = vec!["** Händlerbeleg **".to_owned()];
        let mut commands = vec![
            scan(1),
            scan(2),
            TillCommand::PayCard { amount: part, terminal: None },
            step(AttemptStep::Sent { before: String::new() }),
            step(AttemptStep::Outcome(Outcome::Approved(Box::new(approval)))),
            step(AttemptStep::Acknowledged { customer: Vec::new(), merchant }),
        ];
        if signature {
            commands.push(TillCommand::CompareSignature { equal: true });
        }
        for command in commands {
            let (id, told) = (print.kit.id(), format!("{command:?}"));
            let done = print.kit.engine.till(id, TillId(1), actor, command).await;
            done.unwrap_or_else(|error| panic!("{told}: {error:?}"));
        }
        print.idle().await;
        let new = papers(&print.printer).split_off(before);
        let slips = new.iter().filter(|text| text.contains("HÄNDLERBELEG")).count();
        assert_eq!(slips, expected, "{signature} {wanted}: {new:?}");
        let signs = new.iter().any(|text| text.contains("Unterschrift"));
        assert_eq!(signs, signature, "{new:?}");
        let id = print.kit.id();
        print.kit.engine.till(id, TillId(1), actor, PAY).await.expect("the rest in cash");
        print.idle().await;
    }
    let close = ShopCommand::CloseTerminalDay { terminal: TerminalId(1), despite_doubt: None };
    let id = print.kit.id();
    print.kit.engine.shop(id, actor, close).await.expect("asked");
    let closing = ClosingId(1);
    for step in [
        ClosingStep::Sent,
        ClosingStep::Totals(domain::terminal_day::TerminalTotals::default()),
        ClosingStep::Closed { lines: vec!["** Kassenschnitt **".to_owned()] },
    ] {
        let id = print.kit.id();
        let command = TillCommand::TerminalDay { closing, step };
        print.kit.engine.till(id, TillId(1), actor, command).await.expect("a step");
    }
    print.idle().await;
    let paper = papers(&print.printer).pop().expect("its paper");
    for told in ["KASSENSCHNITT TERMINAL", "Theke", "Differenz", "weichen ab"] {
        assert!(paper.contains(told), "{told}: {paper}");
    }
    print.end().await;
}
