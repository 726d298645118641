//! The sealed envelope of a message between till and terminal: the header in clear, the message enciphered
//! (AES-256-CBC), and a code over it (HMAC-SHA256) that only holders of the shared passphrase can make.
//!
//! Whether the padding or the code was wrong is told to nobody, neither by the error nor by leaving out the
//! work of one of them: who could tell them apart could decipher a message bit by bit.

use std::fmt;

use aes::Aes256;
use base64ct::{Base64, Encoding};
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::Sha256;

use crate::LONGEST;
use crate::message::Header;
use crate::wire::{self, Answer, Ask, Unreadable};

/// How keys are made, fixed by the scheme.
const SALT: &[u8] = b"AdyenNexoV1Salt";
const ROUNDS: u32 = 4_000;
/// The version of the scheme.
const CRYPTO_VERSION: u32 = 1;
/// Bytes of a block.
const BLOCK: usize = 16;

/// Random bytes that are used for one message only.
pub type Nonce = [u8; BLOCK];

/// Why an envelope is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOpened {
    /// Not an envelope.
    #[error("not a sealed message")]
    Form,
    /// Longer than [`LONGEST`].
    #[error("a sealed message that is too long")]
    TooLong,
    /// Sealed with another key, or by another scheme.
    #[error("sealed with another key than ours")]
    OtherKey,
    /// Changed on its way, or sealed by somebody who does not know the passphrase.
    #[error("not sealed by who shares the passphrase")]
    NotAuthentic,
    /// The header outside says another thing than that inside.
    #[error("the header outside differs from that inside")]
    Header,
    /// Whole and authentic, but no message.
    #[error("sealed, but no message")]
    Message(Unreadable),
}

/// What till and terminal share. Shown by no `Debug`.
#[derive(Clone)]
pub struct Keys {
    code: [u8; 32],
    cipher: [u8; 32],
    iv: Nonce,
    identifier: String,
    version: u32,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({} {})", self.identifier, self.version)
    }
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    #[serde(rename = "MessageHeader")]
    header: Header,
    #[serde(rename = "NexoBlob")]
    blob: String,
    #[serde(rename = "SecurityTrailer")]
    trailer: Trailer,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Trailer {
    adyen_crypto_version: u32,
    key_identifier: String,
    key_version: u32,
    nonce: String,
    hmac: String,
}

#[derive(Serialize, Deserialize)]
struct SealedRequest {
    #[serde(rename = "SaleToPOIRequest")]
    message: Sealed,
}

#[derive(Serialize, Deserialize)]
struct SealedResponse {
    #[serde(rename = "SaleToPOIResponse")]
    message: Sealed,
}

impl Keys {
    /// Of a passphrase, and what both sides call it. Takes some milliseconds on purpose.
    #[must_use]
    pub fn derive(passphrase: &str, identifier: &str, version: u32) -> Self {
        let made: [u8; 80] =
            pbkdf2::pbkdf2_hmac_array::<Sha1, 80>(passphrase.as_bytes(), SALT, ROUNDS);
        let mut keys = Self {
            code: [0; 32],
            cipher: [0; 32],
            iv: [0; BLOCK],
            identifier: identifier.to_owned(),
            version,
        };
        let parts = keys.code.iter_mut().chain(&mut keys.cipher).chain(&mut keys.iv);
        for (part, byte) in parts.zip(made) {
            *part = byte;
        }
        keys
    }

    /// Seals a request.
    ///
    /// # Errors
    /// [`Unreadable::Body`] when header and body differ.
    pub fn seal_request(
        &self,
        header: &Header,
        ask: &Ask,
        nonce: Nonce,
    ) -> Result<Vec<u8>, Unreadable> {
        let plain = wire::write_request(header, ask)?;
        let message = self.seal(header, &plain, nonce);
        serde_json::to_vec(&SealedRequest { message }).map_err(|_| Unreadable::Form)
    }

    /// Seals an answer.
    ///
    /// # Errors
    /// [`Unreadable::Body`] when header and body differ.
    pub fn seal_response(
        &self,
        header: &Header,
        answer: &Answer,
        nonce: Nonce,
    ) -> Result<Vec<u8>, Unreadable> {
        let plain = wire::write_response(header, answer)?;
        let message = self.seal(header, &plain, nonce);
        serde_json::to_vec(&SealedResponse { message }).map_err(|_| Unreadable::Form)
    }

    /// Opens a request.
    ///
    /// # Errors
    /// When it is not whole, authentic and readable.
    pub fn open_request(&self, bytes: &[u8]) -> Result<(Header, Ask), NotOpened> {
        let SealedRequest { message } = outer(bytes)?;
        let plain = self.open(&message)?;
        let (header, ask) = wire::read_request(&plain).map_err(NotOpened::Message)?;
        if header != message.header {
            return Err(NotOpened::Header);
        }
        Ok((header, ask))
    }

    /// Opens an answer.
    ///
    /// # Errors
    /// When it is not whole, authentic and readable.
    pub fn open_response(&self, bytes: &[u8]) -> Result<(Header, Answer), NotOpened> {
        let SealedResponse { message } = outer(bytes)?;
        let plain = self.open(&message)?;
        let (header, answer) = wire::read_response(&plain).map_err(NotOpened::Message)?;
        if header != message.header {
            return Err(NotOpened::Header);
        }
        Ok((header, answer))
    }

    /// The code over a message.
    fn code_of(&self, plain: &[u8]) -> Option<Hmac<Sha256>> {
        // Keys of any length are taken; there is no error to come.
        let mut code = Hmac::<Sha256>::new_from_slice(&self.code).ok()?;
        code.update(plain);
        Some(code)
    }

    fn iv(&self, nonce: Nonce) -> Nonce {
        let mut iv = self.iv;
        for (own, byte) in iv.iter_mut().zip(nonce) {
            *own ^= byte;
        }
        iv
    }

    fn seal(&self, header: &Header, plain: &[u8], nonce: Nonce) -> Sealed {
        let cipher = cbc::Encryptor::<Aes256>::new(&self.cipher.into(), &self.iv(nonce).into());
        let blob = cipher.encrypt_padded_vec::<Pkcs7>(plain);
        let code = self.code_of(plain).map(|code| code.finalize().into_bytes());
        Sealed {
            header: header.clone(),
            blob: Base64::encode_string(&blob),
            trailer: Trailer {
                adyen_crypto_version: CRYPTO_VERSION,
                key_identifier: self.identifier.clone(),
                key_version: self.version,
                nonce: Base64::encode_string(&nonce),
                hmac: code.map_or_else(String::new, |code| Base64::encode_string(&code)),
            },
        }
    }

    fn open(&self, sealed: &Sealed) -> Result<Vec<u8>, NotOpened> {
        let Trailer { adyen_crypto_version, key_identifier, key_version, nonce, hmac } =
            &sealed.trailer;
        let ours = *adyen_crypto_version == CRYPTO_VERSION
            && *key_identifier == self.identifier
            && *key_version == self.version;
        if !ours {
            return Err(NotOpened::OtherKey);
        }
        let blob = Base64::decode_vec(&sealed.blob).map_err(|_| NotOpened::Form)?;
        let nonce = Base64::decode_vec(nonce).map_err(|_| NotOpened::Form)?;
        let nonce = Nonce::try_from(nonce).map_err(|_| NotOpened::Form)?;
        let theirs = Base64::decode_vec(hmac).map_err(|_| NotOpened::Form)?;
        self.decipher(&blob, nonce, &theirs)
    }

    fn decipher(&self, blob: &[u8], nonce: Nonce, theirs: &[u8]) -> Result<Vec<u8>, NotOpened> {
        let cipher = cbc::Decryptor::<Aes256>::new(&self.cipher.into(), &self.iv(nonce).into());
        let padded = cipher.decrypt_padded_vec::<NoPadding>(blob);
        let mut plain = padded.map_err(|_| NotOpened::NotAuthentic)?;
        let padding = padding(&plain);
        plain.truncate(plain.len().saturating_sub(padding.unwrap_or(0)));
        // The code is worked out in any case.
        let code = self.code_of(&plain).ok_or(NotOpened::NotAuthentic)?;
        let same = code.verify_slice(theirs).is_ok();
        if same & padding.is_some() { Ok(plain) } else { Err(NotOpened::NotAuthentic) }
    }
}

/// How many bytes at the end are padding.
fn padding(plain: &[u8]) -> Option<usize> {
    let last = *plain.last()?;
    let count = usize::from(last);
    let block = plain.last_chunk::<BLOCK>()?;
    // All of the block is looked at, whatever its last byte says.
    let mut wrong = !(1..=BLOCK).contains(&count);
    for (from_end, byte) in block.iter().rev().enumerate() {
        wrong |= (from_end < count) & (*byte != last);
    }
    (!wrong).then_some(count)
}

fn outer<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, NotOpened> {
    if bytes.len() > LONGEST {
        return Err(NotOpened::TooLong);
    }
    serde_json::from_slice(bytes).map_err(|_| NotOpened::Form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_one_to_sixteen_equal_bytes() {
        let block = |end: &[u8]| [&vec![0; BLOCK - end.len()], end].concat();
        assert_eq!(padding(&block(&[1])), Some(1));
        assert_eq!(padding(&block(&[3, 3, 3])), Some(3));
        assert_eq!(padding(&[16; 16]), Some(16));
        for wrong in [block(&[0]), block(&[2]), block(&[1, 3, 3]), vec![17; 16], vec![], vec![1]] {
            assert_eq!(padding(&wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn keys_of_a_passphrase_are_those_of_the_scheme() {
        let keys = Keys::derive("p@ssw0rd123456", "", 0);
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(
            hex(&keys.code),
            "733636253b5b98f9a483b1a678d73a58dab2accafbc029ecbe12d60eaa909e32"
        );
        assert_eq!(
            hex(&keys.cipher),
            "cf2c822761b9f5305bf69970bfa7b659a6724a119db21f8b0e949779f2ea022c"
        );
        assert_eq!(hex(&keys.iv), "bb9ba8092e6027c735398dc65977c051");
    }

    #[test]
    fn a_message_is_enciphered_as_the_scheme_says() {
        let keys = Keys::derive("p@ssw0rd123456", "", 0);
        let nonce = *b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f";
        let plain = br#"{"SaleToPOIRequest":{"MessageHeader":{}}}"#;
        let header = Header::request(crate::words::Category::Payment, "s", "1", "p");
        let sealed = keys.seal(&header, plain, nonce);
        assert_eq!(sealed.blob, "bCSdA/21eXKqHofUI2X2/BYxBp1gGkxpZMLgaqPoWEI1VKZGtoZ5kqylVKhAfqdh");
        assert_eq!(sealed.trailer.hmac, "bkw0wSq34TdKIJoFgyI2zEa3NKxdmlTtAFeQVaeO/0g=");
        assert_eq!(keys.open(&sealed).as_deref(), Ok(&plain[..]));
    }

    #[test]
    fn a_wrong_padding_and_a_wrong_code_are_the_same_error() {
        let keys = Keys::derive("p", "", 0);
        let header = Header::request(crate::words::Category::Payment, "s", "1", "p");
        let sealed = keys.seal(&header, b"twenty bytes of text", [7; BLOCK]);
        let blob = Base64::decode_vec(&sealed.blob).unwrap();
        let code = Base64::decode_vec(&sealed.trailer.hmac).unwrap();
        assert!(keys.decipher(&blob, [7; BLOCK], &code).is_ok());
        for at in 0..blob.len() {
            let mut changed = blob.clone();
            changed[at] ^= 1;
            let opened = keys.decipher(&changed, [7; BLOCK], &code);
            assert_eq!(opened, Err(NotOpened::NotAuthentic), "{at}");
        }
        for length in 0..blob.len() {
            let opened = keys.decipher(&blob[..length], [7; BLOCK], &code);
            assert_eq!(opened, Err(NotOpened::NotAuthentic), "{length}");
        }
        for length in 0..code.len() {
            let opened = keys.decipher(&blob, [7; BLOCK], &code[..length]);
            assert_eq!(opened, Err(NotOpened::NotAuthentic), "{length}");
        }
    }
}
