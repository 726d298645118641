//! The books: closed till days as an adviser's program takes them over (DATEV), and the cash book of a till and month.
//! Figures are folded from the journal once more, and held against the closings: books that say something else than the
//! Z reports are not handed out.
//!
//! *Absent:* the form of the files (`fiscal::de::datev`), the clock.

mod cash_book;
mod datev;
mod day;

use domain::books::BookPurpose;
use domain::{DayNo, TillId};
use jiff::civil::Date;
use store::StoreError;

pub use cash_book::{CashBook, CashBookDay, CashBookRow, RowKind, cash_book, month_of};
pub use datev::{accounts_of, datev, datev_cash_book};
pub use day::{Booked, Moved, MovedKind, booked};

/// Why there are no books.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The shop's file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry of the journal cannot be read.
    #[error(transparent)]
    Journal(#[from] journal::JournalError),
    /// No till day of these dates is closed.
    #[error("no till day from {from} to {to} is closed")]
    NoClosing {
        /// First date.
        from: Date,
        /// Last date.
        to: Date,
    },
    /// Books of this country do not go to DATEV.
    #[error("books of this country do not go to DATEV")]
    NotInCountry,
    /// Nobody said how the books go to DATEV.
    #[error("no DATEV settings")]
    NotSet,
    /// There is no account for something.
    #[error("no account for {0:?}{1}")]
    NoAccount(BookPurpose, String),
    /// A value that DATEV does not take.
    #[error("DATEV does not take it: {0}")]
    Refused(String),
    /// The dates lie in several business years, and each wants a file of its own.
    #[error("the dates lie in several business years")]
    Years,
    /// DATEV takes euros.
    #[error("only books in euros")]
    Currency,
    /// The journal and a closing say something else.
    #[error("closing {1} of till {0} is not the sum of its receipts")]
    Differs(TillId, DayNo),
}

impl From<crate::fiscal::Fault> for Fault {
    fn from(fault: crate::fiscal::Fault) -> Self {
        match fault {
            crate::fiscal::Fault::Store(fault) => Fault::Store(fault),
            crate::fiscal::Fault::Journal(fault) => Fault::Journal(fault),
            other => Fault::Store(StoreError::Damaged(other.to_string())),
        }
    }
}
