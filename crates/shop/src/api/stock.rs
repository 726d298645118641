//! Stock per item and its movements that are no sales.

use domain::catalogue::Unit;
use domain::command::StockKind;
use domain::{GroupId, ItemId, PersonId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The stock of an item. Quantities are thousandths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StockRow {
    /// The item.
    pub item: ItemId,
    /// Item number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Group.
    pub group: GroupId,
    /// What the quantity counts.
    pub unit: Unit,
    /// What should be there; below nothing when more was sold than was booked in.
    pub stock: i64,
    /// Below this it is on the low-stock list; without one, below nothing.
    pub minimum: Option<i64>,
}

/// A page of stock.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StockPage {
    /// The rows.
    pub items: Vec<StockRow>,
    /// Give this as `after` for the next page; none: this was the last.
    pub next: Option<String>,
}

/// A movement that is no sale, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StockMovement {
    /// The entry in the journal.
    pub seq: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who; none: the program itself.
    pub person: Option<PersonId>,
    /// Their name today.
    pub person_name: Option<String>,
    /// How it came about.
    pub kind: StockKind,
    /// Added to the stock (thousandths, signed).
    pub quantity: i64,
    /// For a count: what was there.
    pub counted: Option<i64>,
    /// Why.
    pub reason: String,
}
