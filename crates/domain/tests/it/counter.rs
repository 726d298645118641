//! What lies on the counter: goods by the metre, packs, labels, their deposit, their promotion.

use domain::basket::DiscountOrigin;
use domain::catalogue::{ItemDraft, Unit};
use domain::command::DiscountValue;
use domain::settings::Promotion;
use domain::{Amount, GroupId, LineNo, Permission, PromotionId, Refusal, TillCommand};
use jiff::civil::DateTime;
use money::{Currency, Money, Quantity};

use crate::catalogue::{
    BREAD, CHEESE, DEPOSIT, EMPTIES, FOOD, FULL, GIFT, GOODS, JUICE, LAMP, REDUCED, code, goods,
};
use crate::world::{SUPERVISOR, World, line_totals, receipt_no};

fn scan(code: &str) -> TillCommand {
    TillCommand::Scan { code: code.to_owned(), quantity: None, price: None }
}

fn change(no: u16, thousandths: i64) -> TillCommand {
    TillCommand::ChangeQuantity { line: LineNo(no), quantity: Quantity::new(thousandths) }
}

/// An in-store code of GS1 Germany: prefix, item, inner check digit, value, check digit.
fn label(prefix: &str, item: &str, value: &str) -> String {
    let inner = gs1::field_check_5(value).unwrap();
    let body = format!("{prefix}{item}{inner}{value}");
    format!("{body}{}", gs1::check_digit(&body).unwrap())
}

#[test]
fn cloth_is_cut_and_sold_in_parts_of_a_metre() {
    let mut w = World::open();
    let cloth = w.put(ItemDraft { unit: Unit::Metre, ..goods("cloth", 800, FULL) });
    w.add(cloth, 1_250);
    assert_eq!(line_totals(w.lines()), [1_000]);
    w.ok(change(1, 1_500));
    assert_eq!(line_totals(w.lines()), [1_200]);
}

#[test]
fn a_weight_that_was_typed_wrong_is_put_right() {
    let mut w = World::open();
    w.add(CHEESE, 4_860);
    w.ok(change(1, 486));
    assert_eq!(line_totals(w.lines()), [136]);
}

#[test]
fn goods_after_empties_that_were_approved_need_no_approval() {
    let mut w = World::open();
    w.approved_by(SUPERVISOR);
    w.add(EMPTIES, 300_000);
    w.add(BREAD, 1_000);
    assert_eq!(w.total(), 540 - 4_500);
    w.ok(change(2, 2_000));
    let permission = Permission::PayOutDeposit;
    let more = TillCommand::AddItem { item: EMPTIES, quantity: None, price: None };
    assert_eq!(w.no(more), Refusal::LimitExceeded { permission });
}

#[test]
fn a_price_label_on_goods_of_no_fixed_price_takes_one_piece_off_the_shelf() {
    let mut w = World::open();
    w.change(GIFT, |draft| draft.codes = vec![code("0005", 1_000, None)]);
    w.ok(scan(&label("22", "0005", "00777")));
    assert_eq!(w.pay().total.minor(), 777);
    assert_eq!(w.stock(GIFT), -1_000);
}

#[test]
fn weighed_goods_are_no_pack() {
    let mut w = World::open();
    w.add(CHEESE, 486);
    assert_eq!(w.lines()[0].pack, None);
}

#[test]
fn what_keeps_no_stock_moves_none_when_it_is_sold_or_comes_back() {
    let mut w = World::open();
    let service = w.put(ItemDraft { stocked: false, ..goods("engraving", 500, FULL) });
    // Empties that somebody let keep stock are no goods on the shelf.
    w.change(EMPTIES, |draft| draft.stocked = true);
    w.sell(&[(JUICE, 2_000), (service, 1_000), (EMPTIES, 1_000)]);
    let stock = |w: &World| [DEPOSIT, service, EMPTIES].map(|item| w.stock(item));
    assert_eq!((w.stock(JUICE), stock(&w)), (-2_000, [0, 0, 0]));
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    w.pay();
    assert_eq!((w.stock(JUICE), stock(&w)), (0, [0, 0, 0]));
}

#[test]
fn a_count_label_of_crates_brings_the_deposit_of_each_bottle() {
    let mut w = World::open();
    w.put(ItemDraft {
        codes: vec![code("0007", 6_000, None)],
        deposit: Some(DEPOSIT),
        ..goods("crate", 100, REDUCED)
    });
    w.ok(scan(&label("25", "0007", "00002")));
    assert_eq!(line_totals(w.lines()), [1_200, 180]);
}

#[test]
fn a_deposit_takes_no_discount_and_asks_no_age_whatever_its_item_says() {
    let mut w = World::managed();
    w.change(DEPOSIT, |draft| {
        draft.discountable = true;
        draft.age = Some(18);
    });
    w.add(JUICE, 1_000);
    let discount = DiscountValue::Percent { basis_points: 10_000 };
    let reason = "why".to_owned();
    let off = TillCommand::DiscountLine { line: LineNo(2), discount, reason: reason.clone() };
    assert_eq!(w.no(off), Refusal::NotDiscountable);
    w.ok(TillCommand::DiscountReceipt { discount, reason });
    assert_eq!(line_totals(&w.pay().lines), [0, 15]);
}

#[test]
fn unknown_goods_say_whether_somebody_weighed_them_by_hand() {
    let mut w = World::open();
    for thousandths in [500, 2_000] {
        let price = Amount { amount: Money::new(100), currency: Currency::EUR };
        let quantity = Some(Quantity::new(thousandths));
        w.ok(TillCommand::SellUnknown { code: None, group: FOOD, price, quantity, name: None });
    }
    let by_hand: Vec<bool> = w.lines().iter().map(|l| l.hand_weighed).collect();
    assert_eq!(by_hand, [true, false]);
}

fn promotion(id: u32, basis_points: u16, group: Option<GroupId>) -> Promotion {
    let name = format!("Promotion {id}");
    Promotion { id: PromotionId(id), name, group, basis_points, from: None, until: None }
}

#[test]
fn a_promotion_of_one_group_leaves_the_goods_of_others_at_their_price() {
    let mut w = World::open_with(|s| s.promotions = vec![promotion(1, 1_000, Some(GOODS))]);
    w.add(LAMP, 1_000);
    w.add(BREAD, 1_000);
    w.add(JUICE, 1_000);
    assert_eq!(line_totals(w.lines()), [1_701, 540, 149, 15]);
}

#[test]
fn a_promotion_takes_nothing_off_deposits() {
    let mut w = World::open_with(|s| s.promotions = vec![promotion(1, 5_000, None)]);
    w.add(JUICE, 2_000);
    w.ok(change(1, 4_000));
    assert_eq!(line_totals(w.lines()), [296, 60]);
    assert!(w.lines()[1].discounts.is_empty());
}

#[test]
fn a_promotion_begins_and_ends_to_the_minute() {
    let at = |time: &str| Some(format!("2026-11-23T{time}").parse::<DateTime>().unwrap());
    // It is ten in Berlin.
    for (from, until, holds) in [
        (at("10:00:00"), None, true),
        (at("10:01:00"), None, false),
        (None, at("10:01:00"), true),
        (None, at("10:00:00"), false),
        (None, at("09:59:00"), false),
    ] {
        let limited = Promotion { from, until, ..promotion(1, 1_000, None) };
        let mut w = World::open_with(|s| s.promotions = vec![limited]);
        w.add(BREAD, 1_000);
        let by_promotion = w.lines()[0]
            .discounts
            .iter()
            .any(|d| matches!(d.origin, DiscountOrigin::Promotion { .. }));
        assert_eq!(by_promotion, holds, "{from:?} {until:?}");
    }
}
