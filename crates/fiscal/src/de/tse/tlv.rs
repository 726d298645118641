//! Tag, length, value as signing units write them: DER, and what some write instead of it (indefinite and
//! long lengths, strings in pieces). Nothing in it makes the reader panic; its depth is bounded.
//! Sources: X.690; TR-03151-1 § 3.7.2.3.

use std::borrow::Cow;

/// Deepest nesting that is read.
const DEEPEST: u8 = 12;

/// BOOLEAN.
pub(crate) const BOOLEAN: u8 = 0x01;
/// INTEGER.
pub(crate) const INTEGER: u8 = 0x02;
/// BIT STRING.
pub(crate) const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub(crate) const OCTET_STRING: u8 = 0x04;
/// OBJECT IDENTIFIER.
pub(crate) const OID: u8 = 0x06;
/// UTF8String.
pub(crate) const UTF8_STRING: u8 = 0x0c;
/// PrintableString.
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
/// UTCTime.
pub(crate) const UTC_TIME: u8 = 0x17;
/// GeneralizedTime.
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
/// SEQUENCE, constructed as it always is.
pub(crate) const SEQUENCE: u8 = 0x30;
/// SET, constructed as it always is.
pub(crate) const SET: u8 = 0x31;
/// The bit that says that a value is made of others.
const CONSTRUCTED: u8 = 0x20;
/// The two bits of a context-specific tag.
const CONTEXT: u8 = 0x80;

/// Why bytes are not tag, length, value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlvError {
    /// They end within a value.
    #[error("the bytes end within a value")]
    Truncated,
    /// A length or a tag is longer than any that can be meant.
    #[error("a length or a tag is too long")]
    TooLong,
    /// Values within values, deeper than any that are meant.
    #[error("values lie too deep within each other")]
    TooDeep,
    /// A value of another kind was expected, or none.
    #[error("a value of another kind was expected")]
    Unexpected,
    /// A number below zero or above 64 bits.
    #[error("a number is out of range")]
    OutOfRange,
}

/// One value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The first byte of the tag: class, whether it is constructed, number.
    tag: u8,
    content: &'a [u8],
    raw: &'a [u8],
    depth: u8,
}

impl<'a> Tlv<'a> {
    /// Whether it is of that universal kind, constructed or not.
    pub fn is(&self, tag: u8) -> bool {
        self.tag & !CONSTRUCTED == tag & !CONSTRUCTED
    }

    /// The number of a context-specific tag.
    pub fn context(&self) -> Option<u8> {
        (self.tag & 0xc0 == CONTEXT).then_some(self.tag & 0x1f)
    }

    /// Whether it is made of other values.
    pub fn is_constructed(&self) -> bool {
        self.tag & CONSTRUCTED != 0
    }

    /// The bytes within, without the end mark of an indefinite length.
    pub fn content(&self) -> &'a [u8] {
        self.content
    }

    /// All of it, tag and length with it, as it was written.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Reads the values within. Errs when it is not made of values or lies too deep.
    pub fn children(&self) -> Result<Reader<'a>, TlvError> {
        if !self.is_constructed() {
            return Err(TlvError::Unexpected);
        }
        let depth = self.depth.checked_add(1).filter(|depth| *depth < DEEPEST);
        Ok(Reader { rest: self.content, depth: depth.ok_or(TlvError::TooDeep)? })
    }

    /// The bytes of a string, put together when it was written in pieces. Errs when a piece is none.
    pub fn octets(&self) -> Result<Cow<'a, [u8]>, TlvError> {
        if !self.is_constructed() {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut whole = Vec::new();
        let mut pieces = self.children()?;
        while let Some(piece) = pieces.next()? {
            if !piece.is(OCTET_STRING) && !piece.is(self.tag) {
                return Err(TlvError::Unexpected);
            }
            whole.extend_from_slice(&piece.octets()?);
        }
        Ok(Cow::Owned(whole))
    }

    /// A number that is not below zero. Errs when it is, or above 64 bits.
    pub fn unsigned(&self) -> Result<u64, TlvError> {
        let first = self.content.first().ok_or(TlvError::Truncated)?;
        if self.is_constructed() || first & 0x80 != 0 {
            return Err(TlvError::OutOfRange);
        }
        let mut number: u64 = 0;
        for byte in self.content {
            number = number.checked_mul(256).ok_or(TlvError::OutOfRange)? | u64::from(*byte);
        }
        Ok(number)
    }
}

/// Reads values one after the other.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
    depth: u8,
}

impl<'a> Reader<'a> {
    /// A reader of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, depth: 0 }
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next value; none at the end.
    #[expect(clippy::should_implement_trait, reason = "an iterator would go on after an error")]
    pub fn next(&mut self) -> Result<Option<Tlv<'a>>, TlvError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (tlv, after) = read(self.rest, self.depth)?;
        // The end mark of an indefinite length is no value.
        if tlv.tag == 0 {
            return Err(TlvError::Unexpected);
        }
        self.rest = after;
        Ok(Some(tlv))
    }

    /// The next value, which must be there and of that universal kind.
    pub fn expect(&mut self, tag: u8) -> Result<Tlv<'a>, TlvError> {
        let tlv = self.next()?.ok_or(TlvError::Truncated)?;
        if tlv.is(tag) { Ok(tlv) } else { Err(TlvError::Unexpected) }
    }

    /// The next value when it is of that universal kind; otherwise it stays.
    pub fn take_if(
        &mut self,
        wanted: impl Fn(&Tlv<'a>) -> bool,
    ) -> Result<Option<Tlv<'a>>, TlvError> {
        let mut ahead = self.clone();
        match ahead.next()? {
            Some(tlv) if wanted(&tlv) => {
                *self = ahead;
                Ok(Some(tlv))
            }
            _ => Ok(None),
        }
    }

    /// Errs unless all was read.
    pub fn finish(&self) -> Result<(), TlvError> {
        if self.rest.is_empty() { Ok(()) } else { Err(TlvError::Unexpected) }
    }
}

/// One value and what follows it.
fn read(bytes: &[u8], depth: u8) -> Result<(Tlv<'_>, &[u8]), TlvError> {
    let (tag, after) = bytes.split_first().ok_or(TlvError::Truncated)?;
    // Tags of several bytes do not occur in what is read here.
    if tag & 0x1f == 0x1f {
        return Err(TlvError::TooLong);
    }
    let (first, after) = after.split_first().ok_or(TlvError::Truncated)?;
    if *first == 0x80 {
        let content = until_end_mark(after, depth)?;
        let rest = after.get(content.len().saturating_add(2)..).ok_or(TlvError::Truncated)?;
        if tag & CONSTRUCTED == 0 {
            return Err(TlvError::Unexpected);
        }
        let raw = bytes.get(..bytes.len().saturating_sub(rest.len())).unwrap_or(bytes);
        return Ok((Tlv { tag: *tag, content, raw, depth }, rest));
    }
    let (length, after) = if first & 0x80 == 0 {
        (usize::from(*first), after)
    } else {
        long_length(usize::from(first & 0x7f), after)?
    };
    let (content, rest) = after.split_at_checked(length).ok_or(TlvError::Truncated)?;
    let raw = bytes.get(..bytes.len().saturating_sub(rest.len())).unwrap_or(bytes);
    Ok((Tlv { tag: *tag, content, raw, depth }, rest))
}

fn long_length(count: usize, after: &[u8]) -> Result<(usize, &[u8]), TlvError> {
    let (digits, after) = after.split_at_checked(count).ok_or(TlvError::Truncated)?;
    let mut length: usize = 0;
    for digit in digits {
        length = length.checked_mul(256).ok_or(TlvError::TooLong)? | usize::from(*digit);
    }
    Ok((length, after))
}

/// The values before the end mark.
fn until_end_mark(bytes: &[u8], depth: u8) -> Result<&[u8], TlvError> {
    let depth = depth.checked_add(1).filter(|depth| *depth < DEEPEST).ok_or(TlvError::TooDeep)?;
    let mut rest = bytes;
    loop {
        if let [0, 0, ..] = rest {
            let length = bytes.len().saturating_sub(rest.len());
            return bytes.get(..length).ok_or(TlvError::Truncated);
        }
        rest = read(rest, depth)?.1;
    }
}

/// Tag, length and content, with the shortest length (DER).
pub(crate) fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    let length = content.len().to_be_bytes();
    let digits = length.iter().position(|byte| *byte != 0).and_then(|at| length.get(at..));
    match digits.unwrap_or(&[]) {
        [] => bytes.push(0),
        [one] if *one < 0x80 => bytes.push(*one),
        digits => {
            bytes.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
            bytes.extend_from_slice(digits);
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

/// A context-specific value of that number, not constructed.
pub(crate) fn write_context(number: u8, content: &[u8]) -> Vec<u8> {
    write(CONTEXT | (number & 0x1f), content)
}

/// A context-specific value of that number, made of others.
pub(crate) fn write_context_of(number: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    write(CONTEXT | CONSTRUCTED | (number & 0x1f), &parts.concat())
}

/// A sequence of these.
pub(crate) fn write_sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    write(SEQUENCE, &parts.concat())
}

/// The content of a number: two's complement, as short as can be.
pub(crate) fn integer_content(number: u64) -> Vec<u8> {
    magnitude_content(&number.to_be_bytes())
}

/// The content of a number that is given as its digits to the base 256.
pub(crate) fn magnitude_content(digits: &[u8]) -> Vec<u8> {
    let first = digits.iter().position(|byte| *byte != 0).unwrap_or(digits.len());
    let digits = digits.get(first..).unwrap_or(&[]);
    let mut content = Vec::new();
    if digits.first().is_none_or(|byte| byte & 0x80 != 0) {
        content.push(0);
    }
    content.extend_from_slice(digits);
    content
}
