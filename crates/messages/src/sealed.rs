//! A receipt sealed for a host outside: AES-256-GCM, which browsers open by themselves. The host knows neither the key nor anything in it.
//!
//! Form: `TRB1`, the nonce (12 bytes), then what was sealed with its tag. Sealed for one id: under another one it does not open.

use base64ct::{Base64, Encoding as _};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

/// Before everything that is sealed.
pub const MAGIC: &[u8; 4] = b"TRB1";
/// Length of the nonce.
pub const NONCE: usize = 12;
/// Length of the tag at its end.
const TAG: usize = 16;
/// Most bytes that a host takes of one receipt.
pub const LARGEST: usize = 1024 * 1024;

/// What a receipt's page is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// Form of it.
    pub v: u8,
    /// `de`, `en`.
    pub language: String,
    /// What the page is called.
    pub title: String,
    /// The receipt as HTML: one `<article>`.
    pub html: String,
    /// Files to save.
    pub files: Vec<BundledFile>,
}

/// A file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledFile {
    /// Its name.
    pub name: String,
    /// What the button says.
    pub label: String,
    /// What it is.
    pub media: String,
    /// Its bytes, Base64.
    pub data: String,
}

impl BundledFile {
    /// A file.
    #[must_use]
    pub fn new(name: &str, label: &str, media: &str, bytes: &[u8]) -> Self {
        BundledFile {
            name: name.to_owned(),
            label: label.to_owned(),
            media: media.to_owned(),
            data: Base64::encode_string(bytes),
        }
    }
}

fn cipher(key: &[u8; 32]) -> Option<LessSafeKey> {
    Some(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?))
}

fn belongs_to(id: &[u8; 16]) -> Aad<[u8; 20]> {
    let mut aad = [0; 20];
    for (to, from) in aad.iter_mut().zip(MAGIC.iter().chain(id)) {
        *to = *from;
    }
    Aad::from(aad)
}

/// Seals a bundle for an id. A nonce is used once for a key. None only for what is too large.
#[must_use]
pub fn seal(
    bundle: &Bundle,
    (key, nonce): (&[u8; 32], [u8; NONCE]),
    id: &[u8; 16],
) -> Option<Vec<u8>> {
    let mut sealed = serde_json::to_vec(bundle).ok()?;
    let once = Nonce::assume_unique_for_key(nonce);
    cipher(key)?.seal_in_place_append_tag(once, belongs_to(id), &mut sealed).ok()?;
    let all = [&MAGIC[..], &nonce, &sealed].concat();
    (all.len() <= LARGEST).then_some(all)
}

/// True for bytes that have the form of something sealed; whether they open only whoever has the key can tell.
#[must_use]
pub fn has_form(bytes: &[u8]) -> bool {
    bytes.len() <= LARGEST
        && bytes.len() > MAGIC.len().saturating_add(NONCE).saturating_add(TAG)
        && bytes.starts_with(MAGIC)
}

/// Opens what [`seal`] made; none when key, id or a single bit is another.
#[must_use]
pub fn open(bytes: &[u8], key: &[u8; 32], id: &[u8; 16]) -> Option<Bundle> {
    let (nonce, sealed) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<NONCE>()?;
    let mut sealed = sealed.to_vec();
    let once = Nonce::assume_unique_for_key(*nonce);
    let plain = cipher(key)?.open_in_place(once, belongs_to(id), &mut sealed).ok()?;
    serde_json::from_slice(plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle() -> Bundle {
        Bundle {
            v: 1,
            language: "de".to_owned(),
            title: "Beleg 1-7".to_owned(),
            html: "<article>Äpfel</article>".to_owned(),
            files: vec![BundledFile::new("Bon.pdf", "PDF", "application/pdf", b"%PDF")],
        }
    }

    #[test]
    fn a_receipt_opens_with_its_own_key_under_its_own_id_alone() {
        let sealed = seal(&bundle(), (&[1; 32], [2; NONCE]), &[3; 16]).expect("sealed");
        assert!(has_form(&sealed));
        assert_eq!(open(&sealed, &[1; 32], &[3; 16]), Some(bundle()));
        assert_eq!(open(&sealed, &[2; 32], &[3; 16]), None);
        assert_eq!(open(&sealed, &[1; 32], &[4; 16]), None);
        for bit in 0..sealed.len() * 8 {
            let mut other = sealed.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&other, &[1; 32], &[3; 16]), None, "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert_eq!(open(&sealed[..length], &[1; 32], &[3; 16]), None, "{length} bytes");
        }
        let text = String::from_utf8_lossy(&sealed).into_owned();
        assert!(!text.contains("pfel") && !text.contains("Beleg"), "nothing of it can be read");
    }
}
