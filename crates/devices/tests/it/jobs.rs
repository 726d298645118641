use devices::simulator::paper_text;
use devices::{job_bytes, job_ops};
use escpos::{Codepage, DecodedOp, Op, Profile, decode};
use proptest::prelude::*;
use receipt::{ReceiptData, clean, receipt_document};

use crate::samples::sale;

fn dump(bytes: &[u8]) -> String {
    let rows = bytes
        .chunks(32)
        .map(|row| row.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" "));
    rows.collect::<Vec<_>>().join("\n")
}

/// Golden bytes: a change here is a change of what every printer gets.
#[test]
fn a_sale_as_bytes_on_each_paper_and_codepage() {
    for columns in [32, 42, 48] {
        for codepage in [Codepage::Cp858 { n: 19 }, Codepage::Cp1252 { n: 16 }] {
            let dots = if columns == 32 { 384 } else { 576 };
            let profile = Profile { columns, codepage, dots, ..Profile::generic_80mm() };
            let bytes = job_bytes(&receipt_document(&sale()).opening_drawer(), &profile);
            let paper = paper_text(&decode(&bytes, &profile), columns);
            let page = if matches!(codepage, Codepage::Cp858 { .. }) { "cp858" } else { "cp1252" };
            insta::assert_snapshot!(
                format!("sale_{columns}_{page}"),
                format!("{paper}\n{}", dump(&bytes))
            );
        }
    }
}

#[test]
fn the_paper_is_the_same_in_every_codepage_but_for_what_it_lacks() {
    let paper = |codepage| {
        let profile = Profile { codepage, ..Profile::generic_80mm() };
        paper_text(&decode(&job_bytes(&receipt_document(&sale()), &profile), &profile), 48)
    };
    let full = paper(Codepage::Cp1252 { n: 16 });
    assert!(
        full.contains("Danke – bis bald!") && full.contains("0,15 €") && full.contains("× 1,29"),
        "{full}"
    );
    let narrow = paper(Codepage::Cp437 { n: 0 });
    assert!(narrow.contains("Danke - bis bald!") && narrow.contains("0,15 EUR"), "{narrow}");
    assert!(narrow.lines().all(|line| line.chars().count() <= 48), "{narrow}");
}

#[test]
fn a_printer_without_qr_commands_gets_the_qr_code_as_a_picture() {
    let profile = Profile::named("NT-5890K").expect("a known model");
    let bytes = job_bytes(&receipt_document(&sale()), &profile);
    let pictures: Vec<_> = decode(&bytes, &profile)
        .into_iter()
        .filter_map(|op| match op {
            DecodedOp::Raster(raster) => Some((raster.row_bytes, raster.data.len())),
            DecodedOp::Qr { .. } => panic!("no QR command"),
            _ => None,
        })
        .collect();
    // 19 characters fit version 2 at level M: 25 modules of 4 dots, 13 bytes a row, 100 rows.
    assert_eq!(pictures, [(13, 1_300)]);
}

#[test]
fn the_drawer_opens_before_the_paper_is_printed() {
    let ops = job_ops(&receipt_document(&sale()).opening_drawer(), &Profile::generic_80mm());
    assert_eq!(ops.first(), Some(&Op::DrawerPulse { second: false }));
}

/// The receipt with this text in every field that people, imports or scanners fill.
fn with(text: &str) -> ReceiptData {
    let mut data = sale();
    text.clone_into(&mut data.shop.name);
    text.clone_into(&mut data.shop.address[0]);
    text.clone_into(&mut data.lines[0].name);
    text.clone_into(&mut data.lines[0].unit);
    text.clone_into(&mut data.lines[0].sub[0].text);
    text.clone_into(&mut data.discounts[0].text);
    text.clone_into(&mut data.tenders[0].name);
    text.clone_into(&mut data.code);
    data.person = text.to_owned();
    data.qr = Some(text.to_owned());
    data.notes = vec![text.to_owned()];
    data
}

/// Nothing but text, its styles, codes and the one cut: no pulse, no status question, nothing unknown.
fn only_harmless(bytes: &[u8], profile: &Profile) -> Result<(), DecodedOp> {
    let ops = decode(bytes, profile);
    let cuts = ops.iter().filter(|op| matches!(op, DecodedOp::Cut { .. })).count();
    let inits = ops.iter().filter(|op| matches!(op, DecodedOp::Init)).count();
    assert_eq!((cuts, inits), (1, 1));
    let harmless = |op: &DecodedOp| {
        matches!(
            op,
            DecodedOp::Init
                | DecodedOp::CancelKanji
                | DecodedOp::Codepage(_)
                | DecodedOp::Text(_)
                | DecodedOp::LineEnd
                | DecodedOp::Bold(_)
                | DecodedOp::Size { .. }
                | DecodedOp::Align(_)
                | DecodedOp::Barcode { .. }
                | DecodedOp::Qr { .. }
                | DecodedOp::Cut { .. }
        )
    };
    match ops.into_iter().find(|op| !harmless(op)) {
        None => Ok(()),
        Some(op) => Err(op),
    }
}

#[test]
fn commands_hidden_in_names_come_out_as_nothing_but_text() {
    let feeds = "\n".repeat(100_000);
    let hidden = [
        "\u{1b}p\0\u{19}\u{fa}",
        "\u{1d}V\u{42}\0",
        "\u{10}\u{14}\u{1}\0\u{8}",
        "\u{10}\u{4}\u{1}\u{10}\u{5}\u{2}",
        "\u{1b}@\u{1b}t\u{10}\u{1d}!\u{77}",
        "\u{9b}31m\u{85}\u{90}\u{9d}",
        "\u{202e}002,1\u{202c}\u{2066}\u{200f}",
        "{A{C{1",
        &feeds,
    ];
    for name in hidden {
        for profile in [Profile::generic_80mm(), Profile::generic_58mm()] {
            let profile = Profile { cut: escpos::Cut::Partial, ..profile };
            let evil = format!("Milch{name}Käse");
            let bytes = job_bytes(&receipt_document(&with(&evil)), &profile);
            assert_eq!(only_harmless(&bytes, &profile), Ok(()), "{evil:.40?}");
            let lines = bytes.iter().filter(|byte| **byte == 0x0A).count();
            assert!(lines < 120, "{lines} line feeds for {evil:.40?}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_changes_what_a_job_does(text in any::<String>()) {
        let profile = Profile::generic_80mm();
        let bytes = job_bytes(&receipt_document(&with(&text)), &profile);
        prop_assert_eq!(only_harmless(&bytes, &profile), Ok(()));
    }

    #[test]
    fn a_text_prints_like_its_cleaned_self(text in any::<String>()) {
        let profile = Profile::generic_80mm();
        let named = |name: &str| {
            let mut data = sale();
            name.clone_into(&mut data.lines[0].name);
            job_bytes(&receipt_document(&data), &profile)
        };
        prop_assert_eq!(named(&text), named(&clean(&text)));
    }

    #[test]
    fn paper_lines_are_never_longer_than_the_paper(text in any::<String>(), columns in prop::sample::select(vec![32_u8, 42, 48])) {
        let profile = Profile { columns, ..Profile::generic_80mm() };
        for op in job_ops(&receipt_document(&with(&text)), &profile) {
            if let Op::Text(line) = op {
                prop_assert!(line.chars().count() <= usize::from(columns), "{line:?}");
            }
        }
    }
}
