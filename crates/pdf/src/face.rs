//! The typeface: DejaVu Sans Condensed, which has the letters of all of Europe and figures of one width. Letters stand one
//! behind the other by their own widths.

use std::fmt;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

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
    letters: Charmap<'static>,
    widths: GlyphMetrics<'static>,
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
        let letters = outlines.charmap();
        let widths = outlines.glyph_metrics(Size::unscaled(), LocationRef::default());
        One { font, letters, widths, em }
    }

    /// A letter's glyph and its width in ems.
    fn glyph(&self, c: char) -> Option<(skrifa::GlyphId, f32)> {
        let glyph = |c: char| self.letters.map(c).filter(|glyph| glyph.to_u32() != 0);
        let glyph = glyph(c).or_else(|| glyph(LACKING))?;
        Some((glyph, self.widths.advance_width(glyph).unwrap_or_default() / self.em))
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
        let one = self.of(face);
        text.chars().filter_map(|c| one.glyph(c)).map(|(_, width)| width * size).sum()
    }

    pub(crate) fn glyphs(&self, text: &str, face: Face) -> Vec<KrillaGlyph> {
        let one = self.of(face);
        let set = text.char_indices().filter_map(|(at, c)| Some((at, c, one.glyph(c)?)));
        let glyph = |(at, c, (glyph, width)): (usize, char, (skrifa::GlyphId, f32))| {
            let range = at..at + c.len_utf8();
            KrillaGlyph::new(GlyphId::new(glyph.to_u32()), width, 0.0, 0.0, 0.0, range, None)
        };
        set.map(glyph).collect()
    }
}

/// Letters with their accents as one, and nothing that has no shape.
pub(crate) fn clean(text: &str) -> String {
    let letters = text.nfc().map(|c| if c.is_whitespace() { ' ' } else { c });
    letters.filter(|c| !c.is_control() && !is_mark(*c)).collect()
}

/// Marks that change how letters beside them look, and have no shape themselves; and what is no letter at all.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fffe}')
}

/// Spaces at which no line ends.
fn is_fixed(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

/// A text in lines no wider than `width` points, as `measure` says; a word that is wider itself is broken, not between a
/// letter and its accents. Letters stand by their own widths, so that a line is as wide as its words together.
#[must_use]
pub fn wrapped(text: &str, width: f32, measure: impl Fn(&str) -> f32) -> Vec<String> {
    let mut lines = Vec::new();
    let space = measure(" ");
    for paragraph in text.nfc().collect::<String>().split('\n') {
        let (mut line, mut long) = (String::new(), 0.0);
        let words = paragraph.split(|c: char| c.is_whitespace() && !is_fixed(c));
        for word in words.filter(|word| !word.is_empty()) {
            let own = measure(word);
            if !line.is_empty() {
                if long + space + own <= width {
                    line.push(' ');
                    line.push_str(word);
                    long += space + own;
                    continue;
                }
                lines.push(std::mem::take(&mut line));
            }
            if own <= width {
                line.push_str(word);
                long = own;
                continue;
            }
            long = 0.0;
            for part in broken(word, width, &measure) {
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                long = measure(part);
                line.push_str(part);
            }
        }
        lines.push(line);
    }
    lines
}

/// A word in parts that fit. Accents go with their letter, unless there are more of them than a line holds.
fn broken(word: &str, width: f32, measure: impl Fn(&str) -> f32) -> Vec<&str> {
    let mut parts = Vec::new();
    // Where the part begins, where its last letter does, and how wide it is before that letter and whole.
    let (mut start, mut letter) = (0, 0);
    let (mut before, mut long) = (0.0, 0.0);
    for (at, c) in word.char_indices() {
        let own = word.get(at..at + c.len_utf8()).map_or(0.0, &measure);
        if !is_combining_mark(c) {
            (letter, before) = (at, long);
        }
        while long + own > width && at > start {
            let end = if letter > start { letter } else { at };
            parts.extend(word.get(start..end));
            long = if end == at { 0.0 } else { long - before };
            (start, letter, before) = (end, end, 0.0);
        }
        long += own;
    }
    parts.extend(word.get(start..));
    parts
}
