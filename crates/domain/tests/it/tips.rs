//! Tips: lines of their own, told at the till or given at a terminal; the people's or the shop's.

use domain::basket::TenderKind;
use domain::command::AttemptStep;
use domain::payment::{Approval, AttemptState, CardFacts, Doubt, Outcome};
use domain::receipt::Receipt;
use domain::tip::{TipValue, TipsTo};
use domain::{AttemptId, Refusal, TaxKey, TillCommand};
use money::{Currency, Money};

use crate::catalogue::{BUTTER, FULL};
use crate::world::{World, receipt_no, receipt_of, tax};

fn shop(tips: Option<TipsTo>) -> World {
    World::open_with(|settings| settings.tips = tips)
}

fn tip(w: &World, minor: i64) -> TillCommand {
    TillCommand::AddTip { tip: TipValue::Amount { amount: w.amount(minor) } }
}

fn up_to(w: &World, minor: i64) -> TillCommand {
    TillCommand::AddTip { tip: TipValue::UpTo { total: w.amount(minor) } }
}

fn step(attempt: u64, step: AttemptStep) -> TillCommand {
    TillCommand::Attempt { attempt: AttemptId(attempt), step }
}

/// The terminal books what it is asked for and a tip beside it.
fn booked(w: &mut World, attempt: u64, tip: i64) {
    let amount = w.state.attempts[&AttemptId(attempt)].amount;
    let card = CardFacts { tip: Money::new(tip), ..CardFacts::default() };
    let approval = Approval { amount, currency: Currency::EUR, partial: false, card, cash: None };
    w.ok(step(attempt, AttemptStep::Sent { before: String::new() }));
    w.ok(step(attempt, AttemptStep::Outcome(Outcome::Approved(Box::new(approval)))));
}

fn held(w: &mut World, attempt: u64) -> Option<Receipt> {
    let (customer, merchant) = (Vec::new(), Vec::new());
    receipt_of(&w.ok(step(attempt, AttemptStep::Acknowledged { customer, merchant })))
}

#[test]
fn a_tip_for_the_people_is_not_taxed_and_stands_apart_in_the_days_totals() {
    let mut w = shop(Some(TipsTo::Staff));
    w.add(BUTTER, 1_000);
    let goods = w.total();
    w.ok(tip(&w, 50));
    let receipt = w.pay();
    assert_eq!(receipt.total.minor(), goods + 50);
    assert!(tax(&receipt).contains(&(5, 0, 50, 0, 50)), "{:?}", tax(&receipt));
    let totals = &w.day().totals;
    assert_eq!((totals.tips.count, totals.tips.amount.minor()), (1, 50));
    let of_groups: i64 = totals.groups.values().map(|g| g.amount.minor()).sum();
    assert_eq!(of_groups, goods, "a tip is no turnover of any group");
    assert_eq!(totals.receipts.amount.minor(), goods);
}

#[test]
fn a_tip_for_the_shop_is_taxed_under_its_key() {
    let mut w = shop(Some(TipsTo::Shop { tax: TaxKey(FULL) }));
    w.add(BUTTER, 1_000);
    w.ok(tip(&w, 119));
    assert!(tax(&w.pay()).contains(&(1, 1_900, 100, 19, 119)));
}

#[test]
fn make_it_twenty_gives_what_is_missing_and_the_last_word_holds() {
    let mut w = shop(Some(TipsTo::Staff));
    w.add(BUTTER, 1_000);
    let goods = w.total();
    w.ok(up_to(&w, 2_000));
    assert_eq!(w.total(), 2_000);
    w.ok(up_to(&w, 1_000));
    assert_eq!((w.total(), w.lines().len()), (1_000, 2), "it takes the place of the one before");
    for total in [goods, goods - 1, 0] {
        assert_eq!(w.no(up_to(&w, total)), Refusal::OutOfLimits { field: "tip".to_owned() });
    }
    assert_eq!(w.no(tip(&w, 0)), Refusal::OutOfLimits { field: "tip".to_owned() });
    assert_eq!(w.no(tip(&w, -5)), Refusal::OutOfLimits { field: "tip".to_owned() });
    let line = w.lines()[1].line;
    assert_eq!(
        w.no(TillCommand::ChangeQuantity { line, quantity: money::Quantity::new(2_000) }),
        Refusal::LineFixed { line }
    );
    w.ok(TillCommand::VoidLine { line });
    assert_eq!(w.total(), goods);
}

#[test]
fn a_shop_that_takes_no_tips_says_so_and_a_terminal_that_took_one_is_looked_at() {
    let mut w = shop(None);
    w.add(BUTTER, 1_000);
    assert_eq!(w.no(tip(&w, 50)), Refusal::NoTips);
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    booked(&mut w, 1, 50);
    let state = w.state.attempts[&AttemptId(1)].state;
    assert!(matches!(state, AttemptState::InDoubt { why: Doubt::AmountDiffers, .. }));
    // Settled by hand: the money moved, all of it, and nobody loses the tip.
    let goods = w.total();
    let reason = "slip".to_owned();
    let charged = TillCommand::ResolveDoubt { attempt: AttemptId(1), charged: true, reason };
    let events = w.approved_by(crate::world::SUPERVISOR).ok(charged);
    let receipt = receipt_of(&events).expect("a receipt");
    assert_eq!(receipt.tenders[0].amount.minor(), goods + 50);
    assert_eq!(w.day().totals.tips.amount.minor(), 50);
}

#[test]
fn a_tip_given_at_the_terminal_is_booked_as_it_was_given() {
    let mut w = shop(Some(TipsTo::Staff));
    w.add(BUTTER, 1_000);
    let goods = w.total();
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    booked(&mut w, 1, 50);
    let receipt = held(&mut w, 1).expect("a receipt");
    assert_eq!(receipt.total.minor(), goods + 50);
    let tender = &receipt.tenders[0];
    assert_eq!((tender.kind, tender.amount.minor()), (TenderKind::Card, goods + 50));
    assert_eq!(receipt.lines[1].tip.and_then(|t| t.attempt), Some(AttemptId(1)));
    // Whoever brings the goods back has given the tip for good.
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    assert_eq!(w.total(), -goods);
}

#[test]
fn a_payment_that_is_taken_back_takes_its_tip_with_it() {
    let mut w = shop(Some(TipsTo::Staff));
    w.add(BUTTER, 1_000);
    let goods = w.total();
    let amount = Some(w.amount(100));
    w.ok(TillCommand::PayCard { amount, terminal: None });
    booked(&mut w, 1, 50);
    assert_eq!(held(&mut w, 1), None);
    assert_eq!((w.total(), w.basket().paid().minor()), (goods + 50, 150));
    w.ok(TillCommand::UndoTender);
    assert_eq!(w.state.attempts[&AttemptId(2)].amount.minor(), 150);
    // The terminal names the sum whole, or the tip in it apart.
    let mut apart = w.clone();
    booked(&mut w, 2, 0);
    held(&mut w, 2);
    assert_eq!((w.total(), w.basket().tenders.len()), (goods, 0));
    let card = CardFacts { tip: Money::new(50), ..CardFacts::default() };
    let (amount, currency) = (Money::new(100), Currency::EUR);
    let approval = Approval { amount, currency, partial: false, card, cash: None };
    apart.ok(step(2, AttemptStep::Sent { before: String::new() }));
    apart.ok(step(2, AttemptStep::Outcome(Outcome::Approved(Box::new(approval)))));
    held(&mut apart, 2);
    assert_eq!((apart.total(), apart.basket().tenders.len()), (goods, 0));
}

#[test]
fn a_tip_does_not_come_out_of_what_goes_back_to_the_customer() {
    let mut w = shop(Some(TipsTo::Staff));
    w.sell(&[(BUTTER, 1_000)]);
    let back = TillCommand::ReturnReceipt { receipt: receipt_no(1) };
    w.ok(back.clone());
    let all = -w.total();
    assert_eq!(w.no(tip(&w, all)), Refusal::TipWithReturn);
    w.ok(TillCommand::AbortBasket { reason: None });
    // Told first, the goods back afterwards.
    w.add(BUTTER, 1_000);
    w.ok(tip(&w, 50));
    w.ok(back);
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::TipWithReturn);
    // In an exchange for something dearer the customer gives money, and may give a tip.
    w.add(BUTTER, 1_000);
    w.pay();
}

#[test]
fn where_tax_comes_on_top_the_shop_has_no_tips_of_its_own() {
    let mut w = World::open_with(|settings| settings.prices_include_tax = false);
    let mut settings = (**w.state.settings.as_ref().unwrap()).clone();
    settings.tips = Some(TipsTo::Shop { tax: TaxKey(FULL) });
    let change = domain::ShopCommand::Configure { settings: Box::new(settings) };
    let problem = "tips".to_owned();
    assert_eq!(w.office_no(crate::world::MANAGER, change), Refusal::BadSettings { problem });
}
