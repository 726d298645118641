//! A document as operations for one model of printer.

use crate::picture;
use escpos::{Align, Op, Profile, Raster};
use receipt::{Big, Document, Laid, Picture, TextLine, layout, qr_matrix};

/// Dots per module of a QR code that is sent as a picture: one hex digit, so that no byte is a control code but 0x00
/// and 0x0F.
const PICTURE_MODULE: usize = 4;

/// The bytes of a whole job.
#[must_use]
pub fn job_bytes(document: &Document, profile: &Profile) -> Vec<u8> {
    escpos::encode(&job_ops(document, profile), profile)
}

/// The bytes of a job that only opens the drawer.
#[must_use]
pub fn drawer_job(profile: &Profile) -> Vec<u8> {
    escpos::encode(&[Op::DrawerPulse { second: false }], profile)
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
            Laid::Code128(data) => self.centered(Op::Code128(data)),
            Laid::Ean13(data) => self.centered(Op::Ean13(data)),
            Laid::Qr(data) => self.qr(data),
            Laid::Picture(picture) => self.picture(picture),
            Laid::Cut => {
                self.style(false, (1, 1));
                self.ops.push(Op::Cut);
            }
            Laid::Drawer => self.ops.push(Op::DrawerPulse { second: false }),
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
