//! What changed, in words; and that every field has some.

use domain::settings::{Country, Language};
use serde_json::{Value, json};

use super::diff::differences;
use super::words::Words;
use crate::defaults;

fn words(language: Language) -> Words {
    Words::of(&defaults::settings(Country::De, language), language)
}

fn said(language: Language, before: Option<&Value>, now: &Value) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    differences(&words(language), before, Some(now))
        .iter()
        .map(|field| format!("{}: {} > {}", field.field, text(&field.from), text(&field.to)))
        .collect()
}

#[test]
fn parts_of_a_list_are_told_apart_by_what_they_are_not_by_their_place() {
    let till = |id: u16, name: &str, printer: Option<&str>| json!({"id": id, "name": name, "printer": printer});
    let before =
        json!({"tills": [till(1, "Vorn", None), till(2, "Hinten", Some("10.0.0.7:9100"))]});
    let now =
        json!({"tills": [till(2, "Hinten", None), till(1, "Theke", None), till(3, "Hof", None)]});
    assert_eq!(
        said(Language::De, Some(&before), &now),
        [
            "Kasse 1 · Name: Vorn > Theke",
            "Kasse 2 · Drucker: 10.0.0.7:9100 > –",
            "Kasse 3 · Name: – > Hof",
        ]
    );
}

#[test]
fn money_rates_and_quantities_are_said_as_people_say_them() {
    let before = json!({"prices": [{"amount": 100}], "minimum": 1500, "weighed": false});
    let now = json!({"prices": [{"amount": 129}, {"amount": 99, "list": 1, "from": "2026-12-01T00:00:00"}], "minimum": 2000, "weighed": true});
    assert_eq!(
        said(Language::De, Some(&before), &now),
        [
            "Preis 1 · Betrag: 1,00 EUR > 1,29 EUR",
            "Preis 2 · Betrag: – > 0,99 EUR",
            "Preis 2 · Preisliste: – > 1",
            "Preis 2 · ab: – > 01.12.2026 00:00",
            "nach Gewicht: nein > ja",
            "Mindestbestand: 1,5 > 2",
        ]
    );
    let rate =
        |rate: u32| json!({"rates": [{"key": 1, "rate": rate, "from": "2020-07-01T00:00:00"}]});
    assert_eq!(
        said(Language::En, Some(&rate(1_900)), &rate(1_650)),
        ["Tax rate of key 1, 2020-07-01 · Rate: 19 % > 16.5 %",]
    );
}

#[test]
fn every_field_of_the_first_settings_has_words_in_both_languages() {
    let settings = defaults::settings(Country::De, Language::De);
    let now = serde_json::to_value(&settings).expect("JSON");
    for language in [Language::De, Language::En] {
        let words = words(language);
        for field in now.as_object().expect("an object").keys() {
            assert_ne!(words.field(field), field.replace('_', " "), "{field}");
        }
    }
}

#[test]
fn accounts_of_one_tax_key_of_datev_are_told_apart() {
    let account =
        |purpose: &str, number: u32| json!({"purpose": purpose, "number": number, "key": 9});
    let sales = |rate: u32, number: u32| json!({"purpose": "sales", "tax": 1, "rate": rate, "number": number, "key": 9});
    let datev = |paid_in: u32, low: u32| {
        json!({"datev": {"accounts": [account("paid_in", paid_in), account("paid_out", 1_890),
            sales(1_900, 8_400), sales(700, low)]}})
    };
    assert_eq!(
        said(Language::De, Some(&datev(1_880, 8_300)), &datev(1_881, 8_301)),
        [
            "DATEV · Konto Einlagen · Nummer: 1880 > 1881",
            "DATEV · Konto Erlöse, 1, 7 % · Nummer: 8300 > 8301",
        ]
    );
    let twice = |second: u32| {
        let rate = |from: &str, rate: u32| json!({"key": 1, "rate": rate, "from": from});
        json!({"rates": [rate("2027-01-01T00:00:00", 500), rate("2027-01-01T12:00:00", second)]})
    };
    assert_eq!(
        said(Language::De, Some(&twice(600)), &twice(700)),
        ["Steuersatz Schlüssel 1, 01.01.2027 (2) · Satz: 6 % > 7 %"]
    );
}

#[test]
fn books_devices_and_units_have_words_too() {
    let fields = [
        "prefix",
        "registers",
        "cash_register",
        "devices",
        "user",
        "adviser",
        "client",
        "year_begins",
        "digits",
        "chart",
        "accounts",
        "purpose",
        "reason",
        "key",
        "fixed",
        "contact",
        "phone",
        "mail",
        "tss",
    ];
    let words = words(Language::De);
    for field in fields {
        assert_ne!(words.field(field), field.replace('_', " "), "{field}");
    }
}

#[test]
fn countries_and_vat_numbers_are_called_what_they_are_called_there() {
    let told = |country: Country, language| {
        let words = Words::of(&defaults::settings(country, language), language);
        let changed = json!({"country": country, "vat_id": "CHE-123.456.788"});
        let fields = differences(&words, None, Some(&changed));
        let text = |field: &crate::audit::FieldChange| {
            format!("{}: {}", field.field, field.to.clone().unwrap_or_default())
        };
        fields.iter().map(text).collect::<Vec<_>>()
    };
    let swiss = ["MWST-Nr. (UID): CHE-123.456.788", "Land: Schweiz"];
    assert_eq!(told(Country::Ch, Language::De), swiss);
    let austrian = ["VAT ID (UID): CHE-123.456.788", "Country: Austria"];
    assert_eq!(told(Country::At, Language::En), austrian);
}
