//! Payments, and finding out: what becomes of money is said in three values.

use glory::engine::Packet;
use glory::session::{Login, Outcome, Progress, Session, Step, Wanted, Why};
use serde_json::{Value, json};

fn event(name: &str, said: Value) -> Packet {
    Packet::Event(name.to_owned(), vec![said])
}

fn sent(steps: &[Step]) -> String {
    steps
        .iter()
        .filter_map(|step| match step {
            Step::Send(Packet::Event(name, parts)) => {
                Some(format!("{name} {}", parts.iter().map(Value::to_string).collect::<String>()))
            }
            _ => None,
        })
        .collect()
}

fn outcome(steps: &[Step]) -> Option<Outcome> {
    steps.iter().find_map(|step| match step {
        Step::Outcome(outcome) => Some(outcome.clone()),
        _ => None,
    })
}

/// A session that the machine has let in.
fn let_in(wanted: Wanted) -> Session {
    let login = Login { user: "kasse".to_owned(), password: "geheim".to_owned() };
    let mut session = Session::new(wanted, login);
    assert!(
        sent(&session.packet(&Packet::Connect)).starts_with("login request \"kasse\"\"geheim\"")
    );
    let said = session.packet(&event("login response", json!({"ret": 0, "session_id": "s1"})));
    assert_eq!(sent(&said), "check credential \"s1\"");
    assert_eq!(
        sent(&session.packet(&Packet::Event("credential ok".to_owned(), vec![]))),
        "getFunctionSetting "
    );
    let settings = json!({"FunctionSetting": {"OccupyEnable": "0", "SessionEnable": "1"}});
    assert_eq!(sent(&session.packet(&event("sendFunctionSetting", settings))), "openSession ");
    let said = session.packet(&event("sendSessionID", json!({"SessionID": "77"})));
    assert!(sent(&said).contains("StatusRequest") && sent(&said).contains("<SessionID>77"));
    session
}

const PAY: Wanted = Wanted::Pay { amount: 500, number: 9 };
const IDLE: &[u8] =
    b"<StatusResponse result=\"0\"><Status><Code>1</Code></Status></StatusResponse>";

fn inventory(cents: u64) -> Vec<u8> {
    format!("<InventoryResponse result=\"0\"><Cash type=\"4\"><Denomination fv=\"1\"><Piece>{cents}</Piece></Denomination></Cash></InventoryResponse>").into_bytes()
}

/// A session that has asked for the money.
fn paying() -> Session {
    let mut session = let_in(PAY);
    assert!(sent(&session.binary(IDLE)).contains("InventoryRequest"));
    assert_eq!(session.binary(&inventory(2_000)), [Step::Store { before: 2_000 }]);
    assert!(!session.has_asked(), "nothing before it is stored");
    let said = sent(&session.go());
    assert!(
        said.contains("ChangeRequest")
            && said.contains("00000000009")
            && said.contains("<Amount>500")
    );
    assert!(session.has_asked());
    session
}

fn answer(result: u32, put_in: u64, out: u64) -> Vec<u8> {
    let cash = |sort, sum| {
        format!(
            "<Cash type=\"{sort}\"><Denomination fv=\"1\"><Piece>{sum}</Piece></Denomination></Cash>"
        )
    };
    format!(
        "<ChangeResponse result=\"{result}\">{}{}</ChangeResponse>",
        cash(1, put_in),
        cash(2, out)
    )
    .into_bytes()
}

#[test]
fn a_payment_is_paid_when_the_figures_come_to_the_amount() {
    let mut session = paying();
    let heard = session
        .binary(b"<StatusChangeEvent><Status>4</Status><Amount>200</Amount></StatusChangeEvent>");
    assert_eq!(heard, [Step::Say(Progress::Inserted(200))]);
    let ended = outcome(&session.binary(&answer(0, 1_000, 500)));
    assert_eq!(ended, Some(Outcome::Paid { inserted: 1_000, dispensed: 500, transaction: None }));
    assert!(session.binary(&answer(0, 1_000, 500)).is_empty(), "what comes twice counts once");
}

#[test]
fn every_result_has_its_value() {
    for result in 0..=101 {
        let mut session = paying();
        let ended = outcome(&session.binary(&answer(result, 500, 0))).expect("an outcome");
        let wanted = match result {
            0 => Outcome::Paid { inserted: 500, dispensed: 0, transaction: None },
            1 => Outcome::Unknown(Why::Figures),
            3 | 4 | 5 | 11 => Outcome::NotPaid(Why::Busy),
            21 | 22 | 98 => Outcome::NotPaid(Why::NotTaken),
            6 | 9 | 10 => Outcome::Unknown(Why::ChangeShort),
            96 => Outcome::Unknown(Why::Duplicate),
            2 | 12 | 13 | 99 | 100 => Outcome::Unknown(Why::Faulty),
            _ => Outcome::Unknown(Why::Garbled),
        };
        assert_eq!(ended, wanted, "{result}");
    }
    for (put_in, out) in [(400, 0), (1_000, 499), (0, 0), (500, 501)] {
        let ended = outcome(&paying().binary(&answer(0, put_in, out)));
        assert_eq!(ended, Some(Outcome::Unknown(Why::Figures)), "{put_in} {out}");
    }
}

#[test]
fn giving_up_is_asked_and_the_machine_says_whether_it_was() {
    let mut session = paying();
    assert!(sent(&session.cancel()).contains("ChangeCancelRequest"));
    assert!(
        session.binary(b"<ChangeCancelResponse result=\"0\"></ChangeCancelResponse>").is_empty()
    );
    assert_eq!(
        outcome(&session.binary(&answer(1, 200, 200))),
        Some(Outcome::NotPaid(Why::Cancelled))
    );
    // Too late: it had been paid.
    let mut session = paying();
    let _ = session.cancel();
    let ended = outcome(&session.binary(&answer(0, 500, 0)));
    assert!(matches!(ended, Some(Outcome::Paid { .. })));
    // Before anything was asked for, nothing is.
    let mut session = let_in(PAY);
    let _ = session.binary(IDLE);
    assert!(session.cancel().is_empty());
    let _ = session.binary(&inventory(1));
    assert_eq!(outcome(&session.go()), Some(Outcome::NotPaid(Why::Cancelled)));
}

#[test]
fn a_break_off_says_nothing_of_money_once_it_was_asked_for() {
    assert_eq!(let_in(PAY).broken(), Outcome::NotPaid(Why::Broken));
    assert_eq!(paying().broken(), Outcome::Unknown(Why::Broken));
    let find_out = Wanted::FindOut { amount: 500, before: 2_000 };
    assert_eq!(let_in(find_out).broken(), Outcome::Unknown(Why::Broken));
}

#[test]
fn whoever_is_not_let_in_asks_for_no_money() {
    let login = Login { user: "x".to_owned(), password: "y".to_owned() };
    let mut session = Session::new(PAY, login);
    let _ = session.packet(&Packet::Connect);
    let ended = session.packet(&event("login response", json!({"ret": 1})));
    assert_eq!(outcome(&ended), Some(Outcome::NotPaid(Why::NotLetIn)));
    for status in [0, 2, 3, 8, 12, 13, 30] {
        let mut session = let_in(PAY);
        let xml = format!("<StatusResponse result=\"0\"><Code>{status}</Code></StatusResponse>");
        let wanted = if matches!(status, 13 | 30) { Why::Faulty } else { Why::Busy };
        assert_eq!(
            outcome(&session.binary(xml.as_bytes())),
            Some(Outcome::NotPaid(wanted)),
            "{status}"
        );
    }
}

#[test]
fn what_it_holds_proves_a_payment_and_the_same_sum_only_what_was_given_up() {
    let find_out = Wanted::FindOut { amount: 500, before: 2_000 };
    let idle = |now| {
        let mut session = let_in(find_out);
        assert!(sent(&session.binary(IDLE)).contains("InventoryRequest"));
        outcome(&session.binary(&inventory(now))).unwrap()
    };
    assert!(matches!(idle(2_500), Outcome::Paid { .. }));
    assert_eq!(
        idle(2_000),
        Outcome::Unknown(Why::Figures),
        "a note may lie where it is not counted"
    );
    assert_eq!(idle(2_200), Outcome::Unknown(Why::Figures));
    // It still waits for money: that payment is given up.
    let mut session = let_in(find_out);
    let waiting = b"<StatusResponse result=\"0\"><Code>3</Code></StatusResponse>";
    assert!(sent(&session.binary(waiting)).contains("ChangeCancelRequest"));
    let again = session.binary(b"<ChangeCancelResponse result=\"0\"></ChangeCancelResponse>");
    assert!(sent(&again).contains("StatusRequest"));
    assert!(sent(&session.binary(IDLE)).contains("InventoryRequest"));
    assert_eq!(outcome(&session.binary(&inventory(2_000))), Some(Outcome::NotPaid(Why::Cancelled)));
}

#[test]
fn whoever_only_asks_what_became_of_money_never_takes_a_closed_door_for_no() {
    let find_out = Wanted::FindOut { amount: 500, before: 2_000 };
    for (status, why) in [(13, Why::Faulty), (30, Why::Faulty)] {
        let xml = format!("<StatusResponse result=\"0\"><Code>{status}</Code></StatusResponse>");
        let ended = outcome(&let_in(find_out).binary(xml.as_bytes()));
        assert_eq!(ended, Some(Outcome::Unknown(why)));
    }
    let mut session = Session::new(find_out, Login::default());
    let _ = session.packet(&Packet::Connect);
    let ended = session.packet(&Packet::Event("credential ng".to_owned(), vec![]));
    assert_eq!(outcome(&ended), Some(Outcome::Unknown(Why::NotLetIn)));
    // Somebody else has it.
    let mut session = Session::new(find_out, Login::default());
    let _ = session.packet(&Packet::Connect);
    let _ = session.packet(&Packet::Event("credential ok".to_owned(), vec![]));
    let settings = json!({"FunctionSetting": {"OccupyEnable": "1", "SessionEnable": "0"}});
    assert!(
        sent(&session.packet(&event("sendFunctionSetting", settings))).contains("OccupyRequest")
    );
    let ended = session.binary(b"<OccupyResponse result=\"3\"></OccupyResponse>");
    assert_eq!(outcome(&ended), Some(Outcome::Unknown(Why::Busy)));
}

#[test]
fn change_that_was_short_is_no_payment_only_when_everything_came_out_again() {
    for result in [6, 9, 10] {
        let ended = outcome(&paying().binary(&answer(result, 1_000, 1_000)));
        assert_eq!(ended, Some(Outcome::NotPaid(Why::ChangeShort)), "{result}");
        let ended = outcome(&paying().binary(&answer(result, 1_000, 900)));
        assert_eq!(ended, Some(Outcome::Unknown(Why::ChangeShort)), "{result}");
    }
    let bare = b"<ChangeResponse result=\"10\"></ChangeResponse>";
    assert_eq!(outcome(&paying().binary(bare)), Some(Outcome::Unknown(Why::ChangeShort)));
}

#[test]
fn the_end_of_another_payment_is_not_taken_for_this_ones() {
    let mut session = paying();
    let other = b"<ChangeResponse result=\"1\"><SeqNo>00000000008</SeqNo></ChangeResponse>";
    assert!(session.binary(other).is_empty());
    let own = b"<ChangeResponse result=\"1\"><SeqNo>00000000009</SeqNo></ChangeResponse>";
    assert_eq!(outcome(&session.binary(own)), Some(Outcome::NotPaid(Why::Cancelled)));
}

#[test]
fn whoever_looks_keeps_nobody_from_the_machine_and_hears_how_it_is() {
    let mut session = Session::new(Wanted::Inventory, Login::default());
    let _ = session.packet(&Packet::Connect);
    let _ = session.packet(&Packet::Event("credential ok".to_owned(), vec![]));
    let settings = json!({"FunctionSetting": {"OccupyEnable": "1", "SessionEnable": "0"}});
    assert!(
        sent(&session.packet(&event("sendFunctionSetting", settings))).contains("StatusRequest")
    );
    let faulty = b"<StatusResponse result=\"0\"><Code>13</Code></StatusResponse>";
    assert!(sent(&session.binary(faulty)).contains("InventoryRequest"));
    let steps = session.binary(&inventory(1_234));
    let [Step::Inventory(said)] = steps.as_slice() else { panic!("{steps:?}") };
    assert_eq!((said.status, said.sum(4)), (Some(13), Some(1_234)));
}

#[test]
fn collecting_takes_all_that_was_said_or_nothing_and_is_done_when_nothing_is_left() {
    let collect = Wanted::Collect { amount: 2_000 };
    let asked = || {
        let mut session = let_in(collect);
        assert!(sent(&session.binary(IDLE)).contains("InventoryRequest"));
        assert_eq!(session.binary(&inventory(2_000)), [Step::Store { before: 2_000 }]);
        assert!(sent(&session.go()).contains("CollectRequest"));
        assert!(session.has_asked());
        session
    };
    let done = b"<CollectResponse result=\"0\"></CollectResponse>";
    let mut session = asked();
    assert!(sent(&session.binary(done)).contains("InventoryRequest"));
    assert_eq!(session.binary(&inventory(0)), [Step::Collected]);
    let mut session = asked();
    let _ = session.binary(done);
    assert_eq!(outcome(&session.binary(&inventory(100))), Some(Outcome::Unknown(Why::Figures)));
    assert_eq!(asked().broken(), Outcome::Unknown(Why::Broken));
    let busy = b"<CollectResponse result=\"11\"></CollectResponse>";
    assert_eq!(outcome(&asked().binary(busy)), Some(Outcome::NotPaid(Why::Busy)));
    // Another sum than somebody was told.
    let mut session = let_in(collect);
    let _ = session.binary(IDLE);
    assert_eq!(outcome(&session.binary(&inventory(2_100))), Some(Outcome::NotPaid(Why::Figures)));
    // What became of it.
    let found = |now| {
        let mut session = let_in(Wanted::FindCollected { before: 2_000 });
        let _ = session.binary(IDLE);
        session.binary(&inventory(now))
    };
    assert_eq!(found(0), [Step::Collected]);
    assert_eq!(outcome(&found(2_000)), Some(Outcome::NotPaid(Why::NotTaken)));
    assert_eq!(outcome(&found(700)), Some(Outcome::Unknown(Why::Figures)));
    let busy = b"<StatusResponse result=\"0\"><Code>12</Code></StatusResponse>";
    let mut session = let_in(Wanted::FindCollected { before: 2_000 });
    assert_eq!(outcome(&session.binary(busy)), Some(Outcome::Unknown(Why::Busy)));
}
