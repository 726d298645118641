//! Coupons of the shop's own: what they take off, when they are refused, and that a paper is taken once.

use domain::basket::DiscountOrigin;
use domain::command::DiscountValue;
use domain::coupon::{Coupon, CouponFault, CouponGoods, CouponTaken, CouponValue};
use domain::receipt::Receipt;
use domain::{BasketId, CouponId, Event, LineNo, Refusal, Settings, ShopCommand, TillCommand};
use money::Money;

use crate::catalogue::{BOOK, BREAD, BUTTER, CHEESE, DEPOSIT, FOOD, JUICE, LAMP, MENU};
use crate::world::{MANAGER, OTHER_TILL, World, receipt_no};

const EAN: &str = "9900000000011";

fn percent(code: &str, basis_points: u16) -> Coupon {
    Coupon {
        id: CouponId(1),
        name: "Summer".to_owned(),
        code: code.to_owned(),
        value: CouponValue::Percent { basis_points },
        goods: CouponGoods::Everything,
        from: None,
        until: None,
        minimum_value: None,
        per_receipt: 1,
        once: false,
        ended: false,
    }
}

fn off(code: &str, minor: i64) -> Coupon {
    Coupon { value: CouponValue::Amount { amount: Money::new(minor) }, ..percent(code, 1) }
}

fn with(coupons: &[Coupon]) -> World {
    let numbered: Vec<Coupon> = coupons
        .iter()
        .zip(1..)
        .map(|(coupon, id)| Coupon { id: CouponId(id), ..coupon.clone() })
        .collect();
    World::open_with(|settings| settings.coupons = numbered)
}

fn scan(code: &str) -> TillCommand {
    TillCommand::Scan { code: code.to_owned(), quantity: None, price: None }
}

fn fault(w: &mut World, code: &str) -> CouponFault {
    match w.no(scan(code)) {
        Refusal::CouponNotTaken { name, fault } => {
            assert_eq!(name, "Summer");
            fault
        }
        other => panic!("{other:?}"),
    }
}

fn offs(receipt: &Receipt) -> Vec<i64> {
    receipt.lines.iter().map(|l| l.base.minor() - l.total().minor()).collect()
}

#[test]
fn a_coupon_takes_its_share_off_all_that_takes_discounts_and_is_named_on_the_receipt() {
    let mut w = with(&[percent(EAN, 1_000)]);
    w.add(BREAD, 1_000);
    w.add(JUICE, 1_000);
    w.add(BOOK, 1_000);
    w.add(LAMP, 1_000);
    w.ok(scan(EAN));
    let receipt = w.pay();
    // Bread 5.40, juice 1.49 with 0.15 deposit, a price-bound book, a lamp for 18.90: 10 % of 25.79.
    assert_eq!(offs(&receipt), [54, 15, 0, 0, 189]);
    assert_eq!(
        (receipt.total.minor(), receipt.saved.minor()),
        (540 + 149 + 15 + 1_299 + 1_890 - 258, 258)
    );
    let [coupon] = &receipt.coupons[..] else { panic!("{:?}", receipt.coupons) };
    assert_eq!((coupon.name.as_str(), coupon.amount.minor()), ("Summer", 258));
    let origin = DiscountOrigin::Coupon { id: CouponId(1), name: "Summer".to_owned() };
    assert_eq!(receipt.lines[0].discounts[0].origin, origin);
    // Each rate is taxed by what was asked: 17.01 at 19 %, the rest at 7 %.
    let rows: Vec<_> =
        receipt.tax.iter().map(|r| (r.key, r.gross.minor(), r.tax.minor())).collect();
    assert_eq!(rows, [(1, 1_701, 272), (2, 486 + 134 + 15 + 1_299, 127)]);
}

#[test]
fn a_coupon_for_some_goods_leaves_the_others_alone() {
    let group = Coupon { goods: CouponGoods::Group { group: FOOD }, ..off("FOOD", 100) };
    let item = Coupon { goods: CouponGoods::Item { item: LAMP }, ..percent("LAMP", 5_000) };
    let mut w = with(&[group, item]);
    w.add(BREAD, 1_000);
    w.add(BUTTER, 1_000);
    assert_eq!(fault(&mut w, "LAMP"), CouponFault::NotForGoods);
    w.add(LAMP, 1_000);
    w.ok(scan("LAMP"));
    w.ok(scan("FOOD"));
    let receipt = w.pay();
    assert_eq!(offs(&receipt), [64, 36, 945]);
    assert_eq!(receipt.coupons.iter().map(|c| c.amount.minor()).collect::<Vec<_>>(), [945, 100]);
}

#[test]
fn an_amount_takes_no_more_than_the_goods_cost() {
    let mut w = with(&[off("ALL", 10_000)]);
    w.add(BREAD, 1_000);
    w.ok(scan("ALL"));
    assert_eq!(w.total(), 0);
    let receipt = w.pay();
    assert_eq!((receipt.total.minor(), receipt.coupons[0].amount.minor()), (0, 540));
}

#[test]
fn a_coupon_comes_after_discounts_by_hand_and_after_the_coupon_before() {
    let mut w = World::managed();
    let mut settings = Settings::clone(w.state.settings.as_ref().unwrap());
    let second = Coupon { id: CouponId(2), ..off("SECOND", 100) };
    settings.coupons = vec![percent("FIRST", 5_000), second];
    w.office(ShopCommand::Configure { settings: Box::new(settings) });
    w.add(BREAD, 1_000);
    let discount = DiscountValue::Percent { basis_points: 1_000 };
    w.ok(TillCommand::DiscountReceipt { discount, reason: "why".to_owned() });
    w.ok(scan("FIRST"));
    w.ok(scan("SECOND"));
    // 5.40 less 10 % is 4.86; half of it is 2.43; less 1.00.
    assert_eq!(w.total(), 143);
}

#[test]
fn a_coupon_is_refused_with_its_reason() {
    let dated = |from: Option<&str>, until: Option<&str>, code: &str| Coupon {
        from: from.map(|t| t.parse().unwrap()),
        until: until.map(|t| t.parse().unwrap()),
        ..percent(code, 1_000)
    };
    let minimum_value = Some(Money::new(1_000));
    let mut w = with(&[
        dated(Some("2026-11-23T10:00:00"), Some("2026-11-24T00:00:00"), "NOW"),
        dated(Some("2026-11-23T10:01:00"), None, "LATER"),
        dated(None, Some("2026-11-23T10:00:00"), "GONE"),
        Coupon { ended: true, ..percent("ENDED", 1_000) },
        Coupon { once: true, ..percent("ONCE", 1_000) },
        Coupon { minimum_value, ..percent("TEN", 1_000) },
        Coupon { goods: CouponGoods::Item { item: LAMP }, ..percent("LAMP", 1_000) },
    ]);
    assert_eq!(fault(&mut w, "NOW"), CouponFault::NotForGoods, "nothing was scanned yet");
    w.add(BREAD, 1_000);
    w.ok(scan("now"));
    assert_eq!(fault(&mut w, "NOW"), CouponFault::Enough { per_receipt: 1 });
    let from = "2026-11-23T10:01:00".parse().unwrap();
    assert_eq!(fault(&mut w, "LATER"), CouponFault::NotYet { from });
    let until = "2026-11-23T10:00:00".parse().unwrap();
    assert_eq!(fault(&mut w, "GONE"), CouponFault::Expired { until });
    assert_eq!(fault(&mut w, "ENDED"), CouponFault::Ended);
    assert_eq!(fault(&mut w, "ONCE"), CouponFault::NoSerial);
    let minimum = w.amount(1_000);
    assert_eq!(fault(&mut w, "TEN"), CouponFault::Minimum { minimum });
    assert_eq!(fault(&mut w, "LAMP"), CouponFault::NotForGoods);
    let unknown = Refusal::UnknownCode { scanned: "WINTER".to_owned() };
    assert_eq!(w.no(scan("WINTER")), unknown);
    // A serial number says nothing where papers have none.
    let scanned = "TEN-1".to_owned();
    assert_eq!(w.no(scan("TEN-1")), Refusal::UnknownCode { scanned });
    w.ok(TillCommand::PayCash { tendered: Some(w.amount(100)) });
    assert_eq!(w.no(scan("LAMP")), Refusal::AlreadyPaying);
}

#[test]
fn a_minimum_is_held_against_the_goods_alone_and_again_when_some_go() {
    let coupon = Coupon { minimum_value: Some(Money::new(830)), once: true, ..off("TEN", 100) };
    let mut w = with(&[coupon]);
    // Six bottles with their deposit come to 9.84, without it to 8.94.
    w.add(JUICE, 5_000);
    let minimum = w.amount(830);
    assert_eq!(w.total(), 820);
    assert_eq!(fault(&mut w, "TEN-1"), CouponFault::Minimum { minimum });
    w.add(BUTTER, 1_000);
    w.ok(scan("TEN-1"));
    assert_eq!(w.total(), 1_019);
    w.ok(TillCommand::VoidLine { line: LineNo(3) });
    assert_eq!(w.total(), 820, "it takes nothing off any more");
    let receipt = w.pay();
    assert!(receipt.coupons.is_empty(), "and is not used up");
    w.add(LAMP, 1_000);
    w.ok(scan("TEN-1"));
    assert_eq!(w.pay().coupons[0].serial.as_deref(), Some("1"));
}

#[test]
fn a_paper_with_a_serial_number_is_taken_once() {
    let mut w = with(&[Coupon { once: true, per_receipt: 2, ..off("TREUE", 100) }]);
    w.add(LAMP, 1_000);
    w.ok(scan("TREUE-0007"));
    let redeemed = |receipt| CouponFault::Redeemed { receipt };
    assert_eq!(fault(&mut w, "treue-0007"), redeemed(None));
    w.ok(scan("TREUE-0008"));
    assert_eq!(w.total(), 1_690);
    // At another till neither, nor while the basket is parked, which keeps its coupons.
    let at_other = w.no_at(OTHER_TILL, scan("TREUE-0007"));
    assert!(matches!(&at_other, Refusal::CouponNotTaken { fault, .. } if *fault == redeemed(None)));
    w.ok(TillCommand::Park { name: None });
    assert_eq!(fault(&mut w, "TREUE-0007"), redeemed(None));
    w.ok(TillCommand::Recall { basket: BasketId(1) });
    assert_eq!(w.total(), 1_690);
    // Given back, it is good again.
    w.ok(TillCommand::GiveCouponBack { no: 1 });
    assert!(w.ok(TillCommand::GiveCouponBack { no: 1 }).is_empty());
    assert_eq!(w.total(), 1_790);
    w.ok(scan("TREUE-0007"));
    assert_eq!(w.restarted().baskets, w.state.baskets);
    w.pay();
    assert_eq!(fault(&mut w, "TREUE-0007"), redeemed(Some(receipt_no(1))));
    assert_eq!(fault(&mut w, "TREUE-0008"), redeemed(Some(receipt_no(1))));
    assert!(w.no(scan("TREUE-0008")).is_recorded());
    w.add(LAMP, 1_000);
    w.ok(scan("TREUE-0009"));
    w.ok(TillCommand::AbortBasket { reason: None });
    // What was trained with is not used up.
    w.sign_in(crate::world::TILL, MANAGER);
    w.ok(TillCommand::Training { on: true });
    w.add(LAMP, 1_000);
    w.ok(scan("TREUE-0009"));
    w.pay();
    w.ok(TillCommand::Training { on: false });
    w.add(LAMP, 1_000);
    w.ok(scan("TREUE-0009"));
    assert_eq!(w.pay().coupons.len(), 1);
}

#[test]
fn a_coupon_of_the_trade_is_known_by_its_number_and_its_serial() {
    let gcn = "9501101530003";
    let mut w = with(&[
        Coupon { once: true, per_receipt: 9, ..off(gcn, 100) },
        Coupon { ..off("0106141416543213150110ABCD", 50) },
    ]);
    w.add(LAMP, 1_000);
    assert_eq!(fault(&mut w, &format!("]C1255{gcn}")), CouponFault::NoSerial);
    w.ok(scan(&format!("]C1255{gcn}000017")));
    let again = fault(&mut w, &format!("]C1255{gcn}000017"));
    assert_eq!(again, CouponFault::Redeemed { receipt: None });
    w.ok(scan("]C181100106141416543213150110ABCD"));
    assert_eq!(w.total(), 1_740);
}

#[test]
fn goods_bought_with_a_coupon_give_back_what_was_paid_for_them() {
    let mut w = with(&[off("THREE", 100)]);
    w.add(BREAD, 3_000);
    w.add(MENU, 1_000);
    w.add(CHEESE, 1_000);
    w.ok(scan("THREE"));
    let sold = w.pay();
    assert_eq!(sold.total.minor(), 3 * 540 + 990 + 279 - 100);
    let back = |w: &mut World, line, quantity| {
        let (receipt, quantity) = (receipt_no(1), money::Quantity::new(quantity));
        w.ok(TillCommand::ReturnLine { receipt, line: LineNo(line), quantity: Some(quantity) });
        w.pay()
    };
    w.sign_in(crate::world::TILL, MANAGER);
    let paid_back: i64 = [(1, 1_000), (1, 2_000), (2, 1_000), (3, 1_000)]
        .into_iter()
        .map(|(line, quantity)| back(&mut w, line, quantity))
        .inspect(|returned| assert!(returned.coupons.is_empty()))
        .map(|returned| returned.total.minor())
        .sum();
    assert_eq!(paid_back, -sold.total.minor());
}

#[test]
fn what_somebody_who_works_here_takes_uses_up_no_coupon() {
    let mut w = World::managed();
    let mut settings = Settings::clone(w.state.settings.as_ref().unwrap());
    settings.coupons = vec![Coupon { once: true, ..off("TREUE", 100) }];
    w.office(ShopCommand::Configure { settings: Box::new(settings) });
    w.add(BREAD, 1_000);
    w.ok(scan("TREUE-1"));
    let events = w.ok(TillCommand::GiveBenefit { person: MANAGER, reason: "why".to_owned() });
    let [Event::BenefitGiven(given)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(given.total.minor(), 540);
    w.add(BREAD, 1_000);
    w.ok(scan("TREUE-1"));
}

#[test]
fn settings_with_a_coupon_that_cannot_be_are_refused() {
    let mut w = World::managed();
    let mut problem = |coupons: Vec<Coupon>| {
        let mut settings = Settings::clone(w.state.settings.as_ref().unwrap());
        settings.coupons = coupons;
        let command = ShopCommand::Configure { settings: Box::new(settings) };
        match w.office_no(MANAGER, command) {
            Refusal::BadSettings { problem } => problem,
            other => panic!("{other:?}"),
        }
    };
    let second = |code: &str| Coupon { id: CouponId(2), ..percent(code, 1_000) };
    let dated = |from: &str, until: &str| Coupon {
        from: from.parse().ok(),
        until: until.parse().ok(),
        ..percent("A", 1_000)
    };
    let none = Some(Money::new(-1));
    for bad in [
        vec![percent("A", 0)],
        vec![percent("A", 10_001)],
        vec![off("A", 0)],
        vec![off("A", 1_000_000_001)],
        vec![Coupon { per_receipt: 0, ..percent("A", 1) }],
        vec![Coupon { per_receipt: 100, ..percent("A", 1) }],
        vec![Coupon { minimum_value: none, ..percent("A", 1) }],
        vec![percent("A", 1), percent("B", 1)],
        vec![dated("2026-11-23T00:00:00", "2026-11-23T00:00:00")],
    ] {
        assert_eq!(problem(bad), "coupon");
    }
    assert_eq!(problem(vec![percent("A", 1), second("a")]), "coupon_code");
    assert_eq!(problem(vec![percent(" A", 1)]), "coupon_code");
    let voucher = crate::world::code_of(1).grouped();
    assert_eq!(problem(vec![percent(&voucher, 1)]), "coupon_code");
    let group = CouponGoods::Group { group: domain::GroupId(99) };
    assert_eq!(problem(vec![Coupon { goods: group, ..percent("A", 1) }]), "coupon_group");
    for goods in ["4006381333931", "BEER6", "Bread"] {
        assert_eq!(problem(vec![percent(goods, 1)]), "coupon_item", "{goods}");
    }
}

#[test]
fn goods_that_get_the_code_of_a_coupon_are_sold() {
    let mut w = World::managed();
    let mut settings = Settings::clone(w.state.settings.as_ref().unwrap());
    settings.coupons = vec![percent("NEW", 1_000)];
    w.office(ShopCommand::Configure { settings: Box::new(settings) });
    w.put(domain::catalogue::ItemDraft {
        codes: vec![crate::catalogue::code("NEW", 1_000, None)],
        ..crate::catalogue::goods("New", 100, crate::catalogue::FULL)
    });
    w.ok(scan("NEW"));
    assert_eq!((w.lines().len(), w.total()), (1, 100));
    // What is kept of the shop is changed all the same.
    let mut settings = Settings::clone(w.state.settings.as_ref().unwrap());
    settings.coupons[0].ended = true;
    w.office(ShopCommand::Configure { settings: Box::new(settings) });
    assert_eq!(w.lines()[0].item.map(|i| i == DEPOSIT), Some(false));
}

/// One event of every kind that is about coupons, for the snapshot of their forms.
pub(crate) fn every_event() -> Vec<Event> {
    vec![Event::CouponTaken(CouponTaken {
        basket: BasketId(1),
        no: 1,
        coupon: Some(Box::new(percent(EAN, 1_000))),
        serial: None,
    })]
}

/// One refusal of a coupon, for the snapshot of their forms.
pub(crate) fn refusal() -> Refusal {
    let fault = CouponFault::Redeemed { receipt: Some(receipt_no(3)) };
    Refusal::CouponNotTaken { name: "Summer".to_owned(), fault }
}
