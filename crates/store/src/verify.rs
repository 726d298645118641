//! Verifying a file: the chain against its anchors, and SQLite's own structures.

use std::path::Path;

use journal::{Anchor, Verdict, Verifier};
use rusqlite::params;

use crate::reader::{count, int};
use crate::{Reader, Store, StoreError};

/// What verifying a file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// The journal's chain.
    pub verdict: Verdict,
    /// Entries that were read.
    pub entries: u64,
    /// What SQLite says about the file's structure; empty when all is well.
    pub structure: Vec<String>,
}

impl VerifyReport {
    /// True when nothing is wrong.
    pub fn is_sound(&self) -> bool {
        matches!(self.verdict, Verdict::Sound { .. }) && self.structure.is_empty()
    }
}

/// How many entries lie between two calls of the progress function.
const STRIDE: u64 = 1_000;

/// Verifies a file beside whoever writes it. `anchors` are entries known from elsewhere, as from
/// paper; those noted in the file are used as well. `progress` is told how many entries are done of
/// how many, and answers false to stop: then the report speaks of what was read so far.
pub fn verify_file(
    path: &Path,
    anchors: &[Anchor],
    progress: impl FnMut(u64, u64) -> bool,
) -> Result<VerifyReport, StoreError> {
    Reader::open(path)?.verify(anchors, progress)
}

impl Store {
    /// Verifies what is committed, on a connection of its own: nobody waits.
    pub fn verify(
        &self,
        anchors: &[Anchor],
        progress: impl FnMut(u64, u64) -> bool,
    ) -> Result<VerifyReport, StoreError> {
        verify_file(&self.path(), anchors, progress)
    }
}

impl Reader {
    /// Verifies the file as it is at one moment; see [`verify_file`].
    pub fn verify(
        &self,
        anchors: &[Anchor],
        mut progress: impl FnMut(u64, u64) -> bool,
    ) -> Result<VerifyReport, StoreError> {
        let moment = self.conn().unchecked_transaction()?;
        let known = self.known_anchors(anchors)?;
        let last = self.row(sql!("journal/head"), [], |row| count(row, 0))?.unwrap_or(0);
        let mut verifier = Verifier::new(known);
        let mut entries: u64 = 0;
        let mut statement = self.conn().prepare_cached(sql!("journal/from"))?;
        let mut rows = statement.query(params![i64::MIN, -1])?;
        let mut stopped = false;
        while let Some(row) = rows.next()? {
            entries = entries.saturating_add(1);
            let seq: i64 = row.get(0)?;
            // A row below 1 can only have been put there by hand; no number fits it.
            let seq = u64::try_from(seq).unwrap_or(0);
            // A changed row may hold any bytes at all.
            let bytes = row.get_ref(2)?.as_bytes().unwrap_or_default();
            let hash = row.get_ref(1)?.as_bytes().unwrap_or_default();
            if !verifier.feed(seq, hash, &String::from_utf8_lossy(bytes)) {
                break;
            }
            if entries.is_multiple_of(STRIDE) && !progress(entries, last) {
                stopped = true;
                break;
            }
        }
        drop(rows);
        drop(statement);
        progress(entries, last);
        let verdict =
            if stopped { Verdict::Sound { head: verifier.head() } } else { verifier.finish() };
        let structure = if stopped { Vec::new() } else { self.structure()? };
        moment.finish()?;
        Ok(VerifyReport { verdict, entries, structure })
    }

    /// The caller's anchors, those noted in the file, and the last entry that any table points at.
    fn known_anchors(&self, anchors: &[Anchor]) -> Result<Vec<Anchor>, StoreError> {
        let mut known = anchors.to_vec();
        known.extend(self.anchors()?);
        for sql in [sql!("journal/last_known"), sql!("journal/last_command")] {
            let seq = self.row(sql, [], |row| count(row, 0))?.unwrap_or(0);
            known.push(Anchor { seq, hash: None });
        }
        Ok(known)
    }

    /// What SQLite finds wrong with its own structures and references.
    fn structure(&self) -> Result<Vec<String>, StoreError> {
        let mut wrong = Vec::new();
        self.conn().pragma_query(None, "integrity_check", |row| {
            let line: String = row.get(0)?;
            if line != "ok" {
                wrong.push(line);
            }
            Ok(())
        })?;
        Ok(wrong)
    }

    /// The hash of an entry, to be noted as an anchor.
    pub fn hash_of(&self, seq: u64) -> Result<Option<[u8; 32]>, StoreError> {
        let hash = self.row(sql!("journal/hash"), [int(seq)], |row| row.get::<_, Vec<u8>>(0))?;
        Ok(hash.and_then(|hash| <[u8; 32]>::try_from(hash.as_slice()).ok()))
    }
}
