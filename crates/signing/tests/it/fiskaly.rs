//! What is said to fiskaly, to whom, and what is never said.

use std::time::Duration;

use fiscal::de::tse::tar::{self, Scope};
use signing::simulator::{Deed, Hold, Trouble};
use signing::{Fiskaly, Unit as _, fiskaly};

use crate::rig::{Behind, PROCESS, Rig, TILL, at, code, draw, secret};

fn way(base: &str) -> fiskaly::Setup {
    let tss = "3a8f0c2e-1111-4222-8333-444455556666".parse().expect("a UUID");
    let patience = Duration::from_millis(400);
    fiskaly::Setup { base: base.to_owned(), tss, patience, slowly: patience, draw }
}

#[test]
fn without_tls_nobody_is_asked_but_this_very_machine() {
    for base in [fiskaly::LIVE, "http://127.0.0.1:1/api/v2", "http://[::1]:1/api/v2"] {
        assert!(Fiskaly::new(way(base), secret()).is_ok(), "{base}");
    }
    for base in [
        "http://kassensichv-middleware.fiskaly.com/api/v2",
        "http://192.168.0.1/api/v2",
        "http://localhost/api/v2",
        "https://name:pin@example.com/api/v2",
        "ftp://127.0.0.1/",
        "nothing",
        "",
    ] {
        assert_eq!(code(Fiskaly::new(way(base), secret())), "address", "{base}");
    }
}

#[test]
fn nobody_there_is_a_fault_with_a_name() {
    let unit = Fiskaly::new(way("http://127.0.0.1:1/api/v2"), secret()).expect("a way");
    assert_eq!(code(unit.identity()), "unreachable");
    assert_eq!(code(unit.begin(TILL, at(0))), "unreachable");
    assert_eq!(code(unit.finish((TILL, 1), ("a", "b"), at(0))), "unreachable");
}

#[test]
fn a_wrong_secret_is_said_and_shown_nowhere() {
    let rig = Rig::fiskaly();
    let Behind::Fiskaly(simulator) = &rig.behind else { panic!("a simulator") };
    let wrong = fiskaly::Secret { api_secret: "other_secret".to_owned(), ..secret() };
    let unit = Fiskaly::new(simulator.way(Duration::from_millis(400), draw), wrong.clone());
    let unit = unit.expect("a way");
    let fault = unit.identity().expect_err("a fault");
    assert_eq!(fault.code(), "credentials");
    let no_pin = fiskaly::Secret { admin_pin: None, ..secret() };
    let pinless = Fiskaly::new(simulator.way(Duration::from_millis(400), draw), no_pin);
    let missing = pinless.expect("a way").register(TILL, at(1)).expect_err("a fault");
    assert_eq!(missing.code(), "no_admin_pin");
    for shown in [
        format!("{fault:?} {fault}"),
        format!("{missing:?} {missing}"),
        format!("{unit:?}"),
        format!("{wrong:?}"),
    ] {
        for hidden in ["test_key", "secret\"", "other_secret", "1234567890"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }
}

#[test]
fn whoever_sells_does_not_wait_for_an_export_and_its_file_may_take_longer_than_an_answer() {
    let rig = Rig::fiskaly().ready();
    let Behind::Fiskaly(simulator) = &rig.behind else { panic!("a simulator") };
    let gate = simulator.exports();
    let held = |at: Hold| {
        while gate.held() != at {
            std::thread::yield_now();
        }
    };
    let sell = || {
        let began = rig.unit.begin(TILL, at(1)).expect("began");
        rig.unit.finish((TILL, began.number), PROCESS, at(1)).expect("finished");
    };
    gate.hold(Hold::Made);
    std::thread::scope(|scope| {
        let export = scope.spawn(|| {
            let mut tar = Vec::new();
            rig.unit.export((None, None), at(1), &mut tar).map(|()| tar)
        });
        held(Hold::Made);
        sell();
        gate.hold(Hold::Sent);
        held(Hold::Sent);
        sell();
        // An answer that does not come is waited for as long as any answer; the file is waited for still.
        simulator.script(&[(Deed::Begin, Trouble::Late)]);
        sell();
        assert!(!export.is_finished());
        gate.hold(Hold::Nowhere);
        let tar = export.join().expect("ended").expect("exported");
        assert!(tar::verify(tar.as_slice(), Scope::Whole).is_clean());
    });
}

#[test]
fn a_wrong_pin_or_puk_is_told_once_and_an_old_token_costs_none() {
    let rig = Rig::fiskaly();
    let Behind::Fiskaly(simulator) = &rig.behind else { panic!("a simulator") };
    let with = |pin: &str| {
        let secret = fiskaly::Secret { admin_pin: Some(pin.to_owned()), ..secret() };
        Fiskaly::new(simulator.way(Duration::from_secs(1), draw), secret).expect("a way")
    };
    let wrong = with("0000000000");
    wrong.self_test(at(0)).expect("nobody needs a PIN for that");
    assert_eq!(code(wrong.register(TILL, at(1))), "admin_pin");
    assert_eq!(simulator.mistold(), 1);
    assert_eq!(code(wrong.set_up(Some("1"), at(1), &mut |_| Ok(()))), "admin_pin");
    assert_eq!(simulator.mistold(), 2);
    let right = with("1234567890");
    right.self_test(at(0)).expect("in order");
    right.register(TILL, at(1)).expect("registered");
    simulator.script(&[(Deed::Begin, Trouble::LoggedOut)]);
    right.begin(TILL, at(1)).expect("with a new token");
    right.register("TR-2", at(1)).expect("registered");
    assert_eq!(simulator.mistold(), 2);
}
