//! Foreign cash: what it is worth at a rate.

use serde::{Deserialize, Serialize};

use crate::{Money, MoneyError, round_half_away};

/// Foreign minor units that a rate is said for.
const PER: i64 = 1_000_000;
/// The highest rate: 10¹² home minor units for 10⁶ foreign ones.
const HIGHEST: i64 = 1_000_000_000_000;

/// An exact rate: so many minor units of the shop's currency for 1,000,000 minor units of the foreign one.
/// 920,000 says that 1 USD is worth 0.92 EUR; 610,000 that 1 JPY, which has no cents, is worth 0.0061 EUR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct ExchangeRate(i64);

impl ExchangeRate {
    /// None unless it is above nothing and not beyond all sense (10¹²).
    pub const fn new(rate: i64) -> Option<Self> {
        if rate > 0 && rate <= HIGHEST { Some(ExchangeRate(rate)) } else { None }
    }

    /// Home minor units for 1,000,000 foreign ones.
    pub const fn per_million(self) -> i64 {
        self.0
    }

    /// What `foreign` is worth in the shop's currency, rounded half away from zero.
    pub fn value(self, foreign: Money) -> Result<Money, MoneyError> {
        let product = i128::from(foreign.minor())
            .checked_mul(i128::from(self.0))
            .ok_or(MoneyError::OutOfRange)?;
        round_half_away(product, i128::from(PER)).map(Money::new)
    }

    /// The least foreign amount, in whole `pieces` (the smallest note that is taken), that is worth `home`
    /// or more.
    pub fn least(self, home: Money, piece: i64) -> Result<Money, MoneyError> {
        let piece = piece.max(1);
        let out = MoneyError::OutOfRange;
        // What one piece is worth, a million times: pieces are counted up to it, the last by half a minor
        // unit less, as values are rounded.
        let each = i128::from(self.0).checked_mul(i128::from(piece)).ok_or(out)?;
        let wanted = i128::from(home.minor())
            .checked_mul(i128::from(PER))
            .and_then(|w| w.checked_sub(i128::from(PER / 2)))
            .ok_or(out)?
            .max(0);
        let pieces = wanted.checked_add(each.checked_sub(1).ok_or(out)?).ok_or(out)?;
        let pieces = pieces.checked_div(each).ok_or(MoneyError::NothingToDivide)?;
        let least = pieces.checked_mul(i128::from(piece)).ok_or(out)?;
        i64::try_from(least).map(Money::new).map_err(|_| out)
    }
}

impl TryFrom<i64> for ExchangeRate {
    type Error = &'static str;

    fn try_from(rate: i64) -> Result<Self, Self::Error> {
        ExchangeRate::new(rate).ok_or("a rate is above nothing and at most 10^12")
    }
}

impl From<ExchangeRate> for i64 {
    fn from(rate: ExchangeRate) -> Self {
        rate.0
    }
}
