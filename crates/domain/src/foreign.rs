//! Foreign cash: which currencies are taken, at which rates, and what lies in the drawer of them.

use jiff::civil::DateTime;
use money::{Currency, ExchangeRate, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::settings::Settings;

/// A rate from a local moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DatedExchangeRate {
    /// Minor units of the shop's currency for 1,000,000 minor units of the foreign one: 920,000 is 0.92 EUR
    /// for 1 USD.
    #[schema(value_type = i64, examples(920_000))]
    pub rate: ExchangeRate,
    /// From this local time on.
    #[schema(value_type = String, examples("2026-11-01T00:00:00"))]
    pub from: DateTime,
}

/// A currency whose cash is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignCurrency {
    /// Which.
    #[schema(value_type = String, examples("USD"))]
    pub currency: Currency,
    /// The smallest piece that is taken, its minor units: 500 takes notes of 5.00 and more, 1 every coin.
    pub smallest: i64,
    /// Rates, past and future.
    pub rates: Vec<DatedExchangeRate>,
}

/// Foreign cash of a tender: the tender's amounts are in the shop's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignCash {
    /// Its currency.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// What was given, foreign minor units.
    #[schema(value_type = i64)]
    pub amount: Money,
    /// The rate of that moment.
    #[schema(value_type = i64)]
    pub rate: ExchangeRate,
}

/// Foreign cash taken on a till day, of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct ForeignTally {
    /// How often.
    pub count: u32,
    /// How much, foreign minor units.
    #[schema(value_type = i64)]
    pub amount: Money,
    /// What it was taken for, minor units of the shop's currency.
    #[schema(value_type = i64)]
    pub value: Money,
    /// Change given for it, minor units of the shop's currency.
    #[schema(value_type = i64)]
    pub change: Money,
}

/// What was counted of a foreign currency; foreign minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ForeignCount {
    /// Which.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// Counted.
    #[schema(value_type = i64)]
    pub counted: Money,
    /// What the book said at that moment.
    #[schema(value_type = i64)]
    pub expected: Money,
    /// Counted minus expected.
    #[schema(value_type = i64)]
    pub difference: Money,
}

/// The rate of a currency at a local moment: the one that began last; none when it is not taken then.
pub fn exchange_rate(settings: &Settings, of: Currency, at: DateTime) -> Option<ExchangeRate> {
    let currency = settings.foreign_cash.iter().find(|f| f.currency == of)?;
    let begun = currency.rates.iter().filter(|rate| rate.from <= at);
    begun.max_by_key(|rate| rate.from).map(|rate| rate.rate)
}
