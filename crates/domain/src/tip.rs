//! Tips: money given beside the price.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::amount::Amount;
use crate::ids::{AttemptId, TaxKey};

/// Whose tips are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum TipsTo {
    /// The people's who work here: no turnover, not taxed (DSFinV-K: `TrinkgeldAN`).
    Staff,
    /// The shop's: turnover, taxed (DSFinV-K: `TrinkgeldAG`).
    Shop {
        /// Under this key.
        tax: TaxKey,
    },
}

/// A line that is a tip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Tip {
    /// It was given at a terminal with this attempt; none for a tip told at the till.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<AttemptId>,
}

/// How much a customer gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TipValue {
    /// So much.
    Amount {
        /// More than nothing.
        amount: Amount,
    },
    /// As much as makes the whole come to a sum ("make it twenty").
    UpTo {
        /// More than what is to be paid without it.
        total: Amount,
    },
}
