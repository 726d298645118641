//! Prices per kilogram, litre, metre and square metre.

use domain::catalogue::{ItemDraft, Unit};
use domain::content::{Content, ContentUnit, MAX_CONTENT, Reference, UnitPrice};
use domain::{Refusal, ShopCommand};
use money::Money;
use proptest::prelude::*;

use crate::catalogue::{FULL, REDUCED, goods, weighed};
use crate::world::{MANAGER, World};

fn holding(net: u32, unit: ContentUnit) -> ItemDraft {
    ItemDraft { content: Some(Content { net, unit }), ..goods("x", 1, REDUCED) }
}

#[test]
fn a_unit_price_is_for_what_the_law_says() {
    use ContentUnit as C;
    use Reference as R;
    let table = [
        (199, 500, C::Gram, Some((398, R::Kilogram))),
        (1_000, 750, C::Millilitre, Some((1_333, R::Litre))),
        (100, 66, C::Gram, Some((1_515, R::Kilogram))),
        // 0.5 cents go away from zero.
        (1, 2_000, C::Gram, Some((1, R::Kilogram))),
        (1, 2_001, C::Gram, Some((0, R::Kilogram))),
        (499, 2_500, C::Millimetre, Some((200, R::Metre))),
        (300, 5_000, C::SquareCentimetre, Some((600, R::SquareMetre))),
        (2_999, 15, C::Gram, Some((199_933, R::Kilogram))),
        // The price says it already.
        (119, 1_000, C::Millilitre, None),
        (119, 1_000, C::Gram, None),
        (119, 1_000, C::Millimetre, None),
        (119, 10_000, C::SquareCentimetre, None),
        // So little needs none; of lengths and areas nothing is too little.
        (899, 9, C::Gram, None),
        (899, 9, C::Millilitre, None),
        (899, 10, C::Gram, Some((89_900, R::Kilogram))),
        (9, 9, C::Millimetre, Some((1_000, R::Metre))),
        (0, 500, C::Gram, Some((0, R::Kilogram))),
        (-1, 500, C::Gram, None),
    ];
    for (price, net, unit, expected) in table {
        let found = holding(net, unit).unit_price(Money::new(price));
        let expected = expected.map(|(amount, per)| UnitPrice { amount: Money::new(amount), per });
        assert_eq!(found, expected, "{price} for {net} {unit:?}");
    }
}

#[test]
fn what_is_sold_by_measure_has_its_price_per_hundred_only_when_asked() {
    let cheese = weighed("Cheese", 1_995, REDUCED);
    assert_eq!(cheese.unit_price(Money::new(1_995)), None);
    let cheese = ItemDraft { per_hundred: true, ..cheese };
    let expected = UnitPrice { amount: Money::new(200), per: Reference::HundredGrams };
    assert_eq!(cheese.unit_price(Money::new(1_995)), Some(expected));
    let oil = ItemDraft { unit: Unit::Litre, per_hundred: true, ..goods("Oil", 990, REDUCED) };
    let expected = UnitPrice { amount: Money::new(99), per: Reference::HundredMillilitres };
    assert_eq!(oil.unit_price(Money::new(990)), Some(expected));
    let cloth = ItemDraft { unit: Unit::Metre, ..goods("Cloth", 800, FULL) };
    assert_eq!(cloth.unit_price(Money::new(800)), None);
    let back = ItemDraft { refund: true, ..holding(500, ContentUnit::Gram) };
    assert_eq!(back.unit_price(Money::new(25)), None);
}

#[test]
fn a_content_belongs_to_a_piece_and_a_price_per_hundred_to_loose_goods() {
    let mut w = World::open();
    let gram = |net| Some(Content { net, unit: ContentUnit::Gram });
    let out = |field: &str| Refusal::OutOfLimits { field: field.to_owned() };
    let table = [
        (ItemDraft { content: gram(0), ..goods("a", 1, REDUCED) }, out("content")),
        (ItemDraft { content: gram(MAX_CONTENT + 1), ..goods("b", 1, REDUCED) }, out("content")),
        (ItemDraft { content: gram(500), ..weighed("c", 1, REDUCED) }, out("content")),
        (ItemDraft { content: gram(5), weighed: true, ..goods("d", 1, REDUCED) }, out("content")),
        (ItemDraft { per_hundred: true, ..goods("e", 1, REDUCED) }, out("per_hundred")),
        (
            ItemDraft { per_hundred: true, unit: Unit::Metre, ..goods("f", 1, REDUCED) },
            out("per_hundred"),
        ),
    ];
    for (draft, refusal) in table {
        let put = ShopCommand::PutItem { item: None, draft: Box::new(draft) };
        assert_eq!(w.office_no(MANAGER, put), refusal);
    }
    w.put(ItemDraft { content: gram(MAX_CONTENT), ..goods("g", 1, REDUCED) });
    w.put(ItemDraft { per_hundred: true, ..weighed("h", 1, REDUCED) });
}

proptest! {
    #[test]
    fn a_unit_price_is_never_off_by_more_than_half_a_cent(
        price in 0..1_000_000_000_i64,
        net in 10..=MAX_CONTENT,
        unit in 0..4_usize,
    ) {
        use ContentUnit as C;
        let (unit, reference) =
            [(C::Gram, 1_000), (C::Millilitre, 1_000), (C::Millimetre, 1_000), (C::SquareCentimetre, 10_000)][unit];
        let Some(found) = holding(net, unit).unit_price(Money::new(price)) else {
            prop_assert_eq!(net, reference);
            return Ok(());
        };
        // |found × net − price × reference| ≤ net / 2, without a fraction anywhere.
        let exact = i128::from(price) * i128::from(reference);
        let said = i128::from(found.amount.minor()) * i128::from(net);
        prop_assert!(2 * (said - exact).abs() <= i128::from(net));
        // What lies in the middle goes away from zero.
        prop_assert!(2 * (said - exact) > -i128::from(net));
    }
}
