//! How a terminal is reached: by address, with a certificate that is known, or at a serial port.

use crate::refusal::Refusal;
use crate::settings::{TerminalProtocol, TerminalSettings};

/// What a terminal's way needs, and nothing that belongs to another way.
pub(super) fn check(terminal: &TerminalSettings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    let (serial, tls) = match terminal.protocol {
        TerminalProtocol::ZvtSerial => (true, false),
        TerminalProtocol::ZvtTls => (false, true),
        _ => (false, false),
    };
    let rate_fits = terminal.rate.is_none_or(|rate| serial && [9_600, 115_200].contains(&rate));
    if !rate_fits || serial != is_serial_port(&terminal.address) {
        return bad("terminal_port");
    }
    if terminal.certificate.as_deref().is_some_and(|text| !tls || !is_fingerprint(text)) {
        return bad("terminal_certificate");
    }
    Ok(())
}

/// Whether it is still the same terminal, reached in the same way.
pub(super) fn is_same(a: &TerminalSettings, b: &TerminalSettings) -> bool {
    a.address == b.address
        && a.protocol == b.protocol
        && a.rate == b.rate
        && a.certificate == b.certificate
        && a.terminal_id == b.terminal_id
        && a.merchant == b.merchant
}

/// Where serial ports are, and nowhere else: opening some other devices does something by itself.
fn is_serial_port(path: &str) -> bool {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic()) && !path.contains("..");
    let numbered = path.strip_prefix("COM").is_some_and(|number| {
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    let folders = ["/dev/tty", "/dev/serial/", "/dev/pts/", "/dev/cu."];
    numbered || (plain && folders.iter().any(|f| path.starts_with(f) && path.len() > f.len()))
}

/// Pairs of hexadecimal digits, with or without colons between them.
fn is_fingerprint(text: &str) -> bool {
    let digits = text.bytes().filter(|byte| *byte != b':');
    text.len() <= 95
        && text.bytes().all(|b| b == b':' || b.is_ascii_hexdigit())
        && digits.count() == 64
}
