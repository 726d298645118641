//! Payments at terminals, for the office: every try, what is in doubt, and the terminals.

use domain::settings::TerminalProtocol;
use domain::{Amount, AttemptId, BasketId, PersonId, ReceiptRef, TerminalId, TillId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reservations::ReservationView;
use super::view::{DoubtView, Lamp};

/// A payment attempt in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttemptRow {
    /// Identity.
    pub id: AttemptId,
    /// For which till.
    pub till: TillId,
    /// Its name.
    pub till_name: String,
    /// Where.
    pub terminal: TerminalId,
    /// Its name.
    pub terminal_name: String,
    /// For which basket; 0 for none.
    pub basket: BasketId,
    /// `payment`, `refund`, `reversal`, `reservation`, `booking` or `release`.
    pub purpose: String,
    /// The attempt that a reversal takes back, or the reservation that a booking or a release settles.
    pub reverses: Option<AttemptId>,
    /// Asked for, above nothing.
    pub amount: Amount,
    /// What the terminal says it booked, in its currency.
    pub booked: Option<Amount>,
    /// `intended`, `sent`, `recorded`, `approved`, `declined`, `cancelled`, `in_doubt`,
    /// `resolved_charged` or `resolved_not_charged`.
    pub state: String,
    /// Why it was declined, cancelled or is in doubt, a stable code; the person's reason when resolved.
    pub code: String,
    /// Asked when.
    #[schema(value_type = String, format = DateTime)]
    pub asked: Timestamp,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    pub changed: Timestamp,
    /// Asked by.
    pub person: Option<PersonId>,
    /// Their name.
    pub person_name: String,
    /// The terminal's own id (TID).
    pub terminal_id: Option<String>,
    /// The terminal's receipt number.
    pub receipt: Option<String>,
    /// Its trace number.
    pub trace: Option<String>,
    /// The card's scheme.
    pub scheme: Option<String>,
    /// Last four digits of the card.
    pub last4: Option<String>,
    /// Given beside the amount, in the currency that was booked.
    pub tip: Option<Amount>,
    /// What it counts in the terminal's day, above nothing, a tip in it.
    pub counts: Amount,
    /// The receipt that it became a part of.
    pub issued: Option<ReceiptRef>,
    /// The customer signed.
    pub signature: bool,
    /// There is a slip for the shop.
    pub merchant_slip: bool,
    /// The reversal that took it back; of a reservation, the booking or release that ended it.
    pub taken_back: Option<AttemptId>,
}

/// One step of an attempt, as the journal has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttemptStepRow {
    /// Its entry.
    pub seq: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `intended`, `sent`, `cancel_asked`, `approved`, `declined`, `cancelled`, `acknowledged`, `in_doubt`,
    /// `resolved_charged`, `resolved_not_charged`, `reversal_failed`, `signature_equal`,
    /// `signature_differs` or `struck_off`.
    pub kind: String,
    /// Why, a stable code; of `intended` what for: the purpose.
    pub code: String,
    /// In the words of the terminal or of a person.
    pub text: Option<String>,
    /// Asked for, or booked.
    pub amount: Option<Amount>,
    /// Whose doing it was.
    pub person_name: String,
}

/// A payment attempt with its whole history.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttemptDetail {
    /// The attempt.
    #[serde(flatten)]
    pub row: AttemptRow,
    /// Its steps, oldest first.
    pub steps: Vec<AttemptStepRow>,
    /// What the terminal wanted printed for the shop.
    pub merchant: Vec<String>,
}

/// Attempts, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttemptPage {
    /// The attempts.
    pub attempts: Vec<AttemptRow>,
    /// Where the next page begins; none when there is no more.
    pub next: Option<AttemptId>,
    /// All that are in doubt, whatever the page.
    pub doubts: Vec<DoubtView>,
    /// All reservations that are open, whatever the page; the oldest first.
    pub reservations: Vec<ReservationView>,
}

/// A card terminal as it is now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TerminalRow {
    /// Identity.
    pub id: TerminalId,
    /// Name.
    pub name: String,
    /// What it speaks.
    pub protocol: TerminalProtocol,
    /// `host:port`, or a serial port's path.
    pub address: String,
    /// Tills that use it unless told otherwise.
    pub tills: Vec<TillId>,
    /// How it is; none while nothing is known.
    pub lamp: Option<Lamp>,
    /// What it said of itself last, since the program started.
    pub identity: Option<TerminalIdentity>,
    /// Its password is one that terminals come with: it should be changed at the terminal.
    pub default_password: bool,
    /// It cannot be asked before its secret is told.
    pub needs_secret: bool,
    /// It cannot be asked before a person has taken over its certificate's fingerprint.
    pub needs_certificate: bool,
}

/// What a terminal shall do; no money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TerminalService {
    /// Test its connection to its acquirer.
    Diagnose,
    /// Fetch from its acquirer what it needs.
    Initialise,
    /// Show its certificate, over TLS; nothing else is sent.
    Certificate,
}

/// What a terminal shall do.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerminalServiceAsked {
    /// What.
    pub what: TerminalService,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TerminalServed {
    /// `ok`, or why not: a stable code.
    pub code: String,
    /// In the terminal's words.
    pub text: Option<String>,
    /// SHA-256 of the certificate that it shows, as pairs of hexadecimal digits.
    pub certificate: Option<String>,
}

/// What is shared with a terminal of Adyen's. It is kept apart from the settings and told to nobody.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerminalSecret {
    /// As it was typed in at Adyen's.
    #[schema(max_length = 200)]
    pub passphrase: String,
    /// What Adyen calls the key that is made of it.
    #[schema(max_length = 200)]
    pub key_identifier: String,
    /// Which version of it.
    pub key_version: u32,
    /// Adyen's root certificate for terminals, PEM.
    #[schema(max_length = 20_000)]
    pub root_certificate: String,
}

/// What the shop shares with a provider in the cloud. It is kept apart from the settings and told to nobody.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerminalKey {
    /// The key that the provider lets in.
    #[schema(max_length = 200)]
    pub api_key: String,
    /// At SumUp's: the application that the affiliate key was made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub app_id: Option<String>,
    /// At SumUp's: the affiliate key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub affiliate_key: Option<String>,
    /// Only certificates that lead there are believed, PEM: of a simulator. None: those that the web's roots
    /// vouch for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 20_000)]
    pub root_certificate: Option<String>,
}

/// The code that a reader of SumUp's shows to be paired.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerminalPairing {
    /// Eight or nine letters and digits.
    #[schema(max_length = 20)]
    pub code: String,
}

/// A reader that was paired; its number belongs into the settings.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TerminalPaired {
    /// Its number.
    pub terminal_id: String,
    /// The device.
    pub model: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
}

/// What a terminal says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TerminalIdentity {
    /// Its identification (TID).
    pub terminal_id: Option<String>,
    /// The device.
    pub model: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its software's version.
    pub software: Option<String>,
}

/// A terminal's password: six digits. It is kept apart from the settings and told to nobody.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerminalPassword {
    /// Six digits.
    #[schema(max_length = 6)]
    pub password: String,
}
