//! Lines: adding, merging, deposit, quantities, voiding, notes, unknown goods, prices.

use domain::catalogue::{ItemDraft, Price, Unit};
use domain::command::DiscountValue;
use domain::settings::{DatedRate, Promotion};
use domain::{
    Amount, Event, GroupId, ItemId, LineNo, PriceListId, PromotionId, Refusal, TaxKey, TillCommand,
};
use money::{Currency, Money, Quantity};

use crate::catalogue::{
    BEER, BOOK, BREAD, BUTTER, CHEESE, DEPOSIT, EMPTIES, FOOD, FULL, GIFT, JUICE, LAMP, MENU,
    REDUCED, SCHNAPPS, base_price, code, goods,
};
use crate::world::{MANAGER, TILL, World, line_of, line_totals, tax};

fn add(item: ItemId, quantity: Option<i64>, price: Option<Amount>) -> TillCommand {
    TillCommand::AddItem { item, quantity: quantity.map(Quantity::new), price }
}

fn euros(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: Currency::EUR }
}

fn francs(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: Currency::CHF }
}

fn void(line: u16) -> TillCommand {
    TillCommand::VoidLine { line: LineNo(line) }
}

fn change(line: u16, quantity: i64) -> TillCommand {
    TillCommand::ChangeQuantity { line: LineNo(line), quantity: Quantity::new(quantity) }
}

fn quantities(w: &World) -> Vec<i64> {
    w.lines().iter().map(|l| l.quantity.thousandths()).collect()
}

#[test]
fn the_first_goods_open_a_basket() {
    let mut w = World::open();
    let events = w.ok(add(BREAD, None, None));
    assert!(matches!(events[0], Event::BasketOpened { training: false, .. }));
    assert_eq!(w.lines()[0].quantity, Quantity::ONE);
    assert_eq!(w.total(), 540);
}

#[test]
fn the_same_goods_again_add_to_the_last_line() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    w.add(BREAD, 2_000);
    w.add(BUTTER, 1_000);
    w.add(BREAD, 1_000);
    assert_eq!(quantities(&w), [3_000, 1_000, 1_000]);
}

#[test]
fn goods_with_a_deposit_between_them_still_add_to_the_last_goods() {
    let mut w = World::open();
    w.add(JUICE, 1_000);
    w.add(JUICE, 1_000);
    assert_eq!(quantities(&w), [2_000, 2_000]);
    assert_eq!(line_totals(w.lines()), [298, 30]);
}

#[test]
fn a_line_that_people_touched_is_not_added_to() {
    let mut w = World::managed();
    let reason = || "why".to_owned();
    let percent = DiscountValue::Percent { basis_points: 1_000 };
    let touches: Vec<TillCommand> = vec![
        TillCommand::DiscountLine { line: LineNo(1), discount: percent, reason: reason() },
        TillCommand::OverridePrice { line: LineNo(1), price: euros(500), reason: reason() },
        TillCommand::Note { line: Some(LineNo(1)), text: reason() },
    ];
    for touch in touches {
        w.add(BREAD, 1_000);
        w.ok(touch);
        w.add(BREAD, 1_000);
        assert_eq!(quantities(&w), [1_000, 1_000]);
        w.pay();
    }
}

#[test]
fn goods_whose_item_changed_meanwhile_are_a_line_of_their_own() {
    let mut w = World::open();
    w.add(LAMP, 1_000);
    w.change(LAMP, |draft| draft.age = Some(18));
    w.add(LAMP, 1_000);
    assert_eq!(quantities(&w), [1_000, 1_000]);
    assert_eq!(w.basket().age_needed(), Some(18));
    w.change(LAMP, |draft| draft.tax = TaxKey(REDUCED));
    w.add(LAMP, 1_000);
    assert_eq!(w.lines().len(), 3);
}

#[test]
fn weighed_goods_need_a_weight_and_stay_apart() {
    let mut w = World::open();
    let refusal = w.no(add(CHEESE, None, None));
    assert_eq!(refusal, Refusal::WeightNeeded { item: CHEESE, name: "Cheese".to_owned() });
    w.add(CHEESE, 486);
    w.add(CHEESE, 486);
    assert_eq!(line_totals(w.lines()), [136, 136]);
    assert!(w.lines().iter().all(|l| l.hand_weighed && l.unit == Unit::Kilogram));
}

#[test]
fn pieces_are_sold_whole() {
    let mut w = World::open();
    assert_eq!(w.no(add(BREAD, Some(500), None)), Refusal::WholePieces);
    w.add(BREAD, 1_000);
    assert_eq!(w.no(change(1, 1_500)), Refusal::WholePieces);
}

#[test]
fn open_prices_are_typed_in_and_others_are_not() {
    let mut w = World::open();
    let refusal = w.no(add(GIFT, None, None));
    assert_eq!(refusal, Refusal::PriceNeeded { item: GIFT, name: "Gift".to_owned() });
    w.ok(add(GIFT, None, Some(euros(777))));
    w.ok(add(BREAD, None, Some(euros(1))));
    assert_eq!(line_totals(w.lines()), [777, 540]);
    assert_eq!(w.no(add(GIFT, None, Some(francs(777)))), Refusal::WrongCurrency);
}

#[test]
fn what_cannot_be_sold_says_why() {
    let mut w = World::open();
    assert_eq!(w.no(add(ItemId(999), None, None)), Refusal::UnknownItem);
    w.change(BUTTER, |draft| draft.prices[0].from = Some("2027-01-01T00:00:00".parse().unwrap()));
    let needed = Refusal::PriceNeeded { item: BUTTER, name: "Butter".to_owned() };
    assert_eq!(w.no(add(BUTTER, None, None)), needed);
    w.configure(|settings| {
        let from = "2027-01-01T00:00:00".parse().unwrap();
        settings.rates.push(DatedRate { key: TaxKey(3), from, ..settings.rates[0] });
        settings.groups[1].tax = TaxKey(3);
    });
    w.change(LAMP, |draft| draft.tax = TaxKey(3));
    assert_eq!(w.no(add(LAMP, None, None)), Refusal::NoRate);
    let unknown = TillCommand::SellUnknown {
        code: None,
        group: GroupId(2),
        price: euros(1),
        quantity: None,
        name: None,
    };
    assert_eq!(w.no(unknown), Refusal::NoRate);
}

#[test]
fn a_till_sells_by_its_own_price_list() {
    let mut w = World::open_with(|settings| settings.tills[0].price_list = PriceListId(7));
    w.change(BREAD, |draft| {
        draft.prices.push(Price { list: PriceListId(7), ..base_price(400) });
        draft.prices.push(Price { list: PriceListId(8), ..base_price(1) });
    });
    w.add(BREAD, 1_000);
    w.add(BUTTER, 1_000);
    assert_eq!(line_totals(w.lines()), [400, 299], "the base list where it has no own price");
}

#[test]
fn the_deposit_follows_quantity_and_void() {
    let mut w = World::open();
    w.add(JUICE, 1_000);
    w.ok(change(1, 6_000));
    assert_eq!(line_totals(w.lines()), [894, 90]);
    w.ok(change(1, 2_000));
    assert_eq!(line_totals(w.lines()), [298, 30]);
    assert_eq!(w.no(change(2, 1_000)), Refusal::LineFixed { line: LineNo(2) });
    assert_eq!(w.no(void(2)), Refusal::LineFixed { line: LineNo(2) });
    assert_eq!(w.ok(void(1)).len(), 2);
    assert!(w.lines().is_empty());
    assert_eq!(w.total(), 0);
}

#[test]
fn a_deposit_is_due_even_when_it_is_out_of_sale_itself() {
    let mut w = World::open();
    w.change(DEPOSIT, |draft| draft.retired = true);
    w.add(JUICE, 1_000);
    assert_eq!(line_totals(w.lines()), [149, 15]);
}

#[test]
fn a_deposit_without_price_or_rate_never_stops_its_goods() {
    let later = "2027-01-01T00:00:00".parse().unwrap();
    let mut w = World::open_with(|settings| {
        let none = domain::settings::DatedRate {
            key: domain::TaxKey(3),
            from: later,
            ..settings.rates[0].clone()
        };
        settings.rates.push(none);
    });
    w.change(DEPOSIT, |draft| draft.tax = domain::TaxKey(3));
    w.add(JUICE, 1_000);
    assert_eq!(line_totals(w.lines()), [149, 15]);
    w.change(DEPOSIT, |draft| draft.prices[0].from = Some(later));
    w.add(BEER, 1_000);
    assert_eq!(line_totals(w.lines()), [149, 15, 99]);
}

#[test]
fn a_deposit_is_taxed_as_its_goods() {
    let mut w = World::managed();
    let menu = ItemDraft {
        deposit: Some(DEPOSIT),
        tax_split: w.book.items[&MENU].draft.tax_split.clone(),
        ..goods("Menu with bottle", 990, REDUCED)
    };
    let menu = w.put(menu);
    w.add(BEER, 1_000);
    w.add(menu, 1_000);
    let of = |no: usize| (w.lines()[no].tax, w.lines()[no].tax_split.clone());
    assert_eq!((of(1), of(3)), (of(0), of(2)));
    w.ok(TillCommand::VoidLine { line: LineNo(3) });
    w.ok(TillCommand::ConfirmAge { age: 16 });
    assert_eq!(tax(&w.pay()), [(1, 1_900, 96, 18, 114)]);
    w.ok(TillCommand::ReturnReceipt { receipt: crate::world::receipt_no(1) });
    assert_eq!(tax(&w.pay()), [(1, 1_900, -96, -18, -114)]);
}

#[test]
fn goods_in_the_customers_hand_are_sold() {
    let mut w = World::open();
    w.change(BREAD, |draft| draft.retired = true);
    w.change(BUTTER, |draft| draft.prices[0].from = Some("2027-01-01T00:00:00".parse().unwrap()));
    w.ok(add(BREAD, None, None));
    w.ok(add(BUTTER, None, Some(euros(250))));
    assert_eq!(line_totals(w.lines()), [540, 250], "out of sale, and without a price today");
}

#[test]
fn a_code_that_is_known_after_all_sells_its_item() {
    let mut w = World::open();
    let unknown = |code: &str| TillCommand::SellUnknown {
        code: Some(code.to_owned()),
        group: GroupId(1),
        price: euros(1),
        quantity: Some(Quantity::new(2_000)),
        name: None,
    };
    w.ok(unknown("4006381333931"));
    assert_eq!(line_totals(w.lines()), [298, 30], "at its price, with its deposit");
    w.change(BREAD, |draft| draft.codes = vec![code("GIFT", 1_000, None)]);
    w.change(BREAD, |draft| draft.open_price = true);
    w.ok(unknown("GIFT"));
    w.ok(unknown("BEER"));
    w.ok(unknown("4006381333930"));
    assert_eq!(line_totals(w.lines()), [298, 30, 2, 198, 30, 2]);
    let told: Vec<bool> = w.lines().iter().map(|l| l.unknown).collect();
    assert_eq!(told, [false, false, false, false, false, true], "a misread one is unknown");
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::AgeNotChecked { age: 16 });
    let expired = unknown("]d2010400638133393117261122");
    assert_eq!(
        w.no(expired),
        Refusal::Expired { name: "Juice".to_owned(), on: "2026-11-22".parse().ok() }
    );
    let track = ";4111111111111111=29121010000000000?";
    assert_eq!(w.no(unknown(track)), Refusal::CardData);
}

#[test]
fn a_voided_line_keeps_its_number_and_is_counted() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    w.add(BUTTER, 1_000);
    let events = w.ok(void(1));
    assert!(matches!(&events[0], Event::LineVoided { amount, .. } if amount.minor() == 540));
    assert_eq!(w.no(void(1)), Refusal::UnknownLine { line: LineNo(1) });
    assert_eq!(w.add(LAMP, 1_000), LineNo(3));
    let receipt = w.pay();
    assert_eq!((receipt.voids, w.day().totals.voids), (1, 1));
    assert_eq!(w.stock(BREAD), 0, "what was voided never left the shelf");
}

#[test]
fn empties_are_paid_out_and_their_quantity_may_change() {
    let mut w = World::open();
    w.add(EMPTIES, 1_000);
    w.add(EMPTIES, 1_000);
    w.ok(change(1, 20_000));
    assert_eq!(quantities(&w), [-20_000]);
    let events = w.ok(TillCommand::PayCash { tendered: None });
    let receipt = crate::world::receipt_of(&events).unwrap();
    assert_eq!(receipt.tenders[0].change.minor(), 300);
    assert_eq!(w.drawer(), 9_700);
    assert_eq!(w.stock(EMPTIES), 0);
}

#[test]
fn the_price_of_empties_cannot_be_raised() {
    let mut w = World::managed();
    w.add(EMPTIES, 1_000);
    let raise = TillCommand::OverridePrice {
        line: LineNo(1),
        price: euros(100_000),
        reason: "why".to_owned(),
    };
    assert_eq!(w.no(raise), Refusal::LineFixed { line: LineNo(1) });
}

#[test]
fn unknown_goods_are_sold_under_a_group_and_remembered() {
    let mut w = World::open();
    let unknown = |code: Option<&str>, group, name: Option<&str>| TillCommand::SellUnknown {
        code: code.map(str::to_owned),
        group: GroupId(group),
        price: euros(250),
        quantity: None,
        name: name.map(str::to_owned),
    };
    w.ok(unknown(Some("4000000000006"), 1, None));
    w.ok(unknown(None, 2, Some("Vase")));
    let names: Vec<&str> = w.lines().iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["Food", "Vase"]);
    assert!(w.lines().iter().all(|l| l.unknown && l.item.is_none()));
    assert_eq!(w.no(unknown(None, 9, None)), Refusal::OutOfLimits { field: "group".to_owned() });
    assert_eq!(tax(&w.pay()), [(1, 1_900, 210, 40, 250), (2, 700, 234, 16, 250)]);
}

#[test]
fn unknown_goods_twice_are_two_lines() {
    let mut w = World::open();
    for _ in 0..2 {
        w.ok(TillCommand::SellUnknown {
            code: Some("x".to_owned()),
            group: FOOD,
            price: euros(100),
            quantity: Some(Quantity::new(500)),
            name: None,
        });
    }
    assert_eq!(line_totals(w.lines()), [50, 50]);
    let foreign = TillCommand::SellUnknown {
        code: None,
        group: FOOD,
        price: francs(100),
        quantity: None,
        name: None,
    };
    assert_eq!(w.no(foreign), Refusal::WrongCurrency);
}

#[test]
fn another_price_is_kept_beside_the_price_of_the_list() {
    let mut w = World::managed();
    w.add(LAMP, 2_000);
    let price = |minor| TillCommand::OverridePrice {
        line: LineNo(1),
        price: euros(minor),
        reason: "scratched".to_owned(),
    };
    w.ok(price(1_500));
    w.ok(price(1_200));
    let line = &w.lines()[0];
    assert_eq!((line.price.minor(), line.list_price.unwrap().minor()), (1_200, 1_890));
    assert_eq!((w.total(), line.reason.as_deref()), (2_400, Some("scratched")));
    w.pay();
    assert_eq!(w.day().totals.overrides, 1);
}

#[test]
fn price_bound_goods_have_one_price() {
    let mut w = World::managed();
    w.add(BOOK, 1_000);
    let reason = || "why".to_owned();
    let discount = DiscountValue::Percent { basis_points: 1 };
    let line = LineNo(1);
    let commands = [
        TillCommand::OverridePrice { line, price: euros(1_000), reason: reason() },
        TillCommand::DiscountLine { line, discount, reason: reason() },
        TillCommand::DiscountReceipt { discount, reason: reason() },
    ];
    for command in commands {
        assert_eq!(w.no(command), Refusal::NotDiscountable);
    }
    // Beside other goods the receipt discount passes it by.
    w.add(BREAD, 1_000);
    let discount = DiscountValue::Percent { basis_points: 5_000 };
    w.ok(TillCommand::DiscountReceipt { discount, reason: reason() });
    assert_eq!(line_totals(&w.totals().lines), [1_299, 270]);
}

#[test]
fn a_promotion_takes_off_the_price_of_one_whatever_the_order() {
    let promotion = |id, basis_points, group| Promotion {
        id: PromotionId(id),
        name: format!("Promotion {id}"),
        group,
        basis_points,
        from: None,
        until: None,
    };
    let mut w = World::open_with(|settings| {
        settings.promotions = vec![
            promotion(2, 1_000, Some(FOOD)),
            promotion(1, 1_000, None),
            promotion(3, 500, None),
        ];
    });
    let sweet = w.put(goods("sweet", 5, REDUCED));
    for item in [sweet, sweet, sweet, BREAD, sweet, BOOK] {
        w.add(item, 1_000);
    }
    // 0.05 less 10 % is 0.04 on the shelf (0.5 away from zero), in one line as in two.
    assert_eq!(line_totals(w.lines()), [12, 486, 4, 1_299]);
    let names: Vec<_> = w.lines().iter().flat_map(|l| &l.discounts).map(|d| &d.origin).collect();
    assert!(
        names.iter().all(|origin| matches!(origin,
        domain::basket::DiscountOrigin::Promotion { id, .. } if *id == PromotionId(1))),
        "of two alike, the lower number: {names:?}"
    );
}

#[test]
fn the_age_is_asked_once_per_receipt() {
    let mut w = World::open();
    w.add(SCHNAPPS, 1_000);
    w.add(BEER, 1_000);
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::AgeNotChecked { age: 18 });
    w.ok(TillCommand::ConfirmAge { age: 16 });
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::AgeNotChecked { age: 18 });
    w.ok(TillCommand::ConfirmAge { age: 18 });
    w.ok(TillCommand::ConfirmAge { age: 16 });
    w.add(SCHNAPPS, 1_000);
    assert_eq!(w.pay().age_checked, Some(18));
    w.add(BEER, 1_000);
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::AgeNotChecked { age: 16 });
    w.ok(void(1));
    w.add(BREAD, 1_000);
    assert_eq!(w.pay().age_checked, None);
}

#[test]
fn notes_stay_until_they_are_emptied() {
    let mut w = World::open();
    let note = |line: Option<u16>, text: &str| TillCommand::Note {
        line: line.map(LineNo),
        text: text.to_owned(),
    };
    assert_eq!(w.no(note(None, "x")), Refusal::NoBasket);
    w.add(BREAD, 1_000);
    w.ok(note(Some(1), "sliced"));
    w.ok(note(None, "for Kim"));
    assert_eq!(w.lines()[0].note.as_deref(), Some("sliced"));
    assert_eq!(w.no(note(Some(2), "x")), Refusal::UnknownLine { line: LineNo(2) });
    w.ok(note(Some(1), ""));
    let receipt = w.pay();
    assert_eq!(
        (receipt.note.as_deref(), receipt.lines[0].note.as_deref()),
        (Some("for Kim"), None)
    );
}

#[test]
fn a_thousand_lines_and_no_more() {
    let mut w = World::open();
    w.add(CHEESE, 100);
    let line = w.lines()[0].clone();
    let basket = w.basket().id;
    for no in 2..=1_000_u16 {
        let seq = 1_000 + u64::from(no);
        let line = domain::basket::Line { line: LineNo(no), ..line.clone() };
        let event = Event::LineAdded { basket, line: Box::new(line), read: None };
        w.state.apply(seq, w.now, Some(TILL), Some(MANAGER), &event);
    }
    assert_eq!(w.no(add(BREAD, None, None)), Refusal::OutOfLimits { field: "lines".to_owned() });
    assert_eq!(w.total(), 28_000);
    assert_eq!(w.pay().lines.len(), 1_000);
}

#[test]
fn a_refund_that_is_taxed_in_parts_and_a_net_shop_agree() {
    let mut w = World::open_with(|settings| settings.prices_include_tax = false);
    let refund = ItemDraft { refund: true, ..goods("back", 1_000, FULL) };
    let refund = w.put(refund);
    assert_eq!(w.no(change(1, 1_000)), Refusal::NoBasket);
    let receipt = w.sell(&[(LAMP, 1_000), (refund, 1_000)]);
    assert_eq!(tax(&receipt), [(1, 1_900, 890, 169, 1_059)]);
    assert_eq!(line_of(&w.ok(add(LAMP, None, None))), LineNo(1));
}
