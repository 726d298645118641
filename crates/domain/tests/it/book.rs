//! What a record would answer to the rules, kept in memory.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::{Account, OpenItem};
use domain::catalogue::Item;
use domain::facts::{Facts, LookupFault};
use domain::receipt::{HandedOver, IssuedReceipt};
use domain::terminal_day::TerminalLine;
use domain::transfer::KnownTransfer;
use domain::voucher::{Voucher, VoucherHash};
use domain::{
    BankMessageId, CustomerId, ItemId, LineNo, PersonId, ReceiptRef, TerminalId, VoucherId,
};
use jiff::Timestamp;
use money::{Money, Quantity};

use crate::ledgers::Accounts;

/// What a record of finished things knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Book {
    pub(crate) items: BTreeMap<ItemId, Item>,
    pub(crate) imported: Vec<Item>,
    pub(crate) receipts: BTreeMap<ReceiptRef, IssuedReceipt>,
    pub(crate) returned: BTreeMap<(ReceiptRef, LineNo), Quantity>,
    pub(crate) copies: BTreeMap<ReceiptRef, u32>,
    pub(crate) slips: BTreeMap<String, ReceiptRef>,
    pub(crate) handed: BTreeSet<(ReceiptRef, HandedOver)>,
    pub(crate) stock: BTreeMap<ItemId, i64>,
    pub(crate) names: BTreeMap<PersonId, String>,
    pub(crate) vouchers: BTreeMap<VoucherId, (VoucherHash, Voucher)>,
    /// Every posting of the vouchers' ledger.
    pub(crate) postings: Vec<(VoucherId, i64)>,
    pub(crate) credited: BTreeMap<(VoucherId, ReceiptRef), Money>,
    pub(crate) bank: crate::transfers::BankBook,
    pub(crate) accounts: Accounts,
    /// What moved at terminals since their days were closed.
    pub(crate) terminal_lines: BTreeMap<TerminalId, Vec<TerminalLine>>,
    /// The record cannot be read.
    pub(crate) broken: bool,
}

impl Book {
    pub(crate) fn read<T>(&self, value: T) -> Result<T, LookupFault> {
        if self.broken { Err(LookupFault("disk".to_owned())) } else { Ok(value) }
    }
}

impl Facts for Book {
    fn item(&self, id: ItemId) -> Result<Option<Item>, LookupFault> {
        self.read(self.items.get(&id).cloned())
    }

    fn item_by_keys(&self, keys: &[String]) -> Result<Option<(Item, String)>, LookupFault> {
        let found = keys.iter().find_map(|key| {
            self.items
                .values()
                .find(|i| i.draft.codes.iter().any(|c| &c.code == key))
                .map(|i| (i.clone(), key.clone()))
        });
        self.read(found)
    }

    fn item_by_number(&self, number: &str) -> Result<Option<Item>, LookupFault> {
        self.read(self.items.values().find(|i| i.draft.number == number).cloned())
    }

    fn receipt(&self, receipt: ReceiptRef) -> Result<Option<IssuedReceipt>, LookupFault> {
        self.read(self.receipts.get(&receipt).cloned())
    }

    fn returned(&self, receipt: ReceiptRef, line: LineNo) -> Result<Quantity, LookupFault> {
        self.read(self.returned.get(&(receipt, line)).copied().unwrap_or_default())
    }

    fn refunded(&self, receipt: ReceiptRef) -> Result<Vec<(u16, Money)>, LookupFault> {
        let counted = self.receipts.values().filter(|issued| !issued.receipt.training);
        let tenders = counted.flat_map(|issued| &issued.receipt.tenders);
        let parts = tenders.flat_map(|t| &t.refunds).filter(|part| part.receipt == receipt);
        let mut sums: BTreeMap<u16, Money> = BTreeMap::new();
        for part in parts {
            let sum = sums.entry(part.tender).or_default();
            *sum = sum.plus(part.amount).expect("a sum");
        }
        self.read(sums.into_iter().collect())
    }

    fn copies(&self, receipt: ReceiptRef) -> Result<u32, LookupFault> {
        self.read(self.copies.get(&receipt).copied().unwrap_or(0))
    }

    fn handed_over(&self, receipt: ReceiptRef, way: HandedOver) -> Result<bool, LookupFault> {
        self.read(self.handed.contains(&(receipt, way)))
    }

    fn slip(&self, number: &str) -> Result<Option<ReceiptRef>, LookupFault> {
        self.read(self.slips.get(number).copied())
    }

    fn stock(&self, item: ItemId) -> Result<Quantity, LookupFault> {
        self.read(Quantity::new(self.stock.get(&item).copied().unwrap_or(0)))
    }

    fn voucher_of(&self, hash: &VoucherHash) -> Result<Option<Voucher>, LookupFault> {
        let found = self.vouchers.values().find(|(known, _)| known == hash);
        self.read(found.map(|(_, voucher)| voucher.clone()))
    }

    fn voucher(&self, id: VoucherId) -> Result<Option<Voucher>, LookupFault> {
        self.read(self.vouchers.get(&id).map(|(_, voucher)| voucher.clone()))
    }

    fn transfer(&self, reference: &str) -> Result<Option<KnownTransfer>, LookupFault> {
        self.read(self.bank.transfers.get(reference).copied())
    }

    fn bank_message(&self, entry: &str) -> Result<Option<BankMessageId>, LookupFault> {
        self.read(self.bank.messages.get(entry).map(|(id, _)| *id))
    }

    fn bank_message_waits(&self, message: BankMessageId) -> Result<bool, LookupFault> {
        self.read(self.bank.messages.values().any(|(id, waits)| *id == message && *waits))
    }

    fn customer(&self, id: CustomerId) -> Result<Option<Account>, LookupFault> {
        self.read(self.accounts.known.get(&id).cloned())
    }

    fn last_posting(&self, id: CustomerId) -> Result<Option<Timestamp>, LookupFault> {
        self.read(self.accounts.last.get(&id).copied())
    }

    fn open_items(&self, id: CustomerId) -> Result<Vec<OpenItem>, LookupFault> {
        self.read(self.accounts.open_of(id))
    }

    fn voucher_credited(&self, id: VoucherId, paid: ReceiptRef) -> Result<Money, LookupFault> {
        self.read(self.credited.get(&(id, paid)).copied().unwrap_or_default())
    }

    fn terminal_lines(
        &self,
        terminal: TerminalId,
        _: Timestamp,
    ) -> Result<Vec<TerminalLine>, LookupFault> {
        self.read(self.terminal_lines.get(&terminal).cloned().unwrap_or_default())
    }

    fn person_named(&self, name: &str) -> Result<Option<PersonId>, LookupFault> {
        self.read(self.names.iter().find(|(_, n)| *n == name).map(|(id, _)| *id))
    }
}
