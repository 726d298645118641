//! What a till sees: computed here once, shown as it is by every screen.

use std::sync::Arc;

use super::coupons::CouponView;
use super::devices::TerminalNotice;
use super::digital::{PaperlessWays, ReceiptPageView};
use super::goods::ReadView;
use domain::catalogue::Unit;
use domain::goods::PackMark;
use domain::people::{Permission, Role};
use domain::settings::Language;
use domain::{
    Amount, BasketId, CommandId, CustomerId, GroupId, ItemId, LineNo, PersonId, ReceiptRef,
    Refusal, TillId, VoucherId,
};
use jiff::Timestamp;
use jiff::civil::Date;
use money::Currency;
use serde::Serialize;
use utoipa::ToSchema;

use super::cash_machines::{BesideView, CashBy};
use super::foreign::{ForeignCashView, ForeignCountView, ForeignDue};
use super::reservations::ReservationView;
use super::transfers::{TenderTransferView, TransferView};
use super::weighing::{LineWeighingView, WeighingView};
use crate::country::BothWords;

pub use super::lamps::{Lamp, LampKind, LampState};

/// A till's screen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TillView {
    /// The till.
    pub till: TillId,
    /// Its name.
    pub name: String,
    /// The shop's name.
    pub shop: String,
    /// Language of the shop.
    pub language: Language,
    /// ISO 4217.
    pub currency: String,
    /// Digits after the decimal sign.
    pub minor_digits: u8,
    /// The journal's head: rises with every change.
    pub seq: u64,
    /// Counts what changed on screens without an entry (lamps, progress, weighings) since the program was started: of two views with the
    /// same `seq` the one with the higher number is the later one.
    pub aside: u64,
    /// Who is signed in; none: the till is locked.
    pub person: Option<PersonView>,
    /// What the person signed in may do.
    pub permissions: Vec<Permission>,
    /// Training mode is on.
    pub training: bool,
    /// What is sold is not signed by a certified unit: by software, by a simulator, in an environment for tests.
    pub practice: bool,
    /// Another printer may stand in for the till's own.
    pub spare_printer: bool,
    /// Lock after so many idle seconds; 0 never.
    pub lock_after_seconds: u32,
    /// The open till day.
    pub day: Option<DayView>,
    /// The number that the next till day gets.
    pub next_day: u32,
    /// The number that the next receipt gets.
    pub next_receipt: u64,
    /// The present basket.
    pub basket: Option<BasketView>,
    /// A scale stands beside the till.
    pub weighs: bool,
    /// What the till's scale is asked for.
    pub weighing: Option<WeighingView>,
    /// All open baskets of this till.
    pub baskets: Vec<BasketSummary>,
    /// Parked baskets of the whole shop.
    pub parked: Vec<BasketSummary>,
    /// The receipt that was finished last at this till, until the next basket begins.
    pub last_receipt: Option<LastReceipt>,
    /// The payment at a terminal that the present basket waits for, or the last one that moved no money.
    pub payment: Option<PaymentView>,
    /// The terminal beside the till can reserve money.
    pub reserves: bool,
    /// What a terminal is reserving or releasing for this till, or the last that came to nothing.
    pub reserving: Option<PaymentView>,
    /// Open reservations of the whole shop, the oldest first.
    pub reservations: Vec<ReservationView>,
    /// Payments of this till of which nobody knows whether money moved, the present basket's too.
    pub doubts: Vec<DoubtView>,
    /// The transfer that the present basket waits for.
    pub transfer: Option<TransferView>,
    /// Transfers that are waited for at this till, and those of parked baskets.
    pub transfers: Vec<TransferView>,
    /// The shop takes transfers.
    pub takes_transfers: bool,
    /// How receipts can reach customers beside paper.
    pub paperless: PaperlessWays,
    /// What is the matter with the card terminal beside the till.
    pub terminal: Option<TerminalNotice>,
    /// Receipts that a terminal's answer finished while another basket was on the screen.
    pub background: Vec<domain::ReceiptNo>,
    /// The till takes cards at a terminal.
    pub takes_cards: bool,
    /// The machine beside the till that takes and gives cash.
    pub cash_machine: Option<BesideView>,
    /// The shop takes tips.
    pub takes_tips: bool,
    /// What a VAT number is called.
    pub vat_number: BothWords,
    /// A Bewirtungsbeleg can be printed.
    pub hospitality: bool,
    /// Something that needs attention; empty when all is well.
    pub lamps: Vec<Lamp>,
}

/// Whether money moved: the truth light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// The terminal is at it: nothing is decided.
    Running,
    /// Money moved.
    Charged,
    /// No money moved.
    NotCharged,
    /// Nobody knows: do not charge again.
    Unknown,
}

/// A payment at a terminal, as the till shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentView {
    /// The attempt.
    pub attempt: domain::AttemptId,
    /// Where.
    pub terminal: String,
    /// `payment`, `refund`, `reversal`, `reservation`, `booking`, `release`, `cash` or `collection`.
    pub purpose: String,
    /// Asked for.
    pub amount: Option<Amount>,
    /// Whether money moved.
    pub truth: Truth,
    /// `signature`: the cashier compares the customer's signature with the card's. Otherwise
    /// how far it is: `starting`, `waiting`, a status of the terminal (`insert_card`, `enter_pin`, …), or
    /// why it ended or is in doubt. The screen translates it.
    pub code: String,
    /// The terminal's own words, in its language; for the cashier.
    pub text: Option<String>,
    /// Giving it up can be asked for.
    pub can_cancel: bool,
    /// The card that money shall go back to, as far as its terminal had told.
    pub card: Option<String>,
    /// What was put into the cash machine so far; none while it has said nothing of it.
    pub inserted: Option<Amount>,
    /// What is to be put in still.
    pub open: Option<Amount>,
}

/// A payment of which nobody knows whether money moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DoubtView {
    /// The attempt.
    pub attempt: domain::AttemptId,
    /// Its basket; 0 where none waits for it.
    pub basket: BasketId,
    /// Where.
    pub terminal: String,
    /// `payment`, `refund`, `reversal`, `reservation`, `booking`, `release`, `cash` or `collection`.
    pub purpose: String,
    /// Asked for.
    pub amount: Amount,
    /// What the terminal says it booked, where that is the doubt.
    pub booked: Option<Amount>,
    /// Since.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Why; the screen translates it.
    pub code: String,
    /// The terminal is being asked by itself, again and again.
    pub asking: bool,
}

/// A person as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonView {
    /// Identity.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
}

/// The open till day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DayView {
    /// Number.
    pub number: u32,
    /// Local date it was opened on.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Opened.
    #[schema(value_type = String, format = DateTime)]
    pub opened: Timestamp,
    /// Opened on an earlier date than today: said, not blocked.
    pub overdue: bool,
    /// Receipts so far.
    pub receipts: u32,
    /// The running shift.
    pub shift: Option<u16>,
    /// Foreign currencies that lie in the drawer, and are counted with it.
    #[schema(value_type = Vec<String>)]
    pub foreign: Vec<Currency>,
    /// The result of a count, while nothing has moved since.
    pub count: Option<CountView>,
}

/// A count of the drawer; only after counting is the difference said, and only to those who may see
/// the totals: everybody else counts blind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CountView {
    /// Counted.
    pub counted: Amount,
    /// By the book; none when the person at the till may not see it.
    pub expected: Option<Amount>,
    /// Counted minus expected; none when the person at the till may not see it.
    pub difference: Option<Amount>,
    /// Foreign cash.
    pub foreign: Vec<ForeignCountView>,
}

/// An open basket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BasketView {
    /// Identity.
    pub id: BasketId,
    /// Lines; deposits stand behind their line with `deposit_of`.
    pub lines: Vec<LineView>,
    /// How many articles (pieces; a weighed line counts one).
    pub articles: u32,
    /// The line that changed last.
    pub last_line: Option<LineNo>,
    /// What was scanned last; none after anything else.
    pub last_read: Option<ReadView>,
    /// The receipt discount.
    pub discount: Option<ReceiptDiscountView>,
    /// Coupons, in the order in which they were taken.
    pub coupons: Vec<CouponView>,
    /// Saved by discounts, promotions and coupons.
    pub saved: Amount,
    /// Tax by rate.
    pub tax: Vec<TaxView>,
    /// With tax.
    pub total: Amount,
    /// Paid so far.
    pub tenders: Vec<TenderView>,
    /// Still to pay; below nothing: to give back.
    pub due: Amount,
    /// Still to pay in cash (rounded to the smallest coin).
    pub cash_due: Amount,
    /// How what goes back is to go back, the next first: each tender of then gets its own, the last one
    /// first. Empty when nothing goes back, and for goods of which no receipt tells.
    pub refunds: Vec<RefundView>,
    /// What each way of paying out gives when no amount is said; none when nothing goes back.
    pub gives: Option<GivesView>,
    /// Cash the customer may give, with its change: exact first, then the next notes.
    pub cash_suggestions: Vec<CashSuggestion>,
    /// What is due in foreign cash, for each currency that is taken now.
    pub foreign: Vec<ForeignDue>,
    /// The age to be checked before paying.
    pub age_needed: Option<u8>,
    /// The age that was checked.
    pub age_checked: Option<u8>,
    /// Note.
    pub note: Option<String>,
    /// Made in training mode.
    pub training: bool,
    /// The basket returns goods.
    pub returns: bool,
}

/// What ways of paying out give when no amount is said, above nothing; vouchers have been given back to
/// before, with the same command.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GivesView {
    /// `pay_cash`, rounded to the smallest coin.
    pub cash: Amount,
    /// `pay_card`.
    pub card: Amount,
    /// `pay_card_external`.
    pub card_external: Amount,
}

/// A part of what goes back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RefundView {
    /// How it had been paid. Another way needs a right.
    pub kind: domain::basket::TenderKind,
    /// The card that had paid, as far as its terminal told, or the voucher.
    pub card: Option<String>,
    /// How much, above nothing.
    pub amount: Amount,
}

/// Cash a customer may give.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CashSuggestion {
    /// Given.
    pub tendered: Amount,
    /// Back.
    pub change: Amount,
}

/// A line as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineView {
    /// Number.
    pub line: LineNo,
    /// The item.
    pub item: Option<ItemId>,
    /// Name.
    pub name: String,
    /// Thousandths.
    pub quantity: i64,
    /// Unit.
    pub unit: Unit,
    /// Units in one, for a pack.
    pub pack: Option<i64>,
    /// Price of one.
    pub price: Amount,
    /// Price before it was overridden.
    pub list_price: Option<Amount>,
    /// quantity × price.
    pub base: Amount,
    /// What was taken off this line (the receipt discount's part apart).
    pub discounts: Vec<LineDiscountView>,
    /// base − discounts.
    pub total: Amount,
    /// Group.
    pub group: GroupId,
    /// Tax rate, hundredths of a percent.
    pub rate: u32,
    /// Least age.
    pub age: Option<u8>,
    /// The line whose deposit this is.
    pub deposit_of: Option<LineNo>,
    /// The code was unknown.
    pub unknown: bool,
    /// Weight typed in by hand.
    pub hand_weighed: bool,
    /// How the till's scale weighed it.
    pub weighing: Option<LineWeighingView>,
    /// Returned from this receipt.
    pub returned_from: Option<ReceiptRef>,
    /// Quantity, price and discount may be changed.
    pub changeable: bool,
    /// May take a discount.
    pub discountable: bool,
    /// Note.
    pub note: Option<String>,
    /// What the code on the pack said of it.
    pub mark: Option<PackMark>,
}

/// A discount as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineDiscountView {
    /// The promotion's name or the reason.
    pub text: String,
    /// Given by hand.
    pub manual: bool,
    /// Percentage, hundredths of a percent.
    pub basis_points: Option<u16>,
    /// Taken off (as a positive amount).
    pub amount: Amount,
}

/// The receipt discount as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptDiscountView {
    /// Why.
    pub reason: String,
    /// Percentage, hundredths of a percent.
    pub basis_points: Option<u16>,
    /// Taken off.
    pub amount: Amount,
}

/// Tax of one rate.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaxView {
    /// Key.
    pub key: u16,
    /// Hundredths of a percent.
    pub rate: u32,
    /// Without tax.
    pub net: Amount,
    /// Tax.
    pub tax: Amount,
    /// With tax.
    pub gross: Amount,
}

/// A tender as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TenderView {
    /// `cash`, `card`, `card_external`, `voucher`, `transfer`, `transfer_by_hand`, `cash_foreign`.
    /// `cash`, `card`, `card_external`, `voucher`, `account`.
    pub kind: domain::basket::TenderKind,
    /// The card's scheme and last digits, where a terminal told them.
    pub card: Option<String>,
    /// The voucher.
    pub voucher: Option<TenderVoucherView>,
    /// The transfer.
    pub transfer: Option<TenderTransferView>,
    /// The foreign cash.
    pub foreign: Option<ForeignCashView>,
    /// The customer's account.
    pub account: Option<TenderAccountView>,
    /// What it pays.
    pub amount: Amount,
    /// Given.
    pub tendered: Amount,
    /// Back.
    pub change: Amount,
    /// Who took the cash, at a till with a cash machine.
    pub taken: Option<CashBy>,
}

/// A basket in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BasketSummary {
    /// Identity.
    pub id: BasketId,
    /// The till it is at, or was parked from.
    pub till: TillId,
    /// Lines.
    pub lines: u32,
    /// What it comes to.
    pub total: Amount,
    /// Name it was parked under.
    pub name: Option<String>,
    /// Who opened or parked it.
    pub person: String,
    /// When it was opened or parked.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Its card payment: running, of unknown fate, without money, or paid in full while nobody looked (code
    /// `paid`).
    pub payment: Option<PaymentView>,
}

/// The receipt finished last: change stays on screen until the next scan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LastReceipt {
    /// Which.
    pub receipt: ReceiptRef,
    /// The incarnation that issued it; above 1 it belongs to the printed number.
    pub incarnation: u32,
    /// Training.
    pub training: bool,
    /// Total.
    pub total: Amount,
    /// Given.
    pub tendered: Amount,
    /// To give back.
    pub change: Amount,
    /// Saved.
    pub saved: Amount,
    /// How it was paid.
    pub tenders: Vec<TenderView>,
    /// What was bought, for the customer's display.
    pub lines: Vec<LineView>,
    /// It is so high that a business needs an invoice with its name on it.
    pub invoice_advised: bool,
    /// Its page; none where there are none, or before it has one.
    pub page: Option<ReceiptPageView>,
    /// How it can reach the customer beside paper.
    pub paperless: PaperlessWays,
    /// It is printed by itself.
    pub on_paper: bool,
    /// Codes of the vouchers sold with it: shown here once, and never again.
    pub vouchers: Vec<SoldVoucher>,
}

/// A voucher that was sold just now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SoldVoucher {
    /// Its public number.
    pub voucher: VoucherId,
    /// Its code, in groups of four: money.
    pub code: String,
}

/// The account of a tender.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TenderAccountView {
    /// Whose.
    pub customer: CustomerId,
    /// By what they are called.
    pub name: String,
    /// When it is due; none for money that goes back to the account.
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
}

/// The voucher of a tender.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TenderVoucherView {
    /// Its public number; none for store credit before its receipt, and in training.
    pub voucher: Option<VoucherId>,
    /// Last four characters of its code.
    pub last4: Option<String>,
    /// What is left on it after the receipt.
    pub left: Option<Amount>,
}

/// The answer to a command.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CommandAnswer {
    /// The command.
    pub id: CommandId,
    /// The same id was answered before: nothing happened anew.
    pub repeated: bool,
    /// The entries it made: first and last number in the journal; none for a command without effect.
    #[schema(value_type = Option<(u64, u64)>)]
    pub entries: Option<(u64, u64)>,
    /// The receipt that the command finished.
    pub receipt: Option<ReceiptRef>,
    /// The till as it is now; none for a command of the office.
    #[schema(value_type = Option<TillView>)]
    pub view: Option<Arc<TillView>>,
    /// What a command of the office made.
    pub made: Option<Made>,
}

/// What a command of the office made or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Made {
    /// An item.
    Item {
        /// Its identity.
        item: ItemId,
    },
    /// An import.
    Import {
        /// Its identity.
        import: domain::ImportId,
    },
    /// A customer.
    Customer {
        /// Their number.
        customer: CustomerId,
    },
    /// A person.
    Person {
        /// Identity.
        person: PersonId,
    },
}

/// A problem document (RFC 9457). `code` is stable; a rule's refusal is status 422 with its own code
/// and `refusal` tells its details.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// `about:blank`.
    #[serde(rename = "type")]
    pub kind: String,
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: String,
    /// English, for developers; people read the translated code.
    pub title: String,
    /// More, where there is more to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// A rule's refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// A second person may approve the command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approvable: Option<bool>,
}
