//! The ledgers as a record would keep them: of vouchers, and of customers' accounts.

use domain::event::{
    AccountCharged, AccountCredited, AccountPaid, VoucherCredited, VoucherRedeemed, VoucherSold,
};
use std::collections::BTreeMap;

use domain::account::{Account, Ledger, OpenItem, Settled};
use domain::voucher::Voucher;
use domain::{CustomerId, Event, ReceiptNo, ReceiptRef, TillId, VoucherId};
use jiff::civil::Date;
use money::Money;
use proptest::prelude::*;

use crate::world::{World, code_of, hashed};

/// Customers, and what was posted to their accounts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Accounts {
    pub(crate) known: BTreeMap<CustomerId, Account>,
    pub(crate) postings: Vec<(CustomerId, i64)>,
    pub(crate) last: BTreeMap<CustomerId, jiff::Timestamp>,
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
            Event::VoucherSold(VoucherSold {
                voucher, hash, last4, of, amount, expires, ..
            }) => {
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
            Event::VoucherRedeemed(VoucherRedeemed { voucher, amount, .. }) => {
                self.post(*voucher, amount.negated());
            }
            Event::VoucherCredited(VoucherCredited { voucher, amount, paid, .. }) => {
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
        let now = self.now;
        let accounts = &mut self.book.accounts;
        if let Event::AccountCharged(AccountCharged { customer, .. })
        | Event::AccountCredited(AccountCredited { customer, .. })
        | Event::AccountPaid(AccountPaid { customer, .. }) = event
        {
            accounts.last.insert(*customer, now);
        }
        match event {
            Event::CustomerPut(customer) => {
                let balance = accounts.known.get(&customer.id).map_or(Money::ZERO, |a| a.balance);
                let account = Account { customer: (**customer).clone(), balance };
                accounts.known.insert(customer.id, account);
            }
            Event::CustomerForgotten { customer } => {
                accounts.known.remove(customer);
            }
            Event::AccountCharged(AccountCharged {
                customer,
                amount,
                covered,
                date,
                due,
                receipt,
                ..
            }) => {
                accounts.post(*customer, *amount);
                let left = amount.minus(*covered).unwrap();
                let (receipt, date, due, amount) = (*receipt, *date, *due, *amount);
                let item = OpenItem { receipt, date, due, amount, left };
                if left.is_positive() {
                    assert!(accounts.open.insert((*customer, receipt), item).is_none(), "once");
                }
            }
            Event::AccountCredited(AccountCredited { customer, amount, paid, settles, .. }) => {
                accounts.post(*customer, amount.negated());
                accounts.settle(*customer, settles);
                if let Some(paid) = paid {
                    let sum = accounts.credited.entry((*customer, *paid)).or_default();
                    *sum = sum.plus(*amount).unwrap();
                }
            }
            Event::AccountPaid(AccountPaid { customer, amount, settles, .. }) => {
                accounts.post(*customer, amount.negated());
                accounts.settle(*customer, settles);
            }
            _ => {}
        }
    }
}

fn item(number: u64, amount: i64) -> OpenItem {
    let date = Date::constant(2026, 11, 23);
    let receipt = ReceiptRef { till: TillId(1), number: ReceiptNo(number) };
    let amount = Money::new(amount);
    OpenItem { receipt, date, due: date, amount, left: amount }
}

#[test]
fn the_oldest_is_settled_first_unless_another_is_chosen_and_the_rest_is_credit() {
    let mut ledger = Ledger::default();
    for (number, amount) in [(1, 500), (2, 300), (3, 200)] {
        assert_eq!(ledger.charge(item(number, amount)), Ok(Money::ZERO));
    }
    let paid = ledger.settle(Money::new(400), Some(item(3, 0).receipt)).expect("in range");
    let parts: Vec<(u64, i64)> =
        paid.iter().map(|s| (s.receipt.number.0, s.amount.minor())).collect();
    assert_eq!(parts, [(3, 200), (1, 200)]);
    ledger.settle(Money::new(700), None).expect("in range");
    assert_eq!((ledger.balance, ledger.open.len()), (Money::new(-100), 0));
    assert_eq!(ledger.charge(item(4, 250)), Ok(Money::new(100)));
    assert_eq!(ledger.open[0].left, Money::new(150));
}

proptest! {
    #[test]
    fn what_is_open_is_what_is_owed_and_no_less(steps in prop::collection::vec((any::<bool>(), 1..5_000_i64, 1..20_u64), 0..40)) {
        let mut ledger = Ledger::default();
        let mut sum = 0;
        for (at, (charges, amount, chosen)) in steps.into_iter().enumerate() {
            if charges {
                let number = u64::try_from(at).expect("few");
                let covered = ledger.charge(item(number, amount)).expect("in range").minor();
                prop_assert_eq!(covered, amount.min((-sum).max(0)));
                sum += amount;
            } else {
                let owed = sum.max(0);
                let settled = ledger.settle(Money::new(amount), Some(item(chosen, 0).receipt)).expect("in range");
                let parts: i64 = settled.iter().map(|s| s.amount.minor()).sum();
                prop_assert_eq!(parts, amount.min(owed));
                sum -= amount;
            }
            let open: i64 = ledger.open.iter().map(|item| item.left.minor()).sum();
            prop_assert_eq!((ledger.balance.minor(), open), (sum, sum.max(0)));
        }
    }
}
