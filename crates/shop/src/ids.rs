//! Identities that the program itself makes, and what they are made of.

use domain::CommandId;
use jiff::Timestamp;
use uuid::Uuid;

/// An id for a command of the program's own: UUIDv7 of `now`, random in the rest.
pub fn own_command(now: Timestamp) -> CommandId {
    let mut random = [0_u8; 10];
    // Without randomness the id is still unique by its millisecond, which is enough for the
    // program's own few commands.
    let _ = getrandom::fill(&mut random);
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    CommandId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// As [`own_command`], as a bare UUID.
pub fn own_uuid(now: Timestamp) -> Uuid {
    own_command(now).0
}

/// Random bytes that are never the same twice while the program runs.
#[must_use]
pub fn draw() -> [u8; 32] {
    crate::auth::random::never_again()
}
