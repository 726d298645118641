//! The cash book of a till and a month: what it began with, the day's takings, each movement, what was left.

use domain::{DayNo, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};
use store::{Reader, StoreError};
use utoipa::ToSchema;

use super::Fault;
use super::day::{Booked, MovedKind, booked};

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// The day began with another float than the one before ended with.
    Float,
    /// Cash taken for sales, less change.
    Sales,
    /// Cash paid out for returns, deposits and the like.
    Refunds,
    /// Change given for foreign cash.
    ForeignChange,
    /// Put in.
    PaidIn,
    /// Taken out.
    PaidOut,
    /// Brought to the safe or the bank.
    Drop,
    /// Counted more or less than the book says.
    Difference,
}

impl RowKind {
    /// As it stands in files.
    pub const fn code(self) -> &'static str {
        match self {
            RowKind::Float => "float",
            RowKind::Sales => "sales",
            RowKind::Refunds => "refunds",
            RowKind::ForeignChange => "foreign_change",
            RowKind::PaidIn => "paid_in",
            RowKind::PaidOut => "paid_out",
            RowKind::Drop => "drop",
            RowKind::Difference => "difference",
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashBookRow {
    /// What it is.
    pub kind: RowKind,
    /// What it did to the drawer.
    pub cash: Money,
    /// What lay in it afterwards; below nothing the book is wrong, and whoever reads it has to know.
    pub balance: Money,
    /// When, for a single movement.
    pub at: Option<Timestamp>,
    /// Why, as the person said.
    pub reason: String,
}

impl CashBookRow {
    /// What came in.
    pub fn paid_in(&self) -> Option<Money> {
        (!self.cash.is_negative()).then_some(self.cash)
    }

    /// What went out, above nothing.
    pub fn paid_out(&self) -> Option<Money> {
        self.cash.is_negative().then(|| self.cash.negated())
    }
}

/// A closed day in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashBookDay {
    /// Its date.
    pub date: Date,
    /// The closing's number.
    pub number: DayNo,
    /// What lay in the drawer after the closing before.
    pub opening: Money,
    /// Its rows.
    pub rows: Vec<CashBookRow>,
    /// What was counted at its closing.
    pub closing: Money,
}

/// The cash book of a till and a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashBook {
    /// The till.
    pub till: TillId,
    /// Its currency; none while nothing is closed.
    pub currency: Option<Currency>,
    /// First and last day of the month.
    pub month: (Date, Date),
    /// What lay in the drawer before.
    pub opening: Money,
    /// Closed days, in their order.
    pub days: Vec<CashBookDay>,
    /// What lay in the drawer at the end.
    pub closing: Money,
}

impl CashBook {
    /// Whether the book says somewhere that less than nothing lay in the drawer.
    pub fn is_negative(&self) -> bool {
        self.days.iter().flat_map(|day| &day.rows).any(|row| row.balance.is_negative())
    }
}

/// First and last day of the month that a day lies in.
pub fn month_of(day: Date) -> (Date, Date) {
    (day.first_of_month(), day.last_of_month())
}

/// The cash book of the month that a day lies in.
///
/// # Errors
/// When the file cannot be read, or a closing is not the sum of its receipts.
pub fn cash_book(reader: &Reader, till: TillId, day: Date) -> Result<CashBook, Fault> {
    let month = month_of(day);
    let mut booked = booked(reader, month, Some(till))?;
    booked.sort_by_key(|day| day.number);
    let opening = match booked.first() {
        Some(first) => first.before.unwrap_or_default(),
        None => before(reader, till, month.0)?,
    };
    let mut balance = opening;
    let days: Vec<CashBookDay> = booked.iter().map(|day| day_of(day, &mut balance)).collect();
    let currency = booked.first().map(|day| day.currency);
    Ok(CashBook { till, currency, month, opening, days, closing: balance })
}

/// What was counted at the last closing before a day.
fn before(reader: &Reader, till: TillId, day: Date) -> Result<Money, Fault> {
    let Ok(last) = day.yesterday() else { return Ok(Money::ZERO) };
    let days = reader.days_between((Date::MIN, last))?.into_iter();
    let Some(number) = days.filter(|day| day.till == till).map(|day| day.number).max() else {
        return Ok(Money::ZERO);
    };
    let missing = || StoreError::Damaged("a closed day is missing".to_owned());
    let closed = reader.closed_day(till, number)?.ok_or_else(missing)?;
    Ok(closed.day.drawer.saturating_plus(closed.difference))
}

fn day_of(day: &Booked, balance: &mut Money) -> CashBookDay {
    let opening = *balance;
    let mut rows = Vec::new();
    let mut add = |kind, cash: Money, at, reason: &str| {
        if !cash.is_zero() {
            *balance = balance.saturating_plus(cash);
            let reason = reason.to_owned();
            rows.push(CashBookRow { kind, cash, balance: *balance, at, reason });
        }
    };
    add(RowKind::Float, day.float.saturating_plus(opening.negated()), None, "");
    add(RowKind::Sales, day.cash_in, None, "");
    add(RowKind::Refunds, day.cash_out, None, "");
    add(RowKind::ForeignChange, day.foreign_change, None, "");
    for moved in &day.moved {
        let kind = match moved.kind {
            MovedKind::PaidIn => RowKind::PaidIn,
            MovedKind::PaidOut => RowKind::PaidOut,
            MovedKind::Drop => RowKind::Drop,
        };
        add(kind, moved.cash, Some(moved.at), &moved.reason);
    }
    add(RowKind::Difference, day.difference, None, "");
    CashBookDay { date: day.date, number: day.number, opening, rows, closing: *balance }
}
