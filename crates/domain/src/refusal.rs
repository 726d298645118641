//! When a rule says no: frozen codes, meant for people. The UI translates the code.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::coupon::CouponFault;
use crate::device::{DeviceFact, InspectionPoint};
use crate::ids::{
    AttemptId, CustomerId, ItemId, LineNo, PersonId, ReceiptRef, TerminalId, VoucherId,
};
use crate::people::Permission;

/// Why a command was refused. The serialised `code` never changes its meaning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// Something is outside its limits.
    #[error("{field} is outside its limits")]
    OutOfLimits {
        /// Which field.
        field: String,
    },
    /// A text holds control characters, or is empty or too long.
    #[error("{field} is not a usable text")]
    BadText {
        /// Which field.
        field: String,
    },
    /// Not the shop's currency.
    #[error("the amount is in another currency than the shop's")]
    WrongCurrency,
    /// The id was used for another command.
    #[error("this command id was used for another command")]
    CommandIdReused,
    /// The shop is not set up yet.
    #[error("the shop is not set up yet")]
    NotConfigured,
    /// The settings contradict themselves.
    #[error("the settings are not consistent: {problem}")]
    BadSettings {
        /// A stable word for what is wrong.
        problem: String,
    },
    /// There is no such thing in the shop's country.
    #[error("there is no such thing in the shop's country")]
    NotInCountry,
    /// There is no such till.
    #[error("there is no such till")]
    UnknownTill,
    /// Nobody is signed in here.
    #[error("nobody is signed in at this till")]
    NotSignedIn,
    /// The right is missing; a second person may approve.
    #[error("the right is missing")]
    NotPermitted {
        /// Which right.
        permission: Permission,
    },
    /// The limit of the right is exceeded; a second person may approve.
    #[error("this exceeds the limit of the right")]
    LimitExceeded {
        /// Which right.
        permission: Permission,
    },
    /// The approving person may not approve this, or is the one who asks.
    #[error("this person cannot approve it")]
    ApprovalRefused {
        /// Who.
        person: PersonId,
    },
    /// The till day is not open.
    #[error("the till day is not open")]
    DayNotOpen,
    /// The till day is open already.
    #[error("the till day is open already")]
    DayAlreadyOpen,
    /// There is no basket.
    #[error("there is no open basket")]
    NoBasket,
    /// There is no such basket, or it is not in the state for this.
    #[error("there is no such basket")]
    UnknownBasket,
    /// The basket holds something: park, abort or pay it first.
    #[error("the basket is not empty")]
    BasketNotEmpty,
    /// The basket is empty.
    #[error("the basket is empty")]
    BasketEmpty,
    /// The basket has tenders: undo them first.
    #[error("something has been paid already")]
    AlreadyPaying,
    /// Nothing has been paid.
    #[error("nothing has been paid yet")]
    NothingPaid,
    /// A line is no goods of the shop's own that leave it: nobody who works here can take it.
    #[error("this line cannot be taken by somebody who works here")]
    NoBenefit {
        /// Which.
        line: LineNo,
    },
    /// There are baskets with lines at this till.
    #[error("there are open baskets at this till")]
    OpenBaskets,
    /// No such line.
    #[error("there is no such line")]
    UnknownLine {
        /// Which.
        line: LineNo,
    },
    /// A line that follows another (deposit), came from a label, or returns goods cannot be changed so.
    #[error("this line cannot be changed so")]
    LineFixed {
        /// Which.
        line: LineNo,
    },
    /// The code is not in the catalogue.
    #[error("this code is not in the catalogue")]
    UnknownCode {
        /// The code.
        scanned: String,
    },
    /// The check digit (or inner check digit) does not fit: misread.
    #[error("the check digit is wrong")]
    CheckDigit {
        /// The code.
        scanned: String,
    },
    /// The text is no code.
    #[error("this is no code")]
    NoCode,
    /// Data of a payment card was swiped: dropped.
    #[error("card data was dropped")]
    CardData,
    /// A free text holds the number of a payment card: not taken.
    #[error("{field} holds the number of a payment card")]
    CardNumber {
        /// Which field.
        field: String,
    },
    /// No such item.
    #[error("there is no such item")]
    UnknownItem,
    /// The item is out of sale.
    #[error("the item is out of sale")]
    ItemRetired {
        /// Its name.
        name: String,
    },
    /// The item needs a price.
    #[error("the item needs a price")]
    PriceNeeded {
        /// Item.
        item: ItemId,
        /// Its name.
        name: String,
    },
    /// The item has no price today.
    #[error("the item has no price today")]
    NoPrice {
        /// Its name.
        name: String,
    },
    /// The item needs a weight.
    #[error("the item needs a weight")]
    WeightNeeded {
        /// Item.
        item: ItemId,
        /// Its name.
        name: String,
    },
    /// Its use-by date has passed: may not be sold.
    #[error("the use-by date has passed")]
    Expired {
        /// Its name.
        name: String,
        /// The use-by date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = Date)]
        on: Option<Date>,
    },
    /// The batch was recalled: may not be sold.
    #[error("the batch was recalled")]
    Recalled {
        /// Its name.
        name: String,
        /// The batch.
        batch: String,
        /// Why it was recalled.
        reason: String,
        /// When.
        #[schema(value_type = String, format = Date)]
        dated: Date,
    },
    /// There is no such recall.
    #[error("there is no such recall")]
    UnknownRecall,
    /// A coupon that the catalogue does not know.
    #[error("this is a coupon that is not in the catalogue")]
    Coupon {
        /// What kind it is: `refund_receipt`, `common_currency`, `agreed`, `global`, `north_american`.
        kind: String,
        /// The code.
        scanned: String,
    },
    /// Pieces are sold whole.
    #[error("pieces are sold whole")]
    WholePieces,
    /// The tax key has no rate today.
    #[error("the tax key has no rate")]
    NoRate,
    /// The item takes no discount (price-bound, deposit, not discountable).
    #[error("no discount on this")]
    NotDiscountable,
    /// The discount is more than there is to take from.
    #[error("the discount is more than the price")]
    DiscountTooHigh,
    /// The customer's age must be checked first.
    #[error("the customer's age must be checked first")]
    AgeNotChecked {
        /// Years.
        age: u8,
    },
    /// No such receipt.
    #[error("there is no such receipt")]
    UnknownReceipt,
    /// Nothing (or less than asked) is left to return.
    #[error("less than that is left to return")]
    NothingLeftToReturn {
        /// What is left, thousandths.
        left: i64,
    },
    /// Training receipts cannot be returned for real, nor real ones in training.
    #[error("training and real receipts do not mix")]
    TrainingMix,
    /// Less cash than is due cannot end a refund; or nothing was tendered.
    #[error("the tendered amount does not fit")]
    BadTender,
    /// The till has no card terminal.
    #[error("this till has no card terminal")]
    NoTerminal,
    /// No cash machine stands beside this till.
    #[error("this till has no cash machine")]
    NoCashMachine,
    /// The cash machine is busy with something else of this till.
    #[error("the cash machine is busy")]
    CashMachineBusy,
    /// It is not known what became of money at the cash machine: settle that first.
    #[error("a payment at the cash machine is in doubt")]
    CashMachineInDoubt,
    /// The terminal is busy with another payment.
    #[error("the terminal is busy with another payment")]
    TerminalBusy,
    /// It is not known of a payment at this terminal whether money moved: settle that first.
    #[error("a payment at this terminal is in doubt")]
    TerminalInDoubt,
    /// No card is taken at this terminal until a person confirms that it is the right one, untouched.
    #[error("card payment at this terminal is stopped")]
    TerminalStopped {
        /// Which.
        terminal: TerminalId,
        /// What it says otherwise than the register.
        changed: Vec<DeviceFact>,
        /// What an inspection found.
        findings: Vec<InspectionPoint>,
    },
    /// There is no such terminal.
    #[error("there is no such terminal")]
    UnknownTerminal,
    /// The terminal is not in the register yet.
    #[error("the terminal is not in the register")]
    TerminalNotRegistered,
    /// A payment at a terminal is running for this basket.
    #[error("a payment at a terminal is running")]
    AttemptRunning,
    /// The terminal is closing its day: nothing is paid there meanwhile.
    #[error("the terminal is closing its day")]
    TerminalClosing,
    /// There is no such closing of a terminal's day, or it is past this.
    #[error("there is no such closing")]
    UnknownClosing,
    /// The customer's signature must be compared with the card's first.
    #[error("the signature must be compared first")]
    SignatureNotCompared,
    /// This terminal cannot reserve money.
    #[error("this terminal cannot reserve money")]
    CannotReserve,
    /// There is no such reservation, or it is not open any more.
    #[error("there is no such open reservation")]
    UnknownReservation,
    /// More than was reserved.
    #[error("less than that is reserved")]
    MoreThanReserved {
        /// What is reserved, minor units.
        reserved: i64,
    },
    /// No such payment is running, or it is past this.
    #[error("there is no such payment attempt")]
    UnknownAttempt,
    /// A payment of this till is in doubt: the day is closed only with a reason, by right.
    #[error("a payment is in doubt")]
    PaymentInDoubt,
    /// More cash than the drawer holds.
    #[error("there is not that much in the drawer")]
    DrawerTooLow,
    /// The drawer must be counted first.
    #[error("the drawer must be counted first")]
    NotCounted,
    /// A unique name, number or code is taken.
    #[error("{field} is taken already")]
    Taken {
        /// Which field.
        field: String,
        /// The value.
        value: String,
    },
    /// There is no such person, or they may not sign in.
    #[error("there is no such person")]
    UnknownPerson,
    /// The last manager cannot be taken away.
    #[error("there must be a manager left")]
    LastManager,
    /// Only a person who may no longer sign in can be forgotten.
    #[error("the person may still sign in")]
    PersonActive,
    /// The deposit must be an item that exists, without a deposit of its own.
    #[error("the deposit item does not fit")]
    BadDeposit,
    /// Somebody else changed it since the sender looked at it.
    #[error("it was changed by somebody else meanwhile")]
    Stale,
    /// The deposit slip was paid out before, or is in a basket that is open.
    #[error("this deposit slip was paid out already")]
    SlipRedeemed {
        /// On which receipt; none while it is in a basket.
        receipt: Option<ReceiptRef>,
    },
    /// A coupon of the shop's own is not taken.
    #[error("this coupon is not taken")]
    CouponNotTaken {
        /// The coupon's name.
        name: String,
        /// Why.
        fault: CouponFault,
    },
    /// The check character of the voucher's code does not fit: mistyped.
    #[error("the voucher's code is mistyped")]
    VoucherTypo,
    /// No voucher has this code.
    #[error("there is no such voucher")]
    UnknownVoucher,
    /// Too many codes that no voucher has were tried here.
    #[error("too many unknown voucher codes")]
    TooManyVoucherTries {
        /// How long no voucher is looked up.
        seconds: u32,
    },
    /// The voucher is blocked.
    #[error("the voucher is blocked")]
    VoucherBlocked {
        /// Which.
        voucher: VoucherId,
    },
    /// The voucher has expired; it can be taken by right.
    #[error("the voucher has expired")]
    VoucherExpired {
        /// Its last day.
        #[schema(value_type = String, format = Date)]
        on: Date,
    },
    /// Nothing is left on the voucher.
    #[error("nothing is left on the voucher")]
    VoucherEmpty,
    /// Another basket that is open holds what is left on the voucher.
    #[error("the voucher is in another open basket")]
    VoucherInUse,
    /// A single-purpose voucher, and not (or no longer) enough goods of its tax key.
    #[error("the voucher is not for these goods")]
    VoucherDoesNotFit,
    /// The voucher was used: its sale cannot be returned.
    #[error("the voucher has been used")]
    VoucherUsed,
    /// A single-purpose voucher took goods of this receipt off: they are returned with all of it.
    #[error("goods that a voucher paid are returned with the whole receipt")]
    VoucherWholeReceipt,
    /// The shop takes no tips.
    #[error("the shop takes no tips")]
    NoTips,
    /// A tip is not given out of what goes back to the customer.
    #[error("a tip is not given with a return")]
    TipWithReturn,
    /// The shop has no bank account that transfers could go to, or does not count in euro.
    #[error("this shop takes no transfers")]
    NoBankAccount,
    /// The basket waits for a transfer: wait, confirm it by right, or give it up.
    #[error("the basket waits for a transfer")]
    TransferWaiting,
    /// No such transfer is waited for.
    #[error("there is no such transfer")]
    UnknownTransfer,
    /// More than is due: only cash gives change. Cards, vouchers and transfers pay what is due, or a part.
    #[error("only cash may be more than is due")]
    MoreThanDue,
    /// Less is left on the voucher than was asked for.
    #[error("less than that is left on the voucher")]
    VoucherHoldsLess {
        /// What is left, minor units.
        left: i64,
    },
    /// Money does not go back by transfer, nor as foreign cash.
    #[error("money is not given back this way")]
    NotGivenBack,
    /// No such message of the bank, or it has been dealt with.
    #[error("there is no such message of the bank")]
    UnknownBankMessage,
    /// Cash of this currency is not taken, or has no rate now.
    #[error("cash of this currency is not taken")]
    ForeignCashNotTaken {
        /// Which.
        currency: String,
    },
    /// Only whole notes (or coins) from the smallest on.
    #[error("only notes from the smallest that is taken")]
    ForeignCoins {
        /// The smallest piece, foreign minor units.
        smallest: i64,
        /// Of which currency.
        currency: String,
    },
    /// Foreign cash lies in the drawer and was not counted.
    #[error("the foreign cash must be counted too")]
    ForeignNotCounted {
        /// Which currency.
        currency: String,
    },
    /// There is no such customer, or they were forgotten.
    #[error("there is no such customer")]
    UnknownCustomer,
    /// The customer buys nothing on account at the moment.
    #[error("the customer is blocked")]
    CustomerBlocked {
        /// Who.
        customer: CustomerId,
    },
    /// The receipt is on another customer's account already.
    #[error("the receipt is on another customer's account")]
    OtherCustomer,
    /// Vouchers, payments of what is owed, what is sold for others, and money paid out are not put on an account.
    #[error("this cannot be put on an account")]
    NotOnAccount,
    /// More than the customer owes; the rest can become credit, by right.
    #[error("the customer does not owe that much")]
    MoreThanOwed {
        /// What is owed, minor units.
        owed: i64,
    },
    /// More than the customer has as credit.
    #[error("the customer has not that much credit")]
    NoCredit {
        /// What there is, minor units.
        credit: i64,
    },
    /// The customer has not that receipt open.
    #[error("the receipt is not open on this account")]
    NotOpen,
    /// Something is owed, by the customer or to them.
    #[error("the account is not settled")]
    AccountNotSettled,
    /// The receipt is on an account, which has its invoice.
    #[error("the receipt has its invoice")]
    AlreadyInvoiced,
    /// Something on the receipt was sold in the name of others: who names it on an own invoice owes its tax.
    #[error("what was sold for others stands on no invoice of the shop's")]
    SoldForOthers,
    /// Nothing on the receipt is a supply.
    #[error("nothing on the receipt can be invoiced")]
    NothingToInvoice,
    /// An import is running already.
    #[error("an import is running")]
    ImportRunning,
    /// There is no such import running.
    #[error("there is no such import")]
    UnknownImport,
    /// An audit is open already.
    #[error("an audit is open already")]
    AuditRunning,
    /// There is no such audit, or its time is over.
    #[error("there is no such audit open")]
    NoAudit,
    /// The law asks to keep it.
    #[error("it has to be kept until {until}")]
    MustBeKept {
        /// The last day of it.
        #[schema(value_type = String, format = Date)]
        until: Date,
    },
    /// There is nothing to be signed of that.
    #[error("there is nothing to sign")]
    NotToBeSigned,
    /// The shop's receipts are not signed as Austria wants it (RKSV).
    #[error("the RKSV is not set up")]
    RksvNotSet,
    /// The till has no Startbeleg yet.
    #[error("the till has no start receipt yet")]
    RksvNotStarted,
    /// The till has its Schlussbeleg.
    #[error("the till was given up with its closing receipt")]
    RksvClosed,
    /// Receipts of this kind are made by the program itself.
    #[error("such a receipt is made by itself")]
    RksvByItself,
    /// The customer's signature is not the card's, and the terminal cannot take the payment back now.
    #[error("the signature differs, and the payment cannot be taken back now")]
    SignatureDiffers {
        /// The payment.
        attempt: AttemptId,
        /// Why not now, the code of another refusal.
        why: String,
    },
}

impl Refusal {
    /// The stable code, as serialised.
    pub fn code(&self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|v| v.get("code").and_then(|c| c.as_str().map(str::to_owned)))
            .unwrap_or_else(|| "refused".to_owned())
    }

    /// Refusals that must be seen later: rights, limits, age, goods that must not be sold, slips paid out before, coupons taken before. They are entries too.
    pub fn is_recorded(&self) -> bool {
        matches!(
            self,
            Refusal::NotPermitted { .. }
                | Refusal::LimitExceeded { .. }
                | Refusal::ApprovalRefused { .. }
                | Refusal::AgeNotChecked { .. }
                | Refusal::Expired { .. }
                | Refusal::Recalled { .. }
                | Refusal::SlipRedeemed { .. }
                | Refusal::CouponNotTaken { fault: CouponFault::Redeemed { .. }, .. }
                | Refusal::VoucherBlocked { .. }
                | Refusal::CustomerBlocked { .. }
                | Refusal::SignatureDiffers { .. }
        )
    }

    /// A second person may approve it.
    pub fn can_be_approved(&self) -> bool {
        matches!(self, Refusal::NotPermitted { .. } | Refusal::LimitExceeded { .. })
    }
}
