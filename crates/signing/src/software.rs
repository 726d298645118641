//! The unit in software, for training and tests, with its memory on disk. **No certified unit.**

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use fiscal::de::tse::key::{Curve, PrivateKey};
use fiscal::de::tse::log::{LogMessage, Operation, Record, Version};
use fiscal::de::tse::software::{SecretBytes, Setup, Signed, SoftwareUnit, UnitFault};
use fiscal::de::tse::tar::ExportFile;
use fiscal::de::tse::time::TimeFormat;
use jiff::Timestamp;

use crate::memory::Memory;
use crate::{Began, Fault, Finished, Identity};

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

    fn read<T>(&self, read: impl FnOnce(&SoftwareUnit) -> T) -> T {
        read(&self.inner.lock().unwrap_or_else(PoisonError::into_inner).0)
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// When it cannot sign its own certificate.
    pub fn identity(&self) -> Result<Identity, Fault> {
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

    /// The transactions of a till that began and did not finish.
    ///
    /// # Errors
    /// As [`Software::identity`].
    pub fn open_transactions(&self, client: &str) -> Result<Vec<u64>, Fault> {
        let info = self.read(SoftwareUnit::info)?;
        let own = info.open.iter().filter(|(_, open)| open.client == client);
        Ok(own.map(|(number, _)| *number).collect())
    }

    /// Makes a till known to it, if it is not.
    ///
    /// # Errors
    /// When it takes no till of that name, or cannot remember it.
    pub fn register(&self, client: &str, now: Timestamp) -> Result<(), Fault> {
        let info = self.read(SoftwareUnit::info)?;
        if info.clients.contains(client) {
            return Ok(());
        }
        self.deed(|unit| Ok(((), unit.register_client(client, now)?)))
    }

    /// Begins a transaction of a till.
    ///
    /// # Errors
    /// When the till is not registered, or it cannot remember it.
    pub fn begin(&self, client: &str, now: Timestamp) -> Result<Began, Fault> {
        self.deed(|unit| {
            let Signed { transaction, at, log, .. } = unit.start(client, now)?;
            Ok((Began { number: transaction, at }, log))
        })
    }

    /// Finishes it.
    ///
    /// # Errors
    /// [`Fault::NoTransaction`] when it is not open; then [`Software::finished`] may know it.
    pub fn finish(
        &self,
        (client, number): (&str, u64),
        (process_type, process_data): (&str, &str),
        now: Timestamp,
    ) -> Result<Finished, Fault> {
        self.deed(|unit| {
            let data = process_data.as_bytes();
            let signed = unit.finish(client, number, process_type, data, now)?;
            let Signed { at, counter, signature, log, .. } = signed;
            Ok((Finished { at, counter, signature }, log))
        })
    }

    /// What was said when that transaction was finished with these very data; none when it was not.
    ///
    /// # Errors
    /// When its memory cannot be read.
    pub fn finished(
        &self,
        (client, number): (&str, u64),
        (process_type, process_data): (&str, &str),
    ) -> Result<Option<Finished>, Fault> {
        let mut found = None;
        for log in self.logs()? {
            let log = log?;
            let Ok(message) = LogMessage::read(&log.bytes) else { continue };
            let Record::Transaction(said) = &message.content.record else { continue };
            let same = said.operation == Operation::Finish
                && (said.client.as_str(), said.number) == (client, number)
                && said.process_type == process_type
                && said.process_data == process_data.as_bytes();
            if same {
                found = Some(Finished {
                    at: log.at,
                    counter: message.content.counter,
                    signature: message.signature().to_vec(),
                });
            }
        }
        Ok(found)
    }

    fn logs(&self) -> io::Result<impl Iterator<Item = io::Result<ExportFile>> + use<>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).1.logs()
    }

    /// Everything that it ever signed, as a TAR archive with its certificate (TR-03151-1).
    ///
    /// # Errors
    /// When its memory cannot be read, or `out` not be written.
    pub fn export(&self, now: Timestamp, out: &mut impl Write) -> io::Result<()> {
        let mut fault = None;
        let logs = self.logs()?.map_while(|log| log.map_err(|error| fault = Some(error)).ok());
        let logs: Vec<ExportFile> = logs.collect();
        if let Some(fault) = fault {
            return Err(fault);
        }
        self.read(|unit| unit.export(logs, now, out))
    }
}
