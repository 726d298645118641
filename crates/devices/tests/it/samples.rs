//! One receipt that the tests share.

use receipt::{Line, NamedAmount, ReceiptData, ShopHead, SubLine, TaxRow, Tender};

pub(crate) fn sale() -> ReceiptData {
    ReceiptData {
        currency: "EUR".into(),
        minor_digits: 2,
        shop: ShopHead {
            logo: None,
            name: "Dorfladen Müller".into(),
            address: vec!["Hauptstraße 12".into()],
            footer: vec!["Danke – bis bald!".into()],
            ..ShopHead::default()
        },
        number: "4812".into(),
        code: "R1-4812".into(),
        till: "1".into(),
        issued: "23.11.2026 14:02:31".into(),
        lines: vec![Line {
            quantity: "2".into(),
            unit: "Stk".into(),
            name: "Vollmilch".into(),
            unit_price: Some(129),
            amount: 258,
            tax: "B".into(),
            sub: vec![SubLine { text: "Pfand 0,15 €".into(), amount: Some(30) }],
            ..Line::default()
        }],
        discounts: vec![NamedAmount { text: "Kundenrabatt".into(), amount: -28 }],
        total: Some(260),
        tenders: vec![Tender {
            name: "Bar".into(),
            amount: 260,
            tendered: Some(500),
            change: Some(240),
            details: Vec::new(),
        }],
        taxes: vec![TaxRow {
            letter: "B".into(),
            rate: "7 %".into(),
            net: 243,
            tax: 17,
            gross: 260,
        }],
        qr: Some("V0;1;Kassenbeleg-V1".into()),
        ..ReceiptData::default()
    }
}

/// An ordinary printer in the network.
pub(crate) fn at(
    address: impl ToString,
    timeouts: devices::printer::Timeouts,
) -> devices::printer::Printer {
    let place = devices::line::Place::Net(address.to_string());
    devices::printer::Printer::new(devices::printer::Setup::usual(place), timeouts)
}
