//! What is said to Epson's device, and what it may not do to whoever asks it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use signing::{Epson, Unit as _, epson, simulator};

use crate::rig::{Behind, PROCESS, Rig, TILL, at, code, pins};

fn to(address: String) -> Epson {
    let device = epson::DEVICE.to_owned();
    Epson::new(epson::Setup { address, device, patience: Duration::from_millis(400) }, pins())
}

#[test]
fn nobody_there_is_a_fault_with_a_name() {
    let unit = to("127.0.0.1:1".to_owned());
    assert_eq!(code(unit.identity()), "unreachable");
    assert_eq!(code(unit.begin(TILL, at(0))), "unreachable");
    assert_eq!(code(unit.finish((TILL, 1), PROCESS, at(0))), "unreachable");
    assert_eq!(code(to("nowhere".to_owned()).self_test(at(0))), "unreachable");
}

#[test]
fn wrong_secrets_are_said_and_shown_nowhere() {
    let rig = Rig::epson();
    let Behind::Epson(simulator) = &rig.behind else { panic!("a simulator") };
    let way = simulator.way(Duration::from_millis(400));
    for wrong in [
        epson::Secret { shared: "OTHERKEY".to_owned(), ..pins() },
        epson::Secret { admin_pin: "00000".to_owned(), ..pins() },
        // That of tills is looked at before there is anything to sign.
        epson::Secret { time_admin_pin: "00000".to_owned(), ..pins() },
    ] {
        let unit = Epson::new(way.clone(), wrong.clone());
        let fault = unit.register("TR-2", at(1)).expect_err("a fault");
        let shown = format!("{fault:?} {fault} {unit:?} {wrong:?}");
        assert_eq!(fault.code(), "credentials", "{shown}");
        for hidden in ["OTHERKEY", "EPSONKEY", "55555", "66666", "00000"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }
}

#[test]
fn whatever_somebody_else_answers_is_a_fault_and_no_more() {
    let open = "<open_device><code>OK</code></open_device>\0";
    let data = |text: &str| format!("<device_data><resultdata>{text}</resultdata></device_data>\0");
    let cases = [
        ("\0".to_owned(), "bad_answer"),
        (format!("hello\0{open}\0"), "bad_answer"),
        ("hello\0<open_device><code>DEVICE_IN_USE</code></open_device>\0".to_owned(), "busy"),
        (format!("hello\0{open}{}", data("no JSON")), "bad_answer"),
        (format!("hello\0{open}{}", data("{}")), "bad_answer"),
        (format!("hello\0{open}{}", data("{&quot;result&quot;:&quot;X&quot;}")), "fault"),
        (format!("hello\0{open}<code>TSE1_ERROR_NO_TSE</code>\0"), "unreachable"),
        (format!("hello\0{open}"), "no_answer"),
        ("hello\0\u{fffd}".to_owned(), "no_answer"),
        (String::new(), "no_answer"),
    ];
    for (said, why) in cases {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let bytes = if said == "\0" { format!("hello\0{said}") } else { said.clone() };
        let other = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody");
            stream.write_all(bytes.as_bytes()).expect("said");
            let mut ignored = Vec::new();
            let _until_gone = stream.read_to_end(&mut ignored);
        });
        assert_eq!(code(to(address).identity()), why, "{said:?}");
        other.join().expect("ended");
    }
}

#[test]
fn another_unit_at_the_same_place_counts_from_its_own_beginning() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = |listen: &str, seed: u8| {
        simulator::epson::Simulator::start(simulator::epson::Setup {
            listen: listen.parse().expect("an address"),
            memory: folder.path().join(format!("{seed}.tse")),
            seed: [seed; 32],
            clock: Arc::new(|| at(1)),
            secret: pins(),
            new: false,
        })
        .expect("started")
    };
    let first = start("127.0.0.1:0", 1);
    let address = first.address().to_string();
    let unit = Epson::new(first.way(Duration::from_secs(1)), pins());
    let sell = || {
        let began = unit.begin(TILL, at(1)).expect("began");
        unit.finish((TILL, began.number), PROCESS, at(1)).expect("finished").counter
    };
    unit.self_test(at(1)).expect("in order");
    unit.register(TILL, at(1)).expect("registered");
    let before = (0..9).map(|_| sell()).max();
    drop(first);
    let _second = start(&address, 2);
    assert_eq!(code(unit.begin(TILL, at(1))), "no_answer", "the line is gone");
    unit.self_test(at(1)).expect("in order");
    unit.register(TILL, at(1)).expect("registered");
    assert!(Some(sell()) < before);
}

#[test]
fn a_unit_that_is_let_go_lets_another_in() {
    let rig = Rig::epson().ready();
    let Behind::Epson(simulator) = &rig.behind else { panic!("a simulator") };
    let other = Epson::new(simulator.way(Duration::from_secs(1)), pins());
    rig.unit.release();
    other.self_test(at(1)).expect("in order");
    other.release();
    rig.unit.begin(TILL, at(1)).expect("it connects again");
}
