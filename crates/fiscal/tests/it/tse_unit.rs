//! The software unit: its days, its refusals, its state.

use fiscal::de::tse::certificate::Certificate;
use fiscal::de::tse::tar::{self, Scope};
use fiscal::de::tse::*;

use crate::tse_kit::{Day, Numbers, RECEIPT, archive, at, read, report, setup};

#[test]
fn a_day_verifies_by_its_codes_and_by_its_export_on_every_curve_in_every_shape() {
    for curve in Curve::ALL {
        for version in [Version::V2, Version::V3] {
            for format in TimeFormat::ALL {
                let day = Day::spent(setup(curve, version, format), 3);
                let info = day.unit.info().expect("it says what it is");
                for code in &day.codes {
                    let again = read(&code.to_string());
                    assert_eq!(&again, code);
                    let verified = again.verify();
                    let good = Ok(qr::VerifiedCode { version, serial: info.serial });
                    assert_eq!(verified, good, "{curve:?} {version:?} {format:?}");
                }
                let report = report(day.files());
                assert_eq!(report.first(), None, "{curve:?} {version:?} {format:?}");
                let [unit] = report.units.as_slice() else { panic!("one unit") };
                assert_eq!((unit.serial, unit.curve), (info.serial, Some(curve)));
                assert_eq!((unit.logs, unit.counters), (13, (1, 13)));
                assert_eq!((unit.transactions, unit.open.len()), (3, 0));
                assert_eq!(unit.clients.len(), 2);
            }
        }
    }
}

#[test]
fn the_unit_says_everywhere_that_it_is_not_certified() {
    for version in [Version::V2, Version::V3] {
        let day = Day::spent(setup(Curve::P256, version, TimeFormat::UnixTime), 1);
        let info = day.unit.info().expect("it says what it is");
        assert_eq!(info.manufacturer, NOT_CERTIFIED);
        let mut whole = Vec::new();
        day.unit.export(day.logs.clone(), at(9_000_001), &mut whole).expect("an export");
        let report = tar::verify(whole.as_slice(), Scope::Whole);
        assert_eq!(report.first(), None);
        assert!(report.info.matches(NOT_CERTIFIED).count() >= 2, "{}", report.info);
        let [certificate] = report.certificates.as_slice() else { panic!("one certificate") };
        assert!(certificate.subject.contains("NOT A CERTIFIED TSE – training only"));
        assert_eq!(certificate.signed_by, tar::SignedBy::Itself);
        assert_eq!(certificate.serial, Some(info.serial));
        let until = certificate.not_after.expect("an end").as_second();
        assert_eq!(until, info.valid_until.as_second());
    }
}

#[test]
fn the_state_goes_through_json_and_the_same_day_gives_the_same_bytes() {
    let setup = setup(Curve::BrainpoolP384r1, Version::V3, TimeFormat::GeneralizedTime);
    let mut day = Day::spent(setup.clone(), 2);
    let again = Day::spent(setup, 2);
    assert_eq!(day.logs, again.logs);
    let started = day.unit.start("Kasse 2", at(9_100_000)).expect("a start");
    let text = serde_json::to_string(&day.unit).expect("a state");
    let mut back: SoftwareUnit = serde_json::from_str(&text).expect("the state");
    assert_eq!(back, day.unit);
    let one =
        day.unit.finish("Kasse 2", started.transaction, "SonstigerVorgang", b"", at(9_200_000));
    let two = back.finish("Kasse 2", started.transaction, "SonstigerVorgang", b"", at(9_200_000));
    assert_eq!(one, two);
    assert_eq!(back, day.unit);
    // The key is in the state, and in nothing that is shown.
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let key = json["setup"]["key"].as_str().expect("the key");
    assert!(!format!("{:?}", day.unit).contains(key));
    let broken = text.replace(key, &"0".repeat(key.len()));
    assert!(serde_json::from_str::<SoftwareUnit>(&broken).is_err());
}

#[test]
fn what_the_unit_refuses_leaves_it_as_it_was() {
    let mut day = Day::spent(setup(Curve::P256, Version::V2, TimeFormat::UtcTime), 1);
    let open = day.unit.start("Kasse 2", at(9_100_000)).expect("a start");
    day.logs.push(open.log.clone());
    let before = day.unit.clone();
    let unit = &mut day.unit;
    let now = at(9_200_000);
    let number = open.transaction;
    use UnitFault::*;
    for name in ["", "Kasse/3", "Kasse_3", "Käse", &"x".repeat(31)] {
        assert_eq!(unit.register_client(name, now), Err(ClientName));
    }
    assert_eq!(unit.register_client("Kasse 2", now), Err(ClientKnown));
    assert_eq!(unit.deregister_client("K-1", now), Err(ClientUnknown));
    assert_eq!(unit.deregister_client("Kasse 2", now), Err(ClientBusy));
    assert_eq!(unit.start("K-1", now), Err(ClientUnknown));
    assert_eq!(unit.finish("K-1", number, "x", b"", now), Err(TransactionUnknown));
    assert_eq!(unit.finish("Kasse 2", number + 1, "x", b"", now), Err(TransactionUnknown));
    assert_eq!(unit.update("Kasse 2", 1, "x", b"", now), Err(TransactionUnknown));
    assert_eq!(unit.finish("Kasse 2", number, "ü", b"", now), Err(Process));
    assert_eq!(unit.finish("Kasse 2", number, &"x".repeat(101), b"", now), Err(Process));
    let much = vec![0; software::LONGEST_PROCESS_DATA + 1];
    assert_eq!(unit.finish("Kasse 2", number, "x", &much, now), Err(Process));
    assert_eq!(day.unit, before);

    day.finish("Kasse 2", &open, now);
    day.logs.push(day.unit.disable(now).expect("an end"));
    assert_eq!(day.unit.start("Kasse 2", now), Err(Disabled));
    assert_eq!(day.unit.disable(now), Err(Disabled));
    assert!(day.unit.info().expect("it still says what it is").disabled);
    assert_eq!(report(day.files()).first(), None);
}

#[test]
fn no_more_transactions_are_open_than_the_unit_can_hold() {
    let setup = setup(Curve::P256, Version::V2, TimeFormat::UnixTime);
    let (mut unit, _) = SoftwareUnit::new(setup, at(0)).expect("a unit");
    unit.register_client("K", at(0)).expect("a till");
    for _ in 0..software::MOST_OPEN {
        unit.start("K", at(0)).expect("a start");
    }
    assert_eq!(unit.start("K", at(0)), Err(UnitFault::TooManyOpen));
    unit.finish("K", 1, "", b"", at(0)).expect("a finish");
    assert_eq!(unit.start("K", at(0)).map(|signed| signed.transaction), Ok(513));
}

#[test]
fn a_unit_that_is_asked_anything_in_any_order_keeps_what_verifies() {
    for seed in 0..12 {
        let mut numbers = Numbers(seed);
        let curve = Curve::ALL[numbers.below(4)];
        let version = [Version::V2, Version::V3][numbers.below(2)];
        let format = TimeFormat::ALL[numbers.below(5)];
        let (unit, first) =
            SoftwareUnit::new(setup(curve, version, format), at(0)).expect("a unit");
        let mut day = Day { unit, logs: vec![first], codes: Vec::new() };
        let mut refused = 0;
        for _ in 0..60 {
            let now = at(i64::try_from(numbers.below(10_000_000)).expect("small"));
            let client = ["A", "B", "C"][numbers.below(3)];
            let number = numbers.below(8) as u64;
            let unit = &mut day.unit;
            let log = match numbers.below(9) {
                0 => unit.register_client(client, now),
                1 => unit.deregister_client(client, now),
                2 => unit.self_test(now),
                3 => unit.update_time(now),
                4 | 5 => unit.start(client, now).map(|signed| signed.log),
                6 => unit.update(client, number, "x", b"y", now).map(|signed| signed.log),
                _ => {
                    let data = RECEIPT.as_bytes();
                    let finished = unit.finish(client, number, "Kassenbeleg-V1", data, now);
                    finished.map(|signed| signed.log)
                }
            };
            match log {
                Ok(log) => day.logs.push(log),
                Err(_) => refused += 1,
            }
        }
        assert!(refused > 0 && day.logs.len() > 10);
        let open: Vec<u64> = day.unit.info().expect("it says").open.into_keys().collect();
        let report = tar::verify(archive(day.files()).as_slice(), Scope::Whole);
        assert_eq!(report.first(), None, "seed {seed}");
        assert_eq!(report.units[0].open.iter().copied().collect::<Vec<_>>(), open);
    }
}

#[test]
fn its_certificate_is_read_from_der_and_from_pem_and_holds_only_as_it_is() {
    for curve in Curve::ALL {
        let day = Day::spent(setup(curve, Version::V2, TimeFormat::UnixTime), 0);
        let der = day.unit.info().expect("it says what it is").certificate;
        let [read] = Certificate::read_all(&der).expect("a certificate").try_into().expect("one");
        assert_eq!(read.verify_by(&read), Some(Ok(())));
        for at in (0..der.len()).step_by(3) {
            let mut forged = der.clone();
            forged[at] ^= 1 << (at % 8);
            let good = Certificate::read_all(&forged)
                .is_ok_and(|all| all.first().is_some_and(|one| one.verify_by(one) == Some(Ok(()))));
            assert!(!good, "byte {at}");
        }
    }
}
