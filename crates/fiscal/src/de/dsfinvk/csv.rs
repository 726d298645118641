//! Rows as the form wants them: `;`, CRLF, texts in quotes where they need them, numbers with a comma and all their
//! decimals. A row checks itself against its table: types, order, lengths.

use super::number::{self, Amount, Quantity, Rate};
use super::schema::{Column, Form, Kind, Table};
use super::time::{Day, Stamp};

/// Why a row cannot be written as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// An id with more characters than the column takes: cut, it would be another.
    TooLong {
        /// Its characters.
        characters: usize,
        /// How many the column takes.
        most: u16,
    },
    /// An id with a line break or another control character.
    ControlCharacter,
    /// A row without the id it is found by.
    Empty,
    /// An amount with more decimals than the column has.
    DecimalsLost,
    /// More than the column's numbers can hold.
    OutOfRange,
    /// A certificate longer than the columns that were declared.
    CertificateColumns {
        /// How many it needs.
        needed: usize,
    },
    /// An external reference of the kind that leads to receipts.
    NotExternal,
    /// A mistake of this crate: the value is not of the column's type, or the row has another number of columns.
    Shape,
}

/// Which value could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: &'static str,
    /// The column.
    pub column: &'static str,
    /// Why.
    pub why: Why,
}

/// The first line of a file.
pub(super) fn header(out: &mut Vec<u8>, table: &Table, certificate_columns: usize) {
    for (place, column) in table.columns_with(certificate_columns).enumerate() {
        if place > 0 {
            out.push(b';');
        }
        out.extend_from_slice(column.name.as_bytes());
    }
    out.extend_from_slice(b"\r\n");
}

/// A row that is being written, value by value.
pub(super) struct Row<'a> {
    out: &'a mut Vec<u8>,
    table: &'static Table,
    /// Columns that are still to come.
    rest: &'static [Column],
    fault: Option<Fault>,
}

impl<'a> Row<'a> {
    /// Begins a row.
    pub(super) fn new(out: &'a mut Vec<u8>, table: &'static Table) -> Row<'a> {
        Row { out, table, rest: table.columns, fault: None }
    }

    /// Begins a row with the values of its first columns, which were written before for another row.
    pub(super) fn with_prefix(
        out: &'a mut Vec<u8>,
        table: &'static Table,
        prefix: &[u8],
        columns: usize,
    ) -> Row<'a> {
        out.extend_from_slice(prefix);
        Row { out, table, rest: table.columns.get(columns..).unwrap_or_default(), fault: None }
    }

    fn next(&mut self) -> Option<&'static Column> {
        let Some((column, rest)) = self.rest.split_first() else {
            self.refuse("", Why::Shape);
            return None;
        };
        if self.rest.len() < self.table.columns.len() {
            self.out.push(b';');
        }
        self.rest = rest;
        Some(column)
    }

    fn refuse(&mut self, column: &'static str, why: Why) {
        let fault = Fault { file: self.table.file, column, why };
        self.fault.get_or_insert(fault);
    }

    /// The next value, a text or an id.
    pub(super) fn text(mut self, text: &str) -> Self {
        let Some(column) = self.next() else { return self };
        match column.kind {
            Kind::Text(most) => words(self.out, text, usize::from(most)),
            Kind::Key(most) => {
                let most_of_all = usize::from(most);
                // Bytes are never fewer than characters.
                let characters =
                    if text.len() > most_of_all { text.chars().count() } else { text.len() };
                if characters > most_of_all {
                    self.refuse(column.name, Why::TooLong { characters, most });
                } else if column.form != Form::Verbatim && text.chars().any(is_control) {
                    self.refuse(column.name, Why::ControlCharacter);
                } else {
                    quoted(self.out, text);
                }
            }
            Kind::Number(_) => self.refuse(column.name, Why::Shape),
        }
        self
    }

    /// The next value, an id without which the row could not be found.
    pub(super) fn id(mut self, text: &str) -> Self {
        if text.is_empty() {
            let column = self.rest.first().map_or("", |column| column.name);
            self.refuse(column, Why::Empty);
        }
        self.text(text)
    }

    /// The next value, left empty when it is longer than the column: what was signed is never cut.
    pub(super) fn whole_or_nothing(self, text: &str) -> Self {
        let most = match self.rest.first().map(|column| column.kind) {
            Some(Kind::Key(most)) => usize::from(most),
            _ => 0,
        };
        let fits = text.len() <= most || text.chars().count() <= most;
        self.text(if fits { text } else { "" })
    }

    /// The next value, `0` or `1`, or nothing.
    pub(super) fn flag(self, flag: Option<bool>) -> Self {
        self.text(match flag {
            Some(true) => "1",
            Some(false) => "0",
            None => "",
        })
    }

    /// The next value, a point in time at a till.
    pub(super) fn moment(mut self, stamp: Stamp) -> Self {
        if self.next().is_some() {
            stamp.write(self.out);
        }
        self
    }

    /// The next value, a point in time of a signing unit, or nothing.
    pub(super) fn utc(mut self, stamp: Option<Stamp>) -> Self {
        if let (Some(_), Some(stamp)) = (self.next(), stamp) {
            stamp.write_utc(self.out);
        }
        self
    }

    /// The next value, a day, or nothing.
    pub(super) fn day(mut self, day: Option<Day>) -> Self {
        if let (Some(_), Some(day)) = (self.next(), day) {
            day.write(self.out);
        }
        self
    }

    /// The next value, an amount of money.
    pub(super) fn amount(self, amount: Amount) -> Self {
        self.number(Some(amount.hundred_thousandths()), Amount::DECIMALS)
    }

    /// The next value, an amount of money, or nothing.
    pub(super) fn some_amount(self, amount: Option<Amount>) -> Self {
        self.number(amount.map(Amount::hundred_thousandths), Amount::DECIMALS)
    }

    /// The next value, a quantity, or nothing.
    pub(super) fn quantity(self, quantity: Option<Quantity>) -> Self {
        self.number(quantity.map(Quantity::thousandths), Quantity::DECIMALS)
    }

    /// The next value, a tax rate.
    pub(super) fn rate(self, rate: Rate) -> Self {
        self.number(Some(i64::from(rate.hundredths())), 2)
    }

    /// The next value, a whole number, or nothing.
    pub(super) fn count(mut self, count: Option<u64>) -> Self {
        match count.map(i64::try_from) {
            Some(Err(_)) => {
                let column = self.rest.first().map_or("", |column| column.name);
                self.refuse(column, Why::OutOfRange);
                self.number(None, 0)
            }
            Some(Ok(count)) => self.number(Some(count), 0),
            None => self.number(None, 0),
        }
    }

    fn number(mut self, value: Option<i64>, counted: u8) -> Self {
        let Some(column) = self.next() else { return self };
        let Kind::Number(decimals) = column.kind else {
            self.refuse(column.name, Why::Shape);
            return self;
        };
        let Some(value) = value else { return self };
        match number::rescaled(value, counted, decimals) {
            Some(value) => number::write(self.out, value, decimals),
            None if decimals < counted => self.refuse(column.name, Why::DecimalsLost),
            None => self.refuse(column.name, Why::OutOfRange),
        }
        self
    }

    /// Further columns behind the table's own (TSE_ZERTIFIKAT_III and on).
    pub(super) fn further<'t>(self, texts: impl Iterator<Item = &'t str>) -> Self {
        for text in texts {
            self.out.push(b';');
            quoted(self.out, text);
        }
        self
    }

    /// Ends the row's first columns without a line end: what follows is written row by row.
    pub(super) fn prefix(self) -> Result<(), Fault> {
        self.fault.map_or(Ok(()), Err)
    }

    /// Ends the row.
    pub(super) fn end(mut self) -> Result<(), Fault> {
        if !self.rest.is_empty() {
            self.refuse("", Why::Shape);
        }
        self.out.extend_from_slice(b"\r\n");
        self.fault.map_or(Ok(()), Err)
    }
}

/// Control characters, and those that some readers take for line ends.
pub(super) fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// A text for people: control characters become blanks, and what is too long is cut.
fn words(out: &mut Vec<u8>, text: &str, most: usize) {
    let text = if text.len() > most { cut(text, most) } else { text };
    if text.chars().any(is_control) {
        let plain: String = text.chars().map(|c| if is_control(c) { ' ' } else { c }).collect();
        quoted(out, &plain);
    } else {
        quoted(out, text);
    }
}

/// In quotes where it needs them: a reader would else take it for more than one value, or strip its blanks.
fn quoted(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let needs = bytes.iter().any(|byte| matches!(byte, b';' | b'"' | b'\r' | b'\n'))
        || bytes.first() == Some(&b' ')
        || bytes.last() == Some(&b' ');
    if !needs {
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    for byte in bytes {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// The first so many characters of a text, fewer where one that people see as a whole would be torn apart.
pub fn cut(text: &str, most: usize) -> &str {
    let Some((end, next)) = text.char_indices().nth(most) else { return text };
    let kept = text.get(..end).unwrap_or_default();
    if !belongs_to_the_one_before(kept, next) {
        return kept;
    }
    // Back to where that one begins; a text of one endless character is cut hard.
    let mut shorter = kept;
    while let Some((at, c)) = shorter.char_indices().next_back() {
        shorter = shorter.get(..at).unwrap_or_default();
        if !belongs_to_the_one_before(shorter, c) {
            break;
        }
    }
    if shorter.is_empty() { kept } else { shorter }
}

/// Whether a character changes the one before it instead of standing for itself: accents, joiners, colours of skin,
/// second halves of flags.
fn belongs_to_the_one_before(before: &str, c: char) -> bool {
    let regional = |c: char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    let joined = before.ends_with('\u{200d}');
    let second_of_flag =
        regional(c) && before.chars().rev().take_while(|c| regional(*c)).count().rem_euclid(2) == 1;
    let extends = matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{93c}' | '\u{93e}'..='\u{94d}' | '\u{e31}' | '\u{e34}'..='\u{e3a}'
        | '\u{1160}'..='\u{11ff}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200d}'
        | '\u{20d0}'..='\u{20ff}' | '\u{3099}' | '\u{309a}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}'
        | '\u{e0100}'..='\u{e01ef}');
    !before.is_empty() && (joined || second_of_flag || extends)
}

#[cfg(test)]
mod tests {
    use super::super::schema::{lines, transactions_tse, vat};
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn texts_are_quoted_only_where_a_reader_needs_it() {
        for (text, expected) in [
            ("Apfel", "Apfel"),
            ("a;b", "\"a;b\""),
            ("Eis \"Himbeere\"", "\"Eis \"\"Himbeere\"\"\""),
            ("x^y_z", "x^y_z"),
            ("zwei\r\nZeilen", "zwei  Zeilen"),
            ("Tab\tund\u{0}Null", "Tab und Null"),
            ("Eis 🍨", "Eis 🍨"),
            (" Rand", "\" Rand\""),
            ("", ""),
        ] {
            assert_eq!(written(|out| words(out, text, 255)), expected);
        }
    }

    #[test]
    fn texts_are_cut_between_what_people_see_as_characters() {
        assert_eq!(cut("Apfel", 5), "Apfel");
        assert_eq!(cut("Äpfel", 3), "Äpf");
        assert_eq!(cut("🍎🍐🍊", 2), "🍎🍐");
        // An accent of its own stays with its letter, a family together, a flag whole.
        assert_eq!(cut("cafe\u{301}!", 4), "caf");
        assert_eq!(cut("a👨\u{200d}👩\u{200d}👧", 3), "a");
        assert_eq!(cut("a🇩🇪🇫🇷", 4), "a🇩🇪");
        assert_eq!(cut("a🇩🇪🇫🇷", 3), "a🇩🇪");
        assert_eq!(cut("e\u{301}\u{301}\u{301}", 2), "e\u{301}");
    }

    #[test]
    fn an_id_is_never_cut_and_never_changed() {
        let long = "1".repeat(51);
        let mut out = Vec::new();
        let row = Row::new(&mut out, &lines::TABLE).text(&long);
        let why = row.prefix().unwrap_err();
        let too_long = Why::TooLong { characters: 51, most: 50 };
        assert_eq!(why, Fault { file: "lines.csv", column: "Z_KASSE_ID", why: too_long });
        let row = Row::new(&mut out, &lines::TABLE).text("a\nb");
        assert_eq!(row.prefix().unwrap_err().why, Why::ControlCharacter);
        let row = Row::new(&mut out, &lines::TABLE).id("");
        assert_eq!(row.prefix().unwrap_err().why, Why::Empty);
        // 50 characters of four bytes are 50 characters.
        let row = Row::new(&mut out, &lines::TABLE).text(&"🍎".repeat(50));
        assert_eq!(row.prefix(), Ok(()));
    }

    #[test]
    fn what_was_signed_is_written_verbatim_or_not_at_all() {
        let last = transactions_tse::TSE_VORGANGSDATEN;
        let row = |text: &str| {
            written(|out| {
                let row = Row::with_prefix(out, &transactions_tse::TABLE, b"x", last);
                row.whole_or_nothing(text).end().unwrap();
            })
        };
        assert_eq!(row("1;\"Eis\";2\r2;\"Tee\";3"), "x;\"1;\"\"Eis\"\";2\r2;\"\"Tee\"\";3\"\r\n");
        assert_eq!(row(&"ä".repeat(1_000)), format!("x;{}\r\n", "ä".repeat(1_000)));
        assert_eq!(row(&"ä".repeat(1_001)), "x;\r\n");
    }

    #[test]
    fn a_row_of_another_shape_is_a_fault() {
        let mut out = Vec::new();
        let short = Row::new(&mut out, &vat::TABLE).text("1").end();
        assert_eq!(short.unwrap_err().why, Why::Shape);
        let amount = Row::new(&mut out, &vat::TABLE).amount(Amount::from_cents(1)).prefix();
        assert_eq!(amount.unwrap_err().why, Why::Shape);
    }
}
