//! Magnetic stripes have no business here: whatever holds one is dropped before anything reads it.
//!
//! A reader that types like a keyboard puts a stripe into whatever field has the focus. So every text of
//! every request is looked through in this one place, and the request is refused before it is taken apart;
//! the refusal names no part of it (PCI DSS 3.3.1).

use domain::Refusal;
use serde_json::Value;

use super::problem::{Answer, Failure};
use crate::engine::EngineError;

fn dropped() -> Failure {
    EngineError::Refused(Refusal::CardData).into()
}

/// Looks a JSON body through. One that is no JSON is refused by whoever reads it.
pub(super) fn none_in_body(bytes: &[u8]) -> Answer<()> {
    // Most bodies have too few digits for a card: they are not taken apart twice.
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits < 12 && !bytes.contains(&b'%') {
        return Ok(());
    }
    let Ok(body) = serde_json::from_slice::<Value>(bytes) else {
        // Half a body may hold a whole stripe: what is said of it must not repeat it.
        let text = String::from_utf8_lossy(bytes);
        return if gs1::holds_stripe(&text) { Err(dropped()) } else { Ok(()) };
    };
    if holds(&body) { Err(dropped()) } else { Ok(()) }
}

fn holds(value: &Value) -> bool {
    match value {
        Value::String(text) => gs1::holds_stripe(text),
        Value::Array(values) => values.iter().any(holds),
        Value::Object(fields) => {
            fields.iter().any(|(name, value)| gs1::holds_stripe(name) || holds(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Looks an address through, path and query.
pub(super) fn none_in_address(address: &str) -> Answer<()> {
    let plain = decoded(address);
    let parts = plain.split(['/', '?', '&']).flat_map(|part| {
        // `q=;4111…=25…`: the name of a field is not in front of its value.
        [Some(part), part.split_once('=').map(|(_, value)| value)]
    });
    if parts.flatten().any(gs1::holds_stripe) { Err(dropped()) } else { Ok(()) }
}

/// An address with its `%` escapes read.
fn decoded(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let [first, more @ ..] = rest {
        let escaped = match (first, more) {
            (b'%', [high, low, ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                let both = digit(high).zip(digit(low));
                both.and_then(|(high, low)| u8::try_from(high * 16 + low).ok())
            }
            _ => None,
        };
        match escaped {
            Some(byte) => {
                bytes.push(byte);
                rest = more.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACK: &str = ";4111111111111111=25121010000000000?";

    #[test]
    fn a_stripe_is_dropped_wherever_it_stands_and_never_repeated() {
        let bodies = [
            format!(r#"{{"id":"x","type":"note","text":"{TRACK}"}}"#),
            format!(r#"{{"a":[{{"b":["{TRACK}"]}}]}}"#),
            format!(r#"{{"{TRACK}":1}}"#),
            r#"{"q":"\u003b4111111111111111\u003d25121010000000000"}"#.to_owned(),
            r#"{"q":"%B4111111111111111^MUSTER/ANNA^2512101?"}"#.to_owned(),
            // Cut off in the middle of the body.
            format!(r#"{{"text":"{TRACK}"#),
        ];
        for body in bodies {
            let failure = none_in_body(body.as_bytes()).expect_err(&body);
            assert_eq!(failure.code(), "card_data");
            assert!(!format!("{failure:?}").contains("4111"), "{failure:?}");
        }
        for body in
            [r#"{"code":"4006381333931"}"#, r#"{"text":"100 % Baumwolle, 4111111111111111"}"#]
        {
            assert!(none_in_body(body.as_bytes()).is_ok(), "{body}");
        }
    }

    #[test]
    fn addresses_are_looked_through_as_they_are_meant() {
        for address in [
            "/api/v1/items?q=%3B4111111111111111%3D25121010000000000%3F",
            "/api/v1/items?limit=3&q=4111111111111111=25121010000000000",
            "/api/v1/x/%3B4111111111111111=25121010000000000",
            "/api/v1/items?q=%25B4111111111111111%5EMUSTER%5E2512101",
        ] {
            assert!(none_in_address(address).is_err(), "{address}");
        }
        for address in ["/api/v1/items?q=M%C3%BCsli+100%25&limit=30", "/%", "/%4", "/%zz?a=%"] {
            assert!(none_in_address(address).is_ok(), "{address}");
        }
    }
}
