//! Papers of coupons that are taken once, and receipts that went without paper.

use domain::event::Event;
use domain::{ReceiptNo, ReceiptRef};
use money::Money;

use crate::kit::{Shop, TILL, issued, line, receipt};

#[test]
fn a_coupon_s_paper_is_known_by_the_receipt_that_it_was_taken_for_unless_in_training() {
    let mut shop = Shop::new();
    let taken = |serial: Option<&str>| domain::coupon::ReceiptCoupon {
        no: 1,
        coupon: domain::CouponId(1),
        name: "Treue".to_owned(),
        code: "Treue".to_owned(),
        serial: serial.map(str::to_owned),
        amount: Money::new(100),
    };
    let with = |number, day, coupons| domain::receipt::Receipt {
        coupons,
        ..receipt(number, day, vec![line(1, 7, 1_000, 325)])
    };
    let trained = domain::receipt::Receipt { training: true, ..with(1, 1, vec![taken(Some("2"))]) };
    shop.commit(&[issued(with(4, 2, vec![taken(Some("a1")), taken(None)])), issued(trained)]);
    let paid = ReceiptRef { till: TILL, number: ReceiptNo(4) };
    let found = |paper: &str| shop.store.slip(paper).unwrap();
    assert_eq!(found(&domain::coupon::paper("TREUE", "A1")), Some(paid));
    assert_eq!(found(&domain::coupon::paper("treue", "2")), None);
}

#[test]
fn a_receipt_that_was_handed_over_says_how_and_when_each_way_once() {
    use domain::receipt::{HandedOver, ReceiptHandedOver};
    let mut shop = Shop::new();
    let of = |number| ReceiptRef { till: TILL, number: ReceiptNo(number) };
    let said =
        |number, way| Event::ReceiptHandedOver(ReceiptHandedOver { receipt: of(number), way });
    shop.commit(&[issued(receipt(4, 2, vec![line(1, 7, 1_000, 325)]))]);
    let seq = shop.store.receipt_row(TILL, false, ReceiptNo(4)).unwrap().unwrap().seq;
    shop.commit(&[said(4, HandedOver::Mail), said(4, HandedOver::Page), said(9, HandedOver::Sms)]);
    shop.commit(&[said(4, HandedOver::Mail)]);
    let ways: Vec<_> =
        shop.store.handed_over(seq).unwrap().into_iter().map(|(way, _)| way).collect();
    assert_eq!(ways, [HandedOver::Mail, HandedOver::Page]);
    let tables = shop.store.dump_tables().unwrap();
    shop.store.rebuild(|_, _| Vec::new()).unwrap();
    assert_eq!(shop.store.dump_tables().unwrap(), tables);
}
