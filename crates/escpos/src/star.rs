//! Star's own language (StarPRNT, Star Line): operations to bytes, and what the printer says of itself.
//!
//! Sources: Star's public command specifications (Line Mode, StarPRNT): bar codes 3-3-10 and 5.1.4, ETB and the automatic status in the
//! appendix; the bytes of a job were held against an independent generator.

use crate::encode::{QR_MAX, bar_width, plain_line};
use crate::{Align, Cut, Op, Profile, Raster, Status};

const ESC: u8 = 0x1B;
const GS: u8 = 0x1D;
const RS: u8 = 0x1E;
const LF: u8 = 0x0A;
const BEL: u8 = 0x07;
const SUB: u8 = 0x1A;
const ETB: u8 = 0x17;
/// 20 × 10 ms on, 20 × 10 ms off.
const PULSE: u8 = 20;
/// Height of bar codes in dots.
const BAR_HEIGHT: u8 = 80;

/// The whole job for this printer: reset, codepage, then the operations.
pub(crate) fn encode(ops: &[Op], profile: &Profile) -> Vec<u8> {
    let mut out = vec![ESC, b'@', ESC, GS, b't', profile.codepage.number()];
    for op in ops {
        one(op, profile, &mut out);
    }
    out
}

fn one(op: &Op, profile: &Profile, out: &mut Vec<u8>) {
    match op {
        Op::Text(text) => out.extend(profile.codepage.encode(text)),
        Op::LineEnd => out.push(LF),
        Op::Bold(on) => out.extend([ESC, if *on { b'E' } else { b'F' }]),
        Op::Size { width, height } => {
            out.extend([ESC, b'i', height.clamp(&1, &6) - 1, width.clamp(&1, &6) - 1]);
        }
        Op::Align(align) => out.extend([
            ESC,
            GS,
            b'a',
            match align {
                Align::Left => 0,
                Align::Center => 1,
                Align::Right => 2,
            },
        ]),
        Op::Feed(lines) => out.extend(std::iter::repeat_n(LF, usize::from(*lines))),
        Op::Rule => {
            out.extend(std::iter::repeat_n(b'-', usize::from(profile.columns)));
            out.push(LF);
        }
        Op::Code128(data) => match bar_width(data, profile) {
            // Its own codes begin with `%`: start code B is given, so that digits are not packed and the width is known.
            Some(width) => {
                let content = format!("%7{}", data.replace('%', "%0"));
                bars(6, width.saturating_sub(1), content.as_bytes(), out);
            }
            None => plain_line(data, profile, out),
        },
        Op::Ean13(data) => {
            if data.len() == 13 && data.bytes().all(|byte| byte.is_ascii_digit()) {
                bars(3, 1, data.as_bytes(), out);
            } else {
                plain_line(data, profile, out);
            }
        }
        Op::Qr { data, module } => qr(data, *module, profile, out),
        Op::Raster(picture) => raster(picture, profile, out),
        Op::Cut => match profile.cut {
            Cut::None => out.extend([LF; 4]),
            Cut::Partial => out.extend([ESC, b'd', 3]),
            Cut::Full => out.extend([ESC, b'd', 2]),
        },
        Op::DrawerPulse { second } => {
            out.extend([ESC, BEL, PULSE, PULSE, if *second { SUB } else { BEL }]);
        }
    }
}

/// With the text below and a line end; mode 1 has two dots per module, mode 2 three.
fn bars(kind: u8, mode: u8, data: &[u8], out: &mut Vec<u8>) {
    out.extend([ESC, b'b', kind, 2, mode.clamp(1, 2), BAR_HEIGHT]);
    out.extend(data);
    out.push(RS);
}

fn qr(data: &str, module: u8, profile: &Profile, out: &mut Vec<u8>) {
    let content: String = data.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    let fits = profile.qr && !content.is_empty() && content.len() <= QR_MAX;
    let Some(length) = u16::try_from(content.len()).ok().filter(|_| fits) else {
        return plain_line(data, profile, out);
    };
    let [low, high] = length.to_le_bytes();
    out.extend([ESC, GS, b'y', b'S', b'0', 2]);
    out.extend([ESC, GS, b'y', b'S', b'1', 1]);
    out.extend([ESC, GS, b'y', b'S', b'2', module.clamp(1, 8)]);
    out.extend([ESC, GS, b'y', b'D', b'1', 0, low, high]);
    out.extend(content.as_bytes());
    out.extend([ESC, GS, b'y', b'P']);
}

/// `ESC GS S 1`: width in bytes, height in dots, one colour.
fn raster(picture: &Raster, profile: &Profile, out: &mut Vec<u8>) {
    let row = usize::from(picture.row_bytes);
    if !profile.raster || row == 0 || row > usize::from(profile.dots / 8) {
        return;
    }
    for band in picture.data.chunks(row * 255) {
        let rows = band.len() / row;
        let Some(rows) = u16::try_from(rows).ok().filter(|rows| *rows > 0) else { continue };
        let ([xl, xh], [yl, yh]) = (picture.row_bytes.to_le_bytes(), rows.to_le_bytes());
        out.extend([ESC, GS, b'S', 1, xl, xh, yl, yh, 0]);
        out.extend(band.iter().take(usize::from(rows) * row));
    }
}

/// Asks for the state; answered at once, also when the printer is off line (`ESC ACK SOH`).
pub const STATUS_REQUEST: [u8; 3] = [ESC, 0x06, 0x01];

/// Counts one up when everything before it has been printed.
pub const COUNT_WHEN_PRINTED: u8 = ETB;

/// The printer's automatic status (ASB): its state and how many times [`COUNT_WHEN_PRINTED`] came to its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StarStatus {
    /// The state. The drawer's pin is the compulsion switch.
    pub status: Status,
    /// 0 to 31, then from 0 again; none where the model does not count.
    pub printed: Option<u8>,
}

fn bit(byte: u8, n: u8) -> bool {
    byte & (1 << n) != 0
}

/// Bits 4 and 7 are 0 everywhere; bit 0 is 1 in the first byte and nowhere else.
const fn first(byte: u8) -> bool {
    byte & 0x91 == 0x01
}

const fn further(byte: u8) -> bool {
    byte & 0x91 == 0
}

impl StarStatus {
    /// Takes the next whole status out of what has come, with what stood before it; none while it is not whole.
    pub fn take(received: &mut Vec<u8>) -> Option<Self> {
        loop {
            let at = received.iter().position(|byte| first(*byte));
            let Some(at) = at else {
                received.clear();
                return None;
            };
            received.drain(..at);
            let length = length_of(received.first().copied()?);
            let body: Vec<u8> = received.iter().skip(1).take(length - 1).copied().collect();
            if let Some(wrong) = body.iter().position(|byte| !further(*byte)) {
                received.drain(..=wrong);
                continue;
            }
            if body.len() + 1 < length {
                return None;
            }
            received.drain(..length);
            return Some(Self::of(&body));
        }
    }

    /// Without the first byte; bytes that an older model does not send are 0.
    fn of(body: &[u8]) -> Self {
        let byte = |n: usize| body.get(n).copied().unwrap_or_default();
        // The second byte is the status' version; the third is here the one at 1.
        let (printer, error, more, paper) = (byte(1), byte(2), byte(3), byte(4));
        let status = Status {
            drawer_pin_high: bit(printer, 2),
            offline: bit(printer, 3),
            cover_open: bit(printer, 5),
            mechanical: bit(error, 2),
            cutter: bit(error, 3),
            unrecoverable: bit(error, 5) || bit(more, 6),
            auto_recoverable: bit(error, 6),
            error: error & 0x2C != 0,
            near_end: bit(paper, 2),
            paper_end: bit(paper, 3),
            paper_stop: bit(paper, 3),
            ..Status::default()
        };
        let printed = body.get(6).map(|count| ((count >> 1) & 0x07) | ((count >> 2) & 0x18));
        Self { status, printed }
    }

    /// As a printer sends it: nine bytes.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        let Status { drawer_pin_high, offline, cover_open, mechanical, cutter, .. } = self.status;
        let on = |flag: bool, n: u8| u8::from(flag) << n;
        let count = self.printed.unwrap_or_default();
        vec![
            0x23,
            0x06,
            on(drawer_pin_high, 2) | on(offline, 3) | on(cover_open, 5),
            on(mechanical, 2)
                | on(cutter, 3)
                | on(self.status.unrecoverable, 5)
                | on(self.status.auto_recoverable, 6),
            0,
            on(self.status.near_end, 2) | on(self.status.paper_end, 3),
            0,
            ((count & 0x07) << 1) | ((count & 0x18) << 2),
            0,
        ]
    }
}

/// Bits 1 to 3 and 5, 6 of the first byte are the length of the whole.
fn length_of(first: u8) -> usize {
    usize::from(((first >> 1) & 0x07) | ((first >> 2) & 0x18)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_that_printers_send() {
        assert_eq!([0x0F, 0x21, 0x23].map(length_of), [7, 8, 9]);
    }

    #[test]
    fn a_status_is_found_between_other_bytes_and_in_pieces() {
        let status = Status { cover_open: true, near_end: true, ..Status::default() };
        let sent = StarStatus { status, printed: Some(29) };
        let mut received = vec![0x12, 0x0F, 0x91, 0x00];
        for byte in sent.to_bytes() {
            assert_eq!(StarStatus::take(&mut received), None);
            received.push(byte);
        }
        assert_eq!(StarStatus::take(&mut received), Some(sent));
        assert_eq!(received, Vec::<u8>::new());
    }

    #[test]
    fn every_count_comes_back() {
        for count in 0..32 {
            let sent = StarStatus { printed: Some(count), ..StarStatus::default() };
            assert_eq!(StarStatus::take(&mut sent.to_bytes()), Some(sent));
        }
    }
}
