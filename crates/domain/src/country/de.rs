//! Germany. What its form for a tax audit (DSFinV-K 2.4) asks of a shop's settings: tax keys that exist, and cash that is not
//! rounded. Which of the signed amounts a key belongs to is for whoever signs.

use jiff::civil::date;
use money::Currency;

use super::{Country, Profile, RateFrom, Secured, VatNumber, Word, any, as_entered, rate};
use crate::ids::{OWN_TAX_KEYS, TaxKey};
use crate::retention::{RecordKind as Kind, Rule, while_needed, years};
use crate::settings::{DatedRate, Settings};

/// UStG § 12; 2020 second half: Zweites Corona-Steuerhilfegesetz. Keys are those of DSFinV-K.
const RATES: &[RateFrom] = &[
    rate(1, 1_900, 2007, 1),
    rate(2, 700, 2007, 1),
    rate(1, 1_600, 2020, 7),
    rate(2, 500, 2020, 7),
    rate(1, 1_900, 2021, 1),
    rate(2, 700, 2021, 1),
    rate(5, 0, 2007, 1),
];

/// Rates that an own key may have, hundredths of a percent: those of German tax law since 2007 (UStG §§ 12, 24), as what
/// is signed has a place for no others.
const OWN_RATES: [u32; 11] = [0, 500, 550, 700, 780, 840, 900, 950, 1_070, 1_600, 1_900];

const JOURNAL: &str = "AO § 147 Abs. 1 Nr. 1, Abs. 3";

const RETENTION: &[Rule] = &[
    years(Kind::Journal, 10, JOURNAL),
    years(Kind::Closings, 10, JOURNAL),
    years(Kind::Signatures, 10, "AO §§ 146a, 147 Abs. 3"),
    years(Kind::Procedures, 10, "AO § 147 Abs. 1 Nr. 1, Abs. 3; GoBD Tz. 151 ff."),
    years(Kind::Vouchers, 10, "AO § 147 Abs. 1 Nr. 4, Abs. 3"),
    // BEG IV: vouchers of which the old period had not run out by then.
    years(Kind::Vouchers, 8, "AO § 147 Abs. 3 (BEG IV); UStG § 14b").since(date(2025, 1, 1)),
    years(Kind::Letters, 6, "AO § 147 Abs. 1 Nr. 2, 3, 5, Abs. 3"),
    years(Kind::CustomerDetails, 10, "UStG § 14b"),
    years(Kind::CustomerDetails, 8, "UStG § 14b (BEG IV)").since(date(2025, 1, 1)),
    while_needed(Kind::PeopleNames, "DSGVO Art. 5 Abs. 1 lit. e"),
    while_needed(Kind::Secrets, "DSGVO Art. 5 Abs. 1 lit. e"),
];

const VAT_NUMBER: Word = Word { de: "USt-IdNr.", en: "VAT ID" };

pub(super) const PROFILE: Profile = Profile {
    country: Country::De,
    alpha2: "DE",
    alpha3: "DEU",
    name: Word { de: "Deutschland", en: "Germany" },
    currency: Currency::EUR,
    time_zone: "Europe/Berlin",
    coin: 1,
    post: &["DE"],
    rates: RATES,
    voucher_years: 3,
    voucher_law: "§§ 195, 199 BGB",
    retention: RETENTION,
    period: "Die Frist beginnt mit dem Schluss des Kalenderjahrs, aus dem die Unterlage ist, und läuft nicht ab, solange sie \
             für Steuern von Bedeutung ist, deren Festsetzungsfrist noch nicht abgelaufen ist (AO § 147 Abs. 3 Satz\u{a0}5).",
    period_doubt: "Für Belege nennt das Programm 8 Jahre (BEG IV, seit 2025), für Einzelaufzeichnungen der Kasse 10.",
    unread: "Die Änderungen des AEAO vom 17.03.2026 und der KassenSichV vom 14.01.2026 wurden nicht gelesen.",
    // UStDV § 33.
    nameless: &[(date(1999, 1, 1), 10_000), (date(2007, 1, 1), 15_000), (date(2017, 1, 1), 25_000)],
    vat_number: VatNumber {
        word: VAT_NUMBER,
        without_vat: VAT_NUMBER,
        fits: any,
        problem: "",
        written: as_entered,
    },
    check,
    secured: Secured::Units,
    dsfinvk: true,
    notification: true,
    datev: true,
    hospitality: true,
    electronic_invoices: true,
    qr_bill: false,
};

/// Keys and coins that the form has a place for. A rate that stood there before stays as it is: what was sold with it was.
fn check(settings: &Settings, old: Option<&Settings>) -> Result<(), &'static str> {
    // A rounded sum is neither what was sold nor what was signed.
    if settings.cash_rounding.0 != 1 {
        return Err("cash_rounding_germany");
    }
    let known = |rate: &DatedRate| old.is_some_and(|old| old.rates.contains(rate));
    let fresh = settings.rates.iter().filter(|rate| !known(rate));
    let mut wrong = fresh.filter_map(|rate| wrong(settings, rate.key, rate.rate.basis_points()));
    wrong.next().map_or(Ok(()), Err)
}

/// What is wrong with a key at a rate. Keys 11 to 999 are those of earlier years and end with the digit that the key had.
fn wrong(settings: &Settings, key: TaxKey, rate: u32) -> Option<&'static str> {
    let original = match key.0 {
        1..=7 => key.0,
        11..=999 => key.0.checked_rem(10).unwrap_or_default(),
        OWN_TAX_KEYS.. => {
            let described = settings.own_tax_keys.iter().any(|own| own.key == key);
            return if !described {
                Some("tax_key_description")
            } else if !OWN_RATES.contains(&rate) {
                Some("tax_key_rate")
            } else {
                None
            };
        }
        _ => return Some("tax_key"),
    };
    match original {
        1..=4 => None,
        5..=7 if rate == 0 => None,
        5..=7 => Some("tax_key_free"),
        _ => Some("tax_key"),
    }
}
