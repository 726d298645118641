//! The tables of the form against the published ones, where these lie beside the checkout.

use std::path::Path;

use fiscal::de::dsfinvk::schema::{self, Form, Kind, TABLES};
use fiscal::de::dsfinvk::{Supplier, index_xml};
use serde_json::Value;

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn published() -> Option<Value> {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let text = folders.find_map(|folder| {
        std::fs::read_to_string(folder.join("shared/data/dsfinvk_schema.json")).ok()
    });
    if text.is_none() {
        println!("skipped: shared/data/dsfinvk_schema.json is not beside the checkout");
    }
    serde_json::from_str(&text?).ok()
}

#[test]
fn there_are_twenty_tables_with_219_columns() {
    let columns: usize = TABLES.iter().map(|table| table.columns.len()).sum();
    assert_eq!((TABLES.len(), columns), (20, 219));
    for (number, table) in TABLES.iter().enumerate() {
        assert_eq!(table.number, number, "{}", table.file);
    }
}

#[test]
fn every_column_is_the_published_one() {
    let Some(published) = published() else { return };
    let files = published["files"].as_object().unwrap();
    assert_eq!(files.len(), TABLES.len());
    for table in TABLES {
        let theirs = &files[table.file];
        assert_eq!(theirs["logical_name"], table.name);
        let columns = theirs["columns"].as_array().unwrap();
        assert_eq!(columns.len(), table.columns.len(), "{}", table.file);
        for (ours, theirs) in table.columns.iter().zip(columns) {
            assert_eq!(theirs["name"], ours.name, "{}", table.file);
            match ours.kind {
                Kind::Number(decimals) => {
                    assert_eq!(theirs["type"], "Numeric", "{}", ours.name);
                    assert_eq!(theirs["decimals"], decimals, "{}", ours.name);
                }
                Kind::Text(most) | Kind::Key(most) => {
                    assert_eq!(theirs["type"], "AlphaNumeric", "{}", ours.name);
                    assert_eq!(theirs["max_length"], most, "{}", ours.name);
                }
            }
            if let Form::OneOf(words) = ours.form {
                let list = published["enums"][ours.name].as_array().unwrap();
                let list: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                assert_eq!(words, list, "{}", ours.name);
            }
        }
    }
}

#[test]
fn the_places_of_columns_are_those_of_their_names() {
    let at = |table: &schema::Table, name: &str| {
        table.columns.iter().position(|column| column.name == name).unwrap()
    };
    let lines = &schema::lines::TABLE;
    assert_eq!(schema::lines::STK_BR, at(lines, "STK_BR"));
    assert_eq!(schema::lines::GV_TYP, at(lines, "GV_TYP"));
    let head = &schema::transactions::TABLE;
    assert_eq!(schema::transactions::UMS_BRUTTO, at(head, "UMS_BRUTTO"));
    let signed = &schema::transactions_tse::TABLE;
    assert_eq!(schema::transactions_tse::TSE_VORGANGSDATEN, at(signed, "TSE_VORGANGSDATEN"));
}

#[test]
fn the_index_declares_the_tables_in_the_order_of_the_dtd() {
    let supplier = Supplier { name: "Müller & Söhne <OHG>".to_owned(), ..Supplier::default() };
    let index = index_xml(&supplier, [&schema::tse::TABLE, &schema::vat::TABLE], 3);
    let squeezed: String = index.split_whitespace().collect::<Vec<_>>().join(" ");
    for piece in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?> <!DOCTYPE DataSet SYSTEM \"gdpdu-01-09-2004.dtd\"> \
         <DataSet> <Version>1.0</Version> <DataSupplier> <Name>Müller &amp; Söhne &lt;OHG&gt;</Name>",
        "<Table> <URL>vat.csv</URL> <Name>Stamm_USt</Name> <Description>Steuersätze</Description> \
         <UTF8 /> <DecimalSymbol>,</DecimalSymbol> <DigitGroupingSymbol>.</DigitGroupingSymbol> \
         <Range> <From>2</From> </Range> <VariableLength> <ColumnDelimiter>;</ColumnDelimiter> \
         <RecordDelimiter>&#13;&#10;</RecordDelimiter> <TextEncapsulator>\"</TextEncapsulator> \
         <VariableColumn>",
        "<Name>UST_SCHLUESSEL</Name> <Description>Steuerschlüssel</Description> <Numeric />",
        "<Numeric> <Accuracy>2</Accuracy> </Numeric>",
        "<AlphaNumeric /> <MaxLength>55</MaxLength>",
        "<Name>TSE_ZERTIFIKAT_III</Name>",
    ] {
        assert!(squeezed.contains(piece), "{piece}\nin {squeezed}");
    }
    assert_eq!(squeezed.matches("<Table>").count(), 2);
    assert!(!squeezed.contains("TSE_ZERTIFIKAT_IV"));
}
