//! How long which kind of record is kept: dated data, one table.
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

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Where.
    pub country: Country,
    /// What.
    pub kind: RecordKind,
    /// How long.
    pub keep: Keep,
    /// For what is still to be kept on this date.
    pub from: Date,
    /// Where it stands.
    pub law: &'static str,
}

const fn years(years: u8) -> Keep {
    Keep::Years { years }
}

const OLD: Date = date(1977, 1, 1);
/// BEG IV: vouchers of which the old period had not run out by then.
const BEG_IV: Date = date(2025, 1, 1);

macro_rules! rules {
    ($($country:ident $kind:ident $keep:expr, $from:expr, $law:literal;)*) => {
        /// All rows; of one country and kind the later one counts from its date on.
        pub const RULES: &[Rule] = &[$(Rule {
            country: Country::$country,
            kind: RecordKind::$kind,
            keep: $keep,
            from: $from,
            law: $law,
        },)*];
    };
}

rules! {
    De Journal years(10), OLD, "AO § 147 Abs. 1 Nr. 1, Abs. 3";
    De Closings years(10), OLD, "AO § 147 Abs. 1 Nr. 1, Abs. 3";
    De Signatures years(10), OLD, "AO §§ 146a, 147 Abs. 3";
    De Procedures years(10), OLD, "AO § 147 Abs. 1 Nr. 1, Abs. 3; GoBD Tz. 151 ff.";
    De Vouchers years(10), OLD, "AO § 147 Abs. 1 Nr. 4, Abs. 3";
    De Vouchers years(8), BEG_IV, "AO § 147 Abs. 3 (BEG IV); UStG § 14b";
    De Letters years(6), OLD, "AO § 147 Abs. 1 Nr. 2, 3, 5, Abs. 3";
    De CustomerDetails years(10), OLD, "UStG § 14b";
    De CustomerDetails years(8), BEG_IV, "UStG § 14b (BEG IV)";
    De PeopleNames Keep::WhileNeeded, OLD, "DSGVO Art. 5 Abs. 1 lit. e";
    De Secrets Keep::WhileNeeded, OLD, "DSGVO Art. 5 Abs. 1 lit. e";
    At Journal years(7), OLD, "BAO § 132";
    At Closings years(7), OLD, "BAO § 132";
    At Signatures years(7), OLD, "BAO § 132; RKSV § 7";
    At Procedures years(7), OLD, "BAO § 132";
    At Vouchers years(7), OLD, "BAO § 132";
    At Letters years(7), OLD, "BAO § 132";
    At CustomerDetails years(7), OLD, "BAO § 132";
    At PeopleNames Keep::WhileNeeded, OLD, "DSGVO Art. 5 Abs. 1 lit. e";
    At Secrets Keep::WhileNeeded, OLD, "DSGVO Art. 5 Abs. 1 lit. e";
    Ch Journal years(10), OLD, "OR Art. 958f; GeBüV";
    Ch Closings years(10), OLD, "OR Art. 958f; GeBüV";
    Ch Procedures years(10), OLD, "OR Art. 958f; GeBüV";
    Ch Vouchers years(10), OLD, "OR Art. 958f; MWSTG Art. 70";
    Ch Letters years(10), OLD, "OR Art. 958f";
    Ch CustomerDetails years(10), OLD, "OR Art. 958f; MWSTG Art. 70";
    Ch PeopleNames Keep::WhileNeeded, OLD, "DSG Art. 6 Abs. 4";
    Ch Secrets Keep::WhileNeeded, OLD, "DSG Art. 6 Abs. 4";
}

/// The rows of a country that count on a date, in the order of the table.
pub fn on(country: Country, today: Date) -> impl Iterator<Item = &'static Rule> {
    let counts = move |rule: &&Rule| rule.country == country && rule.from <= today;
    RULES.iter().filter(counts).filter(move |rule| {
        !RULES.iter().any(|later| {
            (later.country, later.kind) == (country, rule.kind)
                && later.from <= today
                && later.from > rule.from
        })
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
