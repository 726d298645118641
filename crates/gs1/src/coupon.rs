//! Coupons: told apart, so that a till can say what lies on its glass. Which of them the shop takes is
//! nothing of a code.
//!
//! Sources: GS1 General Specifications 2.6 (prefixes 981–984 and 99, AI 255, 8110 and 8112) and the list of
//! GS1 prefixes (980 refund receipts).

use crate::digits::is_valid_gtin;
use crate::scan::Scan;

/// What kind of coupon a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CouponKind {
    /// 980 as EAN-13: a receipt for a refund, printed by a machine for empties or by a till.
    RefundReceipt,
    /// 981–984: a maker's coupon in a currency that several countries share (981–983 the euro).
    CommonCurrency,
    /// 99 as EAN-13: a coupon by the shop's or the trade's own agreement.
    Agreed,
    /// (255), a Global Coupon Number.
    Global,
    /// (8110), (8112): coupons of North America.
    NorthAmerican,
}

impl CouponKind {
    /// A stable word for it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RefundReceipt => "refund_receipt",
            Self::CommonCurrency => "common_currency",
            Self::Agreed => "agreed",
            Self::Global => "global",
            Self::NorthAmerican => "north_american",
        }
    }
}

/// A coupon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coupon {
    /// What kind it is.
    pub kind: CouponKind,
    /// What tells it from others: the EAN-13, the GCN without its serial, the whole value of (8110)
    /// and (8112).
    pub number: String,
    /// The serial of a GCN: with one, each coupon exists once.
    pub serial: Option<String>,
}

/// The coupon that a scan is. `None` for anything else.
#[must_use]
pub fn coupon(scan: &Scan) -> Option<Coupon> {
    match scan {
        Scan::Gtin(gtin) => {
            let code = gtin.as_13().filter(|code| is_valid_gtin(code))?;
            let kind = match code.get(..3)? {
                "980" => CouponKind::RefundReceipt,
                "981" | "982" | "983" | "984" => CouponKind::CommonCurrency,
                front if front.starts_with("99") => CouponKind::Agreed,
                _ => return None,
            };
            Some(Coupon { kind, number: code.to_owned(), serial: None })
        }
        Scan::Elements(elements) => {
            if let Some(value) = elements.value("255") {
                let (number, serial) = value.split_at_checked(13)?;
                let serial = (!serial.is_empty()).then(|| serial.to_owned());
                return Some(Coupon {
                    kind: CouponKind::Global,
                    number: number.to_owned(),
                    serial,
                });
            }
            let value = elements.value("8110").or_else(|| elements.value("8112"))?;
            let kind = CouponKind::NorthAmerican;
            Some(Coupon { kind, number: value.to_owned(), serial: None })
        }
        Scan::Url(_) | Scan::Text(_) => None,
    }
}
