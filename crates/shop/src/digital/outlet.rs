//! What the engine and the runner tell each other: which receipts were issued just now, and what is shown of their pages.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::receipt::IssuedReceipt;
use domain::{ReceiptNo, TillId};
use tokio::sync::Notify;

use crate::api::digital::{PageState, ReceiptPageView};

/// Ids that lead nowhere, in a minute: nobody finds one by trying, and nobody keeps the shop busy with it.
const MISSES: u32 = 120;
const MINUTE: Duration = Duration::from_secs(60);
/// Receipts that wait to be looked at, at most: beyond it the oldest get their page when somebody asks.
const WAITING: usize = 256;

/// Which receipt of a till: incarnation, training, number.
type Which = (u32, bool, ReceiptNo);

/// What is shown of a till's last receipt: which it is, its entry, its page.
#[derive(Debug)]
struct Shown {
    of: Which,
    seq: u64,
    page: ReceiptPageView,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Outlet {
    issued: Mutex<Vec<(TillId, u64)>>,
    shown: Mutex<HashMap<TillId, Shown>>,
    misses: Mutex<(Duration, u32)>,
    bell: Notify,
}

fn which(receipt: &IssuedReceipt) -> Which {
    (receipt.incarnation, receipt.receipt.training, receipt.receipt.number)
}

impl Outlet {
    /// A receipt is being issued: its entry. Whether it stays is known once it is on disk.
    pub(crate) fn issued(&self, till: TillId, seq: u64) {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        if issued.len() < WAITING {
            issued.push((till, seq));
        }
        self.bell.notify_one();
    }

    /// The receipts that were issued since this was asked last.
    pub(crate) fn take_issued(&self) -> Vec<(TillId, u64)> {
        std::mem::take(&mut *self.issued.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until there is something to do.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }

    /// There is something to send.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// Shows the page of a receipt at its till, for as long as that receipt is shown there.
    pub(crate) fn show(&self, receipt: &IssuedReceipt, seq: u64, page: ReceiptPageView) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.insert(receipt.till, Shown { of: which(receipt), seq, page });
    }

    /// Tills whose last receipt's page is on its way, with the receipt's entry.
    pub(crate) fn coming(&self) -> Vec<(TillId, u64)> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let coming = shown.iter().filter(|(_, one)| one.page.state == PageState::OnItsWay);
        coming.map(|(till, one)| (*till, one.seq)).collect()
    }

    /// A page is there, or will not be; whether the customer's display shows it stays as it was.
    pub(crate) fn arrived(&self, receipt: &IssuedReceipt, page: ReceiptPageView) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = shown.get_mut(&receipt.till).filter(|one| one.of == which(receipt)) {
            let on_display = one.page.on_display;
            one.page = ReceiptPageView { on_display, ..page };
        }
    }

    /// Takes the code off the customer's display: whoever stands there now is somebody else. True when it was there.
    pub(crate) fn hide(&self, receipt: &IssuedReceipt) -> bool {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        match shown.get_mut(&receipt.till) {
            Some(one) if one.of == which(receipt) && one.page.on_display => {
                one.page.on_display = false;
                true
            }
            _ => false,
        }
    }

    /// What is shown of a receipt's page.
    pub(crate) fn shown(&self, receipt: &IssuedReceipt) -> Option<ReceiptPageView> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let one = shown.get(&receipt.till).filter(|one| one.of == which(receipt));
        one.map(|one| one.page.clone())
    }

    /// Counts an id that leads nowhere; `now` is the time that only goes forward. False when there were too many.
    pub(crate) fn missed(&self, now: Duration) -> bool {
        let mut misses = self.misses.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(misses.0) > MINUTE {
            *misses = (now, 0);
        }
        misses.1 = misses.1.saturating_add(1);
        misses.1 <= MISSES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_tries_ids_is_held_off_for_a_while() {
        let outlet = Outlet::default();
        let second = Duration::from_secs(1);
        assert!((0..MISSES).all(|_| outlet.missed(second)));
        assert!(!outlet.missed(second));
        assert!(outlet.missed(second + MINUTE + second), "a minute later");
    }

    #[test]
    fn receipts_are_taken_once() {
        let outlet = Outlet::default();
        outlet.issued(TillId(1), 7);
        outlet.issued(TillId(2), 8);
        assert_eq!(outlet.take_issued(), [(TillId(1), 7), (TillId(2), 8)]);
        assert!(outlet.take_issued().is_empty());
    }
}
