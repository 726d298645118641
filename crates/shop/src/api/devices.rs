//! Card terminals as devices: the register, what they say of themselves, and rounds of inspection.

use domain::device::{
    ApprovalState, DeviceCard, DeviceChange, DeviceIdentity, DeviceStop, InspectionPoint,
    PointResult,
};
use domain::{PersonId, TerminalId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DoneBy {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub person_name: String,
}

/// A card terminal in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeviceRow {
    /// Which of the shop's terminals.
    pub terminal: TerminalId,
    /// Its name.
    pub name: String,
    /// The tills beside it.
    pub till_names: Vec<String>,
    /// Grows with each entry; `register_terminal` and `confirm_terminal` say which one was looked at.
    pub revision: u32,
    /// What it said of itself, each thing as it was said last.
    pub reported: DeviceIdentity,
    /// Its card in the register; none before somebody took it over.
    pub card: Option<DeviceCard>,
    /// Who took it over, and when.
    pub registered: Option<DoneBy>,
    /// SHA-256 of its photo, which names it.
    pub photo: Option<String>,
    /// No card is taken at it.
    pub stop: Option<DeviceStop>,
    /// Who inspected it last, and when.
    pub inspected: Option<DoneBy>,
    /// The day on which it is to be inspected; none for one that is in no register.
    #[schema(value_type = Option<String>, format = Date)]
    pub inspection_due: Option<Date>,
    /// That day is over.
    pub overdue: bool,
    /// How its approval stands today.
    pub approval: ApprovalState,
    /// Its password is one that terminals come with.
    pub default_password: bool,
}

/// The register of card terminals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeviceRegister {
    /// A terminal is inspected every so many days.
    pub inspection_days: u16,
    /// The list of a round, in its order.
    pub points: Vec<InspectionPoint>,
    /// All terminals of the shop.
    pub terminals: Vec<DeviceRow>,
}

/// What happened to a card terminal as a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeviceEntry {
    /// Its place in the journal.
    pub seq: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who; none for the terminal itself.
    pub person: Option<PersonId>,
    /// Their name.
    pub person_name: String,
    /// `reported`, `changed`, `registered`, `confirmed`, `inspected` or `photographed`.
    pub kind: String,
    /// What it said of itself, or what was confirmed.
    pub identity: Option<DeviceIdentity>,
    /// What it said otherwise than the register.
    pub changed: Vec<DeviceChange>,
    /// The card as it was written.
    pub card: Option<DeviceCard>,
    /// An inspection, point by point.
    pub points: Vec<PointResult>,
    /// The reason, or the note.
    pub text: String,
    /// SHA-256 of the photo.
    pub photo: Option<String>,
}

/// What a till says of the card terminal beside it, when something is the matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TerminalNotice {
    /// Its name.
    pub name: String,
    /// No card is taken at it.
    pub stop: Option<DeviceStop>,
    /// The day on which it was to be inspected, when that is over.
    #[schema(value_type = Option<String>, format = Date)]
    pub inspection_overdue: Option<Date>,
}
