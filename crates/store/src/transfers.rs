//! Transfers that were asked for, and what the bank said of them.

use domain::event::{BankMessageTaken, Event, TransferPaid, TransferRequested};
use domain::transfer::{BankMessage, Confirmed, Finding, KnownTransfer, TransferState};
use domain::{BankMessageId, BasketId, PersonId, ReceiptNo, ReceiptRef, TillId, TransferId};
use jiff::Timestamp;
use jiff::civil::Date;
use journal::EntryMeta;
use money::{Currency, Money};
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

use crate::project::{at, unword, word};
use crate::reader::{count, int, text_as};
use crate::{Reader, StoreError};

/// A request in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferRow {
    /// Identity.
    pub id: TransferId,
    /// What the payer writes.
    pub reference: String,
    /// The till that asked.
    pub till: TillId,
    /// For which basket.
    pub basket: BasketId,
    /// Asked for.
    pub amount: Money,
    /// How far it is.
    pub state: TransferState,
    /// What came in, as far as it counts.
    pub paid: Option<Money>,
    /// The bank's message that says so.
    pub message: Option<BankMessageId>,
    /// The person who says so.
    pub confirmed: Option<PersonId>,
    /// How the person knows.
    pub reason: String,
    /// Asked when.
    pub asked: Timestamp,
    /// Changed last.
    pub changed: Timestamp,
    /// Asked by.
    pub person: Option<PersonId>,
    /// The receipt that it paid.
    pub receipt: Option<ReceiptRef>,
}

/// A message of the bank in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankMessageRow {
    /// Its number.
    pub id: BankMessageId,
    /// Booked on.
    pub booked: Option<Date>,
    /// How much.
    pub amount: Money,
    /// In which currency.
    pub currency: Currency,
    /// Money went off the account.
    pub back: bool,
    /// The reference in it.
    pub reference: String,
    /// What it led to.
    pub finding: Finding,
    /// The request that it names.
    pub transfer: Option<TransferId>,
    /// It waits for a person.
    pub waits: bool,
    /// What a person did about it.
    pub reason: String,
    /// Who.
    pub settled: Option<PersonId>,
    /// Who took it in.
    pub person: PersonId,
    /// When.
    pub taken: Timestamp,
}

/// A word of a table as what it means.
fn meant<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    unword(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

fn transfer_row(row: &Row<'_>) -> rusqlite::Result<TransferRow> {
    let receipt = match row.get::<_, Option<u16>>(13)? {
        Some(till) => Some(ReceiptRef { till: TillId(till), number: ReceiptNo(count(row, 14)?) }),
        None => None,
    };
    Ok(TransferRow {
        id: TransferId(row.get(0)?),
        reference: row.get(1)?,
        till: TillId(row.get(2)?),
        basket: BasketId(count(row, 3)?),
        amount: Money::new(row.get(4)?),
        state: meant(row, 5)?,
        paid: row.get::<_, Option<i64>>(6)?.map(Money::new),
        message: row.get::<_, Option<u32>>(7)?.map(BankMessageId),
        confirmed: row.get::<_, Option<u32>>(8)?.map(PersonId),
        reason: row.get(9)?,
        asked: text_as(row, 10)?,
        changed: text_as(row, 11)?,
        person: row.get::<_, Option<u32>>(12)?.map(PersonId),
        receipt,
    })
}

fn message_row(row: &Row<'_>) -> rusqlite::Result<BankMessageRow> {
    let dated = row.get::<_, Option<String>>(1)?.is_some();
    Ok(BankMessageRow {
        id: BankMessageId(row.get(0)?),
        booked: if dated { Some(text_as(row, 1)?) } else { None },
        amount: Money::new(row.get(2)?),
        currency: text_as(row, 3)?,
        back: row.get(4)?,
        reference: row.get(5)?,
        finding: meant(row, 6)?,
        transfer: row.get::<_, Option<u32>>(7)?.map(TransferId),
        waits: row.get(8)?,
        reason: row.get(9)?,
        settled: row.get::<_, Option<u32>>(10)?.map(PersonId),
        person: PersonId(row.get(11)?),
        taken: text_as(row, 12)?,
    })
}

impl Reader {
    /// The request with this reference.
    pub fn transfer_known(&self, reference: &str) -> Result<Option<KnownTransfer>, StoreError> {
        self.row(sql!("transfer/known"), [reference], |row| {
            let (id, amount) = (TransferId(row.get(0)?), Money::new(row.get(1)?));
            Ok(KnownTransfer { id, amount, state: meant(row, 2)? })
        })
    }

    /// Requests, newest first, those before `before`; all or those in one state.
    pub fn transfers(
        &self,
        before: Option<TransferId>,
        state: Option<TransferState>,
        limit: u32,
    ) -> Result<Vec<TransferRow>, StoreError> {
        let before = before.map_or(i64::MAX, |id| i64::from(id.0));
        let state = state.map(|state| word(&state)).transpose()?;
        self.rows(sql!("transfer/page"), params![before, state, limit], transfer_row)
    }

    /// The message that has this reference of the bank's own, and what it led to.
    pub fn bank_message(
        &self,
        entry: &str,
    ) -> Result<Option<(BankMessageId, Finding)>, StoreError> {
        self.row(sql!("bank/known"), [entry], |row| {
            Ok((BankMessageId(row.get(0)?), meant(row, 1)?))
        })
    }

    /// What a message led to that says the same under this reference of the bank's own: banks give one again.
    pub fn bank_message_same(&self, said: &BankMessage) -> Result<Option<Finding>, StoreError> {
        let same = params![
            said.entry,
            said.amount.minor(),
            said.currency.code(),
            said.back,
            said.reference
        ];
        self.row(sql!("bank/same"), same, |row| meant(row, 0))
    }

    /// True while a message waits for a person.
    pub fn bank_message_waits(&self, id: BankMessageId) -> Result<bool, StoreError> {
        Ok(self.row(sql!("bank/waits"), [id.0], |row| row.get(0))?.unwrap_or(false))
    }

    /// Messages of the bank, newest first, those before `before`; all or those that wait for a person.
    pub fn bank_messages(
        &self,
        before: Option<BankMessageId>,
        waiting: bool,
        limit: u32,
    ) -> Result<Vec<BankMessageRow>, StoreError> {
        let before = before.map_or(i64::MAX, |id| i64::from(id.0));
        self.rows(sql!("bank/page"), params![before, waiting, limit], message_row)
    }
}

/// Brings the tables up to date with an entry of a transfer or of the bank.
pub(crate) fn project(
    conn: &Connection,
    meta: &EntryMeta,
    event: &Event,
) -> Result<(), StoreError> {
    let change = |id: TransferId, state: TransferState| -> Result<(), StoreError> {
        let row = params![id.0, word(&state)?, at(meta)];
        conn.prepare_cached(sql!("transfer/change"))?.execute(row)?;
        Ok(())
    };
    match event {
        Event::TransferRequested(TransferRequested {
            transfer, basket, reference, amount, ..
        }) => {
            conn.prepare_cached(sql!("transfer/ask"))?.execute(params![
                transfer.0,
                reference,
                meta.till.map_or(0, |till| till.0),
                int(basket.0),
                amount.minor(),
                at(meta),
                meta.person.map(|p| p.0),
            ])?;
        }
        Event::TransferGivenUp { transfer, .. } => change(*transfer, TransferState::GivenUp)?,
        Event::TransferPaid(TransferPaid { transfer, amount, confirmed, reason, .. }) => {
            let (state, message, person) = match confirmed {
                Confirmed::Bank { message } => (TransferState::Paid, Some(message.0), None),
                Confirmed::Person { person } => (TransferState::PaidByHand, None, Some(person.0)),
            };
            let reason = reason.as_deref().unwrap_or_default();
            conn.prepare_cached(sql!("transfer/pay"))?.execute(params![
                transfer.0,
                word(&state)?,
                at(meta),
                amount.minor(),
                message,
                person,
                reason,
            ])?;
        }
        Event::TenderUndone { tender, .. } => {
            if let Some(of) = &tender.transfer {
                change(of.transfer, TransferState::Undone)?;
            }
        }
        Event::ReceiptIssued(receipt) => {
            for of in receipt.tenders.iter().filter_map(|t| t.transfer.as_ref()) {
                let till = meta.till.map_or(0, |till| till.0);
                let row = params![of.transfer.0, till, int(receipt.number.0)];
                conn.prepare_cached(sql!("transfer/issued"))?.execute(row)?;
            }
        }
        Event::BankMessageTaken(BankMessageTaken { message, .. }) => {
            take(conn, meta, *message, event)?
        }
        Event::BankMessageSettled { message, reason } => {
            let row = params![message.0, reason, meta.person.map(|p| p.0)];
            conn.prepare_cached(sql!("bank/settle"))?.execute(row)?;
        }
        _ => {}
    }
    Ok(())
}

fn take(
    conn: &Connection,
    meta: &EntryMeta,
    message: BankMessageId,
    event: &Event,
) -> Result<(), StoreError> {
    let Event::BankMessageTaken(BankMessageTaken { said, finding, transfer, .. }) = event else {
        return Ok(());
    };
    conn.prepare_cached(sql!("bank/take"))?.execute(params![
        message.0,
        said.entry,
        said.booked.map(|date| date.to_string()),
        said.amount.minor(),
        said.currency.code(),
        said.back,
        said.reference,
        word(finding)?,
        transfer.map(|id| id.0),
        finding.needs_person(),
        said.by.0,
        at(meta),
    ])?;
    if let (Finding::BorneOut, Some(id)) = (finding, transfer) {
        let row = params![id.0, at(meta), message.0];
        conn.prepare_cached(sql!("transfer/bear_out"))?.execute(row)?;
    }
    Ok(())
}
