//! The shop's file: the journal, the tables folded from it, and what lies apart, in SQLite.
//!
//! SQL stands in `sql/`, one statement a file; there is no rule of the shop in here. The one
//! [`Store`] writes (the engine owns it); any number of [`Reader`]s read beside it. A [`Store`] can
//! be asked whatever a [`Reader`] can, and sees what its own open transaction has changed.

/// One statement of `sql/`, embedded.
macro_rules! sql {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".sql"))
    };
}

mod accounts;
mod apart;
mod attempts;
mod audits;
mod backup;
mod catalogue;
mod devices;
mod error;
mod messages;
mod open;
mod personal;
mod project;
mod reader;
mod rebuild;
mod receipts;
mod reports;
mod rksv;
mod search;
mod signing;
mod terminal_days;
mod till_days;
mod transfers;
mod verify;
mod vouchers;
mod write;

pub use accounts::{AccountPostingRow, AccountSums, CustomerFilter};
pub use apart::{OutboxCounts, OutboxRow, OutboxState, SessionRow};
pub use attempts::{AttemptFilter, AttemptRow};
pub use audits::{Told, ToldEntry, ToldPage};
pub use backup::{BackupReport, Restoring, restore};
pub use catalogue::{ImportRow, ItemHit, ItemRow, StockRow};
pub use error::StoreError;
pub use journal::{Anchor, EntryMeta, Fault, Finding, Head, Verdict, fingerprint};
pub use messages::{MessageCounts, MessageKind, MessageRow, ReceiptLink};
pub use open::{NewShop, lock};
pub use personal::{PersonalRecord, PersonalRow, SealedRow, Subject};
pub use project::prints;
pub use reader::{JournalRow, Reader};
pub use rebuild::{PartChange, TableDigest};
pub use receipts::{ReceiptFilter, ReceiptRow};
pub use reports::{DaySales, HourSales, ItemSales, MovementRow, TenderSales, UnknownCodeRow};
pub use rksv::{RegisterRow, RksvCode, RksvOutage};
pub use signing::Signed;
pub use terminal_days::TerminalDayRow;
pub use till_days::{DatedDay, DayCheck, DaySpan};
pub use transfers::{BankMessageRow, TransferRow};
pub use verify::{VerifyReport, verify_file};
pub use vouchers::{PostingRow, VoucherFilter, VoucherRow};
pub use write::{CommandRow, Store};
