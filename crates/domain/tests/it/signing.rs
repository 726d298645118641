//! Signing units: what is begun, signed, or not, and what is known of units.

use domain::event::{
    SigningFailed, SigningFinished, SigningOutage, SigningRestored, SigningStarted,
    SigningUnitReported,
};
use domain::settings::{Country, Settings};
use domain::signing::{
    Outcome, Signature, SigningSettings, SigningStep, Subject, Transaction, UnitIdentity, UnitKind,
    UnitSettings, UnitStep,
};
use domain::{BasketId, Command, Event, Refusal, ShopCommand, TillCommand, TillId, UnitId};

use money::Money;

use crate::catalogue::BUTTER;
use crate::world::{MANAGER, TILL, World};

const UNIT: UnitId = UnitId(1);

fn signing() -> SigningSettings {
    let unit =
        |id| UnitSettings { id: UnitId(id), name: format!("unit {id}"), kind: UnitKind::Software };
    SigningSettings { serial: "TR".to_owned(), units: vec![unit(1), unit(2)], clear_text: false }
}

fn signed_shop() -> World {
    World::open_with(|settings| settings.signing = Some(signing()))
}

fn transaction(number: u64) -> Transaction {
    let began = "2026-11-26T08:00:00Z".parse().unwrap();
    Transaction { unit: UNIT, client: "TR-1".to_owned(), number, began }
}

fn began(basket: BasketId, number: u64) -> TillCommand {
    TillCommand::Signing {
        of: Subject::Basket(basket),
        step: SigningStep::Began(Box::new(transaction(number))),
    }
}

fn signature(number: u64) -> Signature {
    Signature {
        transaction: transaction(number),
        finished: "2026-11-26T08:01:00Z".parse().unwrap(),
        counter: 9,
        value: "c2ln".to_owned(),
        process_type: "Kassenbeleg-V1".to_owned(),
        process_data: "Beleg^^".to_owned(),
        serial: "ab".repeat(32),
    }
}

fn signed(basket: BasketId) -> TillCommand {
    TillCommand::Signing {
        of: Subject::Basket(basket),
        step: SigningStep::Signed(Box::new(signature(1))),
    }
}

fn failed(basket: BasketId) -> TillCommand {
    let (process_type, process_data) = ("Kassenbeleg-V1".to_owned(), "Beleg^^".to_owned());
    let why = "unreachable".to_owned();
    let step = SigningStep::Failed { unit: Some(UNIT), why, process_type, process_data };
    TillCommand::Signing { of: Subject::Basket(basket), step }
}

fn identity() -> UnitIdentity {
    UnitIdentity {
        serial: "ab".repeat(32),
        public_key: "BAEC".to_owned(),
        algorithm: "ecdsa-plain-SHA256".to_owned(),
        time_format: "unixTime".to_owned(),
        encoding: "UTF-8".to_owned(),
        certificates: Vec::new(),
        certified: false,
    }
}

/// One of each kind.
pub(crate) fn every_event() -> Vec<Event> {
    let basket = BasketId(1);
    let transaction = transaction(17);
    vec![
        Event::SigningFinished(Box::new(SigningFinished {
            of: Subject::Basket(basket),
            signature: signature(17),
        })),
        Event::SigningFailed(Box::new(SigningFailed {
            of: Subject::Basket(basket),
            unit: Some(UNIT),
            transaction: Some(transaction.clone()),
            why: "unreachable".to_owned(),
            process_type: "Kassenbeleg-V1".to_owned(),
            process_data: "Beleg^^".to_owned(),
        })),
        Event::SigningStarted(Box::new(SigningStarted { basket, transaction })),
        Event::SigningUnitReported(Box::new(SigningUnitReported {
            unit: UNIT,
            identity: identity(),
        })),
        Event::SigningOutage(SigningOutage { unit: UNIT, why: "unreachable".to_owned() }),
        Event::SigningRestored(SigningRestored { unit: UNIT }),
    ]
}

/// The program itself says it.
fn says(w: &mut World, command: TillCommand) -> Result<Vec<Event>, Refusal> {
    w.run(None, Command::Till(TILL, command))
}

fn of_unit(w: &mut World, step: UnitStep) -> Vec<Event> {
    let command = ShopCommand::SigningUnit { unit: UNIT, step };
    w.run(None, Command::Shop(command)).expect("what is said of a unit is taken")
}

/// The day's float waits as well.
fn a_sale_waits(w: &World) -> bool {
    w.state.signings.keys().any(|of| matches!(of, Subject::Basket(_)))
}

#[test]
fn a_receipt_waits_for_its_signature_and_is_signed_once() {
    let mut w = signed_shop();
    w.add(BUTTER, 1_000);
    let basket = w.basket().id;
    says(&mut w, began(basket, 17)).expect("begun");
    assert_eq!(w.basket().signing.as_deref(), Some(&transaction(17)));
    // It does not begin twice, and nothing is signed of what has not ended.
    assert_eq!(says(&mut w, began(basket, 18)), Err(Refusal::NotToBeSigned));
    assert_eq!(says(&mut w, signed(basket)), Err(Refusal::NotToBeSigned));
    assert_eq!(w.restarted().baskets, w.state.baskets);

    let receipt = w.pay();
    let waits = w.state.signings.get(&Subject::Basket(basket)).expect("it waits").clone();
    assert_eq!(waits.transaction, Some(transaction(17)));
    assert_eq!(waits.outcome, Outcome::Receipt { number: receipt.number, training: false });
    assert_eq!(w.restarted().signings, w.state.signings);

    says(&mut w, signed(basket)).expect("signed");
    assert!(!a_sale_waits(&w));
    assert_eq!(w.restarted().signings, w.state.signings);
    assert_eq!(says(&mut w, signed(basket)), Err(Refusal::NotToBeSigned));
    assert_eq!(says(&mut w, failed(basket)), Err(Refusal::NotToBeSigned));
}

#[test]
fn what_is_given_up_and_what_is_practised_is_signed_as_that() {
    let mut w = signed_shop();
    w.sign_in(TILL, MANAGER);
    w.add(BUTTER, 1_000);
    let given_up = w.basket().id;
    w.ok(TillCommand::AbortBasket { reason: None });
    assert_eq!(
        w.state.signings[&Subject::Basket(given_up)].outcome,
        Outcome::Aborted { training: false }
    );
    w.ok(TillCommand::Training { on: true });
    w.add(BUTTER, 1_000);
    let practised = w.basket().id;
    let receipt = w.pay();
    let outcome = Outcome::Receipt { number: receipt.number, training: true };
    assert_eq!(w.state.signings[&Subject::Basket(practised)].outcome, outcome);
}

/// What an entry that just was made waits with.
fn waits(w: &World) -> Option<Outcome> {
    w.state.signings.get(&Subject::Entry(w.next_seq() - 1)).map(|signing| signing.outcome)
}

#[test]
fn cash_that_moves_without_a_sale_is_signed_as_what_it_is() {
    let mut w = signed_shop();
    let day = w.log.iter().position(|e| matches!(e.event, Event::DayOpened { .. })).unwrap();
    let float = w.state.signings[&Subject::Entry(u64::try_from(day).unwrap() + 1)].outcome;
    assert_eq!(float, Outcome::Cash { amount: w.state.tills[&TILL].day.as_ref().unwrap().float });
    w.sign_in(TILL, MANAGER);
    let reason = || "reason".to_owned();
    let euros = w.amount(1_000);
    w.ok(TillCommand::PaidIn { amount: euros, reason: reason() });
    assert_eq!(waits(&w), Some(Outcome::Cash { amount: euros.amount }));
    w.ok(TillCommand::PaidOut { amount: euros, reason: reason() });
    assert_eq!(waits(&w), Some(Outcome::Cash { amount: euros.amount.negated() }));
    w.ok(TillCommand::Drop { amount: euros, reason: reason() });
    assert_eq!(waits(&w), Some(Outcome::Cash { amount: Money::new(-1_000) }));
    w.ok(TillCommand::NoSale { reason: reason() });
    assert_eq!(waits(&w), Some(Outcome::DrawerOpened));
    assert_eq!(w.restarted().signings, w.state.signings);

    // It begins and ends at once: nothing is begun for it before. Signed once, it waits no longer.
    let of = Subject::Entry(w.next_seq() - 1);
    let step = SigningStep::Began(Box::new(transaction(3)));
    assert_eq!(says(&mut w, TillCommand::Signing { of, step }), Err(Refusal::NotToBeSigned));
    let step = || SigningStep::Signed(Box::new(signature(3)));
    says(&mut w, TillCommand::Signing { of, step: step() }).expect("signed");
    assert!(!w.state.signings.contains_key(&of));
    assert_eq!(w.restarted().signings, w.state.signings);
    let again = says(&mut w, TillCommand::Signing { of, step: step() });
    assert_eq!(again, Err(Refusal::NotToBeSigned));
}

#[test]
fn the_difference_of_a_counting_is_signed_when_the_day_is_closed() {
    let mut w = signed_shop();
    w.sign_in(TILL, MANAGER);
    let pieces = u32::try_from(w.drawer() - 30).unwrap();
    let pieces = vec![domain::command::Denomination { value: 1, pieces }];
    w.ok(TillCommand::CountDrawer { pieces, foreign: Vec::new() });
    w.ok(TillCommand::CloseDay { despite_doubt: None });
    let closed = w.log.iter().rposition(|e| matches!(e.event, Event::DayClosed { .. })).unwrap();
    let of = Subject::Entry(u64::try_from(closed).unwrap() + 1);
    assert_eq!(w.state.signings[&of].outcome, Outcome::Cash { amount: Money::new(-30) });
}

#[test]
fn what_was_not_signed_says_why_and_is_settled() {
    let mut w = signed_shop();
    w.add(BUTTER, 1_000);
    let basket = w.basket().id;
    says(&mut w, began(basket, 17)).expect("begun");
    w.pay();
    let events = says(&mut w, failed(basket)).expect("said");
    let [Event::SigningFailed(said)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((said.why.as_str(), &said.transaction), ("unreachable", &Some(transaction(17))));
    assert!(!a_sale_waits(&w));
}

#[test]
fn nothing_waits_where_nothing_is_signed_but_what_was_begun_is_ended() {
    let mut w = World::open();
    w.sell(&[(BUTTER, 1_000)]);
    w.sign_in(TILL, MANAGER);
    w.ok(TillCommand::NoSale { reason: "reason".to_owned() });
    assert!(w.state.signings.is_empty());
    // A unit that was taken out of the settings in the middle of a sale.
    let mut w = signed_shop();
    w.add(BUTTER, 1_000);
    let basket = w.basket().id;
    says(&mut w, began(basket, 17)).expect("begun");
    configure(&mut w, |settings| settings.signing = None).expect("allowed");
    w.pay();
    assert!(w.state.signings.contains_key(&Subject::Basket(basket)));
}

#[test]
fn only_the_program_says_what_units_do() {
    let mut w = signed_shop();
    w.add(BUTTER, 1_000);
    let basket = w.basket().id;
    let step = UnitStep::Down { why: "unreachable".to_owned() };
    let command = ShopCommand::SigningUnit { unit: UNIT, step };
    w.run(None, Command::Shop(command)).expect("the program says it");
    assert!(says(&mut w, began(basket, 1)).is_ok());
    let json = serde_json::json!({"type": "signing", "basket": 1});
    assert!(serde_json::from_value::<TillCommand>(json).is_err());
}

#[test]
fn of_a_unit_only_what_is_news_is_recorded() {
    let mut w = signed_shop();
    let identity = identity();
    let reported = || UnitStep::Reported(Box::new(identity.clone()));
    let down = |why: &str| UnitStep::Down { why: why.to_owned() };
    assert_eq!(of_unit(&mut w, UnitStep::Up), []);
    assert_eq!(of_unit(&mut w, reported()).len(), 1);
    assert_eq!(of_unit(&mut w, reported()), []);
    assert_eq!(of_unit(&mut w, down("unreachable")).len(), 1);
    assert_eq!(of_unit(&mut w, down("unreachable")), []);
    assert_eq!(of_unit(&mut w, down("storage_full")).len(), 1);
    let unit = w.state.units.get(&UNIT).expect("known");
    assert_eq!(unit.outage.as_ref().map(|outage| outage.why.as_str()), Some("storage_full"));
    assert_eq!(w.restarted().units, w.state.units);
    assert_eq!(of_unit(&mut w, UnitStep::Up).len(), 1);
    assert_eq!(w.state.units[&UNIT].outage, None);
    assert_eq!(w.state.units[&UNIT].identity.as_ref(), Some(&identity));
}

fn configure(w: &mut World, change: impl FnOnce(&mut Settings)) -> Result<Vec<Event>, Refusal> {
    let mut settings = w.state.settings.as_deref().expect("set up").clone();
    change(&mut settings);
    let command = ShopCommand::Configure { settings: Box::new(settings) };
    w.run(Some(MANAGER), Command::Shop(command))
}

#[test]
fn units_and_tills_that_cannot_be_are_refused() {
    let mut w = signed_shop();
    let problem = |w: &mut World, change: fn(&mut Settings)| match configure(w, change)
        .expect_err("refused")
    {
        Refusal::BadSettings { problem } => problem,
        other => panic!("{other:?}"),
    };
    let of = |settings: &mut Settings, change: fn(&mut SigningSettings)| {
        change(settings.signing.as_mut().expect("signed"));
    };
    assert_eq!(problem(&mut w, |s| s.tills[0].signing_unit = Some(UnitId(3))), "till_signing_unit");
    assert_eq!(problem(&mut w, |s| s.country = Country::At), "signing_country");
    type Change = fn(&mut SigningSettings);
    let changes: [(Change, &str); 6] = [
        (|s| s.serial.clear(), "signing_serial"),
        (|s| s.serial = "x".repeat(21), "signing_serial"),
        (|s| s.serial = "Köln".to_owned(), "signing_serial"),
        (|s| s.units.clear(), "signing_units"),
        (|s| s.units[1].id = UnitId(1), "signing_units"),
        (|s| s.units[0].id = UnitId(0), "signing_units"),
    ];
    for (change, code) in changes {
        let mut settings = w.state.settings.as_deref().expect("set up").clone();
        of(&mut settings, change);
        let command = ShopCommand::Configure { settings: Box::new(settings) };
        let refusal = w.run(Some(MANAGER), Command::Shop(command)).expect_err(code);
        assert!(
            matches!(&refusal, Refusal::BadSettings { problem } if problem == code),
            "{refusal:?}"
        );
    }
    let known = w.state.settings.as_deref().and_then(|s| s.signing.clone()).expect("signed");
    assert_eq!(known.client(TillId(2)), "TR-2");
    configure(&mut w, |s| s.tills[0].signing_unit = Some(UnitId(2))).expect("its own");
    let settings = w.state.settings.as_deref().expect("set up");
    let order: Vec<UnitId> = known.tried_by(settings.tills.first()).iter().map(|u| u.id).collect();
    assert_eq!(order, [UnitId(2), UnitId(1)]);
}

#[test]
fn an_entry_of_a_transaction_is_one_of_its_basket() {
    let mut w = signed_shop();
    w.add(BUTTER, 1_000);
    let basket = w.basket().id;
    let events = says(&mut w, began(basket, 17)).expect("begun");
    let started = SigningStarted { basket, transaction: transaction(17) };
    assert_eq!(events, [Event::SigningStarted(Box::new(started))]);
}
