//! The published vectors: GS1 Syntax Engine (unit tests and runs), biip, python-stdnum, and the GS1
//! Syntax Dictionary. They lie beside the checkout, not in it; without them these tests say so.

use std::path::Path;

use gs1::*;
use serde_json::Value;

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn load(name: &str) -> Option<Value> {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found =
        folders.map(|folder| folder.join("shared/data").join(name)).find(|path| path.is_file());
    let Some(path) = found else {
        println!("skipped: no shared/data/{name} beside the checkout");
        return None;
    };
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The vectors write FNC1 as `^`; ours has none in front.
fn with_fnc1(elements: &Elements) -> String {
    format!("^{}", elements.to_element_string().replace('\u{1d}', "^"))
}

#[test]
fn the_table_says_what_the_gs1_syntax_dictionary_says() {
    let Some(data) = load("gs1_ai_dictionary.json") else {
        return;
    };
    let join =
        |list: &Value| list.as_array().unwrap().iter().map(text).collect::<Vec<_>>().join(" ");
    let theirs = data["entries"].as_array().unwrap();
    assert_eq!(AI_TABLE.len(), theirs.len());
    for (ours, entry) in AI_TABLE.iter().zip(theirs) {
        let (first, last) =
            text(&entry["ai"]).split_once('-').unwrap_or((text(&entry["ai"]), text(&entry["ai"])));
        assert_eq!((ours.first, ours.last, ours.title), (first, last, text(&entry["title"])));
        assert_eq!(
            (ours.spec, ours.rules),
            (join(&entry["spec"]).as_str(), join(&entry["attrs"]).as_str())
        );
        assert_eq!(Value::from(ours.is_predefined()), entry["fixed_no_fnc1"], "{first}");
        assert_eq!(Value::from(ours.is_link_attribute()), entry["dl_attr"], "{first}");
        assert_eq!(find_ai(last), Some(ours));
    }
}

/// Why an engine's answer is not ours, by the scan.
fn scan_difference(code: &str) -> Option<&'static str> {
    Some(match code {
        "]e00104012345678901392201299" | "]C11726123110A" => {
            "read all the same; check_associations refuses it"
        }
        "]Q1https://shop.example/x" | "]Q1https://a/NOPRIMARYAI" => {
            "no Digital Link: a web address"
        }
        "]Q1https://id.gs1.org/01/4012345678901" => {
            "GTIN of 13 digits, an option of the engine that is on here"
        }
        "]E0123456789012" => "UPC-A of 12 digits: scanners can be set so",
        "ABC" => "no AIM identifier: a typed code",
        "]d1" | "]J0" => "an empty scan is refused",
        _ => return None,
    })
}

#[test]
fn scans_of_the_vectors() {
    let Some(data) = load("gs1_vectors.json") else {
        return;
    };
    let mut counts = std::collections::BTreeMap::new();
    for vector in data.as_array().unwrap() {
        let (code, expect) = (text(&vector["code"]), &vector["expect"]);
        *counts.entry(text(&vector["kind"])).or_insert(0) += 1;
        match text(&vector["kind"]) {
            "gs1-scan" => gs1_scan(code, expect),
            "rcn-de" => in_store(code, expect),
            "gs1-price-weight-check-digit" => {
                let digit = if code.len() == 4 { field_check_4(code) } else { field_check_5(code) };
                assert_eq!(digit.map(u64::from), expect["check_digit"].as_u64(), "{code}");
            }
            "press-de" => {
                let read = press(code).unwrap();
                assert_eq!(read.title, text(&expect["vdz_title"]));
                let euro = format!("{}.{:02}", read.price_minor / 100, read.price_minor % 100);
                assert_eq!(euro, text(&expect["price_eur"]));
                assert_eq!(read.reduced_tax, expect["vat"] == "reduced");
            }
            "publication" => match (publication(code).unwrap(), text(&expect["type"])) {
                (Publication::Isbn { isbn10 }, "ISBN-13") => {
                    assert_eq!(isbn10.as_deref(), expect["isbn10"].as_str());
                }
                (Publication::Ismn, "ISMN") => {}
                (Publication::Issn { issn, variant }, "ISSN in EAN") => {
                    assert_eq!(
                        (issn.as_str(), variant.as_str()),
                        (text(&expect["issn"]), text(&expect["variant"]))
                    );
                }
                (read, wanted) => panic!("{code}: {read:?} is not {wanted}"),
            },
            "upc-e-expand" => {
                assert_eq!(expand_upc_e(code).as_deref(), expect["upc_a"].as_str(), "{code}")
            }
            "gtin" => match Gtin::parse(code) {
                Ok(gtin) => {
                    assert_eq!(gtin.as_14(), text(&expect["gtin14"]));
                    assert_eq!(format!("GTIN_{}", gtin.shortest().len()), text(&expect["format"]));
                }
                Err(error) => {
                    assert_eq!(error, ScanError::CheckDigit { expected: 1 });
                    assert!(expect["error"].is_string(), "{code}");
                }
            },
            "tomra-26-se" => {
                let slip = deposit_slip(code).unwrap();
                assert_eq!((slip.refund, slip.refund_low_tax), (200, 100));
            }
            kind => panic!("a kind of vector without a test: {kind}"),
        }
    }
    println!("vectors checked: {counts:?}");
    assert!(counts.len() >= 8, "{counts:?}");
}

#[expect(clippy::print_stdout, reason = "a vector answered otherwise is named with its reason")]
fn gs1_scan(code: &str, expect: &Value) {
    let read = parse_scan(code);
    if let Some(reason) = scan_difference(code) {
        println!("answered otherwise: {code}: {reason}");
        match &read {
            Ok(Scan::Elements(elements))
                if elements.gtin().is_some_and(|gtin| gtin.as_14().starts_with("04")) =>
            {
                let unassociated = elements.check_associations().is_err();
                assert_eq!(unassociated, reason.contains("check_associations"), "{code}");
            }
            Ok(Scan::Elements(elements)) => {
                assert_eq!(elements.check_associations().unwrap_err().code(), "scan_lacks")
            }
            Ok(Scan::Url(_)) => assert!(reason.contains("web address")),
            other => panic!("{code}: {other:?}"),
        }
        return;
    }
    if expect["ok"] == false {
        assert!(read.is_err(), "{code}: {read:?}");
        return;
    }
    let Some(hri) = expect["hri"].as_array() else {
        let shown = match read.unwrap() {
            Scan::Gtin(gtin) => gtin.display().to_owned(),
            Scan::Text(code) => code,
            other => panic!("{code}: {other:?}"),
        };
        assert_eq!(shown, text(&expect["data"]));
        return;
    };
    let Ok(Scan::Elements(elements)) = read else { panic!("{code}: {read:?}") };
    let ours: Vec<_> = elements.iter().map(|e| format!("({}) {}", e.ai(), e.value())).collect();
    assert_eq!(Value::from(ours), Value::from(hri.clone()));
    let bracketed = Elements::parse_bracketed(text(&expect["ai"])).unwrap();
    assert_eq!(bracketed, elements);
    let link = Elements::parse_link(text(&expect["dl"])).unwrap();
    assert_eq!(link.gtin().unwrap().as_14(), elements.gtin().unwrap().as_14());
    assert_eq!(link.len(), elements.len());
    assert_eq!(elements.check_associations(), Ok(()), "{code}");
}

fn in_store(code: &str, expect: &Value) {
    let read = match_in_store(code, &default_rules_de());
    if expect["accept"] == false {
        assert!(matches!(read, Err(ScanError::InnerCheck { .. })), "{code}: {read:?}");
        return;
    }
    let read = read.unwrap().unwrap();
    assert_eq!(read.prefix, text(&expect["prefix"]));
    assert_eq!(read.item, text(&expect["item_reference"]));
    assert_eq!(read.lookup, text(&expect["lookup_key"]));
    let (kind, wanted, decimals) = match text(&expect["measure"]) {
        "price" => (InStoreKind::Price, text(&expect["price_eur"]).to_owned(), 2),
        "weight" => (InStoreKind::Weight, text(&expect["weight_kg"]).to_owned(), 3),
        _ => (InStoreKind::Count, expect["count"].to_string(), 3),
    };
    let (whole, part) = wanted.split_once('.').unwrap_or((&wanted, ""));
    let wanted: i64 = format!("{whole}{part:0<decimals$}").parse().unwrap();
    assert_eq!((read.kind, read.value), (kind, wanted), "{code}");
}

fn cases(data: &Value, table: &str) -> Vec<Vec<Value>> {
    let cases = data["cases"][table].as_array().unwrap();
    cases.iter().map(|case| case.as_array().unwrap().clone()).collect()
}

/// Cases of the engine that its test program runs under an option that we have not, with the reason.
const LINKS_OTHERWISE: &[(&str, &str)] = &[
    ("https://a/01/416000336108", "GTIN of 12 digits: an option of the engine that is on here"),
    ("https://a/01/02345673", "GTIN of 8 digits: listed with the option on and off; on here"),
    (
        "https://a/8004/9520614141234567?01=2112345678900",
        "GTIN of 13 digits in the query: listed on and off; on here",
    ),
    (
        "https://a/gtin/12312312312333",
        "words for numbers: listed with the option on and off; on here",
    ),
];

#[test]
fn digital_links_of_the_engine() {
    let Some(data) = load("gs1_engine_unit_cases.json") else {
        return;
    };
    let (mut checked, mut skipped) = (0, 0);
    for case in cases(&data, "test_parseDLuri") {
        let (succeeds, uri, expected) = (case[0] == true, text(&case[1]), text(&case[2]));
        let read = Elements::parse_link(uri);
        let otherwise = LINKS_OTHERWISE.iter().find(|(link, _)| *link == uri);
        if let Some((_, reason)) = otherwise.filter(|_| read.is_ok() != succeeds) {
            println!("answered otherwise: {uri}: {reason}");
            skipped += 1;
            continue;
        }
        assert_eq!(read.is_ok(), succeeds, "{uri}: {read:?}");
        if let Ok(elements) = read {
            assert_eq!(with_fnc1(&elements), expected, "{uri}");
        }
        checked += 1;
    }
    println!("Digital Links checked: {checked}, otherwise: {skipped}");
    assert!(checked >= 73 && skipped == LINKS_OTHERWISE.len(), "{checked} {skipped}");
}

#[test]
fn element_strings_of_the_engine() {
    let Some(data) = load("gs1_engine_unit_cases.json") else {
        return;
    };
    let mut checked = 0;
    for case in cases(&data, "test_processAIdata") {
        let (succeeds, scan) = (case[0] == true, text(&case[1]));
        if scan == "buf" {
            println!(
                "no data: a variable of the engine's own test program (a text that is too long)"
            );
            continue;
        }
        // An element string begins with FNC1; that is the mark of the symbol, told by the AIM identifier.
        let read = scan.strip_prefix('^').map(|rest| Elements::parse(&rest.replace('^', "\u{1d}")));
        assert_eq!(read.as_ref().is_some_and(Result::is_ok), succeeds, "{scan}: {read:?}");
        checked += 1;
    }
    for case in cases(&data, "test_parseAIdata") {
        let (succeeds, bracketed, expected) = (case[0] == true, text(&case[1]), text(&case[2]));
        if bracketed == "inbuf" {
            println!(
                "no data: a variable of the engine's own test program (a text that is too long)"
            );
            continue;
        }
        let read = Elements::parse_bracketed(bracketed);
        assert_eq!(read.is_ok(), succeeds, "{bracketed}: {read:?}");
        assert_eq!(read.map_or(String::new(), |elements| with_fnc1(&elements)), expected);
        checked += 1;
    }
    assert!(checked >= 60, "{checked}");
}

#[test]
fn associations_of_the_engine() {
    let Some(data) = load("gs1_engine_unit_cases.json") else {
        return;
    };
    let (mut checked, mut otherwise) = (0, 0);
    for case in cases(&data, "test_validateAIs") {
        let (succeeds, function, bracketed) = (case[0] == true, text(&case[1]), text(&case[2]));
        let read = Elements::parse_bracketed(bracketed);
        // Unknown identifiers (89, and 3338 outside its range) never come this far.
        if read == Err(ScanError::UnknownAi) {
            assert!(!succeeds, "{bracketed}");
            checked += 1;
            continue;
        }
        let code = |result: &Result<(), ScanError>| result.as_ref().err().map(ScanError::code);
        let associated = read.as_ref().map_or(Ok(()), Elements::check_associations);
        match function {
            "validateAIrepeats" => {
                let wanted = (!succeeds).then_some("scan_repeated");
                assert_eq!(read.as_ref().err().map(ScanError::code), wanted, "{bracketed}");
            }
            "validateAImutex" => {
                assert_eq!(code(&associated), Some("scan_excluded"), "{bracketed}")
            }
            "validateAIrequisites" => {
                assert_eq!(code(&associated), (!succeeds).then_some("scan_lacks"), "{bracketed}");
            }
            // A signature needs a serial number: not a matter of a till, see check_associations.
            "validateDigSigRequiresSerialisedKey" => {
                println!(
                    "not a till's matter: {bracketed}: whether a signature (8030) has a serial number"
                );
                otherwise += 1;
                continue;
            }
            other => panic!("a function without a test: {other}"),
        }
        checked += 1;
    }
    println!("associations checked: {checked}, not a till's matter: {otherwise}");
    assert!(checked >= 40, "{checked}");
}

#[test]
fn scan_data_of_the_engine() {
    let Some(data) = load("gs1_engine_unit_cases.json") else {
        return;
    };
    let (mut checked, mut otherwise) = (0, 0);
    for case in cases(&data, "test_testProcessScanData") {
        let (succeeds, scan, expected) = (case[0] == true, text(&case[1]), text(&case[3]));
        let read = parse_scan(scan);
        if let Some(reason) = scan_difference(scan) {
            println!("answered otherwise: {scan}: {reason}");
            assert_ne!(read.is_ok(), succeeds, "{scan}: {read:?}");
            otherwise += 1;
            continue;
        }
        assert_eq!(read.is_ok(), succeeds, "{scan}: {read:?}");
        // A plain text that begins with ^ or \^ is escaped there, and a composite code is kept in two
        // parts; here the first part becomes (01).
        match read {
            Ok(Scan::Gtin(gtin)) => assert_eq!(gtin.display(), expected),
            Ok(Scan::Url(text)) => assert_eq!(text, expected),
            Ok(Scan::Text(text)) => assert!(expected.ends_with(&text), "{text} {expected}"),
            Ok(Scan::Elements(elements))
                if expected.starts_with("http") || expected.starts_with("HTTP") =>
            {
                assert_eq!(elements, Elements::parse_link(expected).unwrap());
            }
            Ok(Scan::Elements(elements)) => {
                let wanted = match expected.split_once('|') {
                    Some((gtin, more)) => format!("^01{gtin:0>14}{}", more.trim_start_matches('^')),
                    None => expected.to_owned(),
                };
                assert_eq!(with_fnc1(&elements), wanted);
            }
            Ok(other) => panic!("{scan}: {other:?}"),
            Err(_) => {}
        }
        checked += 1;
    }
    assert!(checked >= 25 && otherwise == 5, "{checked} {otherwise}");
}

/// What the engine writes is read again. Nothing here writes links, so that its refusals to write are
/// no matter of a till.
#[test]
fn links_that_the_engine_writes_are_read() {
    let Some(data) = load("gs1_engine_unit_cases.json") else {
        return;
    };
    let mut checked = 0;
    for case in cases(&data, "test_testGenerateDLuri") {
        let (succeeds, bracketed, link) = (case[0] == true, text(&case[2]), text(&case[3]));
        if !succeeds {
            println!("not a till's matter: writing a link for {bracketed}");
            continue;
        }
        if bracketed.contains("(89)") {
            println!(
                "answered otherwise: {link}: (89) is not assigned; the engine is told to let it through"
            );
            assert_eq!(Elements::parse_link(link), Err(ScanError::UnknownAi));
            continue;
        }
        let pairs = |elements: Elements| {
            let pair = |e: &Element| (e.ai().to_owned(), e.value().to_owned());
            elements.iter().map(pair).collect::<std::collections::BTreeSet<_>>()
        };
        let written = pairs(Elements::parse_bracketed(bracketed).unwrap());
        assert_eq!(pairs(Elements::parse_link(link).unwrap()), written, "{link}");
        checked += 1;
    }
    println!("links written by the engine and read: {checked}");
    assert!(checked >= 10, "{checked}");
}

/// What scanners send for what the engine was told to encode, with the symbol it was encoded in.
#[test]
fn scans_of_symbols_that_the_engine_draws_are_read() {
    let Some(data) = load("gs1_engine_unit_cases.json") else {
        return;
    };
    let mut checked = 0;
    for case in cases(&data, "test_testGenerateScanData") {
        let (symbol, encoded) = (text(&case[0]), text(&case[1]));
        let Some(scan) = case[2].as_str() else {
            println!("no scan: the engine refuses to draw {encoded:?} as {symbol}");
            continue;
        };
        let read = parse_scan(scan);
        match &read {
            Ok(Scan::Text(code)) => assert_eq!(scan.get(3..), Some(code.as_str())),
            Ok(Scan::Elements(elements)) => {
                let all = encoded.trim_end_matches('^').replace('|', "^").replace("^^", "^");
                let behind = |ai: &str| elements.value(ai);
                for (ai, word) in [("99", "TESTING"), ("99", "COMPOSITE"), ("98", "XYZ")] {
                    if all.contains(&format!("{ai}{word}")) {
                        assert_eq!(behind(ai), Some(word), "{scan:?}");
                    }
                }
                let item = carried_item(scan).unwrap();
                assert!(all.contains(item.gtin.trim_start_matches('0')), "{scan:?}: {item:?}");
                let carrier = match symbol {
                    "QR" => Carrier::Qr,
                    "DM" => Carrier::DataMatrix,
                    "DotCode" => Carrier::DotCode,
                    "UPCA" | "UPCE" | "EAN13" | "EAN8" => Carrier::Bars,
                    _ if scan.starts_with("]C") => Carrier::Code128,
                    _ => Carrier::DataBar,
                };
                assert_eq!(item.carrier, carrier, "{scan:?}");
            }
            other => panic!("{scan:?}: {other:?}"),
        }
        checked += 1;
    }
    println!("scans of drawn symbols read: {checked}");
    assert!(checked >= 24, "{checked}");
}

/// No table of the file is left out in silence.
#[test]
fn every_table_of_the_engine_has_its_test() {
    let Some(data) = load("gs1_engine_unit_cases.json") else {
        return;
    };
    let tested = [
        "test_parseAIdata",
        "test_parseDLuri",
        "test_processAIdata",
        "test_testGenerateDLuri",
        "test_testGenerateScanData",
        "test_testProcessScanData",
        "test_validateAIs",
    ];
    let mut tables: Vec<_> = data["cases"].as_object().unwrap().keys().collect();
    tables.sort_unstable();
    assert_eq!(tables, tested);
}
