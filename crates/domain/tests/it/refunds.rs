//! Money goes back the way it came, the last tender first; another way needs a right.

use domain::basket::TenderKind;
use domain::command::AttemptStep;
use domain::payment::{Approval, CardFacts, Outcome, Purpose};
use domain::receipt::Receipt;
use domain::refund::{RefundOf, plan};
use domain::voucher::VoucherKind;
use domain::{AttemptId, Event, LineNo, Permission, Refusal, TillCommand};
use money::{Currency, Money};
use proptest::prelude::*;

use crate::catalogue::{BUTTER, CHEESE, JUICE, LAMP};
use crate::world::{MANAGER, SUPERVISOR, TILL, World, code_of, receipt_no, receipt_of};

const CASH: TillCommand = TillCommand::PayCash { tendered: None };
const CHOOSE: Refusal = Refusal::NotPermitted { permission: Permission::ChooseRefund };

fn card(w: &World, minor: i64) -> TillCommand {
    TillCommand::PayCard { amount: Some(w.amount(minor)), terminal: None }
}

fn external(w: &World, minor: i64) -> TillCommand {
    TillCommand::PayCardExternal { amount: Some(w.amount(minor)) }
}

/// The terminal says yes to what it is asked, with a card of these last digits.
fn charged(w: &mut World, last4: &str) -> Vec<Event> {
    let attempt = w.state.attempts.values().next_back().expect("an attempt").clone();
    let card = CardFacts {
        receipt: Some(attempt.id.0.to_string()),
        last4: Some(last4.to_owned()),
        ..CardFacts::default()
    };
    let approval = Approval {
        amount: attempt.amount,
        currency: Currency::EUR,
        partial: false,
        card,
        cash: None,
    };
    let held = AttemptStep::Acknowledged { customer: Vec::new(), merchant: Vec::new() };
    let said = Outcome::Approved(Box::new(approval));
    let before = String::new();
    let mut events = Vec::new();
    for step in [AttemptStep::Sent { before }, AttemptStep::Outcome(said), held] {
        events = w.ok(TillCommand::Attempt { attempt: attempt.id, step });
    }
    events
}

/// 40 lamps: 10.00 in cash, 20.00 and the rest on two cards.
fn sold_three_ways(w: &mut World) -> Receipt {
    w.add(LAMP, 2_000);
    w.ok(TillCommand::PayCash { tendered: Some(w.amount(1_000)) });
    w.ok(card(w, 2_000));
    charged(w, "1111");
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    receipt_of(&charged(w, "2222")).expect("a receipt")
}

fn planned(w: &World) -> Vec<(TenderKind, i64, Option<String>)> {
    let due = w.totals().total.minus(w.basket().paid()).unwrap().negated();
    let last4 = |p: &domain::refund::PaidWith| p.card.as_ref().and_then(|c| c.last4.clone());
    plan(w.basket(), due)
        .iter()
        .map(|part| (part.paid.kind, part.of.amount.minor(), last4(part.paid)))
        .collect()
}

fn taken_back() -> (World, i64) {
    let mut w = World::open();
    let total = sold_three_ways(&mut w).total.minor();
    w.sign_in(TILL, MANAGER);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    w.sign_in(TILL, crate::world::CASHIER);
    (w, total)
}

#[test]
fn what_was_paid_last_goes_back_first_and_each_card_gets_its_own() {
    let (mut w, total) = taken_back();
    let rest = total - 3_000;
    let two = |digits: &str| Some(digits.to_owned());
    assert_eq!(
        planned(&w),
        [
            (TenderKind::Card, rest, two("2222")),
            (TenderKind::Card, 2_000, two("1111")),
            (TenderKind::Cash, 1_000, None),
        ]
    );
    // Without an amount the card that paid last gets what it had paid, and is named to its terminal.
    for (amount, attempt, digits) in [(rest, 2, "2222"), (2_000, 1, "1111")] {
        let events = w.ok(TillCommand::PayCard { amount: None, terminal: None });
        let found = events.iter().find_map(|event| match event {
            Event::TenderIntended { purpose: Purpose::Refund, amount, reverses, .. } => {
                Some((amount.minor(), reverses.as_ref().and_then(|card| card.attempt)))
            }
            _ => None,
        });
        assert_eq!(found, Some((amount, Some(AttemptId(attempt)))));
        charged(&mut w, digits);
    }
    assert_eq!(planned(&w), [(TenderKind::Cash, 1_000, None)]);
    let receipt = receipt_of(&w.ok(CASH)).expect("a receipt");
    let receipt_back = receipt_no(1);
    let of = |tender, amount| RefundOf {
        receipt: receipt_back,
        tender,
        amount: Money::new(amount),
        goods: None,
    };
    let refunds: Vec<_> = receipt.tenders.iter().flat_map(|t| t.refunds.clone()).collect();
    assert_eq!(refunds, [of(2, rest), of(1, 2_000), of(0, 1_000)]);
}

#[test]
fn cash_for_what_a_card_had_paid_needs_the_right_to_choose() {
    let (mut w, total) = taken_back();
    assert_eq!(w.no(external(&w, 100)), CHOOSE);
    let drawer = w.drawer();
    assert_eq!(receipt_of(&w.ok(CASH)), None, "what had been paid in cash");
    assert_eq!(w.drawer(), drawer - 1_000);
    assert_eq!(w.no(CASH), CHOOSE);
    let receipt = receipt_of(&w.approved_by(SUPERVISOR).ok(CASH)).expect("a receipt");
    assert_eq!(w.drawer(), drawer - total);
    // Only what had been paid in cash counts as given back to cash: the cards have had nothing back.
    let refunds = receipt.tenders.iter().flat_map(|t| &t.refunds).map(|r| r.amount.minor());
    assert_eq!(refunds.collect::<Vec<_>>(), [1_000]);
}

#[test]
fn cash_for_cash_and_for_what_no_receipt_tells_of_needs_none() {
    let mut w = World::open();
    w.sell(&[(BUTTER, 1_000)]);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    w.ok(CASH);
    let reason = "broken".to_owned();
    let back =
        TillCommand::ReturnWithoutReceipt { item: BUTTER, quantity: None, price: None, reason };
    w.approved_by(SUPERVISOR).ok(back);
    w.ok(CASH);
}

#[test]
fn a_second_return_of_the_same_receipt_finds_what_is_left_of_each_tender() {
    let mut w = World::open();
    w.add(BUTTER, 2_000);
    let total = w.total();
    w.ok(card(&w, total - 100));
    charged(&mut w, "1111");
    w.ok(CASH);
    let one = |w: &mut World| {
        w.ok(TillCommand::ReturnLine {
            receipt: receipt_no(1),
            line: LineNo(1),
            quantity: Some(money::Quantity::ONE),
        });
    };
    one(&mut w);
    // Cash was last: it is first, and goes as far as it went.
    assert_eq!(
        planned(&w).iter().map(|p| (p.0, p.1)).collect::<Vec<_>>(),
        [(TenderKind::Cash, 100), (TenderKind::Card, total / 2 - 100),]
    );
    w.ok(card(&w, total / 2 - 100));
    charged(&mut w, "1111");
    w.ok(CASH);
    one(&mut w);
    assert_eq!(
        planned(&w).iter().map(|p| (p.0, p.1)).collect::<Vec<_>>(),
        [(TenderKind::Card, total / 2),]
    );
    assert_eq!(w.no(CASH), CHOOSE);
}

#[test]
fn what_a_card_had_paid_becomes_store_credit_by_right() {
    let (mut w, _) = taken_back();
    assert_eq!(w.no(TillCommand::PayOutVoucher), CHOOSE);
    w.approved_by(crate::world::SUPERVISOR).ok(TillCommand::PayOutVoucher);
    // What was paid in notes, or has no receipt, is as free as notes.
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    w.pay();
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    w.ok(TillCommand::PayOutVoucher);
}

#[test]
fn an_exchange_pays_back_only_what_is_left_of_it() {
    let (mut w, total) = taken_back();
    w.add(CHEESE, 5_000);
    let goods = w.total() + total;
    assert!(goods > 0);
    // The card that paid last; cash is not reached.
    assert_eq!(planned(&w).iter().map(|p| p.1).sum::<i64>(), total - goods);
    assert_eq!(w.no(CASH), CHOOSE);
}

#[test]
fn a_voucher_is_given_back_to_before_anything_else() {
    let mut w = World::open();
    let amount = w.amount(1_000);
    w.ok(TillCommand::SellVoucher { amount, of: VoucherKind::MultiPurpose });
    w.pay();
    w.add(LAMP, 1_000);
    let code = code_of(1).grouped();
    w.ok(TillCommand::PayVoucher { code, amount: None, despite_expiry: false });
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    let total = receipt_of(&charged(&mut w, "1111")).expect("a receipt").total.minor();
    w.sign_in(TILL, MANAGER);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(2) });
    w.sign_in(TILL, crate::world::CASHIER);
    // The voucher's part is not cash's to give: the card has what is left.
    assert_eq!(w.no(CASH), CHOOSE);
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    let receipt = receipt_of(&charged(&mut w, "1111")).expect("a receipt");
    let back: Vec<(TenderKind, i64)> =
        receipt.tenders.iter().map(|t| (t.kind, t.amount.minor())).collect();
    assert_eq!(back, [(TenderKind::Voucher, -1_000), (TenderKind::Card, 1_000 - total)]);
}

#[test]
fn goods_that_were_exchanged_go_back_to_what_had_paid_for_the_first_ones() {
    let (mut w, total) = taken_back();
    w.add(LAMP, 2_000);
    assert_eq!(w.total(), 0);
    w.ok(CASH);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(2) });
    let planned = planned(&w);
    assert_eq!(planned.iter().map(|p| p.1).collect::<Vec<_>>(), [total - 3_000, 2_000, 1_000]);
    w.ok(CASH);
    assert_eq!(w.no(CASH), CHOOSE, "only what had been paid in cash");
    for digits in ["2222", "1111"] {
        w.ok(TillCommand::PayCard { amount: None, terminal: None });
        charged(&mut w, digits);
    }
    let back = w.book.receipts[&receipt_no(3)].receipt.clone();
    let refunds: Vec<_> = back.tenders.iter().flat_map(|t| &t.refunds).collect();
    assert!(refunds.iter().all(|r| r.receipt == receipt_no(1) && r.goods == Some(receipt_no(2))));
}

/// One piece of the first receipt's first line comes back.
fn one_piece() -> TillCommand {
    let (receipt, line) = (receipt_no(1), LineNo(1));
    TillCommand::ReturnLine { receipt, line, quantity: Some(money::Quantity::ONE) }
}

#[test]
fn two_baskets_do_not_give_the_same_tender_back_twice() {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    w.add(BUTTER, 1_000);
    let each = w.total() / 2;
    w.ok(card(&w, each));
    charged(&mut w, "1111");
    w.ok(CASH);
    w.ok(one_piece());
    let first = w.basket().id;
    w.ok(TillCommand::NewBasket);
    w.ok(one_piece());
    // Cash had been last: the one that comes first to it has it.
    w.ok(CASH);
    w.ok(TillCommand::SwitchBasket { basket: first });
    assert_eq!(w.no(CASH), CHOOSE);
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    let receipt = receipt_of(&charged(&mut w, "1111")).expect("a receipt");
    assert_eq!(receipt.tenders[0].amount.minor(), -each);
}

#[test]
fn a_refund_that_is_under_way_at_a_terminal_is_not_begun_again_elsewhere() {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    w.add(BUTTER, 1_000);
    let each = w.total() / 2;
    w.ok(TillCommand::PayCash { tendered: Some(w.amount(each)) });
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    charged(&mut w, "1111");
    w.ok(one_piece());
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    w.ok(TillCommand::NewBasket);
    w.ok(one_piece());
    assert_eq!(
        planned(&w).iter().map(|p| (p.0, p.1)).collect::<Vec<_>>(),
        [(TenderKind::Cash, each)]
    );
    let other = TillCommand::PayCard { amount: None, terminal: Some(domain::TerminalId(2)) };
    assert_eq!(w.no(other), CHOOSE);
}

#[test]
fn a_card_gets_no_more_than_it_had_paid_unless_somebody_may_choose() {
    let (mut w, total) = taken_back();
    let rest = total - 3_000;
    assert_eq!(w.no(card(&w, rest + 1)), CHOOSE);
    w.ok(card(&w, rest));
}

#[test]
fn money_on_another_card_than_the_one_that_had_paid_is_seen() {
    let (mut w, _) = taken_back();
    for (digits, other) in [("2222", None), ("9999", Some("1111"))] {
        w.ok(TillCommand::PayCard { amount: None, terminal: None });
        charged(&mut w, digits);
        let card = w.basket().tenders.last().and_then(|t| t.card.clone()).expect("a card");
        assert_eq!(card.instead_of.as_deref(), other, "{digits}");
    }
}

#[test]
fn what_a_terminal_took_too_much_is_not_paid_out_in_cash() {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    let amount = w.state.attempts[&AttemptId(1)].amount.plus(Money::new(9_000)).unwrap();
    let (currency, card) = (Currency::EUR, CardFacts::default());
    let said = Approval { amount, currency, partial: false, card, cash: None };
    let before = String::new();
    for step in
        [AttemptStep::Sent { before }, AttemptStep::Outcome(Outcome::Approved(Box::new(said)))]
    {
        w.ok(TillCommand::Attempt { attempt: AttemptId(1), step });
    }
    let (attempt, charged, reason) = (AttemptId(1), true, "slip".to_owned());
    w.approved_by(SUPERVISOR).ok(TillCommand::ResolveDoubt { attempt, charged, reason });
    assert_eq!(w.no(CASH), CHOOSE);
}

#[test]
fn a_voucher_gets_no_more_back_than_its_goods_had_cost() {
    let mut w = World::open();
    let amount = w.amount(1_000);
    w.ok(TillCommand::SellVoucher { amount, of: VoucherKind::MultiPurpose });
    w.pay();
    // The voucher pays two pieces of one receipt; a card another receipt.
    w.add(BUTTER, 2_000);
    let each = w.total() / 2;
    let code = code_of(1).grouped();
    w.ok(TillCommand::PayVoucher { code, amount: None, despite_expiry: false });
    w.add(BUTTER, 2_000);
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    charged(&mut w, "1111");
    let one = |n| TillCommand::ReturnLine {
        receipt: receipt_no(n),
        line: LineNo(1),
        quantity: (n == 2).then_some(money::Quantity::ONE),
    };
    w.ok(one(2));
    w.ok(one(3));
    assert_eq!(w.no(CASH), CHOOSE, "the voucher's own part, and the rest is the card's");
    w.ok(TillCommand::PayCard { amount: None, terminal: None });
    let receipt = receipt_of(&charged(&mut w, "1111")).expect("a receipt");
    let back: Vec<_> = receipt.tenders.iter().map(|t| (t.kind, t.amount.minor())).collect();
    assert_eq!(back, [(TenderKind::Voucher, -each), (TenderKind::Card, -2 * each)]);
}

#[derive(Debug, Clone, Copy)]
enum Doing {
    Buy(u8),
    Return(u8, u8),
    ReturnAll(u8),
    SellVoucher,
    PayVoucher(u8),
    PayOut,
    Cash,
    Card(Option<i64>, u8),
    External,
    New,
    Switch(u8),
    Park,
    Recall(u8),
    Undo,
    Void(u8),
    Tip,
}

fn doings() -> impl Strategy<Value = Vec<Doing>> {
    let part = || prop::option::of(1_i64..300);
    let one = prop_oneof![
        5 => (0_u8..3).prop_map(Doing::Buy),
        4 => (0_u8..12, 1_u8..4).prop_map(|(r, l)| Doing::Return(r, l)),
        5 => (0_u8..12).prop_map(Doing::ReturnAll),
        1 => Just(Doing::SellVoucher),
        2 => (1_u8..5).prop_map(Doing::PayVoucher),
        1 => Just(Doing::PayOut),
        6 => Just(Doing::Cash),
        5 => (part(), 0_u8..3).prop_map(|(p, n)| Doing::Card(p, n)),
        2 => Just(Doing::External),
        2 => Just(Doing::New),
        2 => (0_u8..4).prop_map(Doing::Switch),
        1 => Just(Doing::Park),
        1 => (0_u8..4).prop_map(Doing::Recall),
        1 => Just(Doing::Undo),
        1 => (1_u8..4).prop_map(Doing::Void),
        1 => Just(Doing::Tip),
    ];
    prop::collection::vec(one, 1..90)
}

fn nth<T: Copy>(all: impl Iterator<Item = T>, n: u8) -> Option<T> {
    let all: Vec<T> = all.collect();
    all.get(usize::from(n).checked_rem(all.len())?).copied()
}

/// A cashier does it, with nobody to approve; what is refused is refused.
fn doing(w: &mut World, what: Doing) {
    let receipt = |w: &World, n| nth(w.book.receipts.keys().copied(), n);
    let amount = |w: &World, part: Option<i64>| part.map(|minor| w.amount(minor));
    let command = match what {
        Doing::Buy(n) => {
            let item = [BUTTER, JUICE, CHEESE][usize::from(n)];
            let quantity = Some(money::Quantity::new(if n == 2 { 300 } else { 1_000 }));
            TillCommand::AddItem { item, quantity, price: None }
        }
        Doing::Return(n, line) => {
            let Some(receipt) = receipt(w, n) else { return };
            TillCommand::ReturnLine { receipt, line: LineNo(line.into()), quantity: None }
        }
        Doing::ReturnAll(n) => {
            let Some(receipt) = receipt(w, n) else { return };
            TillCommand::ReturnReceipt { receipt }
        }
        Doing::SellVoucher => {
            TillCommand::SellVoucher { amount: w.amount(400), of: VoucherKind::MultiPurpose }
        }
        Doing::PayVoucher(n) => TillCommand::PayVoucher {
            code: code_of(n.into()).grouped(),
            amount: None,
            despite_expiry: false,
        },
        Doing::PayOut => TillCommand::PayOutVoucher,
        // Cash is only asked for, never brought.
        Doing::Cash if w.state.tills[&TILL].active.is_none() || w.total() > 0 => {
            TillCommand::PayCardExternal { amount: None }
        }
        Doing::Cash => CASH,
        Doing::Card(part, _) => TillCommand::PayCard { amount: amount(w, part), terminal: None },
        Doing::External => TillCommand::PayCardExternal { amount: None },
        Doing::New => TillCommand::NewBasket,
        Doing::Switch(n) => {
            let Some(basket) = nth(w.state.tills[&TILL].baskets.iter().copied(), n) else { return };
            TillCommand::SwitchBasket { basket }
        }
        Doing::Park => TillCommand::Park { name: None },
        Doing::Recall(n) => {
            let parked = w.state.baskets.values().filter(|b| b.parked.is_some()).map(|b| b.id);
            let Some(basket) = nth(parked, n) else { return };
            TillCommand::Recall { basket }
        }
        Doing::Undo => TillCommand::UndoTender,
        Doing::Void(line) => TillCommand::VoidLine { line: LineNo(line.into()) },
        Doing::Tip => {
            let tip = domain::tip::TipValue::Amount { amount: w.amount(50) };
            TillCommand::AddTip { tip }
        }
    };
    let asked = w.at(TILL, command).is_ok();
    if let (true, Doing::Card(_, finish)) = (asked, what)
        && finish > 0
        && !w.state.attempts.is_empty()
    {
        charged(w, "1111");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// A cashier without the right to choose, alone with the till, and customers who never bring cash: none
    /// ever leaves the drawer, whatever was paid how, returned, exchanged, parked and paid back.
    #[test]
    fn nobody_turns_cards_or_vouchers_into_cash_without_the_right(doings in doings()) {
        let mut w = World::open_with(|s| s.tips = Some(domain::tip::TipsTo::Staff));
        let float = w.drawer();
        for what in doings {
            doing(&mut w, what);
            prop_assert_eq!(w.drawer(), float, "{:?}", what);
        }
    }

    /// Whatever is returned in which parts and however it is paid back: no tender gives back more than it
    /// had paid, and what goes back in all is what came.
    #[test]
    fn no_tender_gives_back_more_than_it_had_paid(
        by in prop::collection::vec((1_i64..400, 0_u8..3), 0..4),
        parts in prop::collection::vec((1_u16..4, 1_i64..4), 1..6),
        ways in prop::collection::vec(0_u8..3, 12),
    ) {
        let mut w = World::managed();
        w.add(JUICE, 3_000);
        w.add(BUTTER, 3_000);
        for (amount, kind) in by {
            let command = match kind {
                0 => TillCommand::PayCash { tendered: Some(w.amount(amount)) },
                1 => external(&w, amount),
                _ => card(&w, amount),
            };
            if w.at(TILL, command).is_ok() && !w.state.attempts.is_empty() {
                charged(&mut w, "1111");
            }
        }
        if w.state.tills[&TILL].active.is_some() {
            w.ok(CASH);
        }
        let sold = w.book.receipts[&receipt_no(1)].receipt.clone();
        let mut ways = ways.into_iter().cycle();
        for (line, pieces) in parts {
            let quantity = Some(money::Quantity::new(pieces * 1_000));
            let back = TillCommand::ReturnLine { receipt: receipt_no(1), line: LineNo(line), quantity };
            if w.at(TILL, back).is_err() {
                continue;
            }
            while w.state.tills[&TILL].active.is_some() {
                let command = match ways.next() {
                    Some(0) => CASH,
                    Some(1) => TillCommand::PayCardExternal { amount: None },
                    _ => TillCommand::PayCard { amount: None, terminal: None },
                };
                w.ok(command);
                if !w.state.attempts.is_empty() {
                    charged(&mut w, "1111");
                }
            }
        }
        let mut gone = vec![0_i64; sold.tenders.len()];
        for issued in w.book.receipts.values() {
            for part in issued.receipt.tenders.iter().flat_map(|t| &t.refunds) {
                gone[usize::from(part.tender)] += part.amount.minor();
            }
        }
        for (tender, gone) in sold.tenders.iter().zip(gone) {
            prop_assert!((0..=tender.amount.minor()).contains(&gone), "{tender:?} {gone}");
        }
    }
}

#[test]
fn neither_goods_bought_in_cash_nor_a_payment_taken_back_get_round_what_a_cashier_may() {
    use crate::accounts::{ANNA, balance, buy, lamp, on_account, settle, with_customers};
    let mut w = with_customers(World::open());
    w.sell(&[(LAMP, 1_000)]);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    let permission = Permission::ChooseRefund;
    assert_eq!(w.no(on_account(ANNA)), Refusal::NotPermitted { permission });
    w.ok(TillCommand::AbortBasket { reason: None });
    // 37.80 owed, 37.80 paid, 37.80 owed again: with the payment taken back it would be 75.60.
    buy(&mut w, ANNA);
    buy(&mut w, ANNA);
    w.ok(settle(ANNA));
    w.pay();
    buy(&mut w, ANNA);
    buy(&mut w, ANNA);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(4) });
    let permission = Permission::ExceedCredit;
    let cash = TillCommand::PayCash { tendered: None };
    assert_eq!(w.no(cash.clone()), Refusal::NotPermitted { permission });
    w.approved_by(SUPERVISOR);
    w.ok(cash);
    assert_eq!(balance(&w, ANNA), 4 * lamp(&w));
}

#[test]
fn goods_of_two_customers_do_not_come_back_on_one_receipt() {
    use crate::accounts::{ANNA, BUREAU, balance, buy, lamp, with_customers};
    let mut w = with_customers(World::managed());
    buy(&mut w, ANNA);
    buy(&mut w, BUREAU);
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(2) });
    assert_eq!(w.no(TillCommand::PayCash { tendered: None }), Refusal::OtherCustomer);
    w.ok(TillCommand::AbortBasket { reason: None });
    w.ok(TillCommand::ReturnReceipt { receipt: receipt_no(1) });
    w.pay();
    assert_eq!((balance(&w, ANNA), balance(&w, BUREAU)), (0, lamp(&w)));
}
