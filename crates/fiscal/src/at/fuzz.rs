//! Fuzz targets as plain functions, so that they also run seeded in the ordinary tests. Each claims that it returns, and
//! what else it asserts.

use super::certificate::Certificate;
use super::code::Code;
use super::counter::AesKey;
use super::jws::Jws;
use super::verify::{Known, verify};

/// Bytes as a code, a JWS, a QR text, an OCR text: what can be read is written again byte for byte.
///
/// Returns whether all of that held.
#[must_use]
pub fn code(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return true };
    Code::parse(text).map_or(true, |code| code.to_string() == text)
        && Jws::parse(text).map_or(true, |jws| jws.compact() == text)
        && Jws::parse_qr(text).map_or(true, |jws| jws.qr() == text)
        && Jws::parse_ocr(text).map_or(true, |jws| jws.ocr() == text)
}

/// Bytes as an export and as a certificate. Returns whether the export was found without fault, which made-up bytes never
/// are.
#[must_use]
pub fn export(key: &AesKey, bytes: &[u8]) -> bool {
    let _ = Certificate::from_der(bytes);
    verify(bytes, Some(key), Known::AsFiled).is_ok() || verify(bytes, None, Known::AsFiled).is_ok()
}
