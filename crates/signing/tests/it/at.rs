//! Signature devices of Austria: what each does, whatever it is, and what the simulated one does when something goes wrong.

use std::net::SocketAddr;
use std::time::Duration;

use fiscal::at::certificate::Certificate;
use fiscal::at::{Signature, jws};
use signing::Fault;
use signing::at::{Atrust, Device, Secret, Setup, Software};
use signing::simulator::Trouble;
use signing::simulator::atrust::{Setup as SimulatorSetup, Simulator};
use tempfile::TempDir;

const CODE: &str =
    "_R1-AT1_K1_1_2026-11-26T09:00:00_1,00_0,00_0,00_0,00_0,00_k8wUAJDJ+Ro=_3ad80154_MLC7zyhZCDo=";
const PATIENCE: Duration = Duration::from_secs(1);

fn simulator() -> Simulator {
    Simulator::start(SimulatorSetup {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        seed: [9; 32],
        now: "2026-11-26T08:00:00Z".parse().expect("a time"),
        user: "u123456789".to_owned(),
        secret: Secret("123456789".to_owned()),
    })
    .expect("started")
}

fn atrust(setup: Setup, password: &str) -> Atrust {
    Atrust::new(setup, Secret(password.to_owned())).expect("a way")
}

fn software(folder: &TempDir) -> Software {
    let path = folder.path().join("signer.key");
    Software::open(&path, &[3; 32], "U:ATU12345678").expect("a device")
}

/// Every kind of device.
fn all(folder: &TempDir, simulator: &Simulator) -> Vec<(&'static str, Box<dyn Device>)> {
    vec![
        ("software", Box::new(software(folder))),
        ("atrust", Box::new(atrust(simulator.way(PATIENCE), "123456789"))),
    ]
}

#[test]
fn a_device_says_who_it_is_and_its_signatures_are_its_own_over_that_very_code() {
    let (folder, simulator) = (tempfile::tempdir().expect("a folder"), simulator());
    for (kind, device) in all(&folder, &simulator) {
        let identity = device.identity().expect("said");
        assert_eq!(device.identity().expect("said"), identity, "{kind}");
        assert!(!identity.certified, "{kind}: nothing simulated is certified");
        let signed = Signature::Signed(Box::new(device.sign(CODE).expect("signed")));
        assert!(identity.key.verifies(CODE, &signed), "{kind}");
        assert!(!identity.key.verifies(&CODE.replace("1,00", "1,01"), &signed), "{kind}");
        if let Some(der) = identity.certificates.first() {
            let certificate = Certificate::from_der(der).expect("a certificate");
            assert_eq!(certificate.key, identity.key, "{kind}");
            assert_eq!(identity.unit.certificate(), certificate.serial, "{kind}");
        }
        // A lost answer is asked for again, and either is as good.
        let again = Signature::Signed(Box::new(device.sign(CODE).expect("signed again")));
        assert!(identity.key.verifies(CODE, &again), "{kind}");
    }
}

#[test]
fn software_is_a_closed_system_named_test_and_the_same_one_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = software(&folder).identity().expect("said");
    assert!(first.unit.provider().is_closed());
    assert!(first.unit.certificate().starts_with("U:ATU12345678-TEST"), "{first:?}");
    let path = folder.path().join("signer.key");
    let second = Software::open(&path, &[4; 32], "U:ATU12345678").expect("a device");
    assert_eq!(second.identity().expect("said"), first, "another seed makes no other device");
    std::fs::write(&path, "not a key").expect("written");
    let other = Software::open(&path, &[3; 32], "U:ATU12345678");
    assert!(matches!(other, Err(Fault::Unusable("self_test"))));
}

#[test]
fn what_goes_wrong_at_the_provider_is_said_and_the_next_signature_holds() {
    let simulator = simulator();
    let device = atrust(simulator.way(PATIENCE), "123456789");
    let identity = device.identity().expect("said");
    let troubles = [
        (Trouble::Deaf, "no_answer"),
        (Trouble::Late, "no_answer"),
        (Trouble::Busy, "busy"),
        (Trouble::Full, "provider"),
        (Trouble::LoggedOut, "credentials"),
        (Trouble::Gibberish, "bad_answer"),
        (Trouble::WrongSignature, "bad_signature"),
        (Trouble::WrongCounter, "bad_signature"),
    ];
    for (trouble, code) in troubles {
        simulator.script(&[trouble]);
        let fault = device.sign(CODE).expect_err("not signed");
        assert_eq!(fault.code(), code, "{trouble:?}");
        let signed = Signature::Signed(Box::new(device.sign(CODE).expect("signed")));
        assert!(identity.key.verifies(CODE, &signed), "{trouble:?}");
    }
}

#[test]
fn a_wrong_password_a_wrong_user_and_a_host_that_is_gone_are_told_apart() {
    let simulator = simulator();
    let wrong = atrust(simulator.way(PATIENCE), "another");
    assert_eq!(wrong.sign(CODE).expect_err("refused").code(), "credentials");
    let way = Setup { user: "u1".to_owned(), ..simulator.way(PATIENCE) };
    assert_eq!(atrust(way, "123456789").sign(CODE).expect_err("refused").code(), "user");
    let way = simulator.way(PATIENCE);
    drop(simulator);
    assert_eq!(atrust(way, "123456789").sign(CODE).expect_err("gone").code(), "unreachable");
}

#[test]
fn passwords_go_over_tls_or_stay_on_this_machine() {
    for base in ["http://www.a-trust.at/asignrkonline/v2", "ftp://127.0.0.1/", "https://a@b.at/"] {
        let setup = Setup { base: base.to_owned(), user: "u1".to_owned(), patience: PATIENCE };
        assert!(Atrust::new(setup, Secret("x".to_owned())).is_err(), "{base}");
    }
    let setup =
        Setup { base: signing::at::LIVE.to_owned(), user: "u/1".to_owned(), patience: PATIENCE };
    assert!(Atrust::new(setup, Secret("x".to_owned())).is_err(), "a user is no path");
    let secret = format!("{:?}", Secret("hidden".to_owned()));
    assert!(!secret.contains("hidden"));
    assert!(jws::signing_input(CODE).starts_with(jws::HEADER));
}
