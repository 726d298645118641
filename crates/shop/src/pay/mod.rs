//! Payments at terminals: who asks them, and what is known of them.

mod book;
pub mod runner;

use domain::TerminalId;

/// Passwords that terminals come with.
pub const DEFAULT_PASSWORDS: [&str; 4] = ["000000", "123456", "111111", "210888"];

/// The password that is tried when nobody has set one.
pub const USUAL_PASSWORD: &str = "000000";

/// Where a terminal's password lies, apart from the settings and the journal.
#[must_use]
pub fn secret_key(terminal: TerminalId) -> String {
    format!("terminal_password_{terminal}")
}
