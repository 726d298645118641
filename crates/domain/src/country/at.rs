//! Austria.

use jiff::civil::date;
use money::Currency;

use super::{Country, Profile, RateFrom, Secured, VatNumber, Word, any, as_entered, nothing, rate};
use crate::retention::{RecordKind as Kind, Rule, while_needed, years};

/// UStG 1994 § 10; 4.9 % on selected foods from 2026-07-01.
const RATES: &[RateFrom] = &[
    rate(1, 2_000, 2016, 1),
    rate(2, 1_000, 2016, 1),
    rate(3, 1_300, 2016, 1),
    rate(4, 490, 2026, 7),
    rate(5, 0, 2016, 1),
];

const RETENTION: &[Rule] = &[
    years(Kind::Journal, 7, "BAO § 132"),
    years(Kind::Closings, 7, "BAO § 132"),
    years(Kind::Signatures, 7, "BAO § 132; RKSV § 7"),
    years(Kind::Procedures, 7, "BAO § 132"),
    years(Kind::Vouchers, 7, "BAO § 132"),
    years(Kind::Letters, 7, "BAO § 132"),
    years(Kind::CustomerDetails, 7, "BAO § 132"),
    while_needed(Kind::PeopleNames, "DSGVO Art. 5 Abs. 1 lit. e"),
    while_needed(Kind::Secrets, "DSGVO Art. 5 Abs. 1 lit. e"),
];

const VAT_NUMBER: Word = Word { de: "UID-Nummer", en: "VAT ID (UID)" };

pub(super) const PROFILE: Profile = Profile {
    country: Country::At,
    alpha2: "AT",
    alpha3: "AUT",
    name: Word { de: "Österreich", en: "Austria" },
    currency: Currency::EUR,
    time_zone: "Europe/Vienna",
    coin: 1,
    post: &["AT"],
    rates: RATES,
    voucher_years: 30,
    voucher_law: "§ 1478 ABGB",
    retention: RETENTION,
    period: "Die Frist beginnt mit dem Schluss des Kalenderjahrs, aus dem die Unterlage ist, und läuft nicht ab, solange sie \
             für ein anhängiges Verfahren über Abgaben von Bedeutung ist (BAO § 132 Abs. 1).",
    period_doubt: "",
    unread: "",
    // UStG 1994 § 11 (6).
    nameless: &[(date(1995, 1, 1), 15_000), (date(2014, 3, 1), 40_000)],
    vat_number: VatNumber {
        word: VAT_NUMBER,
        without_vat: VAT_NUMBER,
        // What the RKSV wants of it is checked where tills have chains.
        fits: any,
        problem: "",
        written: as_entered,
    },
    check: nothing,
    secured: Secured::Chains,
    dsfinvk: false,
    notification: false,
    datev: false,
    hospitality: false,
    electronic_invoices: true,
    qr_bill: false,
};
