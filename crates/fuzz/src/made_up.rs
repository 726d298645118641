//! Inputs, each made from its number.

use crate::Seeds;

/// Longest input, bytes.
const LONGEST: usize = 600;
/// Bytes that lengths, marks and characters turn upon.
const TELLING: [u8; 16] = [
    0x00, 0x01, 0x06, 0x10, 0x15, 0x1f, 0x7f, 0x80, 0x81, 0x82, 0x83, 0xf0, 0xf9, 0xfe, 0xff, b'9',
];

/// A generator of numbers that is the same everywhere (SplitMix64).
#[derive(Debug)]
pub struct MadeUp(u64);

impl MadeUp {
    /// The input of that number.
    pub fn input(number: u64, seeds: &Seeds, into: &mut Vec<u8>) {
        let mut made = Self(number.wrapping_mul(0x2545_f491_4f6c_dd1d));
        into.clear();
        match made.below(8) {
            0 => {
                for _ in 0..made.below(64) {
                    let byte = made.byte();
                    into.push(byte);
                }
            }
            1 => {
                // Two vectors, one after the other, or one within the other.
                into.extend_from_slice(seeds.one(made.next()));
                let at = made.below(into.len() + 1);
                let other = seeds.one(made.next());
                into.splice(at..at, other.iter().copied());
            }
            _ => into.extend_from_slice(seeds.one(made.next())),
        }
        for _ in 0..made.below(6) {
            made.change(into);
        }
        into.truncate(LONGEST);
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            let byte = self.byte();
            return bytes.push(byte);
        }
        let at = self.below(bytes.len());
        match self.below(8) {
            0 => bytes[at] = self.byte(),
            1 => bytes[at] = TELLING[self.below(TELLING.len())],
            2 => bytes[at] ^= 1 << self.below(8),
            3 => bytes[at] = bytes[at].wrapping_add(1),
            4 => bytes.truncate(at),
            5 => {
                bytes.remove(at);
            }
            6 => {
                let byte = TELLING[self.below(TELLING.len())];
                bytes.insert(at, byte);
            }
            _ => {
                let end = (at + self.below(16)).min(bytes.len());
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % limit).unwrap_or_default()
    }
}
