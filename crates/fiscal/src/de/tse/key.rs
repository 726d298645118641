//! Keys of signing units on the four curves that they have: read as a point or as a DER public key, verified
//! with, and (for the software unit alone) signed with.
//! Sources: TR-03111, RFC 5480, RFC 5639, RFC 6979.

use std::fmt;

use ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use ecdsa::{Signature, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};

use super::signature::{SignatureAlgorithm, SignatureFault, plain_forms};
use super::tlv::{self, Reader};

/// The content of the OID of public keys on curves: 1.2.840.10045.2.1.
const EC_PUBLIC_KEY: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// A curve. Algorithms do not name it: it is the one that the point lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Curve {
    /// secp256r1.
    P256,
    /// secp384r1.
    P384,
    /// brainpoolP256r1.
    BrainpoolP256r1,
    /// brainpoolP384r1.
    BrainpoolP384r1,
}

impl Curve {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::P256, Self::P384, Self::BrainpoolP256r1, Self::BrainpoolP384r1];

    /// Length of a coordinate and of a private key, bytes.
    pub const fn field(self) -> usize {
        match self {
            Self::P256 | Self::BrainpoolP256r1 => 32,
            Self::P384 | Self::BrainpoolP384r1 => 48,
        }
    }

    /// The algorithm whose hash is as long as the curve.
    pub const fn algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::P256 | Self::BrainpoolP256r1 => SignatureAlgorithm::Sha256,
            Self::P384 | Self::BrainpoolP384r1 => SignatureAlgorithm::Sha384,
        }
    }

    /// The content of its OID.
    pub(crate) const fn oid(self) -> &'static [u8] {
        match self {
            Self::P256 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
            Self::P384 => &[0x2b, 0x81, 0x04, 0x00, 0x22],
            Self::BrainpoolP256r1 => &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07],
            Self::BrainpoolP384r1 => &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b],
        }
    }
}

/// The serial number of a signing unit: SHA-256 over the point `04‖X‖Y` of its key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SerialNumber(pub [u8; 32]);

impl SerialNumber {
    /// Reads 64 hexadecimal digits, in capitals or not.
    pub fn parse(text: &str) -> Option<Self> {
        unhex(text).and_then(|bytes| bytes.try_into().ok()).map(Self)
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for SerialNumber {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a serial number is 64 hexadecimal digits")
    }
}

impl From<SerialNumber> for String {
    fn from(serial: SerialNumber) -> Self {
        serial.to_string()
    }
}

/// Bytes as hexadecimal digits, small letters.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hexadecimal digits as bytes.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect()
}

/// Why bytes are no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Neither an uncompressed point nor a DER public key.
    #[error("neither an uncompressed point nor a DER public key")]
    Shape,
    /// A key of another kind than on a curve, or on a curve that is not read here.
    #[error("a kind of key that is not read here")]
    NotSupported,
    /// The point lies on none of the curves, or not on the one that is named.
    #[error("the point does not lie on the curve")]
    NotOnCurve,
    /// A private key of zero, or not below the order of the curve, or of another length.
    #[error("no private key of that curve")]
    Private,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Verifying {
    P256(VerifyingKey<p256::NistP256>),
    P384(VerifyingKey<p384::NistP384>),
    BrainpoolP256r1(VerifyingKey<bp256::BrainpoolP256r1>),
    BrainpoolP384r1(VerifyingKey<bp384::BrainpoolP384r1>),
}

/// A public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: Verifying,
    curve: Curve,
    point: Vec<u8>,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?}, {})", self.curve, self.serial_number())
    }
}

impl PublicKey {
    /// Reads a point `04‖X‖Y` or a DER public key (SubjectPublicKeyInfo), as makers put either into the QR
    /// code.
    pub fn read(bytes: &[u8]) -> Result<Self, KeyFault> {
        match bytes.first() {
            Some(0x04) => Self::from_point(bytes),
            Some(0x30) => Self::from_spki(bytes),
            _ => Err(KeyFault::Shape),
        }
    }

    /// Reads an uncompressed point; the curve is the one that it lies on.
    pub fn from_point(point: &[u8]) -> Result<Self, KeyFault> {
        let curves: &[Curve] = match (point.first(), point.len()) {
            (Some(0x04), 65) => &[Curve::P256, Curve::BrainpoolP256r1],
            (Some(0x04), 97) => &[Curve::P384, Curve::BrainpoolP384r1],
            (Some(0x04), 57 | 81 | 129 | 133) => return Err(KeyFault::NotSupported),
            _ => return Err(KeyFault::Shape),
        };
        let found = curves.iter().find_map(|curve| on_curve(*curve, point));
        found.ok_or(KeyFault::NotOnCurve)
    }

    /// Reads a DER public key. A curve that is named must be the one that the point lies on.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyFault> {
        let mut outer = Reader::new(der);
        let key = Self::from_spki_tlv(&outer.expect(tlv::SEQUENCE).map_err(|_| KeyFault::Shape)?)?;
        outer.finish().map_err(|_| KeyFault::Shape)?;
        Ok(key)
    }

    pub(crate) fn from_spki_tlv(spki: &tlv::Tlv<'_>) -> Result<Self, KeyFault> {
        let shape = |_| KeyFault::Shape;
        let mut fields = spki.children().map_err(shape)?;
        let algorithm = fields.expect(tlv::SEQUENCE).map_err(shape)?;
        let mut algorithm = algorithm.children().map_err(shape)?;
        if algorithm.expect(tlv::OID).map_err(shape)?.content() != EC_PUBLIC_KEY {
            return Err(KeyFault::NotSupported);
        }
        let parameters = algorithm.next().map_err(shape)?;
        let bits = fields.expect(tlv::BIT_STRING).map_err(shape)?;
        let point = match bits.content().split_first() {
            Some((0, point)) if !bits.is_constructed() => point,
            _ => return Err(KeyFault::Shape),
        };
        // Curves may also be given by all their numbers; then the point alone decides.
        let named = parameters.filter(|parameters| parameters.is(tlv::OID));
        match named {
            None => Self::from_point(point),
            Some(named) => {
                let curve = Curve::ALL.into_iter().find(|curve| curve.oid() == named.content());
                let curve = curve.ok_or(KeyFault::NotSupported)?;
                on_curve(curve, point).ok_or(KeyFault::NotOnCurve)
            }
        }
    }

    /// The curve that it lies on.
    pub const fn curve(&self) -> Curve {
        self.curve
    }

    /// The point `04‖X‖Y`: 65 or 97 bytes.
    pub fn point(&self) -> &[u8] {
        &self.point
    }

    /// The key as a DER public key (SubjectPublicKeyInfo).
    pub fn to_spki(&self) -> Vec<u8> {
        let algorithm =
            [tlv::write(tlv::OID, &EC_PUBLIC_KEY), tlv::write(tlv::OID, self.curve.oid())];
        let bits: Vec<u8> = std::iter::once(0).chain(self.point.iter().copied()).collect();
        tlv::write_sequence(&[tlv::write_sequence(&algorithm), tlv::write(tlv::BIT_STRING, &bits)])
    }

    /// The serial number of the unit that has this key.
    pub fn serial_number(&self) -> SerialNumber {
        SerialNumber(Sha256::digest(&self.point).into())
    }

    /// Whether that is this key's signature of these bytes, `r‖s` or DER.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        bytes: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureFault> {
        self.verify_hash(&algorithm.hash(bytes), signature)
    }

    /// Whether that is this key's signature of bytes with that hash.
    pub fn verify_hash(&self, hash: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        let mut fault = SignatureFault::NotASignature;
        for plain in plain_forms(signature, self.curve.field()) {
            match self.verify_plain(hash, &plain) {
                Ok(()) => return Ok(()),
                Err(SignatureFault::DoesNotVerify) => fault = SignatureFault::DoesNotVerify,
                Err(SignatureFault::NotASignature) => {}
            }
        }
        Err(fault)
    }

    fn verify_plain(&self, hash: &[u8], plain: &[u8]) -> Result<(), SignatureFault> {
        macro_rules! verify {
            ($key:expr) => {{
                let signature =
                    Signature::from_slice(plain).map_err(|_| SignatureFault::NotASignature)?;
                let verified = $key.verify_prehash(hash, &signature);
                verified.map_err(|_| SignatureFault::DoesNotVerify)
            }};
        }
        match &self.key {
            Verifying::P256(key) => verify!(key),
            Verifying::P384(key) => verify!(key),
            Verifying::BrainpoolP256r1(key) => verify!(key),
            Verifying::BrainpoolP384r1(key) => verify!(key),
        }
    }
}

fn on_curve(curve: Curve, point: &[u8]) -> Option<PublicKey> {
    // Compressed points are not written by any unit.
    if point.first() != Some(&0x04) {
        return None;
    }
    let key = match curve {
        Curve::P256 => Verifying::P256(VerifyingKey::from_sec1_bytes(point).ok()?),
        Curve::P384 => Verifying::P384(VerifyingKey::from_sec1_bytes(point).ok()?),
        Curve::BrainpoolP256r1 => {
            Verifying::BrainpoolP256r1(VerifyingKey::from_sec1_bytes(point).ok()?)
        }
        Curve::BrainpoolP384r1 => {
            Verifying::BrainpoolP384r1(VerifyingKey::from_sec1_bytes(point).ok()?)
        }
    };
    Some(PublicKey { key, curve, point: point.to_vec() })
}

#[derive(Clone)]
enum Signing {
    P256(SigningKey<p256::NistP256>),
    P384(SigningKey<p384::NistP384>),
    BrainpoolP256r1(SigningKey<bp256::BrainpoolP256r1>),
    BrainpoolP384r1(SigningKey<bp384::BrainpoolP384r1>),
}

/// A private key, of the software unit only. It is wiped from memory when it goes and never shown.
#[derive(Clone)]
pub struct PrivateKey {
    key: Signing,
    public: PublicKey,
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({:?})", self.public)
    }
}

impl PrivateKey {
    /// The key of these bytes, big-endian, as many as the curve's field. Errs when they are no key of it.
    pub fn from_bytes(curve: Curve, bytes: &[u8]) -> Result<Self, KeyFault> {
        macro_rules! key {
            ($kind:ident) => {{
                let key = SigningKey::from_slice(bytes).map_err(|_| KeyFault::Private)?;
                let point = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
                (Signing::$kind(key), point)
            }};
        }
        if bytes.len() != curve.field() {
            return Err(KeyFault::Private);
        }
        let (key, point) = match curve {
            Curve::P256 => key!(P256),
            Curve::P384 => key!(P384),
            Curve::BrainpoolP256r1 => key!(BrainpoolP256r1),
            Curve::BrainpoolP384r1 => key!(BrainpoolP384r1),
        };
        let public = on_curve(curve, &point).ok_or(KeyFault::NotOnCurve)?;
        Ok(Self { key, public })
    }

    /// The bytes of a key out of random ones: hashed until they are a key of the curve, so that any will do.
    pub fn bytes_from_seed(curve: Curve, seed: &[u8; 32]) -> Vec<u8> {
        let mut round: u8 = 0;
        loop {
            let name = format!("tresen-software-tse-1 {curve:?} {round} ");
            let hash = Sha512::digest([name.as_bytes(), seed].concat());
            let bytes = hash.get(..curve.field()).unwrap_or(&hash);
            // Half of the tries succeed on the worst curve; 256 failures do not happen.
            if Self::from_bytes(curve, bytes).is_ok() || round == u8::MAX {
                return bytes.to_vec();
            }
            round = round.saturating_add(1);
        }
    }

    /// Its public key.
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs these bytes: `r‖s`, the same for the same bytes (RFC 6979).
    pub fn sign(
        &self,
        algorithm: SignatureAlgorithm,
        bytes: &[u8],
    ) -> Result<Vec<u8>, SignatureFault> {
        let hash = algorithm.hash(bytes);
        macro_rules! sign {
            ($key:expr, $curve:ty) => {{
                let signed: Result<Signature<$curve>, _> = $key.sign_prehash(&hash);
                signed.map(|signature| signature.to_bytes().to_vec())
            }};
        }
        let signed = match &self.key {
            Signing::P256(key) => sign!(key, p256::NistP256),
            Signing::P384(key) => sign!(key, p384::NistP384),
            Signing::BrainpoolP256r1(key) => sign!(key, bp256::BrainpoolP256r1),
            Signing::BrainpoolP384r1(key) => sign!(key, bp384::BrainpoolP384r1),
        };
        signed.map_err(|_| SignatureFault::NotASignature)
    }
}
