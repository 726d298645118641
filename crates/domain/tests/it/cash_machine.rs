//! Cash at a machine: an attempt like any other, whose tender is cash as the machine counted it.

use domain::basket::{CashTaken, TenderKind};
use domain::command::AttemptStep;
use domain::event::Event;
use domain::payment::{Approval, CardFacts, CashCounted, Doubt, Outcome, Purpose};
use domain::peripheral::{CashMachineSettings, Peripheral, PeripheralKind};
use domain::{Amount, AttemptId, Refusal, Settings, ShopCommand, TerminalId, TillCommand};
use money::{CashRounding, Currency, Money};

use crate::catalogue::BUTTER;
use crate::world::{MANAGER, SUPERVISOR, TILL, World, receipt_of};

const AT: &str = "192.168.1.70:3000";
const MACHINE: TerminalId = TerminalId(7);
const PAY: TillCommand = TillCommand::PayCashMachine { amount: None };
const SENT: AttemptStep = AttemptStep::Sent { before: String::new() };
const HELD: AttemptStep = AttemptStep::Acknowledged { customer: Vec::new(), merchant: Vec::new() };

fn machine(at: &str) -> Peripheral {
    let known = CashMachineSettings { id: MACHINE, user: "kasse".to_owned(), certificate: None };
    let device = PeripheralKind::CashMachine(known);
    Peripheral { at: at.to_owned(), name: "Automat".to_owned(), device }
}

fn beside(settings: &mut Settings) {
    settings.peripherals.push(machine(AT));
    settings.tills[0].cash_machine = Some(AT.to_owned());
}

fn open() -> World {
    let mut w = World::open_with(beside);
    w.add(BUTTER, 1_000);
    w
}

fn step(attempt: u64, step: AttemptStep) -> TillCommand {
    TillCommand::Attempt { attempt: AttemptId(attempt), step }
}

fn counted(inserted: i64, dispensed: i64) -> AttemptStep {
    let cash = CashCounted { inserted: Money::new(inserted), dispensed: Money::new(dispensed) };
    let card = CardFacts { trace: Some("17".to_owned()), ..CardFacts::default() };
    let amount = Money::new(inserted - dispensed);
    let said = Approval { amount, currency: Currency::EUR, partial: false, card, cash: Some(cash) };
    AttemptStep::Outcome(Outcome::Approved(Box::new(said)))
}

fn in_francs(said: AttemptStep) -> AttemptStep {
    let AttemptStep::Outcome(Outcome::Approved(mut said)) = said else { panic!("a yes") };
    said.currency = Currency::CHF;
    AttemptStep::Outcome(Outcome::Approved(said))
}

#[test]
fn what_the_machine_took_and_gave_stands_on_the_receipt_as_cash() {
    let mut w = open();
    let total = w.total();
    w.ok(PAY);
    assert!(w.basket().tenders.is_empty(), "asked for is not paid");
    w.ok(step(1, SENT));
    assert_eq!(receipt_of(&w.ok(step(1, counted(2_000, 2_000 - total)))), None);
    let receipt = receipt_of(&w.ok(step(1, HELD))).expect("a receipt");
    let tender = &receipt.tenders[0];
    assert_eq!((tender.kind, tender.amount.minor()), (TenderKind::Cash, total));
    assert_eq!((tender.tendered.minor(), tender.change.minor()), (2_000, 2_000 - total));
    let (attempt, terminal) = (AttemptId(1), MACHINE);
    let transaction = Some("17".to_owned());
    let taken = CashTaken::Machine { attempt, terminal, transaction };
    assert_eq!(tender.taken.as_deref(), Some(&taken));
    assert!(tender.card.is_none());
    assert_eq!(w.drawer(), 10_000 + total, "drawer and machine are counted as one");
    assert_eq!(w.restarted().attempts.len(), 0);
}

#[test]
fn figures_that_do_not_come_to_the_amount_are_a_doubt_that_a_person_settles() {
    for charged in [true, false] {
        let mut w = open();
        let total = w.total();
        w.ok(PAY);
        w.ok(step(1, SENT));
        w.ok(step(1, counted(total + 500, 400)));
        let attempt = w.state.attempts.values().next().expect("open");
        assert!(attempt.is_in_doubt());
        assert_eq!(w.no(PAY), Refusal::AttemptRunning);
        assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::AttemptRunning);
        let reason = "counted".to_owned();
        let command = TillCommand::ResolveDoubt { attempt: AttemptId(1), charged, reason };
        w.approved_by(SUPERVISOR).ok(command);
        // What it kept too much is given back by hand.
        let rest = w.approved_by(SUPERVISOR).ok(TillCommand::PayCash { tendered: None });
        let receipt = receipt_of(&rest).expect("a receipt");
        let paid: Vec<i64> = receipt.tenders.iter().map(|t| t.amount.minor()).collect();
        if charged {
            assert_eq!(paid, [total + 100, -100]);
        } else {
            assert_eq!(paid, [total]);
        }
        assert_eq!(w.drawer(), 10_000 + total);
    }
}

#[test]
fn while_one_payment_is_open_at_the_machine_no_other_is_asked_for() {
    let mut w = open();
    w.ok(PAY);
    w.ok(step(1, SENT));
    w.ok(TillCommand::NewBasket);
    w.add(BUTTER, 1_000);
    assert_eq!(w.no(PAY), Refusal::CashMachineBusy);
    w.ok(step(1, AttemptStep::Doubt(Doubt::ConnectionLost)));
    assert_eq!(w.no(PAY), Refusal::CashMachineInDoubt);
    // By hand it goes on, and is recorded so.
    let receipt = receipt_of(&w.ok(TillCommand::PayCash { tendered: None })).expect("a receipt");
    assert_eq!(receipt.tenders[0].taken.as_deref(), Some(&CashTaken::Hand));
}

#[test]
fn a_till_without_a_machine_asks_none_and_says_nothing_of_hands() {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    assert_eq!(w.no(PAY), Refusal::NoCashMachine);
    let receipt = w.pay();
    assert_eq!(receipt.tenders[0].taken, None);
}

#[test]
fn what_is_given_up_leaves_the_basket_open() {
    let mut w = open();
    w.ok(PAY);
    w.ok(step(1, SENT));
    w.ok(TillCommand::CancelCard);
    let outcome = Outcome::Cancelled { code: "cashier".to_owned() };
    w.ok(step(1, AttemptStep::Outcome(outcome)));
    let failed = w.basket().failed.clone().expect("said");
    assert_eq!((failed.purpose, failed.code.as_str()), (Purpose::Cash, "cashier"));
    w.ok(PAY);
}

#[test]
fn a_part_is_paid_at_the_machine_and_the_rest_by_hand() {
    let mut w = open();
    let total = w.total();
    let amount = |minor| Some(Amount { amount: Money::new(minor), currency: Currency::EUR });
    assert_eq!(
        w.no(TillCommand::PayCashMachine { amount: amount(total + 1) }),
        Refusal::MoreThanDue
    );
    assert_eq!(w.no(TillCommand::PayCashMachine { amount: amount(0) }), Refusal::BadTender);
    w.ok(TillCommand::PayCashMachine { amount: amount(50) });
    w.ok(step(1, SENT));
    w.ok(step(1, counted(50, 0)));
    assert_eq!(receipt_of(&w.ok(step(1, HELD))), None);
    assert_eq!(w.basket().tenders.len(), 1);
    // Taken back it is given by hand: no machine is asked.
    let undone = w.ok(TillCommand::UndoTender);
    assert!(matches!(undone.as_slice(), [Event::TenderUndone { .. }]), "{undone:?}");
    w.ok(TillCommand::PayCashMachine { amount: amount(50) });
    w.ok(step(2, SENT));
    w.ok(step(2, counted(50, 0)));
    w.ok(step(2, HELD));
    let receipt = w.pay();
    let by: Vec<_> = receipt.tenders.iter().map(|t| t.is_by_machine()).collect();
    assert_eq!(by, [true, false]);
    assert_eq!(receipt.tenders[1].amount.minor(), total - 50);
}

#[test]
fn what_is_due_is_rounded_to_coins_that_there_are() {
    let mut w = World::open_with(|settings| {
        beside(settings);
        settings.country = domain::settings::Country::Ch;
        settings.currency = Currency::CHF;
        settings.cash_rounding = CashRounding(5);
    });
    w.add(BUTTER, 1_000);
    let total = w.total();
    let due = (total + 2) / 5 * 5;
    w.ok(PAY);
    assert_eq!(w.state.attempts[&AttemptId(1)].amount.minor(), due);
    w.ok(step(1, SENT));
    w.ok(step(1, in_francs(counted(due, 0))));
    let receipt = receipt_of(&w.ok(step(1, HELD))).expect("a receipt");
    assert_eq!(receipt.tenders[0].rounding.minor(), due - total);
}

#[test]
fn nothing_is_paid_out_and_nothing_is_taken_for_practice() {
    let mut w = World::open_with(beside);
    w.sign_in(TILL, MANAGER);
    let sold = w.sell(&[(BUTTER, 1_000)]);
    let receipt = crate::world::receipt_no(sold.number.0);
    w.ok(TillCommand::ReturnReceipt { receipt });
    assert_eq!(w.no(PAY), Refusal::NotGivenBack);
    let back = w.pay();
    assert_eq!(back.tenders[0].taken.as_deref(), Some(&CashTaken::Hand));
    w.ok(TillCommand::Training { on: true });
    w.add(BUTTER, 1_000);
    assert_eq!(w.no(PAY), Refusal::TrainingMix);
    assert_eq!(w.pay().tenders[0].taken, None);
}

#[test]
fn what_is_collected_is_a_drop_once_the_machine_says_that_it_is() {
    let collect = |minor| TillCommand::CollectCash {
        amount: Amount { amount: Money::new(minor), currency: Currency::EUR },
        reason: "bank".to_owned(),
    };
    let mut w = World::open_with(beside);
    w.ok(collect(4_000));
    assert_eq!(w.drawer(), 10_000, "asked for is not done");
    assert_eq!(w.no(collect(4_000)), Refusal::CashMachineBusy);
    assert_eq!(w.no(TillCommand::CancelReserving), Refusal::UnknownAttempt, "no reservation");
    w.ok(step(1, SENT));
    w.ok(step(1, AttemptStep::Doubt(Doubt::ConnectionLost)));
    let close = || TillCommand::CloseDay { despite_doubt: Some("later".to_owned()) };
    let none = TillCommand::CountDrawer { pieces: Vec::new(), foreign: Vec::new() };
    w.ok(none);
    assert_eq!(w.no(close()), Refusal::CashMachineInDoubt, "taken out of this day or of none");
    let (amount, currency) = (Money::new(4_000), Currency::EUR);
    let card = CardFacts::default();
    let said = Approval { amount, currency, partial: false, card, cash: None };
    w.ok(step(1, AttemptStep::Outcome(Outcome::Approved(Box::new(said)))));
    let events = w.ok(step(1, HELD));
    let dropped = |event: &Event| matches!(event, Event::CashDropped { amount, reason } if amount.minor() == 4_000 && reason == "bank");
    assert!(events.iter().any(dropped), "{events:?}");
    assert_eq!(w.drawer(), 6_000);
    w.ok(collect(100));
    w.ok(step(2, SENT));
    let outcome = Outcome::Cancelled { code: "sum_changed".to_owned() };
    w.ok(step(2, AttemptStep::Outcome(outcome)));
    assert_eq!(w.drawer(), 6_000);
}

#[test]
fn a_machine_has_its_own_number_and_one_till_and_stays_while_it_is_asked() {
    let bad = |problem: &str| Refusal::BadSettings { problem: problem.to_owned() };
    let mut w = open();
    let configure = |w: &World, change: &dyn Fn(&mut Settings)| {
        let mut settings = (**w.state.settings.as_ref().expect("set up")).clone();
        change(&mut settings);
        ShopCommand::Configure { settings: Box::new(settings) }
    };
    let taken = configure(&w, &|s| {
        let PeripheralKind::CashMachine(known) = &mut s.peripherals[0].device else { panic!() };
        known.id = TerminalId(1);
    });
    assert_eq!(w.office_no(MANAGER, taken), bad("cash_machine_id"));
    let shared = configure(&w, &|s| s.tills[1].cash_machine = Some(AT.to_owned()));
    assert_eq!(w.office_no(MANAGER, shared), bad("till_cash_machine"));
    let gone = configure(&w, &|s| s.tills[0].cash_machine = Some("nowhere:1".to_owned()));
    assert_eq!(w.office_no(MANAGER, gone), bad("till_cash_machine"));
    for at in ["192.168.1.70", "http://host:3000", "ws://host/path:1", "/dev/ttyUSB0", "host:0"] {
        let moved = configure(&w, &|s| {
            s.peripherals[0].at = at.to_owned();
            s.tills[0].cash_machine = Some(at.to_owned());
        });
        assert_eq!(w.office_no(MANAGER, moved), bad("peripheral"), "{at}");
    }
    let moved = |at: &'static str| {
        move |s: &mut Settings| {
            s.peripherals[0].at = at.to_owned();
            s.tills[0].cash_machine = Some(at.to_owned());
        }
    };
    for at in ["ws://automat.local:3000", "wss://[::1]:3001", AT] {
        let command = configure(&w, &moved(at));
        w.office(command);
    }
    w.ok(PAY);
    let command = configure(&w, &moved("10.0.0.9:3000"));
    assert_eq!(w.office_no(MANAGER, command), bad("cash_machine_in_use"));
    let renamed = configure(&w, &|s| s.peripherals[0].name = "Kasse".to_owned());
    w.office(renamed);
}
