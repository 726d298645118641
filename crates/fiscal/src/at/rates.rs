//! Which of the code's five sums a tax rate belongs to, by date: rates come and go, the five fields stay.

use jiff::civil::{Date, date};
use money::Rate;

/// One of the five sums of a code (RKSV annex, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// "Betrag-Satz-Normal": 20 %.
    Normal,
    /// "Betrag-Satz-Ermaessigt-1": 10 %.
    Reduced1,
    /// "Betrag-Satz-Ermaessigt-2": 13 %.
    Reduced2,
    /// "Betrag-Satz-Null": without tax.
    Zero,
    /// "Betrag-Satz-Besonders": 19 % and, from 2026-07-01, 4.9 %.
    Special,
}

/// From when on 4.9 % is charged on some foods (BMF, notice of 2026-03-13).
const FOOD: Date = date(2026, 7, 1);

/// The sum in which turnover at `rate` on `day` is counted; `None` when no such rate is in force.
#[must_use]
pub fn slot(rate: Rate, day: Date) -> Option<Slot> {
    match rate.basis_points() {
        2_000 => Some(Slot::Normal),
        1_000 => Some(Slot::Reduced1),
        1_300 => Some(Slot::Reduced2),
        0 => Some(Slot::Zero),
        1_900 => Some(Slot::Special),
        490 if day >= FOOD => Some(Slot::Special),
        _ => None,
    }
}
