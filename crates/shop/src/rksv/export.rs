//! The export for the tax office (DEP, RKSV § 7 and annex, section 3), out of the journal; verified before anybody gets it.

use std::fmt::{self, Write as _};
use std::io;

use base64ct::{Base64, Encoding as _};
use domain::rksv::SignerIdentity;
use fiscal::at::dep::{Writer, key_file};
use fiscal::at::verify::{Difference, Known, Report, Verifier};
use fiscal::at::{AesKey, PublicKey, Unit};
use store::{Reader, StoreError};

use super::{KeptKey, kept_key, unit_of};

/// Codes that are read at a time.
const AT_ONCE: u32 = 500;

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The till has no codes under that name.
    #[error("there is no receipt of that till")]
    Nothing,
    /// The key of the counter is not there.
    #[error("the key of the turnover counter is not there")]
    Key,
    /// A code is missing, or something in it is wrong.
    #[error("receipt {position}: {what}")]
    Wrong {
        /// Which code, from 1.
        position: u64,
        /// What.
        what: Difference,
    },
    /// The journal.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The target.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What is in it.
    pub report: Report,
    /// The till's name at FinanzOnline.
    pub register: String,
}

/// The secret and public keys that an export is verified with.
#[derive(Debug, Clone)]
pub struct Keys {
    /// That of the counter.
    pub counter: AesKey,
    /// Those of the devices.
    pub units: Vec<(Unit, PublicKey)>,
}

/// The keys of a till's chain.
///
/// # Errors
/// When there is no such chain, or the counter's key is lost.
pub fn keys_of(reader: &Reader, register: &str) -> Result<Keys, Fault> {
    let KeptKey::Key(counter) = kept_key(reader, register)? else { return Err(Fault::Key) };
    let mut names: Vec<String> = Vec::new();
    each(reader, register, &mut |_, device, _| {
        if !names.iter().any(|name| name == device) {
            names.push(device.to_owned());
        }
        Ok(())
    })?;
    let mut units = Vec::new();
    for name in names {
        let key = reader.signer(&name)?.and_then(|signer| key_of(&signer));
        units.extend(unit_of(&name).zip(key));
    }
    Ok(Keys { counter, units })
}

pub(crate) fn key_of(signer: &SignerIdentity) -> Option<PublicKey> {
    PublicKey::from_point(&Base64::decode_vec(&signer.public_key).ok()?)
}

/// Told of each code in order: its place, its device, the code.
type Each<'a> = dyn FnMut(u64, &str, &str) -> Result<(), Fault> + 'a;

fn each(reader: &Reader, register: &str, tell: &mut Each<'_>) -> Result<(), Fault> {
    let mut after = 0;
    loop {
        let codes = reader.rksv_codes(register, after, AT_ONCE)?;
        let Some((_, last)) = codes.last() else { return Ok(()) };
        let end = last.position;
        for (_, code) in &codes {
            tell(code.position, &code.device, &code.jws)?;
        }
        after = end;
    }
}

/// Text into something that takes bytes; its fault is kept.
struct Text<'a, W> {
    out: &'a mut W,
    fault: Option<io::Error>,
}

impl<W: io::Write> fmt::Write for Text<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.out.write_all(text.as_bytes()).map_err(|fault| {
            self.fault = Some(fault);
            fmt::Error
        })
    }
}

/// Verifies all codes of a till, and only then writes them.
///
/// # Errors
/// With the first code that is not as it should be; nothing is written then.
pub fn write_dep(
    reader: &Reader,
    register: &str,
    out: &mut impl io::Write,
) -> Result<Written, Fault> {
    let keys = keys_of(reader, register)?;
    let report = verified(reader, register, &keys)?;
    let mut text = Text { out, fault: None };
    let written = write_text(reader, register, &mut text);
    match (written, text.fault) {
        (_, Some(fault)) => Err(fault.into()),
        (Err(fault), None) => Err(fault),
        (Ok(()), None) => Ok(Written { report, register: register.to_owned() }),
    }
}

fn verified(reader: &Reader, register: &str, keys: &Keys) -> Result<Report, Fault> {
    let mut verifier = Verifier::new(&keys.counter, Known::Units(&keys.units));
    let (mut group, mut expected) = (String::new(), 1);
    each(reader, register, &mut |position, device, jws| {
        let wrong = |what| Fault::Wrong { position, what };
        // One that is missing breaks the chain; it is said where.
        if position != expected {
            return Err(Fault::Wrong { position: expected, what: Difference::Chain });
        }
        expected = position.saturating_add(1);
        if group != device {
            device.clone_into(&mut group);
            let own = certificates(reader, device)?.into_iter().next().unwrap_or_default();
            verifier.group(&Base64::encode_string(&own)).map_err(wrong)?;
        }
        verifier.receipt(jws).map_err(wrong)
    })?;
    verifier.end().map_err(|_| Fault::Nothing)
}

fn certificates(reader: &Reader, device: &str) -> Result<Vec<Vec<u8>>, StoreError> {
    let signer = reader.signer(device)?;
    let all = signer.into_iter().flat_map(|signer| signer.certificates);
    Ok(all.filter_map(|text| Base64::decode_vec(&text).ok()).collect())
}

fn write_text<W: io::Write>(
    reader: &Reader,
    register: &str,
    text: &mut Text<'_, W>,
) -> Result<(), Fault> {
    let broken = |_: fmt::Error| Fault::Io(io::ErrorKind::Other.into());
    let mut writer = Writer::new(text).map_err(broken)?;
    let mut group = String::new();
    each(reader, register, &mut |_, device, jws| {
        if group != device {
            device.clone_into(&mut group);
            let all = certificates(reader, device)?;
            let (own, issuers) =
                all.split_first().map_or((&[][..], &[][..]), |(own, rest)| (own.as_slice(), rest));
            let issuers: Vec<&[u8]> = issuers.iter().map(Vec::as_slice).collect();
            writer.group(own, &issuers).map_err(broken)?;
        }
        writer.receipt(jws).map_err(broken)
    })?;
    writer.end().map_err(broken)?;
    Ok(())
}

/// The file of keys that the ministry's checking tool wants beside an export. It holds a secret.
///
/// # Errors
/// Like [`keys_of`].
pub fn write_keys(reader: &Reader, register: &str) -> Result<String, Fault> {
    let keys = keys_of(reader, register)?;
    let units: Vec<(&Unit, &PublicKey)> =
        keys.units.iter().map(|(unit, key)| (unit, key)).collect();
    let mut text = String::new();
    // Writing into a text does not fail.
    let _ = write!(text, "{}", key_file(&keys.counter, &units));
    Ok(text)
}
