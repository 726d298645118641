//! Creating and opening the file: settings of the connection, schema steps, the lock.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use crate::StoreError;

/// "Trsn": tells our files from those of other programs.
pub(crate) const APPLICATION_ID: i32 = 0x5472_736E;

/// The schema of today, for people to read and for new files.
pub(crate) const SCHEMA: &str = sql!("schema");

/// How a file of each schema becomes one of the next.
pub(crate) const STEPS: &[&str] = &[
    sql!("steps/0001"),
    sql!("steps/0002"),
    sql!("steps/0003"),
    sql!("steps/0004"),
    sql!("steps/0005"),
    sql!("steps/0006"),
    sql!("steps/0007"),
    sql!("steps/0008"),
    sql!("steps/0009"),
    sql!("steps/0010"),
    sql!("steps/0011"),
    sql!("steps/0012"),
    sql!("steps/0013"),
    sql!("steps/0014"),
    sql!("steps/0015"),
    sql!("steps/0016"),
    sql!("steps/0017"),
    sql!("steps/0018"),
];

/// The first schema whose files can be read: before it, names stood in the journal. No version was
/// released with such files.
const OLDEST: u32 = 2;

/// How long a connection waits for a lock of another.
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// What a new shop's file is told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShop {
    /// The shop's short id, in every entry of its journal.
    pub shop: String,
    /// Set up at this moment.
    pub created: Timestamp,
}

/// What the connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one that writes.
    Writer,
    /// One of many that read.
    Reader,
}

/// Pages between checkpoints, 16 MB; a quarter of it made no clear difference during an import.
const LOG_PAGES: i64 = 4_000;
/// What those pages take in the log, without its notes between them.
const LOG_BYTES: u64 = 4_000 * 4_096;
/// Pages in memory while the log is laid out.
const SMALL_CACHE: i64 = 64;

/// The schema that this program knows.
pub(crate) fn known_schema() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// Takes the lock beside the file, as whoever writes the file does; a holder elsewhere is told as
/// [`StoreError::InUse`]. The lock is held as long as what this answers lives; the file itself need
/// not be there.
pub fn lock(path: &Path) -> Result<File, StoreError> {
    let lock = private()
        .create(true)
        .truncate(false)
        .write(true)
        .open(beside(&real(path), ".lock"))
        .map_err(not_written)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(StoreError::Io(error)),
    }
}

/// The file's one name, whichever way it was asked for: two names must not give two locks. A path
/// that leads nowhere stays as it is; opening it tells why.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match (folder.unwrap_or(Path::new(".")).canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// New files are for the shop's own account alone: they tell who worked when, and every sale.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes an empty file that nobody else can read; SQLite gives its log the same rights.
pub(crate) fn make_private(path: &Path) -> Result<(), StoreError> {
    private().create_new(true).write(true).open(path).map(|_| ()).map_err(not_written)
}

fn not_written(error: std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly
        }
        std::io::ErrorKind::StorageFull => StoreError::DiskFull,
        _ => StoreError::Io(error),
    }
}

/// A key that lies beside the shop's file, so that whoever gets hold of the file alone has nothing of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Secret {
    /// Hashes the vouchers' codes: without it nobody can try codes on the file.
    Vouchers,
    /// Seals what is shared with terminals. It goes with no backup.
    Terminals,
    /// Signs proofs of completeness. It goes with no backup: whoever finds one signs nothing in the shop's name.
    Proofs,
}

impl Secret {
    fn file(self, path: &Path) -> PathBuf {
        let suffix = match self {
            Secret::Vouchers => ".voucher-key",
            Secret::Terminals => ".terminal-key",
            Secret::Proofs => ".proof-key",
        };
        beside(&real(path), suffix)
    }

    const fn damaged(self) -> &'static str {
        match self {
            Secret::Vouchers => "the key of the vouchers has another length",
            Secret::Terminals => "the key of the terminals has another length",
            Secret::Proofs => "the key of the proofs has another length",
        }
    }
}

/// A key, if there is one.
pub(crate) fn secret(path: &Path, which: Secret) -> Result<Option<[u8; 32]>, StoreError> {
    match std::fs::read(which.file(path)) {
        Ok(bytes) => <[u8; 32]>::try_from(bytes.as_slice())
            .map(Some)
            .map_err(|_| StoreError::Damaged(which.damaged().into())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::Io(error)),
    }
}

/// Writes a key where there is none yet, on disk when this answers.
pub(crate) fn put_secret(path: &Path, which: Secret, key: &[u8; 32]) -> Result<(), StoreError> {
    use std::io::Write;
    let to = which.file(path);
    let part = beside(&to, ".part");
    let written = private()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&part)
        .and_then(|mut file| file.write_all(key).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&part, &to));
    written.map_err(not_written)?;
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// The vouchers' key goes with a copy of the file, and beside it: without it no voucher that was sold could be
/// redeemed.
pub(crate) fn carry_secret(from: &Path, to: &Path) -> Result<(), StoreError> {
    match secret(from, Secret::Vouchers)? {
        Some(key) => put_secret(to, Secret::Vouchers, &key),
        None => Ok(()),
    }
}

/// `path` with something behind its name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A connection with its settings; the file's schema is not looked at.
pub(crate) fn connect(path: &Path, role: Role, create: bool) -> Result<Connection, StoreError> {
    if !create && !path.is_file() {
        return Err(StoreError::Missing(path.to_owned()));
    }
    let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags |= match role {
        Role::Writer => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Role::Reader => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    if create {
        make_private(path)?;
    }
    let conn = Connection::open_with_flags(path, flags)?;
    conn.set_prepared_statement_cache_capacity(160);
    conn.busy_timeout(PATIENCE)?;
    if role == Role::Writer && conn.is_readonly("main")? {
        return Err(StoreError::ReadOnly);
    }
    Ok(conn)
}

/// Sets the connection up. The first statement that reads the file: a file that is no database is
/// found out here.
pub(crate) fn tune(conn: &Connection, path: &Path, role: Role) -> Result<(), StoreError> {
    let ours = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => StoreError::NotADatabase(path.to_owned()),
        _ => StoreError::from(error),
    };
    conn.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0)).map_err(ours)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    // A bad pointer elsewhere in the process must not reach the file.
    conn.pragma_update(None, "mmap_size", 0)?;
    match role {
        Role::Writer => {
            // 32 MB; readers are many and take 8 MB.
            conn.pragma_update(None, "cache_size", -32_768)?;
            let mode: String = conn
                .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))
                .map_err(ours)?;
            if mode != "wal" {
                return Err(StoreError::ReadOnly);
            }
            // A commit is on disk before it is answered: NORMAL loses sales at a power cut.
            conn.pragma_update(None, "synchronous", "full")?;
            conn.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
            conn.pragma_update(None, "journal_size_limit", 67_108_864)?;
        }
        Role::Reader => {
            conn.pragma_update(None, "cache_size", -8_192)?;
            conn.pragma_update(None, "query_only", true)?;
        }
    }
    Ok(())
}

/// Gives the log beside the file its full length on disk before it is needed: a commit that overwrites
/// waits for its own bytes, one that lengthens the file also for the file system's notes about it
/// (docs/decisions/0010).
///
/// SQLite does it itself, by a transaction too large for its cache that is taken back. Nothing of it
/// stays but the length; not even that where the disk has no room for it.
pub(crate) fn lay_out_log(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    if is_laid_out(path) {
        return Ok(());
    }
    let log = beside(path, "-wal");
    let cache: i64 = conn.pragma_query_value(None, "cache_size", |row| row.get(0))?;
    conn.pragma_update(None, "cache_size", SMALL_CACHE)?;
    // What is in the log goes where it belongs first: an empty log can be cut back again, and must be
    // where it does not fit. Selling needs what little room there is.
    let cut_back = || conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    let filled = cut_back().map_err(StoreError::from).and_then(|()| fill(conn));
    conn.pragma_update(None, "cache_size", cache)?;
    if let Err(error) = filled {
        cut_back()?;
        return Err(error);
    }
    std::fs::File::open(&log)?.sync_all()?;
    Ok(())
}

/// True when the log beside the file has its full length.
pub(crate) fn is_laid_out(path: &Path) -> bool {
    std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() >= LOG_BYTES)
}

fn fill(conn: &Connection) -> Result<(), StoreError> {
    let tx = conn.unchecked_transaction()?;
    tx.execute_batch("CREATE TABLE log_length (bytes BLOB)")?;
    // What the cache still holds when it is taken back never reaches the log.
    let length = LOG_BYTES.cast_signed().saturating_add(SMALL_CACHE.saturating_mul(4_096));
    tx.execute("INSERT INTO log_length VALUES (zeroblob(?1))", [length])?;
    tx.rollback()?;
    Ok(())
}

/// Checks that the file is ours and of a schema this program knows; answers its schema.
pub(crate) fn check_ours(conn: &Connection, path: &Path) -> Result<u32, StoreError> {
    let not_a_database = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => StoreError::NotADatabase(path.to_owned()),
        _ => StoreError::from(error),
    };
    let id: i32 = conn
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(not_a_database)?;
    if id != APPLICATION_ID {
        return Err(StoreError::NotOurs(path.to_owned()));
    }
    let found: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = known_schema();
    if found > known {
        return Err(StoreError::NewerSchema { path: path.to_owned(), found, known });
    }
    if found < OLDEST {
        return Err(StoreError::OldSchema { path: path.to_owned(), found });
    }
    Ok(found)
}

/// Makes the schema of a new file.
pub(crate) fn make_schema(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(SCHEMA)?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", known_schema())?;
    Ok(())
}

/// Leads a file from schema `from` to today's, each step in a transaction of its own.
pub(crate) fn step_up(conn: &mut Connection, from: u32) -> Result<(), StoreError> {
    for (step, number) in STEPS.iter().zip(1_u32..).filter(|(_, number)| *number > from) {
        let tx = conn.transaction()?;
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", number)?;
        tx.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(conn: &Connection) -> Vec<(String, String, Option<String>)> {
        conn.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }

    #[test]
    fn the_steps_lead_to_the_schema_of_today() {
        let whole = Connection::open_in_memory().unwrap();
        make_schema(&whole).unwrap();
        let mut stepped = Connection::open_in_memory().unwrap();
        step_up(&mut stepped, 0).unwrap();
        assert!(objects(&whole).len() > 20);
        assert_eq!(objects(&whole), objects(&stepped));
        let version = |c: &Connection| -> u32 {
            c.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
        };
        assert_eq!(version(&whole), version(&stepped));
    }

    #[test]
    fn a_file_of_before_knows_its_settings_of_then_after_the_step() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(STEPS[0]).unwrap();
        conn.execute_batch(STEPS[1]).unwrap();
        let rows = [
            r#"{"seq":1,"kind":"shop_configured","body":{}}"#,
            // The word in a text, and a row that is no JSON any more, are no settings.
            r#"{"seq":2,"kind":"basket_noted","body":{"text":"{\"kind\":\"shop_configured\"}"}}"#,
            r#"{"seq":3,"kind":"basket_noted","body":{"kind":"shop_configured"}}"#,
            r#"{"seq":4,"kind":"shop_configured","#,
            r#"{"seq":5,"kind":"shop_configured","body":{}}"#,
        ];
        for (row, seq) in rows.iter().zip(1..) {
            conn.execute("INSERT INTO journal VALUES (?1, x'00', ?2)", rusqlite::params![seq, row])
                .unwrap();
        }
        step_up(&mut conn, 2).unwrap();
        let mut known = conn.prepare("SELECT seq FROM configured ORDER BY seq").unwrap();
        let known: Vec<i64> =
            known.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(known, [1, 5]);
    }

    #[test]
    fn a_file_of_before_knows_the_records_of_its_tills_after_the_step() {
        let mut conn = Connection::open_in_memory().unwrap();
        let brings = |step: &&str| step.contains("CREATE TABLE till_record");
        let before = STEPS.iter().position(brings).unwrap();
        for step in &STEPS[..before] {
            conn.execute_batch(step).unwrap();
        }
        let rows = [
            r#"{"seq":1,"till":2,"kind":"day_opened","body":{"day":7,"date":"2026-11-02","float":0}}"#,
            r#"{"seq":2,"till":2,"kind":"receipt_issued","body":{"number":1,"day":7}}"#,
            r#"{"seq":3,"till":2,"kind":"basket_aborted","body":{"basket":2}}"#,
            r#"{"seq":4,"till":1,"kind":"cash_paid_in","body":{"amount":1}}"#,
            r#"{"seq":5,"till":2,"kind":"drawer_opened","body":{"reason":""}}"#,
            // Counted, not closed; a word in a text; a row that is no JSON any more.
            r#"{"seq":6,"till":2,"kind":"drawer_counted","body":{}}"#,
            r#"{"seq":7,"till":2,"kind":"basket_noted","body":{"text":"\"kind\":\"day_opened\""}}"#,
            r#"{"seq":8,"till":2,"kind":"day_opened","#,
            r#"{"seq":9,"till":2,"kind":"day_closed","body":{"day":7}}"#,
        ];
        for (row, seq) in rows.iter().zip(1..) {
            conn.execute("INSERT INTO journal VALUES (?1, x'00', ?2)", rusqlite::params![seq, row])
                .unwrap();
        }
        step_up(&mut conn, u32::try_from(before).unwrap()).unwrap();
        let mut known =
            conn.prepare("SELECT seq, till, day FROM till_record ORDER BY seq").unwrap();
        let known: Vec<(i64, i64, Option<i64>)> = known
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let expected = [(1, 2, Some(7)), (3, 2, None), (4, 1, None), (5, 2, None), (9, 2, Some(7))];
        assert_eq!(known, expected);
    }

    #[test]
    fn a_file_of_before_knows_the_days_and_steps_of_its_payments_after_the_step() {
        let mut conn = Connection::open_in_memory().unwrap();
        // The tenth step brings them.
        let before = 9;
        for step in &STEPS[..before] {
            conn.execute_batch(step).unwrap();
        }
        let rows = [
            r#"{"seq":1,"kind":"tender_intended","body":{"attempt":1}}"#,
            r#"{"seq":2,"kind":"attempt_recorded","body":{"attempt":1,"outcome":{"kind":"approved","currency":"EUR"}}}"#,
            r#"{"seq":3,"kind":"attempt_acknowledged","body":{"attempt":1,"merchant":["slip"]}}"#,
            r#"{"seq":4,"till":2,"kind":"receipt_issued","body":{"number":17,"tenders":[{"card":{"attempt":1}}]}}"#,
            // A word in a text is no step, and a row that is no JSON any more none either.
            r#"{"seq":5,"kind":"basket_noted","body":{"text":"\"attempt\":1"}}"#,
            r#"{"seq":6,"kind":"tender_sent","body":{"attempt":"#,
        ];
        for (row, seq) in rows.iter().zip(1..) {
            conn.execute("INSERT INTO journal VALUES (?1, x'00', ?2)", rusqlite::params![seq, row])
                .unwrap();
        }
        conn.execute_batch(
            "INSERT INTO attempt (id, till, terminal, basket, purpose, amount, booked, state, asked, changed)
             VALUES (1, 2, 1, 1, 'payment', 199, 150, 'approved', '', '');
             INSERT INTO receipt (seq, till, training, number, at, date, day, person, basket, total, lines)
             VALUES (4, 2, 0, 17, '', '', 1, 1, 1, 150, 1);",
        )
        .unwrap();
        step_up(&mut conn, u32::try_from(before).unwrap()).unwrap();
        let steps: i64 =
            conn.query_row("SELECT count(*) FROM attempt_step", [], |row| row.get(0)).unwrap();
        assert_eq!(steps, 3);
        let line: (i64, i64, String, i64, i64, i64) = conn
            .query_row(
                "SELECT period, counts, currency, till, receipt, slip FROM attempt_line",
                [],
                |row| {
                    Ok((
                        row.get(0)?,
                        row.get(1)?,
                        row.get(2)?,
                        row.get(3)?,
                        row.get(4)?,
                        row.get(5)?,
                    ))
                },
            )
            .unwrap();
        assert_eq!(line, (1, 150, "EUR".to_owned(), 2, 17, 3));
    }
}
