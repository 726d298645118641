//! Amounts as they come in from outside: with their currency beside them.

use money::{Currency, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `{"amount": 1299, "currency": "EUR"}`: minor units and the currency they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Whole minor units (cents).
    #[schema(value_type = i64, examples(1299))]
    pub amount: Money,
    /// ISO 4217.
    #[schema(value_type = String, examples("EUR"))]
    pub currency: Currency,
}
