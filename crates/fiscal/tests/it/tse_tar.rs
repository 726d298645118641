//! Exports: what is not as it must be is found and named.

use fiscal::de::tse::tar::{self, Difference, ExportFile, Scope, SignedBy};
use fiscal::de::tse::ustar::ArchiveFault;
use fiscal::de::tse::*;

use crate::tse_kit::{Day, Numbers, RECEIPT, archive, at, report, setup};

fn day() -> Day {
    Day::spent(setup(Curve::P256, Version::V2, TimeFormat::UnixTime), 3)
}

/// The first difference of these files, and in which of them.
fn first(files: Vec<ExportFile>) -> Option<(Option<String>, Difference)> {
    let report = report(files);
    assert_eq!(report.is_clean(), report.first().is_none());
    report.first().map(|found| (found.file.clone(), found.difference.clone()))
}

fn position(files: &[ExportFile], part: &str) -> usize {
    files.iter().position(|file| file.name.contains(part)).expect(part)
}

#[test]
fn names_say_what_is_in_the_files() {
    let files = day().files();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    for name in [
        "Unixt_1795680000_Sig-1_Log-Sys_Initialize.log",
        "Unixt_1795680000_Sig-4_Log-Sys_RegisterClient.log",
        "Unixt_1795680000_Sig-6_Log-Tra_No-1_Start_Client-K-1.log",
        "Unixt_1795680062_Sig-9_Log-Tra_No-2_Update_Client-Kasse 2.log",
        "Unixt_1795680063_Sig-10_Log-Tra_No-2_Finish_Client-Kasse 2.log",
    ] {
        assert!(names.contains(&name), "{name} in {names:#?}");
    }
    let export = |format| file_name::export_name(format, at(0));
    assert_eq!(export(TimeFormat::UnixTime), "Export_Unixt_1795680000.tar");
    assert_eq!(export(TimeFormat::UtcTime), "Export_Utc_261126080000Z.tar");
    assert_eq!(export(TimeFormat::GeneralizedTime), "Export_Gent_20261126080000Z.tar");
}

#[test]
fn what_is_missing_or_twice_is_named() {
    let day = day();
    let mut files = day.files();
    let gone = files.remove(position(&files, "Sig-9_"));
    let after = files[position(&files, "Sig-10_")].name.clone();
    let missing = Difference::CountersMissing { from: 9, to: 9 };
    assert_eq!(first(files), Some((Some(after), missing)));

    let mut files = day.files();
    files.push(gone.clone());
    assert_eq!(first(files.clone()), Some((Some(gone.name.clone()), Difference::SameName)));
    let last = files.last_mut().expect("the copy");
    last.name = gone.name.replace(".log", "_Fc-1.log");
    let twice = Difference::CounterTwice(9);
    assert_eq!(first(files), Some((Some(gone.name.replace(".log", "_Fc-1.log")), twice)));

    let without = |part: &str| -> Vec<ExportFile> {
        day.files().into_iter().filter(|file| !file.name.contains(part)).collect()
    };
    let all = report(without("No-2_"));
    assert_eq!(all.count, 2);
    assert_eq!(all.differences[1].difference, Difference::TransactionsMissing { from: 2, to: 2 });
    let not_started = report(without("No-2_Start"));
    let found: Vec<_> = not_started.differences.into_iter().map(|one| one.difference).collect();
    assert!(found.contains(&Difference::NotStarted(2)), "{found:?}");
    assert_eq!(first(without("info.csv")), Some((None, Difference::NoInfo)));
    let serial = day.unit.info().expect("it says").serial;
    assert_eq!(first(without("_X509")), Some((None, Difference::NoCertificate(serial))));
    assert_eq!(first(without(".log")), Some((None, Difference::NoLogs)));

    // What was asked for in part has gaps by nature, and all else holds.
    let part: Vec<_> = without("No-1_").into_iter().filter(|f| !f.name.contains("Start")).collect();
    let report = tar::verify(archive(part).as_slice(), Scope::Part);
    assert_eq!(report.first(), None);
    assert_eq!(report.units[0].transactions, 2);
}

#[test]
fn an_archive_may_begin_within_a_transaction_when_the_unit_was_emptied_before() {
    let counter = |file: &ExportFile| {
        let (_, rest) = file.name.split_once("Sig-")?;
        rest.split('_').next()?.parse::<u64>().ok()
    };
    let from = |first: u64| -> Vec<ExportFile> {
        let files = day().files().into_iter();
        files.filter(|file| counter(file).is_none_or(|counter| counter >= first)).collect()
    };
    let begun_before = report(from(7));
    assert_eq!(begun_before.first(), None);
    assert_eq!(begun_before.units[0].counters, (7, 13));
    assert_eq!(begun_before.units[0].transactions, 3);
    // Of a later one the start is missing, wherever the archive begins.
    let mut files = from(7);
    files.remove(position(&files, "No-3_Start"));
    let found: Vec<_> = report(files).differences.into_iter().map(|one| one.difference).collect();
    let missing = Difference::CountersMissing { from: 11, to: 11 };
    assert_eq!(found, [missing, Difference::NotStarted(3)]);
}

#[test]
fn an_open_transaction_is_told_and_is_no_difference() {
    let mut day = day();
    let open = day.unit.start("Kasse 2", at(9_100_000)).expect("a start");
    day.logs.push(open.log);
    let report = report(day.files());
    assert_eq!(report.first(), None);
    assert_eq!(report.units[0].open.iter().copied().collect::<Vec<_>>(), [4]);
}

#[test]
fn a_name_that_says_otherwise_than_its_file_is_named() {
    let day = day();
    let rename = |from: &str, to: &str| {
        let mut files = day.files();
        let place = position(&files, "Sig-10_");
        files[place].name = files[place].name.replace(from, to);
        first(files).map(|(_, difference)| difference)
    };
    let differs = |field| Some(Difference::NameDiffers(field));
    assert_eq!(rename("Unixt", "Gent"), differs("time format"));
    assert_eq!(rename("1795680063", "1795680064"), differs("signatureCreationTime"));
    assert_eq!(rename("Sig-10", "Sig-11"), differs("signatureCounter"));
    assert_eq!(rename("No-2", "No-3"), differs("transactionNumber"));
    assert_eq!(rename("Finish", "Update"), differs("operationType"));
    assert_eq!(rename("Kasse 2", "Kasse 3"), differs("clientId"));
    assert_eq!(
        rename("Log-Tra_No-2_Finish_Client-Kasse 2", "Log-Aud"),
        differs("certifiedDataType")
    );
    assert_eq!(rename("Log-Tra", "Log-Xyz"), Some(Difference::Name));
    assert_eq!(rename("Kasse 2", "Kasse-2"), None);
    assert_eq!(rename("Unixt", "ordner/Unixt"), None);
    assert_eq!(rename(".log", ".txt"), Some(Difference::StrangeFile));

    let other = Day::spent(setup(Curve::P384, Version::V2, TimeFormat::UnixTime), 0);
    let mut files = day.files();
    let theirs = other.unit.info().expect("it says");
    files[1].name = format!("{}_X509.cer", theirs.serial);
    assert_eq!(first(files.clone()).map(|found| found.1), differs("serialNumber"));
    files[1].bytes = theirs.certificate;
    let serial = day.unit.info().expect("it says").serial;
    assert_eq!(first(files), Some((None, Difference::NoCertificate(serial))));
}

#[test]
fn a_forged_text_is_found_wherever_the_certificate_stands() {
    for certificate_last in [false, true] {
        let mut files = day().files();
        let place = position(&files, "Sig-10_");
        let text = files[place].bytes.windows(4).position(|bytes| bytes == b"7.05");
        files[place].bytes[text.expect("the amount")] = b'1';
        let name = files[place].name.clone();
        if certificate_last {
            let certificate = files.remove(1);
            files.push(certificate);
        }
        let forged = Difference::Signature(SignatureFault::DoesNotVerify);
        assert_eq!(first(files), Some((Some(name), forged)));
    }
}

#[test]
fn two_units_in_one_archive_are_held_apart() {
    let one = Day::spent(setup(Curve::P256, Version::V2, TimeFormat::UnixTime), 2);
    let other = Day::spent(setup(Curve::BrainpoolP256r1, Version::V3, TimeFormat::UtcTime), 3);
    let theirs = other.files().into_iter().skip(1);
    let report = report(one.files().into_iter().chain(theirs));
    assert_eq!(report.first(), None);
    assert_eq!(report.units.len(), 2);
    assert_eq!(report.certificates.len(), 2);
    assert!(report.certificates.iter().all(|one| one.signed_by == SignedBy::Itself));
}

#[test]
fn a_certificate_may_be_pem_and_one_that_does_not_hold_is_named() {
    let mut files = day().files();
    let encoded = <base64ct::Base64 as base64ct::Encoding>::encode_string(&files[1].bytes);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    let pem = lines.join("\r\n");
    let der = files[1].clone();
    files[1].bytes =
        format!("-----BEGIN CERTIFICATE-----\r\n{pem}\r\n-----END CERTIFICATE-----\r\n")
            .into_bytes();
    files[1].name = der.name.replace(".cer", ".pem");
    assert_eq!(first(files.clone()), None);
    files[1].bytes = b"-----BEGIN CERTIFICATE-----\nABC".to_vec();
    assert!(matches!(first(files.clone()), Some((Some(_), Difference::Certificate(_)))));
    // A letter of the subject: whoever it names did not sign that.
    files[1] = der;
    let subject = files[1].bytes.windows(8).position(|bytes| bytes == b"training");
    files[1].bytes[subject.expect("the subject")] = b'T';
    let found = report(files);
    assert_eq!(
        found.count, 0,
        "issuer and subject differ now, so nobody here is said to have signed it"
    );
    assert_eq!(found.certificates[0].signed_by, SignedBy::Unknown);
}

#[test]
fn data_of_indefinite_length_verifies_in_the_export_and_by_the_code() {
    let curve = Curve::P384;
    let bytes = PrivateKey::bytes_from_seed(curve, &[3; 32]);
    let key = PrivateKey::from_bytes(curve, &bytes).expect("a key");
    let mut day = Day::spent(setup(curve, Version::V2, TimeFormat::UnixTime), 0);
    let mut code = None;
    day.logs.clear();
    for (counter, operation) in [(7, Operation::Start), (8, Operation::Finish)] {
        let data = if operation == Operation::Finish { RECEIPT } else { "" };
        let content = LogContent {
            version: Version::V2,
            record: Record::Transaction(Transaction {
                operation,
                client: "K".to_owned(),
                process_data: data.as_bytes().to_vec(),
                process_type: "Kassenbeleg-V1".to_owned(),
                external: None,
                number: 3,
                internal: None,
            }),
            serial: key.public().serial_number(),
            algorithm: curve.algorithm(),
            audit: None,
            counter,
            time: LogTime { at: at(0), format: TimeFormat::UnixTime },
        };
        let length = u8::try_from(data.len()).expect("short");
        let definite = [&[0x82, length], data.as_bytes()].concat();
        let indefinite = [&[0xa2, 0x80, 0x04, length], data.as_bytes(), &[0, 0]].concat();
        let signed = content.signed_bytes();
        let place = signed.windows(definite.len()).position(|bytes| bytes == definite);
        let place = place.expect("the data");
        let signed =
            [&signed[..place], indefinite.as_slice(), &signed[place + definite.len()..]].concat();
        let signature = key.sign(curve.algorithm(), &signed).expect("a signature");
        // The outer length may be indefinite as well; it is not signed.
        let log = [&[0x30, 0x80], signed.as_slice(), &[0x04, 96], &signature, &[0, 0]].concat();
        let name = file_name::LogName::of(&content).to_string();
        day.logs.push(ExportFile { name, at: at(0), bytes: log });
        code = Some(ReceiptCode {
            client: "K".to_owned(),
            process_type: "Kassenbeleg-V1".to_owned(),
            process_data: data.to_owned(),
            transaction: 3,
            counter,
            start: at(0),
            finish: at(0),
            algorithm: curve.algorithm(),
            time_format: TimeFormat::UnixTime,
            signature,
            public_key: key.public().to_spki(),
        });
    }
    assert!(code.expect("a code").verify().is_ok());
    let mut files = day.files();
    let serial = key.public().serial_number();
    let found = report(files.clone());
    assert_eq!(found.first().map(|one| &one.difference), Some(&Difference::NoCertificate(serial)));
    // A certificate of that key, from a unit that has it.
    let mut setup = setup(curve, Version::V2, TimeFormat::UnixTime);
    setup.key = software::SecretBytes(bytes);
    let info = SoftwareUnit::new(setup, at(0)).expect("a unit").0.info().expect("it says");
    files[1].name = format!("{serial}_X509.der");
    files[1].bytes = info.certificate;
    let found = report(files);
    assert_eq!(found.first(), None);
    assert_eq!(found.units[0].counters, (7, 8));
}

#[test]
fn an_archive_that_is_cut_off_anywhere_is_not_clean() {
    let whole = archive(day().files());
    let end = whole.len() - 1_024;
    for length in (0..=end).step_by(73).chain([end, end + 1, end + 511]) {
        let report = tar::verify(&whole[..length], Scope::Whole);
        let cut = Difference::Archive(ArchiveFault::CutOff);
        assert_eq!(report.differences.first().map(|found| &found.difference), Some(&cut));
    }
    let longer = [whole.as_slice(), &[1; 512]].concat();
    let report = tar::verify(longer.as_slice(), Scope::Whole);
    let after = Difference::Archive(ArchiveFault::AfterEnd);
    assert_eq!(report.differences.first().map(|found| &found.difference), Some(&after));
}

#[test]
fn no_changed_byte_of_an_archive_goes_unseen() {
    let whole = archive(day().files());
    let original = tar::verify(whole.as_slice(), Scope::Whole);
    assert!(original.is_clean());
    let mut numbers = Numbers(26);
    let mut heads = 0;
    for _ in 0..600 {
        let place = numbers.below(whole.len());
        let mut changed = whole.clone();
        changed[place] ^= u8::try_from(1 + numbers.below(255)).expect("a byte");
        let report = tar::verify(changed.as_slice(), Scope::Whole);
        // A head's sum says nothing but itself, and blanks before it say what zeros say.
        if (148..156).contains(&(place % 512)) && report == original {
            heads += 1;
            continue;
        }
        assert_ne!(
            report, original,
            "byte {place}: {:#04x} → {:#04x}",
            whole[place], changed[place]
        );
        // Nothing signs info.csv, and the software unit's certificate nobody but itself: the report shows
        // them as they stand. All else is a difference.
        let shown =
            (&report.info, &report.certificates) == (&original.info, &original.certificates);
        assert!(!shown || !report.is_clean(), "byte {place}");
    }
    assert!(heads < 10, "{heads}");
}

#[test]
fn long_names_are_written_and_read_whole() {
    for length in [99, 100, 101, 150, 400] {
        let name = format!("{}.txt", "n".repeat(length - 4));
        let file = ExportFile { name: name.clone(), at: at(0), bytes: vec![1; 700] };
        let report = tar::verify(archive([file]).as_slice(), Scope::Part);
        let found = report.first().expect("a strange file");
        assert_eq!(
            (found.file.as_ref(), &found.difference),
            (Some(&name), &Difference::StrangeFile)
        );
        assert_eq!(report.count, 3);
    }
}
