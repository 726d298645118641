//! How a till shows a scale that it knows the maker's secret (Dialog 06).
//!
//! The secret is given out by the maker with the certificate for the till. It is no part of this program: it comes as a
//! parameter, and lies apart where the shop keeps its secrets.

/// A maker's secret: the polynomial that the check word is the remainder by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    polynomial: u32,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// A polynomial of 17 bits, at the left of 32: the highest bit is one, the lowest 15 are none.
    #[must_use]
    pub const fn new(polynomial: u32) -> Option<Self> {
        if polynomial & 0x8000_0000 != 0 && polynomial & 0x7FFF == 0 {
            Some(Self { polynomial })
        } else {
            None
        }
    }

    /// Eight hexadecimal digits, as a person types them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !digits {
            return None;
        }
        Self::new(u32::from_str_radix(text, 16).ok()?)
    }

    /// The check word of a number: what is left of it, moved up by 16 bits, after division by the polynomial.
    #[must_use]
    pub fn check_word(self, number: u16) -> u16 {
        let mut rest = u32::from(number).wrapping_shl(16);
        let mut divisor = self.polynomial;
        let mut top = 0x8000_0000_u32;
        for _ in 0..16 {
            if rest & top != 0 {
                rest ^= divisor;
            }
            divisor = divisor.wrapping_shr(1);
            top = top.wrapping_shr(1);
        }
        u16::try_from(rest & 0xFFFF).unwrap_or_default()
    }
}

/// What answers a scale's challenge (two hexadecimal digits): the number turned left by the first, its check word turned right
/// by the second, each as four hexadecimal digits.
#[must_use]
pub fn check_words(keys: Keys, number: u16, challenge: (u8, u8)) -> String {
    let turned = number.rotate_left(u32::from(challenge.0 & 0x0F));
    let word = keys.check_word(number).rotate_right(u32::from(challenge.1 & 0x0F));
    format!("{turned:04X}{word:04X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Not a maker's: the polynomial of CRC-16/XMODEM, of which everybody knows the remainders.
    const KNOWN: u32 = 0x1_1021 << 15;

    #[test]
    fn a_check_word_is_the_remainder_that_everybody_computes() {
        let keys = Keys::new(KNOWN).unwrap();
        // The CRC-16/XMODEM of the two bytes 00 01 is the polynomial itself, of 31 32 ("12") it is 20B5.
        assert_eq!(keys.check_word(1), 0x1021);
        assert_eq!(keys.check_word(0x3132), 0x20B5);
        assert_eq!(keys.check_word(0), 0);
    }

    #[test]
    fn the_challenge_turns_both_words() {
        let keys = Keys::new(KNOWN).unwrap();
        assert_eq!(check_words(keys, 1, (0, 0)), "00011021");
        assert_eq!(check_words(keys, 1, (4, 0)), "00101021");
        assert_eq!(check_words(keys, 1, (0, 4)), "00011102");
        assert_eq!(check_words(keys, 0x8001, (1, 0))[..4], *"0003");
    }

    #[test]
    fn only_whole_secrets_are_taken() {
        for bad in ["", "1234", "88108001", "08108000", "G8108000", "8810800000"] {
            assert_eq!(Keys::parse(bad), None, "{bad}");
        }
        assert!(Keys::parse(" 88108000 ").is_some());
        assert_eq!(format!("{:?}", Keys::new(KNOWN).unwrap()), "Keys(…)");
    }
}
