//! The simulated terminal, seen from the till.

use zvt::apdu::Packet;
use zvt::codes::ResultCode;
use zvt::command::{Command, config};
use zvt::known::Known;
use zvt::message::{Context, Message};
use zvt::session::Ending;
use zvt::status::{StatusInformation, Technology};
use zvt::terminal::{
    ANSWER_MILLIS, CUSTOMER_MILLIS, Customer, Deed, Fault, Kind, Terminal, TerminalTimer,
};
use zvt::value::*;

use crate::given::*;
use crate::world::{World, no_code};

fn approved(ending: Ending) -> StatusInformation {
    match ending {
        Ending::Approved(status) => *status,
        other => panic!("{other:?}"),
    }
}

fn run(world: &mut World, customer: Option<Customer>, command: Command) -> Ending {
    if let Some(customer) = customer {
        world.terminal.plan_customer(customer);
    }
    let last = world.stored.last().cloned();
    let known = Known { before: zvt::known::Before::NotKnown, ..World::known(last.as_ref()) };
    world.run(command, known)
}

#[test]
fn a_payment_goes_from_card_to_receipt() {
    let mut world = World::registered(everything());
    let status = approved(run(&mut world, Some(Customer::Tap), pay(2_040)));
    assert_eq!((status.amount, status.currency), (Some(cents(2_040)), Some(Currency::EUR)));
    assert_eq!(status.technology, Some(Technology::Contactless));
    assert_eq!(status.pan.unwrap().last_digits(), "8074");
    assert_eq!(world.terminal.records().len(), 1);
    assert_eq!(world.stored, [status]);
    let shown: Vec<u8> = world.shown.iter().map(|status| status.code).collect();
    assert_eq!(shown, [0x0a, 0x04], "insert the card, wait for the host");
    assert_eq!((world.blocks.len(), world.lines.len()), (1, 0));
    assert!(world.blocks[0].lines.iter().any(|line| line.text == "Betrag (Cent) 2040"));
}

#[test]
fn the_registration_decides_what_a_till_hears() {
    let mut lines = World::registered(registration(config::RECOMMENDED, false));
    approved(run(&mut lines, Some(Customer::Insert), pay(100)));
    assert!(lines.blocks.is_empty() && lines.lines.len() > 3);
    assert_eq!(lines.lines.last().unwrap().attribute, 0x80, "the receipt ends");
    let quiet = config::RECOMMENDED & !config::INTERMEDIATE & !config::LINES;
    let mut quiet = World::registered(registration(quiet, true));
    approved(run(&mut quiet, Some(Customer::Insert), pay(100)));
    assert!(quiet.shown.is_empty() && quiet.blocks.is_empty() && quiet.lines.is_empty());
    let mut left = World::registered(everything());
    run(&mut left, None, Command::LogOff);
    let mut payment = payment(100);
    payment.currency = None;
    let status = approved(run(&mut left, Some(Customer::Insert), Command::Authorisation(payment)));
    assert!(left.shown.is_empty() && left.blocks.is_empty());
    assert_eq!(status.currency, None, "only to a till that says one");
}

#[test]
fn customers_decline_stop_and_mistype() {
    let mut world = World::registered(everything());
    let ending = run(&mut world, Some(Customer::Declined), pay(100));
    assert_eq!(no_code(&ending), Some(ResultCode(0x05)));
    assert_eq!(world.stored.last().unwrap().text.as_deref(), Some("Karte abgelehnt"));
    let ending = run(&mut world, Some(Customer::Stop), pay(100));
    assert_eq!(no_code(&ending), Some(ResultCode::CANCELLED));
    let ending = run(&mut world, None, pay(100));
    assert_eq!(no_code(&ending), Some(ResultCode::CANCELLED), "nobody came");
    world.terminal.plan_customer(Customer::WrongPin);
    let outcomes = world.stored.len();
    approved(run(&mut world, Some(Customer::Insert), pay(100)));
    let results: Vec<_> = world.stored[outcomes..].iter().filter_map(|s| s.result).collect();
    assert_eq!(results, [ResultCode::WRONG_PIN, ResultCode::OK]);
    assert_eq!(world.terminal.records().len(), 1);
}

#[test]
fn a_cashier_stops_a_payment() {
    let mut world = World::registered(everything());
    world.stops = true;
    let ending = run(&mut world, None, pay(100));
    assert_eq!(no_code(&ending), Some(ResultCode::CANCELLED));
    assert!(world.terminal.records().is_empty());
}

#[test]
fn a_payment_is_reversed_once() {
    let mut world = World::registered(everything());
    let sale = approved(run(&mut world, Some(Customer::Insert), pay(1_250)));
    let back = approved(run(&mut world, None, reversal(sale.receipt.unwrap())));
    assert_eq!((back.amount, back.original_trace), (Some(cents(1_250)), sale.trace));
    let again = run(&mut world, None, reversal(sale.receipt.unwrap()));
    assert_eq!(no_code(&again), Some(ResultCode::ALREADY_REVERSED));
    let never = run(&mut world, None, reversal(receipt(4_711)));
    assert_eq!(no_code(&never), Some(ResultCode::REVERSAL_IMPOSSIBLE));
    let kinds: Vec<_> = world.terminal.records().iter().map(|r| (r.kind, r.settled)).collect();
    assert_eq!(kinds, [(Kind::Payment, true), (Kind::Reversal, false)]);
}

#[test]
fn a_reservation_is_booked_in_part_or_given_back() {
    let mut world = World::registered(everything());
    let reserve = |world: &mut World| {
        let command = Command::PreAuthorisation(payment(5_000));
        approved(run(world, Some(Customer::Tap), command)).receipt.unwrap()
    };
    let (one, two, three) = (reserve(&mut world), reserve(&mut world), reserve(&mut world));
    let too_much = Command::Booking(settlement(one, Some(5_001)));
    assert_eq!(no_code(&run(&mut world, None, too_much)), Some(ResultCode(0xb7)));
    let used = Command::Booking(settlement(one, Some(4_000)));
    assert_eq!(approved(run(&mut world, None, used)).amount, Some(cents(4_000)));
    let unused = Command::PartialReversal(settlement(two, Some(1_500)));
    assert_eq!(approved(run(&mut world, None, unused)).amount, Some(cents(3_500)));
    let ask = || Command::PartialReversal(settlement(ReceiptNo::NONE, None));
    let open = |ending: Ending| match ending {
        Ending::Declined { aborted: Some(aborted), .. } => aborted.receipt,
        other => panic!("{other:?}"),
    };
    assert_eq!(open(run(&mut world, None, ask())), Some(three));
    approved(run(&mut world, None, Command::PreAuthReversal(settlement(three, None))));
    assert_eq!(open(run(&mut world, None, ask())), Some(ReceiptNo::NONE));
    let twice = run(&mut world, None, Command::PreAuthReversal(settlement(three, None)));
    assert_eq!(no_code(&twice), Some(ResultCode::ALREADY_REVERSED));
}

#[test]
fn an_end_of_day_totals_by_card_and_empties_the_journal() {
    let mut world = World::registered(everything());
    let first = approved(run(&mut world, Some(Customer::Insert), pay(1_000)));
    let gone = approved(run(&mut world, Some(Customer::Insert), pay(300)));
    run(&mut world, None, reversal(gone.receipt.unwrap()));
    approved(run(&mut world, Some(Customer::Tap), pay(2_500)));
    run(&mut world, Some(Customer::Insert), refund(100));
    let day = || Command::EndOfDay { password: password(), tlv: None };
    let Ending::Completed { status, .. } = run(&mut world, None, day()) else { panic!() };
    let totals = status.as_ref().unwrap().totals.unwrap();
    assert_eq!(totals.first, first.receipt.unwrap());
    let card = |at: usize| (totals.cards[at].count, totals.cards[at].sum.minor_units());
    assert_eq!((card(0), card(2)), ((2, 900), (1, 2_500)), "girocard and Mastercard");
    assert_eq!(status.unwrap().amount, Some(cents(3_400)));
    assert!(world.terminal.records().is_empty());
    let Ending::Completed { status, .. } = run(&mut world, None, day()) else { panic!() };
    assert_eq!(status.unwrap().totals, None, "nothing since");
    let reserve = Command::PreAuthorisation(payment(5_000));
    let open = approved(run(&mut world, Some(Customer::Tap), reserve)).receipt.unwrap();
    run(&mut world, None, day());
    approved(run(&mut world, None, Command::Booking(settlement(open, None))));
}

#[test]
fn a_full_journal_takes_no_payment_until_the_end_of_day() {
    let settings = zvt::terminal::Settings { journal_limit: 1, ..settings() };
    let mut world = World::new(Terminal::new(settings));
    run(&mut world, None, Command::Registration(everything()));
    approved(run(&mut world, Some(Customer::Insert), pay(100)));
    let ending = run(&mut world, Some(Customer::Insert), pay(100));
    assert_eq!(no_code(&ending), Some(ResultCode::JOURNAL_FULL));
    let ask = Command::StatusEnquiry { password: None, service: None, tlv: None };
    let Ending::Completed { completion, .. } = run(&mut world, None, ask) else { panic!() };
    assert_eq!(completion.state, Some(ResultCode::JOURNAL_FULL));
    run(&mut world, None, Command::EndOfDay { password: password(), tlv: None });
    approved(run(&mut world, None, pay(100)));
}

#[test]
fn the_last_receipt_is_repeated_with_or_without_print() {
    let mut world = World::registered(everything());
    let repeat = |service| Command::RepeatReceipt { password: password(), service, tlv: None };
    let empty = run(&mut world, None, repeat(Some(3)));
    assert_eq!(no_code(&empty), Some(ResultCode::IMPOSSIBLE));
    let sale = approved(run(&mut world, Some(Customer::Insert), pay(100)));
    let blocks = world.blocks.len();
    let Ending::Completed { status, .. } = run(&mut world, None, repeat(Some(3))) else { panic!() };
    assert_eq!((status.as_deref(), world.blocks.len()), (Some(&sale), blocks));
    let Ending::Completed { status, .. } = run(&mut world, None, repeat(None)) else { panic!() };
    assert_eq!((status, world.blocks.len()), (None, blocks + 1));
}

#[test]
fn a_terminal_tells_what_it_is() {
    let mut world = World::registered(everything());
    let ask = Command::StatusEnquiry { password: Some(password()), service: Some(4), tlv: None };
    let Ending::Completed { completion, .. } = run(&mut world, None, ask) else { panic!() };
    assert_eq!(completion.state, Some(ResultCode::OK));
    assert_eq!(completion.software.as_deref(), Some("1.0"));
    assert_eq!(completion.device_name.as_deref(), Some("simulator"));
    assert_eq!(completion.device_serial, Some(vec![0x17, 0xfd, 0x1e, 0x3c]));
    assert_eq!(completion.terminal, Some(settings().terminal));
    for command in [
        Command::Diagnosis { tlv: None },
        Command::Initialisation { password: password(), tlv: None },
    ] {
        assert!(matches!(run(&mut world, None, command), Ending::Completed { .. }));
    }
}

#[test]
fn wrong_passwords_and_currencies_are_refused() {
    let mut world = World::registered(everything());
    let wrong = Password::new(1).unwrap();
    let ending = run(&mut world, None, Command::EndOfDay { password: wrong, tlv: None });
    assert_eq!(no_code(&ending), Some(ResultCode(0x37)));
    let mut swiss = everything();
    swiss.currency = Some(Currency::CHF);
    let ending = run(&mut world, None, Command::Registration(swiss));
    let detail = Some(ResultCode::WRONG_CURRENCY);
    assert_eq!(ending, Ending::Refused { code: ResultCode(0x1e), detail });
    let mut francs = payment(100);
    francs.currency = Some(Currency::CHF);
    let Ending::Declined { aborted: Some(aborted), .. } =
        run(&mut world, None, Command::Authorisation(francs))
    else {
        panic!()
    };
    assert_eq!((aborted.result, aborted.currency), (detail, Some(Currency::EUR)));
    run(&mut world, None, Command::ChangePassword { old: password(), new: wrong });
    let ending = run(&mut world, None, Command::EndOfDay { password: wrong, tlv: None });
    assert!(matches!(ending, Ending::Completed { .. }));
}

/// What a terminal sends, and whether it hangs up.
fn said(deeds: &[Deed]) -> (Vec<Packet>, bool) {
    let packets = deeds.iter().filter_map(|deed| match deed {
        Deed::Send(wire) => Some(Packet::decode(&wire.0).unwrap()),
        _ => None,
    });
    (packets.collect(), deeds.contains(&Deed::Close))
}

/// A terminal that has just sent an approving outcome.
fn outcome_sent() -> (Terminal, Packet) {
    let mut terminal = Terminal::new(settings());
    terminal.plan_customer(Customer::Insert);
    terminal.on_connected();
    terminal.on_packet(&pay(100).encode().unwrap());
    let (packets, _) = said(&terminal.on_timer(TerminalTimer::Host));
    assert_eq!(packets[0].control(), (0x04, 0x0f));
    (terminal, packets[0].clone())
}

#[test]
fn not_yet_makes_the_terminal_say_its_outcome_again() {
    let (mut terminal, outcome) = outcome_sent();
    let deeds = terminal.on_packet(&packet("84 9C 00"));
    assert_eq!(deeds, [Deed::StartTimer { timer: TerminalTimer::Host, millis: 2_000 }]);
    let (again, _) = said(&terminal.on_timer(TerminalTimer::Host));
    assert_eq!(again, [outcome]);
    terminal.on_packet(&packet("80 00 00"));
    assert_eq!(terminal.records().len(), 0, "the lines are not acknowledged yet");
}

#[test]
fn a_till_that_does_not_answer_loses_the_payment() {
    let (mut terminal, _) = outcome_sent();
    let (packets, closed) = said(&terminal.on_timer(TerminalTimer::Answer));
    assert!(packets.is_empty() && closed);
    // While the payment is taken back the terminal is busy; then it is ready and has stored nothing.
    let ask = Command::StatusEnquiry { password: None, service: None, tlv: None }.encode().unwrap();
    let state = |terminal: &mut Terminal| {
        terminal.on_connected();
        let (packets, _) = said(&terminal.on_packet(&ask));
        terminal.on_packet(&packet("80 00 00"));
        let context = Context { status_enquiry: true, ..Context::default() };
        match Message::decode(&packets[1], context) {
            Message::Completion(completion) => completion.state.unwrap(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(state(&mut terminal), ResultCode::BUSY);
    let (packets, _) = said(&terminal.on_packet(&pay(100).encode().unwrap()));
    assert_eq!(packets, [Packet::bare(0x84, 0x9c)]);
    assert_eq!(state(&mut terminal), ResultCode::BUSY, "asking does not make it ready");
    terminal.on_timer(TerminalTimer::Reversal);
    assert_eq!(state(&mut terminal), ResultCode::OK);
    assert!(terminal.records().is_empty());
}

#[test]
fn a_line_that_is_turned_down_undoes_the_payment() {
    let (mut terminal, _) = outcome_sent();
    let (packets, _) = said(&terminal.on_packet(&packet("80 00 00")));
    assert_eq!(packets[0].control(), (0x06, 0xd1));
    terminal.on_packet(&packet("84 CC 00"));
    let (packets, _) = said(&terminal.on_timer(TerminalTimer::Host));
    assert_eq!(packets[0].control(), (0x06, 0x1e));
    assert!(terminal.records().is_empty());
}

#[test]
fn what_a_terminal_does_not_know_and_when_it_is_busy() {
    let mut terminal = Terminal::new(settings());
    let (packets, _) = said(&terminal.on_packet(&packet("06 C0 00")));
    assert_eq!(packets, [Packet::bare(0x84, 0x83)]);
    let deeds = terminal.on_packet(&pay(100).encode().unwrap());
    assert!(deeds.contains(&Deed::AskCustomer));
    let timer = Deed::StartTimer { timer: TerminalTimer::Customer, millis: CUSTOMER_MILLIS };
    assert!(deeds.contains(&timer));
    let (packets, _) = said(&terminal.on_packet(&pay(100).encode().unwrap()));
    assert_eq!(packets, [Packet::bare(0x84, 0x9c)], "one payment at a time");
    assert!(said(&terminal.on_garbage()).1, "what is no packet ends the connection");
    assert_eq!(terminal.customer(Customer::Tap), [], "nobody is asked any more");
    let (mut terminal, _) = outcome_sent();
    let (packets, _) = said(&terminal.on_packet(&packet("06 B0 00")));
    assert_eq!(packets, [Packet::bare(0x84, 0x83)], "too late to stop");
    // A till's slow disk costs no payment.
    const { assert!(ANSWER_MILLIS > zvt::session::T3_MILLIS) };
}

#[test]
fn faults_happen_to_the_next_payment_only() {
    let mut world = World::registered(everything());
    world.terminal.plan(Fault::Decline);
    let ending = run(&mut world, Some(Customer::Insert), pay(100));
    assert!(matches!(ending, Ending::Declined { .. }));
    approved(run(&mut world, Some(Customer::Insert), pay(100)));
    world.terminal.set_moment(moment(1, 1, 0, 5));
    let status = approved(run(&mut world, Some(Customer::Insert), pay(100)));
    assert_eq!(status.date.map(MonthDay::parts), Some((1, 1)));
}
