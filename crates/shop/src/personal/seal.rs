//! Digesting, sealing and opening: SHA-256 and XChaCha20-Poly1305.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::people::NameDigest;
use sha2::{Digest as _, Sha256};
use store::Subject;

use crate::auth::{NoRandomness, random};

/// Keeps digests of names apart from every other use of SHA-256, and says how they are made.
const DIGEST: &[u8] = b"tresen-name-1";
/// Length of a nonce, which stands before what was sealed with it.
const NONCE: usize = 24;

/// A person's or a customer's key. It never leaves the shop's file but into memory, and is never shown.
#[derive(Clone)]
pub(crate) struct Key([u8; 32]);

/// A number used once, random: at this length none comes twice.
#[derive(Clone, Copy)]
pub(crate) struct Nonce([u8; NONCE]);

impl Nonce {
    pub(crate) fn fresh() -> Result<Nonce, NoRandomness> {
        Ok(Nonce(random::bytes()?))
    }
}

impl Key {
    pub(crate) fn fresh() -> Result<Key, NoRandomness> {
        Ok(Key(random::bytes()?))
    }

    /// As the store kept it; none of another length.
    pub(crate) fn read(bytes: &[u8]) -> Option<Key> {
        bytes.try_into().ok().map(Key)
    }

    /// For the store alone.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// What the journal holds of a name.
    pub(crate) fn digest(&self, name: &str) -> NameDigest {
        let digest = Sha256::new().chain_update(DIGEST).chain_update(self.0);
        NameDigest(digest.chain_update(name.as_bytes()).finalize().into())
    }

    /// Seals a text for somebody and a kind: for somebody else or as another kind it does not open. None only
    /// for texts of hundreds of gigabytes.
    pub(crate) fn seal(
        &self,
        nonce: Nonce,
        of: impl Into<Subject>,
        kind: &str,
        text: &str,
    ) -> Option<Vec<u8>> {
        let aad = whose(of.into(), kind);
        let payload = Payload { msg: text.as_bytes(), aad: aad.as_bytes() };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce.0), payload).ok()?;
        Some([&nonce.0[..], &sealed].concat())
    }

    /// Opens what [`Key::seal`] made; none when key, owner, kind or a single bit is another.
    pub(crate) fn open(&self, of: impl Into<Subject>, kind: &str, sealed: &[u8]) -> Option<String> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let aad = whose(of.into(), kind);
        let payload = Payload { msg: sealed, aad: aad.as_bytes() };
        let text = self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(text).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

fn whose(of: Subject, kind: &str) -> String {
    format!("{of}:{kind}")
}

#[cfg(test)]
mod tests {
    use domain::{CustomerId, PersonId};

    use super::*;

    const ADA: PersonId = PersonId(7);

    fn key(byte: u8) -> Key {
        Key([byte; 32])
    }

    fn sealed() -> Vec<u8> {
        key(1).seal(Nonce([2; NONCE]), ADA, "name", "Ada Öz").expect("sealed")
    }

    #[test]
    fn a_name_is_opened_by_its_own_key_for_its_own_person_alone() {
        assert_eq!(key(1).open(ADA, "name", &sealed()).as_deref(), Some("Ada Öz"));
        assert_eq!(key(2).open(ADA, "name", &sealed()), None);
        assert_eq!(key(1).open(PersonId(8), "name", &sealed()), None);
        assert_eq!(key(1).open(CustomerId(7), "name", &sealed()), None);
        assert_eq!(key(1).open(ADA, "address", &sealed()), None);
        for bit in 0..sealed().len() * 8 {
            let mut other = sealed();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key(1).open(ADA, "name", &other), None, "bit {bit}");
        }
        for length in 0..sealed().len() {
            assert_eq!(key(1).open(ADA, "name", &sealed()[..length]), None, "{length} bytes");
        }
    }

    #[test]
    fn the_same_name_sealed_twice_looks_different_each_time() {
        let seal = || {
            let key = Key::fresh().expect("random");
            key.seal(Nonce::fresh().expect("random"), ADA, "name", "Ada").expect("sealed")
        };
        assert_ne!(seal(), seal());
        let again = key(1).seal(Nonce::fresh().expect("random"), ADA, "name", "Ada Öz");
        assert_ne!(again.expect("sealed"), sealed());
    }

    #[test]
    fn digests_are_made_as_they_were_always_made() {
        // Counted by another program: printf 'tresen-name-1' + 32 × 01 + 'Ada Öz' | sha256sum.
        assert_eq!(
            key(1).digest("Ada Öz").to_string(),
            "923112a5834085cb9328f1116130c221394392d4c1474eccb9426731e808452c"
        );
        assert_ne!(key(2).digest("Ada Öz"), key(1).digest("Ada Öz"));
        assert_ne!(key(1).digest("Ada Oz"), key(1).digest("Ada Öz"));
    }

    #[test]
    fn keys_of_another_length_are_none() {
        assert!(Key::read(&[0; 32]).is_some());
        for length in [0, 16, 31, 33] {
            assert!(Key::read(&vec![0; length]).is_none(), "{length}");
        }
    }
}
