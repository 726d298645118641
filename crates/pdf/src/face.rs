//! The typeface: DejaVu Sans Condensed, which has the letters of all of Europe and figures of one width. Letters stand one
//! behind the other by their own widths.

use std::fmt;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};
use unicode_normalization::UnicodeNormalization as _;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Plain.
    Regular,
    /// Bold.
    Bold,
}

/// What stands for a letter that the typeface lacks: an archive does not take an empty box.
const LACKING: char = '?';

struct One {
    font: Font,
    outlines: FontRef<'static>,
    /// Units of an em.
    em: f32,
}

/// Both faces.
pub(crate) struct Faces {
    regular: One,
    bold: One,
}

impl fmt::Debug for Faces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faces")
    }
}

impl One {
    #[expect(clippy::expect_used, reason = "the bytes are in the program; a test reads them")]
    fn new(bytes: &'static [u8]) -> One {
        let font = Font::new(bytes.into(), 0).expect("a typeface");
        let outlines = FontRef::new(bytes).expect("a typeface");
        let em = font.units_per_em();
        One { font, outlines, em }
    }

    /// Each letter's place in the text, its glyph and its width in ems.
    fn set(&self, text: &str) -> Vec<(std::ops::Range<usize>, u32, f32)> {
        let letters = self.outlines.charmap();
        let widths = self.outlines.glyph_metrics(Size::unscaled(), LocationRef::default());
        let glyph = |c: char| letters.map(c).filter(|glyph| glyph.to_u32() != 0);
        text.char_indices()
            .filter_map(|(at, c)| {
                let glyph = glyph(c).or_else(|| glyph(LACKING))?;
                let width = widths.advance_width(glyph).unwrap_or_default() / self.em;
                Some((at..at + c.len_utf8(), glyph.to_u32(), width))
            })
            .collect()
    }
}

impl Faces {
    pub(crate) fn new() -> Faces {
        let regular = One::new(dejavu::sans_condensed::regular());
        Faces { regular, bold: One::new(dejavu::sans_condensed::bold()) }
    }

    fn of(&self, face: Face) -> &One {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
        }
    }

    pub(crate) fn font(&self, face: Face) -> Font {
        self.of(face).font.clone()
    }

    pub(crate) fn width(&self, text: &str, face: Face, size: f32) -> f32 {
        self.of(face).set(text).iter().map(|(_, _, width)| width * size).sum()
    }

    pub(crate) fn glyphs(&self, text: &str, face: Face) -> Vec<KrillaGlyph> {
        let set = self.of(face).set(text).into_iter();
        let glyph = |(range, glyph, width)| {
            KrillaGlyph::new(GlyphId::new(glyph), width, 0.0, 0.0, 0.0, range, None)
        };
        set.map(glyph).collect()
    }
}

/// Letters with their accents as one, and nothing that has no shape.
pub(crate) fn clean(text: &str) -> String {
    let letters = text.nfc().map(|c| if c.is_whitespace() { ' ' } else { c });
    letters.filter(|c| !c.is_control() && !is_mark(*c)).collect()
}

/// Marks that change how letters beside them look, and have no shape themselves.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// A text in lines no wider than `width` points, as `measure` says; a word that is wider itself is broken.
#[must_use]
pub fn wrapped(text: &str, width: f32, measure: impl Fn(&str) -> f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if measure(&joined) <= width {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                let longer = format!("{line}{letter}");
                if measure(&longer) > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(letter);
            }
        }
        lines.push(line);
    }
    lines
}
