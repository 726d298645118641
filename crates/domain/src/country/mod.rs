//! The countries that a shop can be in: what of the rules is each one's own, one module a country.
//!
//! A country is its module with its [`Profile`], and a line here. Everything else asks the profile; `cargo xtask tidy`
//! complains of whatever tells countries apart by name.

mod at;
mod ch;
mod de;

use jiff::civil::{Date, date};
use money::{Currency, Money, Rate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use ch::Uid;

use crate::ids::TaxKey;
use crate::retention::Rule;
use crate::settings::{DatedRate, Language, Settings};

/// The country whose rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Country {
    /// Germany.
    De,
    /// Austria.
    At,
    /// Switzerland.
    Ch,
}

/// All of them, in the order in which they are offered.
pub const ALL: [&Profile; 3] = [&de::PROFILE, &at::PROFILE, &ch::PROFILE];

impl Country {
    /// What is this country's own.
    #[must_use]
    pub const fn profile(self) -> &'static Profile {
        match self {
            Country::De => &de::PROFILE,
            Country::At => &at::PROFILE,
            Country::Ch => &ch::PROFILE,
        }
    }
}

/// A word in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// German.
    pub de: &'static str,
    /// English.
    pub en: &'static str,
}

impl Word {
    /// In a language.
    #[must_use]
    pub const fn say(self, language: Language) -> &'static str {
        match language {
            Language::De => self.de,
            Language::En => self.en,
        }
    }
}

/// How a country's law secures receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secured {
    /// By signing units (TSE).
    Units,
    /// By a chain of codes for each till (RKSV).
    Chains,
    /// By nothing but the journal.
    Nothing,
}

/// A rate from the first of a month on.
#[derive(Debug, Clone, Copy)]
pub struct RateFrom {
    key: u16,
    basis_points: u32,
    from: (i16, i8),
}

const fn rate(key: u16, basis_points: u32, year: i16, month: i8) -> RateFrom {
    RateFrom { key, basis_points, from: (year, month) }
}

/// The number that a business is known by to whoever collects the VAT.
#[derive(Debug)]
pub struct VatNumber {
    /// What it is called, of a shop that charges VAT.
    pub word: Word,
    /// What it is called of a shop that charges none.
    pub without_vat: Word,
    /// Whether a text can be one.
    fits: fn(&str) -> bool,
    /// What is said of one that cannot.
    problem: &'static str,
    /// How it stands on papers, of a shop that charges VAT or does not.
    written: fn(&str, bool) -> String,
}

impl VatNumber {
    /// What it is called on papers, and how it stands there.
    #[must_use]
    pub fn printed(&self, number: Option<&str>, charges: bool) -> (Word, Option<String>) {
        let word = if charges { self.word } else { self.without_vat };
        (word, number.map(|text| (self.written)(text, charges)))
    }

    /// What is wrong with a text.
    pub(crate) fn wrong(&self, text: &str) -> Option<&'static str> {
        (!(self.fits)(text)).then_some(self.problem)
    }
}

/// What is a country's own.
#[derive(Debug)]
pub struct Profile {
    /// Which.
    pub country: Country,
    /// Its code of two letters (ISO 3166-1), as addresses and invoices have it.
    pub alpha2: &'static str,
    /// Its code of three letters (ISO 3166-1).
    pub alpha3: &'static str,
    /// Its name.
    pub name: Word,
    /// What is paid with.
    pub currency: Currency,
    /// The time zone that a shop begins with (IANA).
    pub time_zone: &'static str,
    /// The smallest coin, in minor units.
    pub coin: i64,
    /// What the post writes before a postal code of its own, with a hyphen; each is the code of a country.
    pub post: &'static [&'static str],
    /// The rates that a shop begins with.
    pub rates: &'static [RateFrom],
    /// How many years a voucher holds, from the end of the year it was sold in.
    pub voucher_years: u8,
    /// By which law.
    pub voucher_law: &'static str,
    /// How long what is kept; of one kind the later row counts from its date on.
    pub retention: &'static [Rule],
    /// When its periods begin and what holds them up: in German, as papers for authorities are.
    pub period: &'static str,
    /// What the program says of them that somebody else would read in another way; German.
    pub period_doubt: &'static str,
    /// What of its law nobody read for this program; German.
    pub unread: &'static str,
    /// From which day on up to which total, in minor units with tax, a receipt needs nobody's name on it.
    pub(crate) nameless: &'static [(Date, i64)],
    /// The VAT number.
    pub vat_number: VatNumber,
    /// What is wrong with keys, rates or coins by this country's law; what was set before stays as it is.
    pub(crate) check: fn(&Settings, Option<&Settings>) -> Result<(), &'static str>,
    /// How receipts are secured by law, whatever is set up.
    pub secured: Secured,
    /// Its tax keys are those of a form for audits (DSFinV-K), and closed days are handed out in it.
    pub dsfinvk: bool,
    /// Recording systems are notified to the tax office (§ 146a (4) AO).
    pub notification: bool,
    /// Postings go to DATEV.
    pub datev: bool,
    /// Receipts for entertaining business guests have a form (§ 4 (5) no. 2 EStG).
    pub hospitality: bool,
    /// Invoices are made for machines (EN 16931).
    pub electronic_invoices: bool,
    /// Invoices carry the payment part of a QR-bill.
    pub qr_bill: bool,
}

impl Profile {
    /// The rates that a shop begins with.
    #[must_use]
    pub fn dated_rates(&self) -> Vec<DatedRate> {
        let dated = |rate: &RateFrom| DatedRate {
            key: TaxKey(rate.key),
            rate: Rate::new(rate.basis_points),
            from: date(rate.from.0, rate.from.1, 1).at(0, 0, 0, 0),
        };
        self.rates.iter().map(dated).collect()
    }

    /// Up to which total a receipt of a day needs nobody's name on it, so that a business may deduct its tax.
    #[must_use]
    pub fn nameless_up_to(&self, day: Date) -> Money {
        let holds = self.nameless.iter().rfind(|(from, _)| *from <= day);
        Money::new(holds.map_or(0, |(_, minor)| *minor))
    }
}

/// Whether a shop charges VAT: a group of it is sold at a rate, by what is known last of its key.
#[must_use]
pub fn charges_vat(settings: &Settings) -> bool {
    settings.groups.iter().any(|group| {
        let rates = settings.rates.iter().filter(|rate| rate.key == group.tax);
        rates.max_by_key(|rate| rate.from).is_some_and(|rate| rate.rate.basis_points() > 0)
    })
}

/// Any text: nothing is checked.
fn any(_: &str) -> bool {
    true
}

/// As it was entered.
fn as_entered(text: &str, _: bool) -> String {
    text.to_owned()
}

/// Nothing that this country's law refuses.
fn nothing(_: &Settings, _: Option<&Settings>) -> Result<(), &'static str> {
    Ok(())
}
