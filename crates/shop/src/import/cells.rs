//! The cells of one line: found by field, cleaned, and the place to note what is wrong with them.

use std::borrow::Cow;

use domain::catalogue::{Item, fold};

use super::columns::{Columns, Field};
use super::problem::{LineError, LineProblem, excerpt};
use super::rows::Record;

/// Characters of a name (ItemDraft).
const MAX_NAME: usize = 120;
/// Characters of a group's name.
const MAX_GROUP: usize = 60;
/// Characters of anything else that is read.
const MAX_OTHER: usize = 200;

/// One line.
pub(super) struct Cells<'r, 'e> {
    record: Record<'r>,
    columns: &'r Columns,
    errors: &'e mut Vec<LineError>,
    before: usize,
}

impl<'r, 'e> Cells<'r, 'e> {
    pub(super) fn new(
        record: Record<'r>,
        columns: &'r Columns,
        errors: &'e mut Vec<LineError>,
    ) -> Self {
        let before = errors.len();
        Self { record, columns, errors, before }
    }

    /// Nothing has been found wrong so far.
    pub(super) fn is_good(&self) -> bool {
        self.errors.len() == self.before
    }

    /// The file has a column for it.
    pub(super) fn has(&self, field: Field) -> bool {
        self.columns.has(field)
    }

    /// Notes that something is wrong with a field.
    pub(super) fn error(&mut self, field: Field, code: LineProblem, value: &str) {
        let place = self.columns.place(field);
        self.errors.push(LineError {
            line: self.record.line,
            column: place.and_then(|p| u32::try_from(p.saturating_add(1)).ok()),
            column_name: place.and_then(|p| self.columns.header(p)).map(str::to_owned),
            code,
            value: excerpt(value),
        });
    }

    /// Checks what must hold before any cell is looked at: the right number of cells, readable text.
    pub(super) fn are_clean(&mut self) -> bool {
        let (expected, found) = (self.columns.len(), self.record.len());
        let extra = (expected..found)
            .any(|index| self.record.cell(index).is_some_and(|cell| !cell.trim_ascii().is_empty()));
        if found < expected || extra {
            self.errors.push(LineError {
                line: self.record.line,
                column: None,
                column_name: None,
                code: LineProblem::RaggedLine,
                value: found.to_string(),
            });
            return false;
        }
        for field in self.columns.fields() {
            if let Some((code, value)) = self.unclean(field) {
                self.error(field, code, &value);
            }
        }
        self.is_good()
    }

    fn unclean(&self, field: Field) -> Option<(LineProblem, String)> {
        let bytes = self.bytes(field);
        let Ok(text) = std::str::from_utf8(bytes) else {
            let shown = String::from_utf8_lossy(bytes).into_owned();
            return Some((LineProblem::UnreadableCharacters, shown));
        };
        let limit = match field {
            Field::Name => MAX_NAME,
            Field::Group => MAX_GROUP,
            Field::Code | Field::Number => gs1::MAX_CODE_CHARS,
            _ => MAX_OTHER,
        };
        let problem = if text.contains('\u{FFFD}') {
            LineProblem::UnreadableCharacters
        } else if text.chars().any(|c| c.is_control() && !is_break(c)) {
            LineProblem::ControlCharacters
        } else if text.len() > limit && text.trim().chars().count() > limit {
            LineProblem::TooLong
        } else {
            return None;
        };
        Some((problem, text.to_owned()))
    }

    fn bytes(&self, field: Field) -> &'r [u8] {
        self.columns.place(field).and_then(|place| self.record.cell(place)).unwrap_or_default()
    }

    /// The cell without blanks around it and without the export's guard; line breaks and tabs inside are
    /// blanks. `None`: the file has no such column.
    pub(super) fn text(&self, field: Field) -> Option<Cow<'r, str>> {
        self.columns.place(field)?;
        let text = std::str::from_utf8(self.bytes(field)).unwrap_or_default();
        if text.is_ascii() && !text.contains(is_break) {
            return Some(Cow::Borrowed(unguard(text.trim())));
        }
        let seen: Cow<'_, str> = match text.contains(turns_direction) {
            true => Cow::Owned(text.chars().filter(|c| !turns_direction(*c)).collect()),
            false => Cow::Borrowed(text),
        };
        if seen.contains(is_break) {
            let words: Vec<&str> = seen.split(is_break).filter(|part| !part.is_empty()).collect();
            return Some(Cow::Owned(unguard(words.join(" ").trim()).to_owned()));
        }
        Some(match seen {
            Cow::Borrowed(text) => Cow::Borrowed(unguard(text.trim())),
            Cow::Owned(text) => Cow::Owned(unguard(text.trim()).to_owned()),
        })
    }

    /// The cell, unless it is empty.
    pub(super) fn filled(&self, field: Field) -> Option<Cow<'r, str>> {
        self.text(field).filter(|text| !text.is_empty())
    }

    /// A code, unless the cell is empty.
    pub(super) fn code(&self, field: Field) -> Option<Cow<'r, str>> {
        match self.filled(field)? {
            Cow::Borrowed(text) => Some(without_blanks(text)),
            Cow::Owned(text) => Some(Cow::Owned(text)),
        }
    }

    /// Reads yes or no. An empty cell is `otherwise`; no column changes nothing.
    pub(super) fn flag(&mut self, field: Field, otherwise: bool, flag: &mut bool) {
        let Some(text) = self.text(field) else { return };
        *flag = match fold(&text).as_str() {
            "" => otherwise,
            "ja" | "j" | "yes" | "y" | "1" | "true" | "wahr" | "x" | "on" | "ein" => true,
            "nein" | "n" | "no" | "0" | "false" | "falsch" | "-" | "off" | "aus" => false,
            _ => return self.error(field, LineProblem::BadFlag, &text),
        };
    }

    /// Checks a code. A code that the item has already passes.
    pub(super) fn check_code(&mut self, field: Field, code: &str, existing: Option<&Item>) {
        if existing.is_some_and(|item| item.draft.codes.iter().any(|known| known.code == code)) {
            return;
        }
        let digits = code.bytes().all(|b| b.is_ascii_digit());
        if digits && matches!(code.len(), 8 | 12 | 13 | 14) {
            let upc_e = code.len() == 8 && gs1::expand_upc_e(code).is_some();
            if !gs1::is_valid_gtin(code) && !upc_e {
                self.error(field, LineProblem::CheckDigit, code);
            }
        } else if is_scientific(code) {
            self.error(field, LineProblem::ScientificNotation, code);
        } else if code.contains('|') || code.chars().count() > gs1::MAX_CODE_CHARS {
            self.error(field, LineProblem::BadCode, code);
        }
    }
}

/// Line breaks and tabs, which become blanks.
fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}')
}

/// Invisible marks that turn the direction of writing; the shop's texts have none, so they are dropped.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `4,00123E+12`: what spreadsheets make of long numbers.
fn is_scientific(code: &str) -> bool {
    let Some((mantissa, exponent)) = code.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let exponent = exponent.strip_prefix('+').unwrap_or_default();
    digits(exponent) && mantissa.split_once([',', '.']).is_some_and(|(a, b)| digits(a) && digits(b))
}

/// True when a scan of one finds the other: the same text, or the same GTIN with other zeros in front.
pub(super) fn same_code(one: &str, other: &str) -> bool {
    let gtin = |code: &str| {
        let digits =
            matches!(code.len(), 8 | 12 | 13 | 14) && code.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| code.parse::<u64>().ok()).flatten()
    };
    one == other || gtin(one).is_some_and(|number| gtin(other) == Some(number))
}

/// `4 001234 567890` as printed below the bars.
pub(super) fn without_blanks(code: &str) -> Cow<'_, str> {
    if code.contains(' ') && code.bytes().all(|b| b.is_ascii_digit() || b == b' ') {
        Cow::Owned(code.replace(' ', ""))
    } else {
        Cow::Borrowed(code)
    }
}

/// True for a text that a spreadsheet would take for a formula (OWASP: CSV injection), guarded or not. A tab or a carriage
/// return before one is dropped by some of them.
fn looks_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Sets an apostrophe before what a spreadsheet would take for a formula.
pub(crate) fn guard(text: &str) -> Cow<'_, str> {
    if looks_like_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes the apostrophe of [`guard`] away; every other apostrophe stays.
fn unguard(text: &str) -> &str {
    if looks_like_formula(text) { text.strip_prefix('\'').unwrap_or(text) } else { text }
}
