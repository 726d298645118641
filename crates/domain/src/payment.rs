//! Payment attempts: one try to move money at a terminal, and what is known of it.
//!
//! An attempt is on disk before the first byte leaves for the terminal, and its outcome is on disk
//! before the terminal is told that it is. What nobody knows is [`AttemptState::InDoubt`]: people see
//! it and resolve it; it is never taken for "no".

use jiff::Timestamp;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{AttemptId, BasketId, PersonId, TerminalId, TillId};

/// What an attempt is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Purpose {
    /// The customer pays.
    Payment,
    /// The customer gets money back.
    Refund,
    /// An approved attempt is taken back whole (Storno at the terminal).
    Reversal {
        /// Which.
        of: AttemptId,
    },
    /// Money is reserved on a card (Vorautorisierung); none moves.
    Reservation,
    /// Of a reservation so much is taken, and the rest is free again.
    Booking {
        /// Which.
        of: AttemptId,
        /// What was reserved, minor units.
        #[schema(value_type = i64)]
        reserved: Money,
    },
    /// A reservation is given back whole.
    Release {
        /// Which.
        of: AttemptId,
    },
    /// The customer pays in cash, into a machine.
    Cash,
    /// All cash of a machine is moved to where it is collected.
    Collection,
}

impl Purpose {
    /// A stable name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Purpose::Payment => "payment",
            Purpose::Refund => "refund",
            Purpose::Reversal { .. } => "reversal",
            Purpose::Reservation => "reservation",
            Purpose::Booking { .. } => "booking",
            Purpose::Release { .. } => "release",
            Purpose::Cash => "cash",
            Purpose::Collection => "collection",
        }
    }

    /// The attempt of before that it is about.
    #[must_use]
    pub const fn of(self) -> Option<AttemptId> {
        match self {
            Purpose::Payment
            | Purpose::Refund
            | Purpose::Reservation
            | Purpose::Cash
            | Purpose::Collection => None,
            Purpose::Reversal { of } | Purpose::Booking { of, .. } | Purpose::Release { of } => {
                Some(of)
            }
        }
    }

    /// Gives the customer what is theirs: nobody gives that up.
    #[must_use]
    pub const fn gives_back(self) -> bool {
        matches!(self, Purpose::Reversal { .. } | Purpose::Release { .. })
    }

    /// Asked of a cash machine, not of a card terminal.
    #[must_use]
    pub const fn is_cash(self) -> bool {
        matches!(self, Purpose::Cash | Purpose::Collection)
    }
}

/// Why nobody knows whether money moved. The screen translates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The connection broke after the terminal was asked.
    ConnectionLost,
    /// The terminal did not answer in time.
    NoAnswer,
    /// What the terminal said made no sense.
    BadAnswer,
    /// The program ended while the terminal was asked.
    Interrupted,
    /// The terminal was not told that its answer is on disk, and may have taken it back.
    NotAcknowledged,
    /// The terminal booked another amount than was asked for.
    AmountDiffers,
    /// The terminal booked in another currency.
    CurrencyDiffers,
    /// Another terminal answered than the one that was asked.
    TerminalDiffers,
    /// An approved payment could not be taken back.
    ReversalFailed,
    /// What the terminal said could not be put on disk.
    NotStored,
    /// The terminal cannot be asked what became of it.
    Unreachable,
    /// The terminal's last payment cannot be told from the one before: nobody looked.
    NothingToCompare,
    /// A cash machine could not give all of the change, or all of the money back.
    ChangeShort,
    /// A cash machine has a fault.
    MachineFault,
}

/// How far an attempt has come. What is declined, cancelled, acknowledged or resolved is closed: it
/// stands in the journal and in reports, no longer in the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AttemptState {
    /// On disk; nothing has been sent.
    Intended,
    /// The terminal is being asked: from now on only its word counts.
    Sent,
    /// Approved, and on disk; the terminal has not been told yet as far as is known.
    Recorded,
    /// Nobody knows whether money moved.
    InDoubt {
        /// Since.
        #[schema(value_type = String, format = DateTime)]
        since: Timestamp,
        /// Why.
        why: Doubt,
    },
}

/// What a terminal says of a card: never more than the last four digits of its number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardFacts {
    /// The attempt that booked it; none for a terminal that is not connected, and in training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<AttemptId>,
    /// The shop's terminal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<TerminalId>,
    /// The terminal's own id (TID).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal_id: Option<String>,
    /// The terminal's receipt number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// Its trace number, or whatever it refers to the transaction by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
    /// The card's scheme, as printed ("girocard", "Visa").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// Last four digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last4: Option<String>,
    /// Money went back to another card than the one that had paid: the last four digits of that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// `chip`, `contactless`, `stripe`, `manual`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// The authorisation's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<String>,
    /// The customer signs: the cashier compares.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signature: bool,
    /// Given beside what was asked for (Trinkgeld), minor units: in the tender, and a line of its own.
    #[serde(default, skip_serializing_if = "is_nothing")]
    #[schema(value_type = i64)]
    pub tip: Money,
    /// What the terminal wants printed for the customer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

fn is_nothing(amount: &Money) -> bool {
    amount.is_zero()
}

/// Money moved, says the terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// What it booked, above nothing also for a refund. Minor units; a tip is not in it.
    pub amount: Money,
    /// In which currency.
    pub currency: Currency,
    /// It says itself that it booked less than was asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// The rest.
    pub card: CardFacts,
    /// What a cash machine counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<CashCounted>,
}

/// What a cash machine counted of a payment, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashCounted {
    /// Put in.
    pub inserted: Money,
    /// Given as change.
    pub dispensed: Money,
}

/// What became of an attempt, in the terminal's own word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// Money moved.
    Approved(Box<Approval>),
    /// The card or its bank said no: no money moved.
    Declined {
        /// Stable code.
        code: String,
        /// What the terminal says of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// It was given up before money moved.
    Cancelled {
        /// Stable code: `customer`, `cashier`, `unreachable`, `not_stored`, …
        code: String,
    },
}

/// An attempt that is not closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Identity.
    pub id: AttemptId,
    /// Where.
    pub terminal: TerminalId,
    /// For which till.
    pub till: TillId,
    /// For which basket; [`BasketId::NONE`] for none.
    pub basket: BasketId,
    /// What for.
    pub purpose: Purpose,
    /// What was asked for, above nothing; minor units of the shop's currency.
    pub amount: Money,
    /// Asked when.
    pub asked: Timestamp,
    /// The terminal was asked when; none before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Timestamp>,
    /// Asked by.
    pub asked_by: PersonId,
    /// How far it has come.
    pub state: AttemptState,
    /// What the terminal's last transaction was before, in its driver's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// For a reversal: the approved payment that is taken back. For a booking and a release: the reservation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<Box<CardFacts>>,
    /// For a reservation: what it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Somebody wants it given up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancel_asked: bool,
    /// How often a reversal was tried in vain.
    #[serde(default)]
    pub failures: u32,
    /// What the terminal said, once it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Box<Approval>>,
}

impl Attempt {
    /// Nobody knows whether money moved.
    pub fn is_in_doubt(&self) -> bool {
        matches!(self.state, AttemptState::InDoubt { .. })
    }

    /// In doubt, and the terminal can be asked what became of it. A reversal that failed too often is for a
    /// person to judge.
    pub fn is_asked_about(&self) -> bool {
        matches!(self.state, AttemptState::InDoubt { why, .. } if why != Doubt::ReversalFailed)
    }
}

/// A try that moved no money, kept at its basket until the next one: what the screen says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedTry {
    /// Which.
    pub attempt: AttemptId,
    /// Declined, rather than given up.
    pub declined: bool,
    /// Stable code.
    pub code: String,
    /// What the terminal says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What it was for.
    #[serde(default = "payment")]
    pub purpose: Purpose,
}

const fn payment() -> Purpose {
    Purpose::Payment
}

impl FailedTry {
    /// Of an outcome; none for an approval.
    pub fn of(attempt: AttemptId, purpose: Purpose, outcome: &Outcome) -> Option<Self> {
        let (declined, code, text) = match outcome {
            Outcome::Approved(_) => return None,
            Outcome::Declined { code, text } => (true, code.clone(), text.clone()),
            Outcome::Cancelled { code } => (false, code.clone(), None),
        };
        Some(FailedTry { attempt, declined, code, text, purpose })
    }
}
