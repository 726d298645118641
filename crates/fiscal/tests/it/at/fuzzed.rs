//! A thousand made-up inputs for each decoder, the same every time.

use base64ct::{Base64, Encoding};
use fiscal::at::certificate::Certificate;
use fiscal::at::{Jws, Kind, fuzz};

use super::{Till, aes, noon, normal};

/// Inputs that are nearly right: a good one with bytes changed, left out and doubled.
fn nearly(good: &[u8], seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut roll = |sides: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(sides.max(1)).unwrap()).unwrap()
    };
    let mut bytes = good.to_vec();
    for _ in 0..=roll(4) {
        let at = roll(bytes.len());
        match roll(4) {
            0 if !bytes.is_empty() => bytes[at] = u8::try_from(roll(256)).unwrap(),
            1 if !bytes.is_empty() => drop(bytes.remove(at)),
            2 => bytes.insert(at, b"_.,-=A0\""[roll(8)]),
            _ => bytes.truncate(at),
        }
    }
    bytes
}

#[test]
fn made_up_codes_are_read_byte_for_byte_or_not_at_all() {
    let mut till = Till::started();
    let jws = Jws::parse(&till.make(Kind::Standard, noon(), normal(12_345)).jws).unwrap();
    for good in [jws.code.to_string(), jws.compact(), jws.qr(), jws.ocr()] {
        assert!(fuzz::code(good.as_bytes()));
        for seed in 0..1_000 {
            let bytes = nearly(good.as_bytes(), seed);
            assert!(fuzz::code(&bytes), "seed {seed}: {}", String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn made_up_exports_are_never_without_fault() {
    let mut till = Till::started();
    till.make(Kind::Standard, noon(), normal(12_345));
    let good = till.export();
    for seed in 0..1_000 {
        assert!(!fuzz::export(&aes(), &nearly(good.as_bytes(), seed)), "seed {seed}");
    }
}

#[test]
fn made_up_certificates_are_read_or_not_and_never_break() {
    let good = Base64::decode_vec(super::others::CERTIFICATE).unwrap();
    let whole = Certificate::from_der(&good).unwrap();
    let mut same = 0;
    for seed in 0..1_000 {
        // Only what stands before the key matters to us; the rest is the issuer's signature.
        same += u32::from(Certificate::from_der(&nearly(&good, seed)).as_ref() == Some(&whole));
    }
    assert!(same < 900, "changes go unseen: {same}");
}
