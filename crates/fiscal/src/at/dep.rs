//! The export that the tax office asks for (RKSV annex, section 3: "DEP-Export-Format"), written receipt by receipt and
//! read back; and the file of keys that its checking tool wants beside it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Write};

use base64ct::{Base64, Encoding};
use serde::Deserialize;

use super::card::PublicKey;
use super::certificate::Certificate;
use super::code::Unit;
use super::counter::AesKey;

/// Writes an export to anything that takes text; it never holds more than one receipt.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    in_group: bool,
    groups: bool,
    receipts: bool,
}

impl<W: Write> Writer<W> {
    /// Begins an export.
    pub fn new(mut out: W) -> Result<Self, fmt::Error> {
        out.write_str("{\"Belege-Gruppe\":[")?;
        Ok(Writer { out, in_group: false, groups: false, receipts: false })
    }

    /// Begins the receipts of one signing unit: its certificate in DER (empty in a closed system) and those above it.
    pub fn group(&mut self, certificate: &[u8], issuers: &[&[u8]]) -> fmt::Result {
        self.end_group()?;
        if self.groups {
            self.out.write_char(',')?;
        }
        let certificate = Base64::encode_string(certificate);
        write!(self.out, "\n{{\"Signaturzertifikat\":\"{certificate}\",")?;
        self.out.write_str("\"Zertifizierungsstellen\":[")?;
        for (at, issuer) in issuers.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(self.out, "{comma}\"{}\"", Base64::encode_string(issuer))?;
        }
        self.out.write_str("],\"Belege-kompakt\":[")?;
        (self.in_group, self.groups, self.receipts) = (true, true, false);
        Ok(())
    }

    /// One receipt, JWS compact. Errs outside a group, and for text that is no JWS: what JSON would have to escape.
    pub fn receipt(&mut self, jws: &str) -> fmt::Result {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        if !self.in_group || !jws.bytes().all(plain) {
            return Err(fmt::Error);
        }
        let comma = if self.receipts { "," } else { "" };
        self.receipts = true;
        write!(self.out, "{comma}\n\"{jws}\"")
    }

    /// What stands in a receipt's place and may be no JWS: for an export in which something is known to be wrong. Errs
    /// outside a group.
    pub fn as_it_is(&mut self, text: &str) -> fmt::Result {
        if !self.in_group {
            return Err(fmt::Error);
        }
        let text = serde_json::to_string(text).map_err(|_| fmt::Error)?;
        let comma = if self.receipts { "," } else { "" };
        self.receipts = true;
        write!(self.out, "{comma}\n{text}")
    }

    /// Ends the export and gives back where it was written to.
    pub fn end(mut self) -> Result<W, fmt::Error> {
        self.end_group()?;
        self.out.write_str("]}\n")?;
        Ok(self.out)
    }

    fn end_group(&mut self) -> fmt::Result {
        if std::mem::take(&mut self.in_group) {
            self.out.write_str("]}")?;
        }
        Ok(())
    }
}

/// An export as it was read.
#[derive(Debug, Deserialize)]
pub struct Dep<'a> {
    /// Receipts by signing unit.
    #[serde(rename = "Belege-Gruppe", borrow)]
    pub groups: Vec<Group<'a>>,
}

/// The receipts of one signing unit.
#[derive(Debug, Deserialize)]
pub struct Group<'a> {
    /// The certificate, base64 of DER; empty in a closed system.
    #[serde(rename = "Signaturzertifikat", borrow)]
    pub certificate: Cow<'a, str>,
    /// The certificates above it.
    #[serde(rename = "Zertifizierungsstellen", borrow)]
    pub issuers: Vec<Cow<'a, str>>,
    /// Receipts, JWS compact, in order.
    #[serde(rename = "Belege-kompakt", borrow)]
    pub receipts: Vec<Cow<'a, str>>,
}

impl<'a> Dep<'a> {
    /// Reads an export. `None` when it is none.
    #[must_use]
    pub fn read(json: &'a [u8]) -> Option<Dep<'a>> {
        serde_json::from_slice(json).ok()
    }
}

/// Reads [`key_file`] back: the counter's key, and public keys by the number of their certificate. `None` when it is none.
#[must_use]
pub fn read_key_file(json: &[u8]) -> Option<(AesKey, Vec<(String, PublicKey)>)> {
    let file: KeyFile = serde_json::from_slice(json).ok()?;
    let key = AesKey::from_base64(&file.key).ok()?;
    let units = file.units.into_iter().map(|(name, of)| {
        let der = Base64::decode_vec(&of.bytes).ok()?;
        let key = match of.kind.as_str() {
            "CERTIFICATE" => Certificate::from_der(&der)?.key,
            _ => PublicKey::from_spki(&der)?,
        };
        Some((name, key))
    });
    Some((key, units.collect::<Option<_>>()?))
}

#[derive(Deserialize)]
struct KeyFile {
    #[serde(rename = "base64AESKey")]
    key: String,
    #[serde(rename = "certificateOrPublicKeyMap", default)]
    units: BTreeMap<String, KeyOf>,
}

#[derive(Deserialize)]
struct KeyOf {
    #[serde(rename = "signatureDeviceType")]
    kind: String,
    #[serde(rename = "signatureCertificateOrPublicKey")]
    bytes: String,
}

/// The file of keys for the checking tool of the ministry (`cryptographicMaterialContainer.json`): the counter's key and
/// the public key of each unit. It holds a secret.
#[must_use]
pub fn key_file(key: &AesKey, units: &[(&Unit, &PublicKey)]) -> String {
    let entries: Vec<String> = units
        .iter()
        .map(|(unit, key)| {
            let (id, key) = (unit.certificate(), Base64::encode_string(&key.spki()));
            format!(
                "\"{id}\":{{\"id\":\"{id}\",\"signatureDeviceType\":\"PUBLIC_KEY\",\
                 \"signatureCertificateOrPublicKey\":\"{key}\"}}"
            )
        })
        .collect();
    let (key, entries) = (key.to_base64(), entries.join(","));
    format!("{{\"base64AESKey\":\"{key}\",\"certificateOrPublicKeyMap\":{{{entries}}}}}\n")
}
