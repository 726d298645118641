//! Texts from outside made harmless: names of items, shops and people are typed, imported or scanned by anybody.

use unicode_normalization::UnicodeNormalization;

/// Longest text that a document takes, in characters; the rest is cut and marked with `…`.
const MAX_TEXT: usize = 500;
/// Longest content of a code: a fiscal QR has 300 to 450.
const MAX_CODE: usize = 2300;

/// Characters that steer the direction or the shape of text, or that nobody sees: they could make a receipt show
/// something else than it says.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// The text without controls (C0, C1, DEL, NUL), bidi controls and invisible characters, composed (NFC), white space
/// folded to single spaces, at most 500 characters. Doing it twice changes nothing.
#[must_use]
pub fn clean(text: &str) -> String {
    let visible = text.chars().take(MAX_TEXT * 8).filter(|c| !is_invisible(*c));
    let spaced = visible
        .map(|c| if c.is_control() || (c.is_whitespace() && c != '\u{A0}') { ' ' } else { c });
    let mut out = String::new();
    let mut count = 0_usize;
    let mut gap = false;
    for c in spaced.nfc() {
        if c == ' ' {
            gap = !out.is_empty();
            continue;
        }
        if count + usize::from(gap) >= MAX_TEXT {
            // The mark takes the place of the last character, so that the whole stays within the limit.
            while count >= MAX_TEXT {
                out.pop();
                count -= 1;
            }
            out.truncate(out.trim_end_matches(' ').len());
            out.push('…');
            return out;
        }
        if gap {
            out.push(' ');
            count += 1;
            gap = false;
        }
        out.push(c);
        count += 1;
    }
    out
}

/// The content of a code: only controls are taken out, spaces stay.
#[must_use]
pub fn clean_code(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_CODE).collect()
}
