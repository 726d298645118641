//! The program is asked to end while a customer is at the card terminal: it waits for them, says so, and what
//! they paid is in the books.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use domain::settings::{TerminalProtocol, TerminalSettings};
use domain::{PersonId, ShopCommand, TerminalId};
use payment::simulator::{Setup, Simulator};
use serde_json::json;
use sim::build::{Built, PIN, Plan, item_code};
use sim::client::Client;

use crate::kit::{Folder, Ids, done, program};

/// `tresen run`, with what it says to whoever started it.
fn start(file: &Path) -> (Child, std::net::SocketAddr) {
    let mut child = Command::new(program())
        .args(["--language", "en", "run", "--listen", "127.0.0.1:0", "--file"])
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let out = child.stdout.take().expect("its output");
    let mut lines = BufReader::new(out).lines();
    let address = lines
        .by_ref()
        .find_map(|line| line.ok()?.strip_prefix("listening on http://")?.trim().parse().ok())
        .expect("it listens");
    std::thread::spawn(move || for _ in lines {});
    (child, address)
}

/// A shop with a terminal whose customers are played by the test.
pub(crate) fn shop_with_terminal(runtime: &tokio::runtime::Runtime, file: &Path) -> Simulator {
    let setup = Setup { hurry: 200, clock: crate::sigkill_cards::clock, ..Setup::default() };
    let (terminal, address) = runtime.block_on(async {
        let terminal = Simulator::start(&setup).expect("a terminal");
        let any = "127.0.0.1:0".parse().expect("an address");
        let address = terminal.listen(any).await.expect("listening");
        (terminal, address.to_string())
    });
    let mut built = Built::create(file, Plan { seed: 5, tills: 1, items: 4 }).expect("a shop");
    let mut settings = sim::build::settings(1);
    settings.terminals = vec![TerminalSettings {
        id: TerminalId(1),
        name: "Counter".to_owned(),
        protocol: TerminalProtocol::ZvtTcp,
        address,
        terminal_id: None,
        close_by_hand: false,
        merchant: None,
        rate: None,
        certificate: None,
    }];
    settings.tills[0].terminal = Some(TerminalId(1));
    let configure = ShopCommand::Configure { settings: Box::new(settings) };
    built.shop(Some(PersonId(1)), configure).expect("configured");
    let hash = runtime.block_on(shop::auth::Secrets::default().hash(PIN)).expect("a hash");
    built.set_pin(hash).expect("a PIN");
    built.open_till(1).expect("open");
    built.close();
    terminal
}

#[test]
fn a_customer_at_the_terminal_is_waited_for_when_the_program_is_asked_to_end() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    let terminal = shop_with_terminal(&runtime, &file);
    let controls = terminal.controls();
    let (mut program, address) = start(&file);
    let mut client = Client::connect(address).expect("a connection");
    let body = json!({"person": 1, "pin": PIN});
    client.ok("POST", "/api/v1/tills/1/sign-in", Some(&body)).expect("signed in");
    let mut ids = Ids::new(7);
    done(&mut client, &mut ids, json!({"type": "scan", "code": item_code(1)}));
    done(&mut client, &mut ids, json!({"type": "pay_card"}));
    runtime.block_on(controls.wait_until(|view| view.waiting)).expect("it waits for a card");
    // Whoever watches closes their connection; what is paid is not.
    drop(client);
    let asked = Command::new("kill").args(["-TERM", &program.id().to_string()]).status();
    assert!(asked.expect("it is asked to end").success());
    let mut said = BufReader::new(program.stderr.take().expect("what it says"));
    let mut waits = String::new();
    said.read_line(&mut waits).expect("a line");
    assert!(
        waits.contains("Waiting for the card terminal") && waits.contains("Counter"),
        "{waits}"
    );
    assert!(program.try_wait().expect("asked").is_none(), "it waits");
    // The customer taps.
    runtime.block_on(controls.automatic(Some(0)));
    let ended = program.wait().expect("it ends");
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("the rest");
    assert!(ended.success() && rest.is_empty(), "{ended}: {rest}");
    let reader = store::Reader::open(&file).expect("the file");
    let receipts = reader.receipts(&store::ReceiptFilter::default(), 10).expect("read");
    assert_eq!(receipts.len(), 1, "the customer's receipt");
    let tries = reader.attempts(&store::AttemptFilter::default(), 10).expect("read");
    assert_eq!(tries[0].state, "approved");
    drop(terminal);
}
