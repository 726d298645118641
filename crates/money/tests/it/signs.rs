//! What is above, at and below nothing; differences; and a currency as text.

use money::{Currency, Money, Quantity};

use crate::{m, q};

#[test]
fn nothing_is_neither_above_nor_below_nothing() {
    let signs = |amount: Money| (amount.is_negative(), amount.is_zero(), amount.is_positive());
    assert_eq!(signs(m(-1)), (true, false, false));
    assert_eq!(signs(m(0)), (false, true, false));
    assert_eq!(signs(m(1)), (false, false, true));
    let signs = |quantity: Quantity| (quantity.is_negative(), quantity.is_zero());
    assert_eq!(signs(q(-1)), (true, false));
    assert_eq!(signs(q(0)), (false, true));
    assert_eq!(signs(q(1)), (false, false));
}

#[test]
fn a_difference_of_quantities_is_exact_or_told_to_be_too_large() {
    assert_eq!(q(5_000).minus(q(1_250)), Ok(q(3_750)));
    assert_eq!(q(1_250).minus(q(5_000)), Ok(q(-3_750)));
    assert!(q(i64::MIN).minus(q(1)).is_err());
}

#[test]
fn a_currency_is_written_as_it_is_read() {
    for code in ["EUR", "CHF"] {
        let currency: Currency = code.parse().unwrap();
        assert_eq!(String::from(currency), code);
    }
}
