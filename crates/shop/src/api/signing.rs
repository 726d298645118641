//! Signing units, as the office sees them.

use std::fmt;

use domain::signing::{Outage, UnitKind};
use domain::unit_watch::{UnitUsage, UnitWarning};
use domain::{TillId, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A signing unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitRow {
    /// Identity.
    pub id: UnitId,
    /// Name.
    pub name: String,
    /// What it is, and where.
    pub kind: UnitKind,
    /// It is on this very machine, where no maker's unit is.
    pub simulator: bool,
    /// It cannot be asked before its secret is told.
    pub needs_secret: bool,
    /// Its serial number, hexadecimal; none before it was ever reached.
    pub serial: Option<String>,
    /// It is certified, as far as the program can tell. Software and simulators never are.
    pub certified: bool,
    /// How it signs.
    pub algorithm: Option<String>,
    /// The last moment of its certificate.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
    /// How it stood when it was asked last; none since the program began.
    pub usage: Option<UnitUsage>,
    /// When that was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub usage_at: Option<Timestamp>,
    /// What of it comes to an end.
    pub warnings: Vec<UnitWarning>,
    /// It does not sign: since when, and why.
    pub outage: Option<Outage>,
}

/// What it takes to be let in at a unit. Kept sealed, apart from settings and journal, and told to nobody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum UnitSecret {
    /// At fiskaly.
    Fiskaly {
        /// The API's key.
        #[schema(max_length = 200)]
        api_key: String,
        /// The API's secret.
        #[schema(max_length = 200)]
        api_secret: String,
        /// The PIN of the unit's administrator, 6 characters and more: with it tills are let in. It is set to this when a
        /// unit is set up.
        #[schema(max_length = 200)]
        admin_pin: Option<String>,
    },
    /// At Epson's.
    Epson {
        /// The key that unit and host share; `EPSONKEY` as it comes.
        #[schema(max_length = 200)]
        shared: String,
        /// The administrator's PIN. It is set to this when a unit is set up.
        #[schema(max_length = 200)]
        admin_pin: String,
        /// The PIN of tills (time admin). It is set to this when a unit is set up.
        #[schema(max_length = 200)]
        time_admin_pin: String,
    },
}

/// What the office lets a unit do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitService {
    /// Be set up, from nothing or from where that was left. It cannot be undone.
    SetUp,
    /// Test itself, set its clock, and say how it stands.
    Check,
    /// Let a till go that is used no more.
    Deregister,
}

/// Which number a new unit gets.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct NextUnit {
    /// One more than any that was ever known.
    pub id: UnitId,
}

/// What a unit shall do.
#[derive(Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitServiceAsked {
    /// What.
    pub what: UnitService,
    /// The maker's PUK: of Epson's the one that a new unit gets; of fiskaly's that of a unit that was made elsewhere, or
    /// whose PIN is forgotten.
    #[schema(max_length = 200)]
    pub puk: Option<String>,
    /// The serial number of the till that it lets go.
    #[schema(max_length = 40)]
    pub client: Option<String>,
}

/// How far something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceState {
    /// It is at it.
    Running,
    /// It is done.
    Done,
    /// It came to nothing, and nothing after it was tried.
    Failed,
}

/// A step of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitServiceStep {
    /// `connect`, `create`, `personalise`, `admin_pin`, `initialise`, `self_test`, `time`, `clients`, `deregister` or `look`.
    pub code: String,
    /// How far.
    pub state: ServiceState,
}

/// A till that a unit knows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitClient {
    /// Its serial number.
    pub serial: String,
    /// The shop's till of that number; none when it is used no more, or not the shop's.
    pub till: Option<TillId>,
}

/// What is being done with a unit, or was last.
#[derive(Clone, Serialize, ToSchema)]
pub struct UnitServiceView {
    /// What.
    pub what: UnitService,
    /// How far.
    pub state: ServiceState,
    /// What was begun so far, in order.
    pub steps: Vec<UnitServiceStep>,
    /// Why it came to nothing; a stable code, as those of outages.
    pub fault: Option<String>,
    /// The tills that it knows.
    pub clients: Option<Vec<UnitClient>>,
    /// The PUK that the maker made up for a new unit, told until something else is done with that unit: to be written
    /// down and locked away.
    pub puk: Option<String>,
}

/// Without the PUK.
impl fmt::Debug for UnitServiceView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let UnitServiceView { what, state, steps, fault, .. } = self;
        let mut shown = f.debug_struct("UnitServiceView");
        shown.field("what", what).field("state", state).field("steps", steps);
        shown.field("fault", fault).finish_non_exhaustive()
    }
}
