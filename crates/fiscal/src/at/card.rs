//! The port to whatever signs (a card, a unit in the cloud), and keys to check signatures with.

use std::fmt;

use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature as Es256, SigningKey, VerifyingKey};
use p256::pkcs8::DecodePublicKey;

use super::jws::{self, Signature};

/// The signing unit gave no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signing unit gave no signature")]
pub struct NotSigned;

/// What signs. There is no third answer: a signature that did not come is none, and the receipt says so.
pub trait Signer {
    /// ES256 over `input` (hashed with SHA-256 by the unit): `r ‖ s`.
    fn sign(&mut self, input: &[u8]) -> Result<[u8; 64], NotSigned>;
}

/// A public key on P-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// From a point in SEC 1 form. `None` when it is none on the curve.
    #[must_use]
    pub fn from_point(bytes: &[u8]) -> Option<Self> {
        VerifyingKey::from_sec1_bytes(bytes).ok().map(PublicKey)
    }

    /// From SubjectPublicKeyInfo in DER. `None` when it is none on P-256.
    #[must_use]
    pub fn from_spki(der: &[u8]) -> Option<Self> {
        VerifyingKey::from_public_key_der(der).ok().map(PublicKey)
    }

    /// The point, uncompressed: 65 bytes.
    #[must_use]
    pub fn point(&self) -> Vec<u8> {
        self.0.to_sec1_point(false).as_bytes().to_vec()
    }

    /// SubjectPublicKeyInfo in DER.
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        /// SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING (65 bytes follow) }
        const HEAD: [u8; 26] = [
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
            0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
        ];
        let mut der = HEAD.to_vec();
        der.extend(self.point());
        der
    }

    /// Whether `signature` is this key's over `code` (a code without signature, as text).
    #[must_use]
    pub fn verifies(&self, code: &str, signature: &Signature) -> bool {
        let Signature::Signed(bytes) = signature else { return false };
        Es256::from_slice(bytes.as_slice())
            .is_ok_and(|parsed| self.0.verify(jws::signing_input(code).as_bytes(), &parsed).is_ok())
    }
}

/// A card in software, for tests and trying out. No shop may sign real receipts with it: its key is no secret.
pub struct SoftwareCard {
    key: SigningKey,
    broken: bool,
}

impl SoftwareCard {
    /// A card whose key is made of `secret`. `None` when that is no number of the curve (zero, or too large).
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Option<Self> {
        let key = SigningKey::from_slice(&secret).ok()?;
        Some(SoftwareCard { key, broken: false })
    }

    /// Takes the card out of order or mends it.
    pub fn set_broken(&mut self, broken: bool) {
        self.broken = broken;
    }

    /// Its public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(*self.key.verifying_key())
    }
}

impl fmt::Debug for SoftwareCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoftwareCard {{ broken: {} }}", self.broken)
    }
}

impl Signer for SoftwareCard {
    fn sign(&mut self, input: &[u8]) -> Result<[u8; 64], NotSigned> {
        if self.broken {
            return Err(NotSigned);
        }
        let signature: Es256 = self.key.sign(input);
        Ok(signature.to_bytes().into())
    }
}
