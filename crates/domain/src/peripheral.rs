//! Devices on the counter: how they are connected and what is known of each model.
//!
//! A device is known by where it is connected ([`Peripheral::at`]); tills name the devices that stand beside them by that. What
//! becomes of a device (no paper, gone, back again) is nothing of the settings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::decide::limits::{self, MAX_NAME, MAX_TEXT};
use crate::ids::TerminalId;
use crate::label_printer::LabelPrinterSettings;
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

    pub(crate) fn holds(self) -> bool {
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
    /// The drawer hangs on the second pin of the socket (5 instead of 2).
    #[serde(default, skip_serializing_if = "crate::settings::is_false")]
    pub second_drawer: bool,
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

/// What a checkout scale speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScaleProtocol {
    /// Checkout-Dialog 02: the scale computes the price.
    Dialog02,
    /// Checkout-Dialog 04: the scale computes the price.
    Dialog04,
    /// Checkout-Dialog 06: as 04, to tills that know the maker's secret.
    Dialog06,
    /// Mettler-Toledo 8217: the scale tells the weight, the till computes the price.
    Mettler8217,
    /// MT-SICS: the scale tells the weight, the till computes the price.
    Sics,
}

impl ScaleProtocol {
    /// How its serial line is set by its makers.
    #[must_use]
    pub const fn usual_line(self) -> SerialLine {
        match self {
            Self::Dialog02 => Self::seven(2_400, Parity::Odd),
            Self::Dialog04 => Self::seven(4_800, Parity::Odd),
            Self::Dialog06 => Self::seven(9_600, Parity::Odd),
            Self::Mettler8217 => Self::seven(9_600, Parity::Even),
            Self::Sics => SerialLine::usual(9_600),
        }
    }

    const fn seven(rate: u32, parity: Parity) -> SerialLine {
        SerialLine { rate, data_bits: 7, parity, stop_bits: 1 }
    }

    /// Whether the scale itself computes the price, and sees to the least load.
    #[must_use]
    pub const fn computes_price(self) -> bool {
        matches!(self, Self::Dialog02 | Self::Dialog04 | Self::Dialog06)
    }
}

/// A checkout scale. The maker's secret of Dialog 06 lies apart from the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScaleSettings {
    /// What it speaks.
    pub protocol: ScaleProtocol,
    /// How its serial line is set, where it differs from the usual of its protocol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<SerialLine>,
    /// The least load that may be sold, grams, as its plate says (Min): for a scale that tells the weight alone, and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<u32>,
}

/// What a display of two lines understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisplayDialect {
    /// Epson's (DM-D).
    Epson,
    /// CD5220.
    Cd5220,
}

/// A display of two lines of 20 characters for the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisplaySettings {
    /// What it understands.
    pub dialect: DisplayDialect,
    /// How its serial line is set; 9,600 bits per second with 8 data bits unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<SerialLine>,
    /// It hangs on this printer's cable: what is sent there chooses the display first, and the printer again afterwards. The
    /// display's own place is then only its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
    /// It has umlauts (code page 858); without, they are written out.
    #[serde(default, skip_serializing_if = "crate::settings::is_false")]
    pub umlauts: bool,
}

/// A machine that takes and gives cash (Glory). Its password lies apart from the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CashMachineSettings {
    /// Its number among whatever is asked for money: no card terminal and no other machine has it.
    pub id: TerminalId,
    /// The name by which one signs in; empty where the machine asks for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// SHA-256 of its certificate as a person took it over, 64 hexadecimal digits, for `wss://`. Nothing is sent to whoever shows
    /// another one; without it nothing is sent at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

impl CashMachineSettings {
    fn holds(&self, at: &str) -> bool {
        let sealed = at.starts_with("wss://");
        let place = at.strip_prefix("wss://").or_else(|| at.strip_prefix("ws://")).unwrap_or(at);
        let port = |text: &str| text.parse::<u16>().is_ok_and(|port| port > 0);
        let is_place = !place.contains('/')
            && place
                .rsplit_once(':')
                .is_some_and(|(host, number)| !host.is_empty() && port(number));
        is_place
            && self.certificate.as_deref().is_none_or(|text| sealed && limits::is_fingerprint(text))
    }
}

/// What a device is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PeripheralKind {
    /// A receipt printer, with a drawer perhaps.
    Printer(PrinterSettings),
    /// A bar code scanner.
    Scanner(ScannerSettings),
    /// A checkout scale.
    Scale(ScaleSettings),
    /// A display of two lines.
    Display(DisplaySettings),
    /// A machine that takes and gives cash.
    CashMachine(CashMachineSettings),
    /// A printer of labels.
    LabelPrinter(LabelPrinterSettings),
}

impl PeripheralKind {
    /// Whether what is said of the device can be.
    fn holds(&self, at: &str) -> Result<bool, Refusal> {
        let web = at.starts_with("http://") || at.starts_with("https://");
        Ok(match self {
            Self::Printer(printer) => {
                limits::text("printer_model", &printer.model, MAX_NAME)?;
                printer.columns.is_none_or(|columns| matches!(columns, 32 | 42 | 48))
                    && printer.line.is_none_or(SerialLine::holds)
                    // Printers' pages have no certificate that anybody could check: none is spoken to as if they had.
                    && !at.starts_with("https://")
                    && web == (printer.language == PrinterLanguage::Epos)
            }
            Self::Scale(scale) => {
                // A scale that computes prices knows its least load better than anybody who types it in.
                let least = match scale.least {
                    Some(least) => {
                        !scale.protocol.computes_price() && (1..=10_000).contains(&least)
                    }
                    None => scale.protocol.computes_price(),
                };
                least && !web && scale.line.is_none_or(SerialLine::holds)
            }
            Self::Scanner(scanner) => {
                let usb = at.starts_with("usb:") || at.starts_with("/dev/hidraw");
                scanner.line.is_none_or(SerialLine::holds)
                    && !web
                    && usb == (scanner.way == ScannerWay::HidPos)
            }
            Self::Display(display) => !web && display.line.is_none_or(SerialLine::holds),
            Self::CashMachine(machine) => machine.holds(at),
            Self::LabelPrinter(printer) => printer.holds(at),
        })
    }
}

/// A device of the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Peripheral {
    /// Where it is connected, and its name for tills: `host:port` in the network, `usb:04b8:0e28` or `usb:04b8:0e28:<serial number>`
    /// (a scanner by HID-POS also by its file, `/dev/hidraw0`), the path of a serial port (`/dev/ttyUSB0`, `COM3`), `http://host/…` or `https://host/…`,
    /// a cash machine also `ws://host:port` or `wss://host:port`.
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
            _ => None,
        }
    }

    /// What is known of the printer that is connected there.
    #[must_use]
    pub fn printer_at(&self, at: &str) -> Option<&PrinterSettings> {
        match &self.peripheral(at)?.device {
            PeripheralKind::Printer(printer) => Some(printer),
            _ => None,
        }
    }

    /// What is known of the scale that is connected there.
    #[must_use]
    pub fn scale_at(&self, at: &str) -> Option<&ScaleSettings> {
        match &self.peripheral(at)?.device {
            PeripheralKind::Scale(scale) => Some(scale),
            _ => None,
        }
    }

    /// What is known of the display of two lines that is connected there.
    #[must_use]
    pub fn display_at(&self, at: &str) -> Option<&DisplaySettings> {
        match &self.peripheral(at)?.device {
            PeripheralKind::Display(display) => Some(display),
            _ => None,
        }
    }
}

impl Settings {
    /// What is known of the cash machine that is connected there.
    #[must_use]
    pub fn cash_machine_at(&self, at: &str) -> Option<&CashMachineSettings> {
        self.cash_machines().find(|(device, _)| device.at == at).map(|(_, machine)| machine)
    }

    /// The cash machine of this number.
    #[must_use]
    pub fn cash_machine(&self, id: TerminalId) -> Option<(&Peripheral, &CashMachineSettings)> {
        self.cash_machines().find(|(_, machine)| machine.id == id)
    }

    /// All cash machines.
    pub fn cash_machines(&self) -> impl Iterator<Item = (&Peripheral, &CashMachineSettings)> {
        self.peripherals.iter().filter_map(|device| match &device.device {
            PeripheralKind::CashMachine(machine) => Some((device, machine)),
            _ => None,
        })
    }

    /// What people call the card terminal or the cash machine of this number.
    #[must_use]
    pub fn terminal_name(&self, id: TerminalId) -> Option<&str> {
        let terminal = self.terminals.iter().find(|terminal| terminal.id == id);
        let machine = || self.cash_machine(id).map(|(device, _)| device.name.as_str());
        terminal.map(|terminal| terminal.name.as_str()).or_else(machine)
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
        let mut fits = device.device.holds(&device.at)?;
        if let PeripheralKind::Display(DisplaySettings { behind: Some(printer), .. }) =
            &device.device
        {
            fits &= settings.printer_at(printer).is_some();
        }
        if !fits || device.at.contains(char::is_whitespace) {
            return Err(bad());
        }
    }
    // What a till asks for a weight, or for money, must be known to be such a device: nothing is guessed.
    for till in &settings.tills {
        let named = [
            till.scale.as_deref().map(|at| settings.scale_at(at).is_some()),
            till.pole_display.as_deref().map(|at| settings.display_at(at).is_some()),
        ];
        if named.contains(&Some(false)) {
            return Err(bad());
        }
    }
    Ok(())
}
