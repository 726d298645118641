//! Finished receipts, and how they were handed over.

use domain::event::Event;
use domain::receipt::{HandedOver, Receipt, ReceiptHandedOver};
use domain::totals::TaxRow;
use domain::{BasketId, DayNo, ReceiptNo};
use money::{Currency, Money, Rate};

use super::{bare_line, full_line, receipt_ref, tender};

pub(super) fn bare_receipt() -> Receipt {
    Receipt {
        number: ReceiptNo(13),
        day: DayNo(4),
        basket: BasketId(77),
        opened: "2026-11-23T13:05:00.001Z".parse().unwrap(),
        ordered: None,
        date: "2026-11-23".parse().unwrap(),
        hour: 14,
        currency: Currency::EUR,
        training: false,
        lines: vec![bare_line()],
        tax: vec![],
        total: Money::new(199),
        saved: Money::ZERO,
        coupons: vec![],
        rounding: Money::ZERO,
        tenders: vec![],
        voids: 0,
        age_checked: None,
        note: None,
        print: false,
    }
}

pub(super) fn tax_row() -> TaxRow {
    TaxRow {
        key: 1,
        rate: Rate::new(1_900),
        net: Money::new(1_588),
        tax: Money::new(302),
        gross: Money::new(1_890),
    }
}

pub(super) fn full_receipt() -> Receipt {
    Receipt {
        training: true,
        lines: vec![bare_line(), full_line()],
        tax: vec![tax_row()],
        saved: Money::new(10),
        rounding: Money::new(-2),
        tenders: vec![tender()],
        voids: 2,
        age_checked: Some(18),
        note: Some("Danke".to_owned()),
        print: true,
        ..bare_receipt()
    }
}

pub(super) fn handed_over() -> Vec<Event> {
    let ways = [HandedOver::Page, HandedOver::Mail, HandedOver::Sms, HandedOver::Declined];
    let said = |way| Event::ReceiptHandedOver(ReceiptHandedOver { receipt: receipt_ref(), way });
    ways.into_iter().map(said).collect()
}
