//! Fuzz targets as plain functions, so that they also run seeded in the ordinary tests. Each says whether
//! what it claims holds: mostly that what was read is written and read as itself.

use jiff::Timestamp;

use super::certificate::Certificate;
use super::file_name::LogName;
use super::key::PublicKey;
use super::log::LogMessage;
use super::process_data::ProcessData;
use super::qr::ReceiptCode;
use super::tar::{self, ExportFile, Scope};

/// Bytes as each kind of text that is signed.
pub fn process_data(bytes: &[u8]) -> bool {
    ["Kassenbeleg-V1", "Bestellung-V1", "SonstigerVorgang"].into_iter().all(|kind| {
        let Ok(read) = ProcessData::read(kind, bytes) else { return true };
        let Ok(text) = read.write() else { return true };
        let again = ProcessData::read(kind, text.as_bytes());
        again.and_then(|again| again.write()).as_ref() == Ok(&text)
    })
}

/// Text as the code on a receipt.
pub fn code(text: &str) -> bool {
    let Ok(code) = ReceiptCode::read(text) else { return true };
    // Verifying is slow on purpose of nobody: one in sixteen is enough to see it return.
    if text.len().is_multiple_of(16) {
        let _ = code.verify();
    }
    let _ = code.key();
    ReceiptCode::read(&code.to_string()) == Ok(code)
}

/// Bytes as a log.
pub fn log(bytes: &[u8]) -> bool {
    let Ok(message) = LogMessage::read(bytes) else { return true };
    let name = LogName::of(message.content());
    let named = LogName::read(&name.to_string());
    let _ = named.and_then(|named| named.difference(message.content()));
    let _ = message.content().signed_bytes();
    LogMessage::read(&message.to_bytes()) == Ok(message)
}

/// Bytes as a key.
pub fn key(bytes: &[u8]) -> bool {
    let Ok(key) = PublicKey::read(bytes) else { return true };
    PublicKey::read(&key.to_spki()) == Ok(key)
}

/// Bytes as a file of certificates.
pub fn certificate(bytes: &[u8]) -> bool {
    let Ok(all) = Certificate::read_all(bytes) else { return true };
    all.iter().all(|one| Certificate::read_all(&one.der) == Ok(vec![one.clone()]))
}

/// Bytes as an archive, and as files of a sound archive: the first byte says how long their parts are.
/// Made-up bytes are never found good: no unit has signed them.
pub fn archive(bytes: &[u8]) -> bool {
    let clean = tar::verify(bytes, Scope::Part).is_clean();
    let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let (name, content) = rest.split_at_checked(usize::from(*first)).unwrap_or((rest, &[]));
    let name = String::from_utf8_lossy(name).into_owned();
    let files = [name.as_str(), "info.csv", "x_X509.cer", "Utc_1_Sig-1_Log-Aud.log"];
    let files = files.map(|name| ExportFile {
        name: name.to_owned(),
        at: Timestamp::UNIX_EPOCH,
        bytes: content.to_vec(),
    });
    let mut whole = Vec::new();
    let written = tar::write(&mut whole, files);
    let report = tar::verify(whole.as_slice(), Scope::Whole);
    !clean && written.is_ok() && !report.is_clean()
}
