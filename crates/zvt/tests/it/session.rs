//! The till's side of one command, packet by packet.

use zvt::apdu::Packet;
use zvt::codes::ResultCode;
use zvt::command::Command;
use zvt::known::{Before, Doubt, Identity, Known};
use zvt::session::{ABORT_MILLIS, Ending, Output, Session, T3_MILLIS, T4_MILLIS, Timer};
use zvt::text::Charset;
use zvt::value::*;

use crate::given::*;
use crate::world::sent;

const APPROVED: &str =
    "04 0F 18 27 00 04 00 00 00 00 20 40 49 09 78 87 04 71 0B 00 09 75 29 52 52 35 35";
const DECLINED: &str = "04 0F 02 27 05";

fn begin(command: Command) -> Session {
    let (session, outputs) =
        Session::begin(command.clone(), Known::default(), Charset::Cp437).unwrap();
    assert_eq!(sent(&outputs), [command.encode().unwrap()]);
    let t3 = Output::StartTimer { timer: Timer::T3, millis: T3_MILLIS };
    assert_eq!(outputs.last(), Some(&t3));
    session
}

/// A payment that the terminal has taken.
fn taken() -> Session {
    let mut session = begin(pay(2_040));
    let outputs = session.on_packet(&packet("80 00 00"));
    assert_eq!(outputs, [Output::StartTimer { timer: Timer::T4, millis: T4_MILLIS }]);
    session
}

fn ending(outputs: &[Output]) -> Ending {
    match outputs.last() {
        Some(Output::Done(ending)) => *ending.clone(),
        other => panic!("no ending: {other:?}"),
    }
}

fn doubt(outputs: &[Output]) -> Doubt {
    match ending(outputs) {
        Ending::Unknown { doubt, .. } => doubt,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_outcome_is_answered_only_when_it_is_stored() {
    let mut session = taken();
    let outputs = session.on_packet(&packet(APPROVED));
    assert!(matches!(outputs.as_slice(), [Output::Outcome(status)] if status.is_approved()));
    for timer in [Timer::T3, Timer::T4, Timer::Abort] {
        assert_eq!(session.on_timeout(timer), [], "storing may take its time");
    }
    assert_eq!(session.abort(), [], "too late");
    let outputs = session.acknowledge_stored();
    assert_eq!(sent(&outputs), [Packet::bare(0x80, 0)]);
    assert_eq!(session.acknowledge_stored(), [], "once");
    assert_eq!(session.reject_not_stored(), [], "decided");
    let outputs = session.on_packet(&packet("06 0F 00"));
    assert_eq!(sent(&outputs), [Packet::bare(0x80, 0)]);
    match ending(&outputs) {
        Ending::Approved(status) => assert_eq!(status.amount, Some(cents(2_040))),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_outcome_that_cannot_be_stored_is_turned_down() {
    let mut session = taken();
    session.on_packet(&packet(APPROVED));
    let answer = sent(&session.reject_not_stored());
    let (class, code) = answer[0].control();
    assert_eq!(class, 0x84);
    assert!(code != 0x00 && code != 0x9c, "00 is a yes and 9C only a wait");
    let mut confirmed = session.clone();
    let outputs = confirmed.on_packet(&packet("06 1E 01 6C"));
    assert!(matches!(ending(&outputs), Ending::Declined { .. }));
    let outputs = session.on_packet(&packet("06 0F 00"));
    assert_eq!(doubt(&outputs), Doubt::Rejected, "did it take the payment back or not?");
    // Of two outcomes the first was acknowledged: which of them the abort undoes is not known.
    let mut both = taken();
    both.on_packet(&packet(APPROVED));
    both.acknowledge_stored();
    both.on_packet(&packet(APPROVED));
    both.reject_not_stored();
    assert_eq!(doubt(&both.on_packet(&packet("06 1E 01 6C"))), Doubt::AbortedAfterYes);
}

#[test]
fn of_several_outcomes_the_last_one_holds() {
    let mut session = taken();
    for (text, approved) in [(DECLINED, false), (APPROVED, true)] {
        let outputs = session.on_packet(&packet(text));
        assert!(
            matches!(&outputs[..], [Output::Outcome(status)] if status.is_approved() == approved)
        );
        session.acknowledge_stored();
    }
    let outputs = session.on_packet(&packet("06 0F 00"));
    assert!(matches!(ending(&outputs), Ending::Approved(_)));
}

#[test]
fn a_wrong_pin_is_followed_by_another_round() {
    let mut session = taken();
    session.on_packet(&packet("04 0F 02 27 37"));
    assert!(!session.is_done());
    session.acknowledge_stored();
    assert!(matches!(session.on_packet(&packet("04 FF 01 0A"))[0], Output::Status(_)));
    session.on_packet(&packet(APPROVED));
    session.acknowledge_stored();
    let outputs = session.on_packet(&packet("06 0F 00"));
    assert!(matches!(ending(&outputs), Ending::Approved(_)));
}

#[test]
fn packets_that_come_while_the_outcome_is_being_stored_wait() {
    let mut session = taken();
    session.on_packet(&packet(APPROVED));
    assert_eq!(session.on_packet(&packet("06 D1 02 00 41")), []);
    assert_eq!(session.on_packet(&packet("06 0F 00")), []);
    let outputs = session.acknowledge_stored();
    assert_eq!(sent(&outputs).len(), 3, "the outcome, the line, the completion");
    assert!(matches!(ending(&outputs), Ending::Approved(_)));
    let mut flooded = taken();
    flooded.on_packet(&packet(APPROVED));
    let outputs = (0..20).map(|_| flooded.on_packet(&packet("04 FF 01 0A"))).collect::<Vec<_>>();
    assert!(outputs.iter().any(|o| !o.is_empty() && doubt(o) == Doubt::OutOfTurn));
}

#[test]
fn a_no_is_a_no_with_its_reason() {
    let mut refused = begin(pay(1));
    let outputs = refused.on_packet(&packet("84 9C 00"));
    assert_eq!(ending(&outputs), Ending::Refused { code: ResultCode::BUSY, detail: None });
    let mut declined = taken();
    declined.on_packet(&packet(DECLINED));
    declined.acknowledge_stored();
    let mut completed = declined.clone();
    for (session, last) in [(&mut declined, "06 1E 01 6C"), (&mut completed, "06 0F 00")] {
        let outputs = session.on_packet(&packet(last));
        let Ending::Declined { code, status, .. } = ending(&outputs) else { panic!("{last}") };
        assert_eq!((code, status.is_some()), (Some(ResultCode(0x05)), true));
    }
    let mut aborted = taken();
    let outputs = aborted.on_packet(&packet("06 1E 01 6C"));
    assert_eq!(sent(&outputs), [Packet::bare(0x80, 0)]);
    let Ending::Declined { code, status, aborted } = ending(&outputs) else { panic!() };
    assert_eq!((code, status), (Some(ResultCode::CANCELLED), None));
    assert!(aborted.is_some());
}

#[test]
fn what_is_neither_yes_nor_no_is_unknown() {
    let stored = |text: &str| {
        let mut session = taken();
        session.on_packet(&packet(text));
        session.acknowledge_stored();
        session
    };
    let no_outcome = taken().on_packet(&packet("06 0F 00"));
    assert_eq!(doubt(&no_outcome), Doubt::NoOutcome);
    assert_eq!(doubt(&taken().on_closed()), Doubt::Closed);
    assert_eq!(doubt(&stored(APPROVED).on_closed()), Doubt::Closed, "our answer may be lost");
    assert_eq!(doubt(&stored(DECLINED).on_closed()), Doubt::Closed, "a round may have followed");
    assert_eq!(doubt(&taken().on_garbage()), Doubt::Garbage);
    let aborted = stored(APPROVED).on_packet(&packet("06 1E 01 6C"));
    assert_eq!(doubt(&aborted), Doubt::AbortedAfterYes);
    let unreadable = "04 0F 05 22 F9 F9 12 34";
    assert_eq!(doubt(&stored(unreadable).on_packet(&packet("06 0F 00"))), Doubt::Unreadable);
    let aborted = stored(unreadable).on_packet(&packet("06 1E 01 6C"));
    assert_eq!(doubt(&aborted), Doubt::AbortedAfterYes, "it may have been a yes");
    let host = stored("04 0F 04 27 00 A0 05").on_packet(&packet("06 0F 00"));
    assert_eq!(doubt(&host), Doubt::Contradiction);
    assert_eq!(doubt(&taken().on_packet(&packet("06 1E 01 00"))), Doubt::Contradiction);
    let unasked = taken().on_packet(&packet("80 00 00"));
    assert_eq!(doubt(&unasked), Doubt::OutOfTurn);
    assert_eq!(doubt(&begin(pay(1)).on_packet(&packet(APPROVED))), Doubt::OutOfTurn);
}

#[test]
fn a_silent_terminal_is_told_to_stop_and_then_given_up() {
    let mut unanswered = begin(pay(1));
    assert_eq!(unanswered.on_timeout(Timer::T4), [], "not that timer");
    assert_eq!(doubt(&unanswered.on_timeout(Timer::T3)), Doubt::NoAnswer);
    let mut silent = taken();
    assert_eq!(silent.on_timeout(Timer::T3), [], "it was stopped by the answer");
    let outputs = silent.on_timeout(Timer::T4);
    assert_eq!(sent(&outputs), [Packet::bare(0x06, 0xb0)]);
    let timer = Output::StartTimer { timer: Timer::Abort, millis: ABORT_MILLIS };
    assert_eq!(outputs.last(), Some(&timer));
    let mut awake = silent.clone();
    assert_eq!(doubt(&silent.on_timeout(Timer::Abort)), Doubt::Silence);
    // It wakes up and answers: the outcome still counts.
    assert_eq!(awake.on_packet(&packet("80 00 00")), []);
    let outputs = awake.on_packet(&packet("04 FF 01 0E"));
    assert_eq!(outputs.last(), Some(&timer), "but not for minutes");
    awake.on_packet(&packet(APPROVED));
    awake.acknowledge_stored();
    let outputs = awake.on_packet(&packet("06 0F 00"));
    assert!(matches!(ending(&outputs), Ending::Approved(_)));
}

#[test]
fn an_intermediate_status_gives_more_time() {
    let mut session = taken();
    for (text, millis) in
        [("04 FF 01 0A", 180_000), ("04 FF 02 0A 05", 300_000), ("04 FF 02 0A 00", 180_000)]
    {
        let outputs = session.on_packet(&packet(text));
        assert_eq!(sent(&outputs), [Packet::bare(0x80, 0)]);
        assert_eq!(outputs.last(), Some(&Output::StartTimer { timer: Timer::T4, millis }));
    }
}

#[test]
fn lines_are_handed_out_before_they_are_answered() {
    let mut session = taken();
    let outputs = session.on_packet(&packet("06 D1 02 00 41"));
    assert!(matches!(outputs[..2], [Output::PrintLine(_), Output::Send(_)]), "{outputs:?}");
    let outputs = session.on_packet(&packet("06 D3 07 06 05 25 03 07 01 41"));
    assert!(matches!(outputs[..2], [Output::PrintBlock(_), Output::Send(_)]), "{outputs:?}");
}

#[test]
fn what_the_till_does_not_know_is_answered_so() {
    let mut session = taken();
    let outputs = session.on_packet(&packet("04 0E 00"));
    assert_eq!(sent(&outputs), [Packet::bare(0x84, 0x83)]);
    assert!(!session.is_done());
}

#[test]
fn an_abort_waits_for_the_terminals_answer_and_does_not_decide() {
    let mut early = begin(pay(2_040));
    assert_eq!(early.abort(), [], "not the till's turn");
    assert_eq!(sent(&early.on_packet(&packet("80 00 00"))), [Packet::bare(0x06, 0xb0)]);
    let mut session = taken();
    assert_eq!(sent(&session.abort()), [Packet::bare(0x06, 0xb0)]);
    assert_eq!(session.abort(), [], "already sent");
    assert_eq!(session.on_packet(&packet("84 83 00")), [], "too late to stop");
    assert_eq!(sent(&session.abort()).len(), 1, "it may be tried again");
    session.on_packet(&packet(APPROVED));
    session.acknowledge_stored();
    let outputs = session.on_packet(&packet("06 0F 00"));
    assert!(matches!(ending(&outputs), Ending::Approved(_)));
}

#[test]
fn a_yes_after_the_end_is_turned_down_unless_it_is_the_one_that_was_booked() {
    let mut declined = taken();
    declined.on_packet(&packet("06 1E 01 6C"));
    assert_eq!(sent(&declined.on_packet(&packet(APPROVED))), [Packet::bare(0x84, 0x83)]);
    let mut approved = taken();
    approved.on_packet(&packet(APPROVED));
    approved.acknowledge_stored();
    approved.on_packet(&packet("06 0F 00"));
    assert_eq!(sent(&approved.on_packet(&packet(APPROVED))), [Packet::bare(0x80, 0)]);
    let other = APPROVED.replace("87 04 71", "87 04 72");
    assert_eq!(sent(&approved.on_packet(&packet(&other))), [Packet::bare(0x84, 0x83)]);
    assert_eq!(approved.on_packet(&packet("80 00 00")), []);
    assert_eq!((approved.on_closed(), approved.on_timeout(Timer::T4)), (vec![], vec![]));
}

#[test]
fn an_outcome_that_does_not_fit_to_the_question_is_no_answer() {
    let before =
        Identity { receipt: Some(receipt(471)), trace: Trace::new(975).ok(), turnover: None };
    let run = |command: Command, known: Known, text: &str| {
        let (mut session, _) = Session::begin(command, known, Charset::Cp437).unwrap();
        session.on_packet(&packet("80 00 00"));
        session.on_packet(&packet(text));
        session.acknowledge_stored();
        ending(&session.on_packet(&packet("06 0F 00")))
    };
    let known = |before, terminal: u32| Known {
        before,
        terminal: TerminalId::new(terminal).ok(),
        currency: None,
    };
    let right = known(Before::Nothing, 52_523_535);
    let why = |command, known, text: &str| match run(command, known, text) {
        Ending::Unknown { doubt, status } => {
            assert!(status.is_some());
            doubt
        }
        other => panic!("{other:?}"),
    };
    assert!(matches!(run(pay(2_040), right, APPROVED), Ending::Approved(_)));
    let old = known(Before::Last(before), 52_523_535);
    assert_eq!(why(pay(2_040), old, APPROVED), Doubt::OtherSale);
    let swapped = known(Before::Nothing, 52_523_536);
    assert_eq!(why(pay(2_040), swapped, APPROVED), Doubt::OtherTerminal);
    assert_eq!(why(pay(2_041), right, APPROVED), Doubt::OtherAmount);
    let swiss = APPROVED.replace("09 78", "07 56");
    assert_eq!(why(pay(2_040), right, &swiss), Doubt::OtherCurrency);
    assert_eq!(why(pay(2_040), right, "04 0F 02 27 00"), Doubt::NoAmount);
    let reversal = "04 0F 0D 27 00 04 00 00 00 00 20 40 37 00 09 75";
    assert_eq!(why(pay(2_040), right, reversal), Doubt::OtherKind);
}

#[test]
fn more_or_less_than_asked_is_taken_when_the_terminal_explains_it() {
    let run = |asked: i64, tags: &str| {
        let tags = hex(tags);
        let mut data = hex("27 00 04 00 00 00 00 20 40 06");
        data.push(u8::try_from(tags.len()).unwrap());
        data.extend(tags);
        let mut session = {
            let (mut session, _) =
                Session::begin(pay(asked), Known::default(), Charset::Cp437).unwrap();
            session.on_packet(&packet("80 00 00"));
            session
        };
        session.on_packet(&Packet::new(0x04, 0x0f, data).unwrap());
        session.acknowledge_stored();
        matches!(ending(&session.on_packet(&packet("06 0F 00"))), Ending::Approved(_))
    };
    let (tip, cashback) = ("1F 36 06 00 00 00 00 00 40", "1F 25 06 00 00 00 00 10 00");
    assert!(run(2_000, tip));
    assert!(run(1_040, cashback));
    assert!(run(1_000, &format!("{tip} {cashback}")));
    assert!(!run(1_999, tip));
    assert!(run(5_000, "1F 70 01 01"), "less was approved");
    assert!(!run(5_000, tip));
    assert!(!run(1_000, "1F 70 01 01"), "a partial approval is not more");
}

#[test]
fn commands_that_move_no_money_end_without_an_outcome() {
    let mut log_off = begin(Command::LogOff);
    assert!(matches!(ending(&log_off.on_packet(&packet("80 00 00"))), Ending::Completed { .. }));
    let mut enquiry = begin(Command::StatusEnquiry { password: None, service: None, tlv: None });
    enquiry.on_packet(&packet("80 00 00"));
    let Ending::Completed { completion, .. } = ending(&enquiry.on_packet(&packet("06 0F 01 9C")))
    else {
        panic!()
    };
    assert_eq!(completion.state, Some(ResultCode::BUSY));
    let repeat = Command::RepeatReceipt { password: password(), service: Some(3), tlv: None };
    let mut repeat = begin(repeat);
    repeat.on_packet(&packet("80 00 00"));
    repeat.on_packet(&packet(DECLINED));
    repeat.acknowledge_stored();
    let ended = ending(&repeat.on_packet(&packet("06 0F 00")));
    assert!(matches!(ended, Ending::Completed { status: Some(_), .. }), "the no is that of then");
    let mut day = begin(Command::EndOfDay { password: password(), tlv: None });
    day.on_packet(&packet("80 00 00"));
    day.on_packet(&packet("04 0F 02 27 77"));
    day.acknowledge_stored();
    let ended = ending(&day.on_packet(&packet("06 0F 00")));
    assert!(matches!(ended, Ending::Declined { code: Some(ResultCode(0x77)), .. }));
}

#[test]
fn whatever_else_a_terminal_asks_of_the_till_is_answered_as_unknown_and_the_payment_goes_on() {
    // Its clock, an input, a menu, a dialled line, a list of blocked cards: none is this till's to do.
    let asks = [
        "04 01 08 AA 26 11 25 0C 14 30 00",
        "04 0D 00",
        "04 0E 00",
        "06 D8 00",
        "06 D9 00",
        "06 DA 00",
        "06 DB 00",
        "06 DD 00",
        "06 E4 00",
        "0F 0F 00",
    ];
    let mut session = taken();
    for ask in asks {
        let outputs = session.on_packet(&packet(ask));
        let t4 = Output::StartTimer { timer: Timer::T4, millis: T4_MILLIS };
        assert_eq!(sent(&outputs), [packet("84 83 00")], "{ask}");
        assert_eq!(outputs.last(), Some(&t4), "{ask}");
    }
    session.on_packet(&packet(APPROVED));
    session.acknowledge_stored();
    let outputs = session.on_packet(&packet("06 0F 00"));
    assert!(matches!(ending(&outputs), Ending::Approved(_)), "{outputs:?}");
}
