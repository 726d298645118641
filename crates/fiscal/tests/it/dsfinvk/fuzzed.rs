//! The checker's readers on made-up bytes; `cargo xtask fuzz` has more of them.

use fiscal::de::dsfinvk::fuzz::{Sample, file};
use proptest::prelude::*;

#[test]
fn the_sample_itself_holds_true() {
    assert_eq!(Sample::new().unwrap().with(&[]), 0);
}

proptest! {
    #[test]
    fn what_is_read_of_any_bytes_is_read_again(bytes in prop::collection::vec(
        prop_oneof![Just(b'"'), Just(b';'), Just(b'\r'), Just(b'\n'), Just(0xff), any::<u8>()], 0..200,
    )) {
        prop_assert!(file(&bytes));
    }

    #[test]
    fn the_checker_comes_to_an_end_on_any_damage(bytes in prop::collection::vec(any::<u8>(), 4..60)) {
        let sample = Sample::new().unwrap();
        prop_assert!(sample.with(&bytes) < u64::MAX);
    }

    #[test]
    fn a_broken_number_or_key_never_passes_for_the_right_one(
        at in any::<[u8; 2]>(), digit in b'0'..=b'9',
    ) {
        // A digit in place of another in the amounts of the lines is always found.
        let sample = Sample::new().unwrap();
        let [high, low] = at;
        let lines_vat = 17;
        let found = sample.with(&[lines_vat, high, low, 1, digit]);
        let unchanged = sample.same(lines_vat, u16::from_be_bytes(at), digit);
        prop_assert!(unchanged || found > 0);
    }
}
