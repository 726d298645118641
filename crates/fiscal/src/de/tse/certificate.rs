//! As much of X.509 as exports of signing units need: the key, the names, the signature; and a certificate
//! that signs itself, for the software unit. Read here, never trusted: whose root it is, others decide.
//! Sources: RFC 5280, RFC 5758, TR-03111.

use base64ct::{Base64, Encoding};
use jiff::Timestamp;

use super::key::{KeyFault, PrivateKey, PublicKey};
use super::signature::{SignatureAlgorithm, SignatureFault, to_der};
use super::time::{LogTime, TimeFormat};
use super::tlv::{self, Reader, Tlv, TlvError};

/// Longest file with certificates that is read, bytes.
pub const LONGEST_CERTIFICATES: usize = 256 * 1024;
/// The content of ecdsa-with-SHA…: 1.2.840.10045.4.3.n.
const ECDSA_WITH: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
/// The contents of 2.5.4.3 and 2.5.4.10.
const COMMON_NAME: [u8; 3] = [0x55, 0x04, 0x03];
const ORGANIZATION: [u8; 3] = [0x55, 0x04, 0x0a];
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The whole, DER as it was written.
    pub der: Vec<u8>,
    /// Whose it is, in words: `O=…, CN=…`.
    pub subject: String,
    /// Who signed it, in words.
    pub issuer: String,
    /// From when it is valid.
    pub not_before: Option<Timestamp>,
    /// Until when it is valid.
    pub not_after: Option<Timestamp>,
    /// The key; errs for kinds of key that are not read here.
    pub key: Result<PublicKey, KeyFault>,
    signed: Vec<u8>,
    subject_raw: Vec<u8>,
    issuer_raw: Vec<u8>,
    /// None for algorithms that are not read here.
    algorithm: Option<SignatureAlgorithm>,
    signature: Vec<u8>,
}

/// Why bytes are no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// Longer than [`LONGEST_CERTIFICATES`], or nothing.
    #[error("the file is empty or too long")]
    Length,
    /// Between the marks of a PEM file is no base64.
    #[error("the file is no PEM file")]
    Pem,
    /// Not the shape of a certificate.
    #[error(transparent)]
    Tlv(#[from] TlvError),
}

impl Certificate {
    /// Reads all certificates of a file, DER or PEM, one after the other.
    pub fn read_all(bytes: &[u8]) -> Result<Vec<Self>, CertificateFault> {
        if bytes.is_empty() || bytes.len() > LONGEST_CERTIFICATES {
            return Err(CertificateFault::Length);
        }
        let mut all = Vec::new();
        match std::str::from_utf8(bytes).ok().filter(|text| text.contains(BEGIN)) {
            Some(text) => {
                for part in text.split(BEGIN).skip(1) {
                    let (digits, _) = part.split_once(END).ok_or(CertificateFault::Pem)?;
                    let digits: String = digits.split_whitespace().collect();
                    let der = Base64::decode_vec(&digits).map_err(|_| CertificateFault::Pem)?;
                    let mut reader = Reader::new(&der);
                    all.push(Self::read(&reader.expect(tlv::SEQUENCE)?)?);
                    reader.finish()?;
                }
            }
            None => {
                let mut reader = Reader::new(bytes);
                while !reader.rest().is_empty() {
                    all.push(Self::read(&reader.expect(tlv::SEQUENCE)?)?);
                }
            }
        }
        Ok(all)
    }

    fn read(whole: &Tlv<'_>) -> Result<Self, CertificateFault> {
        let mut fields = whole.children()?;
        let signed = fields.expect(tlv::SEQUENCE)?;
        let outer = fields.expect(tlv::SEQUENCE)?;
        let algorithm = algorithm_of(outer.children()?.expect(tlv::OID)?.content());
        let bits = fields.expect(tlv::BIT_STRING)?;
        let signature = match bits.content().split_first() {
            Some((0, signature)) if !bits.is_constructed() => signature,
            _ => return Err(TlvError::Unexpected.into()),
        };
        fields.finish()?;

        let mut fields = signed.children()?;
        fields.take_if(|field| field.context() == Some(0))?;
        fields.expect(tlv::INTEGER)?;
        // The algorithm stands within what is signed as well, and only there nobody can change it.
        if fields.expect(tlv::SEQUENCE)?.raw() != outer.raw() {
            return Err(TlvError::Unexpected.into());
        }
        let issuer = fields.expect(tlv::SEQUENCE)?;
        let mut validity = fields.expect(tlv::SEQUENCE)?.children()?;
        let mut moment = || -> Result<Option<Timestamp>, TlvError> {
            Ok(validity.next()?.and_then(|time| LogTime::read(&time)).map(|time| time.at))
        };
        let (not_before, not_after) = (moment()?, moment()?);
        let subject = fields.expect(tlv::SEQUENCE)?;
        let key = PublicKey::from_spki_tlv(&fields.expect(tlv::SEQUENCE)?);
        Ok(Self {
            der: whole.raw().to_vec(),
            subject: words(&subject)?,
            issuer: words(&issuer)?,
            not_before,
            not_after,
            key,
            signed: signed.raw().to_vec(),
            subject_raw: subject.raw().to_vec(),
            issuer_raw: issuer.raw().to_vec(),
            algorithm,
            signature: signature.to_vec(),
        })
    }

    /// Whether it says that it was signed with its own key.
    pub fn is_self_issued(&self) -> bool {
        self.subject_raw == self.issuer_raw
    }

    /// Whether it says that the other one's key signed it.
    pub fn names_as_issuer(&self, other: &Self) -> bool {
        self.issuer_raw == other.subject_raw
    }

    /// Whether the key of the other one has signed this one. None when that cannot be said here: a key or an
    /// algorithm that is not read.
    pub fn verify_by(&self, issuer: &Self) -> Option<Result<(), SignatureFault>> {
        let key = issuer.key.as_ref().ok()?;
        Some(key.verify(self.algorithm?, &self.signed, &self.signature))
    }
}

fn algorithm_of(oid: &[u8]) -> Option<SignatureAlgorithm> {
    let (last, before) = oid.split_last()?;
    if before != ECDSA_WITH {
        return SignatureAlgorithm::from_oid(oid);
    }
    match last {
        1 => Some(SignatureAlgorithm::Sha224),
        2 => Some(SignatureAlgorithm::Sha256),
        3 => Some(SignatureAlgorithm::Sha384),
        4 => Some(SignatureAlgorithm::Sha512),
        _ => None,
    }
}

/// A name in words.
fn words(name: &Tlv<'_>) -> Result<String, TlvError> {
    let mut all = Vec::new();
    let mut sets = name.children()?;
    while let Some(set) = sets.next()? {
        let mut pairs = set.children()?;
        while let Some(pair) = pairs.next()? {
            let mut pair = pair.children()?;
            let kind = match pair.expect(tlv::OID)?.content() {
                [0x55, 0x04, 0x03] => "CN=",
                [0x55, 0x04, 0x06] => "C=",
                [0x55, 0x04, 0x0a] => "O=",
                [0x55, 0x04, 0x0b] => "OU=",
                [0x55, 0x04, 0x05] => "serialNumber=",
                _ => "",
            };
            let value = pair.next()?.ok_or(TlvError::Truncated)?;
            all.push(format!("{kind}{}", String::from_utf8_lossy(value.content())));
        }
    }
    Ok(all.join(", "))
}

/// A certificate (DER) that its own key has signed. The number is that of the certificate.
pub(crate) fn self_signed(
    key: &PrivateKey,
    organization: &str,
    common_name: &str,
    number: &[u8],
    (not_before, not_after): (Timestamp, Timestamp),
) -> Result<Vec<u8>, SignatureFault> {
    let hash = key.public().curve().algorithm();
    let last = match hash {
        SignatureAlgorithm::Sha224 => 1,
        SignatureAlgorithm::Sha256 => 2,
        SignatureAlgorithm::Sha384 => 3,
        SignatureAlgorithm::Sha512 => 4,
    };
    let oid: Vec<u8> = ECDSA_WITH.iter().copied().chain([last]).collect();
    let algorithm = tlv::write_sequence(&[tlv::write(tlv::OID, &oid)]);
    let part = |kind: &[u8], text: &str| {
        let pair = [tlv::write(tlv::OID, kind), tlv::write(tlv::UTF8_STRING, text.as_bytes())];
        tlv::write(tlv::SET, &tlv::write_sequence(&pair))
    };
    let name =
        tlv::write_sequence(&[part(&ORGANIZATION, organization), part(&COMMON_NAME, common_name)]);
    let moment = |at: Timestamp| {
        // RFC 5280 wants the short form up to 2049 and the long one after it.
        let long = TimeFormat::GeneralizedTime.encode(at);
        let short = TimeFormat::UtcTimeWithSeconds.encode(at);
        let read = Reader::new(&short).next().ok().flatten().and_then(|tlv| LogTime::read(&tlv));
        if read.is_some_and(|time| time.at.as_second() == at.as_second()) { short } else { long }
    };
    let signed = tlv::write_sequence(&[
        tlv::write_context_of(0, &[tlv::write(tlv::INTEGER, &[2])]),
        tlv::write(tlv::INTEGER, &tlv::magnitude_content(number)),
        algorithm.clone(),
        name.clone(),
        tlv::write_sequence(&[moment(not_before), moment(not_after)]),
        name,
        key.public().to_spki(),
    ]);
    let signature = to_der(&key.sign(hash, &signed)?);
    let bits: Vec<u8> = std::iter::once(0).chain(signature).collect();
    Ok(tlv::write_sequence(&[signed, algorithm, tlv::write(tlv::BIT_STRING, &bits)]))
}
