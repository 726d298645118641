//! Coupons of the shop's own: what a customer's coupon takes off, from which goods, how often and until when.
//!
//! A coupon lessens what goods cost (Entgeltminderung); it is no means of payment. What it takes off is spread over the lines, so
//! that each rate is taxed by what was really asked, and goods that come back give back what was paid for them.

use jiff::civil::DateTime;
use money::{Money, MoneyError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::amount::Amount;
use crate::basket::{DiscountOrigin, Line};
use crate::decide::limits::{self, MAX_NAME};
use crate::ids::{BasketId, CouponId, GroupId, ItemId, ReceiptRef};
use crate::refusal::Refusal;
use crate::settings::{Settings, is_false};
use crate::totals::{self, Off};
use crate::voucher::VoucherCode;

/// Most coupons that a shop keeps, ended ones too.
const MOST: usize = 100;
/// Longest code, characters.
const MAX_CODE: usize = 60;
/// Longest serial number, characters.
const MAX_SERIAL: usize = 30;
/// Stands between a coupon's code and its serial number.
const DASH: char = '-';

/// What a coupon takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CouponValue {
    /// A percentage.
    Percent {
        /// Hundredths of a percent.
        basis_points: u16,
    },
    /// An amount, and never more than the goods cost.
    Amount {
        /// Minor units.
        #[schema(value_type = i64)]
        amount: Money,
    },
}

/// From which goods a coupon takes something off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CouponGoods {
    /// All that take discounts.
    #[default]
    Everything,
    /// Those of a group.
    Group {
        /// Which.
        group: GroupId,
    },
    /// Those of one item.
    Item {
        /// Which.
        item: ItemId,
    },
}

/// A coupon of the shop's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Coupon {
    /// Identity.
    pub id: CouponId,
    /// As printed.
    pub name: String,
    /// What its paper says: an EAN-13, the number of a GS1 coupon ((255) without its serial, the whole of (8110) and (8112)), or any
    /// text.
    pub code: String,
    /// What it takes off.
    pub value: CouponValue,
    /// From which goods.
    #[serde(default)]
    pub goods: CouponGoods,
    /// From this local time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub from: Option<DateTime>,
    /// Until before this local time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub until: Option<DateTime>,
    /// What the goods in the basket come to at least, other discounts taken off. Minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub minimum_value: Option<Money>,
    /// So many of it are taken for one receipt, 1 to 99.
    pub per_receipt: u8,
    /// Each paper has a serial number, behind the code and a hyphen or in a GS1 coupon (255), and is taken once.
    #[serde(default, skip_serializing_if = "is_false")]
    pub once: bool,
    /// It is taken no longer.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ended: bool,
}

/// A coupon in a basket, as it was when it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketCoupon {
    /// Its number in the basket, from 1.
    pub no: u16,
    /// The coupon.
    pub coupon: Coupon,
    /// The serial number of the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}

/// A coupon was taken for a basket, or given back to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponTaken {
    /// Where.
    pub basket: BasketId,
    /// Its number in the basket.
    pub no: u16,
    /// None gives it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Box<Coupon>>,
    /// The serial number of the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}

/// A coupon of a finished receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptCoupon {
    /// Its number in the basket.
    pub no: u16,
    /// Which.
    pub coupon: CouponId,
    /// As printed.
    pub name: String,
    /// Its code.
    pub code: String,
    /// The serial number of the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// What it took off, above nothing.
    #[schema(value_type = i64)]
    pub amount: Money,
}

/// Why a coupon is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CouponFault {
    /// The shop takes it no longer.
    Ended,
    /// It holds later.
    NotYet {
        /// From this local time on.
        #[schema(value_type = String)]
        from: DateTime,
    },
    /// It held once.
    Expired {
        /// Until before this local time.
        #[schema(value_type = String)]
        until: DateTime,
    },
    /// This paper was taken before.
    Redeemed {
        /// For which receipt; none while it is in a basket.
        receipt: Option<ReceiptRef>,
    },
    /// The paper has no serial number, and needs one.
    NoSerial,
    /// As many as may be are in the basket.
    Enough {
        /// So many.
        per_receipt: u8,
    },
    /// The goods come to less than it wants.
    Minimum {
        /// At least so much.
        minimum: Amount,
    },
    /// Nothing in the basket is of the goods that it is for, or can be taken off.
    NotForGoods,
}

impl Coupon {
    /// The serial number behind its code in a scanned or typed text: outer none when the text is not this coupon.
    fn serial_in<'t>(&self, text: &'t str) -> Option<Option<&'t str>> {
        let (front, rest) = text.split_at_checked(self.code.len())?;
        if !front.eq_ignore_ascii_case(&self.code) {
            return None;
        }
        if rest.is_empty() {
            return Some(None);
        }
        let serial = rest.strip_prefix(DASH).filter(|_| self.once)?;
        usable(serial).then_some(Some(serial))
    }

    fn takes(&self, line: &Line) -> bool {
        match self.goods {
            CouponGoods::Everything => true,
            CouponGoods::Group { group } => line.group == group,
            CouponGoods::Item { item } => line.item == Some(item),
        }
    }
}

/// A serial number as it can be kept: printable, and not endless.
fn usable(serial: &str) -> bool {
    (1..=MAX_SERIAL).contains(&serial.len()) && serial.bytes().all(|b| b.is_ascii_graphic())
}

/// The name under which a paper that is taken once is remembered, among deposit slips, whose numbers begin with digits.
#[must_use]
pub fn paper(code: &str, serial: &str) -> String {
    format!("coupon {}{DASH}{}", code.to_ascii_uppercase(), serial.to_ascii_uppercase())
}

impl ReceiptCoupon {
    /// The paper that is used up by it; none for one that may come again.
    #[must_use]
    pub fn paper(&self) -> Option<String> {
        self.serial.as_deref().map(|serial| paper(&self.code, serial))
    }
}

/// The shop's coupon that a scanned or typed text is, with the serial number of its paper.
#[must_use]
pub fn presented<'s>(settings: &'s Settings, text: &str) -> Option<(&'s Coupon, Option<String>)> {
    let text = text.trim();
    let all = || settings.coupons.iter();
    let by_text = all()
        .filter_map(|coupon| Some((coupon, coupon.serial_in(text)?)))
        .max_by_key(|(coupon, _)| coupon.code.len());
    if let Some((coupon, serial)) = by_text {
        return Some((coupon, serial.map(str::to_owned)));
    }
    let read = gs1::coupon(&gs1::parse_scan(text).ok()?)?;
    let coupon = all().find(|coupon| coupon.code == read.number)?;
    Some((coupon, read.serial.filter(|serial| coupon.once && usable(serial))))
}

/// What the goods in a basket come to that a coupon's minimum is held against: what is sold now, without deposits, vouchers, tips and
/// what is paid of accounts.
pub(crate) fn worth(lines: &[Line]) -> Result<Money, MoneyError> {
    let goods = |line: &&Line| {
        line.total().is_positive()
            && line.deposit_of.is_none()
            && line.voucher.is_none()
            && line.tip.is_none()
            && line.account.is_none()
    };
    Money::sum(lines.iter().filter(goods).map(Line::total))
}

/// Takes the coupons of a basket off its lines, one after the other, each off what the one before left. One whose minimum the goods
/// do not come to any more takes nothing, and is not used up.
pub(crate) fn take_off(
    lines: &mut [Line],
    coupons: &[BasketCoupon],
) -> Result<Vec<ReceiptCoupon>, MoneyError> {
    let before = worth(lines)?;
    let mut taken = Vec::with_capacity(coupons.len());
    for BasketCoupon { no, coupon, serial } in coupons {
        if coupon.minimum_value.is_some_and(|minimum| before < minimum) {
            continue;
        }
        let off = match coupon.value {
            CouponValue::Percent { basis_points } => Off::Share(basis_points),
            CouponValue::Amount { amount } => Off::Amount(amount),
        };
        let origin = DiscountOrigin::Coupon { id: coupon.id, name: coupon.name.clone() };
        let amount = totals::take_off(lines, |line| coupon.takes(line), off, &origin)?;
        if amount.is_positive() {
            taken.push(ReceiptCoupon {
                no: *no,
                coupon: coupon.id,
                name: coupon.name.clone(),
                code: coupon.code.clone(),
                serial: serial.clone(),
                amount,
            });
        }
    }
    Ok(taken)
}

/// What the settings say of coupons holds together.
///
/// # Errors
/// `coupon` for what cannot be, `coupon_code` for a code that is another coupon's, or can be no code of one, `coupon_group`.
pub(crate) fn check(settings: &Settings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    let mut ids: Vec<CouponId> = settings.coupons.iter().map(|coupon| coupon.id).collect();
    let mut codes: Vec<String> =
        settings.coupons.iter().map(|coupon| coupon.code.to_ascii_uppercase()).collect();
    ids.sort_unstable();
    ids.dedup();
    codes.sort_unstable();
    codes.dedup();
    if ids.len() != settings.coupons.len() || settings.coupons.len() > MOST {
        return bad("coupon");
    }
    if codes.len() != settings.coupons.len() {
        return bad("coupon_code");
    }
    for coupon in &settings.coupons {
        limits::text("coupon_name", &coupon.name, MAX_NAME)?;
        limits::text("code", &coupon.code, MAX_CODE)?;
        // What is looked up as a voucher never comes here.
        if coupon.code.trim() != coupon.code || VoucherCode::looks_like(&coupon.code) {
            return bad("coupon_code");
        }
        let value = match coupon.value {
            CouponValue::Percent { basis_points } => (1..=10_000).contains(&basis_points),
            CouponValue::Amount { amount } => amount.is_positive(),
        };
        let sums = [coupon.minimum_value, amount_of(coupon)];
        let small = sums.iter().flatten().all(|sum| limits::amount("coupon", *sum).is_ok());
        let never = coupon.from.zip(coupon.until).is_some_and(|(from, until)| from >= until);
        if !value || !small || never || !(1..=99).contains(&coupon.per_receipt) {
            return bad("coupon");
        }
        if let CouponGoods::Group { group } = coupon.goods
            && !coupon.ended
            && !settings.groups.iter().any(|known| known.id == group)
        {
            return bad("coupon_group");
        }
    }
    Ok(())
}

fn amount_of(coupon: &Coupon) -> Option<Money> {
    match coupon.value {
        CouponValue::Amount { amount } => Some(amount),
        CouponValue::Percent { .. } => None,
    }
}
