//! Figures for reports: sales by hour, item and tender, closed days, movements, unknown codes.

use domain::basket::TenderKind;
use domain::command::StockKind;
use domain::day::ClosedDay;
use domain::{DayNo, GroupId, ItemId, PersonId, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use money::{Money, Quantity};
use rusqlite::params;

use crate::project::unword;
use crate::reader::{count, int, text_as};
use crate::{Reader, StoreError};

/// What a till sold in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourSales {
    /// Local hour, 0–23.
    pub hour: u8,
    /// Till.
    pub till: TillId,
    /// Receipts.
    pub receipts: u64,
    /// With tax.
    pub amount: Money,
}

/// What was sold on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySales {
    /// Local date.
    pub date: Date,
    /// Receipts.
    pub receipts: u64,
    /// With tax.
    pub amount: Money,
}

/// What an item sold on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemSales {
    /// Item.
    pub item: ItemId,
    /// Units, returns taken off.
    pub quantity: Quantity,
    /// What the lines came to.
    pub amount: Money,
}

/// What was paid in one way on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenderSales {
    /// How.
    pub kind: TenderKind,
    /// Tenders.
    pub count: u64,
    /// Their sum.
    pub amount: Money,
}

/// A stock movement that is no sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovementRow {
    /// Its entry.
    pub seq: u64,
    /// How it came about.
    pub kind: StockKind,
    /// Added to the stock, thousandths, signed.
    pub quantity: Quantity,
    /// For a count: what was there.
    pub counted: Option<Quantity>,
    /// Why.
    pub reason: String,
    /// By whom.
    pub person: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// A code that was sold though no item has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCodeRow {
    /// The code.
    pub code: String,
    /// The group it was sold under last.
    pub group: GroupId,
    /// The name it was sold as last.
    pub name: String,
    /// Price of one, last.
    pub price: Money,
    /// Lines that had it.
    pub times: u64,
    /// First sold.
    pub first_at: Timestamp,
    /// Last sold.
    pub last_at: Timestamp,
}

impl Reader {
    /// Sales of a local date by hour and till, training apart.
    pub fn hours(&self, date: Date) -> Result<Vec<HourSales>, StoreError> {
        self.rows(sql!("sales/hours_of"), [date.to_string()], |row| {
            Ok(HourSales {
                hour: row.get(0)?,
                till: TillId(row.get(1)?),
                receipts: count(row, 2)?,
                amount: Money::new(row.get(3)?),
            })
        })
    }

    /// Sales by local date, both ends included; dates without sales are left out.
    pub fn day_sales(&self, from: Date, to: Date) -> Result<Vec<DaySales>, StoreError> {
        self.rows(sql!("sales/days"), params![from.to_string(), to.to_string()], |row| {
            Ok(DaySales {
                date: text_as(row, 0)?,
                receipts: count(row, 1)?,
                amount: Money::new(row.get(2)?),
            })
        })
    }

    /// The items that sold most on a local date, by amount.
    pub fn bestsellers(&self, date: Date, limit: u32) -> Result<Vec<ItemSales>, StoreError> {
        self.rows(sql!("sales/best_of"), params![date.to_string(), limit], |row| {
            Ok(ItemSales {
                item: ItemId(row.get(0)?),
                quantity: Quantity::new(row.get(1)?),
                amount: Money::new(row.get(2)?),
            })
        })
    }

    /// What was paid how on a local date.
    pub fn tenders(&self, date: Date) -> Result<Vec<TenderSales>, StoreError> {
        self.rows(sql!("sales/tenders_of"), [date.to_string()], |row| {
            Ok((row.get::<_, String>(0)?, count(row, 1)?, Money::new(row.get(2)?)))
        })?
        .into_iter()
        .map(|(kind, count, amount)| Ok(TenderSales { kind: unword(&kind)?, count, amount }))
        .collect()
    }

    /// A closed till day.
    pub fn closed_day(&self, till: TillId, number: DayNo) -> Result<Option<ClosedDay>, StoreError> {
        let key = params![till.0, number.0];
        let body = self.row(sql!("day/get"), key, |row| row.get::<_, String>(0))?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }

    /// Closed till days, newest first, those of one moment by till; `before`: moment and till of the
    /// last one that is known already.
    pub fn closed_days(
        &self,
        till: Option<TillId>,
        before: Option<(Timestamp, TillId)>,
        limit: u32,
    ) -> Result<Vec<ClosedDay>, StoreError> {
        let (closed, last) = before.unwrap_or((Timestamp::MAX, TillId(u16::MAX)));
        let page = params![till.map(|t| t.0), format!("{closed:.3}"), last.0, limit];
        self.rows(sql!("day/page"), page, |row| row.get::<_, String>(0))?
            .into_iter()
            .map(|body| Ok(serde_json::from_str(&body)?))
            .collect()
    }

    /// An item's movements that are no sales, newest first, before entry `before`.
    pub fn movements(
        &self,
        item: ItemId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<MovementRow>, StoreError> {
        let page = params![item.0, before.map_or(i64::MAX, int), limit];
        self.rows(sql!("stock/movements_of"), page, |row| {
            let kind: String = row.get(1)?;
            let movement = MovementRow {
                seq: count(row, 0)?,
                // Replaced below by what the word means.
                kind: StockKind::Corrected,
                quantity: Quantity::new(row.get(2)?),
                counted: row.get::<_, Option<i64>>(3)?.map(Quantity::new),
                reason: row.get(4)?,
                person: row.get::<_, Option<u32>>(5)?.map(PersonId),
                at: text_as(row, 6)?,
            };
            Ok((kind, movement))
        })?
        .into_iter()
        .map(|(kind, movement)| Ok(MovementRow { kind: unword(&kind)?, ..movement }))
        .collect()
    }

    /// Codes that were sold though no item has them, those sold last first.
    pub fn unknown_codes(&self) -> Result<Vec<UnknownCodeRow>, StoreError> {
        self.rows(sql!("unknown/list"), [], |row| {
            Ok(UnknownCodeRow {
                code: row.get(0)?,
                group: GroupId(row.get(1)?),
                name: row.get(2)?,
                price: Money::new(row.get(3)?),
                times: count(row, 4)?,
                first_at: text_as(row, 5)?,
                last_at: text_as(row, 6)?,
            })
        })
    }
}
