//! The export for the tax office (DEP, RKSV § 7 and annex, section 3), out of the journal; verified before anybody gets it.
//!
//! The law asks for the record itself: it is handed out without the key of the counter, which is not checked then, and
//! with something wrong in it to whoever wants it all the same.

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
    #[error(transparent)]
    Wrong(#[from] Wrong),
    /// The journal.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The target.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The first thing that is wrong in a chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("receipt {position}: {what}")]
pub struct Wrong {
    /// Which code, from 1.
    pub position: u64,
    /// What.
    pub what: Difference,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What is in it, or what is wrong there.
    pub found: Result<Report, Wrong>,
    /// The till's name at FinanzOnline.
    pub register: String,
    /// A device that is not certified signed some of it.
    pub test: bool,
}

impl Written {
    /// What a person has to know of it: `test`, `no-counter`, `unverified`.
    #[must_use]
    pub fn marks(&self) -> Vec<&'static str> {
        let checked = match &self.found {
            Ok(report) if report.counter_checked => None,
            Ok(_) => Some("no-counter"),
            Err(_) => Some("unverified"),
        };
        self.test.then_some("test").into_iter().chain(checked).collect()
    }

    /// A file's name that says what it is not, so that it is seen where only names are.
    #[must_use]
    pub fn file_name(&self) -> String {
        let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        let name: String = self.register.chars().filter(plain).collect();
        let test = if self.test { "-TEST" } else { "" };
        let checked = match &self.found {
            Ok(report) if report.counter_checked => "",
            Ok(_) => "-ZAEHLER-UNGEPRUEFT",
            Err(_) => "-UNGEPRUEFT",
        };
        format!("dep7-{name}{test}{checked}.json")
    }
}

/// The secret and public keys that an export is verified with.
#[derive(Debug, Clone)]
pub struct Keys {
    /// That of the counter; none when it is lost.
    pub counter: Option<AesKey>,
    /// Those of the devices.
    pub units: Vec<(Unit, PublicKey)>,
}

/// The keys of a till's chain.
///
/// # Errors
/// When the file cannot be read.
pub fn keys_of(reader: &Reader, register: &str) -> Result<Keys, Fault> {
    let (counter, units, _) = keys_and_test(reader, register)?;
    Ok(Keys { counter, units })
}

type Found = (Option<AesKey>, Vec<(Unit, PublicKey)>, bool);

fn keys_and_test(reader: &Reader, register: &str) -> Result<Found, Fault> {
    let counter = match kept_key(reader, register)? {
        KeptKey::Key(key) => Some(key),
        KeptKey::Nothing | KeptKey::Lost => None,
    };
    let mut names: Vec<String> = Vec::new();
    each(reader, register, &mut |_, device, _| {
        if !names.iter().any(|name| name == device) {
            names.push(device.to_owned());
        }
        Ok(())
    })?;
    let (mut units, mut test) = (Vec::new(), false);
    for name in names {
        let signer = reader.signer(&name)?;
        test |= signer.as_ref().is_some_and(|signer| !signer.certified);
        units.extend(unit_of(&name).zip(signer.and_then(|signer| key_of(&signer))));
    }
    Ok((counter, units, test))
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

/// Verifies all codes of a till, and only then writes them; with `anyway` also when something is wrong.
///
/// # Errors
/// With the first code that is not as it should be, unless it is wanted anyway; nothing is written then.
pub fn write_dep(
    reader: &Reader,
    register: &str,
    anyway: bool,
    out: &mut impl io::Write,
) -> Result<Written, Fault> {
    let (counter, units, test) = keys_and_test(reader, register)?;
    let found = match verified(reader, register, &Keys { counter, units }) {
        Ok(report) => Ok(report),
        Err(Fault::Wrong(wrong)) if anyway => Err(wrong),
        Err(fault) => return Err(fault),
    };
    let mut text = Text { out, fault: None };
    let written = write_text(reader, register, found.is_ok(), &mut text);
    match (written, text.fault) {
        (_, Some(fault)) => Err(fault.into()),
        (Err(fault), None) => Err(fault),
        (Ok(()), None) => Ok(Written { found, register: register.to_owned(), test }),
    }
}

fn verified(reader: &Reader, register: &str, keys: &Keys) -> Result<Report, Fault> {
    let mut verifier = Verifier::new(keys.counter.as_ref(), Known::Units(&keys.units));
    let (mut group, mut expected) = (String::new(), 1);
    each(reader, register, &mut |position, device, jws| {
        let wrong = |what| Wrong { position, what };
        // One that is missing breaks the chain; it is said where.
        if position != expected {
            return Err(Wrong { position: expected, what: Difference::Chain }.into());
        }
        expected = position.saturating_add(1);
        if group != device {
            device.clone_into(&mut group);
            let own = certificates(reader, device)?.into_iter().next().unwrap_or_default();
            verifier.group(&Base64::encode_string(&own)).map_err(wrong)?;
        }
        Ok(verifier.receipt(jws).map_err(wrong)?)
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
    whole: bool,
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
        // What is no code is handed out as it lies there.
        let written = if whole { writer.receipt(jws) } else { writer.as_it_is(jws) };
        written.map_err(broken)
    })?;
    writer.end().map_err(broken)?;
    Ok(())
}

/// The file of keys that the ministry's checking tool wants beside an export. It holds a secret.
///
/// # Errors
/// When the counter's key is lost, or the file cannot be read.
pub fn write_keys(reader: &Reader, register: &str) -> Result<String, Fault> {
    let keys = keys_of(reader, register)?;
    let counter = keys.counter.as_ref().ok_or(Fault::Key)?;
    let units: Vec<(&Unit, &PublicKey)> =
        keys.units.iter().map(|(unit, key)| (unit, key)).collect();
    let mut text = String::new();
    // Writing into a text does not fail.
    let _ = write!(text, "{}", key_file(counter, &units));
    Ok(text)
}
