//! What a verifier says of journals that somebody touched.

use domain::event::Event;
use journal::{Anchor, Fault, Finding, GENESIS, Head, Verdict, Verifier, encode, hash};
use proptest::prelude::*;

use crate::samples::meta;

type Row = (u64, [u8; 32], String);

fn journal_of(length: u64) -> Vec<Row> {
    let mut prev = GENESIS;
    (1..=length)
        .map(|seq| {
            let event = Event::DrawerOpened { reason: format!("Nr. {seq}") };
            let bytes = encode(&meta(seq), &event).unwrap();
            prev = hash(&prev, bytes.as_bytes());
            (seq, prev, bytes)
        })
        .collect()
}

fn verdict(rows: &[Row], anchors: Vec<Anchor>) -> Verdict {
    let mut verifier = Verifier::new(anchors);
    for (seq, stored, bytes) in rows {
        if !verifier.feed(*seq, stored, bytes) {
            break;
        }
    }
    verifier.finish()
}

fn bad(seq: u64, fault: Fault) -> Verdict {
    Verdict::Bad(Finding { seq, fault })
}

fn anchor(row: &Row) -> Anchor {
    Anchor { seq: row.0, hash: Some(row.1) }
}

/// Gives every row from index `from` on the hash that its bytes lead to.
fn rechain(rows: &mut [Row], from: usize) {
    let mut prev = if from == 0 { GENESIS } else { rows[from - 1].1 };
    for row in &mut rows[from..] {
        prev = hash(&prev, row.2.as_bytes());
        row.1 = prev;
    }
}

#[test]
fn the_hash_is_sha_256_over_mark_hash_before_and_bytes() {
    // printf 'tresen-journal-1' + 32 zero bytes + 'x' | sha256sum
    let hex: String = hash(&GENESIS, b"x").iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(hex, "a27398644f08c20cb6c11882ca704f6c1c4e5fe6d9c16e40d4581f7cdf664b21");
}

#[test]
fn an_untouched_journal_is_sound() {
    let rows = journal_of(9);
    let head = Head { seq: 9, hash: rows[8].1 };
    assert_eq!(verdict(&rows, vec![anchor(&rows[3]), anchor(&rows[8])]), Verdict::Sound { head });
    assert_eq!(verdict(&[], vec![]), Verdict::Sound { head: Head::EMPTY });
}

#[test]
fn entries_that_moved_up_over_a_hole_are_told_as_missing() {
    let mut rows = journal_of(9);
    rows.remove(4);
    for (row, seq) in rows.iter_mut().zip(1..) {
        row.0 = seq;
    }
    assert_eq!(verdict(&rows, vec![]), bad(5, Fault::Missing));
    rechain(&mut rows, 4);
    assert_eq!(verdict(&rows, vec![]), bad(5, Fault::Missing));
}

#[test]
fn the_last_but_one_that_moved_up_is_told_as_missing() {
    let mut rows = journal_of(5);
    rows.remove(3);
    rows[3].0 = 4;
    assert_eq!(verdict(&rows, vec![]), bad(4, Fault::Missing));
}

#[test]
fn a_journal_written_anew_is_told_by_an_anchor() {
    let honest = journal_of(9);
    let mut rows = honest.clone();
    rows[2].2 = rows[2].2.replace("Nr. 3", "Nr. 0");
    rechain(&mut rows, 2);
    assert!(matches!(verdict(&rows, vec![]), Verdict::Sound { .. }));
    assert_eq!(verdict(&rows, vec![anchor(&honest[6])]), bad(7, Fault::Rewritten));
}

#[test]
fn a_hash_that_was_changed_is_told_at_its_entry() {
    let mut rows = journal_of(5);
    rows[2].1[0] ^= 1;
    assert_eq!(verdict(&rows, vec![]), bad(3, Fault::Edited));
}

#[test]
fn bytes_that_are_no_entry_are_unreadable() {
    let mut rows = journal_of(5);
    rows[2].2 = "no json".to_owned();
    assert_eq!(verdict(&rows, vec![]), bad(3, Fault::Unreadable));
    rechain(&mut rows, 2);
    assert_eq!(verdict(&rows, vec![]), bad(3, Fault::Unreadable));
    let mut rows = journal_of(5);
    rows[2].2 = rows[2].2.replace("drawer_opened", "drawer_painted");
    rechain(&mut rows, 2);
    assert_eq!(verdict(&rows, vec![]), bad(3, Fault::Unreadable));
}

proptest! {
    #[test]
    fn an_edit_is_found_where_it_is(at in 0_usize..12) {
        let mut rows = journal_of(12);
        rows[at].2 = rows[at].2.replace("Nr.", "Mr.");
        prop_assert_eq!(verdict(&rows, vec![]), bad(rows[at].0, Fault::Edited));
    }

    #[test]
    fn a_gap_is_found_where_it_begins(at in 0_usize..11, many in 1_usize..4) {
        let mut rows = journal_of(12);
        let seq = rows[at].0;
        rows.drain(at..(at + many).min(11));
        prop_assert_eq!(verdict(&rows, vec![]), bad(seq, Fault::Missing));
    }

    #[test]
    fn an_exchange_is_found_at_the_first_of_the_two(
        a in 0_usize..12, b in 0_usize..12, hashes in any::<bool>(), anew in any::<bool>(),
    ) {
        prop_assume!(a < b);
        let mut rows = journal_of(12);
        let (first, second) = (rows[a].clone(), rows[b].clone());
        rows[a].2 = second.2;
        rows[b].2 = first.2;
        if hashes {
            rows[a].1 = second.1;
            rows[b].1 = first.1;
        }
        if anew {
            rechain(&mut rows, a);
        }
        prop_assert_eq!(verdict(&rows, vec![]), bad(first.0, Fault::Swapped));
    }

    #[test]
    fn a_cut_is_found_by_any_anchor_behind_it(keep in 0_usize..12, known in 0_usize..12) {
        prop_assume!(keep <= known);
        let rows = journal_of(12);
        let anchors = vec![anchor(&rows[known])];
        prop_assert_eq!(verdict(&rows[..keep], anchors.clone()), bad(rows[keep].0, Fault::CutOff));
        let number_only = vec![Anchor { hash: None, ..anchors[0] }];
        prop_assert_eq!(verdict(&rows[..keep], number_only), bad(rows[keep].0, Fault::CutOff));
    }
}
