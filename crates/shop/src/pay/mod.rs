//! Payments at terminals: who asks them, and what is known of them.

mod book;
mod closing;
mod ending;
pub mod runner;
mod way;

pub use ending::finish;

use domain::TerminalId;
use payment::adyen::Secret;

use crate::api::payments::TerminalSecret;

/// Passwords that terminals come with.
pub const DEFAULT_PASSWORDS: [&str; 4] = ["000000", "123456", "111111", "210888"];

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

/// What is shared with a terminal, as it is typed in.
pub(crate) fn shared(secret: &TerminalSecret) -> Secret {
    Secret {
        passphrase: secret.passphrase.clone(),
        key_identifier: secret.key_identifier.clone(),
        key_version: secret.key_version,
        root: secret.root_certificate.clone(),
    }
}
