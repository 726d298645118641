//! What scanners send that are no keyboards: a serial line (RS-232, USB-COM) and the reports of USB HID-POS. Bytes in, the text of each
//! scan out; whoever reads the bytes says when nothing came for a while.
//!
//! Sources: HID Point of Sale Usage Tables 1.02 (usage page 0x8C) with the report that scanners of the trade send – identifier 2, length,
//! three characters of AIM identifier, 56 bytes of data, two of the maker's, and whether more follows.

use crate::scan::MAX_SCAN_BYTES;

/// Characters that end a scan on a line.
const ENDS: [u8; 6] = [b'\r', b'\n', b'\t', 0x00, 0x03, 0x04];
/// Start of text: what came before was noise.
const START: u8 = 0x02;

/// Text of whatever code page: UTF-8, or else each byte as a Latin letter.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// A serial line's scans. A scan ends with CR, LF, Tab, ETX, EOT or NUL, or when nothing came for a while.
#[derive(Debug, Default)]
pub struct SerialScans {
    gathered: Vec<u8>,
    /// More came than any code has: all of it up to its end is dropped.
    flooded: bool,
}

impl SerialScans {
    /// Takes bytes in; answers the scans that ended with them.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut scans = Vec::new();
        for byte in bytes {
            if ENDS.contains(byte) {
                scans.extend(self.end());
            } else if *byte == START {
                self.gathered.clear();
                self.flooded = false;
            } else if self.gathered.len() >= MAX_SCAN_BYTES {
                self.gathered.clear();
                self.flooded = true;
            } else if !self.flooded {
                self.gathered.push(*byte);
            }
        }
        scans
    }

    /// True while a scan has begun and not ended.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.flooded || !self.gathered.is_empty()
    }

    /// Nothing came for a while: what is there is a scan of a scanner that sends no end.
    pub fn pause(&mut self) -> Option<String> {
        self.end()
    }

    fn end(&mut self) -> Option<String> {
        let bytes = std::mem::take(&mut self.gathered);
        let flooded = std::mem::take(&mut self.flooded);
        (!flooded && !bytes.is_empty()).then(|| text(&bytes))
    }
}

/// The report that carries scans.
const REPORT: u8 = 2;
/// Data in one report.
const DATA: usize = 56;

/// What is wrong with a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HidFault {
    /// It is shorter than its form.
    #[error("the report is too short")]
    Short,
    /// It says that it holds more than it can.
    #[error("the report says that it holds more than it can")]
    Length,
    /// The whole is longer than any code.
    #[error("the scan is too long")]
    TooLong,
}

/// Scans out of HID-POS reports of 64 bytes.
#[derive(Debug, Default)]
pub struct HidScans {
    aim: Vec<u8>,
    data: Vec<u8>,
}

impl HidScans {
    /// Takes one report in; answers the scan that it ends. Reports of other identifiers (a configuration read back) are no scans.
    ///
    /// # Errors
    /// When the report is broken. What had come before of the same scan is dropped.
    pub fn feed(&mut self, report: &[u8]) -> Result<Option<String>, HidFault> {
        if report.first().is_some_and(|id| *id != REPORT) {
            return Ok(None);
        }
        match self.take(report) {
            Ok(true) => Ok(None),
            Ok(false) => {
                let (aim, data) = (std::mem::take(&mut self.aim), std::mem::take(&mut self.data));
                if data.is_empty() {
                    return Ok(None);
                }
                let named = aim.first() == Some(&b']') && aim.iter().all(u8::is_ascii_graphic);
                let aim = if named { text(&aim) } else { String::new() };
                Ok(Some(aim + text(&data).trim_end_matches(['\r', '\n'])))
            }
            Err(fault) => {
                *self = Self::default();
                Err(fault)
            }
        }
    }

    /// Adds a report; true when more follows.
    fn take(&mut self, report: &[u8]) -> Result<bool, HidFault> {
        let length = usize::from(*report.get(1).ok_or(HidFault::Short)?);
        let aim = report.get(2..5).ok_or(HidFault::Short)?;
        if length > DATA {
            return Err(HidFault::Length);
        }
        let data = report.get(5..).and_then(|rest| rest.get(..length)).ok_or(HidFault::Short)?;
        let more = *report.get(63).ok_or(HidFault::Short)? & 1 == 1;
        if self.data.is_empty() {
            self.aim = aim.to_vec();
        }
        self.data.extend_from_slice(data);
        if self.data.len() > MAX_SCAN_BYTES {
            return Err(HidFault::TooLong);
        }
        Ok(more)
    }
}

/// A scan as reports, for tests and the simulator: what [`HidScans`] reads.
#[must_use]
pub fn hid_reports(aim: [u8; 3], data: &[u8]) -> Vec<[u8; 64]> {
    let mut reports = Vec::new();
    let parts: Vec<&[u8]> = data.chunks(DATA).collect();
    for (part, left) in parts.iter().zip((0..parts.len()).rev()) {
        let mut report = [0_u8; 64];
        let head = [REPORT, u8::try_from(part.len()).unwrap_or(0), aim[0], aim[1], aim[2]];
        let bytes = head.iter().chain(part.iter());
        for (place, byte) in report.iter_mut().zip(bytes) {
            *place = *byte;
        }
        if let Some(last) = report.last_mut() {
            *last = u8::from(left > 0);
        }
        reports.push(report);
    }
    reports
}
