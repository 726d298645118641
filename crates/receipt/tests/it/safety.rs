use proptest::prelude::*;
use receipt::{
    HtmlOptions, Line, ReceiptData, clean, columns_of, receipt_document, render_html, render_text,
    report_document,
};

use crate::samples::{sale, z_report};

fn with_text_everywhere(text: &str, amount: i64) -> ReceiptData {
    let mut data = sale();
    text.clone_into(&mut data.shop.name);
    text.clone_into(&mut data.shop.address[0]);
    text.clone_into(&mut data.shop.footer[0]);
    text.clone_into(&mut data.currency);
    text.clone_into(&mut data.number);
    text.clone_into(&mut data.code);
    text.clone_into(&mut data.till);
    text.clone_into(&mut data.person);
    text.clone_into(&mut data.issued);
    text.clone_into(&mut data.lines[0].name);
    text.clone_into(&mut data.lines[0].unit);
    text.clone_into(&mut data.lines[0].quantity);
    text.clone_into(&mut data.lines[0].tax);
    text.clone_into(&mut data.lines[0].sub[0].text);
    text.clone_into(&mut data.discounts[0].text);
    text.clone_into(&mut data.tenders[0].name);
    text.clone_into(&mut data.taxes[0].letter);
    text.clone_into(&mut data.taxes[0].rate);
    text.clone_into(&mut data.signing[0]);
    data.shop.vat_id = Some(text.to_owned());
    data.notes = vec![text.to_owned()];
    data.qr = Some(text.to_owned());
    data.total = Some(amount);
    data.taxes[0].gross = amount;
    data.lines[0].amount = amount;
    data
}

#[test]
fn a_hundred_thousand_line_feeds_in_a_name_make_one_line() {
    let mut data = sale();
    data.lines = vec![Line { name: format!("A{}B", "\n".repeat(100_000)), ..Line::default() }];
    let text = render_text(&receipt_document(&data), 42);
    assert!(text.lines().count() < 60, "{}", text.lines().count());
}

#[test]
fn bidi_and_invisible_characters_are_taken_out_and_the_rest_is_kept() {
    let cases = [
        ("a\u{202E}b\u{2066}c\u{200B}d\u{FEFF}e", "abcde"),
        ("  two\t\r\n words\u{0}\u{1b}\u{9b}\u{7f} ", "two words"),
        ("Ka\u{308}se", "Käse"),
        ("5\u{A0}%", "5\u{A0}%"),
        ("\u{E000}x\u{E0041}", "x"),
    ];
    for (from, to) in cases {
        assert_eq!(clean(from), to, "{from:?}");
    }
    let long = clean(&"x".repeat(2_000));
    assert_eq!((long.chars().count(), long.chars().last()), (500, Some('…')));
}

#[test]
fn html_in_a_name_stays_text() {
    let evil = "</title></style><script>alert('1')</script>\"&";
    let html =
        render_html(&receipt_document(&with_text_everywhere(evil, 1)), &HtmlOptions::default());
    assert!(!html.contains("<script"));
    assert!(html.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;"));
    let named = HtmlOptions { title: Some(evil.into()), ..HtmlOptions::default() };
    assert!(!render_html(&receipt_document(&sale()), &named).contains("<script"));
}

fn wild_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zäöüß ,.0-9−\u{A0}\u{4e00}-\u{4e10}\u{1F600}\u{0308}-]{0,80}",
        "\\PC{0,300}",
        "[<>&\"'a/ ]{0,30}",
    ]
}

proptest! {
    #[test]
    fn no_line_is_longer_than_the_paper(text in wild_text(), amount in any::<i64>(), columns in prop::sample::select(vec![16_u8, 32, 42, 48])) {
        let data = with_text_everywhere(&text, amount);
        let mut report = z_report();
        report.sections[0].title.clone_from(&text);
        report.sections[0].rows[0].label = text;
        report.difference = Some(amount);
        for document in [receipt_document(&data), report_document(&report)] {
            for line in render_text(&document, columns).split('\n') {
                prop_assert!(columns_of(line) <= usize::from(columns), "{line:?}");
                prop_assert!(!line.chars().any(char::is_control), "{line:?}");
            }
        }
    }

    #[test]
    fn cleaning_twice_changes_nothing(text in wild_text()) {
        let once = clean(&text);
        prop_assert!(!once.chars().any(char::is_control));
        prop_assert!(once.chars().count() <= 500);
        prop_assert_eq!(clean(&once), once);
    }

    #[test]
    fn html_has_only_our_own_tags(text in wild_text()) {
        let tags = |html: &str| html.matches('<').count();
        let options = HtmlOptions { fragment: true, ..HtmlOptions::default() };
        let marked = with_text_everywhere(&format!("{text}x"), 1);
        let mut plain = marked.clone();
        // The same receipt with the text's angle brackets taken out has the same number of tags.
        plain.lines[0].name = plain.lines[0].name.replace(['<', '>'], "x");
        prop_assert_eq!(
            tags(&render_html(&receipt_document(&marked), &options)),
            tags(&render_html(&receipt_document(&plain), &options))
        );
    }
}
