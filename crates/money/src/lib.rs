//! Money, quantities and tax, in whole minor units and with integers only.
//!
//! This is the one place where amounts are computed (invariant 5). There is no I/O, no clock, no
//! float here, and no operation that can overflow silently: whatever may leave the range answers
//! [`MoneyError::OutOfRange`].
#![forbid(unsafe_code)]
#![deny(
    clippy::float_arithmetic,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing
)]

mod allocate;
mod amount;
mod cash;
mod currency;
mod exchange;
mod tax;

pub use allocate::allocate;
pub use amount::{Money, Quantity, line_total, round_half_away};
pub use cash::{CashRounding, cash_rounding};
pub use currency::Currency;
pub use exchange::ExchangeRate;
pub use tax::{Rate, TaxedAmount, tax_from_gross, tax_from_net};

/// What can go wrong when computing with money. Never a panic: input may come from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// A result left the range of `i64` minor units.
    #[error("amount out of range")]
    OutOfRange,
    /// There is nothing to divide by: all weights are zero, or a denominator is not positive.
    #[error("nothing to divide by")]
    NothingToDivide,
}
