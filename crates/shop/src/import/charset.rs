//! Which characters the bytes of a file mean, and reading them as UTF-8.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::Serialize;
use utoipa::ToSchema;

/// Character set of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Charset {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// UTF-16, low byte first, with byte order mark ("Unicode text" of spreadsheets).
    Utf16Le,
    /// UTF-16, high byte first, with byte order mark.
    Utf16Be,
    /// Windows-1252 (a superset of ISO 8859-1): what spreadsheets write in western Europe.
    Windows1252,
    /// DOS code page 850, from old merchandise systems.
    Cp850,
}

/// Code page 850 from 0x80 on (Unicode consortium, VENDORS/MICSFT/PC/CP850.TXT).
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤\
ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}";

const BUFFER: usize = 64 * 1024;

/// Recognises the character set by reading the whole file once, and how many bytes its mark takes.
///
/// Without a mark a file is UTF-8 if it is valid as such (or all but so); else code page 850 or
/// Windows-1252, whichever gives more German letters.
pub(super) fn recognise(file: &mut (impl Read + Seek)) -> io::Result<(Charset, u64)> {
    file.seek(SeekFrom::Start(0))?;
    let mut counts = Counts::default();
    let mut buffer = vec![0_u8; BUFFER];
    let mut kept = 0_usize;
    let mut first = true;
    while let Some(free) = buffer.get_mut(kept..) {
        let read = file.read(free)?;
        let filled = kept.saturating_add(read);
        let bytes = buffer.get(..filled).unwrap_or_default();
        if first && read > 0 {
            // A short first read may end inside the mark; files give whole blocks.
            match bytes {
                [0xEF, 0xBB, 0xBF, ..] => return Ok((Charset::Utf8, 3)),
                [0xFF, 0xFE, ..] => return Ok((Charset::Utf16Le, 2)),
                [0xFE, 0xFF, ..] => return Ok((Charset::Utf16Be, 2)),
                _ => first = false,
            }
        }
        let unfinished = counts.take(bytes, read == 0);
        if read == 0 {
            break;
        }
        let begin = filled.saturating_sub(unfinished);
        buffer.copy_within(begin..filled, 0);
        kept = unfinished;
    }
    Ok((counts.verdict(), 0))
}

#[derive(Default)]
struct Counts {
    /// Characters of two bytes and more that are valid UTF-8.
    multibyte: u64,
    /// Places that are no UTF-8.
    invalid: u64,
    /// ä ö ü Ä Ö Ü ß as code page 850 has them.
    cp850: u64,
    /// The same as Windows-1252 has them.
    windows: u64,
}

impl Counts {
    /// Counts in `bytes`; answers how many bytes at the end belong to an unfinished character.
    fn take(&mut self, bytes: &[u8], last: bool) -> usize {
        if bytes.is_ascii() {
            return 0;
        }
        for byte in bytes {
            match byte {
                0x84 | 0x94 | 0x81 | 0x8E | 0x99 | 0x9A | 0xE1 => self.cp850 += 1,
                0xE4 | 0xF6 | 0xFC | 0xC4 | 0xD6 | 0xDC | 0xDF => self.windows += 1,
                _ => {}
            }
        }
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            let wide = chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
            self.multibyte = self.multibyte.saturating_add(u64::try_from(wide).unwrap_or(u64::MAX));
            if chunk.invalid().is_empty() {
                continue;
            }
            let at_end = chunks.peek().is_none();
            let unfinished = chunk.invalid().len() < 4
                && std::str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none());
            if at_end && unfinished && !last {
                return chunk.invalid().len();
            }
            self.invalid = self.invalid.saturating_add(1);
        }
        0
    }

    fn verdict(&self) -> Charset {
        // A few broken characters in a file full of valid ones are damage, not another character set.
        if self.invalid == 0 || self.multibyte > self.invalid.saturating_mul(20) {
            Charset::Utf8
        } else if self.cp850 > self.windows {
            Charset::Cp850
        } else {
            Charset::Windows1252
        }
    }
}

/// Reads a file as UTF-8. Bytes of a UTF-8 file pass unchanged, be they valid or not.
pub(super) struct Decoded<R> {
    inner: R,
    how: How,
    raw: Vec<u8>,
    raw_at: usize,
    raw_end: usize,
    ended: bool,
    /// The decoder has given its last; it must not be asked again.
    finished: bool,
    /// Bytes read from the file so far.
    pub(super) bytes: u64,
}

enum How {
    Pass,
    Decoder(Box<Decoder>),
    /// Code page 850.
    Table(Vec<char>),
}

impl<R: Read + Seek> Decoded<R> {
    /// Begins behind the mark.
    pub(super) fn new(mut inner: R, charset: Charset, skip: u64) -> io::Result<Self> {
        inner.seek(SeekFrom::Start(skip))?;
        let how = match charset {
            Charset::Utf8 => How::Pass,
            Charset::Utf16Le => How::Decoder(Box::new(UTF_16LE.new_decoder_without_bom_handling())),
            Charset::Utf16Be => How::Decoder(Box::new(UTF_16BE.new_decoder_without_bom_handling())),
            Charset::Windows1252 => {
                How::Decoder(Box::new(WINDOWS_1252.new_decoder_without_bom_handling()))
            }
            Charset::Cp850 => How::Table(CP850.chars().collect()),
        };
        let raw = if matches!(how, How::Pass) { Vec::new() } else { vec![0; BUFFER] };
        Ok(Self {
            inner,
            how,
            raw,
            raw_at: 0,
            raw_end: 0,
            ended: false,
            finished: false,
            bytes: skip,
        })
    }

    fn refill(&mut self) -> io::Result<()> {
        if self.raw_at == self.raw_end && !self.ended {
            self.raw_end = self.inner.read(&mut self.raw)?;
            self.raw_at = 0;
            self.ended = self.raw_end == 0;
            self.count(self.raw_end);
        }
        Ok(())
    }

    fn count(&mut self, read: usize) {
        self.bytes = self.bytes.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
}

impl<R: Read + Seek> Read for Decoded<R> {
    /// `out` must hold at least one character (4 bytes) for a file that is not UTF-8.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if matches!(self.how, How::Pass) {
            let read = self.inner.read(out)?;
            self.count(read);
            return Ok(read);
        }
        loop {
            if self.finished {
                return Ok(0);
            }
            self.refill()?;
            let input = self.raw.get(self.raw_at..self.raw_end).unwrap_or_default();
            let (taken, written, full) = match &mut self.how {
                How::Pass => (0, 0, true),
                How::Decoder(decoder) => {
                    let (result, taken, written, _) =
                        decoder.decode_to_utf8(input, out, self.ended);
                    (taken, written, result == CoderResult::OutputFull)
                }
                How::Table(table) => by_table(table, input, out),
            };
            self.raw_at = self.raw_at.saturating_add(taken);
            self.finished = self.ended && !full;
            if written > 0 || full {
                return Ok(written);
            }
        }
    }
}

/// One character a byte; answers bytes taken, bytes written, and whether the buffer is full.
fn by_table(table: &[char], input: &[u8], out: &mut [u8]) -> (usize, usize, bool) {
    let mut taken = 0_usize;
    let mut written = 0_usize;
    let mut encoded = [0_u8; 4];
    for byte in input {
        let c = match byte.checked_sub(0x80) {
            None => char::from(*byte),
            Some(high) => table.get(usize::from(high)).copied().unwrap_or('\u{FFFD}'),
        };
        let bytes = c.encode_utf8(&mut encoded).as_bytes();
        let end = written.saturating_add(bytes.len());
        let Some(place) = out.get_mut(written..end) else { return (taken, written, true) };
        place.copy_from_slice(bytes);
        written = end;
        taken = taken.saturating_add(1);
    }
    (taken, written, false)
}
