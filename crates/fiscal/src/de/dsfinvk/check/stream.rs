//! A file of the package as rows in order: each row is held against its columns, and rows come out closing by closing
//! and receipt by receipt, so that no file is ever in memory as a whole.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};

use super::super::number;
use super::super::schema::{Column, Form, Kind, Table, transactions};
use super::super::time::{Day, Stamp};
use super::read::{Flaw, Reader, Record};
use super::report::Report;
use super::rules::Rule;

/// The closings of a package in the order of cashpointclosing.csv.
#[derive(Debug, Default)]
pub(super) struct Closings {
    places: BTreeMap<Key, usize>,
}

/// What a closing is known by: till, time, number, as they stand there.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) till: String,
    pub(super) created: String,
    pub(super) number: String,
}

impl Key {
    pub(super) fn of(record: &Record) -> Key {
        Key {
            till: record.get(transactions::Z_KASSE_ID).to_owned(),
            created: record.get(transactions::Z_ERSTELLUNG).to_owned(),
            number: record.get(transactions::Z_NR).to_owned(),
        }
    }

    fn is_of(&self, record: &Record) -> bool {
        record.get(transactions::Z_KASSE_ID) == self.till
            && record.get(transactions::Z_ERSTELLUNG) == self.created
            && record.get(transactions::Z_NR) == self.number
    }
}

impl Closings {
    /// Adds one; false when it is there already.
    pub(super) fn add(&mut self, key: Key) -> bool {
        let place = self.places.len();
        let known = self.places.contains_key(&key);
        if !known {
            self.places.insert(key, place);
        }
        !known
    }

    /// All, in order.
    pub(super) fn in_order(&self) -> Vec<Key> {
        let mut all: Vec<(usize, Key)> =
            self.places.iter().map(|(key, place)| (*place, key.clone())).collect();
        all.sort();
        all.into_iter().map(|(_, key)| key).collect()
    }

    /// Where one stands.
    pub(super) fn place(&self, key: &Key) -> Option<usize> {
        self.places.get(key).copied()
    }
}

/// Where the checker is: at a closing, and perhaps at one of its receipts.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) closings: &'a Closings,
    pub(super) closing: usize,
    pub(super) key: &'a Key,
    /// The closing's receipts by id, with their places; and which of them it is.
    pub(super) receipts: Option<(&'a BTreeMap<String, usize>, usize)>,
    /// The id of that receipt.
    pub(super) receipt: &'a str,
}

/// So many rows are read ahead, so that one misplaced row does not make all others look misplaced.
const READ_AHEAD: usize = 8;

/// Where a row belongs.
enum Belongs {
    Here,
    Later,
    /// It should have come before.
    Earlier,
    NoClosing,
    NoReceipt,
}

impl At<'_> {
    fn is_exactly(&self, record: &Record) -> bool {
        let receipt = self.receipts.is_none() || record.get(transactions::BON_ID) == self.receipt;
        receipt && self.key.is_of(record)
    }

    fn of(&self, record: &Record) -> Belongs {
        if self.is_exactly(record) {
            return Belongs::Here;
        }
        let here = self.key.is_of(record);
        if !here {
            return match self.closings.place(&Key::of(record)) {
                None => Belongs::NoClosing,
                Some(place) if place < self.closing => Belongs::Earlier,
                Some(_) => Belongs::Later,
            };
        }
        let Some((receipts, at)) = self.receipts else { return Belongs::Here };
        match receipts.get(record.get(transactions::BON_ID)) {
            None => Belongs::NoReceipt,
            Some(place) if *place < at => Belongs::Earlier,
            Some(place) if *place == at => Belongs::Here,
            Some(_) => Belongs::Later,
        }
    }
}

/// A file that is being read; one that is not there has no rows.
pub(super) struct Stream<R> {
    pub(super) table: &'static Table,
    reader: Option<Reader<R>>,
    columns: Vec<Column>,
    /// Rows that were read ahead.
    ahead: VecDeque<Record>,
}

impl<R: Read> Stream<R> {
    /// Opens a file and reads its first line.
    pub(super) fn open(
        table: &'static Table,
        source: Option<R>,
        report: &mut Report<'_>,
    ) -> io::Result<Stream<R>> {
        let mut stream = Stream {
            table,
            reader: source.map(Reader::new),
            columns: table.columns.to_vec(),
            ahead: VecDeque::new(),
        };
        let Some(reader) = &mut stream.reader else { return Ok(stream) };
        let Some(header) = reader.next_record()? else {
            report.file(Rule::CsvHeader, table.file, "", "", "");
            return Ok(stream);
        };
        flaws(reader.flaws(), (table, &header), report);
        // Further columns for certificates are lawful; they are there as the first line says.
        stream.columns = table.columns_with(certificates(table, header.width())).collect();
        for (place, column) in stream.columns.iter().enumerate() {
            if header.get(place) != column.name {
                report.file(
                    Rule::CsvHeader,
                    table.file,
                    column.name,
                    header.get(place),
                    column.name,
                );
            }
        }
        if header.width() != stream.columns.len() {
            let (found, expected) = (header.width().to_string(), stream.columns.len().to_string());
            report.file(Rule::CsvHeader, table.file, "", &found, &expected);
        }
        Ok(stream)
    }

    /// The next row.
    fn next_row(&mut self, report: &mut Report<'_>) -> io::Result<Option<Record>> {
        match self.ahead.pop_front() {
            Some(row) => Ok(Some(row)),
            None => self.read_row(report),
        }
    }

    /// Reads the next row with as many values as there are columns.
    fn read_row(&mut self, report: &mut Report<'_>) -> io::Result<Option<Record>> {
        let Some(reader) = &mut self.reader else { return Ok(None) };
        loop {
            let Some(record) = reader.next_record()? else { return Ok(None) };
            let rows = report.summary.rows.entry(self.table.file).or_default();
            *rows = rows.saturating_add(1);
            flaws(reader.flaws(), (self.table, &record), report);
            if record.width() != self.columns.len() {
                let found = record.width().to_string();
                let expected = self.columns.len().to_string();
                report.row(Rule::CsvWidth, (self.table, &record), "", &found, &expected);
                continue;
            }
            for (place, column) in self.columns.iter().enumerate() {
                let value = record.get(place);
                if let Some((rule, expected)) = complaint(column, value) {
                    report.row(rule, (self.table, &record), column.name, value, &expected);
                }
            }
            return Ok(Some(record));
        }
    }

    /// All rows of where the checker is. Those that belong nowhere, or should have come before, are told and left out.
    pub(super) fn take(&mut self, at: At<'_>, report: &mut Report<'_>) -> io::Result<Vec<Record>> {
        let mut rows = Vec::new();
        while let Some(record) = self.next_row(report)? {
            match at.of(&record) {
                Belongs::Here => rows.push(record),
                Belongs::Later => {
                    // Between rows of this place it does not wait for its own but is misplaced.
                    if self.comes_here(at, report)? {
                        self.misplaced(&Belongs::Later, &record, report);
                        continue;
                    }
                    self.ahead.push_front(record);
                    break;
                }
                other => self.misplaced(&other, &record, report),
            }
        }
        Ok(rows)
    }

    /// Whether one of the next few rows belongs where the checker is.
    fn comes_here(&mut self, at: At<'_>, report: &mut Report<'_>) -> io::Result<bool> {
        while self.ahead.len() < READ_AHEAD {
            let Some(record) = self.read_row(report)? else { break };
            self.ahead.push_back(record);
        }
        Ok(self.ahead.iter().any(|record| at.is_exactly(record)))
    }

    fn misplaced(&self, belongs: &Belongs, record: &Record, report: &mut Report<'_>) {
        let (rule, place) = match belongs {
            Belongs::NoClosing => (Rule::KeyClosing, transactions::Z_NR),
            Belongs::NoReceipt => (Rule::KeyReceipt, transactions::BON_ID),
            _ => (Rule::Order, transactions::Z_NR),
        };
        report.value(rule, (self.table, record), place, "");
    }
}

/// How many columns are for certificates in a file that has so many columns in all.
pub(super) fn certificates(table: &Table, width: usize) -> usize {
    let more = width.saturating_sub(table.columns.len());
    more.saturating_add(super::super::schema::CERTIFICATE_COLUMNS)
}

fn flaws(flaws: &[Flaw], place: (&Table, &Record), report: &mut Report<'_>) {
    for flaw in flaws {
        let rule = match flaw {
            Flaw::ByteOrderMark => Rule::CsvByteOrderMark,
            Flaw::NoUtf8 => Rule::CsvUtf8,
            Flaw::LineEnd => Rule::CsvLineEnd,
            Flaw::Quote => Rule::CsvQuote,
            Flaw::TooLong => Rule::CsvTooLong,
        };
        report.row(rule, place, "", "", "");
    }
}

/// What is wrong with a value, and what would be right.
fn complaint(column: &Column, value: &str) -> Option<(Rule, String)> {
    if value.is_empty() {
        return column.required.then(|| (Rule::FieldEmpty, String::new()));
    }
    match column.kind {
        Kind::Number(decimals) => {
            let well = number::read(value, decimals).is_some();
            return (!well).then(|| (Rule::FieldNumber, format!("{decimals}")));
        }
        Kind::Text(most) | Kind::Key(most) => {
            let most = usize::from(most);
            if value.len() > most && value.chars().count() > most {
                return Some((Rule::FieldLength, most.to_string()));
            }
        }
    }
    if column.form != Form::Verbatim && value.chars().any(super::super::csv::is_control) {
        return Some((Rule::FieldControl, String::new()));
    }
    let form = |well: bool, expected: &str| (!well).then(|| (Rule::FieldForm, expected.to_owned()));
    match column.form {
        Form::Free | Form::Verbatim => None,
        Form::Flag => form(matches!(value, "0" | "1"), "0, 1"),
        Form::Moment => form(Stamp::read(value).is_some(), "YYYY-MM-DDThh:mm:ss+hh:mm"),
        Form::Utc => form(is_utc(value), "YYYY-MM-DDThh:mm:ss.fffZ"),
        Form::Day => form(Day::read(value).is_some(), "YYYY-MM-DD"),
        Form::DayOrMoment => {
            let well = Day::read(value).is_some() || Stamp::read(value).is_some();
            form(well, "YYYY-MM-DD, YYYY-MM-DDThh:mm:ss+hh:mm")
        }
        Form::Country => form(capitals(value), "DEU"),
        Form::Currency => form(capitals(value), "EUR"),
        Form::Version => form(version(value).is_some(), super::super::schema::VERSION),
        Form::Hex => {
            form(value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit()), "64 × 0–9, a–f")
        }
        Form::Base64 => {
            let digits = value.trim_end_matches('=');
            let padded = value.len().is_multiple_of(4) && value.len().abs_diff(digits.len()) <= 2;
            form(padded && digits.bytes().all(is_base64), "Base64")
        }
        Form::Base64Part => form(value.trim_end_matches('=').bytes().all(is_base64), "Base64"),
        Form::Algorithm => {
            let known = value.strip_prefix("ecdsa-plain-").or(value.strip_prefix("ecsdsa-plain-"));
            let hash = known.and_then(|hash| hash.strip_prefix("SHA"));
            let well = hash.is_some_and(|h| {
                ["224", "256", "384", "512"].contains(&h.trim_start_matches("3-"))
            });
            form(well, "ecdsa-plain-SHA256")
        }
        Form::OneOf(words) => {
            (!words.contains(&value)).then(|| (Rule::FieldValue, words.join(", ")))
        }
    }
}

/// `2.4` as (2, 4).
pub(super) fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(major) || !digits(minor) {
        return None;
    }
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn is_utc(value: &str) -> bool {
    value.len() == 24 && value.ends_with('Z') && Stamp::read(value).is_some()
}

fn capitals(value: &str) -> bool {
    value.len() == 3 && value.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}
