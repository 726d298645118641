//! What a label or a typed price says about goods, and what it does not.

use domain::catalogue::{ItemDraft, Unit};
use domain::{Amount, Refusal, TillCommand};
use money::{Currency, Money, Quantity};

use crate::catalogue::{GIFT, JUICE, REDUCED, code, goods};
use crate::world::{World, line_totals};

fn scan(code: &str) -> TillCommand {
    TillCommand::Scan { code: code.to_owned(), quantity: None, price: None }
}

/// An in-store code of GS1 Germany: prefix, item, inner check digit, value, check digit.
fn label(prefix: &str, item: &str, value: &str) -> String {
    let inner = gs1::field_check_5(value).unwrap();
    let body = format!("{prefix}{item}{inner}{value}");
    format!("{body}{}", gs1::check_digit(&body).unwrap())
}

#[test]
fn goods_of_no_fixed_price_are_scanned_at_the_price_that_was_typed_before() {
    let mut w = World::open();
    let price = Some(Amount { amount: Money::new(777), currency: Currency::EUR });
    w.ok(TillCommand::Scan { code: "Gift".to_owned(), quantity: None, price });
    assert_eq!(line_totals(w.lines()), [777]);
}

#[test]
fn a_printed_price_holds_for_goods_whose_price_is_typed_in_otherwise() {
    let mut w = World::open();
    w.change(GIFT, |draft| draft.codes = vec![code("9521234543213", 1_000, None)]);
    w.ok(scan("]e001095212345432133922649"));
    assert_eq!(line_totals(w.lines()), [649]);
}

#[test]
fn the_weight_on_a_shops_own_label_is_not_the_number_of_pieces() {
    let mut w = World::open();
    w.change(JUICE, |draft| draft.codes = vec![code("0002", 1_000, None)]);
    w.ok(scan(&label("28", "0002", "02000")));
    assert_eq!(line_totals(w.lines()), [149, 15]);
}

#[test]
fn goods_by_the_kilogram_weigh_what_their_label_says_though_no_scale_is_asked() {
    let mut w = World::open();
    let codes = vec![code("0008", 1_000, None)];
    w.put(ItemDraft { unit: Unit::Kilogram, codes, ..goods("sand", 1_000, REDUCED) });
    w.ok(scan(&label("28", "0008", "00486")));
    assert_eq!((w.total(), w.lines()[0].quantity), (486, Quantity::new(486)));
}

#[test]
fn a_deposit_slip_pays_out_though_its_item_does_not_say_so() {
    let mut w = World::open();
    let slip = |name: &str, key: &str| ItemDraft {
        codes: vec![code(key, 1_000, None)],
        open_price: true,
        prices: Vec::new(),
        ..goods(name, 0, REDUCED)
    };
    w.put(slip("slip", "0009"));
    w.put(slip("numbered slip", "980"));
    w.ok(scan(&label("21", "0009", "00325")));
    w.ok(scan("9800000000000000000700325123"));
    assert_eq!(line_totals(w.lines()), [-325, -325]);
}

#[test]
fn a_web_address_is_read_up_to_its_limit() {
    let mut w = World::open();
    let address = |chars: usize| format!("{:x<chars$}", "https://shop.example/");
    let scanned = address(400);
    assert_eq!(w.no(scan(&scanned)), Refusal::UnknownCode { scanned });
    assert_eq!(w.no(scan(&address(401))), Refusal::NoCode);
    assert_eq!(w.no(scan(&address(900))), Refusal::NoCode);
}

#[test]
fn whoever_searches_finds_without_accents_capitals_and_the_sharp_s() {
    for (written, typed) in [
        ("Müsli", "musli"),
        ("Crème fraîche", "creme fraiche"),
        ("STRAẞE", "strasse"),
        ("Weißbier", "weissbier"),
        ("Smørrebrød", "smorrebrod"),
        ("Æbleskiver", "aebleskiver"),
        ("Łódź", "lodz"),
        ("ﬁne ½", "fine 1⁄2"),
    ] {
        assert_eq!(domain::catalogue::fold(written), typed);
    }
}
