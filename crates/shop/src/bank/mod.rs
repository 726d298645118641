//! The bank's files: read (camt.052/053/054 and CSV), shown, taken in.
//!
//! [`read`] is pure: bytes in, lines out, each with its own fault. Of whoever paid nothing leaves here: names
//! and accounts are skipped, of a purpose text only the shop's own reference stays. [`take`] is the one way
//! into the record; the same file twice changes nothing.

mod amount;
mod camt;
mod list;
mod take;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use domain::transfer::{Found, find};
use jiff::civil::Date;
use money::{Currency, Money};
use sha2::{Digest, Sha256};

pub use take::{Taken, digest, preview, take};

/// Largest file, bytes: a year of a busy account.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Most lines of a file.
pub const MAX_LINES: usize = 50_000;
/// Longest reference of the bank's own that is kept as it is; longer ones are kept as a digest.
const MAX_ENTRY: usize = 64;

/// Why a file cannot be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// More than 16 MiB, or more than 50,000 lines.
    #[error("the file is too large")]
    TooLarge,
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// The XML breaks off or contradicts itself.
    #[error("the XML is broken at byte {at}")]
    BrokenXml {
        /// Where.
        at: u64,
    },
    /// It declares a document type or entities; the bank's messages have none, attacks do.
    #[error("the XML declares entities")]
    Entities,
    /// XML, and no message of a bank.
    #[error("this is no camt message")]
    NotCamt,
    /// A list whose columns are not known: no amount, or no purpose.
    #[error("the columns are not known")]
    NoColumns,
}

impl FileFault {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            FileFault::TooLarge => "bank_file_too_large",
            FileFault::Empty => "bank_file_empty",
            FileFault::BrokenXml { .. } => "bank_file_broken",
            FileFault::Entities => "bank_file_entities",
            FileFault::NotCamt => "bank_file_not_camt",
            FileFault::NoColumns => "bank_file_no_columns",
        }
    }
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineProblem {
    /// No amount, or one that cannot be read to the cent.
    BadAmount,
    /// No currency.
    BadCurrency,
    /// A date that does not exist.
    BadDate,
    /// Announced, not booked: it may still not come.
    NotBooked,
    /// Not as many cells as the head line.
    RaggedLine,
}

impl LineProblem {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            LineProblem::BadAmount => "bad_amount",
            LineProblem::BadCurrency => "bad_currency",
            LineProblem::BadDate => "bad_date",
            LineProblem::NotBooked => "not_booked",
            LineProblem::RaggedLine => "ragged_line",
        }
    }
}

/// Money that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The bank's own reference, or a digest of the line; with what the line says, once in a file.
    pub entry: String,
    /// Booked on.
    pub booked: Option<Date>,
    /// How much, above nothing.
    pub amount: Money,
    /// In which currency.
    pub currency: Currency,
    /// It went off the account, or an earlier booking was taken back.
    pub back: bool,
    /// The shop's reference in it.
    pub found: Found,
}

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankLine {
    /// Its number, from 1.
    pub number: u32,
    /// What it says, or why it cannot be read.
    pub says: Result<Moved, LineProblem>,
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// camt.052, .053 or .054 (ISO 20022).
    Camt,
    /// A list with a head line.
    Csv,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankFile {
    /// What it is.
    pub format: Format,
    /// Its lines.
    pub lines: Vec<BankLine>,
}

/// Reads a file. Never panics, whatever is in it.
pub fn read(bytes: &[u8]) -> Result<BankFile, FileFault> {
    if bytes.len() > MAX_BYTES {
        return Err(FileFault::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let (format, mut lines) = match first {
        None => return Err(FileFault::Empty),
        Some(b'<') => (Format::Camt, camt::read(bytes)?),
        Some(_) => (Format::Csv, list::read(bytes)?),
    };
    tell_apart(&mut lines);
    Ok(BankFile { format, lines })
}

/// A fuzz target: reading returns, what is read keeps its promises, and the same bytes say the same.
pub fn fuzz_one(bytes: &[u8]) {
    let once = read(bytes);
    assert_eq!(once, read(bytes));
    let Ok(file) = once else { return };
    assert!(file.lines.len() <= MAX_LINES);
    let said = || file.lines.iter().filter_map(|line| line.says.as_ref().ok());
    assert!(said().all(|moved| moved.amount.is_positive() && moved.entry.len() <= MAX_ENTRY + 16));
    let all: std::collections::BTreeSet<_> = said().map(content).collect();
    assert_eq!(all.len(), said().count());
}

/// What tells a line from another with the same reference of the bank's own.
fn content(moved: &Moved) -> (String, Money, Currency, bool, String) {
    let found = match &moved.found {
        Found::Nothing => "",
        Found::Reference(text) | Found::Spoiled(text) => text,
    };
    (moved.entry.clone(), moved.amount, moved.currency, moved.back, found.to_owned())
}

/// Two lines that look the same are two payments: each later one gets its number.
fn tell_apart(lines: &mut [BankLine]) {
    let mut seen: BTreeMap<_, u32> = BTreeMap::new();
    for moved in lines.iter_mut().filter_map(|line| line.says.as_mut().ok()) {
        let times = seen.entry(content(moved)).or_insert(0);
        *times = times.saturating_add(1);
        if *times > 1 {
            // A dot is in no reference and in no digest.
            moved.entry = format!("{}.{times}", moved.entry);
        }
    }
}

/// What banks write where they have no reference: the same at every payment.
const NO_REFERENCE: [&str; 3] = ["NONREF", "NOTPROVIDED", "NOTAVAIL"];

/// The bank's own reference as it is kept, or a digest of all that the line says: also where the reference
/// names nothing, or could be a card's number, which no record keeps.
fn entry(own: Option<&str>, said: &[&str], back: bool) -> String {
    let usable = |own: &&str| {
        (1..=MAX_ENTRY - 2).contains(&own.len())
            && !NO_REFERENCE.contains(&own.to_ascii_uppercase().as_str())
            && !gs1::holds_card_number(own)
            && own.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'_'))
    };
    let name = own.map(str::trim).filter(usable).map_or_else(|| digested(said), str::to_owned);
    // A reversal may bear the reference of what it takes back.
    if back { format!("{name}/R") } else { name }
}

fn digested(said: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in said {
        digest.update(part.len().to_be_bytes());
        digest.update(part.as_bytes());
    }
    crate::auth::random::hex(digest.finalize().get(..16).unwrap_or_default())
}

/// The shop's reference in the texts of a line: the first that fits, or else what was meant to be one.
fn reference<'a>(texts: impl Iterator<Item = &'a str>) -> Found {
    let mut best = Found::Nothing;
    for text in texts {
        match find(text) {
            found @ Found::Reference(_) => return found,
            Found::Spoiled(word) if best == Found::Nothing => best = Found::Spoiled(word),
            Found::Spoiled(_) | Found::Nothing => {}
        }
    }
    best
}

/// A date: ISO (a time behind it is left away), or day.month.year as German banks write.
fn date(text: &str) -> Result<Date, LineProblem> {
    let text = text.trim();
    let iso = text.get(..10).unwrap_or(text);
    if let Ok(date) = iso.parse::<Date>() {
        return Ok(date);
    }
    let mut parts = text.splitn(3, '.').map(str::trim);
    let parsed = (|| {
        let day: i8 = parts.next()?.parse().ok()?;
        let month: i8 = parts.next()?.parse().ok()?;
        let year = parts.next()?;
        let full: i16 = year.parse().ok()?;
        let full = if year.len() == 2 { full.checked_add(2_000)? } else { full };
        Date::new(full, month, day).ok()
    })();
    parsed.ok_or(LineProblem::BadDate)
}
