//! Backups while the shop goes on selling, and putting one back.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use domain::{CommandId, Event};
use jiff::Timestamp;
use journal::{EntryMeta, Head, Verdict};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, params};

use crate::open::{self, Role};
use crate::project::{Mode, Projector};
use crate::reader::int;
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
        open::carry_secret(self.path(), to)?;
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

/// When a backup is put back, and the id under which that is an entry.
#[derive(Debug, Clone, Copy)]
pub struct Restoring {
    /// Now.
    pub at: Timestamp,
    /// A fresh id.
    pub command: CommandId,
}

/// Incarnations count minutes from here.
const FIRST_MINUTE: i64 = 1_767_225_600;

/// The incarnation after `before`: the minutes since 2026 began, and higher than the one before
/// whatever the clock says. A backup that is put back twice must not give the same one twice.
fn next_incarnation(before: u32, at: Timestamp) -> Option<u32> {
    let minutes = at.as_second().saturating_sub(FIRST_MINUTE).div_euclid(60);
    Some(before.checked_add(1)?.max(u32::try_from(minutes).unwrap_or(0)))
}

/// Puts a backup back as a new shop's file at `to`, which must not exist.
///
/// The chain is verified first; a damaged backup is not put back. The restored shop is a new
/// incarnation, so that its entries and receipts are told from those the lost file had beyond the
/// backup; its first entry says so. Sessions end, and prints that waited are unknown: they may have
/// been done since.
pub fn restore(
    from: &Path,
    to: &Path,
    restoring: Restoring,
    progress: impl FnMut(u64, u64) -> bool,
) -> Result<VerifyReport, StoreError> {
    if to.exists() {
        return Err(StoreError::Exists(to.to_owned()));
    }
    let _lock = open::lock(to)?;
    let part = open::beside(to, ".part");
    let restored = copy(from, &part, |_, _| ())
        .and_then(|()| verify_file(&part, &[], progress))
        .and_then(|report| renew(&part, from, &report, restoring).map(|()| report))
        .and_then(|report| finish(&part, to).map(|()| report))
        .and_then(|report| open::carry_secret(from, to).map(|()| report));
    if restored.is_err() {
        let _gone = fs::remove_file(&part);
    }
    restored
}

/// Makes a sound copy a new incarnation.
fn renew(
    part: &Path,
    from: &Path,
    report: &VerifyReport,
    restoring: Restoring,
) -> Result<(), StoreError> {
    let head = match report.verdict {
        Verdict::Sound { head } => head,
        Verdict::Bad(finding) => {
            return Err(StoreError::Damaged(format!(
                "entry {} of the backup is {}",
                finding.seq, finding.fault
            )));
        }
    };
    if let Some(wrong) = report.structure.first() {
        return Err(StoreError::Damaged(wrong.clone()));
    }
    let mut conn = open::connect(part, Role::Writer, false)?;
    let schema = open::check_ours(&conn, part)?;
    open::step_up(&mut conn, schema)?;
    let tx = conn.transaction()?;
    let meta_of = |key: &str| -> Result<String, rusqlite::Error> {
        tx.query_row(sql!("apart/meta_get"), [key], |row| row.get(0))
    };
    let (shop, incarnation) = (meta_of("shop")?, meta_of("incarnation")?);
    let next = incarnation
        .parse::<u32>()
        .ok()
        .and_then(|before| next_incarnation(before, restoring.at))
        .ok_or_else(|| StoreError::Damaged("its meta table is not complete".to_owned()))?;
    tx.execute(sql!("apart/meta_put"), params!["incarnation", next.to_string()])?;
    let meta = EntryMeta {
        shop,
        incarnation: next,
        seq: head.seq.saturating_add(1),
        at: restoring.at,
        till: None,
        person: None,
        command: restoring.command,
    };
    // The file's name alone: where it lay is nobody's business.
    let backup = from.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let restored = Event::ShopRestored(domain::event::ShopRestored {
        backup,
        through: head.seq,
        incarnation: next,
    });
    append(&tx, &head, &meta, &restored)?;
    tx.execute(sql!("apart/session_clear"), [])?;
    tx.execute(sql!("apart/outbox_doubt"), [])?;
    tx.execute(sql!("message/doubt"), [])?;
    // No engine takes the entry in: what it changes of the state that is saved is changed here, as a rebuild would.
    tx.execute(sql!("apart/register_restored"), [])?;
    tx.commit()?;
    conn.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Appends the one entry of a command that no engine decides.
fn append(tx: &Connection, head: &Head, meta: &EntryMeta, event: &Event) -> Result<(), StoreError> {
    let bytes = journal::encode(meta, event)?;
    let hash = journal::hash(&head.hash, bytes.as_bytes());
    let seq = int(meta.seq);
    tx.execute(sql!("journal/insert"), params![seq, hash.as_slice(), bytes])?;
    let id = meta.command.0.as_bytes().as_slice();
    tx.execute(sql!("command/insert"), params![id, seq, seq, None::<i64>])?;
    Projector::load(tx)?.project(tx, meta, event, Mode::Live)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_that_is_put_back_twice_becomes_two_incarnations() {
        let at = |text: &str| text.parse().unwrap();
        let first = next_incarnation(1, at("2026-11-23T13:00:00Z"));
        assert_eq!(first, Some(470_220));
        assert_eq!(next_incarnation(1, at("2026-11-23T13:01:00Z")), Some(470_221));
        // Whatever the clock says, it is a later one.
        assert_eq!(next_incarnation(470_220, at("2026-11-23T13:00:00Z")), Some(470_221));
        assert_eq!(next_incarnation(470_220, at("1999-01-01T00:00:00Z")), Some(470_221));
        assert_eq!(next_incarnation(1, at("1999-01-01T00:00:00Z")), Some(2));
    }
}
