//! Receipts that are handed over without paper: by what way stands in the record, to whom does not.

use domain::receipt::{HandedOver, ReceiptHandedOver};
use domain::{Command, Event, Refusal, ShopCommand, TillCommand};

use crate::catalogue::BREAD;
use crate::world::{World, receipt_no};

fn note(way: HandedOver, number: u64) -> Command {
    let said = ReceiptHandedOver { receipt: receipt_no(number), way };
    Command::Shop(ShopCommand::NoteHandedOver(said))
}

#[test]
fn each_way_by_which_a_receipt_was_handed_over_is_noted_once() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000)]);
    for way in [HandedOver::Page, HandedOver::Mail, HandedOver::Sms] {
        // The program says so by itself: nobody needs to be signed in.
        let events = w.run(None, note(way, 1)).expect("noted");
        let receipt = receipt_no(1);
        assert_eq!(events, [Event::ReceiptHandedOver(ReceiptHandedOver { receipt, way })]);
        assert!(w.run(None, note(way, 1)).expect("known").is_empty());
    }
    assert_eq!(w.run(None, note(HandedOver::Page, 2)), Err(Refusal::UnknownReceipt));
}

#[test]
fn a_customer_who_wants_no_receipt_is_noted_by_whoever_offered_it() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000)]);
    let declined = |number| TillCommand::DeclineReceipt { receipt: receipt_no(number) };
    let events = w.ok(declined(1));
    let (receipt, way) = (receipt_no(1), HandedOver::Declined);
    assert_eq!(events, [Event::ReceiptHandedOver(ReceiptHandedOver { receipt, way })]);
    assert!(w.ok(declined(1)).is_empty());
    assert_eq!(w.no(declined(2)), Refusal::UnknownReceipt);
    w.ok(TillCommand::SignOut);
    assert_eq!(w.no(declined(1)), Refusal::NotSignedIn);
}

/// One event of every kind that is about handing over, for the snapshot of their forms.
pub(crate) fn every_event() -> Vec<Event> {
    let (receipt, way) = (receipt_no(3), HandedOver::Page);
    vec![Event::ReceiptHandedOver(ReceiptHandedOver { receipt, way })]
}
