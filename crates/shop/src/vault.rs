//! What is shared with terminals, with signing units and with their providers: apart from settings and journal, and sealed under a key
//! that lies in a file of its own beside the shop's. A backup holds what is sealed, and not the key.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::rksv::{SignerKind, SignerSettings};
use domain::settings::Settings;
use domain::{TerminalId, UnitId};
use store::{Reader, Store, StoreError};

use crate::auth::random;
use crate::pay::{cloud_key, machine_key, secret_key, shared_key};
use crate::rksv::password_name;
use crate::sign::{puk_key, unit_secret_key};
use crate::weigh::secret_key as scale_key;

/// Before everything that is sealed; what begins otherwise lies there in clear, from before anything was.
const SEALED: &str = "sealed1:";
/// Length of a nonce, which stands before what was sealed with it.
const NONCE: usize = 24;

/// What lies under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// Something that does not open: the key is missing, or another one. It has to be typed in again.
    Lost,
    /// This.
    Text(String),
}

impl Kept {
    /// What can be used.
    #[must_use]
    pub fn text(self) -> Option<String> {
        match self {
            Kept::Text(text) => Some(text),
            Kept::Nothing | Kept::Lost => None,
        }
    }
}

/// Keeps a text under a name of the file's notes.
///
/// # Errors
/// When it cannot be sealed or stored.
pub fn keep(store: &mut Store, name: &str, text: &str) -> Result<(), StoreError> {
    let sealed = seal(store, name, text)?;
    // What lay there before may be in clear.
    store.erase_meta(name)?;
    store.set_meta(name, &sealed)
}

/// Seals a text under a name, to be laid somewhere in the file.
///
/// # Errors
/// When it cannot be sealed.
pub(crate) fn seal(store: &Store, name: &str, text: &str) -> Result<String, StoreError> {
    let no_randomness = |error| StoreError::Io(std::io::Error::other(error));
    let spare = random::bytes::<32>().map_err(no_randomness)?;
    let nonce = random::bytes::<NONCE>().map_err(no_randomness)?;
    let key = store.own_terminal_key(|| spare)?;
    let payload = Payload { msg: text.as_bytes(), aad: name.as_bytes() };
    let sealed = XChaCha20Poly1305::new(&key.into()).encrypt(&XNonce::from(nonce), payload);
    let sealed = sealed.map_err(|_| StoreError::Misuse("a secret is too long"))?;
    let (nonce, sealed) = (random::hex(&nonce), random::hex(&sealed));
    Ok(format!("{SEALED}{nonce}{sealed}"))
}

/// Opens what [`seal`] made under a name; none when the key is missing, or another one.
///
/// # Errors
/// When the key cannot be read.
pub(crate) fn unseal(
    reader: &Reader,
    name: &str,
    text: &str,
) -> Result<Option<String>, StoreError> {
    let Some(sealed) = text.strip_prefix(SEALED) else { return Ok(None) };
    let key = reader.terminal_key()?;
    Ok(key.zip(unhex(sealed)).and_then(|(key, bytes)| open(key, name, &bytes)))
}

/// What lies under a name.
///
/// # Errors
/// When the file or the key cannot be read.
pub fn kept(reader: &Reader, name: &str) -> Result<Kept, StoreError> {
    let Some(text) = reader.meta(name)? else { return Ok(Kept::Nothing) };
    if !text.starts_with(SEALED) {
        return Ok(Kept::Text(text));
    }
    Ok(unseal(reader, name, &text)?.map_or(Kept::Lost, Kept::Text))
}

/// What lies under a name, for whoever can write: what lies there in clear is sealed.
///
/// # Errors
/// When the file or the key cannot be read or written.
pub(crate) fn kept_sealed(store: &mut Store, name: &str) -> Result<Kept, StoreError> {
    let kept = kept(store, name)?;
    let clear = store.meta(name)?.is_some_and(|text| !text.starts_with(SEALED));
    if let (Kept::Text(text), true) = (&kept, clear) {
        keep(store, name, text)?;
    }
    Ok(kept)
}

/// Erases what is shared with terminals and units that the settings do not name any more: another one may get its
/// number. The password of a signature device stays as long as the device is asked at the same address for the same user,
/// as `was` says, else another one would be sent it. Keys of tills (`rksv_key:`) always stay: without them nobody can
/// read the counters on receipts of before.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn erase_removed(
    store: &mut Store,
    was: Option<&Settings>,
    settings: &Settings,
) -> Result<(), StoreError> {
    let stay = settings.terminals.iter().flat_map(|terminal| names(terminal.id));
    let units = settings.signing.iter().flat_map(|signing| &signing.units);
    let stay = stay.chain(units.flat_map(|unit| unit_names(unit.id)));
    let same = |device: &&SignerSettings| {
        was.is_some_and(|was| devices(was).any(|old| way(old) == way(device)))
    };
    let passwords = devices(settings).filter(same).map(|device| password_name(device.id));
    let scales =
        settings.peripherals.iter().filter(|device| settings.scale_at(&device.at).is_some());
    let scales = scales.map(|device| scale_key(&device.at));
    let machines = settings.cash_machines().map(|(device, _)| machine_key(&device.at));
    let stay: Vec<String> = stay.chain(passwords).chain(scales).chain(machines).collect();
    let mut there = Vec::new();
    let prefixes = names(TerminalId(0)).into_iter().chain(unit_names(UnitId(0)));
    there.extend(store.meta_names(&scale_key(""))?);
    there.extend(store.meta_names(&machine_key(""))?);
    for prefix in prefixes.chain([password_name(UnitId(0))]) {
        there.extend(store.meta_names(prefix.trim_end_matches('0'))?);
    }
    for name in there.into_iter().filter(|name| !stay.contains(name)) {
        store.erase_meta(&name)?;
    }
    // Another server is not sent the password of the one before.
    for name in crate::digital::secrets_of_others(was, settings) {
        store.erase_meta(name)?;
    }
    Ok(())
}

fn devices(settings: &Settings) -> impl Iterator<Item = &SignerSettings> {
    settings.rksv.iter().flat_map(|rksv| &rksv.devices)
}

/// Which device of ours is asked where, and for whom.
fn way(device: &SignerSettings) -> (UnitId, SignerKind, Option<&str>, Option<&str>) {
    (device.id, device.kind, device.address.as_deref(), device.user.as_deref())
}

fn names(terminal: TerminalId) -> [String; 3] {
    [secret_key(terminal), shared_key(terminal), cloud_key(terminal)]
}

fn unit_names(unit: UnitId) -> [String; 2] {
    [unit_secret_key(unit), puk_key(unit)]
}

fn open(key: [u8; 32], name: &str, bytes: &[u8]) -> Option<String> {
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: sealed, aad: name.as_bytes() };
    let cipher = XChaCha20Poly1305::new(&key.into());
    String::from_utf8(cipher.decrypt(&XNonce::from(*nonce), payload).ok()?).ok()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    text.len().is_multiple_of(2).then(|| text.as_bytes().chunks(2).map(pair).collect())?
}
