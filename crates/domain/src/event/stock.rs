//! What moves stock without a sale.

use money::Quantity;
use serde::{Deserialize, Serialize};

use crate::command::StockKind;
use crate::ids::ItemId;

/// A stock movement that is no sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockMoved {
    /// Item.
    pub item: ItemId,
    /// How it came about.
    pub movement: StockKind,
    /// Added to the stock (thousandths, signed).
    pub quantity: Quantity,
    /// For a count: what was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Quantity>,
    /// Why.
    pub reason: String,
}
