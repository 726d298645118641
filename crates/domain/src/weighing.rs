//! Goods weighed by a scale beside the till: what is asked of it, and what stands of a weighing in the books.

use money::{Money, Quantity};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{BasketId, ItemId};

fn is_zero(quantity: &Quantity) -> bool {
    quantity.is_zero()
}

fn nothing() -> Quantity {
    Quantity::ZERO
}

/// A weighing as it stands on the line of its goods. Net weight and price of a kilogram are the line's own; nobody changes
/// either: whoever wants another weight voids the line and weighs again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineWeighing {
    /// Where the scale is connected.
    pub scale: String,
    /// The number of the weighing, from 1, without gaps in the whole shop.
    pub sequence: u64,
    /// What was taken off for the packing, thousandths of a kilogram.
    #[serde(default = "nothing", skip_serializing_if = "is_zero")]
    #[schema(value_type = i64)]
    pub tare: Quantity,
    /// The price in the scale's own words; none where the scale tells the weight alone and the till has computed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub price: Option<Money>,
    /// Version of the part under the law of measuring that weighed.
    pub version: String,
    /// Its hash: SHA-256, hexadecimal.
    pub hash: String,
}

/// What a scale said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// Where the scale is connected.
    pub scale: String,
    /// Weight of the goods alone, thousandths of a kilogram.
    pub net: Quantity,
    /// What was taken off, thousandths of a kilogram.
    pub tare: Quantity,
    /// Price of a kilogram that it weighed at.
    pub unit_price: Money,
    /// The price, where the scale computes it.
    pub price: Option<Money>,
    /// Version of the part under the law of measuring.
    pub version: String,
    /// Its hash.
    pub hash: String,
}

/// What the till's scale is to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToWeigh {
    /// Where the scale is connected.
    pub scale: String,
    /// What is weighed.
    pub item: ItemId,
    /// Its name.
    pub name: String,
    /// Price of a kilogram.
    pub unit_price: Money,
    /// The basket that it is for; none for one that opens with it.
    pub basket: Option<BasketId>,
}
