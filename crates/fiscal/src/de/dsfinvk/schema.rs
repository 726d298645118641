//! The form itself: the 20 tables of DSFinV-K 2.4 with their 219 columns, in the order that binds.
//!
//! Each table is a module with its [`Table`] and, by the form's own names, the places of its columns.

use values::{
    AMOUNT_KINDS, BUSINESS_CASES, ENCODINGS, PAYMENT_KINDS, PROCESS_TYPES, RECEIPT_KINDS,
    REFERENCE_KINDS, TIME_FORMATS,
};

/// A table as a module: its [`Table`], and the place of every column.
macro_rules! table {
    ($(#[$about:meta])* $number:literal, $module:ident, $file:literal, $name:literal, $description:literal, [
        $($column:ident: $kind:ident($size:literal), $form:ident$(($list:ident))?, $need:ident, $text:literal;)+
    ]) => {
        $(#[$about])*
        pub mod $module {
            use super::*;

            /// The table.
            pub static TABLE: Table = Table {
                number: $number,
                file: $file,
                name: $name,
                description: $description,
                columns: &[$(Column {
                    name: stringify!($column),
                    kind: Kind::$kind($size),
                    form: Form::$form$(($list))?,
                    required: table!(@need $need),
                    description: $text,
                },)+],
            };

            table!(@place 0; $($column)+);
        }
    };
    (@need must) => { true };
    (@need may) => { false };
    (@place $place:expr;) => {};
    (@place $place:expr; $column:ident $($rest:ident)*) => {
        #[doc = concat!("The place of `", stringify!($column), "`, counted from 0.")]
        pub const $column: usize = $place;
        table!(@place $place + 1; $($rest)*);
    };
}

mod closings;
mod receipts;
pub mod values;

pub use closings::{
    businesscases, cash_per_currency, cashpointclosing, cashregister, location, pa, payment,
    slaves, tse, vat,
};
pub use receipts::{
    allocation_groups, datapayment, itemamounts, lines, lines_vat, references, subitems,
    transactions, transactions_tse, transactions_vat,
};

/// The version of the form that is written: `TAXONOMIE_VERSION`.
pub const VERSION: &str = "2.4";

/// A table of the form.
#[derive(Debug)]
pub struct Table {
    /// Its place in [`TABLES`].
    pub number: usize,
    /// The file's name.
    pub file: &'static str,
    /// The form's logical name.
    pub name: &'static str,
    /// What it is, in German.
    pub description: &'static str,
    /// Its columns, in order.
    pub columns: &'static [Column],
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The form's name, which also stands in the file's first line.
    pub name: &'static str,
    /// Its type and size.
    pub kind: Kind,
    /// What its texts look like.
    pub form: Form,
    /// Whether it must not be empty.
    pub required: bool,
    /// What it is, in German.
    pub description: &'static str,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text for people, of so many characters at most: a longer one is cut.
    Text(u16),
    /// Text that names something, of so many characters at most: never cut, for it would name another.
    Key(u16),
    /// A number with so many digits behind the comma.
    Number(u8),
}

/// What the texts of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Anything without control characters.
    Free,
    /// Anything at all: what was signed.
    Verbatim,
    /// `0` or `1`.
    Flag,
    /// A point in time with its offset: `2026-09-22T17:00:01+02:00`.
    Moment,
    /// A point in time of a signing unit: `2026-09-22T15:00:01.000Z`.
    Utc,
    /// `2026-09-22`.
    Day,
    /// Either of the two.
    DayOrMoment,
    /// Three capital letters (ISO 3166 alpha-3).
    Country,
    /// Three capital letters (ISO 4217).
    Currency,
    /// `2.4`.
    Version,
    /// A SHA-256 in hexadecimal digits.
    Hex,
    /// Base64 with its padding.
    Base64,
    /// A piece of base64.
    Base64Part,
    /// The name of a signature algorithm (TR-03111): `ecdsa-plain-SHA256`.
    Algorithm,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// All tables, in the form's order.
pub static TABLES: [&Table; 20] = [
    &cashpointclosing::TABLE,
    &location::TABLE,
    &cashregister::TABLE,
    &slaves::TABLE,
    &pa::TABLE,
    &tse::TABLE,
    &vat::TABLE,
    &businesscases::TABLE,
    &payment::TABLE,
    &cash_per_currency::TABLE,
    &transactions::TABLE,
    &transactions_vat::TABLE,
    &allocation_groups::TABLE,
    &datapayment::TABLE,
    &lines::TABLE,
    &lines_vat::TABLE,
    &itemamounts::TABLE,
    &subitems::TABLE,
    &references::TABLE,
    &transactions_tse::TABLE,
];

/// How many columns of tse.csv hold the certificate when it is short: I and II.
pub const CERTIFICATE_COLUMNS: usize = 2;
/// How many characters of the certificate each of them holds.
pub const CERTIFICATE_PART: usize = 1_000;

/// The names of the columns for the rest of a long certificate (III and on).
const FURTHER_CERTIFICATES: [&str; 18] = [
    "TSE_ZERTIFIKAT_III",
    "TSE_ZERTIFIKAT_IV",
    "TSE_ZERTIFIKAT_V",
    "TSE_ZERTIFIKAT_VI",
    "TSE_ZERTIFIKAT_VII",
    "TSE_ZERTIFIKAT_VIII",
    "TSE_ZERTIFIKAT_IX",
    "TSE_ZERTIFIKAT_X",
    "TSE_ZERTIFIKAT_XI",
    "TSE_ZERTIFIKAT_XII",
    "TSE_ZERTIFIKAT_XIII",
    "TSE_ZERTIFIKAT_XIV",
    "TSE_ZERTIFIKAT_XV",
    "TSE_ZERTIFIKAT_XVI",
    "TSE_ZERTIFIKAT_XVII",
    "TSE_ZERTIFIKAT_XVIII",
    "TSE_ZERTIFIKAT_XIX",
    "TSE_ZERTIFIKAT_XX",
];

/// The most columns that a certificate can have: 20,000 characters.
pub const MOST_CERTIFICATE_COLUMNS: usize = 20;

/// How many columns a certificate of so many base64 characters needs; two at least.
pub const fn certificate_columns(characters: usize) -> usize {
    let parts = characters.div_ceil(CERTIFICATE_PART);
    if parts < CERTIFICATE_COLUMNS { CERTIFICATE_COLUMNS } else { parts }
}

impl Table {
    /// The table of this file, if the form has it.
    pub fn of_file(file: &str) -> Option<&'static Table> {
        TABLES.iter().find(|table| table.file == file).copied()
    }

    /// Whether its rows belong to a receipt and not to a closing as a whole.
    pub fn is_of_receipts(&self) -> bool {
        self.columns.get(transactions::BON_ID).is_some_and(|column| column.name == "BON_ID")
    }

    /// Its columns when certificates take so many columns of tse.csv; other tables have always the same.
    pub fn columns_with(&self, certificate_columns: usize) -> impl Iterator<Item = Column> + use<> {
        let further = if self.number == tse::TABLE.number {
            certificate_columns.saturating_sub(CERTIFICATE_COLUMNS)
        } else {
            0
        };
        let more = FURTHER_CERTIFICATES.iter().take(further).map(|name| Column {
            name,
            kind: Kind::Key(1_000),
            form: Form::Base64Part,
            required: false,
            description: "Zertifikat, Fortsetzung",
        });
        self.columns.iter().copied().chain(more)
    }
}
