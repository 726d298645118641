//! Small invoices: receipts that need no recipient.

use jiff::civil::{Date, date};
use money::Money;

/// From which day on, up to how many cents with tax (UStDV § 33).
const LIMITS: [(Date, i64); 3] =
    [(date(1999, 1, 1), 10_000), (date(2007, 1, 1), 15_000), (date(2017, 1, 1), 25_000)];

/// Up to which total with tax a receipt of that day needs no recipient.
#[must_use]
pub fn small_invoice(day: Date) -> Money {
    let holds = LIMITS.iter().rfind(|(from, _)| *from <= day);
    Money::new(holds.map_or(0, |(_, cents)| *cents))
}
