//! Bitmap fields: a tag, then data of a length that only the table of tags knows. A field that the table
//! does not know ends the reading, for where the next begins cannot be known; what was read stays.
//!
//! Fields that hold card data are skipped here and never handed on: tracks (23, 24, 2D), the check value
//! (3A), the chip's data (2E, A7, AF) and the private D1.

use thiserror::Error;

use crate::bcd;
use crate::value::{Amount, ReceiptNo};

/// What is wrong with the data of a packet. Tags only, never contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Flaw {
    /// A bitmap field that the table does not know; what follows it is not read.
    #[error("unknown field {0:02X}")]
    UnknownField(u8),
    /// A field that says it is longer than what is left; what follows is not read.
    #[error("field {0:02X} is cut off")]
    CutOff(u8),
    /// A length that is none; what follows is not read.
    #[error("field {0:02X} has no readable length")]
    BadLength(u8),
    /// A field whose content is no value of its kind; it is left out, what follows is read.
    #[error("field {0:02X} holds no value of its kind")]
    BadValue(u8),
    /// A TLV container that cannot be read to its end.
    #[error("a TLV container is cut off or nested too deeply")]
    BadTlv,
    /// A packet without a field that it must have.
    #[error("the packet lacks its field {0:02X}")]
    Lacks(u8),
}

/// How the length of a field is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Always so many bytes.
    Fixed(usize),
    /// Two bytes of one decimal digit each say the length.
    LlVar,
    /// Three bytes of one decimal digit each.
    LllVar,
    /// A TLV length.
    Tlv,
}

/// The format of a bitmap field; `None` for one that the table does not know. (The fields 70 to 75,
/// pictures for the terminal's display, are not in it: only commands carry them that this crate has not.)
pub const fn format(tag: u8) -> Option<Format> {
    Some(match tag {
        0x01..=0x03 | 0x05 | 0x19 | 0x27 | 0x8a | 0x8c | 0xa0 | 0xd0 | 0xd2 | 0xd3 => {
            Format::Fixed(1)
        }
        0xe0 | 0xe9 | 0xea | 0xf0 | 0xf9..=0xfd => Format::Fixed(1),
        0x0d | 0x0e | 0x17 | 0x3a | 0x49 | 0x87 => Format::Fixed(2),
        0x0b | 0x0c | 0x37 | 0x3d | 0x88 | 0xaa => Format::Fixed(3),
        0x29 => Format::Fixed(4),
        0xba => Format::Fixed(5),
        0x04 => Format::Fixed(6),
        0x3b | 0xeb => Format::Fixed(8),
        0x2a => Format::Fixed(15),
        0x22 | 0x23 | 0x2d | 0x4c | 0x8b | 0xa7 | 0xd1 | 0xe1..=0xe8 | 0xf1..=0xf8 => Format::LlVar,
        0x24 | 0x2e | 0x3c | 0x60 | 0x9a | 0xaf => Format::LllVar,
        0x06 => Format::Tlv,
        _ => return None,
    })
}

/// Whether a field holds card data that is skipped unread.
const fn is_secret(tag: u8) -> bool {
    matches!(tag, 0x23 | 0x24 | 0x2d | 0x2e | 0x3a | 0xa7 | 0xaf | 0xd1)
}

/// Reads fields one after another, without those that hold card data. (The card number, BMP 22, is taken by
/// [`StatusInformation`](crate::status::StatusInformation) alone, which keeps its last digits.)
#[derive(Clone)]
pub struct Fields<'a> {
    rest: &'a [u8],
    flaw: Option<Flaw>,
    pan: bool,
}

impl<'a> Fields<'a> {
    /// Reads the fields of `data`.
    pub const fn new(data: &'a [u8]) -> Self {
        Self { rest: data, flaw: None, pan: false }
    }

    /// Reads the fields of `data`, the card number as well: for [`MaskedPan`](crate::value::MaskedPan).
    pub(crate) const fn with_pan(data: &'a [u8]) -> Self {
        Self { rest: data, flaw: None, pan: true }
    }

    /// Why reading ended before the end of the data.
    pub const fn flaw(&self) -> Option<Flaw> {
        self.flaw
    }

    /// Tag and content of the next field, secret or not.
    fn step(&mut self) -> Result<Option<(u8, &'a [u8])>, Flaw> {
        let Some((tag, after)) = self.rest.split_first() else { return Ok(None) };
        let tag = *tag;
        let (length, after) = match format(tag).ok_or(Flaw::UnknownField(tag))? {
            Format::Fixed(length) => (length, after),
            Format::LlVar => decimal_length(tag, after, 2)?,
            Format::LllVar => decimal_length(tag, after, 3)?,
            Format::Tlv => crate::tlv::length(after).ok_or(Flaw::CutOff(tag))?,
        };
        let (content, rest) = after.split_at_checked(length).ok_or(Flaw::CutOff(tag))?;
        self.rest = rest;
        Ok(Some((tag, content)))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.step() {
                Ok(Some((tag, _))) if is_secret(tag) || (tag == 0x22 && !self.pan) => {}
                Ok(field) => return field,
                Err(flaw) => {
                    self.flaw = Some(flaw);
                    self.rest = &[];
                    return None;
                }
            }
        }
    }
}

/// A length of `digits` bytes; the low half counts, for terminals send F3, 33 and 03 alike.
pub(crate) fn decimal_length(tag: u8, bytes: &[u8], digits: usize) -> Result<(usize, &[u8]), Flaw> {
    let (head, rest) = bytes.split_at_checked(digits).ok_or(Flaw::CutOff(tag))?;
    let mut length: usize = 0;
    for byte in head {
        let digit = usize::from(byte & 0x0f);
        if digit > 9 {
            return Err(Flaw::BadLength(tag));
        }
        length = length.saturating_mul(10).saturating_add(digit);
    }
    Ok((length, rest))
}

/// Writes fields.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
}

impl Writer {
    /// A field of fixed length.
    pub(crate) fn fixed(&mut self, tag: u8, content: &[u8]) {
        self.bytes.push(tag);
        self.bytes.extend_from_slice(content);
    }

    /// A field of fixed length, if it is there.
    pub(crate) fn fixed_if<C: AsRef<[u8]>>(&mut self, tag: u8, content: Option<C>) {
        if let Some(content) = content {
            self.fixed(tag, content.as_ref());
        }
    }

    /// LLVAR; cut to the 99 bytes that fit.
    pub(crate) fn ll(&mut self, tag: u8, content: &[u8]) {
        self.bytes.push(tag);
        self.counted(content, 2);
    }

    /// LLLVAR; cut to the 999 bytes that fit.
    pub(crate) fn lll(&mut self, tag: u8, content: &[u8]) {
        self.bytes.push(tag);
        self.counted(content, 3);
    }

    /// Decimal length and content, without a tag.
    pub(crate) fn counted(&mut self, content: &[u8], digits: usize) {
        let most = if digits == 2 { 99 } else { 999 };
        let content = content.get(..most).unwrap_or(content);
        let packed: [u8; 2] =
            u64::try_from(content.len()).ok().and_then(bcd::encode).unwrap_or_default();
        let skipped = 4usize.saturating_sub(digits);
        self.bytes.extend(bcd::nibbles(&packed).skip(skipped).map(|digit| 0xf0 | digit));
        self.bytes.extend_from_slice(content);
    }
}

/// Number and sum of one kind of card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CardTotal {
    /// How many payments.
    pub count: u8,
    /// Their sum.
    pub sum: Amount,
}

/// The totals of an end of day (BMP 60).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// First receipt.
    pub first: ReceiptNo,
    /// Last receipt.
    pub last: ReceiptNo,
    /// By kind of card, in the order of [`Totals::KINDS`].
    pub cards: [CardTotal; 7],
}

impl Totals {
    /// The kinds of card, as stable codes.
    pub const KINDS: [&'static str; 7] =
        ["girocard", "jcb", "mastercard", "amex", "visa", "diners", "other"];

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (numbers, sums) = bytes.split_at_checked(4)?;
        let (first, last) = numbers.split_at_checked(2)?;
        let mut cards = [CardTotal::default(); 7];
        if sums.len() != 49 {
            return None;
        }
        for (card, chunk) in cards.iter_mut().zip(sums.chunks_exact(7)) {
            let (count, sum) = chunk.split_first()?;
            *card = CardTotal { count: *count, sum: Amount::read(sum)? };
        }
        Some(Self { first: ReceiptNo::read(first)?, last: ReceiptNo::read(last)?, cards })
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        let mut bytes = [self.first.write(), self.last.write()].concat();
        for card in &self.cards {
            bytes.push(card.count);
            bytes.extend_from_slice(&card.sum.write());
        }
        bytes
    }
}
