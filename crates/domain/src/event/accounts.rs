//! What is posted to customers' accounts.

use jiff::civil::Date;
use money::Money;
use serde::{Deserialize, Serialize};

use crate::account::Settled;
use crate::ids::{CustomerId, ReceiptRef};

/// A customer owes more: a receipt was bought on account (Forderungsentstehung), or a payment was given
/// back. The other side is the receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCharged {
    /// Who.
    pub customer: CustomerId,
    /// More than nothing.
    pub amount: Money,
    /// So much of it was covered by the customer's credit.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub covered: Money,
    /// The local date.
    pub date: Date,
    /// The last day on which it is paid in time.
    pub due: Date,
    /// The receipt.
    pub receipt: ReceiptRef,
    /// A payment was given back.
    #[serde(default, skip_serializing_if = "crate::settings::is_false")]
    pub given_back: bool,
}

/// A customer owes less: goods came back. The other side is the receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCredited {
    /// Who.
    pub customer: CustomerId,
    /// More than nothing.
    pub amount: Money,
    /// The receipt of the return.
    pub receipt: ReceiptRef,
    /// The receipt that had been bought on account; none when the cashier chose to credit it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<ReceiptRef>,
    /// What it settles; the rest is credit.
    pub settles: Vec<Settled>,
}

/// A customer paid of what they owe (Forderungsaufloesung). The other side is the receipt, or the bank's
/// reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPaid {
    /// Who.
    pub customer: CustomerId,
    /// More than nothing.
    pub amount: Money,
    /// The receipt, when it was paid at a till.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptRef>,
    /// How the person knows, when it was not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// What it settles; the rest is credit.
    pub settles: Vec<Settled>,
}

pub(super) fn is_nothing(amount: &Money) -> bool {
    amount.is_zero()
}
