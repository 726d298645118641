//! What the office asks, for the shop as a whole.

use money::Quantity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::CustomerDetails;
use crate::amount::Amount;
use crate::audit::AuditEnd;
use crate::books::InvoiceTo;
use crate::cash::DrawerTried;
use crate::catalogue::ItemDraft;
use crate::device::{DeviceCard, DeviceIdentity, PhotoDigest, PhotoKind, PointResult};
use crate::goods::RecallDraft;
use crate::ids::{
    AuditId, BankMessageId, ClosingId, CustomerId, ImportId, ItemId, PersonId, RecallId,
    ReceiptRef, TerminalId, TillId, UnitId, VoucherId,
};
use crate::people::Role;
use crate::receipt::ReceiptHandedOver;
use crate::rksv::{RksvKind, RksvNote, RksvSecret, SignerIdentity};
use crate::settings::Settings;
use crate::signing::UnitStep;
use crate::transfer::BankMessage;

/// How a stock movement came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StockKind {
    /// Goods in (Wareneingang): the quantity is added.
    Received,
    /// A correction: the quantity is added, and may be below nothing.
    Corrected,
    /// Waste or breakage: the quantity is taken off.
    Wasted,
    /// A count: the quantity is what is there.
    Counted,
}

/// A photo as it comes. `Debug` tells its length only.
#[derive(Clone, PartialEq, Eq)]
pub struct PhotoBytes(pub Vec<u8>);

impl std::fmt::Debug for PhotoBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PhotoBytes({})", self.0.len())
    }
}

/// A command of the office, for the shop as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ShopCommand {
    /// Set the shop up or change its settings, as a whole.
    Configure {
        /// All settings.
        settings: Box<Settings>,
    },
    /// Add an item, or change the one with this id.
    PutItem {
        /// None for a new one.
        #[serde(default)]
        item: Option<ItemId>,
        /// The item as it shall be.
        draft: Box<ItemDraft>,
    },
    /// Take an item out of sale, or bring it back.
    RetireItem {
        /// The item.
        item: ItemId,
        /// True takes it out.
        retired: bool,
    },
    /// Add a person, or change the one with this id.
    PutPerson {
        /// None for a new one.
        #[serde(default)]
        person: Option<PersonId>,
        /// Name as shown on receipts.
        name: String,
        /// What the person may do.
        role: Role,
        /// False bars the person from signing in.
        active: bool,
    },
    /// Destroy the name, the key and the secrets of a person who is barred. The entries stay, and
    /// say the person's number; older backups still hold the name. It cannot be undone.
    ForgetPerson {
        /// Who.
        person: PersonId,
    },
    /// A command that changes what its sender looked at, and must not change anything else. It travels
    /// as `base` beside the command.
    #[serde(skip)]
    BasedOn {
        /// The revision that the sender had before them.
        base: String,
        /// The command: settings, an item or a person.
        command: Box<ShopCommand>,
    },
    /// A stock movement with its reason.
    MoveStock {
        /// The item.
        item: ItemId,
        /// How it came about.
        kind: StockKind,
        /// Thousandths.
        #[schema(value_type = i64)]
        quantity: Quantity,
        /// Why.
        reason: String,
    },
    /// Close a card terminal's day (Kassenschnitt): the terminal is asked, and what it says is held against
    /// what the shop booked there.
    CloseTerminalDay {
        /// Which terminal.
        terminal: TerminalId,
        /// Why it is closed in spite of a payment in doubt there; needs the right to settle those.
        #[serde(default)]
        despite_doubt: Option<String>,
    },
    /// Say whether a terminal closed its day, where nobody knows.
    SettleTerminalDay {
        /// Which closing.
        closing: ClosingId,
        /// It did.
        closed: bool,
        /// How the person knows: the terminal's slip, its journal.
        reason: String,
    },
    /// Say where a difference between a terminal's totals and the shop's comes from.
    ExplainTerminalDay {
        /// Which closing.
        closing: ClosingId,
        /// Where from.
        reason: String,
    },
    /// Take a voucher no longer.
    BlockVoucher {
        /// Which.
        voucher: VoucherId,
        /// Why.
        reason: String,
    },
    /// Take a blocked voucher again.
    UnblockVoucher {
        /// Which.
        voucher: VoucherId,
        /// Why.
        reason: String,
    },
    /// A message of the bank that fitted nothing has been dealt with: the money was given back, booked
    /// elsewhere, …
    SettleBankMessage {
        /// Which.
        message: BankMessageId,
        /// How.
        reason: String,
    },
    /// A message of the bank, read from its file. Sent by the program itself.
    #[serde(skip)]
    TakeBankMessage(Box<BankMessage>),
    /// Add a customer, or change the one with this number.
    PutCustomer {
        /// None for a new one.
        #[serde(default)]
        customer: Option<CustomerId>,
        /// Name, address and the like; kept apart from the journal.
        details: Box<CustomerDetails>,
        /// Days until a receipt is due, at most 365.
        term_days: u16,
        /// What the customer may owe at most; none without limit.
        #[serde(default)]
        limit: Option<Amount>,
        /// Buys nothing on account at the moment.
        #[serde(default)]
        blocked: bool,
    },
    /// Destroy the details and the key of a customer whose account is settled. The entries stay, and say the
    /// customer's number. It cannot be undone.
    ForgetCustomer {
        /// Who.
        customer: CustomerId,
    },
    /// Make an invoice of a receipt, with somebody's name on it.
    IssueInvoice {
        /// The receipt.
        receipt: ReceiptRef,
        /// For whom.
        recipient: InvoiceTo,
    },
    /// Money that a customer paid elsewhere than at a till, by bank transfer for example.
    RecordAccountPayment {
        /// Who.
        customer: CustomerId,
        /// More than nothing.
        amount: Amount,
        /// How it is known: the bank's statement, the payer's reference.
        reference: String,
        /// The receipt that is paid first; the oldest unless given.
        #[serde(default)]
        receipt: Option<ReceiptRef>,
        /// It may be more than is owed: the rest is credit.
        #[serde(default)]
        credit: bool,
    },
    /// Take a card terminal into the register, or change its card there.
    RegisterTerminal {
        /// Which.
        terminal: TerminalId,
        /// The revision that the sender had before them.
        revision: u32,
        /// The card as it shall be. What the terminal says of itself stands in it as it says it.
        card: Box<DeviceCard>,
    },
    /// Say that a stopped terminal is the right one: cards are taken at it again, and the register holds
    /// what it says of itself now.
    ConfirmTerminal {
        /// Which.
        terminal: TerminalId,
        /// The revision that the sender had before them.
        revision: u32,
        /// How they know.
        reason: String,
    },
    /// Note an inspection. A finding stops the terminal.
    InspectTerminal {
        /// Which.
        terminal: TerminalId,
        /// Every point of the list, once.
        points: Vec<PointResult>,
        /// What else is to be said; needed with a finding.
        #[serde(default)]
        note: String,
    },
    /// What a terminal says of itself. Sent by the program itself.
    #[serde(skip)]
    TerminalReported {
        /// Which.
        terminal: TerminalId,
        /// What it said this time.
        identity: DeviceIdentity,
    },
    /// A photo of a terminal. Sent by the program itself, which has checked that it is one.
    #[serde(skip)]
    PhotographTerminal {
        /// Which.
        terminal: TerminalId,
        /// Digest of the bytes.
        photo: PhotoDigest,
        /// What they are.
        of: PhotoKind,
        /// They lie apart from the journal.
        bytes: PhotoBytes,
    },
    /// The office opens a drawer to try it. Sent by the program itself, before it does.
    #[serde(skip)]
    TryDrawer(DrawerTried),
    /// What is said of a signing unit. Sent by the program itself.
    #[serde(skip)]
    SigningUnit {
        /// Which.
        unit: UnitId,
        /// What happened.
        step: UnitStep,
    },
    /// Make a receipt without turnover at an Austrian till: a null, monthly, yearly or the closing receipt.
    AskRksvReceipt {
        /// Which till.
        till: TillId,
        /// Which receipt.
        kind: RksvKind,
    },
    /// Say that something of an Austrian till was done outside the program.
    NoteRksv {
        /// Which till.
        till: TillId,
        /// What.
        what: RksvNote,
        /// For which of the names that it had before; today's unless given.
        #[serde(default)]
        register: Option<String>,
    },
    /// What a signature device says of itself. Sent by the program itself.
    #[serde(skip)]
    RksvSigner {
        /// Which.
        device: UnitId,
        /// What it said.
        identity: Box<SignerIdentity>,
    },
    /// A person sees or enters a secret of a chain's or a device's. Sent by the program itself, which keeps it.
    #[serde(skip)]
    RksvSecret(RksvSecret),
    /// An unknown code has been dealt with.
    SettleUnknownCode {
        /// The code.
        code: String,
    },
    /// Sell batches no longer that were recalled.
    RecallBatches {
        /// Up to 1,000; what is recalled already stays as it is.
        recalls: Vec<RecallDraft>,
    },
    /// Sell a recalled batch again.
    LiftRecall {
        /// Which recall.
        recall: RecallId,
        /// Why.
        reason: String,
    },
    /// Begin an import of the catalogue. Sent by the program itself.
    #[serde(skip)]
    BeginImport {
        /// Where the items come from, for people.
        source: String,
    },
    /// Some items of the running import. Sent by the program itself.
    #[serde(skip)]
    ImportItems {
        /// The import.
        import: ImportId,
        /// The items; those with an id change it.
        items: Vec<(Option<ItemId>, ItemDraft)>,
    },
    /// All items of the import are in: they become valid at once.
    #[serde(skip)]
    FinishImport {
        /// The import.
        import: ImportId,
    },
    /// The import is given up: none of its items becomes valid.
    #[serde(skip)]
    CancelImport {
        /// The import.
        import: ImportId,
    },
    /// A person's PIN or passphrase was set; the secret itself lies apart from the journal.
    #[serde(skip)]
    SetCredential {
        /// Whose.
        person: PersonId,
        /// Which.
        kind: crate::people::CredentialKind,
        /// The slow hash of it (PHC string); never enters the journal.
        hash: String,
    },
    /// A backup was written. Sent by the program itself.
    #[serde(skip)]
    NoteBackup {
        /// The last entry in it.
        through: u64,
    },
    /// Open an audit: somebody from an authority may look, with a code. Sent by the program itself.
    #[serde(skip)]
    OpenAudit {
        /// For whom: the authority and its file number.
        office: String,
        /// For how long, minutes.
        minutes: u16,
    },
    /// The code of an audit was used. Sent by the program itself.
    #[serde(skip)]
    EnterAudit {
        /// Which.
        audit: AuditId,
    },
    /// An auditor looks at something. Sent by the program itself, before they see it.
    #[serde(skip)]
    LookInAudit {
        /// Which.
        audit: AuditId,
        /// At what.
        what: String,
    },
    /// An audit ends. Sent by the program itself.
    #[serde(skip)]
    EndAudit {
        /// Which.
        audit: AuditId,
        /// Why.
        why: AuditEnd,
    },
    /// The program says which version it is. Sent by the program itself.
    #[serde(skip)]
    NoteProgram {
        /// The version.
        version: String,
    },
    /// A receipt was handed over without paper. Sent by the program itself.
    #[serde(skip)]
    NoteHandedOver(ReceiptHandedOver),
    /// A passphrase was wrong. Sent by the program itself.
    #[serde(skip)]
    NoteWrongSecret(crate::people::WrongSecret),
    /// A person signed in at the office. Sent by the program itself.
    #[serde(skip)]
    OfficeSignIn {
        /// Who.
        person: PersonId,
    },
}

impl ShopCommand {
    /// The command itself, without what it was based on.
    pub fn bare(&self) -> &ShopCommand {
        match self {
            ShopCommand::BasedOn { command, .. } => command.bare(),
            command => command,
        }
    }
}
