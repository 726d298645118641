//! Tills, printers and drawers by the register of devices: other languages, the printer that stands in, the drawer's switch.

use std::sync::Arc;
use std::time::Duration;

use devices::printer::Timeouts;
use devices::simulator::{Faults, Printer, paper_text};
use domain::cash::DrawerAlarm;
use domain::peripheral::{Peripheral, PeripheralKind, PrinterLanguage, PrinterSettings};
use domain::{Event, ShopCommand, TillId};
use escpos::{Language, Profile};
use shop::engine::Actor;
use shop::print::runner::{Pace, run_at};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::engine_kit::{Kit, MANAGER, PAY, scan};
use crate::engine_printing::blocking;

const PACE: Pace = Pace {
    look: Duration::from_millis(30),
    timeouts: Timeouts {
        connect: Duration::from_secs(10),
        answer: Duration::from_secs(10),
        finish: Duration::from_secs(10),
    },
};

const TILL: TillId = TillId(1);

async fn printer(language: Language) -> Printer {
    let any = "127.0.0.1:0".parse().expect("an address");
    let profile = Profile::generic_80mm().speaking(language);
    Printer::start(any, profile).await.expect("a printer")
}

fn known(at: &str, language: PrinterLanguage, open_level: Option<bool>) -> Peripheral {
    let printer = PrinterSettings {
        language,
        model: "generic-80mm".to_owned(),
        columns: None,
        line: None,
        drawer_open_level: open_level,
        second_drawer: false,
        silent: false,
    };
    Peripheral {
        at: at.to_owned(),
        name: "Drucker".to_owned(),
        device: PeripheralKind::Printer(printer),
    }
}

struct Shop {
    kit: Kit,
    stop: watch::Sender<bool>,
    runner: JoinHandle<()>,
}

impl Shop {
    async fn start(own: String, spare: Option<String>, devices: Vec<Peripheral>) -> Shop {
        let kit = blocking(move || {
            let mut kit = Kit::open();
            let mut settings = sim::build::settings(2);
            settings.print_receipts = true;
            settings.peripherals = devices;
            (settings.tills[0].printer, settings.tills[0].spare_printer) = (Some(own), spare);
            kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
            kit
        })
        .await;
        let (stop, stopped) = watch::channel(false);
        let clock: Arc<_> = Arc::clone(&kit.clock);
        let runner = tokio::spawn(run_at(kit.engine.clone(), clock, stopped, PACE));
        Shop { kit, stop, runner }
    }

    async fn sell(&mut self) {
        let actor = Actor { person: Some(MANAGER), approver: None };
        for command in [scan(1), PAY] {
            let id = self.kit.id();
            self.kit.engine.till(id, TILL, actor, command).await.expect("sold");
        }
    }

    async fn prints_on(&self, on: &'static str) {
        let set = self.kit.engine.with_store(move |store| store.set_meta("prints_on:1", on));
        set.await.expect("running").expect("kept");
        self.kit.engine.ring(TILL);
    }

    async fn lamp(&self, code: &str) {
        until("the lamp", async || {
            let view = self.kit.engine.view(TILL).await.expect("a view");
            view.lamps.iter().any(|lamp| lamp.code == code)
        })
        .await;
    }

    async fn alarms(&self) -> Vec<DrawerAlarm> {
        let read = |store: &mut store::Store| {
            let last = store.head().seq;
            (1..=last)
                .filter_map(|seq| match store.entry(seq) {
                    Ok(Some((_, Event::DrawerAlarmed(alarmed)))) => Some(alarmed.alarm),
                    _ => None,
                })
                .collect()
        };
        self.kit.engine.with_store(read).await.expect("running")
    }

    async fn end(self) {
        let _ = self.stop.send(true);
        self.runner.await.expect("the runner ends");
        let kit = self.kit;
        blocking(move || drop(kit.end())).await;
    }
}

/// Looks until it holds; bounded by a time that only a broken program reaches.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    };
    let done = tokio::time::timeout(Duration::from_secs(60), waiting).await;
    done.unwrap_or_else(|_| panic!("{what} did not come within a minute"));
}

async fn printed(printer: &Printer, jobs: usize) {
    until("the paper", async || printer.jobs().len() >= jobs).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_come_out_in_the_language_that_the_register_says() {
    for (language, said) in
        [(Language::Star, PrinterLanguage::Star), (Language::Epos, PrinterLanguage::Epos)]
    {
        let printer = printer(language).await;
        let at = match language {
            Language::Epos => format!("http://{}/", printer.address()),
            _ => printer.address().to_string(),
        };
        let mut shop = Shop::start(at.clone(), None, vec![known(&at, said, None)]).await;
        shop.sell().await;
        printed(&printer, 1).await;
        shop.lamp("ok").await;
        let paper = paper_text(&printer.jobs()[0].ops, 48);
        assert!(paper.contains("[R1-1]"), "{language:?}:\n{paper}");
        shop.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_prints_on_the_other_printer_until_somebody_says_otherwise() {
    let (own, spare) = (printer(Language::EscPos).await, printer(Language::Star).await);
    let (at, beside) = (own.address().to_string(), spare.address().to_string());
    let devices = vec![known(&beside, PrinterLanguage::Star, None)];
    let mut shop = Shop::start(at, Some(beside), devices).await;
    own.set_faults(Faults { paper_out: true, ..Faults::default() });
    shop.sell().await;
    shop.lamp("paper_out").await;
    assert_eq!((own.jobs().len(), spare.jobs().len()), (0, 0));
    shop.prints_on("spare").await;
    printed(&spare, 1).await;
    shop.lamp("spare").await;
    shop.sell().await;
    printed(&spare, 2).await;
    own.set_faults(Faults::default());
    shop.prints_on("own").await;
    shop.sell().await;
    printed(&own, 1).await;
    shop.lamp("ok").await;
    let papers = |printer: &Printer| -> Vec<String> {
        printer.jobs().iter().map(|job| paper_text(&job.ops, 48)).collect()
    };
    let (own, spare) = (papers(&own), papers(&spare));
    assert!(spare[0].contains("[R1-1]") && spare[1].contains("[R1-2]"), "{spare:?}");
    assert!(own.len() == 1 && own[0].contains("[R1-3]"), "{own:?}");
    assert!([own, spare].concat().iter().all(|paper| !paper.contains("KOPIE")));
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drawer_that_opens_by_itself_or_stays_open_stands_in_the_journal() {
    let printer = printer(Language::EscPos).await;
    let at = printer.address().to_string();
    // The simulated switch is high while the drawer is open.
    let devices = vec![known(&at, PrinterLanguage::EscPos, Some(true))];
    let mut shop = Shop::start(at, None, devices).await;
    shop.lamp("ok").await;
    // A cash sale opens it: no alarm, until it stays open.
    shop.sell().await;
    until("the drawer", async || printer.drawer_open()).await;
    printed(&printer, 1).await;
    shop.lamp("ok").await;
    assert_eq!(shop.alarms().await, []);
    let later = Duration::from_secs(91);
    until("the second look", async || {
        shop.kit.clock.advance(later);
        !shop.alarms().await.is_empty()
    })
    .await;
    assert_eq!(shop.alarms().await, [DrawerAlarm::LeftOpen]);
    shop.lamp("drawer_open").await;
    printer.close_drawer();
    shop.lamp("ok").await;
    printer.force_drawer();
    until("the alarm", async || shop.alarms().await.len() == 2).await;
    assert_eq!(shop.alarms().await, [DrawerAlarm::LeftOpen, DrawerAlarm::Forced]);
    shop.end().await;
}
