//! Transfers: what a till and a customer see of one, and the bank page of the office.

use domain::transfer::{Finding, TransferState};
use domain::{Amount, BankMessageId, BasketId, PersonId, ReceiptRef, TillId, TransferId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A QR code to be drawn: dark modules on white, the quiet zone in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QrView {
    /// Width and height in modules.
    pub size: u32,
    /// The dark modules as the path of an SVG.
    pub path: String,
    /// What it says (EPC069-12).
    pub payload: String,
}

/// A transfer that is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransferView {
    /// Identity.
    pub transfer: TransferId,
    /// Its basket.
    pub basket: BasketId,
    /// The basket is parked.
    pub parked: bool,
    /// What the payer writes.
    pub reference: String,
    /// Asked for.
    pub amount: Amount,
    /// What came in and is another amount: a person decides.
    pub arrived: Vec<Amount>,
    /// Whose account.
    pub holder: String,
    /// The account, in groups of four.
    pub iban: String,
    /// For banking apps.
    pub qr: Option<QrView>,
    /// Asked when.
    #[schema(value_type = String, format = DateTime)]
    pub asked: Timestamp,
    /// Asked by.
    pub person: String,
}

/// What the customer sees of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DisplayTransfer {
    /// Asked for.
    pub amount: Amount,
    /// What to write.
    pub reference: String,
    /// Whose account.
    pub holder: String,
    /// The account, in groups of four.
    pub iban: String,
    /// For banking apps.
    pub qr: Option<QrView>,
}

/// The transfer of a tender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TenderTransferView {
    /// What the payer wrote.
    pub reference: String,
    /// The person who confirmed it; none when the bank did.
    pub person: Option<PersonId>,
}

/// A request in the office's list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferRow {
    /// Identity.
    pub id: TransferId,
    /// What the payer writes.
    pub reference: String,
    /// The till that asked.
    pub till: TillId,
    /// Its name.
    pub till_name: String,
    /// Asked for.
    pub amount: Amount,
    /// How far it is.
    pub state: TransferState,
    /// What came in, as far as it counts.
    pub paid: Option<Amount>,
    /// The bank's message that says so.
    pub message: Option<BankMessageId>,
    /// The person who said so.
    pub confirmed: Option<PersonId>,
    /// Their name; empty when the bank alone said so.
    pub confirmed_name: String,
    /// How the person knew.
    pub reason: String,
    /// Asked when.
    #[schema(value_type = String, format = DateTime)]
    pub asked: Timestamp,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    pub changed: Timestamp,
    /// Who asked.
    pub person_name: String,
    /// The receipt that it paid.
    pub receipt: Option<ReceiptRef>,
}

/// Requests, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferPage {
    /// The requests.
    pub transfers: Vec<TransferRow>,
    /// Where the next page begins.
    pub next: Option<TransferId>,
    /// The shop takes transfers: it has a bank account, and counts in euro.
    pub takes_transfers: bool,
}

/// A message of the bank in the office's list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BankMessageRow {
    /// Its number.
    pub id: BankMessageId,
    /// Booked on.
    #[schema(value_type = Option<String>, format = Date)]
    pub booked: Option<Date>,
    /// How much, in its own currency.
    pub amount: Amount,
    /// Money went off the account.
    pub back: bool,
    /// The reference in it.
    pub reference: String,
    /// What it led to.
    pub finding: Finding,
    /// The request that it names.
    pub transfer: Option<TransferId>,
    /// It waits for a person.
    pub waits: bool,
    /// What a person did about it.
    pub reason: String,
    /// Who; empty while nobody has.
    pub settled_name: String,
    /// Who took it in.
    pub person_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub taken: Timestamp,
}

/// Messages of the bank, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BankMessagePage {
    /// The messages.
    pub messages: Vec<BankMessageRow>,
    /// Where the next page begins.
    pub next: Option<BankMessageId>,
}

/// What a line of the bank's file is for the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BankLineKind {
    /// It names a request and is taken in.
    Ours,
    /// It was taken in before: it changes nothing.
    Known,
    /// Nothing in it is a reference of the shop's: it is left alone.
    Other,
    /// It cannot be read.
    Bad,
}

/// A line of the bank's file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BankLineView {
    /// Number of the entry (camt) or line (CSV), from 1.
    pub line: u32,
    /// What it is.
    pub kind: BankLineKind,
    /// Booked on.
    #[schema(value_type = Option<String>, format = Date)]
    pub booked: Option<Date>,
    /// How much.
    pub amount: Option<Amount>,
    /// Money went off the account.
    pub back: bool,
    /// The reference in it.
    pub reference: Option<String>,
    /// What it will lead to, as things stand; none for what is left alone.
    pub finding: Option<Finding>,
    /// Why it cannot be read: `bad_amount`, `bad_currency`, `bad_date`, `ragged_line`.
    pub problem: Option<String>,
}

/// What taking a file in would do, or did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BankFileView {
    /// `camt` or `csv`.
    pub format: String,
    /// Names the file as it was shown: taking it in needs the same one.
    pub digest: String,
    /// Its lines; of very many the first.
    pub lines: Vec<BankLineView>,
    /// Lines in all.
    pub count: u32,
    /// Those that name a request, or were meant to.
    pub ours: u32,
    /// Those that were taken in before.
    pub known: u32,
    /// Those that have nothing to do with the till.
    pub other: u32,
    /// Those that cannot be read.
    pub bad: u32,
    /// Requests that were paid by it; what a preview expects.
    pub paid: u32,
    /// Messages that wait for a person; what a preview expects.
    pub waits: u32,
    /// It was taken in; a preview otherwise.
    pub taken: bool,
}
