//! A document as operations for one model of printer.

use crate::picture;
use escpos::{Align, Op, Profile, Raster};
use receipt::{
    Big, Document, Laid, Picture, TextLine, code128_widths, ean13_modules, layout, qr_matrix,
};

/// Dots per module of a QR code that is sent as a picture: one hex digit, so that no byte is a control code but 0x00
/// and 0x0F.
const PICTURE_MODULE: usize = 4;

/// Rows of bars that are drawn: 10 mm, as the bars that printers draw.
const BAR_HEIGHT: usize = 80;
/// Modules that stay white beside bars, both sides together (ISO/IEC 15417 and, less, 15420).
const BAR_QUIET: usize = 20;

/// The bytes of a whole job.
#[must_use]
pub fn job_bytes(document: &Document, profile: &Profile) -> Vec<u8> {
    escpos::encode(&job_ops(document, profile), profile)
}

/// The bytes of a job that only opens the drawer.
#[must_use]
pub fn drawer_job(profile: &Profile) -> Vec<u8> {
    escpos::encode(&[Op::DrawerPulse { second: profile.second_drawer }], profile)
}

/// The document as operations: what the codepage lacks is transliterated first, so that the layout is that of the
/// paper; what has no likeness in it either is drawn, on printers that take pictures.
#[must_use]
pub fn job_ops(document: &Document, profile: &Profile) -> Vec<Op> {
    let drawn = |c: char| profile.raster && picture::can_draw(c);
    let printable = document.map_text(|text| profile.codepage.printable_keeping(text, drawn));
    let mut job = Job { profile, ops: Vec::new(), bold: false, size: (1, 1) };
    for piece in layout(&printable, profile.columns, Big::Double) {
        job.piece(piece);
    }
    job.ops
}

struct Job<'a> {
    profile: &'a Profile,
    ops: Vec<Op>,
    bold: bool,
    size: (u8, u8),
}

impl Job<'_> {
    fn piece(&mut self, piece: Laid) {
        match piece {
            Laid::Line(line) => self.line(line),
            Laid::Code128(data) => match self.drawn(code128_modules(&data)) {
                Some(bars) => self.bars(bars, data),
                None => self.centered(Op::Code128(data)),
            },
            Laid::Ean13(data) => match self.drawn(ean13_modules(&data)) {
                Some(bars) => self.bars(bars, data),
                None => self.centered(Op::Ean13(data)),
            },
            Laid::Qr(data) => self.qr(data),
            Laid::Picture(picture) => self.picture(picture),
            Laid::Cut => {
                self.style(false, (1, 1));
                self.ops.push(Op::Cut);
            }
            Laid::Drawer => self.ops.push(Op::DrawerPulse { second: self.profile.second_drawer }),
        }
    }

    fn line(&mut self, line: TextLine) {
        if !line.text.chars().all(|c| self.profile.codepage.shows(c)) {
            let paper = (self.profile.dots, self.profile.columns);
            let factors = (line.width, line.height);
            self.ops.push(Op::Raster(picture::line(&line.text, paper, factors, line.bold)));
            return;
        }
        if !line.text.is_empty() {
            self.style(line.bold, (line.width, line.height));
            self.ops.push(Op::Text(line.text));
        }
        self.ops.push(Op::LineEnd);
    }

    /// Only changes are sent.
    fn style(&mut self, bold: bool, size: (u8, u8)) {
        if bold != self.bold {
            self.ops.push(Op::Bold(bold));
            self.bold = bold;
        }
        if size != self.size {
            self.ops.push(Op::Size { width: size.0, height: size.1 });
            self.size = size;
        }
    }

    fn centered(&mut self, op: Op) {
        self.style(false, (1, 1));
        self.ops.extend([Op::Align(Align::Center), op, Op::Align(Align::Left)]);
    }

    /// With a free line above and below: the quiet zone that readers need.
    fn spaced(&mut self, op: Op) {
        self.ops.push(Op::LineEnd);
        self.centered(op);
        self.ops.push(Op::LineEnd);
    }

    /// One that is wider than the paper is left out: half a sign says nothing.
    fn picture(&mut self, picture: Picture) {
        if picture.row_bytes <= self.profile.dots / 8 && self.profile.raster {
            let raster = Raster { row_bytes: picture.row_bytes, data: picture.data };
            self.centered(Op::Raster(raster));
        }
    }

    /// The bars as a picture, for printers that take pictures and know no bar codes; none where they do not fit. Every bar is two dots wide
    /// at least, so that no byte is 0x10, which ESC/POS must not carry.
    fn drawn(&self, modules: Option<Vec<bool>>) -> Option<Raster> {
        let modules = modules.filter(|_| self.profile.raster && !self.profile.bars)?;
        let paper = usize::from(self.profile.dots);
        let width =
            [3, 2].into_iter().find(|width| (modules.len() + BAR_QUIET) * width <= paper)?;
        let dots: Vec<bool> =
            modules.iter().flat_map(|bar| std::iter::repeat_n(*bar, width)).collect();
        let byte = |dots: &[bool]| {
            let black = dots.iter().enumerate().filter(|(_, dot)| **dot);
            black.fold(0_u8, |byte, (at, _)| byte | (0x80 >> at))
        };
        let row: Vec<u8> = dots.chunks(8).map(byte).collect();
        let row_bytes = u16::try_from(row.len()).ok()?;
        Some(Raster { row_bytes, data: row.repeat(BAR_HEIGHT) })
    }

    /// With the text below, as printers do it that draw bars by themselves.
    fn bars(&mut self, bars: Raster, text: String) {
        self.style(false, (1, 1));
        let drawn = [Op::Align(Align::Center), Op::Raster(bars), Op::Text(text), Op::LineEnd];
        self.ops.extend(drawn);
        self.ops.push(Op::Align(Align::Left));
    }

    fn qr(&mut self, data: String) {
        let Some(matrix) = qr_matrix(&data) else { return self.centered(Op::Text(data)) };
        if self.profile.qr {
            // The largest module that leaves a quiet zone of four modules at each side.
            let fits = usize::from(self.profile.dots) / (matrix.size + 8);
            let module = u8::try_from(fits.clamp(2, 6)).unwrap_or(3);
            return self.spaced(Op::Qr { data, module });
        }
        let row_bytes = (matrix.size * PICTURE_MODULE).div_ceil(8);
        let Ok(row) = u16::try_from(row_bytes) else { return };
        let mut picture = Vec::new();
        for modules in matrix.dark.chunks(matrix.size) {
            let nibble = |module: Option<&bool>| if module == Some(&true) { 0x0F } else { 0 };
            let bytes: Vec<u8> = modules
                .chunks(2)
                .map(|pair| (nibble(pair.first()) << 4) | nibble(pair.get(1)))
                .collect();
            (0..PICTURE_MODULE).for_each(|_| picture.extend_from_slice(&bytes));
        }
        self.spaced(Op::Raster(Raster { row_bytes: row, data: picture }));
    }
}

/// From left to right, true for a bar.
fn code128_modules(text: &str) -> Option<Vec<bool>> {
    let widths = code128_widths(text)?;
    let runs = widths.into_iter().enumerate();
    let modules = runs.flat_map(|(at, width)| std::iter::repeat_n(at % 2 == 0, usize::from(width)));
    Some(modules.collect())
}
