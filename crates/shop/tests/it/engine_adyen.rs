//! Card payments at a simulated terminal of Adyen's: the shop's receipts say what the terminal has stored.

use std::time::Duration;

use domain::payment::AttemptState;
use domain::settings::{TerminalProtocol, TerminalSettings};
use domain::{ShopCommand, TerminalId, TillCommand, TillId};
use payment::simulator::Fault as Any;
use payment::simulator::adyen::{Fault, Setup, Simulator};
use shop::api::payments::TerminalSecret;
use shop::api::view::Truth;
use shop::engine::Actor;
use shop::pay::runner::{Pace, run_at};
use shop::pay::shared_key;
use tokio::sync::watch;

use crate::engine_kit::{Kit, MANAGER, scan};
use crate::engine_printing::blocking;

const TERMINAL: TerminalId = TerminalId(1);

async fn send(kit: &mut Kit, command: TillCommand) {
    let actor = Actor { person: Some(MANAGER), approver: None };
    let id = kit.id();
    kit.engine.till(id, TillId(1), actor, command).await.expect("done");
}

/// Waits until the payment of the present basket has a clear end; true when money moved.
async fn settled(kit: &Kit) -> bool {
    let mut screens = kit.engine.subscribe(TillId(1));
    for _ in 0..1_200 {
        let view = kit.engine.view(TillId(1)).await.expect("a view");
        if view.basket.is_none() {
            return true;
        }
        if view.payment.as_ref().is_some_and(|p| p.truth == Truth::NotCharged) {
            return false;
        }
        let _ = tokio::time::timeout(Duration::from_millis(50), screens.recv()).await;
    }
    panic!("it never came")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_booked_is_what_an_adyen_terminal_has_stored() {
    let setup = Setup { automatic: Some(1), ..Setup::new(shop::ids::draw) };
    let terminal = Simulator::start(&setup).expect("a terminal");
    let address = terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens").to_string();
    let poi_id = setup.poi_id.clone();
    let mut kit = blocking(move || {
        let mut kit = Kit::open();
        let mut settings = sim::build::settings(2);
        settings.terminals = vec![TerminalSettings {
            id: TERMINAL,
            name: "Terminal 1".to_owned(),
            protocol: TerminalProtocol::AdyenLocal,
            address,
            rate: None,
            certificate: None,
            terminal_id: Some(poi_id),
            merchant: None,
            close_by_hand: false,
        }];
        settings.tills[0].terminal = Some(TERMINAL);
        kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
        kit
    })
    .await;
    let (stop, stopped) = watch::channel(false);
    let pace = Pace {
        look: Duration::from_millis(200),
        ask_again: Duration::from_millis(20),
        at_most: Duration::from_millis(200),
        line: payment::line::Pace { hurry: 200, ..payment::line::Pace::default() },
    };
    let runner = tokio::spawn(run_at(kit.engine.clone(), kit.clock.clone(), stopped, pace));
    // Without what is shared with the terminal nothing is asked for.
    let card = TillCommand::PayCard { amount: None, terminal: None };
    send(&mut kit, scan(1)).await;
    send(&mut kit, card.clone()).await;
    assert!(!settled(&kit).await);
    send(&mut kit, TillCommand::AbortBasket { reason: None }).await;
    let secret = terminal.secret();
    let text = serde_json::to_string(&TerminalSecret {
        passphrase: secret.passphrase.clone(),
        key_identifier: secret.key_identifier.clone(),
        key_version: secret.key_version,
        root_certificate: secret.root.clone(),
    })
    .expect("JSON");
    let kept = kit.engine.with_store(move |store| store.set_meta(&shared_key(TERMINAL), &text));
    kept.await.expect("running").expect("stored");

    let faults = [
        (None, true),
        (Some(Fault::Decline), false),
        (Some(Fault::LostAfterOutcome), true),
        (Some(Fault::LostBeforeRequest), false),
        (Some(Fault::Tampered), true),
        (Some(Fault::AnswerOfAnotherSale), true),
        (Some(Fault::WrongAmount), true),
    ];
    let mut moved = 0;
    for (fault, expected) in faults {
        terminal.controls().choose(fault.map(Any::Nexo)).await;
        send(&mut kit, scan(1)).await;
        send(&mut kit, card.clone()).await;
        assert_eq!(settled(&kit).await, expected, "{fault:?}");
        moved += usize::from(expected);
        assert_eq!(terminal.controls().view().entries.len(), moved, "{fault:?}");
        if !expected {
            send(&mut kit, TillCommand::AbortBasket { reason: None }).await;
        }
        let open = kit.engine.attempts(TERMINAL).await.expect("running");
        assert!(open.iter().all(|a| a.state != AttemptState::Sent), "{open:?}");
    }
    // It keeps no totals: its day is closed by the shop alone, with the shop's own lines.
    let id = kit.id();
    let actor = Actor { person: Some(MANAGER), approver: None };
    let close = ShopCommand::CloseTerminalDay { terminal: TERMINAL, despite_doubt: None };
    kit.engine.shop(id, actor, close).await.expect("asked");
    for _ in 0..1_200 {
        if kit.engine.closing(TERMINAL).await.expect("running").is_none() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let path = kit.file();
    let days = blocking(move || {
        let reader = store::Reader::open(&path).expect("a reader");
        reader.terminal_days(None, Some(TERMINAL), 10).expect("read")
    })
    .await;
    let [day] = days.as_slice() else { panic!("{days:?}") };
    let counted: u32 = day.closing.ours.iter().map(|of| of.count).sum();
    assert!(day.closing.alone && day.closing.matches && day.closing.totals.is_none());
    assert_eq!(usize::try_from(counted).ok(), Some(moved), "{day:?}");
    let _ = stop.send(true);
    runner.await.expect("the runner ends well");
    blocking(move || kit.stop()).await;
}
