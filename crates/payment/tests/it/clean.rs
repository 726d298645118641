//! Card numbers in texts.

use payment::clean::{holds_card_number, line, text};

#[test]
fn what_may_be_a_card_number_is_hidden_but_its_last_four_digits() {
    let cases = [
        ("4111111111111111", "************1111"),
        ("4111 1111 1111 1111", "**** **** **** 1111"),
        ("Karte 3782-822463-10005 ok", "Karte ****-******-*0005 ok"),
        ("x4111.1111.1111.1111x", "x****.****.****.1111x"),
        ("941111111111111119", "**************1119"),
        ("5598845555548074", "************8074"),
        ("5598 8455 5554 8074", "**** **** **** 8074"),
        ("no check 4222222222222", "no check *********2222"),
        ("6759649826438453", "************8453"),
    ];
    for (written, kept) in cases {
        assert_eq!(line(written, 80), kept);
    }
}

#[test]
fn other_numbers_stay_as_they_are() {
    for written in [
        "TA-Nr. 000975 Beleg 0471",
        "Terminal-ID 52523535",
        "25.11.2026 14:30",
        "EUR 1.234,56",
        "100000000000000",
        "AID A0000000041010",
        "************8074",
    ] {
        assert_eq!(line(written, 80), written);
    }
    assert!(!holds_card_number("123456789012"));
    assert!(holds_card_number("4222222222222"));
}

#[test]
fn control_characters_and_endless_texts_are_cut() {
    assert_eq!(line("a\u{1b}@\nb\0c", 80), "a@bc");
    assert_eq!(line(&"x".repeat(1_000), 10), "x".repeat(10));
    assert_eq!(line("  Summe", 80), "  Summe", "layout stays");
    assert_eq!(text("  Karte abgelehnt \r\n", 80).as_deref(), Some("Karte abgelehnt"));
    assert_eq!(text(" \u{7} ", 80), None);
    let at_the_edge = format!("{}4111111111111111", "x".repeat(70));
    assert!(!line(&at_the_edge, 80).contains("41111"), "its end is cut off");
}

#[test]
fn what_is_left_when_some_digits_are_hidden_does_not_look_like_a_card_number_either() {
    let written = "414111 1111 1111 11111 1111 1111 1111";
    let shown = line(written, 80);
    assert_eq!(shown, "4***** **** **** ***** **** **** 1111");
    // Cut off where it begins to look like one.
    let cut = line("1111 1111 1111 111111", 19);
    assert_eq!(cut, "**** **** **** 1111");
}
