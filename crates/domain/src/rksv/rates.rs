//! Austria's tax rates, each with the day from which on it holds and its place in a receipt's code. This is the one table
//! of them: whoever checks settings and whoever makes codes reads it.

use jiff::civil::{Date, date};
use money::Rate;

/// One of the five sums of a code (RKSV annex, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateField {
    /// "Betrag-Satz-Normal".
    Normal,
    /// "Betrag-Satz-Ermaessigt-1".
    Reduced1,
    /// "Betrag-Satz-Ermaessigt-2".
    Reduced2,
    /// "Betrag-Satz-Null".
    Zero,
    /// "Betrag-Satz-Besonders".
    Special,
}

/// Hundredths of a percent, place, and from when on; none where it held before there were codes (UStG 1994 §§ 10, 12; 19 % in
/// Jungholz and Mittelberg; 4.9 % on some foods by the notice of the BMF of 2026-03-13).
pub const RATES: [(u32, RateField, Option<Date>); 6] = [
    (2_000, RateField::Normal, None),
    (1_000, RateField::Reduced1, None),
    (1_300, RateField::Reduced2, None),
    (0, RateField::Zero, None),
    (1_900, RateField::Special, None),
    (490, RateField::Special, Some(date(2026, 7, 1))),
];

/// The sum in which turnover at `rate` on `day` is counted; none when there is no such rate then.
pub fn field_of(rate: Rate, day: Date) -> Option<RateField> {
    let known = RATES.iter().find(|(points, _, from)| {
        *points == rate.basis_points() && from.is_none_or(|from| from <= day)
    });
    known.map(|(_, field, _)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rate_has_its_sum_and_4_9_percent_only_from_july_2026() {
        let (before, from) = (date(2026, 6, 30), date(2026, 7, 1));
        for (rate, expected) in [
            (2_000, RateField::Normal),
            (1_000, RateField::Reduced1),
            (1_300, RateField::Reduced2),
            (0, RateField::Zero),
            (1_900, RateField::Special),
        ] {
            assert_eq!(field_of(Rate::new(rate), before), Some(expected));
            assert_eq!(field_of(Rate::new(rate), from), Some(expected));
        }
        assert_eq!(field_of(Rate::new(490), before), None);
        assert_eq!(field_of(Rate::new(490), from), Some(RateField::Special));
        assert_eq!(field_of(Rate::new(700), from), None);
    }
}
