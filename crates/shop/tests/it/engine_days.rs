//! Closing a terminal's day at a simulated terminal that fails in every way it can, while the shop's program
//! ends at every step: afterwards shop and terminal agree whether it is closed, and what it came to.

use domain::terminal_day::{Closing, ClosingState};
use domain::{ClosingId, ShopCommand, TillCommand};
use payment::simulator::Fault;
use shop::engine::Actor;

use crate::engine_cards::{CARD, Lane, TERMINAL, faults};
use crate::engine_kit::{MANAGER, count, euros, scan};
use crate::engine_printing::blocking;

impl Lane {
    async fn office(&mut self, command: ShopCommand) {
        let actor = Actor { person: Some(MANAGER), approver: None };
        let (id, told) = (self.kit.id(), format!("{command:?}"));
        let done = self.kit.engine.shop(id, actor, command).await;
        done.unwrap_or_else(|error| panic!("{told}: {error:?}"));
    }

    pub(crate) async fn close_terminal(&mut self) {
        let terminal = TERMINAL;
        self.office(ShopCommand::CloseTerminalDay { terminal, despite_doubt: None }).await;
    }

    /// A sale that is paid by card.
    pub(crate) async fn sale(&mut self, item: u32) {
        self.send(scan(item)).await;
        self.send(CARD).await;
        assert!(self.settled().await);
    }

    /// The newest closing, as its table has it.
    async fn newest(&self) -> Option<Closing> {
        let path = self.kit.file();
        blocking(move || {
            let reader = store::Reader::open(&path).expect("a reader");
            let days = reader.terminal_days(None, Some(TERMINAL), 1).expect("read");
            days.into_iter().next().map(|day| day.closing)
        })
        .await
    }

    /// Waits until the newest closing has ended, for a minute at most.
    pub(crate) async fn closed(&self) -> Closing {
        for _ in 0..3_000 {
            if let Some(closing) = self.newest().await.filter(|closing| !closing.is_open()) {
                return closing;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("it never ended: {:?}", self.newest().await)
    }

    /// The terminal has nothing since its day was closed.
    fn is_empty(&self) -> bool {
        self.terminal.controls().view().entries.is_empty()
    }

    pub(crate) async fn tables_are_folds(mut self) {
        let path = self.kit.file();
        blocking(move || {
            self.kit.stop();
            let mut store = store::Store::open(&path).expect("the file");
            let before = store.dump_tables().expect("read");
            shop::engine::rebuild(&mut store).expect("rebuilt");
            let after = store.dump_tables().expect("read");
            for (before, after) in before.iter().zip(&after) {
                // Fingerprints of commands are not in the journal.
                assert_eq!(before, after, "{}", before.0);
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_terminals_day_follows_the_till_day_and_matches_line_by_line() {
    let mut lane = Lane::start(Some(0)).await;
    lane.sale(1).await;
    lane.sale(2).await;
    let receipt = domain::ReceiptRef { till: domain::TillId(1), number: domain::ReceiptNo(1) };
    lane.send(TillCommand::ReturnReceipt { receipt }).await;
    lane.send(CARD).await;
    lane.until(|view| view.basket.is_none()).await;
    lane.send(scan(3)).await;
    lane.send(TillCommand::PayCard { amount: Some(euros(50)), terminal: None }).await;
    lane.until(|view| view.basket.as_ref().is_some_and(|b| b.tenders.len() == 1)).await;
    lane.send(TillCommand::UndoTender).await;
    lane.until(|view| view.basket.as_ref().is_some_and(|b| b.tenders.is_empty())).await;
    lane.send(TillCommand::AbortBasket { reason: None }).await;
    lane.send(count(1)).await;
    lane.send(TillCommand::CloseDay { despite_doubt: None }).await;
    let closing = lane.closed().await;
    assert_eq!(closing.state, ClosingState::Closed);
    assert!(closing.matches, "{closing:?}");
    assert_eq!(closing.day, Some(domain::DayNo(1)));
    assert_eq!(closing.totals.as_ref().map(|t| t.cards.clone()), Some(closing.ours.clone()));
    assert_eq!(closing.ours[0].count, 3, "two payments and a refund; what was taken back is none");
    assert!(closing.lines.iter().any(|line| line.contains("Kassenschnitt")));
    assert!(lane.is_empty());
    let path = lane.kit.file();
    let lines = blocking(move || {
        let reader = store::Reader::open(&path).expect("a reader");
        assert_eq!(reader.terminal_period(TERMINAL).expect("read"), 2);
        reader.terminal_attempts(TERMINAL, 1).expect("read")
    })
    .await;
    let purposes: Vec<&str> = lines.iter().map(|line| line.purpose.as_str()).collect();
    assert_eq!(purposes, ["payment", "payment", "refund", "payment", "reversal"]);
    assert!(lines[0].issued.is_some() && lines[3].taken_back == Some(lines[4].id));
    lane.tables_are_folds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_total_is_a_difference_until_a_person_explains_it() {
    let mut lane = Lane::start(Some(0)).await;
    lane.sale(1).await;
    lane.terminal.controls().choose(Fault::named("wrong_total")).await;
    lane.close_terminal().await;
    let closing = lane.closed().await;
    assert!(closing.needs_reason() && !closing.matches, "{closing:?}");
    lane.kit = blocking({
        let mut kit = std::mem::replace(&mut lane.kit, blocking(crate::engine_kit::Kit::new).await);
        move || {
            kit.restart();
            kit
        }
    })
    .await;
    let reason = "counted twice by the terminal".to_owned();
    lane.office(ShopCommand::ExplainTerminalDay { closing: ClosingId(1), reason }).await;
    let closing = lane.newest().await.expect("there");
    assert!(!closing.needs_reason());
    assert_eq!(closing.explained.map(|said| said.person), Some(MANAGER));
    lane.tables_are_folds().await;
}

/// Every fault at the terminal × the program ended at every state of a closing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_the_program_ends_during_a_closing_shop_and_terminal_agree_afterwards() {
    let mut lane = Lane::start(Some(0)).await;
    let (mut combinations, mut closed) = (0_u32, 0_u32);
    for fault in faults() {
        for stage in 0..5 {
            let name = fault.map_or("none", Fault::name);
            lane.sale(1).await;
            lane.terminal.controls().choose(fault).await;
            lane.close_terminal().await;
            loop {
                let closing = lane.kit.engine.closing(TERMINAL).await.expect("running");
                let far = match closing.map(|closing| closing.state) {
                    Some(ClosingState::Intended) => 0,
                    Some(ClosingState::Sent) => 1,
                    Some(ClosingState::Recorded) => 2,
                    Some(ClosingState::Unknown { .. }) => 3,
                    _ => 4,
                };
                if far >= stage {
                    break;
                }
                tokio::task::yield_now().await;
            }
            lane.crash().await;
            combinations += 1;
            let mut closing = lane.closed().await;
            let at = format!("{name}, ended at stage {stage}: {closing:?}");
            let done = closing.state == ClosingState::Closed;
            assert_eq!(lane.is_empty(), done, "{at}");
            closed += u32::from(done);
            lane.terminal.controls().choose(None).await;
            if !done {
                // The day is still there, and is closed at the next try.
                lane.close_terminal().await;
                closing = lane.closed().await;
            }
            let told = closing.totals.as_ref().is_some_and(|totals| !totals.cards.is_empty());
            assert!(told, "the terminal forgot what nobody has: {at}");
            // What is closed only at the next try is told right: the fault is over.
            assert_eq!(closing.matches, name != "wrong_total" || !done, "{at}");
            assert!(lane.is_empty());
        }
    }
    println!(
        "{combinations} combinations of a fault and a program that ends; {closed} closed at once"
    );
    assert!(combinations >= 80 && closed >= 30);
    lane.end().await;
}

/// Two tills, of which the first has a terminal that nobody answers at.
fn one_terminal() -> domain::Settings {
    use domain::settings::{TerminalProtocol, TerminalSettings};
    let mut settings = sim::build::settings(2);
    settings.terminals = vec![TerminalSettings {
        id: TERMINAL,
        name: "Theke".to_owned(),
        protocol: TerminalProtocol::ZvtTcp,
        address: "127.0.0.1:1".to_owned(),
        terminal_id: None,
        close_by_hand: false,
        merchant: None,
        rate: None,
        certificate: None,
    }];
    settings.tills[0].terminal = Some(TERMINAL);
    settings
}

/// Where no terminal can tell how its closing ended, paying goes on; a person says later that it had closed,
/// and what was paid meanwhile is of the next day.
#[test]
fn what_is_paid_after_a_closing_that_nobody_knows_of_is_of_the_next_day() {
    use crate::engine_kit::Kit;
    use domain::command::{AttemptStep, ClosingStep};
    use domain::payment::{Approval, CardFacts, Doubt, Outcome};
    use domain::terminal_day::{Scheme, SchemeTotal, TerminalTotals};
    use money::{Currency, Money};

    let mut kit = Kit::open();
    kit.shop(ShopCommand::Configure { settings: Box::new(one_terminal()) }).expect("configured");
    let mut attempt = 0;
    let mut pay = |kit: &mut Kit| {
        attempt += 1;
        let step = |step| TillCommand::Attempt { attempt: domain::AttemptId(attempt), step };
        let scheme = Some("girocard".to_owned());
        let approval = Approval {
            amount: Money::new(100),
            currency: Currency::EUR,
            partial: false,
            card: CardFacts { scheme, ..CardFacts::default() },
            cash: None,
        };
        let (customer, merchant) = (Vec::new(), Vec::new());
        for command in [
            scan(1),
            scan(2),
            TillCommand::PayCard { amount: Some(euros(100)), terminal: None },
            step(AttemptStep::Sent { before: String::new() }),
            step(AttemptStep::Outcome(Outcome::Approved(Box::new(approval)))),
            step(AttemptStep::Acknowledged { customer, merchant }),
            crate::engine_kit::PAY,
        ] {
            kit.ok(1, command);
        }
    };
    pay(&mut kit);
    let close = ShopCommand::CloseTerminalDay { terminal: TERMINAL, despite_doubt: None };
    kit.shop(close.clone()).expect("asked");
    let closing = ClosingId(1);
    let one = SchemeTotal { scheme: Scheme::Girocard, count: 1, sum: Money::new(100) };
    let totals = TerminalTotals { receipts: None, cards: vec![one] };
    let step = |step| TillCommand::TerminalDay { closing, step };
    kit.ok(1, step(ClosingStep::Sent));
    kit.ok(1, step(ClosingStep::Totals(totals)));
    kit.ok(1, step(ClosingStep::Unknown(Doubt::NothingToCompare)));
    kit.clock.advance(std::time::Duration::from_secs(1));
    pay(&mut kit);
    let reason = "its slip says so".to_owned();
    kit.shop(ShopCommand::SettleTerminalDay { closing, closed: true, reason }).expect("settled");
    let reader = kit.reader();
    let day = reader.terminal_day(closing).expect("read").expect("there").closing;
    assert!(day.matches && day.settled.is_some(), "{day:?}");
    let lines = |period| reader.terminal_attempts(TERMINAL, period).expect("read").len();
    assert_eq!((lines(1), lines(2)), (1, 1));
    let left = reader.terminal_lines(TERMINAL, shop::clock::Clock::now(&*kit.clock)).expect("read");
    assert_eq!(left.len(), 1, "the next day has begun with it");
    kit.end();
}

/// A day that is closed in spite of a doubt does not count it; the day on which somebody knows does.
#[test]
fn what_was_in_doubt_when_the_day_was_closed_counts_on_the_day_it_is_known() {
    use crate::engine_kit::Kit;
    use domain::command::{AttemptStep, ClosingStep};
    use domain::payment::Doubt;
    use domain::terminal_day::TerminalTotals;

    let mut kit = Kit::open();
    kit.shop(ShopCommand::Configure { settings: Box::new(one_terminal()) }).expect("configured");
    let attempt = domain::AttemptId(1);
    let at = |step| TillCommand::Attempt { attempt, step };
    for command in [
        scan(1),
        CARD,
        at(AttemptStep::Sent { before: String::new() }),
        at(AttemptStep::Doubt(Doubt::NoAnswer)),
    ] {
        kit.ok(1, command);
    }
    let reason = Some("closing time".to_owned());
    let close = ShopCommand::CloseTerminalDay { terminal: TERMINAL, despite_doubt: reason };
    kit.shop(close).expect("asked");
    let closing = ClosingId(1);
    let day = |step| TillCommand::TerminalDay { closing, step };
    kit.ok(1, day(ClosingStep::Sent));
    kit.ok(1, day(ClosingStep::Totals(TerminalTotals::default())));
    kit.ok(1, day(ClosingStep::Closed { lines: Vec::new() }));
    let counted = |kit: &Kit| {
        let now = shop::clock::Clock::now(&*kit.clock);
        kit.reader().terminal_lines(TERMINAL, now).expect("read").len()
    };
    let lines =
        |kit: &Kit, period| kit.reader().terminal_attempts(TERMINAL, period).expect("read").len();
    assert_eq!((counted(&kit), lines(&kit, 1), lines(&kit, 2)), (0, 1, 0));
    let reason = "its slip says so".to_owned();
    kit.ok(1, TillCommand::ResolveDoubt { attempt, charged: true, reason });
    assert_eq!((counted(&kit), lines(&kit, 1), lines(&kit, 2)), (1, 0, 1));
    kit.end();
}
