//! Bar codes on printers that know no commands for them.

use devices::job_bytes;
use escpos::{DecodedOp, Profile, Raster, decode};
use receipt::{Block, Document};

const EAN: &str = "4006381333931";
/// The bars of that EAN-13 by the tables of ISO/IEC 15420, written down by hand: guard, 006381 in odd and even parity as the 4 before it
/// says (A B A A B B), guard, 333931, guard.
const EAN_MODULES: &str = "10100011010100111010111101111010001001011001101010\
                           100001010000101000010111010010000101100110101";

fn paper(block: Block, profile: &Profile) -> Vec<DecodedOp> {
    let document = Document { blocks: vec![block], ..Document::default() };
    decode(&job_bytes(&document, profile), profile)
}

fn named(name: &str) -> Profile {
    Profile::named(name).expect("a known model")
}

fn picture(ops: &[DecodedOp]) -> Option<&Raster> {
    ops.iter().find_map(|op| if let DecodedOp::Raster(picture) = op { Some(picture) } else { None })
}

/// Bars and gaps in dots, from the first bar to the last, the same in every row.
fn measured(picture: &Raster) -> Vec<usize> {
    let mut rows = picture.data.chunks(usize::from(picture.row_bytes));
    let first = rows.next().expect("a row");
    assert!(rows.all(|row| row == first), "the bars stand upright");
    assert_eq!(picture.data.len() / first.len(), 80);
    let dots: String = first.iter().map(|byte| format!("{byte:08b}")).collect();
    let dots = dots.trim_matches('0').as_bytes();
    dots.chunk_by(|left, right| left == right).map(<[u8]>::len).collect()
}

#[test]
fn an_ean_is_drawn_where_the_printer_has_no_command_for_it() {
    let ops = paper(Block::Ean13 { data: EAN.to_owned() }, &named("ZJ-5870"));
    assert!(!ops.iter().any(|op| matches!(op, DecodedOp::Barcode { .. })), "{ops:?}");
    let wanted = EAN_MODULES.as_bytes().chunk_by(|left, right| left == right);
    let wanted: Vec<usize> = wanted.map(|run| run.len() * 3).collect();
    assert_eq!(measured(picture(&ops).expect("a picture")), wanted);
    assert!(ops.contains(&DecodedOp::Text(EAN.to_owned())), "readable below: {ops:?}");
}

#[test]
fn a_code_128_is_drawn_as_large_as_the_paper_allows() {
    for (text, dots) in [("R1-4812", 3), ("R1-4812-ABC", 2)] {
        let ops = paper(Block::Code128 { data: text.to_owned() }, &named("POS-5890"));
        let widths = receipt::code128_widths(text).expect("a code");
        let wanted: Vec<usize> = widths.iter().map(|width| usize::from(*width) * dots).collect();
        assert_eq!(measured(picture(&ops).expect("a picture")), wanted, "{text}");
        assert!(ops.contains(&DecodedOp::Text(text.to_owned())), "{ops:?}");
    }
}

#[test]
fn what_can_neither_be_told_nor_drawn_is_text() {
    for (name, block, text) in [
        ("TM-U220", Block::Code128 { data: "R1-4812".to_owned() }, "R1-4812"),
        ("TM-U220", Block::Ean13 { data: EAN.to_owned() }, EAN),
        ("ZJ-5870", Block::Code128 { data: "W".repeat(40) }, &"W".repeat(40)),
    ] {
        let ops = paper(block, &named(name));
        assert_eq!(picture(&ops), None, "{name}");
        let barcode = ops.iter().any(|op| matches!(op, DecodedOp::Barcode { .. }));
        assert!(!barcode && ops.contains(&DecodedOp::Text(text.to_owned())), "{name}: {ops:?}");
    }
}

#[test]
fn a_printer_that_knows_bar_codes_is_told_them() {
    for block in [Block::Ean13 { data: EAN.to_owned() }, Block::Code128 { data: "R1".to_owned() }] {
        let ops = paper(block, &named("TM-T88V"));
        assert!(picture(&ops).is_none());
        assert!(ops.iter().any(|op| matches!(op, DecodedOp::Barcode { .. })), "{ops:?}");
    }
}
