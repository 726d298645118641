//! A package read again: the form's rules, and every signature against the key that the package names.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use base64ct::{Base64, Encoding as _};
use fiscal::de::dsfinvk::check::{Finding, Options, Package, Severity, Signed, Summary, check};
use fiscal::de::tse::qr::ReceiptCode;
use fiscal::de::tse::{SignatureAlgorithm, TimeFormat};
use jiff::Timestamp;

use super::Fault;
use super::archive::Unpacked;

/// What the checker found in a package.
#[derive(Debug)]
pub struct Checked {
    /// What it read.
    pub summary: Summary,
    /// The first finding that is an error.
    pub wrong: Option<Finding>,
}

/// Checks the package in a ZIP archive, signatures as well; `told` hears each finding.
///
/// # Errors
/// When it cannot be read, is no archive, or is larger than any package.
pub fn check_zip(path: &Path, told: &mut dyn FnMut(&Finding)) -> Result<Checked, Fault> {
    check_package(&mut Unpacked::of(BufReader::new(File::open(path)?))?, told)
}

/// Checks a package, signatures as well; `told` hears each finding.
pub(super) fn check_package(
    package: &mut impl Package,
    told: &mut dyn FnMut(&Finding),
) -> Result<Checked, Fault> {
    let mut wrong = None;
    let options = Options { verify: Some(&is_signed), most: 0 };
    let summary = check(package, &options, &mut |finding| {
        told(&finding);
        if finding.rule.severity() == Severity::Error && wrong.is_none() {
            wrong = Some(finding);
        }
    })?;
    Ok(Checked { summary, wrong })
}

/// Whether the unit signed what a row says. A basket that went on at another till than where it began is signed by the
/// name of that one, which stands as the device.
fn is_signed(signed: &Signed<'_>) -> Result<(), String> {
    let bytes =
        |text: &str, what: &str| Base64::decode_vec(text).map_err(|_| format!("{what}: no Base64"));
    let at = |stamp: fiscal::de::dsfinvk::model::Stamp| {
        Timestamp::from_millisecond(stamp.milliseconds()).map_err(|_| "time".to_owned())
    };
    let code = ReceiptCode {
        client: signed.terminal.unwrap_or(signed.client).to_owned(),
        process_type: signed.process_type.to_owned(),
        process_data: signed.process_data.to_owned(),
        transaction: signed.transaction,
        counter: signed.counter,
        start: at(signed.start)?,
        finish: at(signed.end)?,
        algorithm: SignatureAlgorithm::parse(signed.algorithm).ok_or("TSE_SIG_ALGO")?,
        time_format: TimeFormat::parse(signed.time_format).ok_or("TSE_ZEITFORMAT")?,
        signature: bytes(signed.signature, "TSE_TA_SIG")?,
        public_key: bytes(signed.public_key, "TSE_PUBLIC_KEY")?,
    };
    let verify = |code: &ReceiptCode| code.verify().map_err(|fault| fault.to_string());
    let found = verify(&code).or_else(|fault| {
        let other = ReceiptCode { client: signed.client.to_owned(), ..code };
        if signed.terminal.is_some() { verify(&other) } else { Err(fault) }
    })?;
    if found.serial.to_string() == signed.serial {
        Ok(())
    } else {
        Err("TSE_SERIAL: another unit's key".to_owned())
    }
}
