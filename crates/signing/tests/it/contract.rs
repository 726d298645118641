//! What every unit does, whatever it is, and what every simulated one does when something goes wrong.

use fiscal::de::tse::tar::{self, Scope};
use signing::Fault;
use signing::simulator::{Deed, Trouble};

use crate::rig::{DATA, PROCESS, Rig, TILL, TYPE, at, code};

#[test]
fn a_unit_says_who_it_is_and_says_the_same_again() {
    for rig in Rig::all() {
        let identity = rig.unit.identity().expect("said");
        assert_eq!(identity.serial.len(), 64, "{}", rig.kind);
        assert!(!identity.certified, "{}: nothing simulated is certified", rig.kind);
        assert!(!identity.certificates.is_empty() && identity.valid_until > at(0));
        assert_eq!(rig.unit.identity().expect("said"), identity, "{}", rig.kind);
        let rig = rig.ready();
        assert_eq!(rig.unit.identity().expect("said"), identity, "{}", rig.kind);
    }
}

#[test]
fn a_till_may_be_made_known_twice_and_one_that_is_not_known_begins_nothing() {
    for rig in Rig::all() {
        let rig = rig.ready();
        rig.unit.register(TILL, rig.time(2)).expect("registered again");
        assert_eq!(code(rig.unit.begin("TR-9", rig.time(3))), "client", "{}", rig.kind);
        assert_eq!(rig.unit.open_transactions("TR-9").expect("said"), [0; 0], "{}", rig.kind);
    }
}

#[test]
fn transactions_are_begun_updated_and_finished_and_every_receipt_verifies() {
    for rig in Rig::all() {
        let rig = rig.ready();
        let mut last = (0, 0);
        for round in 0..3 {
            let began = rig.unit.begin(TILL, rig.time(10 * round + 10)).expect("began");
            assert!(began.number > last.0, "{}", rig.kind);
            assert_eq!(began.at, at(10 * round + 10), "{}", rig.kind);
            let of = (TILL, began.number);
            rig.unit.update(of, (TYPE, "Beleg^"), rig.time(10 * round + 12)).expect("updated");
            assert_eq!(rig.unit.open_transactions(TILL).expect("said"), [began.number]);
            assert_eq!(rig.unit.finished(of, PROCESS).expect("said"), None, "{}", rig.kind);
            let done = rig.unit.finish(of, PROCESS, rig.time(10 * round + 15)).expect("finished");
            assert!(done.counter > last.1, "{}", rig.kind);
            assert_eq!(done.at, at(10 * round + 15), "{}", rig.kind);
            rig.verify(began.number, &done);
            last = (began.number, done.counter);
        }
        assert_eq!(rig.unit.open_transactions(TILL).expect("said"), [0; 0], "{}", rig.kind);
    }
}

#[test]
fn a_finish_is_found_again_with_these_data_only_and_never_done_twice() {
    for rig in Rig::all() {
        let rig = rig.ready();
        let began = rig.unit.begin(TILL, rig.time(2)).expect("began");
        let of = (TILL, began.number);
        let done = rig.unit.finish(of, PROCESS, rig.time(3)).expect("finished");
        let again = rig.unit.finish(of, PROCESS, rig.time(4));
        assert!(matches!(again, Err(Fault::NoTransaction)), "{}: {again:?}", rig.kind);
        let update = rig.unit.update(of, PROCESS, rig.time(4));
        assert!(matches!(update, Err(Fault::NoTransaction)), "{}: {update:?}", rig.kind);
        assert_eq!(rig.unit.finished(of, PROCESS).expect("said"), Some(done), "{}", rig.kind);
        for other in [(TYPE, "Beleg^"), ("SonstigerVorgang", DATA)] {
            assert_eq!(rig.unit.finished(of, other).expect("said"), None, "{}", rig.kind);
        }
        for other in [("TR-2", began.number), (TILL, 4711)] {
            assert_eq!(rig.unit.finished(other, PROCESS).expect("said"), None, "{}", rig.kind);
            let never = rig.unit.finish(other, PROCESS, rig.time(5));
            assert!(matches!(never, Err(Fault::NoTransaction)), "{}: {never:?}", rig.kind);
        }
        assert_eq!(rig.kept(began.number), [1, 0, 1], "{}", rig.kind);
    }
}

#[test]
fn a_program_that_starts_anew_finds_what_is_open_and_finishes_it() {
    for rig in Rig::all() {
        let mut rig = rig.ready();
        rig.unit.register("TR-2", rig.time(2)).expect("registered");
        let first = rig.unit.begin(TILL, rig.time(2)).expect("began").number;
        let other = rig.unit.begin("TR-2", rig.time(3)).expect("began").number;
        let second = rig.unit.begin(TILL, rig.time(4)).expect("began").number;
        rig.restart();
        assert_eq!(rig.unit.open_transactions(TILL).expect("said"), [first, second]);
        assert_eq!(rig.unit.open_transactions("TR-2").expect("said"), [other]);
        let done = rig.unit.finish((TILL, second), PROCESS, rig.time(5)).expect("finished");
        rig.verify(second, &done);
        assert_eq!(rig.unit.open_transactions(TILL).expect("said"), [first], "{}", rig.kind);
        rig.unit.finish((TILL, first), PROCESS, rig.time(6)).expect("finished");
    }
}

#[test]
fn an_export_verifies_whole_and_between_two_moments() {
    for rig in Rig::all() {
        let rig = rig.ready();
        let mut numbers = Vec::new();
        for round in 0..4 {
            let began = rig.unit.begin(TILL, rig.time(100 * round + 100)).expect("began");
            numbers.push(began.number);
            let now = rig.time(100 * round + 110);
            rig.unit.finish((TILL, began.number), PROCESS, now).expect("finished");
        }
        let mut whole = Vec::new();
        rig.unit.export((None, None), rig.time(900), &mut whole).expect("exported");
        let report = tar::verify(whole.as_slice(), Scope::Whole);
        assert!(report.is_clean(), "{}: {:?}", rig.kind, report.first());
        assert!(report.info.contains("NOT A CERTIFIED TSE"), "{}", rig.kind);
        assert_eq!(report.units[0].transactions, 4, "{}", rig.kind);
        let mut part = Vec::new();
        let span = (Some(at(200)), Some(at(310)));
        rig.unit.export(span, rig.time(901), &mut part).expect("exported");
        let report = tar::verify(part.as_slice(), Scope::Part);
        assert!(report.is_clean(), "{}: {:?}", rig.kind, report.first());
        assert_eq!(report.units[0].transactions, 2, "{}", rig.kind);
    }
}

#[test]
fn an_answer_that_is_late_or_lost_is_found_again_and_nothing_is_signed_twice() {
    for trouble in [Trouble::Late, Trouble::Lost, Trouble::Gibberish] {
        for rig in Rig::simulated() {
            let rig = rig.ready();
            let began = rig.unit.begin(TILL, rig.time(2)).expect("began");
            let of = (TILL, began.number);
            rig.script(&[(Deed::Finish, trouble)]);
            let done = match rig.unit.finish(of, PROCESS, rig.time(3)) {
                Ok(done) => done,
                Err(fault) => {
                    assert!(["no_answer", "bad_answer"].contains(&fault.code()), "{fault}");
                    let again = rig.unit.finish(of, PROCESS, rig.time(4));
                    assert!(matches!(again, Err(Fault::NoTransaction)), "{}", rig.kind);
                    rig.unit.finished(of, PROCESS).expect("said").expect("found")
                }
            };
            rig.verify(began.number, &done);
            assert_eq!(rig.unit.finished(of, PROCESS).expect("said"), Some(done), "{}", rig.kind);
            assert_eq!(rig.kept(began.number), [1, 0, 1], "{} {trouble:?}", rig.kind);
        }
    }
}

#[test]
fn a_lost_finish_is_found_by_a_program_that_starts_anew() {
    for rig in Rig::simulated() {
        let mut rig = rig.ready();
        let began = rig.unit.begin(TILL, rig.time(2)).expect("began");
        let of = (TILL, began.number);
        // Neither the answer nor what is looked up is heard.
        let look = (Deed::Look, Trouble::Lost);
        rig.script(&[(Deed::Finish, Trouble::Lost), look]);
        let _unheard = rig.unit.finish(of, PROCESS, rig.time(3));
        rig.script(&[]);
        rig.restart();
        let mut found = rig.unit.finished(of, PROCESS);
        for _ in 0..8 {
            if matches!(found, Ok(Some(_))) {
                break;
            }
            found = rig.unit.finished(of, PROCESS);
        }
        let done = found.expect("said").expect("found");
        rig.verify(began.number, &done);
        assert_eq!(rig.kept(began.number), [1, 0, 1], "{}", rig.kind);
    }
}

#[test]
fn what_arrives_twice_counts_once() {
    for rig in Rig::simulated() {
        let rig = rig.ready();
        let mut last = 0;
        for round in 0..3 {
            let twice = [Deed::Begin, Deed::Update, Deed::Finish];
            rig.script(&twice.map(|deed| (deed, Trouble::Twice)));
            let began = rig.unit.begin(TILL, rig.time(10 * round + 2)).expect("began");
            assert!(began.number > last, "{}", rig.kind);
            last = began.number;
            let of = (TILL, began.number);
            rig.unit.update(of, PROCESS, rig.time(10 * round + 3)).expect("updated");
            let done = rig.unit.finish(of, PROCESS, rig.time(10 * round + 4)).expect("finished");
            rig.verify(began.number, &done);
            assert_eq!(rig.kept(began.number), [1, 1, 1], "{}", rig.kind);
        }
    }
}

#[test]
fn what_did_not_arrive_is_not_done_and_a_unit_that_comes_back_goes_on() {
    for rig in Rig::simulated() {
        let rig = rig.ready();
        let began = rig.unit.begin(TILL, rig.time(2)).expect("began");
        let of = (TILL, began.number);
        rig.script(&[(Deed::Finish, Trouble::Deaf)]);
        let done = rig.unit.finish(of, PROCESS, rig.time(3));
        let done = match done {
            Ok(done) => done,
            Err(fault) => {
                assert_eq!(fault.code(), "no_answer", "{}", rig.kind);
                assert_eq!(rig.unit.finished(of, PROCESS).expect("said"), None, "{}", rig.kind);
                rig.unit.finish(of, PROCESS, rig.time(4)).expect("finished")
            }
        };
        rig.verify(began.number, &done);
        assert_eq!(rig.kept(began.number), [1, 0, 1], "{}", rig.kind);
    }
}

#[test]
fn a_begin_whose_answer_is_lost_leaves_nothing_that_is_not_found() {
    for trouble in [Trouble::Late, Trouble::Lost] {
        for rig in Rig::simulated() {
            let rig = rig.ready();
            rig.script(&[(Deed::Begin, trouble)]);
            let began = rig.unit.begin(TILL, rig.time(2));
            let open = rig.unit.open_transactions(TILL).expect("said");
            assert_eq!(open.len(), 1, "{} {trouble:?}", rig.kind);
            match began {
                Ok(began) => assert_eq!(open, [began.number], "{}", rig.kind),
                Err(fault) => assert_eq!(fault.code(), "no_answer", "{}", rig.kind),
            }
            let of = (TILL, open[0]);
            rig.unit.finish(of, PROCESS, rig.time(3)).expect("finished");
        }
    }
}

#[test]
fn a_counter_that_was_there_before_and_a_signature_that_is_none_are_not_believed() {
    for (trouble, why) in
        [(Trouble::WrongCounter, "wrong_counter"), (Trouble::WrongSignature, "bad_signature")]
    {
        for rig in Rig::simulated() {
            let rig = rig.ready();
            let began = rig.unit.begin(TILL, rig.time(2)).expect("began");
            let of = (TILL, began.number);
            rig.script(&[(Deed::Finish, trouble)]);
            assert_eq!(code(rig.unit.finish(of, PROCESS, rig.time(3))), why, "{}", rig.kind);
            // It was signed all the same, and what was signed can be had.
            let again = rig.unit.finish(of, PROCESS, rig.time(4));
            assert!(matches!(again, Err(Fault::NoTransaction)), "{}: {again:?}", rig.kind);
            let done = rig.unit.finished(of, PROCESS).expect("said").expect("found");
            rig.verify(began.number, &done);
        }
    }
}

#[test]
fn a_full_storage_is_said_and_a_unit_that_is_busy_is_asked_again_or_says_so() {
    for rig in Rig::simulated() {
        let rig = rig.ready();
        rig.script(&[(Deed::Begin, Trouble::Full)]);
        assert_eq!(code(rig.unit.begin(TILL, rig.time(2))), "storage_full", "{}", rig.kind);
        assert_eq!(rig.unit.open_transactions(TILL).expect("said"), [0; 0], "{}", rig.kind);
        rig.script(&[(Deed::Begin, Trouble::Busy)]);
        if let Err(fault) = rig.unit.begin(TILL, rig.time(3)) {
            assert_eq!(fault.code(), "busy", "{}", rig.kind);
            rig.unit.begin(TILL, rig.time(4)).expect("began");
        }
        assert_eq!(rig.unit.open_transactions(TILL).expect("said").len(), 1, "{}", rig.kind);
    }
}

#[test]
fn a_unit_whose_certificate_is_over_does_not_begin() {
    for rig in Rig::simulated() {
        let rig = rig.ready();
        let over = rig.time(9 * 365 * 86_400);
        assert_eq!(code(rig.unit.self_test(over)), "certificate_expired", "{}", rig.kind);
        assert_eq!(code(rig.unit.begin(TILL, over)), "certificate_expired", "{}", rig.kind);
    }
}

#[test]
fn a_unit_whose_clock_is_wrong_is_found_out() {
    for ahead in [3_600, -3_600] {
        for rig in Rig::simulated() {
            let rig = rig.ready();
            rig.script(&[(Deed::Begin, Trouble::WrongTime(ahead))]);
            assert_eq!(code(rig.unit.begin(TILL, rig.time(9_000))), "wrong_time", "{}", rig.kind);
        }
    }
}

#[test]
fn a_login_that_is_over_is_renewed() {
    for rig in Rig::simulated() {
        let rig = rig.ready();
        let deeds = [Deed::Begin, Deed::Update, Deed::Finish];
        rig.script(&deeds.map(|deed| (deed, Trouble::LoggedOut)));
        let began = rig.unit.begin(TILL, rig.time(2)).expect("began");
        let of = (TILL, began.number);
        rig.unit.update(of, PROCESS, rig.time(3)).expect("updated");
        rig.unit.finish(of, PROCESS, rig.time(4)).expect("finished");
        assert_eq!(rig.kept(began.number), [1, 1, 1], "{}", rig.kind);
    }
}

#[test]
fn a_till_that_is_taken_off_signs_no_more_and_may_come_back() {
    for rig in Rig::all() {
        let rig = rig.ready();
        rig.unit.register("TR-2", rig.time(2)).expect("registered");
        let mut known = rig.unit.clients().expect("said");
        known.sort_unstable();
        assert_eq!(known, [TILL, "TR-2"], "{}", rig.kind);
        let began = rig.unit.begin("TR-2", rig.time(3)).expect("began");
        let off = rig.unit.deregister("TR-2", rig.time(4));
        assert!(off.is_err(), "{}: it has an open transaction", rig.kind);
        rig.unit.finish(("TR-2", began.number), PROCESS, rig.time(5)).expect("finished");
        rig.unit.deregister("TR-2", rig.time(6)).expect("taken off");
        rig.unit.deregister("TR-2", rig.time(7)).expect("it is off");
        rig.unit.deregister("TR-9", rig.time(7)).expect("nobody knows it");
        assert_eq!(rig.unit.clients().expect("said"), [TILL], "{}", rig.kind);
        assert_eq!(code(rig.unit.begin("TR-2", rig.time(8))), "client", "{}", rig.kind);
        rig.unit.register("TR-2", rig.time(9)).expect("back");
        rig.unit.begin("TR-2", rig.time(10)).expect("began");
    }
}

#[test]
fn a_unit_says_how_it_stands() {
    for rig in Rig::all() {
        let rig = rig.ready();
        let before = rig.unit.usage().expect("said");
        rig.unit.begin(TILL, rig.time(3)).expect("began");
        let after = rig.unit.usage().expect("said");
        let open = |usage: &signing::Usage| usage.open.expect("said").0;
        assert_eq!((open(&before), open(&after)), (0, 1), "{}", rig.kind);
        assert!(after.counter > before.counter, "{}: {before:?} {after:?}", rig.kind);
    }
}

/// A disk that takes a little and is full then.
struct Full(usize);

impl std::io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        if taken == 0 { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(taken) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_export_that_cannot_be_kept_is_given_up_and_the_unit_signs_on() {
    for rig in Rig::all() {
        let rig = rig.ready();
        let sell = |round: i64| {
            let began = rig.unit.begin(TILL, rig.time(round)).expect("began");
            rig.unit.finish((TILL, began.number), PROCESS, rig.time(round)).expect("finished");
        };
        sell(100);
        rig.unit.export((None, None), rig.time(200), &mut Full(700)).expect_err("no room");
        sell(300);
        let mut whole = Vec::new();
        rig.unit.export((None, None), rig.time(400), &mut whole).expect("exported");
        let report = tar::verify(whole.as_slice(), Scope::Whole);
        assert!(report.is_clean(), "{}: {:?}", rig.kind, report.first());
        assert_eq!(report.units[0].transactions, 2, "{}", rig.kind);
    }
}

#[test]
fn days_with_one_end_open_are_exported_from_there_on_or_until_then() {
    for rig in Rig::all() {
        let rig = rig.ready();
        let mut numbers = Vec::new();
        for day in 1..=3 {
            let began = rig.unit.begin(TILL, rig.time(day * 1_000)).expect("began");
            rig.unit.finish((TILL, began.number), PROCESS, rig.time(day * 1_000)).expect("signed");
            numbers.push(began.number);
        }
        let now = rig.time(4_000);
        let exported = |span: signing::Span| {
            let mut part = Vec::new();
            rig.unit.export(span, now, &mut part).expect("exported");
            let report = tar::verify(part.as_slice(), Scope::Part);
            assert!(report.is_clean(), "{}: {:?}", rig.kind, report.first());
            let mut found = Vec::new();
            tar::files(part.as_slice(), |name, _| {
                let is = |number: &&u64| name.contains(&format!("_Log-Tra_No-{number}_"));
                found.extend(numbers.iter().filter(is).copied());
            })
            .expect("read");
            found.dedup();
            found
        };
        assert_eq!(exported((None, None)), numbers, "{}", rig.kind);
        assert_eq!(exported((Some(at(2_000)), None)), numbers[1..], "{}", rig.kind);
        assert_eq!(exported((None, Some(at(2_000)))), numbers[..2], "{}", rig.kind);
        assert_eq!(exported((Some(at(1_500)), Some(at(2_500)))), numbers[1..2], "{}", rig.kind);
    }
}
