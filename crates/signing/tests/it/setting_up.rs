//! Units that are set up from nothing, whatever interrupts that.

use std::sync::Arc;
use std::time::Duration;

use signing::simulator::{self, Deed, Trouble};
use signing::{Epson, Fault, Fiskaly, SetupStep, Told, Unit as _, epson, fiskaly};

use crate::rig::{PROCESS, TILL, at, code, draw, pins, secret};

const PATIENCE: Duration = Duration::from_millis(700);

fn cloud(folder: &tempfile::TempDir) -> simulator::fiskaly::Simulator {
    simulator::fiskaly::Simulator::start(simulator::fiskaly::Setup {
        listen: "127.0.0.1:0".parse().expect("an address"),
        memory: folder.path().join("unit.tse"),
        seed: [7; 32],
        clock: Arc::new(|| at(5)),
        tss: "3a8f0c2e-1111-4222-8333-444455556666".parse().expect("a UUID"),
        secret: fiskaly::Secret { admin_pin: None, ..secret() },
        new: true,
    })
    .expect("started")
}

fn printer(folder: &tempfile::TempDir) -> simulator::epson::Simulator {
    simulator::epson::Simulator::start(simulator::epson::Setup {
        listen: "127.0.0.1:0".parse().expect("an address"),
        memory: folder.path().join("unit.tse"),
        seed: [9; 32],
        clock: Arc::new(|| at(5)),
        secret: epson::Secret { admin_pin: String::new(), time_admin_pin: String::new(), ..pins() },
        new: true,
    })
    .expect("started")
}

/// What was told, and how it ended.
fn told(
    set_up: impl FnOnce(signing::Tell<'_>) -> Result<(), Fault>,
) -> (Vec<SetupStep>, Option<String>, Result<(), Fault>) {
    let (mut steps, mut puk) = (Vec::new(), None);
    let done = set_up(&mut |told| {
        match told {
            Told::Step(step) => steps.push(step),
            Told::Puk(text) => puk = Some(text.to_owned()),
        }
        Ok(())
    });
    (steps, puk, done)
}

#[test]
fn fiskaly_makes_a_unit_tells_its_puk_and_lets_a_till_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let cloud = cloud(&folder);
    let unit = Fiskaly::new(cloud.way(PATIENCE, draw), secret()).expect("a way");
    assert_eq!(code(unit.self_test(at(5))), "not_set_up");
    let (steps, puk, done) = told(|tell| unit.set_up(None, at(5), tell));
    done.expect("set up");
    use SetupStep as S;
    assert_eq!(steps, [S::Connect, S::Create, S::Personalise, S::AdminPin, S::Initialise]);
    assert_eq!(puk.as_deref(), Some(simulator::fiskaly::PUK));
    unit.self_test(at(5)).expect("in order");
    unit.register(TILL, at(5)).expect("registered");
    let began = unit.begin(TILL, at(5)).expect("began");
    unit.finish((TILL, began.number), PROCESS, at(6)).expect("finished");
    // Once more is no harm; with another PIN it is said, and the PUK sets that one.
    told(|tell| unit.set_up(None, at(5), tell)).2.expect("it is");
    let other = fiskaly::Secret { admin_pin: Some("7654321".to_owned()), ..secret() };
    let other = Fiskaly::new(cloud.way(PATIENCE, draw), other).expect("a way");
    assert_eq!(code(told(|tell| other.set_up(None, at(5), tell)).2), "admin_pin");
    assert_eq!(code(told(|tell| other.set_up(Some("1"), at(5), tell)).2), "admin_pin");
    told(|tell| other.set_up(Some(simulator::fiskaly::PUK), at(5), tell)).2.expect("set");
    other.register("TR-2", at(5)).expect("the new PIN counts");
    let none = fiskaly::Secret { admin_pin: None, ..secret() };
    let none = Fiskaly::new(cloud.way(PATIENCE, draw), none).expect("a way");
    assert_eq!(code(told(|tell| none.set_up(None, at(5), tell)).2), "no_admin_pin");
}

#[test]
fn fiskalys_making_goes_on_where_it_was_interrupted() {
    for trouble in [Trouble::Lost, Trouble::Deaf, Trouble::Busy, Trouble::Late] {
        for before in 0..3 {
            let folder = tempfile::tempdir().expect("a folder");
            let cloud = cloud(&folder);
            let unit = || Fiskaly::new(cloud.way(PATIENCE, draw), secret()).expect("a way");
            let mut script = vec![(Deed::SetUp, Trouble::Twice); before];
            script.push((Deed::SetUp, trouble));
            cloud.script(&script);
            let mut kept = None;
            for _ in 0..4 {
                let (_, puk, done) = told(|tell| unit().set_up(kept.as_deref(), at(5), tell));
                kept = puk.or(kept);
                if done.is_ok() {
                    break;
                }
            }
            assert!(kept.is_some(), "{trouble:?} at {before}: nobody heard the PUK");
            let unit = unit();
            unit.self_test(at(5)).unwrap_or_else(|why| panic!("{trouble:?} at {before}: {why}"));
            unit.register(TILL, at(5)).expect("registered");
        }
    }
}

#[test]
fn whoever_cannot_keep_the_puk_goes_no_further() {
    let folder = tempfile::tempdir().expect("a folder");
    let cloud = cloud(&folder);
    let unit = Fiskaly::new(cloud.way(PATIENCE, draw), secret()).expect("a way");
    let stopped = unit.set_up(None, at(5), &mut |told| match told {
        Told::Puk(_) => Err(Fault::Unusable("storage")),
        Told::Step(_) => Ok(()),
    });
    assert_eq!(code(stopped), "storage");
    // It is still to be had.
    let (_, puk, done) = told(|tell| unit.set_up(None, at(5), tell));
    done.expect("set up");
    assert!(puk.is_some());
}

#[test]
fn epsons_unit_is_set_up_with_a_puk_and_the_shops_pins() {
    let folder = tempfile::tempdir().expect("a folder");
    let printer = printer(&folder);
    let unit = Epson::new(printer.way(PATIENCE), pins());
    assert_eq!(code(unit.self_test(at(5))), "not_set_up");
    assert_eq!(code(told(|tell| unit.set_up(None, at(5), tell)).2), "no_puk");
    printer.script(&[(Deed::SetUp, Trouble::Lost)]);
    assert_eq!(code(told(|tell| unit.set_up(Some("123456"), at(5), tell)).2), "no_answer");
    // It was done, and the rest follows.
    let (steps, puk, done) = told(|tell| unit.set_up(Some("123456"), at(5), tell));
    done.expect("set up");
    use SetupStep as S;
    assert_eq!((steps, puk), (vec![S::Connect, S::SelfTest, S::Time], None));
    unit.register(TILL, at(5)).expect("registered");
    let began = unit.begin(TILL, at(5)).expect("began");
    unit.finish((TILL, began.number), PROCESS, at(6)).expect("finished");
    let other = epson::Secret { admin_pin: "99999".to_owned(), ..pins() };
    drop(unit);
    let other = Epson::new(printer.way(PATIENCE), other);
    assert_eq!(code(told(|tell| other.set_up(Some("123456"), at(5), tell)).2), "credentials");
}

#[test]
fn epsons_storage_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let printer = printer(&folder);
    printer.fill(simulator::STORAGE / 5 * 4);
    let unit = Epson::new(printer.way(PATIENCE), pins());
    let usage = unit.usage().expect("said");
    assert_eq!(usage.storage, Some((800_000, 1_000_000)));
    assert_eq!(usage.signatures.map(|(_, most)| most), Some(20_000_000));
    assert_eq!(usage.clients.map(|(used, _)| used), Some(0));
}
