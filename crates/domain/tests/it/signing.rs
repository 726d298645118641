//! Signing units: what is begun, signed, or not, and what is known of units.

use domain::event::{
    SigningFailed, SigningFinished, SigningOutage, SigningRestored, SigningStarted, SigningTidied,
    SigningUnitReported, SigningUnitServiced,
};
use domain::settings::{Country, Settings};
use domain::signing::{
    EpsonUnit, FiskalyUnit, Outcome, Signature, SigningSettings, SigningStep, Subject, Tidied,
    Transaction, UnitIdentity, UnitKind, UnitServiced, UnitSettings, UnitStep, is_practice,
};
use domain::unit_watch::{Gauge, UnitEnd, UnitUsage, warnings};
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

pub(crate) fn signed_shop() -> World {
    World::open_with(|settings| settings.signing = Some(signing()))
}

fn transaction(number: u64) -> Transaction {
    let began = "2026-11-26T08:00:00Z".parse().unwrap();
    Transaction { unit: UNIT, client: "TR-1".to_owned(), number, began }
}

pub(crate) fn began(basket: BasketId, number: u64) -> TillCommand {
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

fn tidied() -> SigningTidied {
    SigningTidied {
        unit: UNIT,
        client: "TR-1".to_owned(),
        number: 18,
        basket: Some(BasketId(1)),
        entry: None,
        how: Tidied::SignedLate,
        finished: "2026-11-26T08:02:00Z".parse().unwrap(),
        counter: 37,
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
        Event::SigningUnitServiced(SigningUnitServiced { unit: UNIT, what: UnitServiced::Check }),
        Event::SigningTidied(tidied()),
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

#[test]
fn the_number_of_a_unit_that_was_met_never_comes_to_mean_another_one() {
    let at = |address: &str| {
        let (address, device) = (address.to_owned(), "local_TSE".to_owned());
        UnitKind::Epson(EpsonUnit { address, device })
    };
    let mut w = signed_shop();
    let set = |w: &mut World, kind: UnitKind| {
        configure(w, |settings| settings.signing.as_mut().unwrap().units[0].kind = kind)
    };
    // Nobody has met it yet: a slip of the pen is mended.
    set(&mut w, at("192.168.1.20:8009")).expect("not met");
    set(&mut w, at("192.168.1.21:8009")).expect("not met");
    of_unit(&mut w, UnitStep::Reported(Box::new(identity())));
    let another = Refusal::BadSettings { problem: "signing_unit_number".to_owned() };
    assert_eq!(set(&mut w, UnitKind::Software).expect_err("another"), another);
    set(&mut w, at("192.168.1.22:8009")).expect("its address changed");
    assert_eq!(of_unit(&mut w, UnitStep::Reported(Box::new(identity()))), []);
    // It is another one: held back, whatever was known before stays known.
    let other = UnitIdentity { serial: "cd".repeat(32), ..identity() };
    let other = move || UnitStep::Reported(Box::new(other.clone()));
    let why = "another_unit".to_owned();
    let held = Event::SigningOutage(SigningOutage { unit: UNIT, why });
    assert_eq!(of_unit(&mut w, other()), [held]);
    assert_eq!(of_unit(&mut w, other()), []);
    assert_eq!(w.state.units[&UNIT].identity.as_ref(), Some(&identity()));
    // So is one that comes under the number of one that was removed.
    of_unit(&mut w, UnitStep::Up);
    let units = |w: &mut World, units: Vec<UnitSettings>| {
        configure(w, |settings| settings.signing.as_mut().unwrap().units = units)
    };
    let both = signing().units;
    units(&mut w, both[1..].to_vec()).expect("removed");
    units(&mut w, both).expect("added");
    assert_eq!(of_unit(&mut w, other()).len(), 1);
}

#[test]
fn the_outage_of_a_unit_ends_when_the_shop_has_it_no_more() {
    let mut w = signed_shop();
    let down = || UnitStep::Down { why: "unreachable".to_owned() };
    assert_eq!(of_unit(&mut w, down()).len(), 1);
    let left = signing().units[1..].to_vec();
    let events = configure(&mut w, |settings| settings.signing.as_mut().unwrap().units = left);
    let over = Event::SigningRestored(SigningRestored { unit: UNIT });
    assert_eq!(events.expect("removed")[1..], [over]);
    assert_eq!(w.state.units[&UNIT].outage, None);
    assert_eq!(of_unit(&mut w, down()), [], "it is asked no more");
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
    w.ok(TillCommand::PaidIn { amount: euros, reason: reason(), purpose: None });
    assert_eq!(waits(&w), Some(Outcome::Cash { amount: euros.amount }));
    w.ok(TillCommand::PaidOut { amount: euros, reason: reason(), purpose: None });
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

#[test]
fn a_transaction_that_was_left_behind_is_an_entry_and_ends_no_outage() {
    let mut w = signed_shop();
    of_unit(&mut w, UnitStep::Down { why: "time_out".to_owned() });
    let events = of_unit(&mut w, UnitStep::Tidied(Box::new(tidied())));
    assert_eq!(events, [Event::SigningTidied(tidied())]);
    assert!(w.state.units[&UNIT].outage.is_some(), "it does not sign for that");
    assert_eq!(w.restarted().units, w.state.units);
}

fn fiskaly(address: &str, tss: &str) -> UnitKind {
    UnitKind::Fiskaly(FiskalyUnit { address: address.to_owned(), tss: tss.to_owned() })
}

fn epson(address: &str, device: &str) -> UnitKind {
    UnitKind::Epson(EpsonUnit { address: address.to_owned(), device: device.to_owned() })
}

const LIVE: &str = "https://kassensichv-middleware.fiskaly.com/api/v2";
const TSS: &str = "3a8f0c2e-1111-4222-8333-444455556666";

/// What the shop says to units of these kinds.
fn configured(kinds: &[UnitKind]) -> Result<Vec<Event>, Refusal> {
    let mut w = World::open();
    let mut settings = (**w.state.settings.as_ref().expect("settings")).clone();
    let units = (1..).zip(kinds).map(|(id, kind)| UnitSettings {
        id: UnitId(id),
        name: format!("unit {id}"),
        kind: kind.clone(),
    });
    settings.signing = Some(SigningSettings { units: units.collect(), ..signing() });
    let command = ShopCommand::Configure { settings: Box::new(settings) };
    w.run(Some(MANAGER), Command::Shop(command))
}

#[test]
fn units_of_makers_are_taken_where_they_can_be_and_refused_in_words() {
    for kind in [
        fiskaly(LIVE, TSS),
        fiskaly("https://example.org:8443", TSS),
        fiskaly("http://127.0.0.1:7071/api/v2", TSS),
        fiskaly("http://[::1]:7071/api/v2", TSS),
        epson("192.168.1.20:8009", "local_TSE"),
        epson("printer.shop:8009", "local_TSE"),
        epson("[::1]:8009", "local_TSE"),
    ] {
        configured(std::slice::from_ref(&kind)).unwrap_or_else(|why| panic!("{kind:?}: {why:?}"));
    }
    let cases = [
        (fiskaly("http://192.168.1.20/api/v2", TSS), "signing_unit_interface"),
        (fiskaly("http://localhost:1/api/v2", TSS), "signing_unit_interface"),
        (fiskaly("https://name:pin@example.org/api", TSS), "signing_unit_interface"),
        (fiskaly("https://example.org/api?key=1", TSS), "signing_unit_interface"),
        (fiskaly("https://", TSS), "signing_unit_interface"),
        (fiskaly("", TSS), "signing_unit_interface"),
        (fiskaly(LIVE, ""), "signing_unit_tss"),
        (fiskaly(LIVE, "../admin"), "signing_unit_tss"),
        (fiskaly(LIVE, "3A8F0C2E-1111-4222-8333-444455556666"), "signing_unit_tss"),
        (epson("192.168.1.20", "local_TSE"), "signing_unit_address"),
        (epson("192.168.1.20:0", "local_TSE"), "signing_unit_address"),
        (epson("http://printer:8009", "local_TSE"), "signing_unit_address"),
        (epson("printer:8009", ""), "signing_unit_device"),
        (epson("printer:8009", "<x>"), "signing_unit_device"),
    ];
    for (kind, problem) in cases {
        let refused = Refusal::BadSettings { problem: problem.to_owned() };
        assert_eq!(configured(std::slice::from_ref(&kind)), Err(refused), "{kind:?}");
    }
    let twice = Refusal::BadSettings { problem: "signing_unit_twice".to_owned() };
    let other = fiskaly("https://example.org", TSS);
    assert_eq!(configured(&[fiskaly(LIVE, TSS), other]), Err(twice.clone()));
    let same = [epson("printer:8009", "local_TSE"), epson("printer:8009", "local_TSE")];
    assert_eq!(configured(&same), Err(twice));
    configured(&[epson("server:8009", "TSE_1"), epson("server:8009", "TSE_2")])
        .expect("a server has several");
    configured(&[fiskaly(LIVE, TSS), epson("printer:8009", "local_TSE"), UnitKind::Software])
        .expect("one of each");
}

#[test]
fn a_unit_is_practice_when_software_a_simulator_or_a_test_environment_signs() {
    let said = |certified| {
        let identity = UnitIdentity { certified, ..identity() };
        UnitStep::Reported(Box::new(identity))
    };
    for (kind, certified, practice) in [
        (UnitKind::Software, None, true),
        (fiskaly(LIVE, TSS), None, false),
        (fiskaly(LIVE, TSS), Some(true), false),
        (fiskaly(LIVE, TSS), Some(false), true),
        (fiskaly("http://127.0.0.1:1/api/v2", TSS), Some(true), true),
        (epson("printer:8009", "local_TSE"), Some(true), false),
        (epson("127.0.0.1:8009", "local_TSE"), Some(true), true),
    ] {
        let mut w = World::open_with(|settings| {
            let unit = UnitSettings { id: UNIT, name: "unit".to_owned(), kind: kind.clone() };
            settings.signing = Some(SigningSettings { units: vec![unit], ..signing() });
        });
        if let Some(certified) = certified {
            of_unit(&mut w, said(certified));
        }
        let settings = w.state.settings.clone().expect("settings");
        let is = is_practice(&settings, (&w.state.units, &w.state.signers), settings.tills.first());
        assert_eq!(is, practice, "{kind:?} {certified:?}");
    }
    // Which one signs decides, and none signs where nothing is set.
    let mut w = World::open_with(|settings| {
        let real = UnitSettings { id: UNIT, name: "a".to_owned(), kind: fiskaly(LIVE, TSS) };
        let other = UnitSettings { id: UnitId(2), name: "b".to_owned(), kind: UnitKind::Software };
        settings.signing = Some(SigningSettings { units: vec![real, other], ..signing() });
    });
    let settings = w.state.settings.clone().expect("settings");
    let is = |w: &World| {
        is_practice(&settings, (&w.state.units, &w.state.signers), settings.tills.first())
    };
    assert!(!is(&w));
    of_unit(&mut w, UnitStep::Down { why: "unreachable".to_owned() });
    assert!(is(&w));
    let nothing = World::open().state.settings.expect("settings");
    assert!(!is_practice(&nothing, (&w.state.units, &w.state.signers), None));
}

#[test]
fn what_ends_is_said_ahead_by_day_and_by_percent() {
    let now = "2026-11-26T08:00:00Z".parse().unwrap();
    let of = |days: i64| {
        let ends = jiff::SignedDuration::from_hours(days * 24);
        let said = warnings(Some(now + ends), &UnitUsage::default(), now);
        said.first().map(|one| (one.what, one.urgent, one.days))
    };
    let certificate = |urgent, days| Some((UnitEnd::Certificate, urgent, Some(days)));
    assert_eq!(of(91), None);
    assert_eq!(of(90), certificate(false, 90));
    assert_eq!(of(31), certificate(false, 31));
    assert_eq!(of(30), certificate(true, 30));
    assert_eq!(of(-3), certificate(true, 0));
    let gauge = |used| Some(Gauge { used, most: 20_000_000 });
    let full = |used| {
        let usage = UnitUsage {
            storage: gauge(used),
            signatures: gauge(used),
            clients: gauge(used),
            open: gauge(used),
            ..UnitUsage::default()
        };
        let said = warnings(None, &usage, now);
        said.iter().map(|one| (one.what, one.urgent, one.percent)).collect::<Vec<_>>()
    };
    use UnitEnd as E;
    assert_eq!(full(15_999_999), []);
    let (storage, signatures) = ((E::Storage, false, Some(80)), (E::Signatures, false, Some(80)));
    assert_eq!(full(16_000_000), [storage, signatures]);
    let urgent = |what| (what, true, Some(95));
    let all = [E::Storage, E::Signatures, E::Clients, E::Open].map(urgent);
    assert_eq!(full(19_000_000), all);
    assert_eq!(Gauge { used: 5, most: 0 }.percent(), 100);
    assert_eq!(Gauge { used: u64::MAX, most: 3 }.percent(), 100);
}
