//! Commands with what travels beside them. They come in flattened: `{"id": …, "type": "scan", …}`.

use domain::{CommandId, PersonId, ShopCommand, TillCommand};
use serde::Deserialize;
use utoipa::ToSchema;

/// A second person approves the command with their own PIN.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who approves; not the one who asks.
    pub person: PersonId,
    /// Their PIN.
    #[schema(max_length = 64)]
    pub pin: String,
}

/// A command at a till.
#[derive(Debug, Clone)]
pub struct TillCommandRequest {
    /// Made by the sender; the same id again gives the same answer and no second effect.
    pub id: CommandId,
    /// A second person's approval.
    pub approval: Option<Approval>,
    /// The command itself.
    pub command: TillCommand,
}

/// A command of the office.
#[derive(Debug, Clone)]
pub struct ShopCommandRequest {
    /// Made by the sender; the same id again gives the same answer and no second effect.
    pub id: CommandId,
    /// The revision that the change is based on, as it was read with what it changes; none changes
    /// whatever stands there.
    pub base: Option<String>,
    /// The command itself.
    pub command: ShopCommand,
}
