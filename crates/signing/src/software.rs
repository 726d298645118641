//! The unit in software, for training and tests, with its memory on disk. **No certified unit.**

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use fiscal::de::tse::key::{Curve, PrivateKey};
use fiscal::de::tse::log::{LogMessage, Operation, Record, Version};
use fiscal::de::tse::software::{MOST_OPEN, SecretBytes, Setup, Signed, SoftwareUnit, UnitFault};
use fiscal::de::tse::tar::ExportFile;
use fiscal::de::tse::time::TimeFormat;
use jiff::Timestamp;

use crate::memory::Memory;
use crate::{Began, Fault, Finished, Identity, SetupStep, Span, Tell, Told, Unit, Usage, proof};

/// A new unit of today's kind, out of random bytes.
#[must_use]
pub fn fresh(seed: &[u8; 32], description: &str) -> Setup {
    let curve = Curve::P256;
    Setup {
        curve,
        version: Version::V3,
        time_format: TimeFormat::UnixTime,
        key: SecretBytes(PrivateKey::bytes_from_seed(curve, seed)),
        description: description.to_owned(),
    }
}

/// The unit.
pub struct Software {
    inner: Mutex<(SoftwareUnit, Memory)>,
}

impl From<UnitFault> for Fault {
    fn from(fault: UnitFault) -> Self {
        match fault {
            UnitFault::TransactionUnknown => Fault::NoTransaction,
            UnitFault::Disabled => Fault::Unusable("disabled"),
            UnitFault::TooManyOpen => Fault::Unusable("too_many_open"),
            UnitFault::WornOut => Fault::Unusable("storage_full"),
            UnitFault::Key(_) | UnitFault::Signature(_) | UnitFault::SelfTest => {
                Fault::Unusable("self_test")
            }
            UnitFault::ClientName
            | UnitFault::ClientUnknown
            | UnitFault::ClientKnown
            | UnitFault::ClientBusy => Fault::Refused("client"),
            UnitFault::Process => Fault::Refused("process_data"),
        }
    }
}

impl Software {
    /// Opens the unit at `path`, or makes one there.
    ///
    /// # Errors
    /// When its memory cannot be read or written, or is no unit's.
    pub fn open(path: &Path, setup: impl FnOnce() -> Setup, now: Timestamp) -> Result<Self, Fault> {
        let (mut memory, unit) = Memory::open(path)?;
        let unit = match unit {
            Some(unit) => unit,
            None => {
                let (unit, log) = SoftwareUnit::new(setup(), now)?;
                memory.add(&unit, &[log])?;
                unit
            }
        };
        Ok(Software { inner: Mutex::new((unit, memory)) })
    }

    /// Does one deed: what it signed is on disk before anybody hears of it, and nothing happened otherwise.
    fn deed<T>(
        &self,
        deed: impl FnOnce(&mut SoftwareUnit) -> Result<(T, ExportFile), UnitFault>,
    ) -> Result<T, Fault> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (unit, memory) = &mut *inner;
        let mut after = unit.clone();
        let (said, log) = deed(&mut after)?;
        memory.add(&after, &[log])?;
        *unit = after;
        Ok(said)
    }

    /// Signs one thing; the number is of no matter to a start.
    pub(crate) fn sign(
        &self,
        operation: Operation,
        (client, number): (&str, u64),
        (process_type, process_data): (&str, &str),
        now: Timestamp,
    ) -> Result<Signed, Fault> {
        let data = process_data.as_bytes();
        self.deed(|unit| {
            let mut signed = match operation {
                Operation::Start => unit.start(client, now),
                Operation::Update => unit.update(client, number, process_type, data, now),
                Operation::Finish => unit.finish(client, number, process_type, data, now),
            }?;
            let kept =
                ExportFile { bytes: std::mem::take(&mut signed.log.bytes), ..signed.log.clone() };
            Ok((signed, kept))
        })
    }

    /// The time at which it logs something: its clock is the shop's, and goes back only when it is set ([`Unit::self_test`]),
    /// as others' do.
    fn at(&self, now: Timestamp) -> Timestamp {
        now.max(self.read(SoftwareUnit::clock))
    }

    fn read<T>(&self, read: impl FnOnce(&SoftwareUnit) -> T) -> T {
        read(&self.inner.lock().unwrap_or_else(PoisonError::into_inner).0)
    }

    fn logs(&self) -> io::Result<impl Iterator<Item = io::Result<ExportFile>> + use<>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).1.logs()
    }
}

impl Unit for Software {
    /// It is from the beginning.
    fn set_up(&self, _: Option<&str>, now: Timestamp, tell: Tell<'_>) -> Result<(), Fault> {
        tell(Told::Step(SetupStep::SelfTest))?;
        self.self_test(now)
    }

    fn identity(&self) -> Result<Identity, Fault> {
        let info = self.read(SoftwareUnit::info)?;
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
        let at = self.at(now);
        self.deed(|unit| Ok(((), unit.self_test(at)?)))?;
        self.deed(|unit| Ok(((), unit.update_time(now)?)))
    }

    fn register(&self, client: &str, now: Timestamp) -> Result<(), Fault> {
        let info = self.read(SoftwareUnit::info)?;
        if info.clients.contains(client) {
            return Ok(());
        }
        let at = self.at(now);
        self.deed(|unit| Ok(((), unit.register_client(client, at)?)))
    }

    fn clients(&self) -> Result<Vec<String>, Fault> {
        Ok(self.read(SoftwareUnit::info)?.clients.into_iter().collect())
    }

    fn deregister(&self, client: &str, now: Timestamp) -> Result<(), Fault> {
        let at = self.at(now);
        match self.deed(|unit| Ok(((), unit.deregister_client(client, at)?))) {
            Err(Fault::Refused("client")) if !self.clients()?.iter().any(|c| c == client) => Ok(()),
            done => done,
        }
    }

    fn usage(&self) -> Result<Usage, Fault> {
        let info = self.read(SoftwareUnit::info)?;
        let open = u64::try_from(info.open.len()).unwrap_or(u64::MAX);
        let most = u64::try_from(MOST_OPEN).unwrap_or(u64::MAX);
        Ok(Usage {
            open: Some((open, most)),
            counter: Some(info.counter),
            transactions: Some(info.transactions),
            ..Usage::default()
        })
    }

    fn open_transactions(&self, client: &str) -> Result<Vec<u64>, Fault> {
        let info = self.read(SoftwareUnit::info)?;
        let own = info.open.iter().filter(|(_, open)| open.client == client);
        Ok(own.map(|(number, _)| *number).collect())
    }

    fn begin(&self, client: &str, now: Timestamp) -> Result<Began, Fault> {
        let at = self.at(now);
        proof::clock(at, now)?;
        let signed = self.sign(Operation::Start, (client, 0), ("", ""), at)?;
        Ok(Began { number: signed.transaction, at: signed.at })
    }

    fn update(&self, of: (&str, u64), process: (&str, &str), now: Timestamp) -> Result<(), Fault> {
        self.sign(Operation::Update, of, process, self.at(now)).map(drop)
    }

    fn finish(
        &self,
        of: (&str, u64),
        process: (&str, &str),
        now: Timestamp,
    ) -> Result<Finished, Fault> {
        let Signed { at, counter, signature, .. } =
            self.sign(Operation::Finish, of, process, self.at(now))?;
        Ok(Finished { at, counter, signature })
    }

    fn finished(
        &self,
        (client, number): (&str, u64),
        (process_type, process_data): (&str, &str),
    ) -> Result<Option<Finished>, Fault> {
        let mut found = None;
        for log in self.logs()? {
            let log = log?;
            let Ok(message) = LogMessage::read(&log.bytes) else { continue };
            let Record::Transaction(said) = &message.content().record else { continue };
            let same = said.operation == Operation::Finish
                && (said.client.as_str(), said.number) == (client, number)
                && said.process_type == process_type
                && said.process_data == process_data.as_bytes();
            if same {
                found = Some(Finished {
                    at: log.at,
                    counter: message.content().counter,
                    signature: message.signature().to_vec(),
                });
            }
        }
        Ok(found)
    }

    fn export(
        &self,
        (from, to): Span,
        now: Timestamp,
        mut out: &mut dyn Write,
    ) -> Result<(), Fault> {
        let within = |log: &ExportFile| {
            from.is_none_or(|from| log.at >= from) && to.is_none_or(|to| log.at <= to)
        };
        let logs = self.logs()?.filter(|log| log.as_ref().map_or(true, within));
        let logs: Vec<ExportFile> = logs.collect::<io::Result<_>>()?;
        Ok(self.read(|unit| unit.export(logs, now, &mut out))?)
    }
}
