use proptest::prelude::*;
use receipt::{code128_widths, ean13_modules, qr_matrix};

/// Reads a Code 128 back: an own small reader, so that the tables are used in both directions.
fn read(widths: &[u8]) -> Option<String> {
    let (symbols, stop) = widths.split_last_chunk::<7>()?;
    assert_eq!(*stop, [2, 3, 3, 1, 1, 1, 2], "the stop symbol");
    // 95 single characters in set B give the symbols 0..=94; their widths are the table.
    let table: Vec<Vec<u8>> = (0x20..0x7F_u8)
        .map(|byte| {
            let mut text = String::from("~");
            text.push(char::from(byte));
            text.push('~');
            code128_widths(&text).expect("printable")[12..18].to_vec()
        })
        .collect();
    let number = |chunk: &[u8]| table.iter().position(|known| known == chunk);
    let mut chunks = symbols.chunks(6);
    let start = chunks.next()?;
    let mut pairs = match start {
        [2, 1, 1, 2, 1, 4] => false,
        [2, 1, 1, 2, 3, 2] => true,
        other => panic!("no start symbol: {other:?}"),
    };
    let chunks: Vec<&[u8]> = chunks.collect();
    let mut text = String::new();
    for chunk in &chunks[..chunks.len() - 1] {
        match (chunk, pairs) {
            ([1, 1, 3, 1, 4, 1], false) => pairs = true,
            ([1, 1, 4, 1, 3, 1], true) => pairs = false,
            (chunk, true) => text.push_str(&format!("{:02}", number(chunk)?)),
            (chunk, false) => text.push(char::from(0x20 + u8::try_from(number(chunk)?).ok()?)),
        }
    }
    Some(text)
}

#[test]
fn digits_go_two_to_a_symbol() {
    // start, six pairs, check: 8 × 11 modules, stop 13
    assert_eq!(
        code128_widths("123456789012")
            .map(|widths| widths.iter().map(|w| u32::from(*w)).sum::<u32>()),
        Some(101)
    );
}

#[test]
fn a_code_128_known_from_the_standard() {
    // "Wikipedia" in set B has the check symbol 88.
    let widths = code128_widths("Wikipedia").expect("printable");
    let check = &widths[widths.len() - 13..widths.len() - 7];
    assert_eq!(check, [4, 2, 1, 2, 1, 1], "symbol 88");
}

#[test]
fn what_has_no_code_128_is_refused() {
    for text in ["", "ä", "a\nb", &"1".repeat(81)] {
        assert_eq!(code128_widths(text), None, "{text:?}");
    }
}

#[test]
fn an_ean_13_has_95_modules_with_its_guards() {
    let modules = ean13_modules("4006381333931").expect("13 digits");
    let text: String = modules.iter().map(|bar| if *bar { '1' } else { '0' }).collect();
    assert_eq!(text.len(), 95);
    // 4 → LGLLGG; 0 in set L = 0001101, 0 in set G = 0100111
    assert_eq!(&text[..17], "10100011010100111");
    assert_eq!(&text[45..50], "01010");
    assert_eq!(ean13_modules("400638133393"), None);
}

#[test]
fn a_qr_code_has_its_finder_in_the_corner_and_an_end_to_its_capacity() {
    let matrix = qr_matrix("R1-4812").expect("short");
    assert_eq!(matrix.size, 21);
    assert!(matrix.dark[..7].iter().all(|dark| *dark) && !matrix.dark[7]);
    assert_eq!(qr_matrix(&"x".repeat(3000)), None);
}

proptest! {
    #[test]
    fn every_code_128_reads_back(text in "[ -~]{1,30}|[0-9]{1,20}|[A-Z]{0,3}[0-9]{3,9}[a-z]{0,3}") {
        // 95 to 98 occur as pairs only; the reader's table ends at 94.
        prop_assume!(!["95", "96", "97", "98", "99"].iter().any(|pair| text.contains(pair)));
        let widths = code128_widths(&text).expect("printable");
        for symbol in widths[..widths.len() - 7].chunks(6) {
            prop_assert_eq!(symbol.iter().sum::<u8>(), 11);
            let bars: u8 = symbol.iter().step_by(2).sum();
            prop_assert_eq!(bars % 2, 0, "bars have even parity");
        }
        prop_assert_eq!(read(&widths), Some(text));
    }
}
