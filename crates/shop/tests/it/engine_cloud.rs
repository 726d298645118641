//! Card payments at simulated terminals that are asked through their provider: the shop's receipts say what is
//! booked there.

use std::time::Duration;

use domain::payment::AttemptState;
use domain::settings::{Settings, TerminalProtocol, TerminalSettings};
use domain::{ShopCommand, TerminalId, TillCommand, TillId};
use payment::simulator::{Controls, Fault as Any, adyen, sumup};
use shop::api::payments::TerminalKey;
use shop::api::view::Truth;
use shop::engine::Actor;
use shop::pay::cloud_key;
use shop::pay::runner::{Pace, run_at};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::engine_kit::{Kit, MANAGER, scan};
use crate::engine_printing::blocking;

pub(crate) const TERMINAL: TerminalId = TerminalId(1);

/// A shop with one terminal, and who asks it.
pub(crate) struct Shop {
    pub(crate) kit: Kit,
    /// As it was set up.
    pub(crate) settings: Settings,
    stop: watch::Sender<bool>,
    runner: JoinHandle<()>,
}

impl Shop {
    pub(crate) async fn of(terminal: TerminalSettings) -> Shop {
        let mut settings = sim::build::settings(2);
        settings.terminals = vec![terminal];
        settings.tills[0].terminal = Some(TERMINAL);
        let configure = ShopCommand::Configure { settings: Box::new(settings.clone()) };
        let kit = blocking(move || {
            let mut kit = Kit::open();
            kit.shop(configure).expect("configured");
            kit
        })
        .await;
        let (stop, stopped) = watch::channel(false);
        let pace = Pace {
            look: Duration::from_millis(200),
            ask_again: Duration::from_millis(20),
            at_most: Duration::from_millis(200),
            line: payment::line::Pace { hurry: 500, ..payment::line::Pace::default() },
            machine: devices::cash_machine::Pace::default(),
        };
        let runner = tokio::spawn(run_at(kit.engine.clone(), kit.clock.clone(), stopped, pace));
        Shop { kit, settings, stop, runner }
    }

    pub(crate) async fn send(&mut self, command: TillCommand) {
        let actor = Actor { person: Some(MANAGER), approver: None };
        let id = self.kit.id();
        self.kit.engine.till(id, TillId(1), actor, command).await.expect("done");
    }

    /// Tells the key for whoever is asked then, as the office does.
    pub(crate) async fn tell(&self, told_for: &str, key: &TerminalKey) {
        let text = serde_json::json!({"told_for": told_for, "key": key}).to_string();
        let kept =
            self.kit.engine.with_store(move |store| store.set_meta(&cloud_key(TERMINAL), &text));
        kept.await.expect("running").expect("stored");
    }

    /// Somebody pays by card; true when money moved.
    async fn pays(&mut self) -> bool {
        self.send(scan(1)).await;
        self.send(TillCommand::PayCard { amount: None, terminal: None }).await;
        let moved = self.settled().await;
        if !moved {
            self.send(TillCommand::AbortBasket { reason: None }).await;
        }
        moved
    }

    /// Waits until the payment of the present basket has a clear end; true when money moved.
    pub(crate) async fn settled(&self) -> bool {
        let mut screens = self.kit.engine.subscribe(TillId(1));
        for _ in 0..1_200 {
            let view = self.kit.engine.view(TillId(1)).await.expect("a view");
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

    /// With each fault: what the shop believes is what is booked.
    async fn agrees(&mut self, controls: &Controls, faults: &[(Option<Any>, bool)]) {
        let mut moved = 0;
        for (fault, expected) in faults {
            controls.choose(*fault).await;
            assert_eq!(self.pays().await, *expected, "{fault:?}");
            moved += usize::from(*expected);
            assert_eq!(controls.view().entries.len(), moved, "{fault:?}");
            let open = self.kit.engine.attempts(TERMINAL).await.expect("running");
            assert!(open.iter().all(|a| a.state != AttemptState::Sent), "{open:?}");
        }
    }

    /// Everything that must hold of its file holds.
    pub(crate) async fn end(self) {
        let _ = self.stop.send(true);
        self.runner.await.expect("the runner ends well");
        let kit = self.kit;
        blocking(move || kit.end()).await;
    }
}

pub(crate) fn settings(
    protocol: TerminalProtocol,
    address: String,
    terminal_id: &str,
    merchant: &str,
) -> TerminalSettings {
    TerminalSettings {
        id: TERMINAL,
        name: "Terminal 1".to_owned(),
        protocol,
        address,
        terminal_id: Some(terminal_id.to_owned()),
        merchant: Some(merchant.to_owned()),
        rate: None,
        certificate: None,
        close_by_hand: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_booked_is_what_sumup_has_booked() {
    use sumup::{Fault, Setup, Simulator};
    let setup = Setup { automatic: Some(1), ..Setup::default() };
    let reader = Simulator::start(&setup).expect("a reader");
    let address = reader.listen(([127, 0, 0, 1], 0).into()).await.expect("listens").to_string();
    let protocol = TerminalProtocol::SumupCloud;
    let at = settings(protocol, address.clone(), &setup.reader, &setup.merchant);
    let mut shop = Shop::of(at).await;
    // Without the key nothing is asked for, nor with one that was told for another address.
    assert!(!shop.pays().await);
    let secret = reader.secret();
    let key = TerminalKey {
        api_key: secret.api_key.clone(),
        app_id: Some(secret.app_id.clone()),
        affiliate_key: Some(secret.affiliate_key.clone()),
        root_certificate: secret.root.clone(),
    };
    shop.tell(&format!("SumupCloud api.sumup.com:443 {}", setup.merchant), &key).await;
    assert!(!shop.pays().await);
    shop.tell(&format!("SumupCloud {address} {}", setup.merchant), &key).await;
    let fault = |fault| Some(Any::Sumup(fault));
    let faults = [
        (None, true),
        (fault(Fault::Decline), false),
        (fault(Fault::LostBeforeOutcome), true),
        (fault(Fault::LostBeforeRequest), false),
        (fault(Fault::ServerError), true),
        (fault(Fault::AnswerOfAnotherSale), true),
        (fault(Fault::WrongAmount), true),
        (fault(Fault::Busy), false),
        (fault(Fault::TooManyRequests), false),
        (fault(Fault::BadLooks), true),
    ];
    shop.agrees(&reader.controls(), &faults).await;
    // Goods that come back: SumUp gives back what it had taken, of the payment that is named.
    reader.controls().choose(None).await;
    let number = domain::ReceiptNo(1);
    shop.send(TillCommand::ReturnReceipt {
        receipt: domain::ReceiptRef { till: TillId(1), number },
    })
    .await;
    shop.send(TillCommand::PayCard { amount: None, terminal: None }).await;
    assert!(shop.settled().await);
    let entries = reader.controls().view().entries.clone();
    assert!(entries.iter().any(|e| e.kind == "refund" || e.settled), "{entries:?}");
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_booked_is_what_an_adyen_terminal_behind_the_cloud_has_stored() {
    use adyen::{Cloud, Fault, Setup, Simulator};
    let cloud = Cloud::default();
    let setup =
        Setup { automatic: Some(1), cloud: Some(cloud.clone()), ..Setup::new(shop::ids::draw) };
    let terminal = Simulator::start(&setup).expect("a terminal");
    let address = terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens").to_string();
    let protocol = TerminalProtocol::AdyenCloud;
    let told_for = format!("AdyenCloud {address} {}", cloud.merchant);
    let mut shop = Shop::of(settings(protocol, address, &setup.poi_id, &cloud.merchant)).await;
    assert!(!shop.pays().await);
    let key = TerminalKey {
        api_key: cloud.api_key,
        app_id: None,
        affiliate_key: None,
        root_certificate: Some(terminal.secret().root.clone()),
    };
    shop.tell(&told_for, &key).await;
    let fault = |fault| Some(Any::Nexo(fault));
    let faults = [
        (None, true),
        (fault(Fault::Decline), false),
        (fault(Fault::LostAfterOutcome), true),
        (fault(Fault::LostBeforeRequest), false),
        (fault(Fault::Garbage), true),
        (fault(Fault::AnswerOfAnotherSale), true),
        (fault(Fault::WrongAmount), true),
        (fault(Fault::TooManyRequests), false),
        (fault(Fault::Rejected), false),
    ];
    shop.agrees(&terminal.controls(), &faults).await;
    shop.end().await;
}
