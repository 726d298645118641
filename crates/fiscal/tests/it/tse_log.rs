//! The messages that units keep, and the bytes that they are made of.

use fiscal::de::tse::log::SystemEvent;
use fiscal::de::tse::tlv::{Reader, TlvError};
use fiscal::de::tse::*;
use jiff::Timestamp;
use proptest::prelude::*;

use crate::tse_kit::{Day, setup, unhex};

/// A log without a unit behind it: its signature is of no key.
fn sealed(content: &LogContent) -> Vec<u8> {
    let mut inner = content.signed_bytes();
    inner.extend([0x04, 0x02, 0xaa, 0xbb]);
    sequence(&inner)
}

fn sequence(inner: &[u8]) -> Vec<u8> {
    let length = u32::try_from(inner.len()).expect("short").to_be_bytes();
    [[0x30, 0x84].as_slice(), &length, inner].concat()
}

fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..300)
}

fn any_record(version: Version) -> impl Strategy<Value = Record> {
    let operation = prop::sample::select(Operation::ALL.to_vec());
    let data = (any_bytes(), prop::option::of(any_bytes()), prop::option::of(any_bytes()));
    let transaction = (operation, "[ -~]{0,20}", "[ -~]{0,20}", any::<u64>(), data).prop_map(
        |(operation, client, process_type, number, (process_data, external, internal))| {
            Record::Transaction(Transaction {
                operation,
                client,
                process_data,
                process_type,
                external,
                number,
                internal,
            })
        },
    );
    let who = prop::option::of("[a-z]{0,9}");
    let system = ("[a-zA-Z]{1,20}", who.clone(), who, any_bytes(), prop::option::of(any_bytes()))
        .prop_map(move |(event, origin, user, data, internal)| {
            let (origin, user) = if version == Version::V3 { (origin, user) } else { (None, None) };
            Record::System(SystemEvent { event, origin, user, data, internal })
        });
    prop_oneof![3 => transaction, 2 => system, 1 => Just(Record::Audit)]
}

fn any_content() -> impl Strategy<Value = LogContent> {
    let version = prop_oneof![Just(Version::V2), Just(Version::V3)];
    let record = version.prop_flat_map(|version| (Just(version), any_record(version)));
    let algorithm = prop::sample::select(SignatureAlgorithm::ALL.to_vec());
    // What two digits of a year can say.
    let at = 0i64..2_524_607_999_000;
    let format = prop::sample::select(TimeFormat::ALL.to_vec());
    let audit = prop::option::of(any_bytes());
    (record, any::<[u8; 32]>(), algorithm, audit, any::<u64>(), at, format).prop_map(
        |((version, record), serial, algorithm, audit, counter, at, format)| {
            // A UTCTime with seconds is read as one.
            let format = match format {
                TimeFormat::UtcTime => TimeFormat::UtcTimeWithSeconds,
                format => format,
            };
            let at = Timestamp::from_millisecond(at).expect("a moment");
            let time = LogTime { at: format.truncate(at), format };
            let serial = SerialNumber(serial);
            LogContent { version, record, serial, algorithm, audit, counter, time }
        },
    )
}

proptest! {
    #[test]
    fn a_log_comes_back_as_it_was_written(content in any_content()) {
        let message = LogMessage::read(&sealed(&content));
        let message = message.expect("it is one");
        prop_assert_eq!(message.content(), &content);
        prop_assert_eq!(message.signed(), content.signed_bytes());
        prop_assert_eq!(message.signature(), &[0xaa, 0xbb]);
        prop_assert_eq!(LogMessage::read(&message.to_bytes()), Ok(message));
    }

    #[test]
    fn no_bytes_make_the_reader_of_values_panic(bytes in any_bytes()) {
        fn walk(mut reader: Reader<'_>) {
            while let Ok(Some(tlv)) = reader.next() {
                let _ = (tlv.octets(), tlv.unsigned(), LogTime::read(&tlv));
                if let Ok(inner) = tlv.children() {
                    walk(inner);
                }
            }
        }
        walk(Reader::new(&bytes));
    }
}

#[test]
fn a_log_with_any_one_byte_changed_does_not_hold() {
    let setups = [
        setup(Curve::P256, Version::V2, TimeFormat::UnixTime),
        setup(Curve::BrainpoolP256r1, Version::V3, TimeFormat::GeneralizedTime),
    ];
    for setup in setups {
        let day = Day::spent(setup, 1);
        let key = day.codes[0].key().expect("a key");
        for log in day.logs.iter().filter(|log| !log.name.contains("Update")) {
            let message = LogMessage::read(&log.bytes).expect("a log");
            assert_eq!(message.verify(&key), Ok(()));
            for at in 0..log.bytes.len() {
                let mut forged = log.bytes.clone();
                forged[at] ^= 1 << (at % 8);
                let good = LogMessage::read(&forged).and_then(|message| message.verify(&key));
                assert!(good.is_err(), "{}: byte {at}", log.name);
            }
        }
    }
}

#[test]
fn a_log_of_another_unit_is_not_taken_for_this_ones() {
    let one = Day::spent(setup(Curve::P256, Version::V2, TimeFormat::UnixTime), 0);
    let other = Day::spent(setup(Curve::P384, Version::V2, TimeFormat::UnixTime), 0);
    let key = PublicKey::read(&other.unit.info().expect("it says").public_key).expect("a key");
    let message = LogMessage::read(&one.logs[0].bytes).expect("a log");
    assert_eq!(message.verify(&key), Err(LogFault::OtherUnit));
}

#[test]
fn lengths_are_read_in_every_way_that_units_write_them() {
    let read = |hex: &str| -> Result<Vec<u8>, TlvError> {
        let bytes = unhex(hex);
        let mut reader = Reader::new(&bytes);
        let tlv = reader.next()?.ok_or(TlvError::Truncated)?;
        reader.finish()?;
        Ok(tlv.octets()?.into_owned())
    };
    let abc = Ok(b"abc".to_vec());
    for hex in [
        "0403616263",
        "048103616263",
        "04840000000361 6263",
        "0488000000000000000361 6263",
        "24050403616263",
        "2480 0403616263 0000",
        "2480 0401 61 0402 6263 0000",
        "a280 0403616263 0000",
        "a280 2480 0403616263 0000 0000",
        "a205 0403616263",
        "8203616263",
    ] {
        assert_eq!(read(hex), abc, "{hex}");
    }
    for (hex, fault) in [
        ("04", TlvError::Truncated),
        ("0404616263", TlvError::Truncated),
        ("0489000000000000000004 616263", TlvError::Truncated),
        ("048affffffffffffffffffff00", TlvError::TooLong),
        ("0480 616263 0000", TlvError::Truncated),
        ("2480 0403616263", TlvError::Truncated),
        ("2480 0403616263 00", TlvError::Truncated),
        ("2403 0201 61", TlvError::Unexpected),
        ("0000", TlvError::Unexpected),
        ("1f8101 00", TlvError::TooLong),
        ("0403616263 00", TlvError::Unexpected),
    ] {
        assert_eq!(read(hex), Err(fault), "{hex}");
    }
    assert_eq!(read(&"2480".repeat(400)), Err(TlvError::TooDeep));
    assert_eq!(
        read(&format!("{}{}", "2480".repeat(20), "0000".repeat(20))),
        Err(TlvError::TooDeep)
    );
}

#[test]
fn numbers_are_as_short_as_they_can_be_and_never_below_zero() {
    let read = |hex: &str| {
        let bytes = unhex(hex);
        Reader::new(&bytes).next().expect("a value").expect("one").unsigned()
    };
    assert_eq!(read("0200"), Err(TlvError::Truncated));
    assert_eq!(read("020100"), Ok(0));
    assert_eq!(read("02020080"), Ok(128));
    assert_eq!(read("0201 80"), Err(TlvError::OutOfRange));
    assert_eq!(read("0209 00ffffffffffffffff"), Ok(u64::MAX));
    assert_eq!(read("020a 0000ffffffffffffffff"), Ok(u64::MAX));
    assert_eq!(read("0209 010000000000000000"), Err(TlvError::OutOfRange));
}

#[test]
fn what_cannot_be_read_of_a_log_is_named() {
    let day = Day::spent(setup(Curve::P256, Version::V2, TimeFormat::UnixTime), 1);
    let log = &day.logs.last().expect("a log").bytes;
    let inner = &log[4..];
    assert_eq!(log[..4], [0x30, 0x81, log[2], 0x02]);
    let with_version = |version: u8| {
        let changed = [&[0x02, 0x01, version], &inner[2..]].concat();
        LogMessage::read(&sequence(&changed)).map(|_| ())
    };
    assert_eq!(with_version(2), Ok(()));
    assert_eq!(with_version(4), Err(LogFault::Version(4)));
    assert_eq!(LogMessage::read(&vec![0; log::LONGEST_LOG + 1]), Err(LogFault::TooLong));
    let trailing = [log.as_slice(), &[0x05, 0x00]].concat();
    assert_eq!(LogMessage::read(&trailing), Err(LogFault::Tlv(TlvError::Unexpected)));
}
