//! "Money, by example": the rows of the design as whole sales.

use domain::catalogue::ItemDraft;
use domain::command::DiscountValue;
use domain::settings::{DatedRate, TaxPoint};
use domain::{Refusal, TaxKey, TillCommand};
use money::{CashRounding, Currency, Money, Quantity, Rate};

use crate::catalogue::{
    BREAD, BUTTER, CHEESE, FREE, FULL, JUICE, LAMP, MENU, REDUCED, base_price, goods, weighed,
};
use crate::world::{MANAGER, SUPERVISOR, TILL, World, line_totals, receipt_no, receipt_of, tax};

fn percent(basis_points: u16) -> DiscountValue {
    DiscountValue::Percent { basis_points }
}

fn why() -> String {
    "agreed".to_owned()
}

/// A shop whose two keys have these rates.
fn with_rates(full: u32, reduced: u32) -> World {
    World::open_with(|settings| {
        settings.rates[0].rate = Rate::new(full);
        settings.rates[1].rate = Rate::new(reduced);
    })
}

#[test]
fn row_1_a_mixed_sale_with_deposit_weight_and_three_for_two() {
    let mut w = World::open();
    w.add(JUICE, 2_000);
    w.add(CHEESE, 486);
    let butter = w.add(BUTTER, 3_000);
    let discount = DiscountValue::Amount { amount: w.amount(299) };
    w.approved_by(MANAGER);
    w.ok(TillCommand::DiscountLine { line: butter, discount, reason: why() });
    w.add(BREAD, 1_000);
    w.add(LAMP, 1_000);
    let receipt = w.pay();
    assert_eq!(line_totals(&receipt.lines), [298, 30, 136, 897 - 299, 540, 1_890]);
    assert_eq!(tax(&receipt), [(1, 1_900, 1_588, 302, 1_890), (2, 700, 1_497, 105, 1_602)]);
    assert_eq!((receipt.total.minor(), receipt.saved.minor()), (3_492, 299));
}

#[test]
fn row_2_a_receipt_discount_is_spread_over_lines_and_rates() {
    let mut w = World::open();
    for (name, price, key) in
        [("a", 1_299, FULL), ("b", 499, REDUCED), ("c", 249, REDUCED), ("d", 89, FULL)]
    {
        let item = w.put(goods(name, price, key));
        w.add(item, 1_000);
    }
    w.ok(TillCommand::DiscountReceipt { discount: percent(1_000), reason: why() });
    let receipt = w.pay();
    let off: Vec<i64> =
        receipt.lines.iter().map(|l| l.discounts.iter().map(|d| d.amount.minor()).sum()).collect();
    assert_eq!(off, [130, 50, 25, 9]);
    assert_eq!(tax(&receipt), [(1, 1_900, 1_050, 199, 1_249), (2, 700, 629, 44, 673)]);
    assert_eq!((receipt.total.minor(), receipt.saved.minor()), (1_922, 214));
}

#[test]
fn row_3_three_for_five_hundred_come_back_one_by_one() {
    let mut w = World::managed();
    let item = w.put(goods("offer", 199, REDUCED));
    let line = w.add(item, 3_000);
    let discount = DiscountValue::Amount { amount: w.amount(97) };
    w.ok(TillCommand::DiscountLine { line, discount, reason: why() });
    assert_eq!(w.pay().total.minor(), 500);
    let mut back = Vec::new();
    for _ in 0..3 {
        let quantity = Some(Quantity::ONE);
        w.ok(TillCommand::ReturnLine { receipt: receipt_no(1), line, quantity });
        back.push(w.pay().total.minor());
    }
    assert_eq!(back, [-166, -167, -167]);
    assert_eq!(w.drawer(), 10_000);
    assert_eq!(w.day().totals.receipts.amount, Money::ZERO);
    let again = TillCommand::ReturnLine { receipt: receipt_no(1), line, quantity: None };
    assert_eq!(w.no(again), Refusal::NothingLeftToReturn { left: 0 });
}

#[test]
fn row_4_weights_are_rounded_once_at_the_line() {
    let mut w = World::open();
    let cases = [(1_250, 199, 249), (333, 1_299, 433), (5, 1_999, 10), (2_500, 25, 63)];
    for (at, (quantity, price, _)) in cases.into_iter().enumerate() {
        let item = w.put(weighed(&format!("kg {at}"), price, REDUCED));
        w.add(item, quantity);
    }
    let expected: Vec<i64> = cases.iter().map(|c| c.2).collect();
    assert_eq!(line_totals(&w.pay().lines), expected);
}

#[test]
fn row_5_swiss_cash_is_rounded_beside_the_total() {
    let mut w = World::open_with(|settings| {
        settings.currency = Currency::CHF;
        settings.country = domain::settings::Country::Ch;
        settings.cash_rounding = CashRounding(5);
    });
    for (price, cash) in
        [(1_001, 1_000), (1_002, 1_000), (1_003, 1_005), (1_007, 1_005), (1_008, 1_010)]
    {
        let item = w.put(goods(&format!("{price}"), price, FULL));
        let before = w.drawer();
        let receipt = w.sell(&[(item, 1_000)]);
        assert_eq!(receipt.total.minor(), price, "the total and its tax stay exact");
        assert_eq!(receipt.tax[0].gross.minor(), price);
        assert_eq!(receipt.rounding.minor(), cash - price);
        assert_eq!(receipt.tenders[0].amount.minor(), cash);
        assert_eq!(w.drawer() - before, cash);
    }
    assert_eq!(w.day().totals.rounding.minor(), -1 - 2 + 2 - 2 + 2);
    // The third sale comes back: −10.03 is paid out as −10.05.
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(3) });
    let back = w.pay();
    assert_eq!((back.total.minor(), back.rounding.minor()), (-1_003, -2));
    assert_eq!(back.tenders[0].change.minor(), 1_005);
}

#[test]
fn row_5_in_a_mixed_payment_only_the_last_cash_is_rounded() {
    let mut w = World::open_with(|settings| {
        settings.currency = Currency::CHF;
        settings.country = domain::settings::Country::Ch;
        settings.cash_rounding = CashRounding(5);
    });
    let item = w.put(goods("x", 1_003, FULL));
    w.add(item, 1_000);
    let part = w.amount(500);
    w.ok(TillCommand::PayCash { tendered: Some(part) });
    let receipt = w.pay();
    let tenders: Vec<_> =
        receipt.tenders.iter().map(|t| (t.amount.minor(), t.rounding.minor())).collect();
    assert_eq!(tenders, [(500, 0), (505, 2)]);
    assert_eq!(receipt.rounding.minor(), 2);
}

#[test]
fn row_6_a_sale_and_its_return_are_nothing_in_every_column() {
    let mut w = World::open();
    let item = w.put(goods("x", 1_679, FULL));
    let sold = w.sell(&[(item, 1_000)]);
    assert_eq!(tax(&sold), [(1, 1_900, 1_411, 268, 1_679)]);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    let back = w.pay();
    assert_eq!(tax(&back), [(1, 1_900, -1_411, -268, -1_679)]);
    assert_eq!(tax(&back).len(), w.day().totals.tax.len());
    let sums = w.day().totals.tax[0];
    assert_eq!((sums.net, sums.tax, sums.gross), (Money::ZERO, Money::ZERO, Money::ZERO));
}

#[test]
fn row_7_the_total_stays_what_the_shelf_says() {
    let mut w = with_rates(2_000, 700);
    let item = w.put(goods("x", 801, FULL));
    let receipt = w.sell(&[(item, 1_000)]);
    assert_eq!(tax(&receipt), [(1, 2_000, 668, 133, 801)]);
    assert_eq!(receipt.total.minor(), 801);
}

#[test]
fn row_8_mixed_rates_as_gross_and_as_net_prices() {
    for (gross, rows, total) in [
        (true, [(1, 2_200, 2_369, 521, 2_890), (2, 1_000, 114, 11, 125)], 3_015),
        (false, [(1, 2_200, 2_890, 636, 3_526), (2, 1_000, 125, 13, 138)], 3_664),
    ] {
        let mut w = with_rates(2_200, 1_000);
        w.configure(|settings| settings.prices_include_tax = gross);
        let a = w.put(goods("a", 2_890, FULL));
        let b = w.put(goods("b", 125, REDUCED));
        let receipt = w.sell(&[(a, 1_000), (b, 1_000)]);
        assert_eq!(tax(&receipt), rows);
        assert_eq!(receipt.total.minor(), total);
        assert_eq!(w.drawer(), 10_000 + total);
    }
}

#[test]
fn row_9_everything_off_leaves_nothing_on_each_line() {
    for prices in [vec![617, 617], vec![33, 33, 34]] {
        let mut w = World::managed();
        for (at, price) in prices.iter().enumerate() {
            let item = w.put(goods(&format!("x{at}"), *price, FULL));
            w.add(item, 1_000);
        }
        w.ok(TillCommand::DiscountReceipt { discount: percent(10_000), reason: why() });
        let receipt = w.pay();
        assert!(line_totals(&receipt.lines).iter().all(|total| *total == 0));
        assert_eq!(tax(&receipt), [(1, 1_900, 0, 0, 0)]);
        assert!(receipt.tenders.is_empty(), "nothing is due, nothing is paid");
        assert_eq!(receipt.saved.minor(), prices.iter().sum::<i64>());
    }
}

#[test]
fn row_10_a_menu_is_one_line_with_two_tax_rows() {
    let mut w = World::open();
    let receipt = w.sell(&[(MENU, 1_000)]);
    assert_eq!(receipt.lines.len(), 1);
    assert_eq!(tax(&receipt), [(1, 1_900, 250, 47, 297), (2, 700, 648, 45, 693)]);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    assert_eq!(tax(&w.pay()), [(1, 1_900, -250, -47, -297), (2, 700, -648, -45, -693)]);
}

/// As far as it is tax: the voucher as a tender is another matter.
#[test]
fn row_11_a_multi_purpose_voucher_is_sold_without_tax() {
    let mut w = World::open();
    let voucher = w.put(ItemDraft { discountable: false, ..goods("Voucher", 5_000, FREE) });
    assert_eq!(tax(&w.sell(&[(voucher, 1_000)])), [(5, 0, 5_000, 0, 5_000)]);
}

#[test]
fn row_12_a_single_purpose_voucher_is_taxed_once() {
    let mut w = World::open();
    let sold = w.put(goods("Voucher", 2_000, FULL));
    let used = w.put(ItemDraft {
        refund: true,
        discountable: false,
        stocked: false,
        ..goods("Voucher used", 2_000, FULL)
    });
    let goods = w.put(goods("goods", 2_000, FULL));
    assert_eq!(tax(&w.sell(&[(sold, 1_000)])), [(1, 1_900, 1_681, 319, 2_000)]);
    let receipt = w.sell(&[(goods, 1_000), (used, 1_000)]);
    assert_eq!(line_totals(&receipt.lines), [2_000, -2_000]);
    assert_eq!(tax(&receipt), [(1, 1_900, 0, 0, 0)]);
    assert_eq!(receipt.total, Money::ZERO);
}

#[test]
fn row_13_change_never_reaches_the_drawer() {
    let mut w = World::open();
    let item = w.put(goods("x", 3_492, FULL));
    w.add(item, 1_000);
    let given = w.amount(5_000);
    let receipt = receipt_of(&w.ok(TillCommand::PayCash { tendered: Some(given) })).unwrap();
    let tender = &receipt.tenders[0];
    assert_eq!((tender.amount.minor(), tender.tendered.minor()), (3_492, 5_000));
    assert_eq!(tender.change.minor(), 1_508);
    assert_eq!(w.drawer(), 10_000 + 3_492);
}

#[test]
fn row_14_a_part_payment_leaves_the_rest_due() {
    let mut w = World::open();
    let item = w.put(goods("x", 3_492, FULL));
    w.add(item, 1_000);
    let part = w.amount(3_400);
    let events = w.ok(TillCommand::PayCash { tendered: Some(part) });
    assert_eq!(receipt_of(&events), None);
    assert_eq!(w.total() - w.basket().paid().minor(), 92);
    assert_eq!(w.drawer(), 13_400);
    assert_eq!(w.pay().tenders.len(), 2);
    assert_eq!(w.drawer(), 13_492);
}

/// A basket opened at 23:58 and paid at 00:03, around a rate that changes at midnight.
fn over_midnight(point: TaxPoint) -> Vec<(u16, u32, i64, i64, i64)> {
    let mut w = World::open_with(|settings| {
        settings.tax_point = point;
        let from = "2027-01-01T00:00:00".parse().unwrap();
        settings.rates.push(DatedRate { key: TaxKey(FULL), rate: Rate::new(2_100), from });
    });
    w.now = "2026-12-31T22:58:00Z".parse().unwrap();
    let item = w.put(goods("x", 1_210, FULL));
    w.add(item, 1_000);
    w.pass(5);
    let other = w.put(goods("y", 1_190, FULL));
    w.add(other, 1_000);
    let receipt = w.pay();
    assert_eq!(receipt.date, "2027-01-01".parse().unwrap());
    tax(&receipt)
}

#[test]
fn row_15_a_tax_switch_at_midnight_is_one_rate_per_receipt() {
    assert_eq!(over_midnight(TaxPoint::Payment), [(1, 2_100, 1_983, 417, 2_400)]);
    assert_eq!(over_midnight(TaxPoint::Opening), [(1, 1_900, 2_017, 383, 2_400)]);
}

#[test]
fn row_15_a_return_after_the_switch_has_the_rate_of_the_sale() {
    let mut w = World::open_with(|settings| {
        let from = "2026-11-24T00:00:00".parse().unwrap();
        settings.rates.push(DatedRate { key: TaxKey(FULL), rate: Rate::new(1_600), from });
    });
    let item = w.put(goods("x", 1_190, FULL));
    w.sell(&[(item, 1_000)]);
    w.pass(24 * 60);
    w.add(item, 1_000);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    let exchange = w.pay();
    assert_eq!(tax(&exchange), [(1, 1_600, 1_026, 164, 1_190), (1, 1_900, -1_000, -190, -1_190)]);
    assert_eq!(exchange.total, Money::ZERO);
    // What was sold with it came at the new, lower rate, and goes back at it.
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(2) });
    assert_eq!(tax(&w.pay()), [(1, 1_600, -1_026, -164, -1_190)]);
}

#[test]
fn row_15_prices_and_promotions_switch_at_their_minute() {
    use domain::PromotionId;
    use domain::settings::Promotion;
    let mut w = World::open_with(|settings| {
        settings.promotions.push(Promotion {
            id: PromotionId(1),
            name: "Happy hour".to_owned(),
            group: None,
            basis_points: 2_000,
            from: Some("2026-11-23T10:10:00".parse().unwrap()),
            until: Some("2026-11-23T10:11:00".parse().unwrap()),
        });
    });
    let item = w.put(goods("x", 1_000, FULL));
    w.change(item, |draft| {
        let mut later = base_price(800);
        later.from = Some("2026-11-23T10:05:00".parse().unwrap());
        let mut until = base_price(100);
        until.from = Some("2026-11-23T10:06:00".parse().unwrap());
        until.until = Some("2026-11-23T10:07:00".parse().unwrap());
        draft.prices.extend([later, until]);
    });
    let mut seen = Vec::new();
    // 10:04 local time to 10:12, a sale each minute.
    w.now = "2026-11-23T09:04:00Z".parse().unwrap();
    for _ in 0..8 {
        seen.push(w.sell(&[(item, 1_000)]).total.minor());
        w.pass(1);
    }
    assert_eq!(seen, [1_000, 800, 100, 800, 800, 800, 640, 800]);
}

#[test]
fn a_discount_over_the_cashiers_limit_needs_who_may_give_it() {
    let mut w = World::open();
    let butter = w.add(BUTTER, 3_000);
    let third = DiscountValue::Amount { amount: w.amount(299) };
    let command = || TillCommand::DiscountLine { line: butter, discount: third, reason: why() };
    assert!(matches!(w.no(command()), Refusal::LimitExceeded { .. }));
    w.approved_by(SUPERVISOR);
    assert_eq!(w.no(command()), Refusal::ApprovalRefused { person: SUPERVISOR });
    assert_eq!(w.state.tills[&TILL].person, Some(crate::world::CASHIER));
}
