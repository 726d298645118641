//! Every language of printers × every fault, over the network; and an ordinary printer at a serial line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use devices::job_bytes;
use devices::line::{Place, SerialLine};
use devices::printer::{PrintOutcome, Printer, Reason, Setup, Timeouts};
use devices::search::{self, What};
use devices::simulator::{self, Answers, Ended, Faults, paper_text};
use escpos::{Language, Problem, Profile};
use receipt::receipt_document;

use crate::samples::sale;

const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(300);
const ALL: [Language; 3] = [Language::EscPos, Language::Star, Language::Epos];

fn profile(language: Language) -> Profile {
    Profile::generic_80mm().speaking(language)
}

fn job(language: Language) -> Vec<u8> {
    job_bytes(&receipt_document(&sale()).opening_drawer(), &profile(language))
}

async fn simulator(language: Language, faults: Faults) -> simulator::Printer {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let simulator = simulator::Printer::start(any, profile(language)).await.expect("listens");
    simulator.set_faults(faults);
    simulator
}

fn printer(simulator: &simulator::Printer, language: Language, patience: Duration) -> Printer {
    let address = simulator.address();
    let place = match language {
        Language::Epos => Place::Web(format!("http://{address}/")),
        Language::EscPos | Language::Star => Place::Net(address.to_string()),
    };
    let setup = Setup { language, ..Setup::usual(place) };
    let timeouts = Timeouts { connect: LONG, answer: patience, finish: patience };
    Printer::new(setup, timeouts)
}

#[tokio::test]
async fn a_receipt_comes_out_in_every_language() {
    for language in ALL {
        let simulator = simulator(language, Faults::default()).await;
        let printer = printer(&simulator, language, LONG);
        for count in 1..=3 {
            let outcome = printer.print(&job(language)).await;
            assert!(matches!(outcome, PrintOutcome::Printed(_)), "{language:?}: {outcome:?}");
            assert_eq!(simulator.jobs().len(), count, "{language:?}");
        }
        assert!(simulator.drawer_open(), "{language:?}");
        let paper = paper_text(&simulator.jobs()[0].ops, 48);
        for wanted in ["Dorfladen Müller", "[R1-4812]", "2,60", "[cut]", "drawer pulse"] {
            assert!(paper.contains(wanted), "{language:?}: {wanted} in\n{paper}");
        }
        let state = printer.status().await.expect("it tells");
        assert!(state.drawer_pin_high && state.problem().is_none(), "{language:?}");
        assert!(!simulator.recording().is_empty());
    }
}

#[tokio::test]
async fn what_keeps_a_printer_from_printing_is_known_before_the_first_line() {
    let faults = [
        (Faults { paper_out: true, ..Faults::default() }, Problem::PaperEnd),
        (Faults { cover_open: true, ..Faults::default() }, Problem::CoverOpen),
        (Faults { offline: true, ..Faults::default() }, Problem::Offline),
    ];
    for language in ALL {
        for (faults, problem) in faults {
            let simulator = simulator(language, faults).await;
            let outcome = printer(&simulator, language, LONG).print(&job(language)).await;
            let wanted = PrintOutcome::NotPrinted(Reason::NotReady(problem));
            assert_eq!(outcome, wanted, "{language:?}");
            assert_eq!(simulator.jobs().len(), 0, "{language:?}");
        }
    }
}

#[tokio::test]
async fn paper_that_ends_in_mid_job_leaves_it_unknown() {
    for language in ALL {
        let faults = Faults { paper_left: Some(4), ..Faults::default() };
        let simulator = simulator(language, faults).await;
        let outcome = printer(&simulator, language, SHORT).print(&job(language)).await;
        let wanted = PrintOutcome::Unknown(Reason::NotReady(Problem::PaperEnd));
        assert_eq!(outcome, wanted, "{language:?}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_in_mid_job_leaves_it_unknown() {
    for language in ALL {
        let faults = Faults { drop_after: Some(600), ..Faults::default() };
        let simulator = simulator(language, faults).await;
        let outcome = printer(&simulator, language, LONG).print(&job(language)).await;
        assert!(
            matches!(outcome, PrintOutcome::Unknown(Reason::Broken(_))),
            "{language:?}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_printer_that_says_nothing_or_nonsense_gets_no_job() {
    for language in ALL {
        for answers in [Answers::Mute, Answers::Garbage] {
            let simulator = simulator(language, Faults { answers, ..Faults::default() }).await;
            let outcome = printer(&simulator, language, SHORT).print(&job(language)).await;
            assert!(
                matches!(outcome, PrintOutcome::NotPrinted(Reason::NoAnswer | Reason::BadAnswer)),
                "{language:?} {answers:?}: {outcome:?}"
            );
            assert_eq!(simulator.jobs().len(), 0, "{language:?}");
        }
    }
}

#[tokio::test]
async fn a_roll_near_its_end_is_told_and_prints() {
    for language in ALL {
        let simulator = simulator(language, Faults { near_end: true, ..Faults::default() }).await;
        let outcome = printer(&simulator, language, LONG).print(&job(language)).await;
        assert!(
            matches!(outcome, PrintOutcome::Printed(status) if status.near_end),
            "{language:?}: {outcome:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_printer_at_a_serial_line_prints_and_comes_back() {
    let terminals = || -> Vec<PathBuf> {
        let inside = std::fs::read_dir("/proc/self/fd").expect("its files");
        let links = inside.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
        links.filter(|path| path.starts_with("/dev/pts")).collect()
    };
    let before = terminals();
    let (far, _kept_open) = serial2_tokio::SerialPort::pair().expect("this machine has ptys");
    let path = terminals().into_iter().find(|one| !before.contains(one)).expect("one more");
    let simulator = simulator(Language::EscPos, Faults::default()).await;
    simulator.attach(far);
    let place: Place = path.to_str().expect("its name").parse().expect("a place");
    let setup = Setup { serial: SerialLine::usual(115_200), ..Setup::usual(place) };
    let timeouts = Timeouts { connect: LONG, answer: LONG, finish: LONG };
    let printer = Printer::new(setup, timeouts);
    for count in 1..=2 {
        let outcome = printer.print(&job(Language::EscPos)).await;
        assert!(matches!(outcome, PrintOutcome::Printed(_)), "{outcome:?}");
        assert_eq!(simulator.jobs().len(), count);
        // The line stays, so that only the next job ends this one.
        assert!(count == 1 || simulator.jobs()[0].ended == Ended::Whole);
    }
    simulator.set_faults(Faults { cover_open: true, ..Faults::default() });
    let outcome = printer.print(&job(Language::EscPos)).await;
    assert_eq!(outcome, PrintOutcome::NotPrinted(Reason::NotReady(Problem::CoverOpen)));
}

#[tokio::test]
async fn printers_in_the_network_are_found_and_nothing_is_printed() {
    let mut simulators = Vec::new();
    for language in [Language::EscPos, Language::Star] {
        simulators.push(simulator(language, Faults::default()).await);
    }
    simulators.push(
        simulator(Language::EscPos, Faults { answers: Answers::Mute, ..Faults::default() }).await,
    );
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let mut hosts: Vec<SocketAddr> = simulators.iter().map(simulator::Printer::address).collect();
    hosts.push(nobody.local_addr().expect("an address"));
    drop(nobody);
    let wanted =
        [What::Printer(Language::EscPos), What::Printer(Language::Star), What::SilentPrinter];
    let found = search::network(hosts.clone(), SHORT).await;
    assert_eq!(found.len(), 3, "{found:?}");
    for (host, what) in hosts.iter().zip(wanted) {
        let one = found.iter().find(|one| one.at == host.to_string()).expect("found");
        assert_eq!(one.what, what);
    }
    assert!(simulators.iter().all(|simulator| simulator.jobs().is_empty()));
}
