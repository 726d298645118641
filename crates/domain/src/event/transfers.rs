//! Bodies of what happens to transfers and messages of the bank.

use money::Money;
use serde::{Deserialize, Serialize};

use crate::bank::BankAccount;
use crate::ids::{BankMessageId, BasketId, TransferId};
use crate::transfer::{BankMessage, Confirmed, Finding};

/// The customer is asked to pay by transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferRequested {
    /// The request.
    pub transfer: TransferId,
    /// Where.
    pub basket: BasketId,
    /// What the payer writes.
    pub reference: String,
    /// How much, above nothing.
    pub amount: Money,
    /// To which account.
    pub account: BankAccount,
}

/// The money is there. The tender follows in the same command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferPaid {
    /// The request.
    pub transfer: TransferId,
    /// Where.
    pub basket: BasketId,
    /// How much came, at most what was asked for.
    pub amount: Money,
    /// Who says so.
    pub confirmed: Confirmed,
    /// How the person knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A message of the bank was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankMessageTaken {
    /// Its number.
    pub message: BankMessageId,
    /// What it says.
    pub said: Box<BankMessage>,
    /// What it led to.
    pub finding: Finding,
    /// The request that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<TransferId>,
}
