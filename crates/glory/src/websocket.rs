//! The least of a WebSocket (RFC 6455) that these machines need, both sides of it.

use base64ct::{Base64, Encoding as _};
use sha1::{Digest as _, Sha1};

/// Longest message that is put together.
const LONGEST: usize = 1_048_576;
/// Longest head of an answer to the handshake.
const HEAD: usize = 8_192;

/// A whole message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text.
    Text(String),
    /// Bytes.
    Binary(Vec<u8>),
    /// Asks for a pong with the same bytes.
    Ping(Vec<u8>),
    /// Answers a ping.
    Pong(Vec<u8>),
    /// The other side ends.
    Close,
}

/// What is no WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

/// What a client says first. `key` are 16 random bytes.
#[must_use]
pub fn hello(host: &str, path: &str, key: [u8; 16]) -> String {
    let key = Base64::encode_string(&key);
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
}

/// What the other side has to prove that it has read the key.
#[must_use]
pub fn proof(key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    Base64::encode_string(&hash.finalize())
}

/// The head of a handshake, when it is whole, and how long it is.
///
/// # Errors
/// When it is too long, or no text.
pub fn head(bytes: &[u8]) -> Result<Option<(String, usize)>, Broken> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    match end {
        None if bytes.len() > HEAD => Err(Broken),
        None => Ok(None),
        Some(at) => {
            let head = bytes.get(..at).unwrap_or_default().to_vec();
            let text = String::from_utf8(head).map_err(|_| Broken)?;
            Ok(Some((text, at.saturating_add(4))))
        }
    }
}

/// A header's value.
#[must_use]
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.split("\r\n").skip(1).find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// Whether an answer to [`hello`] begins a WebSocket.
#[must_use]
pub fn agreed(head: &str, key: [u8; 16]) -> bool {
    let first = head.split("\r\n").next().unwrap_or_default();
    first.split(' ').nth(1) == Some("101")
        && header(head, "Sec-WebSocket-Accept")
            == Some(proof(&Base64::encode_string(&key)).as_str())
}

/// A message as bytes. A client masks what it sends.
#[must_use]
pub fn encode(frame: &Frame, mask: Option<[u8; 4]>) -> Vec<u8> {
    let (kind, payload): (u8, &[u8]) = match frame {
        Frame::Text(text) => (1, text.as_bytes()),
        Frame::Binary(bytes) => (2, bytes),
        Frame::Close => (8, &[]),
        Frame::Ping(bytes) => (9, bytes),
        Frame::Pong(bytes) => (10, bytes),
    };
    let masked = if mask.is_some() { 0x80 } else { 0 };
    let mut out = vec![0x80 | kind];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short), _) if short < 126 => out.push(masked | short),
        (_, Ok(middle)) => {
            out.push(masked | 126);
            out.extend(middle.to_be_bytes());
        }
        _ => {
            out.push(masked | 127);
            out.extend(u64::try_from(payload.len()).unwrap_or(u64::MAX).to_be_bytes());
        }
    }
    match mask {
        Some(mask) => {
            out.extend(mask);
            out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        }
        None => out.extend(payload),
    }
    out
}

/// Puts bytes together to messages.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    buffer: Vec<u8>,
    /// The kind and the pieces of a message that comes in pieces.
    pieces: Option<(u8, Vec<u8>)>,
}

impl Reader {
    /// Takes bytes; the messages that are whole.
    ///
    /// # Errors
    /// When it is no WebSocket: nothing more can be read then.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Frame>, Broken> {
        self.buffer.extend_from_slice(bytes);
        let mut frames = Vec::new();
        while let Some((last, kind, payload)) = self.piece()? {
            match (kind, self.pieces.take()) {
                (8, _) => frames.push(Frame::Close),
                (9, pieces) => {
                    self.pieces = pieces;
                    frames.push(Frame::Ping(payload));
                }
                (10, pieces) => {
                    self.pieces = pieces;
                    frames.push(Frame::Pong(payload));
                }
                (1 | 2, None) if last => frames.push(message(kind, payload)?),
                (1 | 2, None) => self.pieces = Some((kind, payload)),
                (0, Some((kind, mut before))) => {
                    before.extend(payload);
                    if before.len() > LONGEST {
                        return Err(Broken);
                    }
                    if last {
                        frames.push(message(kind, before)?);
                    } else {
                        self.pieces = Some((kind, before));
                    }
                }
                _ => return Err(Broken),
            }
        }
        Ok(frames)
    }

    /// The next piece, when it is whole: whether it is the last of its message, its kind, its bytes.
    fn piece(&mut self) -> Result<Option<(bool, u8, Vec<u8>)>, Broken> {
        let (Some(first), Some(second)) = (self.buffer.first(), self.buffer.get(1)) else {
            return Ok(None);
        };
        let (last, kind) = (first & 0x80 != 0, first & 0x0F);
        if first & 0x70 != 0 {
            return Err(Broken);
        }
        let (length, mut at) = match second & 0x7F {
            126 => {
                let Some(bytes) = self.buffer.get(2..4) else { return Ok(None) };
                (bytes.iter().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte)), 4_usize)
            }
            127 => {
                let Some(bytes) = self.buffer.get(2..10) else { return Ok(None) };
                let long = bytes.iter().fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
                (usize::try_from(long).map_err(|_| Broken)?, 10)
            }
            short => (usize::from(short), 2),
        };
        if length > LONGEST {
            return Err(Broken);
        }
        let mask: Option<Vec<u8>> = if second & 0x80 != 0 {
            let end = at.saturating_add(4);
            let Some(mask) = self.buffer.get(at..end) else { return Ok(None) };
            at = end;
            Some(self.buffer.get(at.saturating_sub(4)..at).unwrap_or(mask).to_vec())
        } else {
            None
        };
        let end = at.saturating_add(length);
        let Some(payload) = self.buffer.get(at..end) else { return Ok(None) };
        let payload: Vec<u8> = match mask {
            Some(mask) => payload.iter().zip(mask.iter().cycle()).map(|(b, m)| b ^ m).collect(),
            None => payload.to_vec(),
        };
        self.buffer.drain(..end);
        Ok(Some((last, kind, payload)))
    }
}

fn message(kind: u8, payload: Vec<u8>) -> Result<Frame, Broken> {
    if kind == 1 {
        String::from_utf8(payload).map(Frame::Text).map_err(|_| Broken)
    } else {
        Ok(Frame::Binary(payload))
    }
}
