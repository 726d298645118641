//! The words of the protocol that decide anything. What is not known is read as `Other`.

use serde::{Deserialize, Serialize};

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Category {
    /// Money from or to a card.
    Payment,
    /// A payment taken back.
    Reversal,
    /// Giving up what is under way. It has no response.
    Abort,
    /// What became of a message.
    TransactionStatus,
    /// How the terminal is.
    Diagnosis,
    /// None that is known here.
    #[serde(other)]
    Other,
}

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// To be answered.
    Request,
    /// An answer.
    Response,
    /// Neither.
    Notification,
    /// None that is known here.
    #[serde(other)]
    Other,
}

/// Whose matter a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// The till asks the terminal.
    Service,
    /// The terminal uses the till's devices.
    Device,
    /// Something happened.
    Event,
    /// None that is known here.
    #[serde(other)]
    Other,
}

/// How a service ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// As asked.
    Success,
    /// Less than was asked.
    Partial,
    /// Not at all.
    Failure,
    /// None that is known here.
    #[serde(other)]
    Other,
}

/// Why a service failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// Given up by the till.
    Aborted,
    /// Something else is under way.
    Busy,
    /// Given up at the terminal.
    Cancel,
    /// A device is missing.
    DeviceOut,
    /// The message it asks about is still being worked on.
    InProgress,
    /// A card is left in the terminal.
    InsertedCard,
    /// The card is not taken.
    InvalidCard,
    /// The till is not logged in.
    LoggedOut,
    /// The message was not understood.
    MessageFormat,
    /// Not permitted now.
    NotAllowed,
    /// What it refers to is not there.
    NotFound,
    /// Goods that the card does not pay.
    PaymentRestriction,
    /// Said no.
    Refusal,
    /// A device is broken.
    UnavailableDevice,
    /// Not offered.
    UnavailableService,
    /// The bank cannot be reached.
    UnreachableHost,
    /// The PIN was wrong.
    WrongPIN,
    /// None that is known here.
    #[serde(other)]
    Other,
}

impl Condition {
    /// All that are known.
    pub const ALL: [Self; 17] = [
        Self::Aborted,
        Self::Busy,
        Self::Cancel,
        Self::DeviceOut,
        Self::InProgress,
        Self::InsertedCard,
        Self::InvalidCard,
        Self::LoggedOut,
        Self::MessageFormat,
        Self::NotAllowed,
        Self::NotFound,
        Self::PaymentRestriction,
        Self::Refusal,
        Self::UnavailableDevice,
        Self::UnavailableService,
        Self::UnreachableHost,
        Self::WrongPIN,
    ];
}

/// What kind of payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PaymentType {
    /// From a card.
    #[default]
    Normal,
    /// To a card.
    Refund,
    /// None that is known here.
    #[serde(other)]
    Other,
}

/// How a card was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryMode {
    /// Inserted.
    #[serde(rename = "ICC")]
    Chip,
    /// Inserted, read at once.
    SynchronousICC,
    /// Held against the terminal.
    Contactless,
    /// Held against the terminal as well.
    Tapped,
    /// Swiped.
    MagStripe,
    /// Typed in.
    Keyed,
    /// Typed in as well.
    Manual,
    /// None that is known here.
    #[serde(other)]
    Other,
}

/// Whose a receipt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// The shop's.
    CashierReceipt,
    /// The customer's.
    CustomerReceipt,
    /// None that is known here.
    #[serde(other)]
    Other,
}

/// How a terminal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GlobalStatus {
    /// Ready.
    OK,
    /// At something else.
    Busy,
    /// Being serviced.
    Maintenance,
    /// Not to be reached.
    Unreachable,
    /// None that is known here.
    #[serde(other)]
    Other,
}
