//! Files that somebody touched: the first bad entry is named, and how it is bad.

use store::{Anchor, Fault, Finding, Verdict, verify_file};

use crate::kit::{Shop, added, line, opened};

fn shop_of(entries: u16) -> Shop {
    let mut shop = Shop::new();
    shop.commit(&[opened(1)]);
    for no in 2..=entries {
        shop.commit(&[added(1, line(no, 7, 1_000, 149))]);
    }
    shop
}

fn verdict_after(sql: &str) -> Verdict {
    let (path, _folder) = shop_of(12).tamper(|conn| conn.execute_batch(sql).unwrap());
    verify_file(&path, &[], |_, _| true).unwrap().verdict
}

fn bad(seq: u64, fault: Fault) -> Verdict {
    Verdict::Bad(Finding { seq, fault })
}

#[test]
fn an_untouched_file_is_sound_and_progress_is_told() {
    let shop = shop_of(12);
    let mut told = Vec::new();
    let report = shop
        .store
        .verify(&[], |done, all| {
            told.push((done, all));
            true
        })
        .unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.verdict, Verdict::Sound { head: shop.store.head() });
    assert_eq!((report.entries, told), (12, vec![(12, 12)]));
}

#[test]
fn an_edited_entry_is_named() {
    let sql =
        "UPDATE journal SET bytes = replace(bytes, '\"price\":149', '\"price\":148') WHERE seq = 5";
    assert_eq!(verdict_after(sql), bad(5, Fault::Edited));
}

#[test]
fn a_deleted_entry_is_named() {
    assert_eq!(verdict_after("DELETE FROM journal WHERE seq = 5"), bad(5, Fault::Missing));
    assert_eq!(verdict_after("DELETE FROM journal WHERE seq = 1"), bad(1, Fault::Missing));
    let renumbered = "DELETE FROM journal WHERE seq = 5;
        UPDATE journal SET seq = -seq WHERE seq > 5; UPDATE journal SET seq = -seq - 1 WHERE seq < 0";
    assert_eq!(verdict_after(renumbered), bad(5, Fault::Missing));
}

#[test]
fn exchanged_entries_are_named() {
    let sql = "UPDATE journal SET seq = -5 WHERE seq = 5; UPDATE journal SET seq = 5 WHERE seq = 8;
        UPDATE journal SET seq = 8 WHERE seq = -5";
    assert_eq!(verdict_after(sql), bad(5, Fault::Swapped));
}

#[test]
fn a_journal_that_was_cut_is_named_even_when_all_tables_were_cut_with_it() {
    assert_eq!(verdict_after("DELETE FROM journal WHERE seq > 9"), bad(10, Fault::CutOff));
    let all = "DELETE FROM journal WHERE seq > 9; DELETE FROM basket_entry WHERE seq > 9;
        DELETE FROM command WHERE last > 9";
    let shop = shop_of(12);
    let on_paper = Anchor { seq: 12, hash: Some(shop.store.head().hash) };
    let (path, _folder) = shop.tamper(|conn| conn.execute_batch(all).unwrap());
    let with = |anchors: &[Anchor]| verify_file(&path, anchors, |_, _| true).unwrap().verdict;
    assert_eq!(with(&[on_paper]), bad(10, Fault::CutOff));
    assert!(matches!(with(&[]), Verdict::Sound { .. }), "without an anchor nobody can know");
}

#[test]
fn bytes_that_are_no_text_are_unreadable() {
    let sql = "UPDATE journal SET bytes = CAST(x'ff00ff' AS TEXT) WHERE seq = 7";
    assert_eq!(verdict_after(sql), bad(7, Fault::Unreadable));
}

#[test]
fn verifying_can_be_stopped() {
    let mut shop = Shop::new();
    shop.store.begin().unwrap();
    for no in 1..=1_500 {
        shop.append(&[added(1, line(no, 7, 1_000, 149))]);
    }
    shop.store.commit().unwrap();
    let report = shop.store.verify(&[], |_, _| false).unwrap();
    assert_eq!(report.entries, 1_000);
}
