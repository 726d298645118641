//! The code on a receipt, against published ones.

use fiscal::de::tse::qr::CodeField;
use fiscal::de::tse::*;

use crate::tse_kit::{PUBLISHED, published_codes, read, unhex};

#[test]
fn the_published_example_verifies_and_what_was_signed_is_known_to_the_byte() {
    let code = read(PUBLISHED);
    let verified = code.verify().expect("it is true");
    assert_eq!(verified.version, Version::V2);
    let serial = "c92dc16a9bd3549976ebadba575895fab6f0dfb0d3001f08921db57e1e51cf2b";
    assert_eq!(verified.serial.to_string(), serial);
    assert_eq!(code.key().expect("a key").curve(), Curve::BrainpoolP256r1);

    let signed = unhex(
        "020102060904007f000703070101801146696e6973685472616e73616374696f6e81093935353030322d30308227\
         42656c65675e302e30305f322e35355f302e30305f302e30305f302e30305e322e35353a426172830e4b61737365\
         6e62656c65672d56318501120420c92dc16a9bd3549976ebadba575895fab6f0dfb0d3001f08921db57e1e51cf2b\
         300c060a04007f0007010104010302017002045d263140",
    );
    let content = LogContent {
        version: Version::V2,
        record: Record::Transaction(Transaction {
            operation: Operation::Finish,
            client: code.client.clone(),
            process_data: code.process_data.clone().into_bytes(),
            process_type: code.process_type.clone(),
            external: None,
            number: code.transaction,
            internal: None,
        }),
        serial: verified.serial,
        algorithm: code.algorithm,
        audit: None,
        counter: code.counter,
        time: LogTime { at: code.finish, format: code.time_format },
    };
    assert_eq!(content.signed_bytes(), signed);
}

#[test]
fn of_the_published_codes_the_forged_one_fails_and_the_others_verify() {
    let Some(codes) = published_codes() else {
        return;
    };
    assert!(codes.len() >= 4, "{} codes", codes.len());
    for (at, text) in codes.iter().enumerate() {
        let code = read(text);
        let found = code.verify();
        if at == 0 {
            assert_eq!(found, Err(CodeFault::Signature(SignatureFault::DoesNotVerify)));
        } else {
            assert!(found.is_ok(), "{text}: {found:?}");
        }
        // Whichever way is tried first, the same comes out; and it is the first that is tried next.
        for first in 0..10 {
            let mut way = first;
            assert_eq!(code.verify_as(&mut way), found);
            let mut again = way;
            assert_eq!(code.verify_as(&mut again), found);
            assert_eq!(again, way);
        }
        // Some makers write a field in their own way, so compare what is read, not the text.
        assert_eq!(read(&code.to_string()), code);
        let data = ProcessData::read(&code.process_type, code.process_data.as_bytes());
        assert_eq!(data.and_then(|data| data.write()).as_ref(), Ok(&code.process_data));
    }
}

#[test]
fn a_code_with_any_one_character_changed_is_not_true() {
    let start = PUBLISHED.match_indices(';').nth(5).map_or(0, |(at, _)| at);
    let finish = PUBLISHED.match_indices(';').nth(6).map_or(0, |(at, _)| at);
    for at in 0..PUBLISHED.len() {
        // The time of the start is not signed in the message that the code holds.
        if at > start && at < finish {
            continue;
        }
        let mut bytes = PUBLISHED.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'5' { b'6' } else { b'5' };
        let text = String::from_utf8(bytes).expect("ASCII");
        let found = ReceiptCode::read(&text).and_then(|code| code.verify());
        assert!(found.is_err(), "character {at}: {text}");
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let fields: Vec<&str> = PUBLISHED.split(';').collect();
    let with = |at: usize, text: &str| {
        let mut fields = fields.clone();
        fields[at] = text;
        ReceiptCode::read(&fields.join(";")).map(|code| code.verify().map(|_| ()))
    };
    use CodeField::*;
    for (at, field) in [
        (4, Transaction),
        (5, Counter),
        (6, Start),
        (7, Finish),
        (8, Algorithm),
        (9, TimeFormat),
        (10, Signature),
        (11, PublicKey),
    ] {
        assert_eq!(with(at, "x"), Err(CodeFault::Field(field)), "field {at}");
        assert_eq!(with(at, ""), Err(CodeFault::Field(field)), "field {at}");
    }
    assert_eq!(with(0, "V1"), Err(CodeFault::NotV0));
    assert_eq!(ReceiptCode::read("V0;a;b;c"), Err(CodeFault::TooFewFields));
    assert_eq!(ReceiptCode::read(&"V0;".repeat(10_000)), Err(CodeFault::TooLong));
    let key = |text: &str| with(11, text);
    assert_eq!(key("BHhW"), Ok(Err(CodeFault::Key(KeyFault::Shape))));
    let off = fields[11].replace("BHhW", "BHhX");
    assert_eq!(key(&off), Ok(Err(CodeFault::Key(KeyFault::NotOnCurve))));
    let not_one = Ok(Err(CodeFault::Signature(SignatureFault::NotASignature)));
    assert_eq!(with(10, "AAAA"), not_one);
}

#[test]
fn a_text_with_semicolons_is_found_between_the_other_fields() {
    let fields: Vec<&str> = PUBLISHED.split(';').collect();
    let mut order = fields.clone();
    order[2] = "Bestellung-V1";
    order[3] = "2;\"Eis; gross\";3.99";
    let code = read(&order.join(";"));
    assert_eq!((code.process_type.as_str(), code.process_data.as_str()), (order[2], order[3]));
    assert_eq!((code.transaction, code.counter), (18, 112));
    assert_eq!(code.to_string(), order.join(";"));
}

#[test]
fn a_key_is_read_as_a_point_and_as_der_and_is_the_same() {
    let key = read(PUBLISHED).key().expect("a key");
    let again = PublicKey::read(&key.to_spki()).expect("a DER key");
    assert_eq!(again, key);
    assert_eq!(again.serial_number(), key.serial_number());
    // The same point under the name of another curve.
    let mut spki = key.to_spki();
    let oid = spki.windows(9).position(|bytes| bytes == [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7]);
    spki[oid.expect("the curve's name") + 8] = 0x0b;
    assert_eq!(PublicKey::read(&spki), Err(KeyFault::NotOnCurve));
}

#[test]
fn keys_sign_on_every_curve_with_every_hash_the_same_each_time() {
    for curve in Curve::ALL {
        let bytes = PrivateKey::bytes_from_seed(curve, &[7; 32]);
        let key = PrivateKey::from_bytes(curve, &bytes).expect("a key");
        assert_eq!(key.public().curve(), curve);
        for algorithm in SignatureAlgorithm::ALL {
            let signature = key.sign(algorithm, b"text").expect("a signature");
            assert_eq!(signature.len(), curve.field() * 2);
            assert_eq!(key.sign(algorithm, b"text"), Ok(signature.clone()));
            assert_eq!(key.public().verify(algorithm, b"text", &signature), Ok(()));
            let other = key.public().verify(algorithm, b"texu", &signature);
            assert_eq!(other, Err(SignatureFault::DoesNotVerify));
            for at in (0..signature.len()).filter(|_| algorithm == curve.algorithm()) {
                let mut forged = signature.clone();
                forged[at] ^= 1;
                assert!(key.public().verify(algorithm, b"text", &forged).is_err());
            }
        }
        assert!(!format!("{key:?}").contains(&format!("{:02x}{:02x}", bytes[0], bytes[1])));
        assert!(PrivateKey::from_bytes(curve, &vec![0; curve.field()]).is_err());
        assert!(PrivateKey::from_bytes(curve, &vec![0xff; curve.field()]).is_err());
        assert!(PrivateKey::from_bytes(curve, &bytes[1..]).is_err());
    }
}
