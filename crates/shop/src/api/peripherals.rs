//! Devices on the counter, as the office finds, tries and calibrates them.

use domain::peripheral::{Peripheral, PrinterLanguage};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FoundKind {
    /// A printer that answers.
    Printer,
    /// Something at the port of printers that does not answer.
    SilentPrinter,
    /// A bar code scanner that speaks HID-POS.
    Scanner,
    /// A serial port; what is plugged in says nothing of itself.
    SerialPort,
}

/// A device that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundDevice {
    /// Where it is, as the settings name it.
    pub at: String,
    /// Maker and model, as far as it says; empty otherwise.
    pub called: String,
    /// What is there.
    pub kind: FoundKind,
    /// What it understands, of a printer.
    pub language: Option<PrinterLanguage>,
    /// The settings know a device there.
    pub known: bool,
}

/// A model of printer that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PrinterModel {
    /// Its name in the settings.
    pub name: String,
    /// Who makes it; empty for those of which only the paper is known.
    pub maker: String,
    /// What it understands unless it is set to another language.
    pub language: PrinterLanguage,
    /// Characters per line.
    pub columns: u8,
}

/// A device that is to be asked or tried, as it stands in a form: it need not be saved yet.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceAsked {
    /// The device.
    pub device: Peripheral,
}

/// What a printer does when it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrinterTry {
    /// Prints a page with its widths, characters and codes.
    TestPage,
    /// Opens the drawer, and nothing else.
    OpenDrawer,
}

/// A printer that is to be tried.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrinterTried {
    /// The device.
    pub device: Peripheral,
    /// What it shall do.
    pub what: PrinterTry,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tried {
    /// It came out.
    Printed,
    /// Surely nothing came out.
    NotPrinted,
    /// Nobody knows.
    Unknown,
}

/// What became of a try, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TriedView {
    /// What became of it.
    pub outcome: Tried,
    /// Why it is not printed, or not known: a code as lamps have it; empty when it printed.
    pub code: String,
}

/// How a printer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PrinterView {
    /// What is wrong: a code as lamps have it, `ok` when nothing is.
    pub code: String,
    /// The level of the drawer's switch; none when the printer cannot be asked.
    pub drawer_level: Option<bool>,
}

/// A sign for receipts that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LogoKept {
    /// By what the settings name it: SHA-256, 64 hexadecimal digits.
    pub logo: String,
}

/// On which printer a till prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrintOn {
    /// Its own.
    Own,
    /// The one that stands in for it, until somebody says otherwise.
    Spare,
    /// None: what waits is not printed any more. What comes later is.
    Nothing,
}

/// What a till prints on.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrintOnAsked {
    /// What it prints on.
    pub on: PrintOn,
}
