//! Finds devices: printers in the shop's own network and at USB, scanners by HID-POS, and serial ports that something may be plugged
//! into.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use escpos::Language;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::hid;
use crate::line::{self, Place};
use crate::printer::{Printer, Reason, Setup, Timeouts};
use crate::usb;

/// Where printers listen.
pub const PORT: u16 = 9_100;
/// Connections that are tried at once.
const AT_ONCE: usize = 64;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it is, as settings name it.
    pub at: String,
    /// Maker and model in words, as far as it says; empty otherwise.
    pub called: String,
    /// What is there.
    pub what: What,
}

/// What is at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A printer that answers in this language.
    Printer(Language),
    /// Something that takes jobs and does not answer: a printer behind a print server, or one of another kind.
    SilentPrinter,
    /// A bar code scanner that speaks HID-POS.
    Scanner,
    /// A serial port: what is plugged in says nothing of itself.
    SerialPort,
}

/// All hosts of the network that this machine is in, at the port of printers: the 254 beside it. None when it is in no private network;
/// nobody else's machines are knocked at.
#[must_use]
pub fn neighbours() -> Vec<SocketAddr> {
    let Some(own) = own_address() else { return Vec::new() };
    let [a, b, c, _] = own.octets();
    let hosts = (1..=254).map(|last| Ipv4Addr::new(a, b, c, last)).filter(|host| *host != own);
    hosts.map(|host| SocketAddr::from((host, PORT))).collect()
}

/// Connecting a datagram socket sends nothing; it only makes the system choose the address that it would send from.
fn own_address() -> Option<Ipv4Addr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    match socket.local_addr().ok()?.ip() {
        IpAddr::V4(own) if own.is_private() || own.is_link_local() => Some(own),
        _ => None,
    }
}

/// Asks at each of these addresses whether a printer is there.
pub async fn network(hosts: Vec<SocketAddr>, patience: Duration) -> Vec<Found> {
    let turn = Arc::new(Semaphore::new(AT_ONCE));
    let mut asked = JoinSet::new();
    for host in hosts {
        let turn = Arc::clone(&turn);
        asked.spawn(async move {
            let _turn = turn.acquire().await.ok()?;
            let what = printer_at(Place::Net(host.to_string()), patience).await?;
            Some((host, Found { at: host.to_string(), called: String::new(), what }))
        });
    }
    let mut found = Vec::new();
    while let Some(one) = asked.join_next().await {
        found.extend(one.ok().flatten());
    }
    found.sort_by_key(|(host, _)| *host);
    found.into_iter().map(|(_, one)| one).collect()
}

/// What is at this place, if anything takes a connection there. Only questions are sent, nothing that prints: a printer of another
/// language takes them for nothing.
async fn printer_at(place: Place, patience: Duration) -> Option<What> {
    let timeouts = Timeouts { connect: patience, answer: patience, finish: patience };
    for language in [Language::EscPos, Language::Star] {
        let setup = Setup { language, ..Setup::usual(place.clone()) };
        match Printer::new(setup, timeouts).status().await {
            Ok(_) => return Some(What::Printer(language)),
            Err(Reason::Unreachable(_)) => return None,
            Err(_) => {}
        }
    }
    Some(What::SilentPrinter)
}

/// What is plugged into this machine: printers and scanners at USB, and its serial ports.
#[must_use]
pub fn plugged_in() -> Vec<Found> {
    let at_usb = usb::printers().into_iter().map(|printer| Found {
        at: printer.name.to_string(),
        called: printer.called,
        what: What::Printer(if printer.name.vendor == STAR {
            Language::Star
        } else {
            Language::EscPos
        }),
    });
    let ports = line::serial_ports().into_iter().filter_map(|path| {
        let at = path.to_str()?.to_owned();
        Some(Found { at, called: String::new(), what: What::SerialPort })
    });
    at_usb.chain(hid::scanners().into_iter().map(scanner)).chain(ports).collect()
}

/// A scanner by its name at USB, which stays the same whichever file it gets.
pub(crate) fn scanner(found: hid::Found) -> Found {
    Found { at: found.name.to_string(), called: found.called, what: What::Scanner }
}

/// Star Micronics at USB.
const STAR: &str = "0519";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_private_neighbours_are_knocked_at() {
        for host in neighbours() {
            let IpAddr::V4(host) = host.ip() else { panic!("{host} is no IPv4 address") };
            assert!(host.is_private() || host.is_link_local(), "{host}");
        }
    }
}
