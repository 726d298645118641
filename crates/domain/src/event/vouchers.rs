//! Bodies of what happens to vouchers.

use jiff::civil::Date;
use money::Money;
use serde::{Deserialize, Serialize};

use crate::ids::{ReceiptRef, VoucherId};
use crate::voucher::{VoucherHash, VoucherKind};

/// A voucher was sold, or given as store credit: what it is good for against the receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherSold {
    /// Its number.
    pub voucher: VoucherId,
    /// The keyed hash of its code.
    pub hash: VoucherHash,
    /// Last four characters of its code.
    pub last4: String,
    /// Multi-purpose or single-purpose.
    pub of: VoucherKind,
    /// How much, above nothing.
    pub amount: Money,
    /// The last day on which it is taken.
    pub expires: Date,
    /// The other side.
    pub receipt: ReceiptRef,
}

/// A voucher paid, or what was on it was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherRedeemed {
    /// Which.
    pub voucher: VoucherId,
    /// How much, above nothing.
    pub amount: Money,
    /// The other side.
    pub receipt: ReceiptRef,
    /// Its sale (or a top-up) was returned: it bought nothing.
    #[serde(default, skip_serializing_if = "crate::settings::is_false")]
    pub taken_back: bool,
}

/// Money went back to a voucher, for goods that it had paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherCredited {
    /// Which.
    pub voucher: VoucherId,
    /// How much, above nothing.
    pub amount: Money,
    /// The other side.
    pub receipt: ReceiptRef,
    /// The receipt that it had paid.
    pub paid: ReceiptRef,
}
