//! What a shop begins with: groups, reasons, one till; rates, currency and coin are its country's (`domain::country`).

use domain::settings::{Country, Group, Language, Settings, TaxPoint};
use domain::{GroupId, PriceListId, TaxKey, TillId};
use money::CashRounding;

/// Groups: German name, English name, tax key, colour.
const GROUPS: &[(&str, &str, u16, &str)] = &[
    ("Lebensmittel", "Food", 2, "#2f7d4f"),
    ("Getränke", "Drinks", 1, "#2563a8"),
    ("Drogerie und Haushalt", "Household", 1, "#8a4fa3"),
    ("Sonstiges", "Other", 1, "#6b6459"),
    ("Pfand", "Deposits", 1, "#a8652a"),
];

const REASONS_DE: &[&str] =
    &["Kulanz", "Beschädigt", "Preis falsch", "Reklamation", "Wechselgeld", "Einkauf", "Bank"];
const REASONS_EN: &[&str] =
    &["Goodwill", "Damaged", "Wrong price", "Complaint", "Change", "Purchase", "Bank"];

/// The settings a shop of a country begins with: one till without a printer, names and address empty.
pub fn settings(country: Country, language: Language) -> Settings {
    let profile = country.profile();
    let german = language == Language::De;
    let groups = (1..).zip(GROUPS).map(|(id, (de, en, tax, color))| Group {
        id: GroupId(id),
        name: (if german { *de } else { *en }).to_owned(),
        tax: TaxKey(*tax),
        agency: None,
        color: (*color).to_owned(),
    });
    let reasons = if german { REASONS_DE } else { REASONS_EN };
    Settings {
        name: String::new(),
        address: Vec::new(),
        tax_number: None,
        vat_id: None,
        country,
        currency: profile.currency,
        language,
        time_zone: profile.time_zone.to_owned(),
        prices_include_tax: true,
        cash_rounding: CashRounding(profile.coin),
        tax_point: TaxPoint::Payment,
        rates: profile.dated_rates(),
        groups: groups.collect(),
        terminals: Vec::new(),
        tills: vec![domain::settings::TillSettings {
            terminal: None,
            id: TillId(1),
            name: if german { "Kasse 1" } else { "Till 1" }.to_owned(),
            printer: None,
            spare_printer: None,
            scanners: Vec::new(),
            scale: None,
            pole_display: None,
            cash_machine: None,
            columns: 42,
            price_list: PriceListId(0),
            signing_unit: None,
        }],
        tiles: Vec::new(),
        promotions: Vec::new(),
        coupons: Vec::new(),
        in_store_codes: gs1::default_rules_de(),
        reasons: reasons.iter().map(|r| (*r).to_owned()).collect(),
        receipt_header: Vec::new(),
        receipt_footer: vec![
            (if german {
                "Vielen Dank für Ihren Einkauf!"
            } else {
                "Thank you for your purchase!"
            })
            .to_owned(),
        ],
        lock_after_seconds: 120,
        print_receipts: true,
        peripherals: Vec::new(),
        logo: None,
        digital_receipts: None,
        bank: None,
        foreign_cash: Vec::new(),
        tips: None,
        print_merchant_slips: false,
        voucher_years: profile.voucher_years,
        own_tax_keys: Vec::new(),
        agencies: Vec::new(),
        inspection_days: 30,
        contact: None,
        datev: None,
        signing: None,
        rksv: None,
        notification: None,
    }
}

#[cfg(test)]
mod tests {
    use domain::totals::rate_at;
    use jiff::civil::date;
    use money::Rate;

    use super::*;

    fn rate(country: Country, key: u16, year: i16, month: i8) -> Option<u32> {
        let settings = settings(country, Language::De);
        rate_at(&settings, TaxKey(key), date(year, month, 15).at(12, 0, 0, 0))
            .map(Rate::basis_points)
    }

    #[test]
    fn rates_are_those_of_the_law_at_each_time() {
        assert_eq!(rate(Country::De, 1, 2026, 11), Some(1_900));
        assert_eq!(rate(Country::De, 1, 2020, 9), Some(1_600));
        assert_eq!(rate(Country::De, 2, 2026, 11), Some(700));
        assert_eq!(rate(Country::At, 3, 2026, 11), Some(1_300));
        assert_eq!(rate(Country::At, 4, 2026, 6), None);
        assert_eq!(rate(Country::At, 4, 2026, 7), Some(490));
        assert_eq!(rate(Country::Ch, 2, 2023, 12), Some(250));
        assert_eq!(rate(Country::Ch, 2, 2024, 1), Some(260));
    }

    #[test]
    fn austrias_rates_are_those_that_have_a_place_in_a_receipts_code_by_then() {
        let settings = settings(Country::At, Language::De);
        for rate in &settings.rates {
            assert!(domain::rksv::field_of(rate.rate, rate.from.date()).is_some(), "{rate:?}");
        }
    }

    #[test]
    fn every_group_has_a_rate_today_and_every_time_zone_exists() {
        for country in domain::country::ALL.map(|profile| profile.country) {
            for language in [Language::De, Language::En] {
                let settings = settings(country, language);
                let now = date(2026, 11, 23).at(12, 0, 0, 0);
                assert!(settings.groups.iter().all(|g| rate_at(&settings, g.tax, now).is_some()));
                assert!(jiff::tz::TimeZone::get(&settings.time_zone).is_ok());
            }
        }
    }
}
