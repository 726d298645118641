//! Foreign cash: its value at a rate, and how much of it is needed.

use money::{ExchangeRate, Money};
use proptest::prelude::*;

fn rate(per_million: i64) -> ExchangeRate {
    ExchangeRate::new(per_million).unwrap()
}

#[test]
fn values_are_rounded_half_away_from_zero() {
    for (per_million, foreign, home) in [
        (920_000, 5_000, 4_600),
        (925_000, 101, 93), // 93.425
        (500_000, 1, 1),    // 0.5
        (500_000, 3, 2),    // 1.5
        (500_000, -1, -1),
        (610_000, 1_000, 610),   // yen: 1,000 are 6.10
        (943_217, 5_000, 4_716), // 4,716.085
    ] {
        assert_eq!(rate(per_million).value(Money::new(foreign)).unwrap().minor(), home);
    }
}

#[test]
fn a_rate_is_above_nothing_and_not_beyond_all_sense() {
    for bad in [0, -1, i64::MIN, i64::MAX, 1_000_000_000_001] {
        assert_eq!(ExchangeRate::new(bad), None);
        assert!(ExchangeRate::try_from(bad).is_err());
    }
    assert!(rate(1_000_000_000_000).value(Money::new(i64::MAX)).is_err());
}

proptest! {
    #[test]
    fn the_least_amount_suffices_and_a_piece_less_does_not(
        per_million in 1_000_i64..100_000_000,
        home in 1_i64..10_000_000,
        piece in 1_i64..5_000,
    ) {
        let rate = rate(per_million);
        let least = rate.least(Money::new(home), piece).unwrap();
        prop_assert_eq!(least.minor() % piece, 0);
        prop_assert!(rate.value(least).unwrap().minor() >= home);
        let less = Money::new(least.minor() - piece);
        prop_assert!(rate.value(less).unwrap().minor() < home);
    }
}
