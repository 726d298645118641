//! The packet (APDU): class, instruction, length, data. Over TCP packets follow one another bare, and the
//! stream is split anywhere; [`Decoder`] puts them together again.

use std::fmt;

use thiserror::Error;

/// Longest data of a packet in bytes: what two length bytes can say.
pub const MAX_DATA: usize = 65_535;
/// The length byte that announces two more, low byte first.
const EXTENDED: u8 = 0xff;

/// A packet that cannot be. None of them quotes data: it may hold what must not be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ApduError {
    /// The data is longer than the limit.
    #[error("a packet of {announced} bytes is longer than {limit}")]
    Oversized {
        /// Bytes of data.
        announced: usize,
        /// Most bytes of data that are taken.
        limit: usize,
    },
    /// The stream ended within a packet.
    #[error("the stream ended {missing} bytes before the end of a packet")]
    Truncated {
        /// Bytes that are missing at least.
        missing: usize,
    },
}

/// One packet. `Debug` shows its control field and length, never its data.
#[derive(Clone, PartialEq, Eq)]
pub struct Packet {
    class: u8,
    instr: u8,
    data: Vec<u8>,
}

impl Packet {
    /// A packet of `class`, `instr` and `data`; errs with [`ApduError::Oversized`] above [`MAX_DATA`].
    pub fn new(class: u8, instr: u8, data: Vec<u8>) -> Result<Self, ApduError> {
        if data.len() > MAX_DATA {
            return Err(ApduError::Oversized { announced: data.len(), limit: MAX_DATA });
        }
        Ok(Self { class, instr, data })
    }

    /// A packet without data.
    pub const fn bare(class: u8, instr: u8) -> Self {
        Self { class, instr, data: Vec::new() }
    }

    /// Class and instruction, e.g. `(0x04, 0x0f)`.
    pub const fn control(&self) -> (u8, u8) {
        (self.class, self.instr)
    }

    /// The bytes after the length.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The packet's bytes; the length takes one byte up to 254 and three above.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![self.class, self.instr];
        match u8::try_from(self.data.len()) {
            Ok(length) if length != EXTENDED => bytes.push(length),
            _ => {
                let length = u16::try_from(self.data.len()).unwrap_or(u16::MAX);
                bytes.push(EXTENDED);
                bytes.extend_from_slice(&length.to_le_bytes());
            }
        }
        bytes.extend_from_slice(&self.data);
        bytes
    }

    /// Reads `bytes` as exactly one packet; errs with [`ApduError::Truncated`] when it is not whole and
    /// with [`ApduError::Oversized`] when bytes follow it.
    pub fn decode(bytes: &[u8]) -> Result<Self, ApduError> {
        let mut decoder = Decoder::new(MAX_DATA);
        decoder.push(bytes);
        let Some(packet) = decoder.next_packet()? else { return Err(decoder.missing()) };
        if decoder.buffer.is_empty() {
            Ok(packet)
        } else {
            let announced = packet.data.len().saturating_add(decoder.buffer.len());
            Err(ApduError::Oversized { announced, limit: packet.data.len() })
        }
    }
}

impl fmt::Debug for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X} {:02X} ({} bytes)", self.class, self.instr, self.data.len())
    }
}

/// Bytes for the wire. `Debug` shows their number only: a registration holds the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Wire(pub Vec<u8>);

impl From<&Packet> for Wire {
    fn from(packet: &Packet) -> Self {
        Self(packet.encode())
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wire({} bytes)", self.0.len())
    }
}

/// Puts packets together from a stream that may be split anywhere. After an error it stays in error: where
/// the next packet begins cannot be known.
#[derive(Clone)]
pub struct Decoder {
    buffer: Vec<u8>,
    limit: usize,
    broken: Option<ApduError>,
}

impl Decoder {
    /// A decoder that takes packets of up to `limit` bytes of data (never more than [`MAX_DATA`]).
    pub fn new(limit: usize) -> Self {
        Self { buffer: Vec::new(), limit: limit.min(MAX_DATA), broken: None }
    }

    /// Takes bytes as they came.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.broken.is_none() {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The next whole packet, or `None` until more bytes come; errs with [`ApduError::Oversized`] as soon
    /// as a length above the limit is announced.
    pub fn next_packet(&mut self) -> Result<Option<Packet>, ApduError> {
        if let Some(error) = self.broken {
            return Err(error);
        }
        let Some((class, instr, length, start)) = self.header() else { return Ok(None) };
        if length > self.limit {
            let error = ApduError::Oversized { announced: length, limit: self.limit };
            self.broken = Some(error);
            self.buffer.clear();
            return Err(error);
        }
        let end = start.saturating_add(length);
        let Some(data) = self.buffer.get(start..end) else { return Ok(None) };
        let packet = Packet { class, instr, data: data.to_vec() };
        self.buffer.drain(..end);
        Ok(Some(packet))
    }

    /// Says that the stream has ended; errs with [`ApduError::Truncated`] within a packet.
    pub fn finish(&self) -> Result<(), ApduError> {
        match self.broken {
            Some(error) => Err(error),
            None if self.buffer.is_empty() => Ok(()),
            None => Err(self.missing()),
        }
    }

    /// Class, instruction, length of the data and where it begins.
    fn header(&self) -> Option<(u8, u8, usize, usize)> {
        match *self.buffer.as_slice() {
            [class, instr, EXTENDED, low, high, ..] => {
                Some((class, instr, usize::from(u16::from_le_bytes([low, high])), 5))
            }
            [_, _, EXTENDED, ..] => None,
            [class, instr, length, ..] => Some((class, instr, usize::from(length), 3)),
            _ => None,
        }
    }

    fn missing(&self) -> ApduError {
        let whole = match self.header() {
            Some((_, _, length, start)) => start.saturating_add(length),
            None if self.buffer.get(2) == Some(&EXTENDED) => 5,
            None => 3,
        };
        ApduError::Truncated { missing: whole.saturating_sub(self.buffer.len()) }
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decoder({} bytes wait, {:?})", self.buffer.len(), self.broken)
    }
}
