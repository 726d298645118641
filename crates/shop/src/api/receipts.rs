//! Receipts: found, looked at, and what is left to return of them.

use domain::receipt::{HandedOver, IssuedReceipt};
use domain::{Amount, CustomerId, DayNo, LineNo, PersonId, ReceiptNo, TillId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A receipt in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceiptRow {
    /// The till.
    pub till: TillId,
    /// Its number there.
    pub number: ReceiptNo,
    /// The incarnation that issued it; above 1 it belongs to the printed number.
    pub incarnation: u32,
    /// The till day.
    pub day: DayNo,
    /// Issued when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Issued by.
    pub person: PersonId,
    /// Their name today.
    pub person_name: String,
    /// With tax.
    pub total: Amount,
    /// How many lines.
    pub lines: u32,
    /// Made in training mode; such receipts have numbers of their own.
    pub training: bool,
    /// Copies made so far.
    pub copies: u32,
}

/// A page of receipts, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptPage {
    /// The rows.
    pub receipts: Vec<ReceiptRow>,
    /// Give this as `before` for the next page; none: this was the last.
    pub next: Option<String>,
}

/// What is left to return of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineLeft {
    /// The line.
    pub line: LineNo,
    /// Thousandths.
    pub left: i64,
}

/// A receipt in full.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptDetail {
    /// The receipt. Its amounts are minor units of its currency.
    pub issued: IssuedReceipt,
    /// Name of who issued it, today.
    pub person_name: String,
    /// Per line that can be returned: what is left.
    pub left: Vec<LineLeft>,
    /// Copies made so far.
    pub copies: u32,
    /// How it was handed over without paper.
    pub handed_over: Vec<HandedOverView>,
    /// For whom its invoice is; none while it has none.
    pub invoice: Option<InvoiceFor>,
    /// It is so high that a business needs an invoice with its name on it, and has none.
    pub invoice_advised: bool,
}

/// A way by which a receipt was handed over without paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HandedOverView {
    /// How.
    pub way: HandedOver,
    /// When, for the first time.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// For whom an invoice is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InvoiceFor {
    /// The customer.
    pub customer: CustomerId,
    /// By what they are called today.
    pub title: String,
    /// It is on their account.
    pub on_account: bool,
    /// The how-many-th invoice of the receipt it is.
    pub edition: u32,
}
