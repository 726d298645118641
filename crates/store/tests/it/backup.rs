//! Backups beside a shop that goes on, and putting them back.

use std::fs;

use domain::event::Event;
use store::{
    Fault, Finding, OutboxState, Reader, Restoring, SessionRow, Store, StoreError, Verdict,
    restore, verify_file,
};

use crate::kit::{PERSON, Shop, TILL, added, ask, at, issued, line, opened, receipt};

fn selling() -> Shop {
    let mut shop = Shop::new();
    for basket in 1..=300 {
        let sold = issued(receipt(basket, basket, vec![line(1, 7, 1_000, 149)]));
        shop.commit(&[opened(basket), added(basket, line(1, 7, 1_000, 149)), sold]);
    }
    shop
}

fn restoring(minutes: i64) -> Restoring {
    Restoring { at: at(minutes), command: crate::kit::command(9_000) }
}

/// The same number was sold again after the restore.
#[test]
fn receipts_of_before_and_after_a_restore_are_told_apart() {
    let shop = selling();
    let (backup, restored) = (shop.file("backup.tresen"), shop.file("restored.tresen"));
    shop.store.backup(&backup, |_, _| ()).unwrap();
    restore(&backup, &restored, restoring(20), |_, _| true).unwrap();
    let mut store = Store::open(&restored).unwrap();
    store.begin().unwrap();
    let sold = issued(receipt(301, 301, vec![line(1, 7, 1_000, 149)]));
    let id = crate::kit::command(9_999);
    store.append(at(30), Some(TILL), Some(PERSON), id, None, &[sold]).unwrap();
    store.commit().unwrap();
    let of = |store: &Store, number| {
        let number = domain::ReceiptNo(number);
        let row = store.receipt_row(TILL, false, number).unwrap().unwrap();
        let whole = store.receipt(TILL, false, number).unwrap().unwrap();
        let listed = store.receipts(&Default::default(), 1_000).unwrap();
        let listed = listed.iter().find(|row| row.number == number).unwrap().incarnation;
        assert_eq!((row.incarnation, listed), (whole.incarnation, whole.incarnation));
        whole.incarnation
    };
    assert_eq!((of(&store, 300), of(&store, 301)), (1, store.incarnation()));
    // The tables are those that the journal makes.
    let live = store.dump_tables().unwrap();
    store.rebuild(|_, _| Vec::new()).unwrap();
    assert_eq!(store.dump_tables().unwrap(), live);
}

#[test]
fn a_backup_holds_one_moment_while_the_shop_goes_on() {
    let mut shop = selling();
    let to = shop.file("backup.tresen");
    let reader = Reader::open(&shop.path()).unwrap();
    let head = shop.store.head();
    let mut told = 0;
    let made = reader
        .backup(&to, |done, all| {
            told += 1;
            assert!(done <= all);
            // The shop sells while the backup is written.
            shop.commit(&[opened(1_000 + told)]);
        })
        .unwrap();
    assert!(told > 0);
    assert_eq!((made.through, made.hash), (head.seq, head.hash));
    assert_eq!(made.bytes, fs::metadata(&to).unwrap().len());
    assert!(!shop.file("backup.tresen-wal").exists(), "one plain file");
    assert!(!shop.file("backup.tresen.part").exists());
    assert!(verify_file(&to, &[], |_, _| true).unwrap().is_sound());
    assert!(shop.store.head().seq > head.seq);
    let again = reader.backup(&to, |_, _| ());
    assert!(matches!(again, Err(StoreError::Exists(_))));
}

#[test]
fn a_restored_shop_is_a_new_incarnation_and_goes_on_from_the_backup() {
    let mut shop = selling();
    let session = SessionRow {
        token_hash: vec![1; 32],
        person: Some(PERSON),
        till: None,
        kind: "office".to_owned(),
        created: at(0),
        seen: at(0),
    };
    shop.store.put_session(&session).unwrap();
    for work in shop.store.outbox_waiting(1_000).unwrap().iter().skip(1) {
        shop.store.set_work(work.id, OutboxState::Done, "", true).unwrap();
    }
    let (backup, restored) = (shop.file("backup.tresen"), shop.file("restored.tresen"));
    let made = shop.store.backup(&backup, |_, _| ()).unwrap();
    shop.commit(&[Event::BackupMade { through: made.through }]);
    assert_eq!(shop.store.anchors().unwrap()[0].hash, Some(made.hash));
    let tables = Reader::open(&backup).unwrap().dump_tables().unwrap();

    let report = restore(&backup, &restored, restoring(20), |_, _| true).unwrap();
    assert!(report.is_sound());
    let mut store = Store::open(&restored).unwrap();
    let (incarnation, restored_at) = (store.incarnation(), made.through + 1);
    assert!(incarnation > 1);
    assert_eq!(store.head().seq, restored_at);
    let (meta, event) = store.entry(restored_at).unwrap().unwrap();
    assert_eq!((meta.incarnation, meta.at, meta.till), (incarnation, at(20), None));
    let told = Event::ShopRestored(domain::event::ShopRestored {
        backup: "backup.tresen".to_owned(),
        through: made.through,
        incarnation,
    });
    assert_eq!(event, told);
    // Nothing else is different from the backup.
    for ((table, now), (_, before)) in store.dump_tables().unwrap().iter().zip(&tables) {
        let more = usize::from(["command", "incarnation", "audit_entry"].contains(&table.as_str()));
        assert_eq!(now.len(), before.len() + more, "{table}");
        assert!(before.iter().all(|row| now.contains(row)), "{table}");
    }
    assert!(store.sessions().unwrap().is_empty());
    assert!(store.outbox_waiting(9).unwrap().is_empty(), "it may have been printed since");
    assert_eq!(store.outbox_open(9).unwrap().len(), 1);
    store.begin().unwrap();
    store.append(at(9), None, None, crate::kit::command(9_999), None, &[opened(5)]).unwrap();
    store.commit().unwrap();
    let (meta, _) = store.entry(restored_at + 1).unwrap().unwrap();
    assert_eq!(meta.incarnation, incarnation);
    assert!(store.verify(&[], |_, _| true).unwrap().is_sound());
    assert_eq!(
        ask(&backup, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'incarnation'"),
        1
    );
}

#[cfg(unix)]
#[test]
fn nobody_else_on_the_machine_can_read_the_shop_or_its_backups() {
    use std::os::unix::fs::PermissionsExt;
    let shop = selling();
    let (backup, restored) = (shop.file("backup.tresen"), shop.file("restored.tresen"));
    shop.store.backup(&backup, |_, _| ()).unwrap();
    restore(&backup, &restored, restoring(20), |_, _| true).unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(shop.path().parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
        seen += 1;
    }
    assert!(seen >= 5, "shop, log, lock, backup, restored: {seen} files");
}

#[cfg(unix)]
#[test]
fn a_shop_under_another_name_is_the_same_shop() {
    let shop = selling();
    let other = shop.file("other.tresen");
    std::os::unix::fs::symlink(shop.path(), &other).unwrap();
    assert!(matches!(Store::open(&other), Err(StoreError::InUse(_))));
}

#[test]
fn a_restore_overwrites_nothing() {
    let shop = selling();
    let backup = shop.file("backup.tresen");
    shop.store.backup(&backup, |_, _| ()).unwrap();
    let refused = restore(&backup, &shop.path(), restoring(20), |_, _| true);
    assert!(matches!(refused, Err(StoreError::Exists(_))));
    let missing = restore(&shop.file("nothing"), &shop.file("new"), restoring(20), |_, _| true);
    assert!(matches!(missing, Err(StoreError::Missing(_))));
}

#[test]
fn a_damaged_backup_is_not_put_back() {
    let (path, folder) = selling().tamper(|conn| {
        let sql = "UPDATE journal SET bytes = replace(bytes, '149', '148') WHERE seq = 3";
        conn.execute(sql, []).unwrap();
    });
    let restored = folder.path().join("restored.tresen");
    let refused = restore(&path, &restored, restoring(20), |_, _| true).unwrap_err();
    assert!(matches!(&refused, StoreError::Damaged(why) if why.contains("entry 3")), "{refused}");
    assert!(!restored.exists());
    assert!(!folder.path().join("restored.tresen.part").exists());
    let verdict = verify_file(&path, &[], |_, _| true).unwrap().verdict;
    assert_eq!(verdict, Verdict::Bad(Finding { seq: 3, fault: Fault::Edited }));
}
