//! Watching signing units ahead: what of them comes to an end, and how soon that has to be said. A new unit takes days to
//! be delivered and set up, and a cloud's takes a contract.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// So long before its certificate ends a unit is warned of.
pub const SOON: SignedDuration = SignedDuration::from_hours(90 * 24);
/// So long before, it is urgent.
pub const URGENT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// From so many percent on, what fills up is warned of.
pub const FULL_SOON: u64 = 80;
/// From so many percent on, it is urgent.
pub const FULL_URGENT: u64 = 95;

/// What is used of something that has an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Gauge {
    /// Used: signatures, tills, bytes or what the unit counts its storage in.
    pub used: u64,
    /// Most that there can be, in the same.
    pub most: u64,
}

impl Gauge {
    /// How much is used, percent, cut towards nothing; at most 100.
    pub fn percent(self) -> u64 {
        let hundredfold = u128::from(self.used).saturating_mul(100);
        let percent = hundredfold.checked_div(u128::from(self.most)).unwrap_or(100);
        u64::try_from(percent).unwrap_or(100).min(100)
    }
}

/// How a unit stands, as far as it says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnitUsage {
    /// Signatures that it has made, of those that it can make.
    pub signatures: Option<Gauge>,
    /// What it keeps, of its storage.
    pub storage: Option<Gauge>,
    /// Tills that it knows, of those that it can know.
    pub clients: Option<Gauge>,
    /// Transactions that are open there, of those that may be.
    pub open: Option<Gauge>,
    /// The last number of a signature.
    pub signature_counter: Option<u64>,
    /// The last number of a transaction.
    pub transactions: Option<u64>,
}

/// What comes to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitEnd {
    /// Its certificate: after that it does not sign.
    Certificate,
    /// Its storage.
    Storage,
    /// The signatures that it can make.
    Signatures,
    /// Room for tills.
    Clients,
    /// Room for open transactions.
    Open,
}

/// A warning of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitWarning {
    /// What comes to an end.
    pub what: UnitEnd,
    /// It is time to act now.
    pub urgent: bool,
    /// When, where that is known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// Whole days until then; 0 when it is over.
    pub days: Option<i64>,
    /// How much is used, percent, of what fills up.
    pub percent: Option<u64>,
}

/// What of a unit has to be said now. Room for tills and open transactions is said only when it is nearly gone: neither
/// grows by itself.
pub fn warnings(ends: Option<Timestamp>, usage: &UnitUsage, now: Timestamp) -> Vec<UnitWarning> {
    let mut said = Vec::new();
    if let Some(at) = ends {
        let left = at.duration_since(now);
        if left <= SOON {
            let days = left.as_hours().max(0).checked_div(24);
            let (what, urgent) = (UnitEnd::Certificate, left <= URGENT);
            said.push(UnitWarning { what, urgent, at: Some(at), days, percent: None });
        }
    }
    let filling = [
        (UnitEnd::Storage, usage.storage, FULL_SOON),
        (UnitEnd::Signatures, usage.signatures, FULL_SOON),
        (UnitEnd::Clients, usage.clients, FULL_URGENT),
        (UnitEnd::Open, usage.open, FULL_URGENT),
    ];
    for (what, gauge, from) in filling {
        let Some(percent) = gauge.map(Gauge::percent).filter(|percent| *percent >= from) else {
            continue;
        };
        let urgent = percent >= FULL_URGENT;
        said.push(UnitWarning { what, urgent, at: None, days: None, percent: Some(percent) });
    }
    said
}
