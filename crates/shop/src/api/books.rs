//! The cash book, and accounts for DATEV.

use domain::books::BookPurpose;
use domain::{Amount, DayNo, TaxKey, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use money::{Money, Rate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::books::{CashBook, CashBookDay, CashBookRow, RowKind};

/// An account of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BookAccountRow {
    /// What is booked there.
    pub purpose: BookPurpose,
    /// The tax key, with sales.
    pub tax: Option<TaxKey>,
    /// The rate, with sales; hundredths of a percent.
    #[schema(value_type = Option<u32>)]
    pub rate: Option<Rate>,
    /// Its number; none where the chart leaves it to the adviser.
    pub number: Option<u32>,
}

/// The cash book of a till and a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CashBookView {
    /// The till.
    pub till: TillId,
    /// Its name.
    pub till_name: String,
    /// First day of the month.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Last day of the month.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// What lay in the drawer before.
    pub opening: Amount,
    /// Closed days.
    pub days: Vec<CashBookDayView>,
    /// What lay in the drawer at the end.
    pub closing: Amount,
    /// Somewhere the book says less than nothing.
    pub negative: bool,
}

/// A closed day in the cash book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CashBookDayView {
    /// Its date.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The closing's number.
    pub number: DayNo,
    /// What lay in the drawer after the closing before.
    pub opening: Amount,
    /// Its rows.
    pub rows: Vec<CashBookRowView>,
    /// What was counted at its closing.
    pub closing: Amount,
}

/// A row of the cash book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CashBookRowView {
    /// What it is.
    pub kind: RowKind,
    /// When, for a single movement.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// Why, as the person said.
    pub reason: String,
    /// What came in.
    pub paid_in: Option<Amount>,
    /// What went out, above nothing.
    pub paid_out: Option<Amount>,
    /// What was left.
    pub balance: Amount,
}

/// The book as it is shown.
pub fn cash_book_view(
    book: &CashBook,
    till_name: String,
    amount: impl Fn(Money) -> Amount,
) -> CashBookView {
    let row = |row: &CashBookRow| CashBookRowView {
        kind: row.kind,
        at: row.at,
        reason: row.reason.clone(),
        paid_in: row.paid_in().map(&amount),
        paid_out: row.paid_out().map(&amount),
        balance: amount(row.balance),
    };
    let day = |day: &CashBookDay| CashBookDayView {
        date: day.date,
        number: day.number,
        opening: amount(day.opening),
        rows: day.rows.iter().map(row).collect(),
        closing: amount(day.closing),
    };
    CashBookView {
        till: book.till,
        till_name,
        from: book.month.0,
        to: book.month.1,
        opening: amount(book.opening),
        days: book.days.iter().map(day).collect(),
        closing: amount(book.closing),
        negative: book.is_negative(),
    }
}
