//! What the customer sees: only what stands on their own receipt.

use domain::catalogue::Unit;
use domain::settings::Language;
use domain::{Amount, TillId};
use serde::Serialize;
use utoipa::ToSchema;

use super::digital::ReceiptPageView;
use super::transfers::DisplayTransfer;
use super::view::Truth;

/// What the customer's display shows just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisplayState {
    /// Nobody is served.
    Idle,
    /// Goods are being rung up.
    Basket,
    /// Paid: thanks, change.
    Paid,
}

/// The customer's display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DisplayView {
    /// The till.
    pub till: TillId,
    /// The shop's name.
    pub shop: String,
    /// Language of the shop.
    pub language: Language,
    /// ISO 4217.
    pub currency: String,
    /// Digits after the decimal sign.
    pub minor_digits: u8,
    /// What is shown.
    pub state: DisplayState,
    /// Made in training mode.
    pub training: bool,
    /// What is sold here is not signed by a certified unit.
    pub practice: bool,
    /// Lines; the one that changed last is marked.
    pub lines: Vec<DisplayLine>,
    /// How many articles.
    pub articles: u32,
    /// With tax.
    pub total: Amount,
    /// Saved by discounts and promotions.
    pub saved: Amount,
    /// Still to pay.
    pub due: Amount,
    /// Given.
    pub tendered: Amount,
    /// To give back.
    pub change: Amount,
    /// The customer's own payment at the terminal, or the last try that moved no money.
    pub payment: Option<DisplayPayment>,
    /// The customer's own transfer that is waited for.
    pub transfer: Option<DisplayTransfer>,
    /// The page of the customer's receipt, for a while after paying.
    pub receipt: Option<ReceiptPageView>,
}

/// A payment at a terminal, as the customer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DisplayPayment {
    /// `payment`, `refund`, `reversal`, `reservation`, `booking`, `release` or `cash`.
    pub purpose: String,
    /// Asked for.
    pub amount: Option<Amount>,
    /// Whether money moved.
    pub truth: Truth,
    /// How far it is while it runs: the code that the till shows. Empty otherwise: why a card was
    /// declined is nobody's business who stands behind.
    pub code: String,
    /// What was put into the cash machine so far.
    pub inserted: Option<Amount>,
    /// What is to be put in still.
    pub open: Option<Amount>,
}

/// A line of the display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DisplayLine {
    /// Name.
    pub name: String,
    /// Thousandths.
    pub quantity: i64,
    /// What the quantity counts.
    pub unit: Unit,
    /// Price of one.
    pub price: Amount,
    /// What the line comes to.
    pub total: Amount,
    /// The deposit of the line before.
    pub deposit: bool,
    /// Changed last.
    pub last: bool,
}
