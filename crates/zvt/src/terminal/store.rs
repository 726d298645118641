//! The terminal's turnover store: what it has done for good.

use crate::bmp::{CardTotal, Totals};
use crate::status::StatusInformation;
use crate::value::{Amount, ReceiptNo, Trace, Turnover};

/// What a stored transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 06 01.
    Payment,
    /// 06 22; open until it is booked or given back.
    Reservation,
    /// 06 24 and 06 23: what of a reservation was taken.
    Booking,
    /// 06 25: a reservation given back.
    Release,
    /// 06 30: a payment taken back.
    Reversal,
    /// 06 31: money to a card.
    Refund,
    /// 06 0C.
    Tip,
}

/// A stored transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub kind: Kind,
    /// Its receipt.
    pub receipt: ReceiptNo,
    /// Its trace number.
    pub trace: Trace,
    /// Its turnover number.
    pub turnover: Turnover,
    /// Its amount.
    pub amount: Amount,
    /// Taken back, booked or given back by a later one.
    pub settled: bool,
    /// The outcome that was said.
    pub status: StatusInformation,
}

/// The transactions since the last end of day, and the numbers of the next one.
#[derive(Debug, Clone, Default)]
pub(super) struct Store {
    records: Vec<Record>,
    last: Option<StatusInformation>,
    number: u16,
}

impl Store {
    pub(super) fn records(&self) -> &[Record] {
        &self.records
    }

    /// The last stored transaction, also one of before the end of day.
    pub(super) const fn last(&self) -> Option<&StatusInformation> {
        self.last.as_ref()
    }

    /// The next number, 1 to 9999; it is used up even if nothing is stored under it.
    pub(super) fn next_number(&mut self) -> u16 {
        self.number = self.number.checked_add(1).filter(|number| *number <= 9_999).unwrap_or(1);
        self.number
    }

    /// The open transaction of that receipt and kinds.
    pub(super) fn find(&self, receipt: ReceiptNo, kinds: &[Kind]) -> Option<&Record> {
        self.records.iter().rev().find(|r| r.receipt == receipt && kinds.contains(&r.kind))
    }

    /// The receipts of open reservations, oldest first.
    pub(super) fn open_reservations(&self) -> Vec<ReceiptNo> {
        let open = |r: &&Record| r.kind == Kind::Reservation && !r.settled;
        self.records.iter().filter(open).map(|r| r.receipt).collect()
    }

    /// Stores `record`, and settles the one that it refers to.
    pub(super) fn add(&mut self, record: Record, settles: Option<ReceiptNo>) {
        let settled = self.records.iter_mut().filter(|r| Some(r.receipt) == settles);
        settled.for_each(|r| r.settled = true);
        self.last = Some(record.status.clone());
        self.records.push(record);
    }

    /// The totals by kind of card, payments less refunds; what was taken back is not among it. `None` when nothing is stored.
    pub(super) fn totals(&self) -> Option<Totals> {
        let (first, last) = (self.records.first()?.receipt, self.records.last()?.receipt);
        let mut cards = [CardTotal::default(); 7];
        let mut sums = [0_i64; 7];
        let counted = self.records.iter().filter(|r| !r.settled);
        for record in counted {
            let amount = match record.kind {
                Kind::Payment | Kind::Booking | Kind::Tip => record.amount.minor_units(),
                Kind::Refund => record.amount.minor_units().saturating_neg(),
                Kind::Reservation | Kind::Release | Kind::Reversal => continue,
            };
            let at = place(record.status.card_type);
            if let (Some(card), Some(sum)) = (cards.get_mut(at), sums.get_mut(at)) {
                card.count = card.count.saturating_add(1);
                *sum = sum.saturating_add(amount);
            }
        }
        for (card, sum) in cards.iter_mut().zip(sums) {
            // The protocol knows no sign: where more was given back than was paid, nothing is said.
            card.sum = Amount::new(sum.max(0)).unwrap_or_default();
        }
        Some(Totals { first, last, cards })
    }

    /// Begins a new day. Open reservations stay.
    pub(super) fn close_day(&mut self) {
        self.records.retain(|r| r.kind == Kind::Reservation && !r.settled);
    }
}

/// Where a kind of card (BMP 8A) stands among the totals.
const fn place(card_type: Option<u16>) -> usize {
    match card_type {
        Some(2 | 5) => 0,
        Some(14) => 1,
        Some(6 | 46) => 2,
        Some(8) => 3,
        Some(10 | 11 | 13) => 4,
        Some(12) => 5,
        _ => 6,
    }
}
