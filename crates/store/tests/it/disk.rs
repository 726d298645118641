//! A real disk that is full or read-only: a small file system in memory, where the user may mount one.

use std::path::Path;
use std::process::{Command, Stdio};

use store::{NewShop, Store, StoreError};

use crate::kit::{Shop, added, at, command, line, opened};

/// A mounted file system, gone with the value.
struct Mounted<'a>(&'a Path);

impl<'a> Mounted<'a> {
    fn new(folder: &'a Path) -> Option<Self> {
        let options = ["-t", "tmpfs", "-o", "size=2m", "tmpfs"];
        mount(&options, folder).then_some(Mounted(folder))
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    let status = Command::new("mount").args(arguments).arg(folder).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[test]
fn a_disk_that_runs_full_keeps_what_was_committed_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let Some(_mounted) = Mounted::new(folder.path()) else {
        println!("skipped: this user may not mount file systems");
        return;
    };
    let shop = NewShop { shop: "s1".to_owned(), created: at(0) };
    let path = folder.path().join("shop.tresen");
    let mut store = Store::create(&path, &shop).unwrap();
    let mut committed = 0;
    let failed = loop {
        let events = [opened(committed + 1), added(committed + 1, line(1, 7, 1_000, 149))];
        let result = store.begin().and_then(|()| {
            store.append(at(1), None, None, command(committed), None, &events)?;
            store.commit()
        });
        match result {
            Ok(()) => committed += 1,
            Err(error) => break error,
        }
        assert!(committed < 100_000, "the disk never ran full");
    };
    assert!(matches!(failed, StoreError::DiskFull), "{failed:?}");
    assert!(!store.in_transaction());
    assert_eq!(store.head().seq, committed * 2);
    drop(store);
    // Room again: as when other files are deleted.
    assert!(mount(&["-o", "remount,size=16m"], folder.path()));
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.head().seq, committed * 2);
    store.begin().unwrap();
    store.append(at(1), None, None, command(committed), None, &[opened(committed + 1)]).unwrap();
    store.commit().unwrap();
    assert!(store.verify(&[], |_, _| true).unwrap().is_sound());
}

#[test]
fn the_log_has_its_length_on_disk_before_the_first_command_and_nothing_else_changes() {
    let mut shop = Shop::new();
    let before = shop.store.dump_tables().unwrap();
    let log = shop.file("shop.tresen-wal");
    let length = || std::fs::metadata(&log).map_or(0, |log| log.len());
    assert!(length() < 1_000_000, "short at first");
    shop.store.lay_out_log().unwrap();
    let laid_out = length();
    assert!(laid_out >= 16_000_000, "{laid_out} bytes");
    assert_eq!(shop.store.dump_tables().unwrap(), before);
    for basket in 1..=50 {
        shop.commit(&[opened(basket), added(basket, line(1, 7, 1_000, 149))]);
    }
    assert_eq!(length(), laid_out, "commits overwrite");
    assert!(shop.store.verify(&[], |_, _| true).unwrap().is_sound());
    let path = shop.path();
    drop(shop.store);
    assert_eq!(Store::open(&path).unwrap().head().seq, 100);
    drop(shop.folder);
}

#[test]
fn where_the_log_does_not_fit_on_the_disk_the_shop_sells_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let Some(_mounted) = Mounted::new(folder.path()) else {
        println!("skipped: this user may not mount file systems");
        return;
    };
    let path = folder.path().join("shop.tresen");
    let mut store =
        Store::create(&path, &NewShop { shop: "s1".to_owned(), created: at(0) }).unwrap();
    let error = store.lay_out_log().unwrap_err();
    assert!(matches!(error, StoreError::DiskFull), "{error:?}");
    let log = std::fs::metadata(folder.path().join("shop.tresen-wal")).map_or(0, |log| log.len());
    assert!(log < 100_000, "the log keeps {log} bytes of a full disk");
    store.begin().unwrap();
    let events = [opened(1), added(1, line(1, 7, 1_000, 149))];
    store.append(at(1), None, None, command(1), None, &events).unwrap();
    store.commit().unwrap();
    drop(store);
    assert_eq!(Store::open(&path).unwrap().head().seq, 2);
}

#[test]
fn a_read_only_disk_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let Some(_mounted) = Mounted::new(folder.path()) else {
        println!("skipped: this user may not mount file systems");
        return;
    };
    let path = folder.path().join("shop.tresen");
    drop(Store::create(&path, &NewShop { shop: "s1".to_owned(), created: at(0) }).unwrap());
    assert!(mount(&["-o", "remount,ro"], folder.path()));
    let error = Store::open(&path).map(|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly), "{error:?}");
}

#[test]
fn a_line_takes_little_room() {
    let mut shop = Shop::new();
    shop.store.begin().unwrap();
    shop.append(&[opened(1)]);
    let lines = 4_000;
    for no in 1..=lines {
        shop.append(&[added(1, line(no, 7, 1_000, 149))]);
    }
    shop.store.commit().unwrap();
    let path = shop.path();
    drop(shop.store);
    let each = std::fs::metadata(&path).unwrap().len() / u64::from(lines);
    assert!(each < 700, "{each} bytes a line");
    drop(shop.folder);
}
