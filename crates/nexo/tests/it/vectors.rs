//! Vectors of the sealed envelope: our own, and the published ones, which lie beside the checkout.

use std::path::Path;

use nexo::envelope::{Keys, NotOpened};
use nexo::words::Category;
use serde_json::Value;

use crate::given::{header, keys, payment};

const NONCE: [u8; 16] = [0xa5; 16];

/// Made here, and checked with another program's implementation of the primitives.
const SEALED: &str = include_str!("sealed.json");

#[test]
fn a_sealed_message_is_always_the_same() {
    let ask = payment(1_099, 2, "EUR");
    let sealed = keys().seal_request(&header(Category::Payment), &ask, NONCE).unwrap();
    assert_eq!(String::from_utf8(sealed).unwrap(), SEALED.trim());
    assert_eq!(keys().open_request(SEALED.as_bytes()), Ok((header(Category::Payment), ask)));
}

#[test]
fn whatever_is_changed_on_the_way_is_noticed() {
    let whole = SEALED.trim();
    assert!(keys().open_request(whole.as_bytes()).is_ok());
    let mut opened = 0;
    for at in 0..whole.len() {
        for bit in [0, 1, 5] {
            let mut bytes = whole.as_bytes().to_vec();
            bytes[at] ^= 1 << bit;
            opened += usize::from(keys().open_request(&bytes).is_ok());
        }
    }
    assert_eq!(opened, 0);
}

#[test]
fn another_key_and_another_passphrase_are_told_apart_from_each_other_only() {
    let cases = [
        (Keys::derive("a passphrase for tests", "other", 2), NotOpened::OtherKey),
        (Keys::derive("a passphrase for tests", "till-key", 3), NotOpened::OtherKey),
        (Keys::derive("another passphrase", "till-key", 2), NotOpened::NotAuthentic),
    ];
    for (keys, error) in cases {
        assert_eq!(keys.open_request(SEALED.as_bytes()), Err(error));
    }
    let scheme = SEALED.replace("\"AdyenCryptoVersion\":1", "\"AdyenCryptoVersion\":2");
    assert_eq!(keys().open_request(scheme.as_bytes()), Err(NotOpened::OtherKey));
    assert_eq!(keys().open_response(SEALED.as_bytes()), Err(NotOpened::Form));
    let long = " ".repeat(nexo::LONGEST) + SEALED;
    assert_eq!(keys().open_request(long.as_bytes()), Err(NotOpened::TooLong));
}

#[test]
fn the_header_outside_must_be_that_inside() {
    for (from, to) in [
        ("K7M2Q9", "K7M2Q8"),
        ("Tresen", "Other"),
        ("P400Plus-275039202", "P400Plus-275039203"),
        ("\"Payment\"", "\"Refund\""),
    ] {
        let changed = SEALED.replacen(from, to, 1);
        assert_eq!(keys().open_request(changed.as_bytes()), Err(NotOpened::Header), "{to}");
    }
}

#[test]
fn no_secret_is_shown() {
    assert_eq!(format!("{:?}", keys()), "Keys(till-key 2)");
}

#[test]
fn the_published_vectors_hold() {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let file = "shared/data/payment_vectors.json";
    let Some(path) = folders.map(|folder| folder.join(file)).find(|path| path.is_file()) else {
        println!("skipped: no {file} beside the checkout");
        return;
    };
    let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let vectors = all["nexo"]["vectors"].as_array().expect("a list");
    let text = |vector: &Value, name: &str| vector[name].as_str().unwrap_or_default().to_owned();
    let mut held = 0;
    for vector in vectors.iter().filter(|vector| vector["nexo_blob_b64"].is_string()) {
        // Its message is no whole one: it is opened, and only then found to be none.
        let envelope = serde_json::json!({ "SaleToPOIRequest": {
            "MessageHeader": header(Category::Payment),
            "NexoBlob": text(vector, "nexo_blob_b64"),
            "SecurityTrailer": {
                "AdyenCryptoVersion": 1, "KeyIdentifier": "vector", "KeyVersion": 1,
                "Nonce": text(vector, "nonce_b64"), "Hmac": text(vector, "hmac_b64"),
            },
        }});
        let opened = |passphrase: &str| {
            Keys::derive(passphrase, "vector", 1).open_request(envelope.to_string().as_bytes())
        };
        let right = opened(&text(vector, "passphrase"));
        assert!(matches!(right, Err(NotOpened::Message(_))), "{right:?}");
        assert_eq!(opened("wrong"), Err(NotOpened::NotAuthentic));
        held += 1;
    }
    assert!(held > 0);
    println!("published vectors: {held}");
}
