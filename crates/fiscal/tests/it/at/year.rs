//! A year at a till, and exports that somebody has tampered with.

use fiscal::at::verify::{Difference, Known, Report, Verifier, verify};
use fiscal::at::{Due, Jws, Kind, Provider, PublicKey, Signer, Sums, Unit, dep};
use jiff::ToSpan;
use jiff::civil::date;
use money::Money;
use serde_json::Value;

use super::{Till, aes, export, noon, normal, unit};

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn cents(&mut self) -> Money {
        Money::new(i64::try_from(self.roll(5_000)).unwrap())
    }
}

pub(crate) fn year(seed: u64) -> Till {
    let mut dice = Dice(seed);
    let mut till = Till::new();
    let first = date(2026, 1, 2);
    till.make(Kind::Start, first.at(8, 0, 0, 0), Sums::default());
    let mut day = first;
    while day <= date(2027, 1, 4) {
        let at = day.at(9, 0, 0, 0);
        till.card.set_broken(dice.roll(12) == 0);
        for due in till.register.due(day) {
            let kind = match due {
                Due::Start => Kind::Start,
                Due::AfterOutage { .. } => Kind::AfterOutage,
                Due::Yearly(_) => Kind::Yearly,
                Due::Monthly(_) => Kind::Monthly,
            };
            let ask = till.ask(kind, at, Sums::default());
            if let Ok(issued) = till.register.issue(&aes(), &ask, &mut till.card) {
                till.issued.push(issued);
            }
        }
        for minute in 0..i8::try_from(dice.roll(6)).unwrap() {
            let at = day.at(10, minute, 0, 0);
            let sums = Sums {
                normal: dice.cents(),
                reduced_1: dice.cents(),
                special: dice.cents(),
                ..Sums::default()
            };
            let back = Sums { normal: dice.cents().negated(), ..Sums::default() };
            match dice.roll(20) {
                0 => till.make(Kind::Training, at, sums),
                1 => till.make(Kind::Cancellation, at, back),
                2 => till.make(Kind::Zero, at, Sums::default()),
                _ => till.make(Kind::Standard, at, sums),
            };
        }
        day = day.checked_add(1.day()).unwrap();
    }
    till
}

#[test]
fn a_year_with_outages_training_and_cancellations_verifies() {
    for seed in 1..=3 {
        let till = year(seed);
        let report = till.verified().unwrap_or_else(|found| panic!("seed {seed}: {found}"));
        let of = |kind| till.issued.iter().filter(|issued| issued.kind == kind).count();
        assert_eq!(report.receipts, till.issued.len());
        assert_eq!(report.turnover, i128::from(till.register.counter().minor()));
        assert_eq!(report.training, of(Kind::Training));
        assert_eq!(report.cancellations, of(Kind::Cancellation));
        assert_eq!(of(Kind::Yearly), 1, "one for 2026");
        assert_eq!(of(Kind::Monthly), 11, "January to November");
        assert!(of(Kind::AfterOutage) > 3 && report.unsigned > 10, "seed {seed}: {report:?}");
    }
}

/// A handful of receipts of each kind.
fn short() -> Till {
    let mut till = Till::started();
    till.make(Kind::Standard, noon(), normal(1_050));
    till.make(Kind::Training, noon(), normal(99));
    till.card.set_broken(true);
    till.make(Kind::Standard, noon(), normal(200));
    till.card.set_broken(false);
    till.make(Kind::AfterOutage, noon(), Sums::default());
    till.make(Kind::Cancellation, noon(), normal(-200));
    till.make(Kind::Standard, noon(), normal(700));
    till
}

#[test]
fn without_the_counters_key_all_else_is_checked_and_the_report_says_so() {
    let till = short();
    let whole = till.verified().unwrap();
    let known = [(unit(), till.key())];
    let without = |json: &str| verify(json.as_bytes(), None, Known::Units(&known));
    let report = without(&till.export()).unwrap();
    assert!(whole.counter_checked && !report.counter_checked);
    assert_eq!(Report { counter_checked: true, ..report }, whole);
    let mut receipts: Vec<&str> = till.issued.iter().map(|issued| issued.jws.as_str()).collect();
    receipts.remove(2);
    let found = without(&export(receipts.iter().copied())).unwrap_err();
    assert_eq!((found.receipt, found.what), (3, Difference::Chain));
    // Turnover of zero, but no counter at all: no Startbeleg.
    let training = &till.issued[2].jws;
    assert_eq!(
        without(&export([training.as_str()].into_iter())).unwrap_err().what,
        Difference::Start
    );
}

#[test]
fn every_byte_of_every_receipt_counts() {
    let till = short();
    till.verified().unwrap();
    let receipts: Vec<&str> = till.issued.iter().map(|issued| issued.jws.as_str()).collect();
    let (key, known) = (aes(), [(unit(), till.key())]);
    let mut before = Verifier::new(Some(&key), Known::Units(&known));
    let mut flipped = 0;
    for (at, receipt) in receipts.iter().enumerate() {
        for byte in 0..receipt.len() {
            // Another character of the same alphabet, so that only the content can give it away.
            let mut bytes = receipt.as_bytes().to_vec();
            bytes[byte] = if bytes[byte] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(bytes).unwrap();
            let mut verifier = before.clone();
            // A receipt without signature is given away by the one after it.
            let next = receipts.get(at + 1).copied();
            let mut both = std::iter::once(forged.as_str()).chain(next);
            assert!(both.any(|receipt| verifier.receipt(receipt).is_err()), "{at}, byte {byte}");
            flipped += 1;
        }
        before.receipt(receipt).unwrap();
    }
    assert!(flipped > 1_500, "{flipped} bytes");
}

#[test]
fn receipts_left_out_doubled_or_swapped_are_noticed_where_they_are() {
    let till = short();
    let receipts: Vec<&str> = till.issued.iter().map(|issued| issued.jws.as_str()).collect();
    let found = |receipts: &[&str]| {
        let found = till.verify(export(receipts.iter().copied()).as_bytes()).unwrap_err();
        (found.receipt, found.what)
    };
    for left_out in 1..receipts.len() - 1 {
        let mut all = receipts.clone();
        all.remove(left_out);
        assert_eq!(found(&all), (left_out + 1, Difference::Chain));
    }
    assert_eq!(found(&receipts[1..]), (1, Difference::Start));
    let mut doubled = receipts.clone();
    doubled.insert(2, receipts[1]);
    assert_eq!(found(&doubled), (3, Difference::Number));
    let mut swapped = receipts.clone();
    swapped.swap(1, 2);
    assert_eq!(found(&swapped), (2, Difference::Chain));
    // An end that was cut off cannot be seen in the file alone.
    assert!(till.verify(export(receipts[..3].iter().copied()).as_bytes()).is_ok());
}

/// A till whose receipts are made by hand around the rules, every chain and signature being right.
struct Forger {
    till: Till,
    last: String,
    number: usize,
}

impl Forger {
    fn new() -> Self {
        let till = Till::started();
        let last = till.issued[0].jws.clone();
        Forger { till, last, number: 1 }
    }

    fn add(&mut self, change: impl FnOnce(&mut fiscal::at::Code), signed: bool) {
        self.number += 1;
        let mut code = Jws::parse(&self.till.issued[0].jws).unwrap().code;
        code.receipt = format!("F{}", self.number);
        code.chain = fiscal::at::jws::chain_value(&self.last);
        change(&mut code);
        let input = fiscal::at::jws::signing_input(&code.to_string());
        let signature = if signed {
            let bytes = self.till.card.sign(input.as_bytes()).unwrap();
            fiscal::at::Signature::Signed(Box::new(bytes))
        } else {
            fiscal::at::Signature::OutOfOrder
        };
        let mut issued = self.till.issued[0].clone();
        issued.jws = Jws { code, signature }.compact();
        self.last = issued.jws.clone();
        self.till.issued.push(issued);
    }

    /// A receipt with a counter that says `counter`.
    fn sale(&mut self, cents: i64, counter: i64, signed: bool) {
        self.add(
            |code| {
                code.sums = normal(cents);
                code.counter = fiscal::at::Counter::encipher(
                    &aes(),
                    &code.cashbox,
                    &code.receipt,
                    Money::new(counter),
                    8,
                )
                .unwrap();
            },
            signed,
        );
    }

    fn found(&self) -> Option<(usize, Difference)> {
        self.till.verified().err().map(|found| (found.receipt, found.what))
    }
}

#[test]
fn a_first_receipt_that_is_unsigned_or_chained_elsewhere_is_no_startbeleg() {
    let first = |change: &dyn Fn(&mut fiscal::at::Code), signed| {
        let mut forger = Forger::new();
        forger.add(change, signed);
        forger.till.issued.remove(0);
        forger.found()
    };
    let counter = |code: &mut fiscal::at::Code, cents| {
        let (cashbox, receipt) = (&code.cashbox, &code.receipt);
        let money = Money::new(cents);
        code.counter = fiscal::at::Counter::encipher(&aes(), cashbox, receipt, money, 8).unwrap();
    };
    let own = |code: &mut fiscal::at::Code| {
        code.chain = fiscal::at::jws::chain_value(&code.cashbox);
        counter(code, 0);
    };
    let start = Some((1, Difference::Start));
    assert_eq!(first(&own, true), None);
    assert_eq!(first(&own, false), start);
    assert_eq!(first(&|code| counter(code, 0), true), start);
    assert_eq!(
        first(
            &|code| {
                own(code);
                counter(code, 1);
            },
            true
        ),
        start
    );
    assert_eq!(
        first(
            &|code| {
                own(code);
                code.sums = normal(5);
            },
            true
        ),
        start
    );
    assert_eq!(
        first(
            &|code| {
                own(code);
                code.counter = fiscal::at::Counter::Training;
            },
            true
        ),
        start
    );
}

#[test]
fn a_counter_that_forgets_a_sale_is_named() {
    let mut forger = Forger::new();
    forger.sale(100, 100, true);
    forger.sale(50, 150, true);
    assert_eq!(forger.found(), None);
    forger.sale(10, 150, true);
    assert_eq!(forger.found(), Some((4, Difference::Counter)));
}

#[test]
fn the_sammelbeleg_may_come_one_receipt_late_and_no_later() {
    let mut forger = Forger::new();
    forger.sale(100, 100, false);
    forger.sale(100, 200, true);
    forger.sale(0, 200, true);
    forger.sale(100, 300, true);
    assert_eq!(forger.found(), None);
    let mut forger = Forger::new();
    forger.sale(100, 100, false);
    forger.sale(100, 200, true);
    forger.sale(100, 300, true);
    assert_eq!(forger.found(), Some((4, Difference::AfterOutage)));
}

#[test]
fn another_till_another_system_and_unknown_units_are_named() {
    let mut forger = Forger::new();
    forger.add(|code| code.cashbox = "Kasse 2".to_owned(), true);
    assert_eq!(forger.found(), Some((2, Difference::Cashbox)));

    let mut forger = Forger::new();
    let closed = Unit::new(Provider::new("AT0").unwrap(), "U:ATU12345678-K1").unwrap();
    forger.add(|code| code.unit = closed, true);
    assert_eq!(forger.found(), Some((2, Difference::System)));

    let mut forger = Forger::new();
    let other = Unit::new(Provider::new("AT1").unwrap(), "abc").unwrap();
    forger.add(|code| code.unit = other, true);
    assert_eq!(forger.found(), Some((2, Difference::Unit)));

    let till = short();
    let unknown = verify(till.export().as_bytes(), Some(&aes()), Known::AsFiled).unwrap_err();
    assert_eq!((unknown.receipt, unknown.what), (1, Difference::Unit));
    let wrong = fiscal::at::SoftwareCard::new([9; 32]).unwrap().public_key();
    let known = [(unit(), wrong)];
    let wrong = verify(till.export().as_bytes(), Some(&aes()), Known::Units(&known)).unwrap_err();
    assert_eq!((wrong.receipt, wrong.what), (1, Difference::Signature));
    let other_key = fiscal::at::AesKey::new([0; 32]);
    let known = [(unit(), till.key())];
    let wrong =
        verify(till.export().as_bytes(), Some(&other_key), Known::Units(&known)).unwrap_err();
    assert_eq!((wrong.receipt, wrong.what), (1, Difference::Start));
}

/// DER of one element.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82, length[0], length[1]], content.as_slice()].concat()
}

/// As much of a certificate as is read: nobody has signed it.
fn certificate(serial: &[u8], key: &PublicKey) -> Vec<u8> {
    let nothing = der(0x30, &[]);
    let version = der(0xa0, &[&[0x02, 0x01, 0x02]]);
    let serial = der(0x02, &[serial]);
    let spki = key.spki();
    let four = nothing.repeat(4);
    let inner = der(0x30, &[&version, &serial, &four, &spki]);
    der(0x30, &[&inner, &nothing, &der(0x03, &[])])
}

#[test]
fn certificates_of_the_file_are_held_against_receipts_and_known_keys() {
    let till = short();
    let other = fiscal::at::SoftwareCard::new([9; 32]).unwrap().public_key();
    let own = [0x3a, 0xd8, 0x01, 0x54];
    let found = |certificate: &[u8], known: Known<'_>| {
        let mut writer = dep::Writer::new(String::new()).unwrap();
        writer.group(certificate, &[]).unwrap();
        for issued in &till.issued {
            writer.receipt(&issued.jws).unwrap();
        }
        let json = writer.end().unwrap();
        verify(json.as_bytes(), Some(&aes()), known)
            .map(|report| report.receipts)
            .map_err(|f| f.what)
    };
    let known = [(unit(), till.key())];
    let good = certificate(&own, &till.key());
    assert_eq!(found(&good, Known::AsFiled), Ok(till.issued.len()));
    assert_eq!(found(&good, Known::Units(&known)), Ok(till.issued.len()));
    let longer = [good.as_slice(), &[0]].concat();
    assert_eq!(found(&longer, Known::AsFiled), Err(Difference::Certificate));
    let leading_zero = certificate(&[&[0], own.as_slice()].concat(), &till.key());
    assert_eq!(found(&leading_zero, Known::AsFiled), Ok(till.issued.len()));
    let number = certificate(&[1, 2, 3], &till.key());
    assert_eq!(found(&number, Known::AsFiled), Err(Difference::OtherCertificate));
    let key = certificate(&own, &other);
    assert_eq!(found(&key, Known::AsFiled), Err(Difference::Signature));
    assert_eq!(found(&key, Known::Units(&known)), Err(Difference::OtherCertificate));
}

#[test]
fn an_export_without_receipts_or_form_is_none() {
    let till = Till::new();
    for (json, what) in [
        ("", Difference::Form),
        ("{}", Difference::Form),
        ("{\"Belege-Gruppe\":{}}", Difference::Form),
        ("{\"Belege-Gruppe\":[]}", Difference::Empty),
    ] {
        assert_eq!(till.verify(json.as_bytes()).unwrap_err().what, what, "{json}");
    }
    let group = "{\"Belege-Gruppe\":[{\"Signaturzertifikat\":\"AAAA\",\
        \"Zertifizierungsstellen\":[],\"Belege-kompakt\":[]}]}";
    assert_eq!(till.verify(group.as_bytes()).unwrap_err().what, Difference::Certificate);
}

#[test]
fn the_export_is_json_with_its_groups_and_the_key_file_has_what_the_checking_tool_wants() {
    let till = short();
    let mut writer = dep::Writer::new(String::new()).unwrap();
    assert!(writer.receipt("a.b.c").is_err(), "no group yet");
    writer.group(b"leaf", &[b"issuer", b"root"]).unwrap();
    writer.receipt(&till.issued[0].jws).unwrap();
    assert!(writer.receipt("a\"b").is_err());
    writer.group(&[], &[]).unwrap();
    let json: Value = serde_json::from_str(&writer.end().unwrap()).unwrap();
    let groups = json["Belege-Gruppe"].as_array().unwrap();
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[0]["Signaturzertifikat"], "bGVhZg==");
    assert_eq!(groups[0]["Zertifizierungsstellen"], serde_json::json!(["aXNzdWVy", "cm9vdA=="]));
    assert_eq!(groups[0]["Belege-kompakt"], serde_json::json!([till.issued[0].jws]));
    assert_eq!(groups[1]["Belege-kompakt"], serde_json::json!([]));

    let keys = dep::key_file(&aes(), &[(&unit(), &till.key())]);
    let keys: Value = serde_json::from_str(&keys).unwrap();
    assert_eq!(keys["base64AESKey"], aes().to_base64());
    let entry = &keys["certificateOrPublicKeyMap"]["3ad80154"];
    assert_eq!(
        (&entry["id"], &entry["signatureDeviceType"]),
        (&"3ad80154".into(), &"PUBLIC_KEY".into())
    );
}
