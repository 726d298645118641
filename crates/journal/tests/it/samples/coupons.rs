//! Coupons of the shop's own.

use domain::basket::{DiscountOrigin, Line, LineDiscount};
use domain::coupon::{Coupon, CouponGoods, CouponTaken, CouponValue, ReceiptCoupon};
use domain::event::Event;
use domain::receipt::Receipt;
use domain::{BasketId, CouponId, GroupId, ItemId};
use money::Money;

fn bare() -> Coupon {
    Coupon {
        id: CouponId(2),
        name: "Zehn Prozent".to_owned(),
        code: "9901234567899".to_owned(),
        value: CouponValue::Percent { basis_points: 1_000 },
        goods: CouponGoods::Everything,
        from: None,
        until: None,
        minimum_value: None,
        per_receipt: 1,
        once: false,
        ended: false,
    }
}

fn full() -> Coupon {
    Coupon {
        id: CouponId(3),
        code: "SOMMER".to_owned(),
        value: CouponValue::Amount { amount: Money::new(500) },
        goods: CouponGoods::Group { group: GroupId(3) },
        from: "2026-11-01T00:00:00".parse().ok(),
        until: "2026-12-01T00:00:00".parse().ok(),
        minimum_value: Some(Money::new(2_000)),
        per_receipt: 2,
        once: true,
        ended: true,
        ..bare()
    }
}

pub(super) fn events(receipt: &Receipt) -> Vec<Event> {
    let taken = |no, coupon: Option<Coupon>, serial: Option<&str>| {
        Event::CouponTaken(CouponTaken {
            basket: BasketId(77),
            no,
            coupon: coupon.map(Box::new),
            serial: serial.map(str::to_owned),
        })
    };
    let with = |serial: Option<&str>| {
        let origin = DiscountOrigin::Coupon { id: CouponId(3), name: "Sommer".to_owned() };
        let amount = Money::new(19);
        let discounts = vec![LineDiscount { origin, amount }];
        let lines = receipt.lines.iter().cloned();
        let lines = lines.map(|line| Line { discounts: discounts.clone(), ..line }).collect();
        let (no, coupon) = (1, CouponId(3));
        let (name, code) = ("Sommer".to_owned(), "SOMMER".to_owned());
        let serial = serial.map(str::to_owned);
        let coupons = vec![ReceiptCoupon { no, coupon, name, code, serial, amount }];
        Event::ReceiptIssued(Box::new(Receipt { lines, coupons, ..receipt.clone() }))
    };
    let item = Coupon { goods: CouponGoods::Item { item: ItemId(17) }, ..bare() };
    vec![
        taken(1, Some(bare()), None),
        taken(2, Some(full()), Some("0007")),
        taken(3, Some(item), None),
        taken(1, None, None),
        with(None),
        with(Some("0007")),
    ]
}
