//! Customers' accounts: the ledger of what was posted to each, and the receipts that are open.

use domain::account::{Account, Customer, OpenItem, Settled};
use domain::event::{AccountCharged, AccountCredited, AccountPaid, Event};
use domain::{CustomerId, NameDigest, PersonId, ReceiptNo, ReceiptRef, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use journal::EntryMeta;
use money::Money;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

use crate::project::at;
use crate::reader::{count, int, text_as};
use crate::{Reader, StoreError};

/// One posting to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountPostingRow {
    /// The entry.
    pub seq: u64,
    /// `charged`, `given_back`, `credited` or `paid`.
    pub kind: String,
    /// Owed more (or less, below nothing).
    pub amount: Money,
    /// When it is due.
    pub due: Option<Date>,
    /// The other side; none for what was paid elsewhere.
    pub receipt: Option<ReceiptRef>,
    /// For goods that came back: the receipt that they were bought with.
    pub paid: Option<ReceiptRef>,
    /// The other side of what was paid elsewhere.
    pub reference: String,
    /// By.
    pub person: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// What all customers owe, in sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountSums {
    /// All that is open.
    pub open: Money,
    /// Receipts that are open.
    pub receipts: u64,
    /// What is overdue of it.
    pub overdue: Money,
    /// Receipts that are overdue.
    pub overdue_receipts: u64,
    /// What customers have paid too much.
    pub credit: Money,
}

/// Which customers.
#[derive(Debug, Clone, Copy, Default)]
pub struct CustomerFilter {
    /// Only those after this one.
    pub after: Option<CustomerId>,
    /// Only those who owe something, or have credit.
    pub open: bool,
}

fn account_row(row: &Row<'_>) -> rusqlite::Result<Account> {
    let digest: String = row.get(2)?;
    let details: NameDigest = digest.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(2, Type::Text, Box::new(error))
    })?;
    let customer = Customer {
        id: CustomerId(row.get(0)?),
        version: row.get(1)?,
        details,
        term_days: row.get(3)?,
        limit: row.get::<_, Option<i64>>(4)?.map(Money::new),
        blocked: row.get(5)?,
    };
    Ok(Account { customer, balance: Money::new(row.get(6)?) })
}

fn item_row(row: &Row<'_>) -> rusqlite::Result<(CustomerId, OpenItem)> {
    let receipt = ReceiptRef { till: TillId(row.get(1)?), number: ReceiptNo(count(row, 2)?) };
    let (date, due) = (text_as(row, 3)?, text_as(row, 4)?);
    let (amount, left) = (Money::new(row.get(5)?), Money::new(row.get(6)?));
    Ok((CustomerId(row.get(0)?), OpenItem { receipt, date, due, amount, left }))
}

fn receipt_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<ReceiptRef>> {
    let till: Option<u16> = row.get(column)?;
    let Some(till) = till else { return Ok(None) };
    let number = ReceiptNo(count(row, column.saturating_add(1))?);
    Ok(Some(ReceiptRef { till: TillId(till), number }))
}

impl Reader {
    /// A customer with what they owe; none of those who were forgotten.
    pub fn account(&self, id: CustomerId) -> Result<Option<Account>, StoreError> {
        self.row(sql!("account/get"), [id.0], account_row)
    }

    /// Customers by number.
    pub fn accounts(&self, of: CustomerFilter, limit: u32) -> Result<Vec<Account>, StoreError> {
        let after = of.after.map_or(0, |id| i64::from(id.0));
        self.rows(sql!("account/page"), params![after, of.open, limit], account_row)
    }

    /// What a customer has not settled, in the order in which it is settled.
    pub fn open_items(&self, id: CustomerId) -> Result<Vec<OpenItem>, StoreError> {
        let rows = self.rows(sql!("account/open_of"), [id.0], item_row)?;
        Ok(rows.into_iter().map(|(_, item)| item).collect())
    }

    /// What all customers have not settled, due first.
    pub fn all_open_items(&self, limit: u32) -> Result<Vec<(CustomerId, OpenItem)>, StoreError> {
        self.rows(sql!("account/open"), [limit], item_row)
    }

    /// What was bought on account with a receipt, settled or not.
    pub fn account_item(
        &self,
        receipt: ReceiptRef,
    ) -> Result<Option<(CustomerId, OpenItem)>, StoreError> {
        let of = params![receipt.till.0, int(receipt.number.0)];
        self.row(sql!("account/item"), of, item_row)
    }

    /// What customers owe in sums; overdue is what was due before `today`.
    pub fn account_sums(&self, today: Date) -> Result<AccountSums, StoreError> {
        let credit = self.row(sql!("account/credit"), [], |row| row.get::<_, i64>(0))?;
        let sums = self.row(sql!("account/sums"), [today.to_string()], |row| {
            Ok(AccountSums {
                open: Money::new(row.get(0)?),
                receipts: count(row, 1)?,
                overdue: Money::new(row.get(2)?),
                overdue_receipts: count(row, 3)?,
                credit: Money::new(credit.unwrap_or(0)),
            })
        })?;
        Ok(sums.unwrap_or_default())
    }

    /// What was posted to an account, newest first.
    pub fn account_postings(
        &self,
        id: CustomerId,
        limit: u32,
    ) -> Result<Vec<AccountPostingRow>, StoreError> {
        self.rows(sql!("account/postings"), params![id.0, limit], |row| {
            let due: Option<String> = row.get(3)?;
            Ok(AccountPostingRow {
                seq: count(row, 0)?,
                kind: row.get(1)?,
                amount: Money::new(row.get(2)?),
                due: due.map(|_| text_as(row, 3)).transpose()?,
                receipt: receipt_at(row, 4)?,
                paid: receipt_at(row, 6)?,
                reference: row.get(8)?,
                person: row.get::<_, Option<u32>>(9)?.map(PersonId),
                at: text_as(row, 10)?,
            })
        })
    }
}

/// The other side of a posting.
#[derive(Default)]
struct Other<'a> {
    due: Option<Date>,
    receipt: Option<ReceiptRef>,
    paid: Option<ReceiptRef>,
    reference: &'a str,
}

/// Brings customers and their ledger up to date with an entry.
pub(crate) fn project(
    conn: &Connection,
    meta: &EntryMeta,
    event: &Event,
) -> Result<(), StoreError> {
    match event {
        Event::CustomerPut(customer) => {
            conn.prepare_cached(sql!("account/put"))?.execute(params![
                customer.id.0,
                customer.version,
                customer.details.to_string(),
                customer.term_days,
                customer.limit.map(Money::minor),
                customer.blocked,
            ])?;
            Ok(())
        }
        Event::CustomerForgotten { customer } => {
            conn.prepare_cached(sql!("account/forget"))?.execute([customer.0])?;
            Ok(())
        }
        Event::AccountCharged(AccountCharged {
            customer,
            amount,
            covered,
            date,
            due,
            receipt,
            given_back,
        }) => {
            conn.prepare_cached(sql!("account/charge"))?.execute(params![
                customer.0,
                receipt.till.0,
                int(receipt.number.0),
                date.to_string(),
                due.to_string(),
                amount.minor(),
                amount.saturating_plus(covered.negated()).minor(),
            ])?;
            let kind = if *given_back { "given_back" } else { "charged" };
            let other = Other { due: Some(*due), receipt: Some(*receipt), ..Other::default() };
            post(conn, meta, *customer, (kind, *amount), &other)
        }
        Event::AccountCredited(AccountCredited { customer, amount, receipt, paid, settles }) => {
            settle(conn, *customer, settles)?;
            let other = Other { receipt: Some(*receipt), paid: *paid, ..Other::default() };
            post(conn, meta, *customer, ("credited", amount.negated()), &other)
        }
        Event::AccountPaid(AccountPaid { customer, amount, receipt, reference, settles }) => {
            settle(conn, *customer, settles)?;
            let other = Other { receipt: *receipt, reference, ..Other::default() };
            post(conn, meta, *customer, ("paid", amount.negated()), &other)
        }
        _ => Ok(()),
    }
}

fn settle(conn: &Connection, customer: CustomerId, settles: &[Settled]) -> Result<(), StoreError> {
    for Settled { receipt, amount } in settles {
        let row = params![customer.0, receipt.till.0, int(receipt.number.0), amount.minor()];
        conn.prepare_cached(sql!("account/settle"))?.execute(row)?;
    }
    Ok(())
}

fn post(
    conn: &Connection,
    meta: &EntryMeta,
    customer: CustomerId,
    (kind, amount): (&str, Money),
    other: &Other<'_>,
) -> Result<(), StoreError> {
    conn.prepare_cached(sql!("account/post"))?.execute(params![
        int(meta.seq),
        customer.0,
        kind,
        amount.minor(),
        other.due.map(|due| due.to_string()),
        other.receipt.map(|r| r.till.0),
        other.receipt.map(|r| int(r.number.0)),
        other.paid.map(|r| r.till.0),
        other.paid.map(|r| int(r.number.0)),
        other.reference,
        meta.person.map(|p| p.0),
        at(meta),
    ])?;
    conn.prepare_cached(sql!("account/add"))?.execute(params![customer.0, amount.minor()])?;
    Ok(())
}
