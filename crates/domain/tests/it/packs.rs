//! What the code on a pack says of it: batch and dates, recalls, and two symbols of one pack.

use domain::catalogue::ItemDraft;
use domain::goods::{MAX_RECALLS_AT_ONCE, RecallDraft, RecalledGoods};
use domain::{ItemId, LineNo, RecallId, Refusal, ShopCommand, TillCommand};
use jiff::ToSpan;
use money::Quantity;

use crate::catalogue::{JUICE, REDUCED, code, goods};
use crate::world::{CASHIER, World};

const BARS: &str = "4006381333931";
const NAMED_BARS: &str = "]E04006381333931";
const LINK: &str = "]Q1https://id.gs1.org/01/04006381333931/10/L7";
const MATRIX: &str = "]d2010400638133393110L7";

fn scan(code: &str) -> TillCommand {
    TillCommand::Scan { code: code.to_owned(), quantity: None, price: None }
}

fn later(w: &mut World, milliseconds: i64) {
    w.now = w.now.checked_add(milliseconds.milliseconds()).unwrap();
}

fn juices(w: &World) -> i64 {
    w.lines().iter().filter(|l| l.item == Some(JUICE)).map(|l| l.quantity.thousandths()).sum()
}

fn recall(goods: RecalledGoods, batch: &str) -> RecallDraft {
    RecallDraft {
        goods,
        batch: batch.to_owned(),
        reason: "Glass".to_owned(),
        dated: "2026-11-20".parse().unwrap(),
    }
}

fn recalls(recalls: Vec<RecallDraft>) -> ShopCommand {
    ShopCommand::RecallBatches { recalls }
}

fn gtin() -> RecalledGoods {
    RecalledGoods::Gtin(BARS.to_owned())
}

pub(crate) fn recalled(batch: &str) -> Refusal {
    Refusal::Recalled {
        name: "Juice".to_owned(),
        batch: batch.to_owned(),
        reason: "Glass".to_owned(),
        dated: "2026-11-20".parse().unwrap(),
    }
}

#[test]
fn bars_and_matrix_of_one_pack_within_a_second_count_once() {
    for (first, second) in [(BARS, MATRIX), (MATRIX, BARS), (NAMED_BARS, LINK), (LINK, BARS)] {
        for (after, pieces) in [(0, 1_000), (999, 1_000), (1_000, 1_000), (1_001, 2_000)] {
            let mut w = World::open();
            w.ok(scan(first));
            later(&mut w, after);
            w.ok(scan(second));
            assert_eq!(juices(&w), pieces, "{first} {second} {after}");
            assert_eq!(w.basket().last_read.as_ref().unwrap().twice, pieces == 1_000);
            assert_eq!(w.restarted(), w.state);
        }
    }
}

#[test]
fn two_scans_of_the_same_symbol_are_two_pieces() {
    for symbol in [BARS, MATRIX, LINK] {
        let mut w = World::open();
        w.ok(scan(symbol));
        later(&mut w, 100);
        w.ok(scan(symbol));
        assert_eq!(juices(&w), 2_000, "{symbol}");
    }
    let mut w = World::open();
    w.ok(scan(LINK));
    w.ok(scan(MATRIX));
    assert_eq!(juices(&w), 2_000, "both are two-dimensional: nobody prints both on one pack");
}

#[test]
fn two_packs_with_two_symbols_each_are_two_pieces() {
    for order in [[BARS, MATRIX, BARS, MATRIX], [BARS, MATRIX, MATRIX, BARS]] {
        let mut w = World::open();
        for symbol in order {
            w.ok(scan(symbol));
            later(&mut w, 150);
        }
        assert_eq!(juices(&w), 2_000, "{order:?}");
    }
}

#[test]
fn whatever_happens_between_two_reads_makes_them_two() {
    let mut w = World::open();
    w.ok(scan(BARS));
    w.ok(TillCommand::ChangeQuantity { line: LineNo(1), quantity: Quantity::new(3_000) });
    w.ok(scan(MATRIX));
    assert_eq!(juices(&w), 4_000);
    let mut w = World::open();
    w.ok(scan(BARS));
    w.ok(TillCommand::VoidLine { line: LineNo(1) });
    w.ok(scan(MATRIX));
    assert_eq!(juices(&w), 1_000, "the first was voided");
    let mut w = World::open();
    w.add(JUICE, 1_000);
    w.ok(scan(MATRIX));
    assert_eq!(juices(&w), 2_000, "a tile is no symbol");
}

#[test]
fn the_second_symbol_tells_what_the_bars_cannot() {
    let mut w = World::open();
    w.ok(scan(BARS));
    w.ok(scan("]d20104006381333931152611011021"));
    let mark = w.lines()[0].mark.clone().unwrap();
    assert_eq!(mark.best_before, "2026-11-01".parse().ok());
    assert!(mark.past, "the best-before date is over: said, not refused");
    assert_eq!(w.restarted(), w.state);
}

#[test]
fn a_batch_that_only_the_second_symbol_tells_takes_the_pack_out_again() {
    let mut w = World::open();
    w.office(recalls(vec![recall(gtin(), "L7")]));
    w.ok(scan(BARS));
    w.ok(scan(BARS));
    w.ok(scan(MATRIX));
    assert_eq!(juices(&w), 1_000, "one of two");
    w.ok(TillCommand::VoidLine { line: LineNo(1) });
    w.ok(scan(BARS));
    w.ok(scan(MATRIX));
    assert_eq!(juices(&w), 0);
    assert!(w.lines().is_empty(), "the deposit goes with it");
    assert_eq!(w.restarted(), w.state);
}

#[test]
fn a_recalled_batch_stops_with_the_reason_and_no_other_does() {
    let mut w = World::open();
    w.office(recalls(vec![recall(gtin(), "L7")]));
    assert_eq!(w.no(scan(MATRIX)), recalled("L7"));
    assert_eq!(w.no(scan(LINK)), recalled("L7"));
    assert_eq!(w.no(scan("]C1010400638133393110l7")), recalled("l7"), "in small letters");
    assert!(recalled("L7").is_recorded());
    w.ok(scan("]d2010400638133393110L8"));
    w.ok(scan(BARS));
    let group = w.lines()[0].group;
    let price = w.amount(100);
    let unknown = TillCommand::SellUnknown {
        code: Some(MATRIX.to_owned()),
        group,
        price,
        quantity: None,
        name: None,
    };
    assert_eq!(w.no(unknown), recalled("L7"), "nobody gets around it by calling it unknown");
    assert_eq!(w.restarted(), w.state);
}

#[test]
fn a_recall_of_an_item_holds_for_all_its_codes() {
    let mut w = World::open();
    let draft = ItemDraft {
        codes: vec![code("4012345678901", 1_000, None), code("96385074", 1_000, None)],
        ..goods("Jam", 199, REDUCED)
    };
    let item = w.put(draft);
    w.office(recalls(vec![recall(RecalledGoods::Item(item), "A1")]));
    for scanned in ["]d2010401234567890110A1", "]d2010000009638507410A1"] {
        assert!(matches!(w.no(scan(scanned)), Refusal::Recalled { .. }), "{scanned}");
    }
}

#[test]
fn a_lifted_recall_stops_nothing() {
    let mut w = World::open();
    w.office(recalls(vec![recall(gtin(), "L7")]));
    let lift = || ShopCommand::LiftRecall { recall: RecallId(1), reason: "all clear".to_owned() };
    assert_eq!(w.office(lift()).len(), 1);
    assert!(w.office(lift()).is_empty(), "once");
    w.ok(scan(MATRIX));
    w.office(recalls(vec![recall(gtin(), "L7")]));
    assert_eq!(w.no(scan(MATRIX)), recalled("L7"), "recalled anew");
}

#[test]
fn recalls_are_checked_and_never_entered_twice() {
    let mut w = World::open();
    let two = vec![recall(gtin(), "L7"), recall(gtin(), "l7"), recall(gtin(), "L8")];
    assert_eq!(w.office(recalls(two.clone())).len(), 2);
    assert!(w.office(recalls(two)).is_empty());
    let boss = domain::PersonId(1);
    let no = |w: &mut World, one: RecallDraft| w.office_no(boss, recalls(vec![one]));
    let wrong = RecalledGoods::Gtin("4006381333932".to_owned());
    assert!(matches!(no(&mut w, recall(wrong, "A")), Refusal::CheckDigit { .. }));
    assert_eq!(no(&mut w, recall(RecalledGoods::Item(ItemId(999)), "A")), Refusal::UnknownItem);
    for batch in ["", " ", "a\u{1d}b", &"9".repeat(21)] {
        let field = "recall_batch".to_owned();
        assert_eq!(no(&mut w, recall(gtin(), batch)), Refusal::BadText { field }, "{batch:?}");
    }
    for number in [0, MAX_RECALLS_AT_ONCE + 1] {
        let many = (0..number).map(|n| recall(gtin(), &n.to_string())).collect();
        let field = "recalls".to_owned();
        assert_eq!(w.office_no(boss, recalls(many)), Refusal::OutOfLimits { field });
    }
    let lift = ShopCommand::LiftRecall { recall: RecallId(99), reason: "x".to_owned() };
    assert_eq!(w.office_no(boss, lift), Refusal::UnknownRecall);
    assert!(matches!(
        w.office_no(CASHIER, recalls(vec![recall(gtin(), "L9")])),
        Refusal::NotPermitted { .. }
    ));
}

#[test]
fn packs_of_different_batches_stand_in_lines_of_their_own() {
    let mut w = World::open();
    for batch in ["A", "A", "B"] {
        w.ok(scan(&format!("]d2010400638133393110{batch}")));
    }
    let lines: Vec<_> = w.lines().iter().filter(|l| l.item == Some(JUICE)).collect();
    let batches: Vec<_> = lines.iter().map(|l| l.mark.as_ref().unwrap().batch.clone()).collect();
    assert_eq!(batches, [Some("A".to_owned()), Some("B".to_owned())]);
    assert_eq!(lines[0].quantity, Quantity::new(2_000));
}

#[test]
fn a_coupon_that_nobody_knows_is_called_what_it_is() {
    let mut w = World::open();
    for (front, kind) in [
        ("981123456789", "common_currency"),
        ("990123456789", "agreed"),
        ("980123456789", "refund_receipt"),
    ] {
        let scanned = format!("{front}{}", gs1::check_digit(front).unwrap());
        let kind = kind.to_owned();
        assert_eq!(w.no(scan(&scanned)), Refusal::Coupon { kind, scanned: scanned.clone() });
    }
    let gcn = "]C12559501101530003";
    assert!(matches!(w.no(scan(gcn)), Refusal::Coupon { kind, .. } if kind == "global"));
}

/// One event of every kind that is about packs, for the snapshot of their forms.
pub(crate) fn every_event() -> Vec<domain::Event> {
    use domain::{BasketId, Event};
    vec![
        Event::PackReadTwice(domain::goods::PackReadTwice {
            basket: BasketId(1),
            line: LineNo(1),
            mark: None,
            stopped: None,
        }),
        Event::BatchRecalled(Box::new(domain::goods::Recall {
            id: RecallId(1),
            goods: RecalledGoods::Gtin("04006381333931".to_owned()),
            batch: "L7".to_owned(),
            reason: "glass".to_owned(),
            dated: "2026-11-20".parse().unwrap(),
            lifted: None,
        })),
        Event::RecallLifted(domain::goods::RecallLifted {
            recall: RecallId(1),
            reason: "all clear".to_owned(),
        }),
    ]
}
