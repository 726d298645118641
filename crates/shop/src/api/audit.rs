//! Audits, and what an auditor is shown.

use domain::audit::AuditEnd;
use domain::rksv::RksvKind;
use domain::{Amount, AuditId, BasketId, DayNo, PersonId, TillId, UnitId};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rksv::{RegisterView, SignerView};
use super::signing::UnitRow;
use crate::audit::FieldChange;
use crate::country::{BothWords, Offered};

/// Opening an audit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditRequest {
    /// For whom: the authority and its file number. It stays in the journal.
    pub office: String,
    /// For how long: 5 to 720 minutes.
    pub minutes: u16,
}

/// An audit that was just opened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditOpened {
    /// Which.
    pub audit: AuditId,
    /// The code to enter it with, once. It is told only now.
    pub code: String,
    /// It ends at this moment at the latest.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

/// Entering an audit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditCode {
    /// The code as it was told.
    #[schema(max_length = 40)]
    pub code: String,
}

/// The audit that this browser is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditSession {
    /// Which.
    pub audit: AuditId,
    /// For whom.
    pub office: String,
    /// It ends at this moment at the latest.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

/// Something an auditor looked at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditLook {
    /// The entry.
    pub seq: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// At what: the address behind `/audit/`.
    pub what: String,
}

/// An audit, open or past.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditRow {
    /// Which.
    pub audit: AuditId,
    /// For whom.
    pub office: String,
    /// Opened.
    #[schema(value_type = String, format = DateTime)]
    pub opened: Timestamp,
    /// Opened by.
    pub opened_by: Option<PersonId>,
    /// Their name today.
    pub opened_by_name: Option<String>,
    /// It ends, or would have ended, at this moment at the latest.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// The code was used.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub entered: Option<Timestamp>,
    /// It ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended: Option<Timestamp>,
    /// Why.
    pub why: Option<AuditEnd>,
    /// It goes on.
    pub open: bool,
    /// What was looked at, oldest first.
    pub looks: Vec<AuditLook>,
}

/// A till as an auditor finds it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditTill {
    /// Which.
    pub till: TillId,
    /// Its name.
    pub name: String,
    /// Its serial number as signing units know it; in Austria its name at FinanzOnline.
    pub serial: Option<String>,
    /// The open day; none when none is open.
    pub day: Option<DayNo>,
    /// The day was opened.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opened: Option<Timestamp>,
    /// Cash that must be in the drawer now (Kassensturz); none when no day is open.
    pub drawer: Option<Amount>,
    /// The last closing.
    pub last_closed: Option<AuditClosing>,
}

/// A closing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditClosing {
    /// Its number.
    pub number: DayNo,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub closed: Timestamp,
    /// Counted minus expected.
    pub difference: Amount,
}

/// A time in which a signing unit did not sign.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditOutage {
    /// Which unit.
    pub unit: UnitId,
    /// From.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Until; none while it lasts.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Stable code.
    pub why: String,
    /// The entry of the journal.
    pub seq: u64,
}

/// A code of an Austrian till.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChainCode {
    /// Its place in the chain.
    pub position: u64,
    /// What it is.
    pub kind: RksvKind,
    /// Its number in the code.
    pub number: String,
    /// Its local time.
    #[schema(value_type = String)]
    pub at: DateTime,
    /// It is signed.
    pub signed: bool,
    /// The device that it names: provider and certificate's number.
    pub device: String,
    /// It has no turnover, and a page of its own.
    pub without_turnover: bool,
}

/// A time in which an Austrian till's codes were not signed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChainOutage {
    /// From, local time.
    #[schema(value_type = String)]
    pub from: DateTime,
    /// Until the collective receipt, local time; none while it lasts.
    #[schema(value_type = Option<String>)]
    pub until: Option<DateTime>,
    /// Stable code.
    pub why: String,
    /// How many codes say that they are not signed.
    pub codes: u64,
    /// The entry of the journal.
    pub seq: u64,
}

/// An Austrian till's chain as an auditor finds it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditChain {
    /// How it is.
    pub register: RegisterView,
    /// The last codes, newest first.
    pub last: Vec<ChainCode>,
    /// The last outages, newest first.
    pub outages: Vec<ChainOutage>,
    /// There are older ones.
    pub more_outages: bool,
}

/// What an auditor finds first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditView {
    /// The shop.
    pub name: String,
    /// Street, postal code, town.
    pub address: Vec<String>,
    /// Tax number.
    pub tax_number: Option<String>,
    /// What the VAT number is called.
    pub vat_number: BothWords,
    /// VAT number.
    pub vat_id: Option<String>,
    /// The program's version.
    pub version: String,
    /// The journal's last entry.
    pub seq: u64,
    /// Now.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Tills.
    pub tills: Vec<AuditTill>,
    /// What means something in the shop's country; of anything else nothing is shown.
    pub offered: Offered,
    /// Austria: the chains of the tills.
    pub chains: Vec<AuditChain>,
    /// Austria: the signature devices.
    pub devices: Vec<SignerView>,
    /// Signing units.
    pub units: Vec<UnitRow>,
    /// The last outages, newest first.
    pub outages: Vec<AuditOutage>,
    /// There are older ones.
    pub more_outages: bool,
}

/// A change in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangeRow {
    /// The entry.
    pub seq: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Stable kind: `price`, `item`, `import`, `rate`, `setting`, `person`, `clock`, `unit`, `program`.
    pub kind: String,
    /// Who; none for what the program did by itself.
    pub person: Option<PersonId>,
    /// Their name, as far as it is known.
    pub person_name: Option<String>,
    /// At which till; none for the office.
    pub till: Option<TillId>,
    /// Of what.
    pub what: String,
    /// The import whose items are told one by one under this number.
    pub import: Option<u32>,
    /// The fields.
    pub fields: Vec<FieldChange>,
}

/// A page of changes, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangePage {
    /// The rows.
    pub changes: Vec<ChangeRow>,
    /// Give this as `before` for the next page; none: this was the last.
    pub next: Option<String>,
}

/// An item as an import changed it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportedRow {
    /// The item.
    pub what: String,
    /// The fields.
    pub fields: Vec<FieldChange>,
}

/// A page of what an import changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportedPage {
    /// Items that became another by it.
    pub items: Vec<ImportedRow>,
    /// Give this as `after` for the next page; none: this was the last.
    pub next: Option<u64>,
}

/// What a record of a till is that is no receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditRecordKind {
    /// What was put aside was ordered (AVBestellung).
    Ordered,
    /// A basket went on at another till (AVTransfer).
    HandedOver,
    /// Somebody who works there took goods (AVSachbezug).
    Benefit,
    /// A basket was given up (AVBelegabbruch).
    GivenUp,
    /// The float of a day.
    Float,
    /// Cash put in.
    PaidIn,
    /// Cash taken out.
    PaidOut,
    /// Cash to the safe.
    Dropped,
    /// The drawer was opened without a sale (AVSonstige).
    DrawerOpened,
    /// What the counting differed by.
    Difference,
}

/// A record of a till that is no receipt.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditRecord {
    /// Its entry in the journal.
    pub seq: u64,
    /// The till whose record it is.
    pub till: TillId,
    /// What it is.
    pub kind: AuditRecordKind,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// By whom; their name today.
    pub person_name: String,
    /// What it comes to; below nothing for cash that leaves the drawer. None where there is no money in it.
    pub amount: Option<Amount>,
    /// The basket, for what belongs to one: its receipt and its other records have the same.
    pub basket: Option<BasketId>,
    /// Where a basket went on.
    pub to: Option<TillId>,
    /// Who took the goods; their name today.
    pub whose: Option<String>,
    /// Why.
    pub reason: String,
    /// What is in it, quantity and name; below nothing for what was taken back.
    pub lines: Vec<String>,
}

/// A page of records that are no receipts, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditRecordPage {
    /// The rows.
    pub records: Vec<AuditRecord>,
    /// Give this as `before` for the next page; none: this was the last.
    pub next: Option<String>,
}
