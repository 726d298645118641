//! The daily proof of completeness: what a closed till day says of itself, each statement proved, different, or not to
//! be proved and why. Never silently left out.
//!
//! [`prove`] reads the day out of the journal, entry by entry, and holds it against the Z report, the signing units'
//! answers or the tills' chains of codes, the card terminals' closings and the count of the drawer. [`file`] signs it, [`nightly`] makes it without
//! being asked. *Absent:* the clock, rules of the form for audits (`fiscal::de::dsfinvk::check`).

pub mod check;
mod coded;
pub mod file;
mod money_moved;
pub mod nightly;
mod signed;
mod walk;

use domain::{DayNo, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{DayCheck, Reader, StoreError};
use utoipa::ToSchema;

use walk::Walk;

/// What is stated of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// The journal's entries of the day have no gaps, and each one's hash follows from the one before.
    Journal,
    /// Receipt numbers have no gaps and no doubles, and go on where the day before ended.
    Numbers,
    /// Z reports have no gaps.
    Closings,
    /// The receipts' taxes and turnover are the Z report's.
    Taxes,
    /// What was paid in each way is the Z report's.
    Tenders,
    /// Each receipt and each basket given up is signed, or it is recorded why not; what was signed is what it says.
    Signatures,
    /// The signing unit's counter rises and no number of it comes twice.
    Counters,
    /// The signing unit's transaction numbers have no gaps that nothing explains.
    Transactions,
    /// Austria: each receipt has its code, signed or in a recorded outage, and the code says what the receipt says.
    Codes,
    /// Austria: the till's chain has no gap, and each code is chained to the one before it.
    Chain,
    /// Austria: the counter of turnover goes up by exactly what was sold.
    Turnover,
    /// What was paid by card is what the terminals say.
    Terminals,
    /// Cash at opening, in and out is what was expected in the drawer; the difference to the count is recorded.
    Cash,
    /// Germany: the day as it would be handed to an auditor contradicts itself nowhere.
    Export,
}

/// What came of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Proved,
    /// Two records say different things: see the first difference.
    Differs,
    /// Nobody can say: see why.
    Unproved,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureUnit {
    /// Things.
    Count,
    /// A number that something has.
    Number,
    /// Minor units of the shop's currency.
    Money,
}

/// A figure that a statement is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figure {
    /// Stable code.
    pub what: String,
    /// Of which, where there are several: a tender's word, a rate in hundredths of a percent, a unit's serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// How much.
    pub value: i64,
    /// Of what.
    pub unit: FigureUnit,
}

/// A rule in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Said {
    /// Stable code of the rule.
    pub code: String,
    /// In German.
    pub de: String,
    /// In English.
    pub en: String,
}

/// The first thing that differs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    /// The receipt, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<u64>,
    /// A training receipt, which have numbers of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub training: bool,
    /// The journal's entry, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// Which field: a stable code, or file and column of the tables for an audit.
    pub field: String,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
    /// The rule that is broken, where it is one of the tables for an audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Said>,
}

/// A statement about a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Statement {
    /// What is stated.
    pub kind: StatementKind,
    /// What came of it.
    pub verdict: Verdict,
    /// Figures it is about.
    pub figures: Vec<Figure>,
    /// Where it differs first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Difference>,
    /// Why it cannot be proved, a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// The proof of one closed till day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayProof {
    /// The till.
    #[schema(value_type = u16)]
    pub till: TillId,
    /// Its name when the day was closed.
    pub till_name: String,
    /// The day (Z_NR).
    #[schema(value_type = u32)]
    pub number: DayNo,
    /// Its local date.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Opened.
    #[schema(value_type = String, format = DateTime)]
    pub opened: Timestamp,
    /// Closed.
    #[schema(value_type = String, format = DateTime)]
    pub closed: Timestamp,
    /// ISO 4217.
    pub currency: String,
    /// The journal's entries that open and close it.
    #[schema(value_type = (u64, u64))]
    pub entries: (u64, u64),
    /// The statements, always all that the shop's country asks for: eleven in Germany, ten in
    /// Austria, seven in Switzerland.
    pub statements: Vec<Statement>,
}

impl DayProof {
    /// How many statements have this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> u32 {
        let all = self.statements.iter().filter(|statement| statement.verdict == verdict);
        u32::try_from(all.count()).unwrap_or(u32::MAX)
    }

    /// A statement.
    #[must_use]
    pub fn statement(&self, kind: StatementKind) -> Option<&Statement> {
        self.statements.iter().find(|statement| statement.kind == kind)
    }
}

impl Statement {
    /// Proved, unless there is a difference or a reason why nobody can say. A difference is said before a reason.
    fn of(
        kind: StatementKind,
        figures: Vec<Figure>,
        first: Option<Difference>,
        why: Option<&str>,
    ) -> Statement {
        let verdict = match (&first, why) {
            (Some(_), _) => Verdict::Differs,
            (None, Some(_)) => Verdict::Unproved,
            (None, None) => Verdict::Proved,
        };
        let why = why.filter(|_| first.is_none()).map(str::to_owned);
        Statement { kind, verdict, figures, first, why }
    }
}

impl Figure {
    fn count(what: &str, value: u64) -> Figure {
        Figure::of(what, None, i64::try_from(value).unwrap_or(i64::MAX), FigureUnit::Count)
    }

    fn number(what: &str, value: u64) -> Figure {
        Figure::of(what, None, i64::try_from(value).unwrap_or(i64::MAX), FigureUnit::Number)
    }

    fn money(what: &str, value: money::Money) -> Figure {
        Figure::of(what, None, value.minor(), FigureUnit::Money)
    }

    fn of(what: &str, of: Option<String>, value: i64, unit: FigureUnit) -> Figure {
        Figure { what: what.to_owned(), of, value, unit }
    }
}

impl Difference {
    fn new(field: &str, found: impl ToString, expected: impl ToString) -> Difference {
        Difference {
            field: field.to_owned(),
            found: found.to_string(),
            expected: expected.to_string(),
            ..Difference::default()
        }
    }

    fn at_receipt(mut self, (number, training): (u64, bool)) -> Difference {
        (self.receipt, self.training) = (Some(number), training);
        self
    }

    fn at_entry(mut self, entry: u64) -> Difference {
        self.entry = Some(entry);
        self
    }
}

/// Proves a closed till day; none when it is not closed. `check`: what was found when it was checked as it would be
/// handed to an auditor, none when nobody did.
///
/// # Errors
/// When the shop's file cannot be read. What is wrong in it is no error here but a statement.
pub fn prove(
    reader: &Reader,
    (till, number): (TillId, DayNo),
    check: Option<&DayCheck>,
) -> Result<Option<DayProof>, StoreError> {
    let Some(closed) = reader.closed_day(till, number)? else { return Ok(None) };
    let Some(entries) = reader.day_span(till, number)? else {
        return Err(StoreError::Damaged(format!("day {number} of till {till} has no entries")));
    };
    let settings = reader.settings_before(entries.1)?;
    let settings =
        settings.ok_or_else(|| StoreError::Damaged("there are no settings".to_owned()))?;
    let set = settings.tills.iter().find(|of| of.id == till);
    let till_name = set.map_or_else(|| till.to_string(), |of| of.name.clone());
    let walk = Walk::over(reader, &closed, entries)?;
    let mut statements = walk.statements(reader, &closed, settings.currency)?;
    statements.extend(check::statement(&settings, check));
    statements.sort_by_key(|statement| statement.kind);
    Ok(Some(DayProof {
        till,
        till_name,
        number,
        date: closed.day.date,
        opened: closed.day.opened,
        closed: closed.closed,
        currency: settings.currency.to_string(),
        entries,
        statements,
    }))
}
