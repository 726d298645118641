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

fn pace() -> Pace {
    Pace {
        look: Duration::from_millis(200),
        ask_again: Duration::from_millis(20),
        at_most: Duration::from_millis(200),
        line: payment::line::Pace { hurry: 200, ..payment::line::Pace::default() },
        machine: devices::cash_machine::Pace::default(),
    }
}

/// A shop of its own whose first till has this terminal.
async fn shop_at(address: String, poi_id: String) -> Kit {
    blocking(move || {
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
    .await
}

/// Types in what is shared with the terminal.
pub(crate) async fn share(kit: &Kit, terminal: &Simulator) {
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
}

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
    let mut kit = shop_at(address, poi_id).await;
    let (stop, stopped) = watch::channel(false);
    let runner = tokio::spawn(run_at(kit.engine.clone(), kit.clock.clone(), stopped, pace()));
    // Without what is shared with the terminal nothing is asked for.
    send(&mut kit, scan(1)).await;
    send(&mut kit, CARD).await;
    assert!(!settled(&kit).await);
    send(&mut kit, TillCommand::AbortBasket { reason: None }).await;
    share(&kit, &terminal).await;

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
        send(&mut kit, CARD).await;
        assert_eq!(settled(&kit).await, expected, "{fault:?}");
        moved += usize::from(expected);
        assert_eq!(terminal.controls().view().entries.len(), moved, "{fault:?}");
        if !expected {
            send(&mut kit, TillCommand::AbortBasket { reason: None }).await;
        }
        let open = kit.engine.attempts(TERMINAL).await.expect("running");
        assert!(open.iter().all(|a| a.state != AttemptState::Sent), "{open:?}");
    }
    // What lay there in clear is sealed by now.
    let kept = kit.engine.with_store(move |store| store.meta(&shared_key(TERMINAL)));
    let kept = kept.await.expect("running").expect("read").expect("kept");
    assert!(kept.starts_with("sealed1:"), "{kept}");
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

const CARD: TillCommand = TillCommand::PayCard { amount: None, terminal: None };

/// Both count their attempts from 1: the terminal must not tell one of them what became of the other's.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_shop_at_a_terminal_is_never_given_the_answer_to_the_first() {
    let setup = Setup { automatic: Some(1), ..Setup::new(shop::ids::draw) };
    let terminal = Simulator::start(&setup).expect("a terminal");
    let address = terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens").to_string();
    for (fault, paid) in [(None, true), (Some(Fault::LostBeforeRequest), false)] {
        terminal.controls().choose(fault.map(Any::Nexo)).await;
        let mut kit = shop_at(address.clone(), setup.poi_id.clone()).await;
        share(&kit, &terminal).await;
        let (stop, stopped) = watch::channel(false);
        let runner = tokio::spawn(run_at(kit.engine.clone(), kit.clock.clone(), stopped, pace()));
        send(&mut kit, scan(1)).await;
        send(&mut kit, CARD).await;
        assert_eq!(settled(&kit).await, paid, "{fault:?}");
        assert_eq!(terminal.controls().view().entries.len(), 1, "{fault:?}");
        if !paid {
            // A number that the first shop had used would be refused at once, and repeated when asked about.
            let view = kit.engine.view(TillId(1)).await.expect("a view");
            assert_eq!(view.payment.as_ref().map(|p| p.code.as_str()), Some("not_booked"));
        }
        let _ = stop.send(true);
        runner.await.expect("the runner ends well");
        blocking(move || kit.stop()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reversal_that_never_reached_the_terminal_is_asked_for_again() {
    let setup = Setup { automatic: Some(1), ..Setup::new(shop::ids::draw) };
    let terminal = Simulator::start(&setup).expect("a terminal");
    let address = terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens").to_string();
    let mut kit = shop_at(address, setup.poi_id.clone()).await;
    share(&kit, &terminal).await;
    let (stop, stopped) = watch::channel(false);
    let runner = tokio::spawn(run_at(kit.engine.clone(), kit.clock.clone(), stopped, pace()));
    send(&mut kit, scan(1)).await;
    let amount = Some(crate::engine_kit::euros(1));
    send(&mut kit, TillCommand::PayCard { amount, terminal: None }).await;
    assert!(tenders(&kit, 1).await);
    terminal.controls().choose(Some(Any::Nexo(Fault::LostBeforeRequest))).await;
    send(&mut kit, TillCommand::UndoTender).await;
    assert!(tenders(&kit, 0).await, "{:?}", kit.engine.attempts(TERMINAL).await);
    let kinds: Vec<_> = terminal.controls().view().entries.iter().map(|e| e.kind).collect();
    assert_eq!(kinds, ["payment", "reversal"]);
    let _ = stop.send(true);
    runner.await.expect("the runner ends well");
    blocking(move || kit.stop()).await;
}

/// Waits until the basket has so many tenders, and no payment runs.
async fn tenders(kit: &Kit, number: usize) -> bool {
    let mut screens = kit.engine.subscribe(TillId(1));
    for _ in 0..200 {
        let view = kit.engine.view(TillId(1)).await.expect("a view");
        let open = kit.engine.attempts(TERMINAL).await.expect("running");
        if open.is_empty() && view.basket.as_ref().is_some_and(|b| b.tenders.len() == number) {
            return true;
        }
        let _ = tokio::time::timeout(Duration::from_millis(50), screens.recv()).await;
    }
    false
}
