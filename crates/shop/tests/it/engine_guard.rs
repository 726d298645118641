//! Somebody puts another terminal in the place of the shop's: no card is charged at it, whenever it
//! happens, and whatever becomes of the program meanwhile.

use std::time::Duration;

use domain::device::{Device, DeviceCard, DeviceFact, InspectionPoint, PointResult};
use domain::terminal_day::ClosingState;
use domain::{CommandId, Refusal, ShopCommand, TillId};
use payment::simulator::Device as Answers;
use shop::api::view::{LampKind, LampState, TillView, Truth};
use shop::engine::{Actor, EngineError};
use shop::pay::runner::Pace;

use crate::engine_cards::{CARD, Lane, TERMINAL, pace};
use crate::engine_kit::{MANAGER, PAY, scan};

/// Looks at an idle terminal only when it is told to.
fn once() -> Pace {
    Pace { look: Duration::from_secs(3_600), ..pace() }
}

fn manager() -> Actor {
    Actor { person: Some(MANAGER), approver: None }
}

impl Lane {
    async fn shop(&mut self, command: ShopCommand) -> Result<(), EngineError> {
        let id: CommandId = self.kit.id();
        self.kit.engine.shop(id, manager(), command).await.map(|_| ())
    }

    async fn device(&self) -> Device {
        let snapshot = self.kit.engine.snapshot().await.expect("running");
        snapshot.devices.get(&TERMINAL).cloned().unwrap_or_else(|| Device::new(TERMINAL))
    }

    /// Waits until what is known of the terminal is as wanted, for a minute at most.
    async fn known(&self, is: impl Fn(&Device) -> bool) -> Device {
        for _ in 0..6_000 {
            let device = self.device().await;
            if is(&device) {
                return device;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never came: {:?}", self.device().await);
    }

    /// A person takes over what the terminal says of itself.
    async fn register(&mut self) {
        let device = self.known(|device| device.reported.serial.is_some()).await;
        let card = DeviceCard {
            make: "Muster".to_owned(),
            identity: device.reported,
            place: "Kasse 1".to_owned(),
            seal: String::new(),
            approval: String::new(),
            approval_until: None,
        };
        let (terminal, revision, card) = (TERMINAL, device.revision, Box::new(card));
        let command = ShopCommand::RegisterTerminal { terminal, revision, card };
        self.shop(command).await.expect("registered");
    }

    async fn confirm(&mut self) {
        let revision = self.device().await.revision;
        let (terminal, reason) = (TERMINAL, "ausgetauscht".to_owned());
        let command = ShopCommand::ConfirmTerminal { terminal, revision, reason };
        self.shop(command).await.expect("confirmed");
    }

    /// The shop's own terminal answers again, and a person says so. Whoever looks at it meanwhile may have
    /// seen the other one still.
    async fn put_back(&mut self) {
        self.answers(Answers::Own).await;
        for _ in 0..6_000 {
            let device = self.device().await;
            let own = device.reported.serial.as_deref() == Some("SIM-0001")
                && device.reported.terminal_id.as_deref() == Some("52523535");
            if own && device.stop.is_none() {
                return;
            }
            let (terminal, revision) = (TERMINAL, device.revision);
            let reason = "wieder das eigene".to_owned();
            let confirm = ShopCommand::ConfirmTerminal { terminal, revision, reason };
            match self.shop(confirm).await {
                Ok(()) | Err(EngineError::Refused(Refusal::Stale)) => {}
                Err(error) => panic!("{error:?}"),
            }
            self.kit.engine.ring_terminal(TERMINAL);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never came back: {:?}", self.device().await);
    }

    async fn answers(&self, device: Answers) {
        self.terminal.controls().device(device).await;
    }

    async fn refused(&mut self) -> Refusal {
        let id = self.kit.id();
        let asked = self.kit.engine.till(id, TillId(1), manager(), CARD).await;
        match asked {
            Err(EngineError::Refused(refusal)) => refusal,
            other => panic!("no refusal: {other:?}"),
        }
    }
}

fn stopped(changed: &[DeviceFact]) -> Refusal {
    let (changed, findings) = (changed.to_vec(), Vec::new());
    Refusal::TerminalStopped { terminal: TERMINAL, changed, findings }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_terminal_that_was_exchanged_overnight_is_seen_before_the_first_customer() {
    let mut lane = Lane::start(Some(0)).await;
    lane.register().await;
    for (device, fact) in [
        (Answers::Exchanged, DeviceFact::Serial),
        (Answers::Updated, DeviceFact::Software),
        (Answers::Renumbered, DeviceFact::TerminalId),
    ] {
        lane.put_back().await;
        lane.answers(device).await;
        let known = lane.known(|device| device.stop.is_some()).await;
        let changed = &known.stop.as_ref().expect("stopped").changed;
        assert!(changed.iter().any(|change| change.fact == fact), "{changed:?}");
        lane.send(scan(1)).await;
        let Refusal::TerminalStopped { .. } = lane.refused().await else { panic!("{device:?}") };
        // The till says so, and cash goes on.
        let view = lane
            .until(|view| {
                let bad = |l: &shop::api::view::Lamp| {
                    l.kind == LampKind::Terminal && l.state == LampState::Bad && l.code == "stopped"
                };
                view.lamps.iter().any(bad)
            })
            .await;
        assert!(view.terminal.as_ref().is_some_and(|notice| notice.stop.is_some()));
        lane.send(PAY).await;
        // What answers now is the right one from here on.
        lane.confirm().await;
        assert!(lane.device().await.stop.is_none());
    }
    lane.put_back().await;
    lane.send(scan(1)).await;
    lane.send(CARD).await;
    assert!(lane.settled().await);
    assert_eq!(lane.charged().len(), 1);
    assert_eq!(lane.charged(), lane.booked().await);
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_terminal_that_was_exchanged_since_the_last_look_is_not_asked_for_money() {
    let mut lane = Lane::start_at(Some(0), once()).await;
    lane.register().await;
    for (device, fact) in
        [(Answers::Exchanged, DeviceFact::Serial), (Answers::Renumbered, DeviceFact::TerminalId)]
    {
        lane.answers(device).await;
        lane.send(scan(1)).await;
        lane.send(CARD).await;
        assert!(!lane.settled().await, "no money moved");
        let code = |view: &TillView| view.payment.as_ref().map(|p| (p.code.clone(), p.truth));
        let view = lane.until(|view| view.payment.is_some()).await;
        assert_eq!(code(&view), Some(("terminal_stopped".to_owned(), Truth::NotCharged)));
        assert!(lane.charged().is_empty());
        let Refusal::TerminalStopped { changed, .. } = lane.refused().await else {
            panic!("{device:?}")
        };
        assert!(changed.contains(&fact), "{changed:?}");
        lane.clear().await;
        lane.put_back().await;
    }
    lane.end().await;
}

/// Whoever copies a terminal's identification has to copy its serial number as well; leaving it out is no way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_terminal_that_no_longer_says_which_device_it_is_is_not_asked_for_money_or_its_day() {
    let mut lane = Lane::start_at(Some(0), once()).await;
    lane.register().await;
    lane.answers(Answers::Silent).await;
    lane.send(scan(1)).await;
    lane.send(CARD).await;
    assert!(!lane.settled().await, "no money moved");
    let view = lane.until(|view| view.payment.is_some()).await;
    let told = view.payment.as_ref().map(|p| (p.code.as_str(), p.truth));
    assert_eq!(told, Some(("terminal_silent", Truth::NotCharged)));
    assert!(lane.charged().is_empty());
    lane.clear().await;
    let close = ShopCommand::CloseTerminalDay { terminal: TERMINAL, despite_doubt: None };
    lane.shop(close.clone()).await.expect("asked");
    assert_eq!(
        lane.closed().await.state,
        ClosingState::NotClosed { code: "terminal_silent".into() }
    );
    for device in [Answers::Exchanged, Answers::Renumbered] {
        lane.answers(device).await;
        lane.shop(close.clone()).await.expect("asked");
        let ended = lane.closed().await.state;
        assert_eq!(ended, ClosingState::NotClosed { code: "terminal_stopped".into() });
        lane.put_back().await;
    }
    lane.shop(close).await.expect("asked");
    assert_eq!(lane.closed().await.state, ClosingState::Closed);
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_the_program_ends_an_exchanged_terminal_charges_nobody_and_stays_stopped() {
    let mut lane = Lane::start_at(Some(0), once()).await;
    lane.register().await;
    let mut crashes = 0;
    for turns in [0, 1, 3, 10, 30, 100, 300] {
        lane.answers(Answers::Exchanged).await;
        lane.send(scan(1)).await;
        lane.send(CARD).await;
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
        lane.crash().await;
        crashes += 1;
        assert!(!lane.settled().await);
        assert!(lane.charged().is_empty(), "after {turns} turns");
        // Sooner or later somebody looked: the payment, or the program when it began anew.
        let device = lane.known(|device| device.stop.is_some()).await;
        lane.crash().await;
        assert_eq!(lane.device().await.stop, device.stop, "it is on disk");
        assert_eq!(lane.refused().await, stopped(&[DeviceFact::Serial]));
        lane.clear().await;
        lane.put_back().await;
    }
    println!("{crashes} programs that ended while a terminal was exchanged");
    lane.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_round_that_is_overdue_is_said_at_the_till_and_a_finding_stops_cards() {
    let mut lane = Lane::start(Some(0)).await;
    lane.register().await;
    let view = lane.kit.engine.view(TillId(1)).await.expect("a view");
    assert_eq!(view.terminal, None);
    lane.kit.clock.advance(Duration::from_secs(31 * 24 * 3_600));
    let view = lane.kit.engine.view(TillId(1)).await.expect("a view");
    assert!(view.terminal.as_ref().is_some_and(|notice| notice.inspection_overdue.is_some()));
    lane.until(|view| view.lamps.iter().any(|l| l.code == "inspection_overdue")).await;
    // Cards are taken all the same.
    lane.send(scan(1)).await;
    lane.send(CARD).await;
    assert!(lane.settled().await);
    let points = |ok: bool| {
        let result = |point| PointResult { point, ok: ok || point != InspectionPoint::Seal };
        InspectionPoint::ALL.into_iter().map(result).collect()
    };
    let round = |ok, note: &str| ShopCommand::InspectTerminal {
        terminal: TERMINAL,
        points: points(ok),
        note: note.to_owned(),
    };
    lane.shop(round(true, "")).await.expect("inspected");
    let view = lane.kit.engine.view(TillId(1)).await.expect("a view");
    assert_eq!(view.terminal, None);
    lane.shop(round(false, "Siegel lose")).await.expect("inspected");
    lane.send(scan(1)).await;
    let refusal = lane.refused().await;
    let findings = vec![InspectionPoint::Seal];
    let expected = Refusal::TerminalStopped { terminal: TERMINAL, changed: Vec::new(), findings };
    assert_eq!(refusal, expected);
    lane.send(PAY).await;
    lane.end().await;
}
