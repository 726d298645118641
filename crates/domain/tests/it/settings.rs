//! The shop's settings: what contradicts itself is refused with a word for it.

use domain::basket::Line;
use domain::receipt::Receipt;
use domain::settings::{Agency, Country, DatedRate, OwnTaxKey, Promotion, Settings};
use domain::totals::TaxRow;
use domain::{GroupId, PromotionId, Refusal, ShopCommand, TaxKey, TillCommand, TillId};
use money::{CashRounding, Currency, Money, Rate};

use crate::accounts::{ANNA, BUREAU, balance, on_account, with_customers};
use crate::catalogue::{BREAD, FREE, LAMP, REDUCED, settings};
use crate::world::{MANAGER, OTHER_TILL, TILL, World, receipt_no};

#[track_caller]
pub(crate) fn refused(change: impl FnOnce(&mut Settings)) -> Refusal {
    let mut w = World::open();
    let mut changed = settings();
    change(&mut changed);
    w.office_no(MANAGER, ShopCommand::Configure { settings: Box::new(changed) })
}

#[track_caller]
pub(crate) fn problem(change: impl FnOnce(&mut Settings)) -> String {
    match refused(change) {
        Refusal::BadSettings { problem } => problem,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn bad(field: &str) -> Refusal {
    Refusal::BadText { field: field.to_owned() }
}

fn promotion(basis_points: u16, name: &str) -> Promotion {
    Promotion {
        id: PromotionId(1),
        name: name.to_owned(),
        group: None,
        basis_points,
        from: None,
        until: None,
    }
}

#[test]
fn each_contradiction_has_its_word() {
    assert_eq!(problem(|s| s.time_zone = "Europe/Nowhere".to_owned()), "time_zone");
    assert_eq!(problem(|s| s.cash_rounding = CashRounding(0)), "cash_rounding");
    assert_eq!(problem(|s| s.cash_rounding = CashRounding(-5)), "cash_rounding");
    assert_eq!(problem(|s| s.cash_rounding = CashRounding(101)), "cash_rounding");
    assert_eq!(problem(|s| s.inspection_days = 0), "inspection_days");
    assert_eq!(problem(|s| s.inspection_days = 366), "inspection_days");
    assert_eq!(problem(|s| s.tills.clear()), "tills");
    assert_eq!(problem(|s| s.tills[1].id = TILL), "tills");
    assert_eq!(problem(|s| s.tills[0].id = TillId(0)), "tills");
    assert_eq!(problem(|s| s.tills[0].columns = 40), "tills");
    assert_eq!(problem(|s| drop(s.tills.pop())), "till_removed");
    assert_eq!(problem(|s| s.groups.clear()), "groups");
    assert_eq!(problem(|s| s.groups[1].id = GroupId(1)), "groups");
    assert_eq!(problem(|s| s.groups[0].color = "red".to_owned()), "group_color");
    assert_eq!(problem(|s| s.groups[0].color = "#12345g".to_owned()), "group_color");
    assert_eq!(problem(|s| s.groups[0].tax = TaxKey(9)), "group_tax");
    assert_eq!(problem(|s| s.rates[0].rate = Rate::new(10_001)), "rates");
    assert_eq!(problem(|s| s.promotions.push(promotion(0, "x"))), "promotion");
    assert_eq!(problem(|s| s.promotions.push(promotion(10_001, "x"))), "promotion");
    assert_eq!(problem(|s| s.in_store_codes[0].value_digits = 9), "in_store_codes");
    assert_eq!(problem(|s| s.currency = Currency::CHF), "currency_changed");
}

#[test]
fn a_tax_key_with_a_rate_today_keeps_one() {
    assert_eq!(
        problem(|s| s.rates.retain(|r| r.key != TaxKey(FREE) || r.from.year() > 2_000)),
        "group_tax"
    );
    let without_group = |s: &mut Settings| s.groups.retain(|g| g.tax != TaxKey(FREE));
    assert_eq!(
        problem(|s| {
            without_group(s);
            s.rates.retain(|r| r.key != TaxKey(FREE));
        }),
        "rate_removed"
    );
    let next_year = "2027-01-01T00:00:00".parse().unwrap();
    assert_eq!(problem(|s| s.rates[0].from = next_year), "rate_removed");
    // What begins next year may be taken back as long as it has not begun.
    let mut w = World::open();
    w.configure(|s| {
        s.rates.push(DatedRate { key: TaxKey(3), rate: Rate::new(500), from: next_year })
    });
    w.configure(|s| s.rates.retain(|r| r.key != TaxKey(3)));
}

#[test]
fn a_rate_that_receipts_were_taxed_by_stays_as_it_is() {
    let lowered = || "2020-07-01T00:00:00".parse().expect("a time");
    let mut w = World::open_with(|s| {
        s.rates.push(DatedRate { key: TaxKey(REDUCED), rate: Rate::new(500), from: lowered() });
        let back = "2021-01-01T00:00:00".parse().expect("a time");
        s.rates.push(DatedRate { key: TaxKey(REDUCED), rate: Rate::new(700), from: back });
    });
    let of = |w: &World| w.state.settings.as_deref().expect("set").clone();
    let change = |w: &mut World, how: &dyn Fn(&mut Settings)| {
        let mut changed = of(w);
        how(&mut changed);
        let command = ShopCommand::Configure { settings: Box::new(changed) };
        match w.run(Some(MANAGER), domain::Command::Shop(command)) {
            Ok(_) => "taken".to_owned(),
            Err(Refusal::BadSettings { problem }) => problem,
            Err(other) => panic!("{other:?}"),
        }
    };
    let out = |s: &mut Settings| s.rates.retain(|r| r.from != lowered());
    // Before the first receipt whatever was typed wrong is typed anew.
    assert_eq!(change(&mut w, &out), "taken");
    let again = DatedRate { key: TaxKey(REDUCED), rate: Rate::new(500), from: lowered() };
    assert_eq!(change(&mut w, &|s| s.rates.push(again.clone())), "taken");
    w.sign_in(TILL, MANAGER);
    w.add(BREAD, 1_000);
    w.pay();
    assert_eq!(change(&mut w, &out), "rate_past");
    let other = |s: &mut Settings| {
        let rate = s.rates.iter_mut().find(|r| r.from == lowered()).expect("there");
        rate.rate = Rate::new(600);
    };
    assert_eq!(change(&mut w, &other), "rate_past");
    let moved = |s: &mut Settings| s.rates[0].from = lowered();
    assert_eq!(change(&mut w, &moved), "rate_past");
    // Their order means nothing, and what has not begun may go.
    let next_year = "2027-01-01T00:00:00".parse().expect("a time");
    let added = DatedRate { key: TaxKey(REDUCED), rate: Rate::new(300), from: next_year };
    assert_eq!(change(&mut w, &|s| s.rates.insert(0, added.clone())), "taken");
    assert_eq!(change(&mut w, &|s| s.rates.reverse()), "taken");
    assert_eq!(change(&mut w, &|s| s.rates.retain(|r| r.from != next_year)), "taken");
}

#[test]
fn too_many_tills_are_too_many() {
    let tills = |count: u16| {
        move |s: &mut Settings| {
            let till = s.tills[0].clone();
            s.tills = (1..=count)
                .map(|id| domain::settings::TillSettings { id: TillId(id), ..till.clone() })
                .collect();
        }
    };
    assert_eq!(problem(tills(201)), "tills");
    let mut w = World::open();
    w.configure(tills(200));
    assert_eq!(w.state.tills.len(), 200);
}

#[test]
fn every_text_is_looked_at() {
    for text in ["a\u{0}b", "a\nb", "\u{202e}", "\u{2066}x", "\u{61c}x", "x\u{2028}y"] {
        let text = || text.to_owned();
        assert_eq!(refused(|s| s.name = text()), bad("name"));
        assert_eq!(refused(|s| s.address.push(text())), bad("text"));
        assert_eq!(refused(|s| s.tax_number = Some(text())), bad("text"));
        assert_eq!(refused(|s| s.vat_id = Some(text())), bad("text"));
        assert_eq!(refused(|s| s.receipt_header.push(text())), bad("text"));
        assert_eq!(refused(|s| s.receipt_footer.push(text())), bad("text"));
        assert_eq!(refused(|s| s.reasons.push(text())), bad("text"));
        assert_eq!(refused(|s| s.tills[0].name = text()), bad("till_name"));
        assert_eq!(refused(|s| s.tills[0].printer = Some(text())), bad("printer"));
        assert_eq!(refused(|s| s.groups[0].name = text()), bad("group_name"));
        assert_eq!(refused(|s| s.promotions.push(promotion(1, &text()))), bad("promotion_name"));
        assert_eq!(problem(|s| s.time_zone = text()), "time_zone");
        assert_eq!(problem(|s| s.groups[0].color = text()), "group_color");
    }
    assert_eq!(refused(|s| s.name = String::new()), bad("name"));
    assert_eq!(refused(|s| s.name = "n".repeat(121)), bad("name"));
    assert_eq!(refused(|s| s.address.push("n".repeat(201))), bad("text"));
}

#[test]
fn a_new_till_is_there_at_once_and_the_old_ones_keep_their_numbers() {
    let mut w = World::open();
    w.sell(&[(BREAD, 1_000)]);
    w.configure(|s| {
        let third = domain::settings::TillSettings { id: TillId(3), ..s.tills[0].clone() };
        s.tills.push(third);
    });
    w.sign_in(TillId(3), MANAGER);
    let float = w.amount(0);
    w.ok_at(TillId(3), TillCommand::OpenDay { float });
    assert_eq!(w.state.tills[&TILL].receipts, 1);
    assert!(w.state.tills[&OTHER_TILL].day.is_some());
}

#[test]
fn the_clock_of_the_shop_is_its_time_zone() {
    let mut w = World::open();
    let hour = |w: &mut World| w.sell(&[(BREAD, 1_000)]).hour;
    assert_eq!(hour(&mut w), 10);
    w.configure(|s| s.time_zone = "America/New_York".to_owned());
    assert_eq!(hour(&mut w), 4);
}

#[test]
fn whether_prices_contain_tax_stays_once_there_are_receipts() {
    let flip = |s: &mut Settings| s.prices_include_tax = !s.prices_include_tax;
    let mut w = World::managed();
    w.ok(TillCommand::Training { on: true });
    w.sell(&[(BREAD, 1_000)]);
    w.ok(TillCommand::Training { on: false });
    w.configure(flip);
    w.configure(flip);
    w.sell(&[(BREAD, 1_000)]);
    let mut changed = settings();
    flip(&mut changed);
    let configure = ShopCommand::Configure { settings: Box::new(changed) };
    let problem = "prices_changed".to_owned();
    assert_eq!(w.office_no(MANAGER, configure), Refusal::BadSettings { problem });
}

#[test]
fn rates_and_promotions_do_not_stand_twice() {
    assert_eq!(problem(|s| s.rates.push(s.rates[0].clone())), "rates");
    let twins = [promotion(1, "x"), promotion(2, "y")];
    assert_eq!(problem(|s| s.promotions.extend(twins)), "promotion");
    let at = |text: &str| Some(text.parse().unwrap());
    let lasting = |from: &str, until: &str| Promotion {
        from: at(from),
        until: at(until),
        ..promotion(1, "x")
    };
    let (first, second) = ("2026-12-01T00:00:00", "2026-12-02T00:00:00");
    assert_eq!(problem(|s| s.promotions.push(lasting(first, first))), "promotion");
    assert_eq!(problem(|s| s.promotions.push(lasting(second, first))), "promotion");
    let mut w = World::open();
    w.configure(|s| {
        s.promotions.push(lasting(first, second));
        let later = domain::settings::DatedRate { from: at(first).unwrap(), ..s.rates[0].clone() };
        s.rates.push(later);
    });
}

fn dated(key: u16, rate: u32) -> DatedRate {
    let from = "2027-01-01T00:00:00".parse().unwrap();
    DatedRate { key: TaxKey(key), rate: Rate::new(rate), from }
}

fn own(key: u16, description: &str) -> OwnTaxKey {
    OwnTaxKey { key: TaxKey(key), description: description.to_owned() }
}

#[test]
fn germany_knows_its_tax_keys_and_no_others() {
    for (key, rate) in [(0, 0), (8, 0), (9, 1_900), (10, 0), (18, 0), (20, 0), (999, 0)] {
        assert_eq!(problem(|s| s.rates.push(dated(key, rate))), "tax_key", "{key}");
    }
    for key in [5, 6, 7, 15, 997] {
        assert_eq!(problem(|s| s.rates.push(dated(key, 1))), "tax_key_free", "{key}");
    }
    assert_eq!(problem(|s| s.rates.push(dated(1_000, 700))), "tax_key_description");
    let described = |key: u16, rate: u32, text: &'static str| {
        move |s: &mut Settings| {
            s.rates.push(dated(key, rate));
            s.own_tax_keys.push(own(key, text));
        }
    };
    assert_eq!(problem(described(1_000, 1_234, "x")), "tax_key_rate");
    assert_eq!(problem(described(21, 1_600, "x")), "own_tax_keys");
    assert_eq!(problem(|s| s.own_tax_keys.push(own(1_000, "x"))), "own_tax_keys");
    assert_eq!(refused(described(1_000, 700, " ")), bad("tax_key_description"));
    assert_eq!(
        problem(|s| {
            described(1_000, 700, "x")(s);
            s.own_tax_keys.push(own(1_000, "y"));
        }),
        "own_tax_keys"
    );
    let mut w = World::open();
    w.configure(|s| {
        let keys = [(3, 780), (4, 550), (6, 0), (7, 0), (21, 1_600), (25, 0), (1_000, 700)];
        s.rates.extend(keys.map(|(key, rate)| dated(key, rate)));
        s.own_tax_keys.push(own(1_000, "Ermäßigt, außer Haus"));
    });
    // Elsewhere keys are the shop's own numbers.
    w.configure(|s| {
        s.country = Country::Ch;
        s.rates.push(dated(8, 260));
        s.rates.push(dated(9, 810));
    });
}

#[test]
fn a_key_that_was_there_before_the_rule_keeps_nobody_from_saving() {
    let mut w = World::open();
    let mut before = settings();
    before.rates.push(dated(8, 1_900));
    w.state.settings = Some(std::sync::Arc::new(before));
    w.configure(|s| s.name = "New name".to_owned());
    w.configure(|s| s.rates.retain(|rate| rate.key != TaxKey(8)));
}

#[test]
fn cash_is_not_rounded_in_germany() {
    assert_eq!(problem(|s| s.cash_rounding = CashRounding(5)), "cash_rounding_germany");
}

pub(crate) fn agency(id: u16) -> Agency {
    Agency {
        id,
        name: format!("Farm {id}"),
        street: "Lane 1".to_owned(),
        postal_code: "12345".to_owned(),
        town: "Town".to_owned(),
        tax_number: None,
        vat_id: None,
    }
}

#[test]
fn goods_are_sold_for_whoever_their_group_names() {
    assert_eq!(problem(|s| s.agencies = vec![agency(0)]), "agencies");
    assert_eq!(problem(|s| s.agencies = vec![agency(1), agency(1)]), "agencies");
    assert_eq!(problem(|s| s.groups[0].agency = Some(1)), "group_agency");
    assert_eq!(
        refused(|s| s.agencies = vec![Agency { town: String::new(), ..agency(1) }]),
        bad("town")
    );
    let mut w = World::open();
    let group = w.book.items[&BREAD].draft.group;
    w.configure(|s| {
        s.agencies = vec![agency(1), agency(2)];
        s.groups.iter_mut().find(|g| g.id == group).unwrap().agency = Some(2);
    });
    w.add(BREAD, 1_000);
    assert_eq!(w.lines()[0].agency, Some(2));
    let mut without = settings();
    without.agencies = vec![agency(2)];
    let command = ShopCommand::Configure { settings: Box::new(without) };
    let removed = Refusal::BadSettings { problem: "agency_removed".to_owned() };
    assert_eq!(w.office_no(MANAGER, command), removed);
}

#[test]
fn what_is_sold_for_others_beside_a_return_at_an_earlier_rate_is_taxed_as_today() {
    let mut w = World::open();
    w.add(BREAD, 1_000);
    let sold = w.lines()[0].clone();
    let mut settings = (**w.state.settings.as_ref().unwrap()).clone();
    let today = settings.rates.iter().find(|rate| rate.key == sold.tax).unwrap().rate;
    let before = Rate::new(today.basis_points() - 100);
    let row = |rate, gross| TaxRow { key: sold.tax.0, rate, gross, ..TaxRow::default() };
    let back = Line {
        rates: Some(vec![(sold.tax, before)]),
        taxed: vec![row(before, Money::new(-500))],
        ..sold.clone()
    };
    let gross = sold.total();
    let receipt = serde_json::json!({
        "number": 1, "day": 1, "basket": 1, "opened": "2026-11-26T08:00:00Z", "date": "2026-11-26",
        "hour": 9, "currency": "EUR", "tenders": [], "total": gross.minor() - 500,
        "lines": [back, Line { agency: Some(3), ..sold.clone() }],
        "tax": [row(before, Money::new(-500)), row(today, gross)],
    });
    let receipt: Receipt = serde_json::from_value(receipt).unwrap();
    settings.agencies = vec![agency(3)];
    let paid = "2026-11-26T08:05:00Z".parse().unwrap();
    let for_others = domain::line_tax::sold_for_others(&settings, &receipt, paid).unwrap();
    assert_eq!(for_others.into_iter().collect::<Vec<_>>(), [((3, sold.tax, today), gross)]);
}

#[test]
fn what_is_sold_for_others_goes_on_no_account_and_can_be_credited_to_one() {
    let mut w = with_customers(World::managed());
    let group = w.book.items[&LAMP].draft.group;
    w.configure(|settings| {
        settings.agencies = vec![agency(1)];
        settings.groups.iter_mut().find(|of| of.id == group).unwrap().agency = Some(1);
    });
    w.sell(&[(LAMP, 1_000)]);
    w.add(LAMP, 1_000);
    assert_eq!(w.no(on_account(BUREAU)), Refusal::NotOnAccount);
    w.ok(TillCommand::AbortBasket { reason: None });
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    w.ok(on_account(ANNA));
    assert_eq!(balance(&w, ANNA), -w.book.items[&LAMP].draft.prices[0].amount.minor());
}
