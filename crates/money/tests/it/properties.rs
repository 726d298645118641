//! What holds for every amount.

use money::{
    CashRounding, Money, Quantity, Rate, allocate, cash_rounding, line_total, round_half_away,
    tax_from_gross, tax_from_net,
};
use proptest::prelude::*;

use crate::m;

const LARGE: i64 = 1_000_000_000_000;

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn splits_sum_exactly_and_no_part_is_off_by_a_unit(
        total in -LARGE..LARGE,
        weights in prop::collection::vec(0_i64..2_000_000, 1..40),
    ) {
        prop_assume!(weights.iter().any(|w| *w > 0));
        let parts = allocate(m(total), &weights.iter().map(|w| m(*w)).collect::<Vec<_>>()).unwrap();
        prop_assert_eq!(Money::sum(parts.iter().copied()).unwrap(), m(total));
        let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            let exact = i128::from(total) * i128::from(*weight);
            let off = (i128::from(part.minor()) * sum - exact).abs();
            prop_assert!(off < sum, "{part:?} of {total} by {weight}/{sum}");
            prop_assert!(part.is_zero() || (*weight > 0 && part.is_negative() == (total < 0)));
        }
    }

    #[test]
    fn of_equal_weights_the_earlier_part_is_never_the_smaller(
        total in 0..LARGE,
        parts in 1_usize..60,
        weight in 1_i64..1_000_000,
    ) {
        let split = allocate(m(total), &vec![m(weight); parts]).unwrap();
        prop_assert!(split.is_sorted_by(|a, b| a >= b));
        let ends = split[0].minor() - split[parts - 1].minor();
        prop_assert!((0..=1).contains(&ends));
    }

    #[test]
    fn splitting_the_negative_is_the_negative_of_the_split(
        total in -LARGE..LARGE,
        weights in prop::collection::vec(1_i64..2_000_000, 1..20),
    ) {
        let weights: Vec<_> = weights.into_iter().map(m).collect();
        let there = allocate(m(total), &weights).unwrap();
        let back = allocate(m(-total), &weights).unwrap();
        prop_assert!(there.iter().zip(&back).all(|(a, b)| a.negated() == *b));
    }

    #[test]
    fn net_and_tax_are_the_gross_and_a_reversal_cancels(gross in -LARGE..LARGE, rate in 0_u32..=10_000) {
        let rate = Rate::new(rate);
        let taxed = tax_from_gross(m(gross), rate).unwrap();
        prop_assert_eq!(taxed.net().plus(taxed.tax()).unwrap(), m(gross));
        prop_assert!(taxed.tax().is_zero() || taxed.tax().is_negative() == (gross < 0));
        let back = tax_from_gross(m(-gross), rate).unwrap();
        prop_assert_eq!((back.net(), back.tax()), (taxed.net().negated(), taxed.tax().negated()));
        // Within half a unit of the exact net.
        let divisor = 10_000 + i128::from(rate.basis_points());
        let off = (i128::from(taxed.net().minor()) * divisor - i128::from(gross) * 10_000).abs();
        prop_assert!(off * 2 <= divisor);
    }

    #[test]
    fn tax_on_top_sums_and_a_reversal_cancels(net in -LARGE..LARGE, rate in 0_u32..=10_000) {
        let rate = Rate::new(rate);
        let taxed = tax_from_net(m(net), rate).unwrap();
        prop_assert_eq!(taxed.net().plus(taxed.tax()).unwrap(), taxed.gross());
        let back = tax_from_net(m(-net), rate).unwrap();
        prop_assert_eq!(back.gross(), taxed.gross().negated());
    }

    #[test]
    fn rounding_is_odd_and_within_half(numerator in any::<i64>(), denominator in 1_i64..1_000_000) {
        let (n, d) = (i128::from(numerator), i128::from(denominator));
        prop_assume!(numerator != i64::MIN);
        let there = round_half_away(n, d).unwrap();
        prop_assert_eq!(round_half_away(-n, d).unwrap(), -there);
        let off = i128::from(there) * d - n;
        prop_assert!(off.abs() * 2 <= d);
        // Exactly half goes away from zero.
        prop_assert!(off.abs() * 2 != d || i128::from(there).abs() * d > n.abs());
    }

    #[test]
    fn cash_rounding_stays_within_half_a_step_and_lands_on_a_coin(
        due in -LARGE..LARGE,
        step in prop::sample::select(vec![5_i64, 10, 20, 50, 100]),
    ) {
        let added = cash_rounding(m(due), CashRounding(step)).unwrap().minor();
        prop_assert!(added.abs() * 2 <= step);
        prop_assert_eq!((due + added) % step, 0);
        prop_assert_eq!(cash_rounding(m(-due), CashRounding(step)).unwrap(), m(-added));
    }

    #[test]
    fn whole_quantities_cost_exactly_their_multiple(pieces in -99_999_i64..=99_999, price in -LARGE..LARGE) {
        prop_assert_eq!(line_total(Quantity::new(pieces * 1_000), m(price)).unwrap(), m(pieces * price));
    }

    #[test]
    fn no_input_makes_arithmetic_panic(
        a in any::<i64>(), b in any::<i64>(), rate in any::<u32>(), points in any::<i64>(),
        weights in prop::collection::vec(any::<i64>(), 0..5),
    ) {
        let (x, y) = (m(a), m(b));
        let _ = (x.plus(y), x.minus(y), x.negated(), x.abs(), x.percent(points), x.saturating_plus(y));
        let _ = (line_total(Quantity::new(a), y), Quantity::new(a).times(Quantity::new(b)));
        let _ = (tax_from_gross(x, Rate::new(rate)), tax_from_net(x, Rate::new(rate)));
        let _ = cash_rounding(x, CashRounding(b));
        let weights: Vec<_> = weights.into_iter().map(m).collect();
        if let Ok(parts) = allocate(x, &weights) {
            prop_assert_eq!(Money::sum(parts), Ok(x));
        }
        prop_assert_eq!(a.checked_add(b).map(m), x.plus(y).ok());
    }
}
