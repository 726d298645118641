//! The shop's signature devices, opened once and shared by all tills.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use base64ct::{Base64, Encoding as _};
use domain::UnitId;
use domain::rksv::{SignerIdentity, SignerKind, SignerSettings};
use signing::Fault;
use signing::at::{Atrust, Device, Identity, LIVE, PATIENCE, Secret, Setup, Software};

/// Where a device in software keeps its key: beside the shop's file.
#[must_use]
pub fn signer_path(shop: &Path, device: UnitId) -> PathBuf {
    let mut name = shop.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-signer-{device}.key"));
    shop.with_file_name(name)
}

/// How a device was opened: its settings, its password, the shop's name in a closed system.
pub(super) type Way = (SignerSettings, Option<String>, Option<String>);

/// A device that is open, and how.
type Opened = (Way, Arc<dyn Device>);

/// Devices by what is set of them.
#[derive(Default)]
pub struct Signers {
    open: Mutex<BTreeMap<UnitId, Opened>>,
    /// Why those that did not sign last did not.
    troubles: Mutex<BTreeMap<UnitId, &'static str>>,
    /// Devices that were put here.
    put: Mutex<BTreeMap<UnitId, Arc<dyn Device>>>,
}

impl Signers {
    /// Takes a device that is open already: it stands for the one with that number from now on.
    pub fn put(&self, device: UnitId, open: Arc<dyn Device>) {
        self.put.lock().unwrap_or_else(PoisonError::into_inner).insert(device, open);
    }

    /// Why a device did not sign when it was asked last, a stable code; none when it did, or was not asked yet.
    #[must_use]
    pub fn trouble(&self, device: UnitId) -> Option<&'static str> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner).get(&device).copied()
    }

    pub(super) fn tell(&self, device: UnitId, trouble: Option<&'static str>) {
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        match trouble {
            Some(code) => troubles.insert(device, code),
            None => troubles.remove(&device),
        };
    }

    /// The device that is set so; opened when it is not yet. This reads and writes files: not on a thread that others
    /// wait for.
    pub(super) fn of(&self, shop: &Path, way: &Way) -> Result<Arc<dyn Device>, Fault> {
        let (settings, password, company) = way;
        if let Some(put) = self.put.lock().unwrap_or_else(PoisonError::into_inner).get(&settings.id)
        {
            return Ok(Arc::clone(put));
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((as_set, device)) = open.get(&settings.id)
            && as_set == way
        {
            return Ok(Arc::clone(device));
        }
        let device: Arc<dyn Device> = match settings.kind {
            SignerKind::Software => {
                let mut seed = [0_u8; 32];
                getrandom::fill(&mut seed).map_err(|_| Fault::Unusable("no_randomness"))?;
                let company = company.as_deref().ok_or(Fault::Refused("company"))?;
                let path = signer_path(shop, settings.id);
                Arc::new(Software::open(&path, &seed, company)?)
            }
            SignerKind::AtrustHsm => {
                let setup = Setup {
                    base: settings.address.clone().unwrap_or_else(|| LIVE.to_owned()),
                    user: settings.user.clone().unwrap_or_default(),
                    patience: PATIENCE,
                };
                let password = password.clone().ok_or(Fault::Unusable("no_password"))?;
                Arc::new(Atrust::new(setup, Secret(password))?)
            }
        };
        open.insert(settings.id, (way.clone(), Arc::clone(&device)));
        Ok(device)
    }
}

/// What a device says of itself, as it is journalled.
pub(super) fn identity_of(said: &Identity) -> SignerIdentity {
    SignerIdentity {
        provider: said.unit.provider().as_str().to_owned(),
        certificate: said.unit.certificate().to_owned(),
        public_key: Base64::encode_string(&said.key.point()),
        certificates: said.certificates.iter().map(|der| Base64::encode_string(der)).collect(),
        certified: said.certified,
    }
}
