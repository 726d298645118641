//! Items: with all that can be said of one, with nothing, and with what a piece holds.

use domain::catalogue::{Code, Item, ItemDraft, Price, TaxShare, Unit};
use domain::content::{Content, ContentUnit};
use domain::{GroupId, ItemId, PriceListId, TaxKey};
use money::{Money, Quantity};

pub(super) fn item() -> Item {
    let draft = ItemDraft {
        number: "A-1".to_owned(),
        name: "Käse".to_owned(),
        codes: vec![
            Code { code: "4006381333931".to_owned(), quantity: Quantity::ONE, price: None },
            Code {
                code: "4006381333948".to_owned(),
                quantity: Quantity::new(6_000),
                price: Some(Money::new(1_499)),
            },
        ],
        unit: Unit::Kilogram,
        content: None,
        per_hundred: false,
        tax: TaxKey(2),
        tax_split: vec![TaxShare { key: TaxKey(2), weight: 70 }],
        group: GroupId(3),
        prices: vec![
            Price { amount: Money::new(279), list: PriceListId(0), from: None, until: None },
            Price {
                amount: Money::new(199),
                list: PriceListId(1),
                from: Some("2026-12-01T00:00:00".parse().unwrap()),
                until: Some("2026-12-24T18:00:00".parse().unwrap()),
            },
        ],
        age: Some(16),
        deposit: Some(ItemId(5)),
        open_price: true,
        weighed: true,
        price_bound: true,
        discountable: false,
        stocked: false,
        refund: true,
        minimum: Some(Quantity::new(3_000)),
        retired: true,
    };
    Item { id: ItemId(17), draft }
}

pub(super) fn bare_item() -> Item {
    let draft = serde_json::from_str(r#"{"number":"7","name":"Apfel","tax":2,"group":3}"#).unwrap();
    Item { id: ItemId(18), draft }
}

/// What the others cannot have: goods by weight have no content.
pub(super) fn held_item() -> Item {
    let content = Some(Content { net: 500, unit: ContentUnit::Gram });
    let draft = ItemDraft { unit: Unit::Piece, weighed: false, content, ..item().draft };
    Item { id: ItemId(19), draft }
}
