//! A code with its signature, in the three forms it is kept and shown in: JWS compact (for the record and the chain), as
//! text of the QR code, and as text for machines that read print (OCR).

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

use super::code::{Code, Unreadable};

/// `{"alg":"ES256"}` in base64url: the only header there is.
pub const HEADER: &str = "eyJhbGciOiJFUzI1NiJ9";
/// What stands in the signature's place while the signing unit is out of order.
pub const OUT_OF_ORDER: &str = "Sicherheitseinrichtung ausgefallen";

/// The signature of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// ES256: `r ‖ s`, 64 bytes.
    Signed(Box<[u8; 64]>),
    /// The signing unit was out of order.
    OutOfOrder,
}

impl Signature {
    fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes == OUT_OF_ORDER.as_bytes() {
            return Ok(Signature::OutOfOrder);
        }
        let bytes: [u8; 64] = bytes.try_into().map_err(|_| Unreadable::Signature)?;
        Ok(Signature::Signed(Box::new(bytes)))
    }

    /// The bytes that stand in the signature's place.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Signature::Signed(bytes) => bytes.as_slice(),
            Signature::OutOfOrder => OUT_OF_ORDER.as_bytes(),
        }
    }
}

/// The text whose bytes are signed: header and code in base64url.
#[must_use]
pub fn signing_input(code: &str) -> String {
    format!("{HEADER}.{}", Base64UrlUnpadded::encode_string(code.as_bytes()))
}

/// What the receipt after this one carries: the first eight bytes of the hash over `before`, which is the JWS of the
/// receipt before it or, for the first one, the till's name.
#[must_use]
pub fn chain_value(before: &str) -> [u8; 8] {
    let mut chain = [0; 8];
    for (to, from) in chain.iter_mut().zip(Sha256::digest(before.as_bytes()).iter()) {
        *to = *from;
    }
    chain
}

/// A code and its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jws {
    /// The code.
    pub code: Code,
    /// Its signature.
    pub signature: Signature,
}

impl Jws {
    /// Reads JWS compact: three parts in base64url without padding. Errs naming what does not fit; what is read is written
    /// again byte for byte.
    pub fn parse(text: &str) -> Result<Jws, Unreadable> {
        let mut parts = text.split('.');
        let (Some(HEADER), Some(code), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Unreadable::Jws);
        };
        let code = Base64UrlUnpadded::decode_vec(code).map_err(|_| Unreadable::Jws)?;
        let code = String::from_utf8(code).map_err(|_| Unreadable::Jws)?;
        let signature = Base64UrlUnpadded::decode_vec(signature).map_err(|_| Unreadable::Jws)?;
        Ok(Jws { code: Code::parse(&code)?, signature: Signature::parse(&signature)? })
    }

    /// As JWS compact.
    #[must_use]
    pub fn compact(&self) -> String {
        let signature = Base64UrlUnpadded::encode_string(self.signature.bytes());
        format!("{}.{signature}", signing_input(&self.code.to_string()))
    }

    /// The text of the QR code.
    #[must_use]
    pub fn qr(&self) -> String {
        format!("{}_{}", self.code, Base64::encode_string(self.signature.bytes()))
    }

    /// Reads the text of a QR code.
    pub fn parse_qr(text: &str) -> Result<Jws, Unreadable> {
        let (code, signature) = text.rsplit_once('_').ok_or(Unreadable::Fields)?;
        let signature = Base64::decode_vec(signature).map_err(|_| Unreadable::Signature)?;
        Ok(Jws { code: Code::parse(code)?, signature: Signature::parse(&signature)? })
    }

    /// The text for OCR: what the QR code has in base64 stands here in base32 (RFC 4648), which has no letters that print
    /// alike.
    #[must_use]
    pub fn ocr(&self) -> String {
        let text = self.code.to_string();
        let fields = text.split('_').enumerate().map(|(at, field)| match at {
            COUNTER => base32(self.code.counter.bytes()),
            CHAIN => base32(&self.code.chain),
            _ => field.to_owned(),
        });
        let mut fields: Vec<String> = fields.collect();
        fields.push(base32(self.signature.bytes()));
        fields.join("_")
    }

    /// Reads the text for OCR.
    pub fn parse_ocr(text: &str) -> Result<Jws, Unreadable> {
        let fields = text.split('_').take(15).enumerate().map(|(at, field)| match at {
            COUNTER | CHAIN | SIGNATURE => {
                from_base32(field).map(|bytes| Base64::encode_string(&bytes))
            }
            _ => Some(field.to_owned()),
        });
        let fields: Option<Vec<String>> = fields.collect();
        Jws::parse_qr(&fields.ok_or(Unreadable::Fields)?.join("_"))
    }
}

/// Fields of a code that hold bytes, counted from the empty one before the first underscore.
const COUNTER: usize = 10;
const CHAIN: usize = 12;
const SIGNATURE: usize = 13;

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// RFC 4648 base32 with padding.
fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let mut group = [0_u8; 8];
        for (to, from) in group.iter_mut().skip(3).zip(chunk) {
            *to = *from;
        }
        let bits = u64::from_be_bytes(group);
        // Characters that hold at least one bit of the chunk.
        let used = chunk.len().saturating_mul(8).div_ceil(5);
        for at in 0..8_usize {
            let shift = 35_usize.saturating_sub(at.saturating_mul(5));
            let letter = usize::try_from((bits >> shift) & 31).ok().and_then(|n| LETTERS.get(n));
            text.push(match letter {
                Some(letter) if at < used => char::from(*letter),
                _ => '=',
            });
        }
    }
    text
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for group in text.as_bytes().chunks(8) {
        let used = group.iter().take_while(|byte| **byte != b'=').count();
        let mut bits = 0_u64;
        for byte in group.iter().take(used) {
            let value = LETTERS.iter().position(|letter| letter == byte)?;
            bits = (bits << 5) | u64::try_from(value).ok()?;
        }
        bits <<= 8_usize.checked_sub(used)?.saturating_mul(5);
        let whole = used.saturating_mul(5).checked_div(8)?;
        bytes.extend(bits.to_be_bytes().iter().skip(3).take(whole));
    }
    // Only what would be written so is read.
    (base32(&bytes) == text).then_some(bytes)
}
