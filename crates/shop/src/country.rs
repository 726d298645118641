//! What a shop's country asks of its records: how they are secured, and in which forms they are handed out. Whoever proves,
//! shows or exports something asks here; what differs from country to country is in their profiles (`domain::country`), and
//! the forms themselves are `fiscal`'s.

use domain::Amount;
pub(crate) use domain::country::Secured;
use domain::country::{Profile, Word};
use domain::retention::{self, Keep, RecordKind};
use domain::settings::{Country, Settings};
use jiff::civil::Date;
use money::Currency;
use serde::Serialize;
use utoipa::ToSchema;

/// How this shop's receipts are secured by law, whatever is set up.
pub(crate) const fn secured(settings: &Settings) -> Secured {
    settings.country.profile().secured
}

/// What a shop and its auditors are offered beside journal, receipts, closings and documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Offered {
    /// Till days by DSFinV-K.
    pub dsfinvk: bool,
    /// Signing units, their outages and exports (TAR).
    pub units: bool,
    /// The notification of recording systems (§ 146a (4) AO).
    pub notification: bool,
    /// Chains by the RKSV and their export (DEP7).
    pub chains: bool,
    /// Postings for DATEV.
    pub datev: bool,
}

/// What means something in this shop's country, and is offered there.
#[must_use]
pub fn offered(settings: &Settings) -> Offered {
    let profile = settings.country.profile();
    Offered {
        dsfinvk: profile.dsfinvk,
        units: profile.secured == Secured::Units,
        notification: profile.notification,
        chains: profile.secured == Secured::Chains,
        datev: profile.datev && settings.currency == Currency::EUR,
    }
}

/// A word in both languages: pages have a language of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct BothWords {
    /// German.
    pub de: &'static str,
    /// English.
    pub en: &'static str,
}

impl From<Word> for BothWords {
    fn from(word: Word) -> Self {
        BothWords { de: word.de, en: word.en }
    }
}

/// How long something is kept, and by which law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct KeptYears {
    /// Whole calendar years after the year it is of.
    pub years: u8,
    /// Where it stands.
    pub law: &'static str,
}

/// What pages have to know of the shop's country. They ask this, never which country it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountryView {
    /// Which.
    pub country: Country,
    /// Its name.
    pub name: BothWords,
    /// What the VAT number is called.
    pub vat_number: BothWords,
    /// Up to this total a receipt of today needs nobody's name on it.
    pub nameless_up_to: Amount,
    /// How many years a voucher holds by law, from the end of the year it was sold in.
    pub voucher_years: u8,
    /// By which law.
    pub voucher_law: &'static str,
    /// How long customers' details are kept by law; none while they may go as soon as nobody needs them.
    pub customer_details: Option<KeptYears>,
    /// Invoices are made for machines (EN 16931), as XML and as PDF with it.
    pub electronic_invoices: bool,
    /// There are Bewirtungsbelege.
    pub hospitality: bool,
    /// What is offered there.
    pub offered: Offered,
}

/// What pages have to know of a shop's country, on a day.
#[must_use]
pub fn country_view(settings: &Settings, today: Date) -> CountryView {
    let profile: &Profile = settings.country.profile();
    let amount = profile.nameless_up_to(today);
    CountryView {
        country: profile.country,
        name: profile.name.into(),
        vat_number: profile.vat_number.word.into(),
        nameless_up_to: Amount { amount, currency: settings.currency },
        voucher_years: profile.voucher_years,
        voucher_law: profile.voucher_law,
        customer_details: kept(profile.country, RecordKind::CustomerDetails, today),
        electronic_invoices: profile.electronic_invoices,
        hospitality: profile.hospitality,
        offered: offered(settings),
    }
}

fn kept(country: Country, kind: RecordKind, today: Date) -> Option<KeptYears> {
    let rule = retention::on(country, today).find(|rule| rule.kind == kind)?;
    match rule.keep {
        Keep::Years { years } => Some(KeptYears { years, law: rule.law }),
        Keep::WhileNeeded => None,
    }
}
