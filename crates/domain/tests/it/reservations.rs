//! Money that is reserved on cards: neither turnover nor tender until a part of it is booked, and never open
//! after it was booked or released.

use domain::basket::TenderKind;
use domain::command::{AttemptStep, Denomination};
use domain::event::{MoneyReserved, ReservationEnded};
use domain::payment::{Approval, CardFacts, Doubt, Outcome, Purpose};
use domain::receipt::Receipt;
use domain::settings::TerminalProtocol;
use domain::{
    AttemptId, BasketId, Event, Permission, Refusal, ShopCommand, TerminalId, TillCommand,
};
use money::{Currency, Money};

use crate::catalogue::BUTTER;
use crate::world::{CASHIER, MANAGER, OTHER_TILL, SUPERVISOR, TILL, World, receipt_of};

const FIRST: AttemptId = AttemptId(1);

fn reserve(w: &World, minor: i64) -> TillCommand {
    TillCommand::Reserve { amount: w.amount(minor), note: " Pavillon ".to_owned(), terminal: None }
}

fn book(w: &World, minor: Option<i64>) -> TillCommand {
    TillCommand::PayReserved { reservation: FIRST, amount: minor.map(|minor| w.amount(minor)) }
}

const RELEASE: TillCommand = TillCommand::ReleaseReservation { reservation: FIRST };

fn end() -> TillCommand {
    TillCommand::EndReservation { reservation: FIRST, reason: "slip".to_owned() }
}

fn step(attempt: u64, step: AttemptStep) -> TillCommand {
    TillCommand::Attempt { attempt: AttemptId(attempt), step }
}

fn sent(attempt: u64) -> TillCommand {
    step(attempt, AttemptStep::Sent { before: String::new() })
}

fn approved(attempt: u64, amount: i64, last4: Option<&str>) -> TillCommand {
    let card = CardFacts {
        receipt: Some(attempt.to_string()),
        last4: last4.map(str::to_owned),
        ..CardFacts::default()
    };
    let approval = Approval {
        amount: Money::new(amount),
        currency: Currency::EUR,
        partial: false,
        card,
        cash: None,
    };
    step(attempt, AttemptStep::Outcome(Outcome::Approved(Box::new(approval))))
}

fn held(attempt: u64) -> TillCommand {
    let customer = vec!["Kundenbeleg".to_owned()];
    step(attempt, AttemptStep::Acknowledged { customer, merchant: Vec::new() })
}

fn goes_through(w: &mut World, attempt: u64, amount: i64) -> Vec<Event> {
    let last4 = (attempt == 1).then_some("4321");
    w.ok(sent(attempt));
    w.ok(approved(attempt, amount, last4));
    w.ok(held(attempt))
}

/// 50.00 stand reserved on a card.
fn reserved() -> World {
    let mut w = World::open();
    w.ok(reserve(&w, 5_000));
    goes_through(&mut w, 1, 5_000);
    w
}

#[test]
fn what_is_reserved_is_open_with_its_card_and_is_neither_tender_nor_turnover() {
    let mut w = World::open();
    let events = w.ok(reserve(&w, 5_000));
    let [Event::TenderIntended { basket: BasketId::NONE, purpose: Purpose::Reservation, .. }] =
        events.as_slice()
    else {
        panic!("{events:?}")
    };
    w.ok(sent(1));
    w.ok(approved(1, 5_000, Some("4321")));
    assert!(w.state.reservations.is_empty(), "recorded is not yet held to");
    let events = w.ok(held(1));
    let [Event::AttemptAcknowledged { .. }, Event::MoneyReserved(MoneyReserved { card, .. })] =
        events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!(card.lines, ["Kundenbeleg"], "for the customer to take along");
    let open = &w.state.reservations[&FIRST];
    assert_eq!((open.amount.minor(), open.note.as_str()), (5_000, "Pavillon"));
    assert_eq!((open.card.last4.as_deref(), open.till), (Some("4321"), TILL));
    assert!(w.state.attempts.is_empty() && w.state.baskets.is_empty());
    assert!(w.day().totals.tenders.is_empty() && w.drawer() == 10_000);
    assert_eq!(w.restarted().reservations, w.state.reservations);
}

#[test]
fn a_part_that_is_booked_is_a_card_tender_and_ends_the_reservation() {
    let mut w = reserved();
    w.add(BUTTER, 1_000);
    let total = w.total();
    let events = w.ok(book(&w, None));
    let purpose = Purpose::Booking { of: FIRST, reserved: Money::new(5_000) };
    match &events[..] {
        [Event::TenderIntended { purpose: asked, amount, reverses: Some(card), .. }] => {
            assert_eq!((*asked, amount.minor()), (purpose, total), "no more than is due");
            assert_eq!((card.receipt.as_deref(), card.lines.len()), (Some("1"), 0));
        }
        other => panic!("{other:?}"),
    }
    let events = goes_through(&mut w, 2, total);
    let ended = ReservationEnded {
        reservation: FIRST,
        attempt: Some(AttemptId(2)),
        booked: Money::new(total),
        reason: String::new(),
    };
    assert!(events.contains(&Event::ReservationEnded(ended)), "in the same command");
    let receipt: Receipt = receipt_of(&events).expect("a receipt");
    let tender = &receipt.tenders[0];
    assert_eq!((tender.kind, tender.amount.minor()), (TenderKind::Card, total));
    let card = tender.card.as_ref().expect("a card");
    assert_eq!(card.attempt, Some(AttemptId(2)));
    assert_eq!(card.last4.as_deref(), Some("4321"), "the terminal did not say it again");
    assert!(w.state.reservations.is_empty());
    assert_eq!(w.no(RELEASE), Refusal::UnknownReservation);
}

#[test]
fn no_more_is_booked_than_was_reserved_or_is_due_and_the_rest_is_paid_otherwise() {
    let mut w = World::open();
    w.ok(reserve(&w, 100));
    goes_through(&mut w, 1, 100);
    assert_eq!(w.no(book(&w, None)), Refusal::NoBasket);
    w.add(BUTTER, 1_000);
    let total = w.total();
    assert_eq!(w.no(book(&w, Some(101))), Refusal::MoreThanReserved { reserved: 100 });
    assert_eq!(w.no(book(&w, Some(total + 1))), Refusal::MoreThanDue);
    assert_eq!(w.no(book(&w, Some(0))), Refusal::BadTender);
    w.ok(book(&w, None));
    let events = goes_through(&mut w, 2, 100);
    assert!(receipt_of(&events).is_none(), "there is still something due");
    // Undone, it is taken back at the terminal like any card payment.
    let events = w.ok(TillCommand::UndoTender);
    let reversal = Purpose::Reversal { of: AttemptId(2) };
    assert!(matches!(&events[..], [Event::TenderIntended { purpose, .. }] if *purpose == reversal));
    goes_through(&mut w, 3, 100);
    assert!(w.basket().tenders.is_empty() && w.state.reservations.is_empty());
    w.pay();
}

#[test]
fn a_release_ends_it_and_one_that_fails_leaves_it_open_and_says_why() {
    let mut w = reserved();
    w.ok(RELEASE);
    assert_eq!(w.no(TillCommand::CancelReserving), Refusal::AttemptRunning, "it is the customer's");
    assert_eq!(w.no(RELEASE), Refusal::AttemptRunning);
    w.ok(sent(2));
    let no = Outcome::Declined { code: "preauth_error".to_owned(), text: None };
    w.ok(step(2, AttemptStep::Outcome(no)));
    let failed = w.state.tills[&TILL].failed.clone().expect("why");
    assert_eq!(
        (failed.code.as_str(), failed.purpose),
        ("preauth_error", Purpose::Release { of: FIRST })
    );
    assert_eq!(w.restarted().tills[&TILL].failed, w.state.tills[&TILL].failed);
    assert_eq!(w.state.reservations.len(), 1);
    w.ok(RELEASE);
    goes_through(&mut w, 3, 5_000);
    assert!(w.state.reservations.is_empty());
    assert_eq!(w.state.tills[&TILL].failed, None);
    assert!(w.day().totals.tenders.is_empty());
}

#[test]
fn a_terminal_that_books_or_reserves_another_amount_leaves_it_to_a_person() {
    let mut w = World::open();
    w.ok(reserve(&w, 5_000));
    w.ok(sent(1));
    w.ok(approved(1, 4_000, None));
    assert!(w.state.attempts[&FIRST].is_in_doubt());
    assert!(w.state.reservations.is_empty());
    assert_eq!(w.no(reserve(&w, 100)), Refusal::TerminalInDoubt);
    w.sign_in(TILL, SUPERVISOR);
    let (attempt, reason) = (FIRST, "slip".to_owned());
    w.ok(TillCommand::ResolveDoubt { attempt, charged: true, reason });
    assert_eq!(w.state.reservations[&FIRST].amount.minor(), 4_000, "as the terminal said");
}

#[test]
fn a_doubtful_booking_keeps_the_reservation_until_somebody_knows() {
    for charged in [true, false] {
        let mut w = reserved();
        w.sign_in(TILL, SUPERVISOR);
        w.add(BUTTER, 1_000);
        w.ok(book(&w, None));
        w.ok(sent(2));
        w.ok(step(2, AttemptStep::Doubt(Doubt::ConnectionLost)));
        assert_eq!(w.state.reservations.len(), 1);
        assert_eq!(w.no(RELEASE), Refusal::TerminalInDoubt);
        assert_eq!(w.no(end()), Refusal::AttemptRunning, "first what became of the booking");
        let (attempt, reason) = (AttemptId(2), "slip".to_owned());
        let events = w.ok(TillCommand::ResolveDoubt { attempt, charged, reason });
        assert_eq!(receipt_of(&events).is_some(), charged);
        assert_eq!(w.state.reservations.is_empty(), charged);
    }
}

#[test]
fn a_person_with_the_right_strikes_off_what_the_bank_has_ended() {
    let mut w = reserved();
    let permission = Permission::ResolvePayments;
    assert_eq!(w.no(end()), Refusal::NotPermitted { permission });
    w.approved_by(SUPERVISOR);
    w.ok(end());
    assert!(w.state.reservations.is_empty());
    w.approved_by(MANAGER);
    assert_eq!(w.no(end()), Refusal::UnknownReservation);
}

#[test]
fn what_was_resolved_without_a_number_of_the_terminals_is_for_a_person() {
    let mut w = World::open();
    w.ok(reserve(&w, 5_000));
    w.ok(sent(1));
    w.ok(step(1, AttemptStep::Doubt(Doubt::NoAnswer)));
    w.sign_in(TILL, SUPERVISOR);
    let (attempt, reason) = (FIRST, "slip".to_owned());
    w.ok(TillCommand::ResolveDoubt { attempt, charged: true, reason });
    assert!(w.state.reservations[&FIRST].is_nameless());
    w.ok(end());
}

#[test]
fn one_thing_at_a_time_is_reserved_for_a_till_and_it_can_be_given_up() {
    let mut w = World::open();
    assert_eq!(w.no(TillCommand::CancelReserving), Refusal::UnknownAttempt);
    w.ok(reserve(&w, 5_000));
    let other = |w: &World| TillCommand::Reserve {
        amount: w.amount(100),
        note: String::new(),
        terminal: Some(TerminalId(2)),
    };
    assert_eq!(w.no(other(&w)), Refusal::AttemptRunning);
    // The next customer is served meanwhile, in cash; the terminal is busy.
    w.add(BUTTER, 1_000);
    assert_eq!(w.no(TillCommand::PayCard { amount: None, terminal: None }), Refusal::TerminalBusy);
    w.pay();
    w.ok(sent(1));
    w.ok(TillCommand::CancelReserving);
    assert!(w.state.attempts[&FIRST].cancel_asked);
    w.ok(step(1, AttemptStep::Outcome(Outcome::Cancelled { code: "cashier".to_owned() })));
    let failed = w.state.tills[&TILL].failed.as_ref();
    assert_eq!(failed.map(|f| f.code.as_str()), Some("cashier"));
    w.ok(other(&w));
    w.ok(TillCommand::CancelReserving);
    assert!(w.state.attempts.is_empty(), "nothing had been sent");
}

#[test]
fn amounts_notes_training_and_terminals_that_cannot_are_refused() {
    let mut w = World::open();
    let out = Refusal::OutOfLimits { field: "amount".to_owned() };
    for minor in [0, -1, 1_000_000_001] {
        assert_eq!(w.no(reserve(&w, minor)), out);
    }
    let noted = |w: &World, note: &str| TillCommand::Reserve {
        amount: w.amount(100),
        note: note.to_owned(),
        terminal: None,
    };
    let card = Refusal::CardNumber { field: "note".to_owned() };
    assert_eq!(w.no(noted(&w, "4111 1111 1111 1111")), card);
    w.ok(noted(&w, ""));
    w.ok(TillCommand::CancelReserving);
    let mut settings = (**w.state.settings.as_ref().expect("set up")).clone();
    settings.terminals[0].protocol = TerminalProtocol::SumupCloud;
    settings.terminals[0].merchant = Some("MC1".to_owned());
    settings.terminals[0].terminal_id = Some("rdr_3MSAFM23CK82VSTT4BN6RWSQ65".to_owned());
    settings.terminals[0].address = "api.sumup.com:443".to_owned();
    w.office(ShopCommand::Configure { settings: Box::new(settings) });
    assert_eq!(w.no(reserve(&w, 5_000)), Refusal::CannotReserve);
    w.sign_in(TILL, SUPERVISOR);
    w.ok(TillCommand::Training { on: true });
    assert_eq!(w.no(reserve(&w, 5_000)), Refusal::TrainingMix);
}

#[test]
fn open_reservations_do_not_hold_up_the_end_of_the_day_and_can_be_settled_at_another_till() {
    let mut w = reserved();
    let pieces = vec![Denomination { value: 10_000, pieces: 1 }];
    w.ok(TillCommand::CountDrawer { pieces, foreign: Vec::new() });
    let events = w.ok(TillCommand::CloseDay { despite_doubt: None });
    let terminal = |e: &Event| matches!(e, Event::TerminalDayIntended(_));
    assert!(!events.iter().any(terminal), "nothing was paid there");
    w.ok_at(OTHER_TILL, RELEASE);
    assert_eq!(w.state.attempts[&AttemptId(2)].till, OTHER_TILL);
    let _ = CASHIER;
}

#[test]
fn a_reservation_in_doubt_is_set_aside_over_the_end_of_the_day_without_a_basket() {
    let mut w = World::open();
    w.ok(reserve(&w, 5_000));
    w.ok(sent(1));
    let pieces = || vec![Denomination { value: 10_000, pieces: 1 }];
    w.ok(TillCommand::CountDrawer { pieces: pieces(), foreign: Vec::new() });
    let close = |why: Option<&str>| TillCommand::CloseDay { despite_doubt: why.map(str::to_owned) };
    assert_eq!(w.no(close(None)), Refusal::AttemptRunning);
    w.ok(step(1, AttemptStep::Doubt(Doubt::NoAnswer)));
    assert_eq!(w.no(close(None)), Refusal::PaymentInDoubt);
    w.approved_by(SUPERVISOR);
    let events = w.ok(close(Some("der Automat schweigt")));
    assert!(!events.iter().any(|e| matches!(e, Event::BasketParked { .. })));
    assert!(w.state.attempts[&FIRST].is_in_doubt());
}
