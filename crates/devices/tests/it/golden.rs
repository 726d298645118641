//! Golden bytes of every language and of the poorest codepage: all of them, with a logo, so that a change shows what it changes.

use devices::job_bytes;
use devices::simulator::paper_text;
use escpos::{Codepage, DecodedOp, Language, Profile, StarDecoder, decode, epos};
use receipt::{Picture, ReceiptData, receipt_document};

use crate::samples::sale;

/// The sample with a logo: a frame with a diagonal. Its rows hold 0x10, at which ESC/POS printers prick up their ears.
fn with_logo() -> ReceiptData {
    let rows = (0..24_u32).flat_map(|row| {
        let line = if matches!(row, 0 | 23) { 0x00FF_FFFF } else { 0x0080_0001 | (1 << row) };
        let [_, left, middle, right] = u32::to_be_bytes(line);
        [left, middle, right]
    });
    let logo = Picture { row_bytes: 3, data: rows.collect() };
    assert!(logo.data.contains(&0x10));
    let mut data = sale();
    data.shop.logo = Some(logo);
    data
}

fn understood(bytes: &[u8], profile: &Profile) -> Vec<DecodedOp> {
    match profile.language {
        Language::EscPos => decode(bytes, profile),
        Language::Epos => epos::decode(bytes).expect("a job"),
        Language::Star => {
            let mut decoder = StarDecoder::new(profile);
            let mut ops = decoder.push(bytes);
            ops.extend(decoder.finish());
            ops
        }
    }
}

/// Bytes of which half are text, as people read them: printable ones as they are, the others as `<1B>`, a line end ends the line.
fn readable(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        match byte {
            b'<' => out.push_str("<3C>"),
            0x20..=0x7E => out.push(char::from(*byte)),
            0x0A => out.push_str("<0A>\n"),
            byte => out.push_str(&format!("<{byte:02X}>")),
        }
    }
    out
}

fn golden(name: &str, profile: &Profile) {
    let bytes = job_bytes(&receipt_document(&with_logo()).opening_drawer(), profile);
    let ops = understood(&bytes, profile);
    assert!(!ops.iter().any(|op| matches!(op, DecodedOp::Unknown(_))), "{name}");
    let pictures = ops.iter().filter(|op| matches!(op, DecodedOp::Raster(_))).count();
    assert_eq!(pictures, usize::from(profile.raster), "{name}: the logo, where pictures are taken");
    let said = match profile.language {
        Language::Epos => String::from_utf8(bytes).expect("XML").replace("><", ">\n<"),
        Language::EscPos | Language::Star => readable(&bytes),
    };
    let paper = paper_text(&ops, profile.columns);
    insta::assert_snapshot!(format!("golden_{name}"), format!("{paper}\n{said}"));
}

fn named(name: &str) -> Profile {
    Profile::named(name).expect("a known model")
}

/// Printers without the Euro sign. 32 columns stand for a roll of 58 mm in such a one, which no model of the table has.
#[test]
fn cp437_in_full() {
    let narrow = Profile { codepage: Codepage::Cp437 { n: 0 }, ..named("generic-58mm") };
    for (name, profile) in [
        ("cp437_32", narrow),
        ("cp437_42", named("TM-T88IV-SA")),
        ("cp437_48", named("TM-T70-SA")),
        ("cp437_42_no_pictures", named("TM-U220")),
    ] {
        assert!(matches!(profile.codepage, Codepage::Cp437 { .. }), "{name}");
        golden(name, &profile);
    }
}

/// Star's language: the columns that its models have.
#[test]
fn star_in_full() {
    golden("star_42", &named("mC-Print"));
    golden("star_48", &named("star-80mm"));
}

/// ePOS: the printer's own columns and the two others to which it can be set.
#[test]
fn epos_in_full() {
    for columns in [32, 42, 48] {
        golden(&format!("epos_{columns}"), &named("epos-80mm").with_columns(columns));
    }
}
