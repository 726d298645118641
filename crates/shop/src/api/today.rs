//! The shop's day at a glance, from totals that are kept live.

use domain::{Amount, GroupId, ItemId, TillId};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{Lamp, PersonView};

/// Today. Training counts nowhere.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Today {
    /// The local date.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Turnover with tax so far.
    pub turnover: Amount,
    /// Receipts so far.
    pub receipts: u32,
    /// Turnover of a receipt on average; none before the first.
    pub average: Option<Amount>,
    /// The same weekday a week ago.
    pub week_ago: WeekAgo,
    /// Turnover against the same weekday's up to and with the present hour, hundredths of a
    /// percent; none when there was none.
    pub change: Option<i64>,
    /// Cash that should be in all open drawers; none when no day is open.
    pub drawers: Option<Amount>,
    /// How was paid today.
    pub tenders: Vec<TenderToday>,
    /// By local hour, from the first to the last hour with a sale on either day.
    pub hours: Vec<HourRow>,
    /// What was sold most today, by turnover.
    pub bestsellers: Vec<Bestseller>,
    /// The tills.
    pub tills: Vec<TillToday>,
    /// Things to do.
    pub todo: Vec<Todo>,
}

/// The same weekday a week ago.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WeekAgo {
    /// Its date.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Turnover of that whole day.
    pub turnover: Amount,
    /// Receipts of that whole day.
    pub receipts: u32,
    /// Turnover of that day up to and with the present hour.
    pub turnover_so_far: Amount,
}

/// An hour of today beside the one a week ago.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HourRow {
    /// 0–23, local.
    pub hour: u8,
    /// Turnover.
    pub turnover: Amount,
    /// Receipts.
    pub receipts: u32,
    /// Turnover a week ago.
    pub week_ago: Amount,
}

/// What was sold much today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Bestseller {
    /// The item.
    pub item: ItemId,
    /// Name.
    pub name: String,
    /// Group.
    pub group: GroupId,
    /// Thousandths.
    pub quantity: i64,
    /// What it came to, with tax.
    pub turnover: Amount,
    /// What the quantities count.
    pub unit: domain::catalogue::Unit,
    /// In stock, thousandths; none when no stock is kept.
    pub stock: Option<i64>,
    /// Below this stock it is short, thousandths.
    pub minimum: Option<i64>,
}

/// One way to pay today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TenderToday {
    /// How.
    pub kind: domain::basket::TenderKind,
    /// What it came to.
    pub amount: Amount,
    /// Its part of all, hundredths of a percent.
    pub share: i64,
}

/// A till today.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TillToday {
    /// Identity.
    pub till: TillId,
    /// Name.
    pub name: String,
    /// Who is signed in.
    pub person: Option<PersonView>,
    /// The number of its open day.
    pub day: Option<u32>,
    /// The open day was opened on an earlier date.
    pub overdue: bool,
    /// Turnover of the open day.
    pub turnover: Amount,
    /// Receipts of the open day.
    pub receipts: u32,
    /// What needs attention.
    pub lamps: Vec<Lamp>,
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TodoKind {
    /// Items below their minimum.
    LowStock,
    /// Codes that were sold without an item.
    UnknownCodes,
    /// Till days that were opened on an earlier date.
    OverdueDays,
    /// Prints of unknown fate, or that failed.
    Prints,
    /// Closings of terminals' days that want a person.
    TerminalDays,
    /// Baskets that were set aside and are paid: their receipts are not finished.
    PaidAside,
    /// No backup in the last day.
    NoBackup,
    /// Receipts on account that are overdue.
    OverdueAccounts,
    /// Card terminals that are stopped: no card is taken at them.
    TerminalsStopped,
    /// Card terminals that are to be inspected since before today.
    InspectionsOverdue,
    /// Card terminals that are in no register.
    TerminalsUnregistered,
    /// Card terminals whose approval has ended or ends soon.
    ApprovalsEnding,
    /// Card terminals with a password that they came with.
    DefaultPasswords,
    /// Closed till days in which something differs, or that could not be checked.
    DayProofs,
    /// Tills of an Austrian shop that the RKSV is not set up for.
    RksvNotSet,
    /// Austrian tills out of a backup, which need a new name.
    RksvRestored,
    /// Austrian tills without a Startbeleg.
    RksvNotStarted,
    /// Austrian tills with receipts that have no codes, and nobody has seen it.
    RksvNoCode,
    /// Austrian tills whose outage FinanzOnline is to be told of.
    RksvOutage,
    /// Austrian tills whose Startbeleg is not checked with FinanzOnline.
    RksvStartUnchecked,
    /// Austrian tills whose Jahresbeleg is not checked with FinanzOnline.
    RksvYearUnchecked,
    /// Austrian tills that were given up, and FinanzOnline does not know.
    RksvClosingUntold,
    /// Signature devices of Austria's whose certificate ends soon or has ended.
    RksvDeviceEnding,
    /// Austrian tills whose codes were not saved elsewhere since the last quarter.
    RksvUnsaved,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Todo {
    /// What.
    pub kind: TodoKind,
    /// How many.
    pub count: u32,
}
