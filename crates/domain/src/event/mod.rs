//! What happened. An event kind is never changed; a new version is a new kind.

mod accounts;
mod devices;
mod records;
mod reservations;
mod restored;
mod rksv;
mod signing;
mod stock;
mod terminal_days;
mod transfers;
mod vouchers;

use jiff::{Timestamp, civil::Date};
use money::Money;
use serde::{Deserialize, Serialize};

use crate::account::Customer;
use crate::audit::{AuditStep, ProgramStarted};
use crate::basket::{Line, ReceiptDiscount, Tender};
use crate::books::InvoiceIssued;
use crate::cash::{CashPurpose, DrawerAlarmed, DrawerCounted, DrawerTried};
use crate::catalogue::Item;
use crate::coupon::CouponTaken;
use crate::device::{DeviceChange, DeviceIdentity};
use crate::goods::{CodeRead, PackReadTwice, Recall, RecallLifted};
use crate::ids::*;
use crate::payment::{Approval, CardFacts, Doubt, Outcome, Purpose};
use crate::people::{CredentialKind, Permission, Person, WrongSecret};
use crate::receipt::{Receipt, ReceiptCopied, ReceiptHandedOver};
use crate::refund::RefundSource;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::terminal_day::TerminalTotals;

pub use accounts::{AccountCharged, AccountCredited, AccountPaid};
pub use devices::{DeviceConfirmed, DeviceInspected, DevicePhotographed, DeviceRegistered};
pub use records::{BasketHandedOver, BasketOrdered, BenefitGiven, OrderedLine};
pub use reservations::{MoneyReserved, ReservationEnded};
pub use restored::ShopRestored;
pub use rksv::{RksvSigned, RksvTold};
pub use signing::*;
pub use stock::StockMoved;
pub use terminal_days::{
    TerminalDayClosed, TerminalDayExplained, TerminalDayIntended, TerminalDaySettled,
};
pub use transfers::{BankMessageTaken, TransferPaid, TransferRequested};
pub use vouchers::{VoucherCredited, VoucherRedeemed, VoucherSold};

/// What happened, with its body. Serialised as `"kind": …, "body": …`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    /// The settings, whole.
    ShopConfigured(Box<Settings>),
    /// A person was added.
    PersonAdded(Person),
    /// A person was changed.
    PersonChanged(Person),
    /// A person's key, name and secrets were destroyed: nobody can say any more who it was.
    PersonForgotten {
        /// Who, by the number that stays in the entries.
        person: PersonId,
    },
    /// A PIN or passphrase was set; the secret lies apart.
    CredentialSet {
        /// Whose.
        person: PersonId,
        /// Which.
        kind: CredentialKind,
    },
    /// Signed in at the till of the entry, or at the office when it names none.
    SignedIn {
        /// Who.
        person: PersonId,
    },
    /// Signed out or locked.
    SignedOut {
        /// Who.
        person: PersonId,
    },
    /// A PIN or passphrase was wrong, at the entry's till or else the office; its person was signed in there.
    SignInFailed(WrongSecret),
    /// A second person approved the command.
    Approved {
        /// Who approved.
        approver: PersonId,
        /// Which right it needed.
        permission: Permission,
    },
    /// A rule said no, in a way that must be seen later.
    Refused {
        /// Why.
        refusal: Refusal,
        /// The command's type.
        command: String,
    },
    /// An item was added or changed.
    ItemPut(Box<Item>),
    /// An item was taken out of sale or brought back.
    ItemRetired {
        /// Which.
        item: ItemId,
        /// Out of sale.
        retired: bool,
    },
    /// An import of items began.
    ImportBegan {
        /// Which.
        import: ImportId,
        /// Where from.
        source: String,
    },
    /// Items of the running import; valid once it is finished.
    ItemsImported {
        /// Which.
        import: ImportId,
        /// The items.
        items: Vec<Item>,
    },
    /// The import is complete: its items are valid.
    ImportFinished {
        /// Which.
        import: ImportId,
    },
    /// The import was given up: its items are void.
    ImportCancelled {
        /// Which.
        import: ImportId,
    },
    /// The till day was opened.
    DayOpened {
        /// Number.
        day: DayNo,
        /// Local date.
        date: Date,
        /// Cash in the drawer.
        float: Money,
    },
    /// A shift began.
    ShiftBegan {
        /// Number in the day.
        shift: u16,
        /// Who.
        person: PersonId,
    },
    /// A shift ended.
    ShiftEnded {
        /// Number in the day.
        shift: u16,
    },
    /// Cash was put in.
    CashPaidIn {
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
        /// What for, where the books name it apart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        purpose: Option<CashPurpose>,
    },
    /// Cash was taken out.
    CashPaidOut {
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
        /// What for, where the books name it apart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        purpose: Option<CashPurpose>,
    },
    /// Cash was moved to the safe.
    CashDropped {
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
    },
    /// The drawer was opened without a sale.
    DrawerOpened {
        /// Why.
        reason: String,
    },
    /// The switch of the drawer told of an opening that was none of the till's, or that lasts.
    DrawerAlarmed(DrawerAlarmed),
    /// A drawer was opened from the office.
    DrawerTried(DrawerTried),
    /// The drawer was counted.
    DrawerCounted(Box<DrawerCounted>),
    /// The till day was closed. Its totals are the fold up to here; they are not said twice.
    DayClosed {
        /// Number.
        day: DayNo,
        /// Counted.
        counted: Money,
        /// Counted minus expected.
        difference: Money,
    },
    /// Training mode was switched.
    TrainingSwitched {
        /// On.
        on: bool,
    },
    /// A basket was opened.
    BasketOpened {
        /// Which.
        basket: BasketId,
        /// In training mode.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        training: bool,
    },
    /// The till went on with another basket, or with a fresh one that opens with its first line.
    BasketChosen {
        /// Which; none for a fresh one.
        basket: Option<BasketId>,
    },
    /// A line was added.
    LineAdded {
        /// Where.
        basket: BasketId,
        /// The line.
        line: Box<Line>,
        /// The trade item that was scanned for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        read: Option<Box<CodeRead>>,
    },
    /// A line was changed; as it stands now.
    LineChanged {
        /// Where.
        basket: BasketId,
        /// The line.
        line: Box<Line>,
        /// The trade item that was scanned for one more of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        read: Option<Box<CodeRead>>,
    },
    /// The second symbol of one pack was read.
    PackReadTwice(PackReadTwice),
    /// A line was voided.
    LineVoided {
        /// Where.
        basket: BasketId,
        /// Which.
        line: LineNo,
        /// What it had come to.
        amount: Money,
    },
    /// Goods of a receipt come back: how it had been paid, less what went back already.
    ReturnBegan {
        /// Where to.
        basket: BasketId,
        /// Where from.
        source: RefundSource,
    },
    /// The receipt discount was given, or taken back.
    DiscountGiven {
        /// Where.
        basket: BasketId,
        /// None takes it back.
        discount: Option<ReceiptDiscount>,
    },
    /// A coupon was taken, or given back.
    CouponTaken(CouponTaken),
    /// A note for the receipt.
    BasketNoted {
        /// Where.
        basket: BasketId,
        /// Empty takes it away.
        text: String,
    },
    /// The customer's age was checked.
    AgeChecked {
        /// Where.
        basket: BasketId,
        /// Years proved.
        age: u8,
    },
    /// Put aside.
    BasketParked {
        /// Which.
        basket: BasketId,
        /// A word to find it by.
        name: Option<String>,
    },
    /// Taken to the till of the entry.
    BasketRecalled {
        /// Which.
        basket: BasketId,
    },
    /// Given up.
    BasketAborted {
        /// Which.
        basket: BasketId,
        /// What it would have come to.
        total: Money,
        /// Why.
        reason: Option<String>,
    },
    /// What is in a basket that is put aside was ordered: what changed since the last time.
    BasketOrdered(Box<BasketOrdered>),
    /// A basket ends at one till and goes on at the till of the entry.
    BasketHandedOver(Box<BasketHandedOver>),
    /// What is in a basket goes to somebody who works here: nothing is paid.
    BenefitGiven(Box<BenefitGiven>),
    /// A tender was taken.
    TenderRecorded {
        /// Where.
        basket: BasketId,
        /// The tender.
        tender: Tender,
    },
    /// The last tender was undone: money given back.
    TenderUndone {
        /// Where.
        basket: BasketId,
        /// The tender.
        tender: Tender,
    },
    /// Money shall move at a terminal. On disk before anything is sent.
    TenderIntended {
        /// The attempt.
        attempt: AttemptId,
        /// Where.
        basket: BasketId,
        /// At which terminal.
        terminal: TerminalId,
        /// What for.
        purpose: Purpose,
        /// How much, above nothing.
        amount: Money,
        /// What was booked or reserved before, and is taken back, settled, or, where known, refunded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reverses: Option<Box<CardFacts>>,
        /// For a reservation: what it is for.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// The terminal is being asked. On disk before the first byte that asks.
    TenderSent {
        /// The attempt.
        attempt: AttemptId,
        /// Where.
        basket: BasketId,
        /// What the terminal's last transaction was before, in its driver's words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        before: String,
    },
    /// Somebody wants the attempt given up; whether it is, the terminal says.
    TenderCancelAsked {
        /// The attempt.
        attempt: AttemptId,
        /// Where.
        basket: BasketId,
    },
    /// The terminal's word. On disk before the terminal is told so.
    AttemptRecorded {
        /// The attempt.
        attempt: AttemptId,
        /// Where.
        basket: BasketId,
        /// What became of it.
        outcome: Outcome,
    },
    /// The terminal was told, and holds to it. The tender follows in the same command.
    AttemptAcknowledged {
        /// The attempt.
        attempt: AttemptId,
        /// Where.
        basket: BasketId,
        /// What the terminal wants printed for the shop.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        merchant: Vec<String>,
    },
    /// Nobody knows whether money moved.
    TenderInDoubt {
        /// The attempt.
        attempt: AttemptId,
        /// Where.
        basket: BasketId,
        /// Why.
        why: Doubt,
        /// What the terminal said, when that is the reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approval: Option<Box<Approval>>,
    },
    /// A person settled the doubt.
    TenderResolved {
        /// The attempt.
        attempt: AttemptId,
        /// Where.
        basket: BasketId,
        /// Money moved, says the person.
        charged: bool,
        /// How they know.
        reason: String,
    },
    /// A reversal was tried in vain; it is tried again.
    ReversalFailed {
        /// The attempt.
        attempt: AttemptId,
        /// Where.
        basket: BasketId,
        /// Stable code.
        code: String,
    },
    /// Money is reserved on a card: no turnover, and no tender.
    MoneyReserved(MoneyReserved),
    /// A reservation is no longer open. A tender follows in the same command when it was booked.
    ReservationEnded(ReservationEnded),
    /// The customer is asked to pay by transfer.
    TransferRequested(TransferRequested),
    /// The request is given up; money that still comes in is shown.
    TransferGivenUp {
        /// The request.
        transfer: TransferId,
        /// Where.
        basket: BasketId,
    },
    /// The money is there. The tender follows in the same command.
    TransferPaid(TransferPaid),
    /// A message of the bank was taken in.
    BankMessageTaken(BankMessageTaken),
    /// A person dealt with a message that fitted nothing.
    BankMessageSettled {
        /// Which.
        message: BankMessageId,
        /// How.
        reason: String,
    },
    /// The cashier compared the customer's signature with that on the card.
    SignatureCompared {
        /// The payment.
        attempt: AttemptId,
        /// Where.
        basket: BasketId,
        /// They are the same; otherwise the payment is taken back in the same command.
        equal: bool,
    },
    /// A terminal's day shall be closed. On disk before the terminal is asked.
    TerminalDayIntended(TerminalDayIntended),
    /// The terminal is being asked. On disk before the first byte that asks.
    TerminalDaySent {
        /// The closing.
        closing: ClosingId,
    },
    /// What the terminal says its day came to. On disk before the terminal is told so.
    TerminalDayRecorded {
        /// The closing.
        closing: ClosingId,
        /// What it says.
        totals: TerminalTotals,
    },
    /// The terminal's day is closed, and what it says held against what the shop booked.
    TerminalDayClosed(TerminalDayClosed),
    /// The terminal's day is not closed.
    TerminalDayNotClosed {
        /// The closing.
        closing: ClosingId,
        /// Why, a stable code.
        code: String,
    },
    /// Nobody knows whether the terminal closed its day.
    TerminalDayUnknown {
        /// The closing.
        closing: ClosingId,
        /// Why.
        why: Doubt,
    },
    /// A person said whether the terminal closed its day. How it ended follows in the same command.
    TerminalDaySettled(TerminalDaySettled),
    /// A person said where the difference between terminal and shop comes from.
    TerminalDayExplained(TerminalDayExplained),
    /// The receipt is finished.
    ReceiptIssued(Box<Receipt>),
    /// A voucher was sold, or given as store credit: what it is good for against the receipt.
    VoucherSold(VoucherSold),
    /// More was put on a voucher.
    VoucherToppedUp {
        /// Which.
        voucher: VoucherId,
        /// How much, above nothing.
        amount: Money,
        /// The other side.
        receipt: ReceiptRef,
    },
    /// A voucher paid, or what was on it was taken back.
    VoucherRedeemed(VoucherRedeemed),
    /// Money went back to a voucher, for goods that it had paid.
    VoucherCredited(VoucherCredited),
    /// A voucher is taken no longer.
    VoucherBlocked {
        /// Which.
        voucher: VoucherId,
        /// Why.
        reason: String,
    },
    /// A blocked voucher is taken again.
    VoucherUnblocked {
        /// Which.
        voucher: VoucherId,
        /// Why.
        reason: String,
    },
    /// A customer was added or changed; their details lie apart.
    CustomerPut(Box<Customer>),
    /// A customer's key and details were destroyed: nobody can say any more who it was.
    CustomerForgotten {
        /// Who, by the number that stays in the entries.
        customer: CustomerId,
    },
    /// A customer owes more (Forderungsentstehung): a receipt on account, or a payment given back with one.
    AccountCharged(AccountCharged),
    /// A customer owes less: goods came back. The other side is the receipt.
    AccountCredited(AccountCredited),
    /// A customer paid of what they owe (Forderungsaufloesung): at a receipt, or by the bank's reference.
    AccountPaid(AccountPaid),
    /// A terminal said something of itself that it had not said before, and that contradicts no register.
    DeviceReported {
        /// Which terminal.
        terminal: TerminalId,
        /// Everything it said so far, each thing as it was said last.
        identity: DeviceIdentity,
    },
    /// A terminal is not what the register says: no card is taken at it.
    DeviceChanged {
        /// Which terminal.
        terminal: TerminalId,
        /// Everything it said so far, each thing as it was said last.
        identity: DeviceIdentity,
        /// Where it differs.
        changed: Vec<DeviceChange>,
    },
    /// A person took a terminal into the register, or changed its card there.
    DeviceRegistered(DeviceRegistered),
    /// A person says that a stopped terminal is the right one: cards are taken at it again.
    DeviceConfirmed(Box<DeviceConfirmed>),
    /// A person has inspected a terminal. A finding stops it.
    DeviceInspected(DeviceInspected),
    /// A photo of a terminal was taken; its bytes lie apart.
    DevicePhotographed(DevicePhotographed),
    /// A unit began a transaction for a basket.
    SigningStarted(Box<SigningStarted>),
    /// What came of a basket is signed.
    SigningFinished(Box<SigningFinished>),
    /// What came of a basket is not signed, and will not be.
    SigningFailed(Box<SigningFailed>),
    /// A signing unit said what it is, for the first time or something else than before.
    SigningUnitReported(Box<SigningUnitReported>),
    /// A signing unit does not sign.
    SigningOutage(SigningOutage),
    /// A signing unit signs again.
    SigningRestored(SigningRestored),
    /// A transaction that was left behind at a signing unit is settled there.
    SigningTidied(SigningTidied),
    /// Somebody had a signing unit do something.
    SigningUnitServiced(SigningUnitServiced),
    /// A till of Austria's has its next code.
    RksvSigned(Box<RksvSigned>),
    /// What else is said of the chains of Austria's tills.
    RksvTold(Box<RksvTold>),
    /// Somebody from an authority looks at the record.
    Audit(AuditStep),
    /// The program was started in another version than before.
    ProgramStarted(ProgramStarted),
    /// A copy was asked for.
    ReceiptCopied(ReceiptCopied),
    /// A receipt was handed over without paper.
    ReceiptHandedOver(ReceiptHandedOver),
    /// A receipt became an invoice with a name on it.
    InvoiceIssued(InvoiceIssued),
    /// A batch must not be sold any more.
    BatchRecalled(Box<Recall>),
    /// A recalled batch may be sold again.
    RecallLifted(RecallLifted),
    /// A stock movement that is no sale.
    StockMoved(StockMoved),
    /// An unknown code has been dealt with.
    UnknownCodeSettled {
        /// The code.
        code: String,
    },
    /// A backup was written.
    BackupMade {
        /// The last entry in it.
        through: u64,
    },
    /// The shop was put back from a backup: what was done after it is not in this journal.
    ShopRestored(ShopRestored),
    /// The clock went back by more than a minute.
    ClockJumped {
        /// The time of the entry before.
        from: Timestamp,
    },
}
