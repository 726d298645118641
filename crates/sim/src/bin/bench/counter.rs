//! Devices on the counter that are gone, silent or talk nonsense: how long a command at the till takes meanwhile.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use devices::simulator::pole::PoleDisplay;
use devices::simulator::scale::Scale as ScaleModel;
use devices::simulator::stand::{Fault, Stand};
use devices::simulator::{Answers, Faults, Printer};
use domain::catalogue::{ItemDraft, Unit};
use domain::peripheral::{
    DisplayDialect, DisplaySettings, Peripheral, PeripheralKind, PrinterLanguage, PrinterSettings,
    ScaleProtocol, ScaleSettings,
};
use domain::settings::Settings;
use domain::{ItemId, ShopCommand, TillCommand, TillId};
use escpos::Profile;
use escpos::pole::Dialect;
use scale::Protocol;
use shop::clock::SystemClock;
use shop::engine::Actor;
use sim::build::{Built, Plan, item, item_code, settings};
use sim::random::Random;

use crate::Scale;
use crate::baseline::now;
use crate::report::{Bound, Report, percentile};

const ITEMS: u32 = 50;
/// A command waits no longer for a device, milliseconds.
const AT_MOST: f64 = 50.0;

/// The printer is gone.
const GONE: &str = "gone";

/// Each fault of the scale, the display and the printer, with a weighing that is waited for, receipts that are printed and
/// goods that go over the counter.
pub fn measure(scale: &Scale, report: &mut Report) -> Result<()> {
    let file = scale.folder.path().join("counter.sqlite");
    let mut built = Built::create(&file, Plan { seed: 5, tills: 1, items: ITEMS })?;
    let plain = item(ITEMS + 1, &mut Random::new(1));
    let cheese = ItemDraft { weighed: true, unit: Unit::Kilogram, ..plain };
    let manager = Some(built.manager);
    built.shop(manager, ShopCommand::PutItem { item: None, draft: Box::new(cheese) })?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let any = "127.0.0.1:0".parse()?;
    let scales = runtime.block_on(Stand::start(any, ScaleModel::new(Protocol::Dialog04, None)))?;
    let pole = runtime.block_on(Stand::start(any, PoleDisplay::new(Dialect::Epson)))?;
    let printer = runtime.block_on(Printer::start(any, Profile::generic_80mm()))?;
    let beside = [scales.address(), pole.address(), printer.address()].map(|at| at.to_string());
    let rounds = if scale.quick { 200 } else { 1_000 };
    // What the disk and the machine's other work make of the same commands without a device.
    built.open_till(1)?;
    let mut bare = selling(&mut built, rounds, None)?;
    let bare = percentile(&mut bare, 100);
    built.shop(manager, ShopCommand::Configure { settings: Box::new(with_devices(&beside)?) })?;
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    runtime.spawn(shop::weigh::run(built.engine.clone(), stopped.clone()));
    runtime.spawn(shop::pole::run(built.engine.clone(), stopped.clone()));
    let clock = Arc::new(SystemClock::start());
    runtime.spawn(shop::print::runner::run(built.engine.clone(), clock, stopped));
    let mut row = |of: &str, name: &str, mut times: Vec<Duration>| {
        let (median, slowest) = (percentile(&mut times, 50), percentile(&mut times, 100));
        report.row(
            &format!("counter: 99 of 100 commands while {of}: {name}"),
            percentile(&mut times, 99),
            "ms",
            Bound::AtMost(AT_MOST),
            &format!(
                "median {median:.2} ms, slowest {slowest:.0} ms; slowest without devices {bare:.0} ms"
            ),
        );
    };
    let put =
        |n: u32| scales.with(|scale| scale.put(if n.is_multiple_of(40) { 500 } else { 0 }, 1));
    for name in Fault::names() {
        let fault = Fault::named(name).context("a fault")?;
        scales.set_fault(fault);
        pole.set_fault(fault);
        row("scale and display are", name, selling(&mut built, rounds, Some(&put))?);
    }
    scales.set_fault(Fault::None);
    pole.set_fault(Fault::None);
    let late = Answers::Late(Duration::from_secs(5));
    for (name, faults) in [
        ("out of paper", Faults { paper_out: true, ..Faults::default() }),
        ("silent", Faults { answers: Answers::Mute, ..Faults::default() }),
        ("talking nonsense", Faults { answers: Answers::Garbage, ..Faults::default() }),
        ("answering after 5 s", Faults { answers: late, ..Faults::default() }),
        ("breaking off", Faults { drop_after: Some(200), ..Faults::default() }),
    ] {
        printer.set_faults(faults);
        row("the printer is", name, selling(&mut built, rounds, Some(&put))?);
    }
    drop(printer);
    row("the printer is", GONE, selling(&mut built, rounds, Some(&put))?);
    runtime.shutdown_background();
    built.close();
    Ok(())
}

/// A shop's settings with all three at its till.
fn with_devices([scale, display, printer]: &[String; 3]) -> Result<Settings> {
    let device = |at: &String, device| Peripheral { name: at.clone(), at: at.clone(), device };
    let (protocol, dialect) = (ScaleProtocol::Dialog04, DisplayDialect::Epson);
    let weighs = ScaleSettings { protocol, line: None, least: None };
    let shows = DisplaySettings { dialect, line: None, behind: None, umlauts: true };
    let prints = PrinterSettings {
        language: PrinterLanguage::EscPos,
        model: "generic-80mm".to_owned(),
        columns: None,
        line: None,
        drawer_open_level: None,
        second_drawer: false,
        silent: false,
    };
    let mut known = settings(1);
    known.peripherals = vec![
        device(scale, PeripheralKind::Scale(weighs)),
        device(display, PeripheralKind::Display(shows)),
        device(printer, PeripheralKind::Printer(prints)),
    ];
    let first = known.tills.first_mut().context("a till")?;
    first.scale = Some(scale.clone());
    first.pole_display = Some(display.clone());
    first.printer = Some(printer.clone());
    Ok(known)
}

/// How long each command took: goods, with something weighed and a receipt paid now and then.
fn selling(built: &mut Built, rounds: u32, put: Option<&dyn Fn(u32)>) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for n in 0..rounds {
        if let Some(put) = put.filter(|_| n.is_multiple_of(20)) {
            put(n);
            times.push(timed(built, TAP)?);
        }
        times.push(timed(built, scan(n))?);
        if n % 20 == 19 {
            times.push(timed(built, TillCommand::PayCash { tendered: None })?);
        }
    }
    Ok(times)
}

const TAP: TillCommand =
    TillCommand::AddItem { item: ItemId(ITEMS + 1), quantity: None, price: None };

fn scan(n: u32) -> TillCommand {
    TillCommand::Scan { code: item_code(n % ITEMS + 1), quantity: None, price: None }
}

fn timed(built: &mut Built, command: TillCommand) -> Result<Duration> {
    let id = built.id();
    let actor = Actor { person: Some(built.manager), approver: None };
    let began = now();
    let answer = built.engine.till_blocking(id, TillId(1), actor, command);
    let took = began.elapsed();
    answer.map_err(|error| anyhow!("{error}"))?;
    Ok(took)
}
