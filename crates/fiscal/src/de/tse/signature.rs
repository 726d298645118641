//! How signatures are made and written: hashes, the algorithms' names and OIDs, `r‖s` and DER.
//! Sources: TR-03111 (plain signatures), TR-03116-5.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::tlv::{self, Reader};

/// The algorithms of signing units: ECDSA with that hash, written as `r‖s`. The curve is the key's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SignatureAlgorithm {
    /// `ecdsa-plain-SHA224`
    #[serde(rename = "ecdsa-plain-SHA224")]
    Sha224,
    /// `ecdsa-plain-SHA256`
    #[serde(rename = "ecdsa-plain-SHA256")]
    Sha256,
    /// `ecdsa-plain-SHA384`
    #[serde(rename = "ecdsa-plain-SHA384")]
    Sha384,
    /// `ecdsa-plain-SHA512`
    #[serde(rename = "ecdsa-plain-SHA512")]
    Sha512,
}

impl SignatureAlgorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512];

    /// The name in DSFinV-K (TSE_SIG_ALGO) and in the QR code.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha224 => "ecdsa-plain-SHA224",
            Self::Sha256 => "ecdsa-plain-SHA256",
            Self::Sha384 => "ecdsa-plain-SHA384",
            Self::Sha512 => "ecdsa-plain-SHA512",
        }
    }

    /// Reads the name, in capitals or not.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// The content of its OID: 0.4.0.127.0.7.1.1.4.1.n.
    pub(crate) const fn oid(self) -> [u8; 10] {
        let last = match self {
            Self::Sha224 => 2,
            Self::Sha256 => 3,
            Self::Sha384 => 4,
            Self::Sha512 => 5,
        };
        [0x04, 0x00, 0x7f, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, last]
    }

    /// The algorithm of an OID's content.
    pub(crate) fn from_oid(oid: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.oid() == oid)
    }

    /// The hash of these bytes.
    pub fn hash(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha224 => Sha224::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

/// Why a signature was not found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// The bytes are no signature of that curve, neither `r‖s` nor DER.
    #[error("the bytes are no signature of that curve")]
    NotASignature,
    /// It is a signature, but not of these bytes by this key.
    #[error("the signature is not of these bytes by this key")]
    DoesNotVerify,
}

/// A signature as `r‖s` of twice that many bytes, whichever way it was written; two when the bytes can be
/// read in both ways.
pub(crate) fn plain_forms(signature: &[u8], field: usize) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    if signature.len() == field.saturating_mul(2) {
        forms.push(signature.to_vec());
    }
    forms.extend(from_der(signature, field));
    forms
}

fn from_der(signature: &[u8], field: usize) -> Option<Vec<u8>> {
    let mut outer = Reader::new(signature);
    let mut numbers = outer.expect(tlv::SEQUENCE).ok()?.children().ok()?;
    let mut plain = Vec::new();
    for _ in 0..2 {
        let number = numbers.expect(tlv::INTEGER).ok()?.content();
        let first = number.iter().position(|byte| *byte != 0)?;
        let digits = number.get(first..)?;
        plain.resize(plain.len().checked_add(field.checked_sub(digits.len())?)?, 0);
        plain.extend_from_slice(digits);
    }
    numbers.finish().and_then(|()| outer.finish()).ok()?;
    Some(plain)
}

/// `r‖s` as DER, which certificates want.
pub(crate) fn to_der(plain: &[u8]) -> Vec<u8> {
    let (r, s) = plain.split_at_checked(plain.len() / 2).unwrap_or((plain, &[]));
    tlv::write_sequence(&[
        tlv::write(tlv::INTEGER, &tlv::magnitude_content(r)),
        tlv::write(tlv::INTEGER, &tlv::magnitude_content(s)),
    ])
}
