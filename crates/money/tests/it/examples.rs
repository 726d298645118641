//! "Money, by example", as far as it is arithmetic; the whole sales are the domain's tests.

use money::{
    CashRounding, Currency, Money, MoneyError, Quantity, allocate, cash_rounding, line_total,
    round_half_away, tax_from_gross, tax_from_net,
};

use crate::{from_gross, from_net, m, minor, q, rate};

#[test]
fn a_receipt_discount_of_ten_percent_is_spread_by_largest_remainder() {
    let lines = [m(1_299), m(499), m(249), m(89)];
    let discount = Money::sum(lines).unwrap().percent(1_000).unwrap();
    assert_eq!(discount, m(214));
    assert_eq!(minor(&allocate(discount, &lines).unwrap()), [130, 50, 25, 9]);
    assert_eq!(from_gross(1_299 - 130 + 89 - 9, 1_900), (1_050, 199));
    assert_eq!(from_gross(499 - 50 + 249 - 25, 700), (629, 44));
}

#[test]
fn three_for_five_hundred_splits_into_parts_that_sum_to_it() {
    let parts = allocate(m(500), &[m(199), m(199), m(199)]).unwrap();
    assert_eq!(minor(&parts), [167, 167, 166]);
    assert_eq!(Money::sum(parts).unwrap(), m(500));
}

#[test]
fn weights_are_rounded_once_half_away_from_zero() {
    for (quantity, price, total) in
        [(1_250, 199, 249), (333, 1_299, 433), (5, 1_999, 10), (2_500, 25, 63), (486, 279, 136)]
    {
        assert_eq!(line_total(q(quantity), m(price)), Ok(m(total)), "{quantity} × {price}");
        assert_eq!(line_total(q(-quantity), m(price)), Ok(m(-total)), "−{quantity} × {price}");
        assert_eq!(line_total(q(quantity), m(-price)), Ok(m(-total)), "{quantity} × −{price}");
    }
}

#[test]
fn swiss_cash_is_rounded_to_five_rappen() {
    for (due, cash) in [
        (1_001, 1_000),
        (1_002, 1_000),
        (1_003, 1_005),
        (1_007, 1_005),
        (1_008, 1_010),
        (-1_003, -1_005),
        (2, 0),
        (3, 5),
        (0, 0),
    ] {
        let step = cash_rounding(m(due), CashRounding(5)).unwrap();
        assert_eq!(m(due).plus(step), Ok(m(cash)), "{due}");
    }
}

#[test]
fn where_every_cent_is_a_coin_cash_is_not_rounded() {
    for step in [1, 0, -5] {
        assert_eq!(cash_rounding(m(1_003), CashRounding(step)), Ok(Money::ZERO));
    }
}

#[test]
fn a_return_has_the_tax_of_the_sale_reversed() {
    assert_eq!(from_gross(1_679, 1_900), (1_411, 268));
    assert_eq!(from_gross(-1_679, 1_900), (-1_411, -268));
}

#[test]
fn eight_hundred_and_one_including_twenty_percent_stays_eight_hundred_and_one() {
    assert_eq!(from_gross(801, 2_000), (668, 133));
}

#[test]
fn mixed_rates_sum_to_what_the_lines_say_as_gross_and_as_net_prices() {
    assert_eq!(from_gross(2_890, 2_200), (2_369, 521));
    assert_eq!(from_gross(125, 1_000), (114, 11));
    assert_eq!(2_369 + 521 + 114 + 11, 3_015);
    assert_eq!(from_net(2_890, 2_200), (636, 3_526));
    assert_eq!(from_net(125, 1_000), (13, 138));
    assert_eq!(3_526 + 138, 3_664);
}

#[test]
fn a_discount_of_everything_leaves_exactly_nothing() {
    for lines in [vec![m(617), m(617)], vec![m(33), m(33), m(34)]] {
        let all = Money::sum(lines.iter().copied()).unwrap();
        assert_eq!(all.percent(10_000), Ok(all));
        assert_eq!(allocate(all, &lines).unwrap(), lines);
    }
}

#[test]
fn a_menu_is_split_seventy_to_thirty_into_two_rates() {
    assert_eq!(minor(&allocate(m(990), &[m(70), m(30)]).unwrap()), [693, 297]);
    assert_eq!(from_gross(693, 700), (648, 45));
    assert_eq!(from_gross(297, 1_900), (250, 47));
}

#[test]
fn the_tax_of_the_first_and_the_voucher_example() {
    assert_eq!(from_gross(1_602, 700), (1_497, 105));
    assert_eq!(from_gross(1_890, 1_900), (1_588, 302));
    assert_eq!(from_gross(2_000, 1_900), (1_681, 319));
}

#[test]
fn change_of_five_thousand_for_three_thousand_four_hundred_and_ninety_two() {
    assert_eq!(m(5_000).minus(m(3_492)), Ok(m(1_508)));
}

#[test]
fn equal_remainders_go_to_the_earlier_part() {
    assert_eq!(minor(&allocate(m(100), &[m(1), m(1), m(1)]).unwrap()), [34, 33, 33]);
    assert_eq!(minor(&allocate(m(-100), &[m(1), m(1), m(1)]).unwrap()), [-34, -33, -33]);
    assert_eq!(minor(&allocate(m(1), &[m(0), m(5), m(5)]).unwrap()), [0, 1, 0]);
}

#[test]
fn nothing_can_be_spread_over_nothing_but_something_cannot() {
    assert_eq!(allocate(Money::ZERO, &[Money::ZERO]), Ok(vec![Money::ZERO]));
    assert_eq!(allocate(Money::ZERO, &[]), Ok(vec![]));
    assert_eq!(allocate(m(1), &[Money::ZERO]), Err(MoneyError::NothingToDivide));
    assert_eq!(allocate(m(1), &[]), Err(MoneyError::NothingToDivide));
}

/// ISO 4217, list one.
#[test]
fn labels_name_a_currency_by_its_number() {
    assert_eq!((Currency::EUR.number(), Currency::CHF.number()), (Some("978"), Some("756")));
    assert_eq!("SEK".parse::<Currency>().unwrap().number(), Some("752"));
    assert_eq!("XXX".parse::<Currency>().unwrap().number(), None);
}

#[test]
fn other_currencies_have_other_minor_digits() {
    for (code, digits) in [
        ("EUR", 2),
        ("CHF", 2),
        ("USD", 2),
        ("GBP", 2),
        ("PLN", 2),
        ("CZK", 2),
        ("HUF", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("ISK", 0),
        ("CLP", 0),
        ("VND", 0),
        ("XOF", 0),
        ("UGX", 0),
        ("KWD", 3),
        ("BHD", 3),
        ("TND", 3),
        ("JOD", 3),
        ("OMR", 3),
        ("IQD", 3),
        ("LYD", 3),
        ("CLF", 4),
        ("UYW", 4),
    ] {
        assert_eq!(code.parse::<Currency>().unwrap().minor_digits(), digits, "{code}");
    }
}

#[test]
fn a_currency_is_three_upper_case_letters() {
    for text in ["", "EU", "EURO", "eur", "E1R", "€", "EU ", "ÄÖÜ", "EU\0"] {
        assert!(text.parse::<Currency>().is_err(), "{text:?}");
    }
    let euro: Currency = "EUR".parse().unwrap();
    assert_eq!(
        (euro, euro.to_string(), format!("{euro:?}")),
        (Currency::EUR, "EUR".into(), "EUR".into())
    );
    assert_ne!(Currency::EUR, Currency::CHF);
}

#[test]
fn yen_without_minor_units_and_dinars_with_three_digits_are_computed_alike() {
    // 1,080 JPY with 10 %; 1.575 KWD with 5 %.
    assert_eq!(from_gross(1_080, 1_000), (982, 98));
    assert_eq!(from_gross(1_575, 500), (1_500, 75));
}

#[test]
fn whatever_leaves_the_range_says_so_and_never_wraps() {
    let most = m(i64::MAX);
    let least = m(i64::MIN);
    let out = Err(MoneyError::OutOfRange);
    assert_eq!(most.plus(m(1)), out);
    assert_eq!(least.minus(m(1)), out);
    assert_eq!(Money::sum([most, m(1), m(-1)]), out);
    assert_eq!(line_total(q(2_000), most), out);
    assert_eq!(line_total(q(i64::MAX), most), out);
    assert_eq!(most.percent(10_001), out);
    assert_eq!(q(i64::MAX).plus(Quantity::ONE), Err(MoneyError::OutOfRange));
    assert_eq!(q(i64::MAX).times(q(1_001)), Err(MoneyError::OutOfRange));
    assert_eq!(cash_rounding(most, CashRounding(5)), Ok(m(-2)));
    assert_eq!(cash_rounding(m(i64::MAX - 4), CashRounding(7)).map(|_| ()), Ok(()));
    assert!(tax_from_net(most, rate(1)).is_err());
    assert!(tax_from_gross(most, rate(u32::MAX)).is_ok());
    assert_eq!(most.saturating_plus(most), most);
    assert_eq!(least.negated(), most);
    assert_eq!(least.abs(), most);
    assert_eq!(q(i64::MIN).negated().thousandths(), i64::MAX);
    assert_eq!(allocate(most, &[most, most]).and_then(Money::sum), Ok(most));
}

#[test]
fn rounding_needs_something_to_divide_by() {
    assert_eq!(round_half_away(1, 0), Err(MoneyError::NothingToDivide));
    assert_eq!(round_half_away(1, -2), Err(MoneyError::NothingToDivide));
    assert_eq!(round_half_away(i128::MAX, 1), Err(MoneyError::OutOfRange));
    assert_eq!(round_half_away(i128::MIN, 1), Err(MoneyError::OutOfRange));
    assert_eq!(round_half_away(5, 10), Ok(1));
    assert_eq!(round_half_away(-5, 10), Ok(-1));
    assert_eq!(round_half_away(49, 100), Ok(0));
    assert_eq!(round_half_away(1, 3), Ok(0));
    assert_eq!(round_half_away(2, 3), Ok(1));
}

#[test]
fn quantities_know_wholes_and_packs() {
    assert!(q(-3_000).is_whole() && !q(1).is_whole() && Quantity::ZERO.is_whole());
    assert_eq!(q(3_000).times(q(6_000)), Ok(q(18_000)));
    assert_eq!(q(1_500).times(q(333)), Ok(q(500)), "499.5 thousandths, half away from zero");
    assert_eq!(q(-1_500).times(q(333)), Ok(q(-500)));
}
