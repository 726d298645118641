//! Small invoices: receipts that need no recipient.

use jiff::civil::{Date, date};
use money::Money;

/// From which day on, up to how many cents with tax (UStG 1994 § 11 (6)).
const LIMITS: [(Date, i64); 2] = [(date(1995, 1, 1), 15_000), (date(2014, 3, 1), 40_000)];

/// Up to which total with tax a receipt of that day needs no recipient.
#[must_use]
pub fn small_invoice(day: Date) -> Money {
    let holds = LIMITS.iter().rfind(|(from, _)| *from <= day);
    Money::new(holds.map_or(0, |(_, cents)| *cents))
}
