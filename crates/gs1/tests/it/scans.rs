//! From the text of the scanner to its meaning.

use gs1::*;

fn gtin(raw: &str) -> Gtin {
    match parse_scan(raw) {
        Ok(Scan::Gtin(gtin)) => gtin,
        other => panic!("{raw:?} is {other:?}"),
    }
}

fn elements(raw: &str) -> Elements {
    match parse_scan(raw) {
        Ok(Scan::Elements(elements)) => elements,
        other => panic!("{raw:?} is {other:?}"),
    }
}

fn text(raw: &str) -> Result<Scan, ScanError> {
    Ok(Scan::Text(raw.to_owned()))
}

#[test]
fn ean_and_upc_are_read_with_and_without_aim_identifier() {
    for (raw, fourteen) in [
        ("4006381333931", "04006381333931"),
        ("4006381333931\r\n", "04006381333931"),
        ("]E04006381333931", "04006381333931"),
        ("]E0036000291452", "00036000291452"),
        ("]E00036000291452", "00036000291452"),
        ("]E001234565", "00012345000065"),
        ("]E0425261", "00042100005264"),
        ("]E096385074", "00000096385074"),
        ("]E496385074", "00000096385074"),
        ("]E34006381333931", "04006381333931"),
        ("]I114006381333938", "14006381333938"),
        ("]C04006381333931", "04006381333931"),
        ("]Q14006381333931", "04006381333931"),
        ("96385074", "00000096385074"),
    ] {
        assert_eq!(gtin(raw).as_14(), fourteen, "{raw:?}");
    }
}

#[test]
fn a_wrong_check_digit_is_refused_with_the_right_one() {
    for (raw, expected) in [
        ("4006381333930", 1),
        ("]E04006381333930", 1),
        ("036000291451", 2),
        ("96385075", 4),
        ("]E496385075", 4),
        ("14006381333939", 8),
        ("]I114006381333939", 8),
        ("]C10104012345678902", 1),
        ("]Q1https://id.gs1.org/01/04012345678902", 1),
    ] {
        let error = parse_scan(raw).unwrap_err();
        assert_eq!(error, ScanError::CheckDigit { expected }, "{raw:?}");
        assert_eq!(error.code(), "scan_check_digit");
    }
}

#[test]
fn other_digits_and_texts_are_own_codes() {
    for raw in [
        "4711",
        "1",
        "0",
        "12345",
        "123456789012345",
        "358240051111110",
        "ART-77/b",
        "Käse 3",
        "98-1",
        "x",
    ] {
        assert_eq!(parse_scan(raw), text(raw), "{raw:?}");
    }
    assert_eq!(parse_scan(" 4711\r"), text("4711"));
    assert_eq!(parse_scan("]A04711"), text("4711"), "Code 39");
    assert_eq!(parse_scan("]I14711"), text("4711"), "ITF that is no ITF-14");
    assert_eq!(parse_scan("]C04006381333930"), text("4006381333930"), "Code 128 promises no GTIN");
    assert_eq!(parse_scan("]Q1WIFI:S:x;;"), text("WIFI:S:x;;"));
}

#[test]
fn what_a_symbol_promises_it_must_hold() {
    for raw in ["]E0", "]E4", "", "  ", "\r\n", "]C1"] {
        assert_eq!(parse_scan(raw), Err(ScanError::Empty), "{raw:?}");
    }
    for raw in
        ["]E03400638133393112", "]E01234ABC890123", "]E4123456789", "]E412ABC678", "]E3123", "]E01"]
    {
        assert_eq!(parse_scan(raw), Err(ScanError::EanForm), "{raw:?}");
    }
    for raw in ["]", "]X", "]1234", "]é0123"] {
        assert_eq!(parse_scan(raw), Err(ScanError::AimId), "{raw:?}");
    }
}

#[test]
fn add_ons_of_press_and_books_are_kept() {
    for (raw, code, add_on) in [
        ("]E3977123456700305", "9771234567003", "05"),
        ("977123456700305", "9771234567003", "05"),
        ("9771234567003 05", "9771234567003", "05"),
        ("419080410280512345", "4190804102805", "12345"),
        ("]E303600029145212", "036000291452", "12"),
        ("]E39638507412", "96385074", "12"),
    ] {
        let gtin = gtin(raw);
        assert_eq!((gtin.display(), gtin.add_on()), (code, Some(add_on)), "{raw:?}");
    }
    assert_eq!(gtin("9771234567003").add_on(), None);
    assert_eq!(parse_scan("400638133393112"), text("400638133393112"), "groceries have no add-on");
    assert_eq!(parse_scan("9771234567"), text("9771234567"), "ten digits are an own number");
}

#[test]
fn element_strings_tell_what_a_till_needs() {
    let pack = elements("]C1010401234567890131030007501726123110LOT1\u{1d}21S9\u{1d}3922599");
    assert_eq!(pack.gtin().unwrap().as_14(), "04012345678901");
    assert_eq!(pack.weight_grams(), Some(750));
    assert_eq!(pack.lot(), Some("LOT1"));
    assert_eq!(pack.serial(), Some("S9"));
    assert_eq!(pack.expiry().unwrap().digits(), "261231");
    assert_eq!(pack.price().unwrap().hundredths(), Some(599));
    assert_eq!(pack.best_before(), None);
    assert_eq!(pack.len(), 6);
    assert_eq!(pack.first().unwrap().title(), "GTIN");
    let pack = elements("]e001040123456789011526050030012\u{1d}39329780599");
    assert_eq!(pack.count(), Some(12));
    assert_eq!(pack.best_before().unwrap().digits(), "260500");
}

#[test]
fn a_best_before_without_a_month_is_refused() {
    let error = parse_scan("]e001040123456789011526000030").unwrap_err();
    assert_eq!(error, ScanError::ElementDate { ai: "15".into() });
}

#[test]
fn weights_come_in_grams_whatever_the_decimals() {
    for (ai, value, grams) in [
        ("3100", "000002", 2000),
        ("3101", "000002", 200),
        ("3103", "001250", 1250),
        ("3104", "012345", 1235),
        ("3104", "012344", 1234),
        ("3105", "012349", 123),
        ("3105", "012350", 124),
        ("3100", "999999", 999_999_000),
    ] {
        assert_eq!(
            elements(&format!("]d20104012345678901{ai}{value}")).weight_grams(),
            Some(grams)
        );
    }
}

#[test]
fn prices_come_in_hundredths_or_not_at_all() {
    for (element, currency, cents) in [
        ("3922599", None, Some(599)),
        ("39205", None, Some(500)),
        ("3923599", None, None),
        ("39235990", None, Some(599)),
        ("39329780599", Some("978"), Some(599)),
        ("3920999999999999999", None, Some(99_999_999_999_999_900)),
        ("3929000000000000000", None, Some(0)),
    ] {
        let price = elements(&format!("]C10104012345678901{element}")).price().unwrap();
        assert_eq!((price.currency.as_deref(), price.hundredths()), (currency, cents), "{element}");
    }
}

#[test]
fn dates_find_their_century_and_their_last_day() {
    let date = |digits: &str| elements(&format!("]C1010401234567890117{digits}")).expiry().unwrap();
    assert_eq!(date("261231").resolve(2026), (2026, 12, 31));
    assert_eq!(date("261200").resolve(2026), (2026, 12, 31));
    assert_eq!(date("240200").resolve(2026), (2024, 2, 29));
    assert_eq!(date("250200").resolve(2026), (2025, 2, 28));
    assert_eq!(date("760101").resolve(2026), (2076, 1, 1));
    assert_eq!(date("770101").resolve(2026), (1977, 1, 1));
    assert_eq!(date("010101").resolve(2051), (2101, 1, 1));
    assert_eq!(date("020101").resolve(2051), (2002, 1, 1));
    let timed = elements("]C1010401234567890170032612312359");
    assert_eq!(timed.expiry().unwrap().digits(), "261231");
}

#[test]
fn element_strings_come_without_aim_identifier_too() {
    for raw in [
        "0104012345678901310300125015261231",
        "010401234567890110LOT1\u{1d}17270131",
        "\u{1d}010401234567890110LOT1\u{1d}17270131",
        "(01)04012345678901(10)LOT1",
    ] {
        assert_eq!(elements(raw).gtin().unwrap().as_14(), "04012345678901", "{raw:?}");
    }
    assert_eq!(
        parse_scan("0104012345678902"),
        text("0104012345678902"),
        "wrong check digit: an own number"
    );
    assert_eq!(parse_scan("(x)"), text("(x)"));
}

#[test]
fn composite_codes_are_one_item_with_more_elements() {
    let pack = elements("]E02112345678900|]e099COMPOSITE\u{1d}98XYZ");
    assert_eq!(pack.to_element_string(), "010211234567890099COMPOSITE\u{1d}98XYZ");
    assert_eq!(parse_scan("]E4123|]e099A"), Err(ScanError::EanForm));
}

#[test]
fn element_errors_name_their_identifier() {
    let ai = |ai: &str| ai.to_owned();
    for (raw, error) in [
        ("]C10104012345678901310300", ScanError::ElementLength { ai: ai("3103") }),
        ("]C1010401234567890117261301", ScanError::ElementDate { ai: ai("17") }),
        ("]C1010401234567890117260229", ScanError::ElementDate { ai: ai("17") }),
        ("]C10104012345678901261301", ScanError::UnknownAi),
        ("]C1010401234567890110A~B", ScanError::ElementCharacter { ai: ai("10") }),
        ("]C1010401234567890110Ä", ScanError::ElementCharacter { ai: ai("10") }),
        ("]C110A\u{1d}10B", ScanError::Repeated { ai: ai("10") }),
        ("]C180060401234567890103", ScanError::ElementLength { ai: ai("8006") }),
        ("]C18006040123456789010302", ScanError::ElementValue { ai: ai("8006") }),
    ] {
        assert_eq!(parse_scan(raw), Err(error), "{raw:?}");
    }
}

#[test]
fn labels_that_lack_or_exclude_elements_are_still_read() {
    let pack = elements("]e00104012345678901392201299");
    assert_eq!(pack.price().unwrap().hundredths(), Some(1299));
    assert_eq!(pack.check_associations().unwrap_err().code(), "scan_lacks");
    let pack = elements("]C1010401234567890137123");
    assert_eq!(pack.check_associations().unwrap_err().code(), "scan_excluded");
    assert_eq!(elements("]C1010401234567890110A").check_associations(), Ok(()));
}

#[test]
fn web_addresses_are_digital_links_or_just_addresses() {
    let link =
        elements("https://id.gs1.org/01/04012345678901/10/ABC%2F1/21/42?17=261231&3103=000750");
    assert_eq!(link.gtin().unwrap().as_14(), "04012345678901");
    assert_eq!(
        (link.lot(), link.serial(), link.weight_grams()),
        (Some("ABC/1"), Some("42"), Some(750))
    );
    assert_eq!(elements("]Q1HTTPS://ID.GS1.ORG/01/04012345678901").len(), 1);
    assert_eq!(elements("https://x.example/gtin/4006381333931").len(), 1);
    for raw in [
        "https://shop.example/x",
        "https://shop.example/01/abc",
        "HtTpS://id.gs1.org/01/04012345678901",
        "https://receipts.example/r/8f2e?t=1",
    ] {
        assert_eq!(parse_scan(raw), Ok(Scan::Url(raw.to_owned())), "{raw:?}");
    }
    assert_eq!(parse_scan("https://"), text("https://"));
}

#[test]
fn control_characters_and_unseen_marks_are_refused() {
    for (raw, position) in [
        ("a\u{0}b", 1),
        ("47\n11", 2),
        ("\u{2}4711", 0),
        ("ab\u{202e}c", 2),
        ("47\u{1d}11\u{7}", 5),
        ("x\u{feff}", 1),
    ] {
        assert_eq!(parse_scan(raw), Err(ScanError::Control { position }), "{raw:?}");
    }
    assert_eq!(
        parse_scan("]Q1A\u{1d}B"),
        Err(ScanError::Control { position: 1 }),
        "no element string"
    );
}

#[test]
fn codes_have_a_limit() {
    assert_eq!(parse_scan(&"A".repeat(48)), text(&"A".repeat(48)));
    assert_eq!(parse_scan(&"ä".repeat(48)), text(&"ä".repeat(48)));
    assert_eq!(parse_scan(&"A".repeat(49)), Err(ScanError::TooLong { limit: MAX_CODE_CHARS }));
    assert_eq!(parse_scan(&"A".repeat(1025)), Err(ScanError::TooLong { limit: MAX_SCAN_BYTES }));
}

#[test]
fn a_magnetic_stripe_is_never_a_code() {
    for raw in [
        "%B4111111111111111^MUSTER/ERIKA^2512101000000000?",
        "%b4111111111111111^MUSTER/ERIKA^2512101000000000?\r",
        ";4111111111111111=25121010000000000000?",
        "%B4111111111111111^MUSTER/ERIKA^25121010?;4111111111111111=25121010?",
        "%BMEMBER^77^?",
        ";77=12?",
        "abc;4111111111111111=2512",
        "]C0;4111111111111111=25121010000000000000?",
        "%B4111 1111 1111 1111&MUSTER-ERIKA&2512101_",
        "ö4111111111111111´2512101_",
        "4111111111111111=25121010000000000000",
        "\u{2}%B4111111111111111^A/B^2512?",
    ] {
        let error = parse_scan(raw).unwrap_err();
        assert_eq!(error, ScanError::CardData, "{raw:?}");
        assert!(!format!("{error} {error:?}").contains("4111"), "the error carries no digit");
    }
    for raw in ["%B", "50%BIO", ";x", "a=b?", "A;4006381333931,5"] {
        assert_eq!(parse_scan(raw), text(raw), "{raw:?}");
    }
}

#[test]
fn the_codes_of_the_reasons_never_change() {
    let ai = String::new;
    for (error, code) in [
        (ScanError::Empty, "scan_empty"),
        (ScanError::TooLong { limit: 1 }, "scan_too_long"),
        (ScanError::Control { position: 0 }, "scan_control_character"),
        (ScanError::CardData, "scan_card_data"),
        (ScanError::CheckDigit { expected: 0 }, "scan_check_digit"),
        (ScanError::InnerCheck { expected: 0 }, "scan_inner_check"),
        (ScanError::AimId, "scan_aim_id"),
        (ScanError::EanForm, "scan_ean_form"),
        (ScanError::Elements, "scan_elements"),
        (ScanError::UnknownAi, "scan_unknown_ai"),
        (ScanError::ElementLength { ai: ai() }, "scan_element_length"),
        (ScanError::ElementCharacter { ai: ai() }, "scan_element_character"),
        (ScanError::ElementDate { ai: ai() }, "scan_element_date"),
        (ScanError::ElementValue { ai: ai() }, "scan_element_value"),
        (ScanError::Repeated { ai: ai() }, "scan_repeated"),
        (ScanError::Excluded { ai: ai(), other: ai() }, "scan_excluded"),
        (ScanError::Lacks { ai: ai(), needs: "" }, "scan_lacks"),
        (ScanError::Link, "scan_link"),
    ] {
        assert_eq!(error.code(), code);
    }
}

#[test]
fn only_shelf_dates_may_leave_the_day_open() {
    assert!(parse_scan("]C1010401234567890117261200").is_ok());
    let error = ScanError::ElementDate { ai: "7003".into() };
    assert_eq!(parse_scan("]C1010401234567890170032612002359"), Err(error));
}

#[test]
fn the_query_of_a_digital_link_holds_attributes_only() {
    let link =
        |query: &str| Elements::parse_link(&format!("https://a/00/006141411234567890?{query}"));
    assert!(link("400=A").is_ok());
    assert_eq!(link("21=A"), Err(ScanError::Link));
    assert_eq!(link("999=A"), Err(ScanError::UnknownAi));
}
