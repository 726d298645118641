//! What can be asked of the shop. Each command carries an id made by its sender.

mod shop;
mod till;

use crate::ids::TillId;
pub use shop::{PhotoBytes, ShopCommand, StockKind};
pub use till::{AttemptStep, ClosingStep, Denomination, DiscountValue, TillCommand};

/// A command with all that comes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// At a till.
    Till(TillId, TillCommand),
    /// For the shop.
    Shop(ShopCommand),
}
