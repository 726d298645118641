//! What is written of goods, lines and receipts: all that was said, and nothing that goes without
//! saying. What was written is read back as it was.

use domain::basket::Line;
use domain::catalogue::{ItemDraft, Price, TaxShare, Unit};
use domain::content::{Content, ContentUnit};
use domain::receipt::{IssuedReceipt, Receipt};
use domain::{PriceListId, TaxKey};
use money::Quantity;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::catalogue::{BREAD, DEPOSIT, FULL, REDUCED, base_price, code, goods};
use crate::world::{World, receipt_no};

#[track_caller]
fn comes_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value, "{json}");
}

#[test]
fn plain_goods_are_written_in_a_line_and_read_back() {
    let plain = ItemDraft { codes: vec![code("c", 1_000, None)], ..goods("x", 1, FULL) };
    let json = serde_json::to_string(&plain).unwrap();
    assert_eq!(
        json,
        r#"{"number":"x","name":"x","codes":[{"code":"c"}],"tax":1,"group":2,"prices":[{"amount":1}]}"#
    );
    comes_back(&plain);
}

#[test]
fn goods_about_which_there_is_much_to_say_are_read_back_with_all_of_it() {
    comes_back(&ItemDraft {
        codes: vec![code("c", 6_000, Some(549))],
        unit: Unit::Litre,
        content: Some(Content { net: 750, unit: ContentUnit::Millilitre }),
        per_hundred: true,
        tax_split: vec![TaxShare { key: TaxKey(REDUCED), weight: 70 }],
        prices: vec![Price { list: PriceListId(3), ..base_price(1) }],
        age: Some(18),
        deposit: Some(DEPOSIT),
        open_price: true,
        refund: true,
        weighed: true,
        price_bound: true,
        discountable: false,
        stocked: false,
        minimum: Some(Quantity::ONE),
        retired: true,
        ..goods("x", 1, FULL)
    });
}

#[test]
fn the_line_of_a_piece_is_written_without_what_it_is_not() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    let line = w.lines()[0].clone();
    let json = serde_json::to_value(&line).unwrap();
    let names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected =
        ["line", "item", "name", "quantity", "price", "base", "tax", "group", "stocked"];
    expected.sort_unstable();
    let mut told = names.clone();
    told.sort_unstable();
    assert_eq!(told, expected);
    comes_back(&line);
    comes_back(&Line {
        unit: Unit::Kilogram,
        fixed: true,
        price_bound: true,
        hand_weighed: true,
        stocked: false,
        labelled: true,
        unknown: true,
        ..line
    });
}

#[test]
fn a_receipt_says_that_it_was_made_in_training_and_one_of_old_is_of_the_first_shop() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000)]);
    let issued = w.book.receipts[&receipt_no(1)].clone();
    let mut json = serde_json::to_value(&issued).unwrap();
    assert_eq!(json["receipt"].get("training"), None);
    json.as_object_mut().unwrap().remove("incarnation");
    assert_eq!(serde_json::from_value::<IssuedReceipt>(json).unwrap(), issued);
    comes_back(&issued);
    comes_back(&Receipt { training: true, ..issued.receipt });
}
