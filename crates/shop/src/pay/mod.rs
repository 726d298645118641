//! Payments at terminals: who asks them, and what is known of them.

mod book;
mod closing;
pub(crate) mod cloud;
mod ending;
mod guard;
pub(crate) mod machine;
pub mod runner;
pub mod service;
pub(crate) mod taker;
mod wanted;
mod way;

pub use ending::finish;
pub use machine::machine_key;

use domain::TerminalId;
use domain::settings::TerminalSettings;
use payment::adyen::Secret;
use store::{Reader, StoreError};

use crate::api::payments::TerminalSecret;
use crate::vault;

/// Passwords that terminals come with, as their makers' and acquirers' manuals name them.
const DEFAULT_PASSWORDS: [&str; 7] =
    ["000000", "123456", "111111", "210888", "166816", "166831", "654321"];

/// True for a password that terminals come with, or that whoever stands before one tries first: six times
/// the same digit, or digits that go up or down by one.
#[must_use]
pub fn is_usual_password(password: &str) -> bool {
    let digits: Vec<u8> = password.bytes().collect();
    let steps =
        |by: fn(u8, u8) -> bool| digits.windows(2).all(|pair| matches!(pair, [a, b] if by(*a, *b)));
    DEFAULT_PASSWORDS.contains(&password)
        || steps(|a, b| a == b)
        || steps(|a, b| a.checked_add(1) == Some(b))
        || steps(|a, b| a.checked_sub(1) == Some(b))
}

/// True for a terminal whose password is a usual one. One whose password nobody set has that which it came
/// with.
///
/// # Errors
/// When the file cannot be read.
pub fn has_usual_password(
    reader: &Reader,
    terminal: &TerminalSettings,
) -> Result<bool, StoreError> {
    if !terminal.protocol.is_zvt() {
        return Ok(false);
    }
    Ok(match vault::kept(reader, &secret_key(terminal.id))? {
        vault::Kept::Nothing => true,
        vault::Kept::Text(password) => is_usual_password(&password),
        // Somebody set one, and types it in again.
        vault::Kept::Lost => false,
    })
}

/// The password that is tried when nobody has set one.
pub const USUAL_PASSWORD: &str = "000000";

/// Where a terminal's password lies, apart from the settings and the journal.
#[must_use]
pub fn secret_key(terminal: TerminalId) -> String {
    format!("terminal_password_{terminal}")
}

/// Where what is shared with a terminal lies, apart from the settings and the journal.
#[must_use]
pub fn shared_key(terminal: TerminalId) -> String {
    format!("terminal_secret_{terminal}")
}

/// Where the key to a terminal's provider lies, apart from the settings and the journal.
#[must_use]
pub fn cloud_key(terminal: TerminalId) -> String {
    format!("terminal_key_{terminal}")
}

/// What is shared with a terminal, as it is typed in.
pub(crate) fn shared(secret: &TerminalSecret) -> Secret {
    Secret {
        passphrase: secret.passphrase.clone(),
        key_identifier: secret.key_identifier.clone(),
        key_version: secret.key_version,
        root: secret.root_certificate.clone(),
    }
}
