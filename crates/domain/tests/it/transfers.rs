//! Transfers: asked for, confirmed by the bank or by a person, given up; and what no rule lets through.

use std::collections::BTreeMap;

use domain::bank::{BankAccount, bic_fits, iban};
use domain::basket::TenderKind;
use domain::event::{BankMessageTaken, TransferPaid, TransferRequested};
use domain::transfer::{
    BankMessage, Confirmed, Finding, Found, KnownTransfer, TransferState, find, payload, reference,
};
use domain::{
    Amount, BankMessageId, Command, Event, LineNo, Refusal, ShopCommand, TillCommand, TransferId,
};
use money::{Currency, Money, Quantity};

use crate::catalogue::{BREAD, LAMP};
use crate::world::{CASHIER, MANAGER, OTHER_TILL, SUPERVISOR, TILL, World, receipt_of};

const IBAN: &str = "DE89370400440532013000";

/// What the tables would know of transfers.
#[derive(Debug, Clone, Default)]
pub(crate) struct BankBook {
    pub(crate) transfers: BTreeMap<String, KnownTransfer>,
    pub(crate) messages: BTreeMap<String, (BankMessageId, bool)>,
}

impl BankBook {
    pub(crate) fn keep(&mut self, event: &Event) {
        match event {
            Event::TransferRequested(TransferRequested { transfer, reference, amount, .. }) => {
                let state = TransferState::Waiting;
                let known = KnownTransfer { id: *transfer, amount: *amount, state };
                assert!(self.transfers.insert(reference.clone(), known).is_none());
            }
            Event::TransferGivenUp { transfer, .. } => self.set(*transfer, TransferState::GivenUp),
            Event::TransferPaid(TransferPaid { transfer, confirmed, amount, .. }) => {
                let known = self.transfers.values_mut().find(|known| known.id == *transfer);
                known.unwrap().amount = *amount;
                let state = match confirmed {
                    Confirmed::Bank { .. } => TransferState::Paid,
                    Confirmed::Person { .. } => TransferState::PaidByHand,
                };
                self.set(*transfer, state);
            }
            Event::TenderUndone { tender, .. } => {
                if let Some(of) = &tender.transfer {
                    self.set(of.transfer, TransferState::Undone);
                }
            }
            Event::BankMessageTaken(BankMessageTaken { message, said, finding, transfer }) => {
                if let (Finding::BorneOut, Some(id)) = (finding, transfer) {
                    self.set(*id, TransferState::Paid);
                }
                let row = (*message, finding.needs_person());
                assert!(self.messages.insert(said.entry.clone(), row).is_none());
            }
            Event::BankMessageSettled { message, .. } => {
                let row = self.messages.values_mut().find(|(id, _)| id == message).unwrap();
                assert!(std::mem::take(&mut row.1), "settled once");
            }
            _ => {}
        }
    }

    fn set(&mut self, id: TransferId, state: TransferState) {
        self.transfers.values_mut().find(|known| known.id == id).unwrap().state = state;
    }
}

pub(crate) fn account() -> BankAccount {
    BankAccount { iban: IBAN.to_owned(), bic: None, holder: "Hofladen Öz".to_owned() }
}

fn open() -> World {
    World::open_with(|settings| settings.bank = Some(account()))
}

fn euros(minor: i64) -> Amount {
    Amount { amount: Money::new(minor), currency: Currency::EUR }
}

const ASK: TillCommand = TillCommand::PayTransfer { amount: None };

/// The shop with a lamp in the basket and a transfer asked for; the reference.
fn asked() -> (World, String) {
    let mut w = open();
    w.add(LAMP, 1_000);
    let reference = ask(&mut w);
    (w, reference)
}

fn ask(w: &mut World) -> String {
    let events = w.ok(ASK);
    let Some(Event::TransferRequested(TransferRequested { reference, .. })) = events.last() else {
        panic!("{events:?}")
    };
    reference.clone()
}

fn due(w: &World) -> i64 {
    w.state.transfers.values().next().unwrap().amount.minor()
}

pub(crate) fn says(reference: &str, amount: i64) -> BankMessage {
    BankMessage {
        entry: format!("{reference}/{amount}"),
        booked: Some("2026-11-23".parse().unwrap()),
        amount: Money::new(amount),
        currency: Currency::EUR,
        back: false,
        reference: reference.to_owned(),
        fits: true,
        by: MANAGER,
    }
}

fn tell(w: &mut World, said: BankMessage) -> Vec<Event> {
    let command = TillCommand::TakeBankMessage(Box::new(said));
    w.run(Some(CASHIER), Command::Till(TILL, command)).unwrap()
}

fn finding(events: &[Event]) -> Finding {
    events
        .iter()
        .find_map(|event| match event {
            Event::BankMessageTaken(BankMessageTaken { finding, .. }) => Some(*finding),
            _ => None,
        })
        .unwrap()
}

#[test]
fn a_reference_is_found_however_banks_and_people_write_it() {
    for seed in 0..500_u64 {
        let made = reference(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
        assert_eq!(made.len(), 14);
        let (head, tail) = made.split_at(6);
        let typed = made.to_lowercase().replace('0', "o").replace('1', "l");
        for text in [
            made.clone(),
            typed,
            format!("Danke {head} {tail} Hofladen"),
            format!("SVWZ+{head}-\n{tail}"),
        ] {
            assert_eq!(find(&text), Found::Reference(made.clone()), "{text}");
        }
    }
}

#[test]
fn a_mistyped_reference_and_signs_that_only_look_alike_are_told_apart_from_nothing_of_ours() {
    let made = reference([7, 1, 2, 3, 4, 5, 6, 0]);
    let last = made.chars().last().unwrap();
    let other = if last == '9' { '8' } else { '9' };
    let wrong = format!("{}{other}", &made[..13]);
    assert_eq!(find(&wrong), Found::Spoiled(wrong.clone()));
    // A Greek Tau and a Cyrillic Er are not T and P.
    let alike = made.replacen('T', "Τ", 1);
    assert_eq!(find(&alike), Found::Nothing);
    let inside: String =
        made.chars().enumerate().map(|(i, c)| if i == 5 { 'О' } else { c }).collect();
    assert!(matches!(find(&inside), Found::Spoiled(_)), "{inside}");
    for text in ["", "TR", "Transaktionsnummer 4711", "TRANSAKTIONSNR", "Miete November", IBAN] {
        assert_eq!(find(text), Found::Nothing, "{text}");
    }
}

#[test]
fn an_iban_is_checked_by_its_digits() {
    for good in [IBAN, "AT611904300234573201", "CH9300762011623852957", "GB82WEST12345698765432"] {
        assert_eq!(iban(good).as_deref(), Some(good));
    }
    for bad in [
        "",
        "DE",
        "DE88370400440532013000",
        "de89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "DEÄ9370400440532013",
    ] {
        assert_ne!(iban(bad).as_deref(), Some(bad), "{bad}");
    }
    assert!(
        bic_fits("BFSWDE33BER")
            && bic_fits("COBADEFF")
            && !bic_fits("COBADEF")
            && !bic_fits("C0BADEFF")
    );
}

#[test]
fn the_code_says_what_banking_apps_read() {
    let made = reference([0; 8]);
    assert_eq!(
        payload(&account(), Money::new(1_205), &made),
        format!("BCD\n002\n1\nSCT\n\nHofladen Öz\n{IBAN}\nEUR12.05\n\n\n{made}")
    );
}

#[test]
fn an_account_that_is_not_sound_is_refused() {
    let mut w = World::open();
    let mut settings = (**w.state.settings.as_ref().unwrap()).clone();
    type Spoil = fn(&mut BankAccount);
    let spoil: [(Spoil, &str); 3] = [
        (|a| a.iban = "DE00370400440532013000".to_owned(), "iban"),
        (|a| a.bic = Some("nonsense".to_owned()), "bic"),
        (|a| a.holder = "🏪".repeat(70), "bank"),
    ];
    for (spoil, problem) in spoil {
        let mut bad = account();
        spoil(&mut bad);
        settings.bank = Some(bad);
        let command = ShopCommand::Configure { settings: Box::new(settings.clone()) };
        let refused = w.run(Some(MANAGER), Command::Shop(command)).unwrap_err();
        assert_eq!(refused, Refusal::BadSettings { problem: problem.to_owned() });
    }
}

#[test]
fn a_basket_waits_for_its_transfer_and_the_till_goes_on_with_another() {
    let (mut w, _) = asked();
    let waiting = w.basket().id;
    for command in [
        ASK,
        TillCommand::PayCash { tendered: None },
        TillCommand::PayCardExternal { amount: None },
        TillCommand::UndoTender,
        TillCommand::VoidLine { line: domain::LineNo(1) },
        TillCommand::AbortBasket { reason: None },
        TillCommand::AddItem { item: BREAD, quantity: None, price: None },
    ] {
        assert_eq!(w.no(command.clone()), Refusal::TransferWaiting, "{command:?}");
    }
    w.ok(TillCommand::NewBasket);
    w.add(BREAD, 1_000);
    w.pay();
    assert!(w.state.baskets.contains_key(&waiting));
    assert_eq!(w.state.transfer_of(waiting).unwrap().till, TILL);
}

#[test]
fn what_the_bank_confirms_finishes_the_receipt_while_another_customer_is_served() {
    let (mut w, reference) = asked();
    let amount = due(&w);
    w.ok(TillCommand::NewBasket);
    w.add(BREAD, 1_000);
    let serving = w.basket().id;
    let events = tell(&mut w, says(&reference, amount));
    assert_eq!(finding(&events), Finding::Paid);
    let receipt = receipt_of(&events).expect("issued");
    let tender = &receipt.tenders[0];
    assert_eq!((tender.kind, tender.amount.minor()), (TenderKind::Transfer, amount));
    assert_eq!(
        tender.transfer.as_ref().unwrap().confirmed,
        Confirmed::Bank { message: BankMessageId(1) }
    );
    assert_eq!(w.basket().id, serving);
    assert!(w.state.transfers.is_empty());
    assert_eq!(w.day().totals.tenders[&TenderKind::Transfer].amount.minor(), amount);
}

#[test]
fn the_same_message_again_changes_nothing() {
    let (mut w, reference) = asked();
    let amount = due(&w);
    tell(&mut w, says(&reference, amount));
    assert_eq!(tell(&mut w, says(&reference, amount)), []);
    let office = Command::Shop(ShopCommand::TakeBankMessage(Box::new(says(&reference, amount))));
    assert_eq!(w.run(Some(MANAGER), office).unwrap(), []);
}

/// What a message says, by its reference and what was asked for; and what is found of it.
type Case = (&'static str, fn(&str, i64) -> BankMessage, Finding);

#[test]
fn a_message_that_does_not_fit_books_nothing_and_waits_for_a_person() {
    let cases: [Case; 7] = [
        ("a cent less", |r, due| says(r, due - 1), Finding::TooLittle),
        ("a cent more", |r, due| says(r, due + 1), Finding::TooMuch),
        (
            "another currency",
            |r, due| BankMessage { currency: "USD".parse().unwrap(), ..says(r, due) },
            Finding::WrongCurrency,
        ),
        (
            "money that went back",
            |r, due| BankMessage { back: true, ..says(r, due) },
            Finding::WentBack,
        ),
        (
            "a mistyped reference",
            |r, due| BankMessage { fits: false, ..says(r, due) },
            Finding::SpoiledReference,
        ),
        ("another reference", |_, due| says(&reference([9; 8]), due), Finding::UnknownReference),
        (
            "no reference that fits, money back",
            |r, due| BankMessage { back: true, fits: false, ..says(r, due) },
            Finding::SpoiledReference,
        ),
    ];
    for (name, message, expected) in cases {
        let (mut w, reference) = asked();
        let amount = due(&w);
        let events = tell(&mut w, message(&reference, amount));
        assert_eq!(finding(&events), expected, "{name}");
        assert_eq!(events.len(), 1, "{name}: nothing is booked");
        assert!(w.basket().tenders.is_empty() && w.state.transfers.len() == 1, "{name}");
        let settle = ShopCommand::SettleBankMessage {
            message: BankMessageId(1),
            reason: "zurück".to_owned(),
        };
        w.office(settle.clone());
        let again = w.run(Some(MANAGER), Command::Shop(settle)).unwrap_err();
        assert_eq!(again, Refusal::UnknownBankMessage, "{name}");
    }
}

#[test]
fn a_message_with_no_amount_or_a_broken_text_is_refused() {
    let (mut w, reference) = asked();
    for (message, refusal) in [
        (says(&reference, 0), "amount"),
        (says(&reference, -5), "amount"),
        (says(&reference, i64::MAX), "amount"),
    ] {
        let command = TillCommand::TakeBankMessage(Box::new(message));
        let refused = w.run(Some(CASHIER), Command::Till(TILL, command)).unwrap_err();
        assert_eq!(refused, Refusal::OutOfLimits { field: refusal.to_owned() });
    }
    let broken = BankMessage { entry: "a\u{0}b".to_owned(), ..says(&reference, 1) };
    let command = TillCommand::TakeBankMessage(Box::new(broken));
    assert!(matches!(
        w.run(Some(CASHIER), Command::Till(TILL, command)),
        Err(Refusal::BadText { .. })
    ));
}

#[test]
fn money_for_a_transfer_that_was_given_up_is_not_lost() {
    let (mut w, reference) = asked();
    let amount = due(&w);
    w.ok(TillCommand::GiveUpTransfer { transfer: TransferId(1) });
    assert_eq!(
        w.no(TillCommand::GiveUpTransfer { transfer: TransferId(1) }),
        Refusal::UnknownTransfer
    );
    w.pay();
    let said = Box::new(says(&reference, amount));
    let events = w.run(Some(MANAGER), Command::Shop(ShopCommand::TakeBankMessage(said))).unwrap();
    assert_eq!(finding(&events), Finding::GivenUp);
}

#[test]
fn the_office_does_not_take_a_message_that_a_till_waits_for() {
    let (mut w, reference) = asked();
    let said = Box::new(says(&reference, due(&w)));
    let refused = w.run(Some(MANAGER), Command::Shop(ShopCommand::TakeBankMessage(said)));
    assert_eq!(refused.unwrap_err(), Refusal::Stale);
}

fn by_hand(amount: Option<Amount>) -> TillCommand {
    TillCommand::ConfirmTransfer {
        transfer: TransferId(1),
        amount,
        reason: "Kontoauszug".to_owned(),
    }
}

#[test]
fn a_person_confirms_by_right_with_a_reason_and_is_named() {
    let (mut w, _) = asked();
    let permission = domain::Permission::ResolvePayments;
    assert_eq!(w.no(by_hand(None)), Refusal::NotPermitted { permission });
    let blank = TillCommand::ConfirmTransfer {
        transfer: TransferId(1),
        amount: None,
        reason: " ".to_owned(),
    };
    assert_eq!(w.no(blank), Refusal::BadText { field: "reason".to_owned() });
    let events = w.approved_by(SUPERVISOR).ok(by_hand(None));
    let receipt = receipt_of(&events).expect("issued");
    assert_eq!(receipt.tenders[0].kind, TenderKind::TransferByHand);
    let of = receipt.tenders[0].transfer.as_ref().unwrap();
    assert_eq!(of.confirmed, Confirmed::Person { person: SUPERVISOR });
    let totals = &w.day().totals.tenders;
    assert!(
        totals.contains_key(&TenderKind::TransferByHand)
            && !totals.contains_key(&TenderKind::Transfer)
    );
}

#[test]
fn the_bank_bears_out_what_a_person_confirmed_and_pays_nothing_twice() {
    let (mut w, reference) = asked();
    let amount = due(&w);
    w.approved_by(SUPERVISOR).ok(by_hand(None));
    assert_eq!(finding(&tell(&mut w, says(&reference, amount))), Finding::BorneOut);
    let twice = BankMessage { entry: "second".to_owned(), ..says(&reference, amount) };
    let events = tell(&mut w, twice);
    assert_eq!((finding(&events), events.len()), (Finding::PaidBefore, 1));
}

#[test]
fn less_than_was_asked_for_counts_once_a_person_says_so_and_the_rest_stays_due() {
    let (mut w, reference) = asked();
    let amount = due(&w);
    tell(&mut w, says(&reference, amount - 100));
    assert_eq!(w.state.transfers[&TransferId(1)].arrived[0].amount.minor(), amount - 100);
    assert_eq!(
        w.approved_by(SUPERVISOR).no(by_hand(Some(euros(amount + 1)))),
        Refusal::MoreThanDue
    );
    assert_eq!(w.approved_by(SUPERVISOR).no(by_hand(Some(euros(0)))), Refusal::MoreThanDue);
    let events = w.approved_by(SUPERVISOR).ok(by_hand(Some(euros(amount - 100))));
    assert!(
        events
            .iter()
            .any(|e| matches!(e, Event::BankMessageSettled { message: BankMessageId(1), .. }))
    );
    assert_eq!(receipt_of(&events), None);
    let receipt = w.pay();
    let kinds: Vec<_> = receipt.tenders.iter().map(|t| (t.kind, t.amount.minor())).collect();
    assert_eq!(kinds, [(TenderKind::TransferByHand, amount - 100), (TenderKind::Cash, 100)]);
}

#[test]
fn a_part_that_a_person_confirmed_is_borne_out_by_the_same_part() {
    let (mut w, reference) = asked();
    let amount = due(&w);
    w.approved_by(SUPERVISOR).ok(by_hand(Some(euros(amount - 100))));
    assert_eq!(finding(&tell(&mut w, says(&reference, amount))), Finding::TooMuch);
    assert_eq!(finding(&tell(&mut w, says(&reference, amount - 100))), Finding::BorneOut);
}

#[test]
fn what_the_office_has_dealt_with_is_not_settled_again_at_the_till() {
    let (mut w, reference) = asked();
    let amount = due(&w);
    tell(&mut w, says(&reference, amount - 100));
    let (message, reason) = (BankMessageId(1), "zurück".to_owned());
    w.office(ShopCommand::SettleBankMessage { message, reason });
    let events = w.approved_by(SUPERVISOR).ok(by_hand(None));
    assert!(!events.iter().any(|e| matches!(e, Event::BankMessageSettled { .. })));
}

#[test]
fn a_receipt_whose_money_comes_after_midnight_is_of_the_day_on_which_it_came() {
    let (mut w, reference) = asked();
    let amount = due(&w);
    w.pass(24 * 60);
    let receipt = receipt_of(&tell(&mut w, says(&reference, amount))).expect("issued");
    assert_eq!(receipt.date, "2026-11-24".parse().unwrap());
}

#[test]
fn a_slow_transfer_waits_aside_over_the_closing_and_is_finished_where_it_is_recalled() {
    let (mut w, reference) = asked();
    let amount = due(&w);
    w.ok(TillCommand::Park { name: Some("Überweisung".to_owned()) });
    w.ok(TillCommand::CountDrawer { pieces: Vec::new(), foreign: Vec::new() });
    w.ok(TillCommand::CloseDay { despite_doubt: None });
    let events = tell(&mut w, says(&reference, amount));
    assert_eq!((finding(&events), receipt_of(&events)), (Finding::Paid, None));
    w.sign_in(OTHER_TILL, MANAGER);
    let basket = *w.state.baskets.keys().next().unwrap();
    let at =
        |w: &mut World, command| w.run(Some(MANAGER), Command::Till(OTHER_TILL, command)).unwrap();
    at(&mut w, TillCommand::Recall { basket });
    let events = at(&mut w, TillCommand::PayCash { tendered: None });
    assert_eq!(receipt_of(&events).unwrap().tenders[0].kind, TenderKind::Transfer);
}

#[test]
fn undoing_a_transfer_needs_the_right_and_its_money_is_then_to_be_given_back() {
    let mut w = open();
    w.add(LAMP, 1_000);
    let events = w.ok(TillCommand::PayTransfer { amount: Some(euros(500)) });
    let Some(Event::TransferRequested(TransferRequested { reference, .. })) = events.last() else {
        panic!()
    };
    let reference = reference.clone();
    tell(&mut w, says(&reference, 500));
    let permission = domain::Permission::ResolvePayments;
    assert_eq!(w.no(TillCommand::UndoTender), Refusal::NotPermitted { permission });
    w.approved_by(SUPERVISOR).ok(TillCommand::UndoTender);
    assert_eq!(w.book.bank.transfers[&reference].state, TransferState::Undone);
    assert!(w.basket().tenders.is_empty());
}

#[test]
fn practice_asks_no_bank() {
    let mut w = open();
    w.sign_in(TILL, MANAGER);
    w.ok(TillCommand::Training { on: true });
    w.ok(TillCommand::AddItem { item: LAMP, quantity: None, price: None });
    let events = w.ok(ASK);
    assert!(receipt_of(&events).unwrap().training);
    assert!(w.state.transfers.is_empty());
}

#[test]
fn a_shop_without_an_account_or_without_euro_takes_no_transfers() {
    for change in [(|_: &mut domain::Settings| ()) as fn(&mut domain::Settings), |s| {
        s.bank = Some(account());
        s.currency = Currency::CHF;
    }] {
        let mut w = World::open_with(change);
        w.add(LAMP, 1_000);
        assert_eq!(w.no(ASK), Refusal::NoBankAccount);
    }
}

/// Each tender against a cent more than is due: change for cash, a refusal of its own for all others.
#[test]
fn overpaying_gives_change_for_cash_and_is_refused_for_everything_else() {
    let more = |w: &World| Some(euros(w.total() + 1));
    type Rule = (&'static str, fn(Option<Amount>) -> TillCommand, Option<Refusal>);
    let rules: [Rule; 4] = [
        ("cash", |tendered| TillCommand::PayCash { tendered }, None),
        ("external", |amount| TillCommand::PayCardExternal { amount }, Some(Refusal::MoreThanDue)),
        (
            "card",
            |amount| TillCommand::PayCard { amount, terminal: None },
            Some(Refusal::MoreThanDue),
        ),
        ("transfer", |amount| TillCommand::PayTransfer { amount }, Some(Refusal::MoreThanDue)),
    ];
    for (name, pay, refusal) in rules {
        let mut w = open();
        w.add(LAMP, 1_000);
        let command = pay(more(&w));
        match refusal {
            Some(refusal) => {
                assert_eq!(w.no(command), refusal, "{name}");
                assert!(w.basket().tenders.is_empty(), "{name}");
            }
            None => {
                let receipt = receipt_of(&w.ok(command)).unwrap();
                assert_eq!(receipt.tenders[0].change.minor(), 1, "{name}");
                assert_eq!(receipt.tenders[0].amount, receipt.total, "{name}");
            }
        }
    }
    // Less is a part of it, for each.
    let mut w = open();
    w.add(LAMP, 1_000);
    w.ok(TillCommand::PayCardExternal { amount: Some(euros(100)) });
    w.ok(TillCommand::PayCash { tendered: Some(euros(100)) });
    w.ok(TillCommand::PayTransfer { amount: Some(euros(100)) });
}

#[test]
fn goods_that_a_waiting_transfer_takes_back_come_back_nowhere_else() {
    let mut w = open();
    w.sell(&[(BREAD, 2_000)]);
    let back = |quantity| TillCommand::ReturnLine {
        receipt: crate::world::receipt_no(1),
        line: LineNo(1),
        quantity: Some(Quantity::new(quantity)),
    };
    w.ok(back(2_000));
    w.add(LAMP, 1_000);
    let reference = ask(&mut w);
    let refusal = w.no_at(OTHER_TILL, back(2_000));
    assert_eq!(refusal, Refusal::NothingLeftToReturn { left: 0 });
    let amount = due(&w);
    let events = tell(&mut w, says(&reference, amount));
    assert!(events.iter().any(|event| matches!(event, Event::ReceiptIssued(_))), "{events:?}");
}
