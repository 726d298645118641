//! ZPL II, the language of Zebra's label printers and of many others: labels out ([`write()`]), the printer's state in ([`status`]),
//! and a strict reader for the simulator and for tests ([`read`]).
//!
//! Source: ZPL II Programming Guide (^XA … ^XZ, ^FH, ^A0, ^BE, ^B8, ^BC, ^PQ, ~HS). Tested with the simulator only.

pub mod read;
pub mod status;

use std::fmt::Write as _;

use crate::bars::Bars;
use crate::layout::{Laid, Mark};

/// What begins a hexadecimal escape in a field (`^FH_`).
const ESCAPE: char = '_';
/// Most copies of one label (`^PQ`).
pub const MOST_COPIES: u32 = 1_000;

/// The symbols of Code 128 that choose a set, as values.
const TO_C: usize = 99;
const TO_B: usize = 100;
const START_B: usize = 104;
const START_C: usize = 105;

/// How fine a printer prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dpi {
    /// 203 dots per inch: eight to the millimetre.
    D203,
    /// 300 dots per inch.
    D300,
}

impl Dpi {
    /// Of this number.
    #[must_use]
    pub const fn of(dpi: u16) -> Option<Self> {
        match dpi {
            203 => Some(Self::D203),
            300 => Some(Self::D300),
            _ => None,
        }
    }

    /// Micrometres as dots, the nearest number of them.
    #[must_use]
    pub fn dots(self, micrometres: u32) -> u32 {
        let (dots, of) = match self {
            Self::D203 => (8_u64, 1_000_u64),
            Self::D300 => (300, 25_400),
        };
        let whole = u64::from(micrometres).saturating_mul(dots).saturating_mul(2);
        let halves = whole.saturating_add(of).checked_div(of.saturating_mul(2)).unwrap_or(0);
        u32::try_from(halves).unwrap_or(u32::MAX)
    }

    /// Widths that a bar can have, micrometres: whole dots, around the nominal width of an EAN.
    #[must_use]
    pub const fn modules(self) -> &'static [u32] {
        match self {
            Self::D203 => &[375, 250],
            Self::D300 => &[339, 254],
        }
    }
}

/// The commands that print a label so often. ASCII alone: nothing in a text is a command, whatever the text is.
#[must_use]
pub fn write(laid: &Laid, dpi: Dpi, copies: u32) -> String {
    let dots = |micrometres: u32| dpi.dots(micrometres);
    let (width, height) = (dots(laid.size.width), dots(laid.size.height));
    let mut out = format!("^XA\n^CI28\n^PW{width}\n^LL{height}\n^LH0,0\n");
    for mark in &laid.marks {
        let _ = match mark {
            Mark::Text { x, y, size, text, .. } => {
                let size = dots(*size).max(1);
                let (x, y, text) = (dots(*x), dots(*y), field(text));
                writeln!(out, "^FT{x},{y}^A0N,{size},{size}^FH{ESCAPE}^FD{text}^FS")
            }
            Mark::Bars { x, y, module, height, bars } => {
                let (x, y, height, module) = (dots(*x), dots(*y), dots(*height), dots(*module));
                let (command, data) = code(bars);
                // Below them the text stands as a text: its size and place are the same everywhere.
                let command = match command {
                    Symbol::Ean13 => format!("^BEN,{height},N,N"),
                    Symbol::Ean8 => format!("^B8N,{height},N,N"),
                    Symbol::Code128 => format!("^BCN,{height},N,N,N,N"),
                };
                let data = field(&data);
                writeln!(out, "^FO{x},{y}^BY{module}{command}^FH{ESCAPE}^FD{data}^FS")
            }
        };
    }
    let copies = copies.clamp(1, MOST_COPIES);
    let _ = write!(out, "^PQ{copies}\n^XZ\n");
    out
}

enum Symbol {
    Ean13,
    Ean8,
    Code128,
}

/// The printer adds the check digit of an EAN itself. In a Code 128 it is told each set: so the bars are as wide as they were laid out.
fn code(bars: &Bars) -> (Symbol, String) {
    let without_check =
        |digits: &str| digits.get(..digits.len().saturating_sub(1)).unwrap_or_default().to_owned();
    match bars {
        Bars::Ean13(digits) => (Symbol::Ean13, without_check(digits)),
        Bars::Ean8(digits) => (Symbol::Ean8, without_check(digits)),
        Bars::Code128(text) => (Symbol::Code128, invoked(&Bars::symbols(text))),
    }
}

/// Symbols with the marks that choose a set: `>:` and `>;` begin, `>6` and `>5` go over; `>0` is the sign itself.
fn invoked(symbols: &[usize]) -> String {
    let mut out = String::new();
    let mut pairs = false;
    for symbol in symbols {
        match (*symbol, pairs) {
            (START_C, _) => {
                pairs = true;
                out.push_str(">;");
            }
            (START_B, _) => {
                pairs = false;
                out.push_str(">:");
            }
            (TO_C, false) => {
                pairs = true;
                out.push_str(">5");
            }
            (TO_B, true) => {
                pairs = false;
                out.push_str(">6");
            }
            (value, true) => {
                let _ = write!(out, "{value:02}");
            }
            (value, false) => {
                let byte = u8::try_from(value.saturating_add(0x20)).unwrap_or(b' ');
                match char::from(byte) {
                    '>' => out.push_str(">0"),
                    c => out.push(c),
                }
            }
        }
    }
    out
}

/// A text as the data of a field: what could be a command, and what is no printable ASCII, as hexadecimal bytes of its UTF-8.
fn field(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'^' | b'~' | b'_' | 0..0x20 | 0x7F.. => {
                let _ = write!(out, "{ESCAPE}{byte:02X}");
            }
            byte => out.push(char::from(byte)),
        }
    }
    out
}
