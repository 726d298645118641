use escpos::{
    Align, BarcodeKind, Codepage, Cut, DecodedOp, Language, Op, Profile, Raster, decode, encode,
};
use proptest::prelude::*;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}

fn cp1252() -> Profile {
    Profile { codepage: Codepage::Cp1252 { n: 16 }, ..Profile::generic_80mm() }
}

fn cp437() -> Profile {
    Profile { codepage: Codepage::Cp437 { n: 0 }, ..Profile::generic_58mm() }
}

#[test]
fn a_job_begins_with_reset_and_the_one_codepage_of_the_profile() {
    assert_eq!(hex(&encode(&[], &Profile::generic_80mm())), "1B 40 1C 2E 1B 74 13");
    assert_eq!(hex(&encode(&[], &cp1252())), "1B 40 1C 2E 1B 74 10");
    let odd = Profile::named("KR-306").expect("a known model");
    assert_eq!(hex(&encode(&[], &odd)), "1B 40 1C 2E 1B 74 1F");
}

#[test]
fn the_euro_and_the_umlauts_have_the_bytes_of_the_codepage() {
    let text = [Op::Text("äöüÄÖÜß 4,10 €".into())];
    let bytes = |profile: &Profile| hex(&encode(&text, profile)[7..]);
    assert_eq!(bytes(&Profile::generic_80mm()), "84 94 81 8E 99 9A E1 20 34 2C 31 30 20 D5");
    assert_eq!(bytes(&cp1252()), "E4 F6 FC C4 D6 DC DF 20 34 2C 31 30 20 80");
    assert_eq!(bytes(&cp437()), "84 94 81 8E 99 9A E1 20 34 2C 31 30 20 45 55 52");
}

#[test]
fn what_no_codepage_has_is_written_with_similar_letters_or_a_question_mark() {
    let page = Profile::generic_80mm().codepage;
    assert_eq!(page.printable("Łódź – „Crème“ 5\u{A0}% 寿司"), "Lódz - \"Crème\" 5 % ??");
    assert_eq!(cp437().codepage.printable("Œuf × 2 …"), "OEuf x 2 ...");
}

#[test]
fn every_operation_has_the_bytes_of_the_manual() {
    let profile = Profile::generic_80mm();
    let cases: [(Op, &str); 12] = [
        (Op::LineEnd, "0A"),
        (Op::Bold(true), "1B 45 01"),
        (Op::Bold(false), "1B 45 00"),
        (Op::Size { width: 2, height: 2 }, "1D 21 11"),
        (Op::Size { width: 1, height: 2 }, "1D 21 01"),
        (Op::Align(Align::Center), "1B 61 01"),
        (Op::Feed(3), "1B 64 03"),
        (Op::Cut, "1D 56 42 00"),
        (Op::DrawerPulse { second: false }, "1B 70 00 19 FA"),
        (
            Op::Code128("R1-4812".into()),
            "1D 68 50 1D 77 03 1D 48 02 1D 6B 49 09 7B 42 52 31 2D 34 38 31 32 0A",
        ),
        (
            Op::Ean13("4006381333931".into()),
            "1D 68 50 1D 77 02 1D 48 02 1D 6B 43 0D 34 30 30 36 33 38 31 33 33 33 39 33 31 0A",
        ),
        (
            Op::Qr { data: "Hi".into(), module: 4 },
            "1D 28 6B 04 00 31 41 32 00 1D 28 6B 03 00 31 43 04 1D 28 6B 03 00 31 45 31 \
             1D 28 6B 05 00 31 50 30 48 69 1D 28 6B 03 00 31 51 30",
        ),
    ];
    for (op, expected) in cases {
        let bytes = encode(std::slice::from_ref(&op), &profile);
        assert_eq!(hex(&bytes[7..]), expected, "{op:?}");
    }
    let torn = Profile { cut: Cut::None, ..profile };
    assert_eq!(hex(&encode(&[Op::Cut], &torn)[7..]), "1B 64 04");
}

#[test]
fn controls_in_texts_and_codes_never_become_commands() {
    let evil = "A\u{1b}p\0\u{19}\u{fa}\u{1d}V\0\u{10}\u{14}\u{1}\u{0}\u{8}\n\r\t\u{7f}\u{9b}B";
    let profile = Profile::generic_80mm();
    let ops = decode(&encode(&[Op::Text(evil.into())], &profile), &profile);
    assert_eq!(
        ops,
        [
            DecodedOp::Init,
            DecodedOp::CancelKanji,
            DecodedOp::Codepage(19),
            DecodedOp::Text("A?p??ú?V???????????B".into()),
        ]
    );
    for op in
        [Op::Code128(evil.into()), Op::Ean13(evil.into()), Op::Qr { data: evil.into(), module: 4 }]
    {
        let ops = decode(&encode(std::slice::from_ref(&op), &profile), &profile);
        let harmless = ops
            .iter()
            .skip(3)
            .all(|op| matches!(op, DecodedOp::Text(_) | DecodedOp::LineEnd | DecodedOp::Qr { .. }));
        assert!(harmless, "{op:?} gave {ops:?}");
    }
}

#[test]
fn a_qr_length_never_spells_a_real_time_command() {
    let profile = Profile::generic_80mm();
    for len in 1..=2331 {
        let bytes = encode(&[Op::Qr { data: "x".repeat(len), module: 3 }], &profile);
        let spelt = bytes.windows(2).any(|pair| matches!(pair, [0x10, 0x04 | 0x05 | 0x14]));
        assert!(!spelt, "length {len}");
    }
}

#[test]
fn a_picture_is_sent_in_bands_and_holds_no_real_time_command() {
    let profile = Profile::generic_80mm();
    let data: Vec<u8> = [0x10, 0x04].repeat(300);
    let bytes = encode(&[Op::Raster(Raster { row_bytes: 2, data })], &profile);
    assert!(!bytes.windows(2).any(|pair| pair == [0x10, 0x04]));
    let rows: Vec<usize> = decode(&bytes, &profile)
        .into_iter()
        .filter_map(|op| match op {
            DecodedOp::Raster(raster) => Some(raster.data.len() / 2),
            _ => None,
        })
        .collect();
    assert_eq!(rows, [255, 45]);
}

#[test]
fn codes_that_do_not_fit_are_printed_as_text() {
    let narrow = Profile::generic_58mm();
    let ops = decode(&encode(&[Op::Code128("A".repeat(30))], &narrow), &narrow);
    assert_eq!(ops[3..], [DecodedOp::Text("A".repeat(30)), DecodedOp::LineEnd]);
    let ops = decode(&encode(&[Op::Code128("a{b".into())], &narrow), &narrow);
    assert_eq!(
        ops[3],
        DecodedOp::Barcode {
            kind: BarcodeKind::Code128,
            data: "a{b".into(),
            module: 3,
            with_text: true
        }
    );
}

#[test]
fn every_named_profile_is_found_and_sane() {
    for (name, _) in Profile::names() {
        let profile = Profile::named(name).expect("a name from the list");
        assert_eq!(profile.name, name);
        assert!((32..=48).contains(&profile.columns) && profile.dots >= 384);
    }
    assert_eq!(Profile::named("nonsense"), None);
}

/// The profile table against the shared data, when that lies beside the project.
#[test]
fn profiles_agree_with_the_shared_facts() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|dir| dir.join("shared/data/escpos_profiles.json"))
        .find(|path| path.is_file());
    let Some(path) = shared else {
        println!("skipped: shared/data/escpos_profiles.json is not here");
        return;
    };
    let facts: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("readable")).expect("JSON");
    for (name, maker) in Profile::names().filter(|(_, maker)| !maker.is_empty()) {
        let theirs = if name == "mC-Print" { "mcPrint" } else { name };
        let fact = facts
            .as_array()
            .expect("a list")
            .iter()
            .find(|fact| fact["profile"] == theirs)
            .unwrap_or_else(|| panic!("{name} is in the data"));
        let profile = Profile::named(name).expect("a name from the list");
        assert!(fact["vendor"].as_str().expect("a maker").starts_with(maker), "{name}");
        // One row of the source says 12 columns for 576 dots.
        if name != "NT-80-V-UL" {
            assert_eq!(fact["colsA"], profile.columns, "{name}");
        }
        // Of some the source does not know the dots.
        if fact["px"].is_number() {
            assert_eq!(fact["px"], profile.dots, "{name}");
        }
        assert_eq!(fact["star"], profile.language == Language::Star, "{name}");
        assert_eq!(fact["qr"], profile.qr, "{name}");
        assert_eq!(fact["raster"], profile.raster, "{name}");
        let number = match profile.codepage {
            Codepage::Cp858 { n } => ("cp858", n),
            Codepage::Cp1252 { n } => ("cp1252", n),
            Codepage::Cp437 { .. } | Codepage::Unicode => continue,
        };
        assert_eq!(fact[number.0], number.1, "{name}");
    }
}

fn any_page() -> impl Strategy<Value = Codepage> {
    prop_oneof![
        any::<u8>().prop_map(|n| Codepage::Cp858 { n }),
        any::<u8>().prop_map(|n| Codepage::Cp1252 { n }),
        any::<u8>().prop_map(|n| Codepage::Cp437 { n }),
    ]
}

proptest! {
    #[test]
    fn no_text_makes_a_control_byte(text in any::<String>(), page in any_page()) {
        prop_assert!(page.encode(&text).iter().all(|byte| *byte >= 0x20 && *byte != 0x7F));
    }

    #[test]
    fn printable_text_goes_there_and_back(text in any::<String>(), page in any_page()) {
        let printable = page.printable(&text);
        prop_assert_eq!(page.printable(&printable), printable.clone());
        let back: Option<String> = page.encode(&text).into_iter().map(|byte| page.char_of(byte)).collect();
        prop_assert_eq!(back, Some(printable));
    }

    #[test]
    fn any_text_decodes_to_itself_and_nothing_else(text in any::<String>()) {
        let profile = Profile::generic_80mm();
        let ops = decode(&encode(&[Op::Text(text.clone()), Op::LineEnd], &profile), &profile);
        let printed = profile.codepage.printable(&text);
        let mut expected = vec![DecodedOp::Init, DecodedOp::CancelKanji, DecodedOp::Codepage(19)];
        if !printed.is_empty() {
            expected.push(DecodedOp::Text(printed));
        }
        expected.push(DecodedOp::LineEnd);
        prop_assert_eq!(ops, expected);
    }
}
