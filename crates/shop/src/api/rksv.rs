//! Austria's tills, as the office sees them.

use domain::rksv::{EndedOutage, NotIssued, RksvKind, SignerKind};
use domain::unit_watch::UnitWarning;
use domain::{TillId, UnitId};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a till's chain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegisterState {
    /// It has no Startbeleg yet.
    NotStarted,
    /// Receipts get their codes, signed.
    Running,
    /// The device is out of order: codes say so.
    Outage,
    /// Receipts get no codes at all.
    NoCode,
    /// It has its Schlussbeleg.
    Closed,
    /// It comes out of a backup: receipts get no codes until the till has a new name.
    Restored,
}

/// Whether the key of a till's counter is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// There is none yet: one is made with the Startbeleg.
    Nothing,
    /// It is.
    Kept,
    /// It does not open: it has to be typed in again.
    Lost,
}

/// A till.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegisterView {
    /// Which.
    pub till: TillId,
    /// What the shop calls it.
    pub name: String,
    /// Its name at FinanzOnline (Kassenidentifikationsnummer); empty while the RKSV is not set up.
    pub cash_register: String,
    /// How its chain is.
    pub state: RegisterState,
    /// Since when it has its Startbeleg, local time.
    #[schema(value_type = Option<String>)]
    pub started: Option<DateTime>,
    /// How many codes it has.
    pub codes: u64,
    /// Whether the key of its counter is there.
    pub key: KeyState,
    /// The key's check value, which FinanzOnline compares.
    pub check: Option<String>,
    /// Since when codes lack their signature, local time.
    #[schema(value_type = Option<String>)]
    pub outage: Option<DateTime>,
    /// FinanzOnline is to be told of the outage: it lasts for more than 48 hours.
    pub outage_to_tell: bool,
    /// Outages that are over, whose end FinanzOnline is to be told, and their beginning unless it was.
    pub outages_to_tell: Vec<EndedOutage>,
    /// The Startbeleg is to be checked with FinanzOnline.
    pub start_to_check: bool,
    /// The Jahresbeleg of this date is to be checked with FinanzOnline.
    #[schema(value_type = Option<String>, format = Date)]
    pub year_to_check: Option<Date>,
    /// FinanzOnline is to be told that the till was given up.
    pub closing_to_tell: bool,
    /// The export was saved last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub saved: Option<Timestamp>,
    /// The quarter's export is to be saved on a medium of its own.
    pub save_due: bool,
    /// Why receipts get no codes, a stable code.
    pub not_signed: Option<String>,
    /// Receipts without any code that nobody has seen yet.
    pub without_code: u32,
    /// Why those have none, stable codes.
    pub without_code_why: Vec<String>,
    /// What a person asked for last and is not made.
    pub not_issued: Option<NotIssued>,
    /// What a person asked for and is on its way.
    pub asked: Vec<RksvKind>,
    /// Names that it had before, whose exports are still there, the oldest first.
    pub past: Vec<PastRegister>,
}

/// A name that a till had before.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PastRegister {
    /// The name at FinanzOnline (Kassenidentifikationsnummer).
    pub cash_register: String,
    /// Whether the key of its counter is there.
    pub key: KeyState,
    /// FinanzOnline is to be told that it is out of service.
    pub closing_to_tell: bool,
    /// The Jahresbeleg of this date is to be checked with FinanzOnline.
    #[schema(value_type = Option<String>, format = Date)]
    pub year_to_check: Option<Date>,
    /// Outages of which FinanzOnline is to be told.
    pub outages_to_tell: Vec<EndedOutage>,
    /// Its export is to be saved on a medium of its own for the last time.
    pub save_due: bool,
}

/// A signature device.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignerView {
    /// Identity.
    pub id: UnitId,
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: SignerKind,
    /// Who vouches for it; none before it was ever reached.
    pub provider: Option<String>,
    /// Its certificate's number, or its key's name.
    pub certificate: Option<String>,
    /// It is for real receipts. Software never is.
    pub certified: bool,
    /// Why it did not sign when it was asked last, a stable code.
    pub trouble: Option<String>,
    /// It wants a password and has none, or one that does not open any more.
    pub needs_password: bool,
    /// When its certificate ends; none when it has none, or does not say so.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
    /// What comes to an end.
    pub warnings: Vec<UnitWarning>,
}

/// Tills and devices.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RksvView {
    /// The tills.
    pub registers: Vec<RegisterView>,
    /// The devices.
    pub devices: Vec<SignerView>,
}

/// The key of a till's counter. It is a secret; FinanzOnline is told it when the till is registered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RksvKey {
    /// The till's name at FinanzOnline.
    pub cash_register: String,
    /// The key, Base64.
    pub key: String,
    /// Its check value.
    pub check: String,
}

/// The key of a till's counter, as it was registered.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RksvKeyAsked {
    /// The key, Base64, 44 characters.
    #[schema(max_length = 60)]
    pub key: String,
    /// Of which of the till's names; today's unless given.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub register: Option<String>,
}

/// A device's password.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RksvPassword {
    /// As the provider gave it.
    #[schema(max_length = 200)]
    pub password: String,
}

/// A receipt without turnover.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RksvReceiptRow {
    /// Its place in the chain.
    pub position: u64,
    /// What it is.
    pub kind: RksvKind,
    /// Its number.
    pub number: String,
    /// Its local time.
    #[schema(value_type = String)]
    pub at: DateTime,
    /// It is signed.
    pub signed: bool,
}
