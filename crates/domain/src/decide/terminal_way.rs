//! How a terminal is reached: by address, with a certificate that is known, or at a serial port.

use std::collections::BTreeSet;

use super::limits::{self, MAX_NAME};
use crate::refusal::Refusal;
use crate::settings::{Settings, TerminalProtocol, TerminalSettings};
use crate::state::State;

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
    if terminal.certificate.as_deref().is_some_and(|text| !tls || !limits::is_fingerprint(text)) {
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

/// Terminals: each with a name and an address, and those that tills and running payments name are there.
pub(super) fn check_terminals(state: &State, settings: &Settings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    let mut ids: Vec<_> = settings.terminals.iter().map(|t| t.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let numbered = ids.len() == settings.terminals.len() && ids.iter().all(|id| id.0 > 0);
    if !numbered || ids.len() > 200 {
        return bad("terminals");
    }
    for terminal in &settings.terminals {
        limits::text("terminal_name", &terminal.name, MAX_NAME)?;
        limits::text("terminal_address", &terminal.address, MAX_NAME)?;
        use TerminalProtocol as P;
        let named = terminal.terminal_id.as_deref();
        let fits = match terminal.protocol {
            P::ZvtTcp | P::ZvtTls | P::ZvtSerial => named.is_none(),
            P::AdyenLocal | P::AdyenCloud => named.is_some_and(is_model_and_serial),
            P::SumupCloud => named.is_none_or(is_reader),
        };
        if !fits {
            return bad("terminal_id");
        }
        check(terminal)?;
        let fits = match (terminal.protocol, terminal.merchant.as_deref()) {
            (P::ZvtTcp | P::ZvtTls | P::ZvtSerial | P::AdyenLocal, merchant) => merchant.is_none(),
            (P::AdyenCloud | P::SumupCloud, merchant) => merchant.is_some_and(is_merchant),
        };
        if !fits {
            return bad("terminal_merchant");
        }
    }
    let named = settings.tills.iter().filter_map(|t| t.terminal);
    if named.into_iter().any(|id| !ids.contains(&id)) {
        return bad("till_terminal");
    }
    // Two names for one terminal would get round its one payment at a time.
    // In the cloud all have the provider's address.
    let near = settings.terminals.iter().filter(|t| !t.protocol.is_cloud());
    if is_twice(near.map(|t| t.address.trim())) {
        return bad("terminal_address_taken");
    }
    if is_twice(settings.terminals.iter().filter_map(|t| t.terminal_id.as_deref())) {
        return bad("terminal_id_taken");
    }
    // The answer to a running payment or end of day must come from the terminal that was asked.
    let before = state.settings.as_ref();
    let stays = |id| {
        let old = before.and_then(|s| s.terminals.iter().find(|t| t.id == id));
        let new = settings.terminals.iter().find(|t| t.id == id);
        old.zip(new).is_some_and(|(a, b)| is_same(a, b))
            || before.is_some_and(|s| s.cash_machine(id).is_some())
    };
    let closing = state.closings.values().filter(|closing| closing.is_open());
    // What was paid there in a sale that is still open may have to be taken back there.
    let paid = state.baskets.values().flat_map(|basket| &basket.tenders);
    let paid = paid.filter_map(|tender| tender.card.as_ref()?.terminal);
    let asked = state.attempts.values().map(|a| a.terminal).chain(closing.map(|c| c.terminal));
    if asked.chain(paid).any(|terminal| !stays(terminal)) {
        return bad("terminal_in_use");
    }
    Ok(())
}

/// `P400Plus-275039202`
fn is_model_and_serial(id: &str) -> bool {
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    id.len() <= 40
        && id.rsplit_once('-').is_some_and(|(model, serial)| plain(model) && plain(serial))
}

/// A reader's number at SumUp's.
fn is_reader(id: &str) -> bool {
    let rest = id.strip_prefix("rdr_").unwrap_or_default();
    (1..=36).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A merchant's account or code at a provider.
fn is_merchant(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=80).contains(&name.len()) && name.bytes().all(plain)
}

/// Whether one of these is there twice, in capitals or not.
fn is_twice<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    names.into_iter().any(|name| !seen.insert(name.to_ascii_lowercase()))
}
