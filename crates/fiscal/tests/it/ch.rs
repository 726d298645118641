//! Swiss numbers and receipts.

use fiscal::ch::{Part, Uid, WITHOUT_CUSTOMER, required};
use money::Money;
use proptest::prelude::*;

#[test]
fn a_uid_is_read_in_each_of_its_forms_and_written_in_one() {
    for text in [
        "CHE-123.456.788",
        "CHE-123.456.788 MWST",
        "che-123.456.788 tva",
        "CHE-123.456.788IVA",
        "CHE123456788",
        "CHE-123456788 ",
    ] {
        let uid = Uid::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(uid.for_receipt(), "CHE-123.456.788 MWST");
    }
    // The check digit of this one is 11, written 0.
    assert!(Uid::parse("CHE-116.281.710").is_some());
}

#[test]
fn a_uid_with_any_digit_changed_is_none() {
    let good = "CHE-123.456.788";
    for at in 4..good.len() {
        for digit in b'0'..=b'9' {
            let mut bytes = good.as_bytes().to_vec();
            if bytes[at] == digit || bytes[at] == b'.' {
                continue;
            }
            bytes[at] = digit;
            let text = String::from_utf8(bytes).unwrap();
            assert_eq!(Uid::parse(&text), None, "{text}");
        }
    }
    for text in [
        "",
        "CHE",
        "123.456.788",
        "CHE-12.3456.788",
        "CHE-123.456.78",
        "CHE-123.456.7888",
        "CHE-123.456.78ä",
    ] {
        assert_eq!(Uid::parse(text), None, "{text}");
    }
}

#[test]
fn the_customer_stands_on_receipts_over_400_francs() {
    assert!(!required(WITHOUT_CUSTOMER).contains(&Part::Customer));
    assert!(required(Money::new(40_001)).contains(&Part::Customer));
    assert_eq!(required(Money::ZERO).len(), 6);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_uid_that_is_read_is_read_again_from_what_is_written(text in "(CHE)?-?[0-9.]{0,12}( MWST)?|\\PC{0,20}") {
        if let Some(uid) = Uid::parse(&text) {
            prop_assert_eq!(Uid::parse(&uid.for_receipt()), Some(uid));
        }
    }
}
