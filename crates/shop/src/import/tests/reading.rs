//! How files are understood: character sets, separators, decimal signs, headers.

use money::{Money, Quantity};

use super::super::amount::{parse_decimal, write_decimal};
use super::super::columns::field_of;
use super::*;

/// The first line of the preview.
fn first(file: impl AsRef<[u8]>) -> (Preview, PreviewRow) {
    let preview = Fake::new().analyse(file).unwrap();
    assert_eq!(preview.errors, Vec::new());
    let row = preview.sample.first().cloned().expect("one good line");
    (preview, row)
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let units =
        text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() });
    let mark = if big { [0xFE, 0xFF] } else { [0xFF, 0xFE] };
    mark.into_iter().chain(units).collect()
}

#[test]
fn each_character_set_gives_the_same_text() {
    let text =
        "Bezeichnung;Preis;MwSt;Warengruppe\nÄpfel süß;1,99;7;Getränke\nBrötchen;0,35;7;Getränke\n";
    let windows: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let dos: Vec<u8> = text
        .chars()
        .map(|c| match c {
            'Ä' => 0x8E,
            'ü' => 0x81,
            'ß' => 0xE1,
            'ä' => 0x84,
            'ö' => 0x94,
            c => u8::try_from(u32::from(c)).unwrap(),
        })
        .collect();
    let marked = format!("\u{FEFF}{text}").into_bytes();
    let table = [
        (text.as_bytes().to_vec(), Charset::Utf8),
        (marked, Charset::Utf8),
        (utf16(text, false), Charset::Utf16Le),
        (utf16(text, true), Charset::Utf16Be),
        (windows, Charset::Windows1252),
        (dos, Charset::Cp850),
    ];
    for (bytes, charset) in table {
        let (preview, row) = first(bytes);
        assert_eq!(preview.charset, charset);
        assert_eq!(
            (row.name.as_str(), row.group.as_str()),
            ("Äpfel süß", "Getränke"),
            "{charset:?}"
        );
        assert_eq!(preview.counts.new, 2, "{charset:?}");
        assert_eq!(preview.groups, Vec::new(), "{charset:?}");
    }
}

#[test]
fn a_late_or_split_character_does_not_change_the_character_set() {
    let mut file = String::from("Bezeichnung;Preis;MwSt\n");
    // Blocks are 64 KiB: some two-byte character stands across a border.
    for n in 0..40_000 {
        file.push_str(&format!("ö{n};1,00;7\n"));
    }
    let preview = Fake::new().analyse(&file).unwrap();
    assert_eq!((preview.charset, preview.counts.new), (Charset::Utf8, 40_000));
    let late =
        format!("Bezeichnung;Preis;MwSt\n{}K\u{E4}se;2,00;7\n", "Brot;1,00;7\n".repeat(9_000));
    let late: Vec<u8> = late.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(Fake::new().analyse(late).unwrap().charset, Charset::Windows1252);
}

#[test]
fn each_separator_is_recognised() {
    for separator in [";", ",", "\t", "|"] {
        let file =
            "Name;Price;VAT;SKU\n\"Apple; red, | sweet\";1.99;7;A1\n".replace(';', separator);
        let name = format!("Apple{separator} red, | sweet").replace('\t', " ");
        let (preview, row) = first(file);
        assert_eq!(preview.separator, separator);
        assert_eq!(row.name, name);
        assert_eq!(row.number, "A1");
    }
    let (preview, row) = first("sep=,\r\nName,Price,VAT\r\nApple,1.99,7\r\n");
    assert_eq!((preview.separator.as_str(), row.line), (",", 3));
}

#[test]
fn the_decimal_sign_follows_the_amounts() {
    let table = [
        ("Name;Preis;MwSt\na;1.234,50;7\n", DecimalSign::Comma, 123_450),
        ("Name;Preis;MwSt\na;1,234.50;7\n", DecimalSign::Point, 123_450),
        ("Name;Preis;MwSt\na;2.49;7\nb;12.99;7\n", DecimalSign::Point, 249),
        ("Name;Preis;MwSt\na;1.234;7\nb;2,50;7\n", DecimalSign::Comma, 123_400),
        ("Name,Price,VAT\na,\"1,234\",7\nb,2.50,7\n", DecimalSign::Point, 123_400),
        ("Name;Preis;MwSt\na;1.234;7\n", DecimalSign::Comma, 123_400),
        ("Name;Preis;MwSt\na;3;7\n", DecimalSign::Comma, 300),
        ("Name;Preis;MwSt\na;€ 1.234.567,00;7\n", DecimalSign::Comma, 123_456_700),
    ];
    for (file, sign, minor) in table {
        let (preview, row) = first(file);
        assert_eq!(preview.decimal, sign, "{file}");
        assert_eq!(row.price.unwrap().amount, Money::new(minor), "{file}");
    }
}

#[test]
fn amounts_are_read_digit_by_digit() {
    use DecimalSign::{Comma, Point};
    let table = [
        ("0,29", Comma, 2, Some(29)),
        ("0,1", Comma, 2, Some(10)),
        (",5", Comma, 2, Some(50)),
        ("5,-", Comma, 2, Some(500)),
        ("1,9900", Comma, 2, Some(199)),
        ("1,999", Comma, 2, None),
        ("1 234,50 €", Comma, 2, Some(123_450)),
        ("1'234.50", Point, 2, Some(123_450)),
        ("CHF 1’234.55", Point, 2, Some(123_455)),
        ("12.34,50", Comma, 2, None),
        ("1.99", Comma, 2, None),
        ("-0,25", Comma, 2, Some(-25)),
        ("92233720368547758,07", Comma, 2, Some(i64::MAX)),
        ("92233720368547758,08", Comma, 2, None),
        ("1e3", Point, 2, None),
        ("1,2,3", Comma, 2, None),
        ("0x10", Point, 2, None),
        ("", Comma, 2, None),
        ("-", Comma, 2, None),
        ("٣", Comma, 2, None),
        ("0,486", Comma, 3, Some(486)),
        ("100", Comma, 0, Some(100)),
    ];
    for (text, sign, digits, expected) in table {
        assert_eq!(parse_decimal(text, sign, digits), expected, "{text}");
    }
    for (value, digits, text) in
        [(0, 2, "0,00"), (5, 2, "0,05"), (123_456, 2, "1234,56"), (-25, 2, "-0,25"), (7, 0, "7")]
    {
        assert_eq!(write_decimal(value, DecimalSign::Comma, digits), text);
        assert_eq!(parse_decimal(text, DecimalSign::Comma, digits), Some(value));
    }
}

#[test]
fn headers_are_known_in_many_spellings() {
    use Field as F;
    let table = [
        (F::Code, "GTIN EAN Barcode Strichcode code EAN-Code EAN13"),
        (F::Name, "Bezeichnung Name Artikelname description Artikelbezeichnung PRODUKTNAME"),
        (F::Price, "Preis VK price VK-Preis Verkaufspreis Preis_(EUR) Preis/€ UVP"),
        (F::Tax, "MwSt USt tax VAT MwSt.% MwSt-Satz Steuersatz"),
        (F::TaxKey, "Steuerschlüssel Steuerschluessel MwSt-Schlüssel"),
        (F::Group, "Warengruppe Gruppe group category Kategorie"),
        (F::Age, "Mindestalter age Jugendschutz"),
        (F::Deposit, "Pfand deposit Pfand_€"),
        (F::Number, "Artikelnummer SKU number Art.-Nr. Artikel-Nr."),
        (F::Unit, "Einheit unit ME"),
        (F::Minimum, "Bestandsminimum minimum Mindestbestand"),
        (F::Content, "Inhalt content Nettogewicht Abtropfgewicht Nennfüllmenge net_content"),
        (F::ContentUnit, "Inhaltseinheit content_unit Inhalt-Einheit"),
        (F::PerHundred, "Preis_je_100 price_per_100"),
        (F::Weighed, "Gewogen weighed"),
        (F::OpenPrice, "Preis_frei open_price"),
        (F::PriceBound, "Preisbindung price_bound Price-bound"),
        (F::Discountable, "rabattfähig discountable Rabattfaehig"),
        (F::Retired, "inaktiv retired gesperrt"),
        (F::PackQuantities, "Packmenge pack_quantity Gebindemenge"),
        (F::PackPrices, "Packpreis pack_price"),
    ];
    for (field, spellings) in table {
        for spelling in spellings.split(' ') {
            let spelling = spelling.replace('_', " ");
            assert_eq!(field_of(&spelling), Some(field), "{spelling}");
        }
    }
    for stranger in ["EK", "Lieferant", "1,99", "4000000000013", "", "%", "purchase price"] {
        assert_eq!(field_of(stranger), None, "{stranger}");
    }
}

#[test]
fn a_line_becomes_the_item_that_it_describes() {
    let file = "SKU;EAN;Name;VK;MwSt;Gruppe;Alter;Einheit;Gewogen;Preisbindung;Rabattfähig;Mindestbestand;\
                Inaktiv;Preis frei;Packcode;Packmenge;Packpreis\n\
                4711;4 000000 000013;\"  Käse\n am Stück \";19,99;7 %;Lebensmittel;ab 16;KG;;ja;nein;1,5;x;0;\
                4000007004052|9;6|0,5;99,00|\n";
    let shop = Fake::new();
    assert_eq!(shop.import(file, false).unwrap().new, 1);
    let draft = shop.item("4711").draft;
    let codes: Vec<_> =
        draft.codes.iter().map(|c| (c.code.as_str(), c.quantity, c.price)).collect();
    assert_eq!(
        codes,
        [
            ("4000000000013", Quantity::ONE, None),
            ("4000007004052", Quantity::new(6_000), Some(Money::new(9_900))),
            ("9", Quantity::new(500), None),
        ]
    );
    assert_eq!(draft.name, "Käse  am Stück");
    assert_eq!((draft.tax.0, draft.group.0, draft.age), (2, 1, Some(16)));
    assert_eq!(draft.unit, domain::catalogue::Unit::Kilogram);
    // An empty cell of a column is no; without the column kilograms are weighed.
    assert!(
        !draft.weighed
            && draft.price_bound
            && !draft.discountable
            && draft.retired
            && !draft.open_price
    );
    assert_eq!(draft.minimum, Some(Quantity::new(1_500)));
    assert_eq!(draft.prices.iter().map(|p| p.amount.minor()).collect::<Vec<_>>(), [1_999]);
}

#[test]
fn a_content_is_read_as_people_write_it() {
    use domain::content::ContentUnit as U;
    let content = |content: &str, unit: &str| {
        let shop = Fake::new();
        let file =
            format!("Nr;Name;Preis;MwSt;Inhalt;Inhaltseinheit\n1;a;1,00;7;{content};{unit}\n");
        assert_eq!(shop.import(file, false).expect("an import").new, 1, "{content} {unit}");
        shop.item("1").draft.content.map(|content| (content.net, content.unit))
    };
    for (text, unit, amount, of) in [
        ("500 g", "", 500, U::Gram),
        ("500g", "ml", 500, U::Gram),
        ("0,75 l", "", 750, U::Millilitre),
        ("0.75 L", "", 750, U::Millilitre),
        ("1,5 kg", "", 1_500, U::Gram),
        ("1.500", "g", 1_500, U::Gram),
        ("33 cl", "", 330, U::Millilitre),
        ("2,5", "m", 2_500, U::Millimetre),
        ("0,5 m²", "", 5_000, U::SquareCentimetre),
        ("120 cm²", "", 120, U::SquareCentimetre),
        ("3 m2", "", 30_000, U::SquareCentimetre),
        ("3", "qm", 30_000, U::SquareCentimetre),
    ] {
        assert_eq!(content(text, unit), Some((amount, of)), "{text} {unit}");
    }
    assert_eq!(content("6 Stück", ""), None);
    assert_eq!(content("", "g"), None);
    for (text, unit) in [
        ("500", ""),
        ("g", ""),
        ("0 g", ""),
        ("-5 g", ""),
        ("0,0005 kg", ""),
        ("6x33 cl", ""),
        ("10001 kg", ""),
    ] {
        let file = format!("Name;Preis;MwSt;Inhalt;Inhaltseinheit\na;1,00;7;{text};{unit}\n");
        let found = Fake::new().analyse(file.as_bytes()).expect("an analysis").errors;
        assert_eq!(found.first().map(|e| e.code), Some(LineProblem::BadContent), "{text} {unit}");
    }
    let loose = "Name;Preis;MwSt;Einheit;Inhalt;Preis je 100\na;1,00;7;kg;500 g;nein\nb;1,00;7;Stück;;ja\nc;1,00;7;kg;;ja\n";
    let found = Fake::new().analyse(loose.as_bytes()).expect("an analysis").errors;
    let codes: Vec<_> = found.iter().map(|e| (e.line, e.code)).collect();
    assert_eq!(codes, [(2, LineProblem::BadContent), (3, LineProblem::NotLoose)]);
}

#[test]
fn taxes_are_found_by_rate_name_and_key() {
    let table = [
        ("MwSt", "19", 1),
        ("MwSt", "7,0 %", 2),
        ("MwSt", "10.7", 3),
        ("MwSt", "0", 5),
        ("USt", "ermäßigt", 2),
        ("tax", "standard", 1),
        ("tax", "Schlüssel 6", 6),
        ("tax", "key 3", 3),
        ("tax", "steuerfrei", 5),
        ("Steuerschlüssel", "2", 2),
    ];
    for (header, text, key) in table {
        let (_, row) = first(format!("Name;Preis;{header}\na;1,00;{text}\n"));
        assert_eq!(row.tax.0, key, "{header} {text}");
    }
    // No tax column: the group's key.
    let (_, row) = first("Name;Preis;Gruppe\na;1,00;LEBENSMITTEL\n");
    assert_eq!(row.tax.0, 2);
}

#[test]
fn numbers_come_from_the_column_the_code_or_the_name() {
    let file = "Name;Preis;MwSt;EAN;Nr\nÄpfel, rot;1,00;7;;\nB;1,00;7;4000000000013;\nC;1,00;7;4000007004052;9\n";
    let shop = Fake::new();
    assert_eq!(shop.import(file, false).unwrap().new, 3);
    let numbers: Vec<_> = shop.items().into_iter().map(|i| i.draft.number).collect();
    assert_eq!(numbers, ["apfel-rot", "4000000000013", "9"]);
    assert_eq!(shop.import(file, false).unwrap().unchanged, 3);
}

#[test]
fn invisible_marks_are_dropped_and_line_breaks_are_blanks() {
    let (_, row) = first("Name;Preis;MwSt\n\u{202B}Ta\u{200F}hini\u{2028}hell\u{202C};1,00;7\n");
    assert_eq!(row.name, "Tahini hell");
}
