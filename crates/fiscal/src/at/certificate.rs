//! The two things of a signing certificate (X.509, DER) that matter to a code: its number and its key. Whether somebody
//! trustworthy issued it is not asked here; that is between the shop, the provider and FinanzOnline.

use super::card::PublicKey;

/// Number and key of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Serial number in lower-case hex, without leading zeros.
    pub serial: String,
    /// The key that its signatures are checked with.
    pub key: PublicKey,
}

impl Certificate {
    /// Reads a certificate. `None` when it is none, or its key is none on P-256.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Certificate> {
        let (SEQUENCE, certificate, _, []) = element(der)? else { return None };
        let (SEQUENCE, mut rest, _, _) = element(certificate)? else { return None };
        let (tag, mut number, _, after) = element(rest)?;
        rest = after;
        if tag == VERSION {
            let (INTEGER, value, _, after) = element(rest)? else { return None };
            (number, rest) = (value, after);
        } else if tag != INTEGER {
            return None;
        }
        // Algorithm, issuer, validity, subject.
        for _ in 0..4 {
            let (SEQUENCE, _, _, after) = element(rest)? else { return None };
            rest = after;
        }
        let (SEQUENCE, _, spki, _) = element(rest)? else { return None };
        let mut serial = String::new();
        for byte in number.iter().take(64) {
            serial.push_str(&format!("{byte:02x}"));
        }
        let serial = serial.trim_start_matches('0').to_owned();
        Some(Certificate { serial, key: PublicKey::from_spki(spki)? })
    }
}

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
/// `[0]` around the version.
const VERSION: u8 = 0xa0;

/// The first element: tag, content, the whole of it, and what follows.
type Element<'a> = (u8, &'a [u8], &'a [u8], &'a [u8]);

fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let value = digits.iter().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
            (value, rest)
        }
        _ => return None,
    };
    let (content, after) = rest.split_at_checked(length)?;
    let whole = bytes.get(..bytes.len().checked_sub(after.len())?)?;
    Some((tag, content, whole, after))
}
