//! Items as tiles, rows and in full, and codes nobody knew.

use domain::catalogue::{Item, Unit};
use domain::content::Reference;
use domain::{Amount, GroupId, ItemId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// An item to choose at the till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemTile {
    /// The item.
    pub item: ItemId,
    /// Item number.
    pub number: String,
    /// Name.
    pub name: String,
    /// What a quantity counts.
    pub unit: Unit,
    /// Today's price of one; none: typed in, or not for sale today.
    pub price: Option<Amount>,
    /// Its group.
    pub group: GroupId,
    /// Its first code.
    pub code: Option<String>,
    /// Least age of the customer in years.
    pub age: Option<u8>,
    /// Needs a weight.
    pub weighed: bool,
    /// The price is typed in.
    pub open_price: bool,
}

/// A group of items.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GroupView {
    /// Identity.
    pub id: GroupId,
    /// Name.
    pub name: String,
    /// `#rrggbb`.
    pub color: String,
}

/// The till's groups and favourite tiles.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tiles {
    /// Groups, in the order of the chips.
    pub groups: Vec<GroupView>,
    /// Favourites, in order.
    pub tiles: Vec<ItemTile>,
}

/// An item in the office's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemRow {
    /// The item.
    pub item: ItemId,
    /// Item number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Group.
    pub group: GroupId,
    /// What a quantity counts.
    pub unit: Unit,
    /// Today's price of one.
    pub price: Option<Amount>,
    /// Codes.
    pub codes: Vec<String>,
    /// Stock in thousandths; none when none is kept.
    pub stock: Option<i64>,
    /// Below this it is on the low-stock list (thousandths).
    pub minimum: Option<i64>,
    /// Out of sale.
    pub retired: bool,
}

/// A page of items.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemPage {
    /// The rows.
    pub items: Vec<ItemRow>,
    /// Give this as `after` for the next page; none: this was the last.
    pub next: Option<String>,
}

/// An item in full.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemDetail {
    /// The item.
    pub item: Item,
    /// Which state of it this is: the `base` of a command that changes it.
    pub revision: String,
    /// Today's price of one.
    pub price: Option<Amount>,
    /// The unit price that belongs to it (PAngV § 4); none where the price says it, or nothing is known of the content.
    pub unit_price: Option<UnitPriceView>,
    /// Stock in thousandths; none when none is kept.
    pub stock: Option<i64>,
}

/// A unit price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitPriceView {
    /// What that much costs.
    pub amount: Amount,
    /// For how much.
    pub per: Reference,
}

/// A code that was sold without an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnknownCode {
    /// The code.
    pub code: String,
    /// How often it was sold.
    pub times: u32,
    /// When it was sold last.
    #[schema(value_type = String, format = DateTime)]
    pub last: Timestamp,
    /// The name it was sold under last.
    pub name: String,
    /// The price it was sold at last.
    pub price: Amount,
    /// The group it was sold under last.
    pub group: GroupId,
}
