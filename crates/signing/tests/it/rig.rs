//! Units of every kind, each with a clock to turn and with what shall go wrong.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::time::Duration;

use fiscal::de::tse::qr::ReceiptCode;
use jiff::{Timestamp, ToSpan};
use signing::simulator::{self, Deed, Trouble};
use signing::{Epson, Fault, Finished, Fiskaly, Software, Unit, epson, fiskaly, fresh};
use tempfile::TempDir;

pub(crate) const TYPE: &str = "Kassenbeleg-V1";
pub(crate) const DATA: &str = "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar";
pub(crate) const PROCESS: (&str, &str) = (TYPE, DATA);
pub(crate) const TILL: &str = "TR-1";
/// How long a test waits for an answer that is late.
const PATIENCE: Duration = Duration::from_secs(1);

pub(crate) fn at(seconds: i64) -> Timestamp {
    let begin: Timestamp = "2026-11-26T08:00:00Z".parse().expect("a time");
    begin.checked_add(seconds.seconds()).expect("in range")
}

pub(crate) fn draw() -> [u8; 32] {
    static DRAWN: AtomicU8 = AtomicU8::new(1);
    [DRAWN.fetch_add(1, Ordering::Relaxed); 32]
}

fn here() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

pub(crate) fn secret() -> fiskaly::Secret {
    fiskaly::Secret {
        api_key: "test_key".to_owned(),
        api_secret: "test_secret".to_owned(),
        admin_pin: Some("1234567890".to_owned()),
    }
}

pub(crate) fn pins() -> epson::Secret {
    epson::Secret {
        shared: "EPSONKEY".to_owned(),
        admin_pin: "55555".to_owned(),
        time_admin_pin: "66666".to_owned(),
    }
}

/// A simulator, if the unit has one.
pub(crate) enum Behind {
    Nothing,
    Fiskaly(simulator::fiskaly::Simulator),
    Epson(simulator::epson::Simulator),
}

/// A unit and what is behind it.
pub(crate) struct Rig {
    pub(crate) kind: &'static str,
    pub(crate) unit: Box<dyn Unit>,
    pub(crate) behind: Behind,
    clock: Arc<AtomicI64>,
    _folder: TempDir,
}

impl Rig {
    /// One of each kind.
    pub(crate) fn all() -> Vec<Rig> {
        let mut all = Self::simulated();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("unit.tse");
        let unit = Software::open(&path, || fresh(&[7; 32], "test"), at(0)).expect("a unit");
        all.push(Rig {
            kind: "software",
            unit: Box::new(unit),
            behind: Behind::Nothing,
            clock: Arc::default(),
            _folder: folder,
        });
        all
    }

    /// One of each kind that has a simulator.
    pub(crate) fn simulated() -> Vec<Rig> {
        vec![Self::fiskaly(), Self::epson()]
    }

    pub(crate) fn fiskaly() -> Rig {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(AtomicI64::new(0));
        let turned = Arc::clone(&clock);
        let simulator = simulator::fiskaly::Simulator::start(simulator::fiskaly::Setup {
            listen: here(),
            memory: folder.path().join("unit.tse"),
            seed: [7; 32],
            clock: Arc::new(move || at(turned.load(Ordering::Relaxed))),
            tss: "3a8f0c2e-1111-4222-8333-444455556666".parse().expect("a UUID"),
            secret: secret(),
            new: false,
        });
        let simulator = simulator.expect("started");
        let unit = Fiskaly::new(simulator.way(PATIENCE, draw), secret()).expect("a way");
        Rig {
            kind: "fiskaly",
            unit: Box::new(unit),
            behind: Behind::Fiskaly(simulator),
            clock,
            _folder: folder,
        }
    }

    pub(crate) fn epson() -> Rig {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(AtomicI64::new(0));
        let turned = Arc::clone(&clock);
        let simulator = simulator::epson::Simulator::start(simulator::epson::Setup {
            listen: here(),
            memory: folder.path().join("unit.tse"),
            seed: [9; 32],
            clock: Arc::new(move || at(turned.load(Ordering::Relaxed))),
            secret: pins(),
            new: false,
        });
        let simulator = simulator.expect("started");
        let unit = Epson::new(simulator.way(PATIENCE), pins());
        Rig {
            kind: "epson",
            unit: Box::new(unit),
            behind: Behind::Epson(simulator),
            clock,
            _folder: folder,
        }
    }

    /// Sets the clock of shop and unit.
    pub(crate) fn time(&self, seconds: i64) -> Timestamp {
        self.clock.store(seconds, Ordering::Relaxed);
        at(seconds)
    }

    pub(crate) fn script(&self, troubles: &[(Deed, Trouble)]) {
        match &self.behind {
            Behind::Nothing => {}
            Behind::Fiskaly(simulator) => simulator.script(troubles),
            Behind::Epson(simulator) => simulator.script(troubles),
        }
    }

    /// The same unit, as it is found by a program that starts anew.
    pub(crate) fn restart(&mut self) {
        match &self.behind {
            Behind::Nothing => {}
            Behind::Fiskaly(simulator) => {
                let unit = Fiskaly::new(simulator.way(PATIENCE, draw), secret());
                self.unit = Box::new(unit.expect("a way"));
            }
            Behind::Epson(simulator) => {
                self.unit = Box::new(Epson::new(simulator.way(PATIENCE), pins()));
            }
        }
    }

    /// Ready for sales: tested and with a till.
    pub(crate) fn ready(self) -> Rig {
        let now = self.time(1);
        self.unit.self_test(now).unwrap_or_else(|fault| panic!("{}: {fault}", self.kind));
        self.unit.register(TILL, now).unwrap_or_else(|fault| panic!("{}: {fault}", self.kind));
        self
    }

    /// The receipt's code, which must verify with nothing but itself.
    pub(crate) fn verify(&self, number: u64, done: &Finished) {
        let identity = self.unit.identity().expect("said");
        let code = ReceiptCode {
            client: TILL.to_owned(),
            process_type: TYPE.to_owned(),
            process_data: DATA.to_owned(),
            transaction: number,
            counter: done.counter,
            start: done.at,
            finish: done.at,
            algorithm: identity.algorithm,
            time_format: identity.time_format,
            signature: done.signature.clone(),
            public_key: identity.public_key.clone(),
        };
        let read = ReceiptCode::read(&code.to_string()).expect("a code");
        let verified = read.verify().expect("verifies");
        assert_eq!(verified.serial.to_string(), identity.serial, "{}", self.kind);
    }

    /// What the unit keeps of that transaction: how often it was begun, updated and finished.
    pub(crate) fn kept(&self, number: u64) -> [usize; 3] {
        let mut tar = Vec::new();
        let now = self.time(10_000);
        self.unit.export((None, None), now, &mut tar).expect("exported");
        let mut kept = [0; 3];
        let mark = |operation: &str| format!("_Log-Tra_No-{number}_{operation}_");
        fiscal::de::tse::tar::files(tar.as_slice(), |name, _| {
            for (kept, operation) in kept.iter_mut().zip(["Start", "Update", "Finish"]) {
                *kept += usize::from(name.contains(&mark(operation)));
            }
        })
        .expect("an archive");
        kept
    }
}

/// The fault's code.
#[track_caller]
pub(crate) fn code<T: std::fmt::Debug>(said: Result<T, Fault>) -> &'static str {
    said.expect_err("a fault").code()
}
