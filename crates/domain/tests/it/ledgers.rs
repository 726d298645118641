//! The ledgers as a record would keep them: of vouchers, and of customers' accounts.

use std::collections::BTreeMap;

use domain::account::{Account, OpenItem, Settled};
use domain::voucher::Voucher;
use domain::{CustomerId, Event, ReceiptRef, VoucherId};
use money::Money;

use crate::world::{World, code_of, hashed};

/// Customers, and what was posted to their accounts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Accounts {
    pub(crate) known: BTreeMap<CustomerId, Account>,
    pub(crate) postings: Vec<(CustomerId, i64)>,
    pub(crate) open: BTreeMap<(CustomerId, ReceiptRef), OpenItem>,
    pub(crate) credited: BTreeMap<(CustomerId, ReceiptRef), Money>,
}

impl Accounts {
    pub(crate) fn open_of(&self, customer: CustomerId) -> Vec<OpenItem> {
        let of = self.open.iter().filter(|((id, _), _)| *id == customer);
        let mut open: Vec<OpenItem> = of.map(|(_, item)| item.clone()).collect();
        open.sort_by_key(|item| (item.due, item.date, item.receipt));
        open
    }

    fn post(&mut self, customer: CustomerId, amount: Money) {
        let account = self.known.get_mut(&customer).expect("a customer");
        account.balance = account.balance.plus(amount).unwrap();
        self.postings.push((customer, amount.minor()));
    }

    /// No receipt is settled by more than is left of it.
    fn settle(&mut self, customer: CustomerId, settles: &[Settled]) {
        for settled in settles {
            let key = (customer, settled.receipt);
            let item = self.open.get_mut(&key).expect("an open receipt");
            item.left = item.left.minus(settled.amount).unwrap();
            assert!(settled.amount.is_positive() && !item.left.is_negative(), "{item:?}");
            if item.left.is_zero() {
                self.open.remove(&key);
            }
        }
    }
}

impl World {
    /// The ledger of the vouchers: no posting may bring one below nothing.
    fn post(&mut self, id: VoucherId, amount: Money) {
        let (_, voucher) = self.book.vouchers.get_mut(&id).expect("a voucher");
        voucher.balance = voucher.balance.plus(amount).unwrap();
        assert!(!voucher.balance.is_negative(), "{id} below nothing");
        self.book.postings.push((id, amount.minor()));
    }

    pub(crate) fn keep_voucher(&mut self, event: &Event) {
        match event {
            Event::VoucherSold { voucher, hash, last4, of, amount, expires, .. } => {
                assert_eq!(*hash, hashed(code_of(voucher.0)), "each code is sold once");
                let new = Voucher {
                    id: *voucher,
                    kind: *of,
                    last4: last4.clone(),
                    balance: Money::ZERO,
                    expires: *expires,
                    blocked: false,
                };
                assert!(self.book.vouchers.insert(*voucher, (*hash, new)).is_none());
                self.post(*voucher, *amount);
            }
            Event::VoucherToppedUp { voucher, amount, .. } => self.post(*voucher, *amount),
            Event::VoucherRedeemed { voucher, amount, .. } => {
                self.post(*voucher, amount.negated());
            }
            Event::VoucherCredited { voucher, amount, paid, .. } => {
                self.post(*voucher, *amount);
                let sum = self.book.credited.entry((*voucher, *paid)).or_default();
                *sum = sum.plus(*amount).unwrap();
            }
            Event::VoucherBlocked { voucher, .. } => {
                self.book.vouchers.get_mut(voucher).unwrap().1.blocked = true;
            }
            Event::VoucherUnblocked { voucher, .. } => {
                self.book.vouchers.get_mut(voucher).unwrap().1.blocked = false;
            }
            _ => {}
        }
    }

    pub(crate) fn keep_account(&mut self, event: &Event) {
        let accounts = &mut self.book.accounts;
        match event {
            Event::CustomerPut(customer) => {
                let balance = accounts.known.get(&customer.id).map_or(Money::ZERO, |a| a.balance);
                let account = Account { customer: (**customer).clone(), balance };
                accounts.known.insert(customer.id, account);
            }
            Event::CustomerForgotten { customer } => {
                accounts.known.remove(customer);
            }
            Event::AccountCharged { customer, amount, covered, date, due, receipt, .. } => {
                accounts.post(*customer, *amount);
                let left = amount.minus(*covered).unwrap();
                let (receipt, date, due, amount) = (*receipt, *date, *due, *amount);
                let item = OpenItem { receipt, date, due, amount, left };
                if left.is_positive() {
                    assert!(accounts.open.insert((*customer, receipt), item).is_none(), "once");
                }
            }
            Event::AccountCredited { customer, amount, paid, settles, .. } => {
                accounts.post(*customer, amount.negated());
                accounts.settle(*customer, settles);
                if let Some(paid) = paid {
                    let sum = accounts.credited.entry((*customer, *paid)).or_default();
                    *sum = sum.plus(*amount).unwrap();
                }
            }
            Event::AccountPaid { customer, amount, settles, .. } => {
                accounts.post(*customer, amount.negated());
                accounts.settle(*customer, settles);
            }
            _ => {}
        }
    }
}
