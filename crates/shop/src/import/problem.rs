//! What can be wrong with a file: line by line, or as a whole. The codes are stable; the UI translates them.

use domain::LookupFault;
use serde::Serialize;
use utoipa::ToSchema;

use super::columns::Field;

/// What is wrong with a cell or a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineProblem {
    /// The line has fewer cells than the header, or filled cells behind its last column.
    RaggedLine,
    /// Control characters (NUL, escape …) in a text.
    ControlCharacters,
    /// Bytes that are no text in the character set of the file.
    UnreadableCharacters,
    /// More characters than the field holds.
    TooLong,
    /// A code of 8, 12, 13 or 14 digits whose check digit is wrong.
    CheckDigit,
    /// The spreadsheet turned the code into a rounded number (4,00123E+12).
    ScientificNotation,
    /// The text cannot be a code (or an item number).
    BadCode,
    /// The same code stands in an earlier line.
    DuplicateCode,
    /// The same item number stands in an earlier line.
    DuplicateNumber,
    /// An earlier line changes the same item.
    DuplicateItem,
    /// The code belongs to one item and the item number to another.
    NumberTaken,
    /// The code of a pack belongs to another item.
    CodeTaken,
    /// There is no name.
    MissingName,
    /// There is no price, and the item is not sold at an open price.
    MissingPrice,
    /// The price is no amount.
    BadPrice,
    /// The price is below nothing.
    NegativePrice,
    /// The price is above the limit of a line.
    PriceTooHigh,
    /// No tax rate is given and the group gives none.
    MissingTax,
    /// The shop has no tax key with this rate or name.
    UnknownTax,
    /// The age is not a number of 1 to 99 years.
    BadAge,
    /// The deposit is no amount, below nothing or too high.
    BadDeposit,
    /// The unit is not known.
    UnknownUnit,
    /// No content of a piece (`500 g`), or of something that is not sold by the piece.
    BadContent,
    /// Only what is sold by the kilogram or litre has a price per 100 g or 100 ml.
    NotLoose,
    /// Neither yes nor no.
    BadFlag,
    /// No quantity.
    BadQuantity,
    /// Pack codes, pack quantities and pack prices do not fit each other.
    BadPack,
    /// The rules of the catalogue refused the item; the value is the refusal's code.
    Refused,
}

/// Something wrong in a line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineError {
    /// Line of the file, from 1; of a record with line breaks in it, its first.
    pub line: u64,
    /// Column, from 1; none when the whole line is meant.
    pub column: Option<u32>,
    /// The column's header, as in the file.
    pub column_name: Option<String>,
    /// What is wrong.
    pub code: LineProblem,
    /// The beginning of what stands there.
    pub value: String,
}

/// Why a file was refused, or an import failed, as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ImportFailure {
    /// The file cannot be read.
    #[error("the file cannot be read: {detail}")]
    Unreadable {
        /// The system's words.
        detail: String,
    },
    /// There is nothing in the file.
    #[error("the file is empty")]
    Empty,
    /// The first line names too few known columns. Columns are never guessed by their position.
    #[error("the first line must name the columns; needed: {needed:?}; found: {found:?}")]
    MissingColumns {
        /// What is missing.
        needed: Vec<Field>,
        /// The headers found.
        found: Vec<String>,
    },
    /// More columns than any catalogue has.
    #[error("line {line} has more than {limit} columns")]
    TooManyColumns {
        /// Line of the file.
        line: u64,
        /// The limit.
        limit: u32,
    },
    /// One record is longer than any item: mostly a quotation mark that is never closed.
    #[error(
        "the record at line {line} is longer than {limit} bytes: is a quotation mark not closed?"
    )]
    RecordTooLong {
        /// Line of the file.
        line: u64,
        /// The limit in bytes.
        limit: u32,
    },
    /// More lines than a catalogue may have.
    #[error("the file has more than {limit} lines")]
    TooManyLines {
        /// The limit.
        limit: u64,
    },
    /// So many different groups are no groups: probably the wrong column.
    #[error("the file would need more than {limit} new groups")]
    TooManyGroups {
        /// The limit.
        limit: u32,
    },
    /// So many different deposits are no deposits: probably the wrong column.
    #[error("the file would need more than {limit} new deposits")]
    TooManyDeposits {
        /// The limit.
        limit: u32,
    },
    /// The shop is not set up yet.
    #[error("the shop is not set up yet")]
    NotConfigured,
    /// Somebody cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// There are errors, and the good lines were not asked for alone. Nothing was imported.
    #[error("{errors} lines have errors; nothing was imported")]
    HasErrors {
        /// How many lines.
        errors: u64,
    },
    /// A rule of the shop said no.
    #[error("refused: {refusal}")]
    Refused {
        /// The refusal's code.
        refusal: String,
    },
    /// The program failed.
    #[error("the program failed: {detail}")]
    Fault {
        /// For developers.
        detail: String,
    },
}

impl From<std::io::Error> for ImportFailure {
    fn from(error: std::io::Error) -> Self {
        ImportFailure::Unreadable { detail: error.to_string() }
    }
}

impl From<LookupFault> for ImportFailure {
    fn from(fault: LookupFault) -> Self {
        ImportFailure::Fault { detail: fault.to_string() }
    }
}

/// The beginning of a cell, fit to be shown: at most 60 characters, control characters made visible.
pub(super) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String =
        text.chars().take(SHOWN).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
