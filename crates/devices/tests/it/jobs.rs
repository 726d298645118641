use devices::simulator::paper_text;
use devices::{job_bytes, job_ops};
use escpos::{Codepage, DecodedOp, Language, Op, Profile, StarDecoder, decode, epos};
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

/// The same for every model by name: what each gets, as a digest of its bytes beside what it reads as.
#[test]
fn a_sale_on_every_model() {
    let mut lines = Vec::new();
    for (name, _) in Profile::names() {
        let profile = Profile::named(name).expect("a profile");
        if !profile.prints() {
            continue;
        }
        let bytes = job_bytes(&receipt_document(&sale()).opening_drawer(), &profile);
        let ops = read(&bytes, &profile);
        assert!(!ops.iter().any(|op| matches!(op, DecodedOp::Unknown(_))), "{name}");
        let paper = paper_text(&ops, profile.columns);
        assert!(paper.contains("Dorfladen Müller"), "{name}: {paper}");
        let lines_fit = paper.lines().all(|line| {
            line.starts_with('[') || line.chars().count() <= usize::from(profile.columns)
        });
        assert!(lines_fit, "{name}: {paper}");
        lines.push(format!("{name}: {} bytes, sum {:08x}", bytes.len(), sum(&bytes)));
    }
    insta::assert_snapshot!("sale_on_every_model", lines.join("\n"));
}

/// FNV-1a: a digest that needs no library.
fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// What the printer understands, in its language.
fn read(bytes: &[u8], profile: &Profile) -> Vec<DecodedOp> {
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

/// The code of a signing unit, as long as such codes are.
fn long_code() -> String {
    let signature = "MEUCIQD4A9wM3Xb1fW2hV7uPq0cT".repeat(3);
    format!(
        "V0;DE-TILL-0001;Kassenbeleg-V1;Beleg^0.00_2.55_0.00_0.00_0.00^2.55:Bar;18;112;\
         2026-11-27T10:57:26.000Z;2026-11-27T10:58:26.000Z;ecdsa-plain-SHA256;unixTime;{signature};BHhWOeisRpPBTGQ1W4V"
    )
}

/// Bands of one picture, which come out one right below the other, as the picture that they make.
fn joined(ops: Vec<DecodedOp>) -> Vec<DecodedOp> {
    let mut all: Vec<DecodedOp> = Vec::new();
    for op in ops {
        match (all.last_mut(), op) {
            (Some(DecodedOp::Raster(above)), DecodedOp::Raster(below))
                if above.row_bytes == below.row_bytes =>
            {
                above.data.extend(below.data);
            }
            (_, op) => all.push(op),
        }
    }
    all
}

/// The code is read back by a decoder that is none of ours (`rqrr`), from what the printer was sent: the picture where it gets one, else the
/// modules that it draws of the content, at the size that it is told.
#[test]
fn the_printed_code_reads_back_to_what_was_to_be_said() {
    let mut data = sale();
    data.qr = Some(long_code());
    for (name, _) in Profile::names() {
        let profile = Profile::named(name).expect("a profile");
        let ops = joined(read(&job_bytes(&receipt_document(&data), &profile), &profile));
        let picture = ops.iter().find_map(|op| match op {
            DecodedOp::Qr { data, module } => {
                let matrix = receipt::qr_matrix(data).expect("a code");
                let size = matrix.size * usize::from(*module);
                assert!(size <= usize::from(profile.dots), "{name}: {size} dots");
                let dark = |x: usize, y: usize| {
                    matrix.dark[y / usize::from(*module) * matrix.size + x / usize::from(*module)]
                };
                Some((
                    size,
                    (0..size * size).map(|at| dark(at % size, at / size)).collect::<Vec<_>>(),
                ))
            }
            DecodedOp::Raster(raster) => {
                let row = usize::from(raster.row_bytes);
                let height = raster.data.len() / row;
                let dot =
                    |x: usize, y: usize| raster.data[y * row + x / 8] & (0x80 >> (x % 8)) != 0;
                Some((
                    height,
                    (0..height * height).map(|at| dot(at % height, at / height)).collect(),
                ))
            }
            _ => None,
        });
        let Some((size, dots)) = picture else {
            assert!(!profile.qr && !profile.raster, "{name} shows no code");
            continue;
        };
        let quiet = 16;
        let paper = size + 2 * quiet;
        let mut image = rqrr::PreparedImage::prepare_from_bitmap(paper, paper, |x, y| {
            let inside = |at: usize| at.checked_sub(quiet).filter(|at| *at < size);
            inside(x).zip(inside(y)).is_some_and(|(x, y)| dots[y * size + x])
        });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1, "{name}");
        let (_, content) = grids[0].decode().expect("it can be read");
        assert_eq!(content, long_code(), "{name}");
    }
}

#[test]
fn letters_that_a_printer_lacks_are_drawn_where_it_takes_pictures() {
    let mut data = sale();
    data.lines[0].name = "Кефир Ωmega".to_owned();
    let papers = |name: &str| {
        let profile = Profile::named(name).expect("a profile");
        let ops = read(&job_bytes(&receipt_document(&data), &profile), &profile);
        let pictures = ops.iter().filter(|op| matches!(op, DecodedOp::Raster(_))).count();
        (pictures, paper_text(&ops, profile.columns))
    };
    let (pictures, paper) = papers("TM-T20III");
    assert!(pictures == 1 && !paper.contains('?'), "{pictures} {paper}");
    let (pictures, paper) = papers("TM-U220B");
    assert!(pictures == 0 && paper.contains("????? Ωmega"), "{paper}");
    let (pictures, paper) = papers("epos-80mm");
    assert!(pictures == 0 && paper.contains("Кефир Ωmega"), "{paper}");
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
    // The bar code, for which it has no command either: 101 modules of 3 dots, 38 bytes a row, 80 rows.
    assert_eq!(pictures, [(13, 1_300), (38, 3_040)]);
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
                | DecodedOp::Raster(_)
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
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What fuzzing asks as well, of inputs that shrink to what is wrong.
    #[test]
    fn raw_texts_add_no_command_in_any_language(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        devices::fuzz::paper(&bytes);
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

#[test]
fn a_drawer_without_a_printer_gets_its_pulse_and_not_a_byte_of_the_paper() {
    let drawer = Profile::named("drawer-only").expect("known");
    assert!(!drawer.prints() && Profile::generic_80mm().prints());
    let pulse = [0x1B, b'p', 0, 0x19, 0xFA];
    let receipt = receipt_document(&sale());
    assert_eq!(job_bytes(&receipt.clone().opening_drawer(), &drawer), pulse);
    assert!(job_bytes(&receipt, &drawer).is_empty());
    assert_eq!(devices::drawer_job(&drawer), pulse);
}

/// Digits of a drawn bar code take half the room of letters.
#[test]
fn digits_in_drawn_bars_are_no_command() {
    devices::fuzz::paper(&[31; 8]);
}

#[test]
fn the_drawer_opens_on_the_pin_that_it_hangs_on() {
    for second in [false, true] {
        for language in [Language::EscPos, Language::Star, Language::Epos] {
            let profile = Profile::generic_80mm().speaking(language).with_second_drawer(second);
            let ops = job_ops(&receipt_document(&sale()).opening_drawer(), &profile);
            assert_eq!(ops.first(), Some(&Op::DrawerPulse { second }), "{language:?}");
        }
        let profile = Profile::generic_80mm().with_second_drawer(second);
        assert!(devices::drawer_job(&profile).ends_with(&[
            0x1B,
            b'p',
            u8::from(second),
            0x19,
            0xFA
        ]));
    }
}
