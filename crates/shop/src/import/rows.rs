//! Records of a CSV file with their line numbers, in memory that does not grow with the file.

use std::io::Read;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::problem::ImportFailure;

/// No catalogue has more columns.
pub(super) const MAX_COLUMNS: usize = 1_000;
/// No item needs more bytes.
pub(super) const MAX_RECORD: usize = 64 * 1024;
const INPUT: usize = 64 * 1024;

/// One record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    /// Line of the file at which it begins, from 1.
    pub(super) line: u64,
    text: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell by its index from 0, without quotes.
    pub(super) fn cell(&self, index: usize) -> Option<&'a [u8]> {
        let end = *self.ends.get(index)?;
        let begin = match index.checked_sub(1) {
            None => 0,
            Some(before) => *self.ends.get(before)?,
        };
        self.text.get(begin..end)
    }

    /// All cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        (0..self.len()).filter_map(|index| self.cell(index))
    }

    /// Nothing but blanks and separators.
    pub(super) fn is_blank(&self) -> bool {
        self.text.iter().all(u8::is_ascii_whitespace)
    }
}

/// Reads records (RFC 4180; any line end; quoted line breaks) one by one.
pub(super) struct Rows<R> {
    source: R,
    core: Reader,
    input: Vec<u8>,
    at: usize,
    end: usize,
    eof: bool,
    line: u64,
    after_cr: bool,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl<R: Read> Rows<R> {
    /// Reads UTF-8 from `source`, whose records begin at `line`.
    pub(super) fn new(source: R, separator: u8, line: u64) -> Self {
        Self {
            source,
            core: ReaderBuilder::new().delimiter(separator).build(),
            input: vec![0; INPUT],
            at: 0,
            end: 0,
            eof: false,
            line,
            after_cr: false,
            text: vec![0; MAX_RECORD],
            ends: vec![0; MAX_COLUMNS + 1],
        }
    }

    /// What is read from.
    pub(super) fn source(&self) -> &R {
        &self.source
    }

    /// The next record that is not an empty line; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, ImportFailure> {
        self.skip_line_ends()?;
        let line = self.line;
        let (mut text_at, mut ends_at) = (0_usize, 0_usize);
        loop {
            self.fill()?;
            let input = self.input.get(self.at..self.end).unwrap_or_default();
            let text = self.text.get_mut(text_at..).unwrap_or_default();
            let ends = self.ends.get_mut(ends_at..).unwrap_or_default();
            let (result, taken, written, ended) = self.core.read_record(input, text, ends);
            self.consume(taken);
            text_at = text_at.saturating_add(written);
            ends_at = ends_at.saturating_add(ended);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => return Err(too_long(line)),
                ReadRecordResult::OutputEndsFull => return Err(too_many(line)),
                ReadRecordResult::Record if ends_at > MAX_COLUMNS => return Err(too_many(line)),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        let text = self.text.get(..text_at).unwrap_or_default();
        let ends = self.ends.get(..ends_at).unwrap_or_default();
        Ok(Some(Record { line, text, ends }))
    }

    fn fill(&mut self) -> Result<(), ImportFailure> {
        if self.at == self.end && !self.eof {
            self.end = self.source.read(&mut self.input)?;
            self.at = 0;
            self.eof = self.end == 0;
        }
        Ok(())
    }

    fn skip_line_ends(&mut self) -> Result<(), ImportFailure> {
        loop {
            self.fill()?;
            let input = self.input.get(self.at..self.end).unwrap_or_default();
            let ends = input.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            let more = ends == input.len() && !self.eof;
            self.consume(ends);
            if !more {
                return Ok(());
            }
        }
    }

    /// Moves on and counts lines; carriage return and line feed together are one line end.
    fn consume(&mut self, taken: usize) {
        let end = self.at.saturating_add(taken);
        for byte in self.input.get(self.at..end).unwrap_or_default() {
            if *byte == b'\r' || (*byte == b'\n' && !self.after_cr) {
                self.line = self.line.saturating_add(1);
            }
            self.after_cr = *byte == b'\r';
        }
        self.at = end;
    }
}

fn too_long(line: u64) -> ImportFailure {
    ImportFailure::RecordTooLong { line, limit: u32::try_from(MAX_RECORD).unwrap_or(u32::MAX) }
}

fn too_many(line: u64) -> ImportFailure {
    ImportFailure::TooManyColumns { line, limit: u32::try_from(MAX_COLUMNS).unwrap_or(u32::MAX) }
}
