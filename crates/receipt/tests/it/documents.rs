use insta::assert_snapshot;
use receipt::{
    HtmlOptions, Language, ReceiptData, ReceiptKind, Rounding, format_amount, receipt_document,
    render_html, render_text, report_document,
};

use crate::samples::{sale, shop, training_copy_of_a_return, z_report};

#[test]
fn a_sale_on_32_42_and_48_columns() {
    let document = receipt_document(&sale());
    assert_snapshot!("sale_32", render_text(&document, 32));
    assert_snapshot!("sale_42", render_text(&document, 42));
    assert_snapshot!("sale_48", render_text(&document, 48));
}

#[test]
fn a_training_copy_of_a_return_in_english() {
    assert_snapshot!("return_42", render_text(&receipt_document(&training_copy_of_a_return()), 42));
}

#[test]
fn a_z_report_with_a_difference() {
    assert_snapshot!("z_42", render_text(&report_document(&z_report()), 42));
}

#[test]
fn a_drawer_slip_shows_no_money_when_none_moved() {
    let data = ReceiptData {
        kind: ReceiptKind::NoSale,
        shop: shop(),
        issued: "23.11.2026 14:02".into(),
        notes: vec!["Grund: Wechselgeld".into()],
        ..ReceiptData::default()
    };
    let text = render_text(&receipt_document(&data), 42);
    assert!(text.contains("LADE GEÖFFNET OHNE VERKAUF"), "{text}");
    assert!(!text.contains("0,00") && !text.contains("SUMME"), "{text}");
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let html = render_html(&receipt_document(&sale()), &HtmlOptions::default());
    assert_snapshot!("sale_html", html);
    assert!(html.starts_with("<!doctype html>\n<html lang=\"de\">"));
    let outside = html.replace("http://www.w3.org/2000/svg", "");
    for forbidden in
        ["<script", "http:", "https:", "url(", "@import", " style=", " src=", " href=", " on"]
    {
        let found = outside
            .match_indices(forbidden)
            .map(|(at, _)| &outside[at..at + 20])
            .collect::<Vec<_>>();
        assert!(found.is_empty(), "{forbidden}: {found:?}");
    }
    assert!(html.contains("\u{2212}131,01"), "the page has the true minus sign");
}

#[test]
fn training_and_copy_stand_at_head_and_foot_and_training_before_the_total_too() {
    let text = render_text(&receipt_document(&training_copy_of_a_return()), 48);
    assert_eq!(text.matches("*** TRAINING – NOT A RECEIPT ***").count(), 3);
    assert_eq!(text.matches("*** COPY 2 ***").count(), 2);
    let html =
        render_html(&receipt_document(&training_copy_of_a_return()), &HtmlOptions::default());
    assert_eq!(html.matches("class=\"banner\"").count(), 5);
    let plain = render_text(&receipt_document(&sale()), 48);
    assert!(!plain.contains("TRAINING") && !plain.contains("KOPIE"));
}

#[test]
fn cash_rounding_shows_what_is_to_be_paid() {
    let data =
        ReceiptData { rounding: Some(Rounding { difference: -1, payable: 117_910 }), ..sale() };
    let text = render_text(&receipt_document(&data), 42);
    assert!(text.contains("Rundung") && text.contains("-0,01"), "{text}");
    assert!(
        text.lines().any(|line| line.starts_with("Zu zahlen") && line.ends_with("1.179,10")),
        "{text}"
    );
}

#[test]
fn amounts_are_written_as_the_language_writes_them() {
    let cases = [
        (129_900, 2, "1.299,00", "1,299.00"),
        (0, 2, "0,00", "0.00"),
        (-5, 2, "−0,05", "−0.05"),
        (1_234_567, 0, "1.234.567", "1,234,567"),
        (-1_000, 3, "−1,000", "−1.000"),
        (100, 2, "1,00", "1.00"),
        (99_999, 2, "999,99", "999.99"),
        (i64::MIN, 2, "−92.233.720.368.547.758,08", "−92,233,720,368,547,758.08"),
    ];
    for (minor, digits, de, en) in cases {
        assert_eq!(format_amount(minor, digits, Language::De), de);
        assert_eq!(format_amount(minor, digits, Language::En), en);
    }
}

#[test]
fn the_figures_are_the_same_after_a_trip_through_json() {
    let json = serde_json::to_string(&sale()).expect("writes");
    assert_eq!(serde_json::from_str::<ReceiptData>(&json).expect("reads"), sale());
    assert!(
        serde_json::from_str::<ReceiptData>("{\"totall\": 1}").is_err(),
        "unknown fields are refused"
    );
}
