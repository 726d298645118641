//! A package read again: the form's rules, and every signature against the key that the package names.

use std::cell::Cell;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

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
///
/// Verifying signatures takes most of the time. They are verified beside the reading, on all of the machine's cores; only
/// when one of them does not hold is everything read once more, to say in its place which.
pub(super) fn check_package(
    package: &mut impl Package,
    told: &mut dyn FnMut(&Finding),
) -> Result<Checked, Fault> {
    let mut findings = Vec::new();
    if let Some(summary) = beside(package, &mut findings)? {
        findings.iter().for_each(&mut *told);
        let is_error = |finding: &Finding| finding.rule.severity() == Severity::Error;
        return Ok(Checked { summary, wrong: findings.into_iter().find(is_error) });
    }
    let mut wrong = None;
    let way = Cell::new(0);
    let verify = |signed: &Signed<'_>| {
        let mut tried = way.get();
        let verified = Statement::of(signed)?.verify(&mut tried);
        way.set(tried);
        verified
    };
    let options = Options { verify: Some(&verify), most: 0 };
    let summary = check(package, &options, &mut |finding| {
        told(&finding);
        if finding.rule.severity() == Severity::Error && wrong.is_none() {
            wrong = Some(finding);
        }
    })?;
    Ok(Checked { summary, wrong })
}

/// Signatures that wait for each core.
const WAITING: usize = 64;

/// Checks while signatures are verified beside it; none when one of them does not hold.
fn beside(
    package: &mut impl Package,
    findings: &mut Vec<Finding>,
) -> Result<Option<Summary>, Fault> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let failed = AtomicBool::new(false);
    let summary = std::thread::scope(|scope| {
        let failed = &failed;
        let lanes: Vec<SyncSender<Statement>> = (0..cores)
            .map(|_| {
                let (lane, statements) = sync_channel::<Statement>(WAITING);
                scope.spawn(move || {
                    let mut way = 0;
                    for statement in statements {
                        if statement.verify(&mut way).is_err() {
                            failed.store(true, Ordering::Relaxed);
                        }
                    }
                });
                lane
            })
            .collect();
        let turn = Cell::new(0_usize);
        let verify = |signed: &Signed<'_>| {
            let lane = lanes.get(turn.get() % cores);
            turn.set(turn.get().wrapping_add(1));
            let sent = match (Statement::of(signed), lane) {
                (Ok(statement), Some(lane)) => lane.send(statement).is_ok(),
                _ => false,
            };
            if !sent {
                failed.store(true, Ordering::Relaxed);
            }
            Ok(())
        };
        let options = Options { verify: Some(&verify), most: 0 };
        // The lanes end here: then whoever verifies comes to an end as well, before anybody reads on.
        check(package, &options, &mut |finding| findings.push(finding))
    })?;
    Ok((!failed.load(Ordering::Relaxed)).then_some(summary))
}

/// What a row says that a unit signed.
struct Statement {
    code: ReceiptCode,
    /// The till's own name, where another stands as the device.
    other: Option<String>,
    serial: String,
}

impl Statement {
    fn of(signed: &Signed<'_>) -> Result<Statement, String> {
        let bytes = |text: &str, what: &str| {
            Base64::decode_vec(text).map_err(|_| format!("{what}: no Base64"))
        };
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
        let other = signed.terminal.map(|_| signed.client.to_owned());
        Ok(Statement { code, other, serial: signed.serial.to_owned() })
    }

    /// Whether the unit signed it. A basket that went on at another till than where it began is signed by the name of
    /// that one, which stands as the device. `way`: see [`ReceiptCode::verify_as`].
    fn verify(&self, way: &mut usize) -> Result<(), String> {
        let mut verify =
            |code: &ReceiptCode| code.verify_as(way).map_err(|fault| fault.to_string());
        let found = verify(&self.code).or_else(|fault| match &self.other {
            Some(client) => verify(&ReceiptCode { client: client.clone(), ..self.code.clone() }),
            None => Err(fault),
        })?;
        if found.serial.to_string() == self.serial {
            Ok(())
        } else {
            Err("TSE_SERIAL: another unit's key".to_owned())
        }
    }
}
