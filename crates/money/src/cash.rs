//! Rounding of what is paid in cash (Switzerland: 0.05 CHF).

use serde::{Deserialize, Serialize};

use crate::{Money, MoneyError, round_half_away};

/// The smallest coin in use, in minor units: 5 in Switzerland, 1 where every cent is a coin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CashRounding(pub i64);

/// What must be added to `due` so that it can be paid in cash: −1 turns 10.01 into 10.00.
///
/// The difference is a line of its own without tax; cards pay `due` exactly, and in a mixed
/// payment only the cash rest is rounded.
pub fn cash_rounding(due: Money, step: CashRounding) -> Result<Money, MoneyError> {
    if step.0 <= 1 {
        return Ok(Money::ZERO);
    }
    let steps = round_half_away(i128::from(due.minor()), i128::from(step.0))?;
    let rounded = steps.checked_mul(step.0).ok_or(MoneyError::OutOfRange)?;
    Money::new(rounded).minus(due)
}
