//! Printers of labels for shelves and goods.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::peripheral::{PeripheralKind, SerialLine};
use crate::settings::Settings;

/// What a label printer understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelLanguage {
    /// Zebra's ZPL II, which many others understand as well.
    Zpl,
}

/// A label printer, and the labels that are in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelPrinterSettings {
    /// What it understands.
    pub language: LabelLanguage,
    /// Dots per inch: 203 or 300.
    pub dpi: u16,
    /// The width of its labels, millimetres, 25 to 110.
    pub width: u16,
    /// Their height, millimetres, 15 to 200.
    pub height: u16,
    /// How its serial line is set, at a serial port; 9,600 bits per second with 8 data bits unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<SerialLine>,
}

impl LabelPrinterSettings {
    pub(crate) fn holds(&self, at: &str) -> bool {
        let web = at.starts_with("http://") || at.starts_with("https://");
        !web && matches!(self.dpi, 203 | 300)
            && (25..=110).contains(&self.width)
            && (15..=200).contains(&self.height)
            && self.line.is_none_or(SerialLine::holds)
    }
}

impl Settings {
    /// What is known of the label printer that is connected there.
    #[must_use]
    pub fn label_printer_at(&self, at: &str) -> Option<&LabelPrinterSettings> {
        match &self.peripheral(at)?.device {
            PeripheralKind::LabelPrinter(printer) => Some(printer),
            _ => None,
        }
    }
}
