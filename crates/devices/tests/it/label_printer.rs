//! A simulated label printer over a real line: labels, and what is known of them when something goes wrong.

use std::time::Duration;

use devices::label_printer::{Outcome, Pace, Reason, print, state};
use devices::simulator::label_printer::LabelPrinter;
use devices::simulator::stand::{Fault, Stand};
use label::zpl::status::Problem;
use tokio::net::{TcpListener, TcpStream};

const PACE: Pace = Pace {
    connect: Duration::from_secs(5),
    answer: Duration::from_millis(600),
    piece: Duration::from_millis(600),
    pause: Duration::from_millis(10),
    finish: Duration::from_millis(300),
};

fn zpl(copies: u32) -> Vec<u8> {
    let text = "^XA^CI28^PW456^LL256^FT10,40^A0N,30,30^FH_^FDButter_20_C3_A4^FS";
    format!("{text}^FO10,60^BY2^BEN,40,N,N^FH_^FD400638133393^FS^PQ{copies}^XZ").into_bytes()
}

async fn start() -> Stand<LabelPrinter> {
    Stand::start("127.0.0.1:0".parse().unwrap(), LabelPrinter::new()).await.unwrap()
}

async fn line(stand: &Stand<LabelPrinter>) -> TcpStream {
    TcpStream::connect(stand.address()).await.unwrap()
}

#[tokio::test]
async fn labels_come_out_and_are_shown() {
    let stand = start().await;
    let mut line = line(&stand).await;
    assert_eq!(state(&mut line, PACE).await.map(|status| status.problem()), Ok(None));
    assert_eq!(print(&mut line, &zpl(3), PACE).await, Outcome::Printed);
    let labels = stand.with(|printer| printer.labels());
    assert_eq!(labels.len(), 1);
    assert_eq!((labels[0].copies, labels[0].texts()), (3, vec!["Butter ä"]));
    assert_eq!(stand.with(|printer| (printer.printed(), printer.unknown().to_vec())), (3, vec![]));
    let page = stand.page_html();
    assert!(
        page.contains("Simulator") && page.contains("Butter ä") && page.contains("× 3"),
        "{page}"
    );
    assert!(stand.recording().contains("> 7e 48 53"), "the question stands in the recording");
}

#[tokio::test]
async fn a_printer_that_cannot_print_is_sent_nothing() {
    let stand = start().await;
    let problems = [
        (Problem::PaperOut, "paper"),
        (Problem::HeadOpen, "head"),
        (Problem::Paused, "pause"),
        (Problem::RibbonOut, "ribbon"),
    ];
    for (problem, button) in problems {
        let press =
            || stand.with(|printer| devices::simulator::stand::Model::act(printer, &[button]));
        assert!(press());
        let outcome = print(&mut line(&stand).await, &zpl(1), PACE).await;
        assert_eq!(outcome, Outcome::NotPrinted(Reason::Problem(problem)));
        assert!(press());
    }
    assert_eq!(stand.with(|printer| printer.printed()), 0);
    assert_eq!(print(&mut line(&stand).await, &zpl(1), PACE).await, Outcome::Printed);
}

#[tokio::test]
async fn labels_that_end_in_between_are_not_known_to_be_printed() {
    let stand = start().await;
    stand.with(|printer| printer.set_left(Some(2)));
    let outcome = print(&mut line(&stand).await, &zpl(5), PACE).await;
    assert_eq!(outcome, Outcome::Unknown(Reason::Problem(Problem::PaperOut)));
    assert_eq!(stand.with(|printer| printer.printed()), 2);
    // With new labels in it the rest comes out by itself.
    stand.with(|printer| printer.set(|status| status.paper_out = false));
    assert_eq!(stand.with(|printer| printer.printed()), 5);
}

#[tokio::test]
async fn each_fault_of_a_line_is_said_for_what_it_is() {
    let stand = start().await;
    let sent = |fault| {
        stand.set_fault(fault);
        let stand = &stand;
        async move { print(&mut line(stand).await, &zpl(1), PACE).await }
    };
    assert_eq!(sent(Fault::Mute).await, Outcome::NotPrinted(Reason::Silent));
    assert_eq!(sent(Fault::Garbage).await, Outcome::NotPrinted(Reason::Garbage));
    assert_eq!(sent(Fault::Gone).await, Outcome::NotPrinted(Reason::Broken));
    assert_eq!(sent(Fault::BreakBefore).await, Outcome::NotPrinted(Reason::Broken));
    assert_eq!(sent(Fault::BreakDuring).await, Outcome::NotPrinted(Reason::Broken));
    // It said that it can print, and was gone then: whatever was sent may have come out.
    assert!(matches!(sent(Fault::BreakAfter).await, Outcome::Unknown(Reason::Broken)));
    assert_eq!(stand.with(|printer| printer.printed()), 0);
}

#[tokio::test]
async fn a_printer_that_takes_the_connection_and_never_reads_holds_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut line = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (_held, _) = listener.accept().await.unwrap();
    let outcome = print(&mut line, &vec![b' '; 64 * 1024 * 1024], PACE).await;
    assert_eq!(outcome, Outcome::NotPrinted(Reason::Silent));
}
