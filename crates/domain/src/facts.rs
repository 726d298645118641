//! What rules need to know beyond the state in memory: looked up by the caller, asked through here.

use jiff::Timestamp;
use money::{Money, Quantity};

use crate::account::{Account, OpenItem};
use crate::catalogue::Item;
use crate::ids::{
    BankMessageId, CustomerId, ItemId, LineNo, PersonId, ReceiptRef, TerminalId, VoucherId,
};
use crate::receipt::{HandedOver, IssuedReceipt};
use crate::refusal::Refusal;
use crate::terminal_day::TerminalLine;
use crate::transfer::KnownTransfer;
use crate::voucher::{Voucher, VoucherHash};

/// The record could not be read. Not a refusal: nothing was decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the record could not be read: {0}")]
pub struct LookupFault(pub String);

/// Why a command did not lead to events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// A rule said no.
    Refused(Refusal),
    /// The record could not be read, or its figures contradict themselves.
    Fault(LookupFault),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::Refused(refusal)
    }
}

impl From<LookupFault> for Stop {
    fn from(fault: LookupFault) -> Self {
        Stop::Fault(fault)
    }
}

impl From<money::MoneyError> for Stop {
    fn from(_: money::MoneyError) -> Self {
        Stop::Refused(Refusal::OutOfLimits { field: "amount".to_owned() })
    }
}

/// The catalogue, the finished receipts and the people's names, as they are at this moment.
pub trait Facts {
    /// An item by identity.
    fn item(&self, id: ItemId) -> Result<Option<Item>, LookupFault>;
    /// The item that has one of these codes (the first that fits), and the code it has.
    fn item_by_keys(&self, keys: &[String]) -> Result<Option<(Item, String)>, LookupFault>;
    /// The item with this item number.
    fn item_by_number(&self, number: &str) -> Result<Option<Item>, LookupFault>;
    /// A finished receipt.
    fn receipt(&self, receipt: ReceiptRef) -> Result<Option<IssuedReceipt>, LookupFault>;
    /// How much of a line was returned so far.
    fn returned(&self, receipt: ReceiptRef, line: LineNo) -> Result<Quantity, LookupFault>;
    /// What has gone back so far to each tender of a receipt, by the tender's place.
    fn refunded(&self, receipt: ReceiptRef) -> Result<Vec<(u16, Money)>, LookupFault>;
    /// How many copies of a receipt were asked for so far.
    fn copies(&self, receipt: ReceiptRef) -> Result<u32, LookupFault>;
    /// Whether it stands in the record that a receipt was handed over by this way.
    fn handed_over(&self, receipt: ReceiptRef, way: HandedOver) -> Result<bool, LookupFault>;
    /// The receipt that paid a deposit slip out, or used up a coupon's paper.
    fn slip(&self, number: &str) -> Result<Option<ReceiptRef>, LookupFault>;
    /// The stock of an item.
    fn stock(&self, item: ItemId) -> Result<Quantity, LookupFault>;
    /// The voucher whose code has this hash.
    fn voucher_of(&self, hash: &VoucherHash) -> Result<Option<Voucher>, LookupFault>;
    /// A voucher by its number.
    fn voucher(&self, id: VoucherId) -> Result<Option<Voucher>, LookupFault>;
    /// What went back to a voucher so far of what it had paid of a receipt.
    fn voucher_credited(&self, id: VoucherId, paid: ReceiptRef) -> Result<Money, LookupFault>;
    /// The transfer that was asked for with this reference.
    fn transfer(&self, reference: &str) -> Result<Option<KnownTransfer>, LookupFault>;
    /// The message of the bank that has this reference of the bank's own.
    fn bank_message(&self, entry: &str) -> Result<Option<BankMessageId>, LookupFault>;
    /// True while a message of the bank waits for a person.
    fn bank_message_waits(&self, message: BankMessageId) -> Result<bool, LookupFault>;
    /// A customer with what they owe; none of those who were forgotten.
    fn customer(&self, id: CustomerId) -> Result<Option<Account>, LookupFault>;
    /// When something was posted to a customer's account, or an invoice made out to them, last; none where nothing ever was.
    fn last_posting(&self, id: CustomerId) -> Result<Option<Timestamp>, LookupFault>;
    /// What a customer has not settled, in the order in which it is settled: due first.
    fn open_items(&self, id: CustomerId) -> Result<Vec<OpenItem>, LookupFault>;
    /// Money that moved at a terminal since its day was closed last, asked for until that moment, without
    /// what was taken back.
    fn terminal_lines(
        &self,
        terminal: TerminalId,
        until: Timestamp,
    ) -> Result<Vec<TerminalLine>, LookupFault>;
    /// The person who has exactly this name.
    fn person_named(&self, name: &str) -> Result<Option<PersonId>, LookupFault>;
}
