//! ZPL read strictly, as the simulator prints it: what Tresen writes and nothing else. Whatever it does not know is counted.

use crate::bars::Bars;

/// Most bytes that wait for the end of a command.
const LONGEST: usize = 64 * 1024;
/// Most fields of a label; those beyond are counted as not understood.
const MOST_FIELDS: usize = 1_000;

/// Something on a label, dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// A text.
    Text {
        /// Left edge.
        x: u32,
        /// Base line.
        y: u32,
        /// Height of its letters' field.
        size: u32,
        /// What it says.
        text: String,
    },
    /// Bars.
    Bars {
        /// Left edge.
        x: u32,
        /// Upper edge.
        y: u32,
        /// Width of a module.
        module: u32,
        /// Height.
        height: u32,
        /// Which.
        bars: Bars,
    },
}

/// A label that came out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Printed {
    /// Width, dots.
    pub width: u32,
    /// Height, dots.
    pub height: u32,
    /// How often.
    pub copies: u32,
    /// What stands on it.
    pub fields: Vec<Field>,
}

impl Printed {
    /// All its texts, in the order in which they were sent.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let texts = self.fields.iter().filter_map(|field| match field {
            Field::Text { text, .. } => Some(text.as_str()),
            Field::Bars { .. } => None,
        });
        texts.collect()
    }
}

/// What a printer was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// To say how it is.
    Status,
    /// To print a label.
    Print(Printed),
    /// Something that it does not know.
    Unknown(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    Ean13,
    Ean8,
    Code128,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Format {
    label: Printed,
    at: Option<(u32, u32)>,
    size: Option<u32>,
    module: u32,
    code: Option<(Code, u32)>,
    escaped: bool,
    utf8: bool,
    data: Option<Vec<u8>>,
}

/// Reads a stream of commands, in whichever pieces it comes.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    bytes: Vec<u8>,
    format: Option<Format>,
}

const fn begins(byte: u8) -> bool {
    matches!(byte, b'^' | b'~')
}

impl Reader {
    /// Takes bytes; what they told.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Told> {
        self.bytes.extend_from_slice(bytes);
        let mut told = Vec::new();
        while let Some(command) = self.next_command(&mut told) {
            told.extend(self.carry_out(&command));
        }
        told
    }

    /// A label has begun and not ended.
    #[must_use]
    pub const fn is_within(&self) -> bool {
        self.format.is_some()
    }

    /// The next whole command, its sign first. What stands outside of commands is blank or not understood.
    fn next_command(&mut self, told: &mut Vec<Told>) -> Option<Vec<u8>> {
        let start = self.bytes.iter().position(|byte| begins(*byte)).unwrap_or(self.bytes.len());
        let before: Vec<u8> = self.bytes.drain(..start).collect();
        if !before.iter().all(u8::is_ascii_whitespace) {
            told.push(unknown(&before));
        }
        let name = self.bytes.get(..3)?;
        let alone = matches!(name, b"~HS" | b"^XA" | b"^XZ" | b"^FS");
        let after = self.bytes.get(1..)?.iter().position(|byte| begins(*byte));
        let end = match after {
            _ if alone => 3,
            Some(after) => after.saturating_add(1),
            None if self.bytes.len() > LONGEST => self.bytes.len(),
            None => return None,
        };
        Some(self.bytes.drain(..end).collect())
    }

    fn carry_out(&mut self, command: &[u8]) -> Option<Told> {
        match (command, &mut self.format) {
            (b"~HS", _) => Some(Told::Status),
            (b"^XA", format) => {
                // A label within a label: the one before is lost.
                let lost = format.replace(Format { module: 2, ..Format::default() });
                lost.map(|_| unknown(command))
            }
            (b"^XZ", format) => Some(match format.take() {
                Some(Format { label, .. }) => {
                    Told::Print(Printed { copies: label.copies.max(1), ..label })
                }
                None => unknown(command),
            }),
            (_, Some(format)) => format.command(command).is_none().then(|| unknown(command)),
            (_, None) => Some(unknown(command)),
        }
    }
}

fn unknown(bytes: &[u8]) -> Told {
    let shown = String::from_utf8_lossy(bytes.get(..80).unwrap_or(bytes)).into_owned();
    Told::Unknown(shown)
}

/// Whole numbers between commas.
fn numbers(text: &str) -> Option<Vec<u32>> {
    text.split(',').map(|part| part.parse().ok()).collect()
}

impl Format {
    /// None: not understood.
    fn command(&mut self, command: &[u8]) -> Option<()> {
        let (name, rest) = command.split_at_checked(3)?;
        if name == b"^FD" {
            self.data = Some(rest.to_vec());
            return Some(());
        }
        let text = std::str::from_utf8(rest).ok()?.trim_end();
        match name {
            b"^FS" => return self.end_of_field(),
            b"^FH" => self.escaped = text == "_",
            b"^CI" => self.utf8 = text == "28",
            b"^PW" => self.label.width = text.parse().ok()?,
            b"^LL" => self.label.height = text.parse().ok()?,
            b"^PQ" => self.label.copies = text.parse().ok()?,
            b"^LH" if text == "0,0" => {}
            b"^BY" => self.module = text.parse().ok()?,
            b"^FO" | b"^FT" => match numbers(text)?.as_slice() {
                [x, y] => self.at = Some((*x, *y)),
                _ => return None,
            },
            b"^A0" => match numbers(text.strip_prefix("N,")?)?.as_slice() {
                [height, _] => self.size = Some(*height),
                _ => return None,
            },
            b"^BE" | b"^B8" | b"^BC" => {
                let (height, more) = text.strip_prefix("N,")?.split_once(',')?;
                let (code, wanted) = match name {
                    b"^BE" => (Code::Ean13, "N,N"),
                    b"^B8" => (Code::Ean8, "N,N"),
                    _ => (Code::Code128, "N,N,N,N"),
                };
                if more != wanted {
                    return None;
                }
                self.code = Some((code, height.parse().ok()?));
            }
            _ => return None,
        }
        Some(())
    }

    fn end_of_field(&mut self) -> Option<()> {
        let data = self.data.take();
        let (at, size, code) = (self.at.take(), self.size.take(), self.code.take());
        let escaped = std::mem::take(&mut self.escaped);
        let data = if escaped { unescaped(&data?)? } else { data? };
        let text = if self.utf8 { String::from_utf8(data).ok()? } else { return None };
        let (x, y) = at?;
        if self.label.fields.len() >= MOST_FIELDS {
            return None;
        }
        let field = match (code, size) {
            (Some((code, height)), _) => {
                let bars = match code {
                    Code::Ean13 => Bars::Ean13(checked(&text, 12)?),
                    Code::Ean8 => Bars::Ean8(checked(&text, 7)?),
                    Code::Code128 => Bars::Code128(code128(&text)?),
                };
                Field::Bars { x, y, module: self.module, height, bars }
            }
            (None, Some(size)) => Field::Text { x, y, size, text },
            (None, None) => return None,
        };
        self.label.fields.push(field);
        Some(())
    }
}

fn checked(digits: &str, count: usize) -> Option<String> {
    if digits.len() != count || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // The printer's own way: weights 3 and 1 from the right.
    let sum = digits.bytes().rev().zip([3_u32, 1].into_iter().cycle()).fold(
        0_u32,
        |sum, (byte, weight)| {
            sum.saturating_add(u32::from(byte.saturating_sub(b'0')).saturating_mul(weight))
        },
    );
    let check = 10_u32.saturating_sub(sum.checked_rem(10)?).checked_rem(10)?;
    Some(format!("{digits}{check}"))
}

fn unescaped(data: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some((first, after)) = rest.split_first() {
        if *first != b'_' {
            out.push(*first);
            rest = after;
            continue;
        }
        let (digits, after) = after.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok()?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        out.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    Some(out)
}

/// What a Code 128 reads as, of its data with the marks that choose sets.
fn code128(data: &str) -> Option<String> {
    let mut out = String::new();
    let mut pairs = false;
    let mut rest = data;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix('>') {
            let mark = after.chars().next()?;
            match mark {
                ';' | '5' => pairs = true,
                ':' | '6' => pairs = false,
                '0' if !pairs => out.push('>'),
                _ => return None,
            }
            rest = after.get(1..)?;
        } else if pairs {
            let (two, after) = rest.split_at_checked(2)?;
            if !two.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            out.push_str(two);
            rest = after;
        } else {
            out.push(c);
            rest = rest.get(c.len_utf8()..)?;
        }
    }
    (!out.is_empty()).then_some(out)
}
