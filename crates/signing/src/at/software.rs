//! The device in software, for training and tests. **No certified device**: it calls itself a closed system of the
//! shop's own, with a key named TEST, which no FinanzOnline takes.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base64ct::{Base64, Encoding as _};
use fiscal::at::{Provider, PublicKey, Signature, Signer as _, SoftwareCard, Unit, jws};
use sha2::{Digest as _, Sha256};

use super::{Device, Identity};
use crate::Fault;

/// The device.
pub struct Software {
    card: Mutex<SoftwareCard>,
    unit: Unit,
    key: PublicKey,
}

impl Software {
    /// Opens the device whose secret is in `path`, or makes one there out of `seed`. `company` is how the shop is named
    /// in a closed system (`U:ATU12345678`).
    ///
    /// # Errors
    /// When its file cannot be read or written, or is no device's.
    pub fn open(path: &Path, seed: &[u8; 32], company: &str) -> Result<Self, Fault> {
        let secret = match fs::read_to_string(path) {
            Ok(text) => {
                Base64::decode_vec(text.trim()).ok().and_then(|bytes| bytes.try_into().ok())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                write_new(path, &Base64::encode_string(seed))?;
                Some(*seed)
            }
            Err(error) => return Err(error.into()),
        };
        let card = secret.and_then(SoftwareCard::new);
        let card = card.ok_or(Fault::Unusable("self_test"))?;
        let key = card.public_key();
        let digest = Sha256::digest(key.point());
        let name: String = digest.iter().take(4).map(|byte| format!("{byte:02X}")).collect();
        let provider = Provider::new("AT0").map_err(|_| Fault::Refused("company"))?;
        let unit = Unit::new(provider, &format!("{company}-TEST{name}"));
        let unit = unit.map_err(|_| Fault::Refused("company"))?;
        Ok(Software { card: Mutex::new(card), unit, key })
    }
}

/// Readable for the shop's account alone, whole or not there.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&part, path)
}

impl Device for Software {
    fn identity(&self) -> Result<Identity, Fault> {
        Ok(Identity {
            unit: self.unit.clone(),
            key: self.key.clone(),
            certificates: Vec::new(),
            certified: false,
        })
    }

    fn sign(&self, code: &str) -> Result<[u8; 64], Fault> {
        let mut card = self.card.lock().unwrap_or_else(PoisonError::into_inner);
        let signed = card.sign(jws::signing_input(code).as_bytes());
        let signed = signed.map_err(|_| Fault::Unusable("self_test"))?;
        let holds = self.key.verifies(code, &Signature::Signed(Box::new(signed)));
        if holds { Ok(signed) } else { Err(Fault::Unusable("self_test")) }
    }
}
