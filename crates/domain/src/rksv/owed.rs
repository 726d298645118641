//! What people still have to do for a till's chain outside the program, also when the till has another name by now.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Register, RksvNote};

/// Hours of outage from which on FinanzOnline has to be told of its beginning and its end (RKSV § 17).
pub const HOURS_UNTIL_NOTICE: i64 = 48;

/// Whether an outage is to be told.
pub fn is_to_be_told(from: DateTime, until: DateTime) -> bool {
    until.duration_since(from).as_hours() >= HOURS_UNTIL_NOTICE
}

/// An outage that is over, whose end nobody has told FinanzOnline yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EndedOutage {
    /// From when on, local time.
    #[schema(value_type = String)]
    pub from: DateTime,
    /// Until when, local time.
    #[schema(value_type = String)]
    pub until: DateTime,
    /// Its beginning was told while it lasted.
    #[serde(default)]
    pub begin_told: bool,
}

/// What is still owed for a name that a till had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The name at FinanzOnline.
    pub cash_register: String,
    /// FinanzOnline is to be told that it is out of service.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closing: bool,
    /// A Jahresbeleg that is to be checked with FinanzOnline: its date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_to_check: Option<Date>,
    /// Outages whose end nobody has told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outages: Vec<EndedOutage>,
    /// Its last codes are not saved elsewhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub save: bool,
}

impl Owed {
    const fn is_nothing(&self) -> bool {
        !self.closing && self.year_to_check.is_none() && self.outages.is_empty() && !self.save
    }

    /// Whether a note of this kind settles something.
    pub(crate) const fn waits_for(&self, what: RksvNote) -> bool {
        match what {
            RksvNote::ClosingTold => self.closing,
            RksvNote::YearChecked => self.year_to_check.is_some(),
            RksvNote::OutageEndTold => !self.outages.is_empty(),
            RksvNote::Saved => self.save,
            RksvNote::StartChecked | RksvNote::OutageTold | RksvNote::SeenWithoutCode => false,
        }
    }

    fn settle(&mut self, what: RksvNote) {
        match what {
            RksvNote::ClosingTold => self.closing = false,
            RksvNote::YearChecked => self.year_to_check = None,
            RksvNote::OutageEndTold => self.outages.clear(),
            RksvNote::Saved => self.save = false,
            RksvNote::StartChecked | RksvNote::OutageTold | RksvNote::SeenWithoutCode => {}
        }
    }
}

impl Register {
    /// Its last code may have ended an outage that began at `from`.
    pub(super) fn outage_over(&mut self, from: Option<DateTime>, at: DateTime) {
        if self.carried.outage.is_some() {
            return;
        }
        if let Some(from) = from {
            self.outage_ends(from, at);
        }
        self.outage_told = false;
    }

    fn outage_ends(&mut self, from: DateTime, until: DateTime) {
        // Whoever told of its beginning tells of its end, however long it was.
        if self.outage_told || is_to_be_told(from, until) {
            let begin_told = self.outage_told;
            self.outages_to_tell.push(EndedOutage { from, until, begin_told });
        }
    }

    /// What is owed for all names before the one that takes its place now. Practice was never told to anybody.
    pub(super) fn given_up(mut self, at: DateTime) -> Vec<Owed> {
        let mut owed = std::mem::take(&mut self.owed);
        if !self.begun() || self.device.starts_with("AT0/") {
            return owed;
        }
        if let Some(from) = self.carried.outage {
            self.outage_ends(from, at);
        }
        let of_it = Owed {
            closing: !self.closing_told,
            year_to_check: self.year_to_check,
            outages: self.outages_to_tell,
            save: self.saved_through < self.position,
            cash_register: self.cash_register,
        };
        owed.extend(Some(of_it).filter(|owed| !owed.is_nothing()));
        owed
    }

    /// What would be owed for its names if it took another one now: the settings may name it already, and its chain has
    /// not begun yet.
    pub fn owed_by_then(&self) -> Vec<Owed> {
        let mut then = self.clone();
        // What still lasts has no end to tell.
        then.carried.outage = None;
        then.given_up(DateTime::default())
    }

    pub(super) fn settle(&mut self, name: &str, what: RksvNote) {
        if let Some(owed) = self.owed.iter_mut().find(|owed| owed.cash_register == name) {
            owed.settle(what);
        }
        self.owed.retain(|owed| !owed.is_nothing());
    }
}
