//! Bodies of what happens to days of card terminals.

use serde::{Deserialize, Serialize};

use super::Event;
use crate::ids::{ClosingId, DayNo, TerminalId, TillId};
use crate::terminal_day::{SchemeTotal, TerminalTotals};

/// A terminal's day shall be closed. On disk before the terminal is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalDayIntended {
    /// The closing.
    pub closing: ClosingId,
    /// At which terminal.
    pub terminal: TerminalId,
    /// Where its paper comes out.
    pub till: TillId,
    /// The till day that was closed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<DayNo>,
    /// Why it is closed in spite of a payment in doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub despite_doubt: Option<String>,
}

/// The terminal's day is closed, and what it says held against what the shop booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalDayClosed {
    /// The closing.
    pub closing: ClosingId,
    /// What the shop booked there since its day was closed before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ours: Vec<SchemeTotal>,
    /// What the terminal says; none when it told nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<TerminalTotals>,
    /// Both say the same, or the terminal keeps no totals.
    pub matches: bool,
    /// The terminal keeps no totals: the closing is the shop's alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
    /// What it wants printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// A person said whether a terminal closed its day, where nobody knew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalDaySettled {
    /// The closing.
    pub closing: ClosingId,
    /// It did.
    pub closed: bool,
    /// How they know.
    pub reason: String,
}

/// A person said where the difference between terminal and shop comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerminalDayExplained {
    /// The closing.
    pub closing: ClosingId,
    /// Where from.
    pub reason: String,
}

impl Event {
    /// The closing of a terminal's day that it is about.
    pub fn closing(&self) -> Option<ClosingId> {
        match self {
            Event::TerminalDayIntended(TerminalDayIntended { closing, .. })
            | Event::TerminalDaySent { closing }
            | Event::TerminalDayRecorded { closing, .. }
            | Event::TerminalDayClosed(TerminalDayClosed { closing, .. })
            | Event::TerminalDayNotClosed { closing, .. }
            | Event::TerminalDayUnknown { closing, .. }
            | Event::TerminalDaySettled(TerminalDaySettled { closing, .. })
            | Event::TerminalDayExplained(TerminalDayExplained { closing, .. }) => Some(*closing),
            _ => None,
        }
    }
}
