//! Amounts and quantities, and the one rounding function.

use serde::{Deserialize, Serialize};

use crate::MoneyError;

/// An amount in whole minor units (cents) of a currency that the context names.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// An amount of `minor` minor units.
    pub const fn new(minor: i64) -> Self {
        Money(minor)
    }

    /// The minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// The sum; errs when it leaves the range.
    pub fn plus(self, other: Money) -> Result<Money, MoneyError> {
        self.0.checked_add(other.0).map(Money).ok_or(MoneyError::OutOfRange)
    }

    /// The difference; errs when it leaves the range.
    pub fn minus(self, other: Money) -> Result<Money, MoneyError> {
        self.0.checked_sub(other.0).map(Money).ok_or(MoneyError::OutOfRange)
    }

    /// The amount with its sign reversed. `i64::MIN` has no counterpart and becomes `i64::MAX`.
    #[must_use]
    pub const fn negated(self) -> Money {
        Money(0_i64.saturating_sub(self.0))
    }

    /// The amount without its sign.
    #[must_use]
    pub const fn abs(self) -> Money {
        Money(self.0.saturating_abs())
    }

    /// True for nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// True below nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// True above nothing.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The sum of many; errs when it leaves the range.
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Result<Money, MoneyError> {
        amounts.into_iter().try_fold(Money::ZERO, Money::plus)
    }

    /// The sum, held at the ends of the range. For totals that were checked before they were
    /// journalled: `apply` cannot fail, and limits keep real totals far from the ends.
    #[must_use]
    pub const fn saturating_plus(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }

    /// `basis_points` hundredths of a percent of the amount, rounded half away from zero.
    pub fn percent(self, basis_points: i64) -> Result<Money, MoneyError> {
        let product = i128::from(self.0)
            .checked_mul(i128::from(basis_points))
            .ok_or(MoneyError::OutOfRange)?;
        round_half_away(product, 10_000).map(Money)
    }
}

/// A quantity in thousandths of its unit: 1 piece is 1,000; 0.486 kg is 486.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Quantity(i64);

impl Quantity {
    /// None.
    pub const ZERO: Quantity = Quantity(0);
    /// One whole unit.
    pub const ONE: Quantity = Quantity(1_000);

    /// A quantity of `thousandths`.
    pub const fn new(thousandths: i64) -> Self {
        Quantity(thousandths)
    }

    /// The thousandths.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// True when it has no fraction.
    pub const fn is_whole(self) -> bool {
        matches!(self.0.checked_rem(1_000), Some(0))
    }

    /// True for none.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// True below none.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum; errs when it leaves the range.
    pub fn plus(self, other: Quantity) -> Result<Quantity, MoneyError> {
        self.0.checked_add(other.0).map(Quantity).ok_or(MoneyError::OutOfRange)
    }

    /// The difference; errs when it leaves the range.
    pub fn minus(self, other: Quantity) -> Result<Quantity, MoneyError> {
        self.0.checked_sub(other.0).map(Quantity).ok_or(MoneyError::OutOfRange)
    }

    /// The sum, held at the ends of the range (see [`Money::saturating_plus`]).
    #[must_use]
    pub const fn saturating_plus(self, other: Quantity) -> Quantity {
        Quantity(self.0.saturating_add(other.0))
    }

    /// With its sign reversed.
    #[must_use]
    pub const fn negated(self) -> Quantity {
        Quantity(0_i64.saturating_sub(self.0))
    }

    /// Without its sign.
    #[must_use]
    pub const fn abs(self) -> Quantity {
        Quantity(self.0.saturating_abs())
    }

    /// The product of two quantities (three packs of six), rounded half away from zero.
    pub fn times(self, other: Quantity) -> Result<Quantity, MoneyError> {
        let product =
            i128::from(self.0).checked_mul(i128::from(other.0)).ok_or(MoneyError::OutOfRange)?;
        round_half_away(product, 1_000).map(Quantity)
    }
}

/// `numerator / denominator`, rounded half away from zero. The only rounding in the house.
///
/// Errs when the denominator is not positive or the quotient leaves `i64`.
pub fn round_half_away(numerator: i128, denominator: i128) -> Result<i64, MoneyError> {
    if denominator <= 0 {
        return Err(MoneyError::NothingToDivide);
    }
    let magnitude = numerator.unsigned_abs();
    let divisor = denominator.unsigned_abs();
    let (Some(whole), Some(rest)) =
        (magnitude.checked_div(divisor), magnitude.checked_rem(divisor))
    else {
        return Err(MoneyError::NothingToDivide);
    };
    let rounds_up = rest >= divisor.saturating_sub(rest);
    let rounded =
        if rounds_up { whole.checked_add(1).ok_or(MoneyError::OutOfRange)? } else { whole };
    let unsigned = i64::try_from(rounded).map_err(|_| MoneyError::OutOfRange)?;
    if numerator < 0 { unsigned.checked_neg().ok_or(MoneyError::OutOfRange) } else { Ok(unsigned) }
}

/// What a line costs: quantity × unit price, rounded once, half away from zero.
pub fn line_total(quantity: Quantity, unit_price: Money) -> Result<Money, MoneyError> {
    let product = i128::from(quantity.0)
        .checked_mul(i128::from(unit_price.0))
        .ok_or(MoneyError::OutOfRange)?;
    round_half_away(product, 1_000).map(Money)
}
