//! A terminal's day: closed with the last till's day or by hand, and held against what was booked there.

use domain::command::{ClosingStep, Denomination};
use domain::event::{TerminalDayClosed, TerminalDayIntended};
use domain::payment::Doubt;
use domain::terminal_day::{ClosingState, Scheme, SchemeTotal, TerminalLine, TerminalTotals};
use domain::{
    AttemptId, ClosingId, DayNo, Event, Permission, Refusal, ShopCommand, TerminalId, TillCommand,
};
use money::Money;

use crate::catalogue::BUTTER;
use crate::world::{CASHIER, MANAGER, OTHER_TILL, SUPERVISOR, TILL, World};

const TERMINAL: TerminalId = TerminalId(1);
const FIRST: ClosingId = ClosingId(1);
const CLOSE: TillCommand = TillCommand::CloseDay { despite_doubt: None };

fn line(scheme: &str, amount: i64) -> TerminalLine {
    TerminalLine { scheme: Some(scheme.to_owned()), amount: Money::new(amount) }
}

fn total(scheme: Scheme, count: u32, sum: i64) -> SchemeTotal {
    SchemeTotal { scheme, count, sum: Money::new(sum) }
}

fn totals(cards: &[SchemeTotal]) -> TerminalTotals {
    TerminalTotals { receipts: None, cards: cards.to_vec() }
}

fn count() -> TillCommand {
    TillCommand::CountDrawer {
        pieces: vec![Denomination { value: 10_000, pieces: 1 }],
        foreign: Vec::new(),
    }
}

fn step(step: ClosingStep) -> TillCommand {
    TillCommand::TerminalDay { closing: FIRST, step }
}

fn by_hand(despite: Option<&str>) -> ShopCommand {
    let despite_doubt = despite.map(str::to_owned);
    ShopCommand::CloseTerminalDay { terminal: TERMINAL, despite_doubt }
}

/// Two payments stand at the terminal.
fn paid() -> World {
    let mut w = World::open();
    w.book.terminal_lines.insert(TERMINAL, vec![line("girocard", 540), line("VISA DEBIT", 100)]);
    w
}

fn agreed() -> TerminalTotals {
    totals(&[total(Scheme::Girocard, 1, 540), total(Scheme::Visa, 1, 100)])
}

fn state(w: &World) -> Option<ClosingState> {
    w.state.closings.get(&FIRST).map(|closing| closing.state.clone())
}

fn intended(events: &[Event]) -> bool {
    events.iter().any(|event| matches!(event, Event::TerminalDayIntended(_)))
}

#[test]
fn the_last_till_that_uses_a_terminal_closes_its_day_too() {
    let mut w = World::open_with(|settings| settings.tills[1].terminal = Some(TERMINAL));
    w.book.terminal_lines.insert(TERMINAL, vec![line("girocard", 540)]);
    w.ok(count());
    assert!(!intended(&w.ok(CLOSE)), "the other till still sells");
    w.ok_at(OTHER_TILL, count());
    let events = w.ok_at(OTHER_TILL, CLOSE);
    let [
        ..,
        Event::DayClosed { .. },
        Event::TerminalDayIntended(TerminalDayIntended { till, day, terminal, .. }),
    ] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!((*till, *day, *terminal), (OTHER_TILL, Some(DayNo(1)), TERMINAL));
    assert_eq!(state(&w), Some(ClosingState::Intended));
    assert_eq!(w.restarted().closings, w.state.closings, "a restart finds it");
}

#[test]
fn a_terminals_day_stays_open_where_nothing_was_paid_or_a_person_shall_close_it() {
    let mut w = World::open();
    w.ok(count());
    assert!(!intended(&w.ok(CLOSE)), "nothing was paid there");
    let mut w = World::open_with(|settings| settings.terminals[0].close_by_hand = true);
    w.book.terminal_lines.insert(TERMINAL, vec![line("girocard", 540)]);
    w.ok(count());
    assert!(!intended(&w.ok(CLOSE)), "by hand");
}

#[test]
fn both_sides_are_held_against_each_other_when_the_terminal_has_closed_its_day() {
    let mut w = paid();
    w.office(by_hand(None));
    w.ok(step(ClosingStep::Sent));
    w.ok(step(ClosingStep::Totals(agreed())));
    assert_eq!(state(&w), Some(ClosingState::Recorded));
    assert!(w.ok(step(ClosingStep::Totals(agreed()))).is_empty(), "said twice");
    let events = w.ok(step(ClosingStep::Closed { lines: vec!["Kassenschnitt".to_owned()] }));
    let [Event::TerminalDayClosed(TerminalDayClosed { matches: true, ours, alone: false, .. })] =
        events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!(*ours, agreed().cards);
    assert_eq!(state(&w), None, "nobody has anything to do with it any more");
}

#[test]
fn a_difference_waits_for_a_reason_by_right() {
    let mut w = paid();
    w.office(by_hand(None));
    w.ok(step(ClosingStep::Sent));
    w.ok(step(ClosingStep::Totals(totals(&[total(Scheme::Girocard, 2, 641)]))));
    let events = w.ok(step(ClosingStep::Closed { lines: vec![] }));
    assert!(matches!(
        events.as_slice(),
        [Event::TerminalDayClosed(TerminalDayClosed { matches: false, .. })]
    ));
    assert!(w.state.closings[&FIRST].needs_reason());
    assert_eq!(w.restarted().closings, w.state.closings);
    let explain = |reason: &str| ShopCommand::ExplainTerminalDay {
        closing: FIRST,
        reason: reason.to_owned(),
    };
    let permission = Permission::ResolvePayments;
    assert_eq!(w.office_no(CASHIER, explain("?")), Refusal::NotPermitted { permission });
    assert!(matches!(w.office_no(SUPERVISOR, explain(" ")), Refusal::BadText { .. }));
    w.office(explain("paid at the terminal itself"));
    assert!(w.state.closings.is_empty());
    assert_eq!(w.office_no(MANAGER, explain("again")), Refusal::UnknownClosing);
}

#[test]
fn while_a_terminal_closes_its_day_nothing_is_paid_there_and_it_is_asked_once() {
    let mut w = paid();
    w.office(by_hand(None));
    w.add(BUTTER, 1_000);
    let card = || TillCommand::PayCard { amount: None, terminal: None };
    assert_eq!(w.no(card()), Refusal::TerminalClosing);
    assert_eq!(w.office_no(MANAGER, by_hand(None)), Refusal::TerminalClosing);
    w.ok(step(ClosingStep::Not { code: "unreachable".to_owned() }));
    assert!(w.state.closings.is_empty());
    w.ok(card());
}

#[test]
fn a_payment_that_runs_is_waited_for_and_a_doubt_needs_a_right_and_a_reason() {
    let mut w = paid();
    w.add(BUTTER, 1_000);
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    assert_eq!(w.office_no(MANAGER, by_hand(None)), Refusal::TerminalBusy);
    assert_eq!(w.office_no(MANAGER, by_hand(Some("now"))), Refusal::TerminalBusy);
    let attempt = AttemptId(1);
    let sent = domain::command::AttemptStep::Sent { before: String::new() };
    w.ok(TillCommand::Attempt { attempt, step: sent });
    let doubt = domain::command::AttemptStep::Doubt(Doubt::NoAnswer);
    w.ok(TillCommand::Attempt { attempt, step: doubt });
    assert_eq!(w.office_no(MANAGER, by_hand(None)), Refusal::TerminalInDoubt);
    let permission = Permission::ResolvePayments;
    assert_eq!(
        w.office_no(CASHIER, by_hand(Some("the bank knows"))),
        Refusal::NotPermitted { permission }
    );
    assert!(matches!(w.office_no(MANAGER, by_hand(Some(""))), Refusal::BadText { .. }));
    let events = w.office(by_hand(Some("the bank knows")));
    assert!(matches!(
        events.as_slice(),
        [Event::TerminalDayIntended(TerminalDayIntended { despite_doubt: Some(_), .. })]
    ));
}

#[test]
fn a_till_day_that_is_closed_in_spite_of_a_doubt_leaves_the_terminals_day_and_says_so() {
    let mut w = paid();
    w.sign_in(TILL, SUPERVISOR);
    w.add(BUTTER, 1_000);
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    let attempt = AttemptId(1);
    let sent = domain::command::AttemptStep::Sent { before: String::new() };
    w.ok(TillCommand::Attempt { attempt, step: sent });
    let doubt = domain::command::AttemptStep::Doubt(Doubt::NoAnswer);
    w.ok(TillCommand::Attempt { attempt, step: doubt });
    w.ok(count());
    let events = w.ok(TillCommand::CloseDay { despite_doubt: Some("late".to_owned()) });
    let last = events.last().expect("events");
    let Event::TerminalDayNotClosed { code, .. } = last else { panic!("{events:?}") };
    assert_eq!(code, "terminal_in_doubt");
    assert!(w.state.closings.is_empty());
}

/// What a terminal has left in its journal tells whether it closed its day.
#[test]
fn an_unknown_ending_is_found_out_by_what_stands_at_the_terminal() {
    let recorded = Some(agreed());
    let other = totals(&[total(Scheme::Amex, 1, 1)]);
    let cases = [
        (recorded.clone(), totals(&[]), "closed"),
        (recorded.clone(), agreed(), "not_booked"),
        (recorded, other, "unknown"),
        (None, totals(&[]), "differs"),
        (None, agreed(), "not_booked"),
    ];
    for (told, stands, expected) in cases {
        let mut w = paid();
        w.office(by_hand(None));
        w.ok(step(ClosingStep::Sent));
        if let Some(told) = told.clone() {
            w.ok(step(ClosingStep::Totals(told)));
        }
        w.ok(step(ClosingStep::Unknown(Doubt::ConnectionLost)));
        assert!(w.state.closings[&FIRST].is_asked_about());
        let events = w.ok(step(ClosingStep::Stands(stands)));
        let found = match events.as_slice() {
            [Event::TerminalDayClosed(TerminalDayClosed { matches: true, .. })] => "closed",
            [
                Event::TerminalDayClosed(TerminalDayClosed {
                    matches: false, totals: None, ..
                }),
            ] => "differs",
            [Event::TerminalDayNotClosed { code, .. }] => code,
            [Event::TerminalDayUnknown { why: Doubt::NothingToCompare, .. }] => "unknown",
            _ => panic!("{events:?}"),
        };
        assert_eq!(found, expected, "{told:?}");
    }
}

#[test]
fn totals_that_nobody_heard_agree_with_nothing() {
    let mut w = World::open();
    w.office(by_hand(None));
    w.ok(step(ClosingStep::Sent));
    w.ok(step(ClosingStep::Unknown(Doubt::ConnectionLost)));
    let events = w.ok(step(ClosingStep::Stands(totals(&[]))));
    assert!(matches!(
        events.as_slice(),
        [Event::TerminalDayClosed(TerminalDayClosed { matches: false, totals: None, .. })]
    ));
    assert!(w.state.closings[&FIRST].needs_reason());
}

#[test]
fn what_no_terminal_can_tell_a_person_says_and_paying_goes_on_meanwhile() {
    for closed in [true, false] {
        let mut w = paid();
        w.office(by_hand(None));
        let settle = |reason: &str| ShopCommand::SettleTerminalDay {
            closing: FIRST,
            closed,
            reason: reason.to_owned(),
        };
        assert_eq!(w.office_no(MANAGER, settle("slip")), Refusal::UnknownClosing, "it is at it");
        w.ok(step(ClosingStep::Sent));
        w.ok(step(ClosingStep::Totals(agreed())));
        w.ok(step(ClosingStep::Unknown(Doubt::NothingToCompare)));
        w.add(BUTTER, 1_000);
        w.ok(TillCommand::PayCard { amount: None, terminal: None });
        assert_eq!(w.office_no(MANAGER, by_hand(None)), Refusal::TerminalClosing);
        let events = w.office(settle("slip of the terminal"));
        let ended = match &events[1] {
            Event::TerminalDayClosed(TerminalDayClosed { matches, .. }) => *matches,
            Event::TerminalDayNotClosed { code, .. } => code != "settled",
            other => panic!("{other:?}"),
        };
        assert_eq!(ended, closed);
        assert!(w.state.closings.is_empty());
        assert_eq!(w.no(step(ClosingStep::Sent)), Refusal::UnknownClosing);
    }
}

#[test]
fn a_terminal_without_totals_is_closed_by_the_shop_alone() {
    let mut w = paid();
    w.office(by_hand(None));
    let events = w.ok(step(ClosingStep::Alone));
    let [
        Event::TerminalDayClosed(TerminalDayClosed {
            alone: true,
            matches: true,
            totals: None,
            ours,
            ..
        }),
    ] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!(ours.len(), 2);
}

#[test]
fn a_terminal_that_there_is_not_has_no_day() {
    let mut w = World::open();
    let command = ShopCommand::CloseTerminalDay { terminal: TerminalId(9), despite_doubt: None };
    assert_eq!(w.office_no(MANAGER, command), Refusal::NoTerminal);
}

#[test]
fn a_terminal_that_is_asked_to_close_its_day_stays_in_the_settings() {
    let mut w = paid();
    w.office(by_hand(None));
    w.ok(step(ClosingStep::Sent));
    let mut settings = (**w.state.settings.as_ref().unwrap()).clone();
    settings.terminals[0].address = "192.0.2.77:20007".to_owned();
    let configure = ShopCommand::Configure { settings: Box::new(settings) };
    let in_use = Refusal::BadSettings { problem: "terminal_in_use".to_owned() };
    assert_eq!(w.office_no(MANAGER, configure.clone()), in_use);
    w.ok(step(ClosingStep::Totals(agreed())));
    w.ok(step(ClosingStep::Closed { lines: Vec::new() }));
    w.office(configure);
}
