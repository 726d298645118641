//! Helvetica and Helvetica-Bold, which every PDF reader brings: how wide their characters are (Adobe's metrics, thousandths
//! of the size), and the one byte (WinAnsi, which is Windows-1252) that each is.

use unicode_normalization::UnicodeNormalization;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Plain,
    Bold,
}

/// Widths of the bytes 32 to 126.
const PLAIN: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

/// Windows-1252 from 0x80 on, before it is Latin-1 again at 0xA0.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text in bytes of the font. What the font lacks is written with letters that it has (`Ł` as `L`, an arrow as
/// `->`), or as `?`.
pub(crate) fn encode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        if let Some(byte) = byte_of(c) {
            bytes.push(byte);
            continue;
        }
        let other = match c {
            '→' => "->",
            '←' => "<-",
            '≤' => "<=",
            '≥' => ">=",
            '\u{2010}' | '\u{2011}' | '\u{2212}' => "-",
            '\u{2009}' | '\u{202f}' => " ",
            'Ł' => "L",
            'ł' => "l",
            _ => "",
        };
        if !other.is_empty() {
            bytes.extend(other.bytes());
            continue;
        }
        let before = bytes.len();
        bytes.extend(std::iter::once(c).nfkd().filter_map(byte_of));
        if bytes.len() == before && !unicode_normalization::char::is_combining_mark(c) {
            bytes.push(b'?');
        }
    }
    bytes
}

fn byte_of(c: char) -> Option<u8> {
    let code = u32::from(c);
    if (32..=126).contains(&code) || (0xa0..=0xff).contains(&code) {
        return u8::try_from(code).ok();
    }
    let at = HIGH.iter().position(|high| *high == c && !c.is_control())?;
    u8::try_from(at.saturating_add(0x80)).ok()
}

/// How wide a byte is, thousandths of the size.
fn width_of(face: Face, byte: u8) -> u16 {
    let plain = |byte: u8| {
        let table = match face {
            Face::Plain => &PLAIN,
            Face::Bold => &BOLD,
        };
        table.get(usize::from(byte.saturating_sub(32))).copied().unwrap_or(556)
    };
    if byte < 127 {
        return plain(byte);
    }
    let c = match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte.saturating_sub(0x80))).copied().unwrap_or('?'),
        _ => char::from(byte),
    };
    // A letter with an accent is as wide as without.
    let base = std::iter::once(c).nfd().next().filter(char::is_ascii_alphabetic);
    if let Some(base) = base.and_then(|base| u8::try_from(base).ok()) {
        return plain(base);
    }
    match (c, face) {
        ('…' | '‰' | '—' | '™' | 'Æ' | 'Œ', _) => 1000,
        ('œ', _) => 944,
        ('æ', _) => 889,
        ('¼' | '½' | '¾', _) => 834,
        ('Ø', _) => 778,
        ('©' | '®', _) => 737,
        ('Ð', _) => 722,
        ('Þ', _) => 667,
        ('ß' | 'ø' | '¿', _) => 611,
        ('±' | '×' | '÷' | '¬', _) => 584,
        ('°', _) => 400,
        ('ª' | 'º', _) => 370,
        ('•', _) => 350,
        ('‚' | '‘' | '’', Face::Plain) => 222,
        ('‚' | '‘' | '’', Face::Bold) => 278,
        ('„' | '“' | '”', Face::Plain) => 333,
        ('„' | '“' | '”', Face::Bold) => 500,
        ('‹' | '›' | 'ˆ' | '˜' | '¨' | '¯' | '´' | '¸' | '¹' | '²' | '³' | '¡', _) => {
            333
        }
        ('\u{a0}' | '·', _) => 278,
        ('¦', _) => 280,
        _ => 556,
    }
}

/// How wide a text is at a size, both in tenths of a point.
pub(crate) fn width(face: Face, size: i32, bytes: &[u8]) -> i32 {
    let sum: i32 =
        bytes.iter().map(|byte| i32::from(width_of(face, *byte))).fold(0, i32::saturating_add);
    // Up to the next tenth: a line never comes out wider than it was thought to be.
    sum.saturating_mul(size).saturating_add(999).checked_div(1000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_letters_are_one_byte_and_as_wide_as_adobe_says() {
        assert_eq!(encode("Äöüß€„“–"), [0xc4, 0xf6, 0xfc, 0xdf, 0x80, 0x84, 0x93, 0x96]);
        // "Wörter" in Helvetica: W 944, ö 556, r 333, t 278, e 556, r 333.
        assert_eq!(width(Face::Plain, 1000, &encode("Wörter")), 3000);
        assert_eq!(width(Face::Bold, 1000, &encode("Straße")), 667 + 333 + 389 + 556 + 611 + 556);
    }

    #[test]
    fn what_the_font_lacks_is_written_with_what_it_has() {
        assert_eq!(encode("Żurek → Łódź 🍎"), b"Zurek -> L\xf3dz ?");
        assert_eq!(encode("a\u{301}"), b"a");
    }
}
