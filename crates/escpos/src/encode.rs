//! Operations to bytes. This and [`crate::star`] are the only places in Tresen that write a byte below 0x20 to a printer.

use crate::{Cut, Language, Profile, epos, star};

/// Where a line or a code stands on the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right edge.
    Right,
}

/// A black and white picture, row by row from the top, most significant bit left, 1 = black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    /// Bytes per row (eight dots each).
    pub row_bytes: u16,
    /// All rows; a last row that is not whole is not printed.
    pub data: Vec<u8>,
}

/// One operation of a job. Texts come from outside: they are made printable here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Characters, without a line end.
    Text(String),
    /// Ends the line.
    LineEnd,
    /// Bold on or off.
    Bold(bool),
    /// Multiples of the character's size, 1 to 8 each.
    Size {
        /// Width factor.
        width: u8,
        /// Height factor.
        height: u8,
    },
    /// Alignment from the next line on.
    Align(Align),
    /// Feeds so many lines.
    Feed(u8),
    /// A rule over the whole width, with its line end.
    Rule,
    /// A Code 128 with its text below. Printed as plain text when it has other than ASCII characters or is too wide, and by printers without
    /// commands for bar codes.
    Code128(String),
    /// An EAN-13 (13 digits; anything else is printed as plain text, as all is by printers without commands for bar codes).
    Ean13(String),
    /// A QR code, error correction M. Printed as plain text by printers without QR commands.
    Qr {
        /// The content; controls become `?`.
        data: String,
        /// Dots per module, 1 to 16.
        module: u8,
    },
    /// A picture. Left out by printers without raster commands.
    Raster(Raster),
    /// Feeds to the cutter and cuts as the profile says; without a cutter, feeds to the tear bar.
    Cut,
    /// Opens the drawer: a pulse on pin 2 (or pin 5).
    DrawerPulse {
        /// The second drawer's pin 5 instead of pin 2.
        second: bool,
    },
}

const ESC: u8 = 0x1B;
const GS: u8 = 0x1D;
const FS: u8 = 0x1C;
const LF: u8 = 0x0A;
/// 25 × 2 ms on, 250 × 2 ms off: within what drawers of all makers take.
const PULSE_ON: u8 = 0x19;
const PULSE_OFF: u8 = 0xFA;
/// Height of bar codes in dots (10 mm).
const BAR_HEIGHT: u8 = 80;
/// QR symbols hold at most 2331 bytes at level M.
pub(crate) const QR_MAX: usize = 2331;

/// The whole job in this printer's language: reset, codepage, then the operations; for ePOS the XML of the operations. A drawer
/// without a printer gets its pulses alone.
#[must_use]
pub fn encode(ops: &[Op], profile: &Profile) -> Vec<u8> {
    if !profile.prints() {
        let mut out = Vec::new();
        let pulses = ops.iter().filter(|op| matches!(op, Op::DrawerPulse { .. }));
        pulses.for_each(|op| one(op, profile, &mut out));
        return out;
    }
    match profile.language {
        Language::EscPos => escpos(ops, profile),
        Language::Star => star::encode(ops, profile),
        Language::Epos => epos::encode(ops, profile).into_bytes(),
    }
}

fn escpos(ops: &[Op], profile: &Profile) -> Vec<u8> {
    let mut out = vec![ESC, b'@', FS, b'.', ESC, b't', profile.codepage.number()];
    for op in ops {
        one(op, profile, &mut out);
    }
    out
}

fn one(op: &Op, profile: &Profile, out: &mut Vec<u8>) {
    match op {
        Op::Text(text) => out.extend(profile.codepage.encode(text)),
        Op::LineEnd => out.push(LF),
        Op::Bold(on) => out.extend([ESC, b'E', u8::from(*on)]),
        Op::Size { width, height } => {
            let (w, h) = (width.clamp(&1, &8) - 1, height.clamp(&1, &8) - 1);
            out.extend([GS, b'!', (w << 4) | h]);
        }
        Op::Align(align) => out.extend([
            ESC,
            b'a',
            match align {
                Align::Left => 0,
                Align::Center => 1,
                Align::Right => 2,
            },
        ]),
        Op::Feed(lines) => out.extend([ESC, b'd', *lines]),
        Op::Rule => {
            out.extend(std::iter::repeat_n(b'-', usize::from(profile.columns)));
            out.push(LF);
        }
        Op::Code128(data) => code128(data, profile, out),
        Op::Ean13(data) => ean13(data, profile, out),
        Op::Qr { data, module } => qr(data, *module, profile, out),
        Op::Raster(picture) => raster(picture, profile, out),
        Op::Cut => match profile.cut {
            Cut::None => out.extend([ESC, b'd', 4]),
            Cut::Partial => out.extend([GS, b'V', 0x42, 0]),
            Cut::Full => out.extend([GS, b'V', 0x41, 0]),
        },
        Op::DrawerPulse { second } => {
            out.extend([ESC, b'p', u8::from(*second), PULSE_ON, PULSE_OFF])
        }
    }
}

/// Whether a Code 128 of this text can stand on this printer's paper (two dots per module, code set B).
#[must_use]
pub fn code128_fits(data: &str, profile: &Profile) -> bool {
    bar_width(data, profile).is_some()
}

/// Dots per module: 3 where the paper is wide enough, else 2, else it does not fit.
pub(crate) fn bar_width(data: &str, profile: &Profile) -> Option<u8> {
    let printable = data.bytes().all(|byte| (0x20..=0x7E).contains(&byte));
    if !profile.bars || data.is_empty() || !printable || data.len() > 100 {
        return None;
    }
    // start + data + check at 11 modules, stop 13, quiet zones 2 × 10
    let modules = data.len().checked_add(2)?.checked_mul(11)?.checked_add(33)?;
    [3_u8, 2].into_iter().find(|width| modules * usize::from(*width) <= usize::from(profile.dots))
}

fn bar_settings(width: u8, out: &mut Vec<u8>) {
    out.extend([GS, b'h', BAR_HEIGHT, GS, b'w', width, GS, b'H', 2]);
}

pub(crate) fn plain_line(text: &str, profile: &Profile, out: &mut Vec<u8>) {
    out.extend(profile.codepage.encode(text));
    out.push(LF);
}

fn code128(data: &str, profile: &Profile, out: &mut Vec<u8>) {
    let Some(width) = bar_width(data, profile) else {
        return plain_line(data, profile, out);
    };
    // `{` opens a function code inside the data and is written twice.
    let content = format!("{{B{}", data.replace('{', "{{"));
    let Ok(len) = u8::try_from(content.len()) else {
        return plain_line(data, profile, out);
    };
    bar_settings(width, out);
    out.extend([GS, b'k', 73, len]);
    out.extend(content.as_bytes());
    out.push(LF);
}

fn ean13(data: &str, profile: &Profile, out: &mut Vec<u8>) {
    if !profile.bars || data.len() != 13 || !data.bytes().all(|byte| byte.is_ascii_digit()) {
        return plain_line(data, profile, out);
    }
    bar_settings(2, out);
    out.extend([GS, b'k', 67, 13]);
    out.extend(data.as_bytes());
    out.push(LF);
}

fn qr(data: &str, module: u8, profile: &Profile, out: &mut Vec<u8>) {
    let mut content: String = data.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    // DLE EOT, DLE ENQ and DLE DC4 act at once even inside other commands: the two length bytes must not spell one.
    if matches!(content.len().saturating_add(3), 0x0410 | 0x0510 | 0x1410) {
        content.push(' ');
    }
    let fits = profile.qr && !content.is_empty() && content.len() <= QR_MAX;
    let length = u16::try_from(content.len().saturating_add(3)).ok().filter(|_| fits);
    let Some(length) = length else {
        return plain_line(data, profile, out);
    };
    let [low, high] = length.to_le_bytes();
    out.extend([GS, b'(', b'k', 4, 0, 0x31, 0x41, 0x32, 0]);
    out.extend([GS, b'(', b'k', 3, 0, 0x31, 0x43, module.clamp(1, 16)]);
    out.extend([GS, b'(', b'k', 3, 0, 0x31, 0x45, 49]);
    out.extend([GS, b'(', b'k', low, high, 0x31, 0x50, 0x30]);
    out.extend(content.as_bytes());
    out.extend([GS, b'(', b'k', 3, 0, 0x31, 0x51, 0x30]);
}

/// In bands of at most 255 rows, the widest support.
fn raster(picture: &Raster, profile: &Profile, out: &mut Vec<u8>) {
    let row = usize::from(picture.row_bytes);
    if !profile.raster || row == 0 || row > usize::from(profile.dots / 8) {
        return;
    }
    for band in picture.data.chunks(row * 255) {
        let rows = band.len() / row;
        let Ok(rows) = u16::try_from(rows) else {
            continue;
        };
        if rows == 0 {
            continue;
        }
        let ([xl, xh], [yl, yh]) = (picture.row_bytes.to_le_bytes(), rows.to_le_bytes());
        out.extend([GS, b'v', b'0', 0, xl, xh, yl, yh]);
        out.extend(band.iter().take(usize::from(rows) * row).map(|byte| realtime_safe(*byte)));
    }
}

/// 0x10 begins a real-time command and acts inside a picture too; one dot more is not seen.
fn realtime_safe(byte: u8) -> u8 {
    if byte == 0x10 { 0x30 } else { byte }
}
