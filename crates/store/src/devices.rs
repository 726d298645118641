//! Card terminals as devices: their entries, and their photos, which lie apart from the journal.

use domain::device::{PhotoDigest, PhotoKind};
use domain::{Event, TerminalId};
use journal::EntryMeta;
use rusqlite::params;

use crate::project::{unword, word};
use crate::reader::int;
use crate::{Reader, Store, StoreError};

impl Reader {
    /// The entries about a terminal as a device, newest first, those before `before`.
    pub fn device_entries(
        &self,
        terminal: TerminalId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<(EntryMeta, Event)>, StoreError> {
        let page = params![terminal.0, before.map_or(i64::MAX, int), limit];
        let bytes: Vec<String> = self.rows(sql!("device/entries"), page, |row| row.get(0))?;
        bytes.iter().map(|bytes| Ok(journal::decode(bytes)?)).collect()
    }

    /// A photo's bytes.
    pub fn photo(&self, digest: PhotoDigest) -> Result<Option<(PhotoKind, Vec<u8>)>, StoreError> {
        let found = self.row(sql!("device/photo_get"), params![digest.0.as_slice()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        found.map(|(kind, bytes)| Ok((unword(&kind)?, bytes))).transpose()
    }
}

impl Store {
    /// Keeps a photo's bytes under the digest that its entry names.
    pub fn put_photo(
        &mut self,
        digest: PhotoDigest,
        kind: PhotoKind,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let row = params![digest.0.as_slice(), word(&kind)?, bytes];
        self.conn().prepare_cached(sql!("device/photo_put"))?.execute(row)?;
        Ok(())
    }
}
