//! The till's scale, in every protocol and with every fault: the line comes when the weight does, selling goes on meanwhile, and each
//! load is sold once.

use std::sync::Arc;
use std::time::Duration;

use devices::scale::Pace as ScalePace;
use devices::simulator::scale::Scale;
use devices::simulator::stand::{Fault, Stand};
use domain::catalogue::{ItemDraft, Unit};
use domain::peripheral::{Peripheral, PeripheralKind, ScaleProtocol, ScaleSettings, SerialLine};
use domain::{CommandId, ItemId, LineNo, ShopCommand, TillCommand, TillId};
use money::{Money, Quantity};
use scale::{Keys, Protocol};
use shop::api::view::{CommandAnswer, LampKind, LampState, LineView, TillView};
use shop::api::weighing::WeighingNote;
use shop::engine::Actor;
use shop::weigh::{Pace, run_at, secret_key};
use sim::build::item;
use sim::random::Random;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use crate::engine_kit::{ITEMS, Kit, MANAGER, PAY, scan};
use crate::engine_printing::blocking;

const PACE: Pace = Pace {
    look: Duration::from_millis(30),
    idle: Duration::from_millis(30),
    scale: ScalePace {
        connect: Duration::from_secs(2),
        answer: Duration::from_millis(300),
        pause: Duration::from_millis(10),
    },
};

/// Weighed, 2.49 a kilogram.
const CHEESE: ItemId = ItemId(ITEMS + 1);
/// Not a maker's: everybody knows this polynomial.
const KNOWN: &str = "88108000";

struct Counter {
    kit: Kit,
    scale: Stand<Scale>,
    stop: watch::Sender<bool>,
    runner: JoinHandle<()>,
    screens: broadcast::Receiver<Arc<TillView>>,
}

fn protocols() -> [(ScaleProtocol, Protocol); 5] {
    [
        (ScaleProtocol::Dialog02, Protocol::Dialog02),
        (ScaleProtocol::Dialog04, Protocol::Dialog04),
        (ScaleProtocol::Dialog06, Protocol::Dialog06),
        (ScaleProtocol::Mettler8217, Protocol::Mettler8217),
        (ScaleProtocol::Sics, Protocol::Sics),
    ]
}

impl Counter {
    /// A simulated scale beside till 1 of an open shop that sells cheese.
    async fn start(protocol: (ScaleProtocol, Protocol)) -> Counter {
        Counter::at(protocol, |scale| scale.address().to_string()).await
    }

    /// [`Counter::start`] with the scale connected where `place` says.
    async fn at(
        (settings, protocol): (ScaleProtocol, Protocol),
        place: impl FnOnce(&Stand<Scale>) -> String,
    ) -> Counter {
        let keys = (protocol == Protocol::Dialog06).then(|| Keys::parse(KNOWN).expect("known"));
        let listen = "127.0.0.1:0".parse().expect("an address");
        let scale = Stand::start(listen, Scale::new(protocol, keys)).await.expect("a scale");
        let at = place(&scale);
        let kit = blocking(move || {
            let mut kit = Kit::open();
            let plain = item(ITEMS + 1, &mut Random::new(1));
            let mut draft = ItemDraft { weighed: true, unit: Unit::Kilogram, ..plain };
            draft.prices[0].amount = Money::new(249);
            kit.shop(ShopCommand::PutItem { item: None, draft: Box::new(draft) }).expect("cheese");
            let mut shop = sim::build::settings(2);
            let least = (!settings.computes_price()).then_some(40);
            // A pseudo-terminal knows no parity.
            let line = at.starts_with('/').then_some(SerialLine::usual(9_600));
            let known = ScaleSettings { protocol: settings, line, least };
            let device = PeripheralKind::Scale(known);
            shop.peripherals =
                vec![Peripheral { at: at.clone(), name: "Waage".to_owned(), device }];
            shop.tills[0].scale = Some(at.clone());
            kit.shop(ShopCommand::Configure { settings: Box::new(shop) }).expect("configured");
            let kept =
                move |store: &mut store::Store| shop::vault::keep(store, &secret_key(&at), KNOWN);
            kit.with_store(kept).expect("kept");
            kit
        })
        .await;
        let screens = kit.engine.subscribe(TillId(1));
        let (stop, stopped) = watch::channel(false);
        let runner = tokio::spawn(run_at(kit.engine.clone(), stopped, PACE));
        Counter { kit, scale, stop, runner, screens }
    }

    async fn send(&self, id: CommandId, command: TillCommand) -> Result<CommandAnswer, String> {
        let actor = Actor { person: Some(MANAGER), approver: None };
        let answer = self.kit.engine.till(id, TillId(1), actor, command).await;
        answer.map_err(|error| error.to_string())
    }

    async fn ok(&mut self, command: TillCommand) -> CommandAnswer {
        let id = self.kit.id();
        self.send(id, command).await.expect("done")
    }

    async fn tap(&mut self) -> CommandId {
        let id = self.kit.id();
        let answer = self.send(id, TAP).await.expect("asked");
        assert_eq!(answer.entries, None, "nothing has happened yet");
        assert!(answer.view.expect("a screen").weighing.is_some());
        id
    }

    /// Waits for a screen; bounded by the test's own time.
    async fn until(&mut self, what: &str, is: impl Fn(&TillView) -> bool) -> Arc<TillView> {
        let waiting = async {
            loop {
                let view = self.kit.engine.view(TillId(1)).await.expect("a view");
                if is(&view) {
                    return view;
                }
                let _ = self.screens.recv().await;
            }
        };
        let bounded = tokio::time::timeout(Duration::from_secs(60), waiting).await;
        bounded.unwrap_or_else(|_| panic!("{what} did not come within a minute"))
    }

    async fn note(&mut self, note: WeighingNote) {
        let said = format!("{note:?}");
        self.until(&said, |v| v.weighing.as_ref().is_some_and(|w| w.note == note)).await;
    }

    /// Waits for so many lines that were weighed.
    async fn weighed(&mut self, count: usize) -> Vec<LineView> {
        let view =
            self.until("the weighing", |v| v.weighing.is_none() && weighed(v).len() == count).await;
        weighed(&view)
    }

    async fn end(self) {
        let _ = self.stop.send(true);
        self.runner.await.expect("the runner ends");
        let kit = self.kit;
        blocking(move || drop(kit.end())).await;
    }
}

const TAP: TillCommand = TillCommand::AddItem { item: CHEESE, quantity: None, price: None };

fn weighed(view: &TillView) -> Vec<LineView> {
    let lines = view.basket.iter().flat_map(|basket| &basket.lines);
    lines.filter(|line| line.weighing.is_some()).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_are_sold_by_the_scale_in_every_protocol() {
    for protocol in protocols() {
        let mut counter = Counter::start(protocol).await;
        counter.tap().await;
        counter.note(WeighingNote::BelowMinimum).await;
        // Meanwhile something else goes over the counter.
        counter.ok(scan(1)).await;
        counter.scale.with(|scale| scale.put(1_250, 3));
        let lines = counter.weighed(1).await;
        let line = &lines[0];
        let figures = (line.quantity, line.price.amount, line.base.amount, line.hand_weighed);
        let wanted = (1_250, Money::new(249), Money::new(311), false);
        assert_eq!(figures, wanted, "{protocol:?}");
        let receipt = counter.ok(PAY).await.receipt.expect("a receipt");
        let read =
            move |store: &mut store::Store| store.receipt(receipt.till, false, receipt.number);
        let issued = counter.kit.engine.with_store(read).await.expect("running").expect("read");
        let issued = issued.expect("there");
        let line = issued.receipt.lines.iter().find(|l| l.weighing.is_some()).expect("weighed");
        let weighing = line.weighing.as_deref().expect("weighed");
        assert_eq!(
            (weighing.sequence, weighing.scale.as_str()),
            (1, &*counter.scale.address().to_string())
        );
        assert_eq!(
            (weighing.version.as_str(), weighing.hash.as_str()),
            (scale::VERSION, scale::HASH)
        );
        let said = protocol.1.computes_price().then(|| Money::new(311));
        assert_eq!(weighing.price, said, "in the scale's words, where it has some");
        counter.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_is_sold_once_until_it_is_taken_off() {
    for protocol in [protocols()[1], protocols()[3]] {
        let mut counter = Counter::start(protocol).await;
        counter.scale.with(|scale| scale.put(500, 0));
        counter.tap().await;
        counter.weighed(1).await;
        counter.tap().await;
        counter.note(WeighingNote::NoLoadChange).await;
        counter.scale.with(|scale| scale.put(0, 0));
        counter.note(WeighingNote::BelowMinimum).await;
        counter.scale.with(|scale| scale.put(500, 0));
        let lines = counter.weighed(2).await;
        let numbers: Vec<u64> =
            lines.iter().filter_map(|l| l.weighing.as_ref().map(|w| w.sequence)).collect();
        assert_eq!(numbers, [1, 2]);
        counter.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_scale_says_stands_on_the_screen_in_words_and_never_as_a_weight() {
    let mut counter = Counter::start(protocols()[1]).await;
    counter.scale.with(|scale| scale.set_restless(true));
    counter.scale.with(|scale| scale.put(777, 0));
    counter.tap().await;
    counter.note(WeighingNote::InMotion).await;
    let view = counter.kit.engine.view(TillId(1)).await.expect("a view");
    let shown = serde_json::to_string(&view.weighing).expect("JSON");
    assert!(!shown.contains("777"), "{shown}");
    for (load, note) in [
        (16_000, WeighingNote::Overload),
        (-15, WeighingNote::Underload),
        (20, WeighingNote::BelowMinimum),
    ] {
        counter.scale.with(|scale| scale.set_restless(false));
        counter.scale.with(|scale| scale.put(load, 0));
        counter.note(note).await;
    }
    counter.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_wrong_with_the_scale_selling_goes_on_and_the_load_is_sold_once_when_it_is_right_again()
 {
    for protocol in protocols() {
        for name in Fault::names().filter(|name| *name != "none") {
            let fault = match Fault::named(name).expect("a fault") {
                Fault::Slow(_) => Fault::Slow(Duration::from_millis(400)),
                fault => fault,
            };
            let mut counter = Counter::start(protocol).await;
            counter.scale.set_fault(fault);
            counter.scale.with(|scale| scale.put(500, 0));
            counter.tap().await;
            for _ in 0..3 {
                counter.ok(scan(1)).await;
            }
            // Whether the weighing came nevertheless is the scale's; that nothing comes twice is the till's.
            counter.scale.set_fault(Fault::None);
            counter.scale.with(|scale| scale.put(0, 1));
            let view = counter.kit.engine.view(TillId(1)).await.expect("a view");
            if view.weighing.is_some() {
                counter.scale.with(|scale| scale.put(500, 1));
            }
            let lines = counter.weighed(1).await;
            assert_eq!(lines[0].base.amount, Money::new(125), "{name} {protocol:?}");
            counter.ok(PAY).await;
            counter.end().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scale_that_is_gone_comes_back_without_a_hand() {
    let mut counter = Counter::start(protocols()[1]).await;
    counter.scale.set_fault(Fault::Gone);
    counter.scale.with(|scale| scale.put(500, 0));
    counter.tap().await;
    counter.note(WeighingNote::Unreachable).await;
    counter.scale.set_fault(Fault::Mute);
    counter.note(WeighingNote::Silent).await;
    counter.scale.set_fault(Fault::Garbage);
    counter.note(WeighingNote::Garbled).await;
    counter.scale.set_fault(Fault::None);
    counter.weighed(1).await;
    counter.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_tap_again_makes_no_second_line() {
    let mut counter = Counter::start(protocols()[1]).await;
    let id = counter.tap().await;
    assert!(counter.send(id, TAP).await.expect("asked already").repeated);
    counter.scale.with(|scale| scale.put(500, 0));
    counter.weighed(1).await;
    counter.scale.with(|scale| scale.put(0, 0));
    counter.scale.with(|scale| scale.put(500, 0));
    let again = counter.send(id, TAP).await.expect("weighed already");
    assert!(again.repeated && again.entries.is_some());
    assert!(again.view.expect("a screen").weighing.is_none());
    assert_eq!(counter.weighed(1).await.len(), 1);
    let other = counter.send(id, scan(1)).await;
    assert!(other.expect_err("another command").contains("another command"));
    counter.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gives_the_weighing_up_or_types_the_weight_in() {
    let mut counter = Counter::start(protocols()[1]).await;
    counter.tap().await;
    counter.kit.engine.cancel_weighing(TillId(1)).await.expect("given up");
    counter.until("no weighing", |view| view.weighing.is_none()).await;
    counter.scale.with(|scale| scale.put(500, 0));
    let by_hand =
        TillCommand::AddItem { item: CHEESE, quantity: Some(Quantity::new(480)), price: None };
    let view = counter.ok(by_hand).await.view.expect("a screen");
    let line = &view.basket.as_ref().expect("a basket").lines[0];
    assert!(line.hand_weighed && line.weighing.is_none());
    // Whatever the scale still says is nobody's.
    assert_eq!(view.basket.as_ref().expect("a basket").lines.len(), 1);
    counter.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_packing_is_taken_off_by_the_scale() {
    let mut counter = Counter::start(protocols()[1]).await;
    counter.tap().await;
    counter.note(WeighingNote::BelowMinimum).await;
    counter.kit.engine.weigh_again(TillId(1), 50).await.expect("again");
    counter.scale.with(|scale| scale.put(550, 0));
    let line = counter.weighed(1).await.remove(0);
    assert_eq!((line.quantity, line.weighing.expect("weighed").tare), (500, 50));
    counter.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_never_go_to_another_basket_than_they_were_asked_for_in() {
    let ends = [
        TillCommand::Park { name: None },
        PAY,
        TillCommand::AbortBasket { reason: None },
        TillCommand::NewBasket,
        TillCommand::SignOut,
    ];
    for end in ends {
        let mut counter = Counter::start(protocols()[1]).await;
        counter.ok(scan(1)).await;
        counter.tap().await;
        counter.note(WeighingNote::BelowMinimum).await;
        counter.ok(end).await;
        let view = counter.kit.engine.view(TillId(1)).await.expect("a view");
        assert!(view.weighing.is_none(), "nobody waits for it any more");
        counter.end().await;
    }
    // What is voided beside it changes nothing.
    let mut counter = Counter::start(protocols()[1]).await;
    counter.ok(scan(1)).await;
    counter.tap().await;
    counter.ok(TillCommand::VoidLine { line: LineNo(1) }).await;
    counter.scale.with(|scale| scale.put(500, 0));
    counter.weighed(1).await;
    counter.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weighing_that_nobody_waits_for_is_not_recorded() {
    let mut counter = Counter::start(protocols()[1]).await;
    let id = counter.kit.id();
    let weighed = domain::weighing::Weighed {
        scale: "nowhere".to_owned(),
        net: Quantity::new(500),
        tare: Quantity::ZERO,
        unit_price: Money::new(1),
        price: Some(Money::new(1)),
        version: String::new(),
        hash: String::new(),
    };
    let command = TillCommand::Weighed { asked: Box::new(TAP), weighed: Box::new(weighed) };
    assert!(counter.send(id, command).await.is_err());
    counter.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scale_that_goes_while_nobody_weighs_has_a_lamp_until_it_is_back() {
    let mut counter = Counter::start(protocols()[1]).await;
    let shows = |code: &'static str| {
        move |view: &TillView| {
            view.lamps.iter().any(|lamp| lamp.kind == LampKind::Scale && lamp.code == code)
        }
    };
    counter.until("a scale that is there", shows("ok")).await;
    counter.scale.set_fault(Fault::Gone);
    let view = counter.until("the lamp", shows("scale_gone")).await;
    let lamp = view.lamps.iter().find(|lamp| lamp.kind == LampKind::Scale).expect("a lamp");
    assert_eq!(lamp.state, LampState::Bad);
    counter.scale.set_fault(Fault::None);
    counter.until("the scale again", shows("ok")).await;
    // Weighing goes on as if nobody had looked.
    counter.tap().await;
    counter.scale.with(|scale| scale.put(500, 0));
    counter.weighed(1).await;
    // A till without a scale has no lamp for one.
    let kit = counter.kit;
    let kit = blocking(move || {
        let mut kit = kit;
        let shop = ShopCommand::Configure { settings: Box::new(sim::build::settings(2)) };
        kit.shop(shop).expect("configured");
        kit
    })
    .await;
    let mut counter = Counter { kit, ..counter };
    counter.until("no lamp", shows("none")).await;
    counter.end().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_scale_at_a_serial_line_weighs() {
    // One that computes the price, and one that tells the weight alone.
    for protocol in [protocols()[1], protocols()[4]] {
        let mut serial = None;
        let mut counter = Counter::at(protocol, |scale| {
            let (near, far, path) = crate::engine_kit::serial_line();
            scale.attach(far);
            serial = Some(near);
            path
        })
        .await;
        counter.scale.with(|scale| scale.put(1_250, 3));
        counter.tap().await;
        let lines = counter.weighed(1).await;
        let figures = (lines[0].quantity, lines[0].base.amount);
        assert_eq!(figures, (1_250, Money::new(311)), "{protocol:?}");
        let lit = |view: &TillView| {
            view.lamps.iter().any(|lamp| lamp.kind == LampKind::Scale && lamp.code == "ok")
        };
        counter.until("its lamp", lit).await;
        counter.end().await;
        drop(serial);
    }
}
