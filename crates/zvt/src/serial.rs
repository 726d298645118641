//! The serial line: `10 02 … 10 03` and a checksum around each packet, answered by ACK or NAK. What is
//! repeated, and when, says [`crate::serial_link`].

use std::fmt;

use crate::apdu::{MAX_DATA, Packet};

/// The receiver has the frame.
pub const ACK: u8 = 0x06;
/// The receiver wants the frame again.
pub const NAK: u8 = 0x15;
const DLE: u8 = 0x10;
const STX: u8 = 0x02;
const ETX: u8 = 0x03;
/// Longest frame inside the marks: header and data of the longest packet.
const MAX_FRAME: usize = MAX_DATA.saturating_add(5);

/// CRC-16/KERMIT of `bytes` (polynomial 0x8408 reflected, initial value 0). The specification says XMODEM;
/// what real terminals send is this.
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| add_to_crc(crc, *byte))
}

fn add_to_crc(crc: u16, byte: u8) -> u16 {
    let mut crc = crc ^ u16::from(byte);
    for _ in 0..8 {
        crc = if crc & 1 == 1 { (crc >> 1) ^ 0x8408 } else { crc >> 1 };
    }
    crc
}

/// The frame of a packet. The checksum covers the packet before doubling, and ETX; low byte first.
pub fn encode_frame(packet: &Packet) -> Vec<u8> {
    let bytes = packet.encode();
    let mut frame = vec![DLE, STX];
    for byte in &bytes {
        frame.push(*byte);
        if *byte == DLE {
            frame.push(DLE);
        }
    }
    frame.extend_from_slice(&[DLE, ETX]);
    frame.extend_from_slice(&add_to_crc(crc16(&bytes), ETX).to_le_bytes());
    frame
}

/// What came over the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Our frame arrived.
    Ack,
    /// Our frame did not arrive whole: send it again, at most twice.
    Nak,
    /// A whole frame: answer [`ACK`].
    Packet(Packet),
    /// A frame that is not whole: answer [`NAK`].
    Damaged(Damage),
}

/// How a frame is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// A byte between frames that is none of ACK, NAK and the start of a frame.
    Noise,
    /// The checksum does not fit.
    Checksum,
    /// A lone DLE within the frame.
    LoneDle,
    /// Marks and checksum fit, but what is inside is not one packet.
    NotOnePacket,
    /// Longer than the longest packet.
    TooLong,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Between,
    Started,
    Inside,
    InsideDle,
    Checksum,
    LastByte(u8),
}

/// Takes frames out of a stream of bytes.
#[derive(Clone)]
pub struct FrameDecoder {
    state: State,
    inside: Vec<u8>,
}

impl Default for FrameDecoder {
    fn default() -> Self {
        Self { state: State::Between, inside: Vec::new() }
    }
}

impl fmt::Debug for FrameDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FrameDecoder({} bytes wait)", self.inside.len())
    }
}

impl FrameDecoder {
    /// Whether a frame has begun and not ended.
    pub fn is_inside(&self) -> bool {
        self.state != State::Between
    }

    /// Gives up the frame that has begun: its end was lost.
    pub fn give_up(&mut self) {
        self.state = State::Between;
        self.inside.clear();
    }

    /// Takes bytes as they came and says what they mean, in order.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        bytes.iter().filter_map(|byte| self.take(*byte)).collect()
    }

    fn take(&mut self, byte: u8) -> Option<Event> {
        match (self.state, byte) {
            (State::Between, ACK) => return Some(Event::Ack),
            (State::Between, NAK) => return Some(Event::Nak),
            (State::Between, DLE) => self.state = State::Started,
            (State::Between, _) => return self.damaged(Damage::Noise),
            (State::Started, STX) => self.state = State::Inside,
            // The one before was noise; this one may begin a frame.
            (State::Started, DLE) => {
                let event = self.damaged(Damage::Noise);
                self.state = State::Started;
                return event;
            }
            (State::Started, _) => return self.damaged(Damage::Noise),
            (State::Inside, DLE) => self.state = State::InsideDle,
            (State::Inside, _) => return self.keep(byte),
            (State::InsideDle, DLE) => {
                self.state = State::Inside;
                return self.keep(DLE);
            }
            (State::InsideDle, ETX) => self.state = State::Checksum,
            // A start within a frame: the end of the one before was lost.
            (State::InsideDle, STX) => {
                let event = self.damaged(Damage::LoneDle);
                self.state = State::Inside;
                return event;
            }
            (State::InsideDle, _) => return self.damaged(Damage::LoneDle),
            (State::Checksum, low) => self.state = State::LastByte(low),
            (State::LastByte(low), high) => return Some(self.end(u16::from_le_bytes([low, high]))),
        }
        None
    }

    fn keep(&mut self, byte: u8) -> Option<Event> {
        if self.inside.len() >= MAX_FRAME {
            return self.damaged(Damage::TooLong);
        }
        self.inside.push(byte);
        None
    }

    fn end(&mut self, announced: u16) -> Event {
        let inside = std::mem::take(&mut self.inside);
        self.state = State::Between;
        if add_to_crc(crc16(&inside), ETX) != announced {
            return Event::Damaged(Damage::Checksum);
        }
        Packet::decode(&inside).map_or(Event::Damaged(Damage::NotOnePacket), Event::Packet)
    }

    fn damaged(&mut self, damage: Damage) -> Option<Event> {
        self.inside.clear();
        self.state = State::Between;
        Some(Event::Damaged(damage))
    }
}
