//! What holds for anything.

use nexo::amount::Decimal;
use nexo::envelope::NotOpened;
use nexo::fuzz;
use nexo::words::Category;
use proptest::prelude::*;

use crate::given::{header, keys, others_keys, payment, reversal};

/// A valid message and its sealed form, to be broken.
fn seeds() -> Vec<Vec<u8>> {
    let keys = keys();
    let of = |category| header(category);
    let ask = payment(1_099, 2, "EUR");
    vec![
        nexo::wire::write_request(&of(Category::Payment), &ask).unwrap(),
        nexo::wire::write_request(&of(Category::Reversal), &reversal()).unwrap(),
        keys.seal_request(&of(Category::Payment), &ask, [1; 16]).unwrap(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn an_amount_that_is_written_is_read_as_itself(amount in 0..=i64::MAX, digits in 0_u8..=6) {
        let written = Decimal::of_minor(amount, digits).unwrap();
        prop_assert_eq!(written.minor(digits), Ok(amount));
        let json = serde_json::to_string(&written).unwrap();
        prop_assert_eq!(json.as_str(), written.text());
        prop_assert_eq!(serde_json::from_str::<Decimal>(&json).unwrap(), written);
    }

    #[test]
    fn any_number_is_read_or_refused(text in "-?[0-9]{0,22}(\\.[0-9]{0,22})?([eE][+-]?[0-9]{1,12})?", digits in 0_u8..=9) {
        if let Ok(decimal) = serde_json::from_str::<Decimal>(&text) {
            let _ = decimal.minor(digits);
        }
    }

    #[test]
    fn what_is_sealed_is_opened_by_who_has_the_key_only(amount in 1_i64..1_000_000, nonce: [u8; 16]) {
        let (ask, header) = (payment(amount, 2, "EUR"), header(Category::Payment));
        let sealed = keys().seal_request(&header, &ask, nonce).unwrap();
        prop_assert_eq!(keys().open_request(&sealed), Ok((header, ask)));
        prop_assert_eq!(others_keys().open_request(&sealed), Err(NotOpened::NotAuthentic));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(fuzz::message(keys(), &bytes));
    }

    #[test]
    fn any_broken_message_is_read_or_refused(seed in 0_usize..3, at: prop::sample::Index, with: u8, cut: bool) {
        let mut bytes = seeds()[seed].clone();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = with }
        prop_assert!(fuzz::message(keys(), &bytes));
    }

    #[test]
    fn any_mask_leaves_four_digits_at_most(text in "[0-9* X]{0,24}|\\PC{0,12}") {
        prop_assert!(fuzz::masked(&text));
    }
}
