//! What a scan leads to.

use domain::catalogue::{ItemDraft, Unit};
use domain::{Amount, LineNo, Refusal, TillCommand};
use money::{Currency, Money, Quantity};

use crate::catalogue::{BEER, CHEESE, FULL, JUICE, REDUCED, code, goods};
use crate::world::{World, line_totals};

fn scan(code: &str) -> TillCommand {
    times(code, None)
}

fn times(code: &str, quantity: Option<i64>) -> TillCommand {
    TillCommand::Scan { code: code.to_owned(), quantity: quantity.map(Quantity::new), price: None }
}

/// An in-store code of GS1 Germany: prefix, item, inner check digit, value, check digit.
fn label(prefix: &str, item: &str, value: &str) -> String {
    let inner = gs1::field_check_5(value).unwrap();
    let body = format!("{prefix}{item}{inner}{value}");
    let check = gs1::check_digit(&body).unwrap();
    format!("{body}{check}")
}

#[test]
fn the_same_article_in_all_its_writings() {
    let mut w = World::open();
    for code in [
        "4006381333931",
        " 4006381333931\r\n",
        "04006381333931",
        "]E04006381333931",
        "]d20104006381333931",
    ] {
        w.ok(scan(code));
        // Five packs, not one whose two symbols are read at once.
        w.pass(1);
    }
    assert_eq!(w.lines()[0].item, Some(JUICE));
    assert_eq!(w.lines()[0].quantity, Quantity::new(5_000));
}

#[test]
fn the_item_number_is_found_where_no_code_is() {
    let mut w = World::open();
    w.ok(scan("Butter"));
    assert_eq!(line_totals(w.lines()), [299]);
}

#[test]
fn a_quantity_before_the_scan_counts() {
    let mut w = World::open();
    w.ok(times("4006381333931", Some(3_000)));
    assert_eq!(line_totals(w.lines()), [447, 45]);
}

#[test]
fn a_misread_code_is_told_from_an_unknown_one() {
    let mut w = World::open();
    let scanned = "4006381333932".to_owned();
    assert_eq!(w.no(scan("4006381333932")), Refusal::CheckDigit { scanned });
    let scanned = "4012345678901".to_owned();
    assert_eq!(w.no(scan("4012345678901")), Refusal::UnknownCode { scanned });
    let scanned = "no such thing".to_owned();
    assert_eq!(w.no(scan("no such thing")), Refusal::UnknownCode { scanned });
}

#[test]
fn a_shops_own_code_may_look_misread() {
    let mut w = World::open();
    let own =
        ItemDraft { codes: vec![code("4006381333932", 1_000, None)], ..goods("own", 77, FULL) };
    w.put(own);
    w.ok(scan("4006381333932"));
    assert_eq!(line_totals(w.lines()), [77]);
}

#[test]
fn what_is_no_code_is_refused() {
    let mut w = World::open();
    for code in ["", "   ", "\r\n"] {
        assert_eq!(w.no(scan(code)), Refusal::NoCode, "{code:?}");
    }
    assert_eq!(w.no(scan(&"9".repeat(401))), Refusal::NoCode);
}

#[test]
fn card_data_is_dropped_and_never_repeated() {
    let mut w = World::open();
    let track =
        "%B4111111111111111^DOE/JOHN^29121010000000000000?;4111111111111111=29121010000000000?";
    assert_eq!(w.no(scan(track)), Refusal::CardData);
}

#[test]
fn a_weight_label_is_one_line_each_and_fixed() {
    let mut w = World::open();
    let label = label("28", "0001", "00486");
    w.ok(scan(&label));
    w.ok(scan(&label));
    assert_eq!(line_totals(w.lines()), [136, 136]);
    let line = &w.lines()[0];
    assert_eq!((line.item, line.unit, line.labelled), (Some(CHEESE), Unit::Kilogram, true));
    assert!(!line.hand_weighed);
    let change = TillCommand::ChangeQuantity { line: LineNo(1), quantity: Quantity::ONE };
    assert_eq!(w.no(change), Refusal::LineFixed { line: LineNo(1) });
}

#[test]
fn a_price_label_holds_as_printed() {
    let mut w = World::managed();
    let label = label("22", "0001", "01999");
    w.ok(scan(&label));
    let line = w.lines()[0].clone();
    assert_eq!((line.price.minor(), line.quantity, line.unit), (1_999, Quantity::ONE, Unit::Piece));
    let price = Amount { amount: Money::new(1), currency: Currency::EUR };
    let command = TillCommand::OverridePrice { line: LineNo(1), price, reason: "why".to_owned() };
    assert_eq!(w.no(command), Refusal::LineFixed { line: LineNo(1) });
    assert_eq!(w.no(times(&label, Some(500))), Refusal::WholePieces, "half a label is no goods");
    w.ok(times(&label, Some(2_000)));
    assert_eq!(w.total(), 3 * 1_999);
    w.pay();
    assert_eq!(w.stock(CHEESE), -3 * 7_165, "19.99 at 2.79 the kilogram are 7.165 kg");
    w.ok(TillCommand::ReturnReceipt { receipt: crate::world::receipt_no(1) });
    w.pay();
    assert_eq!(w.stock(CHEESE), 0);
}

#[test]
fn a_label_with_a_wrong_inner_digit_was_misread() {
    let mut w = World::open();
    let inner = gs1::field_check_5("00486").unwrap().to_string();
    let wrong = if inner == "0" { "1" } else { "0" };
    let body = format!("280001{wrong}00486");
    let read = format!("{body}{}", gs1::check_digit(&body).unwrap());
    assert_eq!(w.no(scan(&read)), Refusal::CheckDigit { scanned: read });
}

#[test]
fn a_count_label_says_how_many() {
    let mut w = World::open();
    w.put(ItemDraft { codes: vec![code("0007", 1_000, None)], ..goods("Eggs", 30, REDUCED) });
    w.ok(scan(&label("25", "0007", "00010")));
    assert_eq!(line_totals(w.lines()), [300]);
}

#[test]
fn a_deposit_slip_is_paid_out() {
    let mut w = World::open();
    let slip = ItemDraft {
        codes: vec![code("0009", 1_000, None)],
        refund: true,
        open_price: true,
        prices: Vec::new(),
        discountable: false,
        stocked: false,
        ..goods("Slip", 0, REDUCED)
    };
    w.put(slip);
    w.ok(scan(&label("21", "0009", "00325")));
    assert_eq!(line_totals(w.lines()), [-325]);
    w.pay();
    assert_eq!(w.drawer(), 10_000 - 325);
    w.ok(scan(&label("21", "0009", "02500")));
    let permission = domain::Permission::PayOutDeposit;
    let over = Refusal::LimitExceeded { permission };
    assert_eq!(w.no(scan(&label("21", "0009", "00001"))), over);
}

#[test]
fn packs_have_their_own_price_or_that_of_their_pieces() {
    let mut w = World::open();
    w.ok(scan("BEER6"));
    w.ok(scan("BEER6"));
    w.ok(scan("BEER20"));
    w.ok(scan("BEER"));
    assert_eq!(line_totals(w.lines()), [1_098, 180, 1_980, 300, 99, 15]);
    w.ok(TillCommand::ConfirmAge { age: 16 });
    w.pay();
    assert_eq!(w.stock(BEER), -(12 + 20 + 1) * 1_000);
}

fn expired(on: &str) -> Refusal {
    Refusal::Expired { name: "Juice".to_owned(), on: on.parse().ok() }
}

#[test]
fn goods_past_their_use_by_date_are_not_sold() {
    let mut w = World::open();
    let of = |date: &str| format!("]d2010400638133393117{date}");
    assert_eq!(w.no(scan(&of("261122"))), expired("2026-11-22"));
    w.ok(scan(&of("261123")));
    w.ok(scan(&of("261200")));
    let juices = w.lines().iter().filter(|line| line.item == Some(JUICE)).count();
    assert_eq!(juices, 2, "two dates are two lines");
    // Late in the evening it is the next day here already.
    w.now = "2026-11-23T23:30:00Z".parse().unwrap();
    assert_eq!(w.no(scan(&of("261123"))), expired("2026-11-23"));
}

#[test]
fn the_weight_in_a_gs1_code_is_the_weight_of_the_goods() {
    let mut w = World::open();
    w.change(CHEESE, |draft| draft.codes.push(code("9521234543213", 1_000, None)));
    w.ok(scan("]e001095212345432133103000486"));
    assert_eq!(line_totals(w.lines()), [136]);
    assert!(w.lines()[0].labelled);
}

#[test]
fn the_weight_of_goods_sold_by_the_piece_is_not_their_number() {
    let mut w = World::open();
    for weight in ["000486", "002000"] {
        w.ok(scan(&format!("]e001040063813339313103{weight}")));
    }
    assert_eq!(w.lines()[0].quantity, Quantity::new(2_000));
    assert_eq!(line_totals(w.lines()), [298, 30]);
}

#[test]
fn a_price_label_without_a_price_by_weight_moves_no_stock() {
    let mut w = World::open();
    w.change(CHEESE, |draft| draft.prices[0].from = Some("2027-01-01T00:00:00".parse().unwrap()));
    w.ok(scan(&label("22", "0001", "01999")));
    let line = &w.lines()[0];
    assert_eq!((line.pack, line.stocked), (None, false));
    w.pay();
    assert_eq!(w.stock(CHEESE), 0);
}

/// Cheese whose packs say what they weigh and cost.
fn cheese_packs(settings: impl FnOnce(&mut domain::Settings)) -> World {
    let mut w = World::open_with(settings);
    w.change(CHEESE, |draft| draft.codes.push(code("9521234543213", 1_000, None)));
    w
}

#[test]
fn the_price_in_a_gs1_code_holds_as_printed() {
    let mut w = cheese_packs(|_| ());
    for price in ["3922649", "3920 6", "39329780649"] {
        w.ok(scan(&format!("]e00109521234543213{}", price.replace(' ', ""))));
    }
    assert_eq!(line_totals(w.lines()), [649, 600, 649]);
    let line = &w.lines()[0];
    assert_eq!((line.quantity, line.unit, line.labelled), (Quantity::ONE, Unit::Piece, true));
    // With the weight beside it the stock moves by it, whatever the price of the kilogram says.
    w.ok(scan("]e0010952123454321331030004863922649"));
    assert_eq!(w.lines()[3].pack, Some(Quantity::new(486)));
    assert_eq!(line_totals(w.lines())[3], 649);
    w.pay();
    // 6.49 and 6.00 at 2.79 the kilogram, twice and once, and what the last label says.
    assert_eq!(w.stock(CHEESE), -(2 * 2_326 + 2_151 + 486));
}

#[test]
fn a_price_that_is_not_the_shops_is_no_price_and_the_goods_are_sold_at_their_own() {
    let weighs = "]e001095212345432133103000486";
    for label in ["39327560649", "39239999", "3922000", "39328400649"] {
        let mut w = cheese_packs(|_| ());
        w.ok(scan(&format!("{weighs}{label}")));
        assert_eq!(line_totals(w.lines()), [136], "{label}");
    }
    let mut w = cheese_packs(|settings| settings.currency = Currency::CHF);
    w.ok(scan(&format!("{weighs}39327560649")));
    w.ok(scan(&format!("{weighs}39329780649")));
    assert_eq!(line_totals(w.lines()), [649, 136]);
    // Without a weight the till asks for it.
    let mut w = cheese_packs(|_| ());
    let needed = Refusal::WeightNeeded { item: CHEESE, name: "Cheese".to_owned() };
    assert_eq!(w.no(scan("]e0010952123454321339327560649")), needed);
}

#[test]
fn nobody_makes_a_price_by_sticking_a_code_on_goods_of_a_fixed_price() {
    let mut w = World::open();
    w.ok(scan("]e001040063813339313922001"));
    assert_eq!(line_totals(w.lines()), [149, 15]);
}

/// A slip of a machine that numbers them: its session, and what it pays out.
fn numbered_slip(session: u64, refund: u32) -> String {
    format!("980{session:017}{refund:05}123")
}

fn with_slips() -> World {
    let mut w = World::managed();
    w.put(ItemDraft {
        codes: vec![code("980", 1_000, None)],
        refund: true,
        open_price: true,
        prices: Vec::new(),
        discountable: false,
        stocked: false,
        ..goods("Slip", 0, REDUCED)
    });
    w
}

#[test]
fn a_numbered_deposit_slip_is_paid_out_once() {
    let mut w = with_slips();
    let slip = numbered_slip(7, 325);
    // Whatever is typed before it, one slip is one payment.
    w.ok(times(&slip, Some(3_000)));
    assert_eq!(line_totals(w.lines()), [-325]);
    assert_eq!(w.no(scan(&slip)), Refusal::SlipRedeemed { receipt: None });
    w.ok(scan(&numbered_slip(8, 325)));
    assert_eq!(line_totals(w.lines()), [-325, -325], "another slip of the same amount");
    // At another till neither, nor while the basket is parked.
    let other = crate::world::OTHER_TILL;
    assert_eq!(w.no_at(other, scan(&slip)), Refusal::SlipRedeemed { receipt: None });
    w.ok(TillCommand::Park { name: None });
    assert_eq!(w.no(scan(&slip)), Refusal::SlipRedeemed { receipt: None });
    w.ok(TillCommand::Recall { basket: domain::BasketId(1) });
    w.pay();
    let receipt = Some(crate::world::receipt_no(1));
    let redeemed = Refusal::SlipRedeemed { receipt };
    assert_eq!(w.no(scan(&slip)), redeemed);
    assert_eq!(w.no_at(other, scan(&slip)), redeemed);
    let unknown = TillCommand::SellUnknown {
        code: Some(slip),
        group: domain::GroupId(1),
        price: w.amount(1),
        quantity: None,
        name: None,
    };
    assert_eq!(w.no(unknown), redeemed);
    assert_eq!(w.drawer(), 10_000 - 650);
    assert!(redeemed.is_recorded() && !redeemed.can_be_approved());
}

#[test]
fn a_slip_that_was_not_paid_out_after_all_is_good() {
    let mut w = with_slips();
    let slip = numbered_slip(7, 325);
    w.ok(scan(&slip));
    w.ok(TillCommand::VoidLine { line: LineNo(1) });
    w.ok(scan(&slip));
    w.ok(TillCommand::AbortBasket { reason: None });
    // What was trained with paid nothing out.
    w.ok(TillCommand::Training { on: true });
    w.ok(scan(&slip));
    w.pay();
    w.ok(TillCommand::Training { on: false });
    w.ok(scan(&slip));
    w.pay();
    assert_eq!(
        w.no(scan(&slip)),
        Refusal::SlipRedeemed { receipt: Some(crate::world::receipt_no(1)) }
    );
}

#[test]
fn a_numbered_slip_needs_an_item_to_be_paid_out_as() {
    let mut w = World::open();
    let slip = numbered_slip(7, 325);
    assert_eq!(w.no(scan(&slip)), Refusal::UnknownCode { scanned: slip });
}
