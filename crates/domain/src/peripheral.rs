//! Devices on the counter: how they are connected and what is known of each model.
//!
//! A device is known by where it is connected ([`Peripheral::at`]); tills name the devices that stand beside them by that. What
//! becomes of a device (no paper, gone, back again) is nothing of the settings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::decide::limits::{self, MAX_NAME, MAX_TEXT};
use crate::refusal::Refusal;
use crate::settings::Settings;

/// Most devices of a shop.
const MOST: usize = 1_000;

/// How a serial line is set; a device whose protocol fixes it needs none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SerialLine {
    /// Bits per second, 300 to 921,600.
    pub rate: u32,
    /// 7 or 8.
    pub data_bits: u8,
    /// The parity bit.
    pub parity: Parity,
    /// 1 or 2.
    pub stop_bits: u8,
}

impl SerialLine {
    /// 8 data bits, no parity, one stop bit.
    #[must_use]
    pub const fn usual(rate: u32) -> Self {
        Self { rate, data_bits: 8, parity: Parity::None, stop_bits: 1 }
    }

    fn holds(self) -> bool {
        (300..=921_600).contains(&self.rate)
            && matches!(self.data_bits, 7 | 8)
            && matches!(self.stop_bits, 1 | 2)
    }
}

/// The parity bit of a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Parity {
    /// No such bit.
    None,
    /// An odd number of ones.
    Odd,
    /// An even number of ones.
    Even,
}

/// What a receipt printer understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrinterLanguage {
    /// Epson's, which nearly all others understand as well.
    EscPos,
    /// Star's own (StarPRNT, Star Line).
    Star,
    /// Epson's ePOS-Print: XML over HTTP.
    Epos,
}

/// A receipt printer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrinterSettings {
    /// What it understands.
    pub language: PrinterLanguage,
    /// Its model by the name of a profile (`generic-80mm`, `TM-T88V`).
    pub model: String,
    /// Characters per line where they differ from the model's: 32, 42 or 48.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<u8>,
    /// How its serial line is set, at a serial port; 9,600 bits per second with 8 data bits unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<SerialLine>,
    /// The level of the drawer's switch while the drawer is open, as somebody found out by opening it; none where nobody did, or no
    /// switch is wired: then nothing is said of the drawer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawer_open_level: Option<bool>,
    /// It passes no answers back (a print server, a plain cable): what was sent counts as printed.
    #[serde(default, skip_serializing_if = "crate::settings::is_false")]
    pub silent: bool,
}

/// How a scanner that is no keyboard speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScannerWay {
    /// As text with an end: a serial port, USB-COM, or over the network.
    Line,
    /// By reports of USB HID-POS (Linux).
    HidPos,
}

/// A scanner that the shop's process reads and hands to the page of its till. One that plays keyboard needs no settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScannerSettings {
    /// How it speaks.
    pub way: ScannerWay,
    /// How its serial line is set, at a serial port; 9,600 bits per second with 8 data bits unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<SerialLine>,
}

/// What a device is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PeripheralKind {
    /// A receipt printer, with a drawer perhaps.
    Printer(PrinterSettings),
    /// A bar code scanner.
    Scanner(ScannerSettings),
}

/// A device of the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Peripheral {
    /// Where it is connected, and its name for tills: `host:port` in the network, `usb:04b8:0e28` or `usb:04b8:0e28:<serial number>`
    /// (a scanner by HID-POS also by its file, `/dev/hidraw0`), the path of a serial port (`/dev/ttyUSB0`, `COM3`), `http://host/…` or `https://host/…`.
    pub at: String,
    /// As people call it.
    pub name: String,
    /// What it is.
    pub device: PeripheralKind,
}

impl Settings {
    /// The device that is connected there, if it is one that the shop knows something of.
    #[must_use]
    pub fn peripheral(&self, at: &str) -> Option<&Peripheral> {
        self.peripherals.iter().find(|device| device.at == at)
    }

    /// What is known of the scanner that is connected there.
    #[must_use]
    pub fn scanner_at(&self, at: &str) -> Option<&ScannerSettings> {
        match &self.peripheral(at)?.device {
            PeripheralKind::Scanner(scanner) => Some(scanner),
            PeripheralKind::Printer(_) => None,
        }
    }

    /// What is known of the printer that is connected there.
    #[must_use]
    pub fn printer_at(&self, at: &str) -> Option<&PrinterSettings> {
        match &self.peripheral(at)?.device {
            PeripheralKind::Printer(printer) => Some(printer),
            PeripheralKind::Scanner(_) => None,
        }
    }
}

/// What the settings say of devices holds together.
///
/// # Errors
/// `scanners` when a till names a scanner that is none, or two name the same. `peripheral` when a device is given twice, has no place, or what is said of it cannot be.
pub(crate) fn check(settings: &Settings) -> Result<(), Refusal> {
    let bad = || Refusal::BadSettings { problem: "peripheral".to_owned() };
    if settings.peripherals.len() > MOST {
        return Err(bad());
    }
    let mut places: Vec<&str> = settings.peripherals.iter().map(|d| d.at.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    if places.len() != settings.peripherals.len() {
        return Err(bad());
    }
    // A scanner belongs to one till: what it reads is sold there and nowhere else.
    let mut scanners: Vec<&str> =
        settings.tills.iter().flat_map(|till| &till.scanners).map(String::as_str).collect();
    scanners.sort_unstable();
    let named = scanners.len();
    scanners.dedup();
    if scanners.len() != named || scanners.iter().any(|at| settings.scanner_at(at).is_none()) {
        return Err(Refusal::BadSettings { problem: "scanners".to_owned() });
    }
    for device in &settings.peripherals {
        limits::text("peripheral_name", &device.name, MAX_NAME)?;
        limits::text("peripheral_at", &device.at, MAX_TEXT)?;
        let fits = match &device.device {
            PeripheralKind::Printer(printer) => {
                limits::text("printer_model", &printer.model, MAX_NAME)?;
                let web = device.at.starts_with("http://") || device.at.starts_with("https://");
                printer.columns.is_none_or(|columns| matches!(columns, 32 | 42 | 48))
                    && printer.line.is_none_or(SerialLine::holds)
                    && web == (printer.language == PrinterLanguage::Epos)
            }
            PeripheralKind::Scanner(scanner) => {
                let usb = device.at.starts_with("usb:") || device.at.starts_with("/dev/hidraw");
                let web = device.at.starts_with("http://") || device.at.starts_with("https://");
                scanner.line.is_none_or(SerialLine::holds)
                    && !web
                    && usb == (scanner.way == ScannerWay::HidPos)
            }
        };
        if !fits || device.at.contains(char::is_whitespace) {
            return Err(bad());
        }
    }
    Ok(())
}
