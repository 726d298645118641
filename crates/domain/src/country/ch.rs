//! Switzerland: no law on tills of its own. What is left is the number that a receipt names its shop by, and from which total
//! on it names its customer.

use std::fmt;

use jiff::civil::date;
use money::Currency;

use super::{Country, Profile, RateFrom, Secured, VatNumber, Word, nothing, rate};
use crate::retention::{RecordKind as Kind, Rule, while_needed, years};

/// MWSTG Art. 25; those of today from 2024-01-01.
const RATES: &[RateFrom] = &[
    rate(1, 770, 2018, 1),
    rate(2, 250, 2018, 1),
    rate(3, 370, 2018, 1),
    rate(1, 810, 2024, 1),
    rate(2, 260, 2024, 1),
    rate(3, 380, 2024, 1),
    rate(5, 0, 2018, 1),
];

const RETENTION: &[Rule] = &[
    years(Kind::Journal, 10, "OR Art. 958f; GeBüV"),
    years(Kind::Closings, 10, "OR Art. 958f; GeBüV"),
    years(Kind::Procedures, 10, "OR Art. 958f; GeBüV"),
    years(Kind::Vouchers, 10, "OR Art. 958f; MWSTG Art. 70"),
    years(Kind::Letters, 10, "OR Art. 958f"),
    years(Kind::CustomerDetails, 10, "OR Art. 958f; MWSTG Art. 70"),
    while_needed(Kind::PeopleNames, "DSG Art. 6 Abs. 4"),
    while_needed(Kind::Secrets, "DSG Art. 6 Abs. 4"),
];

pub(super) const PROFILE: Profile = Profile {
    country: Country::Ch,
    alpha2: "CH",
    alpha3: "CHE",
    name: Word { de: "Schweiz", en: "Switzerland" },
    currency: Currency::CHF,
    time_zone: "Europe/Zurich",
    coin: 5,
    // Switzerland's post delivers in Liechtenstein as well.
    post: &["CH", "LI"],
    rates: RATES,
    voucher_years: 10,
    voucher_law: "Art. 127 OR",
    retention: RETENTION,
    period: "Die Frist beginnt mit dem Ende des Geschäftsjahrs (OR Art. 958f Abs. 1); das Programm rechnet mit Kalenderjahren.",
    period_doubt: "",
    unread: "",
    // MWSTV Art. 57; the limit of all years that receipts can be of.
    nameless: &[(date(1, 1, 1), 40_000)],
    vat_number: VatNumber {
        word: Word { de: "MWST-Nr. (UID)", en: "VAT no. (UID)" },
        without_vat: Word { de: "UID", en: "UID" },
        fits: |text| Uid::parse(text).is_some(),
        problem: "uid",
        written,
    },
    check: nothing,
    secured: Secured::Nothing,
    dsfinvk: false,
    notification: false,
    datev: false,
    hospitality: false,
    electronic_invoices: false,
    qr_bill: true,
};

/// Whoever is not registered must not name the tax (MWSTG Art. 27).
fn written(text: &str, charges: bool) -> String {
    match Uid::parse(text) {
        Some(uid) if charges => uid.with_vat(),
        Some(uid) => uid.to_string(),
        None => text.to_owned(),
    }
}

/// The number of a company: `CHE-123.456.788`. Its last digit is checked (eCH-0097: modulo 11, weights 5 4 3 2 7 6 5 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Uid([u8; 9]);

impl Uid {
    /// Reads a number with or without points, with or without `MWST`, `TVA` or `IVA` behind it. `None` when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Uid> {
        let text = text.trim().to_ascii_uppercase();
        let text = ["MWST", "TVA", "IVA"]
            .iter()
            .find_map(|end| text.strip_suffix(end))
            .map_or(text.as_str(), str::trim_end);
        let text = text.strip_prefix("CHE")?;
        let text = text.strip_prefix('-').unwrap_or(text);
        let plain = match text.len() {
            9 => text.to_owned(),
            11 => {
                let mut parts = text.split('.');
                let parts = [parts.next()?, parts.next()?, parts.next()?];
                if parts.iter().any(|part| part.len() != 3) {
                    return None;
                }
                parts.concat()
            }
            _ => return None,
        };
        let digits = plain.bytes().map(|b| b.is_ascii_digit().then(|| b.wrapping_sub(b'0')));
        let digits: Vec<u8> = digits.collect::<Option<Vec<u8>>>()?;
        let digits: [u8; 9] = digits.try_into().ok()?;
        let (check, first) = digits.split_last()?;
        let weights = [5_u32, 4, 3, 2, 7, 6, 5, 4];
        let sum = first.iter().zip(weights).fold(0_u32, |sum, (digit, weight)| {
            sum.saturating_add(u32::from(*digit).saturating_mul(weight))
        });
        // 10 is never given out; 11 is written 0.
        let expected = match 11_u32.checked_sub(sum.checked_rem(11)?)? {
            11 => 0,
            other => other,
        };
        (expected == u32::from(*check)).then_some(Uid(digits))
    }

    /// As a receipt names a shop that charges VAT (MWSTG Art. 26, 27): `CHE-123.456.788 MWST`.
    #[must_use]
    pub fn with_vat(&self) -> String {
        format!("{self} MWST")
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g, h, i, j] = self.0;
        write!(f, "CHE-{a}{b}{c}.{d}{e}{g}.{h}{i}{j}")
    }
}
