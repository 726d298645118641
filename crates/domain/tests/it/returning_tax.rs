//! Returned in parts, in any order and beside other goods: what was sold and what came back is
//! nothing, in every column of every tax key and rate.

use std::collections::BTreeMap;

use domain::catalogue::{ItemDraft, TaxShare};
use domain::command::DiscountValue;
use domain::receipt::Receipt;
use domain::totals::TaxRow;
use domain::{LineNo, TaxKey, TillCommand};
use money::{CashRounding, Money, Quantity, Rate};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::catalogue::{FREE, FULL, REDUCED, goods, weighed};
use crate::world::{MANAGER, TILL, World, receipt_no, tax};

type Columns = BTreeMap<(u16, Rate), (i64, i64, i64)>;

fn add(sums: &mut Columns, rows: &[TaxRow]) {
    for row in rows {
        assert_eq!(row.net.plus(row.tax), Ok(row.gross), "net and tax make gross");
        let sum = sums.entry((row.key, row.rate)).or_default();
        *sum = (sum.0 + row.net.minor(), sum.1 + row.tax.minor(), sum.2 + row.gross.minor());
    }
}

fn nothing(sums: &Columns) -> bool {
    sums.values().all(|sum| *sum == (0, 0, 0))
}

fn back(line: u16, thousandths: i64) -> TillCommand {
    TillCommand::ReturnLine {
        receipt: receipt_no(1),
        line: LineNo(line),
        quantity: Some(Quantity::new(thousandths)),
    }
}

/// A shop with prices of one kind, the manager at the till.
fn shop(gross: bool) -> World {
    let mut w = World::open_with(|settings| {
        settings.prices_include_tax = gross;
        settings.cash_rounding = CashRounding(1);
    });
    w.sign_in(TILL, MANAGER);
    w
}

/// How an article is sold: its price, pieces or grams, its keys, a discount by hand.
#[derive(Debug, Clone)]
struct Article {
    price: i64,
    quantity: i64,
    by_weight: bool,
    split: Vec<(u16, u32)>,
    key: u16,
    off: u16,
}

fn articles() -> impl Strategy<Value = Vec<Article>> {
    let key = || prop::sample::select(vec![FULL, REDUCED, FREE]);
    let split = prop_oneof![
        2 => Just(Vec::new()),
        1 => prop::collection::vec((key(), 1_u32..100), 2..4),
    ];
    let one = (1_i64..2_000, 1_i64..9, any::<bool>(), split, key(), 0_u16..=6_000).prop_map(
        |(price, many, by_weight, split, key, off)| {
            let quantity = if by_weight { many * 137 } else { many * 1_000 };
            Article { price, quantity, by_weight, split, key, off }
        },
    );
    prop::collection::vec(one, 1..5)
}

fn sell(w: &mut World, articles: &[Article], off_all: u16) -> Receipt {
    for (index, article) in articles.iter().enumerate() {
        let name = format!("article {index}");
        let draft = if article.by_weight {
            weighed(&name, article.price, article.key)
        } else {
            goods(&name, article.price, article.key)
        };
        let share = |(key, weight): &(u16, u32)| TaxShare { key: TaxKey(*key), weight: *weight };
        let tax_split = article.split.iter().map(share).collect();
        let item = w.put(ItemDraft { tax_split, ..draft });
        let line = w.add(item, article.quantity);
        if article.off > 0 {
            let discount = DiscountValue::Percent { basis_points: article.off };
            let reason = "why".to_owned();
            // Nothing is taken off what costs nothing.
            let _ = w.at(TILL, TillCommand::DiscountLine { line, discount, reason });
        }
    }
    if off_all > 0 {
        let discount = DiscountValue::Percent { basis_points: off_all };
        let reason = "why".to_owned();
        let _ = w.at(TILL, TillCommand::DiscountReceipt { discount, reason });
    }
    w.pay()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, rng_seed: RngSeed::Fixed(11), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_sale_and_its_return_in_parts_are_nothing_in_every_column(
        articles in articles(),
        off_all in prop_oneof![Just(0_u16), 1_u16..=5_000],
        gross in any::<bool>(),
        parts in prop::collection::vec((any::<prop::sample::Index>(), 1_i64..4, any::<bool>()), 0..14),
    ) {
        let mut w = shop(gross);
        let beside = w.put(goods("beside", 333, FULL));
        let mut sums = Columns::new();
        let sold = sell(&mut w, &articles, off_all);
        add(&mut sums, &sold.tax);
        let mut left: Vec<i64> = articles.iter().map(|a| a.quantity).collect();
        let mut open = false;
        let mut exchanged = 0;
        for (which, size, ends) in parts {
            let at = which.index(left.len());
            let step = if articles[at].by_weight { 53 } else { 1_000 };
            let part = (size * step).min(left[at]);
            if part > 0 {
                left[at] -= part;
                let line = u16::try_from(at + 1).unwrap();
                w.ok(back(line, part));
                open = true;
            }
            if open && ends {
                // Other goods of one of the keys are paid in the same breath.
                w.add(beside, 1_000);
                exchanged += 1;
                add(&mut sums, &w.pay().tax);
                open = false;
            }
        }
        if left.iter().any(|l| *l > 0) {
            w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
            open = true;
        }
        if open {
            add(&mut sums, &w.pay().tax);
        }
        if exchanged > 0 {
            // What was sold beside goes back as well, each of its receipts at once.
            let receipts: Vec<_> = w.book.receipts.values().cloned().collect();
            for issued in receipts.iter().filter(|i| i.receipt.number.0 > 1) {
                let again = issued.receipt.lines.iter().any(|l| l.returned_from.is_none());
                if again {
                    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(issued.receipt.number.0) });
                    add(&mut sums, &w.pay().tax);
                }
            }
        }
        prop_assert!(nothing(&sums), "{sums:?}");
        prop_assert_eq!(w.drawer(), 10_000);
        let day = &w.day().totals.tax;
        prop_assert!(day.iter().all(|r| (r.net, r.tax, r.gross) == (Money::ZERO, Money::ZERO, Money::ZERO)));
    }
}

#[test]
fn cents_that_only_the_sum_of_a_key_was_taxed_with_come_back_with_the_pieces() {
    // Net prices: three times 0.13 at 19 % is 0.39 + 0.07, a single piece would be 0.02 each.
    let mut w = shop(false);
    let item = w.put(goods("bolt", 13, FULL));
    w.add(item, 3_000);
    assert_eq!(tax(&w.pay()), [(FULL, 1_900, 39, 7, 46)]);
    let mut parts = Vec::new();
    for _ in 0..3 {
        w.ok(back(1, 1_000));
        parts.extend(tax(&w.pay()));
    }
    assert_eq!(
        parts,
        [(FULL, 1_900, -13, -2, -15), (FULL, 1_900, -13, -3, -16), (FULL, 1_900, -13, -2, -15)]
    );
    assert_eq!(w.drawer(), 10_000);
}

#[test]
fn two_tills_that_take_parts_of_one_receipt_back_give_its_tax_back_once() {
    let mut w = shop(false);
    let item = w.put(goods("bolt", 13, FULL));
    w.add(item, 4_000);
    let mut sums = Columns::new();
    add(&mut sums, &w.pay().tax);
    w.sign_in(crate::world::OTHER_TILL, crate::world::SUPERVISOR);
    w.ok(back(1, 3_000));
    w.ok_at(crate::world::OTHER_TILL, back(1, 1_000));
    add(&mut sums, &w.pay_at(crate::world::OTHER_TILL).tax);
    add(&mut sums, &w.pay().tax);
    assert!(nothing(&sums), "{sums:?}");
}
