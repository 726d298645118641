//! Pages as a PDF.

use proptest::prelude::*;

use unicode_normalization::UnicodeNormalization as _;

use pdf::{
    About, Attachment, Cell, Column, Face, Flow, Moment, Pages, Relation, Schema, Side, wrapped,
};

fn about() -> About {
    About {
        title: "Rechnung R1-1".to_owned(),
        author: "Laden".to_owned(),
        language: "de".to_owned(),
        made: Moment { year: 2026, month: 11, day: 2, time: (9, 0, 0) },
    }
}

fn schema() -> Schema {
    Schema {
        name: "Factur-X PDFA Extension Schema",
        namespace: "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
        prefix: "fx",
        properties: vec![("DocumentType", "INVOICE".to_owned(), "The type & kind")],
    }
}

fn attachment() -> Attachment {
    Attachment {
        name: "factur-x.xml".to_owned(),
        description: "The invoice".to_owned(),
        media: "text/xml",
        bytes: b"<a/>".to_vec(),
        is: Relation::Alternative,
    }
}

fn flow(rows: usize) -> Flow {
    let mut flow = Flow::new(about(), 9.5);
    flow.heading(1, "Überschrift");
    let columns =
        [Column { share: 3.0, side: Side::Left }, Column { share: 1.0, side: Side::Right }];
    let rows: Vec<Vec<Cell>> = (0..rows)
        .map(|at| vec![Cell::of(format!("Käse Dvořák Ελλάδα Борщ 日本 {at}")), Cell::of("1,00")])
        .collect();
    flow.table(&columns, &["Was".to_owned(), "EUR".to_owned()], rows);
    flow
}

fn places(file: &[u8]) -> Vec<(usize, String)> {
    // A character for each byte, so that both are counted alike.
    let part = |from: usize, most: usize| -> String {
        file[from..].iter().take(most).map(|byte| char::from(*byte)).collect()
    };
    let end = part(file.len() - 64, 64);
    let start = end.rsplit("startxref\n").next().unwrap();
    let start: usize = start.lines().next().unwrap().parse().unwrap();
    let table = part(start, usize::MAX);
    assert!(table.starts_with("xref"), "startxref leads to the table");
    let rows = table.lines().take_while(|row| *row != "trailer");
    let rows = rows.filter(|row| row.trim_end().ends_with(" n"));
    rows.map(|row| row[..10].parse().unwrap()).map(|at| (at, part(at, 16))).collect()
}

#[test]
fn a_document_says_that_it_is_for_the_archive_and_holds_its_file() {
    let mut flow = flow(3);
    flow.attach(attachment());
    flow.describe(schema());
    let file = flow.finish().unwrap();
    let text: String = file.iter().map(|byte| char::from(*byte)).collect();
    for part in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>U</pdfaid:conformance>",
        "<fx:DocumentType>INVOICE</fx:DocumentType>",
        "The type &amp; kind",
        "/AFRelationship/Alternative",
        "(factur-x.xml)",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert_eq!(text.matches("<pdfaExtension:schemas>").count(), 1);
    // Every place in the table leads to an object, also behind what has grown.
    let places = places(&file);
    assert!(places.len() > 5);
    for (at, begins) in places {
        let number = begins.split(' ').next().unwrap();
        assert!(number.parse::<u32>().is_ok() && begins.contains(" 0 obj"), "{at}: {begins}");
    }
}

#[test]
fn the_same_pages_are_the_same_bytes() {
    assert_eq!(flow(2).finish(), flow(2).finish());
    assert_ne!(flow(2).finish(), flow(3).finish());
}

#[test]
fn a_long_table_goes_on_overleaf_and_its_pages_are_numbered() {
    let file = flow(200).finish().unwrap();
    let text: String = file.iter().map(|byte| char::from(*byte)).collect();
    let pages = text.matches("/Type/Page/").count();
    assert!((3..10).contains(&pages), "{pages} pages");
}

#[test]
fn what_the_typeface_lacks_and_what_has_no_shape_does_not_stop_a_document() {
    let mut pages = Pages::new(about());
    pages.text((50.0, 50.0), (Face::Bold, 10.0), 0, "日本 e\u{301}\u{200d}\u{202e}\n\u{7}🙂");
    pages.finish().unwrap();
    // An accent beside its letter is the letter with its accent.
    let pages = Pages::new(about());
    let width = |text: &str| pages.width_of(text, Face::Regular, 10.0);
    assert!((width("e\u{301}") - width("é")).abs() < 0.001);
    assert!((width("111,11") - width("888,88")).abs() < 0.001, "figures of one width");
}

#[test]
fn lines_are_no_wider_than_they_may_be() {
    let measure = |text: &str| text.chars().map(|_| 1.0).sum::<f32>();
    assert_eq!(wrapped("eins zwei drei", 9.0, measure), ["eins zwei", "drei"]);
    assert_eq!(wrapped("Donaudampfschiff a", 6.0, measure), ["Donaud", "ampfsc", "hiff a"]);
    assert_eq!(wrapped("a\n\nb", 9.0, measure), ["a", "", "b"]);
    for line in wrapped("ein Satz mit vielen Wörtern und Umlautäöü", 7.0, measure) {
        assert!(measure(&line) <= 7.0, "{line}");
    }
}

#[test]
fn no_line_ends_at_a_space_that_holds_words_together_nor_before_an_accent() {
    let measure = |text: &str| text.chars().map(|_| 1.0).sum::<f32>();
    assert_eq!(wrapped("bis 19\u{a0}% hier", 6.0, measure), ["bis", "19\u{a0}%", "hier"]);
    // An accent that no letter of its own exists for.
    assert_eq!(wrapped("aaaq\u{301}a", 4.0, measure), ["aaa", "q\u{301}a"]);
}

proptest! {
    #[test]
    fn no_line_is_wider_than_its_column_and_no_letter_is_lost(text in "\\PC{0,200}", wide in 20..400_u16) {
        let pages = Pages::new(about());
        let measure = |text: &str| pages.width_of(text, Face::Regular, 10.0);
        let lines = wrapped(&text, f32::from(wide), measure);
        for line in &lines {
            prop_assert!(measure(line) <= f32::from(wide) + 0.01, "{line}");
        }
        // Accents beside their letter become one with it first, across no space.
        let told: String = lines.concat().chars().filter(|c| !c.is_whitespace()).collect();
        let meant: String = text.nfc().filter(|c| !c.is_whitespace()).collect();
        prop_assert_eq!(told, meant);
    }
}
