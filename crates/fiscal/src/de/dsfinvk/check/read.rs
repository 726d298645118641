//! Reads a file of the form again, record by record: lenient, so that one broken line does not hide the next, and exact
//! about what it was lenient with.

use std::io::{self, Read};

/// The longest record that is read. A quote that nobody closes would else swallow the file.
const LONGEST: usize = 1 << 20;
/// The most values of a record that are kept.
const WIDEST: usize = 256;

/// A record: its place in the file and its values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Its number in the file, counted from 1; the first holds the names.
    pub number: u64,
    text: String,
    ends: Vec<usize>,
}

impl Record {
    /// The value at a place, counted from 0; empty where there is none.
    pub fn get(&self, place: usize) -> &str {
        let Some(end) = self.ends.get(place) else { return "" };
        let start = match place.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
            None => 0,
        };
        self.text.get(start..*end).unwrap_or_default()
    }

    /// How many values it has.
    pub fn width(&self) -> usize {
        self.ends.len()
    }
}

/// What was wrong with the bytes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// A byte order mark at the start of the file.
    ByteOrderMark,
    /// Bytes that are no UTF-8.
    NoUtf8,
    /// A line end that is not CR LF.
    LineEnd,
    /// A quote in the middle of a value, text behind one, or one that is never closed.
    Quote,
    /// More than 1 MiB or 256 values; the rest of the file is not read.
    TooLong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the start of a value.
    Start,
    /// In a value without quotes.
    Plain,
    /// In quotes.
    Quoted,
    /// Behind a quote within quotes: the end of the value, or one of two.
    Closing,
}

/// A file that is being read.
#[derive(Debug)]
pub struct Reader<R> {
    source: R,
    block: Vec<u8>,
    at: usize,
    number: u64,
    over: bool,
    /// What was wrong with the record that came last.
    flaws: Vec<Flaw>,
}

impl<R: Read> Reader<R> {
    /// Reads from a source.
    pub fn new(source: R) -> Reader<R> {
        let (block, flaws) = (Vec::new(), Vec::new());
        Reader { source, block, at: 0, number: 0, over: false, flaws }
    }

    /// What was wrong with the record that came last.
    pub fn flaws(&self) -> &[Flaw] {
        &self.flaws
    }

    /// The next record; none at the end. Errs when the source does.
    pub fn next_record(&mut self) -> io::Result<Option<Record>> {
        self.flaws.clear();
        if self.over {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        let (mut bytes, mut ends) = (Vec::with_capacity(160), Vec::with_capacity(24));
        let mut state = State::Start;
        loop {
            state = self.run(state, &mut bytes);
            let Some(byte) = self.byte()? else {
                self.over = true;
                if state == State::Quoted {
                    self.flaw(Flaw::Quote);
                }
                let nothing = bytes.is_empty() && ends.is_empty() && state == State::Start;
                if nothing {
                    return Ok(None);
                }
                break;
            };
            if bytes.len() >= LONGEST || ends.len() >= WIDEST {
                self.flaw(Flaw::TooLong);
                self.over = true;
                break;
            }
            state = match (state, byte) {
                (State::Quoted, b'"') => State::Closing,
                (State::Quoted, byte) => {
                    bytes.push(byte);
                    State::Quoted
                }
                (State::Start, b'"') => State::Quoted,
                (State::Closing, b'"') => {
                    bytes.push(b'"');
                    State::Quoted
                }
                (_, b';') => {
                    ends.push(bytes.len());
                    State::Start
                }
                (_, b'\n') => {
                    self.flaw(Flaw::LineEnd);
                    break;
                }
                (state, b'\r') => {
                    if self.peek()? == Some(b'\n') {
                        self.at = self.at.saturating_add(1);
                        break;
                    }
                    self.flaw(Flaw::LineEnd);
                    bytes.push(b'\r');
                    if state == State::Closing { State::Closing } else { State::Plain }
                }
                (State::Closing, byte) => {
                    self.flaw(Flaw::Quote);
                    bytes.push(byte);
                    State::Closing
                }
                (_, byte) => {
                    if byte == b'"' {
                        self.flaw(Flaw::Quote);
                    }
                    bytes.push(byte);
                    State::Plain
                }
            };
        }
        ends.push(bytes.len());
        Ok(Some(self.record(bytes, ends)))
    }

    /// Takes the bytes of the block that mean nothing but themselves all at once.
    fn run(&mut self, state: State, bytes: &mut Vec<u8>) -> State {
        let rest = self.block.get(self.at..).unwrap_or_default();
        let (special, next): (&[u8], State) = match state {
            State::Start | State::Plain => (b";\"\r\n", State::Plain),
            State::Quoted => (b"\"", State::Quoted),
            State::Closing => return state,
        };
        let length = rest.iter().position(|byte| special.contains(byte)).unwrap_or(rest.len());
        bytes.extend_from_slice(rest.get(..length).unwrap_or_default());
        self.at = self.at.saturating_add(length);
        if length == 0 { state } else { next }
    }

    fn record(&mut self, bytes: Vec<u8>, mut ends: Vec<usize>) -> Record {
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                self.flaw(Flaw::NoUtf8);
                // Value by value: a replaced character has another length.
                let bytes = error.into_bytes();
                let (mut text, mut start) = (String::new(), 0);
                for end in &mut ends {
                    let value = bytes.get(start..*end).unwrap_or_default();
                    start = *end;
                    text.push_str(&String::from_utf8_lossy(value));
                    *end = text.len();
                }
                text
            }
        };
        let mut record = Record { number: self.number, text, ends };
        if self.number == 1
            && let Some(rest) = record.text.strip_prefix('\u{feff}')
        {
            let mark = record.text.len().saturating_sub(rest.len());
            record.text = rest.to_owned();
            record.ends.iter_mut().for_each(|end| *end = end.saturating_sub(mark));
            self.flaw(Flaw::ByteOrderMark);
        }
        record
    }

    fn flaw(&mut self, flaw: Flaw) {
        if !self.flaws.contains(&flaw) {
            self.flaws.push(flaw);
        }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        self.at = self.at.saturating_add(1);
        Ok(byte)
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        if let Some(byte) = self.block.get(self.at) {
            return Ok(Some(*byte));
        }
        self.block.resize(32 * 1_024, 0);
        self.at = 0;
        let read = loop {
            match self.source.read(&mut self.block) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.block.truncate(read);
        Ok(self.block.first().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(Vec<String>, Vec<Flaw>)> {
        let mut reader = Reader::new(bytes);
        let mut all = Vec::new();
        while let Some(record) = reader.next_record().unwrap() {
            let values = (0..record.width()).map(|place| record.get(place).to_owned()).collect();
            all.push((values, reader.flaws().to_vec()));
        }
        all
    }

    fn values(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn records_are_read_as_they_were_written() {
        let text = "a;b\r\n\"x;\"\"y\"\"\r\n z\";\r\n;\r\n";
        let expected = [
            (values(&["a", "b"]), vec![]),
            (values(&["x;\"y\"\r\n z", ""]), vec![]),
            (values(&["", ""]), vec![]),
        ];
        assert_eq!(read(text.as_bytes()), expected);
        // Without the last line end it is the same.
        assert_eq!(read(text.trim_end().as_bytes()).len(), 3);
    }

    #[test]
    fn flaws_are_told_with_the_record_they_are_in() {
        let flaws = |bytes: &[u8]| read(bytes).into_iter().map(|(_, f)| f).collect::<Vec<_>>();
        assert_eq!(flaws(b"\xef\xbb\xbfa\r\nb\r\n"), [vec![Flaw::ByteOrderMark], vec![]]);
        assert_eq!(flaws(b"a\nb\r\n"), [vec![Flaw::LineEnd], vec![]]);
        assert_eq!(flaws(b"a\r\n\xff;x\r\n"), [vec![], vec![Flaw::NoUtf8]]);
        assert_eq!(flaws(b"a\"b\r\n\"a\"b;c\r\n\"a"), [[Flaw::Quote]; 3]);
        assert_eq!(read(b"\xff;\xff\xffx\r\n")[0].0, values(&["\u{fffd}", "\u{fffd}\u{fffd}x"]));
        let endless = [b"\"".as_slice(), &vec![b'x'; LONGEST + 65_536]].concat();
        assert_eq!(flaws(&endless), [vec![Flaw::TooLong]]);
    }
}
