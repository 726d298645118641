//! Card terminals as devices: whoever puts another one in the place of ours is noticed before a card is.

use domain::command::{AttemptStep, ClosingStep, PhotoBytes};
use domain::device::{
    ApprovalState, Device, DeviceCard, DeviceFact, DeviceIdentity, InspectionPoint, PhotoDigest,
    PhotoKind, PointResult,
};
use domain::payment::{Approval, AttemptState, CardFacts, Doubt, Outcome};
use domain::{
    AttemptId, ClosingId, Command, Event, Permission, Refusal, ShopCommand, TerminalId, TillCommand,
};
use money::{Currency, Money};
use proptest::prelude::*;

use crate::catalogue::BUTTER;
use crate::world::{CASHIER, MANAGER, SUPERVISOR, World};

const CARD: TillCommand = TillCommand::PayCard { amount: None, terminal: None };
const OURS: TerminalId = TerminalId(1);

fn identity(tid: &str, serial: &str, software: &str) -> DeviceIdentity {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    DeviceIdentity {
        terminal_id: said(tid),
        model: said("Desk 1"),
        serial: said(serial),
        software: said(software),
    }
}

fn ours() -> DeviceIdentity {
    identity("52500041", "0042-17", "7.41")
}

fn only_tid(tid: &str) -> DeviceIdentity {
    DeviceIdentity { terminal_id: Some(tid.to_owned()), ..DeviceIdentity::default() }
}

fn card(identity: DeviceIdentity) -> DeviceCard {
    DeviceCard {
        make: "Muster".to_owned(),
        identity,
        place: "Till 1".to_owned(),
        seal: "S-20931".to_owned(),
        approval: "4-10205".to_owned(),
        approval_until: Some("2027-04-30".parse().unwrap()),
    }
}

fn register(revision: u32, identity: DeviceIdentity) -> ShopCommand {
    ShopCommand::RegisterTerminal { terminal: OURS, revision, card: Box::new(card(identity)) }
}

fn confirm(revision: u32) -> ShopCommand {
    let reason = "exchanged by the technician".to_owned();
    ShopCommand::ConfirmTerminal { terminal: OURS, revision, reason }
}

fn inspect(findings: &[InspectionPoint], note: &str) -> ShopCommand {
    let result = |point| PointResult { point, ok: !findings.contains(&point) };
    let points = InspectionPoint::ALL.into_iter().map(result).collect();
    ShopCommand::InspectTerminal { terminal: OURS, points, note: note.to_owned() }
}

fn photograph(seed: u8) -> ShopCommand {
    let (photo, of) = (PhotoDigest([seed; 32]), PhotoKind::Png);
    ShopCommand::PhotographTerminal { terminal: OURS, photo, of, bytes: PhotoBytes(vec![seed]) }
}

/// The terminal says who it is.
fn says(w: &mut World, identity: DeviceIdentity) -> Vec<Event> {
    let command = ShopCommand::TerminalReported { terminal: OURS, identity };
    w.run(None, Command::Shop(command)).expect("what a terminal says is taken")
}

fn device(w: &World) -> Device {
    w.state.devices.get(&OURS).cloned().unwrap_or_else(|| Device::new(OURS))
}

/// A terminal that is in the register as it says it is.
fn registered() -> World {
    let mut w = World::open();
    says(&mut w, ours());
    let revision = device(&w).revision;
    w.office(register(revision, ours()));
    w.add(BUTTER, 1_000);
    w
}

fn changed(facts: &[DeviceFact]) -> Refusal {
    Refusal::TerminalStopped { terminal: OURS, changed: facts.to_vec(), findings: Vec::new() }
}

fn sent(attempt: u64) -> TillCommand {
    let step = AttemptStep::Sent { before: String::new() };
    TillCommand::Attempt { attempt: AttemptId(attempt), step }
}

fn approved(attempt: u64, tid: &str, amount: i64) -> TillCommand {
    let card = CardFacts { terminal_id: Some(tid.to_owned()), ..CardFacts::default() };
    let approval = Approval {
        amount: Money::new(amount),
        currency: Currency::EUR,
        partial: false,
        card,
        cash: None,
    };
    let step = AttemptStep::Outcome(Outcome::Approved(Box::new(approval)));
    TillCommand::Attempt { attempt: AttemptId(attempt), step }
}

/// All that can happen to a device, once.
pub(crate) fn story(w: &mut World) {
    says(w, ours());
    w.office(register(1, ours()));
    w.office(photograph(7));
    w.office(inspect(&[InspectionPoint::Seal], "loose"));
    says(w, identity("52500041", "0042-18", "7.41"));
    w.office(confirm(device(w).revision));
}

#[test]
fn what_a_terminal_says_first_is_noted_and_taken_over_by_a_person() {
    let mut w = World::open();
    let events = says(&mut w, ours());
    assert_eq!(events, [Event::DeviceReported { terminal: OURS, identity: ours() }]);
    assert_eq!(says(&mut w, ours()), [], "said before");
    assert_eq!(says(&mut w, only_tid("52500041")), [], "less than before is no news");
    // In no register yet, it takes payments and may say something else: nobody vouched for it.
    says(&mut w, identity("52500041", "0042-17", "7.40"));
    says(&mut w, ours());
    w.add(BUTTER, 1_000);
    w.ok(CARD);
    w.office(register(device(&w).revision, ours()));
    assert_eq!(device(&w).card, Some(card(ours())));
    assert_eq!(device(&w).registered.map(|done| done.by), Some(MANAGER));
}

#[test]
fn another_terminal_stops_cards_until_a_person_says_why_it_is_the_right_one() {
    for (said, fact) in [
        (identity("52500042", "0042-17", "7.41"), DeviceFact::TerminalId),
        (identity("52500041", "0042-18", "7.41"), DeviceFact::Serial),
        (identity("52500041", "0042-17", "7.42"), DeviceFact::Software),
    ] {
        let mut w = registered();
        let events = says(&mut w, said.clone());
        assert!(matches!(&events[..], [Event::DeviceChanged { .. }]), "{events:?}");
        assert_eq!(w.no(CARD), changed(&[fact]));
        // Cash and the other terminal go on.
        w.ok(TillCommand::PayCard { amount: None, terminal: Some(TerminalId(2)) });
        w.ok(TillCommand::NewBasket);
        w.sell(&[(BUTTER, 1_000)]);
        // That the old one answers again does not undo it.
        says(&mut w, ours());
        w.add(BUTTER, 1_000);
        assert_eq!(w.no(CARD), changed(&[fact]));
        says(&mut w, said.clone());
        w.office(confirm(device(&w).revision));
        assert_eq!(device(&w).card.map(|card| card.identity), Some(said.clone()));
        assert_eq!(says(&mut w, said), []);
        w.ok(CARD);
    }
}

#[test]
fn what_a_terminal_never_said_before_is_held_against_from_then_on() {
    let mut w = World::open();
    says(&mut w, only_tid("52500041"));
    let typed = DeviceIdentity { serial: Some("0042-17".to_owned()), ..only_tid("52500041") };
    w.office(register(1, typed));
    w.add(BUTTER, 1_000);
    // The serial number on the label was typed; the terminal says the same.
    says(&mut w, ours());
    assert_eq!(device(&w).stop, None);
    says(&mut w, identity("52500041", "0042-17", "7.42"));
    assert_eq!(w.no(CARD), changed(&[DeviceFact::Software]));
    // Or it does not: that is how a swapped one is found.
    let mut w = World::open();
    let typed = DeviceIdentity { serial: Some("0042-99".to_owned()), ..only_tid("52500041") };
    w.office(register(0, typed));
    w.add(BUTTER, 1_000);
    says(&mut w, ours());
    assert_eq!(w.no(CARD), changed(&[DeviceFact::Serial]));
}

#[test]
fn what_the_terminal_says_is_not_typed_otherwise() {
    let mut w = World::open();
    says(&mut w, ours());
    let other = identity("52500041", "0042-18", "7.41");
    assert_eq!(w.office_no(MANAGER, register(1, other)), Refusal::Stale);
    assert_eq!(w.office_no(MANAGER, register(0, ours())), Refusal::Stale, "an old look");
    w.office(register(1, ours()));
    assert_eq!(w.office(register(2, ours())), [], "so already");
    // A new card must not get round saying why it is another terminal.
    says(&mut w, identity("52500042", "0042-17", "7.41"));
    let stopped = w.office_no(MANAGER, register(3, identity("52500042", "0042-17", "7.41")));
    assert_eq!(stopped, changed(&[DeviceFact::TerminalId]));
    assert_eq!(w.office_no(MANAGER, confirm(2)), Refusal::Stale, "they saw something else");
}

#[test]
fn a_payment_that_is_under_way_is_not_sent_to_another_terminal() {
    let mut w = registered();
    w.ok(CARD);
    says(&mut w, identity("52500041", "0042-18", "7.41"));
    assert_eq!(w.no(sent(1)), changed(&[DeviceFact::Serial]));
    let given_up = Outcome::Cancelled { code: "terminal_stopped".to_owned() };
    let step = AttemptStep::Outcome(given_up);
    w.ok(TillCommand::Attempt { attempt: AttemptId(1), step });
    assert!(w.state.attempts.is_empty(), "nothing was sent, nothing is open");
}

#[test]
fn money_that_another_terminal_booked_is_in_doubt_and_stops_cards() {
    let mut w = registered();
    let total = w.total();
    w.ok(CARD);
    w.ok(sent(1));
    let events = w.ok(approved(1, "52500042", total));
    assert!(matches!(
        &events[..],
        [
            Event::DeviceChanged { .. },
            Event::TenderInDoubt { why: Doubt::TerminalDiffers, approval: Some(_), .. }
        ]
    ));
    let state = w.state.attempts.values().next().map(|a| a.state);
    assert!(matches!(state, Some(AttemptState::InDoubt { why: Doubt::TerminalDiffers, .. })));
    assert_eq!(w.ok(approved(1, "52500042", total)), [], "said again, nothing new");
    assert!(device(&w).stop.is_some());
    // Once a person says that it is the right one, its word counts.
    w.office(confirm(device(&w).revision));
    let events = w.ok(approved(1, "52500042", total));
    assert!(matches!(&events[..], [Event::AttemptRecorded { .. }]), "{events:?}");
}

#[test]
fn a_card_payment_is_not_taken_back_at_a_stopped_terminal() {
    let mut w = registered();
    w.ok(TillCommand::PayCard { amount: Some(w.amount(100)), terminal: None });
    w.ok(sent(1));
    w.ok(approved(1, "52500041", 100));
    let (customer, merchant) = (Vec::new(), Vec::new());
    let step = AttemptStep::Acknowledged { customer, merchant };
    w.ok(TillCommand::Attempt { attempt: AttemptId(1), step });
    says(&mut w, identity("52500041", "0042-18", "7.41"));
    assert_eq!(w.no(TillCommand::UndoTender), changed(&[DeviceFact::Serial]));
}

#[test]
fn a_finding_stops_the_terminal_and_a_clean_round_does_not_start_it() {
    let mut w = registered();
    let no_note = w.office_no(MANAGER, inspect(&[InspectionPoint::Overlay], " "));
    assert_eq!(no_note, Refusal::BadText { field: "note".to_owned() });
    w.office(inspect(&[InspectionPoint::Overlay], "a second slot on the slot"));
    let stopped = Refusal::TerminalStopped {
        terminal: OURS,
        changed: Vec::new(),
        findings: vec![InspectionPoint::Overlay],
    };
    assert_eq!(w.no(CARD), stopped);
    w.office(inspect(&[], ""));
    assert_eq!(w.no(CARD), stopped, "it takes a reason, not a second look");
    w.office(confirm(device(&w).revision));
    w.ok(CARD);
    assert_eq!(w.office_no(MANAGER, confirm(device(&w).revision)), Refusal::Stale);
}

#[test]
fn the_day_of_a_stopped_terminal_is_not_closed() {
    let close = ShopCommand::CloseTerminalDay { terminal: OURS, despite_doubt: None };
    let mut w = registered();
    w.office(close.clone());
    says(&mut w, identity("52500041", "0042-18", "7.41"));
    let step = |step| TillCommand::TerminalDay { closing: ClosingId(1), step };
    assert_eq!(w.no(step(ClosingStep::Sent)), changed(&[DeviceFact::Serial]));
    w.ok(step(ClosingStep::Not { code: "terminal_stopped".to_owned() }));
    assert_eq!(w.office_no(MANAGER, close.clone()), changed(&[DeviceFact::Serial]));
    w.office(confirm(device(&w).revision));
    w.office(close);
}

#[test]
fn an_inspection_goes_through_the_whole_list_of_a_registered_terminal() {
    let mut w = World::open();
    assert_eq!(w.office_no(MANAGER, inspect(&[], "")), Refusal::TerminalNotRegistered);
    w.office(register(0, DeviceIdentity::default()));
    let out = Refusal::OutOfLimits { field: "points".to_owned() };
    let one = PointResult { point: InspectionPoint::Seal, ok: true };
    for points in [vec![], vec![one], vec![one; 5]] {
        let note = String::new();
        let command = ShopCommand::InspectTerminal { terminal: OURS, points, note };
        assert_eq!(w.office_no(MANAGER, command), out);
    }
    w.office(inspect(&[], "all well"));
    assert_eq!(device(&w).inspected.map(|done| (done.by, done.at)), Some((MANAGER, w.now)));
}

#[test]
fn a_round_is_due_so_many_days_after_the_last_and_an_approval_ends() {
    let mut w = World::open();
    let date = |w: &World, at| w.state.local(at).date();
    let due = |w: &World| device(w).inspection_due(30, |at| date(w, at));
    assert_eq!(due(&w), None, "in no register");
    w.office(register(0, DeviceIdentity::default()));
    assert_eq!(due(&w), Some("2026-12-23".parse().unwrap()));
    w.pass(24 * 60);
    w.office(inspect(&[], ""));
    assert_eq!(due(&w), Some("2026-12-24".parse().unwrap()));
    let on = |day: &str| device(&w).approval(day.parse().unwrap());
    assert_eq!(on("2027-01-29"), ApprovalState::Good);
    assert_eq!(on("2027-01-30"), ApprovalState::EndsSoon);
    assert_eq!(on("2027-04-30"), ApprovalState::EndsSoon);
    assert_eq!(on("2027-05-01"), ApprovalState::Ended);
    assert_eq!(Device::new(OURS).approval("2027-05-01".parse().unwrap()), ApprovalState::Unknown);
}

#[test]
fn only_those_who_may_change_the_register() {
    let permission = Permission::ManageTerminals;
    let mut w = registered();
    says(&mut w, identity("52500042", "0042-17", "7.41"));
    let revision = device(&w).revision;
    for command in [register(revision, ours()), confirm(revision), inspect(&[], ""), photograph(1)]
    {
        assert_eq!(w.office_no(CASHIER, command.clone()), Refusal::NotPermitted { permission });
        let nobody = w.run(None, Command::Shop(command)).expect_err("nobody");
        assert_eq!(nobody, Refusal::NotSignedIn);
    }
    // A person must not say it in the terminal's name either.
    let said = ShopCommand::TerminalReported { terminal: OURS, identity: ours() };
    assert_eq!(w.office_no(CASHIER, said), Refusal::NotPermitted { permission });
    w.run(Some(SUPERVISOR), Command::Shop(confirm(revision))).expect("a supervisor may");
}

#[test]
fn a_terminal_that_the_shop_does_not_have_is_not_registered() {
    let mut w = World::open();
    let terminal = TerminalId(9);
    let commands = [
        ShopCommand::RegisterTerminal { terminal, revision: 0, card: Box::new(card(ours())) },
        ShopCommand::ConfirmTerminal { terminal, revision: 0, reason: "why".to_owned() },
        ShopCommand::TerminalReported { terminal, identity: ours() },
    ];
    for command in commands {
        assert_eq!(w.office_no(MANAGER, command), Refusal::UnknownTerminal);
    }
}

#[test]
fn a_photo_is_noted_by_its_digest() {
    let mut w = World::open();
    w.office(photograph(7));
    assert_eq!(device(&w).photo, Some(PhotoDigest([7; 32])));
    assert_eq!(w.office(photograph(7)), [], "the same one");
    w.office(photograph(8));
    assert_eq!(device(&w).photo, Some(PhotoDigest([8; 32])));
}

#[test]
fn stripes_and_card_numbers_are_in_no_text() {
    let mut w = World::managed();
    w.add(BUTTER, 1_000);
    let note = |text: &str| TillCommand::Note { line: None, text: text.to_owned() };
    for stripe in [
        "%B4111111111111111^MUSTER/ANNA^25121010000000000?",
        ";4111111111111111=25121010000000000?",
        "x 4111111111111111=25121010000000000",
    ] {
        assert_eq!(w.no(note(stripe)), Refusal::CardData, "{stripe}");
        assert_eq!(w.no(TillCommand::Park { name: Some(stripe.to_owned()) }), Refusal::CardData);
    }
    let field = "note".to_owned();
    assert_eq!(w.no(note("card 4111 1111 1111 1111")), Refusal::CardNumber { field });
    w.ok(note("call +49 151 23456789, article 4006381333931"));
    // A code may look like a card's number: it is the article's.
    let code = Some("4111111111111111".to_owned());
    let price = w.amount(100);
    let (group, quantity, name) = (domain::GroupId(1), None, None);
    w.ok(TillCommand::SellUnknown { code, group, price, quantity, name });
}

/// What may happen to a terminal.
#[derive(Debug, Clone)]
enum Step {
    Says(u8, u8, u8),
    Register,
    Confirm,
    Inspect(bool),
    Pay,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_u8, 0..3_u8, 0..3_u8).prop_map(|(a, b, c)| Step::Says(a, b, c)),
        2 => Just(Step::Register),
        1 => Just(Step::Confirm),
        1 => any::<bool>().prop_map(Step::Inspect),
        2 => Just(Step::Pay),
        1 => Just(Step::Restart),
    ]
}

fn part(of: &str, number: u8) -> String {
    if number == 0 { String::new() } else { format!("{of}{number}") }
}

proptest! {
    #[test]
    fn no_card_is_taken_at_a_terminal_that_nobody_vouches_for(steps in prop::collection::vec(step(), 1..40)) {
        let mut w = World::open();
        for step in steps {
            let before = device(&w);
            match step {
                Step::Says(tid, serial, software) => {
                    let said = identity(
                        &part("t", tid), &part("s", serial), &part("v", software),
                    );
                    let events = says(&mut w, said.clone());
                    let now = device(&w);
                    let differs = before.card.as_ref()
                        .is_some_and(|card| !said.changed_from(&card.identity).is_empty());
                    prop_assert!(!differs || now.stop.is_some(), "{said:?} {before:?}");
                    prop_assert!(before.stop.is_none() || now.stop.is_some());
                    prop_assert!(events.len() <= 1);
                    prop_assert_eq!(says(&mut w, said), vec![]);
                }
                Step::Register => {
                    let card = card(before.reported.clone());
                    let (terminal, revision) = (OURS, before.revision);
                    let command = ShopCommand::RegisterTerminal { terminal, revision, card: Box::new(card) };
                    let done = w.run(Some(MANAGER), Command::Shop(command));
                    prop_assert_eq!(done.is_err(), before.stop.is_some());
                }
                Step::Confirm => {
                    let done = w.run(Some(MANAGER), Command::Shop(confirm(before.revision)));
                    prop_assert_eq!(done.is_ok(), before.stop.is_some());
                    prop_assert_eq!(device(&w).stop, None);
                }
                Step::Inspect(ok) => {
                    let findings: &[InspectionPoint] = if ok { &[] } else { &[InspectionPoint::Cables] };
                    let done = w.run(Some(MANAGER), Command::Shop(inspect(findings, "seen")));
                    prop_assert_eq!(done.is_ok(), before.card.is_some());
                    prop_assert!(ok || before.card.is_none() || device(&w).stop.is_some());
                }
                Step::Pay => {
                    w.add(BUTTER, 1_000);
                    let asked = w.at(crate::world::TILL, CARD);
                    prop_assert_eq!(asked.is_err(), before.stop.is_some());
                    if asked.is_ok() {
                        let attempt = w.state.counters.attempts;
                        w.ok(sent(attempt));
                        let step = AttemptStep::Outcome(Outcome::Cancelled { code: "customer".to_owned() });
                        w.ok(TillCommand::Attempt { attempt: AttemptId(attempt), step });
                    }
                }
                Step::Restart => prop_assert_eq!(&w.restarted().devices, &w.state.devices),
            }
        }
    }
}
