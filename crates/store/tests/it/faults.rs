//! Faults of the file and of the disk: each is told by its name, and nothing half stays.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use store::{NewShop, Reader, Store, StoreError, verify_file};

use crate::kit::{Shop, added, at, command, item, line, opened, put};

fn new_shop() -> NewShop {
    NewShop { shop: "s1".to_owned(), created: at(0) }
}

fn both(path: &Path, is: impl Fn(&StoreError) -> bool) {
    let store = Store::open(path).map(|_| ()).unwrap_err();
    assert!(is(&store), "{store:?}");
    let reader = Reader::open(path).map(|_| ()).unwrap_err();
    assert!(is(&reader), "{reader:?}");
}

#[test]
fn a_second_opening_of_the_same_file_is_refused() {
    let shop = Shop::new();
    let path = shop.path();
    assert!(matches!(Store::open(&path), Err(StoreError::InUse(p)) if p == path));
    assert!(Reader::open(&path).is_ok());
    drop(shop.store);
    assert!(Store::open(&path).is_ok());
}

#[test]
fn a_file_that_is_not_there_is_missing_and_one_that_is_there_is_not_overwritten() {
    let shop = Shop::new();
    both(&shop.file("nothing"), |e| matches!(e, StoreError::Missing(_)));
    both(shop.folder.path(), |e| matches!(e, StoreError::Missing(_)));
    assert!(matches!(Store::create(&shop.path(), &new_shop()), Err(StoreError::Exists(_))));
    assert!(!shop.file("nothing").exists());
}

#[test]
fn a_file_that_is_no_database_is_told_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    let text = "Sehr geehrte Damen und Herren, ".repeat(100);
    fs::write(&path, &text).unwrap();
    both(&path, |e| matches!(e, StoreError::NotADatabase(_)));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_database_of_another_program_is_told_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE t (a); PRAGMA user_version = 9")
        .unwrap();
    let before = fs::read(&path).unwrap();
    both(&path, |e| matches!(e, StoreError::NotOurs(_)));
    assert_eq!(fs::read(&path).unwrap(), before);
    let empty = folder.path().join("empty");
    fs::write(&empty, "").unwrap();
    both(&empty, |e| matches!(e, StoreError::NotOurs(_)));
}

#[test]
fn a_file_of_a_later_version_is_told() {
    let (path, _folder) = Shop::new().tamper(|conn| {
        conn.pragma_update(None, "user_version", 99).unwrap();
    });
    both(&path, |e| matches!(e, StoreError::NewerSchema { found: 99, known: 12, .. }));
}

#[test]
fn a_file_from_before_names_lay_apart_is_told_and_left_as_it_is() {
    let (path, _folder) = Shop::new().tamper(|conn| {
        conn.execute_batch("DROP TABLE personal; DROP TABLE personal_key; PRAGMA user_version = 1")
            .unwrap();
    });
    let before = fs::read(&path).unwrap();
    both(&path, |e| matches!(e, StoreError::OldSchema { found: 1, .. }));
    assert!(Store::open(&path).unwrap_err().to_string().contains("set the shop up anew"));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_journal_that_was_cut_off_is_not_written_to() {
    let mut shop = Shop::new();
    shop.commit(&[opened(1)]);
    shop.commit(&[added(1, line(1, 7, 1_000, 149))]);
    let (path, _folder) = shop.tamper(|conn| {
        conn.execute("DELETE FROM journal WHERE seq = 2", []).unwrap();
    });
    let error = Store::open(&path).map(|_| ()).unwrap_err();
    assert!(
        matches!(&error, StoreError::Damaged(why) if why.contains("ends at entry 1")),
        "{error}"
    );
    assert!(Reader::open(&path).is_ok(), "it can still be read and verified");
}

#[test]
fn a_damaged_page_is_told() {
    let mut shop = Shop::new();
    for number in 1..=400 {
        shop.commit(&[put(item(number, "Ware", &["111"]))]);
    }
    let path = shop.path();
    drop(shop.store);
    let mut bytes = fs::read(&path).unwrap();
    for page in bytes.chunks_mut(4_096).skip(30) {
        page[..64].fill(0xA5);
    }
    fs::write(&path, bytes).unwrap();
    let told = match Store::open(&path) {
        Err(error) => error,
        Ok(store) => store.dump_tables().map(|_| ()).unwrap_err(),
    };
    assert!(matches!(told, StoreError::Damaged(_)), "{told:?}");
    let verified = verify_file(&path, &[], |_, _| true);
    assert!(!verified.is_ok_and(|report| report.is_sound()));
    drop(shop.folder);
}

#[test]
fn a_full_disk_keeps_nothing_of_the_command_and_selling_goes_on_once_there_is_room() {
    let mut shop = Shop::new();
    shop.commit(&[opened(1)]);
    let (head, tables) = (shop.store.head(), shop.store.dump_tables().unwrap());
    shop.store.limit_pages(1).unwrap();
    shop.store.begin().unwrap();
    let long = "x".repeat(20_000);
    let mut failed = None;
    for number in 100..200 {
        let event = put(item(number, &long, &[]));
        let appended =
            shop.store.append(at(1), None, None, command(u64::from(number)), None, &[event]);
        if let Err(error) = appended {
            failed = Some(error);
            break;
        }
    }
    assert!(matches!(failed, Some(StoreError::DiskFull)), "{failed:?}");
    assert!(!shop.store.in_transaction());
    assert_eq!(shop.store.head(), head);
    assert_eq!(shop.store.dump_tables().unwrap(), tables);
    shop.store.limit_pages(1_000_000).unwrap();
    shop.commit(&[added(1, line(1, 7, 1_000, 149))]);
    assert!(shop.store.verify(&[], |_, _| true).unwrap().is_sound());
}

#[test]
fn a_file_that_cannot_be_written_is_told() {
    // For root every file is writable: then only a medium that is read-only stops it.
    let shop = Shop::new();
    let path = shop.path();
    drop(shop.store);
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    if fs::OpenOptions::new().write(true).open(&path).is_ok() {
        println!("skipped: this user may write any file");
        return;
    }
    assert!(matches!(Store::open(&path), Err(StoreError::ReadOnly)));
}

#[test]
fn what_sqlite_says_of_a_read_only_file_is_told_as_such() {
    let shop = Shop::new();
    let conn = Connection::open(shop.path()).unwrap();
    conn.pragma_update(None, "query_only", true).unwrap();
    let error = conn.execute("DELETE FROM part", []).unwrap_err();
    assert!(matches!(StoreError::from(error), StoreError::ReadOnly));
}

#[test]
fn a_failing_disk_poisons_the_connection() {
    let failure = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_FSYNC);
    let error = StoreError::from(rusqlite::Error::SqliteFailure(failure, None));
    assert!(matches!(error, StoreError::Poisoned(Some(_))));
}

#[test]
fn the_journal_s_guards_refuse_changes() {
    let mut shop = Shop::new();
    shop.commit(&[opened(1), opened(2)]);
    let path = shop.path();
    drop(shop.store);
    let conn = Connection::open(&path).unwrap();
    for sql in [
        "UPDATE journal SET bytes = '{}' WHERE seq = 1",
        "DELETE FROM journal WHERE seq = 2",
        "DELETE FROM journal",
        "INSERT OR REPLACE INTO journal (seq, hash, bytes) VALUES (2, x'00', '{}')",
        "INSERT INTO journal (seq, hash, bytes) VALUES (4, x'00', '{}')",
    ] {
        assert!(conn.execute(sql, []).is_err(), "{sql}");
    }
    let rows: i64 =
        conn.query_row("SELECT count(*) FROM journal WHERE seq <= 2", [], |r| r.get(0)).unwrap();
    assert_eq!(rows, 2);
    drop(shop.folder);
}

#[test]
fn a_written_file_has_the_settings_that_keep_sales() {
    let shop = Shop::new();
    let conn = Connection::open(shop.path()).unwrap();
    let mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    let id: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0)).unwrap();
    assert_eq!(id, i32::from_be_bytes(*b"Trsn"));
}
