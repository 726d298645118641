//! Characters to bytes and back in the three codepages that matter for German receipts.

use oem_cp::code_table::{
    DECODING_TABLE_CP437, DECODING_TABLE_CP858, ENCODING_TABLE_CP437, ENCODING_TABLE_CP858,
};

/// A codepage together with the number by which this printer selects it (`ESC t n`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codepage {
    /// Latin 1 with box drawing and the Euro sign; number 19 on Epson.
    Cp858 {
        /// The number for `ESC t`.
        n: u8,
    },
    /// Windows Latin 1; number 16 on Epson.
    Cp1252 {
        /// The number for `ESC t`.
        n: u8,
    },
    /// The first PC codepage: umlauts, but no Euro sign; number 0 nearly everywhere.
    Cp437 {
        /// The number for `ESC t`.
        n: u8,
    },
    /// All characters there are, in UTF-8 (ePOS): no number selects it, and it has no single bytes but ASCII's.
    Unicode,
}

/// Windows-1252 0x80..=0x9F; `None` where the code is not assigned.
const CP1252_80_9F: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

impl Codepage {
    /// The number for `ESC t`.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Cp858 { n } | Self::Cp1252 { n } | Self::Cp437 { n } => n,
            Self::Unicode => 0,
        }
    }

    /// The byte for `c` (0x20..=0x7E or 0x80..=0xFF), if this codepage has it. Never a control byte.
    #[must_use]
    pub fn byte_of(self, c: char) -> Option<u8> {
        if c.is_ascii() {
            let byte = u8::try_from(u32::from(c)).ok()?;
            return (0x20..=0x7E).contains(&byte).then_some(byte);
        }
        // The no-break space prints as a blank box on some clones; it goes the way of transliteration.
        if c == '\u{A0}' {
            return None;
        }
        match self {
            Self::Cp858 { .. } => ENCODING_TABLE_CP858.get(&c).copied(),
            Self::Cp437 { .. } => ENCODING_TABLE_CP437.get(&c).copied(),
            Self::Unicode => None,
            Self::Cp1252 { .. } => {
                if let Some(at) = CP1252_80_9F.iter().position(|known| *known == Some(c)) {
                    return u8::try_from(at).ok()?.checked_add(0x80);
                }
                let byte = u8::try_from(u32::from(c)).ok()?;
                (byte >= 0xA0).then_some(byte)
            }
        }
        .filter(|byte| *byte >= 0x80)
    }

    /// Whether the printer can show the character as it is.
    #[must_use]
    pub fn shows(self, c: char) -> bool {
        match self {
            // A no-break space is a space, and what is invisible is left out, as in every other page.
            Self::Unicode => !c.is_control() && c != '\u{A0}' && likeness(c) != Some(""),
            _ => self.byte_of(c).is_some(),
        }
    }

    /// The character for a byte of at least 0x20; `None` for control bytes and for codes that are not assigned.
    #[must_use]
    pub fn char_of(self, byte: u8) -> Option<char> {
        match byte {
            0x00..=0x1F | 0x7F => None,
            0x20..=0x7E => Some(char::from(byte)),
            _ => {
                let at = usize::from(byte.checked_sub(0x80)?);
                match self {
                    Self::Cp858 { .. } => DECODING_TABLE_CP858.get(at).copied(),
                    Self::Cp437 { .. } => DECODING_TABLE_CP437.get(at).copied(),
                    Self::Unicode => None,
                    Self::Cp1252 { .. } => match CP1252_80_9F.get(at) {
                        Some(known) => *known,
                        None => Some(char::from(byte)),
                    },
                }
            }
        }
    }

    /// The text as this printer can show it: what the codepage lacks is written with similar letters, controls and
    /// what has no likeness become `?`. Every character of the answer has a byte; doing it twice changes nothing.
    ///
    /// Call this **before** laying out columns: `€` may become `EUR`, which is wider.
    #[must_use]
    pub fn printable(self, text: &str) -> String {
        self.printable_keeping(text, |_| false)
    }

    /// Like [`Codepage::printable`], but for characters without a likeness that `keep` wants: they stay as they are, for somebody who can
    /// draw them.
    #[must_use]
    pub fn printable_keeping(self, text: &str, keep: impl Fn(char) -> bool) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if self.shows(c) {
                out.push(c);
            } else {
                match likeness(c) {
                    Some(like) => out.push_str(like),
                    None if !c.is_control() && keep(c) => out.push(c),
                    None => out.push('?'),
                }
            }
        }
        out
    }

    /// The bytes of [`Codepage::printable`]; none is below 0x20.
    #[must_use]
    pub fn encode(self, text: &str) -> Vec<u8> {
        self.printable(text).chars().map(|c| self.byte_of(c).unwrap_or(b'?')).collect()
    }
}

/// A similar ASCII text. Combining marks and invisible characters are left out rather than shown as `?`.
fn likeness(c: char) -> Option<&'static str> {
    Some(match c {
        '€' => "EUR",
        '£' => "GBP",
        '¥' => "JPY",
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => " ",
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => {
            ""
        }
        '\u{300}'..='\u{36F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' => "",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '‘' | '’' | '‚' | '‛' | '′' | '‹' | '›' | '´' | '`' | 'ʼ' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '…' => "...",
        '•' | '·' | '∙' | '●' | '▪' => "*",
        '×' | '✕' => "x",
        '÷' => ":",
        '™' => "(TM)",
        '®' => "(R)",
        '©' => "(C)",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '²' => "2",
        '³' => "3",
        '°' => "o",
        '‰' => "o/oo",
        'ä' => "ae",
        'ö' => "oe",
        'ü' => "ue",
        'Ä' => "Ae",
        'Ö' => "Oe",
        'Ü' => "Ue",
        'ß' => "ss",
        'ẞ' => "SS",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ø' | 'ò' | 'ó' | 'ô' | 'õ' | 'ō' | 'ő' => "o",
        'Ø' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ō' | 'Ő' => "O",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'À' | 'Á' | 'Â' | 'Ã' | 'Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'ç' | 'ć' | 'č' => "c",
        'Ç' | 'Ć' | 'Č' => "C",
        'ď' | 'đ' | 'ð' => "d",
        'Ď' | 'Đ' | 'Ð' => "D",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' | 'ė' => "e",
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ę' | 'Ě' | 'Ė' => "E",
        'ğ' => "g",
        'Ğ' => "G",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ī' | 'İ' => "I",
        'ł' | 'ľ' => "l",
        'Ł' | 'Ľ' => "L",
        'ñ' | 'ń' | 'ň' => "n",
        'Ñ' | 'Ń' | 'Ň' => "N",
        'ř' => "r",
        'Ř' => "R",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'Ś' | 'Š' | 'Ş' | 'Ș' => "S",
        'ť' | 'ţ' | 'ț' => "t",
        'Ť' | 'Ţ' | 'Ț' => "T",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' => "u",
        'Ù' | 'Ú' | 'Û' | 'Ū' | 'Ů' | 'Ű' => "U",
        'ý' | 'ÿ' => "y",
        'Ý' | 'Ÿ' => "Y",
        'ź' | 'ż' | 'ž' => "z",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'þ' => "th",
        'Þ' => "Th",
        _ => return None,
    })
}
