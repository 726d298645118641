//! What is asked at a till.

use money::Quantity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::amount::Amount;
use crate::books::InvoiceTo;
use crate::cash::{CashPurpose, DrawerAlarm};
use crate::ids::{
    AttemptId, BasketId, ClosingId, CustomerId, GroupId, ItemId, LineNo, PersonId, ReceiptRef,
    TerminalId, TransferId,
};
use crate::payment::{Doubt, Outcome};
use crate::rksv::RksvStep;
use crate::signing::{SigningStep, Subject};
use crate::terminal_day::TerminalTotals;
use crate::tip::TipValue;
use crate::transfer::BankMessage;
use crate::voucher::{VoucherCode, VoucherKind};
use crate::weighing::Weighed;

/// A discount given by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DiscountValue {
    /// Hundredths of a percent: 1,000 is 10 %.
    Percent {
        /// 1 to 10,000.
        basis_points: u16,
    },
    /// A fixed amount off.
    Amount {
        /// More than nothing, at most what it is taken from.
        amount: Amount,
    },
}

/// Coins or notes of one kind, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Denomination {
    /// The value of one piece, minor units.
    pub value: i64,
    /// How many there are.
    pub pieces: u32,
}

/// A command at a till. Quantities are thousandths; amounts carry their currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TillCommand {
    /// Open the till day with the float that lies in the drawer.
    OpenDay {
        /// Cash in the drawer (Anfangsbestand).
        float: Amount,
    },
    /// A scanner's text or a code typed by hand.
    Scan {
        /// As read, AIM identifier allowed.
        code: String,
        /// "3 ×" before the scan, or the weight of a weighed item.
        #[serde(default)]
        #[schema(value_type = Option<i64>)]
        quantity: Option<Quantity>,
        /// The price of an item sold at an open price.
        #[serde(default)]
        price: Option<Amount>,
    },
    /// An item chosen from tiles or search.
    AddItem {
        /// The item.
        item: ItemId,
        /// One unless given; a weighed item needs its weight.
        #[serde(default)]
        #[schema(value_type = Option<i64>)]
        quantity: Option<Quantity>,
        /// The price of an item sold at an open price.
        #[serde(default)]
        price: Option<Amount>,
    },
    /// Sell goods whose code nobody knows, under a group at a price typed in; kept for clean-up.
    SellUnknown {
        /// The code that was scanned, if there was one.
        #[serde(default)]
        code: Option<String>,
        /// The group gives the tax key.
        group: GroupId,
        /// Price of one.
        price: Amount,
        /// One unless given.
        #[serde(default)]
        #[schema(value_type = Option<i64>)]
        quantity: Option<Quantity>,
        /// What to print; the group's name unless given.
        #[serde(default)]
        name: Option<String>,
    },
    /// Another quantity for a line.
    ChangeQuantity {
        /// The line.
        line: LineNo,
        /// The new quantity.
        #[schema(value_type = i64)]
        quantity: Quantity,
    },
    /// A discount on one line.
    DiscountLine {
        /// The line.
        line: LineNo,
        /// How much.
        discount: DiscountValue,
        /// Why.
        reason: String,
    },
    /// A discount on the whole receipt, spread over its discountable lines.
    DiscountReceipt {
        /// How much.
        discount: DiscountValue,
        /// Why.
        reason: String,
    },
    /// Take a discount given by hand back: of a line, or of the receipt.
    RemoveDiscount {
        /// The line; none for the receipt discount.
        #[serde(default)]
        line: Option<LineNo>,
    },
    /// Give a coupon back to the customer: it takes nothing off any more.
    GiveCouponBack {
        /// Its number in the basket.
        no: u16,
    },
    /// Another price for a line.
    OverridePrice {
        /// The line.
        line: LineNo,
        /// Price of one.
        price: Amount,
        /// Why.
        reason: String,
    },
    /// Void a line (Sofortstorno).
    VoidLine {
        /// The line.
        line: LineNo,
    },
    /// A note on a line or on the receipt; an empty text takes it away.
    Note {
        /// The line; none for the receipt.
        #[serde(default)]
        line: Option<LineNo>,
        /// At most 200 characters.
        text: String,
    },
    /// The customer's age was checked; holds for the whole receipt.
    ConfirmAge {
        /// The age that was proved, in years.
        age: u8,
    },
    /// Begin another basket beside the present one.
    NewBasket,
    /// Go on with another basket of this till.
    SwitchBasket {
        /// The basket.
        basket: BasketId,
    },
    /// Give the basket up; it is recorded.
    AbortBasket {
        /// Why.
        #[serde(default)]
        reason: Option<String>,
    },
    /// End the basket without a payment: somebody who works here takes what is in it, for their own use or the
    /// shop's (Sachbezug, Eigenverbrauch); by right, with a reason.
    GiveBenefit {
        /// Who takes it.
        person: PersonId,
        /// What for.
        reason: String,
    },
    /// Put the basket aside for any till of the shop.
    Park {
        /// A word to find it by.
        #[serde(default)]
        name: Option<String>,
    },
    /// Take a parked basket to this till.
    Recall {
        /// The basket.
        basket: BasketId,
    },
    /// Return goods of a receipt.
    ReturnLine {
        /// The receipt they were sold with.
        receipt: ReceiptRef,
        /// The line of that receipt.
        line: LineNo,
        /// How many; all that is left unless given.
        #[serde(default)]
        #[schema(value_type = Option<i64>)]
        quantity: Option<Quantity>,
    },
    /// Return everything of a receipt that has not been returned yet.
    ReturnReceipt {
        /// The receipt.
        receipt: ReceiptRef,
    },
    /// Return goods without a receipt, at today's price or less.
    ReturnWithoutReceipt {
        /// The item.
        item: ItemId,
        /// How many; one unless given.
        #[serde(default)]
        #[schema(value_type = Option<i64>)]
        quantity: Option<Quantity>,
        /// Price of one; today's unless given.
        #[serde(default)]
        price: Option<Amount>,
        /// Why.
        reason: String,
    },
    /// Cash is taken (or given back, when the total is below nothing). Finishes the receipt when
    /// nothing is due any more.
    PayCash {
        /// What the customer gave; the exact amount unless given.
        #[serde(default)]
        tendered: Option<Amount>,
    },
    /// Have the cash machine beside the till take what is due, and give the change.
    PayCashMachine {
        /// A part of what is due; all of it unless given.
        #[serde(default)]
        amount: Option<Amount>,
    },
    /// Have the cash machine beside the till move all that it holds to where it is collected. It is taken out of the till when the
    /// machine says that it did.
    CollectCash {
        /// All that it holds, as it said.
        amount: Amount,
        /// Why.
        reason: String,
    },
    /// Take a card payment at a terminal, or give money back there when the total is below nothing.
    PayCard {
        /// A part of what is due; all of it unless given.
        #[serde(default)]
        amount: Option<Amount>,
        /// Another terminal than the till's own.
        #[serde(default)]
        terminal: Option<TerminalId>,
    },
    /// Sell a new voucher. Its code is made when the receipt is finished, and shown once.
    SellVoucher {
        /// What it is good for, and what it costs.
        amount: Amount,
        /// Multi-purpose or single-purpose.
        of: VoucherKind,
    },
    /// Put more on a voucher.
    TopUpVoucher {
        /// Its code.
        code: String,
        /// More than nothing.
        amount: Amount,
    },
    /// Pay with a voucher: what is due, as far as it goes. A single-purpose voucher takes goods of its tax key off.
    PayVoucher {
        /// Its code.
        code: String,
        /// A part of it; as much as fits unless given.
        #[serde(default)]
        amount: Option<Amount>,
        /// Take it although it has expired, by right.
        #[serde(default)]
        despite_expiry: bool,
    },
    /// Give money back as a new voucher (store credit): all that is to be paid out.
    PayOutVoucher,
    /// The customer gives a tip: a line of its own. Given again, it takes the place of the one before.
    AddTip {
        /// How much.
        tip: TipValue,
    },
    /// Put what is due on a customer's account, or money for returned goods.
    PayOnAccount {
        /// Whose.
        customer: CustomerId,
        /// A part of what is due; all of it unless given.
        #[serde(default)]
        amount: Option<Amount>,
    },
    /// A customer pays of what they owe: a line that is paid like any other.
    SettleAccount {
        /// Whose.
        customer: CustomerId,
        /// All that is owed unless given; with a receipt, what is left of that.
        #[serde(default)]
        amount: Option<Amount>,
        /// The receipt that is paid first; the oldest unless given.
        #[serde(default)]
        receipt: Option<ReceiptRef>,
        /// It may be more than is owed, by right: the rest is credit.
        #[serde(default)]
        credit: bool,
    },
    /// Give a customer back what they paid too much: a line that is paid out like any other, by right.
    PayOutCredit {
        /// Whose.
        customer: CustomerId,
        /// All of their credit unless given.
        #[serde(default)]
        amount: Option<Amount>,
    },
    /// Ask the terminal to give the running payment up. Whether it does, only the terminal says.
    CancelCard,
    /// Reserve money on a card: a deposit for what is lent, a table. No tender, and no turnover.
    Reserve {
        /// More than nothing.
        amount: Amount,
        /// What it is for; at most 200 characters.
        #[serde(default)]
        note: String,
        /// Another terminal than the till's own.
        #[serde(default)]
        terminal: Option<TerminalId>,
    },
    /// Ask the terminal to give up what it is reserving for this till.
    CancelReserving,
    /// Book of a reservation, as a card tender of the present basket. What is not booked is free again.
    PayReserved {
        /// Which.
        reservation: AttemptId,
        /// At most what is due and what is reserved; the lesser of both unless given.
        #[serde(default)]
        amount: Option<Amount>,
    },
    /// Give a reservation back at its terminal.
    ReleaseReservation {
        /// Which.
        reservation: AttemptId,
    },
    /// Strike an open reservation off, because the person knows that its terminal or the bank ended it; by
    /// right. No terminal is asked.
    EndReservation {
        /// Which.
        reservation: AttemptId,
        /// How the person knows.
        reason: String,
    },
    /// A payment at a card terminal that is not connected.
    PayCardExternal {
        /// A part of what is due; all of it unless given.
        #[serde(default)]
        amount: Option<Amount>,
    },
    /// Ask for a transfer: the customer's display shows a QR code with a reference of its own. The basket
    /// waits until the money is there.
    PayTransfer {
        /// A part of what is due; all of it unless given.
        #[serde(default)]
        amount: Option<Amount>,
    },
    /// Give a transfer up that is waited for. Money that still comes in is shown in the office.
    GiveUpTransfer {
        /// Which.
        transfer: TransferId,
    },
    /// The money of a transfer is there, says the person; by right, with a reason.
    ConfirmTransfer {
        /// Which.
        transfer: TransferId,
        /// How much came; all that was asked for unless given, and never more.
        #[serde(default)]
        amount: Option<Amount>,
        /// How the person knows.
        reason: String,
    },
    /// Cash in another currency, at the rate of this moment. The change is in the shop's own.
    PayForeignCash {
        /// What the customer gave, in its currency.
        tendered: Amount,
    },
    /// Settle a payment of which nobody knows whether money moved.
    ResolveDoubt {
        /// Which.
        attempt: AttemptId,
        /// Money moved.
        charged: bool,
        /// How the person knows: the terminal's slip, its journal, the bank's word.
        reason: String,
    },
    /// Say whether the customer's signature is the card's; if it is not, the payment is taken back at its
    /// terminal.
    CompareSignature {
        /// It is.
        equal: bool,
    },
    /// Undo the last tender of a receipt that is not finished. A card payment is taken back at its
    /// terminal.
    UndoTender,
    /// Cash put into the drawer that is no sale.
    PaidIn {
        /// More than nothing.
        amount: Amount,
        /// Why.
        reason: String,
        /// What for, where the books name it apart; wages are only paid out.
        #[serde(default)]
        purpose: Option<CashPurpose>,
    },
    /// Cash taken out of the drawer for an expense.
    PaidOut {
        /// More than nothing.
        amount: Amount,
        /// Why.
        reason: String,
        /// What for, where the books name it apart; wages are only paid out.
        #[serde(default)]
        purpose: Option<CashPurpose>,
    },
    /// Cash moved to the safe or the bank.
    Drop {
        /// More than nothing.
        amount: Amount,
        /// Why.
        reason: String,
    },
    /// Open the drawer without a sale.
    NoSale {
        /// Why.
        reason: String,
    },
    /// The switch of the drawer tells of an opening that was none of the till's, or that lasts. Only the program itself
    /// sends it.
    #[serde(skip)]
    DrawerAlarm(DrawerAlarm),
    /// End the shift of the person signed in and hand the till over.
    EndShift,
    /// Count the drawer, without being told what should be in it.
    CountDrawer {
        /// Pieces by denomination.
        pieces: Vec<Denomination>,
        /// Foreign cash, the sum of each currency.
        #[serde(default)]
        foreign: Vec<Amount>,
    },
    /// Close the till day: the Z report; the counted difference is booked.
    CloseDay {
        /// Why the day is closed although it is not known of a payment whether money moved.
        #[serde(default)]
        despite_doubt: Option<String>,
    },
    /// Switch training mode, in which nothing counts.
    Training {
        /// On or off.
        on: bool,
    },
    /// Print a receipt again, marked as a copy.
    Reprint {
        /// The receipt.
        receipt: ReceiptRef,
        /// With the fields for what was eaten, why and by whom (Bewirtungsbeleg).
        #[serde(default)]
        hospitality: bool,
    },
    /// The customer was offered a receipt and wants none.
    DeclineReceipt {
        /// The receipt.
        receipt: ReceiptRef,
    },
    /// Make an invoice of a receipt, with somebody's name on it.
    IssueInvoice {
        /// The receipt.
        receipt: ReceiptRef,
        /// For whom.
        recipient: InvoiceTo,
    },
    /// Lock the till or sign out; the basket stays.
    SignOut,
    /// Sign in. Only the program itself sends it, after it has checked the person's PIN.
    #[serde(skip)]
    SignIn {
        /// Who.
        person: PersonId,
    },
    /// What a terminal did. Only the program itself sends it.
    #[serde(skip)]
    Attempt {
        /// Which attempt.
        attempt: AttemptId,
        /// What happened.
        step: AttemptStep,
    },
    /// The till's scale has weighed what a scan or a tap asked for. Only the program itself sends it, under the id of what was
    /// asked.
    #[serde(skip)]
    Weighed {
        /// The scan or the tap.
        asked: Box<TillCommand>,
        /// What the scale said.
        weighed: Box<Weighed>,
    },
    /// A message of the bank that names a transfer of this till. Sent by the program itself.
    #[serde(skip)]
    TakeBankMessage(Box<BankMessage>),
    /// How far a closing of a terminal's day is. Only the program itself sends it.
    #[serde(skip)]
    TerminalDay {
        /// Which closing.
        closing: ClosingId,
        /// What happened.
        step: ClosingStep,
    },
    /// What a signing unit did for a basket, or for an entry. Only the program itself sends it.
    #[serde(skip)]
    Signing {
        /// For which.
        of: Subject,
        /// What happened.
        step: SigningStep,
    },
    /// Make the receipt without turnover that an inspector asks for (Nullbeleg, RKSV).
    ControlReceipt,
    /// How a till's chain goes on (RKSV). Only the program itself sends it.
    #[serde(skip)]
    Rksv(RksvStep),
    /// A PIN was wrong. Sent by the program itself.
    #[serde(skip)]
    NoteWrongSecret(crate::people::WrongSecret),
}

/// What the program says of a running attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptStep {
    /// The next byte asks the terminal.
    Sent {
        /// What its last transaction was before, in the driver's words.
        before: String,
    },
    /// The terminal's word.
    Outcome(Outcome),
    /// The terminal was told that its word is on disk, and holds to it.
    Acknowledged {
        /// What it wants printed for the customer; as it said before when empty.
        customer: Vec<String>,
        /// What it wants printed for the shop.
        merchant: Vec<String>,
    },
    /// Nobody knows.
    Doubt(Doubt),
    /// A reversal did not work this time.
    ReversalFailed {
        /// Stable code.
        code: String,
    },
}

/// What the program says of a closing of a terminal's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClosingStep {
    /// The next byte asks the terminal.
    Sent,
    /// What its day came to, says the terminal.
    Totals(TerminalTotals),
    /// It closed its day.
    Closed {
        /// What it wants printed.
        lines: Vec<String>,
    },
    /// It keeps no totals: nothing is asked.
    Alone,
    /// It did not close its day.
    Not {
        /// Stable code.
        code: String,
    },
    /// Nobody knows.
    Unknown(Doubt),
    /// Asked afterwards: what stands in its journal now.
    Stands(TerminalTotals),
}

impl TillCommand {
    /// The text of a voucher's code that the command brings, be it misread.
    pub fn voucher_code(&self) -> Option<&str> {
        match self {
            TillCommand::TopUpVoucher { code, .. } | TillCommand::PayVoucher { code, .. } => {
                Some(code)
            }
            TillCommand::Scan { code, .. } => VoucherCode::looks_like(code).then_some(code),
            _ => None,
        }
    }
}
