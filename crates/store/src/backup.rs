//! Backups while the shop goes on selling, and putting one back.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use journal::Verdict;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, params};

use crate::open::{self, Role};
use crate::{Reader, StoreError, VerifyReport, verify_file};

/// Pages copied at a time: 4 MiB.
const STEP: i32 = 1_024;

/// A backup that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// Where.
    pub path: PathBuf,
    /// The last entry in it.
    pub through: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// Size in bytes.
    pub bytes: u64,
}

impl Reader {
    /// Writes a backup of what is committed now. The writer never waits for it.
    ///
    /// The backup is one plain file, on disk when this answers, and complete or not there at all.
    /// `progress` is told how many pages are done of how many. Errs when `to` exists.
    pub fn backup(
        &self,
        to: &Path,
        progress: impl FnMut(u64, u64),
    ) -> Result<BackupReport, StoreError> {
        if to.exists() {
            return Err(StoreError::Exists(to.to_owned()));
        }
        let part = open::beside(to, ".part");
        let copied = copy(self.path(), &part, progress).and_then(|()| finish(&part, to));
        if copied.is_err() {
            // What is left is of no use; that it cannot be removed is not the error to tell.
            let _gone = fs::remove_file(&part);
        }
        copied?;
        let head = Reader::open(to)?.head()?;
        let bytes = fs::metadata(to)?.len();
        Ok(BackupReport { path: to.to_owned(), through: head.seq, hash: head.hash, bytes })
    }
}

/// Copies a database as it is at one moment into a new plain file.
fn copy(from: &Path, to: &Path, mut progress: impl FnMut(u64, u64)) -> Result<(), StoreError> {
    match fs::remove_file(to) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let source = open::connect(from, Role::Reader, false)?;
    open::check_ours(&source, from)?;
    // A read transaction holds the moment: without it each commit of the writer would begin the
    // copy anew.
    let moment = source.unchecked_transaction()?;
    moment.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    open::make_private(to)?;
    let mut target = Connection::open(to)?;
    let backup = Backup::new(&moment, &mut target)?;
    loop {
        let step = backup.step(STEP)?;
        let state = backup.progress();
        let total = u64::try_from(state.pagecount).unwrap_or(0);
        let left = u64::try_from(state.remaining).unwrap_or(0);
        progress(total.saturating_sub(left), total);
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            // Nobody else knows the target, and the source is only read.
            _ => return Err(StoreError::Misuse("the backup's files are locked")),
        }
    }
    drop(backup);
    drop(moment);
    // One file without a log beside it, so that it can be read from anywhere.
    target
        .pragma_update_and_check(None, "journal_mode", "delete", |row| row.get::<_, String>(0))?;
    target.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Makes a whole file stand under its name, on disk.
fn finish(part: &Path, to: &Path) -> Result<(), StoreError> {
    File::open(part)?.sync_all()?;
    fs::rename(part, to)?;
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Puts a backup back as a new shop's file at `to`, which must not exist.
///
/// The chain is verified first; a damaged backup is not put back. The restored shop is a new
/// incarnation, so that its entries are told from those the lost file had beyond the backup. Sessions
/// end, and prints that waited are unknown: they may have been done since.
pub fn restore(
    from: &Path,
    to: &Path,
    progress: impl FnMut(u64, u64) -> bool,
) -> Result<VerifyReport, StoreError> {
    if to.exists() {
        return Err(StoreError::Exists(to.to_owned()));
    }
    let _lock = open::lock(to)?;
    let part = open::beside(to, ".part");
    let restored = copy(from, &part, |_, _| ())
        .and_then(|()| verify_file(&part, &[], progress))
        .and_then(|report| renew(&part, &report).map(|()| report))
        .and_then(|report| finish(&part, to).map(|()| report));
    if restored.is_err() {
        let _gone = fs::remove_file(&part);
    }
    restored
}

/// Makes a sound copy a new incarnation.
fn renew(part: &Path, report: &VerifyReport) -> Result<(), StoreError> {
    if let Verdict::Bad(finding) = report.verdict {
        return Err(StoreError::Damaged(format!(
            "entry {} of the backup is {}",
            finding.seq, finding.fault
        )));
    }
    if let Some(wrong) = report.structure.first() {
        return Err(StoreError::Damaged(wrong.clone()));
    }
    let mut conn = open::connect(part, Role::Writer, false)?;
    let tx = conn.transaction()?;
    let incarnation: String =
        tx.query_row(sql!("apart/meta_get"), ["incarnation"], |row| row.get(0))?;
    let next = incarnation
        .parse::<u32>()
        .ok()
        .and_then(|n| n.checked_add(1))
        .ok_or_else(|| StoreError::Damaged("its meta table is not complete".to_owned()))?;
    tx.execute(sql!("apart/meta_put"), params!["incarnation", next.to_string()])?;
    tx.execute(sql!("apart/session_clear"), [])?;
    tx.execute(sql!("apart/outbox_doubt"), [])?;
    tx.commit()?;
    conn.close().map_err(|(_, error)| error)?;
    Ok(())
}
