//! Card payments over TLS and at a serial port, and what a terminal is told that the shop gives up.

use std::time::Duration;

use domain::settings::{TerminalProtocol, TerminalSettings};
use domain::{ShopCommand, TerminalId, TillCommand, TillId};
use payment::simulator::{Setup, Simulator};
use shop::api::view::{LampKind, Truth};
use shop::engine::Actor;
use shop::pay::runner::{Pace, run_at};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::engine_kit::{Kit, MANAGER, scan};
use crate::engine_printing::blocking;

const TERMINAL: TerminalId = TerminalId(1);

fn simulator() -> Simulator {
    Simulator::start(&Setup { automatic: Some(1), hurry: 200, ..Setup::default() })
        .expect("a terminal")
}

/// A terminal reached in this way.
fn one(protocol: TerminalProtocol, address: &str) -> TerminalSettings {
    TerminalSettings {
        id: TERMINAL,
        name: "Terminal 1".to_owned(),
        protocol,
        address: address.to_owned(),
        rate: None,
        certificate: None,
        terminal_id: None,
        merchant: None,
        close_by_hand: false,
    }
}

async fn configure(kit: Kit, terminal: Option<TerminalSettings>) -> Kit {
    blocking(move || {
        let mut kit = kit;
        let mut settings = sim::build::settings(2);
        settings.tills[0].terminal = terminal.as_ref().map(|_| TERMINAL);
        settings.terminals = terminal.into_iter().collect();
        kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
        kit
    })
    .await
}

/// A shop with that terminal, and whoever asks it.
async fn shop(terminal: TerminalSettings) -> (Kit, watch::Sender<bool>, JoinHandle<()>) {
    let kit = configure(blocking(Kit::open).await, Some(terminal)).await;
    let (stop, stopped) = watch::channel(false);
    let pace = Pace {
        look: Duration::from_millis(200),
        ask_again: Duration::from_millis(20),
        at_most: Duration::from_millis(200),
        line: payment::line::Pace { hurry: 200, ..payment::line::Pace::default() },
        machine: devices::cash_machine::Pace::default(),
    };
    let runner = tokio::spawn(run_at(kit.engine.clone(), kit.clock.clone(), stopped, pace));
    (kit, stop, runner)
}

/// Sells something by card; true when money moved.
async fn sells(kit: &mut Kit) -> bool {
    let mut screens = kit.engine.subscribe(TillId(1));
    for command in [scan(1), TillCommand::PayCard { amount: None, terminal: None }] {
        let actor = Actor { person: Some(MANAGER), approver: None };
        let id = kit.id();
        kit.engine.till(id, TillId(1), actor, command).await.expect("done");
    }
    for _ in 0..1_200 {
        let view = kit.engine.view(TillId(1)).await.expect("a view");
        if view.basket.is_none() {
            return true;
        }
        if view.payment.as_ref().is_some_and(|p| p.truth == Truth::NotCharged) {
            return false;
        }
        let _ = tokio::time::timeout(Duration::from_millis(50), screens.recv()).await;
    }
    panic!("it never came")
}

async fn end(mut kit: Kit, stop: watch::Sender<bool>, runner: JoinHandle<()>) {
    let _ = stop.send(true);
    runner.await.expect("the runner ends well");
    blocking(move || kit.stop()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_pays_over_tls_where_the_certificate_is_known_and_nowhere_else() {
    let (terminal, other) = (simulator(), simulator());
    let any = || ([127, 0, 0, 1], 0).into();
    let (address, print) = terminal.listen_tls(any()).await.expect("listens");
    let (elsewhere, _) = other.listen_tls(any()).await.expect("listens");
    let mut known = one(TerminalProtocol::ZvtTls, &address.to_string());
    known.certificate = Some(print.to_string());
    let (mut kit, stop, runner) = shop(known.clone()).await;
    assert!(sells(&mut kit).await);
    assert_eq!(terminal.controls().view().entries.len(), 1);

    // Somebody else answers now.
    known.address = elsewhere.to_string();
    let mut kit = configure(kit, Some(known)).await;
    let mut screens = kit.engine.subscribe(TillId(1));
    let lamp = async {
        loop {
            let view = kit.engine.view(TillId(1)).await.expect("a view");
            let lamp = view.lamps.iter().find(|lamp| lamp.kind == LampKind::Terminal);
            if lamp.is_some_and(|lamp| lamp.code == "bad_certificate") {
                return;
            }
            let _ = tokio::time::timeout(Duration::from_millis(50), screens.recv()).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), lamp).await.expect("the lamp says so");
    assert!(!sells(&mut kit).await);
    assert!(other.controls().view().entries.is_empty());
    end(kit, stop, runner).await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_card_pays_at_a_serial_port() {
    use std::collections::BTreeSet;
    let open_ones = || -> BTreeSet<std::path::PathBuf> {
        let all = std::fs::read_dir("/proc/self/fd").expect("Linux");
        let links = all.flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok());
        links.filter(|path| path.starts_with("/dev/pts")).collect()
    };
    let before = open_ones();
    let pair = serial2_tokio::SerialPort::pair().expect("this machine has ptys");
    let (at_terminal, _kept_open) = pair;
    let path = open_ones().difference(&before).next().expect("one more").clone();
    let terminal = simulator();
    terminal.attach(payment::serial::carry(at_terminal).0).await;
    let path = path.to_str().expect("digits");
    let (mut kit, stop, runner) = shop(one(TerminalProtocol::ZvtSerial, path)).await;
    for sold in 1..=3 {
        assert!(sells(&mut kit).await);
        assert_eq!(terminal.controls().view().entries.len(), sold);
    }
    end(kit, stop, runner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_the_shop_gives_up_is_logged_off() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let address = listener.local_addr().expect("an address").to_string();
    // Says nothing to whatever it hears, and hangs up.
    let heard = tokio::spawn(async move {
        loop {
            let (mut line, _) = listener.accept().await.expect("a connection");
            let mut packet = [0; 3];
            if line.read_exact(&mut packet).await.is_ok() && packet == [0x06, 0x02, 0x00] {
                return;
            }
        }
    });
    let (kit, stop, runner) = shop(one(TerminalProtocol::ZvtTcp, &address)).await;
    // It is there for the runner before it goes.
    let known = async {
        while kit.engine.terminal(TERMINAL).await.expect("running").lamp.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), known).await.expect("it is looked at");
    let kit = configure(kit, None).await;
    tokio::time::timeout(Duration::from_secs(60), heard).await.expect("logged off").expect("heard");
    end(kit, stop, runner).await;
}
