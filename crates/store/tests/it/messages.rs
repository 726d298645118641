//! What goes to customers, as it lies in the file: until when an address is there, and what nobody knows after a crash or a restore.

use jiff::Timestamp;
use store::{MessageKind, OutboxState, ReceiptLink, Store};

use crate::kit::Shop;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn add(store: &mut Store, kind: MessageKind, keep: bool) -> i64 {
    store.add_message(kind, (None, None), (Some("sealed"), keep), at(0)).unwrap()
}

fn receiver(store: &Store, id: i64) -> Option<String> {
    store.message(id).unwrap().unwrap().receiver
}

#[test]
fn an_address_goes_with_its_message_unless_the_customer_wants_it_kept() {
    let mut shop = Shop::new();
    let store = &mut shop.store;
    let (gone, kept) = (add(store, MessageKind::Mail, false), add(store, MessageKind::Mail, true));
    for id in [gone, kept] {
        store.set_message(id, (OutboxState::Done, "", true), at(1), at(1)).unwrap();
    }
    assert_eq!((receiver(store, gone), receiver(store, kept).as_deref()), (None, Some("sealed")));
    assert!(store.forget_receiver(kept).unwrap());
    assert_eq!(receiver(store, kept), None);
    // What nobody settles loses it as well; what waits keeps it.
    let (failed, waits) =
        (add(store, MessageKind::Sms, false), add(store, MessageKind::Sms, false));
    store.set_message(failed, (OutboxState::Failed, "refused", true), at(2), at(2)).unwrap();
    store.tidy_messages(at(100), at(50), at(1)).unwrap();
    assert_eq!(
        (receiver(store, failed), receiver(store, waits).as_deref()),
        (None, Some("sealed"))
    );
    assert!(!store.settle_message(failed, false, at(101)).unwrap(), "nobody knows to whom");
    assert!(store.settle_message(failed, true, at(101)).unwrap());
    store.tidy_messages(at(1_000), at(900), at(900)).unwrap();
    assert_eq!(store.message(failed).unwrap(), None, "done long ago");
    assert!(store.message(waits).unwrap().is_some(), "what waits is not forgotten");
}

#[test]
fn what_is_due_comes_in_its_turn_and_what_was_being_sent_is_of_unknown_fate() {
    let mut shop = Shop::new();
    let store = &mut shop.store;
    let (first, second) =
        (add(store, MessageKind::Mail, false), add(store, MessageKind::Mail, false));
    store.set_message(first, (OutboxState::Waiting, "busy", true), at(60), at(1)).unwrap();
    let due = |store: &Store, now| {
        let rows = store.messages_due(MessageKind::Mail, at(now), 9).unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(due(store, 10), [second]);
    assert_eq!(due(store, 60), [second, first]);
    assert_eq!(store.messages_next().unwrap(), Some(at(0)));
    let counts = store.message_counts().unwrap();
    assert_eq!((counts.late, counts.unsettled, counts.note.as_deref()), (1, 0, Some("mail_busy")));
    store.set_message(second, (OutboxState::Unknown, "sending", false), at(2), at(2)).unwrap();
    assert_eq!(store.message_counts().unwrap().unsettled, 0, "it is just being sent");
    assert!(!store.settle_message(second, false, at(3)).unwrap(), "nobody sends it beside that");
    store.doubt_interrupted().unwrap();
    let row = store.message(second).unwrap().unwrap();
    assert_eq!((row.state, row.note.as_str()), (OutboxState::Unknown, "interrupted"));
    assert_eq!(store.message_counts().unwrap().unsettled, 1);
    assert!(store.settle_message(second, false, at(3)).unwrap());
}

#[test]
fn a_page_is_found_by_its_id_until_its_time_is_over() {
    let mut shop = Shop::new();
    let store = &mut shop.store;
    let link = ReceiptLink { seq: 7, id: [3; 16], key: Some([4; 32]), made: at(0), until: at(100) };
    store.put_receipt_link(&link).unwrap();
    assert_eq!(store.receipt_linked(&[3; 16]).unwrap(), Some(link.clone()));
    assert_eq!(store.receipt_link(7).unwrap(), Some(link));
    assert_eq!(store.receipt_linked(&[5; 16]).unwrap(), None);
    let another = ReceiptLink { seq: 7, id: [6; 16], key: None, made: at(1), until: at(100) };
    store.put_receipt_link(&another).unwrap();
    assert_eq!(store.receipt_linked(&[3; 16]).unwrap(), None, "the one before leads nowhere");
    store.tidy_messages(at(101), at(0), at(0)).unwrap();
    assert_eq!(store.receipt_link(7).unwrap(), None);
}
