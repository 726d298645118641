//! What can go wrong with the file, in words that help the one who reads them.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// A fault of the file or of the disk under it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the shop's file open.
    #[error("{0} is in use: another Tresen runs on this file; end it first, or use its address")]
    InUse(PathBuf),
    /// There is no such file.
    #[error("{0} does not exist; check the path, or set the shop up first")]
    Missing(PathBuf),
    /// The file exists already and would be overwritten.
    #[error("{0} exists already and is never overwritten; choose another name")]
    Exists(PathBuf),
    /// Not a SQLite database.
    #[error("{0} is not a database; check the path, or restore a backup")]
    NotADatabase(PathBuf),
    /// A SQLite database of another program.
    #[error("{0} is a database of another program; check the path")]
    NotOurs(PathBuf),
    /// Written by a later version of the program.
    #[error(
        "{path} was written by a later version of Tresen (schema {found}, this one knows {known}); \
         install that version"
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The latest this program knows.
        known: u32,
    },
    /// Written before the first release, when names still stood in the journal.
    #[error(
        "{path} was made before the first release, when names still stood in the journal (schema \
         {found}); it cannot be read any more: set the shop up anew in another file"
    )]
    OldSchema {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: u32,
    },
    /// The file, its folder or its disk cannot be written.
    #[error(
        "the shop's file cannot be written: give this user the right to write it and its folder"
    )]
    ReadOnly,
    /// No room left.
    #[error("the disk is full: make room; nothing of the last command was kept")]
    DiskFull,
    /// The file contradicts itself.
    #[error("the shop's file is damaged ({0}): keep a copy of it and restore the last backup")]
    Damaged(String),
    /// The disk failed while writing. The connection must not be used any more: what the system
    /// still holds in memory may differ from what is on disk.
    #[error("the disk failed while writing; open the shop's file again")]
    Poisoned(#[source] Option<rusqlite::Error>),
    /// An entry of the journal cannot be read or written.
    #[error(transparent)]
    Journal(#[from] journal::JournalError),
    /// A table's row cannot be read.
    #[error("a stored document cannot be read")]
    Document(#[from] serde_json::Error),
    /// The caller used the store in a way that it is not made for: a bug.
    #[error("the store was misused: {0}")]
    Misuse(&'static str),
    /// The file system failed outside of SQLite.
    #[error("the file system failed")]
    Io(#[from] std::io::Error),
    /// Anything else that SQLite says.
    #[error("SQLite failed")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::DiskFull,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged(error.to_string()),
            Some(ErrorCode::SystemIoFailure) => StoreError::Poisoned(Some(error)),
            _ => StoreError::Sqlite(error),
        }
    }
}
