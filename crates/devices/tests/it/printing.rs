use std::net::SocketAddr;
use std::time::Duration;

use devices::printer::{PrintOutcome, Reason, Setup, Timeouts};
use devices::simulator::{Answers, Ended, Faults, Job, Printer, paper_text};
use devices::{drawer_job, job_bytes};
use escpos::{DecodedOp, Problem, Profile};
use receipt::receipt_document;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::samples::sale;

/// So long that only a broken program reaches it.
const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(200);

fn patient() -> Timeouts {
    Timeouts { connect: LONG, answer: LONG, finish: LONG }
}

fn free_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

async fn simulator(faults: Faults) -> Printer {
    let printer = Printer::start(free_port(), Profile::generic_80mm()).await.expect("listens");
    printer.set_faults(faults);
    printer
}

fn client(simulator: &Printer, timeouts: Timeouts) -> devices::printer::Printer {
    crate::samples::at(simulator.address(), timeouts)
}

/// Told that it passes no answers back.
fn silent(simulator: &Printer) -> devices::printer::Printer {
    let place = devices::line::Place::Net(simulator.address().to_string());
    let setup = Setup { silent: true, ..Setup::usual(place) };
    devices::printer::Printer::new(setup, patient())
}

fn job() -> Vec<u8> {
    job_bytes(&receipt_document(&sale()).opening_drawer(), &Profile::generic_80mm())
}

/// The last job, when it has come to its end.
async fn ended(simulator: &Printer) -> Job {
    let mut changes = simulator.changes();
    loop {
        if let Some(job) = simulator.jobs().pop().filter(|job| job.ended != Ended::Not) {
            return job;
        }
        changes.changed().await.expect("the simulator runs");
    }
}

fn cuts(job: &Job) -> usize {
    job.ops.iter().filter(|op| matches!(op, DecodedOp::Cut { .. })).count()
}

#[tokio::test]
async fn a_receipt_comes_out_and_the_drawer_opens() {
    let simulator = simulator(Faults::default()).await;
    let outcome = client(&simulator, patient()).print(&job()).await;
    assert!(
        matches!(outcome, PrintOutcome::Printed(status) if status.drawer_pin_high),
        "{outcome:?}"
    );
    assert!(simulator.drawer_open());
    let job = ended(&simulator).await;
    assert_eq!((job.ended, cuts(&job)), (Ended::Whole, 1));
    let paper = paper_text(&job.ops, 48);
    assert!(
        paper.contains("Dorfladen Müller") && paper.contains("[R1-4812]") && paper.contains("2,60"),
        "{paper}"
    );
    simulator.close_drawer();
    let status = client(&simulator, patient()).status().await.expect("answers");
    assert!(!status.drawer_pin_high);
}

#[tokio::test]
async fn the_drawer_opens_without_any_paper() {
    let simulator = simulator(Faults::default()).await;
    let outcome = client(&simulator, patient()).print(&drawer_job(&Profile::generic_80mm())).await;
    assert!(matches!(outcome, PrintOutcome::Printed(_)), "{outcome:?}");
    assert!(simulator.drawer_open());
    assert_eq!(paper_text(&ended(&simulator).await.ops, 48), "[drawer pulse, pin 2, 50 ms]\n");
}

#[tokio::test]
async fn a_printer_that_says_it_is_not_ready_gets_no_job() {
    let cases = [
        (Faults { paper_out: true, ..Faults::default() }, Problem::PaperEnd),
        (Faults { cover_open: true, ..Faults::default() }, Problem::CoverOpen),
        (Faults { offline: true, ..Faults::default() }, Problem::Offline),
    ];
    for (faults, problem) in cases {
        let simulator = simulator(faults).await;
        let outcome = client(&simulator, patient()).print(&job()).await;
        assert_eq!(outcome, PrintOutcome::NotPrinted(Reason::NotReady(problem)));
        assert!(simulator.jobs().is_empty());
        simulator.set_faults(Faults::default());
        let outcome = client(&simulator, patient()).print(&job()).await;
        assert!(matches!(outcome, PrintOutcome::Printed(_)), "the fault is gone: {outcome:?}");
    }
}

#[tokio::test]
async fn a_roll_near_its_end_prints_and_says_so() {
    let simulator = simulator(Faults { near_end: true, ..Faults::default() }).await;
    let outcome = client(&simulator, patient()).print(&job()).await;
    assert!(
        matches!(outcome, PrintOutcome::Printed(status) if status.near_end && !status.paper_end),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn paper_that_ends_in_mid_job_is_unknown_and_the_rest_comes_out_later() {
    let simulator = simulator(Faults { paper_left: Some(5), ..Faults::default() }).await;
    let hasty = Timeouts { finish: Duration::from_secs(1), ..patient() };
    let outcome = client(&simulator, hasty).print(&job()).await;
    assert_eq!(outcome, PrintOutcome::Unknown(Reason::NotReady(Problem::PaperEnd)));
    let so_far = simulator.jobs().pop().expect("something came out");
    assert_eq!((so_far.ended, cuts(&so_far)), (Ended::Not, 0));
    simulator.set_faults(Faults::default());
    let whole = ended(&simulator).await;
    assert_eq!((whole.ended, cuts(&whole)), (Ended::Whole, 1));
}

/// Pieces of automatic states look like the answer that comes when all is printed. A printer that still stands still has not printed.
#[tokio::test]
async fn states_that_nobody_asked_for_are_never_taken_for_printed() {
    let faults = Faults { busy: true, status_flood: true, ..Faults::default() };
    let simulator = simulator(faults).await;
    let hasty = Timeouts { finish: Duration::from_secs(1), ..patient() };
    let outcome = client(&simulator, hasty).print(&job()).await;
    assert_eq!(outcome, PrintOutcome::Unknown(Reason::NoAnswer));
    assert!(simulator.jobs().is_empty(), "it stood still");
    simulator.set_faults(Faults { status_flood: true, ..Faults::default() });
    let whole = ended(&simulator).await;
    assert_eq!((whole.ended, cuts(&whole)), (Ended::Whole, 1));
}

#[tokio::test]
async fn a_printer_that_sends_its_state_all_the_time_prints_and_says_why_it_cannot() {
    let simulator = simulator(Faults { status_flood: true, ..Faults::default() }).await;
    let printer = client(&simulator, patient());
    assert!(matches!(printer.print(&job()).await, PrintOutcome::Printed(_)));
    // At once, not only when the connection has ended: it has come out when it is said to have.
    assert_eq!(simulator.jobs().iter().map(cuts).collect::<Vec<_>>(), [1]);
    simulator.set_faults(Faults { status_flood: true, paper_left: Some(5), ..Faults::default() });
    let hasty = Timeouts { finish: Duration::from_secs(1), ..patient() };
    let outcome = client(&simulator, hasty).print(&job()).await;
    assert_eq!(outcome, PrintOutcome::Unknown(Reason::NotReady(Problem::PaperEnd)));
}

#[tokio::test]
async fn a_printer_that_does_not_answer_sensibly_gets_no_job() {
    let cases = [
        (Answers::Mute, Reason::NoAnswer),
        (Answers::Garbage, Reason::BadAnswer),
        (Answers::LowGarbage, Reason::BadAnswer),
        (Answers::Late(LONG), Reason::NoAnswer),
    ];
    for (answers, reason) in cases {
        let simulator = simulator(Faults { answers, ..Faults::default() }).await;
        let outcome =
            client(&simulator, Timeouts { answer: SHORT, ..patient() }).print(&job()).await;
        assert_eq!(outcome, PrintOutcome::NotPrinted(reason.clone()));
        assert_eq!(
            client(&simulator, Timeouts { answer: SHORT, ..patient() }).status().await,
            Err(reason)
        );
        assert!(simulator.jobs().is_empty());
    }
}

#[tokio::test]
async fn answers_that_are_late_but_in_time_are_good() {
    let answers = Answers::Late(Duration::from_millis(1));
    let simulator = simulator(Faults { answers, ..Faults::default() }).await;
    let outcome = client(&simulator, patient()).print(&job()).await;
    assert!(matches!(outcome, PrintOutcome::Printed(_)), "{outcome:?}");
}

/// The connection breaks after each number of bytes: *not printed* is said only when nothing came out, *printed* only
/// when everything did.
#[tokio::test]
async fn a_broken_connection_is_never_taken_for_the_wrong_thing() {
    let job = job();
    // twelve bytes of questions, the job, three of the queued question, twelve of questions
    let whole = 12 + job.len() + 3 + 12;
    let mut seen = (0, 0, 0);
    for n in (0..40).chain((40..whole).step_by(61)).chain([whole - 1, whole, whole + 1]) {
        let simulator = simulator(Faults { drop_after: Some(n), ..Faults::default() }).await;
        match client(&simulator, patient()).print(&job).await {
            PrintOutcome::NotPrinted(reason) => {
                assert!(n < 12, "{n}: {reason}");
                assert!(simulator.jobs().is_empty(), "{n}");
                seen.0 += 1;
            }
            PrintOutcome::Unknown(reason) => {
                assert!((12..whole).contains(&n), "{n}: {reason}");
                assert_eq!(reason.code(), "printer_broken_off", "{n}");
                seen.1 += 1;
            }
            PrintOutcome::Printed(_) => {
                assert!(n >= whole, "{n}");
                assert_eq!(cuts(&ended(&simulator).await), 1);
                seen.2 += 1;
            }
        }
    }
    assert!(seen.0 == 12 && seen.1 > 28 && seen.2 == 2, "{seen:?}");
}

#[tokio::test]
async fn a_printer_that_is_not_there_is_unreachable() {
    let listener = TcpListener::bind(free_port()).await.expect("listens");
    let address = listener.local_addr().expect("has an address").to_string();
    drop(listener);
    let printer = crate::samples::at(address, patient());
    let outcome = printer.print(&job()).await;
    assert!(matches!(outcome, PrintOutcome::NotPrinted(Reason::Unreachable(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_print_server_without_answers_is_written_to_blindly_when_told_so() {
    let simulator = simulator(Faults { answers: Answers::Mute, ..Faults::default() }).await;
    let outcome = silent(&simulator).print(&job()).await;
    assert!(matches!(outcome, PrintOutcome::Printed(_)), "{outcome:?}");
    assert_eq!(cuts(&ended(&simulator).await), 1);
}

#[tokio::test]
async fn what_is_passed_on_to_a_device_behind_it_is_never_amid_a_job() {
    let simulator = simulator(Faults { answers: Answers::Mute, ..Faults::default() }).await;
    let printer = client(&simulator, patient());
    let (job, beside) = (job(), b"\x1b=\x02Summe");
    let mut printing = Box::pin(printer.print(&job));
    tokio::select! {
        biased;
        outcome = &mut printing => panic!("nobody answered: {outcome:?}"),
        () = std::future::ready(()) => {}
    }
    // Both go on; the job waits for its answer, so what is passed on waits for the job.
    tokio::select! {
        outcome = &mut printing => panic!("nobody answered: {outcome:?}"),
        passed = tokio::time::timeout(SHORT, printer.pass_on(beside)) => assert!(passed.is_err()),
    }
    drop(printing);
    printer.pass_on(beside).await.expect("passed on");
    let heard = async {
        while !simulator.recording().ends_with(beside) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, heard).await.expect("heard");
}

#[tokio::test]
async fn two_jobs_at_once_come_out_one_after_the_other() {
    let simulator = simulator(Faults::default()).await;
    let printer = client(&simulator, patient());
    let (job_a, job_b) = (job(), job());
    let (a, b) = tokio::join!(printer.print(&job_a), printer.print(&job_b));
    assert!(
        matches!((&a, &b), (PrintOutcome::Printed(_), PrintOutcome::Printed(_))),
        "{a:?} {b:?}"
    );
    let jobs = simulator.jobs();
    assert_eq!(jobs.iter().map(cuts).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(jobs[0].ops, jobs[1].ops);
}

/// A printer that takes a connection, says that all is well and reads on only while it is allowed to.
struct Stubborn {
    address: SocketAddr,
    reads: tokio::sync::watch::Sender<bool>,
    got: tokio::task::JoinHandle<Vec<u8>>,
}

impl Stubborn {
    /// Stops reading for good right after the four questions.
    async fn start() -> Self {
        let listener = TcpListener::bind(free_port()).await.expect("listens");
        let address = listener.local_addr().expect("has an address");
        let (reads, mut allowed) = tokio::sync::watch::channel(false);
        let got = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut question = [0; 3];
            for _ in 0..4 {
                stream.read_exact(&mut question).await.expect("a question");
                assert_eq!(question[..2], [0x10, 0x04]);
                stream.write_all(&[0x12]).await.expect("answered");
            }
            allowed.wait_for(|allowed| *allowed).await.expect("the test runs");
            let mut got = Vec::new();
            // What had been sent when the till gave up; the end may be a reset.
            let _end = stream.read_to_end(&mut got).await;
            got
        });
        Self { address, reads, got }
    }
}

#[tokio::test]
async fn a_printer_that_stops_reading_in_mid_job_holds_nobody_and_prints_later() {
    let stubborn = Stubborn::start().await;
    // More than the buffers of both sides of a connection hold.
    let long: Vec<u8> = job().into_iter().cycle().take(16 * 1024 * 1024).collect();
    let hasty = Timeouts { answer: SHORT, ..patient() };
    let printer = crate::samples::at(stubborn.address, hasty);
    let limit = Duration::from_secs(15);
    let outcome = tokio::time::timeout(limit, printer.print(&long)).await.expect("given up");
    assert_eq!(outcome, PrintOutcome::Unknown(Reason::NoAnswer));
    stubborn.reads.send(true).expect("it waits");
    let got = stubborn.got.await.expect("read to the end");
    assert!(!got.is_empty() && got.len() < long.len(), "{} bytes", got.len());
    assert!(long.starts_with(&got), "a piece of the job, from its beginning");

    // The same port again, with a printer that reads.
    let simulator =
        Printer::start(stubborn.address, Profile::generic_80mm()).await.expect("listens");
    assert!(matches!(printer.print(&job()).await, PrintOutcome::Printed(_)));
    let whole = ended(&simulator).await;
    assert_eq!((whole.ended, cuts(&whole)), (Ended::Whole, 1));
}
