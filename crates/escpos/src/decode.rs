//! Bytes to operations, tolerant: what it does not know is listed and skipped, and no input makes it panic.
//!
//! The printer simulator uses it to show what would have come out of a printer, and the tests to prove that no text
//! smuggles a command into a job.

use crate::{Align, Codepage, Profile, Raster};

/// The kind of a bar code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarcodeKind {
    /// UPC-A
    UpcA,
    /// UPC-E
    UpcE,
    /// EAN-13
    Ean13,
    /// EAN-8
    Ean8,
    /// Code 39
    Code39,
    /// Interleaved 2 of 5
    Itf,
    /// Codabar
    Codabar,
    /// Code 93
    Code93,
    /// Code 128
    Code128,
}

/// What a stretch of bytes means to a printer. Settings of codes (height, module) are folded into the code itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodedOp {
    /// `ESC @`
    Init,
    /// `FS .`
    CancelKanji,
    /// `ESC t n`
    Codepage(u8),
    /// Characters in the codepage of the moment; U+FFFD where it has none.
    Text(String),
    /// `LF`
    LineEnd,
    /// `CR`
    CarriageReturn,
    /// `HT`
    Tab,
    /// `ESC d n`
    Feed(u8),
    /// `ESC J n`
    FeedDots(u8),
    /// `ESC E`, `ESC G`
    Bold(bool),
    /// `ESC -`
    Underline(bool),
    /// `GS B`
    Reverse(bool),
    /// `GS !`, `ESC !`
    Size {
        /// Width factor.
        width: u8,
        /// Height factor.
        height: u8,
    },
    /// `ESC M`
    Font(u8),
    /// `ESC a`
    Align(Align),
    /// `GS k`
    Barcode {
        /// The kind.
        kind: BarcodeKind,
        /// The content as text.
        data: String,
        /// Dots per module.
        module: u8,
        /// Whether the text stands above or below.
        with_text: bool,
    },
    /// `GS ( k` … print
    Qr {
        /// The stored content.
        data: String,
        /// Dots per module.
        module: u8,
    },
    /// `GS v 0`
    Raster(Raster),
    /// `GS V`, `ESC i`, `ESC m`
    Cut {
        /// Through the whole paper.
        full: bool,
    },
    /// `ESC p`, `DLE DC4`
    DrawerPulse {
        /// Pin 5 instead of pin 2.
        second: bool,
        /// Milliseconds.
        on_ms: u16,
    },
    /// `DLE EOT n`
    StatusRequest(u8),
    /// `GS r n`
    QueuedStatusRequest(u8),
    /// `GS a n`
    AutoStatus(u8),
    /// `GS I n`
    IdRequest(u8),
    /// `DLE ENQ n`
    Recover(u8),
    /// `GS ( H`, function 48: the four bytes to send back when everything before has been printed.
    ProcessId([u8; 4]),
    /// Star's `ETB`: count one up when everything before has been printed.
    CountWhenPrinted,
    /// A command that changes nothing we show, or bytes that we do not know.
    Unknown(Vec<u8>),
}

/// Largest picture that is kept, in bytes; a bigger header is taken for garbage.
const RASTER_MAX: usize = 4 * 1024 * 1024;
/// Longest bar code of the form that ends with NUL.
const BARCODE_MAX: usize = 255;

enum Step {
    /// The command is not whole yet.
    Need,
    Done(Vec<DecodedOp>, usize),
}

fn done(op: DecodedOp, len: usize) -> Step {
    Step::Done(vec![op], len)
}

fn silent(len: usize) -> Step {
    Step::Done(Vec::new(), len)
}

fn unknown(bytes: &[u8], len: usize) -> Step {
    let (head, _) = bytes.split_at(len.min(bytes.len()));
    Step::Done(vec![DecodedOp::Unknown(head.to_vec())], len.min(bytes.len()))
}

/// A decoder that takes bytes as they arrive.
#[derive(Debug, Clone)]
pub struct Decoder {
    own: Codepage,
    page: Option<Codepage>,
    module: u8,
    with_text: bool,
    qr_module: u8,
    qr_data: String,
    buffer: Vec<u8>,
}

/// Decodes a whole job.
#[must_use]
pub fn decode(bytes: &[u8], profile: &Profile) -> Vec<DecodedOp> {
    let mut decoder = Decoder::new(profile);
    let mut ops = decoder.push(bytes);
    ops.extend(decoder.finish());
    ops
}

impl Decoder {
    /// A printer of this profile, just switched on.
    #[must_use]
    pub fn new(profile: &Profile) -> Self {
        Self {
            own: profile.codepage,
            page: Some(Codepage::Cp437 { n: 0 }),
            module: 3,
            with_text: false,
            qr_module: 3,
            qr_data: String::new(),
            buffer: Vec::new(),
        }
    }

    /// Takes bytes and gives the operations that are whole; the rest waits for the next bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<DecodedOp> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.extend_from_slice(bytes);
        let mut ops = Vec::new();
        let mut at = 0;
        while let Some(rest) = buffer.get(at..).filter(|rest| !rest.is_empty()) {
            match self.step(rest) {
                Step::Need => break,
                Step::Done(found, len) => {
                    ops.extend(found);
                    at += len.max(1);
                }
            }
        }
        self.buffer = buffer.split_off(at.min(buffer.len()));
        ops
    }

    /// The end of the bytes: what is not whole is listed as unknown.
    pub fn finish(&mut self) -> Option<DecodedOp> {
        let rest = std::mem::take(&mut self.buffer);
        (!rest.is_empty()).then_some(DecodedOp::Unknown(rest))
    }

    fn step(&mut self, bytes: &[u8]) -> Step {
        match bytes {
            [] => Step::Need,
            [0x0A, ..] => done(DecodedOp::LineEnd, 1),
            [0x0D, ..] => done(DecodedOp::CarriageReturn, 1),
            [0x09, ..] => done(DecodedOp::Tab, 1),
            [0x10, rest @ ..] => real_time(bytes, rest),
            [0x1B, rest @ ..] => self.escape(bytes, rest),
            [0x1C, rest @ ..] => kanji(bytes, rest),
            [0x1D, rest @ ..] => self.group(bytes, rest),
            [0x00..=0x1F | 0x7F, ..] => unknown(bytes, 1),
            _ => {
                let run = bytes.iter().take_while(|byte| **byte >= 0x20 && **byte != 0x7F);
                let text: String = run.map(|byte| self.char_of(*byte)).collect();
                let len = text.chars().count();
                done(DecodedOp::Text(text), len)
            }
        }
    }

    fn char_of(&self, byte: u8) -> char {
        if byte < 0x80 {
            return char::from(byte);
        }
        self.page.and_then(|page| page.char_of(byte)).unwrap_or('\u{FFFD}')
    }

    fn select(&mut self, n: u8) {
        self.page = match n {
            n if n == self.own.number() => Some(self.own),
            0 => Some(Codepage::Cp437 { n }),
            16 => Some(Codepage::Cp1252 { n }),
            19 => Some(Codepage::Cp858 { n }),
            _ => None,
        };
    }

    fn escape(&mut self, bytes: &[u8], rest: &[u8]) -> Step {
        match *rest {
            [b'@', ..] => {
                self.page = Some(Codepage::Cp437 { n: 0 });
                (self.module, self.with_text, self.qr_module) = (3, false, 3);
                self.qr_data.clear();
                done(DecodedOp::Init, 2)
            }
            [b't', n, ..] => {
                self.select(n);
                done(DecodedOp::Codepage(n), 3)
            }
            [b'E' | b'G', n, ..] => done(DecodedOp::Bold(n & 1 == 1), 3),
            [b'-', n, ..] => done(DecodedOp::Underline(!matches!(n, 0 | b'0')), 3),
            [b'M', n, ..] => done(DecodedOp::Font(n & 0x0F), 3),
            [b'a', n, ..] => match n & 0x0F {
                0 => done(DecodedOp::Align(Align::Left), 3),
                1 => done(DecodedOp::Align(Align::Center), 3),
                2 => done(DecodedOp::Align(Align::Right), 3),
                _ => unknown(bytes, 3),
            },
            [b'd', n, ..] => done(DecodedOp::Feed(n), 3),
            [b'J', n, ..] => done(DecodedOp::FeedDots(n), 3),
            [b'!', n, ..] => {
                let size = DecodedOp::Size {
                    width: 1 + u8::from(n & 0x20 != 0),
                    height: 1 + u8::from(n & 0x10 != 0),
                };
                let ops = vec![
                    DecodedOp::Font(n & 1),
                    DecodedOp::Bold(n & 8 != 0),
                    size,
                    DecodedOp::Underline(n & 0x80 != 0),
                ];
                Step::Done(ops, 3)
            }
            [b'p', m, on, _, ..] => {
                let second = matches!(m, 1 | b'1');
                done(DecodedOp::DrawerPulse { second, on_ms: u16::from(on) * 2 }, 5)
            }
            [b'i', ..] => done(DecodedOp::Cut { full: true }, 2),
            [b'm', ..] => done(DecodedOp::Cut { full: false }, 2),
            [b'2', ..] => silent(2),
            [b'3' | b' ' | b'R' | b'{' | b'V' | b'r' | b'=', _, ..] => unknown(bytes, 3),
            [b'$' | b'\\' | b'c', _, _, ..] => unknown(bytes, 4),
            []
            | [b't' | b'E' | b'G' | b'-' | b'M' | b'a' | b'd' | b'J' | b'!']
            | [b'3' | b' ' | b'R' | b'{' | b'V' | b'r' | b'='] => Step::Need,
            [b'p' | b'$' | b'\\' | b'c', ref short @ ..] if short.len() < 3 => Step::Need,
            _ => unknown(bytes, 2),
        }
    }

    fn group(&mut self, bytes: &[u8], rest: &[u8]) -> Step {
        match *rest {
            [b'!', n, ..] => {
                done(DecodedOp::Size { width: ((n >> 4) & 7) + 1, height: (n & 7) + 1 }, 3)
            }
            [b'B', n, ..] => done(DecodedOp::Reverse(n & 1 == 1), 3),
            [b'H', n, ..] => {
                self.with_text = !matches!(n, 0 | b'0');
                silent(3)
            }
            [b'w', n, ..] => {
                self.module = n;
                silent(3)
            }
            [b'h' | b'f', _, ..] => silent(3),
            [b'V', b'A' | b'a', _, ..] => done(DecodedOp::Cut { full: true }, 4),
            [b'V', b'B' | b'b', _, ..] => done(DecodedOp::Cut { full: false }, 4),
            [b'V', b'A' | b'a' | b'B' | b'b'] => Step::Need,
            [b'V', n, ..] => done(DecodedOp::Cut { full: matches!(n, 0 | b'0') }, 3),
            [b'r', n, ..] => done(DecodedOp::QueuedStatusRequest(n), 3),
            [b'a', n, ..] => done(DecodedOp::AutoStatus(n), 3),
            [b'I', n, ..] => done(DecodedOp::IdRequest(n), 3),
            [b'k', kind, ref data @ ..] => self.barcode(bytes, kind, data),
            [b'(', function, low, high, ref data @ ..] => {
                let len = usize::from(u16::from_le_bytes([low, high]));
                match data.split_at_checked(len) {
                    Some((data, _)) => self.function(bytes, function, data),
                    None => Step::Need,
                }
            }
            [b'v', b'0', _, xl, xh, yl, yh, ref data @ ..] => {
                picture(bytes, [xl, xh], [yl, yh], data)
            }
            [b'L' | b'W' | b'P', _, _, ..] => unknown(bytes, 4),
            [b'b', _, ..] => unknown(bytes, 3),
            []
            | [b'!' | b'B' | b'H' | b'w' | b'h' | b'f' | b'V' | b'r' | b'a' | b'I' | b'k' | b'b'] => {
                Step::Need
            }
            [b'(', ref short @ ..] if short.len() < 3 => Step::Need,
            [b'v', ref short @ ..] if short.len() < 6 && matches!(short, [] | [b'0', ..]) => {
                Step::Need
            }
            [b'L' | b'W' | b'P', ref short @ ..] if short.len() < 2 => Step::Need,
            _ => unknown(bytes, 2),
        }
    }

    fn barcode(&self, bytes: &[u8], kind: u8, data: &[u8]) -> Step {
        let (content, len) = if kind >= 65 {
            let [len, data @ ..] = data else {
                return Step::Need;
            };
            let Some((content, _)) = data.split_at_checked(usize::from(*len)) else {
                return Step::Need;
            };
            (content, content.len() + 4)
        } else {
            match data.iter().position(|byte| *byte == 0) {
                Some(end) if end <= BARCODE_MAX => {
                    let (content, _) = data.split_at(end);
                    (content, end + 4)
                }
                None if data.len() <= BARCODE_MAX => return Step::Need,
                _ => return unknown(bytes, 3),
            }
        };
        let known = match kind {
            0 | 65 => BarcodeKind::UpcA,
            1 | 66 => BarcodeKind::UpcE,
            2 | 67 => BarcodeKind::Ean13,
            3 | 68 => BarcodeKind::Ean8,
            4 | 69 => BarcodeKind::Code39,
            5 | 70 => BarcodeKind::Itf,
            6 | 71 => BarcodeKind::Codabar,
            72 => BarcodeKind::Code93,
            73 => BarcodeKind::Code128,
            _ => return unknown(bytes, len),
        };
        let data = match known {
            BarcodeKind::Code128 => code128_text(content),
            _ => String::from_utf8_lossy(content).into_owned(),
        };
        done(
            DecodedOp::Barcode {
                kind: known,
                data,
                module: self.module,
                with_text: self.with_text,
            },
            len,
        )
    }

    /// `GS ( function`: QR codes and process ids; the length is always known, so the others are skipped whole.
    fn function(&mut self, bytes: &[u8], function: u8, data: &[u8]) -> Step {
        let len = data.len() + 5;
        match (function, data) {
            (b'k', [0x31, 0x41 | 0x45, ..]) => silent(len),
            (b'k', [0x31, 0x43, module]) => {
                self.qr_module = *module;
                silent(len)
            }
            (b'k', [0x31, 0x50, 0x30, content @ ..]) => {
                self.qr_data = String::from_utf8_lossy(content).into_owned();
                silent(len)
            }
            (b'k', [0x31, 0x51, _]) => {
                done(DecodedOp::Qr { data: self.qr_data.clone(), module: self.qr_module }, len)
            }
            (b'H', [0x30, 0x30, a, b, c, d]) => done(DecodedOp::ProcessId([*a, *b, *c, *d]), len),
            _ => unknown(bytes, len),
        }
    }
}

fn real_time(bytes: &[u8], rest: &[u8]) -> Step {
    match *rest {
        [0x04, n, ..] => done(DecodedOp::StatusRequest(n), 3),
        [0x05, n, ..] => done(DecodedOp::Recover(n), 3),
        [0x14, 1, m, t, ..] => {
            done(DecodedOp::DrawerPulse { second: m == 1, on_ms: u16::from(t) * 100 }, 5)
        }
        [] | [0x04 | 0x05] | [0x14] | [0x14, 1] | [0x14, 1, _] => Step::Need,
        [0x14, ..] => unknown(bytes, 3),
        _ => unknown(bytes, 1),
    }
}

fn kanji(bytes: &[u8], rest: &[u8]) -> Step {
    match *rest {
        [b'.', ..] => done(DecodedOp::CancelKanji, 2),
        [b'&', ..] => unknown(bytes, 2),
        [b'!' | b'C' | b'-' | b'W', _, ..] => unknown(bytes, 3),
        [b'S', _, _, ..] => unknown(bytes, 4),
        [] | [b'!' | b'C' | b'-' | b'W'] | [b'S'] | [b'S', _] => Step::Need,
        _ => unknown(bytes, 2),
    }
}

fn picture(bytes: &[u8], x: [u8; 2], y: [u8; 2], data: &[u8]) -> Step {
    let row_bytes = u16::from_le_bytes(x);
    let len = usize::from(row_bytes).saturating_mul(usize::from(u16::from_le_bytes(y)));
    if len == 0 || len > RASTER_MAX {
        return unknown(bytes, 8);
    }
    match data.split_at_checked(len) {
        Some((data, _)) => {
            done(DecodedOp::Raster(Raster { row_bytes, data: data.to_vec() }), len + 8)
        }
        None => Step::Need,
    }
}

/// The text of a Code 128 as sent: `{A`, `{B`, `{C` choose the set, `{{` is a brace, other `{x` are function codes.
fn code128_text(content: &[u8]) -> String {
    let mut text = String::new();
    let mut pairs = false;
    let mut bytes = content.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' => match bytes.next() {
                Some(b'{') => text.push('{'),
                Some(b'C') => pairs = true,
                Some(b'A' | b'B') => pairs = false,
                _ => {}
            },
            byte if pairs => text.push_str(&format!("{byte:02}")),
            byte if byte.is_ascii_graphic() || byte == b' ' => text.push(char::from(byte)),
            _ => text.push('\u{FFFD}'),
        }
    }
    text
}
