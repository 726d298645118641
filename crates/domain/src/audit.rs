//! Audits (in Germany a Kassen-Nachschau, AO § 146b): somebody from an authority looks at the record, reads only, for a
//! limited time, and everything they look at is an entry. Also which version of the program ran since when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event::Event;
use crate::ids::{AuditId, PersonId};

/// The shortest time an audit is opened for, minutes.
pub const SHORTEST: u16 = 5;
/// The longest time, minutes: a working day.
pub const LONGEST: u16 = 720;
/// The longest description of what was looked at, characters.
pub const MAX_LOOK: usize = 200;

/// Why an audit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditEnd {
    /// Its time was over.
    Time,
    /// Whoever runs the shop ended it.
    Shop,
    /// The auditor ended it.
    Auditor,
    /// Its code was tried too often.
    WrongCode,
}

/// An audit that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// Which.
    pub id: AuditId,
    /// For whom, as typed: the authority and its file number.
    pub office: String,
    /// Opened.
    pub opened: Timestamp,
    /// Opened by.
    pub by: Option<PersonId>,
    /// It ends at this moment at the latest.
    pub until: Timestamp,
    /// Its code was used: the auditor is in.
    pub entered: bool,
}

impl Audit {
    /// Whether it still goes on.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// What is known of audits, and of the program.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Audits {
    /// The number of the last one; 0 before the first.
    pub last: u32,
    /// The one that is open, or whose time is over without an entry of its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Audit>,
    /// The program's version that ran last.
    #[serde(default)]
    pub version: String,
}

/// The program was started in another version than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramStarted {
    /// Its version.
    pub version: String,
}

/// A step of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum AuditStep {
    /// It was opened, by the person of the entry.
    Opened {
        /// Which.
        audit: AuditId,
        /// For whom, as typed.
        office: String,
        /// It ends at this moment at the latest.
        until: Timestamp,
    },
    /// Its code was used.
    Entered {
        /// Which.
        audit: AuditId,
    },
    /// The auditor looked at something, or was given it.
    Looked {
        /// Which.
        audit: AuditId,
        /// At what: the address behind `/audit/`.
        what: String,
    },
    /// It ended.
    Ended {
        /// Which.
        audit: AuditId,
        /// Why.
        why: AuditEnd,
    },
}

impl AuditStep {
    /// Which audit.
    #[must_use]
    pub const fn audit(&self) -> AuditId {
        match self {
            AuditStep::Opened { audit, .. }
            | AuditStep::Entered { audit }
            | AuditStep::Looked { audit, .. }
            | AuditStep::Ended { audit, .. } => *audit,
        }
    }
}

pub(crate) fn apply(audits: &mut Audits, at: Timestamp, by: Option<PersonId>, event: &Event) {
    match event {
        Event::ProgramStarted(started) => audits.version.clone_from(&started.version),
        Event::Audit(AuditStep::Opened { audit, office, until }) => {
            audits.last = audits.last.max(audit.0);
            let (id, office, until) = (*audit, office.clone(), *until);
            audits.open = Some(Audit { id, office, opened: at, by, until, entered: false });
        }
        Event::Audit(AuditStep::Entered { audit }) => {
            if let Some(open) = audits.open.as_mut().filter(|open| open.id == *audit) {
                open.entered = true;
            }
        }
        Event::Audit(AuditStep::Ended { audit, .. }) => {
            audits.open.take_if(|open| open.id == *audit);
        }
        _ => {}
    }
}
