//! A proof as a file that somebody else can verify: figures and statements, the journal's head, and a signature of the
//! shop's own key over their exact bytes. Whoever has it needs nothing else to see that it was not changed; with the
//! shop's file it is held against the journal as well.

use base64ct::{Base64, Encoding as _};
use fiscal::de::tse::SignatureAlgorithm;
use fiscal::de::tse::key::{Curve, PrivateKey, PublicKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use store::{Reader, StoreError};

use super::{DayProof, Verdict, prove};
use crate::auth::random;

/// Keeps these signatures apart from any other of the key.
const DOMAIN: &[u8] = b"tresen-proof-1";
/// How it is signed.
const ALGORITHM: &str = "ecdsa-p256-sha256";
/// Longer files are no proofs.
pub const LONGEST: usize = 16 * 1_024 * 1_024;

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Version of this form: 1.
    pub v: u32,
    /// The shop's short id.
    pub shop: String,
    /// The shop's name when it was made.
    pub name: String,
    /// Made when.
    pub made: Timestamp,
    /// The program's version.
    pub program: String,
    /// The journal's last entry when it was made, and its hash, hexadecimal.
    pub head: Head,
    /// The key that it is signed with, Base64 of the point `04‖X‖Y`.
    pub public_key: String,
    /// The days.
    pub days: Vec<DayProof>,
}

/// An entry of the journal and its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its number.
    pub seq: u64,
    /// Its hash, hexadecimal.
    pub hash: String,
}

#[derive(Serialize, Deserialize)]
struct Signature {
    algorithm: String,
    value: String,
}

/// The file: the proof's bytes as they were signed, and the signature.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed<'a> {
    #[serde(borrow)]
    proof: &'a RawValue,
    signature: Signature,
}

/// Why a proof cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeFault {
    /// The shop's file or key cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no closed day.
    #[error("no such day is closed")]
    NoDay,
    /// There is no randomness for the key, or it does not sign.
    #[error("the proof cannot be signed")]
    Key,
}

/// Why a file is no proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadFault {
    /// Not the form of a proof, or of a later version.
    #[error("no proof of completeness that this program can read")]
    Form,
    /// The key in it is none.
    #[error("the key in it cannot be read")]
    Key,
    /// It was changed after it was signed, or never was.
    #[error("the signature does not fit: something was changed")]
    Signature,
}

/// The shop's key for proofs, made at first use.
fn key(reader: &Reader) -> Result<PrivateKey, MakeFault> {
    let spare = random::bytes::<32>().map_err(|_| MakeFault::Key)?;
    let seed = reader.own_proof_key(|| spare)?;
    of_seed(&seed)
}

fn of_seed(seed: &[u8; 32]) -> Result<PrivateKey, MakeFault> {
    let bytes = PrivateKey::bytes_from_seed(Curve::P256, seed);
    PrivateKey::from_bytes(Curve::P256, &bytes).map_err(|_| MakeFault::Key)
}

/// What is short enough to be noted: the first half of the key's digest, hexadecimal.
fn fingerprint(point: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(point).into();
    random::hex(digest.get(..16).unwrap_or_default())
}

/// Signs the proof of these days, and answers the file's text.
///
/// # Errors
/// When there is no day, the shop's file cannot be read, or there is no key.
pub fn make(reader: &Reader, days: Vec<DayProof>, now: Timestamp) -> Result<String, MakeFault> {
    if days.is_empty() {
        return Err(MakeFault::NoDay);
    }
    let key = key(reader)?;
    let head = reader.head()?;
    let settings = reader.settings_before(u64::MAX)?;
    let proof = Proof {
        v: 1,
        shop: reader.meta("shop")?.unwrap_or_default(),
        name: settings.map(|settings| settings.name).unwrap_or_default(),
        made: now,
        program: format!("Tresen {}", env!("CARGO_PKG_VERSION")),
        head: Head { seq: head.seq, hash: random::hex(&head.hash) },
        public_key: Base64::encode_string(key.public().point()),
        days,
    };
    let text = serde_json::to_string(&proof).map_err(StoreError::from)?;
    let bytes = [DOMAIN, text.as_bytes()].concat();
    let value = key.sign(SignatureAlgorithm::Sha256, &bytes).map_err(|_| MakeFault::Key)?;
    let raw: &RawValue = serde_json::from_str(&text).map_err(StoreError::from)?;
    let value = Base64::encode_string(&value);
    let signature = Signature { algorithm: ALGORITHM.to_owned(), value };
    let mut file =
        serde_json::to_string(&Signed { proof: raw, signature }).map_err(StoreError::from)?;
    file.push('\n');
    Ok(file)
}

/// A proof that was read, its signature verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it says.
    pub proof: Proof,
    /// The key's fingerprint: to be compared with one that was noted.
    pub fingerprint: String,
}

/// Reads a file and verifies its signature, with nothing but the file.
///
/// # Errors
/// When it is no proof, or was changed.
pub fn read(text: &str) -> Result<Verified, ReadFault> {
    if text.len() > LONGEST {
        return Err(ReadFault::Form);
    }
    let signed: Signed<'_> = serde_json::from_str(text).map_err(|_| ReadFault::Form)?;
    let raw = signed.proof.get();
    let proof: Proof = serde_json::from_str(raw).map_err(|_| ReadFault::Form)?;
    if proof.v != 1 || signed.signature.algorithm != ALGORITHM {
        return Err(ReadFault::Form);
    }
    let point = Base64::decode_vec(&proof.public_key).map_err(|_| ReadFault::Key)?;
    let key = PublicKey::from_point(&point).map_err(|_| ReadFault::Key)?;
    if key.curve() != Curve::P256 {
        return Err(ReadFault::Key);
    }
    let value = Base64::decode_vec(&signed.signature.value).map_err(|_| ReadFault::Signature)?;
    let bytes = [DOMAIN, raw.as_bytes()].concat();
    let verified = key.verify(SignatureAlgorithm::Sha256, &bytes, &value);
    verified.map_err(|_| ReadFault::Signature)?;
    Ok(Verified { fingerprint: fingerprint(&point), proof })
}

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyOf {
    /// The shop's own of today.
    Shop,
    /// Another one: an earlier one of the shop's, or a stranger's.
    Other,
    /// The shop has none, as after a restore.
    Unknown,
}

/// What came of holding a proof against a shop's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// It is about this shop.
    pub shop: bool,
    /// Whose key signed it.
    pub key: KeyOf,
    /// The journal still has the entry that was its head, with that hash.
    pub head: bool,
    /// The first day and statement that the journal does not bear out as the proof says.
    pub differs: Option<(DayProof, super::StatementKind)>,
}

impl Against {
    /// The file bears the proof out.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.shop && self.head && self.key != KeyOf::Other && self.differs.is_none()
    }
}

/// Holds a proof against the shop's file: its key, its head, and each statement made anew. What cannot be proved today
/// and was then, or the other way round, is no difference.
///
/// # Errors
/// When the shop's file cannot be read.
pub fn against(reader: &Reader, proof: &Proof) -> Result<Against, StoreError> {
    let shop = reader.meta("shop")?.unwrap_or_default() == proof.shop;
    let key = match reader.proof_key()? {
        None => KeyOf::Unknown,
        Some(seed) => {
            let own = of_seed(&seed).ok();
            let own = own.map(|own| Base64::encode_string(own.public().point()));
            if own.as_ref() == Some(&proof.public_key) { KeyOf::Shop } else { KeyOf::Other }
        }
    };
    let head = reader.hash_of(proof.head.seq)?.map(|hash| random::hex(&hash));
    let head = head.as_ref() == Some(&proof.head.hash);
    let mut differs = None;
    for day in &proof.days {
        let check = reader.day_check(day.till, day.number)?;
        let fresh = prove(reader, (day.till, day.number), check.as_ref())?;
        let other = day.statements.iter().find(|said| {
            let now = fresh.as_ref().and_then(|fresh| fresh.statement(said.kind));
            let open = |verdict: Option<Verdict>| verdict == Some(Verdict::Unproved);
            match now {
                None => true,
                Some(now) if open(Some(now.verdict)) || open(Some(said.verdict)) => false,
                Some(now) => {
                    (now.verdict, &now.figures, &now.first)
                        != (said.verdict, &said.figures, &said.first)
                }
            }
        });
        if let Some(other) = other {
            differs = Some((day.clone(), other.kind));
            break;
        }
    }
    Ok(Against { shop, key, head, differs })
}
