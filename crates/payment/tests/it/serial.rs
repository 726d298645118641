//! A terminal at a serial port: over two ports that are one line (pty), and over a line of this process on
//! which everything can happen at every write.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use payment::driver::{Purpose, Reference};
use payment::line::{Dial, Pace, run_over};
use payment::serial::{SerialStream, carry};
use payment::simulator::{Fault, Setup, Simulator};
use payment::zvt::Zvt;
use payment::{Driver, End};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex, split};

use crate::kit::{Book, euro};

fn driver() -> Zvt {
    crate::kit::driver().over_serial()
}

/// What happens to a write on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mishap {
    Lost,
    Corrupted,
    NoiseBefore,
    Nak,
    Split,
    /// The device is gone from here on.
    Gone,
}

const MISHAPS: [Mishap; 6] = [
    Mishap::Lost,
    Mishap::Corrupted,
    Mishap::NoiseBefore,
    Mishap::Nak,
    Mishap::Split,
    Mishap::Gone,
];

/// A line between till and terminal. The till's port can be opened again and again; the terminal's stays.
struct Cable {
    terminal: Arc<Simulator>,
    mishap: Option<(usize, Mishap)>,
    writes: Arc<AtomicUsize>,
}

impl Dial for Cable {
    type Stream = SerialStream;

    async fn dial(&self) -> std::io::Result<SerialStream> {
        let (till, inner) = duplex(4096);
        let (outer, terminal) = duplex(4096);
        self.terminal.attach(carry(terminal).0).await;
        tokio::spawn(relay(inner, outer, self.mishap, Arc::clone(&self.writes)));
        Ok(carry(till).0)
    }
}

/// Carries what either side writes, as long as it goes well.
async fn relay(
    till: DuplexStream,
    terminal: DuplexStream,
    mishap: Option<(usize, Mishap)>,
    writes: Arc<AtomicUsize>,
) {
    let (mut till, mut to_till) = split(till);
    let (mut terminal, mut to_terminal) = split(terminal);
    let (mut a, mut b) = ([0; 4096], [0; 4096]);
    loop {
        let (bytes, to) = tokio::select! {
            biased;
            count = terminal.read(&mut a) => (&a[..count.unwrap_or(0)], &mut to_till),
            count = till.read(&mut b) => (&b[..count.unwrap_or(0)], &mut to_terminal),
        };
        if bytes.is_empty() {
            return;
        }
        let number = writes.fetch_add(1, Ordering::Relaxed) + 1;
        let mut bent = bytes.to_vec();
        let middle = bent.len() / 2;
        match mishap.filter(|(at, _)| *at == number).map(|(_, mishap)| mishap) {
            None | Some(Mishap::Split) => {}
            Some(Mishap::Lost) => continue,
            Some(Mishap::Corrupted) => bent[middle] ^= 0x41,
            Some(Mishap::NoiseBefore) => bent.splice(0..0, [0xff, 0x06, 0x00]).for_each(drop),
            Some(Mishap::Nak) => bent = vec![0x15],
            Some(Mishap::Gone) => return,
        }
        let piece = if mishap == Some((number, Mishap::Split)) { 1 } else { bent.len() };
        for piece in bent.chunks(piece) {
            if to.write_all(piece).await.is_err() {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

/// One payment, refund or reversal with one mishap: what the till believes is what the terminal has.
async fn play(kind: &str, mishap: Option<(usize, Mishap)>) -> (usize, bool) {
    let setup = Setup { automatic: Some(1_000), ..Setup::default() };
    let terminal = Arc::new(Simulator::start(&setup).expect("there can be such a terminal"));
    let mut cable = Cable { terminal: Arc::clone(&terminal), mishap: None, writes: Arc::default() };
    let pace = Pace::default();
    let end = run_over(driver().pay(&euro(500)), &cable, &pace, &mut Book::default()).await;
    let End::Acknowledged(sale) = end else { panic!("nothing is wrong yet: {end:?}") };
    let reference =
        Reference { receipt: sale.receipt.clone().expect("a number"), trace: sale.trace.clone() };
    let purpose = match kind {
        "payment" => Purpose::Payment,
        "refund" => Purpose::Refund,
        _ => Purpose::Reversal(reference),
    };
    tokio::time::sleep(Duration::from_secs(120)).await;
    (cable.mishap, cable.writes) = (mishap, Arc::default());
    let mut book = Book::default();
    let talk = crate::kit::ask(&driver(), &purpose, &euro(500));
    let end = run_over(talk, &cable, &pace, &mut book).await;
    let writes = cable.writes.load(Ordering::Relaxed);
    cable.mishap = None;
    let (believed, in_doubt) = match end {
        End::Acknowledged(yes) => (Some(yes.amount), false),
        End::NoMoney(_) => (None, false),
        End::Unknown { .. } => {
            let talk = driver().query(&purpose, &euro(500), &book.before);
            match run_over(talk, &cable, &pace, &mut Book::default()).await {
                End::Acknowledged(yes) => (Some(yes.amount), true),
                End::NoMoney(_) => (None, true),
                other => panic!("nobody knows: {kind} {mishap:?} {other:?}"),
            }
        }
        other => panic!("{kind} {mishap:?} {other:?}"),
    };
    tokio::time::sleep(Duration::from_secs(120)).await;
    let view = terminal.controls().view();
    let stored: Vec<_> = view.entries[1..].iter().map(|entry| (entry.kind, entry.amount)).collect();
    let expected: Vec<_> = believed.iter().map(|amount| (kind, *amount)).collect();
    assert_eq!(stored, expected, "{kind} {mishap:?}");
    (writes, in_doubt)
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_on_a_serial_line_the_shop_and_the_terminal_agree() {
    for kind in ["payment", "refund", "reversal"] {
        let (writes, _) = play(kind, None).await;
        let (mut played, mut found_out) = (0, 0);
        for at in 1..=writes {
            for mishap in MISHAPS {
                let (_, in_doubt) = play(kind, Some((at, mishap))).await;
                played += 1;
                found_out += usize::from(in_doubt);
            }
        }
        println!("serial {kind}: {played} mishaps, {found_out} found out afterwards");
        assert!(played > 100 && found_out > 10, "{played} {found_out}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_fault_of_a_terminal_at_a_serial_line_ends_in_agreement() {
    let mut played = 0;
    for fault in Fault::all() {
        let setup = Setup { automatic: Some(1_000), ..Setup::default() };
        let terminal = Arc::new(Simulator::start(&setup).expect("a terminal"));
        let cable = Cable { terminal: Arc::clone(&terminal), mishap: None, writes: Arc::default() };
        let pace = Pace::default();
        run_over(driver().pay(&euro(700)), &cable, &pace, &mut Book::default()).await;
        terminal.controls().choose(Some(fault)).await;
        let mut book = Book::default();
        let end = run_over(driver().pay(&euro(500)), &cable, &pace, &mut book).await;
        let believed = match end {
            End::Unknown { .. } => {
                let talk = driver().query(&Purpose::Payment, &euro(500), &book.before);
                run_over(talk, &cable, &pace, &mut Book::default()).await
            }
            end => end,
        };
        tokio::time::sleep(Duration::from_secs(120)).await;
        let stored = terminal.controls().view().entries.len() - 1;
        let expected = match believed {
            End::Acknowledged(_) => 1,
            End::NoMoney(_) => 0,
            other => panic!("nobody knows: {fault:?} {other:?}"),
        };
        assert_eq!(stored, expected, "{fault:?}");
        played += 1;
    }
    println!("serial: {played} faults of the terminal");
}

#[cfg(target_os = "linux")]
mod ports {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use ::zvt::terminal::Customer;
    use payment::Said;
    use payment::serial::{Serial, open};
    use serial2_tokio::SerialPort;

    use super::*;

    /// The pseudo-terminals that this process has open.
    fn open_ones() -> BTreeSet<PathBuf> {
        let all = std::fs::read_dir("/proc/self/fd").expect("Linux");
        let links = all.flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok());
        links.filter(|path| path.starts_with("/dev/pts")).collect()
    }

    /// Two ports that are one line: the path of the till's, and the terminal's.
    fn line() -> (Serial, SerialPort, SerialPort) {
        let before = open_ones();
        let (at_terminal, at_till) = SerialPort::pair().expect("this machine has ptys");
        let path = open_ones().difference(&before).next().expect("one more").clone();
        let path = path.to_str().expect("digits").to_owned();
        (Serial { path, rate: 115_200 }, at_terminal, at_till)
    }

    #[tokio::test]
    async fn a_shop_works_all_day_at_a_port_until_the_device_is_gone() {
        let (serial, at_terminal, _kept_open) = line();
        let setup = Setup { automatic: Some(1), hurry: 1_000, ..Setup::default() };
        let terminal = Simulator::start(&setup).expect("a terminal");
        terminal.attach(carry(at_terminal).0).await;
        let pace = Pace::default();
        let just = async |talk| run_over(talk, &serial, &pace, &mut Book::default()).await;
        let End::Identity(identity) = just(driver().identity()).await else { panic!("no answer") };
        assert_eq!(identity.tid.as_deref(), Some("52523535"));
        assert_eq!(just(driver().diagnose()).await, End::Diagnosed);
        let End::Acknowledged(sale) = just(driver().pay(&euro(1_000))).await else {
            panic!("nothing is wrong")
        };
        assert!(!sale.slips.customer.is_empty(), "{sale:?}");
        let End::Acknowledged(_) = just(driver().refund(&euro(400))).await else {
            panic!("nothing is wrong")
        };
        let reference = Reference { receipt: sale.receipt.expect("a number"), trace: sale.trace };
        let End::Acknowledged(_) = just(driver().reverse(&euro(1_000), &reference)).await else {
            panic!("nothing is wrong")
        };
        let kinds: Vec<_> = terminal.controls().view().entries.iter().map(|e| e.kind).collect();
        assert_eq!(kinds, ["payment", "refund", "reversal"]);
        assert!(matches!(just(driver().end_of_day()).await, End::DayClosed(_)));
        // Pulled out while the customer is asked: nobody knows.
        let controls = terminal.controls();
        controls.automatic(None).await;
        let pulled = async {
            controls.wait_until(|view| view.waiting).await;
            drop(terminal);
        };
        let mut book = Book::default();
        let (end, ()) =
            tokio::join!(run_over(driver().pay(&euro(100)), &serial, &pace, &mut book), pulled);
        assert!(matches!(end, End::Unknown { .. }), "{end:?}");
    }

    #[tokio::test]
    async fn a_simulated_terminal_serves_a_port_by_its_path() {
        let (serial, at_till, _kept_open) = line();
        let terminal = Simulator::start(&Setup::default()).expect("a terminal");
        terminal.serve_serial(serial).expect("there is such a port");
        let way = Port(std::sync::Mutex::new(Some(at_till)));
        let controls = terminal.controls();
        let comes = async {
            controls.wait_until(|view| view.waiting).await;
            controls.customer(Customer::Insert).await
        };
        let (pace, mut book) = (Pace::default(), Book::default());
        let paying = run_over(driver().pay(&euro(1_000)), &way, &pace, &mut book);
        let (end, came) = tokio::join!(paying, comes);
        assert!(matches!(&end, End::Acknowledged(yes) if yes.amount == 1_000), "{end:?}");
        assert!(came);
    }

    /// A port that can be opened once.
    struct Port(std::sync::Mutex<Option<SerialPort>>);

    impl Dial for Port {
        type Stream = SerialStream;

        async fn dial(&self) -> std::io::Result<SerialStream> {
            let port = self.0.lock().expect("no test panicked with it").take();
            port.map(|port| carry(port).0).ok_or(std::io::ErrorKind::NotFound.into())
        }
    }

    #[tokio::test]
    async fn what_is_no_serial_port_is_not_opened() {
        for path in ["/dev/null", "/nowhere", ""] {
            let serial = Serial { path: path.to_owned(), rate: 9_600 };
            assert!(open(&serial).is_err(), "{path}");
            let end =
                run_over(driver().identity(), &serial, &Pace::default(), &mut Book::default())
                    .await;
            assert_eq!(end, End::NoMoney(Said::Cancelled { code: "unreachable" }), "{path}");
        }
    }
}
