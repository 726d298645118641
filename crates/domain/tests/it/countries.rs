//! What is each country's own.

use domain::country::{self, Uid};
use domain::settings::{Country, DatedRate};
use jiff::civil::date;
use money::Rate;
use proptest::prelude::*;

#[test]
fn a_uid_is_read_in_each_of_its_forms_and_written_in_one() {
    for text in [
        "CHE-123.456.788",
        "CHE-123.456.788 MWST",
        "che-123.456.788 tva",
        "CHE-123.456.788IVA",
        "CHE123456788",
        "CHE-123456788 ",
    ] {
        let uid = Uid::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(uid.with_vat(), "CHE-123.456.788 MWST");
    }
    // The check digit of this one is 11, written 0.
    assert!(Uid::parse("CHE-116.281.710").is_some());
}

#[test]
fn a_uid_with_any_digit_changed_is_none() {
    let good = "CHE-123.456.788";
    for at in 4..good.len() {
        for digit in b'0'..=b'9' {
            let mut bytes = good.as_bytes().to_vec();
            if bytes[at] == digit || bytes[at] == b'.' {
                continue;
            }
            bytes[at] = digit;
            let text = String::from_utf8(bytes).unwrap();
            assert_eq!(Uid::parse(&text), None, "{text}");
        }
    }
    for text in [
        "",
        "CHE",
        "123.456.788",
        "CHE-12.3456.788",
        "CHE-123.456.78",
        "CHE-123.456.7888",
        "CHE-123.456.78ä",
    ] {
        assert_eq!(Uid::parse(text), None, "{text}");
    }
}

#[test]
fn each_country_is_its_own_profile_and_names_itself_once() {
    for profile in country::ALL {
        assert_eq!(profile.country.profile().alpha2, profile.alpha2);
        let code = serde_json::to_value(profile.country).unwrap();
        assert_eq!(code, profile.alpha2, "settings and addresses call it the same");
        assert_eq!((profile.alpha2.len(), profile.alpha3.len()), (2, 3));
    }
    let mut codes: Vec<&str> = country::ALL.iter().map(|profile| profile.alpha3).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), country::ALL.len());
}

#[test]
fn a_small_receipt_needs_nobodys_name_up_to_the_limit_of_its_day() {
    let minor = |country: Country, day| country.profile().nameless_up_to(day).minor();
    assert_eq!(minor(Country::De, date(2016, 12, 31)), 15_000);
    assert_eq!(minor(Country::De, date(2017, 1, 1)), 25_000);
    assert_eq!(minor(Country::At, date(2014, 2, 28)), 15_000);
    assert_eq!(minor(Country::At, date(2026, 11, 26)), 40_000);
    assert_eq!(minor(Country::Ch, date(2026, 11, 26)), 40_000);
}

#[test]
fn a_vat_number_is_written_in_the_words_of_its_country() {
    let printed = |country: Country, number: &str, charges| {
        let (word, text) = country.profile().vat_number.printed(Some(number), charges);
        format!("{} {}", word.de, text.unwrap_or_default())
    };
    assert_eq!(printed(Country::De, "DE123456789", true), "USt-IdNr. DE123456789");
    assert_eq!(printed(Country::At, "ATU12345678", true), "UID-Nummer ATU12345678");
    let uid = "che123456788";
    assert_eq!(printed(Country::Ch, uid, true), "MWST-Nr. (UID) CHE-123.456.788 MWST");
    // Whoever is not registered must not name the tax (MWSTG Art. 27).
    assert_eq!(printed(Country::Ch, uid, false), "UID CHE-123.456.788");
}

#[test]
fn a_shop_charges_vat_when_a_group_is_sold_at_a_rate() {
    let w = crate::world::World::open();
    let mut settings = (**w.state.settings.as_ref().unwrap()).clone();
    assert!(country::charges_vat(&settings));
    // What was charged once is not charged now.
    let last = settings.rates.iter().map(|rate| rate.from).max().unwrap();
    let keys: Vec<_> = settings.groups.iter().map(|group| group.tax).collect();
    let from = last.date().tomorrow().unwrap().at(0, 0, 0, 0);
    let free = |key| DatedRate { key, rate: Rate::new(0), from };
    settings.rates.extend(keys.into_iter().map(free));
    assert!(!country::charges_vat(&settings));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_uid_that_is_read_is_read_again_from_what_is_written(text in "(CHE)?-?[0-9.]{0,12}( MWST)?|\\PC{0,20}") {
        if let Some(uid) = Uid::parse(&text) {
            prop_assert_eq!(Uid::parse(&uid.with_vat()), Some(uid));
        }
    }
}
