//! What the rules ask about, looked up in the store.

use domain::account::{Account, OpenItem};
use domain::catalogue::Item;
use domain::receipt::{HandedOver, IssuedReceipt};
use domain::terminal_day::TerminalLine;
use domain::transfer::KnownTransfer;
use domain::voucher::Voucher;
use domain::{
    BankMessageId, CustomerId, Facts, ItemId, LineNo, LookupFault, PersonId, ReceiptRef,
    TerminalId, VoucherHash, VoucherId,
};
use jiff::Timestamp;
use money::{Money, Quantity};
use store::{Store, StoreError};

use crate::personal::Names;

/// The store and the opened names, as the rules see them.
pub(super) struct StoreFacts<'a>(pub(super) &'a Store, pub(super) &'a Names);

fn fault(error: StoreError) -> LookupFault {
    LookupFault(error.to_string())
}

impl Facts for StoreFacts<'_> {
    fn item(&self, id: ItemId) -> Result<Option<Item>, LookupFault> {
        self.0.item(id).map_err(fault)
    }

    fn item_by_keys(&self, keys: &[String]) -> Result<Option<(Item, String)>, LookupFault> {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let hit = self.0.item_by_keys(&keys).map_err(fault)?;
        Ok(hit.map(|hit| (hit.item, hit.code)))
    }

    fn item_by_number(&self, number: &str) -> Result<Option<Item>, LookupFault> {
        self.0.item_by_number(number).map_err(fault)
    }

    fn receipt(&self, receipt: ReceiptRef) -> Result<Option<IssuedReceipt>, LookupFault> {
        self.0.receipt(receipt.till, false, receipt.number).map_err(fault)
    }

    fn returned(&self, receipt: ReceiptRef, line: LineNo) -> Result<Quantity, LookupFault> {
        self.0.returned(receipt.till, receipt.number, line).map_err(fault)
    }

    fn refunded(&self, receipt: ReceiptRef) -> Result<Vec<(u16, Money)>, LookupFault> {
        self.0.refunded(receipt).map_err(fault)
    }

    fn copies(&self, receipt: ReceiptRef) -> Result<u32, LookupFault> {
        let row = self.0.receipt_row(receipt.till, false, receipt.number).map_err(fault)?;
        Ok(row.map_or(0, |row| row.copies))
    }

    fn handed_over(&self, receipt: ReceiptRef, way: HandedOver) -> Result<bool, LookupFault> {
        let row = self.0.receipt_row(receipt.till, false, receipt.number).map_err(fault)?;
        let Some(row) = row else { return Ok(false) };
        let ways = self.0.handed_over(row.seq).map_err(fault)?;
        Ok(ways.iter().any(|(by, _)| *by == way))
    }

    fn slip(&self, number: &str) -> Result<Option<ReceiptRef>, LookupFault> {
        self.0.slip(number).map_err(fault)
    }

    fn stock(&self, item: ItemId) -> Result<Quantity, LookupFault> {
        self.0.stock(item).map_err(fault)
    }

    fn voucher_of(&self, hash: &VoucherHash) -> Result<Option<Voucher>, LookupFault> {
        self.0.voucher_of(hash).map_err(fault)
    }

    fn voucher(&self, id: VoucherId) -> Result<Option<Voucher>, LookupFault> {
        Ok(self.0.voucher(id).map_err(fault)?.map(|row| row.voucher))
    }

    fn voucher_credited(&self, id: VoucherId, paid: ReceiptRef) -> Result<Money, LookupFault> {
        self.0.voucher_credited(id, paid).map_err(fault)
    }

    fn transfer(&self, reference: &str) -> Result<Option<KnownTransfer>, LookupFault> {
        self.0.transfer_known(reference).map_err(fault)
    }

    fn bank_message(&self, entry: &str) -> Result<Option<BankMessageId>, LookupFault> {
        Ok(self.0.bank_message(entry).map_err(fault)?.map(|(id, _)| id))
    }

    fn bank_message_waits(&self, message: BankMessageId) -> Result<bool, LookupFault> {
        self.0.bank_message_waits(message).map_err(fault)
    }

    fn customer(&self, id: CustomerId) -> Result<Option<Account>, LookupFault> {
        self.0.account(id).map_err(fault)
    }

    fn last_posting(&self, id: CustomerId) -> Result<Option<Timestamp>, LookupFault> {
        self.0.last_posting(id).map_err(fault)
    }

    fn open_items(&self, id: CustomerId) -> Result<Vec<OpenItem>, LookupFault> {
        self.0.open_items(id).map_err(fault)
    }
    fn terminal_lines(
        &self,
        terminal: TerminalId,
        until: Timestamp,
    ) -> Result<Vec<TerminalLine>, LookupFault> {
        self.0.terminal_lines(terminal, until).map_err(fault)
    }

    fn person_named(&self, name: &str) -> Result<Option<PersonId>, LookupFault> {
        Ok(self.1.find(name))
    }
}
