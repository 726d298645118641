//! Text as a picture, for letters that a printer's codepage lacks (Greek, Cyrillic, Polish names): the last rung of the ladder before `?`.

use std::sync::OnceLock;

use escpos::Raster;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlineGlyphCollection, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

/// Height of a line in dots, as font A has it.
const HEIGHT: usize = 24;
/// Where letters stand in it, dots from the top.
const BASELINE: f32 = 19.0;
/// Size of the letters, dots an em.
const EM: f32 = 21.0;
/// Scan lines per dot.
const FINE: usize = 4;

/// The typeface that is in the program anyway.
struct Letters {
    map: Charmap<'static>,
    outlines: OutlineGlyphCollection<'static>,
    widths: GlyphMetrics<'static>,
}

fn letters() -> Option<&'static Letters> {
    static LETTERS: OnceLock<Option<Letters>> = OnceLock::new();
    LETTERS
        .get_or_init(|| {
            let font = FontRef::new(dejavu::sans_condensed::regular()).ok()?;
            Some(Letters {
                map: font.charmap(),
                outlines: font.outline_glyphs(),
                widths: font.glyph_metrics(Size::new(EM), LocationRef::default()),
            })
        })
        .as_ref()
}

fn glyph(letters: &Letters, c: char) -> Option<GlyphId> {
    letters.map.map(c).filter(|glyph| glyph.to_u32() != 0)
}

/// Whether the letter can be drawn.
pub(crate) fn can_draw(c: char) -> bool {
    letters().is_some_and(|letters| glyph(letters, c).is_some())
}

/// A line of text, each character in a cell of its own so that columns stay columns.
///
/// `dots`: of the paper; `columns`: as many characters stand on a line; `factors`: width and height, 1 to 8 each.
pub(crate) fn line(
    text: &str,
    (dots, columns): (u16, u8),
    factors: (u8, u8),
    bold: bool,
) -> Raster {
    let row_bytes = dots / 8;
    let cell = usize::from(dots) / usize::from(columns.max(1));
    let (wide, high) = (usize::from(factors.0.max(1)), usize::from(factors.1.max(1)));
    let mut paper = Paper {
        width: usize::from(row_bytes) * 8,
        height: HEIGHT * high,
        dots: vec![false; usize::from(row_bytes) * 8 * HEIGHT * high],
    };
    for (at, c) in text.chars().enumerate() {
        if let Some(letters) = letters() {
            paper.letter(letters, c, at * cell * wide, (cell, wide, high), bold);
        }
    }
    Raster { row_bytes, data: paper.bytes() }
}

struct Paper {
    width: usize,
    height: usize,
    dots: Vec<bool>,
}

impl Paper {
    fn letter(
        &mut self,
        letters: &Letters,
        c: char,
        left: usize,
        (cell, wide, high): (usize, usize, usize),
        bold: bool,
    ) {
        let Some(id) = glyph(letters, c) else { return };
        let Some(outline) = letters.outlines.get(id) else { return };
        let mut pen = Pen::default();
        let settings = DrawSettings::unhinted(Size::new(EM), LocationRef::default());
        if outline.draw(settings, &mut pen).is_err() {
            return;
        }
        let advance = letters.widths.advance_width(id).unwrap_or(EM);
        let room = as_float(cell);
        // A letter that is wider than its cell is squeezed; a narrow one stands in the middle.
        let squeeze = if advance > room { room / advance } else { 1.0 };
        let (across, down) = (as_float(wide), as_float(high));
        let start = as_float(left) + (room - advance * squeeze) / 2.0 * across;
        let place = |(x, y): (f32, f32)| (start + x * squeeze * across, (BASELINE - y) * down);
        let edges: Vec<Edge> =
            pen.edges.iter().map(|(from, to)| (place(*from), place(*to))).collect();
        self.fill(&edges, left..(left + cell * wide).min(self.width));
        if bold {
            self.fatten(left..(left + cell * wide).min(self.width));
        }
    }

    /// Dots that lie within the outline for at least half of their area (non-zero winding).
    fn fill(&mut self, edges: &[Edge], across: std::ops::Range<usize>) {
        let mut cover = vec![0.0_f32; across.len()];
        for y in 0..self.height {
            cover.fill(0.0);
            for part in 0..FINE {
                let level = as_float(y) + (as_float(part) + 0.5) / as_float(FINE);
                let mut crossings: Vec<(f32, i32)> =
                    edges.iter().filter_map(|edge| crossing(*edge, level)).collect();
                crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
                let mut winding = 0;
                for pair in crossings.windows(2) {
                    let [(from, turn), (to, _)] = pair else { continue };
                    winding += turn;
                    if winding != 0 {
                        add_span(
                            &mut cover,
                            *from - as_float(across.start),
                            *to - as_float(across.start),
                        );
                    }
                }
            }
            for (at, cover) in cover.iter().enumerate() {
                if *cover * 2.0 >= as_float(FINE)
                    && let Some(dot) = self.dots.get_mut(y * self.width + across.start + at)
                {
                    *dot = true;
                }
            }
        }
    }

    /// Each dot also at its right.
    fn fatten(&mut self, across: std::ops::Range<usize>) {
        for y in 0..self.height {
            for x in across.clone().skip(1).rev() {
                let at = y * self.width + x;
                if self.dots.get(at - 1) == Some(&true)
                    && let Some(dot) = self.dots.get_mut(at)
                {
                    *dot = true;
                }
            }
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let byte =
            |eight: &[bool]| eight.iter().fold(0_u8, |byte, dot| (byte << 1) | u8::from(*dot));
        self.dots.chunks(8).map(byte).collect()
    }
}

/// From, to.
type Edge = ((f32, f32), (f32, f32));

/// Where an edge crosses a level, and whether downwards.
fn crossing((from, to): Edge, level: f32) -> Option<(f32, i32)> {
    let (upper, lower, turn) = if from.1 <= to.1 { (from, to, 1) } else { (to, from, -1) };
    if level < upper.1 || level >= lower.1 {
        return None;
    }
    let part = (level - upper.1) / (lower.1 - upper.1);
    Some((upper.0 + part * (lower.0 - upper.0), turn))
}

fn add_span(cover: &mut [f32], from: f32, to: f32) {
    for (at, cover) in cover.iter_mut().enumerate() {
        let left = as_float(at);
        *cover += (to.min(left + 1.0) - from.max(left)).max(0.0);
    }
}

/// Small counts of dots; exact.
fn as_float(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// Outlines as straight edges.
#[derive(Default)]
struct Pen {
    edges: Vec<Edge>,
    start: (f32, f32),
    now: (f32, f32),
}

/// Pieces that a curve is cut into.
const PIECES: u8 = 8;

impl Pen {
    fn curve(&mut self, point: impl Fn(f32) -> (f32, f32)) {
        for piece in 1..=PIECES {
            let to = point(f32::from(piece) / f32::from(PIECES));
            self.line_to(to.0, to.1);
        }
    }
}

fn between(a: (f32, f32), b: (f32, f32), part: f32) -> (f32, f32) {
    (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part)
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.close();
        self.start = (x, y);
        self.now = (x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.edges.push((self.now, (x, y)));
        self.now = (x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (from, by, to) = (self.now, (cx, cy), (x, y));
        self.curve(|part| between(between(from, by, part), between(by, to, part), part));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let (from, a, b, to) = (self.now, (ax, ay), (bx, by), (x, y));
        self.curve(|part| {
            let (first, second, third) =
                (between(from, a, part), between(a, b, part), between(b, to, part));
            between(between(first, second, part), between(second, third, part), part)
        });
    }

    fn close(&mut self) {
        if self.now != self.start {
            let start = self.start;
            self.line_to(start.0, start.1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(raster: &Raster) -> Vec<String> {
        raster
            .data
            .chunks(usize::from(raster.row_bytes))
            .map(|row| {
                let dots =
                    row.iter().flat_map(|byte| (0..8).map(move |bit| byte & (0x80 >> bit) != 0));
                dots.map(|dot| if dot { '#' } else { '.' }).collect()
            })
            .collect()
    }

    #[test]
    fn letters_are_drawn_in_their_cells() {
        assert!(can_draw('Ж') && can_draw('Ω') && can_draw('Ł') && !can_draw('字'));
        let raster = line("Ж I", (384, 32), (1, 1), false);
        assert_eq!((raster.row_bytes, raster.data.len()), (48, 48 * 24));
        let rows = shown(&raster);
        let ink = |cell: usize| -> usize {
            rows.iter().map(|row| row[cell * 12..(cell + 1) * 12].matches('#').count()).sum()
        };
        assert!(ink(0) > 60, "{}", rows.join("\n"));
        assert_eq!((ink(1), ink(3)), (0, 0));
        // A stroke of the I goes from the capital's height to the baseline and nowhere else.
        let high = rows.iter().filter(|row| row[24..36].contains('#')).count();
        assert!((13..=17).contains(&high), "{high}\n{}", rows.join("\n"));
    }

    #[test]
    fn twice_as_large_is_twice_as_high_and_bold_has_more_ink() {
        let ink =
            |raster: &Raster| -> u32 { raster.data.iter().map(|byte| byte.count_ones()).sum() };
        let plain = line("Жуж", (576, 48), (1, 1), false);
        let big = line("Жуж", (576, 48), (2, 2), false);
        assert_eq!(big.data.len(), plain.data.len() * 2);
        assert!(ink(&big) > ink(&plain) * 3);
        assert!(ink(&line("Жуж", (576, 48), (1, 1), true)) > ink(&plain));
    }
}
