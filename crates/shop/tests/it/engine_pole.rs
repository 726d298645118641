//! The customer's display of two lines: it follows the till, comes back by itself, and holds up nobody.

use std::time::Duration;

use devices::simulator::pole::PoleDisplay;
use devices::simulator::stand::{Fault, Stand};
use domain::peripheral::{DisplayDialect, DisplaySettings, Peripheral, PeripheralKind};
use domain::{ShopCommand, TillCommand, TillId};
use escpos::pole::Dialect;
use serde_json::json;
use shop::api::lamps::{Lamp, LampKind, LampState};
use shop::engine::Actor;
use shop::pole::{Pace, run_at};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::engine_kit::{Kit, MANAGER, PAY, euros, scan};
use crate::engine_printing::blocking;

const PACE: Pace = Pace {
    look: Duration::from_millis(30),
    patience: Duration::from_millis(500),
    again: Duration::from_millis(20),
    refresh: Duration::from_millis(200),
};

struct Counter {
    kit: Kit,
    pole: Stand<PoleDisplay>,
    stop: watch::Sender<bool>,
    runner: JoinHandle<()>,
}

impl Counter {
    async fn start(dialect: Dialect) -> Counter {
        Counter::at(dialect, |pole| pole.address().to_string()).await
    }

    /// [`Counter::start`] with the display at a printer, which passes on what it hears.
    async fn behind(dialect: Dialect) -> Counter {
        Counter::of(dialect, |pole| ("pole:1".to_owned(), Some(pole.address().to_string()))).await
    }

    /// The lamp of the display.
    async fn lamp(&self, state: LampState, code: &str) {
        let lit = async {
            loop {
                let view = self.kit.engine.view(TillId(1)).await.expect("a view");
                let of = |lamp: &Lamp| lamp.kind == LampKind::Display;
                let lamp = view.lamps.iter().find(|lamp| of(lamp));
                if lamp.is_some_and(|lamp| (lamp.state, lamp.code.as_str()) == (state, code)) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), lit).await.expect("the lamp");
    }

    /// [`Counter::start`] with the display connected where `place` says.
    async fn at(dialect: Dialect, place: impl FnOnce(&Stand<PoleDisplay>) -> String) -> Counter {
        Counter::of(dialect, |pole| (place(pole), None)).await
    }

    /// The display's own place, and the printer that it hangs on.
    async fn of(
        dialect: Dialect,
        place: impl FnOnce(&Stand<PoleDisplay>) -> (String, Option<String>),
    ) -> Counter {
        let listen = "127.0.0.1:0".parse().expect("an address");
        let pole = Stand::start(listen, PoleDisplay::new(dialect)).await.expect("a display");
        let (at, behind) = place(&pole);
        let dialect = match dialect {
            Dialect::Epson => DisplayDialect::Epson,
            Dialect::Cd5220 => DisplayDialect::Cd5220,
        };
        let kit = blocking(move || {
            let mut kit = Kit::open();
            let mut shop = sim::build::settings(2);
            let known =
                DisplaySettings { dialect, line: None, behind: behind.clone(), umlauts: false };
            let device = PeripheralKind::Display(known);
            shop.peripherals =
                vec![Peripheral { at: at.clone(), name: "Anzeige".to_owned(), device }];
            shop.peripherals.extend(behind.map(|at| {
                let printer =
                    json!({"kind": "printer", "language": "esc_pos", "model": "TM-T20III"});
                let device = serde_json::from_value(printer).expect("a printer");
                Peripheral { at, name: "Bondrucker".to_owned(), device }
            }));
            shop.tills[0].pole_display = Some(at);
            kit.shop(ShopCommand::Configure { settings: Box::new(shop) }).expect("configured");
            kit
        })
        .await;
        let (stop, stopped) = watch::channel(false);
        let runner = tokio::spawn(run_at(kit.engine.clone(), stopped, PACE));
        Counter { kit, pole, stop, runner }
    }

    async fn ok(&mut self, command: TillCommand) {
        let id = self.kit.id();
        let actor = Actor { person: Some(MANAGER), approver: None };
        self.kit.engine.till(id, TillId(1), actor, command).await.expect("done");
    }

    /// Waits until both lines fit; bounded by the test's own time.
    async fn shows(&self, upper: &str, lower: &str) {
        let mut changes = self.pole.changes();
        let waiting = async {
            loop {
                changes.mark_unchanged();
                let [first, second] = self.pole.with(|pole| pole.lines());
                if first.contains(upper) && second.contains(lower) {
                    return;
                }
                // Looking is a change as well, and so is what comes over the line.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let bounded = tokio::time::timeout(Duration::from_secs(60), waiting).await;
        bounded.unwrap_or_else(|_| {
            panic!("not {upper}, {lower}: {:?}", self.pole.with(|p| p.lines()))
        });
    }

    async fn end(self) {
        assert_eq!(self.pole.with(|pole| pole.unknown()), 0, "every byte made sense");
        let _ = self.stop.send(true);
        self.runner.await.expect("the runner ends");
        let kit = self.kit;
        blocking(move || drop(kit.end())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_shows_the_goods_the_total_and_the_change_in_both_dialects() {
    for dialect in [Dialect::Epson, Dialect::Cd5220] {
        let mut counter = Counter::start(dialect).await;
        counter.shows("", "Herzlich willkommen").await;
        counter.ok(scan(1)).await;
        counter.shows("", "Summe").await;
        counter.ok(TillCommand::PayCash { tendered: Some(euros(50_000)) }).await;
        counter.shows("Rueckgeld", "Vielen Dank!").await;
        counter.ok(scan(2)).await;
        counter.shows("", "Summe").await;
        counter.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn selling_goes_on_whatever_is_wrong_with_the_display_and_it_comes_back_by_itself() {
    for dialect in [Dialect::Epson, Dialect::Cd5220] {
        let mut counter = Counter::start(dialect).await;
        for name in Fault::names().filter(|name| *name != "none") {
            let fault = match Fault::named(name).expect("a fault") {
                Fault::Slow(_) => Fault::Slow(Duration::from_millis(200)),
                fault => fault,
            };
            counter.pole.set_fault(fault);
            counter.ok(scan(1)).await;
            counter.ok(PAY).await;
            counter.ok(scan(2)).await;
            counter.pole.set_fault(Fault::None);
            counter.shows("", "Summe").await;
            counter.ok(PAY).await;
            counter.shows("Bezahlt", "Vielen Dank!").await;
        }
        counter.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_that_was_switched_off_shows_what_is_current() {
    let mut counter = Counter::start(Dialect::Epson).await;
    counter.ok(scan(1)).await;
    counter.shows("", "Summe").await;
    counter.pole.with(|pole| *pole = PoleDisplay::new(Dialect::Epson));
    counter.shows("", "Summe").await;
    counter.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_that_is_gone_has_a_lamp_until_it_is_back() {
    let counter = Counter::start(Dialect::Epson).await;
    counter.lamp(LampState::Ok, "ok").await;
    counter.pole.set_fault(Fault::Gone);
    counter.lamp(LampState::Warn, "display_gone").await;
    counter.pole.set_fault(Fault::None);
    counter.lamp(LampState::Ok, "ok").await;
    counter.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_behind_a_printer_follows_the_till() {
    let mut counter = Counter::behind(Dialect::Epson).await;
    counter.shows("", "Herzlich willkommen").await;
    counter.ok(scan(1)).await;
    counter.shows("", "Summe").await;
    counter.ok(PAY).await;
    counter.shows("Bezahlt", "Vielen Dank!").await;
    counter.lamp(LampState::Ok, "ok").await;
    counter.end().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_display_at_a_serial_line_follows_the_till() {
    let mut serial = None;
    let mut counter = Counter::at(Dialect::Epson, |pole| {
        let (near, far, path) = crate::engine_kit::serial_line();
        pole.attach(far);
        serial = Some(near);
        path
    })
    .await;
    counter.shows("", "Herzlich willkommen").await;
    counter.ok(scan(1)).await;
    counter.shows("", "Summe").await;
    counter.ok(PAY).await;
    counter.shows("Bezahlt", "Vielen Dank!").await;
    counter.end().await;
    drop(serial);
}
