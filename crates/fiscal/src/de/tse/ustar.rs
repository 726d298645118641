//! Archives (TAR) as signing units write them, read and written one file at a time: ustar with the long
//! names of POSIX (pax) and of GNU. Nothing in them makes the reader panic; a file's length is bounded.
//! Source: POSIX.1-2017, pax.

use std::io::{self, Read, Write};

/// Longest file within an archive that is read, bytes.
pub const LONGEST_FILE: u64 = 2 * 1024 * 1024;
const BLOCK: usize = 512;

/// Why an archive cannot be read further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveFault {
    /// The source could not be read.
    #[error("the archive could not be read: {0}")]
    Read(io::ErrorKind),
    /// It ends within a file, or without the mark of its end.
    #[error("the archive is cut off")]
    CutOff,
    /// A file's head is not as its sum says, or none.
    #[error("the head of a file is damaged")]
    Head,
    /// A file is longer than [`LONGEST_FILE`].
    #[error("a file in it is too long")]
    TooLong,
    /// Something else than a file or a folder.
    #[error("something in it is no file")]
    Kind,
    /// Something follows the mark of its end.
    #[error("something follows its end")]
    AfterEnd,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// Its name, with folders as they stand.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// Whether what fills its last block is zeros.
    pub(crate) clean: bool,
}

/// Reads an archive.
#[derive(Debug)]
pub(crate) struct Archive<R> {
    source: R,
    over: bool,
}

impl<R: Read> Archive<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, over: false }
    }

    /// The next file; none after the last. After a fault there is none either.
    pub(crate) fn next(&mut self) -> Result<Option<File>, ArchiveFault> {
        if self.over {
            return Ok(None);
        }
        let found = self.file();
        self.over = !matches!(found, Ok(Some(_)));
        found
    }

    fn file(&mut self) -> Result<Option<File>, ArchiveFault> {
        let mut long_name: Option<String> = None;
        loop {
            let head = self.block()?.ok_or(ArchiveFault::CutOff)?;
            if head.iter().all(|byte| *byte == 0) {
                self.end()?;
                return Ok(None);
            }
            let head = Head::read(&head)?;
            let (bytes, clean) = self.content(head.size)?;
            match head.kind {
                0 | b'0' | b'7' => {
                    let name = long_name.unwrap_or(head.name);
                    return Ok(Some(File { name, bytes, clean }));
                }
                b'L' => {
                    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
                    let name = bytes.get(..end).unwrap_or(&bytes);
                    long_name = Some(String::from_utf8_lossy(name).into_owned());
                }
                b'x' => long_name = pax_path(&bytes).or(long_name),
                b'g' | b'5' => {}
                _ => return Err(ArchiveFault::Kind),
            }
        }
    }

    /// What follows the first block of zeros: more of them, and nothing else.
    fn end(&mut self) -> Result<(), ArchiveFault> {
        while let Some(block) = self.block()? {
            if block.iter().any(|byte| *byte != 0) {
                return Err(ArchiveFault::AfterEnd);
            }
        }
        Ok(())
    }

    fn content(&mut self, size: u64) -> Result<(Vec<u8>, bool), ArchiveFault> {
        if size > LONGEST_FILE {
            return Err(ArchiveFault::TooLong);
        }
        let mut left = usize::try_from(size).map_err(|_| ArchiveFault::TooLong)?;
        let (mut bytes, mut clean) = (Vec::new(), true);
        while left > 0 {
            let block = self.block()?.ok_or(ArchiveFault::CutOff)?;
            let (data, fill) = block.split_at_checked(left).unwrap_or((&block, &[]));
            bytes.extend_from_slice(data);
            clean &= fill.iter().all(|byte| *byte == 0);
            left = left.saturating_sub(BLOCK);
        }
        Ok((bytes, clean))
    }

    /// The next block; none when nothing is left.
    fn block(&mut self) -> Result<Option<[u8; BLOCK]>, ArchiveFault> {
        let mut block = [0; BLOCK];
        let mut filled: usize = 0;
        while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.source.read(rest) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(ArchiveFault::CutOff),
                Ok(count) => filled = filled.saturating_add(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ArchiveFault::Read(error.kind())),
            }
        }
        Ok(Some(block))
    }
}

struct Head {
    name: String,
    size: u64,
    kind: u8,
}

impl Head {
    fn read(block: &[u8; BLOCK]) -> Result<Self, ArchiveFault> {
        let field = |from: usize, to: usize| block.get(from..to).unwrap_or_default();
        let said = number(field(148, 156)).ok_or(ArchiveFault::Head)?;
        if said != sum(block) {
            return Err(ArchiveFault::Head);
        }
        let name = text(field(0, 100));
        // Only POSIX has the rest of a long name here; GNU keeps other things in its place.
        let before =
            if field(257, 263) == b"ustar\0" { text(field(345, 500)) } else { String::new() };
        let name = if before.is_empty() { name } else { format!("{before}/{name}") };
        let size = number(field(124, 136)).ok_or(ArchiveFault::Head)?;
        Ok(Self { name, size, kind: field(156, 157).first().copied().unwrap_or_default() })
    }
}

/// The sum of a head's bytes, with blanks in place of the sum itself.
fn sum(block: &[u8; BLOCK]) -> u64 {
    let bytes = block.iter().enumerate();
    bytes
        .map(|(at, byte)| if (148..156).contains(&at) { 0x20 } else { u64::from(*byte) })
        .fold(0, u64::saturating_add)
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or(field)).into_owned()
}

/// An octal number, or a binary one with its first bit set (GNU).
fn number(field: &[u8]) -> Option<u64> {
    if let Some((first, rest)) = field.split_first()
        && first & 0x80 != 0
    {
        let mut number = u64::from(first & 0x7f);
        for byte in rest {
            number = number.checked_mul(256)?.checked_add(u64::from(*byte))?;
        }
        return Some(number);
    }
    let digits = field.iter().position(|byte| *byte != b' ').and_then(|at| field.get(at..))?;
    let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end)?;
    if digits.is_empty() || rest.iter().any(|byte| !matches!(byte, 0 | b' ')) {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

/// The name out of `27 path=…\n` records.
fn pax_path(bytes: &[u8]) -> Option<String> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let blank = rest.iter().position(|byte| *byte == b' ')?;
        let length: usize = std::str::from_utf8(rest.get(..blank)?).ok()?.parse().ok()?;
        let record = rest.get(blank.checked_add(1)?..length)?;
        let record = record.strip_suffix(b"\n").unwrap_or(record);
        if let Some(path) = record.strip_prefix(b"path=") {
            return Some(String::from_utf8_lossy(path).into_owned());
        }
        rest = rest.get(length..)?;
    }
    None
}

/// Writes one file.
pub(crate) fn write_file(
    out: &mut impl Write,
    name: &str,
    seconds: i64,
    bytes: &[u8],
) -> io::Result<()> {
    if name.len() > 100 {
        let mut record = format!(" path={name}\n");
        // The length of a record counts its own digits.
        let digits = |length: usize| length.to_string().len();
        let mut length = record.len().saturating_add(digits(record.len()));
        if digits(length) != digits(record.len()) {
            length = length.saturating_add(1);
        }
        record.insert_str(0, &length.to_string());
        let short: String = name.chars().filter(char::is_ascii).take(80).collect();
        write_entry(out, &format!("PaxHeader/{short}"), seconds, b'x', record.as_bytes())?;
        return write_entry(out, &short, seconds, b'0', bytes);
    }
    write_entry(out, name, seconds, b'0', bytes)
}

fn write_entry(
    out: &mut impl Write,
    name: &str,
    seconds: i64,
    kind: u8,
    bytes: &[u8],
) -> io::Result<()> {
    let mut head = [0; BLOCK];
    let mut put = |at: usize, text: &[u8]| {
        for (place, byte) in head.iter_mut().skip(at).zip(text) {
            *place = *byte;
        }
    };
    let size = bytes.len();
    put(0, name.as_bytes());
    put(100, b"0000444\x000000000\x000000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, format!("{:011o}\0", u64::try_from(seconds).unwrap_or_default()).as_bytes());
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    let sum = sum(&head);
    for (place, byte) in head.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *place = byte;
    }
    out.write_all(&head)?;
    out.write_all(bytes)?;
    let fill = BLOCK.saturating_sub(size % BLOCK) % BLOCK;
    out.write_all(&vec![0; fill])
}

/// Writes the mark of the end.
pub(crate) fn write_end(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[0; BLOCK])?;
    out.write_all(&[0; BLOCK])
}
