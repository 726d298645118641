//! Names of any bytes never become a command, and any answer of a printer is read without harm.

use proptest::prelude::*;

/// Where commands hide.
const HARD: [&str; 14] = [
    "^XZ^XA",
    "~JA",
    "^FS^FO0,0^GB800,800,400^FS",
    "_5EXZ",
    "~HS",
    "^",
    "~",
    "_",
    "\u{0}\u{1}\u{1b}@^XA",
    "ÄÖÜß€漢字🥐",
    "\r\n^XZ\r\n",
    ">;>:>5>6>0>",
    "^CC!!XZ",
    "\u{202e}gnirts^FS",
];

#[test]
fn names_that_look_like_commands_are_printed_as_they_are() {
    for text in HARD {
        label::fuzz::texts(text.as_bytes());
        label::fuzz::answers(text.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn ten_thousand_bytes_of_a_name_are_no_command(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        label::fuzz::texts(&bytes);
        label::fuzz::answers(&bytes);
    }

    #[test]
    fn signs_of_commands_in_any_order_are_no_command(
        parts in prop::collection::vec(prop::sample::select(&HARD[..]), 0..30),
    ) {
        let text = parts.concat();
        label::fuzz::texts(text.as_bytes());
        label::fuzz::answers(text.as_bytes());
    }
}

#[test]
fn a_name_of_ten_thousand_bytes_is_one_label() {
    let long: Vec<u8> = HARD.iter().cycle().flat_map(|text| text.bytes()).take(10_000).collect();
    label::fuzz::texts(&long);
}
