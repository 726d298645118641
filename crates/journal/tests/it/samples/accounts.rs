//! Customers and their ledger.

use domain::event::{AccountCharged, AccountCredited, AccountPaid, Event};
use money::Money;

use super::*;

/// Every event of a customer's account, and the lines and tenders that lead to them.
pub(super) fn all() -> Vec<Event> {
    let (customer, basket) = (CustomerId(12), BasketId(78));
    let amount = Money::new(3_492);
    let at = |number| ReceiptRef { till: TillId(1), number: ReceiptNo(number) };
    let (date, due) = ("2026-11-23".parse().unwrap(), "2026-12-07".parse().unwrap());
    let put = |version, limit, blocked| {
        let details = NameDigest([0x5a; 32]);
        let id = customer;
        Event::CustomerPut(Box::new(Customer {
            id,
            version,
            details,
            term_days: 14,
            limit,
            blocked,
        }))
    };
    let charged = |covered, given_back| {
        let (covered, receipt) = (Money::new(covered), at(20));
        Event::AccountCharged(AccountCharged {
            customer,
            amount,
            covered,
            date,
            due,
            receipt,
            given_back,
        })
    };
    let settles = vec![Settled { receipt: at(20), amount }];
    let line = |receipt, credit| {
        let of = LineAccount { customer, receipt, credit };
        let line = Line { account: Some(of), ..bare_line() };
        Event::LineAdded { basket, line: Box::new(line), read: None }
    };
    let tender = |due, paid| {
        let mut tender = Tender::exact(TenderKind::Account, amount, None);
        tender.account = Some(Box::new(TenderAccount { customer, version: 1, due, paid }));
        Event::TenderRecorded { basket, tender }
    };
    let paid = |receipt, reference: &str| {
        let (reference, settles) = (reference.to_owned(), settles.clone());
        Event::AccountPaid(AccountPaid { customer, amount, receipt, reference, settles })
    };
    let credited = |paid, settles| {
        Event::AccountCredited(AccountCredited { customer, amount, receipt: at(21), paid, settles })
    };
    vec![
        put(1, None, false),
        put(2, Some(Money::new(50_000)), true),
        Event::CustomerForgotten { customer },
        charged(0, false),
        charged(1_000, true),
        credited(Some(at(20)), settles.clone()),
        credited(None, Vec::new()),
        paid(Some(at(22)), ""),
        paid(None, "Kontoauszug 17"),
        line(None, false),
        line(Some(at(20)), true),
        tender(Some(due), None),
        tender(None, Some(at(20))),
    ]
}
