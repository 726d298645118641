//! Which receipts without turnover are owed by when: at the end of each month and of each year that had receipts
//! (RKSV § 8), and after an outage (§ 17).

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month {
    /// The year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Month {
        Month { year: day.year(), month: day.month() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A receipt that is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// The first receipt of the till (Startbeleg), before any other.
    Start,
    /// The signed receipt after an outage (Sammelbeleg), as soon as the unit signs again.
    AfterOutage {
        /// Local time of the first receipt without signature.
        since: DateTime,
    },
    /// The yearly receipt (Jahresbeleg), which stands for that year's December receipt too. It is to be checked with
    /// FinanzOnline by 15 February of the next year.
    Yearly(i16),
    /// The monthly receipt (Monatsbeleg).
    Monthly(Month),
}

/// Periods with receipts that no closing receipt has followed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Open {
    months: BTreeSet<Month>,
    years: BTreeSet<i16>,
}

impl Open {
    /// These months and years.
    pub(super) fn of(months: &[Month], years: &[i16]) -> Open {
        Open { months: months.iter().copied().collect(), years: years.iter().copied().collect() }
    }

    /// Its months and years, in order.
    pub(super) fn parts(&self) -> (Vec<Month>, Vec<i16>) {
        (self.months.iter().copied().collect(), self.years.iter().copied().collect())
    }

    /// A receipt of `day` that closes nothing.
    pub(super) fn used(&mut self, day: Date) {
        self.months.insert(Month::of(day));
        self.years.insert(day.year());
    }

    /// A monthly receipt of `day`: it closes the months before that are open, else its own.
    pub(super) fn close_month(&mut self, day: Date) {
        let own = Month::of(day);
        if self.months.iter().any(|month| *month < own) {
            self.months.retain(|month| *month >= own);
        } else {
            self.months.remove(&own);
        }
    }

    /// A yearly receipt of `day`: it closes the years before that are open, else its own; and months likewise.
    pub(super) fn close_year(&mut self, day: Date) {
        let own = day.year();
        if self.years.iter().any(|year| *year < own) {
            self.years.retain(|year| *year >= own);
        } else {
            self.years.remove(&own);
        }
        self.close_month(day);
    }

    /// Whether the month that a monthly receipt of `day` would close is one that a yearly receipt has to close.
    pub(super) fn wants_year(&self, day: Date) -> bool {
        let own = Month::of(day);
        let closed = self.months.first().copied().filter(|month| *month < own).unwrap_or(own);
        closed.month == 12 || self.years.iter().any(|year| *year < day.year())
    }

    /// What is owed on `today` for periods that have passed.
    pub(super) fn due(&self, today: Date) -> Option<Due> {
        let year = self.years.iter().rev().find(|year| **year < today.year());
        // The yearly receipt closes the months before it as well.
        if let Some(year) = year {
            return Some(Due::Yearly(*year));
        }
        let month = self.months.iter().rev().find(|month| **month < Month::of(today));
        month.map(|month| Due::Monthly(*month))
    }
}
