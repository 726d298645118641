//! Bytes in Star's language to operations, tolerant like [`crate::Decoder`].

use crate::{Align, BarcodeKind, Codepage, DecodedOp, Profile, Raster};

const ESC: u8 = 0x1B;
const GS: u8 = 0x1D;
/// Largest picture that is kept, bytes.
const RASTER_MAX: usize = 4 * 1024 * 1024;
/// Longest bar code, with its end.
const BARS_MAX: usize = 300;

/// Takes bytes as they come.
#[derive(Debug, Clone)]
pub struct StarDecoder {
    waiting: Vec<u8>,
    codepage: Codepage,
    ours: Codepage,
    text: String,
    qr: String,
    module: u8,
}

/// What stands at the head of the bytes.
enum Head {
    /// An operation of so many bytes; none changes nothing we show.
    Op(usize, Option<DecodedOp>),
    /// A character.
    Char(char),
    /// Not whole yet.
    More,
}

impl StarDecoder {
    /// A printer of this profile, just switched on.
    #[must_use]
    pub fn new(profile: &Profile) -> Self {
        let ours = profile.codepage;
        Self {
            waiting: Vec::new(),
            codepage: ours,
            ours,
            text: String::new(),
            qr: String::new(),
            module: 3,
        }
    }

    /// What the bytes mean, as far as they are whole.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<DecodedOp> {
        self.waiting.extend_from_slice(bytes);
        let mut ops = Vec::new();
        loop {
            match self.head() {
                Head::More => break,
                Head::Char(c) => {
                    self.text.push(c);
                    self.waiting.drain(..1);
                }
                Head::Op(length, op) => {
                    self.end_text(&mut ops);
                    self.waiting.drain(..length.clamp(1, self.waiting.len().max(1)));
                    ops.extend(op);
                }
            }
        }
        self.end_text(&mut ops);
        ops
    }

    /// What is left when nothing more comes: a command that is not whole.
    pub fn finish(&mut self) -> Option<DecodedOp> {
        let rest = std::mem::take(&mut self.waiting);
        (!rest.is_empty()).then_some(DecodedOp::Unknown(rest))
    }

    fn end_text(&mut self, ops: &mut Vec<DecodedOp>) {
        if !self.text.is_empty() {
            ops.push(DecodedOp::Text(std::mem::take(&mut self.text)));
        }
    }

    fn head(&mut self) -> Head {
        let Some(first) = self.waiting.first().copied() else { return Head::More };
        match first {
            0x0A => Head::Op(1, Some(DecodedOp::LineEnd)),
            0x0D => Head::Op(1, Some(DecodedOp::CarriageReturn)),
            0x09 => Head::Op(1, Some(DecodedOp::Tab)),
            0x17 => Head::Op(1, Some(DecodedOp::CountWhenPrinted)),
            0x07 => Head::Op(1, Some(DecodedOp::DrawerPulse { second: false, on_ms: 200 })),
            0x1A => Head::Op(1, Some(DecodedOp::DrawerPulse { second: true, on_ms: 200 })),
            0x1C => Head::Op(1, Some(DecodedOp::DrawerPulse { second: false, on_ms: 200 })),
            ESC => self.escape(),
            byte if byte < 0x20 => Head::Op(1, Some(DecodedOp::Unknown(vec![byte]))),
            byte => Head::Char(self.codepage.char_of(byte).unwrap_or('\u{FFFD}')),
        }
    }

    fn at(&self, n: usize) -> Option<u8> {
        self.waiting.get(n).copied()
    }

    fn escape(&mut self) -> Head {
        let Some(second) = self.at(1) else { return Head::More };
        match second {
            b'@' => {
                self.codepage = self.ours;
                Head::Op(2, Some(DecodedOp::Init))
            }
            b'E' => Head::Op(2, Some(DecodedOp::Bold(true))),
            b'F' => Head::Op(2, Some(DecodedOp::Bold(false))),
            b'i' => self.two(|height, width| DecodedOp::Size {
                width: (width & 7) + 1,
                height: (height & 7) + 1,
            }),
            b'd' => match self.at(2) {
                Some(n) => Head::Op(3, Some(DecodedOp::Cut { full: n % 2 == 0 })),
                None => Head::More,
            },
            // How long the drawers' pulses are; the pulse itself is a byte of its own.
            0x07 => self.two(|on, off| DecodedOp::Unknown(vec![ESC, 0x07, on, off])).quiet(),
            0x06 => match self.at(2) {
                Some(1) => Head::Op(3, Some(DecodedOp::StatusRequest(1))),
                Some(n) => Head::Op(3, Some(DecodedOp::Unknown(vec![ESC, 6, n]))),
                None => Head::More,
            },
            b'b' => self.bars(),
            GS => self.group(),
            other => Head::Op(2, Some(DecodedOp::Unknown(vec![ESC, other]))),
        }
    }

    fn two(&self, op: impl FnOnce(u8, u8) -> DecodedOp) -> Head {
        match (self.at(2), self.at(3)) {
            (Some(a), Some(b)) => Head::Op(4, Some(op(a, b))),
            _ => Head::More,
        }
    }

    /// `ESC b n1 n2 n3 n4 d… RS`
    fn bars(&self) -> Head {
        let end = self.waiting.iter().skip(6).position(|byte| *byte == 0x1E);
        let Some(end) = end else {
            return if self.waiting.len() > BARS_MAX {
                Head::Op(2, Some(DecodedOp::Unknown(vec![ESC, b'b'])))
            } else {
                Head::More
            };
        };
        let data: Vec<u8> = self.waiting.iter().skip(6).take(end).copied().collect();
        let data = String::from_utf8_lossy(&data).into_owned();
        let kind = match self.at(2).map(|kind| kind & 0x0F) {
            Some(0) => BarcodeKind::UpcE,
            Some(1) => BarcodeKind::UpcA,
            Some(2) => BarcodeKind::Ean8,
            Some(3) => BarcodeKind::Ean13,
            Some(4) => BarcodeKind::Code39,
            Some(5) => BarcodeKind::Itf,
            Some(7) => BarcodeKind::Code93,
            Some(8) => BarcodeKind::Codabar,
            _ => BarcodeKind::Code128,
        };
        let data = match kind {
            BarcodeKind::Code128 => data.strip_prefix("%7").unwrap_or(&data).replace("%0", "%"),
            _ => data,
        };
        let module = self.at(4).map_or(2, |mode| (mode & 0x0F).saturating_add(1));
        let with_text = matches!(self.at(3), Some(2 | 4 | 50 | 52));
        Head::Op(7 + end, Some(DecodedOp::Barcode { kind, data, module, with_text }))
    }

    fn group(&mut self) -> Head {
        match self.at(2) {
            None => Head::More,
            Some(b't') => match self.at(3) {
                None => Head::More,
                Some(n) => {
                    if n == self.ours.number() {
                        self.codepage = self.ours;
                    }
                    Head::Op(4, Some(DecodedOp::Codepage(n)))
                }
            },
            Some(b'a') => match self.at(3) {
                None => Head::More,
                Some(1 | b'1') => Head::Op(4, Some(DecodedOp::Align(Align::Center))),
                Some(2 | b'2') => Head::Op(4, Some(DecodedOp::Align(Align::Right))),
                Some(_) => Head::Op(4, Some(DecodedOp::Align(Align::Left))),
            },
            Some(b'y') => self.qr(),
            Some(b'S') => self.raster(),
            Some(other) => Head::Op(3, Some(DecodedOp::Unknown(vec![ESC, GS, other]))),
        }
    }

    /// `ESC GS y`: settings, data, print.
    fn qr(&mut self) -> Head {
        match (self.at(3), self.at(4)) {
            (Some(b'P'), _) => {
                let data = std::mem::take(&mut self.qr);
                Head::Op(4, Some(DecodedOp::Qr { data, module: self.module }))
            }
            (Some(b'S'), Some(what)) => match self.at(5) {
                None => Head::More,
                Some(n) => {
                    if what == b'2' {
                        self.module = n;
                    }
                    Head::Op(6, None)
                }
            },
            (Some(b'D'), Some(_)) => {
                let (Some(low), Some(high)) = (self.at(6), self.at(7)) else { return Head::More };
                let length = usize::from(u16::from_le_bytes([low, high]));
                if self.waiting.len() < 8 + length {
                    return Head::More;
                }
                let data: Vec<u8> = self.waiting.iter().skip(8).take(length).copied().collect();
                self.qr = String::from_utf8_lossy(&data).into_owned();
                Head::Op(8 + length, None)
            }
            (Some(b'S' | b'D'), None) | (None, _) => Head::More,
            (Some(other), _) => Head::Op(4, Some(DecodedOp::Unknown(vec![ESC, GS, b'y', other]))),
        }
    }

    /// `ESC GS S 1 xL xH yL yH 0 data`
    fn raster(&self) -> Head {
        let sizes = [4, 5, 6, 7].map(|n| self.at(n));
        let [Some(xl), Some(xh), Some(yl), Some(yh)] = sizes else { return Head::More };
        let row_bytes = u16::from_le_bytes([xl, xh]);
        let length = usize::from(row_bytes) * usize::from(u16::from_le_bytes([yl, yh]));
        if length > RASTER_MAX {
            return Head::Op(3, Some(DecodedOp::Unknown(vec![ESC, GS, b'S'])));
        }
        if self.waiting.len() < 9 + length {
            return Head::More;
        }
        let data = self.waiting.iter().skip(9).take(length).copied().collect();
        Head::Op(9 + length, Some(DecodedOp::Raster(Raster { row_bytes, data })))
    }
}

impl Head {
    /// Taken in without being shown.
    fn quiet(self) -> Self {
        match self {
            Self::Op(length, _) => Self::Op(length, None),
            other => other,
        }
    }
}
