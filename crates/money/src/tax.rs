//! Value added tax, from gross prices and from net prices.

use serde::{Deserialize, Serialize};

use crate::{Money, MoneyError, round_half_away};

/// A tax rate in hundredths of a percent: 1,900 is 19 %, 260 is 2.6 %.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rate(u32);

impl Rate {
    /// A rate of `basis_points` hundredths of a percent.
    pub const fn new(basis_points: u32) -> Self {
        Rate(basis_points)
    }

    /// The hundredths of a percent.
    pub const fn basis_points(self) -> u32 {
        self.0
    }
}

/// A gross amount with the tax in it. `net + tax == gross` always: there is no other way to make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TaxedAmount {
    net: Money,
    tax: Money,
    gross: Money,
}

impl TaxedAmount {
    /// Without tax.
    pub const fn net(self) -> Money {
        self.net
    }
    /// The tax.
    pub const fn tax(self) -> Money {
        self.tax
    }
    /// With tax.
    pub const fn gross(self) -> Money {
        self.gross
    }
}

/// Tax contained in the sum of gross prices of one tax key: net = round(G·100/(100+r)), tax = G − net.
pub fn tax_from_gross(gross: Money, rate: Rate) -> Result<TaxedAmount, MoneyError> {
    let divisor = i128::from(rate.0).saturating_add(10_000);
    let numerator = i128::from(gross.minor()).checked_mul(10_000).ok_or(MoneyError::OutOfRange)?;
    let net = Money::new(round_half_away(numerator, divisor)?);
    Ok(TaxedAmount { net, tax: gross.minus(net)?, gross })
}

/// Tax on top of the sum of net prices of one tax key: tax = round(N·r/100).
pub fn tax_from_net(net: Money, rate: Rate) -> Result<TaxedAmount, MoneyError> {
    let tax = net.percent(i64::from(rate.0))?;
    Ok(TaxedAmount { net, tax, gross: net.plus(tax)? })
}
