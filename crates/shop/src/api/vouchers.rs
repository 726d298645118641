//! Vouchers: what is left on one, and the office's list of them. No code is ever in here.

use domain::voucher::VoucherKind;
use domain::{Amount, PersonId, ReceiptRef, VoucherId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A voucher's code, to be looked up.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoucherCodeAsked {
    /// As typed or scanned.
    pub code: String,
}

/// A voucher.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VoucherView {
    /// Its public number.
    pub id: VoucherId,
    /// Last four characters of its code.
    pub last4: String,
    /// Multi-purpose or single-purpose.
    pub of: VoucherKind,
    /// What is left on it.
    pub balance: Amount,
    /// The last day on which it is taken.
    #[schema(value_type = String, format = Date)]
    pub expires: Date,
    /// It has expired.
    pub expired: bool,
    /// It is not taken at the moment.
    pub blocked: bool,
}

/// A voucher in the office's list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VoucherRow {
    /// The voucher.
    pub voucher: VoucherView,
    /// The receipt that it was sold with.
    pub receipt: ReceiptRef,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub sold: Timestamp,
}

/// Vouchers, and what the shop owes on all of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VoucherPage {
    /// Newest first.
    pub vouchers: Vec<VoucherRow>,
    /// Where the next page begins.
    pub next: Option<VoucherId>,
    /// What is left on all vouchers of the shop.
    pub liability: Amount,
    /// On how many of them something is left.
    pub open: u64,
}

/// One posting to a voucher, or that it was blocked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VoucherPosting {
    /// The journal's entry.
    pub seq: u64,
    /// `sold`, `topped_up`, `redeemed`, `taken_back`, `credited`, `blocked` or `unblocked`.
    pub kind: String,
    /// Added to the voucher, signed.
    pub amount: Amount,
    /// The other side.
    pub receipt: Option<ReceiptRef>,
    /// For money that went back: the receipt that it had paid.
    pub paid: Option<ReceiptRef>,
    /// Why it was blocked, or is not any more.
    pub reason: String,
    /// By.
    pub person: Option<PersonId>,
    /// Their name.
    pub person_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A voucher with all that was posted to it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VoucherDetail {
    /// The voucher.
    pub row: VoucherRow,
    /// Newest first.
    pub postings: Vec<VoucherPosting>,
}
