//! Typed identities: what could be mixed up has a type of its own.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// A till of the shop, numbered from 1.
    TillId(u16)
);
number_id!(
    /// A person who works here, numbered from 1 in the order of being added.
    PersonId(u32)
);
number_id!(
    /// An item, numbered from 1 in the order of being added; not the item number people use.
    ItemId(u32)
);
number_id!(
    /// A group of items (Warengruppe).
    GroupId(u16)
);
number_id!(
    /// A price list; 0 is the base list that every shop has.
    PriceListId(u16)
);
number_id!(
    /// A promotion by rule.
    PromotionId(u32)
);
number_id!(
    /// A coupon of the shop's own.
    CouponId(u32)
);
number_id!(
    /// A basket, numbered shop-wide from 1. Receipt numbers are given only when a basket is paid.
    BasketId(u64)
);
number_id!(
    /// A recall of a batch, numbered from 1.
    RecallId(u32)
);
number_id!(
    /// A line of a basket, numbered from 1; voided lines keep their number.
    LineNo(u16)
);
number_id!(
    /// The receipt number of a till, without gaps.
    ReceiptNo(u64)
);
number_id!(
    /// The number of a till day, without gaps per till (Z_NR).
    DayNo(u32)
);
number_id!(
    /// A tax key. The keys are stable; their rates are dated data (DSFinV-K UST_SCHLUESSEL in Germany).
    TaxKey(u16)
);
number_id!(
    /// A card terminal of the shop, numbered from 1.
    TerminalId(u16)
);
number_id!(
    /// A payment attempt, numbered shop-wide from 1 without gaps.
    AttemptId(u64)
);
number_id!(
    /// A closing of a card terminal's day, numbered shop-wide from 1 without gaps.
    ClosingId(u64)
);
number_id!(
    /// A voucher's public number, shop-wide from 1; not the code that is money.
    VoucherId(u32)
);
number_id!(
    /// A request for a transfer, numbered shop-wide from 1.
    TransferId(u32)
);
number_id!(
    /// A message of the bank, numbered shop-wide from 1 as they are taken in.
    BankMessageId(u32)
);
number_id!(
    /// A customer who buys on account, numbered from 1 in the order of being added.
    CustomerId(u32)
);
number_id!(
    /// A signing unit of the shop, numbered from 1.
    UnitId(u16)
);
number_id!(
    /// An audit, numbered from 1.
    AuditId(u32)
);
number_id!(
    /// A CSV import of the catalogue.
    ImportId(u32)
);

impl BasketId {
    /// No basket waits for it: money is reserved, or a reservation released.
    pub const NONE: BasketId = BasketId(0);
}

/// The identity that a sender gives to its command; unique for ever. UUIDv7 keeps the index small.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(transparent)]
pub struct CommandId(pub Uuid);

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A finished receipt: the till and its number there.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRef {
    /// The till that issued it.
    pub till: TillId,
    /// Its number at that till.
    pub number: ReceiptNo,
}

/// From here on tax keys are of the shop's own making.
pub const OWN_TAX_KEYS: u16 = 1_000;
