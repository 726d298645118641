//! Goods that the till's scale weighs.

use domain::decide::to_weigh;
use domain::peripheral::{
    DisplayDialect, DisplaySettings, Peripheral, PeripheralKind, ScaleProtocol, ScaleSettings,
};
use domain::settings::Settings;
use domain::weighing::{ToWeigh, Weighed};
use domain::{Context, LineNo, Refusal, ShopCommand, TillCommand};
use money::{Money, Quantity};

use crate::catalogue::{BREAD, CHEESE, settings};
use crate::world::{CASHIER, MANAGER, OTHER_TILL, TILL, World, line_totals};

const AT: &str = "10.0.0.7:4001";

fn scale(protocol: ScaleProtocol) -> Peripheral {
    let least = (!protocol.computes_price()).then_some(100);
    let device = PeripheralKind::Scale(ScaleSettings { protocol, line: None, least });
    Peripheral { at: AT.to_owned(), name: "Scale".to_owned(), device }
}

fn with_scale(settings: &mut Settings) {
    settings.peripherals = vec![scale(ScaleProtocol::Dialog04)];
    settings.tills[0].scale = Some(AT.to_owned());
}

fn tap(quantity: Option<i64>) -> TillCommand {
    TillCommand::AddItem { item: CHEESE, quantity: quantity.map(Quantity::new), price: None }
}

fn ask(w: &World, till: domain::TillId, command: &TillCommand) -> Option<ToWeigh> {
    let context = Context {
        state: &w.state,
        facts: &w.book,
        now: w.now,
        person: Some(CASHIER),
        approver: None,
        name: None,
        voucher: None,
        fresh: &[],
        random: [0; 8],
    };
    to_weigh(context, till, command).unwrap()
}

fn said(net: i64, price: Option<i64>) -> Weighed {
    Weighed {
        scale: AT.to_owned(),
        net: Quantity::new(net),
        tare: Quantity::new(20),
        unit_price: Money::new(279),
        price: price.map(Money::new),
        version: "1.0.0".to_owned(),
        hash: "ab".repeat(32),
    }
}

fn weighed(net: i64, price: Option<i64>) -> TillCommand {
    TillCommand::Weighed { asked: Box::new(tap(None)), weighed: Box::new(said(net, price)) }
}

#[test]
fn goods_without_a_weight_go_to_the_scale_of_the_till_and_to_no_other() {
    let mut w = World::open_with(with_scale);
    let wanted = ToWeigh {
        scale: AT.to_owned(),
        item: CHEESE,
        name: "Cheese".to_owned(),
        unit_price: Money::new(279),
        basket: None,
    };
    assert_eq!(ask(&w, TILL, &tap(None)), Some(wanted.clone()));
    assert_eq!(ask(&w, OTHER_TILL, &tap(None)), None, "no scale beside it");
    assert_eq!(ask(&w, TILL, &tap(Some(500))), None, "the weight was said");
    let bread = TillCommand::AddItem { item: BREAD, quantity: None, price: None };
    assert_eq!(ask(&w, TILL, &bread), None, "sold by the piece");
    w.add(BREAD, 1_000);
    let basket = Some(w.basket().id);
    assert_eq!(ask(&w, TILL, &tap(None)), Some(ToWeigh { basket, ..wanted }));
}

#[test]
fn the_price_of_the_scale_stands_word_for_word() {
    let mut w = World::open_with(with_scale);
    // Not what anybody here would compute: 136.
    w.ok(weighed(486, Some(139)));
    let line = w.lines()[0].clone();
    assert_eq!((line.quantity, line.price), (Quantity::new(486), Money::new(279)));
    assert_eq!(line_totals(w.lines()), [139]);
    assert!(!line.hand_weighed);
    let weighing = line.weighing.unwrap();
    assert_eq!(
        (weighing.sequence, weighing.tare, weighing.price),
        (1, Quantity::new(20), Some(Money::new(139)))
    );
    assert_eq!((weighing.scale.as_str(), weighing.version.as_str()), (AT, "1.0.0"));
    assert_eq!(w.pay().lines[0].base, Money::new(139));
}

#[test]
fn where_the_scale_tells_the_weight_alone_the_till_computes_the_price() {
    let mut w = World::open_with(with_scale);
    w.ok(weighed(486, None));
    assert_eq!(line_totals(w.lines()), [136]);
    assert_eq!(w.lines()[0].weighing.as_ref().unwrap().price, None);
}

#[test]
fn weighings_are_numbered_without_gaps_and_each_is_a_line_of_its_own() {
    let mut w = World::open_with(with_scale);
    w.ok(weighed(486, Some(136)));
    w.ok(weighed(486, Some(136)));
    w.ok(TillCommand::VoidLine { line: LineNo(1) });
    w.add(CHEESE, 486);
    w.ok(weighed(486, Some(136)));
    let numbers: Vec<Option<u64>> =
        w.lines().iter().map(|l| l.weighing.as_ref().map(|w| w.sequence)).collect();
    assert_eq!(numbers, [Some(2), None, Some(3)]);
    assert!(w.lines()[1].hand_weighed, "typed in beside them");
    assert_eq!(w.restarted().counters.weighings, 3);
}

#[test]
fn nobody_changes_what_was_weighed() {
    let mut w = World::open_with(with_scale);
    w.sign_in(TILL, MANAGER);
    w.ok(weighed(486, Some(136)));
    let line = LineNo(1);
    let quantity = Quantity::new(400);
    assert_eq!(w.no(TillCommand::ChangeQuantity { line, quantity }), Refusal::LineFixed { line });
    let price = w.amount(100);
    let cheaper = TillCommand::OverridePrice { line, price, reason: "old".to_owned() };
    assert_eq!(w.no(cheaper), Refusal::LineFixed { line });
}

#[test]
fn the_scale_is_no_way_around_the_rules() {
    let mut w = World::open_with(with_scale);
    let bread = TillCommand::AddItem { item: BREAD, quantity: None, price: None };
    let other = TillCommand::Weighed { asked: Box::new(bread), weighed: Box::new(said(5, None)) };
    assert_eq!(w.no(other), Refusal::OutOfLimits { field: "weight".to_owned() });
    assert_eq!(w.no(weighed(0, Some(136))), Refusal::OutOfLimits { field: "quantity".to_owned() });
    assert_eq!(w.no(weighed(486, Some(-1))), Refusal::OutOfLimits { field: "price".to_owned() });
    w.ok(TillCommand::SignOut);
    assert_eq!(w.no(weighed(486, Some(136))), Refusal::NotSignedIn);
}

#[test]
fn what_was_weighed_comes_back_at_its_price_and_is_no_weighing() {
    let mut w = World::open_with(with_scale);
    w.sign_in(TILL, MANAGER);
    w.ok(weighed(486, Some(139)));
    let number = w.pay().number;
    let receipt = domain::ReceiptRef { till: TILL, number };
    w.ok(TillCommand::ReturnReceipt { receipt });
    assert_eq!(line_totals(w.lines()), [-139]);
    assert_eq!(w.lines()[0].weighing, None);
}

#[test]
fn a_till_names_only_devices_that_are_what_it_takes_them_for() {
    let configure = |change: fn(&mut Settings)| {
        let mut w = World::open();
        let mut changed = settings();
        with_scale(&mut changed);
        change(&mut changed);
        w.run(
            Some(MANAGER),
            domain::Command::Shop(ShopCommand::Configure { settings: Box::new(changed) }),
        )
    };
    let bad = Err(Refusal::BadSettings { problem: "peripheral".to_owned() });
    assert!(configure(|_| ()).is_ok());
    assert_eq!(configure(|s| s.tills[0].scale = Some("10.0.0.8:1".to_owned())), bad);
    assert_eq!(configure(|s| s.tills[0].pole_display = Some(AT.to_owned())), bad);
    let least = |least| {
        move |s: &mut Settings| {
            let mut device = scale(ScaleProtocol::Sics);
            if let PeripheralKind::Scale(scale) = &mut device.device {
                scale.least = least;
            }
            s.peripherals = vec![device];
        }
    };
    for (load, fits) in [(None, false), (Some(0), false), (Some(100), true), (Some(10_001), false)]
    {
        let mut changed = settings();
        with_scale(&mut changed);
        least(load)(&mut changed);
        let mut w = World::open();
        let settings = Box::new(changed);
        let answer =
            w.run(Some(MANAGER), domain::Command::Shop(ShopCommand::Configure { settings }));
        assert_eq!(answer.is_ok(), fits, "{load:?}");
    }
    assert_eq!(
        configure(|s| {
            let behind = Some("10.0.0.9:9100".to_owned());
            let dialect = DisplayDialect::Epson;
            let display = DisplaySettings { dialect, line: None, behind, umlauts: false };
            s.peripherals.push(Peripheral {
                at: "pole".to_owned(),
                name: "Pole".to_owned(),
                device: PeripheralKind::Display(display),
            });
        }),
        bad,
        "no printer there"
    );
}
