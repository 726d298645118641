//! Cash machines, as the office sets them up and as tills show them.

use domain::Amount;
use domain::peripheral::Peripheral;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{Lamp, PaymentView};

/// The machine beside a till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BesideView {
    /// As people call it.
    pub name: String,
    /// What it is collecting, or the last that came to nothing.
    pub collecting: Option<PaymentView>,
}

/// Who took cash, at a till with a cash machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CashBy {
    /// The machine, which gave the change as well.
    Machine,
    /// A person, by hand.
    Hand,
}

/// A cash machine of the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CashMachineRow {
    /// Where it is connected, as the settings name it.
    pub at: String,
    /// As people call it.
    pub name: String,
    /// It asks for a name, and nobody has told its password, or what was told cannot be read any more.
    pub needs_password: bool,
    /// How it is; none while nothing is known.
    pub lamp: Option<Lamp>,
}

/// The password of a cash machine. It is kept apart from the settings and told to nobody.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CashMachinePassword {
    /// Where the machine is connected.
    pub at: String,
    /// At most 100 characters.
    #[schema(max_length = 100)]
    pub password: String,
}

impl std::fmt::Debug for CashMachinePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CashMachinePassword").field("at", &self.at).finish_non_exhaustive()
    }
}

/// A machine that is to be looked at, as it stands in a form: it need not be saved yet.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CashMachineAsked {
    /// The machine.
    pub device: Peripheral,
    /// The password, where it is not the one that is kept.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub password: Option<String>,
}

impl std::fmt::Debug for CashMachineAsked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CashMachineAsked").field("device", &self.device).finish_non_exhaustive()
    }
}

/// Pieces of one kind in a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PiecesView {
    /// What one is worth, minor units.
    pub value: i64,
    /// How many.
    pub pieces: u32,
}

/// How a machine is, and what it can pay out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CashMachineLook {
    /// `ok`, or what is wrong: a code as lamps have it; `machine_busy` while somebody pays there.
    pub code: String,
    /// What it can pay out, by denomination, the largest first. What lies where it is collected is not in it.
    pub pieces: Vec<PiecesView>,
    /// What that comes to; none while it has not said.
    pub sum: Option<Amount>,
    /// SHA-256 of the certificate that it shows over `wss://`, as pairs of hexadecimal digits.
    pub certificate: Option<String>,
}
