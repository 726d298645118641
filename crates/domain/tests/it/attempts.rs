//! Card payments: on disk before the terminal is asked, and paid only when the terminal holds to it.

use domain::basket::TenderKind;
use domain::command::AttemptStep;
use domain::payment::{Approval, AttemptState, CardFacts, Doubt, Outcome, Purpose};
use domain::receipt::Receipt;
use domain::{AttemptId, Event, Permission, Refusal, ShopCommand, TerminalId, TillCommand};
use money::{Currency, Money};

use crate::catalogue::{BUTTER, SCHNAPPS};
use crate::world::{CASHIER, MANAGER, OTHER_TILL, SUPERVISOR, TILL, World, receipt_of};

const SENT: AttemptStep = AttemptStep::Sent { before: String::new() };
const HELD: AttemptStep = AttemptStep::Acknowledged { customer: Vec::new(), merchant: Vec::new() };
const CARD: TillCommand = TillCommand::PayCard { amount: None, terminal: None };

fn approval(amount: i64) -> Approval {
    let card = CardFacts {
        terminal_id: Some("52500041".to_owned()),
        receipt: Some("17".to_owned()),
        scheme: Some("girocard".to_owned()),
        last4: Some("4321".to_owned()),
        ..CardFacts::default()
    };
    Approval {
        amount: Money::new(amount),
        currency: Currency::EUR,
        partial: false,
        card,
        cash: None,
    }
}

fn approved(amount: i64) -> AttemptStep {
    AttemptStep::Outcome(Outcome::Approved(Box::new(approval(amount))))
}

fn declined() -> AttemptStep {
    AttemptStep::Outcome(Outcome::Declined { code: "blocked".to_owned(), text: None })
}

fn step(attempt: u64, step: AttemptStep) -> TillCommand {
    TillCommand::Attempt { attempt: AttemptId(attempt), step }
}

fn resolve(attempt: u64, charged: bool) -> TillCommand {
    let reason = "slip in the till".to_owned();
    TillCommand::ResolveDoubt { attempt: AttemptId(attempt), charged, reason }
}

/// A basket with one piece of milk, and a card payment for it under way.
fn asked() -> World {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    w.ok(CARD);
    w
}

fn issued(w: &mut World, command: TillCommand) -> Option<Receipt> {
    receipt_of(&w.ok(command))
}

#[test]
fn a_card_payment_ends_the_receipt_only_when_the_terminal_holds_to_it() {
    let mut w = asked();
    let total = w.total();
    assert!(w.basket().tenders.is_empty(), "asked for is not paid");
    assert_eq!(issued(&mut w, step(1, SENT)), None);
    assert_eq!(issued(&mut w, step(1, approved(total))), None, "recorded is not yet held to");
    let receipt = issued(&mut w, step(1, HELD)).expect("a receipt");
    let tender = &receipt.tenders[0];
    assert_eq!((tender.kind, tender.amount.minor()), (TenderKind::Card, total));
    assert_eq!((tender.tendered, tender.change), (tender.amount, Money::ZERO));
    let card = tender.card.as_ref().expect("what the terminal said");
    assert_eq!((card.attempt, card.terminal), (Some(AttemptId(1)), Some(TerminalId(1))));
    assert_eq!(card.last4.as_deref(), Some("4321"));
    assert!(w.state.attempts.is_empty());
    assert_eq!(w.drawer(), 10_000, "no cash moved");
    assert_eq!(w.day().totals.tenders[&TenderKind::Card].amount.minor(), total);
}

#[test]
fn while_a_terminal_is_asked_the_basket_stays_as_it_is() {
    let mut w = asked();
    w.ok(step(1, SENT));
    let line = w.lines()[0].line;
    let add = TillCommand::AddItem { item: BUTTER, quantity: None, price: None };
    for command in [
        add,
        TillCommand::VoidLine { line },
        TillCommand::AbortBasket { reason: None },
        TillCommand::Park { name: None },
        TillCommand::PayCash { tendered: None },
        TillCommand::PayCardExternal { amount: None },
        CARD,
    ] {
        assert_eq!(w.no(command.clone()), Refusal::AttemptRunning, "{command:?}");
    }
    // The next customer is served meanwhile, in cash.
    w.ok(TillCommand::NewBasket);
    w.sell(&[(BUTTER, 1_000)]);
}

#[test]
fn a_terminal_takes_one_payment_at_a_time_and_none_while_one_is_in_doubt() {
    let mut w = asked();
    w.ok(step(1, SENT));
    w.ok(TillCommand::NewBasket);
    w.add(BUTTER, 1_000);
    assert_eq!(w.no(CARD), Refusal::TerminalBusy);
    w.ok(step(1, AttemptStep::Doubt(Doubt::ConnectionLost)));
    assert_eq!(w.no(CARD), Refusal::TerminalInDoubt);
    // Another terminal goes on.
    w.ok(TillCommand::PayCard { amount: None, terminal: Some(TerminalId(2)) });
    assert_eq!(w.state.attempts.len(), 2);
}

#[test]
fn declined_and_cancelled_leave_the_basket_unpaid_and_say_so() {
    let mut w = asked();
    w.ok(step(1, SENT));
    w.ok(step(1, declined()));
    assert!(w.state.attempts.is_empty() && w.basket().tenders.is_empty());
    assert_eq!(w.basket().failed.as_ref().map(|f| f.code.as_str()), Some("blocked"));
    w.ok(CARD);
    assert_eq!(w.basket().failed, None, "the next try begins anew");
    w.ok(TillCommand::CancelCard);
    assert_eq!(w.basket().failed.as_ref().map(|f| f.code.as_str()), Some("cashier"));
    w.pay();
}

#[test]
fn once_the_terminal_is_asked_only_the_terminal_says_whether_it_was_given_up() {
    let mut w = asked();
    let total = w.total();
    w.ok(step(1, SENT));
    w.ok(TillCommand::CancelCard);
    assert!(w.state.attempts[&AttemptId(1)].cancel_asked);
    assert!(w.ok(TillCommand::CancelCard).is_empty(), "asked already");
    // The customer was faster: approved after all.
    w.ok(step(1, approved(total)));
    assert!(issued(&mut w, step(1, HELD)).is_some());
}

#[test]
fn another_amount_or_currency_than_asked_for_is_looked_at_by_a_person() {
    for (given, why) in [
        (approval(1), Doubt::AmountDiffers),
        (approval(1_000_000), Doubt::AmountDiffers),
        (Approval { currency: Currency::CHF, ..approval(0) }, Doubt::CurrencyDiffers),
    ] {
        let mut w = asked();
        w.ok(step(1, SENT));
        w.ok(step(1, AttemptStep::Outcome(Outcome::Approved(Box::new(given.clone())))));
        let AttemptState::InDoubt { why: told, .. } = w.state.attempts[&AttemptId(1)].state else {
            panic!("{given:?} is no doubt");
        };
        assert_eq!(told, why);
        assert_eq!(w.no(step(1, HELD)), Refusal::UnknownAttempt);
        assert!(w.basket().tenders.is_empty());
    }
}

#[test]
fn a_partial_approval_is_booked_as_it_is_and_the_rest_stays_due() {
    let mut w = asked();
    let total = w.total();
    w.ok(step(1, SENT));
    let part = Approval { partial: true, ..approval(total - 92) };
    w.ok(step(1, AttemptStep::Outcome(Outcome::Approved(Box::new(part)))));
    assert_eq!(issued(&mut w, step(1, HELD)), None);
    assert_eq!(w.basket().paid().minor(), total - 92);
    let receipt = w.pay();
    assert_eq!(receipt.tenders.iter().map(|t| t.amount.minor()).sum::<i64>(), total);
}

#[test]
fn the_same_word_twice_books_once_and_another_word_afterwards_is_not_believed() {
    let mut w = asked();
    let total = w.total();
    w.ok(step(1, SENT));
    w.ok(step(1, approved(total)));
    assert!(w.ok(step(1, approved(total))).is_empty());
    assert_eq!(w.no(step(1, declined())), Refusal::UnknownAttempt);
    w.ok(step(1, HELD));
    for late in [approved(total), declined(), HELD, SENT] {
        assert_eq!(w.no(step(1, late)), Refusal::UnknownAttempt);
    }
}

#[test]
fn a_doubt_is_settled_by_right_with_a_reason_and_never_by_itself() {
    for charged in [true, false] {
        let mut w = asked();
        let total = w.total();
        w.ok(step(1, SENT));
        w.ok(step(1, AttemptStep::Doubt(Doubt::NoAnswer)));
        let permission = Permission::ResolvePayments;
        assert_eq!(w.no(resolve(1, charged)), Refusal::NotPermitted { permission });
        let none =
            TillCommand::ResolveDoubt { attempt: AttemptId(1), charged, reason: "  ".to_owned() };
        w.approver = Some(SUPERVISOR);
        assert!(matches!(w.no(none), Refusal::BadText { .. }));
        let events = w.approved_by(SUPERVISOR).ok(resolve(1, charged));
        assert_eq!(receipt_of(&events).is_some(), charged);
        assert!(w.state.attempts.is_empty());
        if !charged {
            assert_eq!(w.total(), total);
            w.pay();
        }
    }
}

#[test]
fn a_terminal_that_says_later_what_happened_ends_the_doubt() {
    let mut w = asked();
    let total = w.total();
    w.ok(step(1, SENT));
    w.ok(step(1, AttemptStep::Doubt(Doubt::ConnectionLost)));
    assert!(w.ok(step(1, AttemptStep::Doubt(Doubt::NoAnswer))).is_empty(), "in doubt already");
    w.ok(step(1, approved(total)));
    assert!(issued(&mut w, step(1, HELD)).is_some());
}

#[test]
fn a_day_is_closed_over_a_doubt_only_by_right_and_with_a_reason_and_the_doubt_stays() {
    let mut w = asked();
    w.ok(step(1, SENT));
    w.ok(step(1, AttemptStep::Doubt(Doubt::NoAnswer)));
    w.ok(TillCommand::CountDrawer { pieces: Vec::new(), foreign: Vec::new() });
    assert_eq!(w.no(TillCommand::CloseDay { despite_doubt: None }), Refusal::PaymentInDoubt);
    let close = TillCommand::CloseDay { despite_doubt: Some("terminal gone".to_owned()) };
    let permission = Permission::ResolvePayments;
    assert_eq!(w.no(close.clone()), Refusal::NotPermitted { permission });
    w.approved_by(MANAGER).ok(close);
    let attempt = w.state.attempts[&AttemptId(1)].clone();
    assert!(attempt.is_in_doubt());
    assert!(w.state.baskets[&attempt.basket].parked.is_some());
    // Settled the next day; the basket is finished by whoever recalls it.
    let float = w.amount(10_000);
    w.ok(TillCommand::OpenDay { float });
    let events = w.approved_by(MANAGER).ok(resolve(1, true));
    assert_eq!(receipt_of(&events), None);
    w.ok(TillCommand::Recall { basket: attempt.basket });
    assert!(issued(&mut w, TillCommand::PayCash { tendered: None }).is_some());
}

#[test]
fn a_day_is_not_closed_while_a_terminal_is_at_it() {
    let mut w = asked();
    w.ok(step(1, SENT));
    w.ok(TillCommand::CountDrawer { pieces: Vec::new(), foreign: Vec::new() });
    assert_eq!(w.no(TillCommand::CloseDay { despite_doubt: None }), Refusal::AttemptRunning);
}

#[test]
fn undoing_a_card_payment_takes_it_back_at_its_terminal_first() {
    let mut w = World::open();
    w.add(BUTTER, 2_000);
    let total = w.total();
    let amount = Some(w.amount(total - 50));
    w.ok(TillCommand::PayCard { amount, terminal: Some(TerminalId(2)) });
    w.ok(step(1, SENT));
    w.ok(step(1, approved(total - 50)));
    w.ok(step(1, HELD));
    let events = w.ok(TillCommand::UndoTender);
    let reversal = |e: &Event| {
        matches!(
            e,
            Event::TenderIntended {
                terminal: TerminalId(2),
                purpose: Purpose::Reversal { of: AttemptId(1) },
                ..
            }
        )
    };
    assert!(events.iter().any(reversal), "{events:?}");
    assert_eq!(w.basket().tenders.len(), 1, "still paid until the terminal says otherwise");
    assert_eq!(w.no(TillCommand::CancelCard), Refusal::AttemptRunning);
    w.ok(step(2, SENT));
    w.ok(step(2, AttemptStep::ReversalFailed { code: "unreachable".to_owned() }));
    assert_eq!(w.state.attempts[&AttemptId(2)].state, AttemptState::Intended, "tried again");
    w.ok(step(2, SENT));
    w.ok(step(2, approved(total - 50)));
    w.ok(step(2, HELD));
    assert!(w.basket().tenders.is_empty());
    w.pay();
}

#[test]
fn a_reversal_that_never_works_becomes_a_doubt_that_people_see() {
    let mut w = World::open();
    w.add(BUTTER, 2_000);
    let amount = Some(w.amount(100));
    w.ok(TillCommand::PayCard { amount, terminal: None });
    for said in [SENT, approved(100), HELD] {
        w.ok(step(1, said));
    }
    w.ok(TillCommand::UndoTender);
    for _ in 0..domain::decide::MAX_REVERSAL_FAILURES {
        assert!(!w.state.attempts[&AttemptId(2)].is_in_doubt());
        w.ok(step(2, SENT));
        w.ok(step(2, AttemptStep::ReversalFailed { code: "x".to_owned() }));
    }
    assert!(w.state.attempts[&AttemptId(2)].is_in_doubt());
    // "Not charged" of a reversal: the money is still with the shop, the tender stands.
    w.approved_by(MANAGER).ok(resolve(2, false));
    assert_eq!(w.basket().tenders.len(), 1);
}

#[test]
fn money_goes_back_to_the_card_when_goods_come_back() {
    let mut w = asked();
    let total = w.total();
    for said in [SENT, approved(total), HELD] {
        w.ok(step(1, said));
    }
    w.sign_in(TILL, MANAGER);
    w.ok(TillCommand::ReturnReceipt { receipt: crate::world::receipt_no(1) });
    let events = w.ok(CARD);
    assert!(events.iter().any(|e| matches!(e, Event::TenderIntended { purpose: Purpose::Refund, amount, .. } if amount.minor() == total)));
    w.ok(step(2, SENT));
    w.ok(step(2, approved(total)));
    let receipt = issued(&mut w, step(2, HELD)).expect("a receipt");
    assert_eq!(receipt.tenders[0].amount.minor(), -total);
    assert_eq!(w.day().totals.tenders[&TenderKind::Card].amount, Money::ZERO);
}

#[test]
fn in_training_no_terminal_is_asked() {
    let mut w = World::open();
    w.sign_in(TILL, SUPERVISOR);
    w.ok(TillCommand::Training { on: true });
    w.add(BUTTER, 1_000);
    let receipt = issued(&mut w, CARD).expect("a training receipt");
    assert!(receipt.training && w.state.attempts.is_empty());
    assert_eq!(receipt.tenders[0].kind, TenderKind::Card);
}

#[test]
fn a_terminal_without_a_connection_is_typed_in_and_counted_apart() {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    let receipt = issued(&mut w, TillCommand::PayCardExternal { amount: None }).expect("paid");
    let tenders = &w.day().totals.tenders;
    assert_eq!(tenders[&TenderKind::CardExternal].amount, receipt.total);
    assert!(!tenders.contains_key(&TenderKind::Card));
}

#[test]
fn card_amounts_fit_what_is_due() {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    let total = w.total();
    for (wrong, refusal) in
        [(0, Refusal::BadTender), (-1, Refusal::BadTender), (total + 1, Refusal::MoreThanDue)]
    {
        let amount = Some(w.amount(wrong));
        assert_eq!(w.no(TillCommand::PayCard { amount, terminal: None }), refusal);
        assert_eq!(w.no(TillCommand::PayCardExternal { amount }), refusal);
    }
    let unknown = TillCommand::PayCard { amount: None, terminal: Some(TerminalId(9)) };
    assert_eq!(w.no(unknown), Refusal::NoTerminal);
    w.ok(TillCommand::VoidLine { line: w.lines()[0].line });
    w.add(SCHNAPPS, 1_000);
    assert!(matches!(w.no(CARD), Refusal::AgeNotChecked { .. }));
    w.sell_at_other_till_without_terminal();
}

impl World {
    fn sell_at_other_till_without_terminal(&mut self) {
        let add = TillCommand::AddItem { item: BUTTER, quantity: None, price: None };
        self.ok_at(OTHER_TILL, add);
        assert_eq!(self.no_at(OTHER_TILL, CARD), Refusal::NoTerminal);
    }
}

#[test]
fn a_terminal_with_a_running_payment_stays_in_the_settings() {
    let mut w = asked();
    let mut settings = (**w.state.settings.as_ref().unwrap()).clone();
    settings.terminals.clear();
    settings.tills.iter_mut().for_each(|till| till.terminal = None);
    let configure = ShopCommand::Configure { settings: Box::new(settings) };
    let refused = w.office_no(MANAGER, configure);
    assert_eq!(refused, Refusal::BadSettings { problem: "terminal_in_use".to_owned() });
}

/// Every sequence of what a terminal could say, five steps long, with a restart after each step: money
/// is never booked twice, never without the terminal's word, and what is open after a restart is what
/// was open before it.
#[test]
fn whatever_a_terminal_says_in_whatever_order_the_books_hold() {
    let total = {
        let w = asked();
        w.total()
    };
    let words = [
        SENT,
        approved(total),
        approved(total + 1),
        declined(),
        HELD,
        AttemptStep::Doubt(Doubt::NoAnswer),
    ];
    let mut walked = 0_u32;
    let mut stack = vec![(asked(), Vec::<usize>::new(), false)];
    while let Some((world, path, said_yes)) = stack.pop() {
        if path.len() == 5 {
            continue;
        }
        for (index, word) in words.iter().enumerate() {
            let mut w = world.clone();
            let _ = w.at(TILL, step(1, word.clone()));
            walked += 1;
            let mut path = path.clone();
            path.push(index);
            assert_eq!(w.restarted().attempts, w.state.attempts, "{path:?}");
            let booked = w.book.receipts.len();
            let yes = said_yes || index == 1;
            assert!(booked <= 1, "{path:?}");
            assert!(booked == 0 || yes, "paid without a yes: {path:?}");
            let open = w.state.attempts.contains_key(&AttemptId(1));
            assert!(!(open && booked == 1), "closed when paid: {path:?}");
            stack.push((w, path, yes));
        }
    }
    assert_eq!(walked, 6 + 36 + 216 + 1_296 + 7_776);
    let _ = CASHIER;
}

#[test]
fn goods_whose_money_is_under_way_to_a_card_are_not_returned_at_another_till_meanwhile() {
    let mut w = asked();
    let total = w.total();
    for said in [SENT, approved(total), HELD] {
        w.ok(step(1, said));
    }
    w.sign_in(TILL, MANAGER);
    let receipt = crate::world::receipt_no(1);
    w.ok(TillCommand::ReturnReceipt { receipt });
    w.ok(CARD);
    w.ok(step(2, SENT));
    // Neither another till nor the next basket of this one.
    let again = TillCommand::ReturnReceipt { receipt };
    let nothing_left = |refusal| matches!(refusal, Refusal::NothingLeftToReturn { left: 0 });
    assert!(nothing_left(w.no_at(OTHER_TILL, again.clone())));
    w.ok(TillCommand::NewBasket);
    assert!(nothing_left(w.no(again.clone())));
    // When it did not go through after all, they may.
    w.ok(step(2, declined()));
    w.ok_at(OTHER_TILL, again);
}

#[test]
fn a_basket_in_doubt_is_taken_up_only_by_the_till_whose_terminal_was_asked() {
    let mut w = asked();
    w.ok(step(1, SENT));
    w.ok(step(1, AttemptStep::Doubt(Doubt::NoAnswer)));
    w.ok(TillCommand::CountDrawer { pieces: Vec::new(), foreign: Vec::new() });
    let close = TillCommand::CloseDay { despite_doubt: Some("terminal gone".to_owned()) };
    w.approved_by(MANAGER).ok(close);
    let basket = w.state.attempts[&AttemptId(1)].basket;
    let recall = TillCommand::Recall { basket };
    assert_eq!(w.no_at(OTHER_TILL, recall.clone()), Refusal::AttemptRunning);
    let float = w.amount(10_000);
    w.ok(TillCommand::OpenDay { float });
    w.ok(recall);
    w.approved_by(MANAGER).ok(resolve(1, false));
    w.pay();
}

#[test]
fn a_basket_that_was_paid_while_it_was_aside_is_finished_before_the_next_closing() {
    let mut w = asked();
    w.ok(step(1, SENT));
    w.ok(step(1, AttemptStep::Doubt(Doubt::NoAnswer)));
    w.ok(TillCommand::CountDrawer { pieces: Vec::new(), foreign: Vec::new() });
    let close = |why: Option<&str>| TillCommand::CloseDay { despite_doubt: why.map(str::to_owned) };
    w.approved_by(MANAGER).ok(close(Some("terminal gone")));
    let basket = w.state.attempts[&AttemptId(1)].basket;
    let float = w.amount(10_000);
    w.ok(TillCommand::OpenDay { float });
    w.approved_by(MANAGER).ok(resolve(1, true));
    w.ok(TillCommand::CountDrawer { pieces: Vec::new(), foreign: Vec::new() });
    assert_eq!(w.no(close(None)), Refusal::OpenBaskets);
    w.ok(TillCommand::Recall { basket });
    w.pay();
    w.ok(TillCommand::CountDrawer { pieces: Vec::new(), foreign: Vec::new() });
    w.ok(close(None));
}

#[test]
fn a_tip_that_nobody_asked_for_is_not_accepted() {
    let mut w = asked();
    let total = w.total();
    w.ok(step(1, SENT));
    let mut tipped = approval(total);
    tipped.card.tip = Money::new(100);
    w.ok(step(1, AttemptStep::Outcome(Outcome::Approved(Box::new(tipped)))));
    assert!(w.state.attempts[&AttemptId(1)].is_in_doubt());
}

#[test]
fn a_reversal_that_the_terminal_will_never_do_is_a_doubt_at_once() {
    let mut w = World::open();
    w.add(BUTTER, 2_000);
    let amount = Some(w.amount(100));
    w.ok(TillCommand::PayCard { amount, terminal: None });
    for said in [SENT, approved(100), HELD] {
        w.ok(step(1, said));
    }
    w.ok(TillCommand::UndoTender);
    w.ok(step(2, AttemptStep::Doubt(Doubt::ReversalFailed)));
    assert!(w.state.attempts[&AttemptId(2)].is_in_doubt());
    // The money went back by hand: the tender goes.
    w.approved_by(MANAGER).ok(resolve(2, true));
    assert!(w.basket().tenders.is_empty());
    w.pay();
}

#[test]
fn two_terminals_have_two_addresses_and_one_that_is_asked_keeps_its_own() {
    let mut w = World::open();
    let settings = |w: &World| (**w.state.settings.as_ref().unwrap()).clone();
    let bad = |w: &mut World, change: fn(&mut domain::Settings)| {
        let mut changed = settings(w);
        change(&mut changed);
        w.office_no(MANAGER, ShopCommand::Configure { settings: Box::new(changed) })
    };
    let problem = |word: &str| Refusal::BadSettings { problem: word.to_owned() };
    let twice = |s: &mut domain::Settings| s.terminals[1].address = s.terminals[0].address.clone();
    assert_eq!(bad(&mut w, twice), problem("terminal_address_taken"));
    let named = |s: &mut domain::Settings| {
        for terminal in &mut s.terminals {
            terminal.protocol = domain::settings::TerminalProtocol::AdyenLocal;
            terminal.terminal_id = Some("S1F2-000158215131337".to_owned());
        }
    };
    assert_eq!(bad(&mut w, named), problem("terminal_id_taken"));
    w.add(BUTTER, 1_000);
    w.ok(CARD);
    let renamed = |s: &mut domain::Settings| {
        s.terminals[0].protocol = domain::settings::TerminalProtocol::AdyenLocal;
        s.terminals[0].terminal_id = Some("S1F2-000158215131337".to_owned());
    };
    assert_eq!(bad(&mut w, renamed), problem("terminal_in_use"));
    let moved = |s: &mut domain::Settings| s.terminals[0].address = "10.0.0.9:20007".to_owned();
    assert_eq!(bad(&mut w, moved), problem("terminal_in_use"));
    w.ok(TillCommand::CancelCard);
    let mut changed = settings(&w);
    moved(&mut changed);
    w.office(ShopCommand::Configure { settings: Box::new(changed) });
}

#[test]
fn a_reversal_in_doubt_is_tried_again_or_given_to_a_person() {
    let mut w = World::open();
    w.add(BUTTER, 2_000);
    let amount = Some(w.amount(100));
    w.ok(TillCommand::PayCard { amount, terminal: None });
    for said in [SENT, approved(100), HELD] {
        w.ok(step(1, said));
    }
    w.ok(TillCommand::UndoTender);
    assert_eq!(w.no(step(2, AttemptStep::Doubt(Doubt::NoAnswer))), Refusal::UnknownAttempt);
    // As a backup that was put back knows it.
    w.ok(step(2, AttemptStep::Doubt(Doubt::Interrupted)));
    // The terminal has nothing of it.
    w.ok(step(2, AttemptStep::ReversalFailed { code: "not_booked".to_owned() }));
    assert_eq!(w.state.attempts[&AttemptId(2)].state, AttemptState::Intended);
    w.ok(step(2, SENT));
    w.ok(step(2, AttemptStep::Doubt(Doubt::ConnectionLost)));
    assert!(w.state.attempts[&AttemptId(2)].is_asked_about());
    // It clearly said no.
    w.ok(step(2, AttemptStep::Doubt(Doubt::ReversalFailed)));
    let attempt = &w.state.attempts[&AttemptId(2)];
    assert!(attempt.is_in_doubt() && !attempt.is_asked_about());
    assert!(w.ok(step(2, AttemptStep::Doubt(Doubt::ReversalFailed))).is_empty(), "said once");
}

#[test]
fn a_payment_that_a_backup_knows_as_intended_can_come_into_doubt_for_that_reason_only() {
    let mut w = asked();
    assert_eq!(w.no(step(1, AttemptStep::Doubt(Doubt::NoAnswer))), Refusal::UnknownAttempt);
    w.ok(step(1, AttemptStep::Doubt(Doubt::Interrupted)));
    assert!(w.state.attempts[&AttemptId(1)].is_in_doubt());
    w.approved_by(MANAGER).ok(resolve(1, false));
}
