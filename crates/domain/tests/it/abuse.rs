//! What people and machines may send that makes no sense: refused, never a panic, never a wrong sum.

use domain::command::{Denomination, DiscountValue};
use domain::{Amount, Command, LineNo, Refusal, ShopCommand, TillCommand};
use money::{Currency, Money, Quantity};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::catalogue::{BREAD, CHEESE, FOOD, FULL, GIFT, REDUCED, goods, weighed};
use crate::guards::every_till_command;
use crate::world::{MANAGER, TILL, World};

fn euros(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: Currency::EUR }
}

fn out(field: &str) -> Refusal {
    Refusal::OutOfLimits { field: field.to_owned() }
}

const LINE: LineNo = LineNo(1);
const BAD_QUANTITIES: [i64; 7] =
    [0, -1, -1_000, i64::MIN, i64::MAX, 100_000_000, 2_147_483_648_000];
const BAD_AMOUNTS: [i64; 5] = [-1, i64::MIN, i64::MAX, 1_000_000_001, i64::MIN + 1];
const BAD_TEXTS: [&str; 14] = [
    "",
    "  ",
    "a\0b",
    "a\nb",
    "\u{1b}[2J",
    "\u{7f}",
    "\u{85}",
    "\u{202e}evil",
    "\u{200f}",
    "\u{2069}",
    "\u{61c}",
    "\u{2028}",
    "\u{2029}",
    "tab\there",
];

/// A basket with a line, and the manager at the till: only the limits can say no.
fn ready() -> World {
    let mut w = World::managed();
    w.add(BREAD, 1_000);
    w
}

#[test]
fn quantities_outside_their_limits() {
    let mut w = ready();
    let receipt = crate::world::receipt_no(1);
    for quantity in BAD_QUANTITIES.map(Quantity::new) {
        let some = Some(quantity);
        for command in [
            TillCommand::AddItem { item: BREAD, quantity: some, price: None },
            TillCommand::Scan { code: "BEER".to_owned(), quantity: some, price: None },
            TillCommand::SellUnknown {
                code: None,
                group: FOOD,
                price: euros(1),
                quantity: some,
                name: None,
            },
            TillCommand::ChangeQuantity { line: LINE, quantity },
            TillCommand::ReturnLine { receipt, line: LINE, quantity: some },
            TillCommand::ReturnWithoutReceipt {
                item: BREAD,
                quantity: some,
                price: None,
                reason: "x".to_owned(),
            },
        ] {
            assert_eq!(w.no(command), out("quantity"));
        }
    }
}

#[test]
fn amounts_outside_their_limits() {
    let mut w = ready();
    let reason = || "x".to_owned();
    for amount in BAD_AMOUNTS.map(euros) {
        let some = Some(amount);
        let discount = DiscountValue::Amount { amount };
        let cases = [
            (TillCommand::OpenDay { float: amount }, "float"),
            (TillCommand::AddItem { item: GIFT, quantity: None, price: some }, "price"),
            (TillCommand::Scan { code: "Gift".to_owned(), quantity: None, price: some }, "price"),
            (
                TillCommand::SellUnknown {
                    code: None,
                    group: FOOD,
                    price: amount,
                    quantity: None,
                    name: None,
                },
                "price",
            ),
            (TillCommand::OverridePrice { line: LINE, price: amount, reason: reason() }, "price"),
            (TillCommand::DiscountLine { line: LINE, discount, reason: reason() }, "discount"),
            (TillCommand::DiscountReceipt { discount, reason: reason() }, "discount"),
            (
                TillCommand::ReturnWithoutReceipt {
                    item: BREAD,
                    quantity: None,
                    price: some,
                    reason: reason(),
                },
                "price",
            ),
            (TillCommand::PayCash { tendered: some }, "tendered"),
            (TillCommand::PaidIn { amount, reason: reason(), purpose: None }, "amount"),
            (TillCommand::PaidOut { amount, reason: reason(), purpose: None }, "amount"),
            (TillCommand::Drop { amount, reason: reason() }, "amount"),
        ];
        for (command, field) in cases {
            assert_eq!(w.no(command), out(field));
        }
    }
}

#[test]
fn nothing_is_no_discount_and_no_cash_movement() {
    let mut w = ready();
    let reason = || "x".to_owned();
    let amount = euros(0);
    for discount in [
        DiscountValue::Amount { amount },
        DiscountValue::Percent { basis_points: 0 },
        DiscountValue::Percent { basis_points: 10_001 },
        DiscountValue::Percent { basis_points: u16::MAX },
    ] {
        let line = TillCommand::DiscountLine { line: LINE, discount, reason: reason() };
        assert_eq!(w.no(line), out("discount"));
        assert_eq!(
            w.no(TillCommand::DiscountReceipt { discount, reason: reason() }),
            out("discount")
        );
    }
    for command in [
        TillCommand::PaidIn { amount, reason: reason(), purpose: None },
        TillCommand::PaidOut { amount, reason: reason(), purpose: None },
        TillCommand::Drop { amount, reason: reason() },
    ] {
        assert_eq!(w.no(command), out("amount"));
    }
    assert_eq!(w.no(TillCommand::ConfirmAge { age: 121 }), out("age"));
}

#[test]
fn a_count_of_nonsense_is_refused() {
    let mut w = ready();
    let piece = |value, pieces| Denomination { value, pieces };
    for pieces in [
        vec![piece(0, 1)],
        vec![piece(-1, 1)],
        vec![piece(1_000_000_001, 1)],
        vec![piece(i64::MAX, u32::MAX)],
        vec![piece(1, 100_001)],
        vec![piece(1, 1); 101],
    ] {
        assert_eq!(w.no(TillCommand::CountDrawer { pieces, foreign: Vec::new() }), out("pieces"));
    }
    w.ok(TillCommand::CountDrawer {
        pieces: vec![piece(1_000_000_000, 100_000); 100],
        foreign: Vec::new(),
    });
}

/// The command with `text` in each of its texts; none when it has none.
fn with_text(command: TillCommand, text: &str) -> Option<TillCommand> {
    use TillCommand as C;
    let t = || text.to_owned();
    Some(match command {
        C::DiscountLine { line, discount, .. } => C::DiscountLine { line, discount, reason: t() },
        C::DiscountReceipt { discount, .. } => C::DiscountReceipt { discount, reason: t() },
        C::OverridePrice { line, price, .. } => C::OverridePrice { line, price, reason: t() },
        C::AbortBasket { .. } => C::AbortBasket { reason: Some(t()) },
        C::Park { .. } => C::Park { name: Some(t()) },
        C::ReturnWithoutReceipt { item, quantity, price, .. } => {
            C::ReturnWithoutReceipt { item, quantity, price, reason: t() }
        }
        C::PaidIn { amount, .. } => C::PaidIn { amount, reason: t(), purpose: None },
        C::PaidOut { amount, .. } => C::PaidOut { amount, reason: t(), purpose: None },
        C::Drop { amount, .. } => C::Drop { amount, reason: t() },
        C::NoSale { .. } => C::NoSale { reason: t() },
        C::SellUnknown { group, price, .. } => {
            C::SellUnknown { code: None, group, price, quantity: None, name: Some(t()) }
        }
        C::Note { line, .. } if !text.is_empty() => C::Note { line, text: t() },
        _ => return None,
    })
}

#[test]
fn control_and_direction_characters_in_every_text() {
    let mut w = ready();
    let mut tried = 0;
    let long = "x".repeat(201);
    for text in BAD_TEXTS.into_iter().chain([long.as_str()]) {
        for command in every_till_command() {
            if let Some(command) = with_text(command, text) {
                tried += 1;
                assert!(matches!(w.no(command), Refusal::BadText { .. }));
            }
        }
        let code = Some(text.to_owned());
        let coded = TillCommand::SellUnknown {
            code,
            group: FOOD,
            price: euros(1),
            quantity: None,
            name: None,
        };
        assert_eq!(w.no(coded), Refusal::BadText { field: "code".to_owned() });
    }
    assert_eq!(tried, 12 * 15 - 1, "eleven commands with a text, and notes that are not empty");
}

#[test]
fn scans_of_anything_leave_no_strange_characters_behind() {
    let mut w = ready();
    for text in BAD_TEXTS {
        let scan = TillCommand::Scan { code: format!("x{text}x"), quantity: None, price: None };
        let told = serde_json::to_string(&w.no(scan)).unwrap();
        for strange in ["\\u0000", "\\u001b", "\u{202e}", "\u{61c}", "\u{2028}", "\\n"] {
            assert!(!told.contains(strange), "{told:?}");
        }
    }
}

#[test]
fn the_largest_sale_is_still_a_sum() {
    let mut w = World::managed();
    let dear = w.put(goods("dear", 1_000_000_000, FULL));
    w.add(dear, 1_000);
    let more = TillCommand::ChangeQuantity { line: LINE, quantity: Quantity::new(2_000) };
    assert_eq!(w.no(more), out("price"));
    let again = TillCommand::AddItem { item: dear, quantity: Some(Quantity::ONE), price: None };
    assert_eq!(w.no(again), out("price"), "a line is at most 10⁹, its sum with the last too");
    let cheap = w.put(goods("cheap", 1, FULL));
    w.add(cheap, 99_999_000);
    assert_eq!(w.total(), 1_000_000_000 + 99_999);
    w.ok(TillCommand::PayCash { tendered: None });
    assert_eq!(w.drawer(), 1_000_110_000 - 1);
}

#[test]
fn tiny_weights_that_round_to_nothing_never_break_a_sum() {
    let mut w = World::open();
    let spice = w.put(weighed("spice", 100, REDUCED));
    for _ in 0..200 {
        w.add(spice, 4);
    }
    assert_eq!(w.total(), 0);
    w.add(spice, 5);
    let receipt = w.pay();
    assert_eq!(receipt.total.minor(), 1);
    w.ok(TillCommand::ReturnReceipt { receipt: crate::world::receipt_no(1) });
    assert_eq!(w.pay().total.minor(), -1);
}

#[test]
fn numbers_that_are_no_whole_minor_units_do_not_even_parse() {
    for amount in ["1.5", "1e309", "1e3", "NaN", "\"1\"", "9223372036854775808", "0.1", "null"] {
        let json =
            format!(r#"{{"type":"pay_cash","tendered":{{"amount":{amount},"currency":"EUR"}}}}"#);
        assert!(serde_json::from_str::<TillCommand>(&json).is_err(), "{amount}");
    }
    for json in [
        r#"{"type":"pay_cash","tendered":{"amount":1,"currency":"eur"}}"#,
        r#"{"type":"pay_cash","tendered":{"amount":1}}"#,
        r#"{"type":"pay_cash","tip":1}"#,
        r#"{"type":"sign_in","person":1}"#,
        r#"{"type":"confirm_age","age":256}"#,
        r#"{"type":"confirm_age","age":-1}"#,
        r#"{"type":"void_line","line":65536}"#,
        r#"{"type":"nothing"}"#,
    ] {
        assert!(serde_json::from_str::<TillCommand>(json).is_err(), "{json}");
    }
    for json in [
        r#"{"type":"set_credential","person":1,"kind":"pin","hash":"x"}"#,
        r#"{"type":"office_sign_in","person":1}"#,
        r#"{"type":"finish_import","import":1}"#,
    ] {
        assert!(serde_json::from_str::<ShopCommand>(json).is_err(), "{json}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: RngSeed::Fixed(24), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_number_anywhere_is_an_answer(
        a in any::<i64>(), b in any::<i64>(), line in any::<u16>(), share in any::<u16>(),
        text in any::<String>(), currency in prop::sample::select(vec![Currency::EUR, Currency::CHF]),
    ) {
        let mut w = ready();
        w.add(CHEESE, 486);
        let (quantity, price) = (Quantity::new(a), Amount { amount: Money::new(b), currency });
        let (line, some, discount) = (LineNo(line % 4), Some(price), DiscountValue::Percent { basis_points: share });
        let commands = [
            TillCommand::ChangeQuantity { line, quantity },
            TillCommand::OverridePrice { line, price, reason: text.clone() },
            TillCommand::AddItem { item: GIFT, quantity: Some(quantity), price: some },
            TillCommand::Scan { code: text.clone(), quantity: Some(quantity), price: some },
            TillCommand::DiscountLine { line, discount, reason: text.clone() },
            TillCommand::DiscountReceipt { discount: DiscountValue::Amount { amount: price }, reason: text.clone() },
            TillCommand::Note { line: Some(line), text },
            TillCommand::PayCash { tendered: some },
        ];
        for command in commands {
            let _ = w.run(Some(MANAGER), Command::Till(TILL, command));
        }
        if w.state.tills[&TILL].active.is_some() {
            prop_assert!(w.total() >= 0);
        }
    }
}
