//! Customer displays of two lines of 20 characters, without any I/O: two lines in, bytes out, and a decoder for tests and the
//! simulator.
//!
//! What always holds: a line is exactly 20 characters that every display has, whatever was in the text; only the encoder writes
//! control bytes, so that no name of an item can ever be a command – not for the display, and not for the printer before it.
//!
//! Sources: Epson's DM-D manuals, and those of displays that speak CD5220.

use crate::codepage::Codepage;

/// Characters of a line.
pub const WIDTH: usize = 20;

/// Code page 858 by the number that Epson's displays give it.
const CP858: Codepage = Codepage::Cp858 { n: 19 };
/// What displays without a code page have: ASCII.
const PLAIN: Codepage = Codepage::Unicode;

/// What a display understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Epson's.
    Epson,
    /// CD5220.
    Cd5220,
}

/// A display.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pole {
    /// What it understands.
    pub dialect: Dialect,
    /// It has code page 858; without, umlauts are written out.
    pub umlauts: bool,
    /// It hangs on a printer's cable and is chosen by `ESC =`.
    pub behind_printer: bool,
}

impl Pole {
    /// Readies a display that was just switched on, or that somebody else has written on: cleared, no cursor, nothing scrolls.
    #[must_use]
    pub fn begin(self) -> Vec<u8> {
        let ready: &[u8] = match self.dialect {
            Dialect::Epson => &[0x1B, 0x40, 0x1F, 0x01, 0x1F, 0x43, 0x00, 0x0C],
            Dialect::Cd5220 => &[0x1B, 0x40, 0x0C],
        };
        let mut bytes = ready.to_vec();
        if self.umlauts {
            bytes.extend([0x1B, 0x74, CP858.number()]);
        }
        self.chosen(bytes)
    }

    /// Both lines, in place of what stands there. Each is cut or filled to 20 characters.
    #[must_use]
    pub fn show(self, lines: [&str; 2]) -> Vec<u8> {
        let [upper, lower] = lines.map(|line| self.line(line));
        let mut bytes = Vec::new();
        match self.dialect {
            Dialect::Epson => {
                bytes.extend([0x1F, 0x24, 0x01, 0x01]);
                bytes.extend(upper);
                bytes.extend([0x1F, 0x24, 0x01, 0x02]);
                bytes.extend(lower);
            }
            Dialect::Cd5220 => {
                bytes.extend([0x1B, 0x51, 0x41]);
                bytes.extend(upper);
                bytes.extend([0x0D, 0x1B, 0x51, 0x42]);
                bytes.extend(lower);
                bytes.push(0x0D);
            }
        }
        self.chosen(bytes)
    }

    /// Through a printer the display is chosen first, and the printer again afterwards: whatever is printed then is printed.
    fn chosen(self, bytes: Vec<u8>) -> Vec<u8> {
        if !self.behind_printer {
            return bytes;
        }
        let mut through = vec![0x1B, 0x3D, 0x02];
        through.extend(bytes);
        through.extend([0x1B, 0x3D, 0x01]);
        through
    }

    fn page(self) -> Codepage {
        if self.umlauts { CP858 } else { PLAIN }
    }

    /// A text in the characters that the display has; none of them is a control character.
    #[must_use]
    pub fn printable(self, text: &str) -> String {
        if self.umlauts {
            return CP858.printable(text);
        }
        let mut out = String::new();
        for letter in text.chars() {
            match letter {
                ' '..='~' => out.push(letter),
                'ä' => out.push_str("ae"),
                'ö' => out.push_str("oe"),
                'ü' => out.push_str("ue"),
                'Ä' => out.push_str("Ae"),
                'Ö' => out.push_str("Oe"),
                'Ü' => out.push_str("Ue"),
                'ß' => out.push_str("ss"),
                '€' => out.push_str("EUR"),
                // The first page of all has more letters to be likened to than ASCII: what is left of it then is ASCII or `?`.
                other => {
                    let like = Codepage::Cp437 { n: 0 }.printable(other.encode_utf8(&mut [0; 4]));
                    out.extend(like.chars().map(|c| if c.is_ascii() { c } else { '?' }));
                }
            }
        }
        out
    }

    /// Exactly 20 bytes of printable characters.
    fn line(self, text: &str) -> Vec<u8> {
        let page = self.page();
        let mut bytes: Vec<u8> = self
            .printable(text)
            .chars()
            .map(|c| page.byte_of(c).unwrap_or(b'?'))
            .take(WIDTH)
            .collect();
        bytes.resize(WIDTH, b' ');
        bytes
    }
}

/// A word at the left and one at the right of a line; the left one is cut where both do not fit.
#[must_use]
pub fn sides(pole: Pole, left: &str, right: &str) -> String {
    let right: String = pole.printable(right).chars().take(WIDTH).collect();
    let taken = right.chars().count();
    let room = if taken == 0 { WIDTH } else { WIDTH.saturating_sub(taken).saturating_sub(1) };
    let left: String = pole.printable(left).chars().take(room).collect();
    let gap = WIDTH.saturating_sub(left.chars().count()).saturating_sub(taken);
    format!("{left}{}{right}", " ".repeat(gap))
}

/// The glass of a display: what stands on it after the bytes so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glass {
    dialect: Dialect,
    cells: [[u8; WIDTH]; 2],
    at: (usize, usize),
    pending: Vec<u8>,
    /// Bytes for the printer that it hangs on go past it.
    chosen: bool,
    umlauts: bool,
    unknown: usize,
}

impl Glass {
    /// A display that was just switched on.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            cells: [[b' '; WIDTH]; 2],
            at: (0, 0),
            pending: Vec::new(),
            chosen: true,
            umlauts: false,
            unknown: 0,
        }
    }

    /// Both lines.
    #[must_use]
    pub fn lines(&self) -> [String; 2] {
        let page = if self.umlauts { CP858 } else { Codepage::Cp437 { n: 0 } };
        self.cells
            .map(|cells| cells.iter().map(|byte| page.char_of(*byte).unwrap_or('?')).collect())
    }

    /// How many bytes made no sense.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.unknown
    }

    /// Takes bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.pending.push(*byte);
            self.take();
        }
    }

    fn take(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        match pending.as_slice() {
            [0x1B, 0x3D, which] => self.chosen = which & 0x02 != 0,
            [0x1B] | [0x1B, 0x3D] => self.pending = pending,
            // For the printer before it.
            [first, ..] if !self.chosen && *first != 0x1B => {}
            [0x1B, _] if !self.chosen => {}
            [0x1B, 0x40] => self.reset(),
            [0x1B, 0x74] | [0x1F] | [0x1F, 0x24] | [0x1F, 0x24, _] | [0x1F, 0x43 | 0x58] => {
                self.pending = pending;
            }
            [0x1B, 0x74, page] => self.umlauts = *page == CP858.number(),
            [0x1F, 0x01] | [0x1F, 0x43 | 0x58, _] => {}
            [0x1F, 0x24, x, y] => {
                let place =
                    |at: u8, most: usize| usize::from(at).checked_sub(1).filter(|at| *at < most);
                match place(*y, 2).zip(place(*x, WIDTH)) {
                    Some(at) => self.at = at,
                    None => self.unknown = self.unknown.saturating_add(4),
                }
            }
            [0x1B, 0x51, rest @ ..] if self.dialect == Dialect::Cd5220 => match rest {
                [.., 0x0D] => self.whole_line(rest),
                _ if rest.len() <= WIDTH.saturating_add(1) => self.pending = pending,
                _ => self.unknown = self.unknown.saturating_add(pending.len()),
            },
            [0x0C] => self.reset_cells(),
            [0x0B] => self.at = (0, 0),
            [0x18] => {
                if let Some(line) = self.cells.get_mut(self.at.0) {
                    *line = [b' '; WIDTH];
                }
            }
            [byte] if *byte >= 0x20 && *byte != 0x7F => self.put(*byte),
            other => self.unknown = self.unknown.saturating_add(other.len()),
        }
    }

    fn whole_line(&mut self, rest: &[u8]) {
        let (line, text) = match rest {
            [0x41, text @ .., 0x0D] => (0, text),
            [0x42, text @ .., 0x0D] => (1, text),
            _ => {
                self.unknown = self.unknown.saturating_add(rest.len());
                return;
            }
        };
        self.at = (line, 0);
        if let Some(cells) = self.cells.get_mut(line) {
            *cells = [b' '; WIDTH];
        }
        text.iter().take(WIDTH).for_each(|byte| self.put(*byte));
    }

    fn put(&mut self, byte: u8) {
        if let Some(cell) = self.cells.get_mut(self.at.0).and_then(|line| line.get_mut(self.at.1)) {
            *cell = byte;
        }
        self.at.1 = self.at.1.saturating_add(1);
        if self.at.1 >= WIDTH {
            self.at = (if self.at.0 == 0 { 1 } else { 0 }, 0);
        }
    }

    fn reset_cells(&mut self) {
        self.cells = [[b' '; WIDTH]; 2];
        self.at = (0, 0);
    }

    fn reset(&mut self) {
        self.reset_cells();
        self.umlauts = false;
    }
}
