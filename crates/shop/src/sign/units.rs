//! The shop's signing units, opened once and shared by all tills.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use base64ct::{Base64, Encoding as _};
use domain::UnitId;
use domain::signing::{UnitIdentity, UnitKind, UnitSettings};
use jiff::Timestamp;
use signing::{Fault, Identity, Software, Unit};

/// Where a software unit remembers: beside the shop's file.
#[must_use]
pub fn unit_path(shop: &Path, unit: UnitId) -> PathBuf {
    let mut name = shop.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-unit-{unit}.tse"));
    shop.with_file_name(name)
}

/// A unit that is open, and as what it was set.
type Opened = (UnitSettings, Arc<dyn Unit>);

/// Units by what is set of them.
#[derive(Default)]
pub struct Units {
    open: Mutex<BTreeMap<UnitId, Opened>>,
}

impl Units {
    /// Takes a unit that is open already.
    pub fn put(&self, settings: &UnitSettings, unit: Arc<dyn Unit>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(settings.id, (settings.clone(), unit));
    }

    /// The unit that is set so; opened when it is not yet. This reads and writes files: not on a thread that others
    /// wait for.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn of(
        &self,
        shop: &Path,
        settings: &UnitSettings,
        now: Timestamp,
    ) -> Result<Arc<dyn Unit>, Fault> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((as_set, unit)) = open.get(&settings.id)
            && as_set == settings
        {
            return Ok(Arc::clone(unit));
        }
        let unit: Arc<dyn Unit> = match settings.kind {
            UnitKind::Software => {
                let mut seed = [0_u8; 32];
                getrandom::fill(&mut seed).map_err(|_| Fault::Unusable("no_randomness"))?;
                let description = format!("Tresen {}", settings.name);
                let path = unit_path(shop, settings.id);
                Arc::new(Software::open(&path, || signing::fresh(&seed, &description), now)?)
            }
        };
        open.insert(settings.id, (settings.clone(), Arc::clone(&unit)));
        Ok(unit)
    }
}

/// What a unit says of itself, as it is journalled.
pub(super) fn identity_of(said: &Identity) -> UnitIdentity {
    UnitIdentity {
        serial: said.serial.clone(),
        public_key: Base64::encode_string(&said.public_key),
        algorithm: said.algorithm.name().to_owned(),
        time_format: said.time_format.name().to_owned(),
        encoding: "UTF-8".to_owned(),
        certificates: said.certificates.iter().map(|der| Base64::encode_string(der)).collect(),
        certified: said.certified,
    }
}
