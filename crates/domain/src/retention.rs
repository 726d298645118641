//! How long which kind of record is kept: dated data, one table a country, with its other rules.
//!
//! The periods are from secondary sources, not from the statutes themselves; the documents say so. Whoever knows better
//! changes a row here.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::settings::Country;

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// The journal: every single record of a till, with receipts and baskets that were given up.
    Journal,
    /// Closings of till days (Z reports).
    Closings,
    /// What signing units signed, and their exports.
    Signatures,
    /// Settings, prices, tax rates and roles with all changes; the documentation of procedures.
    Procedures,
    /// Receipts as booking vouchers, invoices among them.
    Vouchers,
    /// Letters received and sent, and other papers.
    Letters,
    /// Customers' names and addresses on invoices.
    CustomerDetails,
    /// Names of people who work here.
    PeopleNames,
    /// PINs, passphrases, sessions.
    Secrets,
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "keep", rename_all = "snake_case")]
pub enum Keep {
    /// Whole calendar years after the year it is of.
    Years {
        /// How many.
        years: u8,
    },
    /// As long as it is needed, and no longer.
    WhileNeeded,
}

/// A row of a country's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What.
    pub kind: RecordKind,
    /// How long.
    pub keep: Keep,
    /// For what is still to be kept on this date.
    pub from: Date,
    /// Where it stands.
    pub law: &'static str,
}

const OLD: Date = date(1977, 1, 1);

pub(crate) const fn years(kind: RecordKind, years: u8, law: &'static str) -> Rule {
    Rule { kind, keep: Keep::Years { years }, from: OLD, law }
}

pub(crate) const fn while_needed(kind: RecordKind, law: &'static str) -> Rule {
    Rule { kind, keep: Keep::WhileNeeded, from: OLD, law }
}

impl Rule {
    pub(crate) const fn since(self, from: Date) -> Rule {
        Rule { from, ..self }
    }
}

/// The rows of a country that count on a date, in the order of the table.
pub fn on(country: Country, today: Date) -> impl Iterator<Item = &'static Rule> {
    let rules = country.profile().retention;
    rules.iter().filter(move |rule| rule.from <= today).filter(move |rule| {
        let later = |other: &&Rule| other.kind == rule.kind && other.from > rule.from;
        !rules.iter().filter(later).any(|later| later.from <= today)
    })
}

/// The last day on which a record of that moment has to be kept; none when it may go as soon as nobody needs it.
pub fn kept_until(
    country: Country,
    kind: RecordKind,
    (of, zone): (Timestamp, &TimeZone),
    now: Timestamp,
) -> Option<Date> {
    let today = zone.to_datetime(now).date();
    let rule = on(country, today).find(|rule| rule.kind == kind)?;
    let Keep::Years { years } = rule.keep else { return None };
    let last = zone.to_datetime(of).year().saturating_add(i16::from(years));
    Date::new(last, 12, 31).ok()
}
