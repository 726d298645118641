//! Coupons of the shop's own: taken, or refused in words, and given back.

use super::Context;
use super::desk::Desk;
use crate::amount::Amount;
use crate::basket::Basket;
use crate::coupon::{self, BasketCoupon, Coupon, CouponFault, CouponTaken, paper};
use crate::event::Event;
use crate::facts::Stop;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::totals::totals;

/// Takes a coupon for the present basket: it holds today, its paper was not taken before, and it takes something off.
pub(super) fn take(
    mut desk: Desk<'_>,
    coupon: &Coupon,
    serial: Option<String>,
) -> Result<Vec<Event>, Stop> {
    let no = |fault| Refusal::CouponNotTaken { name: coupon.name.clone(), fault };
    if coupon.ended {
        return Err(no(CouponFault::Ended).into());
    }
    if let Some(from) = coupon.from.filter(|from| desk.local < *from) {
        return Err(no(CouponFault::NotYet { from }).into());
    }
    if let Some(until) = coupon.until.filter(|until| *until <= desk.local) {
        return Err(no(CouponFault::Expired { until }).into());
    }
    match &serial {
        Some(serial) => not_redeemed(&desk, coupon, serial)?,
        None if coupon.once => return Err(no(CouponFault::NoSerial).into()),
        None => {}
    }
    let basket = match desk.unpaid() {
        Err(Refusal::NoBasket) => return Err(no(CouponFault::NotForGoods).into()),
        found => found?.clone(),
    };
    let taken = basket.coupons.iter().filter(|taken| taken.coupon.id == coupon.id).count();
    if taken >= usize::from(coupon.per_receipt) {
        let per_receipt = coupon.per_receipt;
        return Err(no(CouponFault::Enough { per_receipt }).into());
    }
    let number = basket.last_coupon.checked_add(1).ok_or_else(|| super::limits::out("coupon"))?;
    if let Some(fault) = useless(&desk, &basket, (number, coupon))? {
        return Err(no(fault).into());
    }
    let coupon = Some(Box::new(coupon.clone()));
    desk.push(Event::CouponTaken(CouponTaken { basket: basket.id, no: number, coupon, serial }));
    desk.done()
}

/// Why a coupon would take nothing off; none when it does.
fn useless(
    desk: &Desk<'_>,
    basket: &Basket,
    (no, coupon): (u16, &Coupon),
) -> Result<Option<CouponFault>, Stop> {
    let with = |coupons| totals(&desk.settings, &Basket { coupons, ..basket.clone() }, desk.local);
    if let Some(minimum) = coupon.minimum_value
        && coupon::worth(&with(Vec::new())?.lines)? < minimum
    {
        let minimum = Amount { amount: minimum, currency: desk.settings.currency };
        return Ok(Some(CouponFault::Minimum { minimum }));
    }
    let mut coupons = basket.coupons.clone();
    coupons.push(BasketCoupon { no, coupon: coupon.clone(), serial: None });
    let counts = with(coupons)?.coupons.iter().any(|counted| counted.no == no);
    Ok((!counts).then_some(CouponFault::NotForGoods))
}

/// A paper is taken once: not for a receipt yet, and in no basket that is open or parked.
fn not_redeemed(desk: &Desk<'_>, coupon: &Coupon, serial: &str) -> Result<(), Stop> {
    let this = paper(&coupon.code, serial);
    let redeemed = |receipt| Refusal::CouponNotTaken {
        name: coupon.name.clone(),
        fault: CouponFault::Redeemed { receipt },
    };
    if let Some(receipt) = desk.context.facts.slip(&this)? {
        return Err(redeemed(Some(receipt)).into());
    }
    // What is trained with uses up nothing.
    let baskets = desk.state().baskets.values().filter(|b| b.training == desk.till.training);
    let has_it = |taken: &BasketCoupon| {
        taken.serial.as_deref().is_some_and(|serial| paper(&taken.coupon.code, serial) == this)
    };
    if baskets.flat_map(|basket| &basket.coupons).any(has_it) {
        return Err(redeemed(None).into());
    }
    Ok(())
}

/// Gives a coupon back; one that is not there was given back before.
pub(super) fn give_back(mut desk: Desk<'_>, no: u16) -> Result<Vec<Event>, Stop> {
    let basket = desk.unpaid()?;
    let id = basket.id;
    if basket.coupons.iter().any(|taken| taken.no == no) {
        let (coupon, serial) = (None, None);
        desk.push(Event::CouponTaken(CouponTaken { basket: id, no, coupon, serial }));
    }
    desk.done()
}

/// No coupon has the code of goods: scanned, it would sell them.
pub(super) fn no_item(context: Context<'_>, settings: &Settings) -> Result<(), Stop> {
    let known = context.state.settings.as_deref().map_or(&[][..], |known| &known.coupons);
    let is_new = |coupon: &&Coupon| !known.iter().any(|known| known.code == coupon.code);
    for coupon in settings.coupons.iter().filter(is_new) {
        let keys = super::office::keys(&coupon.code);
        let by_number = context.facts.item_by_number(&coupon.code)?.is_some();
        if by_number || context.facts.item_by_keys(&keys)?.is_some() {
            let problem = "coupon_item".to_owned();
            return Err(Refusal::BadSettings { problem }.into());
        }
    }
    Ok(())
}
