//! Codes and their forms.

use fiscal::at::counter::Counter;
use fiscal::at::rates::Slot;
use fiscal::at::{Code, Jws, Kind, Provider, Signature, Sums, Unit, Unreadable};
use jiff::civil::date;
use money::Money;
use proptest::prelude::*;

use super::{Till, aes, noon, normal};

#[test]
fn each_sum_is_counted_for_itself() {
    let mut sums = Sums::default();
    sums.add(Slot::Special, Money::new(190)).unwrap();
    sums.add(Slot::Special, Money::new(49)).unwrap();
    sums.add(Slot::Reduced2, Money::new(-5)).unwrap();
    assert_eq!(sums.all().map(Money::minor), [0, 0, -5, 0, 239]);
}

#[test]
fn a_code_has_its_thirteen_fields_with_commas_and_the_gross_of_each_rate() {
    let mut till = Till::started();
    let sums = Sums {
        normal: Money::new(123_456_789),
        reduced_1: Money::new(-5),
        reduced_2: Money::new(100),
        zero: Money::new(0),
        special: Money::new(49),
    };
    let issued = till.make(Kind::Standard, noon(), sums);
    let qr = Jws::parse(&issued.jws).unwrap().qr();
    let fields: Vec<&str> = qr.split('_').collect();
    assert_eq!(fields.len(), 14);
    assert_eq!(&fields[..5], ["", "R1-AT1", "Kasse 1", "R2", "2026-07-01T12:00:00"]);
    assert_eq!(&fields[5..10], ["1234567,89", "-0,05", "1,00", "0,00", "0,49"]);
    assert_eq!(fields[11], "3ad80154");
    assert_eq!(fields[13].len(), 88, "64 bytes in base64");
}

#[test]
fn what_cannot_be_a_code_is_refused_by_its_field() {
    let good = "_R1-AT1_K_1_2026-07-01T12:00:00_0,00_0,00_0,00_0,00_0,00_AAAAAAA=_1f_AAAAAAAAAAA=";
    assert!(Code::parse(good).is_ok());
    for (from, to, error) in [
        ("_R1", "R1", Unreadable::Fields),
        ("_K_", "_K_K_", Unreadable::Fields),
        ("R1-", "R2-", Unreadable::Suite),
        ("AT1", "AT01", Unreadable::Provider),
        ("AT1", "at1", Unreadable::Provider),
        ("AT1", "AT0", Unreadable::Certificate),
        ("_K_", "__", Unreadable::Cashbox),
        ("_K_1_", "_K__", Unreadable::Receipt),
        ("T12:00:00", " 12:00:00", Unreadable::Time),
        ("T12:00:00", "T12:00:00.5", Unreadable::Time),
        ("07-01T", "13-01T", Unreadable::Time),
        ("T12:00:00", "T12:00:00Z", Unreadable::Time),
        ("_0,00_", "_0.00_", Unreadable::Sum),
        ("_0,00_", "_1.000,00_", Unreadable::Sum),
        ("_0,00_", "_00,00_", Unreadable::Sum),
        ("_0,00_", "_-0,00_", Unreadable::Sum),
        ("_0,00_", "_+1,00_", Unreadable::Sum),
        ("_0,00_", "_1,0_", Unreadable::Sum),
        ("_0,00_", "_,00_", Unreadable::Sum),
        ("_AAAAAAA=_", "_AAAAAA==_", Unreadable::Counter),
        ("_AAAAAAA=_", "_AAAAAAA_", Unreadable::Counter),
        ("_AAAAAAA=_", "_AAAAAAB=_", Unreadable::Counter),
        ("_1f_", "__", Unreadable::Certificate),
        ("_1f_", "_xy_", Unreadable::Certificate),
        ("_AAAAAAAAAAA=", "_AAAAAAAAAA==", Unreadable::Chain),
        ("_AAAAAAAAAAA=", "_", Unreadable::Chain),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_eq!(Code::parse(&bad), Err(error), "{bad}");
    }
}

#[test]
fn a_closed_system_names_its_key_by_company_and_an_open_one_by_certificate() {
    let closed = Provider::new("AT0").unwrap();
    for good in ["U:ATU12345678-K2", "S:123456789", "G:1234567890123-a", "U:ATU12345678"] {
        assert!(Unit::new(closed.clone(), good).is_ok(), "{good}");
    }
    for bad in ["", "1f", "U:", "U:atu-K1", "S:12345678", "G:12-K1", "U:ATU1-", "U:ATU1-K-1"] {
        assert!(Unit::new(closed.clone(), bad).is_err(), "{bad}");
    }
    let open = Provider::new("AT3").unwrap();
    let one = Unit::new(open.clone(), "00AF12").unwrap();
    assert!(one.is_same(&Unit::new(open.clone(), "af12").unwrap()));
    assert!(!one.is_same(&Unit::new(open, "af13").unwrap()));
    assert!(!one.is_same(&Unit::new(Provider::new("AT1").unwrap(), "af12").unwrap()));
}

#[test]
fn a_receipt_of_an_outage_says_so_in_all_three_forms() {
    let mut till = Till::started();
    till.card.set_broken(true);
    let jws = Jws::parse(&till.make(Kind::Standard, noon(), normal(100)).jws).unwrap();
    assert_eq!(jws.signature, Signature::OutOfOrder);
    assert!(jws.compact().ends_with(".U2ljaGVyaGVpdHNlaW5yaWNodHVuZyBhdXNnZWZhbGxlbg"));
    assert!(jws.qr().ends_with("_U2ljaGVyaGVpdHNlaW5yaWNodHVuZyBhdXNnZWZhbGxlbg=="));
    assert_eq!(Jws::parse_ocr(&jws.ocr()), Ok(jws));
}

#[test]
fn a_counter_that_does_not_fit_its_bytes_is_none() {
    let key = aes();
    let made = |cents: i64, width| Counter::encipher(&key, "K", "1", Money::new(cents), width);
    let most = (1_i64 << 39) - 1;
    assert!(made(most, 5).is_some());
    assert!(made(-most - 1, 5).is_some());
    assert_eq!(made(most + 1, 5), None);
    assert_eq!(made(-most - 2, 5), None);
    assert_eq!(made(0, 4), None);
    assert_eq!(made(0, 17), None);
}

fn sums() -> impl Strategy<Value = Sums> {
    let cents = || (-99_999_999_999_999_i64..=99_999_999_999_999).prop_map(Money::new);
    (cents(), cents(), cents(), cents(), cents()).prop_map(
        |(normal, reduced_1, reduced_2, zero, special)| Sums {
            normal,
            reduced_1,
            reduced_2,
            zero,
            special,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_counter_comes_back_from_any_width(cents in any::<i32>(), width in 5_u8..=16, name in "[A-Za-z0-9 -]{1,20}") {
        let turnover = Money::new(i64::from(cents));
        let counter = Counter::encipher(&aes(), &name, "R 1", turnover, width).unwrap();
        prop_assert_eq!(counter.bytes().len(), usize::from(width));
        prop_assert_eq!(counter.decipher(&aes(), &name, "R 1"), Some(i128::from(cents)));
        // Another receipt's mask does not fit.
        prop_assert_ne!(counter.decipher(&aes(), &name, "R 2"), Some(i128::from(cents)));
    }

    #[test]
    fn a_code_comes_back_from_each_of_its_forms(
        sums in sums(),
        cashbox in "[A-Za-z0-9äöü .:#-]{1,30}",
        receipt in "[A-Za-z0-9/.-]{1,30}",
        counter in prop_oneof![
            Just(Counter::Training),
            Just(Counter::Cancellation),
            proptest::collection::vec(any::<u8>(), 5..=16).prop_map(Counter::Enciphered),
        ],
        chain in any::<[u8; 8]>(),
        signature in proptest::collection::vec(any::<u8>(), 64),
        second in 0_i64..3_000_000_000,
    ) {
        let at = date(1990, 1, 1).at(0, 0, 0, 0) + jiff::SignedDuration::from_secs(second);
        let unit = super::unit();
        let code = Code { unit, cashbox, receipt, at, sums, counter, chain };
        prop_assert_eq!(Code::parse(&code.to_string()), Ok(code.clone()));
        let signature: [u8; 64] = signature.try_into().unwrap();
        let jws = Jws { code, signature: Signature::Signed(Box::new(signature)) };
        prop_assert_eq!(Jws::parse(&jws.compact()), Ok(jws.clone()));
        prop_assert_eq!(Jws::parse_qr(&jws.qr()), Ok(jws.clone()));
        prop_assert_eq!(Jws::parse_ocr(&jws.ocr()), Ok(jws));
    }
}
