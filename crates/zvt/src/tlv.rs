//! TLV containers (BMP 06): tags of one to three bytes, lengths of one to three bytes (high byte first,
//! unlike the packet's), nested where bit 6 of the tag says so.
//!
//! Tags that hold card data are dropped while reading: the tracks 1F08 to 1F0A, and the card number and
//! track data under their EMV names (56, 57, 5A, 9F20, 9F6B).

use std::fmt;

use crate::bmp::Flaw;

/// Deepest nesting that is read.
pub const MAX_DEPTH: u8 = 8;
/// Most elements that are read of one container, nested ones included.
const MAX_ELEMENTS: usize = 4_096;
const SECRET: [u32; 8] = [0x1f08, 0x1f09, 0x1f0a, 0x56, 0x57, 0x5a, 0x9f20, 0x9f6b];

/// What a tag holds.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Further elements.
    Container(Vec<Tlv>),
}

/// One element. `Debug` shows tags and lengths, never contents.
#[derive(Clone, PartialEq, Eq)]
pub struct Tlv {
    tag: u32,
    value: Value,
}

impl Tlv {
    /// An element of bytes; `None` when `tag` is no tag of bytes (bit 6 of its first byte says container).
    pub fn bytes(tag: u32, content: impl Into<Vec<u8>>) -> Option<Self> {
        let fits = is_tag(tag) && !is_constructed(tag);
        fits.then(|| Self { tag, value: Value::Bytes(content.into()) })
    }

    /// A container; `None` when `tag` is no tag of a container.
    pub fn container(tag: u32, children: Vec<Self>) -> Option<Self> {
        let fits = is_tag(tag) && is_constructed(tag);
        fits.then_some(Self { tag, value: Value::Container(children) })
    }

    /// The tag, its bytes from the highest on: `0x2f`, `0x1f10`.
    pub const fn tag(&self) -> u32 {
        self.tag
    }

    /// What it holds.
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// The bytes of an element that is no container.
    pub fn content(&self) -> Option<&[u8]> {
        match &self.value {
            Value::Bytes(bytes) => Some(bytes),
            Value::Container(_) => None,
        }
    }

    /// The elements of a container; none of another element.
    pub fn children(&self) -> &[Self] {
        match &self.value {
            Value::Container(children) => children,
            Value::Bytes(_) => &[],
        }
    }

    fn encode_into(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.tag.to_be_bytes().into_iter().skip_while(|byte| *byte == 0));
        match &self.value {
            Value::Bytes(content) => {
                bytes.extend(encode_length(content.len()));
                bytes.extend_from_slice(content);
            }
            Value::Container(children) => {
                let inner = encode(children);
                bytes.extend(encode_length(inner.len()));
                bytes.extend(inner);
            }
        }
    }
}

impl fmt::Debug for Tlv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Bytes(bytes) => write!(f, "{:X}({} bytes)", self.tag, bytes.len()),
            Value::Container(children) => write!(f, "{:X}{children:?}", self.tag),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "({} bytes)", bytes.len()),
            Self::Container(children) => write!(f, "{children:?}"),
        }
    }
}

/// The bytes of elements one after another (the content of BMP 06, without its length). What is longer
/// than two length bytes can say makes the packet too long anyway, which [`Packet::new`] refuses.
///
/// [`Packet::new`]: crate::apdu::Packet::new
pub fn encode(elements: &[Tlv]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for element in elements {
        element.encode_into(&mut bytes);
    }
    bytes
}

/// BMP 06 with its length and content.
pub(crate) fn encode_field(elements: &[Tlv]) -> Vec<u8> {
    let inner = encode(elements);
    let mut bytes = vec![0x06];
    bytes.extend(encode_length(inner.len()));
    bytes.extend(inner);
    bytes
}

/// The elements of `bytes`. An element that cannot be read ends its container; what was read is kept and
/// the flaw is named. Elements with card data are left out.
pub fn decode(bytes: &[u8]) -> (Vec<Tlv>, Option<Flaw>) {
    let mut left = MAX_ELEMENTS;
    let mut flaw = None;
    let elements = decode_level(bytes, MAX_DEPTH, &mut left, &mut flaw);
    (elements, flaw)
}

fn decode_level(mut rest: &[u8], depth: u8, left: &mut usize, flaw: &mut Option<Flaw>) -> Vec<Tlv> {
    let mut elements = Vec::new();
    loop {
        // Some terminals fill up with zeros; a tag of 0 is none.
        let filled = rest.iter().take_while(|byte| **byte == 0).count();
        rest = rest.get(filled..).unwrap_or_default();
        if rest.is_empty() {
            break;
        }
        let Some((tag, content, after)) = split(rest).filter(|_| *left > 0) else {
            *flaw = Some(Flaw::BadTlv);
            break;
        };
        rest = after;
        *left = left.saturating_sub(1);
        if SECRET.contains(&tag) {
            continue;
        }
        let value = if !is_constructed(tag) {
            Value::Bytes(content.to_vec())
        } else if let Some(depth) = depth.checked_sub(1) {
            Value::Container(decode_level(content, depth, left, flaw))
        } else {
            *flaw = Some(Flaw::BadTlv);
            break;
        };
        elements.push(Tlv { tag, value });
    }
    elements
}

/// Tag, content and what follows.
fn split(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let (first, mut rest) = bytes.split_first()?;
    let mut tag = u32::from(*first);
    if first & 0x1f == 0x1f {
        let mut more = true;
        while more {
            let (next, after) = rest.split_first()?;
            tag = (tag << 8) | u32::from(*next);
            // Three bytes at most.
            more = next & 0x80 != 0;
            if more && tag > 0xffff {
                return None;
            }
            rest = after;
        }
    }
    let (length, rest) = length(rest)?;
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// A TLV length and what follows it; `None` when it is cut off or longer than three bytes.
pub(crate) fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [0x82, high, low, rest @ ..] => {
            Some((usize::from(u16::from_be_bytes([*high, *low])), rest))
        }
        [0x81, length, rest @ ..] => Some((usize::from(*length), rest)),
        [length @ 0..=0x7f, rest @ ..] => Some((usize::from(*length), rest)),
        _ => None,
    }
}

fn encode_length(length: usize) -> Vec<u8> {
    match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => vec![short],
        Ok(byte) => vec![0x81, byte],
        Err(_) => {
            let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
            vec![0x82, high, low]
        }
    }
}

/// Whether a number is a tag of one to three bytes.
fn is_tag(tag: u32) -> bool {
    let bytes: Vec<u8> = tag.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    match bytes.as_slice() {
        [one] => one & 0x1f != 0x1f,
        [first, last] => first & 0x1f == 0x1f && last & 0x80 == 0,
        [first, middle, last] => first & 0x1f == 0x1f && middle & 0x80 != 0 && last & 0x80 == 0,
        _ => false,
    }
}

/// Bit 6 of the first byte.
fn is_constructed(tag: u32) -> bool {
    let first = tag.to_be_bytes().into_iter().find(|byte| *byte != 0).unwrap_or(0);
    first & 0x20 != 0
}

/// The content of the first element on the path of tags: `find(tlv, &[0x2f, 0x1f10])`.
pub fn find<'a>(elements: &'a [Tlv], path: &[u32]) -> Option<&'a [u8]> {
    let (tag, deeper) = path.split_first()?;
    let mut here = elements.iter().filter(|element| element.tag == *tag);
    if deeper.is_empty() {
        here.find_map(Tlv::content)
    } else {
        here.find_map(|element| find(element.children(), deeper))
    }
}

/// The list of what commands of the terminal the till understands (tag 26 of a registration): print
/// blocks 06 D3, so that lines do not come one by one.
pub fn permitted_commands(commands: &[(u8, u8)]) -> Option<Tlv> {
    let one = |(class, instr): &(u8, u8)| Tlv::bytes(0x0a, [*class, *instr]);
    Tlv::container(0x26, commands.iter().map(one).collect::<Option<Vec<_>>>()?)
}

/// The printer's width in characters (tag 12 of a registration); `None` above 99.
pub fn printer_width(characters: u8) -> Option<Tlv> {
    let digits: [u8; 1] = crate::bcd::encode(u64::from(characters))?;
    Tlv::bytes(0x12, digits)
}
