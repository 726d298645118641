//! Reading: a connection that changes nothing, and what everything that reads has in common.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use domain::BasketId;
use domain::event::Event;
use domain::signing::UnitIdentity;
use journal::{EntryMeta, Head};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::StoreError;
use crate::open::{self, Role};

/// A connection that reads. Open as many as there are threads that read; they never wait for the
/// writer, nor it for them.
#[derive(Debug)]
pub struct Reader {
    conn: Connection,
    path: PathBuf,
    /// The last entry in which a signing unit said what it is: thousands of receipts in a row have the same.
    pub(crate) unit: RefCell<Option<(u64, UnitIdentity)>>,
}

/// A row of the journal, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// Number.
    pub seq: u64,
    /// Hash.
    pub hash: Vec<u8>,
    /// The exact bytes.
    pub bytes: String,
}

/// SQLite's integers are signed; ours never reach its end.
pub(crate) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A column that is never below nothing.
pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// A column of a type that reads itself from text: a time or a date.
pub(crate) fn text_as<T: std::str::FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            "the text has another form".into(),
        )
    })
}

impl Reader {
    /// Opens the file beside the store that writes it.
    pub fn open(path: &Path) -> Result<Reader, StoreError> {
        let conn = open::connect(path, Role::Reader, false)?;
        open::check_ours(&conn, path)?;
        open::tune(&conn, path, Role::Reader)?;
        Ok(Reader::over(conn, path))
    }

    /// Another connection to the same file, for another thread.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn again(&self) -> Result<Reader, StoreError> {
        Reader::open(&self.path)
    }

    pub(crate) fn over(conn: Connection, path: &Path) -> Reader {
        Reader { conn, path: path.to_owned(), unit: RefCell::new(None) }
    }

    pub(crate) fn conn(&self) -> &Connection {
        &self.conn
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// All rows of a statement.
    pub(crate) fn rows<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first row of a statement.
    pub(crate) fn row<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.conn.prepare_cached(sql)?.query_row(params, read).optional()?)
    }

    /// Lets what follows read one moment of the file, until the next call: many small look-ups cost a
    /// fifth so. Whoever holds a moment for long keeps the write-ahead log from being folded in.
    pub fn renew_moment(&self) -> Result<(), StoreError> {
        self.end_moment()?;
        Ok(self.conn.execute_batch("BEGIN")?)
    }

    /// Ends the moment that [`Reader::renew_moment`] began: what follows reads what is there then.
    pub fn end_moment(&self) -> Result<(), StoreError> {
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("COMMIT")?;
        }
        Ok(())
    }

    /// The journal's last entry as the file has it.
    pub fn head(&self) -> Result<Head, StoreError> {
        let row = self
            .row(sql!("journal/head"), [], |row| Ok((count(row, 0)?, row.get::<_, Vec<u8>>(1)?)))?;
        let Some((seq, hash)) = row else { return Ok(Head::EMPTY) };
        let hash = <[u8; 32]>::try_from(hash.as_slice()).map_err(|_| {
            StoreError::Damaged(format!("entry {seq} has a hash of another length"))
        })?;
        Ok(Head { seq, hash })
    }

    /// Rows of the journal from `from` on, at most `limit`.
    pub fn journal(&self, from: u64, limit: u32) -> Result<Vec<JournalRow>, StoreError> {
        self.rows(sql!("journal/from"), params![int(from), limit], |row| {
            Ok(JournalRow { seq: count(row, 0)?, hash: row.get(1)?, bytes: row.get(2)? })
        })
    }

    /// One entry.
    pub fn entry(&self, seq: u64) -> Result<Option<(EntryMeta, Event)>, StoreError> {
        let bytes = self.row(sql!("journal/bytes"), [int(seq)], |row| row.get::<_, String>(0))?;
        Ok(bytes.map(|bytes| journal::decode(&bytes)).transpose()?)
    }

    /// The engine's documents of one kind, in the order of their keys.
    pub fn parts(&self, kind: &str) -> Result<Vec<(i64, String)>, StoreError> {
        self.rows(sql!("part/of_kind"), [kind], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Bytes of the file that are in use, the write-ahead log folded in.
    pub fn size(&self) -> Result<u64, StoreError> {
        let figure =
            |name: &str| self.conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let used = figure("page_count")?.saturating_sub(figure("freelist_count")?);
        Ok(u64::try_from(used.saturating_mul(figure("page_size")?)).unwrap_or(0))
    }

    /// The entries of a basket that was given up, up to its end, in the order in which they were written. None for one that
    /// an earlier version of the program saw given up.
    pub fn given_up_entries(
        &self,
        basket: BasketId,
    ) -> Result<Vec<(EntryMeta, Event)>, StoreError> {
        let rows =
            self.rows(sql!("basket/of_given_up"), [int(basket.0)], |row| row.get::<_, String>(0))?;
        rows.into_iter().map(|bytes| Ok(journal::decode(&bytes)?)).collect()
    }

    /// The entries of all baskets that are not finished, in the order in which they were written.
    pub fn open_basket_entries(&self) -> Result<Vec<(BasketId, EntryMeta, Event)>, StoreError> {
        self.rows(sql!("basket/open"), [], |row| Ok((count(row, 0)?, row.get::<_, String>(1)?)))?
            .into_iter()
            .map(|(basket, bytes)| {
                let (meta, event) = journal::decode(&bytes)?;
                Ok((BasketId(basket), meta, event))
            })
            .collect()
    }
}
