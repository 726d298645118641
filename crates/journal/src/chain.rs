//! The hash chain.

use sha2::{Digest, Sha256};

/// What stands before the first entry.
pub const GENESIS: [u8; 32] = [0; 32];

/// Keeps these hashes apart from any other use of SHA-256.
const DOMAIN: &[u8] = b"tresen-journal-1";

/// The hash of an entry: SHA-256("tresen-journal-1" ‖ hash of the entry before ‖ stored bytes).
pub fn hash(prev: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    let mut sha = Sha256::new();
    sha.update(DOMAIN);
    sha.update(prev);
    sha.update(bytes);
    sha.finalize().into()
}

/// The first eight bytes of SHA-256 over a command's canonical bytes, to tell a command that is sent
/// again from another one that uses the same id.
pub fn fingerprint(bytes: &[u8]) -> i64 {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let mut first = [0_u8; 8];
    for (to, from) in first.iter_mut().zip(digest) {
        *to = from;
    }
    i64::from_be_bytes(first)
}
