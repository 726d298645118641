//! Customers' accounts in the file: the ledger, what is open, and what lies apart.

use domain::account::{Customer, Settled};
use domain::event::{AccountCharged, AccountPaid, Event};
use domain::{CustomerId, NameDigest, ReceiptNo, ReceiptRef};
use jiff::civil::{Date, date};
use money::Money;
use store::{AccountSums, CustomerFilter, Subject};

use crate::kit::{Shop, TILL};

const ANNA: CustomerId = CustomerId(1);
const BERT: CustomerId = CustomerId(2);

fn put(id: CustomerId, version: u32, limit: Option<i64>) -> Event {
    let (details, limit) = (NameDigest([9; 32]), limit.map(Money::new));
    Event::CustomerPut(Box::new(Customer {
        id,
        version,
        details,
        term_days: 14,
        limit,
        blocked: false,
    }))
}

fn receipt(number: u64) -> ReceiptRef {
    ReceiptRef { till: TILL, number: ReceiptNo(number) }
}

fn charged(customer: CustomerId, number: u64, amount: i64, due: Date) -> Event {
    Event::AccountCharged(AccountCharged {
        customer,
        amount: Money::new(amount),
        covered: Money::ZERO,
        date: date(2026, 11, 23),
        due,
        receipt: receipt(number),
        given_back: false,
    })
}

fn paid(customer: CustomerId, amount: i64, settles: &[(u64, i64)]) -> Event {
    let settled = |(number, amount): &(u64, i64)| Settled {
        receipt: receipt(*number),
        amount: Money::new(*amount),
    };
    Event::AccountPaid(AccountPaid {
        customer,
        amount: Money::new(amount),
        receipt: None,
        reference: "statement 17".to_owned(),
        settles: settles.iter().map(settled).collect(),
    })
}

/// Anna owes 300 of 500 and, overdue, 200; Bert has paid 50 too much.
fn story() -> Shop {
    let mut shop = Shop::new();
    shop.commit(&[put(ANNA, 1, Some(5_000)), put(BERT, 1, None)]);
    shop.commit(&[charged(ANNA, 1, 500, date(2026, 12, 7))]);
    shop.commit(&[charged(ANNA, 2, 200, date(2026, 11, 24))]);
    shop.commit(&[charged(BERT, 3, 100, date(2026, 12, 7))]);
    shop.commit(&[paid(ANNA, 200, &[(1, 200)])]);
    shop.commit(&[paid(BERT, 150, &[(3, 100)])]);
    shop.commit(&[put(ANNA, 2, None)]);
    shop
}

#[test]
fn a_ledger_is_kept_and_summed_up() {
    let shop = story();
    let anna = shop.store.account(ANNA).unwrap().expect("a customer");
    assert_eq!(
        (anna.balance, anna.customer.version, anna.customer.limit),
        (Money::new(500), 2, None)
    );
    let open: Vec<(u64, i64)> = shop
        .store
        .open_items(ANNA)
        .unwrap()
        .iter()
        .map(|item| (item.receipt.number.0, item.left.minor()))
        .collect();
    assert_eq!(open, [(2, 200), (1, 300)], "due first");
    assert_eq!(shop.store.all_open_items(9).unwrap().len(), 2);
    let sums = shop.store.account_sums(date(2026, 11, 25)).unwrap();
    let wanted = AccountSums {
        open: Money::new(500),
        receipts: 2,
        overdue: Money::new(200),
        overdue_receipts: 1,
        credit: Money::new(50),
    };
    assert_eq!(sums, wanted);
    let due_today = shop.store.account_sums(date(2026, 11, 24)).unwrap();
    assert_eq!(due_today.overdue_receipts, 0, "the last day is in time");
    let posted: Vec<(String, i64)> = shop
        .store
        .account_postings(ANNA, 9)
        .unwrap()
        .into_iter()
        .map(|row| (row.kind, row.amount.minor()))
        .collect();
    let wanted = [("paid", -200), ("charged", 200), ("charged", 500)];
    assert_eq!(posted, wanted.map(|(kind, amount)| (kind.to_owned(), amount)));
    let owing = CustomerFilter { open: true, after: Some(ANNA) };
    assert_eq!(shop.store.accounts(owing, 9).unwrap().len(), 1, "credit is open too");
    let (of, item) = shop.store.account_item(receipt(3)).unwrap().expect("it was on account");
    assert_eq!((of, item.left, item.amount), (BERT, Money::ZERO, Money::new(100)));
}

#[test]
fn the_ledger_is_a_fold_of_the_journal() {
    let mut shop = story();
    shop.commit(&[Event::CustomerForgotten { customer: BERT }]);
    assert_eq!(shop.store.account(BERT).unwrap(), None);
    let tables = shop.store.dump_tables().unwrap();
    shop.store.rebuild(|_, _| Vec::new()).unwrap();
    assert_eq!(shop.store.dump_tables().unwrap(), tables);
    let rows = |name: &str| tables.iter().find(|(table, _)| table == name).expect("a fold").1.len();
    assert_eq!((rows("customer"), rows("account_posting"), rows("account_item")), (2, 5, 3));
}

#[test]
fn a_receipt_is_never_settled_by_more_than_is_left_of_it() {
    let mut shop = story();
    shop.store.begin().unwrap();
    let id = crate::kit::command(77);
    let event = paid(ANNA, 301, &[(1, 301)]);
    assert!(shop.store.append(crate::kit::at(1), None, None, id, None, &[event]).is_err());
    assert_eq!(shop.store.account(ANNA).unwrap().expect("a customer").balance, Money::new(500));
}

#[test]
fn a_customer_who_is_forgotten_leaves_no_trace_and_a_person_of_the_same_number_stays() {
    let mut shop = story();
    let (key, of_anna, of_person) = ([0x5C; 32], b"sealed details of Anna", b"sealed name of one");
    shop.store.begin().unwrap();
    shop.append(&[put(ANNA, 3, None)]);
    shop.store.put_personal(ANNA, &key, "customer-3", of_anna).unwrap();
    shop.store.put_personal(domain::PersonId(1), &[7; 32], "name", of_person).unwrap();
    shop.store.commit().unwrap();
    let row = shop.store.personal_of(ANNA, "customer-3").unwrap().expect("kept");
    assert_eq!((row.subject, row.sealed.as_deref()), (Subject::Customer(ANNA), Some(&of_anna[..])));
    shop.store.begin().unwrap();
    shop.append(&[Event::CustomerForgotten { customer: ANNA }]);
    shop.store.forget_customer(ANNA).unwrap();
    shop.store.commit().unwrap();
    assert!(shop.store.log_remembers().unwrap());
    assert!(shop.store.empty_log().unwrap());
    let file = std::fs::read(shop.path()).unwrap();
    let found = |bytes: &[u8]| file.windows(bytes.len()).any(|window| window == bytes);
    assert_eq!((found(&key), found(of_anna), found(of_person)), (false, false, true));
    assert_eq!(shop.store.personal_record().unwrap().rows.len(), 1);
}
