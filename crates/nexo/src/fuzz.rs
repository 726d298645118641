//! Fuzz targets as plain functions, so that they also run seeded in the ordinary tests. Each claims that it
//! returns, and what else it asserts.

use crate::envelope::Keys;
use crate::message::Last4;
use crate::wire;

/// Bytes as a message in clear, and as an envelope: what can be read can be written and read again.
///
/// Returns whether all of that held.
#[must_use]
pub fn message(keys: &Keys, bytes: &[u8]) -> bool {
    let _ = (keys.open_request(bytes), keys.open_response(bytes), wire::read_event(bytes));
    let request = wire::read_request(bytes).ok().is_none_or(|(header, ask)| {
        wire::write_request(&header, &ask)
            .is_ok_and(|again| wire::read_request(&again) == Ok((header, ask)))
    });
    let response = wire::read_response(bytes).ok().is_none_or(|(header, answer)| {
        wire::write_response(&header, &answer)
            .is_ok_and(|again| wire::read_response(&again) == Ok((header, answer)))
    });
    request && response
}

/// A text as a masked card number: at most four digits of it stay.
#[must_use]
pub fn masked(text: &str) -> bool {
    Last4::of(text).digits().is_none_or(|digits| digits.len() == 4 && text.trim().ends_with(digits))
}
