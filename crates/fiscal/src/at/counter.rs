//! The counter of turnover inside a code: signed, big-endian, enciphered with AES-256 in counter mode under a key that
//! only the shop and the tax office have (RKSV annex, sections 8 and 9).

use std::fmt;

use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use base64ct::{Base64, Encoding};
use money::Money;
use sha2::{Digest, Sha256};

use super::code::Unreadable;

/// Bytes of a counter: at least, and at most.
pub const WIDTHS: std::ops::RangeInclusive<u8> = 5..=16;

/// The key that enciphers the counter. Shown by no `Debug`; it is kept apart from the record, like all secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct AesKey([u8; 32]);

impl AesKey {
    /// A key of 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        AesKey(bytes)
    }

    /// Reads the key as it is registered: base64, 44 characters. Errs otherwise.
    pub fn from_base64(text: &str) -> Result<Self, Unreadable> {
        let mut key = [0; 32];
        match Base64::decode(text, &mut key) {
            Ok(bytes) if bytes.len() == 32 => Ok(AesKey(key)),
            _ => Err(Unreadable::Counter),
        }
    }

    /// The key as FinanzOnline wants it.
    #[must_use]
    pub fn to_base64(&self) -> String {
        Base64::encode_string(&self.0)
    }

    /// Four characters that FinanzOnline compares when a key is typed by hand: the first three bytes of the hash over the
    /// key in base64.
    #[must_use]
    pub fn check(&self) -> String {
        let hash = Sha256::digest(self.to_base64().as_bytes());
        let first: Vec<u8> = hash.iter().take(3).copied().collect();
        Base64::encode_string(&first)
    }

    /// Enciphers or deciphers up to 16 bytes: the same operation in counter mode, and never more than one block.
    fn mask(&self, cashbox: &str, receipt: &str, bytes: &mut [u8]) {
        let mut hash = Sha256::new();
        hash.update(cashbox.as_bytes());
        hash.update(receipt.as_bytes());
        let mut block = [0; 16];
        for (to, from) in block.iter_mut().zip(hash.finalize().iter()) {
            *to = *from;
        }
        let mut block = block.into();
        Aes256::new(&self.0.into()).encrypt_block(&mut block);
        for (byte, mask) in bytes.iter_mut().zip(block.iter()) {
            *byte ^= mask;
        }
    }
}

impl fmt::Debug for AesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesKey")
    }
}

/// What a code holds in the place of the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counter {
    /// The sum of all turnover, enciphered: 5 to 16 bytes.
    Enciphered(Vec<u8>),
    /// `TRA`: training, which counts for nothing.
    Training,
    /// `STO`: a cancellation, which lowers the counter.
    Cancellation,
}

impl Counter {
    /// Enciphers `turnover` in `width` bytes for one receipt. `None` when it does not fit or the width is none of
    /// [`WIDTHS`].
    #[must_use]
    pub fn encipher(
        key: &AesKey,
        cashbox: &str,
        receipt: &str,
        turnover: Money,
        width: u8,
    ) -> Option<Counter> {
        if !WIDTHS.contains(&width) {
            return None;
        }
        let bytes = i128::from(turnover.minor()).to_be_bytes();
        let (dropped, kept) = bytes.split_at_checked(bytes.len().checked_sub(width.into())?)?;
        // What is left out may only repeat the sign.
        let sign = if kept.first()? & 0x80 == 0 { 0x00 } else { 0xff };
        if dropped.iter().any(|byte| *byte != sign) {
            return None;
        }
        let mut bytes = kept.to_vec();
        key.mask(cashbox, receipt, &mut bytes);
        Some(Counter::Enciphered(bytes))
    }

    /// The turnover in it, cents. `None` for training and cancellations, which hold none.
    #[must_use]
    pub fn decipher(&self, key: &AesKey, cashbox: &str, receipt: &str) -> Option<i128> {
        let Counter::Enciphered(bytes) = self else { return None };
        let mut bytes = bytes.clone();
        key.mask(cashbox, receipt, &mut bytes);
        let negative = bytes.first()? & 0x80 != 0;
        let mut whole = [if negative { 0xff } else { 0x00 }; 16];
        let from = whole.len().checked_sub(bytes.len())?;
        for (to, byte) in whole.iter_mut().skip(from).zip(bytes) {
            *to = byte;
        }
        Some(i128::from_be_bytes(whole))
    }

    pub(super) fn parse(text: &str) -> Result<Counter, Unreadable> {
        let bytes = Base64::decode_vec(text).map_err(|_| Unreadable::Counter)?;
        match bytes.as_slice() {
            b"TRA" => Ok(Counter::Training),
            b"STO" => Ok(Counter::Cancellation),
            bytes if (5..=16).contains(&bytes.len()) => Ok(Counter::Enciphered(bytes.to_vec())),
            _ => Err(Unreadable::Counter),
        }
    }

    /// The bytes that stand in the code.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Counter::Enciphered(bytes) => bytes,
            Counter::Training => b"TRA",
            Counter::Cancellation => b"STO",
        }
    }
}

impl fmt::Display for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Base64::encode_string(self.bytes()))
    }
}
