//! Austria's receipts get their codes in order; a device that fails stops no sale, and whatever ends the program breaks no
//! chain.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use domain::event::{RksvSigned, RksvTold};
use domain::rksv::{Register, RksvKind, RksvNote, RksvSettings, SignerKind, SignerSettings};
use domain::settings::{Country, Settings};
use domain::{BasketId, Event, Refusal, ShopCommand, TillCommand, TillId, UnitId};
use fiscal::at::dep::Dep;
use fiscal::at::verify::{Difference, Known, Report, verify};
use fiscal::at::{Jws, Signature};
use money::Rate;
use shop::api::view::{LampKind, LampState};
use shop::clock::Clock;
use shop::engine::{Actor, EngineError};
use shop::rksv::runner::{Pace, run_at};
use shop::rksv::{Fault as ExportFault, Wrong, keys_of, qr, write_dep};
use signing::Fault;
use signing::at::{Device, Identity, Software};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::engine_kit::{Kit, MANAGER, PAY, scan};

const PACE: Pace = Pace {
    answer: Duration::from_secs(20),
    line: Duration::from_secs(40),
    look: Duration::from_millis(30),
};
const PATIENCE: Duration = Duration::from_secs(60);

/// A device that can be unplugged.
struct Unplugged {
    device: Software,
    gone: AtomicBool,
    /// So many answers are lost on their way.
    loses: AtomicU32,
    /// What it signed, answers that were lost among them.
    signed: AtomicU32,
}

impl Device for Unplugged {
    fn identity(&self) -> Result<Identity, Fault> {
        if self.gone.load(Ordering::SeqCst) {
            return Err(Fault::Unusable("unreachable"));
        }
        self.device.identity()
    }

    fn sign(&self, code: &str) -> Result<[u8; 64], Fault> {
        if self.gone.load(Ordering::SeqCst) {
            return Err(Fault::Unusable("unreachable"));
        }
        let signed = self.device.sign(code)?;
        self.signed.fetch_add(1, Ordering::SeqCst);
        let lost = self.loses.load(Ordering::SeqCst);
        if lost > 0 {
            self.loses.store(lost - 1, Ordering::SeqCst);
            return Err(Fault::Unusable("no_answer"));
        }
        Ok(signed)
    }
}

fn device(id: u16) -> SignerSettings {
    SignerSettings {
        id: UnitId(id),
        name: format!("card {id}"),
        kind: SignerKind::Software,
        address: None,
        user: None,
    }
}

/// A shop in Austria of two tills.
pub(crate) fn austrian(mut settings: Settings, devices: u16) -> Settings {
    settings.country = Country::At;
    settings.time_zone = "Europe/Vienna".to_owned();
    settings.vat_id = Some("ATU12345678".to_owned());
    settings.tax_number = None;
    for rate in &mut settings.rates {
        rate.rate = match rate.rate.basis_points() {
            1_900 => Rate::new(2_000),
            700 => Rate::new(1_000),
            _ => rate.rate,
        };
    }
    settings.rksv = Some(RksvSettings {
        prefix: "TR".to_owned(),
        registers: Vec::new(),
        devices: (1..=devices).map(device).collect(),
        clear_text: false,
    });
    settings
}

pub(crate) struct Austria {
    pub(crate) kit: Kit,
    devices: Vec<Arc<Unplugged>>,
    stop: watch::Sender<bool>,
    runner: Option<JoinHandle<()>>,
}

impl Austria {
    pub(crate) async fn start(devices: u16) -> Austria {
        let mut shop = Austria::still(devices).await;
        shop.run();
        shop
    }

    /// Nobody carries the chains on yet.
    pub(crate) async fn still(count: u16) -> Austria {
        let kit = tokio::task::spawn_blocking(move || {
            let mut kit = Kit::open();
            let settings = Box::new(austrian(sim::build::settings(2), count));
            kit.shop(ShopCommand::Configure { settings }).expect("configured");
            kit
        });
        let kit = kit.await.expect("set up");
        let mut devices = Vec::new();
        for id in 1..=count {
            let path = kit.folder.path().join(format!("signer-{id}.key"));
            let seed = [u8::try_from(id).expect("few"); 32];
            let device = Software::open(&path, &seed, "U:ATU12345678").expect("a device");
            devices.push(Arc::new(Unplugged {
                device,
                gone: AtomicBool::new(false),
                loses: AtomicU32::new(0),
                signed: AtomicU32::new(0),
            }));
        }
        let shop = Austria { kit, devices, stop: watch::channel(false).0, runner: None };
        shop.put_devices();
        shop
    }

    pub(crate) fn put_devices(&self) {
        for (id, device) in (1..).zip(&self.devices) {
            self.kit.engine.signers().put(UnitId(id), Arc::<Unplugged>::clone(device));
        }
    }

    pub(crate) fn run(&mut self) {
        let (stop, stopped) = watch::channel(false);
        self.stop = stop;
        let (engine, clock) = (self.kit.engine.clone(), self.kit.clock.clone());
        self.runner = Some(tokio::spawn(run_at(engine, clock, stopped, PACE)));
    }

    pub(crate) async fn halt(&mut self) {
        let _ = self.stop.send(true);
        self.runner.take().expect("runs").await.expect("ends");
    }

    /// The program ends in the middle of whatever it does, and starts again.
    async fn restart(mut self) -> Austria {
        self.halt().await;
        let mut kit = self.kit;
        let kit = tokio::task::spawn_blocking(move || {
            kit.restart();
            kit
        });
        self.kit = kit.await.expect("restarted");
        self.put_devices();
        self.run();
        self
    }

    pub(crate) fn plug(&self, there: bool) {
        for device in &self.devices {
            device.gone.store(!there, Ordering::SeqCst);
        }
    }

    pub(crate) async fn at(&mut self, till: u16, command: TillCommand) {
        let actor = Actor { person: Some(MANAGER), approver: None };
        let id = self.kit.id();
        self.kit.engine.till(id, TillId(till), actor, command).await.expect("done");
    }

    pub(crate) async fn shop(&mut self, command: ShopCommand) -> Result<(), Refusal> {
        let actor = Actor { person: Some(MANAGER), approver: None };
        let id = self.kit.id();
        match self.kit.engine.shop(id, actor, command).await {
            Ok(_) => Ok(()),
            Err(EngineError::Refused(refusal)) => Err(refusal),
            Err(other) => panic!("{other}"),
        }
    }

    pub(crate) async fn ask(&mut self, till: u16, kind: RksvKind) -> Result<(), Refusal> {
        self.shop(ShopCommand::AskRksvReceipt { till: TillId(till), kind }).await
    }

    pub(crate) async fn sell(&mut self, till: u16) -> BasketId {
        self.at(till, scan(1)).await;
        self.pay(till).await
    }

    /// Pays what is in the basket.
    pub(crate) async fn pay(&mut self, till: u16) -> BasketId {
        self.at(till, PAY).await;
        let issued = |event: &Event| match event {
            Event::ReceiptIssued(receipt) => Some(receipt.basket),
            _ => None,
        };
        self.entries().await.iter().rev().find_map(issued).expect("issued")
    }

    pub(crate) async fn entries(&self) -> Vec<Event> {
        let read = |store: &mut store::Store| {
            let rows = store.journal(1, 1_000_000).expect("read");
            rows.iter().map(|row| journal::decode(&row.bytes).expect("an entry").1).collect()
        };
        self.kit.engine.with_store(read).await.expect("running")
    }

    pub(crate) async fn register(&self, till: u16) -> Option<Register> {
        let snapshot = self.kit.engine.snapshot().await.expect("running");
        snapshot.rksv.0.get(&TillId(till)).cloned()
    }

    /// Signs with the first device what nobody asked it for.
    pub(crate) fn sign(&self, code: &str) -> [u8; 64] {
        self.devices[0].device.sign(code).expect("signed")
    }

    pub(crate) async fn codes(&self, till: u16) -> Vec<RksvSigned> {
        let all = self.entries().await.into_iter();
        let codes = all.filter_map(|event| match event {
            Event::RksvSigned(signed) if signed.till == TillId(till) => Some(*signed),
            _ => None,
        });
        codes.collect()
    }

    /// Waits until something is so.
    pub(crate) async fn until<T>(&self, what: impl AsyncFn(&Austria) -> Option<T>) -> T {
        let wait = async {
            loop {
                if let Some(so) = what(self).await {
                    return so;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("in time")
    }

    /// The code of a receipt, as soon as it has one.
    pub(crate) async fn code(&self, basket: BasketId) -> RksvSigned {
        self.until(async |shop: &Austria| {
            let read = move |store: &mut store::Store| store.rksv_of(basket).expect("read");
            shop.kit.engine.with_store(read).await.expect("running").map(|code| code.signed)
        })
        .await
    }

    /// The last code of a till, as soon as it is of that kind.
    pub(crate) async fn last(&self, till: u16, kind: RksvKind) -> RksvSigned {
        self.until(async |shop: &Austria| {
            shop.codes(till).await.pop().filter(|code| code.kind == kind)
        })
        .await
    }

    /// The first code of a till of that kind.
    pub(crate) async fn first(&self, till: u16, kind: RksvKind) -> RksvSigned {
        self.until(async |shop: &Austria| {
            shop.codes(till).await.into_iter().find(|code| code.kind == kind)
        })
        .await
    }

    pub(crate) async fn lamp(&self, state: LampState, code: &str) {
        self.until(async |shop: &Austria| {
            let view = shop.kit.engine.view(TillId(1)).await.expect("a view");
            let lamp = view.lamps.iter().find(|lamp| lamp.kind == LampKind::Signing)?;
            ((lamp.state, lamp.code.as_str()) == (state, code)).then_some(())
        })
        .await;
    }

    /// The export, read as the tax office reads it.
    fn export(&self, till: u16) -> Report {
        let (reader, name) = (self.kit.reader(), format!("TR-{till}"));
        let mut json = Vec::new();
        let written = write_dep(&reader, &name, false, &mut json).expect("exported");
        let keys = keys_of(&reader, &name).expect("keys");
        let report = verify(&json, keys.counter.as_ref(), Known::Units(&keys.units));
        let report = report.expect("it holds");
        assert!(report.counter_checked && written.test, "a practice card");
        assert_eq!(written.file_name(), format!("dep7-{name}-TEST.json"));
        assert_eq!(Ok(report), written.found);
        report
    }

    /// Ends the shop; its file holds, and so do both chains.
    pub(crate) async fn end(mut self) -> [Report; 2] {
        for till in 1..=2 {
            self.first(till, RksvKind::Start).await;
        }
        self.halt().await;
        let reports = [self.export(1), self.export(2)];
        tokio::task::spawn_blocking(move || self.kit.end()).await.expect("it holds");
        reports
    }
}

fn kinds(codes: &[RksvSigned]) -> Vec<RksvKind> {
    codes.iter().map(|code| code.kind).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_begins_with_its_start_receipt_and_every_sale_is_chained_and_signed() {
    let mut shop = Austria::start(1).await;
    let start = shop.last(1, RksvKind::Start).await;
    assert_eq!((start.position, start.number.as_str()), (1, "S1"));
    shop.lamp(LampState::Warn, "rksv_test").await;
    let mut turnover = 0;
    for round in 0..6 {
        let basket = shop.sell(1 + round % 2).await;
        let code = shop.code(basket).await;
        assert_eq!(code.unsigned, None);
        let jws = Jws::parse(
            &qr(&code).map(|text| Jws::parse_qr(&text).expect("a code").compact()).expect("a code"),
        );
        let jws = jws.expect("a JWS");
        assert!(matches!(jws.signature, Signature::Signed(_)));
        turnover += jws.code.sums.total().expect("in range").minor();
    }
    shop.at(1, TillCommand::Training { on: true }).await;
    let practised = shop.sell(1).await;
    let practised = shop.code(practised).await;
    assert_eq!((practised.kind, practised.number.as_str()), (RksvKind::Training, "T1"));
    let [one, two] = shop.end().await;
    assert_eq!((one.receipts, one.training, one.zero), (5, 1, 1));
    assert_eq!((two.receipts, two.training, two.zero), (4, 0, 1));
    assert!(turnover > 0);
    assert_eq!(one.turnover + two.turnover, i128::from(turnover), "the counters hold it all");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_stops_no_sale_is_said_on_the_code_and_heals_with_a_collective_receipt() {
    let mut shop = Austria::start(1).await;
    let before = shop.sell(1).await;
    shop.code(before).await;
    shop.plug(false);
    for _ in 0..3 {
        let basket = shop.sell(1).await;
        let code = shop.code(basket).await;
        assert!(code.unsigned.is_some());
        let jws = Jws::parse(&code.jws).expect("a code");
        assert_eq!(jws.signature, Signature::OutOfOrder);
    }
    shop.lamp(LampState::Bad, "rksv_outage").await;
    // The other till's device is gone as well, and nobody noticed yet: it sold nothing.
    let codes = shop.codes(1).await;
    assert_eq!(codes[2].unsigned.as_deref(), Some("unreachable"), "the first says why");
    shop.plug(true);
    shop.last(1, RksvKind::AfterOutage).await;
    shop.lamp(LampState::Warn, "rksv_test").await;
    let basket = shop.sell(1).await;
    assert_eq!(shop.code(basket).await.unsigned, None);
    let [one, _] = shop.end().await;
    assert_eq!((one.receipts, one.unsigned, one.in_outage), (7, 3, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_device_takes_over_and_no_receipt_lacks_its_signature() {
    let mut shop = Austria::start(2).await;
    let first = shop.sell(1).await;
    let first = shop.code(first).await;
    shop.devices[0].gone.store(true, Ordering::SeqCst);
    let second = shop.sell(1).await;
    let second = shop.code(second).await;
    assert_eq!(second.unsigned, None);
    assert_ne!(second.device, first.device, "another one signed it, and the code says so");
    let [one, _] = shop.end().await;
    assert_eq!((one.receipts, one.unsigned), (3, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signatures_that_were_given_and_not_recorded_break_no_chain() {
    let mut shop = Austria::start(1).await;
    shop.last(1, RksvKind::Start).await;
    shop.last(2, RksvKind::Start).await;
    for round in 0..8 {
        // The program ends at any moment after a sale: before, while and after its code is made.
        let basket = shop.sell(1).await;
        if round % 2 == 0 {
            shop.devices[0].loses.store(1, Ordering::SeqCst);
        }
        shop = shop.restart().await;
        shop.devices[0].loses.store(0, Ordering::SeqCst);
        shop.code(basket).await;
    }
    shop.until(async |shop: &Austria| {
        let open = shop.codes(1).await.last().is_some_and(|code| code.carried.outage.is_some());
        (!open).then_some(())
    })
    .await;
    let sold: Vec<_> = shop.codes(1).await.into_iter().filter_map(|code| code.basket).collect();
    assert_eq!(sold.len(), 8, "each once");
    assert!(sold.windows(2).all(|pair| pair[0] < pair[1]), "and in order: {sold:?}");
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_delays_a_code_and_never_doubles_it() {
    let mut shop = Austria::start(1).await;
    shop.last(1, RksvKind::Start).await;
    shop.last(2, RksvKind::Start).await;
    let mut failed = 0;
    // Entries fill pages: not each of them wants a new one.
    for _ in 0..12 {
        shop.halt().await;
        let basket = shop.sell(1).await;
        let size = shop.kit.reader().size().expect("a size");
        let pages = u32::try_from(size / 4_096).expect("small");
        let limit = move |store: &mut store::Store| store.limit_pages(pages);
        shop.kit.engine.with_store(limit).await.expect("running").expect("limited");
        let before = shop.devices[0].signed.load(Ordering::SeqCst);
        shop.run();
        // Signed twice: the first signature found no room. Or there was room.
        let twice = shop
            .until(async |shop: &Austria| {
                let recorded = shop.codes(1).await.iter().any(|code| code.basket == Some(basket));
                let twice = shop.devices[0].signed.load(Ordering::SeqCst) > before + 1;
                (recorded || twice).then_some(!recorded)
            })
            .await;
        failed += u32::from(twice);
        let room = |store: &mut store::Store| store.limit_pages(1_000_000);
        shop.kit.engine.with_store(room).await.expect("running").expect("room");
        assert_eq!(shop.code(basket).await.unsigned, None);
    }
    assert!(failed > 0, "there was always room");
    let [one, _] = shop.end().await;
    assert_eq!((one.receipts, one.unsigned), (13, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_ask_for_null_and_closing_receipts_and_nothing_follows_the_last_one() {
    let mut shop = Austria::start(1).await;
    shop.last(1, RksvKind::Start).await;
    shop.at(1, TillCommand::ControlReceipt).await;
    let zero = shop.last(1, RksvKind::Zero).await;
    assert_eq!(zero.basket, None);
    assert_eq!(shop.ask(1, RksvKind::Start).await, Err(Refusal::RksvByItself));
    // December is closed by the yearly receipt, another month by the monthly one.
    shop.at(1, scan(1)).await;
    assert_eq!(shop.ask(1, RksvKind::Closing).await, Err(Refusal::OpenBaskets));
    shop.at(1, PAY).await;
    shop.ask(1, RksvKind::Closing).await.expect("asked");
    shop.last(1, RksvKind::Closing).await;
    shop.lamp(LampState::Bad, "rksv_closed").await;
    assert_eq!(shop.ask(1, RksvKind::Zero).await, Err(Refusal::RksvClosed));
    let codes = shop.codes(1).await.len();
    let late = shop.sell(1).await;
    shop.until(async |shop: &Austria| {
        shop.entries().await.into_iter().find(|event| {
            matches!(event, Event::RksvTold(told) if matches!(&**told, RksvTold::NotSigned { basket, .. } if *basket == late))
        })
    })
    .await;
    assert_eq!(shop.codes(1).await.len(), codes, "the sale stands, without a code");
    // Under a new name the till begins anew; the old one is never given again.
    let mut settings = austrian(sim::build::settings(2), 1);
    let rksv = settings.rksv.as_mut().expect("set");
    rksv.registers =
        vec![domain::rksv::RegisterSettings { till: TillId(1), cash_register: "NEU-1".to_owned() }];
    shop.shop(ShopCommand::Configure { settings: Box::new(settings) }).await.expect("configured");
    let start = shop.last(1, RksvKind::Start).await;
    assert_eq!((start.cash_register.as_str(), start.position), ("NEU-1", 1));
    let back = austrian(sim::build::settings(2), 1);
    let refused = shop.shop(ShopCommand::Configure { settings: Box::new(back) }).await;
    assert_eq!(refused, Err(Refusal::BadSettings { problem: "rksv_register_used".to_owned() }));
    let [one, _] = shop.end().await;
    assert_eq!((one.receipts, one.zero), (4, 3), "start, null, one sale, the last one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_that_was_changed_in_the_file_is_handed_out_only_when_it_is_wanted_anyway() {
    let mut shop = Austria::start(1).await;
    for _ in 0..3 {
        let basket = shop.sell(1).await;
        shop.code(basket).await;
    }
    shop.halt().await;
    let reader = shop.kit.reader();
    let whole = write_dep(&reader, "TR-1", false, &mut Vec::new()).expect("it holds");
    assert_eq!(whole.found.map(|report| report.receipts), Ok(4));
    let nothing = write_dep(&reader, "TR-9", true, &mut Vec::new());
    assert!(matches!(nothing, Err(ExportFault::Nothing)));
    drop(reader);
    let file = shop.kit.file();
    tokio::task::spawn_blocking(move || {
        shop.kit.stop();
        let conn = rusqlite::Connection::open(&file).expect("the file");
        conn.execute("DELETE FROM rksv_code WHERE position = 3", []).expect("gone");
        drop(conn);
        let reader = shop.kit.reader();
        let mut out = Vec::new();
        let wrong = write_dep(&reader, "TR-1", false, &mut out).expect_err("one is missing");
        let ExportFault::Wrong(wrong) = wrong else { panic!("{wrong}") };
        assert_eq!(wrong, Wrong { position: 3, what: Difference::Chain });
        assert!(out.is_empty(), "nothing is handed out");
        // Whoever wants the record all the same gets it, and it says that it does not hold.
        let written = write_dep(&reader, "TR-1", true, &mut out).expect("handed out");
        assert_eq!(written.found, Err(wrong));
        assert_eq!(written.file_name(), "dep7-TR-1-TEST-UNGEPRUEFT.json");
        let handed_out = Dep::read(&out).expect("the form");
        assert_eq!(handed_out.groups[0].receipts.len(), 3);
    })
    .await
    .expect("told");
}

/// Fourteen months with every kind of receipt, outages over a month's end and over New Year, and restarts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_and_its_end_hold_in_one_chain() {
    let mut shop = Austria::start(2).await;
    shop.last(1, RksvKind::Start).await;
    shop.last(2, RksvKind::Start).await;
    for month in 0..14_u32 {
        let out = matches!(month % 5, 3 | 4);
        shop.plug(!out);
        for till in 1..=2 {
            let basket = shop.sell(till).await;
            shop.code(basket).await;
        }
        if month % 3 == 1 {
            shop.at(1, TillCommand::Training { on: true }).await;
            let basket = shop.sell(1).await;
            assert_eq!(shop.code(basket).await.kind, RksvKind::Training);
            shop.at(1, TillCommand::Training { on: false }).await;
        }
        if month % 4 == 2 {
            let sold = shop.entries().await.into_iter().rev().find_map(|event| match event {
                Event::ReceiptIssued(receipt) if !receipt.training => Some(receipt.number),
                _ => None,
            });
            let receipt =
                domain::ReceiptRef { till: TillId(2), number: sold.expect("sold at till 2") };
            shop.at(2, TillCommand::ReturnReceipt { receipt }).await;
            shop.at(2, PAY).await;
            // A collective receipt may follow it at once: it is not always seen as the last one.
            shop.until(async |shop: &Austria| {
                let kinds = kinds(&shop.codes(2).await);
                let back = kinds.iter().filter(|kind| **kind == RksvKind::Cancellation).count();
                (back > (month / 4).try_into().expect("few")).then_some(())
            })
            .await;
        }
        if month % 6 == 5 {
            shop = shop.restart().await;
        }
        // The next month. Nobody needs to do anything for what is owed.
        let month = jiff::SignedDuration::from_hours(24 * 31);
        let wall = shop.kit.clock.now().saturating_add(month).expect("in range");
        shop.kit.clock.set_wall(wall);
    }
    shop.plug(true);
    shop.until(async |shop: &Austria| {
        let settled = |codes: Vec<RksvSigned>| {
            codes
                .last()
                .is_some_and(|code| code.carried.outage.is_none() && code.carried.months.len() <= 1)
        };
        (settled(shop.codes(1).await) && settled(shop.codes(2).await)).then_some(())
    })
    .await;
    let codes = shop.codes(1).await;
    let mut count: BTreeMap<RksvKind, usize> = BTreeMap::new();
    for kind in kinds(&codes) {
        *count.entry(kind).or_default() += 1;
    }
    assert_eq!(count[&RksvKind::Start], 1);
    assert!(count[&RksvKind::Yearly] >= 1, "{count:?}");
    assert!(count[&RksvKind::Monthly] >= 8, "{count:?}");
    assert!(count[&RksvKind::AfterOutage] >= 2, "{count:?}");
    assert!(count[&RksvKind::Training] >= 4, "{count:?}");
    assert!(codes.iter().all(|code| code.kind != RksvKind::Yearly || code.unsigned.is_none()));
    shop.shop(ShopCommand::NoteRksv {
        till: TillId(1),
        what: RksvNote::YearChecked,
        register: None,
    })
    .await
    .expect("noted");
    let [one, two] = shop.end().await;
    assert!(one.unsigned >= 4 && two.cancellations >= 3, "{one:?} {two:?}");
    assert!(!one.in_outage && !two.in_outage);
}
