//! Finding out what became of a payment: the questions in their order, and what the answers mean.

use zvt::codes::ResultCode;
use zvt::command::Command;
use zvt::known::{Before, Comparison, Doubt, Identity, Known};
use zvt::message::Completion;
use zvt::recovery::{Attempt, Moment, Recovery, Step, Verdict};
use zvt::session::Ending;
use zvt::status::StatusInformation;
use zvt::value::*;

use crate::given::*;

fn completed(completion: Completion, status: Option<StatusInformation>) -> Ending {
    Ending::Completed { completion: Box::new(completion), status: status.map(Box::new) }
}

fn state(code: u8) -> Ending {
    completed(Completion { state: Some(ResultCode(code)), ..Completion::default() }, None)
}

fn lost() -> Ending {
    Ending::Unknown { doubt: Doubt::Closed, status: None }
}

fn identity(number: u16) -> Identity {
    Identity {
        receipt: Some(receipt(number)),
        trace: Trace::new(u64::from(number) + 500).ok(),
        turnover: Turnover::new(u32::from(number) + 200).ok(),
    }
}

fn attempt() -> Attempt {
    let known = Known {
        before: Before::Last(identity(7)),
        terminal: Some(settings().terminal),
        currency: Some(Currency::EUR),
    };
    Attempt { command: pay(2_040), known, began: Some(moment(12, 31, 23, 58)), slack_minutes: 10 }
}

fn status(number: u16) -> StatusInformation {
    let Identity { receipt, trace, turnover } = identity(number);
    StatusInformation {
        result: Some(ResultCode::OK),
        amount: Some(cents(2_040)),
        currency: Some(Currency::EUR),
        receipt,
        trace,
        turnover,
        terminal: Some(settings().terminal),
        date: Some(MonthDay::new(1, 1).unwrap()),
        time: Some(TimeOfDay::new(0, 3, 0).unwrap()),
        ..StatusInformation::default()
    }
}

fn asked(step: &Step) -> &'static str {
    match step {
        Step::Connect { .. } => "connect",
        Step::Run { command, .. } => match **command {
            Command::Registration(_) => "register",
            Command::StatusEnquiry { .. } => "state",
            Command::RepeatReceipt { service: Some(3), .. } => "repeat",
            ref other => panic!("{other:?}"),
        },
        Step::Done(_) => "done",
    }
}

/// A recovery that is about to hear the last transaction.
fn about_to_hear(attempt: Attempt) -> Recovery {
    let (mut recovery, step) = Recovery::begin(attempt, everything());
    let steps = [
        step,
        recovery.on_connected(true),
        recovery.on_ended(&completed(Completion::default(), None)),
        recovery.on_ended(&state(0x9c)),
        recovery.on_ended(&state(0x00)),
        recovery.on_ended(&state(0x9c)),
        recovery.on_ended(&state(0x00)),
        recovery.on_ended(&state(0x00)),
    ];
    let names: Vec<_> = steps.iter().map(asked).collect();
    let expected = ["connect", "register", "state", "state", "state", "state", "state", "repeat"];
    assert_eq!(names, expected, "ready must be said twice in a row");
    recovery
}

fn verdict(attempt: Attempt, status: StatusInformation) -> Verdict {
    match about_to_hear(attempt).on_ended(&completed(Completion::default(), Some(status))) {
        Step::Done(verdict) => verdict,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_transaction_of_that_amount_and_time_is_the_one() {
    assert_eq!(verdict(attempt(), status(8)), Verdict::Approved(Box::new(status(8))));
}

#[test]
fn the_old_transaction_means_that_nothing_was_stored() {
    assert_eq!(verdict(attempt(), status(7)), Verdict::NotStored);
}

#[test]
fn a_new_transaction_that_was_declined_means_that_nothing_was_stored() {
    for amount in [Some(cents(2_040)), None] {
        let declined = StatusInformation { result: Some(ResultCode(0x05)), amount, ..status(8) };
        assert_eq!(verdict(attempt(), declined), Verdict::NotStored);
    }
}

#[test]
fn a_no_of_somebody_who_came_in_between_says_nothing() {
    let declined = StatusInformation { result: Some(ResultCode(0x05)), amount: None, ..status(9) };
    let unclear = Verdict::StillUnknown(Doubt::NothingToCompare);
    assert_eq!(verdict(attempt(), declined), unclear);
}

#[test]
fn what_does_not_fit_stays_unknown() {
    let doubt = |attempt: Attempt, status: StatusInformation| match verdict(attempt, status) {
        Verdict::StillUnknown(doubt) => doubt,
        other => panic!("{other:?}"),
    };
    let with = |change: fn(&mut StatusInformation)| {
        let mut status = status(8);
        change(&mut status);
        doubt(attempt(), status)
    };
    assert_eq!(with(|s| s.amount = Some(cents(2_041))), Doubt::OtherAmount);
    assert_eq!(with(|s| s.amount = None), Doubt::NoAmount);
    assert_eq!(with(|s| s.currency = Some(Currency::CHF)), Doubt::OtherCurrency);
    assert_eq!(with(|s| s.terminal = TerminalId::new(1).ok()), Doubt::OtherTerminal);
    assert_eq!(with(|s| s.trace = Trace::new(507).ok()), Doubt::MixedNumbers);
    assert_eq!(with(|s| s.result = None), Doubt::Unreadable);
    let other_no = with(|s| (s.result, s.amount) = (Some(ResultCode(0x05)), Some(cents(1))));
    assert_eq!(other_no, Doubt::OtherAmount, "somebody else's no");
    assert_eq!(with(|s| s.host_code = Some(5)), Doubt::Contradiction);
    assert_eq!(with(|s| s.original_trace = Trace::new(1).ok()), Doubt::OtherKind);
    assert_eq!(with(|s| s.time = TimeOfDay::new(1, 0, 0).ok()), Doubt::OtherTime);
    let numberless = with(|s| (s.receipt, s.trace, s.turnover) = (None, None, None));
    assert_eq!(numberless, Doubt::NothingToCompare);
    let mut nobody_looked = attempt();
    nobody_looked.known.before = Before::NotKnown;
    assert_eq!(doubt(nobody_looked, status(8)), Doubt::NothingToCompare);
}

#[test]
fn a_reversal_that_says_the_old_receipts_number_is_new_by_its_trace() {
    let reversed = Attempt { command: reversal(receipt(7)), ..attempt() };
    let with = |receipt: u16, trace: Option<u64>, turnover: Option<Turnover>| {
        let trace = trace.and_then(|trace| Trace::new(trace).ok());
        let receipt = identity(receipt).receipt;
        verdict(reversed.clone(), StatusInformation { receipt, trace, turnover, ..status(8) })
    };
    assert!(matches!(with(7, Some(508), None), Verdict::Approved(_)));
    assert_eq!(with(7, Some(507), identity(7).turnover), Verdict::NotStored);
    let unclear = Verdict::StillUnknown(Doubt::NothingToCompare);
    assert_eq!(with(7, None, None), unclear, "the receipt's number alone says nothing");
}

#[test]
fn an_empty_terminal_stored_nothing_unless_it_had_something_before() {
    let answer = |attempt: Attempt, code: u8, status: Option<StatusInformation>| {
        let status = status.map(Box::new);
        let ending = Ending::Declined { code: Some(ResultCode(code)), status, aborted: None };
        about_to_hear(attempt).on_ended(&ending)
    };
    let mut empty = attempt();
    empty.known.before = Before::Nothing;
    let no = |code, status| answer(empty.clone(), code, status);
    // It has forgotten what it had, and what it was asked for perhaps with it.
    let forgot = answer(attempt(), 0x83, None);
    assert_eq!(forgot, Step::Done(Verdict::StillUnknown(Doubt::NoRepeat)));
    assert_eq!(no(0x83, None), Step::Done(Verdict::NotStored));
    assert_eq!(no(0x6c, None), Step::Done(Verdict::StillUnknown(Doubt::NoRepeat)));
    let contradiction = no(0x83, Some(status(8)));
    assert_eq!(contradiction, Step::Done(Verdict::StillUnknown(Doubt::NoRepeat)));
}

#[test]
fn another_terminal_is_not_asked_at_all() {
    let (mut recovery, _) = Recovery::begin(attempt(), everything());
    recovery.on_connected(true);
    let other = Completion { terminal: TerminalId::new(1).ok(), ..Completion::default() };
    let step = recovery.on_ended(&completed(other, None));
    assert_eq!(step, Step::Done(Verdict::StillUnknown(Doubt::OtherTerminal)));
}

#[test]
fn a_terminal_that_never_becomes_ready_leaves_the_question_open() {
    let (mut recovery, _) = Recovery::begin(attempt(), everything());
    recovery.on_connected(true);
    let busy = Ending::Refused { code: ResultCode::BUSY, detail: None };
    assert_eq!(asked(&recovery.on_ended(&busy)), "register", "refused registration: again");
    let mut step = recovery.on_ended(&completed(Completion::default(), None));
    let mut polls = 0;
    while !matches!(step, Step::Done(_)) {
        assert_eq!(asked(&step), "state");
        polls += 1;
        let answer = if polls % 2 == 0 { busy.clone() } else { state(0x00) };
        step = recovery.on_ended(&answer);
    }
    assert_eq!(step, Step::Done(Verdict::StillUnknown(Doubt::NotReady)));
    assert!(polls > 50, "three minutes: {polls}");
}

#[test]
fn a_connection_lost_while_asking_begins_anew() {
    let mut recovery = about_to_hear(attempt());
    assert_eq!(asked(&recovery.on_ended(&lost())), "connect");
    assert_eq!(asked(&recovery.on_connected(true)), "register");
    let (mut hopeless, mut step) = Recovery::begin(attempt(), everything());
    let mut connections = 0;
    while asked(&step) == "connect" {
        connections += 1;
        hopeless.on_connected(true);
        step = hopeless.on_ended(&lost());
    }
    assert_eq!(step, Step::Done(Verdict::StillUnknown(Doubt::Unreachable)));
    assert_eq!(connections, 6);
}

#[test]
fn the_end_of_february_is_near_the_first_of_march_in_any_year() {
    let near = |began: Moment, month: u8, day: u8| {
        let attempt = Attempt { began: Some(began), ..attempt() };
        let date = MonthDay::new(month, day).ok();
        let time = TimeOfDay::new(0, 1, 0).ok();
        matches!(
            verdict(attempt, StatusInformation { date, time, ..status(8) }),
            Verdict::Approved(_)
        )
    };
    assert!(near(moment(2, 28, 23, 58), 3, 1));
    assert!(near(moment(2, 29, 23, 58), 3, 1));
    assert!(near(moment(2, 28, 23, 58), 2, 29));
    assert!(!near(moment(2, 27, 23, 58), 3, 1));
    assert!(near(moment(1, 1, 0, 1), 1, 1) && !near(moment(7, 1, 0, 1), 1, 1));
}

#[test]
fn numbers_are_compared_as_far_as_both_sides_have_them() {
    let all = identity(7);
    let only_trace = Identity { trace: all.trace, ..Identity::default() };
    assert_eq!(all.compare(&all), Comparison::Same);
    assert_eq!(all.compare(&only_trace), Comparison::Same);
    assert_eq!(all.compare(&identity(8)), Comparison::Other);
    assert_eq!(all.compare(&Identity { trace: all.trace, ..identity(8) }), Comparison::Mixed);
    assert_eq!(all.compare(&Identity::default()), Comparison::Incomparable);
    let none = StatusInformation { receipt: Some(ReceiptNo::NONE), ..StatusInformation::default() };
    assert_eq!(Identity::of(&none), Identity::default());
    assert_eq!(Doubt::MixedNumbers.code(), "mixed_numbers");
}
