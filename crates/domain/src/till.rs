//! A till as it is now.

use money::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::day::TillDay;
use crate::ids::{BasketId, PersonId, ReceiptNo, TillId};
use crate::payment::FailedTry;

/// The receipt finished last at a till.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastReceipt {
    /// Its number.
    pub number: ReceiptNo,
    /// Training.
    pub training: bool,
}

/// A till as it is now.
///
/// What is saved changes only by events that [`Part::touched`] names; what open baskets decide is
/// folded anew from their entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Till {
    /// Identity.
    pub id: TillId,
    /// Signed in.
    pub person: Option<PersonId>,
    /// Training mode.
    pub training: bool,
    /// The open day.
    pub day: Option<TillDay>,
    /// Number of the last day that was opened.
    pub last_day: u32,
    /// Number of the last receipt.
    pub receipts: u64,
    /// Number of the last training receipt.
    pub training_receipts: u64,
    /// Highest number of a basket that ended here.
    pub ended_basket: u64,
    /// Receipts that a terminal's answer finished while another basket was on the screen, until the next
    /// receipt is finished in front of somebody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub background: Vec<ReceiptNo>,
    /// The last reservation or release that was asked for here and came to nothing, until somebody signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<FailedTry>,
    /// Alarms of the drawer while no day was open: the next day begins with them.
    #[serde(default, skip_serializing_if = "crate::day::is_zero")]
    pub drawer_alarms: u32,
    /// Open baskets, parked ones apart.
    #[serde(skip)]
    pub baskets: Vec<BasketId>,
    /// The basket that the next scan goes to.
    #[serde(skip)]
    pub active: Option<BasketId>,
    /// The receipt finished last, until the next basket opens.
    #[serde(skip)]
    pub last_receipt: Option<LastReceipt>,
}

impl Till {
    pub(crate) fn new(id: TillId) -> Self {
        Till {
            id,
            person: None,
            training: false,
            day: None,
            last_day: 0,
            receipts: 0,
            training_receipts: 0,
            ended_basket: 0,
            background: Vec::new(),
            failed: None,
            drawer_alarms: 0,
            baskets: Vec::new(),
            active: None,
            last_receipt: None,
        }
    }
}

impl Till {
    /// Cash went in (or out): the drawer follows, a count no longer holds.
    pub(crate) fn move_cash(&mut self, amount: Money) {
        if let Some(day) = &mut self.day {
            day.drawer = day.drawer.saturating_plus(amount);
            day.count = None;
        }
    }

    /// Foreign cash went in, or out again when its tender was undone.
    pub(crate) fn move_foreign(&mut self, currency: Currency, amount: Money) {
        if let Some(day) = &mut self.day {
            let there = day.foreign.entry(currency).or_default();
            *there = there.saturating_plus(amount);
            if there.is_zero() {
                day.foreign.remove(&currency);
            }
            day.count = None;
        }
    }
}
