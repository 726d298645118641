//! Receipts and reports that the tests share.

use receipt::{
    Language, Line, LineKind, NamedAmount, ReceiptData, ReceiptKind, ReportData, ReportKind,
    ReportRow, ReportSection, ShopHead, SubLine, TaxRow, Tender,
};

pub(crate) fn shop() -> ShopHead {
    ShopHead {
        logo: None,
        name: "Dorfladen Müller".into(),
        address: vec!["Hauptstraße 12".into(), "04109 Leipzig".into()],
        tax_number: Some("231/123/45678".into()),
        vat_id: Some("DE123456789".into()),
        vat_label: None,
        phone: Some("0341 1234567".into()),
        header: Vec::new(),
        footer: vec!["Vielen Dank für Ihren Einkauf!".into()],
    }
}

fn line(
    quantity: &str,
    unit: &str,
    name: &str,
    unit_price: Option<i64>,
    amount: i64,
    tax: &str,
) -> Line {
    Line {
        quantity: quantity.into(),
        unit: unit.into(),
        name: name.into(),
        unit_price,
        amount,
        tax: tax.into(),
        ..Line::default()
    }
}

pub(crate) fn sale() -> ReceiptData {
    let mut milk = line(
        "2",
        "Stk",
        "Frische Vollmilch 3,5 % Fett aus der Region in der Mehrwegflasche",
        Some(129),
        258,
        "B",
    );
    milk.sub = vec![
        SubLine { text: "2 für 2,20 €".into(), amount: Some(-38) },
        SubLine { text: "Pfand 2 × 0,15".into(), amount: Some(30) },
    ];
    let mut cheese = line("0,346", "kg", "Bergkäse", Some(2490), 862, "B");
    cheese.manual_weight = true;
    ReceiptData {
        currency: "EUR".into(),
        minor_digits: 2,
        shop: shop(),
        number: "4812".into(),
        code: "R1-4812".into(),
        till: "1".into(),
        person: "Anna".into(),
        started: Some("23.11.2026 14:01:07".into()),
        issued: "23.11.2026 14:02:31".into(),
        lines: vec![milk, cheese, line("1", "Stk", "Kaffeemaschine", None, 129_900, "A")],
        discounts: vec![NamedAmount { text: "Kundenrabatt 10 %".into(), amount: -13_101 }],
        saved: Some(13_139),
        total: Some(117_911),
        tenders: vec![
            Tender { name: "Gutschein".into(), amount: 100_000, ..Tender::default() },
            Tender {
                name: "Bar".into(),
                amount: 17_911,
                tendered: Some(20_000),
                change: Some(2_089),
                details: Vec::new(),
            },
        ],
        taxes: vec![
            TaxRow {
                letter: "A".into(),
                rate: "19 %".into(),
                net: 98_244,
                tax: 18_666,
                gross: 116_910,
            },
            TaxRow { letter: "B".into(), rate: "7 %".into(), net: 935, tax: 66, gross: 1_001 },
        ],
        signing: vec![
            "TSE-Transaktion 117, Zähler 4711".into(),
            "Seriennr. 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        ],
        qr: Some("V0;1;Kassenbeleg-V1;Beleg^1169.10_10.01_0.00_0.00_0.00^179.11:Bar;117".into()),
        ..ReceiptData::default()
    }
}

pub(crate) fn training_copy_of_a_return() -> ReceiptData {
    let mut goods = line("-1", "pcs", "Kettle", Some(4_999), -4_999, "A");
    goods.kind = LineKind::Returned;
    ReceiptData {
        language: Language::En,
        kind: ReceiptKind::Return,
        lines: vec![goods],
        discounts: Vec::new(),
        saved: None,
        total: Some(-4_999),
        tenders: vec![Tender {
            name: "Card".into(),
            amount: -4_999,
            details: vec!["VISA **** 1234".into()],
            ..Tender::default()
        }],
        taxes: vec![TaxRow {
            letter: "A".into(),
            rate: "19 %".into(),
            net: -4_201,
            tax: -798,
            gross: -4_999,
        }],
        notes: vec!["Returned from receipt R1-4790 of 20 Nov 2026: damaged".into()],
        copy: Some(2),
        training: true,
        signature_line: true,
        signing: Vec::new(),
        qr: None,
        ..sale()
    }
}

pub(crate) fn z_report() -> ReportData {
    let row = |label: &str, count, amount, strong| ReportRow {
        label: label.into(),
        count,
        amount,
        strong,
    };
    ReportData {
        currency: "EUR".into(),
        minor_digits: 2,
        shop: shop(),
        kind: ReportKind::Z,
        day_number: Some(214),
        till: "1".into(),
        person: "Anna".into(),
        from: "23.11.2026 07:58".into(),
        to: "23.11.2026 20:04".into(),
        sections: vec![
            ReportSection {
                title: "Umsatz".into(),
                rows: vec![
                    row("19 %", None, Some(812_345), false),
                    row("7 %", None, Some(401_200), false),
                    row("Summe", Some(312), Some(1_213_545), true),
                ],
            },
            ReportSection {
                title: "Vorgänge".into(),
                rows: vec![
                    row("Sofortstorno", Some(4), None, false),
                    row("Retouren", Some(2), Some(-5_998), false),
                ],
            },
        ],
        difference: Some(-235),
        signature_line: true,
        ..ReportData::default()
    }
}
