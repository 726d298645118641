//! A finished receipt, as it stands in the journal.

use jiff::Timestamp;
use jiff::civil::Date;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::basket::{Line, Tender};
use crate::coupon::ReceiptCoupon;
use crate::ids::{BasketId, DayNo, PersonId, ReceiptNo, ReceiptRef, TillId};
use crate::totals::TaxRow;

/// A finished receipt. Amounts in minor units of its currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// Number at its till, without gaps; training receipts have a series of their own.
    pub number: ReceiptNo,
    /// The till day.
    pub day: DayNo,
    /// The basket it was.
    pub basket: BasketId,
    /// The basket was opened.
    #[schema(value_type = String, format = DateTime)]
    pub opened: Timestamp,
    /// What it sells was ordered for the first time, where the basket was put aside before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ordered: Option<Timestamp>,
    /// The local date it counts for.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The local hour it counts for, 0–23.
    pub hour: u8,
    /// Currency.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// Made in training mode: counts nowhere.
    #[serde(default, skip_serializing_if = "is_false")]
    pub training: bool,
    /// Lines, receipt discount spread over them.
    pub lines: Vec<Line>,
    /// Tax by key and rate.
    pub tax: Vec<TaxRow>,
    /// With tax.
    #[schema(value_type = i64)]
    pub total: Money,
    /// Taken off by discounts, promotions and coupons.
    #[serde(default)]
    #[schema(value_type = i64)]
    pub saved: Money,
    /// The coupons that took something off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<ReceiptCoupon>,
    /// Cash rounding: the tenders sum to total + rounding.
    #[serde(default)]
    #[schema(value_type = i64)]
    pub rounding: Money,
    /// Tenders.
    pub tenders: Vec<Tender>,
    /// Lines voided before payment.
    #[serde(default)]
    pub voids: u16,
    /// Age proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_checked: Option<u8>,
    /// Note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Print it.
    #[serde(default)]
    pub print: bool,
}

impl Receipt {
    /// What it came to without lines that are none ([`Line::is_turnover`]).
    pub fn turnover(&self) -> Money {
        let other = self.lines.iter().filter(|line| !line.is_turnover()).map(Line::total);
        other.fold(self.total, |left, other| left.saturating_plus(other.negated()))
    }
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// A receipt with where and by whom it was issued (they stand in the entry around it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IssuedReceipt {
    /// The till.
    pub till: TillId,
    /// The person.
    pub person: PersonId,
    /// Issued when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The incarnation of the shop that issued it: 1, and a higher one for each backup that was put back.
    /// Numbers may repeat those that were lost with the file before; with the incarnation they do not.
    #[serde(default = "first")]
    pub incarnation: u32,
    /// The rest.
    pub receipt: Receipt,
}

const fn first() -> u32 {
    1
}

/// A copy of a receipt was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptCopied {
    /// Of which.
    pub receipt: ReceiptRef,
    /// The how-many-th copy.
    pub copy: u32,
    /// With the fields of a Bewirtungsbeleg.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hospitality: bool,
}

/// How a receipt reached the customer, or that they wanted none (KassenSichV § 6). To whom it went stands nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandedOver {
    /// Its page was opened, by its code or by a link.
    Page,
    /// A mail server took it.
    Mail,
    /// A gateway took the text with its link.
    Sms,
    /// It was offered, and the customer wanted none.
    Declined,
}

impl HandedOver {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Page, Self::Mail, Self::Sms, Self::Declined];

    /// A stable word for it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Mail => "mail",
            Self::Sms => "sms",
            Self::Declined => "declined",
        }
    }
}

/// A receipt was handed over without paper, for the first time by this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptHandedOver {
    /// Which.
    pub receipt: ReceiptRef,
    /// How.
    pub way: HandedOver,
}
