//! A customer signs: the sale is done when the cashier has compared, or the payment is taken back.

use domain::command::AttemptStep;
use domain::payment::{Approval, CardFacts, Outcome, Purpose};
use domain::{AttemptId, Event, Refusal, ShopCommand, TillCommand};
use money::{Currency, Money};

use crate::catalogue::BUTTER;
use crate::world::{MANAGER, SUPERVISOR, World, receipt_of};

const CARD: TillCommand = TillCommand::PayCard { amount: None, terminal: None };

fn step(attempt: u64, step: AttemptStep) -> TillCommand {
    TillCommand::Attempt { attempt: AttemptId(attempt), step }
}

fn goes_through(w: &mut World, attempt: u64, amount: i64, signature: bool) -> Vec<Event> {
    let receipt = Some("17".to_owned());
    let card = CardFacts { signature, receipt, ..CardFacts::default() };
    let approval = Approval {
        amount: Money::new(amount),
        currency: Currency::EUR,
        partial: false,
        card,
        cash: None,
    };
    w.ok(step(attempt, AttemptStep::Sent { before: String::new() }));
    w.ok(step(attempt, AttemptStep::Outcome(Outcome::Approved(Box::new(approval)))));
    let (customer, merchant) = (Vec::new(), Vec::new());
    w.ok(step(attempt, AttemptStep::Acknowledged { customer, merchant }))
}

/// Paid by a card whose customer signed.
fn signed() -> World {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    w.ok(CARD);
    let total = w.total();
    let events = goes_through(&mut w, 1, total, true);
    assert!(receipt_of(&events).is_none(), "not before the cashier has compared");
    w
}

#[test]
fn the_receipt_follows_when_the_signatures_are_the_same() {
    let mut w = signed();
    assert_eq!(w.restarted().baskets, w.state.baskets);
    for other in [CARD, TillCommand::PayCash { tendered: None }] {
        assert_eq!(w.no(other), Refusal::SignatureNotCompared);
    }
    let events = w.ok(TillCommand::CompareSignature { equal: true });
    assert!(matches!(events[0], Event::SignatureCompared { equal: true, .. }));
    assert!(receipt_of(&events).is_some());
    assert_eq!(w.no(TillCommand::CompareSignature { equal: true }), Refusal::NoBasket);
}

#[test]
fn another_signature_takes_the_payment_back_at_the_terminal() {
    let mut w = signed();
    let events = w.ok(TillCommand::CompareSignature { equal: false });
    let [Event::SignatureCompared { equal: false, .. }, Event::TenderIntended { purpose, .. }] =
        events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!(*purpose, Purpose::Reversal { of: AttemptId(1) });
    assert_eq!(w.no(TillCommand::CompareSignature { equal: true }), Refusal::AttemptRunning);
    let total = w.total();
    goes_through(&mut w, 2, total, false);
    assert!(w.basket().tenders.is_empty());
    assert_eq!(w.no(TillCommand::CompareSignature { equal: true }), Refusal::UnknownAttempt);
    w.pay();
}

#[test]
fn a_signature_that_differs_is_on_record_where_the_terminal_cannot_act_on_it_now() {
    let mut w = signed();
    // Another sale is at the terminal.
    w.ok(TillCommand::NewBasket);
    w.add(BUTTER, 1_000);
    w.ok(CARD);
    let other = w.basket().id;
    let signed = *w.state.baskets.keys().find(|id| **id != other).expect("the signed one");
    w.ok(TillCommand::SwitchBasket { basket: signed });
    let refusal = w.no(TillCommand::CompareSignature { equal: false });
    assert_eq!(
        refusal,
        Refusal::SignatureDiffers { attempt: AttemptId(1), why: "terminal_busy".to_owned() }
    );
    assert!(refusal.is_recorded());
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::SignatureNotCompared);
}

#[test]
fn a_terminal_stays_in_the_settings_while_a_sale_that_it_was_paid_at_is_open() {
    let mut w = signed();
    assert!(w.state.attempts.is_empty());
    let mut settings = (**w.state.settings.as_ref().unwrap()).clone();
    settings.terminals.clear();
    settings.tills.iter_mut().for_each(|till| till.terminal = None);
    let configure = ShopCommand::Configure { settings: Box::new(settings) };
    let refused = w.office_no(MANAGER, configure.clone());
    assert_eq!(refused, Refusal::BadSettings { problem: "terminal_in_use".to_owned() });
    w.ok(TillCommand::CompareSignature { equal: true });
    w.office(configure);
}

#[test]
fn without_a_signature_nothing_is_compared() {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    assert_eq!(w.no(TillCommand::CompareSignature { equal: true }), Refusal::UnknownAttempt);
    w.ok(CARD);
    let total = w.total();
    assert!(receipt_of(&goes_through(&mut w, 1, total, false)).is_some());
}

#[test]
fn a_part_that_is_signed_for_is_compared_before_the_rest_is_paid() {
    let mut w = World::open();
    w.add(BUTTER, 2_000);
    let part = Some(w.amount(100));
    w.ok(TillCommand::PayCard { amount: part, terminal: None });
    goes_through(&mut w, 1, 100, true);
    assert!(receipt_of(&w.ok(TillCommand::CompareSignature { equal: true })).is_none());
    w.pay();
}

#[test]
fn a_receipt_that_is_finished_behind_another_basket_is_told_until_the_next_one() {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    w.ok(CARD);
    let total = w.total();
    w.ok(TillCommand::NewBasket);
    w.add(BUTTER, 1_000);
    assert!(receipt_of(&goes_through(&mut w, 1, total, false)).is_some());
    let told = |w: &World| w.state.tills[&crate::world::TILL].background.clone();
    assert_eq!(told(&w), [domain::ReceiptNo(1)]);
    let restarted = &w.restarted().tills[&crate::world::TILL];
    assert_eq!(restarted.background, told(&w), "a restart tells it too");
    w.pay();
    assert!(told(&w).is_empty());
}

#[test]
fn a_refund_that_failed_is_told_from_a_payment() {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    w.ok(CARD);
    let total = w.total();
    let sold = receipt_of(&goes_through(&mut w, 1, total, false)).expect("paid").number;
    let receipt = domain::ReceiptRef { till: crate::world::TILL, number: sold };
    w.ok(TillCommand::ReturnReceipt { receipt });
    // It had been paid in cash: another way is chosen by right.
    w.approved_by(SUPERVISOR).ok(CARD);
    w.ok(TillCommand::CancelCard);
    let failed = w.basket().failed.as_ref().expect("told");
    assert_eq!(failed.purpose, Purpose::Refund);
}
