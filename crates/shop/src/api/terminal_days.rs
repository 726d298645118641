//! Terminals' days for the office: what each terminal says beside what the shop booked there, line by line.

use domain::terminal_day::Scheme;
use domain::{Amount, AttemptId, ClosingId, DayNo, TerminalId, TillId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::payments::AttemptRow;

/// What a person said of a closing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SaidView {
    /// Their name.
    pub person_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    pub reason: String,
}

/// How many and how much; of a difference: more or less than the shop's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountAmount {
    /// How many.
    pub count: i64,
    /// How much.
    pub amount: Amount,
}

/// A closing of a terminal's day in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TerminalDayRow {
    /// Identity.
    pub id: ClosingId,
    /// The terminal.
    pub terminal: TerminalId,
    /// Its name.
    pub terminal_name: String,
    /// Where its paper comes out.
    pub till: TillId,
    /// That till's name.
    pub till_name: String,
    /// The till day that was closed with it; none when a person asked for it.
    pub day: Option<DayNo>,
    /// Asked when.
    #[schema(value_type = String, format = DateTime)]
    pub asked: Timestamp,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    pub changed: Timestamp,
    /// Asked by.
    pub person_name: String,
    /// `intended`, `sent`, `recorded`, `unknown`, `closed` or `not_closed`.
    pub state: String,
    /// Why it is not closed, or why nobody knows; a stable code.
    pub code: String,
    /// It is unknown, and the terminal is asked by itself.
    pub asking: bool,
    /// The terminal keeps no totals: the closing is the shop's alone.
    pub alone: bool,
    /// Both say the same.
    pub matches: bool,
    /// They differ, and nobody has said why.
    pub needs_reason: bool,
    /// What the shop booked there.
    pub ours: CountAmount,
    /// What the terminal says; none when it told nothing.
    pub theirs: Option<CountAmount>,
    /// Why it was closed in spite of a payment in doubt.
    pub despite_doubt: Option<String>,
    /// A person said whether it was closed.
    pub settled: Option<SaidView>,
    /// A person said where the difference comes from.
    pub explained: Option<SaidView>,
}

/// Closings, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TerminalDayPage {
    /// The closings.
    pub days: Vec<TerminalDayRow>,
    /// Where the next page begins; none when there is no more.
    pub next: Option<ClosingId>,
    /// How many want a person, whatever the page: unknown, differing without a reason, or the last one of a
    /// terminal not closed.
    pub waiting: u32,
}

/// One kind of card on both sides.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SchemeRow {
    /// Which.
    pub scheme: Scheme,
    /// What the shop booked.
    pub ours: CountAmount,
    /// What the terminal says.
    pub theirs: Option<CountAmount>,
    /// The terminal's less the shop's; none where there is none.
    pub difference: Option<CountAmount>,
}

/// What the difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// There is none.
    None,
    /// The terminal says nothing.
    NotTold,
    /// The sum is the same, but among other kinds of card.
    Schemes,
    /// The sum is the same, but not the number.
    Number,
    /// The terminal has more than the shop.
    More,
    /// The terminal has less than the shop.
    Less,
}

/// A terminal's day: the one that is closed by a closing, or the one that it is at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TerminalDayDetail {
    /// The terminal.
    pub terminal: TerminalId,
    /// Its name.
    pub terminal_name: String,
    /// The how-many-th day of the terminal.
    pub period: u32,
    /// The closing; none for the day that the terminal is at.
    pub closing: Option<TerminalDayRow>,
    /// Both sides by kind of card.
    pub schemes: Vec<SchemeRow>,
    /// What the difference is.
    pub difference: DifferenceKind,
    /// The terminal's sum less the shop's.
    pub difference_amount: Option<Amount>,
    /// Every try that moved money or may have, oldest first.
    pub lines: Vec<AttemptRow>,
    /// Lines that may be the difference: of unknown fate or settled by a person, or of just that amount.
    pub suspects: Vec<AttemptId>,
    /// First and last receipt number, says the terminal.
    #[schema(value_type = Option<(String, String)>)]
    pub receipts: Option<(String, String)>,
    /// What the terminal wanted printed.
    pub slip: Vec<String>,
}

/// A terminal at which a till day's cards were taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TerminalOfDay {
    /// The terminal.
    pub terminal: TerminalId,
    /// Its name.
    pub terminal_name: String,
    /// Its closing; none while its day goes on.
    pub closing: Option<TerminalDayRow>,
    /// Both sides by kind of card.
    pub schemes: Vec<SchemeRow>,
}
