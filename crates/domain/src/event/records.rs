//! Bodies of what is a record of a till (Vorgang) without being a receipt: orders, baskets that go on at another till,
//! goods that somebody who works here takes.

use jiff::Timestamp;
use money::Money;
use serde::{Deserialize, Serialize};

use crate::basket::Line;
use crate::ids::{BasketId, PersonId, TillId};
use crate::totals::TaxRow;

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderedLine {
    /// What, at the price of one before discounts; numbered within the order. Its quantity is below nothing for what
    /// is taken back, and for goods that the basket takes back.
    pub line: Line,
    /// Price of one with tax, whole minor units: as it is signed.
    pub price: Money,
    /// It takes back, wholly or in part, what was ordered before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_back: bool,
}

/// What is in a basket that is put aside is secured (Bestellung): all of it the first time, and from then on what
/// was added or taken away since. Long ones are several. No turnover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketOrdered {
    /// Which.
    pub basket: BasketId,
    /// What changed.
    pub lines: Vec<OrderedLine>,
    /// Tax by key and rate.
    pub tax: Vec<TaxRow>,
    /// With tax.
    pub total: Money,
}

/// A basket that was put aside at one till goes on at the till of the entry: at the first one it ends with that.
/// A record of the till that it comes from. No turnover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketHandedOver {
    /// Which.
    pub basket: BasketId,
    /// The till that it comes from, whose record this is.
    pub from: TillId,
    /// Opened when.
    pub opened: Timestamp,
    /// What is in it, the receipt discount spread over its lines.
    pub lines: Vec<Line>,
    /// Tax by key and rate.
    pub tax: Vec<TaxRow>,
    /// With tax.
    pub total: Money,
}

/// What is in a basket goes to somebody who works here, for their own use or the shop's (Sachbezug, Eigenverbrauch).
/// The basket ends with it; nothing is paid, and it is no turnover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenefitGiven {
    /// Which basket it was.
    pub basket: BasketId,
    /// Who takes it.
    pub person: PersonId,
    /// What for.
    pub reason: String,
    /// The basket was opened.
    pub opened: Timestamp,
    /// Ordered for the first time, where it was put aside before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered: Option<Timestamp>,
    /// Lines, receipt discount spread over them.
    pub lines: Vec<Line>,
    /// Tax by key and rate, as if it were sold.
    pub tax: Vec<TaxRow>,
    /// With tax, as if it were sold.
    pub total: Money,
}
