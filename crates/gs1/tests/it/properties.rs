//! What holds for every input.

use gs1::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_computed_check_digit_is_accepted_and_no_other(payload in "[0-9]{13}", wrong in 1_u8..10) {
        let right = check_digit(&payload).unwrap();
        let (good, bad) = (format!("{payload}{right}"), format!("{payload}{}", (right + wrong) % 10));
        prop_assert!(is_valid_gtin(&good));
        prop_assert_eq!(parse_scan(&bad), Err(ScanError::CheckDigit { expected: right }));
    }

    #[test]
    fn one_misread_digit_is_noticed(payload in "[0-9]{12}", at in 0_usize..12, other in 1_u8..10) {
        let code = format!("{payload}{}", check_digit(&payload).unwrap());
        let mut digits = code.into_bytes();
        digits[at] = b'0' + (digits[at] - b'0' + other) % 10;
        prop_assert!(!is_valid_gtin(&String::from_utf8(digits).unwrap()));
    }

    #[test]
    fn value_field_checks_notice_one_misread_digit(value in "[0-9]{5}", at in 0_usize..5, other in 1_u8..10) {
        let mut digits = value.clone().into_bytes();
        digits[at] = b'0' + (digits[at] - b'0' + other) % 10;
        let misread = String::from_utf8(digits).unwrap();
        prop_assert_ne!(field_check_5(&value).unwrap(), field_check_5(&misread).unwrap());
        if at < 4 {
            prop_assert_ne!(field_check_4(&value[..4]).unwrap(), field_check_4(&misread[..4]).unwrap());
        }
    }

    #[test]
    fn upc_e_written_out_stays_as_it_is(body in "[01][0-9]{6}") {
        if let Some(long) = expand_upc_e(&body) {
            prop_assert!(is_valid_gtin(&long));
            prop_assert_eq!(expand_upc_e(&long), None);
            let short = format!("{body}{}", &long[11..]);
            prop_assert_eq!(expand_upc_e(&short), Some(long.clone()));
            let scanned = parse_scan(&format!("]E0{short}")).unwrap();
            let Scan::Gtin(gtin) = scanned else { panic!("{scanned:?}") };
            let again = Gtin::parse(gtin.as_14()).unwrap();
            prop_assert_eq!(again.as_14(), gtin.as_14());
            prop_assert!(gtin.lookup_keys().contains(&long));
            prop_assert!(gtin.lookup_keys().contains(&short));
        }
    }

    #[test]
    fn every_lookup_key_of_a_gtin_finds_the_same_item(zeros in 0_usize..8, digits in "[0-9]{13}") {
        let payload = format!("{}{}", "0".repeat(zeros), &digits[zeros..]);
        let code = format!("{payload}{}", check_digit(&payload).unwrap());
        let gtin = Gtin::parse(&code).unwrap();
        for key in gtin.lookup_keys() {
            let again = Gtin::parse(&key).unwrap();
            prop_assert_eq!(again.as_14(), gtin.as_14());
        }
    }

    #[test]
    fn an_in_store_code_gives_back_what_the_scale_put_in(
        which in 0_usize..7, item in "[0-9]{4}", value in 0_i64..100_000,
    ) {
        let rules = default_rules_de();
        let (rule, digits) = (&rules[which], format!("{value:05}"));
        let payload = format!("{}{item}{}{digits}", rule.prefix, field_check_5(&digits).unwrap());
        let code = format!("{payload}{}", check_digit(&payload).unwrap());
        let read = match_in_store(&code, &rules).unwrap().unwrap();
        let factor = if rule.kind == InStoreKind::Count { 1000 } else { 1 };
        prop_assert_eq!((read.item.as_str(), read.value), (item.as_str(), value * factor));
        prop_assert!(is_valid_gtin(&read.lookup));
        let empty = match_in_store(&read.lookup, &rules).unwrap().unwrap();
        prop_assert_eq!((empty.value, empty.lookup), (0, read.lookup));
    }

    #[test]
    fn elements_written_and_read_again_are_the_same(lot in "[A-Za-z0-9./-]{1,20}", grams in 0_u32..1_000_000) {
        let text = format!("010401234567890110{lot}\u{1d}3103{grams:06}");
        let elements = Elements::parse(&text).unwrap();
        prop_assert_eq!(elements.to_element_string(), text);
        prop_assert_eq!(elements.lot(), Some(lot.as_str()));
        prop_assert_eq!(elements.weight_grams(), Some(i64::from(grams)));
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        fuzz_entry(text.as_bytes());
        fuzz_entry(format!("]Q1https://a/{text}").as_bytes());
    }

    #[test]
    fn anything_close_to_a_code_is_answered(text in "(\\]([CEQdeI][0-4]))?(0[0-3]|1[0157]|2[0-9]|3[0-9]{3}|8006|\\(01\\)|;|%B|[0-9]{6,18}|\u{1d}|/|\\?|=|%|é){0,8}") {
        fuzz_entry(text.as_bytes());
    }

    #[test]
    fn a_text_that_is_accepted_is_short_and_printable(text in any::<String>()) {
        if let Ok(Scan::Text(code)) = parse_scan(&text) {
            prop_assert!((1..=MAX_CODE_CHARS).contains(&code.chars().count()));
            prop_assert!(!code.chars().any(char::is_control));
        }
    }

    #[test]
    fn a_card_number_never_gets_through(pan in "[0-9]{12,19}", name in "[A-Z/ ]{2,26}", rest in "[0-9]{7,20}") {
        for raw in [format!("%B{pan}^{name}^{rest}?"), format!(";{pan}={rest}?"), format!("x;{pan}={rest}")] {
            prop_assert_eq!(parse_scan(&raw), Err(ScanError::CardData));
        }
    }
}

/// The seeds of the fuzz target: one of each kind, cut and changed at every place.
#[test]
fn the_fuzz_target_returns_for_every_cut_and_every_changed_byte() {
    let seeds = [
        "]E04006381333931",
        "]E3977123456700305",
        "]E02112345678900|]e099COMPOSITE\u{1d}98XYZ",
        "]C10104012345678901172612311010X\u{1d}21S9",
        "]e00104012345678901310300125015261231",
        "]Q1https://id.gs1.org/01/04012345678901/10/ABC%2F1/21/42?17=261231&3103=000750",
        "(01)04012345678901(10)A\\(B",
        "%B4111111111111111^A/B^2512?",
        "2812349007507",
        "98012345035327002000100042",
    ];
    let mut runs = 0_u32;
    for seed in seeds {
        for at in 0..seed.len() {
            fuzz_entry(&seed.as_bytes()[..at]);
            for byte in [0x00, 0x1d, b'(', b'0', b'9', b'%', b'/', b']', 0xc3, 0xff] {
                let mut changed = seed.as_bytes().to_vec();
                changed[at] = byte;
                fuzz_entry(&changed);
                runs += 1;
            }
        }
    }
    assert!(runs > 3000, "{runs}");
}
