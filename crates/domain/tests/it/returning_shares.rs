//! Properties: parts of a return sum to what was paid, to the cent, whatever the parts.

use domain::command::DiscountValue;
use domain::totals::returned_part;
use domain::{ItemId, LineNo, TillCommand};
use money::{Money, Quantity};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::catalogue::{CHEESE, FULL, goods};
use crate::world::{World, receipt_no};

/// Sells `quantity` of an item with discounts by hand; answers what the line came to.
fn sell(w: &mut World, item: ItemId, quantity: i64, off: u16, off_all: u16) -> i64 {
    let line = w.add(item, quantity);
    let percent = |basis_points| DiscountValue::Percent { basis_points };
    let reason = || "why".to_owned();
    if off > 0 {
        let _ = w.run(
            w.state.tills[&crate::world::TILL].person,
            domain::Command::Till(
                crate::world::TILL,
                TillCommand::DiscountLine { line, discount: percent(off), reason: reason() },
            ),
        );
    }
    let _ = w.at(
        crate::world::TILL,
        TillCommand::DiscountReceipt { discount: percent(off_all), reason: reason() },
    );
    w.pay().lines[0].total().minor()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_returned_in_any_parts_sum_to_the_sale(
        price in 0_i64..3_000,
        pieces in 1_i64..12,
        off in 0_u16..=10_000,
        off_all in 1_u16..=10_000,
        cuts in prop::collection::vec(1_i64..5, 12),
        gross in any::<bool>(),
    ) {
        let mut w = World::open_with(|settings| settings.prices_include_tax = gross);
        w.sign_in(crate::world::TILL, crate::world::MANAGER);
        let item = w.put(goods("x", price, FULL));
        let sold = sell(&mut w, item, pieces * 1_000, off, off_all);
        let (mut left, mut back) = (pieces, Vec::new());
        for cut in cuts {
            let part = cut.min(left);
            if part == 0 { break; }
            left -= part;
            let quantity = Some(Quantity::new(part * 1_000));
            w.ok(TillCommand::ReturnLine { receipt: receipt_no(1), line: LineNo(1), quantity });
            back.push((part, w.pay().lines[0].total().minor()));
        }
        prop_assert_eq!(left, 0);
        prop_assert_eq!(sold + back.iter().map(|b| b.1).sum::<i64>(), 0);
        // No piece gives back more than a cent beside its share.
        for (part, amount) in back {
            prop_assert!(amount <= 0 && (amount * pieces + sold * part).abs() <= part * pieces);
        }
        prop_assert_eq!(w.stock(item), 0);
        if gross {
            prop_assert_eq!(w.drawer(), 10_000);
        }
    }

    #[test]
    fn weights_returned_in_any_parts_sum_to_the_sale(
        weight in 1_i64..5_000,
        off in 0_u16..=10_000,
        off_all in 1_u16..=10_000,
        cuts in prop::collection::vec(1_i64..2_000, 1..6),
    ) {
        let mut w = World::managed();
        let sold = sell(&mut w, CHEESE, weight, off, off_all);
        let (mut left, mut sum) = (weight, 0);
        for cut in cuts {
            let part = cut.min(left);
            if part == 0 { break; }
            left -= part;
            let quantity = Some(Quantity::new(part));
            w.ok(TillCommand::ReturnLine { receipt: receipt_no(1), line: LineNo(1), quantity });
            let back = w.pay().lines[0].total().minor();
            // base and discount round apart: a part may be a cent to the customer's favour or not
            prop_assert!(back <= 1, "{back}");
            sum += back;
        }
        if left > 0 {
            w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
            sum += w.pay().total.minor();
        }
        prop_assert_eq!(sold + sum, 0);
        prop_assert_eq!(w.drawer(), 10_000);
        prop_assert_eq!(w.stock(CHEESE), 0);
    }

    #[test]
    fn shares_of_any_line_sum_to_it(
        base in 0_i64..1_000_000_000,
        share in 0_u16..=10_000,
        quantity in 1_i64..99_999_999,
        cut in any::<prop::sample::Index>(),
    ) {
        let mut w = World::open();
        w.add(CHEESE, 1);
        let off = Money::new(base).percent(i64::from(share)).unwrap();
        let origin = domain::basket::DiscountOrigin::Returned;
        let line = domain::basket::Line {
            quantity: Quantity::new(quantity),
            base: Money::new(base),
            discounts: vec![domain::basket::LineDiscount { origin, amount: off }],
            ..w.lines()[0].clone()
        };
        let first = 1 + i64::try_from(cut.index(usize::try_from(quantity).unwrap())).unwrap();
        let part = |before, quantity| returned_part(&line, Quantity::new(before), Quantity::new(quantity)).unwrap();
        let (a, b) = (part(0, first), part(first, quantity - first));
        prop_assert_eq!(a.0.plus(b.0), Ok(line.base));
        prop_assert_eq!(a.1.plus(b.1), Ok(off));
    }
}
