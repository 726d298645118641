//! What signing units signed, verified from the command line.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use fiscal::de::tse::software::SecretBytes;
use fiscal::de::tse::{
    Curve, PrivateKey, ReceiptCode, Setup, SignatureAlgorithm, SoftwareUnit, TimeFormat, Version,
};
use jiff::Timestamp;
use serde_json::json;

use crate::day::pause;
use crate::kit::{Folder, Ids, done, program, said, set_up, sign_in, start, tresen};

const TYPE: &str = "Kassenbeleg-V1";
const DATA: &str = "Beleg^7.05_0.00_0.00_0.00_0.00^7.05:Bar";

/// A unit that signed three receipts: their codes, and its export.
fn unit() -> (Vec<String>, Vec<u8>) {
    let now: Timestamp = "2026-11-26T08:00:00Z".parse().expect("a time");
    let setup = Setup {
        curve: Curve::BrainpoolP384r1,
        version: Version::V3,
        time_format: TimeFormat::UnixTime,
        key: SecretBytes(PrivateKey::bytes_from_seed(Curve::BrainpoolP384r1, &[7; 32])),
        description: "test".to_owned(),
    };
    let (mut unit, begun) = SoftwareUnit::new(setup, now).expect("made");
    let mut logs = vec![begun, unit.register_client("K-1", now).expect("registered")];
    let mut codes = Vec::new();
    let info = unit.info().expect("said");
    for _ in 0..3 {
        let started = unit.start("K-1", now).expect("started");
        let done = unit.finish("K-1", started.transaction, TYPE, DATA.as_bytes(), now);
        let done = done.expect("finished");
        let code = ReceiptCode {
            client: "K-1".to_owned(),
            process_type: TYPE.to_owned(),
            process_data: DATA.to_owned(),
            transaction: done.transaction,
            counter: done.counter,
            start: started.at,
            finish: done.at,
            algorithm: SignatureAlgorithm::clone(&info.algorithm),
            time_format: info.time_format,
            signature: done.signature,
            public_key: info.public_key.clone(),
        };
        codes.push(code.to_string());
        logs.extend([started.log, done.log]);
    }
    let mut archive = Vec::new();
    unit.export(logs, now, &mut archive).expect("exported");
    (codes, archive)
}

fn verify_lines(lines: &str) -> Output {
    let mut command = Command::new(program());
    command.args(["--language", "de", "verify", "--qr", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it runs");
    child.stdin.take().expect("open").write_all(lines.as_bytes()).expect("written");
    child.wait_with_output().expect("it ends")
}

#[test]
fn a_code_holds_and_a_forged_one_does_not() {
    let (codes, _) = unit();
    let code = codes.first().expect("one");
    let output = tresen(&["verify", "--qr", code], &[]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).starts_with("holds: till K-1, transaction 1"), "{}", said(&output));

    let forged = code.replace("7.05", "7.04");
    let output = tresen(&["verify", "--qr", &forged], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).starts_with("does not hold"), "{}", said(&output));

    for broken in ["", "V0;", "V0;K;Kassenbeleg-V1", "https://example.com", "V0;;;;;;;;;;;;"] {
        let output = tresen(&["verify", "--qr", broken], &[]);
        assert_eq!(output.status.code(), Some(1), "{broken}");
        assert!(!said(&output).contains("panicked"), "{}", said(&output));
    }
}

#[test]
fn many_codes_are_read_from_lines_and_those_that_do_not_hold_are_counted() {
    let (mut codes, _) = unit();
    let output = verify_lines(&codes.join("\n"));
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(said(&output).lines().filter(|line| line.starts_with("hält: Kasse K-1")).count(), 3);

    let last = codes.pop().expect("three").replacen("2026", "2025", 2);
    codes.push(last);
    let output = verify_lines(&codes.join("\r\n"));
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("nicht halten: 1 / 3"), "{}", said(&output));

    let output = verify_lines("\n\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("kein Code"), "{}", said(&output));
}

#[test]
fn an_export_holds_and_one_with_a_byte_changed_does_not() {
    let (_, archive) = unit();
    let folder = Folder::new();
    let path = folder.file("export.tar");
    std::fs::write(&path, &archive).expect("written");
    let verify = |path: &Path| tresen(&["verify", "--tar"], &[path]);
    let output = verify(&path);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("transactions 3, of them open 0"), "{}", said(&output));

    let at = archive.windows(4).position(|part| part == b"7.05").expect("signed data");
    let mut changed = archive.clone();
    changed.get_mut(at..at + 4).expect("there").copy_from_slice(b"9.05");
    std::fs::write(&path, &changed).expect("written");
    let output = verify(&path);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("the signature does not hold"), "{}", said(&output));

    std::fs::write(&path, "no archive").expect("written");
    assert_eq!(verify(&path).status.code(), Some(1));
    assert_eq!(verify(&folder.file("none.tar")).status.code(), Some(1));
}

#[test]
fn what_a_unit_signed_is_exported_beside_the_running_shop() {
    let folder = Folder::new();
    let (file, mut ids) = (folder.file("shop.sqlite"), Ids::new(7));
    let shop = start(&file);
    let mut office = set_up(&shop);
    let mut settings = office.ok("GET", "/api/v1/settings", None).expect("settings");
    settings.as_object_mut().expect("an object").remove("revision");
    let unit = json!({"id": 1, "name": "Test", "kind": "software"});
    settings["signing"] = json!({"serial": "TR", "units": [unit]});
    let configure = json!({"id": ids.next(), "type": "configure", "settings": settings});
    office.ok("POST", "/api/v1/shop/commands", Some(&configure)).expect("configured");
    let mut till = sign_in(&shop);
    let euros = |amount: i64| json!({"amount": amount, "currency": "EUR"});
    done(&mut till, &mut ids, json!({"type": "open_day", "float": euros(10_000)}));
    let goods = json!({"type": "sell_unknown", "group": 1, "price": euros(1_890)});
    done(&mut till, &mut ids, goods);
    done(&mut till, &mut ids, json!({"type": "pay_cash", "tendered": euros(1_890)}));
    let reader = store::Reader::open(&file).expect("the file");
    // Two minutes at least: a bound for what hangs, not for what is slow.
    let waits = || !reader.signings().expect("read").is_empty();
    for _ in 0..6_000 {
        if !waits() {
            break;
        }
        pause();
    }
    assert!(!waits(), "it is not signed");

    let target = folder.file("export.tar");
    let export = |more: &[&str]| {
        let args = [&["export", "tar", "--unit", "1"], more, &["--file"]].concat();
        tresen(&args, &[&file, &target])
    };
    let output = export(&[]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("TEST: no certified TSE signed this"), "{}", said(&output));
    let output = tresen(&["verify", "--tar"], &[&target]);
    assert!(output.status.success(), "{}", said(&output));
    // The float and the receipt, and whatever a unit signed for itself.
    assert!(said(&output).contains("of them open 0"), "{}", said(&output));
    assert!(!said(&output).contains("transactions 0"), "{}", said(&output));

    // Nothing is written over, and nothing half written is left.
    let whole = std::fs::read(&target).expect("there");
    let output = export(&[]);
    assert!(!output.status.success());
    assert!(said(&output).contains("exists already"), "{}", said(&output));
    assert_eq!(std::fs::read(&target).expect("there"), whole);
    std::fs::remove_file(&target).expect("removed");
    let output = export(&["--to", "2020-01-01"]);
    assert!(!output.status.success());
    assert!(said(&output).contains("on these days the unit signed nothing"), "{}", said(&output));
    assert!(!target.exists() && !folder.file("export.tar.part").exists());
    shop.kill().expect("killed");
}
