//! The last value within each limit is taken: a limit that is one too tight stops a shop as well.

use domain::catalogue::{ItemDraft, TaxShare};
use domain::command::StockKind;
use domain::{ShopCommand, TaxKey, TillCommand};
use money::{CashRounding, Quantity, Rate};

use crate::catalogue::{BREAD, FULL, REDUCED, base_price, code, goods};
use crate::world::World;

#[test]
fn an_item_with_as_much_of_everything_as_there_may_be_is_put_in() {
    let mut w = World::open();
    let share = |key, weight| TaxShare { key: TaxKey(key), weight };
    let item = w.put(ItemDraft {
        number: "n".repeat(60),
        name: "n".repeat(120),
        codes: (0..100).map(|n| code(&format!("c{n}"), 99_999_999, Some(1_000_000_000))).collect(),
        prices: vec![base_price(1_000_000_000); 100],
        tax_split: vec![share(FULL, 1_000_000), share(REDUCED, 1)],
        age: Some(120),
        minimum: Some(Quantity::new(99_999_999)),
        ..goods("x", 1, FULL)
    });
    w.change(item, |draft| draft.minimum = Some(Quantity::ZERO));
    assert_eq!(w.book.items[&item].draft.codes.len(), 100);
}

#[test]
fn a_shop_may_round_to_a_whole_unit_and_tax_as_much_as_the_price() {
    let mut w = World::open();
    w.configure(|settings| {
        settings.country = domain::settings::Country::Ch;
        settings.cash_rounding = CashRounding(100);
        settings.rates[0].rate = Rate::new(10_000);
        settings.name = "n".repeat(120);
        settings.address = vec!["a".repeat(200)];
    });
    let lamp = crate::catalogue::LAMP;
    assert_eq!(crate::world::tax(&w.sell(&[(lamp, 1_000)])), [(FULL, 10_000, 945, 945, 1_890)]);
}

#[test]
fn a_full_store_is_counted() {
    let mut w = World::open();
    let counted = |thousandths| ShopCommand::MoveStock {
        item: BREAD,
        kind: StockKind::Counted,
        quantity: Quantity::new(thousandths),
        reason: "year's end".to_owned(),
    };
    w.office(counted(99_999_999));
    assert_eq!(w.stock(BREAD), 99_999_999);
}

#[test]
fn a_customer_of_a_hundred_and_twenty_is_old_enough() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    w.ok(TillCommand::ConfirmAge { age: 120 });
    w.ok(TillCommand::Note { line: None, text: "n".repeat(200) });
    assert_eq!(w.pay().age_checked, Some(120));
}
