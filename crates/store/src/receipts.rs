//! Receipts: found by number or date, read from the journal.

use domain::event::Event;
use domain::receipt::{HandedOver, IssuedReceipt};
use domain::settings::Settings;
use domain::{BasketId, DayNo, LineNo, PersonId, ReceiptNo, ReceiptRef, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use money::{Money, Quantity};
use rusqlite::{Row, params};

use crate::reader::{count, int, text_as};
use crate::{Reader, StoreError};

/// A receipt in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Its entry in the journal.
    pub seq: u64,
    /// Till.
    pub till: TillId,
    /// Made in training mode; such receipts have numbers of their own.
    pub training: bool,
    /// Number at its till.
    pub number: ReceiptNo,
    /// Issued.
    pub at: Timestamp,
    /// Local date it counts for.
    pub date: Date,
    /// Till day.
    pub day: DayNo,
    /// By whom.
    pub person: PersonId,
    /// The basket it was.
    pub basket: BasketId,
    /// With tax.
    pub total: Money,
    /// How many lines.
    pub lines: u32,
    /// How many copies were made.
    pub copies: u32,
    /// The incarnation of the shop that issued it.
    pub incarnation: u32,
}

/// Which receipts to list; what is none does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptFilter {
    /// Of this till.
    pub till: Option<TillId>,
    /// With this number.
    pub number: Option<ReceiptNo>,
    /// Of this total.
    pub total: Option<Money>,
    /// From this local date on.
    pub from: Option<Date>,
    /// Up to and with this local date.
    pub to: Option<Date>,
    /// Only training receipts, or only real ones.
    pub training: Option<bool>,
    /// Issued before this entry: the last row of the page before.
    pub before: Option<u64>,
}

fn receipt_row(row: &Row<'_>) -> rusqlite::Result<ReceiptRow> {
    Ok(ReceiptRow {
        seq: count(row, 0)?,
        till: TillId(row.get(1)?),
        training: row.get(2)?,
        number: ReceiptNo(count(row, 3)?),
        at: text_as(row, 4)?,
        date: text_as(row, 5)?,
        day: DayNo(row.get(6)?),
        person: PersonId(row.get(7)?),
        basket: BasketId(count(row, 8)?),
        total: Money::new(row.get(9)?),
        lines: row.get(10)?,
        copies: row.get(11)?,
        incarnation: row.get(12)?,
    })
}

impl Reader {
    /// A receipt, whole.
    pub fn receipt(
        &self,
        till: TillId,
        training: bool,
        number: ReceiptNo,
    ) -> Result<Option<IssuedReceipt>, StoreError> {
        let key = params![till.0, training, int(number.0)];
        let bytes = self.row(sql!("receipt/find"), key, |row| row.get::<_, String>(0))?;
        let Some(bytes) = bytes else { return Ok(None) };
        let (meta, event) = journal::decode(&bytes)?;
        let seq = meta.seq;
        let no_receipt = || StoreError::Damaged(format!("entry {seq} is no receipt"));
        issued(meta, event).ok_or_else(no_receipt).map(Some)
    }

    /// The receipt that an entry issued; none when the entry is of another kind.
    pub fn receipt_at(&self, seq: u64) -> Result<Option<IssuedReceipt>, StoreError> {
        let bytes = self.row(sql!("journal/bytes"), [int(seq)], |row| row.get::<_, String>(0))?;
        let Some(bytes) = bytes else { return Ok(None) };
        let (meta, event) = journal::decode(&bytes)?;
        Ok(issued(meta, event))
    }

    /// The settings that held when an entry was made: the last ones before it.
    pub fn settings_before(&self, seq: u64) -> Result<Option<Settings>, StoreError> {
        let bytes = self.row(sql!("settings/before"), [int(seq)], |row| row.get::<_, String>(0))?;
        let Some(bytes) = bytes else { return Ok(None) };
        match journal::decode(&bytes)? {
            (_, Event::ShopConfigured(settings)) => Ok(Some(*settings)),
            (meta, _) => Err(StoreError::Damaged(format!("entry {} sets no settings", meta.seq))),
        }
    }

    /// A receipt as it stands in lists, with its copies.
    pub fn receipt_row(
        &self,
        till: TillId,
        training: bool,
        number: ReceiptNo,
    ) -> Result<Option<ReceiptRow>, StoreError> {
        self.row(sql!("receipt/row"), params![till.0, training, int(number.0)], receipt_row)
    }

    /// Receipts, newest first.
    pub fn receipts(
        &self,
        filter: &ReceiptFilter,
        limit: u32,
    ) -> Result<Vec<ReceiptRow>, StoreError> {
        let before = filter.before.map_or(i64::MAX, int);
        let till = filter.till.map(|t| t.0);
        let number = filter.number.map(|n| int(n.0));
        let total = filter.total.map(Money::minor);
        let training = filter.training;
        if filter.from.is_none() && filter.to.is_none() {
            let page = params![before, till, number, total, training, limit];
            return self.rows(sql!("receipt/page"), page, receipt_row);
        }
        let from = filter.from.unwrap_or(Date::MIN).to_string();
        let to = filter.to.unwrap_or(Date::MAX).to_string();
        let page = params![before, till, number, total, training, limit, from, to];
        self.rows(sql!("receipt/page_dated"), page, receipt_row)
    }

    /// For whom a receipt became an invoice, each with the version of their details; the one that holds last.
    pub fn invoices(
        &self,
        receipt: ReceiptRef,
    ) -> Result<Vec<(u64, domain::CustomerId, u32)>, StoreError> {
        let key = params![receipt.till.0, int(receipt.number.0)];
        self.rows(sql!("receipt/invoices"), key, |row| {
            Ok((count(row, 0)?, domain::CustomerId(row.get(1)?), row.get(2)?))
        })
    }

    /// How many copies of a receipt were asked for; training receipts are not copied.
    pub fn copies(&self, till: TillId, number: ReceiptNo) -> Result<u32, StoreError> {
        Ok(self.receipt_row(till, false, number)?.map_or(0, |row| row.copies))
    }

    /// By what ways the receipt of an entry was handed over without paper, and when.
    pub fn handed_over(&self, seq: u64) -> Result<Vec<(HandedOver, Timestamp)>, StoreError> {
        let rows = self.rows(sql!("receipt/handed_over"), [int(seq)], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let known = |(word, at): (String, String)| {
            let way = HandedOver::ALL.into_iter().find(|way| way.code() == word)?;
            Some((way, at.parse().ok()?))
        };
        Ok(rows.into_iter().filter_map(known).collect())
    }

    /// The receipt that paid a deposit slip out, or used up a coupon's paper.
    pub fn slip(&self, number: &str) -> Result<Option<ReceiptRef>, StoreError> {
        self.row(sql!("receipt/slip"), [number], |row| {
            Ok(ReceiptRef { till: TillId(row.get(0)?), number: ReceiptNo(count(row, 1)?) })
        })
    }

    /// What has gone back to each tender of a receipt, by the tender's place; training does not count.
    pub fn refunded(&self, receipt: ReceiptRef) -> Result<Vec<(u16, Money)>, StoreError> {
        let key = params![receipt.till.0, int(receipt.number.0)];
        self.rows(sql!("receipt/refunded"), key, |row| Ok((row.get(0)?, Money::new(row.get(1)?))))
    }

    /// How much of a receipt's line has been returned, thousandths; training does not count.
    pub fn returned(
        &self,
        till: TillId,
        number: ReceiptNo,
        line: LineNo,
    ) -> Result<Quantity, StoreError> {
        let key = params![till.0, int(number.0), line.0];
        let quantity = self.row(sql!("receipt/returned"), key, |row| row.get(0))?;
        Ok(Quantity::new(quantity.unwrap_or(0)))
    }
}

fn issued(meta: journal::EntryMeta, event: Event) -> Option<IssuedReceipt> {
    let Event::ReceiptIssued(receipt) = event else { return None };
    Some(IssuedReceipt {
        till: meta.till.unwrap_or(TillId(0)),
        person: meta.person.unwrap_or(PersonId(0)),
        at: meta.at,
        incarnation: meta.incarnation,
        receipt: *receipt,
    })
}
