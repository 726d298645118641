//! Codes as bars: read back as a scanner reads them, from the modules alone.

use label::Bars;
use proptest::prelude::*;

/// The widths of bars and spaces, beginning with a bar.
fn runs(modules: &[bool]) -> Vec<usize> {
    modules.chunk_by(|a, b| a == b).map(<[bool]>::len).collect()
}

/// Digits of set A, by the widths of space, bar, space, bar (ISO/IEC 15420).
const A: [[usize; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];
/// Which of the left digits are of set B, by the first digit.
const FIRST: [&str; 10] = [
    "AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA",
    "ABBABA",
];

/// Reads an EAN from its bars.
fn ean(modules: &[bool], each: usize) -> Option<String> {
    let runs = runs(modules);
    let (left, right) = (&runs[3..3 + 4 * each], &runs[8 + 4 * each..8 + 8 * each]);
    assert_eq!(runs[..3], [1, 1, 1]);
    assert_eq!(runs[3 + 4 * each..8 + 4 * each], [1, 1, 1, 1, 1]);
    let (mut sets, mut digits) = (String::new(), String::new());
    for four in left.chunks(4) {
        let of = |four: &[usize]| A.iter().position(|known| known == four);
        let turned: Vec<usize> = four.iter().rev().copied().collect();
        let (set, digit) = match (of(four), of(&turned)) {
            (Some(digit), _) => ('A', digit),
            (None, Some(digit)) => ('B', digit),
            (None, None) => return None,
        };
        sets.push(set);
        digits.push_str(&digit.to_string());
    }
    for four in right.chunks(4) {
        digits.push_str(&A.iter().position(|known| known == four)?.to_string());
    }
    match each {
        6 => Some(format!("{}{digits}", FIRST.iter().position(|first| *first == sets)?)),
        _ => (sets == "AAAA").then_some(digits),
    }
}

fn checked(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([3, 1].into_iter().cycle())
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

#[test]
fn each_code_has_the_bars_that_scanners_know_it_by() {
    let ean13 = |text: &str| Some(Bars::Ean13(text.to_owned()));
    let code128 = |text: &str| Some(Bars::Code128(text.to_owned()));
    let table = [
        ("4006381333931", ean13("4006381333931")),
        // A wrong check digit is no EAN: it is read as what it says.
        ("4006381333932", code128("4006381333932")),
        ("036000291452", ean13("0036000291452")),
        ("96385074", Some(Bars::Ean8("96385074".to_owned()))),
        ("96385075", code128("96385075")),
        ("14006381333938", code128("14006381333938")),
        ("A-17/3", code128("A-17/3")),
        ("0001", code128("0001")),
        ("", None),
        ("Käse", None),
        ("a\nb", None),
    ];
    for (code, bars) in table {
        assert_eq!(Bars::of(code), bars, "{code}");
    }
    assert_eq!(Bars::of(&"1".repeat(40)).map(|bars| bars.text().len()), Some(40));
    assert_eq!(Bars::of(&"1".repeat(41)), None);
}

proptest! {
    #[test]
    fn an_ean_reads_as_what_it_is(twelve in "[0-9]{12}", seven in "[0-9]{7}") {
        let (long, short) = (checked(&twelve), checked(&seven));
        let bars = Bars::of(&long).expect("bars");
        prop_assert_eq!(bars.modules().len(), 95);
        prop_assert_eq!(ean(&bars.modules(), 6), Some(long));
        let bars = Bars::of(&short).expect("bars");
        prop_assert_eq!(bars.modules().len(), 67);
        prop_assert_eq!(ean(&bars.modules(), 4), Some(short));
    }
}
