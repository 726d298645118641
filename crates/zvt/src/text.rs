//! The character sets of terminals. Decoding and encoding never fail: what a set does not have becomes
//! U+FFFD on the way in and `?` on the way out.

use oem_cp::code_table::{DECODING_TABLE_CP437, ENCODING_TABLE_CP437};

use crate::iso8859::upper_half;

/// A character set, as TLV tag 14 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// 00: ASCII of 7 bits with the German letters of ZVT at 5B–5D and 7B–7E.
    Zvt7,
    /// 01 to 10 hex: ISO 8859 of that part.
    Iso8859(u8),
    /// FE.
    Utf8,
    /// FF, and what holds without tag 14.
    #[default]
    Cp437,
}

/// The places where ZVT's 7-bit set differs from ASCII.
const ZVT7: [(u8, char); 7] =
    [(0x5b, 'Ä'), (0x5c, 'Ö'), (0x5d, 'Ü'), (0x7b, 'ä'), (0x7c, 'ö'), (0x7d, 'ü'), (0x7e, 'ß')];

impl Charset {
    /// The set that tag 14 names with `id`; `None` for one that there is not.
    pub fn from_id(id: u8) -> Option<Self> {
        match id {
            0x00 => Some(Self::Zvt7),
            0xfe => Some(Self::Utf8),
            0xff => Some(Self::Cp437),
            part => upper_half(part).map(|_| Self::Iso8859(part)),
        }
    }

    /// What tag 14 calls the set.
    pub const fn id(self) -> u8 {
        match self {
            Self::Zvt7 => 0x00,
            Self::Iso8859(part) => part,
            Self::Utf8 => 0xfe,
            Self::Cp437 => 0xff,
        }
    }

    /// The text of `bytes`.
    pub fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            _ => bytes.iter().map(|byte| self.character(*byte)).collect(),
        }
    }

    /// The bytes of `text`.
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            _ => text.chars().map(|c| self.byte(c).unwrap_or(b'?')).collect(),
        }
    }

    fn character(self, byte: u8) -> char {
        let upper = usize::from(byte).checked_sub(0x80);
        let found = match (self, upper) {
            (Self::Zvt7, None) => ZVT7
                .iter()
                .find(|(at, _)| *at == byte)
                .map_or(Some(char::from(byte)), |(_, c)| Some(*c)),
            (_, None) => Some(char::from(byte)),
            (Self::Zvt7, Some(_)) => None,
            (Self::Iso8859(part), Some(at)) => match at.checked_sub(0x20) {
                None => Some(char::from(byte)),
                Some(at) => upper_half(part).and_then(|half| half.chars().nth(at)),
            },
            (Self::Cp437 | Self::Utf8, Some(at)) => DECODING_TABLE_CP437.get(at).copied(),
        };
        found.unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn byte(self, c: char) -> Option<u8> {
        let ascii = u8::try_from(c).ok().filter(u8::is_ascii);
        match self {
            Self::Zvt7 => {
                match ZVT7.iter().find(|(at, special)| *special == c || char::from(*at) == c) {
                    // The ASCII characters at these places are not in the set.
                    Some((at, special)) => (*special == c).then_some(*at),
                    None => ascii,
                }
            }
            _ if ascii.is_some() => ascii,
            Self::Iso8859(_) if ('\u{80}'..'\u{a0}').contains(&c) => u8::try_from(c).ok(),
            Self::Iso8859(part) => {
                let half = upper_half(part)?;
                let at = half.chars().position(|other| other == c && c != '\u{fffd}')?;
                u8::try_from(at.checked_add(0xa0)?).ok()
            }
            Self::Cp437 | Self::Utf8 => ENCODING_TABLE_CP437.get(&c).copied(),
        }
    }
}
