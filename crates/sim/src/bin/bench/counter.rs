//! Devices on the counter that are gone, silent or talk nonsense: how long a command at the till takes meanwhile.

use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use devices::simulator::pole::PoleDisplay;
use devices::simulator::scale::Scale as ScaleModel;
use devices::simulator::stand::{Fault, Stand};
use domain::catalogue::{ItemDraft, Unit};
use domain::peripheral::{
    DisplayDialect, DisplaySettings, Peripheral, PeripheralKind, ScaleProtocol, ScaleSettings,
};
use domain::{ItemId, ShopCommand, TillCommand, TillId};
use escpos::pole::Dialect;
use scale::Protocol;
use shop::engine::Actor;
use sim::build::{Built, Plan, item, item_code, settings};
use sim::random::Random;

use crate::Scale;
use crate::baseline::now;
use crate::report::{Bound, Report, percentile};

const ITEMS: u32 = 50;
/// A command waits no longer for a device, milliseconds.
const AT_MOST: f64 = 50.0;

/// Each fault of the scale and of the display, with a weighing that is waited for and goods that go over the counter.
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
    let mut known = settings(1);
    let device = |at: String, device| Peripheral { name: at.clone(), at, device };
    let (protocol, dialect) = (ScaleProtocol::Dialog04, DisplayDialect::Epson);
    let weighs = ScaleSettings { protocol, line: None, least: None };
    let shows = DisplaySettings { dialect, line: None, behind: None, umlauts: true };
    let (at, beside) = (scales.address().to_string(), pole.address().to_string());
    known.peripherals = vec![
        device(at.clone(), PeripheralKind::Scale(weighs)),
        device(beside.clone(), PeripheralKind::Display(shows)),
    ];
    let first = known.tills.first_mut().context("a till")?;
    (first.scale, first.pole_display) = (Some(at), Some(beside));
    let rounds = if scale.quick { 200 } else { 1_000 };
    // What the disk and the machine's other work make of the same commands without a device.
    built.open_till(1)?;
    let mut bare = Vec::new();
    for n in 0..rounds {
        bare.push(timed(&mut built, scan(n))?);
    }
    built.till(1, TillCommand::PayCash { tendered: None })?;
    let bare = percentile(&mut bare, 100);
    built.shop(manager, ShopCommand::Configure { settings: Box::new(known) })?;
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    runtime.spawn(shop::weigh::run(built.engine.clone(), stopped.clone()));
    runtime.spawn(shop::pole::run(built.engine.clone(), stopped));
    for name in Fault::names() {
        let fault = Fault::named(name).context("a fault")?;
        scales.set_fault(fault);
        pole.set_fault(fault);
        let mut times = Vec::new();
        for n in 0..rounds {
            if n % 20 == 0 {
                scales.with(|scale| scale.put(if n % 40 == 0 { 500 } else { 0 }, 1));
                times.push(timed(&mut built, TAP)?);
            }
            times.push(timed(&mut built, scan(n))?);
        }
        built.till(1, TillCommand::PayCash { tendered: None })?;
        let (median, slowest) = (percentile(&mut times, 50), percentile(&mut times, 100));
        report.row(
            &format!("counter: 99 of 100 commands while scale and display are: {name}"),
            percentile(&mut times, 99),
            "ms",
            Bound::AtMost(AT_MOST),
            &format!(
                "median {median:.2} ms, slowest {slowest:.0} ms; slowest without devices {bare:.0} ms"
            ),
        );
    }
    runtime.shutdown_background();
    built.close();
    Ok(())
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
