//! Each thing that can be wrong, with its place.

use super::*;

fn only_error(file: impl AsRef<[u8]>) -> LineError {
    let preview = Fake::new().analyse(file).unwrap();
    assert_eq!(preview.errors.len(), 1, "{:?}", preview.errors);
    assert_eq!(preview.counts.errors, 1);
    assert_eq!(preview.error_counts[0].code, preview.errors[0].code);
    preview.errors[0].clone()
}

#[test]
fn each_error_names_line_column_and_value() {
    use LineProblem as P;
    let header = "GTIN;Name;Preis;MwSt;Gruppe;Alter;Pfand;Einheit;Gewogen;Minimum;Packcode;Packmenge;Packpreis";
    let long = "x".repeat(121);
    let table: Vec<(&str, P, u32, &str)> = vec![
        ("4000000000014;a;1,00;7;;;;;;;;;", P::CheckDigit, 1, "4000000000014"),
        ("40000009;a;1,00;7;;;;;;;;;", P::CheckDigit, 1, "40000009"),
        ("4,00123E+12;a;1,00;7;;;;;;;;;", P::ScientificNotation, 1, "4,00123E+12"),
        ("a|b;a;1,00;7;;;;;;;;;", P::BadCode, 1, "a|b"),
        ("1; ;1,00;7;;;;;;;;;", P::MissingName, 2, ""),
        ("1;a\0b;1,00;7;;;;;;;;;", P::ControlCharacters, 2, "a\u{FFFD}b"),
        ("1;a\u{1B}b;1,00;7;;;;;;;;;", P::ControlCharacters, 2, "a\u{FFFD}b"),
        ("1;a;;7;;;;;;;;;", P::MissingPrice, 3, ""),
        ("1;a;gratis;7;;;;;;;;;", P::BadPrice, 3, "gratis"),
        ("1;a;1,999;7;;;;;;;;;", P::BadPrice, 3, "1,999"),
        ("1;a;-1,00;7;;;;;;;;;", P::NegativePrice, 3, "-1,00"),
        ("1;a;10000000,01;7;;;;;;;;;", P::PriceTooHigh, 3, "10000000,01"),
        ("1;a;1,00;8;;;;;;;;;", P::UnknownTax, 4, "8"),
        ("1;a;1,00;-7;;;;;;;;;", P::UnknownTax, 4, "-7"),
        ("1;a;1,00;;Neu;;;;;;;;", P::MissingTax, 4, ""),
        ("1;a;1,00;7;;alt;;;;;;;", P::BadAge, 6, "alt"),
        ("1;a;1,00;7;;100;;;;;;;", P::BadAge, 6, "100"),
        ("1;a;1,00;7;;;-0,25;;;;;;", P::BadDeposit, 7, "-0,25"),
        ("1;a;1,00;7;;;1000,01;;;;;;", P::BadDeposit, 7, "1000,01"),
        ("1;a;1,00;7;;;;Fass;;;;;", P::UnknownUnit, 8, "Fass"),
        ("1;a;1,00;7;;;;;vielleicht;;;;", P::BadFlag, 9, "vielleicht"),
        ("1;a;1,00;7;;;;;;viel;;;", P::BadQuantity, 10, "viel"),
        ("1;a;1,00;7;;;;;;-1;;;", P::BadQuantity, 10, "-1"),
        ("1;a;1,00;7;;;;;;;2;;", P::BadPack, 11, "2"),
        ("1;a;1,00;7;;;;;;;2|3;6;", P::BadPack, 11, "2|3"),
        ("1;a;1,00;7;;;;;;;2;6;x", P::BadPack, 11, "2"),
        ("1;a;1,00;7;;;;;;;4000000000014;6;", P::CheckDigit, 11, "4000000000014"),
        ("1;a;1,00;7;;;;;;;1;6;", P::DuplicateCode, 11, "1"),
    ];
    let names: Vec<&str> = header.split(';').collect();
    for (line, code, column, value) in table {
        let error = only_error(format!("{header}\n\n{line}\n"));
        let name = names[usize::try_from(column).unwrap() - 1];
        let expected = LineError {
            line: 3,
            column: Some(column),
            column_name: Some(name.to_owned()),
            code,
            value: value.to_owned(),
        };
        assert_eq!(error, expected, "{line}");
    }
    let error = only_error(format!("{header}\n1;{long};1,00;7;;;;;;;;;\n"));
    assert_eq!((error.code, error.column), (P::TooLong, Some(2)));
    assert_eq!(error.value, format!("{}…", "x".repeat(60)));
    let exact = format!("{header}\n1;{};1,00;7;;;;;;;;;\n", "ü".repeat(120));
    assert_eq!(Fake::new().analyse(exact).unwrap().counts.new, 1);
}

#[test]
fn ragged_lines_are_errors_and_empty_ones_are_nothing() {
    let file = "Name;Preis;MwSt\n\n;;\na;1,00\nb;1,00;7;;\nc;1,00;7;x\n   \nd;1,00;7";
    let preview = Fake::new().analyse(file).unwrap();
    assert_eq!((preview.counts.rows, preview.counts.new, preview.counts.errors), (4, 2, 2));
    let found: Vec<_> = preview.errors.iter().map(|e| (e.line, e.code, e.value.as_str())).collect();
    assert_eq!(found, [(4, LineProblem::RaggedLine, "2"), (6, LineProblem::RaggedLine, "4")]);
}

#[test]
fn lines_are_counted_as_in_an_editor() {
    for end in ["\n", "\r\n", "\r"] {
        let file = ["Name;Preis;MwSt", "\"a", "b\";1,00;7", "", "c;x;7", ""].join(end);
        let error = only_error(file);
        assert_eq!((error.line, error.code), (5, LineProblem::BadPrice), "{end:?}");
    }
}

#[test]
fn what_stands_twice_is_an_error_at_its_second_place() {
    use LineProblem as P;
    let table = [
        (
            "EAN;Name;Preis;MwSt\n4000000000013;a;1,00;7\n4000000000013;b;2,00;7\n",
            P::DuplicateCode,
            Some(1),
        ),
        ("EAN;Name;Preis;MwSt\nabc;a;1,00;7\nabc;b;2,00;7\n", P::DuplicateCode, Some(1)),
        ("Nr;Name;Preis;MwSt\n7;a;1,00;7\n7;b;2,00;7\n", P::DuplicateNumber, Some(1)),
        ("Name;Preis;MwSt\na;1,00;7\nA ;2,00;7\n", P::DuplicateNumber, None),
    ];
    for (file, code, column) in table {
        let error = only_error(file);
        assert_eq!((error.line, error.code, error.column), (3, code, column), "{file}");
    }
    // A GTIN is the same with other zeros in front; other codes are not. A bad line takes nothing.
    let file = "EAN;Name;Preis;MwSt\n012345678905;a;1,00;7\n0012345678905;b;2,00;7\n";
    assert_eq!((only_error(file).line, only_error(file).code), (3, P::DuplicateCode));
    let file = "EAN;Name;Preis;MwSt\n12;a;1,00;7\n012;b;2,00;7\n9;c;x;7\n9;d;1,00;7\n";
    assert_eq!((only_error(file).line, only_error(file).code), (4, P::BadPrice));
}

#[test]
fn code_and_number_of_two_items_do_not_make_one() {
    let shop = Fake::new();
    shop.import("Nr;EAN;Name;Preis;MwSt\n1;11;a;1,00;7\n2;22;b;1,00;7\n", false).unwrap();
    let table = [
        ("Nr;EAN;Name;Preis\n1;22;x;1,00\n", LineProblem::NumberTaken),
        ("Nr;EAN;Packcode;Packmenge\n1;11;22;6\n", LineProblem::CodeTaken),
        ("Nr;EAN;Preis\n;11;2,00\n1;;3,00\n", LineProblem::DuplicateItem),
        ("EAN;Preis\n11;2,00\n11;3,00\n", LineProblem::DuplicateCode),
    ];
    for (file, code) in table {
        let preview = shop.analyse(file).unwrap();
        assert_eq!(preview.errors.iter().map(|e| e.code).collect::<Vec<_>>(), [code], "{file}");
    }
}

#[test]
fn bytes_that_are_no_text_are_errors_of_their_line() {
    let mut file = "Name;Preis;MwSt\n".to_owned().into_bytes();
    for n in 0..60 {
        file.extend(format!("Käse {n};1,00;7\n").bytes());
    }
    file.extend(b"K\xE4se;1,00;7\n");
    let error = only_error(file);
    assert_eq!((error.line, error.code), (62, LineProblem::UnreadableCharacters));
}

#[test]
fn a_file_without_known_headers_is_refused_and_its_headers_are_named() {
    let failure = Fake::new()
        .analyse("4000000000013;Miel;0,49;7\n4000000221227;Noukao;5,99;7\n")
        .unwrap_err();
    let ImportFailure::MissingColumns { needed, found } = failure else { panic!("{failure:?}") };
    assert_eq!(needed, [Field::Code, Field::Name, Field::Price]);
    assert_eq!(found, ["4000000000013", "Miel", "0,49", "7"]);
    let failure = Fake::new().analyse("Name;Farbe\na;rot\n").unwrap_err();
    let ImportFailure::MissingColumns { needed, .. } = failure else { panic!("{failure:?}") };
    assert_eq!(needed, [Field::Code, Field::Price]);
    for empty in ["", "\n\n\r\n", "\u{FEFF}"] {
        assert_eq!(Fake::new().analyse(empty).unwrap_err(), ImportFailure::Empty);
    }
}

#[test]
fn too_many_groups_and_deposits_are_taken_for_the_wrong_column() {
    let mut file = "Name;Preis;MwSt;Gruppe;Pfand\n".to_owned();
    for n in 0..300 {
        file.push_str(&format!("a{n};1,00;7;g{n};\n"));
    }
    assert_eq!(Fake::new().analyse(file).unwrap_err(), ImportFailure::TooManyGroups { limit: 200 });
    let mut file = "Name;Preis;MwSt;Pfand\n".to_owned();
    for n in 1..100 {
        file.push_str(&format!("a{n};1,00;7;0,{n:02}\n"));
    }
    assert_eq!(
        Fake::new().analyse(file).unwrap_err(),
        ImportFailure::TooManyDeposits { limit: 50 }
    );
}

#[test]
fn a_shop_that_is_not_set_up_imports_nothing() {
    let shop = Fake::new();
    shop.shelves.lock().unwrap().settings = None;
    assert_eq!(shop.analyse("Name;Preis\na;1,00\n").unwrap_err(), ImportFailure::NotConfigured);
}
