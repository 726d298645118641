//! Signing units for worlds and measurements: one that can be unplugged, one that signs without a disk, and whoever has
//! a shop's baskets signed in this process.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Result, anyhow};
use domain::settings::Settings;
use domain::signing::{SigningSettings, UnitKind, UnitSettings};
use domain::{Event, UnitId};
use fiscal::de::tse::software::SoftwareUnit;
use jiff::Timestamp;
use shop::clock::HandClock;
use shop::engine::Engine;
use shop::sign::runner::{Pace, run_at};
use signing::{Began, Fault, Finished, Identity, Span, Tell, Unit, Usage};
use store::Reader;
use tokio::sync::watch;

/// The recording system's serial number in built shops.
pub const SERIAL: &str = "TRESEN-SIM";

/// A unit of the settings.
#[must_use]
pub fn unit(id: u16) -> UnitSettings {
    UnitSettings { id: UnitId(id), name: format!("TSE {id}"), kind: UnitKind::Software }
}

/// Settings by which receipts are signed by so many units.
#[must_use]
pub fn signed(mut settings: Settings, units: u16) -> Settings {
    settings.signing = Some(SigningSettings {
        serial: SERIAL.to_owned(),
        units: (1..=units).map(unit).collect(),
        clear_text: false,
    });
    settings
}

/// A unit that can be unplugged.
pub struct Unplugged<U> {
    /// What is there when it is plugged in.
    pub unit: U,
    gone: AtomicBool,
}

impl<U: Unit> Unplugged<U> {
    /// Plugged in.
    pub fn new(unit: U) -> Arc<Self> {
        Arc::new(Unplugged { unit, gone: AtomicBool::new(false) })
    }

    /// Plugs it in, or out.
    pub fn plug(&self, there: bool) {
        self.gone.store(!there, Ordering::SeqCst);
    }

    fn there(&self) -> Result<&U, Fault> {
        let gone = self.gone.load(Ordering::SeqCst);
        if gone { Err(Fault::Unusable("unreachable")) } else { Ok(&self.unit) }
    }
}

impl<U: Unit> Unit for Unplugged<U> {
    fn identity(&self) -> Result<Identity, Fault> {
        self.there()?.identity()
    }
    fn self_test(&self, now: Timestamp) -> Result<(), Fault> {
        self.there()?.self_test(now)
    }
    fn register(&self, client: &str, now: Timestamp) -> Result<(), Fault> {
        self.there()?.register(client, now)
    }
    fn open_transactions(&self, client: &str) -> Result<Vec<u64>, Fault> {
        self.there()?.open_transactions(client)
    }
    fn begin(&self, client: &str, now: Timestamp) -> Result<Began, Fault> {
        self.there()?.begin(client, now)
    }
    fn update(&self, of: (&str, u64), process: (&str, &str), now: Timestamp) -> Result<(), Fault> {
        self.there()?.update(of, process, now)
    }
    fn finish(
        &self,
        of: (&str, u64),
        process: (&str, &str),
        now: Timestamp,
    ) -> Result<Finished, Fault> {
        self.there()?.finish(of, process, now)
    }
    fn finished(&self, of: (&str, u64), process: (&str, &str)) -> Result<Option<Finished>, Fault> {
        self.there()?.finished(of, process)
    }
    fn export(&self, span: Span, now: Timestamp, out: &mut dyn Write) -> Result<(), Fault> {
        self.there()?.export(span, now, out)
    }
    fn set_up(&self, puk: Option<&str>, now: Timestamp, tell: Tell<'_>) -> Result<(), Fault> {
        self.there()?.set_up(puk, now, tell)
    }
    fn clients(&self) -> Result<Vec<String>, Fault> {
        self.there()?.clients()
    }
    fn deregister(&self, client: &str, now: Timestamp) -> Result<(), Fault> {
        self.there()?.deregister(client, now)
    }
    fn usage(&self) -> Result<Usage, Fault> {
        self.there()?.usage()
    }
}

/// A software unit that remembers nothing on disk: shops for measurements are built with it. It has no export.
pub struct Quick(Mutex<SoftwareUnit>);

impl Quick {
    /// A new one.
    ///
    /// # Errors
    /// When its key is none.
    pub fn new(seed: u8, now: Timestamp) -> Result<Quick> {
        let setup = signing::fresh(&[seed; 32], "measurement");
        let (unit, _) = SoftwareUnit::new(setup, now).map_err(|fault| anyhow!("{fault}"))?;
        Ok(Quick(Mutex::new(unit)))
    }

    fn with<T>(
        &self,
        work: impl FnOnce(&mut SoftwareUnit) -> Result<T, fiscal::de::tse::software::UnitFault>,
    ) -> Result<T, Fault> {
        let mut unit = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(work(&mut unit)?)
    }
}

impl Unit for Quick {
    fn identity(&self) -> Result<Identity, Fault> {
        let info = self.with(|unit| unit.info())?;
        Ok(Identity {
            serial: info.serial.to_string(),
            public_key: info.public_key,
            algorithm: info.algorithm,
            time_format: info.time_format,
            certificates: vec![info.certificate],
            valid_until: info.valid_until,
            certified: false,
        })
    }
    fn self_test(&self, now: Timestamp) -> Result<(), Fault> {
        self.with(|unit| unit.self_test(now)).map(drop)
    }
    fn register(&self, client: &str, now: Timestamp) -> Result<(), Fault> {
        let known = self.with(|unit| unit.info())?.clients.contains(client);
        if known { Ok(()) } else { self.with(|unit| unit.register_client(client, now)).map(drop) }
    }
    fn open_transactions(&self, client: &str) -> Result<Vec<u64>, Fault> {
        let info = self.with(|unit| unit.info())?;
        let own = info.open.iter().filter(|(_, open)| open.client == client);
        Ok(own.map(|(number, _)| *number).collect())
    }
    fn begin(&self, client: &str, now: Timestamp) -> Result<Began, Fault> {
        let signed = self.with(|unit| unit.start(client, now))?;
        Ok(Began { number: signed.transaction, at: signed.at })
    }
    fn update(
        &self,
        (client, number): (&str, u64),
        (kind, data): (&str, &str),
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.with(|unit| unit.update(client, number, kind, data.as_bytes(), now)).map(drop)
    }
    fn finish(
        &self,
        (client, number): (&str, u64),
        (kind, data): (&str, &str),
        now: Timestamp,
    ) -> Result<Finished, Fault> {
        let signed = self.with(|unit| unit.finish(client, number, kind, data.as_bytes(), now))?;
        Ok(Finished { at: signed.at, counter: signed.counter, signature: signed.signature })
    }
    fn finished(&self, _: (&str, u64), _: (&str, &str)) -> Result<Option<Finished>, Fault> {
        Ok(None)
    }
    fn export(&self, _: Span, _: Timestamp, _: &mut dyn Write) -> Result<(), Fault> {
        Err(Fault::Unusable("no_export"))
    }
    fn set_up(&self, _: Option<&str>, now: Timestamp, _: Tell<'_>) -> Result<(), Fault> {
        self.self_test(now)
    }
    fn clients(&self) -> Result<Vec<String>, Fault> {
        Ok(self.with(|unit| unit.info())?.clients.into_iter().collect())
    }
    fn deregister(&self, client: &str, now: Timestamp) -> Result<(), Fault> {
        self.with(|unit| unit.deregister_client(client, now)).map(drop)
    }
    fn usage(&self) -> Result<Usage, Fault> {
        Ok(Usage::default())
    }
}

/// Has the baskets of an engine in this process signed, as the program does.
pub struct Signer {
    runtime: tokio::runtime::Runtime,
    stop: watch::Sender<bool>,
    runner: tokio::task::JoinHandle<()>,
}

impl Signer {
    /// Begins.
    ///
    /// # Errors
    /// When there is no thread for it.
    pub fn start(engine: &Engine, clock: Arc<HandClock>) -> Result<Signer> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (stop, stopped) = watch::channel(false);
        let answer = Duration::from_secs(60);
        let pace = Pace { answer, line: answer * 2, look: Duration::from_millis(20) };
        let runner = runtime.spawn(run_at(engine.clone(), clock, stopped, pace));
        Ok(Signer { runtime, stop, runner })
    }

    /// Waits until nothing waits to be signed.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn until_signed(&self, reader: &Reader) -> Result<()> {
        while !reader.signings()?.is_empty() {
            self.runtime.block_on(tokio::task::yield_now());
            std::thread::yield_now();
        }
        Ok(())
    }

    /// Waits until each transaction that is open at a unit is known to the shop: what nobody needs is given up a moment
    /// after it began. Units are numbered from one.
    ///
    /// # Errors
    /// When the file cannot be read, or a unit does not answer.
    pub fn until_known<U: Unit>(
        &self,
        reader: &Reader,
        units: &[Arc<U>],
        clients: &[String],
    ) -> Result<()> {
        let (mut known, mut next) = (BTreeSet::new(), 1);
        loop {
            let mut open = Vec::new();
            for (id, unit) in (1..).map(UnitId).zip(units) {
                for client in clients {
                    let numbers = unit.open_transactions(client).map_err(|f| anyhow!("{f}"))?;
                    open.extend(numbers.into_iter().map(|number| (id, number)));
                }
            }
            reader.each_row((next, reader.head()?.seq), |seq, _, bytes| -> Result<bool> {
                next = seq + 1;
                if let (true, Ok((_, Event::SigningStarted(started)))) =
                    (bytes.contains("\"signing_started\""), journal::decode(bytes))
                {
                    known.insert((started.transaction.unit, started.transaction.number));
                }
                Ok(true)
            })?;
            if open.iter().all(|one| known.contains(one)) {
                return Ok(());
            }
            std::thread::yield_now();
        }
    }

    /// Ends.
    ///
    /// # Errors
    /// When it ended before.
    pub fn end(self) -> Result<()> {
        self.stop.send(true)?;
        self.runtime.block_on(self.runner)?;
        Ok(())
    }
}
