//! Items: by code, by number, by group, page by page.

use domain::catalogue::Item;
use domain::{GroupId, ImportId, ItemId};
use jiff::Timestamp;
use jiff::civil::Date;
use money::Quantity;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::reader::{count, text_as};
use crate::{Reader, StoreError};

/// An item found by a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemHit {
    /// The item as it is now.
    pub item: Item,
    /// The key that it was found by: one of its codes.
    pub code: String,
}

/// An item with its stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// The item as it is now.
    pub item: Item,
    /// Its stock, thousandths; none is nothing.
    pub stock: Quantity,
}

/// An item's stock.
pub type StockRow = ItemRow;

/// An import of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Which.
    pub id: ImportId,
    /// Where from.
    pub source: String,
    /// `running`, `finished` or `cancelled`.
    pub state: String,
    /// Since.
    pub began: Timestamp,
    /// Items so far.
    pub items: u64,
}

/// The item as it is now: its highest valid version.
pub(crate) fn present(conn: &Connection, item: ItemId) -> Result<Option<Item>, StoreError> {
    let body = conn
        .prepare_cached(sql!("item/get"))?
        .query_row([item.0], |row| row.get::<_, String>(1))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

impl Reader {
    /// The item as it is now, retired or not.
    pub fn item(&self, item: ItemId) -> Result<Option<Item>, StoreError> {
        present(self.conn(), item)
    }

    /// The item that has one of `keys` among its codes now; the first key that hits wins, an item on
    /// sale before a retired one. Keys are compared as stored: the caller says every form of a code.
    pub fn item_by_keys<K: AsRef<str>>(&self, keys: &[K]) -> Result<Option<ItemHit>, StoreError> {
        let mut retired = None;
        for key in keys.iter().map(AsRef::as_ref) {
            for item in self.holders(key)? {
                let hit = ItemHit { item, code: key.to_owned() };
                if !hit.item.draft.retired {
                    return Ok(Some(hit));
                }
                retired.get_or_insert(hit);
            }
        }
        Ok(retired)
    }

    /// Items whose present version has this code.
    fn holders(&self, code: &str) -> Result<Vec<Item>, StoreError> {
        let ids = self.rows(sql!("item/with_code"), [code], |row| Ok(ItemId(row.get(0)?)))?;
        let mut holders = Vec::new();
        for id in ids {
            let item = present(self.conn(), id)?;
            holders.extend(item.filter(|i| i.draft.codes.iter().any(|c| c.code == code)));
        }
        Ok(holders)
    }

    /// The item that has this item number now.
    pub fn item_by_number(&self, number: &str) -> Result<Option<Item>, StoreError> {
        let body = self.row(sql!("item/with_number"), [number], |row| row.get::<_, String>(0))?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }

    /// Another item than `except` that has this code now, retired or not.
    pub fn code_taken(
        &self,
        code: &str,
        except: Option<ItemId>,
    ) -> Result<Option<ItemId>, StoreError> {
        let holders = self.holders(code)?;
        Ok(holders.into_iter().map(|item| item.id).find(|id| Some(*id) != except))
    }

    /// Another item than `except` that has this item number now, retired or not.
    pub fn number_taken(
        &self,
        number: &str,
        except: Option<ItemId>,
    ) -> Result<Option<ItemId>, StoreError> {
        let except = except.map(|id| id.0);
        self.row(sql!("item/number_taken"), params![number, except], |row| Ok(ItemId(row.get(0)?)))
    }

    /// The highest item id ever given, by a cancelled import too; 0 when there is none.
    pub fn max_item_id(&self) -> Result<u32, StoreError> {
        Ok(self.row(sql!("item/max_id"), [], |row| row.get(0))?.unwrap_or(0))
    }

    /// How many items are on sale. Walks the catalogue: not for every request.
    pub fn item_count(&self) -> Result<u64, StoreError> {
        Ok(self.row(sql!("item/count"), [], |row| count(row, 0))?.unwrap_or(0))
    }

    /// Items in the order of their ids, after `after` (0 for the first page), with their stock.
    pub fn items(
        &self,
        group: Option<GroupId>,
        after: ItemId,
        retired_too: bool,
        limit: u32,
    ) -> Result<Vec<ItemRow>, StoreError> {
        let rows = match group {
            Some(group) => self.rows(
                sql!("item/page_of_group"),
                params![after.0, retired_too, limit, group.0],
                item_row,
            ),
            None => self.rows(sql!("item/page"), params![after.0, retired_too, limit], item_row),
        };
        rows?.into_iter().map(whole).collect()
    }

    /// Items of a group by name, for the till's tiles: on sale only, at most `limit`.
    pub fn group_items(&self, group: GroupId, limit: u32) -> Result<Vec<Item>, StoreError> {
        let versions = self.rows(sql!("item/group_by_name"), params![group.0, limit], |row| {
            row.get::<_, i64>(0)
        })?;
        let body = |version| {
            self.row(sql!("item/body_of_version"), [version], |row| row.get::<_, String>(0))
        };
        let mut items = Vec::with_capacity(versions.len());
        for version in versions {
            if let Some(body) = body(version)? {
                items.push(serde_json::from_str(&body)?);
            }
        }
        Ok(items)
    }

    /// Items on sale, in the order of ids, of which a price of the base list begins or ends on this day or later: at most `limit`.
    pub fn items_priced_from(&self, day: Date, limit: u32) -> Result<Vec<Item>, StoreError> {
        let asked = params![0, day.to_string(), limit];
        let bodies = self.rows(sql!("item/priced_from"), asked, |row| row.get::<_, String>(1))?;
        bodies.iter().map(|body| Ok(serde_json::from_str(body)?)).collect()
    }

    /// Hands every item as it is now to `each`, in the order of ids, retired ones too: for an export.
    /// All of it is one moment's state. `each` answers false to stop.
    pub fn each_item(&self, mut each: impl FnMut(ItemRow) -> bool) -> Result<(), StoreError> {
        let mut statement = self.conn().prepare_cached(sql!("item/page"))?;
        let mut rows = statement.query(params![0, true, -1])?;
        while let Some(row) = rows.next()? {
            if !each(whole(item_row(row)?)?) {
                break;
            }
        }
        Ok(())
    }

    /// An item's stock; nothing when it never moved.
    pub fn stock(&self, item: ItemId) -> Result<Quantity, StoreError> {
        let quantity = self.row(sql!("stock/get"), [item.0], |row| row.get(0))?;
        Ok(Quantity::new(quantity.unwrap_or(0)))
    }

    /// Items on sale whose stock is below their minimum, or below nothing when they have none, in the order of ids, after `after`.
    pub fn low_stock(&self, after: ItemId, limit: u32) -> Result<Vec<StockRow>, StoreError> {
        let rows = self.rows(sql!("stock/low"), params![after.0, limit], item_row)?;
        rows.into_iter().map(whole).collect()
    }

    /// How many items [`Reader::low_stock`] lists in all.
    pub fn low_stock_count(&self) -> Result<u64, StoreError> {
        Ok(self.row(sql!("stock/low_count"), [], |row| count(row, 0))?.unwrap_or(0))
    }

    /// All imports, in their order.
    pub fn imports(&self) -> Result<Vec<ImportRow>, StoreError> {
        self.rows(sql!("import/list"), [], |row| {
            Ok(ImportRow {
                id: ImportId(row.get(0)?),
                source: row.get(1)?,
                state: row.get(2)?,
                began: text_as(row, 3)?,
                items: count(row, 4)?,
            })
        })
    }
}

fn item_row(row: &Row<'_>) -> rusqlite::Result<(String, i64)> {
    Ok((row.get(1)?, row.get(2)?))
}

fn whole((body, stock): (String, i64)) -> Result<ItemRow, StoreError> {
    Ok(ItemRow { item: serde_json::from_str(&body)?, stock: Quantity::new(stock) })
}
